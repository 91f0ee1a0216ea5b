"""Undoes or finishes what a killed command left of a station."""

from collections.abc import Sequence
from dataclasses import replace

from provisioner.core.errors import (
    EngineError,
)
from provisioner.engine.protocol import ContainerState
from provisioner.station import sittings
from provisioner.station.access import settle_access_windows
from provisioner.station.centre import Centre, container_of, one_per_station, station_named

#: A station's first start writes this file last, once all is done that makes it a candidate's own.
PERSONAL = "/var/lib/e5b/site/site.php"


def recovered(centre: Centre, name: str) -> ContainerState:
    """Recover a station; its container, with the labels of its place."""
    for container in recover(centre, name):
        return container
    return container_of(centre, station_named(centre, name))


def recover(centre: Centre, name: str | None = None) -> list[ContainerState]:
    """Undo or finish what a killed command left, in a station or the whole room; the stations' containers afterwards.

    A station changes containers when the old one is noted as set aside. Where two are not set aside, the newer one has
    served nobody and is removed, unless its record says that a candidate worked there. A container whose first start
    wasn't finished holds no work and is removed.
    """
    everything = sittings.containers_of(centre.engine, centre.state, centre.room.name, name)
    in_use = [container for container in everything if not sittings.is_aside(centre.state, container)]
    aside = [container for container in everything if container not in in_use]
    stations_in_use = one_per_station(centre, [container for container in in_use if has_served(centre, container)])
    surplus = [container for container in in_use if container not in stations_in_use]
    for container in surplus:
        if sittings.is_somebodys(centre.state, container):
            sittings.set_aside(centre.state, container.id, "recover")
            aside.append(container)
        else:
            centre.discard(container.id)
    gateway_container = centre.gateway.find()
    running = gateway_container is not None and gateway_container.state == "running"
    recovered_stations = [_rejoined(centre, container, aside) for container in stations_in_use]
    for container in recovered_stations if running else ():
        centre.gateway.restore_upstream(int(container.labels["e5b.place"]), container)
    if surplus:
        settle_access_windows(centre, sure=True)
    for container in aside:
        _keep_out(centre, container)
    return recovered_stations


def _rejoined(centre: Centre, container: ContainerState, aside: Sequence[ContainerState]) -> ContainerState:
    """Have a station's container run on its place's network, where an interrupted replacement left it off or stopped."""
    place = int(container.labels["e5b.place"])
    network = centre.room.network(place)
    joined, stopped = network in container.networks, container.state == "exited"
    if joined and not stopped:
        return container
    # First, since a container that was set aside may still have the address that this one needs.
    for old in aside:
        if network in old.networks:
            centre.engine.disconnect(network, old.id)
    if not joined:
        centre.engine.connect(network, container.id, centre.gateway.join(place).address)
    if stopped:
        centre.engine.start(container.id)
    state = centre.engine.container(container.id)
    return replace(state, labels=container.labels, created=container.created)


def _keep_out(centre: Centre, container: ContainerState) -> None:
    """Take a container that was set aside off its place's network, and stop it."""
    network = centre.room.network(int(container.labels["e5b.place"]))
    if network in container.networks:
        settle_access_windows(centre, sure=True)  # first, since the gateway may still send requests to it
        centre.engine.disconnect(network, container.id)
    if container.state not in ("exited", "created"):
        centre.engine.stop(container.id)


def has_served(centre: Centre, container: ContainerState) -> bool:
    """Whether a container may hold a candidate's work: until its first start is done, it answers nobody."""
    if not container.started:
        return False
    if centre.state.record(container.id).running:  # the candidate was let in
        return True
    try:
        return centre.engine.get(container.id, PERSONAL) is not None
    except EngineError:  # it can't be asked: a candidate may have worked there
        return True
