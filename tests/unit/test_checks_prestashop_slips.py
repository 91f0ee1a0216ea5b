"""What a candidate typed with a slip of the pen, or did with one thing too many, is for a person; what isn't it, is not met."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args
from unittest.mock import MagicMock

import pytest

from checks.prestashop import (
    carrousel,
    image,
    liens,
    liens_pied_de_page,
    menu_principal,
    navigation,
    permissions,
    produits_retires,
    reassurance,
)
from checks.prestashop.permissions import ADDED, REMOVED, ProfilePermissions
from checks.prestashop.reading import employee_access, footer_links, menu_elements, picture_looks, seeded, slides
from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading import variant_verdicts as varied
from checks.prestashop.reading.carriers import Carrier
from checks.prestashop.reading.employee_access import TABS, Action, Outcome, address_for
from checks.prestashop.reading.linked_texts import FoundPlace, Link, Place, Texts, texts_before
from checks.prestashop.reading.profile_rights import SAID, Right, Table
from checks.prestashop.reading.profile_rights import Row as RightsRow
from checks.prestashop.reading.shop import Product, Row
from checks.prestashop.reading.variants import Variant
from checks.prestashop.screens.wanted_product import VariantWanted
from checks.prestashop.transporteurs import CarrierMade, RangeWanted
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

pytestmark = pytest.mark.usefixtures("right_screens")

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


SITE = MagicMock(company=COMPANY, address="http://x")


@pytest.fixture(autouse=True)
def _a_visitor_sees_all_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrousel, "unseen", lambda _: "")


def verdicts(check: Any) -> list[Verdict]:
    return [one.verdict for one in check.verify(SITE)]


class Carousel:
    """What the home page and the module's own screen have of these slides: each a title, its text, active or not, its link."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *more: tuple[str, str, bool, str]) -> None:
        own = [(row["title"], row["text"], True, "http://x/3-sables") for _, row in seeded.rows(COMPANY, "slides")]
        self._slides = [*own, *more]
        monkeypatch.setattr(slides, "settings_of", lambda site, _module, reader: self._look(site, None, "", reader))
        monkeypatch.setattr(carrousel, "find_place", lambda *_: None)
        monkeypatch.setattr(slides, "looked_up", self._look)
        monkeypatch.setattr(
            slides, "looked_up_each", lambda _s, _p, edits, _r: [{"link": one, "text": ""} for one in edits]
        )
        monkeypatch.setattr(picture_looks, "looks_at", lambda *_: (0, 0, 0))

    def _look(self, _site: object, _page: object, address: str, reader: str) -> Any:
        if reader is slides._BEHIND:
            return {"kind": "category", "title": "Crackers salés" if "crackers" in address else "Sablés"}
        seen = [
            {"title": title, "text": text, "legend": "", "picture": "a", "active": active, "link": link, "edit": link}
            for title, text, active, link in self._slides
        ]
        return seen if reader is slides._KEPT else [one for one in seen if one["active"]]


APERITIF = carrousel.CarouselSlide(title="L’heure de l’apéritif", category="Crackers salés")


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("L’heure de l’apéritif", "", [MET, MET]),
        ("L’heure de l’apéritf", "", [TO_JUDGE, MET]),
        ("C’est l’heure de l’apéritif !", "", [TO_JUDGE, MET]),
        ("", "L’heure de l’apéritif", [TO_JUDGE, MET]),
        ("Nouveauté", "À découvrir.", [NOT_MET, TO_JUDGE]),
    ],
)
def test_a_slip_in_the_title_of_a_slide_costs_its_link_nothing(
    monkeypatch: pytest.MonkeyPatch, title: str, text: str, found: list[Verdict]
) -> None:
    Carousel(monkeypatch, (title, text, True, "http://x/6-crackers"))
    assert verdicts(APERITIF) == found


@pytest.mark.parametrize(
    ("title", "link", "found"),
    [
        ("L’heure de l’apéritif", "http://x/6-crackers", [NOT_MET, MET]),
        ("L’heure de l’apéritif", "http://x/3-sables", [NOT_MET, NOT_MET]),
        ("L’heure de l’apéritif", "6-crackers", [NOT_MET, NOT_MET]),  # the home page takes it for a site's name
        ("Nouveauté", "http://x/6-crackers", [NOT_MET, TO_JUDGE]),
        ("Nouveauté", "http://x/3-sables", [NOT_MET, NOT_MET]),
    ],
)
def test_a_slide_that_is_switched_off_is_told_and_its_link_is_judged(
    monkeypatch: pytest.MonkeyPatch, title: str, link: str, found: list[Verdict]
) -> None:
    Carousel(monkeypatch, (title, "", False, link))
    assert verdicts(APERITIF) == found
    said = "« L’heure de l’apéritif » existe, mais elle est désactivée."
    assert (said in APERITIF.verify(SITE)[0].observed) is (title != "Nouveauté")


@pytest.mark.parametrize(
    ("active", "text", "found"),
    [(True, "<p>À l’apéritif</p>", TO_JUDGE), (True, "<p>Autre</p>", NOT_MET), (False, "<p>À l’apéritif</p>", NOT_MET)],
)
def test_a_slide_that_is_on_and_not_shown_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, active: bool, text: str, found: Verdict
) -> None:
    kept = {"title": "L’heure", "text": "", "legend": "", "active": active, "edit": "/1"}
    monkeypatch.setattr(carrousel, "shown_slides", lambda _: [])
    monkeypatch.setattr(carrousel, "kept_slides", lambda _: [kept])
    monkeypatch.setattr(carrousel, "slide_forms", lambda *_: [{"link": "", "text": text}])
    assert verdicts(carrousel.CarouselSlide(title="L’heure", elements=("à l’apéritif",))) == [found]


@pytest.mark.parametrize(
    ("link", "links", "number", "found"),
    [
        ("http://x/index.php?controller=product&id_product=12", [], 12, TO_JUDGE),  # off line, or renamed
        ("http://x/index.php?controller=product&id_product=13", [], 12, NOT_MET),
        ("", ["http://x/bol"], 12, TO_JUDGE),
        ("", ["http://x/tasse"], 12, NOT_MET),
        ("http://x/bol", [], 12, MET),
    ],
)
def test_a_slide_leads_by_its_own_link_and_by_another_or_a_number_a_person_says(
    monkeypatch: pytest.MonkeyPatch, link: str, links: list[str], number: int, found: Verdict
) -> None:
    def look(_site: object, address: str) -> dict[str, str]:
        return {"kind": "product", "title": "Bol"} if address == "http://x/bol" else {"kind": "", "title": "?"}

    monkeypatch.setattr(carrousel, "behind", look)
    monkeypatch.setattr(carrousel, "find_place", lambda *_: FoundPlace(number, page="/12", online=False))
    check = carrousel.CarouselSlide(title="Fête", product="Bol")
    assert check._led(SITE, {"title": "Bol", "link": link, "links": links})[0] is found


def test_a_slide_with_a_lone_sign_for_an_address_leads_nowhere() -> None:
    assert [slides.leads_nowhere(one) for one in ("", "#", "http://#", "http://", "/")] == [True] * 4 + [False]
    assert slides.where_it_leads({"kind": "index", "title": ""}) == "à la page d’accueil"


def test_where_a_slide_leads_is_said_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slides, "looked_up", lambda *_: None)
    monkeypatch.setattr(carrousel, "find_place", lambda *_: FoundPlace(4, form="/4", online=False))
    check = carrousel.CarouselSlide(title="Fête", category="Sablés")
    _, said = check._led(SITE, {"title": "Bol", "link": f"{SITE.address}/4-sables"})
    gone = "La diapositive « Bol » mène à une page qui n’existe pas."
    assert (
        said
        == f"{gone} C’est pourtant l’adresse de la catégorie « Sablés », qui n’est plus en ligne ou a changé de nom."
    )
    assert slides.where_it_leads({"kind": "product", "title": "Bol"}) == "au produit « Bol »"


def test_a_carousel_without_slides_is_said_to_show_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in ("kept_slides", "slide_forms"):
        monkeypatch.setattr(carrousel, one, lambda *_: [])
    check = carrousel.CarouselSlide(title="Fête", product="Bol")
    for seen, said in (
        ([], "Le carrousel ne montre aucune diapositive."),
        ([{"title": "Miel"}, {"title": ""}], "Le carrousel montre « Miel » et 1 diapositive sans titre."),
    ):
        found = check._unseen(SITE, seen, {carrousel.SLIDE: "", carrousel.LINK: ""}, "")
        assert {one.observed for one in found} == {said}


def test_the_companys_slides_are_nobodys_work(monkeypatch: pytest.MonkeyPatch) -> None:
    Carousel(monkeypatch)
    assert verdicts(APERITIF) == [NOT_MET, NOT_MET]
    to_sables = APERITIF.but(category="Sablés")
    assert verdicts(to_sables) == [NOT_MET, NOT_MET]


@pytest.mark.parametrize(
    ("link", "said"), [("/12-fermee", "ne montre pas aux visiteurs"), ("http://x/gestion/a", "l’administration")]
)
def test_a_slide_that_leads_where_no_visitor_comes_is_judged_all_the_same(
    monkeypatch: pytest.MonkeyPatch, link: str, said: str
) -> None:
    def look(_site: object, _page: object, _address: str, reader: str) -> Any:
        if reader is not slides._SLIDES:
            raise RuntimeError("403")
        slide = {"title": "Fête", "text": "Fête", "legend": "", "picture": "a", "link": link}
        return [slide, *({**slide, "title": row["title"]} for _, row in seeded.rows(COMPANY, "slides"))]

    monkeypatch.setattr(slides, "looked_up", look)
    monkeypatch.setattr(carrousel, "find_place", lambda *_: None)
    monkeypatch.setattr(picture_looks, "looks_at", lambda *_: (0, 0, 0))
    slide, led = carrousel.CarouselSlide(title="Fête", product="Bol").verify(SITE)
    assert (slide.verdict, led.verdict) == (MET, NOT_MET)
    assert said in led.observed


def menu_of(
    monkeypatch: pytest.MonkeyPatch, items: list[dict[str, str]], listed: Sequence[tuple[str, str]] = ()
) -> None:
    """A menu that shows these elements, and whose module lists those."""
    monkeypatch.setattr(menu_elements, "looked_up", lambda *_: items)
    monkeypatch.setattr(menu_elements, "settings_of", lambda *_: list(listed))
    monkeypatch.setattr(menu_principal, "unseen_texts", lambda _: [])


@pytest.mark.parametrize(
    ("title", "verdict"),
    [("Notre blog", MET), ("Nôtre blogue", TO_JUDGE), ("Livraisons", NOT_MET), ("Actualités", NOT_MET)],
)
def test_a_slip_in_an_element_of_the_menu(monkeypatch: pytest.MonkeyPatch, title: str, verdict: Verdict) -> None:
    items = [{"title": "Sablés", "link": "/3", "kind": "category"}, {"title": title, "link": "/blog", "kind": "link"}]
    menu_of(monkeypatch, items)
    check = menu_principal.MainMenu(added="Notre blog", link="/blog", order=("Sablés", "Notre blog"))
    assert verdicts(check) == [verdict, verdict]


def test_an_element_that_leads_elsewhere_is_no_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [{"title": "Nôtre blogue", "link": "/ailleurs", "kind": "link"}]
    menu_of(monkeypatch, items)
    assert verdicts(menu_principal.MainMenu(added="Notre blog", link="/blog")) == [NOT_MET]


def foot_of(monkeypatch: pytest.MonkeyPatch, shown: list[dict[str, Any]], made: Sequence[dict[str, Any]] = ()) -> None:
    """A foot of the shop with these lists of links, and a module with those."""
    monkeypatch.setattr(liens_pied_de_page, "shown_blocks", lambda _: shown)
    monkeypatch.setattr(liens_pied_de_page, "links_aside", lambda _: [])
    monkeypatch.setattr(liens_pied_de_page, "made_blocks", lambda _, anew=True: list(made))
    monkeypatch.setattr(liens_pied_de_page, "is_online", lambda *_: True)


@pytest.mark.parametrize(
    ("block", "link", "found"),
    [
        ("Nous écrire", "Notre blog", [MET, MET]),
        ("Nous écrires", "Notre blog", [MET, TO_JUDGE]),
        ("Nous écrire", "Notre blogue", [TO_JUDGE, MET]),
        ("Liens utiles", "Notre blog", [TO_JUDGE, NOT_MET]),
        ("Liens utiles", "Actualités", [NOT_MET, NOT_MET]),
    ],
)
def test_a_slip_in_a_block_of_links_or_in_a_link(
    monkeypatch: pytest.MonkeyPatch, block: str, link: str, found: list[Verdict]
) -> None:
    shown = [{"title": block, "links": [{"text": link, "link": "https://blog.test/", "custom": True}]}]
    made = [{**shown[0], "hook": "displayFooter"}]
    shown += [{"title": row["name"], "links": []} for _, row in seeded.rows(COMPANY, "links")]
    foot_of(monkeypatch, shown, made)
    check = liens_pied_de_page.FooterLinks(
        block="Nous écrire", new=True, added=("Notre blog",), link="https://blog.test/"
    )
    assert verdicts(check) == found


@pytest.mark.parametrize(
    ("title", "links", "found"),
    [
        ("Nous écrire", ["1 Livraison", "6 Mentions légales"], [TO_JUDGE, NOT_MET]),
        ("Nous écrire", ["1 Livraison"], [NOT_MET, NOT_MET]),
        ("Nos liens", ["1 Livraison", "6 Mentions légales"], [TO_JUDGE, NOT_MET]),
        ("", [], [NOT_MET, NOT_MET]),
    ],
)
def test_a_block_of_links_that_hangs_elsewhere_costs_its_links_nothing(
    monkeypatch: pytest.MonkeyPatch, title: str, links: list[str], found: list[Verdict]
) -> None:
    edits = [
        f"/gestion/index.php/modules/link-widget/edit/{number}?_token=a" for number in ((1, 2, 3) if title else (1, 2))
    ]

    def look(_site: object, _page: object, _address: str, reader: str) -> Any:
        return edits if reader is footer_links._EDITS else [{"title": "La biscuiterie", "links": []}]

    def forms(_site: object, _page: object, own: list[str], _reader: str) -> Any:
        ticked = [{"text": text, "link": "", "custom": False} for text in links]
        return [{"title": title, "hook": "displayLeftColumn", "links": ticked} for _ in own]

    monkeypatch.setattr(footer_links, "screen", lambda *_: "")
    monkeypatch.setattr(footer_links, "looked_up", look)
    monkeypatch.setattr(liens_pied_de_page, "links_aside", lambda _: [])
    monkeypatch.setattr(liens_pied_de_page, "is_online", lambda *_: True)
    monkeypatch.setattr(footer_links, "looked_up_each", forms)
    check = liens_pied_de_page.FooterLinks(block="Nous écrire", new=True, added=("Livraison", "Mentions légales"))
    assert verdicts(check) == found
    said = "« Nous écrire » existe, accroché à « displayLeftColumn », mais le pied de page ne le montre pas."
    assert (said in check.verify(SITE)[1].observed) is (title == "Nous écrire")


@pytest.mark.parametrize(
    ("place", "verdict"), [(FoundPlace(2, page="/2"), MET), (FoundPlace(2, online=False), TO_JUDGE), (None, TO_JUDGE)]
)
def test_a_link_that_went_with_its_page_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, place: FoundPlace | None, verdict: Verdict
) -> None:
    left = footer_links.linked_beside(COMPANY, "Mentions légales", "")
    links = [{"text": one, "link": "/", "custom": False} for one in left]
    foot_of(monkeypatch, [{"title": "La biscuiterie", "links": links}])
    monkeypatch.setattr(liens_pied_de_page, "is_online", lambda *_: place is not None and place.online)
    assert verdicts(liens_pied_de_page.FooterLinks(removed="Mentions légales")) == [verdict]


@pytest.mark.parametrize(
    ("title", "text", "verdict"),
    [
        ("Retours faciles", "Sous 30 jours.", MET),
        ("Retour faciles", "Sous 30 jours.", TO_JUDGE),
        ("Retours faciles : sous 30 jours", "", TO_JUDGE),
        ("Retours faciles : sous 14 jours", "", NOT_MET),
        ("Information", "Sous 30 jours.", NOT_MET),
        ("Information", "Retours faciles, sous 30 jours.", NOT_MET),
    ],
)
def test_a_slip_in_the_title_of_a_block_of_reassurance(
    monkeypatch: pytest.MonkeyPatch, title: str, text: str, verdict: Verdict
) -> None:
    [found] = reassured(monkeypatch, [{"title": title, "text": text}], [])
    assert found.verdict is verdict
    assert "désactivé" not in found.observed


@pytest.mark.parametrize(("off", "told"), [(["Retours faciles"], True), (["Livraison soignée"], False)])
def test_a_block_of_reassurance_that_is_switched_off_is_told(
    monkeypatch: pytest.MonkeyPatch, off: list[str], told: bool
) -> None:
    [found] = reassured(monkeypatch, [{"title": "Retours acceptés", "text": "Pendant 30 jours."}], off)
    assert found.verdict is NOT_MET
    assert ("Le module a un bloc de ce titre, mais ce bloc est désactivé." in found.observed) is told


def reassured(monkeypatch: pytest.MonkeyPatch, shown: list[dict[str, str]], off: list[str]) -> Any:
    """What is found where the shop shows these blocks, and its module has these that are switched off."""
    monkeypatch.setattr(reassurance, "catalogue", lambda _: [MagicMock(id=1, active=True)])
    monkeypatch.setattr(reassurance, "settings_of", lambda *_: [(one, False) for one in off])
    site = MagicMock()
    site.page.locator.return_value.evaluate_all.return_value = [{"unseen": "", **one} for one in shown]
    return reassurance.ReassuranceBlock(title="Retours faciles", elements=("30 jours",)).verify(site)


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("tous nos coffrets", MET),
        ("Voyez tous nos coffrets", TO_JUDGE),
        ("tout nos coffret", TO_JUDGE),
        ("cliquez ici", NOT_MET),
    ],
)
def test_a_slip_in_the_words_of_a_link(monkeypatch: pytest.MonkeyPatch, words: str, verdict: Verdict) -> None:
    monkeypatch.setattr(liens, "find_place", lambda *_: FoundPlace(5, page="/5"))
    link = Link(words, "http://x/6-c", Place("catégorie", "Coffrets"))
    monkeypatch.setattr(liens, "read_texts", lambda *_: Texts((link,)))
    check = liens.TextLink(product="Palet", text="tous nos coffrets", to_category="Coffrets")
    assert verdicts(check) == [verdict]


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ("{0}\n{1}\ntous nos coffrets", MET),
        ("{0}\nOn le sert tiède. tous nos coffrets", TO_JUDGE),
        ("À lire : tous nos coffrets", TO_JUDGE),
        ("tous nos coffrets", NOT_MET),
    ],
)
def test_a_text_that_its_link_took_the_place_of_is_lost(
    monkeypatch: pytest.MonkeyPatch, lines: str, verdict: Verdict
) -> None:
    check = liens.TextLink(product="Palet au caramel au beurre salé", to_category="Coffrets")
    link = Link("tous nos coffrets", "http://x/6-c", Place("catégorie", "Coffrets"))
    now = lines.format(*texts_before(COMPANY, Place("produit", check.product)))
    monkeypatch.setattr(liens, "find_place", lambda *_: FoundPlace(5, page="/5"))
    before = texts_before(COMPANY, Place("produit", check.product))
    monkeypatch.setattr(liens, "read_texts", lambda *_: Texts((link,), (before[0], now)))
    assert verdicts(check) == [verdict]


@pytest.mark.parametrize(
    ("kept", "shortbread", "verdict"),
    [
        (["shortbread", "sablé", "1"], ["1", "2"], MET),
        (["Shortbread", "sablé", "1"], [], TO_JUDGE),  # the shop takes case for a difference
        (["shortbread", "sablés", "1"], ["1", "2"], TO_JUDGE),
        (["shortbread", "sablés", "1"], ["1"], NOT_MET),
        (["shortbread", "palet", "1"], ["1", "2"], NOT_MET),
        (["shortbread", "sablé", ""], ["1", "2"], NOT_MET),
        (["shortbread", "sablé", "1"], ["2", "1"], MET),
    ],
)
def test_an_alias_that_is_in_its_place_or_gives_the_same_products(
    monkeypatch: pytest.MonkeyPatch, kept: list[str], shortbread: list[str], verdict: Verdict
) -> None:
    listed = [kept]

    def look(_site: object, _page: object, address: str, reader: str) -> Any:
        if reader is navigation._KEPT:
            return listed
        return shortbread if "shortbread" in address else ["1", "2"]

    monkeypatch.setattr(navigation, "looked_up", look)
    monkeypatch.setattr(navigation, "screen", lambda *_: "")
    assert verdicts(navigation.SearchAlias(aliases=("shortbread",), search="sablé")) == [verdict]
    listed.append(["galette sèche", "palet", "1"])
    assert verdicts(navigation.SearchAlias(aliases=("shortbread", "galette sèche"), search="sablé")) == [NOT_MET]


@pytest.mark.parametrize(
    ("bounds", "price", "verdict"),
    [
        ((("0", "5"), ("5", "20")), "12.60", MET),
        ((("0", "4.99"), ("5", "20")), "12.60", TO_JUDGE),
        ((("0", "5"), ("5.01", "20")), "12.60", TO_JUDGE),
        ((("0", "4.9"), ("5", "20")), "12.60", NOT_MET),
        ((("0", "4.99"), ("5", "20")), "12.61", NOT_MET),
        ((("0", "5"), ("4.99", "5"), ("5", "20")), "12.60", NOT_MET),
    ],
)
def test_steps_that_leave_a_hundredth_between_them_are_for_a_person(
    bounds: tuple[tuple[str, str], ...], price: str, verdict: Verdict
) -> None:
    fees = {(Decimal(low), Decimal(high)): Decimal("7.20" if low == "0" else price) for low, high in bounds}
    seen = Carrier("C", "24 h", active=True, free=False, by="poids", rate=Decimal(0), fees={"Europe": fees})
    ranges = (
        RangeWanted(end=Decimal(5), price=Decimal("7.20")),
        RangeWanted(start=Decimal(5), end=Decimal(20), price=Decimal("12.60")),
    )
    assert CarrierMade(name="C", zones=("Europe",), ranges=ranges, prices_in="HT").priced(seen) is verdict


#: The menu as far as these tests go: what stands under what.
MENU = {
    "SELL": ("AdminParentOrders", "AdminCatalog", "AdminParentCustomer", "AdminParentCustomerThreads", "AdminStats"),
    "AdminParentOrders": ("AdminOrders", "AdminInvoices"),
    "AdminCatalog": ("AdminProducts", "AdminCategories", "AdminTracking"),
    "AdminParentCustomer": ("AdminCustomers", "AdminAddresses"),
    "AdminParentCustomerThreads": ("AdminCustomerThreads", "AdminOrderMessage"),
}
ABOVE = {tab: parent for parent, tabs in MENU.items() for tab in tabs}


def may(
    monkeypatch: pytest.MonkeyPatch, check: ProfilePermissions, *ticked: str, meets: Outcome | None = None
) -> dict[str, Verdict]:
    """What is concluded where these are ticked, as "AdminCustomers view": what he sees opens, and he `meets` what is ticked."""
    had: dict[str, set[Action]] = {}
    for tab, word in (one.split() for one in ticked):
        had.setdefault(tab, set()).add(SAID[word])
    table = Table({tab: RightsRow(tab, ABOVE.get(tab, "0"), frozenset(had.get(tab, ()))) for tab in (*MENU, *ABOVE)})

    def opened(_site: object, _own: object, name: str) -> str:
        return "http://x" if "voir" in had.get(TABS[name][-1], ()) else ""

    def tried(_site: object, _own: object, name: str, action: Action, _address: str) -> Outcome:
        return meets or ("done" if action in had.get(TABS[name][-1], ()) else "refused")

    monkeypatch.setattr(permissions, "screen", lambda *_: "")
    monkeypatch.setattr(permissions, "looked_up", lambda *_: [["4", check.profile]])
    monkeypatch.setattr(permissions, "table_of", lambda *_: table)
    monkeypatch.setattr(permissions, "numbers_of", lambda _: {tab: tab for tab in table.rows})
    monkeypatch.setattr(permissions, "address_for", opened)
    monkeypatch.setattr(permissions, "try_action", tried)
    return {one.fact: one.verdict for one in check.verify(MagicMock())}


def test_rights_that_were_given_or_taken_beside_are_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    had = ("AdminCustomerThreads view", "AdminCustomerThreads edit")
    seen = ("AdminCustomers view", "AdminCustomers edit")
    rights = (Right(screen="clients"), Right(screen="clients", action="modifier"))
    added = ProfilePermissions(profile="Commercial", added=rights)
    assert may(monkeypatch, added, *had, *seen) == {ADDED: MET}
    assert may(monkeypatch, added, *had, *seen, "AdminCustomers delete") == {ADDED: TO_JUDGE}
    assert may(monkeypatch, added, *had, seen[0]) == {ADDED: NOT_MET}
    changing = ProfilePermissions(profile="Commercial", added=rights[1:])
    assert may(monkeypatch, changing, *had, *seen) == {ADDED: MET}  # who changes them has to see them
    removed = ProfilePermissions(profile="Commercial", removed=(Right(screen="service client", action="modifier"),))
    assert may(monkeypatch, removed, had[0]) == {REMOVED: MET}
    assert may(monkeypatch, removed) == {REMOVED: TO_JUDGE}
    assert may(monkeypatch, removed, *had) == {REMOVED: NOT_MET}


CUSTOMERS = tuple(f"AdminCustomers {word}" for word in ("view", "add", "edit", "delete"))
CHANGING = ProfilePermissions(
    profile="Commercial", added=(Right(screen="clients"), Right(screen="clients", action="modifier"))
)


def test_whoever_may_do_nearly_everything_did_not_get_the_rights_that_were_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    had = ("AdminCustomerThreads view", "AdminCustomerThreads edit")
    column = [f"{tab} {word}" for tab in (*MENU, *ABOVE) for word in ("view", "edit")]
    assert may(monkeypatch, CHANGING, *had, *column) == {ADDED: NOT_MET}
    asked = ("AdminCustomers view", "AdminCustomers edit")
    assert may(monkeypatch, CHANGING, *had, *asked, "AdminOrders delete") == {ADDED: TO_JUDGE}
    assert may(monkeypatch, CHANGING, *had, *asked, "AdminTracking view") == {ADDED: TO_JUDGE}  # none of those tried
    assert may(monkeypatch, CHANGING, *had, *asked, "AdminCatalog view") == {ADDED: TO_JUDGE}


def test_what_the_table_of_rights_ticks_by_itself_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    had = ("AdminCustomerThreads view", "AdminCustomerThreads edit")
    above = [f"{tab} {word}" for tab in ("SELL", "AdminParentCustomer") for word in ("view", "edit")]
    assert may(monkeypatch, CHANGING, *had, *CUSTOMERS[::2], *above) == {ADDED: MET}
    # « Tout » gives all of the heading's part of the menu, down to what stands right below it.
    whole = [f"{tab} {word}" for tab in ("SELL", *MENU["SELL"]) for word in ("view", "add", "edit", "delete")]
    everything = CHANGING.but(added=tuple(Right(screen="clients", action=action) for action in get_args(Action)))
    assert may(monkeypatch, everything, *had, *CUSTOMERS, *whole) == {ADDED: MET}
    assert may(monkeypatch, everything, *had, *CUSTOMERS, *whole, "AdminOrders view") == {ADDED: TO_JUDGE}
    assert may(monkeypatch, CHANGING, *had, *CUSTOMERS, *whole) == {ADDED: TO_JUDGE}


def test_the_near_misses_of_rights_all_do_something() -> None:
    one = ProfilePermissions(profile="Commercial", removed=(Right(screen="clients"),))
    both = one.but(removed=(Right(screen="clients"), Right(screen="clients", action="modifier")))
    names = [[miss.name for miss in check.near_misses()] for check in (one, both, CHANGING)]
    assert names[0][1:] == ["retiré, puis redonné"]
    assert names[1][1:] == ["un droit laissé"]
    assert "la colonne entière" in names[2]
    everything = CHANGING.but(added=tuple(Right(screen="clients", action=action) for action in get_args(Action)))
    assert [len(check.ways()) for check in (CHANGING, everything)] == [1, 2]


def test_rights_are_listed_as_a_sentence_lists_them() -> None:
    rights = [Right(screen="catégories", action=action) for action in ("voir", "ajouter", "modifier")]
    assert permissions._listed(rights[:1], " ni ") == "voir les catégories"
    assert permissions._listed(rights[:2], " ni ") == "voir les catégories ni ajouter des catégories"
    said = "voir les catégories, ajouter des catégories et modifier les catégories"
    assert permissions._listed(rights, " et ") == said


def test_a_right_is_what_an_employee_gets_done(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = ("AdminCustomers view", "AdminCustomers edit")
    changing = ProfilePermissions(profile="Commercial", added=(Right(screen="clients", action="modifier"),))
    assert may(monkeypatch, changing, *seen) == {ADDED: MET}
    assert may(monkeypatch, changing, *seen, meets="refused") == {ADDED: TO_JUDGE}
    assert may(monkeypatch, changing, *seen, meets="nothing") == {ADDED: MET}  # the table stands alone
    assert may(monkeypatch, changing, seen[1]) == {ADDED: TO_JUDGE}  # without the screen, it is of no use
    assert may(monkeypatch, changing, seen[0], meets="done") == {ADDED: NOT_MET}
    had = ("AdminCustomerThreads view", "AdminCustomerThreads edit")
    removed = ProfilePermissions(profile="Commercial", removed=(Right(screen="service client", action="modifier"),))
    assert may(monkeypatch, removed, had[0], meets="done") == {REMOVED: TO_JUDGE}
    assert may(monkeypatch, removed, had[0], meets="nothing") == {REMOVED: MET}


def test_a_screen_at_the_head_of_another_is_reached_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {
        "http://x/gestion/index.php?controller=AdminDashboard": {"AdminParentCartRules": "http://x/rules"},
        "http://x/rules": {"AdminCartRules": "http://x/rules", "AdminSpecificPriceRule": "http://x/catalogue"},
    }

    def look(_site: object, _own: object, address: str, reader: str, *_: object, **__: bool) -> Any:
        return entries.get(address) if reader == employee_access._ENTRIES else address != "http://x/rules"

    monkeypatch.setattr(employee_access, "looked_up", look)
    reached = {name: address_for(MagicMock(address="http://x"), MagicMock(), name) for name in TABS}
    assert {name: where for name, where in reached.items() if where} == {"règles catalogue": "http://x/catalogue"}


def test_an_action_that_nobody_is_offered_is_none_and_one_that_only_others_are_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for his, others, outcome in (
        ("done", "offered", "done"),
        ("refused", "offered", "refused"),
        ("nothing", "offered", "refused"),
        ("nothing", "nothing", "nothing"),
        (None, "offered", "refused"),
    ):
        answers = {True: his, False: others}
        monkeypatch.setattr(employee_access, "screen", lambda *_: "")
        monkeypatch.setattr(employee_access, "looked_up", lambda *asked, of=answers, **_: of[asked[-1]["go"]])
        assert employee_access.try_action(MagicMock(), MagicMock(), "clients", "ajouter", "http://x") == outcome


SALTED, PLAIN = {"Parfum": "Caramel aux noix"}, {"Parfum": "Nature"}


@pytest.mark.parametrize(
    ("value", "verdict", "others"),
    [
        ("Caramel aux noix", MET, MET),
        ("Caramel au noix", TO_JUDGE, TO_JUDGE),
        ("Caramel au beurre salé", NOT_MET, TO_JUDGE),
        ("Noix", NOT_MET, TO_JUDGE),
    ],
)
def test_a_slip_in_a_value_that_the_candidate_made(value: str, verdict: Verdict, others: Verdict) -> None:
    wanted = (VariantWanted(of=PLAIN, quantity=5), VariantWanted(of=SALTED, quantity=9, impact=Decimal("1.50")))
    made = Variant({"Parfum": value}, quantity=9, impact=Decimal("1.50"))
    seen = Product(variants=(Variant(PLAIN, quantity=5), made))
    assert varied.combinations(COMPANY, wanted, seen)[0] is verdict
    assert varied.quantities(COMPANY, wanted, seen)[0] is others
    assert varied.impacts(COMPANY, wanted, "HT", seen)[0] is others


def test_a_value_of_the_company_was_chosen_and_is_no_slip() -> None:
    assert not Variant({"Parfum": "Pruneaux"}).perhaps(COMPANY, {"Parfum": "Pruneau"})
    assert Variant({"Parfum": "Prunneau"}).perhaps(COMPANY, {"Parfum": "Pruneau"})
    assert not Variant({"Parfum": "Prunneau"}).perhaps(COMPANY, {"Poids": "Pruneau"})


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ("Boîte ouverte.", MET),
        ("Boîte ouverta", TO_JUDGE),
        ("Boîte fermée", NOT_MET),
    ],
)
def test_a_slip_in_a_short_text(seen: str, verdict: Verdict) -> None:
    assert judged.text("Boîte ouverte", seen, "Légende")[0] is verdict


def test_a_slip_in_a_friendly_address() -> None:
    assert [
        judged.keywords(COMPANY, "boite-phare-palets", (), Product(address=one))[0]
        for one in ("boite-phare-palets", "boite-fare-palets", "boite-phare-palets-2")
    ] == [MET, TO_JUDGE, NOT_MET]


@pytest.mark.parametrize(
    ("shown", "verdict", "said"),
    [
        ((2, 3), MET, ""),
        ((1, 2, 3), NOT_MET, ""),
        ((1, 2), NOT_MET, "« produit-galette-citron.jpg »"),
        ((2,), TO_JUDGE, "« produit-galette-citron.jpg »"),
        ((), TO_JUDGE, "« galettes-citron.jpg », « produit-galette-citron.jpg »"),
    ],
)
def test_a_picture_that_goes_beside_the_one_that_is_asked_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, shown: tuple[int, ...], verdict: Verdict, said: str
) -> None:
    name = "Galette fine au citron"
    number = seeded.seeded_number(COMPANY, name)
    looks = {file: (100 * place,) for place, file in enumerate(seeded.pictures(COMPANY, number), 1)}
    left = [picture_looks.Picture(one, "", False, (100 * one,)) for one in shown]
    monkeypatch.setattr(image, "_shown", lambda *_: (Row(number, name, "", True, "", ""), left, ""))
    monkeypatch.setattr(picture_looks, "file_looks", lambda _, file: looks[file])
    [found] = image.Pictures(product=name, removed=("tarte-citron.jpg",)).verify(MagicMock())
    assert found.verdict is verdict
    assert said in found.observed
    assert ("L’entreprise y avait aussi" in found.observed) is bool(said)


@pytest.mark.parametrize("how", ["supprimé", "désactivé", "l’un ou l’autre"])
def test_a_product_that_goes_beside_the_one_that_is_asked_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, how: Any
) -> None:
    name, other = "Bol du petit-déjeuner", "Sablé nature"
    whole = [
        Row(number, row["name"], "", row.get("active", True), "", "")
        for number, row in seeded.rows(COMPANY, "products")
    ]
    gone = [row for row in whole if row.name != name]
    if how == "désactivé":
        gone = [replace(row, active=row.active and row.name != name) for row in whole]
    site = MagicMock()
    site.page.locator.return_value.count.return_value = 0
    for known, verdict in (
        (gone, MET),
        ([replace(row, name=f"{row.name} (neuf)") if row.name == other else row for row in gone], MET),
        ([row for row in gone if row.name != other], TO_JUDGE),
        ([replace(row, active=row.active and row.name != other) for row in gone], TO_JUDGE),
    ):
        monkeypatch.setattr(produits_retires, "catalogue", lambda _, known=known: known)
        [found] = produits_retires.ProductRemoved(name=name, how=how).verify(site)
        assert found.verdict is verdict
        assert ("ne sont plus en vente : « Sablé nature »." in found.observed) is (verdict is TO_JUDGE)
    monkeypatch.setattr(produits_retires, "is_hidden", lambda *_: False)
    site.page.locator.return_value.count.return_value = 1
    monkeypatch.setattr(produits_retires, "catalogue", lambda _: [row for row in whole if row.name != other])
    assert [one.verdict for one in produits_retires.ProductRemoved(name=name, how=how).verify(site)] == [NOT_MET]


def test_of_two_pictures_that_look_so_the_one_with_the_legend_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = (
        picture_looks.Picture(n, legend, n == 2, (0, 0, 0)) for n, legend in ((1, "Galettes"), (2, "Dorées à cœur"))
    )
    row = Row(1, "Galette", "", True, "", "")
    monkeypatch.setattr(image, "_shown", lambda *_: (row, [old, new], ""))
    monkeypatch.setattr(picture_looks, "file_looks", lambda *_: (0, 0, 0))
    assert verdicts(image.Legend(product="Galette", picture="a.jpg", legend="Dorées à cœur")) == [MET]
    assert verdicts(image.Legend(product="Galette", picture="a.jpg", legend="Autre")) == [NOT_MET]


@pytest.mark.parametrize(
    ("how", "hidden", "verdict"),
    [
        ("désactivé", True, TO_JUDGE),
        ("l’un ou l’autre", True, TO_JUDGE),
        ("supprimé", True, NOT_MET),
        ("désactivé", False, NOT_MET),
    ],
)
def test_a_product_that_only_its_address_shows_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, how: Any, hidden: bool, verdict: Verdict
) -> None:
    monkeypatch.setattr(produits_retires, "catalogue", lambda _: [Row(1, "Bol", "", True, "", "")])
    monkeypatch.setattr(produits_retires, "is_hidden", lambda *_: hidden)
    assert verdicts(produits_retires.ProductRemoved(name="Bol", how=how)) == [verdict]
