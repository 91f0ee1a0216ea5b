"""The pages of the preparation: the checklist and its buttons, a list from its file to its sheets."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from provisioner.console import preparation_acts, preparation_pages
from provisioner.console.acting import Acts
from provisioner.console.people import Role
from provisioner.console.tiles import State, Tile
from provisioner.core.errors import EngineError, Refusal
from provisioner.exam import proposed_list
from provisioner.exam.list_update import save_roster
from provisioner.exam.proposed_list import propose
from provisioner.exam.readiness import Level, Point, Readiness
from provisioner.exam.room_documents import SHEETS, folder_of
from provisioner.exam.roster import stem_of
from provisioner.exam.seating import assign_stations
from provisioner.leakcheck.room_proof import RoomProof, Row
from provisioner.station.act_book import Book
from provisioner.station.acts import SCREEN
from provisioner.station.centre import Centre, stations
from tests.staged_room import StagedRoom, some_tiles, staged
from tests.unit.exam_room import ROSTER, begin, exam_room, list_in

TITLES = "numéro;nom;prénom;commission;sujet;poste;date;heure\n"
RIGHT = TITLES + "1;NOM1;P;1;wordpress-a;1;21/05/2026;9 h 00\n2;NOM2;P;1;prestashop-a;2;21/05/2026;9 h 00\n"
READY = (
    Point("candidates", "Candidats", Level.DONE, "liste.csv"),
    Point("editions", "Éditions", Level.DONE, "conformes", act="build"),
)
BLOCKED = (*READY[:1], Point("editions", "Éditions", Level.BLOCKS, "pas encore construite", "construisez-la", "build"))


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    return exam_room(tmp_path, monkeypatch)


@pytest.fixture
def acts(centre: Centre) -> Acts:
    return Acts(Book.of(centre.state), lambda: centre, threads=False)


@pytest.fixture
def app(tmp_path: Path, centre: Centre, acts: Acts) -> Starlette:
    room = StagedRoom()
    room.show()
    return staged(room, tmp_path, centre=lambda: centre, acts=acts)


def ask(app: Starlette, path: str, method: str = "GET", **options: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://salle") as client:
            return await client.request(method, path, **options)

    return asyncio.run(asked())


def give(app: Starlette, text: str, name: str = "liste.csv") -> str:
    """Give a file, and see the page that follows."""
    answer = ask(app, "/preparation/liste", "POST", files={"file": (name, text.encode())})
    assert (answer.status_code, answer.headers["location"]) == (303, "/preparation/liste")
    return plain(ask(app, "/preparation/liste").text)


def plain(text: str) -> str:
    """A page with ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def field(text: str, name: str) -> str:
    return text.split(f'name="{name}" value="')[1].split('"')[0]


def noted(acts: Acts) -> list[str]:
    return [act.text for act in acts.recent() if act.kind == "note"]


def ready(monkeypatch: pytest.MonkeyPatch, *points: Point, opened: int = 0) -> None:
    monkeypatch.setattr(preparation_pages, "readiness", lambda *_: Readiness(points, opened, 2))


def test_a_mistake_stands_beside_its_cell_and_nothing_is_written(app: Starlette, centre: Centre, acts: Acts) -> None:
    text = give(app, RIGHT.replace(";1;21/05", ";99;21/05"))
    cell = text.split('<td class="wrong" data-title="poste">')[1].split("</td>")[0]
    assert cell.startswith("99<p")
    assert "Le poste « 99 » n’existe pas" in cell
    assert "1 faute" in text
    assert "Confirmer" not in text
    assert list_in(centre.state, "salle") == {}
    assert noted(acts) == ["liste déposée : liste.csv (1 faute)"]


def test_a_right_list_is_shown_by_series_and_written_once_confirmed(app: Starlette, centre: Centre, acts: Acts) -> None:
    text = give(app, RIGHT + "3;NOM3;P;1;prestashop-a;1;21/05/2026;10 h 00\n")
    assert text.index("Série 1 · 9 h 00") < text.index("NOM2") < text.index("Série 2 · 10 h 00") < text.index("NOM3")
    assert list_in(centre.state, "salle") == {}
    answer = ask(app, "/preparation/liste/confirmation", "POST", data={"seen": field(text, "seen"), "key": "k"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/preparation")
    assert len(list_in(centre.state, "salle")["entries"]) == 3
    assert noted(acts) == ["liste confirmée : liste.csv (3 candidats)", "liste déposée : liste.csv (3 candidats)"]
    again = ask(app, "/preparation/liste/confirmation", "POST", data={"seen": field(text, "seen"), "key": "k"})
    assert again.headers["location"] == "/preparation/liste"
    assert len(noted(acts)) == 2


def test_a_list_that_is_no_longer_what_was_looked_at_is_shown_again(app: Starlette, centre: Centre) -> None:
    seen = field(give(app, RIGHT), "seen")
    give(app, RIGHT.replace("NOM2", "NOM4"))
    answer = ask(app, "/preparation/liste/confirmation", "POST", data={"seen": seen, "key": "k"})
    assert answer.status_code == 422
    assert "regardez-la de nouveau" in answer.text
    assert list_in(centre.state, "salle") == {}


def test_a_corrected_list_shows_what_changes_and_for_whom_it_is_too_late(app: Starlette, centre: Centre) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    assign_stations(centre)
    begin(centre, stations(centre)[0], "2026-05-21T08:00")
    text = give(app, RIGHT.replace("wordpress-a;1;", "wordpress-a;3;"))
    changes = text.split("Ce qui change</h2>")[1].split("</table>")[0]
    assert "Trop tard" in changes
    assert "il reste à poste-01" in changes
    assert "NOM2" not in changes
    assert "n’est plus sur la liste" in changes
    assert "La salle est ouverte" in text


def test_in_an_open_room_the_stations_follow_a_confirmed_list(
    app: Starlette, centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_roster(centre, ROSTER, "liste.csv")
    assign_stations(centre)
    ready(monkeypatch, *READY)
    opened: list[str] = []

    def open_for_kept_list(centre: Centre, _: Any) -> "Opened":
        opened.append(centre.room.name)
        return Opened()

    monkeypatch.setattr(preparation_acts, "open_for_kept_list", open_for_kept_list)
    text = give(app, RIGHT)
    answer = ask(app, "/preparation/liste/confirmation", "POST", data={"seen": field(text, "seen"), "key": "k"})
    act = acts.recent()[0]
    assert answer.headers["location"] == f"/actes/{act.id}"
    acts.work()
    assert opened == ["salle"]
    assert acts.act(act.id).text == "2 postes en place, pour la liste."


def test_a_list_that_is_confirmed_while_the_room_opens_is_followed_after_that(
    app: Starlette, centre: Centre, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(monkeypatch, *READY)
    monkeypatch.setattr("provisioner.console.list_pages.stations", lambda _: [])
    lists: list[int] = []

    def open_for_kept_list(centre: Centre, _: Any) -> "Opened":
        lists.append(len(list_in(centre.state, "salle")["entries"]))
        return Opened()

    monkeypatch.setattr(preparation_acts, "open_for_kept_list", open_for_kept_list)
    opening = ask(app, "/preparation/acte", "POST", data={"act": "up", "key": "first"}).headers["location"]
    text = give(app, RIGHT)
    answer = ask(app, "/preparation/liste/confirmation", "POST", data={"seen": field(text, "seen"), "key": "second"})
    assert answer.headers["location"].startswith("/actes/")
    assert answer.headers["location"] != opening
    acts.work()
    assert lists == [2, 2]


def test_a_list_that_is_given_while_another_is_adopted_stays(
    app: Starlette, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = field(give(app, RIGHT), "seen")

    def save(*args: Any) -> Any:
        saved = save_roster(*args)
        propose(centre, "autre.csv", RIGHT.encode(), "Mme Riou")
        return saved

    monkeypatch.setattr(proposed_list, "save_roster", save)
    ask(app, "/preparation/liste/confirmation", "POST", data={"seen": seen, "key": "k"})
    assert len(list_in(centre.state, "salle")["entries"]) == 2
    assert "autre.csv" in ask(app, "/preparation/liste").text


class Opened:
    stations = ("one", "two")
    errors = ()


def test_a_given_list_is_withdrawn(app: Starlette, centre: Centre, acts: Acts) -> None:
    give(app, "bonjour")
    assert ask(app, "/preparation/liste/retrait", "POST").status_code == 303
    assert "pas encore de liste" in ask(app, "/preparation/liste").text
    assert noted(acts)[0] == "liste déposée, puis retirée : liste.csv"


def test_what_a_file_holds_is_escaped(app: Starlette) -> None:
    for text in (RIGHT.replace("NOM1", "<script>alert(1)</script>"), RIGHT.replace("wordpress-a", "<b>x</b>")):
        shown = give(app, text, "<i>liste</i>.csv")
        main = shown[shown.index("<main") :]
        assert "<script>" not in main
        assert "<b>x" not in main
        assert "<i>" not in main


def test_without_a_file_it_is_asked_for(app: Starlette) -> None:
    answer = ask(app, "/preparation/liste", "POST", files={"file": ("", b"")})
    assert answer.status_code == 422
    assert "Choisissez d’abord un fichier" in answer.text


def test_sheets_are_taken_by_a_name_that_the_folder_has(app: Starlette, centre: Centre, acts: Acts) -> None:
    entries = save_roster(centre, ROSTER, "liste.csv")
    text = plain(ask(app, "/preparation/liste").text)
    assert "3 candidats n’ont pas encore de feuille" in text
    folder = folder_of(centre.state, "salle") / SHEETS
    folder.mkdir(parents=True)
    sheet = f"candidat-{stem_of(entries[0])}.pdf"
    for name in ("candidats.pdf", "sujet-wordpress-a.pdf", sheet, "candidat-9-autre-a-2026-05-21.pdf"):
        (folder / name).write_bytes(b"%PDF")
    (folder / "candidat-lien.pdf").symlink_to("/etc/passwd")
    text = plain(ask(app, "/preparation/liste").text)
    assert "2 candidats n’ont pas encore de feuille" in text
    assert "Toutes les feuilles des candidats (PDF)" in text
    assert "9-autre" not in text
    answer = ask(app, f"/preparation/feuilles/{sheet}", "POST")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"%PDF", "application/pdf")
    assert noted(acts) == [f"document pris pour l’imprimer : {sheet}"]
    for name in ("candidat-lien.pdf", "candidat-9-autre-a-2026-05-21.pdf", "..%2F..%2Fidentite", "identite"):
        assert ask(app, f"/preparation/feuilles/{name}", "POST").status_code == 404


def test_the_checklist_says_each_point_in_shape_word_and_button(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(monkeypatch, *BLOCKED)
    text = plain(ask(app, "/preparation").text)
    assert 'mark-good">Fait' in text
    assert 'mark-bad">Empêche' in text
    assert "Construisez-la." in text
    assert 'value="build">Construire</button>' in text
    assert 'aria-disabled="true"' in text
    assert "ne peut pas encore être ouverte : éditions (pas encore construite)" in text
    assert 'value="up"' not in text
    ready(monkeypatch, *BLOCKED, opened=2)
    text = plain(ask(app, "/preparation").text)
    assert "La salle est ouverte : 2 postes" in text
    assert "À régler avant que les candidats viennent : éditions" in text
    ready(monkeypatch, *READY)
    text = plain(ask(app, "/preparation").text)
    assert 'value="up"' in text
    assert "2 postes sont préparés" in text
    assert 'value="build">Reconstruire</button>' in text


def test_a_room_that_is_not_ready_is_not_opened_by_a_made_up_form(
    app: Starlette, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(monkeypatch, *BLOCKED)
    with pytest.raises(Refusal, match="ne peut pas encore être ouverte : Éditions"):
        ask(app, "/preparation/acte", "POST", data={"act": "up", "key": "k"})
    assert acts.recent() == ()
    ready(monkeypatch, *BLOCKED, opened=2)  # an open room is prepared again all the same, as by the command
    assert ask(app, "/preparation/acte", "POST", data={"act": "up", "key": "k"}).status_code == 303


def test_an_act_of_the_preparation_is_begun_once_and_told_while_it_goes_on(
    app: Starlette, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(monkeypatch, *BLOCKED)
    built: list[str] = []

    def build_each(*_: Any) -> Any:
        built.append("once")
        return [], [EngineError("Le moteur ne répond pas.")]

    monkeypatch.setattr(preparation_acts, "build_each", build_each)
    monkeypatch.setattr(preparation_acts, "editions_needed", lambda _: [])
    monkeypatch.setattr(preparation_acts, "_store", lambda *_: None)
    first = ask(app, "/preparation/acte", "POST", data={"act": "build", "key": "k"}).headers["location"]
    other = ask(app, "/preparation/acte", "POST", data={"act": "build", "key": "other"}).headers["location"]
    assert first == other
    text = plain(ask(app, "/preparation").text)
    assert f'<a href="{first}">En cours depuis' in text
    assert 'hx-get="/preparation/points"' in text
    assert "En cours" in ask(app, first).text
    acts.work()
    assert built == ["once"]
    text = ask(app, first).text
    assert "Terminé" in text
    assert "Le moteur ne répond pas." in text
    assert "hx-get" not in ask(app, "/preparation/points").text


def test_an_error_that_nobody_foresaw_is_said_of_the_act(
    app: Starlette, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def boom(*_: Any) -> Any:
        raise KeyError("boom")

    monkeypatch.setattr(preparation_acts, "prepare_spares", boom)
    act = ask(app, "/preparation/acte", "POST", data={"act": "spare", "key": "k"}).headers["location"]
    acts.work()
    assert "Erreur imprévue (KeyError)" in ask(app, act).text


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([Row("a", "un site", {"x": "reached"}, {"poste": "silence"})], "tiennent : 1 voie fermée."),
        ([Row("a", "un site", {"x": "reached"}, {"poste": "reached"})], "Voie ouverte : un site."),
        ([Row("a", "un site", {"x": "silence"}, {"poste": "silence"})], "1 voie n’a pas pu être vérifiée"),
    ],
    ids=["holds", "leaks", "doubtful"],
)
def test_what_a_proof_shows_is_said_of_its_act(
    app: Starlette, acts: Acts, monkeypatch: pytest.MonkeyPatch, rows: list[Row], said: str
) -> None:
    monkeypatch.setattr("provisioner.leakcheck.last_proof.prove_network", lambda _: RoomProof(rows, 1.0))
    act = ask(app, "/preparation/acte", "POST", data={"act": "prove", "key": "k"}).headers["location"]
    acts.work()
    assert said in plain(ask(app, act).text)


def test_the_sheets_are_written_by_the_commands_use_case(
    app: Starlette, acts: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [EngineError("L'édition n'est pas construite.")]
    monkeypatch.setattr("provisioner.papers.sheets.write_sheets_of_list", lambda _: ([Path("x.pdf")], errors))
    act = ask(app, "/preparation/acte", "POST", data={"act": "sheets", "key": "k"}).headers["location"]
    acts.work()
    text = plain(ask(app, act).text)
    assert "1 document à imprimer" in text
    assert "L’édition n’est pas construite." in text


def test_the_preparation_is_a_technicians(tmp_path: Path, centre: Centre, acts: Acts) -> None:
    for role in (Role.EXAMINER, Role.READER):
        room = StagedRoom()
        room.show()
        app = staged(room, tmp_path, role, lambda: centre, acts)
        for path in ("/preparation", "/preparation/points", "/preparation/liste"):
            assert ask(app, path).status_code == 403
        assert ask(app, "/").headers["location"] == "/salle"


def test_the_way_leads_to_the_preparation_until_the_first_start(tmp_path: Path) -> None:
    room = StagedRoom()
    app = staged(room, tmp_path)
    assert ask(app, "/").headers["location"] == "/salle"  # it isn't read yet
    room.show()
    assert ask(app, "/").headers["location"] == "/preparation"
    room.show(Tile("poste-01", 1, state=State.READY))
    assert ask(app, "/").headers["location"] == "/preparation"
    room.show(*some_tiles(2))
    assert ask(app, "/").headers["location"] == "/salle"


def test_no_page_says_a_word_of_the_trade(app: Starlette, centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(monkeypatch, *BLOCKED)
    save_roster(centre, ROSTER, "liste.csv")
    pages = [ask(app, path).text for path in ("/preparation", "/preparation/liste")]
    pages += [give(app, text) for text in (RIGHT, "bonjour", RIGHT.replace("wordpress-a", "z"))]
    for text in pages:
        main = text[text.index("<main") :].lower()
        for word in ("conteneur", "container", "json", "gateway", "timeout", "image"):
            assert word not in main, word


def test_an_act_that_was_cut_short_is_said_until_it_is_put_aside(app: Starlette, centre: Centre, acts: Acts) -> None:
    gone = Book(centre.state.folder, centre.state.now, "1-1-gone").begin("Mme Riou", SCREEN, "build", [], room="salle")
    text = ask(app, "/preparation").text
    assert f'<a href="/actes/{gone.id}">Construire les éditions</a>' in text
    answer = ask(app, "/actes/interrompus", "POST", data={"act": gone.id, "page": "/preparation"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/preparation")
    assert "interrompu" not in ask(app, "/preparation").text
    assert noted(acts)[0].startswith("interruption vue : Construire les éditions")
