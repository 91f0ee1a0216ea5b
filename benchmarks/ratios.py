"""Prints what e5b reaches, as ratios against the bare engine in the same run; exit code 1 when a bound is passed.

    .venv/bin/python benchmarks/ratios.py [STACK] [--beside CHECKOUT] [build|exec|reset|up|memory|check|archive|spare|room|demo|demo-empty …]

Needs an engine and the archives of the stack. It works in a room of its own and leaves nothing. What a new machine
would need runs only when it is named, on the base images that this one has: `demo` with its store, as it is;
`demo-empty` with an empty one, which is filled first, or where nothing can be fetched shows the trial edition. With `--beside`,
`check` measures examinations by another checkout as well, in turn with its own, on the same station.
"""

import html
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from pathlib import Path

from provisioner.archive.archiving import archive, put_away
from provisioner.archive.golden_images import keep_golden
from provisioner.build.artifacts import Store
from provisioner.build.overrides import load_overrides
from provisioner.build.stacks import build, golden_of
from provisioner.core.batches import each
from provisioner.core.model import Golden, Station, Verdict
from provisioner.core.progress import Quiet
from provisioner.demo.demonstration import work
from provisioner.engine.docker import DockerEngine
from provisioner.engine.layers import sleeping_container
from provisioner.engine.protocol import ImageState
from provisioner.exam.autosnapshot import ensure_running
from provisioner.exam.working_time import start
from provisioner.examination.examine import examine, examine_stations, verdicts
from provisioner.host.editions import load_stacks, stack_named
from provisioner.host.paths import ROOT, Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck.short_proof import leak_check
from provisioner.network.gateway import Room
from provisioner.station.answering import HEALTH, NO_ANSWER, ask_station
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down, reset, up
from provisioner.station.shared_site import ensure_shared_sites
from provisioner.station.snapshots import replace, snapshot
from provisioner.station.spares import AT_ONCE, prepare, renew, spares
from provisioner.station.state import State
from provisioner.subject.subjects import Subject, load_subject
from tests.cms import browsing, cms_of

ROUNDS = 7
#: A page that each station has of its own while a hand-over is measured.
_SIGN = "/qui.txt"
above: list[str] = []


@dataclass(frozen=True)
class Bounds:
    """What a stack of this CMS has to reach, and the ten pages of its back office that are opened.

    `office` are addresses, or a pattern of those that stand on the first page, tokens included.
    """

    build: float
    memory: float
    check: float
    archive: float
    office: tuple[str, ...] | re.Pattern[str]


BOUNDS = {
    "wordpress": Bounds(
        60,
        100,
        10,
        3,
        (
            "/wp-admin/index.php",
            "/wp-admin/edit.php",
            "/wp-admin/post-new.php",
            "/wp-admin/upload.php",
            "/wp-admin/edit.php?post_type=page",
            "/wp-admin/edit-comments.php",
            "/wp-admin/nav-menus.php",
            "/wp-admin/widgets.php",
            "/wp-admin/users.php",
            "/wp-admin/options-reading.php",
        ),
    ),
    "prestashop": Bounds(120, 120, 15, 6, re.compile(r'href="([^"]*/(?:sell|improve|configure)/[^"]*_token=[^"]*)"')),
}


class Steps(Quiet):
    """Notes when each step of a build began."""

    def __init__(self) -> None:
        self.began: list[tuple[str, float]] = []

    def step(self, text: str) -> None:
        self.began.append((text, time.monotonic()))

    def seconds(self, step: str) -> float:
        """How long the step lasted whose name holds this."""
        number = next(number for number, (text, _) in enumerate(self.began) if step in text)
        return self.began[number + 1][1] - self.began[number][1]


class Unbuilt(DockerEngine):
    """An engine that has the base images and nothing that stands on them."""

    def image(self, reference: str) -> ImageState | None:
        return None if reference.startswith("e5b/runtime-") else super().image(reference)

    def build(
        self,
        context: Mapping[str, Path],
        tag: str,
        arguments: Mapping[str, str],
        labels: Mapping[str, str],
        say: Callable[[str], None],
    ) -> str:
        own = "e5b-bench-base"  # a step is known again by what it stands on
        container = docker("create", arguments["BASE"], "true")
        try:
            docker("commit", "--change", f"LABEL e5b.bench={time.time_ns()}", container, own)
            return super().build(context, tag, {**arguments, "BASE": own}, labels, say)
        finally:
            docker("rm", container)
            docker("rmi", own)


def docker(*words: str) -> str:
    return subprocess.run(["docker", *words], check=True, capture_output=True, text=True, timeout=120).stdout.strip()


def answered(port: int, host: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        asked = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            asked.request("GET", "/", headers={"Host": host})
            if asked.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            pass
        finally:
            asked.close()
        time.sleep(0.03)
    raise TimeoutError(f"{host} on port {port}")


def bare(image: str, name: str) -> None:
    """`docker run` of the golden image to its first answered page."""
    nothing = "/dev/null:/var/lib/e5b/station.json:ro"  # a station that is told nothing waits for it
    docker("run", "--detach", "--name", name, "--publish", "127.0.0.1::80", "--volume", nothing, image)
    answered(int(docker("port", name, "80").rpartition(":")[2]), "e5b.invalid")


def timed(act: Callable[[], object]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def say(what: str, ours: float, theirs: float, bound: float, unit: str = "s", baseline: str = "bare") -> None:
    ratio = ours / theirs
    print(
        f"{what}: {ours:.2f} {unit} against {theirs:.2f} {unit} {baseline} = {ratio:.2f} ({mark(what, ratio, bound)})",
        flush=True,
    )


def say_limit(what: str, value: float, limit: float, unit: str) -> None:
    print(f"{what}: {value:.1f} {unit} ({mark(what, value, limit)})", flush=True)


def mark(what: str, value: float, bound: float) -> str:
    if value <= bound:
        return f"within {bound:g}"
    above.append(what)
    return f"ABOVE {bound:g}"


def bounds(stack: str) -> Bounds:
    return BOUNDS[stack_named(stack).cms]


def measure_exec(centre: Centre, golden: Golden) -> None:
    """One command in a container, against `docker exec`: a process of Docker's own client, which other libraries run.

    `provisioner/engine/docker/connection.py` relies on it: this is to be no slower, and to cost this machine less.
    """
    labels = {"e5b.kind": "bench", "e5b.room": centre.room.name}
    with sleeping_container(centre.engine, golden.image, labels, "e5b-bench-0") as container:

        def through_the_engine(stdin: bytes) -> None:
            assert centre.engine.run(container, ["cat"], stdin=stdin).stdout == stdin

        def through_the_client(stdin: bytes) -> None:
            words = ["docker", "exec", "--interactive", container, "cat"]
            assert subprocess.run(words, check=True, capture_output=True, input=stdin, timeout=60).stdout == stdin

        for size in (0, 100_000):
            ours: list[float] = []
            theirs: list[float] = []
            our_work: list[float] = []
            their_work: list[float] = []
            for _ in range(3 * ROUNDS):  # in turn: the machine may be slower at one time than at another
                for run, seconds, work in (
                    (through_the_engine, ours, our_work),
                    (through_the_client, theirs, their_work),
                ):
                    before = processor_seconds()
                    seconds.append(timed(partial(run, bytes(size))))
                    work.append(processor_seconds() - before)
            what = f"one command in a container, {size} bytes in and out, median of {len(ours)}"
            say(what, statistics.median(ours) * 1000, statistics.median(theirs) * 1000, 1, "ms")
            say(
                f"{what}, processor's time outside the daemon",
                statistics.mean(our_work) * 1000,
                statistics.mean(their_work) * 1000,
                0.5,
                "ms",
            )


def processor_seconds() -> float:
    """What this program and the processes that it has waited for have used of the processor."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def measure_reset(centre: Centre, golden: Golden) -> None:
    up(centre, 1, ["bench"], golden)
    bare(golden.image, "e5b-bench-0")
    ours, theirs = [], []

    def again() -> None:
        docker("rm", "--force", "e5b-bench-0")
        bare(golden.image, "e5b-bench-0")

    for _ in range(ROUNDS):
        theirs.append(timed(again))
        ours.append(timed(lambda: reset(centre, "poste-01", golden)))
    docker("rm", "--force", "e5b-bench-0")
    say(
        f"reset until it answers, before archives and spares, median of {ROUNDS}",
        statistics.median(ours),
        statistics.median(theirs),
        1.5,
    )
    down(centre)


def measure_up(centre: Centre, golden: Golden) -> None:
    names = [f"e5b-bench-{number}" for number in range(10)]

    def ten() -> None:
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(lambda name: bare(golden.image, name), names))

    answering, whole, theirs = [], [], []
    for _ in range(3):
        theirs.append(timed(ten))
        docker("rm", "--force", *names)
        began = time.monotonic()
        up(centre, 10, ["bench"], golden)
        answering.append(time.monotonic() - began)
        ensure_running(centre)
        ensure_shared_sites(centre, {golden.stack})
        leak_check(centre)
        whole.append(time.monotonic() - began)
        down(centre)
    bare_ones = statistics.median(theirs)
    say("up 10 until they answer, median of 3", statistics.median(answering), bare_ones, 1.2)
    # What the room has besides, of which ten bare ones have nothing: told, and held to no bound.
    seconds = statistics.median(whole)
    print(
        f"the whole command, shared site and proof of the room included: {seconds:.2f} s = {seconds / bare_ones:.2f}",
        flush=True,
    )


def measure_memory(centre: Centre, golden: Golden) -> None:
    up(centre, 10, ["bench"], golden)
    there = stations(centre)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda station: office(centre, station), there))
    busy = sum(pss(station.container) for station in there)
    time.sleep(6)  # PHP's idle workers end
    rest = sum(pss(station.container) for station in there)
    what = "memory per station (PSS; after a sign-in and ten pages of back office in each of ten, at once)"
    say_limit(what, rest / 10, bounds(golden.stack).memory, "MiB")
    # Told, and held to no bound: ten candidates never send a page in the same second.
    print(f"the same as the last of these pages comes: {busy / 10:.1f} MiB", flush=True)


def office(centre: Centre, station: Station) -> None:
    mine = centre.state.credentials(station.container)
    assert mine
    cms, pages = cms_of(station.stack), bounds(station.stack).office
    with browsing(station.address) as client:
        first = cms.sign_in(client, mine).text
        assert cms.inside in first
        if isinstance(pages, re.Pattern):
            pages = tuple(dict.fromkeys(html.unescape(found) for found in pages.findall(first)))[:10]
        assert len(pages) == 10
        for page in pages:
            assert client.get(page).status_code == 200


def pss(container: str) -> float:
    pids = docker("top", container, "-eo", "pid").split()[1:]
    kib = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):  # a web worker that went meanwhile
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kib += int(line.split()[1])
    return kib / 1024


def measure_check(centre: Centre, golden: Golden, beside: Path | None) -> None:
    subject = load_subject(f"{stack_named(golden.stack).cms}-a")
    up(centre, 1, [subject.id], golden)
    station = next(station for station in stations(centre) if station.subject == subject.id)
    for state in ("unworked", "worked"):
        if state == "worked":
            work(centre, station, subject)
        seconds = [timed(lambda: examine(centre, station.name)) for _ in range(3)]
        say_limit(
            f"check of five questions, station {state}, report included, median of 3",
            statistics.median(seconds),
            bounds(golden.stack).check,
            "s",
        )
        if beside:
            ours, theirs = zip(
                *((check_by(ROOT, centre, station), check_by(beside, centre, station)) for _ in range(ROUNDS)),
                strict=True,
            )
            what = f"the same by the command, beside another checkout, medians of {ROUNDS} in turn"
            say(what, statistics.median(ours), statistics.median(theirs), 1.05, baseline="by the other")


def check_by(checkout: Path, centre: Centre, station: Station) -> float:
    """The seconds that the command of a checkout takes to examine a station."""
    command = [str(checkout / "e5b"), "check", station.name, "--room", centre.room.name, "--json"]
    own = {**os.environ, "E5B_STATE": str(centre.state.folder)}
    began = time.monotonic()
    said = subprocess.run(command, check=False, env=own, capture_output=True, text=True, timeout=600)
    seconds = time.monotonic() - began
    assert json.loads(said.stdout)["stations"], said.stderr  # its exit code is that of the verdicts
    return seconds


def measure_archive(centre: Centre, golden: Golden) -> None:
    """Of a station that was worked on; the golden image already stands beside the archives."""
    subject = load_subject(f"{stack_named(golden.stack).cms}-a")
    up(centre, 1, [subject.id], golden)
    station = next(station for station in stations(centre) if station.subject == subject.id)
    work(centre, station, subject)
    archive(centre, station.name)
    seconds = [timed(lambda: archive(centre, station.name)) for _ in range(3)]
    say_limit(
        "archive of a worked station, read back, median of 3",
        statistics.median(seconds),
        bounds(golden.stack).archive,
        "s",
    )
    start(centre, station.name)
    taken = [timed(lambda: snapshot(centre, station)) for _ in range(3)]
    say_limit("snapshot of a worked station, median of 3", statistics.median(taken), 0.9, "s")
    waits = [longest_wait(centre, station.place, lambda: snapshot(centre, station)) for _ in range(3)]
    say_limit("longest wait for an answer meanwhile, worst of 3", max(waits), 0.9, "s")
    down(centre, discard="measured")


def measure_spare(centre: Centre, golden: Golden) -> None:
    """The hand-over as who looks at the site meets it, and how long the address did not answer while it happened."""
    subject = load_subject(f"{stack_named(golden.stack).cms}-a")
    up(centre, 1, [subject.id], golden)
    turns, whole, waits = [], [], []
    for _ in range(ROUNDS):
        prepare(centre, golden)
        sign(centre, stations(centre)[0].container, "old")
        for spare in spares(centre, golden):
            sign(centre, spare.id, "new")
        turns.append(turn(centre, lambda: whole.append(timed(lambda: renew(centre, "poste-01", golden)))))
        prepare(centre, golden)
        waits.append(longest_wait(centre, 1, lambda: renew(centre, "poste-01", golden)))
    say_limit(
        f"hand-over of a spare, from the last page of the old alone to the first of the new alone, median of {ROUNDS}",
        statistics.median(turns) * 1000,
        150,
        "ms",
    )
    print(f"the whole command for it, while the old one answers: {statistics.median(whole) * 1000:.0f} ms", flush=True)
    say_limit(f"longest wait for an answer meanwhile, worst of {ROUNDS}", max(waits) * 1000, 150, "ms")
    measure_broken(centre, stations(centre)[0], subject)
    down(centre, discard="measured")


def measure_broken(centre: Centre, station: Station, subject: Subject) -> None:
    """A station that breaks once its candidate has worked, and is replaced; an examination says that his work is there."""
    start(centre, station.name)
    work(centre, station, subject)
    docker("kill", station.container)
    seconds = timed(lambda: replace(centre, station.name))
    found = set(verdicts(examine(centre, station.name)))
    assert Verdict.MET in found <= {Verdict.MET, Verdict.TO_JUDGE}, found
    say_limit("a broken station replaced with its work", seconds, 5, "s")


def sign(centre: Centre, container: str, text: str) -> None:
    """Have a station say who it is."""
    done = centre.engine.run(container, ["bash", "-c", f"echo {text} >/var/www/html{_SIGN}"], user="www-data")
    assert done.status == 0, done.stderr


def turn(centre: Centre, act: Callable[[], object]) -> float:
    """How long it took the first place to turn from one station to the other, as a visitor sees it."""
    seen = visited(centre, 1, _SIGN, act)
    first_new = next(i for i, (_, said) in enumerate(seen) if said == b"new\n")
    last_old = max(i for i, (_, said) in enumerate(seen) if said == b"old\n")
    return seen[max(last_old + 1, first_new)][0] - seen[min(first_new - 1, last_old)][0]


def measure_room(centre: Centre, golden: Golden) -> None:
    """Twelve candidates' stations, each with work in it: examined by `check --all`, then reset together by `reset --all`."""
    subject = load_subject(f"{stack_named(golden.stack).cms}-a")
    up(centre, 12, [subject.id], golden)
    keep_golden(centre, golden.image)  # as `up --roster` does
    prepare(centre, golden)
    for station in stations(centre):
        start(centre, station.name)
        work(centre, station, subject)
    names = [station.name for station in stations(centre)]
    alone = timed(lambda: examine(centre, names[0]))
    together = timed(lambda: examine_stations(centre, names))
    share = 100 * together / (len(names) * alone)
    say_limit("check of twelve stations by `--all`, of their checks one after the other", share, 80, "%")
    print(f"check of twelve stations by `--all`: {together:.0f} s", flush=True)
    time.sleep(6)  # a room whose last candidate has left: his browser has ended, and PHP's idle workers
    began = time.monotonic()
    done, errors = each([one.name for one in stations(centre)], lambda name: renew(centre, name, golden), AT_ONCE)
    usable = time.monotonic() - began
    archives = put_away(centre)
    seconds = time.monotonic() - began
    assert (len(done), errors, len(archives)) == (12, [], 12)
    say_limit("twelve stations reset, until all answer as new", usable, 5, "s")
    say_limit("twelve stations reset, until all their archives are read back", seconds, 90, "s")
    down(centre)


def longest_wait(centre: Centre, place: int, act: Callable[[], object]) -> float:
    """The longest time between two answers of a place while something happens to it."""
    times = [at for at, _ in visited(centre, place, HEALTH, act)]
    return max(later - sooner for sooner, later in pairwise(times))


def visited(centre: Centre, place: int, path: str, act: Callable[[], object]) -> list[tuple[float, bytes]]:
    """What a place answers to a visitor who doesn't rest while something happens to it, and when."""
    answers: list[tuple[float, bytes]] = []
    done = threading.Event()

    def visit() -> None:
        while not done.is_set():
            try:
                connection, answer = ask_station(centre.room, place, path)
                said = answer.read()
            except NO_ANSWER:
                continue
            connection.close()
            if answer.status == 200:
                answers.append((time.monotonic(), said))

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        act()
        time.sleep(0.3)
    finally:
        done.set()
        visitor.join()
    return answers


def measure_demo(part: str) -> None:
    """The whole of it, on the engine as it is: one that is empty shows what a fresh machine needs.

    Its state is always its own; with `demo-empty` its store too. Whatever becomes of it, its room goes.
    """
    what = {"demo": "demo of all that the store has", "demo-empty": "demo with an empty store"}[part]
    images = docker("images", "--quiet").split()
    with tempfile.TemporaryDirectory() as folder:
        own = {**os.environ, "E5B_STATE": f"{folder}/state"}
        if part == "demo-empty":
            own["E5B_CACHE"] = f"{folder}/cache"

        def e5b(*words: str, seconds: float) -> int:
            try:
                return subprocess.run([ROOT / "e5b", *words], check=False, env=own, timeout=seconds).returncode
            except subprocess.TimeoutExpired:
                return 124

        began = time.monotonic()
        try:
            code = e5b("demo", seconds=1200)
            seconds = time.monotonic() - began
        finally:
            e5b("down", "--room", "demo", seconds=120)  # another account's is refused, and stays
    if code:
        print(f"{what}: FAILED with {code} after {seconds:.0f} s", flush=True)
        above.append(what)
    else:
        say_limit(f"{what}, on an engine of {len(images)} images", seconds, 600, "s")


def main() -> None:
    words, beside = sys.argv[1:], None
    if "--beside" in words:
        place = words.index("--beside")
        beside = Path(words[place + 1]).resolve()
        words = words[:place] + words[place + 2 :]
    parts = [word for word in words if word not in load_stacks()] or [
        "build",
        "exec",
        "reset",
        "up",
        "memory",
        "check",
        "archive",
        "spare",
        "room",
    ]
    if "memory" in parts and os.geteuid():
        sys.exit("memory reads what each process holds: run as root, or name the other parts")
    stack = stack_named(next((word for word in words if word in load_stacks()), "wordpress-2024"))
    paths, settings = Paths.from_environment(), Settings()
    store = Store(paths, load_overrides(paths.overrides))
    print(f"{stack.id}")
    for part in [part for part in parts if part.startswith("demo")]:
        measure_demo(part)
        parts.remove(part)
    if not parts:
        return
    engine = DockerEngine()
    golden = golden_of(engine, stack) or build(engine, stack, store, settings, Quiet())
    with tempfile.TemporaryDirectory() as folder:
        kept = State(Paths(paths.cache, Path(folder) / "state", paths.settings))
        centre = Centre(engine, settings, kept, Room.on_free_ports("bench", 12), Quiet())
        try:
            if "build" in parts:
                steps = Steps()
                seconds = timed(lambda: build(Unbuilt(), stack, store, settings, steps))
                say_limit(
                    "golden image from a full store and existing base, nothing built on it yet",
                    seconds,
                    bounds(stack.id).build,
                    "s",
                )
                say_limit(
                    "seeding in it, of two minutes for both stacks", steps.seconds("contenus de l'entreprise"), 120, "s"
                )
                golden = golden_of(engine, stack) or golden
            for part, measure in (
                ("exec", measure_exec),
                ("archive", measure_archive),
                ("spare", measure_spare),
                ("room", measure_room),
                ("reset", measure_reset),
                ("up", measure_up),
                ("memory", measure_memory),
                ("check", partial(measure_check, beside=beside)),
            ):
                if part in parts:
                    measure(centre, golden)
        finally:
            down(centre, discard="measured")
            left = docker("ps", "--all", "--quiet", "--filter", "name=^e5b-bench-[0-9]")
            if left:
                docker("rm", "--force", *left.split())


if __name__ == "__main__":
    main()
    sys.exit(bool(above))
