"""The screens of accounts: the list of users, the form of a new one and of an old one, and what deleting asks."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from playwright.sync_api import Locator, Page

from checks.wordpress.screens.office import office
from provisioner.subject.check import Desk

_DONE = "#message.updated, #message.notice-success, .notice-success"


def create(desk: Desk, fields: Mapping[str, str], save: bool = True) -> None:
    """Fill the form of a new account by the names of its fields; no mail is sent to the person."""
    page = office(desk, "user-new.php")
    _fill(page, fields)
    page.locator("#send_user_notification").uncheck()
    if save:
        page.locator("#createusersub").click()
        page.locator(_DONE).first.wait_for()


def change(desk: Desk, login: str, fields: Mapping[str, str], save: bool = True) -> None:
    """Change fields of an account by their names."""
    page = _open(desk, login)
    _fill(page, fields)
    if save:
        _save(page)


def show_as(desk: Desk, login: str, name: str) -> None:
    """Choose an account's public name in its list; one that isn't there comes in as the nickname."""
    page = _open(desk, login)
    if name not in page.locator("#display_name option").all_text_contents():
        page.locator("#nickname").fill(name)
        page.locator("#nickname").press("Tab")
    page.locator("#display_name").select_option(label=name)
    _save(page)


def change_role_in_list(desk: Desk, login: str, role: str) -> None:
    """Tick an account and choose its role above the list."""
    _row(desk, login).locator("input[type=checkbox]").check()
    desk.page.locator("#new_role").select_option(role)
    desk.page.locator("#changeit").click()
    desk.page.locator(_DONE).first.wait_for()


def delete(desk: Desk, login: str, heir: str = "", by_the_list: bool = False) -> None:
    """Delete an account by its link or among the bulk actions; its contents go to the heir, or with it."""
    row = _row(desk, login)
    page = desk.page
    if by_the_list:
        row.locator("input[type=checkbox]").check()
        page.locator("#bulk-action-selector-top").select_option("delete")
        page.locator("#doaction").click()
    else:
        row.hover()
        row.locator(".row-actions .submitdelete").click()
    page.locator("#updateusers, #submit").first.wait_for()
    if page.locator("#delete_option1").count():
        if heir:
            page.locator("#delete_option1").check()
            choice = page.locator("#reassign_user")
            option = choice.locator("option", has_text=re.compile(rf"\({re.escape(heir)}\)\s*$"))
            choice.select_option(option.get_attribute("value"))
        else:
            page.locator("#delete_option0").check()
    page.locator("#submit").click()
    page.locator(_DONE).first.wait_for()


def _open(desk: Desk, login: str) -> Page:
    """The form of an account."""
    desk.page.goto(_row(desk, login).locator(".column-username strong a").get_attribute("href") or "")
    return desk.page


def _save(page: Page) -> None:
    page.locator("#submit").click()
    page.locator(_DONE).first.wait_for()


def _row(desk: Desk, login: str) -> Locator:
    """The row of an account in the list of users, which is then open."""
    page = office(desk, f"users.php?s={quote(login)}")
    named = page.locator(".column-username strong", has_text=re.compile(rf"^\s*{re.escape(login)}\s*$"))
    return page.locator("#the-list > tr").filter(has=named)


def _fill(page: Page, fields: Mapping[str, str]) -> None:
    for name, value in fields.items():
        field = page.locator(f"input[name={name}], select[name={name}], textarea[name={name}]").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def display_name(desk: Desk, login: str) -> str:
    """The name of a user as the list of users shows it."""
    page = office(desk, f"users.php?s={quote(login)}")
    rows = page.locator("#the-list > tr")
    row = rows.filter(has=page.locator(".column-username strong", has_text=re.compile(rf"^\s*{re.escape(login)}\s*$")))
    return row.locator(".column-name").inner_text().strip()


def rename_user(desk: Desk, user: str, name: str) -> None:
    """Give the user of this number another first, last and public name."""
    page = office(desk, f"user-edit.php?user_id={user}")
    first, _, last = name.partition(" ")
    page.locator("#first_name").fill(first)
    page.locator("#last_name").fill(last)
    page.locator("#last_name").press("Tab")
    page.locator("#display_name").select_option(label=name)
    page.locator("#submit").click()
    page.locator("#message.updated, #message.notice-success").wait_for()
