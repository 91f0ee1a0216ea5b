"""What the shop answers to the examiner, read by a script in his browser, and the way to the back office's screens for him.

Screens are found by the menu's ids, since some of their words are French and some English.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Page

from provisioner.core.errors import StationNotReady
from provisioner.subject.check import Site

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

#: Where the driver puts the back office.
_OFFICE = "/gestion/index.php"
#: What the back office shows in the place of a screen to one whom it doesn't know, or no longer.
_UNKNOWN = "#login_form, .csrf-token-content, #content.compromised"
_ERRORS = f".exception-message, {_UNKNOWN}"
_quiet: "WeakKeyDictionary[BrowserContext, Page]" = WeakKeyDictionary()
_menus: "WeakKeyDictionary[BrowserContext, dict[str, str]]" = WeakKeyDictionary()


class Script(str, Generic[T_co]):
    """A script, `(page, about, whole) => …`, that reads a T in an answer of the shop. Nothing checks that it does."""


class Forbidden(RuntimeError):
    """A page that the shop closes to who asks for it: a visitor's or a customer's groups may not see its category."""


def healthy(page: Page) -> Page:
    """The page, unless it shows an error or the log-in form."""
    shown = page.locator(_ERRORS).first
    if shown.count():
        raise StationNotReady(f"L'écran {page.url} montre : {' '.join(shown.inner_text().split())[:200]}")
    return page


def looked_up(
    site: Site, page: Page, address: str, reader: Script[T], about: object = None, body: str | None = None
) -> T:
    """What a script reads in an answer of the shop to that page's user; None for a 404, whatever the script's type.

    `page` is the parsed document and `whole` its text; with `body` the request is a POST. It is asked
    from a page that shows a picture, so nothing that a candidate planted runs.
    """
    return looked_up_each(site, page, [address], reader, about, body)[0]


def looked_up_each(
    site: Site,
    page: Page,
    addresses: Sequence[str],
    reader: Script[T],
    about: object = None,
    body: str | None = None,
    by_script: bool = False,
) -> list[T]:
    """The same of several addresses at once; `by_script`, of what the shop answers to its own scripts alone."""
    quiet = _quiet.get(page.context)
    if quiet is None:
        quiet = _quiet[page.context] = page.context.new_page()
        quiet.goto(f"{site.address}/img/404.gif")
    found = quiet.evaluate(
        """([addresses, reader, about, body, unknown, headers]) => Promise.all(addresses.map(async address => {
            const more = body === null ? {headers} : {headers, method: 'POST', body: new URLSearchParams(body)};
            const answer = await fetch(address, {signal: AbortSignal.timeout(25000), ...more});
            const whole = await answer.text();
            const page = new DOMParser().parseFromString(whole, 'text/html');
            if (!answer.ok) return [answer.status, page.body.textContent.replace(/\\s+/g, ' ').trim().slice(0, 120), false];
            if (answer.url.includes('/gestion/') && page.querySelector(unknown)) return [answer.status, null, true];
            return [answer.status, await (0, eval)(reader)(page, about, whole), false];
        }))""",
        [list(addresses), reader, about, body, _UNKNOWN, {"X-Requested-With": "XMLHttpRequest"} if by_script else {}],
    )
    for address, (status, words, refused) in zip(addresses, found, strict=True):
        if refused and page is site.signed_in():  # an employee of another profile may be sent away rightly
            raise StationNotReady("Le poste ne reconnaît plus l'examinateur.")
        if status >= 500:
            said = f" (« {words} »)" if words else ""
            raise StationNotReady(f"Le poste répond l'erreur {status} à l'examinateur{said}.")
        if status >= 300 and status != 404:
            raise (Forbidden if status == 403 else RuntimeError)(f"{address}: {status}")
    answers: list[Any] = [None if status == 404 else seen for status, seen, _ in found]
    return answers


def menu(site: Site) -> dict[str, str]:
    """The addresses of the back office's screens by the id of their menu entry, for the examiner."""
    page = site.signed_in()
    if page.context not in _menus:
        found = looked_up(site, page, f"{site.address}{_OFFICE}?controller=AdminDashboard", _ENTRIES)
        if not found:
            raise StationNotReady("Le poste ne reconnaît pas l'examinateur.")
        _menus[page.context] = found
    return _menus[page.context]


def screen(site: Site, *tabs: str) -> str:
    """The address of a screen for the examiner; of the tabs at the head of a screen, the last is meant."""
    page = site.signed_in()
    known = menu(site)
    for parent, tab in pairwise(tabs):
        if tab not in known:
            known |= looked_up(site, page, known[parent], _ENTRIES)
    return known[tabs[-1]]


_ENTRIES = Script[dict[str, str]]("""page => Object.fromEntries([...page.querySelectorAll('li[id^=subtab-] > a[href], a[id^=subtab-][href]')].map(
    a => [(a.id || a.parentNode.id).replace('subtab-', ''), new URL(a.getAttribute('href'), location.href).href]))""")
