"""Customers' sheets, as the back office holds them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, screen
from checks.prestashop.reading.customer_groups import Customer, Group
from checks.prestashop.reading.seeded import was_there
from provisioner.french.text import same_address
from provisioner.subject.check import Site


@dataclass(frozen=True)
class Address:
    """A postal address, by the fields of its form; `street` is both of its lines."""

    street: str
    postcode: str
    city: str

    def __str__(self) -> str:
        return f"{self.street} {self.postcode} {self.city}"


@dataclass(frozen=True)
class Sheet:
    """A customer's sheet as the back office holds it; `group` is "" where it shows none, and `offered` those it lists."""

    email: str
    first_name: str
    last_name: str
    active: bool
    group: str
    addresses: Sequence[Address] = ()
    offered: Sequence[str] = ()
    number: int = 0

    def __str__(self) -> str:
        state = "actif" if self.active else "désactivé"
        return f"{self.first_name} {self.last_name} ({self.email}), {state}, groupe « {self.group} »"

    @property
    def old(self) -> bool:
        """Whether the company had it before the work, whoever's it was then."""
        return was_there("customers", self.number)

    def perhaps_of(self, groups: Sequence[Group]) -> bool:
        """Whether his own group, which the sheet doesn't show, may be one of these: see Customer."""
        return any(Customer(default=self.group, offered=tuple(self.offered)).perhaps_of(one) for one in groups)


def sheets_of(site: Site, email: str) -> list[Sheet]:
    """The sheets of this address, whatever the candidate left in the filters of the list; a guest may share it."""
    search = f"&customer[filters][email]={quote(email)}&customer[offset]=0&customer[limit]=50"
    rows = looked_up(site, site.signed_in(), screen(site, "AdminCustomers") + search, _ROWS)
    edits = [site.address + row["edit"] for row in rows if same_address(email, row["email"])]
    seen = looked_up_each(site, site.signed_in(), edits, _SHEET)
    views = [edit.replace("/edit?", "/view?") for edit in edits]
    kept = [_addresses(site, of or ()) for of in looked_up_each(site, site.signed_in(), views, _ADDRESSES)]
    numbers = [int(re.findall(r"/(\d+)/edit", edit)[0]) for edit in edits]
    return [Sheet(**one, addresses=of, number=n) for one, of, n in zip(seen, kept, numbers, strict=True)]


def _addresses(site: Site, edits: Sequence[str]) -> list[Address]:
    return [Address(**one) for one in looked_up_each(site, site.signed_in(), edits, _ADDRESS)]


_ROWS = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('tr')].filter(row => row.querySelector('td.column-email')).map(row => ({
    email: row.querySelector('td.column-email').textContent.trim(),
    edit: row.querySelector('a[href*="/edit"]').getAttribute('href'),
}))""")

_SHEET = Script[dict[str, Any]]("""page => {
    const value = id => page.querySelector(`#customer_${id}`).getAttribute('value') || '';
    const group = page.querySelector('#customer_default_group_id option[selected]');
    const offered = [...page.querySelectorAll('#customer_default_group_id option')].map(option => option.value);
    return {email: value('email'), first_name: value('first_name'), last_name: value('last_name'),
            active: Boolean(page.querySelector('#customer_is_enabled_1[checked]')),
            group: group ? group.textContent.trim() : '', offered};
}""")

_ADDRESSES = Script[list[str]]("""page => [...page.querySelectorAll('.customer-addresses-card tr.customer-address')].map(
    row => new URL(row.querySelector('a[href*="/addresses/"][href*="/edit"]').getAttribute('href'), location.href).href)
""")

_ADDRESS = Script[dict[str, Any]]("""page => {
    const value = id => (page.querySelector(`#customer_address_${id}`).getAttribute('value') || '').trim();
    return {street: `${value('address1')} ${value('address2')}`.trim(), postcode: value('postcode'), city: value('city')};
}""")
