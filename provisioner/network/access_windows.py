"""Each place's access window: the gateway lets its candidate in while his clock runs, and refuses him when it ends.

The gateway compares each request's time with the end of that place's clock, so no program has to run when the time
is over. The windows stand in the gateway's own files, and so survive a restart of the engine or the machine.
"""

import os
import re
from collections.abc import Mapping
from datetime import tzinfo

from provisioner.core import clock
from provisioner.core.records import SittingRecord
from provisioner.engine.protocol import ContainerState, Engine

#: The header of every page that the gateway answers outside a window.
CLOSED = "X-E5B-Door"
FILE = "etc/e5b/doors/room.conf"
#: The file in a new gateway: one that was made anew no longer knows whose time runs.
NEW = b"# new\n"


def write(
    engine: Engine,
    gateway: ContainerState,
    records: Mapping[int, SittingRecord],
    zone: tzinfo,
    *,
    listed: bool = False,
) -> set[int]:
    """Write the windows of these places for the gateway to read; gives the places whose window changed.

    `listed`: candidates of a list come here, so every place but those for practice waits for a start.
    """
    before = engine.get(gateway.id, f"/{FILE}")
    before = NEW if before is None else before
    lines_before = {place: line for line in before.decode().splitlines() if (place := _place(line))}

    def rule(place: int, record: SittingRecord) -> str:
        if before != NEW and record.unknown and record.running is None:
            return lines_before.get(
                place, ""
            )  # only the window still says whether the candidate's time runs, and until when
        return _rule(place, record, zone, listed)

    lines = {place: line for place, record in sorted(records.items()) if (line := rule(place, record))}
    rules = "".join(f"{line}\n" for line in lines.values()).encode()
    if before == rules:
        return set()
    places = {place for place in lines_before | lines if lines_before.get(place) != lines.get(place)}
    engine.put(gateway.id, "/", {FILE: rules})
    return places


def _place(line: str) -> int:
    match = re.match(r'"~\^(\d+):', line)
    return int(match[1]) if match else 0


def _rule(place: int, record: SittingRecord, zone: tzinfo, listed: bool) -> str:
    """A line of nginx's map from "place:seconds" to why the window is closed; empty where it is open without an end.

    A place for a candidate of a list is closed until `start`.
    """
    running = record.running
    if running is None:
        return f'"~^{place}:" before;' if waits_for_start(record, listed=listed) else ""
    if "E5B_NOW" in os.environ:  # a rehearsal: its present is not the gateway's
        return f'"~^{place}:" over;' if running.over(clock.present(zone)) else ""
    return f'"~^{place}:(?:{at_least(int(running.end.timestamp()))})\\." over;'


def waits_for_start(record: SittingRecord, *, listed: bool) -> bool:
    """Whether a place without a clock is closed until `start`; `listed`: candidates of a list come to its room."""
    return record.candidate is not None or (listed and not record.practice)


def at_least(number: int) -> str:
    """A regular expression for the whole numbers of as many digits that are not below this one.

    >>> at_least(187)
    '187|[2-9][0-9][0-9]|19[0-9]|18[8-9]'
    """
    digits = str(number)
    patterns = [digits]
    for i, digit in enumerate(digits):
        if digit != "9":
            patterns.append(f"{digits[:i]}[{int(digit) + 1}-9]{'[0-9]' * (len(digits) - i - 1)}")
    return "|".join(patterns)
