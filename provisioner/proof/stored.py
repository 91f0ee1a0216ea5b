"""What a site's database holds, row by row, and what a work changed of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from provisioner.build.driver import Inside

_READER = Path(__file__).with_name("stored_rows.php")

#: A value as it is stored: a text, None where it is NULL; of an array that PHP wrote as a text, its values by their keys.
Cell: TypeAlias = "str | Mapping[str, Cell] | None"
#: The values of a row, by their columns.
Row = Mapping[str, Cell]
#: What names a row: the columns of its table's key, or all where it has none, with their values.
Key = tuple[tuple[str, Cell], ...]
#: The rows of each table.
Stored = Mapping[str, Mapping[Key, Row]]


@dataclass(frozen=True)
class Change:
    """A row that a work changed. `before` is None of a new row, `after` of one that is gone."""

    table: str
    key: Key
    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """The row as it is, or was."""
        return self.after or self.before or {}


def stored(inside: Inside, without: Sequence[str] = ()) -> Stored:
    """What a container's database holds, without those tables."""
    script = _READER.read_text(encoding="utf-8").removeprefix("<?php")
    answer = json.loads(inside.run("php", "-r", script, "--", *without))
    return {table: dict(_keyed(rows["key"], rows["rows"])) for table, rows in answer.items()}


def _keyed(columns: Sequence[str], rows: Sequence[Row]) -> Iterator[tuple[Key, Row]]:
    for row in rows:
        yield tuple((column, row[column]) for column in columns or row if isinstance(row[column], str)), row


def changes(before: Stored, after: Stored) -> list[Change]:
    """The rows that differ, table by table."""
    return [
        Change(table, key, old.get(key), new.get(key))
        for table in {**before, **after}
        for old, new in [(before.get(table, {}), after.get(table, {}))]
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    ]
