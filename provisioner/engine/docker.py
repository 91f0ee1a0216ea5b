"""Docker as the engine; the only importer of its library, and the only translator of its errors."""

import io
import os
import re
import socket
import struct
import tarfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import docker
import docker.errors
import requests.exceptions
import urllib3.exceptions
from docker.types import IPAMConfig, IPAMPool

from provisioner.core.errors import AddressesTaken, BuildFailed, EngineError, EngineUnavailable, Gone, PortTaken
from provisioner.engine.protocol import LABEL, NAMELESS, ContainerSpec, ContainerState, ImageState, Output

#: How long a pull may take and say nothing, and a build say nothing, in seconds: a registry or a mirror may stall for good.
PULL, PULL_SILENCE, BUILD_SILENCE = 900.0, 120.0, 900.0
#: How much a command may write, and a file that is read hold: what runs in a station is the candidate's, and may have no end.
MOST_BYTES = 256 << 20


#: What it looks like when nothing more comes, before an answer begins and after; when there is no answer.
_SILENCE = (requests.exceptions.Timeout, urllib3.exceptions.ReadTimeoutError)
_NO_ANSWER = (
    docker.errors.DockerException,
    requests.exceptions.RequestException,
    urllib3.exceptions.HTTPError,
    OSError,
)
#: On a busy machine Docker's own process in the container dies now and then before it becomes the command.
_NOT_BEGUN = re.compile(rb"OCI runtime exec failed: .*\binit-p: ")
_TRIES = 3
_COLOUR = re.compile(r"\x1b\[\d*m")


class _Refused(Exception):
    """What the one who was handed something could not do with it: no error of the engine's."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error


@contextmanager
def _translated(doing: str) -> Iterator[None]:
    try:
        yield
    except _Refused as refused:
        raise refused.error from None
    except docker.errors.NotFound as error:
        raise Gone(
            f"{doing} : le moteur Docker ne le trouve plus, une autre commande l'a peut-être retiré. "
            f"Recommencez (détail : {error.explanation})."
        ) from error
    except docker.errors.APIError as error:
        text = str(error.explanation or error)
        if "port is already allocated" in text or "address already in use" in text:
            port = _port(text)
            taken = PortTaken(
                f"Le port {port or 'demandé'} est déjà pris par un autre programme de cette machine. Arrêtez-le : "
                "« sudo ss -lntup » dit lequel c'est."
            )
            taken.port = port
            raise taken from error
        if "Pool overlaps" in text:
            raise AddressesTaken(f"{doing} : un autre réseau de Docker a déjà ces adresses. Recommencez.") from error
        if "no space left on device" in text:
            raise EngineError(
                f"{doing} : le disque de Docker est plein. Libérez de la place, puis recommencez ; jamais par « docker system "
                "prune », qui efface les postes arrêtés dont le travail attend son archive."
            ) from error
        raise EngineError(
            f"{doing} : le moteur Docker a refusé. Recommencez ; si cela se répète, lancez « e5b doctor » (détail : {text})."
        ) from error
    except _NO_ANSWER as error:
        host = os.environ.get("DOCKER_HOST")
        if not host and "Permission denied" in str(error):
            raise EngineUnavailable(
                f"{doing} : ce compte n'a pas encore le droit de parler au moteur Docker. Lancez « e5b doctor », qui dit "
                "comment l'avoir."
            ) from error
        raise EngineUnavailable(
            f"{doing} : le moteur Docker ne répond pas. "
            + (
                f"Corrigez ou retirez DOCKER_HOST ({host})."
                if host
                else "Lancez « e5b doctor --fix », ou démarrez Docker."
            )
        ) from error


class DockerEngine:
    """Docker, through its API."""

    def __init__(self) -> None:
        with _translated("Connexion"):
            self._api: Any = _client()

    def ping(self) -> str:
        """See Engine."""
        with _translated("Connexion"):
            return str(self._api.version()["Version"])

    def image(self, reference: str) -> ImageState | None:
        """See Engine."""
        with _translated(f"Image {reference}"):
            try:
                found = self._api.inspect_image(reference)
            except docker.errors.ImageNotFound:
                return None
        return _image(found)

    def images(self, **labels: str) -> list[ImageState]:
        """See Engine."""
        with _translated("Liste des images"):
            # All of them: one without a name that another stands on would be left out.
            found = self._api.images(all=True, filters={"label": _filters(labels)})
            states = []
            for one in found:
                with suppress(docker.errors.ImageNotFound):  # removed meanwhile
                    states.append(_image(self._api.inspect_image(one["Id"])))
        return sorted(states, key=lambda image: image.created, reverse=True)

    def pull(self, reference: str) -> str:
        """See Engine."""
        repository, _, tag = reference.partition(":")
        end, last = time.monotonic() + PULL, "rien"
        try:
            api = _client(PULL_SILENCE)
            # docker-py lets a pull wait for ever, whatever its client was told.
            api._set_request_timeout = lambda given: {**given, "timeout": PULL_SILENCE}
            for event in api.pull(repository, tag=tag or "latest", stream=True, decode=True):
                if "error" in event:
                    return f"détail : {event['error']}"
                last = " ".join(filter(None, map(event.get, ("id", "status", "progress")))) or last
                if time.monotonic() > end:
                    return f"pas fini en {PULL / 60:.0f} minutes ; vu en dernier : {last}"
        except _SILENCE:
            return f"plus rien depuis {PULL_SILENCE:.0f} secondes ; vu en dernier : {last}"
        except _NO_ANSWER as error:
            return f"détail : {error}"
        # A registry may answer, and its layers not come.
        return "" if self.image(reference) else f"vu en dernier : {last}"

    def import_root(self, archive: Path, tag: str, labels: Mapping[str, str]) -> str:
        """See Engine."""
        changes = [f'LABEL "{name}"="{value}"' for name, value in labels.items()]
        with _translated(f"Image {tag}"), archive.open("rb") as stream:
            self._api.import_image_from_data(
                stream, repository=tag.split(":")[0], tag=tag.split(":")[1], changes=changes
            )
            return str(self._api.inspect_image(tag)["Id"])

    def build(
        self,
        context: Mapping[str, Path],
        tag: str,
        arguments: Mapping[str, str],
        labels: Mapping[str, str],
        say: Callable[[str], None],
    ) -> str:
        """See Engine."""
        last: list[str] = []

        def failed(detail: str) -> BuildFailed:
            return BuildFailed(
                f"L'image {tag} n'a pas pu être construite. Vérifiez l'accès au réseau et la place sur le "
                f"disque, puis recommencez (détail : {' / '.join([*last[-4:], detail])})."
            )

        with _translated(f"Image {tag}"):
            try:
                for event in self._api.build(
                    fileobj=io.BytesIO(_tar(context)),
                    custom_context=True,
                    tag=tag,
                    rm=True,
                    forcerm=True,
                    buildargs=dict(arguments),
                    labels=dict(labels),
                    decode=True,
                    timeout=BUILD_SILENCE,
                ):
                    if "error" in event:
                        raise failed(event["error"].strip())
                    text = _COLOUR.sub("", str(event.get("stream", ""))).strip()
                    if len(text) > 2 and not text.startswith("--->"):  # apt's errors come in pieces: "E", ":", the rest
                        last.append(text)
                        say(text)
            except _SILENCE as error:
                raise failed(f"plus rien depuis {BUILD_SILENCE / 60:.0f} minutes") from error
            return str(self._api.inspect_image(tag)["Id"])

    def create(self, spec: ContainerSpec) -> str:
        """See Engine."""
        host: dict[str, Any] = {
            "port_bindings": dict(spec.ports),
            "extra_hosts": dict(spec.hosts),
            "security_opt": ["no-new-privileges"],
            "log_config": {"type": "json-file", "config": {"max-size": "8m", "max-file": "2"}},
        }
        if spec.limits:
            host |= {
                "mem_limit": f"{spec.limits.memory_mib}m",
                "memswap_limit": f"{spec.limits.memory_mib}m",
                "pids_limit": spec.limits.processes,
            }
        if spec.capabilities is not None:
            host |= {"cap_drop": ["ALL"], "cap_add": list(spec.capabilities)}
        if spec.restart:
            # "unless-stopped" from `stop` to `start` alone: an engine that was killed stops what it finds running, and
            # takes that for a person's wish; while what was stopped would run again with the next engine by "always".
            host["restart_policy"] = {"Name": "always"}
        networking = None
        if spec.sysctls:
            host["sysctls"] = dict(spec.sysctls)
        if spec.of_the_machine:
            host["network_mode"] = "host"
            host |= {"pid_mode": "host"} if spec.sees_the_machine else {}
        elif spec.join:
            host["network_mode"] = spec.join.network
            networking = self._api.create_networking_config(
                {spec.join.network: self._api.create_endpoint_config(ipv4_address=spec.join.address)}
            )
        elif not spec.internet:
            host["network_mode"] = "none"
        if spec.dns and (spec.join or spec.internet):
            host["dns"] = list(spec.dns)
        with _translated(f"Conteneur {spec.name}"):
            return str(
                self._api.create_container(
                    spec.image,
                    name=spec.name,
                    command=list(spec.command) or None,
                    entrypoint=list(spec.entrypoint) or None,
                    environment=dict(spec.environment),
                    labels=dict(spec.labels),
                    ports=[_exposed(port) for port in spec.ports],
                    stdin_open=spec.stdin,
                    host_config=self._api.create_host_config(**host),
                    networking_config=networking,
                    # Else whoever inspects it, and a candidate's PHP, reads the centre's proxy with its password.
                    use_config_proxy=False,
                )["Id"]
            )

    def start(self, container: str, stdin: bytes | None = None) -> None:
        """See Engine."""
        with _translated("Démarrage"):
            if stdin is None:
                self._restarting(container, "unless-stopped", "always")
                try:
                    self._api.start(container)
                except docker.errors.APIError as error:
                    if "endpoint with name" not in str(error.explanation):
                        raise
                    self._without_old_endpoint(container)
                    self._api.start(container)
                return
            stream = self._api.attach_socket(container, params={"stdin": 1, "stream": 1})
            try:
                self._api.start(container)
                raw: socket.socket = stream._sock
                raw.sendall(stdin)
                raw.shutdown(socket.SHUT_WR)
            finally:
                stream.close()

    def _restarting(self, container: str, before: str, now: str) -> None:
        if self._api.inspect_container(container)["HostConfig"]["RestartPolicy"]["Name"] != before:
            return
        try:
            self._api.update_container(container, restart_policy={"Name": now})
        except docker.errors.APIError as error:
            if "marked for removal" not in str(error.explanation):  # another command removes it
                raise

    def _without_old_endpoint(self, container: str) -> None:
        """Docker keeps the address of a container that ended while its disk was full, and never starts it again.

        It gives up such an address by its name alone, and only when no container has that name.
        """
        told = self._api.inspect_container(container)
        name = told["Name"].removeprefix("/")
        self._api.rename(container, name + NAMELESS)
        try:
            for network in told["NetworkSettings"]["Networks"]:
                with suppress(docker.errors.APIError):  # of another of its networks nothing was kept
                    self._api.disconnect_container_from_network(name, network, force=True)
        finally:
            self._api.rename(container, name)

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
        out = io.BytesIO()

        def keep(data: bytes) -> None:
            out.write(data)
            if out.tell() > MOST_BYTES:
                raise EngineError(f"La commande {command[0]} écrit sans fin : elle a été abandonnée.")

        for _ in range(_TRIES):
            out.seek(0)
            out.truncate()
            ended = self._exec(container, command, keep, stdin=stdin, user=user, privileged=privileged, seconds=seconds)
            if ended.status != 126 or not _NOT_BEGUN.match(out.getvalue()):
                break
        return Output(ended.status, out.getvalue(), ended.stderr)

    def read(
        self, container: str, command: Sequence[str], sink: Callable[[bytes], object], *, seconds: float = 900
    ) -> Output:
        """See Engine."""
        return self._exec(container, command, sink, seconds=seconds)

    def _exec(
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
        with _translated(f"Commande {command[0]}"):
            made = self._api.exec_create(container, list(command), stdin=bool(stdin), user=user, privileged=privileged)
            stream = self._api.exec_start(made["Id"], socket=True)
            raw: socket.socket = stream._sock
            raw.settimeout(None)  # the timer's shutdown ends whatever waits
            expired = threading.Event()

            def expire() -> None:
                expired.set()
                with suppress(OSError):
                    raw.shutdown(socket.SHUT_RDWR)

            timer = threading.Timer(seconds, expire)
            timer.daemon = True
            timer.start()
            err = io.BytesIO()
            try:
                if stdin:
                    raw.sendall(stdin)
                    raw.shutdown(socket.SHUT_WR)
                for kind, data in _frames(stream._response.raw._fp.fp):
                    if kind == 1:
                        _hand(sink, data)
                        continue
                    err.write(data)
                    if err.tell() > MOST_BYTES:
                        raise EngineError(f"La commande {command[0]} écrit sans fin : elle a été abandonnée.")
            except OSError:
                if not expired.is_set():
                    raise
            finally:
                timer.cancel()
                stream.close()
            if expired.is_set():
                raise EngineError(f"La commande {command[0]} n'a pas fini en {seconds:.0f} secondes.")
            status = None
            for _ in range(200):  # the streams may close a moment before the command is known to have ended
                status = self._api.exec_inspect(made["Id"])["ExitCode"]
                if status is not None:
                    break
                time.sleep(0.05)
        if status is None:
            raise EngineError(f"La commande {command[0]} a fermé ses sorties sans finir en 10 secondes.")
        return Output(int(status), b"", err.getvalue())

    def get(self, container: str, path: str) -> bytes | None:
        """See Engine."""
        with _translated(f"Lecture de {path}"):
            try:
                packed, _ = self._api.get_archive(container, path)
            except docker.errors.NotFound:
                return None
            held = bytearray()
            for part in packed:
                held += part
                if len(held) > MOST_BYTES:
                    raise EngineError(f"{path} est trop grand pour être lu.")
            with tarfile.open(fileobj=io.BytesIO(held)) as tar:
                file = tar.extractfile(tar.getmembers()[0])
                return file.read() if file else None

    def put(self, container: str, folder: str, files: Mapping[str, bytes | Path]) -> None:
        """See Engine."""
        with _translated(f"Copie vers {folder}"):
            self._api.put_archive(container, folder, _tar(files))

    def pour(self, container: str, folder: str, tar: Iterable[bytes]) -> None:
        """See Engine."""
        with _translated(f"Copie vers {folder}"):
            self._api.put_archive(container, folder, tar)

    def save(self, image: str, sink: Callable[[bytes], object]) -> None:
        """See Engine."""
        with _translated(f"Image {image[:19]}"):
            for data in self._api.get_image(image, chunk_size=1 << 20):
                _hand(sink, data)

    def load(self, tar: Iterable[bytes]) -> None:
        """See Engine."""
        with _translated("Image de référence"):
            for _ in self._api.load_image(tar, quiet=True):
                pass

    def stop(self, container: str, seconds: int = 10, *, for_good: bool = True) -> None:
        """See Engine."""
        with _translated("Arrêt"), suppress(docker.errors.NotFound):
            self._api.stop(container, timeout=seconds)
            if for_good:
                self._restarting(container, "always", "unless-stopped")

    def commit(self, container: str, tag: str | None, labels: Mapping[str, str], changes: Sequence[str] = ()) -> str:
        """See Engine."""
        repository, _, version = (tag or "").partition(":")
        lines = [*changes, *(f"LABEL {name}={_quoted(value)}" for name, value in labels.items())]
        with _translated("Copie de l'état"):
            made = self._api.commit(
                container, repository=repository or None, tag=version or None, pause=True, changes="\n".join(lines)
            )
        return str(made["Id"])

    def rename(self, container: str, name: str) -> None:
        """See Engine."""
        with _translated("Nom du conteneur"):
            self._api.rename(container, name)

    def remove(self, container: str) -> None:
        """See Engine."""
        with _translated("Suppression"):
            for last in _patiently():
                try:
                    self._api.remove_container(container, force=True, v=True)
                except docker.errors.NotFound:
                    return
                except docker.errors.APIError as error:  # somebody else removes it: it is to be gone all the same
                    if last or "already in progress" not in str(error.explanation):
                        raise
                else:
                    return

    def remove_image(self, image: str) -> None:
        """See Engine."""
        with _translated("Suppression"):
            try:
                self._api.remove_image(image, force=True, noprune=True)
            except docker.errors.ImageNotFound:
                return

    def containers(self, *, layers: bool = False, brief: bool = False, **labels: str) -> list[ContainerState]:
        """See Engine."""
        found = []
        with _translated("Liste des conteneurs"):
            for one in self._api.containers(all=True, filters={"label": _filters(labels)}):
                # One that is being renamed has two names there, one that goes has none, and may never have run.
                if brief and len(one["Names"]) == 1 and one["State"] not in ("dead", "removing"):
                    found.append(_listed(one))
                    continue
                try:
                    found.append(_container(self._api.inspect_container(one["Id"])))
                except docker.errors.NotFound:  # removed meanwhile
                    continue
            if layers:
                sizes = {
                    one["Id"]: one.get("SizeRw", 0)
                    for one in self._api.containers(all=True, size=True, filters={"label": _filters(labels)})
                }
                found = [ContainerState(**{**vars(one), "layer": sizes.get(one.id)}) for one in found]
        return found

    def container(self, container: str) -> ContainerState:
        """See Engine."""
        with _translated("Conteneur"):
            return _container(self._api.inspect_container(container))

    def logs(self, container: str, lines: int = 20) -> str:
        """See Engine."""
        with _translated("Journal"):
            text: bytes = self._api.logs(container, tail=lines)
        return text.decode(errors="replace")

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
        """See Engine."""
        # Without an address of the bridge, the station finds no service of this machine on it.
        options = {"com.docker.network.bridge.inhibit_ipv4": "true"} if internal else {}
        options |= {"com.docker.network.bridge.name": bridge} if bridge else {}
        options |= {} if masquerade else {"com.docker.network.bridge.enable_ip_masquerade": "false"}
        pools = [IPAMPool(subnet=one) for one in (subnet, subnet6) if one]
        with _translated(f"Réseau {name}"):
            made = self._api.create_network(
                name,
                driver="bridge",
                internal=internal,
                labels=dict(labels),
                check_duplicate=True,
                options=options,
                ipam=IPAMConfig(pool_configs=pools) if pools else None,
                enable_ipv6=bool(subnet6),
            )
        return str(made["Id"])

    def connect(self, network: str, container: str, address: str | None = None) -> None:
        """See Engine."""
        with _translated(f"Réseau {network}"):
            self._api.connect_container_to_network(container, network, ipv4_address=address)

    def disconnect(self, network: str, container: str) -> None:
        """See Engine."""
        with _translated(f"Réseau {network}"):
            try:
                self._api.disconnect_container_from_network(container, network, force=True)
            except docker.errors.NotFound:
                return
            except docker.errors.APIError as error:
                if "is not connected" not in str(error.explanation):
                    raise

    def networks(self, **labels: str) -> dict[str, str]:
        """See Engine."""
        with _translated("Liste des réseaux"):
            found = self._api.networks(filters={"label": _filters(labels)})
        return {one["Name"]: _subnet(one) for one in found}

    def subnets(self) -> list[str]:
        """See Engine."""
        with _translated("Liste des réseaux"):
            return [subnet for one in self._api.networks() if (subnet := _subnet(one))]

    def remove_network(self, name: str) -> None:
        """See Engine."""
        with _translated(f"Réseau {name}"):
            for last in _patiently():
                try:
                    self._api.remove_network(name)
                except docker.errors.NotFound:
                    return
                except docker.errors.APIError as error:  # Docker forgets a removed container's place a moment later
                    if last or "active endpoints" not in str(error.explanation):
                        raise
                else:
                    return


def _client(seconds: float = 120) -> Any:
    """A way to the engine that waits so long for each answer."""
    try:
        return docker.from_env(timeout=seconds, max_pool_size=64).api
    except ValueError as error:  # so DOCKER_HOST is told that names no host or no port
        raise docker.errors.DockerException(str(error)) from error


def _frames(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """What a command writes, with the number of the stream that it wrote to.

    It is read behind the reader that took the answer's head: that one has read ahead, and whoever reads the
    socket itself, as docker's library does, loses what came with the head (docker-py, issue 3332).
    """
    while head := stream.read(8):
        kind, size = struct.unpack(">BxxxL", head) if len(head) == 8 else (0, 1)
        data = stream.read(size)
        if len(data) < size:
            raise ConnectionResetError("the engine stopped in the middle of what a command wrote")
        yield kind, data


def _hand(sink: Callable[[bytes], object], data: bytes) -> None:
    try:
        sink(data)
    except OSError as error:
        raise _Refused(error) from error


def _patiently() -> Iterator[bool]:
    """Tries within thirty seconds, told which is the last."""
    for left in reversed(range(300)):
        yield left == 0
        time.sleep(0.1)


def _port(text: str) -> int:
    found = re.search(r":(\d+)(?:/(?:tcp|udp))?(?:[: ]|$)", text)
    return int(found[1]) if found else 0


def _filters(labels: Mapping[str, str]) -> list[str]:
    return [f"{LABEL}{name}" if value == "*" else f"{LABEL}{name}={value}" for name, value in labels.items()]


def _subnet(network: Mapping[str, Any]) -> str:
    pools = (network.get("IPAM") or {}).get("Config") or [{}]
    return str(pools[0].get("Subnet", ""))


def _image(found: Mapping[str, Any]) -> ImageState:
    named = bool(found.get("RepoTags"))
    return ImageState(found["Id"], found["Config"].get("Labels") or {}, found["Created"], found["Size"], named)


def _container(found: Mapping[str, Any]) -> ContainerState:
    state = found["State"]
    return ContainerState(
        id=found["Id"],
        name=found["Name"].lstrip("/"),
        image=found["Image"],
        labels=found["Config"]["Labels"] or {},
        state=state["Status"],
        health=_health(state.get("Health") or {}),
        created=found["Created"],
        started=not state["StartedAt"].startswith("0001"),
        pid=state["Pid"],
        networks={name: _address(one) for name, one in found["NetworkSettings"]["Networks"].items()},
        restarts=found["RestartCount"],
    )


def _listed(found: Mapping[str, Any]) -> ContainerState:
    return ContainerState(
        id=found["Id"],
        name=found["Names"][0].lstrip("/"),
        image=found["ImageID"],
        labels=found["Labels"] or {},
        state=found["State"],
        health="",
        created=datetime.fromtimestamp(found["Created"], UTC).isoformat(),
        started=found["State"] != "created",
        pid=0,
        networks={name: _address(one) for name, one in found["NetworkSettings"]["Networks"].items()},
        restarts=0,
    )


def _address(found: Mapping[str, Any]) -> str:
    """A container's address in a network: the one that it has, or while it restarts or rests, that it will have again."""
    return str(found.get("IPAddress") or (found.get("IPAMConfig") or {}).get("IPv4Address") or "")


def _health(found: Mapping[str, Any]) -> str:
    """The engine's word, or "full" once the station's own check says that it stopped for want of room."""
    last, said = (found.get("Log") or [{}])[-1], str(found.get("Status", ""))
    if last.get("Output", "").startswith("full"):
        return "full"
    # So Docker calls a container that was paused, as for a copy, until it asks it again.
    return "healthy" if said == "unhealthy" and found.get("FailingStreak") == 0 else said


def _exposed(port: int | str) -> int | tuple[str, ...]:
    return port if isinstance(port, int) else tuple(port.split("/"))


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'


def _tar(files: Mapping[str, bytes | Path]) -> bytes:
    """A tar of files and folders, owned by root, dated at the epoch so that the same input gives the same bytes."""

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.uid = info.gid = 0
        info.uname = info.gname = "root"
        info.mtime = 0
        info.mode = 0o755 if info.isdir() or info.mode & 0o100 else 0o644
        return info

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            if isinstance(content, Path):
                tar.add(content, name, filter=plain)
            else:
                info = plain(tarfile.TarInfo(name))
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
