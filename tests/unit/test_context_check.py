import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from provisioner.config import ROOT
from provisioner.context_check import crawled, disagreements, empty, misspelled, repeated, unsaid, written
from provisioner.context_pages import Page

SCENARIO = ROOT / "scenarios/biscuiterie"
HERE = "http://e5b.invalid/page/"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "context.toml").write_text(
        'name = "Les Ajoncs"\n[company]\naddress = "3 quai du Port, 29799 Lanvenez"\nphone = "02 61 91 45 12"\n'
        '[[people]]\nname = "Malo Quéré"\n'
        '[[shops]]\nname = "Port"\naddress = "1 quai des Goémons, 29799 Lanvenez"\nphone = "02 61 91 45 20"\n'
        'hours = [{ days = "samedi", hours = "9 h 30 – 12 h 30" }]\n'
        '[[works_councils.offers]]\nname = "Coffret"\nprice = 15.0\n'
    )
    return tmp_path


def test_the_company_says_nothing_twice_and_agrees_with_itself() -> None:
    texts = written(SCENARIO)
    assert len(texts) > 40
    assert [one.what for one in [*repeated(texts), *disagreements(SCENARIO)]] == []


@pytest.mark.skipif(not shutil.which("hunspell"), reason="hunspell is not installed")
def test_the_company_writes_french() -> None:
    assert [f"{one.where}: {one.what}" for one in misspelled(written(SCENARIO), SCENARIO)] == []


def test_a_sentence_that_comes_back_is_told_whatever_its_case_and_quotes() -> None:
    texts = {
        "a": "Le beurre arrive trois fois par semaine d’une laiterie.",
        "b": "Bon.\nLE BEURRE arrive trois fois par semaine d'une laiterie. Voilà.",
    }
    assert [one.where for one in repeated(texts)] == ["a, b"]
    assert list(repeated({"a": "Voir la page.", "b": "Voir la page."})) == []


def test_another_price_and_an_unknown_employee_are_told(scenario: Path) -> None:
    seed = scenario / "shop" / "seed.toml"
    seed.write_text(
        '[[products]]\nname = "Coffret"\nprice = 15\n[[employees]]\nfirst_name = "Malo"\nlast_name = "Quéré"\n'
    )
    assert list(disagreements(scenario)) == []
    seed.write_text(
        '[[products]]\nname = "Coffret"\nprice = 16\n[[employees]]\nfirst_name = "Anna"\nlast_name = "Le Roux"\n'
    )
    told = [one.what for one in disagreements(scenario)]
    assert told[0].startswith("Coffret : 15.0 €, mais 16 €")
    assert "Anna Le Roux" in told[1]


@pytest.mark.skipif(not shutil.which("hunspell"), reason="hunspell is not installed")
def test_only_words_that_nobody_knows_are_misspelled(scenario: Path) -> None:
    texts = {"page": "Malo Quéré vend des gallettes à Plonévez, l’après-midi, avec Add to cart."}
    told = {one.what.removeprefix("mot inconnu : ") for one in misspelled(texts, scenario)}
    assert {"gallettes", "Plonévez", "Add"} <= told
    assert not {"Malo", "Quéré", "l'après-midi"} & told
    (scenario / "words.txt").write_text("gallettes\nPlonévez\nAdd\nto\ncart\n")
    assert list(misspelled(texts, scenario)) == []


def test_a_missing_dictionary_is_no_silence(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert ["installez hunspell" in one.what for one in misspelled({"a": "Bonjour"}, scenario)] == [True]


def test_a_page_gives_its_links_files_and_words() -> None:
    page = Page(
        HERE,
        '<head><script src="/s.js">var hidden;</script><link rel="stylesheet" href="c.css"></head>'
        '<p>Du&nbsp;beurre <a href="../autre/#bas">ici</a><a href="mailto:x@y.test">x</a></p><img src="/i.jpg">',
    )
    assert page.links == ["http://e5b.invalid/autre/"]
    assert page.files == ["http://e5b.invalid/s.js", HERE + "c.css", "http://e5b.invalid/i.jpg"]
    assert "Du beurre ici" in page.words
    assert "hidden" not in page.words


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("<h2></h2>", ["<h2>"]),
        ("<h2> \n</h2><p>x</p>", ["<h2>"]),
        ('<figure class="photo"><img src="/i.jpg"></figure>', []),
        ('<figure class="photo"></figure>', ["<figure> photo"]),
        ("<ul><li>un<li></li></ul>", ["<li>"]),
        ("<h2><span><em>x</em></span></h2></div>", []),
    ],
)
def test_what_holds_nothing_is_a_hole(text: str, holes: list[str]) -> None:
    page = Page(HERE, text)
    assert page.holes == holes
    assert [one.what for one in empty({HERE: page})] == [f"élément vide : {hole}" for hole in holes]


def test_a_shop_is_said_whole_on_one_page(scenario: Path) -> None:
    company = "<p>3 quai du Port<br>29799 Lanvenez, 02&nbsp;61&nbsp;91&nbsp;45&nbsp;12</p>"
    shop = "<p>1 quai des Goémons<br>29799 Lanvenez</p><p>02 61 91 45 20</p><li>de 9 h 30 à 12 h 30</li>"
    assert list(unsaid({HERE: Page(HERE, company + shop)}, scenario)) == []
    assert [one.where for one in unsaid({HERE: Page(HERE, shop)}, scenario)] == ["company", "company"]
    late = Page(HERE, company + shop.replace("12 h 30", "13 h"))
    assert [one.where for one in unsaid({HERE: late}, scenario)] == ["Port"]


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
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_round_follows_what_it_may_and_tells_what_does_not_answer(site: str) -> None:
    pages, faults = crawled(site, ["/"], {}, re.compile(r"^/(?!hidden)"))
    assert {url.removeprefix(site) for url in pages} == {"/", "/a"}
    told = {(one.where, one.what) for one in faults}
    assert told == {
        ("/gone (depuis /)", "répond 404, 0 octets"),
        ("/a (depuis /)", "erreur de PHP : Warning</b>:"),
        ("/a", "/empty.png : répond 200, 0 octets"),
    }
