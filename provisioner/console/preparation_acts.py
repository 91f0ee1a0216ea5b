"""The acts of the preparation, which are of the whole room: build, prove, open, spares, sheets. Each calls its command's use-case."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from provisioner.build.artifacts import Store
from provisioner.build.overrides import load_overrides
from provisioner.build.todays_image import build_each, golden_or_built
from provisioner.console.act_kind import Doing, Queue, Task
from provisioner.console.act_words import on_screen
from provisioner.core.errors import ProvisionerError, UnknownName
from provisioner.core.model import Golden, Stack
from provisioner.exam.open_room import open_for_kept_list, prepare_spares
from provisioner.exam.readiness import editions_needed
from provisioner.french.text import numbered
from provisioner.host.paths import Paths
from provisioner.station.centre import Centre


def preparation_task(kind: str, paths: Paths) -> Task:
    """The act of the preparation of that kind; `paths`: where the store of archives is. UnknownName where there is none."""
    runs: Mapping[str, tuple[Callable[[Centre, Doing], None], Queue]] = {
        "build": (partial(_build, paths), Queue.WORK),
        "prove": (_prove, Queue.WORK),
        "up": (partial(_open, paths), Queue.SERIES),
        "spare": (partial(_spare, paths), Queue.SERIES),
        "sheets": (_sheets, Queue.WORK),
    }
    if kind not in runs:
        raise UnknownName("Cet acte n’existe pas.")
    run, queue = runs[kind]
    return Task(kind, run, queue=queue)


def _store(paths: Paths, centre: Centre) -> Store:
    return Store(paths, load_overrides(paths.overrides), centre.progress)


def _have_golden(paths: Paths, centre: Centre, stack: Stack) -> Golden:
    return golden_or_built(centre.engine, stack, _store(paths, centre), centre.settings, centre.progress)


def _remark(errors: Sequence[ProvisionerError], doing: Doing) -> None:
    for error in errors:
        doing.remark(on_screen(str(error)))


def _build(paths: Paths, centre: Centre, doing: Doing) -> None:
    built, errors = build_each(
        centre.engine, editions_needed(centre), _store(paths, centre), centre.settings, centre.progress
    )
    for stack, golden in built:
        doing.remark(on_screen(f"{stack.title} : construite, {golden.conformity.french}."))
    _remark(errors, doing)


def _prove(centre: Centre, doing: Doing) -> None:
    # Here: it loads what a console that only shows the room doesn't need.
    from provisioner.leakcheck.last_proof import in_words, prove_and_keep

    for sentence in in_words(prove_and_keep(centre)):
        doing.remark(on_screen(sentence))


def _open(paths: Paths, centre: Centre, doing: Doing) -> None:
    opened = open_for_kept_list(centre, partial(_have_golden, paths, centre))
    doing.remark(f"{numbered(len(opened.stations), 'poste')} en place, pour la liste.")
    _remark(opened.errors, doing)


def _spare(paths: Paths, centre: Centre, doing: Doing) -> None:
    ready = prepare_spares(centre, "", partial(_have_golden, paths, centre))
    doing.remark(f"Une réserve est prête pour {', '.join(ready)}." if ready else "La salle n’a aucun poste à réserver.")


def _sheets(centre: Centre, doing: Doing) -> None:
    from provisioner.papers.sheets import write_sheets_of_list

    paths, errors = write_sheets_of_list(centre)
    doing.remark(f"{numbered(len(paths), 'document')} à imprimer, dans la page de la liste.")
    _remark(errors, doing)
