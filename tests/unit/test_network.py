"""A room's addresses: each place has its own, and nobody else's are taken."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from provisioner.core.declaration import Network
from provisioner.core.errors import AddressesTaken, EngineError, PortTaken, Refusal
from provisioner.core.model import Conformity, Golden, WantedStation
from provisioner.engine.protocol import ContainerSpec, ContainerState
from provisioner.host.settings import Settings
from provisioner.network import gateway as gateway_module
from provisioner.network.certificates import KEY, authority_of
from provisioner.network.gateway import Gateway, Room
from provisioner.station.identity import labels_in_name, labels_of_spare, name_of_given
from tests.unit.fake_engine import FakeEngine

ROOM = Room("salle", "localhost", "127.0.0.1", 8101, 60)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)
    return FakeEngine()


def opened(engine: FakeEngine, room: Room = ROOM, settings: Settings | None = None) -> Gateway:
    gateway = Gateway(engine, room, settings or Settings())
    gateway.prepare("image")
    gateway.start()
    return gateway


def test_the_first_place_has_the_first_port_and_examiners_the_one_before() -> None:
    assert [ROOM.address_of(place) for place in (1, 2, 60)] == [
        "http://localhost:8101",
        "http://localhost:8102",
        "http://localhost:8160",
    ]
    assert ROOM.examiner_port == 8100


def test_this_machine_reaches_a_room_that_listens_everywhere() -> None:
    assert replace(ROOM, listen="0.0.0.0").local_address == "127.0.0.1"
    assert replace(ROOM, listen="192.0.2.7").local_address == "192.0.2.7"


def test_a_running_room_keeps_its_ports_when_the_settings_change(engine: FakeEngine) -> None:
    opened(engine)
    changed = Settings(first_port=9000, places=2, host="ailleurs")
    assert Room.named(engine, "salle", changed) == ROOM
    assert Room.named(engine, "autre", changed) == Room("autre", "ailleurs", "127.0.0.1", 9000, 2)


def test_a_network_is_the_rooms_by_its_label_and_not_by_its_name(engine: FakeEngine) -> None:
    gateway = opened(engine)
    gateway.join(1)
    engine.create_network("e5b-salle-poste-02", "192.0.2.0/28", {})
    for place in (1, 2):
        gateway.detach(place)
    assert "e5b-salle-poste-01" not in engine.nets
    assert "e5b-salle-poste-02" in engine.nets


def test_no_two_networks_of_a_full_room_overlap(engine: FakeEngine) -> None:
    gateway = opened(engine)
    for place in range(1, 61):
        gateway.join(place)
        gateway.join(place, copy=True)
    networks = [IPv4Network(subnet) for subnet in engine.subnets()]
    assert len(networks) == 121
    assert not [(a, b) for i, a in enumerate(networks) for b in networks[:i] if a.overlaps(b)]
    assert all(network.subnet_of(IPv4Network("10.213.0.0/22")) for network in networks)


def test_a_second_room_and_a_foreign_network_are_gone_round(engine: FakeEngine) -> None:
    engine.foreign_subnets = ["10.213.4.0/24", "fd00::/64"]
    opened(engine)
    second = opened(engine, replace(ROOM, name="autre", first_port=9001)).join(1)
    assert IPv4Address(second.address) in IPv4Network("10.213.8.0/22")


def test_a_network_without_free_addresses_is_told_with_the_setting_to_change(engine: FakeEngine) -> None:
    engine.foreign_subnets = ["10.0.0.0/8"]
    with pytest.raises(EngineError, match=r"10\.213\.0\.0/16.*« subnet » dans e5b\.toml"):
        opened(engine)
    assert engine.boxes == {}


def test_a_room_that_opens_in_the_same_moment_is_gone_round(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, refused = engine.create_network, []

    def lost_race(name: str, subnet: str, labels: Mapping[str, str], *, internal: bool = True, bridge: str = "") -> str:
        if subnet.startswith("10.213.0."):
            refused.append(subnet)
            raise AddressesTaken("déjà pris")
        return create(name, subnet, labels, internal=internal, bridge=bridge)

    monkeypatch.setattr(engine, "create_network", lost_race)
    assert IPv4Address(opened(engine).join(1).address) in IPv4Network("10.213.4.0/22")
    assert refused == ["10.213.0.0/29"]


def test_a_place_keeps_its_address_when_its_station_is_replaced(engine: FakeEngine) -> None:
    gateway = opened(engine)
    assert gateway.join(3) == gateway.join(3)
    assert gateway.join(3) != gateway.join(3, copy=True)


def test_the_gateway_and_the_station_have_an_address_each(engine: FakeEngine) -> None:
    gateway = opened(engine)
    join = gateway.join(1)
    door = gateway.find()
    assert door is not None
    subnet = IPv4Network(engine.networks(kind="network")[join.network])
    assert IPv4Address(join.address) in subnet
    assert IPv4Address(door.networks[join.network]) in subnet
    assert door.networks[join.network] != join.address


@pytest.mark.parametrize(
    ("listen", "domain", "port", "told"),
    [
        ("0.0.0.0", "", 8101, "Ou bien changez « first_port » dans e5b.toml."),
        ("192.0.2.1", "examen.test", 8100, "Ou bien changez « first_port » dans e5b.toml."),
        ("192.0.2.1", "examen.test", 80, "Ou bien changez « port » de [network] dans e5b.toml."),
        (
            "192.0.2.1",
            "examen.test",
            53,
            "Ou bien changez « dns_port » de [network] (0 : la salle n'a pas de DNS) dans e5b.toml.",
        ),
        (
            "0.0.0.0",
            "examen.test",
            53,
            "Ou bien donnez à « listen », dans e5b.toml, l'adresse de cette machine du côté des candidats plutôt que 0.0.0.0 : "
            "l'autre programme n'y est peut-être pas ; sinon, changez-y « dns_port » de [network] (0 : la salle n'a pas de DNS).",
        ),
    ],
)
def test_a_port_in_use_is_told_with_the_setting_that_gives_it(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, listen: str, domain: str, port: int, told: str
) -> None:
    def refuse(container: str, stdin: bytes | None = None) -> None:
        taken = PortTaken("Le port est déjà pris.")
        taken.port = port
        raise taken

    monkeypatch.setattr(engine, "start", refuse)
    monkeypatch.setattr(gateway_module, "holder_of", lambda engine, taken: f"le programme « x » (port {taken})")
    with pytest.raises(PortTaken) as caught:
        opened(engine, replace(ROOM, listen=listen, domain=domain))
    assert str(caught.value) == f"Le port est déjà pris. Celui qui l'a : le programme « x » (port {port}). {told}"
    assert engine.boxes == {}


@pytest.mark.parametrize("place", [0, 61])
def test_a_place_beyond_the_room_is_refused_with_the_setting_to_change(engine: FakeEngine, place: int) -> None:
    gateway = opened(engine)
    with pytest.raises(Refusal, match=r"60 places.*« places » dans e5b\.toml"):
        gateway.join(place)


def test_a_station_without_a_gateway_is_told_how_to_get_one(engine: FakeEngine) -> None:
    with pytest.raises(EngineError, match="« e5b up »"):
        Gateway(engine, ROOM, Settings()).join(1)


def test_only_the_examiners_door_is_on_this_machine_alone(engine: FakeEngine) -> None:
    gateway = opened(engine, replace(ROOM, listen="0.0.0.0", places=2))
    door = gateway.find()
    assert door is not None
    # The proxy that refuses, the pages, the two sites that all share; examiners; candidates.
    assert engine.specs[door.id].ports == {
        **{port: ("0.0.0.0", port) for port in (8099, 8098, 8097, 8096)},
        8100: ("127.0.0.1", 8100),
        8101: ("0.0.0.0", 8101),
        8102: ("0.0.0.0", 8102),
    }


def test_only_a_gateway_that_lets_sites_through_asks_the_engine_for_names(engine: FakeEngine) -> None:
    opened(engine)
    open_to_one = Settings(network=Network(allowed=("maps.google.com",)))
    opened(engine, replace(ROOM, name="autre", first_port=9001), open_to_one)
    assert {spec.labels["e5b.room"]: spec.dns for spec in engine.specs.values()} == {
        "salle": ("127.0.0.1",),
        "autre": (),
    }


def test_a_gateway_that_does_not_start_does_not_stay(engine: FakeEngine) -> None:
    engine.fail = "start"
    with pytest.raises(EngineError):
        opened(engine)
    assert engine.boxes == {}


def test_a_room_that_is_open_is_opened_again_without_a_second_gateway(engine: FakeEngine) -> None:
    gateway = opened(engine)
    door = gateway.find()
    assert door is not None
    engine.stop(door.id)
    gateway.prepare("image")
    gateway.start()
    assert [box.state for box in engine.boxes.values()] == ["running"]


def test_a_closed_room_leaves_neither_gateway_nor_network_and_other_rooms_stay(engine: FakeEngine) -> None:
    gateway, other = opened(engine), opened(engine, replace(ROOM, name="autre", first_port=9001))
    gateway.join(1)
    other.join(1)
    engine.create(ContainerSpec("foreign", "image", {}))
    gateway.close()
    assert gateway.find() is None
    assert sorted(engine.nets) == ["e5b-autre-entree", "e5b-autre-poste-01"]
    assert {box.name for box in engine.boxes.values()} == {"e5b-autre-entree", "foreign"}


@pytest.mark.parametrize("places", [1, 60])
def test_the_gateway_sends_each_port_to_its_own_station_and_each_copy_to_its_own_name(
    engine: FakeEngine, places: int
) -> None:
    gateway = opened(engine, replace(ROOM, places=places))
    rendered = engine.files["/etc/e5b/nginx.conf"].decode()
    assert "{{" not in rendered
    assert rendered.count("{") == rendered.count("}")
    ports = re.findall(
        r"listen [\d.]+:(\d+);\s+server_name _;\s+set \$place \d+;\s+include /etc/e5b/places/(\d+)\.conf;", rendered
    )
    stations = [
        (port, engine.files[f"/etc/e5b/places/{number}.conf"].decode().removeprefix("set $station ").rstrip(";\n"))
        for port, number in ports
    ]
    copies = re.findall(r'"(\d{1,2} localhost:\d+)" ([\d.]+);', rendered)
    behind = [
        (told[1], told[2])
        for place in range(1, places + 1)
        if (
            told := re.match(
                r'"(\d+ localhost:\d+)" ([\d.]+);', engine.files[f"/etc/e5b/behind/{place:02}.conf"].decode()
            )
        )
    ]
    assert stations == [(str(ROOM.port_of(place)), gateway.join(place).address) for place in range(1, places + 1)]
    assert copies == [
        (f"{place} {ROOM.host_of(place)}", gateway.join(place, copy=True).address) for place in range(1, places + 1)
    ]
    assert behind == [
        (f"{place + 1000} {ROOM.host_of(place)}", gateway.join(place).address) for place in range(1, places + 1)
    ]
    assert re.search(rf"listen 10[.\d]+:{ROOM.examiner_port} proxy_protocol;", rendered)


def test_each_station_of_a_place_has_an_upstream_id_of_its_own_also_at_an_address_that_another_had(
    engine: FakeEngine,
) -> None:
    gateway = opened(engine, ROOM)
    address = gateway.join(1).address
    ids = [engine.files["/etc/e5b/upstreams/01.conf"]]
    for _ in range(2):
        gateway.set_upstream(1, address)
        ids.append(engine.files["/etc/e5b/upstreams/01.conf"])
    assert len(set(ids)) == 3
    assert all(re.fullmatch(rb"1 \w+;\n", upstream_id) for upstream_id in ids)


SECURE = replace(ROOM, tls=True, tls_port=443)


def test_with_tls_an_address_is_https_at_the_places_port_or_at_its_name() -> None:
    assert SECURE.address_of(2) == "https://localhost:8102"
    named = replace(SECURE, domain="examen.test")
    assert (named.address_of(2), named.host_of(2)) == ("https://poste-02.examen.test", "poste-02.examen.test")
    assert replace(named, tls_port=8443).address_of(2) == "https://poste-02.examen.test:8443"
    assert named.pages_host == "partenaire.examen.test"  # in clear, also where TLS is
    assert (named.ports(), SECURE.ports()) == ([80, 443], ROOM.ports())


def test_a_running_room_with_tls_is_known_by_its_labels(engine: FakeEngine, tmp_path: Path) -> None:
    settings = Settings(network=Network(tls=True))
    room = Room.declared("salle", settings)
    gateway = Gateway(engine, room, settings, tmp_path)
    gateway.prepare("image")
    gateway.start()
    running = Room.named(engine, "salle", Settings())
    assert running == room
    assert running.authority == authority_of(room, settings, tmp_path)
    present = gateway.find()
    assert present is not None
    assert b"PRIVATE KEY" in (engine.get(present.id, f"/{KEY}") or b"")
    assert "PRIVATE" not in str(present.labels)


def test_a_changed_tls_asks_for_the_room_to_be_opened_again(engine: FakeEngine, tmp_path: Path) -> None:
    settings = Settings(network=Network(tls=True, domain="examen.test"))
    Gateway(engine, Room.declared("salle", settings), settings, tmp_path).prepare("image")
    gateway = Gateway(engine, Room.named(engine, "salle", settings), settings, tmp_path)
    assert gateway.matches(settings)
    for other in ({"tls": False}, {"tls": True, "tls_port": 444}):
        assert not gateway.matches(Settings(network=Network(domain="examen.test", **other)))


def test_a_spares_address_has_the_scheme_of_its_room() -> None:
    golden = Golden("wordpress-trial", "image", datetime(2026, 6, 1, tzinfo=UTC), Conformity(()), {})
    for room in (ROOM, replace(SECURE, domain="examen.test", tls_port=8443)):
        name = name_of_given(room, WantedStation(3, "wordpress-a", golden))
        spare = ContainerState("x", name, "", labels_of_spare(room, golden), "running", "", "", True, 1, {}, 0)
        assert labels_in_name(spare)["e5b.address"] == room.address_of(3)
