"""What the site answers to the examiner: its REST interface, the screens of its office, and pages that are fetched.

A plugin may send whoever comes first to a welcome of its own. So each answer proves what it is: a screen by the classes of
its body, an answer of an interface by its shape. Another one is asked for once more, then raises OtherScreen.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal, TypeVar
from urllib.parse import parse_qs, urlsplit

from provisioner.core.errors import OtherScreen, StationNotReady
from provisioner.subject.check import Site
from provisioner.subject.page import Page

Kind = Literal["post", "page"]
_T = TypeVar("_T")

#: How often something is asked for before another answer counts.
_TRIES = 2
_ERRORS = "body#error-page, .wp-die-message, #loginform"
#: A picture on whose page the examiner asks.
_PICTURE = "/wp-includes/images/blank.gif"


def rest(site: Site, path: str) -> dict[str, Any]:
    """An object of the REST interface as an administrator gets it: rest(site, "wp/v2/posts/7?context=edit").

    It works whatever the permalinks are, and no page is opened, so nothing that a candidate planted runs. A 404 is an
    error of the check: see rest_or_none.
    """
    answer = rest_or_none(site, path)
    if answer is None:
        raise RuntimeError(f"{path}: 404")
    return answer


def rest_or_none(site: Site, path: str) -> dict[str, Any] | None:
    """The same; None where there is no such object."""

    def read() -> dict[str, Any] | None:
        answer = _asked(site, path)
        return None if answer.status == 404 else _parsed(answer, dict)

    return _until_right(read)


def rest_all(site: Site, path: str) -> list[dict[str, Any]]:
    """Every item of a collection, a hundred at a time."""
    found: list[dict[str, Any]] = []
    number = pages = 1
    while number <= pages:
        rows, pages = _rows(site, path, number)
        found += rows
        number += 1
    return found


def _rows(site: Site, path: str, number: int) -> tuple[list[dict[str, Any]], int]:
    """A page of a collection, and how many there are."""

    def read() -> tuple[list[dict[str, Any]], int]:
        answer = _asked(site, f"{path}{'&' if '?' in path else '?'}per_page=100&page={number}")
        return ([], 0) if answer.status == 404 else (_parsed(answer, list), answer.pages)

    return _until_right(read)


def _parsed(answer: "Answer", shape: type[_T]) -> _T:
    """What an interface answered, an object or a list; OtherScreen when it is something else."""
    try:
        parsed = json.loads(answer.text)
    except ValueError:
        parsed = None
    if not isinstance(parsed, shape):
        raise OtherScreen(
            f"L’interface du site devait répondre des données à {answer.url} et a répondu autre chose : "
            f"{_named(answer.text)}."
        )
    return parsed


def _until_right(read: Callable[[], _T]) -> _T:
    """What is read; once more after another screen, to which the site sends only once."""
    for _ in range(_TRIES - 1):
        try:
            return read()
        except OtherScreen:
            continue
    return read()


def _named(html: str) -> str:
    """What a page calls itself, else how it begins."""
    title = re.search(r"<title[^>]*>(.*?)</title>", html, re.S | re.I)
    words = " ".join(re.sub(r"<[^>]*>", " ", unescape(title[1] if title else html[:2000])).split())[:100]
    return f"« {words} »" if words else "une page vide"


def _asked(site: Site, path: str) -> "Answer":
    page = site.signed_in()
    nonce = site.once("nonce", lambda: _until_right(lambda: _nonce(site, page)))
    route, _, query = path.partition("?")
    answer = fetched(
        site,
        page,
        f"{site.address}/index.php?rest_route=/{route.lstrip('/')}" + (f"&{query}" if query else ""),
        {"X-WP-Nonce": nonce},
    )
    if answer.status >= 300 and answer.status != 404:
        raise RuntimeError(f"{route}: {answer.status} {answer.text[:200]}")
    return answer


def _nonce(site: Site, page: Page) -> str:
    answer = fetched(site, page, f"{site.address}/wp-admin/admin-ajax.php?action=rest-nonce")
    if answer.status != 200:
        raise StationNotReady(f"Le poste ne reconnaît pas l’examinateur (erreur {answer.status}).")
    if not re.fullmatch("[0-9a-f]{10}", answer.text.strip()):
        raise OtherScreen(f"Le poste devait répondre une clé à l’examinateur et a répondu {_named(answer.text)}.")
    return answer.text.strip()


@dataclass(frozen=True)
class Answer:
    """What the site answered: status, the address where it ended, the text, and of how many pages it is one."""

    status: int
    url: str
    text: str
    pages: int = 1


def fetched(site: Site, page: Page, address: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
    """What the site answers to that page's user. The browser asks: it alone is led to the copy.

    It is asked from a page of its own that shows a picture, so nothing that a candidate planted runs. An error of the
    server says nothing of the candidate's work.
    """
    (seen,) = site.answers(page, [address], _ASK, [headers or {}, method], shown=_PICTURE)
    answer = Answer(*seen)
    if answer.status >= 500:
        raise StationNotReady(f"Le poste répond l’erreur {answer.status} à l’examinateur ({address}).")
    return answer


def expect_healthy(page: Page) -> None:
    """Raise StationNotReady where the page shows an error of PHP or of the database, or the log-in form."""
    shown = page.locator(_ERRORS).first
    if shown.count():
        raise StationNotReady(f"L’écran {page.url} montre : {' '.join(shown.inner_text().split())[:200]}")
    if "Fatal error" in page.locator("body").inner_text()[:2000]:
        raise StationNotReady(f"L’écran {page.url} montre une erreur de PHP.")


def office_screen(site: Site, path: str) -> Page:
    """The administrator's page, which shows that screen of the office: office_screen(site, "edit.php?post_type=page")."""
    page = site.signed_in()

    def read() -> Page:
        answer = page.goto(f"{site.address}/wp-admin/{path}", wait_until="domcontentloaded")
        if answer and answer.status >= 500:
            raise StationNotReady(f"Le poste répond l’erreur {answer.status} à l’examinateur ({path}).")
        expect_healthy(page)
        _expect(path, page.url, page.locator("body").get_attribute("class") or "", page.title())
        return page

    return _until_right(read)


def office_html(site: Site, path: str) -> str:
    """The HTML of that screen, which isn't opened: nothing that a candidate planted runs."""

    def read() -> str:
        answer = fetched(site, site.signed_in(), f"{site.address}/wp-admin/{path}")
        body = re.search(r"<body\b[^>]*?\bclass=([\"'])(.*?)\1", answer.text, re.S)
        _expect(path, answer.url, body[2] if body else "", answer.text)
        return answer.text

    return _until_right(read)


def _expect(path: str, address: str, classes: str, title: str) -> None:
    """Raise OtherScreen unless a screen with these classes is that of the path."""
    asked = urlsplit(path)
    query = parse_qs(asked.query)
    marks = {asked.path.replace(".", "-"), *(f"post-type-{kind}" for kind in query.get("post_type", ()))}
    marks |= {f"taxonomy-{taxonomy}" for taxonomy in query.get("taxonomy", ())}
    if not marks <= set(classes.split()):
        came = urlsplit(address)
        shown = f"{came.path}?{came.query}".rstrip("?").removeprefix("/wp-admin/")
        raise OtherScreen(f"L’écran demandé est {path}, et le poste a montré {shown}, {_named(title)}.")


_ASK = """([addresses, [headers, method]]) => Promise.all(addresses.map(async address => {
    const answer = await fetch(address, {headers, method, signal: AbortSignal.timeout(20000)});
    const pages = Number(answer.headers.get('X-WP-TotalPages')) || 1;
    return [answer.status, answer.url, await answer.text(), pages];
}))"""
