"""Prints what the room's gateway costs, in one run: a page through it against the same page straight from the station.

    .venv/bin/python benchmarks/gateway.py [STACK] [STATIONS]

Needs an engine, the stack's golden image, and root: the gateway alone reaches a station, so who asks one straight is on
its side for that moment. It makes a room of so many stations (40), all visited now and then; exit code 1 when a page costs
more than 5 ms more (the median of what each pair differs by), or the proof of the room takes a minute. Then a station is
added: at the median a page of another may cost 5 ms more meanwhile, and 1 ms afterwards. Nothing is left behind.
"""

import ctypes
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TextIO

from provisioner.build.stacks import require_golden
from provisioner.core.progress import Quiet
from provisioner.engine.docker import DockerEngine
from provisioner.host.editions import load_stacks, stack_named
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck.room_proof import prove_network
from provisioner.network.room import Room
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down, up
from provisioner.station.state import State

BOUND, AFTERWARDS, PROOF = 5.0, 1.0, 60.0
#: A short one, by PHP and the database; and the site's first.
PAGES = ("/.e5b-health", "/")
ROUNDS = 150
_CLONE_NEWNET = 0x40000000
Place = tuple[str, int, int]


@contextmanager
def on_the_side_of(process: int) -> Iterator[None]:
    """This thread's new connections leave from the network of that process; from where they did, where it is none (0)."""
    if not process:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)

    def enter(network: TextIO) -> None:
        if libc.setns(network.fileno(), _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")

    with Path("/proc/thread-self/ns/net").open() as own, Path(f"/proc/{process}/ns/net").open() as other:
        enter(other)
        try:
            yield
        finally:
            enter(own)


def milliseconds(host: str, path: str, rounds: int, *places: Place) -> list[list[float]]:
    """What a page took at each place (address, port, process on whose side), asked one after the other, round by round."""
    took: list[list[float]] = [[] for _ in places]
    for _ in range(rounds):
        for (address, port, process), mine in zip(places, took, strict=True):
            asked = HTTPConnection(address, port, timeout=20)
            begun = time.perf_counter()
            with on_the_side_of(process):
                asked.connect()
            asked.request("GET", path, headers={"Host": host, "Connection": "close"})
            answer = asked.getresponse()
            answer.read()
            mine.append(1000 * (time.perf_counter() - begun))
            if answer.status != 200:
                sys.exit(f"{address}:{port}{path}: {answer.status}")
            time.sleep(0.01)
    return took


@contextmanager
def visited(room: Room, count: int) -> Iterator[None]:
    """Somebody looks at each station now and then."""
    done = threading.Event()

    def look() -> None:
        place = 0
        while not done.wait(0.25):
            place = place % count + 1
            asked = HTTPConnection("127.0.0.1", room.port_of(place), timeout=30)
            try:
                asked.request("GET", "/", headers={"Host": room.host_of(place)})
                asked.getresponse().read()
            except (OSError, HTTPException):
                pass
            finally:
                asked.close()

    visitor = threading.Thread(target=look, daemon=True)
    visitor.start()
    try:
        yield
    finally:
        done.set()
        visitor.join(30)


def measure(centre: Centre, engine: DockerEngine, stack: str, count: int) -> bool:
    golden = require_golden(engine, stack_named(stack))
    up(centre, count, ["bench"], golden)
    room, gateway = centre.room, centre.gateway.find()
    assert gateway
    first = engine.container(stations(centre)[0].container)
    published = ("127.0.0.1", room.port_of(1), 0)
    straight = (first.networks[room.network(1)], 80, engine.container(gateway.id).pid)
    within = True
    for path in PAGES:
        with visited(room, count):
            ours, theirs = milliseconds(room.host_of(1), path, ROUNDS, published, straight)
        more = statistics.median(one - other for one, other in zip(ours, theirs, strict=True))
        within = within and more <= BOUND
        print(
            f"{count} stations, {path}: {statistics.median(ours):.1f} ms through the gateway, "
            f"{statistics.median(theirs):.1f} ms straight, {more:+.1f} ms ({told(more, BOUND)})",
            flush=True,
        )
    seconds = prove_network(centre).seconds
    print(f"network prove: {seconds:.1f} s ({told(seconds, PROOF)})", flush=True)
    return one_more(centre, engine, published) and within and seconds <= PROOF


def told(value: float, bound: float) -> str:
    return f"{'within' if value <= bound else 'ABOVE'} {bound:g}"


def one_more(centre: Centre, engine: DockerEngine, published: Place) -> bool:
    """A station is added to the room while another is visited, which is as fast as before once it is there."""
    golden = require_golden(engine, stack_named(stations(centre)[0].stack))
    host, count = centre.room.host_of(1), len(stations(centre))

    def median(rounds: int) -> float:
        return statistics.median(milliseconds(host, PAGES[0], rounds, published)[0])

    before = median(ROUNDS)
    with ThreadPoolExecutor(1) as pool:
        adding = pool.submit(up, centre, count + 1, ["bench"], golden)
        meanwhile = median(ROUNDS // 3)
        adding.result(120)
    after = median(ROUNDS)
    print(
        f"one more station: {before:.1f} ms before; {meanwhile - before:+.1f} ms meanwhile "
        f"({told(meanwhile - before, BOUND)}), {after - before:+.1f} ms after ({told(after - before, AFTERWARDS)})",
        flush=True,
    )
    return meanwhile - before <= BOUND and after - before <= AFTERWARDS


def main() -> None:
    if os.geteuid() != 0:
        sys.exit("Only root may ask a station straight.")
    words = sys.argv[1:]
    stack = next((word for word in words if word in load_stacks()), "wordpress-2024")
    count = next((int(word) for word in words if word.isdigit()), 40)
    engine, paths = DockerEngine(), Paths.from_environment()
    print(json.dumps({"stack": stack, "stations": count, "load": Path("/proc/loadavg").read_text().split()[0]}))
    with tempfile.TemporaryDirectory() as folder:
        kept = State(Paths(paths.cache, Path(folder) / "state", paths.settings))
        centre = Centre(engine, Settings(), kept, Room.on_free_ports("bench-entree", count + 1), Quiet())
        try:
            within = measure(centre, engine, stack, count)
        finally:
            down(centre)
    sys.exit(not within)


if __name__ == "__main__":
    main()
