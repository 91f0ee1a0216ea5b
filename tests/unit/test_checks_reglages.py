"""What the checks of navigation conclude: front page, comments, breadcrumb, off-canvas menu."""

from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.wordpress import accueil, discussion, emplacement, fil_ariane, hors_champ
from checks.wordpress.accueil import LATEST, STATIC, FrontPage
from checks.wordpress.discussion import APPROVAL, CLOSED, CommentSettings
from checks.wordpress.emplacement import PLACE, MenuPlace
from checks.wordpress.fil_ariane import BREADCRUMB, SEEN, Breadcrumb, VisitorSide
from checks.wordpress.hors_champ import SHOWN, OffCanvasMenu
from checks.wordpress.reading import contents, menu_shown
from checks.wordpress.reading.menu_tree import ShownItem
from checks.wordpress.reading.other_menus import ListOfLinks
from provisioner.examination.asked import VISITOR, Request
from provisioner.examination.site import OpenedCopy
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY, answering_site

pytestmark = pytest.mark.usefixtures("right_screens")


def verdicts(check: Any, site: Any) -> dict[str, Verdict]:
    return {one.fact: one.verdict for one in check.verify(site)}


# --- the front page ---------------------------------------------------------------------------


@pytest.fixture
def front(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(
        check: FrontPage,
        home: str,
        articles: int = 0,
        front_page: int = 5,
        blog: int = 6,
        doubt: str = "",
        lists: int = 0,
    ) -> Verdict:
        settings = {
            "show_on_front": "page" if front_page else "posts",
            "page_on_front": front_page,
            "page_for_posts": blog,
        }
        monkeypatch.setattr(accueil, "rest", lambda site, path: settings)
        monkeypatch.setattr(
            accueil, "rest_or_none", lambda site, path: {"slug": "une-page", "title": {"raw": "Une page"}}
        )
        numbers = {"accueil": 5, "actualites": 6}
        monkeypatch.setattr(
            accueil,
            "meant",
            lambda site, slug, kinds: (
                {"id": numbers[slug], "link": f"http://s.test/{slug}/", "title": {"raw": slug}},
                doubt,
            ),
        )
        site = MagicMock(company=COMPANY)
        site.visit.return_value = site.page
        at = {"path": ""}
        site.visit.side_effect = lambda path: (at.update(path=path), site.page)[1]
        site.page.locator.side_effect = lambda selector: MagicMock(
            get_attribute=MagicMock(
                side_effect=lambda _: home if at["path"] == "/" else "blog" if blog == 6 else "page"
            ),
            count=MagicMock(return_value=lists if "wp-block" in selector else articles),
        )
        [verdict] = verdicts(check, site).values()
        return verdict

    return examine


def test_the_front_page_is_the_page_that_a_visitor_finds(front: Any) -> None:
    wanted = FrontPage(page="accueil", blog="actualites")
    assert wanted.facts() == (STATIC,)
    assert front(wanted, "home page page-id-5") is Verdict.MET
    assert front(wanted, "home page page-id-9", front_page=9) is Verdict.NOT_MET
    assert front(wanted, "home page page-id-5", blog=0) is Verdict.NOT_MET, "the articles are nowhere"
    assert front(wanted, "home page page-id-5", blog=0, lists=3) is Verdict.TO_JUDGE, "by a block of the page"
    assert front(wanted, "page") is Verdict.TO_JUDGE, "it was chosen, and can't be seen"
    assert front(wanted, "home blog", articles=10, front_page=0) is Verdict.NOT_MET


def test_a_front_page_whose_title_has_a_slip_is_for_a_person(front: Any) -> None:
    wanted = FrontPage(page="accueil", blog="actualites")
    assert front(wanted, "home page page-id-5", doubt="le titre") is Verdict.TO_JUDGE
    assert front(wanted, "home page page-id-9", front_page=9, doubt="le titre") is Verdict.NOT_MET


def test_the_latest_articles_are_those_that_the_setting_brings(front: Any) -> None:
    wanted = FrontPage()
    assert wanted.facts() == (LATEST,)
    assert front(wanted, "home blog", articles=10, front_page=0) is Verdict.MET
    assert front(wanted, "home page page-id-5", articles=3) is Verdict.NOT_MET, "a page of its own"
    assert front(wanted, "home page page-id-5", lists=3) is Verdict.TO_JUDGE, "a page with a list of articles"
    assert front(wanted, "home blog", front_page=0) is Verdict.TO_JUDGE, "no article is to be seen"
    assert front(wanted, "blog", articles=10) is Verdict.TO_JUDGE, "a static page, and none is chosen"


# --- comments ---------------------------------------------------------------------------------


@pytest.fixture
def comments(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(
        check: CommentSettings,
        kept: dict[str, str],
        status: str = "open",
        form: bool = True,
        online: bool = True,
        doubt: str = "",
        state: str = "publish",
        hidden: str = "",
    ) -> dict[str, Verdict]:
        page = MagicMock()
        page.locator.return_value.evaluate.return_value = kept
        item = {"comment_status": status, "status": state, "title": {"raw": "Un article"}}
        monkeypatch.setattr(discussion, "meant", lambda site, slug: (item, doubt))
        monkeypatch.setattr(discussion, "unseen", lambda locator: hidden)
        monkeypatch.setattr(contents, "shown_at", lambda site, item: online)
        page.goto.return_value.status = 200
        site = MagicMock(company=COMPANY)
        site.signed_in.return_value = page
        site.page.locator.return_value.count.return_value = int(form)
        return verdicts(check, site)

    return examine


def test_each_box_is_its_own_setting(comments: Any) -> None:
    wanted = CommentSettings(manual_approval=True, closed=True)
    assert comments(wanted, {"comment_moderation": "1"}) == {APPROVAL: Verdict.MET, CLOSED: Verdict.MET}
    beside = {"comment_previously_approved": "1", "moderation_notify": "1", "default_comment_status": "open"}
    assert comments(wanted, beside) == {APPROVAL: Verdict.NOT_MET, CLOSED: Verdict.NOT_MET}


def test_comments_are_closed_for_everybody_under_a_content_that_is_still_online(comments: Any) -> None:
    wanted = CommentSettings(closed_on=("article",))
    assert comments(wanted, {}, "closed", form=False) == {CLOSED: Verdict.MET}
    assert comments(wanted, {}, "open", form=True) == {CLOSED: Verdict.NOT_MET}
    registered = {"comment_registration": "1"}
    assert comments(wanted, registered, "open", form=False) == {CLOSED: Verdict.NOT_MET}, "only those signed in may"
    assert comments(wanted, {}, "open", form=False) == {CLOSED: Verdict.TO_JUDGE}, "the theme hides it"
    assert comments(wanted, {}, "open", hidden="élément masqué par le style") == {CLOSED: Verdict.TO_JUDGE}
    private = {"form": False, "online": False, "state": "private"}
    assert comments(wanted, {}, "closed", **private) == {CLOSED: Verdict.TO_JUDGE}
    assert comments(wanted, {}, "open", **private) == {CLOSED: Verdict.NOT_MET}
    assert comments(wanted, {}, "closed", form=False, online=False) == {CLOSED: Verdict.NOT_MET}
    old = {"close_comments_for_old_posts": "1", "close_comments_days_old": "14"}
    assert comments(wanted, old, "open", form=False) == {CLOSED: Verdict.TO_JUDGE}
    assert comments(wanted, {}, "closed", form=False, doubt="le titre") == {CLOSED: Verdict.TO_JUDGE}
    assert comments(wanted, {}, "open", form=True, doubt="le titre") == {CLOSED: Verdict.NOT_MET}


def test_a_setting_of_comments_is_asked_for() -> None:
    with pytest.raises(ValidationError, match="manual_approval"):
        CommentSettings()


# --- breadcrumb, and the visitor's side -------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "doubt", "verdict"),
    [
        (["after", "after"], "", Verdict.MET),
        (["after", ""], "", Verdict.NOT_MET),
        (["inside", "inside"], "", Verdict.NOT_MET),
        (["after", "below_row"], "", Verdict.TO_JUDGE),
        (["elsewhere", "elsewhere"], "", Verdict.NOT_MET),
        (["after", "after"], "le titre", Verdict.TO_JUDGE),
        (["after", ""], "le titre", Verdict.NOT_MET),
    ],
)
def test_the_breadcrumb_is_where_it_was_asked_for_on_each_content(
    monkeypatch: pytest.MonkeyPatch, seen: list[str], doubt: str, verdict: Verdict
) -> None:
    item = {"id": 7, "type": "page", "title": {"raw": "Une page"}}
    monkeypatch.setattr(fil_ariane, "meant", lambda site, slug: (item, doubt))
    monkeypatch.setattr(fil_ariane, "rest", lambda site, path: {"page_on_front": 5, "page_for_posts": 6})
    monkeypatch.setattr(contents, "shown_at", lambda site, item: True)
    site = MagicMock(company=COMPANY)
    site.page.evaluate.side_effect = [[where, "Accueil » Page", ""] for where in seen]
    assert verdicts(Breadcrumb(place="after"), site) == {BREADCRUMB: verdict}


@pytest.mark.parametrize(("seen", "verdict"), [("after", Verdict.TO_JUDGE), ("", Verdict.NOT_MET)])
def test_where_a_content_can_not_be_seen_another_tells_of_the_breadcrumb(
    monkeypatch: pytest.MonkeyPatch, seen: str, verdict: Verdict
) -> None:
    item = {"id": 5, "type": "page", "title": {"raw": "Accueil"}}
    other = {"id": 8, "link": "http://s.test/autre/", "title": {"rendered": "Autre"}}
    monkeypatch.setattr(fil_ariane, "meant", lambda site, slug: (item, ""))
    monkeypatch.setattr(fil_ariane, "rest", lambda site, path: {"page_on_front": 5, "page_for_posts": 6})
    monkeypatch.setattr(fil_ariane, "rest_all", lambda site, path: [other])
    site = MagicMock(company=COMPANY)
    site.page.evaluate.return_value = [seen, "", ""]
    assert verdicts(Breadcrumb(place="after", seen_on=("accueil",)), site) == {BREADCRUMB: verdict}
    assert site.visit.call_args.args == ("/autre/",)


def test_the_visitors_side_is_always_a_persons_to_judge() -> None:
    assert verdicts(VisitorSide(), answering_site()) == {SEEN: Verdict.TO_JUDGE}
    assert VisitorSide().near_misses() == ()


def test_what_is_no_path_is_refused_before_a_browser_can_go_nowhere() -> None:
    assert VisitorSide(paths=("/", "/contact/")).paths == ("/", "/contact/")
    with pytest.raises(ValidationError, match="un chemin commence par « / »"):
        VisitorSide(paths=("/", "Contact"))


# --- the off-canvas menu ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "items", "verdict"),
    [
        ("flyout", [["menu-item-4", "Contact"]], Verdict.MET),
        ("dropdown", [["menu-item-4", "Contact"]], Verdict.NOT_MET),
        ("flyout", [["menu-item-9", "Accueil"]], Verdict.NOT_MET),
        ("flyout", [["", "Une page"]], Verdict.NOT_MET),
        ("", [], Verdict.NOT_MET),
    ],
)
def test_the_menu_opens_as_asked_and_is_the_one_that_was_asked(
    monkeypatch: pytest.MonkeyPatch, how: str, items: Any, verdict: Verdict
) -> None:
    def rest_all(site: Any, path: str) -> list[dict[str, Any]]:
        return [{"id": 4}] if "menu-items" in path else [{"id": 1, "name": "Mobile"}]

    monkeypatch.setattr(menu_shown, "rest_all", rest_all)
    monkeypatch.setattr(hors_champ, "stored_tree", lambda site, location, menu: ())
    assert verdicts(OffCanvasMenu(menu="mobile", opening="flyout"), on_a_telephone(how, items)) == {SHOWN: verdict}


def on_a_telephone(how: str, items: Any, buttons: int = 1) -> MagicMock:
    """A site on whose telephone header the button opens these items so."""
    site = MagicMock(company=COMPANY)
    site.opened_by.return_value = [how, items]
    site.page.locator.return_value.count.return_value = buttons
    return site


@pytest.mark.parametrize(
    ("placed", "buttons", "verdict"),
    [(True, 0, Verdict.TO_JUDGE), (False, 0, Verdict.NOT_MET), (True, 1, Verdict.NOT_MET)],
)
def test_a_menu_at_its_place_that_nothing_opens_any_more_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, placed: bool, buttons: int, verdict: Verdict
) -> None:
    menus = [{"name": "Mobile", "locations": ["mobile_menu"] if placed else []}]
    monkeypatch.setattr(hors_champ, "entries_called", lambda site, name: ([4], True))
    monkeypatch.setattr(hors_champ, "made_instead", lambda site, stands: "")
    monkeypatch.setattr(hors_champ, "stored_tree", lambda site, location, menu: ())
    monkeypatch.setattr(hors_champ, "rest_all", lambda site, path: menus)
    assert verdicts(OffCanvasMenu(menu="mobile"), on_a_telephone("", [], buttons)) == {SHOWN: verdict}


def test_the_same_entries_by_another_block_are_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = (ShownItem("Accueil", "http://s.test/"), ShownItem("Contact", "http://s.test/contact/"))
    for module in (hors_champ, emplacement):
        monkeypatch.setattr(module, "entries_called", lambda site, name: ([4, 5], True))
        monkeypatch.setattr(module, "made_instead", lambda site, stands: "")
        monkeypatch.setattr(module, "stored_tree", lambda site, location, menu: tree)
    monkeypatch.setattr(emplacement, "menu_areas", lambda site, items: ["header"])
    monkeypatch.setattr(emplacement, "lists_of_links", lambda site: [ListOfLinks("footer", tree)])
    site = on_a_telephone("flyout", [["", "Accueil"], ["", "Contact"]])
    assert verdicts(OffCanvasMenu(menu="Menu"), site) == {SHOWN: Verdict.TO_JUDGE}
    assert verdicts(MenuPlace(menu="Menu", place="footer"), site) == {PLACE: Verdict.TO_JUDGE}
    assert verdicts(MenuPlace(menu="Menu", place="below_header"), site) == {PLACE: Verdict.NOT_MET}
    for fewer in ([["", "Accueil"]], []):
        assert verdicts(OffCanvasMenu(menu="Menu"), on_a_telephone("flyout", fewer)) == {SHOWN: Verdict.NOT_MET}


@pytest.mark.parametrize(
    ("menus", "shown", "verdict", "placed"),
    [
        (["Menu des visiteur"], 0, Verdict.TO_JUDGE, Verdict.TO_JUDGE),
        (["Menu des visiteur", "MENU DES VISITEURS"], 1, Verdict.MET, Verdict.MET),
        (["Menu des visiteur", "MENU DES VISITEURS"], 0, Verdict.TO_JUDGE, Verdict.TO_JUDGE),
        (["Menu principal"], 0, Verdict.NOT_MET, Verdict.NOT_MET),
        (["Menu principal", "MENU DES VISITEURS"], 0, Verdict.NOT_MET, Verdict.NOT_MET),
        (["Menu principal", "Menu 2024"], 1, Verdict.TO_JUDGE, Verdict.TO_JUDGE),  # another question had it made
    ],
)
def test_another_name_of_the_menu_that_is_shown_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, menus: list[str], shown: int, verdict: Verdict, placed: Verdict
) -> None:
    def rest_all(site: Any, path: str) -> list[dict[str, Any]]:
        if "menu-items" in path:
            return [{"id": 40 + int(path.partition("menus=")[2].partition("&")[0])}]
        return [{"id": number, "name": name} for number, name in enumerate(menus)]

    monkeypatch.setattr(menu_shown, "rest_all", rest_all)
    monkeypatch.setattr(emplacement, "menu_areas", lambda site, items: ["footer"] if 40 + shown in items else [])
    for module in (hors_champ, emplacement):
        monkeypatch.setattr(module, "stored_tree", lambda site, location, menu: ())
    site = on_a_telephone("flyout", [[f"menu-item-{40 + shown}", "Contact"]])
    assert verdicts(OffCanvasMenu(menu="Menu des visiteurs"), site) == {SHOWN: verdict}
    assert verdicts(OffCanvasMenu(menu="Menu des visiteurs", opening="dropdown"), site) == {SHOWN: Verdict.NOT_MET}
    assert verdicts(MenuPlace(menu="Menu des visiteurs", place="footer"), site) == {PLACE: placed}


@pytest.mark.parametrize(
    ("areas", "verdict"),
    [
        (["above_header"], Verdict.MET),
        (["above_header", "footer"], Verdict.MET),
        (["header"], Verdict.NOT_MET),
        (["above_header", "header"], Verdict.TO_JUDGE),
    ],
)
def test_a_menu_that_is_doubled_in_the_header_was_not_moved(
    monkeypatch: pytest.MonkeyPatch, areas: list[str], verdict: Verdict
) -> None:
    monkeypatch.setattr(emplacement, "entries_called", lambda site, menu: ([4], True))
    monkeypatch.setattr(emplacement, "menu_areas", lambda site, items: areas)
    monkeypatch.setattr(menu_shown, "menus_called", lambda site: [])
    monkeypatch.setattr(emplacement, "stored_tree", lambda site, location, menu: ())
    assert verdicts(MenuPlace(place="above_header"), MagicMock(company=COMPANY)) == {PLACE: verdict}


def test_a_menu_that_is_slow_to_open_is_read_once_it_stands_still() -> None:
    copy = OpenedCopy(MagicMock(), MagicMock(), MagicMock(), None)
    page = copy._pages[VISITOR] = MagicMock()
    request = Request("opened_by", VISITOR, where=(("locator", "button"),), about="script")
    closed, opening, opened = ["", []], ["flyout", []], ["flyout", [["menu-item-4", "Contact"]]]
    page.evaluate.side_effect = [closed, closed, closed, opening, opened, opened]
    assert copy.ask(request) == opened
    page.evaluate.side_effect = [closed] * 13
    assert copy.ask(request) == closed
