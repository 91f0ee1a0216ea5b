"""The candidates of the day at their stations: who is there, who comes next, how far each is."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from provisioner.build.stacks import needed_golden
from provisioner.core import clock
from provisioner.core.clock import EXAM
from provisioner.core.errors import ProvisionerError, Refusal, UnknownName
from provisioner.core.model import Credentials, Golden, Station, Wanted
from provisioner.exam.list_update import Entry, at_of, who_began
from provisioner.exam.working_time import TWICE
from provisioner.host.config import stack_named
from provisioner.station import sittings
from provisioner.station.lifecycle import Centre, furnish, reset, stations

#: How late a candidate may be before his station, made anew, is the next one's.
_LATE = timedelta(hours=2)
#: How long before his hour a candidate may begin with all the others: the next series is half an hour later at least.
_EARLY = timedelta(minutes=15)
#: Of a station that may be opened to whom the list doesn't have.
NOBODY = "ce poste n'attend personne"
#: Whoever sat at a station whose record is lost has been there, as soon as this has passed since his hour.
_THERE = timedelta(minutes=EXAM)


def entries_of(centre: Centre) -> list[Entry]:
    """The list that was kept, or a refusal that says how to give one."""
    roster = centre.state.roster(centre.room.name)
    if roster is None:
        raise Refusal("Aucune liste de candidats n'a été donnée. Donnez-la avec « e5b up --roster FICHIER ».")
    return list(roster["entries"])


def seat(centre: Centre, ailing: list[ProvisionerError] | None = None) -> list[Station]:
    """Have every station of the list, each with its next candidate; those that are there stay as they are.

    But where the list was corrected: a station whose candidate has not begun follows it. A stack whose golden
    image isn't built keeps no other from its stations, nor does a station that can't follow. `ailing`: see `furnish`.
    """
    entries, goldens, failed = entries_of(centre), dict[str, Golden](), list[ProvisionerError]()
    for stack in {entry["stack"] for entry in entries}:
        with suppress(UnknownName):
            goldens[stack] = golden_for(centre, stack)

    def missing(present: Sequence[Station]) -> list[Wanted]:
        there = {one.place for one in present}
        places = sorted({entry["place"] for entry in entries} - there)
        coming = [_coming(centre, entries, place) for place in places]
        return [_wanted(entry, goldens[entry["stack"]]) for entry in coming if entry and entry["stack"] in goldens]

    listed = {entry["place"] for entry in entries}
    for station in furnish(centre, missing, ailing):
        if station.place in listed and (centre.state.record(station.container) or {}).get("practice"):
            centre.progress.step(
                f"{station.name} sert à l'entraînement : la liste n'y place personne. Lancez « e5b down », puis donnez-la "
                "de nouveau"
            )
        record = centre.state.record(station.container) or {}
        over = (running := clock.of(record)) is not None and running.over(centre.state.present())
        with suppress(UnknownName):
            if over and (coming := following(centre, station)):
                centre.progress.step(
                    f"{station.name} a encore le travail du candidat {(record.get('candidate') or {}).get('number', '?')}, dont le temps "
                    f"est fini : « e5b reset {station.name} » l'archive, et prépare le poste pour le candidat "
                    f"{coming.more['candidate']['number']}"
                )
        _tell_of_who_has_no_place(centre, station, entries)
        seen = sittings.moment(centre.state, station.container)
        try:
            if wanted := _corrected(centre, station, entries, goldens):
                reset(centre, station.name, wanted.golden, wanted=wanted, seen=seen)
        except ProvisionerError as error:
            if str(error) not in map(str, ailing or ()):  # the same command is at it as a moment ago
                failed.append(error)
    if ailing is not None:
        ailing += failed
    elif failed:
        raise failed[0]
    return stations(centre)


def _tell_of_who_has_no_place(centre: Centre, station: Station, entries: Sequence[Entry]) -> None:
    """Tell of who may still come, and whose station waits for somebody of a later hour: no command goes back to him."""
    record = centre.state.record(station.container) or {}
    waited_for = _listed(entries, station, record.get("candidate"))
    if waited_for is None or record.get("clock"):
        return
    for one in _expected(centre, entries, station.place, _LATE):
        if at_of(one) < at_of(waited_for):
            hours = [at_of(each).astimezone(centre.settings.zone) for each in (one, waited_for)]
            centre.progress.step(
                f"{station.name} attend le candidat {waited_for['number']} à {hours[1]:%H:%M}, et plus le candidat {one['number']} "
                f"({hours[0]:%H:%M}) : s'il vient, donnez-lui dans la liste un autre poste, ou une heure après {hours[1]:%H:%M}"
            )


def following(centre: Centre, station: Station, *, skip: bool = False) -> Wanted | None:
    """What comes to a station that is made anew; None where nobody of the list does.

    Its candidate again while he has not begun and may still come, unless he is to be skipped: so a command said
    twice passes over nobody. A station for practice stays one, whatever list was once given.
    """
    roster, record = centre.state.roster(centre.room.name), centre.state.record(station.container) or {"lost": True}
    if roster is None or record.get("practice"):
        return None
    entries, candidate, entry = roster["entries"], record.get("candidate"), None
    mine = _listed(entries, station, candidate)
    waits = mine and not mine.get("archived") and clock.of(record) is None
    if mine and waits and skip and at_of(mine) > centre.state.present():
        raise Refusal(
            f"{station.name} attend le candidat {mine['number']} à {at_of(mine):%H:%M} : il ne peut pas encore être absent, et « --next » "
            "le passerait. S'il ne viendra pas, corrigez la liste et donnez-la de nouveau avec « e5b up --roster »."
        )
    came = record.get("next_at")
    if mine and waits and skip and came and abs(centre.state.present() - datetime.fromisoformat(came)) < TWICE:
        raise Refusal(
            f"« --next » vient de passer au candidat {mine['number']} à {station.name} : rien n'est fait deux fois. S'il est absent "
            f"lui aussi, relancez la commande dans {TWICE.seconds // 60} minutes ; d'ici là, « e5b day » dit qui est où."
        )
    if mine and waits and not skip and at_of(mine) + _LATE > centre.state.present():
        entry = mine
    elif candidate and (mine or clock.of(record)):
        entry = next((one for one in _left(entries, station.place) if at_of(one) > at_of(candidate)), None)
    else:
        late = _THERE if record.get("lost") else _LATE
        entry = next((one for one in _expected(centre, entries, station.place, late)), None)
    if entry is None:
        return None
    wanted = _wanted(entry, golden_for(centre, entry["stack"]))
    if skip and mine and waits:  # whoever says the same again in a moment means this, and not the one after him
        wanted = replace(wanted, more={**wanted.more, "next_at": centre.state.present().isoformat()})
    return wanted


def not_yet(centre: Centre) -> dict[str, str]:
    """The stations whose time it isn't, by name, and why: their candidate is due later, or was long ago, or nobody is."""
    if centre.state.roster(centre.room.name) is None:
        return {}
    entries, found, now, there = entries_of(centre), {}, centre.state.present(), who_began(centre)
    for station in stations(centre):
        record = centre.state.record(station.container) or {"lost": True}
        candidate = record.get("candidate")
        if record.get("clock") or record.get("practice") or record.get("lost"):
            continue
        if candidate is None:
            found[station.name] = NOBODY
        elif _listed(entries, station, candidate) is None or candidate["key"] in there:
            found[station.name] = "la liste n'y place plus son candidat : donnez-la de nouveau avec « e5b up --roster »"
        elif (at := at_of(candidate)) - now > _EARLY:
            found[station.name] = f"son candidat est attendu le {at.astimezone(centre.settings.zone):%d/%m à %H:%M}"
        elif followed := next((one for one in _left(entries, station.place) if at < at_of(one) <= now + _EARLY), None):
            found[station.name] = (
                f"son candidat était attendu à {at.astimezone(centre.settings.zone):%H:%M}, et le candidat {followed['number']} l'est à "
                f"{at_of(followed).astimezone(centre.settings.zone):%H:%M} ; si le premier n'est pas venu, « e5b reset {station.name} --next »"
            )
        elif at + _LATE < now:
            found[station.name] = f"son candidat était attendu le {at.astimezone(centre.settings.zone):%d/%m à %H:%M}"
    return found


def candidate_of(centre: Centre, station: Station) -> str:
    """Who a station is for, as a person calls him; empty where nobody of a list."""
    told = (centre.state.record(station.container) or {}).get("candidate") or {}
    return " ".join(told[key] for key in ("number", "name", "first_name")) if told else ""


def not_working(centre: Centre, *, unknown: bool = True) -> dict[str, str]:
    """The stations where no candidate's time runs, by name, and why; of `unknown`, where a record is lost, too."""
    found, now = dict[str, str](), centre.state.present()
    for station in stations(centre):
        record = centre.state.record(station.container) or {"lost": True}
        running = clock.of(record)
        if running is None and record.get("lost"):
            if unknown:
                found[station.name] = "on ne sait plus si quelqu'un y a commencé"
        elif running is None:
            found[station.name] = "personne n'y a commencé"
        elif running.over(now):
            found[station.name] = "le temps de son candidat est fini"
    return found


def progress(centre: Centre) -> list[Entry]:
    """Every candidate of the list and how far he is, in French."""
    waiting, held = {}, sittings.held(centre.engine, centre.state, centre.room.name)
    for container in held:
        record = centre.state.record(container.id) or {}
        if (candidate := record.get("candidate")) and record.get("aside", {}).get("why") in (None, "reset"):
            waiting[candidate["key"]] = _state(centre, record, sittings.is_aside(centre.state, container))
    rows = []
    for entry in entries_of(centre):
        coming = "archivé" if entry.get("archived") else "à venir"
        row = {key: value for key, value in entry.items() if key not in ("password", "kept")}
        rows.append({**row, "state": waiting.get(entry["key"], coming)})
    return rows


def golden_for(centre: Centre, stack: str) -> Golden:
    """The golden image of a stack of the list."""
    return needed_golden(centre.engine, stack_named(stack))


def _state(centre: Centre, record: Entry, aside: bool) -> str:
    running, now = clock.of(record), centre.state.present()
    if running is None:
        return "attendu, poste prêt"
    if not aside and not running.over(now):
        return f"en cours, jusqu'à {running.end.astimezone(centre.settings.zone):%H:%M}"
    return "terminé, à archiver" if clock.to_archive(record, now) else "terminé et archivé"


def _coming(centre: Centre, entries: Sequence[Entry], place: int) -> Entry | None:
    """The first candidate of a place who hasn't begun and may still come."""
    expected = _expected(centre, entries, place, _LATE)
    return next(iter(expected or _expected(centre, entries, place)), None)


def _expected(centre: Centre, entries: Sequence[Entry], place: int, late: timedelta | None = None) -> list[Entry]:
    """The candidates of a place who haven't begun; with `late`, those who are at most so late."""
    there, now = who_began(centre), centre.state.present()
    left = [one for one in _left(entries, place) if one["key"] not in there]
    return [one for one in left if late is None or at_of(one) + late > now]


def _left(entries: Sequence[Entry], place: int) -> list[Entry]:
    return [one for one in entries if one["place"] == place and not one.get("archived")]


def _listed(entries: Sequence[Entry], station: Station, candidate: Entry | None) -> Entry | None:
    """What the list has of the candidate who sits at a station."""
    key = candidate["key"] if candidate else ""
    return next((one for one in entries if (one["key"], one["place"]) == (key, station.place)), None)


def _corrected(
    centre: Centre, station: Station, entries: Sequence[Entry], goldens: Mapping[str, Golden]
) -> Wanted | None:
    """What a station is to be made anew as, since the list has its candidate no more, or otherwise, or it has none.

    Where he is elsewhere by now and nobody comes after him, it is made for nobody: two stations of one candidate would
    come to two archives, and his password opens none that isn't his. What doesn't change the station, such as an hour,
    is noted in it. One whose record is lost may have a candidate at work: it stays as it is.
    """
    with centre.state.holding(centre.room.name, station.name, "up"):
        record = centre.state.record(station.container) or {"lost": True}
        if record.get("clock") or record.get("practice") or record.get("lost"):
            return None
        mine = _listed(entries, station, record.get("candidate"))
        if mine is None or mine["key"] in who_began(centre):  # at another, where the list had him meanwhile
            coming = _coming(centre, entries, station.place)
            if coming and (golden := goldens.get(coming["stack"])):
                return _wanted(coming, golden)
            if record.get("candidate"):
                return Wanted(station.place, station.subject, golden_for(centre, station.stack))
            return None
        asked = (mine["stack"], Credentials(mine["user"], mine["password"]))
        if (station.stack, centre.state.credentials(station.container)) != asked:
            golden = goldens.get(mine["stack"])
            return _wanted(mine, golden) if golden else None
        centre.state.note(station.container, candidate=_told(mine))
        return None


def _wanted(entry: Entry, golden: Golden) -> Wanted:
    mine = Credentials(entry["user"], entry["password"])
    return Wanted(entry["place"], entry["subject"], golden, mine, {"candidate": _told(entry)})


def _told(entry: Entry) -> Entry:
    """What a station's record says of its candidate."""
    return {key: entry[key] for key in ("key", "number", "name", "first_name", "commission", "at")}
