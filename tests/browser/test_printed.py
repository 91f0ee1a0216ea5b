"""What is printed before and after the exam, as a browser really prints it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from provisioner.core.model import Conformity, Golden
from provisioner.core.records import RosterRecord
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.room import Room
from provisioner.papers.marking import write_forms
from provisioner.papers.sheets import write_sheets
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.unit.exam_room import list_in
from tests.unit.fake_engine import FakeEngine

GOLDENS = {
    stack: Golden(stack, f"sha256:{stack}", datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})
    for stack in ("wordpress-2024", "prestashop-2024")
}


def entry(number: str, commission: str, subject: str, stack: str) -> dict[str, Any]:
    return {
        "key": number,
        "number": number,
        "name": f"NOM{number}",
        "first_name": "Maëlle",
        "commission": commission,
        "subject": subject,
        "place": 1,
        "station": "poste-01",
        "at": "2026-05-21T09:00:00+02:00",
        "stack": stack,
        "user": "candidat",
        "password": "abcdefghjk",
    }


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    monkeypatch.setattr("provisioner.papers.marking.golden_for", lambda _, stack: GOLDENS[stack])
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), ZoneInfo("Europe/Paris"))
    made = Centre(FakeEngine(), Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))
    listed = [
        entry("101", "3", "wordpress-a", "wordpress-2024"),
        entry("102", "3", "prestashop-a", "prestashop-2024"),
        entry("103", "4", "wordpress-a", "wordpress-2024"),
    ]
    state.keep_roster("salle", RosterRecord.model_validate({"entries": listed}))
    return made


@pytest.fixture
def browser() -> None:
    """What these tests print with."""


def read(path: Path) -> list[str]:
    """The words of each page."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def test_a_sheet_is_printed_for_each_candidate_and_for_each_subject(centre: Centre, browser: None) -> None:
    written = {path.name: path for path in write_sheets(centre, GOLDENS)}
    assert {"candidats.pdf", "sujet-wordpress-a.pdf", "sujet-prestashop-a.pdf"} <= set(written)
    together = read(written["candidats.pdf"])
    assert len(together) == 3
    for number, page in zip(("101", "102", "103"), together, strict=True):
        assert f"NOM{number}" in page
        assert centre.room.address_of(1) in page
        assert "abcdefghjk" in page
    assert len(written) == 3 + 3


def test_who_began_by_a_list_that_was_lost_has_no_sheet(centre: Centre, browser: None) -> None:
    listed = list_in(centre.state, "salle")
    listed["entries"].append({**entry("104", "3", "wordpress-a", "wordpress-2024"), "archived": "x.e5b.zip"})
    for secret in ("user", "password"):
        del listed["entries"][-1][secret]
    centre.state.keep_roster("salle", RosterRecord.model_validate(listed))
    written = {path.name: path for path in write_sheets(centre, GOLDENS)}
    assert len(read(written["candidats.pdf"])) == 3


def test_a_commissions_forms_are_printed_alone_and_together(centre: Centre, browser: None) -> None:
    written = {(path.parent.name, path.name): path for path in write_forms(centre)[0]}
    batch = read(written["commission-3", "toutes-les-fiches.pdf"])
    assert len(batch) == 2
    for number, page in zip(("101", "102"), batch, strict=True):
        assert f"NOM{number}" in page
        assert "NOTE sur 20" in page
    aids = " ".join(read(written["commission-3", "toutes-les-grilles.pdf"]))
    assert "NOM101" in aids
    assert "NOM102" in aids
    assert "NOM103" not in aids
    (alone,) = read(written["commission-4", "toutes-les-fiches.pdf"])
    assert "NOM103" in alone
