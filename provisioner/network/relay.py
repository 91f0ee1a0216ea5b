"""Relays connections from a browser's network to one port outside: the browser's only way out.

A socket stays in the network where it was opened, whichever process has it. So `unprivileged.sh` opens the port in the
browser's network and hands it over, and a thread of this program accepts its connections. It is a thread and no process
of its own, so that it ends with the program, however that ends.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 1 << 16


def route_header(place: int) -> bytes:
    """The first line of a connection to the examiner port: whose copy it is for (Gateway.route_id).

    The relay writes it, before anything that a page makes the browser send, so that one candidate's page can't reach
    another's copy. It is a line of the PROXY protocol, with the place as the port.
    """
    return f"PROXY TCP4 127.0.0.1 127.0.0.1 {place} 80\r\n".encode()


def take_port(handover: socket.socket) -> socket.socket:
    """The listening socket that `unprivileged.sh` hands over before the browser starts."""
    handover.setblocking(False)
    connection, _ = handover.accept()
    with connection:
        _, (descriptor,), _, _ = socket.recv_fds(connection, 1, 1)
    return socket.socket(fileno=descriptor)


@contextmanager
def relayed(
    inside: socket.socket, near: str, port: int, first: bytes = b"", *, tunnels: bool = False
) -> Iterator[None]:
    """Relay connections of that socket to a port outside, during the block; each begins with the bytes `first`.

    With `tunnels` the browser takes that port for a proxy which passes TLS on: what it asks to CONNECT to, whatever that
    is, is that port.
    """
    loop, ended = asyncio.new_event_loop(), asyncio.Event()
    running: set[asyncio.Task[None] | None] = set()  # the loop keeps only weak references to its tasks

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(asyncio.current_task())
        try:
            await carried(reader, writer)
        finally:
            running.discard(asyncio.current_task())

    async def carried(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await _asked(reader, writer) if tunnels else b""
        try:
            outside_reader, outside_writer = await asyncio.open_connection(near, port)
        except OSError:  # nothing listens there: refuse the browser's connection too
            writer.transport.abort()
            return
        outside_writer.write(first + asked)
        try:
            await asyncio.gather(_pump(reader, outside_writer), _pump(outside_reader, writer))
        except (OSError, asyncio.CancelledError):  # one side broke off, or the browser is closed
            outside_writer.transport.abort()
            writer.transport.abort()

    async def serve() -> None:
        server = await asyncio.start_server(carry, sock=inside)
        await ended.wait()
        server.close()

    def work() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=work, name="e5b-relay", daemon=True)
    thread.start()
    try:
        yield
    finally:
        with suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(ended.set)
        thread.join(5)


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """What a browser sent first, to be passed on; empty where it asked for a tunnel, which it was granted."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:  # it has ended the connection
        return error.partial
    except asyncio.LimitOverrunError:  # more than any browser's tunnel
        return b""
    if not head.startswith(b"CONNECT "):
        return head
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    return b""


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
