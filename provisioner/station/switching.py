"""Having another container be the station, and what becomes of the old one."""

from contextlib import ExitStack, suppress

from provisioner.core.errors import (
    EngineError,
    ProvisionerError,
)
from provisioner.engine.protocol import ContainerState, Join
from provisioner.station import sittings
from provisioner.station.access import settle_access_windows
from provisioner.station.centre import Centre


def retire_container(centre: Centre, old: ContainerState, join: Join, discard: str) -> None:
    """Remove what a station was, or have it out of its place's way until its work is archived.

    The new one serves by now: what the engine doesn't do of it fails nothing, see `recover` and `put_each_away`.
    """
    with suppress(EngineError):
        if sittings.may_go(centre.state, old, discard):
            centre.discard(old.id)
        else:
            centre.engine.disconnect(join.network, old.id)


def switch_container(centre: Centre, old: ContainerState, new: str, join: Join, why: str) -> None:
    """Have the container `new`, which answers at that address, be the station; whatever fails, it goes and `old` stays.

    Candidates come to the new one by a door that follows its clock, from one request to the next.
    """
    gateway, place = centre.gateway, int(old.labels["e5b.place"])
    # The door alone knows whether his time runs where nothing else does: it is told anew once nothing is undone.
    lost, led = sittings.is_lost(centre.state, old), False
    with ExitStack() as held:
        try:
            # Until nothing is undone any more, no other command puts away what may be given back.
            held.enter_context(sittings.holding_old(centre.state, old, why))
            # From here on the new one is the station, whatever is cut short: see `recover`.
            sittings.set_aside(centre.state, old.id, why)
            led = True
            gateway.set_upstream(place, join.address)
            if lost:
                gateway.reload()
            else:
                settle_access_windows(centre, sure=True)
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
            settle_access_windows(centre, sure=True)
            raise
    if lost:
        settle_access_windows(centre)


def _keep(centre: Centre, new: str, join: Join) -> None:
    """Keep what was to be the station and may have served its candidate for a moment, out of his way."""
    with suppress(ProvisionerError):  # on a full disk: see `recover`
        sittings.set_aside(centre.state, new, "undone")
    centre.engine.disconnect(join.network, new)
    centre.engine.stop(new)
