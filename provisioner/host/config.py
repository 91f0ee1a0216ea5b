"""Loads and validates every TOML file of the program, and knows where things are.

`Settings` is the one table of the settings: name, default and meaning of each.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from provisioner.core.declaration import ROOM_NAME, Mirror, Network, Whole, shut_out
from provisioner.core.errors import ConfigurationError, UnknownName
from provisioner.core.mistakes import french_reason
from provisioner.core.model import Artifact, Functionality, Stack, StandIn
from provisioner.host.disk import in_french
from provisioner.host.encryption import PublicKey

#: The folder that holds provisioner/, stacks/, checks/ and scenarios/.
ROOT = Path(__file__).resolve().parents[2]
#: Where the environment may say that things are.
PLACES = ("E5B_CACHE", "E5B_STATE", "E5B_CONFIG")
#: The rooms that `demo`, `prove` and `context check` make and empty as they like.
RESERVED_ROOMS = ("demo", "preuve", "contexte")

Model = TypeVar("Model", bound=BaseModel)


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


class Settings(BaseModel):
    """The centre's settings, from e5b.toml; each has a default that works on one machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    room: str = Field("salle", pattern=ROOM_NAME, description="Le nom de la salle.")
    host: str = Field(
        "localhost",
        pattern=r"^[A-Za-z0-9.-]+$",
        description="Le nom ou l'adresse par lesquels les candidats atteignent cette machine.",
    )
    listen: str = Field("127.0.0.1", description="L'adresse où les postes répondent ; 0.0.0.0 pour toute la salle.")
    first_port: Whole = Field(8101, ge=1024, le=60000, description="Le port du premier poste ; les autres suivent.")
    places: Whole = Field(20, ge=1, le=60, description="Le nombre de postes que la salle peut avoir.")
    subnet: str = Field("10.213.0.0/16", description="Les adresses internes des postes, libres au centre.")
    time_zone: str = Field("Europe/Paris", description="Le fuseau horaire du centre.")
    editions: dict[str, str] = Field(
        {}, description='L\'édition de chaque CMS, ex. { wordpress = "wordpress-2024" } ; sinon la première officielle.'
    )
    debian_mirrors: dict[str, Mirror] = Field({}, description='Miroirs par Debian : { bullseye = "http://…/debian" }.')
    memory_mib: Whole = Field(768, ge=256, description="La mémoire qu'un poste peut prendre, en Mio.")
    processes: Whole = Field(256, ge=64, description="Le nombre de processus qu'un poste peut avoir.")
    snapshot_minutes: Whole = Field(5, ge=1, le=40, description="Les minutes entre deux clichés d'un poste au travail.")
    archive_key: PublicKey = Field("", description="La clé publique age (age1…) pour qui les archives sont chiffrées.")
    snapshots: Whole = Field(4, ge=1, le=20, description="Le nombre de clichés gardés par candidat.")
    layer_mib: Whole = Field(2048, ge=256, description="La place qu'un candidat peut prendre sur le disque, en Mio.")
    network: Network = Field(Network(), description="Ce que la salle laisse passer : voir declaration.py.")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # the last one: "Europe" is a folder
            raise ValueError(f"fuseau horaire inconnu : {value}") from error
        return value

    @field_validator("room")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if value.partition("-")[0] in RESERVED_ROOMS:
            raise ValueError(f"« {value} » est réservé : e5b vide cette salle sans prévenir, donnez-en un autre")
        return value

    @field_validator("host")
    @classmethod
    def _as_browsers_send_it(cls, value: str) -> str:
        return value.lower()

    @field_validator("listen")
    @classmethod
    def _an_address(cls, value: str) -> str:
        try:
            return str(IPv4Address(value))
        except ValueError as error:
            raise ValueError(f"« {value} » n'est pas une adresse IPv4 comme 0.0.0.0") from error

    @field_validator("subnet")
    @classmethod
    def _wide_enough(cls, value: str) -> str:
        try:
            network = IPv4Network(value)
        except ValueError as error:
            raise ValueError(f"« {value} » n'est pas un réseau IPv4 comme 10.213.0.0/16") from error
        if network.prefixlen > 20:
            raise ValueError("le réseau doit être un /20 ou plus grand")
        return value

    @model_validator(mode="after")
    def _lets_candidates_in(self) -> "Settings":
        if mistake := shut_out(self.host, self.listen, self.first_port, self.network):
            raise ValueError(mistake)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The centre's time zone."""
        return ZoneInfo(self.time_zone)


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dictionary, or a sentence that says what is wrong and on which line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Windows's editors mark it
    except FileNotFoundError as error:
        raise ConfigurationError(f"Le fichier {path} n'existe pas : vérifiez son nom et son chemin.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} n'est pas en UTF-8 : enregistrez-le dans cet encodage.") from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"ligne {found[1]}, colonne {found[2]}" if found else "à la fin du fichier"
        raise ConfigurationError(
            f"{path}, {where} : TOML mal formé. Vérifiez-y les guillemets, les crochets et le signe « = », "
            "et que chaque clé n'y est qu'une fois."
        ) from error
    except OSError as error:
        raise ConfigurationError(in_french(error, path)) from error


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # in a folder that is another's: reading says so
        return True


def validated(model: type[Model], data: Mapping[str, Any], where: str) -> Model:
    """The model made of this data, or one sentence with every mistake in it."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        keys = [".".join(str(part) for part in e["loc"]) for e in error.errors()]
        told = [french_reason(dict(e)) for e in error.errors()]
        reasons = "; ".join(f"« {key} » : {why}" if key else why for key, why in zip(keys, told, strict=True))
        raise ConfigurationError(f"{where} : {reasons}.") from error


def load_settings(path: Path) -> Settings:
    """The centre's settings; the defaults where there is no file."""
    return validated(Settings, read_toml(path), str(path)) if _there(path) else Settings()


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


@cache
def load_functionalities(path: Path = ROOT / "checks" / "functionality.toml") -> dict[str, Functionality]:
    """The circular's list, by id, in its order."""
    lines: dict[str, Functionality] = {}
    for cms, headings in read_toml(path).items():
        for heading, rows in headings.items():
            for name, row in rows.items():
                line = Functionality(f"{cms}.{heading}.{name}", cms, heading, row["text"], tuple(row["facts"]))
                lines[line.id] = line
    return lines


def fact(functionality: str, text: str) -> str:
    """The identity of a fact of the list; a fact that the list doesn't have is a programming error."""
    line = load_functionalities()[functionality]
    if text not in line.facts:
        raise KeyError(f"{functionality} has no fact {text!r}; it has {line.facts}")
    return f"{functionality}/{text}"


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
    declared = read_toml(path) if _there(path) else {}
    for name, table in declared.items():
        if isinstance(table, dict) and len(table) == 1 and isinstance(next(iter(table.values())), dict):
            raise ConfigurationError(
                f'{path}, [{name}.…] : mettez le nom entier du fichier entre guillemets, comme ["astra-4.5.2.zip"].'
            )
    return {
        name: StandIn(artifact=name, **validated(_StandInTable, table, f"{path}, [{name}]").model_dump())
        for name, table in declared.items()
    }
