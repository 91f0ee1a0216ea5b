"""What `prove` does with recordings: judging them again, taking what is concluded now, and saying a step in words."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copy, copytree

import pytest

from provisioner.core.errors import Refusal
from provisioner.core.model import Verdict
from provisioner.examination.recording import Recording
from provisioner.examination.recording_file import RecordedStep, digest_of, read_recordings, write_recordings
from provisioner.host.editions import stack_named
from provisioner.proof.recordings import RECORDINGS, steps_by_identity
from provisioner.proof.replay import accept_sentences, accept_verdict, replay, replays_of
from provisioner.proof.step_in_words import step_in_words
from provisioner.proof.steps import Step, steps_of
from provisioner.subject.ledger_file import LEDGERS, StepLine, ledger_path, read_ledger
from provisioner.subject.subjects import examples_for

EDITION, CHECK = "prestashop-2024", "prestashop.navigation.search_alias"
SWAPPED = "les deux mots intervertis"


def steps() -> dict[str, Step]:
    (example,) = examples_for(["prestashop.navigation.alias"])
    return {step.name: step for step in steps_of(example)}


def recorded() -> dict[str, RecordedStep]:
    return {one.name: one for one in read_recordings(RECORDINGS / EDITION / f"{CHECK}.jsonl")}


@pytest.fixture
def ledgers(tmp_path: Path) -> Path:
    """A copy of the ledger and of one check's recordings."""
    folder = tmp_path / "ledger"
    folder.mkdir()
    copy(ledger_path(EDITION), folder)
    copytree(RECORDINGS / EDITION, tmp_path / "recordings" / EDITION)
    return folder


def change(ledgers: Path, name: str, changed: Callable[[Recording], Recording]) -> str:
    """Change the recording of the step of that name, and its digest in the ledger as if that were what was recorded."""
    path = ledgers.parent / "recordings" / EDITION / f"{CHECK}.jsonl"
    rows = {one.name: one for one in read_recordings(path)}
    rows[name] = rows[name].model_copy(update={"recording": changed(rows[name].recording)})
    write_recordings(path, rows.values())
    return rows[name].step


def said(verdict: Verdict, observed: str) -> Callable[[Recording], Recording]:
    def changed(one: Recording) -> Recording:
        ((fact, _, expected, _),) = one.found
        return one.model_copy(update={"found": ((fact, verdict, expected, observed),)})

    return changed


def line_of(ledgers: Path, step: str) -> StepLine:
    return read_ledger(ledger_path(EDITION, ledgers)).steps[step]


def test_what_did_not_change_is_judged_as_it_was() -> None:
    one = replay(steps()[SWAPPED], [recorded()[SWAPPED]])
    assert one
    assert (one.change, one.changes()) == ("", [])


def test_a_step_without_all_of_its_recordings_is_not_judged_again() -> None:
    assert replay(steps()[SWAPPED], []) is None


def test_changed_sentences_are_taken_in_bulk(ledgers: Path) -> None:
    step = change(ledgers, SWAPPED, said(Verdict.NOT_MET, "une ancienne phrase"))
    taken, left = accept_sentences(stack_named(EDITION), ledgers)
    assert (taken, left) == (1, [])
    (now,) = steps_by_identity(ledgers.parent / "recordings" / EDITION)[step]
    assert now.recording == recorded()[SWAPPED].recording
    assert line_of(ledgers, step).recorded == digest_of([now.recording])
    assert line_of(ledgers, step).accepted == ()
    assert accept_sentences(stack_named(EDITION), ledgers) == (0, [])


def test_a_changed_verdict_is_taken_with_its_reason_and_not_in_bulk(ledgers: Path) -> None:
    step = change(ledgers, SWAPPED, said(Verdict.TO_JUDGE, "à lire"))
    taken, left = accept_sentences(stack_named(EDITION), ledgers)
    assert (taken, [one.change for one in left]) == (0, ["verdict"])
    accept_verdict(stack_named(EDITION), step, "les deux mots sont inversés", date(2026, 12, 3), ledgers)
    (accepted,) = line_of(ledgers, step).accepted
    assert accepted.startswith("2026-12-03 : ")
    assert "« à apprécier : à lire » devient « non réalisé" in accepted
    assert accepted.endswith("les deux mots sont inversés")
    assert line_of(ledgers, step).recorded == digest_of([recorded()[SWAPPED].recording])
    with pytest.raises(Refusal, match="n'a pas de verdict changé"):
        accept_verdict(stack_named(EDITION), step, "encore", date(2026, 12, 3), ledgers)


def test_another_picture_is_a_change_that_is_taken_with_the_sentences(ledgers: Path) -> None:
    step = change(ledgers, SWAPPED, lambda one: one.model_copy(update={"shown": ((),)}))
    found = replays_of(stack_named(EDITION), [steps()[SWAPPED]], ledgers)[step]
    assert (found.change, [text[:19] for text in found.changes()]) == ("sentence", ["les images et les n"])
    assert accept_sentences(stack_named(EDITION), ledgers) == (1, [])
    (now,) = steps_by_identity(ledgers.parent / "recordings" / EDITION)[step]
    assert now.recording == recorded()[SWAPPED].recording


def test_a_fact_more_than_was_recorded_is_a_changed_verdict(ledgers: Path) -> None:
    step = change(ledgers, SWAPPED, lambda one: one.model_copy(update={"found": ()}))
    found = replays_of(stack_named(EDITION), [steps()[SWAPPED]], ledgers)[step]
    assert found.change == "verdict"
    assert "rien devient « non réalisé" in found.changes()[0]


def test_a_near_miss_that_is_met_is_never_taken(ledgers: Path) -> None:
    right = next(one for one in recorded().values() if one.recording.found[0][1] is Verdict.MET)
    step = change(ledgers, SWAPPED, lambda one: one.model_copy(update={"whole": right.recording.whole}))
    before = line_of(ledgers, step)
    with pytest.raises(Refusal, match=r"échouerait : .* est réalisé au lieu de non réalisé"):
        accept_verdict(stack_named(EDITION), step, "je le veux", date(2026, 12, 3), ledgers)
    assert line_of(ledgers, step) == before


def test_what_asks_more_than_was_recorded_is_named_and_never_taken(ledgers: Path) -> None:
    def shorter(one: Recording) -> Recording:
        return one.model_copy(update={"whole": one.whole.model_copy(update={"asked": one.whole.asked[:-4]})})

    step = change(ledgers, SWAPPED, shorter)
    taken, (left,) = accept_sentences(stack_named(EDITION), ledgers)
    assert (taken, left.change) == (0, "asked")
    assert "une autre question au site : demander" in left.changes()[0]
    with pytest.raises(Refusal, match="n'a pas de verdict changé"):
        accept_verdict(stack_named(EDITION), step, "je le veux", date(2026, 12, 3), ledgers)


def test_replays_are_of_the_steps_that_are_asked_alone(ledgers: Path) -> None:
    swapped = steps()[SWAPPED]
    found = replays_of(stack_named(EDITION), [swapped], ledgers)
    assert [one.step for one in found.values()] == [swapped]


def test_a_step_is_said_in_words() -> None:
    one = recorded()[SWAPPED]
    line = read_ledger(ledger_path(EDITION, LEDGERS)).steps[one.step]
    text = "\n".join(step_in_words(one, line))
    for part in (
        f"Étape « {SWAPPED} » ({one.step}), {EDITION}, {CHECK}",
        'aliases = ["sablay","shortbread"]',
        "  se connecter (administrator)",
        "  visiter /index.php?controller=search&s=sablay",
        "AdminSearchConf",
        "    constaté : Les alias « sablay », « shortbread » ne sont pas enregistrés pour « sablé ».",
    ):
        assert part in text


@pytest.mark.parametrize(
    "path", sorted(RECORDINGS.glob("*/*.jsonl")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_every_recorded_request_has_words(path: Path) -> None:
    for one in read_recordings(path):
        assert len(list(step_in_words(one, None))) > len(one.recording.whole.asked)
