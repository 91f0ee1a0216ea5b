"""Modules, blocks of the home page, links and aliases: what is concluded from what the shop shows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import (
    bloc_texte,
    blocs_accueil,
    carrousel,
    commentaires_produits,
    liens_pied_de_page,
    menu_principal,
    module,
    produits_phares,
    reassurance,
)
from checks.prestashop.bloc_texte import TextBlock
from checks.prestashop.blocs_accueil import HomeBlocks
from checks.prestashop.carrousel import LINK, SLIDE, CarouselSlide
from checks.prestashop.commentaires_produits import ProductComments
from checks.prestashop.liens_pied_de_page import FooterLinks
from checks.prestashop.menu_principal import MainMenu
from checks.prestashop.module import ModuleSwitched, judged
from checks.prestashop.navigation import _stands
from checks.prestashop.produits_phares import FeaturedProducts, judged_count
from checks.prestashop.reading import (
    footer_links,
    home_blocks,
    linked_texts,
    menu_elements,
    modules,
    picture_looks,
    seeded,
)
from checks.prestashop.reading import slides as carousel_slides
from checks.prestashop.reading.linked_texts import plain, whole
from checks.prestashop.reading.menu_elements import judged_order
from checks.prestashop.reassurance import ReassuranceBlock
from checks.visibility import REASONS
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


@pytest.fixture(autouse=True)
def _a_visitor_sees_all_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "is_seen", lambda found: found.count() > 0)
    for one in (carrousel, produits_phares):
        monkeypatch.setattr(one, "unseen", lambda _: "")


def test_a_module_is_on_when_the_shop_shows_it_and_off_when_it_is_neither_on_nor_shown() -> None:
    assert judged(True, on=True, shown=True) is MET
    assert judged(True, on=False, shown=False) is NOT_MET
    assert judged(True, on=False, shown=True) is NOT_MET  # another module shows such a block
    assert judged(False, on=False, shown=False) is MET
    assert judged(False, on=True, shown=True) is NOT_MET


def test_a_module_that_is_hidden_but_not_switched_off_is_for_a_person_to_say() -> None:
    assert judged(True, on=True, shown=False) is TO_JUDGE
    assert judged(False, on=True, shown=False) is TO_JUDGE
    assert judged(False, on=False, shown=True) is TO_JUDGE


@pytest.mark.parametrize(
    ("off", "verdict"),
    [
        (["ps_customtext"], MET),
        (["ps_customtext", "ps_imageslider"], TO_JUDGE),
        (["ps_imageslider"], NOT_MET),
    ],
)
def test_a_module_that_is_switched_off_beside_the_one_that_is_asked_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, off: list[str], verdict: Verdict
) -> None:
    monkeypatch.setattr(modules, "switched_on", lambda _, names: [(one not in off,) * 2 for one in names])
    site = MagicMock()
    site.page.locator.return_value.first.count.return_value = int("ps_customtext" not in off)
    [found] = ModuleSwitched(module="bloc texte", active=False).verify(site)
    assert found.verdict is verdict
    assert ("Autres modules désactivés : « carrousel »." in found.observed) is (verdict is TO_JUDGE)
    site.page.locator.return_value.first.count.return_value = int(verdict is NOT_MET)
    [found] = ModuleSwitched(module="bloc texte", active=True).verify(site)
    assert found.verdict is (MET if verdict is NOT_MET else NOT_MET)


def test_a_category_that_holds_fewer_products_shows_all_it_has() -> None:
    assert judged_count(8, "8", 8) is MET
    assert judged_count(8, "8", 4) is MET
    assert judged_count(8, "9", 9) is NOT_MET


def test_as_many_featured_products_by_another_road_are_for_a_person() -> None:
    assert judged_count(3, "8", 3) is TO_JUDGE
    assert judged_count(8, "8", 0) is TO_JUDGE  # the block isn't shown
    assert judged_count(8, "8", 12) is TO_JUDGE


def test_an_order_of_the_menu_bears_other_elements_between() -> None:
    assert judged_order(COMPANY, ("Sablés", "Coffrets"), ["sables", "Crackers salés", "Coffrets"]) is MET
    assert judged_order(COMPANY, ("Sablés", "Coffrets"), ["Coffrets", "Sablés"]) is NOT_MET
    assert judged_order(COMPANY, ("Sablés", "Coffrets"), ["Coffrets", "Sablés", "Coffrets"]) is MET
    assert judged_order(COMPANY, ("Sablés", "Coffrets"), ["Sablés"]) is NOT_MET


def test_an_address_is_the_same_with_or_without_its_slash() -> None:
    assert plain("https://www.blog.test/") == plain("http://Blog.test")
    assert plain("https://blog.test/a") != plain("https://blog.test/b")


def test_an_address_without_a_scheme_is_one_of_the_shop() -> None:
    site = MagicMock(address="http://x")
    assert whole(site, "blog.test/") == "http://x/blog.test/"
    assert whole(site, " /content/1-livraison ") == "http://x/content/1-livraison"
    assert whole(site, "https://blog.test/") == "https://blog.test/"
    assert whole(site, "#") == "#"


@pytest.mark.parametrize("address", ["https://[votre-site]", "https://[adresse du blog]/", "http://[x", "//[x"])
def test_an_address_that_was_mistyped_leads_nowhere(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    site = MagicMock(address="http://x")
    assert whole(site, f" {address}") == address
    assert linked_texts.addressed(address) is None
    assert plain(address) not in (plain("https://blog.test/"), plain("http://x/"), plain(""))
    monkeypatch.setattr(carrousel, "find_place", lambda *_: linked_texts.FoundPlace(3, page="/3-sables"))
    monkeypatch.setattr(carrousel, "behind", lambda _site, link: {"kind": "", "title": link})
    slide = CarouselSlide(title="Nouveau", category="Sablés")
    assert slide._led(site, {"title": "Bol", "link": address})[0] is NOT_MET
    element = menu_elements.Element("Notre blog", address, "link")
    assert not MainMenu(added="Notre blog", link="https://blog.test/")._leads_right(site, element)
    seen = {"text": "Notre blog", "link": address, "custom": True}
    assert not FooterLinks(added=("Notre blog",), link="https://blog.test/")._leads_right(site, "Notre blog", seen)


@pytest.mark.parametrize(
    ("link", "arrives"),
    [
        ("4-coffrets", "http://x/sables/4-coffrets"),
        ("/4-coffrets", "http://x/4-coffrets"),
        ("../4-coffrets", "http://x/4-coffrets"),
        ("http://x/4-coffrets", "http://x/4-coffrets"),
        ("http://blog.test/", "http://blog.test/"),
        ("https://[votre-site]", "https://[votre-site]"),
        ("#avis", "#avis"),
    ],
)
def test_a_link_of_a_text_counts_from_where_its_page_is_served(
    monkeypatch: pytest.MonkeyPatch, link: str, arrives: str
) -> None:
    def look(_site: object, _page: object, address: str, reader: str) -> Any:
        if reader != linked_texts._LINKS:
            return ("catégorie", "Coffrets") if address == "http://x/4-coffrets" else None
        return ["http://x/sables/7-sable.html?a=1", [["nos coffrets", link]], ["<p>Voyez nos coffrets</p>"]]

    monkeypatch.setattr(linked_texts, "looked_up", look)
    site = MagicMock(address="http://x")
    texts = linked_texts.read_texts(site, linked_texts.FoundPlace(7, page="/index.php?controller=product&id_product=7"))
    [seen] = texts.links
    assert texts.lines == ("Voyez nos coffrets",)
    assert seen.address == arrives
    assert (seen.to is not None) is (arrives == "http://x/4-coffrets")


def page_titles(monkeypatch: pytest.MonkeyPatch, **pages: list[str]) -> None:
    """What the pages of http://x are called, by their path; any other is one that doesn't exist."""
    monkeypatch.setattr(
        linked_texts, "looked_up", lambda _site, _page, address, _reader: pages.get(address.removeprefix("http://x/"))
    )


def menu_of(
    monkeypatch: pytest.MonkeyPatch, items: list[dict[str, str]], listed: Sequence[tuple[str, str]] = ()
) -> None:
    """A menu that shows these elements, and whose module lists those."""
    monkeypatch.setattr(menu_elements, "looked_up", lambda *_: items)
    monkeypatch.setattr(menu_elements, "settings_of", lambda *_: list(listed))
    monkeypatch.setattr(menu_principal, "unseen_texts", lambda _: [])


@pytest.mark.parametrize(
    ("asked", "link", "verdict"),
    [
        ("https://blog.test/", "https://blog.test", MET),
        ("https://blog.test/", "http://www.blog.test/", MET),
        ("https://blog.test/", "blog.test", NOT_MET),
        ("https://blog.test/", "https://blog.test/ailleurs", NOT_MET),
        ("/livraison", "http://x/livraison", MET),
        ("/livraison", "livraison/", MET),
        ("/", "#", NOT_MET),
        ("", "http://x/livraison", MET),
        ("", "/livraison", MET),
        ("", "livraison#delais", NOT_MET),
        ("", "/stores", MET),
        ("", "/paiement", NOT_MET),
        ("", "/absente", NOT_MET),
        ("", "https://ailleurs.test/livraison", NOT_MET),
        ("", "#", NOT_MET),
    ],
)
def test_a_link_of_ones_own_in_the_menu_is_judged_by_where_a_click_leads(
    monkeypatch: pytest.MonkeyPatch, asked: str, link: str, verdict: Verdict
) -> None:
    page_titles(monkeypatch, livraison=["Livraison"], stores=["", "Livraison"], paiement=["Paiement"])
    items = [{"title": title, "link": "/", "kind": "category"} for title in seeded.menu(COMPANY)]
    items.append({"title": "Livraison", "link": link, "kind": "link"})
    menu_of(monkeypatch, items)
    check = MainMenu(added="Livraison", link=asked)
    assert [one.verdict for one in check.verify(MagicMock(address="http://x"))] == [verdict]


@pytest.mark.parametrize(
    ("order", "shown", "verdicts"),
    [
        (("Sablés", "Palets et galettes", "Livraison"), ["Sablés", "Palets et galettes", "Livraison"], [MET, MET]),
        (("Sablés", "Palets et galettes", "Livraison"), ["Sablés", "Palets et galettes"], [NOT_MET, TO_JUDGE]),
        (("Sablés", "Palets et galettes", "Livraison"), ["Palets et galettes", "Sablés"], [NOT_MET, NOT_MET]),
        # In this order from the start: nobody's work.
        (("Palets et galettes", "Sablés", "Livraison"), ["Palets et galettes", "Sablés"], [NOT_MET, NOT_MET]),
        (("Sablés", "Livraison"), ["Sablés"], [NOT_MET, NOT_MET]),
        (("Sablés", "Palets et galettes"), ["Sablés", "Palets et galettes"], [NOT_MET, MET]),
        ((), [*seeded.menu(COMPANY), "Livraison"], [MET]),
        ((), [*seeded.menu(COMPANY)[1:], "Livraison"], [TO_JUDGE]),
        ((), [*seeded.menu(COMPANY)[1:]], [NOT_MET]),
    ],
)
def test_an_element_that_is_not_added_costs_the_others_nothing(
    monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...], shown: list[str], verdicts: list[Verdict]
) -> None:
    items = [{"title": title, "link": "/", "kind": "category"} for title in shown]
    menu_of(monkeypatch, items)
    check = MainMenu(added="Livraison", order=order)
    assert [one.verdict for one in check.verify(MagicMock(address="http://x"))] == verdicts


SHOWN = [{"title": title, "link": f"/{n}-a", "kind": "category"} for title, n in (("Sablés", 4), ("Coffrets", 6))]


@pytest.mark.parametrize(
    ("shown", "listed", "verdict"),
    [
        (SHOWN[:2], (), MET),
        ([SHOWN[0]], (), NOT_MET),
        ([SHOWN[0]], (("CAT4", "Sablés"), ("CAT6", "Coffrets")), TO_JUDGE),
        ([SHOWN[0]], (("CAT6", "Coffrets"), ("CAT4", "Sablés")), NOT_MET),
    ],
)
def test_a_menu_that_is_set_right_and_shown_otherwise_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch,
    shown: list[dict[str, str]],
    listed: Sequence[tuple[str, str]],
    verdict: Verdict,
) -> None:
    menu_of(monkeypatch, shown, listed)
    check = MainMenu(order=("Sablés", "Coffrets"))
    assert [one.verdict for one in check.verify(MagicMock(company=COMPANY, address="http://x"))] == [verdict]


def test_a_category_that_another_question_renamed_keeps_its_place_in_the_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    number = 2 + next(n for n, row in seeded.rows(COMPANY, "categories") if row["name"] == "Crackers salés")
    renamed = {"title": "Rayon salé", "link": f"/{number}-rayon-sale", "kind": "category"}
    menu_of(monkeypatch, [SHOWN[0], renamed])
    [found] = MainMenu(order=("Sablés", "Crackers salés")).verify(MagicMock(company=COMPANY, address="http://x"))
    assert found.verdict is TO_JUDGE
    assert "« Crackers salés » s’appelle maintenant « Rayon salé »" in found.observed
    menu_of(monkeypatch, [renamed, SHOWN[0]])
    assert (
        MainMenu(order=("Sablés", "Crackers salés")).verify(MagicMock(company=COMPANY, address="http://x"))[0].verdict
        is NOT_MET
    )


def test_a_menu_that_is_to_show_some_elements_alone_shows_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    check = MainMenu(added="Coffrets", only=("Coffrets", "Sablés"))
    more = {"title": "Paiement", "link": "/content/5-paiement", "kind": "cms-page"}
    for shown, verdict in ((SHOWN, MET), ([*SHOWN, more], NOT_MET), (SHOWN[1:], NOT_MET)):
        menu_of(monkeypatch, shown)
        assert check.verify(MagicMock(company=COMPANY, address="http://x"))[0].verdict is verdict
    with pytest.raises(ValidationError, match="only"):
        MainMenu(added="Livraison", only=("Coffrets",))


def test_a_slip_in_the_name_of_a_new_element_is_for_a_person_where_the_others_are_asked_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check = MainMenu(added="Notre blog", link="https://blog.test/", only=("Sablés", "Notre blog"))
    slipped = {"title": "Notre blogs", "link": "https://blog.test/", "kind": "link"}
    menu_of(monkeypatch, [SHOWN[0], slipped])
    [found] = check.verify(MagicMock(company=COMPANY, address="http://x"))
    assert found.verdict is TO_JUDGE
    assert "à une ou deux lettres près, ce sont tous les éléments demandés" in found.observed
    menu_of(monkeypatch, [*SHOWN, slipped])
    assert check.verify(MagicMock(company=COMPANY, address="http://x"))[0].verdict is NOT_MET


def test_an_address_that_is_asked_for_is_a_whole_one_or_a_path() -> None:
    with pytest.raises(ValidationError):
        MainMenu(added="Blog", link="blog.test")


def test_a_page_of_a_block_of_links_is_known_without_its_number() -> None:
    assert footer_links.page_named(" 12 Mentions légales ") == "Mentions légales"
    assert footer_links.page_named("Nouveaux produits") == "Nouveaux produits"


def test_an_alias_stands_with_its_tick_for_its_word_only() -> None:
    kept = [["sablay, shortbread", "Sablé", "1"], ["cookie", "sablé", ""]]
    assert _stands(kept, "Shortbread", "sable")
    assert not _stands(kept, "cookie", "sablé")
    assert not _stands(kept, "sablay", "palet")


def test_a_slide_is_asked_its_link_only_where_it_leads_somewhere() -> None:
    assert CarouselSlide(title="Fête").facts() == (SLIDE,)
    assert CarouselSlide(title="Fête", product="Bol").facts() == (SLIDE, LINK)
    with pytest.raises(ValidationError, match="pas aux deux"):
        CarouselSlide(title="Fête", product="Bol", category="Coffrets")


def slide(link: str = "", title: str = "Fête", text: str = "", legend: str = "", picture: str = "a") -> dict[str, Any]:
    return {"title": title, "text": text, "legend": legend, "picture": picture, "link": link}


COMPANYS = [slide(title=title) for title in ("Nos palets", "La boutique du port", "Crackers au sarrasin")]

#: How the pictures of these slides look, and the files; b isn't shown, c is cut out of a.jpg.
LOOKS: dict[str, picture_looks.Looks | None] = {
    "http://x/a": (0, 0, 0),
    "http://x/b": None,
    "http://x/c": (60, 60, 60),
    "http://x/d": (201, 199, 200),
    "a.jpg": (2, 0, 1),
    "d.jpg": (200, 200, 200),
}


@pytest.fixture(autouse=True)
def looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrousel, "find_place", lambda *_: None)
    monkeypatch.setattr(picture_looks, "looks_at", lambda _, address: LOOKS[address])
    monkeypatch.setattr(picture_looks, "file_looks", lambda _, name: LOOKS[name])
    monkeypatch.setattr(picture_looks, "is_another", lambda _, looks, name: picture_looks.alike(looks, (200, 200, 200)))


@pytest.mark.parametrize(
    ("slides", "verdicts"),
    [
        ([slide("/bol")], {SLIDE: MET, LINK: MET}),
        ([slide("/autre"), slide("/bol")], {SLIDE: MET, LINK: MET}),
        ([slide("/bol"), slide("/autre")], {SLIDE: MET, LINK: MET}),
        ([slide("/autre"), slide("")], {SLIDE: MET, LINK: NOT_MET}),
        ([slide("/bol", title="", legend="Fête")], {SLIDE: TO_JUDGE, LINK: MET}),
        ([slide("/bol", title="", legend="Fête"), slide("/autre")], {SLIDE: MET, LINK: NOT_MET}),
        ([slide("/bol", title="Solde")], {SLIDE: NOT_MET, LINK: TO_JUDGE}),
    ],
)
def test_of_slides_of_one_title_the_one_that_leads_right_counts(
    monkeypatch: pytest.MonkeyPatch, slides: list[dict[str, Any]], verdicts: dict[str, Verdict]
) -> None:
    site = MagicMock(address="http://x")

    def look(_site: object, _page: object, address: str, reader: str) -> Any:
        if reader is carousel_slides._SLIDES:
            return [*COMPANYS, *slides]
        if reader is carousel_slides._KEPT:
            return [{**one, "active": True, "edit": f"http://x{one['link']}"} for one in (*COMPANYS, *slides)]
        return {"kind": "product", "title": "Bol" if "bol" in address else "Tasse"}

    monkeypatch.setattr(carousel_slides, "looked_up", look)
    monkeypatch.setattr(
        carousel_slides, "looked_up_each", lambda _s, _p, edits, _r: [{"link": one, "text": ""} for one in edits]
    )
    monkeypatch.setattr(carousel_slides, "settings_of", lambda site, _module, reader: look(site, None, "", reader))
    assert {one.fact: one.verdict for one in CarouselSlide(title="Fête", product="Bol").verify(site)} == verdicts


@pytest.mark.parametrize(
    ("shown", "asked", "verdict"),
    [
        (slide(picture="a"), "a.jpg", MET),
        (slide(picture="d"), "a.jpg", NOT_MET),
        (slide(picture="c"), "a.jpg", TO_JUDGE),
        (slide(picture="b"), "a.jpg", NOT_MET),
        (slide(picture="d"), "", MET),
        (slide(picture="b"), "", NOT_MET),
        (slide(picture=""), "", NOT_MET),
        (slide(picture="d", title="", legend="Fête"), "a.jpg", NOT_MET),
    ],
)
def test_the_picture_of_a_slide_is_shown_and_the_one_that_is_asked(
    monkeypatch: pytest.MonkeyPatch, shown: dict[str, Any], asked: str, verdict: Verdict
) -> None:
    monkeypatch.setattr(carousel_slides, "looked_up", lambda *_: [*COMPANYS, shown])
    check = CarouselSlide(title="Fête", picture=asked)
    assert [one.verdict for one in check.verify(MagicMock(address="http://x"))] == [verdict]


@pytest.mark.parametrize(
    ("slides", "verdict"),
    [
        ([*COMPANYS, slide()], MET),
        ([slide(), *COMPANYS[1:]], TO_JUDGE),
        ([*COMPANYS[:2], slide(title="", legend="Fête")], TO_JUDGE),
        ([slide(picture="b"), *COMPANYS[1:]], NOT_MET),
    ],
)
def test_a_slide_that_takes_the_place_of_the_companys_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, slides: list[dict[str, Any]], verdict: Verdict
) -> None:
    monkeypatch.setattr(carousel_slides, "looked_up", lambda *_: slides)
    [found] = CarouselSlide(title="Fête").verify(MagicMock(address="http://x"))
    assert found.verdict is verdict
    assert ("une diapositive a pu être réécrite" in found.observed) is (slides[:3] != COMPANYS)


def test_only_a_slide_with_a_picture_that_is_asked_may_have_another() -> None:
    names = [miss.name for miss in CarouselSlide(title="Fête", picture="a.jpg").near_misses()]
    assert "une autre image" in names
    assert "une autre image" not in [miss.name for miss in CarouselSlide(title="Fête").near_misses()]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Notre coffret à offrir", MET),
        ("Notre coffretà offrir", TO_JUDGE),
        ("À découvrir.", NOT_MET),
    ],
)
def test_what_is_nearly_written_on_a_slide_or_a_block_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, text: str, verdict: Verdict
) -> None:
    site = MagicMock(address="http://x")
    monkeypatch.setattr(carousel_slides, "looked_up", lambda *_: [*COMPANYS, slide(text=text)])
    elements = ("coffret à offrir",)
    assert [one.verdict for one in CarouselSlide(title="Fête", elements=elements).verify(site)] == [verdict]
    monkeypatch.setattr(reassurance, "catalogue", lambda _: [MagicMock(id=1, active=True)])
    site.page.locator.return_value.evaluate_all.return_value = [{"title": "Fête", "text": text, "unseen": ""}]
    assert [one.verdict for one in ReassuranceBlock(title="Fête", elements=elements).verify(site)] == [verdict]


def test_the_pictures_that_are_known_are_those_of_the_company_and_beside_the_wanted_one(tmp_path: Path) -> None:
    for name in ("logo.png", "annexe.PNG", "annexe-1.md"):
        (tmp_path / name).touch()
    others = picture_looks.others_than(COMPANY, tmp_path / "logo.png")
    assert {"palets.jpg", "galettes.jpg", "annexe.PNG"} <= {one.name for one in others}
    assert {"logo.png", "annexe-1.md"}.isdisjoint(one.name for one in others if one.parent == tmp_path)


def blocks_of(
    monkeypatch: pytest.MonkeyPatch,
    shown: Sequence[str],
    whole: Sequence[str] | None = None,
    hooked: Sequence[str] = (),
    on: bool = True,
) -> None:
    """A home page with these blocks in its middle, and those on all of it; the modules that are on its hook."""
    monkeypatch.setattr(blocs_accueil, "blocks_shown", lambda _: shown)
    monkeypatch.setattr(blocs_accueil, "blocks_on", lambda _: shown if whole is None else whole)
    monkeypatch.setattr(blocs_accueil, "hooked_modules", lambda *_: [home_blocks.MODULES[one] for one in hooked])
    monkeypatch.setattr(blocs_accueil, "switched_on", lambda *_: [(on, on)])


@pytest.mark.parametrize(
    ("shown", "whole", "hooked", "verdicts"),
    [
        (["carrousel", "bloc texte"], ["produits phares", "carrousel", "bloc texte"], [], [TO_JUDGE, NOT_MET]),
        (["produits phares", "carrousel"], ["produits phares", "carrousel", "bloc texte"], [], [MET, NOT_MET]),
        (["produits phares"], None, ["produits phares", "carrousel"], [TO_JUDGE, TO_JUDGE]),
        (["produits phares"], None, ["carrousel", "produits phares"], [NOT_MET, TO_JUDGE]),
        (["produits phares", "carrousel"], None, ["produits phares", "carrousel", "bloc texte"], [MET, TO_JUDGE]),
    ],
)
def test_what_stands_elsewhere_on_the_page_or_in_its_place_without_being_shown_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch,
    shown: list[str],
    whole: list[str] | None,
    hooked: list[str],
    verdicts: list[Verdict],
) -> None:
    blocks_of(monkeypatch, shown, whole, hooked)
    check = HomeBlocks(order=("produits phares", "carrousel"), removed="bloc texte")
    assert [one.verdict for one in check.verify(MagicMock())] == verdicts


def test_featured_products_keep_their_rank_where_another_block_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    for hooked, verdict in (
        (("produits phares", "carrousel", "bloc texte"), TO_JUDGE),
        (("carrousel", "produits phares", "bloc texte"), NOT_MET),
        (("produits phares", "bloc texte"), NOT_MET),
    ):
        blocks_of(monkeypatch, ["produits phares", "bloc texte"], hooked=hooked)
        [found] = blocs_accueil.FeaturedPosition(rank=1).verify(MagicMock())
        assert found.verdict is verdict


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (["carrousel", "produits phares"], MET),
        (["carrousel", "produits phares", "bannière"], MET),
        (["produits phares"], TO_JUDGE),
        (["carrousel", "produits phares", "bloc texte"], NOT_MET),
        ([], NOT_MET),
    ],
)
def test_a_block_that_is_gone_beside_the_one_to_remove_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, shown: list[str], verdict: Verdict
) -> None:
    blocks_of(monkeypatch, shown)
    assert [one.verdict for one in HomeBlocks(removed="bloc texte").verify(MagicMock())] == [verdict]


@pytest.mark.parametrize(
    ("shown", "removed", "verdict"),
    [
        (["produits phares", "carrousel", "bloc texte"], None, MET),
        (["produits phares", "bloc texte", "bannière", "carrousel"], None, MET),
        (["produits phares", "carrousel"], None, TO_JUDGE),
        (["produits phares", "carrousel"], "bloc texte", MET),
        (["carrousel", "produits phares", "bloc texte"], None, NOT_MET),
        (["produits phares", "bloc texte"], None, NOT_MET),
    ],
)
def test_an_order_that_lost_a_block_of_the_companys_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, shown: list[str], removed: Any, verdict: Verdict
) -> None:
    blocks_of(monkeypatch, shown)
    check = HomeBlocks(order=("produits phares", "carrousel"), removed=removed)
    found = check.verify(MagicMock())[0]
    assert found.verdict is verdict
    assert ("Il manque « bloc texte », que la page montrait au départ." in found.observed) is (verdict is TO_JUDGE)


@pytest.mark.parametrize(
    ("rank", "shown", "verdict"),
    [
        (3, ["carrousel", "bloc texte", "produits phares"], MET),
        (3, ["bannière", "carrousel", "bloc texte", "produits phares"], MET),
        (1, ["produits phares", "carrousel", "bloc texte"], MET),
        (1, ["bannière", "produits phares", "carrousel", "bloc texte"], MET),
        (2, ["bannière", "produits phares", "carrousel", "bloc texte"], TO_JUDGE),  # who counts the banner
        (3, ["bloc texte", "produits phares"], TO_JUDGE),  # another question took the carousel off
        (3, ["carrousel", "produits phares"], NOT_MET),
        (1, ["produits phares", "bloc texte"], NOT_MET),
        (3, ["bannière", "carrousel", "produits phares", "bloc texte"], NOT_MET),
        (3, ["carrousel", "produits phares", "bloc texte"], NOT_MET),
        (3, ["produits phares", "carrousel", "bloc texte"], NOT_MET),
        (3, ["produits phares", "bloc texte", "carrousel"], NOT_MET),
        (3, ["carrousel", "bloc texte"], NOT_MET),
        (1, [], NOT_MET),
    ],
)
def test_a_rank_counts_among_the_blocks_that_were_there(
    monkeypatch: pytest.MonkeyPatch, rank: int, shown: list[str], verdict: Verdict
) -> None:
    blocks_of(monkeypatch, shown)
    [found] = blocs_accueil.FeaturedPosition(rank=rank).verify(MagicMock())
    assert found.verdict is verdict


def test_a_block_that_the_home_page_has_not_is_none_to_remove() -> None:
    with pytest.raises(ValidationError, match=r"n’a pas de bannière au départ.*« carrousel »"):
        HomeBlocks(removed="bannière")
    assert HomeBlocks(order=("bannière", "carrousel")).facts() == (blocs_accueil.ORDER,)


def test_an_order_that_nobody_can_make_is_refused() -> None:
    with pytest.raises(ValidationError, match="au moins deux"):
        HomeBlocks(order=("carrousel",), removed="bloc texte")
    with pytest.raises(ValidationError, match="qu’une fois"):
        HomeBlocks(order=("carrousel", "carrousel"))
    with pytest.raises(ValidationError, match="3"):
        blocs_accueil.FeaturedPosition(rank=4)


@pytest.mark.parametrize(
    ("asked", "kept", "shown", "verdict"),
    [
        (True, True, True, MET),
        (True, True, False, TO_JUDGE),
        (True, False, True, NOT_MET),
        (False, False, False, MET),
        (False, True, False, NOT_MET),
    ],
)
def test_visitors_who_may_comment_and_are_not_shown_where_are_for_a_person(
    asked: bool, kept: bool, shown: bool, verdict: Verdict
) -> None:
    assert ProductComments(guests=asked).allowed(kept, shown) is verdict


def foot_of(monkeypatch: pytest.MonkeyPatch, shown: list[dict[str, Any]], made: Sequence[dict[str, Any]] = ()) -> None:
    """A foot of the shop with these lists of links, and a module with those."""
    monkeypatch.setattr(liens_pied_de_page, "shown_blocks", lambda _: shown)
    monkeypatch.setattr(liens_pied_de_page, "links_aside", lambda _: [])
    monkeypatch.setattr(liens_pied_de_page, "unseen_texts", lambda _: [])
    monkeypatch.setattr(liens_pied_de_page, "made_blocks", lambda _, anew=True: list(made))
    monkeypatch.setattr(liens_pied_de_page, "is_online", lambda *_: True)


def footer(monkeypatch: pytest.MonkeyPatch, check: FooterLinks, **blocks: list[str]) -> list[Verdict]:
    seen = [
        {"title": title, "links": [{"text": one, "link": "/", "custom": False} for one in links]}
        for title, links in blocks.items()
    ]
    foot_of(monkeypatch, seen)
    return [one.verdict for one in check.verify(MagicMock(address="http://x"))]


def test_a_link_that_is_gone_beside_the_one_to_remove_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    names = footer_links.linked_beside(COMPANY, "Mentions légales", "")
    assert "Mentions légales" not in names
    assert names == footer_links.linked_beside(COMPANY, "Mentions légales", "La biscuiterie")
    check = FooterLinks(removed="Mentions légales")
    assert footer(monkeypatch, check, biscuiterie=names) == [MET]
    assert footer(monkeypatch, check, biscuiterie=names[1:]) == [TO_JUDGE]
    assert footer(monkeypatch, check, produits=["Nouveaux produits"]) == [TO_JUDGE]
    assert footer(monkeypatch, check, biscuiterie=[*names, "Mentions légales"]) == [NOT_MET]
    assert footer(monkeypatch, check) == [NOT_MET]


@pytest.mark.parametrize(
    ("titles", "verdict"),
    [
        (["Nos produits", "La biscuiterie", "Nous écrire"], MET),
        (["Nos produits", "Nous écrire"], TO_JUDGE),
        (["Nos produits", "La biscuiterie"], NOT_MET),
    ],
)
def test_a_block_of_links_that_takes_the_place_of_the_companys_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, titles: list[str], verdict: Verdict
) -> None:
    check = FooterLinks(block="Nous écrire", new=True, added=("Livraison",))
    blocks = {title: ["Promotions" if title == "Nos produits" else "Livraison"] for title in titles}
    assert footer(monkeypatch, check, **blocks) == [NOT_MET if verdict is NOT_MET else MET, verdict]
    observed = check.verify(MagicMock(company=COMPANY, address="http://x"))[1].observed
    assert ("« La biscuiterie » : un bloc de l’entreprise a pu être réécrit" in observed) is (verdict is TO_JUDGE)
    beside = FooterLinks(block="Nous écrire", added=("Livraison",))
    assert footer(monkeypatch, beside, **blocks)[0] is not TO_JUDGE


def test_a_link_in_another_list_than_the_one_that_is_asked_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    check = FooterLinks(block="Nos produits", added=("Livraison",))
    companys = {"Nos produits": ["Promotions"], "La biscuiterie": ["Livraison"]}
    assert footer(monkeypatch, check, **companys) == [NOT_MET]
    assert footer(monkeypatch, check, **companys, Infos=["Livraison"]) == [TO_JUDGE]


def test_a_page_that_has_another_name_is_still_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    number = next(n for n, row in seeded.rows(COMPANY, "cms") if row["title"] == "Mentions légales")
    others = footer_links.linked_beside(COMPANY, "Mentions légales", "")
    links = [{"text": one, "link": "/", "custom": False} for one in others]
    renamed = {"text": "En droit", "link": f"/content/{number}-en-droit", "custom": False}
    check = FooterLinks(removed="Mentions légales")
    for more, verdict in (([], MET), ([renamed], NOT_MET)):
        foot_of(monkeypatch, [{"title": "La biscuiterie", "links": [*links, *more]}])
        assert check.verify(MagicMock(address="http://x"))[0].verdict is verdict
    foot_of(monkeypatch, [{"title": "Bloc", "links": [*links, renamed]}])
    [added] = FooterLinks(block="Bloc", added=("Mentions légales",)).verify(MagicMock(address="http://x"))
    assert added.verdict is TO_JUDGE
    assert "« Mentions légales » s’appelle maintenant « En droit »" in added.observed


def test_a_link_that_took_the_place_of_the_companys_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = dict(footer_links.companys_links(COMPANY))
    titles = [*blocks]
    whole = {**blocks, titles[1]: [*blocks[titles[1]], "Notre équipe"]}
    fewer = {**blocks, titles[1]: [*blocks[titles[1]][1:], "Notre équipe"]}
    for block in ("", titles[1]):
        check = FooterLinks(added=("Notre équipe",), block=block)
        assert footer(monkeypatch, check, **whole) == [MET]
        assert footer(monkeypatch, check, **fewer) == [TO_JUDGE]
        assert footer(monkeypatch, check, **blocks) == [NOT_MET]
    elsewhere = {**whole, titles[0]: []}
    assert footer(monkeypatch, FooterLinks(added=("Notre équipe",), block=titles[1]), **elsewhere) == [MET]


@pytest.mark.parametrize(
    ("asked", "links", "verdict"),
    [
        ("", [("http://x/1-livraison", False)], MET),
        ("", [("http://x/livraison", True)], MET),
        ("", [("http://x/paiement", True)], NOT_MET),
        ("", [("https://ailleurs.test/", True)], NOT_MET),
        ("", [("https://ailleurs.test/", True), ("http://x/livraison", True)], MET),
        ("", [], NOT_MET),
        ("https://blog.test", [("http://www.blog.test/", True)], MET),
        ("https://blog.test", [("https://ailleurs.test/", True), ("https://blog.test/", True)], MET),
        ("https://blog.test", [("https://ailleurs.test/", True)], NOT_MET),
    ],
)
def test_a_link_of_ones_own_at_the_foot_is_judged_by_where_it_leads(
    monkeypatch: pytest.MonkeyPatch, asked: str, links: list[tuple[str, bool]], verdict: Verdict
) -> None:
    page_titles(monkeypatch, livraison=["Livraison"], paiement=["Paiement"])
    seen = [{"text": "Livraison", "link": link, "custom": custom} for link, custom in links]
    companys = [
        {"title": title, "links": [{"text": one, "link": "/", "custom": False} for one in linked if one != "Livraison"]}
        for title, linked in footer_links.companys_links(COMPANY)
    ]
    foot_of(monkeypatch, [*companys, {"title": "Bloc", "links": seen}])
    check = FooterLinks(added=("Livraison",), link=asked)
    assert [one.verdict for one in check.verify(MagicMock(company=COMPANY, address="http://x"))] == [verdict]


@pytest.mark.parametrize(
    ("pages", "waiting", "published", "deleted"),
    [
        ([["Bon"]], [], MET, NOT_MET),
        ([["Un", "Deux"], ["Trois", "Bon"]], [], MET, NOT_MET),
        ([["Un", "Deux"], ["Trois"]], [], NOT_MET, MET),
        ([["Un"]], ["Bon"], NOT_MET, NOT_MET),
        (None, ["Bon"], NOT_MET, NOT_MET),
        (None, [], TO_JUDGE, TO_JUDGE),
    ],
)
def test_a_comment_is_looked_for_on_every_page(
    monkeypatch: pytest.MonkeyPatch,
    pages: list[list[str]] | None,
    waiting: list[str],
    published: Verdict,
    deleted: Verdict,
) -> None:
    def look(_site: object, _page: object, address: str, _reader: str) -> Any:
        return pages and {"titles": pages[int(address.partition("&page=")[2] or 1) - 1], "pages": len(pages)}

    module = commentaires_produits
    monkeypatch.setattr(module, "waiting_before", lambda _: ["Bon", "Un autre"])
    monkeypatch.setattr(module, "looked_up", look)
    monkeypatch.setattr(module, "looked_up_each", lambda s, p, many, reader: [look(s, p, one, reader) for one in many])
    for outcome, verdict in (("publié", published), ("supprimé", deleted)):
        check = ProductComments.model_validate({"title": "Bon", "product": "Miel", "outcome": outcome})
        found = check._moderated(MagicMock(company=COMPANY, address="http://x"), 3, [*waiting, "Un autre"], True, "")
        assert found.verdict is verdict
        both = check._moderated(MagicMock(company=COMPANY, address="http://x"), 3, waiting, True, "")
        assert both.verdict is (TO_JUDGE if verdict is MET else verdict)


def test_a_comment_that_is_shown_since_all_are_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    site, check = MagicMock(), ProductComments(title="Bon", product="Miel")
    for titles, published, deleted in ((["Bon"], TO_JUDGE, NOT_MET), (["Un"], NOT_MET, MET)):
        monkeypatch.setattr(commentaires_produits, "_titles", lambda *_, titles=titles: titles)
        assert check._moderated(site, 3, [], False, "").verdict is published
        assert check.but(outcome="supprimé")._moderated(site, 3, [], False, "").verdict is deleted


def test_what_was_done_to_a_comment_that_the_subject_asks_for_too_takes_nothing_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commentaires_produits, "_titles", lambda *_: ["Bon"])
    monkeypatch.setattr(commentaires_produits, "waiting_before", lambda _: ["Bon", "Un autre", "Un troisième"])
    check = ProductComments(title="Bon", product="Miel", also=("Un autre",))
    for waiting, alone, beside in (
        (["Un troisième"], TO_JUDGE, MET),
        (["Un autre", "Un troisième"], MET, MET),
        ([], TO_JUDGE, TO_JUDGE),
    ):
        assert check.but(also=())._moderated(MagicMock(company=COMPANY), 3, waiting, True, "").verdict is alone
        assert check._moderated(MagicMock(company=COMPANY), 3, waiting, True, "").verdict is beside
    assert "« Un autre »" not in check._moderated(MagicMock(company=COMPANY), 3, [], True, "").observed
    more = "un autre commentaire modéré en plus"
    assert [road.name for road in check.roads()][:1] == [more]
    assert more not in [road.name for road in check.but(also=("Un autre", "Un troisième")).roads()]
    with pytest.raises(ValidationError, match="also va avec"):
        ProductComments(guests=True, also=("Un autre",))


def uninstalled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop whose module manager says of every module that it isn't installed, and that has no screen of any."""

    def look(_site: object, _page: object, address: str, reader: str, *_: object) -> bool:
        assert reader == modules._INSTALLED
        return False

    monkeypatch.setattr(modules, "screen", lambda *_: "")
    monkeypatch.setattr(modules, "looked_up", look)


@pytest.mark.parametrize("shown", [False, True])
def test_featured_products_of_a_module_that_another_question_uninstalled_are_for_a_person(
    monkeypatch: pytest.MonkeyPatch, shown: bool
) -> None:
    uninstalled(monkeypatch)
    monkeypatch.setattr(produits_phares, "category_tree", lambda _: [])
    seen: dict[str, object] = {"shown": shown, "count": 8 if shown else 0, "products": [], "category": ""}
    monkeypatch.setattr(produits_phares, "looked_up", lambda *_: seen)
    found = FeaturedProducts(count=3, category="Sablés").verify(MagicMock())
    assert [one.verdict for one in found] == [TO_JUDGE, TO_JUDGE]
    assert all("Le module des produits phares est désinstallé" in one.observed for one in found)
    assert all(("ne montre aucun produit phare" in one.observed) is not shown for one in found)


def test_comments_of_a_module_that_another_question_uninstalled_are_for_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uninstalled(monkeypatch)
    monkeypatch.setattr(commentaires_produits, "catalogue", lambda _: [MagicMock(active=True, id=1, path="/")])
    monkeypatch.setattr(commentaires_produits, "named", lambda *_: None)
    check = ProductComments(guests=True, title="Bon", product="Miel")
    found = check.verify(MagicMock())
    assert [one.verdict for one in found] == [TO_JUDGE, TO_JUDGE]
    assert [one.expected for one in found] == [
        "Les visiteurs sans compte peuvent écrire un commentaire.",
        "Le commentaire « Bon » est publié.",
    ]
    assert all("Le module des commentaires est désinstallé" in one.observed for one in found)


def test_a_check_that_asks_for_nothing_is_refused() -> None:
    for check in (HomeBlocks, MainMenu, ProductComments, FooterLinks):
        with pytest.raises(ValidationError, match="demandez"):
            check()
    with pytest.raises(ValidationError, match="retirer"):
        HomeBlocks(order=("carrousel", "bloc texte"), removed="carrousel")


def test_a_block_of_text_is_read_where_a_visitor_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bloc_texte, "settings_of", lambda *_: "<p>Bienvenue</p>")
    for block, path in (("accueil", "/"), ("données personnelles", "/index.php?controller=authentication")):
        check = TextBlock.model_validate({"block": block, "elements": ("dès 45 €", "Livraison offerte")})
        site = MagicMock()
        shown = site.page.locator.return_value.first
        for text, verdict in (
            ("Livraison offerte dès 45 €", Verdict.MET),
            ("Livraison oferte dès 45 €", Verdict.TO_JUDGE),
            ("Pas de livraison offerte dès 45 €", Verdict.TO_JUDGE),
            ("Livraison offerte", Verdict.NOT_MET),
            ("", Verdict.NOT_MET),
        ):
            shown.evaluate_all.return_value = [text, text, ""]
            assert [one.verdict for one in check.verify(site)] == [verdict]
            assert site.visit.call_args[0][0].startswith(path)
        shown.evaluate_all.return_value = ["dès 45 €", "Livraison offerte dès 45 €", REASONS["SAME"]]
        assert [one.verdict for one in check.verify(site)] == [Verdict.TO_JUDGE]
        shown.evaluate_all.return_value = ["dès 45 €", "Livraison offerte dès 45 €", REASONS["TRANSPARENT"]]
        assert [one.verdict for one in check.verify(site)] == [Verdict.NOT_MET]
