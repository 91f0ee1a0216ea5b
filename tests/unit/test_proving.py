"""When a step of a proof fails: whatever the findings must be, and aren't."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from provisioner.check import Act, Check, Desk, NearMiss
from provisioner.model import Finding, Verdict
from provisioner.proving import Proof, Step, _alone, _check_document, _steps, _subject_document
from provisioner.show import proofs as show_proofs
from provisioner.subjects import Question, Subject, Wanted

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
BLOCKED, BROKEN = Verdict.BLOCKED, Verdict.BROKEN
A, B, C = "cms.x.y/a", "cms.x.y/b", "cms.x.y/c (à apprécier)"


class Painted(Check):
    """Une porte peinte."""

    proves = (A, B)
    colour: str = "rouge"

    def ways(self) -> Sequence[Act]:
        return [Act("au pinceau", lambda desk: done.append(self.colour)), Act("au rouleau", lambda desk: None)]

    def near_misses(self) -> Sequence[NearMiss]:
        return [NearMiss("une couche", B, lambda desk: None)]


done: list[str] = []


def step(kind: str, *, fact: str = "", own: frozenset[int] = frozenset()) -> Step:
    return Step(kind, "nom", (), lambda desk: None, fact=fact, own=own)


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
def test_findings_as_they_must_be_prove_the_step(kind: str, verdicts: dict[str, Verdict]) -> None:
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
def test_a_finding_that_differs_fails_the_step_and_is_named(kind: str, verdicts: dict[str, Verdict], says: str) -> None:
    failure = step(kind, fact=A if kind == "near_miss" else "").failure(found(**verdicts))
    assert says in failure
    assert "observé ici" in failure
    assert " ; " not in failure


def test_a_near_miss_of_a_fact_that_the_check_does_not_ask_for_proves_nothing() -> None:
    assert step("near_miss", fact=B).failure(found(a=NOT_MET)) == f"{B} n'est pas demandé par ce contrôle"


def test_a_near_miss_that_only_a_person_can_judge_is_not_proven() -> None:
    assert step("near_miss", fact=A).failure(found(a=TO_JUDGE))


def test_a_way_after_which_nothing_was_found_is_not_proven() -> None:
    assert step("way").failure([[]])


def test_all_that_differs_is_told() -> None:
    assert step("way").failure(found(a=NOT_MET, b=NOT_MET)).count("au lieu de") == 2


def test_a_question_done_alone_meets_its_own_checks_and_none_of_the_others() -> None:
    alone = step("alone", own=frozenset({1}))
    assert alone.failure([*found(a=NOT_MET), *found(b=MET), *found(a=NOT_MET, c=TO_JUDGE)]) == ""
    assert f"{A} est réalisé au lieu de non réalisé" in alone.failure([*found(a=MET), *found(b=MET)])
    assert f"{B} est non réalisé au lieu de réalisé" in alone.failure([*found(a=NOT_MET), *found(b=NOT_MET)])


def test_a_check_is_proven_before_after_each_way_and_after_each_near_miss() -> None:
    assert [(one.kind, one.name, one.fact) for one in _steps(Painted())] == [
        ("before", "avant le travail", ""),
        ("way", "au pinceau", ""),
        ("way", "au rouleau", ""),
        ("near_miss", "une couche", B),
    ]


def subject() -> Subject:
    checks = [Painted(colour=colour) for colour in ("rouge", "vert", "bleu")]
    questions = (
        Question(1, "t", "c", (), (Wanted(checks[0], ""),)),
        Question(2, "t", "c", (), (Wanted(checks[1], ""), Wanted(checks[2], ""))),
    )
    return Subject("cms-a", "cms", "t", "c", "", questions, Path())


class _Nowhere:
    """A desk at which nothing is done."""


def test_alone_does_the_first_way_of_each_check_of_its_question_and_checks_them_all() -> None:
    alone = _alone(subject(), 2)
    assert (len(alone.checks), alone.own) == (3, frozenset({1, 2}))
    done.clear()
    desk: Desk = _Nowhere()  # type: ignore[assignment]
    alone.act(desk)
    assert done == ["vert", "bleu"]


def test_a_step_that_was_never_done_is_a_failure() -> None:
    proofs = [Proof(one) for one in _steps(Painted())]
    document = _check_document(Painted(), proofs)
    assert document["failures"] == [f"{one.step.name} : cette étape n'a pas été faite" for one in proofs]
    assert document["near_misses"] == [{"name": "une couche", "fact": B, "verdict": "broken"}]


def test_a_proof_tells_what_was_found_at_each_step() -> None:
    before, way, other, miss = _steps(Painted())
    proofs = [
        Proof(before, found(a=NOT_MET, b=NOT_MET), "", seconds=1.04),
        Proof(way, found(a=MET, b=MET), "", seconds=1.0),
        Proof(other, found(a=MET, b=MET), "", seconds=1.0),
        Proof(miss, found(a=MET, b=NOT_MET), "", seconds=1.0),
    ]
    document = _check_document(Painted(), proofs)
    assert document["before"] == [{"fact": A, "verdict": "not_met"}, {"fact": B, "verdict": "not_met"}]
    assert [row["name"] for row in document["ways"]] == ["au pinceau", "au rouleau"]
    assert document["near_misses"] == [{"name": "une couche", "fact": B, "verdict": "not_met"}]
    assert (document["failures"], document["seconds"]) == ([], 4.0)


def test_a_subject_is_independent_only_when_every_question_was_proven_alone() -> None:
    proofs = [Proof(_alone(subject(), 1), [], ""), Proof(_alone(subject(), 2), [], "x est réalisé")]
    document = _subject_document(subject(), proofs)
    assert not document["independent"]
    assert document["failures"] == ["question 2 seule : x est réalisé"]
    assert _subject_document(subject(), proofs[:1])["independent"]


def test_a_step_that_was_tried_twice_says_so_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    before, way, other, miss = _steps(Painted())
    proofs = [
        Proof(before, found(a=NOT_MET, b=NOT_MET), ""),
        Proof(way, found(a=MET, b=MET), "", retried="étape interrompue : TimeoutError"),
        Proof(other, found(a=MET, b=MET), ""),
        Proof(miss, found(b=MET), "b est réalisé", retried="étape interrompue : Error"),
    ]
    document = _check_document(Painted(), proofs)
    assert [row.get("retried") for row in document["ways"]] == ["étape interrompue : TimeoutError", None]
    assert [row.get("retried") for row in document["near_misses"]] == ["étape interrompue : Error"]
    assert not any("retried" in row for row in document["before"])
    show_proofs(proofs)
    lines = " ".join(capsys.readouterr().out.split())
    assert "au pinceau, refait une fois : étape interrompue : TimeoutError" in lines
    assert "une couche : b est réalisé" in lines
    assert "3 étapes prouvées sur 4." in lines
