"""What a promotion changes in the shop, whatever the screen that it was made on: the prices that visitors then find."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from checks.prestashop.reading.answers import Forbidden
from checks.prestashop.reading.base_price import exact, net_price, shows_net
from checks.prestashop.reading.money import Taxes, cents, displayed, euros, with_tax
from checks.prestashop.reading.seeded import price_of
from checks.prestashop.reading.shop import regular_price, shown_for_quantity
from provisioner.subject.check import Site


def due_price(data: Mapping[str, Any], reduction: Decimal, unit: str, regular: Decimal | None = None) -> Decimal:
    """What a product costs TTC with this reduction, by what its page says of it; not rounded yet.

    `regular` is the price TTC before it, that of the page where none is given.
    """
    before = regular_price(data) if regular is None else regular
    if unit == "%":
        return before * (1 - reduction / 100)
    return before - reduction * (1 + exact(data["rate"]) / 100 if unit == "HT" else 1)


def regular_if_net(company: Path, product: int, data: Mapping[str, Any]) -> Decimal | None:
    """The company's own price TTC of a product whose page shows prices HT, rounded: the shop counts with the exact one.

    None where the page shows prices TTC, or another price than the company's.
    """
    had = price_of(company, product)
    if had is None or not shows_net(data) or exact(data["attribute_price"]):
        return None
    return had if abs(with_tax(net_price(data), exact(data["rate"])) - had) <= Decimal("0.01") else None


def repriced(site: Site, product: int) -> str:
    """What is said of a product of the company's whose base price isn't the one that it had; "" where it is, or isn't seen."""
    had = price_of(site.company, product)
    if had is None:
        return ""
    try:
        data = shown_for_quantity(site, product).data
    except Forbidden:
        return ""
    now = with_tax(net_price(data) - exact(data["attribute_price"]), exact(data["rate"]))
    # Prices that are shown HT are rounded to the cent before tax.
    alike = abs(now - cents(had)) <= (Decimal("0.01") if shows_net(data) else 0)
    return "" if alike else f"le prix de base est de {euros(now)} TTC au lieu de {euros(had)}"


def buyer(quantity: int, who: str = "un visiteur") -> str:
    """Who takes that many."""
    return who if quantity <= 1 else f"{who} qui en prend {quantity}"


def sees(who: str, price: Decimal) -> str:
    """What somebody finds on the product's page: a shop may hide its prices."""
    return f"{who} voit {euros(price)} l’unité" if price else f"{who} ne voit aucun prix"


def effect(site: Site, product: int, reduction: Decimal, unit: str, minimum: int) -> tuple[Decimal, bool] | None:
    """The price that a visitor finds for that quantity, where it is what the reduction makes of the price or of the company's.

    With it, whether one piece fewer has it too. None where another price is found, or none.
    """
    try:
        seen = shown_for_quantity(site, product, minimum)
    except Forbidden:
        return None
    rate, had = exact(seen.data["rate"]), price_of(site.company, product)
    regular = [None, *([had] if had is not None and not exact(seen.data["attribute_price"]) else [])]
    taxes: Taxes = "HT" if shows_net(seen.data) else "TTC"
    due = {displayed(due_price(seen.data, reduction, unit, one), rate, taxes) for one in regular}
    if not seen.price or seen.price not in due:
        return None
    fewer = minimum > 1 and shown_for_quantity(site, product, minimum - 1).price == seen.price
    return seen.price, fewer


def instead(shown: Decimal, due: Decimal) -> str:
    """What somebody should have found, behind what he `sees`."""
    return f" au lieu de {euros(due)}" if shown else f" (attendu : {euros(due)})"


def effect_on_all(
    site: Site,
    within: Sequence[int],
    others: Sequence[int],
    reduction: Decimal,
    unit: str,
    minimum: int,
    called: str = "de la catégorie",
) -> str:
    """What is said where visitors find the reduction on all of these products, and on none of the others; else ""."""
    first = next(iter(within), None)
    seen = effect(site, first, reduction, unit, minimum) if first is not None else None
    if seen is None or not all(effect(site, one, reduction, unit, minimum) for one in within):
        return ""
    if any(effect(site, one, reduction, unit, minimum) for one in others):
        return ""
    price, fewer = seen
    already = ", comme celui qui en prend moins" if fewer else ""
    return (
        f"sur chaque produit {called}, {buyer(minimum)} a la remise demandée ({euros(price)} pour le premier{already})"
    )
