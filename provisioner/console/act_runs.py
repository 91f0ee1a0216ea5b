"""Calls for each act the use-case that its command calls, and says what was done at each station."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from provisioner.archive.archives import Archive
from provisioner.archive.archiving import archive, put_each_away
from provisioner.console.act_kind import Doing, Values
from provisioner.console.act_words import hour, label, on_screen
from provisioner.core.batches import each
from provisioner.core.errors import ProvisionerError, Refusal
from provisioner.exam.reset import Renewed, reset_stations
from provisioner.exam.times import Timed, start_stations, stop_stations
from provisioner.station import snapshots
from provisioner.station.acts import Outcome
from provisioner.station.centre import Centre, station_named


def failed(error: Exception) -> tuple[Outcome, str]:
    """What became of an act that raised: a refusal has changed nothing, of any other error that isn't sure."""
    return (Outcome.NOT_DONE if isinstance(error, Refusal) else Outcome.FAILED), on_screen(str(error))


def begun(name: str, doing: Doing) -> bool:
    """Whether an act has begun with a station; where it must not, that is said."""
    try:
        doing.begins(name)
    except Refusal as refusal:
        doing.ends(name, Outcome.NOT_DONE, on_screen(str(refusal)))
        return False
    return True


def one_by_one(
    act: Callable[[Centre, str, Values], str], at_once: int = 1
) -> Callable[[Centre, Sequence[str], Values, Doing], None]:
    """Act on each station, so many at a time; `act` returns what was done, and keeps no other station back."""

    def run(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
        def on_one(name: str) -> None:
            if not begun(name, doing):
                return
            try:
                text = act(centre, name, values)
            except ProvisionerError as error:
                doing.ends(name, *failed(error))
            else:
                doing.ends(name, Outcome.DONE, text)

        _, errors = each(names, on_one, at_once)
        for error in errors:  # that a station begins couldn't be written, or nobody foresaw it
            raise error

    return run


def _only(timed: Timed) -> tuple[datetime, datetime, int]:
    """The start, the end and the added minutes of the one station that was acted on; raises its error."""
    for error in timed.errors:
        raise error
    ((_, running),) = timed.done
    return running.started, running.end, running.extra


def start(centre: Centre, name: str, values: Values) -> str:
    """Open a station to its candidate."""
    timed = start_stations(centre, [name], everything=False, why=values.get("why", ""))
    started, end, _ = _only(timed)
    return f"ouvert de {hour(started, centre)} à {hour(end, centre)}"


def give_time(centre: Centre, name: str, values: Values) -> str:
    """Give minutes to a candidate; a Refusal where they were given already, for the same reason."""
    minutes, before = int(values["minutes"]), centre.state.record(station_named(centre, name).container).running
    if before is None:
        raise Refusal("personne n’y a commencé")
    timed = start_stations(centre, [name], everything=False, extra=minutes, why=values["why"])
    _, end, extra = _only(timed)
    if before.extra == extra:  # taken for the same command once more: see working_time.start
        raise Refusal(
            f"Ces {minutes} minutes viennent d’être données pour la même raison : elles ne le sont pas deux fois. Pour en donner "
            "encore, dites une autre raison."
        )
    return f"{minutes} min de plus, jusqu’à {hour(end, centre)}"


def stop(centre: Centre, name: str, values: Values) -> str:
    """End a candidate's time."""
    timed = stop_stations(centre, [name], everything=False, why=values.get("why", ""))
    return f"arrêté à {hour(_only(timed)[1], centre)}"


def examine(centre: Centre, name: str, values: Values) -> str:
    """Examine a station."""
    # Loads the browser's library, which a console that only shows the room doesn't need.
    from provisioner.examination.examine import examine_stations

    examined = examine_stations(centre, [name])
    for error in examined.errors:
        raise error
    counts = {verdict.french: examined.verdicts.count(verdict) for verdict in dict.fromkeys(examined.verdicts)}
    return on_screen("examiné" + "".join(f" · {word} : {count}" for word, count in counts.items()))


def _archive(centre: Centre, name: str, _: Values) -> str:
    return _archived(archive(centre, name))


def _archived(written: Archive) -> str:
    why_not_last = written.manifest.why_not_last
    return on_screen(f"archivé et relu : {written.path.name}" + (f" ({why_not_last})" if why_not_last else ""))


def archive_all(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
    """Archive stations, two at a time, then those that were set aside before."""
    one_by_one(_archive, 2)(centre, names, values, doing)
    archives, errors = put_each_away(centre)
    _remark_old(archives, errors, doing)


def _remark_old(archives: Sequence[Archive], errors: Sequence[Exception], doing: Doing) -> None:
    for written in archives:
        doing.remark(f"L’ancien {written.manifest.station} est {_archived(written)}.")
    for error in errors:
        doing.remark(on_screen(str(error)))


def replace(centre: Centre, name: str, values: Values) -> str:
    """Move a station with its work to a new container."""
    snapshots.replace(centre, name, values.get("why", ""))
    return "remplacé, avec son travail"


def rewind(centre: Centre, name: str, values: Values) -> str:
    """Take a station back to a snapshot."""
    _, chosen = snapshots.rewind(centre, name, values.get("to", ""), values.get("why", ""))
    return f"ramené à {hour(chosen.at, centre)}"


def reset(centre: Centre, names: Sequence[str], values: Values, doing: Doing, *, skip: bool = False) -> None:
    """Reset all at once: the room is new within seconds, and archives what was there after that."""
    if not (open_names := {name: True for name in names if begun(name, doing)}):
        return

    def renewed(made: Sequence[Renewed]) -> None:
        for each_made in made:
            open_names.pop(each_made.station.name, None)
            coming = label(each_made.candidate)
            doing.ends(each_made.station.name, Outcome.DONE, f"neuf{f', pour {coming}' if coming else ''}")

    outcome = reset_stations(centre, list(open_names), skip=skip, on_renewed=renewed)
    others = []
    for error in outcome.errors:
        if not isinstance(error, ProvisionerError):
            raise error
        name = next((name for name in open_names if re.search(rf"\b{name}\b", str(error))), "")
        if name:
            del open_names[name]
            doing.ends(name, *failed(error))
        else:
            others.append(error)
    _remark_old(outcome.archives, others, doing)
