"""A product's specific prices, as the back office holds them."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from checks.prestashop.money import amount, euros, percent
from checks.prestashop.pages import looked_up
from checks.prestashop.periods import Period, kept
from checks.prestashop.shop import Row
from provisioner.check import Site

Unit = Literal["%", "TTC", "HT"]


@dataclass(frozen=True)
class Special:
    """A specific price as the back office holds it; `group` is "" for everybody."""

    reduction: Decimal = Decimal(0)
    unit: Unit = "%"
    minimum: int = 1
    period: Period = field(default_factory=Period)
    group: str = ""
    narrowed: bool = False

    def __str__(self) -> str:
        return (
            f"remise de {said(self.reduction, self.unit)} dès {self.minimum}, "
            + (f"pour le groupe « {self.group} »" if self.group else "pour tous les clients")
            + (", sous d’autres conditions encore" if self.narrowed else "")
        )


def said(reduction: Decimal, unit: Unit) -> str:
    """A reduction in words."""
    return percent(reduction) if unit == "%" else f"{euros(reduction)} {unit}"


def specials_of(site: Site, row: Row) -> list[Special]:
    """A product's own specific prices, without those that come of a rule of the catalogue."""
    addresses = looked_up(site, site.signed_in(), row.edit, _ADDRESSES)
    listed = re.sub(r"/list/\d+", f"/list/{row.id}", site.address + addresses["list"])
    rows = looked_up(site, site.signed_in(), listed, "(page, about, whole) => JSON.parse(whole)")
    found = []
    for one in rows:
        if one["rule_name"] not in ("--", ""):
            continue
        form = re.sub(r"/form/\d+", f"/form/{one['id_specific_price']}", site.address + addresses["form"])
        seen = looked_up(site, site.signed_in(), form, _SPECIAL)
        unit: Unit = "%" if seen["type"] == "percentage" else "TTC" if seen["tax"] == "1" else "HT"
        found.append(
            Special(
                reduction=(amount(seen["reduction"]) or Decimal(0)),
                unit=unit,
                minimum=int(seen["minimum"] or 1),
                period=kept(seen["from"], seen["to"]),
                group=seen["group"],
                narrowed=seen["narrowed"] or not seen["price_kept"],
            )
        )
    return found


_ADDRESSES = """page => {
    const list = page.querySelector('#js-specific-price-list');
    return {list: list.dataset.listingUrl, form: list.dataset.actionEdit};
}"""

_SPECIAL = """page => {
    const field = name => page.querySelector(`[name$="[${name}]"]`);
    const value = name => field(name) ? field(name).getAttribute('value') || '' : '';
    const chosen = name => field(name) && (field(name).querySelector('option[selected]') || field(name).querySelector('option'));
    const narrow = name => Boolean(chosen(name) && Number(chosen(name).value));
    return {
        reduction: value('sp_reduction'), type: (chosen('sp_reduction_type') || {value: 'amount'}).value,
        tax: (chosen('sp_reduction_tax') || {value: '1'}).value, minimum: value('sp_from_quantity'),
        from: value('sp_from'), to: value('sp_to'), group: narrow('sp_id_group') ? chosen('sp_id_group').textContent.trim() : '',
        narrowed: ['sp_id_currency', 'sp_id_country', 'sp_id_product_attribute'].some(narrow)
            || Boolean(page.querySelector('#form_modal_sp_id_customer-data li, [id$="sp_id_customer-data"] li')),
        price_kept: Boolean(field('leave_bprice') && field('leave_bprice').hasAttribute('checked')),
    };
}"""
