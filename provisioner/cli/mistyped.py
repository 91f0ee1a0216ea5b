"""Says in French what is wrong with a command line, by the type of Typer's error and its parameters.

Typer has a copy of Click without translations, so its English sentences are neither shown nor parsed. A test lists
every place where it raises such an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer.core import TyperArgument, TyperGroup, TyperOption

if TYPE_CHECKING:
    from typer._click.core import Command, Parameter


class Mistyped(UsageError):
    """A mistake whose message is a French sentence already."""


def sentence(error: UsageError) -> str:
    """A French sentence on what is wrong with the command line, and what to do."""
    command = error.ctx.command_path if error.ctx is not None else "e5b"
    wrong = _wrong(error)
    return wrong if wrong == _NO_COMMAND else f"{wrong} Voyez « {command} --help »."


_NO_COMMAND = "Dites quelle commande."


def _wrong(error: UsageError) -> str:
    match error:
        case Mistyped():
            return error.message
        case NoSuchOption() if error.ctx is not None and _is_of_subcommand(error.ctx.command, error.option_name):
            return f"L'option « {error.option_name} » se met après la commande."
        case NoSuchOption():
            return f"L'option « {error.option_name} » n'existe pas. {meant(error.possibilities or ())}".strip()
        case BadOptionUsage():
            wants = "ne prend pas de valeur" if _is_flag(error) else "demande une valeur"
            return f"L'option « {error.option_name} » {wants}."
        case MissingParameter():
            return f"Il manque « {_name(error.param)} »."
        case BadParameter():
            return f"La valeur de « {_name(error.param)} » ne convient pas{_number_in_french(error.param)}."
        case NoArgsIsHelpError():
            return _NO_COMMAND
    if error.ctx is not None and isinstance(error.ctx.command, TyperGroup):
        return _NO_COMMAND  # an unknown command is Mistyped, and a group raises nothing else
    return "Cette commande est mal écrite."


def meant(near: Sequence[str]) -> str:
    """A French question that offers similar names; empty where there are none."""
    return f"Vouliez-vous dire « {' » ou « '.join(near)} » ?" if near else ""


def _is_of_subcommand(command: Command, option: str) -> bool:
    """Whether a command below this group has the option."""
    subcommands = command.commands.values() if isinstance(command, TyperGroup) else ()
    return any(option in param.opts for subcommand in subcommands for param in subcommand.params) or any(
        _is_of_subcommand(subcommand, option) for subcommand in subcommands
    )


def _name(param: Parameter | None) -> str:
    return (param.metavar or max(param.opts, key=len)) if param is not None else ""


def _is_flag(error: BadOptionUsage) -> bool:
    params = error.ctx.command.get_params(error.ctx) if error.ctx is not None else []
    return any(isinstance(param, TyperOption) and param.is_flag for param in params if error.option_name in param.opts)


def _number_in_french(param: Parameter | None) -> str:
    """The range of a number in French, which always has a minimum; empty where the parameter is no number."""
    if not isinstance(param, TyperArgument | TyperOption) or param.min is None:
        return ""
    if param.max is None:
        return f" : il faut un nombre entier, {param.min} ou plus"
    return f" : il faut un nombre entier, de {param.min} à {param.max}"
