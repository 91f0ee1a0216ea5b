"""The table of what a profile of employees may do: a row for each entry of the menu, a box for each action."""

from collections.abc import Sequence

from playwright.sync_api import Locator, Page

from checks.prestashop.reading.employee_access import TABS, Action, Screen
from checks.prestashop.reading.profile_rights import ACCESS_SCREEN, ACTIONS, TAB_NUMBERS_SCRIPT, Right
from checks.prestashop.screens.office import LOADING, office, saving
from provisioner.subject.check import Desk

_EVERY_TAB = "-1"


def tick(desk: Desk, profile: str, rights: Sequence[Right], on: bool) -> None:
    """Tick or untick rights in the table; the page itself ticks the part of the menu that they are in."""
    page, numbers = _opened(desk, [right.screen for right in rights])
    _press(page, profile, [(numbers[TABS[right.screen][-1]], ACTIONS[right.action]) for right in rights], on)


def tick_all(desk: Desk, profile: str, screens: Sequence[Screen]) -> None:
    """Tick « Tout » of these screens."""
    page, numbers = _opened(desk, screens)
    _press(page, profile, [(numbers[TABS[name][-1]], "all") for name in screens], True)


def tick_columns(desk: Desk, profile: str, actions: Sequence[Action]) -> None:
    """Tick the head of these columns, which gives the action on every screen."""
    page, _ = _opened(desk)
    _press(page, profile, [(_EVERY_TAB, ACTIONS[action]) for action in actions], True)


def copy_profile(desk: Desk, profile: str, new: str) -> None:
    """Add a profile and give it the rights that another has, box by box."""
    page = office(desk, "AdminParentEmployees", "AdminProfiles")
    page.locator("#page-header-desc-configuration-add").click()
    page.locator("#profile_name_1").fill(new)
    with saving(page):
        page.locator("form[name=profile] .card-footer button.btn-primary").click()
    page, _ = _opened(desk)
    number = str(page.locator(".nav-profile", has_text=profile).first.get_attribute("id")).removeprefix("profile-")
    ticked: list[list[str]] = page.locator(f"#table_{number} input.ajaxPower[checked]").evaluate_all(
        "boxes => boxes.map(box => [box.dataset.rel.split('||')[0], box.dataset.type])"
    )
    _press(page, new, [(tab, action) for tab, action in ticked if tab != _EVERY_TAB and action != "all"], True)


def _opened(desk: Desk, screens: Sequence[Screen] = ()) -> tuple[Page, dict[str, str]]:
    numbers: dict[str, str] = {}
    for parent in sorted({one for name in screens for one in TABS[name][:-1]}):
        numbers |= office(desk, parent).evaluate(f"() => ({TAB_NUMBERS_SCRIPT})(document)")
    page = office(desk, *ACCESS_SCREEN)
    return page, numbers | page.evaluate(f"() => ({TAB_NUMBERS_SCRIPT})(document)")


def _press(page: Page, profile: str, boxes: Sequence[tuple[str, str]], on: bool) -> None:
    page.locator(".nav-profile", has_text=profile).first.click()
    number = str(page.locator(".nav-profile", has_text=profile).first.get_attribute("id")).removeprefix("profile-")
    for tab, action in boxes:
        box = _box(page, number, tab, action)
        if box.is_checked() != on:
            with page.expect_response(lambda r: "AdminAccess" in r.url and "ajaxMode" in r.url, timeout=LOADING):
                box.click()
    # The page goes on to the part of the menu that the screen is in.
    page.wait_for_function("() => window.jQuery.active === 0", timeout=LOADING)


def _box(page: Page, profile: str, tab: str, action: str) -> Locator:
    return page.locator(f"#table_{profile} input.ajaxPower[data-rel^='{tab}||{profile}||{action}||']").first
