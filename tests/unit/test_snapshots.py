"""A candidate's site goes back, or changes containers: what he did before and after is kept, each in its place."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from provisioner.archive.archiving import put_away, set_aside
from provisioner.core.errors import EngineError, StationNotReady
from provisioner.core.model import Conformity, Golden, Station
from provisioner.engine.image_order import remove_images
from provisioner.engine.protocol import ImageState
from provisioner.network.gateway import Gateway
from provisioner.station import sittings
from provisioner.station.centre import Centre, station_named
from provisioner.station.lifecycle import reset, up
from provisioner.station.recovery import recover
from provisioner.station.snapshots import forget, replace, rewind, snapshot, snapshots
from tests.unit.fake_engine import FakeEngine
from tests.unit.mortal import Mortal, room

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    centre = room(tmp_path, monkeypatch)
    (station,) = up(centre, 1, ["wordpress-a"], GOLDEN)
    began = "2026-05-21T09:00:00+00:00"
    centre.state.note(station.container, clock=[{"at": began, "what": "start", "minutes": 40}], sitting="seance")
    return centre


def here(centre: Centre) -> Station:
    return station_named(centre, "poste-01")


def test_a_site_taken_back_after_its_archive_is_archived_again(centre: Centre) -> None:
    station = here(centre)
    snapshot(centre, station)
    centre.state.note(station.container, archived={"taken_at": "2026-05-21T09:41:00+00:00", "file": "x.zip"})
    back, _ = rewind(centre, "poste-01", why="site effacé")
    assert sittings.to_archive(centre.state, centre.engine.container(back.container))
    reset(centre, "poste-01", GOLDEN)
    assert centre.engine.container(back.container)


def test_who_is_taken_back_by_mistake_comes_to_his_work_again(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, told, now = centre.engine, list[str](), tmp_path / "now"
    assert isinstance(engine, Mortal)
    centre = dataclasses.replace(centre, progress=SimpleNamespace(step=told.append))
    monkeypatch.setenv("E5B_NOW", str(now))
    now.write_text("2026-05-21T09:10:00+00:00")
    kept = snapshot(centre, here(centre))
    assert kept is not None
    now.write_text("2026-05-21T09:12:30+00:00")
    his = set(engine.work[here(centre).container])
    back, _ = rewind(centre, "poste-01")
    assert not his <= engine.work[back.container]
    at = datetime.fromisoformat("2026-05-21T09:12:30+00:00").astimezone(centre.settings.zone)
    (way,) = [line for line in told if "le site d'avant ce retour" in line]
    assert f"« e5b rewind poste-01 --to {at:%H:%M:%S} » y revient" in way
    now.write_text("2026-05-21T09:12:50+00:00")
    assert rewind(centre, "poste-01", f"{at:%H:%M}")[1] == kept  # the same command again goes no other way
    assert rewind(centre, "poste-01")[1] == kept
    again, _ = rewind(centre, "poste-01", f"{at:%H:%M:%S}")
    assert his <= engine.work[again.container]
    for _ in range(4):
        snapshot(centre, here(centre))
    assert [one.left for one in snapshots(centre, here(centre))[:4]] == [False] * 4


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """Have it be this time of the day, in the centre's zone."""
    now = tmp_path / "now"
    monkeypatch.setenv("E5B_NOW", str(now))
    return lambda time: now.write_text(f"2026-05-21T{time}+02:00")


def test_the_same_command_again_never_goes_to_what_it_has_left_behind(
    centre: Centre, at: Callable[[str], object]
) -> None:
    kept = {}
    for minute in ("09:05:00", "09:10:00", "09:15:00"):
        at(minute)
        kept[minute] = snapshot(centre, here(centre))
    at("09:17:00")
    assert rewind(centre, "poste-01", "9:10")[1] == kept["09:10:00"]
    at("09:18:00")
    assert rewind(centre, "poste-01")[1] == kept["09:10:00"]
    assert rewind(centre, "poste-01", "9:16")[1] == kept["09:10:00"]
    assert rewind(centre, "poste-01", "9:17:30")[1] == kept["09:10:00"]  # not the second of what was left
    replace(centre, "poste-01")  # his time line goes along
    assert rewind(centre, "poste-01", "9:17")[1] == kept["09:10:00"]
    at("09:20:00")
    later = snapshot(centre, here(centre))
    assert rewind(centre, "poste-01")[1] == later
    assert rewind(centre, "poste-01", "9:15")[1] == kept["09:10:00"]
    assert rewind(centre, "poste-01")[1] == kept["09:10:00"]  # what came after that is left behind as well


def test_a_mistake_that_was_undone_brings_back_the_ways_that_there_were(
    centre: Centre, at: Callable[[str], object]
) -> None:
    for minute in ("09:05:00", "09:10:00"):
        at(minute)
        last = snapshot(centre, here(centre))
    for mistaken, back in (("09:12:30", "9:12:30"), ("09:13:30", "9:10:00")):
        at(mistaken)
        rewind(centre, "poste-01", "9:05")
        at("09:14:00")
        rewind(centre, "poste-01", back)
        assert rewind(centre, "poste-01")[1] == last


def test_what_the_guard_keeps_of_a_station_while_it_is_taken_back_is_left_behind(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = snapshot(centre, here(centre))
    old = here(centre)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("provisioner.station.snapshots.await_answer", lambda *_, **__: snapshot(centre, old))
        rewind(centre, "poste-01")
    assert len([one for one in snapshots(centre, here(centre)) if not one.left]) == 2
    assert rewind(centre, "poste-01")[1] == first


def test_what_was_left_behind_takes_nothing_from_the_ways_back(centre: Centre, at: Callable[[str], object]) -> None:
    kept = []
    for minute in ("09:05:00", "09:10:00", "09:15:00", "09:16:00"):
        at(minute)
        kept.append(snapshot(centre, here(centre)))
    at("09:17:00")
    rewind(centre, "poste-01", "9:10")
    at("09:20:00")
    snapshot(centre, here(centre))
    assert kept[0] in snapshots(centre, here(centre))


def test_on_a_full_disk_a_site_is_taken_back_all_the_same(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = snapshot(centre, here(centre))
    monkeypatch.setattr("provisioner.station.freezing.room_left", lambda *_: 100)
    assert rewind(centre, "poste-01")[1] == kept
    assert [one.id for one in centre.engine.images(kind="snapshot")] == [kept.image if kept else ""]


def test_a_report_goes_along_with_the_work_and_not_with_what_it_was_before(centre: Centre) -> None:
    snapshot(centre, here(centre))
    centre.state.note(here(centre).container, reports=["/rapport"])
    kept = centre.state.record(replace(centre, "poste-01").container).document()
    assert kept["reports"] == ["/rapport"]
    kept = centre.state.record(rewind(centre, "poste-01")[0].container).document()
    assert "reports" not in kept


def test_work_whose_record_is_lost_is_still_somebodys_once_its_station_was_replaced(centre: Centre) -> None:
    (centre.state.folder / "stations" / f"{here(centre).container[:24]}.json").unlink()
    renewed = centre.engine.container(replace(centre, "poste-01").container)
    assert sittings.is_lost(centre.state, renewed)
    assert sittings.to_archive(centre.state, renewed)


@pytest.mark.parametrize("act", [replace, rewind])
def test_the_old_station_is_stopped_and_kept(centre: Centre, act: Callable[[Centre, str], object]) -> None:
    old = here(centre)
    snapshot(centre, old)
    act(centre, "poste-01")
    before = centre.engine.container(old.container)
    assert (before.state, dict(before.networks)) == ("exited", {})
    assert here(centre).state == "prêt"


@pytest.mark.parametrize("act", [replace, rewind])
def test_the_candidates_machine_stays_known_until_the_station_is_the_next_candidates(
    centre: Centre, act: Callable[[Centre, str], object]
) -> None:
    before = centre.gateway.sitting(1)
    snapshot(centre, here(centre))
    act(centre, "poste-01")
    assert centre.gateway.sitting(1) == before
    renewed, _ = reset(centre, "poste-01", GOLDEN)
    assert centre.gateway.sitting(1) == renewed.container[:12] != before
    replace(centre, "poste-01")
    assert centre.gateway.sitting(1) == renewed.container[:12]


def test_what_is_confirmed_while_a_station_is_replaced_goes_along(centre: Centre) -> None:
    engine = centre.engine
    assert isinstance(engine, Mortal)
    renewed = replace(centre, "poste-01")
    engine.rests = True
    assert engine.confirmed
    assert engine.confirmed <= engine.work[renewed.container]


def test_a_replacement_that_fails_leaves_the_old_station_at_work(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = here(centre)

    def full(*_: object) -> None:
        raise EngineError("le disque de Docker est plein")

    with monkeypatch.context() as broken:
        broken.setattr(Mortal, "commit", full)
        with pytest.raises(EngineError, match="plein"):
            replace(centre, "poste-01")
    assert (here(centre).container, here(centre).state) == (old.container, "prêt")


@pytest.mark.parametrize("stays", [False, True])
def test_what_was_to_replace_a_station_keeps_it_from_coming_back_in_no_way(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, stays: bool
) -> None:
    old, engine = here(centre), centre.engine
    remove, begin = engine.remove, engine.start

    def silent(*_: object, **__: object) -> None:
        raise StationNotReady("il ne répond pas")

    def removed(container: str) -> None:
        if stays:
            raise EngineError("le moteur est occupé")
        remove(container)

    def started(container: str, stdin: bytes | None = None) -> None:
        if container == old.container and not stays and len(engine.containers(kind="station")) > 1:
            raise EngineError("Address already in use")
        begin(container, stdin)

    with monkeypatch.context() as broken:
        broken.setattr("provisioner.station.snapshots.await_answer", silent)
        broken.setattr(engine, "remove", removed)
        broken.setattr(engine, "start", started)
        with pytest.raises(StationNotReady):
            replace(centre, "poste-01")
        assert engine.container(old.container).state == "running"
    recover(centre, "poste-01")
    assert (here(centre).container, here(centre).state) == (old.container, "prêt")


def test_a_disk_that_is_full_as_a_station_is_set_aside_leaves_it_its_place(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = here(centre)

    def full(*_: object) -> None:
        raise EngineError("plein")

    with monkeypatch.context() as broken:
        broken.setattr(sittings, "set_aside", full)
        for act in (replace, lambda centre, name: reset(centre, name, GOLDEN)):
            with pytest.raises(EngineError):
                act(centre, "poste-01")
    assert [one.id for one in centre.engine.containers(kind="station")] == [old.container]
    assert put_away(centre) == []


def test_a_station_that_was_replaced_while_its_snapshot_was_taken_leaves_none(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = here(centre)
    kept = snapshot(centre, old)
    assert kept is not None
    rewind(centre, "poste-01")
    assert snapshot(centre, old) is None
    assert [one.image for one in snapshots(centre, here(centre)) if not one.left] == [kept.image]


def test_snapshots_of_one_whose_record_can_not_be_read_are_kept(centre: Centre) -> None:
    kept = snapshot(centre, here(centre))
    assert kept is not None
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    (centre.state.folder / "stations" / f"{here(centre).container[:24]}.json").write_text("{")
    forget(centre)
    assert [one.id for one in centre.engine.images(kind="snapshot")] == [kept.image]


@pytest.mark.parametrize("left", [[], ["copie"]])
def test_images_go_after_those_that_stand_on_them_and_what_stays_is_told(
    monkeypatch: pytest.MonkeyPatch, left: list[str]
) -> None:
    engine = FakeEngine()
    engine.kept_images = {one: ImageState(one, {}, "", 0) for one in ("premier", "second", "troisième", *left)}
    stands_on = {"premier": "second", "second": "troisième", "troisième": "copie"}

    def remove(self: FakeEngine, image: str) -> None:
        if stands_on.get(image) in self.kept_images:
            raise EngineError(f"{image} porte une autre image")
        self.kept_images.pop(image, None)

    monkeypatch.setattr(FakeEngine, "remove_image", remove)
    errors = remove_images(engine, ["premier", "second", "troisième"])
    assert len(errors) == (3 if left else 0)
    assert len(engine.kept_images) == (4 if left else 0)


def test_what_served_the_candidate_for_a_moment_is_kept_where_its_switch_is_undone(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = here(centre)

    turn, turned = Gateway.reload, list[object]()

    def once(gateway: Gateway) -> None:
        turned.append(gateway)
        if len(turned) == 1:
            raise EngineError("l'ancien poste sert encore")
        turn(gateway)

    with monkeypatch.context() as broken:
        broken.setattr(Gateway, "reload", once)
        with pytest.raises(EngineError, match="sert encore"):
            replace(centre, "poste-01")
    assert (here(centre).container, here(centre).state) == (old.container, "prêt")
    (kept,) = set_aside(centre)
    assert kept.state == "exited"
    assert sittings.to_archive(centre.state, kept)
    assert len(put_away(centre)) == 1
