"""Verifies archives, each with the golden image that it needs, and lists them without reading them whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from provisioner.archive.archives import SUFFIX, Archive, is_examined, manifest_of, verify
from provisioner.archive.golden_images import golden_beside, names_of
from provisioner.archive.manifest import Manifest, unexamined
from provisioner.core.batches import each, in_turn
from provisioner.core.errors import ArchiveSpoilt, EvidenceLost, ProvisionerError, Refusal
from provisioner.host import encryption
from provisioner.host.disk import disk_in_french

if TYPE_CHECKING:
    from provisioner.station.state import State


@dataclass(frozen=True)
class ListedArchive:
    """An archive of the state folder; `manifest` is None where it is encrypted, which hides whose it is."""

    path: Path
    size: int
    manifest: Manifest | None


@dataclass(frozen=True)
class VerifiedArchive:
    """An archive that is whole.

    `golden_beside`: its golden image stands beside it, and not only among this machine's archives. `golden_usable`: it
    can be opened with that image. `waiting`: the candidate's final work wasn't examined.
    """

    archive: Archive
    golden_beside: bool
    golden_usable: bool
    waiting: bool


def list_archives(state: State) -> tuple[list[ListedArchive], list[ProvisionerError]]:
    """The archives of the state folder, by name, each with its manifest; and the errors of those that can't be read."""

    def listed(path: Path) -> ListedArchive:
        with disk_in_french(path, EvidenceLost):
            return ListedArchive(
                path, path.stat().st_size, None if path.suffix == encryption.SUFFIX else manifest_of(path)
            )

    archives, errors = in_turn(_files(state), listed)
    return [archive for _, archive in archives], errors


def verify_archives(
    state: State, files: Sequence[Path], identity: Path | None
) -> tuple[list[VerifiedArchive], list[Exception]]:
    """Verify these archives, or all of the state folder where none is named; those that are whole, and the errors."""
    paths = [path for path in files or _files(state) if path.suffix != ".sha256"]
    read, errors = each(paths, _reader(state, identity), 2)
    whole = [archive for archive, _ in read]
    goldens = {archive.path: _golden_of(state, archive) for archive in whole}
    present_goldens = {
        golden: archive.manifest.golden for archive in whole if (golden := goldens[archive.path]).exists()
    }
    right, wrong = each(sorted(present_goldens), lambda golden: names_of(golden, present_goldens[golden]) and golden, 2)
    errors += [*wrong, *(_without_golden(path) for path, golden in goldens.items() if golden not in present_goldens)]
    examined_later = {
        entry.examined.archive
        for room in {archive.manifest.room for archive in whole}
        for entry in state.entries(room)
        if entry.examined
    }
    waiting = unexamined((archive.path.name, archive.manifest, examined) for archive, examined in read) - examined_later
    return [
        VerifiedArchive(
            archive,
            _beside(archive).exists(),
            (golden := goldens[archive.path]) not in present_goldens or golden in right,
            archive.path.name in waiting,
        )
        for archive in whole
    ], errors


def _files(state: State) -> Iterable[Path]:
    """All archives of the state folder, by name, without drafts, whose names begin with a point."""
    return sorted(path for path in state.archives.glob(f"[!.]*{SUFFIX}*") if path.suffix != ".sha256")


def _reader(state: State, identity: Path | None) -> Callable[[Path], tuple[Archive, bool]]:
    """A function that verifies an archive and says whether its report covers all of the work."""
    written = {line.get("file"): line.get("sha256") for line in state.logged() if line.get("what") == "archive"}

    def read(path: Path) -> tuple[Archive, bool]:
        with disk_in_french(path, Refusal), encryption.readable(path, identity, state.folder) as plain:
            archive = dataclasses.replace(verify(plain, path), path=path)
            if written.get(path.name, archive.sha256) != archive.sha256:
                raise ArchiveSpoilt(
                    f"{path.name} n'est plus le fichier que cette machine a écrit, d'après son journal.jsonl. Reprenez-la "
                    "d'une autre copie ; si le poste est encore là, archivez-le de nouveau."
                )
            return archive, is_examined(plain, archive.manifest)

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
