"""The recordings of an examination, which lie beside its report, and what today's code concludes from them, without a station."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from provisioner.core.errors import EvidenceLost, ProvisionerError, Refusal
from provisioner.core.model import Finding, Verdict
from provisioner.examination.document import CheckDocument, ExaminationDocument
from provisioner.examination.judging import Examined, RecordingUnlike, judge_again, recording_of, statements_of
from provisioner.examination.recording import NotAsked
from provisioner.examination.recording_file import RecordedStep, read_recordings, write_recordings
from provisioner.host.disk import disk_in_french
from provisioner.host.editions import company_of, stack_named
from provisioner.station.state import REPORT_JSON
from provisioner.subject.check import Check
from provisioner.subject.subjects import checks_of, load_subject

#: The file of recordings in a report's folder.
RECORDINGS_NAME = "recordings.jsonl"
#: How many characters an examination keeps of what the site answered: what a usual one has, many times over.
_ROOM = 20_000_000
#: What becomes of a check that is judged again: "archive" where that takes the candidate's work.
Outcome = Literal["same", "sentence", "verdict", "archive"]


@dataclass(frozen=True)
class JudgedAgain:
    """A check of a report judged again: `before` and `now` have fact, verdict, expected and observed; `why` it takes the archive."""

    question: int
    check: str
    title: str
    before: tuple[tuple[str, Verdict, str, str], ...] = ()
    now: tuple[tuple[str, Verdict, str, str], ...] = ()
    why: str = ""

    @property
    def outcome(self) -> Outcome:
        """What changed since the examination."""
        if self.why:
            return "archive"
        if [one[:2] for one in self.before] != [one[:2] for one in self.now]:
            return "verdict"
        return "same" if self.before == self.now else "sentence"

    def document(self) -> dict[str, object]:
        """What `check --again --json` prints of it."""
        return {
            "question": self.question,
            "id": self.check,
            "outcome": self.outcome,
            "why": self.why,
            "before": [_statement(*one) for one in self.before],
            "now": [_statement(*one) for one in self.now],
        }


def keep_recordings(
    folder: Path,
    edition: str,
    names: Sequence[str],
    checks: Sequence[Check],
    examined: Examined,
    documents: Sequence[Path],
) -> None:
    """Keep what the site answered to each of these checks, under its name in the report, as far as there is a recording of it.

    A check without one can be judged again on the archive only. EvidenceLost where the disk refuses.
    """
    kept, room = [], _ROOM
    for index, (name, check, looked) in enumerate(zip(names, checks, examined.looked, strict=True)):
        room -= sum(look.kept.size for look in (looked.whole, looked.without) if look and look.kept)
        if room < 0:
            continue
        with suppress(RecordingUnlike, ValueError):
            if recording := recording_of(check, edition, examined, index, documents):
                kept.append(RecordedStep(step=name, name=type(check).id, recording=recording))
    path = folder / RECORDINGS_NAME
    with disk_in_french(path, EvidenceLost), suppress(ValueError):  # more than a file may hold
        write_recordings(path, kept, mode=0o600)


def digest_of_data(edition: str, documents: Sequence[Path]) -> str:
    """The digest of what verdicts rest on besides the site: the company's data, and the documents of a subject. OSError."""
    company, digest = company_of(edition), hashlib.sha256()
    for root in (company, *documents):
        names = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
        for name, path in sorted(names.items()):
            if root != company or not name.startswith("subjects/"):
                digest.update(f"{name}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def rests_on_other_data(document: ExaminationDocument) -> bool:
    """Whether the company's data or the subject's documents changed since a report was written; an earlier one doesn't say."""
    if "data" not in document:
        return False
    try:
        return document["data"] != digest_of_data(document["stack"], _documents(document["subject"]))
    except OSError:
        return True


def _statement(fact: str, verdict: Verdict, expected: str, observed: str) -> dict[str, str]:
    return {"fact": fact, "verdict": str(verdict), "expected": expected, "observed": observed}


def recording_name(question: int, place: int) -> str:
    """How the recording of a check is called: by its question, and its place there."""
    return f"{question}.{place}"


def judge_report_again(report: Path) -> tuple[ExaminationDocument, list[JudgedAgain]]:
    """A report's document, and each of its checks judged again; `report` is its folder, or a file of it. Changes nothing.

    Refusal where there is no report. ConfigurationError where its recordings are damaged.
    """
    folder = report if report.is_dir() else report.parent
    try:
        document: ExaminationDocument = json.loads((folder / REPORT_JSON).read_bytes())
        cms = stack_named(document["stack"]).cms
        checks = [
            (question["number"], place, check)
            for question in document["questions"]
            for place, check in enumerate(question["checks"], 1)
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal(
            f"« {report} » n'est pas un rapport d'e5b : donnez le dossier où « e5b check » a écrit report.html."
        ) from error
    recorded = {one.step: one for one in read_recordings(folder / RECORDINGS_NAME)}
    documents = [*_documents(document["subject"]), company_of(document["stack"]) / "media"]
    return document, [
        _judged(question, check, recorded.get(recording_name(question, place)), cms, documents)
        for question, place, check in checks
    ]


def _documents(subject: str) -> tuple[Path, ...]:
    """The folders of a subject's documents, while the subject is there."""
    with suppress(ProvisionerError):
        return load_subject(subject).documents
    return ()


def _judged(
    question: int, document: CheckDocument, recorded: RecordedStep | None, cms: str, documents: Sequence[Path]
) -> JudgedAgain:
    again = JudgedAgain(question, document["id"], document["title"])
    if recorded is None:
        return replace(again, why="ce que le site a répondu à ce contrôle n'est pas dans le rapport")
    kind, recording = checks_of(cms).get(recorded.recording.check), recorded.recording
    if kind is None:
        return replace(again, why="e5b n'a plus ce contrôle")
    try:
        check = kind.model_validate(recording.values, context={"company": company_of(recording.edition)})
        found: list[Finding] = judge_again(check, recording, documents)
    except ValidationError:
        return replace(again, why="ce que le sujet demandait ne s'écrit plus ainsi")
    except NotAsked:
        return replace(again, why="le contrôle regarde aujourd'hui autre chose du site")
    return replace(again, before=recording.found, now=statements_of(found))
