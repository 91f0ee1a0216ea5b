"""The price rules of the catalogue, as the back office holds them."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from checks.prestashop.reading.answers import Script, looked_up, screen
from checks.prestashop.reading.category_tree import Node, category_tree
from checks.prestashop.reading.money import amount, euros, percent
from checks.prestashop.reading.periods import Period, period_from
from checks.prestashop.reading.seeded import CUSTOMERS, was_there
from provisioner.french.text import quoted, same
from provisioner.subject.check import Site

Unit = Literal["%", "TTC", "HT"]

#: What the lists of the rule's screen are about, by their fields.
_CONDITIONS = {
    "id_category": "la catégorie",
    "id_manufacturer": "la marque",
    "id_supplier": "le fournisseur",
    "id_attribute": "l’attribut",
    "id_feature": "la caractéristique",
}
#: A condition that names a category, or one that is gone.
_OF_CATEGORY = re.compile(r"\(\d+\)|id_category ")


@dataclass(frozen=True)
class Rule:
    """A price rule of the catalogue as the back office holds it. `conditions` are "(4) Sablés", by group.

    `group` is the only one that has it, "" for everybody, and `customers` whether that is of all who have an account;
    `only_in` are the country and the currency that it is bound to, where it is; `below` are the categories among its
    groups that stand below the category of another group. `number` is the one that it keeps whatever is changed of it.
    """

    name: str
    reduction: Decimal
    unit: Unit
    price_kept: bool
    minimum: int
    period: Period
    everybody: bool
    conditions: tuple[tuple[str, ...], ...]
    only_in: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    group: str = ""
    customers: bool = False
    number: int = 0

    def __str__(self) -> str:
        what = percent(self.reduction) if self.unit == "%" else f"{euros(self.reduction)} {self.unit}"
        on = " ou ".join(" et ".join(map(_in_words, group)) for group in self.conditions) or "tous les produits"
        return (
            f"règle « {self.name} » : {what} de remise sur {on}"
            + (", sous-catégories comprises" if self.below else "")
            + ("" if self.everybody else f", pour le groupe « {self.group} » seulement")
            + (f", limitée à {quoted(self.only_in)}" if self.only_in else "")
            + (f", dès {self.minimum} produits" if self.minimum > 1 else "")
            + ("" if self.price_kept else ", à partir d’un prix que la règle fixe")
        )

    def reaches(self, names: Collection[str]) -> bool:
        """Whether products of a category of one of these names may have it: all may that no category is said of."""
        return not self.conditions or any(
            any(category_in(one) in names for one in group) or not any(map(_OF_CATEGORY.match, group))
            for group in self.conditions
        )

    def only_on(self, names: Collection[str]) -> bool:
        """Whether no other products than those of these categories have it."""
        return bool(self.conditions) and all(any(category_in(one) in names for one in g) for g in self.conditions)


def catalogue_rules(site: Site) -> list[Rule]:
    """Every price rule of the catalogue."""
    listed = screen(site, "AdminParentCartRules", "AdminSpecificPriceRule")
    tree = category_tree(site)
    return [_read(site, address, tree) for address in looked_up(site, site.signed_in(), listed, _LISTED)]


def _read(site: Site, address: str, tree: Sequence[Node]) -> Rule:
    seen = looked_up(site, site.signed_in(), address, _RULE)
    unit: Unit = "%" if seen["type"] == "percentage" else "TTC" if seen["tax"] == "1" else "HT"
    conditions = tuple(tuple(group) for group in seen["conditions"])
    return Rule(
        name=seen["name"],
        reduction=amount(seen["reduction"]) or Decimal(0),
        unit=unit,
        price_kept=seen["price_kept"],
        minimum=int(seen["from_quantity"] or 0),
        period=period_from(seen["from"], seen["to"]),
        everybody=seen["group"] == "0",
        conditions=conditions,
        only_in=tuple(seen["only_in"]),
        below=below(conditions, tree),
        group=seen["group_name"],
        customers=seen["group"] == CUSTOMERS,
        number=int(re.findall(r"id_specific_price_rule=(\d+)", address)[0]),
    )


def rules_for(site: Site, group: str, reduction: Decimal) -> list[Rule]:
    """The rules of the day that take so much per cent off for this group alone."""
    day = site.taken_at.date()
    return [
        rule
        for rule in catalogue_rules(site)
        if (rule.reduction, rule.unit) == (reduction, "%") and rule.period.of_the_day(day)
        if not rule.everybody and same(group, rule.group)
    ]


def added_rules(company: Path, rules: Iterable[Rule], now: datetime) -> list[Rule]:
    """The rules that the company didn't have, that run or will, and are for everybody or for whoever has an account."""
    return [
        rule
        for rule in rules
        if not was_there(company, "catalogue_rules", rule.number)
        if (rule.everybody or rule.customers) and rule.period.runs_after(now)
    ]


def below(conditions: Sequence[Sequence[str]], tree: Sequence[Node]) -> tuple[str, ...]:
    """The groups of one category that stands below that of another group.

    The shop reaches only the products tied to a category itself: whoever wants all of it adds those below.
    """
    alone = [group[0] for group in conditions if len(group) == 1]
    above = {category_in(one) for one in alone}
    under = set[str]()
    for node in tree:  # each comes after the one above it
        if node.parent in above | under:
            under.add(node.name)
    return tuple(one for one in alone if category_in(one) in under)


def _in_words(condition: str) -> str:
    """A condition as people say it: "(4) Sablés" is a category, « id_manufacturer 2 Moulin » a brand."""
    other = re.fullmatch(r"(id_[a-z]+)\w* (\d+) ?(.*)", condition)
    if not other:
        return f"« {category_in(condition)} »"
    kind, number, name = other.groups()
    return f"{_CONDITIONS.get(kind, 'la condition')} {f'« {name} »' if name else f'n° {number}'}"


def category_in(option: str) -> str:
    """A category as the rule's screen writes it, without its number: "(4) Sablés"."""
    return re.sub(r"^\(\d+\)\s*", "", option)


_LISTED = Script[list[str]]("""page => [...page.querySelectorAll('table.specific_price_rule tbody a.edit')].map(
    a => new URL(a.getAttribute('href'), location.origin + '/gestion/').href)""")

# The conditions of a rule are not fields of its screen: a script there clicks them together again.
_RULE = Script[dict[str, Any]](r"""(page, about, whole) => {
    const value = id => (page.querySelector(id) || {getAttribute: () => ''}).getAttribute('value') || '';
    const chosen = id => (page.querySelector(`${id} option[selected]`) || {value: '0'}).value;
    // A shop with one currency has no other customers.
    const bound = id => {
        const option = page.querySelector(`${id} option[selected]`);
        const others = [...page.querySelectorAll(`${id} option`)].filter(one => Number(one.value));
        return option && Number(option.value) && others.length > 1 ? option.textContent.trim() : '';
    };
    const script = [...page.querySelectorAll('script')].map(s => s.textContent).find(s => s.includes('#add_condition_category')) || '';
    const done = script.slice(script.lastIndexOf("toggle_condition_group(id[2])"));
    const conditions = done.split('new_condition_group();').slice(1).map(group => [...group.matchAll(
        /\$\('#(id_\w+) option\[value="(\d+)"\]'\)/g)].map(([, list, number]) => {
            const option = page.querySelector(`#${list} option[value="${number}"]`);
            const name = option ? option.textContent.trim() : '';
            return list === 'id_category' && option ? name : `${list} ${number} ${name}`.trim();
        }));
    return {
        name: value('#name'), reduction: value('#reduction'), from_quantity: value('#from_quantity'),
        from: value('#from'), to: value('#to'), type: chosen('#reduction_type'), tax: chosen('#reduction_tax'),
        group: chosen('#id_group'), group_name: page.querySelector('#id_group option[selected]')?.textContent.trim() || '', only_in: [bound('#id_country'), bound('#id_currency')].filter(Boolean), price_kept: Boolean(page.querySelector('#leave_bprice_on[checked]')),
        conditions: conditions.filter(group => group.length),
    };
}""")
