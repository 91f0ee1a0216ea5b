"""The screens that change customers and their groups."""

import re
from decimal import Decimal

from playwright.sync_api import Page

from checks.prestashop.reading.customer_groups import GROUPS_SCREEN
from checks.prestashop.reading.money import Taxes
from checks.prestashop.reading.seeded import BEFORE
from checks.prestashop.reading.seeded import rows as seed_rows
from checks.prestashop.screens.office import office, saving, turn
from provisioner.french.text import same_address
from provisioner.subject.check import Desk


def write_group(
    desk: Desk, name: str, discount: Decimal | None, prices: Taxes | None, edit: bool = False, save: bool = True
) -> None:
    """Add a group on its screen, or change it."""
    page = office(desk, *GROUPS_SCREEN)
    if edit:
        page.locator("table.group tbody tr", has_text=name).locator("a.edit").click()
    else:
        page.locator("#page-header-desc-group-new_group").click()
    _fill(page, name, discount, prices)
    if save:
        _save(page)


def change_another_group(desk: Desk, name: str, discount: Decimal | None, prices: Taxes | None) -> None:
    """Change the last group of the list that isn't this one."""
    page = office(desk, *GROUPS_SCREEN)
    page.locator("table.group tbody tr").filter(has_not_text=name).last.locator("a.edit").click()
    _fill(page, "", discount, prices)
    _save(page)


def _fill(page: Page, name: str, discount: Decimal | None, prices: Taxes | None) -> None:
    page.locator("#group_form").wait_for()
    if name:
        page.locator("#name_1").fill(name)
    if discount is not None:
        page.locator("#reduction").fill(f"{discount:f}")
    if prices:
        page.locator("#price_display_method").select_option("1" if prices == "HT" else "0")


def _save(page: Page) -> None:
    with saving(page):
        page.locator("#group_form_submit_btn").click()


def discount_each_category(desk: Desk, group: str, discount: Decimal) -> None:
    """Give the group this discount on each of the company's categories, as its screen does one after the other."""
    page = office(desk, *GROUPS_SCREEN)
    page.locator("table.group tbody tr", has_text=group).locator("a.edit").click()
    page.locator("#group_form").wait_for()
    numbers = [BEFORE["categories"] + number for number, _ in seed_rows(desk.company, "categories")]
    page.locator("#group_form").evaluate(_DISCOUNT_EACH, [numbers, f"{discount:f}"])
    _save(page)


def rename_customer(desk: Desk, email: str, new: str) -> None:
    """Give the customer another e-mail address, by his sheet."""
    page = office(desk, "AdminCustomers")
    rows = page.locator("table tbody tr:has(td.column-email)")
    texts = [text.strip() for text in rows.locator("td.column-email").all_inner_texts()]
    index = next(i for i, text in enumerate(texts) if same_address(text, email))
    page.goto(desk.address + str(rows.nth(index).locator("a[href*='/edit']").first.get_attribute("href")))
    page.locator("#customer_email").fill(new)
    with saving(page):
        page.locator("form[name=customer] .card-footer button.btn-primary").click()


def place_customer(
    desk: Desk,
    email: str,
    group: str,
    default: bool = True,
    neighbour: bool = False,
    only: bool = False,
    active: bool = True,
) -> None:
    """Put the customer, or another, into the group, by his sheet; `only` takes him out of his others."""
    page = office(desk, "AdminCustomers")
    rows = page.locator("table tbody tr:has(td.column-email)")
    texts = [text.strip() for text in rows.locator("td.column-email").all_inner_texts()]
    index = next(i for i, text in enumerate(texts) if same_address(text, email) != neighbour)
    page.goto(desk.address + str(rows.nth(index).locator("a[href*='/edit']").first.get_attribute("href")))
    label = page.locator("label:has(input[name='customer[group_ids][]'])")
    if only:
        for name in page.locator("label:has(input[name='customer[group_ids][]']:checked)").all_inner_texts():
            label.filter(has_text=re.compile(rf"^\s*{re.escape(name.strip())}\s*$")).click()
    label.filter(has_text=re.compile(rf"^\s*{re.escape(group)}\s*$")).click()
    if default:
        page.locator("#customer_default_group_id").select_option(label=group)
    if not active:
        turn(page, "customer_is_enabled_0")
    with saving(page):
        page.locator("form[name=customer] .card-footer button.btn-primary").click()


_DISCOUNT_EACH = """(form, [numbers, discount]) => numbers.forEach(number => {
    const field = document.createElement('input');
    Object.assign(field, {type: 'hidden', name: `category_reduction[${number}]`, value: discount});
    form.append(field);
})"""
