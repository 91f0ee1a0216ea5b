"""References of a check's values to the company's data, and whether what they name exists before the work begins.

A field is marked by an annotation, and nothing else is needed:

    post: Annotated[str, Refers("posts.slug", "pages.slug")]
    links: tuple[Annotated[str, Refers("pages.slug")], ...]

Each argument is a table of the context's seed (`scenarios/<context>/<cms>/seed.toml`) and a key of its
rows. `FILES` are the subject's own documents, `MEDIA` those and the company's. What the work itself makes (see
`Check.makes`) is known too.

A name is known when the checks would find it: e-mail addresses, identifiers and files must be equal to the letter, other
names may differ as people's writing does. A file may be named without its suffix where the medium's identifier would do.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from provisioner.french.text import same, same_address, slug_of
from provisioner.host.toml_files import read_toml

#: The documents that lie beside a subject.
FILES = "files"
#: The media of the company, as files; those beside the subject count too.
MEDIA = "media"


class Refers:
    """Marks a value that names something of the seed: one of these `table.key`."""

    def __init__(self, *where: str) -> None:
        self.where = where


@dataclass(frozen=True)
class UnknownReference:
    """A name that nothing has. `location` is the place of its value, in pydantic's form; `known` are the names there are."""

    location: tuple[int | str, ...]
    name: str
    known: tuple[str, ...]


def unknown_references(values: BaseModel, seed: Path, folder: Path, made: Sequence[str]) -> Iterator[UnknownReference]:
    """Every name in these values that is neither in the seed, nor in the subject's folder, nor made by the work."""
    if not seed.exists():  # a CMS whose company isn't written yet
        return
    for location, name, refers in references(values):
        stems = "media.slug" in refers.where
        known = {where: _names(seed, folder, where, stems) for where in refers.where}
        exists = any(_is_named(where, there, name) for where, names in known.items() for there in names)
        if not exists and not any(_will_be_named(where, new, name) for where in refers.where for new in made):
            yield UnknownReference(location, name, tuple(there for names in known.values() for there in names))


def references(
    model: BaseModel, location: tuple[int | str, ...] = ()
) -> Iterator[tuple[tuple[int | str, ...], str, Refers]]:
    """The names in the values that are marked by `Refers`, with their places and marks; an empty value names nothing."""
    for key, field in type(model).model_fields.items():
        value = getattr(model, key)
        inner = [mark for argument in get_args(field.annotation) for mark in getattr(argument, "__metadata__", ())]
        refers = next((mark for mark in [*field.metadata, *inner] if isinstance(mark, Refers)), None)
        for number, item in enumerate(value if isinstance(value, tuple) else (value,)):
            place = (*location, key, number) if isinstance(value, tuple) else (*location, key)
            if isinstance(item, BaseModel):
                yield from references(item, place)
            elif refers and (name := _name_in(item)):
                yield place, name, refers


def named_rows(mark: Refers, seed: Path, name: str) -> Iterator[tuple[list[str], list[str]]]:
    """The names by which people call what a reference may mean: of each of its tables, all rows' and the named row's.

    A table that has no row of this name gives nothing, nor do files: their names are not what people read.
    """
    for where in mark.where if seed.exists() else ():
        table, _, key = where.partition(".")
        rows = [row for row in _seed(seed).get(table, []) if key in row]
        own = [row for row in rows if _is_named(where, str(row[key]), name)]
        if key and own:
            yield [called for row in rows for called in _called(row)], _called(own[0])


def _called(row: Mapping[str, Any]) -> list[str]:
    person = [f"{row['first_name']} {row['last_name']}"] if "first_name" in row and "last_name" in row else []
    keys = ("title", "name", "slug", "email", "login", "author", "file")
    return [*(str(row[key]) for key in keys if row.get(key)), *person]


def _name_in(value: object) -> str:
    """The name in a value: a path of the site gives its last part; an address elsewhere or a file gives none."""
    if not isinstance(value, str) or not value.startswith("/"):
        return "" if not isinstance(value, str) or "://" in value else value
    path = value.partition("#")[0].strip("/")
    return path.rpartition("/")[2] if re.fullmatch(r"[\w/-]+", path) else ""


def _names(seed: Path, folder: Path, where: str, stems: bool) -> list[str]:
    """The names that are known there; with `stems`, those of files without their suffix too."""
    table, _, key = where.partition(".")
    if where == FILES:
        names = [path.name for path in sorted(folder.iterdir()) if path.is_file()]
    elif where == MEDIA:
        media = [path.name for path in sorted((seed.parent.parent / "media").iterdir()) if path.is_file()]
        return [*media, *_names(seed, folder, FILES, stems)]
    else:
        names = [str(row[key]) for row in _seed(seed).get(table, []) if key in row]
    bare = [Path(name).stem for name in names if stems and (where == FILES or key == "file")]
    return list(dict.fromkeys([*names, *bare, *map(slug_of, bare)]))


def _is_named(where: str, known: str, name: str) -> bool:
    """Whether a check that looks there for `name` finds what is called `known`."""
    key = where.partition(".")[2]
    if key in ("email", "login"):
        return same_address(known, name)
    return known == name if where in (FILES, MEDIA) or key in ("slug", "file") else same(known, name)


def _will_be_named(where: str, made: str, name: str) -> bool:
    """Whether a check that looks there for `name` finds what the work makes: by its name, or the identifier derived."""
    if where.endswith(".email"):
        return same_address(made, name)
    return same(made, name) or (where.endswith(".slug") and slug_of(made) == name)


@cache
def _seed(path: Path) -> Mapping[str, Any]:
    return read_toml(path)
