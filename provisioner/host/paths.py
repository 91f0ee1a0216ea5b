"""Where things are: the program's own folder, and the folders in which e5b keeps what it keeps."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: The folder that holds provisioner/, stacks/, checks/ and scenarios/.
ROOT = Path(__file__).resolve().parents[2]

#: Where the environment may say that things are.
PLACES = ("E5B_CACHE", "E5B_STATE", "E5B_CONFIG")


@dataclass(frozen=True)
class Paths:
    """Where e5b keeps what it keeps. `state` holds secrets and candidates' work: mode 0700."""

    cache: Path
    state: Path
    settings: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Paths":
        """E5B_CACHE, E5B_STATE and E5B_CONFIG, else the usual folders of the user."""
        home, told = Path(environ.get("HOME") or "/root").absolute(), places(environ)
        return cls(
            cache=Path(told.get("E5B_CACHE", home / ".cache" / "e5b")),
            state=Path(told.get("E5B_STATE", home / ".local" / "state" / "e5b")),
            settings=Path(told.get("E5B_CONFIG", home / ".config" / "e5b" / "e5b.toml")),
        )

    @property
    def artifacts(self) -> Path:
        """The store of pinned archives."""
        return self.cache / "artifacts"

    @property
    def overrides(self) -> Path:
        """The one file in which stand-ins are declared."""
        return self.cache / "overrides.toml"


def places(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The PLACES that the environment names, as they are from any folder; an empty name is none."""
    return {name: str(Path(environ[name]).absolute()) for name in PLACES if environ.get(name)}
