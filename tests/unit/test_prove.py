"""When a step of a proof fails: whatever the findings must be, and aren't."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from unittest.mock import MagicMock

import pytest
from playwright.sync_api import Error as PlaywrightError

from provisioner.cli.show_proofs import proofs as show_proofs
from provisioner.core.errors import UnknownName
from provisioner.core.model import Conformity, Finding, Golden, Verdict
from provisioner.examination.judging import Examined, Looked
from provisioner.examination.second_look import Look
from provisioner.examination.site import CopySite
from provisioner.host.companies import SCENARIOS
from provisioner.host.editions import stack_named
from provisioner.proof import worker
from provisioner.proof.page import write_page
from provisioner.proof.steps import (
    Kind,
    Step,
    StepProof,
    check_document,
    checks_of_subject,
    feasible,
    question_alone,
    steps_of,
    subject_document,
)
from provisioner.proof.texts import write_texts
from provisioner.subject.check import Act, Check, Desk, NearMiss, Road
from provisioner.subject.functionalities import fact
from provisioner.subject.subjects import Question, Subject, WantedCheck

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
BLOCKED, BROKEN = Verdict.BLOCKED, Verdict.BROKEN
HERE = Path(__file__).parent
A, B, C = "cms.x.y/a", "cms.x.y/b", "cms.x.y/c (à apprécier)"


class Painted(Check):
    """Une porte peinte."""

    proves: ClassVar[tuple[str, ...]] = (A, B)
    colour: str = "rouge"

    def given(self, desk: Desk) -> None:
        done.append("décapée")

    def ways(self) -> Sequence[Act]:
        return [Act("au pinceau", lambda desk: done.append(self.colour)), Act("au rouleau", lambda desk: None)]

    def near_misses(self) -> Sequence[NearMiss]:
        return [NearMiss("une couche", B, lambda desk: None)]


done: list[str] = []


def step(kind: Kind, *, fact: str = "", verdict: Verdict = NOT_MET, own: frozenset[int] = frozenset()) -> Step:
    return Step(kind, "nom", (), lambda desk: None, fact=fact, verdict=verdict, own=own)


def found(**verdicts: Verdict) -> list[list[Finding]]:
    facts = {"a": A, "b": B, "c": C}
    return [[Finding(facts[name], verdict, "attendu", "observé ici") for name, verdict in verdicts.items()]]


@pytest.mark.parametrize(
    ("kind", "verdicts"),
    [
        ("before", {"a": NOT_MET, "b": NOT_MET}),
        ("way", {"a": MET, "b": MET}),
        ("near_miss", {"a": NOT_MET, "b": MET}),
        ("near_miss", {"a": NOT_MET, "b": NOT_MET}),
        ("way", {"a": MET, "c": TO_JUDGE}),
        ("before", {"a": NOT_MET, "c": TO_JUDGE}),
        ("near_miss", {"a": NOT_MET, "c": TO_JUDGE}),
    ],
)
def test_findings_as_they_must_be_prove_the_step(kind: Kind, verdicts: dict[str, Verdict]) -> None:
    assert step(kind, fact=A if kind == "near_miss" else "").failure(found(**verdicts)) == ""


@pytest.mark.parametrize(
    ("kind", "verdicts", "says"),
    [
        ("before", {"a": MET}, f"{A} est réalisé au lieu de non réalisé"),
        ("before", {"a": BLOCKED}, f"{A} est poste en défaut au lieu de non réalisé"),
        ("way", {"a": MET, "b": NOT_MET}, f"{B} est non réalisé au lieu de réalisé"),
        ("way", {"a": BLOCKED}, f"{A} est poste en défaut au lieu de réalisé"),
        ("way", {"c": BROKEN}, f"{C} est contrôle en défaut au lieu de à apprécier"),
        ("before", {"c": MET}, f"{C} est réalisé au lieu de à apprécier"),
        ("way", {"a": BROKEN}, f"{A} est contrôle en défaut au lieu de réalisé"),
        ("near_miss", {"a": MET}, f"{A} est réalisé au lieu de non réalisé"),
        ("near_miss", {"a": BLOCKED}, f"{A} est poste en défaut au lieu de non réalisé"),
        ("near_miss", {"a": NOT_MET, "b": BROKEN}, f"{B} est contrôle en défaut"),
        ("near_miss", {"a": NOT_MET, "b": BLOCKED}, f"{B} est poste en défaut"),
    ],
)
def test_a_finding_that_differs_fails_the_step_and_is_named(
    kind: Kind, verdicts: dict[str, Verdict], says: str
) -> None:
    failure = step(kind, fact=A if kind == "near_miss" else "").failure(found(**verdicts))
    assert says in failure
    assert "observé ici" in failure
    assert " ; " not in failure


def test_a_near_miss_of_a_fact_that_the_check_does_not_ask_for_proves_nothing() -> None:
    assert step("near_miss", fact=B).failure(found(a=NOT_MET)) == f"{B} n'est pas demandé par ce contrôle"


def test_a_near_miss_that_only_a_person_can_judge_is_not_proven() -> None:
    assert step("near_miss", fact=A).failure(found(a=TO_JUDGE))


def test_after_a_road_its_fact_has_the_verdict_of_the_road_and_the_others_are_no_faults() -> None:
    road = step("road", fact=A, verdict=TO_JUDGE)
    assert road.failure(found(a=TO_JUDGE, b=NOT_MET)) == ""
    assert f"{A} est réalisé au lieu de à apprécier" in road.failure(found(a=MET))
    assert f"{A} est non réalisé au lieu de à apprécier" in road.failure(found(a=NOT_MET))
    assert f"{B} est contrôle en défaut" in road.failure(found(a=TO_JUDGE, b=BROKEN))
    assert f"{A} n'est pas demandé" in road.failure(found(b=MET))
    assert step("road", fact=A, verdict=MET).failure(found(a=MET)) == ""


def test_the_roads_of_a_check_are_proven_too() -> None:
    class Sprayed(Painted):
        """Une porte peinte autrement."""

        def roads(self) -> Sequence[Road]:
            return [Road("à la bombe", A, lambda desk: None), Road("au chiffon", A, lambda desk: None, Verdict.MET)]

    roads = [one for one in steps_of(Sprayed()) if one.kind == "road"]
    assert [(one.name, one.fact, one.verdict) for one in roads] == [
        ("à la bombe", A, TO_JUDGE),
        ("au chiffon", A, MET),
    ]
    proofs = [StepProof(one, found(a=one.verdict), "") for one in roads]
    before = [StepProof(steps_of(Sprayed())[0], found(a=NOT_MET), "")]
    assert [row["verdict"] for row in check_document(Sprayed(), [*before, *proofs])["roads"]] == ["to_judge", "met"]


def test_a_way_after_which_nothing_was_found_is_not_proven() -> None:
    assert step("way").failure([[]])


def test_all_that_differs_is_told() -> None:
    assert step("way").failure(found(a=NOT_MET, b=NOT_MET)).count("au lieu de") == 2


def test_a_question_done_alone_meets_its_own_checks_and_none_of_the_others() -> None:
    alone = step("alone", own=frozenset({1}))
    assert alone.failure([*found(a=NOT_MET), *found(b=MET), *found(a=NOT_MET, c=TO_JUDGE)]) == ""
    assert f"{A} est réalisé au lieu de non réalisé" in alone.failure([*found(a=MET), *found(b=MET)])
    assert f"{B} est non réalisé au lieu de réalisé" in alone.failure([*found(a=NOT_MET), *found(b=NOT_MET)])


def test_a_question_of_which_nothing_could_be_asked_is_not_proven() -> None:
    alone = question_alone(subject(), 1, lambda check: check != Painted(colour="rouge"))
    assert alone.own == frozenset()
    assert (
        alone.failure([found(a=NOT_MET, b=NOT_MET)[0]] * 2)
        == "cette édition ne permet de prouver aucun de ses contrôles"
    )


def test_a_check_is_proven_before_after_each_way_and_after_each_near_miss() -> None:
    assert [(one.kind, one.name, one.fact) for one in steps_of(Painted())] == [
        ("before", "avant le travail", ""),
        ("way", "au pinceau", ""),
        ("way", "au rouleau", ""),
        ("near_miss", "une couche", B),
    ]


def test_the_steps_of_a_subject_are_done_with_its_own_documents(tmp_path: Path) -> None:
    of_one, of_other = (steps_of(Painted(), (tmp_path / name,)) for name in ("cms-a", "cms-b"))
    assert {one.documents for one in of_one} == {(tmp_path / "cms-a",)}
    assert of_one[1].key != of_other[1].key
    assert question_alone(subject(), 2).documents == (Path(), SCENARIOS / "c/media")


def test_a_step_is_another_when_its_subjects_documents_changed(tmp_path: Path) -> None:
    folders = [tmp_path / name / "cms-a" for name in ("first", "second")]
    for folder, words in zip(folders, ("une annexe", "une autre"), strict=True):
        folder.mkdir(parents=True)
        (folder / "annexe.md").write_text(words, encoding="utf-8")
        (folder / "rien.md").write_text(words, encoding="utf-8")
    for colour, same in (("annexe.md", False), ("rouge", True)):
        keys = {steps_of(Painted(colour=colour), (folder,))[1].key for folder in folders}
        assert (len(keys) == 1) is same


def test_a_document_is_the_subjects_own_before_the_companys(tmp_path: Path) -> None:
    for name in ("sujet", "media"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "logo.png").touch()
    (tmp_path / "media/palets.jpg").touch()
    copy = MagicMock(documents=(tmp_path / "sujet", tmp_path / "media"))
    site = CopySite(MagicMock(), copy, MagicMock())
    assert site.file("logo.png") == tmp_path / "sujet/logo.png"
    assert site.file("palets.jpg") == tmp_path / "media/palets.jpg"
    with pytest.raises(UnknownName, match="ni dans le sujet ni dans les médias"):
        site.file("autre.png")


def subject() -> Subject:
    checks = [Painted(colour=colour) for colour in ("rouge", "vert", "bleu")]
    questions = (
        Question(1, "t", "c", (), (WantedCheck(checks[0], ""),)),
        Question(2, "t", "c", (), (WantedCheck(checks[1], ""), WantedCheck(checks[2], ""))),
    )
    return Subject("cms-a", "cms", "t", "c", "", questions, Path())


class _Nowhere:
    """A desk at which nothing is done."""


DESK: Desk = _Nowhere()  # type: ignore[assignment]


def test_an_example_makes_the_state_that_it_starts_from_and_a_subject_takes_the_site_as_it_is() -> None:
    done.clear()
    steps_of(Painted())[1].perform(DESK)
    assert done == ["décapée", "rouge"]
    done.clear()
    steps_of(Painted(), documents=(HERE,))[1].perform(DESK)
    assert done == ["rouge"]


class Built(Painted):
    """Une porte faite, puis peinte."""

    def makes(self) -> Sequence[str]:
        return ("porte",)


def test_a_check_is_proven_on_what_its_question_makes_before_it() -> None:
    first, second, third = Built(colour="vert"), Painted(colour="bleu"), Painted(colour="noir")
    question = Question(1, "t", "c", (), tuple(WantedCheck(check, "") for check in (first, second, third)))
    other = Question(2, "t", "c", (), (WantedCheck(second, ""),))
    asked = checks_of_subject(replace(subject(), questions=(question, other)))
    assert asked == [(first, ()), (second, (first,)), (third, (first,)), (second, ())]
    plain = steps_of(second, (HERE,))
    for step, bare, expected in zip(
        steps_of(second, (HERE,), (first,)), plain, ([], ["vert", "bleu"], ["vert"], ["vert"]), strict=True
    ):
        done.clear()
        step.perform(DESK)
        assert done == expected
        assert (step.key == bare.key) == (step.kind == "before")


def test_what_a_subject_asks_must_not_be_there_before_the_work() -> None:
    before, *_ = steps_of(Painted(), documents=(HERE,))
    assert before.failure(found(a=NOT_MET, b=NOT_MET)) == ""
    assert "un candidat aurait ce point sans rien faire" in before.failure(found(a=MET, b=NOT_MET))
    assert before.key != steps_of(Painted())[0].key


def test_alone_does_the_first_way_of_each_check_of_its_question_and_checks_them_all() -> None:
    alone = question_alone(subject(), 2)
    assert (len(alone.checks), alone.own) == (3, frozenset({1, 2}))
    done.clear()
    alone.perform(DESK)
    assert done == ["vert", "bleu"]


def test_a_step_that_was_never_done_is_a_failure() -> None:
    proofs = [StepProof(one) for one in steps_of(Painted())]
    document = check_document(Painted(), proofs)
    assert document["failures"] == [f"{one.step.name} : cette étape n'a pas été faite" for one in proofs]
    assert document["near_misses"] == [{"name": "une couche", "fact": B, "verdict": "broken"}]


def test_a_proof_tells_what_was_found_at_each_step() -> None:
    before, way, other, miss = steps_of(Painted())
    proofs = [
        StepProof(before, found(a=NOT_MET, b=NOT_MET), "", seconds=1.04),
        StepProof(way, found(a=MET, b=MET), "", seconds=1.0),
        StepProof(other, found(a=MET, b=MET), "", seconds=1.0),
        StepProof(miss, found(a=MET, b=NOT_MET), "", seconds=1.0),
    ]
    document = check_document(Painted(), proofs)
    assert document["before"] == [{"fact": A, "verdict": "not_met"}, {"fact": B, "verdict": "not_met"}]
    assert [row["name"] for row in document["ways"]] == ["au pinceau", "au rouleau"]
    assert document["near_misses"] == [{"name": "une couche", "fact": B, "verdict": "not_met"}]
    assert (document["failures"], document["seconds"]) == ([], 4.0)


def test_a_subject_is_independent_only_when_every_question_was_proven_alone() -> None:
    proofs = [
        StepProof(question_alone(subject(), 1), [], ""),
        StepProof(question_alone(subject(), 2), [], "x est réalisé"),
    ]
    document = subject_document(subject(), proofs)
    assert not document["independent"]
    assert document["failures"] == ["question 2 seule : x est réalisé"]
    assert subject_document(subject(), proofs[:1])["independent"]


def test_a_step_that_was_tried_twice_says_so_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    before, way, other, miss = steps_of(Painted())
    proofs = [
        StepProof(before, found(a=NOT_MET, b=NOT_MET), ""),
        StepProof(way, found(a=MET, b=MET), "", retried="étape interrompue : TimeoutError"),
        StepProof(other, found(a=MET, b=MET), ""),
        StepProof(miss, found(b=MET), "b est réalisé", retried="étape interrompue : Error"),
    ]
    document = check_document(Painted(), proofs)
    assert [row.get("retried") for row in document["ways"]] == ["étape interrompue : TimeoutError", None]
    assert [row.get("retried") for row in document["near_misses"]] == ["étape interrompue : Error"]
    assert not any("retried" in row for row in document["before"])
    show_proofs(proofs)
    lines = " ".join(capsys.readouterr().out.split())
    assert "au pinceau, refait une fois : étape interrompue : TimeoutError" in lines
    assert "une couche : b est réalisé" in lines
    assert "3 étapes prouvées sur 4." in lines


class Themed(Painted):
    """Une porte peinte, là où il y a une porte."""

    def needs(self) -> Sequence[str]:
        return ("theme astra",)


def test_what_an_edition_lacks_is_not_asked_of_it() -> None:
    assert feasible(Painted(), stack_named("wordpress-trial"))
    assert feasible(Themed(), stack_named("wordpress-2024"))
    assert not feasible(Themed(), stack_named("wordpress-trial"))
    both = Subject(
        "cms-a",
        "cms",
        "t",
        "c",
        "",
        (Question(1, "t", "c", (), (WantedCheck(Painted(), ""), WantedCheck(Themed(), ""))),),
        Path(),
    )
    alone = question_alone(both, 1, lambda check: feasible(check, stack_named("wordpress-trial")))
    assert [type(check) for check in alone.checks] == [Painted]


def golden(image: str = "sha256:1") -> Golden:
    return Golden("wordpress-2024", image, datetime(2026, 5, 4, tzinfo=UTC), Conformity(), {})


class _Browser:
    """A candidate's browser of which only this is asked."""

    def __init__(self, alive: bool) -> None:
        self.alive = alive

    def is_connected(self) -> bool:
        return self.alive


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_candidates_browser_that_died_is_opened_again_and_is_never_the_checks_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, deaths: int
) -> None:
    """It dies in the first attempt, or in both."""
    browsers = [_Browser(False), _Browser(deaths == 1)]
    candidate, opened = MagicMock(), iter(browsers)
    type(candidate).browser = property(lambda _: next(opened))

    def new_context(browser: _Browser, _: object) -> MagicMock:
        made = MagicMock(browser=browser)
        if not browser.alive:
            made.new_page.side_effect = PlaywrightError("Target page, context or browser has been closed")
        return made

    examined = Examined(datetime(2026, 6, 1, tzinfo=UTC), found(a=MET, b=MET), looked=[Looked(Look([]))])
    monkeypatch.setattr(worker, "reset", lambda *_: (MagicMock(), {}))
    monkeypatch.setattr(worker, "new_context", new_context)
    monkeypatch.setattr(worker, "findings", lambda *_, **__: examined)
    way = steps_of(Painted())[2]
    proof = worker.Worker(MagicMock(), golden(), candidate, MagicMock()).prove(way, "poste-01", tmp_path, "etape-0001")
    assert "Le navigateur du candidat s'est fermé" in proof.retried
    assert proof.fault is (deaths == 2)
    assert bool(proof.failure) is (deaths == 2)


def test_what_stopped_a_check_is_in_the_proof_in_the_librarys_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = "preuves/01-ce-qui-a-arrete-le-controle.txt"

    def broken(*_: object, **more: object) -> Examined:
        (tmp_path / "etape-0001" / note).write_text("TimeoutError Page.goto", encoding="utf-8")
        stopped = [Finding(one, BROKEN, "un constat", "Le contrôle s’est arrêté.", (note,)) for one in (A, B)]
        return Examined(datetime(2026, 6, 1, tzinfo=UTC), [stopped])

    monkeypatch.setattr(worker, "reset", lambda *_: (MagicMock(), {}))
    monkeypatch.setattr(worker, "new_context", MagicMock())
    monkeypatch.setattr(worker, "findings", broken)
    proof = worker.Worker(MagicMock(), golden(), MagicMock(), MagicMock()).prove(
        steps_of(Painted())[2], "poste-01", tmp_path, "etape-0001"
    )
    assert proof.fault
    assert proof.failure.count("TimeoutError Page.goto") == 1
    assert proof.failure.endswith(" ; détail : TimeoutError Page.goto")


def test_the_sentences_of_checks_are_listed_each_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Painted, "id", "cms.x.painted")
    steps = steps_of(Painted())
    said = [
        [Finding(A, MET, "une porte rouge", "une porte\n rouge"), Finding(B, NOT_MET, "deux couches", "une couche")]
    ]
    proofs = [StepProof(step, said, "") for step in steps[:2]]
    proofs += [StepProof(steps[2], [[Finding(A, MET, "", "")]], "", recalled=True), StepProof(steps[3])]
    path = write_texts(tmp_path / "preuve", proofs)
    assert path.read_text(encoding="utf-8") == (
        "\n## cms.x.painted\n[réalisé] une porte rouge → une porte rouge\n[non réalisé] deux couches → une couche\n"
    )


SLOGAN = fact("wordpress.apparence.identite", "slogan")


class Named(Painted):
    """Un slogan."""

    proves: ClassVar[tuple[str, ...]] = (SLOGAN,)

    def near_misses(self) -> Sequence[NearMiss]:
        return [NearMiss("<b>le titre</b>", SLOGAN, lambda desk: None)]


def test_the_page_says_per_fact_what_was_proven_and_shows_what_was_not(tmp_path: Path) -> None:
    stack = stack_named("wordpress-trial")
    steps = steps_of(Named())
    seen = [[Finding(SLOGAN, MET, "", "")]]
    proofs = [StepProof(step, seen, "", seconds=2.0) for step in steps[:-1]]
    proofs.append(StepProof(steps[-1], seen, "slogan est réalisé", seconds=4.0, shots=("etape-0004/preuves/01-a.jpg",)))
    proofs = [replace(proofs[0], recalled=True), *proofs[1:]]
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    page = write_page(tmp_path / "run", stack, Conformity(("d’essai",)), ["wordpress.x.y"], proofs, now)
    html = page.read_text(encoding="utf-8")
    assert "dont 1 étape déjà prouvée, reprise du registre" in html
    assert "Créer ou modifier l’identité du site" in html
    assert html.count("slogan est réalisé") == 2  # among the failures, and under its fact
    assert "&lt;b&gt;le titre" in html
    assert 'src="etape-0004/preuves/01-a.jpg"' in html
    assert "au pinceau" in html
    assert "wordpress.x.y" in html
    assert "ÉDITION D’ESSAI" in html
    assert "wordpress.contenu.publier" in html  # a line that was not part of it
