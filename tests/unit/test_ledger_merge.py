"""The ledgers of two checkouts are united step by step."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from provisioner.core.errors import ConfigurationError
from provisioner.proof.keys import step_part
from provisioner.proof.merge import ledgers_in, merge
from provisioner.proof.recordings import recordings_of, steps_by_identity
from provisioner.proof.steps import Step
from provisioner.subject.ledger_file import ledger_path, lines_of, write_ledger
from tests.unit.test_ledger import BEFORE, MISS, ROAD, STACK, WAY, golden, ledger, proof, there
from tests.unit.test_recording import steps_of

OLD, NEW = date(2026, 12, 1), date(2026, 12, 2)


def both(folder: Path, here: dict[Step, date], other: dict[Step, date]) -> tuple[Path, Path]:
    """Two folders of ledgers, in which these steps were proven on these days."""
    for name, steps in (("here", here), ("other", other)):
        for step, day in steps.items():
            ledger(folder / name, golden(), day).add(proof(step))
    return folder / "here" / "ledger", folder / "other" / "ledger"


def days(folder: Path) -> list[tuple[str, str]]:
    return sorted((line.kind, line.day) for line in lines_of(ledger_path(STACK.id, folder)).steps.values())


def test_what_the_other_proved_comes_beside_what_is_here_and_the_later_day_counts(tmp_path: Path) -> None:
    here, other = both(tmp_path, {BEFORE: OLD, WAY: NEW, MISS: OLD}, {WAY: OLD, MISS: NEW, ROAD: OLD})
    assert merge(STACK, other, here, there) == 2
    expected = [("before", OLD), ("near_miss", NEW), ("road", OLD), ("way", NEW)]
    assert days(here) == [(kind, day.isoformat()) for kind, day in expected]
    assert merge(STACK, other, here, there) == 0


def test_a_line_of_todays_key_counts_before_a_later_one_that_is_outdated(tmp_path: Path) -> None:
    here, other = both(tmp_path, {WAY: OLD}, {WAY: NEW})
    file = lines_of(ledger_path(STACK.id, other))
    outdated = [
        line.model_copy(update={"key": line.key.replace(line.key.split(".")[1], "0" * 10)})
        for line in file.steps.values()
    ]
    write_ledger(ledger_path(STACK.id, other), outdated, file.images)
    assert merge(STACK, other, here, there) == 0
    assert days(here) == [("way", OLD.isoformat())]
    assert merge(STACK, here, other, there) == 1, "the other way round, it replaces the outdated one"


def test_the_line_of_a_step_that_no_check_has_is_not_taken_over(tmp_path: Path) -> None:
    here, other = both(tmp_path, {BEFORE: OLD}, {WAY: NEW, ROAD: NEW})
    assert merge(STACK, other, here, lambda *_: [BEFORE, ROAD]) == 1
    assert [kind for kind, _ in days(here)] == ["before", "road"]


def test_lines_of_other_archives_bring_the_line_that_names_them(tmp_path: Path) -> None:
    here, other = tmp_path / "here" / "ledger", tmp_path / "other" / "ledger"
    ledger(tmp_path / "here").add(proof(BEFORE))
    ledger(tmp_path / "other", golden("f" * 16)).add(proof(WAY))
    assert merge(STACK, other, here, there) == 1
    file = lines_of(ledger_path(STACK.id, here))
    assert {file.images[line.differs].archives for line in file.steps.values()} == {"0123456789abcdef", "f" * 16}


def test_a_checkout_or_its_folder_of_ledgers_may_be_named_and_another_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "checks" / "ledger"
    ledger_there = folder / "wordpress-2024.jsonl"
    folder.mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="registre de preuves"):
        ledgers_in(tmp_path)
    ledger_there.write_text("")
    assert ledgers_in(tmp_path) == ledgers_in(folder) == folder


def test_recordings_are_taken_over_with_their_lines_and_a_line_that_has_one_counts_first(tmp_path: Path) -> None:
    here, other = both(tmp_path, {WAY: NEW, MISS: OLD}, {WAY: OLD, MISS: OLD, ROAD: OLD})
    recording = steps_of("Durand")[0].recording
    for step in (WAY, ROAD):
        ledger(tmp_path / "other", golden(), OLD).add(replace(proof(step), recordings=(recording,)))
    assert merge(STACK, other, here, there) == 2
    assert days(here) == [("near_miss", OLD.isoformat()), ("road", OLD.isoformat()), ("way", OLD.isoformat())]
    assert set(steps_by_identity(recordings_of(STACK.id, here))) == {step_part(WAY), step_part(ROAD)}
    assert merge(STACK, other, here, there) == 0
    ledger(tmp_path / "here", golden(), OLD).remove([WAY])
    next(recordings_of(STACK.id, other).glob("*")).write_text("{", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="n'est pas un fichier d'enregistrements"):
        merge(STACK, other, here, there)
