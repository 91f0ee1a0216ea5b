"""A station's layer: what it holds that its golden image doesn't, as one tar, and the way back.

What is unchanged is told by the file system: type, inode and moment of change, which no copy shares with
its original. So nothing that changed is left out, whatever a clock did; an engine that gave a golden image
new inodes meanwhile only makes the layer bigger. Any engine can do it: nothing is asked of its storage.
"""

import hashlib
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from provisioner.core.errors import ArchiveSpoilt, EngineError
from provisioner.engine.protocol import ContainerSpec, Engine, Limits

#: What the engine lays into every container by itself.
_ENGINES = (b"/.dockerenv", b"/etc/hostname", b"/etc/hosts", b"/etc/mtab", b"/etc/resolv.conf")
#: Lists that are laid into a container that sleeps, at its root.
_CHANGED, _FILES, _GONE = ".e5b-changed", ".e5b-files", ".e5b-gone"
#: The programs that are run there are the candidate's own, should he have become root.
_LIMITS = Limits(1024, 64)
#: How long listing, packing and digesting may each take, in seconds.
_DEADLINE = 300

_lock = threading.Lock()
_golden_marks: dict[str, dict[bytes, bytes]] = {}


@dataclass(frozen=True)
class Difference:
    """Paths that changed or are new (`files`: the regular ones), and those that are gone or of another kind."""

    changed: tuple[bytes, ...]
    files: tuple[bytes, ...]
    gone: tuple[bytes, ...]


@dataclass(frozen=True)
class Packed:
    """What `pack` wrote: the digest of every regular file in it, by path, and the difference."""

    difference: Difference
    digests: Mapping[str, str]


@contextmanager
def sleeping_container(engine: Engine, image: str, labels: Mapping[str, str], name: str) -> Iterator[str]:
    """A container of an image in which nothing runs, removed afterwards."""
    spec = ContainerSpec(name=name, image=image, labels=labels, entrypoint=("/bin/sleep", "1800"), limits=_LIMITS)
    container = engine.create(spec)
    try:
        engine.start(container)
        yield container
    finally:
        engine.remove(container)


def difference(engine: Engine, golden: str, container: str, labels: Mapping[str, str], name: str) -> Difference:
    """How a container that sleeps differs from its golden image."""
    with ThreadPoolExecutor(1) as pool:
        mine = pool.submit(_marks, engine, container)
        was, now = marks_of(engine, golden, labels, name), mine.result()
    changed = sorted(path for path, mark in now.items() if was.get(path) != mark)
    gone = sorted(path for path, mark in was.items() if now.get(path, b"")[:1] != mark[:1])
    files = [path for path in changed if now[path].startswith(b"f")]
    return Difference(tuple(changed), tuple(files), tuple(gone))


def marks_of(engine: Engine, golden: str, labels: Mapping[str, str], name: str) -> dict[bytes, bytes]:
    """What tells the files of a golden image on this machine, read once."""
    with _lock:
        if golden not in _golden_marks:
            with sleeping_container(engine, golden, labels, name) as twin:
                _golden_marks[golden] = _marks(engine, twin)
        return _golden_marks[golden]


def pack(engine: Engine, container: str, differs: Difference, sink: Callable[[bytes], object]) -> Packed:
    """Write the changed files of a container that sleeps to `sink`, as a tar."""
    engine.put(container, "/", {_CHANGED: b"\0".join(differs.changed), _FILES: b"\0".join(differs.files)})
    with ThreadPoolExecutor(1) as pool:
        digests = pool.submit(_digests, engine, container)
        told = engine.read(
            container,
            [
                "tar",
                "--create",
                "--null",
                "--no-recursion",
                f"--files-from=/{_CHANGED}",
                "--absolute-names",
                "--numeric-owner",
                "--format=posix",
                "--pax-option=delete=atime,delete=ctime",
                "--warning=no-file-ignored",
            ],
            sink,
            seconds=_DEADLINE,
        )
        if told.status != 0:
            raise EngineError(
                f"La couche du poste n'a pas été lue en entier. Recommencez (détail : {_end(told.stderr)})."
            )
        return Packed(differs, digests.result())


def unpack(engine: Engine, container: str, gone: Iterable[bytes], tar: Iterable[bytes]) -> None:
    """Lay a packed layer into a container of its golden image that sleeps."""
    engine.put(container, "/", {_GONE: b"\0".join([*gone, f"/{_GONE}".encode()])})
    told = engine.run(container, ["xargs", f"--arg-file=/{_GONE}", "-0", "rm", "-rf", "--"])
    if told.status != 0:
        raise EngineError(f"L'archive n'a pas pu être posée sur son image (détail : {_end(told.stderr)}).")
    engine.put_tar(container, "/", tar)


def read_back(stream: BinaryIO, digests: Mapping[str, str]) -> int:
    """Read a whole layer and compare every file in it with its digest; gives the number of entries."""
    left, entries = dict(digests), 0
    linked: list[tuple[str, str]] = []
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                entries += 1
                path = f"/{member.name.strip('/')}"
                if member.islnk():
                    linked.append((path, f"/{member.linkname.strip('/')}"))
                    continue
                if not member.isfile():
                    continue
                content: Any = tar.extractfile(member)
                if left.pop(path, None) != hashlib.file_digest(content, "sha256").hexdigest():
                    raise ArchiveSpoilt(f"« {path} » n'y est pas tel qu'il était sur le poste")
    except tarfile.TarError as error:
        raise ArchiveSpoilt(f"la couche du poste est coupée ou abîmée ({error})") from error
    for path, of in linked:
        if left.pop(path, "") != digests.get(of):
            raise ArchiveSpoilt(f"« {path} » n'y est pas tel qu'il était sur le poste")
    if left:
        raise ArchiveSpoilt(f"il y manque {len(left)} fichier(s), d'abord « {min(left)} »")
    return entries


def _marks(engine: Engine, container: str) -> dict[bytes, bytes]:
    """Type, inode and moment of change of every path, by path."""
    out: list[bytes] = []
    told = engine.read(container, ["find", "/", "-xdev", "-printf", "%p\\t%y %i %C@\\0"], out.append, seconds=_DEADLINE)
    if told.status != 0:
        raise EngineError(f"Les fichiers du poste n'ont pas été lus en entier (détail : {_end(told.stderr)}).")
    rows = (row.rpartition(b"\t") for row in b"".join(out).split(b"\0") if row)
    return {path: mark for path, _, mark in rows if path not in _ENGINES and not mark.startswith(b"s")}


def _digests(engine: Engine, container: str) -> dict[str, str]:
    out: list[bytes] = []
    told = engine.read(
        container,
        ["xargs", f"--arg-file=/{_FILES}", "-0", "-r", "sha256sum", "-z", "--"],
        out.append,
        seconds=_DEADLINE,
    )
    if told.status != 0:
        raise EngineError(f"Les fichiers du poste n'ont pas été lus en entier (détail : {_end(told.stderr)}).")
    rows = (row.partition(b"  ") for row in b"".join(out).split(b"\0") if row)
    return {path.decode("utf-8", "surrogateescape"): digest.decode() for digest, _, path in rows}


def _end(said: bytes) -> str:
    return said.decode(errors="replace").strip()[-300:] or "sans message"
