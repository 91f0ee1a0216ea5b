"""How a candidate gives a product its specific price, on the pricing tab of its sheet."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from checks.prestashop.reading.money import typed
from checks.prestashop.reading.periods import days
from checks.prestashop.reading.seeded import plain_product
from checks.prestashop.reading.special_prices import Unit
from checks.prestashop.screens.product import ProductPage, open_product
from provisioner.french.text import same
from provisioner.subject.check import Desk, now_of


class WantedPrice(Protocol):
    """The specific price that a check wants: see prix_specifiques.SpecificPrice."""

    @property
    def company(self) -> Path:
        """The folder of the company that it is of."""

    @property
    def product(self) -> str:
        """The product that gets it."""

    @property
    def reduction(self) -> Decimal | None:
        """What it takes off, in percent or in euros; None where the flag alone is asked."""

    @property
    def unit(self) -> Unit:
        """The unit of the reduction; an amount in euros is "TTC" or "HT"."""

    @property
    def minimum(self) -> int:
        """The quantity from which it applies."""

    @property
    def group(self) -> str:
        """The only group that gets it; empty for all."""

    @property
    def lasts(self) -> str:
        """How long, as periods.days reads it; empty for a price without end."""

    @property
    def banner(self) -> bool:
        """Whether the flag "Promo" is asked."""

    def but(self, **changed: object) -> "WantedPrice":
        """The same with some values changed."""


def give(
    desk: Desk,
    wanted: WantedPrice,
    neighbour: bool = False,
    kept: bool = True,
    banner: bool = True,
    longer: int = 0,
    abroad: bool = False,
) -> None:
    """The reduction and the flag, on the product or on a `neighbour`; the form of the reduction `kept` or left open."""
    product = plain_product(desk.company, wanted.product) if neighbour else wanted.product
    sheet = open_product(desk, product)
    sheet.tab(2)
    if wanted.reduction is not None:
        _fill(sheet, wanted, longer)
        if abroad:
            sheet.page.locator("#form_step2_specific_price_sp_id_country").select_option(index=1)
        if kept:
            with sheet.page.expect_response(re.compile(r"/specific-prices/add")) as got:
                sheet.page.locator("#form_step2_specific_price_save").click()
            if not got.value.ok:
                raise RuntimeError(f"specific price: {got.value.status} {got.value.text()[:200]}")
    if wanted.banner:
        sheet.option("step2_on_sale", banner)
    if kept:
        sheet.save()


def _fill(sheet: ProductPage, wanted: WantedPrice, longer: int) -> None:
    page = sheet.page
    page.locator("a[href='#specific_price_form']").first.click()
    form = "#form_step2_specific_price_"
    page.locator(f"{form}sp_reduction").wait_for()
    if wanted.group:
        options = page.locator(f"{form}sp_id_group option").all_inner_texts()
        page.locator(f"{form}sp_id_group").select_option(label=next(o for o in options if same(wanted.group, o)))
    if wanted.lasts:
        first = now_of(page).date()
        last = first + timedelta(days=days(wanted.lasts) + longer)
        for end, day in (("from", first), ("to", last)):
            page.locator(f"{form}sp_{end}").fill(f"{day:%Y-%m-%d}")
            page.keyboard.press("Tab")
    page.locator(f"{form}sp_from_quantity").fill(str(wanted.minimum))
    assert wanted.reduction is not None
    page.locator(f"{form}sp_reduction_type").select_option("percentage" if wanted.unit == "%" else "amount")
    if wanted.unit != "%":
        page.locator(f"{form}sp_reduction_tax").select_option("1" if wanted.unit == "TTC" else "0")
    page.locator(f"{form}sp_reduction").fill(typed(wanted.reduction))
