"""The book of acts: who did what to which stations, when and why, from the screen or by the command line.

`acts.jsonl` in the state folder has a line when an act begins, one as it begins with each of its stations, one as it is
done with it, and one when it ends; each is on the disk when the method returns. An act whose process is gone before its
end was cut short: it is said so and never repeated, since nobody knows what it did to the station that it was at.
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, tzinfo
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import Any, BinaryIO

from provisioner.core.errors import Busy, EvidenceLost
from provisioner.host.disk import disk_in_french, locked, write_whole
from provisioner.station.acts import Act, ActLine, Outcome, begun, changed
from provisioner.station.state import State

#: By how many of its first letters a book is known: its first act is called as no other.
_HEAD = 40


def this_process() -> str:
    """This process, as no other one is called: its number, when it started, and since which start of the machine."""
    return _process(os.getpid())


def is_running(process: str) -> bool:
    """Whether a process of that name runs."""
    number = process.partition("-")[0]
    return number.isdigit() and _process(int(number)) == process


def _process(number: int) -> str:
    with suppress(OSError, IndexError):
        started = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8")[:8]
        return f"{number}-{started}-{boot}"
    return ""


class Book:
    """The book of acts of a state folder; threads and processes may share it.

    `now` gives the time in ISO 8601; `process` and `running` are replaced by tests.
    """

    def __init__(
        self,
        folder: Path,
        now: Callable[[], str],
        process: str = "",
        running: Callable[[str], bool] = is_running,
    ) -> None:
        self._folder, self._now, self._running = folder, now, running
        self.process = process or this_process()
        self.path = folder / "acts.jsonl"
        self._lock = RLock()
        #: How the file begins, whose first act is called as no other, and how much of it was read.
        self._head, self._position = b"", 0
        self._acts: dict[str, Act] = {}
        self._keys: dict[str, str] = {}
        #: What the disk refused, to be written before anything else.
        self._unwritten: list[dict[str, Any]] = []

    @classmethod
    def of(cls, state: State) -> "Book":
        """The book of a state folder."""
        return cls(state.folder, state.now)

    def begin(
        self,
        who: str,
        by: str,
        kind: str,
        lines: Sequence[ActLine],
        *,
        room: str = "",
        values: Mapping[str, str] = MappingProxyType({}),
        key: str = "",
    ) -> Act:
        """Write that an act begins; what is known of its lines already is written with it. Raises EvidenceLost."""
        act = secrets.token_hex(6)
        entry = {
            "act": act,
            "what": "begun",
            "at": self._now(),
            "who": who,
            "by": by,
            "kind": kind,
            "room": room,
            "values": dict(values),
            "stations": [
                {"station": line.station, "candidate": line.candidate}
                | ({"who": line.who} if line.who else {})
                | ({"outcome": str(line.outcome), "text": line.text} if line.outcome is not Outcome.WAITING else {})
                for line in lines
            ],
            "key": key,
            "process": self.process,
        }
        self._append(entry)
        return self.act(act)

    def begins(self, act: str, station: str) -> None:
        """Write that an act begins with a station. EvidenceLost: the caller must not begin, since nobody would know."""
        self._append({"act": act, "what": "station", "station": station, "outcome": "running", "at": self._now()})

    def ends(self, act: str, station: str, outcome: Outcome, text: str) -> None:
        """Write what became of an act at a station; where the disk refuses, it is written later."""
        entry = {"act": act, "what": "station", "station": station, "outcome": str(outcome), "text": text}
        self._append_at_last({**entry, "at": self._now()})

    def end(self, act: str, text: str = "") -> None:
        """Write that an act has ended, and what there is to say of all of it."""
        self._append_at_last({"act": act, "what": "ended", "at": self._now(), "text": text})

    def note(self, who: str, by: str, text: str, station: str = "", *, candidate: str = "", room: str = "") -> Act:
        """Write something that somebody did and that is over at once, as one line; raises EvidenceLost.

        `candidate`: the number of whom it was about; `room`: empty for what is about no room, as an account.
        """
        entry = self._note(who, by, text, room)
        self._append({**entry, "station": station, "candidate": candidate})
        return self.act(entry["act"])

    def put_aside(self, who: str, by: str, text: str, acts: Sequence[str], *, room: str = "") -> None:
        """Write that somebody has seen to acts that were cut short, with a note that says so; raises EvidenceLost."""
        note = self._note(who, by, text, room)
        self._append(note, *({"act": act, "what": "put_aside", "at": note["at"]} for act in acts))

    def _note(self, who: str, by: str, text: str, room: str) -> dict[str, Any]:
        note = {"act": secrets.token_hex(6), "what": "note", "at": self._now(), "who": who, "by": by, "room": room}
        return {**note, "text": text, "station": "", "candidate": ""}

    def acts(self) -> tuple[Act, ...]:
        """All acts, the newest first, those of other processes too."""
        with self._lock:
            self._catch_up()
            return tuple(self._seen(act) for act in reversed(self._acts.values()))

    def act(self, act: str) -> Act:
        """One act; KeyError where there is none."""
        with self._lock:
            self._catch_up()
            return self._seen(self._acts[act])

    def of_key(self, key: str) -> Act | None:
        """The act that was begun with this key, None where none was: whoever sends a form twice means one act."""
        with self._lock:
            self._catch_up()
            return self._seen(self._acts[self._keys[key]]) if key in self._keys else None

    def say_cut_short(self) -> tuple[Act, ...]:
        """Write of each act whose process is gone that it was cut short; these acts. Nothing of them is repeated."""
        with self._lock:
            self._catch_up()
            gone = [act for act in self._acts.values() if act.is_open and not self._running(act.process)]
            for act in gone:
                self._append_at_last({"act": act.id, "what": "cut", "at": self._now()})
            return tuple(self.act(act.id) for act in gone)

    def _seen(self, act: Act) -> Act:
        return act.broken_off() if act.is_open and not self._running(act.process) else act

    def _append_at_last(self, entry: dict[str, Any]) -> None:
        with self._lock:
            try:
                self._append(entry)
            except (EvidenceLost, Busy):
                self._unwritten.append(entry)
                self._take(entry)

    def _append(self, *entries: dict[str, Any]) -> None:
        with self._lock:
            self._write([*self._unwritten, *entries])
            self._unwritten.clear()

    def _write(self, entries: Sequence[Mapping[str, Any]]) -> None:
        lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries).encode()
        with (
            disk_in_french(self._folder, EvidenceLost),
            locked(self._folder / "locks" / "acts.lock", "le livre des actes", 30),
            self.path.open("a+b") as file,
        ):
            self.path.chmod(0o600)
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                # A line that a kill or a full disk cut: it stays, and what follows has a line of its own.
                lines = lines if file.read(1) == b"\n" else b"\n" + lines
            try:
                self._put(file, lines)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(file.fileno(), end)
                raise

    def _put(self, file: BinaryIO, lines: bytes) -> None:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())

    def _catch_up(self) -> None:
        """Read what was appended since the last time, by whomever; all of it where it is another file by now."""
        with disk_in_french(self._folder, EvidenceLost), suppress(FileNotFoundError), self.path.open("rb") as file:
            if file.read(_HEAD) != self._head or self._position > os.fstat(file.fileno()).st_size:
                file.seek(0)
                self._acts.clear()
                self._keys.clear()
                self._head, self._position = file.read(_HEAD), 0
            file.seek(self._position)
            whole, end, _ = file.read().rpartition(b"\n")
            self._position += len(whole + end)
            for line in whole.split(b"\n"):
                with suppress(ValueError):  # cut by a kill
                    self._take(json.loads(line))
            for entry in self._unwritten:
                self._take(entry)

    def _take(self, entry: object) -> None:
        """Have one line of the book count."""
        if not isinstance(entry, dict):
            return
        with suppress(KeyError, TypeError, ValueError, AttributeError):  # a line that somebody wrote by hand
            if entry["what"] in ("begun", "note"):
                act = begun(entry)
                self._acts[act.id] = act
                if act.key:
                    self._keys[act.key] = act.id
            elif act := self._acts[entry["act"]]:
                self._acts[act.id] = changed(act, entry)


def forget_before(folder: Path, before: date, zone: tzinfo | None) -> None:
    """Remove from the book of a state folder the acts that began before a day, and lines that can't be read."""
    path, old_acts, kept = folder / "acts.jsonl", set[str](), list[str]()
    with disk_in_french(folder, EvidenceLost), locked(folder / "locks" / "acts.lock", "le livre des actes", 30):
        if not path.exists():
            return
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
            with suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line)
                is_old = datetime.fromisoformat(entry["at"]).astimezone(zone).date() < before
                if entry["act"] in old_acts or (is_old and entry["what"] in ("begun", "note")):
                    old_acts.add(entry["act"])
                else:
                    kept.append(line + "\n")
        write_whole(path, "".join(kept), mode=0o600)
