"""The room: one small internal network per place, and the gateway that alone reaches them.

A place is a number, an address that candidates use, and two networks of eight addresses: one for its
station, one for the copy of it that is examined. The station has the same internal address always, so
that the gateway follows a station that is replaced without being told.
"""

import random
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from jinja2 import Environment, StrictUndefined

from provisioner.config import ROOT, Settings
from provisioner.engine import ContainerSpec, ContainerState, Engine, Join, Limits
from provisioner.errors import AddressesTaken, EngineError, Refusal
from provisioner.relay import introduction

_BLOCK = 22  # a room: 128 networks of eight addresses
_PLACE = 29


def name_of(place: int) -> str:
    """The name of the station that stands there."""
    return f"poste-{place:02}"


@dataclass(frozen=True)
class Room:
    """A room as it is declared: its name, its ports, where candidates reach it."""

    name: str
    host: str
    listen: str
    first_port: int
    places: int

    @classmethod
    def named(cls, engine: Engine, name: str, settings: Settings) -> "Room":
        """The room of that name as it runs, else as the settings declare it."""
        found = engine.containers(kind="gateway", room=name)
        if not found:
            return cls(name, settings.host, settings.listen, settings.first_port, settings.places)
        told = found[0].labels
        return cls(name, told["e5b.host"], told["e5b.listen"], int(told["e5b.first_port"]), int(told["e5b.places"]))

    @classmethod
    def apart(cls, name: str, places: int) -> "Room":
        """A room for proofs and tests, on free ports of this machine."""
        for _ in range(50):
            first = random.randrange(20000, 50000)
            if all(_free(port) for port in range(first - 1, first + places)):
                return cls(name, "localhost", "127.0.0.1", first, places)
        raise EngineError("Aucune suite de ports libres n'a été trouvée sur cette machine.")

    def host_of(self, place: int) -> str:
        """What a browser sends as Host."""
        return f"{self.host}:{self.port_of(place)}"

    def address_of(self, place: int) -> str:
        """Where the candidate finds his station."""
        return f"http://{self.host_of(place)}"

    def port_of(self, place: int) -> int:
        """The port of a place."""
        return self.first_port + place - 1

    @property
    def door(self) -> int:
        """The examiners' port, on this machine only."""
        return self.first_port - 1

    @property
    def near(self) -> str:
        """The address by which this machine itself reaches the gateway."""
        return "127.0.0.1" if self.listen == "0.0.0.0" else self.listen

    def network(self, place: int, *, copy: bool = False) -> str:
        """The name of a place's network."""
        return f"e5b-{self.name}-{'copie' if copy else 'poste'}-{place:02}"


class Gateway:
    """The door of one room, as it runs."""

    def __init__(self, engine: Engine, room: Room, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self.room = room

    def find(self) -> ContainerState | None:
        """The gateway's container."""
        found = self._engine.containers(kind="gateway", room=self.room.name)
        return found[0] if found else None

    def prepare(self, image: str) -> None:
        """Make the gateway where it isn't there, with the network on which it is reached."""
        if present := self.find():
            if present.started:
                return
            self._engine.remove(present.id)  # its making was cut short: it may lack its configuration
        room, front, labels = self.room, self._front, {"e5b.room": self.room.name}
        block = self._block()
        if block is None:
            block = self._take_block({**labels, "e5b.kind": "network", "e5b.role": "front"})
        ports = {room.port_of(place): (room.listen, room.port_of(place)) for place in range(1, room.places + 1)}
        try:
            container = self._engine.create(
                ContainerSpec(
                    name=f"e5b-{room.name}-entree",
                    image=image,
                    labels={
                        **labels, "e5b.kind": "gateway", "e5b.host": room.host, "e5b.listen": room.listen,
                        "e5b.first_port": str(room.first_port), "e5b.places": str(room.places),
                    },
                    join=Join(front, _front_address(block)),
                    ports={**ports, room.door: ("127.0.0.1", room.door)},
                    limits=Limits(256, 64),
                    capabilities=(),
                    restart=True,
                )
            )  # fmt: skip
            configuration = self._configuration(block)
            pages = {f"etc/e5b/{one.name}": one for one in (ROOT / "stacks/gateway").glob("*.conf")}
            self._engine.put(container, "/", {"etc/e5b/nginx.conf": configuration.encode(), **pages})
        except BaseException:
            self._abandon()
            raise

    def start(self) -> None:
        """Start the prepared gateway, and wait until it answers; one that never did goes again."""
        gateway = self._found()
        if gateway.state == "running":
            return
        try:
            self._engine.start(gateway.id)
            self._await(gateway.id)
        except BaseException:
            if not gateway.started:
                self._abandon()
            raise

    def join(self, place: int, *, copy: bool = False) -> Join:
        """The place's network (of its copy), made and joined by the gateway where needed."""
        join = self.network(place, copy=copy)
        self.admit(place, copy=copy)
        return join

    def network(self, place: int, *, copy: bool = False) -> Join:
        """The place's network (of its copy), made where needed, and the station's address in it."""
        if not 1 <= place <= self.room.places:
            raise Refusal(
                f"La salle a {self.room.places} places : le poste {place} n'y entre pas. "
                "Augmentez « places » dans e5b.toml, puis lancez « e5b down » et « e5b up »."
            )
        name, subnet = self.room.network(place, copy=copy), self._subnet(place, copy=copy)
        if name not in self._engine.networks(kind="network", room=self.room.name):
            labels = {"e5b.kind": "network", "e5b.room": self.room.name, "e5b.role": "copy" if copy else "station"}
            self._engine.create_network(name, str(subnet), labels)
        return Join(name, str(subnet[3]))

    def admit(self, place: int, *, copy: bool = False) -> None:
        """Have the gateway reach the place's network (of its copy)."""
        gateway, name = self._found(), self.room.network(place, copy=copy)
        if name not in gateway.networks:
            self._engine.connect(name, gateway.id, str(self._subnet(place, copy=copy)[2]))

    def leave(self, place: int, *, copy: bool = False) -> None:
        """Remove the place's network."""
        name = self.room.network(place, copy=copy)
        gateway = self.find()
        if gateway:
            self._engine.disconnect(name, gateway.id)
        self._engine.remove_network(name)

    def close(self) -> None:
        """Remove the gateway and every network of the room."""
        gateway = self.find()
        if gateway:
            self._engine.remove(gateway.id)
        for name in self._engine.networks(kind="network", room=self.room.name):
            self._engine.remove_network(name)

    @property
    def _front(self) -> str:
        return f"e5b-{self.room.name}-entree"

    def _found(self) -> ContainerState:
        if (gateway := self.find()) is None:
            raise EngineError("L'entrée de la salle n'existe plus. Lancez « e5b up » pour la refaire.")
        return gateway

    def _abandon(self) -> None:
        """Take back what was prepared, unless stations stand on it."""
        if gateway := self.find():
            self._engine.remove(gateway.id)
        if self._engine.networks(kind="network", room=self.room.name).keys() == {self._front}:
            self._engine.remove_network(self._front)

    def _block(self) -> IPv4Network | None:
        """The addresses that the room has: its front network stands at their beginning."""
        subnet = self._engine.networks(kind="network", room=self.room.name).get(self._front)
        return IPv4Network(subnet).supernet(new_prefix=_BLOCK) if subnet else None

    def _subnet(self, place: int, *, copy: bool) -> IPv4Network:
        if (block := self._block()) is None:
            raise EngineError("L'entrée de la salle n'existe plus. Lancez « e5b up » pour la refaire.")
        return _subnet(block, place, copy=copy)

    def _await(self, container: str) -> None:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.room.door)) == 0:
                    probe.sendall(introduction(0) + b"GET / HTTP/1.0\r\n\r\n")
                    try:
                        if probe.recv(12):
                            return
                    except OSError:
                        pass
            time.sleep(0.03)
        last = (self._engine.logs(container, 2).strip().splitlines() or ["journal vide"])[-1]
        raise EngineError(f"L'entrée de la salle ne démarre pas. Recommencez (détail : {last[-200:]}).")

    def _take_block(self, labels: Mapping[str, str]) -> IPv4Network:
        """The first free addresses, held by the front network."""
        used = [IPv4Network(subnet) for subnet in self._engine.subnets() if ":" not in subnet]
        for block in IPv4Network(self._settings.subnet).subnets(new_prefix=_BLOCK):
            if any(block.overlaps(other) for other in used):
                continue
            try:
                self._engine.create_network(self._front, str(_places_of(block)[0]), labels, internal=False)
            except AddressesTaken:  # by a room that opened in this moment
                continue
            return block
        raise EngineError(
            f"Toutes les adresses de {self._settings.subnet} sont prises par d'autres réseaux de Docker. "
            "Donnez un autre « subnet » dans e5b.toml."
        )

    def _configuration(self, block: IPv4Network) -> str:
        template = (ROOT / "stacks/gateway/nginx.conf.j2").read_text(encoding="utf-8")
        places: list[dict[str, Any]] = [
            {
                "number": place,
                "host": self.room.host_of(place),
                "port": self.room.port_of(place),
                "station_at": str(_subnet(block, place, copy=False)[3]),
                "copy_at": str(_subnet(block, place, copy=True)[3]),
            }
            for place in range(1, self.room.places + 1)
        ]
        environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)
        return environment.from_string(template).render(
            room=self.room.name, door=self.room.door, places=places, front=_front_address(block)
        )


def _places_of(block: IPv4Network) -> list[IPv4Network]:
    return list(block.subnets(new_prefix=_PLACE))


def _front_address(block: IPv4Network) -> str:
    return str(_places_of(block)[0][2])


def _subnet(block: IPv4Network, place: int, *, copy: bool) -> IPv4Network:
    return _places_of(block)[2 * place + (1 if copy else 0)]


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
