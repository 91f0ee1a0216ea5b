"""What is watched while candidates work: snapshots when they are due, as many as are wanted, and no longer than needed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from provisioner.core.errors import EngineError
from provisioner.core.model import Conformity, Golden, Station
from provisioner.engine.protocol import Output
from provisioner.exam import autosnapshot
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Gateway, Room
from provisioner.station import creation, lifecycle
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import up
from provisioner.station.snapshots import forget, snapshots
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})


class Watched:
    """A room with one candidate who started at nine, on a clock that the test moves."""

    def __init__(self, centre: Centre, present: Path) -> None:
        self.centre, self._present = centre, present
        self.station: Station = up(centre, 1, ["wordpress-a"], GOLDEN)[0]
        entries = [{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}]
        centre.state.note(self.station.container, clock=entries, sitting="seance")

    @property
    def engine(self) -> FakeEngine:
        assert isinstance(self.centre.engine, FakeEngine)
        return self.centre.engine

    def it_is(self, hour: str) -> None:
        self._present.write_text(f"2026-05-21T{hour}+00:00")

    def at(self, hour: str) -> tuple[int, bool]:
        self.it_is(hour)
        return autosnapshot.take_due_snapshots(self.centre)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    for module in (creation, lifecycle):
        monkeypatch.setattr(module, "await_answer", lambda *_, **__: None)
    monkeypatch.setattr(lifecycle, "gateway_image", lambda *_: "e5b/gateway")
    monkeypatch.setattr(lifecycle, "ensure_firewall", lambda *_: None)
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)
    present = tmp_path / "now"
    present.write_text("2026-05-21T08:00:00+00:00")
    monkeypatch.setenv("E5B_NOW", str(present))
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), UTC)
    return Watched(Centre(FakeEngine(), Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3)), present)


def test_a_snapshot_is_due_every_five_minutes_and_once_more_when_the_time_is_over(watched: Watched) -> None:
    assert watched.at("09:04:59") == (0, True)
    assert watched.at("09:05:00") == (1, True)
    assert watched.at("09:09:59") == (0, True)
    assert watched.at("09:12:00") == (1, True)
    assert watched.at("09:40:00") == (1, False)
    assert watched.at("09:59:00") == (0, False)


def test_only_the_last_ones_are_kept(watched: Watched) -> None:
    for minute in range(5, 40, 5):
        assert watched.at(f"09:{minute:02}:00")[0] == 1
    kept = snapshots(watched.centre, watched.station)
    assert [f"{one.at:%H:%M}" for one in kept] == ["09:35", "09:30", "09:25", "09:20"]


def test_a_station_that_nobody_started_is_left_alone(watched: Watched) -> None:
    watched.centre.state.note(watched.station.container, clock=None)
    assert watched.at("09:30:00") == (0, False)


def test_a_snapshot_that_fails_is_tried_again_and_ends_nothing(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise EngineError("le disque de Docker est plein")

    with monkeypatch.context() as broken:
        broken.setattr(FakeEngine, "commit", full)
        assert watched.at("09:05:00") == (0, True)
    assert watched.at("09:05:05") == (1, True)


def test_on_a_disk_that_is_nearly_full_what_is_left_is_for_the_candidates(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(mib: bytes) -> None:
        monkeypatch.setattr(FakeEngine, "run", lambda *_, **__: Output(0, b"Avail\n" + mib + b"\n", b""))

    told(b"  511")
    assert watched.at("09:05:00") == (0, True)
    told(b"  512")
    assert watched.at("09:05:05") == (1, True)
    told(b"forged")
    assert watched.at("09:10:05") == (1, True)


def test_a_station_that_has_stopped_is_kept_all_the_same(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> Output:
        raise EngineError("container is not running")

    monkeypatch.setattr(FakeEngine, "run", stopped)
    assert watched.at("09:05:00") == (1, True)


def test_the_snapshots_of_a_candidate_who_is_gone_go_too(watched: Watched) -> None:
    watched.at("09:05:00")
    forget(watched.centre)
    assert len(snapshots(watched.centre, watched.station)) == 1
    watched.centre.engine.remove(stations(watched.centre)[0].container)
    forget(watched.centre)
    assert watched.centre.engine.images(kind="snapshot") == []


def test_the_watch_goes_on_when_the_engine_is_back(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    later = iter(["09:06:00", "09:40:00"])

    def wait(_: float) -> None:
        watched.engine.fail = ""
        watched.it_is(next(later))

    monkeypatch.setattr("provisioner.exam.autosnapshot.time.sleep", wait)
    watched.engine.fail = "containers"
    watched.it_is("09:05:00")
    assert autosnapshot.take_snapshots(watched.centre) == 2


def test_the_watch_brings_the_networks_record_to_the_disk_every_five_minutes(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    brought: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if sum(waited) >= 900:
            watched.it_is("09:40:00")

    def collect(_: Centre) -> str:
        brought.append(sum(waited))
        if len(brought) == 1:
            raise EngineError("L'entrée ne répond plus.")
        return ""

    monkeypatch.setattr("provisioner.exam.autosnapshot.time.sleep", wait)
    monkeypatch.setattr("provisioner.leakcheck.refused_tries.collect", collect)
    watched.it_is("09:01:00")
    autosnapshot.take_snapshots(watched.centre)
    assert brought == [295, 595, 895]


def test_a_watch_that_sees_nothing_for_an_hour_ends(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("provisioner.exam.autosnapshot.time.sleep", waited.append)
    watched.engine.fail = "containers"
    with pytest.raises(EngineError):
        autosnapshot.take_snapshots(watched.centre)
    assert 3500 < sum(waited) <= 3600


def test_a_clock_that_is_set_back_stops_no_snapshot_and_the_last_taken_stays_the_newest(watched: Watched) -> None:
    for minute in range(15, 40, 5):
        assert watched.at(f"09:{minute}:00")[0] == 1
    assert watched.at("09:10:00") == (1, True)
    assert watched.at("09:10:05") == (0, True)
    assert watched.at("09:15:00") == (1, True)
    kept = snapshots(watched.centre, watched.station)
    assert [f"{one.at:%H:%M}" for one in kept] == ["09:15", "09:10", "09:35", "09:30"]


def test_a_watch_is_left_running_where_a_candidate_works_and_nobody_watches(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr("provisioner.exam.autosnapshot.subprocess.Popen", lambda words, **_: begun.append(words))
    watched.it_is("09:39:00")
    with watched.centre.state.holding("salle", "veille", "guard"):
        autosnapshot.ensure_running(watched.centre)
    assert begun == []
    autosnapshot.ensure_running(watched.centre)  # it was killed
    assert [words[-3:] for words in begun] == [["guard", "--room", "salle"]]
    watched.it_is("09:40:00")
    autosnapshot.ensure_running(watched.centre)
    assert len(begun) == 1


def test_a_watch_is_left_running_where_it_is_not_known_who_works(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr("provisioner.exam.autosnapshot.subprocess.Popen", lambda words, **_: begun.append(words))
    path = watched.centre.state._station(watched.station.container)
    path.unlink()
    path.mkdir()
    autosnapshot.ensure_running(watched.centre)
    assert len(begun) == 1


@pytest.mark.parametrize(("hour", "behind"), [("08:59:00", True), ("09:00:00", False), ("10:30:00", False)])
def test_a_clock_that_is_behind_a_candidates_start_is_told(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, hour: str, behind: bool
) -> None:
    told: list[str] = []
    monkeypatch.setattr("provisioner.exam.autosnapshot.subprocess.Popen", lambda words, **_: None)
    watched.it_is(hour)
    autosnapshot.ensure_running(replace(watched.centre, progress=cast(Any, SimpleNamespace(step=told.append))))
    assert ["un candidat a commencé le 21/05 à 09:00 : mettez-la à l'heure" in one for one in told] == [True] * behind


def test_what_is_left_watching_from_elsewhere_finds_what_was_named_from_here(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun: list[dict[str, Any]] = []
    monkeypatch.setattr("subprocess.Popen", lambda words, **given: begun.append(given))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("E5B_STATE", "state")
    monkeypatch.setenv("E5B_CONFIG", "")
    watched.it_is("09:01:00")
    autosnapshot.ensure_running(watched.centre)
    (given,) = begun
    assert given["cwd"] == "/"
    assert Paths.from_environment(given["env"]).state == watched.centre.state.folder
    assert Path(given["env"]["E5B_STATE"]).is_absolute()
