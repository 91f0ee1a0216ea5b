"""Prints what the room's gateway costs, in one run: a page through it against the same page straight from the station.

    .venv/bin/python benchmarks/gateway.py [STACK] [STATIONS]

Needs an engine and the stack's golden image. It makes a room of so many stations (40), all visited now and then, and
a client inside the gateway, which alone reaches a station; exit code 1 when a page costs more than 5 ms more at the median.
Then a station is added, and the medians before, meanwhile and after are told. Nothing is left behind.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from provisioner.config import Paths, Settings, load_stacks, stack_named
from provisioner.docker_engine import DockerEngine
from provisioner.lifecycle import Centre, down, stations, up
from provisioner.progress import Quiet
from provisioner.room import Room
from provisioner.stacks import needed_golden
from provisioner.state import State

BOUND = 5.0
#: Short, by PHP and the database: what a long page takes by itself varies by more than the bound.
PAGE = "/.e5b-health"
ROUNDS = 150
_CLIENT = r"""
use strict; use warnings; use IO::Socket::INET; use Time::HiRes qw(time sleep);
my ($host, $path, $rounds, @at) = @ARGV;
my %took;
for (1 .. $rounds) {
    for my $at (@at) {
        my $begun = time;
        my $to = IO::Socket::INET->new(PeerAddr => $at, Timeout => 20) or die "$at: $!";
        print $to "GET $path HTTP/1.0\r\nHost: $host\r\nConnection: close\r\n\r\n";
        my $first = <$to>;
        die "$at: $first" unless $first =~ / 200 /;
        1 while read $to, my $rest, 65536;
        push @{ $took{$at} }, 1000 * (time - $begun);
        sleep 0.01;
    }
}
print join(',', map { sprintf '%.2f', $_ } @{ $took{$_} }), "\n" for @at;
"""


def milliseconds(engine: DockerEngine, gateway: str, *words: str) -> list[list[float]]:
    done = engine.run(gateway, ["perl", "-e", _CLIENT, *words], user="www-data", seconds=900)
    if done.status:
        sys.exit(done.stderr.decode())
    return [[float(one) for one in line.split(",")] for line in done.stdout.decode().split()]


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
    golden = needed_golden(engine, stack_named(stack))
    up(centre, count, ["bench"], golden)
    room, gateway = centre.room, centre.gateway.find()
    assert gateway
    first = engine.container(stations(centre)[0].container)
    front = f"{gateway.networks[room.front]}:{room.port_of(1)}"
    straight = f"{first.networks[room.network(1)]}:80"
    within = True
    for path, rounds in ((PAGE, ROUNDS), ("/", ROUNDS // 3)):
        with visited(room, count):
            ours, theirs = milliseconds(engine, gateway.id, room.host_of(1), path, str(rounds), front, straight)
        more = statistics.median(ours) - statistics.median(theirs)
        bound = f"{'within' if more <= BOUND else 'ABOVE'} {BOUND:g}" if path == PAGE else "to compare"
        within = within and (more <= BOUND or path != PAGE)
        print(
            f"{count} stations, {path}: {statistics.median(ours):.1f} ms through the gateway, "
            f"{statistics.median(theirs):.1f} ms straight, {more:+.1f} ms ({bound})",
            flush=True,
        )
    return one_more(centre, engine, gateway.id, front) and within


def one_more(centre: Centre, engine: DockerEngine, gateway: str, front: str) -> bool:
    """A station is added to the room while another is visited, which is as fast as before once it is there."""
    golden = needed_golden(engine, stack_named(stations(centre)[0].stack))
    host, count = centre.room.host_of(1), len(stations(centre))

    def median(rounds: int) -> float:
        return statistics.median(milliseconds(engine, gateway, host, PAGE, str(rounds), front)[0])

    before = median(ROUNDS)
    with ThreadPoolExecutor(1) as pool:
        adding = pool.submit(up, centre, count + 1, ["bench"], golden)
        meanwhile = median(ROUNDS // 3)
        adding.result(120)
    after = median(ROUNDS)
    within = after <= before + 1
    print(
        f"one more station: {before:.1f} ms before, {meanwhile:.1f} ms meanwhile, {after:.1f} ms after "
        f"({'within' if within else 'ABOVE'} 1 ms more)",
        flush=True,
    )
    return within


def main() -> None:
    words = sys.argv[1:]
    stack = next((word for word in words if word in load_stacks()), "wordpress-2024")
    count = next((int(word) for word in words if word.isdigit()), 40)
    engine, paths = DockerEngine(), Paths.from_environment()
    print(json.dumps({"stack": stack, "stations": count, "load": Path("/proc/loadavg").read_text().split()[0]}))
    with tempfile.TemporaryDirectory() as folder:
        kept = State(Paths(paths.cache, Path(folder) / "state", paths.settings))
        centre = Centre(engine, Settings(), kept, Room.apart("bench-entree", count + 1), Quiet())
        try:
            within = measure(centre, engine, stack, count)
        finally:
            down(centre)
            left = engine.containers(kind="client", room=centre.room.name)
            if left:
                subprocess.run(["docker", "rm", "--force", *(one.id for one in left)], check=True, capture_output=True)
    sys.exit(not within)


if __name__ == "__main__":
    main()
