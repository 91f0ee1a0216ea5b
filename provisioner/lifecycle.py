"""up, status, reset, down: what a technician does to a room, in the words of the manual."""

import json
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from provisioner.answering import await_answer
from provisioner.config import Settings
from provisioner.containment import hold
from provisioner.driver import driver_of
from provisioner.engine import ContainerSpec, ContainerState, Engine, Join, Limits
from provisioner.errors import Refusal, StationNotPristine, UnknownName
from provisioner.interruption import awaited, to_the_end
from provisioner.model import Conformity, Credentials, Golden, Station
from provisioner.network import Gateway, Room, name_of
from provisioner.progress import Progress, Quiet
from provisioner.stacks import gateway_image
from provisioner.state import State

#: What the station's first process needs to start the web server and the database as their own users.
CAPABILITIES = ("KILL", "SETGID", "SETUID")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without what reads alike: 0 and O, 1 and l


@dataclass(frozen=True)
class Centre:
    """All that a verb works with."""

    engine: Engine
    settings: Settings
    state: State
    room: Room
    progress: Progress = field(default_factory=Quiet)

    @property
    def gateway(self) -> Gateway:
        """The door of the room."""
        return Gateway(self.engine, self.room, self.settings)


def stations(centre: Centre) -> list[Station]:
    """Every station of the room, by place."""
    found = [_station(centre, one) for one in _oldest(centre.engine.containers(kind="station", room=centre.room.name))]
    return sorted(found, key=lambda station: station.place)


def station_named(centre: Centre, name: str) -> Station:
    """One station, or a refusal that lists those that exist."""
    present = stations(centre)
    for station in present:
        if station.name == name:
            return station
    names = ", ".join(station.name for station in present) or "aucun ; lancez « e5b up »"
    raise UnknownName(f"Le poste « {name} » n'existe pas. Postes de la salle : {names}.")


def up(centre: Centre, count: int, subjects: Sequence[str], golden: Golden) -> list[Station]:
    """Have `count` stations of each subject, ready; those that are there already stay as they are."""
    with centre.state.holding(centre.room.name, "salle", "up"):
        for station in stations(centre):
            with centre.state.holding(centre.room.name, station.name, "up"):
                recover(centre, station.name)
        present = stations(centre)
        for stopped in (one for one in present if one.state in ("exited", "created")):
            centre.engine.start(stopped.container)
        places = iter(place for place in range(1, 1000) if place not in {one.place for one in present})
        missing = [
            (next(places), subject)
            for subject in subjects
            for _ in range(count - sum(one.subject == subject and one.stack == golden.stack for one in present))
        ]
        if missing and missing[-1][0] > centre.room.places:
            raise Refusal(
                f"La salle a {centre.room.places} places, et il en faudrait {missing[-1][0]}. "
                "Demandez moins de postes, ou augmentez « places » dans e5b.toml puis lancez « e5b down »."
            )
        if not missing and not present:
            return []
        centre.progress.step("Entrée de la salle")
        gateway = centre.gateway
        done: list[str] = []

        def begin(place: int, subject: str) -> None:
            done.append(_begin(centre, golden, place, subject, gateway.network(place)))
            centre.progress.step(f"{name_of(place)} répond à {centre.room.address_of(place)}")

        try:
            image = gateway_image(centre.engine, centre.settings, centre.progress)
            gateway.prepare(image)
            centre.progress.step(f"Démarrage de {len(missing)} poste(s)")
            # The door opens while the stations start: each takes about as long as the other.
            _together([gateway.start, partial(hold, centre.engine, centre.room, image),
                       *(partial(begin, *one) for one in missing)])  # fmt: skip
        except BaseException:
            for container in done:
                _discard(centre, container)
            for place, _ in missing:
                gateway.leave(place)
            if not present:
                gateway.close()
            raise
        for station in present:
            gateway.join(station.place)
        for station in present:
            await_answer(centre.engine, centre.room, station.place, station.container)
        return stations(centre)


def reset(centre: Centre, name: str, golden: Golden) -> tuple[Station, float]:
    """Replace a station by one that was never started, at the same address; returns when it answers.

    Gives it, and the seconds that it took. Whatever fails or interrupts before it answers, the old one comes back.
    """
    started = time.monotonic()
    with centre.state.holding(centre.room.name, name, "reset"):
        recover(centre, name)
        old = station_named(centre, name)
        gateway, before = centre.gateway, centre.engine.container(old.container)
        join = gateway.beside(old.place, before)
        new = _begin(centre, golden, old.place, old.subject, join, gateway.knock(old.place, join))
        try:
            gateway.point(old.place, join.address)
        except BaseException:
            gateway.point(old.place, before.networks.get(join.network, join.address))
            _discard(centre, new)
            raise
        _discard(centre, old.container)
        return station_named(centre, name), round(time.monotonic() - started, 2)


def down(centre: Centre) -> list[str]:
    """Remove every station of the room, its networks and its gateway; the names that were there."""
    with ExitStack() as held:
        held.enter_context(centre.state.holding(centre.room.name, "salle", "down"))
        present = stations(centre)
        for station in present:
            held.enter_context(centre.state.holding(centre.room.name, station.name, "down"))
            centre.progress.step(f"Arrêt de {station.name}")
        with to_the_end():
            everything = centre.engine.containers(kind="*", room=centre.room.name)
            # What keeps the machine's rules goes last, and by its own hand: see Gateway.close.
            stood = [one for one in everything if one.labels["e5b.kind"] != "guard"]
            _together([partial(centre.engine.remove, one.id) for one in stood])
            for image in centre.engine.images(kind="copy", room=centre.room.name):
                centre.engine.remove_image(image.id)
            centre.gateway.close()
            for container in everything:
                centre.state.forget(container.id)
        return [station.name for station in present]


def recover(centre: Centre, name: str = "*") -> None:
    """Undo what a killed command left.

    Where a station has two containers, a reset was cut short: the older one holds the candidate's
    work, and comes back. One that was never started holds nothing, and goes.
    """
    held = centre.engine.containers(kind="station", room=centre.room.name, station=name)
    oldest = {one.id for one in _oldest(held)}
    kept = [one for one in held if one.id in oldest and one.started]
    for container in held:
        if container not in kept:
            _discard(centre, container.id)
    for container in kept:
        place = int(container.labels["e5b.place"])
        if (network := centre.room.network(place)) not in container.networks:
            centre.engine.connect(network, container.id, centre.gateway.join(place).address)
        if len(held) > len(kept):
            centre.gateway.point(place, centre.engine.container(container.id).networks[network])


def _begin(centre: Centre, golden: Golden, place: int, subject: str, join: Join, knock: int = 0) -> str:
    """Create a station that was never started, prove it by that, start it, wait for its answer.

    `knock` is what the examiners' door is told to reach it while another still has the place.
    """
    name, address = name_of(place), centre.room.address_of(place)
    credentials = Credentials(driver_of(golden.stack).candidate, "".join(secrets.choice(_LETTERS) for _ in range(10)))
    settings = centre.settings
    container = centre.engine.create(
        ContainerSpec(
            name=f"e5b-{centre.room.name}-{name}-{secrets.token_hex(3)}",
            image=golden.image,
            labels={
                "e5b.kind": "station", "e5b.room": centre.room.name, "e5b.station": name, "e5b.place": str(place),
                "e5b.stack": golden.stack, "e5b.subject": subject, "e5b.address": address, "e5b.golden": golden.image,
                "e5b.differs": json.dumps(golden.conformity.differs, ensure_ascii=False),
                "e5b.built_at": golden.built_at.isoformat(),
                "e5b.versions": json.dumps(golden.versions, ensure_ascii=False),
            },
            environment={"TZ": settings.time_zone},
            join=join,
            limits=Limits(settings.memory_mib, settings.processes),
            capabilities=CAPABILITIES,
            hosts=centre.gateway.hosts(place),
            stdin=True,
            restart=True,
        )
    )  # fmt: skip
    try:
        proof = _pristine_by_construction(centre, container, golden)
        mine = {
            "address": address, "secret": secrets.token_hex(32), "cron": True, "layer_mib": settings.layer_mib,
            "time_zone": settings.time_zone, "pages": centre.room.shared_hosts(),
            "candidate": {"user": credentials.user, "password": credentials.password},
        }  # fmt: skip
        centre.state.keep(container, credentials, {"station": name, "pristine": proof})
        centre.engine.start(container, stdin=json.dumps(mine).encode())
        centre.gateway.admit(place)
        await_answer(centre.engine, centre.room, place, container, knock=knock)
    except BaseException:
        _discard(centre, container)
        raise
    return container


def _pristine_by_construction(centre: Centre, container: str, golden: Golden) -> dict[str, Any]:
    """The proof that costs nothing: made from the golden image's digest, and never started."""
    made = centre.engine.container(container)
    if made.image != golden.image or made.started:
        raise StationNotPristine(f"Le conteneur {made.name} n'est pas neuf : il n'a pas été mis en service.")
    return {"golden": golden.image, "created": made.created, "by": "construction"}


def _station(centre: Centre, container: ContainerState) -> Station:
    labels, state = container.labels, container.state
    if state == "running":
        state = {"unhealthy": "en défaut", "full": "plein"}.get(container.health, "prêt")
    return Station(
        name=labels["e5b.station"],
        place=int(labels["e5b.place"]),
        room=centre.room.name,
        stack=labels["e5b.stack"],
        subject=labels["e5b.subject"],
        address=labels["e5b.address"],
        golden=labels["e5b.golden"],
        container=container.id,
        state=state,
        conformity=Conformity(tuple(json.loads(labels["e5b.differs"]))),
        built_at=datetime.fromisoformat(labels["e5b.built_at"]),
        versions=json.loads(labels["e5b.versions"]),
    )


def _oldest(held: Sequence[ContainerState]) -> list[ContainerState]:
    """One container per station: the oldest, where a reset is under way or was cut short."""
    by_age = sorted(held, key=lambda one: one.created, reverse=True)
    return list({one.labels["e5b.station"]: one for one in by_age}.values())


def _discard(centre: Centre, container: str) -> None:
    centre.engine.remove(container)
    centre.state.forget(container)


def _together(acts: Sequence[Callable[[], None]]) -> None:
    """Run all at once; the first error is raised when all have ended."""
    if not acts:
        return
    pool = ThreadPoolExecutor(max_workers=min(len(acts), 12))
    try:
        for future in [pool.submit(act) for act in acts]:
            awaited(future).result()
    finally:
        # What has not begun never does: an interruption must not go on working behind a person's back.
        pool.shutdown(wait=True, cancel_futures=True)
