"""The log for developers: `e5b.log` in the state folder, and standard error with `-v`.

An error that a user reads in one sentence keeps its cause here. No secret is written (see core/masking.py). The file is
1 MB long, with three older ones beside it; several commands may write to it at the same time. It is never a reason
for a command to fail: where it can't be written, nothing is.
"""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from filelock import FileLock, Timeout

from provisioner.core.masking import masked
from provisioner.host.disk import hand_back, serves_others

NAME = "e5b.log"
_BYTES, _OLDER = 1_000_000, 3
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
#: Set in a record (`extra=ON_SCREEN`) whose text a person reads on the screen anyway.
ON_SCREEN = {"on_screen": True}
#: How long to wait, in seconds, for another command that rotates the file.
_PATIENCE = 2
_OURS = "provisioner"


def harmless(text: str) -> str:
    """A text for developers, without secrets, nor what commands a terminal."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", lambda sign: f"\\x{ord(sign[0]):02x}", masked(text))


class _Masked(logging.Formatter):
    """Formats a record, its traceback included, without secrets, nor what commands a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return harmless(super().format(record))


class _SharedFile(RotatingFileHandler):
    """A rotating file of mode 0600 that several processes write to, and that never raises nor prints."""

    def _open(self) -> TextIOWrapper:
        opened = os.open(
            self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
        hand_back(Path(self.baseFilename))
        return os.fdopen(opened, "a", encoding="utf-8", errors="backslashreplace")

    def shouldRollover(self, record: logging.LogRecord) -> int:  # noqa: N802, the library's name
        if not self._is_current():
            self._reopen()
        return int(super().shouldRollover(record))

    def doRollover(self) -> None:  # noqa: N802, the library's name
        with _alone(Path(self.baseFilename).parent):
            if self._is_current():  # else another command has rotated it meanwhile
                super().doRollover()
            else:
                self._reopen()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, the library's name
        """Say nothing: the disk is full or read-only, and the command goes on."""

    def _is_current(self) -> bool:
        """Whether the open file is still the one of that name; true where none is open."""
        if self.stream is None:
            return True
        try:
            named, opened = Path(self.baseFilename).stat(), os.fstat(self.stream.fileno())
        except OSError:
            return False
        return (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)

    def _reopen(self) -> None:
        if self.stream is not None:
            self.stream.close()
        self.stream = self._open()


class _NotOnScreen(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return not getattr(record, "on_screen", False)


def start(folder: Path) -> None:
    """Write to the log in this state folder, once it exists; what libraries log below a warning is left out.

    The folder is not made for it: whoever makes it also gives it its owner and its mode. In a folder that serves others
    nothing is written. Nothing of the log reaches the
    screen. A call takes the place of an earlier one.
    """
    stop()
    root = logging.getLogger()
    root.addHandler(logging.NullHandler())  # without a handler, Python prints warnings
    logging.raiseExceptions = False  # a screen that went away is no traceback
    logging.getLogger(_OURS).setLevel(logging.DEBUG)
    if serves_others(folder):  # State refuses it
        return
    file = _SharedFile(folder / NAME, maxBytes=_BYTES, backupCount=_OLDER, encoding="utf-8", delay=True)
    file.setFormatter(_Masked(_FORMAT))
    root.addHandler(file)


def show(stream: TextIO) -> None:
    """Show the log on this stream too, and what libraries have to say."""
    screen = logging.StreamHandler(stream)
    screen.setFormatter(_Masked(_FORMAT))
    screen.addFilter(_NotOnScreen())
    logging.getLogger().addHandler(screen)
    logging.getLogger().setLevel(logging.INFO)


def stop() -> None:
    """Undo `start` and `show`."""
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for handler in list(root.handlers):
        if isinstance(handler, _SharedFile | logging.NullHandler) or isinstance(handler.formatter, _Masked):
            root.removeHandler(handler)
            handler.close()


def forget_before(folder: Path, first: date) -> None:
    """Remove what was logged before that day: sentences of errors may name candidates."""
    with _alone(folder):
        for path in (folder / NAME, *(folder / f"{NAME}.{number}" for number in range(1, _OLDER + 1))):
            with suppress(OSError):
                lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
                left = _since(lines, first)
                if not left:
                    path.unlink()
                elif len(left) < len(lines):
                    # In place: the commands that have it open go on at its new end.
                    path.write_text("".join(left), encoding="utf-8")


def _since(lines: list[str], first: date) -> list[str]:
    """The lines from the first record of that day on; a traceback's lines have no date."""
    for number, line in enumerate(lines):
        with suppress(ValueError):
            if date.fromisoformat(line[:10]) >= first:
                return lines[number:]
    return []


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Alone among the processes that rotate the log, or after a while nevertheless."""
    locks = folder / "locks"
    lock = FileLock(locks / "log.lock")
    with suppress(OSError, Timeout):
        locks.mkdir(exist_ok=True)
        lock.acquire(timeout=_PATIENCE)
        hand_back(locks)
    try:
        yield
    finally:
        lock.release()
