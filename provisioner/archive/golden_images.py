"""Golden images beside the archives: each stands there once, and is what opens them on another machine."""

import hashlib
import json
import tarfile
from pathlib import Path

import zstandard

from provisioner.core.errors import ArchiveSpoilt, EvidenceLost
from provisioner.host.disk import disk_in_french, drafted, flush_to_disk, locked, settle
from provisioner.station.centre import Centre

_CHUNK = 1 << 20
#: How long another command may take to write one, in seconds.
_PATIENCE = 900


def golden_beside(folder: Path, golden: str) -> Path:
    """Where a golden image stands beside the archives of a folder."""
    return folder / "images" / f"{golden.removeprefix('sha256:')}.tar.zst"


def keep_golden(centre: Centre, golden: str) -> Path:
    """Have the golden image beside the archives, once; where it is. It gets its name once it was read back."""
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


def names_of(path: Path, golden: str) -> list[str]:
    """By what an engine may know the image that is packed there; ArchiveSpoilt unless it is that golden image, whole.

    Docker has two stores: one names an image by its configuration's digest, the other by that of its manifest, which
    names the configuration. Whichever saved it, both are packed with it, and an archive's name for it is one of them.
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
    """The digests themselves, not what is said of them: a file may say anything of what it holds."""
    held: dict[str, bytes] = {}
    with (
        path.open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file) as plain,
        tarfile.open(fileobj=plain, mode="r|") as tar,
    ):
        for member in tar:
            if member.size <= _CHUNK and (inside := tar.extractfile(member) if member.isfile() else None):
                held[member.name] = inside.read()
    (image,) = json.loads(held["manifest.json"])  # a second one might be taken for it
    configuration = _digest(held[image["Config"]])
    listed = json.loads(held.get("index.json", b"{}")).get("manifests") or []  # older Dockers write none
    manifests = [held[f"blobs/{one['digest'].replace(':', '/')}"] for one in listed]
    its = [one for one in manifests if json.loads(one).get("config", {}).get("digest") == configuration]
    return [configuration, *map(_digest, its)]


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def read_golden(path: Path) -> str:
    """Read a golden image whole, against the checksum that it ends with; the digest of what it holds."""
    read, frame = hashlib.sha256(), zstandard.ZstdDecompressor().decompressobj()
    try:
        with path.open("rb") as file:
            while not frame.eof and (data := file.read(_CHUNK)):
                read.update(frame.decompress(data))
        if frame.eof:
            return read.hexdigest()
    except zstandard.ZstdError:
        pass
    raise ArchiveSpoilt(
        f"L'image de référence {path.name} ne peut pas servir : elle est coupée ou abîmée. Reprenez-la d'une autre copie du "
        "dossier images ; sinon retirez-la, et la prochaine archive l'écrira de nouveau."
    )
