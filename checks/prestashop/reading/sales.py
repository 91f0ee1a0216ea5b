"""What was ordered before the work, and on its day: a candidate may try his product by an order, which takes it from stock."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, screen
from checks.prestashop.reading.seeded import seed
from checks.prestashop.reading.shop import Product
from provisioner.french.text import fold
from provisioner.subject.check import Site

_DIGITS = str.maketrans("0123456789abcdef", "BCDFGHJKLMNPQRST")


@dataclass(frozen=True)
class Sale:
    """A line of an order: the product's number, the name with its values, how many."""

    product: int
    said: str
    quantity: int


@dataclass(frozen=True)
class Ordered:
    """A product of seed.toml in an order, with the values of its variant."""

    product: str
    of: Mapping[str, str]
    quantity: int

    @property
    def said(self) -> str:
        """Its name with its values, as an order's page has it."""
        return " - ".join([self.product, *(f"{group} : {value}" for group, value in self.of.items())])


@dataclass(frozen=True)
class Seeded:
    """An order that the company had before the work; each of `slips` is what a credit slip paid back of it.

    `shipping` is what they paid back of its delivery, as the order's page shows it (HT for those who buy so); it was
    `delivered_for_money` where its carrier takes something for whatever parcel. `days_ago` counts to the build; `states`, how many it was given.
    """

    customer: str
    lines: tuple[Ordered, ...]
    slips: tuple[tuple[Ordered, ...], ...]
    shipping: Decimal
    delivered_for_money: bool
    days_ago: int
    states: int = 0

    @property
    def left(self) -> list[Ordered]:
        """Its lines with the pieces that hadn't been paid back, where there are any."""
        back = [one for slip in self.slips for one in slip]
        whole = [(line, sum(one.quantity for one in back if one.said == line.said)) for line in self.lines]
        return [replace(line, quantity=line.quantity - less) for line, less in whole if less < line.quantity]


@cache
def seeded_orders(company: Path) -> Mapping[str, Seeded]:
    """The company's orders by their references, which orders.php draws from their slugs."""
    found = {}
    costs = {one["slug"]: all(price for _, _, price in one["ranges"]) for one in seed(company)["carriers"]}
    for row in seed(company)["orders"]:
        refunds = [one for one in seed(company)["refunds"] if one["order"] == row["slug"]]
        found[reference(row["slug"])] = Seeded(
            row["customer"],
            _ordered(company, row["lines"]),
            tuple(_ordered(company, one["lines"]) for one in refunds),
            sum((Decimal(str(one.get("shipping", 0))) for one in refunds), Decimal(0)),
            costs.get(row["carrier"], False),
            row["days_ago"],
            len(row["states"]) + sum(len(one.get("states", ())) for one in refunds),
        )
    return found


def reference(slug: str) -> str:
    """The reference that the seed gives to an order.

    >>> reference("riou-1")
    'HPKFCMGSJ'
    """
    return hashlib.sha256(f"order {slug}".encode()).hexdigest()[:9].translate(_DIGITS)


def ordered_by(company: Path, email: str) -> list[Seeded]:
    """The orders that this customer had before the work, the newest first."""
    return sorted(
        (one for one in seeded_orders(company).values() if one.customer == email), key=lambda one: one.days_ago
    )


def delivered_for_money(company: Path, email: str) -> bool:
    """Whether this customer has orders, and paid for the delivery of each."""
    mine = [one.delivered_for_money for one in seeded_orders(company).values() if one.customer == email]
    return bool(mine) and all(mine)


def _ordered(company: Path, rows: Sequence[Mapping[str, Any]]) -> tuple[Ordered, ...]:
    products, groups = (
        {one["slug"]: one["name"] for one in seed(company)[table]} for table in ("products", "attributes")
    )
    return tuple(
        Ordered(
            products[row["product"]],
            {groups[slug]: value for slug, value in row.get("variant", {}).items()},
            row["quantity"],
        )
        for row in rows
    )


def with_sales(site: Site, seen: Product) -> Product:
    """The product, and what of it and of each variant was ordered on the day when the work stopped."""
    return with_these_sales(seen, _sales(site))


def with_these_sales(seen: Product, sales: Sequence[Sale]) -> Product:
    """The product with these sales; the variant of each is known by the values in its name."""
    mine = [sale for sale in sales if sale.product == seen.id]
    variants = tuple(
        replace(one, sold=sum(sale.quantity for sale in mine if names_variant(sale.said, one.of)))
        for one in seen.variants
    )
    return replace(seen, variants=variants, sold=sum(sale.quantity for sale in mine))


def names_variant(shown: str, of: Mapping[str, str]) -> bool:
    """Whether a line of an order names all these values.

    PrestaShop 1.7.7 writes "Tablier - Taille : Adulte- Couleur : Écru", and 1.7.8 "Tablier (Taille: Adulte - Couleur: Écru)",
    where its French has no space before the colon.
    """
    values = (rf"{re.escape(fold(group))} ?: ?{re.escape(fold(value))}" for group, value in of.items())
    return all(re.search(rf"[-,(] ?{value}(?= ?[-,] |\)|$)", fold(shown)) for value in values)


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


_NUMBERS = Script[list[int]](r"""page => [...page.querySelectorAll('table tbody tr a[href*="/orders/"][href*="/view"]')].map(
    a => Number(a.getAttribute('href').match(/\/orders\/(\d+)\/view/)[1])).filter((n, i, all) => all.indexOf(n) === i)
""")

_LINES = Script[list[dict[str, Any]]](r"""page => [...page.querySelectorAll('tr.cellProduct')].map(row => ({
    product: Number(((row.querySelector('a[href*="/products/"]') || {getAttribute: () => ''}).getAttribute('href').match(/\/products\/(\d+)/) || [0, 0])[1]),
    said: row.querySelector('.productName').textContent.replace(/\s+/g, ' ').trim(),
    quantity: Number(row.querySelector('.cellProductQuantity').textContent.match(/\d+/)[0]),
}))""")
