"""Reads a candidate's sitting in the record of the station's container, and decides when the container may be removed."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from provisioner.core import clock
from provisioner.core.clock import Clock, ClockEntry
from provisioner.core.errors import Busy, Gone, Refusal
from provisioner.core.model import Station
from provisioner.core.records import Event, Reading, SittingRecord
from provisioner.engine.protocol import ContainerState, Engine
from provisioner.network.access_windows import waits_for_start
from provisioner.station.identity import labels_in_name
from provisioner.station.state import State

#: How much a clock that is corrected little by little may differ, in seconds.
_STEP = 2


class Basis(NamedTuple):
    """What a command read before it holds the station, and decides by: the container and the candidate's clock."""

    container: str
    clock: tuple[ClockEntry, ...]


def containers_of(
    engine: Engine, state: State, room: str, station: str | None = None, *, brief: bool = False
) -> list[ContainerState]:
    """Every container that is or was a station of the room, those set aside included.

    A spare that was handed over has the labels of its place in its record, since the engine can't change labels; where
    the record was lost, they are read from its name.
    """
    containers = engine.containers(kind="station", room=room, station=station or "*", brief=brief)
    for spare in engine.containers(kind="spare", room=room, brief=True):
        labels = state.record(spare.id).labels or labels_in_name(spare)
        if not labels or station not in (None, labels["e5b.station"]):
            continue
        with suppress(Gone):  # removed meanwhile
            container = spare if brief else engine.container(spare.id)
            # Its age counts from the hand-over, since `recover` takes the older container for the station.
            containers.append(replace(container, labels={**container.labels, **labels}, created=labels["e5b.since"]))
    return [
        container for container in containers if station in (None, container.labels["e5b.station"])
    ]  # no station is named "*"


def is_aside(state: State, container: ContainerState) -> bool:
    """Whether a station was replaced, and is kept until its work is archived."""
    return state.record(container.id).aside is not None


def is_lost(state: State, container: ContainerState) -> bool:
    """Whether a station's record is missing or unreadable, so that nothing is known of it."""
    return state.record(container.id).unknown


def set_aside(state: State, container: str, why: str) -> None:
    """Keep a replaced station until its work is archived."""
    state.note(container, aside={"at": state.now(), "why": why})


def take_back(state: State, container: str) -> None:
    """Make a container its place's station again, if it was set aside."""
    if state.record(container).aside:
        state.note(container, aside=None)


def holding_old(state: State, container: ContainerState, command: str) -> AbstractContextManager[None]:
    """Hold a container that is or will be set aside: no other command takes it back or puts it away; raises Busy."""
    return state.holding(container.labels["e5b.room"], f"ancien-{container.id[:12]}", command)


class Situation(NamedTuple):
    """A station as a technician sees it: French words, and whether its door is open, None where that isn't known."""

    french: str
    is_open: bool | None
    running: Clock | None


def situation(station: Station, record: SittingRecord, present: datetime, *, listed: bool) -> Situation:
    """The state of a station's container, and of its candidate's time and door; `listed`: the room has a list.

    The words are short, since the table has to fit in 80 columns.
    """
    running, is_ready = record.running, station.state == "prêt"
    ready = [] if is_ready else [station.state]
    if running is None:
        is_open = None if record.unknown else not waits_for_start(record, listed=listed)
        door = {None: ["heure inconnue"], True: [], False: ["porte fermée"]}[is_open]
        return Situation(", ".join([station.state, *door]), is_open, None)
    if not running.over(present):
        minutes = -(-running.left(present) // timedelta(minutes=1))
        return Situation(", ".join([*ready, "en cours", f"encore {minutes} min"]), True, running)
    end = running.end.astimezone(present.tzinfo)
    when = f"à {end:%H h %M}" if end.date() == present.date() else f"le {end:%d/%m}"
    archived = "non archivé" if needs_archive(record, present) else "archivé"
    return Situation(", ".join([*ready, f"terminé {when}", archived]), False, running)


def unexamined(state: State, container: str) -> str:
    """See `examination_remark`: of the candidate who works or worked at a station."""
    record = state.record(container)
    examined_at = record.examined_at if record.reports else None
    return examination_remark(record.running, examined_at, state.present().tzinfo)


def examination_remark(running: Clock | None, examined_at: datetime | None, zone: tzinfo | None) -> str:
    """Why a candidate's work still has to be examined, in French; empty where nobody started, or all of it was examined.

    `examined_at`: the time of the state that was examined last, None where none was.
    """
    if running is None:
        return ""
    if examined_at is None:
        return "le travail n'a pas été examiné"
    if clock.is_complete(running, examined_at):
        return ""
    return (
        f"le travail n'a été examiné que le {examined_at.astimezone(zone):%d/%m/%Y à %H:%M:%S}, avant la fin du temps : à "
        "examiner de nouveau"
    )


def refuse_while_working(name: str, running: Clock | None, present: datetime) -> None:
    """Raise while a candidate's time runs: a mistyped number or `--all` must not take the station, even to discard it."""
    if running and not running.over(present):
        raise Refusal(
            f"{name} sert à un candidat jusqu'à {running.end:%H:%M} : il n'est pas touché. S'il a fini, lancez "
            f"« e5b stop {name} », puis de nouveau « e5b reset {name} »."
        )


def basis(state: State, container: str) -> Basis:
    """What a command that decides now decides by."""
    return Basis(container, state.record(container).clock)


def refuse_if_changed(state: State, container: ContainerState, decided_by: Basis | None) -> None:
    """Raise Busy where a station has changed since a command decided: a candidate may have started there."""
    if decided_by and basis(state, container.id) != decided_by:
        raise Busy(
            f"{container.labels['e5b.station']} vient de changer : un candidat y a commencé, ou une autre commande y a touché. "
            "Rien n'y est fait : voyez « e5b status », puis recommencez s'il le faut."
        )


def to_archive(state: State, container: ContainerState) -> bool:
    """Whether a candidate started there and the work stands in no archive yet.

    A record is written before a station is started: where it is missing from a started one, a candidate may have begun.
    """
    record = state.record(container.id)
    if record.reading is Reading.MISSING:
        return container.started
    return needs_archive(record, state.present())


def needs_archive(record: SittingRecord, present: datetime) -> bool:
    """Whether a candidate started, and no archive taken after the end has all of the work and the reports.

    Where the record was lost, a candidate may have started, and may go on until the station is set aside. An archive
    no longer counts once the machine's clock was set back: the candidate's time may have run again since.
    """
    running, archived = record.running, record.archived
    if running is None and not record.lost:
        return False
    if not archived:
        return True
    if archived.taken_at > present or clock.booted() < archived.booted - _STEP:
        return True
    if len(record.reports) > archived.reports:  # the latest reports stand in no archive
        return True
    ends = [running.end] if running else []
    if record.aside:
        ends.append(record.aside.at)
    return not ends or archived.taken_at < min(ends)


def is_archived(state: State, container: ContainerState) -> bool:
    """Whether the work of a candidate is at the station, and stands in an archive too, by the station's record."""
    return state.record(container.id).archived is not None and not to_archive(state, container)


def is_endless(state: State, container: ContainerState) -> bool:
    """Whether it was archived but nothing tells when its work ends: its record was lost, and it still serves."""
    record = state.record(container.id)
    return record.lost and record.archived is not None and not (record.aside or record.clock)


def is_somebodys(state: State, container: ContainerState) -> bool:
    """Whether a candidate started there, archived or not, or may have, since its record is lost."""
    return state.record(container.id).running is not None or to_archive(state, container)


def may_go(state: State, container: ContainerState, discard: str) -> bool:
    """Whether a station may be removed now: no candidate's work is lost, or `discard` says why; that is logged."""
    if not to_archive(state, container):
        return True
    if not discard:
        return False
    candidate = state.record(container.id).candidate
    room, station = container.labels["e5b.room"], container.labels["e5b.station"]
    state.log(
        {
            "at": state.now(),
            "what": "discard",
            "why": discard,
            "room": room,
            "station": station,
            "candidate": candidate.number if candidate else "",
        }
    )
    return True


def may_all_go(state: State, containers: Sequence[ContainerState], discard: str) -> None:
    """Raise unless all of these may be removed."""
    if unarchived := sorted(
        {container.labels["e5b.station"] for container in containers if not may_go(state, container, discard)}
    ):
        raise Refusal(
            f"Le travail d'un candidat n'est pas encore archivé : {', '.join(unarchived)}. Lancez « e5b archive make --all », ou "
            "dites pourquoi il peut être perdu, avec « --discard RAISON »."
        )


def record_event(state: State, container: str, kind: str, *, why: str = "", to: datetime | None = None) -> None:
    """Add to a sitting's record an event that the jury has to know of."""
    event = Event(at=datetime.fromisoformat(state.now()), what=kind, why=why, to=to)
    state.note(container, events=(*state.record(container).events, event))
