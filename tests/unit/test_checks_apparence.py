"""What the checks of appearance conclude from what a visitor sees."""

from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.wordpress import apparence, colonne_laterale, screens, widgets
from checks.wordpress.apparence import ICON, LOGO, TAGLINE, TITLE, SiteIdentity, named
from checks.wordpress.colonne_laterale import PAGES, SINGLE, SidebarLayout
from checks.wordpress.en_tete import HeaderContent
from checks.wordpress.icones_sociales import SocialIcons
from checks.wordpress.library import MediaFile
from checks.wordpress.menu_reseaux import SocialNetwork, missing
from checks.wordpress.widgets import IN_COLUMN, REMOVED, SET, Widget
from provisioner.check import Verdict

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
    def examine(title: str = "", tagline: str = "", icons: Any = (), logos: Any = ()) -> dict[str, Verdict]:
        files = [MediaFile(id=1, slug="logo-nouveau", stem="logo-nouveau", bytes=1, alt="")]
        monkeypatch.setattr(apparence, "rest", lambda site, path: {"title": title, "description": tagline})
        monkeypatch.setattr(apparence, "library", lambda site: files)
        site = the_site()
        found = {"link[rel~='icon']": icons, "img.custom-logo": logos}
        site.page.locator.side_effect = lambda selector: MagicMock(
            evaluate_all=MagicMock(return_value=list(found[selector]))
        )
        wanted = SiteIdentity(
            title="Les Trois Ajoncs", tagline="Le beurre et le vent", icon="icone-nouvelle", logo="logo-nouveau"
        )
        return verdicts(wanted, site)

    return examine


def test_the_identity_is_read_as_a_visitor_sees_it(identity: Any) -> None:
    uploads = f"{SITE}/wp-content/uploads"
    met = identity(
        "LES TROIS AJONCS", "le beurre et le vent.", [f"{uploads}/cropped-icone-nouvelle-32x32.png"],
        [f"{uploads}/2026/11/logo-nouveau-76x76.png"],
    )  # fmt: skip
    assert set(met.values()) == {Verdict.MET}


def test_texts_in_each_others_field_and_other_pictures_are_not_met(identity: Any) -> None:
    swapped = identity("Le beurre et le vent", "Les Trois Ajoncs", [f"{SITE}/logo-nouveau.png"], [f"{SITE}/logo.png"])
    assert swapped == dict.fromkeys((TITLE, TAGLINE, ICON, LOGO), Verdict.NOT_MET)
    assert set(identity().values()) == {Verdict.NOT_MET}


def test_a_slip_of_one_letter_is_for_a_person(identity: Any) -> None:
    found = identity("Les Trois Ajonc", "Le beure et le vent")
    assert (found[TITLE], found[TAGLINE]) == (Verdict.TO_JUDGE, Verdict.TO_JUDGE)


def test_the_mark_of_cropping_is_not_part_of_a_name() -> None:
    assert named(f"{SITE}/uploads/cropped-logo.png") == f"{SITE}/uploads/logo.png"
    assert named(f"{SITE}/uploads/not-cropped-logo.png") == f"{SITE}/uploads/not-cropped-logo.png"


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


@pytest.mark.parametrize(
    ("area", "seen", "verdict"),
    [
        ("footer", "footer", Verdict.MET),
        ("footer", "header", Verdict.NOT_MET),
        ("header", "above_header", Verdict.MET),
        ("", "sidebar", Verdict.MET),
    ],
)
def test_icons_count_where_they_are_asked_for(area: Any, seen: str, verdict: Verdict) -> None:
    check = SocialIcons(networks=NETWORKS, area=area)
    site = the_site([[seen, network.url] for network in NETWORKS])
    assert list(verdicts(check, site).values()) == [verdict]
    only_one = the_site([[seen, NETWORKS[0].url]])
    assert list(verdicts(check, only_one).values()) == [Verdict.NOT_MET]


# --- side columns -----------------------------------------------------------------------------


@pytest.fixture
def columns(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(check: SidebarLayout, own: str, others: list[str]) -> dict[str, Verdict]:
        items = [{"slug": f"p{index}", "type": "page", "shown": column} for index, column in enumerate(others)]
        monkeypatch.setattr(colonne_laterale, "_ordinary", lambda site, kind, besides: items)
        monkeypatch.setattr(colonne_laterale, "_column", lambda site, item: item["shown"])
        one = {"slug": check.only, "type": "page", "shown": own}
        monkeypatch.setattr(screens, "content", lambda site, slug: one)
        monkeypatch.setattr(screens, "shown_at", lambda site, item: True)
        return verdicts(check, the_site())

    return examine


def test_all_pages_have_the_column_or_it_is_not_met(columns: Any) -> None:
    wanted = SidebarLayout(pages="right")
    assert columns(wanted, "", ["right", "right"]) == {PAGES: Verdict.MET}
    for seen in (["right", "none"], ["left", "left"], []):
        assert columns(wanted, "", seen) == {PAGES: Verdict.NOT_MET}


def test_one_page_alone_has_the_column(columns: Any) -> None:
    wanted = SidebarLayout(only="contact", column="right")
    assert columns(wanted, "right", ["none", "none"]) == {SINGLE: Verdict.MET}
    assert columns(wanted, "right", ["right", "right"]) == {SINGLE: Verdict.NOT_MET}, "all were changed"
    assert columns(wanted, "left", ["none", "none"]) == {SINGLE: Verdict.NOT_MET}


# --- widgets ----------------------------------------------------------------------------------


@pytest.fixture
def widget(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(check: Widget, shown: dict[str, Any], total: int = 9) -> dict[str, Verdict]:
        monkeypatch.setattr(widgets, "rest", lambda site, path: {"show_on_front": "posts", "page_for_posts": 0})
        monkeypatch.setattr(widgets, "rest_all", lambda site, path: [{}] * total)
        by_selector = {selector: shown.get(kind, []) for kind, (_, selector) in widgets._KINDS.items()}
        return verdicts(check, the_site(lambda script, asked: by_selector.get(asked[0], [])))

    return examine


def test_a_widget_shows_as_many_entries_as_asked_or_all_there_are(widget: Any) -> None:
    check = Widget(action="set", area="sidebar", kind="latest-posts", count=6)
    assert widget(check, {"latest-posts": [[6, ""]]}) == {SET: Verdict.MET}
    assert widget(check, {"latest-posts": [[4, ""]]}, total=4) == {SET: Verdict.MET}
    for seen in ([[5, ""]], [[7, ""]], []):
        assert widget(check, {"latest-posts": seen}) == {SET: Verdict.NOT_MET}


def test_a_column_without_any_widget_is_not_one_from_which_a_widget_was_taken(widget: Any) -> None:
    check = Widget(action="remove", area="sidebar", kind="latest-comments")
    left = {"search": [[0, ""]], "latest-posts": [[5, ""]], "categories": [[4, ""]]}
    assert widget(check, left) == {REMOVED: Verdict.MET}
    assert widget(check, {**left, "latest-comments": [[3, ""]]}) == {REMOVED: Verdict.NOT_MET}
    assert widget(check, {}) == {REMOVED: Verdict.NOT_MET}


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
        ({"text": "Menu ATELIER OUVERT le mercredi", "images": [], "videos": []}, Verdict.MET),
        ({"text": "Atelier fermé le mercredi", "images": [], "videos": []}, Verdict.NOT_MET),
    ],
)
def test_the_text_of_the_header_is_read(seen: Any, verdict: Verdict) -> None:
    assert list(verdicts(HeaderContent(text="atelier ouvert"), the_site(seen)).values()) == [verdict]
