"""Money as the shop counts and shows it: exact to the cent, halves rounded away from zero."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator

Taxes = Literal["TTC", "HT"]
#: A number of a subject's file, where 12.9 is twelve euros ninety and nothing near it.
Exact = Annotated[Decimal, BeforeValidator(lambda value: Decimal(str(value)) if type(value) in (int, float) else value)]

_CENT = Decimal("0.01")
_SIX_DECIMALS = Decimal("0.000001")


def cents(amount: Decimal) -> Decimal:
    """The amount as the shop rounds it.

    >>> cents(Decimal("4.745"))
    Decimal('4.75')
    """
    return amount.quantize(_CENT, ROUND_HALF_UP)


def six_decimals(amount: Decimal) -> Decimal:
    """The amount as the shop's database keeps it."""
    return amount.quantize(_SIX_DECIMALS, ROUND_HALF_UP)


def displayed(due: Decimal, rate: Decimal, taxes: Taxes = "TTC") -> Decimal:
    """What a product's page shows of a price TTC that was counted exactly, to those who see it so or HT.

    The shop (Product::getProductProperties) rounds a price TTC to six decimals first, and one HT to the cent at once.
    3.90 TTC is kept as 3.696682 HT: 15 % off is 3.3149995835 TTC, then 3.315, then 3.32.

    >>> displayed(Decimal("3.3149995835"), Decimal("5.5"))
    Decimal('3.32')
    """
    if taxes == "HT":
        return cents(due / (1 + rate / 100))
    return cents(six_decimals(due))


def with_tax(net: Decimal, rate: Decimal) -> Decimal:
    """From HT to TTC, to the cent; `rate` in percent."""
    return cents(net * (1 + rate / 100))


def amount(shown: str) -> Decimal | None:
    """The amount that a text shows: "1 234,50 €", "4.2"; None where there is none."""
    found = re.search(r"-?\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?", shown)
    if not found:
        return None
    return Decimal(re.sub(r"\s", "", found[0]).replace(",", "."))


def euros(value: Decimal) -> str:
    """An amount as it is said: "12,90 €", "−4,20 €"."""
    return f"{cents(value):,.2f} €".replace(",", " ").replace(".", ",").replace("-", "−")


def percent(value: Decimal) -> str:
    """A rate as it is said: "5,5 %"."""
    return f"{value.normalize():f} %".replace(".", ",")


def typed(value: Decimal) -> str:
    """A number as a person types it in a French screen: "12,90", "5,5"."""
    return f"{value:f}".replace(".", ",")
