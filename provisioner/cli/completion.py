"""Completion of a terminal's words: the options that show and install the script, with French help."""

import os
from pathlib import Path
from typing import Annotated

import typer
from typer._completion_classes import completion_init
from typer._completion_shared import Shells, _get_shell_name, get_completion_script
from typer._completion_shared import install as install_script

from provisioner.cli.show import out
from provisioner.core.errors import Refusal
from provisioner.host.disk import disk_in_french

_PROGRAM = "e5b"
#: The variable that a shell sets when it asks for completions; Typer derives it from the program's name.
_VARIABLE = "_E5B_COMPLETE"


def prepare() -> bool:
    """Whether a shell asks for completions; Typer then answers it instead of running a command."""
    if _VARIABLE not in os.environ:
        return False
    completion_init()
    return True


def _show(requested: bool) -> None:
    if requested:
        script = get_completion_script(prog_name=_PROGRAM, complete_var=_VARIABLE, shell=_shell())
        out.print(script, markup=False, soft_wrap=True)
        raise typer.Exit


def _install(requested: bool) -> None:
    if requested:
        with disk_in_french(Path.home(), Refusal):
            shell, path = install_script(_shell(), _PROGRAM, _VARIABLE)
        out.print(f"La complétion pour {shell} est installée dans {path} : rouvrez votre terminal.", soft_wrap=True)
        raise typer.Exit


def _shell() -> str:
    """The shell of the terminal, else the user's; `./e5b` is run by sh, which completes nothing."""
    found = [name for name in (_get_shell_name(), Path(os.environ.get("SHELL", "")).name) if name]
    for shell in found or ["bash"]:
        if shell in list(Shells):
            return shell
    raise Refusal(f"Il n'y a pas de complétion pour {found[-1]} : il y en a pour bash, zsh et fish.")


Show = Annotated[
    bool,
    typer.Option(
        "--show-completion",
        metavar="",
        callback=_show,
        is_eager=True,
        help="Montre le script qui complète les mots (touche Tab).",
    ),
]
Install = Annotated[
    bool,
    typer.Option(
        "--install-completion",
        metavar="",
        callback=_install,
        is_eager=True,
        help="Installe ce script dans votre terminal.",
    ),
]
