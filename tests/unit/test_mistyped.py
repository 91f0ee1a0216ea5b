"""Wrong words are told in French whatever Typer says in English: every place where it complains is known here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import typer.main
from typer._click import exceptions
from typer._click.core import Context
from typer.core import TyperArgument, TyperGroup, TyperOption

from provisioner.cli import main, mistyped
from provisioner.cli.commands import Command

TYPER = Path(typer.__file__).parent
FAMILY = {
    name
    for name, kind in vars(exceptions).items()
    if isinstance(kind, type) and issubclass(kind, exceptions.ClickException)
}
#: Where Typer raises such an error: the file, the function, the error; and what becomes of it.
KNOWN = {
    ("_click/core.py", "fail", "UsageError"): "said by its callers below",
    ("_click/core.py", "parse_args", "NoArgsIsHelpError"): "by its kind",
    ("_click/core.py", "parse_args", "fail"): "Command takes extra words and complains itself",
    ("_click/parser.py", "_match_long_opt", "NoSuchOption"): "by its kind",
    ("_click/parser.py", "_match_short_opt", "NoSuchOption"): "by its kind",
    ("_click/parser.py", "_match_long_opt", "BadOptionUsage"): "by its kind: of a flag",
    ("_click/parser.py", "_get_value_from_state", "BadOptionUsage"): "by its kind: of an option with a value",
    ("_click/parser.py", "process", "BadArgumentUsage"): "no argument takes two words exactly",
    ("_click/utils.py", "open", "FileError"): "no parameter is an open file",
    ("_coercion.py", "coerce", "BadParameter"): "by its kind",
    ("_coercion.py", "_coerce_value", "BadParameter"): "by its kind",
    ("_coercion.py", "prompt_value_proc", "UsageError"): "nothing is prompted for",
    ("_coercion.py", "coerce", "UsageError"): "nothing is prompted for",
    ("_coercion.py", "coerce_pass_through", "UsageError"): "nothing is prompted for",
    ("_param_types.py", "coerce_cli_path", "BadParameter"): "by its kind",
    ("_param_types.py", "_open_cli_file", "BadParameter"): "by its kind",
    ("core.py", "process_value", "MissingParameter"): "by its kind",
    ("core.py", "parse_args", "NoArgsIsHelpError"): "by its kind",
    ("core.py", "invoke", "fail"): "the only complaint of a group that isn't ours",
    ("core.py", "_click_resolve_command", "fail"): "Group looks for the command first and complains itself",
    ("main.py", "get_param_callback", "ClickException"): "a mistake of this program, not of its user",
    ("main.py", "get_param_completion", "ClickException"): "a mistake of this program, not of its user",
}


def complaints() -> Iterator[tuple[str, str, str]]:
    """Where Typer, and its copy of Click, raise an error of this family."""
    for path in sorted(TYPER.rglob("*.py")):
        file = path.relative_to(TYPER).as_posix()
        functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                    name = ast.unparse(node.exc.func).rpartition(".")[2]
                    if name in FAMILY:
                        yield file, function.name, name
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fail":
                    yield file, function.name, "fail"


def test_every_place_where_typer_complains_is_known() -> None:
    assert set(complaints()) == set(KNOWN)


def parameters(command: object = None) -> Iterator[TyperArgument | TyperOption]:
    """Of every command."""
    command = typer.main.get_command(main.app) if command is None else command
    assert isinstance(command, TyperGroup | Command)
    yield from (param for param in command.params if isinstance(param, TyperArgument | TyperOption))
    for below in command.commands.values() if isinstance(command, TyperGroup) else ():
        yield from parameters(below)


def test_no_parameter_is_of_a_kind_whose_mistakes_have_no_sentence() -> None:
    """See KNOWN: what stands there as impossible is impossible, and a number has a least value to tell."""
    found = list(parameters())
    assert len(found) > 80
    for param in found:
        assert param.nargs in (1, -1)
        assert not getattr(param, "prompt", None)
        assert "File" not in str(param.type_descriptor.annotation)
        if param.type_descriptor.annotation in (int, float):
            assert param.min is not None, param.name


@pytest.mark.parametrize("kind", sorted(FAMILY - {"FileError", "ClickException"}))
def test_every_kind_of_error_has_a_french_sentence(kind: str) -> None:
    option = TyperOption(
        param_decls=["--extra"], metavar="MINUTES", min=0, type_descriptor=next(parameters()).type_descriptor
    )
    command = Command("start", params=[option])
    context = Context(command, info_name="e5b start")
    given = {
        "NoSuchOption": ("--extr", "English", ["--extra"]),
        "BadOptionUsage": ("--extra", "English"),
        "NoArgsIsHelpError": (context,),
    }.get(kind, ("English",))
    error = getattr(exceptions, kind)(*given)
    error.ctx = context
    if kind in ("BadParameter", "MissingParameter"):
        error.param = option
    sentence = mistyped.sentence(error)
    assert "English" not in sentence
    assert sentence.endswith(("Voyez « e5b start --help ».", "Dites quelle commande."))
