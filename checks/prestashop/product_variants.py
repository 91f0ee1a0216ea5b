"""The variants of a product, on its page of the back office."""

import re
from decimal import Decimal

from playwright.sync_api import Locator, Page

from checks.prestashop.money import Taxes, typed
from checks.prestashop.pages import type_over
from provisioner.text import fold


def pairs_of(text: str) -> set[tuple[str, str]]:
    """The values of a variant as its row writes them: "Poids - 300 g, Parfum - Nature"; a value may have a comma."""
    parts = (part.split(" - ", 1) for part in re.split(r", (?=[^,]+ - )", text.strip()))
    return {(fold(group), fold(value)) for group, value in parts}


class VariantRow:
    """A variant's row on the product page."""

    def __init__(self, page: Page, row: Locator) -> None:
        self._page = page
        self._row = row

    def quantity(self, value: int) -> None:
        """Its stock, in the row."""
        self._type(self._row.locator(".attribute-quantity input"), str(value))

    def impact(self, value: Decimal, taxes: Taxes) -> None:
        """What it costs more, in the form behind the row; the row's own field is hidden."""
        number = self._row.get_attribute("data") or ""
        self._row.locator(".btn-open").click()
        field = "attribute_price" if taxes == "HT" else "attribute_priceTI"
        type_over(self._page, f"#combination_{number}_{field}", typed(value))
        self._page.locator(f"#combination_form_{number} .back-to-product").click()
        self._row.wait_for()

    def threshold(self, value: int) -> None:
        """The stock at which it is shown as low, in the form behind the row."""
        number = self._row.get_attribute("data") or ""
        self._row.locator(".btn-open").click()
        type_over(self._page, f"#combination_{number}_attribute_low_stock_threshold", str(value))
        self._page.locator(f"#combination_form_{number} .back-to-product").click()
        self._row.wait_for()

    def make_default(self) -> None:
        """The one that the product's page shows first."""
        self._row.locator("input.attribute-default").click()

    def delete(self) -> None:
        """Delete it."""
        number = self._row.get_attribute("data")
        self._row.locator("a.delete").click()
        modal = self._page.locator(".modal.show .continue, .modal.show .btn-primary")
        modal.first.click()
        self._page.locator(f"#attribute_{number}").wait_for(state="detached")

    def _type(self, field: Locator, text: str) -> None:
        field.click()
        field.press("Control+a")
        field.press_sequentially(text)
        field.press("Tab")
