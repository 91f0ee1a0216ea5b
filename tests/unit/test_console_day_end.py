"""The day has begun with its first candidate; it is over once its last one has ended, and not a series earlier."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from provisioner.console.day_end import has_begun, is_over
from provisioner.console.tiles import State, Tile
from provisioner.core.records import RosterEntry
from tests.staged_room import ZONE
from tests.unit.samples import ENTRY

NINE = datetime(2026, 5, 21, 9, tzinfo=ZONE)


def entry(number: str, at: datetime = NINE, archived: str = "") -> RosterEntry:
    return RosterEntry.model_validate({**ENTRY, "key": number, "number": number, "at": at, "archived": archived})


def tile(number: str, state: State = State.OVER, end: datetime | None = NINE + timedelta(minutes=40)) -> Tile:
    return Tile(f"poste-{number}", int(number), number=number, state=state, end=end)


TEN = NINE + timedelta(hours=1)
LATER = {
    "waits": entry("3", TEN),
    "has gone": entry("3", TEN, "x.e5b.zip"),
    "another day": entry("3", TEN + timedelta(1)),
}


@pytest.mark.parametrize(
    ("entries", "tiles", "minutes", "over"),
    [
        ([entry("1"), entry("2")], [tile("1"), tile("2")], 41, True),
        ([entry("1"), entry("2")], [tile("1"), tile("2")], 39, False),
        ([entry("1"), entry("2")], [tile("1"), tile("2", State.WORKING, NINE + timedelta(minutes=53))], 41, False),
        ([entry("1"), LATER["waits"]], [tile("1")], 45, False),
        ([entry("1"), LATER["has gone"]], [tile("1")], 45, True),
        ([entry("1"), LATER["another day"]], [tile("1")], 45, True),
        ([entry("1", archived="x.e5b.zip")], [], 45, True),
        ([entry("1", archived="x.e5b.zip")], [Tile("poste-1", 1)], 45, True),
        ([entry("1"), entry("2")], [tile("1"), tile("2", State.ABSENT, None)], 45, False),
        ([entry("1"), entry("2")], [tile("1"), tile("2", State.ABSENT, None)], 61, True),
        ([entry("1"), entry("2")], [tile("1", State.READY, None), tile("2", State.ABSENT, None)], 120, False),
        ([], [tile("1"), tile("2")], 41, True),
        ([], [tile("1"), tile("2", State.READY, None)], 41, False),
        ([], [], 41, False),
        ([LATER["another day"]], [Tile("poste-3", 3, number="3")], 41, False),
    ],
)
def test_the_day_is_over(entries: Any, tiles: Any, minutes: int, over: bool) -> None:
    assert is_over(entries, tiles, NINE + timedelta(minutes=minutes)) is over


@pytest.mark.parametrize(
    ("entries", "tiles", "begun"),
    [
        ([entry("1"), LATER["waits"]], [Tile("poste-1", 1, number="1")], False),
        ([entry("1")], [Tile("poste-1", 1, number="1", started=NINE)], True),
        ([entry("1", archived="x.e5b.zip"), LATER["waits"]], [Tile("poste-3", 3, number="3")], True),
        ([entry("1", NINE - timedelta(1), "x.e5b.zip"), LATER["waits"]], [Tile("poste-3", 3, number="3")], False),
        ([], [], False),
    ],
    ids=["all wait", "one works", "between two series", "yesterday's", "nothing"],
)
def test_the_day_has_begun(entries: Any, tiles: Any, begun: bool) -> None:
    assert has_begun(entries, tiles, NINE) is begun
