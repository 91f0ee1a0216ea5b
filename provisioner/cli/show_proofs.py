"""Prints proofs: their steps, what the ledger says of an edition, and the list of functionalities with theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding

from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out
from provisioner.french.text import numbered

if TYPE_CHECKING:
    from provisioner.proof.document import CheckStandings, EditionStandings, ProofDocument
    from provisioner.proof.ledger import Ledger
    from provisioner.proof.steps import StepProof
    from provisioner.subject.official_list import FunctionalityRow

#: How many checks are named in one sentence.
_NAMED = 8
#: What steps of a kind are of, and the option that proves them.
_BY_KIND = {
    "untouched": ("Sur un site intact", "--untouched"),
    "altered": ("Travaux justes dont une chose est changée", "--altered"),
    "stored_road": ("Travaux justes enregistrés autrement", "--roads"),
}
_COLOURS = {"proven": "green", "earlier": "green", "outdated": "yellow", "missing": "dim"}


def proofs(steps: Sequence[StepProof], ledger: Ledger | None = None) -> None:
    """Print the steps that were retried or failed, how many were proven, and where that is written down."""
    if steps and all(proof.recalled for proof in steps):
        out.print(f"Rien à prouver de nouveau : {_proven(len(steps))}.")
        return
    for proof in steps:
        if proof.retried:
            out.print(f"[yellow]↻[/] {safe_markup(proof.step.name)}, refait une fois : {safe_markup(proof.retried)}")
        if proof.failure:
            out.print(f"[red]✗[/] {safe_markup(proof.step.name)} : {safe_markup(proof.failure)}")
    recalled = sum(proof.recalled for proof in steps)
    before = f", dont {numbered(recalled, 'étape')} d'avant" if recalled else ""
    out.print(f"{sum(not proof.failure for proof in steps)} étapes prouvées sur {len(steps)}{before}.")
    for sentence in ledger.where_written() if ledger else ():
        out.print(safe_markup(sentence), soft_wrap=True)


def written(document: ProofDocument) -> None:
    """Print what the edition can't serve, and where the page and the sentences of a proof are."""
    if document["left_out"]:
        out.print(f"Hors de portée de cette édition : {', '.join(document['left_out'])}.")
    if document["report"]:
        out.print(f"Page : {document['report']}", soft_wrap=True)
        out.print(f"Phrases des contrôles : {document['texts']}", soft_wrap=True)


def merged(stack: str, taken: int) -> None:
    """Print how many steps of an edition's ledger were taken over from another checkout."""
    said = f"{numbered(taken, 'étape')} {'reprise' if taken == 1 else 'reprises'}" if taken else "rien à reprendre"
    out.print(f"[bold]{stack}[/] : {said}.")


def edition(counted: EditionStandings) -> None:
    """Print what the ledger of an edition proves today, which checks have to be proven, and by which command."""
    if not counted["steps"]:  # of another company than the home one, only subjects have steps
        out.print(f"[bold]{counted['stack']}[/] : aucun sujet n'y est encore prouvé ; « e5b prove --subject SUJET ».")
        return
    out.print(f"[bold]{counted['stack']}[/], {numbered(counted['steps'], 'étape')} : {_counts(counted)}.")
    if counted["proven"] + counted["earlier"] and not counted["conforming"]:
        out.print("[yellow]Les preuves sont faites avec des archives remplacées :[/]")
        for sentence in counted["differs"]:
            out.print(f"  • {safe_markup(sentence)}")
    outdated = [check for check in counted["checks"] if check["outdated"]]
    missing = [check for check in counted["checks"] if check["missing"]]
    if outdated:
        changed = list(dict.fromkeys(part for check in outdated for part in check["changed"]))
        why = f" (ce qui a changé : {', '.join(changed)})" if changed else ""
        out.print(f"Contrôles à prouver de nouveau{why} : {_names(outdated)}.")
    if missing:
        out.print(f"Contrôles qui ne sont pas encore prouvés en entier : {_names(missing)}.")
    if counted["outdated"] + counted["missing"] > sum(counted["by_kind"].values()):
        out.print(f"« e5b prove --stack {counted['stack']} --changed » ne prouve que cela.")
    for kind, count in counted["by_kind"].items():
        what, option = _BY_KIND[kind]
        out.print(f"{what} : {numbered(count, 'étape')}, « e5b prove --stack {counted['stack']} {option} --changed ».")


def _counts(counted: EditionStandings) -> str:
    """How many steps stand how, in French."""
    missing = counted["missing"]
    parts = [
        (counted["earlier"], f"{counted['earlier']} avant un changement d'e5b"),
        (counted["outdated"], f"{counted['outdated']} à prouver de nouveau"),
        (missing, f"{missing} pas encore prouvées" if missing > 1 else "1 pas encore prouvée"),
    ]
    return ", ".join([numbered(counted["proven"], "prouvée"), *(text for count, text in parts if count)])


def functionalities(rows: Sequence[FunctionalityRow]) -> None:
    """Print the list of functionalities, with the checks that prove each fact and how far they are proven."""
    for row in rows:
        out.print(f"[bold]{row['id']}[/]")
        for fact in row["facts"]:
            checks = ", ".join(fact["checks"]) or "[dim]aucun contrôle[/]"
            out.print(Padding(f"{safe_markup(fact['text'])} : {checks}", (0, 0, 0, 2), expand=False))
            if proof := fact.get("proof"):
                out.print(
                    Padding(f"[{_COLOURS[proof['state']]}]{safe_markup(proof['text'])}[/]", (0, 0, 0, 4), expand=False)
                )


def _proven(count: int) -> str:
    return f"{numbered(count, 'étape')} {'est prouvée' if count < 2 else 'sont prouvées'}"


def _names(checks: Sequence[CheckStandings]) -> str:
    names = [check["id"] for check in checks[:_NAMED]]
    more = len(checks) - len(names)
    return ", ".join(names) + (f" et {numbered(more, 'autre')}" if more else "")
