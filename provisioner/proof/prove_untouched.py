"""Proves the steps of `proof.untouched`, many at once: nobody works before them, so that they can share a copy of a site."""

import os
import shutil
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from provisioner.core.model import Golden
from provisioner.core.progress import Quiet
from provisioner.examination.browser import Examiner
from provisioner.examination.evidence import Evidence
from provisioner.examination.run_checks import findings
from provisioner.host.editions import company_of
from provisioner.network.room import Room
from provisioner.proof.ledger import Ledger
from provisioner.proof.steps import StepProof
from provisioner.proof.untouched import FAULTS, Untouched
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down, forget_killed, up

#: How many checks look at one copy of the site.
_AT_ONCE = 40


def prove_untouched(
    centre: Centre, golden: Golden, steps: Sequence[Untouched], ledger: Ledger, *, changed: bool = False
) -> list[StepProof]:
    """The proof of each of these steps, on one station in a room of its own; each is written into the ledger at once.

    With `changed`, what the ledger has already isn't proven again. A station that fails ends it, with its error.
    """
    recalled = {step.key: proof for step in steps if changed and (proof := ledger.proof_of(step))}
    waiting = [step for step in steps if step.key not in recalled]
    made = _prove(centre, golden, waiting, ledger) if waiting else {}
    return [recalled.get(step.key) or made[step.key] for step in steps]


def _prove(centre: Centre, golden: Golden, steps: Sequence[Untouched], ledger: Ledger) -> dict[str, StepProof]:
    forget_killed(centre, "preuve")
    room = Room.on_free_ports(f"preuve-{os.getpid()}", 1)
    at_work = replace(centre, room=room, progress=Quiet())
    folder = centre.state.report_folder("preuves", golden.stack, datetime.now(centre.settings.zone))
    proofs: list[StepProof] = []
    with ExitStack() as cleanup:
        cleanup.callback(down, at_work)
        up(at_work, 1, ["preuve"], golden)
        examiner = cleanup.enter_context(Examiner(room.examiner_port, 1, tls=room.tls))
        for first in range(0, len(steps), _AT_ONCE):
            verified = _verified(at_work, steps[first : first + _AT_ONCE], examiner, folder)
            for proof in verified:
                ledger.remove([proof.step]) if proof.failure else ledger.add(proof)
            proofs += verified
            wrong = sum(bool(proof.failure) for proof in proofs)
            centre.progress.step(f"{len(proofs)}/{len(steps)} demandes vérifiées sur un site intact, {wrong} à voir")
    if not any(proof.shots for proof in proofs):
        shutil.rmtree(folder, ignore_errors=True)
    return {proof.step.key: proof for proof in proofs}


def _verified(centre: Centre, steps: Sequence[Untouched], examiner: Examiner, folder: Path) -> list[StepProof]:
    """What these checks find on a copy of the station."""
    began, (station,) = time.monotonic(), stations(centre)
    documents = (company_of(station.stack) / "media",)
    checks = [step.checks[0] for step in steps]
    examined = findings(centre, station, checks, examiner, Evidence(folder), documents=documents)
    seconds = round((time.monotonic() - began) / len(steps), 1)
    proofs = []
    for step, found in zip(steps, examined.findings, strict=True):
        failure = step.failure([found])
        shots = tuple(path for finding in found for path in finding.evidence if failure and path.endswith(".jpg"))
        fault = any(finding.verdict in FAULTS for finding in found)
        proofs.append(StepProof(step, [found], failure, fault, seconds, shots=shots))
    return proofs
