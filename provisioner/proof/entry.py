"""What the declaration of a way, a near miss or a road says, as far as it is a function: the digest of its syntax tree.

Names are left out, so that a renaming changes nothing; constants, values that it holds, and functions inside it are not. What it
calls is a robot: that made the state which a recording is of, and the state stays what it was.
"""

import ast
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType, MethodType

from provisioner.subject.check import Check

_LENGTH = 10
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def entry_digest(run: Callable[..., object]) -> str:
    """The digest of what a way, a near miss or a road does, as its check declares it."""
    words = "\n".join(_words(run, set()))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def _words(value: object, seen: set[int]) -> Iterator[str]:
    """What a value says, in a fixed order; `seen` are the functions that have been read."""
    match value:
        case Check():
            yield type(value).id
            yield value.model_dump_json()
        case FunctionType():
            yield from _of_function(value, seen)
        case MethodType() if isinstance(value.__self__, Check):
            yield from _of_node(_node_of(value.__func__.__code__))
            yield from _words(value.__self__, seen)
        case str() | bytes() | int() | float() | Decimal() | date() | time() | None:
            yield repr(value)
        case set() | frozenset():
            yield from sorted(" ".join(_words(part, seen)) for part in value)
        case _:
            parts = _parts(value)
            yield f"{len(parts)}:"
            for part in parts:
                yield from _words(part, seen)


def _parts(value: object) -> list[object]:
    """What a value is made of; nothing of a class or a module, whose names are not data."""
    match value:
        case MethodType():
            return [value.__self__]
        case partial():
            return [value.func, *value.args, *sorted(value.keywords.items())]
        case Mapping():
            return list(value.items())
        case list() | tuple():
            return list(value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return [getattr(value, field.name) for field in fields(value)]
    return []


def _of_function(function: FunctionType, seen: set[int]) -> Iterator[str]:
    """A function inside another is a part of the declaration, as is a method of the check; any other is a robot."""
    if "<locals>" in function.__qualname__ and id(function) not in seen:
        seen.add(id(function))
        yield from _of_node(_node_of(function.__code__))
        held = [_held(cell) for cell in function.__closure__ or ()]
        yield from _words([*held, *(function.__defaults__ or ())], seen)


def _held(cell: object) -> object:
    """The value of a closure's cell; None while it has none."""
    try:
        return cell.cell_contents  # type: ignore[attr-defined]
    except ValueError:
        return None


def _of_node(node: ast.AST) -> Iterator[str]:
    """A syntax tree, without names, docstrings and positions, equal for every version of Python."""
    yield f"({type(node).__name__}"
    if isinstance(node, ast.Constant):
        yield repr(node.value)
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr_context) and not _is_docstring(child, node):
            yield from _of_node(child)
    yield ")"


def _is_docstring(child: ast.AST, of: ast.AST) -> bool:
    body = getattr(of, "body", None)
    first = body[0] if isinstance(body, list) and body else None
    return child is first and isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)


def _node_of(code: CodeType) -> ast.AST:
    """The syntax tree of the function that was compiled to this; of several that begin in one line, that which holds all of it."""
    nodes = [node for node in _functions_in(Path(code.co_filename)) if _first_line(node) == code.co_firstlineno]
    if len(nodes) > 1:
        places = [
            ((line, column), (last, end))
            for line, last, column, end in list(code.co_positions())[1:]
            if line and last and column is not None and end
        ]
        begins, ends = min(place[0] for place in places), max(place[1] for place in places)
        nodes = [one for one in nodes if _begin(one) <= begins and ends <= _end(one)]
    return min(nodes, key=lambda one: (_end(one), tuple(-part for part in _begin(one))))


@cache
def _functions_in(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda]:
    return [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, _FUNCTIONS)]


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> int:
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return min([node.lineno, *(one.lineno for one in decorators)])


def _begin(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.end_lineno or 0, node.end_col_offset or 0
