"""What a proof is made of: steps, what they showed, and the documents that tell it.

A step is one thing to do on a fresh station, and what the checks must find after it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from provisioner.core.model import FactId, Finding, Stack, Verdict, judged_by_a_person
from provisioner.subject.check import Check, Desk
from provisioner.subject.subjects import Subject


@dataclass(frozen=True)
class Step:
    """One thing to do on a fresh station, and what the checks must find after it.

    `kind` is before, way, near_miss (then `fact` is the one that must not be met) or alone (then
    the checks at the places `own` are those of the question that is done, the others not). `documents` are the
    folders of the subject that asks for them: its candidates find the site as it was seeded. Without, this is an
    example: the companies' documents are meant, and the checks make the state that their work starts from.
    `built_on` are earlier checks of the same question, whose work comes first.
    """

    kind: str
    name: str
    checks: tuple[Check, ...]
    act: Callable[[Desk], object]
    fact: FactId = ""
    own: frozenset[int] = frozenset()
    documents: tuple[Path, ...] = ()
    built_on: tuple[Check, ...] = ()

    @property
    def key(self) -> str:
        """The same for the same step of another run."""
        values = [[type(check).id, check.model_dump(mode="json")] for check in (*self.checks, *self.built_on)]
        subject = [[folder.name, *_read(folder, set(_texts(values)))] for folder in self.documents]
        told = json.dumps([self.kind, self.name, self.fact, sorted(self.own), values, subject], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:20]

    def perform(self, desk: Desk) -> None:
        """Do it, from the state that it starts from."""
        for check in () if self.documents else self.checks:
            check.given(desk)
        for check in self.built_on:
            check.ways()[0].run(desk)
        self.act(desk)

    def wanted(self, index: int, one: Finding) -> Verdict | None:
        """The verdict that this finding of the check at that place must have; None where the step says nothing of it."""
        if self.kind == "near_miss" and one.fact != self.fact:
            return Verdict.NOT_MET if one.verdict in (Verdict.BLOCKED, Verdict.BROKEN) else None
        if judged_by_a_person(one.fact):
            return Verdict.TO_JUDGE
        met = self.kind == "way" or (self.kind == "alone" and index in self.own)
        return Verdict.MET if met else Verdict.NOT_MET

    def failure(self, found: Sequence[Sequence[Finding]]) -> str:
        """How the findings differ from what they must be, in French; empty when they don't."""
        wrong = []
        for index, one in ((index, one) for index, many in enumerate(found) for one in many):
            wanted = self.wanted(index, one)
            if wanted is not None and one.verdict is not wanted:
                # What fails by itself comes once: all that was seen of it is told.
                seen = one.observed if one.verdict in (Verdict.BLOCKED, Verdict.BROKEN) else one.observed[:160]
                wrong.append(f"{one.fact} est {one.verdict.french} au lieu de {wanted.french} ({seen})")
        if self.kind == "near_miss" and not any(one.fact == self.fact for many in found for one in many):
            wrong.append(f"{self.fact} n'est pas demandé par ce contrôle")
        if not found or not all(found):
            wrong.append("un contrôle n'a rien constaté")
        if self.kind == "alone" and not self.own:
            wrong.append("cette édition ne permet de prouver aucun de ses contrôles")
        if (
            self.kind == "before"
            and self.documents
            and any(one.verdict is Verdict.MET for many in found for one in many)
        ):
            wrong.append("le site l'a déjà : un candidat aurait ce point sans rien faire, demandez autre chose")
        return " ; ".join(wrong)


@dataclass(frozen=True)
class Proof:
    """What a step showed. `failure` is empty when it is what it must be.

    `retried` says why a first attempt broke off, when one did; `shots` are screenshots of a failure,
    relative to the folder of the run. What an interrupted run had proven is `recalled`.
    """

    step: Step
    found: list[list[Finding]] = field(default_factory=list)
    failure: str = "cette étape n'a pas été faite"
    fault: bool = False
    seconds: float = 0.0
    retried: str = ""
    shots: tuple[str, ...] = ()
    recalled: bool = False


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _read(folder: Path, names: Iterable[str]) -> list[str]:
    """The digests of those of these documents that are in the folder."""
    digests = []
    for name in sorted(names):
        with suppress(OSError, ValueError):  # most values name no file
            if not name.startswith("/") and (folder / name).is_file():
                digests.append(hashlib.sha256((folder / name).read_bytes()).hexdigest())
    return digests


def feasible(check: Check, stack: Stack) -> bool:
    """Whether this edition has what these values need."""
    return set(check.needs()) <= set(stack.versions)


def steps_of(check: Check, documents: tuple[Path, ...] = (), built_on: tuple[Check, ...] = ()) -> list[Step]:
    """Before the work, after each way, after each near miss; for `documents` and `built_on` see `Step`."""
    before = Step("before", "avant le travail", (check,), lambda desk: None, documents=documents)
    work = [
        *(Step("way", way.name, (check,), way.run) for way in check.ways()),
        *(Step("near_miss", miss.name, (check,), miss.run, fact=miss.fact) for miss in check.near_misses()),
    ]
    return [before, *(replace(step, documents=documents, built_on=built_on) for step in work)]


def of_subject(subject: Subject) -> list[tuple[Check, tuple[Check, ...]]]:
    """The checks of a subject, each with those before it in its question that make something: it may be about that."""
    return [
        (wanted.check, tuple(earlier.check for earlier in q.wanted[:place] if earlier.check.makes()))
        for q in subject.questions
        for place, wanted in enumerate(q.wanted)
    ]


def question_alone(subject: Subject, number: int, able: Callable[[Check], bool] = lambda check: True) -> Step:
    """A question done alone meets its own checks and nobody else's; `able` says which checks can be asked at all."""
    flat = [(q.number, wanted.check) for q in subject.questions for wanted in q.wanted if able(wanted.check)]
    mine = [check for owner, check in flat if owner == number]

    def act(desk: Desk) -> None:
        for check in mine:
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


def check_document(check: Check, proofs: Sequence[Proof]) -> dict[str, Any]:
    """What was proven of a check, as in design.md."""
    by_kind: dict[str, list[Proof]] = {}
    for proof in proofs:
        by_kind.setdefault(proof.step.kind, []).append(proof)
    return {
        "id": type(check).id,
        "before": [{**row, **_retried(proof)} for proof in by_kind["before"] for row in _rows(proof)],
        "ways": [
            {"name": proof.step.name, "findings": _rows(proof), **_retried(proof)} for proof in by_kind.get("way", [])
        ],
        "near_misses": [
            {"name": proof.step.name, "fact": proof.step.fact, "verdict": _verdict_of(proof), **_retried(proof)}
            for proof in by_kind.get("near_miss", [])
        ],
        "failures": _failures(proofs),
        "seconds": round(sum(proof.seconds for proof in proofs), 1),
    }


def subject_document(subject: Subject, proofs: Sequence[Proof]) -> dict[str, Any]:
    """Whether a subject's questions are independent, as in design.md."""
    return {
        "id": subject.id,
        "independent": not any(proof.failure for proof in proofs),
        "questions": [
            {
                "number": number,
                "failure": proof.failure,
                "findings": _rows(proof),
                "seconds": proof.seconds,
                **_retried(proof),
            }
            for number, proof in enumerate(proofs, 1)
        ],
        "failures": _failures(proofs),
    }


def _failures(proofs: Iterable[Proof]) -> list[str]:
    return [f"{proof.step.name} : {proof.failure}" for proof in proofs if proof.failure]


def _retried(proof: Proof) -> dict[str, str]:
    return {"retried": proof.retried} if proof.retried else {}


def _rows(proof: Proof) -> list[dict[str, str]]:
    return [{"fact": one.fact, "verdict": str(one.verdict)} for many in proof.found for one in many]


def _verdict_of(proof: Proof) -> str:
    for many in proof.found:
        for one in many:
            if one.fact == proof.step.fact:
                return str(one.verdict)
    return str(Verdict.BROKEN)
