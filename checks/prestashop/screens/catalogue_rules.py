"""How a candidate adds a price rule of the catalogue, on its screen."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol, Self

from checks.prestashop.reading.catalogue_rules import Unit, category_in
from checks.prestashop.reading.periods import days
from checks.prestashop.reading.seeded import VISITORS
from checks.prestashop.screens.office import office, saving
from provisioner.french.text import same
from provisioner.subject.check import Desk, now_of


class WantedRule(Protocol):
    """The rule that a check wants: see commandes_et_promotions.CatalogueRule."""

    @property
    def category(self) -> str:
        """The only category that it is for."""

    @property
    def reduction(self) -> Decimal:
        """What it takes off, in percent or in euros."""

    @property
    def unit(self) -> Unit:
        """The unit of the reduction; an amount in euros is "TTC" or "HT"."""

    @property
    def minimum(self) -> int:
        """The quantity from which it applies."""

    @property
    def lasts(self) -> str:
        """How long, as periods.days reads it; empty for a rule without end."""


class ChangeableRule(WantedRule, Protocol):
    """One that can be asked with some values changed."""

    @property
    def company(self) -> Path:
        """The folder of the company that it is of."""

    def but(self, **changed: object) -> Self:
        """The same with some values changed."""


def add(
    desk: Desk,
    wanted: WantedRule,
    *,
    from_now: bool = False,
    end_at: time = time(0),
    longer: int = 0,
    later: int = 0,
    dated: bool = True,
    everybody: bool = True,
    visitors: bool = False,
    abroad: bool = False,
    conditions: bool = True,
    other_category: bool = False,
    save: bool = True,
) -> None:
    """The wanted rule; or with other days, for others than everybody, on another category or none, or not saved."""
    page = office(desk, "AdminParentCartRules", "AdminSpecificPriceRule")
    page.locator("#page-header-desc-specific_price_rule-new_specific_price_rule").click()
    page.locator("#name").fill(f"Promotion {wanted.category}")
    page.locator("#from_quantity").fill(str(wanted.minimum))
    if not everybody:
        page.locator("#id_group").select_option(index=page.locator("#id_group option").count() - 1)
    if visitors:
        page.locator("#id_group").select_option(VISITORS)
    if abroad:
        page.locator("#id_country").select_option(index=1)
    if wanted.lasts and dated:
        now = now_of(page).replace(second=0)  # the shop reads its clock no closer
        first, last = now + timedelta(days=later), now + timedelta(days=later + days(wanted.lasts) + longer)
        if not from_now:
            first, last = datetime.combine(first, time(0)), datetime.combine(last, end_at)
        for field, moment in (("from", first), ("to", last)):
            page.locator(f"#{field}").fill(f"{moment:%Y-%m-%d %H:%M:%S}")
            page.keyboard.press("Escape")
    page.locator("#reduction_type").select_option("percentage" if wanted.unit == "%" else "amount")
    if wanted.unit != "%":
        page.locator("#reduction_tax").select_option("1" if wanted.unit == "TTC" else "0")
    page.locator("#reduction").fill(f"{wanted.reduction:f}")  # this screen refuses a comma
    if conditions:
        page.locator("#add_condition_group").click()
        options = page.locator("#id_category option").all_inner_texts()
        chosen = next(o for o in options[1:] if same(wanted.category, category_in(o)) != other_category)
        page.locator("#id_category").select_option(label=chosen)
        page.locator("#add_condition_category").click()
    if save:
        with saving(page):
            page.locator("#specific_price_rule_form_submit_btn").click()
