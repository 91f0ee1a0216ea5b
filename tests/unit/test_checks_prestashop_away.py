"""What no visitor sees is judged all the same where it isn't asked to be seen."""

from dataclasses import replace
from typing import Any
from unittest.mock import MagicMock

import pytest

from checks.prestashop import attributs, commentaires_produits, liens, personnalisation, referencement
from checks.prestashop.personnalisation import FieldWanted
from checks.prestashop.reading import attributes
from checks.prestashop.reading.attributes import AttributeOrFeature
from checks.prestashop.reading.category_tree import Node
from checks.prestashop.reading.linked_texts import FoundPlace, Link, Place, Texts, addressed
from checks.prestashop.reading.shop import Row
from checks.prestashop.referencement import CategorySeo
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

AWAY = Row(5, "Palet", "", False, "", "http://x/5-palet.html?adtoken=a&preview=1")
PREVIEW = "/index.php?controller=product&id_product=5&adtoken=a&preview=1"


def test_only_a_product_that_is_not_online_is_looked_at_by_its_preview() -> None:
    assert AWAY.path == PREVIEW
    assert replace(AWAY, active=True).path == "/index.php?controller=product&id_product=5"


def test_the_fields_of_a_product_that_is_not_online_count(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {f"http://x{PREVIEW}": [{"label": "Message", "type": "texte", "required": True}]}
    monkeypatch.setattr(personnalisation, "catalogue", lambda site: [AWAY])
    monkeypatch.setattr(personnalisation, "looked_up", lambda site, page, address, reader: pages.get(address))
    check = personnalisation.Customization(product="Palet", fields=(FieldWanted(label="Message"),))
    [found] = check.verify(MagicMock(address="http://x"))
    assert found.verdict is Verdict.MET
    assert found.observed.endswith("Le produit n’est pas en ligne.")


def test_the_features_of_a_product_that_is_not_online_count(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {f"http://x{PREVIEW}": [["Conservation", "12 mois"]]}
    monkeypatch.setattr(attributs, "catalogue", lambda site: [AWAY])
    monkeypatch.setattr(attributs, "looked_up", lambda site, page, address, reader: pages.get(address))
    monkeypatch.setattr(attributes, "read_all", lambda *_: [AttributeOrFeature("Conservation", ())])
    check = attributs.Feature(name="Conservation", exists=True, values=("12 mois",), product="Palet")
    [found] = check.verify(MagicMock(address="http://x"))
    assert found.verdict is Verdict.MET
    assert found.observed.endswith("Le produit n’est pas en ligne.")


def linked(monkeypatch: pytest.MonkeyPatch, check: liens.TextLink, *found: Link, **at: FoundPlace | None) -> Any:
    """What is concluded of these links, where each place, by its kind, is there."""
    monkeypatch.setattr(
        liens, "find_place", lambda site, place: at.get({"catégorie": "categorie"}.get(place.kind, place.kind))
    )
    monkeypatch.setattr(liens, "read_texts", lambda site, place: Texts(found))
    monkeypatch.setattr(liens, "lost_lines", lambda company, place, texts: [])
    return check.verify(MagicMock(address="http://x"))[0]


def test_a_link_in_the_text_of_a_product_that_is_not_online_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    check = liens.TextLink(product="Palet", to_category="Coffrets")
    place = FoundPlace(5, page=PREVIEW, online=False)
    link = Link("ici", "http://x/6-coffrets", Place("catégorie", "Coffrets"))
    found = linked(monkeypatch, check, link, produit=place, categorie=FoundPlace(6, page="/6"))
    assert found.verdict is Verdict.MET
    assert found.observed.endswith("Aucun visiteur ne voit le produit « Palet ».")


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("http://x/coffrets/44-boite-phare.html", Verdict.MET),
        ("http://x/index.php?controller=product&id_product=44", Verdict.MET),
        ("http://x/coffrets/45-boite-phare.html", Verdict.NOT_MET),
        ("http://x/44-boite-phare", Verdict.NOT_MET),
        ("https://ailleurs.test/coffrets/44-boite-phare.html", Verdict.NOT_MET),
    ],
)
def test_a_link_to_a_product_that_is_not_online_is_known_by_its_number(
    monkeypatch: pytest.MonkeyPatch, address: str, verdict: Verdict
) -> None:
    check = liens.TextLink(page="Livraison", to_product="Boîte phare")
    found = linked(
        monkeypatch, check, Link("ici", address), page=FoundPlace(1, page="/1"), produit=FoundPlace(44, online=False)
    )
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("http://x/4-sables-bretons?page=2", ("catégorie", 4)),
        ("http://x/content/1-livraison", ("page", 1)),
        ("http://x/index.php?id_cms=3&controller=cms", ("page", 3)),
        ("http://x/palets/24-12-palet.html#/poids-300_g", ("produit", 24)),
        ("http://x/brand/4-maison", None),
        ("http://x/", None),
    ],
)
def test_an_address_of_the_shop_says_what_it_is_of(address: str, meant: tuple[str, int] | None) -> None:
    assert addressed(address) == meant


def test_what_is_said_of_a_category_that_no_visitor_sees_is_read_in_its_form(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"title": "Nos sablés", "meta": "Croquants.", "address": "sables-bretons"}
    unseen = {"shown": False, "title": "Page introuvable", "meta": ""}
    monkeypatch.setattr(referencement, "category_tree", lambda site: [Node(4, "Sablés", "Accueil")])
    monkeypatch.setattr(referencement, "visit_category", lambda site, number: unseen)
    monkeypatch.setattr(referencement, "kept_seo", lambda site, node: kept)
    check = CategorySeo(name="Sablés", meta_title="Nos sablés", address="sables-bretons")
    [found] = check.verify(MagicMock())
    assert found.verdict is Verdict.MET
    assert found.observed.endswith("Un visiteur ne voit pas cette catégorie.")
    [found] = check.but(address="sables").verify(MagicMock())
    assert found.verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("now", "address", "verdict"),
    [
        ("Sablés de la maison", "sables-de-la-maison", Verdict.TO_JUDGE),
        ("Sablés de la maison", "sables", Verdict.NOT_MET),
        ("Sablés", "sables", Verdict.NOT_MET),
    ],
)
def test_an_address_that_a_later_renaming_wrote_is_for_a_person(
    now: str, address: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"title": "", "meta": "", "address": address}
    monkeypatch.setattr(referencement, "category_tree", lambda site: [Node(4, now, "Accueil")])
    monkeypatch.setattr(referencement, "visit_category", lambda site, number: {"shown": True, "title": "", "meta": ""})
    monkeypatch.setattr(referencement, "kept_seo", lambda site, node: kept)
    monkeypatch.setattr("checks.prestashop.reading.category_tree.category_number", lambda company, name: 4)
    site = MagicMock(company=COMPANY)
    site.page.url = f"http://x/4-{address}"
    [found] = CategorySeo(name="Sablés", address="sables-bretons").verify(site)
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("kept", "verdict"), [("Nos sablés", Verdict.MET), ("Sablés bretons", Verdict.NOT_MET), ("", Verdict.TO_JUDGE)]
)
def test_a_title_that_nobody_gave_a_category_is_at_best_for_a_person(
    kept: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referencement, "category_tree", lambda site: [Node(4, "Nos sablés", "Accueil")])
    seen = {"shown": True, "title": kept or "Nos sablés", "meta": ""}
    monkeypatch.setattr(referencement, "visit_category", lambda site, number: seen)
    monkeypatch.setattr(referencement, "kept_seo", lambda site, node: {"title": kept, "meta": "", "address": ""})
    site = MagicMock()
    site.page.url = "http://x/4-sables"
    [found] = CategorySeo(name="Nos sablés", meta_title="Nos sablés").verify(site)
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("outcome", "waiting", "verdict"),
    [
        ("publié", [], Verdict.TO_JUDGE),
        ("publié", ["Reçus en miettes"], Verdict.NOT_MET),
        ("supprimé", ["Reçus en miettes"], Verdict.NOT_MET),
        ("supprimé", [], Verdict.TO_JUDGE),
    ],
)
def test_the_comment_of_a_product_that_is_not_there_is_not_looked_for_on_another(
    outcome: str, waiting: list[str], verdict: Verdict
) -> None:
    found = commentaires_produits.gone_verdict("Reçus en miettes", "Miel de blé noir", outcome, waiting, "shot")
    untold = "n’est plus en attente ; sans le produit, rien ne dit s’il a été publié ou supprimé"
    still = "est encore en attente" if waiting else untold
    said = f"Aucun produit ne s’appelle « Miel de blé noir ». Le commentaire {still}."
    assert (found.verdict, found.observed) == (verdict, said)
