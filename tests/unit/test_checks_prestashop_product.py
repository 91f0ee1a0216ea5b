"""A product's sheet: what is asked, and what is concluded from what the shop shows."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import fiche_produit
from checks.prestashop.fiche_produit import ProductSheet
from checks.prestashop.reading import markup, variants
from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading import sale_verdicts as sold
from checks.prestashop.reading import shop as shop_pages
from checks.prestashop.reading import variant_verdicts as varied
from checks.prestashop.reading.answers import Forbidden
from checks.prestashop.reading.base_price import base_price
from checks.prestashop.reading.naming import is_surely, named, nearly_named
from checks.prestashop.reading.sales import Sale, with_these_sales
from checks.prestashop.reading.seeded import seeded_number
from checks.prestashop.reading.shop import Product, Row, carrier_named
from checks.prestashop.reading.variants import Variant, read_variants, variant_shown
from checks.prestashop.screens import product_acts, product_lists
from checks.prestashop.screens.product import ProductPage
from checks.prestashop.screens.product_acts import written
from checks.prestashop.screens.product_variants import another
from checks.prestashop.screens.wanted_product import VariantWanted
from provisioner.french.text import holds
from provisioner.subject.check import Verdict
from provisioner.subject.subjects import load_subject
from tests.unit.samples import COMPANY

pytestmark = pytest.mark.usefixtures("right_screens")

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
RATE = Decimal("5.5")
LARGE, SMALL = {"Poids": "500 g", "Parfum": "Nature"}, {"Poids": "300 g", "Parfum": "Nature"}
WANTED = (
    VariantWanted(of=SMALL, quantity=60),
    VariantWanted(of=LARGE, quantity=30, impact=Decimal("4.50")),
)


def variant(of: dict[str, str], quantity: int = 0, impact: str = "0") -> Variant:
    return Variant(of=of, quantity=quantity, impact=Decimal(impact), price=Decimal("12.90"))


def shop(*variants: Variant, **more: Any) -> Product:
    return Product(variants=variants, rate=RATE, **more)


def of_the_subject() -> ProductSheet:
    check = load_subject("prestashop-a").questions[0].wanted[0].check
    assert isinstance(check, ProductSheet)
    return check


def test_only_what_is_asked_is_a_fact() -> None:
    assert ProductSheet(name="P", online=True).facts() == (judged.ONLINE,)
    assert ProductSheet(name="P", price=Decimal("4.2"), vat=RATE).facts() == (judged.PRICE,)
    assert ProductSheet(name="P", variants=(VariantWanted(of=SMALL),)).facts() == (judged.COMBINATIONS,)
    taxed = ProductSheet(name="P", variants=WANTED, impacts_in="HT").facts()
    assert judged.IMPACT_HT in taxed
    assert judged.IMPACT_TTC not in taxed


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"price": 4.2},
        {"vat": 5.5},
        {"variants": [{"of": SMALL}], "quantity": 4},
        {"name": "Gâteau breton", "quantity": 4},
        {"variants": [{"of": SMALL}, {"of": SMALL}]},
        {"characters": [300, 200]},
        {"address": "Boîte phare"},
    ],
)
def test_values_that_make_no_sense_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ProductSheet.model_validate({"name": "P", **values})


def test_an_amount_of_a_subject_is_exact() -> None:
    check = of_the_subject()
    assert check.price == Decimal("12.9")
    assert check.variants[2].impact == Decimal("4.5")


def test_every_fact_of_the_subject_has_two_near_misses() -> None:
    check = of_the_subject()
    missed = [miss.fact for miss in check.near_misses()]
    assert {one: missed.count(one) for one in check.facts() if missed.count(one) < 2} == {}


def test_an_impact_that_is_that_of_all_variants_has_two_near_misses() -> None:
    alike = [VariantWanted(of=of, impact=Decimal("2.50")) for of in (SMALL, LARGE)]
    check = ProductSheet(name="P", variants=alike, price=Decimal(9), vat=RATE)
    assert sum(miss.fact == judged.IMPACT_TTC for miss in check.near_misses()) == 2


@pytest.mark.parametrize("variants", [WANTED[1:], WANTED])
def test_a_grid_of_one_variant_or_of_more_has_two_real_misses(variants: tuple[VariantWanted, ...]) -> None:
    check = ProductSheet(name="P", variants=variants)
    names = [miss.name for miss in check.near_misses() if miss.fact == judged.COMBINATIONS]
    assert len(names) == 2
    assert ("une déclinaison oubliée" in names) is (len(variants) > 1)  # of one alone nothing would be left to ask


@pytest.mark.parametrize(
    ("wanted", "other"),
    [
        ([{"Poids": "300 g"}], {"Poids": ("150 g",)}),
        ([{"poids": "150 G"}, {"poids": "300 g"}], {"poids": ("500 g",)}),
        ([{"Taille": "Enfant"}, {"Taille": "Adulte"}], {"Taille": ("Enfant",), "Poids": ("150 g",)}),
        ([{"Taille": "Adulte", "Poids": "150 g"}], {"Taille": ("Adulte",), "Poids": ("300 g",)}),
    ],
)
def test_another_variant_has_another_value_or_where_each_is_wanted_one_of_another_attribute(
    wanted: list[dict[str, str]], other: dict[str, tuple[str, ...]]
) -> None:
    offered = ["Poids : 150 g", "Poids : 300 g", "Poids : 500 g", "Taille : Enfant", "Taille : Adulte"]
    assert another(offered, wanted) == other


@pytest.mark.parametrize("shown", [True, False])
def test_an_attribute_that_the_page_folds_is_unfolded_before_its_value_is_ticked(shown: bool) -> None:
    page = MagicMock()
    page.locator.return_value.evaluate_all.return_value = ["Taille : Enfant"]
    page.locator.return_value.is_visible.return_value = shown
    ProductPage(page).combine({"Taille": ("Enfant",)})
    asked = [call.args[0] for call in page.locator.call_args_list]
    assert (".attribute-group" in asked) is not shown


@pytest.mark.parametrize(("there", "typed"), [("0", "40"), ("12", "28"), ("64", "-24"), ("40", None)])
def test_the_stocks_page_is_given_what_is_to_be_added_to_what_there_is(
    monkeypatch: pytest.MonkeyPatch, there: str, typed: str | None
) -> None:
    line = MagicMock()
    line.locator.return_value.nth.return_value.inner_text.return_value = there
    monkeypatch.setattr(product_lists, "searched", MagicMock())
    monkeypatch.setattr(product_lists, "line_shown", lambda *_: line)
    product_lists.stock_in_list(MagicMock(), "Bol", {(): 40})
    keys = [call.args[0] for call in line.locator.return_value.press_sequentially.call_args_list]
    assert keys == ([typed] if typed else [])


@pytest.mark.parametrize(
    ("values", "typed"),
    [
        ({"quantity": 0}, {(): 0}),
        ({"variants": [{"of": SMALL, "quantity": 0}, {"of": LARGE}]}, {("300 g", "Nature"): 0}),
        ({"web_only": True}, None),
    ],
)
def test_a_stock_of_none_left_is_typed_too(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], typed: object
) -> None:
    given = list[object]()
    monkeypatch.setattr(product_acts, "opened", lambda *_: MagicMock())
    monkeypatch.setattr(product_acts, "stock_in_list", lambda _, name, quantities: given.append(quantities))
    ProductSheet.model_validate({"name": "Bol", **values}).ways()[1].run(MagicMock())
    assert given == ([] if typed is None else [typed])


@pytest.mark.parametrize(
    ("gross", "rate", "verdict"),
    [("12.90", "5.5", MET), ("12.91", "5.5", NOT_MET), ("13.61", "5.5", NOT_MET), ("12.90", "20", NOT_MET)],
)
def test_a_price_is_its_amount_and_its_rate(gross: str, rate: str, verdict: Verdict) -> None:
    seen = Product(price=Decimal(gross), net=Decimal("12.23"), rate=Decimal(rate), tax_rule="FR Taux réduit")
    assert sold.price(Decimal("12.90"), "TTC", RATE, seen)[0] is verdict


def test_a_price_asked_without_tax_is_the_one_without_tax() -> None:
    seen = Product(price=Decimal("12.90"), net=Decimal("12.23"), rate=RATE, tax_rule="FR Taux réduit (5.5%)")
    assert sold.price(Decimal("12.23"), "HT", RATE, seen)[0] is MET
    assert sold.price(Decimal("12.90"), "HT", RATE, seen)[0] is NOT_MET


@pytest.mark.parametrize(
    ("rule", "rate", "verdict"),
    [
        ("FR Taux standard (20%)", "20", MET),
        ("EU VAT For Virtual Products", "20", TO_JUDGE),
        ("TVA de la maison", "20", TO_JUDGE),
        ("", "20", TO_JUDGE),
        ("EU VAT For Virtual Products", "5.5", NOT_MET),
        ("FR Taux réduit (5.5%)", "5.5", NOT_MET),
    ],
)
def test_a_rate_by_another_rule_than_a_french_one_is_for_a_person(rule: str, rate: str, verdict: Verdict) -> None:
    seen = Product(price=Decimal(12), net=Decimal(10), rate=Decimal(rate), tax_rule=rule)
    found, _, said = sold.price(Decimal(12), "TTC", Decimal(20), seen)
    assert found is verdict
    assert not rule or f"« {rule} »" in said


@pytest.mark.parametrize(
    ("wanted", "sold_out", "own", "verdict"),
    [
        (True, True, True, MET),
        (True, True, None, TO_JUDGE),
        (True, True, False, TO_JUDGE),  # the shop counts no stock at all
        (True, False, False, NOT_MET),
        (True, False, None, NOT_MET),
        (False, False, False, MET),
        (False, False, None, MET),
        (False, True, None, NOT_MET),
    ],
)
def test_whether_it_is_sold_when_there_is_none_left_is_the_products_own_choice(
    wanted: bool, sold_out: bool, own: bool | None, verdict: Verdict
) -> None:
    found, _, said = sold.when_out(wanted, Product(order_when_out=sold_out, own_when_out=own))
    assert found is verdict
    assert ("réglage de la boutique" in said) is (verdict is TO_JUDGE)


def test_a_price_without_any_tax_needs_no_rule() -> None:
    seen = Product(price=Decimal(12), net=Decimal(12))
    assert sold.price(Decimal(12), "TTC", Decimal(0), seen)[0] is MET


def test_variants_are_exactly_those_that_are_wanted() -> None:
    both = (variant(SMALL), variant({"parfum": "NATURE", "poids": "500 g"}))
    assert varied.combinations(COMPANY, WANTED, shop(*both))[0] is MET
    assert varied.combinations(COMPANY, WANTED, shop(both[0]))[0] is NOT_MET
    assert (
        varied.combinations(COMPANY, WANTED, shop(*both, variant({"Poids": "150 g", "Parfum": "Nature"})))[0] is NOT_MET
    )
    assert varied.combinations(COMPANY, WANTED, shop(both[0], both[0]))[0] is NOT_MET
    assert varied.combinations(COMPANY, WANTED, shop())[0] is NOT_MET


def test_each_variant_has_its_own_stock() -> None:
    assert varied.quantities(COMPANY, WANTED, shop(variant(SMALL, 60), variant(LARGE, 30)))[0] is MET
    assert varied.quantities(COMPANY, WANTED, shop(variant(SMALL, 30), variant(LARGE, 60)))[0] is NOT_MET


def test_a_variant_that_is_missing_costs_its_stock_only_where_another_is_wrong_or_none_is_there() -> None:
    assert varied.quantities(COMPANY, WANTED, shop(variant(SMALL, 60)))[0] is TO_JUDGE
    assert varied.quantities(COMPANY, WANTED, shop(variant(SMALL, 59)))[0] is NOT_MET
    assert varied.quantities(COMPANY, WANTED, shop(variant({"Poids": "300 g"}, 60)))[0] is NOT_MET
    assert varied.quantities(COMPANY, WANTED, shop())[0] is NOT_MET


def test_a_variant_that_is_missing_costs_its_impact_only_where_another_is_wrong_or_none_bears_it() -> None:
    small, large = variant(SMALL), variant(LARGE, impact="4.50")
    heavy = VariantWanted(of={"Poids": "1 kg", "Parfum": "Nature"}, impact=Decimal(9))
    for wanted, seen, verdict in (
        ((*WANTED, heavy), (small, large), TO_JUDGE),
        ((*WANTED, heavy), (small, variant(LARGE, impact="4")), NOT_MET),
        (WANTED, (small,), NOT_MET),
        (WANTED, (small, variant({"Poids": "500 g"}, impact="4.50")), TO_JUDGE),
        (WANTED, (small, variant({"Poids": "500 g"}, impact="4")), NOT_MET),
        (WANTED, (variant({"Poids": "500 g"}, impact="4.50"),), TO_JUDGE),
        (WANTED, (large,), MET),
        (WANTED, (), NOT_MET),
    ):
        assert varied.impacts(COMPANY, wanted, "HT", shop(*seen))[0] is verdict


def test_what_the_company_had_of_a_product_is_no_work_on_its_variants() -> None:
    plain, plum = ({"Garniture": value} for value in ("Nature", "Pruneaux"))
    wanted = (
        VariantWanted(of=plain, quantity=60),
        VariantWanted(of=plum, quantity=35, impact=Decimal("0.90")),
        VariantWanted(of={"Garniture": "Citron"}, quantity=9, impact=Decimal("1.20")),
    )
    had, number = (variant(plain, 60), variant(plum, 35, "0.90")), seeded_number(COMPANY, "Gâteau breton")
    for product, verdict in ((number, NOT_MET), (99, TO_JUDGE)):
        seen = shop(*had, id=product)
        assert varied.quantities(COMPANY, wanted, seen)[0] is verdict
        assert varied.impacts(COMPANY, wanted, "HT", seen)[0] is verdict


@pytest.mark.parametrize(
    ("small", "large", "verdict"),
    [("0", "4.265403", MET), ("0", "4.50", NOT_MET), ("4.265403", "0", NOT_MET), ("0", "0", NOT_MET)],
)
def test_an_impact_counts_on_its_variant_and_with_its_tax(small: str, large: str, verdict: Verdict) -> None:
    seen = shop(variant(SMALL, 60, small), variant(LARGE, 30, large))
    assert varied.impacts(COMPANY, WANTED, "TTC", seen)[0] is verdict


def test_amounts_that_are_each_right_and_a_cent_off_together_are_for_a_person() -> None:
    """12,23 € and 4,27 € HT are 12,90 € and 4,50 € TTC, and 17,41 € together."""
    small = variant(SMALL)
    for price, seen_price, verdict in (
        ("12.90", "17.41", TO_JUDGE),
        ("12.90", "17.39", TO_JUDGE),
        ("12.90", "17.40", MET),
        ("12.90", "17.42", NOT_MET),
        ("12.90", "17.38", NOT_MET),
        ("13.61", "18.11", MET),
    ):
        large = replace(variant(LARGE, impact="4.27"), price=Decimal(seen_price))
        seen = shop(small, large, price=Decimal(price))
        found = varied.impacts(COMPANY, WANTED, "TTC", seen, Decimal("12.90"))
        assert found[0] is verdict
        assert varied.impacts(COMPANY, WANTED, "TTC", seen)[0] is MET
        assert ("TTC au lieu de 17,40 €" in found[2]) is (verdict is not MET)


@pytest.mark.parametrize("impact", ["4.26", "4.28", "4.50", "0"])
def test_another_impact_is_wrong_even_where_its_variant_costs_only_a_cent_more(impact: str) -> None:
    large = replace(variant(LARGE, impact=impact), price=Decimal("17.41"))
    seen = shop(variant(SMALL), large, price=Decimal("12.90"))
    assert varied.impacts(COMPANY, WANTED, "TTC", seen, Decimal("12.90"))[0] is NOT_MET


def test_an_impact_without_tax_is_the_one_that_is_kept() -> None:
    seen = shop(variant(SMALL), variant(LARGE, impact="4.50"))
    assert varied.impacts(COMPANY, WANTED, "HT", seen)[0] is MET
    assert varied.impacts(COMPANY, WANTED, "TTC", seen)[0] is NOT_MET


@pytest.mark.parametrize(
    ("summary", "description", "verdict"),
    [
        ("a" * 200, "b" * 300, MET),
        ("a" * 190, "b" * 300, NOT_MET),
        ("a" * 200, "b" * 310, NOT_MET),
        ("a" * 198, "b" * 303, TO_JUDGE),
        ("a" * 200, "", NOT_MET),
        ("a" * 200, "bbb " * 90, TO_JUDGE),
        ("a" * 20, "bbb " * 90, NOT_MET),
    ],
)
def test_a_length_is_counted_with_spaces_and_what_is_nearly_right_is_for_a_person(
    summary: str, description: str, verdict: Verdict
) -> None:
    seen = Product(summary=summary, description=description)
    assert judged.texts((200, 300), (), seen)[0] is verdict


def test_an_element_may_stand_in_either_text() -> None:
    seen = Product(summary="Haute de 22 cm", description="Au BEURRE de baratte.")
    assert judged.texts(None, ("22 cm", "beurre de baratte"), seen)[0] is MET
    assert judged.texts(None, ("24 cm",), seen)[0] is NOT_MET


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("ligne un<br>ligne deux", "ligne un\nligne deux"),
        ("<p>ligne un</p><p>ligne&nbsp;deux</p>", "ligne un\nligne deux"),
        ("avant<ul><li>ligne un</li><li>ligne deux</li></ul>", "avant\nligne un\nligne deux"),
        ("<p>ligne\n <b>un</b>e</p>\n<p></p>", "ligne une"),
        ("<p>Palets &amp; sablés</p><script>ligne()</script><!-- deux -->", "Palets & sablés"),
    ],
)
def test_lines_and_paragraphs_of_a_description_do_not_run_together(html: str, lines: str) -> None:
    assert markup.read(html) == lines


def test_words_on_both_sides_of_a_line_break_stand_in_the_text() -> None:
    seen = Product(description=markup.read("<p>Haute de 22 cm<br />Beurre de<br>baratte</p><p>Coffret</p>"))
    assert judged.texts(None, ("22 cm", "beurre de baratte", "coffret"), seen)[0] is MET


def test_the_ends_of_lines_may_be_counted_as_characters_or_not() -> None:
    seen = [Product(summary="a" * 200, description=text) for text in ("b\n" * 130, "b\n" * 180 + "b", "b\n" * 310)]
    assert [judged.texts((200, 300), (), one)[0] for one in seen] == [MET, NOT_MET, NOT_MET]
    seen = [
        Product(summary="a" * 200, description=text)
        for text in ("b" * 100 + "\n" + "c" * 200, "b" * 100 + "\n" + "c" * 99)
    ]
    assert [judged.texts((200, 300), (), one)[0] for one in seen] == [MET, MET]


def test_a_value_may_have_its_unit_closed_up() -> None:
    small, large = (variant({"Poids": weight}, stock) for weight, stock in (("300g", 60), ("30 g", 30)))
    wanted = (VariantWanted(of={"Poids": "300 g"}, quantity=60), VariantWanted(of={"Poids": "30g"}, quantity=30))
    assert varied.combinations(COMPANY, wanted, shop(small, large))[0] is MET
    assert varied.quantities(COMPANY, wanted, shop(small, large))[0] is MET
    assert varied.combinations(COMPANY, wanted, shop(small))[0] is NOT_MET


def test_carriers_are_those_and_no_others_and_none_chosen_means_all() -> None:
    assert judged.exactly(("Relais",), ("relais",), "T", "tous")[0] is MET
    assert judged.exactly(("Relais",), ("Relais", "Domicile"), "T", "tous")[0] is NOT_MET
    assert judged.exactly(("Relais",), (), "T", "tous") == (NOT_MET, "T : « Relais », et aucun autre.", "tous.")


def test_a_slip_of_the_pen_in_what_a_candidate_made_is_for_a_person_and_another_choice_is_not() -> None:
    wanted, listed = ("Boîtes en métal", "Coffrets"), {"coffrets", "sables"}
    for seen, verdict in (
        (("Coffrets", "Boites en métal"), MET),
        (("Boîtes en métaux", "Coffrets"), TO_JUDGE),
        (("Boîtes en métaux", "Coffrets", "Sablés"), TO_JUDGE),
        (("Boîtes en métaux",), NOT_MET),
        (("Sablés", "Coffrets"), NOT_MET),
    ):
        assert judged.among(wanted, seen, "Catégories", "aucune", listed)[0] is verdict
    assert judged.among(("Coffret",), ("Coffrets",), "Catégories", "aucune", listed)[0] is NOT_MET
    assert judged.exactly(("Colis Armor",), ("Colis Amor",), "T", "tous", listed)[0] is TO_JUDGE
    assert judged.exactly(("Colis Armor",), ("Colis Amor", "Coffrets"), "T", "tous", listed)[0] is NOT_MET


def test_each_name_that_lacks_wants_a_slip_of_its_own() -> None:
    assert judged.among(("palet", "palets"), ("palet",), "M", "aucun")[0] is NOT_MET
    assert judged.among(("galette", "galettes"), ("gallette",), "M", "aucun")[0] is NOT_MET


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (("apéritif", "sarrasin", "salé"), MET),
        (("apéritif", "sarazin"), TO_JUDGE),
        (("apéritif",), NOT_MET),
        (("apéritif", "sésame"), NOT_MET),
    ],
)
def test_a_slip_of_the_pen_in_a_keyword_is_for_a_person(seen: tuple[str, ...], verdict: Verdict) -> None:
    asked = ("apéritif", "sarrasin")
    assert judged.keywords(COMPANY, "", asked, Product(id=999, tags=seen))[0] is verdict
    assert judged.keywords(COMPANY, "crackers", asked, Product(id=999, tags=seen, address="biscuits"))[0] is NOT_MET


def test_a_keyword_that_the_product_had_is_no_slip_of_the_pen() -> None:
    had = Product(id=seeded_number(COMPANY, "Palet au blé noir"), tags=("palet", "sarrasin", "blé noir"))
    assert judged.keywords(COMPANY, "", ("palets",), had)[0] is NOT_MET


def test_a_brand_or_a_category_that_a_candidate_made_may_bear_a_slip_of_the_pen() -> None:
    assert judged.picked(COMPANY, "Boîtes en métal", "Boîte en métal", "Catégorie", "categories")[0] is TO_JUDGE
    assert judged.picked(COMPANY, "Coffrets", "Sablés", "Catégorie", "categories")[0] is NOT_MET
    assert judged.picked(COMPANY, "Sablé", "Sablés", "Catégorie", "categories")[0] is NOT_MET


def test_a_carriers_name_may_have_brackets_and_its_delay_too() -> None:
    for label, name in (
        ("3 - Mer et Colis Relais (2 à 4 jours)", "Mer et Colis Relais"),
        ("9 - Colis (24 h) (Livraison en 1 jour (ouvré))", "Colis (24 h)"),
        ("9 - 3 - Colis (3 jours :))", "3 - Colis"),
        ("9 - Colis ()", "Colis"),
    ):
        assert carrier_named(label) == name


def test_a_slip_of_the_pen_in_a_long_text_is_for_a_person() -> None:
    wanted = "Boîte phare de palets bretons – Biscuiterie des Trois Ajoncs"
    assert judged.text(wanted, wanted.replace("–", "-").upper(), "Titre")[0] is MET
    assert judged.text(wanted, wanted.replace("bretons", "breton"), "Titre")[0] is TO_JUDGE
    assert judged.text(wanted, "Boîte phare", "Titre")[0] is NOT_MET


def test_what_a_page_says_by_itself_where_nobody_filled_it_in_is_no_work() -> None:
    """A product's title tag is its name: of a name that is a letter away from the wanted tag, nobody typed a slip."""
    wanted = "Crackers au sarrasin et à la fleur de sel"
    for seen, verdict in ((wanted, TO_JUDGE), ("Cracker au sarrasin et à la fleur de sel", NOT_MET), ("", NOT_MET)):
        assert judged.text(wanted, seen, "Balise titre", filled=False)[0] is verdict
    assert "d’elle-même" in judged.text(wanted, wanted, "Balise titre", filled=False)[2]


def test_a_text_is_as_long_as_asked_and_holds_its_words() -> None:
    for characters in ((200, 300), (5, 5), (600, 600), (1, 400)):
        text = written((), characters)
        assert characters[0] <= len(text) <= characters[1]
    assert holds(written(("beurre de baratte",), (200, 300)), "beurre de baratte")


def data(**values: Any) -> dict[str, Any]:
    usual = {
        "rate": 5.5,
        "attribute_price": 0,
        "price_without_reduction": 4.2,
        "price_tax_exc": 3.981043,
        "reduction": 0,
    }
    return {**usual, **values}


def test_the_base_price_is_that_of_a_variant_without_impact() -> None:
    dear = data(attribute_price=3.317536, price_without_reduction=7.7, price_tax_exc=7.298578)
    for seen in ([data()], [dear, data()], [dear]):
        base = base_price(seen, kept=None)
        assert (base.rate, base.gross, base.net) == (RATE, Decimal("4.20"), Decimal("3.98"))


def test_a_reduction_or_a_shop_without_tax_changes_no_base_price() -> None:
    reduced = base_price([data(price_tax_exc=3.582939, reduction=0.42)], kept=None)
    assert (reduced.gross, reduced.net) == (Decimal("4.20"), Decimal("3.98"))


def test_where_visitors_see_prices_without_tax_they_are_told_with_it_all_the_same() -> None:
    kept = Decimal("12.227488")
    shown = data(price_without_reduction=16.49, price_tax_exc=16.49, attribute_price=4.265403)
    base = base_price([shown], kept)
    assert (base.gross, base.net) == (Decimal("12.90"), Decimal("12.23"))
    seen = {"data": {**shown, "attributes": {}, "quantity": 1, "id_product_attribute": 1}}
    assert variant_shown(seen, 1, kept).price == Decimal("17.40")


def test_a_variant_that_the_shop_hides_is_read_where_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for what is sold out, such a shop answers with the first variant that isn't."""
    asked = list[str]()
    line = {"number": 7, "said": "Poids - 300 g, Parfum - Nature", "impact": "0.0", "quantity": "0", "default": True}

    def look(_site: object, _page: object, address: str, _reader: object) -> Any:
        asked.append(address)
        return [line]

    def answer(number: int) -> dict[str, Any]:
        values = {str(i): {"group": group, "name": name} for i, (group, name) in enumerate(LARGE.items())}
        shown = data(attribute_price=4.265403, price_without_reduction=17.4, attributes=values)
        return {"data": {**shown, "quantity": 30, "id_product_attribute": number}}

    monkeypatch.setattr(variants, "looked_up", look)
    sheet = {"price": "12.227488", "variants": [7, 8], "rows": "/gestion/form/:numbers?_token=x"}
    seen = shop(*read_variants(MagicMock(), sheet, [answer(8), answer(8)], 8, None, RATE))
    assert asked == ["/gestion/form/7?_token=x"]
    wanted = (VariantWanted(of=SMALL, quantity=0, default=True), *WANTED[1:])
    assert varied.combinations(COMPANY, wanted, seen)[0] is MET
    assert varied.quantities(COMPANY, wanted, seen)[0] is MET
    assert varied.impacts(COMPANY, wanted, "TTC", seen, Decimal("12.90"))[0] is MET
    assert [one.price for one in seen.variants] == [Decimal("12.90"), Decimal("17.40")]
    asked.clear()
    first, second = read_variants(MagicMock(), sheet, [answer(7), answer(8)], 8, None, RATE)
    assert (first.default, second.default) == (False, True)
    assert asked == []


def row(number: int, name: str, active: bool = False) -> Row:
    return Row(number, name, "", active, "", "")


def test_of_products_of_one_name_the_one_online_counts_then_the_newest() -> None:
    assert named(COMPANY, [row(1, "Boîte phare"), row(2, "boite phare")], "Boîte phare") == row(2, "boite phare")
    online = row(1, "Boîte phare", active=True)
    assert named(COMPANY, [online, row(2, "Boîte phare")], "Boîte phare") == online
    own = row(seeded_number(COMPANY, "Boîte phare"), "Boîte phare", active=True)
    assert named(COMPANY, [own, row(99, "Boîte phare", active=True)], "Boîte phare") == own
    assert named(COMPANY, [replace(own, active=False), row(99, "Boîte phare", active=True)], "Boîte phare") != own


def test_a_product_that_is_not_there_is_no_other_of_nearly_its_name() -> None:
    assert named(COMPANY, [row(1, "Boîte phares")], "Boîte phare") is None
    assert nearly_named(COMPANY, [row(1, "Boîte phares")], "Boîte phare") == row(1, "Boîte phares")
    assert nearly_named(COMPANY, [row(99, "Palet de 300 g")], "Palet de 500 g") is None
    lemon = row(seeded_number(COMPANY, "Sablé au citron"), "Sablé au citron", active=True)
    assert (
        named(COMPANY, [lemon], "Sablé au citron vert")
        is nearly_named(COMPANY, [lemon], "Sablé au citron vert")
        is None
    )
    assert nearly_named(COMPANY, [row(99, "Sablés au citron vert")], "Sablé au citron vert") == row(
        99, "Sablés au citron vert"
    )


def test_a_product_that_was_renamed_is_followed_by_the_number_that_it_was_seeded_with() -> None:
    number = seeded_number(COMPANY, "boite phare")
    renamed = row(number, "Boîte phare de palets bretons")
    assert named(COMPANY, [row(1, "Boîte phares"), renamed], "Boîte phare") == renamed
    assert named(COMPANY, [renamed, row(99, "Boîte phare")], "Boîte phare") == row(99, "Boîte phare")
    assert is_surely(COMPANY, "Boîte phare", renamed)
    assert not is_surely(COMPANY, "Boîte phare", row(1, "Boîte phares"))
    assert seeded_number(COMPANY, "Une nouveauté") == 0


def examined(monkeypatch: pytest.MonkeyPatch, check: ProductSheet, product: Product, sales: Sequence[Sale] = ()) -> Any:
    monkeypatch.setattr(fiche_produit, "catalogue", lambda site: [row(product.id, product.name)])
    monkeypatch.setattr(fiche_produit, "read_product", lambda site, row: product)
    monkeypatch.setattr(fiche_produit, "with_sales", lambda site, seen: with_these_sales(seen, sales))
    return {one.fact: one.verdict for one in check.verify(MagicMock())}


def test_of_several_products_of_one_name_off_line_the_newest_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    own, new = row(seeded_number(COMPANY, "Boîte phare"), "Boîte phare"), row(99, "boite phare")
    check = ProductSheet(name="Boîte phare", quantity=4, online=True)
    assert check._meant([own]) == (own, "")
    for rows, meant in (([own, new], new), ([own, replace(new, id=98), new], new)):
        found, why = check._meant(rows)
        assert found == meant
        assert (
            why == "Plusieurs produits hors ligne s’appellent « Boîte phare » ; ce qui suit concerne le plus récent. "
        )
    shown = replace(new, active=True)
    assert check._meant([own, shown]) == (shown, "")
    assert check._meant([replace(own, active=True), new]) == (replace(own, active=True), "")
    monkeypatch.setattr(fiche_produit, "catalogue", lambda site: [own, new])
    monkeypatch.setattr(fiche_produit, "read_product", lambda site, row: Product(id=row.id, name=row.name, quantity=4))
    findings = check.verify(MagicMock())
    assert [one.verdict for one in findings] == [TO_JUDGE, NOT_MET]  # none is online


def test_a_new_name_that_is_nearly_a_neighbours_is_looked_for_on_the_product_itself() -> None:
    plain = row(seeded_number(COMPANY, "Sablé nature"), "Sablé nature", active=True)
    lemon = row(seeded_number(COMPANY, "Sablé au citron"), "Sablé au citron", active=True)
    check = ProductSheet(name="Sablé nature", rename="Sablé au citron vert")
    assert check._meant([plain, lemon]) == (plain, "")
    renamed = replace(plain, name="Sablés au citron vert")
    assert check._meant([renamed, lemon]) == (renamed, "")
    assert check._meant([lemon]) == (None, "")


def test_another_product_that_took_the_new_name_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, other = row(seeded_number(COMPANY, "Sablé nature"), "Sablé nature"), row(99, "Sablé au citron vert")
    check = ProductSheet(name="Sablé nature", rename="Sablé au citron vert", online=False)
    monkeypatch.setattr(fiche_produit, "catalogue", lambda site: [plain, other])
    monkeypatch.setattr(fiche_produit, "read_product", lambda site, row: Product(id=row.id, name=row.name))
    found = check.verify(MagicMock())
    assert [one.verdict for one in found] == [TO_JUDGE, TO_JUDGE]
    assert "« Sablé nature » est toujours là" in found[0].observed


def test_a_deleted_product_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    neighbour = row(seeded_number(COMPANY, "Sablé au citron"), "Sablé au citron", active=True)
    monkeypatch.setattr(fiche_produit, "catalogue", lambda site: [neighbour])
    [found] = ProductSheet(name="Sablé au citron vert", online=True).verify(MagicMock())
    assert (found.verdict, found.observed) == (NOT_MET, "Aucun produit ne s’appelle « Sablé au citron vert ».")


def test_what_a_renamed_product_lacks_is_all_that_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    check = ProductSheet(name="Boîte phare", quantity=4, online=True)
    seen = Product(id=seeded_number(COMPANY, "Boîte phare"), name="Boîte phare de palets bretons", quantity=4)
    assert examined(monkeypatch, check, seen) == {judged.STOCK: MET, judged.ONLINE: NOT_MET}


def test_a_product_that_only_looks_like_it_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    check = ProductSheet(name="Boîte phare", quantity=4, online=True)
    seen = Product(id=99, name="Boîte phares", quantity=4)
    assert examined(monkeypatch, check, seen) == {judged.STOCK: TO_JUDGE, judged.ONLINE: TO_JUDGE}


@pytest.mark.parametrize(
    ("online", "hidden", "verdicts"),
    [(True, False, (MET, NOT_MET)), (True, True, (TO_JUDGE, TO_JUDGE)), (False, True, (NOT_MET, MET))],
)
def test_a_product_that_only_its_address_shows_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, online: bool, hidden: bool, verdicts: tuple[Verdict, Verdict]
) -> None:
    seen = Product(id=3, name="Bol", online=online, hidden=hidden)
    assert examined(monkeypatch, ProductSheet(name="Bol", online=True), seen) == {judged.ONLINE: verdicts[0]}
    assert examined(monkeypatch, ProductSheet(name="Bol", online=False), seen) == {judged.OFFLINE: verdicts[1]}


SHEET = {
    "name": "Bol",
    "price": "10",
    "tax_rule": "",
    "when_out": "2",
    "title": "",
    "meta": "",
    "variants": [],
    "associated": [],
    "categories": ["Bols"],
    "default_category": "Bols",
    "carriers": [],
    "brand": "3",
    "brands": [["3", "Faïencerie"]],
    "visibility": "both",
    "tags": [],
}


@pytest.mark.parametrize(
    ("offered", "brand"),
    [
        ([["3", "Faïencerie"], ["4", "Ruchers"]], "Faïencerie"),
        ([["3", "3 - Faïencerie"], ["4", "4 - Ruchers"], ["5", "5 - Ruchers"]], "Faïencerie"),
        ([["3", "3 - Faïencerie"], ["4", "Ruchers"]], "3 - Faïencerie"),  # so it is called
        ([["4", "Ruchers"]], ""),
    ],
)
def test_a_brand_is_known_by_its_name_where_the_sheet_numbers_them(offered: list[list[str]], brand: str) -> None:
    assert shop_pages._of_sheet(row(3, "Bol"), {**SHEET, "brands": offered}).brand == brand


@pytest.mark.parametrize("active", [True, False])
def test_what_a_page_that_is_closed_to_visitors_says_is_for_a_person_and_so_is_whether_it_is_online(
    monkeypatch: pytest.MonkeyPatch, active: bool
) -> None:
    def look(_site: object, _page: object, _address: str, reader: str) -> Any:
        if reader is not shop_pages._SHEET:
            raise Forbidden("403")
        return SHEET

    monkeypatch.setattr(fiche_produit, "catalogue", lambda site: [row(3, "Bol", active)])
    monkeypatch.setattr(shop_pages, "looked_up", look)
    monkeypatch.setattr(fiche_produit, "with_sales", lambda site, seen: seen)
    site = MagicMock()
    site.page.locator.return_value.count.return_value = 0
    wanted = {
        "brand": "Faïencerie",
        "categories": ("Coffrets",),
        "price": Decimal(12),
        "vat": Decimal(20),
        "quantity": 4,
    }
    seen = {one.fact: one.verdict for one in ProductSheet(name="Bol", online=True, **wanted).verify(site)}
    assert seen == {
        judged.PRICE: TO_JUDGE,
        judged.STOCK: TO_JUDGE,
        judged.CATEGORY: NOT_MET,
        judged.BRAND: MET,
        judged.ONLINE: TO_JUDGE if active else NOT_MET,
    }
    [off] = ProductSheet(name="Bol", online=False).verify(site)
    assert off.verdict is (TO_JUDGE if active else MET)


def test_a_new_name_is_that_or_nearly_that() -> None:
    names = ("Bol à palets", "bol a palets !", "Bols à palets", "Bol du petit-déjeuner")
    found = [judged.name(COMPANY, "Bol à palets", Product(name=one))[0] for one in names]
    assert found == [MET, MET, TO_JUDGE, NOT_MET]


@pytest.mark.parametrize(
    ("number", "name", "verdict"),
    [
        (900, "Palet de la Saint-Jean", MET),
        (4, "Palet de la Saint-Jean", TO_JUDGE),
        (4, "Palets de la Saint-Jean", TO_JUDGE),
        (4, "Nouveauté de la maison", NOT_MET),
    ],
)
def test_a_product_of_the_company_that_was_renamed_is_not_one_that_was_made(
    monkeypatch: pytest.MonkeyPatch, number: int, name: str, verdict: Verdict
) -> None:
    assert judged.name(COMPANY, "Palet de la Saint-Jean", Product(id=number, name=name), new=True)[0] is verdict
    check = ProductSheet(name="Palet de la Saint-Jean", new=True)
    assert examined(monkeypatch, check, Product(id=number, name=name)) == {judged.NAME: verdict}
    renamed = ProductSheet(name="Sablé nature", rename="Palet de la Saint-Jean")
    assert examined(monkeypatch, renamed, Product(id=seeded_number(COMPANY, "Sablé nature"), name=renamed.rename)) == {
        judged.NAME: MET
    }


def test_a_product_ordered_to_try_the_shop_is_still_in_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = "Boîte phare - Poids : 300 g- Parfum : Nature", "Boîte phare - Poids : 500 g- Parfum : Nature"
    check = ProductSheet(name="Boîte phare", variants=WANTED[:1])
    seen = shop(variant(SMALL, 59), id=seeded_number(COMPANY, "Boîte phare"), name="Boîte phare")
    for sales, verdict in (
        ([Sale(seen.id, small, 1)], MET),
        ([], NOT_MET),
        ([Sale(seen.id, small, 2)], TO_JUDGE),
        ([Sale(seen.id, large, 1)], NOT_MET),
        ([Sale(seen.id + 1, small, 1)], NOT_MET),
    ):
        assert examined(monkeypatch, check, seen, sales)[judged.QUANTITIES] is verdict


def test_the_stock_of_a_product_without_variants_counts_what_was_ordered(monkeypatch: pytest.MonkeyPatch) -> None:
    check, seen = ProductSheet(name="Bol", quantity=75), Product(id=3, name="Bol", quantity=73)
    assert examined(monkeypatch, check, seen, [Sale(3, "Bol", 1), Sale(3, "Bol", 1)]) == {judged.STOCK: MET}
    assert examined(monkeypatch, check, seen, [Sale(3, "Bol", 1)]) == {judged.STOCK: NOT_MET}


@pytest.mark.parametrize(
    ("own", "recounted", "verdict"), [(75, True, MET), (75, False, MET), (4, True, TO_JUDGE), (4, False, NOT_MET)]
)
def test_the_stock_of_a_sheet_that_was_made_into_a_pack_is_the_number_that_was_typed(
    monkeypatch: pytest.MonkeyPatch, own: int, recounted: bool, verdict: Verdict
) -> None:
    """Its page says 0: one of its products is sold out."""
    check, seen = ProductSheet(name="Bol", quantity=75), Product(id=3, name="Bol", quantity=0, pack=True)
    typed = replace(seen, quantity=own, recounted=recounted)
    monkeypatch.setattr(fiche_produit, "own_stock", lambda *_: typed)
    assert examined(monkeypatch, check, seen) == {judged.STOCK: verdict}


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [(50, MET), (53, MET), (51, TO_JUDGE), (52, TO_JUDGE), (49, NOT_MET), (54, NOT_MET)],
)
def test_a_stock_that_some_of_the_days_orders_may_explain_is_for_a_person(wanted: int, verdict: Verdict) -> None:
    assert judged.stock(wanted, Product(quantity=50, sold=3))[0] is verdict
