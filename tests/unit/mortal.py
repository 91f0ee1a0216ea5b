"""A room in memory whose program can be killed before any of its steps, while a candidate saves at each of them."""

import functools
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provisioner.archive import archiving
from provisioner.engine.protocol import ContainerState
from provisioner.exam import working_time
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.network import gateway
from provisioner.network.gateway import Gateway
from provisioner.network.gateway_files import place_files
from provisioner.network.room import Addresses, Room
from provisioner.station import creation, lifecycle, snapshots, spares
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine

VERBS = (
    "create",
    "start",
    "run",
    "get",
    "put",
    "stop",
    "commit",
    "rename",
    "remove",
    "remove_image",
    "containers",
    "container",
    "connect",
    "disconnect",
    "networks",
)


class Killed(BaseException):
    """As kill -9: nothing that the program would still do happens."""


class Mortal(FakeEngine):
    """An engine that knows what was saved in which container and image, and to which one the gateway turns."""

    def __init__(self) -> None:
        super().__init__()
        self.work: dict[str, set[int]] = defaultdict(set)
        self.confirmed: set[int] = set()
        self.heard: dict[str, bytes] = {}
        self.dies: int | None = None
        self.dead = False
        self.rests = False
        self.steps = 0
        self.stations = Path()

    def step(self) -> None:
        """The candidate saves; the program does its next step, or is killed before it."""
        if self.dead:
            raise Killed
        self.steps += 1
        if not self.rests and (served := self.served()) and json.loads(self._record(served)).get("clock"):
            self.work[served.id].add(len(self.confirmed))
            self.confirmed.add(len(self.confirmed))
        if self.steps == self.dies:
            self.dead = True
            raise Killed

    def served(self) -> ContainerState | None:
        """The container that the first place's candidate reaches."""
        told = self.heard.get("/etc/e5b/places/01.conf", b"").decode()
        for box in list(self.boxes.values()):
            at = box.networks.get("e5b-salle-poste-01")
            if at and f"$station {at};" in told and box.state == "running" and "gateway" not in box.labels["e5b.kind"]:
                return box
        return None

    def gateway(self) -> str:
        """The gateway's container; it reads what it is told as it starts and as it turns."""
        return next((box.id for box in list(self.boxes.values()) if box.labels["e5b.kind"] == "gateway"), "")

    def _record(self, box: ContainerState) -> str:
        path = self.stations / f"{box.id[:24]}.json"
        return path.read_text(encoding="utf-8") if path.exists() else "{}"


def _mortal(verb: str) -> Callable[..., Any]:
    @functools.wraps(getattr(FakeEngine, verb))
    def run(self: Mortal, *args: Any, **named: Any) -> Any:
        self.step()
        given = getattr(FakeEngine, verb)(self, *args, **named)
        if verb == "create":
            self.work[given] = set(self.work[args[0].image])
        if verb == "commit":
            self.work[given] = set(self.work[args[0]])
        if (verb == "run" and "/opt/e5b/reload" in args[1][-1]) or (verb == "start" and args[0] == self.gateway()):
            self.heard = dict(self.files)
        return given

    return run


for _verb in VERBS:
    setattr(Mortal, _verb, _mortal(_verb))


def _stepping(engine: Mortal, done: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any) -> Any:
        engine.step()
        return done(*args)

    return run


def _files(room: Room, block: Addresses, settings: Settings) -> dict[str, bytes]:
    """What a new gateway knows of the places; the rest, its programs', is not read here."""
    return place_files(room, 1, str(block.of_place(1)[3]))


def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """An empty room of three places on such an engine."""
    engine = Mortal()
    for module in (creation, lifecycle, snapshots, spares):
        monkeypatch.setattr(module, "await_answer", lambda *_, **__: None)
    monkeypatch.setattr(lifecycle, "gateway_image", lambda *_: "e5b/gateway")
    monkeypatch.setattr(lifecycle, "ensure_firewall", lambda *_: None)
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)
    monkeypatch.setattr(gateway, "gateway_files", _files)
    monkeypatch.setattr(spares, "compare", lambda *_: None)
    monkeypatch.setattr(working_time, "_SURE", 1)
    monkeypatch.setattr(working_time, "why_closed", lambda *_: "")
    for name in ("_write", "forget", "log"):
        monkeypatch.setattr(State, name, _stepping(engine, getattr(State, name)))

    def sealed(centre: Centre, container: ContainerState) -> None:
        engine.step()
        engine.work["archives"] |= engine.work[container.id]
        centre.state.note(container.id, archived={"taken_at": centre.state.now()})

    monkeypatch.setattr(archiving, "_archive_and_note", sealed)
    monkeypatch.setattr(archiving, "read_again", lambda *_: None)
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    engine.stations = state.folder / "stations"
    return Centre(engine, Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))
