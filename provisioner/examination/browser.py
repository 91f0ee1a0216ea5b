"""Gives a sandboxed Chromium: the candidate's, and the one that examines what candidates made.

    with candidate_browser(8101) as browser:
        page = new_context(browser, settings).new_page()

Each has a network of its own, which holds one port of the host (see relay.py) and nothing else. What a
candidate planted has no other way out; and when Docker gives the host an interface or takes it away,
no browser sees it: Chromium would abort its requests (ERR_NETWORK_CHANGED).

Neither is ever started without Chromium's sandbox, which it refuses to root: there it runs as
`e5b-navigateur` (made by `e5b doctor --fix`), or as nobody. That user can't read root's files: a
document to upload is handed over with `upload()`.

Playwright's objects belong to the thread that made them. Every thread may open its own browsers,
and several at once: they share that thread's driver.
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
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, FilePayload, Playwright, ProxySettings, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from provisioner.core.errors import BrowserUnavailable, ConfigurationError
from provisioner.examination.browser_failure import REACHED, first_line, why
from provisioner.host.config import Settings
from provisioner.host.disk import disk_in_french, in_french
from provisioner.host.machine import PATH, which
from provisioner.network.relay import relayed, route_header, take_port

#: The system user that Chromium runs as when e5b is root's.
USER = "e5b-navigateur"
#: Where root puts Playwright's own Chromium, for everybody: that user can't enter root's home.
SHARED = Path("/opt/e5b/navigateur")
#: How long a page may make us wait, in milliseconds: for an element, and for a whole page.
ACTION_MS, NAVIGATION_MS = 10_000, 30_000
LAUNCH_MS = 30_000

#: What takes the browser's place, and the tools of the machine that it takes.
WRAPPER = Path(__file__).with_name("unprivileged.sh")
TOOLS = ("ip", "setpriv", "unshare")
#: Chromium's own errands (updates, accounts) go to a port that it refuses to open.
_QUIET = (
    "--lang=fr-FR",
    "--component-updater=url-source=http://127.0.0.1:9/",
    "--gaia-url=http://127.0.0.1:9/",
    "--dns-prefetch-disable",
    "--no-pings",
)
#: What would go past a proxy. Names are the proxy's to resolve: nobody else may.
_ALONE = (
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
#: The station's address stands for it, whatever it is: in the browser's network there is no other.
_NEAR = ("--host-resolver-rules=MAP * 127.0.0.1",)
_threads = threading.local()


@contextmanager
def candidate_browser(port: int = 0, near: str = "127.0.0.1") -> Iterator[Browser]:
    """The candidate's browser, for the time of the block. Contexts are the caller's: `new_context`.

    By whatever name or address it goes to that port, it comes to `near`; 0: it comes nowhere.
    """
    with _chromium(_NEAR, port, near) as browser:
        yield browser


@contextmanager
def examining_browser(door: int, place: int = 0) -> Iterator[Browser]:
    """A browser that knows one way out: the HTTP proxy at that port of this machine.

    Everything goes there, this machine's own addresses too; what can't (UDP, QUIC) goes nowhere. `place`
    is whose copy the examiners' door lets it reach; 0: the proxy is another, and isn't told.
    """
    proxy = ProxySettings(server=f"http://127.0.0.1:{door}", bypass="<-loopback>")
    with _chromium(_ALONE, door, proxy=proxy, first=route_header(place) if place else b"") as browser:
        yield browser


class Renewed:
    """A browser for the time of the block, which begins again after it was killed or closed; `opened` opens it."""

    def __init__(self, opened: Callable[[], AbstractContextManager[Browser]]) -> None:
        self._opened = opened
        self._driver, self._running = ExitStack(), ExitStack()
        self._browser: Browser | None = None

    def __enter__(self) -> Self:
        self._driver.enter_context(_driver())  # outlives the browsers
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()
        self._driver.close()

    @property
    def browser(self) -> Browser:
        """The browser that runs now."""
        if self._browser is None or not self._browser.is_connected():
            self._running.close()
            self._browser = self._running.enter_context(self._opened())
        return self._browser


class Examiner(Renewed):
    """The examining browser; see `examining_browser`."""

    def __init__(self, door: int, place: int = 0) -> None:
        super().__init__(partial(examining_browser, door, place))

    def begun(self) -> Self:
        """The same, its browser running; BrowserUnavailable says why it doesn't."""
        _ = self.browser
        return self

    @contextmanager
    def within(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the browser when the block takes longer, and set the event: whatever waits for it then raises.

        A page that never yields holds whoever evaluates something in it, and Playwright has no time-out for that.
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
    session = browser.new_browser_cdp_session()
    try:
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    finally:
        session.detach()
    return next(int(one["id"]) for one in processes if one["type"] == "browser")


def new_context(browser: Browser, settings: Settings, **options: Any) -> BrowserContext:
    """A French visitor in the centre's time zone, with nothing remembered; `options` are Playwright's."""
    usual = {
        "locale": "fr-FR",
        "timezone_id": settings.time_zone,
        "viewport": {"width": 1280, "height": 900},
        "service_workers": "block",
    }
    context = browser.new_context(**{**usual, **options})
    context.set_default_timeout(ACTION_MS)
    context.set_default_navigation_timeout(NAVIGATION_MS)
    return context


def upload(path: Path) -> FilePayload:
    """A document for `set_input_files`: its contents, since the browser's user can't open the file."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    try:
        return FilePayload(name=path.name, mimeType=kind, buffer=path.read_bytes())
    except OSError as error:
        raise ConfigurationError(in_french(error, path)) from error


def browser_user() -> pwd.struct_passwd | None:
    """Whom Chromium runs as instead of root; None when we are not root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        return pwd.getpwnam("nobody")


@contextmanager
def _chromium(
    arguments: Sequence[str], port: int, near: str = "127.0.0.1", proxy: ProxySettings | None = None, first: bytes = b""
) -> Iterator[Browser]:
    if missing := [tool for tool in TOOLS if not which(tool)]:
        raise BrowserUnavailable(
            f"Chromium ne peut pas être isolé du réseau, il manque {', '.join(missing)} ; lancez : e5b doctor --fix."
        )
    user = browser_user()
    with ExitStack() as stack:
        playwright = stack.enter_context(_driver())
        program = find_program(playwright)
        with disk_in_french(Path(REACHED), BrowserUnavailable):
            folder = tempfile.TemporaryDirectory(
                prefix="e5b-navigateur-",
                dir=REACHED,  # TMPDIR may be closed to others, or too long for the name of a socket
                ignore_cleanup_errors=True,  # a process on its way out may still write
            )
        home = stack.enter_context(folder)
        environment: dict[str, str | float | bool] = {"HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "PATH": PATH}
        environment |= {"E5B_BROWSER": str(program), "E5B_PYTHON": sys.executable, "E5B_PORT": str(port)}
        if user:
            os.chown(home, user.pw_uid, user.pw_gid)
            environment |= {"E5B_UID": str(user.pw_uid), "E5B_GID": str(user.pw_gid)}
        handover = stack.enter_context(socket.socket(socket.AF_UNIX))
        with disk_in_french(Path(REACHED), BrowserUnavailable):
            handover.bind(f"{home}/port")
        handover.listen()
        try:
            browser = playwright.chromium.launch(
                executable_path=WRAPPER,
                args=[*_QUIET, *arguments],
                chromium_sandbox=True,
                downloads_path=home,
                env=environment,
                proxy=proxy,
                timeout=LAUNCH_MS,
            )
        except PlaywrightError as error:
            raise BrowserUnavailable(why(program, str(error))) from error
        stack.callback(_close, browser)
        if port:
            stack.enter_context(relayed(take_port(handover), near, port, first))
        yield browser


def _close(browser: Browser) -> None:
    with suppress(PlaywrightError):  # it crashed, or Ctrl-C took it along
        browser.close()


@contextmanager
def _driver() -> Iterator[Playwright]:
    """This thread's driver: Playwright allows one, so browsers open at the same time share it."""
    if getattr(_threads, "driver", None):
        yield _threads.driver
        return
    try:
        manager = sync_playwright()
        driver = manager.start()
    except Exception as error:  # Playwright raises its bare self when its driver dies
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

    Debian's without windows comes first: it takes a third less of the processor. A snap is passed over: it sees
    neither our folders nor Playwright's.
    """
    shared = sorted(SHARED.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    names = (
        "/usr/bin/chromium-headless-shell",
        "/usr/bin/chromium",
        "chromium",
        "google-chrome-stable",
        "google-chrome",
    )
    installed = [found for name in names if (found := shutil.which(name))]
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
