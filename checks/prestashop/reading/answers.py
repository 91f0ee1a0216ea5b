"""What the shop answers to the examiner, read by a script in his browser, and the way to the back office's screens for him.

Screens are found by the menu's ids, since some of their words are French and some English. A module may send whoever comes
first to a welcome of its own, so each screen proves by the class of its body that it is the one that was asked for. Another
one is asked for once more, then raises OtherScreen.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs, urlsplit
from weakref import WeakKeyDictionary

from provisioner.core.errors import OtherScreen, StationNotReady
from provisioner.french.text import shortened
from provisioner.subject.check import Site
from provisioner.subject.page import Page

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

#: Where the driver puts the back office.
_FOLDER, _OFFICE = "/gestion/", "/gestion/index.php"
#: The class that the body of a screen has, by how its path begins. Other addresses name the controller, which is the class.
_MARKS = {
    "/configure/advanced/employees": "adminemployees",
    "/configure/advanced/profiles": "adminprofiles",
    "/configure/shop/product-preferences": "adminppreferences",
    "/improve/design/cms-pages": "admincmscontent",
    "/improve/modules/manage/action/configure": "adminmodules",
    "/improve/modules/manage": "adminmodulesmanage",
    "/improve/shipping/preferences": "adminshipping",
    "/modules/link-widget": "adminlinkwidget",
    "/sell/addresses": "adminaddresses",
    "/sell/catalog/brands": "adminmanufacturers",
    "/sell/catalog/categories": "admincategories",
    "/sell/catalog/products": "adminproducts",
    "/sell/customer-service/order-messages": "adminordermessage",
    "/sell/customers": "admincustomers",
    "/sell/orders/carts": "admincarts",
    "/sell/orders/credit-slips": "adminslip",
    "/sell/orders/delivery-slips": "admindeliveryslip",
    "/sell/orders/invoices": "admininvoices",
    "/sell/orders": "adminorders",
    "/sell/stocks": "adminstockmanagement",
}
#: The class of a screen that always sends to another to change something, and the other's.
_SENDS_TO = {"admincarriers": "admincarrierwizard"}
#: How often a screen is asked for before another one counts.
_TRIES = 2
#: What the back office shows in the place of a screen to one whom it doesn't know, or no longer.
_UNKNOWN = "#login_form, .csrf-token-content, #content.compromised"
_ERRORS = f".exception-message, {_UNKNOWN}"
#: A picture on whose page the examiner asks.
_PICTURE = "/img/404.gif"
_menus: "WeakKeyDictionary[Page, dict[str, str]]" = WeakKeyDictionary()


class Script(str, Generic[T_co]):
    """A script, `(page, about, whole) => …`, that reads a T in an answer of the shop. Nothing checks that it does."""


class Forbidden(RuntimeError):
    """A page that the shop closes to who asks for it: a visitor's or a customer's groups may not see its category."""


def expect_healthy(page: Page) -> None:
    """Raise StationNotReady where the page shows an error or the log-in form."""
    shown = page.locator(_ERRORS).first
    if shown.count():
        raise StationNotReady(f"L’écran « {_called(page.url)} » montre : « {shortened(shown.inner_text(), 200)} ».")


def looked_up(
    site: Site,
    page: Page,
    address: str,
    reader: Script[T],
    about: object = None,
    body: str | None = None,
    *,
    acts: bool = False,
) -> T:
    """What a script reads in an answer of the shop to that page's user; None for a 404, whatever the script's type.

    `page` is the parsed document and `whole` its text; with `body` the request is a POST; with `acts`, it changes the shop.
    It is asked from a page that shows a picture, so nothing that a candidate planted runs.
    """
    return looked_up_each(site, page, [address], reader, about, body, acts=acts)[0]


def looked_up_each(
    site: Site,
    page: Page,
    addresses: Sequence[str],
    reader: Script[T],
    about: object = None,
    body: str | None = None,
    by_script: bool = False,
    *,
    acts: bool = False,
) -> list[T]:
    """The same of several addresses at once; `by_script`, of what the shop answers to its own scripts alone."""
    # An employee of another profile may be sent away rightly.
    examiners = any(_of_office(address) for address in addresses) and page is site.signed_in()
    marked = [[address, _marks(address) if examiners and _of_office(address) else None] for address in addresses]
    headers = {"X-Requested-With": "XMLHttpRequest"} if by_script else {}
    asked = [reader, about, body, _UNKNOWN, headers, _TRIES]
    found = site.answers(page, marked, _LOOK_UP, asked, shown=_PICTURE, acts=acts)
    for address, (status, words, refused) in zip(addresses, found, strict=True):
        if examiners and refused is True:
            raise StationNotReady("Le poste ne reconnaît plus l’examinateur.")
        if examiners and refused:
            raise OtherScreen(_other(address, refused))
        if status >= 500:
            said = f" (« {words} »)" if words else ""
            raise StationNotReady(f"Le poste répond l’erreur {status} à l’examinateur{said}.")
        if status >= 300 and status != 404:
            raise (Forbidden if status == 403 else RuntimeError)(f"{address}: {status}")
    answers: list[Any] = [None if status == 404 else seen for status, seen, _ in found]
    return answers


def menu(site: Site) -> dict[str, str]:
    """The addresses of the back office's screens by the id of their menu entry, for the examiner."""
    page = site.signed_in()
    if page not in _menus:
        found = looked_up(site, page, f"{site.address}{_OFFICE}?controller=AdminDashboard", _ENTRIES)
        if not found:
            raise StationNotReady("Le poste ne reconnaît pas l’examinateur.")
        _menus[page] = found
    return _menus[page]


def screen(site: Site, *tabs: str) -> str:
    """The address of a screen for the examiner; of the tabs at the head of a screen, the last is meant."""
    page = site.signed_in()
    known = menu(site)
    for parent, tab in pairwise(tabs):
        if tab not in known:
            known |= looked_up(site, page, known[parent], _ENTRIES)
    return known[tabs[-1]]


def open_screen(site: Site, address: str) -> Page:
    """The examiner's page, which shows that screen of the back office."""
    page = site.signed_in()
    for _ in range(_TRIES):
        page.goto(address)
        expect_healthy(page)
        if _shows(page, address):
            return page
    raise OtherScreen(_other(address, page.title()))


def _shows(page: Page, address: str) -> bool:
    marks = _marks(address)
    classes = (page.locator("body").get_attribute("class") or "").split()
    return bool({*marks} & {*classes}) if marks else urlsplit(page.url).path == urlsplit(address).path


def enter(site: Site, page: Page) -> None:
    """Show an employee of another profile what he sees when he enters: the dashboard, or what he may see instead."""
    page.goto(f"{site.address}{_OFFICE}?controller=AdminDashboard")


def _of_office(address: str) -> bool:
    return _FOLDER in urlsplit(address).path


def _marks(address: str) -> list[str]:
    """The classes of which the body of the screen at an address has one; none where none is known."""
    place = urlsplit(address)
    if controller := parse_qs(place.query).get("controller"):
        mark = controller[0].lower()
        return [mark, _SENDS_TO[mark]] if mark in _SENDS_TO else [mark]
    path = place.path.partition(_OFFICE)[2]
    return [mark for start, mark in _MARKS.items() if path.startswith(start)][:1]


def _other(address: str, shown: str) -> str:
    said = f"« {shortened(shown, 100)} »" if shown else "une page sans titre"
    return f"L’écran demandé est {_called(address)}, et le poste a montré {said}."


def _called(address: str) -> str:
    """A screen by its controller, or by its path: neither the station's host nor its token says anything to a reader."""
    place = urlsplit(address)
    return parse_qs(place.query).get("controller", [place.path.removeprefix(_OFFICE)])[0]


#: Asks for each address and reads the answer: its status, what was read or says why nothing was, and whether the answer was
#: refused: by the log-in form, or by the title of another screen. What has no <html> is an answer to a screen's own script.
_LOOK_UP = """([marked, [reader, about, body, unknown, headers, tries]]) => Promise.all(marked.map(async ([address, marks]) => {
    const more = body === null ? {headers} : {headers, method: 'POST', body: new URLSearchParams(body)};
    const office = '/gestion/', asked = new URL(address, location.href), module = /\\/configure\\/(\\w+)/.exec(asked.pathname);
    const isOther = (answer, page, whole) => {
        const came = new URL(answer.url);
        if (!marks) return false;
        if (!came.pathname.includes(office)) return true;
        if (!/<html[\\s>]/i.test(whole)) return false;
        if (module && !came.href.includes(`configure=${module[1]}`) && !came.pathname.includes(module[0])) return true;
        return marks.length ? !marks.some(mark => page.body.classList.contains(mark)) : came.pathname !== asked.pathname;
    };
    for (let left = tries; ; left -= 1) {
        const answer = await fetch(address, {signal: AbortSignal.timeout(25000), ...more});
        const whole = await answer.text();
        const page = new DOMParser().parseFromString(whole, 'text/html');
        if (!answer.ok) return [answer.status, page.body.textContent.replace(/\\s+/g, ' ').trim().slice(0, 120), false];
        if (answer.url.includes(office) && page.querySelector(unknown)) return [answer.status, null, true];
        const other = isOther(answer, page, whole);
        if (other && left > 1) continue;
        return [answer.status, await (0, eval)(reader)(page, about, whole), other && (page.title.trim() || ' ')];
    }
}))"""
_ENTRIES = Script[dict[str, str]]("""page => Object.fromEntries([...page.querySelectorAll('li[id^=subtab-] > a[href], a[id^=subtab-][href]')].map(
    a => [(a.id || a.parentNode.id).replace('subtab-', ''), new URL(a.getAttribute('href'), location.href).href]))""")
