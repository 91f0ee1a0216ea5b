"""The console's pages of a made-up day, as the manuals show them: one room, its candidates, their work and their archives."""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from provisioner.console import marks, preparation_pages, station_pages
from provisioner.console.acting import Acts
from provisioner.console.app import console
from provisioner.console.pages import STATIC
from provisioner.console.people import People, Person, Role
from provisioner.console.services import Services
from provisioner.console.tiles import Seen, tile_of
from provisioner.console.tries import Tries, TriesWatch
from provisioner.exam import seating
from provisioner.exam.list_update import save_roster
from provisioner.exam.marking import Desk
from provisioner.exam.proposed_list import propose
from provisioner.exam.readiness import Level, Point, Readiness
from provisioner.exam.roster import Line, Roster
from provisioner.exam.seating import assign_stations
from provisioner.leakcheck.entries import Entry
from provisioner.papers import marking as papers
from provisioner.station.act_book import Book
from provisioner.station.centre import Centre, stations
from provisioner.station.markings import Grid
from provisioner.station.markings import Level as GridLevel
from provisioner.station.snapshots import Snapshot
from tests.staged_room import StagedActs, StagedRoom, some_tiles
from tests.unit import marking_room
from tests.unit.exam_room import ZONE, exam_room, now_is
from tests.unit.marking_room import Marked, finding, report_of
from tests.unit.packed import laid, packed
from tests.unit.samples import CANDIDATE
from tests.unit.test_console_keeping import archived

_PEOPLE = ("LE GOFF Maëlle", "ÉVENOU Noé", "KERVELLA Inès", "TANGUY Malo", "RIOU Ewen", "ABGRALL Lou")
_DAY = datetime(2026, 5, 21, 9, tzinfo=ZONE)
_TITLES = "N°;NOM;Prénom;Commission;Sujet;Poste;Date;Heure"
_FAULTY = (
    "0241123;LE GOFF;Maëlle;3;WordPress A;1;21/05/2026;9h00",
    "0241124;ÉVENOU;;3;WordPress Z;99;21/05/2026;9h00",
    "0241125;KERVELLA;Inès;3;WordPress A;1;21/05/2026;9h20",
)
_POINTS = (
    Point("candidates", "Candidats", Level.DONE, "la liste « liste.csv » a 12 candidats, 2 séries ; aujourd'hui"),
    Point("editions", "Éditions", Level.DONE, "WordPress 6.4.2 (2024) : versions conformes, construite hier", act="build"),
    Point("machine", "Disque, mémoire", Level.DONE, "61 Gio libres, 19 Gio de mémoire : assez pour 6 postes"),
    Point("network", "Réseau", Level.LOOK, "câblage « routeur » posé ; dernière preuve il y a 3 jours", "prouvez-le de nouveau aujourd'hui", "prove"),
    Point("clock", "Horloge", Level.DONE, "à l'heure"),
    Point("spares", "Réserve", Level.LOOK, "aucun poste de réserve pour WordPress 6.4.2 (2024)", "préparez-la : le candidat suivant attendra moins", "spare"),
)  # fmt: skip


def pages() -> dict[str, str]:
    """The HTML of each page without its scripts, by its picture's name."""
    with _console() as room:
        made: dict[str, Callable[[Marked], str]] = {
            "console-liste": _list,
            "console-preparation": _preparation,
            "console-jour-j": _day_sheet,
            "console-salle": _room,
            "console-poste": _station,
            "console-commission": _commission,
            "console-examiner": _grid,
            "console-conservation": _kept,
        }
        return {name: _settled(show(room)) for name, show in made.items()}


def styled(source: str) -> str:
    """A page with its sheets of style in it, for a browser that has no server to ask."""

    def sheet(found: re.Match[str]) -> str:
        return f"<style>{(STATIC / found[1]).read_text(encoding='utf-8')}</style>"

    return re.sub(r'<link rel="stylesheet" href="/static/([\w.]+)">', sheet, source)


def is_page(source: str) -> bool:
    """Whether this is the HTML of a page of the console."""
    return '<link rel="stylesheet" href="/static/console.css">' in source


def _settled(page: str) -> str:
    return re.sub(r"<script.*?</script>|<noscript>.*?</noscript>", "", page, flags=re.DOTALL)


def _live(page: str) -> str:
    """A page whose stream has come, as its script shows it."""
    live, count = re.subn(r'(?s)<p class="light still" id="light".*?</p>', '<p class="light live">En direct</p>', page)
    assert count == 1
    return live.replace('class="plain" hidden>', 'class="plain">')


@contextmanager
def _console() -> Iterator[Marked]:
    """The console of a room with two series of three candidates of commission 3, at eight in the morning."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        centre = exam_room(Path(folder), patch)
        patch.setattr(papers, "golden_for", seating.golden_for)
        patch.setattr(preparation_pages, "readiness", lambda *_: Readiness(_POINTS, 3, 3))
        patch.setattr(marking_room, "PEOPLE", {"M. Even": (Role.EXAMINER, "3"), "Mme Gall": (Role.EXAMINER, "3")})
        file, tokens = marking_room._accounts.__wrapped__()
        (Path(folder) / "console.sqlite").write_bytes(file)
        room, acts = StagedRoom(), Acts(Book.of(centre.state), lambda: centre, threads=False)
        room.show()
        services = Services(
            lambda: centre, People(Path(folder) / "console.sqlite", marking_room.QUICK), room, acts, "salle", ZONE
        )
        yield Marked(centre, console(services, ["127.0.0.5"]), StagedActs(), tokens)
        acts.close()


def _seen(room: Marked, path: str, who: str = "Mme Riou") -> str:
    answer = room.get(path, who)
    assert answer.status_code == 200, answer.text
    return answer.text


def _services(room: Marked) -> Services:
    services = room.app.app.state.services
    assert isinstance(services, Services)
    return services


def _watched(room: Marked) -> StagedRoom:
    watch = _services(room).room
    assert isinstance(watch, StagedRoom)
    return watch


def _list(room: Marked) -> str:
    """A list with mistakes, which isn't kept."""
    propose(room.centre, "liste.csv", "\n".join([_TITLES, *_FAULTY]).encode(), "Mme Riou")
    text = _seen(room, "/preparation/liste")
    room.ask("POST", "/preparation/liste/retrait", "Mme Riou")
    lines = [
        Line(f"02411{23 + index}", *_person(index), "3", "wordpress-a", index % 3 + 1, _DAY + timedelta(hours=index // 3))
        for index in range(len(_PEOPLE))
    ]  # fmt: skip
    save_roster(room.centre, Roster(tuple(lines), ()), "liste.csv")
    assign_stations(room.centre)
    return text


def _person(index: int) -> tuple[str, str]:
    name, _, first = _PEOPLE[index].rpartition(" ")
    return name, first


def _preparation(room: Marked) -> str:
    return _seen(room, "/preparation")


def _day_sheet(room: Marked) -> str:
    return _seen(room, "/preparation/jour-j")


def _room(room: Marked) -> str:
    now_is("2026-05-21T09:17")
    present = room.centre.state.present()
    _watched(room).show(*some_tiles(24, present), series="Série 1 sur 2 · 9\xa0h\xa000", expected=24)
    return _live(_seen(room, "/salle"))


def _station(room: Marked) -> str:
    """The first candidate, seventeen minutes after his beginning: with more time, and two tries elsewhere."""
    centre, station = room.centre, stations(room.centre)[0]
    extra = {"at": _at(5), "what": "extra", "minutes": 14, "why": "tiers temps"}
    centre.state.note(
        station.container, clock=[{"at": _at(0), "what": "start", "minutes": 40}, extra], events=[extra], sitting="s"
    )
    _services(room).acts.note(
        Person(1, "Mme Riou", Role.TECHNICIAN), "identifiants affichés", station.name, room="salle"
    )
    taken = [Snapshot("", _DAY + timedelta(minutes=minutes, seconds=12), minutes) for minutes in (5, 10, 15)]
    seen = Seen(
        station, centre.state.record(station.container), centre.state.present(), listed=True, began=True,
        snapshot=taken[-1].at, tries=Tries(2, _DAY + timedelta(minutes=12)),
    )  # fmt: skip
    tries = [
        Entry(f"2026-05-21T07:{minute}:00", "192.0.2.51", "www.example.org", "/", "", "refused", sitting="s", origin="own")
        for minute in (11, 12)
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(station_pages, "snapshots", lambda *_: taken)
        patch.setattr(TriesWatch, "entries_of", lambda *_: tries)
        patch.setattr(station_pages, "container_of", lambda *_: _Made())
        _watched(room).show(tile_of(seen), series="Série 1 sur 2 · 9\xa0h\xa000", expected=3)
        return _live(_seen(room, f"/poste/{station.place}"))


class _Made:
    """A container, as far as a station's page asks for it."""

    created = "2026-05-21T06:10:00"


def _at(minutes: int) -> str:
    return (_DAY + timedelta(minutes=minutes)).isoformat()


def _commission(room: Marked) -> str:
    """The commission once the first series is examined, and M. Even has marked one of it and begun another."""
    reply = {
        "expected": "une réponse publique à Solène Guivarc’h, qui dit « dimanche » et « 18 h »",
        "observed": "« Bonjour Solène, le stand sera ouvert dimanche jusqu’à 18 h. À bientôt ! »",
    }
    found = [
        [finding("met", "publier un article", "L’article est publié dans « Événements ».")],
        [finding("not_met", "articles par page", "La page en montre 10.")],
        [finding("met", "menu principal", "Le menu est celui de l’annexe.")],
        [
            {**finding("to_judge", "qualité de la réponse (à apprécier)", ""), **reply},
            {
                **finding("met", "approuver le commentaire", "Le commentaire est approuvé."),
                "expected": "le commentaire, approuvé",
            },
        ],
        [finding("met", "auteur", "L’auteur est Maëlle Kervoas.")],
    ]
    for place in (1, 2, 3):
        room.examine(report_of(*found), {}, place)
    entries = room.centre.state.entries("salle")
    for index, mark in ((0, "14"), (1, "")):
        desk = Desk(room.centre, entries[index], "M. Even")
        questions = _skills(room.centre, index)
        for number, skills in questions:
            desk.write(number, dict.fromkeys(skills, GridLevel.SATISFACTORY), "", 0, agreed=False)
        desk.write("appreciation", {}, "Travail soigné ; la réponse au commentaire est bien adressée.", 0, agreed=False)
        if mark:
            desk.write("note", {}, mark, 0, agreed=False)
            desk.finish()
    return _seen(room, "/commission/3", "M. Even")


def _skills(centre: Centre, index: int) -> list[tuple[str, list[str]]]:
    """The questions that M. Even has marked of a candidate, with their skills."""
    entry = centre.state.entries("salle")[index]
    return [(one.number, [skill for skill, _ in one.skills]) for one in marks.entered(entry, Grid())[: 5 - index]]


def _grid(room: Marked) -> str:
    return _seen(room, f"{marks.address_of(room.centre.state.entries('salle')[1])}?question=4", "M. Even")


def _kept(room: Marked) -> str:
    now_is("2026-05-21T18:05")
    image, golden, _ = packed()
    laid(room.centre.state.archives, golden, image)
    report = {"report/report.json": b'{"taken_at": "2026-05-21T09:40:00+02:00"}', "report/report.html": b"x"}
    for place in (1, 2, 3):
        name, first = _person(place - 1)
        number = f"02411{22 + place}"
        candidate = {**CANDIDATE, "key": number, "number": number, "name": name, "first_name": first, "commission": "3"}
        examined = {"members": report, "report": "report/report.html"} if place < 3 else {}
        archived(
            room.centre,
            f"salle-poste-{place:02}-{place:06x}-20260521-094000.e5b.zip",
            candidate=candidate,
            place=place,
            **examined,
        )
    _watched(room).show(series="Série 2 sur 2 · 10\xa0h\xa000")
    return _seen(room, "/conservation")
