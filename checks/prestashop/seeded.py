"""What the company's shop has from the start: what a candidate finds in a list, and so cannot have mistyped."""

from functools import cache
from typing import Any

from provisioner.check import Verdict
from provisioner.config import ROOT, read_toml
from provisioner.text import fold, nearly_same, same


def chosen(wanted: str, seen: str, table: str) -> Verdict:
    """Whether what was chosen in a list is what was wanted; a slip of the pen in what a candidate made is for a person."""
    if same(wanted, seen):
        return Verdict.MET
    slip = nearly_same(wanted, seen) and fold(seen) not in names(table)
    return Verdict.TO_JUDGE if slip else Verdict.NOT_MET


@cache
def names(table: str) -> frozenset[str]:
    """The names in a table of seed.toml, folded."""
    return frozenset(fold(row["name"]) for row in _rows(table))


def tags(product: int) -> frozenset[str]:
    """The keywords of a product of the company's, by its number, folded; none of a product that came since."""
    rows = _rows("products")
    return (
        frozenset(fold(one) for one in rows[product - 1].get("tags", ())) if 0 < product <= len(rows) else frozenset()
    )


@cache
def _rows(table: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        row for path in ROOT.glob("scenarios/*/prestashop/seed.toml") for row in read_toml(path).get(table, ())
    )
