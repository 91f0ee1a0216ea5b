"""A station's story: what is in it, in which order, and by whom."""

from datetime import datetime, timedelta
from typing import Any

from provisioner.console.story import Deed, Moment, story
from provisioner.core.records import SittingRecord
from provisioner.leakcheck.entries import Entry
from provisioner.station.snapshots import Snapshot
from tests.unit.exam_room import ZONE
from tests.unit.samples import CANDIDATE

NINE = datetime(2026, 5, 21, 9, tzinfo=ZONE)


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def iso(minutes: int) -> str:
    return at(minutes).isoformat()


def record(**values: Any) -> SittingRecord:
    clock = [{"at": iso(0), "what": "start", "minutes": 40}]
    return SittingRecord(user="u", password="p").changed({"candidate": CANDIDATE, "clock": clock, **values})


def entry(what: Any, minute: int, origin: Any = "own", host: str = "www.example.org") -> Entry:
    moment = f"2026-05-21T07:{minute:02}:00+00:00"
    return Entry(moment, "10.0.0.7", host, "/", "", what, "poste-01", opened="poste-01", sitting="s1", origin=origin)


def told(moments: list[Moment]) -> list[str]:
    lines = []
    for moment in moments:
        times = f" ×{moment.times}" if moment.times > 1 else ""
        who = f", par {moment.who}" if moment.who else ""
        detail = f" {moment.detail}" if moment.detail else ""
        lines.append(f"{moment.at:%H:%M} {moment.what}{times}{who}{detail}".replace("\N{NO-BREAK SPACE}", " "))
    return lines


def test_a_whole_sitting_is_told_newest_first() -> None:
    clock = [
        {"at": iso(0), "what": "start", "minutes": 40},
        {"at": iso(21), "what": "extra", "minutes": 13, "why": "tiers temps"},
    ]
    events = [
        {"at": iso(21), "what": "extra", "minutes": 13, "why": "tiers temps"},
        {"at": iso(30), "what": "rewind", "to": iso(25), "why": "menu effacé"},
        {"at": iso(31), "what": "replace"},
        {"at": iso(32), "what": "free"},
    ]
    read = record(
        clock=clock,
        events=events,
        reports=["/r/20260521-093300", "/r/20260521-100000"],
        examined_at=iso(60),
        archived={"taken_at": iso(65), "file": "poste-01.tar"},
    )
    snapshots = [Snapshot("a", at(5), 1), Snapshot("b", at(29), 2, left=True)]
    moments = story(read, snapshots, [entry("signed_in", 1), entry("refused", 44)], at(70))
    assert told(moments) == [
        "10:05 archivé et relu poste-01.tar",
        "10:00 examiné",
        "09:53 fin du temps",
        "09:44 refus : www.example.org la machine du candidat, 10.0.0.7",
        "09:33 examiné",
        "09:32 le candidat change de machine",
        "09:31 remplacé par un poste neuf, avec le travail",
        "09:30 ramené au cliché de 9 h 25 « menu effacé »",
        "09:29 état d’avant un retour « Ramener » à 09:29:00 y revient",
        "09:21 13 minutes de plus « tiers temps »",
        "09:05 cliché de 09:05:00",
        "09:01 connexion la machine du candidat, 10.0.0.7",
        "09:00 début, pour 40 minutes",
    ]
    assert [moment.what for moment in moments if moment.tone == "amber"] == [
        "refus : www.example.org",
        "le candidat change de machine",
        "remplacé par un poste neuf, avec le travail",
        "ramené au cliché de 9\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}25",
    ]


def test_a_stop_is_the_end_and_a_time_that_runs_has_none() -> None:
    assert told(story(record(), [], [], at(10))) == ["09:00 début, pour 40 minutes"]
    clock = [{"at": iso(0), "what": "start", "minutes": 40}, {"at": iso(12), "what": "stop", "why": "malade"}]
    assert told(story(record(clock=clock), [], [], at(50))) == [
        "09:12 fin, avant l’heure « malade »",
        "09:00 début, pour 40 minutes",
    ]
    assert story(SittingRecord(user="u", password="p"), [], [], at(0)) == []


def test_the_same_again_is_counted_and_what_nobody_has_to_read_is_left_out() -> None:
    entries = [
        entry("refused", 5),
        entry("refused", 7),
        entry("background", 8),
        entry("contact", 8),
        entry("visit", 8),
        entry("barred", 9, "other"),
        entry("late", 10),
        entry("refused", 11),
    ]
    assert told(story(record(clock=[]), [], entries, at(20))) == [
        "09:11 refus : www.example.org la machine du candidat, 10.0.0.7",
        "09:10 envoi arrivé après la fin la machine du candidat, 10.0.0.7",
        "09:09 demande refusée, le poste est lié à une autre machine une autre machine, 10.0.0.7",
        "09:07 refus : www.example.org ×2 la machine du candidat, 10.0.0.7",
    ]


def test_what_a_site_asks_for_turns_no_writing_around() -> None:
    (moment,) = story(record(clock=[]), [], [entry("refused", 5, host="a\u202eb")], at(20))
    assert moment.what == "refus : a[U+202E]b"


def test_the_book_of_acts_says_by_whom() -> None:
    clock = [
        {"at": iso(0), "what": "start", "minutes": 40},
        {"at": iso(20), "what": "extra", "minutes": 5},
        {"at": iso(25), "what": "extra", "minutes": 5},
    ]
    deeds = [
        Deed("start", at(0), at(1), "Mme Riou"),
        Deed("extra", at(20), at(20), "M. Le Gall"),
        Deed("stop", at(25), None, "Mme Riou"),
        Deed("note", at(30), at(30), "Mme Riou", "identifiants affichés"),
    ]
    assert told(story(record(clock=clock), [], [], at(35), deeds)) == [
        "09:30 identifiants affichés, par Mme Riou",
        "09:25 5 minutes de plus",
        "09:20 5 minutes de plus, par M. Le Gall",
        "09:00 début, pour 40 minutes, par Mme Riou",
    ]
