"""Proves checks and subjects: not met before, met after every way, not met after every near miss.

Each step begins on a station that was never started, and its findings are made as on the day of the
exam, on a copy. Steps are independent, so several stations work side by side. A road that could not be
walked to its end (a screen that took too long) is tried once more, and said; a wrong verdict is not. A run
that was interrupted goes on where it was (see proven_steps.py).
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
from typing import Any

from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as PlaywrightError

from provisioner.core.errors import BrowserUnavailable, EngineError, EvidenceLost, StationError, StationNotReady
from provisioner.core.interruption import awaited
from provisioner.core.model import Golden, Stack, Station, Verdict
from provisioner.core.progress import Quiet
from provisioner.examination.browser import Examiner, Renewed, candidate_browser, new_context
from provisioner.examination.evidence import Evidence
from provisioner.examination.run_checks import findings, stopped_by
from provisioner.examination.site import CandidateDesk
from provisioner.host.config import ROOT
from provisioner.network.gateway import Room
from provisioner.proof.page import write_page
from provisioner.proof.proven_steps import Journal
from provisioner.proof.steps import (
    Proof,
    Step,
    check_document,
    feasible,
    of_subject,
    question_alone,
    steps_of,
    subject_document,
)
from provisioner.station.lifecycle import Centre, down, forget_killed, reset, stations, up
from provisioner.subject.check import Check
from provisioner.subject.subjects import Subject

#: Stations that work side by side: a step waits about half of its time.
WORKERS = min(8, (os.cpu_count() or 1) + 1)


def prove(
    centre: Centre, stack: Stack, golden: Golden, checks: Sequence[Check], subjects: Sequence[Subject]
) -> tuple[dict[str, Any], list[Proof]]:
    """Prove these checks, and these subjects with theirs: the document of design.md, and the proofs.

    What this edition can't do (see `Check.needs`) is left out, and named in the document's `left_out`.
    """
    asked: list[tuple[Check, tuple[Path, ...], tuple[Check, ...]]] = [(check, (), ()) for check in checks]
    asked += [(check, one.documents, built_on) for one in subjects for check, built_on in of_subject(one)]
    able = [all(feasible(one, stack) for one in (check, *built_on)) for check, _, built_on in asked]
    proven = [one for one, can in zip(asked, able, strict=True) if can]
    groups = [steps_of(*one) for one in proven]
    alone = [
        [question_alone(subject, q.number, lambda check: feasible(check, stack)) for q in subject.questions]
        for subject in subjects
    ]
    steps = [step for group in [*groups, *alone] for step in group]
    folder = centre.state.report_folder("preuves", stack.id, datetime.now(centre.settings.zone))
    proofs = run(centre, golden, steps, folder)
    rest = iter(proofs)
    document = {
        "stack": golden.stack,
        "conforming": golden.conformity.conforming,
        "differs": list(golden.conformity.differs),
        "checks": [
            check_document(check, [next(rest) for _ in group])
            for (check, *_), group in zip(proven, groups, strict=True)
        ],
        "subjects": [
            subject_document(subject, [next(rest) for _ in group])
            for subject, group in zip(subjects, alone, strict=True)
        ],
        "left_out": sorted({type(check).id for (check, *_), can in zip(asked, able, strict=True) if not can}),
    }
    page = write_page(folder, stack, document, proofs, datetime.now(centre.settings.zone))
    return {**document, "report": str(page)}, proofs


def run(centre: Centre, golden: Golden, steps: Sequence[Step], folder: Path) -> list[Proof]:
    """Every step's proof, in order, by workers with a station each, in a room of their own.

    What a failure looked like stays in `folder`.
    """
    forget_killed(centre, "preuve")
    room = Room.on_free_ports(f"preuve-{os.getpid()}", WORKERS)
    told, centre = centre.progress, replace(centre, room=room, progress=Quiet())
    journal = Journal(centre.state.folder / "proofs", golden)
    recalled = [journal.recall(step) for step in steps]
    waiting: Queue[int] = Queue()
    for index, known in enumerate(recalled):
        if known is None:
            waiting.put(index)
    proofs = [known or Proof(step) for known, step in zip(recalled, steps, strict=True)]
    if there := len(steps) - waiting.qsize():
        told.step(f"Reprise de la preuve précédente : {there} étapes sur {len(steps)} sont déjà prouvées")
    ended = there

    def work(place: Station) -> None:
        nonlocal ended
        with ExitStack() as stack:
            candidate = stack.enter_context(
                Renewed(partial(candidate_browser, room.port_of(place.place), room.local_address))
            )
            examiner = stack.enter_context(Examiner(room.examiner_port, place.place))
            _ = candidate.browser  # without one, nothing is to be begun
            worker = _Worker(centre, golden, candidate, examiner)
            while True:
                try:
                    index = waiting.get_nowait()
                except Empty:
                    return
                proof = worker.prove(steps[index], place.name, folder, f"etape-{index + 1:04}")
                proofs[index] = proof
                if not proof.failure:
                    journal.keep(proof)
                ended += 1
                what = type(proof.step.checks[0]).id if proof.step.kind != "alone" else "sujet"
                told.step(
                    f"{ended}/{len(steps)} {what}, {proof.step.name} : {proof.failure or 'prouvé'} ({proof.seconds} s)"
                )

    if waiting.qsize():
        with ExitStack() as held:
            held.callback(down, centre)
            up(centre, min(WORKERS, waiting.qsize()), ["preuve"], golden)
            with ThreadPoolExecutor(WORKERS) as pool:
                futures = [pool.submit(work, place) for place in stations(centre)]
                try:
                    for future in futures:
                        awaited(future).result()
                except BaseException:
                    with waiting.mutex:
                        waiting.queue.clear()
                    raise
    if not any(proof.fault for proof in proofs):  # else the next run does those alone
        journal.forget(steps)
    return proofs


@dataclass
class _Worker:
    """One station's worth of a run: its candidate's browser and its examiner's.

    The candidate's keeps what it read of public files from one step to the next, as in an exam room: to read
    the editor's scripts again was a fifth of a step.
    """

    centre: Centre
    golden: Golden
    candidate: Renewed
    examiner: Examiner
    context: BrowserContext | None = None

    def prove(self, step: Step, station: str, folder: Path, name: str) -> Proof:
        """Do a step on that station, made new; its screenshots stay in folder/name when it failed."""
        started, retried, shots = time.monotonic(), "", []
        for _ in (1, 2):
            shutil.rmtree(folder / name, ignore_errors=True)
            evidence = Evidence(folder / name)
            try:
                made, _ = reset(self.centre, station, self.golden)
                self._perform(step, made, evidence)
                found = findings(self.centre, made, step.checks, self.examiner, evidence, documents=_documents(step))[1]
                failure, fault = step.failure(found), False
                shots = [path for many in found for one in many for path in one.evidence if path.endswith(".jpg")]
                break
            except Exception as error:  # a road that can't be walked to its end is a failed proof
                found, fault = [], isinstance(error, (StationError, EngineError, BrowserUnavailable, EvidenceLost))
                failure = f"étape interrompue : {stopped_by(error)}"
                retried = retried or failure
                shots = []
        fault = fault or any(one.verdict in (Verdict.BLOCKED, Verdict.BROKEN) for many in found for one in many)
        # What a check that broke off had seen is evidence of nothing, but shows where.
        shots = shots or [f"preuves/{path.name}" for path in sorted((folder / name / "preuves").glob("*.jpg"))]
        if not failure:
            shutil.rmtree(folder / name, ignore_errors=True)
            shots = []
        kept = tuple(dict.fromkeys(f"{name}/{path}" for path in shots))
        return Proof(step, found, failure, fault, round(time.monotonic() - started, 1), retried, kept)

    def _perform(self, step: Step, station: Station, evidence: Evidence) -> None:
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
                with suppress(PlaywrightError, EvidenceLost):  # what broke the road off is what is told
                    evidence.shot("où le chemin s’est arrêté", desk.page)
                raise
        except Exception as error:
            with suppress(PlaywrightError):
                context.close()
            if context.browser is None or not context.browser.is_connected():
                raise BrowserUnavailable("Le navigateur du candidat s'est fermé.") from error
            raise
        self.context = context


def _documents(step: Step) -> tuple[Path, ...]:
    return step.documents or tuple(sorted((ROOT / "scenarios").glob("*/media")))
