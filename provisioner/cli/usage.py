"""The command line's own words, in French: helps, and what is wrong with the words that were typed.

Typer's are English, and change from version to version; so nothing of them is shown.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from typer.core import TyperCommand, TyperGroup

from provisioner.cli.show import out

AsJson = Annotated[
    bool, typer.Option("--json", metavar="", help="Un document JSON sur la sortie standard, rien d'autre.")
]
InRoom = Annotated[str, typer.Option("--room", metavar="SALLE", help="La salle ; celle des réglages sinon.")]
OfStack = Annotated[str, typer.Option("--stack", metavar="ÉDITION", help="L'édition, ex. wordpress-2024.")]
OfSubjects = Annotated[
    list[str] | None, typer.Option("--subject", metavar="SUJET", help="Un sujet, ex. wordpress-a ; se répète.")
]
Identity = Annotated[
    Path | None, typer.Option("--identity", metavar="FICHIER", help="La clé du centre, pour des archives chiffrées.")
]
Discard = Annotated[
    str, typer.Option("--discard", metavar="RAISON", help="Ne pas archiver le travail d'un candidat, et pourquoi.")
]
Names = Annotated[list[str] | None, typer.Argument(metavar="POSTE…", help="Un ou plusieurs postes, ex. poste-01.")]
All = Annotated[bool, typer.Option("--all", metavar="", help="Tous les postes de la salle.")]


#: What Typer raises for words that are mistaken; its own name isn't public.
Mistaken: Any = typer.BadParameter.__mro__[1]


class Command(TyperCommand):
    """A command whose help is French."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read its words; a mistake in them knows the command, also a missing value, which the parser leaves nameless."""
        try:
            return super().parse_args(ctx, args)
        except Mistaken as error:
            error.ctx = error.ctx or ctx
            raise

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Its help, on standard output."""
        _show_help(self, ctx)


class Group(TyperGroup):
    """Commands under one word, with a French help."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Its help, on standard output."""
        _show_help(self, ctx)


def _show_help(command: Any, ctx: Any) -> None:
    given = [param for param in command.get_params(ctx) if not param.hidden]
    arguments = [param for param in given if param.param_type_name == "argument"]
    options = [param for param in given if param not in arguments]
    below = getattr(command, "commands", {})
    typed = [one.metavar if one.required else f"[{one.metavar}]" for one in arguments]
    words = [ctx.command_path, *typed, "[OPTIONS]", *(["COMMANDE…"] if below else [])]
    out.print(f"\n{escape(' '.join(words))}\n\n{escape((command.help or '').strip())}")
    rows = {
        "Mots": [(one.metavar, _meaning(one)) for one in arguments],
        "Options": [(_option(one), _meaning(one)) for one in options],
        "Commandes": [(name, one.help.strip().splitlines()[0]) for name, one in below.items()],
    }
    for title, many in rows.items():
        if many:
            table = Table(box=None, show_header=False, padding=(0, 1, 0, 2))
            table.add_column(no_wrap=True)
            for word, meaning in many:
                table.add_row(f"[bold]{escape(word)}[/]", escape(meaning))
            out.print(f"\n[bold]{title}[/]")
            out.print(table)


def _option(option: Any) -> str:
    return f"{option.opts[0]} {option.metavar or ''}".strip()


def _meaning(param: Any) -> str:
    if param.opts[0] == "--help":
        return "Montre cette aide."
    return f"{param.help or ''}{' (obligatoire)' if param.required else ''}".strip()


def mistake(error: Any) -> str:
    """What is wrong with the words that were typed, and what to do."""
    kind, given = type(error).__name__, getattr(error, "param", None)
    name = (given.metavar or max(given.opts, key=len)) if given is not None else ""
    see = f"Voyez « {error.ctx.command_path if error.ctx is not None else 'e5b'} --help »."
    said = str(error.message)
    if kind == "NoSuchOption":
        return f"L'option « {error.option_name} » n'existe pas. {_meant(error.possibilities or ())}{see}"
    if kind == "MissingParameter":
        return f"Il manque « {name} ». {see}"
    if kind == "BadParameter":
        return f"La valeur de « {name} » ne convient pas{_number(given, said)}. {see}"
    if kind == "NoArgsIsHelpError":
        return "Dites quelle commande."
    if kind == "BadOptionUsage":
        wants = "demande une valeur" if "requires" in said else "ne prend pas de valeur"
        return f"L'option « {error.option_name} » {wants}. {see}"
    quoted = re.findall(r"'(.*?)'", said)
    if said.startswith("No such command") and quoted:
        return f"La commande « {quoted[0]} » n'existe pas. {_meant(quoted[1:])}{see}"
    if extra := re.search(r"extra argument(?:s|\(s\))? \((.*)\)", said):
        return f"Trop de mots : « {extra[1]} ». {see}"
    return f"Cette commande est mal écrite. {see}"


def _meant(near: Sequence[str]) -> str:
    return f"Vouliez-vous dire « {' » ou « '.join(near)} » ? " if near else ""


def _number(param: Any, said: str) -> str:
    """What a number must be; Typer's English tells a number, its versions differ in all else."""
    if "integer" not in said and "int" not in said.split() and "greater" not in said:
        return ""
    least = getattr(param, "min", getattr(getattr(param, "type", None), "min", None))
    return " : il faut un nombre entier" + (f", {least} ou plus" if least is not None else "")
