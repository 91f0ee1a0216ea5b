"""Tells one version of this program from another: by the digest of the files that decide something."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from provisioner.core.model import Golden, Station
from provisioner.host.editions import load_stacks
from provisioner.host.paths import ROOT
from provisioner.host.sources import meaning_of

#: The company that all stacks are seeded with.
SCENARIO = "biscuiterie"
#: The modules that make an image of a CMS's files.
_BUILDING = ("provisioner/build/bases.py", "provisioner/build/driver.py", "provisioner/build/stacks.py")


def digest_of(files: Iterable[Path]) -> str:
    """The digest of these files of the program, by name and content; what Python makes of them aside."""
    digest = hashlib.sha256()
    for path in sorted(set(files)):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def maker_of(cms: str) -> str:
    """The digest of all that makes the golden images of a CMS: its system, its installation, the company in it."""
    return digest_of(_files_of(cms))[:16]


def builder_of(cms: str, time_zone: str) -> str:
    """The digest of what else an image depends on: the modules that build it, the time zone, which files are executable.

    An image that has another is built anew where that is asked for; the stations that are made of it stand.
    """
    modules = meaning_of((ROOT / path for path in _BUILDING), ROOT)
    executable = sorted(str(path.relative_to(ROOT)) for path in _files_of(cms) if _is_executable(path))
    return hashlib.sha256("\n".join([modules, time_zone, *executable]).encode()).hexdigest()[:16]


def _files_of(cms: str) -> list[Path]:
    company = ROOT / "scenarios" / SCENARIO
    files = [*(ROOT / "stacks/base").rglob("*"), *(ROOT / "stacks" / cms).rglob("*"), *(company / "media").rglob("*")]
    of_the_gateway = ROOT / "stacks" / cms / "gateway"  # in no golden image
    files = [path for path in files if of_the_gateway not in path.parents]
    return [*files, *(company / cms).rglob("*"), company / "context.toml"]


def _is_executable(path: Path) -> bool:
    return path.is_file() and bool(path.stat().st_mode & 0o100)


def is_made_otherwise(built: Golden | Station) -> bool:
    """Whether another version of this program made a golden image, or that of a station; one that doesn't say is older."""
    return built.maker != maker_of(load_stacks()[built.stack].cms)
