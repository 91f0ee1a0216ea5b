"""The raw connection to a command in a container, or to a container's standard input.

This is the one place that uses private attributes of docker-py. The library gives the socket, and nothing that writes to
a command, ends the writing, gives up at a deadline and reads all that the command wrote: whoever reads the socket that it
gives loses what came together with the head of the answer (docker-py, issue 3332).

The `docker exec` command, which python-on-whales runs, is no way out. It costs a process for each command, whose time is
1.2 to 1.4 times that of this connection and whose work is five times as much (benchmarks/ratios.py, `exec`). Above all, it
mixes Docker's refusals with the command's own output and exit status: they would have to be told apart by English words
that a candidate's program can write as well. And python-on-whales gives a command no standard input.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from provisioner.engine.docker.api import Stream

#: The number of a command's standard output among its streams.
STDOUT = 1


class Connection:
    """A connection that Docker has given over."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._socket = stream._sock

    def wait_for_ever(self) -> None:
        """Let reads and writes wait without a time-out: `shut_down` ends them."""
        self._socket.settimeout(None)

    def send(self, data: bytes) -> None:
        """Write all of it, and close standard input."""
        self._socket.sendall(data)
        self._socket.shutdown(socket.SHUT_WR)

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """See `frames`. It reads from the reader that read the head of the answer, which has read ahead."""
        return frames(self._stream._response.raw._fp.fp)

    def shut_down(self) -> None:
        """End whatever waits on this connection, in any thread."""
        with suppress(OSError):  # closed meanwhile
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close it."""
        self._stream.close()


def frames(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """What a command writes, each piece with the number of the stream that it was written to.

    Raises ConnectionResetError when the connection ends in the middle of a piece.
    """
    while head := stream.read(8):
        number, size = struct.unpack(">BxxxL", head) if len(head) == 8 else (0, 1)
        data = stream.read(size)
        if len(data) < size:
            raise ConnectionResetError("the engine stopped in the middle of what a command wrote")
        yield number, data
