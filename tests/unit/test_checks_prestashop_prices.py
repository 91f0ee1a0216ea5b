"""What is taken off a price: the due of the checks against the shop's own steps, told over again, for all that the company sells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from checks.prestashop import commandes_et_promotions as promotions
from checks.prestashop import prix_specifiques, remises_categorie
from checks.prestashop.commandes_et_promotions import CatalogueRule
from checks.prestashop.prix_specifiques import SpecificPrice
from checks.prestashop.reading import group_prices
from checks.prestashop.reading.category_tree import Node
from checks.prestashop.reading.customer_groups import Group
from checks.prestashop.reading.money import Taxes
from checks.prestashop.reading.periods import period_from
from checks.prestashop.reading.seeded import rows
from checks.prestashop.reading.shop import Row
from checks.prestashop.reading.special_prices import Special, Unit
from checks.prestashop.remises_categorie import GroupCategoryDiscount
from checks.prestashop.screens.special_price_acts import PRICE
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

MET, TO_JUDGE = Verdict.MET, Verdict.TO_JUDGE


@pytest.fixture(autouse=True)
def base_prices_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop whose base prices are the company's, and that shows prices TTC."""
    monkeypatch.setattr(prix_specifiques, "repriced", lambda *_: "")
    monkeypatch.setattr(remises_categorie, "repriced", lambda *_: "")
    monkeypatch.setattr(remises_categorie, "all_groups", lambda _: [])
    for module in (prix_specifiques, promotions):
        monkeypatch.setattr(module, "visitors_taxes", lambda _: "TTC")


RATES = (5, 10, 12, 15, 20, 25, 30)
ROW = Row(5, "Coffret apéritif", "Coffrets", True, "", "")


def rounded(value: float, places: int) -> float:
    """PHP's round(), which is Tools::ps_round: halves go up, once the number is cut to the digits that a float is sure of."""
    return float(Decimal(f"{value:.15g}").quantize(Decimal(10) ** -places, ROUND_HALF_UP))


@dataclass(frozen=True)
class Sold:
    """A product as the company sells it, or one of its variants: what its price and impact are TTC, its tax in per cent."""

    price: float
    impact: float
    vat: float

    @property
    def net(self) -> float:
        """Its price HT; price and impact are kept with six decimals each."""
        return rounded(self.price / (1 + self.vat / 100), 6) + rounded(self.impact / (1 + self.vat / 100), 6)

    def asked(self, off: float, unit: Unit = "%", group: float = 0, taxes: Taxes = "TTC") -> Decimal:
        """What Product::priceCalculation and then Product::getProductProperties ask, with so much off, then a group's per cent."""
        tax = 1 + self.vat / 100
        price = self.net * tax if taxes == "TTC" else self.net
        if unit == "%":
            price -= price * (off / 100)
        else:
            price -= (
                off * tax if (unit, taxes) == ("HT", "TTC") else off / tax if (unit, taxes) == ("TTC", "HT") else off
            )
        price -= price * (group / 100)
        shown = rounded(price, 2) if taxes == "HT" else rounded(rounded(price, 6), 2)
        return Decimal(str(shown)).quantize(Decimal("0.01"))

    def data(self, off: float = 0) -> dict[str, Any]:
        """What its page says to its scripts where a visitor has so many per cent off."""
        gross = self.net * (1 + self.vat / 100)
        return {
            "rate": self.vat,
            "price_tax_exc": rounded(self.net - self.net * (off / 100), 6),
            "price_without_reduction": rounded(gross, 6),
            "reduction": rounded(gross * (off / 100), 6),
        }


def company() -> Iterator[Sold]:
    """All that the company sells."""
    for _, row in rows(COMPANY, "products"):
        for impact in {0, *(one["impact"] for one in row.get("variants", ()))} if "price" in row else ():
            yield Sold(row["price"], impact, row.get("vat", 5.5))


LEMON = Sold(3.9, 0, 5.5)  # « Galette fine au citron »
APERITIF = Sold(15.9, 0, 5.5)  # « Coffret apéritif »
CLOTH = Sold(14.5, 0, 20)  # « Torchon en lin « Trois Ajoncs » »


def group(taxes: Taxes, discount: int = 0) -> Group:
    return Group("4", "Comités", Decimal(discount), taxes, True)


def test_half_a_cent_that_six_decimals_fill_goes_up_where_taxes_are_in_the_price_and_nowhere_else() -> None:
    assert LEMON.asked(15) == Decimal("3.32")
    assert APERITIF.asked(15) == Decimal("13.52")
    assert CLOTH.asked(10, taxes="HT") == Decimal("10.87")  # of 12.083333, where 10.8749997 stays what it is


@pytest.mark.parametrize("taxes", ["TTC", "HT"])
def test_what_a_group_should_pay_on_a_category_is_what_the_shop_asks(
    monkeypatch: pytest.MonkeyPatch, taxes: Taxes
) -> None:
    for sold in company():
        monkeypatch.setattr(remises_categorie, "shown_for_quantity", lambda *_, sold=sold: MagicMock(data=sold.data()))
        for rate in RATES:
            check = GroupCategoryDiscount(group="Comités", category="Coffrets", discount=Decimal(rate))
            assert check._due(MagicMock(), ROW, group(taxes)) == sold.asked(rate, taxes=taxes), (sold, rate)


@pytest.mark.parametrize("taxes", ["TTC", "HT"])
def test_what_a_group_should_pay_with_its_own_discount_is_what_the_shop_asks(
    monkeypatch: pytest.MonkeyPatch, taxes: Taxes
) -> None:
    monkeypatch.setattr(group_prices, "catalogue", lambda _: [ROW])
    monkeypatch.setattr(group_prices, "visit_as_customer", lambda *_: True)
    for sold in company():
        monkeypatch.setattr(group_prices, "shown_for_quantity", lambda *_, sold=sold, **__: MagicMock(data=sold.data()))
        for rate in RATES:
            prices = group_prices.price_and_due(MagicMock(), MagicMock(), group(taxes, rate))
            assert prices is not None
            assert prices[1] == sold.asked(rate, taxes=taxes), (sold, rate)


@pytest.mark.parametrize(("shown", "verdict"), [("13.52", MET), ("13.51", TO_JUDGE), ("15.90", TO_JUDGE)])
def test_a_right_discount_on_a_category_is_met_at_the_price_that_the_shop_shows(
    monkeypatch: pytest.MonkeyPatch, shown: str, verdict: Verdict
) -> None:
    page = MagicMock()
    page.goto.return_value.status = 200
    giving = replace(group("TTC", 10), by_category={"7": "15.00"})
    monkeypatch.setattr(remises_categorie, "groups_named", lambda *_: [giving])
    monkeypatch.setattr(remises_categorie, "category_tree", lambda _: [Node(7, "Coffrets", "Accueil")])
    monkeypatch.setattr(remises_categorie, "catalogue", lambda _: [ROW])
    monkeypatch.setattr(remises_categorie, "member_of", lambda *_: page)
    monkeypatch.setattr(
        remises_categorie, "shown_for_quantity", lambda *_, **__: MagicMock(price=Decimal(shown), data=APERITIF.data())
    )
    check = GroupCategoryDiscount(group="Comités", category="Coffrets", discount=Decimal(15))
    [found] = check.verify(MagicMock())
    assert found.verdict is verdict
    assert ("au lieu de 13,52 €" in found.observed) is (verdict is TO_JUDGE)


TAKEN_OFF: list[tuple[int, Unit]] = [*((rate, "%") for rate in RATES), (1, "TTC"), (1, "HT")]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A product's page, and the group that a customer of his own kind is in: it has 8 % off besides."""

    def seen(sold: Sold, off: float = 0, taxes: Taxes = "TTC") -> None:
        page = SimpleNamespace(data=sold.data(off), price=Decimal(0))
        for module in (promotions, prix_specifiques):
            monkeypatch.setattr(module, "shown_for_quantity", lambda *_: page)
        monkeypatch.setattr(promotions, "looked_up", lambda *_: [5])
        monkeypatch.setattr(prix_specifiques, "groups_named", lambda *_: [group(taxes, 8)])
        monkeypatch.setattr(prix_specifiques, "member_of", lambda *_: page)
        monkeypatch.setattr(prix_specifiques, "visit_as_customer", lambda *_: True)

    return seen


@pytest.mark.parametrize("before", [0, 10])  # what a visitor has off already, for fewer pieces
@pytest.mark.parametrize(("to", "taxes", "besides"), [("", "TTC", 0), ("Comités", "TTC", 8), ("Comités", "HT", 8)])
def test_what_a_specific_price_should_come_to_is_what_the_shop_asks(
    looked_at: Callable[..., None], before: int, to: str, taxes: Taxes, besides: int
) -> None:
    check, site = SpecificPrice(product="Coffret apéritif", reduction=Decimal(15)), MagicMock()
    for sold in company():
        looked_at(sold, before, taxes)
        for off, unit in TAKEN_OFF:
            special = Special(Decimal(off), unit, 3, group=to)
            prices = check._price(site, ROW, special)
            assert prices[1] == sold.asked(off, unit, besides, taxes), (sold, off, unit)


def test_what_a_rule_of_the_catalogue_should_come_to_is_what_the_shop_asks(looked_at: Callable[..., None]) -> None:
    check, site = CatalogueRule(reduction=Decimal(10), category="Coffrets"), MagicMock()
    for sold in company():
        for off, unit in TAKEN_OFF:
            looked_at(sold, off)
            rule: Any = SimpleNamespace(reduction=Decimal(off), unit=unit, minimum=1, conditions=(("(7) Coffrets",),))
            prices = check._price(site, rule)
            assert prices is not None
            assert prices[1] == sold.asked(off, unit), (sold, off, unit)


def from_three(monkeypatch: pytest.MonkeyPatch, shown: str) -> None:
    """A shop that asks this much for each of three lemon biscuits."""

    def refreshed(_site: object, _number: int, pieces: int = 1, _page: object = None) -> MagicMock:
        return MagicMock(price=Decimal(shown if pieces >= 3 else "3.90"), data=LEMON.data())

    monkeypatch.setattr(prix_specifiques, "shown_for_quantity", refreshed)


@pytest.mark.parametrize(("shown", "verdict"), [("3.32", MET), ("3.31", TO_JUDGE), ("3.90", TO_JUDGE)])
def test_a_right_specific_price_is_met_at_the_price_that_the_shop_shows(
    monkeypatch: pytest.MonkeyPatch, looked_at: Callable[..., None], shown: str, verdict: Verdict
) -> None:
    looked_at(LEMON)
    from_three(monkeypatch, shown)
    check, special = SpecificPrice(product="Galette", reduction=Decimal(15), minimum=3), Special(Decimal(15), "%", 3)
    site, now = MagicMock(), datetime(2026, 11, 24, 10, 12)
    site.present = now
    seen, said, _ = check._seen(site, ROW, replace(special, period=period_from("", "")), now, MET)
    assert (seen, "au lieu de 3,32 €" in said) == (verdict, verdict is TO_JUDGE)


@pytest.mark.parametrize(
    ("shown", "verdict"), [("3.32", TO_JUDGE), ("3.31", Verdict.NOT_MET), ("3.90", Verdict.NOT_MET)]
)
def test_a_specific_price_that_is_fixed_is_for_a_person_where_it_comes_to_what_is_asked(
    monkeypatch: pytest.MonkeyPatch, looked_at: Callable[..., None], shown: str, verdict: Verdict
) -> None:
    looked_at(LEMON)
    from_three(monkeypatch, shown)
    check = SpecificPrice(product="Galette", reduction=Decimal(15), minimum=3)
    fixed = Special(Decimal(0), "TTC", 3, price=Decimal("3.14"), period=period_from("", ""))
    now = datetime(2026, 11, 24, 10, 12)
    judged = check._judged(fixed, now)[PRICE]
    assert judged is TO_JUDGE
    assert check._seen(MagicMock(present=now), ROW, fixed, now, judged)[0] is verdict
