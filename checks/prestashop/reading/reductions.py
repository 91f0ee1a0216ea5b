"""What a promotion takes off, against what is asked, and against another that is beside it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from checks.prestashop.reading.money import cents, percent
from checks.prestashop.reading.periods import Period
from provisioner.french.text import numbered
from provisioner.subject.check import Verdict


class Promotion(Protocol):
    """A price rule of the catalogue or a specific price."""

    @property
    def reduction(self) -> Decimal:
        """How much it takes off."""

    @property
    def unit(self) -> str:
        """In which unit: "%", "TTC" or "HT"."""

    @property
    def minimum(self) -> int:
        """From how many pieces."""

    @property
    def period(self) -> Period:
        """From when to when."""


def first_pieces(minimum: int) -> str:
    """From how many pieces, in words."""
    return f"à partir de {numbered(minimum, 'produit')}" if minimum > 1 else "dès le premier produit"


def takes_off(seen: Promotion, wanted: Decimal, unit: str, rates: Iterable[Decimal]) -> Verdict:
    """Whether it takes off what is asked; an amount that at one of these rates of tax is the same is for a person."""
    if (seen.reduction, seen.unit) == (wanted, unit):
        return Verdict.MET
    return Verdict.TO_JUDGE if by_the_other_count(seen, wanted, unit, rates) else Verdict.NOT_MET


def by_the_other_count(seen: Promotion, wanted: Decimal, unit: str, rates: Iterable[Decimal]) -> str:
    """What is said of an amount that with one of these rates of tax is the one asked, by the other count of tax."""
    if not counted_otherwise(seen, unit):
        return ""
    for rate in rates:
        tax = 1 + rate / 100
        counted = seen.reduction * tax if unit == "TTC" else seen.reduction / tax
        if cents(counted) == cents(wanted):
            return f" (avec une TVA de {percent(rate)}, c’est la remise demandée, au centime près)"
    return ""


def counted_otherwise(seen: Promotion, unit: str) -> bool:
    """Whether it is an amount, and with tax where one without it is asked, or without where it is asked with it."""
    return {seen.unit, unit} == {"TTC", "HT"}


def differs(one: Promotion, first: Promotion, now: datetime) -> bool:
    """Whether it takes off something else than the first, or from another quantity, or at a time when the first doesn't.

    A quantity from which that much is off already is seen all the same: the product's page has a table of them.
    """
    alike = (one.reduction, one.unit, max(one.minimum, 1)) == (first.reduction, first.unit, max(first.minimum, 1))
    return not alike or not one.period.within(first.period, now)
