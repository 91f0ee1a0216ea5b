"""Says of each try at which station it was made, and whose that station was in that moment.

A station that asks is told by its own address, a candidate's machine by the stations that it has opened. Where it
has opened several, nobody can say whose try it was: all of them are named, and it is held against none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address

from provisioner import sittings
from provisioner.engine import ContainerState
from provisioner.lifecycle import Centre
from provisioner.network_lines import Entry, by_stations, moment
from provisioner.room import SHARED, Addresses, name_of

#: How long a machine is said to work at a station that it opened: an exam; and how often that is written down.
_WORKS, _AGAIN = timedelta(minutes=60), timedelta(minutes=10)
#: Where a proof of the network leads: see ways.py.
_PROOF = re.compile(r"^(203\.0\.113\.|%5B2001:db8:|\[2001:db8:)|(^|\.)e5b-preuve\.test$")


@dataclass(frozen=True)
class _Sitting:
    """One container's time as a station, and whose it was; the same `key` where it was replaced under a candidate."""

    begin: datetime
    end: datetime | None
    key: str
    candidate: str


class Attribution:
    """Says of each try at which station it was made, and whose that was in that moment."""

    def __init__(self, centre: Centre, known: Iterable[Entry]) -> None:
        """`known`: what is on record already."""
        self._block = centre.gateway.block()
        self._places = {centre.room.host_of(place): name_of(place) for place in range(1, centre.room.places + 1)}
        self._sittings: dict[str, list[_Sitting]] = {}
        for one in sittings.held(centre.engine, centre.state, centre.room.name):
            self._sittings.setdefault(one.labels["e5b.station"], []).append(_sitting(centre, one))
        #: When each machine opened which station.
        self._opened: dict[str, dict[str, list[datetime]]] = {}
        for entry in known:
            if entry["what"] in ("visit", "elsewhere") and entry.get("opened"):
                self._note(entry["from"], entry["opened"], moment(entry["at"]))

    def of(self, found: Iterable[Entry]) -> Iterator[Entry]:
        """These entries, attributed; without those of copies and proofs, and visits that are known."""
        for entry in sorted(found, key=lambda one: str(one["at"])):
            inside = _station_at(self._block, entry["from"])
            if inside is None or _PROOF.search(entry["host"]):
                continue
            if entry["what"] == "visit" and not self._is_news(entry):
                continue
            works = [inside] if inside else self._works(entry["from"], moment(entry["at"]))
            if len(works) == 1:
                sitting = self._sitting(works[0], moment(entry["at"]))
                entry |= {"station": works[0], "candidate": sitting.candidate if sitting else ""}
            elif works:
                entry["stations"] = works
            if inside and by_stations(entry):
                entry["what"] = "background"
            yield entry

    def _is_news(self, visit: Entry) -> bool:
        """Whether a visit tells of a station that the machine hasn't opened lately; then it is noted."""
        station, at = self._places.get(visit["host"]), moment(visit["at"])
        if station is None:
            return False
        if station in self._works(visit["from"], at, _AGAIN):
            return False
        works = self._works(visit["from"], at)
        visit |= {"opened": station, "what": "elsewhere" if works and station not in works else "visit"}
        self._note(visit["from"], station, at)
        return True

    def _note(self, machine: str, station: str, at: datetime) -> None:
        self._opened.setdefault(machine, {}).setdefault(station, []).append(at)

    def _works(self, machine: str, at: datetime, within: timedelta = _WORKS) -> list[str]:
        """The stations that the machine has opened lately, for whom they are given to at that moment."""
        return sorted(
            station
            for station, moments in self._opened.get(machine, {}).items()
            if any(
                timedelta() <= at - when < within and self._key(station, when) == self._key(station, at)
                for when in moments
            )
        )

    def _key(self, station: str, at: datetime) -> str:
        sitting = self._sitting(station, at)
        return sitting.key if sitting else ""

    def _sitting(self, station: str, at: datetime) -> _Sitting | None:
        """Whose the station was: while the next container starts, it is still the one before's."""
        there = [
            one for one in self._sittings.get(station, []) if one.begin <= at and (one.end is None or at < one.end)
        ]
        return min(there, key=lambda one: one.begin, default=None)


def _sitting(centre: Centre, container: ContainerState) -> _Sitting:
    record = centre.state.record(container.id) or {}
    who = record.get("candidate") or {}
    aside = record.get("aside")
    return _Sitting(
        moment(container.created),
        moment(aside["at"]) if aside else None,
        str(record.get("sitting") or container.id),
        " ".join(filter(None, (str(who.get(key) or "") for key in ("number", "name", "first_name")))),
    )


def _station_at(block: Addresses | None, address: str) -> str | None:
    """The station that has this internal address; "" where it is not one's, None for a copy's."""
    try:
        if block is None or IPv4Address(address) not in block.block:
            return ""
        index = (int(IPv4Address(address)) - int(block.block.network_address)) // 8
    except ValueError:
        return ""
    if index == 0:  # this machine has the first address there; only a proof's candidate has another
        return "" if int(IPv4Address(address)) % 8 == 1 else None
    if index < 2 or index >= SHARED:
        return ""
    return name_of(index // 2) if index % 2 == 0 else None
