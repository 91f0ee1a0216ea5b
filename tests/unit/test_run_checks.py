"""Whose fault it is when a check can't decide: never the candidate's."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any, ClassVar, cast

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from provisioner.core.errors import BrowserUnavailable, EngineError, EvidenceLost, ProvisionerError, StationNotReady
from provisioner.core.model import Conformity, Golden, Station
from provisioner.core.progress import Quiet
from provisioner.examination import run_checks
from provisioner.examination.additions import Additions, StoredProgram
from provisioner.examination.browser import Examiner
from provisioner.examination.document import ExaminationDocument
from provisioner.examination.evidence import Evidence
from provisioner.examination.examine import verdicts
from provisioner.examination.run_checks import findings
from provisioner.examination.site import CopySite
from provisioner.examination.withheld import Withholding
from provisioner.host.settings import Settings
from provisioner.leakcheck import refused_tries
from provisioner.network.gateway import Room
from provisioner.station.centre import Centre, container_of
from provisioner.station.copies import Copy, copied, frozen
from provisioner.station.lifecycle import up
from provisioner.station.snapshots import replace as replaced
from provisioner.station.spares import prepare, renew
from provisioner.subject.check import Check, Finding, Site, Verdict, finding
from tests.unit.mortal import room

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})
A, B, C = "cms.x.y/a", "cms.x.y/b", "cms.x.y/c (à apprécier)"
MET, NOT_MET = Verdict.MET, Verdict.NOT_MET
BLOCKED, BROKEN = Verdict.BLOCKED, Verdict.BROKEN


class FakeCopy:
    """A copy that is healthy, or ill in the given words: `times` it is asked, or for good."""

    def __init__(self, ill: str = "", times: float = math.inf, shared: bool = False) -> None:
        self.ill, self.times, self.shared = ill, times, shared
        self.centre = Centre(
            cast(Any, None), Settings(), cast(Any, None), Room("r", "h", "127.0.0.1", 8101, 2), Quiet()
        )
        moment = Conformity(), datetime(2026, 5, 4, tzinfo=UTC)
        self.station = Station("poste-01", 1, "r", "s", "x-a", "", "", "", "", *moment, {"theme classic": "1"})

    def sign_in(self, role: str) -> None:
        """Signed in ahead of the checks."""

    def fault(self) -> str:
        self.times -= 1
        return self.ill if self.times >= 0 else ""


class FakeExaminer:
    """A browser that is not asked anything; `late` when it had to be killed."""

    @property
    def browser(self) -> None: ...

    def __init__(self, late: bool = False) -> None:
        self.late = late

    def started(self) -> "FakeExaminer":
        return self

    @contextmanager
    def within(self, seconds: float) -> Iterator[Event]:
        expired = Event()
        if self.late:
            expired.set()
        yield expired


class FakeSite(CopySite):
    """A site without a browser; `opened` and `closed` count."""

    opened = 0
    closed = 0
    close_raises: Exception | None = None

    def __init__(self, browser: Browser, copy: Copy, evidence: Evidence, withholding: Withholding | None) -> None:
        super().__init__(browser, copy, evidence, withholding)
        self.withholding = withholding
        FakeSite.opened += 1

    def close(self) -> None:
        FakeSite.closed += 1
        if FakeSite.close_raises:
            raise FakeSite.close_raises


class Answering(Check):
    """Un contrôle qui fait ce qu'on lui dit."""

    proves: ClassVar[tuple[str, ...]] = (A, B)
    answer: Any = None

    def verify(self, site: Site) -> list[Finding]:
        answer = next(self.answer) if isinstance(self.answer, Iterator) else self.answer
        if isinstance(answer, Exception):
            raise answer
        return cast("list[Finding]", answer)


class Judged(Answering):
    """Le même, d'un point à apprécier."""

    proves = (C,)


class Themed(Answering):
    """Le même, où il faut un thème."""

    def needs(self) -> Sequence[str]:
        return ("theme astra", "theme classic")


class Acting(Answering):
    """Le même, qui agit."""

    acts = True


class PerhapsActing(Answering):
    """Le même, qui agit s'il le faut."""

    may_act = True
    must: bool = True

    def verify(self, site: Site) -> list[Finding]:
        if self.must:
            site.alone()
        return super().verify(site)


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_checks, "CopySite", FakeSite)
    monkeypatch.setattr(FakeSite, "opened", 0)
    monkeypatch.setattr(FakeSite, "closed", 0)
    monkeypatch.setattr(FakeSite, "close_raises", None)


def verified(answer: Any, ill: str = "", *, late: bool = False, check: type[Answering] = Answering) -> list[Finding]:
    return on_copy(FakeCopy(ill), check(answer=answer), FakeExaminer(late))


def on_copy(copy: FakeCopy, check: Check, examiner: FakeExaminer) -> list[Finding]:
    seen = run_checks._OnCopy(cast(Copy, copy), cast(Evidence, Notes()))
    return run_checks._verify(check, cast(Examiner, examiner), seen).findings


class Notes:
    """Evidence whose pieces are named by what they say."""

    def note(self, name: str, text: str) -> str:
        return f"{name}: {text}"


def verdicts_by_fact(found: Sequence[Finding]) -> dict[str, Verdict]:
    return {one.fact: one.verdict for one in found}


BOTH = [finding(A, True, "x", "x"), finding(B, False, "x", "y")]


def test_what_a_check_finds_on_a_healthy_copy_stands() -> None:
    assert verified(BOTH) == BOTH


def test_what_the_edition_lacks_is_never_the_candidates_fault() -> None:
    found = verified(BOTH, check=Themed)
    assert [one.verdict for one in found] == [Verdict.BLOCKED, Verdict.BLOCKED]
    assert found[0].observed == "Cette édition n’a pas ce que ce point demande : theme astra."


def test_work_that_is_met_stands_even_on_an_ill_copy() -> None:
    met = [finding(A, True, "x", "x"), finding(B, True, "x", "x")]
    assert verified(met, ill="sa base ne répond plus") == met


def test_missing_work_on_an_ill_copy_is_the_stations_fault() -> None:
    found = verified(BOTH, ill="sa base ne répond plus")
    assert verdicts_by_fact(found) == {A: BLOCKED, B: BLOCKED}
    assert "sa base ne répond plus" in found[0].observed


def test_a_station_that_is_not_ready_blocks_every_fact_with_its_own_words() -> None:
    found = verified(StationNotReady("Le poste a répondu l’erreur 500."))
    assert verdicts_by_fact(found) == {A: BLOCKED, B: BLOCKED}
    assert found[1].observed == "Le poste a répondu l’erreur 500."


def test_a_copy_that_was_busy_for_a_moment_is_asked_once_more() -> None:
    def waking() -> Iterator[Any]:
        return iter([StationNotReady("Le poste n'a pas répondu."), BOTH])

    assert verified(waking()) == BOTH
    assert verdicts_by_fact(verified(waking(), "il ne répond plus")) == {A: BLOCKED, B: BLOCKED}
    assert verdicts_by_fact(verified(waking(), check=Acting)) == {A: BLOCKED, B: BLOCKED}
    recovered = FakeCopy("il ne répond plus", times=1)
    assert on_copy(recovered, Answering(answer=BOTH), FakeExaminer()) == BOTH


@pytest.mark.parametrize("error", [ValueError("oh\nsecond line"), PlaywrightTimeout("oh"), AssertionError("oh")])
def test_an_error_on_a_healthy_copy_is_the_checks_fault_and_never_the_candidates(error: Exception) -> None:
    found = verified(error)
    assert verdicts_by_fact(found) == {A: BROKEN, B: BROKEN}
    assert re.fullmatch(r"Le contrôle s’est arrêté : [a-z’ éàê]+\.", found[0].observed)  # no English
    assert {one.observed for one in found} == {found[0].observed}
    assert {one.evidence for one in found} == {(f"ce qui a arrêté le contrôle: {type(error).__name__} oh",)}


@pytest.mark.parametrize("error", [ValueError("oh"), PlaywrightTimeout("oh")])
def test_an_error_on_an_ill_copy_is_the_stations_fault(error: Exception) -> None:
    found = verified(error, ill="il répond par l'erreur 500")
    assert verdicts_by_fact(found) == {A: BLOCKED, B: BLOCKED}
    assert "il répond par l'erreur 500" in found[0].observed


@pytest.mark.parametrize("answer", [BOTH, PlaywrightError("Target closed"), StationNotReady("net::ERR_FAILED")])
def test_what_was_found_after_the_deadline_is_nobodys_finding(answer: Any) -> None:
    found = verified(answer, late=True)
    assert verdicts_by_fact(found) == {A: BROKEN, B: BROKEN}
    assert "n’a pas fini" in found[0].observed
    assert verdicts_by_fact(verified(answer, "il ne répond plus", late=True)) == {A: BLOCKED, B: BLOCKED}


@pytest.mark.parametrize("verdict", [MET, NOT_MET])
def test_what_only_a_person_may_decide_is_left_to_him_with_what_was_seen(verdict: Verdict) -> None:
    decided = Finding(C, verdict, "un texte soigné", "trois fautes", ("texte.txt",))
    assert verified([decided], check=Judged) == [replace(decided, verdict=Verdict.TO_JUDGE)]


@pytest.mark.parametrize("verdict", [Verdict.TO_JUDGE, BLOCKED, BROKEN])
def test_what_could_not_be_seen_is_not_a_persons_to_judge(verdict: Verdict) -> None:
    assert verdicts_by_fact(verified([Finding(C, verdict, "", "")], check=Judged)) == {C: verdict}


def test_a_fact_of_which_the_check_says_nothing_is_the_checks_fault() -> None:
    assert verdicts_by_fact(verified([finding(B, True, "x", "x")])) == {A: BROKEN, B: MET}
    assert verdicts_by_fact(verified([])) == {A: BROKEN, B: BROKEN}


def test_a_fact_that_was_not_asked_for_is_left_out() -> None:
    assert verdicts_by_fact(verified([*BOTH, finding("cms.x.y/z", False, "x", "y")])) == {A: MET, B: NOT_MET}


def test_findings_come_in_the_order_of_the_facts() -> None:
    assert [one.fact for one in verified(BOTH[::-1])] == [A, B]


def test_evidence_that_is_lost_stops_the_examination() -> None:
    with pytest.raises(EvidenceLost):
        verified(EvidenceLost("disque plein"))


@pytest.mark.parametrize("answer", [BOTH, ValueError("oh"), StationNotReady("oh"), EvidenceLost("oh")])
def test_the_site_is_closed_whatever_happens(answer: Any) -> None:
    with suppress(EvidenceLost):
        verified(answer)
    assert FakeSite.closed == FakeSite.opened > 0


def test_a_browser_that_is_gone_at_the_end_does_not_undo_what_was_found() -> None:
    FakeSite.close_raises = PlaywrightError("Target closed")
    assert verified(BOTH) == BOTH


TAKEN = datetime(2026, 6, 1, 10, tzinfo=UTC)
Examine = Callable[[Sequence[Check]], list[list[Finding]]]


class SecondBrowser:
    """The second browser of an examination; it may not start."""

    fails: Exception | None = None

    def __init__(self, *_: object, tls: bool) -> None: ...

    def __enter__(self) -> "SecondBrowser":
        return self

    def __exit__(self, *_: object) -> None: ...

    def started(self) -> FakeExaminer:
        if self.fails:
            raise self.fails
        return FakeExaminer()


class Copies:
    """Counts the copies that are made; those from `fails_at` on are not ready."""

    def __init__(self) -> None:
        self.made = 0
        self.fails_at = 99
        self.additions = Additions()
        self.error: type[ProvisionerError] = StationNotReady

    @contextmanager
    def frozen(self, *_: object) -> Iterator[tuple[str, datetime]]:
        yield "image", TAKEN

    @contextmanager
    def copied(self, *_: object, shared: bool) -> Iterator[FakeCopy]:
        self.made += 1
        if self.made >= self.fails_at:
            raise self.error("la copie ne répond pas")
        yield FakeCopy(shared=shared)


class Lying(Check):
    """Un contrôle qui voit autre chose là où un programme du candidat ne tourne pas."""

    proves: ClassVar[tuple[str, ...]] = (A, B)
    whole: Any
    without: Any = None
    page: str = "/x/"

    def verify(self, site: Site) -> list[Finding]:
        withholding = cast(FakeSite, site).withholding
        answer = self.without if withholding else self.whole
        if withholding and self.page:
            withholding.pages.append(self.page)
        if isinstance(answer, Exception):
            raise answer
        return cast("list[Finding]", answer)


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> Copies:
    copies = Copies()
    monkeypatch.setattr(run_checks, "frozen", copies.frozen)
    monkeypatch.setattr(run_checks, "copied", copies.copied)
    monkeypatch.setattr(run_checks, "Examiner", SecondBrowser)
    monkeypatch.setattr(run_checks, "read_additions", lambda copy: copies.additions)
    monkeypatch.setattr(SecondBrowser, "fails", None)
    return copies


@pytest.fixture
def examine(copies: Copies) -> Examine:
    nothing = cast(Any, None)
    centre = Centre(nothing, Settings(), nothing, Room("r", "h", "127.0.0.1", 8101, 2), Quiet())
    station = Station("poste-01", 1, "r", "s", "x-a", "", "", "", "", nothing, TAKEN, {})

    def run(checks: Sequence[Check]) -> list[list[Finding]]:
        return findings(centre, station, checks, cast(Examiner, FakeExaminer()), cast(Evidence, Notes())).findings

    return run


def test_a_check_that_acts_has_a_copy_of_its_own_and_its_findings_keep_their_place(
    examine: Examine, copies: Copies
) -> None:
    other = [finding(A, False, "x", "acting"), finding(B, False, "x", "acting")]
    found = examine([Acting(answer=other), Answering(answer=BOTH), Acting(answer=other), Answering(answer=BOTH)])
    assert copies.made == 3
    assert found == [other, BOTH, other, BOTH]


@pytest.mark.parametrize(("must", "copies_made"), [(True, 2), (False, 1)])
def test_a_check_that_finds_that_it_has_to_act_begins_anew_on_a_copy_of_its_own(
    examine: Examine, copies: Copies, must: bool, copies_made: int
) -> None:
    other = [finding(A, False, "x", "acting"), finding(B, False, "x", "acting")]
    assert examine([PerhapsActing(answer=other, must=must), Answering(answer=BOTH)]) == [other, BOTH]
    assert copies.made == copies_made


def test_a_check_that_is_the_only_one_has_its_own_copy_at_once_and_acts_once(examine: Examine, copies: Copies) -> None:
    blocked = [Finding(A, Verdict.BLOCKED, "x", "y"), Finding(B, Verdict.BLOCKED, "x", "y")]
    assert examine([PerhapsActing(answer=iter([blocked, BOTH]))]) == [blocked]
    assert copies.made == 1


def test_a_second_browser_that_does_not_start_leaves_every_check_to_the_first(
    examine: Examine, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SecondBrowser, "fails", BrowserUnavailable("plus de place"))
    assert examine([Answering(answer=BOTH)] * 4) == [BOTH] * 4


def test_a_second_browser_that_goes_leaves_the_check_that_it_had_taken_to_the_first(
    examine: Examine, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = Event()

    class Gone(FakeExaminer):
        @property
        def browser(self) -> None:
            taken.set()
            raise BrowserUnavailable("plus de place")

    class Waiting(Answering):
        def verify(self, site: Site) -> list[Finding]:
            assert taken.wait(10)  # so that the other has taken one
            return super().verify(site)

    monkeypatch.setattr(SecondBrowser, "started", lambda _: Gone())
    assert examine([Waiting(answer=BOTH)] * 3) == [BOTH] * 3


def test_two_browsers_share_the_checks_and_each_is_made_once(examine: Examine, copies: Copies) -> None:
    made: list[int] = []

    class Counted(Answering):
        number: int

        def verify(self, site: Site) -> list[Finding]:
            made.append(self.number)
            return [finding(A, True, "x", str(self.number)), finding(B, True, "x", "y")]

    found = examine([Counted(number=number) for number in range(20)])
    assert sorted(made) == list(range(20))
    assert [one[0].observed for one in found] == [str(number) for number in range(20)]
    assert copies.made == 1


def test_evidence_that_is_lost_in_either_browser_ends_the_examination(examine: Examine, copies: Copies) -> None:
    with pytest.raises(EvidenceLost):
        examine([Answering(answer=EvidenceLost("le disque est plein"))] * 6)


@pytest.mark.parametrize("error", [StationNotReady, EngineError])
def test_a_copy_that_does_not_answer_blocks_only_what_was_not_examined_yet(
    examine: Examine, copies: Copies, error: type[ProvisionerError]
) -> None:
    copies.fails_at, copies.error = 2, error
    quiet, acting = examine([Answering(answer=BOTH), Acting(answer=BOTH)])
    assert quiet == BOTH
    assert verdicts_by_fact(acting) == {A: BLOCKED, B: BLOCKED}


def test_an_engine_that_gives_no_copy_at_all_is_told_of_as_such(examine: Examine, copies: Copies) -> None:
    copies.fails_at, copies.error = 1, EngineError
    with pytest.raises(EngineError):
        examine([Answering(answer=BOTH)])


def test_what_the_engine_does_not_remove_of_a_copy_takes_nothing_from_the_examination(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = room(tmp_path, monkeypatch)
    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    said: list[str] = []

    def refuses(*_: object) -> None:
        raise EngineError("Suppression : occupé.")

    monkeypatch.setattr("provisioner.station.copies.await_answer", lambda *_, **__: None)
    with monkeypatch.context() as busy:
        busy.setattr(Quiet, "step", lambda _, text: said.append(text))
        for verb in ("remove", "remove_image", "remove_network"):
            busy.setattr(type(centre.engine), verb, refuses)
        with frozen(centre, station) as (image, at), copied(centre, station, image, at) as copy:
            said.clear()
    assert len([one for one in said if "la copie n'est pas retirée" in one]) == 3
    assert centre.engine.containers(kind="copy")[0].id == copy.container
    with frozen(centre, station) as (image, at):  # it clears up
        with monkeypatch.context() as busy, copied(centre, station, image, at):
            busy.setattr(type(centre.engine), "remove", refuses)
        with copied(centre, station, image, at):  # as does the next copy of the same examination
            assert len(centre.engine.containers(kind="copy")) == 1
    assert not centre.engine.containers(kind="copy")
    assert not centre.engine.images(kind="copy")


def test_the_exit_code_is_of_all_the_verdicts_of_a_document() -> None:
    rows = [{"findings": [{"verdict": "met"}, {"verdict": "broken"}]}, {"findings": [{"verdict": "to_judge"}]}]
    document = cast(ExaminationDocument, {"questions": [{"checks": rows}]})
    assert verdicts(document) == [MET, BROKEN, Verdict.TO_JUDGE]


def test_what_was_refused_is_counted_from_the_candidates_start_whatever_container_he_is_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = room(tmp_path, monkeypatch)
    monkeypatch.setattr(refused_tries, "of_station", lambda _, name, since, until: {"since": since, "until": until})

    def time_of(station: Station) -> Any:
        record = centre.state.record(station.container)
        return refused_tries.of_sitting(centre, container_of(centre, station), record)

    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    assert time_of(station)["since"] == centre.engine.container(station.container).created[:19]
    prepare(centre, GOLDEN)
    given, _ = renew(centre, "poste-01", GOLDEN)
    assert time_of(given)["since"] > centre.engine.container(given.container).created[:19]  # a spare is older
    began = [{"at": "2026-05-21T09:00:00+02:00", "what": "start", "minutes": 40}]
    centre.state.note(given.container, clock=began)
    # Until his end: whoever uses the machine after it isn't him.
    his = {"since": "2026-05-21T07:00:00+00:00", "until": "2026-05-21T07:40:00+00:00"}
    other = replaced(centre, "poste-01")
    assert time_of(other) == his
    centre.state.note(other.container, aside={"at": "2026-05-21T09:30:00+02:00", "why": "reset"})
    assert time_of(other) == {**his, "until": "2026-05-21T07:30:00+00:00"}


SCRIPT = Additions(
    stored=(StoredProgram("wp_posts, n° 12", "Portes ouvertes", "<script>if(navigator.webdriver)x()</script>"),)
)
NEITHER = [finding(A, False, "x", "rien"), finding(B, False, "x", "y")]


def test_what_an_added_program_changes_is_for_a_person_and_what_it_leaves_stands(
    examine: Examine, copies: Copies
) -> None:
    copies.additions = SCRIPT
    (found,) = examine([Lying(whole=BOTH, without=NEITHER)])
    assert verdicts_by_fact(found) == {A: Verdict.TO_JUDGE, B: NOT_MET}
    assert "La page /x/ contient un programme ajouté qui change ce qui est montré. Sans lui : rien" in found[0].observed
    assert examine([Lying(whole=BOTH, without=BOTH)]) == [BOTH]


def test_nothing_is_doubted_where_a_site_has_no_added_program(examine: Examine, copies: Copies) -> None:
    assert examine([Lying(whole=BOTH, without=NEITHER)]) == [BOTH]
    assert copies.made == 1


def test_what_a_program_changes_that_was_not_seen_in_a_page_is_for_a_person(examine: Examine, copies: Copies) -> None:
    copies.additions = SCRIPT
    (found,) = examine([Lying(whole=BOTH, without=NEITHER, page="")])
    assert verdicts_by_fact(found) == {A: Verdict.TO_JUDGE, B: NOT_MET}
    assert "Le site contient un programme ajouté qui change ce qui est montré. Sans lui : rien" in found[0].observed
    assert examine([Lying(whole=BOTH, without=BOTH, page="")]) == [BOTH]


def test_work_that_an_added_program_hides_is_for_a_person_too(examine: Examine, copies: Copies) -> None:
    copies.additions = SCRIPT
    (found,) = examine([Lying(whole=NEITHER, without=BOTH)])
    assert verdicts_by_fact(found) == {A: Verdict.TO_JUDGE, B: NOT_MET}


def test_what_is_met_and_could_not_be_seen_without_added_programs_is_for_a_person(
    examine: Examine, copies: Copies
) -> None:
    copies.additions = SCRIPT
    (found,) = examine([Lying(whole=BOTH, without=ValueError("oh"))])
    assert verdicts_by_fact(found) == {A: Verdict.TO_JUDGE, B: NOT_MET}
    copies.fails_at, copies.made = 2, 0
    (found,) = examine([Lying(whole=BOTH, without=BOTH)])
    assert verdicts_by_fact(found) == {A: Verdict.TO_JUDGE, B: NOT_MET}


def test_what_an_added_program_stopped_is_judged_without_it(examine: Examine, copies: Copies) -> None:
    copies.additions = SCRIPT
    (found,) = examine([Lying(whole=PlaywrightTimeout("oh"), without=BOTH)])
    assert verdicts_by_fact(found) == {A: Verdict.TO_JUDGE, B: NOT_MET}
    assert "La page /x/ contient un programme ajouté qui a arrêté le contrôle" in found[0].observed


def test_a_check_that_acts_has_another_copy_for_its_second_look(examine: Examine, copies: Copies) -> None:
    copies.additions = SCRIPT
    assert examine([Acting(answer=BOTH)]) == [BOTH]
    assert copies.made == 2


@pytest.mark.parametrize(
    ("additions", "said"),
    [
        (Additions(files=("wp-content/mu-plugins/a.php",)), "1 fichier : wp-content/mu-plugins/a.php"),
        (Additions(unread="base de données"), "n’ont pas pu être comparés"),
    ],
)
def test_what_is_met_on_a_site_whose_programs_were_changed_is_for_a_person(
    examine: Examine, copies: Copies, additions: Additions, said: str
) -> None:
    copies.additions = additions
    (found,) = examine([Answering(answer=BOTH)])
    assert verdicts_by_fact(found) == {A: Verdict.TO_JUDGE, B: NOT_MET}
    assert said in found[0].observed
    assert found[1] == BOTH[1]


class Meeting(FakeExaminer):
    """A browser that starts when the copy has begun to be made; the copy is ready when the browser starts."""

    def __init__(self, fails: Exception | None = None) -> None:
        super().__init__()
        self.fails, self.closed = fails, 0
        self.begun, self.starting = Event(), Event()

    def started(self) -> "FakeExaminer":
        assert self.begun.wait(20)
        self.starting.set()
        if self.fails:
            raise self.fails
        return self

    @contextmanager
    def copied(self, *_: object, shared: bool) -> Iterator[FakeCopy]:
        self.begun.set()
        assert self.starting.wait(20)
        try:
            yield FakeCopy(shared=shared)
        finally:
            self.closed += 1


def examined_by(meeting: Meeting, monkeypatch: pytest.MonkeyPatch, copies: Copies) -> list[list[Finding]]:
    monkeypatch.setattr(run_checks, "copied", meeting.copied)
    nothing = cast(Any, None)
    centre = Centre(nothing, Settings(), nothing, Room("r", "h", "127.0.0.1", 8101, 2), Quiet())
    station = Station("poste-01", 1, "r", "s", "x-a", "", "", "", "", nothing, TAKEN, {})
    return findings(
        centre, station, [Answering(answer=BOTH)], cast(Examiner, meeting), cast(Evidence, nothing)
    ).findings


def test_the_browser_starts_while_the_copy_is_made(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()
    assert examined_by(meeting, monkeypatch, copies) == [BOTH]
    assert meeting.closed == 1


def test_a_copy_is_removed_when_no_browser_starts(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting(BrowserUnavailable("pas de navigateur"))
    with pytest.raises(BrowserUnavailable):
        examined_by(meeting, monkeypatch, copies)
    assert meeting.closed == 1
