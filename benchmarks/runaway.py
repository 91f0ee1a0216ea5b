"""Prints how much longer the others' pages take while one station runs away; exit code 1 when it is more than 1.25 times.

    .venv/bin/python benchmarks/runaway.py [STACK] [processor|disk|both …]

Needs an engine and the archives of the stack. In one run, in a room of its own: stations that nothing bounds but memory
and processes, then stations as e5b makes them. Calm and running away take turns, since the machine may be slower at one
time than at another; whatever else runs on it is measured as well.
"""

import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from provisioner.build.artifacts import Store
from provisioner.build.overrides import load_overrides
from provisioner.build.stacks import build, golden_of
from provisioner.core.model import Golden
from provisioner.core.progress import Quiet
from provisioner.engine.docker import DockerEngine
from provisioner.engine.protocol import ContainerSpec, Limits
from provisioner.host.editions import load_stacks, stack_named
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Room
from provisioner.station.answering import ask_station
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down, up
from provisioner.station.state import State

BOUND = 1.25
#: How often calm and running away take turns, and the pages of each place in a turn.
TURNS, PAGES = 4, 3
_MARK = "e5b-runaway"
#: Begins what never ends; each of these has its name as first argument, by which it is found again.
_FOREVER = 'setsid bash -c "{0}" ' + _MARK + " >/dev/null 2>&1 &"
_BUSY = f"for n in $(seq 150); do {_FOREVER.format('while :; do :; done')} done"
_WRITES = _FOREVER.format("while :; do dd if=/dev/zero of=/tmp/run$n bs=1M count=150 conv=fsync; done")
_READS = _FOREVER.format(
    "while :; do dd if=/tmp/read of=/dev/null iflag=direct bs=4k count=64 skip=\\$((RANDOM * 2)); done"
)
_STORM = (
    "head -c 300M /dev/zero >/tmp/read && sync /tmp/read; "
    f"for n in 1 2 3 4; do {_WRITES} done; for n in $(seq 12); do {_READS} done"
)
WAYS = {"processor": (_BUSY, 100), "disk": (_STORM, 12), "both": (f"{_STORM}; {_BUSY}", 100)}


class Unbounded(DockerEngine):
    """An engine that bounds what it did before processors and disks were bounded."""

    def create(self, spec: ContainerSpec) -> str:
        limits = spec.limits and Limits(spec.limits.memory_mib, spec.limits.processes)
        return super().create(replace(spec, limits=limits))

    def bound_processors(self, container: str, limits: Limits) -> None:
        pass


@dataclass
class Pages:
    """How long pages took, in milliseconds: while all was calm, and while one station ran away."""

    calm: list[float] = field(default_factory=list)
    stormy: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.median(self.stormy) / statistics.median(self.calm)

    def __str__(self) -> str:
        return f"{statistics.median(self.calm):.0f} -> {statistics.median(self.stormy):.0f} ms = {self.ratio:.2f}"


def visit(centre: Centre, seconds: list[float]) -> None:
    """The first page of the second and third place, in turn."""
    for _ in range(PAGES):
        for place in (2, 3):
            began = time.monotonic()
            connection, answer = ask_station(centre.room, place, "/")
            answer.read()
            connection.close()
            assert answer.status == 200
            seconds.append((time.monotonic() - began) * 1000)


@contextmanager
def running_away(centre: Centre, container: str, command: str, least: int) -> Iterator[None]:
    """The first place's station runs away, in at least so many processes."""

    def count() -> int:
        return int(centre.engine.run(container, ["pgrep", "-fc", _MARK]).stdout)

    done = centre.engine.run(container, ["bash", "-c", command], user="www-data")
    assert done.status == 0, done.stderr
    deadline = time.monotonic() + 60
    while (running := count()) < least:
        assert time.monotonic() < deadline, f"{running} processes run"
        time.sleep(0.2)
    time.sleep(2)  # what is written late is being written
    try:
        yield
    finally:
        while count():
            centre.engine.run(container, ["pkill", "-KILL", "-f", _MARK])
        centre.engine.run(container, ["bash", "-c", "rm -f /tmp/run* /tmp/read; sync"], user="www-data")


def measure(centre: Centre, golden: Golden, way: str) -> Pages:
    pages = Pages()
    up(centre, 3, ["bench"], golden)
    container = next(station.container for station in stations(centre) if station.place == 1)
    visit(centre, [])
    for _ in range(TURNS):
        visit(centre, pages.calm)
        with running_away(centre, container, *WAYS[way]):
            visit(centre, pages.stormy)
        time.sleep(1)
    down(centre, discard="measured")
    return pages


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what runs away must not go on
    words = sys.argv[1:]
    stack = stack_named(next((word for word in words if word in load_stacks()), "wordpress-2024"))
    paths, settings, engine = Paths.from_environment(), Settings(), DockerEngine()
    golden = golden_of(engine, stack) or build(
        engine, stack, Store(paths, load_overrides(paths.overrides)), settings, Quiet()
    )
    above = False
    with tempfile.TemporaryDirectory() as folder:
        kept = State(Paths(paths.cache, Path(folder) / "state", paths.settings))
        bounded = Centre(engine, settings, kept, Room.on_free_ports("bench", 3), Quiet())
        unbounded = replace(bounded, engine=Unbounded())
        try:
            for way in [way for way in WAYS if way in words] or WAYS:
                before = measure(unbounded, golden, way)
                print(f"{stack.id}, {way}: without bounds {before}", flush=True)
                now = measure(bounded, golden, way)
                mark = "within" if now.ratio <= BOUND else "ABOVE"
                above |= now.ratio > BOUND
                print(f"{stack.id}, {way}: without bounds {before}; with bounds {now} ({mark} {BOUND})", flush=True)
        finally:
            down(bounded, discard="measured")
    sys.exit(above)


if __name__ == "__main__":
    main()
