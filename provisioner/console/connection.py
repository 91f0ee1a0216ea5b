"""A browser's connection to the console, which keeps no others out."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

#: How long a connection may be without a whole request, in seconds; at most twice that.
_PATIENCE = 10.0
#: How many connections one machine may have. A browser opens six at most, and several browsers may be open.
_OF_ONE = 50


class Connection(H11Protocol):
    """Is closed where its browser owes a request for long, or its machine has too many.

    uvicorn waits for a first request, and for the rest of one, as long as it takes, and refuses everybody once there are
    `limit_concurrency` connections.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """See asyncio.Protocol."""
        super().connection_made(transport)
        machines = [each.client[0] for each in self.connections if isinstance(each, H11Protocol) and each.client]
        if self.client and machines.count(self.client[0]) > _OF_ONE:
            transport.abort()
            return
        self.loop.call_later(_PATIENCE, self._look, None)

    def _look(self, owed: object) -> None:
        """Close the connection where it owes a request since the last look: `owed` is the one that it had before then."""
        if self.transport.is_closing():
            return
        cycle = self.cycle
        owes = cycle is None or cycle.response_complete or cycle.more_body
        if owes and cycle is owed:
            self.transport.abort()
        else:
            self.loop.call_later(_PATIENCE, self._look, cycle if owes else self)
