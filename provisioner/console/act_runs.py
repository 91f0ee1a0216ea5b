"""Calls for each act the use-case that its command calls, and says what was done at each station."""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from provisioner.archive.archives import Archive
from provisioner.archive.archiving import archive, put_each_away
from provisioner.console.act_kind import Doing, Values
from provisioner.console.act_words import hour, label, on_screen
from provisioner.core.batches import each
from provisioner.core.clock import Clock
from provisioner.core.errors import ProvisionerError, Refusal, StationNotReady
from provisioner.core.model import Station, Verdict
from provisioner.exam.reset import Renewed, reset_stations
from provisioner.exam.times import Change, start_stations, stop_stations
from provisioner.station import snapshots
from provisioner.station.acts import Outcome
from provisioner.station.centre import Centre, station_named
from provisioner.station.machines import free as free_machine

Result = TypeVar("Result")
NOTHING_EXAMINED = "rien n’a pu être examiné"


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


class Written(Exception):
    """What kept an act from a station, once that was said of it."""


def tell(name: str, doing: Doing, act: Callable[[], tuple[Result, str]]) -> Result:
    """Act on a station and say what became of it; `act` returns that in French, too. Raises Written where it failed."""
    if not begun(name, doing):
        raise Written
    try:
        result, text = act()
    except ProvisionerError as error:
        doing.ends(name, *failed(error))
        raise Written from error
    doing.ends(name, Outcome.DONE, text)
    return result


def raise_others(errors: Sequence[Exception]) -> None:
    """Raise where it couldn't be written that a station begins, or where nobody foresaw an error."""
    for error in errors:
        if not isinstance(error, Written):
            raise error


def one_by_one(
    act: Callable[[Centre, str, Values], str], at_once: int = 1
) -> Callable[[Centre, Sequence[str], Values, Doing], None]:
    """Act on each station, so many at a time; `act` returns what was done, and keeps no other station back."""

    def run(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
        def on_one(name: str) -> None:
            tell(name, doing, lambda: (None, act(centre, name, values)))

        raise_others(each(names, on_one, at_once)[1])

    return run


def _telling(doing: Doing, said: Callable[[str, Clock], str]) -> Callable[[Change], Change]:
    """Puts around the change of a station's clock what the book says of it; `said` may raise a Refusal."""

    def around(change: Change) -> Change:
        def on_one(name: str) -> tuple[Station, Clock]:
            def act() -> tuple[tuple[Station, Clock], str]:
                changed = change(name)
                return changed, said(name, changed[1])

            return tell(name, doing, act)

        return on_one

    return around


def start(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
    """Open stations to their candidates."""

    def said(_: str, running: Clock) -> str:
        return f"ouvert de {hour(running.started, centre)} à {hour(running.end, centre)}"

    why = values.get("why", "")
    raise_others(start_stations(centre, names, everything=False, why=why, around=_telling(doing, said)).errors)


def give_time(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
    """Give minutes to candidates; not where they were given already, for the same reason."""
    minutes, before = int(values["minutes"]), dict[str, Clock]()

    def said(name: str, running: Clock) -> str:
        if before[name].extra == running.extra:  # taken for the same command once more: see working_time.start
            raise Refusal(
                f"Ces {minutes} minutes viennent d’être données pour la même raison : elles ne le sont pas deux fois. Pour en "
                "donner encore, dites une autre raison."
            )
        return f"{minutes} min de plus, jusqu’à {hour(running.end, centre)}"

    def around(change: Change) -> Change:
        def to_who_has_begun(name: str) -> tuple[Station, Clock]:
            running = centre.state.record(station_named(centre, name).container).running
            if running is None:
                raise Refusal("personne n’y a commencé")
            before[name] = running
            return change(name)

        return _telling(doing, said)(to_who_has_begun)

    timed = start_stations(centre, names, everything=False, extra=minutes, why=values["why"], around=around)
    raise_others(timed.errors)


def stop(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
    """End candidates' time."""

    def said(_: str, running: Clock) -> str:
        return f"arrêté à {hour(running.end, centre)}"

    why = values.get("why", "")
    raise_others(stop_stations(centre, names, everything=False, why=why, around=_telling(doing, said)).errors)


def free(centre: Centre, name: str, values: Values) -> str:
    """Have the next machine that signs in at a station be its candidate's."""
    freed = free_machine(centre, name, values.get("why", ""))
    if freed.before is None:
        return "n’est celui d’aucune machine : la prochaine qui s’y connecte sera celle du candidat"
    return (
        f"n’est plus celui de la machine {freed.before.address} : la prochaine qui s’y connecte sera celle du candidat"
    )


def examine(centre: Centre, name: str, values: Values) -> str:
    """Examine a station."""
    # Loads the browser's library, which a console that only shows the room doesn't need.
    from provisioner.examination.examine import examine_stations

    examined = examine_stations(centre, [name])
    for error in examined.errors:
        raise error
    return examined_in_words(examined.verdicts)


def examine_kept(centre: Centre, path: Path) -> str:
    """Examine the station of an archive; what came of it, in French. StationNotReady where nothing could be examined."""
    from provisioner.examination.examine import verdicts
    from provisioner.examination.examine_archive import examine_archive

    remarks = list[str]()
    found = verdicts(examine_archive(centre, path, remark=remarks.append))
    if set(found) == {Verdict.BLOCKED}:
        raise StationNotReady(f"{NOTHING_EXAMINED}.")
    said = [on_screen(remark.removeprefix(f"{path.name} : ")) for remark in remarks]
    return " ; ".join((examined_in_words(found), *said))


def examined_in_words(verdicts: Sequence[Verdict]) -> str:
    """What is said of an examination: how often it came to each verdict."""
    counts = {verdict.french: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}
    return on_screen("examiné" + "".join(f" · {word} : {count}" for word, count in counts.items()))


def _archive(centre: Centre, name: str, _: Values) -> str:
    return archived_in_words(archive(centre, name))


def archived_in_words(written: Archive) -> str:
    """What is said of an archive that was written and read back."""
    why_not_last = written.manifest.why_not_last
    return on_screen(f"archivé et relu : {written.path.name}" + (f" ({why_not_last})" if why_not_last else ""))


def archive_all(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
    """Archive stations, two at a time, then those that were set aside before."""
    one_by_one(_archive, 2)(centre, names, values, doing)
    archives, errors = put_each_away(centre)
    remark_old(archives, errors, doing)


def remark_old(archives: Sequence[Archive], errors: Sequence[Exception], doing: Doing) -> None:
    """Say of the act what became of the containers that had been set aside."""
    for written in archives:
        doing.remark(f"L’ancien {written.manifest.station} est {archived_in_words(written)}.")
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
    archives, others = renew(centre, [name for name in names if begun(name, doing)], doing.ends, skip=skip)
    remark_old(archives, others, doing)


def renew(
    centre: Centre, names: Sequence[str], ends: Callable[[str, Outcome, str], None], *, skip: bool = False
) -> tuple[Sequence[Archive], Sequence[ProvisionerError]]:
    """Reset stations that an act has begun with; `ends` says what became of each.

    Gives the archives of what had been set aside, and the errors that are of no station which wasn't reset.
    """
    if not (open_names := dict.fromkeys(names)):
        return (), ()

    def renewed(made: Sequence[Renewed]) -> None:
        for each_made in made:
            open_names.pop(each_made.station.name, None)
            coming = label(each_made.candidate)
            ends(each_made.station.name, Outcome.DONE, f"neuf{f', pour {coming}' if coming else ''}")

    outcome = reset_stations(centre, list(open_names), skip=skip, on_renewed=renewed)
    of_station, others = {error: name for name, error in outcome.failed.items()}, []
    for error in outcome.errors:
        if not isinstance(error, ProvisionerError):
            raise error
        if name := of_station.get(error) or named_in(error, open_names):
            del open_names[name]
            ends(name, *failed(error))
        else:
            others.append(error)
    return outcome.archives, others


def named_in(error: Exception, names: Iterable[str]) -> str:
    """The first of these stations that an error names; empty where it names none."""
    return next((name for name in names if re.search(rf"\b{name}\b", str(error))), "")
