"""Whether a table says what was asked for, cell by cell."""

import re
from collections.abc import Iterable, Sequence

from provisioner.french.figures import has_unit, spelled_once, values_of
from provisioner.french.negation import denied
from provisioner.french.text import fold, holds, nearly_holds, nearly_same, same
from provisioner.subject.check import Verdict


def table_verdict(wanted: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> Verdict:
    """Whether a table has these rows, cell by cell in order; lying on its side it has them too.

    One that has them and says something else of the same besides is a person's to judge.
    """
    either_way = [way for way in (rows, _turned(rows)) if _has_rows(wanted, way)]
    if either_way:
        return Verdict.TO_JUDGE if all(_says_otherwise_too(wanted, way) for way in either_way) else Verdict.MET
    seen = [cell for row in rows for cell in row]
    there = all(_perhaps_in(seen, cell) for row in wanted for cell in row)
    return Verdict.TO_JUDGE if there and rows and not _contradicts(wanted, rows) else Verdict.NOT_MET


def _has_rows(wanted: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> bool:
    return all(any(_has_cells(cells, row) for row in rows) for cells in wanted)


def _has_cells(cells: Sequence[str], row: Sequence[str]) -> bool:
    return None not in _cells_in(cells, row)


def _cells_in(cells: Sequence[str], row: Sequence[str]) -> list[str | None]:
    """The cells of the row that say these, in order."""
    at = iter(row)
    return [next((seen for seen in at if _in_cell(seen, cell)), None) for cell in cells]


def _in_cell(seen: str, wanted: str) -> bool:
    """Whether a cell says it; "14h-18h" says "14 h – 18 h"."""
    return holds(seen, wanted) or "".join(fold(seen).split()) == "".join(fold(wanted).split())


def _says_otherwise_too(wanted: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row of its own is about the same as one that is asked for, or a cell says a second hour or price."""
    for row in rows:
        asked = [cells for cells in wanted if _has_cells(cells, row)]
        if asked:
            if all(any(map(_says_more, _cells_in(cells, row), cells)) for cells in asked):
                return True
        elif any(same(cells[0], seen) for cells in wanted for seen in row):
            return True
    return False


def _says_more(seen: str | None, wanted: str) -> bool:
    """Whether a cell has a value of the sort of those that are asked for there, and that isn't one of them; or may deny them."""
    if denied(seen or "", wanted):
        return True
    theirs, ours = (set(values_of(spelled_once(fold(text)))) for text in (seen or "", wanted))
    more = {one for one in theirs - ours if not any(one.startswith(f"{known} ") for known in ours)}
    return not _sorts(more).isdisjoint(_sorts(ours))


def _sorts(values: Iterable[str]) -> set[str]:
    """The sorts of values: hours, euros, days of a month…; a number alone may be of anything."""
    return {re.sub(r"\d+", "0", one) for one in values if has_unit(one)}


def _perhaps_in(seen: Sequence[str], wanted: str) -> bool:
    """Whether cells say it, or may: of a short word, a slip is too much for a text and not for a cell."""
    said = " | ".join(seen)
    return holds(said, wanted) or nearly_holds(said, wanted) or any(nearly_same(wanted, one) for one in seen)


def _turned(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    return [[row[i] if i < len(row) else "" for row in rows] for i in range(width)]


def _contradicts(wanted: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a cell that is asked for in one row stands in another: hours of the wrong day."""
    for cells in wanted:
        for row in rows:
            said = " | ".join(row)
            about_it = len(cells) > 1 and holds(said, cells[0]) and not _has_cells(cells, row)
            if about_it and not all(_perhaps_in(row, cell) for cell in cells):
                return True
    return False
