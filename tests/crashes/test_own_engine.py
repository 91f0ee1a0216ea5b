"""The engine itself dies, or its disk is full: nothing that was confirmed is lost, and the room comes back with it.

It is an engine of the test's own, with nothing in it but copies of two images.
"""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import pytest

from provisioner.archive.archiving import set_aside
from provisioner.build.stacks import gateway_image, golden_of
from provisioner.core.errors import EngineError, StationLeaks
from provisioner.core.model import Golden
from provisioner.core.progress import Quiet
from provisioner.engine.docker import DockerEngine
from provisioner.engine.protocol import Engine
from provisioner.exam.working_time import start
from provisioner.host.editions import stack_named
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck.short_proof import leak_check
from provisioner.network.gateway import Room
from provisioner.station.answering import HEALTH, ask_station, await_answer
from provisioner.station.centre import Centre, station_named
from provisioner.station.copies import copied, frozen
from provisioner.station.lifecycle import down, reset, up
from provisioner.station.state import State
from tests.crashes.crashes import RESET, SNAPSHOT, STATION, Kill, Ledger, crash, during
from tests.engine.own_engine import OwnEngine


@dataclass(frozen=True)
class Stage:
    """A room in that engine, its candidate at work: what `crash` wants."""

    own: OwnEngine
    centre: Centre
    golden: Golden
    environment: dict[str, str]

    def survives(self, ledger: Ledger, kills: Sequence[Kill]) -> None:
        """Each of them once, and all that was confirmed is there."""
        start(self.centre, STATION)
        for _ in kills:
            crash(self.centre, self.centre.engine, self.golden, self.environment, ledger, kills)
            print(
                f"{ledger.saved} confirmed, {ledger.lost} lost; back by itself {ledger.by_itself} times; {ledger.kills}"
            )
            assert ledger.lost == []
            self._holds()
        assert ledger.saved
        assert set(ledger.kills.values()) == {1}

    def _holds(self) -> None:
        """The machine's rules stay and the station's own come back; what keeps the rules may take a moment."""
        for left in reversed(range(40)):
            try:
                leak_check(self.centre)
            except StationLeaks as leak:
                if not left or "les règles de la machine" not in str(leak):
                    raise
                time.sleep(0.5)
            else:
                return


@pytest.fixture
def stage(engine: Engine, trial: Golden, own: OwnEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    settings = Settings()
    for image in (trial.image, gateway_image(engine, settings, Quiet())):
        own.take(image)
    monkeypatch.setenv("DOCKER_HOST", own.host)
    mine = DockerEngine()
    golden = golden_of(mine, stack_named(trial.stack))
    assert golden is not None
    paths = Paths(own.disk / "cache", own.disk / "state", own.disk / "e5b.toml")
    centre = Centre(mine, settings, State(paths), Room.on_free_ports(f"moteur-{os.getpid()}", 2))
    room = centre.room
    paths.settings.write_text(
        f'room = "{room.name}"\nfirst_port = {room.first_port}\nplaces = {room.places}\n'
        f'editions = {{ wordpress = "{trial.stack}" }}\n'
    )
    environment = {"E5B_STATE": str(own.disk / "state"), "E5B_CONFIG": str(paths.settings)}
    up(centre, 1, ["wordpress-a"], golden)
    try:
        yield Stage(own, centre, golden, environment)
    finally:
        down(centre, discard="fin d'un essai")


def test_what_was_confirmed_is_found_after_the_engine_was_killed(stage: Stage) -> None:
    ledger, kill = Ledger(), stage.own.kill
    while_ = partial(during, stage.environment, ledger, "le moteur", kill)
    stage.survives(
        ledger,
        [
            ("le moteur", kill),
            ("le moteur et containerd", lambda: kill(and_containerd=True)),
            while_("archive", "make", STATION),
            while_("reset", STATION, code=RESET),
            while_(code=SNAPSHOT),
        ],
    )


def test_what_was_set_aside_stays_as_it_was_left_when_the_engine_comes_back(stage: Stage) -> None:
    start(stage.centre, STATION)
    reset(stage.centre, STATION, stage.golden)
    (left,) = set_aside(stage.centre)
    stage.centre.engine.stop(left.id)
    stage.own.kill()
    stage.own.kill(and_containerd=True)
    station = station_named(stage.centre, STATION)
    await_answer(stage.centre.engine, stage.centre.room, station.place, station.container)
    assert [(one.id, one.state) for one in set_aside(stage.centre)] == [(left.id, "exited")]
    stage.centre.engine.start(left.id)
    stage.own.kill()
    assert stage.centre.engine.container(left.id).state == "running"


def test_what_was_confirmed_is_found_after_the_disk_was_full(stage: Stage) -> None:
    ledger, own = Ledger(), stage.own
    while_ = partial(during, stage.environment, ledger, "un disque plein", own.fill, after=own.free)

    def for_a_while() -> None:
        own.fill()
        time.sleep(5)
        own.free()

    stage.survives(
        ledger,
        [
            ("un disque plein", for_a_while),
            while_("archive", "make", STATION),
            while_("reset", STATION, code=RESET),
            while_("replace", STATION),
            while_(code=SNAPSHOT),
        ],
    )


def test_a_table_that_a_full_disk_kept_shut_is_read_again_once_there_is_room(stage: Stage) -> None:
    engine = stage.centre.engine
    container = engine.containers(kind="station")[0].id

    def links() -> str:
        try:
            said = engine.run(container, ["mariadb", "site", "-Ne", "SELECT COUNT(*) FROM wp_links"])
        except EngineError as error:  # the station starts again
            return str(error)
        return (said.stdout or said.stderr).decode().strip()

    def health() -> int:
        connection, answer = ask_station(stage.centre.room, 1, HEALTH)
        connection.close()
        return answer.status

    start(stage.centre, STATION)
    assert health() == 200
    stage.own.fill()  # no page has opened that table yet: to open it is to copy its file
    assert "corrupted" in links()
    assert health() == 503
    stage.own.free()
    deadline = time.monotonic() + 90
    while links() != "0":
        assert time.monotonic() < deadline, links()
        time.sleep(0.5)
    await_answer(engine, stage.centre.room, 1, container)
    assert health() == 200


def test_what_is_not_met_on_a_full_disk_is_the_stations_fault(stage: Stage) -> None:
    station = station_named(stage.centre, STATION)
    with frozen(stage.centre, station) as (image, moment), copied(stage.centre, station, image, moment) as copy:
        assert copy.fault() == ""
        stage.own.fill()
        assert copy.fault() == "le disque de cette machine est plein"
        stage.own.free()
        assert copy.fault() == ""
