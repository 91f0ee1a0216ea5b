"""A copy of a station, to examine: made from its frozen state, answering at the station's own address.

The candidate's own station is paused for less than a second and otherwise not touched. In the copy cron is off, so
that nothing scheduled changes what is examined; it reaches nothing but itself.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock

from provisioner.build.driver import Driver, Inside, SignedIn, driver_of
from provisioner.core import clock
from provisioner.core.errors import EngineError
from provisioner.core.model import Station
from provisioner.engine.protocol import ContainerSpec
from provisioner.station.answering import HEALTH, NO_ANSWER, ask_station, await_answer
from provisioner.station.centre import Centre
from provisioner.station.creation import CAPABILITIES, COPY_DISK, limits_of
from provisioner.station.freezing import await_requests_under_way, commit_station, room_left
from provisioner.station.identity import new_credentials, startup_payload

#: What a station answers at HEALTH when it is ill, as the end of a French sentence.
_ILL = {
    b"database": "sa base de données ne répond plus",
    b"tables": "sa base de données n'a pas pu ouvrir une table, le disque de cette machine étant plein",
}
_LEAST_MIB = 16


@dataclass(frozen=True)
class Copy:
    """A running copy; the examining browser reaches it through the examiner port.

    `documents` are the folders of the candidate's files, the subject's own first. Several checks look at a `shared`
    copy.
    """

    centre: Centre
    station: Station
    container: str
    taken_at: datetime
    documents: tuple[Path, ...] = ()
    shared: bool = False
    _signed_in: dict[str, SignedIn] = field(default_factory=dict)
    _alone: Lock = field(default_factory=Lock)
    _once: dict[str, str] = field(default_factory=dict)

    def sign_in(self, role: str) -> SignedIn:
        """An examiner of that role; signed in once."""
        with self._alone:
            if role not in self._signed_in:
                self._signed_in[role] = self.driver.sign_in(self.inside, role, self.station.address)
            return self._signed_in[role]

    def once(self, name: str, ask: Callable[[], str]) -> str:
        """What `ask` gave when it was asked first; two checks at a time may both ask."""
        if name not in self._once:
            self._once[name] = ask()
        return self._once[name]

    @property
    def inside(self) -> Inside:
        """Commands inside it."""
        return Inside(self.centre.engine, self.container)

    @property
    def present(self) -> datetime:
        """The time on its clock, by which its pages are written."""
        return datetime.now(self.centre.settings.zone)

    @property
    def driver(self) -> Driver:
        """The driver of its CMS."""
        return driver_of(self.station.stack)

    def fault(self) -> str:
        """What is wrong with it, as the end of a French sentence; empty when it works."""
        try:
            connection, answer = ask_station(self.centre.room, self.station.place, HEALTH, route_id=self.station.place)
            with closing(connection):
                health = answer.read(100)
        except NO_ANSWER as error:
            return f"il ne répond plus (détail : {type(error).__name__})"
        if answer.status != 200:
            return _ILL.get(health, f"il répond par l'erreur {answer.status}")
        # On a full disk a page may lose what it saves without an error.
        try:
            free_mib = room_left(self.centre, self.container)
        except EngineError:
            return "il s'est arrêté"
        return "le disque de cette machine est plein" if free_mib is not None and free_mib < _LEAST_MIB else ""


@contextmanager
def frozen(centre: Centre, station: Station) -> Iterator[tuple[str, datetime]]:
    """The station's state now, as an image that is removed afterwards, and when the work stopped."""
    clear(centre, station)
    await_requests_under_way(centre, centre.engine.container(station.container))
    present = datetime.now(centre.settings.zone).replace(microsecond=0)
    taken_at = clock.stopped(centre.state.record(station.container).running, present)
    image = commit_station(centre, station.container, labels_of(centre, station))
    try:
        yield image, taken_at
    finally:
        _remove_part(centre, station, partial(centre.engine.remove_image, image))


@contextmanager
def copied(
    centre: Centre,
    station: Station,
    image: str,
    taken_at: datetime,
    documents: tuple[Path, ...] = (),
    shared: bool = False,
) -> Iterator[Copy]:
    """A copy of a frozen station, answering; removed afterwards with its network.

    `image` may be the station's golden image: the copy is then the site as candidates receive it.
    """
    settings = centre.settings
    first_start = image == station.golden
    _remove_containers(centre, station)
    join = centre.gateway.join(station.place, copy=True)
    container = ""
    try:
        container = centre.engine.create(
            ContainerSpec(
                name=f"e5b-{centre.room.name}-{station.name}-copie",
                image=image,
                labels={**labels_of(centre, station), "e5b.place": str(station.place)},
                environment={"TZ": settings.time_zone, "E5B_COPY": "1"},
                join=join,
                hosts=centre.gateway.hosts(station.place, copy=True),
                limits=limits_of(settings, COPY_DISK),
                capabilities=CAPABILITIES,
                stdin=first_start,
            )
        )
        stdin = None
        if first_start:
            stdin = startup_payload(centre.room, settings, station.place, new_credentials(station.stack))
        centre.engine.start(container, stdin=stdin)
        await_answer(centre.engine, centre.room, station.place, container, copy=True, path=HEALTH)
        yield Copy(centre, station, container, taken_at, documents, shared)
    finally:
        if container:
            _remove_part(centre, station, partial(centre.engine.remove, container))
        _remove_part(centre, station, partial(centre.gateway.detach, station.place, copy=True))


def _remove_containers(centre: Centre, station: Station) -> None:
    for container in centre.engine.containers(kind="copy", room=centre.room.name, station=station.name):
        centre.engine.remove(container.id)


def _remove_part(centre: Centre, station: Station, remove: Callable[[], None]) -> None:
    """Remove a part of the copy; where the engine fails, say so and go on: the findings stand, the next copy clears up."""
    try:
        remove()
    except EngineError as error:
        centre.progress.step(
            f"{station.name} : la copie n'est pas retirée, la prochaine copie ou « e5b down » le fera (détail : {error})"
        )


def labels_of(centre: Centre, station: Station) -> dict[str, str]:
    """The labels of every image and container that is made of a station to examine it."""
    return {"e5b.kind": "copy", "e5b.room": centre.room.name, "e5b.station": station.name}


def clear(centre: Centre, station: Station) -> None:
    """Remove what an examination that was killed left behind."""
    _remove_containers(centre, station)
    for image in centre.engine.images(kind="copy", room=centre.room.name, station=station.name):
        centre.engine.remove_image(image.id)
