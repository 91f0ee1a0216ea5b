"""up, status, reset, down: what a technician does to a room, in the words of the manual."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import count as count_from
from pathlib import Path

from provisioner.build.stacks import gateway_image
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
from provisioner.station.switching import retire_container, switch_container


def up(centre: Centre, count: int, subjects: Sequence[str], golden: Golden) -> list[Station]:
    """Have `count` stations of each subject, ready; those that are there already stay as they are."""
    return up_each(centre, count, dict.fromkeys(subjects, golden))


def up_each(
    centre: Centre, count: int, subjects: Mapping[str, Golden], ailing: list[ProvisionerError] | None = None
) -> list[Station]:
    """As `up`, each subject on its own golden image; whole, or none of them. `ailing`: see `ensure_stations`."""

    def missing(present: Sequence[Station]) -> list[WantedStation]:
        places = (place for place in count_from(1) if place not in {one.place for one in present})
        return [
            WantedStation(next(places), subject, golden, practice=True)
            for subject, golden in subjects.items()
            for _ in range(count - sum(one.subject == subject and one.stack == golden.stack for one in present))
        ]

    return ensure_stations(centre, missing, ailing)


def enough_for(centre: Centre, count: int, stacks: Mapping[str, str]) -> None:
    """Refuse what `up_each` will, before an image is built for it: stacks by subject."""
    there = Counter((one.subject, one.stack) for one in stations(centre))
    if more := sum(max(0, count - there[wanted]) for wanted in stacks.items()):
        _enough_places(centre, there.total() + more)


def _enough_places(centre: Centre, wanted: int) -> None:
    if wanted > centre.room.places:
        raise Refusal(
            f"La salle a {centre.room.places} places, et il en faudrait {wanted}. "
            "Demandez moins de postes, ou augmentez « places » dans e5b.toml puis lancez « e5b down »."
        )


def ensure_stations(
    centre: Centre,
    missing: Callable[[Sequence[Station]], list[WantedStation]],
    ailing: list[ProvisionerError] | None = None,
) -> list[Station]:
    """Have the stations that are there run, and make those that `missing` says the room lacks; all of them, or none.

    A station that is there and doesn't come back, or that another command is at, keeps no other from it: its error is
    added to `ailing`, or else raised once all is done.
    """
    errors = list[ProvisionerError]()
    with centre.state.holding(centre.room.name, "salle", "up"):
        busy = _recover_each(centre, errors)
        present = stations(centre)
        ready = [station for station in present if station.name not in busy]
        lacking = [wanted for wanted in missing(present) if name_of(wanted.place) not in busy]
        _enough_places(centre, max((wanted.place for wanted in lacking), default=0))
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
    """Collect the error of one station, which keeps no other from going on."""
    try:
        yield
    except (EngineError, StationError, Busy) as error:
        errors.append(error)


def _recover_each(centre: Centre, errors: list[ProvisionerError]) -> set[str]:
    """Have each station of the room run, as far as it can be; the names of those that another command is at."""
    found, free = stations(centre), set[str]()
    for station in found:
        with _collecting(errors), centre.state.holding(centre.room.name, station.name, "up"):
            free.add(station.name)
            recover(centre, station.name)
    return {station.name for station in found} - free


def _make(centre: Centre, lacking: Sequence[WantedStation], *, empty: bool) -> bool:
    """Have the gateway run and make these stations, all or none; whether the gateway has read the candidates' clocks.

    Where it fails, what was made goes, and of a room that was `empty` the gateway too.
    """
    centre.progress.step("Entrée de la salle")
    gateway = centre.gateway
    made: dict[int, str] = {}

    def make(wanted: WantedStation) -> None:
        with centre.state.holding(centre.room.name, name_of(wanted.place), "up"):
            made[wanted.place] = create_station(centre, gateway, wanted, gateway.network(wanted.place))
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
        guard = partial(ensure_firewall, centre.engine, centre.room, image)
        together([gateway.start, guard, *(partial(make, wanted) for wanted in lacking)])
    except BaseException:
        _undo_making(centre, gateway, [wanted.place for wanted in lacking], made, empty=empty)
        raise
    return starting


def _undo_making(
    centre: Centre, gateway: Gateway, places: Sequence[int], made: Mapping[int, str], *, empty: bool
) -> None:
    """Take back the stations that were being made; those that serve a candidate or another command by now stay."""
    kept = [name_of(place) for place in places if not _withdrawn(centre, gateway, place, made.get(place))]
    if kept:
        centre.progress.step(f"{', '.join(kept)} {'servent' if len(kept) > 1 else 'sert'} déjà : rien n'y est touché")
    elif empty:
        gateway.close()


def _withdrawn(centre: Centre, gateway: Gateway, place: int, container: str | None) -> bool:
    """Take back what `up` made at a place, unless a candidate has begun there since, or another command is at it."""
    name = name_of(place)
    try:
        with centre.state.holding(centre.room.name, name, "up"):
            there = in_use(centre, name)
            if any(one.id != container or sittings.is_somebodys(centre.state, one) for one in there):
                return False
            if container:
                centre.discard(container)
            gateway.detach(place)
    except (Busy, EvidenceLost):  # on a full disk nobody can tell whose it is
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

    Gives it, and the seconds that it took. Whatever fails or interrupts before it answers, the old one comes back.
    The old one of a candidate who started is set aside until it is archived, unless `discard` says why not. `wanted`
    says what comes there, where it isn't the same subject again; `decided_by` refuses a station that has changed since that was decided.
    """
    started = time.monotonic()
    with centre.state.holding(centre.room.name, name, "reset"):
        before = recovered(centre, name)
        sittings.refuse_if_changed(centre.state, before, decided_by)
        old, gateway = station_of(before), centre.gateway
        join = gateway.next_join(old.place, before)
        wanted = wanted or same_again(centre, old, golden)
        new = create_station(centre, gateway, wanted, join, gateway.route_id(old.place, join))
        switch_container(centre, before, new, join, "reset")
        retire_container(centre, before, join, discard)
        return station_named(centre, name), round(time.monotonic() - started, 2)


def same_again(centre: Centre, old: Station, golden: Golden) -> WantedStation:
    """The same subject at the same place; one for practice stays one, every other is the list's, where there is one."""
    practice = centre.state.record(old.container).practice
    return WantedStation(old.place, old.subject, golden, practice=practice)


def down(centre: Centre, discard: str = "", end: Callable[[ContainerState], object] | None = None) -> list[str]:
    """Remove every station of the room, its networks and its gateway; the names that were there.

    Refused while the work of a candidate who started stands in no archive, unless `discard` says why. `end` stops and
    archives a station whose archive is too early, since nothing else ends the work in it.
    """
    with ExitStack() as held:
        held.enter_context(centre.state.holding(centre.room.name, "salle", "down"))
        present = stations(centre)
        for station in present:
            held.enter_context(centre.state.holding(centre.room.name, station.name, "down"))
        theirs = sittings.containers_of(centre.engine, centre.state, centre.room.name)
        endless = [one for one in theirs if sittings.is_endless(centre.state, one)] if end and not discard else []
        sittings.may_all_go(centre.state, [one for one in theirs if one not in endless], discard)
        if end:
            for one in endless:
                end(one)
        for station in present:
            centre.progress.step(f"Arrêt de {station.name}")
        with to_the_end():
            everything = centre.engine.containers(kind="*", room=centre.room.name)
            # What keeps the machine's rules goes last, and by its own hand: see Gateway.close.
            stood = [one for one in everything if one.labels["e5b.kind"] != "guard"]
            together([partial(centre.engine.remove, one.id) for one in stood])
            kinds = ("copy", "sealing", "snapshot")
            of_candidates = [one for kind in kinds for one in centre.engine.images(kind=kind, room=centre.room.name)]
            errors = remove_images(centre.engine, [one.id for one in of_candidates])
            centre.gateway.close()
            for container in everything:
                centre.state.forget(container.id)
            if errors:
                raise errors[0]
        return [station.name for station in present]


def forget_killed(centre: Centre, use: str) -> None:
    """Remove the rooms named `use`-PROCESS whose program is gone, with their stations of that subject.

    Nobody sits at those, whoever made them: where their record is another account's, `down` alone would keep them for
    a candidate's.
    """
    for gateway in centre.engine.containers(kind="gateway", room="*"):  # whoever runs its image by hand has no room
        name = gateway.labels["e5b.room"]
        prefix, _, process = name.partition("-")
        if prefix == use and process.isdigit() and not Path("/proc", process).exists():
            for one in centre.engine.containers(kind="station", room=name):
                if one.labels["e5b.subject"] == use:
                    centre.discard(one.id)
            down(replace(centre, room=Room.named(centre.engine, name, centre.settings)))
