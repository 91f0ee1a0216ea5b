"""The reading settings' screen, and the options of a list's screen."""

from checks.wordpress.screens.office import office
from provisioner.subject.check import Desk


def rows_per_list(desk: Desk, count: int) -> None:
    """The number of rows of the posts list, among the options of that screen."""
    page = office(desk, "edit.php")
    page.locator("#show-settings-link").click()
    page.locator("#edit_post_per_page").fill(str(count))
    page.locator("#screen-options-apply").click()
    page.locator("#edit_post_per_page").wait_for(state="hidden")


def reading_settings(desk: Desk, values: dict[str, str], save: str = "button") -> None:
    """Fill fields of the reading settings by name (a choice takes its value); save by "button", "enter" or not."""
    page = office(desk, "options-reading.php")
    field = page.locator("#submit")
    for name, value in values.items():
        field = page.locator(f"input[name='{name}'], select[name='{name}']")
        if field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        elif field.first.get_attribute("type") == "radio":
            field = page.locator(f"input[name='{name}'][value='{value}']")
            field.check()
        else:
            field.fill(value)
    if save == "button":
        page.locator("#submit").click()
    elif save == "enter":
        field.press("Enter")
    else:
        return
    page.locator("#setting-error-settings_updated").wait_for()
