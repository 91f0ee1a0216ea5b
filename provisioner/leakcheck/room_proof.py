"""The room proof: shows that each way out works where there are no rules, and doesn't work in the room.

Ways are tried from a candidate's machine, from a station as the web server's user and as root, from a copy, and from the
gateway of an opened archive. The console is tried as one of them.
"""

import json
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from provisioner.build.stacks import gateway_image
from provisioner.core.errors import EngineError, Refusal
from provisioner.core.json_values import Json
from provisioner.core.model import Station
from provisioner.engine.protocol import Engine
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT
from provisioner.leakcheck.console_ways import Address, as_it_listens, console_ways, ways_from
from provisioner.leakcheck.lab import OPEN_GATEWAY, OPEN_PROXY, ROUTER, Lab, alone_in_the_lab, lab, to_candidate
from provisioner.leakcheck.ways_out import UNHELD, WAYS_OUT, WORLD, WORLD6, WayOut
from provisioner.leakcheck.wiring import TABLE, networks_in
from provisioner.network.containment import firewall_of
from provisioner.network.gateway_files import candidates_rules, dns_ports
from provisioner.network.room import Room
from provisioner.station.centre import Centre, stations
from provisioner.station.copies import copied, frozen

#: The places to which the gateway closes a candidate's ways, whatever the wiring.
_AT_THE_GATEWAY = ("mandataire", "porte-poste", "porte-examen", "dns-salle", "dns-chiffre", "derriere-entree", "poste")
#: How long to wait for an answer, in seconds: all ways are tried at once.
PATIENCE = 2.0
_PROBE = (ROOT / "provisioner/leakcheck/probes/probe.pl").read_text(encoding="utf-8")
_FIXED = {
    "monde": WORLD,
    "monde6": WORLD6,
    "metadonnees": "169.254.169.254",
    "multi": "224.0.0.251",
    "multi6": "ff02::fb%eth0",
    "prise": "/var/run/docker.sock",
    "moteur-dns": "127.0.0.11",
}


@dataclass
class Row:
    """One way out and its outcome, by who tried it: "reached", or what was observed instead.

    `seen` are the outcomes in the room, `open` those where there are no rules.
    """

    id: str
    title: str
    open: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)

    @property
    def works(self) -> bool:
        """Whether the way was seen to work where there are no rules."""
        return bool(self.open) and all(outcome == "reached" for outcome in self.open.values())

    @property
    def leaks(self) -> list[str]:
        """Those who got out by it."""
        return [side for side, outcome in self.seen.items() if outcome == "reached"]


@dataclass(frozen=True)
class RoomProof:
    """The result of a room proof; `seconds` is how long it took."""

    rows: Sequence[Row]
    seconds: float
    #: Why no rules of this machine close the candidates' machines' own ways out, in French; empty where they do.
    unheld: str = ""

    @property
    def leaks(self) -> list[Row]:
        """The ways by which somebody got out."""
        return [row for row in self.rows if row.leaks]

    @property
    def doubtful(self) -> list[Row]:
        """The ways that did not work without rules either: nothing is proven by them."""
        return [row for row in self.rows if not row.works]

    def json(self) -> dict[str, Json]:
        """The document of `e5b network prove --json`."""
        return {
            "ways": [{"id": r.id, "title": r.title, "open": r.works, "tried_by": r.seen} for r in self.rows],
            "leaks": [row.id for row in self.leaks],
            "doubtful": [row.id for row in self.doubtful],
            "unheld": self.unheld,
            "seconds": self.seconds,
        }


def prove_network(centre: Centre) -> RoomProof:
    """Try every way, without rules and in the room. Waits for another's proof on this machine; Busy where that lasts."""
    started = time.monotonic()
    present = stations(centre)
    if not present or firewall_of(centre.engine, centre.room) is None:
        raise Refusal("La salle est vide : préparez-la d'abord, par exemple avec « e5b up 1 --subject SUJET ».")
    chosen = list({station.stack: station for station in reversed(present)}.values())
    image = gateway_image(centre.engine, centre.settings, centre.progress)
    declared = centre.settings.console
    ways = (*WAYS_OUT, *console_ways(declared))
    rows = {way.id: Row(way.id, way.title) for way in ways}
    centre.progress.step("Le banc d'essai, sans règle")
    with (
        alone_in_the_lab(centre.progress.step),
        lab(centre.engine, image, {station.stack: station.golden for station in chosen}, declared) as bench,
        ThreadPoolExecutor(8) as pool,
    ):
        centre.progress.step("Chaque voie, sans règle")
        opened = {
            "candidat": pool.submit(_candidate_open, bench),
            "poste": pool.submit(_station_open, bench, bench.stations[chosen[0].stack]),
            "archive": pool.submit(_view_open, bench),
            # The console itself, or the lab's in its place: it is there.
            "machine": pool.submit(_probe_without_rules, bench, bench.machine, as_it_listens(declared)),
        }
        vehicles = {
            station.stack: pool.submit(_vehicles, centre.engine, bench.stations[station.stack], station)
            for station in chosen
        }
        for side, future in opened.items():
            for way, outcome in future.result().items():
                rows[way].open[side] = outcome
        for station in chosen:
            for name, (title, reached) in vehicles[station.stack].result().items():
                rows[name] = Row(name, title, {"poste": "reached" if reached else "rien"})
        centre.progress.step("Chaque voie, dans la salle")
        unheld = _unheld(centre, bench)
        _in_the_room(centre, bench, chosen, rows, pool)
        for way_out in ways if unheld else ():
            outcomes = rows[way_out.id].seen
            if way_out.place not in _AT_THE_GATEWAY and outcomes.get("candidat", "reached") != "reached":
                outcomes["candidat"] = UNHELD
        centre.progress.step("Chaque voie, dans une copie")
        _in_a_copy(centre, chosen[-1], rows)
    return RoomProof(list(rows.values()), round(time.monotonic() - started, 1), unheld)


def _unheld(centre: Centre, bench: Lab) -> str:
    """Why the router's rules, which the lab tries, aren't in force on this machine, in French; empty where they are."""
    wiring = centre.settings.network.wiring
    rules = centre.engine.run(bench.machine, ["nft", "list", "table", "inet", TABLE], privileged=True).stdout.decode()
    card = re.search(r'iifname != "([\w.-]+)" accept', rules)
    if card is None:
        return {
            "routeur": "les règles du routeur ne sont pas posées sur cette machine : lancez « sudo e5b network on »",
            "plat": "câblage « plat » : ce sont les règles des navigateurs, posées sur chaque machine",
            "verrou": "câblage « verrou » : c'est Safe Exam Browser, sur chaque machine",
            "": "aucun câblage n'est déclaré",
        }[wiring]
    if centre.engine.run(bench.machine, ["test", "-e", f"/sys/class/net/{card[1]}"]).status:
        return f"les règles du routeur sont posées pour la carte {card[1]}, que cette machine n'a pas"
    output = centre.engine.run(bench.machine, ["ip", "-o", "-4", "address", "show", "dev", card[1]]).stdout.decode()
    if rules.count("jump refused") < 2 or not re.search(r"chain refused \{[^}]*(?:\{[^}]*\}[^}]*)*\bdrop\b", rules):
        return "il manque des règles du routeur sur cette machine, un autre programme les a retirées : lancez « sudo e5b network on »"
    if (at := centre.room.candidates_address) and at not in [str(network.ip) for network in networks_in(output)]:
        return f"les règles du routeur sont posées pour la carte {card[1]}, qui n'a pas l'adresse {at} de la salle"
    return ""


def probe(
    engine: Engine, container: str, tried: Mapping[WayOut, Address], user: str = "root", patience: float = PATIENCE
) -> dict[str, str]:
    """Try ways out from inside a container; the outcome of each, by its id."""
    lines = "".join(f"{way.line(address, port)}\n" for way, (address, port) in tried.items())
    result = engine.run(
        container, ["perl", "-e", _PROBE, str(patience)], stdin=lines.encode(), user=user, seconds=patience + 20
    )
    if result.status:
        reason = result.stderr.decode(errors="replace").strip()[-200:]
        raise EngineError(f"L'essai des voies du réseau s'est arrêté. Recommencez (détail : {reason}).")
    outcomes = {}
    for line in result.stdout.decode(errors="replace").splitlines():
        name, verdict, detail = (*line.split("\t"), "", "")[:3]
        outcomes[name] = verdict if verdict == "reached" else detail or "rien"
    return {way.id: outcomes.get(way.id, "rien") for way in tried}


def _addressed_ways(side: str, places: Mapping[str, Address]) -> dict[WayOut, Address]:
    addresses = {**{place: (address, 0) for place, address in _FIXED.items()}, **places}
    return {way: addresses[way.place] for way in WAYS_OUT if side in way.sides and way.place in addresses}


def _candidate_open(bench: Lab) -> dict[str, str]:
    places = {
        "lien-local": (f"{bench.link_local(bench.router)}%eth0", 0),
        "machine": (ROUTER, 0),
        "mandataire": (OPEN_GATEWAY, OPEN_PROXY),
        "porte-poste": (WORLD, 80),
        "porte-examen": (WORLD, 8100),
        "dns-salle": (OPEN_GATEWAY, 53),
        "dns-chiffre": (WORLD, 0),
        "derriere-entree": ("203.0.113.20", 80),
        "poste": (WORLD, 80),
    }
    tried = {**_addressed_ways("candidat", places), **ways_from(bench.console, ROUTER)}
    return _probe_without_rules(bench, bench.candidate, tried)


def _station_open(bench: Lab, station: str) -> dict[str, str]:
    names = ("machine", "voisin", "entree", "autre-salle", "entree-poste", "entree-porte", "entree-mandataire")
    places = {"lien-local": (f"{bench.link_local(bench.world)}%eth0", 0), **dict.fromkeys(names, (WORLD, 0))}
    # Of the console's port alone: the proof's Internet has none of its addresses.
    tried = {**_addressed_ways("poste", places), **dict.fromkeys(console_ways(bench.console), (WORLD, 0))}
    return _probe_without_rules(bench, station, tried, "www-data")


def _view_open(bench: Lab) -> dict[str, str]:
    places = {"machine": (bench.machine_from(bench.open_view), 0), "entree": (WORLD, 0), "poste": (WORLD, 0)}
    return _probe_without_rules(bench, bench.open_view, _addressed_ways("archive", places), "www-data")


def _probe_without_rules(
    bench: Lab, container: str, tried: Mapping[WayOut, Address], user: str = "root"
) -> dict[str, str]:
    """Try ways out where nothing closes them; those that fail are tried again, longer, since a busy machine is slow."""
    outcomes = probe(bench.engine, container, tried, user)
    missed = {way: at for way, at in tried.items() if outcomes[way.id] != "reached"}
    return outcomes | (probe(bench.engine, container, missed, user, 5 * PATIENCE) if missed else {})


def _vehicles(engine: Engine, container: str, station: Station) -> dict[str, tuple[str, bool]]:
    """What the CMS itself reaches, by its own means: title and whether the proof's Internet answered."""
    cms = stack_named(station.stack).cms
    script = (ROOT / "stacks" / cms / "vehicles.php").read_bytes()
    result = engine.run(container, ["php", "/dev/stdin", WORLD], stdin=script, user="www-data", seconds=60)
    # In a station of the room, the candidate's own code runs with the script.
    try:
        document = json.loads(result.stdout)
        return {f"{cms}-{name}": (str(title), bool(reached)) for name, (title, reached) in document.items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _vehicles_stopped(station, (result.stderr or result.stdout).decode(errors="replace").strip()) from error


def _vehicles_stopped(station: Station, detail: str) -> EngineError:
    return EngineError(
        f"L'essai des moyens de {station.name} s'est arrêté, ou son site répond autre chose que ce qui est attendu. Recommencez ; si "
        f"cela se répète, remettez ce poste à neuf (détail : {detail[-200:]})."
    )


def _in_the_room(
    centre: Centre, bench: Lab, chosen: Sequence[Station], rows: Mapping[str, Row], pool: ThreadPoolExecutor
) -> None:
    tried: list[tuple[str, Future[dict[str, str]]]] = []
    for station in chosen:
        ways = _station_ways(centre, station_places(centre, station.container, station.place))
        for user, side in (("www-data", "poste"), ("root", "poste (root)")):
            tried_by = side if len(chosen) == 1 else f"{side} {station.stack}"
            tried.append((tried_by, pool.submit(probe, centre.engine, station.container, ways, user)))
    vehicles = {station.stack: pool.submit(_vehicles, centre.engine, station.container, station) for station in chosen}
    tried.append(("candidat", pool.submit(_candidate_in_the_room, centre, bench, chosen[0])))
    tried += [(name, pool.submit(_from_a_view, centre, bench, view, chosen[0])) for name, view in _views(centre, bench)]
    for tried_by, future in tried:
        for way, outcome in future.result().items():
            rows[way].seen[tried_by] = outcome
    for station in chosen:
        outcomes, cms = vehicles[station.stack].result(), stack_named(station.stack).cms
        if outcomes.keys() != {name for name in rows if name.startswith(f"{cms}-")}:
            raise _vehicles_stopped(station, f"{len(outcomes)} réponses")
        for name, (_, reached) in outcomes.items():
            rows[name].seen["poste"] = "reached" if reached else "rien"


def _views(centre: Centre, bench: Lab) -> list[tuple[str, str]]:
    """Who tries, and the container: the gateway of an opened archive as it would be made, and of each that is open."""
    opened = [container for container in centre.engine.containers(kind="view-door") if container.state == "running"]
    return [("archive", bench.view), *((f"archive {view.labels['e5b.view']}", view.id) for view in opened)]


def _from_a_view(centre: Centre, bench: Lab, view: str, station: Station) -> dict[str, str]:
    room, gateway = centre.room, centre.gateway.find()
    if gateway is None:
        raise EngineError("L'entrée de la salle n'existe plus. Lancez « e5b up » pour la refaire.")
    places = {
        "machine": (bench.machine_from(view), 0),
        "entree": (gateway.networks[room.front], room.port_of(station.place)),
        "poste": (centre.engine.container(station.container).networks[room.network(station.place)], 0),
    }
    return probe(centre.engine, view, _addressed_ways("archive", places), "www-data")


def _in_a_copy(centre: Centre, station: Station, rows: Mapping[str, Row]) -> None:
    with frozen(centre, station) as (image, taken_at), copied(centre, station, image, taken_at) as copy:
        ways = _station_ways(centre, station_places(centre, copy.container, station.place, copy=True))
        for way, outcome in probe(centre.engine, copy.container, ways).items():
            rows[way].seen["copie"] = outcome


def _station_ways(centre: Centre, places: Mapping[str, Address]) -> dict[WayOut, Address]:
    return {**_addressed_ways("poste", places), **ways_from(centre.settings.console, places["machine"][0])}


def station_places(centre: Centre, container: str, place: int, *, copy: bool = False) -> dict[str, Address]:
    """The addresses of the places of ways out, for a station of the room; without those that don't exist there."""
    room, engine = centre.room, centre.engine
    own = next(iter(engine.container(container).networks.values()), "")
    gateway = centre.gateway.find()
    if gateway is None or not own:
        raise EngineError("L'entrée de la salle n'existe plus. Lancez « e5b up » pour la refaire.")
    other_stations = [station for station in stations(centre) if station.container != container]
    front = gateway.networks[room.front]
    gateway_here = gateway.networks[room.network(place, copy=copy)]
    places = {
        "machine": (_first_of(front), 0),
        "entree": (gateway_here, 0),
        "entree-poste": (gateway_here, room.port_of(other_stations[0].place if other_stations else place)),
        "entree-porte": (gateway_here, room.examiner_port),
        "entree-mandataire": (gateway_here, room.proxy),
    }
    if other_stations and (
        neighbour := engine.container(other_stations[0].container).networks.get(room.network(other_stations[0].place))
    ):
        places["voisin"] = (neighbour, 0)
    for other_gateway in engine.containers(kind="gateway", room="*"):
        if other_gateway.labels["e5b.room"] != room.name and other_gateway.state == "running":
            other_room = Room.named(engine, other_gateway.labels["e5b.room"], centre.settings)
            places["autre-salle"] = (other_gateway.networks[other_room.front], other_room.port_of(1))
    if (firewall := firewall_of(engine, room)) and firewall.state == "running":  # it sees the machine's own interfaces
        bridge = f"{room.mark}-{'c' if copy else 'p'}{place:02}"
        command = ["ip", "-o", "-6", "addr", "show", "dev", bridge, "scope", "link"]
        output = engine.run(firewall.id, command, seconds=20).stdout.decode()
        if match := re.search(r"inet6 ([0-9a-f:]+)/", output):
            places["lien-local"] = (f"{match[1]}%eth0", 0)
    return places


def _candidate_in_the_room(centre: Centre, bench: Lab, station: Station) -> dict[str, str]:
    """Try the ways out of a candidate's machine that is behind the router's rules and at the real gateway's ports."""
    room, gateway = centre.room, centre.gateway.find()
    if gateway is None:
        raise EngineError("L'entrée de la salle n'existe plus. Lancez « e5b up » pour la refaire.")
    front = gateway.networks[room.front]
    rules = candidates_rules(room, centre.settings, front, "eth0")
    bench.shell(bench.router, "nft -f -", rules)
    bench.shell(bench.candidate, "ip route del default")  # the engine adds another with the next network
    bench.engine.connect(room.front, bench.candidate)
    try:
        inside = centre.engine.container(station.container).networks[room.network(station.place)]
        to_candidate(bench, *(f"ip route replace {address} via {front}" for address in ("203.0.113.20", inside)))
        dns = dns_ports(room, centre.settings)
        places = {
            "lien-local": (f"{bench.link_local(bench.router)}%eth0", 0),
            "machine": (ROUTER, 0),
            "mandataire": (front, room.proxy),
            "porte-poste": (front, room.port_of(station.place)),
            "porte-examen": (front, room.examiner_port),
            "dns-salle": (front, dns[0] if dns else 53),
            "dns-chiffre": (front, 0),
            "derriere-entree": ("203.0.113.20", 80),
            "poste": (inside, 80),
        }
        tried = {**_addressed_ways("candidat", places), **ways_from(bench.console, ROUTER)}
        return probe(bench.engine, bench.candidate, tried)
    finally:
        bench.engine.disconnect(room.front, bench.candidate)


def _first_of(address: str) -> str:
    """The machine's own address in the network of this address: the one before it."""
    head, _, last = address.rpartition(".")
    return f"{head}.{int(last) - 1}"
