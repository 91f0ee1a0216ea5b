"""Creating a station: a container of the golden image that was never started."""

import secrets

from provisioner.core.errors import (
    StationNotPristine,
)
from provisioner.core.model import Golden, WantedStation
from provisioner.core.records import Pristine
from provisioner.engine.protocol import ContainerSpec, Join, Limits, Rates
from provisioner.host.settings import Settings
from provisioner.network.gateway import Gateway, name_of
from provisioner.station.answering import await_answer
from provisioner.station.centre import Centre
from provisioner.station.identity import labels_of, new_credentials, startup_payload

#: What the station's first process needs to start the web server and the database as their own users.
CAPABILITIES = ("KILL", "SETGID", "SETUID")
#: And to count the deleted files that processes have open (see watch-layer), where a candidate works. Nobody but root has it.
WATCHED = (*CAPABILITIES, "SYS_PTRACE")
#: What a container in which candidates' code runs may take of a disk: far more than work on a site does, in whose pages
#: nothing is read or written for long, and little enough that the watch on its files sees it fill the disk in time.
DISK = Rates(read_mib=96, write_mib=48, reads=2000, writes=800)
#: A copy lives for seconds, and before it answers its database takes its files up from the image: some forty MiB.
COPY_DISK = Rates(read_mib=384, write_mib=192, reads=8000, writes=3200)
#: Of all processors three tenths, once it answers; and a quarter of what the gateway gets where both want the same.
PROCESSORS, WEIGHT = 0.3, 256


def limits_of(settings: Settings, disk: Rates = DISK) -> Limits:
    """What a container in which candidates' code runs may take, so that the others' pages stay as fast."""
    return Limits(settings.memory_mib, settings.processes, PROCESSORS, WEIGHT, disk)


def create_station(centre: Centre, gateway: Gateway, wanted: WantedStation, join: Join, route_id: int = 0) -> str:
    """Create a station, prove that it was never started, start it and wait for its answer (see Gateway.route_id).

    Whatever fails, the container is removed.
    """
    place, golden, name = wanted.place, wanted.golden, name_of(wanted.place)
    credentials = wanted.credentials or new_credentials(golden.stack)
    settings = centre.settings
    container = centre.engine.create(
        ContainerSpec(
            name=f"e5b-{centre.room.name}-{name}-{secrets.token_hex(3)}",
            image=golden.image,
            labels=labels_of(centre.room, wanted),
            environment={"TZ": settings.time_zone},
            join=join,
            limits=limits_of(settings),
            capabilities=WATCHED,
            hosts=gateway.hosts(place),
            stdin=True,
            restart=True,
        )
    )
    try:
        proof = _pristine_by_construction(centre, container, golden)
        centre.state.keep(container, credentials, {"station": name, "pristine": proof, **wanted.record().document()})
        centre.engine.start(container, stdin=startup_payload(centre.room, settings, place, credentials))
        gateway.attach(place)
        await_answer(centre.engine, centre.room, place, container, route_id=route_id)
        centre.engine.bound_processors(container, limits_of(settings))
    except BaseException:
        centre.discard(container)
        raise
    return container


def _pristine_by_construction(centre: Centre, container: str, golden: Golden) -> Pristine:
    """The proof by construction: the container is made from the golden image's digest and was never started."""
    state = centre.engine.container(container)
    if state.image != golden.image or state.started:
        raise StationNotPristine(f"Le conteneur {state.name} n'est pas neuf : il n'a pas été mis en service.")
    return Pristine(golden=golden.image, created=state.created, by="construction")
