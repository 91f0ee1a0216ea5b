"""A candidate's station kept as it is every few minutes, and brought back: to a snapshot, or off a broken container.

A snapshot is an image of one moment; taking it pauses the station for a fraction of a second. Whatever
replaces a station carries its record on, clock and all, and tells the jury; the old one is set aside.
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
from provisioner.engine.protocol import ContainerSpec, ContainerState, Join, Limits
from provisioner.station import freezing, sittings
from provisioner.station.answering import HEALTH, await_answer
from provisioner.station.centre import Centre, station_named
from provisioner.station.creation import CAPABILITIES
from provisioner.station.identity import station_of
from provisioner.station.recovery import recovered
from provisioner.station.switching import switch_container

#: Several times what a snapshot takes.
_LEAST_MIB = 512


@dataclass(frozen=True)
class Snapshot:
    """A station's state in one moment; `number` counts those of a candidate.

    `left`: it is what the candidate was taken back from, and nobody's way back but by its very second. `passed`: the
    numbers of those that its time line has left behind.
    """

    image: str
    at: datetime
    number: int
    left: bool = False
    passed: tuple[int, ...] = ()


def snapshot(centre: Centre, station: Station) -> Snapshot | None:
    """Keep the station as it is now, and forget the oldest; None where no candidate has begun there.

    On a disk that is nearly full none is taken: what is left is for what the candidates save.
    """
    if not centre.state.record(station.container).sitting:
        return None
    _leave_room(centre, station)
    kept = _taken(centre, station)
    if centre.state.record(station.container).aside:  # it was replaced meanwhile, by an older state maybe
        centre.engine.remove_image(kept.image)
        return None
    in_use = {one.image for one in sittings.containers_of(centre.engine, centre.state, centre.room.name)}
    every, passed = snapshots(centre, station), _passed(centre, station)
    old = [
        one.image
        for beside in (False, True)  # what was left behind takes nothing from the way back that he has now
        for one in [one for one in every if (one.left or one.number in passed) is beside][centre.settings.snapshots :]
    ]
    remove_images(centre.engine, [one for one in old if one not in in_use])  # what a later one stands on goes with that
    return kept


def snapshots(centre: Centre, station: Station) -> list[Snapshot]:
    """What is kept of a candidate's work, newest first: in the order of its taking, which a clock set back leaves."""
    sitting = centre.state.record(station.container).sitting
    found = centre.engine.images(kind="snapshot", room=centre.room.name, sitting=sitting) if sitting else []
    found.sort(key=lambda one: (int(one.labels.get("e5b.number", "0")), one.labels["e5b.at"]), reverse=True)
    return [
        Snapshot(
            one.id,
            datetime.fromisoformat(one.labels["e5b.at"]),
            int(one.labels.get("e5b.number", "0")),
            one.labels.get("e5b.left") == "yes",
            tuple(map(int, one.labels.get("e5b.passed", "").split())),
        )
        for one in found
    ]


def _leave_room(centre: Centre, station: Station) -> None:
    """Raise where the disk is nearly full."""
    left = None
    with suppress(EngineError):  # one that has stopped is kept all the same, and can't be asked
        left = freezing.room_left(centre, station.container)
    if left is not None and left < _LEAST_MIB:
        raise EngineError(
            f"il ne reste que {left} Mio sur le disque de cette machine, pour ce que les candidats enregistrent ; "
            "libérez de la place"
        )


def _passed(centre: Centre, station: Station) -> tuple[int, ...]:
    """The numbers of the snapshots that this station's time line has left behind, when it was taken back."""
    return centre.state.record(station.container).passed


def _behind(centre: Centre, station: Station, chosen: Snapshot) -> list[int]:
    """What is left behind by going back from a station to this snapshot: all that came after, as far as it is there."""
    latest = max((one.number for one in snapshots(centre, station)), default=chosen.number)
    return [*chosen.passed, *range(chosen.number + 1, latest + 1)]


def _taken(centre: Centre, station: Station, *, left: bool = False) -> Snapshot:
    """The station as it is in this moment."""
    at, number = centre.state.now(), 1 + max((one.number for one in snapshots(centre, station)), default=0)
    labels = {
        "e5b.kind": "snapshot",
        "e5b.room": centre.room.name,
        "e5b.station": station.name,
        "e5b.at": at,
        "e5b.sitting": centre.state.record(station.container).sitting,
        "e5b.number": str(number),
        "e5b.passed": " ".join(map(str, passed := _passed(centre, station))),
        "e5b.left": "yes" if left else "",  # always: a station that came of one that was left has that one's labels
    }
    return Snapshot(
        freezing.commit_station(centre, station.container, labels), datetime.fromisoformat(at), number, left, passed
    )


def rewind(centre: Centre, name: str, to: str = "", why: str = "") -> tuple[Station, Snapshot]:
    """Take a candidate's station back to its last snapshot, or to the last by a minute of the day ("9:42").

    What it was is kept as well where there is room: by its second ("9:47:12") there is a way back from a mistake. So it
    is with the snapshots that he has been taken back past: the same command again never goes to what it has left.
    """
    with centre.state.holding(centre.room.name, name, "rewind"):
        old = recovered(centre, name)
        station = station_of(old)
        kept = snapshots(centre, station)
        listed = ", ".join(f"{one.at.astimezone(centre.settings.zone):%H:%M:%S}" for one in kept) or "aucun"
        (limit, exact), passed = _limit(centre, to), _passed(centre, station)
        second = limit.replace(microsecond=0) if limit and exact else None
        ways = [one for one in kept if one.at == second or not (one.left or one.number in passed)]
        chosen = next((one for one in ways if limit is None or one.at <= limit), None)
        if chosen is None:
            raise Refusal(f"{name} n'a pas de cliché qui convienne. Clichés gardés : {listed}.")
        centre.progress.step(f"{name} : retour à {chosen.at.astimezone(centre.settings.zone):%H:%M:%S}")
        left = None
        with suppress(ProvisionerError):  # nothing keeps him from his way back
            _leave_room(centre, station)
            left = _taken(centre, station, left=True)
        back = _taken_over(centre, old, chosen, "rewind", to=chosen.at, why=why)
        if left:
            at = f"{left.at.astimezone(centre.settings.zone):%H:%M:%S}"
            centre.progress.step(
                f"{name} : le site d'avant ce retour est gardé, « e5b rewind {name} --to {at} » y revient"
            )
        return back, chosen


def replace(centre: Centre, name: str, why: str = "") -> Station:
    """Put a station that is broken on a new container, with all of its work."""
    with centre.state.holding(centre.room.name, name, "replace"):
        old = recovered(centre, name)
        centre.progress.step(f"{name} : le travail passe sur un poste neuf")
        return _taken_over(centre, old, None, "replace", why=why)


def forget(centre: Centre) -> None:
    """Remove the snapshots of candidates who are gone."""
    there = sittings.containers_of(centre.engine, centre.state, centre.room.name)
    known = {centre.state.record(one.id).sitting for one in there} - {""}
    lost = {one.labels["e5b.station"] for one in there if sittings.is_lost(centre.state, one)}
    in_use = {one.image for one in there}
    gone = [
        image.id
        for image in centre.engine.images(kind="snapshot", room=centre.room.name)
        if image.labels.get("e5b.sitting") not in known
        and image.labels["e5b.station"] not in lost  # whose they are stands in a record that can't be read
        and image.id not in in_use
    ]
    remove_images(centre.engine, gone)


def _taken_over(
    centre: Centre,
    old: ContainerState,
    chosen: Snapshot | None,
    what: str,
    *,
    why: str = "",
    to: datetime | None = None,
) -> Station:
    """A station on a container of this snapshot, at the same place, else with all of its work.

    Whatever fails, the old one comes back.
    """
    engine, station = centre.engine, station_of(old)
    record = centre.state.record(old.id)
    credentials = centre.state.credentials(old.id) or Credentials("", "")
    gateway = centre.gateway
    join, new = gateway.next_join(station.place, old), ""
    try:
        if chosen is None:  # what is confirmed to the candidate from here on would stand in the old one alone
            engine.stop(old.id, 1, for_good=False)  # a power cut meanwhile leaves him the old one
            chosen = _taken(centre, station)
        new = engine.create(_spec(centre, station, old, chosen, join, what))
        passed = _behind(centre, station, chosen) if what == "rewind" else None
        centre.state.keep(new, credentials, _carried_on(record, passed))
        sittings.record_event(centre.state, new, what, why=why, to=to)
        engine.start(new)
        gateway.attach(station.place)
        await_answer(
            engine, centre.room, station.place, new, route_id=gateway.route_id(station.place, join), path=HEALTH
        )
    except BaseException:
        if new:
            with suppress(ProvisionerError):  # it may hold what the old one needs; what stays of it, `recover` removes
                centre.discard(new)
        if old.state not in ("exited", "created"):
            engine.start(old.id)
        raise
    switch_container(centre, old, new, join, what)
    if what == "rewind":
        with suppress(ProvisionerError):  # the guard may have kept the old one once more until now
            centre.state.note(new, passed=_behind(centre, station, chosen))
    # The new one serves by now: what the engine doesn't do here, `recover` does.
    with suppress(EngineError):
        engine.disconnect(join.network, old.id)
    with suppress(EngineError):
        engine.stop(old.id)
    return station_named(centre, station.name)


def _spec(
    centre: Centre, station: Station, old: ContainerState, chosen: Snapshot, join: Join, what: str
) -> ContainerSpec:
    """The container that takes the old one's place, on a snapshot's image."""
    settings = centre.settings
    return ContainerSpec(
        name=f"e5b-{centre.room.name}-{station.name}-{what}-{secrets.token_hex(3)}",
        image=chosen.image,
        labels={**old.labels, "e5b.kind": "station"},
        environment={"TZ": settings.time_zone},
        join=join,
        limits=Limits(settings.memory_mib, settings.processes),
        capabilities=CAPABILITIES,
        restart=True,
        hosts=centre.gateway.hosts(station.place),
    )


def _carried_on(record: SittingRecord, passed: Sequence[int] | None) -> dict[str, object]:
    """What the record of the new container takes over from the old one's.

    `passed` are the snapshots that going back leaves behind. A report is of the work as it was: a site that is taken
    back is to be examined again.
    """
    left = {"user", "password", "labels", "archived"} | ({"reports"} if passed is not None else set())
    values = {key: value for key, value in record.document().items() if key not in left}
    if record.unknown:  # a candidate may have started there: the new one must not pass for one that serves nobody
        values["lost"] = True
    if passed is not None:
        values["passed"] = passed
    return values


def _limit(centre: Centre, to: str) -> tuple[datetime | None, bool]:
    """The last moment that is meant, and whether it was told to the second."""
    if not to:
        return None, False
    now = centre.state.present().astimezone(centre.settings.zone)
    told = to.replace("h", ":").replace(" ", "")
    exact = told.count(":") == 2
    try:
        hour = datetime.strptime(told, "%H:%M:%S" if exact else "%H:%M")
    except ValueError as error:
        raise Refusal(f"« {to} » n'est pas une heure : écrivez par exemple 9:42, ou 9:42:30.") from error
    then = now.replace(hour=hour.hour, minute=hour.minute, second=hour.second if exact else 59, microsecond=999999)
    return (then if then <= now + timedelta(minutes=1) else then - timedelta(days=1)), exact
