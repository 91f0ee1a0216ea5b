"""Makes a view of the room of one look at it: the engine's containers, the records, the list of candidates, the clock."""

import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from provisioner.console.act_words import on_screen
from provisioner.console.day_end import has_begun, is_over
from provisioner.console.hours import day_and_hour
from provisioner.console.saves import SavesWatch
from provisioner.console.tiles import Seen, Severity, Tile, tile_of, tile_without_station
from provisioner.console.tiles import State as TileState
from provisioner.console.tries import TriesWatch
from provisioner.core.errors import EvidenceLost
from provisioner.core.records import UNREADABLE, RosterEntry, RosterRecord, SittingRecord
from provisioner.engine.protocol import ContainerState
from provisioner.network.room import name_of
from provisioner.station.centre import Centre, in_use, one_per_station
from provisioner.station.identity import station_of
from provisioner.station.state import State

#: How often stations are asked how they are (the engine's list doesn't say), and snapshots are listed, in seconds.
_HEALTH, _SNAPSHOTS = 5.0, 5.0
#: How long a station may be paused: a snapshot takes less.
_PAUSE = 15.0
#: How early before their hour candidates count as the room's present series.
_EARLY = timedelta(minutes=15)


@dataclass(frozen=True)
class RoomView:
    """The room as it was seen at one time; `version` grows with each change that a page shows.

    `trouble`: why the room can't be read any more, in French; the tiles are then those of `at`, and not fresh. `remarks`:
    what else can't be read, while the tiles are fresh. `expected`: how many candidates the present series has. `begun`:
    the day's first candidate has begun; `over`: its last one has ended.
    """

    version: int
    at: datetime
    tiles: tuple[Tile, ...] = ()
    series: str = ""
    room: str = ""
    expected: int = 0
    begun: bool = False
    over: bool = False
    trouble: str = ""
    remarks: tuple[str, ...] = ()

    def tile(self, place: int) -> Tile | None:
        """The tile of a place."""
        return next((tile for tile in self.tiles if tile.place == place), None)


class Eyes:
    """Makes a view of a room, and remembers between two looks what takes long to ask."""

    def __init__(self, tries: TriesWatch) -> None:
        self.tries, self.saves = tries, SavesWatch()
        self._health: dict[str, str] = {}
        self._paused: dict[str, float] = {}
        self._snapshots: dict[str, datetime] = {}
        self._asked_health = self._asked_snapshots = float("-inf")

    def look(self, centre: Centre) -> RoomView:
        """The room now; its version is still to be given."""
        containers = self._containers(centre)
        present, listed = centre.state.present(), centre.state.exam(centre.room.name)
        remarks, entries = [], tuple[RosterEntry, ...]()
        try:
            entries = centre.state.entries(centre.room.name)
        except EvidenceLost as error:  # candidates are at work all the same
            remarks.append(str(error))
        records = {container.id: centre.state.record(container.id) for container in containers}
        began = {_hour_of(record) for record in records.values() if record.clock} - {None}
        tiles = []
        for container in containers:
            try:
                record = records[container.id]
                seen = Seen(station_of(container), record, present, listed=listed, began=_hour_of(record) in began)
                tiles.append(tile_of(self._with_what_was_asked(seen, centre)))
            except Exception as error:  # a mistake of ours, or of who made this one, must not hide the others
                tiles += _tile_of_unread(container)
                remarks.append(
                    f"{container.labels['e5b.station']} n’a pas pu être lu ({type(error).__name__} : {error})."
                )
        tiles += _without_station(entries, {tile.place for tile in tiles}, present)
        working = any(tile.state.working for tile in tiles)
        self.tries.refresh(centre, working=working)
        self.saves.refresh(centre, working=working)
        series, expected = series_in_words(entries, present)
        return RoomView(
            version=0,
            at=present,
            tiles=tuple(sorted(tiles, key=lambda tile: tile.place)),
            series=series,
            room=centre.room.name,
            expected=expected,
            begun=has_begun(entries, tiles, present),
            over=is_over(entries, tiles, present),
            remarks=tuple(on_screen(remark) for remark in (*remarks, self.tries.incomplete) if remark),
        )

    def _with_what_was_asked(self, seen: Seen, centre: Centre) -> Seen:
        sitting, container = seen.record.sitting, seen.station.container
        return replace(
            seen,
            paused=self._paused_for(container) > _PAUSE,
            work=self.saves.of(seen.station.place),
            snapshot=self._snapshots.get(sitting),
            snapshot_minutes=centre.settings.snapshot_minutes,
            tries=self.tries.of(sitting, container),
        )

    def _containers(self, centre: Centre) -> list[ContainerState]:
        """The container of each station; how it is, as it was last asked."""
        now = time.monotonic()
        brief = now - self._asked_health < _HEALTH
        found = one_per_station(centre, in_use(centre, brief=brief))
        if not brief:
            self._asked_health = now
            self._health = {container.id: container.health for container in found}
        if now - self._asked_snapshots >= _SNAPSHOTS:
            self._asked_snapshots = now
            self._snapshots = _last_snapshots(centre)
        paused = {container.id for container in found if container.state == "paused"}
        self._paused = {name: self._paused.get(name, now) for name in paused}
        return [replace(container, health=self._health.get(container.id, "")) for container in found]

    def _paused_for(self, container: str) -> float:
        since = self._paused.get(container)
        return 0.0 if since is None else time.monotonic() - since


class ReadOnce(State):
    """The state folder, of which a document is parsed again only where its file has changed."""

    def __init__(self, state: State) -> None:
        self.__dict__.update(state.__dict__)
        self._parsed: dict[str, tuple[tuple[int, int, int], SittingRecord]] = {}
        self._roster: tuple[tuple[int, int, int], RosterRecord | None] | None = None

    def record(self, container: str) -> SittingRecord:
        """See State; a record that can't be read for a fault of the disk is an unreadable one."""
        # The signature is older than what is read: what is written meanwhile is read the next time.
        signature = _signature(self._station(container))
        parsed = self._parsed.get(container)
        if parsed is None or signature is None or parsed[0] != signature:
            try:
                read = super().record(container)
            except EvidenceLost:
                return UNREADABLE
            parsed = (signature or (0, 0, 0), read)
            self._parsed[container] = parsed
        return parsed[1]

    def roster(self, room: str) -> RosterRecord | None:
        """See State."""
        signature = _signature(self.folder / "rosters" / f"{room}.json")
        if self._roster is None or signature is None or self._roster[0] != signature:
            self._roster = (signature or (0, 0, 0), super().roster(room))
        return self._roster[1]


def _signature(path: Path) -> tuple[int, int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino
    return None


def series_in_words(entries: Sequence[RosterEntry], present: datetime) -> tuple[str, int]:
    """The present series of the list, « Série 2 sur 3 · 9 h 30 », and how many candidates it has; empty without a list."""
    days = sorted({entry.at.astimezone(present.tzinfo).date() for entry in entries})
    if not days:
        return "", 0
    day = next((day for day in days if day >= present.date()), days[-1])
    hours = sorted({entry.at for entry in entries if entry.at.astimezone(present.tzinfo).date() == day})
    number = max((number for number, at in enumerate(hours) if at - _EARLY <= present), default=0)
    at = hours[number]
    count = sum(entry.at == at for entry in entries)
    return f"Série {number + 1} sur {len(hours)} · {day_and_hour(at, present)}", count


def _hour_of(record: SittingRecord) -> datetime | None:
    return record.candidate.at if record.candidate else None


def _tile_of_unread(container: ContainerState) -> list[Tile]:
    """The tile of a station that can't be made out; none where not even its place is known."""
    name = container.labels["e5b.station"]
    if not (place := re.fullmatch(r"poste-(\d{1,4})", name)):
        return []
    return [Tile(name, int(place[1]), state=TileState.UNREAD, line="illisible", severity=Severity.UNREAD)]


def _without_station(entries: Sequence[RosterEntry], taken: set[int], present: datetime) -> list[Tile]:
    """A tile for each place of the list that has no station, of the first of its candidates who may still come there."""
    tiles: dict[int, Tile] = {}
    for entry in sorted(entries, key=lambda entry: entry.at):
        if entry.place not in taken and not entry.archived:
            tiles.setdefault(entry.place, tile_without_station(entry.place, name_of(entry.place), entry))
    return list(tiles.values())


def _last_snapshots(centre: Centre) -> dict[str, datetime]:
    """When the last snapshot of each sitting was taken."""
    last: dict[str, tuple[int, datetime]] = {}
    for image in centre.engine.images(kind="snapshot", room=centre.room.name):
        with suppress(KeyError, ValueError):
            sitting, number = image.labels["e5b.sitting"], int(image.labels.get("e5b.number", "0"))
            if number >= last.get(sitting, (0, None))[0]:
                last[sitting] = (number, datetime.fromisoformat(image.labels["e5b.at"]))
    return {sitting: at for sitting, (_, at) in last.items()}
