"""The command line: parse, call one verb, print. The only place where an error becomes an exit code."""

import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperCommand, TyperGroup

from provisioner import show
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
from provisioner.errors import ProvisionerError, Refusal, UnknownName
from provisioner.model import Artifact, Golden, Stack, Station, judged_by_a_person, worst
from provisioner.screen import ScreenProgress
from provisioner.show import out


class _Group(TyperGroup):
    """Typer's own words, in French."""

    def get_help_option(self, ctx: Any) -> Any:
        """The help option."""
        return _in_french(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The whole help."""
        _titles_in_french()
        super().format_help(ctx, formatter)


class _Command(TyperCommand):
    """Typer's own words, in French."""

    def get_help_option(self, ctx: Any) -> Any:
        """The help option."""
        return _in_french(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The whole help."""
        _titles_in_french()
        super().format_help(ctx, formatter)


def _in_french(option: Any) -> Any:
    if option is not None:
        option.help, option.metavar = "Montre cette aide.", ""
    return option


def _titles_in_french() -> None:
    from typer import rich_utils  # slow to load, and only help needs it

    rich_utils.COMMANDS_PANEL_TITLE = "Commandes"
    rich_utils.REQUIRED_LONG_STRING = "[obligatoire]"
    rich_utils.DEFAULT_STRING = "[sinon : {}]"


app = typer.Typer(
    cls=_Group, subcommand_metavar="COMMANDE [MOTS]…", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Postes d'examen du BTS NDRC, épreuve E5B : construire, remettre à neuf, examiner.",
)  # fmt: skip
artifacts_app = typer.Typer(
    cls=_Group, subcommand_metavar="[COMMANDE [MOTS]…]",
    help="Les archives des éditions : voir, télécharger, apporter, emporter.",
)  # fmt: skip
subject_app = typer.Typer(
    cls=_Group, subcommand_metavar="COMMANDE [MOTS]…", help="Les sujets.", no_args_is_help=True
)  # fmt: skip
app.add_typer(artifacts_app, name="artifacts", invoke_without_command=True)
app.add_typer(subject_app, name="subject")
command = partial(app.command, cls=_Command)
progress = ScreenProgress(Console(stderr=True, highlight=False))

_INTERRUPTED = 130

AsJson = Annotated[
    bool, typer.Option("--json", metavar="", help="Un document JSON sur la sortie standard, rien d'autre.")
]
InRoom = Annotated[
    str, typer.Option("--room", metavar="SALLE", help="La salle ; celle des réglages sinon.", show_default=False)
]
OfStack = Annotated[
    str, typer.Option("--stack", metavar="ÉDITION", help="L'édition, ex. wordpress-2024.", show_default=False)
]
OfSubjects = Annotated[
    list[str] | None, typer.Option("--subject", metavar="SUJET", help="Un sujet, ex. wordpress-a ; se répète.")
]
Folder = Annotated[Path, typer.Argument(metavar="DOSSIER")]
Names = Annotated[list[str] | None, typer.Argument(metavar="POSTE…", help="Un ou plusieurs postes, ex. poste-01.")]
All = Annotated[bool, typer.Option("--all", metavar="", help="Tous les postes de la salle.")]


@command()
def doctor(
    fix: Annotated[bool, typer.Option("--fix", metavar="", help="Installer ce qui manque, où c'est permis.")] = False,
    as_json: AsJson = False,
) -> int:
    """Dit ce que cette machine a et ce qui lui manque."""
    from provisioner.doctor import examine, mend

    report = mend(_paths(), progress) if fix else examine(_paths())
    if as_json:
        show.as_json(report.json())
    else:
        show.needs(report)
    return 0 if report.ok else 3


@artifacts_app.callback()
def artifacts(context: typer.Context, as_json: AsJson = False) -> None:
    """Les archives des éditions : voir, télécharger, apporter, emporter."""
    if context.invoked_subcommand is None:
        raise typer.Exit(artifacts_list(as_json=as_json))
    if as_json:
        raise Refusal(f"Écrivez --json à la fin : « e5b artifacts {context.invoked_subcommand} --json ».")


@artifacts_app.command("list", cls=_Command)
def artifacts_list(stack: OfStack = "", as_json: AsJson = False) -> int:
    """Dit quelles archives sont là."""
    store = _store()
    states = [store.state(artifact) for artifact in _artifacts(stack)]
    if as_json:
        rows = [(one.artifact, one) for one in states]
        show.as_json(
            {
                "artifacts": [
                    {"file": pin.file, "version": pin.version, "status": str(one.status), "sha256": one.sha256}
                    for pin, one in rows
                ]
            }
        )
    else:
        show.archives(states, store.idle_stand_ins(_artifacts("")))
    return 0


@artifacts_app.command("fetch", cls=_Command)
def artifacts_fetch(stack: OfStack = "", as_json: AsJson = False) -> int:
    """Télécharge les archives qui manquent et vérifie toutes les autres."""
    store = _store()
    got = [store.fetch(artifact) for artifact in _artifacts(stack)]
    if as_json:
        rows = [{"file": one.artifact.file, "version": one.version, "differs": one.differs} for one in got]
        show.as_json({"artifacts": rows})
    else:
        out.print(f"{len(got)} archives sont là et vérifiées.")
    return 0


@artifacts_app.command("import", cls=_Command)
def artifacts_import(folder: Folder, as_json: AsJson = False) -> int:
    """Prend les archives d'un dossier, par exemple une clé USB."""
    rows = _store().import_from(folder, _artifacts(""))
    return _carried(rows, as_json, "Ce dossier ne contient aucune archive connue.")


@artifacts_app.command("export", cls=_Command)
def artifacts_export(folder: Folder, as_json: AsJson = False) -> int:
    """Copie les archives vérifiées dans un dossier, pour une autre machine."""
    rows = _store().export_to(folder, _artifacts(""))
    return _carried(rows, as_json, "Aucune archive vérifiée à copier.")


@command()
def build(
    stacks: Annotated[list[str] | None, typer.Argument(metavar="ÉDITION…", help="Les officielles sinon.")] = None,
    as_json: AsJson = False,
) -> int:
    """Construit l'image de référence d'une édition."""
    from provisioner.stacks import build as build_golden

    wanted = [stack_named(name) for name in stacks or []] or [s for s in load_stacks().values() if s.official]
    centre, store = _centre(), _store()
    built = [build_golden(centre.engine, stack, store, centre.settings, progress) for stack in wanted]
    if as_json:
        show.as_json({"stacks": [show.golden_document(one) for one in built]})
    else:
        for golden, stack in zip(built, wanted, strict=True):
            show.golden(golden, stack)
    return 0


@command()
def up(
    count: Annotated[int, typer.Argument(metavar="NOMBRE", min=1, help="Combien de postes de chaque sujet.")] = 1,
    subject: OfSubjects = None,
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
    for one in loaded:
        home = subject_ids().get(one.id)
        if home is None or home.parent != one.folder.resolve():
            raise Refusal(f"Le sujet {one.id} n'est pas dans les scénarios : « e5b check » ne l'y retrouverait pas. "
                          f"Mettez son dossier dans scenarios/{one.context}/subjects/{one.id}.")  # fmt: skip
    centre = _centre(room)
    for one in loaded:
        edition = stack_named(stack) if stack else edition_for(one.cms, centre.settings)
        if edition.cms != one.cms:
            raise Refusal(f"Le sujet {one.id} est pour {one.cms} ; l'édition {edition.id} est pour {edition.cms}.")
        bring_up(centre, count, [one.id], _golden(centre, edition))
    _show_stations(centre, stations(centre), as_json, secrets=True)
    return 0


@command()
def status(room: InRoom = "", as_json: AsJson = False) -> int:
    """Dit où en sont les postes de la salle."""
    from provisioner.lifecycle import stations

    centre = _centre(room)
    _show_stations(centre, stations(centre), as_json)
    return 0


@command()
def credentials(
    station: Annotated[str, typer.Argument(metavar="POSTE")], room: InRoom = "", as_json: AsJson = False
) -> int:
    """Redonne l'adresse et les identifiants d'un poste."""
    from provisioner.lifecycle import station_named

    centre = _centre(room)
    _show_stations(centre, [station_named(centre, station)], as_json, secrets=True)
    return 0


@command()
def reset(
    names: Names = None,
    everything: All = False,
    verify: Annotated[bool, typer.Option("--verify", metavar="", help="Comparer tout à l'image de référence.")] = False,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Remet un poste à neuf, à la même adresse ; le travail du candidat y disparaît."""
    from provisioner.lifecycle import reset as renew
    from provisioner.lifecycle import station_named, stations
    from provisioner.pristine import verify as prove_pristine
    from provisioner.stacks import needed_golden

    centre = _centre(room)
    chosen = _chosen(centre, names, everything)
    goldens = {one.name: needed_golden(centre.engine, stack_named(one.stack)) for one in stations(centre)}

    def one(name: str) -> dict[str, Any]:
        station, seconds = renew(centre, name, goldens[name])
        if verify:
            progress.step(f"{name} : comparaison de chaque fichier et de chaque table")
            prove_pristine(centre, station, goldens[name])
        proof = "comparaison complète" if verify else "construction"
        return {**show.station_document(station), "seconds": seconds, "pristine": True, "proof": proof}

    rows = _each(chosen, one, 4)
    if as_json:
        show.as_json({"stations": rows})
        return 0
    for row in rows:
        out.print(f"{row['station']} est neuf ({row['seconds']} s, prouvé par {row['proof']}).")
    _show_stations(centre, [station_named(centre, row["station"]) for row in rows], False, secrets=True)
    return 0


@command()
def check(names: Names = None, everything: All = False, room: InRoom = "", as_json: AsJson = False) -> int:
    """Examine le travail d'un candidat sur une copie de son poste, et écrit le rapport."""
    from provisioner.checking import examine, verdicts

    centre = _centre(room)
    documents = _each(_chosen(centre, names, everything), lambda name: examine(centre, name), 2)
    if as_json:
        show.as_json({"stations": documents})
    else:
        for document in documents:
            show.findings(document)
    return worst([verdict for document in documents for verdict in verdicts(document)])


@command()
def down(room: InRoom = "", as_json: AsJson = False) -> int:
    """Retire tous les postes de la salle, et la salle."""
    from provisioner.lifecycle import down as take_down

    gone = take_down(_centre(room))
    if as_json:
        show.as_json({"stations": [{"station": name, "state": "retiré"} for name in gone]})
    else:
        out.print(f"Postes retirés : {', '.join(gone)}." if gone else "Il n'y avait aucun poste.")
    return 0


@command()
def functions(
    cms: Annotated[str, typer.Option("--cms", metavar="CMS", help="Un seul CMS.", show_default=False)] = "",
    as_json: AsJson = False,
) -> int:
    """Montre la liste officielle, ses points, et les contrôles qui les prouvent."""
    from provisioner.subjects import proving_checks

    lines, by_fact = load_functionalities().values(), proving_checks()
    if cms and cms not in (known := list(dict.fromkeys(line.cms for line in lines))):
        raise UnknownName(f"Le CMS « {cms} » n'est pas dans la liste. CMS connus : {', '.join(known)}.")
    rows = [
        {
            "id": line.id, "cms": line.cms, "heading": line.heading, "text": line.text,
            "facts": [
                {"text": text, "judged": judged_by_a_person(text), "checks": by_fact.get(fact, [])}
                for fact, text in zip(line.fact_ids(), line.facts, strict=True)
            ],
        }
        for line in lines
        if not cms or line.cms == cms
    ]  # fmt: skip
    if as_json:
        show.as_json({"functionalities": rows})
    else:
        show.functionalities(rows)
    return 0


@subject_app.command("check", cls=_Command)
def subject_check(
    subject: Annotated[str, typer.Argument(metavar="SUJET", help="Son identifiant, ou son fichier.")],
    as_json: AsJson = False,
) -> int:
    """Dit si un sujet est valable."""
    from provisioner.subjects import load_subject

    loaded = load_subject(subject)
    if as_json:
        show.as_json({"id": loaded.id, "cms": loaded.cms, "title": loaded.title, "valid": True})
    else:
        count = sum(len(question.wanted) for question in loaded.questions)
        out.print(f"Le sujet {loaded.id} « {escape(loaded.title)} » est valable : 5 questions, {count} contrôles.")
    return 0


@command()
def prove(
    functionality: Annotated[
        list[str] | None, typer.Option("--functionality", metavar="LIGNE", help="Une ligne de la liste ; se répète.")
    ] = None,
    subject: OfSubjects = None,
    stack: OfStack = "",
    as_json: AsJson = False,
) -> int:
    """Prouve des contrôles et des sujets : avant, après chaque chemin, après chaque presque-juste."""
    from provisioner.proving import prove as prove_all
    from provisioner.subjects import examples_for, load_subject

    subjects = [load_subject(name) for name in subject or []]
    cms = stack_named(stack).cms if stack else (subjects[0].cms if subjects else "")
    examples = [] if subjects and not functionality else examples_for(functionality or [], cms)
    if not examples and not subjects:
        raise Refusal("Aucun contrôle ne prouve cette ligne. Voyez « e5b functions ».")
    wanted = sorted({one.cms for one in subjects} | {type(one).id.split(".")[0] for one in examples})
    if len(wanted) > 1 or (cms and wanted != [cms]):
        raise Refusal(f"Une preuve se fait sur un seul CMS, et il en faudrait pour {', '.join(wanted)}. "
                      "Choisissez l'édition avec --stack, et des sujets de son CMS.")  # fmt: skip
    centre = _centre()
    edition = stack_named(stack) if stack else edition_for(wanted[0], centre.settings)
    document, proofs = prove_all(centre, _golden(centre, edition), examples, subjects)
    if as_json:
        show.as_json(document)
    else:
        show.banner(document["differs"], edition.official)
        show.proofs(proofs)
    return 3 if any(proof.fault for proof in proofs) else int(any(proof.failure for proof in proofs))


@command()
def demo(stack: OfStack = "", as_json: AsJson = False) -> int:
    """De rien à un candidat examiné : un poste, un robot qui travaille, un rapport, un poste neuf."""
    from provisioner.demo import run

    document = run(_paths(), _settings(), stack, progress, (lambda *_: None) if as_json else show.banner)
    if as_json:
        show.as_json(document)
        return int(document["exit"])
    renewed = document["reset"]
    show.findings(document["check"])
    out.print(f"\n[bold]{renewed['station']}[/] est de nouveau neuf ({renewed['seconds']} s), à {renewed['address']} : "
              f"identifiant {document['user']}, mot de passe {document['password']}")  # fmt: skip
    out.print("Ouvrez le rapport dans un navigateur. Pour tout retirer : « e5b down --room demo ».")
    return int(document["exit"])


def main() -> NoReturn:
    """Run the command line; every foreseen error is one French sentence and an exit code."""
    for ended in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal undoes what is half made, as Ctrl-C does
        signal.signal(ended, signal.default_int_handler)
    usage: Any = typer.BadParameter.__mro__[1]
    try:
        code = app(standalone_mode=False)
    except ProvisionerError as error:
        _complain(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except usage as error:
        _complain(_usage(error), 2)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        _complain(_unforeseen(error), 3)
    if code == _INTERRUPTED:  # typer turns Ctrl-C into this code before it is seen here
        _complain("Interrompu ; rien n'est resté à moitié fait.", _INTERRUPTED)
    sys.exit(code if isinstance(code, int) else 0)


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


def _artifacts(stack: str) -> list[Artifact]:
    stacks = [stack_named(stack)] if stack else list(load_stacks().values())
    return list({artifact.file: artifact for one in stacks for artifact in one.artifacts}.values())


def _carried(rows: Sequence[Any], as_json: bool, nothing: str) -> int:
    if as_json:
        show.as_json({"files": [{"file": str(one.file), "done": one.done, "text": one.sentence} for one in rows]})
    else:
        for one in rows:
            out.print(f"{'[green]✓[/]' if one.done else '[red]✗[/]'} {escape(one.sentence)}")
        if not rows:
            out.print(nothing)
    return 0 if rows and all(one.done for one in rows) else 3


def _golden(centre: Any, stack: Stack) -> Golden:
    from provisioner.stacks import build, golden_of

    return golden_of(centre.engine, stack) or build(centre.engine, stack, _store(), centre.settings, progress)


def _show_stations(centre: Any, present: Sequence[Station], as_json: bool, *, secrets: bool = False) -> None:
    known = {one.name: centre.state.credentials(one.container) for one in present} if secrets else None
    if not as_json:
        show.stations(present, load_stacks(), known)
        return
    documents = [show.station_document(one) for one in present]
    for document in documents if known else []:
        mine = (known or {})[document["station"]]
        document |= {"user": mine.user, "password": mine.password} if mine else {}
    show.as_json({"stations": documents})


def _chosen(centre: Any, names: Sequence[str] | None, everything: bool) -> list[str]:
    from provisioner.lifecycle import station_named, stations

    if everything:
        return [one.name for one in stations(centre)]
    if not names:
        raise Refusal("Dites quel poste, par exemple poste-01, ou --all pour tous.")
    return [station_named(centre, name).name for name in dict.fromkeys(names)]


def _each(names: Sequence[str], run: Callable[[str], Any], workers: int) -> list[Any]:
    """Run for each name; every one is tried, then the first error is raised. Interrupted, no further one begins."""
    pool = ThreadPoolExecutor(workers)
    try:
        futures = [pool.submit(run, name) for name in names]
        wait(futures)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return [future.result() for future in futures]


def _complain(sentence: str, code: int) -> NoReturn:
    if "--json" in sys.argv:
        show.as_json({"error": sentence, "exit": code})
    Console(stderr=True, highlight=False).print(f"[bold red]e5b :[/] {escape(sentence)}", soft_wrap=True)
    sys.exit(code)


def _usage(error: Any) -> str:
    """A mistake in the command's words, in French."""
    kind, given = type(error).__name__, getattr(error, "param", None)
    name = (given.metavar or max(given.opts, key=len)) if given is not None else ""
    asked = f"e5b {error.ctx.info_name}" if error.ctx is not None and error.ctx.parent is not None else "e5b"
    if kind == "NoSuchOption":
        return f"L'option « {error.option_name} » n'existe pas. Voyez « {asked} --help »."
    if kind == "MissingParameter":
        return f"Il manque « {name} ». Voyez « {asked} --help »."
    if kind == "BadParameter":
        return f"La valeur de « {name} » ne convient pas. Voyez « {asked} --help »."
    if kind == "NoArgsIsHelpError":
        return "Dites quelle commande."
    return f"Cette commande n'existe pas ou est mal écrite. Voyez « {asked} --help »."


def _unforeseen(error: Exception) -> str:
    """An error that nobody foresaw: kept whole for a developer, told in a sentence."""
    told = f"Erreur imprévue ({type(error).__name__})."
    try:
        path = _paths().state / "erreur-imprevue.txt"
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return f"{told} Recommencez ; si elle revient, signalez-la."
    return f"{told} Recommencez ; si elle revient, signalez-la avec le fichier {path}."
