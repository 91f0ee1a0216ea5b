"""Writes into the book of acts what commands do to stations, as the console does, so that the book is whole."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from getpass import getuser
from types import MappingProxyType
from typing import TYPE_CHECKING

from provisioner.core.errors import Busy, EvidenceLost, Interrupted, ProvisionerError, Refusal
from provisioner.core.model import Station

if TYPE_CHECKING:
    from provisioner.core.progress import Progress
    from provisioner.station.act_book import Book
    from provisioner.station.acts import Act, ActLine
    from provisioner.station.centre import Centre

_LEFT_OUT = "laissé tel quel"


class Written:
    """An act of the command line as it stands in the book; `centre` is what the command works with meanwhile."""

    def __init__(self, centre: Centre, book: Book | None, act: Act | None) -> None:
        self._heard = _Heard(centre.progress)
        self.centre, self._book, self._act = replace(centre, progress=self._heard), book, act
        self._open = {line.station: line for line in act.lines} if act else {}
        self.text = ""

    def done(self, stations: Iterable[Station | str], text: str = "fait") -> None:
        """What was asked for is done at these."""
        from provisioner.station.acts import Outcome

        for station in stations:
            self._end(station if isinstance(station, str) else station.name, Outcome.DONE, text)

    def failed(self, errors: Sequence[Exception], of: Mapping[str, Exception] = MappingProxyType({})) -> None:
        """What was asked for failed at the stations that these errors name; the others were left out.

        `of`: the error of each station, where that is known; its text may name none.
        """
        from provisioner.station.acts import Outcome

        for name in list(self._open):
            error = of.get(name) or next((error for error in errors if _names(str(error), name)), None)
            outcome = Outcome.NOT_DONE if error is None or isinstance(error, Refusal) else Outcome.FAILED
            self._end(name, outcome, str(error) if error else self._heard.said_of(name) or _LEFT_OUT)

    def broken_off(self, error: BaseException) -> None:
        """The command ended with this: of what nothing was said before, that is said."""
        from provisioner.station.acts import Outcome

        stopped = not isinstance(error, Exception) or isinstance(error, Interrupted)
        for name in list(self._open):
            if stopped:
                self._end(name, Outcome.UNKNOWN, "la commande a été interrompue : regardez ce poste")
            else:
                self._end(name, Outcome.NOT_DONE if isinstance(error, Refusal) else Outcome.FAILED, _sentence(error))
        self.text = self.text or ("la commande a été interrompue" if stopped else _sentence(error))

    def end(self) -> None:
        """Nothing more comes."""
        self.failed([])
        if self._book and self._act:
            self._book.end(self._act.id, self.text)

    def _end(self, name: str, outcome: object, text: str) -> None:
        from provisioner.station.acts import Outcome

        if self._open.pop(name, None) and self._book and self._act:
            self._book.ends(self._act.id, name, Outcome(str(outcome)), text)


@contextmanager
def act(centre: Centre, kind: str, names: Sequence[str], **values: object) -> Iterator[Written]:
    """What the command does in this block is in the book: to which stations, with which values, and what came of it.

    A book that can't be written is said, and the command goes on: it is what is left where the disk is full.
    """
    written = _begun(centre, kind, names, {name: str(value) for name, value in values.items() if value})
    try:
        yield written
    except BaseException as error:
        written.broken_off(error)
        raise
    finally:
        with suppress(EvidenceLost, Busy):
            written.end()


def _begun(centre: Centre, kind: str, names: Sequence[str], values: dict[str, str]) -> Written:
    from provisioner.station.act_book import Book
    from provisioner.station.acts import COMMAND_LINE

    try:
        book = Book.of(centre.state)
        lines = _lines(centre, names)
        return Written(
            centre, book, book.begin(user(), COMMAND_LINE, kind, lines, room=centre.room.name, values=values)
        )
    except (EvidenceLost, Busy) as error:
        centre.progress.step(f"Cet acte n'est pas écrit dans le livre des actes : {error}")
        return Written(centre, None, None)


def _lines(centre: Centre, names: Sequence[str]) -> list[ActLine]:
    """All are under way from the start: a command works at several at once, and a kill may hit it at any of them."""
    from provisioner.station.acts import ActLine, Outcome
    from provisioner.station.centre import stations

    numbers = dict[str, str]()
    for station in stations(centre) if names else ():
        candidate = centre.state.record(station.container).candidate
        numbers[station.name] = candidate.number if candidate else ""
    return [ActLine(name, numbers.get(name, ""), Outcome.RUNNING) for name in names]


def user() -> str:
    """Whose command it is: with sudo, of the user who called it."""
    with suppress(OSError, KeyError):
        return os.environ.get("SUDO_USER") or getuser()
    return str(os.getuid())


def _names(sentence: str, station: str) -> bool:
    return re.search(rf"\b{re.escape(station)}\b", sentence) is not None


def _sentence(error: BaseException) -> str:
    return str(error) if isinstance(error, ProvisionerError) else f"erreur imprévue ({type(error).__name__})"


class _Heard:
    """The command's progress, which also remembers why stations were left out; see core.progress.grouped."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._steps: list[str] = []

    def said_of(self, station: str) -> str:
        """The last thing that was said of a station by its name."""
        for step in reversed(self._steps):
            named, separator, rest = step.partition(" : ")
            if separator and _names(named, station):
                return rest.partition(" ; pour l'ouvrir quand même")[0]
        return ""

    def step(self, text: str) -> None:
        """See Progress."""
        self._steps.append(text)
        self._progress.step(text)

    def transfer(self, name: str, done: int, total: int | None) -> None:
        """See Progress."""
        self._progress.transfer(name, done, total)

    def end_transfer(self) -> None:
        """See Progress."""
        self._progress.end_transfer()
