"""Streams that are looked at while something else reads them."""

import hashlib
import io
from typing import Any


class Watched(io.RawIOBase):
    """A stream whose digest is taken while it is read."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._stream, self.digest = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """See RawIOBase."""
        data: bytes = self._stream.read(size)
        self.digest.update(data)
        return data

    def rest(self) -> None:
        """Read what is left."""
        while self.read(1 << 20):
            pass


class Readable(io.RawIOBase):
    """Gives as many bytes as were asked for, as tarfile wants them."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """See RawIOBase."""
        pieces = []
        while size and (data := self._stream.read(size)):
            pieces.append(data)
            size -= len(data)
        return b"".join(pieces)
