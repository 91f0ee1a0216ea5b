"""Runs checks on copies of a station, and says whose fault it is when one can't decide."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from queue import Empty, Queue

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from provisioner.core.errors import BrowserUnavailable, EngineError, EvidenceLost, ProvisionerError, StationNotReady
from provisioner.core.interruption import awaited
from provisioner.core.model import Finding, Station, Verdict, judged_by_a_person
from provisioner.examination.browser import Examiner
from provisioner.examination.evidence import Evidence
from provisioner.examination.site import CopyShared, CopySite
from provisioner.station.copies import Copy, copied, frozen
from provisioner.station.lifecycle import Centre
from provisioner.subject.check import Check

#: How long a check may take, in seconds: many times what it does, and what a page without end costs.
DEADLINE = 120.0
#: A frozen station: its image, and when the work stopped.
Frozen = AbstractContextManager[tuple[str, datetime]]


def findings(
    centre: Centre,
    station: Station,
    checks: Sequence[Check],
    examiner: Examiner,
    evidence: Evidence,
    source: Frozen | None = None,
    documents: tuple[Path, ...] = (),
) -> tuple[datetime, list[list[Finding]]]:
    """What each check finds on a copy of the station taken now (or of `source`). One that acts has its own copy, last.

    That of a check that may act (Check.may_act) is known once it has begun with the others.
    """
    found: list[list[Finding]] = [[] for _ in checks]
    taken_at = datetime.now(centre.settings.zone)
    try:
        with source or frozen(centre, station) as (image, taken_at):
            groups = [[i for i, check in enumerate(checks) if not check.acts]]
            groups += [[i] for i, check in enumerate(checks) if check.acts]
            for group in groups:  # it grows
                if not group:
                    continue
                with copied(centre, station, image, taken_at, documents, shared=len(group) > 1) as copy:
                    these = [(i, checks[i]) for i in group]
                    groups += [[i] for i in _verify_each(centre, these, examiner, copy, evidence, found)]
            return taken_at, found
    except (StationNotReady, EngineError) as error:
        if isinstance(error, EngineError) and not any(found):
            raise
        pairs = zip(checks, found, strict=True)
        return taken_at, [one or _undecided(check, Verdict.BLOCKED, str(error)) for check, one in pairs]


def _verify_each(
    centre: Centre,
    checks: Sequence[tuple[int, Check]],
    examiner: Examiner,
    copy: Copy,
    evidence: Evidence,
    found: list[list[Finding]],
) -> list[int]:
    """Verify these checks on one copy, two at a time: one waits for the site while the other thinks.

    Gives those that have to act, which others who look there rule out.
    """
    acting: list[int] = []
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
            try:
                found[index] = _verify(check, through, copy, evidence)
            except CopyShared:
                acting.append(index)
            except BrowserUnavailable:  # the check is for whoever is left
                waiting.put((index, check))
                raise

    def beside() -> None:
        with suppress(BrowserUnavailable), Examiner(centre.room.examiner_port, copy.station.place) as other:
            work(other.begun())  # a second browser that doesn't start leaves everything to the first

    if not copy.shared:
        work(examiner)
        return acting
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(beside)
        try:
            work(examiner)
            awaited(second).result()
            work(examiner)
        except BaseException:
            with waiting.mutex:
                waiting.queue.clear()
            raise
    return acting


def _verify(check: Check, examiner: Examiner, copy: Copy, evidence: Evidence) -> list[Finding]:
    """The check's findings; what it raises, or can't have seen, is never the candidate's fault."""
    if lacking := sorted(set(check.needs()) - set(copy.station.versions)):
        return _undecided(
            check, Verdict.BLOCKED, f"Cette édition n'a pas ce que ce point demande : {', '.join(lacking)}."
        )
    began = time.monotonic()
    found = _seen(check, examiner, copy, evidence)
    # A machine that was busy for a moment blocks nobody. What acts would act twice, and see its own traces.
    acts = check.acts or (check.may_act and not copy.shared)
    soon = not acts and time.monotonic() - began < DEADLINE / 2
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
        except (EvidenceLost, CopyShared):
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
        return _undecided(
            check,
            Verdict.BROKEN,
            f"Le contrôle n'a pas fini en {DEADLINE:.0f} secondes et a été "
            "arrêté : une page du poste l'a peut-être retenu par un programme sans fin.",
        )
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
