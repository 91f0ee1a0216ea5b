"""The pages of a commission: whose they are, what they show beside a grid, and what becomes of what is typed."""

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from provisioner.core.model import Verdict
from provisioner.core.records import ArchivedSitting, SittingRecord
from provisioner.exam.list_update import save_roster
from provisioner.exam.marking import mark_of
from provisioner.exam.roster import Roster
from provisioner.papers import marking as papers
from provisioner.station.centre import Centre, stations
from provisioner.station.markings import Marking, MarkingFile
from tests.unit import test_again
from tests.unit.exam_room import now_is
from tests.unit.marking_room import (
    FIRST,
    JPEG,
    LIST,
    OTHERS,
    PNG,
    SECOND,
    Marked,
    finding,
    line,
    marked_room,
    report_of,
)
from tests.unit.samples import bundle

FIRST_KEY = "1/wordpress-a/2026-05-21"
SKILL = "Structurer et publier le contenu"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Marked:
    return marked_room(tmp_path, monkeypatch)


def kept(room: Marked, key: str = FIRST_KEY) -> Marking:
    return MarkingFile(room.centre.state, "salle", key).read()


def plain(answer: httpx.Response) -> str:
    text = html.unescape(re.sub(r"<[^>]*>", " ", answer.text))
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split()).replace(" ,", ",")


def ticked(answer: httpx.Response) -> list[str]:
    """The levels that are chosen on a page; empty ones aren't."""
    return re.findall(r'<input type="radio" name="level-\d+" value="([A-Z]+)" checked>', answer.text)


# Whose the pages are.

PAGES = ["", "/commune", "/capture/0", "/de-nouveau", "/fiche.pdf", "/grille.pdf"]
FORMS = ["/grille/1", "/grille/note", "/grille/appreciation", "/commune/1", "/finir", "/reprendre", "/accord"]


@pytest.mark.parametrize("who", ["M. Bihan", "Mme Guen", "Mme Riou"])
def test_another_commission_readers_and_technicians_get_nothing_of_a_candidates_marking(
    room: Marked, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.examine(report_of([finding("met", "titre", "vu", "a.jpg")]), {"a.jpg": JPEG})
    room.write(f"{FIRST}/grille/note", text="17")
    monkeypatch.setattr(papers, "write_pdfs", lambda _: pytest.fail("a form was made"))
    before, noted = kept(room), list(room.acts.notes)
    for page in PAGES:
        answer = room.get(FIRST + page, who)
        assert (page, answer.status_code) == (page, 403)
        assert "17" not in plain(answer).replace("17 :", "").split("Cette page")[-1]
    for form in FORMS:
        assert (form, room.write(FIRST + form, 1, who, text="3").status_code) == (form, 403)
    assert kept(room) == before
    assert room.acts.notes == noted


def test_a_candidate_of_another_commission_is_not_found_under_ones_own(room: Marked) -> None:
    foreign = OTHERS.rpartition("/")[2]
    for page in PAGES:
        assert room.get(f"/commission/A/{foreign}{page}").status_code == 404
    for form in FORMS:
        assert room.write(f"/commission/A/{foreign}{form}", text="3").status_code == 404


def test_a_commission_is_called_as_the_list_calls_it_also_with_a_slash(room: Marked) -> None:
    answer = room.get("/commission", "M. Bihan")
    assert (answer.status_code, answer.headers["location"]) == (303, OTHERS.rpartition("/")[0])
    assert "TANGUY" in room.get(answer.headers["location"], "M. Bihan").text
    assert room.get(OTHERS, "M. Bihan").status_code == 200
    assert room.get(OTHERS).status_code == 403


def test_technicians_see_how_far_candidates_are_and_no_mark(room: Marked) -> None:
    room.write(f"{FIRST}/grille/note", text="17")
    room.write(f"{FIRST}/finir")
    assert OTHERS.rpartition("/")[0] in room.get("/commission", "Mme Riou").text
    text = plain(room.get("/commission/A", "Mme Riou"))
    assert "1 finie" in text
    assert "17/20" not in text
    assert "17/20" in plain(room.get("/commission/A"))
    assert "17/20" not in plain(room.get("/commission/A", "Mme Gall"))
    assert room.get("/commission/A", "Mme Guen").status_code == 403


def test_a_commission_that_the_list_does_not_have_is_said(room: Marked) -> None:
    answer = room.get("/commission/Z", "Mme Riou")
    assert answer.status_code == 404
    assert "aucun candidat de la commission « Z ». Commissions de la liste : A, B / 2." in plain(answer)


def test_a_commission_that_a_spreadsheet_writes_with_other_spaces_is_the_same(room: Marked) -> None:
    spaced = [line("3", "TANGUY", " B  /\N{NO-BREAK SPACE}2", "prestashop-a", 3, 9)]
    save_roster(room.centre, Roster((*LIST.entries[:2], *spaced), ()), "liste.csv")
    page = room.get(OTHERS.rpartition("/")[0], "M. Bihan")
    assert f'href="{OTHERS}"' in page.text
    assert room.get(OTHERS, "M. Bihan").status_code == 200


# What the page shows.


def test_the_candidates_stand_in_their_order_with_how_far_they_are(room: Marked) -> None:
    room.examine(report_of([]), {})
    text = plain(room.get("/commission/A"))
    assert text.index("ÉVENOU") < text.index("KERVELLA")
    assert "terminé, examiné" in text
    assert "attendu, 9 h 00" in text
    assert "TANGUY" not in text


def test_what_waits_for_a_person_stands_first_and_fills_nothing_in(room: Marked) -> None:
    findings = [finding("met", "titre", "un titre"), finding("to_judge", "langue (à apprécier)", "une langue")]
    room.examine(report_of([*findings, finding("not_met", "image", "<b>rien</b>")]), {})
    answer = room.get(FIRST)
    text = plain(answer)
    places = [text.index(word) for word in ("À apprécier", "Non réalisé", "Réalisé")]
    assert places == sorted(places)
    assert "&lt;b&gt;rien&lt;/b&gt;" in answer.text
    assert ticked(answer) == []
    assert re.search(r'id="mark"[^>]* value=""', answer.text)
    assert SKILL in text
    assert f'href="{SECOND}"' in answer.text


def test_a_question_is_opened_by_its_number_and_any_other_is_the_first(room: Marked) -> None:
    assert "Modifiez le menu principal" in room.get(f"{FIRST}?question=3").text
    for odd in ("9", "-1", "x", "1e400", "٣"):
        assert "Portes ouvertes" in room.get(f"{FIRST}?question={odd}").text


def test_captures_are_those_that_the_report_names_with_their_own_type(room: Marked) -> None:
    captions = {"a.jpg": {"title": "La page", "remark": "", "parts": ["a-2.jpg"]}}
    document = report_of([finding("not_met", "titre", "vu", "a.jpg", "b.png", "n.txt")]) | {"captions": captions}
    folder = room.examine(
        document, {"a.jpg": JPEG, "a-2.jpg": JPEG, "b.png": PNG, "n.txt": b"<i>note</i>", "secret.jpg": JPEG}
    )
    page = room.get(FIRST)
    shown = re.findall(r'<img src="([^"]*)"', page.text)
    assert shown == [f"{FIRST}/capture/{number}?rapport={folder.name}" for number in range(3)]
    assert [room.get(address).status_code for address in shown] == [200] * 3
    assert room.get(f"{FIRST}/capture/0?rapport=20260521-080000").status_code == 404
    assert "&lt;i&gt;note&lt;/i&gt;" in page.text
    for number, (kind, data) in enumerate([("image/jpeg", JPEG), ("image/jpeg", JPEG), ("image/png", PNG)]):
        answer = room.get(f"{FIRST}/capture/{number}")
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, data, kind)
        assert answer.headers["x-content-type-options"] == "nosniff"
    for path in ("3", "999999999999999999", "secret.jpg", "..%2Fsecret.jpg", "a.jpg", "-1"):
        assert room.get(f"{FIRST}/capture/{path}").status_code == 404, path
    (folder / "a.jpg").write_bytes(b"<script>")
    assert room.get(f"{FIRST}/capture/0").status_code == 503


@pytest.mark.parametrize("name", ["../../../console.sqlite", "/etc/passwd", "lien.png"])
def test_a_report_that_names_a_file_outside_its_folder_gives_nothing_of_it(room: Marked, name: str) -> None:
    folder = room.examine(report_of([finding("not_met", "titre", "vu", name)]), {})
    (folder / "lien.png").symlink_to(room.centre.state.folder / "identite")
    (room.centre.state.folder / "identite").write_bytes(PNG)
    page = room.get(FIRST)
    assert page.status_code == 200
    assert "<img" not in page.text
    assert "vu" in plain(page)
    assert room.get(f"{FIRST}/capture/0").status_code == 503


def test_what_a_report_has_kept_is_judged_again_and_the_report_stays(room: Marked) -> None:
    assert room.get(f"{FIRST}/de-nouveau").status_code == 404
    folder = room.examine(report_of([finding("not_met", "titre", "vu")]), {})
    made = test_again.of_proof("les deux mots intervertis")
    ((fact, _, expected, observed),) = made.found
    test_again.report(
        folder, made, made.model_copy(update={"found": ((fact, Verdict.MET, expected, "<b>vu</b>"),)}), None
    )
    before = (folder / "report.json").read_bytes()
    assert f'href="{FIRST}/de-nouveau"' in room.get(FIRST).text
    page = room.get(f"{FIRST}/de-nouveau")
    text = plain(page)
    assert "2 sur 3 ne donnent pas la même chose qu’à l’examen." in text
    assert "&lt;b&gt;vu&lt;/b&gt;" in page.text
    assert "À l’examen : réalisé <b>vu</b>" in text
    assert f"Aujourd’hui : non réalisé {observed}" in text
    assert "À revoir sur l’archive : ce que le site a répondu" in text
    assert (folder / "report.json").read_bytes() == before
    assert "Les données de l’entreprise" not in text
    (folder / "report.json").write_text(json.dumps({**json.loads(before), "data": "those of another day"}))
    changed = plain(room.get(f"{FIRST}/de-nouveau"))
    assert "Les données de l’entreprise ou le sujet ont changé depuis l’examen" in changed
    (folder / "recordings.jsonl").write_text("[")
    assert "abîmé" in plain(room.get(f"{FIRST}/de-nouveau"))


def test_where_the_engine_is_silent_the_grid_stays_open(room: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    from provisioner.console import marks
    from provisioner.core.errors import EngineError

    def silent(_: object) -> None:
        raise EngineError("Le moteur ne répond pas.")

    monkeypatch.setattr(marks, "records_of", silent)
    for path in (FIRST, "/commission/A"):
        assert "Le moteur ne répond pas." in plain(room.get(path))
    assert room.write(f"{FIRST}/grille/1", text="vu sur place").status_code == 303


def test_once_the_station_is_gone_the_archive_tells_and_the_captures_are_those_of_its_report(room: Marked) -> None:
    document = report_of([finding("not_met", "titre", "vu avant", "a.jpg")])
    folder = room.examine(document, {"a.jpg": JPEG})
    entry, name = room.centre.state.entries("salle")[0], "salle-poste-01-abc-20260521-094100.e5b.zip"
    inside = {"report/report.json": json.dumps(document).encode(), "report/report.html": b"rapport"}
    clock = [{"at": "2026-05-21T09:00:00+02:00", "what": "start", "minutes": 40}]
    told: dict[str, Any] = {"candidate": entry.candidate().document(), "clock": clock, "report": "report/report.html"}
    bundle(room.centre.state.archives / name, members=inside, **told)
    room.centre.state.mark("salle", FIRST_KEY, archived=name, kept=ArchivedSitting(reports=(str(folder),)))
    room.centre.discard(stations(room.centre)[0].container)
    assert "archivé, examiné" in plain(room.get("/commission/A"))
    assert "vu avant" in plain(room.get(FIRST))
    assert room.get(f"{FIRST}/capture/0").content == JPEG
    (folder / "report.json").write_text(json.dumps(report_of([finding("met", "titre", "autre", "a.jpg")])))
    page = room.get(FIRST)
    assert "vu avant" in plain(page)
    assert "Les captures sont dans l’archive" in plain(page)
    assert room.get(f"{FIRST}/capture/0").status_code == 404


def test_the_captures_of_a_page_cost_the_engine_one_look(room: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    from provisioner.console import marks

    room.examine(report_of([finding("not_met", "titre", "vu", "a.jpg", "b.png")]), {"a.jpg": JPEG, "b.png": PNG})
    looks: list[object] = []

    def look(centre: Centre) -> Mapping[str, SittingRecord]:
        looks.append(centre)
        return papers.records_of(centre)

    monkeypatch.setattr(marks, "RECENT", 60.0)
    monkeypatch.setattr(marks, "records_of", look)
    for path in ("", "/capture/0", "/capture/1"):
        assert room.get(FIRST + path).status_code == 200
    assert len(looks) == 1


# What is typed.


def test_what_is_typed_is_kept_by_question_with_the_hour_and_without_a_script(room: Marked) -> None:
    now_is("2026-05-21T09:50")
    answer = room.write(f"{FIRST}/grille/1", text="un titre trop long", question="1", level="S")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{FIRST}?question=1#partie-1")
    part = kept(room).of("M. Even").part("1")
    assert (part.levels, part.text, part.version, part.who) == ({SKILL: "S"}, "un titre trop long", 1, "M. Even")
    page = room.get(FIRST)
    assert ticked(page) == ["S"]
    assert "Enregistré à 9 h 50, par vous" in plain(page)
    assert "un titre trop long</textarea>" in page.text


def test_htmx_is_told_that_it_is_kept_and_the_version_to_write_on(room: Marked) -> None:
    for version, text in enumerate(["u", "un", "un titre"]):
        answer = room.live(f"{FIRST}/grille/1", version, text=text)
        assert answer.status_code == 200
        assert f'name="version" value="{version + 1}"' in answer.text
        assert "<html" not in answer.text
    assert kept(room).of("M. Even").part("1").text == "un titre"
    assert [note[1] for note in room.acts.notes] == ["candidat 1 : notation, sa grille : question 1, écrit"]


def test_the_same_once_more_is_no_conflict_and_no_version(room: Marked) -> None:
    room.live(f"{FIRST}/grille/appreciation", text="Bon travail")
    again = room.live(f"{FIRST}/grille/appreciation", text="Bon travail")
    assert again.status_code == 200
    assert 'value="1"' in again.text


def test_an_answer_of_an_older_page_overwrites_nothing_and_is_told_who_wrote(room: Marked) -> None:
    now_is("2026-05-21T09:50")
    for who in ("M. Even", "Mme Gall"):
        room.write(f"{FIRST}/finir", who=who)
    room.write(f"{FIRST}/commune/1", 0, "Mme Gall", text="le sien", level="TS")
    for ask, page in ((room.live, False), (room.write, True)):
        answer = ask(f"{FIRST}/commune/1", 0, text="le mien", level="I")
        assert answer.status_code == 409
        assert "Mme Gall a écrit ici entre-temps, à 9 h 50" in plain(answer)
        assert "« le sien »" in plain(answer)
        assert ("le mien</textarea>" in answer.text) is page
        assert 'name="version" value="0"' in answer.text
        assert kept(room).agreed.part("1").text == "le sien"
    over = re.search(r'name="over" value="(\d+)"', answer.text)
    assert over
    room.write(f"{FIRST}/commune/1", 0, text="le mien", over=over[1])
    assert (kept(room).agreed.part("1").text, kept(room).agreed.part("1").version) == ("le mien", 2)


def test_two_parts_are_written_side_by_side_without_a_conflict(room: Marked) -> None:
    room.write(f"{FIRST}/grille/1", text="un")
    assert room.live(f"{FIRST}/grille/2", text="deux").status_code == 200
    assert room.live(f"{FIRST}/grille/note", text="12,5").status_code == 200


@pytest.mark.parametrize(("typed", "mark"), [("12,5", "12,5"), ("12.50", "12,5"), (" 8 ", "8"), ("0", "0"), ("20,00", "20"), ("14/20", "14"), ("", "")])  # fmt: skip
def test_a_mark_is_a_number_from_0_to_20(typed: str, mark: str) -> None:
    assert mark_of(typed) == mark


@pytest.mark.parametrize(
    "typed", ["20,01", "21", "-1", "12,555", "douze", "1e1", "١٢", "12,5,", "NaN", "9" * 500, "<b>"]
)
def test_what_is_no_mark_is_refused_and_what_was_there_stays(room: Marked, typed: str) -> None:
    room.write(f"{FIRST}/grille/note", text="11")
    live, whole = (ask(f"{FIRST}/grille/note", 1, text=typed) for ask in (room.live, room.write))
    assert (live.status_code, whole.status_code) == (422, 422)
    assert "un nombre de 0 à 20" in plain(live)
    assert f'value="{html.escape(typed)}"' in whole.text
    assert kept(room).of("M. Even").part("note").text == "11"


@pytest.mark.parametrize(
    ("part", "typed", "status"),
    [
        ("1", {"level-0": "TB"}, 422),
        ("1", {"text": "x" * 1001}, 422),
        ("appreciation", {"text": "x" * 1501}, 422),
        ("6", {"text": "x"}, 422),
        ("nom", {"text": "x"}, 422),
        ("1", {"text": "x", "version": "3"}, 409),
    ],
)
def test_what_cannot_be_read_is_refused_whole(room: Marked, part: str, typed: dict[str, Any], status: int) -> None:
    answer = room.ask("POST", f"{FIRST}/grille/{part}", headers={"HX-Request": "true"}, **typed)
    assert answer.status_code == status
    assert not kept(room).of("M. Even").is_begun
    assert room.acts.notes == []


def test_what_people_type_is_no_html(room: Marked) -> None:
    room.write(f"{FIRST}/grille/appreciation", text="</textarea><script>alert(1)</script>")
    assert "<script>alert" not in room.get(FIRST).text


def test_nothing_is_kept_that_the_book_does_not_know_of(room: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(room.acts, "note", full)
    assert room.live(f"{FIRST}/grille/1", text="x").status_code == 500
    assert not kept(room).of("M. Even").is_begun


def test_the_book_says_who_wrote_for_whom_and_no_mark(room: Marked) -> None:
    room.write(f"{FIRST}/grille/note", text="17,25")
    room.write(f"{FIRST}/finir")
    room.write(f"{FIRST}/reprendre")
    said = [(note[0], note[1]) for note in room.acts.notes]
    assert said == [
        ("M. Even", "candidat 1 : notation, sa grille : note, écrit"),
        ("M. Even", "candidat 1 : notation, sa grille est finie"),
        ("M. Even", "candidat 1 : notation, sa grille est reprise"),
    ]


def test_a_number_that_the_list_gave_to_somebody_else_begins_a_marking_of_his_own(room: Marked) -> None:
    room.write(f"{FIRST}/grille/note", text="17")
    other = line("1", "QUÉRÉ", "A", "wordpress-a", 1, 9)
    save_roster(
        room.centre, Roster((type(other)(**{**vars(other), "first_name": "Zoé"}), *LIST.entries[1:]), ()), "l.csv"
    )
    assert "17" not in re.findall(r'id="mark"[^>]* value="([^"]*)"', room.get(FIRST).text)
    room.write(f"{FIRST}/grille/note", text="9")
    names = sorted(path.name for path in (room.centre.state.folder / "markings/salle").iterdir())
    assert names == ["1-wordpress-a-2026-05-21.json", "1-wordpress-a-2026-05-21.retiré-1.json"]
    assert kept(room).name == "QUÉRÉ"


def test_a_marking_that_cannot_be_read_is_said_and_left_as_it_is(room: Marked) -> None:
    room.write(f"{FIRST}/grille/note", text="17")
    path = MarkingFile(room.centre.state, "salle", FIRST_KEY).path
    path.write_text("{")
    assert room.get(FIRST).status_code == 503
    assert room.live(f"{FIRST}/grille/note", 1, text="3").status_code == 503
    assert path.read_text() == "{"
    assert "n’est plus lisible" in plain(room.get("/commission/A"))


# Two examiners.


def test_each_fills_his_own_before_he_sees_the_others(room: Marked) -> None:
    room.write(f"{FIRST}/grille/1", who="Mme Gall", text="secret de Gall", level="TI")
    for page in (FIRST, f"{FIRST}/commune"):
        assert "secret de Gall" not in room.get(page).text
    assert room.get(f"{FIRST}/commune").status_code == 409
    room.write(f"{FIRST}/grille/1", text="avis d’Even")
    room.write(f"{FIRST}/finir")
    waiting = room.get(f"{FIRST}/commune")
    assert "Pas encore finie : Mme Gall." in plain(waiting)
    assert "secret de Gall" not in waiting.text
    assert room.write(f"{FIRST}/commune/1", text="x").status_code == 409
    assert room.live(f"{FIRST}/commune/1", text="x").status_code == 422
    assert "avis d’Even" not in room.get(FIRST, "Mme Gall").text
    room.write(f"{FIRST}/finir", who="Mme Gall")
    for who in ("M. Even", "Mme Gall"):
        text = room.get(f"{FIRST}/commune", who).text
        assert "secret de Gall" in text
        assert "avis d’Even" in text
        assert ticked(room.get(f"{FIRST}/commune", who)) == []


def test_a_commission_goes_on_without_a_grid_that_is_not_finished_and_does_not_see_it(room: Marked) -> None:
    room.write(f"{FIRST}/grille/1", who="Mme Gall", text="secret de Gall", level="TI")
    assert room.write(f"{FIRST}/sans", who="M. Even", other="Mme Gall").status_code == 409  # his own isn't finished
    assert "Ne plus attendre" not in room.get(FIRST).text
    room.write(f"{FIRST}/finir")
    assert "Ne plus attendre Mme Gall" in plain(room.get(FIRST))
    assert room.write(f"{FIRST}/sans", other="Mme Gall").status_code == 303
    assert room.acts.notes[-1][1] == "candidat 1 : notation, la commission n'attend plus la grille de Mme Gall"
    agreed = room.get(f"{FIRST}/commune")
    assert agreed.status_code == 200
    assert "secret de Gall" not in agreed.text
    assert room.get(f"{FIRST}/commune", "Mme Gall").status_code == 409  # she hasn't finished, so she sees nothing
    room.write(f"{FIRST}/finir", who="Mme Gall")
    assert "secret de Gall" in room.get(f"{FIRST}/commune").text


def test_a_finished_grid_stays_and_is_taken_up_again_only_before_others_are_seen(room: Marked) -> None:
    room.write(f"{FIRST}/grille/note", text="11")
    room.write(f"{FIRST}/finir")
    assert room.live(f"{FIRST}/grille/note", 1, text="12").status_code == 422
    assert '<fieldset class="plain" disabled>' in room.get(FIRST).text
    assert room.write(f"{FIRST}/reprendre").status_code == 303
    assert room.live(f"{FIRST}/grille/note", 1, text="12").status_code == 200
    for who in ("M. Even", "Mme Gall"):
        room.write(f"{FIRST}/finir", who=who)
    answer = room.write(f"{FIRST}/reprendre")
    assert answer.status_code == 409
    assert "la vôtre reste comme elle est" in plain(answer)


def test_what_is_the_same_in_both_is_taken_over_when_asked_for_and_the_mark_never(room: Marked) -> None:
    for who, level, text in (("M. Even", "S", "pareil"), ("Mme Gall", "S", "pareil")):
        room.write(f"{FIRST}/grille/1", who=who, text=text, level=level)
        room.write(f"{FIRST}/grille/2", who=who, level="I" if who == "M. Even" else "TS")
        room.write(f"{FIRST}/grille/note", who=who, text="13")
        room.write(f"{FIRST}/finir", who=who)
    assert kept(room).agreed.parts == {}
    assert room.write(f"{FIRST}/accord").status_code == 303
    agreed = kept(room).agreed
    assert {name: (part.levels, part.text) for name, part in agreed.parts.items()} == {"1": ({SKILL: "S"}, "pareil")}
    room.write(f"{FIRST}/commune/1", 1, text="autre")
    room.write(f"{FIRST}/accord")
    assert kept(room).agreed.part("1").text == "autre"


# What is signed.


def forms_of(room: Marked, monkeypatch: pytest.MonkeyPatch, who: str = "M. Even") -> dict[str, str]:
    """The forms as they would be printed."""
    written: dict[str, str] = {}

    def write(pages: dict[Path, str]) -> list[Path]:
        for path, page in pages.items():
            written[path.stem] = page
            path.write_bytes(b"%PDF")
        return list(pages)

    monkeypatch.setattr(papers, "write_pdfs", write)
    for kind in ("fiche", "grille"):
        answer = room.get(f"{FIRST}/{kind}.pdf", who)
        assert (answer.status_code, answer.content) == (200, b"%PDF")
        assert answer.headers["content-type"] == "application/pdf"
    return written


def test_the_forms_to_sign_have_what_was_written_and_no_file_stays(
    room: Marked, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.write(f"{FIRST}/grille/1", text="à revoir", level="TS")
    room.write(f"{FIRST}/grille/appreciation", text="Travail <sérieux>")
    room.write(f"{FIRST}/grille/note", text="12,5")
    before = {path for path in room.centre.state.folder.rglob("*") if path.is_file()}
    forms = forms_of(room, monkeypatch)
    assert "Travail &lt;sérieux&gt;" in forms["fiche"]
    assert '<td class="mark">12,5 / 20</td>' in forms["fiche"]
    assert '<td class="sign">M. Even</td>' in forms["fiche"]
    assert re.findall(r'<b>(\w+)</b><span class="box">✕', forms["grille"]) == ["TS"]
    assert "à revoir" in forms["grille"]
    assert {path for path in room.centre.state.folder.rglob("*") if path.is_file()} == before
    assert room.acts.notes[-1][1] == "candidat 1 : grille à signer, mise en PDF"


def test_once_it_is_begun_the_agreed_grid_is_what_is_signed(room: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    for who, mark in (("M. Even", "11"), ("Mme Gall", "14")):
        room.write(f"{FIRST}/grille/note", who=who, text=mark)
        room.write(f"{FIRST}/finir", who=who)
    refused = room.get(f"{FIRST}/fiche.pdf")
    assert refused.status_code == 409
    assert "remplissez d’abord la grille commune" in plain(refused)
    room.write(f"{FIRST}/commune/note", text="12,5")
    for who in ("M. Even", "Mme Gall"):
        fiche = forms_of(room, monkeypatch, who)["fiche"]
        assert ">12,5 / 20<" in fiche
        assert re.findall(r'<td class="sign">(.*?)</td>', fiche) == ["M. Even", "Mme Gall"]


def corrected(room: Marked, commission: str) -> None:
    """The first candidate is another commission's from now on."""
    moved = line("1", "ÉVENOU", commission, "wordpress-a", 1, 9)
    save_roster(room.centre, Roster((moved, *LIST.entries[1:]), ()), "liste.csv")


def test_a_candidate_of_another_commission_by_now_is_marked_anew_and_nothing_is_lost(room: Marked) -> None:
    room.write(f"{FIRST}/grille/note", text="17")
    room.write(f"{FIRST}/grille/appreciation", text="Lu par la commission A.")
    room.write(f"{FIRST}/finir")
    corrected(room, "B / 2")
    theirs = "/commission/B%2520%252F%25202/1-wordpress-a-2026-05-21"
    assert room.get(FIRST).status_code in (403, 404)
    assert "La commission « A » a commencé à noter ce candidat" in plain(room.get(theirs, "M. Bihan"))
    room.write(f"{theirs}/grille/note", who="M. Bihan", text="9")
    assert "a commencé à noter ce candidat" not in plain(room.get(theirs, "M. Bihan"))
    room.write(f"{theirs}/finir", who="M. Bihan")
    shown = room.get(f"{theirs}/commune", "M. Bihan").text
    assert "M. Even" not in shown
    assert "Lu par la commission A." not in shown
    aside = list((room.centre.state.folder / "markings").rglob("*retiré-1.json"))
    assert ["Lu par la commission A." in path.read_text("utf-8") for path in aside] == [True]


def test_what_was_typed_and_erased_again_holds_up_nobody(room: Marked) -> None:
    room.write(f"{FIRST}/grille/note", who="Mme Gall", text="1")
    room.write(f"{FIRST}/grille/note", 1, who="Mme Gall", text="")
    room.write(f"{FIRST}/grille/note", text="14")
    room.write(f"{FIRST}/finir")
    assert room.get(f"{FIRST}/commune").status_code == 200


def test_a_report_that_cannot_be_read_leaves_the_grid_open(room: Marked) -> None:
    folder = room.examine(report_of([finding("met", "titre", "vu")]), {})
    (folder / "report.json").write_text("{")
    shown = room.get(FIRST)
    assert shown.status_code == 200
    assert "n’est pas lisible" in plain(shown)
    assert room.write(f"{FIRST}/grille/note", text="12").status_code == 303
