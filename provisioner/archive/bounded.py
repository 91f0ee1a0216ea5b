"""Reads what an archive holds within bounds: whoever wrote it may mean to fill this machine's memory, or its time."""

import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Self

import zstandard

from provisioner.core.errors import ArchiveSpoilt
from provisioner.engine.streams import ByteSource

#: How long a document of an archive may be, in bytes.
_LONGEST = 64 << 20
#: How long a manifest may be, in bytes: it has a line for each file of a report, and for each that was removed from the
#: golden image, which has some ten thousands. Read as JSON, it takes many times as much memory.
LONGEST_MANIFEST = 16 << 20
#: How long what a candidate makes longer may be, in bytes: the digests of all files, the refused tries.
LONGEST_LIST = 256 << 20
#: How much all members but the layer may come to, in bytes: reports with their screenshots.
_MOST_MEMBERS = 4 << 30
#: How much an unpacked layer may come to, whatever its manifest says; of an earlier version, it says nothing.
_MOST_UNPACKED = 64 << 30
#: How long the names in a tar's extended headers may be: the library takes them into memory whole.
_LONGEST_HEADER = 1 << 20
_EXTENDED = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
_BLOCK = 1 << 20
#: A path is at most 4096 bytes long, of which each is escaped by six at most.
_LONGEST_LINE = 1 << 15
_DIGEST_LINE = re.compile(rb"([0-9a-f]{64})  (.*)\n")


class BoundedTarInfo(tarfile.TarInfo):
    """An entry of a tar whose extended headers are of a sensible length."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str | None, errors: str) -> Self:
        """See TarInfo; ArchiveSpoilt where a header says that it is longer than any name."""
        entry = super().frombuf(buf, encoding, errors)  # type: ignore[arg-type]
        if entry.type in _EXTENDED and not 0 <= entry.size <= _LONGEST_HEADER:
            raise ArchiveSpoilt("la couche du poste a un nom de fichier d'une longueur impossible")
        return entry


class BoundedReader(io.RawIOBase):
    """Gives what a stream has, and refuses what goes beyond so many bytes."""

    def __init__(self, stream: ByteSource, most: int) -> None:
        super().__init__()
        self._stream, self._left = stream, most

    def read(self, size: int = -1) -> bytes:
        """See RawIOBase; ArchiveSpoilt beyond the bound."""
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ArchiveSpoilt("la couche du poste se déplie en plus d'octets que son manifeste n'en annonce")
        return data


def unpacked(packed: IO[bytes] | io.RawIOBase, most: int | None) -> BoundedReader:
    """What a compressed layer unpacks to, at most so many bytes; None where its manifest doesn't say how many."""
    bound = _MOST_UNPACKED if most is None else min(most, _MOST_UNPACKED)
    return BoundedReader(zstandard.ZstdDecompressor().stream_reader(packed), bound)  # type: ignore[arg-type]


def pieces(reader: BoundedReader) -> Iterator[bytes]:
    """All that a reader gives, in pieces."""
    while data := reader.read(_BLOCK):
        yield data


def member(bundle: zipfile.ZipFile, name: str, most: int = _LONGEST) -> bytes:
    """A document of an archive, whole; KeyError where there is none, ArchiveSpoilt where it is too long."""
    size = bundle.getinfo(name).file_size
    if size > most:
        raise ArchiveSpoilt(f"« {name} » y est trop grand pour être lu")
    with bundle.open(name) as file:
        return file.read(size + 1)  # `ZipFile.read` unpacks all that there is, however much more that is than it says


def digest_lines(bundle: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str]]:
    """The (escaped path, digest) of each line of a member, one after another. ArchiveSpoilt where a line isn't of that form."""
    size = bundle.getinfo(name).file_size
    if size > LONGEST_LIST:
        raise ArchiveSpoilt(f"« {name} » y est trop grand pour être lu")
    with bundle.open(name) as file:
        while line := file.readline(_LONGEST_LINE):
            match = _DIGEST_LINE.fullmatch(line)
            size -= len(line)
            if match is None or size < 0:
                raise ArchiveSpoilt(f"« {name} » n'y est pas tel qu'il a été écrit")
            yield match[2].decode(), match[1].decode()


def json_object(data: bytes, what: str) -> dict[str, Any]:
    """The JSON object in these bytes; ArchiveSpoilt where it is anything else. `what` it is, in French."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ArchiveSpoilt(f"{what} n'est pas lisible") from error
    if not isinstance(document, dict):
        raise ArchiveSpoilt(f"{what} n'est pas lisible")
    return document


def refuse_odd_members(bundle: zipfile.ZipFile, layer: str) -> None:
    """ArchiveSpoilt where two members have one name, or where they come to more than an archive's can."""
    names = bundle.namelist()
    # The library unpacks the other kinds by whole blocks, whatever they come to.
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in bundle.infolist()):
        raise ArchiveSpoilt("elle est compressée comme e5b ne le fait pas")
    if len(names) != len(set(names)):
        raise ArchiveSpoilt("deux de ses fichiers ont le même nom")
    if sum(info.file_size for info in bundle.infolist() if info.filename != layer) > _MOST_MEMBERS:
        raise ArchiveSpoilt("elle se déplie en plus d'octets qu'une archive n'en a")
