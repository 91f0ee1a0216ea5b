"""Tells one version of this program from another: by the digest of the files that decide something."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from provisioner.core.model import Golden, Stack, Station
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT
from provisioner.host.sources import meaning_of
from provisioner.host.toml_files import read_toml

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
def maker_of(stack: str) -> str:
    """The digest of all that makes the golden images of a stack, by its id: its system, its installation, its company."""
    made_by = stack_named(stack)
    return hashlib.sha256(f"{digest_of(_files_of(made_by))}\n{pins_of(made_by, ROOT)}".encode()).hexdigest()[:16]


def pins_of(stack: Stack, root: Path) -> str:
    """What an edition pins below that folder of the program, as text: not the addresses, since another gives the same archive."""
    pins = read_toml(root / "stacks" / stack.cms / f"{stack.edition}.toml")
    for artifact in pins["artifact"]:
        artifact.pop("urls", None)
    return json.dumps(pins, sort_keys=True, default=str)


def builder_of(stack: Stack, time_zone: str) -> str:
    """The digest of what else an image depends on: the modules that build it, the time zone, which files are executable.

    An image that has another is built anew where that is asked for; the stations that are made of it stand.
    """
    modules = meaning_of((ROOT / path for path in _BUILDING), ROOT)
    executable = sorted(str(path.relative_to(ROOT)) for path in _files_of(stack) if _is_executable(path))
    return hashlib.sha256("\n".join([modules, time_zone, *executable]).encode()).hexdigest()[:16]


def _files_of(stack: Stack) -> list[Path]:
    company, cms = ROOT / "scenarios" / stack.company, ROOT / "stacks" / stack.cms
    files = [*(ROOT / "stacks/base").rglob("*"), *cms.rglob("*"), *(company / "media").rglob("*")]
    of_the_gateway, pins = cms / "gateway", set(cms.glob("*.toml"))  # neither lies in a golden image
    files = [path for path in files if of_the_gateway not in path.parents and path not in pins]
    return [*files, *(company / stack.cms).rglob("*"), company / "context.toml"]


def _is_executable(path: Path) -> bool:
    return path.is_file() and bool(path.stat().st_mode & 0o100)


def is_made_otherwise(built: Golden | Station) -> bool:
    """Whether another version of this program made a golden image, or that of a station; one that doesn't say is older."""
    return built.maker != maker_of(built.stack)
