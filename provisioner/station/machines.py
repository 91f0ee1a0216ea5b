"""Which machine is whose: the first that signed in at a station since its candidate came, as the gateway knows it."""

from typing import NamedTuple

from provisioner.core.model import Station
from provisioner.network.gateway import BoundMachine
from provisioner.network.room import name_of
from provisioner.station import sittings
from provisioner.station.centre import Centre, station_named


class Freed(NamedTuple):
    """A station that has no machine any more, and the one that it had; None where nobody had signed in."""

    station: Station
    before: BoundMachine | None


def machines(centre: Centre) -> dict[str, BoundMachine]:
    """The candidate's machine of each station at which somebody has signed in."""
    return {name_of(place): machine for place, machine in sorted(centre.gateway.machines().items())}


def free(centre: Centre, name: str, why: str = "") -> Freed:
    """Have the next machine that signs in at a station be its candidate's; the jury reads of it, and `why`."""
    with centre.state.holding(centre.room.name, name, "network free"):
        station = station_named(centre, name)
        before = machines(centre).get(name)
        if before:
            sittings.record_event(centre.state, station.container, "free", why=why)
            centre.gateway.free(station.place)
        return Freed(station, before)
