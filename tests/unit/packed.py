"""A golden image as Docker packs it, without its layers: what tells which one it is."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import zstandard

from provisioner.archive.golden_images import golden_beside


def named(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def packed(what: str = "") -> tuple[bytes, str, str]:
    """The file of an image, and its two names: by its configuration, and by its manifest."""
    configuration = json.dumps({"config": {"Labels": {"what": what}}}).encode()
    manifest = json.dumps({"config": {"digest": named(configuration)}, "layers": []}).encode()
    blobs = {f"blobs/sha256/{named(one).removeprefix('sha256:')}": one for one in (configuration, manifest)}
    told: dict[str, Any] = {
        "index.json": {"manifests": [{"digest": named(manifest)}]},
        "manifest.json": [{"Config": next(iter(blobs)), "Layers": []}],
    }
    return (
        bundled({**blobs, **{name: json.dumps(one).encode() for name, one in told.items()}}),
        named(configuration),
        named(manifest),
    )


def bundled(files: dict[str, bytes]) -> bytes:
    """These files as `keep_golden` writes what the engine gives."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return zstandard.ZstdCompressor(write_checksum=True).compress(plain.getvalue())


def laid(folder: Path, golden: str, data: bytes) -> Path:
    """Lay a file beside the archives of a folder, under the name of that golden image."""
    path = golden_beside(folder, golden)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
