"""Ends an answer over HTTP that doesn't end by itself: httpx's own time-out begins anew with each byte that comes."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any


class Patience:
    """Hears of each connection that a request makes, and shuts it when its time is over.

    `seconds` is what the head of an answer may take, from the moment when its connection is there. A connection must
    be one request's own (no keep-alive): of one that is used again, nothing is heard.
    """

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._seconds = seconds
        self._socket: socket.socket | None = None
        self._timer: threading.Timer | None = None

    def hear(self, event: str, told: Mapping[str, Any]) -> None:
        """For httpx's `extensions={"trace": …}`."""
        if event.endswith((".connect_tcp.started", ".start_tls.started")):
            self.end()  # these have a time-out that nobody puts off
        elif event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = told["return_value"].get_extra_info("socket")
            self.allow(self._seconds)

    def allow(self, seconds: float) -> None:
        """From now on it may take so long."""
        self.end()
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """Wait for nothing any more."""
        if self._timer:
            self._timer.cancel()

    def _shut(self) -> None:
        self.over = True
        with suppress(OSError):  # closed meanwhile
            if self._socket:
                # Not TLS's own: another thread reads there, and is only to be woken.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
