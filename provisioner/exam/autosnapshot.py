"""Watches over the candidates who are working: a snapshot of each every few minutes, and one when his time is over.

It brings the network's record to the disk meanwhile, before the gateway's logs are long or gone.
`start` leaves it running by itself, and so does what a technician asks of a room meanwhile, should it have been
killed; it ends with the last candidate's time. One watches a room at a time. It keeps nothing that the doors or clocks need: they do without it.
"""

import os
import subprocess
import sys
import time
from datetime import timedelta

from provisioner.core.errors import Busy, ProvisionerError
from provisioner.host.machine import PATH
from provisioner.host.paths import places
from provisioner.leakcheck.refused_tries import collect_and_report
from provisioner.station.centre import Centre, stations
from provisioner.station.snapshots import snapshot, snapshots

_ROUND = 5
#: How many rounds in a row may fail before nobody is thought to come back: an hour.
_PATIENCE = 720
#: Every how many rounds the record is brought: five minutes.
_BRINGS = 60


def take_snapshots(centre: Centre) -> int:
    """Take snapshots until no candidate works any more; how many were taken."""
    taken, failed, rounds = 0, 0, 0
    with centre.state.holding(centre.room.name, "veille", "guard"):
        while True:
            try:
                done, going_on = take_due_snapshots(centre)
            except ProvisionerError as error:  # the engine may be starting again
                failed += 1
                if failed == _PATIENCE:
                    raise
                centre.progress.step(f"Pas de cliché cette fois ({error})")
            else:
                taken, failed = taken + done, 0
                if not going_on:
                    return taken
            rounds += 1
            if rounds % _BRINGS == 0:
                collect_and_report(centre, centre.progress.step)
            time.sleep(_ROUND)


def take_due_snapshots(centre: Centre) -> tuple[int, bool]:
    """Take the snapshots that are due now; how many, and whether a candidate still works."""
    taken, going_on, now = 0, False, centre.state.present()
    for station in stations(centre):
        running = centre.state.record(station.container).running
        if running is None:
            continue
        over = running.over(now)
        going_on = going_on or not over
        kept = [one for one in snapshots(centre, station) if not one.left]
        last = kept[0].at if kept else running.started
        due = running.end if over else last + timedelta(minutes=centre.settings.snapshot_minutes)
        set_back = last > now  # the machine's clock was: its next snapshot is not to wait until it is there again
        if not set_back and (last >= due or now < due):
            continue
        try:  # one station that fails must not leave the others without
            snapshot(centre, station)
        except ProvisionerError as error:
            centre.progress.step(f"{station.name} : pas de cliché cette fois ({error})")
        else:
            taken += 1
            centre.progress.step(f"{station.name} : cliché")
    return taken, going_on


def ensure_running(centre: Centre) -> None:
    """Have the room watched, if candidates work there and nobody watches yet; tell of a machine's clock that is behind."""
    now = centre.state.present()
    clocks = [centre.state.record(station.container).running for station in stations(centre)]
    if ahead := [one.started for one in clocks if one and one.started > now]:
        centre.progress.step(
            f"L'horloge de cette machine dit {now:%d/%m %H:%M}, et un candidat a commencé le {max(ahead):%d/%m à %H:%M} : mettez-la à "
            "l'heure, les portes se règlent sur elle"
        )
    if not any(one and not one.over(now) for one in clocks):
        return
    try:
        with centre.state.holding(centre.room.name, "veille", "guard"):
            pass
    except Busy:
        return
    with (centre.state.folder / "veille.log").open("ab") as lines:
        subprocess.Popen(
            [sys.executable, "-c", "from provisioner.entry import main; main()", "guard", "--room", centre.room.name],
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
            start_new_session=True,
            cwd="/",
            env={**os.environ, **places(), "PATH": PATH},
        )
