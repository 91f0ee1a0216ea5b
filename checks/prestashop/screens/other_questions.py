"""What another question of a subject may ask, by which the work of this one is disturbed: only roads use it."""

import re

from playwright.sync_api import Page

from checks.prestashop.screens.office import LOADING, office, saving
from provisioner.subject.check import Desk


def rename_category(desk: Desk, name: str, new: str) -> None:
    """Give a category another name."""
    page = _open_row(desk, "AdminCategories", "td.column-name", name)
    page.locator("#category_name_1").fill(new)
    _save(page, "category")


def hide_category(desk: Desk, name: str) -> None:
    """Take a category off line."""
    page = _open_row(desk, "AdminCategories", "td.column-name", name)
    page.locator("label[for=category_active_0]").click()
    _save(page, "category")


def rename_page(desk: Desk, title: str, new: str) -> None:
    """Give a page of the shop another title."""
    page = _open_row(desk, "AdminCmsContent", "td.column-meta_title", title)
    page.locator("#cms_page_title_1").fill(new)
    _save(page, "cms_page")


def hide_page(desk: Desk, title: str) -> None:
    """Take a page of the shop off line."""
    page = _open_row(desk, "AdminCmsContent", "td.column-meta_title", title)
    page.locator("label[for=cms_page_is_displayed_0]").click()
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


def _save(page: Page, form: str) -> None:
    with saving(page):
        page.locator(f"form[name={form}] .card-footer button.btn-primary").first.click()
