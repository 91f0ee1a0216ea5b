"""A candidate's time is given once, and his door does as it says, whatever was killed in between."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.core.clock import Clock
from provisioner.core.errors import EngineError, Refusal, StationNotReady
from provisioner.core.model import Conformity, Golden, Station
from provisioner.engine.protocol import Output
from provisioner.exam import working_time
from provisioner.exam.working_time import start, stop
from provisioner.station.access import settle_access_windows
from provisioner.station.centre import Centre, station_named
from provisioner.station.lifecycle import reset, up
from tests.unit.mortal import Killed, Mortal, room
from tests.unit.samples import CANDIDATE, ENTRY

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    centre = room(tmp_path, monkeypatch)
    up(centre, 2, ["wordpress-a"], GOLDEN)
    return centre


def door(centre: Centre) -> str:
    """What the gateway does by, not what it was told."""
    assert isinstance(centre.engine, Mortal)
    return centre.engine.heard.get("/etc/e5b/doors/room.conf", b"").decode()


def cut_short(centre: Centre, monkeypatch: pytest.MonkeyPatch, at: str, extra: int = 0) -> None:
    """A start that was killed as the clock was written and the door not yet told, or told and not yet turned."""

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(
            "provisioner.exam.working_time._followed" if at == "door" else "tests.unit.mortal.Mortal.run", killed
        )
        with pytest.raises(Killed):
            start(centre, "poste-01", extra)


@pytest.mark.parametrize("extra", [0, 13])
def test_a_start_that_was_killed_before_the_door_is_said_again_and_gives_no_time_twice(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, extra: int
) -> None:
    cut_short(centre, monkeypatch, "door", extra)
    assert "over" not in door(centre)
    _, running = start(centre, "poste-01", extra)
    assert (running.end - running.started).total_seconds() == (40 + extra) * 60
    assert '"~^1:' in door(centre)


@pytest.mark.parametrize(("why", "minutes", "extra"), [("", 11, 10), ("coupure", 9, 10), ("", 9, 5)])
def test_the_same_time_given_again_is_more_time_for_another_reason_or_later(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str, minutes: int, extra: int
) -> None:
    monkeypatch.setenv("E5B_NOW", str(tmp_path / "now"))
    (tmp_path / "now").write_text("2026-05-21T09:00:00+00:00")
    start(centre, "poste-01")
    start(centre, "poste-01", 5)
    start(centre, "poste-02")
    (tmp_path / "now").write_text(f"2026-05-21T09:{minutes:02}:00+00:00")
    _, running = start(centre, "poste-01", 5, why)
    assert running.extra == extra


def test_time_is_not_taken_for_given_because_the_door_of_another_was_late(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(centre, "poste-02")
    start(centre, "poste-02", 5)
    cut_short(centre, monkeypatch, "door")
    assert start(centre, "poste-02", 5, "coupure")[1].extra == 10


def test_time_for_several_that_was_killed_at_the_second_is_said_again_and_is_given_once_to_each(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    centre = replace(centre, progress=SimpleNamespace(step=told.append))
    start(centre, "poste-02")
    start(centre, "poste-01", 10)

    def killed(centre: Centre, station: Station, running: Clock) -> tuple[Station, Clock]:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(working_time, "_followed", killed)
        with pytest.raises(Killed):
            start(centre, "poste-02", 10)
    assert [start(centre, name, 10)[1].extra for name in ("poste-01", "poste-02")] == [10, 10]
    assert [line.split(" :")[0] for line in told if "ne le sont pas deux fois" in line] == ["poste-01", "poste-02"]


def test_a_door_that_was_told_and_not_turned_turns_even_where_the_command_is_refused(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(centre, monkeypatch, "turn")
    assert "over" not in door(centre)
    with pytest.raises(Refusal, match="a commencé"):
        start(centre, "poste-01")
    assert '"~^1:' in door(centre)


def test_the_time_that_the_door_alone_knows_outlives_a_reset_that_fails(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    station, _ = start(centre, "poste-01")
    known = door(centre)
    (centre.state.folder / "stations" / f"{station.container[:24]}.json").unlink()
    run, failures = Mortal.run, iter([Output(1, b"", b"no")])

    def once(engine: Mortal, container: str, command: Sequence[str], **named: Any) -> Output:
        refused = next(failures, None) if "/opt/e5b/reload" in command[-1] else None
        return refused or run(engine, container, command, **named)

    monkeypatch.setattr(Mortal, "run", once)
    with pytest.raises(EngineError):
        reset(centre, "poste-01", GOLDEN)
    settle_access_windows(centre, sure=True)
    assert station_named(centre, "poste-01").container == station.container
    assert door(centre) == known


def test_a_stop_that_was_killed_before_the_door_closes_it_when_it_is_said_again(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(centre, "poste-01")
    before = door(centre)
    monkeypatch.setattr(working_time, "why_closed", lambda *_: "over")

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(working_time, "_followed", killed)
        with pytest.raises(Killed):
            stop(centre, "poste-01", "il a fini")
    assert door(centre) == before
    with pytest.raises(Refusal, match="rien à arrêter"):
        stop(centre, "poste-01")
    assert door(centre) != before


def test_what_the_jury_reads_is_written_with_the_clock(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    start(centre, "poste-01")
    cut_short(centre, monkeypatch, "door", 5)
    (record,) = [one for one in _records(centre) if one.get("clock")]
    assert [one["what"] for one in record["clock"]] == ["start", "extra"]
    assert [(one["what"], one["minutes"]) for one in record["events"]] == [("extra", 5)]


def test_a_door_that_does_not_follow_is_told_with_what_gives_no_time_twice(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working_time, "why_closed", lambda *_: "over")
    monkeypatch.setattr(working_time, "_PATIENCE", 0)
    with pytest.raises(StationNotReady, match="pas deux fois : lancez « e5b up »"):
        start(centre, "poste-01")


@pytest.mark.parametrize(("kept", "said"), [(json.dumps({"entries": [ENTRY]}), 0), ('{"entries": []}', 1), ("{", 0)])
def test_who_begins_and_is_on_the_list_no_more_is_told(centre: Centre, kept: str, said: int) -> None:
    told: list[str] = []
    centre = replace(centre, progress=SimpleNamespace(step=told.append))
    candidate = {**CANDIDATE, "number": "1", "name": "LE GOFF", "first_name": "Maëlle"}
    centre.state.note(station_named(centre, "poste-01").container, candidate=candidate)
    (centre.state.folder / "rosters").mkdir()
    (centre.state.folder / "rosters/salle.json").write_text(kept)
    start(centre, "poste-01")
    assert len([line for line in told if "la liste n'a plus le candidat 1, LE GOFF Maëlle" in line]) == said


@pytest.mark.parametrize("goes_on", [True, False])
def test_time_is_given_while_a_snapshot_is_taken(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, goes_on: bool
) -> None:
    station, _ = start(centre, "poste-01")
    engine = centre.engine
    assert isinstance(engine, Mortal)

    def state(now: str) -> None:
        engine.boxes[station.container] = replace(engine.boxes[station.container], state=now)

    state("paused")
    monkeypatch.setattr(working_time, "_PATIENCE", 0.2)
    monkeypatch.setattr("provisioner.core.waiting.time.sleep", lambda _: state("running") if goes_on else None)
    with nullcontext() if goes_on else pytest.raises(StationNotReady, match="en pause"):
        assert start(centre, "poste-01", 5)[1].extra == 5


@pytest.mark.parametrize("status", [0, 1])
def test_a_station_that_was_ill_when_the_engine_asked_is_asked_again(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    container = station_named(centre, "poste-01").container
    engine, asked = centre.engine, list[str]()
    assert isinstance(engine, Mortal)
    engine.boxes[container] = replace(engine.boxes[container], health="unhealthy")
    run = engine.run

    def answered(at: str, command: Sequence[str], **how: Any) -> Output:
        if command[0] != "/opt/e5b/healthy":
            return run(at, command, **how)
        asked.append(at)
        return Output(status, b"", b"")

    monkeypatch.setattr(engine, "run", answered)
    with pytest.raises(StationNotReady, match="en défaut") if status else nullcontext():
        assert start(centre, "poste-01")[1].extra == 0
    assert asked == [container]


def test_a_refused_start_says_what_leads_to_the_next_candidate(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    start(centre, "poste-01")
    with pytest.raises(Refusal, match=r"et finit à .*« e5b stop poste-01 », puis « e5b reset poste-01 »"):
        start(centre, "poste-01")
    monkeypatch.setattr(working_time, "why_closed", lambda *_: "over")
    stop(centre, "poste-01")
    with pytest.raises(Refusal, match=r"a fini à .* suivant : « e5b reset poste-01 »"):
        start(centre, "poste-01")


def _records(centre: Centre) -> list[dict[str, Any]]:
    held = centre.engine.containers(kind="station", room="salle")
    return [centre.state.record(one.id).document() for one in held]
