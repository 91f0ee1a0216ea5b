"""A thousand days of acts, as a tired technician might press them: no work is lost, nobody is left out without a reason.

Each day is drawn by a fixed seed, so that one which fails fails again: acts of the screen on a room of three places and a list
of three series, the clock that moves between them, candidates who save, snapshots, forms that are sent twice, an archive or
the engine that fails. The use-cases themselves run, on an engine in memory.
"""

import os
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from provisioner.console import series_change
from provisioner.console.act_kinds import KINDS
from provisioner.console.acting import Acts
from provisioner.core import batches, interruption
from provisioner.core.documents import Record
from provisioner.core.errors import ArchiveSpoilt, Busy, EngineUnavailable, ProvisionerError
from provisioner.core.model import Verdict
from provisioner.core.records import Examined, SittingRecord
from provisioner.station import access, act_book, freezing, sittings, snapshots, spares
from provisioner.station import state as state_module
from provisioner.station.act_book import Book
from provisioner.station.acts import Act, Outcome
from provisioner.station.centre import Centre, station_named, stations
from provisioner.station.state import State
from tests.unit.console_acts import PERSON
from tests.unit.day_room import Day, day
from tests.unit.exam_room import ZONE

SEQUENCES, ACTS = 1000, 6
ROOM = ["poste-01", "poste-02", "poste-03"]
#: How often each kind is pressed: what makes a day comes more often than what mends it.
WEIGHTS = {
    "start": 7, "extra": 4, "stop": 3, "examine": 1, "archive": 2, "reset": 3, "next": 1, "series": 5, "replace": 2, "rewind": 2,
}  # fmt: skip
#: How many minutes pass before an act.
PAUSES = (0, 1, 2, 5, 12, 41)


class AtOnce:
    """A pool that does what is submitted at once, in its order: what comes of a seed is then always the same."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> "AtOnce":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, run: Callable[..., Any], *args: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(run(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, **_: object) -> None:
        pass


@contextmanager
def in_memory() -> Iterator[pytest.MonkeyPatch]:
    """One thread, no locks on the disk (but a station that is held is), no waiting for the disk."""
    held = set[str]()

    @contextmanager
    def holding(_: State, room: str, name: str, command: str) -> Iterator[None]:
        if name in held:
            raise Busy(f"{name} est occupé par « e5b {command} ».")
        held.add(name)
        try:
            yield
        finally:
            held.discard(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        patch.setattr(State, "holding", holding)
        _parse_once(patch)
        for module in (access, act_book, freezing, state_module):
            patch.setattr(module, "locked", lambda *_, **__: nullcontext())
        for pool_of in (batches, interruption, spares):
            patch.setattr(pool_of, "ThreadPoolExecutor", AtOnce)
        patch.setattr("provisioner.examination.examine.examine", _examine)
        patch.setattr("provisioner.examination.examine_archive.examine_archive", _examine_archive)
        patch.setattr(series_change._Change, "_write_sheets", lambda *_: None)
        patch.setattr(series_change, "_examined_after", lambda _: Morning.examined_after)
        yield patch


def _parse_once(patch: pytest.MonkeyPatch) -> None:
    """Have a document of the state folder be parsed once for each time that it is written: a day reads it a thousand times."""
    read, forget, write = State.record, State.forget, State._write_document

    def record(state: State, container: str) -> SittingRecord:
        path = state._station(container)
        if path not in _parsed:
            _parsed[path] = read(state, container)
        return _parsed[path]

    def written(state: State, path: Path, document: Record) -> None:
        _parsed.pop(path, None)
        write(state, path, document)

    def forgotten(state: State, container: str) -> None:
        _parsed.pop(state._station(container), None)
        forget(state, container)

    patch.setattr(State, "record", record)
    patch.setattr(State, "_write_document", written)
    patch.setattr(State, "forget", forgotten)


#: See _parse_once.
_parsed: dict[Path, SittingRecord] = {}


def _document() -> dict[str, Any]:
    return {"questions": [{"checks": [{"findings": [{"verdict": str(Verdict.MET)}]}]}]}


def _examine(centre: Centre, name: str, *_: object) -> dict[str, Any]:
    with centre.state.holding(centre.room.name, name, "check"):
        container = station_named(centre, name).container
        reports = (*centre.state.record(container).reports, "rapport")
        centre.state.note(container, reports=reports, examined_at=centre.state.now())
    return _document()


def _examine_archive(centre: Centre, path: Path) -> dict[str, Any]:
    entries = [entry for entry in centre.state.entries(centre.room.name) if entry.archived == path.name]
    assert entries, f"{path.name} is nobody's last archive"
    centre.state.mark(centre.room.name, entries[0].key, examined=Examined(archive=path.name, report="rapport"))
    return _document()


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Morning"]:
    """The room at eight, made once."""
    with in_memory() as patch:
        yield Morning(day(tmp_path_factory.mktemp("room"), patch))


class Morning:
    """The room as it is before the first candidate, to begin each day from.

    `examined_after`: whether the day's archives can be examined.
    """

    examined_after = True

    def __init__(self, room: Day) -> None:
        self.room, self._engine = room, deepcopy(room.engine.__dict__)
        self._kept = room.centre.state.folder.with_name("kept")
        shutil.copytree(room.centre.state.folder, self._kept)

    def again(self) -> Day:
        """The room once more as it was made."""
        _parsed.clear()
        folder = self.room.centre.state.folder
        shutil.rmtree(folder)
        shutil.copytree(self._kept, folder)
        self.room.engine.__dict__.update(deepcopy(self._engine))
        self.room.work = 0
        self.room.cannot_archive.clear()
        return self.room


@dataclass
class Played:
    """What was asked for on a day: each act's stations by its key, and what the candidates saved."""

    room: Day
    acts: Acts
    present: datetime
    asked: dict[str, tuple[str, Sequence[str]]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    moment: Path = field(default_factory=lambda: Path(os.environ["E5B_NOW"]))

    def pause(self, minutes: int) -> None:
        """Time passes; who works saves at the beginning and, where he still works, at the end."""
        self.room.save()
        self.present += timedelta(
            minutes=minutes, seconds=1
        )  # two acts are never of one second: records are to the second
        self.moment.write_text(self.present.isoformat())
        self.room.save()

    def take_snapshots(self) -> None:
        """As the guard does."""
        for station in stations(self.room.centre):
            running = self.room.centre.state.record(station.container).running
            if running and not running.over(self.present):
                with suppress(ProvisionerError):
                    snapshots.snapshot(self.room.centre, station)

    def press(self, kind: str, names: Sequence[str], values: Mapping[str, str], key: str) -> Act:
        """An act as the page begins it: with what its plan showed."""
        plan = self.acts.plan(kind, names, values)
        agreed = {line.station: line.who for line in plan.will}
        act = self.acts.begin(PERSON, kind, names, values, key, agreed)
        self.asked.setdefault(key, (act.id, names))
        self.told.append(f"{self.present:%H:%M} {kind} {','.join(names)} {dict(values)}")
        before = self._there()
        self.acts.work()
        act, after = self.acts.act(act.id), self._there()
        for line in act.lines:
            assert line.outcome is not Outcome.NOT_DONE or before[line.station] == after[line.station]
        return act

    def _there(self) -> dict[str, Any]:
        """The container of each station, and its candidate's clock."""
        state = self.room.centre.state
        return {
            station.name: (station.container, state.record(station.container).clock)
            for station in stations(self.room.centre)
        }


def play(room: Day, seed: int) -> Played:
    """A day of acts, drawn by this seed."""
    dice = random.Random(seed)
    played = Played(
        room,
        Acts(Book.of(room.centre.state), lambda: room.centre, threads=False),
        datetime(2026, 5, 21, 8, 55, tzinfo=ZONE),
    )
    if seed % 3:  # most days begin as they should
        played.pause(5)
        played.press("start", ROOM, {}, f"{seed}-first")
    for number in range(ACTS):
        played.pause(dice.choice(PAUSES))
        if dice.random() < 0.5:
            played.take_snapshots()
        kind = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        names = ROOM if KINDS[kind].of_room else sorted(dice.sample(ROOM, dice.randint(1, 3)))
        values = _values(dice, kind)
        with _failing(dice, room):
            played.press(kind, names, values, f"{seed}-{number}")
        if dice.random() < 0.2:
            _send_again(dice, played)
    played.room.save()
    return played


def _values(dice: random.Random, kind: str) -> dict[str, str]:
    values = (
        {"minutes": str(dice.choice((5, 13))), "why": dice.choice(("tiers temps", "coupure"))}
        if kind == "extra"
        else {}
    )
    if KINDS[kind].forcible and dice.random() < 0.2:
        values |= {"anyway": "yes", "why": "autre heure"}
    if kind == "series" and dice.random() < 0.5:
        values["absent"] = "yes"
    return values


@contextmanager
def _failing(dice: random.Random, room: Day) -> Iterator[None]:
    """Sometimes a station can't be archived, or the engine refuses something, while an act is done."""
    fault = dice.choices(("", "archive", "engine", "create", "start"), (12, 2, 1, 1, 1))[0]
    if fault == "archive":
        room.cannot_archive[dice.choice(ROOM)] = ArchiveSpoilt("L'archive ne peut pas servir.")
    elif fault == "engine":
        room.cannot_archive[dice.choice(ROOM)] = EngineUnavailable("Le moteur ne répond pas.")
    else:
        room.engine.fail = fault
    try:
        yield
    finally:
        room.engine.fail = ""
        room.cannot_archive.clear()


def _send_again(dice: random.Random, played: Played) -> None:
    """Send the form of an act once more: it means the same act, and changes nothing."""
    key = dice.choice(sorted(played.asked))
    before = _everything(played.room)
    act = played.press(played.acts.begun(key).kind, ROOM, {"minutes": "5", "why": "x"}, key)  # type: ignore[union-attr]
    assert act.id == played.asked[key][0]
    assert _everything(played.room) == before


def _everything(room: Day) -> Any:
    state = room.centre.state
    return deepcopy(room.engine.boxes), {box: state.record(box) for box in room.engine.boxes}, state.entries("salle")


def refuse_lost_work(played: Played) -> None:
    """What was ever saved is in a container that is there, or in an archive that the journal has."""
    room = played.room
    ever = {f"{name}-{number}" for number in range(1, room.work + 1) for name in ROOM}
    saved = {piece for pieces in room.engine.saved.values() for piece in pieces}
    assert saved <= ever
    assert saved <= room.everything_saved(), sorted(saved - room.everything_saved())
    journal = {line["file"] for line in room.centre.state.logged() if line["what"] == "archive"}
    for entry in room.centre.state.entries("salle"):
        assert not entry.archived or entry.archived in journal
        assert not entry.archived or (room.centre.state.archives / entry.archived).is_file()


def refuse_silence(played: Played) -> None:
    """Each act has ended, and the line of each of its stations says what became of it, or why nothing was done."""
    book = {act.id: act for act in played.acts.book.acts()}
    for key, (name, asked) in played.asked.items():
        act = book[name]
        assert act.key == key
        assert not act.is_open
        assert "imprévue" not in act.text
        assert [line.station for line in act.lines] == list(asked)
        for line in act.lines:
            assert line.outcome.is_last
            assert line.outcome is not Outcome.UNKNOWN
            assert line.text
            assert "imprévue" not in line.text
            assert line.text != "rien n’y a été fait"  # which gives no reason


def refuse_clocks_of_nobody(played: Played) -> None:
    """A clock runs only where it was started for who is there, and has the minutes that were given, each once."""
    state, acts = played.room.centre.state, played.acts.book.acts()
    lines = [(act, line) for act in acts for line in act.lines]
    started = {
        line.candidate for act, line in lines if act.kind == "start" and line.outcome in (Outcome.DONE, Outcome.FAILED)
    }
    for station in stations(played.room.centre):
        record = state.record(station.container)
        if not record.clock:
            continue
        number = record.candidate.number if record.candidate else ""
        assert number in started
        assert [change.what for change in record.clock].count("start") == 1
        given = [
            int(act.values["minutes"])
            for act, line in lines
            if act.kind == "extra" and line.outcome is Outcome.DONE and line.candidate == number
        ]
        assert number == "" or record.running.extra == sum(given)  # type: ignore[union-attr]


def refuse_two_of_one(played: Played) -> None:
    """No candidate is at two places, none is waited for whose work is archived, and no place has two stations."""
    centre = played.room.centre
    containers = [
        box
        for box in sittings.containers_of(centre.engine, centre.state, "salle")
        if not sittings.is_aside(centre.state, box)
    ]
    assert sorted(box.labels["e5b.station"] for box in containers) == ROOM
    numbers = [number for number in played.room.sitting().values() if number]
    assert len(set(numbers)) == len(numbers)
    archived = {entry.key for entry in centre.state.entries("salle") if entry.archived}
    for station in stations(centre):
        record = centre.state.record(station.container)
        assert record.clock or not record.candidate or record.candidate.key not in archived


def refuse_skips(played: Played) -> None:
    """Who comes no more at his place has worked, or the book says that he was passed over."""
    centre, lines = played.room.centre, [(act, line) for act in played.acts.book.acts() for line in act.lines]
    worked = {
        line.candidate for act, line in lines if act.kind == "start" and line.outcome in (Outcome.DONE, Outcome.FAILED)
    }
    passed = {
        line.candidate
        for act, line in lines
        if act.kind in ("next", "series") and line.outcome in (Outcome.DONE, Outcome.FAILED)
    }
    there = {station.place: centre.state.record(station.container).candidate for station in stations(centre)}
    for entry in centre.state.entries("salle"):
        now = there[entry.place]
        gone = now is None or now.at > entry.at
        late = entry.at + timedelta(hours=2) <= played.present
        assert not gone or late or entry.number in worked | passed, entry.number


@pytest.mark.parametrize("tenth", range(10))
def test_whatever_is_pressed_no_work_is_lost_and_nobody_left_out_without_a_reason(morning: Morning, tenth: int) -> None:
    done = set[str]()
    for seed in range(tenth * SEQUENCES // 10, (tenth + 1) * SEQUENCES // 10):
        Morning.examined_after = seed % 2 == 0
        played = play(morning.again(), seed)
        for refuse in (refuse_lost_work, refuse_silence, refuse_clocks_of_nobody, refuse_two_of_one, refuse_skips):
            try:
                refuse(played)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}: {error}\n" + "\n".join(played.told)) from error
        done |= {act.kind for act in played.acts.book.acts() if any(line.outcome is Outcome.DONE for line in act.lines)}
    assert done == set(WEIGHTS)  # each kind could be done somewhere
