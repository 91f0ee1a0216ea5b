"""The candidate's clock: when he started, how long he has, when his door closes.

It is kept with the station's record and told in wall-clock times, so it survives whatever restarts. Times
are ISO 8601 with the centre's zone; `E5B_NOW` names a file that holds another present, for rehearsals.
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

#: How long the exam lasts, in minutes (annex VI-2).
EXAM = 40
#: What a clock that is set right little by little may differ, in seconds.
_STEP = 2


@dataclass(frozen=True)
class Clock:
    """One candidate's time."""

    started: datetime
    end: datetime
    extra: int

    def left(self, now: datetime) -> timedelta:
        """What is left of it; nothing once it is over."""
        return max(self.end - now, timedelta())

    def over(self, now: datetime) -> bool:
        """Whether his door is closed."""
        return now >= self.end


def present(zone: tzinfo) -> datetime:
    """The present, or the one of a rehearsal."""
    if told := os.environ.get("E5B_NOW"):
        return datetime.fromisoformat(Path(told).read_text(encoding="utf-8").strip()).astimezone(zone)
    return datetime.now(zone)


def of(record: Mapping[str, Any]) -> Clock | None:
    """The clock of a station's record; None before its candidate started."""
    return read(record.get("clock") or ())


def rehearsed() -> bool:
    """Whether the present is a rehearsal's: what a CMS writes down is of the machine's own time all the same."""
    return "E5B_NOW" in os.environ


def stopped(record: Mapping[str, Any], now: datetime) -> datetime:
    """When the work of a station's candidate stopped: his end, or now where he has time left or no clock, or rehearses."""
    running = of(record)
    return now if running is None or rehearsed() else min(now, running.end.astimezone(now.tzinfo))


def is_complete(record: Mapping[str, Any], taken_at: str) -> bool:
    """Whether what was taken of a station then is all that its candidate did; a rehearsal's times tell nothing of it."""
    running = of(record)
    return running is None or rehearsed() or datetime.fromisoformat(taken_at) >= running.end


def read(entries: Sequence[Mapping[str, Any]]) -> Clock | None:
    """The clock that these entries come to: a start, then minutes added, or a stop.

    Minutes that are added after the end count from when they were given: the door opens again for them.
    """
    if not entries:
        return None
    started = datetime.fromisoformat(entries[0]["at"])
    end, extra = started, 0
    for entry in entries:
        at = datetime.fromisoformat(entry["at"])
        if entry["what"] == "stop":
            end = min(end, at)
            continue
        end = max(end, at) + timedelta(minutes=entry["minutes"])
        extra += entry["minutes"] if entry["what"] == "extra" else 0
    return Clock(started, end, extra)


def to_archive(record: Mapping[str, Any], now: datetime) -> bool:
    """Whether a candidate started there and what he did, or was found since, stands in no archive taken after his end.

    One may have where the record was lost, and may go on until he is set aside. An archive counts no more once the
    machine's clock was set back: his door may have opened again since.
    """
    clock, archived = of(record), record.get("archived")
    if clock is None and not record.get("lost"):
        return False
    if not archived:
        return True
    taken_at = datetime.fromisoformat(archived["taken_at"])
    if taken_at > now or booted() < archived.get("booted", 0) - _STEP:
        return True
    if len(record.get("reports", ())) > archived.get("reports", 0):  # what was found since stands in none
        return True
    ends = [clock.end] if clock else []
    if aside := record.get("aside"):
        ends.append(datetime.fromisoformat(aside["at"]))
    return not ends or taken_at < min(ends)


def booted() -> float:
    """When this machine started, by what its clock shows now, in seconds: set back, that is earlier than it was."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
