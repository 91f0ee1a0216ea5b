"""What e5b uses of docker-py's low-level client, and of the documents that Docker answers with.

The library ships no types. Names and keys are the library's and Docker's own, whose references describe them.
"""

import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NotRequired, Protocol, TypedDict, Unpack

Labels = dict[str, str]
#: Such as {"label": ["e5b.kind=station"]}.
Filters = Mapping[str, Sequence[str]]


class Version(TypedDict):
    """Docker's own version."""

    Version: str


class Info(TypedDict, total=False):
    """The engine, and the machine that it runs on."""

    NCPU: int
    CpuCfsQuota: bool
    CPUShares: bool
    CgroupVersion: str
    DockerRootDir: str
    KernelVersion: str
    Name: str
    OperatingSystem: str
    SecurityOptions: list[str] | None


class DeviceRate(TypedDict):
    """How much a container may read or write of a device in a second."""

    Path: str
    Rate: int


class Identified(TypedDict):
    """What has been made, or stands in a list."""

    Id: str


class ListedImage(Identified):
    """An image as the list has it."""

    RepoTags: NotRequired[list[str] | None]


class ImageConfig(TypedDict, total=False):
    """How containers of an image run."""

    Labels: Labels | None


class Image(TypedDict):
    """An image that was inspected; Size in bytes, Created in RFC 3339."""

    Id: str
    Config: ImageConfig
    Created: str
    Size: int
    RepoTags: NotRequired[list[str] | None]


class Progress(TypedDict, total=False):
    """A line that Docker sends while it pulls or builds."""

    id: str
    status: str
    progress: str
    stream: str
    error: str


class Probe(TypedDict, total=False):
    """One run of a container's health check."""

    Output: str


class Health(TypedDict, total=False):
    """What a container's health check found, the last run at the end."""

    Status: str
    FailingStreak: int
    Log: list[Probe]


class State(TypedDict):
    """Whether a container runs; StartedAt is in year 1 when it never did."""

    Status: str
    StartedAt: str
    Pid: int
    Health: NotRequired[Health | None]


class GivenAddress(TypedDict, total=False):
    """The address that a container was given in a network, whether it runs or not."""

    IPv4Address: str


class Endpoint(TypedDict, total=False):
    """A container's place in a network."""

    IPAddress: str
    IPAMConfig: GivenAddress | None


class NetworkSettings(TypedDict):
    """A container's places, by the network's name."""

    Networks: dict[str, Endpoint]


class RestartPolicy(TypedDict):
    """When Docker itself starts a container again."""

    Name: str


class HostConfig(TypedDict):
    """What a container may do on this machine."""

    RestartPolicy: RestartPolicy


class ContainerConfig(TypedDict):
    """What a container was created with."""

    Labels: Labels | None


class Container(TypedDict):
    """A container that was inspected; Created in RFC 3339."""

    Id: str
    Name: str
    Image: str
    Created: str
    RestartCount: int
    State: State
    Config: ContainerConfig
    HostConfig: HostConfig
    NetworkSettings: NetworkSettings


class ListedContainer(TypedDict):
    """A container in a list; Created in seconds since 1970. SizeRw, in bytes, only where sizes were asked for."""

    Id: str
    Names: list[str]
    ImageID: str
    Created: int
    State: str
    Labels: Labels | None
    NetworkSettings: NetworkSettings
    SizeRw: NotRequired[int]


class Pool(TypedDict, total=False):
    """Addresses of a network."""

    Subnet: str


class Ipam(TypedDict, total=False):
    """How addresses of a network are given."""

    Config: list[Pool] | None


class Network(TypedDict):
    """A network in a list."""

    Name: str
    IPAM: NotRequired[Ipam | None]


class Exec(TypedDict):
    """A command in a container; ExitCode is None until it has ended."""

    ExitCode: int | None


class LogConfig(TypedDict):
    """Where a container's output goes."""

    type: str
    config: dict[str, str]


class HostOptions(TypedDict, total=False):
    """Arguments of `create_host_config`."""

    port_bindings: dict[int | str, tuple[str, int]]
    extra_hosts: dict[str, str]
    security_opt: list[str]
    log_config: LogConfig
    mem_limit: str
    memswap_limit: str
    pids_limit: int
    cpu_shares: int
    device_read_bps: list[DeviceRate]
    device_write_bps: list[DeviceRate]
    device_read_iops: list[DeviceRate]
    device_write_iops: list[DeviceRate]
    cap_drop: list[str]
    cap_add: list[str]
    restart_policy: RestartPolicy
    sysctls: dict[str, str]
    network_mode: str
    pid_mode: str
    dns: list[str]


class BufferedAnswer(Protocol):
    """http.client's answer, as urllib3 holds it."""

    fp: BinaryIO


class RawAnswer(Protocol):
    """urllib3's answer."""

    _fp: BufferedAnswer


class Answer(Protocol):
    """requests' answer."""

    raw: RawAnswer


class Stream(Protocol):
    """A connection that Docker has given over to a command: a socket.SocketIO, to which the library adds its answer.

    connection.py alone uses the private attributes, and says why.
    """

    _sock: socket.socket
    _response: Answer

    def close(self) -> None:
        """Close the connection."""


class Adapter(Protocol):
    """Sends requests, for requests' sessions."""

    def send(self, request: object, **options: object) -> object:
        """Send a request; requests gives stream, timeout, verify, cert and proxies."""

    def close(self) -> None:
        """Close what it holds open."""


class Api(Protocol):
    """docker.APIClient, which is also a session of requests."""

    base_url: str

    def mount(self, prefix: str, adapter: Adapter) -> None: ...
    def get_adapter(self, url: str) -> Adapter: ...

    def version(self) -> Version: ...
    def info(self) -> Info: ...

    def inspect_image(self, image: str) -> Image: ...
    def images(self, *, all: bool, filters: Filters) -> list[ListedImage]: ...
    def pull(self, repository: str, *, tag: str, stream: bool, decode: bool) -> Iterator[Progress]: ...
    def import_image_from_data(self, data: BinaryIO, *, repository: str, tag: str, changes: list[str]) -> str: ...
    def build(
        self,
        *,
        fileobj: BinaryIO,
        custom_context: bool,
        tag: str,
        rm: bool,
        forcerm: bool,
        buildargs: dict[str, str],
        labels: Labels,
        decode: bool,
        timeout: float,
    ) -> Iterator[Progress]: ...
    def get_image(self, image: str, *, chunk_size: int) -> Iterator[bytes]: ...
    def load_image(self, data: Iterable[bytes], *, quiet: bool) -> Iterator[Progress]: ...
    def remove_image(self, image: str, *, force: bool, noprune: bool) -> None: ...

    def create_host_config(self, **options: Unpack[HostOptions]) -> object: ...
    def create_endpoint_config(self, *, ipv4_address: str) -> object: ...
    def create_networking_config(self, endpoints: dict[str, object]) -> object: ...
    def create_container(
        self,
        image: str,
        *,
        name: str,
        command: list[str] | None,
        entrypoint: list[str] | None,
        environment: dict[str, str],
        labels: Labels,
        ports: list[int | tuple[str, ...]],
        stdin_open: bool,
        host_config: object,
        networking_config: object | None,
        use_config_proxy: bool,
    ) -> Identified: ...
    def inspect_container(self, container: str) -> Container: ...
    def containers(self, *, all: bool, filters: Filters, size: bool = False) -> list[ListedContainer]: ...
    def start(self, container: str) -> None: ...
    def stop(self, container: str, *, timeout: int) -> None: ...
    def update_container(
        self, container: str, *, restart_policy: RestartPolicy = ..., cpu_period: int = ..., cpu_quota: int = ...
    ) -> object: ...
    def rename(self, container: str, name: str) -> None: ...
    def remove_container(self, container: str, *, force: bool, v: bool) -> None: ...
    def commit(
        self, container: str, *, repository: str | None, tag: str | None, pause: bool, changes: str
    ) -> Identified: ...
    def logs(self, container: str, *, tail: int) -> bytes: ...
    def attach_socket(self, container: str, *, params: dict[str, int]) -> Stream: ...
    def get_archive(self, container: str, path: str) -> tuple[Iterable[bytes], object]: ...
    def put_archive(self, container: str, path: str, data: bytes | Iterable[bytes]) -> bool: ...

    def exec_create(
        self, container: str, cmd: list[str], *, stdin: bool, user: str, privileged: bool
    ) -> Identified: ...
    def exec_start(self, exec_id: str, *, socket: bool) -> Stream: ...
    def exec_inspect(self, exec_id: str) -> Exec: ...

    def networks(self, *, filters: Filters | None = None) -> list[Network]: ...
    def create_network(
        self,
        name: str,
        *,
        driver: str,
        internal: bool,
        labels: Labels,
        check_duplicate: bool,
        options: dict[str, str],
        ipam: object | None,
        enable_ipv6: bool,
    ) -> Identified: ...
    def connect_container_to_network(self, container: str, network: str, *, ipv4_address: str | None) -> None: ...
    def disconnect_container_from_network(self, container: str, network: str, *, force: bool) -> None: ...
    def remove_network(self, network: str) -> None: ...
