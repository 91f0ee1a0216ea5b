"""A session is a word in the settings: it picks the editions and the list; a subject says which it suits."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from provisioner.core.errors import ConfigurationError, Refusal, UnknownName
from provisioner.core.model import Stack
from provisioner.host import editions
from provisioner.host.companies import HOME, other_companies
from provisioner.host.editions import (
    edition_for,
    editions_chosen,
    load_stacks,
    session_of,
    sessions,
    stack_named,
    with_company,
)
from provisioner.host.settings import Settings, load_settings
from provisioner.network.room import Room
from provisioner.proof.asked import all_steps
from provisioner.proof.selection import select
from provisioner.station.centre import Centre
from provisioner.station.spares import bridge_of
from provisioner.subject import session_list, suitability
from provisioner.subject.listing import listed_subjects
from provisioner.subject.session_list import facts_of, lines_of, listed_sessions, words_of
from provisioner.subject.subjects import Subject, WantedCheck, checks_of, load_subject
from provisioner.subject.suitability import obstacles, off_the_list, refuse_unsuited, suited_sessions
from tests.unit.fake_engine import FakeEngine


@pytest.fixture
def with_editions(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have these editions beside those of 2024, each like that of 2024 but for what is given: (id, other versions)."""

    def have(*added: tuple[str, dict[str, str]]) -> None:
        stacks = {stack.id: stack for stack in load_stacks().values() if stack.edition in ("2024", "trial")}
        for id, versions in added:
            cms, _, year = id.rpartition("-")
            like = stacks[f"{cms}-2024"]
            stacks[id] = replace(like, id=id, edition=year, versions=versions or like.versions)
        monkeypatch.setattr(editions, "load_stacks", lambda: stacks)

    return have


def test_the_session_of_the_settings_picks_the_editions(with_editions: Callable[..., None]) -> None:
    with_editions(("wordpress-2031", {}), ("prestashop-2031", {}), ("wordpress-2032", {}))
    assert sessions() == ["2024", "2031", "2032"]
    assert edition_for("wordpress", Settings(session="2031")).id == "wordpress-2031"
    assert [one.id for one in editions_chosen(Settings(session="2031"))] == ["prestashop-2031", "wordpress-2031"]
    assert [one.id for one in editions_chosen(Settings(session="2032"))] == ["wordpress-2032"]
    own = Settings(session="2032", editions={"prestashop": "prestashop-2031"})
    assert [one.id for one in editions_chosen(own)] == ["prestashop-2031", "wordpress-2032"]


def test_a_session_without_an_edition_of_a_cms_says_so(with_editions: Callable[..., None]) -> None:
    with_editions(("wordpress-2032", {}))
    with pytest.raises(UnknownName, match=r"de PrestaShop n'est connue pour la session 2032.*« editions »"):
        edition_for("prestashop", Settings(session="2032"))


def test_a_session_that_nobody_knows_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownName, match=r"« 1999 » n'est pas connue\. Sessions connues : 2024"):
        edition_for("wordpress", Settings(session="1999"))


def test_a_session_may_be_written_with_or_without_quotes(tmp_path: Path) -> None:
    file = tmp_path / "e5b.toml"
    for written in ('"2025"', "2025", '" 2025 "'):
        file.write_text(f"session = {written}\n", encoding="utf-8")
        assert load_settings(file).session == "2025"


def test_a_trial_edition_is_examined_by_the_first_session() -> None:
    assert session_of(load_stacks()["wordpress-trial"]) == session_of(load_stacks()["wordpress-2024"]) == "2024"


def test_each_session_has_its_lines_facts_and_words() -> None:
    lines = {year: lines_of(year) for year in ("2024", "2025", "2026", "2027")}
    assert {year: sum(line.cms == "prestashop" for line in of.values()) for year, of in lines.items()} == dict.fromkeys(
        lines, 42
    )
    gone = {"wordpress.contenu.rediger", "wordpress.contenu.carte", "wordpress.menu.menu-reseaux"}
    new = {"wordpress.contenu.spectra", "wordpress.contenu.fenetre"}
    assert set(lines["2024"]) - set(lines["2025"]) == gone
    assert set(lines["2025"]) - set(lines["2024"]) == new
    assert set(lines["2025"]) == set(lines["2026"]) == set(lines["2027"])
    assert lines["2024"]["wordpress.apparence.reseaux-sociaux"].text.endswith("“Icône des réseaux sociaux”)")
    assert lines["2026"]["wordpress.apparence.reseaux-sociaux"].text == "Activer les réseaux sociaux"
    popup = [lines[year]["wordpress.contenu.fenetre"] for year in ("2025", "2026", "2027")]
    assert [line.facts for line in popup] == [("pop up",), ("pop up", "info bar"), ("pop up", "info bar")]
    assert ["info bar" in line.text for line in popup] == [False, True, True]
    assert "wordpress.contenu.fenetre/info bar" not in facts_of("2025")


def test_the_list_of_a_session_is_known_before_its_editions_are() -> None:
    assert {"2024", "2025", "2026"} <= set(listed_sessions())


def test_what_is_off_a_sessions_list_keeps_its_words() -> None:
    words = words_of("2026")
    assert "info bar" in words["wordpress.contenu.fenetre"].text
    assert words["wordpress.contenu.rediger"].text.startswith("Rédiger de manière professionnelle")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('since = 2025, facts = ["a"]', "« since »"),
        ('facts = ["a"], facts_since = { "b" = "2026" }', "« facts_since » nomme ce que « facts » n'a pas : b"),
        ('facts = ["a"], sinse = "2025"', "« sinse »"),
    ],
)
def test_a_line_that_says_its_session_wrongly_is_refused_with_its_name(tmp_path: Path, row: str, why: str) -> None:
    file = tmp_path / "functionality.toml"
    file.write_text(f'[wordpress.menu]\nligne = {{ text = "t", {row} }}\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"wordpress\.menu\.ligne.*{re.escape(why)}"):
        session_list._lines_and_rows(file)


def test_subjects_without_an_edition_in_the_session_are_listed_as_valid(with_editions: Callable[..., None]) -> None:
    with_editions(("prestashop-2032", {}))
    rows = {row.id: row for row in listed_subjects(Settings(session="2032"))}
    assert (rows["wordpress-a"].edition, rows["wordpress-a"].mistake) == ("", "")
    assert (rows["prestashop-a"].edition, rows["prestashop-a"].sessions) == ("prestashop-2032", ("2024", "2032"))


def test_the_spares_of_each_edition_have_an_interface_of_their_own_that_the_system_takes() -> None:
    room = Room("salle", "localhost", "127.0.0.1", 8101, 3)
    centre = Centre(FakeEngine(), Settings(), MagicMock(), room)
    stacks = [
        with_company(stack, company) for stack in load_stacks().values() for company in (HOME, *other_companies())
    ]
    names = [bridge_of(centre, stack.id) for stack in stacks]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 15 for name in names)


@pytest.fixture
def subject() -> Subject:
    return load_subject("wordpress-a")


def test_a_subject_suits_the_sessions_that_have_a_line_for_each_of_its_checks(
    subject: Subject, with_editions: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_editions(("wordpress-2031", {}), ("prestashop-2032", {}))
    assert suited_sessions(subject) == ["2024", "2031"]
    assert obstacles(subject, "2032") == ["La session 2032 n'a pas d'édition de WordPress."]
    monkeypatch.setattr(
        suitability, "facts_of", lambda _: facts_of("2024") - set(subject.questions[1].wanted[0].check.facts())
    )
    assert obstacles(subject, "2031") == [
        "La question 2 (wordpress.navigation.reading_settings) demande ce qui n'est pas dans la liste de la session 2031."
    ]


@pytest.fixture
def needing(subject: Subject) -> Subject:
    """A subject whose fifth question needs Astra."""
    check = checks_of("wordpress")["wordpress.apparence.menu_place"].examples()[0]
    *others, last = subject.questions
    return replace(subject, questions=(*others, replace(last, wanted=(WantedCheck(check, ""),))))


def test_a_subject_does_not_suit_an_edition_without_what_its_checks_need(
    needing: Subject, with_editions: Callable[..., None]
) -> None:
    with_editions(("wordpress-2031", {"wordpress": "9.9"}))
    assert obstacles(needing, "2031") == [
        "La question 5 (wordpress.apparence.menu_place) demande ce que wordpress-2031 n'a pas : « theme astra »."
    ]


def test_what_a_subject_asks_beside_the_list_is_said_and_holds_nothing_back(
    subject: Subject, with_editions: Callable[..., None]
) -> None:
    with_editions(("wordpress-2025", {}))
    assert off_the_list(subject, "2024") == []
    (sentence,) = off_the_list(subject, "2025")
    assert sentence.startswith("la question 1 demande aussi « longueur demandée », « éléments de l’annexe repris »")
    assert sentence.endswith("que la liste de la session 2025 n'a pas.")
    assert obstacles(subject, "2025") == []


def test_a_subject_on_another_company_suits_the_sessions_and_the_stacks_of_that_company() -> None:
    other = load_subject("wordpress-e")
    assert suited_sessions(other) == sessions()
    for stack in ("wordpress-2024", "wordpress-trial"):
        refuse_unsuited(other, with_company(stack_named(stack), "clairepine"))
        with pytest.raises(Refusal, match=f"Son entreprise est « clairepine », et {stack} a celle de « biscuiterie »"):
            refuse_unsuited(other, stack_named(stack))


def test_an_unsuited_subject_is_refused_on_an_official_edition_alone(needing: Subject) -> None:
    bare: Stack = replace(load_stacks()["wordpress-2024"], versions={})
    with pytest.raises(Refusal, match=r"Le sujet wordpress-a ne convient pas à wordpress-2024\. La question"):
        refuse_unsuited(needing, bare)
    refuse_unsuited(needing, replace(bare, official=False))
    refuse_unsuited(needing, load_stacks()["wordpress-2024"])


def test_no_step_is_of_a_check_whose_lines_the_session_does_not_have() -> None:
    later = replace(load_stacks()["wordpress-2024"], id="wordpress-2025", edition="2025")
    checks = {type(check).id for step in all_steps(later) for check in step.checks}
    assert "wordpress.contenu.map" not in checks
    assert checks < {type(check).id for step in all_steps(load_stacks()["wordpress-2024"]) for check in step.checks}


def test_a_line_that_left_the_list_cannot_be_proven_on_a_later_edition(with_editions: Callable[..., None]) -> None:
    with_editions(("wordpress-2025", {}))
    with pytest.raises(Refusal, match="La liste de la session 2025 n'a plus, ou pas encore"):
        select(["wordpress.contenu.carte"], [], "wordpress-2025", Settings())
