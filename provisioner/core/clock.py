"""The candidate's clock: when he started, how long he has, when his time ends.

It is kept in the station's record as wall-clock times, so that it survives any restart. `E5B_NOW` names a file that
holds another present, for rehearsals.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from provisioner.core.documents import Instant, Record

#: How long the exam lasts, in minutes (annex VI-2).
EXAM_MINUTES = 40


class ClockEntry(Record):
    """One change of a candidate's time: `what` is "start", "extra" or "stop"; `why` is the technician's reason."""

    at: Instant
    what: str
    minutes: int = 0
    why: str = ""


@dataclass(frozen=True)
class Clock:
    """A candidate's time: when it started, when it ends, and how many minutes of it were added."""

    started: datetime
    end: datetime
    extra: int

    def left(self, now: datetime) -> timedelta:
        """The time that is left; zero once it is over."""
        return max(self.end - now, timedelta())

    def over(self, now: datetime) -> bool:
        """Whether it has ended."""
        return now >= self.end


def present(zone: tzinfo) -> datetime:
    """The present, or that of a rehearsal."""
    if path := os.environ.get("E5B_NOW"):
        return datetime.fromisoformat(Path(path).read_text(encoding="utf-8").strip()).astimezone(zone)
    return datetime.now(zone)


def rehearsed() -> bool:
    """Whether the present is a rehearsal's; a CMS still writes the machine's own time."""
    return "E5B_NOW" in os.environ


def stopped(clock: Clock | None, now: datetime) -> datetime:
    """When a candidate's work stopped: at the end of his time; now while it runs, without a clock, or in a rehearsal."""
    return now if clock is None or rehearsed() else min(now, clock.end.astimezone(now.tzinfo))


def is_complete(clock: Clock | None, taken_at: datetime) -> bool:
    """Whether a state taken at that time has all that the candidate did; true in a rehearsal, whose times can't tell."""
    return clock is None or rehearsed() or taken_at >= clock.end


def read(entries: Sequence[ClockEntry]) -> Clock | None:
    """The clock that these entries come to; None where there are none.

    Minutes that are added after the end count from when they were added: the candidate may work again until they end.
    """
    if not entries:
        return None
    started = end = entries[0].at
    extra = 0
    for entry in entries:
        if entry.what == "stop":
            end = min(end, entry.at)
            continue
        end = max(end, entry.at) + timedelta(minutes=entry.minutes)
        extra += entry.minutes if entry.what == "extra" else 0
    return Clock(started, end, extra)


def booted() -> float:
    """When this machine started, in seconds since 1970, by what its clock shows now: earlier than before where it was set back."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
