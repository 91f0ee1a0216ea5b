"""The author's guide: it says what the checks say, and its examples are theirs."""

import re
import tomllib
from pathlib import Path

import pytest

from provisioner.core.model import Stack
from provisioner.host.editions import load_stacks, stack_named
from provisioner.host.paths import ROOT
from provisioner.proof.asked import all_steps
from provisioner.proof.ledger import kind_of
from provisioner.proof.steps import Step
from provisioner.subject.check import Check
from provisioner.subject.guide import guide
from provisioner.subject.ledger_file import StepLine
from provisioner.subject.subjects import checks_of, load_subject

GUIDE = guide()
CHECKS = [check for cms in ("wordpress", "prestashop") for check in checks_of(cms).values()]


def but_for_proofs(text: str) -> list[str]:
    """The guide's lines, but those on proofs: a new proof alone makes no guide wrong."""
    return [line for line in text.splitlines() if not re.match(r"Sur [a-z]+-\w+, (prouvé|pas encore|hors de)", line)]


def test_the_guide_is_what_the_checks_say_today() -> None:
    guide_there = (ROOT / "docs/auteur.md").read_text(encoding="utf-8")
    assert but_for_proofs(guide_there) == but_for_proofs(GUIDE), (
        "run: python -m provisioner.subject.guide >docs/auteur.md"
    )
    assert len(but_for_proofs(GUIDE)) == len(GUIDE.splitlines()) - sum(len(ledgers_of(check)) for check in CHECKS)


def ledgers_of(check: type[Check]) -> list[str]:
    """The editions of which the guide says how far a check is proven."""
    cms = check.id.partition(".")[0]
    return [one.id for one in load_stacks().values() if one.cms == cms and one.official]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_a_check_stands_in_the_guide_with_its_fields_and_an_example_that_loads(check: type[Check]) -> None:
    section = GUIDE.split(f"#### `{check.id}`\n")[1].split("\n#### ")[0]
    for name in check.model_fields:
        assert f"| `{name}` |" in section
    example = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)[0]
    [row] = _rows(example)
    assert row.pop("use") == check.id
    assert check.model_validate(row) == check.examples()[0]


def test_the_guides_subject_is_one_that_loads(tmp_path: Path) -> None:
    head, question = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[0].split("[[question]]\n")
    path = tmp_path / "subject.toml"
    path.write_text(head + f"[[question]]\n{question}" * 5, encoding="utf-8")
    for name in tomllib.loads(question)["annexes"]:
        (tmp_path / name).touch()
    subject = load_subject(str(path))
    assert [len(one.wanted) for one in subject.questions] == [1] * 5


def test_a_check_is_whole_where_each_step_that_its_session_asks_for_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = stack_named("wordpress-2025")  # its list has Spectra's pop-up, not yet the info bar
    lines = [line_of(step) for step in all_steps(stack) if kind_of(step) != "untouched"]
    assert "(pas encore en entier)" not in guide_of(stack, lines, monkeypatch)

    last = {line.check: line for line in lines}
    lacking = [line for line in lines if line is not last[line.check]]
    assert guide_of(stack, lacking, monkeypatch).count("(pas encore en entier)") == len(last)


def guide_of(stack: Stack, lines: list[StepLine], monkeypatch: pytest.MonkeyPatch) -> str:
    """The guide with these lines in the ledger of the edition, and without another edition."""
    monkeypatch.setattr("provisioner.subject.guide._ledgers", lambda cms: {stack.id: lines} if cms == stack.cms else {})
    return guide()


def line_of(step: Step) -> StepLine:
    """The line of the ledger for a step, had it been proven."""
    return StepLine(
        check=type(step.checks[0]).id,
        kind=kind_of(step),
        name=step.name,
        fact=step.fact,
        key=".".join(["0" * 10] * 5),
        found=(),
        day="2026-12-01",
        seconds=1,
        conforming=True,
        differs="",
    )


def _rows(example: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = tomllib.loads(example.replace("[[question.check]]", "[[check]]"))["check"]
    return rows


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_every_field_of_a_check_says_in_french_what_it_means(check: type[Check]) -> None:
    schema = check.model_json_schema()
    for table in (schema, *schema.get("$defs", {}).values()):
        for name, field in table.get("properties", {}).items():
            assert field.get("description"), f"{table['title']}.{name}"
