"""After a corrected list, what was printed for others is put aside and said; a list corrected back brings it back."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from provisioner.exam import seating
from provisioner.exam.list_update import save_roster
from provisioner.exam.roster import Roster, stem_of
from provisioner.station.centre import Centre, stations
from tests.unit.exam_room import ROSTER, ZONE, begin, corrected, entry, exam_room, list_in


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    return exam_room(tmp_path, monkeypatch)


def pdf(path: Path, pages: int = 1, title: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    paper = PdfWriter()
    for _ in range(pages):
        paper.add_blank_page(100, 100)
    paper.add_metadata({"/Title": title or path.name})
    paper.write(path)


def title_of(path: Path) -> str:
    metadata = PdfReader(path).metadata
    return str(metadata.title) if metadata else ""


def documents(centre: Centre) -> Path:
    return centre.state.folder / "documents/salle"


def printed(centre: Centre) -> None:
    """What `sheets` and `forms` write for the list as it is, without their text."""
    entries = centre.state.entries("salle")
    for one in entries:
        pdf(documents(centre) / f"feuilles/candidat-{stem_of(one)}.pdf", title=f"{one.name} {one.password}")
        form = documents(centre) / f"commission-{one.commission}/{stem_of(one)}-fiche-evaluation.pdf"
        pdf(form)
        form.with_suffix(".html").write_text(one.name)
    pdf(documents(centre) / "feuilles/candidats.pdf", len(entries))
    pdf(documents(centre) / "feuilles/sujet-wordpress-a.pdf")
    pdf(documents(centre) / "commission-1/toutes-les-fiches.pdf", len(entries))


def there(centre: Centre) -> set[str]:
    folder = documents(centre)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def told(centre: Centre, words: str) -> list[str]:
    return [warning for warning in list_in(centre.state, "salle")["warnings"] if words in warning]


def test_what_was_printed_for_who_left_the_list_is_put_aside_and_said_by_name(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    save_roster(centre, corrected(*ROSTER.entries[:2]), "corrigée.csv")
    assert {name for name in there(centre) if "retirés" in name} == {
        "feuilles/retirés/candidat-3-prestashop-a-2026-05-21.pdf",
        "commission-1/retirés/3-prestashop-a-2026-05-21-fiche-evaluation.pdf",
        "commission-1/retirés/3-prestashop-a-2026-05-21-fiche-evaluation.html",
    }
    assert not any(name.rpartition("/")[2].startswith(("candidat-3-", "3-")) for name in there(centre) - aside(centre))
    assert {"feuilles/candidat-1-wordpress-a-2026-05-21.pdf", "feuilles/sujet-wordpress-a.pdf"} <= there(centre)
    for collection in ("feuilles/candidats.pdf", "commission-1/toutes-les-fiches.pdf"):
        assert len(PdfReader(documents(centre) / collection).pages) == 2
    (sentence,) = told(centre, "mises de côté")
    assert "3 NOM3 P (prestashop-a, 21/05)" in sentence
    assert "NOM1" not in sentence
    assert f"« retirés » de {documents(centre)}" in sentence


def aside(centre: Centre) -> set[str]:
    return {name for name in there(centre) if "/retirés/" in name}


def test_a_list_that_is_corrected_back_brings_all_of_it_back(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    before = there(centre)
    password = {one.number: one.password for one in centre.state.entries("salle")}["3"]
    save_roster(centre, corrected(*ROSTER.entries[:2]), "corrigée.csv")
    save_roster(centre, ROSTER, "liste.csv")
    assert there(centre) == before
    sheet = documents(centre) / "feuilles/candidat-3-prestashop-a-2026-05-21.pdf"
    assert title_of(sheet) == f"NOM3 {password}"
    assert len(PdfReader(documents(centre) / "feuilles/candidats.pdf").pages) == 3
    (sentence,) = told(centre, "valent de nouveau")
    assert "3 NOM3 P (prestashop-a, 21/05)" in sentence


def test_a_sheet_with_the_password_of_another_person_is_put_aside_and_does_not_come_back(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    first_sheet = title_of(documents(centre) / "feuilles/candidat-3-prestashop-a-2026-05-21.pdf")
    other = replace(ROSTER.entries[2], name="DURAND", first_name="Zoé")
    for line in (other, ROSTER.entries[2]):
        save_roster(centre, corrected(*ROSTER.entries[:2], line), "corrigée.csv")
        name = "feuilles/candidat-3-prestashop-a-2026-05-21.pdf"
        assert name not in there(centre)  # its password opens nothing any more
        printed(centre)
    assert {name for name in aside(centre) if name.startswith("feuilles")} == {
        "feuilles/retirés/candidat-3-prestashop-a-2026-05-21.pdf",
        "feuilles/retirés/candidat-3-prestashop-a-2026-05-21-2.pdf",
    }
    assert title_of(documents(centre) / "feuilles/retirés/candidat-3-prestashop-a-2026-05-21-2.pdf") == first_sheet


def test_a_day_a_subject_or_a_commission_that_changes_leaves_no_second_form(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    one, two, three = ROSTER.entries
    moved = replace(one, at=datetime(2026, 5, 22, 9, tzinfo=ZONE))
    save_roster(centre, corrected(moved, replace(two, subject="prestashop-b"), replace(three, commission="2")), "c.csv")
    left = {name for name in there(centre) - aside(centre) if re.search(r"2026", name)}
    assert left == {"feuilles/candidat-3-prestashop-a-2026-05-21.pdf"}
    assert not (documents(centre) / "commission-1/toutes-les-fiches.pdf").exists()


def test_who_has_begun_or_is_archived_keeps_his_form_though_the_file_has_him_no_more(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    before = there(centre)
    seating.assign_stations(centre)
    begin(centre, stations(centre)[0], "2026-05-21T09:00")
    centre.state.mark("salle", ROSTER.entries[1].key, archived="x.zip")
    save_roster(centre, corrected(ROSTER.entries[2]), "corrigée.csv")
    assert there(centre) == before
    assert told(centre, "mises de côté") == []


def test_the_same_list_again_moves_nothing_nor_a_file_that_is_no_candidates(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    (documents(centre) / "notes").mkdir()
    (documents(centre) / "notes/9-wordpress-a-2026-05-21.txt").write_text("à moi")
    before = {name: (documents(centre) / name).read_bytes() for name in there(centre)}
    save_roster(centre, ROSTER, "liste.csv")
    assert {name: (documents(centre) / name).read_bytes() for name in there(centre)} == before


def test_a_collection_that_can_not_be_read_is_removed_since_it_names_who_left(centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    (documents(centre) / "feuilles/candidat-1-wordpress-a-2026-05-21.pdf").write_bytes(b"%PDF-1.4 cut short")
    save_roster(centre, corrected(*ROSTER.entries[:2]), "corrigée.csv")
    assert not (documents(centre) / "feuilles/candidats.pdf").exists()
    assert "feuilles/candidat-1-wordpress-a-2026-05-21.pdf" in there(centre)


def test_ten_are_named_and_how_many_more(centre: Centre) -> None:
    twelve = Roster(tuple(entry(str(number), "wordpress-a", 1, 8 + number) for number in range(1, 13)), ())
    save_roster(centre, twelve, "liste.csv")
    printed(centre)
    save_roster(centre, corrected(entry("40", "wordpress-a", 1, 9)), "autre.csv")
    (sentence,) = told(centre, "mises de côté")
    assert sentence.count("NOM") == 10
    assert " et 2 autres ne suivent plus la liste" in sentence


def interrupted_at(monkeypatch: pytest.MonkeyPatch, centre: Centre, place: str, roster: Roster) -> None:
    """Give a list, and interrupt the command where it comes to `place`, a function's name, for the first time."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(place, interrupt)
        with pytest.raises(KeyboardInterrupt):
            save_roster(centre, roster, "interrompue.csv")


PLACES = pytest.mark.parametrize(
    "place",
    [
        f"provisioner.exam.{name}"
        for name in ("list_update.follow_list", "room_documents._put_aside", "room_documents.joined")
    ],
)


@PLACES
def test_a_correction_that_is_interrupted_is_undone_by_the_list_before(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    before = there(centre)
    passwords = {one.number: one.password for one in centre.state.entries("salle")}
    interrupted_at(monkeypatch, centre, place, corrected(*ROSTER.entries[:2]))
    assert told(centre, "si la commande a été interrompue")
    save_roster(centre, ROSTER, "liste.csv")
    assert there(centre) == before
    assert {one.number: one.password for one in centre.state.entries("salle")} == passwords
    for collection in ("feuilles/candidats.pdf", "commission-1/toutes-les-fiches.pdf"):
        assert len(PdfReader(documents(centre) / collection).pages) == 3
    assert told(centre, "si la commande a été interrompue") == []


@PLACES
def test_a_correction_that_is_interrupted_is_finished_by_the_same_list(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    interrupted_at(monkeypatch, centre, place, corrected(*ROSTER.entries[:2]))
    save_roster(centre, corrected(*ROSTER.entries[:2]), "corrigée.csv")
    assert len(aside(centre)) == 3
    assert not any(name.rpartition("/")[2].startswith(("candidat-3-", "3-")) for name in there(centre) - aside(centre))
    assert len(PdfReader(documents(centre) / "feuilles/candidats.pdf").pages) == 2
    assert told(centre, "n'a pas ceux qui étaient attendus et n'ont pas commencé (3)")


def test_who_returns_by_an_interrupted_list_gets_his_documents_with_the_same_list(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    before = there(centre)
    save_roster(centre, corrected(*ROSTER.entries[:2]), "corrigée.csv")
    for place in ("list_update.follow_list", "room_documents._returns", "room_documents.joined"):
        interrupted_at(monkeypatch, centre, f"provisioner.exam.{place}", ROSTER)
    save_roster(centre, ROSTER, "liste.csv")
    assert there(centre) == before
    for collection in ("feuilles/candidats.pdf", "commission-1/toutes-les-fiches.pdf"):
        assert len(PdfReader(documents(centre) / collection).pages) == 3


def test_a_sheet_of_another_person_does_not_stay_when_its_list_was_interrupted(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    printed(centre)
    other = corrected(*ROSTER.entries[:2], replace(ROSTER.entries[2], name="DURAND", first_name="Zoé"))
    interrupted_at(monkeypatch, centre, "provisioner.exam.list_update.follow_list", other)
    save_roster(centre, other, "corrigée.csv")
    assert "feuilles/candidat-3-prestashop-a-2026-05-21.pdf" not in there(centre)
    assert "feuilles/retirés/candidat-3-prestashop-a-2026-05-21.pdf" in there(centre)
    assert told(centre, "mises de côté")
