"""Wanted values near those of a check, and what they must come to on a site that nobody touched."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Literal
from unittest.mock import MagicMock

import pytest
from pydantic import BaseModel, Field, model_validator

from provisioner.cli import prove as commands
from provisioner.cli import show_proofs
from provisioner.core.model import Conformity, Finding, Golden, Stack, Verdict
from provisioner.host.companies import HOME
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT
from provisioner.proof import prove_untouched as proving
from provisioner.proof.ledger import Ledger
from provisioner.proof.ledger_count import edition_standings
from provisioner.proof.nearby import MOST, nearby
from provisioner.proof.selection import Selection
from provisioner.proof.steps import Step, StepProof, feasible
from provisioner.proof.untouched import Untouched, held, held_rows, untouched_steps
from provisioner.subject.check import Check
from provisioner.subject.functionalities import fact
from provisioner.subject.ledger_file import read_ledger
from provisioner.subject.references import MEDIA, Refers
from provisioner.subject.subjects import checks_of, examples_for

TITLE, SLOGAN = (fact("wordpress.apparence.identite", name) for name in ("titre", "slogan"))
SEED = """
[[pages]]
slug = "accueil"
title = "Accueil"
[[pages]]
slug = "contact"
title = "Nous écrire"
[[posts]]
slug = "un-four-neuf"
title = "Un four neuf"
"""


class Line(BaseModel, frozen=True):
    """A part of what is asked for."""

    page: Annotated[str, Refers("pages.slug")] = ""


class Wanted(Check):
    """Asks for one of each kind of value."""

    proves = (TITLE,)
    page: Annotated[str, Refers("posts.slug", "pages.slug")] = ""
    lines: tuple[Line, ...] = ()
    picture: Annotated[str, Refers(MEDIA)] = ""
    place: Literal["haut", "bas"] = "haut"
    count: int = Field(3, ge=3)
    price: Decimal | None = None
    online: bool | None = None
    text: str = ""

    @model_validator(mode="after")
    def _asks(self) -> "Wanted":
        if self.text == "Un four neuf":
            raise ValueError("no")
        return self


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "media" / name).touch()
    (tmp_path / "wordpress").mkdir()
    path = tmp_path / "wordpress" / "seed.toml"
    path.write_text(SEED, encoding="utf-8")
    return path


def changes(check: Check, seed: Path) -> set[tuple[str, str]]:
    """What is replaced in each check near this one: the key, and its value there."""
    before = check.model_dump()
    found = set()
    for near in nearby([check], seed):
        now = near.check.model_dump()
        ((key, value),) = [(key, value) for key, value in now.items() if value != before[key]]
        found.add((key, str(value)))
    return found


def test_each_value_is_replaced_by_others_of_its_kind(seed: Path) -> None:
    assert changes(Wanted(page="accueil", place="bas"), seed) == {
        ("page", "contact"),
        ("place", "haut"),
        ("count", "4"),
    }
    assert changes(Wanted(lines=(Line(page="contact"),)), seed) == {
        ("lines", "({'page': 'accueil'},)"),
        ("place", "bas"),
        ("count", "4"),  # the check may ask for no less
    }
    assert changes(Wanted(picture="a.jpg", price=Decimal("2.50"), online=True), seed) == {
        ("picture", "b.jpg"),
        ("price", "3.50"),
        ("price", "1.50"),
        ("online", "False"),
        ("place", "bas"),
        ("count", "4"),
    }
    assert changes(Wanted(text="Bonjour"), seed) == {
        ("text", "Accueil"),
        ("text", "Nous écrire"),  # a third title it may not ask for
        ("place", "bas"),
        ("count", "4"),
    }


def test_no_two_are_alike_nor_an_example_and_there_are_ten_at_most(seed: Path) -> None:
    examples = [Wanted(page="accueil"), Wanted(page="contact"), *(Wanted(count=count) for count in range(4, 20))]
    near = nearby(examples, seed)
    values = [one.check.model_dump_json() for one in near]
    assert len(set(values)) == len(values) == MOST
    assert not set(values) & {example.model_dump_json() for example in examples}


@pytest.mark.parametrize("cms", ["wordpress", "prestashop"])
def test_the_values_of_the_exams_checks_are_many_and_ask_for_something(cms: str) -> None:
    steps = untouched_steps(examples_for([], cms), stack_named(f"{cms}-2024"))
    by_check: dict[str, list[Untouched]] = {}
    for step in steps:
        by_check.setdefault(type(step.checks[0]).id, []).append(step)
    able = {type(check).id for check in examples_for([], cms) if feasible(check, stack_named(f"{cms}-2024"))}
    assert able - by_check.keys() <= {"wordpress.navigation.visitor_side"}  # asks for nothing that has a name
    assert len({step.key for step in steps}) == len(steps) > 8 * len(by_check)
    assert all(step.checks[0].facts() for step in steps)


@pytest.mark.parametrize("cms", ["wordpress", "prestashop"])
def test_the_list_of_what_the_site_has_already_is_of_values_that_are_verified(cms: str) -> None:
    checks, rows = checks_of(cms), held_rows(cms)
    verified = [
        (type(step.checks[0]).id, step.checks[0].model_dump(mode="json", exclude_defaults=True))
        for step in untouched_steps(examples_for([], cms), stack_named(f"{cms}-2024"))
    ]
    for row in rows:
        assert set(row) == {"check", "values", "facts", "why"}
        assert (row["check"], row["values"]) in verified, row
        check = checks[row["check"]].model_validate(row["values"])
        assert held(check) == set(row["facts"]) <= set(check.facts())
        assert row["why"]
    assert len({str((row["check"], row["values"])) for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("has", "verdict", "wrong"),
    [
        (False, Verdict.NOT_MET, False),
        (False, Verdict.TO_JUDGE, False),
        (False, Verdict.MET, True),
        (False, Verdict.BROKEN, True),
        (False, Verdict.BLOCKED, True),
        (True, Verdict.MET, False),
        (True, Verdict.NOT_MET, True),
    ],
)
def test_what_is_met_without_work_is_wrong_unless_the_site_has_it(has: bool, verdict: Verdict, wrong: bool) -> None:
    step = Untouched("before", "x", (Wanted(),), lambda _: None, held=frozenset({TITLE} if has else ()))
    found = Finding(TITLE, verdict, "ce qui est attendu", "ce qui est vu")
    assert bool(step.failure([[found]])) is wrong


def test_each_value_gets_what_its_own_check_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    verdicts: dict[int, Verdict] = {3: Verdict.NOT_MET, 4: Verdict.MET, 5: Verdict.TO_JUDGE}
    sizes: list[int] = []

    def findings(_: Any, __: Any, checks: list[Wanted], *___: Any, **____: Any) -> Any:
        sizes.append(len(checks))
        found = [[Finding(TITLE, verdicts[check.count], "a", "b")] for check in checks]
        return type("Examined", (), {"findings": found})

    monkeypatch.setattr(proving, "findings", findings)
    monkeypatch.setattr(proving, "stations", lambda _: [SimpleNamespace(stack="wordpress-2024")])
    steps = [Untouched("before", f"{count}", (Wanted(count=count),), lambda _: None) for count in verdicts]
    proofs = proving._verified(None, steps, None, tmp_path)  # type: ignore[arg-type]
    assert sizes == [3]
    assert [bool(proof.failure) for proof in proofs] == [False, True, False]
    assert "est réalisé au lieu de non réalisé" in proofs[1].failure


def test_the_seed_that_values_come_from_is_there() -> None:
    for cms in ("wordpress", "prestashop"):
        assert (ROOT / "scenarios" / HOME / cms / "seed.toml").is_file()


@pytest.fixture
def edition() -> Stack:
    return stack_named("wordpress-2024")


@pytest.fixture
def golden(edition: Stack) -> Golden:
    return Golden(edition.id, "sha256:1", datetime(2026, 5, 4, tzinfo=UTC), Conformity(("x.",)), {}, archives="0" * 16)


@pytest.fixture
def registry(edition: Stack, golden: Golden, tmp_path: Path) -> Ledger:
    return Ledger(edition, golden, date(2026, 12, 12), tmp_path / "own", tmp_path / "ledger")


def verified(wrong: set[int], asked: list[int]) -> Any:
    """Stands for a look at a copy: of these steps, in the order in which they come, those are met."""

    def look(_: object, steps: Sequence[Untouched], *__: object) -> list[StepProof]:
        proofs = []
        for number, step in enumerate(steps):
            verdict = Verdict.MET if number in wrong else Verdict.NOT_MET
            found = [Finding(one, verdict, "attendu", "observé") for one in step.checks[0].facts()]
            proofs.append(StepProof(step, [found], step.failure([found])))
        asked.append(len(steps))
        return proofs

    return look


def test_the_command_says_what_is_met_without_work_and_the_ledger_keeps_the_rest(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    edition: Stack,
    golden: Golden,
    tmp_path: Path,
) -> None:
    asked: list[int] = []
    for name in ("forget_killed", "up", "down", "Examiner", "replace"):
        monkeypatch.setattr(proving, name, MagicMock())
    monkeypatch.setattr("provisioner.network.room.Room.on_free_ports", lambda *_: MagicMock())
    monkeypatch.setattr(proving, "_verified", verified({0}, asked))
    centre = MagicMock()
    centre.settings.zone = UTC
    centre.state.report_folder.return_value = tmp_path / "preuve"
    selection = Selection(edition, examples_for(["wordpress.apparence.identite"]), [])
    count = len(untouched_steps(selection.examples, edition))

    def run(*, changed: bool, as_json: bool = False) -> int:
        registry = Ledger(edition, golden, date(2026, 12, 12), tmp_path / "own", tmp_path / "ledger")
        return commands._prove_untouched(centre, golden, selection, registry, changed=changed, as_json=as_json)

    assert run(changed=False) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "✗ wordpress.apparence.site_identity, " in said
    assert f"{count - 1} étapes prouvées sur {count}." in said
    lines = read_ledger(tmp_path / "ledger" / "wordpress-2024.jsonl").steps.values()
    assert {line.kind for line in lines} == {"untouched"}
    assert len(lines) == count - 1
    assert run(changed=True, as_json=True) == 1
    document = json.loads(capsys.readouterr().out)
    assert [bool(row["failure"]) for row in document["untouched"]] == [True] + [False] * (count - 1)
    assert document["untouched"][1]["findings"][0]["verdict"] == "not_met"
    assert asked == [count, 1]
    monkeypatch.setattr(proving, "_verified", verified(set(), asked))
    assert run(changed=True) == 0
    assert run(changed=True) == 0  # nothing is left to verify
    assert asked == [count, 1, 1]


def test_what_is_left_to_verify_is_counted_apart(
    edition: Stack, registry: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = edition_standings(registry.standings)
    assert 300 < counted["by_kind"]["untouched"] < counted["missing"] == counted["steps"]
    show_proofs.edition(counted)
    said = " ".join(capsys.readouterr().out.split())
    assert "« e5b prove --stack wordpress-2024 --untouched --changed »" in said
    assert "« e5b prove --stack wordpress-2024 --changed » ne prouve que cela." in said


def test_another_list_of_what_the_site_has_is_another_step() -> None:
    step, other = (
        Untouched("before", "x", (Wanted(),), lambda _: None, held=has) for has in (frozenset(), frozenset({TITLE}))
    )
    assert step.key != other.key
    assert step.key != Step("before", "x", (Wanted(),), lambda _: None).key
