"""The steps that a proof had proven before it was interrupted, so that the next proof goes on from there.

A proven step is written at once, as one line of JSON. The lines count only for the same golden image and the same program:
the file's name has the digest of both. A step that failed is not written, and is done again.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import TypedDict

from provisioner.core.errors import EvidenceLost
from provisioner.core.model import Finding, Golden, Verdict
from provisioner.host.disk import disk_in_french, write_whole
from provisioner.host.fingerprint import digest_of
from provisioner.host.paths import ROOT
from provisioner.proof.steps import Step, StepProof

#: The files of the program that decide what a step does and finds.
_DECIDING = ("provisioner/**/*.py", "checks/**/*", "stacks/*/driver.py", "scenarios/**/*")


class _FindingLine(TypedDict):
    fact: str
    verdict: str
    expected: str
    observed: str


class _StepLine(TypedDict):
    """A line of the file; `found` has the findings of each check of the step."""

    key: str
    found: list[list[_FindingLine]]
    seconds: float
    retried: str


class ProvenSteps:
    """The steps already proven on this golden image by this program; EvidenceLost when the disk refuses."""

    def __init__(self, folder: Path, golden: Golden) -> None:
        digest = hashlib.sha256(f"{golden.image} {_program_digest()}".encode()).hexdigest()[:16]
        self._path, self._lock = folder / f"{golden.stack}-{digest}.jsonl", Lock()
        with disk_in_french(folder, EvidenceLost):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in folder.glob(f"{golden.stack}-*.jsonl"):
                if path != self._path:
                    path.unlink()
        self._lines = self._read()

    def proof_of(self, step: Step) -> StepProof | None:
        """The proof of this step; None when it wasn't proven."""
        line = self._lines.get(step.key)
        if line is None:
            return None
        findings = [
            [
                Finding(finding["fact"], Verdict(finding["verdict"]), finding["expected"], finding["observed"])
                for finding in of_check
            ]
            for of_check in line["found"]
        ]
        return StepProof(step, findings, "", seconds=line["seconds"], retried=line["retried"], recalled=True)

    def add(self, proof: StepProof) -> None:
        """Write down a step that was proven."""
        findings = [[asdict(finding) for finding in of_check] for of_check in proof.found]
        line = {"key": proof.step.key, "found": findings, "seconds": proof.seconds, "retried": proof.retried}
        with (
            self._lock,
            disk_in_french(self._path.parent, EvidenceLost),
            self._path.open("a", encoding="utf-8") as file,
        ):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def remove(self, steps: Iterable[Step]) -> None:
        """Remove these steps, since their proof came to its end: the next one proves them again."""
        keys = {step.key for step in steps}
        remaining = [
            json.dumps(line, ensure_ascii=False) + "\n" for key, line in self._read().items() if key not in keys
        ]
        with disk_in_french(self._path.parent, EvidenceLost):
            if not remaining:
                self._path.unlink(missing_ok=True)
                return
            write_whole(self._path, "".join(remaining))

    def _read(self) -> dict[str, _StepLine]:
        lines: dict[str, _StepLine] = {}
        try:
            text = self._path.read_text(encoding="utf-8")
        except OSError:
            return {}
        for row in text.splitlines():
            try:
                line: _StepLine = json.loads(row)
                lines[str(line["key"])] = line
            except (ValueError, KeyError, TypeError):  # the line that was being written when the program was killed
                continue
        return lines


def _program_digest() -> str:
    return digest_of(path for pattern in _DECIDING for path in ROOT.glob(pattern))
