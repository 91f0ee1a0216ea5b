"""The candidate's clock: when he started, how long he has, when his time is over.

It stands in the station's record as times of day, so it survives a restart of whatever runs. Times are ISO 8601
with the centre's zone; `E5B_NOW` names a file that holds another present, for rehearsals.
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
#: By how much `booted` may change while the clock is corrected little by little, in seconds.
_STEP = 2


@dataclass(frozen=True)
class Clock:
    """One candidate's time."""

    started: datetime
    end: datetime
    extra: int

    def left(self, now: datetime) -> timedelta:
        """The time that is left; zero once it is over."""
        return max(self.end - now, timedelta())

    def over(self, now: datetime) -> bool:
        """Whether his time is over: the gateway lets him in no more."""
        return now >= self.end


def present(zone: tzinfo) -> datetime:
    """The present, or the one of a rehearsal."""
    if rehearsal := os.environ.get("E5B_NOW"):
        return datetime.fromisoformat(Path(rehearsal).read_text(encoding="utf-8").strip()).astimezone(zone)
    return datetime.now(zone)


def of(record: Mapping[str, Any]) -> Clock | None:
    """The clock of a station's record; None before its candidate started."""
    return read(record.get("clock") or ())


def rehearsed() -> bool:
    """Whether the present is a rehearsal's; a CMS still writes the machine's own time."""
    return "E5B_NOW" in os.environ


def stopped(record: Mapping[str, Any], now: datetime) -> datetime:
    """When the work of a station's candidate stopped: his end; now where he has time left or no clock, or in a rehearsal."""
    running = of(record)
    return now if running is None or rehearsed() else min(now, running.end.astimezone(now.tzinfo))


def is_complete(record: Mapping[str, Any], taken_at: str) -> bool:
    """Whether what was taken of a station at that time is all that its candidate did; always so in a rehearsal."""
    running = of(record)
    return running is None or rehearsed() or datetime.fromisoformat(taken_at) >= running.end


def read(entries: Sequence[Mapping[str, Any]]) -> Clock | None:
    """The clock that these entries add up to: a start, then minutes added, or a stop. None without a start.

    Minutes that are added after the end count from when they were given: the candidate is let in again for them.
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
    """Whether a station must still be archived: a candidate started there, and no archive has all of his work.

    An archive has all of it when it was taken after his end (or after his station was set aside) and every report was
    written before. Where the station's record was lost, a candidate may have started, and may go on until the station is
    set aside. After the machine's clock was set back an archive no longer counts: he may have been let in again since.
    """
    clock, archived = of(record), record.get("archived")
    if clock is None and not record.get("lost"):
        return False
    if not archived:
        return True
    taken_at = datetime.fromisoformat(archived["taken_at"])
    if taken_at > now or booted() < archived.get("booted", 0) - _STEP:
        return True
    if len(record.get("reports", ())) > archived.get("reports", 0):  # the archive lacks the newest report
        return True
    ends = [clock.end] if clock else []
    if aside := record.get("aside"):
        ends.append(datetime.fromisoformat(aside["at"]))
    return not ends or taken_at < min(ends)


def booted() -> float:
    """When this machine started, in seconds since 1970, by what its clock shows now: earlier than before where it was set back."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
