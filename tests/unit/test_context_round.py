import http.server
import re
import threading
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from provisioner.build.driver import driver_of
from provisioner.context import crawl
from provisioner.context.crawl import crawled, empty, in_english
from provisioner.context.pages import Page
from provisioner.context.texts import Fault
from provisioner.context.visit import unlisted, unopened, unreached
from provisioner.host.companies import SCENARIOS
from provisioner.host.toml_files import read_toml

HERE = "http://e5b.invalid/page/"


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("<h2></h2>", ["<h2>"]),
        ("<h2> \n</h2><p>x</p>", ["<h2>"]),
        ('<figure class="photo"><img src="/i.jpg"></figure>', []),
        ('<figure class="photo"></figure>', ["<figure> photo"]),
        ("<ul><li>un<li></li></ul>", ["<li>"]),
        ("<p></p>", ["<p>"]),
        ("<ul></ul>", ["<ul>"]),
        ("<table><tr><td>un</td><td></td></tr></table>", ["<td>"]),
        ('<section class="featured"></section>', ["<section> featured"]),
        ('<a href="/x"></a>', ["<a>"]),
        ('<div class="block"> </div>', ["<div> block"]),
        ("<h2><span><em>x</em></span></h2></div>", []),
        ('<ul class="menu"><li class="on"></li></ul>', ["<li> on (menu)", "<ul> menu"]),
    ],
)
def test_what_holds_nothing_is_a_hole(text: str, holes: list[str]) -> None:
    page = Page(HERE, text)
    assert page.holes == holes
    assert [one.what for one in empty({HERE: page})] == [f"élément vide : {hole}" for hole in holes]


def test_a_list_that_its_theme_leaves_hollow_is_no_hole() -> None:
    page = Page(HERE, '<ul class="main menu"><li></li></ul><ul><li></li></ul>')
    assert [one.what for one in empty({HERE: page}, ("menu",))] == ["élément vide : <li>", "élément vide : <ul>"]


class _Site(http.server.BaseHTTPRequestHandler):
    pages: ClassVar[dict[str, tuple[str, bytes]]] = {
        "/": ("text/html", b'<a href="/a">a</a><a href="/hidden">h</a><a href="/gone">g</a><img src="/i.png">'),
        "/a": ("text/html", b"<b>Warning</b>: oops <a href='/'>home</a><img src='/empty.png'>"),
        "/i.png": ("image/png", b"x"),
        "/empty.png": ("image/png", b""),
    }

    def do_GET(self) -> None:
        kind, content = self.pages.get(self.path, ("", b""))
        self.send_response(200 if kind else 404)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_round_follows_what_it_may_and_tells_what_does_not_answer(site: str) -> None:
    pages, faults = crawled(site, ["/"], {}, re.compile(r"^/(?!hidden).*"))
    assert {url.removeprefix(site) for url in pages} == {"/", "/a"}
    told = {(one.where, one.what) for one in faults}
    assert told == {
        ("/gone (depuis /)", "répond 404, 0 octets"),
        ("/a (depuis /)", "erreur de PHP : Warning</b>:"),
        ("/a", "/empty.png : répond 200, 0 octets"),
    }


def test_of_pages_that_differ_by_a_number_alone_some_are_enough(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawl, "_MOST_ALIKE", 2)
    links = "".join(f"<a href='/sheet?id={number}&amp;token=a{number}f'>x</a>" for number in range(5))
    monkeypatch.setitem(_Site.pages, "/lists", ("text/html", links.encode()))
    for number in range(5):
        monkeypatch.setitem(_Site.pages, f"/sheet?id={number}&token=a{number}f", ("text/html", b"x"))
    pages, faults = crawled(site, ["/lists"], {}, re.compile("^/.*"))
    assert len(pages) == 3
    assert faults == []


def test_a_screen_that_leads_to_the_door_does_not_open(site: str) -> None:
    pages, faults = crawled(site, ["/"], {}, re.compile("^/a.*"), re.compile(r"^/a$"))
    assert "/a" in {url.removeprefix(site) for url in pages}
    assert Fault("/a", "ne s'ouvre pas") in faults


def test_sheets_that_no_screen_shows_are_counted_those_of_the_installer_too() -> None:
    seed: dict[str, Any] = {"products": [{}, {}], "orders": [{}], "returns": [{}]}
    sheets = {"products+orders": re.compile(r"/(?:product|order)s/(\d+)"), "returns": re.compile(r"/returns/(\d+)")}
    screens = ["/products/1", "/products/2", "/products/2?again", "/orders/3", "/returns/1", "/returns/2"]
    own = {"returns": 1}
    assert list(unopened(screens, seed, sheets, own)) == []
    assert [one.what for one in unopened(screens[1:], seed, sheets, own)] == [
        "products+orders : 2 fiches ouvertes, sur 3"
    ]
    assert [one.what for one in unopened(screens[:-1], seed, sheets, own)] == ["returns : 1 fiches ouvertes, sur 2"]


def test_a_published_row_that_no_link_leads_to_is_told() -> None:
    rows = [
        {"slug": "accueil", "title": "Accueil"},
        {"slug": "oignon", "name": "Cracker à l’oignon rosé"},
        {"slug": "brouillon", "status": "draft"},
        {"slug": "retire", "name": "Retiré", "active": False},
    ]
    seed = {"front_page": "accueil", "pages": rows}
    public = {"pages": re.compile(r"/(?:\d+-)?([\w-]+)/$")}
    assert list(unreached([HERE, "http://e5b.invalid/3-cracker-a-loignon-rose/"], seed, public)) == []
    assert list(unreached([HERE, "http://e5b.invalid/oignon/"], seed, public)) == []
    assert [one.what for one in unreached([HERE], seed, public)] == [
        "pages : aucun lien ne mène à « Cracker à l’oignon rosé »"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<button>Enregistrer</button>", []),
        ("<p>Save the date, c'est en anglais</p>", []),
        ("<button><i></i> Save </button>", ["en anglais : « Save »"]),
        ('<input type="submit" value="Search">', ["en anglais : « Search »"]),
        ('<input placeholder="Search">', ["en anglais : « Search »"]),
    ],
)
def test_a_screen_that_lost_its_catalogue_is_told(text: str, told: list[str]) -> None:
    assert [
        one.what for one in in_english({HERE: Page(HERE, text)}, driver_of("prestashop-2024").english_screens)
    ] == told


def test_a_menu_that_the_front_page_lost_or_shows_otherwise_is_told() -> None:
    front = Page(
        HERE,
        "<nav><ul><li><a><i>\ue313</i> Palets&nbsp;</a><ul><li>Petits<li>Grands</ul></li>\n<li><a>Sablés</a></li></ul></nav>",
    )
    assert front.menus == [["Palets", "Sablés"], ["Petits", "Grands"]]
    assert list(unlisted({HERE: front}, [["Palets", "Sablés"]])) == []
    for other in (["Sablés", "Palets"], ["Palets"], ["Palets", "Sablés", "Crackers"]):
        assert [one.what for one in unlisted({HERE: front}, [other])] == [
            f"aucun menu n'a ces entrées : {', '.join(other)}"
        ]


@pytest.mark.parametrize("stack", ["wordpress-2024", "prestashop-2024"])
def test_the_company_has_menus_to_look_for(stack: str) -> None:
    seed = read_toml(SCENARIOS / "biscuiterie" / stack.split("-")[0] / "seed.toml")
    menus = driver_of(stack).menus(seed)
    assert menus
    assert all(len(menu) >= 5 for menu in menus)
