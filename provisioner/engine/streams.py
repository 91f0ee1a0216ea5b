"""Readers and writers that stand between a stream and its other end."""

import hashlib
import io
from collections.abc import Callable
from typing import Protocol


class ByteSource(Protocol):
    """What is read: an open file, or a reader that decompresses one."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at its end."""


class HashingReader(io.RawIOBase):
    """Takes the digest (SHA-256) of a stream while it is read."""

    def __init__(self, stream: ByteSource) -> None:
        super().__init__()
        self._stream, self.digest = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """See RawIOBase."""
        data = self._stream.read(size)
        self.digest.update(data)
        return data

    def rest(self) -> None:
        """Read what is left."""
        while self.read(1 << 20):
            pass


class FullReader(io.RawIOBase):
    """Gives as many bytes as were asked for, until the stream ends: tarfile takes fewer for its end."""

    def __init__(self, stream: ByteSource) -> None:
        super().__init__()
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """See RawIOBase."""
        pieces = []
        while size and (data := self._stream.read(size)):
            pieces.append(data)
            size -= len(data)
        return b"".join(pieces)


class Counted:
    """Passes on what is written, and counts the bytes."""

    def __init__(self, sink: Callable[[bytes], object]) -> None:
        self._sink, self.bytes = sink, 0

    def write(self, data: bytes) -> None:
        """Pass these bytes on."""
        self.bytes += len(data)
        self._sink(data)
