"""A room's gateway as files: its configuration and its pages, rendered from stacks/gateway and the room's declaration."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from provisioner.core.declaration import address_of_names
from provisioner.french.calendar import MONTHS
from provisioner.host.editions import load_stacks
from provisioner.host.paths import ROOT
from provisioner.host.settings import Settings
from provisioner.host.templates import environment
from provisioner.host.toml_files import read_toml
from provisioner.network import door_notes
from provisioner.network.browser_policies import LINUX_AUTHORITY, WINDOWS_KEPT, linux_files, registry
from provisioner.network.certificates import authority_pem, fingerprint
from provisioner.network.room import Addresses, Room, name_of, shared_sites
from provisioner.network.seb import config_key, seb_file
from provisioner.network.seb import settings as seb_settings

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = ROOT / "stacks/gateway"
#: The pages that nginx answers itself, each a file of its configuration.
_NGINX_PAGES = (
    "wait.conf",
    "refused.conf",
    "before.conf",
    "over.conf",
    "busy.conf",
    "moved.conf",
    "barred.conf",
    "slowed.conf",
    "time.conf",
)
#: What the gateway decides by about machines that come to stations.
CONTACTS = "etc/e5b/contacts.json"


def gateway_files(room: Room, block: Addresses, settings: Settings) -> dict[str, bytes]:
    """The gateway's configuration, by its place under /."""
    places = [_place(room, block, place) for place in range(1, room.places + 1)]
    known_names = names(room) if room.domain else []
    values = {
        "room": room,
        "front": block.front,
        "block": str(block.block),
        "examiner_port": room.examiner_port,
        "port": room.proxy,
        "domain": room.domain,
        "names_port": room.names_port,
        "names": known_names,
        "tls": room.tls,
        "tls_port": room.tls_port,
        "address": address_of_names(settings.host, settings.listen),
        "allowed": settings.network.allowed,
        "dns": settings.network.dns_port or 53,
        "places": places,
        "pages": {"host": room.pages_host},
        "sites": [{"host": room.site_host(cms), "at": str(block.of_site(cms)[3])} for cms in shared_sites()],
        "shared_ports": sorted(set(room.ports()) - {place.port for place in places}) or [room.names_port],
        "tcp": candidates_ports(room, settings),
        "machine": str(block.subnet(0)[1]),
        "seb_key": seb_key(room, settings),
        "cms": {key: of_every_cms(key) for key in ("refused", "closed", "writes")},
    }
    rendered = {
        f"etc/e5b/{name}": _rendered(f"{name}.j2", values)
        for name in ("nginx.conf", "dnsmasq.conf", "squid.conf", "rules.nft")
    }
    copied = {
        f"etc/e5b/{name}": (FOLDER / name).read_bytes()
        for name in (*_NGINX_PAGES, "blocked.html", "unreachable.html", "time.html")
    }
    stations = {
        name: content
        for place in range(1, room.places + 1)
        for name, content in (
            place_files(room, place, str(block.of_place(place)[3])) | upstream_id_file(place, "first")
        ).items()
    }
    hosts = "".join(f"{block.front} {name}\n" for name in known_names)
    notes = door_notes.files({}, settings.zone)
    constant = {
        "etc/e5b/hosts": hosts.encode(),
        "etc/e5b/seb.key": seb_key(room, settings).encode(),
        CONTACTS: _contacts(room, block, settings),
    }
    return {**rendered, **copied, **stations, **notes, **constant, **_pages(room, settings)}


def of_every_cms(what: str) -> list[Any]:
    """What every CMS says of its requests under that key: see stacks/*/gateway/requests.toml."""
    return [value for path in sorted(ROOT.glob("stacks/*/gateway/requests.toml")) for value in read_toml(path)[what]]


def place_files(room: Room, place: int, address: str, sitting: str = "") -> dict[str, bytes]:
    """The files that say at which address the station of a place is: to candidates, and to examiners.

    `sitting` changes with the candidate: the machine that signed in at the one before means nothing for the next.
    """
    behind = f'"{1000 + place} {room.host_of(place)}" {address};\n'
    of_sitting = f"set $sitting {sitting};\n" if sitting else ""
    return {
        f"etc/e5b/places/{place:02}.conf": f"set $station {address};\n{of_sitting}".encode(),
        f"etc/e5b/behind/{place:02}.conf": behind.encode(),
    }


def upstream_id_file(place: int, upstream_id: str) -> dict[str, bytes]:
    """The file that names a place's present upstream, by a word that no upstream of the place had before.

    An address isn't enough: a place has two, which its stations have in turn.
    """
    return {f"etc/e5b/upstreams/{place:02}.conf": f"{place} {upstream_id};\n".encode()}


def sitting_in(place_file: bytes | None) -> str:
    """The sitting that a place's file names; empty where it names none."""
    match = re.search(rb"set \$sitting (\w+);", place_file or b"")
    return match[1].decode() if match else ""


def names(room: Room) -> list[str]:
    """The names that the room's DNS knows."""
    return [host.partition(":")[0] for host in room.hosts()]


def dns_ports(room: Room, settings: Settings) -> list[int]:
    """The port of the room's DNS, if it has one."""
    return [settings.network.dns_port] if room.domain and settings.network.dns_port else []


def candidates_ports(room: Room, settings: Settings) -> list[int]:
    """Every port that candidates may open: of the room's sites, its proxy and its DNS."""
    return sorted({*room.ports(), room.proxy, *dns_ports(room, settings)})


def candidates_rules(room: Room, settings: Settings, front: str, interface: str) -> bytes:
    """The rules of a machine that is the room's router; they replace those that it has of a room already."""
    values = {
        "interface": interface,
        "front": front,
        "tcp": candidates_ports(room, settings),
        "at": "meta nfproto ipv4" if room.listen == "0.0.0.0" else f"ip daddr {room.listen}",
        "dns": next(iter(dns_ports(room, settings)), 0),
        "dhcp": settings.network.dhcp,
    }
    return _rendered("candidates.nft.j2", values)


def count_of_rules(rules: str) -> int:
    """How many of a router's rules decide something: another program may empty a table and leave it there."""
    return sum(line.endswith((" accept", "drop", "jump refused")) for line in rules.splitlines())


def host_rules(room: Room, block: IPv4Network | None, *, laid: bool) -> bytes:
    """The rules of the engine's machine for the networks of this block; or, not `laid`, what lifts those of any block."""
    return _rendered("host.nft.j2", {"mark": room.mark, "block": str(block), "laid": laid})


def pac(room: Room) -> str:
    """The proxy configuration that browsers may be given."""
    return _rendered(
        "pages/proxy.pac.j2", {"hosts": room.hosts_with_ports(), "proxy": f"{proxy_name(room)}:{room.proxy}"}
    ).decode()


def proxy_name(room: Room) -> str:
    """The name or address at which candidates find the proxy."""
    return room.pages_host.partition(":")[0]


@dataclass(frozen=True)
class _Place:
    """A place as nginx.conf.j2 has it; `at` are the two addresses that its station may have."""

    number: int
    name: str
    host: str
    plain_host: str
    port: int
    at: tuple[str, str]
    copy_at: str


def _place(room: Room, block: Addresses, place: int) -> _Place:
    subnet = block.of_place(place)
    return _Place(
        number=place,
        name=f"{name_of(place)}.{room.domain}" if room.domain else "_",
        host=room.host_of(place),
        plain_host=room.plain_host_of(place),
        port=room.port_of(place),
        at=(str(subnet[3]), str(subnet[4])),
        copy_at=str(block.of_place(place, copy=True)[3]),
    )


def _pages(room: Room, settings: Settings) -> dict[str, bytes]:
    """The partner's page and feed, and the proxy configuration."""
    partner = partner_pages(room, settings, ())
    places = [
        {"address": room.address_of(place), "title": name_of(place).replace("-", " ").capitalize()}
        for place in range(1, room.places + 1)
    ]
    configuration = pac(room).encode()
    return {
        **partner,
        "etc/e5b/pages/logo.svg": (FOLDER / "pages/logo.svg").read_bytes(),
        "etc/e5b/pages/proxy.pac": configuration,
        "etc/e5b/pages/wpad.dat": configuration,
        "etc/e5b/pages/postes.html": _rendered("pages/postes.html.j2", {"places": places}),
        **{f"etc/e5b/pages/poste/{name}": script for name, script in scripts(room, settings).items()},
        "etc/e5b/pages/poste/e5b.seb": seb_file(room, settings.network.allowed),
        **({"etc/e5b/pages/poste/autorite.crt": authority_pem(room.authority).encode()} if room.authority else {}),
    }


def scripts(room: Room, settings: Settings) -> dict[str, bytes]:
    """What puts the browsers' rules on a candidate's machine, Linux or Windows, and what takes them away."""
    allowed = settings.network.allowed
    laid = linux_files(room, allowed, room.pac)
    # An authority that was laid while the room had one goes too.
    linux = {"files": laid, "removed": list(dict.fromkeys([*laid, LINUX_AUTHORITY]))}
    windows = {
        "keys": WINDOWS_KEPT,
        "rules": registry(room, allowed, room.pac),
        "authority": authority_pem(room.authority).splitlines() if room.authority else [],
        "thumbprint": fingerprint(room.authority, "sha1") if room.authority else "",
    }
    return {
        **{name: _rendered(f"pages/{name}.j2", linux) for name in ("poser.sh", "retirer.sh")},
        **{name: _for_windows(_rendered(f"pages/{name}.j2", windows)) for name in ("poser.cmd", "retirer.cmd")},
    }


def partner_pages(room: Room, settings: Settings, shared: Sequence[str]) -> dict[str, bytes]:
    """The partner's page and its feed; the page leads to the company's sites that stand in the room."""
    titles = {stack.cms: stack.title.partition(" ")[0] for stack in load_stacks().values()}
    sites = [{"host": room.site_host(cms), "title": titles[cms]} for cms in shared]
    values = {"pages_host": room.pages_host, "sites": sites, "news": _news(datetime.now(settings.zone))}
    return {f"etc/e5b/pages/{name}": _rendered(f"pages/{name}.j2", values) for name in ("index.html", "actualites.rss")}


def seb_key(room: Room, settings: Settings) -> str:
    """The key that the locked browser has to know; empty where none is asked for."""
    return config_key(seb_settings(room, settings.network.allowed)) if settings.network.wiring == "verrou" else ""


def _for_windows(script: bytes) -> bytes:
    """As its command interpreter reads it: ends of lines without which it loses its way, the letters of its screen."""
    return script.decode().replace("\n", "\r\n").encode("cp850")


def _contacts(room: Room, block: Addresses, settings: Settings) -> bytes:
    """What contacts.pm decides by. This machine itself is never limited nor bound: robots and examiners work on it."""
    own = {str(block.subnet(0)[1]), room.candidates_address, address_of_names(settings.host, settings.listen)}
    rules = {key: of_every_cms(key) for key in ("log_ins", "hidden_log_ins", "signed_in", "saves")}
    hosts = {str(place): room.host_of(place) for place in range(1, room.places + 1)}
    return json.dumps({"bind": settings.network.binds, "own": sorted(own - {""}), "hosts": hosts, **rules}).encode()


def _news(today: datetime) -> Sequence[Mapping[str, str]]:
    news = []
    for item in read_toml(FOLDER / "pages/news.toml")["news"]:
        when = today - timedelta(days=item["days"])
        day = f"{when.day} {MONTHS[when.month - 1]} {when.year}"
        news.append({**item, "day": day, "stamp": format_datetime(when)})
    return news


def _rendered(name: str, values: Mapping[str, object]) -> bytes:
    return _templates().get_template(name).render(values).encode()


@cache
def _templates() -> "Environment":
    return environment(FOLDER, html=False)
