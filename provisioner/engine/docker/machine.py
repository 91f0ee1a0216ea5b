"""What the engine can bound of a container's use of the machine: its processors, and the disk that it writes to."""

import os
from dataclasses import dataclass
from pathlib import Path

from provisioner.engine.docker.api import Info

_SYSTEM = Path("/sys")


@dataclass(frozen=True)
class Machine:
    """The machine of an engine: its processors, and the disk of the containers as /dev/NAME.

    `processors` is 0 where it can't bound them, `disk` empty where that isn't known or can't be bounded. `weights`: whether
    processors can be shared out unequally. `late_writes`: what a container writes and doesn't wait for is bounded as well.
    """

    processors: int
    weights: bool
    disk: str
    late_writes: bool

    def unbounded(self) -> list[str]:
        """What can't be bounded, a French phrase each."""
        found = [] if self.processors else ["le processeur"]
        found += [] if self.weights else ["le partage du processeur"]
        if not self.disk:
            return [*found, "les lectures et les écritures du disque"]
        return found if self.late_writes else [*found, "les écritures différées du disque (cgroup v1)"]


def machine_of(info: Info, system: Path = _SYSTEM) -> Machine:
    """What the engine says of its machine, and what this one says where it is the same. `system` stands for /sys."""
    unified = info.get("CgroupVersion") == "2"
    return Machine(
        processors=info.get("NCPU", 0) if info.get("CpuCfsQuota") else 0,
        weights=bool(info.get("CPUShares")),
        disk=_disk_of(info, system) if _can_bound_disks(unified, system) else "",
        late_writes=unified,
    )


def _disk_of(info: Info, system: Path) -> str:
    """The disk on which containers write; "" where the engine is elsewhere, or its files are on no disk of their own.

    An engine in a virtual machine, as Docker Desktop's, has a kernel of its own.
    """
    own = os.uname()
    rootless = any("rootless" in option for option in info.get("SecurityOptions") or ())
    if rootless or (info.get("KernelVersion"), info.get("Name")) != (own.release, own.nodename):
        return ""
    try:
        device = Path(info.get("DockerRootDir", "/var/lib/docker")).stat().st_dev
        found = (system / "dev" / "block" / f"{os.major(device)}:{os.minor(device)}").resolve(strict=True)
    except OSError:  # as on btrfs and ZFS, whose files are on a device that no disk has
        return ""
    if (found / "partition").exists():  # the kernel bounds whole disks alone
        found = found.parent
    disk = f"/dev/{found.name.replace('!', '/')}"
    return disk if (found / "queue").is_dir() and Path(disk).is_block_device() else ""


def _can_bound_disks(unified: bool, system: Path) -> bool:
    """Whether the kernel has the files by which the engine bounds a container's use of a disk; else none would start."""
    groups = system / "fs" / "cgroup"
    if unified:
        return any(groups.glob("*/io.max"))
    return (groups / "blkio" / "blkio.throttle.read_bps_device").exists()
