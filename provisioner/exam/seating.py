"""The candidates of the day at their stations: who is there, who comes next, how far each is."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from provisioner.build.stacks import require_golden
from provisioner.core.clock import EXAM_MINUTES
from provisioner.core.errors import ProvisionerError, Refusal, UnknownName
from provisioner.core.model import Credentials, Golden, Station, WantedStation
from provisioner.core.records import Candidate, RosterEntry, SittingRecord
from provisioner.exam.list_update import who_began
from provisioner.exam.working_time import TWICE
from provisioner.host.editions import stack_named
from provisioner.station import sittings
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import ensure_stations, reset

#: How late a candidate may be before his station, made anew, is the next one's.
_LATE = timedelta(hours=2)
#: How long before his hour a candidate may begin with all the others: the next series is half an hour later at least.
_EARLY = timedelta(minutes=15)
#: Of a station that may be opened to whom the list doesn't have.
NOBODY = "ce poste n'attend personne"
#: Whoever sat at a station whose record is lost has been there, as soon as this has passed since his hour.
_THERE = timedelta(minutes=EXAM_MINUTES)


def entries_of(centre: Centre) -> list[RosterEntry]:
    """The list that was kept, or a refusal that says how to give one."""
    roster = centre.state.roster(centre.room.name)
    if roster is None:
        raise Refusal("Aucune liste de candidats n'a été donnée. Donnez-la avec « e5b up --roster FICHIER ».")
    return list(roster.entries)


def assign_stations(centre: Centre, ailing: list[ProvisionerError] | None = None) -> list[Station]:
    """Have every station of the list, each with its next candidate; those that are there stay as they are.

    But where the list was corrected: a station whose candidate has not begun follows it. A stack whose golden
    image isn't built keeps no other from its stations, nor does a station that can't follow. `ailing`: see `ensure_stations`.
    """
    entries, goldens, failed = entries_of(centre), dict[str, Golden](), list[ProvisionerError]()
    for stack in {entry.stack for entry in entries}:
        with suppress(UnknownName):
            goldens[stack] = golden_for(centre, stack)

    def missing(present: Sequence[Station]) -> list[WantedStation]:
        there = {one.place for one in present}
        places = sorted({entry.place for entry in entries} - there)
        coming = [_coming(centre, entries, place) for place in places]
        return [_wanted(entry, goldens[entry.stack]) for entry in coming if entry and entry.stack in goldens]

    listed = {entry.place for entry in entries}
    for station in ensure_stations(centre, missing, ailing):
        _warn_of_practice_and_finished_work(centre, station, listed)
        _warn_of_earlier_candidates(centre, station, entries)
        decided_by = sittings.basis(centre.state, station.container)
        try:
            if wanted := _corrected(centre, station, entries, goldens):
                reset(centre, station.name, wanted.golden, wanted=wanted, decided_by=decided_by)
        except ProvisionerError as error:
            if str(error) not in map(str, ailing or ()):  # the same command is at it as a moment ago
                failed.append(error)
    if ailing is not None:
        ailing += failed
    elif failed:
        raise failed[0]
    return stations(centre)


def _warn_of_practice_and_finished_work(centre: Centre, station: Station, listed: Collection[int]) -> None:
    """Say where a station of a `listed` place serves for practice, or has the work of a candidate whose time is over."""
    record = centre.state.record(station.container)
    if station.place in listed and record.practice:
        centre.progress.step(
            f"{station.name} sert à l'entraînement : la liste n'y place personne. Lancez « e5b down », puis donnez-la "
            "de nouveau"
        )
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
    """Name the candidates who may still come to a station that waits for a later one: no command goes back to them."""
    record = centre.state.record(station.container)
    waited_for = _listed(entries, station, record.candidate)
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
    """What comes to a station that is made anew; None where nobody of the list does.

    Its candidate again while he has not begun and may still come, unless he is to be skipped: so a command said
    twice passes over nobody. A station for practice stays one, whatever list was once given.
    """
    roster, record = centre.state.roster(centre.room.name), centre.state.record(station.container)
    if roster is None or record.practice:
        return None
    entries, candidate, now = roster.entries, record.candidate, centre.state.present()
    mine = _listed(entries, station, candidate)
    waiting = mine if mine and not mine.archived and record.running is None else None
    if waiting and skip:
        _refuse_to_skip(station, waiting, record, now)
    if waiting and not skip and waiting.at + _LATE > now:
        entry: RosterEntry | None = waiting
    elif candidate and (mine or record.running):
        entry = next((one for one in _left(entries, station.place) if one.at > candidate.at), None)
    else:
        late = _THERE if record.unknown else _LATE
        entry = next(iter(_expected(centre, entries, station.place, late)), None)
    if entry is None:
        return None
    wanted = _wanted(entry, golden_for(centre, entry.stack))
    # The same command again within minutes is a repetition, and skips nobody more.
    return replace(wanted, next_at=now) if waiting and skip else wanted


def _refuse_to_skip(station: Station, waiting: RosterEntry, record: SittingRecord, now: datetime) -> None:
    """Raise where the candidate can't be absent yet, or the same command has just skipped another."""
    if waiting.at > now:
        raise Refusal(
            f"{station.name} attend le candidat {waiting.number} à {waiting.at:%H:%M} : il ne peut pas encore être absent, et « --next » "
            "le passerait. S'il ne viendra pas, corrigez la liste et donnez-la de nouveau avec « e5b up --roster »."
        )
    if record.next_at and abs(now - record.next_at) < TWICE:
        raise Refusal(
            f"« --next » vient de passer au candidat {waiting.number} à {station.name} : rien n'est fait deux fois. S'il est absent "
            f"lui aussi, relancez la commande dans {TWICE.seconds // 60} minutes ; d'ici là, « e5b day » dit qui est où."
        )


def not_yet(centre: Centre) -> dict[str, str]:
    """The stations whose time it isn't, by name, and why: their candidate is due later, or was long ago, or nobody is."""
    if centre.state.roster(centre.room.name) is None:
        return {}
    entries, found, now, there = entries_of(centre), {}, centre.state.present(), who_began(centre)
    for station in stations(centre):
        record = centre.state.record(station.container)
        candidate = record.candidate
        if record.clock or record.practice or record.unknown:
            continue
        if candidate is None:
            found[station.name] = NOBODY
        elif _listed(entries, station, candidate) is None or candidate.key in there:
            found[station.name] = "la liste n'y place plus son candidat : donnez-la de nouveau avec « e5b up --roster »"
        elif (at := candidate.at) - now > _EARLY:
            found[station.name] = f"son candidat est attendu le {at.astimezone(centre.settings.zone):%d/%m à %H:%M}"
        elif followed := next((one for one in _left(entries, station.place) if at < one.at <= now + _EARLY), None):
            found[station.name] = (
                f"son candidat était attendu à {at.astimezone(centre.settings.zone):%H:%M}, et le candidat {followed.number} l'est à "
                f"{followed.at.astimezone(centre.settings.zone):%H:%M} ; si le premier n'est pas venu, « e5b reset {station.name} --next »"
            )
        elif at + _LATE < now:
            found[station.name] = f"son candidat était attendu le {at.astimezone(centre.settings.zone):%d/%m à %H:%M}"
    return found


def candidate_of(centre: Centre, station: Station) -> str:
    """Who a station is for, as a person calls him; empty where nobody of a list."""
    candidate = centre.state.record(station.container).candidate
    return f"{candidate.number} {candidate.name} {candidate.first_name}" if candidate else ""


def not_working(centre: Centre, *, unknown: bool = True) -> dict[str, str]:
    """The stations where no candidate's time runs, by name, and why; of `unknown`, where a record is lost, too."""
    found, now = dict[str, str](), centre.state.present()
    for station in stations(centre):
        record = centre.state.record(station.container)
        running = record.running
        if running is None and record.unknown:
            if unknown:
                found[station.name] = "on ne sait plus si quelqu'un y a commencé"
        elif running is None:
            found[station.name] = "personne n'y a commencé"
        elif running.over(now):
            found[station.name] = "le temps de son candidat est fini"
    return found


@dataclass(frozen=True)
class Progress:
    """A candidate of the list and how far he is, in French."""

    entry: RosterEntry
    state: str

    def document(self) -> dict[str, object]:
        """It in JSON, without the password."""
        entry = self.entry.document()
        return {**{key: value for key, value in entry.items() if key not in ("password", "kept")}, "state": self.state}


def day_rows(centre: Centre) -> list[Progress]:
    """Every candidate of the list and how far he is."""
    states = {}
    for container in sittings.containers_of(centre.engine, centre.state, centre.room.name):
        record = centre.state.record(container.id)
        if record.candidate and (record.aside is None or record.aside.why == "reset"):
            states[record.candidate.key] = _state(centre, record)
    return [
        Progress(entry, states.get(entry.key, "archivé" if entry.archived else "à venir"))
        for entry in entries_of(centre)
    ]


def golden_for(centre: Centre, stack: str) -> Golden:
    """The golden image of a stack of the list."""
    return require_golden(centre.engine, stack_named(stack))


def _state(centre: Centre, record: SittingRecord) -> str:
    running, now = record.running, centre.state.present()
    if running is None:
        return "attendu, poste prêt"
    if not record.aside and not running.over(now):
        return f"en cours, jusqu'à {running.end.astimezone(centre.settings.zone):%H:%M}"
    return "terminé, à archiver" if sittings.needs_archive(record, now) else "terminé et archivé"


def _coming(centre: Centre, entries: Sequence[RosterEntry], place: int) -> RosterEntry | None:
    """The first candidate of a place who hasn't begun and may still come."""
    expected = _expected(centre, entries, place, _LATE)
    return next(iter(expected or _expected(centre, entries, place)), None)


def _expected(
    centre: Centre, entries: Sequence[RosterEntry], place: int, late: timedelta | None = None
) -> list[RosterEntry]:
    """The candidates of a place who haven't begun; with `late`, those who are at most so late."""
    there, now = who_began(centre), centre.state.present()
    left = [one for one in _left(entries, place) if one.key not in there]
    return [one for one in left if late is None or one.at + late > now]


def _left(entries: Sequence[RosterEntry], place: int) -> list[RosterEntry]:
    return [one for one in entries if one.place == place and not one.archived]


def _listed(entries: Sequence[RosterEntry], station: Station, candidate: Candidate | None) -> RosterEntry | None:
    """What the list has of the candidate who sits at a station."""
    key = candidate.key if candidate else ""
    return next((one for one in entries if (one.key, one.place) == (key, station.place)), None)


def _corrected(
    centre: Centre, station: Station, entries: Sequence[RosterEntry], goldens: Mapping[str, Golden]
) -> WantedStation | None:
    """What a station is to be made anew as, since the list has its candidate no more, or otherwise, or it has none.

    Where he is elsewhere by now and nobody comes after him, it is made for nobody: two stations of one candidate would
    come to two archives, and his password opens none that isn't his. What doesn't change the station, such as an hour,
    is noted in it. One whose record is lost may have a candidate at work: it stays as it is.
    """
    with centre.state.holding(centre.room.name, station.name, "up"):
        record = centre.state.record(station.container)
        if record.clock or record.practice or record.unknown:
            return None
        mine = _listed(entries, station, record.candidate)
        if mine is None or mine.key in who_began(centre):  # at another, where the list had him meanwhile
            coming = _coming(centre, entries, station.place)
            if coming and (golden := goldens.get(coming.stack)):
                return _wanted(coming, golden)
            if record.candidate:
                return WantedStation(station.place, station.subject, golden_for(centre, station.stack))
            return None
        asked = (mine.stack, credentials_of(mine))
        if (station.stack, centre.state.credentials(station.container)) != asked:
            golden = goldens.get(mine.stack)
            return _wanted(mine, golden) if golden else None
        centre.state.note(station.container, candidate=mine.candidate())
        return None


def _wanted(entry: RosterEntry, golden: Golden) -> WantedStation:
    return WantedStation(entry.place, entry.subject, golden, credentials_of(entry), entry.candidate())


def credentials_of(entry: RosterEntry) -> Credentials | None:
    """What the candidate signs in with; None where it isn't known any more."""
    return None if entry.user is None or entry.password is None else Credentials(entry.user, entry.password)
