"""The refunds that an order's page offers."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page

from checks.prestashop.reading.money import amount
from checks.prestashop.screens.office import LOADING


def refund(
    page: Page,
    how_many: Callable[[str], int] | None,
    *,
    slip: bool = True,
    shipping: bool = False,
    partial: bool = False,
) -> None:
    """Pay products back by the button of the order's page, so many of a line by its name; None pays all of them back.

    With `shipping` the delivery too, where something was paid for it. With `partial` it is the partial refund, which is
    always offered; else the one of the order's state.
    """
    button = page.locator(".partial-refund-display" if partial else ".standard-refund-display, .return-product-display")
    button.locator("visible=true").first.click()
    page.locator("#cancel_product_save").wait_for()
    rows = page.locator("tr.cellProduct")
    for index in range(rows.count()):
        row = rows.nth(index)
        box = row.locator("input[name^='cancel_product[quantity_']")
        name = row.locator(".productName").inner_text()
        most = box.get_attribute("data-quantity-refundable") or "0"
        wanted = most if how_many is None else str(how_many(name))
        if wanted == "0":
            continue
        if row.locator(".cancel-product-selector").is_visible():
            _press(row.locator(".cancel-product-selector input"))
        box.fill(wanted)
        box.press("Tab")
    amount_back = page.locator("#cancel_product_shipping_amount")
    if shipping and amount_back.is_visible():
        amount_back.fill(f"{amount(page.locator('#orderShippingTotal').inner_text()) or 0:f}")
    elif shipping and page.locator(".shipping-refund").is_visible():
        _press(page.locator("#cancel_product_shipping"))
    if not slip:
        _press(page.locator("#cancel_product_voucher"))
        _press(page.locator("#cancel_product_credit_slip"))
    with page.expect_navigation(timeout=LOADING):
        page.locator("#cancel_product_save").click()
    page.locator(".alert-success:visible").first.wait_for(timeout=LOADING)


def _press(box: Locator) -> None:
    """Tick a box that is drawn beside its field, which has no size of its own."""
    box.evaluate("field => field.click()")
