"""docs/architecture.md names only what is there, and every package; no document leads to a file that isn't there."""

import re
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = sorted(path.parent.name for path in (ROOT / "provisioner").glob("*/__init__.py"))
#: A text that begins with one of these folders is a path of the repository.
FOLDERS = ("provisioner", "stacks", "checks", "scenarios", "tests", "docs", "benchmarks")
#: Names as the page writes them: `station.lifecycle.reset`, without the `provisioner.` before it.
NAMES = sorted(set(re.findall(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)`", PAGE)))
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "bootstrap.sh", "scenarios/README.md", "tests/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted(path for path in (ROOT / "stacks").rglob("*") if path.is_file() and path.suffix not in (".pyc", ".png")),
]


def paths_in(text: str) -> set[str]:
    """The files and folders that a text names from the repository's root; not `stacks/<cms>`, nor `subjects/SUJET`."""
    found = re.findall(rf"(?<![\w/.$~-])((?:{'|'.join(FOLDERS)})/[\w./<>*…-]+)", text)
    return {path.rstrip(".") for path in found if not re.search(r"[<>*…]|/[A-Z]+(?:/|$)", path)}


def is_there(name: str) -> bool:
    """Whether this is a module of provisioner/, or something in one: a function, a class, a method, a field."""
    words = ["provisioner", *name.split(".")]
    for count in range(len(words), 1, -1):
        module = ".".join(words[:count])
        if find_spec(".".join(words[:2])) and _is_module(module):
            return _has(import_module(module), words[count:])
    return False


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # what stands before its last point is no package
        return False


def _has(thing: object, words: list[str]) -> bool:
    for word in words:
        if word in getattr(thing, "model_fields", {}):
            return words[-1] == word
        if not hasattr(thing, word):
            return False
        thing = getattr(thing, word)
    return True


def test_the_page_names_enough_for_these_tests_to_prove_something() -> None:
    assert len(NAMES) > 60
    assert len(paths_in(PAGE)) > 20


def test_a_name_that_is_not_there_would_be_noticed() -> None:
    assert is_there("core.model.Verdict.french")
    assert is_there("network.seb")
    assert not is_there("core.model.Verdict.english")
    assert not is_there("network.sebastian")
    assert not is_there("station.lifecycle.reset_all")


@pytest.mark.parametrize("name", NAMES)
def test_each_name_of_the_page_is_there(name: str) -> None:
    assert is_there(name)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_file_that_a_document_leads_to_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8", errors="replace")
    assert [path for path in sorted(paths_in(text)) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", [ROOT / "README.md", ROOT / "docs/architecture.md", ROOT / "docs/glossary.md"])
def test_each_link_between_documents_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert targets
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_page_has_every_package_in_the_order_of_the_contract() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["id"] == "ranks"]
    listed = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert listed == [name for name in reversed(layers) if name in PACKAGES]


def test_the_page_gives_a_reason_for_each_library() -> None:
    libraries = {re.split(r"[><=~!\[; ]", line)[0] for line in PROJECT["project"]["dependencies"]}
    reasons = PAGE.partition("## Libraries and why")[2]
    assert sorted(name for name in libraries if f"**{name}**" not in reasons) == []


def test_each_value_that_comes_out_of_a_station_has_a_test_and_each_test_a_value() -> None:
    section = PAGE.partition("## What comes out of a station")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][2:]
    named = [re.fullmatch(r".*\| `(test_\w+)` \|", row) for row in rows]
    assert all(named), rows
    tests = (ROOT / "tests/unit/test_hostile_values.py").read_text(encoding="utf-8")
    written = re.findall(r"^def (test_\w+)\(", tests, re.MULTILINE)
    assert len(written) > 15
    assert sorted(match[1] for match in named if match) == sorted(written)


def test_no_start_of_a_station_reads_with_a_time_limit() -> None:
    # In bash 5.1, which PrestaShop 1.7's image has, such a read never ends if its limit passes just before it waits.
    files = [path for path in (ROOT / "stacks").glob("[!g]*/files/opt/e5b/*") if path.is_file()]
    scripts = {path.name: text for path in files if (text := path.read_text("utf-8")).startswith("#!/bin/bash")}
    assert "station-init" in scripts
    assert [name for name, text in scripts.items() if re.search(r"\bread\b[^|;&\n]* -\w*t", text)] == []
