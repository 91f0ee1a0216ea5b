"""Writes and reads a candidate's archive: one file with the station's layer, the sitting's record, and their digests.

It is a zip that any machine opens. `manifest.json` names every member with its digest, and the archive itself;
`manifest.sig` is its signature by the room's key; `layer.tar.zst` is the layer on
the golden image that the manifest names by its digest; `layer.sha256` has every file's digest as it was in the station;
`report/` is the last examination; `marking.json` is what the commission had written by then. The station's password is taken out of the layer before. A draft gets its final name only after it was read back whole from the disk. Where
`e5b.toml` names a recipient, the file is encrypted (age) after it was read back.
"""

import dataclasses
import errno
import hashlib
import json
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard
from pydantic import ValidationError

from provisioner.archive.bounded import (
    LONGEST_LIST,
    LONGEST_MANIFEST,
    BoundedTarInfo,
    digest_lines,
    json_object,
    member,
    pieces,
    refuse_odd_members,
    unpacked,
)
from provisioner.archive.manifest import FORMAT, UNSIGNED_FORMAT, Layer, Manifest, Member
from provisioner.archive.signatures import SIGNATURE, signed, signer_of
from provisioner.archive.station_secrets import strip_secrets
from provisioner.core import clock
from provisioner.core.errors import ArchiveSpoilt, EvidenceLost, Refusal
from provisioner.core.model import Station
from provisioner.core.records import SittingRecord
from provisioner.engine import layers
from provisioner.engine.layers import sleeping_container
from provisioner.engine.protocol import ContainerState
from provisioner.engine.streams import Counted, FullReader, HashingReader
from provisioner.host import encryption
from provisioner.host.disk import disk_in_french, drafted, flush_to_disk, printable, private_folder, settle, write_whole
from provisioner.host.signing import PublicKey
from provisioner.leakcheck.refused_tries import of_sitting
from provisioner.station.centre import Centre
from provisioner.station.freezing import commit_station
from provisioner.station.identity import station_of
from provisioner.station.markings import as_archived
from provisioner.station.room_keys import room_key
from provisioner.station.state import REPORT_JSON

SUFFIX = ".e5b.zip"
MANIFEST, LAYER, DIGESTS, TRIES = "manifest.json", "layer.tar.zst", "layer.sha256", "network.json"
#: What the commission had written of the candidate; absent where nobody had.
MARKING = "marking.json"
_CHUNK = 1 << 20
_LEVEL = 1
#: A draft that wasn't written to for so many seconds belongs to a program that was killed.
_ABANDONED = 1800


@dataclass(frozen=True)
class Archive:
    """An archive that was read back whole; `signer` is the key that signed it, None in one of an earlier version."""

    path: Path
    manifest: Manifest
    sha256: str
    signer: PublicKey | None = None


def write_archive(centre: Centre, container: ContainerState) -> Archive:
    """Archive a station's container as it is now; returns the archive after it was read back."""
    record = centre.state.record(container.id)
    taken_at = record.aside.at if record.aside else datetime.fromisoformat(centre.state.now())
    station = station_of(container)
    labels = {"e5b.kind": "sealing", "e5b.room": centre.room.name, "e5b.of": container.id[:24]}
    _remove_leftovers(centre, labels["e5b.of"])
    path = _free_name(
        centre.state.archives, f"{centre.room.name}-{station.name}-{container.id[:6]}-{taken_at:%Y%m%d-%H%M%S}"
    )
    name = f"e5b-{centre.room.name}-{station.name}-{container.id[:8]}"
    golden = container.labels["e5b.golden"]
    with ThreadPoolExecutor(2) as pool:  # while the engine copies
        tries = pool.submit(of_sitting, centre, container, record)
        golden_marks = pool.submit(layers.marks_of, centre.engine, golden, labels, f"{name}-temoin")
        image = commit_station(centre, container.id, labels)
    try:
        golden_marks.result()
        with (
            sleeping_container(centre.engine, image, labels, f"{name}-archive") as copy,
            disk_in_french(path.parent, EvidenceLost),
            _draft_of(centre, path) as draft,
        ):
            stripped = strip_secrets(centre.engine, copy, record.password)
            differs = layers.difference(centre.engine, golden, copy, labels, f"{name}-temoin")
            manifest = _manifest_for(centre, station, record, taken_at, image).model_copy(
                update={"name": path.name, "stripped": stripped}
            )
            more = {TRIES: json.dumps(tries.result(), ensure_ascii=False, indent=1).encode()}
            if record.candidate and (marking := as_archived(centre.state, centre.room.name, record.candidate)):
                more[MARKING] = marking
            _write(centre, copy, differs, draft, manifest, record.reports, more)
            key = centre.settings.archive_key
            if not key:  # a draft that is encrypted afterwards is removed, and had better not reach the disk
                flush_to_disk(draft)
            archive = verify(draft)
            if key:
                path = path.with_name(path.name + encryption.SUFFIX)
                with drafted(path) as encrypted:
                    encryption.encrypt(draft, encrypted, key)
                    settle(encrypted, path)
                archive = dataclasses.replace(archive, path=path, sha256=digest_of(path))
            else:
                settle(draft, path)
            path.chmod(0o600)
            write_whole(_sidecar(path), f"{archive.sha256}  {path.name}\n")
    finally:
        centre.engine.remove_image(image)
    return dataclasses.replace(archive, path=path)


def _manifest_for(
    centre: Centre, station: Station, record: SittingRecord, taken_at: datetime, snapshot: str
) -> Manifest:
    """The manifest before the archive's members are known."""
    return Manifest(
        room=station.room,
        station=station.name,
        place=station.place,
        subject=station.subject,
        stack=station.stack,
        address=station.address,
        golden=station.golden,
        built_at=station.built_at,
        conforming=station.conformity.conforming,
        differs=station.conformity.differs,
        versions=dict(station.versions),
        rehearsal=clock.rehearsed(),
        taken_at=taken_at,
        sealed_at=datetime.fromisoformat(centre.state.now()),
        snapshot=snapshot,
        aside=record.aside.why if record.aside else None,
        candidate=record.candidate,
        clock=record.clock or None,
        events=record.events or None,
        pristine=record.pristine,
    )


def verify(path: Path, file: Path | None = None) -> Archive:
    """Read an archive whole: its signature, every member against the manifest, every file of the layer by its digest.

    The manifest of an archive without a signature is covered by the digest of the whole file only, which stands beside it
    where it was copied along. Where `path` was decrypted from an archive, `file` is that archive, and the digest returned
    is the latter's.
    """
    file = file or path
    with archive_in_french(file), zipfile.ZipFile(path) as bundle:
        manifest, signer = _manifest(bundle)
        for written in manifest.files:
            if bundle.getinfo(written.name).file_size != written.bytes:
                raise ArchiveSpoilt(f"« {printable(written.name)} » n'y est pas tel qu'il a été écrit")
            if written.name != LAYER and _digest(bundle, written.name) != written.sha256:
                raise ArchiveSpoilt(f"« {printable(written.name)} » n'y est pas tel qu'il a été écrit")
        _verify_layer(bundle, manifest)
        digest = digest_of(file)
        _refuse_other_digest_beside(file, digest)
    return Archive(path, manifest, digest, signer)


def _verify_layer(bundle: zipfile.ZipFile, manifest: Manifest) -> None:
    digests = {unescaped(name): digest for name, digest in digest_lines(bundle, DIGESTS)}
    most = manifest.layer.unpacked if manifest.layer else None
    with bundle.open(LAYER) as packed:
        watched = HashingReader(packed)
        tar = unpacked(watched, most)
        entries = layers.read_back(cast(BinaryIO, FullReader(tar)), digests, BoundedTarInfo)
        watched.rest()
    (packed_layer,) = [written for written in manifest.files if written.name == LAYER]
    whole = manifest.layer is not None and entries == manifest.layer.entries
    if watched.digest.hexdigest() != packed_layer.sha256 or not whole:
        raise ArchiveSpoilt("la couche du poste n'y est pas telle qu'elle a été écrite")


@dataclass(frozen=True)
class Summary:
    """What an archive says of itself in its first lines: the manifest, who signed it, when the work in it was examined."""

    manifest: Manifest
    signer: PublicKey | None
    examined_at: datetime | None


def summary_of(path: Path) -> Summary:
    """What an archive says of itself, under its signature and its name; that doesn't prove that all of it is whole."""
    with archive_in_french(path), zipfile.ZipFile(path) as bundle:
        manifest, signer = _manifest(bundle)
        _refuse_renamed(path, manifest)
        return Summary(manifest, signer, _examined_at(bundle, manifest))


def refuse_renamed(file: Path, manifest: Manifest) -> None:
    """ArchiveSpoilt where a file isn't named as its manifest, which is signed, says."""
    with archive_in_french(file):
        _refuse_renamed(file, manifest)


def _refuse_renamed(file: Path, manifest: Manifest) -> None:
    if manifest.name and file.name.removesuffix(encryption.SUFFIX) != manifest.name:
        raise ArchiveSpoilt(
            f"son contenu est celui de {printable(manifest.name)} : deux archives ont été échangées, ou elle a été renommée, "
            "et c'est ce nom-là qu'il faut lui rendre"
        )


def tries_of(path: Path) -> dict[str, Any]:
    """The station's refused tries in the candidate's time, as they were known when it was archived."""
    with archive_in_french(path), zipfile.ZipFile(path) as bundle:
        return json_object(member(bundle, TRIES, LONGEST_LIST), f"« {TRIES} »")


def report_of(path: Path, file: Path) -> tuple[Summary, dict[str, Any] | None, bytes]:
    """What an archive says of itself, and the document and the page of its report, by their digests; None and empty without.

    Where `path` was decrypted from an archive, `file` is that archive.
    """
    with archive_in_french(file), zipfile.ZipFile(path) as bundle:
        manifest, signer = _manifest(bundle)
        _refuse_renamed(file, manifest)
        summary = Summary(manifest, signer, _examined_at(bundle, manifest))
        if not manifest.report:
            return summary, None, b""
        digests = {written.name: written.sha256 for written in manifest.files}
        names = (f"report/{REPORT_JSON}", manifest.report)
        document, page = (member(bundle, name) for name in names)
        for name, data in zip(names, (document, page), strict=True):
            if hashlib.sha256(data).hexdigest() != digests[name]:
                raise ArchiveSpoilt(f"« {name} » n'y est pas tel qu'il a été écrit")
        return summary, json_object(document, f"« {names[0]} »"), page


def examined_at(path: Path, manifest: Manifest) -> datetime | None:
    """The time of the state that the report in a verified archive is of; None where it has no report, or half of one."""
    if not manifest.report:
        return None
    with archive_in_french(path), zipfile.ZipFile(path) as bundle:
        return _examined_at(bundle, manifest)


def _examined_at(bundle: zipfile.ZipFile, manifest: Manifest) -> datetime | None:
    if not manifest.report:
        return None
    try:
        document = json_object(member(bundle, f"report/{REPORT_JSON}"), "le rapport")
        taken_at = datetime.fromisoformat(document["taken_at"])
        return taken_at if taken_at.tzinfo and 1970 < taken_at.year < 9999 else None
    except (ArchiveSpoilt, KeyError, TypeError, ValueError):  # an examination that was interrupted wrote a part of it
        return None


@contextmanager
def layer_of(path: Path) -> Iterator[Iterator[bytes]]:
    """The tar of the layer of an archive that was verified, in pieces."""
    with archive_in_french(path), zipfile.ZipFile(path) as bundle, bundle.open(LAYER) as packed:
        manifest, _ = _manifest(bundle)
        most = manifest.layer.unpacked if manifest.layer else None
        yield pieces(unpacked(packed, most))


def _write(
    centre: Centre,
    copy: str,
    differs: layers.Difference,
    draft: Path,
    manifest: Manifest,
    reports: Sequence[str],
    more: Mapping[str, bytes],
) -> None:
    """Write an archive of the container `copy`, with the latest of these folders of reports, and the manifest and its signature last.

    `more`: what else it has, by name.
    """
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED, allowZip64=True) as bundle:
        with bundle.open(LAYER, "w", force_zip64=True) as file:
            compressor = zstandard.ZstdCompressor(level=_LEVEL, threads=2, write_checksum=True)
            with compressor.stream_writer(file, closefd=False) as out:
                sink = Counted(out.write)
                packed = layers.pack(centre.engine, copy, differs, sink.write)
        lines = "".join(f"{digest}  {escaped(name)}\n" for name, digest in sorted(packed.digests.items()))
        bundle.writestr(DIGESTS, lines.encode(), zipfile.ZIP_DEFLATED)
        # A report's folder may have been purged.
        if report := next((folder for folder in reversed(reports) if Path(folder).is_dir()), ""):
            for path in sorted(Path(report).rglob("*")):
                if path.is_file():
                    bundle.write(path, f"report/{path.relative_to(report).as_posix()}", zipfile.ZIP_DEFLATED)
        for name, data in more.items():
            bundle.writestr(name, data, zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(draft) as written:
        members = [
            Member(name=info.filename, bytes=info.file_size, sha256=_digest(written, info.filename))
            for info in written.infolist()
        ]
    layer = Layer(
        entries=len(differs.changed),
        files=len(packed.digests),
        gone=tuple(escaped(path.decode("utf-8", "surrogateescape")) for path in differs.gone),
        unpacked=sink.bytes,
    )
    whole = manifest.model_copy(
        update={"report": "report/report.html" if report else None, "layer": layer, "files": tuple(members)}
    )
    document = json.dumps(whole.document(), ensure_ascii=False, indent=1).encode()
    with zipfile.ZipFile(draft, "a") as bundle:
        bundle.writestr(MANIFEST, document)
        bundle.writestr(SIGNATURE, signed(document, room_key(centre.state, centre.room.name)))


def _manifest(bundle: zipfile.ZipFile) -> tuple[Manifest, PublicKey | None]:
    """The manifest, and the key that signed it: None in an archive of an earlier version."""
    refuse_odd_members(bundle, LAYER)
    try:
        written = member(bundle, MANIFEST, LONGEST_MANIFEST)
    except KeyError as error:
        raise ArchiveSpoilt("elle n'a pas de manifeste, ou n'est pas une archive d'e5b") from error
    document = json_object(written, "son manifeste")
    if document.get("format") not in (FORMAT, UNSIGNED_FORMAT):
        raise ArchiveSpoilt("elle a été écrite par une autre version d'e5b")
    signer = None
    if document["format"] == FORMAT:
        if SIGNATURE not in bundle.namelist():
            raise ArchiveSpoilt("sa signature en a été retirée")
        signer = signer_of(written, member(bundle, SIGNATURE))
    try:
        manifest = Manifest.model_validate(document)
    except ValidationError as error:
        where = printable(".".join(map(str, error.errors()[0]["loc"])))
        raise ArchiveSpoilt(f"« {where} » n'a pas dans son manifeste la forme voulue") from error
    _ = manifest.last  # it adds the clock's minutes up: where they overflow, `archive_in_french` says so now
    if not all(1970 < instant.year < 9999 for instant in (manifest.taken_at, manifest.sealed_at)):
        raise ArchiveSpoilt("ses heures ne peuvent pas être celles d'une épreuve")
    if signer and not manifest.name:
        raise ArchiveSpoilt("son manifeste ne dit pas comment elle s'appelle")
    named = {listed.name for listed in manifest.files} | {MANIFEST} | ({SIGNATURE} if signer else set())
    if named != set(bundle.namelist()) or not {LAYER, DIGESTS} <= named:
        raise ArchiveSpoilt("son contenu n'est pas celui de son manifeste")
    return manifest, signer


#: What reading a zip raises where its bytes changed.
_SPOILT = (
    zipfile.BadZipFile,
    zlib.error,
    zstandard.ZstdError,
    struct.error,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    NotImplementedError,
    RuntimeError,  # RecursionError as well
    OverflowError,
)


@contextmanager
def archive_in_french(path: Path) -> Iterator[None]:
    """Turn every error of reading an archive into ArchiveSpoilt or Refusal, in one sentence that names the archive."""
    try:
        yield
    except (ArchiveSpoilt, OSError, *_SPOILT) as error:
        if (
            isinstance(error, OSError) and error.errno != errno.EINVAL
        ):  # EINVAL: damaged offsets have it seek before the file's first byte
            raise
        if not isinstance(error, ArchiveSpoilt) and SUFFIX not in path.name:
            raise Refusal(f"{path.name} n'est pas une archive d'e5b : elles se terminent par {SUFFIX}.") from error
        reason = str(error) if isinstance(error, ArchiveSpoilt) else "elle est coupée, ou n'est pas une archive"
        raise ArchiveSpoilt(
            f"L'archive {path.name} ne peut pas servir : {reason}. Reprenez-la d'une autre copie ; si le poste est encore "
            "là, archivez-le de nouveau."
        ) from error


def _digest(bundle: zipfile.ZipFile, name: str) -> str:
    with bundle.open(name) as member:
        return hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]


def digest_of(path: Path) -> str:
    """The digest (SHA-256) of a whole file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sidecar(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def refuse_other_digest_beside(path: Path, digest: str) -> None:
    """ArchiveSpoilt where the file beside an archive says another digest; nothing where there is none that can be read."""
    with archive_in_french(path):
        _refuse_other_digest_beside(path, digest)


def _refuse_other_digest_beside(path: Path, digest: str) -> None:
    if digest_beside(path) not in (None, "", digest):
        raise ArchiveSpoilt(
            f"ce n'est pas le fichier dont l'empreinte est à côté d'elle ({printable(_sidecar(path).name)})"
        )


def digest_beside(path: Path) -> str | None:
    """The digest in the file beside an archive; None where there is no such file, empty where it can't be read."""
    try:
        with _sidecar(path).open("rb") as file:
            match = re.match(rb"[0-9A-Fa-f]{64}(?=\s|$)", file.read(200))
    except FileNotFoundError:
        return None
    except OSError:
        return ""
    return match[0].decode().lower() if match else ""


def escaped(path: str) -> str:
    """A path on one line of UTF-8, whatever bytes its name has."""
    plain = path.isprintable() and "\\" not in path
    return path if plain else json.dumps(path)[1:-1]


def unescaped(path: str) -> str:
    """The path of which `escaped` made this."""
    return str(json.loads(f'"{path}"')) if "\\" in path else path


@contextmanager
def _draft_of(centre: Centre, path: Path) -> Iterator[Path]:
    """The draft of an archive; in a private folder where it will be encrypted, so that nobody reads it before."""
    if centre.settings.archive_key:
        with private_folder(centre.state.folder) as folder:
            yield folder / path.name
    else:
        with drafted(path) as draft:
            yield draft


def _free_name(folder: Path, stem: str) -> Path:
    number, path = 1, folder / f"{stem}{SUFFIX}"
    while path.exists() or path.with_name(path.name + encryption.SUFFIX).exists():
        number += 1
        path = folder / f"{stem}-{number}{SUFFIX}"
    return path


def _remove_leftovers(centre: Centre, of: str) -> None:
    """Remove what archiving this container left behind when it was killed, and all abandoned drafts."""
    for draft in centre.state.archives.glob(".*.draft"):
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > _ABANDONED:
                draft.unlink()
    for container in centre.engine.containers(kind="sealing", of=of):
        centre.engine.remove(container.id)
    for image in centre.engine.images(kind="sealing", of=of):
        centre.engine.remove_image(image.id)
