"""What the scripts of the checks of the site read from a page, in a real browser."""

from collections.abc import Iterator
from unittest.mock import MagicMock

import pytest
from playwright.sync_api import Page

from checks.wordpress import icones_sociales, menu_reseaux
from checks.wordpress.reading import blog_settings
from checks.wordpress.reading.other_menus import lists_of_links
from provisioner.examination.browser import candidate_browser


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with candidate_browser() as browser:
        yield browser.new_page()


MENU = (
    "<ul class='main'><li class='menu-item'><a href='/a/'>Accueil<svg width='9' height='9'></svg></a></li>"
    "<li class='menu-item'><a href='/b/'>Boutiques</a><ul><li class='menu-item'><a href='/c/'>Quimper</a></li></ul></li></ul>"
)
BLOCK = (
    "<nav class='wp-block-navigation'><ul class='wp-block-navigation__container'><li class='wp-block-navigation-item'>"
    "<a class='wp-block-navigation-item__content' href='/contact/'><span>Contact</span></a></li></ul></nav>"
)


def site_of(page: Page, html: str) -> MagicMock:
    page.set_content(html)
    site = MagicMock()
    site.page = page
    return site


def test_every_list_of_links_is_read_with_its_area_and_its_entries(page: Page) -> None:
    site = site_of(
        page,
        f"<header id='masthead'><div class='ast-above-header-wrap'>{BLOCK}</div>{MENU}"
        f"<div style='display:none'>{MENU}</div></header><div id='colophon'><ul><li>sans lien</li></ul></div>",
    )
    found = {one.area: one.items for one in lists_of_links(site)}
    assert set(found) == {"above_header", "header"}
    assert [item.title for item in found["above_header"]] == ["Contact"]
    assert [(item.title, [child.title for child in item.children]) for item in found["header"]] == [
        ("Accueil", []),
        ("Boutiques", ["Quimper"]),
    ]


def test_icons_are_drawn_links_and_those_of_a_block_are_told_from_pictures(page: Page) -> None:
    icon = "<svg width='20' height='20'><rect width='20' height='20'/></svg>"
    page.set_content(
        f"<div id='colophon'><ul class='wp-block-social-links'><li><a href='https://a.test/'>{icon}</a></li></ul>"
        f"<figure><a href='https://b.test/'><img alt='Instagram' src='data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 "
        "width=%2220%22 height=%2220%22><rect width=%2220%22 height=%2220%22/></svg>'></a></figure>"
        "<a href='https://c.test/'>en toutes lettres</a></div>"
    )
    rows = page.evaluate(icones_sociales._SEEN)
    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        ("footer", "", "https://a.test/", True),
        ("footer", "Instagram", "https://b.test/", False),
    ]
    assert rows[0][3] == ""


def test_links_that_are_listed_or_drawn_are_read_and_those_of_a_sentence_are_not(page: Page) -> None:
    page.set_content("<ul><li><a href='/a/'>Un</a></li></ul><p>Voir <a href='/b/'>deux</a></p>")
    assert page.evaluate(menu_reseaux._DRAWN) == [["Un", "/a/"]]


@pytest.mark.parametrize(
    ("shown", "shape"),
    [
        ("Titre. " + "mot " * 55, True),
        ("Titre. " + "mot " * 140 + "et fin.", False),
        ("Titre. Le 3 mai par Maëlle", None),
    ],
)
def test_the_list_of_the_articles_shows_an_excerpt_the_whole_text_or_neither(
    page: Page, monkeypatch: pytest.MonkeyPatch, shown: str, shape: bool | None
) -> None:
    whole = "<p>" + "mot " * 140 + "et fin.</p>"
    article = {"id": 7, "content": {"rendered": whole}, "excerpt": {"rendered": "<p>mot mot mot mot mot […]</p>"}}
    monkeypatch.setattr(blog_settings, "blog_paths", lambda site: ["/blog/"])
    monkeypatch.setattr(blog_settings, "rest_all", lambda site, path: [article])
    site = site_of(page, f"<body class='blog'><article class='type-post' id='post-7'>{shown}</article></body>")
    site.visit.return_value = page
    assert blog_settings.shapes_in_the_list(site) == [shape]
