"""The program as a technician runs it: a process of its own, which a terminal may send Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import pytest

_ENGLISH = (
    "Traceback",
    "Error:",
    "Usage",
    "No such",
    "Missing",
    "Invalid",
    "unexpected",
    "Exception ignored",
    "Warning",
)


@dataclass(frozen=True)
class Ran:
    """How a command ended; `process` is the number that it had."""

    code: int
    out: str
    err: str
    process: int

    @property
    def sentence(self) -> str:
        """The one sentence that it ended with; fails on none, on several, on a traceback or on English."""
        assert not [word for word in _ENGLISH if word in self.err], self.err
        (line,) = [line for line in self.err.splitlines() if line.startswith("e5b : ")]
        assert line.endswith((".", " ?")), line
        assert self.err.splitlines()[-1] == line
        return line.removeprefix("e5b : ")


class Program:
    """Runs e5b in this environment; `first` is Python that changes it before it begins."""

    def __init__(self, environment: Mapping[str, str], first: str = "") -> None:
        self.environment = {**os.environ, **environment}
        self._first = first

    def changed(self, first: str = "", **environment: str) -> "Program":
        """The same, otherwise."""
        return Program({**self.environment, **environment}, first or self._first)

    def run(self, *words: str, seconds: float = 300) -> Ran:
        """To its end, which comes in so many seconds."""
        with self._begun(*words) as process:
            out, err = process.communicate(timeout=seconds)
        return Ran(process.returncode, out, err, process.pid)

    def interrupted(self, *words: str, at: str, by: int = signal.SIGINT, times: int = 1, everyone: bool = True) -> Ran:
        """Sent a signal at the first line that matches `at`. `everyone`: its children too, as a terminal does."""
        with self._begun(*words) as process:
            assert process.stderr is not None
            told = ""
            late = Timer(300, os.killpg, (process.pid, signal.SIGKILL))
            late.start()
            try:
                for line in process.stderr:
                    told += line
                    if re.search(at, line):
                        break
                else:
                    pytest.fail(f"it ended, or took 300 seconds, before « {at} »: {told}")
            finally:
                late.cancel()
            for _ in range(times):
                if everyone:
                    os.killpg(process.pid, by)
                else:
                    process.send_signal(by)
            out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out, told + err, process.pid)

    @contextmanager
    def _begun(self, *words: str) -> "Iterator[subprocess.Popen[str]]":
        code = f"{self._first}\nfrom provisioner.entry import main\nmain()"
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            env=self.environment,
            text=True,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


def interrupting(module: str, function: str) -> str:
    """Python, for `first`: the whole group is sent Ctrl-C each time that this function of `package.module` begins."""
    package, name = module.split(".")
    return (
        f"import os, signal\nfrom provisioner.{package} import {name}\n"
        f"real = {name}.{function}\n"
        "def interrupted(*rest, **named):\n"
        "    os.killpg(0, signal.SIGINT)\n"
        "    return real(*rest, **named)\n"
        f"{name}.{function} = interrupted"
    )


@contextmanager
def small_disk(folder: Path, files: int) -> Iterator[Path]:
    """A disk that is full once it holds so many files and folders; skips where it can't be made."""
    folder.mkdir()
    options = f"size=8m,mode=1777,nr_inodes={files + 1}"
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"a small disk can't be mounted{'' if os.geteuid() == 0 else ', only root may (optional)'}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
