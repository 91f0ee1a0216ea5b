"""What was ordered on the day of the examination: a candidate may try his product by an order, which takes it from stock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from checks.prestashop.pages import looked_up, looked_up_each, screen
from checks.prestashop.shop import Product
from provisioner.check import Site
from provisioner.text import fold


@dataclass(frozen=True)
class Sale:
    """A line of an order: the product's number, the name with its values, how many."""

    product: int
    said: str
    quantity: int


def with_sales(site: Site, seen: Product) -> Product:
    """The product, and what of it and of each variant was ordered on the day when the work stopped."""
    return counted(seen, _sales(site))


def counted(seen: Product, sales: Sequence[Sale]) -> Product:
    """The product with these sales: "Palet - Poids : 300 g- Parfum : Nature" is a variant by its values."""
    mine = [(set(re.split(r" ?- |, ", fold(one.said))), one.quantity) for one in sales if one.product == seen.id]
    variants = tuple(
        replace(one, sold=sum(n for parts, n in mine if {fold(f"{g} : {v}") for g, v in one.of.items()} <= parts))
        for one in seen.variants
    )
    return replace(seen, variants=variants, sold=sum(n for _, n in mine))


def _sales(site: Site) -> list[Sale]:
    day = f"{site.taken_at:%Y-%m-%d}"
    search = (
        "".join(f"&order[filters][date_add][{end}]={day}" for end in ("from", "to"))
        + "&order[offset]=0&order[limit]=100"
    )
    listed = screen(site, "AdminOrders")
    numbers = looked_up(site, site.signed_in(), listed + search, _NUMBERS)
    addresses = [listed.replace("/sell/orders/?", f"/sell/orders/{number}/view?") for number in numbers]
    return [Sale(**line) for lines in looked_up_each(site, site.signed_in(), addresses, _LINES) for line in lines]


_NUMBERS = r"""page => [...page.querySelectorAll('table tbody tr a[href*="/orders/"][href*="/view"]')].map(
    a => Number(a.getAttribute('href').match(/\/orders\/(\d+)\/view/)[1])).filter((n, i, all) => all.indexOf(n) === i)"""

_LINES = r"""page => [...page.querySelectorAll('tr.cellProduct')].map(row => ({
    product: Number(((row.querySelector('a[href*="/products/"]') || {getAttribute: () => ''}).getAttribute('href').match(/\/products\/(\d+)/) || [0, 0])[1]),
    said: row.querySelector('.productName').textContent.replace(/\s+/g, ' ').trim(),
    quantity: Number(row.querySelector('.cellProductQuantity').textContent.match(/\d+/)[0]),
}))"""
