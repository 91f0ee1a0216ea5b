"""What is wrong with the words that were typed, in French, by the kind of the error and what it is about.

Typer has a copy of Click that asks no catalogue of translations, so its English sentences are neither shown nor read.
A test lists every place where it raises such an error.
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
    """What is wrong with the words that were typed, and what to do."""
    command = error.ctx.command_path if error.ctx is not None else "e5b"
    wrong = _wrong(error)
    return wrong if wrong == _NO_COMMAND else f"{wrong} Voyez « {command} --help »."


_NO_COMMAND = "Dites quelle commande."


def _wrong(error: UsageError) -> str:
    match error:
        case Mistyped():
            return error.message
        case NoSuchOption() if error.ctx is not None and _stands_below(error.ctx.command, error.option_name):
            return f"L'option « {error.option_name} » se met après la commande."
        case NoSuchOption():
            return f"L'option « {error.option_name} » n'existe pas. {meant(error.possibilities or ())}".strip()
        case BadOptionUsage():
            wants = "ne prend pas de valeur" if _is_flag(error) else "demande une valeur"
            return f"L'option « {error.option_name} » {wants}."
        case MissingParameter():
            return f"Il manque « {_name(error.param)} »."
        case BadParameter():
            return f"La valeur de « {_name(error.param)} » ne convient pas{_wanted(error.param)}."
        case NoArgsIsHelpError():
            return _NO_COMMAND
    if error.ctx is not None and isinstance(error.ctx.command, TyperGroup):
        return _NO_COMMAND  # an unknown one is Mistyped: nothing else is left that a group raises
    return "Cette commande est mal écrite."


def meant(near: Sequence[str]) -> str:
    """A question that offers names like the one that was typed; empty where there are none."""
    return f"Vouliez-vous dire « {' » ou « '.join(near)} » ?" if near else ""


def _stands_below(command: Command, option: str) -> bool:
    """Whether a command of this group has the option."""
    below = command.commands.values() if isinstance(command, TyperGroup) else ()
    return any(option in param.opts for sub in below for param in sub.params) or any(
        _stands_below(sub, option) for sub in below
    )


def _name(param: Parameter | None) -> str:
    return (param.metavar or max(param.opts, key=len)) if param is not None else ""


def _is_flag(error: BadOptionUsage) -> bool:
    params = error.ctx.command.get_params(error.ctx) if error.ctx is not None else []
    return any(isinstance(param, TyperOption) and param.is_flag for param in params if error.option_name in param.opts)


def _wanted(param: Parameter | None) -> str:
    """What a number must be; each that a command takes has a least value."""
    if not isinstance(param, TyperArgument | TyperOption) or param.min is None:
        return ""
    if param.max is None:
        return f" : il faut un nombre entier, {param.min} ou plus"
    return f" : il faut un nombre entier, de {param.min} à {param.max}"
