"""The leak check that every `up` ends with: a room that leaks is not ready.

It asks the engine for the networks of each station, and tries ways out from inside each, as root. A refused connection
counts as a leak too, since only what was reached can refuse. It also asks the room's ports for another site, as a
candidate's machine may. `e5b network prove` is the long proof.
"""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection

from provisioner.core.errors import EngineError, StationLeaks
from provisioner.core.model import Station
from provisioner.leakcheck.room_proof import probe, station_places
from provisioner.leakcheck.ways_out import WAYS_OUT, WORLD
from provisioner.network.containment import firewall_of, firewall_stands
from provisioner.network.room import Room
from provisioner.station.answering import NO_ANSWER, candidates_port
from provisioner.station.centre import Centre, stations

_PATIENCE = 0.5
#: Outcomes of ways where nothing was reached.
_SHUT = ("Network is unreachable", "No route to host", "silence", "No such", "not permitted", "denied")
#: Tables of a station's kernel, and the lines that show a route elsewhere: a try alone may have met only silence.
_TABLES = ("/proc/net/route", "/proc/net/if_inet6")
_JOINED = {
    "une route vers ailleurs": re.compile(r"^\w+\t00000000\t", re.MULTILINE),
    "une adresse IPv6": re.compile(r"^[0-9a-f]{32} \w+ \w+ 00 \w+ +(?!lo$)\w+$", re.MULTILINE),
}
#: The gateway's answers to a station's requests that are refusals.
_REFUSED = ("HTTP/1.1 403", "HTTP/1.1 400", "HTTP/1.1 405")
#: The statuses by which the room's ports refuse a request for another site.
_TURNED_AWAY = (403, 421)


def leak_check(centre: Centre) -> None:
    """Raise StationLeaks, which says which station reaches what, unless the room holds."""
    try:
        _leak_check(centre)
    except EngineError:  # another command may have replaced a station meanwhile
        _leak_check(centre)


def _leak_check(centre: Centre) -> None:
    present = stations(centre)
    leaks = _foreign_networks(centre, present) + permissive_ports(centre.room, present)
    if present and not firewall_stands(centre.engine, centre.room, firewall_of(centre.engine, centre.room)):
        leaks.append("les règles de la machine ne sont pas posées")
    with ThreadPoolExecutor(8) as pool:
        for station, ways in zip(present, pool.map(lambda station: _leaks(centre, station), present), strict=True):
            if ways:
                more = f" et {len(ways) - 3} autres voies" if len(ways) > 3 else ""
                leaks.append(f"{station.name} atteint : {', '.join(ways[:3])}{more}")
    if leaks:
        raise StationLeaks(
            f"La salle n'est pas prête, elle fuit : {' ; '.join(leaks)}. Lancez « e5b down », puis la même commande ; si cela "
            "revient, ne l'ouvrez pas aux candidats et lancez « e5b network prove »."
        )


def permissive_ports(room: Room, present: Sequence[Station]) -> list[str]:
    """The ports that answer anything but a refusal where a candidate's machine asks them for another site, as French phrases.

    A port that doesn't answer lets nobody out.
    """
    phrases = []
    connections = {
        "le mandataire de la salle": HTTPConnection(room.local_address, room.proxy, timeout=10),
        **{f"la porte de {station.name}": candidates_port(room, station.place) for station in present[:1]},
    }
    for name, connection in connections.items():
        with closing(connection), suppress(*NO_ANSWER):
            connection.request("GET", f"http://{WORLD}/", headers={"Host": WORLD})
            if (status := connection.getresponse().status) not in _TURNED_AWAY:
                phrases.append(f"{name} ne refuse pas un autre site (réponse {status})")
    return phrases


def _foreign_networks(centre: Centre, present: Sequence[Station]) -> list[str]:
    """Sentences on stations that are on another network than their place's."""
    sentences = []
    for station in present:
        networks = set(centre.engine.container(station.container).networks)
        if foreign := sorted(networks - {centre.room.network(station.place)}):
            sentences.append(f"{station.name} est aussi sur le réseau {', '.join(foreign)}")
    return sentences


def _leaks(centre: Centre, station: Station) -> list[str]:
    if station.state not in ("prêt", "en défaut", "plein"):  # it doesn't run
        return []
    tables = centre.engine.run(station.container, ["cat", *_TABLES], seconds=20).stdout.decode(errors="replace")
    joined = [phrase for phrase, sign in _JOINED.items() if sign.search(tables)]
    places = station_places(centre, station.container, station.place)
    fixed = {"monde": (WORLD, 0), "metadonnees": ("169.254.169.254", 0), "prise": ("/var/run/docker.sock", 0)}
    ways = {
        way: {**fixed, **places}[way.place]
        for way in WAYS_OUT
        if "poste" in way.sides and way.place in {**fixed, **places}
    }
    outcomes = probe(centre.engine, station.container, ways, patience=_PATIENCE)
    shut = (*_SHUT, *_REFUSED)
    return joined + [way.title for way in ways if not any(word in outcomes[way.id] for word in shut)]
