"""Promotions, groups, categories and settings: what is concluded from what the back office holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import apparence, categories, clients, remises_categorie
from checks.prestashop import commandes_et_promotions as promotions
from checks.prestashop.apparence import DAYS, NewProducts
from checks.prestashop.categories import CATEGORY, SEO, SUBCATEGORY, CategoryMade
from checks.prestashop.clients import DISCOUNT, DISPLAY, GROUP, MEMBER, CustomerGroup
from checks.prestashop.commandes_et_promotions import CatalogueRule
from checks.prestashop.reading import catalogue_rules, customer_groups, group_prices, seeded
from checks.prestashop.reading.answers import Forbidden
from checks.prestashop.reading.cart_rules import Rule as CartRule
from checks.prestashop.reading.catalogue_rules import Rule, Unit, below
from checks.prestashop.reading.category_tree import Node
from checks.prestashop.reading.customer_groups import Customer, Group
from checks.prestashop.reading.periods import period_from
from checks.prestashop.reading.shop import Row
from checks.prestashop.reading.special_prices import Special
from checks.prestashop.screens.catalogue_rule_acts import MINIMUM, PERIOD, RULE
from provisioner.core.errors import StationNotReady
from provisioner.examination.site import CopyShared
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
NOW = datetime(2026, 11, 24, 10, 12)


@pytest.fixture(autouse=True)
def by_no_other_road(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop whose base prices are the company's, and where nothing but its rules shows."""
    monkeypatch.setattr(promotions, "category_tree", lambda _: [])
    monkeypatch.setattr(promotions, "effect_on_all", lambda *_: "")
    monkeypatch.setattr(promotions, "repriced", lambda *_: "")
    monkeypatch.setattr(promotions, "visitors_taxes", lambda _: "TTC")
    monkeypatch.setattr(remises_categorie, "all_groups", lambda _: [])
    monkeypatch.setattr(remises_categorie, "specials_of_each", lambda *_: [])
    monkeypatch.setattr(remises_categorie, "repriced", lambda *_: "")


PROMOTION = CatalogueRule(reduction=Decimal(10), category="Sablés", minimum=2, starts="today", lasts="15 days")
RIGHT = Rule(
    name="Sablés",
    reduction=Decimal("10.000000"),
    unit="%",
    price_kept=True,
    minimum=2,
    period=period_from("2026-11-24 00:00:00", "2026-12-09 00:00:00"),
    everybody=True,
    conditions=(("(4) Sablés",),),
)


def test_the_rule_the_period_and_the_quantity_are_judged_apart() -> None:
    assert PROMOTION._judged(RIGHT, NOW) == {RULE: MET, PERIOD: MET, MINIMUM: MET}
    assert PROMOTION._judged(replace(RIGHT, minimum=3), NOW) == {RULE: MET, PERIOD: MET, MINIMUM: NOT_MET}
    late = replace(RIGHT, period=period_from("2026-11-25 00:00:00", "2026-12-10 00:00:00"))
    assert PROMOTION._judged(late, NOW) == {RULE: MET, PERIOD: NOT_MET, MINIMUM: MET}


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "TTC"},
        {"reduction": Decimal(5)},
        {"everybody": False},
        {"price_kept": False},
        {"only_in": ("Îles Åland",)},
        {"conditions": ()},
        {"conditions": (("(3) Palets et galettes",),)},
        {"conditions": (("(4) Sablés", "id_manufacturer 1"),)},
        {"conditions": (("(4) Sablés",), ("(3) Palets et galettes",))},
    ],
)
def test_another_reduction_or_other_products_are_not_the_rule(change: dict[str, Any]) -> None:
    assert PROMOTION._judged(replace(RIGHT, **change), NOW)[RULE] is NOT_MET


def examined(
    monkeypatch: pytest.MonkeyPatch,
    *rules: Rule,
    shown: str = "3.15",
    specials: list[Special] | None = None,
    in_cart: list[CartRule] | None = None,
    present: datetime = NOW,
    fewer: str = "3.50",
    check: CatalogueRule = PROMOTION,
    rate: str = "5.5",
) -> dict[str, Verdict]:
    row = Row(5, "Sablé nature", "sables", True, "", "")
    monkeypatch.setattr(promotions, "catalogue_rules", lambda site: list(rules))
    other = Row(6, "Bol", "Crackers salés", True, "", "")
    monkeypatch.setattr(promotions, "catalogue", lambda site: [row, other])
    monkeypatch.setattr(promotions, "specials_of_each", lambda site, rows: [(row, one) for one in specials or []])
    monkeypatch.setattr(promotions, "cart_rules", lambda site: in_cart or [])
    monkeypatch.setattr(CatalogueRule, "_price", lambda *_: (Decimal(shown), Decimal("3.15"), Decimal(fewer)))
    monkeypatch.setattr(promotions, "looked_up", lambda *_: [5, 6])
    monkeypatch.setattr(promotions, "shown_for_quantity", lambda *_: MagicMock(data={"rate": rate}))
    site = MagicMock()
    site.taken_at, site.present = NOW.replace(tzinfo=UTC), present.replace(tzinfo=UTC)
    return {one.fact: one.verdict for one in check.verify(site)}


def test_a_rule_that_starts_at_more_pieces_is_not_one_from_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    first = CatalogueRule(reduction=Decimal(10), category="Sablés")
    of_five, of_one = (replace(RIGHT, minimum=n, period=period_from("", "")) for n in (5, 1))
    assert examined(monkeypatch, of_five, check=first) == {RULE: NOT_MET}
    assert examined(monkeypatch, replace(of_five, only_in=("France",)), check=first) == {RULE: NOT_MET}
    assert examined(monkeypatch, of_one, check=first) == {RULE: MET}
    assert examined(monkeypatch, of_five, of_one, check=first) == {RULE: TO_JUDGE}  # both were left
    assert str(of_five).endswith("dès 5 produits")


@pytest.mark.parametrize(
    ("asked", "unit", "given", "count", "rate", "verdict"),
    [
        ("0.50", "HT", "0.53", "TTC", "5.5", TO_JUDGE),
        ("0.50", "TTC", "0.47", "HT", "5.5", TO_JUDGE),
        ("0.50", "HT", "0.60", "TTC", "20", TO_JUDGE),
        ("0.50", "HT", "0.60", "TTC", "5.5", NOT_MET),
        ("0.50", "TTC", "0.50", "HT", "5.5", NOT_MET),
        ("0.50", "HT", "0.50", "TTC", "5.5", NOT_MET),
        ("0.50", "TTC", "0.50", "%", "5.5", NOT_MET),
        ("10", "%", "10", "TTC", "0", NOT_MET),
    ],
)
def test_the_same_amount_by_the_other_count_of_tax_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, asked: str, unit: Unit, given: str, count: Unit, rate: str, verdict: Verdict
) -> None:
    check = CatalogueRule(reduction=Decimal(asked), unit=unit, category="Sablés")
    rule = replace(RIGHT, reduction=Decimal(given), unit=count, minimum=1, period=period_from("", ""))
    assert examined(monkeypatch, rule, check=check, rate=rate) == {RULE: verdict}
    crackers = replace(rule, conditions=(("(5) Crackers salés",),))
    assert examined(monkeypatch, crackers, rule, check=check, rate=rate) == {RULE: verdict}
    assert examined(monkeypatch, crackers, check=check, rate=rate) == {RULE: NOT_MET}
    assert examined(monkeypatch, replace(rule, only_in=("France",)), check=check, rate=rate) == {RULE: verdict}
    examined(monkeypatch, rule, check=check, rate=rate)
    monkeypatch.setattr(promotions, "looked_up", lambda *_: None)  # no visitor finds the category
    assert check._rates(MagicMock(), [rule]) == set()


def test_a_rule_of_the_company_is_not_told_as_the_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    company = replace(RIGHT, name="Douceurs d’épicerie", reduction=Decimal(12), number=1)
    mine = replace(company, name="Ma règle", conditions=(PALETS,), number=4)
    site = MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    for rules, told in (([company], True), ([company, mine], False), ([mine, company], False)):
        assert examined(monkeypatch, *rules)[RULE] is NOT_MET
        found = PROMOTION.verify(site)
        assert ["règle de l’entreprise" in one.observed for one in found] == [told] * 3
        assert ("« Ma règle »" in found[0].observed) is not told


def test_a_rule_of_the_company_that_was_written_over_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    over, mine = (replace(RIGHT, number=number) for number in (3, 4))
    for rules, verdict in (([over], TO_JUDGE), ([mine], MET), ([over, mine], MET)):
        assert examined(monkeypatch, *rules) == {RULE: verdict, PERIOD: MET, MINIMUM: MET}
    assert examined(monkeypatch, replace(over, reduction=Decimal(5)))[RULE] is NOT_MET


def test_a_rule_is_known_by_its_number_and_the_customers_by_that_of_their_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = {
        "name": "R",
        "type": "percentage",
        "tax": "1",
        "reduction": "10",
        "price_kept": True,
        "from_quantity": "2",
        "from": "",
        "to": "",
        "group": "0",
        "group_name": "",
        "conditions": [["(4) Sablés"]],
        "only_in": [],
    }
    monkeypatch.setattr(catalogue_rules, "looked_up", lambda *_: form)
    address = "http://x/?controller=AdminSpecificPriceRule&id_specific_price_rule=12&updatespecific_price_rule&token=1"
    read = catalogue_rules._read(MagicMock(), address, [])
    assert (read.number, read.everybody, read.customers) == (12, True, False)
    for group, customers in (("3", True), ("4", False)):
        form["group"] = group
        read = catalogue_rules._read(MagicMock(), address, [])
        assert (read.everybody, read.customers) == (False, customers)


def test_a_rule_whose_price_cannot_be_looked_at_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    tonight = replace(RIGHT, period=period_from("2026-11-24 20:00:00", "2026-12-09 20:00:00"))
    assert examined(monkeypatch, RIGHT) == {RULE: MET, PERIOD: MET, MINIMUM: MET}
    assert examined(monkeypatch, tonight) == {RULE: TO_JUDGE, PERIOD: MET, MINIMUM: MET}


def test_a_reduction_that_one_piece_has_already_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    leftover = replace(RIGHT, minimum=1, period=period_from("", ""))
    assert examined(monkeypatch, leftover, RIGHT, fewer="3.15") == {RULE: TO_JUDGE, PERIOD: MET, MINIMUM: TO_JUDGE}
    assert examined(monkeypatch, RIGHT, fewer="3.15") == {RULE: MET, PERIOD: MET, MINIMUM: TO_JUDGE}
    assert examined(monkeypatch, replace(RIGHT, minimum=3), fewer="3.15")[MINIMUM] is NOT_MET


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"conditions": ()}, TO_JUDGE),  # the whole shop
        ({"conditions": (("id_manufacturer 1",),)}, TO_JUDGE),
        ({"conditions": (("(4) Sablés",), ("(5) Crackers salés",))}, TO_JUDGE),
        ({"conditions": (("(4) Sablés", "id_manufacturer 1"),), "reduction": Decimal(20)}, TO_JUDGE),
        ({"reduction": Decimal(20)}, TO_JUDGE),
        ({"unit": "TTC"}, TO_JUDGE),
        ({"price_kept": False}, TO_JUDGE),
        ({"minimum": 3}, TO_JUDGE),
        ({"minimum": 1}, TO_JUDGE),
        ({"period": period_from("", "")}, TO_JUDGE),
        ({"period": period_from("2026-11-24 00:00:00", "2026-12-24 00:00:00")}, TO_JUDGE),
        ({"reduction": Decimal(20), "period": period_from("2026-11-25 00:00:00", "")}, TO_JUDGE),
        ({"reduction": Decimal(20), "everybody": False, "customers": True}, TO_JUDGE),
        ({"reduction": Decimal(20), "everybody": False}, MET),  # another group's
        ({}, MET),
        ({"period": period_from("2026-11-24 09:00:00", "2026-12-01 00:00:00")}, MET),
        ({"conditions": (("(4) Sablés", "id_manufacturer 1"),)}, MET),
        ({"only_in": ("France",)}, MET),
        ({"conditions": (("(5) Crackers salés",),), "reduction": Decimal(20)}, MET),
        ({"conditions": (("(5) Crackers salés", "id_manufacturer 1"),), "reduction": Decimal(20)}, MET),
        ({"conditions": (), "period": period_from("2026-11-20 00:00:00", "2026-11-24 00:00:00")}, MET),
        (
            {"conditions": (), "period": period_from("2026-12-09 00:00:00", "2026-11-24 12:00:00")},
            MET,
        ),  # the wrong way round
        ({"conditions": (), "number": 1}, MET),  # the company's
    ],
)
def test_another_rule_that_the_candidate_left_on_the_category_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], verdict: Verdict
) -> None:
    other = replace(RIGHT, **{"name": "Essai", "number": 4, **change})
    right = replace(RIGHT, number=5)
    for rules in ([other, right], [right, other]):
        assert examined(monkeypatch, *rules) == {RULE: verdict, PERIOD: MET, MINIMUM: MET}
    site = MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    rule, *others = PROMOTION.verify(site)
    assert ("il y a aussi la règle « Essai »" in rule.observed) is (verdict is TO_JUDGE)
    assert not any("Essai" in one.observed for one in others)


def test_a_rule_that_is_looked_at_days_later_began_on_the_day_of_the_exam(monkeypatch: pytest.MonkeyPatch) -> None:
    assert examined(monkeypatch, RIGHT, present=NOW + timedelta(days=1)) == {RULE: MET, PERIOD: MET, MINIMUM: MET}
    for one in (RIGHT, replace(RIGHT, only_in=("France",))):
        over = examined(monkeypatch, one, present=NOW + timedelta(days=90))
        assert over == {RULE: TO_JUDGE, PERIOD: MET, MINIMUM: MET}


def test_a_rule_for_one_country_is_not_for_everybody_but_perhaps_for_every_visitor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    abroad = replace(RIGHT, only_in=("Îles Åland",))
    assert examined(monkeypatch, abroad, shown="3.50")[RULE] is NOT_MET
    tonight = replace(abroad, period=period_from("2026-11-24 20:00:00", "2026-12-09 20:00:00"))
    assert examined(monkeypatch, tonight)[RULE] is NOT_MET
    assert examined(monkeypatch, replace(RIGHT, only_in=("France",)))[RULE] is TO_JUDGE
    account = replace(RIGHT, only_in=("France",), everybody=False, customers=True)
    assert examined(monkeypatch, account, shown="3.50")[RULE] is TO_JUDGE
    company = replace(RIGHT, reduction=Decimal(12), conditions=(("(9) Épicerie",),))
    assert examined(monkeypatch, company, replace(RIGHT, only_in=("France",)))[RULE] is TO_JUDGE


def test_a_rule_for_whoever_has_an_account_may_be_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = replace(RIGHT, everybody=False, group="Client", customers=True)
    assert examined(monkeypatch, accounts, shown="3.50") == {RULE: TO_JUDGE, PERIOD: MET, MINIMUM: MET}
    assert examined(monkeypatch, replace(accounts, group="Hôtels", customers=False))[RULE] is NOT_MET
    assert examined(monkeypatch, replace(accounts, reduction=Decimal(5)), shown="3.50")[RULE] is NOT_MET
    assert examined(monkeypatch, accounts, RIGHT)[RULE] is MET


def test_a_rule_on_a_category_that_is_closed_to_visitors_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object) -> None:
        raise Forbidden("403")

    examined(monkeypatch)
    monkeypatch.setattr(CatalogueRule, "_price", closed)
    site = MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    for rule, verdict in ((RIGHT, TO_JUDGE), (replace(RIGHT, reduction=Decimal(12)), NOT_MET)):
        monkeypatch.setattr(promotions, "catalogue_rules", lambda _, rule=rule: [rule])
        found = PROMOTION.verify(site)[0]
        assert found.verdict is verdict
        assert ("pas accès" in found.observed) is (verdict is TO_JUDGE)


def test_the_same_reduction_by_another_screen_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    special = Special(reduction=Decimal("10.00"), minimum=2, period=RIGHT.period)
    in_cart = CartRule(reduction=Decimal(10), period=RIGHT.period)
    judge = {RULE: TO_JUDGE, PERIOD: TO_JUDGE, MINIMUM: TO_JUDGE}
    assert examined(monkeypatch, specials=[special]) == judge
    assert examined(monkeypatch, replace(RIGHT, reduction=Decimal(12)), in_cart=[in_cart]) == judge
    assert set(examined(monkeypatch).values()) == {NOT_MET}
    for selection in (("Sablés",), ("Sablé nature", "Bol"), ("SABLE-NATURE",)):
        bound = replace(in_cart, selection=selection)
        assert examined(monkeypatch, in_cart=[bound]) == judge
    for of_another in (
        replace(in_cart, active=False),
        replace(in_cart, code="APERO10"),
        replace(in_cart, selection=("Crackers salés", "Bol")),
    ):
        assert set(examined(monkeypatch, in_cart=[of_another]).values()) == {NOT_MET}
    for other in (
        replace(special, reduction=Decimal(12)),
        replace(special, period=period_from("2026-11-20 00:00:00", "")),
    ):
        assert set(examined(monkeypatch, specials=[other]).values()) == {NOT_MET}


def test_a_slip_in_the_name_of_the_candidates_own_category_costs_the_rule_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boxes = PROMOTION.but(category="Boîtes en métal")
    slip = replace(RIGHT, conditions=(("(19) Boîte en métal",),))
    assert examined(monkeypatch, slip, check=boxes) == {RULE: TO_JUDGE, PERIOD: MET, MINIMUM: MET}
    named = replace(RIGHT, conditions=(("(20) Boîtes en métal",),))
    assert examined(monkeypatch, slip, named, check=boxes)[RULE] is MET
    both = replace(RIGHT, conditions=(*slip.conditions, *named.conditions))
    assert boxes._judged(both, NOW)[RULE] is NOT_MET
    assert PROMOTION._judged(replace(RIGHT, conditions=(("(5) Crackers salés",),)), NOW)[RULE] is NOT_MET
    tin = Row(5, "Phare", "Boîte en métal", True, "", "")
    special = Special(reduction=Decimal(10))
    monkeypatch.setattr(promotions, "catalogue", lambda site: [tin, Row(6, "Sablé", "Sablés", True, "", "")])
    monkeypatch.setattr(promotions, "specials_of_each", lambda site, rows: [(one, special) for one in rows])
    assert boxes._otherwise(MagicMock(), NOW).startswith("il y a sur « Phare » une ")


def test_a_condition_said_twice_is_said_once() -> None:
    twice = replace(RIGHT, conditions=(("(4) sables",), ("(4) Sablés",)))
    assert PROMOTION._judged(twice, NOW)[RULE] is MET


PALETS, EPAIS = ("(3) Palets et galettes",), ("(9) Palets épais",)


def test_a_category_with_those_below_it_is_for_a_person() -> None:
    tree = [
        Node(2, "Accueil", ""),
        Node(3, "Palets et galettes", "Accueil"),
        Node(9, "Palets épais", "Palets et galettes"),
        Node(10, "Palets ronds", "Palets épais"),
        Node(4, "Sablés", "Accueil"),
    ]
    check = CatalogueRule(reduction=Decimal(10), category="Palets et galettes")

    def judged(*conditions: tuple[str, ...], of: CatalogueRule = check, **more: Any) -> Verdict:
        rule = replace(
            RIGHT, minimum=1, period=period_from("", ""), conditions=conditions, below=below(conditions, tree), **more
        )
        return of._judged(rule, NOW)[RULE]

    assert judged(PALETS) is MET
    for groups in ((PALETS, EPAIS), (EPAIS, PALETS), (PALETS, ("(10) Palets ronds",))):
        assert judged(*groups) is TO_JUDGE
        assert judged(*groups, unit="TTC") is NOT_MET
    assert judged(EPAIS) is NOT_MET
    assert judged(PALETS, ("(4) Sablés",)) is NOT_MET
    assert judged(PALETS, (*EPAIS, "id_manufacturer 1")) is NOT_MET
    assert judged((*PALETS, *EPAIS)) is NOT_MET
    assert judged(PALETS, EPAIS, of=CatalogueRule(reduction=Decimal(10), category="Palets épais")) is NOT_MET


def test_a_rule_on_the_categories_below_too_is_looked_at_and_left_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    wider = replace(RIGHT, conditions=(*RIGHT.conditions, EPAIS), below=EPAIS)
    assert "sous-catégories comprises" in str(wider)
    assert examined(monkeypatch, wider) == {RULE: TO_JUDGE, PERIOD: MET, MINIMUM: MET}
    assert examined(monkeypatch, replace(wider, only_in=("France",)))[RULE] is TO_JUDGE
    assert examined(monkeypatch, replace(wider, only_in=("Îles Åland",)), shown="3.50")[RULE] is NOT_MET
    assert examined(monkeypatch, replace(RIGHT, everybody=False), wider)[RULE] is TO_JUDGE


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("2026-09-10 00:00:00", "2026-09-24 00:00:00", NOT_MET),
        ("2026-11-25 00:00:00", "", TO_JUDGE),
        ("2026-11-20 00:00:00", "2026-11-24 00:00:00", TO_JUDGE),
        ("2026-11-24 00:00:00", "2026-12-24 00:00:00", TO_JUDGE),
        ("2026-11-24 00:00:00", "", MET),
        ("", "", MET),
    ],
)
def test_a_rule_that_was_over_before_the_day_is_none_where_no_dates_are_asked(
    monkeypatch: pytest.MonkeyPatch, start: str, end: str, verdict: Verdict
) -> None:
    always = CatalogueRule(reduction=Decimal(10), category="Sablés", minimum=2)
    dated = replace(RIGHT, period=period_from(start, end))
    seen = {RULE: verdict, MINIMUM: NOT_MET if verdict is NOT_MET else MET}
    assert examined(monkeypatch, dated, check=always) == seen
    assert examined(monkeypatch, dated, replace(RIGHT, period=period_from("", "")), check=always) == {
        RULE: MET,
        MINIMUM: MET,
    }
    if verdict is NOT_MET:  # where dates are asked, it is they that are wrong
        assert examined(monkeypatch, dated) == {RULE: TO_JUDGE, PERIOD: NOT_MET, MINIMUM: MET}


def test_a_promotion_asks_for_what_it_says() -> None:
    assert CatalogueRule(reduction=Decimal(5), category="Sablés").facts() == (RULE,)
    with pytest.raises(ValidationError, match="starts et lasts"):
        CatalogueRule(reduction=Decimal(5), category="Sablés", lasts="15 days")
    with pytest.raises(ValidationError):
        CatalogueRule(reduction=Decimal(5), category="Sablés", starts="today", lasts="15 jours")


HOTELS = CustomerGroup(name="Hôtels", discount=Decimal(12), prices="HT", customer="ines@courriel.test")
FOUND = Group(id="16", name="hôtels", discount=Decimal("12.00"), prices="HT", shows_prices=True)


@pytest.fixture
def grouped(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is concluded where a product costs so much to the customer, and to the one who was made for the look."""

    def examine(
        groups: list[Group],
        customer: Customer | None,
        shown: str = "3.50",
        made: str = "3.50",
        check: CustomerGroup = HOTELS,
        rules: Sequence[Rule] = (),
        changed: Sequence[str] = (),
    ) -> dict[str, Verdict]:
        def price(_site: object, page: object, group: Group, newest: bool = False) -> tuple[Decimal, Decimal] | None:
            seen = "" if newest else made if page == "made" else shown
            return (Decimal(seen), Decimal("3.50") if group.discount else Decimal("3.98")) if seen else None

        monkeypatch.setattr(clients, "groups_named", lambda site, name: groups)
        monkeypatch.setattr(clients, "customer_of", lambda site, email: customer)
        monkeypatch.setattr(clients, "present_email", lambda site, email: email)
        monkeypatch.setattr(clients, "groups_changed", lambda site, but: changed)
        monkeypatch.setattr(group_prices, "member_of", lambda site, group: "made" if made != "none" else None)
        monkeypatch.setattr(group_prices, "price_and_due", price)
        monkeypatch.setattr(catalogue_rules, "catalogue_rules", lambda site: rules)
        site = MagicMock()
        site.taken_at = NOW.replace(tzinfo=UTC)
        return {one.fact: one.verdict for one in check.verify(site)}

    return examine


@pytest.mark.parametrize(("category", "saves"), [("Bols", "20"), ("bols", "20"), ("Assiettes", "12")])
def test_a_groups_discount_on_a_category_stands_in_the_place_of_its_own(
    monkeypatch: pytest.MonkeyPatch, category: str, saves: str
) -> None:
    tree = [Node(4, "Bols", "Accueil"), Node(5, "Assiettes", "Accueil")]
    monkeypatch.setattr(group_prices, "category_tree", lambda site: tree)
    with_own = replace(FOUND, by_category={"4": "20.00"})
    assert group_prices.discount_on(MagicMock(), with_own, category) == Decimal(saves)
    assert group_prices.discount_on(MagicMock(), FOUND, category) == Decimal(12)


TAKEN, NOT_TAKEN = {"status": 200, "taken": True}, {"status": 200, "taken": False}


@pytest.mark.parametrize(
    ("answer", "there", "page"),
    [
        (TAKEN, None, "his"),
        (NOT_TAKEN, None, None),
        (NOT_TAKEN, Customer(("3", "16"), "16"), "his"),
        (NOT_TAKEN, Customer(("3", "16"), "3"), None),
    ],
)
def test_a_customer_whom_the_shop_does_not_take_is_nobody_and_a_shop_that_fails_is_the_stations_fault(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any], there: Customer | None, page: str | None
) -> None:
    site = MagicMock()
    site.signed_in.return_value = "his"
    monkeypatch.setattr(customer_groups, "customer_of", lambda *_: there)
    monkeypatch.setattr(customer_groups, "screen", lambda *_: "/customers/?")
    monkeypatch.setattr(customer_groups, "looked_up", lambda *_, **__: answer)
    assert bool(customer_groups.member_of(site, FOUND)) == bool(page)
    monkeypatch.setattr(customer_groups, "looked_up", lambda *_, **__: {**answer, "status": 500})
    with pytest.raises(StationNotReady, match="500"):
        customer_groups.member_of(site, FOUND)


def test_no_customer_is_made_on_a_copy_that_others_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    site, asked = MagicMock(), MagicMock()
    site.alone.side_effect = CopyShared
    monkeypatch.setattr(customer_groups, "looked_up", asked)
    with pytest.raises(CopyShared):
        customer_groups.member_of(site, FOUND)
    assert not asked.called


def test_a_group_is_all_that_was_asked(grouped: Any) -> None:
    member = Customer(("3", "16"), "16")
    assert set(grouped([FOUND], member).values()) == {MET}
    assert set(grouped([], member).values()) == {NOT_MET}


def test_each_fact_of_a_group_fails_alone(grouped: Any) -> None:
    away, member = Customer(("3",), "3"), Customer(("3", "16"), "16")
    assert grouped([FOUND], away) == {GROUP: MET, DISCOUNT: MET, DISPLAY: MET, MEMBER: NOT_MET}
    assert grouped([FOUND], Customer(("3", "16"), "3"))[MEMBER] is NOT_MET
    assert grouped([FOUND], None)[MEMBER] is NOT_MET
    taxed = replace(FOUND, prices="TTC")
    assert grouped([taxed], member) == {GROUP: MET, DISCOUNT: MET, DISPLAY: NOT_MET, MEMBER: MET}
    assert grouped([replace(FOUND, shows_prices=False)], member)[DISPLAY] is NOT_MET
    assert grouped([replace(FOUND, discount=Decimal(6))], member)[DISCOUNT] is NOT_MET


FOR_HOTELS = replace(
    RIGHT, reduction=Decimal(12), minimum=1, period=period_from("", ""), everybody=False, group="Hôtels", conditions=()
)


def test_another_group_that_changed_too_is_for_a_person(grouped: Any) -> None:
    seen = grouped([FOUND], Customer(("3", "16"), "16"), changed=["« Professionnels » (12 %)"])
    assert seen == {GROUP: MET, DISCOUNT: TO_JUDGE, DISPLAY: TO_JUDGE, MEMBER: MET}


def test_what_a_rule_of_the_catalogue_gives_a_group_is_for_a_person_and_costs_its_display_nothing(
    grouped: Any,
) -> None:
    bare, member = replace(FOUND, discount=Decimal(0)), Customer(("3", "16"), "16")
    given = {GROUP: MET, DISCOUNT: TO_JUDGE, DISPLAY: MET, MEMBER: MET}
    assert grouped([bare], member, rules=[FOR_HOTELS]) == given
    assert grouped([bare], member, rules=[FOR_HOTELS], shown="3.98") == given  # it isn't on that product
    assert grouped([bare], member, rules=[FOR_HOTELS], shown="3.80") == {**given, DISPLAY: TO_JUDGE}
    assert grouped([replace(bare, prices="TTC")], member, rules=[FOR_HOTELS])[DISPLAY] is NOT_MET
    assert grouped([FOUND], member, rules=[FOR_HOTELS]) == {**given, DISCOUNT: MET}
    for other in (
        replace(FOR_HOTELS, reduction=Decimal(10)),
        replace(FOR_HOTELS, unit="TTC"),
        replace(FOR_HOTELS, group="Professionnels"),
        replace(FOR_HOTELS, everybody=True, group=""),
        replace(FOR_HOTELS, period=period_from("2026-10-25 00:00:00", "")),  # the company's
    ):
        assert grouped([bare], member, rules=[other], shown="3.98") == {**given, DISCOUNT: NOT_MET}


def test_a_rule_of_the_catalogue_for_a_group_on_the_category_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    group = replace(FOUND, discount=Decimal(0))
    monkeypatch.setattr(remises_categorie, "groups_named", lambda site, name: [group])
    monkeypatch.setattr(remises_categorie, "category_tree", lambda site: [Node(4, "Sablés", "Accueil")])
    monkeypatch.setattr(remises_categorie, "catalogue", lambda _: [])
    site = MagicMock()
    site.taken_at = NOW.replace(tzinfo=UTC)
    check = remises_categorie.GroupCategoryDiscount(group="Hôtels", category="Sablés", discount=Decimal(12))
    on_it = replace(FOR_HOTELS, conditions=RIGHT.conditions)
    for rules, verdict in (
        ([on_it], TO_JUDGE),
        ([replace(on_it, conditions=(PALETS,))], NOT_MET),
        ([replace(on_it, group="Professionnels")], NOT_MET),
        ([replace(on_it, period=period_from("2026-10-25 00:00:00", ""))], NOT_MET),
        ([FOR_HOTELS], NOT_MET),
        ([], NOT_MET),
    ):
        monkeypatch.setattr(catalogue_rules, "catalogue_rules", lambda site, rules=rules: rules)
        [found] = check.verify(site)
        assert found.verdict is verdict
        assert ("pour le groupe « Hôtels » seulement" in found.observed) is (verdict is TO_JUDGE)


def test_a_customer_whose_sheet_is_switched_off_is_in_his_group_and_another_looks_at_its_prices(
    grouped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = Customer(("3", "16"), "16", active=False)
    assert set(grouped([FOUND], off, shown="3.69").values()) == {MET}
    assert grouped([FOUND], off, made="3.69") == {GROUP: MET, DISCOUNT: TO_JUDGE, DISPLAY: TO_JUDGE, MEMBER: MET}
    assert grouped([FOUND], replace(off, default="3"))[MEMBER] is NOT_MET
    site = MagicMock()
    member = next(one for one in HOTELS.verify(site) if one.fact == MEMBER)
    assert member.observed == (
        "Ce client est dans le groupe « hôtels », mais son groupe par défaut est un autre. "
        "La fiche de ce client est désactivée."
    )
    site.signed_in.assert_not_called()
    monkeypatch.setattr(clients, "customer_of", lambda *_: off)
    member = next(one for one in HOTELS.verify(site) if one.fact == MEMBER)
    assert member.observed == "Le groupe par défaut de ce client est « hôtels ». La fiche de ce client est désactivée."
    site.signed_in.assert_not_called()


def test_a_price_that_contradicts_the_group_is_for_a_person(grouped: Any) -> None:
    seen = grouped([FOUND], Customer(("16",), "16"), shown="3.69")
    assert (seen[DISCOUNT], seen[DISPLAY]) == (TO_JUDGE, TO_JUDGE)


def test_a_customer_who_is_left_in_his_new_group_alone_may_see_no_product(
    grouped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(grouped([FOUND], Customer(("16",), "16"), shown="").values()) == {MET}
    assert grouped([replace(FOUND, discount=Decimal(6))], Customer(("16",), "16"), shown="")[DISCOUNT] is NOT_MET
    monkeypatch.undo()
    monkeypatch.setattr(group_prices, "catalogue", lambda site: [Row(5, "Bol", "bols", True, "", "")])
    monkeypatch.setattr(group_prices, "shown_for_quantity", lambda *_, **__: MagicMock())
    page = MagicMock()
    page.goto.return_value.status = 403
    assert group_prices.price_and_due(MagicMock(), page, FOUND) is None


def test_a_product_that_no_visitor_may_see_says_nothing_of_a_groups_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    def refreshed(_site: object, product: int, page: object = None) -> MagicMock:
        if product == 4 and page is None:
            raise Forbidden("403")
        return MagicMock(price=Decimal("9.40"), data={"rate": "0", "price_tax_exc": "10", "reduction": "0"})

    monkeypatch.setattr(
        group_prices, "catalogue", lambda site: [Row(one, "Bol", "bols", True, "", "") for one in (5, 4)]
    )
    monkeypatch.setattr(group_prices, "shown_for_quantity", refreshed)
    monkeypatch.setattr(group_prices, "visit_as_customer", lambda *_: True)
    monkeypatch.setattr(group_prices, "discount_on", lambda *_: Decimal(6))
    assert group_prices.price_and_due(MagicMock(), MagicMock(), replace(FOUND, prices="TTC")) == (
        Decimal("9.40"),
        Decimal("9.40"),
    )


def test_the_prices_of_a_group_without_customers_are_seen_by_one_who_is_made_for_that(grouped: Any) -> None:
    alone = CustomerGroup(name="Hôtels", discount=Decimal(12), prices="HT")
    assert set(grouped([FOUND], None, check=alone).values()) == {MET}
    for made in ("3.69", "", "none"):  # another price, no product to be seen, no customer taken
        assert grouped([FOUND], None, made=made, check=alone) == {GROUP: MET, DISCOUNT: TO_JUDGE, DISPLAY: TO_JUDGE}
    assert grouped([FOUND], Customer(("3",), "3"), made="3.69")[DISCOUNT] is TO_JUDGE
    assert grouped([FOUND], Customer(("16",), "16"), shown="", made="")[DISCOUNT] is TO_JUDGE
    assert grouped([replace(FOUND, discount=Decimal(6))], None, made="3.69", check=alone)[DISCOUNT] is NOT_MET


def test_what_a_group_saves_is_for_a_person_where_its_customers_see_no_price(grouped: Any) -> None:
    silent = replace(FOUND, shows_prices=False)
    seen = grouped([silent], Customer(("16",), "16"))
    assert seen == {GROUP: MET, DISCOUNT: TO_JUDGE, DISPLAY: NOT_MET, MEMBER: MET}


def test_a_group_that_may_not_see_the_products_of_its_discount_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    giving = replace(FOUND, by_category={"4": "20.00"})
    monkeypatch.setattr(remises_categorie, "groups_named", lambda site, name: [giving])
    monkeypatch.setattr(remises_categorie, "category_tree", lambda site: [Node(4, "Bols", "Accueil")])
    monkeypatch.setattr(remises_categorie, "catalogue", lambda site: [Row(5, "Bol", "bols", True, "", "")])
    page = MagicMock()
    page.goto.return_value.status = 403
    check = remises_categorie.GroupCategoryDiscount(group="Hôtels", category="Bols", discount=Decimal(20))
    for made in (page, None):
        monkeypatch.setattr(remises_categorie, "member_of", lambda site, group, made=made: made)
        assert [one.verdict for one in check.verify(MagicMock())] == [TO_JUDGE]


def test_what_a_group_saves_on_a_product_that_is_closed_to_visitors_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def look(_site: object, _product: int, page: Any = None) -> Any:
        if page is None:
            raise Forbidden("403")
        return MagicMock(price=Decimal("9.60"))

    monkeypatch.setattr(remises_categorie, "groups_named", lambda site, name: [replace(FOUND, by_category={"4": "20"})])
    monkeypatch.setattr(remises_categorie, "category_tree", lambda site: [Node(4, "Bols", "Accueil")])
    monkeypatch.setattr(remises_categorie, "catalogue", lambda site: [Row(5, "Bol", "bols", True, "", "")])
    monkeypatch.setattr(remises_categorie, "member_of", lambda site, group: MagicMock())
    monkeypatch.setattr(remises_categorie, "shown_for_quantity", look)
    check = remises_categorie.GroupCategoryDiscount(group="Hôtels", category="Bols", discount=Decimal(20))
    [found] = check.verify(MagicMock())
    assert found.verdict is TO_JUDGE
    assert "9,60 €" in found.observed


@pytest.mark.parametrize(
    ("kept", "verdict"),
    [
        ([{"4": "20.00"}], MET),
        ([{"4": "10.00"}], NOT_MET),
        ([{}, {"4": "20.00"}], TO_JUDGE),
        ([{"4": "20.00"}, {}], TO_JUDGE),
        ([{"4": "20.00"}, {"4": "20.00"}], MET),
        ([{}, {"9": "20.00"}], NOT_MET),
    ],
)
def test_of_two_groups_of_one_name_that_differ_a_person_says_which_is_meant(
    monkeypatch: pytest.MonkeyPatch, kept: list[dict[str, str]], verdict: Verdict
) -> None:
    twins = [replace(FOUND, id=str(number), by_category=one) for number, one in enumerate(kept, 6)]
    monkeypatch.setattr(remises_categorie, "groups_named", lambda site, name: twins)
    monkeypatch.setattr(remises_categorie, "category_tree", lambda site: [Node(4, "Bols", "Accueil")])
    monkeypatch.setattr(remises_categorie, "rules_for", lambda *_: [])
    monkeypatch.setattr(remises_categorie, "catalogue", lambda site: [])
    check = remises_categorie.GroupCategoryDiscount(group="Hôtels", category="Bols", discount=Decimal(20))
    [found] = check.verify(MagicMock())
    assert found.verdict is verdict
    assert (f"{len(kept)} groupes portent ce nom" in found.observed) is (len(kept) > 1)


@pytest.mark.parametrize(
    ("kept", "verdict", "said"),
    [
        ([{"4": "20.00", "9": "20.00"}], TO_JUDGE, "rien n’est demandé sur « Assiettes »"),
        ([{"9": "5.00", "4": "20.00"}], TO_JUDGE, "rien n’est demandé sur « Assiettes »"),
        ([{"4": "20.00", "9": "0.00"}], TO_JUDGE, "rien n’est demandé sur « Assiettes »"),  # dearer than all the rest
        (
            [{"4": "20.00", "88": "20.00"}],
            TO_JUDGE,
            "rien n’est demandé sur la catégorie n° 88",
        ),  # of a category that is gone
        ([{"4": "20.00"}, {"4": "20.00", "9": "20.00"}], TO_JUDGE, "rien n’est demandé sur « Assiettes »"),
        ([{"4": "20.00", "9": "12.00"}], MET, "12 % sur « Assiettes »"),  # what the group saves on everything
        ([{"4": "20.00"}], MET, "20 % sur « Bols »"),
        ([{"4": "10.00", "9": "20.00"}], NOT_MET, "20 % sur « Assiettes »"),
    ],
)
def test_what_a_group_saves_on_another_category_beside_the_right_one_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, kept: list[dict[str, str]], verdict: Verdict, said: str
) -> None:
    groups = [replace(FOUND, id=str(number), by_category=one) for number, one in enumerate(kept, 6)]
    tree = [Node(4, "Bols", "Accueil"), Node(9, "Assiettes", "Accueil")]
    monkeypatch.setattr(remises_categorie, "groups_named", lambda site, name: groups)
    monkeypatch.setattr(remises_categorie, "category_tree", lambda site: tree)
    monkeypatch.setattr(remises_categorie, "rules_for", lambda *_: [])
    monkeypatch.setattr(remises_categorie, "catalogue", lambda site: [])
    check = remises_categorie.GroupCategoryDiscount(group="Hôtels", category="Bols", discount=Decimal(20))
    [found] = check.verify(MagicMock())
    assert found.verdict is verdict
    assert said in found.observed
    assert ("rien n’est demandé" in found.observed) is (verdict is TO_JUDGE)


@pytest.mark.parametrize(("number", "verdict"), [("7", MET), ("6", TO_JUDGE), ("4", TO_JUDGE), ("3", TO_JUDGE)])
def test_a_group_of_the_company_that_was_renamed_is_not_one_that_was_made(
    grouped: Any, number: str, verdict: Verdict
) -> None:
    group = replace(FOUND, id=number)
    seen = grouped([group], Customer((number,), number))
    assert seen == {GROUP: verdict, DISCOUNT: MET, DISPLAY: MET, MEMBER: MET}
    assert grouped([replace(group, name="Bars")], Customer((number,), number))[GROUP] is NOT_MET
    [found, *_] = HOTELS.verify(MagicMock())
    assert "Le groupe « Bars » existe" in found.observed
    assert ("un groupe de l’entreprise, réécrit" in found.observed) is (verdict is TO_JUDGE)


def test_a_discount_on_a_category_of_nearly_the_name_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = [Node(19, "Boîte en métal", "Accueil"), Node(5, "Crackers salés", "Accueil")]
    monkeypatch.setattr(remises_categorie, "category_tree", lambda site: tree)
    monkeypatch.setattr(remises_categorie, "rules_for", lambda *_: [])
    monkeypatch.setattr(remises_categorie, "catalogue", lambda site: [])
    check = remises_categorie.GroupCategoryDiscount(group="Hôtels", category="Boîtes en métal", discount=Decimal(20))
    for number, verdict in (("19", TO_JUDGE), ("5", NOT_MET)):
        group = replace(FOUND, by_category={number: "20.00"})
        monkeypatch.setattr(remises_categorie, "groups_named", lambda site, name, group=group: [group])
        [found] = check.verify(MagicMock())
        assert found.verdict is verdict
        assert ("aucune catégorie ne s’appelle" in found.observed) is (verdict is TO_JUDGE)


def test_of_two_groups_of_one_name_the_better_counts(grouped: Any) -> None:
    assert grouped([replace(FOUND, id="5", discount=Decimal(0)), FOUND], Customer(("16",), "16"))[DISCOUNT] is MET


def test_of_two_groups_of_one_name_the_customer_is_in_one(grouped: Any) -> None:
    twin = replace(FOUND, id="17")
    for groups in ([FOUND, twin], [twin, FOUND]):
        assert set(grouped(groups, Customer(("3", "17"), "17")).values()) == {MET}
        assert grouped(groups, Customer(("3", "17"), "3"))[MEMBER] is NOT_MET


def test_a_customer_whose_group_has_a_later_namesake_is_in_the_one_that_his_sheet_hides(grouped: Any) -> None:
    bare, hidden = replace(FOUND, id="18", discount=Decimal(0), prices="TTC"), Customer(("3",), "", ("1", "3", "18"))
    assert set(grouped([FOUND, bare], hidden).values()) == {MET}
    seen = grouped([FOUND, bare], hidden, shown="3.69")
    assert seen == {GROUP: MET, DISCOUNT: TO_JUDGE, DISPLAY: TO_JUDGE, MEMBER: TO_JUDGE}
    assert grouped([FOUND, bare], replace(hidden, default="3"))[MEMBER] is NOT_MET
    assert grouped([FOUND], Customer(("3",), "", ("1", "3", "16")))[MEMBER] is NOT_MET


def test_a_slip_in_the_name_of_a_group_costs_nothing_else(grouped: Any) -> None:
    seen = grouped([replace(FOUND, name="Hôtel")], Customer(("3", "16"), "16"))
    assert seen == {GROUP: TO_JUDGE, DISCOUNT: MET, DISPLAY: MET, MEMBER: MET}


def listed(monkeypatch: pytest.MonkeyPatch, *names: str, visitors: str = "1") -> None:
    rows = [{"name": name, "edit": f"http://x/?id_group={n}&updategroup"} for n, name in enumerate(names, 1)]
    monkeypatch.setattr(customer_groups, "screen", lambda *_: "")
    monkeypatch.setattr(
        customer_groups, "looked_up", lambda site, page, address, reader: rows if "table.group" in reader else visitors
    )
    monkeypatch.setattr(
        customer_groups, "_group", lambda site, edit: replace(FOUND, id=edit, prices="HT" if "=2&" in edit else "TTC")
    )


def test_groups_of_nearly_the_name_count_where_none_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch, "Visiteur", "Hôtels et chambre d'hôtes")
    assert len(customer_groups.groups_named(MagicMock(), "Hôtels et chambres d’hôtes")) == 1
    assert not customer_groups.groups_named(MagicMock(), "Campings")
    listed(monkeypatch, "Hôtel", "Hôtels")
    assert [one.prices for one in customer_groups.groups_named(MagicMock(), "hotels")] == ["HT"]


@pytest.mark.parametrize(("visitors", "prices"), [("1", "TTC"), ("2", "HT"), ("12", "TTC")])
def test_what_visitors_see_is_what_their_group_sees(
    monkeypatch: pytest.MonkeyPatch, visitors: str, prices: str
) -> None:
    listed(monkeypatch, "Visiteur", "Invité", visitors=visitors)
    assert customer_groups.visitors_taxes(MagicMock()) == prices


@pytest.fixture
def categorised(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(
        check: CategoryMade, *nodes: Node, shown: int = 29, status: int = 200, listed: bool = True, **seen: str
    ) -> dict[str, Verdict]:
        monkeypatch.setattr(
            categories,
            "category_tree",
            lambda site: [Node(2, "Accueil", ""), Node(6, "Coffrets", "Accueil"), *nodes],
        )
        site = MagicMock()
        page = {"id": shown, "status": status, "listed": listed, "title": "", "meta": "", **seen}
        site.page.evaluate.return_value = page
        monkeypatch.setattr(categories, "kept_seo", lambda site, node: {"title": page["title"], "meta": page["meta"]})
        return {one.fact: one.verdict for one in check.verify(site)}

    return examine


def test_a_subcategory_stands_below_its_parent_and_is_shown(categorised: Any) -> None:
    check = CategoryMade(name="Boîtes en métal", parent="Coffrets")
    assert categorised(check, Node(29, "boites en metal", "Coffrets")) == {SUBCATEGORY: MET}
    assert categorised(check, Node(29, "Boîtes en métal", "Accueil")) == {SUBCATEGORY: NOT_MET}
    assert categorised(check, Node(29, "Boîtes en métal", "Coffrets"), shown=0) == {SUBCATEGORY: NOT_MET}
    assert categorised(check) == {SUBCATEGORY: NOT_MET}
    assert categorised(check, Node(28, "Boîtes en métal", "Accueil"), Node(29, "Boîtes en métal", "Coffrets")) == {
        SUBCATEGORY: MET
    }


def test_a_category_is_made_on_a_products_page_only_where_that_is_all() -> None:
    check = CategoryMade(name="Boîtes en métal", parent="Coffrets")
    names = [[way.name for way in one.ways()] for one in (check, check.but(meta_title="Nos boîtes"))]
    assert [any("fiche d’un produit" in name for name in some) for some in names] == [True, False]
    assert [len(some) for some in names] == [4, 3]


def test_a_category_that_is_forbidden_to_visitors_is_not_shown(categorised: Any) -> None:
    check, node = CategoryMade(name="Boîtes en métal", parent="Coffrets"), Node(29, "Boîtes en métal", "Coffrets")
    assert categorised(check, node, status=403) == {SUBCATEGORY: NOT_MET}
    assert categorised(check, node, listed=False) == {SUBCATEGORY: NOT_MET}


def test_of_two_categories_of_one_name_the_one_that_is_shown_counts(categorised: Any) -> None:
    check, node = CategoryMade(name="Boîtes en métal", parent="Coffrets"), Node(29, "Boîtes en métal", "Coffrets")
    assert categorised(check, node, replace(node, id=30)) == {SUBCATEGORY: MET}
    assert categorised(check, node, replace(node, id=28)) == {SUBCATEGORY: MET}
    assert categorised(check, node, Node(30, "Boîtes en métal", "Accueil"), shown=30) == {SUBCATEGORY: NOT_MET}


def test_a_slip_in_the_name_of_a_category_is_for_a_person(categorised: Any) -> None:
    check = CategoryMade(name="Boîtes en métal", parent="Coffrets", meta_title="Nos boîtes")
    assert categorised(check, Node(29, "Boîte en métal", "Coffrets"), title="Nos boîtes") == {
        SUBCATEGORY: TO_JUDGE,
        SEO: MET,
    }
    assert categorised(check, Node(29, "Boîte en métal", "Accueil"))[SUBCATEGORY] is NOT_MET
    assert categorised(check, Node(29, "Boîtes en carton", "Coffrets"))[SUBCATEGORY] is NOT_MET


def test_a_category_of_the_company_that_was_written_over_is_for_a_person(categorised: Any) -> None:
    made, was_there = CategoryMade(name="Boîtes en métal", parent="Coffrets"), CategoryMade(name="Coffrets")
    assert categorised(made, Node(9, "Boîtes en métal", "Coffrets"), shown=9) == {SUBCATEGORY: TO_JUDGE}
    assert categorised(made, Node(9, "Boîtes en métal", "Accueil"), shown=9) == {SUBCATEGORY: NOT_MET}
    assert categorised(was_there, shown=6) == {CATEGORY: MET}


def test_a_category_without_a_parent_stands_at_the_top(categorised: Any) -> None:
    check = CategoryMade(name="Gâteaux", meta_title="Nos gâteaux bretons")
    assert categorised(check, Node(29, "Gâteaux", "Accueil"), title="Nos gâteaux bretons") == {CATEGORY: MET, SEO: MET}
    assert categorised(check, Node(29, "Gâteaux", "Coffrets"), title="Gâteaux") == {CATEGORY: NOT_MET, SEO: NOT_MET}


@pytest.mark.parametrize(("kept_days", "verdict"), [("10", MET), ("20", NOT_MET), ("11", NOT_MET), (None, NOT_MET)])
def test_only_the_wanted_number_of_days_is_met(
    monkeypatch: pytest.MonkeyPatch, kept_days: str | None, verdict: Verdict
) -> None:
    monkeypatch.setattr(apparence, "screen", lambda site, tab: "")
    monkeypatch.setattr(apparence, "looked_up", lambda *_: kept_days)
    site = MagicMock()
    site.page.locator.return_value.count.return_value = 1
    [found] = NewProducts(days=10).verify(site)
    assert (found.fact, found.verdict) == (DAYS, verdict)
    assert found.observed.endswith("la boutique montre 1 nouveauté.")


def test_what_a_groups_customer_pays_less_by_another_road_is_seen_on_two_products(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = group_prices.GroupLook("", True, False, "", MagicMock())
    bare = replace(FOUND, discount=Decimal(0), by_category={"4": "12"})
    for oldest, newest, found in (("3.50", "7.00", True), ("3.50", "7.95", False), ("3.98", "7.00", False)):
        paid = {False: (Decimal(oldest), Decimal("3.50")), True: (Decimal(newest), Decimal("7.00"))}

        def price(_s: object, _p: object, group: Group, newest: bool, paid: Any = paid) -> Any:
            assert group.discount == 12
            assert not group.by_category
            return paid[newest]

        monkeypatch.setattr(group_prices, "price_and_due", price)
        assert group_prices.pays(MagicMock(), bare, look, Decimal(12)) is found
    assert not group_prices.pays(MagicMock(), bare, replace(look, page=None), Decimal(12))


def test_the_companys_groups_that_changed_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def form(number: int, name: str, reduction: str, method: str) -> dict[str, Any]:
        kept = {"id": str(number), "name": name, "reduction": reduction, "method": method}
        return {**kept, "shows_prices": True, "by_category": {}}

    company = [
        form(number + 3, row["name"], f"{row['reduction']}.00", "1" if row["prices"] == "HT" else "0")
        for number, row in seeded.rows(COMPANY, "groups")
    ]
    monkeypatch.setattr(customer_groups, "screen", lambda *_: "")
    monkeypatch.setattr(customer_groups, "looked_up", lambda *_: [{"edit": "/", "name": "a"}])
    for changed, said in (
        (company[-1], []),
        ({**company[-1], "reduction": "12.00"}, ["« Professionnels » (12 %, prix HT ; avant : 8 %, prix HT)"]),
        ({**company[-1], "method": "0"}, ["« Professionnels » (8 %, prix TTC ; avant : 8 %, prix HT)"]),
    ):
        forms = [*company[:-1], changed, form(16, "Hôtels", "12.00", "1")]
        monkeypatch.setattr(customer_groups, "looked_up_each", lambda *_, forms=forms: forms)
        assert customer_groups.groups_changed(MagicMock(company=COMPANY), FOUND) == said
