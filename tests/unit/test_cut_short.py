"""Whatever a command is killed in, nothing that was confirmed to the candidate is lost, and one command goes on from there."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from provisioner.archive.archiving import put_away
from provisioner.core.errors import Refusal
from provisioner.core.model import Conformity, Golden
from provisioner.exam.working_time import start
from provisioner.station.centre import Centre, station_named
from provisioner.station.lifecycle import reset, up
from provisioner.station.recovery import recover
from provisioner.station.snapshots import replace, rewind, snapshot
from provisioner.station.spares import prepare, renew
from tests.unit.mortal import Killed, Mortal, room

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})
Act = Callable[[Centre], Any]


def at_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Centre, Mortal]:
    """A candidate who started on the first of two stations, with a snapshot of what he did, and a spare."""
    centre = room(folder, monkeypatch)
    engine = centre.engine
    assert isinstance(engine, Mortal)
    station, _ = up(centre, 2, ["wordpress-a"], GOLDEN)
    now = centre.state.now()
    centre.state.note(station.container, clock=[{"at": now, "what": "start", "minutes": 40}], sitting="seance")
    prepare(centre, GOLDEN)
    assert snapshot(centre, station)
    assert engine.work[station.container] == engine.confirmed != set()
    return centre, engine


ACTS: dict[str, Act] = {
    "reset": lambda centre: reset(centre, "poste-01", GOLDEN),
    "hand-over": lambda centre: renew(centre, "poste-01", GOLDEN),
    "absent": lambda centre: reset(centre, "poste-02", GOLDEN),
    "replace": lambda centre: replace(centre, "poste-01"),
    "rewind": lambda centre: rewind(centre, "poste-01"),
    "snapshot": lambda centre: snapshot(centre, station_named(centre, "poste-01")),
}
GOING_ON: dict[str, Act] = {
    "up": lambda centre: up(centre, 2, ["wordpress-a"], GOLDEN),
    "again": lambda centre: None,
    "archive": lambda centre: [recover(centre, name) for name in ("poste-01", "poste-02")],
}


def _begun(centre: Centre) -> None:
    """The next candidate begins, or the same one goes on; then another comes."""
    with suppress(Refusal):
        start(centre, "poste-01")
    put_away(centre)
    reset(centre, "poste-01", GOLDEN)


@pytest.mark.parametrize("then", ["up", "again", "archive", "start"])
@pytest.mark.parametrize("what", ACTS)
def test_a_command_that_is_killed_before_any_of_its_steps_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, then: str
) -> None:
    go_on = {**GOING_ON, "again": ACTS[what], "start": _begun}[then]
    whole = what in ("replace", "snapshot", "absent") and then != "start"
    monkeypatch.setattr(os, "fsync", lambda _: None)
    for number in count(1):
        with monkeypatch.context() as patched:
            centre, engine = at_work(tmp_path / str(number), patched)
            started = centre.state.record(station_named(centre, "poste-01").container).running
            engine.steps, engine.dies = 0, number
            ended = False
            with suppress(Killed):
                ACTS[what](centre)
                ended = True
            engine.dead, engine.dies = False, None
            if ended:
                _nothing_is_lost(centre, engine, whole=whole)
                assert number > 5
                return
            go_on(centre)
            _nothing_is_lost(centre, engine, whole=whole)
            assert station_named(centre, "poste-02").state == "prêt"
            if what in ("replace", "rewind") and then != "start":
                mine = centre.state.record(station_named(centre, "poste-01").container)
                assert mine.running == started
                assert {event.what for event in mine.events} <= {what}
            put_away(centre)
            _nothing_is_lost(centre, engine, whole=whole)


def _nothing_is_lost(centre: Centre, engine: Mortal, *, whole: bool) -> None:
    """The candidate's station is the one that he reaches, and what was confirmed stands there, or is kept."""
    engine.rests = True
    now = station_named(centre, "poste-01")
    served = engine.served()
    assert served is not None
    assert served.id == now.container
    kept = set(engine.work[now.container])
    if not whole:
        kept |= engine.work["archives"]
        for one in engine.containers(room="salle", kind="*"):
            if centre.state.record(one.id).document().get("aside"):
                kept |= engine.work[one.id]
    assert engine.confirmed <= kept
    engine.rests = False
