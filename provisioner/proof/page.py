"""The page of a proof: for each line of the list and each of its facts, what was proven, and how long it took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from provisioner.core.errors import EvidenceLost
from provisioner.core.model import Conformity, FactId, Functionality, Stack, Verdict
from provisioner.examination.page_content import shown_conformity
from provisioner.examination.report import page_templates
from provisioner.host.disk import disk_in_french
from provisioner.host.editions import session_of
from provisioner.proof.steps import Kind, StepProof
from provisioner.subject.session_list import lines_of, words_of

_KINDS: dict[Kind, str] = {
    "before": "avant",
    "way": "chemin",
    "near_miss": "presque juste",
    "road": "autre voie",
    "alone": "question seule",
}


@dataclass(frozen=True)
class _StepRow:
    """A step as the page shows it under one fact; `verdict` is that fact's, None when the step says nothing of it."""

    check: str
    kind: str
    name: str
    fact: FactId
    verdict: Verdict | None
    failure: str
    retried: str
    seconds: float
    shots: tuple[str, ...]


@dataclass(frozen=True)
class _FactRow:
    """A fact and the steps that speak of it."""

    text: str
    steps: list[_StepRow]

    @property
    def ok(self) -> bool:
        """Whether none of its steps failed."""
        return not any(step.failure for step in self.steps)


@dataclass(frozen=True)
class _LineRow:
    """A line of the functionality list."""

    id: str
    text: str
    facts: list[_FactRow]


def write_page(
    folder: Path,
    stack: Stack,
    conformity: Conformity,
    left_out: Sequence[str],
    proofs: Sequence[StepProof],
    now: datetime,
) -> Path:
    """Write `preuve.html` into the folder that has the screenshots of failures; its path.

    `conformity` is that of the golden image; `left_out` are the ids of checks that this edition can't serve.
    """
    session = session_of(stack)
    rows = [_line_row(line, proofs) for line in words_of(session).values() if line.cms == stack.cms]
    proven = [line for line in rows if any(fact.steps for fact in line.facts)]
    html = (
        page_templates()
        .get_template("proof.html.j2")
        .render(
            stack=stack,
            conformity=shown_conformity(conformity.differs, conforming=conformity.conforming, official=stack.official),
            lines=proven,
            other_lines=[line for line in rows if line not in proven and line.id in lines_of(session)],
            alone=[_step_row(proof, "") for proof in proofs if proof.step.kind == "alone"],
            failures=[_step_row(proof, "") for proof in proofs if proof.failure],
            left_out=left_out,
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


def _line_row(line: Functionality, proofs: Sequence[StepProof]) -> _LineRow:
    facts = [
        _FactRow(text, [_step_row(proof, fact) for proof in proofs if _speaks_of(proof, fact)])
        for fact, text in zip(line.fact_ids(), line.facts, strict=True)
    ]
    return _LineRow(line.id, line.text, facts)


def _speaks_of(proof: StepProof, fact: FactId) -> bool:
    if proof.step.kind == "alone":
        return False
    if proof.step.kind in ("near_miss", "road"):
        return proof.step.fact == fact
    return any(fact in check.facts() for check in proof.step.checks)


def _step_row(proof: StepProof, fact: FactId) -> _StepRow:
    step = proof.step
    return _StepRow(
        check=type(step.checks[0]).id if step.checks else "",
        kind=_KINDS[step.kind],
        name=step.name,
        fact=step.fact,
        verdict=next((finding.verdict for finding in proof.all_findings() if finding.fact == fact), None),
        failure=proof.failure,
        retried=proof.retried,
        seconds=proof.seconds,
        shots=proof.shots,
    )
