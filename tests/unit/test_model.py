"""The nouns: what verdicts cost, and how facts are named."""

from datetime import datetime

import pytest

from provisioner.core.model import (
    Conformity,
    Credentials,
    Functionality,
    Golden,
    Verdict,
    fact_name,
    judged_by_a_person,
    worst,
)
from provisioner.host.paths import ROOT

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
BLOCKED, BROKEN = Verdict.BLOCKED, Verdict.BROKEN


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([], 0),
        ([MET, TO_JUDGE], 0),
        ([MET, NOT_MET, TO_JUDGE], 1),
        ([NOT_MET, BLOCKED], 3),
        ([BROKEN, NOT_MET, MET], 3),
        ([BLOCKED], 3),
    ],
)
def test_a_fault_outranks_missing_work_which_outranks_success(verdicts: list[Verdict], code: int) -> None:
    assert worst(verdicts) == code


def test_every_verdict_has_a_word_of_its_own_for_users() -> None:
    assert {str(verdict): verdict.french for verdict in Verdict} == {
        "met": "réalisé",
        "not_met": "non réalisé",
        "to_judge": "à apprécier",
        "blocked": "poste en défaut",
        "broken": "contrôle en défaut",
    }


def test_the_words_of_a_verdict_stand_in_one_place_of_the_program() -> None:
    model = ROOT / "provisioner/core/model.py"
    others = [path for path in (ROOT / "provisioner").rglob("*") if path.suffix in (".py", ".j2") and path != model]
    text = "\n".join(path.read_text(encoding="utf-8") for path in others).replace("\xa0", " ")
    words = [verdict.french for verdict in Verdict if verdict not in (MET, TO_JUDGE)]  # those two are words of any text
    assert [word for word in words if word in text] == []
    assert text.count("(à apprécier)") == 0


def test_a_fact_is_named_without_its_functionality_and_its_mark() -> None:
    assert fact_name("cms.menu.menus/créer/modifier un menu") == "créer/modifier un menu"
    assert fact_name("cms.contenu.rediger/langue (à apprécier)") == "langue"


def test_a_fact_is_named_after_its_line_of_the_list() -> None:
    line = Functionality("cms.menu.menus", "cms", "menu", "Créer", ("créer", "retirer (à apprécier)"))
    assert line.fact_ids() == ("cms.menu.menus/créer", "cms.menu.menus/retirer (à apprécier)")
    assert [judged_by_a_person(fact) for fact in line.fact_ids()] == [False, True]


def test_an_image_conforms_only_when_nothing_differs() -> None:
    assert Conformity().conforming
    golden = Golden("s", "i", datetime(2026, 1, 1), Conformity(("thème : 1 au lieu de 2",)), {})
    assert not golden.conformity.conforming
    assert (Conformity().french, golden.conformity.french) == ("versions conformes", "versions NON conformes")


def test_a_password_does_not_stand_in_a_representation() -> None:
    assert "secret-123" not in repr(Credentials("candidat", "secret-123"))
