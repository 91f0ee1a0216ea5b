"""Makes the stations of a room, puts a new one in the place of another, and removes them all."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import count as count_from
from pathlib import Path

from provisioner.build.stacks import gateway_image
from provisioner.core.batches import in_turn
from provisioner.core.errors import (
    Busy,
    EngineError,
    EvidenceLost,
    ProvisionerError,
    Refusal,
    StationError,
)
from provisioner.core.interruption import to_the_end, together
from provisioner.core.model import Golden, Station, WantedStation
from provisioner.engine.image_order import remove_images
from provisioner.engine.protocol import ContainerState
from provisioner.network.containment import ensure_firewall
from provisioner.network.gateway import Gateway, Room, name_of
from provisioner.station import sittings
from provisioner.station.access import settle_access_windows
from provisioner.station.answering import HEALTH, await_answer
from provisioner.station.centre import Centre, in_use, station_named, stations
from provisioner.station.creation import create_station
from provisioner.station.identity import station_of
from provisioner.station.recovery import recover, recovered
from provisioner.station.room_keys import forget_private_key, room_key
from provisioner.station.switching import retire_container, switch_container


def up(centre: Centre, count: int, subjects: Sequence[str], golden: Golden) -> list[Station]:
    """Have `count` stations of each subject ready; stations that exist already stay as they are."""
    return up_each(centre, count, dict.fromkeys(subjects, golden))


def up_each(
    centre: Centre, count: int, subjects: Mapping[str, Golden], ailing: list[ProvisionerError] | None = None
) -> list[Station]:
    """As `up`, each subject on its own golden image; makes all the stations that are missing, or none.

    `ailing`: see `ensure_stations`.
    """

    def missing(present: Sequence[Station]) -> list[WantedStation]:
        places = (place for place in count_from(1) if place not in {station.place for station in present})
        return [
            WantedStation(next(places), subject, golden, practice=True)
            for subject, golden in subjects.items()
            for _ in range(
                count - sum(station.subject == subject and station.stack == golden.stack for station in present)
            )
        ]

    return ensure_stations(centre, missing, ailing)


def enough_for(centre: Centre, count: int, stacks: Mapping[str, str]) -> None:
    """Refuse as `up_each` would, but before an image is built for it; `stacks` by subject."""
    present = Counter((station.subject, station.stack) for station in stations(centre))
    if more := sum(max(0, count - present[key]) for key in stacks.items()):
        _enough_places(centre, present.total() + more)


def _enough_places(centre: Centre, places: int) -> None:
    if places > centre.room.places:
        raise Refusal(
            f"La salle a {centre.room.places} places, et il en faudrait {places}. "
            "Demandez moins de postes, ou augmentez « places » dans e5b.toml puis lancez « e5b down »."
        )


def ensure_stations(
    centre: Centre,
    missing: Callable[[Sequence[Station]], list[WantedStation]],
    ailing: list[ProvisionerError] | None = None,
) -> list[Station]:
    """Have the room's stations run, and make those that `missing` says the room lacks: all of them, or none.

    A station that doesn't come back, or that another command holds, doesn't prevent the others: its error is added to
    `ailing`, or raised at the end where `ailing` is None.
    """
    errors = list[ProvisionerError]()
    with centre.state.holding(centre.room.name, "salle", "up"):
        busy = _recover_each(centre, errors)
        present = stations(centre)
        ready = [station for station in present if station.name not in busy]
        lacking = [station for station in missing(present) if name_of(station.place) not in busy]
        _enough_places(centre, max((station.place for station in lacking), default=0))
        if not lacking and not present:
            return []
        clocks_known = _make(centre, lacking, empty=not present)
        for station in ready:
            with _collecting(errors):
                centre.gateway.restore_upstream(station.place, centre.engine.container(station.container))
        if not clocks_known:
            settle_access_windows(centre, sure=True)
        for station in ready:
            with _collecting(errors):
                await_answer(centre.engine, centre.room, station.place, station.container, path=HEALTH)
        if ailing is not None:
            ailing += errors
        elif errors:
            raise errors[0]
        return stations(centre)


@contextmanager
def _collecting(errors: list[ProvisionerError]) -> Iterator[None]:
    """Collect the error of one station, so that the others go on."""
    try:
        yield
    except (EngineError, StationError, Busy) as error:
        errors.append(error)


def _recover_each(centre: Centre, errors: list[ProvisionerError]) -> set[str]:
    """Have each station of the room run, as far as possible; the names of those that another command holds."""
    present, free = stations(centre), set[str]()
    for station in present:
        with _collecting(errors), centre.state.holding(centre.room.name, station.name, "up"):
            free.add(station.name)
            recover(centre, station.name)
    return {station.name for station in present} - free


def _make(centre: Centre, lacking: Sequence[WantedStation], *, empty: bool) -> bool:
    """Have the gateway run and make these stations, all or none; whether the gateway has read the candidates' clocks.

    Where it fails, the stations that were made are removed, and the gateway too where the room was `empty`.
    """
    centre.progress.step("Entrée de la salle")
    room_key(centre.state, centre.room.name)
    gateway = centre.gateway
    containers: dict[int, str] = {}

    def make(wanted: WantedStation) -> None:
        with centre.state.holding(centre.room.name, name_of(wanted.place), "up"):
            containers[wanted.place] = create_station(centre, gateway, wanted, gateway.network(wanted.place))
        centre.progress.step(f"{name_of(wanted.place)} répond à {centre.room.address_of(wanted.place)}")

    try:
        image = gateway_image(centre.engine, centre.settings, centre.progress)
        with to_the_end():
            gateway.prepare(image)
        # Before the room opens: a new gateway lets in every candidate whose clock it doesn't know.
        settle_access_windows(centre, lacking)
        container = gateway.find()
        starting = container is not None and container.state != "running"  # it reads the clocks as it starts
        centre.progress.step(f"Démarrage de {len(lacking)} poste(s)")
        # The gateway starts while the stations do: both take about as long.
        firewall = partial(ensure_firewall, centre.engine, centre.room, image)
        together([gateway.start, firewall, *(partial(make, wanted) for wanted in lacking)])
    except BaseException:
        _undo_making(centre, gateway, [wanted.place for wanted in lacking], containers, empty=empty)
        raise
    return starting


def _undo_making(
    centre: Centre, gateway: Gateway, places: Sequence[int], containers: Mapping[int, str], *, empty: bool
) -> None:
    """Remove the stations that were being made, except those that serve a candidate or another command by now."""
    serving = [name_of(place) for place in places if not _withdrawn(centre, gateway, place, containers.get(place))]
    if serving:
        centre.progress.step(
            f"{', '.join(serving)} {'servent' if len(serving) > 1 else 'sert'} déjà : rien n'y est touché"
        )
    elif empty:
        gateway.close()
        forget_private_key(centre.state, centre.room.name)


def _withdrawn(centre: Centre, gateway: Gateway, place: int, container: str | None) -> bool:
    """Remove what `up` made at a place, unless a candidate has begun there since or another command holds it."""
    name = name_of(place)
    try:
        with centre.state.holding(centre.room.name, name, "up"):
            containers = in_use(centre, name)
            if any(
                candidate.id != container or sittings.is_somebodys(centre.state, candidate) for candidate in containers
            ):
                return False
            if container:
                centre.discard(container)
            gateway.detach(place)
    except (Busy, EvidenceLost):  # on a full disk the record that says whose it is can't be read
        return False
    return True


def reset(
    centre: Centre,
    name: str,
    golden: Golden,
    discard: str = "",
    wanted: WantedStation | None = None,
    decided_by: sittings.Basis | None = None,
) -> tuple[Station, float]:
    """Replace a station by one that was never started, at the same address; returns when it answers.

    Returns the new station and the seconds that it took. Whatever fails or interrupts before it answers, the old one
    stays. The station of a candidate who started is set aside until it is archived, unless `discard` says why not.
    `wanted` says what comes there (None: the same subject again); Busy where the station is no longer as `decided_by`
    says.
    """
    started = time.monotonic()
    with centre.state.holding(centre.room.name, name, "reset"):
        before = recovered(centre, name)
        sittings.refuse_if_changed(centre.state, before, decided_by)
        station, gateway = station_of(before), centre.gateway
        join = gateway.next_join(station.place, before)
        wanted = wanted or same_again(centre, station, golden)
        container = create_station(centre, gateway, wanted, join, gateway.route_id(station.place, join))
        switch_container(centre, before, container, join, "reset")
        retire_container(centre, before, join, discard)
        return station_named(centre, name), round(time.monotonic() - started, 2)


def same_again(centre: Centre, station: Station, golden: Golden) -> WantedStation:
    """The same subject at the same place; a practice station stays one."""
    practice = centre.state.record(station.container).practice
    return WantedStation(station.place, station.subject, golden, practice=practice)


def down(
    centre: Centre,
    discard: str = "",
    end: Callable[[ContainerState], object] | None = None,
    read_again: Callable[[ContainerState], object] = lambda container: None,
) -> list[str]:
    """Remove every station of the room, its networks, its gateway and the key that signs; the names of the stations.

    Refused while the work of a candidate who started stands in no archive, unless `discard` says why. `end` stops and
    archives a station whose record was lost: nothing else tells when the work in it ended. `read_again` raises unless the
    archive of a station is right, and has the station count as not archived then.
    """
    with ExitStack() as stack:
        stack.enter_context(centre.state.holding(centre.room.name, "salle", "down"))
        present = stations(centre)
        for station in present:
            stack.enter_context(centre.state.holding(centre.room.name, station.name, "down"))
        containers = sittings.containers_of(centre.engine, centre.state, centre.room.name)
        _read_each_again(centre, containers, discard, read_again)
        ending = end is not None and not discard
        unended = [container for container in containers if ending and sittings.is_endless(centre.state, container)]
        sittings.may_all_go(centre.state, [container for container in containers if container not in unended], discard)
        if end:
            for container in unended:
                end(container)
        for station in present:
            centre.progress.step(f"Arrêt de {station.name}")
        with to_the_end():
            everything = centre.engine.containers(kind="*", room=centre.room.name)
            # Gateway.close removes the firewall, last, so that its rules hold as long as there are containers.
            removable = [container for container in everything if container.labels["e5b.kind"] != "guard"]
            together([partial(centre.engine.remove, container.id) for container in removable])
            kinds = ("copy", "sealing", "snapshot")
            images = [image for kind in kinds for image in centre.engine.images(kind=kind, room=centre.room.name)]
            errors = remove_images(centre.engine, [image.id for image in images])
            centre.gateway.close()
            for container in everything:
                centre.state.forget(container.id)
            forget_private_key(centre.state, centre.room.name)
            if errors:
                raise errors[0]
        return [station.name for station in present]


def _read_each_again(
    centre: Centre,
    containers: Sequence[ContainerState],
    discard: str,
    read_again: Callable[[ContainerState], object],
) -> None:
    """Read the archives of these stations again; raise the first error after all were read, unless `discard` says why."""
    archived = [container for container in containers if sittings.is_archived(centre.state, container)]
    _, errors = in_turn(archived, read_again)
    if errors and not discard:
        raise errors[0]


def forget_killed(centre: Centre, use: str) -> None:
    """Remove the rooms named `use`-PROCESS whose program has ended, with their stations of that subject.

    No candidate sits at these stations. They are removed before `down`, which would refuse where their record is
    another account's and a candidate might have started.
    """
    for gateway in centre.engine.containers(kind="gateway", room="*"):  # not one that was run by hand, without a room
        name = gateway.labels["e5b.room"]
        prefix, _, process = name.partition("-")
        if prefix == use and process.isdigit() and not Path("/proc", process).exists():
            for container in centre.engine.containers(kind="station", room=name):
                if container.labels["e5b.subject"] == use:
                    centre.discard(container.id)
            down(replace(centre, room=Room.named(centre.engine, name, centre.settings)))
