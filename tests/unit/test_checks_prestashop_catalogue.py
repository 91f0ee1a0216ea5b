"""The catalogue's checks: what is concluded from what the shop shows, and what each of them asks for."""

from base64 import b64encode
from collections import Counter
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import attributs, image, liens, marques, packs, personnalisation, referencement, stocks
from checks.prestashop.categories import CategoryMade
from checks.prestashop.fiche_produit import ProductSheet
from checks.prestashop.image import Legend, Pictures
from checks.prestashop.marques import Brand, presented
from checks.prestashop.personnalisation import FieldSeen, FieldWanted
from checks.prestashop.produits_retires import ProductRemoved
from checks.prestashop.reading import attribute_verdicts, attributes, pack_contents, picture_looks, stock_levels
from checks.prestashop.reading.addresses import address_in, product_address_in
from checks.prestashop.reading.attributes import AttributeOrFeature
from checks.prestashop.reading.category_tree import Node
from checks.prestashop.reading.linked_texts import Link, Place
from checks.prestashop.reading.pack_contents import ItemSeen, ItemWanted
from checks.prestashop.reading.picture_looks import Picture
from checks.prestashop.reading.sales import Sale
from checks.prestashop.reading.sales import with_these_sales as with_these
from checks.prestashop.reading.seeded import packed, seeded_number
from checks.prestashop.reading.shop import Row
from checks.prestashop.reading.stock_levels import Line
from checks.prestashop.reading.variant_values import pairs_of
from checks.prestashop.referencement import CategorySeo
from checks.prestashop.transporteurs import CarrierMade
from checks.prestashop.transporteurs_retires import CarrierOff
from checks.visibility import REASONS, TextRead
from provisioner.subject.check import Check, Verdict
from provisioner.subject.functionalities import load_functionalities
from tests.unit.samples import COMPANY

pytestmark = pytest.mark.usefixtures("right_screens")

CHECKS: list[type[Check]] = [
    attributs.Attribute,
    attributs.Feature,
    Brand,
    CarrierMade,
    CarrierOff,
    CategoryMade,
    CategorySeo,
    liens.TextLink,
    Legend,
    packs.Pack,
    personnalisation.Customization,
    Pictures,
    ProductRemoved,
    ProductSheet,
    stocks.Stock,
]
MINE = (
    "contenu.produit",
    "contenu.personnalisation",
    "contenu.categorie",
    "contenu.rattachement",
    "contenu.declinaisons",
    "contenu.impacts-prix",
    "contenu.attributs",
    "contenu.pack",
    "contenu.produits-associes",
    "contenu.mise-en-ligne",
    "contenu.marque",
    "contenu.transporteur",
    "contenu.stocks",
    "contenu.liens",
    "image.legende",
    "image.couverture",
    "referencement.produit",
)


# --- every fact -------------------------------------------------------------------------------


def test_every_fact_of_the_catalogue_has_two_near_misses_among_the_examples() -> None:
    missed: Counter[str] = Counter()
    for check in CHECKS:
        for example in check.examples():
            misses = example.near_misses()
            assert {miss.fact for miss in misses} <= set(example.facts())
            missed.update(miss.fact for miss in misses)
    lines = load_functionalities()
    facts = [one for line in MINE for one in lines[f"prestashop.{line}"].fact_ids()]
    assert {one: missed[one] for one in facts if missed[one] < 2} == {}


@pytest.mark.parametrize("example", [one for check in CHECKS for one in check.examples()], ids=lambda one: str(one.id))
def test_an_example_has_a_way_and_a_near_miss_for_each_fact_that_it_asks(example: Check) -> None:
    assert example.ways()
    assert set(example.facts()) <= {miss.fact for miss in example.near_misses()}


# --- attributes and features ------------------------------------------------------------------

WEIGHT = AttributeOrFeature("Poids", ("150 g", "300 g"), "select")


@pytest.mark.parametrize(
    ("name", "was", "display", "met"),
    [
        ("poids", "", "", True),
        ("Poids", "", "liste déroulante", True),
        ("Poids", "", "boutons radio", False),
        ("Poids net", "Poids", "", False),
        ("Poids", "Masse", "", True),
        ("Emballage", "", "", False),
    ],
)
def test_an_attribute_is_there_under_its_name_and_no_longer_under_the_old_one(
    name: str, was: str, display: str, met: bool
) -> None:
    assert (attribute_verdicts.judged_name(name, was, display, [WEIGHT])[0] is Verdict.MET) is met


@pytest.mark.parametrize(
    ("wanted", "unwanted", "met"),
    [
        (("300 G",), (), True),
        (("150 g", "300 g"), (), True),
        (("500 g",), (), False),
        ((), ("150 g",), False),
        ((), ("500 g",), True),
    ],
)
def test_values_are_those_wanted_and_none_of_the_unwanted(
    wanted: tuple[str, ...], unwanted: tuple[str, ...], met: bool
) -> None:
    assert (attribute_verdicts.judged_values("Poids", "", wanted, unwanted, [WEIGHT])[0] is Verdict.MET) is met


def test_the_values_of_an_attribute_that_kept_its_old_name_are_still_seen() -> None:
    assert attribute_verdicts.judged_values("Poids net", "Poids", ("300 g",), (), [WEIGHT])[0] is Verdict.MET


def test_a_slip_in_a_name_or_a_value_is_for_a_person_and_another_number_is_none() -> None:
    assert (
        attribute_verdicts.judged_name("Emballages", "", "", [AttributeOrFeature("Emballage", ())])[0]
        is Verdict.TO_JUDGE
    )
    boxes = [AttributeOrFeature("Emballage", ("Sachet", "Boite 12"))]
    assert attribute_verdicts.judged_values("Emballage", "", ("Sachets",), (), boxes)[0] is Verdict.TO_JUDGE
    assert attribute_verdicts.judged_values("Emballage", "", ("Boîte 13",), (), boxes)[0] is Verdict.NOT_MET
    assert attribute_verdicts.judged_values("Emballages", "", ("Sachet",), (), boxes)[0] is Verdict.MET


def test_the_old_name_is_no_slip_of_the_new_one() -> None:
    assert (
        attribute_verdicts.judged_name("Allergènes", "Allergène", "", [AttributeOrFeature("Allergène", ())])[0]
        is Verdict.NOT_MET
    )


@pytest.mark.parametrize(
    ("name", "public", "verdict"),
    [
        ("Emballage", "Emballage", Verdict.MET),
        ("Emballage", "emballage", Verdict.MET),
        ("Emballage", "Couleur", Verdict.TO_JUDGE),
        ("Boîtes (interne)", "Emballage", Verdict.TO_JUDGE),
        ("Emballage", "Emballages", Verdict.TO_JUDGE),
        ("Divers", "Divers", Verdict.NOT_MET),
        ("Divers", "Couleur", Verdict.NOT_MET),
    ],
)
def test_an_attribute_has_its_name_in_the_list_and_before_customers(name: str, public: str, verdict: Verdict) -> None:
    made = AttributeOrFeature(name, ("Sachet",), "radio", public)
    found, seen = attribute_verdicts.judged_name("Emballage", "", "boutons radio", [WEIGHT, made])
    assert found is verdict
    assert ("les clients lisent" in seen) is (verdict is Verdict.TO_JUDGE)
    values = attribute_verdicts.judged_values("Emballage", "", ("Sachet",), (), [made])[0]
    assert (values is Verdict.MET) is (verdict is not Verdict.NOT_MET)  # what is asked of the name is apart


def test_an_attribute_that_was_renamed_in_one_place_alone_is_for_a_person() -> None:
    for name, public, verdict in (
        ("Poids net", "Poids net", Verdict.MET),
        ("Poids", "Poids net", Verdict.TO_JUDGE),
        ("Poids net", "Poids", Verdict.TO_JUDGE),
        ("Poids", "Poids", Verdict.NOT_MET),
    ):
        assert (
            attribute_verdicts.judged_name("Poids net", "Poids", "", [AttributeOrFeature(name, (), "select", public)])[
                0
            ]
            is verdict
        )
    left = [
        AttributeOrFeature("Poids net", (), "select", "Poids net"),
        AttributeOrFeature("Poids", (), "select", "Poids"),
    ]
    assert attribute_verdicts.judged_name("Poids net", "Poids", "", left)[0] is Verdict.NOT_MET


def test_the_form_of_an_attribute_has_its_public_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {
        attributes._ROWS: [{"name": "150 g"}],
        attributes._FORM: {"display": "", "public": "Masse"},
    }
    monkeypatch.setattr(attributes, "screen", lambda *_: "")
    monkeypatch.setattr(attributes, "looked_up", lambda *_: [{"id": 1, "name": "Poids"}])
    monkeypatch.setattr(attributes, "looked_up_each", lambda _site, _page, _each, reader: [answers[reader]])
    assert attributes.read_all(MagicMock(), attributes.ATTRIBUTES) == [
        AttributeOrFeature("Poids", ("150 g",), "", "Masse")
    ]


def test_a_unit_closed_up_to_its_number_is_the_same_value() -> None:
    closed = [AttributeOrFeature("Poids", ("250g",))]
    assert attribute_verdicts.judged_values("Poids", "", ("250 g",), (), closed)[0] is Verdict.MET
    assert attribute_verdicts.judged_values("Poids", "", ("25 g",), (), closed)[0] is Verdict.NOT_MET
    assert attribute_verdicts.judged_values("Poids", "", (), ("250 g",), closed)[0] is Verdict.NOT_MET


def test_the_values_of_a_feature_whose_name_has_a_slip_are_still_seen() -> None:
    sheet = [["Allergènes", "Gluten"], ["Conservations", "12 mois"]]
    assert attribute_verdicts.values_under("Conservation", "", sheet) == ["12 mois"]
    assert attribute_verdicts.values_under("Allergènes présents", "Allergènes", sheet) == ["Gluten"]
    assert attribute_verdicts.values_under("Origine", "", sheet) == []


def test_what_is_amiss_with_attributes_is_said_in_french() -> None:
    twins = [AttributeOrFeature("Poids", ("1 kg",)), AttributeOrFeature("Poids", (), "", "Masse")]
    assert attribute_verdicts.judged_values("Poids", "", ("1 kg",), (), twins) == (
        Verdict.TO_JUDGE,
        "2 éléments de la liste portent ce nom. « Poids » a la valeur « 1 kg ». "
        "« Poids » (nom public : « Masse ») n’a aucune valeur.",
    )
    kept = [AttributeOrFeature("Poids net", (), "select"), AttributeOrFeature("Poids", (), "select")]
    assert attribute_verdicts.judged_name("Poids net", "Poids", "boutons radio", kept) == (
        Verdict.NOT_MET,
        "« Poids net » est de type « liste déroulante ». « Poids » existe encore.",
    )


def test_an_attribute_without_values_says_so() -> None:
    assert attribute_verdicts.judged_values("Poids", "", ("1 kg",), (), [AttributeOrFeature("Poids", ())]) == (
        Verdict.NOT_MET,
        "« Poids » n’a aucune valeur.",
    )


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Poids", "exists": True},
        {"name": "Poids", "exists": True, "display": "couleur", "values": ["1 kg"]},
        {"name": " "},
    ],
)
def test_an_attribute_that_asks_for_nothing_or_too_much_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        attributs.Attribute.model_validate(values)


# --- brands -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("La maison\nRecettes du Morbihan, depuis 1950.", Verdict.MET),
        ("Des recettes du Morbiham.", Verdict.TO_JUDGE),
        ("Des biscuits.", Verdict.NOT_MET),
        ("Nous ne suivons jamais les recettes du Morbihan.", Verdict.TO_JUDGE),
    ],
)
def test_what_is_said_of_a_brand_may_be_spelled_in_harmless_ways(text: str, verdict: Verdict) -> None:
    assert presented(("recettes du Morbihan",), TextRead(text, text))[0] is verdict
    assert presented(("recettes du Morbihan",), TextRead("", text, REASONS["SAME"]))[0] is not Verdict.MET


def test_what_denies_an_element_of_a_brand_is_quoted() -> None:
    text = "Nous ne suivons jamais les recettes du Morbihan."
    assert f"« {text} »" in presented(("recettes du Morbihan",), TextRead(text, text))[1]


@pytest.mark.parametrize(
    ("offered", "verdict"),
    [
        ([["9", "Sablés du golfe"]], Verdict.MET),
        ([["8", "8 - Sablés du golfe"], ["9", "9 - Sablés du golfe"]], Verdict.MET),  # the first says nothing
        ([["9", "9 - Sablés du golfe"], ["8", "8 - Sablés du golfe"]], Verdict.MET),
        ([["8", "Sablés du golfe"]], Verdict.NOT_MET),
        ([["7", "Ruchers"], ["9", "9 - Sablés du golfe"]], Verdict.NOT_MET),
        ([["7", "Ruchers"]], Verdict.NOT_MET),
    ],
)
def test_of_two_brands_of_one_name_the_one_that_says_what_is_asked_counts(
    monkeypatch: pytest.MonkeyPatch, offered: list[list[str]], verdict: Verdict
) -> None:
    site = MagicMock()
    site.page.locator.return_value.count.return_value = 1
    site.page.locator.return_value.evaluate_all.side_effect = lambda _: (
        [said := "Recettes du Morbihan" if site.visit.call_args[0][0].endswith("=9") else "", said, ""]
    )
    monkeypatch.setattr(marques, "catalogue", lambda _: [Row(1, "Bol", "", True, "", "")])
    monkeypatch.setattr(marques, "looked_up", lambda *_: offered)
    [found] = Brand(name="Sablés du golfe", elements=("recettes du Morbihan",)).verify(site)
    assert found.verdict is verdict


def test_the_brands_that_a_sheet_offers_are_said_to_be_those_that_are_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marques, "catalogue", lambda _: [Row(1, "Bol", "", True, "", "")])
    for offered, said in (
        ([["7", "Ruchers"]], "Aucune marque active ne s’appelle « Sablés du golfe » ; il y a « Ruchers »."),
        ([], "Aucune marque n’est active."),
    ):
        monkeypatch.setattr(marques, "looked_up", lambda *_, offered=offered: offered)
        [found] = Brand(name="Sablés du golfe").verify(MagicMock())
        assert (found.verdict, found.observed) == (Verdict.NOT_MET, said)


# --- packs ------------------------------------------------------------------------------------

PALETS = ItemWanted(product="Palet pur beurre", of={"Poids": "300 g"}, quantity=2)
SABLES = ItemWanted(product="Sablé au citron", quantity=3)
SEEN = [ItemSeen("Palet pur beurre\n Poids-300 g", 2), ItemSeen("Sablé au citron", 3)]


def test_a_pack_holds_exactly_its_products_in_any_order() -> None:
    assert pack_contents.holds_exactly((SABLES, PALETS), SEEN)
    assert not pack_contents.holds_exactly((PALETS,), SEEN)
    assert not pack_contents.holds_exactly((PALETS, SABLES), SEEN[:1])
    assert not pack_contents.holds_exactly((PALETS, SABLES), [])


def test_another_variant_is_another_product() -> None:
    small = ItemSeen("Palet pur beurre\n Poids-150 g", 2)
    assert not pack_contents.holds_exactly((PALETS, SABLES), [small, SEEN[1]])


def test_any_variant_will_do_where_none_is_asked() -> None:
    assert pack_contents.holds_exactly((ItemWanted(product="Palet pur beurre"),), SEEN[:1])


def test_a_longer_name_is_another_product() -> None:
    assert not pack_contents.holds_exactly((ItemWanted(product="Sablé"),), [ItemSeen("Sablé au citron", 1)])
    assert not pack_contents.holds_exactly((ItemWanted(product="Palet"),), [ItemSeen("Palet demi-sel", 1)])


def test_the_values_of_a_variant_may_come_in_any_order() -> None:
    both = ItemWanted(product="Palet", of={"Poids": "300 g", "Parfum": "Nature"})
    assert pack_contents.holds_exactly((both,), [ItemSeen("Palet\n Parfum-Nature Poids-300 g", 1)])
    assert not pack_contents.holds_exactly((both,), [ItemSeen("Palet\n Parfum-Citron Poids-300 g", 1)])


def test_the_number_of_each_product_counts() -> None:
    assert pack_contents.counts((PALETS, SABLES), SEEN) is Verdict.MET
    assert pack_contents.counts((PALETS, SABLES), [SEEN[0], ItemSeen("Sablé au citron", 2)]) is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("seen", "had", "verdict"),
    [
        (SEEN[:1], (), Verdict.TO_JUDGE),
        ([SEEN[1], ItemSeen("Palet pur beurre\n Poids-150 g", 2)], (), Verdict.TO_JUDGE),
        ([ItemSeen("Palet pur beurre\n Poids-300 g", 3)], (), Verdict.NOT_MET),
        ([ItemSeen("Sablé nature", 3)], (), Verdict.NOT_MET),
        ([], (), Verdict.NOT_MET),
        (SEEN[:1], ("Palet pur beurre",), Verdict.NOT_MET),
    ],
)
def test_a_product_that_a_pack_lacks_costs_its_quantities_only_where_another_is_wrong_or_none_is_there(
    seen: list[ItemSeen], had: tuple[str, ...], verdict: Verdict
) -> None:
    assert pack_contents.counts((PALETS, SABLES), seen, had) is verdict


def test_what_the_company_had_in_a_pack_is_no_work_on_its_quantities() -> None:
    inside = packed(COMPANY, seeded_number(COMPANY, "Coffret du goûter"))
    assert inside == ["Sablé nature", "Madeleines au miel", "Caramels tendres au beurre salé"]
    assert packed(COMPANY, 99) == []


def pack_choices(made: str, shop: str = "Décrémenter le pack.") -> list[tuple[str, str, bool]]:
    words = ("Décrémenter le pack.", "Décrémenter les produits.", "Décrémenter les deux.", f"Par défaut : {shop}")
    return [(str(value), said, str(value) == made) for value, said in enumerate(words)]


@pytest.mark.parametrize(
    ("made", "shop", "takes"),
    [
        ("3", "Décrémenter le pack.", False),
        ("0", "Décrémenter le pack.", False),
        ("3", "Décrémenter les deux.", True),
        ("0", "Décrémenter les deux.", True),  # PrestaShop counts such a pack as the shop is set to
        ("1", "Décrémenter le pack.", True),
        ("2", "Décrémenter le pack.", True),
    ],
)
def test_a_pack_takes_its_products_from_the_stock_by_its_own_choice_or_the_shops(
    made: str, shop: str, takes: bool
) -> None:
    assert stock_levels.takes_products(pack_choices(made, shop)) is takes


def test_a_sheet_without_that_choice_leaves_it_unknown() -> None:
    assert stock_levels.takes_products([])


@pytest.mark.parametrize(
    ("own", "sold", "made", "verdict"),
    [
        (15, 0, "3", Verdict.MET),
        (15, 0, "1", Verdict.MET),
        (14, 1, "3", Verdict.MET),
        (14, 2, "3", Verdict.TO_JUDGE),
        (14, 0, "3", Verdict.NOT_MET),
        (16, 0, "3", Verdict.NOT_MET),
        (14, 0, "2", Verdict.TO_JUDGE),  # an order of its products may have lowered it
        (63, 0, "1", Verdict.TO_JUDGE),  # the sheet shows what its products allow, and keeps it when saved again
    ],
)
def test_the_stock_of_a_pack_is_the_number_that_was_typed_whatever_its_products_allow(
    monkeypatch: pytest.MonkeyPatch, own: int, sold: int, made: str, verdict: Verdict
) -> None:
    monkeypatch.setattr(packs, "looked_up", lambda *_: [{"name": "Sablé au citron", "quantity": "3"}])
    monkeypatch.setattr(packs, "catalogue", lambda _: [Row(99, "Assortiment", "", True, "", "")])
    monkeypatch.setattr(packs, "with_sales", lambda _, seen: with_these(seen, [Sale(99, "Assortiment", sold)]))
    monkeypatch.setattr(stock_levels, "stock_lines", lambda *_: [line(own, own)])
    monkeypatch.setattr(stock_levels, "looked_up", lambda *_: pack_choices(made))
    content, quantities = packs.Pack(name="Assortiment", contents=(SABLES,), stock=15).verify(MagicMock())
    assert (content.verdict, quantities.verdict) == (Verdict.MET, verdict)
    assert ("changer elle-même" in quantities.observed) is (made != "3" and own != 15)


def test_one_way_to_a_pack_with_a_stock_decrements_its_products() -> None:
    asked = [len(packs.Pack(name="P", contents=(SABLES,), stock=stock).ways()) for stock in (None, 15)]
    assert asked == [3, 4]


def test_a_pack_of_nearly_the_name_is_for_a_person_and_a_neighbour_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "looked_up", lambda *_: [{"name": "Sablé au citron", "quantity": "3"}])
    check = packs.Pack(name="Coffret découverte du goûter", contents=(SABLES,))
    for name, verdict in (
        ("Coffret découverte du goûter", Verdict.MET),
        ("Coffret découvertes du goûter", Verdict.TO_JUDGE),
        ("Coffret du goûter", Verdict.NOT_MET),
    ):
        row = Row(seeded_number(COMPANY, name) or 99, name, "", True, "", "")
        monkeypatch.setattr(packs, "catalogue", lambda site, row=row: [row])
        assert {one.verdict for one in check.verify(MagicMock())} == {verdict}


@pytest.mark.parametrize(("number", "new", "content"), [(900, True, "met"), (4, True, "to_judge"), (4, False, "met")])
def test_a_product_of_the_company_that_was_made_into_a_pack_is_not_a_new_one(
    monkeypatch: pytest.MonkeyPatch, number: int, new: bool, content: str
) -> None:
    answer = [{"name": "Sablé au citron", "quantity": "3"}]
    monkeypatch.setattr(packs, "looked_up", lambda *_: answer)
    monkeypatch.setattr(packs, "catalogue", lambda _: [Row(number, "Assortiment du goûter", "", True, "", "")])
    found = packs.Pack(name="Assortiment du goûter", contents=(SABLES,), new=new).verify(MagicMock())
    assert [one.verdict for one in found] == [Verdict(content), Verdict.MET]
    assert ("réécrit" in found[0].observed) is (content == "to_judge")
    answer.clear()
    found = packs.Pack(name="Assortiment du goûter", contents=(SABLES,), new=new).verify(MagicMock())
    assert {one.verdict for one in found} == {Verdict.NOT_MET}


def test_a_unit_closed_up_to_its_number_is_the_same_variant_of_a_pack() -> None:
    assert pack_contents.holds_exactly((PALETS,), [ItemSeen("Palet pur beurre\n Poids-300g", 2)])
    assert not pack_contents.holds_exactly((PALETS,), [ItemSeen("Palet pur beurre\n Poids-30g", 2)])


def test_a_product_twice_in_a_pack_is_refused() -> None:
    with pytest.raises(ValidationError):
        packs.Pack(name="Pack", contents=(SABLES, SABLES))


# --- customization ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("required", "seen", "verdict"),
    [
        (True, FieldSeen("message", "texte", True), Verdict.MET),
        (True, FieldSeen("Messages", "texte", True), Verdict.TO_JUDGE),
        (True, FieldSeen("Message", "texte", False), Verdict.NOT_MET),
        (False, FieldSeen("Message", "texte", True), Verdict.NOT_MET),
        (True, FieldSeen("Votre message", "texte", True), Verdict.TO_JUDGE),
        (True, FieldSeen("Mot doux", "texte", True), Verdict.TO_JUDGE),  # its label is another fact's
        (True, FieldSeen("Mot doux", "texte", False), Verdict.NOT_MET),
        (True, FieldSeen("Photo", "fichier", True), Verdict.NOT_MET),
    ],
)
def test_a_field_is_asked_for_or_left_to_the_customer(required: bool, seen: FieldSeen, verdict: Verdict) -> None:
    assert personnalisation.as_required(FieldWanted(label="Message", required=required), [seen]) is verdict


@pytest.mark.parametrize(
    ("label", "required", "text", "obligation"),
    [
        ("Message de la carte", True, Verdict.MET, Verdict.MET),
        ("Le message de la carte", True, Verdict.TO_JUDGE, Verdict.TO_JUDGE),
        ("Mot doux", True, Verdict.NOT_MET, Verdict.TO_JUDGE),
        ("Mot doux", False, Verdict.NOT_MET, Verdict.NOT_MET),
        ("", True, Verdict.NOT_MET, Verdict.NOT_MET),  # not made: the other field doesn't stand for it
    ],
)
def test_another_label_costs_its_own_fact_alone(
    monkeypatch: pytest.MonkeyPatch, label: str, required: bool, text: Verdict, obligation: Verdict
) -> None:
    check = personnalisation.Customization(
        product="P", fields=(FieldWanted(label="Message de la carte", required=True), FieldWanted(label="Prénom"))
    )
    shown = [{"label": "Prénom", "type": "texte", "required": True}]
    shown += [{"label": label, "type": "texte", "required": required}] if label else []
    monkeypatch.setattr(personnalisation, "catalogue", lambda site: [Row(5, "P", "", True, "", "")])
    monkeypatch.setattr(personnalisation, "looked_up", lambda *_: shown)
    found = {one.fact: one.verdict for one in check.verify(MagicMock(address="http://x"))}
    assert found == {personnalisation.TEXT: text, personnalisation.REQUIRED: obligation}


def test_another_label_is_plainly_another() -> None:
    check = personnalisation.Customization(product="P", fields=(FieldWanted(label="Texte"), FieldWanted(label="Champ")))
    assert "un autre libellé de champ texte" in [miss.name for miss in check.near_misses()]
    for label in ("Texte", "Champ", "Message de la carte", "Logo de l’entreprise", "Prénom à graver"):
        assert personnalisation.labelled(label, ["Rubrique 1", "Rubrique 2"]) is Verdict.NOT_MET


def test_two_fields_of_one_label_are_refused() -> None:
    with pytest.raises(ValidationError):
        personnalisation.Customization(product="P", fields=(FieldWanted(label="Nom"), FieldWanted(label="nom")))


# --- stocks -----------------------------------------------------------------------------------


def line(available: int, physical: int, *values: str) -> Line:
    return Line("Palet", frozenset(("poids", value) for value in values), available, physical, None)


def test_an_inventory_may_count_what_orders_reserve_or_not() -> None:
    assert stocks.counted(40, line(40, 42)) is Verdict.MET
    assert stocks.counted(40, line(38, 40)) is Verdict.MET
    assert stocks.counted(40, line(41, 43)) is Verdict.NOT_MET


def test_a_stock_that_was_corrected_between_two_orders_of_the_day_is_for_a_person() -> None:
    assert stocks.counted(40, line(39, 41), sold=2) is Verdict.TO_JUDGE
    assert stocks.counted(40, line(38, 41), sold=2) is Verdict.MET
    assert stocks.counted(40, line(37, 41), sold=2) is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("available", "sales", "verdict"),
    [
        (39, [Sale(5, "Palet - Poids : 300 g", 1)], Verdict.MET),
        (39, [], Verdict.NOT_MET),
        (39, [Sale(5, "Palet - Poids : 150 g", 1)], Verdict.NOT_MET),
        (38, [Sale(5, "Palet - Poids : 300 g", 1)], Verdict.NOT_MET),
        (41, [Sale(5, "Palet - Poids : 300 g", 1)], Verdict.NOT_MET),
    ],
)
def test_what_an_order_of_the_day_took_is_still_in_stock(
    monkeypatch: pytest.MonkeyPatch, available: int, sales: list[Sale], verdict: Verdict
) -> None:
    monkeypatch.setattr(stocks, "stock_lines", lambda *_: [line(available, available + 3, "300 g")])
    monkeypatch.setattr(stocks, "catalogue", lambda site: [Row(5, "Palet", "palets", True, "", "")])
    monkeypatch.setattr(stocks, "with_sales", lambda site, seen: with_these(seen, sales))
    [found] = stocks.Stock(product="Palet", of={"Poids": "300 g"}, quantity=40).verify(MagicMock())
    assert found.verdict is verdict
    assert ("après 1 article commandé" in found.observed) is (available < 40 and "300 g" in str(sales))


def test_a_product_without_variants_counts_all_that_was_ordered_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stocks, "stock_lines", lambda *_: [line(38, 43)])
    monkeypatch.setattr(stocks, "catalogue", lambda site: [Row(5, "Palet", "palets", True, "", "")])
    monkeypatch.setattr(stocks, "with_sales", lambda site, seen: with_these(seen, [Sale(5, "Palet", 2)]))
    [found] = stocks.Stock(product="Palet", quantity=40).verify(MagicMock())
    assert found.verdict is Verdict.MET


def test_of_a_product_in_variants_it_is_said_whose_stock_is_meant() -> None:
    with pytest.raises(ValidationError, match="« Gâteau breton » a des déclinaisons : dites de laquelle"):
        stocks.Stock(product="Gâteau breton", quantity=40)


def test_the_stock_of_a_product_that_is_not_there_is_not_that_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stocks, "catalogue", lambda site: [Row(5, "Palets", "palets", True, "", "")])
    [found] = stocks.Stock(product="Palet", quantity=40).verify(MagicMock())
    assert (found.verdict, found.observed) == (Verdict.NOT_MET, "Aucun produit ne s’appelle « Palet ».")


def test_the_values_of_a_variant_may_have_a_comma() -> None:
    assert pairs_of("Emballage - Boîte, en métal, Poids - 1,5 kg") == {
        ("emballage", "boite, en metal"),
        ("poids", "1,5 kg"),
    }


def test_the_line_is_that_of_the_variant() -> None:
    lines = [line(1, 1, "150 g"), line(2, 2, "300 g")]
    assert stocks.line_of({"Poids": "300 G"}, lines) == lines[1]
    assert stocks.line_of({}, lines) is None
    assert stocks.line_of({}, [line(3, 3)]) == line(3, 3)


# --- pictures ---------------------------------------------------------------------------------


def test_a_picture_is_the_file_that_the_subject_being_examined_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = list[str]()
    (tmp_path / "palets.jpg").write_bytes(b"of this subject")
    monkeypatch.setattr(picture_looks, "_looks", lambda _, address: asked.append(address))
    picture_looks.file_looks(MagicMock(file=lambda name: tmp_path / name), "palets.jpg")
    assert asked == [f"data:image/jpeg;base64,{b64encode(b'of this subject').decode()}"]


def test_a_picture_is_known_again_by_its_looks() -> None:
    shown = [Picture(1, "", True, (0, 0, 0)), Picture(2, "", False, (100, 102, 98))]
    assert picture_looks.closest((100, 100, 100), shown) == shown[1]
    assert picture_looks.closest((200, 200, 200), shown) is None
    assert picture_looks.closest((0, 0, 0), []) is None


def test_all_pictures_and_the_cover_are_those_of_the_sheet_whatever_variant_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = [{"number": 7, "cover": False, "form": "/f/7"}, {"number": 12, "cover": True, "form": "/f/12"}]
    legends = {"http://x/f/7": "Un palet", "http://x/f/12": "La boîte"}
    looks = {"http://x/img/p/7/7.jpg": (7,), "http://x/img/p/1/2/12.jpg": (12,)}
    monkeypatch.setattr(
        picture_looks,
        "looked_up",
        lambda site, page, address, *_, about="": kept if address == "/edit" else looks.get(about),
    )
    monkeypatch.setattr(
        picture_looks, "looked_up_each", lambda site, page, all_, *_, by_script: [legends[a] for a in all_]
    )
    found = picture_looks.pictures(MagicMock(address="http://x"), Row(5, "Palet", "", True, "/edit", ""))
    assert found == [Picture(7, "Un palet", False, (7,)), Picture(12, "La boîte", True, (12,))]


def test_the_pictures_of_a_product_that_is_not_there_are_not_those_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "catalogue", lambda site: [Row(99, "Sablés natures", "", True, "", "")])
    for check in (
        Legend(product="Sablé nature", legend="Un"),
        Pictures(product="Sablé nature", removed=("sables.jpg",)),
    ):
        [found] = check.verify(MagicMock(company=COMPANY))
        assert (found.verdict, found.observed) == (Verdict.NOT_MET, "Aucun produit ne s’appelle « Sablé nature ».")


# --- links ------------------------------------------------------------------------------------


COFFRETS = Place("catégorie", "Coffrets")


@pytest.mark.parametrize(
    "address",
    ["https://www.exemple.test/a", "http://www.exemple.test/a/", "https://exemple.test/a", "https://EXEMPLE.test/a"],
)
def test_an_address_may_be_written_in_harmless_ways(address: str) -> None:
    assert liens.leads(Link("ici", address), "https://www.exemple.test/a", None)


@pytest.mark.parametrize("address", ["https://exemple.test/", "https://exemple.test/A?b=1", "https://autre.test/a"])
def test_another_address_is_another_address(address: str) -> None:
    assert not liens.leads(Link("ici", address), "https://exemple.test/a", None)


def test_an_internal_link_is_judged_by_where_it_leads() -> None:
    assert liens.leads(Link("ici", "http://localhost/6-coffrets", Place("catégorie", "COFFRETS")), "", COFFRETS)
    assert not liens.leads(Link("ici", "http://localhost/coffrets", Place("produit", "Coffrets")), "", COFFRETS)
    assert not liens.leads(Link("ici", "http://localhost/6-coffrets", None), "", COFFRETS)


@pytest.mark.parametrize(
    "values",
    [
        {"product": "P"},
        {"url": "https://exemple.test"},
        {"product": "P", "page": "Q", "url": "https://exemple.test"},
        {"product": "P", "to_page": "Q", "url": "https://exemple.test"},
        {"product": "P", "url": "exemple.test"},
    ],
)
def test_a_link_is_in_one_place_and_leads_to_one(values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        liens.TextLink.model_validate(values)


# --- the address of a category ----------------------------------------------------------------


def test_a_later_namesake_takes_nothing_from_a_category(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        referencement, "category_tree", lambda site: [Node(4, "Sablés", "Accueil"), Node(19, "Sablés", "Coffrets")]
    )
    pages = {4: {"shown": True, "title": "Nos sablés", "meta": ""}, 19: {"shown": True, "title": "Sablés", "meta": ""}}
    monkeypatch.setattr(referencement, "visit_category", lambda site, number: pages[number])
    monkeypatch.setattr(referencement, "kept_seo", lambda site, node: {**pages[node.id], "address": "sables"})
    site = MagicMock()
    site.page.url = "http://x/4-sables"
    assert CategorySeo(name="Sablés", meta_title="Nos sablés").verify(site)[0].verdict is Verdict.MET


def test_the_friendly_part_of_an_address_is_what_follows_its_number() -> None:
    assert address_in("http://localhost:8101/4-sables-bretons?page=2") == "sables-bretons"
    assert address_in("http://localhost:8101/index.php?controller=category&id_category=4") == ""


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/bols/5-bol-bleu.html", "bol-bleu"),
        ("/bols/5-12-bol-bleu-3760123456789.html#/1-taille-grand", "bol-bleu"),
        ("/bols/5-12-bol-vert.html", "bol-vert"),
        ("/bols/5-7-bols.html", "bols"),
        ("/index.php?controller=product&id_product=5", "bol-bleu"),
    ],
)
def test_a_products_address_is_the_one_that_is_served(path: str, address: str) -> None:
    assert product_address_in(f"http://localhost:8101{path}", "bol-bleu") == address
    assert product_address_in("http://localhost:8101/bols/5-12-6-bols.html", "6-bols") == "6-bols"
