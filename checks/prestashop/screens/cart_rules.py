"""How a candidate adds a rule of the cart, on the three tabs of its screen."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from playwright.sync_api import Page

from checks.prestashop.reading.periods import days
from checks.prestashop.screens.office import LOADING, office, saving, turn, type_over
from checks.prestashop.screens.wanted_cart_rule import WantedCartRule
from provisioner.french.text import same
from provisioner.subject.check import Desk, now_of


def add(
    desk: Desk,
    wanted: WantedCartRule,
    *,
    active: bool = True,
    longer: int = 0,
    end_at: time = time(0),
    times: str = "500",
    by_product: bool = False,
    name: str = "Remise de la quinzaine",
) -> None:
    """The wanted rule, for so many orders where nothing is asked; `by_product`: on the one product, not on a selection."""
    page = office(desk, "AdminParentCartRules")
    page.locator("#page-header-desc-cart_rule-new_cart_rule").click()
    page.locator("#name_1").fill(name)
    page.locator("#code").fill(wanted.code)
    page.locator("#code").press("Tab")  # the screen moves when a code is left
    if not active:
        turn(page, "active_off")
    page.locator("#cart_rule_link_conditions").click()
    _conditions(page, wanted, str(wanted.times) if wanted.times is not None else times)
    if wanted.lasts:
        _period(page, wanted.lasts, longer, end_at)
    if not by_product:
        _select(page, wanted)
    page.locator("#cart_rule_link_actions").click()
    _reduction(page, wanted)
    if wanted.on == "produits" and not by_product:
        page.locator("#apply_discount_to_selection").check()
    elif wanted.on == "produits":
        _one_product(page, wanted.products[0])
    with saving(page):
        page.locator("#desc-cart_rule-save").click()


def _conditions(page: Page, wanted: WantedCartRule, times: str) -> None:
    if wanted.minimum:
        page.locator("[name=minimum_amount]").fill(f"{wanted.minimum:f}")
        page.locator("[name=minimum_amount_tax]").select_option("1" if wanted.minimum_taxes == "TTC" else "0")
    if times:
        page.locator("[name=quantity]").fill(times)
    if wanted.per_customer is not None:
        page.locator("[name=quantity_per_user]").fill(str(wanted.per_customer))
    for what, names in (
        ("country", wanted.countries),
        ("carrier", wanted.carriers),
        ("group", (wanted.group,) if wanted.group else ()),
    ):
        if names:
            _restrict(page, what, names)


def _period(page: Page, lasts: str, longer: int, end_at: time) -> None:
    first = now_of(page).date()
    last = first + timedelta(days=days(lasts) + longer)
    for field, moment in (
        ("date_from", datetime.combine(first, time(0))),
        ("date_to", datetime.combine(last, end_at)),
    ):
        type_over(page, f"[name={field}]", f"{moment:%Y-%m-%d %H:%M:%S}")  # its calendar reads each key


def _restrict(page: Page, what: str, names: Sequence[str]) -> None:
    """Tick a restriction, and take all but these out of its list, which has everything at first."""
    page.locator(f"#{what}_restriction").check()
    chosen = page.locator(f"#{what}_select_2")
    chosen.wait_for()
    options: list[list[str]] = chosen.locator("option").evaluate_all(_OPTIONS)
    chosen.select_option([value for value, text in options if not any(_names(text, one) for one in names)])
    page.locator(f"#{what}_select_remove").click()


def _names(option: str, name: str) -> bool:
    """Whether a choice of a list is that name; a carrier's is as "2 - Mer et Colis Relais (En point relais)"."""
    return same(name, option) or f" - {name} (" in option


def _select(page: Page, wanted: WantedCartRule) -> None:
    """The selection of products or of categories, from a window of its own."""
    kind, names = ("products", wanted.products) if wanted.products else ("categories", wanted.categories)
    if not names:
        return
    page.locator("#product_restriction").check()
    page.locator("#product_restriction_div a[href^='javascript:addProductRuleGroup']").click()
    page.locator("#product_rule_group_1_tr").wait_for(timeout=LOADING)
    page.locator("[name=product_rule_group_1_quantity]").fill(str(wanted.pieces))
    page.locator("#product_rule_type_1").select_option(kind)
    page.locator("#product_rule_group_1_tr a[href^='javascript:addProductRule(']").click()
    page.locator("#product_rule_1_1_choose_link").click(timeout=LOADING)
    offered = page.locator("#product_rule_select_1_1_1")
    offered.wait_for()
    options: list[list[str]] = offered.locator("option").evaluate_all(_OPTIONS)
    offered.select_option([value for value, text in options if any(same(one, text) for one in names)])
    page.locator("#product_rule_select_1_1_add").click()
    page.locator(".fancybox-close").click()
    offered.wait_for(state="hidden")


def _reduction(page: Page, wanted: WantedCartRule) -> None:
    if wanted.unit == "port offert":
        turn(page, "free_shipping_on")
    elif wanted.unit == "%":
        page.locator("#apply_discount_percent").check()
        page.locator("#reduction_percent").fill(f"{wanted.reduction:f}")
    else:
        page.locator("#apply_discount_amount").check()
        page.locator("#reduction_amount").fill(f"{wanted.reduction:f}")
        page.locator("[name=reduction_tax]").select_option("1" if wanted.unit == "TTC" else "0")


def _one_product(page: Page, name: str) -> None:
    page.locator("#apply_discount_to_product").check()
    box = page.locator("#reductionProductFilter")
    # At once: the screen, which unfolds this field, may move what is typed key by key. The last key makes it search.
    box.fill(name)
    box.press("End")
    page.locator(".ac_results li", has_text=re.compile(rf"{re.escape(name)}\s*$")).first.click()


_OPTIONS = "all => all.map(one => [one.value, one.textContent.trim()])"
