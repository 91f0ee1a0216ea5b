"""Prints what the console reaches before a whole room; exit code 1 when a bound is passed.

    .venv/bin/python benchmarks/console.py [--stations 40] [--screens 10] [--kills 0] [--page-rounds 10]

Needs an engine and the archives of `--stack` (the trial edition). It works in a room of its own and leaves nothing.

Measured: how long after a change (more time, a station that is killed) each open screen has it; how long pages take; what
the console's memory is; how fast stations answer with the console and its screens beside them, against without, in turns.
`--kills N` kills the console in the middle of N acts and starts it again: no act is done twice, none is lost unsaid.
"""

import argparse
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from provisioner.build.artifacts import Store
from provisioner.build.overrides import load_overrides
from provisioner.build.stacks import build, golden_of
from provisioner.core.model import Golden, Station
from provisioner.core.progress import Quiet
from provisioner.engine.docker import DockerEngine
from provisioner.exam.working_time import start
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT, Paths
from provisioner.host.settings import Settings
from provisioner.network.room import Room
from provisioner.station.act_book import Book
from provisioner.station.acts import Outcome
from provisioner.station.answering import HEALTH, ask_station
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down, up
from provisioner.station.state import State

#: What must be reached: seconds, seconds, MiB, times the time without.
VISIBLE, PAGE, MEMORY, COST = 1.0, 0.3, 150, 1.1
PASSWORD = "le phare de la Jument"
_PATIENCE = 30.0
_PAGES = ("/salle", "/salle?vue=liste", "/poste/1", "/actes", "/comptes", "/preparation", "/conservation")
above: list[str] = []


def bound(name: str, value: float, most: float, unit: str) -> None:
    """Print a figure beside its bound."""
    if value > most:
        above.append(name)
    print(f"{name}: {value:.3g} {unit} ({'ABOVE' if value > most else 'within'} {most:g})", flush=True)


def percentile(values: Sequence[float], part: float = 0.95) -> float:
    """The value that so many of them don't pass."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


class Console:
    """`e5b console` as a process, and a technician who is signed in to it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self.process = self._started()
        told = self._told()
        self.address = str(told["address"])
        self.client = httpx.Client(base_url=self.address, headers={"Origin": self.address}, timeout=60)
        account = {"name": "Mme Riou", "password": PASSWORD, "again": PASSWORD}
        assert self.client.post("/premier-compte", data={"code": str(told["code"]), **account}).status_code == 303
        assert self.client.post("/entree", data=account).status_code == 303

    def _started(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [ROOT / "e5b", "console", "--json"],
            env=self._environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _told(self) -> dict[str, object]:
        assert self.process.stdout
        told = ""
        for line in self.process.stdout:
            told += line
            if line.rstrip() == "}":
                break
        document: dict[str, object] = json.loads(told)
        return document

    def kill(self) -> None:
        """Kill it as a power cut would, and whatever it started with it."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def again(self) -> None:
        """Start it again; it has the same address, and whoever was signed in still is."""
        self.process = self._started()
        self._told()

    def end(self) -> None:
        """Stop it as Ctrl-C does."""
        self.process.terminate()
        self.process.wait(120)

    def memory(self) -> float:
        """What it holds of the machine's memory, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024

    def begin(self, act: str, places: Sequence[int], key: str, **typed: str) -> httpx.Response:
        """Plan an act on some stations, and confirm what the plan says."""
        named = {"act": act, "station": [f"poste-{place:02}" for place in places], **typed}
        plan = self.client.post("/actes", data={**named, "step": "plan"})
        agreed = re.findall(r'name="agreed" value="([^"]*)"', plan.text)
        return self.client.post("/actes", data={**named, "step": "begin", "agreed": agreed, "key": key})


@dataclass
class Screen:
    """An open page of the room: when each place changed on it. `ready` once it has the server's clock."""

    console: Console
    seen: dict[int, float] = field(default_factory=dict)
    ready: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Follow the page's stream until the console ends."""
        version = re.search(r"version=(\d+)", self.console.client.get("/salle").text)
        assert version
        cookies = self.console.client.cookies
        with (
            suppress(httpx.HTTPError),
            httpx.Client(base_url=self.console.address, cookies=cookies, timeout=None) as client,
            client.stream("GET", f"/flux?version={version[1]}&vue=plan") as stream,
        ):
            for line in stream.iter_lines():
                self.ready.set()
                now = time.monotonic()
                for place in re.findall(r'id="tile-(\d+)"', line):
                    self.seen[int(place)] = now


@contextmanager
def screens(console: Console, count: int) -> Iterator[list[Screen]]:
    """So many open pages, each of which has what the room is by now; they end with the console."""
    opened = [Screen(console) for _ in range(count)]
    for screen in opened:
        threading.Thread(target=screen.watch, daemon=True).start()
    for screen in opened:
        assert screen.ready.wait(_PATIENCE), "a screen got nothing of its stream"
    yield opened


def latencies(opened: Sequence[Screen], place: int, change: Callable[[], object]) -> list[float]:
    """How many seconds after a change began each screen had the place anew."""
    began = time.monotonic()
    change()
    deadline = began + _PATIENCE
    while time.monotonic() < deadline:
        if all(screen.seen.get(place, 0) > began for screen in opened):
            return [screen.seen[place] - began for screen in opened]
        time.sleep(0.005)
    return [_PATIENCE for _ in opened]


def measure_changes(centre: Centre, opened: Sequence[Screen], there: Sequence[Station]) -> None:
    """More time by another process, and stations that die: when they are on each screen."""
    given, died = [], []
    for station in there[:-3]:
        given += latencies(opened, station.place, lambda station=station: note_event(centre, station))  # type: ignore[misc]
    for station in there[-3:]:
        kill = ["docker", "kill", station.container]
        died += latencies(
            opened,
            station.place,
            lambda kill=kill: subprocess.run(kill, check=True, capture_output=True),  # type: ignore[misc]
        )
    print(f"changes: median {statistics.median(given):.2f} s, {len(given)} seen; stations that died: {max(died):.2f} s")
    bound("a change is on every screen, 95th percentile", percentile(given + died), VISIBLE, "s")


def note_event(centre: Centre, station: Station) -> None:
    """What the command line writes when it gives time, without the waiting for the door that follows."""
    record = centre.state.record(station.container)
    last = record.clock[-1].model_copy(update={"what": "extra", "minutes": 1, "why": "mesure"})
    centre.state.note(station.container, clock=(*record.clock, last))


def measure_pages(console: Console, rounds: int) -> None:
    """How long each page takes to come whole."""
    worst = ("", 0.0)
    for path in _PAGES:
        taken = []
        for _ in range(rounds):
            began = time.monotonic()
            answer = console.client.get(path)
            taken.append(time.monotonic() - began)
            assert answer.status_code == 200, (path, answer.status_code)
        slow = percentile(taken)
        print(f"{path}: median {statistics.median(taken) * 1000:.0f} ms, 95th percentile {slow * 1000:.0f} ms")
        worst = max(worst, (path, slow), key=lambda one: one[1])
    bound(f"the slowest page ({worst[0]}), 95th percentile", worst[1], PAGE, "s")


def measure_cost(console: Console, centre: Centre, there: Sequence[Station]) -> None:
    """What stations' answers cost with the console at work, against while it is stopped, in turns."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(8):
        beside = turn % 2 == 0
        os.kill(console.process.pid, signal.SIGCONT if beside else signal.SIGSTOP)
        time.sleep(1)
        for station in list(there[:-3]) * 3:
            began = time.monotonic()
            ask_station(centre.room, station.place, HEALTH)[0].close()
            times[beside].append(time.monotonic() - began)
    os.kill(console.process.pid, signal.SIGCONT)
    cost = statistics.median(times[True]) / statistics.median(times[False])
    print(f"a station's answer: {statistics.median(times[False]) * 1000:.1f} ms without the console")
    bound("a station's answer with the console and its screens, times without", cost, COST, "")


def measure_kills(console: Console, centre: Centre, count: int) -> None:
    """Kill the console in the middle of acts: what the book says of each station must be what its clock says."""
    chance = random.Random(2024)
    wrong, outcomes = [], dict.fromkeys(Outcome, 0)
    there = stations(centre)
    for number in range(count):
        chosen = chance.sample(range(1, len(there) + 1), min(3, len(there)))
        why, key = f"coupure {number}", f"kill-{number}"
        answer = console.begin("extra", chosen, key, minutes="1", why=why)
        assert answer.status_code == 303, answer.text[:500]
        time.sleep(chance.uniform(0, 0.6))
        console.kill()
        console.again()
        act = Book.of(centre.state).of_key(key)
        if act is None or act.is_open:
            wrong.append(f"{why}: the book has no end of it")
            continue
        for line in act.lines:
            outcomes[line.outcome] += 1
            station = next(one for one in there if one.name == line.station)
            given = sum(entry.why == why for entry in centre.state.record(station.container).clock)
            allowed = {Outcome.DONE: {1}, Outcome.NOT_DONE: {0}}.get(line.outcome, {0, 1})
            if given not in allowed:
                wrong.append(f"{why}: {line.station} has {given} times the time, and the book says {line.outcome}")
    print(f"{count} kills: {', '.join(f'{number} {outcome}' for outcome, number in outcomes.items() if number)}")
    print(*wrong, sep="\n")
    bound("acts that were lost, or done twice", len(wrong), 0, "")


@contextmanager
def whole_room(stack: str, count: int) -> Iterator[tuple[Centre, dict[str, str]]]:
    """A room of so many stations that are being worked on, and the environment in which e5b finds it."""
    folder = Path(tempfile.mkdtemp(prefix="e5b-console-"))
    engine, paths = DockerEngine(), Paths.from_environment()
    golden = golden_of(engine, stack_named(stack)) or _built(engine, stack, paths)
    room = Room.on_free_ports("banc-console", count)
    port = Room.on_free_ports("console", 1).first_port
    (folder / "e5b.toml").write_text(
        f'room = "{room.name}"\nfirst_port = {room.first_port}\nplaces = {count}\n[console]\nport = {port}\n'
    )
    centre = Centre(engine, Settings(), State(Paths(paths.cache, folder / "state", folder / "e5b.toml")), room)
    environment = {
        **os.environ,
        "E5B_STATE": str(folder / "state"),
        "E5B_CONFIG": str(folder / "e5b.toml"),
        "E5B_CACHE": str(paths.cache),
    }
    try:
        for station in up(centre, count, [f"{stack_named(stack).cms}-a"], golden):
            start(centre, station.name)
        yield centre, environment
    finally:
        down(centre, discard="fin d'une mesure")


def _built(engine: DockerEngine, stack: str, paths: Paths) -> Golden:
    return build(engine, stack_named(stack), Store(paths, load_overrides(paths.overrides)), Settings(), Quiet())


def main(words: Sequence[str]) -> int:
    """Measure; the exit code."""
    above.clear()
    parser = argparse.ArgumentParser()
    parser.add_argument("--stack", default="wordpress-trial")
    for name, value in (("stations", 40), ("screens", 10), ("kills", 0), ("page-rounds", 10)):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args(words)
    with ExitStack() as stack:
        centre, environment = stack.enter_context(whole_room(asked.stack, asked.stations))
        console = Console(environment)
        stack.callback(console.end)
        there = stations(centre)
        if asked.screens:
            opened = stack.enter_context(screens(console, asked.screens))
            measure_pages(console, asked.page_rounds)
            measure_cost(console, centre, there)
            measure_changes(centre, opened, there)
            bound("the console's memory", console.memory(), MEMORY, "MiB")
        if asked.kills:
            measure_kills(console, centre, asked.kills)
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
