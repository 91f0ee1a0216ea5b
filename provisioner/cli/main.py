"""Assembles the command line and runs it; the only place where an error becomes a sentence and an exit code."""

import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer._click.exceptions import UsageError

from provisioner.cli import (
    archive,
    completion,
    console,
    context,
    day,
    machine,
    mistyped,
    network,
    prove,
    resources,
    room,
    show,
    subject,
)
from provisioner.cli.commands import VERBOSE, Archives, Command, Group, Root
from provisioner.cli.screen import SafeConsole, safe_markup
from provisioner.core import interruption
from provisioner.core.errors import UNFORESEEN, Interrupted, ProvisionerError
from provisioner.core.masking import MASK
from provisioner.host import debug_log
from provisioner.host.disk import FULL, in_french

_INTERRUPTED = 130
_log = logging.getLogger(__name__)

#: Options whose values are not logged, since they name a candidate or a key's file.
NOT_LOGGED = ("--why", "--discard", "--candidate", "--identity", "--key")

app = typer.Typer(
    cls=Root,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="Postes d'examen du BTS NDRC, épreuve E5B : construire, remettre à neuf, examiner.",
)


def _version(requested: bool) -> None:
    if requested:
        show.out.print(f"e5b {version('e5b')}")
        raise typer.Exit


def _verbose(requested: bool) -> None:
    if requested:
        debug_log.show(sys.stderr)


@app.callback()
def _options(
    verbose: Annotated[
        bool,
        typer.Option(
            *VERBOSE,
            metavar="",
            callback=_verbose,
            is_eager=True,
            help="Montre aussi ce qui s'écrit dans e5b.log.",
        ),
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", metavar="", callback=_version, is_eager=True, help="Montre la version.")
    ] = False,
    show_completion: completion.Show = False,
    install_completion: completion.Install = False,
) -> None:
    """Take the options of the whole program; their callbacks do the work."""


def _group(
    name: str,
    sentence: str,
    commands: Mapping[str, Callable[..., int]],
    cls: type[Group] = Group,
    callback: Callable[..., None] | None = None,
) -> None:
    """Add commands under one word; with a callback, the word alone is a command too."""
    group = typer.Typer(
        cls=cls,
        help=sentence,
        callback=callback,
        invoke_without_command=callback is not None,
        no_args_is_help=callback is None,
    )
    for word, function in commands.items():
        group.command(word, cls=Command)(function)
    app.add_typer(group, name=name)


_COMMANDS: tuple[Callable[..., int], ...] = (
    *(machine.demo, machine.doctor, machine.build),
    *(room.up, room.status, room.credentials, room.reset, room.check, room.down),
    *(day.day, day.sheets, day.spare, day.start, day.stop, day.rewind, day.replace, day.guard, day.forms),
    *(subject.functions, prove.prove),
)
_ARTIFACTS: dict[str, Callable[..., int]] = {
    "list": machine.artifacts_list,
    "fetch": machine.artifacts_fetch,
    "import": machine.artifacts_import,
    "export": machine.artifacts_export,
    "forget": machine.artifacts_forget,
}
_ARCHIVE: dict[str, Callable[..., int]] = {
    "make": archive.make,
    "verify": archive.verify,
    "list": archive.list_,
    "hashes": archive.hashes,
    "key": archive.key,
    "open": archive.open_,
    "close": archive.close,
    "purge": archive.purge,
}
_CONSOLE: dict[str, Callable[..., int]] = {"install": console.install, "uninstall": console.uninstall}
_NETWORK: dict[str, Callable[..., int]] = {
    "on": network.on,
    "off": network.off,
    "status": network.status,
    "free": network.free,
    "log": network.log,
    "prove": network.prove,
}
for _function in _COMMANDS:  # the order of the help is in commands.py
    app.command(cls=Command)(_function)
_group(
    "artifacts",
    "Les archives des éditions : voir, prendre, apporter, emporter.",
    _ARTIFACTS,
    callback=machine.artifacts,
)
_group("console", "La salle dans un navigateur, pour son personnel.", _CONSOLE, callback=console.console)
_group("archive", "Le travail des candidats : archiver, relire, rouvrir, effacer.", _ARCHIVE, cls=Archives)
_group("subject", "Les sujets.", {"list": subject.subject_list, "check": subject.subject_check})
_group("context", "Les entreprises dont les sites sont remplis.", {"check": context.context_check})
_group("network", "Ce que les candidats et les postes peuvent atteindre.", _NETWORK)


def main() -> NoReturn:
    """Run the command line; every foreseen error is one French sentence and an exit code."""
    interruption.watch(resources.progress.stop)
    if completion.prepare():
        app(prog_name="e5b")
    try:
        code = _run()
    except SystemExit as exit_request:
        code = exit_request.code if isinstance(exit_request.code, int) else 0
    with suppress(KeyboardInterrupt):  # all is done: only this line would be missing
        _log.info("ended: exit code %s", code)
    sys.exit(code)


def _run() -> int:
    try:
        debug_log.start(resources.paths().state)
        _log.info("begun: e5b %s", " ".join(_without_values(sys.argv[1:])))
        code = app(prog_name="e5b", standalone_mode=False)
    except ProvisionerError as error:
        _log.info("foreseen error", exc_info=error)
        if isinstance(error, Interrupted):
            interruption.over()
        _complain(str(error), error.exit_code, error.done)
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except UsageError as error:  # only its type is logged: its sentence may quote a reason
        _log.info("mistyped: %s", type(error).__name__)
        _complain(mistyped.sentence(error), 2)
    except BrokenPipeError:
        return 0
    except Exception as error:
        _log.error("unforeseen error", exc_info=error)
        _complain(_disk_full_in_french(error) or _save_unforeseen(error), 3)
    if code == _INTERRUPTED:  # Typer turns a KeyboardInterrupt into this code
        interruption.over()
        _complain("Interrompu : rien n'est resté à moitié fait, relancez la commande quand vous voudrez.", code)
    return code if isinstance(code, int) else 0


def _without_values(words: Sequence[str]) -> list[str]:
    """The words of a command line with all values of NOT_LOGGED masked: a reason without quotes is several words."""
    logged: list[str] = []
    hidden = False
    for word in words:
        name, equals, _ = word.partition("=")
        if word.startswith("-"):
            hidden = name in NOT_LOGGED
            logged.append(f"{name}={MASK}" if hidden and equals else word)
        else:
            logged.append(MASK if hidden else word)
    return logged


def _complain(sentence: str, code: int, partial_document: Mapping[str, Any] | None = None) -> NoReturn:
    try:
        if "--json" in sys.argv:
            show.as_json({**(partial_document or {}), "error": sentence, "exit": code})
        sys.stdout.flush()
    except OSError:  # standard output is gone: discard what is buffered, which Python would write at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    SafeConsole(stderr=True, highlight=False).print(f"[bold red]e5b :[/] {safe_markup(sentence)}", soft_wrap=True)
    sys.exit(code)


def _disk_full_in_french(error: Exception) -> str:
    """A French sentence where an unforeseen error is a full disk; empty for any other error."""
    if isinstance(error, OSError) and error.errno in FULL:
        if error.filename:
            return in_french(error, Path(error.filename))
        return "Le disque où va la réponse est plein, ou celui des fichiers temporaires : libérez de la place, puis recommencez."
    return ""


def _save_unforeseen(error: Exception) -> str:
    """Write an unforeseen error's traceback to a file for a developer; the sentence for the user."""
    sentence = f"Erreur imprévue ({type(error).__name__})."
    try:
        path = resources.paths().state / UNFORESEEN
        path.write_text(
            debug_log.harmless("".join(traceback.format_exception(error))), encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        return f"{sentence} Recommencez ; si elle revient, signalez-la."
    return f"{sentence} Recommencez ; si elle revient, signalez-la avec le fichier {path}."
