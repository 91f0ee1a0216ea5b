"""Counts what the ledger proves: of an edition, of each of its checks, of each fact of the list."""

from collections import Counter
from collections.abc import Iterable, Sequence

from provisioner.core.model import FactId
from provisioner.proof.asked import all_steps
from provisioner.proof.document import CheckStandings, EditionStandings
from provisioner.proof.keys import changed_parts
from provisioner.proof.ledger import Standing, Standings, State, kind_of
from provisioner.proof.steps import Step
from provisioner.subject.ledger_file import ImageLine
from provisioner.subject.official_list import FactProof
from provisioner.subject.proof_words import ProofCount


def edition_standings(standings: Standings) -> EditionStandings:
    """How many steps of an edition's checks, and of the subjects that were proven, are proven as things are today."""
    by_owner: dict[str, list[Standing]] = {}
    for step in all_steps(standings.stack, standings.subjects()):
        by_owner.setdefault(_owner(step), []).append(standings.of(step))
    every = [standing for of_owner in by_owner.values() for standing in of_owner]
    left = Counter(kind_of(standing.step) for standing in every if standing.state in ("outdated", "missing"))
    stand = [standing.line for standing in every if standing.line and standing.state in ("proven", "earlier")]
    return {
        "stack": standings.stack.id,
        "steps": len(every),
        "proven": _count(every, "proven"),
        "earlier": _count(every, "earlier"),
        "outdated": _count(every, "outdated"),
        "missing": _count(every, "missing"),
        "by_kind": {kind: left[kind] for kind in ("untouched", "altered", "stored_road") if left[kind]},
        "conforming": all(line.conforming for line in stand),
        "differs": _differs(standings.images[line.differs] for line in stand),
        "checks": [_of_check(owner, of_owner) for owner, of_owner in sorted(by_owner.items())],
    }


def fact_proofs(standings: Standings) -> dict[FactId, FactProof]:
    """What the ledger says of each fact that an edition's checks can prove."""
    by_fact: dict[FactId, list[Standing]] = {}
    for step in all_steps(standings.stack):
        standing = standings.of(step)
        for fact in (step.fact,) if step.fact else step.checks[0].facts():
            by_fact.setdefault(fact, []).append(standing)
    return {fact: _of_fact(standings.stack.id, fact, of_fact) for fact, of_fact in by_fact.items()}


def _of_fact(stack: str, fact: FactId, of_fact: Sequence[Standing]) -> FactProof:
    states = {standing.state for standing in of_fact}
    lines = [standing.line for standing in of_fact if standing.line]
    if states <= {"proven", "earlier"}:
        count = ProofCount.of(lines, fact)
        return {
            "stack": stack,
            "state": "earlier" if "earlier" in states else "proven",
            "day": count.day.isoformat(),
            "ways": count.ways,
            "near_misses": count.near_misses,
            "roads": count.roads,
            "altered": count.altered,
            "conforming": count.conforming,
            "text": f"{count.french} (e5b a changé depuis)" if "earlier" in states else count.french,
        }
    if "outdated" in states:
        return {"stack": stack, "state": "outdated", "text": "à prouver de nouveau"}
    so_far = ProofCount.of(lines, fact) if lines else None
    text = f"{so_far.french} (pas encore en entier)" if so_far and so_far.ways else "pas encore prouvé"
    return {"stack": stack, "state": "missing", "text": text}


def _of_check(owner: str, of_owner: Sequence[Standing]) -> CheckStandings:
    outdated = [standing for standing in of_owner if standing.state == "outdated" and standing.line]
    changed = Counter(part for one in outdated if one.line for part in changed_parts(one.line.key, one.key))
    return {
        "id": owner,
        "steps": len(of_owner),
        "outdated": len(outdated),
        "missing": _count(of_owner, "missing"),
        "changed": list(changed),
    }


def _owner(step: Step) -> str:
    """The check that a step proves, or the subject that it is of."""
    return f"sujet {step.documents[0].name}" if step.documents else type(step.checks[0]).id


def _count(standings: Iterable[Standing], state: State) -> int:
    return sum(standing.state == state for standing in standings)


def _differs(images: Iterable[ImageLine]) -> list[str]:
    return list(dict.fromkeys(sentence for image in images for sentence in image.differs))
