"""What is known of a candidate's sitting, in the record of his station's container; when the container may go."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from provisioner.core import clock
from provisioner.core.errors import Busy, Gone, Refusal
from provisioner.engine.protocol import ContainerState, Engine
from provisioner.station.identity import labels_in_name
from provisioner.station.state import State


def held(
    engine: Engine, state: State, room: str, station: str | None = None, *, brief: bool = False
) -> list[ContainerState]:
    """Every container that is or was a station of the room, those set aside included.

    A spare that was handed over has the labels of its place in its record, since an engine can't change them; where
    that was lost, its name has them.
    """
    found = engine.containers(kind="station", room=room, station=station or "*", brief=brief)
    for spare in engine.containers(kind="spare", room=room, brief=True):
        labels = (state.record(spare.id) or {}).get("labels") or labels_in_name(spare)
        if not labels or station not in (None, labels["e5b.station"]):
            continue
        with suppress(Gone):  # removed meanwhile
            asked = spare if brief else engine.container(spare.id)
            # It is the place's from then on: what a killed command left is told by who came first.
            found.append(replace(asked, labels={**asked.labels, **labels}, created=labels["e5b.since"]))
    return [one for one in found if station in (None, one.labels["e5b.station"])]  # none is named "*"


def is_aside(state: State, container: ContainerState) -> bool:
    """Whether a station was replaced, and is kept until its work is archived."""
    return "aside" in (state.record(container.id) or {})


def is_lost(state: State, container: ContainerState) -> bool:
    """Whether nothing is known of a station any more."""
    return bool((state.record(container.id) or {"lost": True}).get("lost"))


def set_aside(state: State, container: str, why: str) -> None:
    """Keep a replaced station until its work is archived."""
    state.note(container, aside={"at": state.now(), "why": why})


def take_back(state: State, container: str) -> None:
    """Have a station be its place's again, if it was set aside."""
    if "aside" in (state.record(container) or {}):
        state.note(container, aside=None)


def leaving(state: State, container: ContainerState, command: str) -> AbstractContextManager[None]:
    """Hold a container that was set aside, or is about to be: nobody else takes it back or puts it away; raises Busy."""
    return state.holding(container.labels["e5b.room"], f"ancien-{container.id[:12]}", command)


def unexamined(state: State, container: str) -> bool:
    """Whether a candidate started there and nobody examined all that he did."""
    record = state.record(container) or {}
    if clock.of(record) is None:
        return False
    return not record.get("reports") or not clock.whole(record, record["examined_at"])


def left_to_him(name: str, record: Mapping[str, Any], now: datetime) -> None:
    """Raise where a candidate still works there: a wrong number, or `--all`, must not take it from him, `--discard` least."""
    running = clock.of(record)
    if running and not running.over(now):
        raise Refusal(
            f"{name} sert à un candidat jusqu'à {running.end:%H:%M} : il n'est pas touché. S'il a fini, lancez "
            f"« e5b stop {name} », puis de nouveau « e5b reset {name} »."
        )


def moment(state: State, container: str) -> tuple[str, object]:
    """What a command decides by, before it holds the station: which container it is, and his clock."""
    return container, (state.record(container) or {}).get("clock")


def as_decided(state: State, container: ContainerState, seen: tuple[str, object] | None) -> None:
    """Raise where a station is no longer what a command decided by: somebody may have begun there since."""
    if seen and moment(state, container.id) != seen:
        raise Busy(
            f"{container.labels['e5b.station']} vient de changer : un candidat y a commencé, ou une autre commande y a touché. "
            "Rien n'y est fait : voyez « e5b status », puis recommencez s'il le faut."
        )


def to_archive(state: State, container: ContainerState) -> bool:
    """Whether a candidate started there and what he did stands in no archive yet.

    A record is written before a station is started: where it is gone, one may have.
    """
    record = state.record(container.id)
    if record is None:
        return container.started
    return clock.to_archive(record, state.present())


def is_endless(state: State, container: ContainerState) -> bool:
    """Whether it was archived and nothing tells when its work ended: its record was lost, and it serves still."""
    record = state.record(container.id) or {}
    ended = record.get("aside") or record.get("clock")
    return bool(record.get("lost") and record.get("archived")) and not ended


def is_somebodys(state: State, container: ContainerState) -> bool:
    """Whether a candidate started there, archived or not; or may have, where its record is lost."""
    return clock.of(state.record(container.id) or {}) is not None or to_archive(state, container)


def may_go(state: State, container: ContainerState, discard: str) -> bool:
    """Whether a station may be removed now: nothing of a candidate is lost, or `discard` says why, for good."""
    if not to_archive(state, container):
        return True
    if not discard:
        return False
    candidate = (state.record(container.id) or {}).get("candidate") or {}
    room, station = container.labels["e5b.room"], container.labels["e5b.station"]
    state.log(
        {
            "at": state.now(),
            "what": "discard",
            "why": discard,
            "room": room,
            "station": station,
            "candidate": candidate.get("number", ""),
        }
    )
    return True


def may_all_go(state: State, containers: Sequence[ContainerState], discard: str) -> None:
    """Raise unless all of these may be removed."""
    if left := sorted({one.labels["e5b.station"] for one in containers if not may_go(state, one, discard)}):
        raise Refusal(
            f"Le travail d'un candidat n'est pas encore archivé : {', '.join(left)}. Lancez « e5b archive make --all », ou "
            "dites pourquoi il peut être perdu, avec « --discard RAISON »."
        )


def happened(state: State, container: str, what: str, **more: Any) -> None:
    """Write into a sitting's record what the jury has to know of."""
    events = [*(state.record(container) or {}).get("events", []), {"at": state.now(), "what": what, **more}]
    state.note(container, events=events)
