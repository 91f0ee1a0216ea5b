"""A deadline for an answer over HTTP: httpx's own time-out begins anew with each byte that comes."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol, cast


class _NetworkStream(Protocol):
    """httpcore's connection."""

    def get_extra_info(self, info: str) -> socket.socket | None: ...


class AnswerDeadline:
    """Follows the connections that a request makes, and shuts the last one down when its time is over.

    `seconds` is how long the head of an answer may take, from the moment when its connection is there. A connection
    must serve one request only (no keep-alive): httpx reports nothing of one that is used again.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._seconds = seconds
        self._socket: socket.socket | None = None
        self._timer: threading.Timer | None = None

    def trace(self, event: str, info: Mapping[str, object]) -> None:
        """For httpx's `extensions={"trace": …}`."""
        if event.endswith((".connect_tcp.started", ".start_tls.started")):
            self.cancel()  # these have a time-out of their own, which no byte puts off
        elif event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = cast(_NetworkStream, info["return_value"]).get_extra_info("socket")
            self.restart(self._seconds)

    def restart(self, seconds: float) -> None:
        """From now on it may take so long."""
        self.cancel()
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Let it take as long as it will."""
        if self._timer:
            self._timer.cancel()

    def _expire(self) -> None:
        self.expired = True
        with suppress(OSError):  # closed meanwhile
            if self._socket:
                # Not the method of a TLS socket: another thread reads there, and is only to be woken.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
