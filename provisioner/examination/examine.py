"""Examines a station by its subject's checks: the document of it, and the report."""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from provisioner.core import clock
from provisioner.core.model import Finding, Station, Verdict
from provisioner.examination.browser import Examiner
from provisioner.examination.evidence import Evidence
from provisioner.examination.report import write_report
from provisioner.examination.run_checks import Frozen, findings
from provisioner.host.config import load_stacks
from provisioner.host.fingerprint import is_made_otherwise
from provisioner.leakcheck.refused_tries import ReportedTries, of_sitting
from provisioner.station.copies import frozen
from provisioner.station.identity import station_of
from provisioner.station.lifecycle import Centre, container_of, recovered
from provisioner.subject.subjects import Subject, load_subject


def examine(centre: Centre, name: str, candidate: str = "") -> dict[str, Any]:
    """Examine a station by its subject and write the report; its document (see report.py).

    `candidate` is whose work it is, as the report shall name him. The candidate's own files and tables stay as they are: the checks see a copy.
    """
    with centre.state.holding(centre.room.name, name, "check"):
        station = station_of(recovered(centre, name))
        if is_made_otherwise(station):
            centre.progress.step(f"{name} : son image a été construite par une autre version d'e5b")
        who = {"number": "", "name": candidate, "first_name": ""} if candidate else _listed(centre, station)
        box = container_of(centre, station)

        def tries() -> ReportedTries:
            return of_sitting(centre, box, centre.state.record(box.id) or {})

        document = examined(centre, station, frozen(centre, station), who, tries)
        record = centre.state.record(station.container) or {}
        reports = [*record.get("reports", []), str(Path(document["report"]).parent)]
        centre.state.note(station.container, reports=reports, examined_at=document["taken_at"])
        if not clock.is_complete(record, document["taken_at"]):
            centre.progress.step(f"{name} : son candidat a encore du temps ; examinez-le de nouveau après")
        return document


def examined(
    centre: Centre, station: Station, source: Frozen, who: dict[str, str] | None, tries: Callable[[], Mapping[str, Any]]
) -> dict[str, Any]:
    """The document of a station that is frozen by `source`, once its report is written."""
    started = time.monotonic()
    subject = load_subject(station.subject)
    evidence = Evidence(centre.state.report_folder(centre.room.name, station.name, datetime.now(centre.settings.zone)))
    checks = [wanted.check for question in subject.questions for wanted in question.wanted]
    try:
        centre.progress.step(f"{station.name} : copie du poste")
        with Examiner(centre.room.examiner_port, station.place) as examiner:
            taken_at, found = findings(centre, station, checks, examiner, evidence, source, subject.documents)
        centre.progress.step(f"{station.name} : rapport")
        document = _document(station, subject, who, taken_at, found, round(time.monotonic() - started, 1))
        document["network"] = tries()
        write_report(evidence.folder, document, centre.settings.zone)
    except BaseException:  # half an examination is none: its captures alone would mislead
        shutil.rmtree(evidence.folder, ignore_errors=True)
        raise
    return {**document, "report": str(evidence.folder / "report.html")}


def _listed(centre: Centre, station: Station) -> dict[str, str] | None:
    """The candidate of the day's list who sits there."""
    candidate = (centre.state.record(station.container) or {}).get("candidate")
    return {key: candidate[key] for key in ("number", "name", "first_name")} if candidate else None


def _document(
    station: Station,
    subject: Subject,
    candidate: dict[str, str] | None,
    taken_at: datetime,
    found: Sequence[Sequence[Finding]],
    seconds: float,
) -> dict[str, Any]:
    stack, rest = load_stacks()[station.stack], iter(found)
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
            {
                "number": question.number,
                "text": question.text,
                "criterion": question.criterion,
                "checks": [
                    {
                        "id": type(wanted.check).id,
                        "title": (type(wanted.check).__doc__ or "").strip().splitlines()[0].rstrip("."),
                        "skill": wanted.skill,
                        "acts": wanted.check.acts,
                        "may_act": wanted.check.may_act,
                        "findings": [
                            {
                                "fact": one.fact,
                                "verdict": str(one.verdict),
                                "expected": one.expected,
                                "observed": one.observed,
                                "evidence": list(one.evidence),
                            }
                            for one in next(rest)
                        ],
                    }
                    for wanted in question.wanted
                ],
            }
            for question in subject.questions
        ],
        "seconds": seconds,
    }


def verdicts(document: dict[str, Any]) -> list[Verdict]:
    """Every verdict of a document."""
    return [
        Verdict(one["verdict"])
        for question in document["questions"]
        for check in question["checks"]
        for one in check["findings"]
    ]
