"""Files of a container, and the tar that they travel in."""

import io
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import docker.errors

from provisioner.core.errors import EngineError
from provisioner.engine.docker.client import Client
from provisioner.engine.docker.errors import translated

#: How much a file that is read into memory may hold, in bytes: it may be the candidate's.
MAX_FILE = 256 << 20


class Files(Client):
    """The engine's methods on a container's files."""

    def get(self, container: str, path: str) -> bytes | None:
        """See Engine."""
        with translated(f"Lecture de {path}"):
            try:
                chunks, _ = self._api.get_archive(container, path)
            except docker.errors.NotFound:
                return None
            packed = bytearray()
            for chunk in chunks:
                packed += chunk
                if len(packed) > MAX_FILE:
                    raise EngineError(f"{path} est trop grand pour être lu.")
            with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
                (first, *_) = tar.getmembers()
                # A candidate may have put a link, a folder or a device there: its target is not what was asked for.
                file = tar.extractfile(first) if first.isfile() else None
                if file is None:
                    raise EngineError(f"{path} n'est pas un fichier dans ce conteneur.")
                return file.read()

    def put(self, container: str, folder: str, files: Mapping[str, bytes | Path]) -> None:
        """See Engine."""
        with translated(f"Copie vers {folder}"):
            self._api.put_archive(container, folder, tar_of(files))

    def put_tar(self, container: str, folder: str, tar: Iterable[bytes]) -> None:
        """See Engine."""
        with translated(f"Copie vers {folder}"):
            self._api.put_archive(container, folder, tar)


def tar_of(files: Mapping[str, bytes | Path]) -> bytes:
    """A tar of files and folders, owned by root, dated at the epoch so that the same input gives the same bytes."""

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.uid = info.gid = 0
        info.uname = info.gname = "root"
        info.mtime = 0
        info.mode = 0o755 if info.isdir() or info.mode & 0o100 else 0o644
        return info

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            if isinstance(content, Path):
                tar.add(content, name, filter=plain)
            else:
                info = plain(tarfile.TarInfo(name))
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
