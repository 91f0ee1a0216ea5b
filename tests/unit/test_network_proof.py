"""What a proof of the network vouches for: what this machine really has, and nothing beyond it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import show_network
from provisioner.cli.show import out
from provisioner.core.declaration import Console, Network, Wiring
from provisioner.engine.protocol import Output
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck import room_proof
from provisioner.leakcheck.console_ways import as_it_listens, console_ways, ways_from
from provisioner.leakcheck.lab import ROUTER, Lab, _answering
from provisioner.leakcheck.room_proof import RoomProof, Row
from provisioner.leakcheck.ways_out import UNHELD, WAYS_OUT, WORLD
from provisioner.network.gateway import Room
from provisioner.network.gateway_files import candidates_rules
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine


class OfTheMachine(FakeEngine):
    """A machine with these rules, and this network card with this address."""

    rules, card, address = b"", "eth1", "192.0.2.1"

    def run(self, container: str, command: Sequence[str], **_: Any) -> Output:
        if command[0] == "nft":
            return Output(0 if self.rules else 1, self.rules, b"")
        if command[0] == "ip":
            return Output(0, f"2: eth1    inet {self.address}/24 scope global eth1".encode(), b"")
        return Output(0 if command[-1].endswith(f"/{self.card}") else 1, b"", b"")


def unheld(tmp_path: Path, engine: OfTheMachine, wiring: Wiring) -> str:
    settings = Settings(network=Network(wiring=wiring, interface="eth1"))
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    centre = Centre(engine, settings, state, Room("salle", "192.0.2.1", "192.0.2.1", 8101, 3))
    laid = candidates_rules(centre.room, settings, "10.213.0.0/16", "eth1")
    if engine.rules == b"gutted":
        laid = laid.replace(b"        jump refused\n", b"")
    engine.rules = engine.rules and laid
    return room_proof._unheld(centre, Lab(engine, "image", machine="machine"))


def test_the_routers_rules_are_vouched_for_where_this_machine_has_them(tmp_path: Path) -> None:
    engine = OfTheMachine()
    assert "sudo e5b network on" in unheld(tmp_path, engine, "routeur")
    engine.rules = b"some"
    assert unheld(tmp_path, engine, "routeur") == ""
    engine.rules = b"gutted"
    assert "il manque des règles du routeur" in unheld(tmp_path, engine, "routeur")
    engine.rules = b"some"
    engine.address = "198.51.100.7"
    assert "eth1, qui n'a pas l'adresse 192.0.2.1" in unheld(tmp_path, engine, "routeur")
    engine.card = "eth7"
    assert "eth1, que cette machine n'a pas" in unheld(tmp_path, engine, "routeur")


@pytest.mark.parametrize("wiring", ["plat", "verrou", ""])
def test_no_other_wiring_makes_this_machine_hold_those_of_candidates(tmp_path: Path, wiring: Wiring) -> None:
    assert unheld(tmp_path, OfTheMachine(), wiring)


def test_a_room_that_does_not_hold_candidates_machines_is_never_said_to_hold() -> None:
    def said(why: str, seen: str) -> str:
        with out.capture() as caught:
            show_network.ways(RoomProof([Row("http", "HTTP", {"candidat": "reached"}, {"candidat": seen})], 1.0, why))
        return " ".join(caught.get().split())

    assert "La salle tient." in said("", "silence")
    told = said("aucun câblage n'est déclaré", UNHELD)
    assert "La salle tient" not in told
    assert "non tenue" in told
    assert "aucun câblage n'est déclaré" in told


def test_a_way_that_could_not_be_tried_leaves_the_room_unproven() -> None:
    rows = [Row("http", "HTTP", {"candidat": "reached"}, {"candidat": "silence"}), Row("ntp", "NTP", {}, {})]
    with out.capture() as caught:
        show_network.ways(RoomProof(rows, 1.0, ""))
    told = " ".join(caught.get().split())
    assert "La salle tient" not in told
    assert "1 voie(s) n'ont pas pu être vérifiées : relancez « e5b network prove »" in told


def test_every_way_of_a_candidate_leads_past_the_router_or_to_the_gateways_doors() -> None:
    direct = {way.place for way in WAYS_OUT if "candidat" in way.sides} - set(room_proof._AT_THE_GATEWAY)
    assert direct == {"monde", "monde6", "metadonnees", "multi", "multi6", "lien-local", "machine"}


class Probed(FakeEngine):
    """Containers in which ways are tried: of each try, the way's id, address and port; none is reached."""

    def __init__(self) -> None:
        super().__init__()
        self.tried: list[tuple[str, str, str, str]] = []

    def run(self, container: str, command: Sequence[str], *, stdin: bytes = b"", **_: Any) -> Output:
        if command[0] == "perl":
            for line in stdin.decode().splitlines():
                id, _kind, address, port, *_sent = line.split("\t")
                self.tried.append((container, id, address, port))
        return Output(0, b"", b"")

    def of_the_console(self) -> set[tuple[str, str, str, str]]:
        return {one for one in self.tried if one[1].startswith("console")}


STAFF = Console(staff=("198.51.100.7", "127.0.0.5"), port=8401)


def test_the_console_is_tried_at_each_of_its_addresses_where_it_listens_and_where_there_are_no_rules() -> None:
    engine = Probed()
    bench = Lab(engine, "image", candidate="candidate", machine="machine", console=STAFF)
    bench.link_local = lambda container: ""  # type: ignore[method-assign]
    room_proof._candidate_open(bench)
    room_proof._station_open(bench, "station")
    room_proof._probe_without_rules(bench, bench.machine, as_it_listens(STAFF))
    assert engine.of_the_console() == {
        ("machine", "console", "198.51.100.7", "8401"),
        ("machine", "console-2", "127.0.0.5", "8401"),
        ("candidate", "console", "198.51.100.7", "8401"),
        ("candidate", "console-2", ROUTER, "8401"),  # a loopback address is for everybody his own
        ("station", "console", WORLD, "8401"),
        ("station", "console-2", WORLD, "8401"),
    }
    assert _answering(bench, (22, 8401), (53,)).endswith("world.pl 22,8401 53")
    assert _answering(bench, (22,), (53,)).endswith("world.pl 22,8401 53")


def test_a_station_tries_the_console_by_the_machine_that_it_sees(tmp_path: Path) -> None:
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    settings = Settings(console=STAFF)
    centre = Centre(FakeEngine(), settings, state, Room("salle", "localhost", "127.0.0.1", 8101, 3))
    tried = room_proof._station_ways(centre, {"machine": ("10.213.0.1", 0)})
    found = {way.id: at for way, at in tried.items() if way.place == "console"}
    assert found == {"console": ("198.51.100.7", 8401), "console-2": ("10.213.0.1", 8401)}
    assert len(tried) > 2


def test_any_answer_of_the_console_is_a_leak_and_where_nothing_listened_nothing_is_proven() -> None:
    (plain,) = console_ways(Console())
    (secure,) = console_ways(Console(certificate="c.pem", key="k.pem", name="e5b.lycee.example"))
    assert plain.hear == secure.hear == b""
    assert plain.send.startswith(b"GET / HTTP/1.1\r\nHost: 127.0.0.5:8400\r\n")
    assert secure.send[0] == 0x16
    assert b"e5b.lycee.example" in secure.send
    assert not {way.id for way in WAYS_OUT} & {"console", "console-2"}
    silent = Row(plain.id, plain.title, {"candidat": "reached", "machine": "Connection refused"}, {"poste": "silence"})
    assert RoomProof([silent], 1.0, "").doubtful == [silent]
    reached = Row(plain.id, plain.title, {"candidat": "reached", "machine": "reached"}, {"poste": "reached"})
    assert RoomProof([reached], 1.0, "").leaks == [reached]
    assert ways_from(Console(), "192.0.2.1") == {plain: ("192.0.2.1", 8400)}
