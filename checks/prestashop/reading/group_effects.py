"""What a promotion changes for the customers of a group, whatever the screen that it was made on."""

from decimal import Decimal
from pathlib import Path

from checks.prestashop.reading.answers import Forbidden
from checks.prestashop.reading.base_price import exact
from checks.prestashop.reading.customer_groups import groups_named, member_of
from checks.prestashop.reading.group_prices import discount_on
from checks.prestashop.reading.money import displayed
from checks.prestashop.reading.promotion_effects import due_price, effect, regular_if_net
from checks.prestashop.reading.seeded import BEFORE, rows
from checks.prestashop.reading.shop import Row, shown_for_quantity, visit_as_customer
from provisioner.subject.check import Site


def effect_for_group(
    site: Site, row: Row, name: str, reduction: Decimal, unit: str, minimum: int
) -> tuple[Decimal, bool] | None:
    """The price that a customer of the group finds for that quantity, where it is what the reduction makes of the product's.

    With it, whether one piece fewer has it too. None where visitors have the reduction as well, or where it is the price
    that the group had before the work. The reduction may come on top of the group's own discount, or in its place.
    """
    groups = groups_named(site, name)
    if not groups or effect(site, row.id, reduction, unit, minimum) is not None:
        return None
    # Of namesakes, a customer's sheet offers the newest.
    group = max(groups, key=lambda one: int(one.id))
    try:
        data = shown_for_quantity(site, row.id).data
    except Forbidden:
        return None
    page = member_of(site, group)
    if page is None or not visit_as_customer(site, row.id, page):
        return None
    shown = shown_for_quantity(site, row.id, minimum, page).price
    regular, rate, had = (
        regular_if_net(site.company, row.id, data),
        exact(data["rate"]),
        _discount_before(site.company, int(group.id)),
    )
    own = (Decimal(0), had, discount_on(site, group, row.category))
    before, after = (due_price(data, off, by, regular) for off, by in ((Decimal(0), "%"), (reduction, unit)))
    due = {displayed(after * (1 - one / 100), rate, group.prices) for one in own}
    if not shown or shown not in due or shown == displayed(before * (1 - had / 100), rate, group.prices):
        return None
    fewer = minimum > 1 and shown_for_quantity(site, row.id, minimum - 1, page).price == shown
    return shown, fewer


def _discount_before(company: Path, group: int) -> Decimal:
    """What the company gives a group on everything from the start, in per cent, by the group's number."""
    given = (row.get("reduction", 0) for place, row in rows(company, "groups") if place + BEFORE["groups"] == group)
    return Decimal(str(next(given, 0)))
