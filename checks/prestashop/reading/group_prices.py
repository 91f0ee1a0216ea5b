"""What the customers of a group pay, as the shop shows it to one of them."""

from dataclasses import dataclass, replace
from decimal import Decimal

from checks.prestashop.reading.answers import Forbidden
from checks.prestashop.reading.base_price import exact
from checks.prestashop.reading.category_tree import category_tree
from checks.prestashop.reading.customer_groups import NOBODY, Group, member_of
from checks.prestashop.reading.money import amount, displayed, euros
from checks.prestashop.reading.promotion_effects import instead
from checks.prestashop.reading.shop import catalogue, regular_price, shown_for_quantity, visit_as_customer
from provisioner.french.text import same
from provisioner.subject.check import Site
from provisioner.subject.page import Page


@dataclass(frozen=True)
class GroupLook:
    """What is told of the group's prices, whether they are those of the group, whether the customer himself sees them.

    `page` is that of the customer who looked, where he was shown a price.
    """

    told: str
    right: bool
    himself: bool
    shot: str
    page: Page | None = None


def look_at_prices(site: Site, group: Group, placed: str) -> GroupLook:
    """A product as the customer of this e-mail sees it, who was placed in the group; where he sees none, as one made for that does."""
    page = site.signed_in(f"customer {placed}") if placed else None
    prices = price_and_due(site, page, group) if page and group.shows_prices else None
    himself = prices is not None
    if prices is None:
        page = member_of(site, group)
        prices = price_and_due(site, page, group) if page and group.shows_prices else None
    if page is None:
        site.visit("/")
    shot = site.shot(f"la boutique, vue par un {'client du groupe' if page else 'visiteur'}", page)
    if not group.shows_prices:
        return GroupLook(" ; mais ses clients ne voient aucun prix", False, himself, shot)
    if page is None:
        return GroupLook(f" ; mais {NOBODY}", False, himself, shot)
    if prices is None:
        return GroupLook(" ; mais aucun client de ce groupe n’a pu voir de produit", False, himself, shot)
    shown, due = prices
    who = placed if himself else "un client du groupe"
    told = f" ; un produit est vendu {euros(shown)} à {who}" if shown else f" ; {who} ne voit aucun prix"
    if shown != due:
        return GroupLook(f"{told}{instead(shown, due)}", False, himself, shot, page)
    return GroupLook(told, True, himself, shot, page)


def pays(site: Site, group: Group, look: GroupLook, discount: Decimal) -> bool:
    """Whether its customer pays so many per cent less, by whatever road, for the shop's oldest and newest products alike."""
    if look.page is None:
        return False
    wanted = replace(group, discount=discount, by_category={})
    prices = [price_and_due(site, look.page, wanted, newest) for newest in (False, True)]
    return all(one is not None and one[0] == one[1] for one in prices)


def price_and_due(site: Site, page: Page, group: Group, newest: bool = False) -> tuple[Decimal, Decimal] | None:
    """What the customer is shown for the oldest product that visitors see, and what he should be; None where he may not see it.

    With `newest` it is the newest of which visitors pay the whole price.
    """
    for product in sorted((row for row in catalogue(site) if row.active), key=lambda row: row.id, reverse=newest):
        try:
            data = shown_for_quantity(site, product.id).data
        except Forbidden:
            continue
        if newest and data.get("has_discount"):
            continue
        if not visit_as_customer(site, product.id, page):
            return None
        shown = shown_for_quantity(site, product.id, page=page).price
        due = regular_price(data) * (1 - discount_on(site, group, product.category) / 100)
        return shown, displayed(due, exact(data["rate"]), group.prices)
    return None


def discount_on(site: Site, group: Group, category: str) -> Decimal:
    """What a group saves, in per cent, on a product whose default category is the one of this name."""
    if not group.by_category:
        return group.discount
    numbers = [str(node.id) for node in category_tree(site) if same(category, node.name)]
    own = next((group.by_category[one] for one in numbers if one in group.by_category), None)
    return group.discount if own is None else amount(own) or Decimal(0)
