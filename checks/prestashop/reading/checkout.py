"""A cart and its checkout, as a customer goes through them; only checks that act use it.

It goes by requests like the theme's own, from a page where nothing that a candidate planted runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from checks.prestashop.reading.answers import Script, looked_up
from checks.prestashop.reading.money import amount
from checks.prestashop.reading.shop import catalogue
from provisioner.subject.check import Site
from provisioner.subject.page import Page


@dataclass(frozen=True)
class Cart:
    """The cart as its page shows it: what the products cost, what is taken off, and what is paid. TTC or HT as shown."""

    products: Decimal
    shipping: Decimal
    total: Decimal
    discounts: tuple[tuple[str, Decimal], ...]
    gifts: int

    @property
    def reduction(self) -> Decimal:
        """All that the rules of the cart take off."""
        return sum((abs(value) for _, value in self.discounts), Decimal(0))


@dataclass(frozen=True)
class Payments:
    """The last step of the checkout: the details that each way to pay gives of itself, by its module.

    Where a customer doesn't come to it, since what the shop is set to keeps him away, `closed` says why.
    """

    offered: Mapping[str, Sequence[str]] = field(default_factory=dict)
    closed: str = ""


def sells(site: Site, page: Page) -> bool:
    """Whether the shop sells anything: in catalogue mode it has neither cart nor checkout."""
    return bool(looked_up(site, page, f"{site.address}/", _SELLS))


def put_in_cart(site: Site, page: Page, product: int, quantity: int = 1) -> None:
    """Add a product to the cart of that page's customer or visitor; 0 of its variants is the default one."""
    _posted(site, page, f"add=1&action=update&id_product={product}&id_customization=0&qty={quantity}")


def enter_code(site: Site, page: Page, code: str) -> str:
    """Type a promotion code in the cart; what the shop refuses it for, "" when it is taken."""
    answer = _posted(site, page, f"addDiscount=1&action=update&discount_name={code}")
    return " ".join(answer.get("errors") or ())


def cart_of(site: Site, page: Page) -> Cart:
    """The cart's page."""
    seen = looked_up(site, page, f"{site.address}/index.php?controller=cart&action=show", _CART)
    return Cart(
        products=_money(seen["products"]),
        shipping=_money(seen["shipping"]),
        total=_money(seen["total"]),
        discounts=tuple((name, _money(value)) for name, value in seen["discounts"]),
        gifts=seen["gifts"],
    )


def payments(site: Site, page: Page) -> Payments:
    """What the last step of the checkout offers to that page's customer, who takes whatever he can buy."""
    if not sells(site, page):
        return _closed("la boutique ne lui vend rien (mode catalogue, ou prix cachés à son groupe)")
    if not _put_any_in_cart(site, page):
        return _closed("aucun produit ne peut être mis au panier")
    address = f"{site.address}/index.php?controller=order"
    for _ in range(4):
        seen = looked_up(site, page, address, _STEP)
        if seen["payments"] is not None:
            return Payments(seen["payments"])
        if not seen["form"]:
            if seen["said"]:
                return _closed(f"la boutique lui dit : « {seen['said']} »")
            break
        looked_up(site, page, address, Script[bool]("() => true"), body=seen["form"], acts=True)
    raise RuntimeError(f"the checkout stops before the payment: {seen}")


def _closed(why: str) -> Payments:
    return Payments(closed=f"le client n’arrive pas au paiement, car {why}")


def _put_any_in_cart(site: Site, page: Page) -> bool:
    """Add the first of the shop's products online of which a customer may buy one piece: some are out of stock."""
    for product in sorted(row.id for row in catalogue(site) if row.active):
        put_in_cart(site, page, product)
        if cart_of(site, page).products:
            return True
    return False


def _posted(site: Site, page: Page, body: str) -> dict[str, Any]:
    home = f"{site.address}/index.php?controller=cart&action=show"
    token = looked_up(site, page, home, _TOKEN)
    answer: dict[str, Any] = looked_up(
        site, page, f"{site.address}/index.php?controller=cart", _JSON, body=f"{body}&token={token}&ajax=1", acts=True
    )
    return answer


def _money(shown: str) -> Decimal:
    return amount(shown.replace("\u2212", "-")) or Decimal(0)


_SELLS = Script[bool]("""(page, about, whole) => !whole.includes('"is_catalog":true')""")

_JSON = Script[dict[str, Any]]("(page, about, whole) => JSON.parse(whole)")

_CART = Script[dict[str, Any]]("""page => {
    const text = node => node ? node.textContent.replace(/\\s+/g, ' ').trim() : '';
    const line = id => text(page.querySelector(`#${id} .value`));
    return {
        products: line('cart-subtotal-products'), shipping: line('cart-subtotal-shipping'),
        total: text(page.querySelector('.cart-total .value')),
        discounts: [...page.querySelectorAll('.promo-name .cart-summary-line')].map(
            one => [text(one.querySelector('.label')), text(one.querySelector('.float-xs-right'))]),
        gifts: page.querySelectorAll('.cart-item .gift').length,
    };
}""")

# The form of the step that is open, as a customer sends it who takes what is ticked; the last one has the payments. Where
# no form is, the step says why, as does the cart to which a customer is sent back.
_STEP = Script[dict[str, Any]]("""page => {
    const text = node => node.textContent.replace(/\\s+/g, ' ').trim();
    const offers = page.querySelectorAll('.payment-options [data-module-name]');
    const open = page.querySelector('.checkout-step.-current');
    if (open && open.id === 'checkout-payment-step') {
        page.querySelectorAll('br').forEach(line => line.replaceWith(' '));
        return {payments: Object.fromEntries([...offers].map(input => [
            input.dataset.moduleName, [...page.querySelectorAll(`#${input.id}-additional-information dd`)].map(text)]))};
    }
    const form = open && open.querySelector('form');
    const stop = open || page.querySelector('.cart-detailed-actions');
    const said = stop ? [...stop.querySelectorAll('.alert-danger, .alert-warning')].map(text).join(' ') : '';
    if (!form) return {payments: null, form: '', step: open ? open.id : '', said};
    const sent = new URLSearchParams();
    for (const field of form.querySelectorAll('input[name], select[name], textarea[name], button[name]')) {
        const unticked = /radio|checkbox/.test(field.type) && !field.hasAttribute('checked');
        if (!unticked) sent.append(field.name, field.value);
    }
    return {payments: null, form: String(sent), step: open.id, said};
}""")

_TOKEN = Script[str](r"""(page, about, whole) => /"static_token":"(\w+)"/.exec(whole)[1]""")
