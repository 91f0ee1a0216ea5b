"""The list of a day's archives with their digests: printed for the commission's signature, and as a file to compare with.

Who owns this machine's disk can make archives, records and keys anew; what is on paper under the commission's signature,
or signed by a key that is kept elsewhere, he can't.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from provisioner.archive.archives import digest_of, refuse_other_digest_beside
from provisioner.archive.bounded import json_object
from provisioner.archive.missing import missing_archives, readable_entries
from provisioner.archive.verifying import Trust, refuse_unlike_record, verify_archives
from provisioner.core.batches import in_turn
from provisioner.core.documents import Instant, Record
from provisioner.core.errors import ArchiveSpoilt, EvidenceLost, Refusal
from provisioner.host import encryption
from provisioner.host.disk import disk_in_french, printable
from provisioner.host.signing import ALGORITHM, PrivateKey, PublicKey

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from provisioner.archive.archives import Archive
    from provisioner.archive.missing import MissingArchive
    from provisioner.archive.verifying import VerifiedArchive
    from provisioner.core.records import RosterEntry
    from provisioner.station.state import State

#: How long a list may be, in bytes, and how few digits of a digest that is typed say which one it is.
_LONGEST, _LEAST_DIGITS = 4 << 20, 32


class HashLine(Record):
    """An archive on the list; what is empty isn't known, as of an encrypted one. `taken_at` is the time of its state.

    Without `sha256` there is none, as `remark` says. `foreign`: no key of this machine signed it.
    """

    number: str = ""
    name: str = ""
    first_name: str = ""
    station: str
    file: str
    sha256: str
    taken_at: Instant | None = None
    signed_by: str = ""
    remark: str = ""
    foreign: bool = False

    @property
    def groups(self) -> list[str]:
        """The digest in eight groups of eight digits, as people read it out."""
        return [self.sha256[start : start + 8] for start in range(0, 64, 8)]


class HashList(Record):
    """The list of a room's archives of one day; `left_out` are the files that aren't right. `signature` is by the key that is kept elsewhere; None without one."""

    format: int = 1
    room: str
    day: str
    made_at: Instant
    archives: tuple[HashLine, ...]
    left_out: tuple[str, ...] = ()
    signature: dict[str, str] | None = None

    @property
    def signer(self) -> str:
        """The fingerprint of the key that signed a list that was read; empty where none did."""
        return PublicKey(self.signature["public_key"]).fingerprint if self.signature else ""

    @property
    def count(self) -> int:
        """How many archives are on it; candidates without one have lines too."""
        return sum(bool(line.sha256) for line in self.archives)

    def has(self, archive: Archive) -> bool:
        """Whether an archive is on it, as it is."""
        return (archive.path.name, archive.sha256) in {(line.file, line.sha256) for line in self.archives}


def folder_of_lists(state: State, room: str) -> Path:
    """Where the lists of a room are written: each as a file to compare with, and as PDF."""
    return state.folder / "documents" / room / "empreintes"


def list_of_day(state: State, room: str, day: date) -> tuple[HashList, list[Exception]]:
    """Verify the archives of a room's day, and list them by candidate; and the errors of those that aren't right.

    An archive that should be there, and a candidate of that day without one, has a line that says so.
    """
    name = re.compile(rf"{re.escape(room)}-(poste-\d+)-[0-9a-f]+-{day:%Y%m%d}-\d{{6}}(-\d+)?\.e5b\.zip(\.age)?")
    stations = {path: match[1] for path in sorted(state.archives.iterdir()) if (match := name.fullmatch(path.name))}
    missing, errors_of_lists = missing_archives(state)
    gone = [
        one for one in missing if name.fullmatch(one.file) or (one.room == room and _expected(state, one.entry) == day)
    ]
    if not stations and not gone:
        raise Refusal(
            f"Aucune archive de la salle « {room} » n'est du {day:%d/%m/%Y} : archivez d'abord (« e5b archive make --all »), ou "
            "dites un autre jour avec « --day »."
        )
    encrypted = [path for path in stations if path.suffix == encryption.SUFFIX]
    plain = [path for path in stations if path not in encrypted]
    verified, errors = verify_archives(state, plain, None) if plain else ([], [])
    lines = [_line(row) for row in verified]
    unread, refused = in_turn(encrypted, lambda path: _encrypted_line(state, room, path, stations[path]))
    lines += [line for _, line in unread]
    left_out = {path.name for path in stations} - {line.file for line in lines}
    lines += [_missing_line(one, name) for one in gone]
    keys = {row.archive.manifest.candidate.key for row in verified if row.archive.manifest.candidate}
    lines += [
        _line_without(entry, "archive qui ne peut pas servir" if entry.archived in left_out else "")
        for entry in readable_entries(state, room)
        if _expected(state, entry) == day and not _is_listed(entry, lines, keys)
    ]
    lines.sort(key=lambda line: (line.number == "", line.number, line.file))
    made = HashList(
        room=room,
        day=day.isoformat(),
        made_at=datetime.fromisoformat(state.now()),
        archives=tuple(lines),
        left_out=tuple(sorted(left_out)),
    )
    return made, [*errors, *refused, *(one.error for one in gone), *errors_of_lists]


def _expected(state: State, entry: RosterEntry | None) -> date | None:
    """The day on which a candidate of a list is expected, in the centre's zone."""
    return entry.at.astimezone(state.present().tzinfo).date() if entry else None


def _is_listed(entry: RosterEntry, lines: Sequence[HashLine], keys: Collection[str]) -> bool:
    """Whether a candidate's last archive has a line, or any archive of his where he has no last one. `keys`: of whom there are."""
    if not entry.archived:
        return entry.key in keys
    files = {line.file.removesuffix(encryption.SUFFIX) for line in lines}
    return entry.archived.removesuffix(encryption.SUFFIX) in files


def _line_without(entry: RosterEntry, remark: str) -> HashLine:
    """The line of a candidate of whom no archive of that day can be listed."""
    return HashLine(
        number=entry.number,
        name=entry.name,
        first_name=entry.first_name,
        station=entry.station or f"poste-{entry.place:02}",
        file=entry.archived,
        sha256="",
        remark=remark or ("archive d'un autre jour, sur la liste de ce jour-là" if entry.archived else "pas d'archive"),
    )


def _missing_line(one: MissingArchive, name: re.Pattern[str]) -> HashLine:
    """The line of an archive that should be there."""
    if one.entry:
        return _line_without(one.entry, "archive manquante")
    match = name.fullmatch(one.file)
    return HashLine(station=match[1] if match else "", file=one.file, sha256="", remark="archive manquante")


def signed_list(hash_list: HashList, key: PrivateKey) -> HashList:
    """The list under the signature of this key."""
    public = key.public
    value = key.sign(_signed_bytes(hash_list.document()))
    signature = {
        "algorithm": ALGORITHM,
        "public_key": public.encoded,
        "fingerprint": public.fingerprint,
        "signature": value,
    }
    return hash_list.model_copy(update={"signature": signature})


def read_list(path: Path, key: PublicKey | None = None) -> HashList:
    """A list that was written; ArchiveSpoilt where it was changed since, or isn't signed by this key."""
    with disk_in_french(path, Refusal), path.open("rb") as file:
        data = file.read(_LONGEST)
    try:
        document = json_object(data, "ce fichier")
        hash_list = HashList.model_validate(document)
    except (ArchiveSpoilt, ValidationError) as error:
        raise Refusal(
            f"{path} n'est pas une liste d'empreintes : c'est le fichier .json que « e5b archive hashes » écrit à côté du PDF."
        ) from error
    signature = hash_list.signature
    signer = PublicKey(signature.get("public_key", "")) if signature else None
    if signature and signer and not signer.signed(_signed_bytes(document), signature.get("signature", "")):
        raise ArchiveSpoilt(
            f"La liste {path.name} a été changée depuis qu'elle a été signée. Reprenez-la d'une autre copie."
        )
    if key and signer != key:
        seen = f"elle l'est par {signer.fingerprint}" if signer else "elle n'est pas signée"
        raise ArchiveSpoilt(
            f"La liste {path.name} n'est pas signée par cette clé ({key.fingerprint}) : {seen}. Reprenez-la d'une autre copie."
        )
    return hash_list


def unlike_list(
    state: State, hash_list: HashList, archives: Sequence[Archive], *, everything: bool
) -> list[ArchiveSpoilt | EvidenceLost]:
    """The errors of the archives that aren't those of the list; with `everything`, of those that are no longer there too."""
    listed = {line.file: line for line in hash_list.archives}
    on = f"la liste du {hash_list.made_at:%d/%m/%Y à %H:%M}"
    errors: list[ArchiveSpoilt | EvidenceLost] = []
    for archive in archives:
        line = listed.get(archive.path.name)
        if line and not line.sha256:
            errors.append(ArchiveSpoilt(f"{archive.path.name} est là, et manquait quand {on} a été faite."))
        elif line and line.sha256 != archive.sha256:
            errors.append(
                ArchiveSpoilt(
                    f"{archive.path.name} n'est pas l'archive de {on} : son empreinte est {archive.sha256[:16]}…, la liste dit "
                    f"{line.sha256[:16]}…. Comparez avec la feuille signée, et reprenez l'archive d'une autre copie."
                )
            )
    for line in hash_list.archives if everything else ():
        if line.sha256 and not _is_file(state, line.file):
            errors.append(
                EvidenceLost(
                    f"{printable(line.file)}, qui est sur {on}, n'est plus parmi les archives de cette machine."
                )
            )
    return errors


def refuse_other_digest(archive: Archive, typed: str) -> None:
    """Raise unless an archive has the digest that was typed, at least half of it; spaces don't count."""
    digits = re.sub(r"[\s:-]", "", typed).lower()
    if not re.fullmatch(f"[0-9a-f]{{{_LEAST_DIGITS},64}}", digits):
        raise Refusal(
            f"« {typed} » n'est pas une empreinte : tapez-en au moins les {_LEAST_DIGITS} premiers signes, des chiffres et des "
            "lettres de a à f, avec ou sans espaces."
        )
    if not archive.sha256.startswith(digits):
        raise ArchiveSpoilt(
            f"{archive.path.name} n'est pas l'archive de cette empreinte : la sienne est {archive.sha256}. Reprenez-la d'une "
            "autre copie."
        )


def _is_file(state: State, name: str) -> bool:
    try:
        return (state.archives / name).is_file()
    except OSError:  # a name that no file can have
        return False


def _line(row: VerifiedArchive) -> HashLine:
    archive, manifest = row.archive, row.archive.manifest
    candidate = manifest.candidate
    return HashLine(
        number=candidate.number if candidate else "",
        name=candidate.name if candidate else "",
        first_name=candidate.first_name if candidate else "",
        station=manifest.station,
        file=archive.path.name,
        sha256=archive.sha256,
        taken_at=manifest.taken_at,
        signed_by=archive.signer.fingerprint if archive.signer else "",
        remark=" ; ".join(filter(None, (row.trust.remark, manifest.why_not_last))),
        foreign=row.trust is not Trust.KNOWN,
    )


def _encrypted_line(state: State, room: str, path: Path, station: str) -> HashLine:
    """The line of an encrypted archive: its list says whose it is, and this machine's journal its digest and its key."""
    with disk_in_french(path, EvidenceLost):
        digest = digest_of(path)
        refuse_other_digest_beside(path, digest)
    refuse_unlike_record(state, path.name, None, digest, readable=False)
    noted = [line for line in state.logged() if line.get("what") == "archive" and line.get("file") == path.name]
    if not noted:
        raise ArchiveSpoilt(
            f"{printable(path.name)} est chiffrée, et le journal.jsonl de cette machine n'en dit rien : rien ne dit qui l'a "
            "écrite, ni de qui elle est."
        )
    signed_by = str(noted[-1].get("signed_by") or "")
    entry = next((entry for entry in readable_entries(state, room) if entry.archived == path.name), None)
    remark = "chiffrée" if entry else "chiffrée ; ce n'est pas le dernier état d'un candidat de la liste"
    return HashLine(
        number=entry.number if entry else "",
        name=entry.name if entry else "",
        first_name=entry.first_name if entry else "",
        station=station,
        file=path.name,
        sha256=digest,
        signed_by=signed_by,
        remark=remark if signed_by else f"{remark} ; non signée",
        foreign=not signed_by,
    )


def _signed_bytes(document: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: the list without its signature, written in one way."""
    unsigned = {key: value for key, value in document.items() if key != "signature"}
    return json.dumps(unsigned, sort_keys=True, separators=(",", ":")).encode()
