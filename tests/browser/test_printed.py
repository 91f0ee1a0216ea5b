"""What is printed before and after the exam, as a browser really prints it."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from provisioner.archive.hash_lists import read_list
from provisioner.core.model import Conformity, Golden, fact_name, judged_by_a_person
from provisioner.core.records import RosterEntry, RosterRecord
from provisioner.examination.browser import candidate_browser
from provisioner.examination.document import ExaminationDocument
from provisioner.examination.report import render
from provisioner.host.editions import stack_named
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.host.signing import new_key
from provisioner.network.room import Room
from provisioner.papers.hash_list import write_hash_list
from provisioner.papers.marking import Known, forms, write_forms
from provisioner.papers.printing import write_pdfs
from provisioner.papers.sheets import write_sheets
from provisioner.station.centre import Centre
from provisioner.station.room_keys import room_key
from provisioner.station.state import State
from provisioner.subject.subjects import load_subject
from tests.unit.exam_room import list_in
from tests.unit.fake_engine import FakeEngine
from tests.unit.packed import laid, packed
from tests.unit.samples import CANDIDATE, bundle

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


def examination(folder: Path, subject_id: str, edition: str, *, as_seeded: bool) -> ExaminationDocument:
    """The report of who did nothing, with a picture of a whole page for each check, as `report.json` has it."""
    subject = load_subject(subject_id)
    (folder / "preuves").mkdir(parents=True)
    questions: list[Any] = []
    with candidate_browser() as browser:
        page = browser.new_page()
        page.set_content("<h1>Le site</h1>" + "<p>un paragraphe</p>" * 60)
        for question in subject.questions:
            checks = []
            for wanted in question.wanted:
                name = f"preuves/{question.number}-{type(wanted.check).id}.jpg"
                page.screenshot(path=folder / name, type="jpeg", full_page=True)
                found = [
                    {
                        "fact": fact,
                        "verdict": "to_judge" if judged_by_a_person(fact) else "not_met",
                        "expected": f"Le site montre ce que le sujet demande : {fact_name(fact)}.",
                        "observed": f"Rien de ce nom sur le site pour {fact_name(fact)}.",
                        "evidence": [name],
                    }
                    for fact in wanted.check.facts()
                ]
                checks.append(
                    {
                        "id": type(wanted.check).id,
                        "title": (type(wanted.check).__doc__ or "").strip().splitlines()[0],
                        "skill": wanted.skill,
                        "acts": False,
                        "may_act": False,
                        "as_seeded": as_seeded,
                        "findings": found,
                    }
                )
            questions.append(
                {"number": question.number, "text": question.text, "criterion": question.criterion, "checks": checks}
            )
    stack = stack_named(edition)
    document = {
        "station": "poste-01",
        "subject": subject.id,
        "subject_title": subject.title,
        "candidate": {"number": "101", "name": "NOM101", "first_name": "Maëlle"},
        "stack": stack.id,
        "stack_title": stack.title,
        "official": stack.official,
        "conforming": False,
        "differs": [f"archive-{number} 1.0 : remplacée, reprise d’un autre site." for number in range(6)],
        "versions": {**stack.versions, **{f"module ps_{number}": "1.2.3 (activé)" for number in range(60)}},
        "address": "http://localhost:8101",
        "golden": "sha256:" + "a" * 64,
        "built_at": "2026-05-20T08:00:00+02:00",
        "taken_at": "2026-05-21T09:40:00+02:00",
        "report": "report.html",
        "seconds": 20.1,
        "questions": questions,
        "network": {"refused": 0, "background": 0, "tries": [], "shared": [], "incomplete": "", "unseen": False},
    }
    return cast(ExaminationDocument, document)


@pytest.mark.parametrize("subject", ["wordpress-a", "prestashop-a"])
def test_where_there_is_nothing_to_show_a_report_is_two_pages_and_a_marking_aid_one(
    centre: Centre, browser: None, tmp_path: Path, subject: str
) -> None:
    edition = f"{subject.partition('-')[0]}-2024"
    nothing = examination(tmp_path / "rien", subject, edition, as_seeded=True)
    something = examination(tmp_path / "travail", subject, edition, as_seeded=False)
    listed = RosterEntry.model_validate(entry("101", "3", subject, edition))
    sheets = {
        tmp_path / "rien.pdf": render(nothing, tmp_path / "rien", ZoneInfo("Europe/Paris")),
        tmp_path / "travail.pdf": render(something, tmp_path / "travail", ZoneInfo("Europe/Paris")),
        tmp_path / "grille.pdf": forms(centre, listed, Known(report=nothing), "101-rapport.html")["grille"],
    }
    write_pdfs(sheets)
    pages = {path.stem: read(path) for path in sheets}
    assert len(pages["rien"]) <= 2
    assert len(pages["grille"]) == 1
    checks = [check for question in nothing["questions"] for check in question["checks"]]
    assert len(pages["travail"]) > len(checks)  # a picture that shows something has most of a page
    for name in ("rien", "travail"):
        text = "".join(pages[name]).replace(" ", "")
        for found in (found for check in checks for found in check["findings"]):
            assert found["observed"].replace(" ", "") in text
            assert found["expected"].replace(" ", "") in text
    aid = pages["grille"][0].replace(" ", "")
    for check in checks:
        for found in check["findings"]:
            assert found["observed"].replace(" ", "") in aid


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


def test_the_commission_signs_a_list_of_digests_with_a_line_for_each_candidate(centre: Centre) -> None:
    room, off_machine = room_key(centre.state, "salle"), new_key()
    for place, name in ((1, "LE GOFF"), (2, "KONÉ")):
        candidate = {**CANDIDATE, "number": f"10{place}", "name": name}
        path = centre.state.archives / f"salle-poste-0{place}-abc123-20260521-094000.e5b.zip"
        bundle(path, room, candidate=candidate, station=f"poste-0{place}")
        laid(centre.state.archives, "sha256:a", packed()[0])
    made, (document, pdf), errors = write_hash_list(
        centre.state, "salle", centre.settings.zone, date(2026, 5, 21), off_machine
    )
    assert len(errors) == 1  # the image of the sample is another one
    (sheet,) = PdfReader(pdf).pages
    text = " ".join(sheet.extract_text().split())
    assert "Empreintes des archives du 21/05/2026" in text
    assert [bool(line.file) for line in made.archives].count(True) == 2
    for line in made.archives:  # the list of the room names candidates who have no archive
        assert (line.file or line.remark) in text
        assert " ".join(line.groups).strip() in text
    assert "101 LE GOFF" in text
    assert room.public.fingerprint in text
    assert off_machine.public.fingerprint in text
    assert hashlib.sha256(document.read_bytes()).hexdigest()[:8] in text
    assert "Nom et signature" in text
    assert read_list(document, off_machine.public) == made
