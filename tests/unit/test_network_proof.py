"""What a proof of the network vouches for: what this machine really has, and nothing beyond it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import show_network
from provisioner.cli.show import out
from provisioner.core.declaration import Network, Wiring
from provisioner.engine.protocol import Output
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck import room_proof
from provisioner.leakcheck.lab import Lab
from provisioner.leakcheck.room_proof import RoomProof, Row
from provisioner.leakcheck.ways_out import UNHELD, WAYS_OUT
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
