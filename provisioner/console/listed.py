"""A list of candidates as its page shows it: its rows with the mistakes beside their cells, its series, what is printed of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from provisioner.console.hours import day_and_hour
from provisioner.console.tiles import subject_in_words
from provisioner.core.errors import EvidenceLost
from provisioner.core.records import RosterEntry, RosterRecord
from provisioner.exam.room_documents import COLLECTIONS, SHEETS, folder_of
from provisioner.exam.roster import Mistake, Reading, stem_of
from provisioner.french.text import shortened
from provisioner.host.disk import disk_in_french
from provisioner.station.centre import Centre

#: How many rows with mistakes are shown, and up to how many rows those without any are shown too.
_MOST, _ALL = 100, 60
#: How many signs of a cell are shown.
_CELL = 80


@dataclass(frozen=True)
class Cell:
    """A cell of a list, and what is wrong in it."""

    text: str
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListRow:
    """A row of a list: its line in the file, its cells, and what is wrong with it that is no single cell's."""

    line: int
    cells: tuple[Cell, ...]
    mistakes: tuple[str, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong with it."""
        return bool(self.mistakes) or any(cell.mistakes for cell in self.cells)


@dataclass(frozen=True)
class ListTable:
    """The rows of a list that are shown, under its titles; `mistakes` are those of the titles and of the whole list.

    `more`: how many rows with mistakes aren't shown; `count`: how many mistakes there are in all.
    """

    titles: tuple[str, ...]
    rows: tuple[ListRow, ...]
    mistakes: tuple[str, ...]
    more: int
    count: int


def as_rows(reading: Reading) -> ListTable:
    """A list's rows with their mistakes beside the cells; of a long list, those with mistakes alone."""
    titles, known = reading.titles, {row.line for row in reading.rows}
    indexes = sorted(set(titles.columns.values())) or list(range(min(len(titles.row.cells), 12)))
    rows = [_row(row.line, row.cells, indexes, reading) for row in reading.rows]
    wrong = [row for row in rows if row.is_wrong]
    shown = rows if len(rows) <= _ALL else wrong[:_MOST]
    return ListTable(
        tuple(titles.row.cells[index] for index in indexes),
        tuple(shown),
        tuple(mistake.text for mistake in reading.mistakes if mistake.line not in known),
        0 if len(rows) <= _ALL else max(0, len(wrong) - _MOST),
        len(reading.mistakes),
    )


def _row(line: int, cells: Sequence[str], indexes: Sequence[int], reading: Reading) -> ListRow:
    columns = reading.titles.columns
    of_row = [mistake for mistake in reading.mistakes if mistake.line == line]

    def at(mistake: Mistake) -> int | None:
        index = columns.get(mistake.column)
        return index if index in indexes else None

    shown = tuple(
        Cell(
            shortened(cells[index], _CELL) if index < len(cells) else "",
            tuple(mistake.text for mistake in of_row if at(mistake) == index),
        )
        for index in indexes
    )
    return ListRow(line, shown, tuple(mistake.text for mistake in of_row if at(mistake) is None))


def kept_list(centre: Centre) -> tuple[RosterRecord | None, str]:
    """The room's list, None where it has none; and why it can't be read, in French, else empty."""
    try:
        return centre.state.roster(centre.room.name), ""
    except EvidenceLost as error:
        return None, str(error)


@dataclass(frozen=True)
class Series:
    """The candidates of one hour, by place, each with the name of his subject; `title` says which day and hour."""

    title: str
    rows: tuple[tuple[RosterEntry, str], ...]


def by_series(entries: Sequence[RosterEntry], present: datetime) -> tuple[Series, ...]:
    """Who sits where, by the hour."""
    ordered = sorted(entries, key=lambda entry: (entry.at, entry.place))
    return tuple(
        Series(day_and_hour(at, present), tuple((entry, _subject(entry)) for entry in group))
        for at, group in groupby(ordered, key=lambda entry: entry.at)
    )


def _subject(entry: RosterEntry) -> str:
    return subject_in_words(entry.stack, entry.subject)


@dataclass(frozen=True)
class Printed:
    """What is printed of the room's list: `files` by name; the subjects' and all sheets' first, then each candidate's.

    `lacking`: how many candidates have no sheet yet.
    """

    files: dict[str, Path]
    together: tuple[tuple[str, str], ...]
    sheets: tuple[tuple[str, RosterEntry], ...]
    lacking: int


def printed_for(centre: Centre) -> Printed:
    """The documents that were printed for the candidates of the room's list, and the subjects; as (name, words)."""
    folder = folder_of(centre.state, centre.room.name) / SHEETS
    with disk_in_french(folder, EvidenceLost):
        there = {path.name: path for path in sorted(folder.glob("*.pdf")) if path.is_file() and not path.is_symlink()}
    entries = [entry for entry in centre.state.entries(centre.room.name) if entry.password is not None]
    sheet_of = {f"candidat-{stem_of(entry)}.pdf": entry for entry in entries}
    subjects = {f"sujet-{entry.subject}.pdf": f"Sujet {_subject(entry)}" for entry in entries}
    words = {
        name: "Toutes les feuilles des candidats" for name in COLLECTIONS if name.startswith("candidat")
    } | subjects
    together = tuple((name, word) for name, word in words.items() if name in there)
    sheets = tuple((name, entry) for name, entry in sheet_of.items() if name in there)
    shown = {name for name, _ in (*together, *sheets)}
    return Printed(
        {name: path for name, path in there.items() if name in shown}, together, sheets, len(sheet_of) - len(sheets)
    )
