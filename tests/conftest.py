"""Marks tests by the fixtures that they use, chooses the editions, and says what a missing engine or browser means.

`docker`: uses the fixture `engine`, itself or through another (not one that its module makes: that is a
fake). `browser`: one named `browser`, or ending so. What neither marks is a unit test. Without an engine or a
browser these tests skip; with `--no-skips`, as `./test` has it, each skip is a failure but those whose reason ends
with OPTIONAL. `--edition STACK`, which repeats, says what a test's `golden` image is; tests of an edition
of PrestaShop are left out where none is chosen.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path

import pytest

from provisioner.build.artifacts import Store
from provisioner.build.overrides import load_overrides
from provisioner.build.stacks import build, golden_from_labels
from provisioner.core.errors import BrowserUnavailable
from provisioner.core.model import Golden, Station
from provisioner.core.progress import Quiet
from provisioner.doctor.container_engine import look_at_engine
from provisioner.engine.docker import DockerEngine
from provisioner.engine.protocol import ContainerSpec, Engine
from provisioner.examination.browser import candidate_browser
from provisioner.host.disk import locked
from provisioner.host.editions import stack_named
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Room
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import down, up
from provisioner.station.state import State
from tests.command import Program
from tests.engine.own_engine import OwnEngine, away

#: At the end of a skip's reason: what the test needs is not installed for the tests' sake.
OPTIONAL = "(optional)"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips", action="store_true", help=f"a skip is a failure, unless its reason ends with {OPTIONAL}"
    )
    parser.addoption(
        "--edition", action="append", default=[], help="an edition to test, repeats; wordpress-trial where none is"
    )


def pytest_configure(config: pytest.Config) -> None:
    # A shell lets what runs in its background ignore Ctrl-C, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for one in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)
    for size in ("COLUMNS", "LINES"):  # a screen's size is each test's own: Rich keeps what it sees at first
        os.environ.pop(size, None)
    config.addinivalue_line("markers", "docker: needs a container engine")
    config.addinivalue_line("markers", "browser: needs a Chromium")


def editions(config: pytest.Config) -> list[str]:
    """The editions that this run is for."""
    return config.getoption("--edition") or ["wordpress-trial"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if {"golden", "built"} <= set(metafunc.fixturenames):  # a unit test's own is built by nobody
        metafunc.parametrize("golden", editions(metafunc.config), indirect=True, scope="session")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "engine" in fixtures and not hasattr(getattr(item, "module", None), "engine"):  # a module's own is fake
            item.add_marker("docker")
        if any(name.endswith(("browser", "examining")) for name in fixtures):
            item.add_marker("browser")
    if not _shops(config):
        left_out = [item for item in items if {"shop", "built"} <= set(getattr(item, "fixturenames", ()))]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _shops(config: pytest.Config) -> list[str]:
    return [name for name in editions(config) if stack_named(name).cms == "prestashop"]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, missing in (("docker", _engine_missing), ("browser", _browser_missing)):
        if item.get_closest_marker(mark) and (reason := missing()):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.config.getoption("--no-skips"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.endswith(OPTIONAL):
            report.outcome = "failed"
            report.longrepr = f"This run may not skip a test. {reason}"
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
        with locked(tmp_path_factory.getbasetemp().parent / f"{name}.lock", name, 3600):
            if kept := engine.containers(kind="keeper", stack=name, run=run):
                told = {one.id: one.labels for one in engine.images(kind="golden", stack=name)}
                golden = golden_from_labels(kept[0].image, told[kept[0].image])
            else:
                golden = build(engine, stack, store, Settings(), Quiet())
            # A later build of the same stack, by a test or by another run, forgets images that no container uses.
            labels = {"e5b.kind": "keeper", "e5b.stack": name, "e5b.run": run, "e5b.process": mine}
            engine.create(ContainerSpec(name=f"e5b-keeper-{name}-{mine}", image=golden.image, labels=labels))
        return golden

    return made


@pytest.fixture(scope="session")
def golden(built: Callable[[str], Golden], request: pytest.FixtureRequest) -> Golden:
    """A golden image of today's tree, of each edition that is chosen."""
    return built(request.param)


@pytest.fixture(scope="session")
def shop(built: Callable[[str], Golden], pytestconfig: pytest.Config) -> Golden:
    """The shop; tests of it are left out where no edition of PrestaShop is chosen."""
    return built(_shops(pytestconfig)[0])


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
        Room.on_free_ports(f"essai-{os.getpid()}", 2),  # two runs of the tests on one machine don't meet
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
    """A station of each edition that is chosen, just begun."""
    return up(centre, 1, [f"{stack_named(golden.stack).cms}-a"], golden)[0]


@pytest.fixture
def trial_station(centre: Centre, trial: Golden) -> Station:
    return up(centre, 1, ["wordpress-a"], trial)[0]


@pytest.fixture
def own() -> Iterator[OwnEngine]:
    """An engine that a test may kill, or whose disk it may fill."""
    if os.geteuid() != 0:
        pytest.skip(f"an engine of the test's own needs root {OPTIONAL}")
    if not shutil.which("dockerd"):
        pytest.skip("an engine of the test's own needs dockerd")
    made = OwnEngine(Path(tempfile.mkdtemp(prefix="e5b-", dir="/var/tmp")))
    with away():
        try:
            made.start()
            yield made
        finally:
            made.end()
