"""Says of an act which stations it leaves out and why, as its command does with `--all`, and what to know of the others."""

from collections.abc import Sequence
from contextlib import suppress

from provisioner.console.act_kind import Remarks, Values
from provisioner.console.act_words import hour, label
from provisioner.core.errors import EvidenceLost, ProvisionerError
from provisioner.exam import seating
from provisioner.exam.seating import next_candidate, not_due, not_working
from provisioner.station import sittings, snapshots
from provisioner.station.centre import Centre, stations


def cannot_start(centre: Centre, values: Values) -> Remarks:
    """Those whose candidate has begun, and unless `anyway` those whose candidate isn't due."""
    reasons, present = dict[str, str](), centre.state.present()
    if not values.get("anyway"):
        with suppress(EvidenceLost):  # as `start_stations`: who is there must not wait for a list
            reasons |= not_due(centre)
    for station in stations(centre):
        if running := centre.state.record(station.container).running:
            end = hour(running.end, centre)
            is_over = running.over(present)
            reasons[station.name] = f"son candidat a fini à {end}" if is_over else f"travaille déjà, jusqu’à {end}"
    return reasons


def cannot_be_given_time(centre: Centre, values: Values) -> Remarks:
    """Those where nobody has begun, since time would begin there, and unless `anyway` those whose time is over."""
    reasons = not_working(centre)
    if values.get("anyway"):
        begun = {station.name for station in stations(centre) if centre.state.record(station.container).running}
        return {name: why for name, why in reasons.items() if name not in begun}
    return reasons


def cannot_stop(centre: Centre, _: Values) -> Remarks:
    """Those where no candidate's time runs."""
    return not_working(centre, unknown=False)


def without_work(centre: Centre, _: Values) -> Remarks:
    """Those where there is nothing to examine or to archive yet."""
    return seating.without_work(centre)


def working(centre: Centre, _: Values) -> Remarks:
    """Those that `refuse_while_working` refuses."""
    ends, present = dict[str, str](), centre.state.present()
    for station in stations(centre):
        running = centre.state.record(station.container).running
        if running and not running.over(present):
            ends[station.name] = f"travaille jusqu’à {hour(running.end, centre)}"
    return ends


def cannot_pass(centre: Centre, values: Values) -> Remarks:
    """Those where a candidate works, or the one who is waited for can't be absent yet."""
    reasons = dict(working(centre, values))
    for station in stations(centre):
        try:
            next_candidate(centre, station, skip=True)
        except ProvisionerError as error:
            reasons.setdefault(station.name, str(error))
    return reasons


def cannot_go_back(centre: Centre, _: Values) -> Remarks:
    """Those without a snapshot."""
    return {
        station.name: "aucun cliché n’en est gardé"
        for station in stations(centre)
        if not snapshots.snapshots(centre, station)
    }


def will_be_examined_again(centre: Centre, names: Sequence[str]) -> Remarks:
    """What there is to know of those whose candidate still works."""
    ends = working(centre, {})
    return {name: f"{ends[name]} : à examiner de nouveau après" for name in names if name in ends}


def comes_next(centre: Centre, names: Sequence[str], *, skip: bool = False) -> Remarks:
    """What isn't examined yet, and for whom each station will be new."""
    remarks = dict[str, str]()
    for station in stations(centre):
        if station.name not in names:
            continue
        coming = None
        with suppress(ProvisionerError):
            coming = next_candidate(centre, station, skip=skip)
        whom = label(coming.candidate if coming else None)
        said = [sittings.unexamined(centre.state, station.container), f"ensuite : {whom}" if whom else ""]
        remarks[station.name] = " ; ".join(filter(None, said))
    return remarks
