"""A text in the header, the footer or the column, and a widget that is taken out of it."""

from typing import Any
from unittest.mock import MagicMock

import pytest

from checks.visibility import REASONS
from checks.wordpress.en_tete import HeaderContent
from checks.wordpress.reading import blog_settings, seeded, widgets_shown
from checks.wordpress.reading.widgets_shown import KINDS, Entries
from checks.wordpress.widgets import Widget
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


def site_showing(shown: Any, frame: bool = True) -> MagicMock:
    """A site whose pages answer the scripts so; `frame` says whether they have the area at all."""
    site = MagicMock()
    site.visit.return_value = site.page
    site.page.evaluate.side_effect = site.signed_in.return_value.evaluate.side_effect = shown
    site.page.locator.return_value.evaluate_all.return_value = [frame]
    return site


def on_the_blog(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blog_settings, "blog_path", lambda site: "/actualites/")
    monkeypatch.setattr(blog_settings, "blog_paths", lambda site: ["/actualites/", "/un-article/"])


def verdict(check: Any, shown: Any) -> Verdict:
    site = site_showing(shown)
    [found] = check.verify(site)
    assert isinstance(found.verdict, Verdict)
    return found.verdict


def area(texts: dict[str, list[str]], whole: str = "") -> Any:
    by_selector = {selector: texts.get(kind, []) for kind, (_, selector) in KINDS.items()}
    by_selector |= {"#secondary, #colophon": [whole], "body": [whole]}
    return lambda script, asked: [[0, text, ""] for text in by_selector.get(asked[0], [])]


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        (["Boutique ouverte le lundi"], MET),
        (["Boutique ouverte le lundi !", "Autre"], MET),
        (["Boutique ouverte", "le lundi"], TO_JUDGE),
        (["Boutique ouvertte le lundi"], TO_JUDGE),
        (["Fermée le mardi"], NOT_MET),
        ([], NOT_MET),
    ],
)
def test_a_text_that_is_broken_or_has_a_slip_is_for_a_person(
    elements: list[str], expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the_blog(monkeypatch)
    check = Widget(area="footer", kind="paragraph", text="Boutique ouverte le lundi")
    assert verdict(check, area({"paragraph": elements}, "\n".join(elements))) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Accueil Atelier ouvert le mercredi", MET),
        ("Accueil Attelier ouvert le mercredi", TO_JUDGE),
        ("Accueil Contact", NOT_MET),
    ],
)
def test_a_slip_in_the_header_is_for_a_person(text: str, expected: Verdict) -> None:
    seen = {"text": text, "own": text, "unread": [], "images": [], "logos": [], "videos": []}
    assert verdict(HeaderContent(text="Atelier ouvert le mercredi"), lambda _: {"": seen}) is expected


def test_another_widget_that_is_gone_too_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_blog(monkeypatch)
    check = Widget(action="remove", area="sidebar", kind="latest-comments")
    left = {"search": ["a"], "latest-posts": ["b"], "categories": ["c"]}
    assert verdict(check, area(left)) is MET
    assert verdict(check, area({"search": ["a"]})) is TO_JUDGE
    assert verdict(check, area({**left, "latest-comments": ["d"]})) is NOT_MET
    assert verdict(check, area({})) is NOT_MET


def observed(check: Any, shown: Any) -> str:
    [found] = check.verify(site_showing(shown))
    return str(found.observed)


def test_what_is_seen_names_the_text_and_a_title_that_stayed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_blog(monkeypatch)
    text = Widget(action="remove", area="footer", kind="paragraph", text="3 chemin de la Palud")
    there, gone = area({"paragraph": ["Le 3 chemin de la Palud", "Autre"]}), area({"paragraph": ["Autre"]})
    assert "le texte « 3 chemin de la Palud » s’y lit" in observed(text, there)
    assert "le texte « 3 chemin de la Palud » ne s’y lit pas" in observed(text, gone)
    comments = Widget(action="remove", area="sidebar", kind="latest-comments")
    left = area({"search": ["a"], "paragraph": ["Commentaires récents"]})
    assert "ne s’y voit plus ; titres et textes qui y restent : « Commentaires récents »" in observed(comments, left)


def test_what_the_site_begins_with_is_read_from_its_seed() -> None:
    column = {"search", "latest-posts", "latest-comments", "categories"}
    assert column < seeded.blocks(COMPANY, "sidebar-")
    assert not column & seeded.blocks(COMPANY, "footer-widget-")
    assert "Qui sommes-nous ?" in seeded.entries(COMPANY, "Menu principal")
    assert seeded.entries(COMPANY, "Suivez-nous") == {"Instagram", "Facebook"}
    assert seeded.entries(COMPANY, "Menu des visiteurs") == frozenset()


def test_where_no_page_has_the_area_what_is_stored_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_blog(monkeypatch)
    monkeypatch.setattr(widgets_shown, "rest_all", lambda site, path: [{"sidebar": "sidebar-1", "rendered": "<p></p>"}])
    check = Widget(area="sidebar", kind="calendar")
    [found] = check.verify(site_showing(area({"calendar": ["a"]}), frame=False))
    assert found.verdict is TO_JUDGE
    assert "Aucune page du site ne montre la colonne latérale" in found.observed
    [found] = check.verify(site_showing(area({}), frame=False))
    assert found.verdict is NOT_MET


def test_a_list_that_does_the_same_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_blog(monkeypatch)
    check, seen = Widget(area="sidebar", kind="latest-posts"), area({"search": ["a"]})
    assert verdict(
        check, lambda script, asked: [[3, "x", ""]] if "wp-block-query" in asked[0] else seen(script, asked)
    ) is (TO_JUDGE)
    assert verdict(check, lambda script, asked: [] if "wp-block-query" in asked[0] else seen(script, asked)) is NOT_MET


@pytest.mark.parametrize(
    ("reason", "expected"), [("SAME", TO_JUDGE), ("CUT", TO_JUDGE), ("NEARLY", TO_JUDGE), ("HIDDEN", NOT_MET)]
)
def test_a_widget_that_is_there_and_perhaps_not_seen_is_for_a_person(
    reason: str, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the_blog(monkeypatch)
    seen = area({"search": ["a"]})
    check, unseen = Widget(area="footer", kind="categories"), [[4, "Pains", REASONS[reason]]]

    def shown(script: str, asked: Any) -> Any:
        return unseen if asked[0] == KINDS["categories"][1] else seen(script, asked)

    assert verdict(check, shown) is expected
    assert f"« Catégories » y est, mais un visiteur ne le voit pas : {REASONS[reason]}" in observed(check, shown)
    text = Widget(area="footer", kind="paragraph", text="Ouvert")
    there = {KINDS["paragraph"][1]: [[0, "Ouvert", REASONS[reason]]]}
    assert verdict(text, lambda _, asked: there.get(asked[0], [])) is expected


@pytest.mark.parametrize("reason", ["SAME", "HIDDEN"])
def test_a_widget_that_is_only_unseen_is_not_taken_out(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_blog(monkeypatch)
    check = Widget(action="remove", area="sidebar", kind="latest-comments")
    seen = area({"search": ["a"], "latest-posts": ["b"], "categories": ["c"]})
    ours, unseen = KINDS["latest-comments"][1], [[3, "d", REASONS[reason]]]

    def shown(script: str, asked: Any) -> Any:
        return unseen if asked[0] == ours else seen(script, asked)

    assert verdict(check, shown) is TO_JUDGE
    assert f"y est encore, mais un visiteur ne le voit pas : {REASONS[reason]}" in observed(check, shown)
    alone = {"SAME": TO_JUDGE, "HIDDEN": NOT_MET}[reason]
    assert verdict(check, lambda _, asked: unseen if asked[0] == ours else []) is alone


@pytest.mark.parametrize(("patterns", "verdict"), [(True, TO_JUDGE), (False, NOT_MET)])
def test_a_list_that_may_come_of_a_pattern_has_excerpts_of_a_length_that_a_person_reads(
    patterns: bool, verdict: Verdict
) -> None:
    area = MagicMock(hidden=False)
    area.excerpts.return_value, area.has_patterns.return_value, area.of.return_value = [], patterns, []
    widget = Widget(action="set", area="sidebar", kind="latest-posts", excerpt_words=20)
    found, _, why = widget._presence(MagicMock(), area, [Entries(3, "Nos recettes")])
    assert (found, "composition synchronisée" in why) == (verdict, patterns)
