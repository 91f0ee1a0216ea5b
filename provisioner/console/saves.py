"""Asks the room's entrance now and then when candidates last saved something, in a thread of its own: it may be slow to answer."""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress

from provisioner.core import clock
from provisioner.network.gateway import LastWork
from provisioner.station.centre import Centre

#: How often it is asked, and how old an answer may be, in seconds: an older one would say that nothing was saved since.
_EVERY, _OLDEST = 10.0, 40.0


class SavesWatch:
    """When somebody last signed in and last saved at each place, as far as that is known now."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._asked = self._answered = float("-inf")
        self._work: Mapping[int, LastWork] = {}

    def of(self, place: int) -> LastWork:
        """What is known of a place; nothing where the last answer is old."""
        return self._work.get(place, LastWork()) if time.monotonic() - self._answered < _OLDEST else LastWork()

    def refresh(self, centre: Centre, *, working: bool) -> None:
        """Ask in the background where that is due and somebody works. Returns at once.

        In a rehearsal the entrance has the machine's time, which isn't that of the candidates' clocks.
        """
        now = time.monotonic()
        alive = self._thread and self._thread.is_alive()
        if alive or not working or now - self._asked < _EVERY or clock.rehearsed():
            return
        self._asked = now
        self._thread = threading.Thread(target=self._ask, args=(centre,), name="e5b-enregistrements", daemon=True)
        self._thread.start()

    def _ask(self, centre: Centre) -> None:
        began = time.monotonic()
        # Whatever the entrance answered, or that it didn't, is no trouble of the room: tiles then say nothing of saving.
        with suppress(Exception):
            self._work, self._answered = centre.gateway.last_work(), began
