"""What the script that reads an article takes for visible, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from checks.visibility import REASONS
from checks.wordpress.icones_sociales import _SEEN
from checks.wordpress.reading.contents import _read
from checks.wordpress.reading.header_shown import header_of
from checks.wordpress.reading.menu_shown import _READ
from checks.wordpress.reading.parts_js import PARTS_JS
from checks.wordpress.reading.widgets_shown import _SHOWN, KINDS
from checks.wordpress.widgets import _LISTED
from provisioner.examination.browser import candidate_browser


@pytest.fixture(scope="module")
def page_of_a_browser() -> Iterator[Page]:
    with candidate_browser() as browser:
        yield browser.new_page()


def texts(page: Page, html: str) -> tuple[str, str]:
    """All the text of an article, and what of it can be seen."""
    page.set_content(
        f"<style>.x{{display:none}} .y{{visibility:hidden}} .z{{opacity:0}}</style>"
        f"<main><div id='post-7'><div class='entry-content'><p>Bonjour</p>{html}</div></div></main>"
    )
    whole, visible, _ = _read(page, 7, "http://site.test/")
    assert "mot" in whole.text
    return whole.text, visible.text


@pytest.mark.parametrize(
    "html",
    [
        "<p style='display:none'>mot</p>",
        "<p class='x'>mot</p>",
        "<div class='y'><p>mot</p></div>",
        "<p style='opacity:0'>mot</p>",
        "<p class='z'>mot</p>",
        "<p style='font-size:2px'>mot</p>",
        "<p style='color:white'>mot</p>",
        "<div class='uag-hide-tab x'><p>mot</p></div>",
        "<p hidden>mot</p>",
        "<div style='display:none'><div class='wp-block-group'><p>mot</p></div></div>",
    ],
)
def test_what_no_visitor_can_see_is_left_out(page_of_a_browser: Page, html: str) -> None:
    assert texts(page_of_a_browser, html)[1] == "Bonjour"


@pytest.mark.parametrize(
    "html",
    [
        "<p>mot</p>",
        "<details><summary>Plus</summary><p>mot</p></details>",
        "<div role='tabpanel' class='x'>mot</div>",
        "<button aria-controls='b'>Plus</button><div id='b' hidden><p>mot</p></div>",
        "<a href='#b'>Plus</a><div id='b' class='x'><p>mot</p></div>",
        "<div class='uagb-faq-item'><div class='x'>mot</div></div>",
        "<div class='accordion'><div style='display:none'>mot</div></div>",
        "<div style='height:9000px'></div><p>mot</p>",
    ],
)
def test_what_a_visitor_sees_or_opens_counts(page_of_a_browser: Page, html: str) -> None:
    whole, visible = texts(page_of_a_browser, html)
    assert whole == visible


def test_headings_pictures_and_links_that_are_hidden_are_left_out_too(page_of_a_browser: Page) -> None:
    parts = "<h2>mot</h2><img src='a.jpg' alt='b'><a href='/c/'>d</a>"
    texts(page_of_a_browser, f"<div class='x'>{parts}</div>")
    whole, visible, _ = _read(page_of_a_browser, 7, "http://site.test/")
    assert [len(whole.headings), len(whole.images), len(whole.links)] == [1, 1, 1]
    assert [len(visible.headings), len(visible.images), len(visible.links)] == [0, 0, 0]


def test_a_piece_of_html_is_read_whole(page_of_a_browser: Page) -> None:
    whole, visible, _ = _read(page_of_a_browser, "<h2>Un</h2><p>deux mots</p>", "http://site.test/")
    assert whole.text == visible.text == "Un\ndeux mots"


def test_cells_are_lines_and_breaks_of_the_source_are_spaces(page_of_a_browser: Page) -> None:
    html = "<table><tr><td>10 h</td><td>17 h 30</td></tr></table><p>un\nmot<br>deux</p><pre>a\nb</pre>"
    assert texts(page_of_a_browser, html)[0] == "Bonjour\n10 h\n17 h 30\nun mot\ndeux\na\nb"


def test_a_picture_that_opens_at_a_click_is_read_once(page_of_a_browser: Page) -> None:
    again = "<figure><img src='' alt='b'><figcaption>mot</figcaption></figure>"
    html = (
        "<figure><img src='a.jpg' alt='b'><figcaption>mot</figcaption>"
        f"<div class='wp-lightbox-overlay'><div>{again}</div><div>{again}</div></div></figure>"
    )
    assert texts(page_of_a_browser, html) == ("Bonjour\nmot", "Bonjour\nmot")
    whole, _, _ = _read(page_of_a_browser, html, "http://site.test/")
    assert [len(whole.images), whole.text] == [1, "mot"]
    parts = page_of_a_browser.evaluate(PARTS_JS, f"<figure class='wp-block-gallery'>{html}</figure>")
    assert [part["sources"] for part in parts if part["kind"] in ("galerie", "image")] == [["a.jpg"], ["a.jpg"]]


def test_what_the_site_lists_by_itself_is_no_part_of_a_content(page_of_a_browser: Page) -> None:
    listed = "<li><a href='/a/'>Un article</a><img src='petrin.jpg' alt=''></li>"
    html = f"<ul class='wp-block-latest-posts'>{listed}</ul><div class='wp-block-rss'><p>mot</p></div><p>à soi</p>"
    parts = page_of_a_browser.evaluate(PARTS_JS, html)
    assert [(part["kind"], part["text"]) for part in parts] == [("paragraphe", "à soi"), ("flux rss", "mot")]


def test_the_copies_of_a_carousel_are_read_once_and_an_embedded_frame_is_one(page_of_a_browser: Page) -> None:
    slide = "<div class='swiper-slide{}'><h3>Un</h3><img src='a.jpg' alt=''></div>"
    said = "<div class='slick-slide{}'><p>mot</p></div>"
    html = slide.format(" swiper-slide-duplicate") + slide.format("") + said.format("") + said.format(" slick-cloned")
    html += "<embed src='https://maps.google.com/maps?q=Quimper&output=embed'>"
    parts = page_of_a_browser.evaluate(PARTS_JS, html)
    assert [part["kind"] for part in parts] == ["titre", "paragraphe", "cadre", "image"]
    assert parts[2]["sources"] == ["https://maps.google.com/maps?q=Quimper&output=embed"]
    assert (parts[1]["under"], parts[1]["before"], parts[1]["after"]) == (["Un"], 6, 5)
    whole, _, _ = _read(page_of_a_browser, html, "http://site.test/")
    assert (whole.text, len(whole.headings), len(whole.images)) == ("Un\nmot", 1, 1)


def test_a_map_over_which_the_station_lays_a_picture_is_seen(page_of_a_browser: Page) -> None:
    style = "<style>.uagb-google-map__wrap { position: relative } .uagb-google-map__wrap::after { content: 'Carte'; position: absolute; inset: 0; background: #eee }</style>"
    frame = "<embed src='https://maps.google.com/maps?q=Quimper' style='width: 600px; height: 300px'>"
    hidden = f"<div style='display: none'><div class='uagb-google-map__wrap'>{frame}</div></div>"
    page_of_a_browser.set_content(f"<main>{style}<div class='uagb-google-map__wrap'>{frame}</div>{hidden}</main>")
    parts = page_of_a_browser.evaluate(PARTS_JS, 7)
    assert [bool(part["unseen"]) for part in parts if part["kind"] == "cadre"] == [False, True]


def test_only_what_somebody_wrote_in_an_area_is_a_text_of_it(page_of_a_browser: Page) -> None:
    page_of_a_browser.set_content(
        "<div id='colophon'><ul><li class='menu-item'><a href='/m/'>Mentions légales</a></li></ul>"
        "<ul class='wp-block-latest-posts'><li>Portes ouvertes</li></ul><p>3 chemin de la Palud</p></div>"
    )
    said = page_of_a_browser.evaluate(_SHOWN, [KINDS["paragraph"][1], "footer", _LISTED])
    assert [text for _, text, _ in said] == ["3 chemin de la Palud"]


def test_the_menus_of_the_header_are_no_text_that_was_put_there(page_of_a_browser: Page) -> None:
    page_of_a_browser.set_content(
        "<header id='masthead'><p class='site-title'>Biscuiterie</p><ul><li class='menu-item'>Contact</li></ul>"
        "<p>Atelier ouvert</p></header>"
    )
    seen = header_of(page_of_a_browser)[""]
    assert (seen.text, seen.own) == ("Biscuiterie Atelier ouvert", "Atelier ouvert")
    assert page_of_a_browser.locator("li.menu-item").is_visible()


def test_each_row_of_the_header_has_its_own_text(page_of_a_browser: Page) -> None:
    page_of_a_browser.set_content(
        "<header id='masthead'><div id='ast-desktop-header'><div class='ast-above-header-wrap'><p>Haut</p></div>"
        "<div class='ast-main-header-wrap'><p>Milieu</p></div></div>"
        "<div id='ast-mobile-header'><div class='ast-below-header-wrap'><p>Bas</p></div></div></header>"
    )
    assert {row: part.own for row, part in header_of(page_of_a_browser).items()} == {
        "": "Haut Milieu",
        "above": "Haut",
        "primary": "Milieu",
    }


RED = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>"
    "<rect width='40' height='40' fill='red'/></svg>"
)


@pytest.mark.parametrize(("dim", "reason"), [("rgba(0,0,0,.5)", ""), ("#000", REASONS["COVERED"])])
def test_a_banner_is_seen_by_its_picture_and_its_text_by_itself(page_of_a_browser: Page, dim: str, reason: str) -> None:
    over = "position:absolute;inset:0;"
    page_of_a_browser.set_content(
        f"<main><div id='post-7'><div class='entry-content'><div class='wp-block-cover' style='position:relative;height:200px'>"
        f"<span class='wp-block-cover__background' style='{over}background:{dim}'></span>"
        f'<img class="wp-block-cover__image-background" src="{RED}" style="{over}width:100%;height:100%;z-index:-1">'
        "<div style='position:relative'><p style='color:#fff'>Bienvenue</p></div></div></div></div></main>"
    )
    parts = {part["kind"]: part["unseen"] for part in page_of_a_browser.evaluate(PARTS_JS, 7)}
    assert parts == {"bannière": reason, "image": reason, "paragraphe": ""}


def test_a_banner_with_a_fixed_picture_is_seen_by_the_element_behind_it(page_of_a_browser: Page) -> None:
    over = "position:absolute;inset:0;"
    html = (
        "<div class='wp-block-cover' style='position:relative;height:200px'><span style='{1}background:{0}'></span>"
        '<div class="wp-block-cover__image-background" style="{1}z-index:-1;background-image:url(&quot;{2}&quot;)"></div>'
        "<div style='position:relative'><p>Bienvenue</p></div></div>"
    )
    for dim, reason in (("transparent", ""), ("#000", REASONS["COVERED"])):
        texts(page_of_a_browser, f"{html.format(dim, over, RED)}<p>mot</p>")
        [banner] = [part for part in page_of_a_browser.evaluate(PARTS_JS, 7) if part["kind"] == "bannière"]
        assert banner["unseen"] == reason


def test_icons_are_told_with_why_no_visitor_sees_them(page_of_a_browser: Page) -> None:
    icon = "<svg width='16' height='16'><rect width='16' height='16'></rect></svg>"
    link = "<li><a href='https://{0}.test/' {1}>{2}<span hidden>{0}</span></a></li>"
    links = "".join(link.format(*one, icon) for one in (("linkedin", ""), ("pinterest", "style='opacity:0'")))
    page_of_a_browser.set_content(f"<div id='colophon'><ul class='wp-block-social-links'>{links}</ul></div>")
    assert [icon[:4] for icon in page_of_a_browser.evaluate(_SEEN)] == [
        ["footer", "linkedin", "https://linkedin.test/", ""],
        ["footer", "pinterest", "https://pinterest.test/", REASONS["TRANSPARENT"]],
    ]


def test_a_menu_that_only_telephones_have_is_told_so(page_of_a_browser: Page) -> None:
    menu = "<ul><li class='menu-item menu-item-4'><a href='/contact/'>Contact</a></li></ul>"
    phone = f"<div id='ast-mobile-header' style='display:none'>{menu}</div>"
    for html, reason in ((phone, REASONS["PHONE"]), (f"{phone}<nav>{menu}</nav>", "")):
        page_of_a_browser.set_content(html)
        shown = page_of_a_browser.evaluate(_READ, [4])
        assert ([item["title"] for item in shown["items"]], shown["unseen"]) == (["Contact"], reason)


def test_a_medium_beside_a_text_or_behind_it_is_where_their_block_is(page_of_a_browser: Page) -> None:
    text = "<p>" + "mot " * 40 + "</p>"
    medium = "<figure class='wp-block-media-text__media'><img src='a.jpg' alt=''></figure>"
    words = f"<div class='wp-block-media-text__content'>{text}</div>"
    behind = "<img class='wp-block-cover__image-background' src='a.jpg' alt=''>"
    blocks = [
        f"<div class='wp-block-media-text'>{medium}{words}</div>",
        f"<div class='wp-block-media-text has-media-on-the-right'>{words}{medium}</div>",
        f"<div class='wp-block-cover'>{behind}<div class='wp-block-cover__inner-container'>{text}</div></div>",
    ]
    for block in blocks:
        for html, place in ((f"<p>un deux</p>{block}", (2, 0)), (f"{block}<p>un deux</p>", (0, 2))):
            parts = page_of_a_browser.evaluate(PARTS_JS, html)
            [picture] = [part for part in parts if part["kind"] == "image"]
            assert (picture["before"], picture["after"]) == place
    [picture] = [
        part
        for part in page_of_a_browser.evaluate(PARTS_JS, f"<div class='wp-block-cover'>{text}<img src='a.jpg'></div>")
        if part["kind"] == "image"
    ]
    assert (picture["before"], picture["after"]) == (40, 0), "a picture among the words of a banner is after them"
