"""Attributes each try to the station where it was made, and to the candidate whose station it was at that time.

A station's own try is attributed by its address. A candidate's machine is attributed to the station whose back office it
is in, since only the password opens that, while a wrong link opens anybody's site. Where it is in several back offices,
or has only opened sites, the try can't be attributed: all these stations are named, and it counts against none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from urllib.parse import unquote

from provisioner.build.driver import driver_of
from provisioner.engine.protocol import ContainerState
from provisioner.leakcheck.entries import CONTACTS, Entry
from provisioner.leakcheck.log_lines import by_stations, utc
from provisioner.network.room import SHARED, Addresses, name_of
from provisioner.station import sittings
from provisioner.station.centre import Centre

#: How long a machine counts as being at a station that it opened: an exam; and how often that is written down.
_STAYS, _AGAIN = timedelta(minutes=60), timedelta(minutes=10)
#: The hosts that a room proof asks for: see ways_out.py.
_PROOF = re.compile(r"^(203\.0\.113\.|%5B2001:db8:|\[2001:db8:)|(^|\.)e5b-preuve\.test$")


@dataclass(frozen=True)
class _Sitting:
    """A container's time as a station, and whose it was; the `key` stays the same when it is replaced during a sitting."""

    begin: datetime
    end: datetime | None
    key: str
    candidate: str
    stack: str


class Attribution:
    """Attributes tries to stations and candidates."""

    def __init__(self, centre: Centre, recorded: Iterable[Entry]) -> None:
        """`recorded`: the entries that are on record already."""
        self._block = centre.gateway.block()
        self._places = {centre.room.host_of(place): name_of(place) for place in range(1, centre.room.places + 1)}
        self._sittings: dict[str, list[_Sitting]] = {}
        for container in sittings.containers_of(centre.engine, centre.state, centre.room.name):
            self._sittings.setdefault(container.labels["e5b.station"], []).append(_sitting(centre, container))
        #: When each machine opened which station, and whether it was let into its back office.
        self._opened: dict[str, dict[str, list[tuple[datetime, bool]]]] = {}
        #: The first contacts on record: machine, station, sitting.
        self._contacts: set[tuple[str, str, str]] = set()
        for entry in recorded:
            if entry.what in ("visit", "elsewhere", "signed_in") and entry.opened:
                self._note(entry.machine, entry.opened, utc(entry.at), entry.office)
            if entry.what == "contact":
                self._contacts.add((entry.machine, entry.opened, entry.sitting))

    def of(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """These entries, attributed; without those of copies and proofs, and without visits that are on record."""
        for entry in sorted(entries, key=lambda entry: entry.at):
            inside = _station_at(self._block, entry.machine)
            if inside is None or _PROOF.search(entry.host):
                continue
            if entry.what in CONTACTS and (contact := self._contact(entry)):
                yield self._attributed(contact, inside)
            visits = entry.what == "visit" or (entry.what in CONTACTS and entry.page)
            attributable = self._first_visit(replace(entry, what="visit")) if visits else entry
            if attributable is not None and attributable.what not in CONTACTS:
                yield self._attributed(attributable, inside)

    def _attributed(self, entry: Entry, inside: str) -> Entry:
        """The entry with its station and candidate, or all possible stations; `inside`: the station that asked, or ""."""
        at = utc(entry.at)
        works = [inside] if inside else self._at(entry.machine, at, office=True)
        if len(works) == 1:
            sitting = self._sitting(works[0], at)
            entry = replace(
                entry,
                station=works[0],
                candidate=sitting.candidate if sitting else "",
                sitting=entry.sitting or (sitting.key if sitting else ""),
                origin="station" if inside else entry.origin,
            )
        elif near := works or self._at(entry.machine, at):
            entry = replace(entry, stations=tuple(near))
        return replace(entry, what="background") if inside and by_stations(entry) else entry

    def _contact(self, entry: Entry) -> Entry | None:
        """A machine's contact with a station; None where its first, which each of the gateway's processes logs, is on record."""
        at = utc(entry.at)
        entry = replace(entry, sitting=self._key(entry.opened, at), page="")
        if entry.what == "contact":
            key = (entry.machine, entry.opened, entry.sitting)
            if key in self._contacts:
                return None
            self._contacts.add(key)
        if entry.what == "signed_in":
            self._note(entry.machine, entry.opened, at, office=True)
        return entry

    def _first_visit(self, visit: Entry) -> Entry | None:
        """A visit to a station that the machine hasn't opened lately, with that station; None for any other."""
        machine, station, at = visit.machine, self._places.get(visit.host), utc(visit.at)
        if station is None:
            return None
        office = self._let_in(station, at, visit.page)
        if station in self._at(machine, at, office=office, within=_AGAIN):
            return None
        # A machine that isn't in a back office yet may have followed a wrong link before its candidate's own.
        works = self._at(machine, at, office=True) or ([] if office else self._at(machine, at))
        elsewhere = works and station not in works
        self._note(machine, station, at, office)
        return replace(visit, opened=station, office=office, what="elsewhere" if elsewhere else "visit")

    def _let_in(self, station: str, at: datetime, page: str) -> bool:
        """Whether it is a page of the station's back office that only a signed-in user sees."""
        if not (sitting := self._sitting(station, at)):
            return False
        return bool(driver_of(sitting.stack).office_inside.match(unquote(page)))

    def _note(self, machine: str, station: str, at: datetime, office: bool) -> None:
        self._opened.setdefault(machine, {}).setdefault(station, []).append((at, office))

    def _at(self, machine: str, time: datetime, *, office: bool = False, within: timedelta = _STAYS) -> list[str]:
        """The stations, or with `office` their back offices, that the machine has opened lately in the same sitting."""
        return sorted(
            station
            for station, openings in self._opened.get(machine, {}).items()
            if any(
                timedelta() <= time - opened_at < within and self._key(station, opened_at) == self._key(station, time)
                for opened_at, in_office in openings
                if in_office or not office
            )
        )

    def _key(self, station: str, at: datetime) -> str:
        sitting = self._sitting(station, at)
        return sitting.key if sitting else ""

    def _sitting(self, station: str, at: datetime) -> _Sitting | None:
        """The sitting of the station at that time: while the next container starts, it is still the one before."""
        sittings_at_the_time = [
            sitting
            for sitting in self._sittings.get(station, [])
            if sitting.begin <= at and (sitting.end is None or at < sitting.end)
        ]
        return min(sittings_at_the_time, key=lambda sitting: sitting.begin, default=None)


def _sitting(centre: Centre, container: ContainerState) -> _Sitting:
    record = centre.state.record(container.id)
    candidate, aside = record.candidate, record.aside
    names = (candidate.number, candidate.name, candidate.first_name) if candidate else ()
    return _Sitting(
        utc(container.created).replace(microsecond=0),  # the gateway's logs have whole seconds
        aside.at.astimezone(UTC) if aside else None,
        record.sitting or container.id,
        " ".join(filter(None, names)),
        container.labels["e5b.stack"],
    )


def _station_at(block: Addresses | None, address: str) -> str | None:
    """The station that has this internal address; "" where it is no station's, None for a copy's."""
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
