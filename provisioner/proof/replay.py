"""Judges the recordings of proven steps again, with today's code, and has the ledger take what is concluded now.

A changed sentence may be taken in bulk. A changed verdict needs a reason, which the ledger keeps, and is never taken where the
step forbids it: a near miss that is met stays a failure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from provisioner.core.errors import EvidenceLost, Refusal
from provisioner.core.model import Finding, Stack, Verdict
from provisioner.examination.judging import judge_again, shown_of, statements_of
from provisioner.examination.recording import NotAsked
from provisioner.examination.recording_file import RecordedStep, digest_of
from provisioner.host.disk import disk_in_french, locked
from provisioner.host.editions import company_of
from provisioner.proof.asked import all_steps
from provisioner.proof.keys import step_part
from provisioner.proof.ledger import LOCK_SECONDS, Standings
from provisioner.proof.recordings import recordings_of, replace_steps, steps_by_identity
from provisioner.proof.step_in_words import request_in_words
from provisioner.proof.steps import Step
from provisioner.subject.ledger_file import LEDGERS, StepLine, ledger_path, lines_of, write_ledger

#: What changed of a step since it was recorded. "asked": its check asks now what the site was not asked then; "sentence": what it
#: says or shows, and no verdict.
Change = Literal["", "asked", "verdict", "sentence"]
#: What is said of a fact: the fact, verdict, expected and observed.
Statement = tuple[str, Verdict, str, str]


@dataclass(frozen=True)
class Replay:
    """A step judged again: its recordings, and what is found now, of each of its checks; `asked` is what was not asked then."""

    step: Step
    recorded: tuple[RecordedStep, ...]
    found: tuple[list[Finding], ...] = ()
    asked: str = ""

    @property
    def change(self) -> Change:
        """What changed since the recording was made."""
        if self.asked:
            return "asked"
        if any(was is None or now is None or was[:2] != now[:2] for was, now in self._changed()):
            return "verdict"
        return "sentence" if self.changes() else ""

    def changes(self) -> list[str]:
        """Each changed verdict, sentence or picture, in French."""
        if self.asked:
            return [f"le contrôle pose une autre question au site : {request_in_words(self.asked)}"]
        said = [
            f"{(was or now or ('',))[0]} : {_in_words(was)} devient {_in_words(now)}" for was, now in self._changed()
        ]
        shown = [
            f"les images et les notes étaient {one.recording.shown}, elles sont {shown_of(found)}"
            for one, found in zip(self.recorded, self.found, strict=True)
            if one.recording.shown != shown_of(found)
        ]
        return [*said, *shown]

    def accepted(self) -> tuple[RecordedStep, ...]:
        """The recordings, with what is found now."""
        return tuple(
            one.model_copy(
                update={
                    "recording": one.recording.model_copy(
                        update={"found": statements_of(found), "shown": shown_of(found)}
                    )
                }
            )
            for one, found in zip(self.recorded, self.found, strict=True)
        )

    def _changed(self) -> Iterator[tuple[Statement | None, Statement | None]]:
        """What was said and what is said now, where these differ; None where one of them says nothing."""
        for one, found in zip(self.recorded, self.found, strict=True):
            pairs = zip_longest(one.recording.found, statements_of(found))
            yield from ((was, now) for was, now in pairs if was != now)


def _in_words(said: Statement | None) -> str:
    return f"« {said[1].french} : {said[3]} »" if said else "rien"


def replay(step: Step, recorded: Sequence[RecordedStep]) -> Replay | None:
    """The step judged again; None where not the looks of all its checks are among the recordings."""
    in_order = []
    for check in step.checks:
        values = check.model_dump(mode="json")
        ours = (one for one in recorded if one.recording.check == type(check).id and one.recording.values == values)
        in_order.append(next(ours, None))
    kept = tuple(one for one in in_order if one)
    if len(kept) < len(step.checks):
        return None
    try:
        found = tuple(
            judge_again(check, one.recording, step.documents or (company_of(one.recording.edition) / "media",))
            for check, one in zip(step.checks, kept, strict=True)
        )
    except NotAsked as error:
        return Replay(step, kept, asked=str(error))
    return Replay(step, kept, found)


def replays_of(stack: Stack, steps: Iterable[Step], ledgers: Path = LEDGERS) -> dict[str, Replay]:
    """Each of these steps that is recorded, judged again, by its identity."""
    recorded = steps_by_identity(recordings_of(stack.id, ledgers))
    found = {step_part(step): replay(step, recorded.get(step_part(step), ())) for step in steps}
    return {part: one for part, one in found.items() if one}


def accept_sentences(stack: Stack, ledgers: Path = LEDGERS) -> tuple[int, list[Replay]]:
    """Take all changed sentences of an edition's recordings: how many steps, and those where more than a sentence changed.

    EvidenceLost where the disk refuses.
    """
    with _held(stack, ledgers):
        replays = replays_of(stack, all_steps(stack, Standings(stack, "", ledgers, ledgers).subjects()), ledgers)
        taken = {part: one for part, one in replays.items() if one.change == "sentence"}
        _write(stack, taken, {}, ledgers)
    return len(taken), [one for one in replays.values() if one.change in ("asked", "verdict")]


def accept_verdict(stack: Stack, step: str, why: str, today: date, ledgers: Path = LEDGERS) -> Replay:
    """Take the changed verdicts of the step of that identity, for a reason that its line in the ledger keeps.

    Refusal where nothing of it changed, or where the step doesn't allow the verdict. EvidenceLost where the disk refuses.
    """
    with _held(stack, ledgers):
        steps = all_steps(stack, Standings(stack, "", ledgers, ledgers).subjects())
        one = replays_of(stack, [known for known in steps if step_part(known) == step], ledgers).get(step)
        if one is None or one.change != "verdict" or step not in lines_of(ledger_path(stack.id, ledgers)).steps:
            raise Refusal(
                f"L'étape « {step} » de {stack.id} n'a pas de verdict changé à accepter : sans étape, « --accept » les nomme."
            )
        if wrong := one.step.failure(one.found):
            raise Refusal(f"Ce verdict ne peut pas être accepté, l'étape « {one.step.name} » échouerait : {wrong}.")
        _write(stack, {step: one}, {step: f"{today.isoformat()} : {' ; '.join(one.changes())} : {why}"}, ledgers)
    return one


@contextmanager
def _held(stack: Stack, ledgers: Path) -> Iterator[None]:
    ours = ledger_path(stack.id, ledgers)
    lock = ours.with_name(f".{ours.name}.lock")
    with disk_in_french(ledgers, EvidenceLost), locked(lock, ours.name, LOCK_SECONDS):
        yield


def _write(stack: Stack, replays: Mapping[str, Replay], why: Mapping[str, str], ledgers: Path) -> None:
    """Have the ledger and the recordings say of these steps what is found now."""
    path = ledger_path(stack.id, ledgers)
    file = lines_of(path)
    replays = {part: one for part, one in replays.items() if part in file.steps}
    if not replays:
        return
    lines: dict[str, StepLine] = dict(file.steps)
    for part, one in replays.items():
        changed = {
            "found": tuple({finding.fact: finding.verdict for finding in found} for found in one.found),
            "recorded": digest_of(kept.recording for kept in one.accepted()) if lines[part].recorded else "",
            "accepted": (*lines[part].accepted, *filter(None, [why.get(part)])),
        }
        lines[part] = lines[part].model_copy(update=changed)
    replace_steps({part: one.accepted() for part, one in replays.items()}, lines, recordings_of(stack.id, ledgers))
    write_ledger(path, lines.values(), file.images)
