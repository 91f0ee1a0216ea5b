"""The stacks, as `stacks/<cms>/<edition>.toml` declares them, and which one a subject runs on."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from provisioner.core.errors import ConfigurationError, UnknownName
from provisioner.core.model import Artifact, Stack
from provisioner.host.paths import ROOT
from provisioner.host.settings import Settings
from provisioner.host.toml_files import read_toml, validated


class _ArtifactTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    version: str
    file: str
    urls: tuple[str, ...] = ()
    npm: str = ""
    sha256: str = ""
    sha1: str = ""


class _StackTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    cms: str
    title: str
    suite: str
    theme: str
    versions: dict[str, str]
    artifact: tuple[_ArtifactTable, ...]
    official: bool = True
    why_unofficial: str = ""
    debian_packages: tuple[str, ...] = ()


@cache
def load_stacks(root: Path = ROOT / "stacks") -> dict[str, Stack]:
    """Every stack of the folder: `stacks/<cms>/<edition>.toml`, by id."""
    stacks: dict[str, Stack] = {}
    for path in sorted(root.glob("*/*.toml")):
        table = validated(_StackTable, read_toml(path), str(path))
        artifacts = tuple(Artifact(**a.model_dump(), stack="" if table.official else table.id) for a in table.artifact)
        rest = table.model_dump(exclude={"artifact"})
        stacks[table.id] = Stack(edition=path.stem, artifacts=artifacts, **rest)
    return stacks


def stack_named(name: str) -> Stack:
    """The stack of that id, or a refusal that lists those that exist."""
    stacks = load_stacks()
    if name not in stacks:
        raise UnknownName(f"L'édition « {name} » n'existe pas. Éditions connues : {', '.join(stacks)}.")
    return stacks[name]


def edition_for(cms: str, settings: Settings) -> Stack:
    """The stack on which subjects of a CMS run: the setting, else the first official edition."""
    if wrong := [f'{key} = "{name}"' for key, name in settings.editions.items() if stack_named(name).cms != key]:
        raise ConfigurationError(f"e5b.toml, « editions » : {', '.join(wrong)} ne va pas, c'est un autre CMS.")
    if cms in settings.editions:
        return stack_named(settings.editions[cms])
    for stack in load_stacks().values():
        if stack.cms == cms and stack.official:
            return stack
    raise UnknownName(f"Aucune édition de « {cms} » n'est connue. Éditions connues : {', '.join(load_stacks())}.")
