"""Commands in a container that runs."""

import io
import threading
import time
from collections.abc import Callable, Sequence

from provisioner.core.errors import EngineError
from provisioner.engine.docker.client import Client
from provisioner.engine.docker.connection import STDOUT, Connection
from provisioner.engine.docker.errors import NOT_BEGUN, translated, write_to
from provisioner.engine.protocol import Output

#: How much a command may write, in bytes: what runs in a station is the candidate's, and may write without end.
MAX_OUTPUT = 256 << 20
_ATTEMPTS = 3
#: How long a command may take to end once it has closed its outputs, in seconds, and how often that is asked.
_ENDING, _PAUSE = 10, 0.05


class Commands(Client):
    """The engine's methods on commands."""

    def run(
        self,
        container: str,
        command: Sequence[str],
        *,
        stdin: bytes = b"",
        user: str = "root",
        privileged: bool = False,
        seconds: float = 900,
    ) -> Output:
        """See Engine."""
        stdout = io.BytesIO()

        def sink(data: bytes) -> None:
            _append(stdout, data, command)

        for _ in range(_ATTEMPTS):
            stdout.seek(0)
            stdout.truncate()
            output = self._execute(
                container, command, sink, stdin=stdin, user=user, privileged=privileged, seconds=seconds
            )
            if output.status != 126 or not NOT_BEGUN.match(stdout.getvalue()):
                break
        return Output(output.status, stdout.getvalue(), output.stderr)

    def read(
        self, container: str, command: Sequence[str], sink: Callable[[bytes], object], *, seconds: float = 900
    ) -> Output:
        """See Engine."""
        return self._execute(container, command, sink, seconds=seconds)

    def _execute(
        self,
        container: str,
        command: Sequence[str],
        sink: Callable[[bytes], object],
        *,
        stdin: bytes = b"",
        user: str = "root",
        privileged: bool = False,
        seconds: float = 900,
    ) -> Output:
        with translated(f"Commande {command[0]}"):
            created = self._api.exec_create(
                container, list(command), stdin=bool(stdin), user=user, privileged=privileged
            )
            connection = Connection(self._api.exec_start(created["Id"], socket=True))
            stderr = _communicate(connection, command, sink, stdin, seconds)
            status = self._exit_status(created["Id"])
        if status is None:
            raise EngineError(f"La commande {command[0]} a fermé ses sorties sans finir en {_ENDING} secondes.")
        return Output(status, b"", stderr)

    def _exit_status(self, command_id: str) -> int | None:
        """Waits for it: the outputs may close a moment before Docker knows that the command has ended."""
        for _ in range(round(_ENDING / _PAUSE)):
            status = self._api.exec_inspect(command_id)["ExitCode"]
            if status is not None:
                return int(status)
            time.sleep(_PAUSE)
        return None


def _communicate(
    connection: Connection, command: Sequence[str], sink: Callable[[bytes], object], stdin: bytes, seconds: float
) -> bytes:
    """Write `stdin`, hand standard output to `sink`, close; gives standard error. EngineError after so many seconds."""
    connection.wait_for_ever()  # the timer ends it
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        connection.shut_down()

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    stderr = io.BytesIO()
    try:
        if stdin:
            connection.send(stdin)
        for number, data in connection.frames():
            if number == STDOUT:
                write_to(sink, data)
            else:
                _append(stderr, data, command)
    except OSError:
        if not expired.is_set():
            raise
    finally:
        timer.cancel()
        connection.close()
    if expired.is_set():
        raise EngineError(f"La commande {command[0]} n'a pas fini en {seconds:.0f} secondes.")
    return stderr.getvalue()


def _append(buffer: io.BytesIO, data: bytes, command: Sequence[str]) -> None:
    buffer.write(data)
    if buffer.tell() > MAX_OUTPUT:
        raise EngineError(f"La commande {command[0]} écrit sans fin : elle a été abandonnée.")
