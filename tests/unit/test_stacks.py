"""An image has the versions that were asked for, or says which it has instead, or isn't kept."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.build import stacks
from provisioner.build.artifacts import Store
from provisioner.build.checksums import digest_of_archives
from provisioner.build.stacks import _differences, _unpinned, build, golden_of
from provisioner.build.todays_image import built_today
from provisioner.cli import resources
from provisioner.core.errors import BuildFailed, Busy
from provisioner.core.model import Artifact, Golden, Resolved, Stack
from provisioner.core.progress import Quiet
from provisioner.engine.protocol import ContainerSpec, ImageState
from provisioner.host.disk import locked
from provisioner.host.editions import stack_named
from provisioner.host.fingerprint import is_made_otherwise, maker_of
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from tests.unit.fake_engine import FakeEngine

STACK = replace(stack_named("wordpress-2024"), versions={"wordpress": "6.4.2", "theme astra": "4.6.2"})


def test_what_is_read_back_as_it_was_pinned_differs_in_nothing() -> None:
    assert _unpinned(STACK, {"wordpress": "6.4.2", "theme astra": "4.6.2", "php": "8.2.1"}, set()) == []


def test_an_edition_that_was_never_run_whole_says_so_on_its_image() -> None:
    stack = replace(STACK, artifacts=(), untried="rien n'en a été essayé")
    assert _differences(stack, {}, dict(STACK.versions)) == ["rien n'en a été essayé"]
    assert _differences(replace(stack, untried=""), {}, dict(STACK.versions)) == []


def test_a_declared_stand_in_is_told_by_its_version() -> None:
    found = {"wordpress": "6.4.2", "theme astra": "4.5.2"}
    assert _unpinned(STACK, found, {"4.5.2"}) == ["theme astra : 4.5.2 au lieu de 4.6.2"]


@pytest.mark.parametrize("found", [{"wordpress": "6.4.3", "theme astra": "4.6.2"}, {"theme astra": "4.6.2"}])
def test_any_other_difference_is_no_image(found: dict[str, str]) -> None:
    with pytest.raises(BuildFailed, match=r"wordpress : \S+ au lieu de 6\.4\.2"):
        _unpinned(STACK, found, {"4.5.2"})


def at_fault(stack: Stack, found: dict[str, str], without: Sequence[str] = ()) -> str:
    """What is told where these versions are read, and no checksum of the stack's archives is published."""
    versions = {**stack.versions, **found}
    unproven = [one for one in stack.artifacts if not (one.sha256 or one.sha1 or one.name in without)]
    with pytest.raises(BuildFailed) as caught:
        _unpinned(stack, versions, set(), unproven)
    return str(caught.value)


def test_the_way_out_of_a_whole_but_wrong_archive_names_it_and_the_command() -> None:
    pinned = stack_named("wordpress-2024")
    told = at_fault(pinned, {"theme astra": "4.6.0"})
    assert (
        "l'archive, bien qu'entière, n'est sans doute pas la bonne. Lancez « e5b artifacts forget astra-4.5.2.zip », puis"
        in told
    )
    assert told.endswith(
        "« e5b artifacts fetch » ou, depuis une clé USB, « e5b artifacts import DOSSIER », et recommencez."
    )
    french = at_fault(pinned, {"locale": "fr_FR (reste en anglais : Dashboard)"})
    assert "« e5b artifacts forget wordpress-6.4.2-fr_FR.zip astra-4.5.2-fr_FR.zip »" in french
    two = at_fault(pinned, {"theme astra": "absent", "plugin wordpress-seo": "22.0 (non activée)"})
    assert "« e5b artifacts forget astra-4.5.2.zip wordpress-seo-21.8.zip »" in two
    trial = at_fault(stack_named("wordpress-trial"), {"wordpress": "6.4.1"})
    assert "puis « e5b artifacts fetch --stack wordpress-trial »" in trial


def test_an_archive_whose_checksum_is_published_is_not_the_one_to_forget() -> None:
    pinned = stack_named("wordpress-2024")
    for stack, found in (
        (pinned, {"wordpress": "6.4.3"}),
        (stack_named("prestashop-2024"), {"module ps_linklist": "3.2.0 (activé)"}),
    ):
        assert at_fault(stack, found).endswith("vérifiez les archives avec « e5b artifacts ».")
    both = at_fault(pinned, {"wordpress": "6.4.3", "theme astra": "4.6.0"})
    assert "« e5b artifacts forget astra-4.5.2.zip »" in both
    assert "forget" not in at_fault(pinned, {"theme astra": "4.6.0"}, ["astra"])  # a stand-in is declared, not recorded


SHOP = replace(
    stack_named("prestashop-2024"), versions={"prestashop": "1.7.7.8", "module ps_linklist": "4.0.0 (activé)"}
)


def test_a_stand_in_of_the_cms_brings_modules_of_its_own() -> None:
    found = {"prestashop": "1.7.7.7", "module ps_linklist": "3.2.0 (activé)"}
    assert len(_unpinned(SHOP, found, {"1.7.7.7"})) == 2


@pytest.mark.parametrize("module", ["1.7.6 (désactivé)", "3.2.0 (activé)", "absent"])
def test_no_stand_in_explains_a_module_that_is_off_or_another_than_its_cms_has(module: str) -> None:
    with pytest.raises(BuildFailed, match=r"module ps_linklist : .* au lieu de 4\.0\.0 \(activé\)"):
        _unpinned(SHOP, {"prestashop": "1.7.7.8", "module ps_linklist": module}, {"1.7.6"})


@pytest.mark.parametrize("stack", ["wordpress-2024", "prestashop-2024"])
def test_no_stand_in_explains_an_edition_that_stayed_english(stack: str) -> None:
    pinned = stack_named(stack)
    english = f"{pinned.versions['locale']} (reste en anglais : Save)"
    with pytest.raises(BuildFailed, match="reste en anglais : Save"):
        _unpinned(pinned, {**pinned.versions, "locale": english}, {pinned.versions[pinned.cms], "1.7.6"})


@pytest.mark.parametrize("built_here", [True, False])
def test_an_image_that_an_archive_brought_along_takes_no_ones_place(built_here: bool) -> None:
    engine = FakeEngine()
    labels = {"e5b.kind": "golden", "e5b.stack": STACK.id, "e5b.differs": "[]", "e5b.versions": "{}"}
    built_at = {"e5b.built_at": "2026-05-20T10:00:00+02:00"}
    engine.kept_images["brought"] = ImageState("brought", {**labels, **built_at}, "", 0, named=False)
    if built_here:
        engine.kept_images["built"] = ImageState("built", {**labels, **built_at}, "", 0)
    found = golden_of(engine, STACK)
    assert found is not None
    assert found.image == ("built" if built_here else "brought")


TRIAL = stack_named("wordpress-trial")


class Shelf(Store):
    """A store that has everything."""

    def fetch(self, artifact: Artifact) -> Resolved:
        return self.resolve(artifact)

    def resolve(self, artifact: Artifact) -> Resolved:
        return Resolved(artifact, self.folder / artifact.file, artifact.version, sha256=self.sha256)

    sha256 = "a" * 64


class Told(Quiet):
    """Keeps what is said, and tells that somebody waits."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.waits = threading.Event()

    def step(self, text: str) -> None:
        self.said.append(text)
        if text.startswith("Attente"):
            self.waits.set()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), {})


@pytest.fixture
def installing(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What each installation of the CMS does, one after another; nothing once they are used up."""
    does: list[Callable[[], object]] = []
    driver = SimpleNamespace(
        install=lambda *_: does.pop(0)() if does else None,
        seed=lambda *_: None,
        versions=lambda _: dict(TRIAL.versions),
    )
    monkeypatch.setattr(stacks, "driver_of", lambda _: driver)
    return does


def golden_image(
    name: str, built_at: datetime, maker: str = "", *, named: bool = True, archives: str = "0" * 16
) -> ImageState:
    labels = {
        "e5b.kind": "golden",
        "e5b.stack": TRIAL.id,
        "e5b.differs": "[]",
        "e5b.versions": "{}",
        "e5b.built_at": built_at.isoformat(),
        "e5b.maker": maker,
        "e5b.archives": archives,
    }
    return ImageState(name, labels, "", 0, named)


@pytest.mark.parametrize("asked", [False, True])
def test_two_commands_that_lack_an_image_at_once_make_it_once_unless_it_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, shelf: Shelf, installing: list[Callable[[], object]], asked: bool
) -> None:
    engine, told = FakeEngine(), Told()
    monkeypatch.setattr(resources, "store", lambda: shelf)
    monkeypatch.setattr(resources, "progress", told)
    centre: Any = SimpleNamespace(engine=engine, settings=Settings())
    begun = threading.Event()

    def slowly() -> None:
        begun.set()
        assert told.waits.wait(20)

    installing.append(slowly)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(resources.golden, centre, TRIAL)
        assert begun.wait(20)
        if asked:
            second = pool.submit(build, engine, TRIAL, shelf, Settings(), told)
        else:
            second = pool.submit(resources.golden, centre, TRIAL)
        images = [first.result(20).image, second.result(20).image]
    assert "Attente d'une autre commande, qui s'occupe de l'image de wordpress-trial" in told.said
    assert len(set(images)) == (2 if asked else 1)
    assert set(images) <= engine.kept_images.keys()  # what the first is about to use is there still


@pytest.mark.parametrize("todays", [False, True])
def test_who_needs_the_image_of_this_version_gets_it(
    monkeypatch: pytest.MonkeyPatch, shelf: Shelf, installing: list[Callable[[], object]], todays: bool
) -> None:
    engine = FakeEngine()
    engine.kept_images["old"] = golden_image("old", datetime.now(UTC), "0" * 16)
    monkeypatch.setattr(resources, "store", lambda: shelf)
    monkeypatch.setattr(resources, "progress", Told())
    centre: Any = SimpleNamespace(engine=engine, settings=Settings())
    assert (resources.golden(centre, TRIAL, todays=todays).image == "old") is not todays


@pytest.mark.parametrize("recipe", ["the same", "another", "of archives that it doesn't name"])
def test_what_another_command_made_meanwhile_is_taken_where_its_recipe_is_the_same(
    shelf: Shelf, installing: list[Callable[[], object]], recipe: str
) -> None:
    engine, told = FakeEngine(), Told()
    maker = "0" * 16 if recipe == "another" else maker_of(TRIAL.id)
    archives = "" if recipe == "of archives that it doesn't name" else "0" * 16
    with ThreadPoolExecutor(1) as pool:
        with locked(shelf.folder / f".image-{TRIAL.id}.lock", "", 1):
            waiting = pool.submit(build, engine, TRIAL, shelf, Settings(), told, again=False)
            assert told.waits.wait(20)
            engine.kept_images["theirs"] = golden_image("theirs", datetime.now(UTC), maker, archives=archives)
        found: Golden = waiting.result(20)
    assert (found.image == "theirs") == (recipe == "the same")


def test_a_wait_for_another_command_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, shelf: Shelf, installing: list[Callable[[], object]]
) -> None:
    monkeypatch.setattr(stacks, "_LOCK_SECONDS", 0.05)
    with (
        locked(shelf.folder / f".image-{TRIAL.id}.lock", "", 1),
        pytest.raises(Busy, match=r"l'image de wordpress-trial : attendez qu'elle finisse"),
    ):
        build(FakeEngine(), TRIAL, shelf, Settings(), Quiet())


def test_an_image_goes_once_no_command_can_be_about_to_use_it(
    shelf: Shelf, installing: list[Callable[[], object]]
) -> None:
    """The newest of an hour ago may have been given to a command that is still at it; those before it were not.

    One of a day to come would be taken for the newest of all.
    """
    engine, now = FakeEngine(), datetime.now(UTC)
    ages = {
        "a month": 43_200,
        "a month, a station's": 43_199,
        "a day": 1440,
        "two hours": 120,
        "ten minutes": 10,
        "to come": -1440,
    }
    for name, minutes in ages.items():
        engine.kept_images[name] = golden_image(name, now - timedelta(minutes=minutes))
    engine.kept_images["an archive's"] = golden_image("an archive's", now - timedelta(minutes=90), named=False)
    engine.create(ContainerSpec("poste", "a month, a station's", {"e5b.kind": "station"}))
    made = build(engine, TRIAL, shelf, Settings(), Quiet())
    kept = {"a month, a station's", "two hours", "an archive's", "ten minutes", made.image}
    assert engine.kept_images.keys() == kept


@pytest.fixture
def built(shelf: Shelf, installing: list[Callable[[], object]]) -> tuple[FakeEngine, Golden]:
    """An image that was built now."""
    engine = FakeEngine()
    return engine, build(engine, TRIAL, shelf, Settings(), Quiet())


def test_todays_image_of_the_same_program_and_archives_need_not_be_built_again(
    built: tuple[FakeEngine, Golden], shelf: Shelf
) -> None:
    engine, golden = built
    assert golden.archives == digest_of_archives([shelf.resolve(one) for one in TRIAL.artifacts])
    assert built_today(engine, TRIAL, shelf, Settings()) == golden


def test_an_image_of_another_time_zone_is_built_again_and_its_stations_stand(
    built: tuple[FakeEngine, Golden], shelf: Shelf
) -> None:
    engine, golden = built
    assert built_today(engine, TRIAL, shelf, Settings(time_zone="Indian/Reunion")) is None
    assert not is_made_otherwise(golden)


@pytest.mark.parametrize(
    "changed", ["archives", "program", "builder", "older program", "day", "declaration", "missing"]
)
def test_an_image_of_something_else_or_of_another_day_is_built_again(
    built: tuple[FakeEngine, Golden], shelf: Shelf, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    engine, golden = built
    state = engine.kept_images[golden.image]
    labels = dict(state.labels)
    if changed == "archives":
        monkeypatch.setattr(Shelf, "sha256", "b" * 64)
    if changed == "program":
        labels["e5b.maker"] = "another"
    if changed == "builder":
        labels["e5b.builder"] = "another"
    if changed == "older program":
        del labels["e5b.builder"]
    if changed == "day":
        labels["e5b.built_at"] = (golden.built_at - timedelta(days=1)).isoformat()
    if changed == "declaration":
        declared = replace(shelf.resolve(TRIAL.artifacts[0]), differs="remplacée, autre raison.")
        monkeypatch.setattr(Shelf, "resolve", lambda *_: declared)
    if changed == "missing":
        monkeypatch.setattr(Shelf, "resolve", Store.resolve)
    engine.kept_images[golden.image] = replace(state, labels=labels)
    assert built_today(engine, TRIAL, shelf, Settings()) is None
