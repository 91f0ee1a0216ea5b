"""The carriers' list and their wizard."""

import re
from collections.abc import Sequence
from decimal import Decimal

from playwright.sync_api import Locator, Page

from checks.prestashop.reading.carriers import CUSTOMERS_GROUP, LIST_SCREEN, plain_number
from checks.prestashop.screens.office import LOADING, office, saving, turn
from provisioner.french.text import same
from provisioner.subject.check import Desk


def toggle(desk: Desk, name: str) -> None:
    """The tick or cross of its row."""
    page = office(desk, *LIST_SCREEN)
    with saving(page):
        _row(page, name).locator("a[href*=statuscarrier]").click()


def disable_by_bulk(desk: Desk, name: str) -> None:
    """Its box, then the action on all that are ticked."""
    page = office(desk, *LIST_SCREEN)
    _row(page, name).locator("input[name='carrierBox[]']").check()
    page.locator(".bulk-actions .dropdown-toggle").click()
    # PrestaShop 1.7.7 says nothing of it; 1.7.8 leads to another address, which says so.
    with page.expect_navigation(url=lambda url: "submitBulk" in url or "conf=" in url, timeout=LOADING):
        page.locator(".bulk-actions a[onclick*='submitBulkdisableSelectioncarrier']").click()


def open_wizard(desk: Desk, name: str = "") -> "Wizard":
    """The wizard of a carrier, or of a new one."""
    page = office(desk, *LIST_SCREEN)
    if name:
        _row(page, name).locator("a.edit").click()
    else:
        page.locator("#page-header-desc-carrier-new_carrier").click()
    page.locator("#carrier_wizard .actionBar").wait_for(timeout=LOADING)
    return Wizard(page)


class Wizard:
    """The four steps of a carrier; nothing is kept before `finish`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def step(self, number: int) -> None:
        """Go on to a step, one after the other."""
        for at in range(1, number):
            if not self.page.locator(f"#step-{number}").is_visible() and self.page.locator(f"#step-{at}").is_visible():
                self.page.locator(".buttonNext").click()
                self.page.locator(f"#step-{at + 1}").wait_for()

    def name(self, name: str, delay: str) -> None:
        """Its name and how long it takes."""
        self.page.locator("#name").fill(name)
        self.page.locator("#delay_1").fill(delay)

    def rename(self, name: str) -> None:
        """Its name alone."""
        self.page.locator("#name").fill(name)

    def costs(
        self,
        by: str,
        rate: Decimal,
        zones: Sequence[str],
        ranges: Sequence[tuple[Decimal, Decimal, Decimal]],
        all_at_once: bool = False,
    ) -> None:
        """Zones, ranges (from, to, price) and tax; `all_at_once` types a price for all zones in the row above them."""
        self.step(2)
        self.page.locator("#billing_price" if by == "prix" else "#billing_weight").click()
        self.page.wait_for_function("() => !$.active")  # the click brings a new table of zones
        taxes = self.page.locator("#id_tax_rules_group option").all_inner_texts()
        wanted = next((t for t in taxes if rate and _rate(t) == rate), taxes[0])
        self.page.locator("#id_tax_rules_group").select_option(label=wanted)
        rows = [self._zone(zone) for zone in zones]
        for row in rows:
            row.locator("input.input_zone").check()
        for index, (low, high, price) in enumerate(ranges):
            if index:
                self.page.locator("#add_new_range").click()
            self.page.locator("tr.range_inf td input").nth(index).fill(str(low))
            end = self.page.locator("tr.range_sup td input").nth(index)
            end.fill(str(high))
            end.press("Enter")
            if all_at_once:
                above = self.page.locator("tr.fees_all td").nth(index + 2).locator("input")
                above.fill(str(price))
                above.press("Tab")
                continue
            for row in rows:
                row.locator("td").nth(index + 2).locator("input").fill(str(price))

    def free(self, zones: Sequence[str]) -> None:
        """Delivery costs nothing there."""
        self.step(2)
        turn(self.page, "is_free_on")
        for zone in zones:
            self._zone(zone).locator("input.input_zone").check()

    def handling(self) -> None:
        """Add the shop's handling charges to its prices."""
        self.step(2)
        turn(self.page, "shipping_handling_on")

    def without_customers(self) -> None:
        """Untick those who have an account."""
        self.step(3)
        self.page.locator(f"#groupBox_{CUSTOMERS_GROUP}").uncheck()

    def active(self, on: bool) -> None:
        """Whether customers are offered it."""
        self.step(4)
        turn(self.page, f"active_{'on' if on else 'off'}")

    def finish(self) -> None:
        """Keep all of it."""
        self.step(4)
        with saving(self.page):
            self.page.locator(".buttonFinish").click()

    def _zone(self, name: str) -> Locator:
        labels = self.page.locator("tr.fees label")
        texts = labels.all_inner_texts()
        return self.page.locator("tr.fees").nth(next(i for i, text in enumerate(texts) if same(name, text)))


def _rate(text: str) -> Decimal | None:
    found = re.search(r"([\d.,]+)\s*%", text)
    return plain_number(found[1]) if found else None


def _row(page: Page, name: str) -> Locator:
    exact = re.compile(rf"^\s*{re.escape(name)}\s*$")
    return page.locator("#form-carrier tbody tr", has=page.locator("td:nth-child(3)", has_text=exact)).first
