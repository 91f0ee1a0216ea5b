"""Whether a file is the archive that it ought to be.

It is when it has the pinned checksums. Where none is published, the checksum is recorded when the centre first gets the
archive, provided that the archive can be read to its end, and compared from then on.
"""

import gzip
import hashlib
import json
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from provisioner.core.errors import ArtifactError
from provisioner.core.model import Artifact, Resolved
from provisioner.host.disk import locked, write_whole

_Entries = dict[str, dict[str, str]]
_DAMAGE = (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, RuntimeError)


@dataclass(frozen=True)
class Inspection:
    """What was found of a file. `wrong` is the end of a French sentence, empty when the file is right.

    `first`: no checksum was known and the file is whole, so its own is to be recorded.
    """

    sha256: str
    first: bool
    wrong: str


class Register:
    """The checksums that the centre recorded, in one JSON file: {file: {sha256, source, recorded}}."""

    def __init__(self, path: Path, lock_seconds: float = 60) -> None:
        self.path = path
        self._lock_seconds = lock_seconds

    def known(self, artifact: Artifact) -> dict[str, str]:
        """The checksums that its file must have, by algorithm; empty when none is known yet."""
        pinned = {"sha256": artifact.sha256.lower(), "sha1": artifact.sha1.lower()}
        pinned = {algorithm: value for algorithm, value in pinned.items() if value}
        if pinned:
            return pinned
        recorded = self._entries().get(artifact.file)
        return {"sha256": recorded["sha256"]} if recorded else {}

    def inspect(self, artifact: Artifact, path: Path) -> Inspection:
        """Hash this file and compare."""
        found, known = checksums(path), self.known(artifact)
        damage = damage_of(path, artifact.file) if any(known.get(k, found[k]) != found[k] for k in found) else ""
        if not known:
            damage = damage_of(path, artifact.file)
            return Inspection(found["sha256"], not damage, damage)
        origin = "" if artifact.sha256 or artifact.sha1 else ", enregistrée à sa première copie"
        wrong = [
            f"somme {algorithm} {value[:12]}… attendue{origin}, {found[algorithm][:12]}… trouvée"
            for algorithm, value in known.items()
            if value != found[algorithm]
        ]
        if not wrong:
            return Inspection(found["sha256"], False, "")
        hint = (
            f" ; si c’est la première copie qui était fausse, lancez d’abord « e5b artifacts forget {artifact.file} »"
        )
        reason = f"{damage or 'c’est un autre fichier'} ({', '.join(wrong)}{hint if origin and not damage else ''})"
        return Inspection(found["sha256"], False, reason)

    def record(self, artifact: Artifact, sha256: str, source: str) -> None:
        """From now on its file must have this checksum."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._change(lambda entries: {**entries, artifact.file: {"sha256": sha256, "source": source, "recorded": now}})

    def forget(self, artifact: Artifact) -> None:
        """The next file that is whole will be recorded anew."""
        self._change(lambda entries: {file: entry for file, entry in entries.items() if file != artifact.file})

    def _change(self, changed: Callable[[_Entries], _Entries]) -> None:
        lock_file = self.path.with_name(f".{self.path.name}.lock")
        with locked(lock_file, self.path.name, self._lock_seconds):
            entries = changed(self._entries())
            write_whole(self.path, json.dumps(entries, indent=2, ensure_ascii=False, sort_keys=True) + "\n")

    def _entries(self) -> _Entries:
        try:
            entries: _Entries = json.loads(self.path.read_text(encoding="utf-8"))
            for entry in entries.values():
                entry["sha256"].lower()
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise ArtifactError(
                f"{self.path}, le relevé des sommes de contrôle du centre, est illisible : remettez-en une copie ou, à "
                "défaut, effacez-le et lancez « e5b artifacts fetch », qui l'établit de nouveau."
            ) from error
        return entries


def checksums(path: Path) -> dict[str, str]:
    """The file's sha256 and sha1, in hexadecimal."""
    digests = {"sha256": hashlib.sha256(), "sha1": hashlib.sha1(usedforsecurity=False)}
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            for digest in digests.values():
                digest.update(block)
    return {algorithm: digest.hexdigest() for algorithm, digest in digests.items()}


def digest_of_archives(archives: Iterable[Resolved]) -> str:
    """What a golden image is made of: the digest of these archives' names and contents, pinned ones and stand-ins alike."""
    rows = sorted((archive.artifact.name, archive.sha256) for archive in archives)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def damage_of(path: Path, name: str) -> str:
    """Why the archive can't be read to its end, as the end of a French sentence; empty when it can.

    `name` tells its kind, since `path` may be a partial file.
    """
    try:
        if name.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                members, broken = len(archive.namelist()), archive.testzip()
        elif name.endswith((".tar.gz", ".tgz")):
            broken = None
            with gzip.open(path) as stream:
                with tarfile.open(fileobj=stream, mode="r|") as tar:
                    members = sum(1 for _ in tar)
                while stream.read(1024 * 1024):
                    pass  # to the end: that is where gzip keeps its own checksum
        else:
            return "ce n'est ni un zip ni un tar.gz, et elle ne peut être reconnue que par une somme de contrôle"
    except _DAMAGE:
        return "l'archive est tronquée ou abîmée"
    return "" if members and not broken else "l'archive est vide ou abîmée"
