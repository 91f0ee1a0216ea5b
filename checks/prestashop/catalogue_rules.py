"""The price rules of the catalogue, as the back office holds them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from checks.prestashop.categories import Node, category_tree
from checks.prestashop.money import amount, euros, percent
from checks.prestashop.pages import looked_up, screen
from checks.prestashop.periods import Period, kept
from provisioner.check import Site
from provisioner.text import quoted

Unit = Literal["%", "TTC", "HT"]


@dataclass(frozen=True)
class Rule:
    """A price rule of the catalogue as the back office holds it. `conditions` are "(4) Sablés", by group.

    `only_in` are the country and the currency that it is bound to, where it is; `below` are the categories among its
    groups that stand below the category of another group.
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

    def __str__(self) -> str:
        what = percent(self.reduction) if self.unit == "%" else f"{euros(self.reduction)} {self.unit}"
        on = " ou ".join(" et ".join(map(category_in, group)) for group in self.conditions) or "aucune condition"
        return (
            f"règle « {self.name} » : {what} de remise sur {on}"
            + (", sous-catégories comprises" if self.below else "")
            + ("" if self.everybody else ", pour un seul groupe")
            + (f", seulement pour {quoted(self.only_in)}" if self.only_in else "")
            + (f", dès {self.minimum} produits" if self.minimum > 1 else "")
        )


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
        period=kept(seen["from"], seen["to"]),
        everybody=seen["group"] == "0",
        conditions=conditions,
        only_in=tuple(seen["only_in"]),
        below=below(conditions, tree),
    )


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


def category_in(option: str) -> str:
    """A category as the rule's screen writes it, without its number: "(4) Sablés"."""
    return re.sub(r"^\(\d+\)\s*", "", option)


_LISTED = """page => [...page.querySelectorAll('table.specific_price_rule tbody a.edit')].map(
    a => new URL(a.getAttribute('href'), location.origin + '/gestion/').href)"""

# The conditions of a rule are not fields of its screen: a script there clicks them together again.
_RULE = r"""(page, about, whole) => {
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
            return list === 'id_category' && option ? option.textContent.trim() : `${list} ${number}`;
        }));
    return {
        name: value('#name'), reduction: value('#reduction'), from_quantity: value('#from_quantity'),
        from: value('#from'), to: value('#to'), type: chosen('#reduction_type'), tax: chosen('#reduction_tax'),
        group: chosen('#id_group'), only_in: [bound('#id_country'), bound('#id_currency')].filter(Boolean), price_kept: Boolean(page.querySelector('#leave_bprice_on[checked]')),
        conditions: conditions.filter(group => group.length),
    };
}"""
