"""What the company's shop has from the start: what a candidate finds in a list, and so cannot have mistyped."""

from functools import cache
from typing import Any

from provisioner.check import Verdict
from provisioner.config import ROOT, read_toml
from provisioner.text import fold, nearly_same, same


def chosen(wanted: str, seen: str, *tables: str) -> Verdict:
    """Whether what was chosen in a list is what was wanted; a slip of the pen in what a candidate made is for a person."""
    if same(wanted, seen):
        return Verdict.MET
    slip = nearly_same(wanted, seen) and not any(fold(seen) in names(table) for table in tables)
    return Verdict.TO_JUDGE if slip else Verdict.NOT_MET


@cache
def names(table: str) -> frozenset[str]:
    """The names in a table of seed.toml, or its titles where nothing has a name, folded."""
    return frozenset(fold(row.get("name") or row["title"]) for _, row in rows(table))


@cache
def attribute_values() -> frozenset[str]:
    """The values of all attributes, folded."""
    return frozenset(fold(value) for _, row in rows("attributes") for value in row["values"])


def tags(product: int) -> frozenset[str]:
    """The keywords of a product of the company's, by its number, folded; none of a product that came since."""
    return frozenset(fold(one) for number, row in rows("products") if number == product for one in row.get("tags", ()))


@cache
def seeded_number(name: str) -> int:
    """The number of the product that is seeded under this name; 0 where there is none."""
    return next((number for number, row in rows("products") if same(name, row["name"])), 0)


@cache
def rows(table: str) -> tuple[tuple[int, dict[str, Any]], ...]:
    """The rows of a table of seed.toml, each with its place in it, from 1.

    Where an empty shop has none of the kind, that is the row's number for good: none is given twice.
    """
    seeds = [read_toml(path) for path in ROOT.glob("scenarios/*/prestashop/seed.toml")]
    return tuple(numbered for seed in seeds for numbered in enumerate(seed.get(table, ()), 1))
