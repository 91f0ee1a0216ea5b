"""Collects the room's record of refused tries while candidates work, and counts it for the tiles.

The gateway's logs are read by commands in it, and attributing them reads the whole record: that takes longer than a look
at the room may, so a thread of its own does it, and only every so often.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from provisioner.core.errors import ProvisionerError
from provisioner.french.text import without_deceit
from provisioner.leakcheck.entries import CONTACTS, Entry
from provisioner.leakcheck.log_lines import utc
from provisioner.leakcheck.refused_tries import collect, entries, log_file
from provisioner.station.centre import Centre

#: Contacts of another machine that a person has to look at: its first look at a page may have been a mistyped link.
_STRANGERS = CONTACTS.keys() - {"contact"}
#: How long to wait between two collections, in seconds.
_EVERY = 60.0


@dataclass(frozen=True)
class Tries:
    """What the record of refused tries has of a sitting: how many, and when a machine that isn't the candidate's came."""

    refused: int = 0
    last: datetime | None = None
    stranger: str = ""
    came: datetime | None = None


def tries_of(entries: Iterable[Entry]) -> dict[str, Tries]:
    """The refused tries by sitting, of those whose sitting is known."""
    found: dict[str, Tries] = {}
    for entry in entries:
        if not entry.sitting:
            continue
        before, at = found.get(entry.sitting, Tries()), utc(entry.at)
        if entry.what == "refused":
            found[entry.sitting] = Tries(before.refused + entry.count, at, before.stranger, before.came)
        elif entry.what in _STRANGERS and entry.origin == "other":
            found[entry.sitting] = Tries(before.refused, before.last, without_deceit(entry.machine), at)
    return found


class TriesWatch:
    """The refused tries of a room, as far as they were collected."""

    def __init__(self, every: float = _EVERY) -> None:
        self._every = every
        self._next = 0.0
        self._signature: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None
        self._tries: Mapping[str, Tries] = {}
        self._entries: tuple[Entry, ...] = ()
        #: Why the latest tries could not be read, in French; else empty.
        self.incomplete = ""

    def of(self, *sittings: str) -> Tries:
        """What is known of a candidate's sitting, under whichever of these names it is known."""
        known = self._tries
        return next((known[sitting] for sitting in sittings if sitting in known), Tries())

    def entries_of(self, *sittings: str) -> list[Entry]:
        """The entries of a candidate's sitting, oldest first."""
        return [entry for entry in self._entries if entry.sitting and entry.sitting in sittings]

    def refresh(self, centre: Centre, *, working: bool) -> None:
        """Read the record in the background where it changed, and collect it first where that is due. Returns at once."""
        if self._thread and self._thread.is_alive():
            return
        due = working and time.monotonic() >= self._next
        signature = _signature(centre)
        if not due and signature == self._signature:
            return
        self._signature = signature
        if due:
            self._next = time.monotonic() + self._every
        self._thread = threading.Thread(target=self._read, args=(centre, due), name="e5b-essais", daemon=True)
        self._thread.start()

    def _read(self, centre: Centre, due: bool) -> None:
        try:
            if due:
                self.incomplete = collect(centre)
                self._signature = _signature(centre)
            read = tuple(entries(centre))
            self._tries, self._entries = tries_of(read), read
        except ProvisionerError as error:
            self.incomplete = str(error)
        except Exception as error:  # a mistake of ours, or of who wrote the record, must not pass for a quiet room
            self.incomplete = f"Les refus de réseau n’ont pas pu être lus ({type(error).__name__} : {error})."


def _signature(centre: Centre) -> tuple[int, int] | None:
    with suppress(OSError):
        found = log_file(centre).stat()
        return found.st_mtime_ns, found.st_size
    return None
