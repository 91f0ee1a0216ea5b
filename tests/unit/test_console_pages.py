"""The pages of the room and of a station, and the stream that keeps them live."""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sse_starlette import ServerSentEvent
from starlette.applications import Starlette
from starlette.requests import Request

from provisioner.console import room_pages
from provisioner.console.load import Load
from provisioner.console.pages import STATIC
from provisioner.console.people import Person, Role
from provisioner.console.tiles import Severity, State, Tile
from provisioner.core import clock
from provisioner.core.errors import EvidenceLost, StationNotReady
from provisioner.core.model import Station
from provisioner.examination import glance
from provisioner.station.acts import SCREEN, Act
from provisioner.station.centre import Centre, stations
from tests.staged_room import ZONE, StagedActs, StagedRoom, some_tiles, staged
from tests.unit.exam_room import begin, now_is

#: Of the npm packages htmx.org 2.0.11 and htmx-ext-sse 2.2.4.
VENDORED = {
    "htmx.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "sse.js": "3b5992a541619babefc4c169505af474df5c3039da51e59b96ccf9241ecd61d2",
}


@pytest.fixture
def room() -> StagedRoom:
    room = StagedRoom()
    room.show(*some_tiles(12), series="Série 1 sur 2 · 9 h 30", expected=12)
    return room


def ask(app: Starlette, path: str, method: str = "GET") -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://salle") as client:
            return await client.request(method, path)

    return asyncio.run(asked())


def tile_in(text: str, place: int) -> str:
    """The HTML of one place."""
    begin = text.rindex("<li", 0, text.index(f'id="tile-{place}"'))
    return text[begin : text.index("</li>", begin)]


def test_the_way_leads_to_the_room(room: StagedRoom, tmp_path: Path) -> None:
    answer = ask(staged(room, tmp_path), "/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/salle")


def test_after_the_last_stop_of_the_day_it_leads_to_the_archives(room: StagedRoom, tmp_path: Path) -> None:
    room.show(*some_tiles(2), over=True)
    assert ask(staged(room, tmp_path), "/").headers["location"] == "/conservation"


def test_the_room_shows_each_place_with_its_words(room: StagedRoom, tmp_path: Path) -> None:
    text = ask(staged(room, tmp_path), "/salle").text
    assert text.count('class="tile ') == 12
    assert "ne répond pas" in tile_in(text, 3)
    assert "tone-bad" in tile_in(text, 3)
    assert ">+13<" in tile_in(text, 4)
    assert "Série 1 sur 2" in text
    assert "12 attendus" in text
    assert "1 absent<" in text
    assert "/flux?version=" in text


def test_incidents_come_first_where_that_is_asked_for(room: StagedRoom, tmp_path: Path) -> None:
    text = ask(staged(room, tmp_path), "/salle?ordre=incidents").text
    assert text.index('id="tile-3"') < text.index('id="tile-6"') < text.index('id="tile-1"')
    assert 'data-order="incidents"' in text


@pytest.mark.parametrize(
    ("count", "query", "listed"), [(40, "", False), (41, "", True), (41, "?vue=plan", False), (3, "?vue=liste", True)]
)
def test_from_41_places_on_the_room_is_a_list(tmp_path: Path, count: int, query: str, listed: bool) -> None:
    room = StagedRoom()
    room.show(*some_tiles(count))
    text = ask(staged(room, tmp_path), f"/salle{query}").text
    assert ('<table class="rows">' in text, '<ul class="plan places">' in text) == (listed, not listed)


def test_a_room_without_a_station_says_so(tmp_path: Path) -> None:
    room = StagedRoom()
    room.show()
    assert "La salle n’a pas de poste" in ask(staged(room, tmp_path), "/salle").text


class CutShort(StagedActs):
    """A book in which two acts were cut short; or one that can't be read."""

    lost = False

    def interrupted(self, room: str) -> Sequence[Act]:
        if self.lost:
            raise EvidenceLost("Le disque est plein.")
        acts = [Act(str(number), clock.present(ZONE), "Mme <Riou>", SCREEN, "start", room) for number in (1, 2)]
        return [act.broken_off() for act in acts]


@pytest.mark.parametrize("role", list(Role))
def test_the_room_says_which_acts_were_cut_short_with_a_link_to_each(
    room: StagedRoom, tmp_path: Path, role: Role
) -> None:
    acts = CutShort()
    text = ask(staged(room, tmp_path, role, acts=acts), "/salle").text
    assert "Des actes ont été interrompus" in text
    assert '<a href="/actes/2">Démarrer</a>' in text
    assert "Mme &lt;Riou&gt;" in text
    assert ('<button name="page" value="/salle">' in text) == (role is Role.TECHNICIAN)
    acts.lost = True
    answer = ask(staged(room, tmp_path, role, acts=acts), "/salle")
    assert (answer.status_code, "ont été interrompus" in answer.text) == (200, False)


def test_what_cannot_be_read_is_said_and_nothing_looks_fresh(room: StagedRoom, tmp_path: Path) -> None:
    room._publish(room.current(), replace(room.current(), trouble="Le moteur des postes ne répond pas."))
    for path in ("/salle", "/poste/2"):
        text = ask(staged(room, tmp_path), path).text
        assert "La salle n’est plus lue." in text
        assert "Le moteur des postes ne répond pas." in text
        assert "stale" in text
    room.show(*some_tiles(2), remarks=("La liste n’est plus lisible.",))
    text = ask(staged(room, tmp_path), "/salle").text
    assert "La liste n’est plus lisible." in text
    assert "stale" not in text


def test_without_a_script_a_page_says_of_when_the_look_is_and_that_looks_hang(
    room: StagedRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "stale", lambda: 0.0)
    room._publish(room.current(), replace(room.current(), at=datetime(2026, 5, 21, 9, 12, 3, tzinfo=ZONE)))
    for path in ("/salle", "/poste/2"):
        text = ask(staged(room, tmp_path), path).text
        assert ">Vue de 09:12:03<" in text
        assert "n’est plus lue" not in text
    monkeypatch.setattr(room, "stale", lambda: 60.9)
    for path in ("/salle", "/poste/2"):
        text = ask(staged(room, tmp_path), path).text
        assert ">Salle non lue<" in text
        assert "La salle n’est plus lue." in text
        assert "Elle n’a plus pu être regardée depuis 60" in text
        assert "Ce qui est montré est de 09:12:03" in text


def test_right_after_a_start_the_room_is_not_said_to_be_empty(tmp_path: Path) -> None:
    room = StagedRoom()
    text = ask(staged(room, tmp_path), "/salle").text
    assert "La salle n’est pas lue." in text
    assert "n’a pas de poste" not in text
    assert "Ce qui est montré" not in text
    answer = ask(staged(room, tmp_path), "/poste/3")
    assert (answer.status_code, answer.headers["refresh"]) == (503, "3; url=/poste/3")
    assert "n’a pas de poste" not in answer.text


def test_what_candidates_are_called_is_escaped(tmp_path: Path) -> None:
    room = StagedRoom()
    room.show(Tile("poste-01", 1, "<script>alert(1)</script>", "7", "sujet"))
    for path in ("/salle", "/salle?vue=liste", "/poste/1"):
        text = ask(staged(room, tmp_path), path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_a_place_that_the_room_does_not_have_is_said(room: StagedRoom, tmp_path: Path) -> None:
    answer = ask(staged(room, tmp_path), "/poste/99")
    assert (answer.status_code, "La salle n’a pas de poste 99" in answer.text) == (404, True)
    assert ask(staged(room, tmp_path), "/poste/99/identifiants", "POST").status_code == 404


def test_no_page_says_a_word_of_the_trade(room: StagedRoom, tmp_path: Path) -> None:
    for path in ("/salle", "/salle?vue=liste", "/poste/3", "/poste/99"):
        text = ask(staged(room, tmp_path), path).text
        main = text[text.index("<main") :].lower()
        for word in ("conteneur", "container", "json", "gateway", "timeout", "image"):
            assert word not in main, (path, word)


@pytest.fixture
def watched(centre: Centre) -> StagedRoom:
    """A watcher of that room that looks when it is told to."""
    room = StagedRoom()
    room._open = lambda: centre
    room.look()
    return room


def test_a_station_shows_what_is_true_and_what_happened(watched: StagedRoom, centre: Centre, tmp_path: Path) -> None:
    begin(centre, stations(centre)[0], "2026-05-21T09:00")
    now_is("2026-05-21T09:10")
    watched.look()
    text = ask(staged(watched, tmp_path, centre=lambda: centre), "/poste/1").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "1 NOM1 P" in text
    assert "de 9 h 00 à 9 h 40" in text
    assert "début, pour 40 minutes" in text
    assert "versions conformes" in text
    assert 'data-end="2026-05-21T09:40:00+02:00"' in text


def test_credentials_are_shown_to_technicians_once_the_book_says_so(
    watched: StagedRoom, centre: Centre, tmp_path: Path
) -> None:
    acts = StagedActs()
    credentials = centre.state.credentials(stations(centre)[0].container)
    assert credentials is not None
    app = staged(watched, tmp_path, centre=lambda: centre, acts=acts)
    assert credentials.password not in ask(app, "/poste/1").text
    answer = ask(app, "/poste/1/identifiants", "POST")
    assert credentials.password in answer.text
    assert answer.headers["refresh"] == "30; url=/poste/1"
    assert acts.notes == [("Mme Riou", "identifiants affichés", "poste-01", "1", "salle")]


def test_a_site_is_shown_as_a_picture_while_its_candidate_works(
    watched: StagedRoom, centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = StagedActs()
    app = staged(watched, tmp_path, centre=lambda: centre, acts=acts)
    assert "Regarder le site" not in ask(app, "/poste/1").text
    assert "que pendant que son candidat travaille" in ask(app, "/poste/1/regard", "POST").text
    begin(centre, stations(centre)[0], "2026-05-21T09:00")
    now_is("2026-05-21T09:10")
    watched.look()
    assert "Regarder le site" in ask(app, "/poste/1").text
    looked: list[str] = []

    def taken(centre: Centre, station: Station) -> bytes:
        looked.append(station.name)
        return b"\xff\xd8"

    monkeypatch.setattr(glance, "glance", taken)
    assert 'src="data:image/jpeg;base64,/9g="' in ask(app, "/poste/1/regard", "POST").text
    assert looked == ["poste-01"]
    assert acts.notes == [("Mme Riou", "site regardé", "poste-01", "1", "salle")]
    # An examiner of commission 3, and one of the candidate's.
    for commission, shown in (("2", False), ("3", True)):
        watched.change(1, commission=commission)
        examiner = staged(watched, tmp_path, Role.EXAMINER, centre=lambda: centre)
        assert ("Regarder le site" in ask(examiner, "/poste/1").text) is shown
        assert ("/9g=" in ask(examiner, "/poste/1/regard", "POST").text) is shown

    def silent(*_: object) -> bytes:
        raise StationNotReady("La page d'accueil de poste-01 ne s'est pas affichée.")

    monkeypatch.setattr(glance, "glance", silent)
    assert "ne s’est pas affichée" in ask(app, "/poste/1/regard", "POST").text
    reader = staged(watched, tmp_path, Role.READER, centre=lambda: centre)
    assert ask(reader, "/poste/1/regard", "POST").status_code == 403
    assert "Regarder le site" not in ask(reader, "/poste/1").text


def test_the_load_of_the_machine_and_the_progress_of_the_room_are_plotted(
    watched: StagedRoom, centre: Centre, tmp_path: Path
) -> None:
    (tmp_path / "stat").write_text("cpu 0 0 0 0 0 0 0 0\n")
    (tmp_path / "meminfo").write_text("MemTotal: 1000 kB\nMemAvailable: 250 kB\n")
    watched.load = Load(tmp_path)
    begin(centre, stations(centre)[0], "2026-05-21T09:00")
    now_is("2026-05-21T09:10")
    watched.look()
    (tmp_path / "stat").write_text("cpu 30 0 10 50 10 0 0 0\n")
    watched.load._next = 0
    watched.look()
    app = staged(watched, tmp_path, Role.READER, centre=lambda: centre)
    for path in ("/charge", "/charge/traces"):
        text = re.sub(r"\s", " ", ask(app, path).text)
        assert "Processeurs : <strong>40 %</strong>" in text
        assert "Mémoire : <strong>75 %</strong>" in text
        assert "Au travail : <strong>1 sur 2</strong>" in text
        assert 'points="359,100 360,60"' in text
        assert 'points="359,25 360,25"' in text


@pytest.mark.parametrize("role", [Role.EXAMINER, Role.READER])
def test_nobody_else_sees_credentials_or_acts(room: StagedRoom, tmp_path: Path, role: Role) -> None:
    acts = StagedActs()
    app = staged(room, tmp_path, role, acts=acts)
    assert ask(app, "/poste/1/identifiants", "POST").status_code == 403
    assert acts.notes == []
    assert "identifiants" not in ask(app, "/poste/1").text
    assert 'name="station"' not in ask(app, "/salle").text


def test_no_credentials_are_shown_that_the_book_does_not_know_of(
    watched: StagedRoom, centre: Centre, tmp_path: Path
) -> None:
    class FullDisk(StagedActs):
        def note(self, *_: object, **__: object) -> None:
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        ask(staged(watched, tmp_path, centre=lambda: centre, acts=FullDisk()), "/poste/1/identifiants", "POST")


# The stream: its events are taken from what makes them, since httpx waits for the end of an answer.


def request_of(app: Starlette, query: Mapping[str, Any], last: str = "") -> Request:
    headers = [(b"last-event-id", last.encode())] if last else []
    text = "&".join(f"{name}={value}" for name, value in query.items())
    person = Person(1, "Mme Riou", Role.TECHNICIAN)
    return Request(
        {
            "type": "http",
            "app": app,
            "headers": headers,
            "query_string": text.encode(),
            "path": "/flux",
            "state": {"person": person},
        }
    )


def events(
    room: StagedRoom,
    folder: Path,
    query: Mapping[str, Any],
    *meanwhile: Callable[[], object],
    last: str = "",
    count: int = 0,
) -> list[tuple[str, str]]:
    """The names and data of the events, each act of `meanwhile` being done when the stream has nothing more to say."""
    app = staged(room, folder)

    async def read() -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        todo = list(meanwhile)
        async with aclosing(room_pages._events(app.state.services, request_of(app, query, last))) as stream:
            async for event in stream:
                assert isinstance(event, ServerSentEvent)
                found.append((str(event.event), str(event.data)))
                if event.event == "clock":
                    if not todo:
                        return found
                    todo.pop(0)()
        return found

    return asyncio.run(asyncio.wait_for(read(), 20))


def test_a_page_that_is_up_to_date_is_sent_the_clock_alone(room: StagedRoom, tmp_path: Path) -> None:
    (name, data), *rest = events(room, tmp_path, {"version": room.current().version})
    assert (name, rest) == ("clock", [])
    told = json.loads(data)
    assert (told["stale"], told["trouble"], len(told["words"])) == (0, False, 8)


def test_a_change_is_sent_at_once_and_only_what_changed(room: StagedRoom, tmp_path: Path) -> None:
    def fail() -> None:
        room.change(5, state=State.BROKEN, line="arrêté", severity=Severity.BROKEN)

    names = events(room, tmp_path, {"version": room.current().version}, fail)
    assert [name for name, _ in names] == ["clock", "places", "clock"]
    html = names[1][1]
    assert html.count('class="tile ') == 1
    assert "arrêté" in html
    assert 'id="tile-5"' in html
    assert 'hx-swap-oob="true"' in html
    assert 'id="summary"' in html


def test_a_list_is_sent_rows(room: StagedRoom, tmp_path: Path) -> None:
    query = {"version": room.current().version, "vue": "liste"}
    names = events(room, tmp_path, query, lambda: room.change(5, line="x"))
    assert "<tr " in names[1][1]
    assert "<li " not in names[1][1]


def test_a_page_that_missed_a_version_is_told_what_it_missed(room: StagedRoom, tmp_path: Path) -> None:
    version = room.current().version
    room.change(1, line="a")
    room.change(2, line="b")
    ((name, html), _) = events(room, tmp_path, {"version": version})
    assert (name, html.count('class="tile ')) == ("places", 2)
    newest = room.current().version
    assert [name for name, _ in events(room, tmp_path, {"version": version}, last=str(newest))] == ["clock"]


@pytest.mark.parametrize("version", ["0", "", "-4", "x", "9" * 30, "\u0663"])
def test_a_page_of_an_unknown_version_asks_for_the_whole(room: StagedRoom, tmp_path: Path, version: str) -> None:
    assert [name for name, _ in events(room, tmp_path, {"version": version})] == ["whole", "clock"]


def test_the_page_of_a_station_is_told_of_its_own_changes(room: StagedRoom, tmp_path: Path) -> None:
    query = {"version": room.current().version, "poste": 5}
    names = events(room, tmp_path, query, lambda: room.change(4, line="a"), lambda: room.change(5, line="b"))
    assert [name for name, _ in names if name != "clock"] == ["nothing", "station"]


def test_what_was_seen_long_ago_is_told_with_the_clock(room: StagedRoom, tmp_path: Path) -> None:
    room._looked -= 60
    ((_, data),) = events(room, tmp_path, {"version": room.current().version})
    assert json.loads(data)["stale"] >= 60


@pytest.mark.parametrize(("name", "digest"), VENDORED.items())
def test_what_is_vendored_is_what_was_published(name: str, digest: str) -> None:
    assert hashlib.sha256((STATIC / "htmx" / name).read_bytes()).hexdigest() == digest
