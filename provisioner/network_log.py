"""The record of refused tries: taken from the gateway, kept on disk, told as a jury reads it.

The gateway writes what it refuses (its web doors, its proxy, its DNS); `collect` brings it to the state folder,
one line of JSON each, where it stays when the room is gone. What browsers and sites do by themselves is told
apart from what a person asks for.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from provisioner import sittings
from provisioner.config import ROOT
from provisioner.disk import disk_in_french, locked
from provisioner.errors import EvidenceLost, ProvisionerError
from provisioner.gateway_files import names
from provisioner.lifecycle import Centre
from provisioner.machine import run
from provisioner.room import SHARED, Room, name_of

_LOGS = ("web", "proxy", "dns")
_FOLDER = "/var/log/e5b"
#: What browsers, systems and the two CMS ask by themselves, without anybody's doing.
_BACKGROUND = re.compile(
    "|".join(
        line
        for line in (ROOT / "stacks/gateway/background.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
)
#: Where a proof of the network leads: see ways.py.
_PROOF = re.compile(r"^(203\.0\.113\.|%5B2001:db8:|\[2001:db8:)|(^|\.)e5b-preuve\.test$")
#: What a router's rules say of what they drop; and to whom machines talk by themselves.
_DROPPED = "e5b-refus "
_EVERYBODY = re.compile(r"2(2[4-9]|3\d)\.|ff|.*\.255$", re.IGNORECASE)
_DNS = re.compile(r"^(\w{3}) +(\d+) ([\d:]{8}) dnsmasq\[\d+\]: (?:\d+ \S+ )?query\[(\w+)\] (\S+) from (\S+)$")


def collect(centre: Centre) -> None:
    """Bring what the gateway wrote since the last time to the disk."""
    gateway = centre.gateway.find()
    if gateway is None or gateway.state != "running":
        return
    lock = centre.state.folder / "locks" / f"{centre.room.name}-reseau.lock"
    with locked(lock, "le journal du réseau", 60):
        seen = _taken(centre).get(gateway.id, {})
        entries: list[dict[str, Any]] = []
        for log in _LOGS:
            begin = int(seen.get(log, 0))
            ask = ["tail", "-c", f"+{begin + 1}", f"{_FOLDER}/{log}.log"]
            whole = centre.engine.run(gateway.id, ask, user="www-data", seconds=60).stdout
            fresh = whole[: whole.rfind(b"\n") + 1]  # a line that is being written waits
            seen[log] = begin + len(fresh)
            entries += [
                entry for line in fresh.decode(errors="replace").splitlines() if (entry := _READ[log](centre, line))
            ]
        since = str(_taken(centre).get("kernel", "") or "")
        dropped = _dropped(since)
        entries += dropped
        marks = {gateway.id: seen, "kernel": max([since, *(one["at"] for one in dropped)])}
        with disk_in_french(_file(centre).parent, EvidenceLost):
            _file(centre).parent.mkdir(parents=True, exist_ok=True)
            with _file(centre).open("a", encoding="utf-8") as kept:
                kept.writelines(f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in _attributed(centre, entries))
            _file(centre).chmod(0o600)
            part = _marks(centre).with_suffix(".part")
            part.write_text(json.dumps(marks), encoding="utf-8")
            part.replace(_marks(centre))


def entries(centre: Centre) -> list[dict[str, Any]]:
    """Every refused try on record, oldest first; the same one again within a minute is counted with the first."""
    told: list[dict[str, Any]] = []
    last: dict[tuple[str, ...], dict[str, Any]] = {}
    for entry in sorted(_read(_file(centre)), key=lambda one: str(one["at"])):
        if entry["what"] == "visit":
            continue
        key = (entry["from"], entry["station"], entry["host"], entry["path"])
        before = last.get(key)
        if before and _seconds(before["at"], entry["at"]) < 60:
            before["times"] += 1
            continue
        last[key] = {**entry, "times": 1}
        told.append(last[key])
    return told


def of_station(centre: Centre, name: str, since: str = "", until: str = "") -> dict[str, Any]:
    """What was refused to a station and to the machine that works at it: for its candidate's report.

    Between these moments, in UTC, where they are given.
    `incomplete` says why the latest tries could not be read: what was found on the site stands all the same.
    """
    incomplete = ""
    try:
        collect(centre)
    except ProvisionerError as error:
        incomplete = str(error)
    own = [
        one for one in entries(centre) if one["station"] == name and since <= one["at"] and not "" < until < one["at"]
    ]
    visits = [one for one in own if one["what"] == "refused"]
    shown = [{key: one[key] for key in ("at", "from", "host", "path", "times")} for one in visits]
    return {"refused": len(visits), "background": len(own) - len(visits), "tries": shown, "incomplete": incomplete}


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:  # cut short by a power cut
            continue


def _web(centre: Centre, line: str) -> dict[str, Any] | None:
    """A line of the web doors: a refusal, or a visit, which tells who works where."""
    told = _json(line)
    if told is None:
        return None
    words = str(told["request"]).split(" ")
    target = words[1] if len(words) > 1 else ""
    split = urlsplit(
        target if "://" in target else f"//{target}" if words[0] == "CONNECT" else f"//{told['host']}{target}"
    )
    entry = _entry(told["at"], told["from"], split.netloc or told["host"], split.path, told.get("agent", ""))
    if int(told["status"]) == 200:
        return {**entry, "what": "visit"} if told["host"] in centre.room.hosts() else None
    return entry


def _proxy(centre: Centre, line: str) -> dict[str, Any] | None:
    told = _json(line)
    if told is None:
        return None
    terminated = told.get("tls") == "terminate"  # the name in the greeting is another than the one that was asked for
    if not (terminated or int(told["status"]) >= 400 or "DENIED" in str(told.get("how"))):
        return None
    split = urlsplit(told["url"] if "://" in told["url"] else f"//{told['url']}")
    host = told["sni"] if terminated and told.get("sni", "-") != "-" else split.netloc
    return _entry(told["at"], told["from"], host, split.path, told.get("agent", ""))


def _dns(centre: Centre, line: str) -> dict[str, Any] | None:
    found = _DNS.match(line)
    if not found:
        return None
    month, day, clock, kind, name, machine = found.groups()
    known = names(centre.room) if centre.room.domain else []
    allowed = centre.settings.network.allowed
    if kind not in ("A", "AAAA", "TXT", "ANY") or name in known or any(name.endswith(host) for host in allowed):
        return None
    now = datetime.now(UTC)
    when = datetime.strptime(f"{now.year} {month} {day} {clock}", "%Y %b %d %H:%M:%S").replace(tzinfo=UTC)
    return _entry(when.isoformat(), machine, name, "", "")


_READ: Mapping[str, Callable[[Centre, str], dict[str, Any] | None]] = {"web": _web, "proxy": _proxy, "dns": _dns}


def _dropped(since: str) -> list[dict[str, Any]]:
    """What the router's rules dropped since then, where this machine keeps its kernel's journal and shows it."""
    words = ["journalctl", "--dmesg", "--output=json", "--no-pager", "--quiet", f"--grep={_DROPPED}"]
    done = run(*words, *([f"--since={datetime.fromisoformat(since):%Y-%m-%d %H:%M:%S UTC}"] if since else []))
    if done.returncode:
        return []
    told = [entry for line in done.stdout.splitlines() if (entry := dropped(line))]
    return [entry for entry in told if entry["at"] > since]


def dropped(line: str) -> dict[str, Any] | None:
    """A line of the kernel's journal about a packet that the router's rules dropped."""
    told = _json(line)
    if told is None or not str(told.get("MESSAGE", "")).startswith(_DROPPED):
        return None
    seen = dict(word.partition("=")[::2] for word in str(told["MESSAGE"]).split() if "=" in word)
    moment = datetime.fromtimestamp(int(told["__REALTIME_TIMESTAMP"]) / 1e6, UTC)
    where = seen.get("DST", "?") + (f":{seen['DPT']}" if seen.get("DPT") else "")
    entry = _entry(moment.isoformat(), seen.get("SRC", "?"), where, "", seen.get("PROTO", ""))
    chatter = seen.get("DPT") in ("137", "138", "1900", "5353", "5355", "3702") or _EVERYBODY.match(seen.get("DST", ""))
    return {**entry, "what": "background" if chatter else "refused"}


def _json(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _entry(at: str, machine: str, host: str, path: str, agent: str) -> dict[str, Any]:
    moment = datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", at)).astimezone(UTC)
    plain = host.partition(":")[0].lower()
    background = bool(_BACKGROUND.fullmatch(plain)) and plain != "localhost"
    return {
        "at": moment.isoformat(timespec="seconds"), "from": machine, "station": "", "candidate": "", "host": host[:200],
        "path": path[:300], "agent": agent[:120], "what": "background" if background else "refused",
    }  # fmt: skip


def _attributed(centre: Centre, fresh: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """With the station where it is one that asked, or that the machine works at; with its candidate."""
    places = {centre.room.host_of(place): name_of(place) for place in range(1, centre.room.places + 1)}
    works = {
        entry["from"]: entry["station"]
        for entry in _read(_file(centre))
        if entry["what"] == "visit" and entry["station"]
    }
    came = sorted(
        (one.created[:19], one.labels["e5b.station"], one.id)
        for one in sittings.held(centre.engine, centre.state, centre.room.name)
    )
    for entry in sorted(fresh, key=lambda one: str(one["at"])):
        if entry["what"] == "visit":
            if entry["host"] not in places or works.get(entry["from"]) == places[entry["host"]]:
                continue
            works[entry["from"]] = places[entry["host"]]
        inside = _station_at(centre, entry["from"])
        if inside is None or _PROOF.search(entry["host"]):  # of a copy under examination, or of a proof: nobody's try
            continue
        entry["station"] = inside or places.get(entry["host"], "") or works.get(entry["from"], "")
        # Who sat there at that moment: his successor may be there already.
        sat = [one for since, station, one in came if station == entry["station"] and since <= entry["at"]]
        told = ((centre.state.record(sat[-1]) or {}).get("candidate") or {}) if sat else {}
        entry["candidate"] = " ".join(
            filter(None, (str(told.get(key) or "") for key in ("number", "name", "first_name")))
        )
        yield entry


def _station_at(centre: Centre, address: str) -> str | None:
    """The station that has this internal address; "" where it is not one's, None for a copy's."""
    block = centre.gateway.block()
    try:
        if block is None or IPv4Address(address) not in block.block:
            return ""
        index = (int(IPv4Address(address)) - int(block.block.network_address)) // 8
    except ValueError:
        return ""
    if index == 0:  # this machine has the first address there; only a proof's candidate has another
        return "" if int(IPv4Address(address)) % 8 == 1 else None
    if index < 2 or index >= SHARED:
        return ""
    return name_of(index // 2) if index % 2 == 0 else None


def _seconds(first: str, second: str) -> float:
    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()


def _file(centre: Centre) -> Path:
    return _of(centre.state.folder, centre.room, "jsonl")


def _marks(centre: Centre) -> Path:
    return _of(centre.state.folder, centre.room, "json")


def _of(folder: Path, room: Room, kind: str) -> Path:
    return folder / "network" / f"{room.name}.{kind}"


def _taken(centre: Centre) -> dict[str, Any]:
    """How far each log of which gateway was read, and the kernel's."""
    try:
        told = json.loads(_marks(centre).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
