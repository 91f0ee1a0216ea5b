"""What a page's script and a server find in the examining browser: nothing by which a candidate's browser differs from it."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext

from provisioner.examination.browser import candidate_browser, examining_browser, examining_context
from provisioner.host.settings import Settings

#: Each mark by which pages find out that a program looks, and whether it is there.
MARKS = """async () => {
    const data = navigator.userAgentData, named = list => list.some(({brand}) => /headless/i.test(brand));
    const high = data ? await data.getHighEntropyValues(['fullVersionList']) : {brands: [], fullVersionList: []};
    const asked = (await navigator.permissions.query({name: 'notifications'})).state;
    const marks = {
        'navigator.webdriver': navigator.webdriver !== false,
        'userAgent': /headless/i.test(navigator.userAgent), 'appVersion': /headless/i.test(navigator.appVersion),
        'brands': data ? named(data.brands) || named(high.brands) || named(high.fullVersionList) : false,
        'plugins': !navigator.plugins.length || !(navigator.plugins[0] instanceof Plugin)
            || !navigator.plugins.namedItem('PDF Viewer') || [...navigator.plugins].length !== navigator.plugins.length,
        'mimeTypes': navigator.mimeTypes['application/pdf']?.type !== 'application/pdf',
        'pdfViewerEnabled': !navigator.pdfViewerEnabled,
        'chrome': typeof window.chrome?.csi !== 'function',
        'notifications': Notification.permission === 'denied' && asked === 'prompt',
        'languages': !navigator.language.startsWith('fr') || !navigator.languages.length,
        'window': !outerWidth || outerHeight <= innerHeight || screen.height <= innerHeight,
        'globals': Object.getOwnPropertyNames(window).some(name => /playwright|__pw|cdc_|puppeteer|selenium/i.test(name)),
        'own properties': Object.getOwnPropertyNames(navigator).length > 0,
        'source': [Object.getOwnPropertyDescriptor(Navigator.prototype, 'plugins').get, window.chrome?.csi].some(
            written => !String(written).includes('[native code]')),
    };
    return Object.keys(marks).filter(mark => marks[mark]);
}"""


#: What a page does by itself, by the last part of its address.
DOES = {
    "opens": b"<form target=_blank action=/></form>"
    b"<script>document.title = open('/') ? 'ouverte' : 'refus'; document.forms[0].submit()</script>",
    "insists": b"<script>for (let i = 0; i < 30; i++) alert(i); document.title = confirm('?') ? 'oui' : 'non'</script>",
}


class Site(BaseHTTPRequestHandler):
    """A page, to whoever asks for it directly or as of a proxy; what was asked with which headers."""

    asked: list[dict[str, str]]

    def do_GET(self) -> None:
        type(self).asked.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(
            b"<!doctype html><title>page</title><p>texte</p>" + DOES.get(self.path.rpartition("/")[2], b"")
        )

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    Site.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def browser(port: int) -> Iterator[Browser]:
    with examining_browser(port) as browser:
        yield browser


def marks(context: BrowserContext, port: int) -> list[str]:
    """A page of this machine counts as one in https, where browsers tell pages more about themselves."""
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    found: list[str] = page.evaluate(MARKS)
    return found


def test_a_page_finds_no_mark_of_the_examining_browser(browser: Browser, port: int) -> None:
    with candidate_browser(port) as plain:
        assert {"navigator.webdriver", "userAgent"} <= set(marks(plain.new_context(), port))  # they are looked for
    assert marks(examining_context(browser, Settings(), tls=True), port) == []


def test_its_requests_name_an_ordinary_browser(browser: Browser, port: int) -> None:
    Site.asked.clear()
    marks(examining_context(browser, Settings(), tls=True), port)
    for headers in Site.asked:
        assert not [value for value in headers.values() if "headless" in value.lower()]
        assert headers["sec-ch-ua"].count("Chromium") == 1
    Site.asked.clear()
    examining_context(browser, Settings()).new_page().goto("http://poste-01.test/")
    assert not {name for name in Site.asked[0] if name.startswith("sec-ch-ua")}  # as of any browser without https


def test_a_page_opens_no_window_that_nobody_clicked_for(browser: Browser) -> None:
    context = examining_context(browser, Settings())
    page = context.new_page()
    with context.expect_page() as opened:  # by the form
        page.goto("http://poste-01.test/opens")
    if not opened.value.is_closed():
        opened.value.wait_for_event("close")
    assert page.title() == "refus"
    assert context.pages == [page]


def test_messages_of_a_page_are_dismissed_at_once(browser: Browser) -> None:
    page = examining_context(browser, Settings()).new_page()
    page.goto("http://poste-01.test/insists", timeout=10_000)
    assert page.title() == "non"
