"""Starts and stops the time of several candidates at once, and leaves out those whom the command can't mean."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from provisioner.core.batches import each
from provisioner.core.clock import Clock
from provisioner.core.errors import EvidenceLost, Refusal
from provisioner.core.model import Station
from provisioner.core.progress import grouped
from provisioner.exam.autosnapshot import ensure_running
from provisioner.exam.seating import NOBODY, not_due, not_working
from provisioner.exam.working_time import start, stop
from provisioner.station.centre import Centre
from provisioner.station.forgiving import forgiving

#: What is done to the clock of a station's candidate.
Change = Callable[[str], tuple[Station, Clock]]


def _alone(change: Change) -> Change:
    return change


@dataclass(frozen=True)
class Timed:
    """The stations whose candidates' clock was changed (`done`), each with that clock, and the errors of the others."""

    done: tuple[tuple[Station, Clock], ...]
    errors: tuple[Exception, ...]


def start_stations(
    centre: Centre,
    names: Sequence[str],
    *,
    everything: bool,
    extra: int = 0,
    why: str = "",
    around: Callable[[Change], Change] = _alone,
) -> Timed:
    """Start the candidates of these stations, or give them `extra` minutes more.

    With `everything`, stations whose candidate isn't due are left out. A station that is named although its candidate
    isn't due is started only with a reason, `why`, and gets `extra` minutes only after it was started. `around` is put
    around what is done to each station, for who tells how far it is.
    """
    reasons = {} if everything else _reasons_where_known(centre)

    def start_one(name: str) -> tuple[Station, Clock]:
        _refuse_another_hour(name, reasons.get(name, NOBODY), extra, why)
        return start(centre, name, extra, why)

    left_out = (not_working(centre) if extra else not_due(centre)) if everything else {}
    anyway = f" --extra {extra}" if extra else " --why RAISON"
    return _act_on_each(centre, names, around(start_one), left_out, anyway)


def stop_stations(
    centre: Centre,
    names: Sequence[str],
    *,
    everything: bool,
    why: str = "",
    around: Callable[[Change], Change] = _alone,
) -> Timed:
    """Stop the time of the candidates of these stations; with `everything`, those whose time doesn't run are left out.

    `around`: see start_stations.
    """
    left_out = not_working(centre, unknown=False) if everything else {}
    return _act_on_each(centre, names, around(partial(_stop, centre, why=why)), left_out, None)


def _stop(centre: Centre, name: str, *, why: str) -> tuple[Station, Clock]:
    return stop(centre, name, why)


def _reasons_where_known(centre: Centre) -> Mapping[str, str]:
    """See not_due; where the list can't be read, the candidate who is there must not wait."""
    with suppress(EvidenceLost):
        return not_due(forgiving(centre))
    return {}


def _refuse_another_hour(name: str, reason: str, extra: int, why: str) -> None:
    """Raise where a station waits for a candidate of another hour, unless the technician says why.

    Extra time is refused in any case: who sits there may not be the candidate of the list.
    """
    if reason != NOBODY and (extra or not why):
        raise Refusal(
            f"{name} n'est pas ouvert : {reason}. Pour l'ouvrir à ce candidat quand même, dites pourquoi : « e5b start {name} "
            f"--why RAISON »{', puis donnez-lui le temps en plus' if extra else ''}."
        )


def _act_on_each(
    centre: Centre,
    names: Sequence[str],
    act: Change,
    left_out: Mapping[str, str],
    anyway: str | None,
) -> Timed:
    """Act on each station that isn't left out; `anyway` are the options that start one all the same, None for none."""
    for sentence in grouped(left_out.items()):
        named = sentence.partition(" : ")[0]
        station = "POSTE" if "," in named else named
        words = "" if anyway is None else f" ; pour l'ouvrir quand même : « e5b start {station}{anyway} »"
        centre.progress.step(f"{sentence}{words}")
    changed, errors = each([name for name in names if name not in left_out], act, 1)
    ensure_running(centre)
    return Timed(tuple(changed), tuple(errors))
