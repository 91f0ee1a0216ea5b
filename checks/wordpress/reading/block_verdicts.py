"""Whether the parts of a content are the blocks that were asked for."""

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, Self
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.visibility import as_seen
from checks.wordpress.reading.content_verdicts import best, worst
from checks.wordpress.reading.contents import Image
from checks.wordpress.reading.destinations import one_leads_to
from checks.wordpress.reading.library import MediaFile, names_of, shows
from checks.wordpress.reading.parts import Part, described
from provisioner.french.figures import has_unit, spelled_once, values_of
from provisioner.french.text import fold, holds, may_hold, nearly_holds, nearly_same, quoted, same
from provisioner.subject.check import FILES, Refers, Site, Verdict, WantedText

BlockKind = Literal[
    "titre",
    "paragraphe",
    "bouton",
    "bannière",
    "image",
    "galerie",
    "tableau",
    "flux rss",
    "calendrier",
    "audio",
    "fichier",
]
#: What each kind may be asked for, and what it needs.
_FIELDS: dict[str, tuple[set[str], set[str]]] = {
    "titre": ({"text"}, {"text"}),
    "paragraphe": ({"text"}, {"text"}),
    "bouton": ({"text", "link", "media"}, set()),
    "bannière": ({"text", "media"}, {"media"}),
    "image": ({"media"}, {"media"}),
    "galerie": ({"media"}, {"media"}),
    "tableau": ({"rows"}, {"rows"}),
    "flux rss": ({"feed"}, set()),
    "calendrier": (set(), set()),
    "audio": ({"media"}, {"media"}),
    "fichier": ({"media"}, {"media"}),
}
#: What the path or the query of a feed's address says.
_FEED = re.compile(r"\b(feed|rss2?|rdf|atom|xml)\b", re.IGNORECASE)


class BlockWanted(BaseModel):
    """Un bloc et ce qu’il doit contenir."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    block: BlockKind = Field(description="Le bloc demandé.")
    text: str = Field("", description="Le texte d’un titre ou d’un bouton ; ce que dit un paragraphe ou une bannière.")
    link: Annotated[str, Refers("pages.slug", "posts.slug", "categories.slug", "tags.slug")] = Field(
        "", description="Où mène un bouton : un chemin du site (« /contact/ ») ou l’adresse d’un autre site."
    )
    feed: str = Field(
        "",
        description="Le flux RSS à afficher ; « /feed/ », celui du site, dans une page seulement : un article qui le "
        "montrerait s’y trouverait lui-même, et le flux tournerait en rond.",
    )
    media: tuple[Annotated[WantedText, Refers("media.slug", "media.file", FILES)], ...] = Field(
        (), description="Les médias du bloc (slug, ou nom du fichier sans l’extension) ; d’un bouton, le fichier visé."
    )
    rows: tuple[tuple[WantedText, ...], ...] = Field(
        (),
        description="Les lignes d’un tableau, cellule par cellule ; d’autres lignes et colonnes sont admises, "
        "si elles ne disent rien d’autre de la même première cellule.",
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        given = {name for name in ("text", "link", "feed", "media", "rows") if getattr(self, name)}
        allowed, needed = _FIELDS[self.block]
        if given - allowed:
            raise ValueError(f"un bloc « {self.block} » n’a pas de {', '.join(sorted(given - allowed))}")
        if needed - given:
            raise ValueError(f"un bloc « {self.block} » a besoin de {', '.join(sorted(needed - given))}")
        return self

    def __str__(self) -> str:
        parts = [f"« {self.text} »"] * bool(self.text)
        parts += [f"vers {self.link}"] * bool(self.link)
        parts += [f"du flux {self.feed}"] * bool(self.feed)
        parts += [f"avec {quoted(self.media)}"] * bool(self.media)
        parts += ["avec les lignes " + " ; ".join(" | ".join(row) for row in self.rows)] * bool(self.rows)
        return " ".join([f"un bloc « {self.block} »", *parts])


def judge(wanted: BlockWanted, parts: Sequence[Part], files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
    """The best of the parts of that kind, and what the content has of it."""
    candidates = [part for part in parts if part.kind == wanted.block and not part.banner]
    results = [(_as_seen(part, _match(wanted, part, files, site)), part) for part in candidates]
    observed = " ; ".join(described(part) for part in candidates) or f"aucun bloc « {wanted.block} »"
    verdict = best([result for result, _ in results])
    if verdict is Verdict.NOT_MET and wanted.block == "fichier" and _linked(wanted, "lien", parts, files):
        return Verdict.TO_JUDGE, "un lien mène au fichier, sans bloc « fichier » : à lire"
    if verdict is Verdict.NOT_MET and wanted.block == "bouton" and _linked(wanted, "fichier", parts, files):
        return Verdict.TO_JUDGE, f"{observed} ; à lire : un bloc « fichier » offre le fichier, avec son propre bouton"
    shown = "\n".join(part.text for part in candidates if part.shown)
    if verdict is Verdict.NOT_MET and wanted.block == "paragraphe" and may_hold(shown, wanted.text):
        return Verdict.TO_JUDGE, f"{observed} ; à lire : le texte est réparti sur plusieurs blocs"
    if verdict is Verdict.TO_JUDGE:
        part = next(part for result, part in results if result is verdict)
        why = "à un détail près ce qui est demandé"
        if wanted.feed:
            why = "l’adresse est celle d’une page du même site, qui mène peut-être à ce flux"
        elif wanted.rows:
            why += ", ou le tableau dit aussi autre chose de la même ligne"
        observed += f" ; à lire : {why if part.shown else 'un visiteur ne le voit pas'}"
    return verdict, observed


def _as_seen(part: Part, verdict: Verdict) -> Verdict:
    return as_seen(verdict, part.unseen, in_text=True)


def _match(wanted: BlockWanted, part: Part, files: Sequence[MediaFile], site: Site) -> Verdict:
    verdicts = [Verdict.MET]
    if wanted.text:
        verdicts.append(_says(wanted, part))
    if wanted.link:
        verdicts.append(_verdict(one_leads_to(site, part.links, wanted.link)))
    if wanted.feed:
        verdicts.append(_feeds(site, part, wanted.feed))
    for media in wanted.media:
        shown = part.sources if wanted.block != "bouton" else part.links
        names = names_of(media, files)
        verdicts.append(_verdict(any(shows(Image(source, "", ""), names) for source in shown)))
    if wanted.rows:
        verdicts.append(table_verdict(wanted.rows, part.rows))
    return worst(verdicts)


def _feeds(site: Site, part: Part, feed: str) -> Verdict:
    """Whether it shows that feed; given the address of a page, WordPress shows the feed that the page names: which, a person sees."""
    if one_leads_to(site, part.links, feed):
        return Verdict.MET
    of_a_page = any(_is_page_beside(one, urljoin(f"{site.address}/", feed)) for one in part.links)
    return Verdict.TO_JUDGE if part.shown and of_a_page else Verdict.NOT_MET


def _is_page_beside(address: str, feed: str) -> bool:
    """Whether that is an address of the feed's host, and no feed's."""
    seen = urlsplit(address)
    hosts = {one.casefold().removeprefix("www.") for one in (seen.netloc, urlsplit(feed).netloc)}
    return len(hosts) == 1 and not _FEED.search(f"{seen.path}?{seen.query}")


def _says(wanted: BlockWanted, part: Part) -> Verdict:
    if wanted.block in ("titre", "bouton"):
        if same(wanted.text, part.text):
            return Verdict.MET
        near = holds(part.text, wanted.text) or nearly_same(wanted.text, part.text)
    else:
        if holds(part.text, wanted.text):
            return Verdict.MET
        near = nearly_holds(part.text, wanted.text)
    return Verdict.TO_JUDGE if near else Verdict.NOT_MET


def table_verdict(wanted: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> Verdict:
    """Whether a table has these rows, cell by cell in order; lying on its side it has them too.

    One that has them and says something else of the same besides is a person's to judge.
    """
    either_way = [way for way in (rows, _turned(rows)) if _has_rows(wanted, way)]
    if either_way:
        return Verdict.TO_JUDGE if all(_says_otherwise_too(wanted, way) for way in either_way) else Verdict.MET
    seen = [cell for row in rows for cell in row]
    there = all(_perhaps_in(seen, cell) for row in wanted for cell in row)
    return Verdict.TO_JUDGE if there and rows and not _contradicts(wanted, rows) else Verdict.NOT_MET


def _has_rows(wanted: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> bool:
    return all(any(_has_cells(cells, row) for row in rows) for cells in wanted)


def _has_cells(cells: Sequence[str], row: Sequence[str]) -> bool:
    return None not in _cells_in(cells, row)


def _cells_in(cells: Sequence[str], row: Sequence[str]) -> list[str | None]:
    """The cells of the row that say these, in order."""
    at = iter(row)
    return [next((seen for seen in at if _in_cell(seen, cell)), None) for cell in cells]


def _in_cell(seen: str, wanted: str) -> bool:
    """Whether a cell says it; "14h-18h" says "14 h – 18 h"."""
    return holds(seen, wanted) or "".join(fold(seen).split()) == "".join(fold(wanted).split())


def _says_otherwise_too(wanted: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row of its own is about the same as one that is asked for, or a cell says a second hour or price."""
    for row in rows:
        asked = [cells for cells in wanted if _has_cells(cells, row)]
        if asked:
            if all(any(map(_says_more, _cells_in(cells, row), cells)) for cells in asked):
                return True
        elif any(same(cells[0], seen) for cells in wanted for seen in row):
            return True
    return False


def _says_more(seen: str | None, wanted: str) -> bool:
    """Whether a cell has a value of the sort of those that are asked for there, and that isn't one of them."""
    theirs, ours = (set(values_of(spelled_once(fold(text)))) for text in (seen or "", wanted))
    more = {one for one in theirs - ours if not any(one.startswith(f"{known} ") for known in ours)}
    return not _sorts(more).isdisjoint(_sorts(ours))


def _sorts(values: Iterable[str]) -> set[str]:
    """The sorts of values: hours, euros, days of a month…; a number alone may be of anything."""
    return {re.sub(r"\d+", "0", one) for one in values if has_unit(one)}


def _perhaps_in(seen: Sequence[str], wanted: str) -> bool:
    """Whether cells say it, or may: of a short word, a slip is too much for a text and not for a cell."""
    said = " | ".join(seen)
    return holds(said, wanted) or nearly_holds(said, wanted) or any(nearly_same(wanted, one) for one in seen)


def _turned(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    return [[row[i] if i < len(row) else "" for row in rows] for i in range(width)]


def _contradicts(wanted: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a cell that is asked for in one row stands in another: hours of the wrong day."""
    for cells in wanted:
        for row in rows:
            said = " | ".join(row)
            about_it = len(cells) > 1 and holds(said, cells[0]) and not _has_cells(cells, row)
            if about_it and not all(_perhaps_in(row, cell) for cell in cells):
                return True
    return False


def _linked(wanted: BlockWanted, kind: str, parts: Sequence[Part], files: Sequence[MediaFile]) -> bool:
    """Whether parts of another kind lead to the media that are asked for."""
    links = [Image(link, "", "") for part in parts if part.kind == kind for link in part.links]
    return bool(wanted.media) and all(any(shows(link, names_of(m, files)) for link in links) for m in wanted.media)


def _verdict(met: bool) -> Verdict:
    return Verdict.MET if met else Verdict.NOT_MET
