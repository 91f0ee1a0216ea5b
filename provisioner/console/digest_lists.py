"""The lists of digests that were made, as the console shows them: those of a room, one of them, its PDF."""

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from provisioner.archive.hash_lists import HashList, folder_of_lists, read_list
from provisioner.console.act_words import on_screen
from provisioner.core.errors import EvidenceLost, ProvisionerError, UnknownName
from provisioner.host.disk import disk_in_french
from provisioner.station.state import State

#: How a list is called, without what its file's name ends with.
_NAME = re.compile(r"empreintes-\d{4}-\d{2}-\d{2}-\d{6}")
#: How many of the latest lists are shown.
_SHOWN = 40


@dataclass(frozen=True)
class DigestList:
    """A list of digests: its name, what it says, the digest of its file in groups of eight digits.

    `printable`: its PDF is there. `trouble`: why it can't be read, in French; `list` is None then.
    """

    name: str
    list: HashList | None
    digest: str = ""
    printable: bool = False
    trouble: str = ""

    @property
    def day(self) -> date | None:
        """The day whose archives are on it; None where that can't be read."""
        with suppress(ValueError):
            return date.fromisoformat(self.list.day) if self.list else None
        return None

    @property
    def keys(self) -> Sequence[str]:
        """The fingerprints of the keys that signed its archives, as far as this machine knows the keys."""
        lines = self.list.archives if self.list else ()
        return sorted({line.signed_by for line in lines if line.signed_by and not line.foreign})

    @property
    def unsigned(self) -> Sequence[str]:
        """The files of its archives that nobody signed."""
        lines = self.list.archives if self.list else ()
        return [line.file for line in lines if line.sha256 and not line.signed_by]


def digest_lists(state: State, room: str) -> list[DigestList]:
    """The latest lists of a room, the newest first."""
    folder = folder_of_lists(state, room)
    names = sorted((path.stem for path in folder.glob("empreintes-*.json") if _NAME.fullmatch(path.stem)), reverse=True)
    return [_read(state, room, name) for name in names[:_SHOWN]]


def digest_list(state: State, room: str, name: str) -> DigestList:
    """One list of a room by its name; UnknownName where there is none, the list's own error where it can't be read."""
    if not _NAME.fullmatch(name) or not (folder_of_lists(state, room) / f"{name}.json").is_file():
        raise UnknownName("Cette liste d’empreintes n’est pas sur cette machine : revenez à la page « Conservation ».")
    return _read(state, room, name)


def pdf_of(state: State, room: str, name: str) -> bytes:
    """The PDF of a list; UnknownName where there is none."""
    path = folder_of_lists(state, room) / f"{name}.pdf"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise UnknownName(
            "Cette liste n’a pas de PDF sur cette machine : imprimez sa page, ou faites la liste de nouveau."
        )
    with disk_in_french(path, EvidenceLost):
        return path.read_bytes()


def _read(state: State, room: str, name: str) -> DigestList:
    path = folder_of_lists(state, room) / f"{name}.json"
    printable = path.with_suffix(".pdf").is_file()
    try:
        found = read_list(path)
        with disk_in_french(path, EvidenceLost):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except ProvisionerError as error:
        return DigestList(name, None, printable=printable, trouble=on_screen(str(error)))
    return DigestList(name, found, " ".join(digest[start : start + 8] for start in range(0, 64, 8)), printable)
