"""Undoing or finishing what a killed command left of a station."""

from collections.abc import Sequence
from dataclasses import replace

from provisioner.core.errors import (
    EngineError,
)
from provisioner.engine.protocol import ContainerState
from provisioner.station import sittings
from provisioner.station.access import settle_access_windows
from provisioner.station.centre import Centre, container_of, one_per_station, station_named

#: What a station's first start leaves once all is done that makes it a candidate's own.
PERSONAL = "/var/lib/e5b/site/site.php"


def recovered(centre: Centre, name: str) -> ContainerState:
    """The container of a station, with the labels of its place, once nothing of a killed command is left."""
    for one in recover(centre, name):
        return one
    return container_of(centre, station_named(centre, name))


def recover(centre: Centre, name: str | None = None) -> list[ContainerState]:
    """Undo or finish what a killed command left; the stations' containers as they are then.

    A station changes containers in the moment in which the old one is noted as set aside. Where there are two
    that are not, the newer one has served nobody, and goes; it is kept where its record says otherwise. One whose
    first start wasn't done holds nothing, and goes.
    """
    everything = sittings.containers_of(centre.engine, centre.state, centre.room.name, name)
    in_use = [container for container in everything if not sittings.is_aside(centre.state, container)]
    aside = [container for container in everything if sittings.is_aside(centre.state, container)]
    stations_in_use = one_per_station(centre, [container for container in in_use if has_served(centre, container)])
    surplus = [container for container in in_use if container not in stations_in_use]
    for container in surplus:
        if sittings.to_archive(centre.state, container):
            sittings.set_aside(centre.state, container.id, "recover")
            aside.append(container)
        else:
            centre.discard(container.id)
    found = centre.gateway.find()
    running = found is not None and found.state == "running"
    recovered_stations = [_rejoined(centre, container, aside) for container in stations_in_use]
    for container in recovered_stations if running else ():
        centre.gateway.restore_upstream(int(container.labels["e5b.place"]), container)
    if surplus:
        settle_access_windows(centre, sure=True)
    for container in aside:
        _keep_out(centre, container)
    return recovered_stations


def _rejoined(centre: Centre, container: ContainerState, aside: Sequence[ContainerState]) -> ContainerState:
    """Have a station's container run on its place's network, where a replacement that was cut short left it neither."""
    place = int(container.labels["e5b.place"])
    network = centre.room.network(place)
    joined, stopped = network in container.networks, container.state == "exited"
    if joined and not stopped:
        return container
    # First: a container that was set aside may have the address still, and would keep this one from coming back.
    for other in aside:
        if network in other.networks:
            centre.engine.disconnect(network, other.id)
    if not joined:
        centre.engine.connect(network, container.id, centre.gateway.join(place).address)
    if stopped:
        centre.engine.start(container.id)
    now = centre.engine.container(container.id)
    return replace(now, labels=container.labels, created=container.created)


def _keep_out(centre: Centre, container: ContainerState) -> None:
    """Have a container that was set aside off its place's network, and stopped."""
    network = centre.room.network(int(container.labels["e5b.place"]))
    if network in container.networks:
        settle_access_windows(centre, sure=True)  # first: the gateway may still lead to it
        centre.engine.disconnect(network, container.id)
    if container.state not in ("exited", "created"):
        centre.engine.stop(container.id)


def has_served(centre: Centre, container: ContainerState) -> bool:
    """Whether a station is somebody's: until its first start is done, it serves nothing."""
    if not container.started:
        return False
    if centre.state.record(container.id).running:  # the candidate was let in
        return True
    try:
        return centre.engine.get(container.id, PERSONAL) is not None
    except EngineError:  # a candidate may have worked in one that can't be asked any more
        return True
