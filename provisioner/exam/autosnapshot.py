"""The autosnapshot: takes a snapshot of each working candidate every few minutes, and one when the time is over.

Meanwhile it collects the record of refused tries, before the gateway's logs grow long or are lost. `start` leaves it
running in the background, and other commands start it again should it have been killed; it ends with the last
candidate's time. One process watches a room at a time. Access windows and clocks don't depend on it.
"""

import os
import subprocess
import sys
import time
from datetime import timedelta

from provisioner.core.clock import Clock
from provisioner.core.errors import Busy, EvidenceLost, ProvisionerError
from provisioner.host.machine import PATH
from provisioner.host.paths import places
from provisioner.leakcheck.refused_tries import collect_and_report
from provisioner.station.centre import Centre, stations
from provisioner.station.snapshots import snapshot, snapshots

_ROUND = 5
#: After how many failed rounds in a row it gives up: an hour.
_PATIENCE = 720
#: Every how many rounds the record of refused tries is collected: five minutes.
_BRINGS = 60


def take_snapshots(centre: Centre) -> int:
    """Take snapshots until no candidate works any more; the number taken."""
    taken, failed, rounds = 0, 0, 0
    with centre.state.holding(centre.room.name, "veille", "guard"):
        while True:
            try:
                newly_taken, still_working = take_due_snapshots(centre)
            except ProvisionerError as error:  # the engine may be starting again
                failed += 1
                if failed == _PATIENCE:
                    raise
                centre.progress.step(f"Pas de cliché cette fois ({error})")
            else:
                taken, failed = taken + newly_taken, 0
                if not still_working:
                    return taken
            rounds += 1
            if rounds % _BRINGS == 0:
                collect_and_report(centre, centre.progress.step)
            time.sleep(_ROUND)


def take_due_snapshots(centre: Centre) -> tuple[int, bool]:
    """Take the snapshots that are due now; their number, and whether a candidate still works."""
    taken, still_working, present = 0, False, centre.state.present()
    for station in stations(centre):
        running = centre.state.record(station.container).running
        if running is None:
            continue
        over = running.over(present)
        still_working = still_working or not over
        existing = [saved for saved in snapshots(centre, station) if not saved.left]
        last = existing[0].at if existing else running.started
        due = running.end if over else last + timedelta(minutes=centre.settings.snapshot_minutes)
        # After the machine's clock was set back, the next snapshot doesn't wait until it reaches the last one's time.
        set_back = last > present
        if not set_back and (last >= due or present < due):
            continue
        try:  # one station that fails must not leave the others without
            snapshot(centre, station)
        except ProvisionerError as error:
            centre.progress.step(f"{station.name} : pas de cliché cette fois ({error})")
        else:
            taken += 1
            centre.progress.step(f"{station.name} : cliché")
    return taken, still_working


def ensure_running(centre: Centre) -> None:
    """Start the autosnapshot of the room if candidates work there and none runs; warn of a machine's clock that is behind."""
    present, clocks, unread = centre.state.present(), list[Clock | None](), False
    try:
        clocks = [centre.state.record(station.container).running for station in stations(centre)]
    except EvidenceLost:  # of one station: candidates may work there and at others
        unread = True
    if ahead := [running.started for running in clocks if running and running.started > present]:
        centre.progress.step(
            f"L'horloge de cette machine dit {present:%d/%m %H:%M}, et un candidat a commencé le {max(ahead):%d/%m à %H:%M} : mettez-la à "
            "l'heure, les portes se règlent sur elle"
        )
    if not unread and not any(running and not running.over(present) for running in clocks):
        return
    try:
        with centre.state.holding(centre.room.name, "veille", "guard"):
            pass
    except Busy:
        return
    with (centre.state.folder / "veille.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-c", "from provisioner.entry import main; main()", "guard", "--room", centre.room.name],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            env={**os.environ, **places(), "PATH": PATH},
        )
