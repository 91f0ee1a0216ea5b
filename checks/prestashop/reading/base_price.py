"""The price that the impacts of a product's variants are added to, from what the product's page says to its scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checks.prestashop.reading.money import cents, six_decimals, with_tax


@dataclass(frozen=True)
class Base:
    """The price that the impacts of the variants are added to."""

    rate: Decimal
    gross: Decimal
    net: Decimal


def base_price(seen: Sequence[Mapping[str, Any]], kept: Decimal | None) -> Base:
    """The price shown for a variant without impact; where there is none, counted back from one that has.

    A shop whose visitors see prices HT shows them rounded: there it is the one that the back office keeps.
    """
    data = next((one for one in seen if not exact(one["attribute_price"])), seen[0])
    rate = exact(data["rate"])
    if kept is not None:
        return Base(rate, with_tax(kept, rate), cents(kept))
    impact = exact(data["attribute_price"])
    shown = exact(data["price_without_reduction"])
    net = net_price(data) - impact
    return Base(rate, with_tax(net, rate) if impact else cents(shown), cents(net))


def net_price(data: Mapping[str, Any]) -> Decimal:
    """The price HT before any reduction, impact and all. Of a reduced one the page tells the price TTC, of six decimals.

    The price HT is kept with six decimals too, and so it is counted back without loss. To who sees prices HT, it tells it
    HT and to the cent.
    """
    if exact(data["reduction"]) and shows_net(data):
        return exact(data["price_without_reduction"])
    if exact(data["reduction"]):
        return six_decimals(exact(data["price_without_reduction"]) / (1 + exact(data["rate"]) / 100))
    return exact(data["price_tax_exc"])


def shows_net(data: Mapping[str, Any]) -> bool:
    """Whether a product's page shows its price HT, by what it says to its scripts."""
    shown = data.get("price_amount")
    return shown is not None and bool(exact(data["rate"])) and exact(shown) == exact(data["price_tax_exc"])


def exact(value: object) -> Decimal:
    """A number of a page's scripts."""
    return Decimal(str(value or 0))
