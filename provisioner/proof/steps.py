"""The steps of a proof, what they showed, and the documents made from that.

A step is one thing to do on a fresh station, and what the checks must find after it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypedDict

from provisioner.core.model import FactId, Finding, Stack, Verdict, judged_by_a_person
from provisioner.examination.recording import Recording
from provisioner.proof.document import CheckProof, FactVerdict, OneFactRow, SubjectProof
from provisioner.subject.check import Check, Desk
from provisioner.subject.subjects import Subject

#: When the checks look: before the work, after a way, a near miss, a road, after a question was done alone.
Kind = Literal["before", "way", "near_miss", "road", "alone"]
_FAULTS = (Verdict.BLOCKED, Verdict.BROKEN)
#: After these, the verdict about one fact decides; of the others, it is enough that none is a fault.
_OF_ONE_FACT: tuple[Kind, ...] = ("near_miss", "road")


@dataclass(frozen=True)
class Step:
    """One thing to do on a fresh station, and what the checks must find after it.

    After a `near_miss`, `fact` must not be met; after a `road`, it must have `verdict`. After `alone`, the checks at the indices `own` are those of the question that
    was done and must be met, the others must not. `documents` are the folders of the subject for which the step is proven:
    the site is then as it is seeded. Without a subject, the step is of a check's example: documents are the companies'
    media, and the checks first make the state that their work starts from. `built_on` are earlier checks of the same
    question, whose work is done first.
    """

    kind: Kind
    name: str
    checks: tuple[Check, ...]
    act: Callable[[Desk], object]
    fact: FactId = ""
    verdict: Verdict = Verdict.NOT_MET
    own: frozenset[int] = frozenset()
    documents: tuple[Path, ...] = ()
    built_on: tuple[Check, ...] = ()

    @property
    def key(self) -> str:
        """The identity of the step, equal in every run as long as its values and documents are."""
        values = [[type(check).id, check.model_dump(mode="json")] for check in (*self.checks, *self.built_on)]
        subject = [[folder.name, *_digests(folder, set(_texts(values)))] for folder in self.documents]
        wanted = [self.kind, self.name, self.fact, str(self.verdict), sorted(self.own)]
        identity = json.dumps([*wanted, values, subject], sort_keys=True)
        return hashlib.sha256(identity.encode()).hexdigest()[:20]

    def perform(self, desk: Desk) -> None:
        """Do the work of the step, from the state that it starts from."""
        for check in () if self.documents else self.checks:
            check.given(desk)
        for check in self.built_on:
            check.ways()[0].run(desk)
        self.act(desk)

    def wanted(self, index: int, finding: Finding) -> Verdict | None:
        """The verdict that this finding of the check at that index must have; None when any will do."""
        if self.kind in _OF_ONE_FACT and finding.fact != self.fact:
            return Verdict.NOT_MET if finding.verdict in _FAULTS else None
        if self.kind == "road":
            return self.verdict
        if judged_by_a_person(finding.fact):
            return Verdict.TO_JUDGE
        met = self.kind == "way" or (self.kind == "alone" and index in self.own)
        return Verdict.MET if met else Verdict.NOT_MET

    def failure(self, found: Sequence[Sequence[Finding]]) -> str:
        """How the findings of each check differ from what they must be, in French; empty when they don't."""
        findings = [finding for of_check in found for finding in of_check]
        wrong = self._wrong_verdicts(found)
        if self.kind in _OF_ONE_FACT and not any(finding.fact == self.fact for finding in findings):
            wrong.append(f"{self.fact} n'est pas demandé par ce contrôle")
        if not found or not all(found):
            wrong.append("un contrôle n'a rien constaté")
        if self.kind == "alone" and not self.own:
            wrong.append("cette édition ne permet de prouver aucun de ses contrôles")
        of_subject = self.kind == "before" and self.documents
        if of_subject and any(finding.verdict is Verdict.MET for finding in findings):
            wrong.append("le site l'a déjà : un candidat aurait ce point sans rien faire, demandez autre chose")
        return " ; ".join(wrong)

    def _wrong_verdicts(self, found: Sequence[Sequence[Finding]]) -> list[str]:
        wrong = []
        for index, of_check in enumerate(found):
            for finding in of_check:
                wanted = self.wanted(index, finding)
                if wanted is not None and finding.verdict is not wanted:
                    # A fault may not happen again, so all that is known of it is kept.
                    observed = finding.observed if finding.verdict in _FAULTS else finding.observed[:160]
                    wrong.append(f"{finding.fact} est {finding.verdict.french} au lieu de {wanted.french} ({observed})")
        return wrong


@dataclass(frozen=True)
class StepProof:
    """What a step showed; `found` has the findings of each of its checks.

    `failure` says in French how they differ from what they must be; empty when the step is proven. `fault` means that the
    station, the browser or a check is at fault. `retried` says why a first attempt broke off, when one did. `shots` are
    screenshots of a failure, relative to the folder of the run. `recalled` means that the ledger has it from an earlier run.
    `recordings` are of the looks that proved it, as far as there are any.
    """

    step: Step
    found: list[list[Finding]] = field(default_factory=list)
    failure: str = "cette étape n'a pas été faite"
    fault: bool = False
    seconds: float = 0.0
    retried: str = ""
    shots: tuple[str, ...] = ()
    recalled: bool = False
    recordings: tuple[Recording, ...] = ()

    def all_findings(self) -> Iterator[Finding]:
        """The findings of all its checks."""
        for of_check in self.found:
            yield from of_check


def _texts(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _digests(folder: Path, names: Iterable[str]) -> list[str]:
    """The digests of the documents of these names that are in the folder."""
    digests = []
    for name in sorted(names):
        with suppress(OSError, ValueError):  # most values name no file
            if not name.startswith("/") and (folder / name).is_file():
                digests.append(hashlib.sha256((folder / name).read_bytes()).hexdigest())
    return digests


def feasible(check: Check, stack: Stack) -> bool:
    """Whether this edition has what the check's values need."""
    return set(check.needs()) <= set(stack.versions)


def steps_of(check: Check, documents: tuple[Path, ...] = (), built_on: tuple[Check, ...] = ()) -> list[Step]:
    """The steps of a check: before the work, after each way, near miss and road. See `Step` for the other arguments."""
    before = Step("before", "avant le travail", (check,), lambda desk: None, documents=documents)
    work = [
        *(Step("way", way.name, (check,), way.run) for way in check.ways()),
        *(Step("near_miss", miss.name, (check,), miss.run, fact=miss.fact) for miss in check.near_misses()),
        *(Step("road", road.name, (check,), road.run, fact=road.fact, verdict=road.verdict) for road in check.roads()),
    ]
    return [before, *(replace(step, documents=documents, built_on=built_on) for step in work)]


def checks_of_subject(subject: Subject) -> list[tuple[Check, tuple[Check, ...]]]:
    """The checks of a subject, each with the earlier ones of its question that create something it may be about."""
    return [
        (wanted.check, tuple(earlier.check for earlier in q.wanted[:place] if earlier.check.makes()))
        for q in subject.questions
        for place, wanted in enumerate(q.wanted)
    ]


def question_alone(subject: Subject, number: int, able: Callable[[Check], bool] = lambda check: True) -> Step:
    """The step that does one question alone, after which only its own checks may be met.

    `able` says which checks the edition can serve; the others are left out.
    """
    flat = [(q.number, wanted.check) for q in subject.questions for wanted in q.wanted if able(wanted.check)]
    of_question = [check for owner, check in flat if owner == number]

    def act(desk: Desk) -> None:
        for check in of_question:
            check.ways()[0].run(desk)

    own = frozenset(index for index, (owner, _) in enumerate(flat) if owner == number)
    return Step(
        "alone",
        f"question {number} seule",
        tuple(check for _, check in flat),
        act,
        own=own,
        documents=subject.documents,
    )


def check_document(check: Check, proofs: Sequence[StepProof]) -> CheckProof:
    """What was proven of a check, from the proofs of its steps."""
    by_kind: dict[Kind, list[StepProof]] = {}
    for proof in proofs:
        by_kind.setdefault(proof.step.kind, []).append(proof)
    return {
        "id": type(check).id,
        "before": [{**row, **_retried(proof)} for proof in by_kind["before"] for row in _verdicts(proof)],
        "ways": [
            {"name": proof.step.name, "findings": _verdicts(proof), **_retried(proof)}
            for proof in by_kind.get("way", [])
        ],
        "near_misses": _of_one_fact(by_kind.get("near_miss", [])),
        "roads": _of_one_fact(by_kind.get("road", [])),
        "failures": _failures(proofs),
        "seconds": round(sum(proof.seconds for proof in proofs), 1),
    }


def subject_document(subject: Subject, proofs: Sequence[StepProof]) -> SubjectProof:
    """Whether a subject's questions are independent, from the proofs of each question done alone."""
    return {
        "id": subject.id,
        "independent": not any(proof.failure for proof in proofs),
        "questions": [
            {
                "number": number,
                "failure": proof.failure,
                "findings": _verdicts(proof),
                "seconds": proof.seconds,
                **_retried(proof),
            }
            for number, proof in enumerate(proofs, 1)
        ],
        "failures": _failures(proofs),
    }


def _of_one_fact(proofs: Iterable[StepProof]) -> list[OneFactRow]:
    return [
        {"name": proof.step.name, "fact": proof.step.fact, "verdict": _verdict_of(proof), **_retried(proof)}
        for proof in proofs
    ]


class _Retried(TypedDict, total=False):
    retried: str


def _retried(proof: StepProof) -> _Retried:
    return {"retried": proof.retried} if proof.retried else {}


def _failures(proofs: Iterable[StepProof]) -> list[str]:
    return [f"{proof.step.name} : {proof.failure}" for proof in proofs if proof.failure]


def _verdicts(proof: StepProof) -> list[FactVerdict]:
    return [{"fact": finding.fact, "verdict": str(finding.verdict)} for finding in proof.all_findings()]


def _verdict_of(proof: StepProof) -> str:
    """The verdict about the step's own fact; a check that says nothing of it is at fault."""
    verdicts = (finding.verdict for finding in proof.all_findings() if finding.fact == proof.step.fact)
    return str(next(verdicts, Verdict.BROKEN))
