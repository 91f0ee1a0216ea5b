"""What a proof that was interrupted had already proven, so that the next one goes on from there.

One line of JSON per proven step, written when it is proven. Lines count for the same golden image and the
same program only; a step that failed is done again.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any

from provisioner.core.errors import EvidenceLost
from provisioner.core.model import Finding, Golden, Verdict
from provisioner.host.config import ROOT
from provisioner.host.disk import disk_in_french, write_whole
from provisioner.host.fingerprint import digest_of
from provisioner.proof.steps import Proof, Step


class Journal:
    """The steps already proven on this golden image by this program."""

    def __init__(self, folder: Path, golden: Golden) -> None:
        told = hashlib.sha256(f"{golden.image} {_program()}".encode()).hexdigest()[:16]
        self._path, self._alone = folder / f"{golden.stack}-{told}.jsonl", Lock()
        with disk_in_french(folder, EvidenceLost):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for other in folder.glob(f"{golden.stack}-*.jsonl"):
                if other != self._path:
                    other.unlink()
        self._lines = self._read()

    def recall(self, step: Step) -> Proof | None:
        """The proof of this step, if it was proven."""
        kept = self._lines.get(step.key)
        if kept is None:
            return None
        found = [
            [Finding(one["fact"], Verdict(one["verdict"]), one["expected"], one["observed"]) for one in many]
            for many in kept["found"]
        ]
        return Proof(step, found, "", seconds=kept["seconds"], retried=kept["retried"], recalled=True)

    def keep(self, proof: Proof) -> None:
        """Keep a step that is proven."""
        found = [[asdict(one) for one in many] for many in proof.found]
        line = {"key": proof.step.key, "found": found, "seconds": proof.seconds, "retried": proof.retried}
        with self._alone, disk_in_french(self._path.parent, EvidenceLost), self._path.open("a", encoding="utf-8") as to:
            to.write(json.dumps(line, ensure_ascii=False) + "\n")

    def forget(self, steps: Iterable[Step]) -> None:
        """The run of these steps came to its end: the next one proves them anew."""
        done = {step.key for step in steps}
        left = [json.dumps(line, ensure_ascii=False) + "\n" for key, line in self._read().items() if key not in done]
        with disk_in_french(self._path.parent, EvidenceLost):
            if not left:
                self._path.unlink(missing_ok=True)
                return
            write_whole(self._path, "".join(left))

    def _read(self) -> dict[str, dict[str, Any]]:
        lines = {}
        try:
            text = self._path.read_text(encoding="utf-8")
        except OSError:
            return {}
        for line in text.splitlines():
            try:
                kept = json.loads(line)
                lines[str(kept["key"])] = kept
            except (ValueError, KeyError, TypeError):  # the line that was being written when the program was killed
                continue
        return lines


def _program() -> str:
    """The digest of all that decides what a step does and finds."""
    decide = ("provisioner/**/*.py", "checks/**/*", "stacks/*/driver.py", "scenarios/**/*")
    return digest_of(path for pattern in decide for path in ROOT.glob(pattern))
