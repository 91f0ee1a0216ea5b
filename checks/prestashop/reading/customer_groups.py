"""Customers and their groups, as the back office holds them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from checks.prestashop.reading import seeded
from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, screen
from checks.prestashop.reading.money import Taxes, amount, percent
from provisioner.core.errors import StationNotReady
from provisioner.french.text import nearly_same, same, same_address
from provisioner.subject.check import Site
from provisioner.subject.page import Page

GROUPS_SCREEN = ("AdminParentCustomerPreferences", "AdminGroups")


@dataclass(frozen=True)
class Group:
    """A group as the back office holds it."""

    id: str
    name: str
    discount: Decimal
    prices: Taxes
    shows_prices: bool
    by_category: Mapping[str, str] = field(default_factory=dict)
    """Its discounts by the number of their category: on a product of one, the shop takes it in place of the other."""


@dataclass(frozen=True)
class Customer:
    """A customer's groups: those that he is in, and the one whose prices he sees; nobody signs in by an inactive sheet.

    His sheet offers one group of each name: where his own has a namesake made later, it has no default.
    """

    groups: tuple[str, ...] = ()
    default: str = ""
    offered: tuple[str, ...] = ()
    active: bool = True

    def perhaps_of(self, group: Group) -> bool:
        """Whether a group that his sheet doesn't offer may be his own, which it doesn't show."""
        return not self.default and bool(self.offered) and group.id not in self.offered


#: What is told where the shop took no customer of the examiner's: see member_of.
NOBODY = "l’examinateur n’a pu créer aucun client de ce groupe"


def groups_named(site: Site, name: str) -> list[Group]:
    """The groups of this name; where there is none, those that a slip of the pen parts from it."""
    rows = looked_up(site, site.signed_in(), screen(site, *GROUPS_SCREEN), _LISTED)
    exactly = [row["edit"] for row in rows if same(name, row["name"])]
    nearly = [row["edit"] for row in rows if nearly_same(name, row["name"])]
    return [_group(site, edit) for edit in exactly or nearly]


def all_groups(site: Site) -> list[Group]:
    """Every group of the shop."""
    page = site.signed_in()
    rows = looked_up(site, page, screen(site, *GROUPS_SCREEN), _LISTED)
    return [_group_of(seen) for seen in looked_up_each(site, page, [row["edit"] for row in rows], _GROUP)]


def groups_changed(site: Site, but: Group) -> list[str]:
    """What is said of each other group whose discount or display of prices isn't what it was before the work."""
    before = {
        str(seeded.BEFORE["groups"] + number): (Decimal(str(row.get("reduction", 0))), row.get("prices", "TTC"))
        for number, row in seeded.rows(site.company, "groups")
    }
    said = []
    for one in all_groups(site):
        had = before.get(one.id, (Decimal(0), "TTC")) if seeded.was_there(site.company, "groups", int(one.id)) else None
        if one.id == but.id or had is None or had == (one.discount, one.prices):
            continue
        now = f"{percent(one.discount)}, prix {one.prices}" if one.discount else f"sans remise, prix {one.prices}"
        said.append(f"« {one.name} » ({now} ; avant : {percent(had[0]) if had[0] else 'sans remise'}, prix {had[1]})")
    return said


def visitors_taxes(site: Site) -> Taxes:
    """Whether visitors see prices TTC or HT, by the group that they belong to: a page may not say which it shows."""
    rows = looked_up(site, site.signed_in(), screen(site, *GROUPS_SCREEN), _LISTED)
    number = looked_up(site, site.signed_in(), screen(site, *GROUPS_SCREEN), _VISITORS)
    edit = next((row["edit"] for row in rows if re.search(rf"[?&]id_group={number}\b", row["edit"])), "")
    return _group(site, edit).prices if edit else "TTC"


def _group(site: Site, address: str) -> Group:
    return _group_of(looked_up(site, site.signed_in(), address, _GROUP))


def _group_of(seen: Mapping[str, Any]) -> Group:
    prices: Taxes = "HT" if seen["method"] == "1" else "TTC"
    discount = amount(seen["reduction"]) or Decimal(0)
    return Group(seen["id"], seen["name"], discount, prices, seen["shows_prices"], seen["by_category"])


def customer_of(site: Site, email: str) -> Customer | None:
    """The customer of this address; whatever the candidate left in the filters of the list."""
    search = f"&customer[filters][email]={quote(email)}&customer[offset]=0&customer[limit]=50"
    rows = looked_up(site, site.signed_in(), screen(site, "AdminCustomers") + search, _CUSTOMERS)
    edit = account_among(rows, email)
    if not edit:
        return None
    seen = looked_up(site, site.signed_in(), site.address + edit, _CUSTOMER)
    return Customer(tuple(seen["groups"]), seen["default"], tuple(seen["offered"]), seen["active"])


def member_of(site: Site, group: Group) -> Page | None:
    """A page of a customer whose default group it is, made for the look on a copy of the check's own.

    Those that are there may be of a namesake, or shut out of some categories by their other groups; a group may have
    none. The new one is in the groups that the shop proposes besides. None where the shop takes no such customer: for
    want of a field that the candidate made obligatory, say.
    """
    site.alone()
    email = f"groupe-{group.id}@e5b.test"
    new = screen(site, "AdminCustomers").replace("/customers/?", "/customers/new?")
    made = looked_up(site, site.signed_in(), new, _MAKE, {"to": new, "email": email, "group": group.id}, acts=True)
    if made and made["status"] >= 500:
        raise StationNotReady(f"Le poste répond l’erreur {made['status']} à l’examinateur qui crée un client.")
    taken = bool(made and made["taken"])
    if not taken and (mine := customer_of(site, email)):  # made for an earlier look: an address is taken once
        taken = mine.default == group.id or mine.perhaps_of(group)
    return site.signed_in(f"customer {email}") if taken else None


def account_among(rows: Sequence[Mapping[str, str]], email: str) -> str:
    """Where the customer's sheet is; a guest who ordered with his address since has a row of his own, and comes later."""
    mine = [row["edit"] for row in rows if same_address(email, row["email"])]
    return min(mine, key=lambda edit: int(re.findall(r"/(\d+)/edit", edit)[0]), default="")


_LISTED = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('table.group tbody tr')].filter(row => row.querySelector('a.edit')).map(row => ({
    name: [...row.querySelectorAll('td')].map(td => td.textContent.trim()).find(text => text && !/^\\d+$/.test(text)) || '',
    edit: new URL(row.querySelector('a.edit').getAttribute('href'), location.origin + '/gestion/').href,
}))""")

_VISITORS = Script[str](
    """page => (page.querySelector('[name=PS_UNIDENTIFIED_GROUP] option[selected]') || {value: '1'}).value"""
)

_GROUP = Script[dict[str, Any]]("""page => ({
    id: page.querySelector('#id_group').getAttribute('value'),
    name: page.querySelector('#name_1').getAttribute('value') || '',
    reduction: page.querySelector('#reduction').getAttribute('value') || '',
    method: (page.querySelector('#price_display_method option[selected]') || {value: '0'}).value,
    shows_prices: Boolean(page.querySelector('#show_prices_on[checked]')),
    by_category: Object.fromEntries([...page.querySelectorAll('#group_discount_category_table .category_reduction')].map(
        one => [/\\[(\\d+)\\]/.exec(one.name)[1], one.getAttribute('value')])),
})""")

_CUSTOMERS = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('tr')].filter(row => row.querySelector('td.column-email')).map(row => ({
    email: row.querySelector('td.column-email').textContent.trim(),
    edit: row.querySelector('a[href*="/edit"]').getAttribute('href'),
}))""")

_MAKE = Script[dict[str, Any]]("""async (page, {to, email, group}) => {
    const form = page.querySelector('form[name=customer]');
    if (!form) return {status: 200, taken: false};
    const sent = new FormData(form), told = {first_name: 'Examen', last_name: 'Examen', email, password: 'Sarrasin-2024!', default_group_id: group};
    for (const [name, value] of Object.entries(told)) sent.set(`customer[${name}]`, value);
    sent.append('customer[group_ids][]', group);
    const answer = await fetch(to, {method: 'POST', body: sent});
    return {status: answer.status, taken: !new URL(answer.url).pathname.endsWith('/new')};
}""")

_CUSTOMER = Script[dict[str, Any]]("""page => ({
    groups: [...page.querySelectorAll('input[name="customer[group_ids][]"][checked]')].map(box => box.value),
    default: (page.querySelector('#customer_default_group_id option[selected]') || {value: ''}).value,
    offered: [...page.querySelectorAll('#customer_default_group_id option')].map(option => option.value),
    active: Boolean(page.querySelector('#customer_is_enabled_1[checked]')),
})""")
