"""A product's specific prices, as the back office holds them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each
from checks.prestashop.reading.money import amount, euros, percent
from checks.prestashop.reading.periods import Period, period_from
from checks.prestashop.reading.seeded import CUSTOMERS
from checks.prestashop.reading.shop import Row
from provisioner.french.text import quoted
from provisioner.subject.check import Site

Unit = Literal["%", "TTC", "HT"]


@dataclass(frozen=True)
class Special:
    """A specific price as the back office holds it; `group` is "" for everybody, `customers` all who have an account.

    `only_in` are the country and the currency that it is bound to, where it is; `variants` are the numbers of
    those that it is on, where it isn't on all of them; `price`, without tax, takes the place of the product's own;
    where it is `narrowed`, it is for one customer.
    """

    reduction: Decimal = Decimal(0)
    unit: Unit = "%"
    minimum: int = 1
    period: Period = field(default_factory=Period)
    group: str = ""
    price: Decimal | None = None
    narrowed: bool = False
    only_in: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    customers: bool = False

    @property
    def fixed(self) -> bool:
        """Whether it gives a price of its own: what it takes off, the shop alone shows."""
        return self.price is not None

    @property
    def elsewhere(self) -> bool:
        """Whether it says more than its reduction."""
        return self.narrowed or self.fixed

    def as_if(self, reduction: Decimal, unit: Unit) -> "Special":
        """Itself, or where it gives a price of its own, what it would be if it took off this much."""
        return replace(self, reduction=reduction, unit=unit) if self.fixed else self

    @property
    def _whom(self) -> str:
        if self.narrowed:
            return "pour un seul client" + (f" du groupe « {self.group} »" if self.group else "")
        return f"pour le groupe « {self.group} »" if self.group else "pour tous les clients"

    def __str__(self) -> str:
        fixed = f"un prix fixé à {euros(self.price)} HT" if self.price is not None else ""
        off = f"de {reduction_in_words(self.reduction, self.unit)}" if self.reduction or not fixed else f"par {fixed}"
        return (
            f"remise {off}{f' dès {self.minimum} produits' if self.minimum > 1 else ''}, "
            + self._whom
            + (f", sur {fixed}" if fixed and self.reduction else "")
            + (f", seulement pour {quoted(self.only_in)}" if self.only_in else "")
            + (f", sur {_some(self.variants)} du produit seulement" if self.variants else "")
        )


def reduction_in_words(reduction: Decimal, unit: Unit) -> str:
    """A reduction in words."""
    return percent(reduction) if unit == "%" else f"{euros(reduction)} {unit}"


def _some(variants: Sequence[str]) -> str:
    return "une déclinaison" if len(variants) == 1 else f"{len(variants)} déclinaisons"


def specials_of(site: Site, row: Row) -> list[Special]:
    """A product's own specific prices, without those that come of a rule of the catalogue."""
    return [special for _, special in specials_of_each(site, [row])]


def rate_of(site: Site, row: Row) -> Decimal:
    """The rate of tax that a product's sheet has, in per cent."""
    return amount(looked_up(site, site.signed_in(), row.edit, _RATE)) or Decimal(0)


def specials_of_each(site: Site, rows: Sequence[Row]) -> list[tuple[Row, Special]]:
    """The own specific prices of several products; one sheet says where all of them are listed."""
    if not rows:
        return []
    page = site.signed_in()
    addresses = looked_up(site, page, rows[0].edit, _ADDRESSES)
    lists = [re.sub(r"/list/\d+", f"/list/{row.id}", site.address + addresses["list"]) for row in rows]
    answers = looked_up_each(site, page, lists, _LIST)
    own = [
        (row, re.sub(r"/form/\d+", f"/form/{one['id_specific_price']}", site.address + addresses["form"]))
        for row, answer in zip(rows, answers, strict=True)
        for one in answer
        if one["rule_name"] in ("--", "")
    ]
    forms = looked_up_each(site, page, [form for _, form in own], _SPECIAL)
    kept: dict[Row, list[Special]] = {}
    for (row, _), seen in zip(own, forms, strict=True):
        kept.setdefault(row, []).append(_special(seen))
    varied = [row for row, specials in kept.items() if any(one.variants for one in specials)]
    variants = dict(zip(varied, looked_up_each(site, page, [row.edit for row in varied], _VARIANTS), strict=True))
    return [(row, one) for row, specials in kept.items() for one in merged_variants(specials, variants.get(row, ()))]


def merged_variants(specials: Sequence[Special], variants: Sequence[str]) -> list[Special]:
    """Those that give each variant of a product the same are one for the product, or for some of its variants."""
    found: dict[Special, list[Special]] = {}
    for one in specials:
        found.setdefault(replace(one, variants=()), []).append(one)
    gathered = []
    for alike, each in found.items():
        on = {number for one in each for number in one.variants}
        everywhere = not all(one.variants for one in each) or (bool(variants) and on >= set(variants))
        gathered.append(alike if everywhere else replace(alike, variants=tuple(sorted(on))))
    return gathered


def _special(seen: Mapping[str, Any]) -> Special:
    unit: Unit = "%" if seen["type"] == "percentage" else "TTC" if seen["tax"] == "1" else "HT"
    return Special(
        reduction=(amount(seen["reduction"]) or Decimal(0)),
        unit=unit,
        minimum=int(seen["minimum"] or 1),
        period=period_from(seen["from"], seen["to"]),
        group=re.sub(r"^\d+ - ", "", seen["group"]),  # where two of the shop's groups have one name, all are numbered
        price=None if seen["price_kept"] else amount(seen["price"]) or Decimal(0),
        narrowed=seen["narrowed"],
        only_in=tuple(seen["only_in"]),
        variants=(seen["variant"],) if seen["variant"] not in ("", "0") else (),
        customers=seen["group_number"] == CUSTOMERS,
    )


_ADDRESSES = Script[dict[str, str]]("""page => {
    const list = page.querySelector('#js-specific-price-list');
    return {list: list.dataset.listingUrl, form: list.dataset.actionEdit};
}""")

_RATE = Script[str]("""page => {
    const chosen = page.querySelector('#form_step2_id_tax_rules_group option[selected]');
    return chosen ? (chosen.dataset.rates || '').split(',')[0] : '';
}""")

_VARIANTS = Script[list[str]](
    """page => (page.querySelector('#accordion_combinations').dataset.idsProductAttribute || '').split(',').filter(Boolean)"""
)

_SPECIAL = Script[dict[str, Any]]("""page => {
    const field = name => page.querySelector(`[name$="[${name}]"]`);
    const value = name => field(name) ? field(name).getAttribute('value') || '' : '';
    const chosen = name => field(name) && (field(name).querySelector('option[selected]') || field(name).querySelector('option'));
    const narrow = name => Boolean(chosen(name) && Number(chosen(name).value));
    // A shop with one currency has no other customers.
    const several = name => [...field(name).querySelectorAll('option')].filter(one => Number(one.value)).length > 1;
    return {
        reduction: value('sp_reduction'), type: (chosen('sp_reduction_type') || {value: 'amount'}).value,
        tax: (chosen('sp_reduction_tax') || {value: '1'}).value, minimum: value('sp_from_quantity'),
        from: value('sp_from'), to: value('sp_to'), group: narrow('sp_id_group') ? chosen('sp_id_group').textContent.trim() : '',
        group_number: narrow('sp_id_group') ? chosen('sp_id_group').value : '',
        only_in: ['sp_id_country', 'sp_id_currency'].filter(name => narrow(name) && several(name)).map(name => chosen(name).textContent.trim()),
        // The list of variants is filled by a script.
        variant: (field('sp_id_product_attribute') || {dataset: {}}).dataset.selectedAttribute || '',
        narrowed: Boolean(page.querySelector('#form_modal_sp_id_customer-data li, [id$="sp_id_customer-data"] li')),
        price: value('sp_price'), price_kept: Boolean(field('leave_bprice') && field('leave_bprice').hasAttribute('checked')),
    };
}""")

_LIST = Script[list[dict[str, Any]]]("(page, about, whole) => JSON.parse(whole)")
