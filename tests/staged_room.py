"""A room for the console's pages whose places are what a test says: no engine, no station, and whoever is signed in."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from provisioner.console import (
    act_pages,
    day_sheet_pages,
    keeping_pages,
    list_pages,
    load_pages,
    preparation_pages,
    purge_pages,
    room_pages,
    station_pages,
    view_pages,
)
from provisioner.console.acting import Acts
from provisioner.console.app import PLACES
from provisioner.console.day_end import has_begun
from provisioner.console.pages import STATIC, Place
from provisioner.console.people import People, Person, Role
from provisioner.console.services import Services
from provisioner.console.tiles import Severity, State, Tile
from provisioner.console.watching import RoomView, RoomWatch
from provisioner.core import clock
from provisioner.core.errors import EngineError
from provisioner.host.settings import Settings
from provisioner.station.centre import Centre

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

ZONE = ZoneInfo("Europe/Paris")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def no_centre() -> Centre:
    raise EngineError("Le moteur des postes ne répond pas.")


class StagedRoom(RoomWatch):
    """A watcher that sees what it is told. `silent`: who waits for a change from now on hears nothing, and no end either."""

    def __init__(self) -> None:
        super().__init__(no_centre)
        self.silent = False

    async def wait(self, version: int, seconds: float) -> bool:
        """See RoomWatch."""
        if self.silent:
            await asyncio.sleep(3600)
        return await super().wait(version, seconds)

    def show(self, *tiles: Tile, **values: Any) -> RoomView:
        """Have the room be this."""
        self._looked = time.monotonic()
        values.setdefault("begun", has_begun((), tiles, clock.present(ZONE)))
        view = RoomView(0, clock.present(ZONE), tuple(tiles), room="salle", **values)
        return self._publish(self._view, view)

    def change(self, place: int, **values: Any) -> RoomView:
        """Change one place."""
        view = self.current()
        tiles = [replace(tile, **values) if tile.place == place else tile for tile in view.tiles]
        return self.show(*tiles, series=view.series, expected=view.expected)

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Have the watcher look all the time, as its thread does."""
        ended = threading.Event()

        def look() -> None:
            while not ended.wait(0.2):
                self._looked = time.monotonic()

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        yield
        ended.set()
        thread.join()


@dataclass
class StagedActs:
    """A book of acts that remembers what it was told."""

    notes: list[tuple[str, ...]] = field(default_factory=list)

    def note(self, person: Person, what: str, station: str = "", *, candidate: str = "", room: str = "") -> None:
        self.notes.append((person.name, what, station, candidate, room))

    def recent(self, count: int, room: str = "") -> Sequence[Any]:
        return ()

    def interrupted(self, room: str) -> Sequence[Any]:
        return ()


class _SignedIn:
    """Has every request be of one person, and every answer carry the policy of the guards."""

    def __init__(self, app: ASGIApp, person: Person) -> None:
        self.app, self.person = app, person

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
            await send(message)

        if scope["type"] == "http":
            scope.setdefault("state", {})["person"] = self.person
            await self.app(scope, receive, guarded)
        else:
            await self.app(scope, receive, send)


def staged(
    room: RoomWatch,
    folder: Path,
    role: Role = Role.TECHNICIAN,
    centre: Callable[[], Centre] = no_centre,
    acts: StagedActs | Acts | None = None,
) -> Starlette:
    """The pages of the room, for somebody of this role."""
    book = cast(Acts, acts or StagedActs())
    services = Services(centre, People(folder / "console.sqlite"), room, book, "salle", ZONE)
    person = Person(1, "Mme Riou", role, "3" if role is Role.EXAMINER else "")
    app = Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=STATIC)),
            *room_pages.routes(services),
            *load_pages.routes(services),
            *station_pages.routes(services),
            *act_pages.routes(services),
            *keeping_pages.routes(services),
            *purge_pages.routes(services),
            *view_pages.routes(services),
            *preparation_pages.routes(services),
            *list_pages.routes(services),
            *day_sheet_pages.routes(services),
        ],
        middleware=[Middleware(_SignedIn, person=person)],
    )
    app.state.services = services
    app.state.places = tuple(Place(path, word, tuple(Role)) for path, word in PLACES)
    return app


@dataclass
class Served:
    """An application that a browser can reach on a port of this machine; `stop` and `start` again keep the port."""

    app: ASGIApp
    port: int = 0
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", self.port))
            self.port = probe.getsockname()[1]
        configuration = uvicorn.Config(
            self.app, host="127.0.0.1", port=self.port, log_level="warning", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(configuration)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 30
        while not self._server.started:
            assert self._thread.is_alive(), "the console's server ended while it started"
            assert time.monotonic() < deadline, "the console's server did not start within 30 s"
            time.sleep(0.02)

    def stop(self) -> None:
        if self._server and self._thread:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join(10)


@contextmanager
def served(app: ASGIApp) -> Iterator[Served]:
    """An application, served for the time of the block."""
    made = Served(app)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def console_page(
    browser: "Browser", port: int, path: str, width: int = 1366, height: int = 620, *, scripts: bool = True
) -> "Page":
    """A page of a console that is served; a mistake in it, such as what the policy refuses, fails the test."""
    from provisioner.examination.browser import new_context

    size: ViewportSize = {"width": width, "height": height}
    if scripts:
        context = new_context(browser, Settings(), viewport=size)
    else:
        context = browser.new_context(java_script_enabled=False, viewport=size)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: pytest.fail(said.text) if "Content Security" in said.text else None)
    page.goto(f"http://localhost:{port}{path}")
    return page


NAMES = (
    "LE GOFF Maëlle",
    "ÉVENOU Noé",
    "KERVELLA Inès",
    "TANGUY Malo",
    "QUÉMÉNEUR Anne-Sophie",
    "RIOU Ewen",
    "ABGRALL Lou",
)


def some_tiles(count: int, present: datetime | None = None) -> Sequence[Tile]:
    """So many places, of all states and incidents."""
    present = (present or clock.present(ZONE)).replace(microsecond=0)
    tiles = []
    for place in range(1, count + 1):
        started = present - timedelta(minutes=17, seconds=place)
        tile = Tile(
            f"poste-{place:02}",
            place,
            NAMES[place % len(NAMES)],
            f"{1000 + place}",
            ("WordPress A", "PrestaShop B", "WordPress C")[place % 3],
            State.WORKING,
            int((started + timedelta(minutes=40) - present).total_seconds()),
            started + timedelta(minutes=40),
            started,
            line=f"cliché {present:%-H}\xa0h\xa0{present:%M}",
            address=f"http://localhost:{8100 + place}",
            commission="3",
            expected=started,
            container=f"{place:012x}",
        )
        tiles.append(_of_kind(tile, place % 13, present))
    return tiles


def _of_kind(tile: Tile, kind: int, present: datetime) -> Tile:
    at = f"{present:%-H}\xa0h\xa0{present:%M}"
    end = present + timedelta(minutes=4)
    over = present - timedelta(minutes=2)
    changes: dict[int, dict[str, Any]] = {
        2: {"line": f"2 refus, {at}", "severity": Severity.REFUSED, "refused": 2},
        3: {"line": "ne répond pas", "severity": Severity.BROKEN, "state": State.BROKEN},
        4: {"extra": 13},
        5: {"state": State.LAST_MINUTES, "end": end, "left": 240},
        6: {"line": "machine inconnue", "severity": Severity.STRANGER},
        7: {"state": State.ABSENT, "line": f"attendu, {at}", "severity": Severity.ABSENT, "end": None, "started": None, "left": None},
        8: {"state": State.READY, "line": f"attendu, {at}", "end": None, "started": None, "left": None},
        9: {"state": State.OVER, "line": "à examiner", "end": over, "left": 0},
        10: {"state": State.EXAMINED, "line": "à archiver", "end": over, "left": 0, "examined": True},
        11: {"state": State.ARCHIVED, "line": "examiné", "end": over, "left": 0, "examined": True, "archived": True},
    }  # fmt: skip
    return replace(tile, **changes.get(kind, {}))
