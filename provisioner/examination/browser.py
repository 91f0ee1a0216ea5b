"""Starts a sandboxed Chromium: for a candidate, or to examine what candidates made.

    with candidate_browser(8101) as browser:
        page = new_context(browser, settings).new_page()

Each browser has a network of its own, in which one port of the host is reachable (see relay.py) and nothing else. A
script that a candidate put into a page has no other way out. Besides, Chromium aborts its requests when a network
interface comes or goes (ERR_NETWORK_CHANGED), and those that Docker makes on the host are not in that network.

No browser is started without Chromium's sandbox. Chromium refuses to run it as root: when e5b is root's, the browser runs
as `e5b-navigateur` (made by `e5b doctor --fix`), or as nobody. That user can't read root's files, so a document to upload
is passed by its contents (`upload()`).

Playwright's objects belong to the thread that made them. A thread may open several browsers at once; they share its
driver.
"""

import mimetypes
import os
import pwd
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NotRequired, Self, TypedDict, Unpack

from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Page,
    Playwright,
    ProxySettings,
    ViewportSize,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

from provisioner.core.errors import BrowserUnavailable, ConfigurationError
from provisioner.examination.browser_failure import TEMPORARY, first_line, why_not_started
from provisioner.examination.ordinary import ARGUMENTS, brand_headers, ordinary_script, user_agent
from provisioner.host.disk import disk_in_french, in_french
from provisioner.host.machine import PATH, which
from provisioner.host.settings import Settings
from provisioner.network.relay import relayed, route_header, take_port

#: The system user that Chromium runs as when e5b is root's.
USER = "e5b-navigateur"
#: Where root installs Playwright's own Chromium: `USER` can't enter root's home.
SHARED = Path("/opt/e5b/navigateur")
#: How long to wait for an element, and for a whole page, in milliseconds.
ACTION_MS, NAVIGATION_MS = 10_000, 30_000
LAUNCH_MS = 30_000

#: The program that isolates the browser and then becomes it, and the tools of the machine that it needs.
WRAPPER = Path(__file__).with_name("unprivileged.sh")
TOOLS = ("ip", "setpriv", "unshare")
#: Chromium's own requests (updates, accounts) go to a port to which it refuses to connect.
_COMMON_ARGUMENTS = (
    "--lang=fr-FR",
    "--component-updater=url-source=http://127.0.0.1:9/",
    "--gaia-url=http://127.0.0.1:9/",
    "--dns-prefetch-disable",
    "--no-pings",
)
#: The last ones switch off what doesn't go through a proxy. Only the proxy resolves names.
_EXAMINER_ARGUMENTS = (
    *ARGUMENTS,
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
#: Every name is that of the station: in the browser's network there is nothing else.
_CANDIDATE_ARGUMENTS = ("--host-resolver-rules=MAP * 127.0.0.1",)
_threads = threading.local()


@contextmanager
def candidate_browser(port: int = 0, near: str = "127.0.0.1") -> Iterator[Browser]:
    """The candidate's browser, for the time of the block; the caller makes its contexts by `new_context`.

    Requests to `port`, by whatever name, reach that port of the host's address `near`. With port 0 it reaches nothing.
    """
    with _chromium(_CANDIDATE_ARGUMENTS, port, near) as browser:
        yield browser


@contextmanager
def examining_browser(proxy_port: int, place: int = 0, *, tls: bool = False) -> Iterator[Browser]:
    """A browser that reaches only the HTTP proxy at that port of this machine.

    To pages it is an ordinary browser (see ordinary.py): what they show must not depend on who looks. All requests go to the
    proxy, those to this machine's own addresses too; what no proxy takes (UDP, QUIC) goes nowhere. `place` is the place of the station whose copy the examiners' proxy lets it reach; with 0, the proxy is sent no introduction.
    `tls`: the copy's address is https.
    """
    proxy = ProxySettings(server=f"http://127.0.0.1:{proxy_port}", bypass="<-loopback>")
    introduced = route_header(place) if place else b""
    with _chromium(_EXAMINER_ARGUMENTS, proxy_port, proxy=proxy, first=introduced, tunnels=tls) as browser:
        yield browser


class RestartingBrowser:
    """A browser for the time of the block. `opened` starts it, and starts another after it was killed or closed."""

    def __init__(self, opened: Callable[[], AbstractContextManager[Browser]]) -> None:
        self._opened = opened
        self._driver, self._running = ExitStack(), ExitStack()
        self._browser: Browser | None = None

    def __enter__(self) -> Self:
        self._driver.enter_context(_driver())  # so that it outlives each browser
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()
        self._driver.close()

    @property
    def browser(self) -> Browser:
        """The browser that runs, started if none does; BrowserUnavailable says why none starts."""
        if self._browser is None or not self._browser.is_connected():
            self._running.close()
            self._browser = self._running.enter_context(self._opened())
        return self._browser


class Examiner(RestartingBrowser):
    """The examining browser; see `examining_browser`."""

    def __init__(self, proxy_port: int, place: int = 0, *, tls: bool = False) -> None:
        super().__init__(partial(examining_browser, proxy_port, place, tls=tls))

    def started(self) -> Self:
        """The same, once its browser runs; BrowserUnavailable says why it doesn't."""
        _ = self.browser
        return self

    @contextmanager
    def within(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the browser when the block takes longer, and set the event; what waits for the browser then raises.

        Playwright has no time-out for evaluating something in a page whose script never ends.
        """
        expired, process = threading.Event(), _process(self.browser)

        def kill() -> None:
            expired.set()
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            yield expired
        finally:
            timer.cancel()


def _process(browser: Browser) -> int:
    """The id of the browser's main process."""
    session = browser.new_browser_cdp_session()
    try:
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    finally:
        session.detach()
    return next(int(process["id"]) for process in processes if process["type"] == "browser")


class ContextOptions(TypedDict):
    """Those of Playwright's options of a context that callers choose."""

    viewport: NotRequired[ViewportSize]
    is_mobile: NotRequired[bool]
    has_touch: NotRequired[bool]
    accept_downloads: NotRequired[bool]
    extra_http_headers: NotRequired[dict[str, str]]


def new_context(browser: Browser, settings: Settings, **options: Unpack[ContextOptions]) -> BrowserContext:
    """A context of a French visitor in the centre's time zone, without cookies or other data."""
    chosen: ContextOptions = {"viewport": {"width": 1280, "height": 900}, **options}
    context = browser.new_context(
        user_agent=user_agent(browser.version),
        screen={"width": 1920, "height": 1080},
        locale="fr-FR",
        timezone_id=settings.time_zone,
        service_workers="block",
        # All that answers it is the room's own gateway, on this machine, whose certificate may be of any authority.
        ignore_https_errors=True,
        **chosen,
    )
    context.set_default_timeout(ACTION_MS)
    context.set_default_navigation_timeout(NAVIGATION_MS)
    return context


def examining_context(browser: Browser, settings: Settings, *, tls: bool = False) -> BrowserContext:
    """The same in the examining browser, in which a page finds no mark of it, opens no window and downloads nothing."""
    named = brand_headers(browser.version) if tls else {}
    context = new_context(browser, settings, accept_downloads=False, extra_http_headers=named)
    context.add_init_script(ordinary_script(browser.version))
    context.on("page", _close_if_opened_by_page)
    return context


def _close_if_opened_by_page(page: Page) -> None:
    with suppress(PlaywrightError):  # it closed itself
        if page.opener():
            page.close()


def upload(path: Path) -> FilePayload:
    """A document for `set_input_files`, as contents: the browser's user may not be able to open the file.

    A file that can't be read raises ConfigurationError.
    """
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    try:
        return FilePayload(name=path.name, mimeType=kind, buffer=path.read_bytes())
    except OSError as error:
        raise ConfigurationError(in_french(error, path)) from error


def browser_user() -> pwd.struct_passwd | None:
    """The user that Chromium runs as in place of root; None when this program isn't root's."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        return pwd.getpwnam("nobody")


@contextmanager
def _chromium(
    arguments: Sequence[str],
    port: int,
    near: str = "127.0.0.1",
    proxy: ProxySettings | None = None,
    first: bytes = b"",
    *,
    tunnels: bool = False,
) -> Iterator[Browser]:
    if missing := [tool for tool in TOOLS if not which(tool)]:
        raise BrowserUnavailable(
            f"Chromium ne peut pas être isolé du réseau, il manque {', '.join(missing)} ; lancez : e5b doctor --fix."
        )
    user = browser_user()
    with ExitStack() as stack:
        playwright = stack.enter_context(_driver())
        program = find_program(playwright)
        with disk_in_french(Path(TEMPORARY), BrowserUnavailable):
            folder = tempfile.TemporaryDirectory(
                prefix="e5b-navigateur-",
                dir=TEMPORARY,
                ignore_cleanup_errors=True,  # a process of the browser that is ending may still write
            )
        home = stack.enter_context(folder)
        environment: dict[str, str | float | bool] = {"HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "PATH": PATH}
        environment |= {"E5B_BROWSER": str(program), "E5B_PYTHON": sys.executable, "E5B_PORT": str(port)}
        if user:
            os.chown(home, user.pw_uid, user.pw_gid)
            environment |= {"E5B_UID": str(user.pw_uid), "E5B_GID": str(user.pw_gid)}
        handover = stack.enter_context(socket.socket(socket.AF_UNIX))
        with disk_in_french(Path(TEMPORARY), BrowserUnavailable):
            handover.bind(f"{home}/port")
        handover.listen()
        try:
            browser = playwright.chromium.launch(
                executable_path=WRAPPER,
                args=[*_COMMON_ARGUMENTS, *arguments],
                chromium_sandbox=True,
                downloads_path=home,
                env=environment,
                proxy=proxy,
                timeout=LAUNCH_MS,
            )
        except PlaywrightError as error:
            raise BrowserUnavailable(why_not_started(program, str(error))) from error
        stack.callback(_close, browser)
        if port:
            stack.enter_context(relayed(take_port(handover), near, port, first, tunnels=tunnels))
        yield browser


def _close(browser: Browser) -> None:
    with suppress(PlaywrightError):  # it crashed, or Ctrl-C ended it
        browser.close()


@contextmanager
def _driver() -> Iterator[Playwright]:
    """This thread's driver. Playwright allows one per thread, so browsers that are open at the same time share it."""
    if getattr(_threads, "driver", None):
        yield _threads.driver
        return
    try:
        manager = sync_playwright()
        driver = manager.start()
    except Exception as error:  # Playwright raises a plain Exception when its driver dies
        raise BrowserUnavailable(
            f"Playwright ne démarre pas (détail : {first_line(str(error))}) ; lancez : e5b doctor --fix."
        ) from error
    _threads.driver = driver
    try:
        yield driver
    finally:
        _threads.driver = None
        with suppress(PlaywrightError):
            driver.stop()


def find_program(playwright: Playwright) -> Path:
    """Playwright's own Chromium when it is installed, else the machine's.

    Debian's headless shell is preferred to its Chromium, since it uses a third less of the processor. A snap is passed over,
    since it can open neither the browser's folder nor Playwright's.
    """
    shared = sorted(SHARED.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    names = (
        "/usr/bin/chromium-headless-shell",
        "/usr/bin/chromium",
        "chromium",
        "google-chrome-stable",
        "google-chrome",
    )
    installed = [path for name in names if (path := shutil.which(name))]
    for program in (Path(playwright.chromium.executable_path), *shared, *map(Path, installed)):
        if program.exists() and not _is_snap(program) and (os.geteuid() != 0 or _open_to_all(program)):
            return program
    raise BrowserUnavailable("Aucun navigateur Chromium n'est installé ; lancez : e5b doctor --fix.")


def _is_snap(program: Path) -> bool:
    real = program.resolve()
    return real.name == "snap" or "/snap/" in f"{program} {real}"


def _open_to_all(program: Path) -> bool:
    real = program.resolve()
    return all(place.stat().st_mode & 0o001 for place in (real, *real.parents))
