"""What e5b asks of a container engine; the package `docker` is the one implementation.

Everything that e5b makes carries labels, and is found and removed by label only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

#: Every label begins with this. `e5b.kind` says what a container, an image or a network is for.
LABEL = "e5b."
#: The end of a container's name while Docker is made to give up its old address.
RENAMED_SUFFIX = "-sans-adresse"


@dataclass(frozen=True)
class Join:
    """A network that a container is created in, and its address there."""

    network: str
    address: str


@dataclass(frozen=True)
class Rates:
    """What a container may read and write of the engine's disk in a second: MiB, and operations."""

    read_mib: int
    write_mib: int
    reads: int
    writes: int


@dataclass(frozen=True)
class Limits:
    """What a container may take: memory in MiB, number of processes, and of the machine's processors and disk.

    `processors` is a part of them all, 0 < processors <= 1, that counts once `Engine.bound_processors` is asked. `weight` says how much of a processor
    that others want as well: a container without it has 1024. What an engine can't bound stays unbounded.
    """

    memory_mib: int
    processes: int
    processors: float = 1
    weight: int = 1024
    disk: Rates | None = None


@dataclass(frozen=True)
class ContainerSpec:
    """A container to be created.

    `ports` maps ports inside (53, "53/udp") to (address, port) of the machine. `host_network`: it shares the machine's
    network; `host_processes`: and sees the machine's processes. `dns`: the name servers that the engine asks for it. By
    default it is the container itself, where none answers: some engines ask from the machine's side, whatever the
    container's network lets through. Empty: the engine's own name servers.
    """

    name: str
    image: str
    labels: Mapping[str, str]
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    join: Join | None = None
    ports: Mapping[int | str, tuple[str, int]] = field(default_factory=dict)
    limits: Limits | None = None
    capabilities: tuple[str, ...] | None = None
    hosts: Mapping[str, str] = field(default_factory=dict)
    stdin: bool = False
    restart: bool = False
    internet: bool = False
    host_network: bool = False
    host_processes: bool = False
    sysctls: Mapping[str, str] = field(default_factory=dict)
    dns: tuple[str, ...] = ("127.0.0.1",)


@dataclass(frozen=True)
class ContainerState:
    """A container as the engine knows it. `created` is in RFC 3339; `networks` maps names to its addresses.

    `health` is the engine's word for it, or "full" for a station that stopped for want of room. `layer` is how many
    bytes were written since it was created; None unless it was asked for.
    """

    id: str
    name: str
    image: str
    labels: Mapping[str, str]
    state: str
    health: str
    created: str
    started: bool
    pid: int
    networks: Mapping[str, str]
    restarts: int
    layer: int | None = None


@dataclass(frozen=True)
class ImageState:
    """An image: its digest, labels, time of creation (RFC 3339), size in bytes; whether it has a name here."""

    id: str
    labels: Mapping[str, str]
    created: str
    size: int
    named: bool = True


@dataclass(frozen=True)
class Output:
    """What a command in a container wrote, and its exit status."""

    status: int
    stdout: bytes
    stderr: bytes


class Engine(Protocol):
    """What e5b asks of a container engine."""

    def ping(self) -> str:
        """The engine's version; raises EngineUnavailable."""

    def image(self, reference: str) -> ImageState | None:
        """An image by name or digest; None when it isn't here."""

    def images(self, **labels: str) -> list[ImageState]:
        """Every image with these labels, newest first."""

    def pull(self, reference: str) -> str:
        """Pull an image; returns why it isn't here, in a few French words, or "". It ends, whatever the registry does."""

    def import_root(self, archive: Path, tag: str, labels: Mapping[str, str]) -> str:
        """Make an image of a root file system's tar; returns its digest."""

    def build(
        self,
        context: Mapping[str, Path],
        tag: str,
        arguments: Mapping[str, str],
        labels: Mapping[str, str],
        say: Callable[[str], None],
    ) -> str:
        """Make an image of a Dockerfile; returns its digest. `context` maps names inside it to files and folders.

        `say` gets each line. Raises BuildFailed, also when the build sends nothing for long.
        """

    def create(self, spec: ContainerSpec) -> str:
        """Create a container and leave it stopped; returns its id."""

    def start(self, container: str, stdin: bytes | None = None) -> None:
        """Start it; `stdin` is written to it and closed."""

    def bound_processors(self, container: str, limits: Limits) -> None:
        """Bound its processors from now on, also when it starts again; nothing where this engine can't.

        Not when it is created: what it does until it answers is waited for.
        """

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
        """Run a command in it; EngineError when it writes without end, or takes longer than `seconds`."""

    def read(
        self, container: str, command: Sequence[str], sink: Callable[[bytes], object], *, seconds: float = 900
    ) -> Output:
        """Run a command in it as root and pass its standard output to `sink`, however much; the Output has none."""

    def get(self, container: str, path: str) -> bytes | None:
        """The content of a small file of it; None where there is none; EngineError where something else is there."""

    def put(self, container: str, folder: str, files: Mapping[str, bytes | Path]) -> None:
        """Put files (or folders) into a folder of it."""

    def put_tar(self, container: str, folder: str, tar: Iterable[bytes]) -> None:
        """Unpack a tar into a folder of it, with the owners and modes in the tar."""

    def stop(self, container: str, seconds: int = 10, *, for_good: bool = True) -> None:
        """Stop it, by force after so many seconds; nothing when it is gone.

        `for_good`: it stays stopped until `start`, also when the engine or the machine restarts.
        """

    def commit(self, container: str, tag: str | None, labels: Mapping[str, str], changes: Sequence[str] = ()) -> str:
        """Make an image of its present state, taken with the container paused; returns its digest."""

    def save(self, image: str, sink: Callable[[bytes], object]) -> None:
        """A whole image as a tar, for another engine's `load`."""

    def load(self, tar: Iterable[bytes]) -> None:
        """Load an image that `save` wrote; it keeps its digest."""

    def rename(self, container: str, name: str) -> None:
        """Give a container another name; its labels stay what they are."""

    def remove(self, container: str) -> None:
        """Remove it, running or not; nothing when it is gone."""

    def remove_image(self, image: str) -> None:
        """Remove an image and no other; nothing when it is gone; raises EngineError while another stands on it."""

    def containers(self, *, layers: bool = False, brief: bool = False, **labels: str) -> list[ContainerState]:
        """Every container with these labels.

        `brief` asks the engine once for all of them, and leaves out process, restarts, health and fractions of the
        second of creation.
        """

    def container(self, container: str) -> ContainerState:
        """One container; raises Gone when it is removed."""

    def logs(self, container: str, lines: int = 20) -> str:
        """The last lines that it wrote."""

    def create_network(
        self,
        name: str,
        subnet: str,
        labels: Mapping[str, str],
        *,
        internal: bool = True,
        bridge: str = "",
        subnet6: str = "",
        masquerade: bool = True,
    ) -> str:
        """Create a network; returns its id. An `internal` one's bridge has no address of the machine's.

        `bridge` is the bridge's name on the machine. Without `masquerade`, packets that leave the network keep their
        source address. Raises AddressesTaken.
        """

    def connect(self, network: str, container: str, address: str | None = None) -> None:
        """Join a container to a network."""

    def disconnect(self, network: str, container: str) -> None:
        """Take a container off a network; nothing when it isn't there."""

    def networks(self, **labels: str) -> dict[str, str]:
        """Names of the networks with these labels, and their subnets."""

    def subnets(self) -> list[str]:
        """Every subnet that the engine uses, whoever made it."""

    def remove_network(self, name: str) -> None:
        """Remove a network; nothing when it is gone."""
