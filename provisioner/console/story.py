"""A station's story as a line of time: its times, snapshots, tries, examinations and archives, newest first."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from provisioner.console.hours import hour
from provisioner.core.clock import ClockEntry
from provisioner.core.records import Event, SittingRecord
from provisioner.french.text import numbered, without_deceit
from provisioner.leakcheck.entries import CONTACTS, Entry, Origin
from provisioner.leakcheck.log_lines import utc
from provisioner.station.acts import ACT_NAMES
from provisioner.station.snapshots import Snapshot

#: Records have whole seconds.
_SLACK = timedelta(seconds=1)
#: Whose machine asked, as the story says it.
_OF: dict[Origin, str] = {
    "own": "la machine du candidat",
    "other": "une autre machine",
    "station": "le site lui-même",
    "room": "la machine de la salle",
    "": "une machine",
}


@dataclass(frozen=True)
class Moment:
    """Something that happened at a station. `tone`: "quiet", or "amber" for what a person should look at.

    `again`: where the same comes again with nothing else in between, it is counted in `times`. `act`: by which kind of act
    it may have come, and `who`: by whom then.
    """

    at: datetime
    what: str
    detail: str = ""
    tone: str = "quiet"
    times: int = 1
    act: str = ""
    who: str = ""
    again: bool = False


class Deed(NamedTuple):
    """An act of the book on a station: `ended` is None while it is under way; `text`: what a note of the book says."""

    kind: str
    begun: datetime
    ended: datetime | None
    who: str
    text: str = ""


def story(
    record: SittingRecord,
    snapshots: Iterable[Snapshot],
    entries: Iterable[Entry],
    present: datetime,
    deeds: Sequence[Deed] = (),
    saved: datetime | None = None,
) -> list[Moment]:
    """What happened in a candidate's sitting until now, newest first; by whom, where the book of acts says so.

    `saved`: when he last saved something, where that is known.
    """
    moments = [
        *_times(record.clock, record, present),
        *(moment for event in record.events if (moment := _event(event, present))),
        *_snapshots(snapshots, present),
        *_examinations(record, present),
        *_archive(record),
        *([Moment(saved, "dernier enregistrement du candidat")] if saved else []),
        *(moment for entry in entries if (moment := _try(entry))),
        *(Moment(deed.begun, without_deceit(deed.text), who=deed.who) for deed in deeds if deed.text),
    ]
    moments = [replace(moment, who=moment.who or _by_whom(moment, deeds)) for moment in moments]
    # The order in which it is listed here stands where times are the same: what is last is the latest.
    oldest_first = sorted((replace(each, at=each.at.astimezone(present.tzinfo)) for each in moments), key=_second)
    return _merged(oldest_first)[::-1]


def _second(moment: Moment) -> datetime:
    return moment.at


def _by_whom(moment: Moment, deeds: Sequence[Deed]) -> str:
    """Who did an act of its kind at that time."""
    for deed in deeds:
        late = deed.ended is not None and moment.at > deed.ended + _SLACK
        if moment.act and deed.kind == moment.act and deed.begun - _SLACK <= moment.at and not late:
            return deed.who
    return ""


def _merged(moments: Sequence[Moment]) -> list[Moment]:
    """The moments, oldest first, those that say the same one after the other as one, at the time of the last."""
    merged: list[Moment] = []
    for moment in moments:
        last = merged[-1] if merged else None
        if last and last.again and _same(last, moment):
            merged[-1] = replace(moment, times=last.times + moment.times)
        else:
            merged.append(moment)
    return merged


def _same(one: Moment, other: Moment) -> bool:
    return (one.what, one.detail, one.tone, one.who) == (other.what, other.detail, other.tone, other.who)


def _times(clock: Sequence[ClockEntry], record: SittingRecord, present: datetime) -> Iterator[Moment]:
    for entry in clock:
        if entry.what == "start":
            yield Moment(entry.at, f"début, pour {numbered(entry.minutes, 'minute')}", _reason(entry.why), act="start")
        elif entry.what == "extra":
            yield Moment(entry.at, f"{numbered(entry.minutes, 'minute')} de plus", _reason(entry.why), act="extra")
        else:
            yield Moment(entry.at, "fin, avant l’heure", _reason(entry.why), act="stop")
    running = record.running
    if running and clock[-1].what != "stop" and running.over(present):
        yield Moment(running.end, "fin du temps")


def _event(event: Event, present: datetime) -> Moment | None:
    """What the jury has to know of; None for what the clock says already."""
    if event.what == "rewind":
        to = f" au cliché de {hour(event.to, present.tzinfo)}" if event.to else ""
        return Moment(event.at, f"ramené{to}", _reason(event.why), "amber", act="rewind")
    if event.what == "replace":
        return Moment(
            event.at, "remplacé par un poste neuf, avec le travail", _reason(event.why), "amber", act="replace"
        )
    if event.what == "free":
        return Moment(event.at, "le candidat change de machine", _reason(event.why), "amber", act="free")
    return None if event.what in ("extra", "stop") else Moment(event.at, event.what, _reason(event.why))


def _snapshots(snapshots: Iterable[Snapshot], present: datetime) -> Iterator[Moment]:
    """The snapshots, by the second: a state from before a rewind is gone back to by its exact one only."""
    for each in snapshots:
        second = f"{each.at.astimezone(present.tzinfo):%H:%M:%S}"
        if each.left:
            yield Moment(each.at, "état d’avant un retour", f"« {ACT_NAMES['rewind']} » à {second} y revient")
        else:
            yield Moment(each.at, "cliché", f"de {second}")


def _examinations(record: SittingRecord, present: datetime) -> Iterator[Moment]:
    """The examinations, whose times are the names of their folders; the last is in the record as well."""
    for number, report in enumerate(record.reports, 1):
        if number == len(record.reports) and record.examined_at:
            yield Moment(record.examined_at, "examiné", act="examine")
            continue
        with suppress(ValueError):
            at = datetime.strptime(Path(report).name[:15], "%Y%m%d-%H%M%S")
            yield Moment(at.replace(tzinfo=present.tzinfo), "examiné", act="examine")


def _archive(record: SittingRecord) -> Iterator[Moment]:
    if record.archived:
        yield Moment(record.archived.taken_at, "archivé et relu", record.archived.file, act="archive")


def _try(entry: Entry) -> Moment | None:
    """A try on record, None for what no person has to read."""
    at, machine = utc(entry.at), f"{_OF[entry.origin]}, {without_deceit(entry.machine)}"
    if entry.what == "refused":
        return Moment(at, f"refus : {without_deceit(entry.host)}", machine, "amber", entry.count, again=True)
    if entry.what in CONTACTS:
        if not entry.notable and entry.what != "signed_in":
            return None
        tone = "quiet" if entry.origin in ("own", "room") else "amber"
        what = f"demande {CONTACTS[entry.what]}" if entry.what == "barred" else CONTACTS[entry.what]
        return Moment(at, what, machine, tone, entry.count, again=True)
    if entry.what == "late":
        return Moment(at, "envoi arrivé après la fin", machine, "amber", entry.count, again=True)
    return None


def _reason(why: str) -> str:
    return f"« {without_deceit(why)} »" if why else ""
