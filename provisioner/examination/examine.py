"""Examines a station by its subject's checks: gives the document of what was found, and writes the report."""

import logging
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from provisioner.core import clock
from provisioner.core.batches import each
from provisioner.core.errors import Refusal
from provisioner.core.model import Finding, Station, Verdict
from provisioner.core.progress import grouped
from provisioner.core.records import Candidate
from provisioner.examination.again import digest_of_data, keep_recordings, recording_name
from provisioner.examination.browser import Examiner
from provisioner.examination.document import (
    CandidateDocument,
    CheckDocument,
    ExaminationDocument,
    FindingDocument,
    QuestionDocument,
)
from provisioner.examination.evidence import Evidence
from provisioner.examination.report import write_report
from provisioner.examination.run_checks import FrozenStation, findings
from provisioner.examination.seed_findings import as_seeded
from provisioner.host.editions import stack_named
from provisioner.host.fingerprint import is_made_otherwise
from provisioner.leakcheck.refused_tries import of_sitting
from provisioner.station.centre import Centre, container_of
from provisioner.station.copies import frozen
from provisioner.station.identity import station_of
from provisioner.station.recovery import recovered
from provisioner.subject.subjects import Subject, WantedCheck, load_subject

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Examinations:
    """The documents of the stations or archives that were examined, in their order, and the errors of the others."""

    documents: tuple[ExaminationDocument, ...]
    errors: tuple[Exception, ...]

    @property
    def verdicts(self) -> list[Verdict]:
        """Every verdict of all documents."""
        return [verdict for document in self.documents for verdict in verdicts(document)]


def examine_stations(centre: Centre, names: Sequence[str], candidate: str = "") -> Examinations:
    """Examine these stations, two at a time. What has to be remarked of several is said once, at the end.

    A `candidate` can only be named for one station: raises a Refusal.
    """
    if candidate and len(names) != 1:
        raise Refusal(
            "Un seul poste à la fois peut porter le nom d'un candidat : « e5b check poste-01 --candidate NOM »."
        )
    remarks: list[tuple[str, str]] = []

    def remark(name: str, text: str) -> None:
        remarks.append((name, text))

    documents, errors = each(names, lambda name: examine(centre, name, candidate, remark), 2)
    for sentence in grouped(sorted(remarks)):
        centre.progress.step(sentence)
    return Examinations(tuple(documents), tuple(errors))


def examine(
    centre: Centre, name: str, candidate: str = "", remark: Callable[[str, str], None] | None = None
) -> ExaminationDocument:
    """Examine a station by its subject and write the report.

    `candidate` is the name that the report shall carry; without it, that of the list is taken. The candidate's own files and
    tables stay as they are, since the checks see a copy. `remark` takes the station's name and a sentence about it;
    without it, the sentence is a step.
    """
    say = remark or (lambda name, text: centre.progress.step(f"{name} : {text}"))
    with centre.state.holding(centre.room.name, name, "check"):
        station = station_of(recovered(centre, name))
        if is_made_otherwise(station):
            say(name, "l'image a été construite par une autre version d'e5b")
        named_candidate = CandidateDocument(number="", name=candidate, first_name="") if candidate else None
        container = container_of(centre, station)

        def refused_tries() -> Mapping[str, object]:
            return of_sitting(centre, container, centre.state.record(container.id))

        document = examine_frozen(
            centre,
            station,
            frozen(centre, station),
            named_candidate or _candidate_on_list(centre, station),
            centre.state.record(container.id).running,
            refused_tries,
        )
        record = centre.state.record(station.container)
        reports = (*record.reports, str(Path(document["report"]).parent))
        centre.state.note(station.container, reports=reports, examined_at=document["taken_at"])
        if "additions" in document:
            say(name, "des programmes ont été ajoutés au site, son rapport dit lesquels")
        if not clock.is_complete(record.running, datetime.fromisoformat(document["taken_at"])):
            say(name, "le candidat a encore du temps ; examinez de nouveau après")
        return document


def examine_frozen(
    centre: Centre,
    station: Station,
    source: FrozenStation,
    candidate: CandidateDocument | None,
    running: clock.Clock | None,
    refused_tries: Callable[[], Mapping[str, object]],
) -> ExaminationDocument:
    """Examine a station whose state is that of `source`, and write the report.

    Busy where another examination has the copy of that place. `running` is the candidate's time, None where there is none. `refused_tries` is called after the checks, so that tries made while they ran are in the report.
    """
    started = time.monotonic()
    subject = load_subject(station.subject)
    evidence = Evidence(centre.state.report_folder(centre.room.name, station.name, datetime.now(centre.settings.zone)))
    checks = [wanted.check for question in subject.questions for wanted in question.wanted]
    try:
        centre.progress.step(f"{station.name} : copie du poste")
        with (
            centre.state.holding(centre.room.name, f"copie-{station.place:02}", "check"),
            Examiner(centre.room.examiner_port, station.place, tls=centre.room.tls) as examiner,
        ):
            examined = findings(centre, station, checks, examiner, evidence, source, subject.documents)
            seeded = as_seeded(
                centre, station, subject, examiner, examined.taken_at, examined.findings, evidence.folder
            )
        centre.progress.step(f"{station.name} : rapport")
        document = _document(
            station,
            subject,
            candidate,
            examined.taken_at,
            examined.findings,
            seeded,
            round(time.monotonic() - started, 1),
        )
        named = dict.fromkeys(piece for found in examined.findings for finding in found for piece in finding.evidence)
        document["ended"] = running is not None and clock.is_complete(running, examined.taken_at)
        document["captions"] = {piece: evidence.captions[piece] for piece in named if piece in evidence.captions}
        if examined.additions:
            document["additions"] = examined.additions.document()
        document["network"] = refused_tries()
        with suppress(OSError):
            document["data"] = digest_of_data(station.stack, subject.documents)
        write_report(evidence.folder, document, centre.settings.zone)
    except BaseException:  # an examination that was broken off has no report: its captures alone would mislead
        shutil.rmtree(evidence.folder, ignore_errors=True)
        raise
    names = [recording_name(q.number, place) for q in subject.questions for place, _ in enumerate(q.wanted, 1)]
    try:
        keep_recordings(evidence.folder, station.stack, names, checks, examined, subject.documents)
    except Exception:  # whatever a site answered, its candidate has his report
        _log.exception("no recordings of %s", evidence.folder)
    return {**document, "report": str(evidence.folder / "report.html")}


def _candidate_on_list(centre: Centre, station: Station) -> CandidateDocument | None:
    """The candidate of the day's list whose station it is."""
    return candidate_document(centre.state.record(station.container).candidate)


def candidate_document(candidate: Candidate | None) -> CandidateDocument | None:
    """A candidate as a report names him."""
    if candidate is None:
        return None
    return CandidateDocument(number=candidate.number, name=candidate.name, first_name=candidate.first_name)


def _document(
    station: Station,
    subject: Subject,
    candidate: CandidateDocument | None,
    taken_at: datetime,
    findings_by_check: Sequence[Sequence[Finding]],
    seeded: Sequence[bool],
    seconds: float,
) -> ExaminationDocument:
    """The document; the findings of each check, and whether they are as seeded, are in the order of the subject."""
    stack, remaining = stack_named(station.stack), zip(findings_by_check, seeded, strict=True)
    return {
        "station": station.name,
        "subject": subject.id,
        "subject_title": subject.title,
        "candidate": candidate,
        "stack": stack.id,
        "stack_title": stack.title,
        "official": stack.official,
        "conforming": station.conformity.conforming,
        "differs": list(station.conformity.differs),
        "versions": dict(station.versions),
        "address": station.address,
        "golden": station.golden,
        "built_at": station.built_at.isoformat(),
        "taken_at": taken_at.isoformat(),
        "report": "report.html",
        "questions": [
            QuestionDocument(
                number=question.number,
                text=question.text,
                criterion=question.criterion,
                checks=[_check_document(wanted, *next(remaining)) for wanted in question.wanted],
            )
            for question in subject.questions
        ],
        "seconds": seconds,
    }


def _check_document(wanted: WantedCheck, findings_made: Sequence[Finding], seeded: bool) -> CheckDocument:
    check = wanted.check
    return {
        "id": type(check).id,
        "title": (type(check).__doc__ or "").strip().splitlines()[0].rstrip("."),
        "skill": wanted.skill,
        "acts": check.acts,
        "may_act": check.may_act,
        "as_seeded": seeded,
        "findings": [
            FindingDocument(
                fact=finding.fact,
                verdict=str(finding.verdict),
                expected=finding.expected,
                observed=finding.observed,
                evidence=list(finding.evidence),
            )
            for finding in findings_made
        ],
    }


def verdicts(document: ExaminationDocument) -> list[Verdict]:
    """Every verdict of a document."""
    return [
        Verdict(finding["verdict"])
        for question in document["questions"]
        for check in question["checks"]
        for finding in check["findings"]
    ]
