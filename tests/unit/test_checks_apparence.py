"""What the checks of appearance conclude from what a visitor sees."""

from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.visibility import REASONS
from checks.wordpress import apparence, colonne_laterale, en_tete, icones_sociales, menu_reseaux, widgets
from checks.wordpress.apparence import ICON, LOGO, TAGLINE, TITLE, SiteIdentity, picture_verdict
from checks.wordpress.colonne_laterale import PAGES, SINGLE, SidebarLayout
from checks.wordpress.en_tete import HeaderContent
from checks.wordpress.icones_sociales import SocialIcons
from checks.wordpress.menu_reseaux import ACTIVE, SocialMenu
from checks.wordpress.reading import blog_settings, seeded
from checks.wordpress.reading import contents as content_pages
from checks.wordpress.reading.library import MediaFile
from checks.wordpress.reading.social_networks import SocialNetwork, missing
from checks.wordpress.reading.widgets_shown import KINDS
from checks.wordpress.screens.wanted_widget import IN_COLUMN, REMOVED, SET
from checks.wordpress.widgets import Widget
from provisioner.subject.check import Verdict

SITE = "http://site.test"
NETWORKS = (
    SocialNetwork(name="LinkedIn", url="https://www.linkedin.com/company/biscuits"),
    SocialNetwork(name="Pinterest", url="https://www.pinterest.fr/biscuits/"),
)


def verdicts(check: Any, site: Any) -> dict[str, Verdict]:
    return {one.fact: one.verdict for one in check.verify(site)}


def the_site(shown: Any = None) -> MagicMock:
    site = MagicMock()
    site.address = SITE
    site.page.url = f"{SITE}/"
    site.visit.return_value = site.page
    site.page.evaluate.side_effect = shown if callable(shown) else lambda *_: shown
    return site


# --- identity ---------------------------------------------------------------------------------


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(
        title: str = "", tagline: str = "", icons: Any = (), logos: Any = (), why: str = ""
    ) -> dict[str, Verdict]:
        files = [MediaFile(id=1, slug="logo-nouveau", stem="logo-nouveau", bytes=1, alt="")]
        monkeypatch.setattr(apparence, "rest", lambda site, path: {"title": title, "description": tagline})
        monkeypatch.setattr(apparence, "library", lambda site: files)
        site = the_site({})
        found = {"link[rel~='icon']": icons, "img.custom-logo": logos}
        unseen = [why] * len(logos)
        site.page.locator.side_effect = lambda selector: MagicMock(
            evaluate_all=MagicMock(
                side_effect=lambda script, *_: unseen if "unseen(node" in script else list(found[selector])
            )
        )
        wanted = SiteIdentity(
            title="Les Trois Ajoncs", tagline="Le beurre et le vent", icon="icone-nouvelle", logo="logo-nouveau"
        )
        return verdicts(wanted, site)

    return examine


def test_the_identity_is_read_as_a_visitor_sees_it(identity: Any) -> None:
    uploads = f"{SITE}/wp-content/uploads"
    met = identity(
        "LES TROIS AJONCS",
        "le beurre et le vent.",
        [f"{uploads}/cropped-icone-nouvelle-32x32.png"],
        [f"{uploads}/2026/11/logo-nouveau-76x76.png"],
    )
    assert set(met.values()) == {Verdict.MET}


@pytest.mark.parametrize(("why", "verdict"), [("PHONE", Verdict.NOT_MET), ("NEARLY", Verdict.TO_JUDGE)])
def test_a_logo_that_no_visitor_sees_is_none(identity: Any, why: str, verdict: Verdict) -> None:
    assert identity(logos=[f"{SITE}/logo-nouveau.png"], why=REASONS[why])[LOGO] is verdict


def test_texts_in_each_others_field_and_other_pictures_are_not_met(identity: Any) -> None:
    swapped = identity("Le beurre et le vent", "Les Trois Ajoncs", [f"{SITE}/logo-nouveau.png"], [f"{SITE}/logo.png"])
    assert swapped == dict.fromkeys((TITLE, TAGLINE, ICON, LOGO), Verdict.NOT_MET)
    assert set(identity().values()) == {Verdict.NOT_MET}


def test_a_slip_of_one_letter_is_for_a_person(identity: Any) -> None:
    found = identity("Les Trois Ajonc", "Le beure et le vent")
    assert (found[TITLE], found[TAGLINE]) == (Verdict.TO_JUDGE, Verdict.TO_JUDGE)


@pytest.mark.parametrize(
    ("file", "verdict"),
    [
        ("logo", Verdict.MET),
        ("logo-76x76", Verdict.MET),
        ("cropped-logo", Verdict.MET),
        ("cropped-logo-1", Verdict.MET),
        ("cropped-logo-1-32x32", Verdict.MET),
        ("cropped-cropped-logo", Verdict.MET),
        ("cropped-cropped-logo-1-2", Verdict.MET),
        ("cropped-logo-scaled-1", Verdict.MET),
        ("not-cropped-logo", Verdict.NOT_MET),
        ("logo-1", Verdict.NOT_MET),
        ("cropped-blason-1", Verdict.NOT_MET),
        ("cropped-logotype-1", Verdict.NOT_MET),
    ],
)
def test_a_picture_is_known_however_often_it_was_cropped(file: str, verdict: Verdict) -> None:
    assert picture_verdict(f"{SITE}/uploads/{file}.png", frozenset({"logo"}), []) is verdict


def test_what_may_be_another_file_cropped_is_for_a_person() -> None:
    files = [MediaFile(id=n, slug=name, stem=name, bytes=n, alt="") for n, name in enumerate(("logo", "logo-1"), 1)]
    cropped, again = f"{SITE}/uploads/cropped-logo-1.png", f"{SITE}/uploads/cropped-logo-2-32x32.png"
    assert picture_verdict(cropped, frozenset({"logo"}), files) is Verdict.TO_JUDGE
    assert picture_verdict(cropped, frozenset({"logo", "logo-1"}), files) is Verdict.MET
    assert picture_verdict(again, frozenset({"logo"}), files) is Verdict.MET


# --- social networks --------------------------------------------------------------------------


def test_the_networks_are_told_by_their_addresses() -> None:
    right = [("Suivez-nous sur LinkedIn", NETWORKS[0].url + "/"), ("Pinterest", "https://pinterest.fr/biscuits")]
    assert missing(NETWORKS, right, SITE) == []
    assert missing(NETWORKS, [*right, ("TikTok", "https://www.tiktok.com/@x")], SITE) == []
    assert missing(NETWORKS, [("", NETWORKS[0].url), ("", NETWORKS[1].url)], SITE) == [], "icons have no words"


def test_another_address_a_missing_network_and_crossed_addresses_are_said() -> None:
    assert missing(NETWORKS, [("LinkedIn", "https://www.linkedin.com/")], SITE) == [
        "« LinkedIn » mène à https://www.linkedin.com/",
        "« Pinterest » n’y est pas",
    ]
    crossed = [("Pinterest", NETWORKS[0].url), ("LinkedIn", NETWORKS[1].url)]
    assert len(missing(NETWORKS, crossed, SITE)) == 2
    worded = [("Suivez-nous sur Pinterest", NETWORKS[0].url), ("Suivez-nous sur LinkedIn", NETWORKS[1].url)]
    assert len(missing(NETWORKS, worded, SITE)) == 2


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site of which each path shows something, with these contents."""
    monkeypatch.setattr(blog_settings, "blog_path", lambda site: "/actualites/")
    monkeypatch.setattr(blog_settings, "blog_paths", lambda site: ["/actualites/", "/un-article/"])

    def the_pages(
        shown: dict[str, Any], contents: dict[str, str] | None = None, drawn: tuple[tuple[str, str], ...] = ()
    ) -> MagicMock:
        items = [{"link": SITE + path, "content": {"rendered": html}} for path, html in (contents or {}).items()]
        monkeypatch.setattr(icones_sociales, "rest_all", lambda site, path: items)
        monkeypatch.setattr(menu_reseaux, "rest_all", lambda site, path: [])
        site = the_site()
        site.page.evaluate.side_effect = lambda script, *_: [
            [*row, "", True][:5] if isinstance(row, list) and row and isinstance(row[0], str) else row
            for row in (drawn if script == menu_reseaux._DRAWN else shown.get(site.visit.call_args.args[0], []))
        ]
        return site

    return the_pages


@pytest.mark.parametrize(
    ("area", "seen", "verdict"),
    [
        ("footer", "footer", Verdict.MET),
        ("footer", "header", Verdict.NOT_MET),
        ("header", "above_header", Verdict.MET),
        ("", "sidebar", Verdict.MET),
    ],
)
def test_icons_count_where_they_are_asked_for(pages: Any, area: Any, seen: str, verdict: Verdict) -> None:
    check = SocialIcons(networks=NETWORKS, area=area)
    both = [[seen, network.name, network.url] for network in NETWORKS]
    assert list(verdicts(check, pages({"/": both, "/actualites/": both})).values()) == [verdict]
    assert list(verdicts(check, pages({"/": both[:1], "/actualites/": both[:1]})).values()) == [Verdict.NOT_MET]


def test_icons_with_each_others_addresses_are_wrong_and_words_of_ones_own_are_not(pages: Any) -> None:
    first, second = NETWORKS
    check = SocialIcons(networks=NETWORKS, area="footer")
    crossed = [["footer", first.name, second.url], ["footer", second.name, first.url]]
    assert list(verdicts(check, pages({"/": crossed})).values()) == [Verdict.NOT_MET]
    astray = [["footer", "Facebook", first.url], ["footer", second.name, second.url]]
    assert list(verdicts(check, pages({"/": astray})).values()) == [Verdict.TO_JUDGE]
    named = [["footer", "Suivez-nous", first.url], ["footer", "", second.url]]
    assert list(verdicts(check, pages({"/": named})).values()) == [Verdict.MET]


def test_pictures_with_a_link_are_for_a_person_and_another_row_of_the_header_is_wrong(pages: Any) -> None:
    pictures = [["above_header", network.name, network.url, "", False] for network in NETWORKS]
    icons = [row[:3] for row in pictures]
    above = SocialIcons(networks=NETWORKS, area="header", row="above")
    assert list(verdicts(above, pages({"/": icons})).values()) == [Verdict.MET]
    assert list(verdicts(above, pages({"/": pictures})).values()) == [Verdict.TO_JUDGE]
    assert list(verdicts(above.but(row="below"), pages({"/": icons})).values()) == [Verdict.NOT_MET]
    with pytest.raises(ValidationError, match="row"):
        SocialIcons(networks=NETWORKS, area="footer", row="above")


def test_icons_asked_for_anywhere_are_looked_for_in_the_pages_that_may_have_them(pages: Any) -> None:
    icons = [["content", network.name, network.url] for network in NETWORKS]
    contents = {"/a/": "<p>rien</p>", "/contact/": '<ul class="wp-block-social-links">', "/b/": ""}
    anywhere = SocialIcons(networks=NETWORKS)
    assert list(verdicts(anywhere, pages({"/contact/": icons}, contents)).values()) == [Verdict.MET]
    assert list(verdicts(anywhere, pages({}, contents)).values()) == [Verdict.NOT_MET]
    site = pages({"/": icons}, contents)
    verdicts(anywhere, site)
    site.visit.assert_called_once_with("/")


def test_a_menu_of_networks_counts_on_the_page_of_the_articles_too(pages: Any) -> None:
    links = [[[network.name, network.url] for network in NETWORKS]]
    menu = SocialMenu(networks=NETWORKS)
    assert verdicts(menu, pages({"/actualites/": links}))[ACTIVE] is Verdict.MET
    assert verdicts(menu, pages({"/un-article/": links}))[ACTIVE] is Verdict.MET, "no page has a list of articles"
    assert verdicts(menu, pages({"/contact/": links}))[ACTIVE] is Verdict.NOT_MET


def test_networks_that_no_menu_shows_are_for_a_person(pages: Any) -> None:
    menu, links = SocialMenu(networks=NETWORKS), tuple((network.name, network.url) for network in NETWORKS)
    assert verdicts(menu, pages({}, drawn=links))[ACTIVE] is Verdict.TO_JUDGE
    assert verdicts(menu, pages({}, drawn=links[:1]))[ACTIVE] is Verdict.NOT_MET
    by_a_block = verdicts(menu, pages({"/": [[list(link) for link in links]]}))
    assert by_a_block == {ACTIVE: Verdict.MET, menu_reseaux.NETWORKS: Verdict.TO_JUDGE}


@pytest.mark.parametrize(
    ("links", "shown", "right"),
    [
        ([("LinkedIn", NETWORKS[0].url), ("Pinterest", NETWORKS[1].url)], Verdict.MET, Verdict.MET),
        (
            [("LinkedIn", "https://www.linkedin.com/company/biscuit"), ("Pinterest", NETWORKS[1].url)],
            Verdict.MET,
            Verdict.NOT_MET,
        ),
        ([("LinkedIn", "#"), ("Pinterest", "#")], Verdict.MET, Verdict.NOT_MET),
        ([("Suivez-nous", NETWORKS[0].url), ("Pinterest", "#")], Verdict.MET, Verdict.NOT_MET),
        ([("Pinterest", NETWORKS[1].url)], Verdict.TO_JUDGE, Verdict.NOT_MET),
        ([("Accueil", "/")], Verdict.NOT_MET, Verdict.NOT_MET),
        ([("Facebook", NETWORKS[0].url), ("Pinterest", NETWORKS[1].url)], Verdict.MET, Verdict.TO_JUDGE),
        (
            [("Contact", f"{SITE}/contact/"), ("LinkedIn", NETWORKS[0].url), ("Pinterest", NETWORKS[1].url)],
            Verdict.TO_JUDGE,
            Verdict.TO_JUDGE,
        ),
    ],
)
def test_a_wrong_address_costs_the_addresses_and_not_that_the_menu_is_shown(
    pages: Any, monkeypatch: pytest.MonkeyPatch, links: list[tuple[str, str]], shown: Verdict, right: Verdict
) -> None:
    def rest_all(site: Any, path: str) -> list[dict[str, Any]]:
        if "menu-items" in path:
            return [{"title": {"rendered": title}, "url": address} for title, address in links]
        return [{"id": 1, "name": "Suivez-nous"}]

    site = pages({"/": [[list(link) for link in links]]})
    monkeypatch.setattr(menu_reseaux, "rest_all", rest_all)
    assert verdicts(SocialMenu(networks=NETWORKS), site) == {ACTIVE: shown, menu_reseaux.NETWORKS: right}


# --- side columns -----------------------------------------------------------------------------


@pytest.fixture
def columns(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(
        check: SidebarLayout,
        own: str,
        others: list[str],
        apart: list[str] | None = None,
        doubt: str = "",
        own_setting: str = "",
    ) -> dict[str, Verdict]:
        def page(slug: str, column: str, **more: object) -> dict[str, Any]:
            return {"slug": slug, "type": "page", "shown": column, "title": {"raw": f"La page {slug}"}, **more}

        items = [page(f"p{index}", column) for index, column in enumerate(others)]
        with_their_own = [page(column, column) for column in apart or []]
        monkeypatch.setattr(colonne_laterale, "_contents", lambda site, kind, besides: (items, with_their_own))
        monkeypatch.setattr(colonne_laterale, "_column", lambda site, item: item["shown"])
        one = page(check.only, own, meta={"site-sidebar-layout": f"{own_setting}-sidebar"} if own_setting else {})
        monkeypatch.setattr(colonne_laterale, "meant", lambda site, slug: (one, doubt))
        monkeypatch.setattr(content_pages, "shown_at", lambda site, item: True)
        return verdicts(check, the_site())

    return examine


def test_all_pages_have_the_column_or_it_is_not_met(columns: Any) -> None:
    wanted = SidebarLayout(pages="right")
    assert columns(wanted, "", ["right", "right"]) == {PAGES: Verdict.MET}
    for seen in (["right", "none"], ["left", "left"], []):
        assert columns(wanted, "", seen) == {PAGES: Verdict.NOT_MET}


def test_pages_that_were_all_given_the_column_one_by_one_are_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    def page(number: int, shown: str) -> dict[str, Any]:
        own = {"site-sidebar-layout": f"{shown}-sidebar"}
        return {"id": number, "slug": f"p{number}", "meta": own, "shown": shown, "title": {"raw": f"Page {number}"}}

    def examine(*pages: dict[str, Any]) -> dict[str, Verdict]:
        monkeypatch.setattr(colonne_laterale, "rest_all", lambda site, query: list(pages))
        return verdicts(SidebarLayout(pages="right"), the_site())

    monkeypatch.setattr(colonne_laterale, "rest", lambda site, path: {"page_on_front": 8, "page_for_posts": 9})
    monkeypatch.setattr(colonne_laterale, "_column", lambda site, item: item["shown"])
    ordinary: dict[str, Any] = {"id": 3, "slug": "p3", "meta": {}, "shown": "none", "title": {"raw": "Page 3"}}
    assert examine(page(1, "right"), page(2, "right")) == {PAGES: Verdict.TO_JUDGE}
    assert examine(page(1, "left"), page(2, "left")) == {PAGES: Verdict.NOT_MET}
    assert examine(page(1, "right"), page(2, "right"), ordinary) == {PAGES: Verdict.NOT_MET}
    narrow: dict[str, Any] = {"id": 4, "slug": "p4", "meta": {"ast-site-content-layout": "narrow-width-container"}}
    assert examine({**ordinary, "shown": "right"}, {**narrow, "shown": "none"}) == {PAGES: Verdict.MET}


def test_one_page_alone_has_the_column(columns: Any) -> None:
    wanted = SidebarLayout(only="contact", column="right")
    assert columns(wanted, "right", ["none", "none"]) == {SINGLE: Verdict.MET}
    assert columns(wanted, "right", ["right", "right"]) == {SINGLE: Verdict.NOT_MET}, "all were changed"
    assert columns(wanted, "right", ["right", "none"]) == {SINGLE: Verdict.TO_JUDGE}, "one more was changed"
    assert columns(wanted, "right", ["right"], own_setting="right") == {SINGLE: Verdict.TO_JUDGE}, "another question's"
    assert columns(wanted, "none", ["none"], own_setting="right") == {SINGLE: Verdict.TO_JUDGE}, "it is hidden"
    assert columns(wanted, "left", ["none", "none"]) == {SINGLE: Verdict.NOT_MET}
    assert columns(wanted, "right", ["none"], ["left"]) == {SINGLE: Verdict.MET}
    assert columns(wanted, "right", ["none"], ["right"]) == {SINGLE: Verdict.MET}, "another question's, perhaps"
    assert columns(wanted, "right", ["none", "none"], doubt="le titre") == {SINGLE: Verdict.TO_JUDGE}
    assert columns(wanted, "left", ["none", "none"], doubt="le titre") == {SINGLE: Verdict.NOT_MET}


# --- widgets ----------------------------------------------------------------------------------


@pytest.fixture
def widget(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(check: Widget, shown: dict[str, Any], total: int = 9) -> dict[str, Verdict]:
        monkeypatch.setattr(blog_settings, "blog_path", lambda site: "/")
        monkeypatch.setattr(widgets, "rest_all", lambda site, path: [{}] * total)
        monkeypatch.setattr(blog_settings, "blog_paths", lambda site: ["/"])
        by_selector = {
            selector: [[*row, ""][:3] for row in shown.get(kind, [])] for kind, (_, selector) in KINDS.items()
        }
        site = the_site(lambda script, asked: by_selector.get(asked[0], []))
        site.page.locator.return_value.evaluate_all.return_value = [True]
        return verdicts(check, site)

    return examine


def test_a_widget_shows_as_many_entries_as_asked_or_all_there_are(widget: Any) -> None:
    check = Widget(action="set", area="sidebar", kind="latest-posts", count=6)
    assert widget(check, {"latest-posts": [[6, ""]]}) == {SET: Verdict.MET}
    assert widget(check, {"latest-posts": [[4, ""]]}, total=4) == {SET: Verdict.TO_JUDGE}, "5 would show as many"
    assert widget(check, {"latest-posts": [[6, ""], [3, ""]]}) == {SET: Verdict.TO_JUDGE}, "another was added"
    more = Widget(area="sidebar", kind="latest-posts", count=6)
    assert widget(more, {"latest-posts": [[6, ""], [3, ""]]}) == {IN_COLUMN: Verdict.MET}
    for seen in ([[5, ""]], [[7, ""]], []):
        assert widget(check, {"latest-posts": seen}) == {SET: Verdict.NOT_MET}


def test_a_column_without_any_widget_is_not_one_from_which_a_widget_was_taken(widget: Any) -> None:
    check = Widget(action="remove", area="sidebar", kind="latest-comments")
    left = {"search": [[0, ""]], "latest-posts": [[5, ""]], "categories": [[4, ""]]}
    assert widget(check, left) == {REMOVED: Verdict.MET}
    assert widget(check, {**left, "latest-comments": [[3, ""]]}) == {REMOVED: Verdict.NOT_MET}
    assert widget(check, {}) == {REMOVED: Verdict.NOT_MET}


def test_a_text_that_was_taken_out_leaves_the_others(widget: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeded, "texts", lambda *_: frozenset({"nos boutiques", "ouvert le lundi", "mentions legales"}))
    check = Widget(action="remove", area="footer", kind="paragraph", text="Ouvert le lundi")
    left: list[Any] = [[0, "Nos boutiques"], [0, "Mentions légales"]]
    assert widget(check, {"paragraph": left, "search": [[0, ""]]}) == {REMOVED: Verdict.MET}
    assert widget(check, {"paragraph": [*left, [0, "Ouvert le lundi."]]}) == {REMOVED: Verdict.NOT_MET}
    assert widget(check, {"paragraph": left[:1], "search": [[0, ""]]}) == {REMOVED: Verdict.TO_JUDGE}
    misquoted = check.but(text="Ouvert le lundy")  # as it stands there, and nobody took it out
    assert widget(misquoted, {"paragraph": [*left, [0, "Ouvert le lundi"]]}) == {REMOVED: Verdict.TO_JUDGE}


def test_a_text_may_stand_among_other_words(widget: Any) -> None:
    check = Widget(area="sidebar", kind="paragraph", text="Ouvert le lundi")
    assert widget(check, {"paragraph": [[0, "Infos"], [0, "OUVERT LE LUNDI, de 9 h à midi"]]}) == {
        IN_COLUMN: Verdict.MET
    }
    assert widget(check, {"paragraph": [[0, "Ouvert le mardi"]]}) == {IN_COLUMN: Verdict.NOT_MET}


@pytest.mark.parametrize(
    ("check", "fields"),
    [
        (Widget, {"action": "set", "area": "sidebar", "kind": "latest-posts"}),
        (Widget, {"area": "sidebar", "kind": "search", "count": 3}),
        (Widget, {"area": "footer", "kind": "paragraph"}),
        (Widget, {"area": "footer", "kind": "search", "text": "x"}),
        (SidebarLayout, {}),
        (SidebarLayout, {"only": "contact"}),
        (SiteIdentity, {}),
        (HeaderContent, {}),
    ],
)
def test_values_that_ask_for_nothing_are_refused(check: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        check.model_validate(fields)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ({"text": "Menu ATELIER OUVERT le mercredi", "own": "ATELIER OUVERT le mercredi"}, Verdict.MET),
        ({"text": "Atelier fermé le mercredi", "own": "Atelier fermé le mercredi"}, Verdict.NOT_MET),
        ({"text": "L’atelier ouvert", "own": ""}, Verdict.TO_JUDGE),  # the site's own title
        ({"text": "Menu", "own": "", "unread": [["Atelier ouvert", REASONS["SAME"]]]}, Verdict.TO_JUDGE),
        ({"text": "Menu", "own": "", "unread": [["Atelier ouvert", REASONS["HIDDEN"]]]}, Verdict.NOT_MET),
    ],
)
def test_the_text_of_the_header_is_read(seen: Any, verdict: Verdict) -> None:
    shown = {"unread": [], **seen, "images": [], "logos": [], "videos": []}
    assert list(verdicts(HeaderContent(text="atelier ouvert"), the_site({"": shown})).values()) == [verdict]


@pytest.mark.parametrize(
    ("where", "verdict"), [("above", Verdict.NOT_MET), ("below", Verdict.MET), ("", Verdict.TO_JUDGE)]
)
def test_what_is_asked_for_a_row_of_the_header_is_looked_for_there(where: str, verdict: Verdict) -> None:
    def part(text: str) -> dict[str, Any]:
        return {"text": text, "own": text, "unread": [], "images": [], "logos": [], "videos": []}

    rows = {row: part("Atelier ouvert" if row == where else "Menu") for row in ("above", "below")}
    site = the_site({"": part("Menu Atelier ouvert"), **rows})
    assert list(verdicts(HeaderContent(text="atelier ouvert", row="below"), site).values()) == [verdict]


@pytest.mark.parametrize(
    ("images", "logos", "verdict"),
    [
        (["port-76x51.jpg"], ["logo.png"], Verdict.MET),
        ([], ["port-76x51.jpg"], Verdict.TO_JUDGE),
        ([], ["cropped-port-76x51.jpg"], Verdict.TO_JUDGE),
        ([], ["logo.png"], Verdict.NOT_MET),
        (["palets.jpg"], [], Verdict.NOT_MET),
    ],
)
def test_a_photo_in_the_place_of_the_logo_is_for_a_person_cropped_or_not(
    monkeypatch: pytest.MonkeyPatch, images: list[str], logos: list[str], verdict: Verdict
) -> None:
    monkeypatch.setattr(en_tete, "library", lambda site: [MediaFile(1, "port", "port", 10, "")])
    shown = {
        "text": "",
        "own": "",
        "unread": [],
        "images": [[f"{SITE}/{one}", ""] for one in images],
        "logos": [[f"{SITE}/{one}", ""] for one in logos],
        "videos": [],
    }
    assert list(verdicts(HeaderContent(photo="port"), the_site({"": shown})).values()) == [verdict]
