"""An edition has a variant for each other company; the subject says which one its stations have."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from provisioner.build.stacks import require_golden
from provisioner.core.errors import ConfigurationError, Refusal, UnknownName
from provisioner.core.model import Conformity, Station
from provisioner.demo import demonstration
from provisioner.exam import open_room, readiness
from provisioner.examination.site import CopySite
from provisioner.host.companies import HOME, company_folder, other_companies
from provisioner.host.editions import edition_for, load_stacks, stack_for, stack_if_known, stack_named
from provisioner.host.paths import ROOT
from provisioner.host.settings import Settings
from provisioner.proof.asked import all_steps
from provisioner.proof.keys import stack_files
from provisioner.proof.selection import select
from provisioner.station import shared_site
from provisioner.station.identity import new_credentials
from provisioner.subject.listing import listed_subjects
from provisioner.subject.subjects import checks_of, load_subject
from provisioner.subject.suitability import untried
from tests.unit.fake_engine import FakeEngine

VARIANT = "wordpress-2024-clairepine"


def test_lists_have_the_editions_and_a_name_finds_the_variants_too() -> None:
    assert {stack.company for stack in load_stacks().values()} == {HOME}
    assert other_companies() == ("clairepine",)
    edition, variant = stack_named("wordpress-2024"), stack_named(VARIANT)
    assert replace(variant, id=edition.id, title=edition.title, company=HOME) == edition
    assert variant.title == f"{edition.title}, entreprise clairepine"
    assert stack_if_known("wordpress-2024-conserverie") is None
    with pytest.raises(UnknownName, match="« wordpress-2024-conserverie » n'existe pas"):
        stack_named("wordpress-2024-conserverie")


def test_a_copied_file_of_an_edition_must_be_made_its_own(tmp_path: Path) -> None:
    copied = tmp_path / "wordpress" / "2027.toml"
    copied.parent.mkdir()
    text = (ROOT / "stacks/wordpress/2026.toml").read_text(encoding="utf-8")
    copied.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"id = « wordpress-2026 » ; écrivez .* « wordpress-2027 »"):
        load_stacks(tmp_path)
    copied.write_text(text.replace('"wordpress-2026"', '"wordpress-2027"'), encoding="utf-8")
    assert list(load_stacks(tmp_path)) == ["wordpress-2027"]


def test_a_subject_is_listed_on_the_edition_that_takes_it() -> None:
    def runs(settings: Settings) -> str:
        return next(row.edition for row in listed_subjects(settings) if row.id == "wordpress-d")

    later, earlier = {"wordpress": "wordpress-2025"}, {"wordpress": "wordpress-2024"}
    assert runs(Settings(session="2024", editions=later)) == "wordpress-2025"
    assert runs(Settings(session="2026", editions=earlier)) == ""


def test_what_was_never_tried_of_an_edition_is_said_of_the_subjects_that_would_run_on_it() -> None:
    [said] = untried(load_subject("prestashop-a"), "2026")
    assert said.startswith("prestashop-2026 : archive de PrestaShop 9.0 jamais essayée")
    assert untried(load_subject("prestashop-a"), "2024") == untried(load_subject("wordpress-a"), "2026") == []


def test_a_company_is_a_folder_with_a_context(tmp_path: Path) -> None:
    for name in ("tisserie", HOME, "conserverie"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "context.toml").touch()
    (tmp_path / "brouillon").mkdir()
    assert other_companies(tmp_path) == ("conserverie", "tisserie")


def test_the_settings_choose_the_edition_and_the_subject_its_company() -> None:
    trial = Settings(editions={"wordpress": "wordpress-trial"})
    assert edition_for("wordpress", Settings(), "clairepine").id == VARIANT
    assert edition_for("wordpress", trial, "clairepine").id == "wordpress-trial-clairepine"
    assert stack_for("wordpress-trial", "clairepine").id == "wordpress-trial-clairepine"
    assert stack_for(VARIANT, HOME).id == VARIANT
    with pytest.raises(ConfigurationError, match=f'wordpress = "{VARIANT}" ne va pas, le sujet dit l\'entreprise'):
        edition_for("wordpress", Settings(editions={"wordpress": VARIANT}))


def test_a_room_takes_the_company_of_each_subject() -> None:
    centre: Any = SimpleNamespace(settings=Settings())
    subjects = [load_subject(name) for name in ("wordpress-a", "wordpress-e")]
    found = {subject: stack.id for subject, stack in open_room._editions(centre, subjects, "").items()}
    assert found == {"wordpress-a": "wordpress-2024", "wordpress-e": VARIANT}
    found = {subject: stack.id for subject, stack in open_room._editions(centre, subjects, "wordpress-trial").items()}
    assert found == {"wordpress-a": "wordpress-trial", "wordpress-e": "wordpress-trial-clairepine"}
    with pytest.raises(Refusal, match=f"Le sujet wordpress-a ne convient pas à {VARIANT}"):
        open_room._editions(centre, subjects, VARIANT)


def test_a_missing_image_is_told_with_the_command_that_builds_it() -> None:
    with pytest.raises(
        UnknownName, match=rf"L'image de {VARIANT} n'est pas construite\. Lancez « e5b build {VARIANT} »"
    ):
        require_golden(FakeEngine(), stack_named(VARIANT))


def test_a_build_without_names_makes_the_variants_of_the_days_list_too() -> None:
    entries = [
        SimpleNamespace(stack=stack, archived=archived)
        for stack, archived in (("wordpress-2024", False), (VARIANT, False), ("prestashop-2024-clairepine", True))
    ]
    centre = MagicMock(settings=Settings())
    centre.state.entries.return_value = entries
    built = [stack.id for stack in readiness.editions_to_build(centre)]
    assert built == ["prestashop-2024", "wordpress-2024", VARIANT]


def test_subjects_are_listed_with_the_stack_of_their_company() -> None:
    stacks = {row.id: row.edition for row in listed_subjects(Settings())}
    assert (stacks["wordpress-b"], stacks["wordpress-e"]) == ("wordpress-2024", VARIANT)


def test_a_demonstration_shows_the_home_company_unless_its_variant_is_named() -> None:
    def shown(stack: str) -> list[tuple[str, str]]:
        chosen, _ = demonstration._choose_editions(MagicMock(), stack, Settings(), MagicMock())
        return [(edition.id, subject.id) for edition, subject in chosen]

    assert shown("") == [("wordpress-2024", "wordpress-a"), ("prestashop-2024", "prestashop-a")]
    assert shown(VARIANT) == [(VARIANT, "wordpress-e")]


@pytest.mark.parametrize(
    ("editions", "company"),
    [([VARIANT], "clairepine"), (["wordpress-2024"], HOME), (["wordpress-2024", VARIANT], HOME)],
)
def test_the_other_site_that_a_room_shows_is_of_its_company(
    monkeypatch: pytest.MonkeyPatch, editions: list[str], company: str
) -> None:
    started: list[tuple[str, str]] = []
    monkeypatch.setattr(shared_site, "_start_site", lambda _, cms, of: started.append((cms, of)))
    monkeypatch.setattr(shared_site, "partner_pages", lambda *_: {})
    monkeypatch.setattr(shared_site, "stations", lambda _: [])
    centre = MagicMock()
    centre.engine.containers.return_value = []
    shared_site.ensure_shared_sites(centre, editions)
    assert started == [("prestashop", company)]


def test_subjects_are_proven_with_their_company_and_checks_with_the_home_one() -> None:
    selection = select([], ["wordpress-e"], "", Settings())
    assert (selection.edition.id, selection.examples) == (VARIANT, [])
    assert select([], ["wordpress-e"], "wordpress-trial", Settings()).edition.id == "wordpress-trial-clairepine"
    for functionalities, subjects in (([], []), (["wordpress.contenu.publier"], ["wordpress-e"])):
        with pytest.raises(
            Refusal, match=f"{VARIANT} a l'entreprise « clairepine », et les contrôles se prouvent avec"
        ):
            select(functionalities, subjects, VARIANT, Settings())
    with pytest.raises(Refusal, match=r"une seule entreprise, et ces sujets en ont 2 \(biscuiterie, clairepine\)"):
        select([], ["wordpress-a", "wordpress-e"], "", Settings())


def test_a_variant_has_the_steps_of_subjects_alone() -> None:
    subject = load_subject("wordpress-e")
    assert all_steps(stack_named(VARIANT)) == []
    assert {step.documents for step in all_steps(stack_named(VARIANT), [subject])} == {subject.documents}


def test_a_proof_depends_on_its_own_company() -> None:
    files = stack_files(stack_named(VARIANT))
    assert company_folder("clairepine") / "context.toml" in files
    assert not any(path.is_relative_to(company_folder(HOME)) for path in files)


def test_a_check_knows_the_company_of_its_values() -> None:
    check = load_subject("wordpress-e").questions[0].wanted[0].check
    assert check.company == check.but(title="Un autre").company == company_folder("clairepine")
    example = checks_of("wordpress")["wordpress.navigation.breadcrumb"].examples()[0]
    assert example.company == example.like(place="after").company == company_folder(HOME)


def test_a_site_knows_the_company_of_its_station() -> None:
    station = Station("poste-01", 1, "r", VARIANT, "s", "http://x", "i", "c", "prêt", Conformity(), MagicMock(), {})
    assert CopySite(MagicMock(), MagicMock(station=station), MagicMock()).company == company_folder("clairepine")


@pytest.mark.parametrize(
    ("stack", "user"),
    [
        (VARIANT, "candidat"),
        ("prestashop-2024", "candidat@biscuiterie.examen.test"),
        ("prestashop-2024-clairepine", "candidat@clairepine.examen.test"),
    ],
)
def test_a_candidate_has_an_address_of_the_stations_company(stack: str, user: str) -> None:
    assert new_credentials(stack).user == user
