"""Keeping the gateway's access windows as the candidates' clocks say."""

from collections.abc import Sequence

from provisioner.core.model import WantedStation
from provisioner.host.disk import locked
from provisioner.network import access_windows
from provisioner.station.centre import Centre, in_use, one_per_station


def settle_access_windows(centre: Centre, coming: Sequence[WantedStation] = (), *, sure: bool = False) -> set[int]:
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
            for container in one_per_station(centre, in_use(centre, brief=True))
        }
        listed = centre.state.exam(centre.room.name)
        places = access_windows.write(centre.engine, gateway, records, centre.settings.zone, listed=listed)
    if places or sure:
        centre.gateway.reload()
    return places
