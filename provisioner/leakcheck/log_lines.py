"""Reads the logs of a gateway's web server, its proxy and its DNS, and of a router's rules, line by line.

Each line of a refused try, or of a visit to a station, becomes an entry of the record (refused_tries.py). The lines
contain what candidates send, so nothing in a line may stop the reading or hide other lines.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from provisioner.host.paths import ROOT
from provisioner.leakcheck.entries import CONTACTS, Entry
from provisioner.network.gateway_files import names, of_every_cms
from provisioner.network.room import Room, name_of

#: The host of tries that are counted together.
OTHERS = "…"


_BACKGROUND_LINES = (ROOT / "stacks/gateway/background.txt").read_text(encoding="utf-8").splitlines()
#: Hosts that browsers, systems and the pages of a CMS ask by themselves; below, those that a CMS's server asks.
_BACKGROUND = re.compile(
    "|".join([*(pattern for pattern in _BACKGROUND_LINES if pattern[:1] not in ("", "#")), *of_every_cms("background")])
)
_BY_STATIONS = re.compile("|".join(of_every_cms("by_stations")))
#: Names like those that Chromium invents at its start, to see whether a DNS answers for any name; never for a page.
_NOBODYS = re.compile(r"[a-z]{7,15}")
#: The prefix of what a router's rules log of a packet that they drop.
_DROPPED = "e5b-refus "
#: Ports of names, addresses, time, accounts, shared folders and printers, which systems look for by themselves.
_SYSTEMS = {"53", "67", "88", "123", "137", "138", "389", "445", "631", "1900", "3702", "5353", "5355", "9100"}
#: Multicast and broadcast addresses, to which systems talk by themselves.
_EVERYBODY = re.compile(r"2(2[4-9]|3\d)\.|ff|.*\.255$", re.IGNORECASE)
#: The beginning of a line by the gateway's `write-logs`, which counts what it didn't write of a machine.
_LEFT_OUT = '{"left_out":'
#: What browsers ask of a site by themselves, and the picture of the refusal page that squid had of its own.
_ICONS = re.compile(r"/(favicon\.ico|apple-touch-icon[\w-]*\.png|squid-internal-static/icons/SN\.png)")
#: The status of what a machine asked of a station beyond what it may have under way there.
_BUSY = 429
_DNS = re.compile(r"^(\w{3}) +(\d+) ([\d:]{8}) dnsmasq\[\d+\]: (?:\d+ \S+ )?query\[([\w=]+)\] (.*) from (\S+)$")


@dataclass(frozen=True)
class Reading:
    """What reading a line needs: its room, and the sites that are allowed there."""

    room: Room
    allowed: tuple[str, ...]


def read(reading: Reading, log: str, line: str) -> Entry | None:
    """The entry of a line of this log ("web", "proxy", "dns"); None where it is no try or visit, or was cut short."""
    try:
        return _left_out(reading, line) if line.startswith(_LEFT_OUT) else _READ[log](reading, line)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return None


def _left_out(reading: Reading, line: str) -> Entry:
    """The entry that counts a machine's refusals, or contacts, in one minute beyond those written one by one."""
    counted = json.loads(line)
    entry = replace(_entry(counted["at"], counted["from"], OTHERS, "", ""), times=int(counted["left_out"]))
    if counted.get("what") == "busy":
        return replace(entry, what="busy")
    return _contact(reading, entry, counted) if counted.get("kind") else entry


def _contact(reading: Reading, entry: Entry, logged: Mapping[str, Any]) -> Entry:
    """The entry as a contact with a station, as the gateway named it; ValueError where there is no such kind or place."""
    kind, place = logged["kind"], int(logged["place"])
    if kind not in CONTACTS or not 1 <= place <= reading.room.places:
        raise ValueError(kind)
    origin = logged.get("machine", "")
    return replace(
        entry,
        what=kind,
        opened=name_of(place),
        office=kind == "signed_in",
        origin=origin if origin in ("own", "other", "room") else "",
    )


def by_stations(entry: Entry) -> bool:
    """Whether a station asks this by itself."""
    return bool(_BY_STATIONS.fullmatch(_plain(entry.host)))


def utc(written: str) -> datetime:
    """A time in ISO 8601, in UTC; one without a zone is in UTC already."""
    at = datetime.fromisoformat(written)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _web(reading: Reading, line: str) -> Entry | None:
    """A line of the web server: a refusal, or a visit, by which tries are attributed."""
    logged = json.loads(line)
    words = str(logged["request"]).split(" ")
    target = words[1] if len(words) > 1 else ""
    host, path = _split(
        target if "://" in target else f"//{target}" if words[0] == "CONNECT" else f"//{logged['host']}{target}"
    )
    entry = _entry(logged["at"], logged["from"], host or logged["host"], path, logged.get("agent", ""))
    if int(logged["status"]) == _BUSY and logged.get("kind") != "slowed":
        return replace(entry, what="busy")
    if logged.get("decided"):
        return replace(entry, what="late")
    if logged.get("kind"):
        contact = _contact(reading, replace(entry, host=logged["host"], path=f"{words[0]} {path}"[:300]), logged)
        return _with_page(contact, target) if logged.get("page") == "1" and int(logged["status"]) == 200 else contact
    if int(logged["status"]) == 200:
        return _visit(entry, target) if logged["host"] in reading.room.hosts() else None
    return _of_the_room(reading, entry)


def _proxy(reading: Reading, line: str) -> Entry | None:
    logged = json.loads(line)
    terminated = logged.get("tls") == "terminate"  # the name in the greeting is another than the one asked for
    denied = "DENIED" in str(logged.get("how"))
    host, path = _split(logged["url"] if "://" in logged["url"] else f"//{logged['url']}")
    host = logged["sni"] if terminated and logged.get("sni", "-") != "-" else host
    probing = logged.get("method") == "HEAD"
    entry = _entry(logged["at"], logged["from"], host, path, logged.get("agent", ""), nobodys=probing)
    if _ICONS.fullmatch(path):
        entry = replace(entry, what="background")
    if not terminated and not denied and _allowed(reading, _plain(host)):
        return None  # an allowed site's own error is no refusal
    if terminated or denied or int(logged["status"]) >= 400:
        return _of_the_room(reading, entry)
    # The proxy doesn't log the path's query, so its visits never show who is in a back office.
    return _visit(entry, "") if host in reading.room.hosts() else None


def _dns(reading: Reading, line: str) -> Entry | None:
    match = _DNS.match(line)
    if not match:
        return None
    month, day, clock, _, name, machine = match.groups()
    own_names = names(reading.room) if reading.room.domain else []
    if name.lower() in own_names or _allowed(reading, name.lower()):
        return None
    present = datetime.now(UTC)
    time = datetime.strptime(f"{present.year} {month} {day} {clock}", "%Y %b %d %H:%M:%S").replace(tzinfo=UTC)
    return _of_the_room(reading, _entry(time.isoformat(), machine, name, "", "", nobodys=True))


_READ: Mapping[str, Callable[[Reading, str], Entry | None]] = {"web": _web, "proxy": _proxy, "dns": _dns}


def packet_entry(room: Room, line: str) -> tuple[int, Entry] | None:
    """The time in microseconds and the entry of a packet that the router's rules dropped; None for any other line."""
    try:
        logged = json.loads(line)
        if not str(logged["MESSAGE"]).startswith(_DROPPED):
            return None
        microsecond = int(logged["__REALTIME_TIMESTAMP"])
    except (LookupError, TypeError, ValueError):
        return None
    packet = dict(word.partition("=")[::2] for word in str(logged["MESSAGE"]).split() if "=" in word)
    where = packet.get("DST", "?") + (f":{packet['DPT']}" if packet.get("DPT") else "")
    at = datetime.fromtimestamp(microsecond / 1e6, UTC).isoformat()
    entry = _entry(at, packet.get("SRC", "?"), where, "", packet.get("PROTO", ""))
    chatter = packet.get("DPT") in _SYSTEMS or _EVERYBODY.match(packet.get("DST", "")) or _own(room, where)
    return microsecond, replace(entry, what="background" if chatter else "refused")


def _visit(entry: Entry, target: str) -> Entry:
    """The entry as a visit to a station, with the page: path and query."""
    return _with_page(replace(entry, what="visit"), target)


def _with_page(entry: Entry, target: str) -> Entry:
    return replace(entry, page=re.sub(r"^\w+://[^/]*", "", target))


def _split(address: str) -> tuple[str, str]:
    """Host with its port, and path, of an address that may be malformed."""
    try:
        split = urlsplit(address)
    except ValueError:
        return address.partition("//")[2], ""
    return split.netloc.rpartition("@")[2], split.path


def _of_the_room(reading: Reading, entry: Entry) -> Entry:
    """The entry; as background where it is of the room itself, such as a place whose time is over, or names no site.

    A request names no site where its address was too long, or where it isn't HTTP.
    """
    return replace(entry, what="background") if not entry.host or _own(reading.room, entry.host) else entry


def _own(room: Room, host: str) -> bool:
    """Whether a host is of the room, also at ports 80 and 443, which browsers try, or with a mistyped number."""
    if host in room.hosts():
        return True
    name, _, port = host.lower().partition(":")
    own_names = {*map(_plain, room.hosts()), room.candidates_address} - {"", "localhost", "127.0.0.1"}
    mistyped_name = room.domain and re.fullmatch(rf"(www\.)?poste-?\d{{0,3}}\.{re.escape(room.domain)}", name)
    return port in ("", "80", "443") and bool(name in own_names or mistyped_name)


def _allowed(reading: Reading, host: str) -> bool:
    return any(f".{host}".endswith(f".{allowed}") for allowed in reading.allowed)


def _plain(host: str) -> str:
    return host.partition(":")[0].lower()


def _entry(at: str, machine: str, host: str, path: str, agent: str, *, nobodys: bool = False) -> Entry:
    plain = _plain(host)
    background = bool(_BACKGROUND.fullmatch(plain) or (nobodys and _NOBODYS.fullmatch(plain))) and plain != "localhost"
    return Entry(
        at=utc(at).isoformat(timespec="seconds"),
        machine=machine,
        host=host[:200],
        path=path[:300],
        agent=agent[:120],
        what="background" if background else "refused",
    )
