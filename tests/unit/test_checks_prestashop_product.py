"""A product's sheet: what is asked, and what is concluded from what the shop shows."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import fiche_produit, markup
from checks.prestashop import product_verdicts as judged
from checks.prestashop.fiche_produit import ProductSheet, VariantWanted
from checks.prestashop.naming import named, nearly_named, surely
from checks.prestashop.product_acts import written
from checks.prestashop.sales import Sale, counted
from checks.prestashop.seeded import seeded_number
from checks.prestashop.shop import Product, Row, Variant, _base, _variant, carrier_named
from provisioner.check import Verdict
from provisioner.subjects import load_subject
from provisioner.text import holds

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


@pytest.mark.parametrize(
    ("gross", "rate", "verdict"),
    [("12.90", "5.5", MET), ("12.91", "5.5", NOT_MET), ("13.61", "5.5", NOT_MET), ("12.90", "20", NOT_MET)],
)
def test_a_price_is_its_amount_and_its_rate(gross: str, rate: str, verdict: Verdict) -> None:
    seen = Product(price=Decimal(gross), net=Decimal("12.23"), rate=Decimal(rate))
    assert judged.price(Decimal("12.90"), "TTC", RATE, seen)[0] is verdict


def test_a_price_asked_without_tax_is_the_one_without_tax() -> None:
    seen = Product(price=Decimal("12.90"), net=Decimal("12.23"), rate=RATE)
    assert judged.price(Decimal("12.23"), "HT", RATE, seen)[0] is MET
    assert judged.price(Decimal("12.90"), "HT", RATE, seen)[0] is NOT_MET


def test_variants_are_exactly_those_that_are_wanted() -> None:
    both = (variant(SMALL), variant({"parfum": "NATURE", "poids": "500 g"}))
    assert judged.combinations(WANTED, shop(*both))[0] is MET
    assert judged.combinations(WANTED, shop(both[0]))[0] is NOT_MET
    assert judged.combinations(WANTED, shop(*both, variant({"Poids": "150 g", "Parfum": "Nature"})))[0] is NOT_MET
    assert judged.combinations(WANTED, shop(both[0], both[0]))[0] is NOT_MET
    assert judged.combinations(WANTED, shop())[0] is NOT_MET


def test_each_variant_has_its_own_stock() -> None:
    assert judged.quantities(WANTED, shop(variant(SMALL, 60), variant(LARGE, 30)))[0] is MET
    assert judged.quantities(WANTED, shop(variant(SMALL, 30), variant(LARGE, 60)))[0] is NOT_MET
    assert judged.quantities(WANTED, shop(variant(SMALL, 60)))[0] is NOT_MET


@pytest.mark.parametrize(
    ("small", "large", "verdict"),
    [("0", "4.265403", MET), ("0", "4.50", NOT_MET), ("4.265403", "0", NOT_MET), ("0", "0", NOT_MET)],
)
def test_an_impact_counts_on_its_variant_and_with_its_tax(small: str, large: str, verdict: Verdict) -> None:
    seen = shop(variant(SMALL, 60, small), variant(LARGE, 30, large))
    assert judged.impacts(WANTED, "TTC", seen)[0] is verdict


def test_amounts_that_are_each_right_to_the_cent_add_up_to_what_a_visitor_is_asked() -> None:
    """12,23 € and 4,27 € HT are 12,90 € and 4,50 € TTC, and 17,41 € together."""
    small = variant(SMALL)
    for price, seen_price, verdict in (("12.90", "17.41", NOT_MET), ("12.90", "17.40", MET), ("13.61", "18.11", MET)):
        large = replace(variant(LARGE, impact="4.27"), price=Decimal(seen_price))
        seen = shop(small, large, price=Decimal(price))
        found = judged.impacts(WANTED, "TTC", seen, Decimal("12.90"))
        assert found[0] is verdict
        assert judged.impacts(WANTED, "TTC", seen)[0] is MET
        assert ("17,41 € TTC au lieu de 17,40 €" in found[2]) is (verdict is NOT_MET)


def test_an_impact_without_tax_is_the_one_that_is_kept() -> None:
    seen = shop(variant(SMALL), variant(LARGE, impact="4.50"))
    assert judged.impacts(WANTED, "HT", seen)[0] is MET
    assert judged.impacts(WANTED, "TTC", seen)[0] is NOT_MET


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
    assert judged.combinations(wanted, shop(small, large))[0] is MET
    assert judged.quantities(wanted, shop(small, large))[0] is MET
    assert judged.combinations(wanted, shop(small))[0] is NOT_MET


def test_carriers_are_those_and_no_others_and_none_chosen_means_all() -> None:
    assert judged.exactly(("Relais",), ("relais",), "T", "tous")[0] is MET
    assert judged.exactly(("Relais",), ("Relais", "Domicile"), "T", "tous")[0] is NOT_MET
    assert judged.exactly(("Relais",), (), "T", "tous") == (NOT_MET, "T : « Relais ».", "tous.")


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
    assert judged.keywords("", asked, Product(id=999, tags=seen))[0] is verdict
    assert judged.keywords("crackers", asked, Product(id=999, tags=seen, address="biscuits"))[0] is NOT_MET


def test_a_keyword_that_the_product_had_is_no_slip_of_the_pen() -> None:
    had = Product(id=seeded_number("Palet au blé noir"), tags=("palet", "sarrasin", "blé noir"))
    assert judged.keywords("", ("palets",), had)[0] is NOT_MET


def test_a_brand_or_a_category_that_a_candidate_made_may_bear_a_slip_of_the_pen() -> None:
    assert judged.picked("Boîtes en métal", "Boîte en métal", "Catégorie", "categories")[0] is TO_JUDGE
    assert judged.picked("Coffrets", "Sablés", "Catégorie", "categories")[0] is NOT_MET
    assert judged.picked("Sablé", "Sablés", "Catégorie", "categories")[0] is NOT_MET


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
        base = _base(seen, kept=None)
        assert (base.rate, base.gross, base.net) == (RATE, Decimal("4.20"), Decimal("3.98"))


def test_a_reduction_or_a_shop_without_tax_changes_no_base_price() -> None:
    reduced = _base([data(price_tax_exc=3.582939, reduction=0.42)], kept=None)
    assert (reduced.gross, reduced.net) == (Decimal("4.20"), Decimal("3.98"))


def test_where_visitors_see_prices_without_tax_they_are_told_with_it_all_the_same() -> None:
    kept = Decimal("12.227488")
    shown = data(price_without_reduction=16.49, price_tax_exc=16.49, attribute_price=4.265403)
    base = _base([shown], kept)
    assert (base.gross, base.net) == (Decimal("12.90"), Decimal("12.23"))
    seen = {"data": {**shown, "attributes": {}, "quantity": 1, "id_product_attribute": 1}}
    assert _variant(seen, 1, kept).price == Decimal("17.40")


def row(number: int, name: str, active: bool = False) -> Row:
    return Row(number, name, "", active, "", "")


def test_of_products_of_one_name_the_one_online_counts_then_the_newest() -> None:
    assert named([row(1, "Boîte phare"), row(2, "boite phare")], "Boîte phare") == row(2, "boite phare")
    online = row(1, "Boîte phare", active=True)
    assert named([online, row(2, "Boîte phare")], "Boîte phare") == online
    own = row(seeded_number("Boîte phare"), "Boîte phare", active=True)
    assert named([own, row(99, "Boîte phare", active=True)], "Boîte phare") == own
    assert named([replace(own, active=False), row(99, "Boîte phare", active=True)], "Boîte phare") != own


def test_a_product_that_is_not_there_is_no_other_of_nearly_its_name() -> None:
    assert named([row(1, "Boîte phares")], "Boîte phare") is None
    assert nearly_named([row(1, "Boîte phares")], "Boîte phare") == row(1, "Boîte phares")
    assert nearly_named([row(99, "Palet de 300 g")], "Palet de 500 g") is None
    lemon = row(seeded_number("Sablé au citron"), "Sablé au citron", active=True)
    assert named([lemon], "Sablé au citron vert") is nearly_named([lemon], "Sablé au citron vert") is None
    assert nearly_named([row(99, "Sablés au citron vert")], "Sablé au citron vert") == row(99, "Sablés au citron vert")


def test_a_product_that_was_renamed_is_followed_by_the_number_that_it_was_seeded_with() -> None:
    number = seeded_number("boite phare")
    renamed = row(number, "Boîte phare de palets bretons")
    assert named([row(1, "Boîte phares"), renamed], "Boîte phare") == renamed
    assert named([renamed, row(99, "Boîte phare")], "Boîte phare") == row(99, "Boîte phare")
    assert surely("Boîte phare", renamed)
    assert not surely("Boîte phare", row(1, "Boîte phares"))
    assert seeded_number("Une nouveauté") == 0


def examined(monkeypatch: pytest.MonkeyPatch, check: ProductSheet, product: Product, sales: Sequence[Sale] = ()) -> Any:
    monkeypatch.setattr(fiche_produit, "catalogue", lambda site: [row(product.id, product.name)])
    monkeypatch.setattr(fiche_produit, "read_product", lambda site, row: product)
    monkeypatch.setattr(fiche_produit, "with_sales", lambda site, seen: counted(seen, sales))
    return {one.fact: one.verdict for one in check.verify(MagicMock())}


def test_a_new_name_that_is_nearly_a_neighbours_is_looked_for_on_the_product_itself() -> None:
    plain = row(seeded_number("Sablé nature"), "Sablé nature", active=True)
    lemon = row(seeded_number("Sablé au citron"), "Sablé au citron", active=True)
    check = ProductSheet(name="Sablé nature", rename="Sablé au citron vert")
    assert check._meant([plain, lemon]) == (plain, "")
    renamed = replace(plain, name="Sablés au citron vert")
    assert check._meant([renamed, lemon]) == (renamed, "")
    assert check._meant([lemon]) == (None, "")


def test_another_product_that_took_the_new_name_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, other = row(seeded_number("Sablé nature"), "Sablé nature"), row(99, "Sablé au citron vert")
    check = ProductSheet(name="Sablé nature", rename="Sablé au citron vert", online=False)
    monkeypatch.setattr(fiche_produit, "catalogue", lambda site: [plain, other])
    monkeypatch.setattr(fiche_produit, "read_product", lambda site, row: Product(id=row.id, name=row.name))
    found = check.verify(MagicMock())
    assert [one.verdict for one in found] == [TO_JUDGE, TO_JUDGE]
    assert "« Sablé nature » est toujours là" in found[0].observed


def test_a_deleted_product_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    neighbour = row(seeded_number("Sablé au citron"), "Sablé au citron", active=True)
    monkeypatch.setattr(fiche_produit, "catalogue", lambda site: [neighbour])
    [found] = ProductSheet(name="Sablé au citron vert", online=True).verify(MagicMock())
    assert (found.verdict, found.observed) == (NOT_MET, "Aucun produit ne s’appelle « Sablé au citron vert ».")


def test_what_a_renamed_product_lacks_is_all_that_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    check = ProductSheet(name="Boîte phare", quantity=4, online=True)
    seen = Product(id=seeded_number("Boîte phare"), name="Boîte phare de palets bretons", quantity=4)
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


def test_a_new_name_is_that_or_nearly_that() -> None:
    names = ("Bol à palets", "bol a palets !", "Bols à palets", "Bol du petit-déjeuner")
    found = [judged.name("Bol à palets", Product(name=one))[0] for one in names]
    assert found == [MET, MET, TO_JUDGE, NOT_MET]


def test_a_product_ordered_to_try_the_shop_is_still_in_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = "Boîte phare - Poids : 300 g- Parfum : Nature", "Boîte phare - Poids : 500 g- Parfum : Nature"
    check = ProductSheet(name="Boîte phare", variants=WANTED[:1])
    seen = shop(variant(SMALL, 59), id=seeded_number("Boîte phare"), name="Boîte phare")
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
    ("wanted", "verdict"),
    [(50, MET), (53, MET), (51, TO_JUDGE), (52, TO_JUDGE), (49, NOT_MET), (54, NOT_MET)],
)
def test_a_stock_that_some_of_the_days_orders_may_explain_is_for_a_person(wanted: int, verdict: Verdict) -> None:
    assert judged.stock(wanted, Product(quantity=50, sold=3))[0] is verdict
