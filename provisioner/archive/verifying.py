"""Verifies archives, each with the golden image that it needs, and lists them without reading them whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioner.archive.archives import (
    SUFFIX,
    Archive,
    Summary,
    digest_beside,
    examined_at,
    refuse_renamed,
    summary_of,
    verify,
)
from provisioner.archive.golden_images import golden_beside, names_of
from provisioner.archive.manifest import Manifest, last_of_each
from provisioner.archive.missing import missing_archives, readable_entries
from provisioner.core.batches import each, in_turn
from provisioner.core.errors import ArchiveSpoilt, EvidenceLost, ProvisionerError, Refusal
from provisioner.host import encryption
from provisioner.host.disk import disk_in_french
from provisioner.host.editions import stack_if_known
from provisioner.station.room_keys import known_keys
from provisioner.station.sittings import examination_remark

if TYPE_CHECKING:
    from datetime import datetime

    from provisioner.host.signing import PublicKey
    from provisioner.station.state import State

#: Reads one archive whole; returns it, and of which time its report is.
Reading = Callable[[Path], tuple[Archive, "datetime | None"]]


class Trust(StrEnum):
    """Who signed an archive: a room of this machine, a key that this machine doesn't know, or nobody."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    UNSIGNED = "unsigned"

    @property
    def remark(self) -> str:
        """What whoever judges the work has to know of it, in French; empty where a room of this machine signed it."""
        remarks = {Trust.UNKNOWN: "signée par une clé que cette machine ne connaît pas", Trust.UNSIGNED: "non signée"}
        return remarks.get(self, "")


@dataclass(frozen=True)
class ListedArchive:
    """An archive of the state folder; `manifest` and `trust` are None where it is encrypted, which hides whose it is.

    `remark`: why the candidate's final work still has to be examined, in French; empty where it needn't.
    """

    path: Path
    size: int
    manifest: Manifest | None
    trust: Trust | None
    remark: str


@dataclass(frozen=True)
class VerifiedArchive:
    """An archive that is whole.

    `golden_beside`: its golden image stands beside it, and not only among this machine's archives. `golden_usable`: it
    can be opened with that image. `trust` says who signed it. `remark`: see ListedArchive. `digest_readable`: the file with
    its digest beside it, where there is one, can be read, and was compared.
    """

    archive: Archive
    golden_beside: bool
    golden_usable: bool
    trust: Trust
    remark: str
    digest_readable: bool = True

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is amiss beside an archive that is whole, in French: its golden image, its digest."""
        doubts = {
            "à côté d'elle il manque son image de référence : copiez aussi le dossier « images »": self.golden_beside,
            "l'empreinte à côté d'elle (.sha256) n'est pas lisible, et n'a pas été comparée": self.digest_readable,
            "mais son image de référence ne peut pas servir": self.golden_usable,
        }
        return tuple(doubt for doubt, is_right in doubts.items() if not is_right)


def list_archives(state: State) -> tuple[list[ListedArchive], list[ProvisionerError]]:
    """The archives of the state folder, by name, each with its manifest; and the errors of those that can't be read."""

    journal = state.logged()

    def read(path: Path) -> tuple[int, Summary | None]:
        with disk_in_french(path, EvidenceLost):
            size = path.stat().st_size
            if path.suffix == encryption.SUFFIX:
                return size, None
            summary = summary_of(path)
        refuse_unlike_record(state, path.name, summary.signer, journal=journal)
        return size, summary

    rows, errors = in_turn(_files(state), read)
    errors += _missing(state)
    remarks = _remarks(
        state,
        [(path.name, summary.manifest, summary.examined_at, summary.signer) for path, (_, summary) in rows if summary],
    )
    keys = known_keys(state)
    return [
        ListedArchive(
            path,
            size,
            summary.manifest if summary else None,
            _trust(keys, summary.signer) if summary else None,
            remarks.get(path.name, ""),
        )
        for path, (size, summary) in rows
    ], errors


def verify_archives(
    state: State,
    files: Sequence[Path],
    identity: Path | None,
    around: Callable[[Reading], Reading] = lambda reading: reading,
) -> tuple[list[VerifiedArchive], list[Exception]]:
    """Verify these archives, or all of the state folder where none is named; those that are whole, and the errors.

    Where none is named, an archive that should be there and isn't is an error too. `around` is put around the reading of
    each, for who wants to hear how far it is; golden images are looked at after all.
    """
    paths = [path for path in files or _files(state) if path.suffix != ".sha256"]
    read, errors = each(paths, around(_reader(state, identity)), 2)
    whole = [archive for archive, _ in read]
    goldens = {archive.path: _golden_of(state, archive) for archive in whole}
    present_goldens = {
        golden: archive.manifest.golden for archive in whole if (golden := goldens[archive.path]).exists()
    }
    right, wrong = each(sorted(present_goldens), lambda golden: names_of(golden, present_goldens[golden]) and golden, 2)
    errors += [*wrong, *(_without_golden(path) for path, golden in goldens.items() if golden not in present_goldens)]
    errors += [] if files else _missing(state)
    remarks = _remarks(state, [(archive.path.name, archive.manifest, at, archive.signer) for archive, at in read])
    keys = known_keys(state)
    return [
        VerifiedArchive(
            archive,
            _beside(archive).exists(),
            (golden := goldens[archive.path]) not in present_goldens or golden in right,
            _trust(keys, archive.signer),
            remarks.get(archive.path.name, ""),
            digest_beside(archive.path) != "",
        )
        for archive in whole
    ], errors


def read_archive(state: State, plain: Path, path: Path) -> Archive:
    """Verify an archive, and compare it with what this machine knows of it; `plain` is it, decrypted where need be.

    ArchiveSpoilt where it was changed, renamed, exchanged with another, or no longer has its signature.
    """
    archive = verify(plain, path)
    refuse_renamed(path, archive.manifest)
    refuse_unlike_record(state, path.name, archive.signer, archive.sha256)
    return archive


def read_archive_to_run(state: State, plain: Path, path: Path) -> Archive:
    """As `read_archive`, of an archive whose site is about to run; Refusal where this program doesn't know its edition."""
    archive = read_archive(state, plain, path)
    if stack_if_known(archive.manifest.stack) is None:
        raise Refusal(
            f"{path.name} est intacte, mais son édition, « {archive.manifest.stack} », n'est pas connue de cette version d'e5b : "
            "rouvrez-la avec celle qui l'a écrite."
        )
    return archive


def refuse_unlike_record(
    state: State,
    name: str,
    signer: PublicKey | None,
    sha256: str = "",
    *,
    readable: bool = True,
    journal: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """ArchiveSpoilt where this machine's journal says another digest or another signature of an archive of this name.

    Without a digest the signature alone is compared; of an archive that isn't `readable`, the digest alone.
    `journal`: its entries, where they were read for several archives.
    """
    again = "Reprenez-la d'une autre copie ; si le poste est encore là, archivez-le de nouveau."
    # What was decrypted has the signature of the archive that was written, but another digest.
    names = (name, f"{name}{encryption.SUFFIX}")
    entries = state.logged() if journal is None else journal
    lines = [line for line in entries if line.get("what") == "archive" and line.get("file") in names]
    line = lines[-1] if lines else {}  # one that was removed may have been written again
    if sha256 and line.get("file") == name and line.get("sha256", sha256) != sha256:
        raise ArchiveSpoilt(
            f"{name} n'est plus le fichier que cette machine a écrit, d'après son journal.jsonl. {again}"
        )
    signed_by = line.get("signed_by") if readable else None
    if signed_by and signer is None:
        raise ArchiveSpoilt(
            f"{name} n'est plus signée, et cette machine l'a écrite signée, d'après son journal.jsonl : sa signature en a été "
            f"retirée. {again}"
        )
    if signed_by and signer and signed_by != signer.fingerprint:
        raise ArchiveSpoilt(
            f"{name} est signée par une autre clé que celle de la salle qui l'a écrite, d'après journal.jsonl "
            f"({signer.fingerprint} au lieu de {signed_by}). {again}"
        )


def _missing(state: State) -> list[ProvisionerError]:
    """The errors of archives that should be there, and of lists of candidates that can't tell."""
    missing, errors = missing_archives(state)
    return [*(one.error for one in missing), *errors]


def trust_of(state: State, archive: Archive) -> Trust:
    """Who signed an archive."""
    return _trust(known_keys(state), archive.signer)


def _trust(keys: Mapping[PublicKey, object], signer: PublicKey | None) -> Trust:
    if signer is None:
        return Trust.UNSIGNED
    return Trust.KNOWN if signer in keys else Trust.UNKNOWN


def _remarks(
    state: State, archives: Sequence[tuple[str, Manifest, datetime | None, PublicKey | None]]
) -> dict[str, str]:
    """What is still to be examined, by the archives' names, among (name, manifest, the time that its report is of, signer)."""
    examined_later = {
        entry.examined.archive
        for room in {manifest.room for _, manifest, _, _ in archives}
        for entry in readable_entries(state, room)
        if entry.examined
    }
    # An archive that was examined for itself was examined as it is: its report is of the time when it was taken.
    known = {name: manifest.taken_at if name in examined_later else at for name, manifest, at, _ in archives}
    keys = known_keys(state)
    last = last_of_each((name, manifest, signer in keys) for name, manifest, _, signer in archives)
    zone = state.present().tzinfo
    return {
        name: examination_remark(manifest.running, known[name], zone)
        for name, manifest, _, _ in archives
        if name in last
    }


def _files(state: State) -> Iterable[Path]:
    """All archives of the state folder, by name, without drafts, whose names begin with a point."""
    return sorted(path for path in state.archives.glob(f"[!.]*{SUFFIX}*") if path.suffix != ".sha256")


def _reader(state: State, identity: Path | None) -> Reading:
    """A function that verifies an archive and says of which time its report is."""

    def read(path: Path) -> tuple[Archive, datetime | None]:
        with disk_in_french(path, Refusal), encryption.readable(path, identity, state.folder) as plain:
            archive = dataclasses.replace(read_archive(state, plain, path), path=path)
            return archive, examined_at(plain, archive.manifest)

    return read


def _golden_of(state: State, archive: Archive) -> Path:
    """Where its golden image is or should be: beside it, else among this machine's archives, as when it is opened."""
    beside_archive = _beside(archive)
    return beside_archive if beside_archive.exists() else golden_beside(state.archives, archive.manifest.golden)


def _beside(archive: Archive) -> Path:
    return golden_beside(archive.path.resolve().parent, archive.manifest.golden)


def _without_golden(path: Path) -> EvidenceLost:
    return EvidenceLost(
        f"{path.name} : l'image de référence sur laquelle elle repose n'est ni à côté d'elle, ni parmi les archives de "
        "cette machine. Sans elle, rien ne la rouvre : retrouvez le dossier « images » de la machine de l'épreuve."
    )
