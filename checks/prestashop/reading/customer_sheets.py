"""Customers' sheets, as the back office holds them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, screen
from checks.prestashop.reading.customer_groups import Customer, Group
from checks.prestashop.reading.seeded import rows, was_there
from provisioner.french.text import same_address
from provisioner.subject.check import Site


@dataclass(frozen=True)
class Address:
    """A postal address, by the fields of its form; `more` is what stands below the street, "Adresse (2)"."""

    street: str
    postcode: str
    city: str
    more: str = ""
    phones: tuple[str, ...] = ()

    def __str__(self) -> str:
        street = f"{self.street} (complément : {self.more})" if self.more else self.street
        return ", ".join(filter(None, (street, f"{self.postcode} {self.city}".strip(), *self.phones)))


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
    title: str = ""
    birthday: str = ""

    def __str__(self) -> str:
        state = "compte actif" if self.active else "compte désactivé"
        group = f"groupe par défaut « {self.group} »" if self.group else "aucun groupe par défaut"
        born = f", date de naissance {date.fromisoformat(self.birthday):%d/%m/%Y}" if self.birthday else ""
        name = f"{self.title} {self.first_name} {self.last_name}".strip()
        return f"{name} ({self.email}), {state}, {group}{born}"

    def old(self, company: Path) -> bool:
        """Whether the company had it before the work, whoever's it was then."""
        return was_there(company, "customers", self.number)

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


def address_before(company: Path, email: str) -> Address | None:
    """The postal address that the company's customer of this e-mail address had before the work."""
    row = next((row for _, row in rows(company, "customers") if same_address(email, row["email"])), {})
    kept = row.get("address")
    return Address(**{field: kept[field] for field in ("street", "postcode", "city")}) if kept else None


def _addresses(site: Site, edits: Sequence[str]) -> list[Address]:
    found = looked_up_each(site, site.signed_in(), edits, _ADDRESS)
    return [Address(**{**one, "phones": tuple(one["phones"])}) for one in found]


_ROWS = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('tr')].filter(row => row.querySelector('td.column-email')).map(row => ({
    email: row.querySelector('td.column-email').textContent.trim(),
    edit: row.querySelector('a[href*="/edit"]').getAttribute('href'),
}))""")

_SHEET = Script[dict[str, Any]]("""page => {
    const value = id => page.querySelector(`#customer_${id}`).getAttribute('value') || '';
    const group = page.querySelector('#customer_default_group_id option[selected]');
    const title = page.querySelector('input[name="customer[gender_id]"][checked]');
    const parts = ['year', 'month', 'day'].map(part => page.querySelector(`#customer_birthday_${part} option[selected]`)).map(
        option => option && Number(option.value) ? option.value : '');
    const offered = [...page.querySelectorAll('#customer_default_group_id option')].map(option => option.value);
    return {email: value('email'), first_name: value('first_name'), last_name: value('last_name'),
            active: Boolean(page.querySelector('#customer_is_enabled_1[checked]')),
            group: group ? group.textContent.trim() : '', offered, title: {1: 'M.', 2: 'Mme'}[title && title.value] || '',
            birthday: parts.every(Boolean) ? `${parts[0]}-${parts[1].padStart(2, '0')}-${parts[2].padStart(2, '0')}` : ''};
}""")

# PrestaShop 1.7.8 shows them as one of its grids, in which a row may lead there by more than one link.
_ADDRESSES = Script[list[str]]("""page => [...new Map(
    [...page.querySelectorAll('.customer-addresses-card a[href*="/addresses/"][href*="/edit"]')].map(
        link => new URL(link.getAttribute('href'), location.href)).map(url => [url.pathname, url.href])).values()]
""")

_ADDRESS = Script[dict[str, Any]]("""page => {
    const value = id => ((page.querySelector(`#customer_address_${id}`) || {getAttribute: () => ''}).getAttribute('value') || '').trim();
    return {street: value('address1'), more: value('address2'), postcode: value('postcode'), city: value('city'),
            phones: [...new Set([value('phone'), value('phone_mobile')])].filter(Boolean)};
}""")
