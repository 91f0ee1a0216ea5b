"""How a round of the company's sites ends, and what it says."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.cli import context
from provisioner.context.texts import Fault
from provisioner.core.errors import ArtifactMissing, Refusal, UnknownName
from provisioner.host.settings import Settings

FAULT = {"where": "/boutique", "what": "la page répond 404"}


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Has every edition's site be seen like this."""

    def seen(words: list[Any] | None = None, **changed: Any) -> None:
        def visit(centre: Any, stack: str, scenario: Any) -> Any:
            document = {
                "stack": stack,
                "conforming": True,
                "differs": [],
                "pages": 60,
                "office_pages": 200,
                "faults": [],
                "untranslated": [],
                **changed,
            }
            return SimpleNamespace(document=document, words=words or [])

        monkeypatch.setattr("provisioner.context.visit.visit", visit)

    monkeypatch.setattr("provisioner.cli.resources.settings", Settings)
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda **_: None)
    monkeypatch.setattr("provisioner.cli.resources.golden", lambda _, edition: edition.id)
    monkeypatch.setattr("provisioner.context.consistency.on_paper", lambda _: [])
    monkeypatch.setattr("provisioner.context.texts.spelled", lambda _: [])
    monkeypatch.setattr("provisioner.context.consistency.misspelled", lambda words, _: [Fault(*one) for one in words])
    return seen


@pytest.mark.parametrize(
    ("stacks", "companies", "seen"),
    [
        (["wordpress-2024"], [], {"biscuiterie": ["wordpress-2024"], "clairepine": ["wordpress-2024-clairepine"]}),
        (["wordpress-2024-clairepine"], [], {"clairepine": ["wordpress-2024-clairepine"]}),
        (
            ["wordpress-2024", "wordpress-2024-clairepine"],
            ["clairepine"],
            {"clairepine": ["wordpress-2024-clairepine"]},
        ),
        (["wordpress-trial"], ["biscuiterie"], {"biscuiterie": ["wordpress-trial"]}),
    ],
)
def test_each_company_is_looked_through_on_its_own_sites(
    rounds: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    stacks: list[str],
    companies: list[str],
    seen: dict[str, list[str]],
) -> None:
    rounds()
    visited: list[tuple[str, str]] = []

    def visit(_: Any, stack: str, scenario: Path) -> Any:
        visited.append((scenario.name, stack))
        return SimpleNamespace(
            document={"stack": stack, "conforming": True, "faults": [], "untranslated": []}, words=[]
        )

    monkeypatch.setattr("provisioner.context.visit.visit", visit)
    assert context.context_check(stacks, companies, as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    found = {one["context"]: [site["stack"] for site in one["stacks"]] for one in document["companies"]}
    assert found == seen
    assert visited == [(company, stack) for company, of in seen.items() for stack in of]


def test_a_company_that_nobody_knows_and_a_site_of_another_are_refused(rounds: Any) -> None:
    rounds()
    with pytest.raises(
        UnknownName, match=r"« conserverie » n'existe pas\. Entreprises connues : biscuiterie, clairepine"
    ):
        context.context_check(company=["conserverie"])
    with pytest.raises(Refusal, match="wordpress-2024-clairepine n'est pas un site de l'entreprise biscuiterie"):
        context.context_check(["wordpress-2024-clairepine"], ["biscuiterie"])


def test_the_editions_of_the_settings_session_are_visited(
    rounds: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds()
    monkeypatch.setattr("provisioner.cli.resources.settings", lambda: Settings(session="2025"))
    assert context.context_check(company=["clairepine"]) == 0
    told = capsys.readouterr().out
    assert "wordpress-2025-clairepine : 60 pages" in told
    assert "prestashop-2025-clairepine : 60 pages" in told


def test_a_company_that_is_whole_has_nothing_to_be_said_against_it(
    rounds: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds()
    assert context.context_check() == 0
    told = capsys.readouterr().out
    assert "wordpress-2024 : 60 pages et 200 écrans" in told
    assert "prestashop-2024 : 60 pages et 200 écrans" in told
    assert "Rien à redire." in told


def test_a_fault_of_a_site_a_text_or_a_word_is_told_and_ends_in_1(
    rounds: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds(faults=[FAULT])
    assert context.context_check(["prestashop-2024"], ["biscuiterie"]) == 1
    assert "/boutique : la page répond 404" in capsys.readouterr().out
    rounds([("/accueil", "« bsicuit » n'est pas français")])
    assert context.context_check(["wordpress-2024"], ["biscuiterie"], as_json=True) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["companies"][0]["stacks"][0]["faults"] == [
        {"where": "/accueil", "what": "« bsicuit » n'est pas français"}
    ]
    rounds()
    monkeypatch.setattr(
        "provisioner.context.consistency.on_paper", lambda _: [Fault("textes", "la même phrase deux fois")]
    )
    assert context.context_check(["wordpress-2024"], ["biscuiterie"]) == 1
    assert "1 point(s) à corriger." in capsys.readouterr().out


@pytest.mark.parametrize("as_json", [False, True])
def test_an_edition_that_cannot_be_had_holds_neither_the_other_nor_the_paper(
    rounds: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    def golden(_: Any, edition: Any) -> str:
        if edition.id == "prestashop-2024":
            raise ArtifactMissing("L'archive de prestashop-2024 n'a pas pu être obtenue.")
        return str(edition.id)

    rounds()
    monkeypatch.setattr("provisioner.cli.resources.golden", golden)
    monkeypatch.setattr(
        "provisioner.context.consistency.on_paper", lambda _: [Fault("textes", "la même phrase deux fois")]
    )
    with pytest.raises(ArtifactMissing, match="prestashop-2024 n'a pas pu être obtenue") as caught:
        context.context_check(company=["biscuiterie"], as_json=as_json)
    (done,) = caught.value.done["companies"]
    assert [one["stack"] for one in done["stacks"]] == ["wordpress-2024"]
    assert done["faults"] == [{"where": "textes", "what": "la même phrase deux fois"}]
    if not as_json:
        told = capsys.readouterr().out
        assert "wordpress-2024 : 60 pages et 200 écrans" in told
        assert "1 point(s) à corriger." in told


def test_words_that_a_stand_in_leaves_in_english_are_told_and_no_fault(
    rounds: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds([("/panier", "« checkout »")], conforming=False, differs=["langue : 1.7.6"], untranslated=[FAULT])
    assert context.context_check(["prestashop-2024"], ["biscuiterie"]) == 0
    assert "2 mots des écrans ne sont pas en français" in capsys.readouterr().out
