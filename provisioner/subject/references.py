"""What a check's values name of the company, and whether it is there before the work begins.

A field says it by an annotation, and nothing else is needed:

    post: Annotated[str, Refers("posts.slug", "pages.slug")]
    links: tuple[Annotated[str, Refers("pages.slug")], ...]

Each word is a table of the context's seed (`scenarios/<context>/<cms>/seed.toml`) and a key of its
rows. `FILES` are the subject's own documents, `MEDIA` those and the company's. What the work itself brings (see
`Check.makes`) is known too.

A name is known where the checks would find it: e-mail addresses, identifiers and files to the letter, other names as
people write them. A file may be named without its suffix where the medium's identifier would do.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from provisioner.french.text import same, same_address, slug_of
from provisioner.host.config import read_toml

#: The documents that lie beside a subject.
FILES = "files"
#: The media of the company, as files; those beside the subject count too.
MEDIA = "media"


class Refers:
    """Marks a value that names something of the seed: one of these `table.key`."""

    def __init__(self, *where: str) -> None:
        self.where = where


@dataclass(frozen=True)
class Unknown:
    """A name that nothing has; `location` is its key, as pydantic tells a place."""

    location: tuple[int | str, ...]
    name: str
    known: tuple[str, ...]


def unknown(wanted: BaseModel, seed: Path, folder: Path, made: Sequence[str]) -> Iterator[Unknown]:
    """Every name in these values that neither the seed nor the subject's folder nor the work has."""
    if not seed.exists():  # a CMS whose company isn't written yet
        return
    for location, name, marks in _named(wanted, ()):
        stems = "media.slug" in marks.where
        known = [(where, one) for where in marks.where for one in _names(seed, folder, where, stems)]
        brought = [(where, one) for where in marks.where for one in made]
        if not (any(_is(where, one, name) for where, one in known) or any(_makes(*one, name) for one in brought)):
            yield Unknown(location, name, tuple(one for _, one in known))


def _named(value: BaseModel, at: tuple[int | str, ...]) -> Iterator[tuple[tuple[int | str, ...], str, Refers]]:
    """The values that are marked, with their places and marks; empty ones name nothing."""
    for key, field in type(value).model_fields.items():
        held = getattr(value, key)
        inner = [mark for argument in get_args(field.annotation) for mark in getattr(argument, "__metadata__", ())]
        marks = next((mark for mark in [*field.metadata, *inner] if isinstance(mark, Refers)), None)
        for number, one in enumerate(held if isinstance(held, tuple) else (held,)):
            place = (*at, key, number) if isinstance(held, tuple) else (*at, key)
            if isinstance(one, BaseModel):
                yield from _named(one, place)
            elif marks and (name := _last(one)):
                yield place, name, marks


def _last(value: Any) -> str:
    """The name in a value: of a path of the site, its last part; of an address elsewhere or a file of it, none."""
    if not isinstance(value, str) or not value.startswith("/"):
        return "" if not isinstance(value, str) or "://" in value else value
    path = value.partition("#")[0].strip("/")
    return path.rpartition("/")[2] if re.fullmatch(r"[\w/-]+", path) else ""


def _names(seed: Path, folder: Path, where: str, stems: bool) -> list[str]:
    table, _, key = where.partition(".")
    if where == FILES:
        names = [path.name for path in sorted(folder.iterdir()) if path.is_file()]
    elif where == MEDIA:
        media = [path.name for path in sorted((seed.parent.parent / "media").iterdir()) if path.is_file()]
        return [*media, *_names(seed, folder, FILES, stems)]
    else:
        names = [str(row[key]) for row in _seed(seed).get(table, []) if key in row]
    bare = [Path(one).stem for one in names if stems and (where == FILES or key == "file")]
    return list(dict.fromkeys([*names, *bare, *map(slug_of, bare)]))


def _is(where: str, known: str, name: str) -> bool:
    """Whether a check finds what is so called in that place by this name."""
    key = where.partition(".")[2]
    if key in ("email", "login"):
        return same_address(known, name)
    return known == name if where in (FILES, MEDIA) or key in ("slug", "file") else same(known, name)


def _makes(where: str, made: str, name: str) -> bool:
    """The same of what the work brings: it has the name that it is given, and the identifier that comes of it."""
    if where.endswith(".email"):
        return same_address(made, name)
    return same(made, name) or (where.endswith(".slug") and slug_of(made) == name)


@cache
def _seed(path: Path) -> Mapping[str, Any]:
    return read_toml(path)
