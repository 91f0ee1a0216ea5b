"""Takes snapshots of a candidate's station, and moves it to a new container: on a snapshot, or off a broken container.

A snapshot is an image of the station at one time; taking it pauses the station for a fraction of a second. The new
container takes over the record, clock included, with an event for the jury; the old container is set aside.
"""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioner.core.errors import EngineError, ProvisionerError, Refusal
from provisioner.core.model import Credentials, Station
from provisioner.core.records import SittingRecord
from provisioner.engine.image_order import remove_images
from provisioner.engine.protocol import ContainerSpec, ContainerState, Join
from provisioner.station import freezing, sittings
from provisioner.station.answering import HEALTH, await_answer
from provisioner.station.centre import Centre, station_named
from provisioner.station.creation import WATCHED, limits_of
from provisioner.station.identity import station_of
from provisioner.station.recovery import recovered
from provisioner.station.switching import switch_container

#: What must be free before a snapshot is taken: several times what it takes.
_LEAST_MIB = 512


@dataclass(frozen=True)
class Snapshot:
    """A station's state at one time; `number` counts the snapshots of a candidate.

    `left`: the state that the candidate was taken back from; `rewind` goes to it only by its exact second. `passed`:
    the numbers of the snapshots that were left behind by earlier rewinds when this one was taken.
    """

    image: str
    at: datetime
    number: int
    left: bool = False
    passed: tuple[int, ...] = ()


def snapshot(centre: Centre, station: Station) -> Snapshot | None:
    """Take a snapshot of the station and remove the oldest; None where no candidate has begun there.

    Raises EngineError where the disk is nearly full: what is free is for what the candidates save.
    """
    if not centre.state.record(station.container).sitting:
        return None
    _refuse_nearly_full(centre, station)
    taken = _take(centre, station)
    if centre.state.record(station.container).aside:  # it was replaced meanwhile, perhaps by an older state
        centre.engine.remove_image(taken.image)
        return None
    in_use = {container.image for container in sittings.containers_of(centre.engine, centre.state, centre.room.name)}
    all_kept, passed = snapshots(centre, station), _left_behind(centre, station)
    surplus = [
        snapshot.image
        for abandoned in (False, True)  # counted apart, so that states left behind push out none that `rewind` goes to
        for snapshot in [each for each in all_kept if (each.left or each.number in passed) is abandoned][
            centre.settings.snapshots :
        ]
    ]
    # An image that a later one is built on goes with that.
    remove_images(centre.engine, [image for image in surplus if image not in in_use])
    return taken


def snapshots(centre: Centre, station: Station) -> list[Snapshot]:
    """The snapshots of a candidate, newest first, by number: their times are unreliable after a clock was set back."""
    sitting = centre.state.record(station.container).sitting
    images = centre.engine.images(kind="snapshot", room=centre.room.name, sitting=sitting) if sitting else []
    images.sort(key=lambda image: (int(image.labels.get("e5b.number", "0")), image.labels["e5b.at"]), reverse=True)
    return [
        Snapshot(
            image.id,
            datetime.fromisoformat(image.labels["e5b.at"]),
            int(image.labels.get("e5b.number", "0")),
            image.labels.get("e5b.left") == "yes",
            tuple(map(int, image.labels.get("e5b.passed", "").split())),
        )
        for image in images
    ]


def _refuse_nearly_full(centre: Centre, station: Station) -> None:
    """Raise where the disk is nearly full."""
    free_mib = None
    with suppress(EngineError):  # a stopped station can't be asked, and is kept all the same
        free_mib = freezing.room_left(centre, station.container)
    if free_mib is not None and free_mib < _LEAST_MIB:
        raise EngineError(
            f"il ne reste que {free_mib} Mio sur le disque de cette machine, pour ce que les candidats enregistrent ; "
            "libérez de la place"
        )


def _left_behind(centre: Centre, station: Station) -> tuple[int, ...]:
    """The numbers of the snapshots that rewinds of this station have left behind."""
    return centre.state.record(station.container).passed


def _left_behind_by(centre: Centre, station: Station, chosen: Snapshot) -> list[int]:
    """The numbers of the snapshots that going back to `chosen` leaves behind: all later ones that exist now."""
    latest = max((snapshot.number for snapshot in snapshots(centre, station)), default=chosen.number)
    return [*chosen.passed, *range(chosen.number + 1, latest + 1)]


def _take(centre: Centre, station: Station, *, left: bool = False) -> Snapshot:
    """Commit the station as it is now as its next snapshot."""
    at, number = centre.state.now(), 1 + max((snapshot.number for snapshot in snapshots(centre, station)), default=0)
    labels = {
        "e5b.kind": "snapshot",
        "e5b.room": centre.room.name,
        "e5b.station": station.name,
        "e5b.at": at,
        "e5b.sitting": centre.state.record(station.container).sitting,
        "e5b.number": str(number),
        "e5b.passed": " ".join(map(str, passed := _left_behind(centre, station))),
        "e5b.left": "yes"
        if left
        else "",  # always: an image inherits the labels of its container, which may come of one with "yes"
    }
    return Snapshot(
        freezing.commit_station(centre, station.container, labels), datetime.fromisoformat(at), number, left, passed
    )


def rewind(centre: Centre, name: str, to: str = "", why: str = "") -> tuple[Station, Snapshot]:
    """Take a candidate's station back to its last snapshot, or to the last one taken by a time of day ("9:42").

    The state before is kept too where there is room; naming its second ("9:47:12") goes back to it after a mistake. The
    snapshots that a rewind leaves behind can be reached in that way only, so that repeating the command never returns
    to one.
    """
    with centre.state.holding(centre.room.name, name, "rewind"):
        old_container = recovered(centre, name)
        station = station_of(old_container)
        all_kept = snapshots(centre, station)
        listed = (
            ", ".join(f"{snapshot.at.astimezone(centre.settings.zone):%H:%M:%S}" for snapshot in all_kept) or "aucun"
        )
        (limit, exact), passed = _latest_meant(centre, to), _left_behind(centre, station)
        second = limit.replace(microsecond=0) if limit and exact else None
        eligible = [
            snapshot
            for snapshot in all_kept
            if snapshot.at == second or not (snapshot.left or snapshot.number in passed)
        ]
        chosen = next((snapshot for snapshot in eligible if limit is None or snapshot.at <= limit), None)
        if chosen is None:
            raise Refusal(f"{name} n'a pas de cliché qui convienne. Clichés gardés : {listed}.")
        centre.progress.step(f"{name} : retour à {chosen.at.astimezone(centre.settings.zone):%H:%M:%S}")
        undo = None
        with suppress(ProvisionerError):  # going back matters more than a snapshot of the state before
            _refuse_nearly_full(centre, station)
            undo = _take(centre, station, left=True)
        station_back = _move_to_new_container(centre, old_container, chosen, "rewind", to=chosen.at, why=why)
        if undo:
            at = f"{undo.at.astimezone(centre.settings.zone):%H:%M:%S}"
            centre.progress.step(
                f"{name} : le site d'avant ce retour est gardé, « e5b rewind {name} --to {at} » y revient"
            )
        return station_back, chosen


def replace(centre: Centre, name: str, why: str = "") -> Station:
    """Put a station that is broken on a new container, with all of its work."""
    with centre.state.holding(centre.room.name, name, "replace"):
        old_container = recovered(centre, name)
        centre.progress.step(f"{name} : le travail passe sur un poste neuf")
        return _move_to_new_container(centre, old_container, None, "replace", why=why)


def forget(centre: Centre) -> None:
    """Remove the snapshots of candidates whose station no longer exists."""
    containers = sittings.containers_of(centre.engine, centre.state, centre.room.name)
    sittings_known = {centre.state.record(container.id).sitting for container in containers} - {""}
    lost = {container.labels["e5b.station"] for container in containers if sittings.is_lost(centre.state, container)}
    in_use = {container.image for container in containers}
    removable = [
        image.id
        for image in centre.engine.images(kind="snapshot", room=centre.room.name)
        if image.labels.get("e5b.sitting") not in sittings_known
        and image.labels["e5b.station"] not in lost  # the record that says whose they are can't be read
        and image.id not in in_use
    ]
    remove_images(centre.engine, removable)


def _move_to_new_container(
    centre: Centre,
    old_container: ContainerState,
    chosen: Snapshot | None,
    event: str,
    *,
    why: str = "",
    to: datetime | None = None,
) -> Station:
    """Move a station to a new container at the same place, made from `chosen`, or from its state now where it is None.

    Whatever fails, the old container stays. `event` is what the jury reads: "rewind" or "replace".
    """
    engine, station = centre.engine, station_of(old_container)
    record = centre.state.record(old_container.id)
    credentials = centre.state.credentials(old_container.id) or Credentials("", "")
    gateway = centre.gateway
    join, new_container = gateway.next_join(station.place, old_container), ""
    try:
        if chosen is None:  # stop it first: what the candidate saved after the commit would be lost
            engine.stop(old_container.id, 1, for_good=False)  # after a power cut meanwhile, it starts again
            chosen = _take(centre, station)
        new_container = engine.create(_spec(centre, station, old_container, chosen, join, event))
        passed = _left_behind_by(centre, station, chosen) if event == "rewind" else None
        centre.state.keep(new_container, credentials, _carried_over(record, passed))
        sittings.record_event(centre.state, new_container, event, why=why, to=to)
        engine.start(new_container)
        gateway.attach(station.place)
        await_answer(
            engine,
            centre.room,
            station.place,
            new_container,
            route_id=gateway.route_id(station.place, join),
            path=HEALTH,
        )
        engine.bound_processors(new_container, limits_of(centre.settings))
    except BaseException:
        if new_container:
            with suppress(ProvisionerError):  # it may hold the address; what can't be removed now, `recover` does
                centre.discard(new_container)
        if old_container.state not in ("exited", "created"):
            engine.start(old_container.id)
        raise
    switch_container(centre, old_container, new_container, join, event)
    if event == "rewind":
        with suppress(ProvisionerError):  # the autosnapshot may have taken one more of the old container until now
            centre.state.note(new_container, passed=_left_behind_by(centre, station, chosen))
    # The new one serves by now: where the engine fails here, `recover` does it later.
    with suppress(EngineError):
        engine.disconnect(join.network, old_container.id)
    with suppress(EngineError):
        engine.stop(old_container.id)
    return station_named(centre, station.name)


def _spec(
    centre: Centre, station: Station, old_container: ContainerState, chosen: Snapshot, join: Join, event: str
) -> ContainerSpec:
    """The container that takes the old one's place, made from a snapshot."""
    settings = centre.settings
    return ContainerSpec(
        name=f"e5b-{centre.room.name}-{station.name}-{event}-{secrets.token_hex(3)}",
        image=chosen.image,
        labels={**old_container.labels, "e5b.kind": "station"},
        environment={"TZ": settings.time_zone},
        join=join,
        limits=limits_of(settings),
        capabilities=WATCHED,
        restart=True,
        hosts=centre.gateway.hosts(station.place),
    )


def _carried_over(record: SittingRecord, passed: Sequence[int] | None) -> dict[str, object]:
    """What the record of the new container takes over from the old one's.

    `passed` are the numbers of the snapshots that going back leaves behind, None for a replacement. After going back,
    the reports are dropped: they are of work that is no longer there, which has to be examined again.
    """
    dropped = {"user", "password", "labels", "archived"} | ({"reports"} if passed is not None else set())
    values = {key: value for key, value in record.document().items() if key not in dropped}
    if record.unknown:  # a candidate may have started there, so the new container must not count as unused
        values["lost"] = True
    if passed is not None:
        values["passed"] = passed
    return values


def _latest_meant(centre: Centre, to: str) -> tuple[datetime | None, bool]:
    """The latest time that `to` allows, None for any, and whether it names a second."""
    if not to:
        return None, False
    present = centre.state.present().astimezone(centre.settings.zone)
    text = to.replace("h", ":").replace(" ", "")
    exact = text.count(":") == 2
    try:
        hour = datetime.strptime(text, "%H:%M:%S" if exact else "%H:%M")
    except ValueError as error:
        raise Refusal(f"« {to} » n'est pas une heure : écrivez par exemple 9:42, ou 9:42:30.") from error
    latest = present.replace(
        hour=hour.hour, minute=hour.minute, second=hour.second if exact else 59, microsecond=999999
    )
    return (latest if latest <= present + timedelta(minutes=1) else latest - timedelta(days=1)), exact
