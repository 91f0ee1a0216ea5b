"""From what a check found on a copy to what the report says: the end of an examination, which needs no station.

It runs on the day of the exam, and again when a recording is judged, so that both come to the same verdicts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from provisioner.core.errors import StationNotReady
from provisioner.core.model import Finding, Verdict, judged_by_a_person
from provisioner.examination.additions import Additions
from provisioner.examination.asked import AskedSite
from provisioner.examination.check_failure import detail_of, reason_of
from provisioner.examination.recording import NotAsked, Recorded, RecordedLook, Recording, as_json
from provisioner.examination.second_look import Look, compared, doubted
from provisioner.host.editions import company_of
from provisioner.subject.check import Check


class RecordingUnlike(Exception):
    """A recording that doesn't give the verdicts which it was made with: something that they rest on isn't in it."""


@dataclass(frozen=True)
class Looked:
    """A check's look at a site, and the one without the programs that were added, where there was a second."""

    whole: Look
    without: Look | None = None


@dataclass
class Examined:
    """What the checks found on a station, each in its place, when the work had stopped, and what was added to the site.

    `looked` are the looks that it was found by.
    """

    taken_at: datetime
    findings: list[list[Finding]]
    additions: Additions = field(default_factory=Additions)
    looked: list[Looked] = field(default_factory=list)


def judge(look: Look, without: Look | None, additions: Additions) -> list[Finding]:
    """What is said of a site by a look at it, by a second one `without` the programs that were added, and by what was added."""
    if look.late or additions.in_pages:
        look = compared(look, without)
    return doubted(look.findings, additions)


def judge_again(check: Check, recording: Recording, documents: Sequence[Path]) -> list[Finding]:
    """What the check finds in what a site answered once; `documents` are the folders of the subject's documents.

    NotAsked where it asks something that the site was not asked then.
    """

    def look(recorded: RecordedLook) -> Look:
        answers = Recorded(recorded, recording.taken_at, company_of(recording.edition), documents)
        return Look(_found_again(check, answers), withheld=recorded.withheld)

    without = look(recording.without) if recording.without else None
    return judge(look(recording.whole), without, recording.additions)


def _found_again(check: Check, answers: Recorded) -> list[Finding]:
    try:
        return findings_of_each_fact(check, check.verify(AskedSite(answers)))
    except NotAsked:
        raise
    except StationNotReady as error:
        return undecided_findings(check, Verdict.BLOCKED, str(error))
    except Exception as error:
        return findings_of_failure(check, error, answers.note)


def statements_of(
    found: Sequence[Finding], mask: Callable[[str], str] = str
) -> tuple[tuple[str, Verdict, str, str], ...]:
    """What findings say, as a recording keeps it."""
    return tuple((one.fact, one.verdict, mask(one.expected), mask(one.observed)) for one in found)


def shown_of(found: Sequence[Finding], shown: Callable[[str], str] = str) -> tuple[tuple[str, ...], ...]:
    """What the evidence of each finding shows, as a recording keeps it."""
    return tuple(tuple(dict.fromkeys(map(shown, one.evidence))) for one in found)


def findings_of_each_fact(check: Check, found: Sequence[Finding]) -> list[Finding]:
    """A finding for each fact that is wanted; what only a person may decide is left to him."""
    by_fact = {finding.fact: _left_to_a_person(finding) for finding in found}
    return [
        by_fact.get(fact) or Finding(fact, Verdict.BROKEN, "un constat", "Le contrôle n’a rien dit de ce point.")
        for fact in check.facts()
    ]


def findings_of_failure(check: Check, error: Exception, note: Callable[[str, str], str]) -> list[Finding]:
    """The findings of a check that stopped by its own fault."""
    detail = note("ce qui a arrêté le contrôle", detail_of(error))
    return undecided_findings(check, Verdict.BROKEN, f"Le contrôle s’est arrêté : {reason_of(error)}.", detail)


def undecided_findings(check: Check, verdict: Verdict, reason: str, *evidence: str) -> list[Finding]:
    """The same of each fact that is wanted: it could not be verified, for this reason."""
    return [Finding(fact, verdict, "un constat", reason, evidence) for fact in check.facts()]


def _left_to_a_person(finding: Finding) -> Finding:
    """The finding, with `to_judge` in place of a verdict that only a person may give.

    `broken` would hide from that person what was observed.
    """
    if judged_by_a_person(finding.fact) and finding.verdict in (Verdict.MET, Verdict.NOT_MET):
        return replace(finding, verdict=Verdict.TO_JUDGE)
    return finding


def _texts(found: Sequence[tuple[str, Verdict, str, str]]) -> str:
    """Verdicts with what was observed, as a French sentence quotes them."""
    return " ; ".join(f"« {verdict.french} : {observed} »" for _, verdict, _, observed in found)


def recording_of(
    check: Check, edition: str, examined: Examined, index: int, documents: Sequence[Path]
) -> Recording | None:
    """What the verdicts of the check at that place rest on; None where something could not be verified.

    RecordingUnlike when it doesn't give the same verdicts and sentences again, ValueError when no file can hold it.
    """
    looked = examined.looked[index]
    if looked.whole.kept is None or (looked.without and looked.without.kept is None):
        return None
    whole, mask, shown = looked.whole.kept.look(looked.whole.withheld)
    without, mask_second = None, mask
    if looked.without and looked.without.kept:
        without, mask_second, shown_second = looked.without.kept.look(looked.without.withheld)
        shown |= shown_second
    recording = Recording(
        check=type(check).id,
        values=check.model_dump(mode="json"),
        edition=edition,
        taken_at=examined.taken_at,
        additions=examined.additions,
        whole=whole,
        without=without,
        found=statements_of(examined.findings[index], lambda text: mask_second(mask(text))),
        shown=shown_of(examined.findings[index], lambda path: shown.get(path, path)),
    )
    text = as_json(recording.model_dump(mode="json")).encode()  # an answer may hold half of a pair of surrogates
    try:
        findings = judge_again(check, Recording.model_validate_json(text), documents)
    except NotAsked as error:
        raise RecordingUnlike(f"le contrôle demande autre chose : {error}") from error
    if (again := statements_of(findings)) != recording.found:
        raise RecordingUnlike(f"jugé de nouveau, {_texts(recording.found)} devient {_texts(again)}")
    if (pictures := shown_of(findings)) != recording.shown:
        raise RecordingUnlike(f"jugé de nouveau, il montre {pictures}, et non {recording.shown}")
    return recording
