"""Runs a subject's checks on a copy of a station, and says whose fault it is when one can't decide."""

import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from provisioner import clock
from provisioner.browser import Examiner
from provisioner.check import Check
from provisioner.config import load_stacks
from provisioner.copies import Copy, copied, frozen
from provisioner.errors import BrowserUnavailable, EvidenceLost, ProvisionerError, StationNotReady
from provisioner.evidence import Evidence
from provisioner.identity import station_of
from provisioner.interruption import awaited
from provisioner.lifecycle import Centre, container_of, recovered
from provisioner.model import Finding, Station, Verdict, judged_by_a_person
from provisioner.network_log import of_sitting
from provisioner.report import write_report
from provisioner.site import CopySite
from provisioner.subjects import Subject, load_subject

#: How long a check may take, in seconds: many times what it does, and what a page without end costs.
DEADLINE = 120.0


#: A frozen station: its image, and when the work stopped.
Frozen = AbstractContextManager[tuple[str, datetime]]


def examine(centre: Centre, name: str, candidate: str = "") -> dict[str, Any]:
    """Examine a station by its subject and write the report; its document (see report.py).

    `candidate` is whose work it is, as the report shall name him. The candidate's own files and tables stay as they are: the checks see a copy.
    """
    with centre.state.holding(centre.room.name, name, "check"):
        station = station_of(recovered(centre, name))
        who = {"number": "", "name": candidate, "first_name": ""} if candidate else _listed(centre, station)
        box = container_of(centre, station)

        def tries() -> dict[str, Any]:
            return of_sitting(centre, box, centre.state.record(box.id) or {})

        document = examined(centre, station, frozen(centre, station), who, tries)
        record = centre.state.record(station.container) or {}
        reports = [*record.get("reports", []), str(Path(document["report"]).parent)]
        centre.state.note(station.container, reports=reports, examined_at=document["taken_at"])
        if not clock.whole(record, document["taken_at"]):
            centre.progress.step(f"{name} : son candidat a encore du temps ; examinez-le de nouveau après")
        return document


def examined(
    centre: Centre, station: Station, source: Frozen, who: dict[str, str] | None, tries: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """The document of a station that is frozen by `source`, once its report is written."""
    started = time.monotonic()
    subject = load_subject(station.subject)
    evidence = Evidence(centre.state.report_folder(centre.room.name, station.name, datetime.now(centre.settings.zone)))
    checks = [wanted.check for question in subject.questions for wanted in question.wanted]
    try:
        centre.progress.step(f"{station.name} : copie du poste")
        with Examiner(centre.room.door, station.place) as examiner:
            taken_at, found = findings(centre, station, checks, examiner, evidence, source, subject.documents)
        centre.progress.step(f"{station.name} : rapport")
        document = _document(station, subject, who, taken_at, found, round(time.monotonic() - started, 1))
        document["network"] = tries()
        write_report(evidence.folder, document, centre.settings.zone)
    except BaseException:  # half an examination is none: its captures alone would mislead
        shutil.rmtree(evidence.folder, ignore_errors=True)
        raise
    return {**document, "report": str(evidence.folder / "report.html")}


def findings(
    centre: Centre, station: Station, checks: Sequence[Check], examiner: Examiner, evidence: Evidence,
    source: Frozen | None = None, documents: tuple[Path, ...] = (),
) -> tuple[datetime, list[list[Finding]]]:  # fmt: skip
    """What each check finds on a copy of the station taken now (or of `source`). One that acts has its own copy, last."""
    found: list[list[Finding]] = [[] for _ in checks]
    taken_at = datetime.now(centre.settings.zone)
    try:
        with source or frozen(centre, station) as (image, taken_at):
            quiet = [i for i, check in enumerate(checks) if not check.acts]
            acting = [[i] for i, check in enumerate(checks) if check.acts]
            for group in [quiet, *acting]:
                if not group:
                    continue
                with copied(centre, station, image, taken_at, documents) as copy:
                    _verify_each(centre, [(i, checks[i]) for i in group], examiner, copy, evidence, found)
            return taken_at, found
    except StationNotReady as error:
        pairs = zip(checks, found, strict=True)
        return taken_at, [one or _undecided(check, Verdict.BLOCKED, str(error)) for check, one in pairs]


def _verify_each(
    centre: Centre,
    checks: Sequence[tuple[int, Check]],
    examiner: Examiner,
    copy: Copy,
    evidence: Evidence,
    found: list[list[Finding]],
) -> None:
    """Verify these checks on one copy, two at a time: one waits for the site while the other thinks."""
    waiting: Queue[tuple[int, Check]] = Queue()
    for one in checks:
        waiting.put(one)

    def work(through: Examiner) -> None:
        while True:
            try:
                index, check = waiting.get_nowait()
            except Empty:
                return
            centre.progress.step(f"{copy.station.name} : {type(check).id}")
            found[index] = _verify(check, through, copy, evidence)

    def beside() -> None:
        with suppress(BrowserUnavailable), Examiner(centre.room.door, copy.station.place) as other:
            work(other.begun())  # a second browser that doesn't start leaves everything to the first

    if len(checks) == 1:
        work(examiner)
        return
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(beside)
        try:
            work(examiner)
            awaited(second).result()
        except BaseException:
            with waiting.mutex:
                waiting.queue.clear()
            raise


def _verify(check: Check, examiner: Examiner, copy: Copy, evidence: Evidence) -> list[Finding]:
    """The check's findings; what it raises, or can't have seen, is never the candidate's fault."""
    if lacking := sorted(set(check.needs()) - set(copy.station.versions)):
        return _undecided(
            check, Verdict.BLOCKED, f"Cette édition n'a pas ce que ce point demande : {', '.join(lacking)}."
        )
    began = time.monotonic()
    found = _seen(check, examiner, copy, evidence)
    # A machine that was busy for a moment blocks nobody. What acts would act twice, and see its own traces.
    soon = not check.acts and time.monotonic() - began < DEADLINE / 2
    if soon and any(one.verdict is Verdict.BLOCKED for one in found) and not copy.fault():
        copy.centre.progress.step(f"{copy.station.name} : {type(check).id}, une seconde fois")
        found = _seen(check, examiner, copy, evidence)
    return found


def _seen(check: Check, examiner: Examiner, copy: Copy, evidence: Evidence) -> list[Finding]:
    found: Sequence[Finding] = ()
    failure: Exception | None = None
    with examiner.within(DEADLINE) as expired:
        site = CopySite(examiner.browser, copy, evidence)
        try:
            found = check.verify(site)
        except EvidenceLost:
            raise
        except Exception as error:
            failure = error
        finally:
            late = expired.is_set()  # what was found before stands, however long it takes to close
            _close(site)
    if isinstance(failure, StationNotReady) and not late:
        return _undecided(check, Verdict.BLOCKED, str(failure))
    doubtful = late or failure or any(finding.verdict is Verdict.NOT_MET for finding in found)
    if doubtful and (fault := copy.fault()):
        return _undecided(check, Verdict.BLOCKED, f"Le poste est tombé en défaut pendant le contrôle : {fault}.")
    if late:
        return _undecided(check, Verdict.BROKEN, f"Le contrôle n'a pas fini en {DEADLINE:.0f} secondes et a été "
                          "arrêté : une page du poste l'a peut-être retenu par un programme sans fin.")  # fmt: skip
    if failure:
        return _undecided(check, Verdict.BROKEN, f"Le contrôle s'est arrêté : {stopped_by(failure)}.")
    by_fact = {finding.fact: _left_to_a_person(finding) for finding in found}
    return [
        by_fact.get(fact) or Finding(fact, Verdict.BROKEN, "un constat", "Le contrôle n'a rien dit de ce point.")
        for fact in check.facts()
    ]


def _left_to_a_person(finding: Finding) -> Finding:
    """The finding, unless it decides what only a person may: then what was seen is told, and he decides.

    Nothing is lost by it, and it costs nobody anything; `broken` would take what was seen from him.
    """
    if judged_by_a_person(finding.fact) and finding.verdict in (Verdict.MET, Verdict.NOT_MET):
        return replace(finding, verdict=Verdict.TO_JUDGE)
    return finding


def _undecided(check: Check, verdict: Verdict, why: str) -> list[Finding]:
    return [Finding(fact, verdict, "un constat", why) for fact in check.facts()]


def _close(site: CopySite) -> None:
    try:
        site.close()
    except PlaywrightError:  # the browser is gone: what the check saw is already told
        return


def stopped_by(error: Exception) -> str:
    """What stopped a check or a road, as the end of a French sentence; the library's own words follow."""
    if isinstance(error, ProvisionerError):
        return str(error).rstrip(".")
    text = (str(error).splitlines() or [""])[0][:240]
    what = "une erreur de son programme"
    if isinstance(error, PlaywrightError):
        what = (
            "le navigateur s'est fermé" if "closed" in text else "le navigateur n'a pas pu faire ce qui était demandé"
        )
    if isinstance(error, PlaywrightTimeout):
        what = "une page ou un élément attendu n'est pas venu à temps"
    return f"{what} (détail : {type(error).__name__} {text.rstrip('.')})"


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
                        "findings": [
                            {
                                "fact": one.fact, "verdict": str(one.verdict), "expected": one.expected,
                                "observed": one.observed, "evidence": list(one.evidence),
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
    }  # fmt: skip


def verdicts(document: dict[str, Any]) -> list[Verdict]:
    """Every verdict of a document."""
    return [
        Verdict(one["verdict"])
        for question in document["questions"]
        for check in question["checks"]
        for one in check["findings"]
    ]
