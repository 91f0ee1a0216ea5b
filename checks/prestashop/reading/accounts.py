"""What a customer's account shows: his orders, credit slips and returns, held against what the merchant's screens say."""

from collections.abc import Mapping

from checks.prestashop.reading.answers import open_screen
from checks.prestashop.reading.order_sheets import Order, address_of
from provisioner.core.errors import StationNotReady
from provisioner.french.text import numbered, same
from provisioner.subject.check import Site, Verdict
from provisioner.subject.page import Page


def account_page(site: Site, role: str, controller: str) -> Page:
    """A page of a customer's account, signed in as this one ("customer <e-mail>"), or as any ("customer")."""
    page = site.signed_in(role)
    page.goto(f"{site.address}/index.php?controller={controller}")
    if page.locator("body#authentication").count():
        raise StationNotReady("Le poste ne reconnaît pas le client en qui l’examinateur se connecte.")
    return page


def agreed(kept: tuple[Verdict, str], otherwise: str) -> tuple[Verdict, str]:
    """What the merchant's screens say; where the customer's account shows something else, a person decides."""
    return (Verdict.TO_JUDGE, f"{kept[1]} {otherwise}") if otherwise else kept


def of_order(site: Site, order: Order) -> tuple[str, str]:
    """What the account says otherwise of an order's state, and the page as evidence; a guest's, as the merchant sees it."""
    if not order.of:
        return "", site.shot("la commande d’un client sans compte", open_screen(site, address_of(site, order.id)))
    page = account_page(site, f"customer {order.of}", f"order-detail&id_order={order.id}")
    states: list[str] = page.locator("#order-history tbody .label").all_text_contents()  # the newest first
    otherwise = unlike(order.state_said, states[0]) if states else ""
    return otherwise, site.shot("la commande, dans le compte du client", page, mark=page.locator("#order-history"))


def unlike(kept: str, shown: str) -> str:
    """What is said of a state that the account shows otherwise; nothing where it is the same."""
    if same(kept, shown):
        return ""
    shows = f"montre l’état « {shown.strip()} »" if shown else f"ne montre pas l’état « {kept} »"
    return f"Le compte du client {shows}."


def of_slips(site: Site, order: Order) -> tuple[str, str]:
    """What the account says otherwise of an order's credit slips, and the page as evidence."""
    if not order.of:
        return of_order(site, order)
    page = account_page(site, f"customer {order.of}", "order-slip")
    shown: int | None = page.evaluate(_SLIPS, order.id)
    agrees = shown is None or shown == len(order.slips)
    otherwise = (
        "" if agrees else f"Le compte du client {_so_many(shown or 0)} de la commande, qui en a {len(order.slips)}."
    )
    return otherwise, site.shot("les avoirs, dans le compte du client", page, mark=page.locator("#content table"))


def _so_many(slips: int) -> str:
    return f"montre {numbered(slips, 'avoir')}" if slips else "ne montre aucun avoir"


def of_returns(site: Site, email: str, kept: Mapping[int, str]) -> tuple[str, str]:
    """What the account says otherwise of the states of these returns, by their numbers, and the page as evidence."""
    page = account_page(site, f"customer {email}", "order-follow")
    shown: dict[str, str] | None = page.evaluate(_RETURNS)
    said = [] if shown is None else [unlike(state, shown.get(str(number), "")) for number, state in kept.items()]
    return " ".join(filter(None, said)), site.shot(
        "les retours, dans le compte du client", page, mark=page.locator("#content table")
    )


# The tables of these pages; below each, the same is said for narrow windows. None where the shop has no such page: it
# takes no returns, or sells nothing.
_SLIPS = """order => document.querySelector('body#order-slip') && [...document.querySelectorAll('tbody tr')].filter(
    row => new URL(row.querySelector('a').href).searchParams.get('id_order') === String(order)).length"""

_RETURNS = """() => document.querySelector('body#order-follow') && Object.fromEntries(
    [...document.querySelectorAll('tbody tr')].map(row => [
        new URL(row.cells[1].querySelector('a').href).searchParams.get('id_order_return'), row.cells[2].textContent]))"""
