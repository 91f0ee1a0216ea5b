"""Customers' e-mail addresses: which one a customer of the company has now."""

from urllib.parse import quote

from checks.prestashop.reading.answers import Script, looked_up, screen
from checks.prestashop.reading.seeded import rows
from provisioner.french.text import same_address
from provisioner.subject.check import Site, Verdict


def present_email(site: Site, email: str) -> str:
    """The address that the customer has now: another question may have changed the one that he had before the work.

    It is the same one where somebody has it, or where he is no customer of the company's.
    """
    search = f"&customer[filters][email]={quote(email)}&customer[offset]=0&customer[limit]=50"
    listed = screen(site, "AdminCustomers")
    emails = looked_up(site, site.signed_in(), listed + search, _EMAILS) or []
    number = next((number for number, row in rows("customers") if same_address(email, row["email"])), 0)
    if not number or any(same_address(email, one) for one in emails):
        return email
    sheet = listed.replace("/sell/customers/?", f"/sell/customers/{number}/edit?")
    return looked_up(site, site.signed_in(), sheet, _EMAIL) or email


def with_email(judged: tuple[Verdict, str], before: str, now: str) -> tuple[Verdict, str]:
    """What is said of a customer who has another address than the one that is asked: a person has to know it."""
    verdict, observed = judged
    if same_address(before, now):
        return judged
    return (
        Verdict.TO_JUDGE if verdict is Verdict.MET else verdict,
        f"{observed} Ce client a maintenant l’adresse {now}.",
    )


_EMAILS = Script[list[str]](
    """page => [...page.querySelectorAll('td.column-email')].map(cell => cell.textContent.trim())"""
)

_EMAIL = Script[str](
    """page => (page.querySelector('#customer_email') || {getAttribute: () => ''}).getAttribute('value') || ''"""
)
