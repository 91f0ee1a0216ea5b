"""The rules of the cart, as the back office holds them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from checks.prestashop.reading.answers import Script, looked_up, screen
from checks.prestashop.reading.cart_bounds import Bounds, bounds_of
from checks.prestashop.reading.money import Taxes, amount, euros, percent
from checks.prestashop.reading.periods import Period, period_from
from checks.prestashop.reading.seeded import CUSTOMERS
from provisioner.french.text import fold, numbered, quoted
from provisioner.subject.check import Site

Unit = Literal["%", "TTC", "HT", "port offert"]


@dataclass(frozen=True)
class Rule:
    """A rule of the cart as the back office holds it; `minimum` is 0 where there is none.

    `limits` say what takes some carts or customers out of it, or what else it gives; `times` is how many orders it
    serves in all. `selection` are the categories, the products… that it is bound to, where it is. `number` is the one
    that it keeps whatever is changed of it.
    """

    name: str = ""
    code: str = ""
    active: bool = True
    reduction: Decimal = Decimal(0)
    unit: Unit = "%"
    minimum: Decimal = Decimal(0)
    minimum_taxes: Taxes = "TTC"
    period: Period = field(default_factory=Period)
    limits: tuple[str, ...] = ()
    times: int = 500
    selection: tuple[str, ...] = ()
    number: int = 0
    bounds: Bounds = field(default_factory=Bounds)
    #: Whether it is for some groups only, and those who have an account are one of them.
    for_customers: bool = False
    per_customer: int = 1

    def __str__(self) -> str:
        what = reduction_in_words(self.reduction, self.unit)
        least = f", dès {euros(self.minimum)} {self.minimum_taxes} d’achat" if self.minimum else ""
        return (
            f"règle « {self.name} » : {what}{least}"
            + (f", avec le code « {self.code} »" if self.code else ", sans code")
            + (f", {_reserved(self.bounds.groups)}" if self.bounds.groups is not None else "")
            + "".join(f", {one}" for one in (*self.bounds.in_words, *self.limits))
            + (f", {numbered(self.per_customer, 'fois', 'fois')} par client" if self.per_customer > 1 else "")
            + (", pour une seule commande en tout" if self.times == 1 else "")
            + ("" if self.active else ", désactivée")
        )


def _reserved(groups: Sequence[str]) -> str:
    """For whom a rule is that is bound to some groups."""
    if not groups:
        return "réservée à certains groupes, mais aucun n’est choisi"
    return f"réservée {'aux groupes' if groups[1:] else 'au groupe'} {quoted(groups)}"


def reduction_in_words(reduction: Decimal, unit: Unit) -> str:
    """A reduction in words."""
    if unit == "port offert":
        return "frais de port offerts"
    return f"{percent(reduction) if unit == '%' else f'{euros(reduction)} {unit}'} de remise"


def cart_rules(site: Site) -> list[Rule]:
    """Every rule of the cart."""
    listed = looked_up(site, site.signed_in(), screen(site, "AdminParentCartRules", "AdminCartRules"), _LISTED)
    return [_read(site, address) for address in listed]


def without_code(rules: Iterable[Rule], reduction: Decimal, unit: Unit, day: date, others: set[str]) -> list[Rule]:
    """Those of the day that give this reduction without a code, and not on other products or categories (folded) alone."""
    return [
        rule
        for rule in rules
        if rule.reduction == reduction and rule.unit == unit and rule.period.of_the_day(day)
        # What a code gives, or gives on other products, is another question's.
        if rule.active and not rule.code
        # A product may stand there by its reference alone.
        if not rule.selection or not others.issuperset(map(fold, rule.selection))
    ]


def _read(site: Site, address: str) -> Rule:
    seen = looked_up(site, site.signed_in(), address, _RULE)
    unit: Unit = "%" if seen["kind"] == "percent" else "TTC" if seen["tax"] == "1" else "HT"
    reduction = amount(seen["percent" if unit == "%" else "amount"]) or Decimal(0)
    if seen["kind"] in ("", "off") and seen["free_shipping"]:
        unit, reduction = "port offert", Decimal(0)
    groups: dict[str, str] = dict(seen["groups"] or ())
    limits = {
        "frais de port compris dans ce montant": seen["with_shipping"] and amount(seen["minimum"]),
        "sauf sur les produits déjà en promotion": seen["no_specials"] and unit != "port offert",
        "aucune fois par client": amount(seen["per_customer"]) == 0,
        "avec le port offert": seen["free_shipping"] and unit != "port offert",
        "avec un produit offert": seen["gift"],
        # Its screen shows the one or the other; an import or a module may store both, and a cart then gets both.
        "avec un montant de remise en plus": unit == "%" and amount(seen["amount"]),
        "pour une boutique seulement": seen["shops"],
    }
    return Rule(
        name=seen["name"],
        code=seen["code"],
        active=seen["active"],
        reduction=reduction,
        unit=unit,
        minimum=amount(seen["minimum"]) or Decimal(0),
        minimum_taxes="TTC" if seen["minimum_tax"] == "1" else "HT",
        period=period_from(seen["from"], seen["to"]),
        limits=tuple(one for one, there in limits.items() if there),
        times=int(amount(seen["times"]) or 0),
        selection=tuple(seen["selection"]),
        number=int(re.findall(r"id_cart_rule=(\d+)", address)[0]),
        bounds=replace(bounds_of(seen), on="order") if unit == "port offert" else bounds_of(seen),
        for_customers=CUSTOMERS in groups,
        per_customer=int(amount(seen["per_customer"]) or 0),
    )


_LISTED = Script[list[str]]("""page => [...page.querySelectorAll('table.cart_rule tbody a.edit')].map(
    a => new URL(a.getAttribute('href'), location.origin + '/gestion/').href)""")

_RULE = Script[dict[str, Any]]("""page => {
    const value = name => (page.querySelector(`#cart_rule_form [name="${name}"]`) || {getAttribute: () => ''}).getAttribute('value') || '';
    const chosen = name => (page.querySelector(`[name="${name}"] option[selected]`) || {value: '0'}).value;
    const ticked = name => (page.querySelector(`[name="${name}"][checked]`) || {value: ''}).value;
    // Each selection has two lists, of which the second is what was chosen.
    const options = selector => [...page.querySelectorAll(`${selector} option`)].map(one => [one.value, one.textContent.trim()]);
    const limited = name => page.querySelector(`[name=${name}_restriction][checked]`) ? options(`#${name}_select_2`) : null;
    const named = name => limited(name) && limited(name).map(([, text]) => text);
    // A carrier stands there as "2 - Mer et Colis Relais (En point relais)".
    const carriers = named('carrier') && named('carrier').map(text => text.replace(/^\\d+ - /, '').replace(/^(.*) \\(.*\\)$/, '$1'));
    const selections = !page.querySelector('[name=product_restriction][checked]') ? [] : [...page.querySelectorAll(
        'select[id^="product_rule_select_"][id$="_2"]')].map(list => {
            const [, group, rule] = list.id.match(/select_(\\d+)_(\\d+)_2$/);
            return {kind: value(`product_rule_${group}_${rule}_type`), pieces: value(`product_rule_group_${group}_quantity`), chosen: options(`#${list.id}`)};
        });
    const selected = selections.flatMap(one => one.chosen).map(([, text]) => text);
    const product = ticked('apply_discount_to') === 'specific' ? value('reductionProductFilter').trim() : '';
    return {
        name: value('name_1'), code: value('code'), active: ticked('active') === '1', kind: ticked('apply_discount'),
        percent: value('reduction_percent'), amount: value('reduction_amount'), tax: chosen('reduction_tax'),
        free_shipping: ticked('free_shipping') === '1', on: ticked('apply_discount_to'),
        minimum: value('minimum_amount'), minimum_tax: chosen('minimum_amount_tax'),
        with_shipping: chosen('minimum_amount_shipping') === '1', no_specials: ticked('reduction_exclude_special') === '1',
        times: value('quantity'), per_customer: value('quantity_per_user'), gift: ticked('free_gift') === '1', from: value('date_from'), to: value('date_to'),
        selection: [...selected, product].filter(Boolean), selections, on_product: value('reduction_product'), reference: product,
        groups: limited('group'), carriers: carriers, countries: named('country'), shops: limited('shop') !== null,
        customer: Boolean(Number(value('id_customer'))),
    };
}""")
