"""What the proofs of a whole edition count, and when they end as failed."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import proofs

CHECK = {"id": "c", "before": [{}, {}], "ways": [{}, {}], "near_misses": [{}], "roads": [{}], "failures": []}
SUBJECT = {"id": "wordpress-a", "questions": [{}] * 5, "failures": []}


def test_a_check_has_a_step_before_the_work_one_for_each_way_near_miss_and_road_and_a_subject_its_questions() -> None:
    assert proofs.steps({"checks": [CHECK, CHECK], "subjects": [SUBJECT]}) == 2 * 5 + 5


def test_what_failed_is_told_with_its_check_and_so_is_why_nothing_was_proven() -> None:
    failed = {**CHECK, "failures": ["avant le travail : x"]}
    assert proofs.failures({"checks": [CHECK, failed], "subjects": [SUBJECT]}) == ["c, avant le travail : x"]
    assert proofs.failures({"error": "Docker ne répond pas.", "exit": 3}) == ["Docker ne répond pas."]
    assert proofs.failures({}) == []


@pytest.mark.parametrize(("minutes", "code", "ends"), [(59, 0, 0), (61, 0, 1), (59, 1, 1), (59, 3, 1), (59, -9, 1)])
def test_each_proof_has_a_state_of_its_own_and_one_that_fails_or_lasts_too_long_is_counted(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    minutes: int,
    code: int,
    ends: int,
) -> None:
    clock, states = SimpleNamespace(now=0), list[Path]()

    def run(words: list[Any], *, env: dict[str, str], **_: object) -> Any:
        clock.now += 60 * minutes
        states.append(Path(env["E5B_STATE"]))
        told = json.dumps({"checks": [CHECK], "subjects": []}) if code >= 0 else ""  # it was killed
        return SimpleNamespace(returncode=code if len(states) == 1 else 0, stdout=told)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(proofs, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert proofs.main(["wordpress-trial", "2"]) == ends
    assert len(set(states)) == 2
    assert [one.exists() for one in states] == [bool(ends), minutes > 60]
    assert capsys.readouterr().out.count("wordpress-trial: ") == 2
