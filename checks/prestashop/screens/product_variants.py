"""The variants of a product, on its page of the back office."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from playwright.sync_api import Locator, Page

from checks.prestashop.reading.money import Taxes, typed
from checks.prestashop.reading.variant_values import Grid, Pairs, folded, pairs_of
from checks.prestashop.screens.office import type_over
from provisioner.french.text import fold

VARIANTS = "#accordion_combinations tr.combination"


def another(offered: Sequence[str], wanted: Sequence[Grid]) -> dict[str, tuple[str, ...]]:
    """A variant that is none of these, by the values that the page offers ("Poids : 300 g").

    It is the first one but for a value that none of them has; where each is wanted, with one of another attribute.
    """
    of = {group: (value,) for group, value in wanted[0].items()}
    names = {fold(group): group for group in of}
    taken = set[tuple[str, str]]().union(*map(folded, wanted))
    free = [
        (group, value)
        for group, value in (label.split(" : ", 1) for label in offered)
        if (fold(group), fold(value)) not in taken
    ]
    group, value = min(free, key=lambda one: fold(one[0]) not in names)
    return {**of, names.get(fold(group), group): (value,)}


def rows_of(page: Page) -> "list[tuple[VariantRow, Pairs]]":
    """The rows of the variants, each with its values."""
    rows = page.locator(VARIANTS)
    texts = rows.evaluate_all("rows => rows.map(r => r.querySelector('td:nth-child(3)').textContent)")
    return [(VariantRow(page, rows.nth(index)), pairs_of(text)) for index, text in enumerate(texts)]


def tick(rows: "Sequence[tuple[VariantRow, Pairs]]", wanted: Callable[[Pairs], bool]) -> None:
    """Tick these for the bulk actions, then untick the others: their form folds up where none is ticked."""
    for on in (True, False):
        for row, pairs in rows:
            if wanted(pairs) == on:
                row.tick(on)


def change_ticked(page: Page, values: Mapping[str, str]) -> None:
    """Fill the form of the bulk actions, by the ends of its fields' names, and apply it: that saves the whole page."""
    for field, value in values.items():
        type_over(page, f"#product_combination_bulk_{field}", value)
    page.locator("#apply-on-combinations").click()


def delete_ticked(page: Page) -> None:
    """Delete the ticked variants by the bulk actions; the page asks whether one is sure."""
    page.locator("#delete-combinations").click()
    page.locator(".modal.show .continue").first.click()
    page.locator(f"{VARIANTS} input.js-combination:checked").first.wait_for(state="detached")


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

    def tick(self, on: bool) -> None:
        """Tick or untick it for the bulk actions, whose form unfolds under the pointer."""
        self._row.locator("input.js-combination").evaluate("(box, on) => box.checked !== on && box.click()", on)

    def _type(self, field: Locator, text: str) -> None:
        field.click()
        field.press("Control+a")
        field.press_sequentially(text)
        field.press("Tab")
