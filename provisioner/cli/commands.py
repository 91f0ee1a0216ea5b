"""Typer's command and group with a French help and French errors, and the old names that still answer.

Typer's own texts are English and change from version to version, so none of them is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table
from typer._click.exceptions import UsageError
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from provisioner.cli.mistyped import Mistyped, meant
from provisioner.cli.screen import renamed
from provisioner.cli.show import out
from provisioner.network.room import full_name

if TYPE_CHECKING:
    from typer._click.core import Command as ClickCommand
    from typer._click.core import Context, Parameter
    from typer._click.formatting import HelpFormatter

#: The headings of `e5b --help` and the commands under each, in this order.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "Préparer": ("demo", "doctor", "artifacts", "build", "up", "sheets", "spare"),
    "Jour de l'examen": (
        "console",
        "status",
        "day",
        "credentials",
        "start",
        "stop",
        "rewind",
        "replace",
        "reset",
        "guard",
        "down",
    ),
    "Examiner": ("check", "forms"),
    "Conserver": ("archive",),
    "Écrire des sujets": ("functions", "subject", "prove", "context"),
    "Réseau": ("network",),
}
#: Old names of commands, which answer for one version, and their new names.
RENAMED: Mapping[str, tuple[str, ...]] = {
    "archives": ("archive", "verify"),
    "open": ("archive", "open"),
    "close": ("archive", "close"),
    "purge": ("archive", "purge"),
}
#: How many letters of a command's sentence fit on one line of the help.
_SENTENCE = 63
#: Global options that may also stand after the command.
VERBOSE = ("-v", "--verbose")
HELP = ("-h", "--help")


class Command(TyperCommand):
    """A command whose help is French."""

    #: Superfluous words are refused by parse_args, since Typer's error for them is English.
    allow_extra_args = True

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read its words."""
        with _naming_command(ctx):
            unread = super().parse_args(ctx, args)
            if unread and not ctx.resilient_parsing:
                raise Mistyped(f"Trop de mots : « {' '.join(unread)} ».")
        return unread

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Its help, on standard output."""
        _show_help(self, ctx)


class Group(TyperGroup):
    """Commands under one word, with a French help."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read its words up to the command."""
        with _naming_command(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, ClickCommand | None, list[str]]:
        """Find the command that the first word names."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            near = get_close_matches(args[0], self.commands)
            raise Mistyped(f"La commande « {args[0]} » n'existe pas. {meant(near)}".strip(), ctx)
        return super().resolve_command(ctx, args)

    def sections(self) -> Mapping[str, Iterable[str]]:
        """The headings of its help, each with the names of its commands."""
        return {"Commandes": self.commands}

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Its help, on standard output."""
        _show_help(self, ctx)


class Root(Group):
    """The whole command line: commands under headings, `-v` anywhere, and commands by their old names."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read its words up to the command; `-v` may stand after it too."""
        end = args.index("--") if "--" in args else len(args)
        flags = [word for word in args[:end] if word in VERBOSE]
        return super().parse_args(ctx, [*flags, *(word for word in args[:end] if word not in VERBOSE), *args[end:]])

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, ClickCommand | None, list[str]]:
        """Find the command, by its old name too."""
        if new_name := RENAMED.get(args[0]):
            if not ctx.resilient_parsing:
                renamed(f"e5b {args[0]}", f"e5b {' '.join(new_name)}")
            args = [*new_name, *args[1:]]
        return super().resolve_command(ctx, args)

    def sections(self) -> Mapping[str, Iterable[str]]:
        """The headings of its help, each with the names of its commands."""
        return HEADINGS


class Archives(Group):
    """`e5b archive` and its commands; for one version, stations, options or nothing instead of a command mean `make`."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read its words up to the command."""
        if self._meant_make(args[0]) if args else not ctx.resilient_parsing:
            if not ctx.resilient_parsing:
                named = any(not word.startswith("-") for word in args)
                typed = " --all" if "--all" in args else " POSTE" if named else ""
                renamed(f"e5b archive{typed}", f"e5b archive make{typed}")
            args = ["make", *args]
        return super().parse_args(ctx, args)

    def _meant_make(self, word: str) -> bool:
        return (word.startswith("-") and word not in HELP) or re.fullmatch(r"poste-\d+", full_name(word)) is not None


@contextmanager
def _naming_command(ctx: Context) -> Iterator[None]:
    """Have every UsageError raised in this block name its command, since the parser doesn't always."""
    try:
        yield
    except UsageError as error:
        error.ctx = error.ctx or ctx
        raise


def _show_help(command: Command | Group, ctx: Context) -> None:
    params = command.get_params(ctx)
    arguments = [param for param in params if isinstance(param, TyperArgument) and not param.hidden]
    options = [param for param in params if isinstance(param, TyperOption) and not param.hidden]
    metavars = [str(param.metavar) if param.required else f"[{param.metavar}]" for param in arguments]
    words = [ctx.command_path, *metavars, "[OPTIONS]", *(["COMMANDE…"] if isinstance(command, Group) else [])]
    out.print(f"\n{escape(' '.join(words))}\n\n{escape((command.help or '').strip())}")
    _show_rows({"Mots": [(str(param.metavar), _meaning(param)) for param in arguments]})
    if isinstance(command, Group):
        _show_rows(
            {
                heading: [(name, _first_clause(command.commands[name].help or "")) for name in names]
                for heading, names in command.sections().items()
            }
        )
    _show_rows({"Options": [(_option(param), _meaning(param)) for param in options]})


def _show_rows(sections: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Print each heading with its rows of a word and its meaning; all meanings are aligned in one column."""
    width = max((len(word) for rows in sections.values() for word, _ in rows), default=0)
    for heading, rows in sections.items():
        if rows:
            table = Table(box=None, show_header=False, padding=(0, 1, 0, 2))
            table.add_column(no_wrap=True, min_width=width)
            for word, meaning in rows:
                table.add_row(f"[bold]{escape(word)}[/]", escape(meaning))
            out.print(f"\n[bold]{heading}[/]")
            out.print(table)


def _first_clause(sentence: str) -> str:
    """The first line of a help; only its first clause where it would not fit on one line."""
    line = sentence.strip().splitlines()[0]
    return line if len(line) <= _SENTENCE else f"{re.split(' [;:] |, et ', line)[0].rstrip('.')}."


def _option(option: Parameter) -> str:
    return f"{', '.join(sorted(option.opts, key=len))} {option.metavar or ''}".strip()


def _meaning(param: TyperArgument | TyperOption) -> str:
    if "--help" in param.opts:
        return "Montre cette aide."
    return f"{param.help or ''}{' (obligatoire)' if param.required else ''}".strip()
