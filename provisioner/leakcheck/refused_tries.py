"""The record of refused tries: collected from the gateway, kept in the state folder, counted for reports.

The gateway logs what it refuses (its web server, its proxy, its DNS); `collect` writes it into the state folder, one
line of JSON each, where it stays when the room is removed. What browsers and sites do by themselves is kept apart, as
background, from what a person asks for; attribution.py says who asked.
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
from provisioner.leakcheck.entries import CONTACTS, Entry, Origin, with_origins
from provisioner.leakcheck.log_lines import OTHERS, Reading, packet_entry, read, utc
from provisioner.leakcheck.wiring import Machine, wiring_in_force
from provisioner.station.centre import Centre

_LOGS = ("web", "proxy", "dns")
_FOLDER = "/var/log/e5b"
#: How many bytes of a log are read at once, and how many the gateway writes at most (see `gateway-init`): one machine
#: that asks without end doesn't fill it (see `write-logs`), many might.
_PIECE, _FULL = 8 << 20, 512 << 20
#: How many tries of one machine in one minute are kept one by one.
_MOST = 200
#: The folders where the kernel's journal may be.
_JOURNALS = ("/var/log/journal", "/run/log/journal")
_FULL_LOG = "Le journal de l'entrée est plein : rien n'y est plus écrit. Relancez la salle après l'épreuve."
_NOTHING_GONE = (
    "Rien n'a été retiré : ce qui manque au journal ne se lirait plus ensuite. Pour retirer la salle sans lui, et avec elle "
    "le travail qui n'est pas archivé : « e5b down --discard POURQUOI »."
)
#: How long reading the journal may take, in seconds: it has all messages of the kernel.
_JOURNAL_SECONDS = 60


@dataclass(frozen=True)
class _Marks:
    """How far the logs were read into the record, and the record's own length.

    `logs` counts bytes, by gateway and log; `kernel_at` is in microseconds since 1970. What the record has beyond
    `length` was cut short by a full disk or a kill, and is collected again.
    """

    logs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    kernel_at: int = 0
    length: int | None = None

    @classmethod
    def read(cls, path: Path) -> "_Marks":
        """The marks in a file; empty ones where it isn't there or can't be read."""
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
    """Append to the record what the gateway logged since the last time; why it may be incomplete, in French, or ""."""
    gateway = centre.gateway.find()
    if gateway is None:
        return ""
    lock = centre.state.folder / "locks" / f"{centre.room.name}-reseau.lock"
    with locked(lock, "le journal du réseau", 60):
        marks = _Marks.read(_marks(centre))
        bytes_read = {log: int(count) for log, count in marks.logs.get(gateway.id, {}).items()}
        # What the router dropped before the room was made concerns no candidate of it.
        created = utc(centre.engine.container(gateway.id).created)
        kernel_at = max(marks.kernel_at, int(created.timestamp() * 1_000_000))
        attributed = Attribution(centre, _read(log_file(centre)))
        length = marks.length

        def append(entries_found: Iterable[Entry]) -> None:
            nonlocal length
            length = _append(centre, _bounded(attributed.of(entries_found)), length)
            with disk_in_french(log_file(centre).parent, EvidenceLost):
                _Marks({gateway.id: bytes_read}, kernel_at, length).write(_marks(centre))

        reading = Reading(centre.room, centre.settings.network.allowed)
        for log in _LOGS:
            for fresh in _pieces(centre, gateway, log, bytes_read.get(log, 0)):
                bytes_read[log] = bytes_read.get(log, 0) + len(fresh)
                lines = fresh.decode(errors="replace").split("\n")
                append(entry for line in lines if (entry := read(reading, log, line)))
        router, unreadable = _dropped(centre, kernel_at)
        kernel_at = max([kernel_at, *(microsecond for microsecond, _ in router)])
        append(entry for _, entry in router)
    return _FULL_LOG if any(count >= _FULL - _PIECE for count in bytes_read.values()) else unreadable


def _append(centre: Centre, entries_found: Iterable[Entry], length: int | None) -> int:
    """Append entries to the record, cut to its last marked `length` first; the new length."""
    lines = [json.dumps(entry.json(), ensure_ascii=False) for entry in entries_found]
    path = log_file(centre)
    with disk_in_french(path.parent, EvidenceLost):
        path.parent.mkdir(parents=True, exist_ok=True)
        hand_back(path.parent)
        with path.open("ab") as record:
            if length is not None and record.tell() > length:
                record.truncate(length)
            record.write("".join(f"{line}\n" for line in lines).encode(errors="backslashreplace"))
            record.flush()
            os.fsync(
                record.fileno()
            )  # before the marks are written: after a power cut they must not count lines that are lost
            length = os.fstat(record.fileno()).st_size
        path.chmod(0o600)
        hand_back(path)
    return length


def shorten(folder: Path, room: str, lines: Sequence[str]) -> None:
    """Replace a room's record in a state folder by these lines; the caller holds its lock."""
    path = _of(folder, room, "json")
    marks = _Marks.read(path)
    if marks.length is not None:  # first: the old length must not cut the new record
        replace(marks, length=None).write(path)
    write_whole(_of(folder, room, "jsonl"), "".join(f"{line}\n" for line in lines), mode=0o600)


def collect_and_report(centre: Centre, say: Callable[[str], None], *, last: bool = False) -> None:
    """As `collect`, for a caller that goes on all the same: `say` is called with a sentence on what is missing.

    `last`: the gateway is about to be removed. Raises where its removal would lose what could still be read.
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
    # A loopback room has no candidates behind the router, and root reads all that there is.
    if last and incomplete != _FULL_LOG and os.geteuid() and not ip_address(centre.room.listen).is_loopback:
        raise Refusal(f"{sentence} {_NOTHING_GONE}")
    say(sentence)


def entries(centre: Centre) -> list[Entry]:
    """Every refused try on record, oldest first; repetitions within a minute are counted with the first."""
    return _merged(entry for entry in with_origins(_read(log_file(centre))) if entry.what != "visit")


def _merged(entries_found: Iterable[Entry]) -> list[Entry]:
    merged: list[Entry] = []
    last: dict[tuple[object, ...], int] = {}
    for entry in sorted(entries_found, key=lambda entry: entry.at):
        what = (entry.what, entry.opened, entry.sitting) if entry.what in CONTACTS else (entry.what,)
        key = (entry.machine, entry.station, entry.candidate, entry.host, entry.path, *what, *entry.stations)
        index = last.get(key)
        if index is not None and utc(entry.at) - utc(merged[index].at) < timedelta(minutes=1):
            merged[index] = replace(merged[index], times=merged[index].count + entry.count)
            continue
        last[key] = len(merged)
        merged.append(replace(entry, times=entry.count))
    return merged


#: A try as a report has it: when, from which machine, whose that is, what, how often.
ReportedTry = TypedDict(
    "ReportedTry", {"at": str, "from": str, "origin": Origin, "host": str, "path": str, "times": int}
)


class SharedTry(ReportedTry):
    """A try of a machine that may have worked at any of these stations."""

    stations: list[str]


class Contact(ReportedTry):
    """What a machine that isn't known as the candidate's did at the station; `what` in French, as CONTACTS has it."""

    what: str


class ReportedTries(TypedDict):
    """A candidate's refused tries, as reports and archives have them.

    `refused` and `background` count the tries of the station and of the machine that works at it; `tries` are the refused
    ones. `shared` are the refused tries of machines that had opened this station, and were in the back office of none or
    of several. `incomplete` says in French why the latest tries could not be read; the site's findings stand all the
    same. `unseen`: candidates' browsers block other sites themselves, so such tries reach no log. `machines` are those from
    which the candidate worked, as far as known; `contacts`, what others did at the station.
    """

    refused: int
    background: int
    tries: list[ReportedTry]
    shared: list[SharedTry]
    incomplete: str
    unseen: bool
    machines: list[str]
    contacts: list[Contact]


def of_station(centre: Centre, name: str, since: str = "", until: str | None = None) -> ReportedTries:
    """The tries of a station and of the machine that works at it, between two times in ISO 8601, for a report."""
    try:
        incomplete = collect(centre)
    except ProvisionerError as error:
        incomplete = str(error)
    begin, end = utc(since) if since else datetime.min.replace(tzinfo=UTC), utc(until) if until else None
    in_time = with_origins(
        entry
        for entry in _read(log_file(centre))
        if begin <= utc(entry.at) and not (end and utc(entry.at) > end) and entry.what not in ("visit", "elsewhere")
    )
    at_station = [entry for entry in in_time if entry.what in CONTACTS and entry.opened == name]
    possible = _merged(
        entry
        for entry in in_time
        if entry.what in ("refused", "background") and name in (entry.station, *entry.stations)
    )
    own = [entry for entry in possible if entry.station == name]
    visits = [entry for entry in own if entry.what == "refused"]
    shared = [entry for entry in possible if entry.what == "refused" and not entry.station]
    return {
        "refused": sum(entry.count for entry in visits),
        "background": sum(entry.count for entry in own if entry.what == "background"),
        "tries": [_reported(entry) for entry in visits],
        "shared": [{**_reported(entry), "stations": list(entry.stations)} for entry in shared],
        "incomplete": incomplete,
        "unseen": wiring_in_force(Machine(), centre.settings.network.wiring) in ("plat", "verrou"),
        "machines": list(
            dict.fromkeys(entry.machine for entry in at_station if entry.what == "signed_in" and entry.origin == "own")
        ),
        "contacts": [
            {**_reported(entry), "what": CONTACTS[entry.what]}
            for entry in _merged(at_station)
            if entry.origin not in ("own", "room")
        ],
    }


def _reported(entry: Entry) -> ReportedTry:
    return {
        "at": entry.at,
        "from": entry.machine,
        "origin": entry.origin,
        "host": entry.host,
        "path": entry.path,
        "times": entry.count,
    }


def of_sitting(centre: Centre, container: ContainerState, record: SittingRecord) -> ReportedTries:
    """The tries in the candidate's time, on whatever container; without a clock, since the container was made."""
    running = record.running
    since = running.started.astimezone(UTC).isoformat(timespec="seconds") if running else container.created[:19]
    # After the candidate's time, another person may use the machine.
    until = clock.stopped(running, record.aside.at.astimezone(UTC) if record.aside else datetime.now(UTC)).isoformat(
        timespec="seconds"
    )
    return of_station(centre, container.labels["e5b.station"], since, until)


def _read(path: Path) -> Iterator[Entry]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split(
            "\n"
        )  # a line may have been cut inside a letter
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield Entry.read(json.loads(line))
        except (ValueError, LookupError, TypeError):  # cut short by a power cut
            continue


def _pieces(centre: Centre, gateway: ContainerState, log: str, begin: int) -> Iterator[bytes]:
    """The log from byte `begin` on, in pieces of whole lines; a line that is being written is left for the next time."""
    if gateway.state != "running":
        written = centre.engine.get(gateway.id, f"{_FOLDER}/{log}.log") or b""
        yield written[begin : written.rfind(b"\n") + 1]
        return
    while True:
        # `sync` first: what is marked here as read must be on the gateway's disk, or a power cut would shorten the log.
        command = f"tail -c +{begin + 1} {_FOLDER}/{log}.log | head -c {_PIECE}; sync --data {_FOLDER}/{log}.log"
        piece = centre.engine.run(gateway.id, ["sh", "-c", command], user="www-data", seconds=60).stdout
        whole = piece[: piece.rfind(b"\n") + 1] or (piece if len(piece) == _PIECE else b"")
        begin += len(whole)
        yield whole
        if len(piece) < _PIECE:
            return


def _dropped(centre: Centre, since: int) -> tuple[list[tuple[int, Entry]], str]:
    """The packets that the router's rules dropped after `since`, in microseconds; why they can't be read, or ""."""
    is_router = wiring_in_force(Machine(), centre.settings.network.wiring) == "routeur"
    if is_router and not any(_readable(Path(place)) for place in _JOURNALS):
        return [], (
            "Ce que le routeur a rejeté ne se lit qu'avec les droits d'administration : relancez avec sudo, ou mettez "
            "cet utilisateur dans le groupe systemd-journal."
        )
    words = ["journalctl", "_TRANSPORT=kernel", "--output=json", "--no-pager", "--quiet", "--grep=^e5b-refus "]
    result = run(*words, f"--since=@{since // 1_000_000}", deadline=_JOURNAL_SECONDS)
    # Where nothing matches, journalctl exits with 1, like grep, without a message.
    if is_router and result.returncode and (result.returncode > 1 or result.stderr.strip()):
        reason = (result.stderr.strip().splitlines() or [f"journalctl finit par {result.returncode}"])[-1][:200]
        return [], f"Ce que le routeur a rejeté n'a pas pu être lu ({reason}). Recommencez."
    packets = [packet for line in result.stdout.splitlines() if (packet := packet_entry(centre.room, line))]
    return [(microsecond, entry) for microsecond, entry in packets if microsecond > since], ""


def _readable(folder: Path) -> bool:
    return any(os.access(journal, os.R_OK) for journal in folder.glob("*/system.journal"))


def _bounded(entries_found: Iterable[Entry]) -> Iterator[Entry]:
    """Count a machine's tries together beyond _MOST in one minute, so that one that asks without end fills no disk."""
    written: Counter[tuple[str, ...]] = Counter()
    counted: dict[tuple[str, ...], Entry] = {}
    for entry in entries_found:
        key = (entry.machine, entry.at[:16], entry.what, entry.opened if entry.what in CONTACTS else "")
        written[key] += 1
        if written[key] <= _MOST and entry.host != OTHERS:
            yield entry
        elif key in counted:
            counted[key] = replace(counted[key], times=counted[key].count + entry.count)
        else:
            counted[key] = replace(entry, host=OTHERS, path="", times=entry.count)
    yield from counted.values()


def log_file(centre: Centre) -> Path:
    """Where the room's record of refused tries is."""
    return _of(centre.state.folder, centre.room.name, "jsonl")


def _marks(centre: Centre) -> Path:
    return _of(centre.state.folder, centre.room.name, "json")


def _of(folder: Path, room: str, kind: str) -> Path:
    return folder / "network" / f"{room}.{kind}"
