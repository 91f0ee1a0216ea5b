"""The record of refused tries: taken from the gateway, kept on disk, told as a jury reads it.

The gateway writes what it refuses (its web server, its proxy, its DNS); `collect` brings it to the state folder,
one line of JSON each, where it stays when the room is gone. What browsers and sites do by themselves is told
apart from what a person asks for; who asked, attribution.py says.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TypedDict

from provisioner.core import clock
from provisioner.core.errors import Busy, EvidenceLost, ProvisionerError, Refusal
from provisioner.core.records import SittingRecord
from provisioner.engine.protocol import ContainerState
from provisioner.host.disk import disk_in_french, hand_back, locked, write_whole
from provisioner.host.machine import run
from provisioner.leakcheck.attribution import Attribution
from provisioner.leakcheck.entries import Entry
from provisioner.leakcheck.log_lines import OTHERS, Reading, packet_entry, read, utc
from provisioner.leakcheck.wiring import Machine, wiring_in_force
from provisioner.station.centre import Centre

_LOGS = ("web", "proxy", "dns")
_FOLDER = "/var/log/e5b"
#: How much of a log is read at once, and how much of it the gateway writes at most (see `gateway-init`): a machine
#: that asks without end fills none, many might (see `write-logs`).
_PIECE, _FULL = 8 << 20, 512 << 20
#: How many tries of one machine in one minute are kept one by one.
_MOST = 200
#: What the kernel's journal is kept in, where it is.
_JOURNALS = ("/var/log/journal", "/run/log/journal")
_FULL_LOG = "Le journal de l'entrée est plein : rien n'y est plus écrit. Relancez la salle après l'épreuve."
_NOTHING_GONE = (
    "Rien n'a été retiré : ce qui manque au journal ne se lirait plus ensuite. Pour retirer la salle sans lui, et avec elle "
    "le travail qui n'est pas archivé : « e5b down --discard POURQUOI »."
)
#: How long reading it may take: it holds all that the kernel said.
_JOURNAL_SECONDS = 60


@dataclass(frozen=True)
class _Marks:
    """How far the record has come: what was read of each log of each gateway and of the kernel's, and its own length.

    `logs` counts bytes, by gateway and log; `kernel_at` is in microseconds since 1970. What the record has past
    `length` was cut short by a full disk or a kill, and is brought again.
    """

    logs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    kernel_at: int = 0
    length: int | None = None

    @classmethod
    def read(cls, path: Path) -> "_Marks":
        """The marks of a room; none where they aren't there, or can't be read."""
        try:
            saved = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return cls()
        if not isinstance(saved, dict):
            return cls()
        kernel_at, length = int(saved.pop("kernel_at", 0)), saved.pop("length", None)
        return cls(saved, kernel_at, length)

    def write(self, path: Path) -> None:
        length = {} if self.length is None else {"length": self.length}
        write_whole(path, json.dumps({**self.logs, "kernel_at": self.kernel_at, **length}), mode=0o600)


def collect(centre: Centre) -> str:
    """Bring what the gateway wrote since the last time to the disk; why that may not be all, else nothing."""
    gateway = centre.gateway.find()
    if gateway is None:
        return ""
    lock = centre.state.folder / "locks" / f"{centre.room.name}-reseau.lock"
    with locked(lock, "le journal du réseau", 60):
        marks = _Marks.read(_marks(centre))
        bytes_read = {log: int(count) for log, count in marks.logs.get(gateway.id, {}).items()}
        # What the router dropped before there was a room is of no candidate of it.
        created = utc(centre.engine.container(gateway.id).created)
        kernel_at = max(marks.kernel_at, int(created.timestamp() * 1_000_000))
        attributed = Attribution(centre, _read(_file(centre)))
        length = marks.length

        def keep(found: Iterable[Entry]) -> None:
            nonlocal length
            length = _append(centre, _bounded(attributed.of(found)), length)
            with disk_in_french(_file(centre).parent, EvidenceLost):
                _Marks({gateway.id: bytes_read}, kernel_at, length).write(_marks(centre))

        reading = Reading(centre.room, centre.settings.network.allowed)
        for log in _LOGS:
            for fresh in _pieces(centre, gateway, log, bytes_read.get(log, 0)):
                bytes_read[log] = bytes_read.get(log, 0) + len(fresh)
                lines = fresh.decode(errors="replace").split("\n")
                keep(entry for line in lines if (entry := read(reading, log, line)))
        router, unreadable = _dropped(centre, kernel_at)
        kernel_at = max([kernel_at, *(microsecond for microsecond, _ in router)])
        keep(entry for _, entry in router)
    return _FULL_LOG if any(count >= _FULL - _PIECE for count in bytes_read.values()) else unreadable


def _append(centre: Centre, found: Iterable[Entry], length: int | None) -> int:
    """Add entries to the record, which was so long when it was last marked; how long it is now."""
    lines = [json.dumps(entry.json(), ensure_ascii=False) for entry in found]
    path = _file(centre)
    with disk_in_french(path.parent, EvidenceLost):
        path.parent.mkdir(parents=True, exist_ok=True)
        hand_back(path.parent)
        with path.open("ab") as record:
            if length is not None and record.tell() > length:
                record.truncate(length)
            record.write("".join(f"{line}\n" for line in lines).encode(errors="backslashreplace"))
            record.flush()
            os.fsync(record.fileno())  # a power cut must not leave the marks alone, nor these without marks
            length = os.fstat(record.fileno()).st_size
        path.chmod(0o600)
        hand_back(path)
    return length


def shorten(folder: Path, room: str, lines: Sequence[str]) -> None:
    """Have a room's record in a state folder be these lines; the caller has its lock."""
    path = _of(folder, room, "json")
    marks = _Marks.read(path)
    if marks.length is not None:  # first: it must cut nothing of what comes
        replace(marks, length=None).write(path)
    write_whole(_of(folder, room, "jsonl"), "".join(f"{line}\n" for line in lines), mode=0o600)


def collect_and_report(centre: Centre, say: Callable[[str], None], *, last: bool = False) -> None:
    """As `collect`, for a caller that goes on all the same: `say` is told what is missing.

    `last`: the gateway is about to be removed. Raises where what would be lost with it can still be read.
    """
    try:
        incomplete = collect(centre)
    except ProvisionerError as error:
        if last and isinstance(error, (EvidenceLost, Busy)):
            raise type(error)(f"{error} {_NOTHING_GONE}") from error
        say(f"Le journal du réseau n'a pas pu être lu jusqu'au bout. {error}")
        return
    if not incomplete:
        return
    sentence = f"Le journal du réseau n'est pas complet. {incomplete}"
    # A room of this machine alone has no candidate behind the router; whoever may read all has no more to give.
    if last and incomplete != _FULL_LOG and os.geteuid() and not ip_address(centre.room.listen).is_loopback:
        raise Refusal(f"{sentence} {_NOTHING_GONE}")
    say(sentence)


def entries(centre: Centre) -> list[Entry]:
    """Every refused try on record, oldest first; the same one again within a minute is counted with the first."""
    return _merged(entry for entry in _read(_file(centre)) if entry.what != "visit")


def _merged(found: Iterable[Entry]) -> list[Entry]:
    merged: list[Entry] = []
    last: dict[tuple[object, ...], int] = {}
    for entry in sorted(found, key=lambda entry: entry.at):
        key = (entry.machine, entry.station, entry.candidate, entry.host, entry.path, *entry.stations)
        index = last.get(key)
        if index is not None and utc(entry.at) - utc(merged[index].at) < timedelta(minutes=1):
            merged[index] = replace(merged[index], times=merged[index].count + entry.count)
            continue
        last[key] = len(merged)
        merged.append(replace(entry, times=entry.count))
    return merged


#: A try as a report has it: when, from which machine, what, how often.
ReportedTry = TypedDict("ReportedTry", {"at": str, "from": str, "host": str, "path": str, "times": int})


class SharedTry(ReportedTry):
    """A try of a machine that may have been at any of these stations."""

    stations: list[str]


class ReportedTries(TypedDict):
    """What was refused to a candidate, as reports and archives have it.

    `refused` and `background` count the tries of the station and of the machine that works at it; `tries` are the refused
    ones. `shared`: what was refused to a machine that had opened this station, and was in the back office of none or
    several. `incomplete` says why the latest tries could not be read: what was found on the site stands all the same.
    `unseen`: candidates' browsers block other sites by themselves, which nobody hears of.
    """

    refused: int
    background: int
    tries: list[ReportedTry]
    shared: list[SharedTry]
    incomplete: str
    unseen: bool


def of_station(centre: Centre, name: str, since: str = "", until: str | None = None) -> ReportedTries:
    """What was refused to a station and to the machine that works at it, between two times, for a report."""
    try:
        incomplete = collect(centre)
    except ProvisionerError as error:
        incomplete = str(error)
    begin, end = utc(since) if since else datetime.min.replace(tzinfo=UTC), utc(until) if until else None
    asked = (
        entry
        for entry in _read(_file(centre))
        if entry.what in ("refused", "background") and begin <= utc(entry.at) and not (end and utc(entry.at) > end)
    )
    near = _merged(entry for entry in asked if name in (entry.station, *entry.stations))
    own = [entry for entry in near if entry.station == name]
    visits = [entry for entry in own if entry.what == "refused"]
    shared = [entry for entry in near if entry.what == "refused" and not entry.station]
    return {
        "refused": sum(entry.count for entry in visits),
        "background": sum(entry.count for entry in own if entry.what == "background"),
        "tries": [_reported(entry) for entry in visits],
        "shared": [{**_reported(entry), "stations": list(entry.stations)} for entry in shared],
        "incomplete": incomplete,
        "unseen": wiring_in_force(Machine(), centre.settings.network.wiring) in ("plat", "verrou"),
    }


def _reported(entry: Entry) -> ReportedTry:
    return {"at": entry.at, "from": entry.machine, "host": entry.host, "path": entry.path, "times": entry.count}


def of_sitting(centre: Centre, container: ContainerState, record: SittingRecord) -> ReportedTries:
    """What was refused in the candidate's time, whatever container he is on; without a clock, since it was made."""
    running = record.running
    since = running.started.astimezone(UTC).isoformat(timespec="seconds") if running else container.created[:19]
    # Whoever uses the machine once his time is over isn't him.
    until = clock.stopped(running, record.aside.at.astimezone(UTC) if record.aside else datetime.now(UTC)).isoformat(
        timespec="seconds"
    )
    return of_station(centre, container.labels["e5b.station"], since, until)


def _read(path: Path) -> Iterator[Entry]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")  # one may be cut in a letter
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield Entry.read(json.loads(line))
        except (ValueError, LookupError, TypeError):  # cut short by a power cut
            continue


def _pieces(centre: Centre, gateway: ContainerState, log: str, begin: int) -> Iterator[bytes]:
    """Whole lines of a log from there on; a line that is being written waits."""
    if gateway.state != "running":
        written = centre.engine.get(gateway.id, f"{_FOLDER}/{log}.log") or b""
        yield written[begin : written.rfind(b"\n") + 1]
        return
    while True:
        # What is read is on the disk there before it is marked here as read: a power cut takes no more than that back.
        ask = f"tail -c +{begin + 1} {_FOLDER}/{log}.log | head -c {_PIECE}; sync --data {_FOLDER}/{log}.log"
        piece = centre.engine.run(gateway.id, ["sh", "-c", ask], user="www-data", seconds=60).stdout
        whole = piece[: piece.rfind(b"\n") + 1] or (piece if len(piece) == _PIECE else b"")
        begin += len(whole)
        yield whole
        if len(piece) < _PIECE:
            return


def _dropped(centre: Centre, since: int) -> tuple[list[tuple[int, Entry]], str]:
    """What the router's rules dropped after that microsecond, by this machine's kernel; why it can't be read."""
    here = wiring_in_force(Machine(), centre.settings.network.wiring) == "routeur"
    if here and not any(_readable(Path(place)) for place in _JOURNALS):
        return [], (
            "Ce que le routeur a rejeté ne se lit qu'avec les droits d'administration : relancez avec sudo, ou mettez "
            "cet utilisateur dans le groupe systemd-journal."
        )
    words = ["journalctl", "_TRANSPORT=kernel", "--output=json", "--no-pager", "--quiet", "--grep=^e5b-refus "]
    done = run(*words, f"--since=@{since // 1_000_000}", deadline=_JOURNAL_SECONDS)
    # Where nothing matches, it ends by 1 as grep does, and says nothing.
    if here and done.returncode and (done.returncode > 1 or done.stderr.strip()):
        why = (done.stderr.strip().splitlines() or [f"journalctl finit par {done.returncode}"])[-1][:200]
        return [], f"Ce que le routeur a rejeté n'a pas pu être lu ({why}). Recommencez."
    found = [packet for line in done.stdout.splitlines() if (packet := packet_entry(centre.room, line))]
    return [(microsecond, entry) for microsecond, entry in found if microsecond > since], ""


def _readable(folder: Path) -> bool:
    return any(os.access(journal, os.R_OK) for journal in folder.glob("*/system.journal"))


def _bounded(found: Iterable[Entry]) -> Iterator[Entry]:
    """A machine that asks without end fills no disk: past so many in a minute, what it asks is counted together."""
    written: Counter[tuple[str, ...]] = Counter()
    counted: dict[tuple[str, ...], Entry] = {}
    for entry in found:
        key = (entry.machine, entry.at[:16], entry.what)
        written[key] += 1
        if written[key] <= _MOST and entry.host != OTHERS:
            yield entry
        elif key in counted:
            counted[key] = replace(counted[key], times=counted[key].count + entry.count)
        else:
            counted[key] = replace(entry, host=OTHERS, path="", times=entry.count)
    yield from counted.values()


def _file(centre: Centre) -> Path:
    return _of(centre.state.folder, centre.room.name, "jsonl")


def _marks(centre: Centre) -> Path:
    return _of(centre.state.folder, centre.room.name, "json")


def _of(folder: Path, room: str, kind: str) -> Path:
    return folder / "network" / f"{room}.{kind}"
