"""Rules of the cart, specific prices, employees: what is concluded from what the back office holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import paniers, permissions, prix_specifiques
from checks.prestashop.fiches_clients import CustomerSheet
from checks.prestashop.paniers import CartRule
from checks.prestashop.permissions import ProfilePermissions
from checks.prestashop.prix_specifiques import SpecificPrice
from checks.prestashop.reading import cart_rules, cart_scope, group_effects, promotion_effects
from checks.prestashop.reading.answers import Forbidden
from checks.prestashop.reading.cart_bounds import Bounds, Selection, bound_as_asked
from checks.prestashop.reading.cart_rules import Rule
from checks.prestashop.reading.cart_scope import Asked, asked_of, below_of
from checks.prestashop.reading.catalogue_rules import Rule as PriceRule
from checks.prestashop.reading.category_tree import Node
from checks.prestashop.reading.checkout import Cart
from checks.prestashop.reading.customer_groups import NOBODY, Group
from checks.prestashop.reading.periods import period_from
from checks.prestashop.reading.profile_rights import Right
from checks.prestashop.reading.seeded import discounts, rows, seeded_number
from checks.prestashop.reading.shop import Row
from checks.prestashop.reading.special_prices import Special, Unit, _special, merged_variants
from checks.prestashop.screens.special_price_acts import BANNER, MINIMUM, PRICE
from checks.prestashop.screens.special_price_acts import PERIOD as PRICE_PERIOD
from checks.prestashop.screens.wanted_cart_rule import CODE, PERIOD, RULE
from checks.prestashop.utilisateurs import ACCOUNT, PROFILE, EmployeeAccount
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

pytestmark = pytest.mark.usefixtures("right_screens")

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


@pytest.fixture(autouse=True)
def by_no_other_road(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop whose base prices are the company's, and where nothing but the specific price shows."""
    monkeypatch.setattr(prix_specifiques, "effect", lambda *_: None)
    monkeypatch.setattr(prix_specifiques, "effect_for_group", lambda *_: None)
    monkeypatch.setattr(prix_specifiques, "repriced", lambda *_: "")
    monkeypatch.setattr(prix_specifiques, "visitors_taxes", lambda _: "TTC")
    monkeypatch.setattr(prix_specifiques, "is_on_sale", lambda *_: False)
    monkeypatch.setattr(prix_specifiques, "unseen", lambda _: "")
    monkeypatch.setattr(paniers, "visitors_taxes", lambda _: "TTC")


NOW = datetime(2026, 11, 24, 10, 12)
FORTNIGHT = period_from("2026-11-24 00:00:00", "2026-12-09 00:00:00")

CART = CartRule(reduction=Decimal(10), code="FOURNIL10", minimum=Decimal(30), starts="today", lasts="15 days")
RULE_KEPT = Rule(
    name="Remise", code="fournil10", reduction=Decimal("10.00"), minimum=Decimal("30.00"), period=FORTNIGHT
)


def test_a_rule_of_the_cart_its_code_and_its_period_are_judged_apart() -> None:
    assert CART._judged(RULE_KEPT, NOW) == {RULE: MET, CODE: MET, PERIOD: MET}
    assert CART._judged(replace(RULE_KEPT, code="FOURNIL10 "), NOW)[CODE] is MET
    assert CART._judged(replace(RULE_KEPT, code=" FOURNIL10"), NOW)[CODE] is NOT_MET
    assert CART.but(code="NOËL10")._judged(replace(RULE_KEPT, code="noel10"), NOW)[CODE] is MET
    assert CART._judged(replace(RULE_KEPT, code="AUTRE"), NOW) == {RULE: MET, CODE: NOT_MET, PERIOD: MET}
    short = replace(RULE_KEPT, period=period_from("2026-11-24 00:00:00", "2026-12-07 23:59:59"))
    assert CART._judged(short, NOW)[PERIOD] is NOT_MET


@pytest.mark.parametrize(
    "change",
    [
        {"active": False},
        {"bounds": Bounds(customer=True)},
        {"bounds": Bounds(carriers=("Mer et Colis",))},
        {"bounds": Bounds(on="cheapest")},
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


def test_a_rule_of_the_company_is_not_told_as_the_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    company = replace(RULE_KEPT, name="Fête du port", code="FETEDUPORT", reduction=Decimal(4), number=2)
    site = MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    tomorrow = period_from("2026-11-25 00:00:00", "2026-12-10 00:00:00")
    mine = replace(company, name="Apéro", code="APERO", period=tomorrow, number=6)
    always = CART.but(starts="", lasts="")
    for rules, name in (([company], "Fête du port"), ([company, mine], "Apéro"), ([mine, company], "Apéro")):
        monkeypatch.setattr(paniers, "cart_rules", lambda _, rules=rules: rules)
        found = always.verify(site)
        assert f"« {name} »" in found[0].observed
        assert {one.verdict for one in found} == {NOT_MET}
        told = ["règle de l’entreprise" in one.observed for one in found]
        assert told == [name == "Fête du port"] * 2


def test_a_rule_of_the_company_that_was_written_over_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    site = MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    monkeypatch.setattr(CartRule, "_in_the_cart", lambda *_: ("", True))
    over, mine = (replace(RULE_KEPT, number=number) for number in (5, 6))
    for rules, verdict in (([over], TO_JUDGE), ([mine], MET), ([over, mine], MET)):
        monkeypatch.setattr(paniers, "cart_rules", lambda _, rules=rules: rules)
        found = {one.fact: one for one in CART.verify(site)}
        assert {one: found[one].verdict for one in found} == {RULE: verdict, CODE: MET, PERIOD: MET}
        assert ("règle de l’entreprise, réécrite" in found[RULE].observed) is (verdict is TO_JUDGE)
    monkeypatch.setattr(paniers, "cart_rules", lambda _: [replace(over, reduction=Decimal(5))])
    assert CART.verify(site)[0].verdict is NOT_MET


@pytest.mark.parametrize("example", CartRule.examples(), ids=str)
def test_every_rule_of_the_cart_has_two_near_misses(example: CartRule) -> None:
    assert sum(miss.fact == RULE for miss in example.near_misses()) >= 2
    for miss in example.near_misses():
        assert miss.fact in example.facts()


@pytest.mark.parametrize(
    ("seen", "limits", "groups"),
    [
        ({}, (), None),
        ({"with_shipping": True}, ("frais de port compris dans ce montant",), None),
        ({"with_shipping": True, "minimum": "0"}, (), None),
        ({"no_specials": True}, ("sauf sur les produits déjà en promotion",), None),
        ({"no_specials": True, "kind": "off", "free_shipping": True}, (), None),
        ({"per_customer": "0"}, ("aucune fois par client",), None),
        ({"free_shipping": True}, ("avec le port offert",), None),
        ({"kind": "off", "free_shipping": True, "gift": True}, ("avec un produit offert",), None),
        ({"amount": "5.000000"}, ("avec un montant de remise en plus",), None),
        ({"amount": "5.000000", "kind": "amount"}, (), None),
        ({"groups": [["3", "Client"], ["6", "Hôtels"]]}, (), ("Client", "Hôtels")),
        ({"groups": [["6", "Hôtels"]]}, (), ("Hôtels",)),
        ({"groups": []}, (), ()),
    ],
)
def test_a_rule_of_the_cart_says_what_limits_it(
    monkeypatch: pytest.MonkeyPatch, seen: dict[str, Any], limits: tuple[str, ...], groups: tuple[str, ...] | None
) -> None:
    form = {
        "name": "R",
        "code": "",
        "active": True,
        "kind": "percent",
        "percent": "10",
        "amount": "",
        "tax": "1",
        "on": "",
        "free_shipping": False,
        "minimum": "30",
        "minimum_tax": "1",
        "from": "",
        "to": "",
        "customer": False,
        "shops": False,
        "carriers": None,
        "countries": None,
        "selections": [],
        "on_product": "0",
        "reference": "",
        "with_shipping": False,
        "no_specials": False,
        "times": "1",
        "per_customer": "1",
        "gift": False,
        "selection": ["Sablés"],
        "groups": None,
    }
    monkeypatch.setattr(cart_rules, "looked_up", lambda *_: {**form, **seen})
    read = cart_rules._read(MagicMock(), "http://x/?controller=AdminCartRules&id_cart_rule=12&updatecart_rule&token=1")
    assert (read.limits, read.selection, read.bounds.groups, read.number) == (limits, ("Sablés",), groups, 12)
    assert read.for_customers is ("Client" in (groups or ()))


def test_a_rule_of_the_cart_for_whoever_has_an_account_may_be_for_everybody() -> None:
    customers = replace(RULE_KEPT, bounds=Bounds(groups=("Client",)), for_customers=True)
    assert CART._judged(customers, NOW)[RULE] is TO_JUDGE
    assert CART._judged(replace(customers, for_customers=False), NOW)[RULE] is NOT_MET
    assert CART._judged(replace(customers, bounds=Bounds(groups=("Client",), customer=True)), NOW)[RULE] is NOT_MET
    assert CART.but(group="Clients")._judged(customers, NOW)[RULE] is NOT_MET
    assert CART.but(group="Client")._judged(customers, NOW)[RULE] is MET


BISCUIT = Selection("products", frozenset({29}), ("Sablé au citron",))
SAVOURY = Selection("categories", frozenset({5}), ("Crackers salés",), 3)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (Bounds(selections=(BISCUIT,), on="selection"), MET),
        (Bounds(on="specific", product=29, reference="SAB-CIT"), MET),
        (Bounds(selections=(BISCUIT,), on="specific", product=29), MET),
        (Bounds(on="specific", product=28), NOT_MET),
        (Bounds(selections=(BISCUIT,)), NOT_MET),  # on the whole order
        (Bounds(selections=(BISCUIT,), on="cheapest"), NOT_MET),
        (Bounds(), NOT_MET),
        (Bounds(selections=(replace(BISCUIT, pieces=2),), on="selection"), NOT_MET),
        (Bounds(selections=(BISCUIT,), on="selection", carriers=("Mer et Colis",)), NOT_MET),
    ],
)
def test_a_reduction_on_one_product_is_made_by_a_selection_or_on_the_product_itself(
    seen: Bounds, verdict: Verdict
) -> None:
    wanted = CartRule(reduction=Decimal(15), products=("Sablé au citron",), on="produits")
    assert bound_as_asked(wanted, seen, {29}, ()) is verdict


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (Bounds(selections=(SAVOURY,)), MET),
        (Bounds(selections=(replace(SAVOURY, pieces=1),)), NOT_MET),
        (Bounds(selections=(replace(SAVOURY, numbers=frozenset({6})),)), NOT_MET),
        (Bounds(selections=(Selection("products", frozenset({7, 8}), ("A", "B"), 3),)), TO_JUDGE),
        (Bounds(selections=(Selection("products", frozenset({7}), ("A",), 3),)), NOT_MET),
        (Bounds(selections=(SAVOURY,), on="selection"), NOT_MET),
        (Bounds(selections=(replace(SAVOURY, numbers=frozenset({5, 51})),)), TO_JUDGE),  # with one below
        (Bounds(selections=(replace(SAVOURY, numbers=frozenset({5, 51}), pieces=1),)), NOT_MET),
        (Bounds(selections=(replace(SAVOURY, numbers=frozenset({5, 6})),)), NOT_MET),
        (Bounds(selections=(replace(SAVOURY, numbers=frozenset({51})),)), NOT_MET),
    ],
)
def test_a_reduction_from_some_pieces_of_a_category_names_it_or_each_of_its_products(
    seen: Bounds, verdict: Verdict
) -> None:
    wanted = CartRule(reduction=Decimal(3), categories=("Crackers salés",), pieces=3)
    assert bound_as_asked(wanted, seen, {5}, {7, 8}, (), {51, 52}) is verdict


def test_the_categories_below_are_known_at_any_depth() -> None:
    nodes = [Node(2, "Accueil", ""), Node(5, "A", "Accueil", 2), Node(52, "C", "B", 51), Node(51, "B", "A", 5)]
    assert below_of(nodes, {5}) == {51, 52}
    assert below_of(nodes, {52}) == frozenset()


BOTH = CartRule(reduction=Decimal(15), products=("A", "B"), on="produits")


def off(*numbers: int) -> Bounds:
    """Of a rule that takes something off these products."""
    return Bounds(selections=(Selection("products", frozenset(numbers), tuple(map(str, numbers))),), on="selection")


@pytest.mark.parametrize(
    ("asked", "seen", "verdict"),
    [
        (Asked(frozenset({4, 5})), off(4, 5), MET),
        (Asked(frozenset({4}), missing=("B",)), off(4), TO_JUDGE),
        (Asked(frozenset({4}), missing=("B",)), Bounds(on="specific", product=4, reference="A"), TO_JUDGE),
        (Asked(frozenset({4}), missing=("B",)), off(6), NOT_MET),
        # The shop takes a product that is deleted out of its rules.
        (Asked(missing=("A", "B")), Bounds(on="selection"), TO_JUDGE),
        (Asked(missing=("A", "B")), off(), TO_JUDGE),
        (Asked(missing=("A", "B")), Bounds(on="specific", product=4), TO_JUDGE),
        (Asked(missing=("A", "B")), Bounds(on="specific", product=6, reference="C"), NOT_MET),
        (Asked(missing=("A", "B")), Bounds(on="order"), NOT_MET),
        (Asked(missing=("A", "B")), off(6), NOT_MET),
    ],
)
def test_a_rule_is_never_met_where_some_of_what_is_asked_is_not_in_the_shop(
    monkeypatch: pytest.MonkeyPatch, asked: Asked, seen: Bounds, verdict: Verdict
) -> None:
    rule, site = Rule(reduction=Decimal(15), bounds=seen), MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    monkeypatch.setattr(paniers, "cart_rules", lambda _: [rule])
    monkeypatch.setattr(paniers, "asked_of", lambda *_: asked)
    monkeypatch.setattr(CartRule, "_in_the_cart", lambda *_: ("", True))
    [found] = BOTH.verify(site)
    assert found.verdict is verdict
    assert ("« B » n’existe pas (ou plus) dans la boutique" in found.observed) is (asked.missing == ("B",))
    assert ("« A », « B » n’existent pas (ou plus) dans la boutique" in found.observed) is (len(asked.missing) == 2)


SHELF = [
    Row(1, "A", "Sablés", True, "edit/1", ""),
    Row(2, "B", "Sablés", False, "edit/2", ""),
    Row(3, "C", "Bols", True, "edit/3", ""),  # a visitor finds it in the category too
    Row(4, "D", "Bols", False, "edit/4", ""),  # its sheet says that it is there
    Row(5, "E", "Bols", True, "edit/5", ""),
]


def on_the_shelf(monkeypatch: pytest.MonkeyPatch, shown: list[int] | None = None) -> None:
    """A shop with these products, and the category « Sablés » where a visitor finds some."""

    def sheets(_site: object, _page: object, addresses: list[str], _script: object) -> list[list[str]]:
        return [["Bols", "Sablés"] if one == "edit/4" else ["Bols"] for one in addresses]

    monkeypatch.setattr(cart_scope, "catalogue", lambda _: SHELF)
    monkeypatch.setattr(
        cart_scope, "category_tree", lambda _: [Node(70, "Sablés", "Accueil"), Node(71, "Bols", "Accueil")]
    )
    monkeypatch.setattr(cart_scope, "looked_up", lambda *_: [1, 3] if shown is None else shown)
    monkeypatch.setattr(cart_scope, "looked_up_each", sheets)


def on_products(*numbers: int) -> Rule:
    names = tuple(row.name for row in SHELF if row.id in numbers)
    return Rule(reduction=Decimal(5), bounds=Bounds((Selection("products", frozenset(numbers), names),)))


def test_names_that_nothing_in_the_shop_has_are_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_shelf(monkeypatch)
    site, of = MagicMock(company=COMPANY), CartRule(reduction=Decimal(5), categories=("Sablés", "Thés"))
    assert asked_of(site, of, []) == Asked(frozenset({70}), frozenset({1}), frozenset({1, 2, 3}), ("Thés",))
    products = asked_of(site, of.but(categories=(), products=("A", "Z")), [])
    assert (products.numbers, products.missing) == (frozenset({1}), ("Z",))
    assert asked_of(site, of.but(categories=()), []) == Asked()


@pytest.mark.parametrize(
    ("ticked", "verdict"),
    [
        ((1,), TO_JUDGE),
        ((1, 3), TO_JUDGE),
        ((1, 2, 3, 4), TO_JUDGE),
        ((1, 5), NOT_MET),
        ((1, 3, 5), NOT_MET),
        ((3,), NOT_MET),
    ],
)
def test_each_product_of_the_category_may_be_ticked_whatever_its_main_one(
    monkeypatch: pytest.MonkeyPatch, ticked: tuple[int, ...], verdict: Verdict
) -> None:
    on_the_shelf(monkeypatch)
    check, rule = CartRule(reduction=Decimal(5), categories=("Sablés",)), on_products(*ticked)
    assert check._judged(rule, NOW, asked_of(MagicMock(), check, [rule]))[RULE] is verdict


def test_a_category_that_is_no_products_main_one_has_those_that_visitors_find_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_the_shelf(monkeypatch, [3, 5])
    monkeypatch.setattr(cart_scope, "catalogue", lambda _: SHELF[2:])
    check, rule = CartRule(reduction=Decimal(5), categories=("Sablés",)), on_products(3, 5)
    asked = asked_of(MagicMock(), check, [rule])
    assert asked.inside == {3, 5}
    assert check._judged(rule, NOW, asked)[RULE] is TO_JUDGE

    def closed(*_: object) -> Any:
        raise Forbidden("403")

    monkeypatch.setattr(cart_scope, "looked_up", closed)
    assert asked_of(MagicMock(), check, [rule]).inside == frozenset()


def test_a_reduction_on_one_product_is_told_by_its_name() -> None:
    on_it = Bounds(on="specific", product=29, reference="SAB-CIT")
    assert on_it.in_words == ["remise sur le produit « SAB-CIT »"]
    assert replace(on_it, selections=(BISCUIT,)).in_words[-1] == "remise sur le produit « Sablé au citron »"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"products": ("Bol",), "categories": ("Sablés",)}, "des produits"),
        ({"pieces": 2}, "pieces et on"),
        ({"on": "produits"}, "pieces et on"),
        ({"on": "produits", "categories": ("Sablés",), "unit": "TTC"}, "un seul produit"),
        ({"on": "produits", "products": ("Bol",), "unit": "port offert", "reduction": 0}, "port offert"),
    ],
)
def test_what_the_shop_cannot_bind_a_rule_to_cannot_be_asked(values: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        CartRule.model_validate({"reduction": 5, **values})


@pytest.mark.parametrize(
    ("sold", "saved", "verdict", "said"),
    [
        ({1: True, 2: True}, "10", MET, "sur un panier de 100,00 €"),
        ({1: False, 2: True}, "10", MET, "sur un panier de 100,00 €"),
        ({1: None, 2: True}, "9", TO_JUDGE, "au lieu de 10,00 €"),
        ({1: False, 2: None}, "10", TO_JUDGE, "un visiteur ne peut acheter aucun produit"),
        ({1: None}, "10", TO_JUDGE, "un visiteur ne peut acheter aucun produit"),
        ({}, "10", TO_JUDGE, "un visiteur ne peut acheter aucun produit"),
    ],
)
def test_a_rule_of_the_cart_is_met_where_a_cart_shows_it(
    monkeypatch: pytest.MonkeyPatch, sold: dict[int, bool | None], saved: str, verdict: Verdict, said: str
) -> None:
    """A product is sold, or the shop refuses it; None: a visitor may not even see it."""
    carts = list[int]()

    def shown(_site: object, product: int) -> Any:
        if sold[product] is None:
            raise Forbidden("403")
        return MagicMock(price=Decimal(5), data={"rate": "20"})

    def cart(*_: object) -> Cart:
        filled = any(sold[one] for one in carts)
        products, off = (Decimal(100), Decimal(saved)) if filled else (Decimal(0), Decimal(0))
        return Cart(products, Decimal(0), products - off, (("R", off),) if filled else (), 0)

    site = MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    monkeypatch.setattr(paniers, "sells", lambda *_: True)
    monkeypatch.setattr(paniers, "cart_rules", lambda _: [Rule(name="R", reduction=Decimal(10))])
    monkeypatch.setattr(paniers, "catalogue", lambda _: [Row(one, "P", "", True, "", "") for one in reversed(sold)])
    monkeypatch.setattr(paniers, "shown_for_quantity", shown)
    monkeypatch.setattr(paniers, "put_in_cart", lambda _site, _page, product, _quantity: carts.append(product))
    monkeypatch.setattr(paniers, "cart_of", cart)
    [found] = CartRule(reduction=Decimal(10)).verify(site)
    assert found.verdict is verdict
    assert said in found.observed


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


@pytest.mark.parametrize(
    ("kept_by_the_shop", "verdict"),
    [("45,00", TO_JUDGE), ("45", TO_JUDGE), ("40,00", NOT_MET), ("0,00", NOT_MET), ("", NOT_MET), (None, NOT_MET)],
)
def test_free_shipping_by_the_shops_own_setting_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, kept_by_the_shop: str | None, verdict: Verdict
) -> None:
    site, asked = MagicMock(), list[str]()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    monkeypatch.setattr(paniers, "screen", lambda _site, *tabs: asked.append(tabs[-1]))
    monkeypatch.setattr(paniers, "looked_up", lambda *_: kept_by_the_shop)
    check = CartRule(unit="port offert", minimum=Decimal(45))
    for rules in ([], [RULE_KEPT]):
        monkeypatch.setattr(paniers, "cart_rules", lambda _, rules=rules: rules)
        [found] = check.verify(site)
        assert found.verdict is verdict
        assert ("préférences de livraison" in found.observed) is (verdict is TO_JUDGE)
        assert check.but(code="PORT").verify(site)[0].verdict is NOT_MET
        assert check.but(minimum=None).verify(site)[0].verdict is NOT_MET
    assert asked == ["AdminShipping"] * 2


IN_PRICES = CartRule(reduction=Decimal(10), products=("A", "C"), on="produits")


@pytest.mark.parametrize(
    ("check", "reduced", "verdict"),
    [
        (IN_PRICES, {1, 3}, TO_JUDGE),
        (IN_PRICES.but(starts="today", lasts="15 days"), {1, 3}, TO_JUDGE),
        (IN_PRICES, {1}, NOT_MET),
        (IN_PRICES, {1, 3, 5}, NOT_MET),
        (IN_PRICES.but(products=("A", "D")), {1, 4}, NOT_MET),  # off line
        (IN_PRICES.but(products=("A", "Z")), {1}, NOT_MET),
        (IN_PRICES.but(products=(), categories=("Sablés",)), {1}, TO_JUDGE),
        (IN_PRICES.but(products=(), categories=("Sablés",)), {1, 3}, TO_JUDGE),
        (IN_PRICES.but(code="X"), {1, 3}, NOT_MET),
        (IN_PRICES.but(on="commande"), {1, 3}, NOT_MET),
        (IN_PRICES.but(minimum=Decimal(30)), {1, 3}, NOT_MET),
        (IN_PRICES.but(pieces=2), {1, 3}, NOT_MET),
        (IN_PRICES.but(group="Clients"), {1, 3}, NOT_MET),
        (IN_PRICES.but(times=10), {1, 3}, NOT_MET),
    ],
)
@pytest.mark.parametrize("rules", [[], [RULE_KEPT]])
def test_a_reduction_that_visitors_find_in_the_prices_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, rules: list[Rule], check: CartRule, reduced: set[int], verdict: Verdict
) -> None:
    on_the_shelf(monkeypatch)
    monkeypatch.setattr(paniers, "catalogue", lambda _: SHELF)
    monkeypatch.setattr(paniers, "cart_rules", lambda _: rules)
    monkeypatch.setattr(
        promotion_effects, "effect", lambda _, one, *__: (Decimal(9), False) if one in reduced else None
    )
    site = MagicMock(company=COMPANY)
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    found = {one.fact: one for one in check.verify(site)}
    assert found[RULE].verdict is verdict
    assert (". Pourtant, sur chaque produit " in found[RULE].observed) is (verdict is TO_JUDGE)
    if check.lasts:
        assert found[PERIOD].verdict is TO_JUDGE


PRICED = SpecificPrice(product="Bol", reduction=Decimal(15), minimum=3, starts="today", lasts="15 days", banner=True)
SPECIAL = Special(reduction=Decimal("15.000000"), minimum=3, period=FORTNIGHT)


def test_a_specific_price_its_quantity_and_its_period_are_judged_apart() -> None:
    assert PRICED._judged(SPECIAL, NOW) == {PRICE: MET, PRICE_PERIOD: MET, MINIMUM: MET}
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
    monkeypatch.setattr(prix_specifiques, "catalogue_rules", lambda _: [])
    monkeypatch.setattr(SpecificPrice, "_price", looking("price", (Decimal(1), Decimal(1), Decimal(2))))
    found = {one.fact: one for check in (CART, PRICED) for one in check.verify(site)}
    assert (found[RULE].verdict, found[PRICE].verdict) == (verdict, verdict)
    assert (found[PERIOD].verdict, found[PRICE_PERIOD].verdict) == (MET, MET)
    assert seen == (["cart", "price"] if looked else [])
    assert ("ne s’applique plus" in found[RULE].observed) is not looked


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("2026-04-17 00:00:00", "2026-04-21 00:00:00", NOT_MET),
        ("2026-11-25 00:00:00", "2026-12-25 00:00:00", TO_JUDGE),
        ("2026-11-20 00:00:00", "2026-11-24 00:00:00", TO_JUDGE),
        ("2026-11-24 10:00:00", "2026-12-24 10:00:00", MET),  # what the screen proposes
    ],
)
def test_a_rule_of_the_cart_that_does_not_run_is_none_or_for_a_person(
    monkeypatch: pytest.MonkeyPatch, start: str, end: str, verdict: Verdict
) -> None:
    site, check = MagicMock(), CART.but(starts="", lasts="")
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    dated = replace(RULE_KEPT, period=period_from(start, end))
    monkeypatch.setattr(paniers, "cart_rules", lambda _: [dated])
    monkeypatch.setattr(CartRule, "_in_the_cart", lambda *_: ("", True))
    found = {one.fact: one for one in check.verify(site)}
    assert found[RULE].verdict is verdict
    assert found[CODE].verdict is (NOT_MET if verdict is NOT_MET else MET)
    assert ("ne s’appliquait pas" in found[RULE].observed) is (verdict is TO_JUDGE)
    running = replace(RULE_KEPT, period=period_from("2026-11-24 10:00:00", "2026-12-24 10:00:00"))
    monkeypatch.setattr(paniers, "cart_rules", lambda _: [dated, running])
    assert {one.verdict for one in check.verify(site)} == {MET}


def test_a_rule_of_the_cart_that_ends_before_the_screens_month_is_for_a_person() -> None:
    always = CART.but(starts="", lasts="")
    for end, verdict in (("2026-12-01 10:00:00", TO_JUDGE), ("2026-12-24 10:00:00", MET), ("2027-11-24 10:00:00", MET)):
        rule = replace(RULE_KEPT, period=period_from("2026-11-24 10:00:00", end))
        assert always._judged(rule, NOW)[RULE] is verdict
        assert CART._judged(rule, NOW)[RULE] is MET  # where a period is asked, it is a fact of its own


def test_where_a_period_is_asked_it_is_the_wrong_dates_that_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    site, over = MagicMock(), period_from("2026-04-17 00:00:00", "2026-04-21 00:00:00")
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    monkeypatch.setattr(paniers, "cart_rules", lambda _: [replace(RULE_KEPT, period=over)])
    found = {one.fact: one.verdict for one in CART.verify(site)}
    assert found == {RULE: TO_JUDGE, CODE: MET, PERIOD: NOT_MET}


Prices = tuple[Decimal, Decimal, Decimal | None] | str


def priced(
    monkeypatch: pytest.MonkeyPatch,
    prices: Prices,
    *specials: Special,
    check: SpecificPrice = PRICED,
    online: bool = True,
    in_cart: Sequence[Rule] = (),
    rules: Sequence[PriceRule] = (),
    number: int = 5,
) -> dict[str, Verdict]:
    shown = [Row(number, "Bol", "Bols", online, "", ""), Row(6, "Sablé", "Sablés", True, "", "")]
    monkeypatch.setattr(prix_specifiques, "catalogue", lambda _: shown)
    monkeypatch.setattr(prix_specifiques, "cart_rules", lambda _: in_cart)
    monkeypatch.setattr(prix_specifiques, "catalogue_rules", lambda _: rules)
    monkeypatch.setattr(prix_specifiques, "specials_of", lambda *_: list(specials))
    monkeypatch.setattr(SpecificPrice, "_price", lambda *_: prices)
    site = MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    site.page.locator.return_value.count.return_value = 1
    return {one.fact: one.verdict for one in check.verify(site)}


def test_the_same_reduction_on_the_product_by_a_rule_of_the_cart_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    due, rule = (
        (Decimal(3), Decimal(3), Decimal(4)),
        Rule(reduction=Decimal(15), period=FORTNIGHT, bounds=Bounds(customer=True)),
    )
    own = {PRICE: TO_JUDGE, BANNER: MET, PRICE_PERIOD: TO_JUDGE, MINIMUM: TO_JUDGE}
    for selection in (("Bol",), ("BOL-1",), ("Bol", "Sablé")):
        assert priced(monkeypatch, due, in_cart=[replace(rule, selection=selection)]) == own
    on_it = replace(rule, selection=("Bol",))
    assert priced(monkeypatch, due, SPECIAL, in_cart=[on_it])[PRICE] is MET
    assert priced(monkeypatch, due, replace(SPECIAL, reduction=Decimal(5)), in_cart=[on_it]) == own
    for other in (
        rule,
        replace(rule, selection=("Sablé",)),
        replace(rule, selection=("Bols",)),
        replace(on_it, code="X"),
        replace(on_it, active=False),
        replace(on_it, reduction=Decimal(10)),
        replace(on_it, unit="TTC"),
        replace(on_it, period=period_from("2026-11-20 00:00:00", "")),
    ):
        assert priced(monkeypatch, due, in_cart=[other])[PRICE] is NOT_MET
    assert priced(monkeypatch, due, check=SpecificPrice(product="Bol", banner=True), in_cart=[on_it]) == {BANNER: MET}


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
    assert (
        priced(monkeypatch, right, replace(SPECIAL, period=period_from("", ""), narrowed=True), france)[PRICE]
        is TO_JUDGE
    )
    assert priced(monkeypatch, right, france, SPECIAL)[PRICE] is MET
    assert "seulement pour « France »" in str(france)


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("2026-10-01 00:00:00", "2026-10-15 00:00:00", NOT_MET),
        ("2026-11-25 00:00:00", "", TO_JUDGE),
        ("2026-11-20 00:00:00", "2026-11-24 00:00:00", TO_JUDGE),
        ("2026-11-24 00:00:00", "2026-12-24 00:00:00", TO_JUDGE),
        ("", "2026-12-24 00:00:00", TO_JUDGE),
        ("2026-11-24 00:00:00", "", MET),
        ("", "", MET),
    ],
)
def test_a_specific_price_that_does_not_run_is_none_or_for_a_person(
    monkeypatch: pytest.MonkeyPatch, start: str, end: str, verdict: Verdict
) -> None:
    right, always = (Decimal(3), Decimal(3), Decimal(4)), PRICED.but(starts="", lasts="", banner=False)
    dated = replace(SPECIAL, period=period_from(start, end))
    seen = {PRICE: verdict, MINIMUM: NOT_MET if verdict is NOT_MET else MET}
    assert priced(monkeypatch, right, dated, check=always) == seen
    running = replace(SPECIAL, period=period_from("", ""))
    assert priced(monkeypatch, right, dated, running, check=always) == {PRICE: MET, MINIMUM: MET}


def test_a_specific_price_says_what_it_is_bound_to() -> None:
    assert _special(SEEN).only_in == ()
    assert _special({**SEEN, "only_in": ["France"]}).only_in == ("France",)
    assert (_special(SEEN).variants, _special({**SEEN, "variant": "12"}).variants) == ((), ("12",))


@pytest.mark.parametrize(
    ("asked", "unit", "given", "rate", "verdict"),
    [
        ("2.50", "HT", "3.00", "20", TO_JUDGE),
        ("3.00", "TTC", "2.50", "20", TO_JUDGE),
        ("2.50", "HT", "2.64", "5.5", TO_JUDGE),
        ("2.50", "HT", "3.00", "5.5", NOT_MET),
        ("2.50", "HT", "2.50", "20", NOT_MET),
        ("2.50", "HT", "3.02", "20", NOT_MET),
        ("15", "%", "15", "0", NOT_MET),
    ],
)
def test_the_same_amount_by_the_other_count_of_tax_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, asked: str, unit: Unit, given: str, rate: str, verdict: Verdict
) -> None:
    check = SpecificPrice(product="Bol", reduction=Decimal(asked), unit=unit)
    special = Special(reduction=Decimal(given), unit="HT" if unit == "TTC" else "TTC")
    monkeypatch.setattr(prix_specifiques, "rate_of", lambda *_: Decimal(rate))
    assert priced(monkeypatch, (Decimal(3), Decimal(3), None), special, check=check) == {PRICE: verdict}
    exact = replace(special, reduction=Decimal(asked), unit=unit)
    assert priced(monkeypatch, (Decimal(3), Decimal(3), None), special, exact, check=check) == {
        PRICE: TO_JUDGE
    }  # both were left


SEEN = {
    "type": "percentage",
    "reduction": "15",
    "tax": "1",
    "minimum": "3",
    "from": "",
    "to": "",
    "group": "",
    "group_number": "",
    "variant": "0",
    "narrowed": False,
    "only_in": [],
    "price_kept": True,
}


def test_a_reduction_that_starts_at_more_pieces_is_not_one_from_the_first() -> None:
    always = PRICED.but(minimum=1)
    assert always.facts() == (PRICE, BANNER, PRICE_PERIOD)
    assert always._judged(replace(SPECIAL, minimum=5), NOW)[PRICE] is NOT_MET
    assert always._judged(replace(SPECIAL, minimum=1), NOW)[PRICE] is MET
    assert PRICED._judged(replace(SPECIAL, minimum=5), NOW) == {
        PRICE: MET,
        PRICE_PERIOD: MET,
        MINIMUM: NOT_MET,
    }


def on(*variants: str, **more: Any) -> list[Special]:
    return [replace(SPECIAL, variants=(one,), **more) for one in variants]


def test_a_reduction_on_each_variant_one_by_one_is_one_on_the_product() -> None:
    assert merged_variants(on("4", "7"), ["4", "7"]) == [SPECIAL]
    assert merged_variants([*on("4"), SPECIAL], ["4", "7"]) == [SPECIAL]
    assert merged_variants(on("4", "7"), ["4", "7", "9"]) == [replace(SPECIAL, variants=("4", "7"))]
    assert merged_variants(on("4"), ["4"]) == [SPECIAL]
    ten = on("7", reduction=Decimal(10))
    assert merged_variants([*on("4"), *ten], ["4", "7"]) == [*on("4"), *ten]


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
    ended = period_from("2026-04-17 00:00:00", "2026-04-21 00:00:00")
    assert priced(monkeypatch, right, SPECIAL, *on("4", reduction=Decimal(10), period=ended))[PRICE] is MET


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"period": period_from("", "")}, TO_JUDGE),
        ({"period": period_from("2026-11-24", "2026-12-24")}, TO_JUDGE),
        ({"reduction": Decimal(10)}, TO_JUDGE),
        ({"unit": "TTC"}, TO_JUDGE),
        ({"minimum": 2}, TO_JUDGE),
        ({"minimum": 4}, TO_JUDGE),
        ({"narrowed": True}, TO_JUDGE),  # one customer's, or with a price of its own
        ({"reduction": Decimal(10), "period": period_from("2026-11-25", "")}, TO_JUDGE),
        ({"reduction": Decimal(10), "group": "Client", "customers": True}, TO_JUDGE),
        ({"reduction": Decimal(10), "group": "Hôtels"}, MET),
        ({"period": period_from("2026-11-24", "2026-12-01")}, MET),
        ({"group": "Client", "customers": True}, MET),
        ({"only_in": ("France",)}, MET),
        ({"reduction": Decimal(10), "period": period_from("2026-11-20", "2026-11-24 09:00:00")}, MET),
    ],
)
def test_another_reduction_that_the_candidate_left_on_the_product_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], verdict: Verdict
) -> None:
    right, other = (Decimal(3), Decimal(3), Decimal(4)), replace(SPECIAL, **change)
    for both in ([SPECIAL, other], [other, SPECIAL]):
        assert priced(monkeypatch, right, *both) == {
            PRICE: verdict,
            BANNER: MET,
            PRICE_PERIOD: MET,
            MINIMUM: MET,
        }
    site = MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    site.page.locator.return_value.count.return_value = 1
    assert ("mais il y a aussi une remise de" in PRICED.verify(site)[0].observed) is (verdict is TO_JUDGE)


def test_a_reduction_for_everybody_beside_the_groups_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    grocers, right = PRICED.but(group="Épiceries fines"), (Decimal(3), Decimal(3), Decimal(4))
    monkeypatch.setattr(prix_specifiques, "groups_named", lambda *_: [1])
    own = replace(SPECIAL, group="Épiceries fines")
    assert priced(monkeypatch, right, own, check=grocers)[PRICE] is MET
    for group, customers in (("", False), ("Client", True)):
        other = replace(SPECIAL, group=group, customers=customers)
        assert priced(monkeypatch, right, own, other, check=grocers)[PRICE] is TO_JUDGE


def test_what_the_company_took_off_before_is_not_the_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    box, right = next(number for number, row in rows(COMPANY, "products") if row.get("discounts")), Decimal(3)
    [(reduction, unit, minimum, group)] = discounts(COMPANY, box)
    assert (reduction, unit, minimum, group) == (Decimal(4), "%", 48, "Épiceries fines")
    assert (Decimal(15), "%", 1, "") in discounts(COMPANY, seeded_number(COMPANY, "Kouign-amann à réchauffer"))
    before = Special(reduction, "%", minimum, group=group)
    grocers = PRICED.but(group=group)
    monkeypatch.setattr(prix_specifiques, "groups_named", lambda *_: [1])
    own = replace(SPECIAL, group=group)
    for number, verdict in ((box, MET), (5, TO_JUDGE)):
        found = priced(monkeypatch, (right, right, None), before, own, check=grocers, number=number)
        assert found[PRICE] is verdict


def test_a_rule_of_the_catalogue_beside_the_specific_price_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    right = (Decimal(3), Decimal(3), Decimal(4))
    shop = PriceRule("Essai", Decimal(15), "%", True, 3, FORTNIGHT, True, (), number=4)
    bowls, others = (replace(shop, conditions=((one,),)) for one in ("(7) Bols", "(4) Sablés"))
    for rule, verdict in (
        (shop, TO_JUDGE),
        (bowls, TO_JUDGE),
        (others, MET),
        (replace(shop, number=1), MET),
        (replace(shop, everybody=False), MET),
        (replace(shop, period=period_from("2026-10-01", "2026-10-15")), MET),
    ):
        assert priced(monkeypatch, right, SPECIAL, rules=[rule])[PRICE] is verdict


GROCERS = Group("5", "Épiceries fines", Decimal(15), "TTC", True)


@pytest.mark.parametrize(
    ("shown", "fewer", "visitor", "own", "found"),
    [
        ("9.00", "10.00", "10.00", GROCERS, (Decimal("9.00"), False)),  # in the place of its own discount
        ("7.65", "8.50", "10.00", GROCERS, (Decimal("7.65"), False)),  # on top of it
        ("9.00", "9.00", "10.00", GROCERS, (Decimal("9.00"), True)),
        ("9.00", "10.00", "9.00", GROCERS, None),  # whoever comes has it
        ("8.50", "8.50", "10.00", GROCERS, None),  # what the group had before
        ("9.50", "10.00", "10.00", GROCERS, None),
        ("0", "0", "10.00", GROCERS, None),  # it sees no prices
        ("9.00", "10.00", "10.00", None, None),
    ],
)
def test_the_price_that_a_group_finds_by_another_road_is_told_from_what_it_had(
    monkeypatch: pytest.MonkeyPatch,
    shown: str,
    fewer: str,
    visitor: str,
    own: Group | None,
    found: tuple[Decimal, bool] | None,
) -> None:
    member = MagicMock(company=COMPANY)
    member.goto.return_value.status = 200

    def look(_site: object, _product: int, quantity: int = 1, page: Any = None) -> Any:
        price = visitor if page is None else shown if quantity >= 3 else fewer
        return MagicMock(price=Decimal(price), data={"rate": "0"})

    had = Decimal(visitor) == Decimal("9.00")
    monkeypatch.setattr(group_effects, "effect", lambda *_: (Decimal(9), False) if had else None)
    monkeypatch.setattr(group_effects, "groups_named", lambda *_: [own] if own else [])
    monkeypatch.setattr(group_effects, "member_of", lambda *_: member)
    monkeypatch.setattr(group_effects, "shown_for_quantity", look)
    monkeypatch.setattr(group_effects, "regular_if_net", lambda *_: Decimal(10))
    row = Row(5, "Bol", "Bols", True, "", "")
    assert (
        group_effects.effect_for_group(MagicMock(company=COMPANY), row, "Épiceries fines", Decimal(10), "%", 3) == found
    )
    member.goto.return_value.status = 403
    assert (
        group_effects.effect_for_group(MagicMock(company=COMPANY), row, "Épiceries fines", Decimal(10), "%", 3) is None
    )


@pytest.mark.parametrize(
    ("seen", "verdict"), [((Decimal(9), False), TO_JUDGE), ((Decimal(9), True), NOT_MET), (None, NOT_MET)]
)
def test_a_price_for_a_group_by_another_road_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, seen: tuple[Decimal, bool] | None, verdict: Verdict
) -> None:
    monkeypatch.setattr(prix_specifiques, "effect_for_group", lambda *_: seen)
    grocers = PRICED.but(group="Épiceries fines", banner=False)
    for specials in ([], [replace(SPECIAL, group="Hôtels")]):
        found = priced(monkeypatch, "", *specials, check=grocers)
        assert found[PRICE] is verdict
        if verdict is TO_JUDGE:
            assert set(found.values()) == {TO_JUDGE}
    assert priced(monkeypatch, "", check=grocers, online=False)[PRICE] is NOT_MET
    site = MagicMock()
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    monkeypatch.setattr(prix_specifiques, "catalogue", lambda _: [Row(5, "Bol", "Bols", True, "", "")])
    told = grocers.verify(site)[0].observed
    assert ("un client du groupe qui en prend 3 voit 9,00 €" in told) is (verdict is TO_JUDGE)


def test_a_group_is_known_by_its_name_where_the_screen_numbers_them(monkeypatch: pytest.MonkeyPatch) -> None:
    grocers = SpecificPrice(product="Bol", reduction=Decimal(15), group="Épiceries fines")
    special = replace(_special({**SEEN, "group": "5 - Épiceries fines", "minimum": "1"}), reduction=Decimal(15))
    assert grocers._judged(special, NOW)[PRICE] is MET
    monkeypatch.setattr(prix_specifiques, "groups_named", lambda *_: [1, 2])
    assert priced(monkeypatch, (Decimal(3), Decimal(3), None), special, check=grocers)[PRICE] is TO_JUDGE


def test_a_reduction_that_fewer_pieces_have_already_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    due = Decimal(3)
    leftover = priced(monkeypatch, (due, due, due), replace(SPECIAL, minimum=1, period=period_from("", "")), SPECIAL)
    assert leftover == {PRICE: TO_JUDGE, BANNER: MET, PRICE_PERIOD: MET, MINIMUM: TO_JUDGE}
    assert priced(monkeypatch, (due, due, Decimal(4)), SPECIAL)[MINIMUM] is MET
    assert priced(monkeypatch, (due, due, due), replace(SPECIAL, minimum=4))[MINIMUM] is NOT_MET


def test_a_group_that_may_not_see_the_product_leaves_its_price_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    assert priced(monkeypatch, "les clients de ce groupe n’ont pas accès au produit", SPECIAL)[PRICE] is TO_JUDGE


def test_a_group_of_which_no_customer_can_be_made_leaves_the_price_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    grocers = SpecificPrice(product="Bol", reduction=Decimal(15), group="Hôtels")
    monkeypatch.setattr(prix_specifiques, "shown_for_quantity", lambda *_: MagicMock(data={"rate": "20"}))
    monkeypatch.setattr(prix_specifiques, "due_price", lambda *_: Decimal(10))
    monkeypatch.setattr(prix_specifiques, "groups_named", lambda *_: [Group("6", "Hôtels", Decimal(0), "TTC", True)])
    monkeypatch.setattr(prix_specifiques, "member_of", lambda *_: None)
    assert grocers._price(MagicMock(), MagicMock(), Special(Decimal(15), "%", group="Hôtels")) == NOBODY


@pytest.mark.parametrize(
    ("group", "status", "said"),
    [("", 200, "fermée aux visiteurs"), ("Hôtels", 403, "fermée aux visiteurs"), ("Hôtels", 200, "voit 2,50 €")],
)
def test_the_price_of_a_product_that_is_closed_to_visitors_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, group: str, status: int, said: str
) -> None:
    def look(_site: object, _product: int, _quantity: int = 1, page: Any = None) -> Any:
        if page is None:
            raise Forbidden("403")
        return MagicMock(price=Decimal("2.50"))

    page, site = MagicMock(), MagicMock()
    page.goto.return_value.status = status
    site.taken_at = site.present = NOW.replace(tzinfo=UTC)
    site.page.locator.return_value.count.return_value = 0
    monkeypatch.setattr(prix_specifiques, "catalogue", lambda _: [Row(5, "Bol", "bols", True, "", "")])
    monkeypatch.setattr(prix_specifiques, "specials_of", lambda *_: [Special(Decimal(15), group=group)])
    monkeypatch.setattr(prix_specifiques, "catalogue_rules", lambda _: [])
    monkeypatch.setattr(prix_specifiques, "shown_for_quantity", look)
    monkeypatch.setattr(prix_specifiques, "groups_named", lambda *_: [Group("6", "Hôtels", Decimal(0), "TTC", True)])
    monkeypatch.setattr(prix_specifiques, "member_of", lambda *_: page)
    price, banner = SpecificPrice(product="Bol", reduction=Decimal(15), group=group, banner=True).verify(site)
    assert (price.verdict, banner.verdict) == (TO_JUDGE, TO_JUDGE)
    assert said in price.observed
    assert "fermée aux visiteurs" in banner.observed


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
    till_last = replace(SPECIAL, period=period_from("2026-11-24", "2026-12-08"))
    assert priced(monkeypatch, (Decimal(3), Decimal(3), None), till_last)[PRICE_PERIOD] is TO_JUDGE
    assert CART._judged(replace(RULE_KEPT, period=till_last.period), NOW)[PERIOD] is TO_JUDGE


def test_the_group_of_a_specific_price_is_the_one_that_is_asked() -> None:
    grocers = SpecificPrice(product="Bol", reduction=Decimal(2), unit="HT", group="Épiceries fines")
    assert grocers._judged(Special(Decimal(2), "HT", group="epiceries fines"), NOW)[PRICE] is MET
    assert grocers._judged(Special(Decimal(2), "HT"), NOW)[PRICE] is NOT_MET


def test_a_specific_price_for_whoever_has_an_account_may_be_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (_special(SEEN).customers, _special({**SEEN, "group_number": "4"}).customers) == (False, False)
    accounts = _special({**SEEN, "group": "Client", "group_number": "3"})
    assert PRICED._judged(replace(accounts, period=FORTNIGHT), NOW) == PRICED._judged(SPECIAL, NOW) | {PRICE: TO_JUDGE}
    assert PRICED._judged(replace(accounts, reduction=Decimal(5)), NOW)[PRICE] is NOT_MET
    assert PRICED.but(group="Épiceries fines")._judged(accounts, NOW)[PRICE] is NOT_MET
    monkeypatch.setattr(prix_specifiques, "groups_named", lambda *_: [1])
    right = (Decimal(3), Decimal(3), Decimal(4))
    assert priced(monkeypatch, right, replace(accounts, period=FORTNIGHT))[PRICE] is TO_JUDGE


def test_a_slip_in_the_name_of_the_candidates_own_group_costs_the_price_nothing() -> None:
    hotels = SpecificPrice(product="Bol", reduction=Decimal(2), unit="HT", group="Hôtels du port")
    assert hotels._judged(Special(Decimal(2), "HT", group="Hôtel du port"), NOW)[PRICE] is TO_JUDGE
    assert hotels._judged(Special(Decimal(3), "HT", group="Hôtel du port"), NOW)[PRICE] is NOT_MET
    grocers = SpecificPrice(product="Bol", reduction=Decimal(2), unit="HT", group="Épicerie fine")
    assert grocers._judged(Special(Decimal(2), "HT", group="Épiceries fines"), NOW)[PRICE] is NOT_MET  # the company's


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
