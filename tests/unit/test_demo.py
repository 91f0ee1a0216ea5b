"""What the demonstration shows: the exam's own editions where they can be had, and never in silence another."""

from dataclasses import replace
from pathlib import Path

import pytest

from provisioner import demo
from provisioner.artifacts import Store
from provisioner.config import Paths, Settings, load_stacks
from provisioner.errors import ArtifactMissing, Refusal
from provisioner.model import Artifact
from provisioner.progress import Quiet
from provisioner.subjects import load_subject


class Shelf(Store):
    """A store that has what `there` names, by the beginning of the file."""

    there: tuple[str, ...] = ()

    def fetch(self, artifact: Artifact) -> None:  # type: ignore[override]
        if not artifact.file.startswith(self.there or "nothing"):
            raise ArtifactMissing(f"{artifact.file} manque.")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    known = load_subject("wordpress-a")
    subjects = {
        name: replace(known, id=name, cms=name.partition("-")[0])
        for name in ("prestashop-a", "wordpress-a", "wordpress-b")
    }
    monkeypatch.setattr(demo, "subject_ids", lambda: dict.fromkeys(subjects, tmp_path))
    monkeypatch.setattr(demo, "load_subject", subjects.__getitem__)
    return Shelf(Paths(tmp_path, tmp_path, tmp_path), {}, Quiet())


def shown(shelf: Shelf, stack: str = "") -> tuple[list[tuple[str, str]], list[str]]:
    chosen, skipped = demo._reachable(shelf, stack, Settings(), Quiet())
    return [(edition.id, subject.id) for edition, subject in chosen], skipped


def test_both_cms_are_shown_each_with_its_first_subject(shelf: Shelf) -> None:
    shelf.there = ("wordpress", "astra", "easy-maps", "prestashop")
    assert shown(shelf) == ([("wordpress-2024", "wordpress-a"), ("prestashop-2024", "prestashop-a")], [])


def test_without_the_archives_the_trial_is_shown_and_what_has_none_is_told(shelf: Shelf) -> None:
    chosen, skipped = shown(shelf)
    assert chosen == [("wordpress-trial", "wordpress-a")]
    (sentence,) = skipped
    assert sentence.startswith("PrestaShop 1.7.7.8, thème Classic (session 2024) n'est pas montré")
    assert "manque" in sentence


def test_one_edition_is_shown_alone(shelf: Shelf) -> None:
    assert shown(shelf, "wordpress-trial") == ([("wordpress-trial", "wordpress-a")], [])


def test_nothing_to_show_is_the_stores_error(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    trial_less = {name: stack for name, stack in load_stacks().items() if stack.official}
    monkeypatch.setattr(demo, "load_stacks", lambda: trial_less)
    with pytest.raises(ArtifactMissing):
        shown(shelf)


def test_an_edition_without_a_subject_is_refused(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "subject_ids", lambda: {"wordpress-a": shelf.folder})
    with pytest.raises(Refusal, match="prestashop-2024"):
        shown(shelf, "prestashop-2024")
