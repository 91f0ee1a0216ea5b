"""The media library: its files, and which of them a picture shows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.contents import Image, images_in, plain
from provisioner.french.text import same, slug_of
from provisioner.subject.check import Site

#: Two files of as many bytes are likely one, if they are larger than this.
_TELLING = 2000
#: Why a file that `copies_of` names is a person's to judge.
COPY = "un fichier d’un autre nom et de même poids, téléversé sans doute une seconde fois"


@dataclass(frozen=True)
class MediaFile:
    """A file of the library; `stem` is the name of its file without its ending, `widths` those of its sizes ("full" too)."""

    id: int
    slug: str
    stem: str
    bytes: int
    alt: str
    widths: Mapping[str, int] = field(default_factory=dict)


def library(site: Site) -> list[MediaFile]:
    """Every file of the media library."""
    return [
        MediaFile(
            id=file["id"],
            slug=file["slug"],
            stem=stem(file["source_url"]).removesuffix("-scaled"),
            bytes=(file.get("media_details") or {}).get("filesize", 0),
            alt=file.get("alt_text") or "",
            widths=_widths(file.get("media_details") or {}),
        )
        for file in rest_all(site, "wp/v2/media?context=edit&_fields=id,slug,source_url,media_details,alt_text")
    ]


def _widths(details: Mapping[str, Any]) -> dict[str, int]:
    sizes = {name: size.get("width") or 0 for name, size in (details.get("sizes") or {}).items()}
    return {**sizes, "full": details.get("width") or 0}


def width_of(address: str, size: str, files: Sequence[MediaFile]) -> int:
    """How wide the file at this address is in that size: its own width where it is too small for one; 0 where nothing tells."""
    pictures = [f for f in files if f.widths.get("full") and shows(Image(address, "", ""), frozenset({f.stem}))]
    return next((f.widths.get(size) or f.widths["full"] for f in pictures), 0)


def meant(media: str, files: Sequence[MediaFile]) -> list[MediaFile]:
    """The files that a medium is by its identifier or the name of its file, which authors may give with its ending."""
    bare = _bare(media)
    return [f for f in files if bare in (f.slug, f.stem) or f.slug == slug_of(bare)]


def first_names(media: str, files: Sequence[MediaFile]) -> frozenset[str]:
    """The names of the file itself: neither edited nor brought in a second time."""
    return frozenset({_bare(media)} | {f.stem for f in meant(media, files)})


def _bare(media: str) -> str:
    return re.sub(r"\.[A-Za-z][A-Za-z0-9]{2,3}$", "", media)


def names_of(media: str, files: Sequence[MediaFile]) -> frozenset[str]:
    """The file names under which this medium may be shown: its own, cropped, edited, or uploaded again."""
    wanted, names = meant(media, files), set(first_names(media, files))
    changed = re.compile(rf"(?:{'|'.join(map(re.escape, names))})(-edited|-e\d{{10,}}|-rotated|-\d+)+")
    again = {f.bytes for f in wanted}
    for file in files:
        suffix = changed.fullmatch(file.stem)
        if suffix and (not re.fullmatch(r"-\d{1,9}", suffix[1]) or not wanted or file.bytes in again):
            names.add(file.stem)
    return frozenset(names)


def copies_of(media: str, files: Sequence[MediaFile]) -> frozenset[str]:
    """The names of files that have as many bytes as this medium, under a name that isn't its own: perhaps the same picture."""
    known, sizes = names_of(media, files), {f.bytes for f in meant(media, files) if f.bytes > _TELLING}
    return frozenset(f.stem for f in files if f.bytes in sizes and f.stem not in known)


def shows(image: Image, names: frozenset[str]) -> bool:
    """Whether the picture is a file of one of these names, in whatever size."""
    name = stem(image.address)
    return name in names or re.sub(r"-\d+x\d+$|-scaled$", "", name) in names


def carried(site: Site, names: frozenset[str], detail: str, text: str) -> list[str]:
    """The contents in which the picture itself carries the alternative text ("alt"), the title or the legend ("caption").

    There a visitor meets it, whatever the library has.
    """
    if detail not in ("alt", "title", "caption"):
        return []
    found = []
    for kind in ("posts", "pages"):
        for one in rest_all(site, f"wp/v2/{kind}?context=edit&status=any&_fields=title,content"):
            shown = images_in(site, one["content"]["rendered"])
            if any(same(text, getattr(image, detail)) for image in shown if shows(image, names)):
                found.append(plain(one["title"]["raw"]))
    return found


def own_name(address: str) -> str:
    """The name of the picture itself, whatever size of it or part of it WordPress made and shows.

    >>> own_name("http://poste/wp-content/uploads/cropped-icone-32x32.png")
    'icone'
    """
    return re.sub(r"-\d+x\d+$|-scaled$", "", stem(address)).removeprefix("cropped-")


def stem(address: str) -> str:
    """The name of a file without folder and ending."""
    return unquote(urlsplit(address).path).rpartition("/")[2].rpartition(".")[0]
