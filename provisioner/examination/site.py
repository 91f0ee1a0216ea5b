"""What a check sees of a copy (`Site`), and where a candidate works (`Desk`). Both use a real browser."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page
from playwright.sync_api import Error as PlaywrightError

from provisioner.build.driver import driver_of
from provisioner.core.errors import StationNotReady
from provisioner.core.model import Credentials, Station
from provisioner.examination.asked import VISITOR, AskedSite, Request, document
from provisioner.examination.browser import NAVIGATION_MS, examining_context
from provisioner.examination.evidence import Evidence
from provisioner.examination.recording import Recorder
from provisioner.examination.withheld import Withholding
from provisioner.french.spelling import misspelled
from provisioner.host.editions import company_of, stack_named
from provisioner.station.copies import Copy
from provisioner.subject.page import Json

#: The HTTP status of the page that is shown; 0 when it has none.
_STATUS = "() => performance.getEntriesByType('navigation')[0]?.responseStatus | 0"


class CopyShared(Exception):
    """A check has to act, but other checks look at this copy."""


class CopySite(AskedSite):
    """A copy of a station as a check sees it (check.Site). `recorder` keeps what the copy answered."""

    def __init__(
        self, browser: Browser, copy: Copy, evidence: Evidence, withholding: Withholding | None = None
    ) -> None:
        self._opened = OpenedCopy(browser, copy, evidence, withholding)
        self.recorder = Recorder(self._opened)
        super().__init__(self.recorder)

    @property
    def at(self) -> str:
        """The path of the page that was opened last."""
        return self._opened.at

    def close(self) -> None:
        """Close what was opened."""
        for context in self._opened.contexts:
            context.close()


class OpenedCopy:
    """Asks a copy by a browser (asked.Asks), with a window for each user, all of one check."""

    def __init__(self, browser: Browser, copy: Copy, evidence: Evidence, withholding: Withholding | None) -> None:
        self._browser = browser
        self._copy = copy
        self._evidence = evidence
        self._withholding = withholding
        self.at = ""
        self.contexts: list[BrowserContext] = []
        self._pages: dict[str, Page] = {}
        self._quiet: dict[str, Page] = {}

    @property
    def address(self) -> str:
        """See check.Site."""
        return self._copy.station.address

    @property
    def cms(self) -> str:
        """The CMS of the site."""
        return stack_named(self._copy.station.stack).cms

    @property
    def taken_at(self) -> datetime:
        """See check.Site."""
        return self._copy.taken_at

    @property
    def present(self) -> datetime:
        """See check.Site."""
        return self._copy.present

    @property
    def company(self) -> Path:
        """See check.Site."""
        return company_of(self._copy.station.stack)

    def file(self, name: str) -> Path:
        """See check.Site."""
        return document(name, self._copy.documents)

    def note(self, name: str, text: str) -> str:
        """See check.Site."""
        return self._evidence.note(name, text)

    def once(self, request: Request, ask: Callable[[], str]) -> str:
        """See asked.Asks."""
        return self._copy.once(str(request.about), ask)

    def ask(self, request: Request, name: str = "") -> Json:
        """See asked.Asks. An error of the server raises StationNotReady, what the browser can't do Playwright's errors."""
        if request.verb == "shot":
            return self._shot(request, name)
        ask = {
            "alone": self._alone,
            "sign_in": self._sign_in,
            "answers": self._answers,
            "visit": self._visit,
            "goto": self._goto,
            "opened_by": self._opened_by,
            "misspelled": self._misspelled,
        }.get(request.verb)
        if ask:
            return ask(request)
        operation = getattr(self._elements(request) if request.where else self._page(request.page), request.verb)
        return operation(*_arguments(request)) if callable(operation) else operation

    def _alone(self, request: Request) -> None:
        if self._copy.shared:
            raise CopyShared

    def _misspelled(self, request: Request) -> list[str] | None:
        return misspelled(request.about)

    def _goto(self, request: Request) -> int | None:
        waits = {"wait_until": request.about[0]} if request.about else {}
        answer = self._page(request.page).goto(request.opened[0], **waits)
        return answer.status if answer else None

    def _page(self, name: str) -> Page:
        if name == VISITOR and name not in self._pages:
            self._pages[name] = self._new_page(self._context())
        return self._pages[name]

    def _sign_in(self, request: Request) -> None:
        role = request.page
        session = self._copy.sign_in(role)
        context = self._context()
        context.add_cookies(
            [{"name": name, "value": value, "url": self.address} for name, value in session.cookies.items()]
        )
        self._pages[role] = self._new_page(context)

    def _visit(self, request: Request) -> None:
        path: str = request.about
        page, self.at = self._page(VISITOR), path
        try:
            answer = page.goto(self.address + path)
        except PlaywrightError as error:
            if "net::ERR_" not in str(error):
                raise
            # No answer, or an error without a page, for which the browser shows a page of its own.
            raise StationNotReady(f"Le poste n’a pas répondu par une page à {path}.") from error
        if answer is None:
            raise StationNotReady(f"Le poste n’a rien répondu à la page {path}.")
        _refuse_error(page, answer.status, path)

    def _answers(self, request: Request) -> list[Json]:
        items, script, about, shown = request.about
        quiet = self._quiet.get(request.page)
        if quiet is None:
            quiet = self._quiet[request.page] = self._page(request.page).context.new_page()
            quiet.goto(self.address + shown)
        answers: list[Json] = quiet.evaluate(script, [items, about])
        return answers

    def _shot(self, request: Request, name: str) -> str:
        """A page with an error of the server raises StationNotReady: it isn't the candidate's work."""
        page = self._page(request.page)
        _refuse_error(page, page.evaluate(_STATUS), urlsplit(page.url).path)
        return self._evidence.shot(name, page, self._elements(request) if request.where else None)

    def _opened_by(self, request: Request) -> Json:
        """What is read twice alike, other than before the click; else what is read last."""
        page, button, script = self._page(request.page), self._elements(request), request.about
        seen = closed = page.evaluate(script)
        if button.count():
            button.click()
            for _ in range(12):
                page.wait_for_timeout(400)
                before, seen = seen, page.evaluate(script)
                if seen == before != closed:
                    break
        return seen

    def _elements(self, request: Request) -> Locator:
        found: Page | Locator = self._page(request.page)
        for how, *what in request.where:
            match how:
                case "first":
                    found = found.first  # type: ignore[union-attr]
                case "filter":
                    found = found.filter(has_text=what[0])  # type: ignore[union-attr]
                case "role":
                    found = found.get_by_role(what[0], name=what[1])  # type: ignore[arg-type]
                case _:
                    found = found.locator(what[0])
        return cast("Locator", found)

    def _context(self) -> BrowserContext:
        centre = self._copy.centre
        context = examining_context(self._browser, centre.settings, tls=centre.room.tls)
        context.add_init_script(driver_of(self._copy.station.stack).on_arrival)
        self.contexts.append(context)
        return context

    def _new_page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("framenavigated", self._note_path)
        return self._withholding.applied(page) if self._withholding else page

    def _note_path(self, frame: Frame) -> None:
        if frame.parent_frame is None and frame.url.startswith(self.address):
            self.at = frame.url.removeprefix(self.address).partition("#")[0] or "/"


def _arguments(request: Request) -> list[Json]:
    """The arguments of an operation of a page or of its elements."""
    if request.verb in ("evaluate", "evaluate_all"):
        return list(request.about)
    return [] if request.about is None else [request.about]


class CandidateDesk:
    """See check.Desk."""

    def __init__(
        self,
        context: BrowserContext,
        station: Station,
        credentials: Credentials,
        folders: tuple[Path, ...],
    ) -> None:
        self._station = station
        self._credentials = credentials
        self._folders = folders
        self._context = context
        self._page = self._context.new_page()
        self._page.set_default_timeout(NAVIGATION_MS)  # a way is not judged by its speed
        self._page.on("dialog", lambda dialog: dialog.accept())
        self._signed_in = False

    @property
    def page(self) -> Page:
        """See check.Desk."""
        return self._page

    @property
    def address(self) -> str:
        """See check.Desk."""
        return self._station.address

    def sign_in(self, role: str = "candidat") -> Page:
        """See check.Desk."""
        if not self._signed_in:
            driver_of(self._station.stack).log_in(self._page, self.address, self._credentials)
            self._signed_in = True
        return self._page

    @property
    def company(self) -> Path:
        """See check.Desk."""
        return company_of(self._station.stack)

    def file(self, name: str) -> Path:
        """See check.Desk."""
        return document(name, self._folders)

    def leave(self) -> None:
        """Sign out, close all pages and remove the site's data; the browser's cache of public files stays."""
        session = self._context.new_cdp_session(self._page)
        session.send("Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": "all"})
        self._context.clear_cookies()
        for page in self._context.pages:
            page.close()


def _refuse_error(page: Page, status: int, path: str) -> None:
    """Raise StationNotReady for an error of the server.

    The message quotes the page, since its words tell a site that the candidate closed for maintenance from one that failed.
    """
    if status < 500:
        return
    words = ""
    with suppress(PlaywrightError):
        words = " ".join(page.locator("body").inner_text(timeout=2000).split())[:120]
    quote = f" (« {words} »)" if words else ""
    raise StationNotReady(f"Le poste a répondu l’erreur {status} à la page {path}{quote}.")
