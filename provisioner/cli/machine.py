"""Commands for a machine's equipment, the archives of editions, the golden images, and the demonstration."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import booked, resources, show
from provisioner.cli.resources import progress
from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson, OfSession, OfStack
from provisioner.core.batches import in_turn, raise_combined
from provisioner.core.errors import Refusal, UnknownName
from provisioner.core.model import Artifact
from provisioner.host.editions import editions_chosen, load_stacks, stack_named

if TYPE_CHECKING:
    from provisioner.build.artifacts import TransferResult

    pass

Folder = Annotated[Path, typer.Argument(metavar="DOSSIER")]
Files = Annotated[
    list[str], typer.Argument(metavar="ARCHIVE…", help="Leurs noms, tels que « e5b artifacts » les donne.")
]


def doctor(
    fix: Annotated[bool, typer.Option("--fix", metavar="", help="Installer ce qui manque, où c'est permis.")] = False,
    as_json: AsJson = False,
) -> int:
    """Dit ce que cette machine a et ce qui lui manque."""
    from provisioner.doctor.container_engine import begin_again_as_member
    from provisioner.doctor.diagnosis import diagnose, repair

    report = repair(resources.paths(), progress) if fix else diagnose(resources.paths())
    if fix and not report.ok:
        begin_again_as_member()
    if as_json:
        show.as_json(report.json())
    else:
        show.needs(report)
    return 0 if report.ok else 3


def artifacts(context: typer.Context, as_json: AsJson = False) -> None:
    """Les archives des éditions : voir, prendre, apporter, emporter."""
    if context.invoked_subcommand is None:
        raise typer.Exit(artifacts_list(as_json=as_json))
    if as_json:
        raise Refusal(f"Écrivez --json à la fin : « e5b artifacts {context.invoked_subcommand} --json ».")


def artifacts_list(stack: OfStack = "", as_json: AsJson = False) -> int:
    """Dit quelles archives sont là."""
    store = resources.store()
    states = [store.state(artifact) for artifact in _pinned(stack)]
    if as_json:
        show.as_json(
            {
                "artifacts": [
                    {
                        "file": state.artifact.file,
                        "version": state.artifact.version,
                        "status": str(state.status),
                        "sha256": state.sha256,
                    }
                    for state in states
                ]
            }
        )
    else:
        show.archives(states, store.idle_stand_ins(_pinned("")))
    return 0


def artifacts_fetch(stack: OfStack = "", as_json: AsJson = False) -> int:
    """Télécharge les archives qui manquent et vérifie toutes les autres."""
    store = resources.store()
    # Fetch all: one site that can't be reached must not prevent the archives of others.
    fetched, failures = in_turn(_pinned(stack, every=False), store.fetch)
    rows = [{"file": artifact.file, "version": file.version, "differs": file.differs} for artifact, file in fetched]
    if not as_json:
        show.fetched([file.differs for _, file in fetched])
    raise_combined(failures, {"artifacts": rows})
    if as_json:
        show.as_json({"artifacts": rows})
    return 0


def artifacts_forget(files: Files, as_json: AsJson = False) -> int:
    """Oublie des archives entières qui ne sont pas les bonnes : leur copie, et la somme de contrôle retenue."""
    artifacts = {artifact.file: artifact for artifact in _pinned("")}
    if wrong := [name for name in files if name not in artifacts]:
        raise UnknownName(f"« {wrong[0]} » n'est le nom d'aucune archive : « e5b artifacts » les donne.")
    forgotten, failures = in_turn([artifacts[name] for name in dict.fromkeys(files)], resources.store().forget)
    if not as_json:
        for _, sentence in forgotten:
            out.print(safe_markup(sentence))
    document = {"forgotten": [artifact.file for artifact, _ in forgotten]}
    raise_combined(failures, document)
    if as_json:
        show.as_json(document)
    return 0


def artifacts_import(folder: Folder, as_json: AsJson = False) -> int:
    """Prend les archives d'un dossier, par exemple une clé USB."""
    rows = resources.store().import_from(folder, _pinned(""))
    return _show_carried(rows, as_json, "Ce dossier ne contient aucune archive connue.")


def artifacts_export(folder: Folder, stack: OfStack = "", as_json: AsJson = False) -> int:
    """Copie les archives vérifiées dans un dossier, pour une autre machine."""
    rows = resources.store().export_to(folder, _pinned(stack, every=False))
    return _show_carried(rows, as_json, "Aucune archive vérifiée à copier.")


def build(
    stacks: Annotated[list[str] | None, typer.Argument(metavar="ÉDITION…", help="Celles de la session sinon.")] = None,
    anew: Annotated[
        bool, typer.Option("--anew", metavar="", help="Même si l'image du jour est déjà là, faite de la même façon.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Construit l'image de référence d'une édition, et celle de l'entrée de la salle."""
    from provisioner.build.todays_image import build_each
    from provisioner.exam.readiness import editions_to_build

    named = [stack_named(name) for name in stacks or []]
    centre, store = resources.centre(foreign=True), resources.store()
    editions = named or editions_to_build(centre)
    with booked.act(centre, "build", [], of=", ".join(edition.title for edition in editions)) as act:
        built, errors = build_each(centre.engine, editions, store, centre.settings, act.centre.progress, anew=anew)
        said = [f"{stack.title} : construite, {golden.conformity.french}" for stack, golden in built]
        act.text = "\n".join([*said, *map(str, errors)])
    if not as_json:
        for stack, golden in built:
            show.golden(golden, stack)
    document = {"stacks": [show.golden_document(golden) for _, golden in built]}
    raise_combined(errors, document)
    if as_json:
        show.as_json(document)
    return 0


def demo(stack: OfStack = "", session: OfSession = "", as_json: AsJson = False) -> int:
    """De rien à des candidats examinés : un poste par CMS, un robot qui travaille, un rapport, un poste neuf."""
    from provisioner.demo.demonstration import demonstrate

    def banner(title: str, differs: Sequence[str], official: bool) -> None:
        if not as_json:
            out.print(f"\n[bold]{title}[/]")
            show.banner(differs, official)

    if stack and session:
        raise Refusal("« --stack » choisit une édition, « --session » celles d'une session : donnez l'un ou l'autre.")
    settings = resources.settings_of(session)
    document = demonstrate(resources.paths(), settings, stack, progress, banner)
    if as_json:
        show.as_json(document)
        return int(document["exit"])
    for station in document["stations"]:
        show.findings(station["check"])
        out.print(
            f"\n[bold]{station['station']}[/] est de nouveau neuf ({station['reset']['seconds']} s), à {station['address']} : "
            f"identifiant {station['user']}, mot de passe {station['password']}"
        )
    for sentence in document["skipped"]:
        out.print(f"\n[bold]{sentence}[/]")
    out.print("Ouvrez le rapport dans un navigateur. Pour tout retirer : « e5b down --room demo ».")
    return int(document["exit"])


def _pinned(stack: str, *, every: bool = True) -> list[Artifact]:
    """The archives of an edition, or of all; without `every`, of those that the settings choose."""
    editions = load_stacks().values() if every else editions_chosen(resources.settings())
    stacks = [stack_named(stack)] if stack else editions
    return list({artifact.file: artifact for edition in stacks for artifact in edition.artifacts}.values())


def _show_carried(rows: "Sequence[TransferResult]", as_json: bool, nothing: str) -> int:
    recognized = [row for row in rows if row.artifact]  # a folder may have other files, too
    if as_json:
        show.as_json({"files": [{"file": str(row.file), "done": row.done, "text": row.sentence} for row in rows]})
    else:
        for row in rows:
            mark = "[green]✓[/]" if row.done else "[red]✗[/]" if row.artifact else "–"
            out.print(f"{mark} {safe_markup(row.sentence)}")
        if not recognized:
            out.print(nothing)
    return 0 if recognized and all(row.done for row in recognized) else 3
