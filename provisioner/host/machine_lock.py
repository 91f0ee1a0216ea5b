"""A lock that there is once on a machine, whoever works on it and with whatever state folder.

It is a socket with a name in the kernel: no file that another user could not open, and a process that dies, however,
lets it go. It says who has it.
"""

import errno
import os
import pwd
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from provisioner.core.errors import Busy
from provisioner.core.waiting import wait_until


@contextmanager
def alone_on_the_machine(name: str, what: str, seconds: float, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of that name among all processes of this machine; `what` it guards, in French.

    `tell` is given a sentence where another process has it. Busy, which names that process, after so many seconds.
    """
    at = f"\0e5b-{name}"
    with socket.socket(socket.AF_UNIX) as lock:

        def holder() -> str:
            try:
                lock.bind(at)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                return _holder_of(at)
            lock.listen()
            return ""

        if other := holder():
            tell(f"Attente de {other}, qui s'occupe de {what} : il n'y en a qu'un à la fois sur cette machine")
            if other := wait_until(holder, seconds, pause=0.2):
                raise Busy(
                    f"Depuis {seconds:.0f} secondes, {other} s'occupe de {what}, et il n'y en a qu'un à la fois sur cette machine. "
                    "Attendez sa fin, ou arrêtez-la, puis recommencez : rien n'a été changé."
                )
        yield


def _holder_of(at: str) -> str:
    """The command that has the lock, in French, as far as the kernel says it."""
    with socket.socket(socket.AF_UNIX) as asking, suppress(OSError):
        asking.settimeout(1)
        asking.connect(at)
        size = struct.calcsize("3i")
        process, user, _ = struct.unpack("3i", asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
        if not process:  # of another namespace of processes
            return "une autre commande"
        if user == os.geteuid():
            return f"une autre commande (processus {process})"
        with suppress(KeyError):
            return f"une commande de l'utilisateur {pwd.getpwuid(user).pw_name} (processus {process})"
        return f"une commande d'un autre utilisateur (processus {process})"
    return "une autre commande"
