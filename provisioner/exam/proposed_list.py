"""A list that was given to be looked at: its mistakes, or what it changes, before it counts.

The file stays beside the room's list, whole and as it was given, until it is adopted, withdrawn or purged.
"""

import hashlib
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from provisioner.core.documents import Record
from provisioner.core.errors import ConfigurationError, EvidenceLost, Refusal
from provisioner.core.records import RosterEntry
from provisioner.exam.list_changes import Foreseen, foresee
from provisioner.exam.list_update import save_roster
from provisioner.exam.roster import Reading, reading_of
from provisioner.exam.tables import sheets_of
from provisioner.french.text import without_deceit
from provisioner.host.disk import disk_in_french, write_whole
from provisioner.station.centre import Centre

#: How such files end, in the folder of lists.
SUFFIX = ".deposee"
#: How long a file's name may be that is shown.
_NAME = 80


class ProposedList(Record):
    """A list that was given: its file's name, when (ISO 8601), by whom; `data` is the file, in base64."""

    file: str
    at: str
    who: str
    data: str

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return b64decode(self.data)


@dataclass(frozen=True)
class Look:
    """What is seen of a proposed list.

    `unreadable`: why no list is made out in it. `refused`: why it can't replace the list of before. `foreseen` is there
    only where it may be adopted.
    """

    proposed: ProposedList
    unreadable: str = ""
    reading: Reading | None = None
    refused: str = ""
    foreseen: Foreseen | None = None

    @property
    def fingerprint(self) -> str:
        """A digest of the file and of what it changes, by which is told that what was looked at still holds."""
        changes = [
            (change.entry.key, change.what, change.remarks)
            for change in (self.foreseen.changes if self.foreseen else ())
        ]
        return hashlib.sha256(f"{self.proposed.data}{self.refused}{changes}".encode()).hexdigest()[:32]


def propose(centre: Centre, file: str, data: bytes, who: str) -> Look:
    """Keep a file to be looked at, in place of one that was kept before; `file` is only what it is called."""
    name = " ".join(without_deceit(file.replace("\\", "/").rpartition("/")[2]).split())[-_NAME:] or "la liste"
    proposed = ProposedList(file=name, at=centre.state.now(), who=who, data=b64encode(data).decode("ascii"))
    path = _path(centre)
    with disk_in_french(centre.state.folder, EvidenceLost):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, proposed.model_dump_json(), mode=0o600)
    return look_at(centre, proposed)


def proposed_list(centre: Centre) -> ProposedList | None:
    """The list that waits to be adopted; None where none does, or it can't be read any more."""
    with disk_in_french(centre.state.folder, EvidenceLost), suppress(FileNotFoundError, ValueError):
        return ProposedList.model_validate_json(_path(centre).read_bytes())
    return None


def withdraw(centre: Centre, proposed: ProposedList) -> None:
    """Forget this list; one that was given after it stays."""
    with disk_in_french(centre.state.folder, EvidenceLost):
        if proposed_list(centre) == proposed:
            _path(centre).unlink(missing_ok=True)


def look_at(centre: Centre, proposed: ProposedList) -> Look:
    """Read a proposed list, and say what it would change; nothing is written."""
    path = Path(proposed.file)
    try:
        reading = reading_of(
            sheets_of(proposed.content, path), path, centre.settings.zone, centre.room.places, centre.settings.session
        )
    except ConfigurationError as error:
        return Look(proposed, unreadable=str(error))
    if reading.mistakes:
        return Look(proposed, reading=reading)
    try:
        return Look(proposed, reading=reading, foreseen=foresee(centre, reading.roster, proposed.file))
    except Refusal as refusal:
        return Look(proposed, reading=reading, refused=str(refusal))


def adopt(centre: Centre, fingerprint: str) -> list[RosterEntry]:
    """Make the proposed list the room's, as `save_roster` does; a Refusal where it isn't what was looked at."""
    proposed = proposed_list(centre)
    if proposed is None:
        raise Refusal("Aucune liste n'attend d'être confirmée : déposez-la de nouveau.")
    look = look_at(centre, proposed)
    if look.fingerprint != fingerprint:
        raise Refusal("La liste, ou ce qu'elle change, n'est plus ce que vous avez regardé : regardez-la de nouveau.")
    if look.reading is None or look.foreseen is None:
        raise Refusal("Cette liste a des fautes : corrigez-les dans le fichier, puis déposez-le de nouveau.")
    entries = save_roster(centre, look.reading.roster, proposed.file)
    withdraw(centre, proposed)
    return entries


def _path(centre: Centre) -> Path:
    return centre.state.folder / "rosters" / f"{centre.room.name}{SUFFIX}"
