"""The single values that a work changed of what a site stores: of all rows, those that say something of the work.

`checks/<cms>/stored.toml` says of a CMS which tables and rows it writes by itself, and how each field may be altered.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml
from provisioner.proof.stored import Cell, Change

#: How a value is altered: see alterations.py.
Kind = Literal["text", "number", "switch", "date", "content"]


class Field(BaseModel):
    """How a field is altered: the values that harm the work, those that don't, or by the ways of a `kind`.

    Where `harmless`, no way of its kind harms. Of a new row, only the fields that have a rule, or a wanted value, are altered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind | None = None
    harmless: bool = False
    to_harm: tuple[str, ...] | None = None
    to_keep: tuple[str, ...] | None = None

    @property
    def explicit(self) -> bool:
        """Whether it names its values, and no others are tried."""
        return self.kind is None and (self.to_harm is not None or self.to_keep is not None)


class Elsewhere(BaseModel):
    """Something that another question may ask, which harms no work but that which changed the same row. See `alter.php`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    do: str
    table: str
    row: Mapping[str, str]
    column: str = ""
    value: str | None = None


class Form(BaseModel):
    """How a content may be stored otherwise: what stands in its place, and the rows that this needs; "{content}" is the content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    content: str
    needs: tuple[Elsewhere, ...] = ()


class Rules(BaseModel):
    """What `stored.toml` says of a CMS. Fields are named `table.column`, with what names their row in brackets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: Tables that the CMS writes by itself: sessions, counts, caches.
    without: tuple[str, ...]
    #: By columns, patterns of the values of rows that the CMS writes by itself.
    noise: Mapping[str, tuple[str, ...]]
    #: Columns that name a row of another table: what belongs to a row of noise is noise.
    belongs: Mapping[str, str] = {}
    #: Whether a column that is called as another table's key names a row of it.
    belongs_by_key: bool = False
    #: By tables, the column whose value names what a row is of: the name of a setting, the kind of a content.
    named_by: Mapping[str, str]
    #: Fields that the CMS writes by itself.
    ignored: tuple[str, ...]
    #: Tables whose rows link two things: a new one goes, or leads elsewhere, though it belongs to something that is new.
    links: tuple[str, ...] = ()
    #: Tables of which a new row may go, or one that is gone may come back, without harm.
    rows_harmless: tuple[str, ...] = ()
    #: A pattern of the parts of a content, such as blocks: each of those that the work added may go.
    part: str = ""
    #: Of a word that is asked for, what stands for it in a content, and what would stand for another.
    swaps: tuple[tuple[str, str, str], ...] = ()
    #: What may stand around a content, and by what patterns may be replaced, without harm; by their French names.
    wrappings: Mapping[str, tuple[str, str]] = {}
    rewritings: Mapping[str, tuple[str, str]] = {}
    elsewhere: tuple[Elsewhere, ...] = ()
    forms: tuple[Form, ...] = ()
    field: Mapping[str, Field]

    def of(self, name: str) -> Field | None:
        """The rule of the field of that name: the first whose pattern it is."""
        return next((rule for pattern, rule in self.field.items() if fnmatchcase(name, literal(pattern))), None)

    def holder(self, change: Change, changes: Sequence[Change]) -> Change | None:
        """The row that one belongs to, of rows that came or went with it."""
        return next(
            (o for o in changes if o is not change and _came_alike(change, o) and _belongs(change, o, self)), None
        )

    def parts(self, change: Change, changes: Sequence[Change]) -> list[Change]:
        """The rows that came or went with it, and belong to it or to one that does."""
        own = [one for one in changes if self.holder(one, changes) is change]
        return [part for one in own for part in (one, *self.parts(one, changes))]

    def ignores(self, name: str) -> bool:
        """Whether the CMS writes that field by itself."""
        return any(fnmatchcase(name, literal(pattern)) for pattern in self.ignored)


def literal(pattern: str) -> str:
    """A pattern of names in which a bracket is a bracket, and `*` anything."""
    return pattern.replace("[", "[[]")


@cache
def rules_of(cms: str) -> Rules:
    """The rules of a CMS."""
    return Rules.model_validate(read_toml(rules_path(cms)))


def rules_path(cms: str) -> Path:
    """The file of a CMS's rules."""
    return ROOT / "checks" / cms / "stored.toml"


@dataclass(frozen=True)
class Leaf:
    """A value that was changed; `path` leads to it in the array that the column holds. None: there is none."""

    change: Change
    name: str
    column: str
    path: tuple[str, ...]
    before: str | None
    after: str | None


def work_of(changes: Sequence[Change], rules: Rules) -> list[Change]:
    """The changed rows that say something of the work."""
    noise = {id(change) for change in changes if _is_noise(change, rules)}
    while more := {
        id(change)
        for change in changes
        if id(change) not in noise and any(_belongs(change, other, rules) for other in changes if id(other) in noise)
    }:
        noise |= more
    return [change for change in changes if id(change) not in noise]


def _is_noise(change: Change, rules: Rules) -> bool:
    for name, patterns in rules.noise.items():
        table, _, column = name.partition(".")
        value = change.row.get(column) if table == change.table else None
        if isinstance(value, str) and any(re.fullmatch(pattern, value) for pattern in patterns):
            return True
    return False


def _came_alike(change: Change, other: Change) -> bool:
    return (change.before is None) == (other.before is None) and (change.after is None) == (other.after is None)


def _belongs(change: Change, other: Change, rules: Rules) -> bool:
    if rules.belongs_by_key and change.table != other.table and len(other.key) == 1:
        [(column, value)] = other.key
        if change.row.get(column) == value:
            return True
    for name, of in rules.belongs.items():
        (table, _, column), (of_table, _, of_column) = name.partition("."), of.partition(".")
        if (table, of_table) == (change.table, other.table) and change.row.get(column) == other.row.get(of_column):
            return True
    return False


def leaves(change: Change, rules: Rules) -> Iterator[Leaf]:
    """The values of a row that were changed; of a new row, all that are something."""
    named_by = rules.named_by.get(change.table, "")
    of = change.row.get(named_by)
    table = f"{change.table}[{of}]" if isinstance(of, str) else change.table
    for column in change.row:
        old, new = (_flat((row or {}).get(column)) for row in (change.before, change.after))
        for path in dict.fromkeys([*old, *new]):
            name = ".".join([table, column, *path])
            if old.get(path) != new.get(path) and column != named_by and not rules.ignores(name):
                yield Leaf(change, name, column, path, old.get(path), new.get(path))


def _flat(cell: Cell, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str | None]:
    if not isinstance(cell, Mapping):
        return {path: cell}
    return {deeper: value for key, inner in cell.items() for deeper, value in _flat(inner, (*path, key)).items()}
