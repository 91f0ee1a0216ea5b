"""Wanted values near those that a check is proven with: what the seeded site holds, and what it nearly holds.

What names something of the company (see references.py) is replaced by another of its kind, a choice by another, a number by
the next, a text by a title or a name of the company. So a subject's author might ask for each of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel, ValidationError

from provisioner.host.toml_files import read_toml
from provisioner.subject.check import Check
from provisioner.subject.references import FILES, MEDIA, Refers, references

#: How many values are made of each check.
MOST = 10
#: The keys of the seed's rows that people read as a title or a name.
_CALLED = ("title", "name")

#: An identifier, which is no text that a candidate writes.
_SLUG = re.compile(r"[a-z0-9-]+")
#: Where a value stands in `model_dump()`.
_Path = tuple[int | str, ...]


class Nearby(NamedTuple):
    """A check near another; `change` says in French what was replaced."""

    check: Check
    change: str


@dataclass(frozen=True)
class _Place:
    """A value of a check: where it stands, and what may stand there."""

    path: _Path
    annotation: object
    value: object


def nearby(checks: Sequence[Check], seed: Path) -> list[Nearby]:
    """At most ten checks near these, which are of one class: each has one value replaced, and no two are alike."""
    rows, given = read_toml(seed), {check.model_dump_json() for check in checks}
    made: dict[str, Nearby] = {}
    for turn in zip_longest(*(_replaced(check, rows, seed) for check in checks)):
        for near in filter(None, turn):
            if len(made) < MOST and near.check.facts() and (key := near.check.model_dump_json()) not in given:
                made.setdefault(key, near)
    return list(made.values())


def _replaced(check: Check, rows: Mapping[str, object], seed: Path) -> Iterator[Nearby]:
    """The check with one value replaced: the likeliest other value of each place, then the next of each."""
    values, marks = check.model_dump(), {path: refers for path, _, refers in references(check)}
    places = [(place, _others(place, marks.get(place.path), rows, seed)) for place in _places(check)]
    for turn in zip_longest(*(others for _, others in places)):
        for (place, _), other in zip(places, turn, strict=True):
            if other is None:
                continue
            try:
                near = type(check).model_validate(_put(values, place.path, other))
            except ValidationError:  # it may not ask for that
                continue
            yield Nearby(near, f"{'.'.join(map(str, place.path))} : « {other} » au lieu de « {place.value} »")


def _places(model: BaseModel, path: _Path = ()) -> Iterator[_Place]:
    for key, field in type(model).model_fields.items():
        value = getattr(model, key)
        items = (
            {(*path, key, number): item for number, item in enumerate(value)}
            if isinstance(value, tuple)
            else {(*path, key): value}
        )
        for place, item in items.items():
            if isinstance(item, BaseModel):
                yield from _places(item, place)
            else:
                yield _Place(place, field.annotation, item)


def _others(place: _Place, refers: Refers | None, rows: Mapping[str, object], seed: Path) -> Sequence[object]:
    """What may stand there instead, the likeliest first; nothing where nothing stands there. `refers`: what it names."""
    value = place.value
    if choices := _choices(place.annotation):
        return [choice for choice in choices if choice != value] if value else []
    match value:
        case bool():
            return [not value]
        case int() | Decimal():
            return [value + 1, value - 1]
        case date():
            return [value + timedelta(days=1), value - timedelta(days=1)]
        case str() if value:
            pool = _named(refers, rows, seed, value) if refers else _called(rows)
            # Each place begins elsewhere, so that checks which are much alike don't ask for the same things.
            first = int(sha256(f"{place.path}{value}".encode()).hexdigest(), 16) % max(len(pool), 1)
            return [other for other in (*pool[first:], *pool[:first]) if other != value][:MOST]
    return []


def _choices(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(choice for part in get_args(annotation) for choice in _choices(part))


def _named(refers: Refers, rows: Mapping[str, object], seed: Path, value: str) -> list[str]:
    """The names of that kind: of the table that has the value, else of all that the reference may mean."""
    if MEDIA in refers.where:
        return sorted(path.name for path in (seed.parent.parent / "media").iterdir())
    tables = [where.partition(".") for where in refers.where if where != FILES]
    found = [[str(row[key]) for row in _rows(rows, table) if key in row] for table, _, key in tables]
    own = [names for names in found if value in names] or found
    return list(dict.fromkeys(name for names in own for name in names))


def _called(rows: Mapping[str, object]) -> list[str]:
    """All titles and names of the company."""
    found = [row.get(key) for table in rows for row in _rows(rows, table) for key in _CALLED]
    return list(dict.fromkeys(name for name in found if isinstance(name, str)))


def _rows(rows: Mapping[str, object], table: str) -> list[Mapping[str, object]]:
    found = rows.get(table)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _put(values: object, path: _Path, value: object) -> object:
    """The values with another one at that place."""
    if not path:
        return value
    if isinstance(values, dict):
        return {**values, path[0]: _put(values[path[0]], path[1:], value)}
    assert isinstance(values, tuple)
    index = int(path[0])
    return (*values[:index], _put(values[index], path[1:], value), *values[index + 1 :])


def wanted_values(check: Check) -> list[object]:
    """The values that a check asks for: neither a choice between words of its own, nor the identifier of something there."""
    there = {path for path, _, refers in references(check) if MEDIA not in refers.where}
    return [
        value
        for place in _places(check)
        if not _choices(place.annotation) and not (place.path in there and _SLUG.fullmatch(str(place.value)))
        for value in _each(place.value)
    ]


def _each(value: object) -> Iterator[object]:
    """The value, or each of those in it if it is a row of a table."""
    if isinstance(value, tuple):
        for part in value:
            yield from _each(part)
    else:
        yield value


def wanted_words(check: Check) -> set[str]:
    """The words of its own that a check asks for, such as a place or a size."""
    return {place.value for place in _places(check) if _choices(place.annotation) and isinstance(place.value, str)}
