"""What a candidate typed with a slip of the pen, or did with one thing too many, is for a person; what isn't it, is not met."""

from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest

from checks.prestashop import (
    carrousel,
    employee_screens,
    image,
    liens,
    liens_pied_de_page,
    menu_principal,
    navigation,
    permissions,
    pictures,
    produits_retires,
    reassurance,
)
from checks.prestashop import product_verdicts as judged
from checks.prestashop.carrier_screens import Carrier
from checks.prestashop.employee_screens import TABS, Action, Outcome, address_for
from checks.prestashop.fiche_produit import VariantWanted
from checks.prestashop.link_screens import Found, Link, Place
from checks.prestashop.permissions import ADDED, REMOVED, ProfilePermissions, Right
from checks.prestashop.shop import Product, Row, Variant
from checks.prestashop.transporteurs import CarrierMade, RangeWanted
from provisioner.check import Verdict

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
SITE = MagicMock(address="http://x")


def verdicts(check: Any) -> list[Verdict]:
    return [one.verdict for one in check.verify(SITE)]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("L’heure de l’apéritif", [MET, MET]),
        ("L’heure de l’apéritf", [TO_JUDGE, MET]),
        ("Nouveauté", [NOT_MET, NOT_MET]),
    ],
)
def test_a_slip_in_the_title_of_a_slide_costs_its_link_nothing(
    monkeypatch: pytest.MonkeyPatch, title: str, found: list[Verdict]
) -> None:
    shown = [{"title": title, "text": title, "legend": "", "picture": "a", "link": "/crackers"}]
    behind = {"kind": "category", "title": "Crackers salés"}
    monkeypatch.setattr(carrousel, "looked_up", lambda *a: shown if a[-1] is carrousel._SLIDES else behind)
    monkeypatch.setattr(pictures, "looks_at", lambda *_: (0, 0, 0))
    assert verdicts(carrousel.CarouselSlide(title="L’heure de l’apéritif", category="Crackers salés")) == found


@pytest.mark.parametrize(
    ("link", "said"), [("/12-fermee", "ne montre pas aux visiteurs"), ("http://x/gestion/a", "l’administration")]
)
def test_a_slide_that_leads_where_no_visitor_comes_is_judged_all_the_same(
    monkeypatch: pytest.MonkeyPatch, link: str, said: str
) -> None:
    def look(_site: object, _page: object, _address: str, reader: str) -> Any:
        if reader is not carrousel._SLIDES:
            raise RuntimeError("403")
        return [{"title": "Fête", "text": "Fête", "legend": "", "picture": "a", "link": link}]

    monkeypatch.setattr(carrousel, "looked_up", look)
    monkeypatch.setattr(pictures, "looks_at", lambda *_: (0, 0, 0))
    slide, led = carrousel.CarouselSlide(title="Fête", product="Bol").verify(SITE)
    assert (slide.verdict, led.verdict) == (MET, NOT_MET)
    assert said in led.observed


@pytest.mark.parametrize(
    ("title", "verdict"),
    [("Notre blog", MET), ("Nôtre blogue", TO_JUDGE), ("Livraisons", NOT_MET), ("Actualités", NOT_MET)],
)
def test_a_slip_in_an_element_of_the_menu(monkeypatch: pytest.MonkeyPatch, title: str, verdict: Verdict) -> None:
    items = [{"title": "Sablés", "link": "/3", "kind": "category"}, {"title": title, "link": "/blog", "kind": "link"}]
    monkeypatch.setattr(menu_principal, "looked_up", lambda *_: items)
    check = menu_principal.MainMenu(added="Notre blog", link="/blog", order=("Sablés", "Notre blog"))
    assert verdicts(check) == [verdict, verdict]


def test_an_element_that_leads_elsewhere_is_no_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [{"title": "Nôtre blogue", "link": "/ailleurs", "kind": "link"}]
    monkeypatch.setattr(menu_principal, "looked_up", lambda *_: items)
    assert verdicts(menu_principal.MainMenu(added="Notre blog", link="/blog")) == [NOT_MET]


@pytest.mark.parametrize(
    ("block", "link", "found"),
    [
        ("Nous écrire", "Notre blog", [MET, MET]),
        ("Nous écrires", "Notre blog", [MET, TO_JUDGE]),
        ("Nous écrire", "Notre blogue", [TO_JUDGE, MET]),
        ("Liens utiles", "Notre blog", [NOT_MET, NOT_MET]),
    ],
)
def test_a_slip_in_a_block_of_links_or_in_a_link(
    monkeypatch: pytest.MonkeyPatch, block: str, link: str, found: list[Verdict]
) -> None:
    shown = [{"title": block, "links": [{"text": link, "link": "https://blog.test/", "custom": True}]}]
    monkeypatch.setattr(liens_pied_de_page, "looked_up", lambda *_: shown)
    check = liens_pied_de_page.FooterLinks(
        block="Nous écrire", new=True, added=("Notre blog",), link="https://blog.test/"
    )
    assert verdicts(check) == found


@pytest.mark.parametrize(
    ("place", "verdict"), [(Found(2, page="/2"), MET), (Found(2, online=False), TO_JUDGE), (None, TO_JUDGE)]
)
def test_a_link_that_went_with_its_page_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, place: Found | None, verdict: Verdict
) -> None:
    left = liens_pied_de_page._beside("Mentions légales", "")
    links = [{"text": one, "link": "/", "custom": False} for one in left]
    monkeypatch.setattr(liens_pied_de_page, "looked_up", lambda *_: [{"title": "La biscuiterie", "links": links}])
    monkeypatch.setattr(liens_pied_de_page, "found", lambda *_: place)
    assert verdicts(liens_pied_de_page.FooterLinks(removed="Mentions légales")) == [verdict]


@pytest.mark.parametrize(
    ("title", "verdict"), [("Retours faciles", MET), ("Retour faciles", TO_JUDGE), ("Information", NOT_MET)]
)
def test_a_slip_in_the_title_of_a_block_of_reassurance(
    monkeypatch: pytest.MonkeyPatch, title: str, verdict: Verdict
) -> None:
    monkeypatch.setattr(reassurance, "catalogue", lambda _: [MagicMock(id=1, active=True)])
    site = MagicMock()
    site.page.locator.return_value.evaluate_all.return_value = [{"title": title, "text": "Sous 30 jours."}]
    check = reassurance.ReassuranceBlock(title="Retours faciles", elements=("30 jours",))
    assert [one.verdict for one in check.verify(site)] == [verdict]


@pytest.mark.parametrize(
    ("words", "verdict"), [("tous nos coffrets", MET), ("tout nos coffret", TO_JUDGE), ("cliquez ici", NOT_MET)]
)
def test_a_slip_in_the_words_of_a_link(monkeypatch: pytest.MonkeyPatch, words: str, verdict: Verdict) -> None:
    monkeypatch.setattr(liens, "found", lambda *_: Found(5, page="/5"))
    monkeypatch.setattr(liens, "links", lambda *_: [Link(words, "http://x/6-c", Place("catégorie", "Coffrets"))])
    check = liens.TextLink(product="Palet", text="tous nos coffrets", to_category="Coffrets")
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
    ],
)
def test_an_alias_that_is_in_its_place_or_gives_the_same_products(
    monkeypatch: pytest.MonkeyPatch, kept: list[str], shortbread: list[str], verdict: Verdict
) -> None:
    def look(_site: object, _page: object, address: str, reader: str) -> Any:
        if reader is navigation._KEPT:
            return [kept]
        return shortbread if "shortbread" in address else ["1", "2"]

    monkeypatch.setattr(navigation, "looked_up", look)
    monkeypatch.setattr(navigation, "screen", lambda *_: "")
    assert verdicts(navigation.SearchAlias(aliases=("shortbread",), search="sablé")) == [verdict]


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


def may(
    monkeypatch: pytest.MonkeyPatch, check: ProfilePermissions, *ticked: str, meets: Outcome | None = None
) -> dict[str, Verdict]:
    """What is concluded where these are ticked, as "AdminCustomers view": what he sees opens, and he `meets` what is ticked."""
    numbers = {tabs[-1]: str(n) for n, tabs in enumerate(TABS.values())}
    table = [f"{numbers[tab]} {action}" for tab, action in (one.split() for one in ticked)]
    read = {permissions._NAMES: [["4", check.profile]], permissions._TICKED: table}

    def opened(_site: object, _own: object, name: str) -> str:
        return "http://x" if f"{TABS[name][-1]} view" in ticked else ""

    def tried(_site: object, _own: object, name: str, action: Action, _address: str) -> Outcome:
        granted = f"{TABS[name][-1]} {permissions._ACTIONS[action]}" in ticked
        return meets or ("done" if granted else "refused")

    monkeypatch.setattr(permissions, "screen", lambda *_: "")
    monkeypatch.setattr(permissions, "looked_up", lambda _s, _p, _a, reader, *_: read[reader])
    monkeypatch.setattr(permissions, "_numbers", lambda _site: numbers)
    monkeypatch.setattr(permissions, "address_for", opened)
    monkeypatch.setattr(permissions, "tried", tried)
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

    def look(_site: object, _own: object, address: str, reader: str) -> Any:
        return entries.get(address) if reader == employee_screens._ENTRIES else address != "http://x/rules"

    monkeypatch.setattr(employee_screens, "looked_up", look)
    reached = {name: address_for(MagicMock(address="http://x"), MagicMock(), name) for name in TABS}
    assert {name: where for name, where in reached.items() if where} == {"règles catalogue": "http://x/catalogue"}


def test_an_action_that_nobody_is_offered_is_none_and_one_that_only_others_are_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for his, others, outcome in (
        ("done", "offered", "done"), ("refused", "offered", "refused"), ("nothing", "offered", "refused"),
        ("nothing", "nothing", "nothing"), (None, "offered", "refused"),
    ):  # fmt: skip
        answers = {True: his, False: others}
        monkeypatch.setattr(employee_screens, "screen", lambda *_: "")
        monkeypatch.setattr(employee_screens, "looked_up", lambda *asked, of=answers: of[asked[-1]["go"]])
        assert employee_screens.tried(MagicMock(), MagicMock(), "clients", "ajouter", "http://x") == outcome


SALTED, PLAIN = {"Parfum": "Caramel aux noix"}, {"Parfum": "Nature"}


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("Caramel aux noix", MET),
        ("Caramel au noix", TO_JUDGE),
        ("Caramel au beurre salé", NOT_MET),
        ("Noix", NOT_MET),
    ],
)
def test_a_slip_in_a_value_that_the_candidate_made(value: str, verdict: Verdict) -> None:
    wanted = (VariantWanted(of=PLAIN, quantity=5), VariantWanted(of=SALTED, quantity=9, impact=Decimal("1.50")))
    made = Variant({"Parfum": value}, quantity=9, impact=Decimal("1.50"))
    seen = Product(variants=(Variant(PLAIN, quantity=5), made))
    assert judged.combinations(wanted, seen)[0] is verdict
    assert judged.quantities(wanted, seen)[0] is verdict
    assert judged.impacts(wanted, "HT", seen)[0] is verdict


def test_a_value_of_the_company_was_chosen_and_is_no_slip() -> None:
    assert not Variant({"Parfum": "Pruneaux"}).perhaps({"Parfum": "Pruneau"})
    assert Variant({"Parfum": "Prunneau"}).perhaps({"Parfum": "Pruneau"})
    assert not Variant({"Parfum": "Prunneau"}).perhaps({"Poids": "Pruneau"})


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
        judged.keywords("boite-phare-palets", (), Product(address=one))[0]
        for one in ("boite-phare-palets", "boite-fare-palets", "boite-phare-palets-2")
    ] == [MET, TO_JUDGE, NOT_MET]


def test_of_two_pictures_that_look_so_the_one_with_the_legend_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = (pictures.Picture(n, legend, n == 2, (0, 0, 0)) for n, legend in ((1, "Galettes"), (2, "Dorées à cœur")))
    row = Row(1, "Galette", "", True, "", "")
    monkeypatch.setattr(image, "_shown", lambda *_: (row, [old, new], ""))
    monkeypatch.setattr(pictures, "file_looks", lambda *_: (0, 0, 0))
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
