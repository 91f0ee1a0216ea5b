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

from provisioner import (
    commands_archive,
    commands_context,
    commands_day,
    commands_machine,
    commands_network,
    commands_room,
    commands_subject,
    interruption,
    opening,
    show,
    usage,
)
from provisioner.disk import FULL, in_french
from provisioner.errors import UNFORESEEN, Interrupted, ProvisionerError
from provisioner.screen import said

_INTERRUPTED = 130

app = typer.Typer(
    cls=usage.Group, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Postes d'examen du BTS NDRC, épreuve E5B : construire, remettre à neuf, examiner.",
)  # fmt: skip
artifacts_app = typer.Typer(
    cls=usage.Group, callback=commands_machine.artifacts, invoke_without_command=True,
    help="Les archives des éditions : voir, télécharger, apporter, emporter.",
)  # fmt: skip
subject_app = typer.Typer(cls=usage.Group, help="Les sujets.", no_args_is_help=True)
network_app = typer.Typer(
    cls=usage.Group, no_args_is_help=True, help="Ce que les candidats et les postes peuvent atteindre."
)
context_app = typer.Typer(cls=usage.Group, help="L'entreprise dont les sites sont remplis.", no_args_is_help=True)
_ARTIFACTS: dict[str, Callable[..., int]] = {
    "list": commands_machine.artifacts_list, "fetch": commands_machine.artifacts_fetch,
    "import": commands_machine.artifacts_import, "export": commands_machine.artifacts_export,
    "forget": commands_machine.artifacts_forget,
}  # fmt: skip
_NETWORK: dict[str, Callable[..., int]] = {
    "on": commands_network.on, "off": commands_network.off, "status": commands_network.status,
    "log": commands_network.log, "prove": commands_network.prove,
}  # fmt: skip
_VERBS: tuple[Callable[..., int], ...] = (
    commands_machine.doctor, commands_machine.build,
    commands_room.up, commands_room.status, commands_room.credentials, commands_room.reset, commands_room.check,
    commands_room.down, commands_machine.demo,
    commands_day.day, commands_day.start, commands_day.stop, commands_day.sheets, commands_day.forms,
    commands_day.spare, commands_day.rewind, commands_day.replace, commands_day.guard,
    commands_archive.archive, commands_archive.archives, commands_archive.purge, commands_archive.close,
    commands_subject.functions, commands_subject.prove,
)  # fmt: skip
for _name, _verb in _ARTIFACTS.items():
    artifacts_app.command(_name, cls=usage.Command)(_verb)
for _verb in _VERBS:
    app.command(cls=usage.Command)(_verb)
app.command("open", cls=usage.Command)(commands_archive.open_)
subject_app.command("check", cls=usage.Command)(commands_subject.subject_check)
for _name, _verb in _NETWORK.items():
    network_app.command(_name, cls=usage.Command)(_verb)
app.add_typer(artifacts_app, name="artifacts")
app.add_typer(network_app, name="network")
context_app.command("check", cls=usage.Command)(commands_context.context_check)
app.add_typer(context_app, name="context")
app.add_typer(subject_app, name="subject")


def main() -> NoReturn:
    """Run the command line; every foreseen error is one French sentence and an exit code."""
    interruption.watch(opening.progress.stop)
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
        path = opening.paths().state / UNFORESEEN
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return f"{told} Recommencez ; si elle revient, signalez-la."
    return f"{told} Recommencez ; si elle revient, signalez-la avec le fichier {path}."
