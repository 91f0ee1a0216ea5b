"""Whom « Changer de série » takes, and why not the others; and what is said of it above the places of the room.

It is of the candidates whose time has ended, and of their series: a station where somebody works, with more time or
without, stays as it is, and so does one that waits for a later hour. Who was expected with them or before and didn't begin is
passed over only where that was asked for, and where « Passer au suivant » would do it. What each station is for next is
decided by `exam.seating.next_candidate`, as for every reset.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from provisioner.console.act_kind import Remarks, Values
from provisioner.console.act_words import hour, label
from provisioner.console.hours import hour as hour_of
from provisioner.console.tiles import Tile
from provisioner.core.errors import ProvisionerError
from provisioner.core.model import Station
from provisioner.core.records import Candidate, SittingRecord
from provisioner.exam.seating import NOBODY, next_candidate
from provisioner.french.text import numbered
from provisioner.station import sittings
from provisioner.station.centre import Centre, stations

#: What a form says where those who didn't come shall be passed over.
ABSENT = "absent"
#: How a station is whose site answers; a snapshot pauses it for a moment.
_SERVES = ("prêt", "en pause")


def left_out(centre: Centre, values: Values) -> Remarks:
    """The stations that stay as they are, and why."""
    present, reasons = centre.state.present(), dict[str, str]()
    seen = [(station, centre.state.record(station.container)) for station in stations(centre)]
    ended = [record.candidate.at for _, record in seen if record.candidate and has_ended(record, present)]
    for station, record in seen:
        if why := _why_not(centre, station, record, max(ended, default=None), values):
            reasons[station.name] = why
    return reasons


def has_ended(record: SittingRecord, present: datetime) -> bool:
    """Whether a candidate's time at a station is over."""
    return record.running is not None and record.running.over(present)


def _why_not(centre: Centre, station: Station, record: SittingRecord, ended: datetime | None, values: Values) -> str:
    """Why a station stays as it is; `ended`: the latest hour of a candidate whose time is over, None where there is none."""
    running = record.running
    if record.practice:
        return "sert à l’entraînement"
    if running and not running.over(centre.state.present()):
        more = f", dont {running.extra} min de plus" if running.extra else ""
        return f"travaille jusqu’à {hour(running.end, centre)}{more}"
    if record.unknown and not running:
        return "on ne sait plus si quelqu’un y a commencé : regardez ce poste"
    if station.state not in _SERVES:
        return f"ne répond pas comme il faut ({station.state}) : regardez ce poste, puis « Remettre à neuf »"
    if not running and (why := _why_not_absent(centre, record.candidate, ended, values)):
        return why
    try:
        next_candidate(centre, station, skip=not running)
    except ProvisionerError as error:
        return str(error)
    return ""


def _why_not_absent(centre: Centre, candidate: Candidate | None, ended: datetime | None, values: Values) -> str:
    if candidate is None:
        return NOBODY
    if candidate.at > centre.state.present():
        return f"attend déjà le candidat {candidate.number}, à {hour(candidate.at, centre)}"
    if ended is None or candidate.at > ended:
        return f"attend le candidat {candidate.number} depuis {hour(candidate.at, centre)} : « Démarrer », ou « Passer au suivant »"
    if not values.get(ABSENT):
        return f"le candidat {candidate.number}, attendu à {hour(candidate.at, centre)}, n’a pas commencé"
    return ""


def comes_next(centre: Centre, names: Sequence[str]) -> Remarks:
    """What isn't examined yet, who isn't waited for any more, and for whom each station will be new."""
    remarks = dict[str, str]()
    for station in stations(centre):
        if station.name not in names:
            continue
        running, coming = centre.state.record(station.container).running, None
        with suppress(ProvisionerError):
            coming = next_candidate(centre, station, skip=not running)
        whom = label(coming.candidate if coming else None)
        before = (
            sittings.unexamined(centre.state, station.container) if running else "n’a pas commencé, n’est plus attendu"
        )
        remarks[station.name] = " ; ".join(
            filter(None, (before, f"ensuite : {whom}" if whom else "personne ne vient ensuite"))
        )
    return remarks


@dataclass(frozen=True)
class SeriesEnd:
    """What is said above the places: `sentence`; whether the series can be changed now, and whether all have `ended` but those with more time."""

    sentence: str
    may_change: bool = False
    ended: bool = False


def series_end(tiles: Sequence[Tile], at: datetime) -> SeriesEnd | None:
    """How far the candidates who have begun are; None where nobody has."""
    begun = [tile for tile in tiles if tile.end and tile.expected]
    working = [tile for tile in begun if tile.end and tile.end > at]
    over = len(begun) - len(working)
    ends = sorted(tile.end for tile in working if tile.end)
    if not begun:
        return None
    if not over:
        return SeriesEnd(f"personne n’a encore fini, le premier finit à {hour_of(ends[0], at.tzinfo)}")
    who = numbered(over, "a fini", "ont fini")
    if not working:
        return SeriesEnd(who, may_change=True, ended=True)
    still = numbered(len(working), "travaille encore", "travaillent encore")
    ended = all(tile.extra for tile in working)
    return SeriesEnd(f"{who}, {still}, jusqu’à {hour_of(ends[-1], at.tzinfo)}", may_change=True, ended=ended)
