"""What the proof of the network and its record say, and how they end."""

import json
import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest

from provisioner.cli import network as commands_network
from provisioner.cli import resources
from provisioner.cli import room as commands_room
from provisioner.core.declaration import Network
from provisioner.core.errors import Busy, Refusal
from provisioner.core.progress import Quiet
from provisioner.engine.protocol import ContainerSpec
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck import lab
from provisioner.leakcheck.entries import Entry
from provisioner.leakcheck.room_proof import RoomProof, Row
from provisioner.leakcheck.wiring import Machine
from provisioner.network.certificates import authority_of, fingerprint
from provisioner.network.room import Room
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine

SHUT = Row("dns", "DNS direct", {"poste": "reached"}, {"poste": "silence"})
LEAK = Row("ssh", "SSH vers dehors", {"poste": "reached"}, {"poste": "reached"})
DOUBT = Row("ftp", "FTP vers dehors", {"poste": "silence"}, {"poste": "silence"})


class Recorded(Quiet):
    """Keeps the steps that a person would read."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def step(self, text: str) -> None:
        self.steps.append(text)


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Has the room's declaration name a wiring."""

    def declare(wiring: Any = "") -> None:
        nothing: Any = None
        settings = Settings(network=Network(wiring=wiring))
        state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
        centre = Centre(nothing, settings, state, Room("salle", "localhost", "127.0.0.1", 8101, 3))
        monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: centre)

    declare()
    return declare


@pytest.mark.parametrize(
    ("rows", "unheld", "wiring", "code"),
    [
        ([SHUT], "", "", 0),
        ([SHUT, LEAK], "", "", 1),
        ([SHUT, DOUBT], "", "", 3),
        ([LEAK, DOUBT], "", "", 1),
        ([SHUT], "les règles du routeur ne sont pas posées", "routeur", 1),
        ([SHUT], "câblage « plat »", "plat", 0),
    ],
)
def test_a_proof_ends_by_what_it_found(
    wired: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    rows: list[Row],
    unheld: str,
    wiring: str,
    code: int,
) -> None:
    wired(wiring)
    monkeypatch.setattr("provisioner.leakcheck.last_proof.prove_network", lambda _: RoomProof(rows, 12.5, unheld))
    assert commands_network.prove(as_json=True) == code
    document = json.loads(capsys.readouterr().out)
    assert document["leaks"] == [row.id for row in rows if row is LEAK]
    assert document["doubtful"] == [row.id for row in rows if row is DOUBT]
    assert commands_network.prove() == code
    told = capsys.readouterr().out
    assert all(row.title in told for row in rows)


@pytest.mark.parametrize(
    "change", [{"host": "192.0.2.2"}, {"places": 4}, {"network": Network(wiring="plat", domain="examen.test")}]
)
def test_an_address_a_place_or_a_name_that_is_declared_since_asks_for_the_room_to_be_opened_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: dict[str, Any]
) -> None:
    centre = open_room("plat", "plat", monkeypatch, tmp_path)
    assert commands_network.on() == 0
    later = replace(centre, settings=centre.settings.model_copy(update=change))
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: later)
    with pytest.raises(Refusal, match=r"noms ou adresse.*e5b down.*rouvrez-la"):
        commands_network.on()


@pytest.mark.parametrize("wiring", ["plat", "verrou"])
def test_a_wiring_for_other_machines_wants_a_room_that_they_reach(wired: Any, wiring: str) -> None:
    wired(wiring)
    with pytest.raises(Refusal, match=r"ne répond qu'à cette machine.*« host » et « listen »"):
        commands_network.on()


def open_room(
    made_for: Any, declared: Any, monkeypatch: pytest.MonkeyPatch, root: Path, allowed: tuple[str, ...] = ()
) -> Centre:
    """A room that candidates' machines reach, opened while e5b.toml said one wiring; now it says another."""
    engine, nothing = FakeEngine(), cast(Any, None)
    made, now = (
        Settings(host="192.0.2.1", listen="192.0.2.1", places=3, network=network)
        for network in (Network(wiring=made_for, allowed=allowed), Network(wiring=declared))
    )
    room = Room.declared("salle", made)
    Centre(engine, made, nothing, room).gateway.prepare("image")
    centre = Centre(engine, now, nothing, room)
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: centre)
    monkeypatch.setattr("provisioner.leakcheck.wiring.Machine", lambda: Machine(root))
    return centre


@pytest.mark.parametrize("wiring", ["plat", "verrou"])
def test_a_wiring_of_other_machines_is_declared_and_not_only_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wiring: str
) -> None:
    open_room("", "", monkeypatch, tmp_path)
    with pytest.raises(Refusal, match=rf"« {wiring} » s'écrit dans e5b\.toml"):
        commands_network.on(wiring)


def test_a_lock_does_not_hold_at_a_door_that_asks_for_no_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_room("", "verrou", monkeypatch, tmp_path)
    with pytest.raises(Refusal, match=r"e5b down.*rouvrez-la"):
        commands_network.on()
    assert commands_network.status(as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["holds"], told["parts"][0]["there"]) == (False, False)


def test_a_lock_holds_at_a_door_that_asks_for_its_key_and_is_no_other_wiring(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_room("verrou", "verrou", monkeypatch, tmp_path)
    assert commands_network.on() == 0
    assert commands_network.status() == 0
    open_room("verrou", "plat", monkeypatch, tmp_path)
    with pytest.raises(Refusal, match=r"e5b down.*rouvrez-la"):
        commands_network.on()


@pytest.mark.parametrize(
    ("opened", "now"),
    [
        ({"wiring": "plat"}, {"wiring": "plat", "allowed": ("cartes.example",)}),
        ({"wiring": "plat", "allowed": ("cartes.example",)}, {"wiring": "plat"}),
    ],
)
def test_a_room_that_was_opened_for_other_sites_is_told(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    opened: dict[str, Any],
    now: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    centre = open_room(opened["wiring"], now["wiring"], monkeypatch, tmp_path, opened.get("allowed", ()))
    declared = Settings(network=Network(**now))
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: replace(centre, settings=declared))
    with pytest.raises(Refusal, match=r"e5b down.*rouvrez-la"):
        commands_network.on()
    assert commands_network.status() == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "fermez la salle (« e5b down »), rouvrez-la" in shown
    assert "sha256sum" not in shown  # of scripts that the open room doesn't have
    assert "network on" not in shown


def test_what_gives_addresses_and_stopped_is_missed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    centre = open_room("routeur", "routeur", monkeypatch, tmp_path)
    net = Network(wiring="routeur", interface="eth1", dhcp="192.0.2.50-192.0.2.99")
    laid = {"wiring": "routeur", "parts": [], "holds": True, "after_restart": True}
    monkeypatch.setattr("provisioner.leakcheck.wiring.wiring_status", lambda *_: {**laid, "parts": []})
    monkeypatch.setattr(
        "provisioner.cli.resources.centre", lambda room, **_: replace(centre, settings=Settings(network=net))
    )
    assert commands_network.status() == 1
    assert "✗ des adresses pour les machines des candidats" in capsys.readouterr().out


def test_a_lab_that_another_state_folder_uses_is_not_cleared_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    engine = FakeEngine()
    lab_container = engine.create(ContainerSpec("e5b-preuve-monde", "image", {"e5b.kind": "lab", "e5b.lab": "network"}))
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    progress = Recorded()
    centre = Centre(engine, Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3), progress)
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: centre)
    monkeypatch.setattr("provisioner.leakcheck.wiring.Machine", lambda: Machine(tmp_path))
    monkeypatch.setattr(lab, "_WAIT_FOR_ANOTHER", 0.5)
    with lab.alone_in_the_lab(lambda text: None):  # a proof of another state folder
        with pytest.raises(
            Busy, match=rf"une autre commande \(processus {os.getpid()}\) s'occupe de l'essai du réseau"
        ):
            commands_network.off()
        assert list(engine.boxes) == [lab_container]
        assert [text for text in progress.steps if "qui s'occupe de l'essai du réseau" in text]
    assert commands_network.off() == 0
    assert engine.boxes == {}


def test_the_record_shows_who_asked_what_and_background_only_when_asked_for(
    wired: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = Entry(
        at="2026-05-21T08:00:00+00:00",
        machine="192.0.2.31",
        host="corrige.example",
        path="/e5b",
        agent="x",
        what="refused",
        station="poste-01",
        candidate="12 GOFF",
        times=2,
    )
    background = replace(refused, what="background", host="detectportal.firefox.com", path="")
    monkeypatch.setattr("provisioner.cli.show.out._width", 120)  # `width` would stay set when it is undone
    monkeypatch.setattr("provisioner.leakcheck.refused_tries.collect", lambda _: "L'entrée ne répond plus.")
    monkeypatch.setattr("provisioner.leakcheck.refused_tries.entries", lambda _: [refused, background])
    for every, shown in ((False, [refused]), (True, [refused, background])):
        assert commands_network.log(every, as_json=True) == 0
        assert json.loads(capsys.readouterr().out) == {
            "tries": [entry.json() for entry in shown],
            "incomplete": "L'entrée ne répond plus.",
        }
        assert commands_network.log(every) == 0
        told = capsys.readouterr().out
        assert "corrige.example" in told
        assert "192.0.2.31" in told
        assert ("detectportal.firefox.com" in told) is every
        assert "L'entrée ne répond plus." in told


def test_off_takes_away_the_addresses_of_every_room_and_what_a_killed_proof_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine, state = FakeEngine(), State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    for labels in ({"e5b.kind": "lab", "e5b.lab": "network"}, {"e5b.kind": "dhcp", "e5b.dhcp": "autre"}):
        engine.create(ContainerSpec(labels["e5b.kind"], "image", labels))
    engine.create_network("e5b-preuve-dehors", "203.0.113.0/24", {"e5b.kind": "lab", "e5b.lab": "network"})
    centre = Centre(engine, Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: centre)
    monkeypatch.setattr("provisioner.leakcheck.wiring.Machine", lambda: Machine(tmp_path))
    assert commands_network.off() == 0
    assert (engine.boxes, engine.nets) == ({}, {})


def test_a_record_that_is_not_complete_is_told_as_the_room_goes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    nothing: Any = None
    centre = Centre(
        nothing, Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3, owner=state.id), resources.progress
    )
    said: list[str] = []
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: centre)
    monkeypatch.setattr("provisioner.leakcheck.refused_tries.collect", lambda _: "Le journal de l'entrée est plein.")
    monkeypatch.setattr("provisioner.station.lifecycle.down", lambda *_: [])
    monkeypatch.setattr(resources.progress, "step", said.append)
    assert commands_room.down() == 0
    assert [one for one in said if "plein" in one]


@pytest.mark.parametrize("wiring", ["", "plat", "verrou"])
def test_a_room_in_https_says_how_candidates_machines_come_to_trust_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], wiring: Any
) -> None:
    settings = Settings(host="192.0.2.1", listen="192.0.2.1", places=3, network=Network(wiring=wiring, tls=True))
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    engine = FakeEngine()
    Centre(engine, settings, state, Room.declared("salle", settings)).gateway.prepare("image")
    centre = Centre(engine, settings, state, Room.named(engine, "salle", settings))
    monkeypatch.setattr("provisioner.cli.resources.centre", lambda room, **_: centre)
    monkeypatch.setattr("provisioner.leakcheck.wiring.Machine", lambda: Machine(tmp_path / "racine"))
    commands_network.status(as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert said["follows"]
    assert said["authority"] == fingerprint(authority_of(centre.room, settings, state.folder))
    commands_network.status()
    shown = " ".join(capsys.readouterr().out.split())
    assert said["authority"][:2] + ":" + said["authority"][2:4] + ":" in shown
    assert "autorite.crt" in shown
    assert f"echo '{said['scripts']['poser.sh']} poser.sh' | sha256sum -c" in shown
    assert f"findstr /i {said['scripts']['poser.cmd']}" in shown
    gateway = centre.gateway.find()
    assert gateway is not None
    laid = engine.get(gateway.id, "/etc/e5b/pages/poste/poser.sh") or b""
    assert sha256(laid).hexdigest() == said["scripts"]["poser.sh"]  # the digest is of what machines fetch
