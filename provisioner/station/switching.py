"""Makes another container the station of a place, and removes the old one or sets it aside."""

from contextlib import ExitStack, suppress

from provisioner.core.errors import (
    EngineError,
    ProvisionerError,
)
from provisioner.engine.protocol import ContainerState, Join
from provisioner.station import sittings
from provisioner.station.access import settle_access_windows
from provisioner.station.centre import Centre


def retire_container(centre: Centre, old_container: ContainerState, join: Join, discard: str) -> None:
    """Remove a station's old container, or disconnect it until its work is archived, and its archive was read again.

    The new one serves by now, so an error of the engine is no failure: `recover` and `put_each_away` do the rest later.
    """
    with suppress(EngineError):
        archived = sittings.is_archived(centre.state, old_container)
        if not archived and sittings.may_go(centre.state, old_container, discard):
            centre.discard(old_container.id)
        else:
            centre.engine.disconnect(join.network, old_container.id)


def switch_container(centre: Centre, old_container: ContainerState, new_container: str, join: Join, why: str) -> None:
    """Make the container `new_container`, which answers at the address of `join`, the station of its place.

    The gateway sends the next request to it, through an access window that follows its clock. Whatever fails, the new
    container is removed and the old one stays. `why` is the command, for the record.
    """
    gateway, place = centre.gateway, int(old_container.labels["e5b.place"])
    # Where the record is lost, only the gateway's access window still says whether the candidate's time runs: it is
    # written anew only at the end, when nothing has to be undone.
    lost, switched = sittings.is_lost(centre.state, old_container), False
    sitting_before: str | None = None
    with ExitStack() as stack:
        try:
            # Until it is sure that nothing has to be undone, no other command may put the old one away.
            stack.enter_context(sittings.holding_old(centre.state, old_container, why))
            # From here on the new one is the station, even if this command is killed: see `recover`.
            sittings.set_aside(centre.state, old_container.id, why)
            switched = True
            sitting_before = gateway.sitting(place)
            # A reset is for somebody else, whose machine is another; going back and replacing are not.
            sitting = new_container[:12] if why == "reset" else sitting_before
            gateway.set_upstream(place, join.address, sitting)
            if lost:
                gateway.reload()
            else:
                settle_access_windows(centre, sure=True)
        except BaseException:
            sittings.take_back(centre.state, old_container.id)
            if old_container.state not in ("exited", "created"):  # it may have been stopped for the new one
                centre.engine.start(old_container.id)
            gateway.set_upstream(place, old_container.networks.get(join.network) or join.address, sitting_before)
            gateway.reload()
            if switched and sittings.to_archive(centre.state, centre.engine.container(new_container)):
                _set_aside_new(centre, new_container, join)
            else:
                centre.discard(new_container)
            settle_access_windows(centre, sure=True)
            raise
    if lost:
        settle_access_windows(centre)


def _set_aside_new(centre: Centre, container: str, join: Join) -> None:
    """Set aside a new container that didn't become the station, since it may have served its candidate briefly."""
    with suppress(ProvisionerError):  # on a full disk: see `recover`
        sittings.set_aside(centre.state, container, "undone")
    centre.engine.disconnect(join.network, container)
    centre.engine.stop(container)
