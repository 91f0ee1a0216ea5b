"""What was set aside goes once its archive was read back, and no station waits for another's."""

import hashlib
import threading
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyrage
import pytest

from provisioner.archive import archives, archiving
from provisioner.archive.archives import Archive
from provisioner.archive.archiving import archive, archive_unknown, down, put_away, put_each_away, set_aside
from provisioner.cli import room as commands_room
from provisioner.core.batches import each
from provisioner.core.errors import ArchiveSpoilt, Busy, EngineError, EvidenceLost, Gone, Refusal
from provisioner.core.model import Conformity, Golden
from provisioner.core.records import RosterRecord, SittingRecord
from provisioner.engine.protocol import ContainerState, Output
from provisioner.host import encryption
from provisioner.host.paths import Paths
from provisioner.leakcheck import refused_tries
from provisioner.network.gateway import Gateway
from provisioner.station import freezing, lifecycle, sittings
from provisioner.station.centre import Centre, container_of, station_named, stations
from provisioner.station.identity import labels_in_name
from provisioner.station.lifecycle import reset, up
from provisioner.station.recovery import recover
from provisioner.station.snapshots import replace as replace_station
from provisioner.station.snapshots import rewind, snapshot
from provisioner.station.spares import prepare, prepare_each, renew, spares
from provisioner.station.state import State
from tests.unit.exam_room import list_in
from tests.unit.mortal import Mortal, room
from tests.unit.samples import CANDIDATE, ENTRY, bundle, manifest

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})

#: What a room in memory does without.
SEALED = archiving._archive_and_note


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """Three stations, each with a candidate who started."""
    centre = room(tmp_path, monkeypatch)
    for station in up(centre, 3, ["wordpress-a"], GOLDEN):
        began = "2026-05-21T09:00:00+00:00"
        centre.state.note(station.container, clock=[{"at": began, "what": "start", "minutes": 40}], sitting="seance")
    return centre


def all_reset(centre: Centre) -> list[str]:
    old = [one.container for one in stations(centre)]
    for station in stations(centre):
        reset(centre, station.name, GOLDEN)
    return old


def test_one_that_can_not_be_archived_stays_and_keeps_no_other_back(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = all_reset(centre)
    sealed = archiving._archive_and_note

    def spoilt(centre: Centre, container: ContainerState) -> object:
        if container.id == first:
            raise EvidenceLost("le disque est plein")
        return sealed(centre, container)

    with monkeypatch.context() as broken:
        broken.setattr(archiving, "_archive_and_note", spoilt)
        made, errors = put_each_away(centre)
        assert (len(made), [str(one) for one in errors]) == (2, ["le disque est plein"])
        with pytest.raises(EvidenceLost, match="plein"):
            put_away(centre)
    assert [one.id for one in set_aside(centre)] == [first]
    assert not set(others) & {one.id for one in centre.engine.containers(kind="station")}
    assert len(put_away(centre)) == 1


@pytest.mark.parametrize("by", ["a new container", "a spare"])
def test_a_disk_that_fills_up_at_any_moment_of_a_switch_leaves_the_candidate_his_station(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """Whether it is full or not when the switch is to be undone; afterwards the same command does it."""
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    switched = {"a new container": reset, "a spare": renew}[by]
    old = station_named(centre, "poste-01")
    kept, write, written = centre.state.record(old.container), State._write, 0
    for full_at in range(1, 9):
        if by == "a spare":
            prepare(centre, GOLDEN)
        written = 0

        def filling(state: State, path: Path, text: str) -> None:
            nonlocal written
            written += path.suffix == ".json"
            if written >= full_at:  # noqa: B023
                raise EvidenceLost("le disque est plein")
            write(state, path, text)

        with monkeypatch.context() as full:
            full.setattr(State, "_write", filling)
            with suppress(EvidenceLost):
                switched(centre, "poste-01", GOLDEN)
        if written < full_at:
            break
        recover(centre, "poste-01")
        assert station_named(centre, "poste-01") == old
        assert centre.state.record(old.container) == kept
    assert 2 <= full_at < 8
    assert [one.id for one in set_aside(centre)] == [old.container]
    after = centre.state.record(old.container)
    assert after.model_copy(update={"aside": None}) == kept


def test_two_commands_at_once_put_each_away_once(centre: Centre) -> None:
    all_reset(centre)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: put_each_away(centre), range(2))
    assert len(one[0]) + len(other[0]) == 3
    assert one[1] + other[1] == []
    assert set_aside(centre) == []


SWITCHES: dict[str, Callable[[Centre], object]] = {
    "reset": lambda centre: reset(centre, "poste-01", GOLDEN),
    "hand-over": lambda centre: renew(centre, "poste-01", GOLDEN),
    "replace": lambda centre: replace_station(centre, "poste-01"),
    "rewind": lambda centre: rewind(centre, "poste-01"),
}


@pytest.mark.parametrize("by", SWITCHES)
def test_a_station_that_a_failed_switch_gives_back_is_not_put_away_by_another_command(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """The other one comes in the moment in which the station is set aside, and seals until it was given back."""
    engine = centre.engine
    assert isinstance(engine, Mortal)
    engine.rests = True
    old = station_named(centre, "poste-01")
    snapshot(centre, old)
    if by == "hand-over":
        prepare(centre, GOLDEN)
        monkeypatch.setattr(
            "provisioner.station.spares.reset", lambda *_: (old, 0.0)
        )  # all is as it was: it would go on without
    came, given_back, turn = threading.Event(), threading.Event(), Gateway.reload
    sealed, put, others = archiving._archive_and_note, list[Archive](), list[Future[object]]()

    def sealing(centre: Centre, container: ContainerState) -> Archive:
        came.set()
        assert given_back.wait(10)
        return sealed(centre, container)

    def meanwhile() -> None:
        try:
            put.extend(put_each_away(centre)[0])
        finally:
            came.set()

    def turned(gateway: Gateway) -> None:
        if not others:
            others.append(pool.submit(meanwhile))
            assert came.wait(10)
            raise EngineError("l'entrée ne suit pas")
        turn(gateway)

    monkeypatch.setattr(archiving, "_archive_and_note", sealing)
    monkeypatch.setattr(Gateway, "reload", turned)
    with ThreadPoolExecutor(1) as pool:
        with suppress(EngineError):
            SWITCHES[by](centre)
        given_back.set()
    assert others[0].exception() is None
    here = station_named(centre, "poste-01")
    assert (here.container, here.state) == (old.container, "prêt")
    assert put == []
    assert old.container not in {one.id for one in set_aside(centre)}


def test_a_station_that_another_command_just_looks_at_is_not_switched_and_stays_at_work(centre: Centre) -> None:
    old = station_named(centre, "poste-01")
    with sittings.holding_old(centre.state, container_of(centre, old), "archive"), pytest.raises(Busy):
        reset(centre, "poste-01", GOLDEN)
    assert station_named(centre, "poste-01") == old
    assert [one.id for one in centre.engine.containers(kind="station", station="poste-01")] == [old.container]


def test_a_station_that_was_given_back_meanwhile_is_not_stopped(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = station_named(centre, "poste-01")
    sittings.set_aside(centre.state, old.container, "reset")
    waiting = archiving.set_aside(centre)
    sittings.take_back(centre.state, old.container)
    with monkeypatch.context() as late:
        late.setattr(archiving, "set_aside", lambda _: waiting)
        assert put_each_away(centre) == ([], [])
    assert station_named(centre, "poste-01") == old


@pytest.mark.parametrize("left", [None, ""])
def test_one_whose_record_is_lost_counts_as_to_archive_in_an_exam(centre: Centre, left: str | None) -> None:
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": []}))
    station = station_named(centre, "poste-01")
    record = centre.state.folder / "stations" / f"{station.container[:24]}.json"
    record.unlink() if left is None else record.write_text(left)
    with pytest.raises(Refusal, match="poste-01"):
        down(centre)
    reset(centre, "poste-01", GOLDEN)
    assert [one.id for one in set_aside(centre)] == [station.container]
    assert len(put_away(centre)) == 1


@pytest.mark.parametrize("left", [None, ""])
def test_one_that_was_set_aside_and_whose_record_is_lost_does_not_come_back(centre: Centre, left: str | None) -> None:
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": []}))
    old = station_named(centre, "poste-01")
    new, _ = reset(centre, "poste-01", GOLDEN)
    record = centre.state.folder / "stations" / f"{old.container[:24]}.json"
    record.unlink() if left is None else record.write_text(left)
    recover(centre, "poste-01")
    assert station_named(centre, "poste-01").container == new.container
    assert [one.id for one in set_aside(centre)] == [old.container]
    assert len(put_away(centre)) == 1


@pytest.mark.parametrize(
    ("hour", "aside", "his"),
    [("09:20", None, False), ("09:40", None, True), ("09:20", "reset", True), ("09:45", "rewind", False)],
)
def test_a_candidate_is_archived_once_nothing_can_change_what_he_did(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, hour: str, aside: str | None, his: bool
) -> None:
    (box, *_) = centre.engine.containers(kind="station")
    clock = [{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}]
    archived = manifest(taken_at=f"2026-05-21T{hour}:00+00:00", aside=aside, clock=clock, candidate=CANDIDATE)
    monkeypatch.setattr(archiving, "write_archive", lambda *_: Archive(Path("x.zip"), archived, "abc"))
    monkeypatch.setattr(archiving, "keep_golden", lambda *_: None)
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": [ENTRY]}))
    SEALED(centre, box)
    (entry,) = list_in(centre.state, "salle")["entries"]
    assert entry["archived"] == ("x.zip" if his else "")
    assert centre.state.record(box.id).document()["archived"]["file"] == "x.zip"
    (line,) = centre.state.logged()
    assert (line["what"], line["file"], line["sha256"]) == ("archive", "x.zip", "abc")
    assert "candidate" not in line


def test_the_archive_of_a_lost_record_has_no_tries_of_those_who_sat_there_before(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def of_station(centre: Centre, name: str, since: str, until: str) -> dict[str, str]:
        asked.append(f"{name} {since}")
        return {}

    monkeypatch.setattr(refused_tries, "of_station", of_station)
    box = replace(container_of(centre, station_named(centre, "poste-02")), created="2026-05-21T10:00:00.123456789Z")
    refused_tries.of_sitting(centre, box, SittingRecord(lost=True))
    assert asked == ["poste-02 2026-05-21T10:00:00"]


def test_a_newer_container_that_has_a_candidates_clock_is_never_thrown_away(centre: Centre) -> None:
    engine = centre.engine
    assert isinstance(engine, Mortal)
    old = station_named(centre, "poste-01")
    new, _ = reset(centre, "poste-01", GOLDEN)
    centre.state.note(new.container, clock=[{"at": centre.state.now(), "what": "start", "minutes": 40}])
    centre.state.note(old.container, aside=None)  # as a program of before would have left it
    engine.connect("e5b-salle-poste-01", old.container, str(centre.gateway.network(1).address))
    recover(centre, "poste-01")
    assert [one.id for one in set_aside(centre)] == [new.container]


def test_of_stations_that_are_reset_at_once_one_gets_the_spare_and_none_is_refused(centre: Centre) -> None:
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    prepare(centre, GOLDEN)
    names = [one.name for one in stations(centre)]
    done, errors = each(names, lambda name: renew(centre, name, GOLDEN), len(names))
    assert errors == []
    proofs = [centre.state.record(station.container).document()["pristine"]["by"] for station, _ in done]
    assert sorted(proofs) == ["comparison", *["construction"] * (len(names) - 1)]


@pytest.mark.parametrize("listed", [False, True], ids=["no list", "a list"])
def test_behind_a_spare_that_was_taken_the_next_one_is_made_where_no_list_says_who_comes(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], listed: bool
) -> None:
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    for unneeded in ("ensure_running", "collect_and_report"):
        monkeypatch.setattr(f"provisioner.exam.reset.{unneeded}", lambda *_: None)
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda *_, **__: centre)
    monkeypatch.setattr("provisioner.exam.reset.require_golden", lambda *_: GOLDEN)
    monkeypatch.setattr("provisioner.exam.reset.put_each_away", lambda _: ([], []))
    if listed:  # these stations are for practice: nobody of it comes there
        centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": []}))
    commands_room.reset(["poste-02"])
    assert spares(centre, GOLDEN) == []  # there was none
    assert "prouvé par construction)" in capsys.readouterr().out
    prepare(centre, GOLDEN)
    (taken,) = spares(centre, GOLDEN)
    commands_room.reset(["poste-01"])
    assert station_named(centre, "poste-01").container == taken.id
    told = " ".join(capsys.readouterr().out.split())
    assert "prouvé par comparaison complète quand la réserve a été préparée)" in told
    assert [one.id != taken.id for one in spares(centre, GOLDEN)] == ([] if listed else [True])


@pytest.mark.parametrize("given", [True, False], ids=["by a spare", "without the spare"])
def test_the_seconds_of_a_station_made_anew_are_those_that_who_asked_for_it_waited(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, given: bool
) -> None:
    prepare(centre, GOLDEN)
    run, now = centre.engine.run, 0.0

    def slowly(container: str, command: Sequence[str], **named: Any) -> Output:
        nonlocal now
        if command[0] != "/opt/e5b/hand-over":
            return run(container, command, **named)
        now += 2.0
        return Output(0 if given else 1, b"", b"")

    monkeypatch.setattr(centre.engine, "run", slowly)
    monkeypatch.setattr("provisioner.station.spares.time", SimpleNamespace(monotonic=lambda: now))
    _, seconds = renew(centre, "poste-01", GOLDEN)
    assert seconds == 2.0


@pytest.mark.parametrize("ready", [False, True])
def test_who_begins_while_his_station_is_about_to_be_made_anew_keeps_it(centre: Centre, ready: bool) -> None:
    old = station_named(centre, "poste-01")
    if ready:
        prepare(centre, GOLDEN)
    centre.state.note(old.container, clock=None)
    seen = sittings.basis(centre.state, old.container)
    centre.state.note(old.container, clock=[{"at": centre.state.now(), "what": "start", "minutes": 40}])
    with pytest.raises(Busy, match="poste-01 vient de changer"):
        renew(centre, "poste-01", GOLDEN, decided_by=seen)
    assert station_named(centre, "poste-01") == old
    assert len(spares(centre, GOLDEN)) == ready
    renewed, _ = renew(centre, "poste-01", GOLDEN, decided_by=sittings.basis(centre.state, old.container))
    assert renewed.container != old.container


def test_where_a_spare_cannot_be_given_the_station_is_renewed_without_it(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, old = centre.engine, station_named(centre, "poste-01")
    prepare(centre, GOLDEN)
    (spare,) = spares(centre, GOLDEN)
    run = engine.run

    def refused(container: str, command: Sequence[str], **named: Any) -> Output:
        return Output(1, b"", b"no") if command[0] == "/opt/e5b/hand-over" else run(container, command, **named)

    monkeypatch.setattr(engine, "run", refused)
    given, _ = renew(centre, "poste-01", GOLDEN)
    assert station_named(centre, "poste-01") == given
    assert given.container not in (old.container, spare.id)
    assert spare.id not in [one.id for one in engine.containers(room=centre.room.name)]


@pytest.mark.parametrize("started", [True, False], ids=["begun", "not begun"])
@pytest.mark.parametrize("act", ["spare", "reset", "replace"])
def test_an_engine_that_does_not_let_the_old_one_go_at_once_fails_no_station_that_was_switched(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, act: str, started: bool
) -> None:
    old = station_named(centre, "poste-01")
    if not started:
        centre.state.note(old.container, clock=None)
    if act == "spare":
        prepare(centre, GOLDEN)
    engine = centre.engine
    seen = sittings.basis(centre.state, old.container)

    def refuses(verb: str) -> Callable[..., Any]:
        done = getattr(engine, verb)

        def run(*told: str, **named: Any) -> Any:
            if old.container in told and sittings.is_aside(centre.state, engine.container(old.container)):
                raise EngineError("le moteur est occupé")
            return done(*told, **named)

        return run

    with monkeypatch.context() as busy:
        for verb in ("disconnect", "remove", "stop"):
            busy.setattr(engine, verb, refuses(verb))
        if act == "replace":
            renewed = replace_station(centre, "poste-01")
        else:
            renewed, _ = renew(centre, "poste-01", GOLDEN, decided_by=seen)
    assert renewed == station_named(centre, "poste-01")
    assert renewed.container != old.container
    proof = centre.state.record(renewed.container).document().get("pristine", {})
    assert proof.get("by") == ("comparison" if act == "spare" else "construction")
    assert [one.id for one in set_aside(centre)] == [old.container]
    recover(centre, "poste-01")
    assert (engine.container(old.container).state, dict(engine.container(old.container).networks)) == ("exited", {})
    assert put_each_away(centre)[1] == []
    assert set_aside(centre) == []


@pytest.mark.parametrize("left", [None, ""])
def test_a_spare_that_was_given_is_never_cleared_away_whatever_became_of_its_record(
    centre: Centre, left: str | None
) -> None:
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    prepare(centre, GOLDEN)
    given, _ = renew(centre, "poste-01", GOLDEN)
    record = centre.state.folder / "stations" / f"{given.container[:24]}.json"
    record.unlink() if left is None else record.write_text(left)
    prepare(centre, GOLDEN)
    assert given.container in {one.id for one in centre.engine.containers(kind="spare")}


def test_a_spare_that_was_given_is_asked_for_its_own_place_alone_and_may_go_meanwhile(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(centre.engine, Mortal)
    prepare(centre, GOLDEN)
    given, _ = renew(centre, "poste-01", GOLDEN)
    prepare(centre, GOLDEN)  # nobody's
    asked = list[str]()

    def removed(container: str) -> ContainerState:
        asked.append(container)
        raise Gone("removed meanwhile")

    held = partial(sittings.containers_of, centre.engine, centre.state, centre.room.name)
    (before,) = [one for one in held() if one.id == given.container]
    monkeypatch.setattr(centre.engine, "container", removed)
    assert [one.labels["e5b.station"] for one in held("poste-02")] == ["poste-02"]
    assert asked == []
    assert given.container not in {one.id for one in held("poste-01")}
    assert asked == [given.container]
    (brief,) = [one for one in held("poste-01", brief=True) if one.id == given.container]
    assert (brief.labels, brief.created) == (before.labels, before.created)


@pytest.mark.parametrize("left", [None, ""])
def test_a_spare_that_was_given_is_its_places_whatever_became_of_its_record(centre: Centre, left: str | None) -> None:
    assert isinstance(centre.engine, Mortal)
    centre.engine.rests = True
    centre.state.keep_roster("salle", RosterRecord.model_validate({"entries": []}))
    prepare(centre, GOLDEN)
    given, _ = renew(centre, "poste-01", GOLDEN)
    put_away(centre)
    for other in ("poste-02", "poste-03"):
        reset(centre, other, GOLDEN, discard="essai")
    record = centre.state.folder / "stations" / f"{given.container[:24]}.json"
    record.unlink() if left is None else record.write_text(left)
    assert station_named(centre, "poste-01") == given
    with pytest.raises(Refusal, match="poste-01"):
        down(centre)
    reset(centre, "poste-01", GOLDEN)
    assert [one.id for one in set_aside(centre)] == [given.container]
    assert len(put_away(centre)) == 1
    down(centre)


@pytest.fixture
def unknown(centre: Centre) -> str:
    """The one station of the room, whose record was lost, archived before its candidate went on working."""
    engine = centre.engine
    assert isinstance(engine, Mortal)
    engine.rests = True
    for other in ("poste-02", "poste-03"):
        reset(centre, other, GOLDEN, discard="essai")
    mine = station_named(centre, "poste-01").container
    (centre.state.folder / "stations" / f"{mine[:24]}.json").write_text("{")
    archive(centre, "poste-01")
    engine.work[mine].add(1000)
    return mine


def test_what_is_done_after_an_early_archive_where_nothing_is_known_is_archived_before_the_room_goes(
    centre: Centre, unknown: str
) -> None:
    engine = centre.engine
    assert isinstance(engine, Mortal)
    with pytest.raises(Refusal, match="poste-01"):
        lifecycle.down(centre)
    assert down(centre) == ["poste-01", "poste-02", "poste-03"]
    assert 1000 in engine.work["archives"]
    assert engine.containers(kind="*") == []


@pytest.mark.parametrize("failed", [EvidenceLost, KeyboardInterrupt])
def test_a_last_archive_that_fails_leaves_the_room_and_the_station_at_work(
    centre: Centre, unknown: str, failed: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sealed(*_: object) -> None:
        raise failed

    with monkeypatch.context() as failing:
        failing.setattr(archiving, "_archive_and_note", sealed)
        with pytest.raises(failed):
            down(centre)
    here = station_named(centre, "poste-01")
    assert (here.container, here.state) == (unknown, "prêt")
    assert len(down(centre)) == 3


def test_a_room_whose_other_candidate_is_not_archived_is_refused_before_any_station_stops(
    centre: Centre, unknown: str
) -> None:
    second = station_named(centre, "poste-02").container
    centre.state.note(second, clock=[{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}])
    with pytest.raises(Refusal, match=r"archivé : poste-02\."):
        down(centre)
    here = station_named(centre, "poste-01")
    assert (here.container, here.state) == (unknown, "prêt")


@pytest.mark.parametrize("domain", ["", "examen.test"])
def test_a_spare_learns_at_the_hand_over_where_it_will_stand_and_then_the_rooms_names(
    centre: Centre, domain: str
) -> None:
    engine = centre.engine
    assert isinstance(engine, Mortal)
    centre = replace(centre, room=replace(centre.room, domain=domain))
    prepare(centre, GOLDEN)
    given, _ = renew(centre, "poste-01", GOLDEN)
    assert engine.container(given.container).labels["e5b.kind"] == "spare"
    at = engine.container(given.container).networks["e5b-salle-poste-01"]
    told = [command[1:] for command in engine.commands if command[0] == given.container]
    assert ("/opt/e5b/hand-over", at) in told
    assert told.count(("/opt/e5b/know-names", at)) == bool(domain)
    # Its name and its own labels tell the place's address, should its record be lost.
    assert labels_in_name(engine.container(given.container))["e5b.address"] == centre.room.address_of(1)


def test_an_archive_that_was_killed_before_its_list_knew_of_it_is_made_again(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = container_of(centre, station_named(centre, "poste-01"))
    clock = [{"at": "2026-05-21T09:00:00+00:00", "what": "start", "minutes": 40}]
    archived = manifest(taken_at="2026-05-21T09:45:00+00:00", clock=clock, candidate=CANDIDATE)
    monkeypatch.setattr(archiving, "write_archive", lambda *_: Archive(Path("x.zip"), archived, "abc"))
    monkeypatch.setattr(archiving, "keep_golden", lambda *_: None)

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(State, "mark", killed)
        with pytest.raises(SystemExit):
            SEALED(centre, box)
    assert "archived" not in centre.state.record(box.id).document()


@pytest.mark.parametrize(
    ("hour", "state", "waits"),
    [("09:39", "running", False), ("09:41", "running", True), ("09:41", "paused", True), ("09:41", "exited", False)],
)
def test_an_archive_waits_for_what_was_asked_before_the_end(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, hour: str, state: str, waits: bool
) -> None:
    box = replace(container_of(centre, station_named(centre, "poste-01")), state=state)
    under_way = ["2\n", "1\n", "0\n"]
    present = datetime.fromisoformat(f"2026-05-21T{hour}:00+00:00")
    monkeypatch.setattr(State, "present", lambda _: present)
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(Mortal, "run", lambda *_, **__: Output(0, under_way.pop(0).encode(), b""))
    freezing.await_requests_under_way(centre, box)
    assert under_way == ([] if waits else ["2\n", "1\n", "0\n"])


def test_what_the_engine_does_not_let_go_costs_no_archive_that_was_made(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_reset(centre)

    def images(*_: object, **__: object) -> None:
        raise EngineError("une image n'est plus là")

    monkeypatch.setattr("provisioner.station.snapshots.forget", images)
    made, errors = put_each_away(centre)
    assert (len(made), [str(one) for one in errors]) == (3, ["une image n'est plus là"])


def failing_to_create(*_: object) -> None:
    raise EngineError("create a échoué")


def test_a_spare_that_another_command_makes_is_no_failure(centre: Centre) -> None:
    other = replace(GOLDEN, stack="prestashop-2024")
    with centre.state.holding("salle", "reserve-wordpress-2024", "spare"):
        assert prepare_each(centre, [GOLDEN, other]) == []
    assert spares(centre, GOLDEN) == []
    assert len(spares(centre, other)) == 1
    with pytest.MonkeyPatch.context() as failing:
        failing.setattr(Mortal, "create", failing_to_create)
        assert [str(one) for one in prepare_each(centre, [GOLDEN])] == ["create a échoué"]


def test_whatever_bit_of_a_bundle_changed_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "salle-poste-01-20260521-094000.e5b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("manifest.json", bytes(range(256)) * 2)
    body = path.read_bytes()
    for place in range(len(body)):
        changed = bytearray(body)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        with suppress(ArchiveSpoilt), archives.archive_in_french(path), zipfile.ZipFile(path) as bundle:
            for name in bundle.namelist():
                bundle.read(name)


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_manifest_that_was_changed_is_told_by_the_digest_beside_the_archive(tmp_path: Path, encrypted: bool) -> None:
    centres = pyrage.x25519.Identity.generate()
    identity = tmp_path / "cle"
    identity.write_text(f"{centres}\n")

    def made(candidate: str) -> Path:
        path = bundle(tmp_path / "x.e5b.zip", candidate={**CANDIDATE, "name": candidate})
        if not encrypted:
            return path
        encryption.encrypt(path, sealed := tmp_path / "x.e5b.zip.age", str(centres.to_public()))
        return sealed

    def candidate_in(path: Path) -> str:
        candidate = read(path).manifest.candidate
        return candidate.name if candidate else ""

    def read(path: Path) -> Archive:
        with encryption.readable(path, identity, tmp_path) as plain:
            return archives.verify(plain, path)

    path = made("LE GOFF")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    beside = path.with_name(f"{path.name}.sha256")
    assert read(path).sha256 == digest
    beside.write_text(f"{digest}  {path.name}\n")
    assert candidate_in(path) == "LE GOFF"
    made("LE BRAS")
    with pytest.raises(ArchiveSpoilt, match=rf"{path.name} ne peut pas servir : .*empreinte"):
        read(path)
    for unreadable in (b"", b"\xff\xfe", digest[:40].encode()):  # as a stick that was pulled leaves it
        beside.write_bytes(unreadable)
        assert candidate_in(path) == "LE BRAS"


def test_what_was_found_after_the_archive_goes_into_another_before_the_station_goes(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(centre, "poste-01")
    old = station_named(centre, "poste-01")
    assert not sittings.to_archive(centre.state, container_of(centre, old))
    centre.state.note(old.container, reports=["/rapport"])
    reset(centre, "poste-01", GOLDEN)
    assert [one.id for one in set_aside(centre)] == [old.container]


def test_stations_of_which_nothing_is_known_are_archived_each_and_stay_as_they_are(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (first, *_) = all_reset(centre)
    bobs = replace(centre, state=State(Paths(tmp_path / "cache", tmp_path / "bob", tmp_path / "e5b.toml"), UTC))
    before = {one.id: one for one in centre.engine.containers(kind="*")}
    seen: list[str] = []

    def sealed(_: Centre, container: ContainerState) -> Archive:
        seen.append(container.id)
        if container.id == first:
            raise EvidenceLost("le disque est plein")
        return Archive(Path(container.id), manifest(), "")

    monkeypatch.setattr(archiving, "_archive_and_note", sealed)
    made, errors = archive_unknown(bobs)
    assert (len(made), [str(one) for one in errors]) == (5, ["le disque est plein"])
    assert sorted(seen) == sorted(id for id, one in before.items() if one.labels["e5b.kind"] == "station")
    assert {one.id: one for one in centre.engine.containers(kind="*")} == before
