"""The command line: parse, call one verb, print. The only place where an error becomes an exit code."""

import json
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from provisioner.config import (
    Paths,
    Settings,
    edition_for,
    load_functionalities,
    load_overrides,
    load_settings,
    load_stacks,
    stack_named,
)  # fmt: skip
from provisioner.errors import ProvisionerError, Refusal
from provisioner.model import Artifact, Golden, Stack, Station, Verdict, worst
from provisioner.screen import ScreenProgress

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False,
    help="Postes d'examen du BTS NDRC, épreuve E5B : construire, remettre à neuf, examiner.",
    context_settings={"help_option_names": ["--help", "-h"]},
)  # fmt: skip
artifacts_app = typer.Typer(help="Les archives des éditions : voir, télécharger, apporter, emporter.")
subject_app = typer.Typer(help="Les sujets.", no_args_is_help=True)
app.add_typer(artifacts_app, name="artifacts", invoke_without_command=True)
app.add_typer(subject_app, name="subject")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
progress = ScreenProgress(err)

AsJson = Annotated[bool, typer.Option("--json", help="Un document JSON sur la sortie standard, rien d'autre.")]
InRoom = Annotated[str, typer.Option("--room", help="La salle ; celle des réglages sinon.", show_default=False)]
Names = Annotated[list[str] | None, typer.Argument(metavar="POSTE…", help="Un ou plusieurs postes, ex. poste-01.")]
All = Annotated[bool, typer.Option("--all", help="Tous les postes de la salle.")]


def _paths() -> Paths:
    return Paths.from_environment()


def _settings() -> Settings:
    return load_settings(_paths().settings)


def _centre(room: str = "") -> Any:
    from provisioner.docker_engine import DockerEngine
    from provisioner.lifecycle import Centre
    from provisioner.network import Room
    from provisioner.state import State

    settings, engine = _settings(), DockerEngine()
    engine.ping()
    place = Room.named(engine, room or settings.room, settings)
    return Centre(engine, settings, State(_paths()), place, progress)


def _store() -> Any:
    from provisioner.artifacts import Store

    return Store(_paths(), load_overrides(_paths().overrides), progress)


def _golden(centre: Any, stack: Stack) -> Golden:
    from provisioner.stacks import build, golden_of

    return golden_of(centre.engine, stack) or build(centre.engine, stack, _store(), centre.settings, progress)


def _print_json(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.flush()


def _banner(differs: Sequence[str], official: bool) -> None:
    """What every screen says of a stack that isn't conforming."""
    if not official:
        out.print("\n[bold black on yellow]  ÉDITION D'ESSAI — JAMAIS UN POSTE D'EXAMEN  [/]")
    if differs:
        out.print("[bold yellow]Versions NON conformes :[/]")
        for sentence in differs:
            out.print(f"  • {escape(sentence)}")
    else:
        out.print("[green]Versions conformes.[/]")


def _stale(built_at: datetime) -> str:
    from provisioner.lifecycle import is_stale

    if not is_stale(built_at, datetime.now(built_at.tzinfo)):
        return ""
    return f"L'image date du {built_at:%d/%m/%Y} : ses dates vieillissent. Refaites-la avec « e5b build »."


@app.command()
def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="Installer ce qui manque, où c'est permis.")] = False,
    as_json: AsJson = False,
) -> int:
    """Dit ce que cette machine a et ce qui lui manque."""
    from provisioner.doctor import examine, mend

    report = mend(_paths(), progress) if fix else examine(_paths())
    if as_json:
        _print_json(report.json())
        return 0 if report.ok else 3
    table = Table("", "Besoin", "Constat", box=None, pad_edge=False)
    marks = {"présent": "[green]✓[/]", "manque": "[red]✗[/]", "facultatif": "[yellow]–[/]"}
    for row in report.rows:
        table.add_row(marks[row.state], escape(row.name), escape(row.seen))
    out.print(table)
    if report.ok:
        out.print("Cette machine peut accueillir des postes d'examen.")
    else:
        out.print(f"[bold]{escape(report.remedy)}[/]")
    return 0 if report.ok else 3


@artifacts_app.callback()
def artifacts_default(context: typer.Context) -> None:
    """Les archives des éditions : voir, télécharger, apporter, emporter."""
    if context.invoked_subcommand is None:
        raise typer.Exit(artifacts_list())


def _artifacts(stack: str) -> list[Artifact]:
    stacks = [stack_named(stack)] if stack else list(load_stacks().values())
    unique = {artifact.file: artifact for one in stacks for artifact in one.artifacts}
    return list(unique.values())


OfStack = Annotated[str, typer.Option("--stack", help="Une seule édition.", show_default=False)]


@artifacts_app.command("list")
def artifacts_list(stack: OfStack = "", as_json: AsJson = False) -> int:
    """Dit quelles archives sont là."""
    store = _store()
    states = [store.state(artifact) for artifact in _artifacts(stack)]
    if as_json:
        rows = [
            {
                "file": one.artifact.file,
                "version": one.artifact.version,
                "status": str(one.status),
                "sha256": one.sha256,
            }
            for one in states
        ]
        _print_json({"artifacts": rows})
        return 0
    table = Table("Archive", "Version", "État", box=None, pad_edge=False)
    for one in states:
        table.add_row(one.artifact.file, one.artifact.version, escape(one.status.french))
    out.print(table)
    for one in states:
        if one.sentence and str(one.status) in ("mismatch", "stand_in"):
            out.print(f"  • {escape(one.sentence)}")
    for sentence in store.idle_stand_ins(_artifacts("")):
        out.print(f"  • {escape(sentence)}")
    return 0


@artifacts_app.command("fetch")
def artifacts_fetch(stack: OfStack = "", as_json: AsJson = False) -> int:
    """Télécharge les archives qui manquent et vérifie toutes les autres."""
    store = _store()
    got = [store.fetch(artifact) for artifact in _artifacts(stack)]
    if as_json:
        _print_json({"artifacts": [{"file": o.artifact.file, "version": o.version, "differs": o.differs} for o in got]})
    else:
        out.print(f"{len(got)} archives sont là et vérifiées.")
    return 0


def _carried(rows: Sequence[Any], as_json: bool, nothing: str) -> int:
    if as_json:
        _print_json({"files": [{"file": str(o.file), "done": o.done, "text": o.sentence} for o in rows]})
    else:
        for one in rows:
            out.print(f"{'[green]✓[/]' if one.done else '[red]✗[/]'} {escape(one.sentence)}")
        if not rows:
            out.print(nothing)
    return 0 if rows and all(one.done for one in rows) else 3


@artifacts_app.command("import")
def artifacts_import(folder: Annotated[Path, typer.Argument(metavar="DOSSIER")], as_json: AsJson = False) -> int:
    """Prend les archives d'un dossier, par exemple une clé USB."""
    return _carried(
        _store().import_from(folder, _artifacts("")), as_json, "Ce dossier ne contient aucune archive connue."
    )


@artifacts_app.command("export")
def artifacts_export(folder: Annotated[Path, typer.Argument(metavar="DOSSIER")], as_json: AsJson = False) -> int:
    """Copie les archives vérifiées dans un dossier, pour une autre machine."""
    return _carried(_store().export_to(folder, _artifacts("")), as_json, "Aucune archive vérifiée à copier.")


@app.command()
def build(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="ÉDITION…", help="Toutes les officielles sinon.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Construit l'image de référence d'une édition."""
    from provisioner.stacks import build as build_golden

    wanted = [stack_named(name) for name in stacks or []] or [s for s in load_stacks().values() if s.official]
    centre, store = _centre(), _store()
    built = [build_golden(centre.engine, stack, store, centre.settings, progress) for stack in wanted]
    if as_json:
        _print_json({"stacks": [_golden_json(one) for one in built]})
        return 0
    for golden, stack in zip(built, wanted, strict=True):
        out.print(f"\n[bold]{escape(stack.title)}[/] est prête ({golden.image[7:19]}).")
        _banner(golden.conformity.differs, stack.official)
    return 0


def _golden_json(golden: Golden) -> dict[str, Any]:
    return {
        "stack": golden.stack, "conforming": golden.conformity.conforming, "differs": list(golden.conformity.differs),
        "image": golden.image, "built_at": golden.built_at.isoformat(), "versions": golden.versions,
    }  # fmt: skip


@app.command()
def up(
    count: Annotated[int, typer.Argument(metavar="NOMBRE", min=1, help="Combien de postes de chaque sujet.")] = 1,
    subject: Annotated[list[str], typer.Option("--subject", help="Le sujet, ex. wordpress-a ; se répète.")] = [],  # noqa: B006
    stack: OfStack = "",
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Prépare des postes, et donne l'adresse et les identifiants de chacun."""
    from provisioner.lifecycle import stations
    from provisioner.lifecycle import up as bring_up
    from provisioner.subjects import load_subject, subject_ids

    if not subject:
        known = ", ".join(subject_ids())
        raise Refusal(f"Dites quel sujet, par exemple « e5b up {count} --subject wordpress-a ». Sujets : {known}.")
    loaded = [load_subject(name) for name in subject]
    centre = _centre(room)
    for one in loaded:
        edition = stack_named(stack) if stack else edition_for(one.cms, centre.settings)
        if edition.cms != one.cms:
            raise Refusal(f"Le sujet {one.id} est pour {one.cms} ; l'édition {edition.id} est pour {edition.cms}.")
        bring_up(centre, count, [one.id], _golden(centre, edition))
    _show_stations(centre, stations(centre), as_json, secrets=True)
    return 0


@app.command()
def status(room: InRoom = "", as_json: AsJson = False) -> int:
    """Dit où en sont les postes de la salle."""
    from provisioner.lifecycle import stations

    centre = _centre(room)
    _show_stations(centre, stations(centre), as_json)
    return 0


def _station_json(station: Station) -> dict[str, Any]:
    return {
        "station": station.name, "stack": station.stack, "conforming": station.conformity.conforming,
        "differs": list(station.conformity.differs), "address": station.address, "state": station.state,
        "subject": station.subject, "built_at": station.built_at.isoformat(), "stale": bool(_stale(station.built_at)),
    }  # fmt: skip


def _show_stations(centre: Any, present: Sequence[Station], as_json: bool, *, secrets: bool = False) -> None:
    known = {one.name: centre.state.credentials(one.container) for one in present} if secrets else {}
    if as_json:
        documents = [_station_json(one) for one in present]
        for document in documents if secrets else []:
            mine = known[document["station"]]
            document |= {"user": mine.user, "password": mine.password} if mine else {}
        _print_json({"stations": documents})
        return
    if not present:
        out.print("Aucun poste. Préparez-en avec « e5b up 3 --subject wordpress-a ».")
        return
    titles = ["Poste", "Sujet", "Édition", "Adresse", "État"] + (["Identifiant", "Mot de passe"] if secrets else [])
    table = Table(*titles, box=None, pad_edge=False)
    for one in present:
        row = [one.name, one.subject, one.stack, one.address, one.state]
        mine = known.get(one.name)
        row += ([mine.user, mine.password] if mine else ["inconnu", "inconnu"]) if secrets else []
        table.add_row(*(escape(cell) for cell in row))
    out.print(table)
    for stack in dict.fromkeys(one.stack for one in present):
        first = next(one for one in present if one.stack == stack)
        out.print(f"\n[bold]{stack}[/]")
        _banner(first.conformity.differs, load_stacks()[stack].official)
        if warning := _stale(first.built_at):
            out.print(f"[yellow]{warning}[/]")


@app.command()
def credentials(
    station: Annotated[str, typer.Argument(metavar="POSTE")], room: InRoom = "", as_json: AsJson = False
) -> int:
    """Redonne l'adresse et les identifiants d'un poste."""
    from provisioner.lifecycle import station_named

    centre = _centre(room)
    _show_stations(centre, [station_named(centre, station)], as_json, secrets=True)
    return 0


def _chosen(centre: Any, names: Sequence[str] | None, everything: bool) -> list[str]:
    from provisioner.lifecycle import station_named, stations

    if everything:
        return [one.name for one in stations(centre)]
    if not names:
        raise Refusal("Dites quel poste, par exemple poste-01, ou --all pour tous.")
    return [station_named(centre, name).name for name in names]


def _each(names: Sequence[str], run: Callable[[str], Any], workers: int) -> list[Any]:
    """Run for each name; every one is tried, then the first error is raised."""
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(run, name) for name in names]
    return [future.result() for future in futures]


@app.command()
def reset(
    names: Names = None,
    everything: All = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Comparer chaque fichier et chaque table à l'image.")
    ] = False,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Remet un poste à neuf, à la même adresse ; le travail du candidat y disparaît."""
    from provisioner.lifecycle import reset as renew
    from provisioner.lifecycle import station_named, stations
    from provisioner.stacks import needed_golden

    centre = _centre(room)
    chosen = _chosen(centre, names, everything)
    goldens = {one.name: needed_golden(centre.engine, stack_named(one.stack)) for one in stations(centre)}

    def one(name: str) -> dict[str, Any]:
        station, seconds = renew(centre, name, goldens[name])
        row = {**_station_json(station), "seconds": seconds, "pristine": True, "proof": "construction"}
        if verify:
            from provisioner.pristine import verify as prove_pristine

            prove_pristine(centre, station, goldens[name])
            row["proof"] = "comparaison complète"
        return row

    rows = _each(chosen, one, 4)
    if as_json:
        _print_json({"stations": rows})
        return 0
    for row in rows:
        out.print(
            f"{row['station']} est neuf et répond à {row['address']} ({row['seconds']} s, preuve : {row['proof']})."
        )
    _show_stations(centre, [station_named(centre, row["station"]) for row in rows], False, secrets=True)
    return 0


@app.command()
def check(names: Names = None, everything: All = False, room: InRoom = "", as_json: AsJson = False) -> int:
    """Examine le travail d'un candidat sur une copie de son poste, et écrit le rapport."""
    from provisioner.checking import examine, verdicts

    centre = _centre(room)
    documents = _each(_chosen(centre, names, everything), lambda name: examine(centre, name), 2)
    code = worst([verdict for document in documents for verdict in verdicts(document)])
    if as_json:
        _print_json({"stations": documents})
        return code
    for document in documents:
        _show_document(document)
    return code


def _show_document(document: dict[str, Any]) -> None:
    colours = {"met": "green", "not_met": "red", "to_judge": "cyan", "blocked": "yellow", "broken": "yellow"}
    out.print(f"\n[bold]{document['station']}[/] — sujet {document['subject']}, travail arrêté le "
              f"{datetime.fromisoformat(document['taken_at']):%d/%m/%Y à %H:%M:%S}")  # fmt: skip
    _banner(document["differs"], document["official"])
    table = Table("Question", "Point", "Constat", "Observé", box=None, pad_edge=False)
    for question in document["questions"]:
        for one_check in question["checks"]:
            for finding in one_check["findings"]:
                colour, word = colours[finding["verdict"]], Verdict(finding["verdict"]).french
                table.add_row(
                    str(question["number"]), escape(finding["fact"].split("/", 1)[1]), f"[{colour}]{word}[/]",
                    escape(finding["observed"][:90]),
                )  # fmt: skip
    out.print(table)
    out.print(f"Rapport : {document['report']}")


@app.command()
def down(room: InRoom = "", as_json: AsJson = False) -> int:
    """Retire tous les postes de la salle, et la salle."""
    from provisioner.lifecycle import down as take_down

    gone = take_down(_centre(room))
    if as_json:
        _print_json({"stations": [{"station": name, "state": "retiré"} for name in gone]})
    else:
        out.print(f"Postes retirés : {', '.join(gone)}." if gone else "Il n'y avait aucun poste.")
    return 0


@app.command()
def functions(cms: Annotated[str, typer.Option("--cms", show_default=False)] = "", as_json: AsJson = False) -> int:
    """Montre la liste officielle, ses points, et les contrôles qui les prouvent."""
    from provisioner.model import judged_by_a_person
    from provisioner.subjects import proving_checks

    by_fact = proving_checks()
    rows: list[dict[str, Any]] = []
    for line in load_functionalities().values():
        facts = [
            {"text": text, "judged": judged_by_a_person(text), "checks": by_fact.get(fact, [])}
            for fact, text in zip(line.fact_ids(), line.facts, strict=True)
        ]
        rows.append({"id": line.id, "cms": line.cms, "heading": line.heading, "text": line.text, "facts": facts})
    rows = [row for row in rows if not cms or row["cms"] == cms]
    if as_json:
        _print_json({"functionalities": rows})
        return 0
    table = Table("Ligne", "Point", "Contrôles", box=None, pad_edge=False)
    for row in rows:
        for fact in row["facts"]:
            table.add_row(str(row["id"]), fact["text"], ", ".join(fact["checks"]) or "[dim]aucun[/]")
    out.print(table)
    return 0


@subject_app.command("check")
def subject_check(
    subject: Annotated[str, typer.Argument(metavar="SUJET", help="Son identifiant, ou son fichier.")],
    as_json: AsJson = False,
) -> int:
    """Dit si un sujet est valable."""
    from provisioner.subjects import load_subject

    loaded = load_subject(subject)
    if as_json:
        _print_json({"id": loaded.id, "cms": loaded.cms, "title": loaded.title, "valid": True})
    else:
        count = sum(len(question.wanted) for question in loaded.questions)
        out.print(f"Le sujet {loaded.id} « {escape(loaded.title)} » est valable : 5 questions, {count} contrôles.")
    return 0


@app.command()
def prove(
    functionality: Annotated[
        list[str], typer.Option("--functionality", help="Une ligne de la liste ; se répète.")
    ] = [],  # noqa: B006
    subject: Annotated[list[str], typer.Option("--subject", help="Un sujet ; se répète.")] = [],  # noqa: B006
    stack: OfStack = "",
    as_json: AsJson = False,
) -> int:
    """Prouve des contrôles et des sujets : avant, après chaque chemin, après chaque presque-juste."""
    from provisioner.proving import prove as prove_all
    from provisioner.subjects import examples_for, load_subject

    subjects = [load_subject(name) for name in subject]
    cms = stack_named(stack).cms if stack else (subjects[0].cms if subjects else "")
    examples = [] if subjects and not functionality else examples_for(functionality, cms)
    if not examples and not subjects:
        raise Refusal("Aucun contrôle ne prouve cette ligne. Voyez « e5b functions ».")
    centre = _centre()
    edition = stack_named(stack) if stack else edition_for(cms or type(examples[0]).id.split(".")[0], centre.settings)
    document, proofs = prove_all(centre, _golden(centre, edition), examples, subjects)
    failures = [failure for one in [*document["checks"], *document["subjects"]] for failure in one["failures"]]
    if as_json:
        _print_json(document)
    else:
        _banner(document["differs"], edition.official)
        for failure in failures:
            out.print(f"[red]✗[/] {escape(failure)}")
        out.print(f"{len(proofs) - len(failures)} étapes prouvées sur {len(proofs)}.")
    if any(proof.fault for proof in proofs):
        return 3
    return 1 if failures else 0


@app.command()
def demo(
    stack: OfStack = "",
    as_json: AsJson = False,
) -> int:
    """De rien à un candidat examiné : un poste, un robot qui travaille, un rapport, un poste neuf."""
    from provisioner.demo import run

    document = run(
        _paths(),
        _settings(),
        stack,
        progress,
        lambda differs, official: None if as_json else _banner(differs, official),
    )
    if as_json:
        _print_json(document)
        return int(document["exit"])
    _show_document(document["check"])
    out.print(f"\n[bold]{document['reset']['station']}[/] est de nouveau neuf ({document['reset']['seconds']} s), à "
              f"{document['reset']['address']} — identifiant {document['user']}, mot de passe {document['password']}")  # fmt: skip
    out.print("Regardez le rapport dans un navigateur. Pour tout retirer : « e5b down --room demo ».")
    return int(document["exit"])


def _complain(sentence: str, code: int) -> NoReturn:
    if "--json" in sys.argv:
        _print_json({"error": sentence, "exit": code})
    err.print(f"[bold red]e5b :[/] {escape(sentence)}", soft_wrap=True)
    sys.exit(code)


def main() -> NoReturn:
    """Run the command line; every foreseen error is one French sentence and an exit code."""
    usage: Any = typer.BadParameter.__mro__[1]
    try:
        code = app(standalone_mode=False)
    except ProvisionerError as error:
        _complain(str(error), error.exit_code)
    except KeyboardInterrupt:
        _complain("Interrompu ; rien n'est resté à moitié fait.", 130)
    except typer.Abort:
        _complain("Interrompu ; rien n'est resté à moitié fait.", 130)
    except usage as error:
        _complain(_usage(error), 2)
    except BrokenPipeError:
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _usage(error: Any) -> str:
    """A mistake in the command's words, in French."""
    kind, given = type(error).__name__, getattr(error, "param", None)
    name = given.human_readable_name if given is not None else ""
    if kind == "NoSuchOption":
        return f"L'option « {error.option_name} » n'existe pas. Voyez « e5b --help »."
    if kind == "MissingParameter":
        return f"Il manque « {name} ». Voyez « e5b {error.ctx.info_name} --help »."
    if kind == "BadParameter":
        return f"La valeur de « {name} » ne convient pas. Voyez « e5b {error.ctx.info_name} --help »."
    return "Cette commande n'existe pas ou est mal écrite. Voyez « e5b --help »."
