"""Right work by roads that nobody foresaw: what the shop shows decides, and what another question changed doesn't."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from checks.prestashop.produits_phares import judged_category
from checks.prestashop.reading import pack_contents, product_verdicts, promotion_effects, variant_verdicts
from checks.prestashop.reading.answers import Forbidden
from checks.prestashop.reading.base_price import net_price
from checks.prestashop.reading.carrier_prices import flat, joined
from checks.prestashop.reading.catalogue_rules import Rule
from checks.prestashop.reading.category_tree import Node, nodes_called
from checks.prestashop.reading.pack_contents import ItemSeen, ItemWanted
from checks.prestashop.reading.periods import Period
from checks.prestashop.reading.promotion_effects import buyer, effect, effect_on_all, repriced, sees
from checks.prestashop.reading.reductions import first_pieces
from checks.prestashop.reading.seeded import category_number, price_of, seeded_number
from checks.prestashop.reading.shop import Product
from checks.prestashop.reading.special_prices import Special
from checks.prestashop.reading.stock_levels import Line
from checks.prestashop.reading.variants import Variant
from checks.prestashop.screens.wanted_product import VariantWanted
from checks.prestashop.stocks import line_of
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE

SMALL = VariantWanted(of={"Poids": "300 g"}, impact=Decimal(0))
BIG = VariantWanted(of={"Poids": "500 g"}, impact=Decimal("4.20"))


def boxes(small: str, big: str, group: str = "Poids") -> Product:
    """A box in two weights, sold so TTC."""
    variants = tuple(
        Variant(of={group: value}, price=Decimal(price)) for value, price in (("300 g", small), ("500 g", big))
    )
    return Product(variants=variants, rate=Decimal("5.5"))


@pytest.mark.parametrize(
    ("small", "big", "taxes", "found"),
    [
        ("12.87", "17.30", "HT", 2),
        ("12.87", "17.29", "HT", 0),
        ("12.20", "16.40", "TTC", 2),
        ("16.40", "12.20", "TTC", 0),
        ("12.20", "12.20", "TTC", 0),
    ],
)
def test_each_variant_may_be_sold_at_its_price_by_other_impacts(small: str, big: str, taxes: Any, found: int) -> None:
    due = variant_verdicts.prices_due(COMPANY, (SMALL, BIG), Decimal("12.20"), taxes, taxes, boxes(small, big))
    assert len(due) == found


def test_a_variant_of_an_attribute_that_was_renamed_is_for_a_person() -> None:
    verdict, _, said = variant_verdicts.combinations(COMPANY, (SMALL, BIG), boxes("1", "2", "Poids net"))
    assert verdict is TO_JUDGE
    assert said == (
        "Le produit a 2 déclinaisons : « 300 g », « 500 g ». "
        "À lire, ce qui est écrit autrement : « Poids net : 300 g », « Poids net : 500 g »."
    )
    assert variant_verdicts.combinations(COMPANY, (SMALL, BIG), boxes("1", "2"))[0] is MET


def test_one_variant_is_told_in_the_singular() -> None:
    _, expected, said = variant_verdicts.combinations(COMPANY, (SMALL,), Product(variants=boxes("1", "2").variants[:1]))
    assert (expected, said) == ("Le produit a 1 déclinaison : « 300 g ».",) * 2


@pytest.mark.parametrize(
    ("text", "verdict", "said"),
    [
        ("a" * 300, MET, "récapitulatif de 300 caractères"),
        ("a" * 150 + "\n" + "b" * 150, MET, "récapitulatif de 300 caractères"),  # 301 with the end of its line
        ("a" * 301, TO_JUDGE, "récapitulatif de 301 caractères"),
        ("ab " * 110, TO_JUDGE, "récapitulatif de 330 caractères (220 sans les espaces)"),
        ("a", NOT_MET, "récapitulatif de 1 caractère"),
    ],
)
def test_the_length_that_is_told_is_the_one_that_was_judged(text: str, verdict: Verdict, said: str) -> None:
    seen = Product(summary=text, description="a" * 250)
    found, _, observed = product_verdicts.texts((200, 300), (), seen)
    assert found is verdict
    assert said in observed.lower()


def test_a_product_sheet_that_denies_its_elements_is_for_a_person_to_read() -> None:
    denied = "Ce coffret ne contient pas de caramel au beurre salé."
    found, _, observed = product_verdicts.texts(None, ("caramel au beurre salé",), Product(summary=denied))
    assert found is TO_JUDGE
    assert f"à lire, ce qui peut dire autre chose : « {denied} »" in observed
    asked = Product(summary="Vous aimez le caramel au beurre salé ? Ce coffret est pour vous.")
    assert product_verdicts.texts(None, ("caramel au beurre salé",), asked)[0] is MET
    assert product_verdicts.texts(None, ("sans gluten",), Product(summary=denied))[0] is NOT_MET


def test_steps_that_touch_and_cost_the_same_are_one_to_customers() -> None:
    whole = {(Decimal(0), Decimal(5)): Decimal(7), (Decimal(5), Decimal(20)): Decimal(12)}
    halves = {
        **dict([next(iter(whole.items()))]),
        (Decimal(5), Decimal(9)): Decimal(12),
        (Decimal(9), Decimal(20)): Decimal(12),
    }
    assert joined(halves) == whole
    assert joined({**halves, (Decimal(9), Decimal(20)): Decimal(13)}) != whole


def test_a_price_for_every_cart_is_one_step_from_nothing() -> None:
    assert flat({(Decimal(0), Decimal(10000)): Decimal(5)}) == Decimal(5)
    assert flat({(Decimal(0), Decimal(30)): Decimal(5)}) is None
    assert flat({(Decimal(1), Decimal(10000)): Decimal(5)}) is None
    assert flat({(Decimal(0), Decimal(5)): Decimal(5), (Decimal(5), Decimal(30)): Decimal(5)}) is None
    assert flat({}) is None


def test_a_category_that_got_another_name_is_known_by_its_number() -> None:
    number = category_number(COMPANY, "Sablés")
    tree = [Node(2, "Accueil", ""), Node(number, "Sablés de la maison", "Accueil", 2), Node(40, "Autre", "Accueil", 2)]
    assert [node.id for node in nodes_called(COMPANY, tree, "Sablés")] == [number]
    assert [node.id for node in nodes_called(COMPANY, [*tree, Node(41, "Sablés", "Accueil", 2)], "Sablés")] == [41]
    assert nodes_called(COMPANY, tree, "Coffrets") == []


def test_a_stock_is_that_of_the_values_whatever_their_attribute_is_called_now() -> None:
    small = Line("Palet", frozenset({("poids net", "150 g")}), 3, 3, None)
    big = Line("Palet", frozenset({("poids net", "300 g")}), 5, 5, None)
    assert line_of({"Poids": "300 g"}, [small, big]) is big
    assert line_of({"Poids": "500 g"}, [small, big]) is None
    assert line_of({}, [small, big]) is None


def test_a_pack_holds_the_variant_whatever_its_attribute_is_called_now() -> None:
    wanted = ItemWanted(product="Palet", of={"Poids": "300 g"})
    assert pack_contents.holds_exactly((wanted,), [ItemSeen("Palet\n Poids net-300 g", 1)])
    assert not pack_contents.holds_exactly((wanted,), [ItemSeen("Palet\n Poids net-500 g", 1)])
    assert not pack_contents.holds_exactly((wanted,), [ItemSeen("Palet\n Poids net-300 g Parfum-Nature", 1)])


@pytest.mark.parametrize(
    ("rightly_set", "as_set", "shown", "verdict"),
    [(True, True, 3, MET), (True, False, 3, NOT_MET), (True, False, 0, TO_JUDGE), (False, True, 3, NOT_MET)],
)
def test_the_category_of_featured_products_is_the_one_that_is_set_and_shown(
    rightly_set: bool, as_set: bool, shown: int, verdict: Verdict
) -> None:
    assert judged_category(rightly_set, as_set, shown) is verdict


BISCUIT = seeded_number(COMPANY, "Sablé nature")


def priced(monkeypatch: pytest.MonkeyPatch, shown: dict[int, str], base: str = "3.80") -> None:
    """A shop that shows these prices by quantity, of a product whose base price TTC is this one."""
    data = {"rate": "0", "attribute_price": 0, "reduction": 0, "price_tax_exc": base}

    def refreshed(_site: object, _product: int, quantity: int = 1, _page: object = None) -> Any:
        return SimpleNamespace(price=Decimal(shown.get(quantity, base)), data=data)

    monkeypatch.setattr(promotion_effects, "shown_for_quantity", refreshed)


@pytest.mark.parametrize(
    ("shown", "base", "found"),
    [
        ({3: "3.23"}, "3.80", (Decimal("3.23"), False)),
        ({2: "3.23", 3: "3.23"}, "3.80", (Decimal("3.23"), True)),
        ({3: "3.22"}, "3.80", None),
        ({}, "3.80", None),
        ({}, "3.23", (Decimal("3.23"), True)),  # the base price itself was lowered
        ({3: "0"}, "3.80", None),
    ],
)
def test_the_price_with_the_reduction_is_seen_whatever_made_it(
    monkeypatch: pytest.MonkeyPatch, shown: dict[int, str], base: str, found: object
) -> None:
    assert price_of(COMPANY, BISCUIT) == Decimal("3.8")
    priced(monkeypatch, shown, base)
    assert effect(MagicMock(company=COMPANY), BISCUIT, Decimal(15), "%", 3) == found


def test_a_reduction_is_seen_on_a_category_where_no_other_product_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promotion_effects, "effect", lambda _site, one, *_: (Decimal(3), False) if one < 3 else None)
    said = effect_on_all(MagicMock(), [1, 2], [3, 4], Decimal(10), "%", 2)
    assert (
        said
        == "sur chaque produit de la catégorie, un visiteur qui en prend 2 a la remise demandée (3,00 € pour le premier)"
    )
    assert effect_on_all(MagicMock(), [1, 3], [4], Decimal(10), "%", 2) == ""
    assert effect_on_all(MagicMock(), [1], [2], Decimal(10), "%", 2) == ""
    assert effect_on_all(MagicMock(), [], [2], Decimal(10), "%", 2) == ""


def test_a_base_price_that_is_not_the_companys_any_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    priced(monkeypatch, {}, "2.80")
    assert repriced(MagicMock(company=COMPANY), BISCUIT) == "le prix de base est de 2,80 € TTC au lieu de 3,80 €"
    priced(monkeypatch, {})
    assert repriced(MagicMock(company=COMPANY), BISCUIT) == ""
    assert repriced(MagicMock(company=COMPANY), 999) == ""

    def closed(*_: object) -> Any:
        raise Forbidden("403")

    monkeypatch.setattr(promotion_effects, "shown_for_quantity", closed)
    assert repriced(MagicMock(company=COMPANY), BISCUIT) == ""


def test_a_page_that_shows_prices_without_tax_tells_them_to_the_cent() -> None:
    net = {
        "rate": "5.5",
        "price_amount": "3.06",
        "price_tax_exc": "3.06",
        "reduction": "0.54",
        "price_without_reduction": 3.6,
    }
    assert net_price(net) == Decimal("3.6")
    gross = {**net, "price_amount": "3.23", "price_without_reduction": "3.8"}
    assert net_price(gross) == Decimal("3.601896")


def test_quantities_and_prices_are_told_as_people_say_them() -> None:
    assert (buyer(1), buyer(3)) == ("un visiteur", "un visiteur qui en prend 3")
    assert sees("un visiteur", Decimal("3.2")) == "un visiteur voit 3,20 € l’unité"
    assert sees("un visiteur", Decimal(0)) == "un visiteur ne voit aucun prix"
    assert (first_pieces(1), first_pieces(3)) == ("dès le premier produit", "à partir de 3 produits")
    assert str(Special(Decimal(20))) == "remise de 20 %, pour tous les clients"
    assert str(Special(Decimal(20), minimum=2)) == "remise de 20 % dès 2 produits, pour tous les clients"
    rule = Rule(
        "R", Decimal(5), "%", True, 1, Period(), True, (("(4) Sablés", "id_manufacturer 2 Moulin"), ("id_supplier 3",))
    )
    assert str(rule) == "règle « R » : 5 % de remise sur « Sablés » et la marque « Moulin » ou le fournisseur n° 3"
