"""Runs checks on copies of a station. When a check can't decide, says whether that is its own fault or the station's."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
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
from provisioner.station.centre import Centre
from provisioner.station.copies import Copy, copied, frozen
from provisioner.subject.check import Check

#: How long a check may take, in seconds: many times what the slowest needs, so that only endless scripts reach it.
DEADLINE = 120.0
#: The state of a station to examine: the image of it, and when the work stopped.
FrozenStation = AbstractContextManager[tuple[str, datetime]]


def findings(
    centre: Centre,
    station: Station,
    checks: Sequence[Check],
    examiner: Examiner,
    evidence: Evidence,
    source: FrozenStation | None = None,
    documents: tuple[Path, ...] = (),
) -> tuple[datetime, list[list[Finding]]]:
    """When the work stopped, and what each check finds on a copy of the station as it is now, or of `source`.

    Checks that only look share one copy. Each check that acts has a copy of its own, afterwards; whether a check that may
    act (Check.may_act) has to shows only when it runs among the others.
    """
    by_check: list[list[Finding]] = [[] for _ in checks]
    taken_at = datetime.now(centre.settings.zone)
    try:
        with source or frozen(centre, station) as (image, taken_at):
            groups = [[i for i, check in enumerate(checks) if not check.acts]]
            groups += [[i] for i, check in enumerate(checks) if check.acts]
            for group in groups:  # more groups are added while they are gone through
                if not group:
                    continue
                own_copy = copied(centre, station, image, taken_at, documents, shared=len(group) > 1)
                with _while_browser_starts(own_copy, examiner) as copy:
                    chosen = [(i, checks[i]) for i in group]
                    groups += [[i] for i in _verify_each(centre, chosen, examiner, copy, evidence, by_check)]
            return taken_at, by_check
    except (StationNotReady, EngineError) as error:
        if isinstance(error, EngineError) and not any(by_check):
            raise
        pairs = zip(checks, by_check, strict=True)
        return taken_at, [of_check or _undecided(check, Verdict.BLOCKED, str(error)) for check, of_check in pairs]


@contextmanager
def _while_browser_starts(own_copy: AbstractContextManager[Copy], examiner: Examiner) -> Iterator[Copy]:
    """The copy for the time of the block; it is made while the browser starts.

    Of a copy that checks share, an administrator is signed in meanwhile, since nearly each check needs one.
    """
    with ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        entering = pool.submit(stack.enter_context, own_copy)
        examiner.started()
        copy = awaited(entering).result()
        if copy.shared:
            pool.submit(copy.sign_in, "administrator")  # where it fails, the check that needs it says why
        yield copy


def _verify_each(
    centre: Centre,
    checks: Sequence[tuple[int, Check]],
    examiner: Examiner,
    copy: Copy,
    evidence: Evidence,
    by_check: list[list[Finding]],
) -> list[int]:
    """Verify these checks on one copy and put their findings into `by_check`, each at its index.

    On a shared copy two run at a time, in two browsers: while one waits for the site, the other computes. Returns the
    indices of the checks that have to act, which they can't while others look at the copy.
    """
    acting: list[int] = []
    waiting: Queue[tuple[int, Check]] = Queue()
    for indexed in checks:
        waiting.put(indexed)

    def work(browser: Examiner) -> None:
        while True:
            try:
                index, check = waiting.get_nowait()
            except Empty:
                return
            centre.progress.step(f"{copy.station.name} : {type(check).id}")
            try:
                by_check[index] = _verify(check, browser, copy, evidence)
            except CopyShared:
                acting.append(index)
            except BrowserUnavailable:  # the other browser takes the check
                waiting.put((index, check))
                raise

    def work_in_second_browser() -> None:
        with (
            suppress(BrowserUnavailable),
            Examiner(centre.room.examiner_port, copy.station.place, tls=centre.room.tls) as second_browser,
        ):
            work(second_browser.started())  # when it doesn't start, the first browser does everything

    if not copy.shared:
        work(examiner)
        return acting
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(work_in_second_browser)
        try:
            work(examiner)
            awaited(second).result()
            work(examiner)  # what the second browser gave back when it was closed
        except BaseException:
            with waiting.mutex:
                waiting.queue.clear()
            raise
    return acting


def _verify(check: Check, examiner: Examiner, copy: Copy, evidence: Evidence) -> list[Finding]:
    """The check's findings, tried a second time when the station didn't answer.

    What the check raises, or couldn't see, is never `not_met`: it must not count against the candidate.
    """
    if lacking := sorted(set(check.needs()) - set(copy.station.versions)):
        return _undecided(
            check, Verdict.BLOCKED, f"Cette édition n'a pas ce que ce point demande : {', '.join(lacking)}."
        )
    began = time.monotonic()
    findings_made = _verify_once(check, examiner, copy, evidence)
    # A machine that was busy for a short time is no fault. A check that acts isn't repeated: it would see its own traces.
    acts = check.acts or (check.may_act and not copy.shared)
    repeatable = not acts and time.monotonic() - began < DEADLINE / 2
    if repeatable and any(finding.verdict is Verdict.BLOCKED for finding in findings_made) and not copy.fault():
        copy.centre.progress.step(f"{copy.station.name} : {type(check).id}, une seconde fois")
        findings_made = _verify_once(check, examiner, copy, evidence)
    return findings_made


def _verify_once(check: Check, examiner: Examiner, copy: Copy, evidence: Evidence) -> list[Finding]:
    findings_made: Sequence[Finding] = ()
    failure: Exception | None = None
    with examiner.within(DEADLINE) as expired:
        site = CopySite(examiner.browser, copy, evidence)
        try:
            findings_made = check.verify(site)
        except (EvidenceLost, CopyShared):
            raise
        except Exception as error:
            failure = error
        finally:
            late = expired.is_set()  # read before closing, whose duration doesn't count
            _close(site)
    if isinstance(failure, StationNotReady) and not late:
        return _undecided(check, Verdict.BLOCKED, str(failure))
    doubtful = late or failure or any(finding.verdict is Verdict.NOT_MET for finding in findings_made)
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
        detail = evidence.note("ce qui a arrêté le contrôle", detail_of(failure))
        return _undecided(check, Verdict.BROKEN, f"Le contrôle s'est arrêté : {reason_of(failure)}.", detail)
    by_fact = {finding.fact: _left_to_a_person(finding) for finding in findings_made}
    return [
        by_fact.get(fact) or Finding(fact, Verdict.BROKEN, "un constat", "Le contrôle n'a rien dit de ce point.")
        for fact in check.facts()
    ]


def _left_to_a_person(finding: Finding) -> Finding:
    """The finding, with `to_judge` in place of a verdict that only a person may give.

    `broken` would hide from that person what was observed.
    """
    if judged_by_a_person(finding.fact) and finding.verdict in (Verdict.MET, Verdict.NOT_MET):
        return replace(finding, verdict=Verdict.TO_JUDGE)
    return finding


def _undecided(check: Check, verdict: Verdict, reason: str, *evidence: str) -> list[Finding]:
    return [Finding(fact, verdict, "un constat", reason, evidence) for fact in check.facts()]


def _close(site: CopySite) -> None:
    try:
        site.close()
    except PlaywrightError:  # the browser is gone, and nothing more is needed of it
        return


def stopped_by(error: Exception) -> str:
    """What stopped a candidate's way, as the end of a French sentence that quotes the library."""
    detail = "" if isinstance(error, ProvisionerError) else f" (détail : {detail_of(error)})"
    return reason_of(error) + detail


def reason_of(error: Exception) -> str:
    """What stopped a check or a candidate's way, as the end of a sentence that is French alone."""
    if isinstance(error, ProvisionerError):
        return str(error).rstrip(".")
    if isinstance(error, PlaywrightTimeout):
        return "une page ou un élément attendu n'est pas venu à temps"
    if isinstance(error, PlaywrightError):
        closed = "closed" in str(error).partition("\n")[0]
        return "le navigateur s'est fermé" if closed else "le navigateur n'a pas pu faire ce qui était demandé"
    return "une erreur de son programme"


def detail_of(error: Exception) -> str:
    """The library's own words, in one line, for whoever mends it."""
    return f"{type(error).__name__} {(str(error).splitlines() or [''])[0][:240].rstrip('.')}"
