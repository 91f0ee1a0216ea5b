"""Which product of the shop a name means, and whether an address is the one that is asked."""

import re
from collections.abc import Sequence
from pathlib import Path

from rapidfuzz import fuzz

from checks.prestashop.reading.seeded import seeded_number
from checks.prestashop.reading.shop import Row
from provisioner.french.text import NEARLY, fold, nearly_same, same
from provisioner.subject.check import Verdict


def named(company: Path, rows: Sequence[Row], name: str) -> Row | None:
    """The product of this name, online rather than not, the company's own rather than another, new rather than old.

    Else the one that the company was seeded with under it, whatever it is called now. A neighbour is not it.
    """
    number = seeded_number(company, name)
    exactly = [row for row in rows if same(name, row.name)]
    renamed = [row for row in rows if row.id == number]
    return max(exactly or renamed, key=lambda row: (row.active, row.id == number, row.id), default=None)


def newest_off_line(rows: Sequence[Row], row: Row) -> Row | None:
    """Of several products of its name, none of them online, the newest: a person has to say which is meant."""
    twins = [one for one in rows if same(one.name, row.name)]
    return max(twins, key=lambda one: one.id) if len(twins) > 1 and not row.active else None


def nearly_named(company: Path, rows: Sequence[Row], name: str) -> Row | None:
    """One that the candidate called nearly so: a person has to say whether it is meant.

    A product that has the name that it was seeded with is a neighbour.
    """
    likely = [row for row in rows if row.id != seeded_number(company, row.name) and may_mean(name, row.name)]
    return max(likely, key=lambda row: (row.active, row.id), default=None)


def may_mean(name: str, seen: str) -> bool:
    """Whether one name may be meant by the other; another number is another name."""
    figures = [re.findall(r"\d+", fold(one)) for one in (name, seen)]
    return figures[0] == figures[1] and fuzz.ratio(fold(name), fold(seen)) >= NEARLY


def addressed(wanted: str, seen: str) -> Verdict:
    """Whether a friendly address is the one that is asked, to the letter; a slip of the pen is for a person."""
    return Verdict.MET if seen == wanted else Verdict.TO_JUDGE if nearly_same(wanted, seen) else Verdict.NOT_MET


def missing(name: str) -> str:
    """What is said of a product that isn't there."""
    return f"Aucun produit ne s’appelle « {name} »."


def is_surely(company: Path, name: str, row: Row) -> bool:
    """Whether it is that product, by its name or its number, and not by a likeness."""
    return same(name, row.name) or row.id == seeded_number(company, name)
