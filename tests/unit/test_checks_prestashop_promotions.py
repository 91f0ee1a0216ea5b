"""Rules of the cart, specific prices, employees: what is concluded from what the back office holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import cart_rules, paniers, permissions, prix_specifiques
from checks.prestashop.cart_rules import Rule
from checks.prestashop.customer_screens import NOBODY, Group
from checks.prestashop.fiches_clients import CustomerSheet
from checks.prestashop.paniers import CODE, RULE, CartRule
from checks.prestashop.periods import kept
from checks.prestashop.permissions import ProfilePermissions, Right
from checks.prestashop.prix_specifiques import BANNER, MINIMUM, PRICE, SpecificPrice
from checks.prestashop.shop import Row
from checks.prestashop.special_prices import Special, _special, together
from checks.prestashop.utilisateurs import ACCOUNT, PROFILE, EmployeeAccount
from provisioner.check import Verdict

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
NOW = datetime(2026, 11, 24, 10, 12)
FORTNIGHT = kept("2026-11-24 00:00:00", "2026-12-09 00:00:00")

CART = CartRule(reduction=Decimal(10), code="FOURNIL10", minimum=Decimal(30), starts="today", lasts="15 days")
RULE_KEPT = Rule(
    name="Remise", code="fournil10", reduction=Decimal("10.00"), minimum=Decimal("30.00"), period=FORTNIGHT
)


def test_a_rule_of_the_cart_its_code_and_its_period_are_judged_apart() -> None:
    assert CART._judged(RULE_KEPT, NOW) == {RULE: MET, CODE: MET, paniers.PERIOD: MET}
    assert CART._judged(replace(RULE_KEPT, code="FOURNIL10 "), NOW)[CODE] is MET
    assert CART._judged(replace(RULE_KEPT, code=" FOURNIL10"), NOW)[CODE] is NOT_MET
    assert CART._judged(replace(RULE_KEPT, code="AUTRE"), NOW) == {RULE: MET, CODE: NOT_MET, paniers.PERIOD: MET}
    short = replace(RULE_KEPT, period=kept("2026-11-24 00:00:00", "2026-12-07 23:59:59"))
    assert CART._judged(short, NOW)[paniers.PERIOD] is NOT_MET


@pytest.mark.parametrize(
    "change",
    [
        {"active": False},
        {"restricted": True},
        {"unit": "TTC"},
        {"reduction": Decimal(5)},
        {"minimum": Decimal(0)},
        {"minimum_taxes": "HT"},
    ],
)
def test_another_reduction_or_other_conditions_are_not_the_rule(change: dict[str, Any]) -> None:
    assert CART._judged(replace(RULE_KEPT, **change), NOW)[RULE] is NOT_MET


def test_a_rule_that_some_carts_never_meet_is_for_a_person() -> None:
    limited = replace(RULE_KEPT, limits=("sauf sur les produits déjà en promotion",), times=1)
    assert CART._judged(limited, NOW)[RULE] is TO_JUDGE
    assert CART._judged(replace(limited, active=False), NOW)[RULE] is NOT_MET
    assert CART._judged(replace(RULE_KEPT, times=1), NOW)[RULE] is MET
    assert str(limited).endswith("sauf sur les produits déjà en promotion, pour une seule commande en tout")


@pytest.mark.parametrize("example", CartRule.examples(), ids=str)
def test_every_rule_of_the_cart_has_two_near_misses(example: CartRule) -> None:
    assert sum(miss.fact == RULE for miss in example.near_misses()) >= 2
    for miss in example.near_misses():
        assert miss.fact in example.facts()


@pytest.mark.parametrize(
    ("seen", "limits"),
    [
        ({}, ()),
        ({"with_shipping": True}, ("frais de port compris dans ce montant",)),
        ({"with_shipping": True, "minimum": "0"}, ()),
        ({"no_specials": True}, ("sauf sur les produits déjà en promotion",)),
        ({"no_specials": True, "kind": "off", "free_shipping": True}, ()),
        ({"per_customer": "0"}, ("aucune fois par client",)),
        ({"free_shipping": True}, ("avec le port offert",)),
        ({"kind": "off", "free_shipping": True, "gift": True}, ("avec un produit offert",)),
    ],
)
def test_a_rule_of_the_cart_says_what_limits_it(
    monkeypatch: pytest.MonkeyPatch, seen: dict[str, Any], limits: tuple[str, ...]
) -> None:
    form = {
        "name": "R", "code": "", "active": True, "kind": "percent", "percent": "10", "amount": "", "tax": "1", "on": "",
        "free_shipping": False, "minimum": "30", "minimum_tax": "1", "from": "", "to": "", "restricted": False,
        "with_shipping": False, "no_specials": False, "times": "1", "per_customer": "1", "gift": False,
    }  # fmt: skip
    monkeypatch.setattr(cart_rules, "looked_up", lambda *_: {**form, **seen})
    assert cart_rules._read(MagicMock(), "").limits == limits


def test_a_rule_that_wants_a_code_is_not_one_that_applies_by_itself() -> None:
    alone = CartRule(reduction=Decimal("4.50"), unit="TTC")
    of_itself = Rule(reduction=Decimal("4.50"), unit="TTC")
    assert alone._judged(of_itself, NOW)[RULE] is MET
    assert alone._judged(replace(of_itself, code="X"), NOW)[RULE] is NOT_MET


def test_free_shipping_has_no_reduction() -> None:
    assert CartRule(unit="port offert").facts() == (RULE,)
    for values in ({"unit": "port offert", "reduction": 5}, {"unit": "%"}, {"reduction": 120}):
        with pytest.raises(ValidationError, match="reduction"):
            CartRule.model_validate(values)


PRICED = SpecificPrice(product="Bol", reduction=Decimal(15), minimum=3, starts="today", lasts="15 days", banner=True)
SPECIAL = Special(reduction=Decimal("15.000000"), minimum=3, period=FORTNIGHT)


def test_a_specific_price_its_quantity_and_its_period_are_judged_apart() -> None:
    assert PRICED._judged(SPECIAL, NOW) == {PRICE: MET, prix_specifiques.PERIOD: MET, MINIMUM: MET}
    assert PRICED._judged(replace(SPECIAL, minimum=2), NOW)[MINIMUM] is NOT_MET
    assert PRICED._judged(replace(SPECIAL, unit="TTC"), NOW)[PRICE] is NOT_MET
    assert PRICED._judged(replace(SPECIAL, narrowed=True), NOW)[PRICE] is NOT_MET  # one customer
    assert PRICED._judged(replace(SPECIAL, group="Épiceries fines"), NOW)[PRICE] is NOT_MET


@pytest.mark.parametrize(("days", "verdict", "looked"), [(1, MET, True), (90, Verdict.TO_JUDGE, False)])
def test_a_reduction_that_is_over_when_one_looks_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, days: int, verdict: Verdict, looked: bool
) -> None:
    site, seen = MagicMock(), list[str]()
    site.page.locator.return_value.count.return_value = 1

    def looking(at: str, answer: Any) -> Any:
        def look(*_: object) -> Any:
            seen.append(at)
            return answer

        return look

    site.taken_at, site.present = NOW.replace(tzinfo=UTC), NOW.replace(tzinfo=UTC) + timedelta(days=days)
    monkeypatch.setattr(paniers, "cart_rules", lambda _: [RULE_KEPT])
    monkeypatch.setattr(CartRule, "_in_the_cart", looking("cart", ("", True)))
    monkeypatch.setattr(prix_specifiques, "catalogue", lambda _: [Row(5, "Bol", "bols", True, "", "")])
    monkeypatch.setattr(prix_specifiques, "specials_of", lambda *_: [SPECIAL])
    monkeypatch.setattr(SpecificPrice, "_price", looking("price", (Decimal(1), Decimal(1), Decimal(2))))
    found = {one.fact: one for check in (CART, PRICED) for one in check.verify(site)}
    assert (found[RULE].verdict, found[PRICE].verdict) == (verdict, verdict)
    assert (found[paniers.PERIOD].verdict, found[prix_specifiques.PERIOD].verdict) == (MET, MET)
    assert seen == (["cart", "price"] if looked else [])
    assert ("ne s’applique plus" in found[RULE].observed) is not looked


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("2026-04-17 00:00:00", "2026-04-21 00:00:00", NOT_MET),
        ("2026-11-25 00:00:00", "2026-12-25 00:00:00", TO_JUDGE),
        ("2026-11-20 00:00:00", "2026-11-24 00:00:00", TO_JUDGE),
        ("2026-11-24 10:00:00", "2026-12-24 10:00:00", MET),
    ],
)
def test_a_rule_of_the_cart_that_does_not_run_is_none_or_for_a_person(
    monkeypatch: pytest.MonkeyPatch, start: str, end: str, verdict: Verdict
) -> None:
    site, check = MagicMock(), CART.but(starts="", lasts="")
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    dated = replace(RULE_KEPT, period=kept(start, end))
    monkeypatch.setattr(paniers, "cart_rules", lambda _: [dated])
    monkeypatch.setattr(CartRule, "_in_the_cart", lambda *_: ("", True))
    found = {one.fact: one for one in check.verify(site)}
    assert found[RULE].verdict is verdict
    assert found[CODE].verdict is (NOT_MET if verdict is NOT_MET else MET)
    assert ("ne s’appliquait pas" in found[RULE].observed) is (verdict is TO_JUDGE)
    monkeypatch.setattr(paniers, "cart_rules", lambda _: [dated, RULE_KEPT])
    assert {one.verdict for one in check.verify(site)} == {MET}


def test_where_a_period_is_asked_it_is_the_wrong_dates_that_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    site, over = MagicMock(), kept("2026-04-17 00:00:00", "2026-04-21 00:00:00")
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    monkeypatch.setattr(paniers, "cart_rules", lambda _: [replace(RULE_KEPT, period=over)])
    found = {one.fact: one.verdict for one in CART.verify(site)}
    assert found == {RULE: TO_JUDGE, CODE: MET, paniers.PERIOD: NOT_MET}


Prices = tuple[Decimal, Decimal, Decimal | None] | str


def priced(
    monkeypatch: pytest.MonkeyPatch, prices: Prices, *specials: Special, check: SpecificPrice = PRICED,
    online: bool = True,
) -> dict[str, Verdict]:  # fmt: skip
    monkeypatch.setattr(prix_specifiques, "catalogue", lambda _: [Row(5, "Bol", "bols", online, "", "")])
    monkeypatch.setattr(prix_specifiques, "specials_of", lambda *_: list(specials))
    monkeypatch.setattr(SpecificPrice, "_price", lambda *_: prices)
    site = MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    site.page.locator.return_value.count.return_value = 1
    return {one.fact: one.verdict for one in check.verify(site)}


def test_a_specific_price_of_a_product_that_no_visitor_sees_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    found = priced(monkeypatch, (Decimal(0), Decimal(1), None), SPECIAL, online=False)
    assert (found[PRICE], found[BANNER], found[MINIMUM]) == (TO_JUDGE, TO_JUDGE, MET)
    other = replace(SPECIAL, reduction=Decimal(10))
    assert priced(monkeypatch, (Decimal(0), Decimal(1), None), other, online=False)[PRICE] is NOT_MET


def test_a_specific_price_for_a_country_is_for_a_person_where_a_visitor_gets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    france, right = replace(SPECIAL, only_in=("France",)), (Decimal(3), Decimal(3), Decimal(4))
    assert priced(monkeypatch, right, france)[PRICE] is TO_JUDGE
    assert priced(monkeypatch, (Decimal(4), Decimal(3), Decimal(4)), france)[PRICE] is NOT_MET
    assert priced(monkeypatch, right, replace(SPECIAL, period=kept("", ""), narrowed=True), france)[PRICE] is TO_JUDGE
    assert priced(monkeypatch, right, france, SPECIAL)[PRICE] is MET
    assert "seulement pour « France »" in str(france)


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("2026-10-01 00:00:00", "2026-10-15 00:00:00", NOT_MET),
        ("2026-11-25 00:00:00", "", TO_JUDGE),
        ("2026-11-20 00:00:00", "2026-11-24 00:00:00", TO_JUDGE),
        ("", "", MET),
    ],
)
def test_a_specific_price_that_does_not_run_is_none_or_for_a_person(
    monkeypatch: pytest.MonkeyPatch, start: str, end: str, verdict: Verdict
) -> None:
    right, always = (Decimal(3), Decimal(3), Decimal(4)), PRICED.but(starts="", lasts="", banner=False)
    dated = replace(SPECIAL, period=kept(start, end))
    seen = {PRICE: verdict, MINIMUM: NOT_MET if verdict is NOT_MET else MET}
    assert priced(monkeypatch, right, dated, check=always) == seen
    running = replace(SPECIAL, period=kept("", ""))
    assert priced(monkeypatch, right, dated, running, check=always) == {PRICE: MET, MINIMUM: MET}


def test_a_specific_price_says_what_it_is_bound_to() -> None:
    assert _special(SEEN).only_in == ()
    assert _special({**SEEN, "only_in": ["France"]}).only_in == ("France",)
    assert (_special(SEEN).variants, _special({**SEEN, "variant": "12"}).variants) == ((), ("12",))


SEEN = {
    "type": "percentage", "reduction": "15", "tax": "1", "minimum": "3", "from": "", "to": "", "group": "",
    "variant": "0", "narrowed": False, "only_in": [], "price_kept": True,
}  # fmt: skip


def test_a_reduction_that_starts_at_more_pieces_is_not_one_from_the_first() -> None:
    always = PRICED.but(minimum=1)
    assert always.facts() == (PRICE, BANNER, prix_specifiques.PERIOD)
    assert always._judged(replace(SPECIAL, minimum=5), NOW)[PRICE] is NOT_MET
    assert always._judged(replace(SPECIAL, minimum=1), NOW)[PRICE] is MET
    assert PRICED._judged(replace(SPECIAL, minimum=5), NOW) == {
        PRICE: MET, prix_specifiques.PERIOD: MET, MINIMUM: NOT_MET
    }  # fmt: skip


def on(*variants: str, **more: Any) -> list[Special]:
    return [replace(SPECIAL, variants=(one,), **more) for one in variants]


def test_a_reduction_on_each_variant_one_by_one_is_one_on_the_product() -> None:
    assert together(on("4", "7"), ["4", "7"]) == [SPECIAL]
    assert together([*on("4"), SPECIAL], ["4", "7"]) == [SPECIAL]
    assert together(on("4", "7"), ["4", "7", "9"]) == [replace(SPECIAL, variants=("4", "7"))]
    assert together(on("4"), ["4"]) == [SPECIAL]
    ten = on("7", reduction=Decimal(10))
    assert together([*on("4"), *ten], ["4", "7"]) == [*on("4"), *ten]


def test_a_reduction_on_some_variants_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    right, other = (Decimal(3), Decimal(3), Decimal(4)), (Decimal(4), Decimal(3), Decimal(4))
    assert priced(monkeypatch, right, *on("4"))[PRICE] is TO_JUDGE
    assert priced(monkeypatch, other, *on("4"))[PRICE] is TO_JUDGE
    assert priced(monkeypatch, right, *on("4", reduction=Decimal(10)))[PRICE] is NOT_MET
    assert str(on("4")[0]).endswith("sur une déclinaison du produit seulement")


def test_another_reduction_on_a_variant_beside_the_right_one_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    right = (Decimal(3), Decimal(3), Decimal(4))
    assert priced(monkeypatch, right, SPECIAL, *on("4", reduction=Decimal(10)))[PRICE] is TO_JUDGE
    assert priced(monkeypatch, right, SPECIAL, *on("4", reduction=Decimal(10), group="Hôtels"))[PRICE] is MET
    ended = kept("2026-04-17 00:00:00", "2026-04-21 00:00:00")
    assert priced(monkeypatch, right, SPECIAL, *on("4", reduction=Decimal(10), period=ended))[PRICE] is MET


def test_a_group_is_known_by_its_name_where_the_screen_numbers_them(monkeypatch: pytest.MonkeyPatch) -> None:
    grocers = SpecificPrice(product="Bol", reduction=Decimal(15), group="Épiceries fines")
    special = replace(_special({**SEEN, "group": "5 - Épiceries fines", "minimum": "1"}), reduction=Decimal(15))
    assert grocers._judged(special, NOW)[PRICE] is MET
    monkeypatch.setattr(prix_specifiques, "groups_named", lambda *_: [1, 2])
    assert priced(monkeypatch, (Decimal(3), Decimal(3), None), special, check=grocers)[PRICE] is TO_JUDGE


def test_a_reduction_that_fewer_pieces_have_already_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    due = Decimal(3)
    leftover = priced(monkeypatch, (due, due, due), replace(SPECIAL, minimum=1, period=kept("", "")), SPECIAL)
    assert leftover == {PRICE: MET, BANNER: MET, prix_specifiques.PERIOD: MET, MINIMUM: TO_JUDGE}
    assert priced(monkeypatch, (due, due, Decimal(4)), SPECIAL)[MINIMUM] is MET
    assert priced(monkeypatch, (due, due, due), replace(SPECIAL, minimum=4))[MINIMUM] is NOT_MET


def test_a_group_that_may_not_see_the_product_leaves_its_price_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    assert priced(monkeypatch, "les clients de ce groupe n’ont pas accès au produit", SPECIAL)[PRICE] is TO_JUDGE


def test_a_group_of_which_no_customer_can_be_made_leaves_the_price_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    grocers = SpecificPrice(product="Bol", reduction=Decimal(15), group="Hôtels")
    monkeypatch.setattr(prix_specifiques, "refreshed", lambda *_: MagicMock(data={"rate": "20"}))
    monkeypatch.setattr(prix_specifiques, "regular_price", lambda _data: Decimal(6))
    monkeypatch.setattr(prix_specifiques, "groups_named", lambda *_: [Group("6", "Hôtels", Decimal(0), "TTC", True)])
    monkeypatch.setattr(prix_specifiques, "member_of", lambda *_: None)
    assert grocers._price(MagicMock(), MagicMock(), Special(Decimal(15), "%", group="Hôtels")) == NOBODY


def test_an_amount_that_is_no_percentage_is_not_tried_as_one() -> None:
    for check in (
        CartRule(reduction=Decimal(150), unit="TTC"),
        SpecificPrice(product="Bol", reduction=Decimal(150), unit="TTC"),
    ):
        names = [miss.name for miss in check.near_misses()]
        assert len(names) >= 2
        assert "pourcentage au lieu d’un montant" not in names
    for refused in (CartRule, SpecificPrice):
        with pytest.raises(ValidationError, match="100"):
            refused(**({"product": "Bol"} if refused is SpecificPrice else {}), reduction=Decimal(150), unit="%")


def test_the_last_day_that_the_shop_does_not_count_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    till_last = replace(SPECIAL, period=kept("2026-11-24", "2026-12-08"))
    assert priced(monkeypatch, (Decimal(3), Decimal(3), None), till_last)[prix_specifiques.PERIOD] is TO_JUDGE
    assert CART._judged(replace(RULE_KEPT, period=till_last.period), NOW)[paniers.PERIOD] is TO_JUDGE


def test_the_group_of_a_specific_price_is_the_one_that_is_asked() -> None:
    grocers = SpecificPrice(product="Bol", reduction=Decimal(2), unit="HT", group="Épiceries fines")
    assert grocers._judged(Special(Decimal(2), "HT", group="epiceries fines"), NOW)[PRICE] is MET
    assert grocers._judged(Special(Decimal(2), "HT"), NOW)[PRICE] is NOT_MET


def test_the_flag_may_be_asked_alone() -> None:
    assert SpecificPrice(product="Bol", banner=True).facts() == (BANNER,)
    with pytest.raises(ValidationError, match="bandeau"):
        SpecificPrice(product="Bol")


def test_an_employee_is_made_with_both_names_or_changed_with_a_profile() -> None:
    assert EmployeeAccount(email="a@b.test", profile="Commercial").facts() == (PROFILE,)
    both = EmployeeAccount(email="a@b.test", first_name="A", last_name="B", profile="Commercial")
    assert both.facts() == (ACCOUNT, PROFILE)
    with pytest.raises(ValidationError, match="ensemble"):
        EmployeeAccount(email="a@b.test", first_name="A")


def test_a_right_is_given_or_taken_not_both() -> None:
    right = Right(screen="clients")
    with pytest.raises(ValidationError, match="à la fois"):
        ProfilePermissions(profile="Commercial", added=(right,), removed=(right,))
    assert str(right) == "voir les clients"
    assert str(Right(screen="service client", action="modifier")) == "modifier le service client"


def test_the_profiles_are_listed_whatever_the_candidate_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[str]()

    def look(_site: object, _page: object, address: str, _reader: str) -> list[list[str]]:
        asked.append(address)
        return [["4", "Préparateur"]] if "filters[name]=&" in address else []

    monkeypatch.setattr(permissions, "screen", lambda *_: "http://x/profiles?_token=1")
    monkeypatch.setattr(permissions, "looked_up", look)
    check = ProfilePermissions(profile="Logisticien", new_name="Préparateur")
    assert [one.verdict for one in check.verify(MagicMock())] == [MET]
    assert len(asked) == 1


def test_a_sheet_says_what_it_needs() -> None:
    with pytest.raises(ValidationError, match="à créer"):
        CustomerSheet(email="a@b.test")
    with pytest.raises(ValidationError, match="à modifier"):
        CustomerSheet(customer="a@b.test")
    with pytest.raises(ValidationError, match="ville"):
        CustomerSheet(customer="a@b.test", address=("12 rue des Fossés",))
