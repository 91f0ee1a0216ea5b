"""The record of refused tries: taken from the gateway, kept on disk, told as a jury reads it.

The gateway writes what it refuses (its web doors, its proxy, its DNS); `collect` brings it to the state folder,
one line of JSON each, where it stays when the room is gone. What browsers and sites do by themselves is told
apart from what a person asks for; who asked, attribution.py says.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from provisioner.core import clock
from provisioner.core.errors import Busy, EvidenceLost, ProvisionerError, Refusal
from provisioner.engine.protocol import ContainerState
from provisioner.host.disk import disk_in_french, hand_back, locked, write_whole
from provisioner.host.machine import run
from provisioner.leakcheck.attribution import Attribution
from provisioner.leakcheck.log_lines import OTHERS, Entry, Reading, dropped, moment, read
from provisioner.leakcheck.wiring import Machine, in_force
from provisioner.station.lifecycle import Centre

_LOGS = ("web", "proxy", "dns")
_FOLDER = "/var/log/e5b"
#: How much of a log is read at once, and how much of it the gateway writes at most (see `entree`): a machine
#: that asks without end fills none, many might (see `carnet`).
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


def collect(centre: Centre) -> str:
    """Bring what the gateway wrote since the last time to the disk; why that may not be all, else nothing."""
    gateway = centre.gateway.find()
    if gateway is None:
        return ""
    lock = centre.state.folder / "locks" / f"{centre.room.name}-reseau.lock"
    with locked(lock, "le journal du réseau", 60):
        marks = _told(_marks(centre))
        seen = dict(marks.get(gateway.id, {}))
        # What the router dropped before there was a room is of no candidate of it.
        made = moment(centre.engine.container(gateway.id).created)
        kernel = max(int(marks.get("kernel_at", 0)), int(made.timestamp() * 1_000_000))
        attributed = Attribution(centre, _read(_file(centre)))

        def keep(found: Iterable[Entry]) -> None:
            nonlocal marks
            lines = [json.dumps(one, ensure_ascii=False) for one in _bounded(attributed.of(found))]
            with disk_in_french(_file(centre).parent, EvidenceLost):
                _file(centre).parent.mkdir(parents=True, exist_ok=True)
                hand_back(_file(centre).parent)
                with _file(centre).open("ab") as kept:
                    # What stands past the marks was cut short by a full disk or a kill: it is brought again.
                    if kept.tell() > marks.get("length", kept.tell()):
                        kept.truncate(marks["length"])
                    kept.write("".join(f"{line}\n" for line in lines).encode(errors="backslashreplace"))
                    kept.flush()
                    os.fsync(kept.fileno())  # a power cut must not leave the marks alone, nor these without marks
                    length = os.fstat(kept.fileno()).st_size
                _file(centre).chmod(0o600)
                hand_back(_file(centre))
                marks = {gateway.id: seen, "kernel_at": kernel, "length": length}
                write_whole(_marks(centre), json.dumps(marks), mode=0o600)

        reading = Reading(centre.room, centre.settings.network.allowed)
        for log in _LOGS:
            for fresh in _pieces(centre, gateway, log, int(seen.get(log, 0))):
                seen[log] = int(seen.get(log, 0)) + len(fresh)
                keep(one for line in fresh.decode(errors="replace").split("\n") if (one := read(reading, log, line)))
        router, unreadable = _dropped(centre, kernel)
        kernel = max([kernel, *(moment for moment, _ in router)])
        keep(one for _, one in router)
    return _FULL_LOG if any(int(mark) >= _FULL - _PIECE for mark in seen.values()) else unreadable


def shorten(folder: Path, room: str, lines: Sequence[str]) -> None:
    """Have a room's record in a state folder be these lines; who asks has its lock."""
    marks = _of(folder, room, "json")
    told = _told(marks)
    if told.pop("length", None) is not None:  # first: it must cut nothing of what comes
        write_whole(marks, json.dumps(told), mode=0o600)
    write_whole(_of(folder, room, "jsonl"), "".join(f"{line}\n" for line in lines), mode=0o600)


def bring(centre: Centre, say: Callable[[str], None], *, last: bool = False) -> None:
    """As `collect`, for who goes on all the same: what is missing is told.

    `last`: the gateway goes, and it is refused where what would be lost can still be had.
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
    told = f"Le journal du réseau n'est pas complet. {incomplete}"
    # A room of this machine alone has no candidate behind the router; whoever may read all has no more to give.
    if last and incomplete != _FULL_LOG and os.geteuid() and not ip_address(centre.room.listen).is_loopback:
        raise Refusal(f"{told} {_NOTHING_GONE}")
    say(told)


def entries(centre: Centre) -> list[Entry]:
    """Every refused try on record, oldest first; the same one again within a minute is counted with the first."""
    return _merged(one for one in _read(_file(centre)) if one["what"] != "visit")


def _merged(kept: Iterable[Entry]) -> list[Entry]:
    told: list[Entry] = []
    last: dict[tuple[Any, ...], Entry] = {}
    for entry in sorted(kept, key=lambda one: str(one["at"])):
        key = (*(entry[name] for name in ("from", "station", "candidate", "host", "path")), *entry.get("stations", ()))
        before, times = last.get(key), entry.get("times", 1)
        if before and moment(entry["at"]) - moment(before["at"]) < timedelta(minutes=1):
            before["times"] += times
            continue
        last[key] = {**entry, "times": times}
        told.append(last[key])
    return told


def of_station(centre: Centre, name: str, since: str = "", until: str | None = None) -> dict[str, Any]:
    """What was refused to a station and to the machine that works at it, between two moments, for a report.

    `shared`: what was refused to a machine that had opened this station, and was in the back office of none or several.
    `incomplete` says why the latest tries could not be read: what was found on the site stands all the same. `unseen`:
    candidates' browsers block other sites by themselves, which nobody hears of.
    """
    try:
        incomplete = collect(centre)
    except ProvisionerError as error:
        incomplete = str(error)
    begin, end = moment(since) if since else datetime.min.replace(tzinfo=UTC), moment(until) if until else None
    kept = (
        one
        for one in _read(_file(centre))
        if one["what"] in ("refused", "background")
        and begin <= moment(one["at"])
        and not (end and moment(one["at"]) > end)
    )
    near = _merged(one for one in kept if name in (one["station"], *one.get("stations", ())))
    own = [one for one in near if one["station"] == name]
    visits = [one for one in own if one["what"] == "refused"]
    shared = [one for one in near if one["what"] == "refused" and not one["station"]]
    return {
        "refused": sum(one["times"] for one in visits),
        "background": sum(one["times"] for one in own if one["what"] == "background"),
        "tries": [{key: one[key] for key in ("at", "from", "host", "path", "times")} for one in visits],
        "shared": [{key: one[key] for key in ("at", "from", "host", "path", "times", "stations")} for one in shared],
        "incomplete": incomplete,
        "unseen": in_force(Machine(), centre.settings.network.wiring) in ("plat", "verrou"),
    }


def of_sitting(centre: Centre, container: ContainerState, record: Mapping[str, Any]) -> dict[str, Any]:
    """What was refused in the candidate's time, whatever container he is on; without a clock, since it was made."""
    running, aside = clock.of(record), record.get("aside", {}).get("at")
    since = running.started.astimezone(UTC).isoformat(timespec="seconds") if running else container.created[:19]
    # Whoever uses the machine once his time is over isn't him.
    until = clock.stopped(record, moment(aside) if aside else datetime.now(UTC)).isoformat(timespec="seconds")
    return of_station(centre, container.labels["e5b.station"], since, until)


def _read(path: Path) -> Iterator[Entry]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")  # one may be cut in a letter
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:  # cut short by a power cut
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
    here = in_force(Machine(), centre.settings.network.wiring) == "routeur"
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
    found = [told for line in done.stdout.splitlines() if (told := dropped(centre.room, line))]
    return [told for told in found if told[0] > since], ""


def _readable(folder: Path) -> bool:
    return any(os.access(journal, os.R_OK) for journal in folder.glob("*/system.journal"))


def _bounded(found: Iterable[Entry]) -> Iterator[Entry]:
    """A machine that asks without end fills no disk: past so many in a minute, what it asks is counted together."""
    kept: Counter[tuple[str, ...]] = Counter()
    more: dict[tuple[str, ...], Entry] = {}
    for entry in found:
        key = (entry["from"], entry["at"][:16], entry["what"])
        kept[key] += 1
        if kept[key] <= _MOST and entry["host"] != OTHERS:
            yield entry
        elif key in more:
            more[key]["times"] += entry.get("times", 1)
        else:
            more[key] = {**entry, "host": OTHERS, "path": "", "times": entry.get("times", 1)}
    yield from more.values()


def _file(centre: Centre) -> Path:
    return _of(centre.state.folder, centre.room.name, "jsonl")


def _marks(centre: Centre) -> Path:
    return _of(centre.state.folder, centre.room.name, "json")


def _of(folder: Path, room: str, kind: str) -> Path:
    return folder / "network" / f"{room}.{kind}"


def _told(marks: Path) -> dict[str, Any]:
    """How far each log of which gateway was read, and the kernel's; how long the record was then."""
    try:
        told = json.loads(marks.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
