"""Whether two entries of a list are of one person: names are corrected, siblings share one, spreadsheets take zeros."""

from collections.abc import Iterable
from typing import Protocol

from provisioner.french.text import fold, plainly


class Person(Protocol):
    """Whoever has a number and names in a list."""

    @property
    def number(self) -> str:
        """The candidate's number, as it is written."""

    @property
    def name(self) -> str:
        """The family name."""

    @property
    def first_name(self) -> str:
        """The first name."""


def may_be_same_person(one: Person, other: Person, everybody: Iterable[Person]) -> bool:
    """Whether two entries of one number may be of one person: one of the names may have been corrected, not both.

    It is no correction where either name is in `everybody` under another number: of siblings, say.
    """
    if same_person(one, other):
        return True
    others = {_names(person) for person in everybody if person.number != other.number}
    return share_a_name(one, other) and not others & {_names(one), _names(other)}


def same_person(one: Person, other: Person) -> bool:
    """Whether two entries have the same names."""
    return _names(one) == _names(other)


def share_a_name(one: Person, other: Person) -> bool:
    """Whether two entries have the family name in common, or the first name."""
    return fold(one.name) == fold(other.name) or fold(one.first_name) == fold(other.first_name)


def _names(person: Person) -> tuple[str, str]:
    return fold(person.name), fold(person.first_name)


def bare(number: str) -> str:
    """A number without what a spreadsheet may take from it or a hand may add: the zeros before it, the signs in it."""
    return plainly(number).lstrip("0")
