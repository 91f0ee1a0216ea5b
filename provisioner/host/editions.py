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


def sessions() -> list[str]:
    """The sessions of the exam that have an official edition, e.g. ["2024", "2025"]; an official edition is named after its own."""
    return sorted({stack.edition for stack in load_stacks().values() if stack.official})


def session_of(stack: Stack) -> str:
    """The session whose list of functionalities an edition is examined by; of one that is no session's, the first."""
    return stack.edition if stack.official else sessions()[0]


def require_session(session: str) -> None:
    """Refuse a session that no official edition is of, with those that exist."""
    if session not in sessions():
        raise UnknownName(
            f"La session « {session} » n'est pas connue. Sessions connues : {', '.join(sessions())}. Corrigez « session » "
            "dans e5b.toml, ou ce que vous avez écrit après --session."
        )


def editions_of_session(session: str) -> list[Stack]:
    """The official editions of a session: one for each CMS that it can be built for."""
    require_session(session)
    return [stack for stack in load_stacks().values() if stack.official and stack.edition == session]


def cms_name(cms: str) -> str:
    """The name of a CMS, as its makers write it: the first word of its editions' titles."""
    return next((stack.title.split()[0] for stack in load_stacks().values() if stack.cms == cms), cms)


def edition_for(cms: str, settings: Settings) -> Stack:
    """The stack on which subjects of a CMS run: the setting, else the official edition of the session."""
    if wrong := [f'{key} = "{name}"' for key, name in settings.editions.items() if stack_named(name).cms != key]:
        raise ConfigurationError(f"e5b.toml, « editions » : {', '.join(wrong)} ne va pas, c'est un autre CMS.")
    if cms in settings.editions:
        return stack_named(settings.editions[cms])
    for stack in editions_of_session(settings.session):
        if stack.cms == cms:
            return stack
    raise UnknownName(
        f"Aucune édition de {cms_name(cms)} n'est connue pour la session {settings.session}. Éditions connues : "
        f"{', '.join(load_stacks())} ; « editions » dans e5b.toml peut en choisir une."
    )


def editions_chosen(settings: Settings) -> list[Stack]:
    """The editions of all CMS that the settings choose, by id; a session may have none of a CMS."""
    own = {stack.cms for stack in editions_of_session(settings.session)} | settings.editions.keys()
    return [edition_for(cms, settings) for cms in sorted(own)]
