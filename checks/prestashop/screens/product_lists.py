"""The lists of the back office that change a product too: the catalogue and the stocks."""

from collections.abc import Mapping

from playwright.sync_api import Locator, Page

from checks.prestashop.screens.office import LOADING, office
from checks.prestashop.screens.stock_page import change, line_shown, searched, there, tick
from provisioner.french.text import same
from provisioner.subject.check import Desk


def row(page: Page, name: str) -> Locator:
    """A product's row in the catalogue, which is searched when its first page doesn't show it."""
    rows = page.locator("#product_catalog_list tbody tr[data-product-id]")
    if _index(rows, name) is None:
        page.locator("[name=filter_column_name]").fill(name)
        with page.expect_navigation(timeout=LOADING):
            page.locator("[name=products_filter_submit]").click()
    index = _index(rows, name)
    if index is None:
        raise LookupError(f"no product {name} in the catalogue")
    return rows.nth(index)


def _index(rows: Locator, name: str) -> int | None:
    names = rows.evaluate_all(
        "rows => rows.map(r => { const cell = r.querySelector('td:nth-child(4)'); return cell ? cell.textContent : ''; })"
    )
    return next((i for i, seen in enumerate(names) if same(name, seen)), None)


def toggle_in_list(desk: Desk, name: str) -> None:
    """The tick or cross of a row, in 1.7.8 its switch, which puts a product online or takes it off."""
    page = office(desk, "AdminProducts")
    with page.expect_navigation():
        row(page, name).locator("[onclick*='activate']").first.click()


def delete_in_list(desk: Desk, name: str, sure: bool = True) -> None:
    """Behind the arrow of its row; the page asks whether one is sure."""
    page = office(desk, "AdminProducts")
    line = row(page, name)
    line.locator(".dropdown-toggle").click()
    line.locator("a[onclick*=\"'delete'\"]").click()
    modal = page.locator("#catalog_deletion_modal")
    if not sure:
        modal.locator("[data-dismiss=modal]").last.click()
        return
    with page.expect_navigation(timeout=LOADING):
        modal.locator("button[value=confirm]").click()


def act_in_bulk(desk: Desk, name: str, action: str) -> None:
    """Tick its row, then choose "activate_all", "deactivate_all" or "delete_all" in the menu of those ticked."""
    page = office(desk, "AdminProducts")
    tick(row(page, name))
    page.locator("#product_bulk_menu").click()
    # The link's own "#" is a navigation too: what is waited for is the list that comes back at the end.
    with page.expect_navigation(url=lambda url: not url.endswith("#"), timeout=LOADING):
        page.locator(f"a[onclick*={action}]").first.click()
        if action == "delete_all":
            page.locator("#catalog_deletion_modal button[value=confirm]").click()


def stock_in_list(desk: Desk, name: str, quantities: Mapping[tuple[str, ...], int]) -> None:
    """Correct the stock on the stocks page, by variant: {("300 g", "Nature"): 12}; () is a product without any."""
    page = searched(desk, name)
    for values, quantity in quantities.items():
        line = line_shown(page, name, values)
        if by := quantity - there(line):  # of no change, the page sends nothing
            change(page, line, by)


def address_of_product(desk: Desk, name: str) -> str:
    """A product's address in the shop, as a candidate copies it: found by the search of the shop."""
    page = desk.page.context.new_page()  # a tab of its own: the back office stays open in the other
    page.goto(f"{desk.address}/index.php?controller=search")
    box = page.locator("#search_widget input[type=text]").first
    box.fill(name)
    box.press("Enter")
    page.locator("#products, #content-wrapper").first.wait_for()
    titles = page.locator(".product-miniature .product-title a")
    texts = [text.strip() for text in titles.all_inner_texts()]
    index = next(i for i, text in enumerate(texts) if same(name, text) or name.startswith(text.rstrip(".…")))
    address = str(titles.nth(index).evaluate("a => a.href.split('#')[0]"))
    page.close()
    return address
