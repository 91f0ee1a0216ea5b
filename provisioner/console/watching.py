"""Watches the room: one thread looks at it twice a second while a page shows it, and all pages share what it saw.

Nothing is kept on a disk: a console that starts again shows the same. What can't be read is said, with the time of the
last look that could; see `RoomView.trouble`.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from provisioner.console.act_words import on_screen
from provisioner.console.load import Load
from provisioner.console.looking import Eyes, ReadOnce, RoomView
from provisioner.console.tiles import Severity, State, Tile, by_severity, counts
from provisioner.console.tries import TriesWatch
from provisioner.core.errors import ProvisionerError
from provisioner.station.centre import Centre

__all__ = ["Change", "RoomView", "RoomWatch", "Severity", "State", "Tile", "by_severity", "counts"]

#: How long to wait between two looks, in seconds: while a page shows the room, and while none does.
_WATCHED, _ALONE = 0.5, 3.0
#: After how many seconds the room is opened anew: its settings may have changed, or it may have been closed and opened.
_CENTRE = 60.0
#: How long ago the last look may be, in seconds. After that, nothing that a page shows may look fresh.
STALE = 5.0


class Change(NamedTuple):
    """What changed since the version that a page has; `whole`: the page has to ask for all of it."""

    version: int
    tiles: tuple[Tile, ...]
    whole: bool = False


class RoomWatch:
    """Looks at a room, and tells pages what changed."""

    def __init__(self, centre: Callable[[], Centre], tries: TriesWatch | None = None) -> None:
        """`centre`: see Services."""
        self._open, self._eyes = centre, Eyes(tries or TriesWatch())
        # A console that starts again must not count from a version that an open page has already seen.
        start = time.time_ns() // 1_000_000
        self._view = RoomView(start, datetime.now(UTC), trouble="La salle n’a pas encore été lue.")
        self._looked = time.monotonic()
        self._changed: dict[int, int] = {}
        self._whole = start
        self._lock = threading.Lock()
        self._poked, self._ended = threading.Event(), False
        self._watched = 0.0
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._thread: threading.Thread | None = None
        self._centre: Centre | None = None
        self._opened = 0.0
        #: How busy the machine is.
        self.load = Load()
        #: What else looks at the room each time it is opened anew.
        self.on_opened: Callable[[Centre], None] = lambda _: None

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._run, name="e5b-salle", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ended = True
        self._poked.set()
        if self._thread:
            self._thread.join(10)

    def current(self) -> RoomView:
        """The room as it was seen last; where it hasn't been seen for long, that is its trouble."""
        view, stale = self._view, self.stale()
        if stale and not view.trouble:
            return replace(view, trouble=f"Elle n’a plus pu être regardée depuis {int(stale)} s.")
        return view

    def stale(self) -> float:
        """For how many seconds the room hasn't been seen; 0 while the looks follow each other."""
        since = time.monotonic() - self._looked
        return since if since > STALE else 0.0

    def poke(self) -> None:
        """Have the watcher look at once, as after an act."""
        self._poked.set()

    def tries(self) -> TriesWatch:
        """The refused tries of the room."""
        return self._eyes.tries

    def since(self, version: int) -> Change:
        """What changed since that version."""
        with self._lock:
            view = self._view
            if version < self._whole or version > view.version:
                return Change(view.version, view.tiles, whole=True)
            return Change(view.version, tuple(tile for tile in view.tiles if self._changed[tile.place] > version))

    async def wait(self, version: int, seconds: float) -> bool:
        """Wait until the room has another version than that one; False where it has not after so many seconds."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.add(waiter)
        if (now := time.monotonic()) > self._watched:
            self.poke()
        self._watched = now + 2 * _ALONE
        try:
            if self._view.version != version:
                return True
            with suppress(TimeoutError):
                await asyncio.wait_for(waiter[1].wait(), seconds)
            return self._view.version != version
        finally:
            with self._lock:
                self._waiting.discard(waiter)

    async def changes(self, version: int) -> AsyncIterator[Change]:
        """Each change since that version, as it is seen; one without tiles where only the room's words have changed."""
        while True:
            if await self.wait(version, 3600):
                change = self.since(version)
                version = change.version
                yield change

    def look(self) -> RoomView:
        """Look at the room now; what couldn't be read is in the view that is returned."""
        before = self._view
        try:
            centre = self._room()
            seen = self._eyes.look(centre)
        except ProvisionerError as error:
            self._centre = None
            seen = replace(before, trouble=on_screen(str(error)))
        except Exception as error:  # a mistake of ours must not leave pages that look fresh
            self._centre = None
            seen = replace(before, trouble=f"La salle n’a pas pu être lue ({type(error).__name__} : {error}).")
        else:
            # Pages that were made meanwhile say that it wasn't read.
            before = before if self.stale() == 0 else replace(before, trouble="La salle n’était plus lue.")
            self._looked = time.monotonic()
        with suppress(OSError, ValueError):  # a machine that tells nothing of its load shows its room all the same
            self.load.look(seen.at, seen.tiles)
        return self._publish(before, seen)

    def _room(self) -> Centre:
        if self._centre is None or time.monotonic() - self._opened > _CENTRE:
            opened = self._open()
            self.on_opened(opened)
            self._centre = replace(opened, state=ReadOnce(opened.state))
            self._opened = time.monotonic()
        return self._centre

    def _publish(self, before: RoomView, seen: RoomView) -> RoomView:
        """Make what was seen the room's view, under another version where anything changed but the time."""
        with self._lock:
            if replace(seen, version=0, at=before.at) == replace(before, version=0):
                self._view = replace(seen, version=before.version)
                return self._view
            version = before.version + 1
            known = {tile.place: tile for tile in before.tiles}
            for tile in seen.tiles:
                if known.get(tile.place) != tile:
                    self._changed[tile.place] = version
            if known.keys() != {tile.place for tile in seen.tiles} or bool(before.trouble) != bool(seen.trouble):
                self._whole = version
            self._view = replace(seen, version=version)
            waiting = list(self._waiting)
        for loop, event in waiting:
            with suppress(RuntimeError):  # its loop has ended
                loop.call_soon_threadsafe(event.set)
        return self._view

    def _run(self) -> None:
        while not self._ended:
            self.look()
            self._poked.wait(_WATCHED if time.monotonic() < self._watched else _ALONE)
            self._poked.clear()
