"""Keeps each golden image once beside the archives, which need it to be opened on another machine."""

import hashlib
import json
import tarfile
from pathlib import Path
from threading import Lock

import zstandard

from provisioner.archive.bounded import BoundedTarInfo
from provisioner.core.errors import ArchiveSpoilt, EvidenceLost
from provisioner.host.disk import disk_in_french, drafted, flush_to_disk, locked, settle
from provisioner.station.centre import Centre

_CHUNK = 1 << 20
#: How much of a packed image is unpacked at once: a byte may unpack to 32 KiB.
_PIECE = 1 << 12
#: How much an image's documents may come to, in bytes.
_MOST_SMALL = 64 << 20
#: How long another command may take to write one, in seconds.
_PATIENCE = 900


def golden_beside(folder: Path, golden: str) -> Path:
    """The path of a golden image beside the archives of a folder."""
    return folder / "images" / f"{golden.removeprefix('sha256:')}.tar.zst"


def keep_golden(centre: Centre, golden: str) -> Path:
    """Write the golden image beside the archives unless it is there; its path. It gets its name after it was read back."""
    path = golden_beside(centre.state.archives, golden)
    lock = centre.state.folder / "locks" / f"image-{path.name[:16]}.lock"
    with disk_in_french(path.parent, EvidenceLost), locked(lock, "l'image de référence", _PATIENCE):
        if path.exists():
            return path
        path.parent.mkdir(exist_ok=True)
        written = hashlib.sha256()

        with drafted(path) as draft:
            compressor = zstandard.ZstdCompressor(level=3, threads=-1, write_checksum=True)
            with draft.open("wb") as file, compressor.stream_writer(file) as out:

                def write(data: bytes) -> None:
                    written.update(data)
                    out.write(data)

                centre.engine.save(golden, write)
            flush_to_disk(draft)
            if read_golden(draft) != written.hexdigest():
                raise EvidenceLost(
                    f"L'image de référence n'a pas été relue telle qu'elle a été écrite dans {path.parent} : vérifiez ce "
                    "disque, puis recommencez."
                )
            settle(draft, path)
    return path


class GoldenImages:
    """The golden images that a command's archives need, each read whole once for all of them."""

    def __init__(self, centre: Centre) -> None:
        self._centre, self._lock = centre, Lock()
        self._errors: dict[str, ArchiveSpoilt | None] = {}

    def ensure_usable(self, golden: str) -> None:
        """Have the image beside the archives, written where it is missing; ArchiveSpoilt where it can't be used."""
        with self._lock:
            if golden not in self._errors:
                path = keep_golden(self._centre, golden)
                try:
                    names_of(path, golden)
                    self._errors[golden] = None
                except ArchiveSpoilt as error:
                    self._errors[golden] = error
            if error_before := self._errors[golden]:
                raise ArchiveSpoilt(str(error_before))


def names_of(path: Path, golden: str) -> list[str]:
    """The ids that an engine may give the packed image; ArchiveSpoilt unless it is whole and the image `golden`.

    Docker has two stores: one names an image by its configuration's digest, the other by its manifest's, which names the
    configuration. Either store saves both, and an archive names the image by one of them.
    """
    read_golden(path)
    try:
        names = _names_in(path)
    except (tarfile.TarError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ArchiveSpoilt(
            f"L'image de référence {path} ne peut pas servir : ce n'est pas une image de Docker, ou elle est abîmée. "
            "Reprenez-la d'une autre copie du dossier images."
        ) from error
    if golden not in names:
        raise ArchiveSpoilt(
            f"{path} n'est pas l'image de référence que son nom annonce : ce fichier contient une autre image. Reprenez-le "
            "d'une autre copie du dossier images ; sinon retirez-le, et la prochaine archive l'écrira de nouveau."
        )
    return names


def _names_in(path: Path) -> list[str]:
    """The digests of the packed configuration and manifests, computed: what the file says of them proves nothing."""
    contents: dict[str, bytes] = {}
    left = _MOST_SMALL
    with (
        path.open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file) as plain,
        tarfile.open(fileobj=plain, mode="r|", tarinfo=BoundedTarInfo) as tar,
    ):
        for member in tar:
            left -= member.size if member.size <= _CHUNK else 0
            if left < 0:
                raise ValueError("more small files than an image has")
            if member.size <= _CHUNK and (inside := tar.extractfile(member) if member.isfile() else None):
                contents[member.name] = inside.read()
    (image,) = json.loads(contents["manifest.json"])  # with a second image, an engine might load the wrong one
    if image.get("RepoTags"):  # an engine would give it these names, those of a room's own images among them
        raise ValueError("an image with names")
    configuration = _digest(contents[image["Config"]])
    listed = json.loads(contents.get("index.json", b"{}")).get("manifests") or []  # older Dockers write none
    manifests = [contents[f"blobs/{entry['digest'].replace(':', '/')}"] for entry in listed]
    own_manifests = [entry for entry in manifests if json.loads(entry).get("config", {}).get("digest") == configuration]
    return [configuration, *map(_digest, own_manifests)]


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def read_golden(path: Path) -> str:
    """Read a golden image whole, against the checksum at its end; the digest of the unpacked data."""
    digest, frame = hashlib.sha256(), zstandard.ZstdDecompressor().decompressobj()
    try:
        with path.open("rb") as file:
            while not frame.eof and (data := file.read(_PIECE)):
                digest.update(frame.decompress(data))
        if frame.eof:
            return digest.hexdigest()
    except zstandard.ZstdError:
        pass
    raise ArchiveSpoilt(
        f"L'image de référence {path.name} ne peut pas servir : elle est coupée ou abîmée. Reprenez-la d'une autre copie du "
        "dossier images ; sinon retirez-la, et la prochaine archive l'écrira de nouveau."
    )
