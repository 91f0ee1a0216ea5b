"""Proves checks and subjects: not met before, met after every way, not met after every near miss.

Each step begins on a station that was never started, and its findings are made as on the day of the
exam, on a copy. Steps are independent, so several stations work side by side. A road that could not be
walked to its end (a screen that took too long) is tried once more, and said; a wrong verdict is not.
"""

import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from provisioner.browser import Examiner, candidate_browser
from provisioner.check import Check, Desk
from provisioner.checking import findings, stopped_by
from provisioner.config import ROOT
from provisioner.errors import StationNotReady
from provisioner.evidence import Evidence
from provisioner.interruption import awaited
from provisioner.lifecycle import Centre, down, reset, stations, up
from provisioner.model import FactId, Finding, Golden, Station, Verdict, judged_by_a_person
from provisioner.network import Room
from provisioner.progress import Quiet
from provisioner.site import CandidateDesk
from provisioner.subjects import Subject

_WORKERS = 2


@dataclass(frozen=True)
class Step:
    """One thing to do on a fresh station, and what the checks must find after it.

    `kind` is before, way, near_miss (then `fact` is the one that must not be met) or alone (then
    `number` is the question of the subject that is done, the others not).
    """

    kind: str
    name: str
    checks: tuple[Check, ...]
    act: Callable[[Desk], None]
    fact: FactId = ""
    own: frozenset[int] = frozenset()

    def failure(self, found: Sequence[Sequence[Finding]]) -> str:
        """How the findings differ from what they must be, in French; empty when they don't."""
        wrong = []
        for index, one in ((index, one) for index, many in enumerate(found) for one in many):
            wanted = self._wanted(index, one)
            if wanted is not None and one.verdict is not wanted:
                wrong.append(f"{one.fact} est {one.verdict.french} au lieu de {wanted.french} ({one.observed[:160]})")
        if self.kind == "near_miss" and not any(one.fact == self.fact for many in found for one in many):
            wrong.append(f"{self.fact} n'est pas demandé par ce contrôle")
        if not found or not all(found):
            wrong.append("un contrôle n'a rien constaté")
        return " ; ".join(wrong)

    def _wanted(self, index: int, one: Finding) -> Verdict | None:
        """The verdict that this finding must have; None where the step says nothing of it."""
        if self.kind == "near_miss" and one.fact != self.fact:
            return Verdict.NOT_MET if one.verdict in (Verdict.BLOCKED, Verdict.BROKEN) else None
        if judged_by_a_person(one.fact):
            return Verdict.TO_JUDGE
        met = self.kind == "way" or (self.kind == "alone" and index in self.own)
        return Verdict.MET if met else Verdict.NOT_MET


@dataclass(frozen=True)
class Proof:
    """What a step showed. `failure` is empty when it is what it must be.

    `retried` says why a first attempt broke off, when one did.
    """

    step: Step
    found: list[list[Finding]] = field(default_factory=list)
    failure: str = "cette étape n'a pas été faite"
    fault: bool = False
    seconds: float = 0.0
    retried: str = ""


def prove(
    centre: Centre, golden: Golden, checks: Sequence[Check], subjects: Sequence[Subject]
) -> tuple[dict[str, Any], list[Proof]]:
    """Prove these checks, and these subjects with theirs: the document of design.md, and the proofs."""
    proven = [*checks, *(wanted.check for subject in subjects for q in subject.questions for wanted in q.wanted)]
    groups = [_steps(check) for check in proven]
    alone = [[_alone(subject, q.number) for q in subject.questions] for subject in subjects]
    steps = [step for group in [*groups, *alone] for step in group]
    folders = [*(subject.folder for subject in subjects), *sorted((ROOT / "scenarios").glob("*/media"))]
    proofs = _run(centre, golden, steps, folders)
    rest = iter(proofs)
    document = {
        "stack": golden.stack,
        "conforming": golden.conformity.conforming,
        "differs": list(golden.conformity.differs),
        "checks": [
            _check_document(check, [next(rest) for _ in group]) for check, group in zip(proven, groups, strict=True)
        ],
        "subjects": [
            _subject_document(subject, [next(rest) for _ in group])
            for subject, group in zip(subjects, alone, strict=True)
        ],
    }
    return document, proofs


def _steps(check: Check) -> list[Step]:
    return [
        Step("before", "avant le travail", (check,), lambda desk: None),
        *(Step("way", way.name, (check,), way.run) for way in check.ways()),
        *(Step("near_miss", miss.name, (check,), miss.run, fact=miss.fact) for miss in check.near_misses()),
    ]


def _alone(subject: Subject, number: int) -> Step:
    """A question done alone meets its own checks and nobody else's."""
    flat = [(question.number, wanted.check) for question in subject.questions for wanted in question.wanted]
    mine = [check for owner, check in flat if owner == number]

    def act(desk: Desk) -> None:
        for check in mine:
            check.ways()[0].run(desk)

    own = frozenset(index for index, (owner, _) in enumerate(flat) if owner == number)
    return Step("alone", f"question {number} seule", tuple(check for _, check in flat), act, own=own)


def _run(centre: Centre, golden: Golden, steps: Sequence[Step], folders: Sequence[Path]) -> list[Proof]:
    """Every step's proof, in order, by workers with a station each, in a room of their own."""
    _forget_killed(centre)
    room = Room.apart(f"preuve-{os.getpid()}", _WORKERS)
    told, centre = centre.progress, replace(centre, room=room, progress=Quiet())
    proofs = [Proof(step) for step in steps]
    waiting: Queue[int] = Queue()
    for index in range(len(steps)):
        waiting.put(index)
    folder = centre.state.report_folder(room.name, "preuves", datetime.now(centre.settings.zone))

    def work(place: Station) -> None:
        with ExitStack() as stack:
            candidate = stack.enter_context(candidate_browser(room.port_of(place.place), room.near))
            examiner = stack.enter_context(Examiner(room.door, place.place))
            evidence = Evidence(folder / place.name)
            while True:
                try:
                    index = waiting.get_nowait()
                except Empty:
                    return
                step, started, retried = steps[index], time.monotonic(), ""
                for attempt in (1, 2):
                    try:
                        station, _ = reset(centre, place.name, golden)
                        _perform(centre, step, station, candidate, folders)
                        found = findings(centre, station, step.checks, examiner, evidence)[1]
                        failure, fault = step.failure(found), False
                        break
                    except Exception as error:  # a road that can't be walked to its end is a failed proof
                        found, fault = [], isinstance(error, StationNotReady)
                        failure = f"étape interrompue : {stopped_by(error)}"
                        retried = retried or failure
                        told.step(f"{step.name}, essai {attempt} : {failure}")
                fault = fault or any(o.verdict in (Verdict.BLOCKED, Verdict.BROKEN) for many in found for o in many)
                seconds = round(time.monotonic() - started, 1)
                proofs[index] = Proof(step, found, failure, fault, seconds, retried)
                left = sum(proof.seconds == 0.0 for proof in proofs)
                what = type(step.checks[0]).id if step.kind != "alone" else "sujet"
                told.step(f"{len(steps) - left}/{len(steps)} {what}, {step.name} : {failure or 'prouvé'} ({seconds} s)")

    with ExitStack() as held:
        held.callback(shutil.rmtree, folder, ignore_errors=True)
        held.callback(down, centre)
        up(centre, min(_WORKERS, len(steps)), ["preuve"], golden)
        with ThreadPoolExecutor(_WORKERS) as pool:
            futures = [pool.submit(work, place) for place in stations(centre)]
            try:
                for future in futures:
                    awaited(future).result()
            except BaseException:
                with waiting.mutex:
                    waiting.queue.clear()
                raise
    return proofs


def _forget_killed(centre: Centre) -> None:
    """Remove the rooms of proofs whose program is gone."""
    for gateway in centre.engine.containers(kind="gateway"):
        name, _, process = gateway.labels["e5b.room"].partition("-")
        if name == "preuve" and process.isdigit() and not Path("/proc", process).exists():
            down(replace(centre, room=Room.named(centre.engine, gateway.labels["e5b.room"], centre.settings)))


def _perform(centre: Centre, step: Step, station: Station, browser: Any, folders: Sequence[Path]) -> None:
    credentials = centre.state.credentials(station.container)
    if credentials is None:
        raise StationNotReady(f"Les identifiants de {station.name} ne sont pas connus.")
    desk = CandidateDesk(browser, station, credentials, centre.settings, tuple(folders))
    try:
        for check in step.checks:
            check.given(desk)
        step.act(desk)
    finally:
        desk.close()


def _check_document(check: Check, proofs: Sequence[Proof]) -> dict[str, Any]:
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
        "failures": [f"{proof.step.name} : {proof.failure}" for proof in proofs if proof.failure],
        "seconds": round(sum(proof.seconds for proof in proofs), 1),
    }


def _subject_document(subject: Subject, proofs: Sequence[Proof]) -> dict[str, Any]:
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
        "failures": [f"{proof.step.name} : {proof.failure}" for proof in proofs if proof.failure],
    }


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
