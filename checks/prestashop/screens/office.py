"""The candidate's way into PrestaShop's back office, by its menu, and what its forms have in common.

Screens are found by the menu's ids, since some of their words are French and some English.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from checks.prestashop.reading.answers import expect_healthy
from provisioner.subject.check import Desk

#: How long a whole screen may take to come, in milliseconds.
LOADING = 30_000


def office(desk: Desk, *tabs: str) -> Page:
    """The screen of a menu entry, by its id: office(desk, "AdminParentCartRules", "AdminSpecificPriceRule")."""
    page = desk.sign_in()
    for tab in tabs:
        page.goto(page.locator(f"#subtab-{tab} > a, a#subtab-{tab}").first.evaluate("a => a.href"), timeout=LOADING)
        expect_healthy(page)
    return page


@contextmanager
def saving(page: Page) -> Iterator[None]:
    """What is done inside saves a form: wait for the screen that says so."""
    with page.expect_navigation(timeout=LOADING):
        yield
    page.locator(".alert-success:visible").first.wait_for()


def choose(page: Page, field: str, text: str) -> None:
    """Choose in a dressed-up list (select2) the entry that holds a text."""
    page.locator(f"{field} + .select2 .select2-selection").click()
    page.locator(".select2-results__option", has_text=text).first.click()


def turn(page: Page, button: str) -> None:
    """Set a switch by the id of the button for what is wanted ("active_off"); in 1.7.8 the button covers its label."""
    if not page.locator(f"#{button}").is_checked():
        page.locator(f"label[for={button}]").click(force=True)
        page.locator(f"#{button}:checked").wait_for(state="attached")


def type_over(page: Page, field: str, text: str) -> None:
    """Type in the place of what a field holds: some fields count with each key."""
    box = page.locator(field)
    box.click()
    box.press("Control+a")
    box.press_sequentially(text)
    box.press("Tab")


def coloured(page: Page, editor: str, colour: str = "#ffffff") -> None:
    """Give all the text of an editor of texts another colour, as its button does; white, as the pages of the shop are."""
    page.evaluate(
        """([id, colour]) => {
            const editor = tinymce.get(id);
            editor.execCommand('SelectAll');
            editor.execCommand('ForeColor', false, colour);
            editor.save();
        }""",
        [editor, colour],
    )
