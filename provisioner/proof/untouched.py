"""Verifies many wanted values on a site that nobody touched: whatever asks for work must not be met there.

The values are near those of each check's examples (see nearby.py). Some ask for what the seeded site has already, such as a
menu that stands where it is: `checks/<cms>/held.toml` names these, each after a person saw on the site that it is so.
"""

import os
import shutil
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from provisioner.core.model import FactId, Finding, Golden, Stack, Verdict
from provisioner.core.progress import Quiet
from provisioner.examination.browser import Examiner
from provisioner.examination.evidence import Evidence
from provisioner.examination.run_checks import findings
from provisioner.host.fingerprint import SCENARIO
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml
from provisioner.network.room import Room
from provisioner.proof.nearby import nearby
from provisioner.proof.steps import Step, StepProof, feasible
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import down, forget_killed, up
from provisioner.subject.check import Check

#: How many checks look at one copy of the site.
_AT_ONCE = 40
_FAULTS = (Verdict.BLOCKED, Verdict.BROKEN)


@dataclass(frozen=True)
class Untouched(Step):
    """Wanted values that are verified on a site that nobody touched; `held`: the facts that the seeded site has already."""

    held: frozenset[FactId] = frozenset()

    def wanted(self, index: int, finding: Finding) -> Verdict | None:
        """As of any step. A person may have to judge what nobody did, where a program can't tell: only `met` is wrong."""
        if finding.fact in self.held:
            return Verdict.MET
        return Verdict.NOT_MET if finding.verdict in (*_FAULTS, Verdict.MET) else None


def untouched_steps(examples: Sequence[Check], stack: Stack) -> list[Untouched]:
    """The steps of these checks, of which each class has its examples one after the other."""
    seed = ROOT / "scenarios" / SCENARIO / stack.cms / "seed.toml"
    steps = []
    for _, of_class in groupby((check for check in examples if feasible(check, stack)), key=type):
        for near in nearby(list(of_class), seed):
            if feasible(near.check, stack):
                name = f"{type(near.check).id}, {near.change}"
                steps.append(Untouched("before", name, (near.check,), lambda desk: None, held=held(near.check)))
    return steps


def held(check: Check) -> frozenset[FactId]:
    """What the seeded site has already of these wanted values, by the list."""
    values = check.model_dump(mode="json", exclude_defaults=True)
    return next((frozenset(row["facts"]) for row in _rows(check) if row["values"] == values), frozenset())


def _rows(check: Check) -> list[dict[str, Any]]:
    id = type(check).id
    return [row for row in held_rows(id.partition(".")[0]) if row["check"] == id]


@cache
def held_rows(cms: str) -> list[dict[str, Any]]:
    """The rows of a CMS's list: a check's id, its values without those that are as by default, facts, why."""
    path = ROOT / "checks" / cms / "held.toml"
    rows: list[dict[str, Any]] = read_toml(path).get("held", []) if path.exists() else []
    return rows


def prove_untouched(centre: Centre, golden: Golden, steps: Sequence[Untouched]) -> list[StepProof]:
    """The proof of each of these steps, on one station in a room of its own. A station that fails ends it, with its error."""
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
            proofs += _verified(at_work, steps[first : first + _AT_ONCE], examiner, folder)
            wrong = sum(bool(proof.failure) for proof in proofs)
            centre.progress.step(f"{len(proofs)}/{len(steps)} demandes vérifiées sur un site intact, {wrong} à voir")
    if not any(proof.shots for proof in proofs):
        shutil.rmtree(folder, ignore_errors=True)
    return proofs


def _verified(centre: Centre, steps: Sequence[Untouched], examiner: Examiner, folder: Path) -> list[StepProof]:
    """What these checks find on a copy of the station."""
    began, (station,) = time.monotonic(), stations(centre)
    documents = tuple(sorted((ROOT / "scenarios").glob("*/media")))
    checks = [step.checks[0] for step in steps]
    examined = findings(centre, station, checks, examiner, Evidence(folder), documents=documents)
    seconds = round((time.monotonic() - began) / len(steps), 1)
    proofs = []
    for step, found in zip(steps, examined.findings, strict=True):
        failure = step.failure([found])
        shots = tuple(path for finding in found for path in finding.evidence if failure and path.endswith(".jpg"))
        fault = any(finding.verdict in _FAULTS for finding in found)
        proofs.append(StepProof(step, [found], failure, fault, seconds, shots=shots))
    return proofs
