"""Times of the day and durations, as the room's screens write them: « 9 h 41 », « 23:41 »."""

from datetime import datetime, tzinfo

from provisioner.french.dates import written_day

_SPACE = "\N{NO-BREAK SPACE}"


def hour(at: datetime, zone: tzinfo | None = None) -> str:
    """A time of the day in a zone, in its own where none is given.

    >>> hour(datetime(2026, 5, 21, 9, 5)).replace(_SPACE, " ")
    '9 h 05'
    """
    there = at.astimezone(zone) if zone else at
    return f"{there.hour}{_SPACE}h{_SPACE}{there.minute:02}"


def day_and_hour(at: datetime, present: datetime) -> str:
    """A time of the day, with its day where that isn't the present one's; in the zone of the present.

    >>> day_and_hour(datetime(2026, 5, 21, 9, 5), datetime(2026, 5, 20)).replace(_SPACE, " ")
    '21 mai 2026, 9 h 05'
    """
    there = at.astimezone(present.tzinfo) if present.tzinfo else at
    return hour(there) if there.date() == present.date() else f"{written_day(there.date())}, {hour(there)}"


def duration(seconds: int) -> str:
    """A duration to the second.

    >>> duration(1421), duration(3671), duration(9)
    ('23:41', '1:01:11', '0:09')
    """
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
