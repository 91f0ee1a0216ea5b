"""A room that leaks is not called ready: whatever says so, and whichever station it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from provisioner.core.errors import StationLeaks
from provisioner.core.model import Conformity, Golden
from provisioner.engine.protocol import ImageState, Output
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck.room_proof import station_places
from provisioner.leakcheck.short_proof import leak_check, permissive_ports
from provisioner.network.containment import ensure_firewall, firewall_of, lift_firewall
from provisioner.network.gateway import Gateway, Room
from provisioner.station import creation, lifecycle
from provisioner.station.centre import Centre, stations
from provisioner.station.lifecycle import up
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine

GOLDEN = Golden("wordpress-2024", "sha256:" + "a" * 64, datetime(2026, 5, 20, tzinfo=UTC), Conformity(), {})
ROUTES = "Iface\tDestination\tGateway\tFlags\neth0\t18D50A0A\t00000000\t0001\n"
LOOPBACK = "00000000000000000000000000000001 01 80 10 80       lo\n"


class Inside(FakeEngine):
    """Stations whose kernel knows these routes, and whose probes reach these ways; a machine whose rules are there or not."""

    tables = ROUTES + LOOPBACK
    reached: Sequence[str] = ()
    flushed = False
    probed: list[str]

    def run(self, container: str, command: Sequence[str], *, stdin: bytes = b"", **more: Any) -> Output:
        if command[0] == "cat":
            return Output(0, self.tables.encode(), b"")
        if command[0] == "perl":
            self.probed = [*getattr(self, "probed", []), container]
            ways = [line.split("\t")[0] for line in stdin.decode().splitlines()]
            lines = [f"{way}\t{'reached' if way in self.reached else 'shut'}\tsilence" for way in ways]
            return Output(0, "\n".join(lines).encode(), b"")
        if "nft list" in command[-1] and self.flushed:
            return Output(1, b"", b"No such file or directory")
        if "nft" in command[:3]:
            self.flushed = False
        return super().run(container, command, stdin=stdin)


@pytest.fixture
def engine() -> Inside:
    return Inside()


@pytest.fixture
def centre(engine: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
    for module in (creation, lifecycle):
        monkeypatch.setattr(module, "await_answer", lambda *_, **__: None)
    monkeypatch.setattr(lifecycle, "gateway_image", lambda *_: "e5b/gateway")
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"), UTC)
    made = Centre(engine, Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))
    up(made, 1, ["wordpress-a"], GOLDEN)
    return made


def test_a_room_that_holds_is_ready(centre: Centre) -> None:
    leak_check(centre)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("eth1\t00000000\t010011AC\t0003\n", "une route vers ailleurs"),
        ("20010db8000500000000000000000010 05 40 00 80     eth0\n", "une adresse IPv6"),
    ],
)
def test_a_station_that_knows_a_way_to_elsewhere_leaks_though_nobody_answers_there(
    centre: Centre, engine: Inside, more: str, said: str
) -> None:
    engine.tables += more
    with pytest.raises(StationLeaks, match=f"poste-01 atteint : {said}"):
        leak_check(centre)


def test_a_station_that_reaches_something_leaks(centre: Centre, engine: Inside) -> None:
    engine.reached = ["machine-ssh"]
    with pytest.raises(StationLeaks, match="poste-01 atteint : SSH de la machine"):
        leak_check(centre)


def test_a_station_at_fault_is_tried_like_any_other(centre: Centre, engine: Inside) -> None:
    (station,) = stations(centre)
    engine.boxes[station.container] = replace(engine.boxes[station.container], health="unhealthy")
    engine.reached = ["machine-ssh"]
    with pytest.raises(StationLeaks, match="poste-01"):
        leak_check(centre)


def test_rules_that_another_program_flushed_are_missed_and_the_next_up_puts_them_back(
    centre: Centre, engine: Inside
) -> None:
    engine.flushed = True
    with pytest.raises(StationLeaks, match="les règles de la machine ne sont pas posées"):
        leak_check(centre)
    ensure_firewall(engine, centre.room, "image")
    leak_check(centre)


def test_a_keeper_whose_making_was_cut_short_is_made_again_or_goes(centre: Centre, engine: Inside) -> None:
    whole = firewall_of(engine, centre.room)
    assert whole is not None
    engine.remove(whole.id)
    engine.files.clear()
    half = engine.create(engine.specs[whole.id])
    ensure_firewall(engine, centre.room, "image")
    made = firewall_of(engine, centre.room)
    assert made is not None
    assert (made.id != half, made.state) == (True, "running")
    assert b"table inet" in engine.files["/etc/e5b/host.nft"]
    engine.remove(made.id)
    engine.create(engine.specs[whole.id])
    lift_firewall(engine, centre.room)
    assert firewall_of(engine, centre.room) is None
    assert not [one for one in engine.commands if "lifted.nft" in one[-1]]


def test_rules_whose_keeper_was_removed_are_lifted_also_where_the_one_that_lifts_them_was_cut_short(
    centre: Centre, engine: Inside
) -> None:
    whole = firewall_of(engine, centre.room)
    assert whole is not None
    engine.kept_images["door"] = ImageState("door", {"e5b.kind": "gateway"}, "2026-05-21T10:00:00Z", 0)
    engine.remove(whole.id)
    engine.create(engine.specs[whole.id])  # killed here, before it started
    lift_firewall(engine, centre.room)
    assert firewall_of(engine, centre.room) is None
    assert [one for one in engine.commands if "lifted.nft" in one[-1]]


def test_a_neighbour_and_another_room_are_tried_where_there_are_any_and_never_made_up(
    centre: Centre, engine: Inside
) -> None:
    (first,) = stations(centre)
    alone = station_places(centre, first.container, 1)
    assert not {"voisin", "autre-salle"} & set(alone)
    second = replace(centre, room=Room("autre", "localhost", "127.0.0.1", 9101, 3))
    up(second, 1, ["wordpress-a"], GOLDEN)
    up(centre, 2, ["wordpress-a"], GOLDEN)
    among = station_places(centre, first.container, 1)
    assert among["voisin"] == (centre.gateway.network(2).address, 0)
    door = second.gateway.find()
    assert door is not None
    assert among["autre-salle"] == (door.networks[second.room.front], 9101)


@contextmanager
def door(status: int) -> Iterator[int]:
    """A door that answers this to whatever it is asked; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("status", "open_"), [(403, False), (421, False), (200, True), (503, True)])
def test_a_door_that_does_not_refuse_another_site_is_told(status: int, open_: bool) -> None:
    with door(status) as port:
        told = permissive_ports(Room("salle", "localhost", "127.0.0.1", port + 2, 3), [])
    assert told == ([f"le mandataire de la salle ne refuse pas un autre site (réponse {status})"] if open_ else [])


def test_a_room_whose_door_leads_out_is_not_ready(centre: Centre, engine: Inside) -> None:
    up(centre, 1, ["wordpress-a"], GOLDEN)
    with door(200) as port:
        moved = replace(centre, room=replace(centre.room, first_port=port))
        with pytest.raises(StationLeaks, match=r"la porte de poste-01 ne refuse pas un autre site \(réponse 200\)"):
            leak_check(moved)
