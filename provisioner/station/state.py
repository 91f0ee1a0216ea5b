"""What the program keeps on this machine: credentials, reports, and who works on which station.

One folder, mode 0700, since it holds candidates' passwords and work.
"""

import atexit
import json
import os
import secrets
import stat
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
from provisioner.host.disk import disk_in_french, hand_back, in_french, locked, make_private_folder, sweep, write_whole
from provisioner.host.paths import Paths

#: The examination, as a program reads it: in a folder of reports, and in an archive.
REPORT_JSON = "report.json"


class State:
    """The state folder."""

    def __init__(self, paths: Paths, zone: tzinfo | None = None) -> None:
        self.folder, self._zone = paths.state, zone
        with disk_in_french(self.folder, EvidenceLost, "Un autre dossier se donne dans la variable E5B_STATE."):
            make_private_folder(self.folder)
            if self.folder.stat().st_mode & stat.S_IWOTH or self.folder in (Path.home(), Path("/")):
                raise ConfigurationError(
                    f"{self.folder} sert à d'autres, et e5b le leur fermerait. Donnez dans la variable E5B_STATE un dossier "
                    "qui n'est qu'à lui."
                )
            self.folder.chmod(0o700)
            sweep(self.folder)
        atexit.register(hand_back, self.folder)

    @property
    def id(self) -> str:
        """What tells this folder from any other; a room that it opened carries it."""
        path = self.folder / "identite"
        with disk_in_french(self.folder, EvidenceLost):
            if not path.exists():
                with locked(self.folder / "locks" / "identite.lock", str(path), 30):
                    if not path.exists():
                        self._write(path, secrets.token_hex(8))
            return path.read_text(encoding="utf-8").strip()

    @contextmanager
    def holding(self, room: str, name: str, command: str) -> Iterator[None]:
        """Hold a station, or another thing of the room (see _occupied), while a command works on it; raises Busy."""
        path = self.folder / "locks" / f"{room}-{name}.lock"
        holder = path.with_suffix(".holder")
        lock = FileLock(path)
        try:
            path.parent.mkdir(exist_ok=True)
            lock.acquire(timeout=0)
            hand_back(path.parent)
        except Timeout as error:
            who = _holder(holder)
            raise Busy(f"{_occupied(room, name)} par {who}. Attendez qu'elle finisse, puis recommencez.") from error
        except OSError as error:
            raise EvidenceLost(in_french(error, self.folder)) from error
        try:
            with suppress(EvidenceLost):  # only to be kind to others: a full disk must not prevent « e5b down »
                self._write(
                    holder, f"« e5b {command} » depuis {datetime.now(self._zone):%H:%M:%S} (processus {os.getpid()})"
                )
            yield
        finally:
            with suppress(OSError):
                holder.unlink(missing_ok=True)
            lock.release()

    def keep(self, container: str, credentials: Credentials, more: Mapping[str, object]) -> None:
        """Keep the credentials of a station's container and the record of its making."""
        record = SittingRecord(user=credentials.user, password=credentials.password).changed(more)
        self._write_document(self._station(container), record)

    def credentials(self, container: str) -> Credentials | None:
        """The credentials that a station's container was given; None where they can't be read any more."""
        record = self.record(container)
        return None if record.user is None or record.password is None else Credentials(record.user, record.password)

    def record(self, container: str) -> SittingRecord:
        """What was kept of a station's container; `reading` says whether nothing was, or nothing that can be read."""
        try:
            return SittingRecord.model_validate_json(self._station(container).read_bytes())
        except FileNotFoundError:
            return MISSING
        except OSError as error:
            raise EvidenceLost(in_french(error, self.folder)) from error
        except ValueError:
            return UNREADABLE

    def note(self, container: str, **changes: object) -> SittingRecord:
        """Change what is kept of a station's container; None takes a value away. Gives the whole record.

        A file that can't be read stays beside the new one. Without a file that can be read, the new record says `lost`.
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
        """Forget a container that is gone."""
        with disk_in_french(self.folder, EvidenceLost):
            self._station(container).unlink(missing_ok=True)

    def report_folder(self, room: str, station: str, moment: datetime) -> Path:
        """A new folder for one examination."""
        folder = self.folder / "reports" / room / station / f"{moment:%Y%m%d-%H%M%S}"
        number, unique = 1, folder
        while unique.exists():
            number += 1
            unique = folder.with_name(f"{folder.name}-{number}")
        return unique

    def roster(self, room: str) -> RosterRecord | None:
        """The room's list of candidates; None where none was given, and the room is for practice."""
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
        """Have a list that can't be read make place for another; it stays beside it."""
        path = self.folder / "rosters" / f"{room}.json"
        with disk_in_french(self.folder, EvidenceLost):
            path.replace(path.with_name(f"{path.name}.illisible"))

    def keep_roster(self, room: str, roster: RosterRecord) -> None:
        """Keep the room's list of candidates, credentials included."""
        self._write_document(self.folder / "rosters" / f"{room}.json", roster)

    def changing_roster(self, room: str) -> AbstractContextManager[None]:
        """Alone with the room's candidates, from reading them to keeping them."""
        return locked(self.folder / "locks" / f"{room}-liste.lock", "la liste des candidats", 30)

    def mark(self, room: str, key: str, **changes: object) -> None:
        """Change the entry of one candidate of the list; nothing where the list doesn't have him."""
        with self.changing_roster(room):
            roster = self.roster(room)
            if roster and any(entry.key == key for entry in roster.entries):
                entries = tuple(entry.changed(changes) if entry.key == key else entry for entry in roster.entries)
                self.keep_roster(room, roster.model_copy(update={"entries": entries}))

    def exam(self, room: str) -> bool:
        """Whether candidates come to this room, as a list says."""
        return (self.folder / "rosters" / f"{room}.json").exists()

    def present(self) -> datetime:
        """Now, in the centre's zone, or in a rehearsal the moment that it has come to."""
        return clock.present(self._zone or UTC)

    def now(self) -> str:
        """Now, as it is written down."""
        return self.present().replace(microsecond=0).isoformat()

    def log(self, entry: Mapping[str, Any]) -> None:
        """Write down for good what was done with candidates' work; one JSON line, on the disk when this returns."""
        with self._journal() as path, path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry, ensure_ascii=False) + "\n")
            lines.flush()
            os.fsync(lines.fileno())

    def logged(self) -> list[dict[str, Any]]:
        """What was written down for good, but for what can't be read any more."""
        with self._journal() as path:
            return [told for _, told in _lines_of(path) if told is not None]

    def reword(self, reworded: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Have each line of what was written down for good be what this makes of it; what can't be read stays as it is."""
        with self._journal() as path:
            lines = [(line, told, reworded(told) if told else told) for line, told in _lines_of(path)]
            if any(told != new for _, told, new in lines):
                kept = [line if told == new else json.dumps(new, ensure_ascii=False) for line, told, new in lines]
                self._write(path, "\n".join(kept))

    @contextmanager
    def _journal(self) -> Iterator[Path]:
        """Alone with what is written down for good."""
        with (
            disk_in_french(self.folder, EvidenceLost),
            locked(self.folder / "locks" / "journal.lock", "journal.jsonl", 30),
        ):
            yield self.folder / "journal.jsonl"

    @property
    def archives(self) -> Path:
        """Where archives are, each golden image once beside them."""
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
    """The lines of a file, each with what it says where that can be read."""
    found: list[tuple[str, dict[str, Any] | None]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n") if path.exists() else ():
        told = None
        with suppress(ValueError):
            told = json.loads(line)
        found.append((line, told if isinstance(told, dict) else None))
    return found


def _occupied(room: str, name: str) -> str:
    """That a thing is held, as a person says it: the beginning of a sentence."""
    kind, _, which = name.partition("-")
    its = "" if room == "salle" else f" « {room} »"
    told = {
        "poste": f"{name} est occupé",
        "ancien": "L'ancien poste d'un candidat est occupé",
        "salle": f"La salle{its} est occupée",
        "reserve": f"La réserve de {which} est occupée",
        "veille": f"La salle{its} est déjà veillée",
        "robot": "Le robot de la démonstration est occupé",
    }
    return told.get(kind, "Cette archive est occupée" if room == "archives" else f"{name} est occupé")


def _holder(path: Path) -> str:
    """Who says that he holds it; he may be gone, or not have said it yet."""
    try:
        return path.read_text(encoding="utf-8").strip() or "une autre commande"
    except (OSError, ValueError):
        return "une autre commande"
