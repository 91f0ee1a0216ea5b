"""A station's layer: the files that its golden image doesn't have, as one tar; how it is packed, unpacked, read back.

A file counts as unchanged when its type, inode and time of change are those of the golden image: a file that is copied
or written has others. So nothing that changed is left out, whatever the clock did. Where an engine gave the golden image
new inodes meanwhile, the layer is bigger than it need be. Only commands in containers are used, whatever the engine's
storage is.
"""

import hashlib
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO

from provisioner.core.errors import ArchiveSpoilt, EngineError
from provisioner.engine.protocol import ContainerSpec, Engine, Limits
from provisioner.host.disk import printable

#: What the engine itself puts into every container.
_ENGINE_FILES = (b"/.dockerenv", b"/etc/hostname", b"/etc/hosts", b"/etc/mtab", b"/etc/resolv.conf")
#: Finds all that a container holds.
_ALL = ("find", "/", "-xdev")
#: What `find` says of a folder that another user may not enter, and of what went while it looked at a running station.
_PASSED_OVER = (b": Permission denied", b": No such file or directory")
#: Lists that are put into a sleeping container, at its root, for the commands that run in it.
_CHANGED, _FILES, _GONE = ".e5b-changed", ".e5b-files", ".e5b-gone"
#: Commands in a copy of a station may be the candidate's own programs, if he has become root.
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
    """A container of an image in which nothing of the image runs, removed afterwards."""
    spec = ContainerSpec(name=name, image=image, labels=labels, entrypoint=("/bin/sleep", "1800"), limits=_LIMITS)
    container = engine.create(spec)
    try:
        engine.start(container)
        yield container
    finally:
        engine.remove(container)


def difference(engine: Engine, golden: str, container: str, labels: Mapping[str, str], name: str) -> Difference:
    """How a sleeping container differs from its golden image. `name` is that of the container for the golden image."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_marks, engine, container)
        before, after = marks_of(engine, golden, labels, name), running.result()
    changed = sorted(path for path, mark in after.items() if before.get(path) != mark)
    gone = sorted(path for path, mark in before.items() if after.get(path, b"")[:1] != mark[:1])
    files = [path for path in changed if after[path].startswith(b"f")]
    return Difference(tuple(changed), tuple(files), tuple(gone))


def changed_files(
    engine: Engine,
    golden: str,
    container: str,
    labels: Mapping[str, str],
    name: str,
    places: Sequence[str],
    seconds: float,
) -> list[bytes]:
    """The files and links below these places of a running station that are new, or aren't those of its golden image.

    They are looked for as its web server's user: what he can't read, no page can run. See `difference`.
    """
    find = ["setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups", "find", *places, "-xdev"]
    find += ["(", "-type", "f", "-o", "-type", "l", ")"]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_marks, engine, container, find, seconds)
        before, after = marks_of(engine, golden, labels, name), running.result()
    return sorted(path for path, mark in after.items() if before.get(path) != mark)


def same_contents(
    engine: Engine,
    golden: str,
    container: str,
    labels: Mapping[str, str],
    name: str,
    paths: Sequence[bytes],
    seconds: float,
) -> set[bytes]:
    """Of these paths, those at which a running station has what its golden image has, though it was written anew."""
    before = marks_of(engine, golden, labels, name)
    known = [path for path in paths if path in before]
    if not known:
        return set()
    with sleeping_container(engine, golden, labels, name) as twin:
        ours, theirs = (_contents(engine, place, known, seconds) for place in (container, twin))
    return {path for path, _ in ours & theirs}


def _contents(engine: Engine, container: str, paths: Sequence[bytes], seconds: float) -> set[tuple[bytes, bytes]]:
    """The path and the digest of each of these files of a container that can be read."""
    command = ["xargs", "-0", "-r", "sha256sum", "-z", "--"]
    output = engine.run(container, command, stdin=b"\0".join(paths), seconds=seconds)
    rows = (row.partition(b"  ") for row in output.stdout.split(b"\0") if row)
    return {(path, digest) for digest, _, path in rows}


def marks_of(engine: Engine, golden: str, labels: Mapping[str, str], name: str) -> dict[bytes, bytes]:
    """See `_marks`, of a golden image; they are read once in this process."""
    with _lock:
        if golden not in _golden_marks:
            with sleeping_container(engine, golden, labels, name) as container:
                _golden_marks[golden] = _marks(engine, container)
        return _golden_marks[golden]


def pack(engine: Engine, container: str, differs: Difference, sink: Callable[[bytes], object]) -> Packed:
    """Write the changed files of a sleeping container to `sink`, as a tar."""
    engine.put(container, "/", {_CHANGED: b"\0".join(differs.changed), _FILES: b"\0".join(differs.files)})
    with ThreadPoolExecutor(1) as pool:
        digests = pool.submit(_digests, engine, container)
        output = engine.read(
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
        if output.status != 0:
            raise EngineError(
                f"La couche du poste n'a pas été lue en entier. Recommencez (détail : {_end(output.stderr)})."
            )
        return Packed(differs, digests.result())


def unpack(engine: Engine, container: str, gone: Iterable[bytes], tar: Iterable[bytes]) -> None:
    """Unpack a layer into a sleeping container of its golden image."""
    engine.put(container, "/", {_GONE: b"\0".join([*gone, f"/{_GONE}".encode()])})
    output = engine.run(container, ["xargs", f"--arg-file=/{_GONE}", "-0", "rm", "-rf", "--"])
    if output.status != 0:
        raise EngineError(f"L'archive n'a pas pu être posée sur son image (détail : {_end(output.stderr)}).")
    engine.put_tar(container, "/", tar)


def read_back(stream: BinaryIO, digests: Mapping[str, str], tar_info: type[tarfile.TarInfo] = tarfile.TarInfo) -> int:
    """Read a whole layer and compare every file in it with its digest; returns the number of entries. ArchiveSpoilt.

    `tar_info` reads an entry's header, and may refuse it.
    """
    left, entries = dict(digests), 0
    linked: list[tuple[str, str]] = []
    try:
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=tar_info) as tar:
            for member in tar:
                entries += 1
                path = f"/{member.name.strip('/')}"
                if member.islnk():
                    linked.append((path, f"/{member.linkname.strip('/')}"))
                    continue
                if not member.isfile():
                    continue
                # e5b packs no sparse files: their length is only announced, and may be endless.
                content = None if member.issparse() else tar.extractfile(member)
                if content is None or left.pop(path, None) != _digest(content):
                    raise ArchiveSpoilt(f"« {printable(path)} » n'y est pas tel qu'il était sur le poste")
    except tarfile.TarError as error:
        raise ArchiveSpoilt(f"la couche du poste est coupée ou abîmée ({error})") from error
    for path, target in linked:
        if left.pop(path, "") != digests.get(target):
            raise ArchiveSpoilt(f"« {printable(path)} » n'y est pas tel qu'il était sur le poste")
    if left:
        raise ArchiveSpoilt(f"il y manque {len(left)} fichier(s), d'abord « {printable(min(left))} »")
    return entries


def _marks(
    engine: Engine, container: str, find: Sequence[str] = _ALL, seconds: float = _DEADLINE
) -> dict[bytes, bytes]:
    """Type, inode and time of change of every path that a command finds in a container, by path."""
    out: list[bytes] = []
    output = engine.read(container, [*find, "-printf", "%p\\t%y %i %C@\\0"], out.append, seconds=seconds)
    passed_over = find != _ALL and all(line.endswith(_PASSED_OVER) for line in output.stderr.splitlines())
    if output.status not in (0, 1) or (output.status and not passed_over):
        raise EngineError(f"Les fichiers du poste n'ont pas été lus en entier (détail : {_end(output.stderr)}).")
    rows = (row.rpartition(b"\t") for row in b"".join(out).split(b"\0") if row)
    return {path: mark for path, _, mark in rows if path not in _ENGINE_FILES and not mark.startswith(b"s")}


def _digests(engine: Engine, container: str) -> dict[str, str]:
    out: list[bytes] = []
    output = engine.read(
        container,
        ["xargs", f"--arg-file=/{_FILES}", "-0", "-r", "sha256sum", "-z", "--"],
        out.append,
        seconds=_DEADLINE,
    )
    if output.status != 0:
        raise EngineError(f"Les fichiers du poste n'ont pas été lus en entier (détail : {_end(output.stderr)}).")
    rows = (row.partition(b"  ") for row in b"".join(out).split(b"\0") if row)
    return {path.decode("utf-8", "surrogateescape"): digest.decode() for digest, _, path in rows}


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def _end(stderr: bytes) -> str:
    return stderr.decode(errors="replace").strip()[-300:] or "sans message"
