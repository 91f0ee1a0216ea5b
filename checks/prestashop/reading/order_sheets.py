"""Orders, as the merchant's page shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol
from urllib.parse import quote

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, screen
from checks.prestashop.reading.money import amount
from checks.prestashop.reading.sales import Seeded, names_variant, seeded_orders
from provisioner.core.errors import StationNotReady
from provisioner.french.text import same, same_address
from provisioner.subject.check import Site, Verdict

State = Literal[
    "en attente du chèque",
    "paiement accepté",
    "en cours de préparation",
    "expédié",
    "livré",
    "annulé",
    "remboursé",
    "erreur de paiement",
    "en attente du virement",
]
#: The numbers of the states, the same in every language of the shop.
STATES: Mapping[str, str] = {
    "en attente du chèque": "1",
    "paiement accepté": "2",
    "en cours de préparation": "3",
    "expédié": "4",
    "livré": "5",
    "annulé": "6",
    "remboursé": "7",
    "erreur de paiement": "8",
    "en attente du virement": "10",
}


@dataclass(frozen=True)
class Line:
    """A line of an order, with the price of a piece and what was paid back: TTC, or both HT for those who buy so.

    The company itself had paid `before` of these pieces back, before the work.
    """

    product: str
    quantity: int
    price: Decimal = Decimal(0)
    refunded: int = 0
    refund: Decimal = Decimal(0)
    before: int = 0

    @property
    def at_its_price(self) -> bool:
        """Whether the pieces that were paid back are so at their price, which is shown to the cent."""
        return abs(self.refund - self.price * self.refunded) <= Decimal("0.01") * self.refunded


@dataclass(frozen=True)
class Order:
    """An order as the back office holds it. `slips` are the amounts of its credit slips, the oldest first.

    `company`: the company had it before the work, with `slips_before` of the slips, and with other lines where it is
    `rewritten`. `of` is the customer whose account shows it: nobody where he has none. Of the delivery, `shipping` was
    paid and `shipping_left` can still be paid back; the company itself had paid `shipping_before` back. All three TTC,
    or HT for those who buy so. Its `states` are all that it had, the newest first, of which the company gave it
    `states_before`, and `names` what the shop calls each state by its number.
    """

    id: int
    state: str = ""
    state_said: str = ""
    tracking: str = ""
    lines: tuple[Line, ...] = ()
    slips: tuple[Decimal, ...] = ()
    of: str = ""
    company: bool = False
    rewritten: bool = False
    slips_before: int = 0
    shipping: Decimal = Decimal(0)
    shipping_left: Decimal = Decimal(0)
    shipping_before: Decimal = Decimal(0)
    states: tuple[str, ...] = ()
    states_before: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def states_since(self) -> tuple[str, ...]:
        """The names of the states that it was given since the work began, the newest first."""
        return self.states[: max(0, len(self.states) - self.states_before)] if self.company else self.states

    @property
    def shipping_back(self) -> Decimal:
        """What a credit slip paid back of the delivery since the work began."""
        return self.shipping - self.shipping_left - self.shipping_before

    def holds(self, product: str) -> bool:
        """Whether a line is that product, in whatever variant."""
        return not product or any(is_product(product, line.product) for line in self.lines)


def is_product(product: str, shown: str, of: Mapping[str, str] | None = None) -> bool:
    """Whether a line is that product, in the variant of these values where some are given."""
    if not any(same(product, name) for name in (shown, shown.split(" (")[0], shown.split(" - ")[0])):
        return False
    return names_variant(shown, of or {})


class Piece(Protocol):
    """A line as a check wants it, or as the company had it."""

    @property
    def product(self) -> str:
        """The product."""

    @property
    def of(self) -> Mapping[str, str]:
        """The values of its variant; without them, whichever."""

    @property
    def quantity(self) -> int:
        """How many."""


def are_exactly(wanted: Sequence[Piece], lines: Sequence[tuple[str, int]]) -> bool:
    """Whether these lines, by their names and how many, are the wanted ones, all of them and they alone."""
    left = list(lines)
    for one in sorted(wanted, key=lambda one: -len(one.of)):  # the most precise choose first
        line = next(
            (each for each in left if is_product(one.product, each[0], one.of) and each[1] == one.quantity), None
        )
        if line is None:
            return False
        left.remove(line)
    return not left


def ordered_by(site: Site, email: str) -> tuple[list[int], bool]:
    """The numbers of a customer's orders, the newest first, and whether he has an account: a guest has none."""
    page = site.signed_in()
    search = f"&customer[filters][email]={quote(email)}&customer[offset]=0&customer[limit]=50"
    rows = looked_up(site, page, screen(site, "AdminCustomers") + search, _CUSTOMERS)
    sheets = [site.address + edit.replace("/edit?", "/view?") for seen, edit in rows if same_address(email, seen)]
    found = looked_up_each(site, page, sheets, _CUSTOMER)
    if not all(found):
        raise StationNotReady(f"Le poste ne montre pas à l’examinateur la fiche de {email}.")
    numbers = sorted((number for one in found for number in one["orders"]), reverse=True)
    return numbers, all(one["account"] for one in found)


def orders_of(site: Site, email: str, product: str = "") -> list[Order]:
    """The orders of a customer, the newest first; with a product, those that hold it."""
    numbers, account = ordered_by(site, email)
    orders = [_read(site, number, email if account else "") for number in numbers]
    return [order for order in orders if order.holds(product)]


def meant(orders: Sequence[Order]) -> Order:
    """The newest that the company had: a candidate may have tried something by an order of his own."""
    return next((one for one in orders if one.company), orders[0])


def concluded(
    judge: Callable[[Order], tuple[Verdict, str]], order: Order, others: Sequence[Order]
) -> tuple[Verdict, str]:
    """What is concluded from the order that is meant; where another one is right instead, a person says."""
    verdict, observed = judge(order)
    for other in others if verdict is Verdict.NOT_MET else ():
        instead, said = judge(other)
        if instead is not Verdict.NOT_MET:
            said = f"{said[:1].lower()}{said[1:]}"
            return Verdict.TO_JUDGE, f"{observed} Une autre commande de ce client convient, la n° {other.id} : {said}"
    return verdict, observed


def address_of(site: Site, number: int) -> str:
    """The merchant's page of an order."""
    return screen(site, "AdminOrders").replace("/sell/orders/?", f"/sell/orders/{number}/view?")


def _read(site: Site, number: int, of: str) -> Order:
    seen: dict[str, Any] = looked_up(site, site.signed_in(), address_of(site, number), _ORDER)
    had = seeded_orders(site.company).get(seen["reference"])
    lines = tuple(_line(one, had) for one in seen["lines"])
    return Order(
        id=number,
        state=seen["state"],
        state_said=seen["state_said"],
        tracking=seen["tracking"],
        lines=lines,
        slips=tuple(amount(one) or Decimal(0) for one in seen["slips"]),
        of=of,
        company=had is not None,
        rewritten=had is not None and not are_exactly(had.lines, [(one.product, one.quantity) for one in lines]),
        slips_before=len(had.slips) if had else 0,
        shipping=amount(seen["shipping"]) or Decimal(0),
        shipping_left=amount(seen["shipping_left"]) or Decimal(0),
        shipping_before=had.shipping if had else Decimal(0),
        states=tuple(seen["states"]),
        names=seen["names"],
        states_before=had.states if had else 0,
    )


def _line(seen: Mapping[str, str], had: Seeded | None) -> Line:
    quantity, _, rest = seen["refunded"].partition("(")
    slips = had.slips if had else ()
    return Line(
        product=seen["name"],
        quantity=int(amount(seen["quantity"]) or 0),
        price=amount(seen["price"]) or Decimal(0),
        refunded=int(amount(quantity) or 0),
        refund=amount(rest) or Decimal(0),
        before=sum(one.quantity for slip in slips for one in slip if is_product(one.product, seen["name"], one.of)),
    )


_CUSTOMERS = Script[list[tuple[str, str]]]("""page => [...page.querySelectorAll('tr')].filter(row => row.querySelector('td.column-email')).map(row => [
    row.querySelector('td.column-email').textContent.trim(), row.querySelector('a[href*="/edit"]').getAttribute('href')])
""")

_CUSTOMER = Script[dict[str, Any]]("""page => page.querySelector('.customer-orders-card') && ({
    account: !page.querySelector('.customer-guest-status') && Boolean(page.querySelector('.customer-status.badge-success')),
    orders: [...page.querySelectorAll('.customer-valid-order-id, .customer-invalid-order-id')].map(cell => Number(cell.textContent)),
})""")

_ORDER = Script[dict[str, Any]]("""page => {
    const text = node => node ? node.textContent.replace(/\\s+/g, ' ').trim() : '';
    const state = page.querySelector('#update_order_status_action_input option[selected]');
    const moved = page.querySelector('#orderShippingTabContent .js-update-shipping-btn');
    const titled = page.querySelector('#order-view-page');
    return {
        reference: titled ? titled.dataset.orderTitle.trim().split(' ').pop() : '',
        state: state ? state.value : '', state_said: text(state),
        names: Object.fromEntries([...page.querySelectorAll('#update_order_status_action_input option')].map(one => [one.value, text(one)])),
        states: [...page.querySelectorAll('#historyTabContent table tbody tr')].filter(row => row.querySelector('td')).map(
            row => text(row.querySelector('td'))),
        tracking: moved ? moved.dataset.orderTrackingNumber || '' : '',
        shipping: text(page.querySelector('#orderShippingTotal')),
        shipping_left: text(page.querySelector('.shipping-refund .shipping-refund-amount')),
        lines: [...page.querySelectorAll('tr.cellProduct')].map(row => ({
            name: text(row.querySelector('.productName')),
            quantity: text(row.querySelector('.cellProductQuantity .badge, .cellProductQuantity')),
            price: text(row.querySelector('.cellProductUnitPrice')),
            refunded: text(row.querySelector('.cellProductRefunded'))})),
        slips: [...page.querySelectorAll('#orderDocumentsTabContent tbody tr')].filter(
            row => row.querySelector('a[href*="OrderSlip"], a[href*="order-slip"], a[href*="credit-slip"]')).map(
            row => [...row.querySelectorAll('td')].map(text).find(one => one.includes('€')) || ''),
    };
}""")
