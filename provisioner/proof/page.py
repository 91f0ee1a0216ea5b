"""The page of a proof: for each line of the list and each of its facts, what was proven, and how long it took."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from provisioner.core.errors import EvidenceLost
from provisioner.core.model import FactId, Functionality, Stack
from provisioner.examination.report import conformity_of, page_templates
from provisioner.host.config import load_functionalities
from provisioner.host.disk import disk_in_french
from provisioner.proof.steps import Proof

_KINDS = {"before": "avant", "way": "chemin", "near_miss": "presque juste", "alone": "question seule"}


def write_page(folder: Path, stack: Stack, document: Mapping[str, Any], proofs: Sequence[Proof], now: datetime) -> Path:
    """Write `preuve.html` beside the screenshots of what failed; its path."""
    lines = [_line(line, proofs) for line in load_functionalities().values() if line.cms == stack.cms]
    told = [line for line in lines if any(fact["steps"] for fact in line["facts"])]
    html = (
        page_templates()
        .get_template("proof.html.j2")
        .render(
            stack=stack,
            conformity=conformity_of({**document, "official": stack.official}),
            lines=told,
            untold=[line for line in lines if line not in told],
            alone=[_row(proof, "") for proof in proofs if proof.step.kind == "alone"],
            failures=[_row(proof, "") for proof in proofs if proof.failure],
            left_out=document["left_out"],
            steps=len(proofs),
            recalled=sum(proof.recalled for proof in proofs),
            seconds=sum(proof.seconds for proof in proofs),
            now=now.isoformat(),
        )
    )
    with disk_in_french(folder, EvidenceLost):
        folder.mkdir(parents=True, exist_ok=True)
        page = folder / "preuve.html"
        page.write_text(html, encoding="utf-8", errors="xmlcharrefreplace")
    return page


def _line(line: Functionality, proofs: Sequence[Proof]) -> dict[str, Any]:
    facts = []
    for fact, text in zip(line.fact_ids(), line.facts, strict=True):
        rows = [_row(proof, fact) for proof in proofs if _speaks_of(proof, fact)]
        facts.append({"text": text, "steps": rows, "ok": not any(row["failure"] for row in rows)})
    return {"id": line.id, "text": line.text, "facts": facts}


def _speaks_of(proof: Proof, fact: FactId) -> bool:
    if proof.step.kind == "alone":
        return False
    if proof.step.kind == "near_miss":
        return proof.step.fact == fact
    return any(fact in check.facts() for check in proof.step.checks)


def _row(proof: Proof, fact: FactId) -> dict[str, Any]:
    verdict = next((one.verdict for many in proof.found for one in many if one.fact == fact), None)
    return {
        "check": type(proof.step.checks[0]).id if proof.step.checks else "",
        "kind": _KINDS[proof.step.kind],
        "name": proof.step.name,
        "fact": proof.step.fact,
        "verdict": verdict,
        "failure": proof.failure,
        "retried": proof.retried,
        "seconds": proof.seconds,
        "shots": proof.shots,
    }
