"""Who has a port of this machine, as far as the kernel tells it to this user: for the sentence that says that it is taken."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from provisioner.engine.protocol import ContainerState, Engine

#: The kernel's tables of sockets, and the state in which one there has its port for itself.
_TABLES = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}


def holder_of(engine: Engine, port: int, proc: Path = Path("/proc")) -> str:
    """A French phrase for who has that port; empty where nobody listens there.

    Where it is nobody, the port of a container or a connection that has just ended is being given up.
    """
    sockets = _listening(port, proc)
    if not sockets:
        return ""
    for process in _processes(proc):
        if (container := _published(engine, process, port)) is not None:
            return container
    for process in _processes(proc):
        if _has(process, sockets):
            return f"le programme « {_name(process)} » (processus {process.name})"
    return "un programme d'un autre utilisateur, que le système ne nomme qu'à l'administrateur"


def _listening(port: int, proc: Path) -> set[str]:
    """The sockets that have the port, as links of /proc name them."""
    sockets = set()
    for table, state in _TABLES.items():
        with suppress(OSError):
            for line in (proc / "net" / table).read_text(encoding="ascii").splitlines()[1:]:
                columns = line.split()
                if int(columns[1].rpartition(":")[2], 16) == port and columns[3] == state:
                    sockets.add(f"socket:[{columns[9]}]")
    return sockets


def _processes(proc: Path) -> Iterator[Path]:
    return (folder for folder in sorted(proc.iterdir()) if folder.name.isdigit())


def _published(engine: Engine, process: Path, port: int) -> str | None:
    """A phrase for the container whose published port the process serves, Docker's proxy; None where it is another."""
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None
    options = dict(zip(words[1::2], words[2::2], strict=False))
    if Path(words[0]).name != "docker-proxy" or options.get("-host-port") != str(port):
        return None
    address = options.get("-container-ip", "?")
    for kind in ("gateway", "view-door"):
        for container in engine.containers(kind=kind):
            if address in container.networks.values():
                return _in_french(container)
    return f"un conteneur de Docker, à l'adresse {address} (« docker ps » le montre)"


def _in_french(container: ContainerState) -> str:
    if view := container.labels.get("e5b.view"):
        return f"une archive rouverte (« e5b archive close {view} » la referme)"
    room = container.labels.get("e5b.room", "")
    return f"l'entrée de la salle « {room} » (« e5b down --room {room} » la ferme)"


def _has(process: Path, sockets: set[str]) -> bool:
    with suppress(OSError):  # another user's, or it has just ended
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):
                if str(descriptor.readlink()) in sockets:
                    return True
    return False


def _name(process: Path) -> str:
    with suppress(OSError):
        return re.sub(r"[^\w.+-]", "?", (process / "comm").read_text(encoding="utf-8", errors="replace").strip())
    return "?"
