"""Reads TOML files and checks them against a model: a mistake is one French sentence."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from provisioner.core.errors import ConfigurationError
from provisioner.core.mistakes import french_reason, nearest
from provisioner.host.disk import in_french

Model = TypeVar("Model", bound=BaseModel)


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


def is_there(path: Path) -> bool:
    """Whether there is such a file; True where that can't be told, so that reading it says why."""
    try:
        return path.exists()
    except OSError:  # in a folder that is another's
        return True


def validated(model: type[Model], data: Mapping[str, Any], where: str) -> Model:
    """The model made of this data, or one sentence with every mistake in it."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        keys = [".".join(str(part) for part in e["loc"]) for e in error.errors()]
        told = [french_reason(dict(e)) + key_meant(model, e["type"], e["loc"]) for e in error.errors()]
        reasons = "; ".join(f"« {key} » : {why}" if key else why for key, why in zip(keys, told, strict=True))
        raise ConfigurationError(f"{where} : {reasons}.") from error


def key_meant(model: type[BaseModel], kind: str, location: Sequence[int | str]) -> str:
    """Which key an unknown one may be meant for, in brackets: of its table, or the same key of another table."""
    if kind != "extra_forbidden":
        return ""
    *above, key = [str(part) for part in location if isinstance(part, str)]
    own = ".".join(above)
    tables = dict(_tables(model))
    elsewhere = next((name for name, fields in tables.items() if name != own and key in fields), None)
    if elsewhere is not None:
        return f" (elle se met dans [{elsewhere}])" if elsewhere else f" (elle se met au-dessus de [{own}])"
    if near := nearest(key, tables.get(own, ())):
        return f" (vouliez-vous dire « {near} » ?)"
    return ""


def _tables(model: type[BaseModel], name: str = "") -> Iterator[tuple[str, list[str]]]:
    """The tables of a model, by dotted name, each with its keys; the model's own first, with an empty name."""
    yield name, list(model.model_fields)
    for key, field in model.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from _tables(kind, f"{name}.{key}" if name else key)
