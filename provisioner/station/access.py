"""Opens and closes the gateway's access windows as the candidates' clocks say."""

from collections.abc import Sequence

from provisioner.core.model import WantedStation
from provisioner.host.disk import locked
from provisioner.network import access_windows, door_notes
from provisioner.station.centre import Centre, in_use, one_per_station
from provisioner.station.forgiving import forgiving


def settle_access_windows(centre: Centre, coming: Sequence[WantedStation] = (), *, sure: bool = False) -> set[int]:
    """Open or close each candidate's access window as his clock says; this outlives a restart of the gateway.

    The window of a station whose record can't be read stays as it is, since the others' candidates must not wait for it.
    What the gateway's own pages say of each place follows too. The windows of the stations that are `coming` stay closed until their candidates begin. Returns the places whose
    window changed. With `sure` the gateway is reloaded even where none changed: a command that wrote them before may
    have been killed before the reload.
    """
    if not (gateway := centre.gateway.find()):
        return set()
    # One command at a time, so that clocks that were read first are not written last.
    with locked(centre.state.folder / "locks" / f"{centre.room.name}-portes.lock", "les portes", 60):
        records = {station.place: station.record() for station in coming}
        reading = forgiving(centre)
        records |= {
            int(container.labels["e5b.place"]): reading.state.record(container.id)
            for container in one_per_station(reading, in_use(reading, brief=True))
        }
        listed = centre.state.exam(centre.room.name)
        places = access_windows.write(centre.engine, gateway, records, centre.settings.zone, listed=listed)
        noted = door_notes.write(centre.engine, gateway, records, centre.settings.zone)
    if places or noted or sure:
        centre.gateway.reload()
    return places
