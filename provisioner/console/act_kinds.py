"""The acts that the screen offers: which stations each leaves out and why, and the use-case that each calls.

They are those of the command line. What it leaves out of `--all`, an act leaves out of a selection; `anyway`, with a
reason, acts on it all the same, as naming a station on the command line does.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from provisioner.archive.archives import Archive
from provisioner.archive.archiving import archive, put_each_away
from provisioner.console.act_words import on_screen
from provisioner.core.batches import each
from provisioner.core.errors import EvidenceLost, ProvisionerError, Refusal
from provisioner.core.records import Candidate
from provisioner.exam.reset import Renewed, reset_stations
from provisioner.exam.seating import next_candidate, not_due, not_working, without_work
from provisioner.exam.times import Timed, start_stations, stop_stations
from provisioner.station import sittings, snapshots
from provisioner.station.act_book import KINDS as NAMES
from provisioner.station.act_book import Outcome
from provisioner.station.centre import Centre, station_named, stations

#: What a person typed: `why`, `minutes`, `to`, `anyway`.
Values = Mapping[str, str]
#: What there is to say of stations, by their names.
Remarks = Mapping[str, str]

#: How much time may be given at once, as by the command line.
MOST_MINUTES = 120
#: How many letters of a reason are kept.
_LONGEST = 500


class Doing(Protocol):
    """Hears how far an act is; see `acting`."""

    def begins(self, station: str) -> None:
        """The act begins with a station; raises EvidenceLost where that can't be written, and it must not begin."""

    def ends(self, station: str, outcome: Outcome, text: str) -> None:
        """What became of the act at a station."""

    def remark(self, text: str) -> None:
        """Something to say of the whole act."""


@dataclass(frozen=True)
class Kind:
    """A kind of act.

    `one`, `several`: what will be done, as « sera démarré ». `reasons`: the stations of the room that are left out, and
    why. `remarks`: what to know before agreeing. `costs`: what is lost and what is kept, where a person has to type a
    name. `long`: it may take minutes, and nothing short waits for it. `forcible`: `anyway` may be said.
    """

    id: str
    one: str
    several: str
    run: Callable[[Centre, Sequence[str], Values, Doing], None]
    reasons: Callable[[Centre, Values], Remarks] = lambda centre, values: {}
    remarks: Callable[[Centre, Sequence[str]], Remarks] = lambda centre, names: {}
    costs: str = ""
    long: bool = False
    forcible: bool = False
    fields: tuple[str, ...] = ()

    @property
    def french(self) -> str:
        """Its button."""
        return NAMES[self.id]

    def taken(self, values: Values) -> Values:
        """What it takes of the values of a form, as they were typed."""
        names = (*self.fields, "anyway") if self.forcible else self.fields
        typed = {name: " ".join(values.get(name, "").split())[:_LONGEST] for name in names}
        return {name: value for name, value in typed.items() if value}

    def accepted(self, values: Values) -> Values:
        """The same; a Refusal where something is missing or can't be read."""
        taken = self.taken(values)
        if "minutes" in self.fields and not re.fullmatch(r"[1-9]\d{0,2}", taken.get("minutes", "")):
            raise Refusal("Dites combien de minutes donner, par exemple 13.")
        if "minutes" in self.fields and int(taken["minutes"]) > MOST_MINUTES:
            raise Refusal(f"On peut donner {MOST_MINUTES} minutes au plus à la fois.")
        if "why" not in taken and ("minutes" in self.fields or "anyway" in taken):
            raise Refusal("Dites pourquoi : la raison va dans le dossier du candidat.")
        return taken


def hour(at: datetime, centre: Centre) -> str:
    """An hour of the centre, as people write it."""
    there = at.astimezone(centre.settings.zone)
    return f"{there.hour}\xa0h\xa0{there:%M}"


def label(candidate: Candidate | None) -> str:
    """A candidate by his number and name; empty for none."""
    return f"{candidate.number} {candidate.name} {candidate.first_name}" if candidate else ""


def failed(error: Exception) -> tuple[Outcome, str]:
    """What became of an act that raised: a refusal has changed nothing, of any other error that isn't sure."""
    return (Outcome.NOT_DONE if isinstance(error, Refusal) else Outcome.FAILED), on_screen(str(error))


def one_by_one(
    act: Callable[[Centre, str, Values], str], at_once: int = 1
) -> Callable[[Centre, Sequence[str], Values, Doing], None]:
    """Act on each station, so many at a time; `act` returns what was done, and keeps no other station back."""

    def run(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
        def on_one(name: str) -> None:
            doing.begins(name)
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


def _only(timed: Timed, centre: Centre) -> tuple[datetime, datetime, int]:
    """The start, the end and the added minutes of the one station that was acted on; raises its error."""
    for error in timed.errors:
        raise error
    ((_, running),) = timed.done
    return running.started, running.end, running.extra


def _start(centre: Centre, name: str, values: Values) -> str:
    timed = start_stations(centre, [name], everything=False, why=values.get("why", ""))
    started, end, _ = _only(timed, centre)
    return f"ouvert de {hour(started, centre)} à {hour(end, centre)}"


def _give_time(centre: Centre, name: str, values: Values) -> str:
    minutes, before = int(values["minutes"]), centre.state.record(station_named(centre, name).container).running
    timed = start_stations(centre, [name], everything=False, extra=minutes, why=values["why"])
    _, end, extra = _only(timed, centre)
    if before and before.extra == extra:  # taken for the same command once more: see working_time.start
        raise Refusal(
            f"Ces {minutes} minutes viennent d’être données pour la même raison : elles ne le sont pas deux fois. Pour en donner "
            "encore, dites une autre raison."
        )
    return f"{minutes} min de plus, jusqu’à {hour(end, centre)}"


def _stop(centre: Centre, name: str, values: Values) -> str:
    timed = stop_stations(centre, [name], everything=False, why=values.get("why", ""))
    return f"arrêté à {hour(_only(timed, centre)[1], centre)}"


def _examine(centre: Centre, name: str, values: Values) -> str:
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


def _archive_all(centre: Centre, names: Sequence[str], values: Values, doing: Doing) -> None:
    one_by_one(_archive, 2)(centre, names, values, doing)
    archives, errors = put_each_away(centre)
    _remark_old(archives, errors, doing)


def _remark_old(archives: Sequence[Archive], errors: Sequence[Exception], doing: Doing) -> None:
    for written in archives:
        doing.remark(f"L’ancien {written.manifest.station} est {_archived(written)}.")
    for error in errors:
        doing.remark(on_screen(str(error)))


def _replace(centre: Centre, name: str, values: Values) -> str:
    snapshots.replace(centre, name, values.get("why", ""))
    return "remplacé, avec son travail"


def _rewind(centre: Centre, name: str, values: Values) -> str:
    _, chosen = snapshots.rewind(centre, name, values.get("to", ""), values.get("why", ""))
    return f"ramené à {hour(chosen.at, centre)}"


def _reset(centre: Centre, names: Sequence[str], values: Values, doing: Doing, *, skip: bool = False) -> None:
    """Reset all at once: the room is new within seconds, and archives what was there after that."""
    open_names = dict.fromkeys(names)

    def renewed(made: Sequence[Renewed]) -> None:
        for each_made in made:
            open_names.pop(each_made.station.name, None)
            coming = label(each_made.candidate)
            doing.ends(each_made.station.name, Outcome.DONE, f"neuf{f', pour {coming}' if coming else ''}")

    for name in names:
        doing.begins(name)
    outcome = reset_stations(centre, names, skip=skip, on_renewed=renewed)
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


def _cannot_start(centre: Centre, values: Values) -> Remarks:
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


def _cannot_be_given_time(centre: Centre, values: Values) -> Remarks:
    return {} if values.get("anyway") else not_working(centre)


def _working(centre: Centre, _: Values) -> Remarks:
    """Those that `refuse_while_working` refuses."""
    ends, present = dict[str, str](), centre.state.present()
    for station in stations(centre):
        running = centre.state.record(station.container).running
        if running and not running.over(present):
            ends[station.name] = f"travaille jusqu’à {hour(running.end, centre)}"
    return ends


def _cannot_pass(centre: Centre, values: Values) -> Remarks:
    reasons = dict(_working(centre, values))
    for station in stations(centre):
        try:
            next_candidate(centre, station, skip=True)
        except ProvisionerError as error:
            reasons.setdefault(station.name, str(error))
    return reasons


def _cannot_go_back(centre: Centre, _: Values) -> Remarks:
    return {
        station.name: "aucun cliché n’en est gardé"
        for station in stations(centre)
        if not snapshots.snapshots(centre, station)
    }


def _will_be_examined_again(centre: Centre, names: Sequence[str]) -> Remarks:
    working = _working(centre, {})
    return {name: f"{working[name]} : à examiner de nouveau après" for name in names if name in working}


def _comes_next(centre: Centre, names: Sequence[str], *, skip: bool = False) -> Remarks:
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


_ALL = (
    Kind(
        "start",
        "sera démarré",
        "seront démarrés",
        one_by_one(_start),
        _cannot_start,
        forcible=True,
        fields=("why",),
    ),
    Kind(
        "extra",
        "aura plus de temps",
        "auront plus de temps",
        one_by_one(_give_time),
        _cannot_be_given_time,
        forcible=True,
        fields=("minutes", "why"),
    ),
    Kind(
        "stop",
        "sera arrêté",
        "seront arrêtés",
        one_by_one(_stop),
        lambda centre, values: not_working(centre, unknown=False),
        costs="Le temps s’arrête maintenant et la porte du candidat se ferme. Son travail reste, et du temps peut lui être "
        "redonné.",
        fields=("why",),
    ),
    Kind(
        "examine",
        "sera examiné",
        "seront examinés",
        one_by_one(_examine, 2),
        lambda centre, values: without_work(centre),
        _will_be_examined_again,
        long=True,
    ),
    Kind(
        "archive",
        "sera archivé",
        "seront archivés",
        _archive_all,
        lambda centre, values: without_work(centre),
        long=True,
    ),
    Kind(
        "reset",
        "sera remis à neuf",
        "seront remis à neuf",
        _reset,
        _working,
        _comes_next,
        costs="Un poste neuf prend la place de l’ancien. Le travail qui est dans l’ancien est archivé, puis relu ; l’ancien poste "
        "n’est retiré qu’après.",
        long=True,
    ),
    Kind(
        "next",
        "passera au suivant",
        "passeront au suivant",
        partial(_reset, skip=True),
        _cannot_pass,
        partial(_comes_next, skip=True),
        costs="Le candidat qui est absent n’est plus attendu à ce poste, qui est préparé pour le suivant. Ce qui y aurait été fait "
        "est archivé, puis relu.",
        long=True,
    ),
    Kind("replace", "sera remplacé", "seront remplacés", one_by_one(_replace), fields=("why",)),
    Kind(
        "rewind",
        "sera ramené",
        "seront ramenés",
        one_by_one(_rewind),
        _cannot_go_back,
        costs="Le site du candidat redevient ce qu’il était au cliché. Ce qu’il a enregistré depuis n’y est plus ; cet état est "
        "gardé, et l’on peut y revenir.",
        fields=("to", "why"),
    ),
)
#: Every kind of act that the screen offers, in the order of its buttons.
KINDS: Mapping[str, Kind] = {kind.id: kind for kind in _ALL}
