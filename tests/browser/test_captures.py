"""The pictures that a report shows of a page, in a real browser."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from provisioner.examination import capture as capturing
from provisioner.examination.browser import candidate_browser
from provisioner.examination.capture import PART, PARTS, capture
from provisioner.examination.evidence import Evidence

GREEN = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="#00ff00"/></svg>'
_AT = """async ([picture, x, y]) => {
    const img = new Image();
    img.src = 'data:image/jpeg;base64,' + picture;
    await img.decode();
    const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight), drawn = canvas.getContext('2d');
    drawn.drawImage(img, 0, 0);
    return [img.naturalWidth, img.naturalHeight, ...drawn.getImageData(x, y, 1, 1).data.slice(0, 3)];
}"""


@pytest.fixture(scope="module")
def pages() -> Iterator[tuple[Page, Page]]:
    """The page that is shown, and one that reads pictures."""
    with candidate_browser() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(10_000)
        yield context.new_page(), context.new_page()


@pytest.fixture
def page(pages: tuple[Page, Page]) -> Page:
    pages[0].unroute_all()
    return pages[0]


def show(page: Page, html: str, picture: bytes | None = GREEN) -> None:
    """Show it as a page of a site; each of the site's pictures is that one, or none is answered."""

    def answer(route: Route) -> None:
        if route.request.url.endswith(".svg") and picture is None:
            return  # never answered
        if route.request.url.endswith(".svg"):
            route.fulfill(body=picture, content_type="image/svg+xml")
        else:
            route.fulfill(body=f"<!doctype html><html lang=fr><body style='margin:0'>{html}", content_type="text/html")

    page.route("**/*", answer)
    page.goto("http://site.test/", wait_until="domcontentloaded")


def at(pages: tuple[Page, Page], picture: bytes, x: int, y: int) -> tuple[tuple[int, int], tuple[bool, bool, bool]]:
    """The size of a picture, and which of red, green and blue a point of it has."""
    width, height, *colour = pages[1].evaluate(_AT, [base64.b64encode(picture).decode(), x, y])
    red, green, blue = (value > 160 for value in colour)
    return (width, height), (red, green, blue)


WHITE, IS_GREEN = (True, True, True), (False, True, False)


def is_outline(pages: tuple[Page, Page], picture: bytes, x: int, y: int) -> bool:
    return at(pages, picture, x, y)[1] == (True, False, False)


def test_pictures_that_load_on_scrolling_are_awaited(page: Page, pages: tuple[Page, Page]) -> None:
    late = """<img id=late width=200 height=100 style="display:block"><script>
        new IntersectionObserver(seen => { if (seen[0].isIntersecting) late.src = '/late.svg'; }).observe(late);</script>"""
    show(
        page,
        f"<div style='height:3000px'></div><img src=/lazy.svg loading=lazy width=200 height=100 style='display:block'>{late}",
    )
    taken = capture(page)
    assert at(pages, taken.pictures[0], 100, 3050) == ((1280, 3200), IS_GREEN)
    assert at(pages, taken.pictures[0], 100, 3150)[1] == IS_GREEN
    assert taken.remark == ""
    assert page.evaluate("scrollY") == 0
    assert page.locator("img").first.get_attribute("loading") == "lazy"


def test_what_appears_on_scrolling_is_seen(page: Page, pages: tuple[Page, Page]) -> None:
    show(
        page,
        """<div style='height:2500px'></div><div id=late style='height:200px;background:#0f0;opacity:0'></div><script>
        new IntersectionObserver(seen => { if (seen[0].isIntersecting) late.style.opacity = 1; }).observe(late);</script>""",
    )
    assert at(pages, capture(page).pictures[0], 600, 2600)[1] == IS_GREEN


def test_a_picture_that_never_comes_is_counted_and_not_awaited_for_ever(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capturing, "_LOADING_MS", 300)
    show(page, "<img src=/a.svg width=90 height=90><img src=/b.svg width=90 height=90><img src=/c.svg hidden>", None)
    assert capture(page).remark == "2 images de la page n’étaient pas chargées."


def test_a_long_page_is_whole_in_several_pictures(page: Page, pages: tuple[Page, Page]) -> None:
    show(page, f"<div style='height:{PART + 500}px'></div><div style='height:100px;background:#0f0'></div>")
    taken = capture(page)
    assert [at(pages, picture, 5, 5)[0] for picture in taken.pictures] == [(1280, PART), (1280, 600)]
    assert at(pages, taken.pictures[1], 600, 550)[1] == IS_GREEN
    assert taken.remark == ""


def test_a_page_without_measure_is_cut_and_says_so(page: Page, pages: tuple[Page, Page]) -> None:
    show(
        page,
        "<div style='height:900000px'></div><div id=far style='height:100px;width:100px;background:#0f0'></div>"
        "<div style='height:99900px'></div>",
    )
    taken = capture(page)
    assert len(taken.pictures) == PARTS
    assert (
        taken.remark.replace("\u202f", " ") == "La capture montre les 20 000 premiers pixels d’une page de 1 000 000."
    )
    marked = capture(page, page.locator("#far"))
    assert len(marked.pictures) == PARTS
    assert marked.remark.replace("\u202f", " ") == (
        "La capture montre les 16 000 premiers pixels d’une page de 1 000 000, puis 4 000 autour de ce qui est encadré."
    )
    assert at(pages, marked.pictures[-1], 50, 1056)[1] == IS_GREEN
    first_only = capture(page, room=1)
    assert len(first_only.pictures) == 1
    assert "les 4\u202f000 premiers pixels" in first_only.remark


def test_what_a_finding_is_about_is_outlined_and_the_page_stays_as_it_was(page: Page, pages: tuple[Page, Page]) -> None:
    show(
        page,
        """<style>div { display: none !important } p { margin: 0 }</style><section style='overflow:hidden;width:400px;height:300px'>
        <p class=one style='height:300px;outline:1px dotted blue'>Un</p></section><p class=two style='height:100px'>Deux</p>""",
    )
    before = page.content()
    (picture,) = capture(page, page.locator("p")).pictures
    assert is_outline(pages, picture, 404, 150)  # beside an element that fills what cuts it off
    assert is_outline(pages, picture, 700, 404)
    assert at(pages, picture, 200, 150)[1] == WHITE
    assert page.content() == before


def test_an_outline_is_taken_away_when_no_picture_can_be_taken(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    show(page, "<p>Un</p>")
    before = page.content()

    def refused(*_: object) -> bytes:
        assert page.content() != before
        raise RuntimeError("no picture")

    monkeypatch.setattr(capturing, "_picture", refused)
    with pytest.raises(RuntimeError, match="no picture"):
        capture(page, page.locator("p"))
    assert page.content() == before


def test_a_mark_on_what_cannot_be_seen_is_said(page: Page) -> None:
    show(page, "<p hidden>Un</p>")
    assert capture(page, page.locator("p")).remark == (
        "Ce dont parle le constat est dans la page, mais rien n’en est visible."
    )
    assert capture(page, page.locator("h6")).remark == ""


def test_what_scrolls_inside_a_screen_is_shown_whole(page: Page, pages: tuple[Page, Page]) -> None:
    show(
        page,
        """<main style='height:100vh;overflow-y:auto'><div style='height:2000px'></div>
        <p id=end style='margin:0;height:100px;background:#0f0'></p></main>""",
    )
    (picture,) = capture(page, page.locator("#end")).pictures
    assert at(pages, picture, 600, 2050) == ((1280, 2100), IS_GREEN)
    assert page.viewport_size == {"width": 1280, "height": 900}


def test_a_page_cannot_replace_what_looks_at_it(page: Page) -> None:
    show(
        page,
        f"""<div style='height:{PART + 500}px'></div><img src=/a.svg width=90 height=90 loading=lazy><script>
        window.requestAnimationFrame = window.scrollTo = window.setTimeout = () => 0;
        Object.defineProperty(Element.prototype, 'scrollHeight', {{get: () => 10}});
        Document.prototype.createElement = () => null;</script>""",
    )
    taken = capture(page, page.locator("img"))
    assert len(taken.pictures) == 2
    assert taken.remark == ""


def test_a_page_that_goes_elsewhere_for_ever_is_shown_as_it_is(page: Page) -> None:
    show(page, f"<div style='height:{PART}px'></div><script>setTimeout(() => location.reload(), 60)</script>")
    taken = capture(page, page.locator("div"))
    assert taken.remark == "La page change sans cesse : la capture en montre un instant."
    assert len(taken.pictures) == 1
    page.goto("about:blank")


def test_evidence_has_the_name_that_the_check_gives_it(page: Page, tmp_path: Path) -> None:
    show(page, f"<div style='height:{PART + 500}px'></div>")
    evidence = Evidence(tmp_path)
    first = evidence.shot("à l’adresse de la catégorie", page)
    note = evidence.note("les réglages d’accueil", "rien")
    assert json.loads(json.dumps(evidence.captions)) == {
        first: {
            "title": "À l’adresse de la catégorie",
            "remark": "",
            "parts": ["preuves/01-a-l-adresse-de-la-categorie-2.jpg"],
        },
        note: {"title": "Les réglages d’accueil", "remark": "", "parts": []},
    }
    for path in (first, *evidence.captions[first]["parts"]):
        assert (tmp_path / path).read_bytes().startswith(b"\xff\xd8\xff")
