"""What a check sees of a copy (`Site`), and where a candidate works (`Desk`). Both use a real browser."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page
from playwright.sync_api import Error as PlaywrightError

from provisioner.build.driver import driver_of
from provisioner.core.errors import StationNotReady, UnknownName
from provisioner.core.model import Credentials, Station
from provisioner.examination.browser import NAVIGATION_MS, examining_context
from provisioner.examination.evidence import Evidence
from provisioner.examination.withheld import Withholding
from provisioner.host.editions import company_of
from provisioner.station.copies import Copy

#: The HTTP status of the page that is shown; 0 when it has none.
_STATUS = "() => performance.getEntriesByType('navigation')[0]?.responseStatus | 0"


class CopyShared(Exception):
    """A check has to act, but other checks look at this copy."""


class CopySite:
    """See check.Site. Each check has a new one, so that none sees cookies or pages of another."""

    def __init__(
        self, browser: Browser, copy: Copy, evidence: Evidence, withholding: Withholding | None = None
    ) -> None:
        self._browser = browser
        self._copy = copy
        self._evidence = evidence
        self._withholding = withholding
        #: The path of the page that was opened last.
        self.at = ""
        self._contexts: list[BrowserContext] = []
        self._signed_in: dict[str, Page] = {}
        self._visitor: Page | None = None

    @property
    def address(self) -> str:
        """See check.Site."""
        return self._copy.station.address

    @property
    def taken_at(self) -> datetime:
        """See check.Site."""
        return self._copy.taken_at

    @property
    def present(self) -> datetime:
        """See check.Site."""
        return self._copy.present

    @property
    def page(self) -> Page:
        """See check.Site."""
        if self._visitor is None:
            self._visitor = self._new_page(self._context())
        return self._visitor

    def visit(self, path: str) -> Page:
        """See check.Site."""
        self.at = path
        try:
            answer = self.page.goto(self.address + path)
        except PlaywrightError as error:
            if "net::ERR_" not in str(error):
                raise
            # No answer, or an error without a page, for which the browser shows a page of its own.
            raise StationNotReady(f"Le poste n’a pas répondu par une page à {path}.") from error
        if answer is None:
            raise StationNotReady(f"Le poste n’a rien répondu à la page {path}.")
        _refuse_error(self.page, answer.status, path)
        return self.page

    def signed_in(self, role: str = "administrator") -> Page:
        """See check.Site."""
        if role not in self._signed_in:
            session = self._copy.sign_in(role)
            context = self._context()
            context.add_cookies(
                [{"name": name, "value": value, "url": self.address} for name, value in session.cookies.items()]
            )
            self._signed_in[role] = self._new_page(context)
        return self._signed_in[role]

    def alone(self) -> None:
        """See check.Site."""
        if self._copy.shared:
            raise CopyShared

    @property
    def company(self) -> Path:
        """See check.Site."""
        return company_of(self._copy.station.stack)

    def file(self, name: str) -> Path:
        """See check.Site."""
        return _file(name, self._copy.documents)

    def shot(self, name: str, page: Page | None = None, *, mark: Locator | None = None) -> str:
        """See check.Site. A page with an error of the server raises StationNotReady: it isn't the candidate's work."""
        page = page or self.page
        _refuse_error(page, page.evaluate(_STATUS), urlsplit(page.url).path)
        return self._evidence.shot(name, page, mark)

    def note(self, name: str, text: str) -> str:
        """See check.Site."""
        return self._evidence.note(name, text)

    def close(self) -> None:
        """Close what was opened."""
        for context in self._contexts:
            context.close()

    def _context(self) -> BrowserContext:
        centre = self._copy.centre
        context = examining_context(self._browser, centre.settings, tls=centre.room.tls)
        context.add_init_script(driver_of(self._copy.station.stack).on_arrival)
        self._contexts.append(context)
        return context

    def _new_page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("framenavigated", self._note_path)
        return self._withholding.applied(page) if self._withholding else page

    def _note_path(self, frame: Frame) -> None:
        if frame.parent_frame is None and frame.url.startswith(self.address):
            self.at = frame.url.removeprefix(self.address).partition("#")[0] or "/"


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
        return _file(name, self._folders)

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


def _file(name: str, folders: tuple[Path, ...]) -> Path:
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise UnknownName(f"Le document « {name} » n’est ni dans le sujet ni dans les médias de l’entreprise.")
