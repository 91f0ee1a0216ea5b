"""Prints what a page of one station takes while another machine asks for much of that station at once, in one run.

    .venv/bin/python benchmarks/slow_machine.py [STACK]

Needs an engine and the stack's golden image (wordpress-trial). For each kind of load of slow_machine.pl, a visitor on this machine
asks for a page without it and meanwhile, in turns; exit code 1 when, at the median, it takes more than twice its time
meanwhile. `visits` are pages asked one after the other as fast as they come, after the first hundred or so: that share
of the processors is printed, and bounds nothing. Nothing is left behind.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from provisioner.build.stacks import gateway_image, require_golden
from provisioner.core.progress import Quiet
from provisioner.engine.docker import DockerEngine
from provisioner.host.editions import load_stacks, stack_named
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.room import Room
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down, up
from provisioner.station.state import State

BOUND = 2.0
TURNS, ROUNDS = 3, 15
#: A file that is longer than what any buffer on its way holds, and how long it is.
LARGE, LARGE_MIB = "/film.mp4", 48
#: How many of each kind one machine has under way, and of which page.
LOADS = {
    "posts": (20, "/wp-login.php"),
    "readers": (30, LARGE),
    "idle": (200, "/.e5b-health"),
    "headers": (200, "/"),
    "visits": (12, "/"),
}
#: The kinds that cost a station nothing but that machine's own share of it.
SLOW = ("posts", "readers", "idle", "headers")
#: How long a page may take, in seconds, before it counts as not answered.
PATIENCE = 20.0


@contextmanager
def machine_asking(centre: Centre, image: str, place: int, kind: str) -> Iterator[None]:
    """Another machine of the candidates' network, which asks for much of the station of that place."""
    count, path = LOADS[kind]
    block = centre.gateway.block()
    assert block
    room = centre.room
    words = [block.front, str(room.port_of(place)), room.host_of(place), kind, str(count), path]
    script = Path(__file__).with_suffix(".pl")
    name = f"e5b-{room.name}-machine"
    run = ["docker", "run", "--detach", "--name", name, "--label=e5b.kind=essai", "--network", room.front]
    mounted = ["--volume", f"{script}:/machine.pl:ro", "--entrypoint", "perl", image, "/machine.pl"]
    subprocess.run([*run, *mounted, *words], check=True, capture_output=True)
    try:
        deadline = time.monotonic() + 60
        while b"ready" not in subprocess.run(["docker", "logs", name], check=True, capture_output=True).stdout:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the machine that asks for {kind} has not begun")
            time.sleep(0.1)
        yield
    finally:
        subprocess.run(["docker", "rm", "--force", name], check=True, capture_output=True)


def page_seconds(room: Room, place: int, rounds: int = ROUNDS) -> list[float]:
    """What the site's first page took each time, in seconds; PATIENCE where it wasn't answered by then."""
    took = []
    for _ in range(rounds):
        connection = HTTPConnection(room.local_address, room.port_of(place), timeout=PATIENCE)
        begun = time.perf_counter()
        try:
            connection.request("GET", "/", headers={"Host": room.host_of(place), "Connection": "close"})
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - begun if answer.status == 200 else PATIENCE)
        except (OSError, HTTPException):
            took.append(PATIENCE)
        finally:
            connection.close()
        if statistics.median([*took, *[0.0] * (rounds - len(took))]) >= PATIENCE:
            break  # more of them wouldn't change the median
    return took


def slowed(centre: Centre, image: str, kind: str) -> tuple[float, float]:
    """The median of what the first station's page took, in seconds: without that load, and with it.

    The load comes and goes several times, so that what else this machine does counts in both.
    """
    laid = f"head -c {LARGE_MIB}M /dev/zero >/var/www/html{LARGE}"
    centre.engine.run(stations(centre)[0].container, ["sh", "-c", laid], user="www-data")
    alone, meanwhile = list[float](), list[float]()
    for _ in range(TURNS):
        alone += page_seconds(centre.room, 1)
        with machine_asking(centre, image, 1, kind):
            meanwhile += page_seconds(centre.room, 1)
    return statistics.median(alone), statistics.median(meanwhile)


def main() -> None:
    """Measure each kind of load in a room of one station."""
    stack = next((word for word in sys.argv[1:] if word in load_stacks()), "wordpress-trial")
    engine, paths = DockerEngine(), Paths.from_environment()
    print(json.dumps({"stack": stack, "load": Path("/proc/loadavg").read_text().split()[0]}))
    within = True
    with tempfile.TemporaryDirectory() as folder:
        state = State(Paths(paths.cache, Path(folder) / "state", paths.settings))
        room = Room.on_free_ports(f"bench-machine-{os.getpid()}", 1)
        centre = Centre(engine, Settings(), state, room, Quiet())
        try:
            up(centre, 1, ["bench"], require_golden(engine, stack_named(stack)))
            image = gateway_image(engine, centre.settings, centre.progress)
            for kind in LOADS:
                alone, meanwhile = slowed(centre, image, kind)
                ratio = meanwhile / alone
                bound = f" ({'within' if ratio < BOUND else 'ABOVE'} {BOUND:g})" if kind in SLOW else ""
                within = within and (kind not in SLOW or ratio < BOUND)
                print(
                    f"{kind}: {1000 * alone:.0f} ms alone, {1000 * meanwhile:.0f} ms, × {ratio:.2f}{bound}", flush=True
                )
        finally:
            down(centre)
    sys.exit(not within)


if __name__ == "__main__":
    main()
