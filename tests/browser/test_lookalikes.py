"""What looks like a block and is none, and where a part stands, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from checks.wordpress.reading.lookalikes_js import LOOKALIKES_JS
from checks.wordpress.reading.parts_js import PARTS_JS
from provisioner.examination.browser import candidate_browser

#: A picture of one point, so that it has a size.
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture(scope="module")
def page_of_a_browser() -> Iterator[Page]:
    with candidate_browser() as browser:
        yield browser.new_page()


def show(page: Page, html: str) -> None:
    page.set_content(
        "<style>.entry-content{width:600px;margin:0 auto} .wide{margin:0 -80px} img{width:200px;height:120px}</style>"
        f"<div id='post-7'><div class='entry-content'><p>Bonjour à tous</p>{html}</div></div>"
    )


def kinds(page: Page, html: str) -> dict[str, dict[str, Any]]:
    show(page, html)
    return {one["kind"]: one for one in page.evaluate(LOOKALIKES_JS, 7)}


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<div style=\"background-image:url('palets.jpg')\"><p>Noël</p></div>", "fond"),
        ("<a href='/a/' style='background:#147;color:#fff;padding:10px 20px'>Commander</a>", "encadré"),
        ("<p style='border:1px solid;padding:8px'><a href='/a/'>Commander</a></p>", "encadré"),
        ("<button onclick=\"location.href='/a/'\">Commander</button>", "encadré"),
        ("<iframe src='/bon.pdf'></iframe>", "cadre"),
        ("<object data='/bon.pdf'></object>", "cadre"),
        (f"<table><tr>{''.join(f'<td>{day}</td>' for day in range(1, 31))}</tr></table>", "calendrier"),
        (f"<div style='display:flex'><img src='{DOT}'><img src='{DOT}#b'></div>", "rangée"),
    ],
)
def test_what_looks_like_a_block_is_known(html: str, kind: str, page_of_a_browser: Page) -> None:
    assert kind in kinds(page_of_a_browser, html)


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<p>Voir <a href='/a/'>cette page</a></p>", "encadré"),
        ("<div class='wp-block-button'><a style='background:#147;padding:10px' href='/a/'>Voir</a></div>", "encadré"),
        ("<div style=\"display:none;background-image:url('palets.jpg')\">Noël</div>", "fond"),
        (f"<img style='display:block' src='{DOT}'><img style='display:block' src='{DOT}#b'>", "rangée"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "calendrier"),
    ],
)
def test_what_only_has_something_of_it_is_not(html: str, kind: str, page_of_a_browser: Page) -> None:
    assert kind not in kinds(page_of_a_browser, html)


def test_a_button_that_is_none_leads_where_its_script_says(page_of_a_browser: Page) -> None:
    found = kinds(page_of_a_browser, "<button onclick=\"window.location='/contact/'\">Écrire</button>")["encadré"]
    assert (found["text"], found["links"]) == ("Écrire", ["/contact/"])


def test_pictures_of_a_row_come_with_those_around_it(page_of_a_browser: Page) -> None:
    html = f"<p><img src='{DOT}#1'><img src='{DOT}#2'><img src='{DOT}#3'></p><img src='{DOT}#4'>"
    row = kinds(page_of_a_browser, html)["rangée"]
    assert [source[-1] for source in row["sources"]] == ["1", "2", "3"]


def parts(page: Page, html: str, kind: str) -> list[dict[str, Any]]:
    show(page, html)
    return [one for one in page.evaluate(PARTS_JS, 7) if one["kind"] == kind]


def test_a_part_knows_the_headings_above_it_and_how_much_is_around_it(page_of_a_browser: Page) -> None:
    html = "<h2>Un</h2><h3>Sous un</h3><p>deux mots</p><h2>Deux</h2><p>la fin</p><h3>Encore</h3><table><tr><td>a</td></tr></table>"
    texts = {one["text"]: one for one in parts(page_of_a_browser, html, "paragraphe")}
    assert texts["deux mots"]["under"] == ["Sous un", "Un"]
    assert texts["la fin"]["under"] == ["Deux"]
    assert (texts["Bonjour à tous"]["under"], texts["Bonjour à tous"]["before"]) == ([], 0)
    [table] = parts(page_of_a_browser, html, "tableau")
    assert (table["under"], table["after"]) == (["Encore", "Deux"], 0)
    assert table["before"] == len(
        ["Bonjour", "à", "tous", "Un", "Sous", "un", "deux", "mots", "Deux", "la", "fin", "Encore"]
    )


@pytest.mark.parametrize(
    ("html", "place"),
    [
        ("<img>", ""),
        ("<div style='float:right'><img></div>", "right"),
        ("<img style='float:left'>", "left"),
        ("<div style='text-align:center'><img></div>", "center"),
        ("<img style='display:block;margin:0 auto'>", "center"),
        ("<div style='text-align:right'><img></div>", "right"),
        ("<div class='wide'><img style='width:100%'></div>", "wide"),
        ("<img style='width:600px'>", ""),
    ],
)
def test_a_picture_may_be_placed_by_a_style(html: str, place: str, page_of_a_browser: Page) -> None:
    assert parts(page_of_a_browser, html.replace("<img", f"<img src='{DOT}'"), "image")[0]["styled"] == place
