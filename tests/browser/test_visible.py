"""What a visitor sees of a page and what he doesn't, and why, in a real browser."""

import base64
import struct
import zlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from checks.visibility import REASONS, as_seen, read, unseen, why_unseen
from provisioner.core.model import Verdict
from provisioner.examination.browser import candidate_browser


def png(red: int, green: int, blue: int, alpha: int, side: int = 40) -> str:
    """A square of one colour, as an address."""
    rows = (b"\0" + bytes((red, green, blue, alpha)) * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    whole = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return f"data:image/png;base64,{base64.b64encode(whole).decode()}"


RED, CLEAR, POINT = png(200, 30, 30, 255), png(0, 0, 0, 0), png(200, 30, 30, 255, side=1)
OVER = "position:absolute;inset:0;"
COVER = (
    '<div class="wp-block-cover" style="position:relative;height:200px">'
    '<span class="wp-block-cover__background" style="position:absolute;inset:0;background:{dim}"></span>'
    '<img id="x" class="wp-block-cover__image-background" src="{red}" style="position:absolute;inset:0;width:100%;height:100%;z-index:-1">'
    '<div style="position:relative;color:#fff"><p>Bienvenue</p></div></div>'
).replace("{red}", RED)
LIGHT, DARK = png(240, 240, 240, 255), png(20, 20, 20, 255)
# A banner's words, below which there is a thin colour, below which there is a picture.
WORDS = (
    '<div class="wp-block-cover" style="position:relative;height:200px">{picture}'
    '<div style="opacity:{around}"><span class="wp-block-cover__background" style="position:absolute;inset:0;background:{dim};opacity:{opacity}"></span></div>'
    '<div style="position:relative;color:{dim}"><p id="x">Bienvenue</p></div></div>'
)
BEHIND = '<img src="{}" style="position:absolute;inset:0;width:100%;height:100%">'

HIDDEN = {
    "no display": ("<p id=x style='display:none'>mot</p>", "HIDDEN"),
    "by a class": ("<style>.x{display:none}</style><div class=x><p id=x>mot</p></div>", "HIDDEN"),
    "the attribute": ("<p id=x hidden>mot</p>", "HIDDEN"),
    "no visibility": ("<div style='visibility:hidden'><p id=x>mot</p></div>", "HIDDEN"),
    "content visibility": ("<div style='content-visibility:hidden'><p id=x>mot</p></div>", "HIDDEN"),
    "opacity": ("<style>.x{opacity:0}</style><p id=x class=x>mot</p>", "TRANSPARENT"),
    "opacities that multiply": ("<div style='opacity:.3'><p id=x style='opacity:.2'>mot</p></div>", "TRANSPARENT"),
    "a filter": ("<p id=x style='filter:opacity(0)'>mot</p>", "TRANSPARENT"),
    "a mask": ("<p id=x style='mask-image:linear-gradient(transparent,transparent)'>mot</p>", "TRANSPARENT"),
    "a colour that is none": ("<p id=x style='color:transparent'>mot</p>", "TRANSPARENT"),
    "letters without a size": ("<p id=x style='font-size:0'>mot</p>", "NO_SIZE"),
    "letters of 3 px": ("<p id=x style='font-size:3px'>mot</p>", "TINY"),
    "a scale of nothing": ("<p id=x style='transform:scale(0)'>mot</p>", "NO_SIZE"),
    "a picture of 2 px": (f"<img id=x width=2 height=2 src='{RED}'>", "TINY"),
    "a file of one pixel": (f"<img id=x width=80 height=80 src='{POINT}'>", "TINY"),
    "a clear picture": (f"<img id=x src='{CLEAR}'>", "TRANSPARENT"),
    "a picture that isn't there": ("<img id=x width=80 height=80 src='data:image/png;base64,AAAA'>", "BROKEN"),
    "left of the window": ("<p id=x style='position:absolute;left:-9999px'>mot</p>", "AWAY"),
    "above the window": ("<p id=x style='position:absolute;top:-500px'>mot</p>", "AWAY"),
    "fixed below the window": ("<p id=x style='position:fixed;top:3000px'>mot</p>", "AWAY"),
    "an indent": ("<p id=x style='text-indent:-9999px'>mot</p>", "AWAY"),
    "an indent in its frame": ("<p id=x style='text-indent:-9999px;overflow:hidden'>mot</p>", "AWAY"),
    "right of a page that doesn't scroll": (
        "<style>body{overflow-x:hidden}</style><p id=x style='position:absolute;left:5000px'>mot</p>",
        "AWAY",
    ),
    "cut by a frame": ("<div style='height:0;overflow:hidden'><p id=x>mot</p></div>", "CUT"),
    "below the edge of a frame": (
        "<div style='height:50px;overflow:hidden'><div style='height:90px'></div><p id=x>mot</p></div>",
        "CUT",
    ),
    "a clip": ("<p id=x style='position:absolute;clip:rect(0,0,0,0)'>mot</p>", "CUT"),
    "a clip path": ("<p id=x style='clip-path:inset(50%)'>mot</p>", "CUT"),
    "white on white": ("<p id=x style='color:#fff'>mot</p>", "SAME"),
    "nearly white on white": ("<p id=x style='color:#fafafa'>mot</p>", "SAME"),
    "black on black": ("<div style='background:#000'><p id=x style='color:#0a0a0a'>mot</p></div>", "SAME"),
    "the words of a banner on their own colour": (
        WORDS.format(picture=BEHIND.format(LIGHT), dim="#000", opacity=1, around=1),
        "SAME",
    ),
    "white on white below a thin black": (
        f"<div style='position:relative'><i style='{OVER}background:#000;opacity:.05'></i><p id=x style='position:relative;color:#fff'>mot</p></div>",
        "SAME",
    ),
    "under another": (
        f"<div style='position:relative'><p id=x>mot</p><div style='{OVER}background:#123'></div></div>",
        "COVERED",
    ),
    "under one that lets clicks pass": (
        f"<div style='position:relative'><p id=x>mot</p><i style='{OVER}background:#123;pointer-events:none'></i></div>",
        "COVERED",
    ),
    "under what a style adds": (
        f"<style>.x{{position:relative}} .x::after{{content:'';{OVER}background:#123}}</style><div class=x><p id=x>mot</p></div>",
        "COVERED",
    ),
    "below its own frame": (
        "<div style='background:#123;position:relative'><p id=x style='position:relative;z-index:-1'>mot</p></div>",
        "COVERED",
    ),
    "a banner under black": (COVER.format(dim="#000"), "COVERED"),
    "a banner under a gradient": (COVER.format(dim="linear-gradient(#000, #321)"), "COVERED"),
    "a banner under nearly black": (COVER.format(dim="rgba(0,0,0,.9)"), "NEARLY"),
    "under a picture": (
        f"<div style='position:relative'><p id=x>mot</p><img src='{RED}' style='{OVER}width:100%;height:100%'></div>",
        "NEARLY",
    ),
    "a telephone's header": (
        f"<div id='ast-mobile-header' style='display:none'><img id=x src='{RED}'></div>",
        "PHONE",
    ),
    "what a telephone's menu has": (
        "<div id='ast-mobile-popup' class='ast-mobile-popup-drawer' style='display:none'><p id=x>mot</p></div>",
        "PHONE",
    ),
    "hidden inside a question": (
        "<details><summary>?</summary><p id=x style='display:none'>mot</p></details>",
        "HIDDEN",
    ),
    "hidden on tablets alone is no tab": (
        "<div class='uag-hide-tab' style='display:none'><p id=x>mot</p></div>",
        "HIDDEN",
    ),
    "hidden where a link skips to": (
        "<a href='#content'>Aller au contenu</a><div id='content'><p id=x hidden>mot</p></div>",
        "HIDDEN",
    ),
}

VISIBLE = {
    "a word": "<p id=x>mot</p>",
    "one part of it": "<div id=x><p hidden>un</p><p>deux</p></div>",
    "far down": "<div style='height:9000px'></div><p id=x>mot</p>",
    "in a frame that scrolls": "<div style='height:50px;overflow:auto'><div style='height:900px'></div><p id=x>mot</p></div>",
    "right of a page that scrolls": "<p id=x style='position:absolute;left:5000px'>mot</p>",
    "a folded question": "<details><summary>?</summary><p id=x>mot</p></details>",
    "a tab": "<div role='tabpanel' hidden><p id=x>mot</p></div>",
    "what a button opens": "<button aria-controls='b'>Plus</button><div id='b' hidden><p id=x>mot</p></div>",
    "what an address names as its target": "<a data-target='#b'>Plus</a><footer id='b' class='collapse' style='display:none'><p id=x>mot</p></footer>",
    "what a link opens": "<a href='#b'>Plus</a><div id='b' style='display:none'><p id=x>mot</p></div>",
    "an accordion": "<div class='uagb-faq-item'><div style='height:0;overflow:hidden'><p id=x>mot</p></div></div>",
    "the next slide": (
        "<div class='carousel' style='overflow:hidden;width:300px'><div style='display:flex;width:600px'>"
        "<p style='min-width:300px'>un</p><p id=x style='min-width:300px'>deux</p></div></div>"
    ),
    "a slide that fades": "<div class='carousel-inner'><div class='carousel-item' style='opacity:0'><p id=x>mot</p></div></div>",
    "white on black": "<div style='background:#000'><p id=x style='color:#fff'>mot</p></div>",
    "white on a picture": (
        f"<div style='position:relative;height:90px'><img src='{RED}' style='{OVER}width:100%;height:100%'>"
        "<p id=x style='position:relative;color:#fff'>mot</p></div>"
    ),
    "black on a light picture below a thin black": WORDS.format(
        picture=BEHIND.format(LIGHT), dim="#000", opacity=0.1, around=1
    ),
    "white on a dark picture below a thin white": WORDS.format(
        picture=BEHIND.format(DARK), dim="#fff", opacity=0.2, around=1
    ),
    "black on a black that its frame makes thin": WORDS.format(picture="", dim="#000", opacity=1, around=0.1),
    "black on a black that is clear": WORDS.format(picture="", dim="#000", opacity=0, around=1),
    "white with a shadow": "<p id=x style='color:#fff;text-shadow:0 0 3px #000'>mot</p>",
    "white that is mixed with what is below": "<p id=x style='color:#fff;mix-blend-mode:difference'>mot</p>",
    "a title below a link over the whole card": (
        "<style>.x{position:relative} .x a::after{content:'';position:absolute;inset:0}</style><div class=x><p id=x>mot</p><a href='#'>lire</a></div>"
    ),
    "a picture with its caption upon it": (
        f"<figure style='position:relative;width:300px;height:300px'><img id=x src='{RED}' style='width:100%;height:100%'>"
        "<figcaption style='position:absolute;bottom:0;left:0;right:0;height:120px;background:linear-gradient(transparent,#000)'>mot</figcaption></figure>"
    ),
    "a button drawn below its words": (
        "<style>#x{position:relative;z-index:0;color:#fff} #x::before{content:'';position:absolute;inset:0;background:#900;z-index:-1}</style><a id=x>mot</a>"
    ),
    "a round picture": f"<img id=x src='{RED}' style='width:90px;height:90px;border-radius:50%'>",
    "a page whose body scrolls": (
        "<style>html,body{height:100%;overflow:hidden;margin:0} main{height:100%;overflow:auto}</style>"
        "<main><div style='height:3000px'></div><p id=x>mot</p></main>"
    ),
    "below a header that sticks": (
        "<div style='position:sticky;top:0;height:200px;background:#fff;z-index:9'>menu</div><div style='height:2000px'></div>"
        "<p id=x>mot</p><div style='height:2000px'></div>"
    ),
    "a pale word": "<p id=x style='color:#ddd'>mot</p>",
    "letters cut out of a colour": "<p id=x style='background:linear-gradient(red,blue);background-clip:text;color:transparent'>mot</p>",
    "a picture in the place of words": (
        f"<a id=x style='display:block;width:40px;height:40px;overflow:hidden;text-indent:100%;white-space:nowrap;background:url({RED})'>mot</a>"
    ),
    "a letter of a font of icons": "<style>#x::before{content:'★'}</style><i id=x></i>",
    "a small icon": "<svg id=x width=16 height=16><rect width=16 height=16></rect></svg>",
    "a line": "<hr id=x style='height:1px;border:0;background:#000'>",
    "a picture": f"<img id=x src='{RED}'>",
    "a lazy picture far down": f"<div style='height:9000px'></div><img id=x loading=lazy width=40 height=40 src='{RED}'>",
    "a banner": COVER.format(dim="rgba(0,0,0,.5)"),
    "a banner under nothing": COVER.format(dim="transparent"),
    "under a header that stays": "<header style='position:fixed;top:0;left:0;right:0;height:90px;background:#fff'></header><p id=x>mot</p>",
    "above a bar at the foot": "<p id=x>mot</p><div style='position:fixed;bottom:0;left:0;right:0;height:200px;background:#fff'></div>",
    "half under another": (
        f"<div style='position:relative'><p id=x>un mot de plus</p><div style='{OVER}left:40px;background:#123'></div></div>"
    ),
    "what comes in while it is scrolled to": (
        "<div style='height:3000px'></div><p id=x style='opacity:0;transition:opacity 60s'>mot</p><script>"
        "new IntersectionObserver(all => all.forEach(one => { if (one.isIntersecting) one.target.style.opacity = 1; }))"
        ".observe(document.getElementById('x'))</script>"
    ),
}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with candidate_browser() as browser:
        yield browser.new_page(viewport={"width": 1280, "height": 800})


@pytest.mark.parametrize("name", HIDDEN)
def test_it_says_why_no_visitor_sees_a_thing(page: Page, name: str) -> None:
    html, reason = HIDDEN[name]
    page.set_content(f"<!doctype html><body>{html}</body>")
    assert unseen(page.locator("#x")) == REASONS[reason]


@pytest.mark.parametrize("name", VISIBLE)
def test_what_a_visitor_sees_or_opens_is_seen(page: Page, name: str) -> None:
    page.set_content(f"<!doctype html><body>{VISIBLE[name]}</body>")
    assert unseen(page.locator("#x")) == ""


def test_the_picture_behind_a_text_is_asked_apart_from_the_text(page: Page) -> None:
    behind = f"<div id=x style='position:relative;height:99px;background:url({RED})'>{{}}<p style='position:relative;color:#fff'>mot</p></div>"
    for over, reason in ((f"<i style='{OVER}background:#000'></i>", REASONS["COVERED"]), ("", "")):
        page.set_content(f"<!doctype html><body>{behind.format(over)}</body>")
        assert unseen(page.locator("#x"), background=True) == reason
        assert unseen(page.locator("#x")) == ""


def test_each_is_asked_and_a_single_visible_one_suffices(page: Page) -> None:
    page.set_content("<!doctype html><p class=x hidden>un</p><p class=x>deux</p>")
    assert why_unseen(page.locator(".x")) == [REASONS["HIDDEN"], ""]
    assert unseen(page.locator(".x")) == unseen(page.locator(".y")) == ""


def test_the_page_stands_where_it_stood(page: Page) -> None:
    page.set_content("<!doctype html><body style='height:9000px'><p id=x style='position:absolute;top:8000px'>mot</p>")
    page.evaluate("scrollTo(0, 300)")
    assert unseen(page.locator("#x")) == ""
    assert page.evaluate("[scrollY, document.adoptedStyleSheets.length]") == [300, 0]


def test_what_is_of_the_telephone_is_seen_on_it(page: Page) -> None:
    page.set_content(
        "<!doctype html><meta name=viewport content='width=device-width'>"
        "<style>@media (min-width: 922px) { #ast-mobile-header { display: none } }</style>"
        "<div id='ast-mobile-header'><p id=x>mot</p></div>"
    )
    assert unseen(page.locator("#x")) == REASONS["PHONE"]
    page.set_viewport_size({"width": 390, "height": 844})
    try:
        assert unseen(page.locator("#x")) == ""
    finally:
        page.set_viewport_size({"width": 1280, "height": 800})


def test_a_plain_reason_costs_the_work_and_a_doubtful_one_goes_to_a_person() -> None:
    assert as_seen(Verdict.MET, "") is Verdict.MET
    assert as_seen(Verdict.MET, REASONS["HIDDEN"]) is Verdict.NOT_MET
    assert as_seen(Verdict.TO_JUDGE, REASONS["COVERED"]) is Verdict.NOT_MET
    assert as_seen(Verdict.MET, REASONS["SAME"]) is Verdict.TO_JUDGE
    assert as_seen(Verdict.NOT_MET, REASONS["SAME"]) is Verdict.NOT_MET


def test_what_a_visitor_reads_is_told_from_what_stands_there(page: Page) -> None:
    page.set_content(
        "<!doctype html><div id=x><p>Un <b>deux</b></p><p style='color:#fff'>trois</p><script>4</script></div>"
    )
    found = read(page.locator("#x"))
    assert (found.text, found.whole, found.unseen) == ("Un deux", "Un deux\ntrois", REASONS["SAME"])
    assert (found.why_unread("trois"), found.why_unread("deux"), found.why_unread("quatre")) == (
        REASONS["SAME"],
        "",
        "",
    )
