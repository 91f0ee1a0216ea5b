"""The console's purge: what would go is shown by day and counted, and goes once its number is typed; nothing else does."""

import re
from pathlib import Path

import pytest

from provisioner.cli import archive as commands
from provisioner.cli import resources
from provisioner.console.people import Role
from provisioner.core.errors import Refusal
from provisioner.core.records import RosterRecord
from provisioner.engine.protocol import ContainerSpec
from provisioner.station.acts import COMMAND_LINE
from provisioner.station.centre import Centre
from tests.unit.samples import ENTRY
from tests.unit.test_console_keeping import BEFORE, OTHER, SECOND, acts_of, app_of, archived, ask, centre, words

__all__ = ["centre"]

PATH = "/conservation/effacement"


@pytest.fixture
def two_days(centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """Archives of the 20th, of one candidate, and of the 21st, of another; a third of the 20th is on the list alone."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("provisioner.exam.purge._TEMPORARY", tmp_path / "tmp")
    archived(centre, BEFORE, taken_at="2026-05-20T09:40:00+02:00")
    archived(centre, SECOND, candidate=OTHER)
    entries = [
        {**ENTRY, "at": "2026-05-20T09:00:00+02:00", "archived": BEFORE},
        {**ENTRY, "key": "o", "number": "9", "at": "2026-05-20T10:00:00+02:00"},
        {**ENTRY, "key": "l", "number": "13", "at": "2026-05-21T10:00:00+02:00", "archived": SECOND},
    ]
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": entries}))
    return centre


def key_in(text: str) -> str:
    (key,) = re.findall(r'name="key" value="([^"]+)"', text)
    return str(key)


def test_what_would_go_is_shown_by_day_and_stays(two_days: Centre) -> None:
    before = {path.name for path in two_days.state.archives.iterdir()}
    answer = ask(app_of(two_days), f"{PATH}?avant=21/05/2026")
    text = words(answer)
    assert "2 candidats, 1 archive." in text
    assert "mercredi 20 mai 2026 2 candidats 9, 12 1 archive" in text
    assert BEFORE in text
    assert SECOND not in text
    assert "Restent les archives du jeudi 21 mai 2026." in text
    assert "écrivez le nombre de candidats (2)" in text
    assert {path.name for path in two_days.state.archives.iterdir()} == before


def test_what_is_missing_is_said_before_its_day_is_purged(two_days: Centre) -> None:
    text = words(ask(app_of(two_days), f"{PATH}?avant=21/05/2026"))
    assert "voyez ce qui manque" not in text
    (two_days.state.archives / BEFORE).unlink()
    text = words(ask(app_of(two_days), f"{PATH}?avant=21/05/2026"))
    assert "voyez ce qui manque" in text
    assert f"L’archive {BEFORE}, du candidat 12," in text


def test_what_was_shown_goes_once_its_number_is_typed_and_nothing_else(two_days: Centre) -> None:
    acts = acts_of(two_days)
    app = app_of(two_days, acts)
    key = key_in(ask(app, f"{PATH}?avant=2026-05-21").text)
    for typed in ("", "3", "oui", "02"):
        answer = ask(app, PATH, "POST", data={"key": key, "typed": typed})
        assert (answer.status_code, "rien n’a été effacé" in words(answer)) == (422, True), typed
    assert acts.recent() == ()
    for _ in range(2):  # a form that is sent twice is one purge
        answer = ask(app, PATH, "POST", data={"key": key, "typed": " 2 "})
        assert answer.status_code == 303
        acts.work()
    (act,) = acts.recent()
    assert (act.kind, act.who, act.values) == ("purge", "Mme Riou", {"of": "d’avant le 21 mai 2026"})
    assert "Effacé : 1 archive" in act.text
    assert [path.name for path in two_days.state.archives.glob("*.zip")] == [SECOND]
    assert [entry.number for entry in two_days.state.entries("salle")] == ["13"]
    assert not re.search(r"GOFF|\b12\b", two_days.state.folder.joinpath("acts.jsonl").read_text(encoding="utf-8"))
    page = words(ask(app, f"/actes/{act.id}"))
    assert "Effacer" in page
    assert "d’avant le 21 mai 2026" in page


def test_what_changed_since_it_was_shown_stays(two_days: Centre) -> None:
    acts = acts_of(two_days)
    app = app_of(two_days, acts)
    key = key_in(ask(app, f"{PATH}?avant=2026-05-21").text)
    archived(two_days, "salle-poste-05-cccccc-20260520-114000.e5b.zip", candidate=None, clock=None)
    ask(app, PATH, "POST", data={"key": key, "typed": "2"})
    acts.work()
    (act,) = acts.recent()
    assert "a changé depuis que la question a été posée" in act.text
    assert (two_days.state.archives / BEFORE).exists()


@pytest.mark.parametrize(
    ("typed", "status", "why"),
    [
        ("22/05/2026", 409, "n’est pas encore passé"),
        ("demain", 422, "n’est pas lisible"),
        ("<script>alert(1)</script>", 422, "n’est pas lisible"),
        ("20/05/2026", 200, "Rien n’est gardé d’avant"),
    ],
)
def test_no_day_is_offered_that_is_kept(two_days: Centre, typed: str, status: int, why: str) -> None:
    answer = ask(app_of(two_days), PATH, params={"avant": typed})
    assert (answer.status_code, why in words(answer)) == (status, True)
    assert "Pour confirmer" not in answer.text
    assert "<script>alert" not in answer.text


def test_while_a_candidate_of_these_days_has_his_station_nothing_is_offered(two_days: Centre) -> None:
    spec = ContainerSpec("x", "sha256:x", {"e5b.kind": "station", "e5b.room": "salle", "e5b.station": "poste-01"})
    container = two_days.engine.create(spec)
    whose = {**{key: ENTRY[key] for key in ("key", "number", "name", "first_name", "commission")}}
    two_days.state.note(container, station="poste-01", candidate={**whose, "at": "2026-05-20T09:00:00+02:00"})
    answer = ask(app_of(two_days), f"{PATH}?avant=21/05/2026")
    assert answer.status_code == 409
    assert "a encore son poste" in words(answer)
    assert "Pour confirmer" not in answer.text


def test_a_purge_that_was_not_shown_is_refused(two_days: Centre) -> None:
    acts = acts_of(two_days)
    for key in ("", "made-up"):
        with pytest.raises(Refusal, match="rien n’a été effacé"):
            ask(app_of(two_days, acts), PATH, "POST", data={"key": key, "typed": "2"})
    assert acts.recent() == ()


@pytest.mark.parametrize("role", [Role.EXAMINER, Role.READER])
def test_who_is_no_technician_sees_and_removes_nothing(two_days: Centre, role: Role) -> None:
    app = app_of(two_days, role=role)
    assert ask(app, f"{PATH}?avant=2026-05-21").status_code == 403
    assert ask(app, PATH, "POST", data={"key": "k", "typed": "2"}).status_code == 403
    assert PATH not in ask(app, "/conservation").text


def test_where_nobody_is_named_archives_are_counted(two_days: Centre) -> None:
    (two_days.state.folder / "rosters/salle.json").unlink()
    for path in two_days.state.archives.glob("*20260520*"):
        path.unlink()
    archived(two_days, BEFORE, candidate=None, clock=None, taken_at="2026-05-20T09:40:00+02:00")
    text = words(ask(app_of(two_days), f"{PATH}?avant=2026-05-21"))
    assert "Aucun candidat, 1 archive." in text
    assert "écrivez le nombre d’archives (1)" in text


def test_a_purge_by_the_command_line_is_in_the_book(two_days: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "centre", lambda *_, **__: two_days)
    assert commands.purge("21/05/2026", yes=True) == 0
    (act,) = acts_of(two_days).recent()
    assert (act.kind, act.by, act.values) == ("purge", COMMAND_LINE, {"of": "d'avant le 21/05/2026"})
    assert act.text.startswith("Effacé : 1 archive")


def test_where_no_archive_goes_either_all_that_goes_is_counted(two_days: Centre) -> None:
    (two_days.state.folder / "rosters/salle.json").unlink()
    for path in two_days.state.archives.glob("*20260520*"):
        path.unlink()
    tries = two_days.state.folder / "network/salle.jsonl"
    tries.parent.mkdir(exist_ok=True)
    tries.write_text('{"at": "2026-05-20T08:00:00"}\n{"at": "2026-05-20T08:01:00"}\n', encoding="utf-8")
    text = words(ask(app_of(two_days), f"{PATH}?avant=2026-05-21"))
    assert "Avec cela : 2 lignes du relevé des refus de réseau." in text
    assert "(2)" in text
