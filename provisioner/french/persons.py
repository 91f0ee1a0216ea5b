"""Whether two entries of a list are of one person: names are corrected, siblings share one, spreadsheets take zeros."""

from collections.abc import Iterable, Mapping
from typing import Any

from provisioner.french.text import fold, plainly


def may_be_same_person(
    entry: Mapping[str, Any], other: Mapping[str, Any], everybody: Iterable[Mapping[str, Any]]
) -> bool:
    """Whether two entries of a number may be of one person: one of the names may have been corrected, not both.

    Nor is it a correction where either is somebody's of `everybody` under another number: of siblings, say.
    """
    if same_person(entry, other):
        return True
    others = {_person(each) for each in everybody if each["number"] != other["number"]}
    return alike(entry, other) and not others & {_person(entry), _person(other)}


def same_person(entry: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two entries have the same names."""
    return _person(entry) == _person(other)


def alike(entry: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two entries have a name in common, or the first name."""
    return any(fold(entry[key]) == fold(other[key]) for key in ("name", "first_name"))


def _person(entry: Mapping[str, Any]) -> tuple[str, str]:
    return fold(entry["name"]), fold(entry["first_name"])


def bare(number: str) -> str:
    """A number without what a spreadsheet may take from it or a hand may add: the zeros before it, the signs in it."""
    return plainly(number).lstrip("0")
