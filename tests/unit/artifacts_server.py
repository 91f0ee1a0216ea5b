"""A web server that behaves as badly as it is told to, for the store's tests."""

import itertools
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

Answer = Callable[[BaseHTTPRequestHandler], None]


class Shelf:
    """Answers by path; each path's answers come in turn and the last one repeats."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.scheme = "http"

    def start(self) -> None:
        """Listen; after a stop, at the same port as before."""
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                shelf.asked.append((self.path, dict(self.headers.items())))
                self.close_connection = True
                answers = shelf.answers.get(self.path, [refusal(404)])
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                with suppress(BrokenPipeError, ConnectionResetError):  # the client has gone
                    answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        """Go away: connections are refused from now on."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def encrypt(self, folder: Path) -> Path:
        """From now on over TLS; gives the certificate of the authority that vouches for it."""
        authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        assert self._server
        # The handshake is left to the thread that answers.
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.scheme = "https"
        authority.cert_pem.write_to_path(folder / "authority.pem")
        return folder / "authority.pem"

    def url(self, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def ranges(self) -> list[str]:
        """The Range of each request so far, empty where it had none."""
        return [headers.get("Range", "") for _, headers in self.asked]


@contextmanager
def shelf() -> Iterator[Shelf]:
    served = Shelf()
    served.start()
    try:
        yield served
    finally:
        served.stop()


def _send(to: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    to.send_response(status)
    for name, value in {"Connection": "close", **headers}.items():
        to.send_header(name, value)
    to.end_headers()
    to.wfile.write(body)
    to.wfile.flush()


def whole(body: bytes, tag: str = '"one"') -> Answer:
    """A good server: it gives the file, or the rest of it to who has this very file's beginning."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        wanted, same = to.headers.get("Range"), to.headers.get("If-Range", tag) == tag
        headers = {"ETag": tag} if tag else {}
        if not wanted or not same:
            return _send(to, 200, {**headers, "Content-Length": str(len(body))}, body)
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(body):
            return _send(to, 416, {"Content-Range": f"bytes */{len(body)}", "Content-Length": "0"}, b"")
        headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return _send(to, 206, {**headers, "Content-Length": str(len(body) - start)}, body[start:])

    return answer


def cut(body: bytes, at: int, tag: str = '"one"') -> Answer:
    """Announces the whole file and hangs up after `at` bytes."""
    headers = {"Content-Length": str(len(body)), **({"ETag": tag} if tag else {})}
    return lambda to: _send(to, 200, headers, body[:at])


def saying(body: bytes, length: int) -> Answer:
    """Lies about the length."""
    return lambda to: _send(to, 200, {"Content-Length": str(length)}, body)


def plain(body: bytes) -> Answer:
    """Ignores Range, says no length and hangs up at the end."""
    return lambda to: _send(to, 200, {}, body)


def labelled(body: bytes, encoding: str) -> Answer:
    """Takes the archive's own compression for one of the transfer, as some servers do."""
    return lambda to: _send(to, 200, {"Content-Encoding": encoding, "Content-Length": str(len(body))}, body)


def claiming(body: bytes, content_range: str) -> Answer:
    """Answers 206 with a Content-Range of its own invention."""
    headers = {"Content-Range": content_range, "Content-Length": str(len(body))}
    return lambda to: _send(to, 206, headers, body)


def refusal(status: int) -> Answer:
    return lambda to: _send(to, status, {"Content-Length": "0"}, b"")


def redirect(to_url: str) -> Answer:
    return lambda to: _send(to, 302, {"Location": to_url, "Content-Length": "0"}, b"")


def stuck(body: bytes, at: int, until: threading.Event) -> Answer:
    """Sends `at` bytes and then nothing until the event."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        _send(to, 200, {"Content-Length": str(len(body)), "ETag": '"one"'}, body[:at])
        until.wait(20)

    return answer


def dripping(head: bytes, more: bytes, until: threading.Event) -> Answer:
    """Begins so, and then sends these bytes, one by one and over again, until the event."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(head)
        for byte in itertools.cycle(more):
            to.wfile.write(bytes([byte]))
            to.wfile.flush()
            if until.wait(0.02):
                return

    return answer


def slowly(body: bytes, pieces: int, seconds: float) -> Answer:
    """A line that is slow, and never silent for long."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        _send(to, 200, {"Content-Length": str(len(body))}, b"")
        size = len(body) // pieces + 1
        for start in range(0, len(body), size):
            time.sleep(seconds)
            to.wfile.write(body[start : start + size])
            to.wfile.flush()

    return answer


def late(then: Answer, after: threading.Event, arrived: threading.Event) -> Answer:
    """Says that a request arrived, and answers it only after the event."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        arrived.set()
        after.wait(20)
        then(to)

    return answer
