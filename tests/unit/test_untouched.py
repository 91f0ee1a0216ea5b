"""Wanted values near those of a check, and what they must come to on a site that nobody touched."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from unittest.mock import MagicMock

import pytest
from pydantic import BaseModel, Field, model_validator

from provisioner.cli import subject as commands
from provisioner.core.model import Conformity, Finding, Golden, Verdict
from provisioner.host.editions import stack_named
from provisioner.host.fingerprint import SCENARIO
from provisioner.host.paths import ROOT
from provisioner.proof import untouched
from provisioner.proof.nearby import MOST, nearby
from provisioner.proof.selection import Selection
from provisioner.proof.steps import StepProof
from provisioner.proof.untouched import Untouched, held, held_rows, untouched_steps
from provisioner.subject.check import Check
from provisioner.subject.functionalities import fact
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
    able = {type(check).id for check in examples_for([], cms)}
    assert by_check.keys() == able
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

    monkeypatch.setattr(untouched, "findings", findings)
    monkeypatch.setattr(untouched, "stations", lambda _: ["poste-01"])
    steps = [Untouched("before", f"{count}", (Wanted(count=count),), lambda _: None) for count in verdicts]
    proofs = untouched._verified(None, steps, None, tmp_path)  # type: ignore[arg-type]
    assert sizes == [3]
    assert [bool(proof.failure) for proof in proofs] == [False, True, False]
    assert "est réalisé au lieu de non réalisé" in proofs[1].failure


def test_the_seed_that_values_come_from_is_there() -> None:
    for cms in ("wordpress", "prestashop"):
        assert (ROOT / "scenarios" / SCENARIO / cms / "seed.toml").is_file()


def test_the_command_says_what_is_met_without_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edition = stack_named("wordpress-2024")
    golden = Golden(edition.id, "sha256:1", datetime(2026, 5, 4, tzinfo=UTC), Conformity(("x.",)), {})

    def prove_untouched(_: object, __: Golden, steps: Sequence[Untouched]) -> list[StepProof]:
        proofs = []
        for number, step in enumerate(steps):
            verdict = Verdict.NOT_MET if number else Verdict.MET
            found = [Finding(one, verdict, "attendu", "observé") for one in step.checks[0].facts()]
            proofs.append(StepProof(step, [found], step.failure([found])))
        return proofs

    monkeypatch.setattr(untouched, "prove_untouched", prove_untouched)
    selection = Selection(edition, examples_for(["wordpress.apparence.identite"]), [])
    assert commands._prove_untouched(MagicMock(), golden, selection, as_json=False) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "✗ wordpress.apparence.site_identity, " in said
    assert re.search(r"\d étapes prouvées sur \d+\.", said)
    assert commands._prove_untouched(MagicMock(), golden, selection, as_json=True) == 1
    document = json.loads(capsys.readouterr().out)
    assert [bool(row["failure"]) for row in document["untouched"]][:3] == [True, False, False]
    assert document["untouched"][1]["findings"][0]["verdict"] == "not_met"
