"""Proves checks and subjects: not met before, met after every way, not met after every near miss, as foreseen after every road.

Each step begins on a station that was never started, and its findings are made on a copy, as on the day of the exam. Steps
are independent, so several stations work at the same time. A way that broke off (a screen took too long) is tried once
more, and the proof says so; a wrong verdict is not tried again. Each step is written into the ledger when it is done (see
ledger.py): what an interrupted run had proven, the next one need not do again.
"""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import Empty, Queue
from statistics import mean

from provisioner.core.interruption import awaited
from provisioner.core.model import Golden, Stack, Station
from provisioner.core.progress import Progress, Quiet
from provisioner.examination.browser import Examiner, RestartingBrowser, candidate_browser
from provisioner.french.text import numbered
from provisioner.network.gateway import Room
from provisioner.proof.asked import asked_checks, questions_alone
from provisioner.proof.document import ProofDocument
from provisioner.proof.keys import step_part
from provisioner.proof.ledger import Ledger
from provisioner.proof.page import write_page
from provisioner.proof.replay import Change, replays_of
from provisioner.proof.steps import Step, StepProof, check_document, subject_document
from provisioner.proof.texts import write_texts
from provisioner.proof.worker import Worker
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down, forget_killed, up
from provisioner.subject.check import Check
from provisioner.subject.subjects import Subject

#: Why a step is proven again, in French, by what changed since it was recorded.
_WHY: Mapping[Change, str] = {
    "": "d'après le registre",
    "asked": "dont le contrôle demande autre chose",
    "verdict": "dont le verdict change",
    "sentence": "dont une phrase change (« --accept phrases » les accepte sans poste)",
}
#: How long a step takes where no ledger says, in seconds.
_USUAL_SECONDS = 30.0
#: How many stations work at the same time: more than there are processors, since a step waits half of its time.
WORKERS = min(8, (os.cpu_count() or 1) + 1)


def prove(
    centre: Centre,
    stack: Stack,
    golden: Golden,
    checks: Sequence[Check],
    subjects: Sequence[Subject],
    ledger: Ledger | None = None,
    *,
    changed: bool = False,
) -> tuple[ProofDocument, list[StepProof]]:
    """Prove these checks, and these subjects with theirs: the document, and the proofs of all steps.

    Checks that this edition can't serve (see `Check.needs`) are left out, and named in the document's `left_out`. What is
    proven is written into the ledger; with `changed`, what that has already, and today's code concludes from what was recorded,
    is not proven again, and where nothing else is asked, no page is written.
    """
    asked = asked_checks(checks, subjects)
    proven = [row for row in asked if row.feasible(stack)]
    groups = [row.steps() for row in proven]
    alone = [questions_alone(subject, stack) for subject in subjects]
    steps = [step for group in [*groups, *alone] for step in group]
    left_out = sorted({type(row.check).id for row in asked if not row.feasible(stack)})
    # All keys are read now: a file that is edited while steps are done is not the one that they are done with.
    known = [ledger.proof_of(step) if ledger else None for step in steps]
    recalled = _still_proven(centre, stack, steps, known, ledger) if changed and ledger else [None] * len(steps)
    page = texts = ""
    proofs = [proof for proof in recalled if proof]
    if len(proofs) < len(steps):
        if ledger and not changed:
            centre.progress.step("Si cette preuve est interrompue, la même commande avec --changed la continue")
        folder = centre.state.report_folder("preuves", stack.id, datetime.now(centre.settings.zone))
        proofs = run(centre, golden, steps, folder, ledger, recalled)
        now = datetime.now(centre.settings.zone)
        page = str(write_page(folder, stack, golden.conformity, left_out, proofs, now))
        texts = str(write_texts(folder, proofs))
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
        "recalled": sum(proof.recalled for proof in proofs),
        "report": page,
        "texts": texts,
    }
    return document, proofs


def _still_proven(
    centre: Centre, stack: Stack, steps: Sequence[Step], known: Sequence[StepProof | None], ledger: Ledger
) -> list[StepProof | None]:
    """The proofs that stand: of a step that is recorded, where today's code comes to the same by what the site answered.

    Says how many of the others there are, why, and about how long they take.
    """
    proven = [step for step, proof in zip(steps, known, strict=True) if proof]
    changes = {part: one.change for part, one in replays_of(stack, proven, ledger.standings.ours.parent).items()}
    if changes:
        centre.progress.step(f"{numbered(len(changes), 'étape')} : ce que le site avait répondu est jugé de nouveau")
    standing = [
        proof if proof and not changes.get(step_part(step)) else None for step, proof in zip(steps, known, strict=True)
    ]
    reasons = Counter(
        changes.get(step_part(step), "") for step, proof in zip(steps, standing, strict=True) if not proof
    )
    if reasons:
        lines = [ledger.standings.of(step).line for step in steps]
        took = [line.seconds for line in lines if line] or [_USUAL_SECONDS]
        seconds = [
            line.seconds if line else mean(took) for line, proof in zip(lines, standing, strict=True) if not proof
        ]
        why = ", ".join(f"{count} {_WHY[change]}" for change, count in sorted(reasons.items()))
        minutes = max(1, round(sum(seconds) / WORKERS / 60))
        centre.progress.step(f"À prouver : {why} ; {numbered(minutes, 'minute')} environ")
    return standing


def run(
    centre: Centre,
    golden: Golden,
    steps: Sequence[Step],
    folder: Path,
    ledger: Ledger | None = None,
    recalled: Sequence[StepProof | None] = (),
) -> list[StepProof]:
    """Every step's proof, in order, by workers with a station each, in a room of their own.

    Screenshots of failures stay in `folder`. Steps of which `recalled` has the proof are not done again; what the others
    come to is written into the ledger.
    """
    forget_killed(centre, "preuve")
    room = Room.on_free_ports(f"preuve-{os.getpid()}", WORKERS)
    at_work = replace(centre, room=room, progress=Quiet())
    proving = _Run(at_work, centre.progress, golden, folder, ledger, steps, recalled or [None] * len(steps))
    if proving.waiting.qsize():
        proving.do_waiting_steps()
    return proving.proofs


class _Run:
    """The steps of one run: their proofs, of which those at the indices in `waiting` are still to be made."""

    def __init__(
        self,
        centre: Centre,
        progress: Progress,
        golden: Golden,
        folder: Path,
        ledger: Ledger | None,
        steps: Sequence[Step],
        recalled: Sequence[StepProof | None],
    ) -> None:
        self._centre, self._progress, self._golden = centre, progress, golden
        self._steps, self._folder, self._ledger = steps, folder, ledger
        self.waiting: Queue[int] = Queue()
        self.proofs = [proof or StepProof(step) for step, proof in zip(steps, recalled, strict=True)]
        for index, proof in enumerate(recalled):
            if proof is None:
                self.waiting.put(index)
        self._ended = len(steps) - self.waiting.qsize()
        if self._ended:
            progress.step(f"{self._ended} étapes sur {len(steps)} sont déjà prouvées, et ne sont pas refaites")

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
            worker = Worker(self._centre, self._golden, candidate, examiner)
            while True:
                try:
                    index = self.waiting.get_nowait()
                except Empty:
                    return
                proof = worker.prove(self._steps[index], station.name, self._folder, f"etape-{index + 1:04}")
                self._end(index, proof)

    def _end(self, index: int, proof: StepProof) -> None:
        self.proofs[index] = proof
        if self._ledger:
            if proof.failure:
                self._ledger.remove([proof.step])
            else:
                self._ledger.add(proof)
        self._ended += 1
        subject = type(proof.step.checks[0]).id if proof.step.kind != "alone" else "sujet"
        self._progress.step(
            f"{self._ended}/{len(self._steps)} {subject}, {proof.step.name} : {proof.failure or 'prouvé'} "
            f"({proof.seconds} s)"
        )
