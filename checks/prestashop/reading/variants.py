"""A product's variants: as its page shows them, or as the back office keeps those that the shop hides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from checks.prestashop.reading.answers import Script, looked_up
from checks.prestashop.reading.base_price import exact
from checks.prestashop.reading.money import amount, cents, with_tax
from checks.prestashop.reading.seeded import attribute_values
from checks.prestashop.reading.variant_values import values_of
from provisioner.french.text import fold, nearly_same, same
from provisioner.subject.check import Site


@dataclass(frozen=True)
class Variant:
    """A variant as the shop shows it. `price` is its price TTC before any reduction, `impact` is HT; `sold` is of the day."""

    of: Mapping[str, str] = field(default_factory=dict)
    price: Decimal = Decimal(0)
    impact: Decimal = Decimal(0)
    quantity: int = 0
    default: bool = False
    sold: int = 0

    def __str__(self) -> str:
        return ", ".join(self.of.values()) or "produit simple"

    def is_(self, of: Mapping[str, str]) -> bool:
        """Whether these are its values."""
        return _pairs(self.of) == _pairs(of)

    def perhaps(self, company: Path, of: Mapping[str, str]) -> bool:
        """Whether these may be its values, each with a slip of the pen at most; what the company has was chosen in a list.

        An attribute may have got another name since: then each value must be the wanted one.
        """
        seen = {fold(group): value for group, value in self.of.items()}
        if seen.keys() != {fold(group) for group in of}:
            return sorted(map(fold, self.of.values())) == sorted(map(fold, of.values()))
        values = [(value, seen[fold(group)]) for group, value in of.items()]
        return all(
            same(wanted, one) or (nearly_same(wanted, one) and fold(one) not in attribute_values(company))
            for wanted, one in values
        )


def read_variants(
    site: Site,
    sheet: Mapping[str, Any],
    answers: Sequence[Mapping[str, Any]],
    shown: int,
    kept: Decimal | None,
    rate: Decimal,
) -> tuple[Variant, ...]:
    """The variants of a product's `sheet`, by what its page answered when asked for each; it opens on that numbered `shown`.

    Where a shop hides what is sold out (PS_DISP_UNAVAILABLE_ATTR), ProductController answers with another variant.
    """
    numbers = [int(one["data"]["id_product_attribute"]) for one in answers]
    hidden = [asked for asked, number in zip(sheet["variants"], numbers, strict=True) if asked != number]
    unseen = _unseen(site, sheet, hidden, rate) if hidden else {}
    first = next((number for number, one in unseen.items() if one.default), shown)
    return tuple(
        unseen[asked] if asked in hidden else variant_shown(one, first, kept)
        for asked, one in zip(sheet["variants"], answers, strict=True)
    )


def variant_shown(seen: Mapping[str, Any], default: int, kept: Decimal | None) -> Variant:
    """A variant by what the product's page says of it; `kept` is the base price HT, in a shop that shows prices so."""
    data = seen["data"]
    impact = exact(data["attribute_price"])
    shown = cents(exact(data["price_without_reduction"]))
    return Variant(
        of={one["group"]: one["name"] for one in (data.get("attributes") or {}).values()},
        price=shown if kept is None else with_tax(kept + impact, exact(data["rate"])),
        impact=impact,
        quantity=int(data["quantity"]),
        default=int(data["id_product_attribute"]) == default,
    )


def _unseen(site: Site, sheet: Mapping[str, Any], numbers: Sequence[int], rate: Decimal) -> dict[int, Variant]:
    """These variants by their rows on the product's page of the back office, which it fetches once it is open."""
    base = amount(sheet["price"]) or Decimal(0)
    address = sheet["rows"].replace(":numbers", "-".join(map(str, numbers)))
    return {
        one["number"]: Variant(
            of=values_of(one["said"]),
            price=with_tax(base + exact(one["impact"]), rate),
            impact=exact(one["impact"]),
            quantity=int(one["quantity"]),
            default=one["default"],
        )
        for one in looked_up(site, site.signed_in(), address, _LINES)
    }


def _pairs(of: Mapping[str, str]) -> set[tuple[str, str]]:
    return {(fold(group), fold(value)) for group, value in of.items()}


# Rows of a table, and nothing around them.
_LINES = Script[list[dict[str, Any]]]("""(page, about, whole) => {
    const table = new DOMParser().parseFromString(`<table>${whole}</table>`, 'text/html');
    return [...table.querySelectorAll('tr.combination')].map(row => ({
        number: Number(row.getAttribute('data')),
        said: row.querySelector('td:nth-child(3)').textContent,
        impact: row.querySelector('.attribute_priceTE').getAttribute('value'),
        quantity: (row.querySelector('.attribute-quantity input') || {getAttribute: () => '0'}).getAttribute('value'),
        default: row.querySelector('.attribute_default_checkbox[checked]') !== null,
    }));
}""")
