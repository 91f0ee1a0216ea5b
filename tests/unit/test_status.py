"""`e5b status` says of each station how far its candidate's time and its door are."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import main
from provisioner.core.model import Golden
from provisioner.exam import seating
from provisioner.exam.list_update import save_roster
from provisioner.host import debug_log
from provisioner.station import sittings
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import up_each
from tests.unit.exam_room import ROSTER, begin, exam_room, now_is


class Room:
    """A room on a fake engine, and `status` of it."""

    def __init__(self, centre: Centre, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.centre, self._capsys, self._monkeypatch = centre, capsys, monkeypatch

    def status(self, *words: str) -> str:
        self._monkeypatch.setattr(sys, "argv", ["e5b", "status", *words])
        with pytest.raises(SystemExit) as ended:
            main.main()
        debug_log.stop()
        out, err = self._capsys.readouterr()
        assert (ended.value.code, err) == (0, "")
        return out

    def row(self, name: str) -> str:
        (line,) = [line for line in self.status().splitlines() if line.startswith(f"{name} ")]
        return line

    def document(self, name: str) -> dict[str, Any]:
        documents = json.loads(self.status("--json"))["stations"]
        (document,) = [document for document in documents if document["station"] == name]
        return dict(document)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Room:
    centre = exam_room(tmp_path, monkeypatch)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("E5B_STATE", str(tmp_path / "state"))
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda *_, **__: centre)
    monkeypatch.setattr("provisioner.exam.autosnapshot.ensure_running", lambda _: None)
    return Room(centre, capsys, monkeypatch)


@pytest.fixture
def exam(room: Room) -> Room:
    """With the list of three candidates at two stations."""
    save_roster(room.centre, ROSTER, "liste.csv")
    seating.assign_stations(room.centre)
    return room


@pytest.fixture
def practice(room: Room) -> Room:
    """With a station of no list."""
    golden: Golden = seating.golden_for(room.centre, "wordpress-2024")
    up_each(room.centre, 1, {"wordpress-a": golden}, [])
    return room


def first(room: Room) -> str:
    return stations(room.centre)[0].container


def test_a_station_of_the_list_is_shut_until_its_candidate_starts(exam: Room) -> None:
    assert exam.row("poste-01").endswith("wordpress-a   prêt, porte fermée")
    document = exam.document("poste-01")
    assert (document["state"], document["situation"]) == ("prêt", "prêt, porte fermée")
    assert (document["open"], document["started"], document["end"]) == (False, None, None)


@pytest.mark.parametrize("kind", ["exam", "practice"])
def test_a_time_that_runs_is_told_with_the_minutes_that_are_left(kind: str, request: pytest.FixtureRequest) -> None:
    room: Room = request.getfixturevalue(kind)
    begin(room.centre, stations(room.centre)[0], "2026-05-21T09:00")
    for now, words in (("09:00", "encore 40 min"), ("09:28", "encore 12 min"), ("09:39", "encore 1 min")):
        now_is(f"2026-05-21T{now}")
        assert room.row("poste-01").endswith(f"en cours, {words}")
    document = room.document("poste-01")
    assert (document["state"], document["open"]) == ("prêt", True)
    assert (document["started"], document["end"]) == ("2026-05-21T09:00:00+02:00", "2026-05-21T09:40:00+02:00")


@pytest.mark.parametrize("kind", ["exam", "practice"])
def test_a_time_that_is_over_is_told_and_whether_the_work_is_archived(
    kind: str, request: pytest.FixtureRequest
) -> None:
    room: Room = request.getfixturevalue(kind)
    begin(room.centre, stations(room.centre)[0], "2026-05-21T09:00")
    now_is("2026-05-21T09:40")
    assert room.row("poste-01").endswith("terminé à 09 h 40, non archivé")
    assert room.document("poste-01")["open"] is False
    archived = {"taken_at": "2026-05-21T09:41:00+02:00", "file": "a.zip", "sha256": "x", "booted": 0.0, "reports": 0}
    room.centre.state.note(first(room), archived=archived)
    now_is("2026-05-21T09:45")
    assert room.row("poste-01").endswith("terminé à 09 h 40, archivé")
    now_is("2026-05-22T08:00")
    assert room.row("poste-01").endswith("terminé le 21/05, archivé")


def test_a_station_for_practice_that_nobody_times_is_ready(practice: Room) -> None:
    assert practice.row("poste-01").endswith("wordpress-a  prêt")
    assert practice.document("poste-01")["open"] is True


def test_a_record_that_is_lost_is_no_open_door(exam: Room) -> None:
    exam.centre.state.forget(first(exam))
    assert exam.row("poste-01").endswith("prêt, heure inconnue")
    assert exam.document("poste-01")["open"] is None


def test_a_station_that_is_ill_says_so_first(exam: Room) -> None:
    station = stations(exam.centre)[0]
    begin(exam.centre, station, "2026-05-21T09:00")
    now_is("2026-05-21T09:30")
    ill = replace(station, state="en défaut")
    record, present = exam.centre.state.record(station.container), exam.centre.state.present()
    told = sittings.situation(ill, record, present, listed=True)
    assert told.french == "en défaut, en cours, encore 10 min"
