"""A container engine in memory: enough of engine.Engine for the verbs, and it remembers what it was asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from provisioner.core.errors import EngineError, Gone
from provisioner.engine.protocol import LABEL, ContainerSpec, ContainerState, ImageState, Limits, Output
from provisioner.station.recovery import PERSONAL


@dataclass
class FakeEngine:
    """See engine.Engine. `fail` names a method that raises EngineError; `nobodys` never got through a first start."""

    boxes: dict[str, ContainerState] = field(default_factory=dict)
    specs: dict[str, ContainerSpec] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    told: dict[str, bytes] = field(default_factory=dict)
    nets: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    commands: list[tuple[str, ...]] = field(default_factory=list)
    kept_images: dict[str, ImageState] = field(default_factory=dict)
    foreign_subnets: list[str] = field(default_factory=list)
    ran: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    nobodys: set[str] = field(default_factory=set)
    bounded: list[str] = field(default_factory=list)
    fail: str = ""
    clock: Iterator[int] = field(default_factory=lambda: count(1))

    def ping(self) -> str:
        return "fake"

    def image(self, reference: str) -> ImageState | None:
        return self.kept_images.get(reference) or ImageState(reference, {}, "", 0)

    def images(self, **labels: str) -> list[ImageState]:
        return [image for image in list(self.kept_images.values()) if _carries(image.labels, labels)]

    def pull(self, reference: str) -> str:
        raise NotImplementedError

    def import_root(self, archive: Path, tag: str, labels: Mapping[str, str]) -> str:
        raise NotImplementedError

    def build(
        self,
        context: Mapping[str, Path],
        tag: str,
        arguments: Mapping[str, str],
        labels: Mapping[str, str],
        say: Callable[[str], None],
    ) -> str:
        raise NotImplementedError

    def create(self, spec: ContainerSpec) -> str:
        self._may("create")
        if any(box.name == spec.name for box in list(self.boxes.values())):
            raise EngineError(f"{spec.name} est pris")
        moment = next(self.clock)
        made = f"{moment:012x}".ljust(64, "0")
        networks = {spec.join.network: spec.join.address} if spec.join else {}
        self.specs[made] = spec
        self.boxes[made] = ContainerState(
            id=made,
            name=spec.name,
            image=spec.image,
            labels=self._inherited(spec.image, spec.labels),
            state="created",
            health="",
            created=f"{datetime(2026, 1, 1) + timedelta(seconds=moment):%Y-%m-%dT%H:%M:%S}Z",
            started=False,
            pid=0,
            networks=networks,
            restarts=0,
        )
        return made

    def start(self, container: str, stdin: bytes | None = None) -> None:
        self._may("start")
        self.told[container] = stdin or b""
        self.boxes[container] = replace(self.boxes[container], state="running", started=True, pid=1)

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
        self.commands.append((container, *command))
        return Output(0, b"", b"")

    def get(self, container: str, path: str) -> bytes | None:
        if path == PERSONAL:
            self._may("get")
            return None if container in self.nobodys else b"<?php"
        return self.files.get(path)

    def put(self, container: str, folder: str, files: Mapping[str, bytes | Path]) -> None:
        self.files |= {folder + name: body for name, body in files.items() if isinstance(body, bytes)}

    def read(
        self, container: str, command: Sequence[str], sink: Callable[[bytes], object], *, seconds: float = 900
    ) -> Output:
        raise NotImplementedError

    def put_tar(self, container: str, folder: str, tar: Iterable[bytes]) -> None:
        raise NotImplementedError

    def save(self, image: str, sink: Callable[[bytes], object]) -> None:
        raise NotImplementedError

    def load(self, tar: Iterable[bytes]) -> None:
        raise NotImplementedError

    def stop(self, container: str, seconds: int = 10, *, for_good: bool = True) -> None:
        if container in self.boxes:
            self.boxes[container] = replace(self.boxes[container], state="exited")

    def commit(self, container: str, tag: str | None, labels: Mapping[str, str], changes: Sequence[str] = ()) -> str:
        image = f"sha256:{next(self.clock):064x}"
        box = self.boxes.get(container)
        self.kept_images[image] = ImageState(image, {**(box.labels if box else {}), **labels}, "", 0)
        return image

    def _inherited(self, image: str, labels: Mapping[str, str]) -> dict[str, str]:
        """A container has its image's labels, and an image its container's, as Docker's do."""
        kept = self.kept_images.get(image)
        return {**(kept.labels if kept else {}), **labels}

    def bound_processors(self, container: str, limits: Limits) -> None:
        self.bounded.append(container)

    def rename(self, container: str, name: str) -> None:
        self.boxes[container] = replace(self.boxes[container], name=name)

    def remove(self, container: str) -> None:
        self.boxes.pop(container, None)

    def remove_image(self, image: str) -> None:
        self.kept_images.pop(image, None)

    def containers(self, *, layers: bool = False, brief: bool = False, **labels: str) -> list[ContainerState]:
        self._may("containers")
        found = [box for box in list(self.boxes.values()) if _carries(box.labels, labels)][
            ::-1
        ]  # newest first, as Docker
        if brief:
            return [replace(box, health="", pid=0, restarts=0, created=_second(box.created)) for box in found]
        return found

    def container(self, container: str) -> ContainerState:
        if container not in self.boxes:
            raise Gone(container)
        return self.boxes[container]

    def logs(self, container: str, lines: int = 20) -> str:
        return ""

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
        self._may("create_network")
        self.nets[name] = (subnet, dict(labels))
        return name

    def connect(self, network: str, container: str, address: str | None = None) -> None:
        box = self.boxes[container]
        taken = {one.networks.get(network) for one in list(self.boxes.values()) if one.id != container}
        if address and address in taken:
            raise EngineError(f"{address} is taken on {network}")
        self.boxes[container] = replace(box, networks={**box.networks, network: address or ""})

    def disconnect(self, network: str, container: str) -> None:
        box = self.boxes[container]
        left = {name: address for name, address in box.networks.items() if name != network}
        self.boxes[container] = replace(box, networks=left)

    def networks(self, **labels: str) -> dict[str, str]:
        return {name: subnet for name, (subnet, own) in list(self.nets.items()) if _carries(own, labels)}

    def subnets(self) -> list[str]:
        return [subnet for subnet, _ in list(self.nets.values())] + self.foreign_subnets

    def remove_network(self, name: str) -> None:
        self.nets.pop(name, None)

    def _may(self, verb: str) -> None:
        if self.fail == verb:
            raise EngineError(f"{verb} a échoué")


def _second(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).replace(microsecond=0).isoformat()


def _carries(own: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """As docker.py has it: "*" is any value, but the label must be there."""
    return all(
        own.get(LABEL + name) == value or (value == "*" and LABEL + name in own) for name, value in wanted.items()
    )
