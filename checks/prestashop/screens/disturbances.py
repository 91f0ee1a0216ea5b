"""Work of another question that changes what the shop shows of this one's: roads begin or end with it."""

import re
from collections.abc import Sequence
from decimal import Decimal

from playwright.sync_api import Page

from checks.prestashop.reading.attributes import ATTRIBUTES
from checks.prestashop.reading.customer_groups import GROUPS_SCREEN
from checks.prestashop.reading.money import typed
from checks.prestashop.reading.seeded import VISITORS
from checks.prestashop.screens import attributes
from checks.prestashop.screens.office import LOADING, office, saving, turn, type_over
from checks.prestashop.screens.product import open_product
from checks.prestashop.screens.stock_page import tick
from provisioner.subject.check import Desk


def close_categories(desk: Desk, names: Sequence[str]) -> None:
    """Take these categories from visitors, and with them the page of a product that is in no other."""
    for name in names:
        page = open_category(desk, name)
        page.locator(f"label:has([name='category[group_association][]'][value='{VISITORS}'])").click()
        save_category(page)


def rename_category(desk: Desk, name: str, new_name: str) -> None:
    """Give a category another name."""
    page = open_category(desk, name)
    page.locator("#category_name_1").fill(new_name)
    save_category(page)


def hide_category(desk: Desk, name: str) -> None:
    """Take a category off line."""
    page = open_category(desk, name)
    turn(page, "category_active_0")
    save_category(page)


def open_category(desk: Desk, name: str) -> Page:
    """The form of a category, found by its name at any level of the tree."""
    page, listed = _listed(desk, "AdminCategories")
    page.goto(listed.replace("/categories?", "/categories/new?"), timeout=LOADING)
    numbers: list[list[str]] = page.locator("#category_id_parent input").evaluate_all(
        "all => all.map(one => [one.value, one.closest('label').textContent.trim()])"
    )
    number = next(number for number, called in numbers if called == name)
    page.goto(listed.replace("/categories?", f"/categories/{number}/edit?"), timeout=LOADING)
    page.locator("#category_name_1").wait_for()
    return page


def _listed(desk: Desk, tab: str) -> tuple[Page, str]:
    """A list's screen, and its address in the menu."""
    page = office(desk, tab)
    return page, str(page.locator(f"#subtab-{tab} > a, a#subtab-{tab}").first.evaluate("a => a.href"))


def save_category(page: Page) -> None:
    """Save the form of a category."""
    _save(page, "category")


def _save(page: Page, form: str) -> None:
    with saving(page):
        page.locator(f"form[name={form}] .card-footer button.btn-primary").first.click()


def rename_page(desk: Desk, title: str, new: str) -> None:
    """Give a page of the shop another title."""
    page = _open_row(desk, "AdminCmsContent", "td.column-meta_title", title)
    page.locator("#cms_page_title_1").fill(new)
    _save(page, "cms_page")


def hide_page(desk: Desk, title: str) -> None:
    """Take a page of the shop off line."""
    page = _open_row(desk, "AdminCmsContent", "td.column-meta_title", title)
    turn(page, "cms_page_is_displayed_0")
    _save(page, "cms_page")


def rename_profile(desk: Desk, name: str, new: str) -> None:
    """Give a profile of employees another name."""
    page = _open_row(desk, "AdminParentEmployees/AdminProfiles", "td.column-name", name)
    page.locator("#profile_name_1").fill(new)
    _save(page, "profile")


def _open_row(desk: Desk, screen: str, cell: str, name: str) -> Page:
    """The form of what a list has under this name."""
    page = office(desk, *screen.split("/"))
    exact = re.compile(rf"^\s*{re.escape(name)}\s*$")
    row = page.locator("table tbody tr", has=page.locator(cell, has_text=exact)).first
    page.goto(str(row.locator("a[href*='/edit']").first.evaluate("a => a.href")), timeout=LOADING)
    return page


def hide_prices(desk: Desk) -> None:
    """Show visitors no prices: they can't buy any more either."""
    page = _visitors(desk)
    turn(page, "show_prices_off")
    _save_group(page)


def show_net_prices(desk: Desk) -> None:
    """Show visitors prices without tax."""
    page = _visitors(desk)
    page.locator("#price_display_method").select_option("1")
    _save_group(page)


def _visitors(desk: Desk) -> Page:
    page = office(desk, *GROUPS_SCREEN)
    edit = page.locator(f"table.group tbody a.edit[href*='id_group={VISITORS}&']").first
    page.goto(edit.evaluate("a => a.href"), timeout=LOADING)
    page.locator("#group_form").wait_for()
    return page


def _save_group(page: Page) -> None:
    with saving(page):
        page.locator("#group_form_submit_btn").click()


def give_price(desk: Desk, product: str, price: Decimal) -> None:
    """Give a product another base price TTC."""
    sheet = open_product(desk, product)
    sheet.tab(1)
    type_over(sheet.page, "#form_step1_price_ttc_shortcut", typed(price))
    sheet.save()


def rename_attribute(desk: Desk, name: str) -> None:
    """Give an attribute, of which variants are made, another name."""
    attributes.change(desk, ATTRIBUTES, name, f"{name} du produit")


def put_off_line(desk: Desk, numbers: Sequence[int]) -> None:
    """Put products away by the bulk action of the catalogue's list, whatever its first page shows."""
    page, listed = _listed(desk, "AdminProducts")
    page.goto(
        listed.replace("/sell/catalog/products?", "/sell/catalog/products/0/500/id_product/desc?"), timeout=LOADING
    )
    for number in numbers:
        tick(page.locator(f"tr[data-product-id='{number}']"))
    page.locator("#product_bulk_menu").click()
    with page.expect_navigation(url=lambda url: not url.endswith("#"), timeout=LOADING):
        page.locator("a[onclick*=deactivate_all]").first.click()


def sell_nothing(desk: Desk) -> None:
    """Show the catalogue alone: the shop has neither cart nor checkout."""
    page = office(desk, "AdminParentPreferences", "AdminPPreferences")
    form = page.locator("form:has(input[name$='[catalog_mode]'])")
    form.locator("input[name$='[catalog_mode]'][value='1']").check(force=True)
    with saving(page):
        form.locator("button.btn-primary").first.click()


def search_long_words(desk: Desk) -> None:
    """Let the search leave out the words that the company's products have."""
    page = office(desk, "AdminParentSearchConf")
    field = page.locator("input[name=PS_SEARCH_MINWORDLEN]")
    field.fill("20")
    with saving(page):
        page.locator("form", has=field).locator("button[type=submit]").first.click()
