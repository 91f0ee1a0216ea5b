"""All that a verb works with, and the stations of its room."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from provisioner.core.errors import (
    UnknownName,
)
from provisioner.core.model import Station
from provisioner.core.progress import Progress, Quiet
from provisioner.engine.protocol import ContainerState, Engine
from provisioner.host.settings import Settings
from provisioner.network.gateway import Gateway, Room
from provisioner.station import sittings
from provisioner.station.identity import station_of
from provisioner.station.state import State


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

    def discard(self, container: str) -> None:
        """Remove a container, and forget what was kept of it."""
        self.engine.remove(container)
        self.state.forget(container)


def stations(centre: Centre) -> list[Station]:
    """Every station of the room, by place."""
    found = [station_of(one) for one in one_per_station(centre, in_use(centre))]
    return sorted(found, key=lambda station: station.place)


def station_named(centre: Centre, name: str) -> Station:
    """One station, or a refusal that lists those that exist."""
    for one in one_per_station(centre, in_use(centre, name)):
        return station_of(one)
    names = ", ".join(station.name for station in stations(centre)) or "aucun ; lancez « e5b up »"
    raise UnknownName(f"Le poste « {name} » n'existe pas. Postes de la salle : {names}.")


def container_of(centre: Centre, station: Station) -> ContainerState:
    """The container of a station, with the labels of its place."""
    held = sittings.containers_of(centre.engine, centre.state, centre.room.name, station.name)
    return next(one for one in held if one.id == station.container)


def in_use(centre: Centre, name: str | None = None, *, brief: bool = False) -> list[ContainerState]:
    """The containers that are stations of the room, or that one: not those that were set aside. `brief`: see Engine."""
    held = sittings.containers_of(centre.engine, centre.state, centre.room.name, name, brief=brief)
    return [one for one in held if not sittings.is_aside(centre.state, one)]


def one_per_station(centre: Centre, containers: Sequence[ContainerState]) -> list[ContainerState]:
    """One container per station: there are two while a reset is under way, or where it was cut short.

    Prefer containers whose record can be read: one whose record is lost may have been set aside. Of these, prefer
    containers with a candidate's clock, then the oldest: creation times are unreliable after a clock correction.
    """
    preferred_last = sorted(containers, key=lambda box: box.created, reverse=True)
    preferred_last.sort(key=lambda box: bool(centre.state.record(box.id).clock))
    preferred_last.sort(key=lambda box: not sittings.is_lost(centre.state, box))
    return list({box.labels["e5b.station"]: box for box in preferred_last}.values())
