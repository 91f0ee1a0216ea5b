"""What the site answers to the examiner: its REST interface, and pages that are fetched."""

import json
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Page

from provisioner.core.errors import StationNotReady
from provisioner.subject.check import Site

Kind = Literal["post", "page"]

_ERRORS = "body#error-page, .wp-die-message, #loginform"
_nonces: "WeakKeyDictionary[BrowserContext, str]" = WeakKeyDictionary()
_quiet: "WeakKeyDictionary[BrowserContext, Page]" = WeakKeyDictionary()


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
    answer = _asked(site, path)
    found: dict[str, Any] | None = None if answer.status == 404 else json.loads(answer.text)
    return found


def rest_all(site: Site, path: str) -> list[dict[str, Any]]:
    """Every item of a collection, a hundred at a time."""
    found: list[dict[str, Any]] = []
    number = pages = 1
    while number <= pages:
        answer = _asked(site, f"{path}{'&' if '?' in path else '?'}per_page=100&page={number}")
        if answer.status == 404:
            break
        found += json.loads(answer.text)
        number, pages = number + 1, answer.pages
    return found


def _asked(site: Site, path: str) -> "Answer":
    page = site.signed_in()
    if page.context not in _nonces:
        answer = fetched(site, page, f"{site.address}/wp-admin/admin-ajax.php?action=rest-nonce")
        if answer.status != 200:
            raise StationNotReady(f"Le poste ne reconnaît pas l'examinateur (erreur {answer.status}).")
        _nonces[page.context] = answer.text
    route, _, query = path.partition("?")
    answer = fetched(
        site,
        page,
        f"{site.address}/index.php?rest_route=/{route.lstrip('/')}" + (f"&{query}" if query else ""),
        {"X-WP-Nonce": _nonces[page.context]},
    )
    if answer.status >= 300 and answer.status != 404:
        raise RuntimeError(f"{route}: {answer.status} {answer.text[:200]}")
    return answer


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
    quiet = _quiet.get(page.context)
    if quiet is None:
        quiet = _quiet[page.context] = page.context.new_page()
        quiet.goto(f"{site.address}/wp-includes/images/blank.gif")
    seen = quiet.evaluate(
        """async ([address, headers, method]) => {
            const answer = await fetch(address, {headers, method, signal: AbortSignal.timeout(20000)});
            const pages = Number(answer.headers.get('X-WP-TotalPages')) || 1;
            return [answer.status, answer.url, await answer.text(), pages];
        }""",
        [address, headers or {}, method],
    )
    answer = Answer(*seen)
    if answer.status >= 500:
        raise StationNotReady(f"Le poste répond l'erreur {answer.status} à l'examinateur ({address}).")
    return answer


def healthy(page: Page) -> Page:
    """The page, unless it shows an error of PHP or of the database, or the log-in form."""
    shown = page.locator(_ERRORS).first
    if shown.count():
        raise StationNotReady(f"L'écran {page.url} montre : {' '.join(shown.inner_text().split())[:200]}")
    if "Fatal error" in page.locator("body").inner_text()[:2000]:
        raise StationNotReady(f"L'écran {page.url} montre une erreur de PHP.")
    return page
