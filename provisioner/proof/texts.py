"""The sentences that checks said while they were proven, each once, so that a French reader can read them as a list."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from provisioner.core.errors import EvidenceLost
from provisioner.core.model import Finding
from provisioner.host.disk import disk_in_french
from provisioner.proof.steps import StepProof


def write_texts(folder: Path, proofs: Sequence[StepProof]) -> Path:
    """Write `phrases.txt` into the folder of a proof's page; its path. The ledger has no sentences of steps that it recalls."""
    path = folder / "phrases.txt"
    with disk_in_french(folder, EvidenceLost):
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(_lines(proofs)) + "\n", encoding="utf-8", errors="replace")
    return path


def _lines(proofs: Iterable[StepProof]) -> list[str]:
    """A heading for each check, then its sentences in the order in which they were said first."""
    by_check: dict[str, dict[str, None]] = {}
    for proof in proofs:
        for check, found in zip(proof.step.checks, proof.found, strict=False):
            sentences = by_check.setdefault(type(check).id, {})
            sentences.update(dict.fromkeys(_sentence(finding) for finding in found if finding.expected))
    return [
        line for check, sentences in sorted(by_check.items()) if sentences for line in (f"\n## {check}", *sentences)
    ]


def _sentence(finding: Finding) -> str:
    observed = " ".join(finding.observed.split())
    return f"[{finding.verdict.french}] {' '.join(finding.expected.split())} → {observed}"
