"""What every use-case works with, and the stations of its room."""

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
    """What every use-case works with."""

    engine: Engine
    settings: Settings
    state: State
    room: Room
    progress: Progress = field(default_factory=Quiet)

    @property
    def gateway(self) -> Gateway:
        """The gateway of the room."""
        return Gateway(self.engine, self.room, self.settings, self.state.folder if self.room.tls else None)

    def discard(self, container: str) -> None:
        """Remove a container and its record."""
        self.engine.remove(container)
        self.state.forget(container)


def stations(centre: Centre) -> list[Station]:
    """Every station of the room, by place."""
    listed = [station_of(container) for container in one_per_station(centre, in_use(centre))]
    return sorted(listed, key=lambda station: station.place)


def station_named(centre: Centre, name: str) -> Station:
    """One station, or a refusal that lists those that exist."""
    for container in one_per_station(centre, in_use(centre, name)):
        return station_of(container)
    names = ", ".join(station.name for station in stations(centre)) or "aucun ; lancez « e5b up »"
    raise UnknownName(f"Le poste « {name} » n'existe pas. Postes de la salle : {names}.")


def container_of(centre: Centre, station: Station) -> ContainerState:
    """The container of a station, with the labels of its place."""
    containers = sittings.containers_of(centre.engine, centre.state, centre.room.name, station.name)
    return next(container for container in containers if container.id == station.container)


def in_use(centre: Centre, name: str | None = None, *, brief: bool = False) -> list[ContainerState]:
    """The containers of the room's stations, or of the station `name`, without those set aside. `brief`: see Engine."""
    containers = sittings.containers_of(centre.engine, centre.state, centre.room.name, name, brief=brief)
    return [container for container in containers if not sittings.is_aside(centre.state, container)]


def one_per_station(centre: Centre, containers: Sequence[ContainerState]) -> list[ContainerState]:
    """One container per station: there are two while a reset is under way, or after it was interrupted.

    Prefer containers whose record can be read: a container without one may have been set aside. Of these, prefer
    containers with a candidate's clock, then the oldest: creation times are unreliable after a clock correction.
    """
    preferred_last = sorted(containers, key=lambda container: container.created, reverse=True)
    preferred_last.sort(key=lambda container: bool(centre.state.record(container.id).clock))
    preferred_last.sort(key=lambda container: not sittings.is_lost(centre.state, container))
    return list({container.labels["e5b.station"]: container for container in preferred_last}.values())
