"""A room whose candidates come by a list, for the tests of who sits where."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.core.model import Conformity, Golden, Station
from provisioner.exam import seating
from provisioner.exam.roster import Line, Roster
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Gateway, Room
from provisioner.station import creation, lifecycle
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine

ZONE = ZoneInfo("Europe/Paris")


def entry(number: str, subject: str, place: int, hour: int) -> Line:
    return Line(number, f"NOM{number}", "P", "1", subject, place, datetime(2026, 5, 21, hour, tzinfo=ZONE))


ROSTER = Roster(
    (entry("1", "wordpress-a", 1, 9), entry("2", "prestashop-a", 2, 9), entry("3", "prestashop-a", 1, 10)), ("à voir",)
)


def exam_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """Three stations on a fake engine, its clock at eight in the morning of the exam."""
    for module in (creation, lifecycle):
        monkeypatch.setattr(module, "await_answer", lambda *_, **__: None)
    monkeypatch.setattr(lifecycle, "gateway_image", lambda *_: "e5b/gateway")
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)

    def golden(_: Centre, stack: str) -> Golden:
        return Golden(stack, f"sha256:{stack}", datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})

    monkeypatch.setattr(seating, "golden_for", golden)
    now = tmp_path / "now"
    now.write_text("2026-05-21T08:00:00+02:00")
    monkeypatch.setenv("E5B_NOW", str(now))
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), ZONE)
    return Centre(FakeEngine(), Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))


def begin(centre: Centre, station: Station, at: str) -> None:
    centre.state.note(station.container, clock=[{"at": f"{at}:00+02:00", "what": "start", "minutes": 40}])


def now_is(moment: str) -> None:
    Path(os.environ["E5B_NOW"]).write_text(f"{moment}:00+02:00")


def sits(centre: Centre, station: Station) -> str:
    candidate = centre.state.record(station.container).document().get("candidate") or {}
    return str(candidate.get("number", ""))


def corrected(*entries: Line) -> Roster:
    return Roster(tuple(sorted(entries, key=lambda one: one.at)), ())


def list_in(state: State, room: str) -> dict[str, Any]:
    """The room's list as it is kept, every key included; nothing where there is none."""
    roster = state.roster(room)
    return roster.model_dump(mode="json") if roster else {}
