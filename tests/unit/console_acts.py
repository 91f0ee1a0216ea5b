"""Acts of the console on a simulated room, whose program can be killed before any of its steps."""

import errno
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO, cast

from provisioner.console.act_kind import Doing, Kind, Queue, Values
from provisioner.console.act_runs import one_by_one
from provisioner.console.acting import Acts
from provisioner.console.plans import Seat
from provisioner.core.errors import EngineError, Refusal
from provisioner.core.records import Candidate
from provisioner.host.settings import Settings
from provisioner.network.room import Room
from provisioner.station.act_book import Book
from provisioner.station.centre import Centre
from tests.unit.mortal import Killed

PERSON = SimpleNamespace(name="Mme Riou")
CENTRE = Centre(
    cast(Any, None), Settings(), cast(Any, SimpleNamespace()), Room("salle", "localhost", "127.0.0.1", 8101, 40)
)
NAMES = [f"poste-{place:02}" for place in range(1, 9)]
_MORNING = datetime(2026, 5, 21, 9, tzinfo=UTC)


def candidate(name: str) -> Candidate:
    number = name[-2:]
    return Candidate(
        key=number, number=number, name=f"NOM{number}", first_name="Anne", commission="1", at=datetime.now(UTC)
    )


class MortalBook(Book):
    """A book whose program is killed before a step or in the middle of a line, and whose disk can be full."""

    world: "World"

    def _put(self, file: BinaryIO, lines: bytes) -> None:
        if self.world.step():
            file.write(lines[: len(lines) // 2])
            file.flush()
            raise Killed
        super()._put(file, lines)


@dataclass
class World:
    """The stations, and what was really done to them: `done` counts it by act and station.

    `instead`: at whose station the candidate now sits who was at another. `fate` says what a use-case does at a station: "done", "refused", "half" (done, then an error), "failed", "unforeseen".
    """

    folder: Path
    fate: Callable[[], str] = lambda: "done"
    reasons: dict[str, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    dies: int = 0
    tears: bool = False
    dead: bool = False
    full: bool = False
    processes: Iterator[int] = field(default_factory=lambda: count(1))
    alive: set[str] = field(default_factory=set)
    moments: Iterator[int] = field(default_factory=count)

    def step(self, *, disk: bool = True) -> bool:
        """The program's next step; whether it dies in the middle of this one."""
        if self.dead:
            raise Killed
        if self.dies:
            self.dies -= 1
            if not self.dies:
                self.dead = True
                if self.tears and disk:
                    return True
                raise Killed
        if self.full and disk:
            raise OSError(errno.ENOSPC, "full")
        return False

    def act_on(self, doing: Any, name: str) -> str:
        """What a use-case does at a station."""
        fate = self.fate()
        if fate == "refused":
            raise Refusal("Le temps de ce poste court : lancez « e5b stop poste-01 ».")
        if fate == "unforeseen":
            raise ValueError("boom")
        if fate == "failed":
            raise EngineError("Le moteur n'a pas répondu.")
        self.step(disk=False)
        self.done[doing._act, name] += 1
        self.step(disk=False)
        if fate == "half":
            raise EngineError("La porte ne suit pas.")
        return "fait à 9 h 00"

    def kinds(self) -> dict[str, Kind]:
        """A short kind, a long one that acts on two at once, and one that asks for a name."""

        def run(at_once: int) -> Callable[[Centre, Sequence[str], Values, Doing], None]:
            def of_all(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
                one_by_one(lambda _, name, __: self.act_on(doing, name), at_once)(centre, names, values, doing)

            return of_all

        reasons = lambda centre, values: dict(self.reasons)  # noqa: E731
        return {
            "start": Kind("start", "sera démarré", "seront démarrés", run(1), reasons, fields=("why",)),
            "examine": Kind("examine", "sera examiné", "seront examinés", run(2), reasons, queue=Queue.WORK),
            "reset": Kind(
                "reset", "sera neuf", "seront neufs", run(1), reasons, costs="Tout est gardé.", queue=Queue.SERIES
            ),
        }

    def begun(self, *, threads: bool = False) -> Acts:
        """The console, started again: the one before is gone."""
        process = str(next(self.processes))
        self.alive, self.dead, self.dies = {process}, False, 0
        book = MortalBook(self.folder, self.now, process, lambda name: name in self.alive)
        book.world = self
        return Acts(
            book,
            lambda: CENTRE,
            self.kinds(),
            seats=lambda *_: {name: Seat(candidate(self.instead.get(name, name))) for name in NAMES},
            threads=threads,
        )

    def now(self) -> str:
        """Some seconds later than the last time."""
        return (_MORNING + timedelta(seconds=next(self.moments))).isoformat()
