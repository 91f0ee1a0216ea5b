"""Days of acts as a tired technician might press them, and what must hold after each of them: no work is lost, nobody is left
out without a reason.

Each day is drawn by a fixed seed, so that one which fails fails again: acts of the screen on a room of three places and a list
of three series, the clock that moves between them, candidates who save, snapshots, forms that are sent twice, an archive or
the engine that fails. They are played on an engine in memory (`unit/`) and on a real one (`days/`).
"""

import os
import random
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from provisioner.console.act_kinds import KINDS
from provisioner.console.acting import Acts
from provisioner.core.errors import ProvisionerError
from provisioner.station import sittings, snapshots
from provisioner.station.act_book import Book
from provisioner.station.acts import Act, Outcome
from provisioner.station.centre import Centre, stations
from tests.unit.console_acts import PERSON
from tests.unit.exam_room import ZONE

ACTS = 6
ROOM = ["poste-01", "poste-02", "poste-03"]
#: How often each kind is pressed: what makes a day comes more often than what mends it.
WEIGHTS = {
    "start": 7, "extra": 4, "stop": 3, "examine": 1, "archive": 2, "reset": 3, "next": 1, "series": 5, "replace": 2, "rewind": 2,
}  # fmt: skip
#: How many minutes pass before an act.
PAUSES = (0, 1, 2, 5, 12, 41, 41, 41)
#: What may fail while an act is done: nothing, a station's archive, the engine when that is written, a method of the engine.
FAULTS = ("", "archive", "engine", "create", "start")


class Room(Protocol):
    """The room that a day is played in, on whichever engine."""

    @property
    def centre(self) -> Centre:
        """Its stations, its list, its journal."""

    def save(self) -> None:
        """Every candidate whose time runs saves something."""

    def ever_saved(self) -> set[str]:
        """What candidates have saved since the morning."""

    def everything_saved(self) -> set[str]:
        """What is in a container that is there, or in an archive that is there and that the journal has."""

    def everything(self) -> Any:
        """Containers, records and list, to compare with later."""

    def failing(self, fault: str, station: str) -> AbstractContextManager[None]:
        """Has this fault happen at this station, or to the engine, until it is left."""


@dataclass
class Played:
    """What was asked for on a day: each act's stations by its key, and what the candidates saved."""

    room: Room
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


def play(room: Room, seed: int) -> Played:
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
        fault = dice.choices(FAULTS, (12, 2, 1, 1, 1))[0]
        with room.failing(fault, dice.choice(ROOM)):
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


def _send_again(dice: random.Random, played: Played) -> None:
    """Send the form of an act once more: it means the same act, and changes nothing."""
    key = dice.choice(sorted(played.asked))
    before = played.room.everything()
    act = played.press(played.acts.begun(key).kind, ROOM, {"minutes": "5", "why": "x"}, key)  # type: ignore[union-attr]
    assert act.id == played.asked[key][0]
    assert played.room.everything() == before


def refuse_lost_work(played: Played) -> None:
    """What was ever saved is in a container that is there, or in an archive that the journal has."""
    room = played.room
    lost = room.ever_saved() - room.everything_saved()
    assert not lost, sorted(lost)
    journal = {line["file"] for line in room.centre.state.logged() if line["what"] == "archive"}
    for entry in room.centre.state.entries(room.centre.room.name):
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
        for box in sittings.containers_of(centre.engine, centre.state, centre.room.name)
        if not sittings.is_aside(centre.state, box)
    ]
    assert sorted(box.labels["e5b.station"] for box in containers) == ROOM
    numbers = [number for number in sitting(centre).values() if number]
    assert len(set(numbers)) == len(numbers)
    archived = {entry.key for entry in centre.state.entries(centre.room.name) if entry.archived}
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
    for entry in centre.state.entries(centre.room.name):
        now = there[entry.place]
        gone = now is None or now.at > entry.at
        late = entry.at + timedelta(hours=2) <= played.present
        assert not gone or late or entry.number in worked | passed, entry.number


def refuse_all(played: Played, seed: int) -> None:
    """Each of these; what is refused says the seed, and what was pressed."""
    for refuse in (refuse_lost_work, refuse_silence, refuse_clocks_of_nobody, refuse_two_of_one, refuse_skips):
        try:
            refuse(played)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}\n" + "\n".join(played.told)) from error


def sitting(centre: Centre) -> dict[str, str]:
    """The number of the candidate at each station; empty for nobody."""
    found = {}
    for station in stations(centre):
        candidate = centre.state.record(station.container).candidate
        found[station.name] = candidate.number if candidate else ""
    return found


def done_kinds(played: Played) -> set[str]:
    """The kinds of act that were done at a station."""
    return {act.kind for act in played.acts.book.acts() if any(line.outcome is Outcome.DONE for line in act.lines)}
