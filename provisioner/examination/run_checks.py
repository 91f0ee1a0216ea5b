"""Runs checks on copies of a station. When a check can't decide, says whether that is its own fault or the station's."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import Empty, Queue

from playwright.sync_api import Error as PlaywrightError

from provisioner.core.errors import BrowserUnavailable, EngineError, EvidenceLost, StationNotReady
from provisioner.core.interruption import awaited
from provisioner.core.model import Finding, Station, Verdict
from provisioner.examination.additions import Additions, read_additions
from provisioner.examination.browser import Examiner
from provisioner.examination.evidence import Evidence
from provisioner.examination.judging import (
    Examined,
    Looked,
    findings_of_each_fact,
    findings_of_failure,
    judge,
    undecided_findings,
)
from provisioner.examination.second_look import Look
from provisioner.examination.site import CopyShared, CopySite
from provisioner.examination.withheld import Withholding
from provisioner.station.centre import Centre
from provisioner.station.copies import Copy, copied, frozen
from provisioner.subject.check import Check

#: How long a check may take, in seconds: many times what the slowest needs, so that only endless scripts reach it.
DEADLINE = 120.0
#: The state of a station to examine: the image of it, and when the work stopped.
FrozenStation = AbstractContextManager[tuple[str, datetime]]
#: Runs work in another browser, at the same time.
_Elsewhere = Callable[[Callable[[Examiner], None]], Future[None]]


def findings(
    centre: Centre,
    station: Station,
    checks: Sequence[Check],
    examiner: Examiner,
    evidence: Evidence,
    source: FrozenStation | None = None,
    documents: tuple[Path, ...] = (),
) -> Examined:
    """What each check finds on a copy of the station as it is now, or of `source`.

    Checks that only look share one copy. Each check that acts has a copy of its own, afterwards; whether a check that may
    act (Check.may_act) has to shows only when it runs among the others. Where the candidate added programs to the site's
    pages, the checks look a second time, without them: see second_look.py.
    """
    looking = _Looking(centre, station, checks, examiner, evidence, documents, datetime.now(centre.settings.zone))
    looks: dict[int, Look] = {}
    without: dict[int, Look] = {}
    stopped_by = ""
    try:
        with source or frozen(centre, station) as (looking.image, looking.taken_at):
            looking.look(range(len(checks)), looks)
            again = [i for i, look in looks.items() if look.late or looking.additions.in_pages]
            if again:
                centre.progress.step(f"{station.name} : une seconde fois, sans les programmes ajoutés au site")
                looking.look(again, without, withhold=True)
    except (StationNotReady, EngineError) as error:
        if isinstance(error, EngineError) and not looks:
            raise
        stopped_by = str(error)
    looked = [
        Looked(looks.get(i) or Look(undecided_findings(check, Verdict.BLOCKED, stopped_by)), without.get(i))
        for i, check in enumerate(checks)
    ]
    found = [judge(one.whole, one.without, looking.additions) for one in looked]
    return Examined(looking.taken_at, found, looking.additions, looked)


@dataclass
class _Looking:
    """Looks at copies of one frozen station, and reads on the first of them what was added to its programs."""

    centre: Centre
    station: Station
    checks: Sequence[Check]
    examiner: Examiner
    evidence: Evidence
    documents: tuple[Path, ...]
    taken_at: datetime
    image: str = ""
    additions: Additions = field(default_factory=partial(Additions, unread="la copie s'est arrêtée avant"))
    _read: bool = False

    def look(self, indices: Sequence[int], looks: dict[int, Look], *, withhold: bool = False) -> None:
        """Put what the checks at these indices find into `looks`, as it comes."""
        groups = [[i for i in indices if not self.checks[i].acts]]
        groups += [[i] for i in indices if self.checks[i].acts]
        for group in groups:  # more groups are added while they are gone through
            if not group:
                continue
            shared = len(group) > 1
            own_copy = copied(self.centre, self.station, self.image, self.taken_at, self.documents, shared=shared)
            with (
                _second_browser(self.centre, self.station, wanted=shared) as in_second_browser,
                _while_browser_starts(own_copy, self.examiner) as copy,
                self._reading_additions(copy),
            ):
                on_copy = _OnCopy(copy, self.evidence, self.additions if withhold else None, in_second_browser)
                groups += [
                    [i] for i in _verify_each([(i, self.checks[i]) for i in group], self.examiner, on_copy, looks)
                ]

    @contextmanager
    def _reading_additions(self, copy: Copy) -> Iterator[None]:
        """Read them while the checks of the block look, once. The golden image has none."""
        if self.image == self.station.golden:
            self.additions, self._read = Additions(), True
        if self._read:
            yield
            return
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(read_additions, copy)
            yield
            self.additions, self._read = awaited(reading).result(), True


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


@contextmanager
def _second_browser(centre: Centre, station: Station, *, wanted: bool) -> Iterator[_Elsewhere | None]:
    """What runs work in a second browser, in a thread of its own; the browser starts at once, while the copy is made.

    Where it doesn't start, the work isn't done, and the first browser does everything.
    """
    if not wanted:
        yield None
        return
    with ThreadPoolExecutor(1) as pool:
        opened = ExitStack()
        browser = Examiner(centre.room.examiner_port, station.place, tls=centre.room.tls)
        starting = pool.submit(lambda: opened.enter_context(browser).started())

        def run(work: Callable[[Examiner], None]) -> None:
            with suppress(BrowserUnavailable):
                work(starting.result())

        try:
            yield lambda work: pool.submit(run, work)
        finally:
            pool.submit(opened.close)  # in the thread that it runs in


@dataclass(frozen=True)
class _OnCopy:
    """A copy that checks look at; with `withheld`, they look without these additions."""

    copy: Copy
    evidence: Evidence
    withheld: Additions | None = None
    in_second_browser: _Elsewhere | None = None

    def withholding(self) -> Withholding | None:
        """A new one for each check."""
        return Withholding(self.withheld, self.copy.station.address) if self.withheld is not None else None


def _verify_each(
    checks: Sequence[tuple[int, Check]], examiner: Examiner, on_copy: _OnCopy, looks: dict[int, Look]
) -> list[int]:
    """Verify these checks on one copy and put what each found into `looks`, at its index.

    On a shared copy two run at a time, in two browsers: while one waits for the site, the other computes. Returns the
    indices of the checks that have to act, which they can't while others look at the copy.
    """
    copy, centre = on_copy.copy, on_copy.copy.centre
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
                looks[index] = _verify(check, browser, on_copy)
            except CopyShared:
                acting.append(index)
            except BrowserUnavailable:  # the other browser takes the check
                waiting.put((index, check))
                raise

    if on_copy.in_second_browser is None:
        work(examiner)
        return acting
    second = on_copy.in_second_browser(work)
    try:
        work(examiner)
        awaited(second).result()
        work(examiner)  # what the second browser gave back when it was closed
    except BaseException:
        with waiting.mutex:
            waiting.queue.clear()
        raise
    return acting


def _verify(check: Check, examiner: Examiner, on_copy: _OnCopy) -> Look:
    """What the check finds, tried a second time when the station didn't answer.

    What the check raises, or couldn't see, is never `not_met`: it must not count against the candidate.
    """
    copy = on_copy.copy
    if lacking := sorted(set(check.needs()) - set(copy.station.versions)):
        lacks = f"Cette édition n’a pas ce que ce point demande : {', '.join(lacking)}."
        return Look(undecided_findings(check, Verdict.BLOCKED, lacks))
    began = time.monotonic()
    look = _verify_once(check, examiner, on_copy)
    # A machine that was busy for a short time is no fault. A check that acts isn't repeated: it would see its own traces.
    acts = check.acts or (check.may_act and not copy.shared)
    repeatable = not acts and time.monotonic() - began < DEADLINE / 2
    if repeatable and any(finding.verdict is Verdict.BLOCKED for finding in look.findings) and not copy.fault():
        copy.centre.progress.step(f"{copy.station.name} : {type(check).id}, une seconde fois")
        look = _verify_once(check, examiner, on_copy)
    return look


def _verify_once(check: Check, examiner: Examiner, on_copy: _OnCopy) -> Look:
    found: Sequence[Finding] = ()
    failure: Exception | None = None
    withholding = on_copy.withholding()
    with examiner.within(DEADLINE) as expired:
        site = CopySite(examiner.browser, on_copy.copy, on_copy.evidence, withholding)
        try:
            found = check.verify(site)
        except (EvidenceLost, CopyShared):
            raise
        except Exception as error:
            failure = error
        finally:
            late = expired.is_set()  # read before closing, whose duration doesn't count
            _close(site)
    decided = _decided(check, on_copy, found, failure, site.at if late else None)
    kept = None if late or failure or site.recorder.lost else site.recorder
    return Look(decided, late, site.at, tuple(withholding.pages if withholding else ()), kept)


def _decided(
    check: Check, on_copy: _OnCopy, found: Sequence[Finding], failure: Exception | None, late_at: str | None
) -> list[Finding]:
    """The check's findings; of one that failed, or was stopped at the page `late_at`, whose fault that is."""
    late = late_at is not None
    if isinstance(failure, StationNotReady) and not late:
        return undecided_findings(check, Verdict.BLOCKED, str(failure))
    doubtful = late or failure or any(finding.verdict is Verdict.NOT_MET for finding in found)
    if doubtful and (fault := on_copy.copy.fault()):
        return undecided_findings(
            check, Verdict.BLOCKED, f"Le poste est tombé en défaut pendant le contrôle : {fault}."
        )
    if late:
        page = f"la page {late_at[:100]}" if late_at else "une page du poste"
        return undecided_findings(
            check,
            Verdict.BROKEN,
            f"Le contrôle n’a pas fini en {DEADLINE:.0f} secondes et a été "
            f"arrêté : {page} l’a peut-être retenu par un programme sans fin.",
        )
    return (
        findings_of_failure(check, failure, on_copy.evidence.note) if failure else findings_of_each_fact(check, found)
    )


def _close(site: CopySite) -> None:
    try:
        site.close()
    except PlaywrightError:  # the browser is gone, and nothing more is needed of it
        return
