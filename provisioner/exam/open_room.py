"""Opens a room, for practice on subjects or for the candidates of a list; makes its spares; closes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioner.archive import archiving
from provisioner.archive.golden_images import keep_golden
from provisioner.core.batches import in_turn, raise_combined
from provisioner.core.errors import Interrupted, ProvisionerError, Refusal
from provisioner.core.model import Golden, Stack, Station
from provisioner.exam.autosnapshot import ensure_running
from provisioner.exam.list_update import save_roster
from provisioner.exam.roster import read_roster
from provisioner.exam.seating import assign_stations, entries_of
from provisioner.host.editions import edition_for, stack_for, stack_named
from provisioner.leakcheck.refused_tries import collect_and_report
from provisioner.leakcheck.short_proof import leak_check
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import enough_for, up_each
from provisioner.station.shared_site import ensure_shared_sites
from provisioner.station.spares import prepare, prepare_each
from provisioner.subject.subjects import Subject, load_subject, subject_ids
from provisioner.subject.suitability import refuse_unsuited

#: Gives the golden image of a stack, building it where there is none.
HaveGolden = Callable[[Stack], Golden]


@dataclass(frozen=True)
class Opened:
    """The stations of the room by now, and the errors of those that couldn't be made or didn't come back."""

    stations: tuple[Station, ...]
    errors: tuple[ProvisionerError, ...]


def open_for_practice(
    centre: Centre, subjects: Sequence[Subject], count: int, stack: str, have_golden: HaveGolden
) -> Opened:
    """Have `count` stations of each subject, on its CMS's edition or on `stack`, with its company; without subjects, run those that exist.

    Where an edition's image can't be built, the others' stations are made all the same. A leak check ends it.
    """
    editions = _editions(centre, subjects, stack)
    before = {station.name for station in stations(centre)}
    enough_for(centre, count, {subject: edition.id for subject, edition in editions.items()})
    try:
        goldens, errors = _goldens({edition.id: edition for edition in editions.values()}, have_golden)
        golden_of_subject = {
            subject: goldens[edition.id] for subject, edition in editions.items() if edition.id in goldens
        }
        up_each(centre, count, golden_of_subject, errors)
        ensure_running(centre)
        ensure_shared_sites(centre, {station.stack for station in stations(centre)})
        _prove(centre)
    except KeyboardInterrupt:
        if not (new_names := [station.name for station in stations(centre) if station.name not in before]):
            raise
        raise Interrupted(
            f"Interrompu : {', '.join(new_names)} {'sont' if len(new_names) > 1 else 'est'} en place, mais ce qu'un poste atteint n'est pas contrôlé. Relancez la "
            "même commande : elle ne refera pas ce qui est fait, et donnera les identifiants."
        ) from None
    return Opened(tuple(stations(centre)), tuple(errors))


def open_for_list(centre: Centre, roster: Path, have_golden: HaveGolden) -> Opened:
    """Have a station for each place of the list, each waiting for its next candidate, and spares for the resets."""
    save_roster(
        centre, read_roster(roster, centre.settings.zone, centre.room.places, centre.settings.session), roster.name
    )
    return open_for_kept_list(centre, have_golden)


def open_for_kept_list(centre: Centre, have_golden: HaveGolden) -> Opened:
    """As `open_for_list`, for the list that the room has; a Refusal where it has none."""
    stacks = sorted({entry.stack for entry in entries_of(centre) if not entry.archived})
    goldens, errors = _goldens({stack: stack_named(stack) for stack in stacks}, have_golden)
    for stack, golden in goldens.items():
        centre.progress.step(f"{stack} : l'image de référence est posée à côté des archives")
        keep_golden(centre, golden.image)
    # First, since a station that a corrected list changes is made anew, and refused tries are attributed by the old one.
    collect_and_report(centre, centre.progress.step)
    assign_stations(centre, errors)
    ensure_running(centre)
    ensure_shared_sites(centre, set(goldens))
    _prove(centre)
    errors += prepare_each(centre, goldens.values())
    return Opened(tuple(stations(centre)), tuple(errors))


def prepare_spares(centre: Centre, stack: str, have_golden: HaveGolden) -> list[str]:
    """Have a spare of this stack ready, or of every stack of the room; the stacks."""
    stacks = [stack] if stack else sorted({station.stack for station in stations(centre)})
    for each_stack in stacks:
        prepare(centre, have_golden(stack_named(each_stack)))
    return stacks


def close_room(centre: Centre, discard: str) -> list[str]:
    """Remove all stations and the room; the stations' names. `discard`: why candidates' work needs no archive."""
    collect_and_report(centre, centre.progress.step, last=not discard)
    if centre.room.owner != centre.state.id:
        entry = {"at": centre.state.now(), "what": "discard", "why": discard, "room": centre.room.name}
        centre.state.log({**entry, "station": "*", "candidate": ""})
    return archiving.down(centre, discard)


def subjects_for_candidates(names: Sequence[str]) -> list[Subject]:
    """Load these subjects; refuses one that `check` would not find again by its id."""
    subjects = [load_subject(name) for name in names]
    for subject in subjects:
        home = subject_ids().get(subject.id)
        if home is None or home.parent.resolve() != subject.folder.resolve():
            raise Refusal(
                f"Le sujet {subject.id} n'est ni dans les scénarios ni dans le dossier de sujets du centre : « e5b check » ne le "
                f"retrouverait pas. Mettez-le dans un dossier {subject.id} de celui que « subjects » donne dans e5b.toml, ex. "
                f'subjects = "/srv/sujets", ou dans scenarios/{subject.context}/subjects.'
            )
    return subjects


def _editions(centre: Centre, subjects: Sequence[Subject], stack: str) -> dict[str, Stack]:
    """The edition of each subject, by its id."""
    editions = {
        subject.id: stack_for(stack, subject.context)
        if stack
        else edition_for(subject.cms, centre.settings, subject.context)
        for subject in subjects
    }
    for subject in subjects:
        if (edition := editions[subject.id]).cms != subject.cms:
            raise Refusal(
                f"Le sujet {subject.id} est pour {subject.cms} ; l'édition {edition.id} est pour {edition.cms}."
            )
        refuse_unsuited(subject, edition)
    return editions


def _goldens(stacks: Mapping[str, Stack], have_golden: HaveGolden) -> tuple[dict[str, Golden], list[ProvisionerError]]:
    """The golden images of these stacks, by name, and the errors of the others; raises where there is none."""
    goldens, errors = in_turn(stacks, lambda name: have_golden(stacks[name]))
    if not goldens:
        raise_combined(errors)
    return dict(goldens), errors


def _prove(centre: Centre) -> None:
    centre.progress.step("Ce que les postes atteignent")
    leak_check(centre)
