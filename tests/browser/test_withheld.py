"""A page without the programs that a candidate added to it, while those of the site run as ever."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser

from provisioner.examination.additions import Additions, StoredProgram
from provisioner.examination.browser import examining_browser, examining_context
from provisioner.examination.withheld import Withholding
from provisioner.host.settings import Settings

ADDRESS = "http://poste-01.test"
#: What the site's own programs write into a page: a script of it, a file, a handler, and the script of a file at its right time.
OWN = (
    "<p id=a></p><p id=b></p><p id=c></p><script>\r\n  var shop = {name: 'Biscuiterie', made: '<p>'};\r\n"
    "  a.textContent = shop.name;\r\n</script><script src='/js/theme.js?v=1'></script>"
    "<img src='/x.png' onerror=\"c.textContent = 'sans &quot;image&quot;'\">"
)
OWN_TEXT = ["Biscuiterie", "du thème", 'sans "image"']
ADDS = "document.body.insertAdjacentHTML('beforeend', '<p>Mot ajouté</p>')"
#: What a candidate stores in a content, and what the site makes of it in the page.
ADDED = {
    "a script": (f"<script>{ADDS}</script>", f"<script>{ADDS}</script>"),
    "a script that asks who looks": (
        f"<script>\nif (screen.width) {{\n{ADDS}\n}}\n</script>",
        f"<p><script><br />\nif (screen.width) {{<br />\n{ADDS}<br />\n}}</script></p>".replace("<br />", "//<br />"),
    ),
    "a handler": (f'<img src="x:" onerror="{ADDS}">', f'<img src="x:" onerror="{ADDS}">'),
    "a handler without quotes": ("<svg onload=eval(name)><p>x", "<svg onload=eval(name)><p>x"),
    "a frame with a page of its own": (
        f'<iframe srcdoc="<script>parent.{ADDS}</script>"></iframe>',
        f'<iframe srcdoc="<script>parent.{ADDS}</script>"></iframe>',
    ),
    "a script of another site": (
        "<script src='http://elsewhere.test/a.js'></script>",
        "<script src='http://elsewhere.test/a.js'></script>",
    ),
}


class Site(BaseHTTPRequestHandler):
    """A site, asked as of a proxy."""

    added = ""

    def do_GET(self) -> None:
        body, kind = f"<!doctype html><body>{OWN}{self.added}".encode(), "text/html; charset=utf-8"
        if self.path.endswith("theme.js?v=1"):
            body, kind = "b.textContent = 'du thème'".encode(), "text/javascript; charset=utf-8"
        elif ".js" in self.path:
            body, kind = ADDS.encode(), "text/javascript; charset=utf-8"
        elif self.path.endswith("page.html"):
            body = f"<script>parent.{ADDS}</script>".encode()
        self.send_response(404 if self.path.endswith("x.png") else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "basket=12; Path=/; HttpOnly")
        self.send_header("Set-Cookie", "seen=1; Path=/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with examining_browser(server.server_port) as browser:
            yield browser
        server.shutdown()


def texts(browser: Browser, added: str, additions: Additions | None = None) -> tuple[list[str], list[str]]:
    """The paragraphs that a visitor reads in the page, and the paths of the pages from which something was withheld."""
    Site.added = added
    context = examining_context(browser, Settings())
    try:
        page, withholding = context.new_page(), Withholding(additions or Additions(), ADDRESS)
        if additions:
            withholding.applied(page)
        answer = page.goto(f"{ADDRESS}/portes-ouvertes/?page=2")
        assert answer is not None
        assert answer.status == 200
        assert {cookie["name"] for cookie in context.cookies()} == {"basket", "seen"}
        page.evaluate("name = \"document.body.append('x')\"")
        page.locator("#c:not(:empty)").wait_for()
        page.wait_for_load_state("networkidle")
        return [text for text in page.locator("p").all_inner_texts() if text.strip() and text != "x"], withholding.pages
    finally:
        context.close()


def stored(text: str) -> Additions:
    return Additions(stored=(StoredProgram("wp_posts, n° 12", "Portes ouvertes", text),))


@pytest.mark.parametrize("kind", ADDED)
def test_what_was_added_does_not_run_and_what_is_the_sites_own_does(browser: Browser, kind: str) -> None:
    kept, in_page = ADDED[kind]
    if "insert" in in_page:
        assert "Mot ajouté" in texts(browser, in_page)[0]
    shown, pages = texts(browser, in_page, stored(kept))
    assert shown == OWN_TEXT
    assert pages == ["/portes-ouvertes/?page=2"]


def test_nothing_is_withheld_from_a_page_that_has_nothing_of_it(browser: Browser) -> None:
    elsewhere = stored("<script>quelque chose d'un autre contenu</script>")
    assert texts(browser, "<p>Mot</p>", elsewhere) == ([*OWN_TEXT, "Mot"], [])


def test_files_that_a_candidate_sent_to_the_site_are_withheld(browser: Browser) -> None:
    for path, added in (
        ("wp-content/uploads/a.js", "<script src='/wp-content/uploads/a.js'></script>"),
        ("wp-content/uploads/page.html", "<iframe src='/wp-content/uploads/page.html'></iframe>"),
    ):
        assert "Mot ajouté" in texts(browser, added)[0]
        shown, pages = texts(browser, added, Additions(page_files=(path,)))
        assert "Mot ajouté" not in shown
        assert pages
