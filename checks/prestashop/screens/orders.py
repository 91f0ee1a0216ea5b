"""An order's page and the list of orders, which change them."""

from collections.abc import Mapping

from playwright.sync_api import Page

from checks.prestashop.reading.answers import expect_healthy
from checks.prestashop.reading.order_sheets import STATES, is_product
from checks.prestashop.screens.office import LOADING, office, saving
from checks.prestashop.screens.stock_page import tick
from provisioner.french.text import fold, same_address
from provisioner.subject.check import Desk


def open_order(desk: Desk, email: str, product: str = "", neighbour: bool = False, paid: bool = False) -> Page:
    """The merchant's page of the customer's newest order (with that product), or of another customer's.

    With `paid` it is one of which something can be paid back.
    """
    name = surname(desk, email)
    page = office(desk, "AdminOrders")
    addresses: list[list[str]] = page.locator("table tbody tr").evaluate_all(
        """rows => rows.filter(row => row.querySelector('a[href*="/orders/"][href*="/view"]')).map(
            row => [row.innerText, row.querySelector('a[href*="/orders/"][href*="/view"]').href])"""
    )
    for text, address in addresses:
        if (name in text) == neighbour:
            continue
        page.goto(address)
        expect_healthy(page)
        names = page.locator("tr.cellProduct .productName").all_inner_texts()
        refundable = page.locator(".partial-refund-display:visible").count() > 0
        if (neighbour or not product or any(is_product(product, name) for name in names)) and (refundable or not paid):
            return page
    raise LookupError(f"no order of {email}")


def add_line(page: Page, product: str, of: Mapping[str, str], quantity: int, other_variant: bool = False) -> None:
    """Put a product into the order that is being made, in the variant of these values, or in another."""
    search = page.locator("#product-search")
    # At once: each key would search a moment later, and its answer take back what is chosen meanwhile.
    with page.expect_response(lambda answer: "search_phrase=" in answer.url, timeout=LOADING):
        search.fill(product)
    page.wait_for_function("() => !$.active")
    choice = page.locator("#product-select option", has_text=product)
    choice.first.wait_for(state="attached", timeout=LOADING)
    page.locator("#product-select").select_option(choice.first.get_attribute("value"))
    if of:
        values = {fold(value) for value in of.values()}
        variants = page.locator("#combination-select option").all_text_contents()
        parts = [set(fold(text).split(" - ")) for text in variants]
        index = next(i for i, each in enumerate(parts) if (values <= each) != other_variant)
        page.locator("#combination-select").select_option(index=index)
    page.locator("#quantity-input").fill(str(quantity))
    with page.expect_response(lambda r: r.request.method == "POST" and "/products" in r.url):
        page.locator("#add-product-to-cart-btn").click()
    page.locator("#products-table tbody tr", has_text=product).first.wait_for()


def surname(desk: Desk, email: str) -> str:
    """The surname of the customer of this address, by which the lists of orders and returns know him."""
    page = office(desk, "AdminCustomers")
    rows = page.locator("table tbody tr:has(td.column-email)")
    texts = [text.strip() for text in rows.locator("td.column-email").all_inner_texts()]
    index = next(i for i, text in enumerate(texts) if same_address(text, email))
    return rows.nth(index).locator("td.column-lastname").inner_text().strip()


def set_state(page: Page, state: str) -> None:
    """Choose a state at the head of the order's page."""
    page.locator("#update_order_status_action_input").select_option(STATES[state])
    with saving(page):
        page.locator("#update_order_status_action_btn").click()


def set_state_in_list(desk: Desk, email: str, state: str, bulk: bool = False) -> None:
    """Choose a state for the customer's newest order in its row or, once it is ticked, above the list."""
    name = surname(desk, email)
    page = office(desk, "AdminOrders")
    row = page.locator("#order_grid_table tbody tr", has_text=name).first
    if not bulk:
        row.locator(".column-osname .dropdown-toggle").click()
        with saving(page):
            row.locator(f".column-osname [data-value='{STATES[state]}']").click()
        return
    tick(row)
    page.locator("#order_grid .js-bulk-actions-btn").click()
    page.locator("#order_grid_bulk_action_change_order_status").click()
    modal = page.locator("#changeOrdersStatusModal")
    modal.locator("select").select_option(STATES[state])
    with saving(page):
        modal.locator(".js-submit-modal-form-btn").click()


def set_tracking(page: Page, number: str, save: bool = True) -> None:
    """Write a tracking number on the shipping tab of the order's page."""
    page.locator("#orderShippingTab").click()
    page.locator("#orderShippingTabContent .js-update-shipping-btn").first.click()
    page.locator("#update_order_shipping_tracking_number").fill(number)
    if save:
        with saving(page):
            page.locator("#updateOrderShippingModal .modal-footer button[type=submit]").click()
