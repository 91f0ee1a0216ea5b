"""An engine of a test's own, on a disk and in a network namespace of its own: the machine's goes on."""

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NEW_NETWORK = 0x40000000
_DISK = 4 << 30


@contextmanager
def away() -> Iterator[None]:
    """This thread, and whatever it starts, in a network namespace that has nothing but loopback."""
    system = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        if system.unshare(_NEW_NETWORK):
            raise OSError(ctypes.get_errno(), "unshare")
        try:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            yield
        finally:
            assert system.setns(home, _NEW_NETWORK) == 0
    finally:
        os.close(home)


class OwnEngine:
    """A Docker daemon whose data are on a small disk of its own, which `fill` and `free` change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.host = f"unix://{folder}/docker.sock"
        self.disk = folder / "data"
        self.disk.mkdir()
        image = folder / "disk"
        with image.open("wb") as file:
            file.truncate(_DISK)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True)
        subprocess.run(["mount", "-o", "loop", str(image), str(self.disk)], check=True)

    def fill(self) -> None:
        """Leave no room on its disk."""
        left = os.statvfs(self.disk)
        with (self.disk / "plein").open("wb", buffering=0) as file:
            os.posix_fallocate(file.fileno(), 0, max(left.f_bfree * left.f_frsize - (128 << 20), 1))
            file.seek(0, os.SEEK_END)
            for size in (1 << 20, 4096):
                with suppress(OSError):
                    while True:
                        file.write(bytes(size))

    def free(self) -> None:
        """Give the room back."""
        (self.disk / "plein").unlink()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        at = self._folder
        (at / "daemon.json").write_text("{}")
        with (at / "log").open("ab") as log:
            self._daemon = subprocess.Popen(
                [
                    "dockerd",
                    f"--config-file={at}/daemon.json",
                    f"--host={self.host}",
                    f"--pidfile={at}/pid",
                    f"--data-root={self.disk}/docker",
                    f"--exec-root={at}/exec",
                    f"--containerd-namespace=e5b-{os.getpid()}",
                    f"--containerd-plugins-namespace=e5b-{os.getpid()}-plugins",
                ],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self._asked("version").returncode == 0:
                return
            time.sleep(0.2)
        raise TimeoutError((at / "log").read_text()[-2000:])

    def kill(self, *, and_containerd: bool = False) -> None:
        """As a machine out of memory would, in the middle of whatever it does; then it starts again."""
        if and_containerd:
            self._kill_containerd()
        self._daemon.kill()
        self._daemon.wait()
        time.sleep(1)
        self.start()

    def take(self, image: str) -> None:
        """Copy an image of the machine's engine, with its name."""
        with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saved:
            subprocess.run(
                ["docker", f"--host={self.host}", "load"],
                stdin=saved.stdout,
                check=True,
                capture_output=True,
                timeout=300,
            )
        assert saved.returncode == 0

    def end(self) -> None:
        """Stop it, and remove its folder."""
        self._daemon.terminate()
        try:
            self._daemon.wait(60)
        except subprocess.TimeoutExpired:
            self._daemon.kill()
        self._kill_containerd()
        # One that is killed leaves its mounts behind.
        mounts = (line.split()[1] for line in Path("/proc/mounts").read_text().splitlines())
        for mount in sorted((one for one in mounts if one.startswith(f"{self._folder}/")), reverse=True):
            subprocess.run(["umount", "--lazy", mount], check=True)  # what was killed may hold it for a moment
        shutil.rmtree(self._folder)

    def _kill_containerd(self) -> None:
        own = self._folder / "exec/containerd/containerd.pid"
        with suppress(FileNotFoundError, ProcessLookupError):  # the machine's may serve this daemon too, and stays
            os.kill(int(own.read_text()), signal.SIGKILL)

    def _asked(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(["docker", f"--host={self.host}", *words], capture_output=True, text=True, timeout=120)
