"""Assigns stations to the candidates of the list: who is there, who comes next, how far each is."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from provisioner.build.stacks import require_golden
from provisioner.core.clock import EXAM_MINUTES
from provisioner.core.errors import ProvisionerError, Refusal, UnknownName
from provisioner.core.model import Credentials, Golden, Station, WantedStation
from provisioner.core.records import Candidate, RosterEntry, SittingRecord
from provisioner.exam.list_update import who_began
from provisioner.exam.working_time import REPEATED_WITHIN
from provisioner.host.editions import stack_named
from provisioner.station import sittings
from provisioner.station.access import settle_access_windows
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import ensure_stations, reset

#: How late a candidate may be; after that, a reset prepares the station for the next one.
_LATE = timedelta(hours=2)
#: How early before his hour a candidate may be started: the next series is at least half an hour later.
_EARLY = timedelta(minutes=15)
#: Why a station is left out that waits for nobody; it may be started for somebody who isn't on the list.
NOBODY = "ce poste n'attend personne"
#: After this time, the candidate of a station whose record is lost counts as having been there.
_THERE = timedelta(minutes=EXAM_MINUTES)


def entries_of(centre: Centre) -> list[RosterEntry]:
    """The entries of the room's list, or a refusal that says how to give one."""
    roster = centre.state.roster(centre.room.name)
    if roster is None:
        raise Refusal("Aucune liste de candidats n'a été donnée. Donnez-la avec « e5b up --roster FICHIER ».")
    return list(roster.entries)


def assign_stations(centre: Centre, ailing: list[ProvisionerError] | None = None) -> list[Station]:
    """Have every station of the list, each for its next candidate; stations that exist stay, unless the list changes them.

    A station whose candidate has not begun is made anew where the corrected list says so. A stack whose golden image
    isn't built, or a station that can't be made anew, doesn't prevent the others. `ailing`: see `ensure_stations`.
    """
    entries, goldens, errors = entries_of(centre), dict[str, Golden](), list[ProvisionerError]()
    for stack in {entry.stack for entry in entries}:
        with suppress(UnknownName):
            goldens[stack] = golden_for(centre, stack)

    def missing(present: Sequence[Station]) -> list[WantedStation]:
        occupied = {station.place for station in present}
        places = sorted({entry.place for entry in entries} - occupied)
        coming = [_first_expected(centre, entries, place) for place in places]
        return [_wanted(entry, goldens[entry.stack]) for entry in coming if entry and entry.stack in goldens]

    listed = {entry.place for entry in entries}
    present = ensure_stations(centre, missing, ailing)
    _warn_of_practice(centre, [station for station in present if station.place in listed])
    for station in present:
        _warn_of_finished_work(centre, station)
        _warn_of_earlier_candidates(centre, station, entries)
        decided_by = sittings.basis(centre.state, station.container)
        try:
            if wanted := _corrected(centre, station, entries, goldens):
                reset(centre, station.name, wanted.golden, wanted=wanted, decided_by=decided_by)
        except ProvisionerError as error:
            if str(error) not in map(str, ailing or ()):  # not twice the same error: a command still holds the station
                errors.append(error)
    settle_access_windows(centre)  # the closed windows name the candidates and their hours, which may be corrected
    if ailing is not None:
        ailing += errors
    elif errors:
        raise errors[0]
    return stations(centre)


def _warn_of_practice(centre: Centre, listed: Sequence[Station]) -> None:
    """Warn, once for all, of stations for practice at places of the list."""
    names = [station.name for station in listed if centre.state.record(station.container).practice]
    if names:
        centre.progress.step(
            f"{', '.join(names)} {'servent' if len(names) > 1 else 'sert'} à l'entraînement : la liste n'y place personne. "
            "Lancez « e5b down », puis donnez-la de nouveau"
        )


def _warn_of_finished_work(centre: Centre, station: Station) -> None:
    """Warn where a station has the work of a candidate whose time is over."""
    record = centre.state.record(station.container)
    over = record.running is not None and record.running.over(centre.state.present())
    with suppress(UnknownName):
        if over and (coming := next_candidate(centre, station)):
            centre.progress.step(
                f"{station.name} a encore le travail du candidat {_number(record.candidate)}, dont le temps "
                f"est fini : « e5b reset {station.name} » l'archive, et prépare le poste pour le candidat "
                f"{_number(coming.candidate)}"
            )


def _number(candidate: Candidate | None) -> str:
    return candidate.number if candidate else "?"


def _warn_of_earlier_candidates(centre: Centre, station: Station, entries: Sequence[RosterEntry]) -> None:
    """Warn of candidates who may still come to a station that waits for a later one: no command goes back to them."""
    record = centre.state.record(station.container)
    waited_for = _entry_at(entries, station, record.candidate)
    if waited_for is None or record.clock:
        return
    for entry in _expected(centre, entries, station.place, _LATE):
        if entry.at < waited_for.at:
            hours = [each.at.astimezone(centre.settings.zone) for each in (entry, waited_for)]
            centre.progress.step(
                f"{station.name} attend le candidat {waited_for.number} à {hours[1]:%H:%M}, et plus le candidat {entry.number} "
                f"({hours[0]:%H:%M}) : s'il vient, donnez-lui dans la liste un autre poste, ou une heure après {hours[1]:%H:%M}"
            )


def next_candidate(centre: Centre, station: Station, *, skip: bool = False) -> WantedStation | None:
    """The station to make in place of this one, for the next candidate; None where nobody of the list comes.

    It is for the same candidate while he has not begun and may still come, so that repeating the command passes over
    nobody; `skip` passes over him. A practice station stays one, even where there is a list.
    """
    roster, record = centre.state.roster(centre.room.name), centre.state.record(station.container)
    if roster is None or record.practice:
        return None
    entries, candidate, present = roster.entries, record.candidate, centre.state.present()
    own_entry = _entry_at(entries, station, candidate)
    waiting = own_entry if own_entry and not own_entry.archived and record.running is None else None
    if waiting and skip:
        _refuse_to_skip(station, waiting, record, present)
    if waiting and not skip and waiting.at + _LATE > present:
        entry: RosterEntry | None = waiting
    elif candidate and (own_entry or record.running):
        entry = next((later for later in _unarchived(entries, station.place) if later.at > candidate.at), None)
    else:
        late = _THERE if record.unknown else _LATE
        entry = next(iter(_expected(centre, entries, station.place, late)), None)
    if entry is None:
        return None
    coming = _wanted(entry, golden_for(centre, entry.stack))
    # next_at: the same command within minutes is taken for a repetition, and refused.
    return replace(coming, next_at=present) if waiting and skip else coming


def _refuse_to_skip(station: Station, waiting: RosterEntry, record: SittingRecord, present: datetime) -> None:
    """Raise where the candidate isn't due yet, or the same command has just skipped another."""
    if waiting.at > present:
        raise Refusal(
            f"{station.name} attend le candidat {waiting.number} à {waiting.at:%H:%M} : il ne peut pas encore être absent, et « --next » "
            "le passerait. S'il ne viendra pas, corrigez la liste et donnez-la de nouveau avec « e5b up --roster »."
        )
    if record.next_at and abs(present - record.next_at) < REPEATED_WITHIN:
        raise Refusal(
            f"« --next » vient de passer au candidat {waiting.number} à {station.name} : rien n'est fait deux fois. S'il est absent "
            f"lui aussi, relancez la commande dans {REPEATED_WITHIN.seconds // 60} minutes ; d'ici là, « e5b day » dit qui est où."
        )


def not_due(centre: Centre) -> dict[str, str]:
    """The stations that aren't due, by name, and why: the candidate is due later, or was long ago, or there is none."""
    if centre.state.roster(centre.room.name) is None:
        return {}
    entries, reasons, present, began = entries_of(centre), {}, centre.state.present(), who_began(centre)
    for station in stations(centre):
        record = centre.state.record(station.container)
        candidate = record.candidate
        if record.clock or record.practice or record.unknown:
            continue
        if candidate is None:
            reasons[station.name] = NOBODY
        elif _entry_at(entries, station, candidate) is None or candidate.key in began:
            reasons[station.name] = (
                "la liste n'y place plus son candidat : donnez-la de nouveau avec « e5b up --roster »"
            )
        elif (due := candidate.at) - present > _EARLY:
            reasons[station.name] = f"le candidat est attendu le {due.astimezone(centre.settings.zone):%d/%m à %H:%M}"
        elif follower := next(
            (later for later in _unarchived(entries, station.place) if due < later.at <= present + _EARLY), None
        ):
            reasons[station.name] = (
                f"le candidat était attendu à {due.astimezone(centre.settings.zone):%H:%M}, et le candidat {follower.number} l'est à "
                f"{follower.at.astimezone(centre.settings.zone):%H:%M} ; si le premier n'est pas venu, « e5b reset {station.name} --next »"
            )
        elif due + _LATE < present:
            reasons[station.name] = f"le candidat était attendu le {due.astimezone(centre.settings.zone):%d/%m à %H:%M}"
    return reasons


def candidate_of(centre: Centre, station: Station) -> str:
    """The number and names of a station's candidate; empty where it is nobody's of a list."""
    candidate = centre.state.record(station.container).candidate
    return f"{candidate.number} {candidate.name} {candidate.first_name}" if candidate else ""


def not_working(centre: Centre, *, unknown: bool = True) -> dict[str, str]:
    """The stations where no candidate's time runs, by name, and why; with `unknown`, also those whose record is lost."""
    reasons, present = dict[str, str](), centre.state.present()
    for station in stations(centre):
        record = centre.state.record(station.container)
        running = record.running
        if running is None and record.unknown:
            if unknown:
                reasons[station.name] = "on ne sait plus si quelqu'un y a commencé"
        elif running is None:
            reasons[station.name] = "personne n'y a commencé"
        elif running.over(present):
            reasons[station.name] = "le temps de son candidat est fini"
    return reasons


def without_work(centre: Centre) -> dict[str, str]:
    """The stations whose listed candidate hasn't begun, by name, and why nothing is examined or archived there."""
    records = {station.name: centre.state.record(station.container) for station in stations(centre)}
    return {
        name: "le candidat n'a pas commencé, il n'y a pas de travail"
        for name, record in records.items()
        if record.candidate and not record.clock
    }


@dataclass(frozen=True)
class Progress:
    """A candidate of the list and how far he is, in French."""

    entry: RosterEntry
    state: str

    def document(self) -> dict[str, object]:
        """The row in JSON, without the password."""
        entry = self.entry.document()
        return {**{key: value for key, value in entry.items() if key not in ("password", "kept")}, "state": self.state}


def day_rows(centre: Centre) -> list[Progress]:
    """Every candidate of the list and how far he is."""
    states = {}
    for container in sittings.containers_of(centre.engine, centre.state, centre.room.name):
        record = centre.state.record(container.id)
        if record.candidate and (record.aside is None or record.aside.why == "reset"):
            states[record.candidate.key] = _progress_in_french(centre, record)
    return [
        Progress(entry, states.get(entry.key, "archivé" if entry.archived else "à venir"))
        for entry in entries_of(centre)
    ]


def golden_for(centre: Centre, stack: str) -> Golden:
    """The golden image of a stack of the list; a refusal where it isn't built."""
    return require_golden(centre.engine, stack_named(stack))


def _progress_in_french(centre: Centre, record: SittingRecord) -> str:
    running, present = record.running, centre.state.present()
    if running is None:
        return "attendu, poste prêt"
    if not record.aside and not running.over(present):
        return f"en cours, jusqu'à {running.end.astimezone(centre.settings.zone):%H:%M}"
    return "terminé, à archiver" if sittings.needs_archive(record, present) else "terminé et archivé"


def _first_expected(centre: Centre, entries: Sequence[RosterEntry], place: int) -> RosterEntry | None:
    """The first candidate of a place who hasn't begun and may still come."""
    expected = _expected(centre, entries, place, _LATE)
    return next(iter(expected or _expected(centre, entries, place)), None)


def _expected(
    centre: Centre, entries: Sequence[RosterEntry], place: int, late: timedelta | None = None
) -> list[RosterEntry]:
    """The candidates of a place who haven't begun; with `late`, those who are at most so late."""
    began, present = who_began(centre), centre.state.present()
    unarchived = [entry for entry in _unarchived(entries, place) if entry.key not in began]
    return [entry for entry in unarchived if late is None or entry.at + late > present]


def _unarchived(entries: Sequence[RosterEntry], place: int) -> list[RosterEntry]:
    return [entry for entry in entries if entry.place == place and not entry.archived]


def _entry_at(entries: Sequence[RosterEntry], station: Station, candidate: Candidate | None) -> RosterEntry | None:
    """The entry of a candidate at a station's place; None where the list doesn't have him there."""
    key = candidate.key if candidate else ""
    return next((entry for entry in entries if (entry.key, entry.place) == (key, station.place)), None)


def _corrected(
    centre: Centre, station: Station, entries: Sequence[RosterEntry], goldens: Mapping[str, Golden]
) -> WantedStation | None:
    """The station to make in place of this one, since the list no longer agrees with it; None where it stays.

    Where its candidate has moved to another place and nobody comes after him, it is made for nobody: two stations of one
    candidate would make two archives, and his password must not open a station that isn't his. A correction that doesn't
    change the station, such as an hour, is noted in its record. A station whose record is lost stays, since a candidate
    may be at work there.
    """
    with centre.state.holding(centre.room.name, station.name, "up"):
        record = centre.state.record(station.container)
        if record.clock or record.practice or record.unknown:
            return None
        own_entry = _entry_at(entries, station, record.candidate)
        # He may have begun at another place, where an earlier list had him.
        if own_entry is None or own_entry.key in who_began(centre):
            coming = _first_expected(centre, entries, station.place)
            if coming and (golden := goldens.get(coming.stack)):
                return _wanted(coming, golden)
            if record.candidate:
                return WantedStation(station.place, station.subject, golden_for(centre, station.stack))
            return None
        needed = (own_entry.stack, credentials_of(own_entry))
        if (station.stack, centre.state.credentials(station.container)) != needed:
            golden = goldens.get(own_entry.stack)
            return _wanted(own_entry, golden) if golden else None
        centre.state.note(station.container, candidate=own_entry.candidate())
        return None


def _wanted(entry: RosterEntry, golden: Golden) -> WantedStation:
    return WantedStation(entry.place, entry.subject, golden, credentials_of(entry), entry.candidate())


def credentials_of(entry: RosterEntry) -> Credentials | None:
    """The candidate's credentials; None where they aren't known any more."""
    return None if entry.user is None or entry.password is None else Credentials(entry.user, entry.password)
