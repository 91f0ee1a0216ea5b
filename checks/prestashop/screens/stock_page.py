"""The stocks page of the back office, where a number is corrected."""

import re
from collections.abc import Iterable, Mapping

from playwright.sync_api import Locator, Page

from checks.prestashop.screens.office import LOADING, office
from provisioner.french.text import fold, same
from provisioner.subject.check import Desk

_API = re.compile(r"/api/stocks?/")


def correct(
    desk: Desk, name: str, of: Mapping[str, str], quantity: int, bulk: bool = False, subtracted: bool = True
) -> None:
    """Type by how much the stock must change, on its line or, once it is ticked, above the list.

    Not `subtracted`, it is the new number itself, which the page adds to what there was.
    """
    page = searched(desk, name)
    line = line_shown(page, name, of.values())
    by = quantity - there(line) if subtracted else quantity
    if bulk:
        tick(line)
        _type(page, page.locator(".bulk-qty input"), by, page.locator(".update-qty"))
    else:
        change(page, line, by)


def there(line: Locator) -> int:
    """How many its line says that there are."""
    return int(line.locator("td").nth(6).inner_text().split()[0])


def change(page: Page, line: Locator, by: int) -> None:
    """Type on its line by how much the stock must change."""
    _type(page, line.locator(".qty-spinner input"), by, line.locator(".check-button"))


def _type(page: Page, field: Locator, by: int, button: Locator) -> None:
    field.click()
    field.press_sequentially(str(by))
    added(page, button)


def searched(desk: Desk, name: str) -> Page:
    """The stocks page, once it shows the products of that name and no others: each answer of the shop draws it anew."""
    page = office(desk, "AdminStockManagement")
    box = page.locator("#search .search-form input[type=text]")
    page.locator(".qty-spinner").first.wait_for(timeout=LOADING)
    box.fill(name)
    with page.expect_response(lambda answer: _API.search(answer.url) is not None and "keywords" in answer.url):
        box.press("Enter")
    page.locator(".desc p").filter(has_not_text=name).first.wait_for(state="hidden", timeout=LOADING)
    page.locator(".desc p", has_text=name).first.wait_for()
    return page


def line_shown(page: Page, name: str, values: Iterable[str]) -> Locator:
    """The line of a product, or of its variant with these values."""
    lines = page.locator("table tbody tr", has=page.locator(".qty-spinner"))
    wanted = {fold(value) for value in values}
    titles: list[list[str]] = lines.locator(".desc p").evaluate_all(_TITLES)
    named = ((i, {fold(word) for word in words}) for i, (title, *words) in enumerate(titles) if same(name, title))
    return lines.nth(next(i for i, words in named if wanted <= words and bool(wanted) == bool(words)))


def tick(line: Locator) -> None:
    """Tick the box of a line by a script: another element is drawn over the box, so a click there would miss it."""
    line.locator("input[type=checkbox]").first.evaluate("box => box.click()")


def added(page: Page, button: Locator) -> None:
    """Press what keeps a change, and wait until it is kept."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and bool(_API.search(answer.url))):
        button.click()


# The name of each line's product, and the words of its variant: "Nature - 300 g", in 1.7.8 "Parfum - Nature, Poids - 300 g".
_TITLES = r"""all => all.map(said => {
    const small = said.querySelector('small');
    return [said.firstChild.textContent.trim(), ...(small ? small.textContent.split(/\s-\s|,\s/).map(v => v.trim()) : [])].filter(Boolean);
})"""
