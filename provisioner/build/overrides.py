"""Archives that a centre declares in `overrides.toml` to stand in for pinned ones."""

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

from provisioner.core.errors import ConfigurationError
from provisioner.core.model import StandIn
from provisioner.host.toml_files import is_there, read_toml, validated


class _StandInTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    file: str
    sha256: str
    version: str
    reason: str

    @field_validator("sha256")
    @classmethod
    def _whole(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{64}", value.lower()):  # Windows writes capitals
            raise ValueError("une somme SHA-256 s'écrit en 64 signes, de 0 à 9 et de a à f")
        return value.lower()

    @field_validator("file")
    @classmethod
    def _that_can_be(cls, value: str) -> str:
        if "\0" in value:
            raise ValueError("un nom de fichier n'a pas de caractère nul")
        return value


def load_overrides(path: Path) -> dict[str, StandIn]:
    """The declared stand-ins by the store's file name; their `file` is relative to the declaration."""
    declared = read_toml(path) if is_there(path) else {}
    for name, table in declared.items():
        if isinstance(table, dict) and len(table) == 1 and isinstance(next(iter(table.values())), dict):
            raise ConfigurationError(
                f'{path}, [{name}.…] : mettez le nom entier du fichier entre guillemets, comme ["astra-4.5.2.zip"].'
            )
    return {
        name: StandIn(artifact=name, **validated(_StandInTable, table, f"{path}, [{name}]").model_dump())
        for name, table in declared.items()
    }
