"""up, status, reset, down: what a technician does to a room, in the words of the manual."""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
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
    StationNotPristine,
    UnknownName,
)
from provisioner.core.interruption import to_the_end, together
from provisioner.core.model import Golden, Station, Wanted
from provisioner.core.progress import Progress, Quiet
from provisioner.core.records import Pristine
from provisioner.engine.image_order import remove_images
from provisioner.engine.protocol import ContainerSpec, ContainerState, Engine, Join, Limits
from provisioner.host.disk import locked
from provisioner.host.settings import Settings
from provisioner.network import access_windows
from provisioner.network.containment import ensure_firewall
from provisioner.network.gateway import Gateway, Room, name_of
from provisioner.station import sittings
from provisioner.station.answering import HEALTH, await_answer
from provisioner.station.identity import drawn, labels_of, station_of, told
from provisioner.station.state import State

#: What the station's first process needs to start the web server and the database as their own users.
CAPABILITIES = ("KILL", "SETGID", "SETUID")
#: What a station's first start leaves once all is done that makes it a candidate's own.
PERSONAL = "/var/lib/e5b/site/site.php"


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
    found = [station_of(one) for one in _oldest(centre, _in_use(centre))]
    return sorted(found, key=lambda station: station.place)


def station_named(centre: Centre, name: str) -> Station:
    """One station, or a refusal that lists those that exist."""
    for one in _oldest(centre, _in_use(centre, name)):
        return station_of(one)
    names = ", ".join(station.name for station in stations(centre)) or "aucun ; lancez « e5b up »"
    raise UnknownName(f"Le poste « {name} » n'existe pas. Postes de la salle : {names}.")


def container_of(centre: Centre, station: Station) -> ContainerState:
    """The container of a station, with the labels of its place."""
    held = sittings.containers_of(centre.engine, centre.state, centre.room.name, station.name)
    return next(one for one in held if one.id == station.container)


def up(centre: Centre, count: int, subjects: Sequence[str], golden: Golden) -> list[Station]:
    """Have `count` stations of each subject, ready; those that are there already stay as they are."""
    return up_each(centre, count, dict.fromkeys(subjects, golden))


def up_each(
    centre: Centre, count: int, subjects: Mapping[str, Golden], ailing: list[ProvisionerError] | None = None
) -> list[Station]:
    """As `up`, each subject on its own golden image; whole, or none of them. `ailing`: see `ensure_stations`."""

    def missing(present: Sequence[Station]) -> list[Wanted]:
        places = (place for place in count_from(1) if place not in {one.place for one in present})
        return [
            Wanted(next(places), subject, golden, practice=True)
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
    centre: Centre, missing: Callable[[Sequence[Station]], list[Wanted]], ailing: list[ProvisionerError] | None = None
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
            settle_doors(centre, sure=True)
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


def _make(centre: Centre, lacking: Sequence[Wanted], *, empty: bool) -> bool:
    """Have the gateway run and make these stations, all or none; whether the gateway has read the candidates' clocks.

    Where it fails, what was made goes, and of a room that was `empty` the gateway too.
    """
    centre.progress.step("Entrée de la salle")
    gateway = centre.gateway
    made: dict[int, str] = {}

    def make(wanted: Wanted) -> None:
        with centre.state.holding(centre.room.name, name_of(wanted.place), "up"):
            made[wanted.place] = begin(centre, gateway, wanted, gateway.network(wanted.place))
        centre.progress.step(f"{name_of(wanted.place)} répond à {centre.room.address_of(wanted.place)}")

    try:
        image = gateway_image(centre.engine, centre.settings, centre.progress)
        with to_the_end():
            gateway.prepare(image)
        # Before the room opens: a new gateway lets in every candidate whose clock it doesn't know.
        settle_doors(centre, lacking)
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
            there = _in_use(centre, name)
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
    wanted: Wanted | None = None,
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
        new = begin(centre, gateway, wanted, join, gateway.route_id(old.place, join))
        change(centre, before, new, join, "reset")
        part(centre, before, join, discard)
        return station_named(centre, name), round(time.monotonic() - started, 2)


def part(centre: Centre, old: ContainerState, join: Join, discard: str) -> None:
    """Remove what a station was, or have it out of its place's way until its work is archived.

    The new one serves by now: what the engine doesn't do of it fails nothing, see `recover` and `put_each_away`.
    """
    with suppress(EngineError):
        if sittings.may_go(centre.state, old, discard):
            centre.discard(old.id)
        else:
            centre.engine.disconnect(join.network, old.id)


def same_again(centre: Centre, old: Station, golden: Golden) -> Wanted:
    """The same subject at the same place; one for practice stays one, every other is the list's, where there is one."""
    practice = centre.state.record(old.container).practice
    return Wanted(old.place, old.subject, golden, practice=practice)


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


def _in_use(centre: Centre, name: str | None = None, *, brief: bool = False) -> list[ContainerState]:
    held = sittings.containers_of(centre.engine, centre.state, centre.room.name, name, brief=brief)
    return [one for one in held if not sittings.is_aside(centre.state, one)]


def settle_doors(centre: Centre, coming: Sequence[Wanted] = (), *, sure: bool = False) -> set[int]:
    """Have each candidate's door open or closed as his clock says, from now on and whatever restarts.

    Those of who is `coming` wait as well. Gives the places whose doors were otherwise. Where none was, nothing is
    done, unless it is to be `sure`: who told the gateway so may have been killed before it listened.
    """
    if not (gateway := centre.gateway.find()):
        return set()
    # One at a time: what was read first must not be written last.
    with locked(centre.state.folder / "locks" / f"{centre.room.name}-portes.lock", "les portes", 60):
        records = {wanted.place: wanted.record() for wanted in coming}
        records |= {
            int(container.labels["e5b.place"]): centre.state.record(container.id)
            for container in _oldest(centre, _in_use(centre, brief=True))
        }
        listed = centre.state.exam(centre.room.name)
        places = access_windows.write(centre.engine, gateway, records, centre.settings.zone, listed=listed)
    if places or sure:
        centre.gateway.reload()
    return places


def change(centre: Centre, old: ContainerState, new: str, join: Join, why: str) -> None:
    """Have the container `new`, which answers at that address, be the station; whatever fails, it goes and `old` stays.

    Candidates come to the new one by a door that follows its clock, from one request to the next.
    """
    gateway, place = centre.gateway, int(old.labels["e5b.place"])
    # The door alone knows whether his time runs where nothing else does: it is told anew once nothing is undone.
    lost, led = sittings.is_lost(centre.state, old), False
    with ExitStack() as held:
        try:
            # Until nothing is undone any more, no other command puts away what may be given back.
            held.enter_context(sittings.leaving(centre.state, old, why))
            # From here on the new one is the station, whatever is cut short: see `recover`.
            sittings.set_aside(centre.state, old.id, why)
            led = True
            gateway.set_upstream(place, join.address)
            if lost:
                gateway.reload()
            else:
                settle_doors(centre, sure=True)
        except BaseException:
            sittings.take_back(centre.state, old.id)
            if old.state not in ("exited", "created"):  # it may have been stopped for the new one
                centre.engine.start(old.id)
            gateway.set_upstream(place, old.networks.get(join.network) or join.address)
            gateway.reload()
            if led and sittings.to_archive(centre.state, centre.engine.container(new)):
                _keep(centre, new, join)
            else:
                centre.discard(new)
            settle_doors(centre, sure=True)
            raise
    if lost:
        settle_doors(centre)


def _keep(centre: Centre, new: str, join: Join) -> None:
    """Keep what was to be the station and may have served its candidate for a moment, out of his way."""
    with suppress(ProvisionerError):  # on a full disk: see `recover`
        sittings.set_aside(centre.state, new, "undone")
    centre.engine.disconnect(join.network, new)
    centre.engine.stop(new)


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
    stations_in_use = _oldest(centre, [container for container in in_use if begun(centre, container)])
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
        settle_doors(centre, sure=True)
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
        settle_doors(centre, sure=True)  # first: the gateway may still lead to it
        centre.engine.disconnect(network, container.id)
    if container.state not in ("exited", "created"):
        centre.engine.stop(container.id)


def begun(centre: Centre, container: ContainerState) -> bool:
    """Whether a station is somebody's: until its first start is done, it serves nothing."""
    if not container.started:
        return False
    if centre.state.record(container.id).running:  # the candidate was let in
        return True
    try:
        return centre.engine.get(container.id, PERSONAL) is not None
    except EngineError:  # a candidate may have worked in one that can't be asked any more
        return True


def begin(centre: Centre, gateway: Gateway, wanted: Wanted, join: Join, route_id: int = 0) -> str:
    """Create a station that was never started, prove it by that, start it, wait for its answer (see Gateway.route_id)."""
    place, golden, name = wanted.place, wanted.golden, name_of(wanted.place)
    credentials = wanted.credentials or drawn(golden.stack)
    settings = centre.settings
    container = centre.engine.create(
        ContainerSpec(
            name=f"e5b-{centre.room.name}-{name}-{secrets.token_hex(3)}",
            image=golden.image,
            labels=labels_of(centre.room, wanted),
            environment={"TZ": settings.time_zone},
            join=join,
            limits=Limits(settings.memory_mib, settings.processes),
            capabilities=CAPABILITIES,
            hosts=gateway.hosts(place),
            stdin=True,
            restart=True,
        )
    )
    try:
        proof = _pristine_by_construction(centre, container, golden)
        centre.state.keep(container, credentials, {"station": name, "pristine": proof, **wanted.record().document()})
        centre.engine.start(container, stdin=told(centre.room, settings, place, credentials))
        gateway.attach(place)
        await_answer(centre.engine, centre.room, place, container, route_id=route_id)
    except BaseException:
        centre.discard(container)
        raise
    return container


def _pristine_by_construction(centre: Centre, container: str, golden: Golden) -> Pristine:
    """The proof that costs nothing: made from the golden image's digest, and never started."""
    made = centre.engine.container(container)
    if made.image != golden.image or made.started:
        raise StationNotPristine(f"Le conteneur {made.name} n'est pas neuf : il n'a pas été mis en service.")
    return Pristine(golden=golden.image, created=made.created, by="construction")


def _oldest(centre: Centre, containers: Sequence[ContainerState]) -> list[ContainerState]:
    """One container per station: there are two while a reset is under way, or where it was cut short.

    Prefer containers whose record can be read: one whose record is lost may have been set aside. Of these, prefer
    containers with a candidate's clock, then the oldest: creation times are unreliable after a clock correction.
    """
    preferred_last = sorted(containers, key=lambda box: box.created, reverse=True)
    preferred_last.sort(key=lambda box: bool(centre.state.record(box.id).clock))
    preferred_last.sort(key=lambda box: not sittings.is_lost(centre.state, box))
    return list({box.labels["e5b.station"]: box for box in preferred_last}.values())
