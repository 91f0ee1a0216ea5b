"""The module manager of the back office: on, off, and the way to a module's own screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Locator, Page

from checks.prestashop.reading.answers import expect_healthy
from checks.prestashop.screens.office import LOADING, office
from checks.prestashop.screens.stock_page import tick
from provisioner.subject.check import Desk

Action = Literal["enable", "disable", "uninstall", "install", "disable_mobile"]


def configure(desk: Desk, module: str) -> Page:
    """A module's own screen, by « Configurer »."""
    page = _found(desk, module)
    with page.expect_navigation(timeout=LOADING):
        _row(page, module).locator("a[href*='/action/configure/']").first.click()
    expect_healthy(page)
    return page


def act_on(desk: Desk, module: str, action: Action, confirmed: bool = True) -> None:
    """What the list beside « Configurer » offers; most of it asks for a confirmation."""
    page = _found(desk, module)
    row = _row(page, module)
    button = row.locator(f".module_action_menu_{action}")
    if not button.is_visible():
        row.locator(".dropdown-toggle").click()
    modal = page.locator(f"#module-modal-confirm-{module}-{action}")
    if not modal.count():
        with _done(page, module):
            button.click()
        return
    button.click()
    # A window that is asked to close while it opens stays, and what it was to do isn't done: a person clicks later.
    page.wait_for_function(_OPEN, arg=modal.element_handle())
    if confirmed:
        with _done(page, module):
            modal.locator(".modal-footer a.btn-primary").click()
    else:
        modal.locator(".modal-footer [data-dismiss=modal]:not(a)").first.click()
        modal.wait_for(state="hidden")


def act_on_ticked(desk: Desk, module: str, action: Literal["enable", "disable"]) -> None:
    """The same by the list at the head of the screen, for the modules that are ticked."""
    page = _found(desk, module)
    tick(_row(page, module))
    page.locator("#bulk-actions-dropdown").click()
    page.locator(f".module-bulk-menu[data-ref='bulk-{action}']").click()
    modal = page.locator("#module-modal-bulk-confirm")
    with _done(page, module):
        modal.locator("#module-modal-confirm-bulk-ack").click()


def act_in_theme(desk: Desk, module: str, place: str, action: Literal["enable", "disable"]) -> None:
    """The same on the theme's page that lists the modules by their places in the shop."""
    page = office(desk, "AdminThemesParent", "AdminPsThemeCustoConfiguration")
    page.locator(f".js-title-{place}").click()
    around = page.locator(f".src_parent_{module}")
    button = around.locator(f".module_action_menu_{action}")
    if not button.is_visible():
        around.locator(".dropdown-action").click()
    with page.expect_response(lambda r: "action=UpdateModule" in (r.request.post_data or ""), timeout=LOADING):
        button.click()
        if action == "disable":
            page.locator("#moduleActionModal .modal-footer a").click()
    page.locator(".growl").first.wait_for(timeout=LOADING)


def _found(desk: Desk, module: str) -> Page:
    """The module manager, with the module's row found by the search at its head."""
    page = office(desk, "AdminModulesSf")
    box = page.locator("input.pstaggerAddTagInput")
    box.fill(module)
    box.press("Enter")
    _row(page, module).wait_for()
    return page


def _row(page: Page, module: str) -> Locator:
    return page.locator(f".module-item[data-tech-name='{module}']")


@contextmanager
def _done(page: Page, module: str) -> Iterator[None]:
    with page.expect_response(lambda r: f"/{module}?" in r.url and "/action/" in r.url, timeout=LOADING):
        yield
    page.locator(".growl").first.wait_for(timeout=LOADING)


_OPEN = """modal => {
    const shown = window.jQuery(modal).data('bs.modal');
    return shown && shown._isShown && !shown._isTransitioning;
}"""
