"""What the room's screen says of each place, of made-up records and an engine in memory."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.console import looking, tiles, tries, watching
from provisioner.console.looking import Eyes, ReadOnce, series_in_words
from provisioner.console.tiles import (
    Seen,
    Severity,
    State,
    Tile,
    by_severity,
    counts,
    subject_in_words,
    tile_of,
)
from provisioner.console.tries import Tries, TriesWatch, tries_of
from provisioner.console.watching import RoomView, RoomWatch
from provisioner.core.errors import EngineError
from provisioner.core.model import Conformity, Station
from provisioner.core.records import MISSING, UNREADABLE, SittingRecord
from provisioner.engine.protocol import Output
from provisioner.exam.list_update import save_roster
from provisioner.exam.roster import Roster
from provisioner.leakcheck.entries import Entry
from provisioner.leakcheck.refused_tries import log_file
from provisioner.network.gateway import Gateway, LastWork
from provisioner.station.centre import Centre, stations
from tests.unit.exam_room import ROSTER, ZONE, begin, now_is
from tests.unit.fake_engine import FakeEngine
from tests.unit.samples import CANDIDATE

NINE = datetime(2026, 5, 21, 9, tzinfo=ZONE)
STATION = Station(
    "poste-01",
    1,
    "salle",
    "wordpress-2024",
    "wordpress-a",
    "http://localhost:8101",
    "sha256:a",
    "c0ffee",
    "prêt",
    Conformity(),
    NINE,
    {},
)


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def record(**values: Any) -> SittingRecord:
    return SittingRecord(user="u", password="p").changed({"candidate": CANDIDATE, **values})


def started(*more: dict[str, Any], **values: Any) -> SittingRecord:
    clock = [{"at": NINE.isoformat(), "what": "start", "minutes": 40}, *more]
    return record(clock=clock, sitting="s1", **values)


def tile(read: SittingRecord, minutes: int = 0, state: str = "prêt", **seen: Any) -> Tile:
    return tile_of(Seen(replace(STATION, state=state), read, at(minutes), listed=True, **seen))


def words(shown: Tile) -> tuple[State, str]:
    return shown.state, shown.line.replace("\N{NO-BREAK SPACE}", " ")


EXAMINED = {"reports": ["/r/20260521-094500"], "examined_at": at(45).isoformat()}
ARCHIVED = {"archived": {"taken_at": at(50).isoformat(), "booted": 0.0, "reports": 1}}


@pytest.mark.parametrize(
    ("read", "minutes", "state", "line"),
    [
        (record(), -20, State.READY, "attendu, 9 h 00"),
        (record(), 60 * 24, State.READY, "attendu, 21 mai 2026, 9 h 00"),
        (record(candidate=None), 0, State.READY, "n’attend personne"),
        (record(candidate=None, practice=True), 0, State.READY, "entraînement"),
        (started(), 3, State.WORKING, "début 9 h 00"),
        (started(), 34, State.WORKING, "cliché en retard"),
        (started(), 36, State.LAST_MINUTES, "cliché en retard"),
        (started(), 40, State.OVER, "à examiner"),
        (started({"at": at(10).isoformat(), "what": "stop"}), 12, State.OVER, "à examiner"),
        (started(**EXAMINED), 46, State.EXAMINED, "à archiver"),
        (started(reports=["/r"], examined_at=at(30).isoformat()), 46, State.OVER, "à examiner de nouveau"),
        (started(**EXAMINED, **ARCHIVED), 55, State.ARCHIVED, "examiné"),
        (started(**ARCHIVED), 55, State.ARCHIVED, "pas examiné"),
        (MISSING, 0, State.UNREAD, "notes illisibles"),
        (UNREADABLE, 0, State.UNREAD, "notes illisibles"),
    ],
)
def test_a_tile_says_how_far_the_station_is(read: SittingRecord, minutes: int, state: State, line: str) -> None:
    assert words(tile(read, minutes)) == (state, line)


@pytest.mark.parametrize(
    ("state", "severity", "line"),
    [
        ("en défaut", Severity.BROKEN, "ne répond pas"),
        ("plein", Severity.FULL, "disque plein"),
        ("arrêté", Severity.BROKEN, "arrêté"),
        ("redémarre", Severity.BROKEN, "redémarre"),
        ("pas démarré", Severity.BROKEN, "pas démarré"),
    ],
)
def test_a_site_that_does_not_serve_is_broken_whoever_works_there(state: str, severity: Severity, line: str) -> None:
    shown = tile(started(), 10, state)
    assert (shown.state, shown.severity, shown.line, shown.tone) == (State.BROKEN, severity, line, "bad")
    assert shown.left == 30 * 60


def test_a_pause_is_a_snapshot_unless_it_lasts() -> None:
    assert tile(started(), 3, "en pause").state is State.WORKING
    assert words(tile(started(), 3, "en pause", paused=True)) == (State.BROKEN, "en pause")


def test_what_matters_most_is_said_first() -> None:
    some = Tries(refused=2, last=at(5), stranger="10.0.0.7", came=at(7))
    shown = [
        tile(started(), 20, "en défaut", tries=some),
        tile(started(), 20, "plein", tries=some),
        tile(started(), 20, tries=some),
        tile(started(), 20, tries=replace(some, came=None)),
        tile(started(), 20, work=LastWork(saved=at(8))),
        tile(started(), 20, work=LastWork(saved=at(8)), snapshot=at(19)),
        tile(started(), 20, work=LastWork(saved=at(18)), snapshot=at(19)),
        tile(started(), 20, snapshot=at(19)),
    ]
    assert [words(each)[1] for each in shown] == [
        "ne répond pas",
        "disque plein",
        "machine inconnue",
        "2 refus, 9 h 05",
        "cliché en retard",
        "rien enregistré depuis 12 min",
        "enregistré 9 h 18",
        "cliché 9 h 19",
    ]
    assert [each.severity for each in shown] == sorted((each.severity for each in shown), reverse=True)


def test_what_was_saved_before_a_candidate_began_is_not_his() -> None:
    shown = tile(started(), 20, work=LastWork(saved=at(-3)), snapshot=at(19))
    assert (words(shown)[1], shown.saved) == ("cliché 9 h 19", None)


@pytest.mark.parametrize(
    ("work", "line"),
    [
        (LastWork(signed_in=at(2)), "rien enregistré depuis 18 min"),
        (LastWork(signed_in=at(12)), "cliché 9 h 19"),
        (LastWork(signed_in=at(-30), saved=at(-20)), "cliché 9 h 19"),  # the last candidate's
        (LastWork(), "cliché 9 h 19"),
    ],
)
def test_who_has_signed_in_and_never_saved_is_said_too(work: LastWork, line: str) -> None:
    assert words(tile(started(), 20, work=work, snapshot=at(19)))[1] == line


def test_what_was_saved_before_a_site_was_taken_back_is_not_in_it() -> None:
    gone_back = started(events=[{"at": at(9).isoformat(), "what": "rewind", "to": at(5).isoformat()}])
    work = LastWork(signed_in=at(1), saved=at(8))
    shown = tile(gone_back, 12, work=work, snapshot=at(10))
    assert (words(shown)[1], shown.saved) == ("cliché 9 h 10", None)
    assert words(tile(gone_back, 20, work=work, snapshot=at(18)))[1] == "rien enregistré depuis 11 min"
    assert words(tile(gone_back, 20, work=LastWork(saved=at(11)), snapshot=at(18)))[1] == "enregistré 9 h 11"


@pytest.mark.parametrize(
    ("subject", "short"),
    [("WordPress A", "WP A"), ("PrestaShop B", "PS B"), ("portes-ouvertes", "portes-ouvertes"), ("", "")],
)
def test_the_plan_has_room_for_a_short_subject(subject: str, short: str) -> None:
    assert Tile("poste-01", 1, subject=subject).short_subject == short


def test_a_tile_has_what_its_line_leaves_out() -> None:
    shown = tile(started(), 20, work=LastWork(saved=at(18)), snapshot=at(19), tries=Tries(refused=2))
    assert (words(shown)[1], shown.details.replace("\xa0", " ")) == ("enregistré 9 h 18", "cliché 9 h 19, 2 refus")


def test_a_candidate_is_absent_once_others_of_his_hour_have_begun() -> None:
    assert tile(record(), 15).state is State.READY
    assert tile(record(), 5, began=True).state is State.READY
    shown = tile(record(), 15, began=True)
    assert (*words(shown), shown.tone) == (State.ABSENT, "attendu, 9 h 00", "amber")


def test_extra_time_and_what_is_left_are_in_the_tile() -> None:
    shown = tile(started({"at": at(20).isoformat(), "what": "extra", "minutes": 13}), 20)
    assert (shown.extra, shown.left_in_words, shown.end, shown.seconds) == (13, "33:00", at(53), 53 * 60)


def test_a_tile_is_the_same_while_only_its_time_runs() -> None:
    assert tile(started(), 3) == tile(started(), 4)
    assert tile(started(), 34) != tile(started(), 36)


def test_what_a_list_says_turns_no_writing_around() -> None:
    shown = tile(record(candidate={**CANDIDATE, "name": "GOFF\u202e"}))
    assert shown.candidate == "GOFF[U+202E] Anne"


def test_a_subject_is_named_by_its_site_and_letter() -> None:
    assert subject_in_words("wordpress-2024", "wordpress-b") == "WordPress B"
    assert subject_in_words("wordpress-2024", "portes-ouvertes") == "portes-ouvertes"


def entry(what: Any, origin: Any = "", sitting: str = "s1", minute: int = 5, times: int | None = None) -> Entry:
    moment = f"2026-05-21T07:{minute:02}:00+00:00"
    return Entry(
        moment, "10.0.0.7", "www.example.org", "/", "", what, "poste-01", times=times, sitting=sitting, origin=origin
    )


def test_tries_are_counted_by_sitting() -> None:
    found = tries_of(
        [
            entry("refused"),
            entry("refused", minute=7, times=3),
            entry("background"),
            entry("signed_in", "own"),
            entry("contact", "other"),
            entry("refused", sitting=""),
            entry("barred", "other", "s2", 9),
        ]
    )
    assert found == {
        "s1": Tries(refused=4, last=at(7)),
        "s2": Tries(stranger="10.0.0.7", came=at(9)),
    }


def test_incidents_come_first_and_states_are_counted() -> None:
    shown = [
        replace(tile(started(), 3), place=1),
        replace(tile(started(), 3, "arrêté"), place=2),
        replace(tile(record()), place=3),
    ]
    assert [each.place for each in by_severity(shown)] == [2, 1, 3]
    assert counts(shown) == [(1, State.READY), (1, State.WORKING), (1, State.BROKEN)]


# The watcher.


@pytest.fixture
def watch(centre: Centre) -> RoomWatch:
    watch = RoomWatch(lambda: centre)
    watch.look()
    return watch


def engine_of(centre: Centre) -> FakeEngine:
    assert isinstance(centre.engine, FakeEngine)
    return centre.engine


def test_the_room_is_seen_with_its_series(watch: RoomWatch) -> None:
    view = watch.current()
    assert [(each.place, each.number, each.state) for each in view.tiles] == [
        (1, "1", State.READY),
        (2, "2", State.READY),
    ]
    assert view.series.replace("\N{NO-BREAK SPACE}", " ") == "Série 1 sur 2 · 9 h 00"
    assert (view.expected, view.trouble, view.remarks) == (2, "", ())


def test_a_look_that_sees_nothing_new_is_no_new_version(watch: RoomWatch) -> None:
    before = watch.current()
    now_is("2026-05-21T08:01")
    after = watch.look()
    assert (after.version, after.tiles) == (before.version, before.tiles)
    assert after.at - before.at == timedelta(minutes=1)


def test_a_page_gets_the_tiles_that_changed_since_its_version(centre: Centre, watch: RoomWatch) -> None:
    first = watch.current().version
    now_is("2026-05-21T09:01")
    begin(centre, stations(centre)[0], "2026-05-21T09:00")
    watch.look()
    second = watch.since(first)
    assert [(each.place, each.state) for each in second.tiles] == [(1, State.WORKING)]
    assert watch.since(second.version).tiles == ()
    begin(centre, stations(centre)[1], "2026-05-21T09:01")
    watch.look()
    assert [each.place for each in watch.since(first).tiles] == [1, 2]
    assert [each.place for each in watch.since(second.version).tiles] == [2]
    assert not watch.since(second.version).whole


def test_a_page_of_another_console_or_with_other_places_asks_for_the_whole(centre: Centre, watch: RoomWatch) -> None:
    version = watch.current().version
    assert watch.since(version - 1000).whole
    assert watch.since(version + 1000).whole
    for container in list(engine_of(centre).boxes.values()):
        engine_of(centre).remove(container.id)
    save_roster(centre, Roster(ROSTER.entries[1:2], ()), "liste.csv")
    watch.look()
    assert watch.since(version).whole


def test_a_station_that_dies_is_seen_at_the_next_look(centre: Centre, watch: RoomWatch) -> None:
    engine, station = engine_of(centre), stations(centre)[1]
    engine.stop(station.container)
    shown = watch.look().tile(2)
    assert shown is not None
    assert (shown.state, shown.line) == (State.BROKEN, "arrêté")
    engine.remove(station.container)
    shown = watch.look().tile(2)
    assert shown is not None
    assert (shown.state, shown.line, shown.number) == (State.BROKEN, "aucun poste ici", "2")


def test_a_station_that_is_ill_is_seen_once_the_engine_is_asked(
    centre: Centre, watch: RoomWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, station = engine_of(centre), stations(centre)[0]
    engine.boxes[station.container] = replace(engine.boxes[station.container], health="unhealthy")
    assert watch.look().tiles[0].state is State.READY  # the engine's list doesn't tell
    monkeypatch.setattr(looking, "_HEALTH", 0)
    assert watch.look().tiles[0].line == "ne répond pas"
    monkeypatch.setattr(looking, "_HEALTH", 60)
    assert watch.look().tiles[0].line == "ne répond pas"


def test_the_last_snapshot_of_a_sitting_is_seen(
    centre: Centre, watch: RoomWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = stations(centre)[0]
    begin(centre, station, "2026-05-21T09:00")
    centre.state.note(station.container, sitting="s1")
    for number, minute in ((2, "10"), (1, "05")):
        labels = {
            "e5b.kind": "snapshot",
            "e5b.room": "salle",
            "e5b.sitting": "s1",
            "e5b.number": str(number),
            "e5b.at": f"2026-05-21T09:{minute}:00+02:00",
        }
        engine_of(centre).commit(station.container, None, labels)
    now_is("2026-05-21T09:12")
    monkeypatch.setattr(looking, "_SNAPSHOTS", 0)
    assert words(watch.look().tiles[0])[1] == "cliché 9 h 10"


def test_an_engine_that_does_not_answer_is_said_and_the_room_is_seen_again_afterwards(
    centre: Centre, watch: RoomWatch
) -> None:
    before = watch.current()
    engine_of(centre).fail = "containers"
    broken = watch.look()
    assert broken.trouble == "containers a échoué"
    assert (broken.tiles, broken.at) == (before.tiles, before.at)
    assert broken.version > before.version
    assert watch.look().version == broken.version
    engine_of(centre).fail = ""
    assert watch.look().trouble == ""


def test_a_room_that_cannot_be_opened_or_a_mistake_of_ours_is_said() -> None:
    def closed() -> Centre:
        raise EngineError("Le moteur est arrêté.")

    def mistaken() -> Centre:
        raise KeyError("x")

    assert RoomWatch(closed).look().trouble == "Le moteur est arrêté."
    assert "KeyError" in RoomWatch(mistaken).look().trouble


def test_who_must_know_is_told_each_time_the_room_is_opened_anew(
    centre: Centre, watch: RoomWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = list[Centre]()
    watch.on_opened = told.append
    watch.look()
    assert told == []
    monkeypatch.setattr(watching, "_CENTRE", -1.0)
    watch.look()
    assert told == [centre]


def test_what_was_seen_long_ago_is_stale(watch: RoomWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    assert watch.stale() == 0
    version = watch.current().version
    monkeypatch.setattr(watching, "STALE", -1.0)
    assert watch.stale() > 0
    assert watch.current().trouble.startswith("Elle n’a plus pu être regardée depuis")
    assert watch.current().version == version
    watch.look()
    monkeypatch.setattr(watching, "STALE", 5.0)
    assert watch.current().trouble == ""
    assert watch.since(version).whole  # pages that were made meanwhile say that it isn't read


def test_a_room_that_was_never_looked_at_is_not_said_to_be_so_since_the_machine_began(centre: Centre) -> None:
    watch = RoomWatch(lambda: centre)
    assert (watch.stale(), watch.current().trouble) == (0, "La salle n’a pas encore été lue.")


def test_pages_of_a_room_that_cannot_be_read_are_made_anew_once_it_can(centre: Centre, watch: RoomWatch) -> None:
    engine_of(centre).fail = "containers"
    version = watch.look().version
    engine_of(centre).fail = ""
    watch.look()
    assert watch.since(version).whole


def test_a_list_that_cannot_be_read_hides_no_station(centre: Centre, watch: RoomWatch) -> None:
    path = centre.state.folder / "rosters" / "salle.json"
    path.write_text("{")
    view = watch.look()
    assert (len(view.tiles), view.trouble) == (2, "")
    assert "n’est plus lisible" in view.remarks[0]


def test_a_record_that_cannot_be_read_is_said_at_its_station_alone(centre: Centre, watch: RoomWatch) -> None:
    station = stations(centre)[0]
    (centre.state.folder / "stations" / f"{station.container[:24]}.json").write_text("{")
    assert [each.state for each in watch.look().tiles] == [State.UNREAD, State.READY]


@pytest.mark.parametrize(("label", "value"), [("e5b.differs", "{"), ("e5b.subject", None), ("e5b.place", "x")])
def test_a_station_that_cannot_be_made_out_hides_no_other(
    centre: Centre, watch: RoomWatch, label: str, value: str | None
) -> None:
    engine, station = engine_of(centre), stations(centre)[0]
    box = engine.boxes[station.container]
    labels = {name: text for name, text in {**box.labels, label: value}.items() if text is not None}
    engine.boxes[station.container] = replace(box, labels=labels)
    view = watch.look()
    assert (view.trouble, [(each.place, each.state) for each in view.tiles]) == (
        "",
        [(1, State.UNREAD), (2, State.READY)],
    )
    assert "poste-01 n’a pas pu être lu" in view.remarks[0]


def test_the_entrance_is_asked_in_the_background_when_something_was_saved(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(centre, stations(centre)[0], "2026-05-21T09:00")
    now_is("2026-05-21T09:06")
    monkeypatch.setattr("provisioner.core.clock.rehearsed", lambda: False)
    answers: list[dict[int, LastWork]] = [{1: LastWork(saved=at(5)), 9: LastWork(saved=at(1))}]
    asking = threading.Event()

    def last_work(_: Gateway) -> dict[int, LastWork]:
        assert asking.wait(30)
        return answers.pop()  # fails where it is empty

    monkeypatch.setattr(Gateway, "last_work", last_work)
    eyes = Eyes(TriesWatch())
    assert eyes.look(centre).tiles[0].saved is None  # it waits for no answer
    asking.set()
    (thread,) = [one for one in threading.enumerate() if one.name == "e5b-enregistrements"]
    thread.join(30)
    for _ in range(2):  # the second look is too soon to ask again
        assert [each.saved for each in eyes.look(centre).tiles] == [at(5), None]
    eyes.saves._asked = float("-inf")
    eyes.look(centre)
    for thread in threading.enumerate():
        if thread.name == "e5b-enregistrements":
            thread.join(30)
    assert eyes.look(centre).tiles[0].saved == at(5)  # one answer that fails doesn't count yet
    eyes.saves._answered -= 60
    assert eyes.look(centre).tiles[0].saved is None


def test_in_a_rehearsal_nothing_is_said_of_saving(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(centre, stations(centre)[0], "2026-05-21T09:00")
    now_is("2026-05-21T09:06")
    monkeypatch.setattr(Gateway, "last_work", lambda _: pytest.fail("the entrance was asked"))
    eyes = Eyes(TriesWatch())
    eyes.look(centre)
    assert eyes.saves._thread is None


def test_the_entrance_tells_by_its_files_when_something_was_saved(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = b"saved.1-abc 1779347100\nsaved.1- 1779346800\n1-abc 1779346700\n1-abc-192.0.2.7 1779346999\nsaved.2- x\n"
    told += b"saved.3- 999999999999\nsaved.77 5\nnoise\n"
    monkeypatch.setattr(Gateway, "find", lambda _: SimpleNamespace(id="g", state="running"))
    monkeypatch.setattr(engine_of(centre), "run", lambda *_, **__: Output(0, told, b""))
    signed_in, saved = (datetime.fromtimestamp(at, UTC) for at in (1779346700, 1779347100))
    assert centre.gateway.last_work() == {1: LastWork(signed_in, saved)}
    monkeypatch.setattr(Gateway, "find", lambda _: None)
    assert centre.gateway.last_work() == {}


def test_a_record_is_parsed_again_only_where_it_changed(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    station, read = stations(centre)[0], list[Path]()
    once = ReadOnce(centre.state)
    original = Path.read_bytes

    def counted(path: Path) -> bytes:
        read.append(path)
        return original(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    assert once.record(station.container) is once.record(station.container)
    assert len(read) == 1
    centre.state.note(station.container, sitting="s9")
    assert once.record(station.container).sitting == "s9"


def test_the_series_is_the_last_whose_hour_is_near(centre: Centre) -> None:
    entries = centre.state.entries("salle")

    def series(hour: str) -> str:
        present = datetime.fromisoformat(f"{hour}:00+02:00").astimezone(ZONE)
        return series_in_words(entries, present)[0].replace("\N{NO-BREAK SPACE}", " ")

    assert series("2026-05-21T09:44") == "Série 1 sur 2 · 9 h 00"
    assert series("2026-05-21T09:45") == "Série 2 sur 2 · 10 h 00"
    assert series("2026-05-20T12:00") == "Série 1 sur 2 · 21 mai 2026, 9 h 00"
    assert series("2026-05-22T12:00") == "Série 2 sur 2 · 21 mai 2026, 10 h 00"
    assert series_in_words((), NINE) == ("", 0)


def test_tries_are_read_where_the_record_changed_and_collected_while_candidates_work(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    collected: list[int] = []

    def collect(_: Centre) -> str:
        collected.append(1)
        return "Il manque quelque chose."

    monkeypatch.setattr(tries, "collect", collect)
    courier = TriesWatch()

    def refresh(working: bool) -> None:
        courier.refresh(centre, working=working)
        if courier._thread:
            courier._thread.join()

    refresh(working=False)
    path = log_file(centre)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(entry("refused").json()) + "\n")
    refresh(working=False)
    assert (courier.of("", "s1").refused, collected) == (1, [])
    assert [each.host for each in courier.entries_of("s1")] == ["www.example.org"]
    refresh(working=True)
    refresh(working=True)
    assert (collected, courier.incomplete) == ([1], "Il manque quelque chose.")
    assert Eyes(courier).look(centre).remarks == ("Il manque quelque chose.",)


@pytest.mark.parametrize("error", [EngineError("L'entrée ne répond pas."), ValueError("x")])
def test_tries_that_cannot_be_read_are_said(
    centre: Centre, watch: RoomWatch, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_: Centre) -> str:
        raise error

    monkeypatch.setattr(tries, "collect", fail)
    begin(centre, stations(centre)[0], "2026-05-21T08:00")
    watch.look()
    courier = watch.tries()
    assert courier._thread is not None
    courier._thread.join()
    (remark,) = watch.look().remarks
    assert ("répond pas" in remark) or ("ValueError" in remark)


@pytest.fixture
def running(watch: RoomWatch) -> Iterator[RoomWatch]:
    watch.start()
    yield watch
    watch.stop()


def test_a_change_reaches_every_page_that_waits(centre: Centre, running: RoomWatch) -> None:
    """Two pages in loops of their own; the change is made as another command makes it."""
    version, got = running.current().version, list[tuple[int, ...]]()

    async def page() -> None:
        async for change in running.changes(version):
            got.append(tuple(each.place for each in change.tiles))
            return

    pages = [threading.Thread(target=lambda: asyncio.run(asyncio.wait_for(page(), 20))) for _ in range(2)]
    for each in pages:
        each.start()
    begin(centre, stations(centre)[1], "2026-05-21T08:00")
    running.poke()
    for each in pages:
        each.join(20)
    assert got == [(2,), (2,)]


def test_a_wait_ends_without_a_change(watch: RoomWatch) -> None:
    version = watch.current().version
    assert not asyncio.run(watch.wait(version, 0.01))
    assert asyncio.run(watch.wait(version - 1, 0.01))


def test_a_view_knows_its_places() -> None:
    view = RoomView(1, NINE, (Tile("poste-03", 3),))
    assert view.tile(4) is None
    assert view.tile(3) == Tile("poste-03", 3)
    assert tiles.Severity.UNREAD > tiles.Severity.BROKEN
