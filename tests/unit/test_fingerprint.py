"""A golden image says what made it: whoever changes what makes it is told that it is older."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from provisioner.build.stacks import golden_from_labels
from provisioner.cli import show
from provisioner.core.model import Conformity, Golden
from provisioner.core.progress import Quiet
from provisioner.examination import examine
from provisioner.host import fingerprint, sources
from provisioner.host.editions import stack_named
from provisioner.host.fingerprint import builder_of, digest_of, is_made_otherwise, maker_of
from provisioner.network.room import Room
from provisioner.station.identity import labels_of_image
from provisioner.station.lifecycle import up
from tests.unit.exam_room import exam_room

OURS = Golden("wordpress-2024", "sha256:a", datetime.now(UTC), Conformity(), {}, maker_of("wordpress-2024"))


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A clone with something in each of its folders."""
    for name in (
        "stacks/base/files/init",
        "stacks/wordpress/seed.php",
        "stacks/wordpress/2024.toml",
        "stacks/wordpress/trial.toml",
        "stacks/wordpress/gateway/requests.toml",
        "stacks/prestashop/seed.php",
        "provisioner/cli/main.py",
        "scenarios/biscuiterie/context.toml",
        "scenarios/biscuiterie/media/logo.png",
        "scenarios/biscuiterie/wordpress/seed.toml",
        "scenarios/biscuiterie/subjects/wordpress-a/subject.toml",
        "scenarios/clairepine/context.toml",
        "scenarios/clairepine/media/logo.png",
        "scenarios/clairepine/wordpress/seed.toml",
        "stacks/wordpress/__pycache__/driver.pyc",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(
            '[[artifact]]\nurls = ["https://a.test"]\n' if name.endswith("2024.toml") else name
        )
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    maker_of.cache_clear()
    yield tmp_path
    maker_of.cache_clear()


@pytest.mark.parametrize(
    ("file", "other"),
    [
        ("stacks/base/files/init", True),
        ("stacks/wordpress/seed.php", True),
        ("stacks/wordpress/2024.toml", True),
        ("stacks/wordpress/trial.toml", False),
        ("scenarios/biscuiterie/context.toml", True),
        ("scenarios/biscuiterie/media/logo.png", True),
        ("scenarios/biscuiterie/wordpress/seed.toml", True),
        ("stacks/prestashop/seed.php", False),
        ("stacks/wordpress/gateway/requests.toml", False),
        ("provisioner/cli/main.py", False),
        ("scenarios/biscuiterie/subjects/wordpress-a/subject.toml", False),
        ("stacks/wordpress/__pycache__/driver.pyc", False),
    ],
)
def test_an_image_is_another_once_what_makes_it_has_changed(clone: Path, file: str, other: bool) -> None:
    before = maker_of("wordpress-2024")
    (clone / file).write_text("changed = 1\nartifact = []\n")
    maker_of.cache_clear()
    assert (maker_of("wordpress-2024") != before) == other


@pytest.mark.parametrize("company", ["biscuiterie", "clairepine"])
@pytest.mark.parametrize("file", ["context.toml", "media/logo.png", "wordpress/seed.toml"])
def test_what_a_company_has_makes_the_images_of_its_own_stacks_alone(clone: Path, company: str, file: str) -> None:
    stacks = {"biscuiterie": "wordpress-2024", "clairepine": "wordpress-2024-clairepine"}
    before = {of: maker_of(stack) for of, stack in stacks.items()}
    (clone / "scenarios" / company / file).write_text("changed = 1\n")
    maker_of.cache_clear()
    assert {of for of, stack in stacks.items() if maker_of(stack) != before[of]} == {company}


@pytest.mark.parametrize("changed", ["stacks", "driver", "bases", "time zone", "mode"])
def test_what_builds_an_image_changes_with_its_modules_the_time_zone_and_the_modes(clone: Path, changed: str) -> None:
    (clone / "provisioner/build").mkdir()
    for name in ("stacks", "driver", "bases"):
        (clone / f"provisioner/build/{name}.py").write_text("STEPS = 1\n")
    before, made = builder_of(stack_named("wordpress-2024"), "Europe/Paris"), maker_of("wordpress-2024")
    assert builder_of(stack_named("wordpress-2024"), "Europe/Paris") == before
    if changed == "mode":
        (clone / "stacks/base/files/init").chmod(0o755)
    elif changed != "time zone":
        (clone / f"provisioner/build/{changed}.py").write_text("STEPS = 2\n")
    sources._source.cache_clear()
    maker_of.cache_clear()
    now = builder_of(stack_named("wordpress-2024"), "Indian/Reunion" if changed == "time zone" else "Europe/Paris")
    assert (now != before, maker_of("wordpress-2024")) == (True, made)


def test_a_file_that_was_renamed_changes_it_and_the_order_of_reading_does_not(clone: Path) -> None:
    one, two = clone / "stacks/base/files/init", clone / "provisioner/cli/main.py"
    assert digest_of([one, two]) == digest_of([two, one, two])
    before = digest_of([one])
    assert digest_of([one.rename(one.with_name("other"))]) != before


def test_what_is_made_from_an_image_knows_what_made_it_and_an_older_one_counts_as_another() -> None:
    labels = labels_of_image(Room("salle", "localhost", "127.0.0.1", 8101, 3), OURS)
    assert golden_from_labels(OURS.image, labels) == OURS
    del labels["e5b.maker"]
    older = golden_from_labels(OURS.image, labels)
    assert (is_made_otherwise(OURS), is_made_otherwise(older)) == (False, True)


@pytest.mark.parametrize("made", [OURS, replace(OURS, maker="another")])
def test_an_image_of_another_version_is_told_and_refused_nothing(
    made: Golden, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show.out, "_width", 300)
    show.image_age(stack_named(made.stack), made)
    told = (
        "Cette image est construite par une autre version d'e5b : lancez « e5b build wordpress-2024 »"
        in capsys.readouterr().out
    )
    assert told == (made is not OURS)
    assert show.site_document("http://x", made)["outdated"] == told


@pytest.mark.parametrize("maker", [OURS.maker, ""])
def test_an_examination_tells_of_such_an_image_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maker: str
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(Quiet, "step", lambda _, text: steps.append(text))
    centre = exam_room(tmp_path, monkeypatch)
    up(centre, 1, ["wordpress-a"], replace(OURS, maker=maker))
    document: Any = {"report": str(tmp_path / "report.html"), "taken_at": datetime.now(UTC).isoformat()}
    monkeypatch.setattr(examine, "examine_frozen", lambda *_: document)
    assert examine.examine(centre, "poste-01") == document
    told = "poste-01 : l'image a été construite par une autre version d'e5b"
    assert (told in steps) == (not maker)
