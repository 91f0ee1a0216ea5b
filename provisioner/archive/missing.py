"""Finds archives that this machine wrote and no longer has, by its journal and by its lists of candidates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from provisioner.core.errors import EvidenceLost, ProvisionerError
from provisioner.host import encryption
from provisioner.host.disk import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioner.core.records import RosterEntry
    from provisioner.station.state import State

_DAY = re.compile(r"-(\d{4})(\d\d)(\d\d)-\d{6}(-\d+)?\.e5b\.zip")


@dataclass(frozen=True)
class MissingArchive:
    """An archive that isn't there; `entry` is the candidate whose last one it is, of the list of `room`, where one says so."""

    file: str
    room: str = ""
    entry: RosterEntry | None = None

    @property
    def error(self) -> EvidenceLost:
        """What is missing, and what to do."""
        whose = f", du candidat {printable(self.entry.number)}," if self.entry else ""
        return EvidenceLost(
            f"L'archive {printable(self.file)}{whose} n'est plus parmi celles de cette machine, qui l'a écrite, et "
            "« e5b archive purge » ne l'a pas effacée. Reprenez-la d'une copie ; si le poste est encore là, archivez-le de nouveau."
        )


def missing_archives(state: State) -> tuple[list[MissingArchive], list[ProvisionerError]]:
    """The archives that the journal or a list names, that no purge removed, and that aren't there; the lists' errors."""
    missing = {file: MissingArchive(file) for file in _written(state) if not _is_there(state, file)}
    errors: list[ProvisionerError] = []
    for path in sorted((state.folder / "rosters").glob("*.json")):
        try:
            entries = state.entries(path.stem)
        except EvidenceLost as error:
            errors.append(error)
            continue
        for entry in entries:
            if entry.archived and not _is_there(state, entry.archived):
                missing[entry.archived] = MissingArchive(entry.archived, path.stem, entry)
    return [missing[file] for file in sorted(missing)], errors


def readable_entries(state: State, room: str) -> Sequence[RosterEntry]:
    """The candidates of a room's list; nobody where it can't be read, which `missing_archives` tells."""
    try:
        return state.entries(room)
    except EvidenceLost:
        return ()


def _written(state: State) -> set[str]:
    """The archives that the journal names, without those of days that were purged since."""
    files: set[str] = set()
    for line in state.logged():
        file = line.get("file")
        if line.get("what") == "archive" and isinstance(file, str):
            files.add(file)
        elif line.get("what") == "purge":
            removed = {gone.get("file") for gone in line.get("archives") or () if isinstance(gone, dict)}
            before = str(line.get("before") or "")
            files = {file for file in files if file not in removed and not _is_before(file, before)}
    return files


def _is_before(file: str, day: str) -> bool:
    """Whether an archive is of an earlier day than this, which is in ISO 8601."""
    written = _DAY.search(file)
    try:
        return written is not None and "-".join(written.groups()[:3]) < date.fromisoformat(day).isoformat()
    except ValueError:
        return False


def _is_there(state: State, file: str) -> bool:
    """Whether an archive is there, or what it was decrypted to."""
    try:
        return any((state.archives / name).is_file() for name in (file, file.removesuffix(encryption.SUFFIX)))
    except OSError:  # a name that no file can have
        return False
