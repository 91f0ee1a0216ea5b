"""Proves checks and subjects: not met before, met after every way, not met after every near miss, as foreseen after every road.

Each step begins on a station that was never started, and its findings are made on a copy, as on the day of the exam. Steps
are independent, so several stations work at the same time. A way that broke off (a screen took too long) is tried once
more, and the proof says so; a wrong verdict is not tried again. A run that was interrupted is continued by the next one
(see proven_steps.py).
"""

import os
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import Empty, Queue

from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as PlaywrightError

from provisioner.core.errors import BrowserUnavailable, EngineError, EvidenceLost, StationError, StationNotReady
from provisioner.core.interruption import awaited
from provisioner.core.model import Finding, Golden, Stack, Station, Verdict
from provisioner.core.progress import Progress, Quiet
from provisioner.examination.browser import Examiner, RestartingBrowser, candidate_browser, new_context
from provisioner.examination.evidence import Evidence
from provisioner.examination.run_checks import findings, stopped_by
from provisioner.examination.site import CandidateDesk
from provisioner.host.paths import ROOT
from provisioner.network.gateway import Room
from provisioner.proof.document import ProofDocument
from provisioner.proof.page import write_page
from provisioner.proof.proven_steps import ProvenSteps
from provisioner.proof.steps import (
    Step,
    StepProof,
    check_document,
    checks_of_subject,
    feasible,
    question_alone,
    steps_of,
    subject_document,
)
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down, forget_killed, reset, up
from provisioner.subject.check import Check
from provisioner.subject.subjects import Subject

#: How many stations work at the same time: more than there are processors, since a step waits half of its time.
WORKERS = min(8, (os.cpu_count() or 1) + 1)


def prove(
    centre: Centre, stack: Stack, golden: Golden, checks: Sequence[Check], subjects: Sequence[Subject]
) -> tuple[ProofDocument, list[StepProof]]:
    """Prove these checks, and these subjects with theirs: the document, and the proofs of all steps.

    Checks that this edition can't serve (see `Check.needs`) are left out, and named in the document's `left_out`.
    """
    asked = [_AskedCheck(check) for check in checks]
    asked += [
        _AskedCheck(check, subject.documents, built_on)
        for subject in subjects
        for check, built_on in checks_of_subject(subject)
    ]
    proven = [row for row in asked if row.feasible(stack)]
    groups = [steps_of(row.check, row.documents, row.built_on) for row in proven]
    alone = [
        [question_alone(subject, q.number, lambda check: feasible(check, stack)) for q in subject.questions]
        for subject in subjects
    ]
    steps = [step for group in [*groups, *alone] for step in group]
    left_out = sorted({type(row.check).id for row in asked if not row.feasible(stack)})
    folder = centre.state.report_folder("preuves", stack.id, datetime.now(centre.settings.zone))
    proofs = run(centre, golden, steps, folder)
    page = write_page(folder, stack, golden.conformity, left_out, proofs, datetime.now(centre.settings.zone))
    remaining = iter(proofs)
    document: ProofDocument = {
        "stack": golden.stack,
        "conforming": golden.conformity.conforming,
        "differs": list(golden.conformity.differs),
        "checks": [
            check_document(row.check, [next(remaining) for _ in group])
            for row, group in zip(proven, groups, strict=True)
        ],
        "subjects": [
            subject_document(subject, [next(remaining) for _ in group])
            for subject, group in zip(subjects, alone, strict=True)
        ],
        "left_out": left_out,
        "report": str(page),
    }
    return document, proofs


@dataclass(frozen=True)
class _AskedCheck:
    """A check to prove; for `documents` and `built_on` see `Step`."""

    check: Check
    documents: tuple[Path, ...] = ()
    built_on: tuple[Check, ...] = ()

    def feasible(self, stack: Stack) -> bool:
        """Whether the edition has what the check and those that it builds on need."""
        return all(feasible(check, stack) for check in (self.check, *self.built_on))


def run(centre: Centre, golden: Golden, steps: Sequence[Step], folder: Path) -> list[StepProof]:
    """Every step's proof, in order, by workers with a station each, in a room of their own.

    Screenshots of failures stay in `folder`. Steps that an interrupted run had proven are not done again.
    """
    forget_killed(centre, "preuve")
    room = Room.on_free_ports(f"preuve-{os.getpid()}", WORKERS)
    proven = ProvenSteps(centre.state.folder / "proofs", golden)
    proving = _Run(replace(centre, room=room, progress=Quiet()), centre.progress, golden, steps, folder, proven)
    if proving.waiting.qsize():
        proving.do_waiting_steps()
    if not any(proof.fault for proof in proving.proofs):  # after a fault, the next run does the faulty steps alone
        proven.remove(steps)
    return proving.proofs


class _Run:
    """The steps of one run: their proofs, of which those at the indices in `waiting` are still to be made."""

    def __init__(
        self,
        centre: Centre,
        progress: Progress,
        golden: Golden,
        steps: Sequence[Step],
        folder: Path,
        proven: ProvenSteps,
    ) -> None:
        self._centre, self._progress, self._golden = centre, progress, golden
        self._steps, self._folder, self._proven = steps, folder, proven
        self.waiting: Queue[int] = Queue()
        self.proofs: list[StepProof] = []
        for index, step in enumerate(steps):
            recalled = proven.proof_of(step)
            self.proofs.append(recalled or StepProof(step))
            if recalled is None:
                self.waiting.put(index)
        self._ended = len(steps) - self.waiting.qsize()
        if self._ended:
            progress.step(f"Reprise de la preuve précédente : {self._ended} étapes sur {len(steps)} sont déjà prouvées")

    def do_waiting_steps(self) -> None:
        """Make stations, have workers do the steps on them, and remove the stations."""
        with ExitStack() as cleanup:
            cleanup.callback(down, self._centre)
            up(self._centre, min(WORKERS, self.waiting.qsize()), ["preuve"], self._golden)
            with ThreadPoolExecutor(WORKERS) as pool:
                futures = [pool.submit(self._work, station) for station in stations(self._centre)]
                try:
                    for future in futures:
                        awaited(future).result()
                except BaseException:
                    with self.waiting.mutex:
                        self.waiting.queue.clear()
                    raise

    def _work(self, station: Station) -> None:
        """Do steps on that station until none is waiting."""
        room = self._centre.room
        with ExitStack() as browsers:
            opened = partial(candidate_browser, room.port_of(station.place), room.local_address)
            candidate = browsers.enter_context(RestartingBrowser(opened))
            examiner = browsers.enter_context(Examiner(room.examiner_port, station.place, tls=room.tls))
            _ = candidate.browser  # raises before a step is taken when no browser starts
            worker = _Worker(self._centre, self._golden, candidate, examiner)
            while True:
                try:
                    index = self.waiting.get_nowait()
                except Empty:
                    return
                proof = worker.prove(self._steps[index], station.name, self._folder, f"etape-{index + 1:04}")
                self._end(index, proof)

    def _end(self, index: int, proof: StepProof) -> None:
        self.proofs[index] = proof
        if not proof.failure:
            self._proven.add(proof)
        self._ended += 1
        subject = type(proof.step.checks[0]).id if proof.step.kind != "alone" else "sujet"
        self._progress.step(
            f"{self._ended}/{len(self._steps)} {subject}, {proof.step.name} : {proof.failure or 'prouvé'} "
            f"({proof.seconds} s)"
        )


@dataclass
class _Worker:
    """Does steps on one station, with a candidate's browser and an examiner's.

    The candidate's context is used for all steps, so that its cache keeps public files as it does in an exam room: reading
    the editor's scripts again took a fifth of a step.
    """

    centre: Centre
    golden: Golden
    candidate: RestartingBrowser
    examiner: Examiner
    context: BrowserContext | None = None

    def prove(self, step: Step, station: str, folder: Path, name: str) -> StepProof:
        """Do a step on that station, after a reset; its screenshots stay in folder/name when it failed."""
        started = time.monotonic()
        attempt, retried = self._attempt(step, station, folder / name), ""
        if attempt.broke_off:
            retried = attempt.failure
            attempt = self._attempt(step, station, folder / name)
        findings_made = [finding for of_check in attempt.found for finding in of_check]
        fault = attempt.fault or any(finding.verdict in (Verdict.BLOCKED, Verdict.BROKEN) for finding in findings_made)
        shots: list[str] = []
        if attempt.failure:
            shots = [path for finding in findings_made for path in finding.evidence if path.endswith(".jpg")]
            # A check that broke off has no finding with evidence, but its screenshots show where it was.
            shots = shots or [f"preuves/{path.name}" for path in sorted((folder / name / "preuves").glob("*.jpg"))]
        else:
            shutil.rmtree(folder / name, ignore_errors=True)
        paths = tuple(dict.fromkeys(f"{name}/{path}" for path in shots))
        seconds = round(time.monotonic() - started, 1)
        return StepProof(step, attempt.found, attempt.failure, fault, seconds, retried, paths)

    def _attempt(self, step: Step, station: str, folder: Path) -> "_Attempt":
        """Do the step once; what an earlier attempt left in the folder is removed first."""
        shutil.rmtree(folder, ignore_errors=True)
        evidence = Evidence(folder)
        try:
            fresh, _ = reset(self.centre, station, self.golden)
            self._perform(step, fresh, evidence)
            documents = _documents(step)
            _, found = findings(self.centre, fresh, step.checks, self.examiner, evidence, documents=documents)
            return _Attempt(found, step.failure(found))
        except Exception as error:  # a step that broke off is a failed proof, whatever it raised
            fault = isinstance(error, (StationError, EngineError, BrowserUnavailable, EvidenceLost))
            return _Attempt([], f"étape interrompue : {stopped_by(error)}", fault, broke_off=True)

    def _perform(self, step: Step, station: Station, evidence: Evidence) -> None:
        """Do the work of the step as the station's candidate. The context is kept only when nothing went wrong."""
        credentials = self.centre.state.credentials(station.container)
        if credentials is None:
            raise StationNotReady(f"Les identifiants de {station.name} ne sont pas connus.")
        context, self.context = self.context or new_context(self.candidate.browser, self.centre.settings), None
        try:
            desk = CandidateDesk(context, station, credentials, _documents(step))
            try:
                step.perform(desk)
                desk.leave()
            except Exception:
                with suppress(PlaywrightError, EvidenceLost):  # the error that broke the way off is the one to report
                    evidence.shot("où le chemin s’est arrêté", desk.page)
                raise
        except Exception as error:
            with suppress(PlaywrightError):
                context.close()
            if context.browser is None or not context.browser.is_connected():
                raise BrowserUnavailable("Le navigateur du candidat s'est fermé.") from error
            raise
        self.context = context


@dataclass(frozen=True)
class _Attempt:
    """What doing a step once showed; `failure` and `fault` as in `Proof`."""

    found: list[list[Finding]]
    failure: str
    fault: bool = False
    broke_off: bool = False


def _documents(step: Step) -> tuple[Path, ...]:
    """The folders of the subject's documents; of all companies' media when the step is of an example."""
    return step.documents or tuple(sorted((ROOT / "scenarios").glob("*/media")))
