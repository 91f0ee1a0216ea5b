"""Customers' e-mail addresses: which one a customer of the company has now."""

import re
from urllib.parse import quote

from checks.prestashop.reading.answers import Script, looked_up, screen
from checks.prestashop.reading.seeded import rows, was_there
from provisioner.french.text import same, same_address
from provisioner.subject.check import Site, Verdict


def present_email(site: Site, email: str) -> str:
    """The address that the customer has now: another question may have changed the one that he had before the work.

    It is the same one where somebody has it, or where he is no customer of the company's. Else the company's customer of
    his two names has it now.
    """
    row = next((row for _, row in rows(site.company, "customers") if same_address(email, row["email"])), None)
    if row is None or any(same_address(email, one["email"]) for one in _listed(site, "email", email)):
        return email
    mine = [
        one["email"]
        for one in _listed(site, "lastname", row["last_name"])
        if same(row["first_name"], one["first_name"])
        and same(row["last_name"], one["last_name"])
        and was_there(site.company, "customers", int(re.findall(r"/(\d+)/edit", one["edit"])[0]))
        and not any(same_address(one["email"], other["email"]) for _, other in rows(site.company, "customers"))
    ]
    return mine[0] if len(mine) == 1 else email


def _listed(site: Site, field: str, wanted: str) -> list[dict[str, str]]:
    """The rows of the list of customers in which that field has these words."""
    search = f"&customer[filters][{field}]={quote(wanted)}&customer[offset]=0&customer[limit]=50"
    return looked_up(site, site.signed_in(), screen(site, "AdminCustomers") + search, _ROWS) or []


def with_email(judged: tuple[Verdict, str], before: str, now: str) -> tuple[Verdict, str]:
    """What is said of a customer who has another address than the one that is asked: a person has to know it."""
    verdict, observed = judged
    if same_address(before, now):
        return judged
    return (
        Verdict.TO_JUDGE if verdict is Verdict.MET else verdict,
        f"{observed} Ce client a maintenant l’adresse {now}.",
    )


_ROWS = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('tr')].filter(row => row.querySelector('td.column-email')).map(row => {
    const text = name => (row.querySelector(`td.column-${name}`) || {textContent: ''}).textContent.trim();
    return {email: text('email'), first_name: text('firstname'), last_name: text('lastname'),
            edit: row.querySelector('a[href*="/edit"]').getAttribute('href')};
})""")
