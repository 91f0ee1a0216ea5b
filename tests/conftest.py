"""Marks tests by the fixtures that they use, and says what a missing engine or browser means.

`docker`: uses the fixture `engine`, itself or through another (not one that its module makes: that is a
fake). `browser`: one named `browser`, or ending so. What neither marks is a unit test. Without an engine or a
browser these tests skip, unless E5B_REQUIRE (a list such as `docker,browser,wordpress-2024`: marks, or values
of parameters) names what they were to prove: a skip is then a failure, but for an edition that is named by
nobody and whose archives are not in the store.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path

import pytest

from provisioner.artifacts import Store
from provisioner.browser import candidate_browser
from provisioner.config import Paths, Settings, load_overrides, stack_named
from provisioner.disk import locked
from provisioner.docker_engine import DockerEngine
from provisioner.engine import ContainerSpec, Engine
from provisioner.errors import ArtifactError, BrowserUnavailable
from provisioner.lifecycle import Centre, down, up
from provisioner.model import Golden, Station
from provisioner.needs import look_at_engine
from provisioner.network import Room
from provisioner.progress import Quiet
from provisioner.stacks import build, golden_told
from provisioner.state import State
from tests.command import Program
from tests.engine.own_engine import OwnEngine, away

REQUIRED = set(filter(None, os.environ.get("E5B_REQUIRE", "").replace(" ", "").split(",")))

NO_ARCHIVES = "its archives are not in the store"


def pytest_configure(config: pytest.Config) -> None:
    # A shell lets what runs in its background ignore Ctrl-C, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for one in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)
    for size in ("COLUMNS", "LINES"):  # a screen's size is each test's own: Rich keeps what it sees at first
        os.environ.pop(size, None)
    config.addinivalue_line("markers", "docker: needs a container engine")
    config.addinivalue_line("markers", "browser: needs a Chromium")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "engine" in fixtures and not hasattr(getattr(item, "module", None), "engine"):  # a module's own is fake
            item.add_marker("docker")
        if any(name.endswith(("browser", "examining")) for name in fixtures):
            item.add_marker("browser")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, missing in (("docker", _engine_missing), ("browser", _browser_missing)):
        if item.get_closest_marker(mark) and (reason := missing()):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    wanted = {mark.name for mark in item.iter_markers()}
    if callspec := getattr(item, "callspec", None):
        wanted |= {str(value) for value in callspec.params.values()}
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        if NO_ARCHIVES in str(reason):  # whoever asks for an engine doesn't ask for every edition
            wanted -= {"docker", "browser"}
        if not wanted & REQUIRED:
            return report
        report.outcome = "failed"
        report.longrepr = f"E5B_REQUIRE asks for {', '.join(sorted(wanted & REQUIRED))}. {reason}"
    return report


@cache
def _engine_missing() -> str:
    seen = look_at_engine()
    return "" if seen.ok else f"no container engine: {seen.text}"


@cache
def _browser_missing() -> str:
    try:
        with candidate_browser():
            return ""
    except BrowserUnavailable as error:
        return f"no browser: {error}"


#: What `edition` is.
STACKS = ("wordpress-trial", "wordpress-2024", "prestashop-2024")


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    engine = DockerEngine()
    for left in engine.containers(kind="keeper"):
        if not Path("/proc", left.labels["e5b.process"]).exists():
            engine.remove(left.id)
    yield engine
    for keeper in engine.containers(kind="keeper"):
        if keeper.labels["e5b.process"] == str(os.getpid()):
            engine.remove(keeper.id)


@pytest.fixture(scope="session")
def built(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Golden]:
    """Makes the golden image of a stack of today's tree: once, for all processes of this run."""
    paths, mine = Paths.from_environment(), str(os.getpid())
    store, run = Store(paths, load_overrides(paths.overrides)), os.environ.get("PYTEST_XDIST_TESTRUNUID", mine)

    @cache
    def made(name: str) -> Golden:
        stack = stack_named(name)
        if stack.official:
            try:
                for artifact in stack.artifacts:
                    store.resolve(artifact)
            except ArtifactError as error:
                pytest.skip(f"{stack.id}: {NO_ARCHIVES} ({error})")
        with locked(tmp_path_factory.getbasetemp().parent / f"{name}.lock", name, 3600):
            if kept := engine.containers(kind="keeper", stack=name, run=run):
                told = {one.id: one.labels for one in engine.images(kind="golden", stack=name)}
                golden = golden_told(kept[0].image, told[kept[0].image])
            else:
                golden = build(engine, stack, store, Settings(), Quiet())
            # A later build of the same stack, by a test or by another run, forgets images that no container uses.
            labels = {"e5b.kind": "keeper", "e5b.stack": name, "e5b.run": run, "e5b.process": mine}
            engine.create(ContainerSpec(name=f"e5b-keeper-{name}-{mine}", image=golden.image, labels=labels))
        return golden

    return made


@pytest.fixture(scope="session", params=("wordpress-2024", "prestashop-2024"))
def golden(built: Callable[[str], Golden], request: pytest.FixtureRequest) -> Golden:
    """A golden image of today's tree, of the exam's edition of each CMS; WordPress's trial where that can't be had."""
    try:
        return built(request.param)
    except pytest.skip.Exception:
        if request.param != "wordpress-2024":
            raise
        return built("wordpress-trial")


@pytest.fixture(scope="session", params=STACKS)
def edition(built: Callable[[str], Golden], request: pytest.FixtureRequest) -> Golden:
    """Of every edition, for what depends on what it has; skips where its archives aren't in the store."""
    return built(request.param)


@pytest.fixture(scope="session", params=("wordpress-trial", "prestashop-2024"))
def either(built: Callable[[str], Golden], request: pytest.FixtureRequest) -> Golden:
    """One edition of each CMS, for what depends on the CMS and takes long."""
    return built(request.param)


@pytest.fixture(scope="session")
def shop(built: Callable[[str], Golden]) -> Golden:
    """The shop, for what is tried with both CMS in one room."""
    return built("prestashop-2024")


@pytest.fixture(scope="session")
def trial(built: Callable[[str], Golden]) -> Golden:
    """The trial edition, for what doesn't depend on the edition."""
    return built("wordpress-trial")


@pytest.fixture
def centre(engine: Engine, tmp_path: Path) -> Iterator[Centre]:
    """An empty room of two places; nothing of it stays."""
    paths = Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")
    made = Centre(
        engine,
        Settings(),
        State(paths),
        Room.apart(f"essai-{os.getpid()}", 2),  # two runs of the tests on one machine don't meet
    )
    yield made
    down(made, discard="fin d'un essai")


@pytest.fixture
def program(centre: Centre, trial: Golden, tmp_path: Path) -> Program:
    """The command line in that room, with the trial edition."""
    room = centre.room
    (tmp_path / "e5b.toml").write_text(
        f'room = "{room.name}"\nfirst_port = {room.first_port}\nplaces = {room.places}\n'
        f'editions = {{ wordpress = "{trial.stack}" }}\n'
    )
    return Program({"E5B_STATE": str(tmp_path / "state"), "E5B_CONFIG": str(tmp_path / "e5b.toml")})


@pytest.fixture
def station(centre: Centre, golden: Golden) -> Station:
    """One station of each CMS, just begun."""
    return up(centre, 1, [f"{stack_named(golden.stack).cms}-a"], golden)[0]


@pytest.fixture
def trial_station(centre: Centre, trial: Golden) -> Station:
    return up(centre, 1, ["wordpress-a"], trial)[0]


@pytest.fixture
def either_station(centre: Centre, either: Golden) -> Station:
    return up(centre, 1, [f"{stack_named(either.stack).cms}-a"], either)[0]


@pytest.fixture
def own() -> Iterator[OwnEngine]:
    """An engine that a test may kill, or whose disk it may fill."""
    if os.geteuid() != 0 or not shutil.which("dockerd"):
        pytest.skip("an engine of the test's own needs root and dockerd")
    made = OwnEngine(Path(tempfile.mkdtemp(prefix="e5b-", dir="/var/tmp")))
    with away():
        try:
            made.start()
            yield made
        finally:
            made.end()
