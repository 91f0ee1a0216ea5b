"""Addresses for candidates' machines: where they are declared, on their side alone, and gone when they are taken back."""

from dataclasses import replace

import pytest

from provisioner.core.declaration import Network
from provisioner.core.progress import Quiet
from provisioner.host.settings import Settings
from provisioner.leakcheck import dhcp
from provisioner.network.room import Room
from tests.unit.fake_engine import FakeEngine

ROOM = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 3, "examen.test", 80)
NET = {"wiring": "routeur", "interface": "eth1", "domain": "examen.test", "dhcp": "192.0.2.50-192.0.2.99"}


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    monkeypatch.setattr(dhcp, "gateway_image", lambda *_: "image")
    monkeypatch.setattr(dhcp, "_SOON", 0)
    return FakeEngine()


def given(engine: FakeEngine, **more: object) -> bool:
    settings = Settings(host="192.0.2.1", network=Network.model_validate({**NET, **more}))
    return dhcp.give_addresses(engine, ROOM, settings, Quiet())


def test_addresses_are_given_on_the_candidates_side_alone_with_the_rooms_own_names(engine: FakeEngine) -> None:
    assert given(engine)
    (spec,) = engine.specs.values()
    assert {"--interface=eth1", "--bind-interfaces", "--dhcp-range=192.0.2.50,192.0.2.99,12h"} <= set(spec.command)
    assert "--dhcp-option=option:dns-server,192.0.2.1" in spec.command
    assert spec.restart  # so it comes back with the engine
    assert dhcp.gives_addresses(engine, ROOM)


@pytest.mark.parametrize("more", [{"dhcp": ""}, {"wiring": "plat"}])
def test_no_address_is_given_where_none_is_declared_or_this_machine_is_no_router(
    engine: FakeEngine, more: dict[str, str]
) -> None:
    assert given(engine)
    assert not given(engine, **more)
    assert not dhcp.gives_addresses(engine, ROOM)


def test_addresses_given_anew_are_given_once_and_taken_back_whole(engine: FakeEngine) -> None:
    given(engine)
    given(engine)
    assert len(engine.boxes) == 1
    dhcp.give_no_more(engine)
    assert engine.boxes == {}


def test_a_machine_gives_the_addresses_of_one_room_at_a_time(engine: FakeEngine) -> None:
    given(engine)
    other = replace(ROOM, name="autre")
    dhcp.give_addresses(engine, other, Settings(host="192.0.2.1", network=Network.model_validate(NET)), Quiet())
    assert [one.labels["e5b.dhcp"] for one in engine.boxes.values()] == ["autre"]
    dhcp.give_no_more(engine)
    assert engine.boxes == {}
