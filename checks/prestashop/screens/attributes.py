"""The screens of attributes and of features, which are made alike."""

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page

from checks.prestashop.reading.attributes import ATTRIBUTES, PARENT_TAB, Kind
from checks.prestashop.screens.office import LOADING, office, saving
from provisioner.french.text import same
from provisioner.subject.check import Desk


def add(desk: Desk, kind: Kind, name: str, display: str = "", save: bool = True) -> None:
    """A new one; `display` is select, radio or color."""
    page = _listed(desk, kind)
    page.locator(f"#page-header-desc-{kind.table}-{kind.new}").click()
    _fill(page, kind, name, display)
    if save:
        with saving(page):
            page.locator(f"#{kind.table}_form_submit_btn").click()


def change(desk: Desk, kind: Kind, name: str, new_name: str) -> None:
    """Another name for one that is there."""
    page = _listed(desk, kind)
    _edit(_row(page, name))
    _fill(page, kind, new_name)
    with saving(page):
        page.locator(f"#{kind.table}_form_submit_btn").click()


def add_values(desk: Desk, kind: Kind, name: str, values: Sequence[str], from_list: bool = False) -> None:
    """New values: one form after the other, or from the list of the values that are there."""
    page = _listed(desk, kind)
    if from_list:
        for value in values:
            _view(_listed(desk, kind), name)
            page.locator(f"[id^=page-header-desc-][id$=-{kind.new_value}]").first.click()
            _write_value(page, kind, name, value)
            with saving(page):
                page.locator(f"#{kind.value}_form_submit_btn").click()
        return
    page.locator(f"#page-header-desc-{kind.table}-{kind.new_value}").click()
    for index, value in enumerate(values):
        _write_value(page, kind, name, value)
        if index < len(values) - 1:
            # Of features, the form of the next value doesn't say that the last is saved.
            with page.expect_navigation(timeout=LOADING):
                page.locator(f"[name=submitAdd{kind.value}AndStay]").click()
        else:
            with saving(page):
                page.locator(f"#{kind.value}_form_submit_btn").click()


def change_value(desk: Desk, kind: Kind, name: str, value: str, new_value: str) -> None:
    """Another wording for a value."""
    page = _listed(desk, kind)
    _view(page, name)
    _edit(_row(page, value))
    page.locator(kind.field).fill(new_value)
    with saving(page):
        page.locator(f"#{kind.value}_form_submit_btn").click()


def delete_value(desk: Desk, kind: Kind, name: str, value: str) -> None:
    """One value less."""
    page = _listed(desk, kind)
    _view(page, name)
    line = _row(page, value)
    line.locator(".dropdown-toggle").click()
    line.locator("a.delete").click()
    with page.expect_navigation(timeout=LOADING):
        page.locator(
            "#popup_ok:visible, .modal.in .btn-primary:visible, .modal.show .btn-primary:visible"
        ).first.click()


def _listed(desk: Desk, kind: Kind) -> Page:
    return office(desk, PARENT_TAB, kind.tab)


def _fill(page: Page, kind: Kind, name: str, display: str = "") -> None:
    page.locator("#name_1").fill(name)
    if kind is ATTRIBUTES:
        page.locator("#public_name_1").fill(name)
        if display:
            page.locator("#group_type").select_option(display)


def _write_value(page: Page, kind: Kind, name: str, value: str) -> None:
    page.locator(kind.field).wait_for()
    page.locator(f"#id_{kind.table}").select_option(label=_option(page, kind, name))
    page.locator(kind.field).fill(value)


def _option(page: Page, kind: Kind, name: str) -> str:
    labels = page.locator(f"#id_{kind.table} option").all_text_contents()
    return next(label.strip() for label in labels if same(name, label))


def _cell(inside: Page | Locator, name: str) -> Locator:
    return inside.locator("td", has_text=re.compile(rf"^\s*{re.escape(name)}\s*$")).first


def _row(page: Page, name: str) -> Locator:
    return page.locator("tbody tr", has=_cell(page, name)).first


def _view(page: Page, name: str) -> None:
    _cell(_row(page, name), name).click()
    page.wait_for_load_state()


def _edit(line: Locator) -> None:
    """The link of a row, behind its arrow where it isn't the first."""
    link = line.locator("a.edit")
    if not link.is_visible():
        line.locator(".dropdown-toggle").click()
    link.click()
