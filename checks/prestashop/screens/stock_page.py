"""The stocks page of the back office: what it says of a product, and how a number is corrected there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from playwright.sync_api import Locator, Page

from checks.prestashop.reading.shop import Product, Row
from checks.prestashop.screens.office import LOADING, looked_up, office, screen
from checks.prestashop.screens.product_variants import pairs_of
from provisioner.french.text import fold, same
from provisioner.subject.check import Desk, Site

_API = re.compile(r"/api/stocks?/")


@dataclass(frozen=True)
class Line:
    """A product or a variant of it, by its folded attributes and values. `threshold` is None where there is none."""

    name: str
    of: frozenset[tuple[str, str]]
    available: int
    physical: int
    threshold: int | None


def stock_lines(site: Site, product: Row) -> list[Line]:
    """The lines of a product."""
    page = site.signed_in()
    address = looked_up(site, page, screen(site, "AdminStockManagement"), _ADDRESS)
    asked = f"{site.address}{address}&page_index=1&page_size=100&keywords%5B%5D={quote(product.name)}"
    rows = looked_up(site, page, asked, _LINES) or []
    return [
        Line(
            name=row["name"],
            of=frozenset(pairs_of(row["of"])) if row["of"] else frozenset(),
            available=int(row["available"]),
            physical=int(row["physical"]),
            threshold=int(row["threshold"]) if str(row["threshold"]).lstrip("-").isdigit() else None,
        )
        for row in rows
        if int(row["product"]) == product.id
    ]


def own_stock(site: Site, row: Row, pack: Product) -> Product:
    """The pack with the number that was typed: its page and its sheet say how many its products allow, where it takes them.

    Such a sheet, saved once more, keeps what it says as the pack's own; so the shop may have changed what was typed.
    """
    own = next((line.available for line in stock_lines(site, row) if not line.of), None)
    recounted = own is None or takes_products(looked_up(site, site.signed_in(), row.edit, _PACK_CHOICES))
    return replace(pack, quantity=pack.quantity if own is None else own, recounted=recounted)


def takes_products(choices: Sequence[tuple[str, str, bool]]) -> bool:
    """Whether a pack takes its products from the stock, by the choices of its sheet: their values and words, and which is made.

    The last one is what the shop is set to, and names it at its end. The first one, the pack alone, says so of orders
    only: to count how many there are, PrestaShop (Pack::getQuantity) takes its 0 for no choice, and what the shop is set to.
    """
    words = {value: text for value, text, _ in choices}
    made = next((value for value, _, chosen in choices if chosen), "")
    return made not in ("0", "3") or not words["3"].endswith(words["0"])


# --- the candidate ----------------------------------------------------------------------------


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
    return lines.nth(
        next(i for i, (title, *shown) in enumerate(titles) if same(name, title) and {fold(v) for v in shown} == wanted)
    )


def tick(line: Locator) -> None:
    """Its box, over which another is drawn: no pointer finds it by its place."""
    line.locator("input[type=checkbox]").first.evaluate("box => box.click()")


def added(page: Page, button: Locator) -> None:
    """Press what keeps a change, and wait until it is kept."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and bool(_API.search(answer.url))):
        button.click()


_ADDRESS = r"(page, about, whole) => whole.match(/apiStockUrl: '([^']+)'/)[1]"

_LINES = """(page, about, whole) => JSON.parse(whole).data.data.map(row => ({
    product: row.product_id, name: row.product_name, of: Number(row.combination_id) ? row.combination_name : '', available: row.product_available_quantity,
    physical: row.product_physical_quantity, threshold: row.product_low_stock_threshold,
}))"""

_PACK_CHOICES = """page => [...page.querySelectorAll('#form_step3_pack_stock_type option')].map(
    one => [one.value, one.textContent.trim(), one.hasAttribute('selected')])"""

# The name of each line's product, and the values of its variant: "Nature - 300 g".
_TITLES = r"""all => all.map(said => {
    const small = said.querySelector('small');
    return [said.firstChild.textContent.trim(), ...(small ? small.textContent.split(/\s-\s/).map(v => v.trim()) : [])].filter(Boolean);
})"""
