"""The stacks, as `stacks/<cms>/<edition>.toml` declares them, and which one a subject runs on.

Each edition has one stack with the home company, under the edition's own name, and a variant for each other company:
`wordpress-2024`, `wordpress-2024-clairepine`. Lists of editions have the former; whatever is named by a stack's id may be either.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from provisioner.core.errors import ConfigurationError, UnknownName
from provisioner.core.model import Artifact, Stack
from provisioner.host.companies import HOME, company_folder, other_companies
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
    untried: str = ""
    debian_packages: tuple[str, ...] = ()


@cache
def load_stacks(root: Path = ROOT / "stacks") -> dict[str, Stack]:
    """Every edition of the folder, `stacks/<cms>/<edition>.toml`, with the home company: by id, `<cms>-<edition>`."""
    stacks: dict[str, Stack] = {}
    for path in sorted(root.glob("*/*.toml")):
        table = validated(_StackTable, read_toml(path), str(path))
        cms, own = path.parent.name, f"{path.parent.name}-{path.stem}"
        if (table.cms, table.id) != (cms, own):  # a copy of another edition's file, not yet made its own
            raise ConfigurationError(
                f"{path} : cms = « {table.cms} » et id = « {table.id} » ; écrivez « {cms} » et « {own} », ce que son nom demande."
            )
        artifacts = tuple(Artifact(**a.model_dump(), stack="" if table.official else table.id) for a in table.artifact)
        rest = table.model_dump(exclude={"artifact"})
        stacks[table.id] = Stack(edition=path.stem, artifacts=artifacts, company=HOME, **rest)
    return stacks


def stack_if_known(name: str) -> Stack | None:
    """The stack of that id, with whatever company; None where there is none."""
    return next((stack for stack in every_stack() if stack.id == name), None)


def every_stack() -> list[Stack]:
    """The editions, and after them their variants with the other companies."""
    stacks = load_stacks().values()
    return [*stacks, *(with_company(stack, company) for stack in stacks for company in other_companies())]


def stack_named(name: str) -> Stack:
    """As `stack_if_known`; where there is none, a refusal that lists the editions and the companies."""
    if stack := stack_if_known(name):
        return stack
    raise UnknownName(
        f"L'édition « {name} » n'existe pas. Éditions connues : {', '.join(load_stacks())} ; avec une autre entreprise, son nom "
        f"suit : {', '.join(other_companies()) or 'aucune'}."
    )


def with_company(edition: Stack, company: str) -> Stack:
    """An edition of `load_stacks` with a company's content: itself with the home company, else its variant."""
    if company == HOME:
        return edition
    title = f"{edition.title}, entreprise {company}"
    return replace(edition, id=f"{edition.id}-{company}", title=title, company=company)


def stack_for(name: str, company: str) -> Stack:
    """The stack of that id; where it is an edition's own, with the company of a subject that runs on it."""
    stack = stack_named(name)
    return with_company(stack, company) if stack.company == HOME else stack


def company_of(stack: str) -> Path:
    """The folder of the company that a stack is seeded with, by the stack's id."""
    return company_folder(stack_named(stack).company)


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


def edition_for(cms: str, settings: Settings, company: str = HOME) -> Stack:
    """The stack on which a company's subjects of a CMS run: the setting's edition, else the official one of the session."""
    _refuse_wrong_editions(settings)
    if cms in settings.editions:
        return with_company(stack_named(settings.editions[cms]), company)
    for stack in editions_of_session(settings.session):
        if stack.cms == cms:
            return with_company(stack, company)
    raise UnknownName(
        f"Aucune édition de {cms_name(cms)} n'est connue pour la session {settings.session}. Éditions connues : "
        f"{', '.join(load_stacks())} ; « editions » dans e5b.toml peut en choisir une."
    )


def _refuse_wrong_editions(settings: Settings) -> None:
    if wrong := [f'{key} = "{name}"' for key, name in settings.editions.items() if stack_named(name).cms != key]:
        raise ConfigurationError(f"e5b.toml, « editions » : {', '.join(wrong)} ne va pas, c'est un autre CMS.")
    if wrong := [f'{key} = "{name}"' for key, name in settings.editions.items() if stack_named(name).company != HOME]:
        raise ConfigurationError(
            f"e5b.toml, « editions » : {', '.join(wrong)} ne va pas, le sujet dit l'entreprise ; ôtez-la du nom de l'édition."
        )


def editions_chosen(settings: Settings) -> list[Stack]:
    """The editions of all CMS that the settings choose, with the home company, by id; a session may have none of a CMS."""
    own = {stack.cms for stack in editions_of_session(settings.session)} | settings.editions.keys()
    return [edition_for(cms, settings) for cms in sorted(own)]
