"""The state folder: stations' records, lists of candidates, reports, archives, `journal.jsonl`, and locks.

Its mode is 0700, since it holds candidates' passwords and work.
"""

import atexit
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from provisioner.core import clock
from provisioner.core.documents import Record
from provisioner.core.errors import Busy, ConfigurationError, EvidenceLost
from provisioner.core.model import Credentials
from provisioner.core.records import MISSING, UNREADABLE, Reading, RosterEntry, RosterRecord, SittingRecord
from provisioner.host.disk import (
    disk_in_french,
    hand_back,
    in_french,
    locked,
    make_private_folder,
    serves_others,
    sweep,
    write_whole,
)
from provisioner.host.paths import Paths

#: The examination, as a program reads it: in a folder of reports, and in an archive.
REPORT_JSON = "report.json"


class State:
    """The state folder."""

    def __init__(self, paths: Paths, zone: tzinfo | None = None) -> None:
        self.folder, self._zone = paths.state, zone
        with disk_in_french(self.folder, EvidenceLost, "Un autre dossier se donne dans la variable E5B_STATE."):
            make_private_folder(self.folder)
            if serves_others(self.folder):
                raise ConfigurationError(
                    f"{self.folder} sert à d'autres, et e5b le leur fermerait. Donnez dans la variable E5B_STATE un dossier "
                    "qui n'est qu'à lui."
                )
            self.folder.chmod(0o700)
            sweep(self.folder)
        atexit.register(hand_back, self.folder)

    @property
    def id(self) -> str:
        """A random name of this folder; every room that was opened from it has it as a label."""
        path = self.folder / "identite"
        with disk_in_french(self.folder, EvidenceLost):
            if not path.exists():
                with locked(self.folder / "locks" / "identite.lock", str(path), 30):
                    if not path.exists():
                        self._write(path, secrets.token_hex(8))
            return path.read_text(encoding="utf-8").strip()

    @contextmanager
    def holding(self, room: str, name: str, command: str) -> Iterator[None]:
        """Hold a station, or what else _occupied names, for one command at a time; raises Busy."""
        path = self.folder / "locks" / f"{room}-{name}.lock"
        holder = path.with_suffix(".holder")
        lock = FileLock(path)
        try:
            path.parent.mkdir(exist_ok=True)
            lock.acquire(timeout=0)
            hand_back(path.parent)
        except Timeout as error:
            occupant = _holder(holder)
            raise Busy(
                f"{_occupied(room, name)} par {occupant}. Attendez qu'elle finisse, puis recommencez."
            ) from error
        except OSError as error:
            raise EvidenceLost(in_french(error, self.folder)) from error
        try:
            with suppress(EvidenceLost):  # it only serves others' messages: a full disk must not prevent « e5b down »
                self._write(
                    holder, f"« e5b {command} » depuis {datetime.now(self._zone):%H:%M:%S} (processus {os.getpid()})"
                )
            yield
        finally:
            with suppress(OSError):
                holder.unlink(missing_ok=True)
            lock.release()

    def keep(self, container: str, credentials: Credentials, more: Mapping[str, object]) -> None:
        """Write the first record of a station's container: its credentials and the fields in `more`."""
        record = SittingRecord(user=credentials.user, password=credentials.password).changed(more)
        self._write_document(self._station(container), record)

    def credentials(self, container: str) -> Credentials | None:
        """The credentials of a station's container; None where they can't be read any more."""
        record = self.record(container)
        return None if record.user is None or record.password is None else Credentials(record.user, record.password)

    def record(self, container: str) -> SittingRecord:
        """The record of a station's container; its `reading` tells a missing and an unreadable record from a read one."""
        try:
            record = SittingRecord.model_validate_json(self._station(container).read_bytes())
        except FileNotFoundError:
            return MISSING
        except OSError as error:
            raise EvidenceLost(in_french(error, self.folder)) from error
        except ValueError:
            return UNREADABLE
        # Each record has a user, a spare's an empty one; but for what was noted after a record was lost.
        return record if record.lost or record.user is not None else UNREADABLE

    def note(self, container: str, **changes: object) -> SittingRecord:
        """Change fields of a container's record, where None removes a field; the record as it is then.

        A file that can't be read is kept beside the new one, as `.illisible`. Where none could be read, the new record
        says `lost`.
        """
        before, path = self.record(container), self._station(container)
        if unknown := changes.keys() - SittingRecord.model_fields.keys():
            raise TypeError(f"a station's record has no {', '.join(sorted(unknown))}")
        if before.reading is Reading.UNREADABLE:
            with disk_in_french(self.folder, EvidenceLost):
                path.replace(path.with_name(f"{path.name}.illisible"))
        after = before.changed({"lost": before.unknown or None, **changes})
        self._write_document(path, after)
        return after

    def forget(self, container: str) -> None:
        """Remove the record of a container."""
        with disk_in_french(self.folder, EvidenceLost):
            self._station(container).unlink(missing_ok=True)

    def report_folder(self, room: str, station: str, taken_at: datetime) -> Path:
        """A new folder for one examination."""
        folder = self.folder / "reports" / room / station / f"{taken_at:%Y%m%d-%H%M%S}"
        number, unique = 1, folder
        while unique.exists():
            number += 1
            unique = folder.with_name(f"{folder.name}-{number}")
        return unique

    def roster(self, room: str) -> RosterRecord | None:
        """The room's list of candidates; None where none was given, and the room is for practice; raises EvidenceLost."""
        try:
            return RosterRecord.model_validate_json((self.folder / "rosters" / f"{room}.json").read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise EvidenceLost(
                f"La liste des candidats de {room} n'est plus lisible. Donnez-la de nouveau avec « e5b up --roster »."
            ) from error

    def entries(self, room: str) -> tuple[RosterEntry, ...]:
        """The candidates of the room's list; none where no list was given."""
        roster = self.roster(room)
        return roster.entries if roster else ()

    def put_aside_roster(self, room: str) -> None:
        """Rename a list that can't be read, so that another can be kept; it stays beside that one, as `.illisible`."""
        path = self.folder / "rosters" / f"{room}.json"
        with disk_in_french(self.folder, EvidenceLost):
            path.replace(path.with_name(f"{path.name}.illisible"))

    def keep_roster(self, room: str, roster: RosterRecord) -> None:
        """Keep the room's list of candidates, credentials included."""
        self._write_document(self.folder / "rosters" / f"{room}.json", roster)

    def changing_roster(self, room: str) -> AbstractContextManager[None]:
        """Lock the room's list of candidates, from reading it to writing it."""
        return locked(self.folder / "locks" / f"{room}-liste.lock", "la liste des candidats", 30)

    def mark(self, room: str, key: str, **changes: object) -> None:
        """Change the entry of one candidate of the list; nothing where the list doesn't have that candidate."""
        with self.changing_roster(room):
            roster = self.roster(room)
            if roster and any(entry.key == key for entry in roster.entries):
                entries = tuple(entry.changed(changes) if entry.key == key else entry for entry in roster.entries)
                self.keep_roster(room, roster.model_copy(update={"entries": entries}))

    def exam(self, room: str) -> bool:
        """Whether the room has a list of candidates, and so is for the exam."""
        return (self.folder / "rosters" / f"{room}.json").exists()

    def present(self) -> datetime:
        """Now, in the centre's zone; in a rehearsal, the time on its clock."""
        return clock.present(self._zone or UTC)

    def now(self) -> str:
        """Now, in ISO 8601 to the second, as records have it."""
        return self.present().replace(microsecond=0).isoformat()

    def log(self, entry: Mapping[str, Any]) -> None:
        """Append to `journal.jsonl` what was done with candidates' work; it is on the disk when this returns."""
        with self._journal() as path, path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry, ensure_ascii=False) + "\n")
            lines.flush()
            os.fsync(lines.fileno())

    def logged(self) -> list[dict[str, Any]]:
        """The entries of `journal.jsonl`, without lines that can't be read."""
        with self._journal() as path:
            return [entry for _, entry in _lines_of(path) if entry is not None]

    def reword(self, reworded: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Replace each entry of `journal.jsonl` by what `reworded` returns of it; lines that can't be read stay."""
        with self._journal() as path:
            lines = [(line, entry, reworded(entry) if entry else entry) for line, entry in _lines_of(path)]
            if any(entry != changed for _, entry, changed in lines):
                rewritten = [
                    line if entry == changed else json.dumps(changed, ensure_ascii=False)
                    for line, entry, changed in lines
                ]
                self._write(path, "\n".join(rewritten))

    @contextmanager
    def _journal(self) -> Iterator[Path]:
        """Lock `journal.jsonl`; its path."""
        with (
            disk_in_french(self.folder, EvidenceLost),
            locked(self.folder / "locks" / "journal.lock", "journal.jsonl", 30),
        ):
            yield self.folder / "journal.jsonl"

    @property
    def archives(self) -> Path:
        """The folder of archives, with each golden image that they need once."""
        folder = self.folder / "archives"
        with disk_in_french(folder, EvidenceLost):
            folder.mkdir(exist_ok=True)
        return folder

    def _station(self, container: str) -> Path:
        return self.folder / "stations" / f"{container[:24]}.json"

    def _write_document(self, path: Path, document: Record) -> None:
        self._write(path, json.dumps(document.document(), ensure_ascii=False, indent=1))

    def _write(self, path: Path, text: str) -> None:
        with disk_in_french(self.folder, EvidenceLost):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text, mode=0o600)


def _lines_of(path: Path) -> list[tuple[str, dict[str, Any] | None]]:
    """The lines of a file, each with its entry, or None where it can't be read."""
    lines: list[tuple[str, dict[str, Any] | None]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n") if path.exists() else ():
        entry = None
        with suppress(ValueError):
            entry = json.loads(line)
        lines.append((line, entry if isinstance(entry, dict) else None))
    return lines


def _occupied(room: str, name: str) -> str:
    """Says in French what is held: the beginning of a sentence."""
    kind, _, which = name.partition("-")
    room_in_french = "" if room == "salle" else f" « {room} »"
    sentences = {
        "poste": f"{name} est occupé",
        "copie": f"La copie du poste {which}, sur laquelle on examine, est occupée",
        "ancien": "L'ancien poste d'un candidat est occupé",
        "salle": f"La salle{room_in_french} est occupée",
        "reserve": f"La réserve de {which} est occupée",
        "veille": f"La salle{room_in_french} est déjà veillée",
        "robot": "Le robot de la démonstration est occupé",
    }
    return sentences.get(kind, "Cette archive est occupée" if room == "archives" else f"{name} est occupé")


def _holder(path: Path) -> str:
    """The command that holds it, in French; a killed one may have left its name, a new one not have written it yet."""
    try:
        return path.read_text(encoding="utf-8").strip() or "une autre commande"
    except (OSError, ValueError):
        return "une autre commande"
