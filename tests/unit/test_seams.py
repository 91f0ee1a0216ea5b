"""The shape of the program, but for who may import whom: import-linter's contracts in pyproject.toml say that."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from provisioner.core.model import judged_by_a_person
from provisioner.host.paths import ROOT
from provisioner.subject.check import Check, registered
from provisioner.subject.functionalities import load_functionalities
from provisioner.subject.references import unknown_references
from provisioner.subject.session_list import facts_of
from provisioner.subject.subjects import checks_of

CORE = sorted((ROOT / "provisioner").rglob("*.py"))
PROGRAM = [*CORE, *sorted((ROOT / "stacks").rglob("*.py")), *sorted((ROOT / "checks").rglob("*.py"))]

#: What the core fills in, and what it puts into every station and every room.
TEMPLATES = sorted(
    path
    for folder in ("provisioner/templates", "stacks/base", "stacks/gateway")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and path.suffix not in (".pyc", ".png")
)

#: Containers that are made without a limit of their own, or with Docker's usual rights, and why.
UNBOUND = {
    ("layers.py", "capabilities"): "unpacks what an archive holds, whoever's it is; nothing of it runs there",
    ("stacks.py", "capabilities"): "the CMS is installed in it, owners and all; no candidate comes there",
    ("stacks.py", "limits"): "the same",
}

#: The line of the core that names a CMS, and why it may. Comments and docstrings may always.
EXAMPLES = (
    'help="L\'édition, ex. wordpress-2024."',
    'help="Un sujet, ex. wordpress-a ; se répète."',
    "e5b up {count} --subject wordpress-a",
    "e5b up 3 --subject wordpress-a",
    '{ wordpress = "wordpress-2024" }',
)

#: The same, of the templates: what an author's subject looks like.
SHOWN = (
    "wordpress-2024",
    "wordpress-noel",
    "wordpress-a",
    'cms = "wordpress"',
    "wordpress.navigation.reading_settings",
)


def name_of(path: Path) -> str:
    return path.name


def dotted(path: Path) -> str:
    """The module, as it is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_what_these_tests_look_through_is_the_whole_program() -> None:
    assert len(CORE) > 100
    assert {"provisioner.core.model", "provisioner.cli.main", "provisioner.engine.docker"} <= set(map(dotted, CORE))
    assert len(PROGRAM) > len(CORE) + 100
    assert len(TEMPLATES) > 50


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, *, late: bool = True) -> Iterator[str]:
    """Modules that a file imports; without `late`, those alone that are imported when it is."""
    tree = tree_of(path)
    for node in ast.walk(tree) if late else tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strings(path: Path) -> Iterator[str]:
    """The text of the code without comments and docstrings, a line of source at a time."""
    source = path.read_text(encoding="utf-8")
    told: set[int] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            told |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    yield from (line for number, line in enumerate(lines, 1) if number not in told)


def test_every_container_has_limits_and_the_rights_that_it_needs_alone() -> None:
    lacks = set()
    for path in CORE:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ContainerSpec":
                given = {one.arg for one in node.keywords}
                lacks |= {(path.name, what) for what in ("limits", "capabilities") if what not in given}
    assert lacks == UNBOUND.keys()


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_names_no_cms_outside_an_example(path: Path) -> None:
    named = []
    for line in strings(path):
        for example in EXAMPLES:
            line = line.replace(example, "")
        if "wordpress" in line.lower() or "prestashop" in line.lower():
            named.append(line.strip())
    assert named == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_names_a_cms_or_what_belongs_to_it_outside_an_example(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    for example in SHOWN:
        text = text.replace(example, "")
    assert [
        name for name in ("wordpress", "prestashop", "astra", "yoast", "boldgrid", "gutenberg") if name in text
    ] == []


def test_no_example_is_excused_that_is_no_longer_there() -> None:
    whole = "\n".join(line for path in CORE for line in strings(path))
    assert [example for example in EXAMPLES if example not in whole] == []
    shown = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    assert [example for example in SHOWN if example not in shown] == []


def test_the_command_line_starts_without_the_browser_and_the_engine() -> None:
    reached: set[str] = set()
    todo = {"provisioner.cli.main"}
    while todo:
        module = todo.pop()
        reached.add(module)
        place = ROOT / module.replace(".", "/")
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if path.exists():
                todo |= set(imports(path, late=False)) - reached
    assert "provisioner.host.settings" in reached
    assert not {name.split(".")[0] for name in reached} & {"playwright", "docker"}


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    assert not {path.stem for path in PROGRAM} & {"utils", "helpers", "common", "manager"}


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_no_function_is_longer_than_sixty_lines(path: Path) -> None:
    functions = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 60] == []


def all_checks() -> list[type[Check]]:
    for folder in sorted((ROOT / "checks").glob("*/__init__.py")):
        checks_of(folder.parent.name)
    return [check for check in registered() if check.__module__.startswith("checks.")]


def test_no_check_is_lost_wherever_its_module_lies() -> None:
    """One that is added or taken away changes a number here, on purpose."""
    assert {cms: len(checks_of(cms)) for cms in ("wordpress", "prestashop")} == {"wordpress": 46, "prestashop": 45}
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "checks").rglob("*.py"))
    named = re.findall(r'^class \w+\([^)]*\bid="([\w.-]+)"\):$', written, re.M)
    assert sorted(named) == sorted(check.id for check in all_checks())


def test_every_fact_of_the_list_of_2024_has_a_check() -> None:
    assert facts_of("2024") - {one for check in all_checks() for one in check.proves} == set()


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
class TestEveryCheck:
    def test_proves_facts_of_the_list_and_of_its_own_cms(self, check: type[Check]) -> None:
        facts = {one for line in load_functionalities().values() for one in line.fact_ids()}
        assert check.proves
        assert set(check.proves) <= facts
        assert {one.split(".")[0] for one in check.proves} == {check.id.split(".")[0]}

    def test_is_named_after_its_cms_and_a_heading_of_the_list(self, check: type[Check]) -> None:
        cms, heading, _ = check.id.split(".")
        headings = {line.heading for line in load_functionalities().values() if line.cms == cms}
        assert heading in headings

    def test_says_in_french_what_it_wants_and_what_each_key_means(self, check: type[Check]) -> None:
        assert check.__doc__
        for name, field in check.model_fields.items():
            assert field.description, name

    def test_has_examples_that_together_ask_for_all_that_it_proves(self, check: type[Check]) -> None:
        examples = check.examples()
        assert {fact for one in examples for fact in one.facts()} == set(check.proves)

    def test_names_in_its_examples_only_what_the_company_has(self, check: type[Check]) -> None:
        seed = ROOT / "scenarios" / "biscuiterie" / check.id.split(".")[0] / "seed.toml"
        for one in check.examples():
            assert list(unknown_references(one, seed, seed.parent, one.makes())) == []

    def test_has_a_way_and_a_near_miss_for_each_fact_that_can_be_decided(self, check: type[Check]) -> None:
        for one in check.examples():
            assert one.ways()
            missed = {miss.fact for miss in one.near_misses()}
            assert missed <= set(one.facts())
            assert not {fact for fact in one.facts() if not judged_by_a_person(fact)} - missed, one


def test_each_test_module_has_a_name_of_its_own() -> None:
    """pytest imports them by it, and runs nothing at all where two are the same."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(set(names)) == sorted(names)
