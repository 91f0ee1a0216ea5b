"""The command line: parse, call one verb, print. The only place where an error becomes an exit code."""

import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.console import Console

from provisioner.cli import archive, context, day, machine, network, resources, room, show, subject, usage
from provisioner.cli.screen import said
from provisioner.core import interruption
from provisioner.core.errors import UNFORESEEN, Interrupted, ProvisionerError
from provisioner.host.disk import FULL, in_french

_INTERRUPTED = 130

app = typer.Typer(
    cls=usage.Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Postes d'examen du BTS NDRC, épreuve E5B : construire, remettre à neuf, examiner.",
)
artifacts_app = typer.Typer(
    cls=usage.Group,
    callback=machine.artifacts,
    invoke_without_command=True,
    help="Les archives des éditions : voir, télécharger, apporter, emporter.",
)
subject_app = typer.Typer(cls=usage.Group, help="Les sujets.", no_args_is_help=True)
network_app = typer.Typer(
    cls=usage.Group, no_args_is_help=True, help="Ce que les candidats et les postes peuvent atteindre."
)
context_app = typer.Typer(cls=usage.Group, help="L'entreprise dont les sites sont remplis.", no_args_is_help=True)
_ARTIFACTS: dict[str, Callable[..., int]] = {
    "list": machine.artifacts_list,
    "fetch": machine.artifacts_fetch,
    "import": machine.artifacts_import,
    "export": machine.artifacts_export,
    "forget": machine.artifacts_forget,
}
_NETWORK: dict[str, Callable[..., int]] = {
    "on": network.on,
    "off": network.off,
    "status": network.status,
    "log": network.log,
    "prove": network.prove,
}
_VERBS: tuple[Callable[..., int], ...] = (
    machine.doctor,
    machine.build,
    room.up,
    room.status,
    room.credentials,
    room.reset,
    room.check,
    room.down,
    machine.demo,
    day.day,
    day.start,
    day.stop,
    day.sheets,
    day.forms,
    day.spare,
    day.rewind,
    day.replace,
    day.guard,
    archive.archive,
    archive.archives,
    archive.purge,
    archive.close,
    subject.functions,
    subject.prove,
)
for _name, _verb in _ARTIFACTS.items():
    artifacts_app.command(_name, cls=usage.Command)(_verb)
for _verb in _VERBS:
    app.command(cls=usage.Command)(_verb)
app.command("open", cls=usage.Command)(archive.open_)
subject_app.command("check", cls=usage.Command)(subject.subject_check)
for _name, _verb in _NETWORK.items():
    network_app.command(_name, cls=usage.Command)(_verb)
app.add_typer(artifacts_app, name="artifacts")
app.add_typer(network_app, name="network")
context_app.command("check", cls=usage.Command)(context.context_check)
app.add_typer(context_app, name="context")
app.add_typer(subject_app, name="subject")


def main() -> NoReturn:
    """Run the command line; every foreseen error is one French sentence and an exit code."""
    interruption.watch(resources.progress.stop)
    logging.disable()  # the libraries' own talk is not for a person
    try:
        code = app(prog_name="e5b", standalone_mode=False)
    except ProvisionerError as error:
        if isinstance(error, Interrupted):
            interruption.over()
        _complain(str(error), error.exit_code, error.done)
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except usage.Mistaken as error:
        _complain(usage.mistake(error), 2)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        _complain(_of_the_disk(error) or _unforeseen(error), 3)
    if code == _INTERRUPTED:  # typer turns Ctrl-C into this code before it is seen here
        interruption.over()
        _complain("Interrompu : rien n'est resté à moitié fait, relancez la commande quand vous voudrez.", code)
    sys.exit(code if isinstance(code, int) else 0)


def _complain(sentence: str, code: int, done: Mapping[str, Any] | None = None) -> NoReturn:
    try:
        if "--json" in sys.argv:
            show.as_json({**(done or {}), "error": sentence, "exit": code})
        sys.stdout.flush()
    except OSError:  # there is nowhere to write to; nor is what Python still holds of it to be tried at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    Console(stderr=True, highlight=False).print(f"[bold red]e5b :[/] {said(sentence)}", soft_wrap=True)
    sys.exit(code)


def _of_the_disk(error: Exception) -> str:
    """A sentence where a disk is full in a place that nobody foresaw; empty when it isn't that."""
    if isinstance(error, OSError) and error.errno in FULL:
        if error.filename:
            return in_french(error, Path(error.filename))
        return "Le disque où va la réponse est plein, ou celui des fichiers temporaires : libérez de la place, puis recommencez."
    return ""


def _unforeseen(error: Exception) -> str:
    """An error that nobody foresaw: kept whole for a developer, told in a sentence."""
    told = f"Erreur imprévue ({type(error).__name__})."
    try:
        path = resources.paths().state / UNFORESEEN
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return f"{told} Recommencez ; si elle revient, signalez-la."
    return f"{told} Recommencez ; si elle revient, signalez-la avec le fichier {path}."
