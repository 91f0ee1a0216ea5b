"""A room as it is declared: its places, and the address, name and port of each thing in it.

Ports are counted down from the first station's: the examiner port is one before it, the proxy two, the room's pages
three; then come the company's shared sites.
"""

import hashlib
import random
import re
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from provisioner.core.errors import EngineError
from provisioner.engine.protocol import Engine
from provisioner.host.editions import load_stacks
from provisioner.host.settings import Settings

#: A room has 128 networks of eight addresses; the last ones are for the sites that all share.
BLOCK, PLACE, SHARED = 22, 29, 122


def name_of(place: int) -> str:
    """The name of the station at a place."""
    return f"poste-{place:02}"


def full_name(typed: str) -> str:
    """A station's name from a short form of it (`1`, `01`, `poste-1`); any other word comes back as it is."""
    short = re.fullmatch(r"(?:poste-?)?0*([0-9]{1,3})", typed.strip().lower())
    return name_of(int(short[1])) if short else typed


@dataclass(frozen=True)
class Room:
    """A room as it is declared: its name, its ports, where candidates reach it."""

    name: str
    host: str
    listen: str
    first_port: int
    places: int
    domain: str = ""
    names_port: int = 80
    #: The state folder that opened it (see State.id).
    owner: str = ""
    #: Whether stations answer by TLS, and the port of their names then; the room's pages and shared sites never do.
    tls: bool = False
    tls_port: int = 443
    #: The certificate of the room's own authority, base64 of its DER; empty where it has none: see certificates.py.
    authority: str = field(default="", compare=False, repr=False)

    @classmethod
    def named(cls, engine: Engine, name: str, settings: Settings) -> "Room":
        """The room of that name as it runs, else as the settings declare it."""
        gateways = engine.containers(kind="gateway", room=name)
        if not gateways:
            leftovers = engine.containers(kind="station", room=name) or engine.containers(kind="spare", room=name)
            owner = leftovers[0].labels.get("e5b.owner", "") if leftovers else ""
            return cls.declared(name, settings, owner)
        labels = gateways[0].labels
        return cls(
            name,
            labels["e5b.host"],
            labels["e5b.listen"],
            int(labels["e5b.first_port"]),
            int(labels["e5b.places"]),
            labels.get("e5b.domain", ""),
            int(labels.get("e5b.names_port", "80")),
            labels.get("e5b.owner", ""),
            bool(labels.get("e5b.tls")),
            int(labels.get("e5b.tls_port", "443")),
            labels.get("e5b.authority", ""),
        )

    @classmethod
    def declared(cls, name: str, settings: Settings, owner: str = "") -> "Room":
        """The room of that name as the settings declare it."""
        net = settings.network
        return cls(
            name,
            settings.host,
            settings.listen,
            settings.first_port,
            settings.places,
            net.domain,
            net.port,
            owner,
            net.tls,
            net.tls_port if net.tls else 443,
        )

    @classmethod
    def on_free_ports(cls, name: str, places: int, domain: str = "", *, tls: bool = False) -> "Room":
        """A room for proofs and tests, on free ports of this machine."""
        below, chosen = (
            3 + len(shared_sites()),
            random.SystemRandom(),
        )  # not `random`: test runs with the same seed would choose the same
        of_names = bool(domain) + (bool(domain) and tls)
        for _ in range(50):
            first = chosen.randrange(20000, 32000)  # below the ports that Linux assigns itself
            if all(_free(port) for port in range(first - below - of_names, first + places)):
                names_port = first - below - 1 if domain else 80
                tls_port = first - below - 2 if domain and tls else 443
                return cls(
                    name, "localhost", "127.0.0.1", first, places, domain, names_port, tls=tls, tls_port=tls_port
                )
        raise EngineError("Aucune suite de ports libres n'a été trouvée sur cette machine.")

    def host_of(self, place: int) -> str:
        """The Host header of requests to a place's station."""
        if self.tls and self.domain:
            return f"{name_of(place)}.{self.domain}" + ("" if self.tls_port == 443 else f":{self.tls_port}")
        return self._named(name_of(place), self.first_port + place - 1)

    def plain_host_of(self, place: int) -> str:
        """The Host header of requests to a place's station without TLS, which a room with TLS sends on to it."""
        return self._named(name_of(place), self.first_port + place - 1)

    def address_of(self, place: int) -> str:
        """The URL at which the candidate finds his station."""
        return f"{'https' if self.tls else 'http'}://{self.host_of(place)}"

    def port_of(self, place: int) -> int:
        """The port at which a place answers: its own, or the one of all names."""
        if self.domain:
            return self.tls_port if self.tls else self.names_port
        return self.first_port + place - 1

    @property
    def examiner_port(self) -> int:
        """The port by which examiners reach copies and waiting stations, on this machine only."""
        return self.first_port - 1

    @property
    def proxy(self) -> int:
        """The port of the proxy, which refuses all but allowed sites."""
        return self.first_port - 2

    @property
    def pages_host(self) -> str:
        """The Host of the room's own pages: partner, feeds, proxy configuration."""
        return self._named("partenaire", self.first_port - 3)

    @property
    def pac(self) -> str:
        """The URL of the browsers' proxy configuration."""
        return f"http://{self.pages_host}/proxy.pac"

    def site_host(self, cms: str) -> str:
        """The Host of the company's site that all candidates share."""
        return self._named(f"entreprise-{cms}", self.first_port - 4 - shared_sites().index(cms))

    def hosts(self) -> list[str]:
        """Every Host of the room, with its port where it isn't the scheme's own."""
        places = [self.host_of(place) for place in range(1, self.places + 1)]
        return [*places, *self.shared_hosts()]

    def hosts_with_ports(self) -> list[str]:
        """Every host and port, "host:port", at which a candidate's browser finds something of the room."""
        places = range(1, self.places + 1)
        stations = [_with_port(self.host_of(place), 443 if self.tls else 80) for place in places]
        shared = [_with_port(host, 80) for host in self.shared_hosts()]
        plain = [_with_port(self.plain_host_of(place), 80) for place in places]
        return list(dict.fromkeys([*stations, *shared, *plain]))

    def shared_hosts(self) -> list[str]:
        """The Hosts that stations find too: the room's pages, the company's sites."""
        return [self.pages_host, *map(self.site_host, shared_sites())]

    def ports(self) -> list[int]:
        """Every port at which candidates find something of the room, but its proxy."""
        return sorted({int(host.rpartition(":")[2]) for host in self.hosts_with_ports()})

    def without(self, port: int, dns_port: int) -> str:
        """A French sentence on what to change in the declaration where another program has that port of the room."""
        setting = "« first_port »"
        names = {**({self.tls_port: "tls_port"} if self.tls else {}), self.names_port: "port", dns_port: "dns_port"}
        if self.domain and port in names:
            zero = " (0 : la salle n'a pas de DNS)" if port == dns_port else ""
            setting = f"« {names[port]} » de [network]{zero}"
            if self.listen == "0.0.0.0":
                return (
                    "Ou bien donnez à « listen », dans e5b.toml, l'adresse de cette machine du côté des candidats plutôt que "
                    f"0.0.0.0 : l'autre programme n'y est peut-être pas ; sinon, changez-y {setting}."
                )
        return f"Ou bien changez {setting} dans e5b.toml."

    @property
    def local_address(self) -> str:
        """The address by which this machine itself reaches the gateway."""
        return "127.0.0.1" if self.listen == "0.0.0.0" else self.listen

    @property
    def candidates_address(self) -> str:
        """The address of this machine on the candidates' side; empty where a name alone is declared."""
        with suppress(ValueError):
            return str(IPv4Address(self.host if self.listen == "0.0.0.0" else self.listen))
        return ""

    def network(self, place: int, *, copy: bool = False) -> str:
        """The name of a place's network."""
        return f"e5b-{self.name}-{'copie' if copy else 'poste'}-{place:02}"

    @property
    def front(self) -> str:
        """The name of the network on which candidates reach the gateway."""
        return f"e5b-{self.name}-entree"

    @property
    def mark(self) -> str:
        """The prefix of the room's interfaces on this machine, and the name of its table of rules."""
        return f"e5b{hashlib.sha256(self.name.encode()).hexdigest()[:5]}"

    def _named(self, name: str, port: int) -> str:
        if not self.domain:
            return f"{self.host}:{port}"
        return f"{name}.{self.domain}" + ("" if self.names_port == 80 else f":{self.names_port}")


@dataclass(frozen=True)
class Addresses:
    """The internal addresses of a room, within its block."""

    block: IPv4Network

    @classmethod
    def of_room(cls, engine: Engine, room: Room) -> "Addresses | None":
        """The addresses of a room, found by its front network, which is the first in the block; None without one."""
        subnet = engine.networks(kind="network", room=room.name).get(room.front)
        return cls(IPv4Network(subnet).supernet(new_prefix=BLOCK)) if subnet else None

    def subnet(self, index: int) -> IPv4Network:
        """The network of eight addresses at that index of the block."""
        return IPv4Network((self.block[index << (32 - PLACE)], PLACE))  # IndexError beyond the block

    def of_place(self, place: int, *, copy: bool = False) -> IPv4Network:
        """The network of a place: the gateway has the address 2 in it, the station 3 or 4."""
        return self.subnet(2 * place + (1 if copy else 0))

    def of_site(self, cms: str) -> IPv4Network:
        """The network of a site that all share."""
        return self.subnet(SHARED + shared_sites().index(cms))

    @property
    def front(self) -> str:
        """The gateway's address on the candidates' side."""
        return str(self.subnet(0)[2])


def _with_port(host: str, port: int) -> str:
    return host if ":" in host else f"{host}:{port}"


def shared_sites() -> list[str]:
    """The CMS whose site may stand beside the stations."""
    return sorted({stack.cms for stack in load_stacks().values()})


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
