"""What the demonstration shows: the exam's own editions where they can be had, and never in silence another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from provisioner.build.artifacts import Store
from provisioner.cli import main
from provisioner.core.errors import ArtifactMissing, BuildFailed, Busy, EngineUnavailable, Refusal, StationNotReady
from provisioner.core.model import Artifact, Conformity, Golden, Stack, Station
from provisioner.core.progress import Quiet
from provisioner.demo import demonstration as demo
from provisioner.doctor.diagnosis import Diagnosis, Row
from provisioner.doctor.need import Observation
from provisioner.host.editions import load_stacks, stack_named
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network.gateway import Gateway, Room
from provisioner.station import creation, lifecycle
from provisioner.station.centre import Centre
from provisioner.station.state import State
from provisioner.subject.subjects import load_subject
from tests.unit.fake_engine import FakeEngine


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


def shown(shelf: Shelf, stack: str = "", session: str = "2024") -> tuple[list[tuple[str, str]], list[str]]:
    chosen, skipped = demo._choose_editions(shelf, stack, Settings(session=session), Quiet())
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


def test_an_edition_that_was_never_tried_is_shown_only_where_it_is_named(shelf: Shelf) -> None:
    shelf.there = ("wordpress", "astra", "ultimate-addons", "prestashop")
    chosen, (sentence,) = shown(shelf, session="2026")
    assert [edition for edition, _ in chosen] == ["wordpress-2026"]
    assert sentence.startswith(
        "PrestaShop 9.0.0, thème Classic (session 2026) n'est pas montré : archive de PrestaShop 9.0 jamais essayée"
    )
    assert shown(shelf, "prestashop-2026") == ([("prestashop-2026", "prestashop-a")], [])


def test_one_edition_is_shown_alone(shelf: Shelf) -> None:
    assert shown(shelf, "wordpress-trial") == ([("wordpress-trial", "wordpress-a")], [])


def test_nothing_to_show_is_the_stores_error(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    trial_less = {name: stack for name, stack in load_stacks().items() if stack.official}
    monkeypatch.setattr(demo, "load_stacks", lambda: trial_less)
    with pytest.raises(ArtifactMissing):
        shown(shelf)


def test_a_machine_that_is_not_ready_is_told_once_nothing_more_can_be_done_about_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BegunAgain(Exception):
        """This process is another one from here on."""

    def again() -> None:
        raise BegunAgain

    refused = Row("Moteur Docker", "manque", Observation(False, "refuse", advice="fermez puis rouvrez votre session"))
    monkeypatch.setattr(demo, "repair", lambda *_: Diagnosis((refused,)))
    paths = Paths(tmp_path, tmp_path / "state", tmp_path)
    monkeypatch.setattr(demo, "begin_again_as_member", again)
    with pytest.raises(BegunAgain):
        demo.demonstrate(paths, Settings(), "", Quiet(), lambda *_: None)
    monkeypatch.setattr(demo, "begin_again_as_member", lambda: None)
    with pytest.raises(EngineUnavailable, match="Fermez puis rouvrez votre session"):
        demo.demonstrate(paths, Settings(), "", Quiet(), lambda *_: None)


def test_an_edition_without_a_subject_is_refused(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "subject_ids", lambda: {"wordpress-a": shelf.folder})
    with pytest.raises(Refusal, match="prestashop-2024"):
        shown(shelf, "prestashop-2024")


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    return Centre(FakeEngine(), Settings(), state, Room("demo", "localhost", "127.0.0.1", 8101, 3))


BUILT = datetime(2026, 6, 1, 8, tzinfo=UTC)
STATION = Station(
    "poste-01", 1, "demo", "wordpress-trial", "wordpress-a", "http://x", "", "c", "prêt", Conformity(), BUILT, {}
)


def golden_of(stack: Stack) -> Golden:
    return Golden(stack.id, f"sha256:{stack.id}", BUILT, Conformity(), {})


@pytest.mark.parametrize("error", [PlaywrightTimeout("Timeout 30000ms exceeded."), LookupError("no such row")])
@pytest.mark.parametrize("slow", [0, 1, 2])
def test_a_screen_that_is_slow_once_costs_the_robot_a_new_station_and_no_more(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, slow: int, error: Exception
) -> None:
    happened: list[str] = []

    def work(*_: object) -> None:
        with pytest.raises(Busy, match="poste-01 est occupé par « e5b demo »"):  # nobody takes his station meanwhile
            centre.state.holding("demo", "poste-01", "reset").__enter__()
        happened.append("work")
        if happened.count("work") <= slow:
            raise error

    monkeypatch.setattr(demo, "work", work)
    monkeypatch.setattr(demo, "reset", lambda *_: happened.append("reset"))
    golden, subject = golden_of(stack_named("wordpress-trial")), load_subject("wordpress-a")
    if slow < 2:
        demo._have_robot_work(centre, STATION, golden, subject)
    else:
        with pytest.raises(StationNotReady, match=r"^Le candidat robot n'a pas pu finir .* \(détail : "):
            demo._have_robot_work(centre, STATION, golden, subject)
    assert happened == ["work", "reset", "work"][: 1 if slow == 0 else 3]


@pytest.fixture
def machine(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """All that the demonstration works with, but for what it decides itself."""
    shelf.there = ("wordpress", "astra", "easy-maps", "prestashop")
    monkeypatch.setattr(demo, "repair", lambda *_: Diagnosis(()))
    monkeypatch.setattr(demo, "DockerEngine", FakeEngine)
    monkeypatch.setattr(demo, "Store", lambda *_: shelf)
    monkeypatch.setattr(demo, "build", lambda _, stack, *more: golden_of(stack))
    monkeypatch.setattr(demo, "up", lambda *_: None)
    monkeypatch.setattr(demo, "down", lambda *_: None)
    monkeypatch.setattr(demo, "stations", lambda _: [STATION])
    row = {"station": "poste-01", "check": {"questions": []}}
    monkeypatch.setattr(demo, "_examine_and_reset", lambda _, station, golden, subject: {**row, "stack": golden.stack})
    return shelf


@pytest.fixture
def left(centre: Centre, machine: Shelf, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """An engine with the room of a demonstration that another account began, or this one before its folder was lost."""
    engine = cast(FakeEngine, centre.engine)
    other = State(Paths(centre.state.folder, centre.state.folder.with_name("autre"), centre.state.folder))
    for module in (creation, lifecycle):
        monkeypatch.setattr(module, "await_answer", lambda *_, **__: None)
    monkeypatch.setattr(lifecycle, "gateway_image", lambda *_: "e5b/gateway")
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)
    lifecycle.up(replace(centre, state=other), 2, ["wordpress-a"], golden_of(stack_named("wordpress-trial")))
    monkeypatch.setattr(demo, "DockerEngine", lambda: engine)
    monkeypatch.setattr(demo, "down", lifecycle.down)
    return engine


def test_the_room_that_another_accounts_demonstration_left_is_emptied_before_anything_is_built(
    left: FakeEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[object] = []

    def build(_: object, stack: Stack, *more: object) -> Golden:
        seen.append(dict(left.boxes))
        return golden_of(stack)

    monkeypatch.setattr(demo, "build", build)
    demonstrated(tmp_path, "wordpress-trial")
    assert seen == [{}]


@pytest.mark.parametrize("young", [True, False])
def test_one_that_may_run_still_or_that_a_person_opened_is_left_alone_before_anything_is_built(
    left: FakeEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, young: bool
) -> None:
    now = (datetime.now(UTC) - timedelta(minutes=20)).isoformat()
    for name, box in left.boxes.items():
        left.boxes[name] = (
            replace(box, created=now) if young else replace(box, labels={**box.labels, "e5b.owner": "his"})
        )
    before, built = dict(left.boxes), list[str]()
    monkeypatch.setattr(demo, "build", lambda _, stack, *more: built.append(stack.id))
    with pytest.raises(Refusal, match="« e5b down --room demo --discard démonstration »"):
        demonstrated(tmp_path, "wordpress-trial")
    assert (left.boxes, built) == (before, [])


def demonstrated(tmp_path: Path, stack: str = "") -> dict[str, Any]:
    paths = Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml")
    return demo.demonstrate(paths, Settings(), stack, Quiet(), lambda *_: None)


@pytest.mark.parametrize("kind", [BuildFailed, ArtifactMissing])
def test_an_image_that_cannot_be_built_keeps_the_other_cms_from_nothing(
    machine: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: type[Exception]
) -> None:
    def build(_: object, stack: Stack, *more: object) -> Golden:
        if stack.cms == "prestashop":
            raise kind("Le miroir n'a plus Debian bullseye.")
        return golden_of(stack)

    monkeypatch.setattr(demo, "build", build)
    document = demonstrated(tmp_path)
    assert [one["stack"] for one in document["stations"]] == ["wordpress-2024"]
    (sentence,) = document["skipped"]
    assert sentence.startswith("PrestaShop 1.7.7.8, thème Classic (session 2024) n'est pas montré")
    assert "Le miroir n'a plus Debian bullseye." in sentence
    # What can't be had is nobody's fault; that an image can't be built must not pass for fine.
    assert document["exit"] == (3 if kind is BuildFailed else 0)
    with pytest.raises(kind):
        demonstrated(tmp_path, "prestashop-2024")


def test_a_second_demonstration_is_refused_and_takes_nothing_from_it(
    machine: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken_down: list[str] = []
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    monkeypatch.setattr(demo, "down", lambda centre: taken_down.append(centre.room.name))
    with state.holding(demo.ROOM, "robot", "demo"), pytest.raises(Busy, match="« e5b demo »"):
        demonstrated(tmp_path, "wordpress-trial")
    assert taken_down == []
    demonstrated(tmp_path, "wordpress-trial")
    assert taken_down == ["demo", "demo"]  # before it builds, and before it begins


@pytest.mark.parametrize("archives", [True, False], ids=["the exam's archives", "none of them"])
def test_the_demonstration_says_in_large_letters_which_edition_it_shows_before_it_shows_it(
    machine: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], archives: bool
) -> None:
    if not archives:
        machine.there = ()

    def build(_: object, stack: Stack, *more: object) -> Golden:
        return replace(golden_of(stack), conformity=Conformity(() if stack.official else (stack.why_unofficial,)))

    def examined(_: object, station: Station, golden: Golden, subject: object) -> dict[str, Any]:
        official = stack_named(golden.stack).official
        check = {
            "station": "poste-01",
            "subject": "wordpress-a",
            "taken_at": "2026-06-01T09:00:00+02:00",
            "seconds": 1,
            "differs": golden.conformity.differs,
            "official": official,
            "questions": [],
            "report": "x",
        }
        return {
            "station": "poste-01",
            "address": "http://x",
            "user": "u",
            "password": "p",
            "check": check,
            "reset": {"seconds": 1},
        }

    monkeypatch.setattr(demo, "build", build)
    monkeypatch.setattr(demo, "up", lambda *_: print("un poste démarre"))
    monkeypatch.setattr(demo, "_examine_and_reset", examined)
    if archives:
        monkeypatch.setattr(demo, "stations", lambda _: [STATION, STATION])
    (tmp_path / "config").touch()
    for name in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"E5B_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("COLUMNS", "200")
    assert main.app(["demo"], prog_name="e5b", standalone_mode=False) == 0
    told = capsys.readouterr().out
    before, _, after = told.partition("un poste démarre")
    trial, exam = "ÉDITION D'ESSAI — JAMAIS UN POSTE D'EXAMEN", "Versions conformes."
    wordpress, shop = stack_named("wordpress-2024").title, stack_named("prestashop-2024").title
    if archives:
        assert [line for line in before.splitlines() if line] == [wordpress, exam, shop, exam]
        assert "ESSAI" not in told
        assert "n'est pas montré" not in told
        return
    title, words, *differs = [line.strip() for line in before.splitlines() if line]
    assert (title, words) == (stack_named("wordpress-trial").title, trial)
    assert differs[0] == "Versions NON conformes :"
    assert exam not in told
    assert trial in after  # above what was found, too
    assert f"{shop} n'est pas montré" in after
