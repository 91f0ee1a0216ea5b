"""Whether the day's first candidate has begun, and its last one ended, by the list and the places of the room."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from provisioner.console.tiles import Tile
from provisioner.core.records import RosterEntry

#: How long after his hour nobody waits for a candidate any more.
_GONE = timedelta(hours=1)


def has_begun(entries: Iterable[RosterEntry], tiles: Sequence[Tile], present: datetime) -> bool:
    """Whether somebody has begun: at a place as it is now, or today, and is archived since."""
    if any(tile.started or tile.examined or tile.archived for tile in tiles):
        return True
    return any(entry.archived and entry.at.astimezone(present.tzinfo).date() == present.date() for entry in entries)


def is_over(entries: Iterable[RosterEntry], tiles: Sequence[Tile], present: datetime) -> bool:
    """Whether somebody worked today, and nobody works or is still waited for.

    Without a candidate of today on the list, the day is over where the time of every place is.
    """
    if any(tile.state.working for tile in tiles):
        return False
    ended = {tile.number for tile in tiles if tile.end and tile.end <= present}
    today = [entry for entry in entries if entry.at.astimezone(present.tzinfo).date() == present.date()]
    if not today:
        return bool(ended) and all(tile.end for tile in tiles)
    left = [entry for entry in today if not entry.archived and entry.number not in ended]
    return len(left) < len(today) and all(entry.at + _GONE <= present for entry in left)
