"""What of a machine the engine is asked to bound, and what it is not, since no container would start."""

import os
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from provisioner.engine.docker import DockerEngine
from provisioner.engine.docker.api import Info
from provisioner.engine.docker.machine import machine_of
from provisioner.engine.protocol import ContainerSpec, Limits, Rates

OWN = os.uname()
HERE: Info = {
    "NCPU": 4,
    "CpuCfsQuota": True,
    "CPUShares": True,
    "CgroupVersion": "2",
    "KernelVersion": OWN.release,
    "Name": OWN.nodename,
    "SecurityOptions": ["name=seccomp,profile=builtin"],
}


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine's /sys, in which the temporary folder is on the second partition of the disk `vdz`."""
    disk = tmp_path / "sys" / "devices" / "vdz"
    (disk / "queue").mkdir(parents=True)
    (disk / "vdz2").mkdir()
    (disk / "vdz2" / "partition").write_text("2\n")
    device = tmp_path.stat().st_dev
    block = tmp_path / "sys" / "dev" / "block"
    block.mkdir(parents=True)
    (block / f"{os.major(device)}:{os.minor(device)}").symlink_to(disk / "vdz2")
    group = tmp_path / "sys" / "fs" / "cgroup" / "system.slice"
    group.mkdir(parents=True)
    (group / "io.max").touch()
    monkeypatch.setattr(Path, "is_block_device", lambda self: self == Path("/dev/vdz"))
    return tmp_path / "sys"


def _here(system: Path, **changes: object) -> Info:
    return {**HERE, "DockerRootDir": str(system), **changes}  # type: ignore[typeddict-item]


def test_the_whole_disk_is_bounded_of_which_the_engine_has_a_partition(system: Path) -> None:
    machine = machine_of(_here(system), system)
    assert (machine.processors, machine.weights, machine.disk) == (4, True, "/dev/vdz")
    assert machine.unbounded() == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"KernelVersion": "6.6.0-linuxkit"},
        {"Name": "autre"},
        {"SecurityOptions": ["name=rootless"]},
        {"DockerRootDir": "/nulle/part"},
    ],
)
def test_a_disk_that_this_machine_does_not_see_is_not_bounded_and_the_doctor_says_so(
    system: Path, elsewhere: dict[str, object]
) -> None:
    machine = machine_of(_here(system, **elsewhere), system)
    assert machine.disk == ""
    assert machine.unbounded() == ["les lectures et les écritures du disque"]


def test_a_disk_is_bounded_where_the_kernel_can_alone(system: Path) -> None:
    (system / "fs" / "cgroup" / "system.slice" / "io.max").unlink()
    assert machine_of(_here(system), system).disk == ""
    first = _here(system, CgroupVersion="1")
    assert machine_of(first, system).disk == ""
    (system / "fs" / "cgroup" / "blkio").mkdir()
    (system / "fs" / "cgroup" / "blkio" / "blkio.throttle.read_bps_device").touch()
    assert machine_of(first, system).disk == "/dev/vdz"
    assert machine_of(first, system).unbounded() == ["les écritures différées du disque (cgroup v1)"]


def test_an_engine_that_bounds_no_processors_is_asked_for_none(system: Path) -> None:
    machine = machine_of(_here(system, CpuCfsQuota=False, CPUShares=False), system)
    assert (machine.processors, machine.weights) == (0, False)
    assert machine.unbounded() == ["le processeur", "le partage du processeur"]


@pytest.mark.parametrize(("processors", "most"), [(1, 0.6), (2, 0.6), (4, 1.2), (10, 3)])
def test_a_station_has_its_part_of_the_processors_and_of_the_disk(
    monkeypatch: pytest.MonkeyPatch, system: Path, processors: int, most: int
) -> None:
    api = MagicMock()
    api.info.return_value = _here(system, NCPU=processors)
    monkeypatch.setattr("docker.from_env", lambda **_: SimpleNamespace(api=api))
    monkeypatch.setattr("provisioner.engine.docker.client.machine_of", lambda info: machine_of(info, system))
    limits = Limits(768, 256, 0.3, 256, Rates(96, 48, 2000, 800))
    engine = DockerEngine()
    for _ in range(2):
        engine.create(ContainerSpec("poste", "image", {}, limits=limits))
    host = api.create_host_config.call_args.kwargs
    assert host["cpu_shares"] == 256
    assert "nano_cpus" not in host  # until it answers
    engine.bound_processors("poste", limits)
    api.update_container.assert_called_once_with("poste", cpu_period=1_000_000, cpu_quota=round(most * 1_000_000))
    assert host["device_write_bps"] == [{"Path": "/dev/vdz", "Rate": 48 << 20}]
    assert host["device_read_bps"] == [{"Path": "/dev/vdz", "Rate": 96 << 20}]
    assert host["device_read_iops"] == [{"Path": "/dev/vdz", "Rate": 2000}]
    assert host["device_write_iops"] == [{"Path": "/dev/vdz", "Rate": 800}]
    assert api.info.call_count == 1  # a reset waits for it


def test_what_cannot_be_bounded_is_left_out(monkeypatch: pytest.MonkeyPatch, system: Path) -> None:
    api = MagicMock()
    api.info.return_value = _here(system, CpuCfsQuota=False, CPUShares=False, Name="autre")
    monkeypatch.setattr("docker.from_env", lambda **_: SimpleNamespace(api=api))
    limits = Limits(768, 256, 0.3, 256, Rates(1, 1, 1, 1))
    DockerEngine().create(ContainerSpec("poste", "image", {}, limits=limits))
    DockerEngine().bound_processors("poste", limits)
    api.update_container.assert_not_called()
    host = api.create_host_config.call_args.kwargs
    assert host["pids_limit"] == 256
    assert not [name for name in host if name.startswith(("nano", "cpu", "device"))]
