"""The gateway of a room: one small internal network per place, and the container that alone reaches them.

A place is a number, an address that candidates use, and two networks of eight addresses: one for its station, one for
the copy that is examined. In its network a station has one of two addresses, so that the next station can start while
it serves; the gateway sends requests to the new one after a `reload`.
"""

import json
import re
import secrets
import socket
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Network
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from provisioner.core.errors import AddressesTaken, EngineError, PortTaken, Refusal
from provisioner.core.waiting import wait_until
from provisioner.engine.protocol import ContainerSpec, ContainerState, Engine, Join, Limits
from provisioner.host.settings import RESERVED_ROOMS, Settings
from provisioner.network import access_windows
from provisioner.network.certificates import CHAIN, ServerCertificate, server_certificate
from provisioner.network.containment import firewall_of, lift_firewall
from provisioner.network.gateway_files import (
    CONTACTS,
    dns_ports,
    gateway_files,
    place_files,
    seb_key,
    sitting_in,
    upstream_id_file,
)
from provisioner.network.port_holder import holder_of
from provisioner.network.relay import route_header
from provisioner.network.room import BLOCK, Addresses, Room, name_of, shared_sites

__all__ = ["Gateway", "Room", "name_of"]

#: The files of the gateway that depend on the room's declaration.
_DECLARED = ("etc/e5b/squid.conf", "etc/e5b/dnsmasq.conf", "etc/e5b/rules.nft", "etc/e5b/seb.key")
#: A gateway that an earlier version of e5b created has the script by its former name, `turn`.
_RELOAD = ("sh", "-c", "if [ -x /opt/e5b/reload ]; then exec /opt/e5b/reload; else exec /opt/e5b/turn; fi")
#: How long a port that nobody has any more may stay taken, in seconds: the kernel remembers connections for sixty.
_PORTS_GIVEN_UP = 65.0
#: The number of reloads of each gateway that this program has begun: see Gateway.reload.
_reloads = Counter[str]()
#: Where the gateway keeps whose machine signed in at which place: see contacts.pm.
_MACHINES = "/var/lib/e5b/machines"
_reloading = Lock()


def tls_labels(room: Room) -> dict[str, str]:
    """The labels by which Room.named knows of a room's TLS; none in a room without."""
    if not room.tls:
        return {}
    return {"e5b.tls": "1", "e5b.tls_port": str(room.tls_port), "e5b.authority": room.authority}


class BoundMachine(NamedTuple):
    """A candidate's machine: its address, and since when it is known."""

    address: str
    since: datetime


class LastWork(NamedTuple):
    """When somebody last signed in at a place, and when he last saved something; None where that isn't known."""

    signed_in: datetime | None = None
    saved: datetime | None = None


class Gateway:
    """The gateway of one room, as it runs."""

    def __init__(self, engine: Engine, room: Room, settings: Settings, folder: Path | None = None) -> None:
        """`folder`: the state folder, where the authority of a room with TLS lies."""
        self._engine = engine
        self._folder = folder
        self._settings = settings
        self._block: Addresses | None = None
        self.room = room

    def find(self) -> ContainerState | None:
        """The gateway's container."""
        containers = self._engine.containers(kind="gateway", room=self.room.name, brief=True)
        return containers[0] if containers else None

    def matches(self, settings: Settings) -> bool:
        """Whether the gateway's configuration, which dates from its making, is what these settings declare."""
        gateway, block = self.find(), self.block()
        if not gateway or not block:  # compare with the one that would be made
            return seb_key(self.room, self._settings) == seb_key(self.room, settings)
        files = gateway_files(self.room, block, settings)
        declared = Room.declared(self.room.name, settings, self.room.owner)
        has_own_ports = self.room.name.partition("-")[0] in RESERVED_ROOMS  # on ports of its own
        same_files = all(
            _declaring(self._engine.get(gateway.id, f"/{name}")) == _declaring(files[name]) for name in _DECLARED
        )
        same_room = (has_own_ports or declared == self.room) and self._shows_certificate_of(settings, gateway)
        return same_room and same_files and self._binds_as(gateway, settings)

    def _binds_as(self, gateway: ContainerState, settings: Settings) -> bool:
        """Whether the gateway binds stations as declared; one that an earlier version made can't, and goes on."""
        rules = self._engine.get(gateway.id, f"/{CONTACTS}")
        if rules is None:
            return not settings.network.bind
        return bool(json.loads(rules)["bind"]) == settings.network.binds

    def _shows_certificate_of(self, settings: Settings, gateway: ContainerState) -> bool:
        """Whether stations answer by the certificate that these settings declare, or by one of the room's authority."""
        if not self.room.tls or self._folder is None:
            return True
        if settings.network.certificate:
            chain = server_certificate(self.room, settings, self._folder).chain
            return self._engine.get(gateway.id, f"/{CHAIN}") == chain
        return bool(self.room.authority)

    def _certificate(self) -> ServerCertificate | None:
        """The certificate for a gateway that is made now; None in a room without TLS."""
        if not self.room.tls:
            return None
        if self._folder is None:
            raise EngineError("Le dossier d'e5b n'est pas connu : la salle n'a pas d'autorité pour https.")
        return server_certificate(self.room, self._settings, self._folder)

    def prepare(self, image: str) -> None:
        """Create the gateway where there is none, with the network on which candidates reach it."""
        if present := self.find():
            if present.started:
                return
            self._engine.remove(present.id)  # its making was cut short: it may lack its configuration
        certificate = self._certificate()
        room = replace(self.room, authority=certificate.authority) if certificate else self.room
        labels = {"e5b.room": room.name}
        block = self.block()
        if block is None:
            block = self._take_block({**labels, "e5b.kind": "network", "e5b.role": "front"})
        try:
            container = self._engine.create(
                ContainerSpec(
                    name=f"e5b-{room.name}-entree",
                    image=image,
                    labels={
                        **labels,
                        "e5b.kind": "gateway",
                        "e5b.host": room.host,
                        "e5b.listen": room.listen,
                        "e5b.first_port": str(room.first_port),
                        "e5b.places": str(room.places),
                        "e5b.domain": room.domain,
                        "e5b.names_port": str(room.names_port),
                        "e5b.owner": room.owner,
                        **tls_labels(room),
                    },
                    join=Join(room.front, block.front),
                    ports=self._ports(),
                    # For the workers of several configurations, since those of an old one may answer for two minutes.
                    limits=Limits(512, 256),
                    capabilities=("NET_ADMIN", "KILL", "SETGID", "SETUID"),
                    sysctls={"net.ipv4.ip_forward": "0"},
                    restart=True,
                    # With allowed sites, their names are resolved by the engine's DNS.
                    dns=() if self._settings.network.allowed else ContainerSpec.dns,
                )
            )
            files = {**gateway_files(room, block, self._settings), **(certificate.files() if certificate else {})}
            self._engine.put(container, "/", {**files, access_windows.FILE: access_windows.NEW})
        except BaseException:
            self._abandon()
            raise

    def start(self) -> None:
        """Start the prepared gateway and wait until it answers; where it never did, it is removed."""
        gateway = self._existing()
        if gateway.state == "running":
            return
        try:
            self._start_when_ports_are_free(gateway.id)
            self._await(gateway.id)
        except BaseException:
            if not gateway.started:
                self._abandon()
            raise

    def _start_when_ports_are_free(self, container: str) -> None:
        """Start it; a port that nobody has any more is waited for, PortTaken says who has one that somebody has."""
        taken: PortTaken | None = None

        def missing() -> str:
            nonlocal taken
            try:
                self._engine.start(container)
            except PortTaken as error:
                taken = error
                return f"port {error.port}" if error.port and not holder_of(self._engine, error.port) else ""
            taken = None
            return ""

        wait_until(missing, _PORTS_GIVEN_UP, pause=0.5)
        if taken:
            holder = holder_of(self._engine, taken.port)
            phrases = [
                str(taken),
                f"Celui qui l'a : {holder}."
                if holder
                else f"Personne n'y écoute, et il n'est pas rendu après {_PORTS_GIVEN_UP:.0f} s.",
                self.room.without(taken.port, self._settings.network.dns_port),
            ]
            raise PortTaken(" ".join(phrases)) from taken

    def join(self, place: int, *, copy: bool = False) -> Join:
        """The place's network (or its copy's), created where needed, with the gateway connected to it."""
        join = self.network(place, copy=copy)
        self.attach(place, copy=copy)
        return join

    def network(self, place: int, *, copy: bool = False) -> Join:
        """The place's network (or its copy's), created where needed, and the station's address in it."""
        if not 1 <= place <= self.room.places:
            raise Refusal(
                f"La salle a {self.room.places} places : le poste {place} n'y entre pas. "
                "Augmentez « places » dans e5b.toml, puis lancez « e5b down » et la commande qui avait ouvert la salle."
            )
        name, subnet = self.room.network(place, copy=copy), self._addresses().of_place(place, copy=copy)
        self._make(name, subnet, "copy" if copy else "station", f"{'c' if copy else 'p'}{place:02}")
        return Join(name, str(subnet[3]))

    def next_join(self, place: int, old_container: ContainerState) -> Join:
        """The place's network with the address that the old station doesn't have, so that the next one can start."""
        join, subnet = self.join(place), self._addresses().of_place(place)
        at = subnet[4] if old_container.networks.get(join.network) == str(subnet[3]) else subnet[3]
        return Join(join.network, str(at))

    def route_id(self, place: int, join: Join) -> int:
        """The number by which the examiners' port reaches the station at that address of the place (see relay.py).

        The number of a place alone reaches its copy.
        """
        return place + (2000 if join.address == str(self._addresses().of_place(place)[3]) else 3000)

    def set_upstream(self, place: int, address: str, sitting: str | None = None) -> None:
        """Write the address to which the gateway sends the place's candidates, in force from the next `reload` on.

        A request whose body is still being read then reaches no station: it was meant for the one before. `sitting`: whose
        it is from then on; None: the same candidate's, whose machine stays known.
        """
        sitting = self.sitting(place) if sitting is None else sitting
        files = place_files(self.room, place, address, sitting) | upstream_id_file(place, secrets.token_hex(6))
        self._engine.put(self._existing().id, "/", files)

    def sitting(self, place: int) -> str:
        """What the gateway knows the place's present sitting by; empty for the first."""
        return sitting_in(self._engine.get(self._existing().id, f"/{_place_file(place)}"))

    def machines(self) -> dict[int, BoundMachine]:
        """The machine that first signed in at each place since its candidate came, where one did."""
        gateway = self.find()
        if gateway is None or gateway.state != "running":
            return {}
        # Written by a user without rights in the gateway: parsed strictly.
        script = f"cd {_MACHINES} 2>/dev/null || exit 0; grep -H . -- *-* 2>/dev/null || true"
        lines = self._engine.run(gateway.id, ["sh", "-c", script], user="www-data").stdout.decode(errors="replace")
        found: dict[int, BoundMachine] = {}
        for match in re.finditer(r"^(\d+)-(\w*):([\d.]+) (\d+)$", lines, re.MULTILINE):
            place = int(match[1])
            if place <= self.room.places and match[2] == self.sitting(place):
                found[place] = BoundMachine(match[3], datetime.fromtimestamp(int(match[4]), UTC))
        return found

    def last_work(self) -> dict[int, LastWork]:
        """When somebody last signed in and last saved at each place, whichever candidate that was; EngineError after 5 seconds."""
        gateway = self.find()
        if gateway is None or gateway.state != "running":
            return {}
        script = f"cd {_MACHINES} 2>/dev/null && find . -maxdepth 1 -name '*-*' -printf '%f %Ts\\n'"
        told = self._engine.run(gateway.id, ["sh", "-c", script], user="www-data", seconds=5)
        found: dict[int, LastWork] = {}
        # Written by a user without rights in the gateway: parsed strictly. A time has ten digits until the year 2286.
        for match in re.finditer(
            r"^(saved\.)?(\d{1,4})-\w* (\d{1,10})$", told.stdout.decode(errors="replace"), re.MULTILINE
        ):
            place, at = int(match[2]), datetime.fromtimestamp(int(match[3]), UTC)
            signed_in, saved = found.get(place, LastWork())
            if match[1]:
                saved = max(at, saved or at)
            else:
                signed_in = max(at, signed_in or at)
            found[place] = LastWork(signed_in, saved)
        return found

    def free(self, place: int) -> None:
        """Have the gateway forget the place's machine: the next that signs in there is its candidate's."""
        names = f"{place}-{self.sitting(place)}"
        # It stays known as one that signed in: whoever still works there is not slowed as a machine that tries passwords.
        script = (
            f"cd {_MACHINES} && if read -r machine _ <{names}; then : >{names}-$machine; fi 2>/dev/null; "
            f"rm -f -- {names} saved.{names} && sync ."
        )
        result = self._engine.run(self._existing().id, ["sh", "-c", script], user="www-data")
        if result.status:
            raise EngineError(
                "L'entrée de la salle n'a pas oublié la machine du poste. Recommencez "
                f"(détail : {result.stderr.decode(errors='replace').strip()[-200:]})."
            )

    def reload(self) -> None:
        """Have a running gateway read its files again, and wait until it follows them; a stopped one reads them at start.

        A caller that waits while another caller's reload begins needs none of its own, since that one reads its files too:
        many stations that are renewed together need few reloads.
        """
        if (gateway := self._existing()).state != "running":
            return
        before = _reloads[gateway.id]
        with _reloading:
            if _reloads[gateway.id] > before:
                return
            _reloads[gateway.id] += 1
            try:
                result = self._engine.run(gateway.id, _RELOAD, user="www-data")
                if result.status:
                    raise EngineError(
                        "L'entrée de la salle ne suit pas ce qui lui est dit. Recommencez "
                        f"(détail : {result.stderr.decode(errors='replace').strip()[-200:]})."
                    )
            except BaseException:
                _reloads[gateway.id] -= 1
                raise

    def restore_upstream(self, place: int, station: ContainerState) -> None:
        """Send the place's candidates to this station again: a gateway that was created anew knows only the first address.

        Where it knew another address, the machine of who was there before means nothing any more.
        """
        if not (address := station.networks.get(self.join(place).network)):
            return
        content = self._engine.get(self._existing().id, f"/{_place_file(place)}") or b""
        if f"set $station {address};\n".encode() not in content:
            self.set_upstream(place, address, station.id[:12])
            self.reload()

    def site_network(self, cms: str) -> Join:
        """The network of a site that all candidates share, made where needed."""
        name, subnet = f"e5b-{self.room.name}-site-{cms}", self._addresses().of_site(cms)
        self._make(name, subnet, "site", f"s{shared_sites().index(cms):02}")
        return Join(name, str(subnet[3]))

    def attach(self, place: int, *, copy: bool = False) -> None:
        """Have the gateway reach the place's network (of its copy)."""
        self._attach(self.room.network(place, copy=copy), self._addresses().of_place(place, copy=copy))

    def attach_site(self, cms: str) -> None:
        """Have the gateway reach a shared site's network."""
        self._attach(f"e5b-{self.room.name}-site-{cms}", self._addresses().of_site(cms))

    def hosts(self, place: int, *, copy: bool = False) -> dict[str, str]:
        """The names that a station resolves, with the gateway's address in its network; empty in a room without names."""
        if not self.room.domain:
            return {}
        at = str(self._addresses().of_place(place, copy=copy)[2])
        return {host.partition(":")[0]: at for host in self.room.shared_hosts()}

    def detach(self, place: int, *, copy: bool = False) -> None:
        """Remove the place's network (or its copy's), unless a network of that name is another room's."""
        name = self.room.network(place, copy=copy)
        if name not in self._engine.networks(kind="network", room=self.room.name):
            return
        gateway = self.find()
        if gateway:
            self._engine.disconnect(name, gateway.id)
        self._engine.remove_network(name)

    def close(self) -> None:
        """Remove the gateway and every network of the room, and lift its rules from the machine."""
        gateway, networks = self.find(), self._engine.networks(kind="network", room=self.room.name)
        if gateway:
            self._engine.remove(gateway.id)
        if networks or firewall_of(self._engine, self.room):
            lift_firewall(self._engine, self.room)
        for container in self._engine.containers(kind="lab"):  # a proof that was killed is still in the room's network
            if container.networks.keys() & networks.keys():
                self._engine.remove(container.id)
        for name in networks:
            self._engine.remove_network(name)

    def _ports(self) -> dict[int | str, tuple[str, int]]:
        room = self.room
        outside: dict[int | str, tuple[str, int]] = {
            port: (room.listen, port) for port in (*room.ports(), room.proxy, *dns_ports(room, self._settings))
        }
        datagrams: dict[int | str, tuple[str, int]] = {
            f"{port}/udp": (room.listen, port) for port in dns_ports(room, self._settings)
        }
        return outside | datagrams | {room.examiner_port: ("127.0.0.1", room.examiner_port)}

    def _make(self, name: str, subnet: IPv4Network, role: str, bridge: str) -> None:
        if name not in self._engine.networks(kind="network", room=self.room.name):
            labels = {"e5b.kind": "network", "e5b.room": self.room.name, "e5b.role": role}
            self._engine.create_network(name, str(subnet), labels, bridge=f"{self.room.mark}-{bridge}")

    def _attach(self, name: str, subnet: IPv4Network) -> None:
        gateway = self._existing()
        if name not in gateway.networks:
            self._engine.connect(name, gateway.id, str(subnet[2]))

    def _existing(self) -> ContainerState:
        if (gateway := self.find()) is None:
            raise EngineError("L'entrée de la salle n'existe plus. Lancez « e5b up » pour la refaire.")
        return gateway

    def _abandon(self) -> None:
        """Remove the gateway, and its front network unless stations' networks need its addresses."""
        if gateway := self.find():
            self._engine.remove(gateway.id)
        if self._engine.networks(kind="network", room=self.room.name).keys() == {self.room.front}:
            self._engine.remove_network(self.room.front)

    def block(self) -> Addresses | None:
        """The addresses that the room has."""
        return Addresses.of_room(self._engine, self.room)

    def _addresses(self) -> Addresses:
        self._block = self._block or self.block()
        if self._block is None:
            raise EngineError("L'entrée de la salle n'existe plus. Lancez « e5b up » pour la refaire.")
        return self._block

    def _await(self, container: str) -> None:
        def missing() -> str:
            with socket.socket() as probe, suppress(OSError):
                probe.settimeout(1)
                probe.connect(("127.0.0.1", self.room.examiner_port))
                probe.sendall(route_header(0) + b"GET / HTTP/1.0\r\n\r\n")
                if probe.recv(12):
                    return ""
            return "aucune réponse"

        if not wait_until(missing, 15, pause=0.03):
            return
        last = (self._engine.logs(container, 2).strip().splitlines() or ["journal vide"])[-1]
        raise EngineError(f"L'entrée de la salle ne démarre pas. Recommencez (détail : {last[-200:]}).")

    def _take_block(self, labels: Mapping[str, str]) -> Addresses:
        """Take the first free block of addresses, by creating the front network in it."""
        used = [IPv4Network(subnet) for subnet in self._engine.subnets() if ":" not in subnet]
        for block in IPv4Network(self._settings.subnet).subnets(new_prefix=BLOCK):
            if any(block.overlaps(taken) for taken in used):
                continue
            try:
                self._engine.create_network(self.room.front, str(Addresses(block).subnet(0)), labels, internal=False)
            except AddressesTaken:  # another room has just taken it
                continue
            return Addresses(block)
        raise EngineError(
            f"Toutes les adresses de {self._settings.subnet} sont prises par d'autres réseaux de Docker. "
            "Donnez un autre « subnet » dans e5b.toml."
        )


def _declaring(content: bytes | None) -> bytes | None:
    """What a file of the gateway declares, without what its proxy says of who asked: an earlier version's said nothing."""
    return content and re.sub(
        rb"^(forwarded_for|#.*|request_header_access X-Forwarded-For) .*\n", b"", content, flags=re.MULTILINE
    )


def _place_file(place: int) -> str:
    return f"etc/e5b/places/{place:02}.conf"
