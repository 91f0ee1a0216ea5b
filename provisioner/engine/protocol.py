"""What e5b asks of a container engine; the package `docker` is the one implementation.

Everything that e5b makes carries labels, and is found and removed by label only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

#: Every label begins with this; `e5b.kind` says what a thing is.
LABEL = "e5b."
#: What a container's name ends with while Docker is made to forget its old address.
RENAMED_SUFFIX = "-sans-adresse"


@dataclass(frozen=True)
class Join:
    """A network that a container is born into, and the one address that it has there."""

    network: str
    address: str


@dataclass(frozen=True)
class Limits:
    """What a container may take: memory in MiB, number of processes."""

    memory_mib: int
    processes: int


@dataclass(frozen=True)
class ContainerSpec:
    """A container to be created. `ports` maps ports inside (53, "53/udp") to (address, port) of the machine.

    `host_network`: it has no network of its own, but the machine's; `host_processes`: nor processes. `dns`: the
    name servers that it asks through the engine; by default itself, which has none: some engines ask others from the
    machine's own side, whatever the container's network lets through. Empty: the engine's own.
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
    """A container as the engine knows it. `layer` is the bytes written since it was created, if asked.

    `health` is the engine's word for it, or "full" for a station that stopped for want of room.
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
    """An image: its digest, labels, moment of creation (RFC 3339); whether it has a name here."""

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
        """Its version; raises EngineUnavailable."""

    def image(self, reference: str) -> ImageState | None:
        """An image by name or digest."""

    def images(self, **labels: str) -> list[ImageState]:
        """Every image with these labels, newest first."""

    def pull(self, reference: str) -> str:
        """Pull an image; why it isn't there, in a few words, empty when it is. It ends, whatever the registry does."""

    def import_root(self, archive: Path, tag: str, labels: Mapping[str, str]) -> str:
        """An image of a root file system's tar; its digest."""

    def build(
        self,
        context: Mapping[str, Path],
        tag: str,
        arguments: Mapping[str, str],
        labels: Mapping[str, str],
        say: Callable[[str], None],
    ) -> str:
        """An image of a Dockerfile. `context` maps names inside it to files and folders; its digest.

        One that falls silent is given up.
        """

    def create(self, spec: ContainerSpec) -> str:
        """A container, not started."""

    def start(self, container: str, stdin: bytes | None = None) -> None:
        """Start it; `stdin` is written to it and closed."""

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
        """Run a command in it; EngineError when it writes without end, or takes longer than that."""

    def read(
        self, container: str, command: Sequence[str], sink: Callable[[bytes], object], *, seconds: float = 900
    ) -> Output:
        """Run a command in it as root and hand what it writes to `sink`, however much; the Output has no stdout."""

    def get(self, container: str, path: str) -> bytes | None:
        """What a small file of it holds; None where there is none."""

    def put(self, container: str, folder: str, files: Mapping[str, bytes | Path]) -> None:
        """Put files (or folders) into a folder of it."""

    def put_tar(self, container: str, folder: str, tar: Iterable[bytes]) -> None:
        """Unpack a tar into a folder of it, owners and modes as they stand there."""

    def stop(self, container: str, seconds: int = 10, *, for_good: bool = True) -> None:
        """Stop it cleanly within so many seconds; nothing when it is gone.

        `for_good`: until it is started, whatever restarts; else the engine's own restart brings it back.
        """

    def commit(self, container: str, tag: str | None, labels: Mapping[str, str], changes: Sequence[str] = ()) -> str:
        """An image of its present state, taken with the container paused; its digest."""

    def save(self, image: str, sink: Callable[[bytes], object]) -> None:
        """A whole image as a tar, for another engine's `load`."""

    def load(self, tar: Iterable[bytes]) -> None:
        """Take an image that `save` gave; it keeps its digest."""

    def rename(self, container: str, name: str) -> None:
        """Give a container another name; its labels stay what they are."""

    def remove(self, container: str) -> None:
        """Remove it, running or not; nothing when it is gone."""

    def remove_image(self, image: str) -> None:
        """Remove an image and no other; nothing when it is gone; raises EngineError while another stands on it."""

    def containers(self, *, layers: bool = False, brief: bool = False, **labels: str) -> list[ContainerState]:
        """Every container with these labels.

        `brief`: as the engine lists them, many in the time of one: without process, restarts and health, and made in
        a second rather than a moment.
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
        """A network whose bridge has no address of the host's when internal; `bridge` is its name there.

        Without `masquerade`, who comes from it keeps his address wherever he goes.
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
