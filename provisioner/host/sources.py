"""What a file of the program decides, and which modules it imports.

Of a Python file, a comment, a docstring and the lay-out decide nothing: a digest that leaves them out lets a proof of an hour
stand when a sentence for readers was improved.
"""

import ast
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from provisioner.host.paths import ROOT

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def meaning_of(files: Iterable[Path], root: Path = ROOT) -> str:
    """The digest of these files below `root`, by name and by what each decides; what Python makes of them aside."""
    digest = hashlib.sha256()
    for path in sorted(set(files)):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(root)} {_source(path).digest}\n".encode())
    return digest.hexdigest()


def with_imports(module: Path, packages: Iterable[str], root: Path = ROOT) -> set[Path]:
    """A module and all that it imports, directly or not, of these packages below `root`."""
    found, waiting = set(), [module]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            names = [name for name in _source(path).imports if name.split(".")[0] in packages]
            waiting += filter(None, (module_file(name, root) for name in names))
    return found


def module_file(name: str, root: Path = ROOT) -> Path | None:
    """The file of a module or a package by its dotted name; None where that is neither, as of a function's name."""
    path = root.joinpath(*name.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


@dataclass(frozen=True)
class _Source:
    """The digest of what a file decides, and the dotted names that it imports: of `from a import b`, both `a` and `a.b`."""

    digest: str
    imports: tuple[str, ...] = ()


@cache
def _source(path: Path) -> _Source:
    content = path.read_bytes()
    if path.suffix != ".py":
        return _Source(hashlib.sha256(content).hexdigest())
    words: list[str] = []
    imports: list[str] = []
    _spell(ast.parse(content), words, imports)
    return _Source(hashlib.sha256("\n".join(words).encode()).hexdigest(), tuple(imports))


def _spell(node: object, words: list[str], imports: list[str]) -> None:
    """Add what a syntax tree says, without positions and docstrings: equal in every version of Python that can read it.

    `ast.dump` isn't: later versions leave out empty lists, or have fields more.
    """
    if isinstance(node, list):
        words.append(str(len(node)))
        for item in node:
            _spell(item, words, imports)
    elif isinstance(node, ast.AST):
        words.append(type(node).__name__)
        imports += _imported(node)
        for name in node._fields:
            value = _without_docstring(node) if name == "body" else getattr(node, name, None)
            if value is not None and value != [] and name != "ctx":
                words.append(name)
                _spell(value, words, imports)
    else:
        words.append(repr(node))


def _without_docstring(node: ast.AST) -> object:
    if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
        return node.body[1:]
    return getattr(node, "body", None)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []
