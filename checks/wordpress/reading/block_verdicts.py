"""Whether the parts of a content are the blocks that were asked for."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal, Self
from urllib.parse import urljoin, urlsplit

from pydantic import ConfigDict, Field, model_validator

from checks.visibility import as_seen
from checks.wordpress.reading.content_verdicts import best, worst
from checks.wordpress.reading.contents import Image
from checks.wordpress.reading.destinations import one_leads_to
from checks.wordpress.reading.library import COPY, MediaFile, copies_of, names_of, shows
from checks.wordpress.reading.parts import Part, described
from checks.wordpress.reading.places import Placed, stands
from checks.wordpress.reading.tables import table_verdict
from checks.wordpress.reading.wording import denials
from provisioner.french.negation import denied
from provisioner.french.text import holds, may_hold, nearly_holds, nearly_same, quoted, same, shortened
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


class BlockWanted(Placed):
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

    @property
    def anywhere(self) -> "BlockWanted":
        """The same without a place."""
        return self.model_copy(update={"under": "", "at": ""})

    def __str__(self) -> str:
        parts = [f"qui dit « {self.text} »"] * bool(self.text)
        parts += [f"vers {self.link}"] * bool(self.link)
        parts += [f"du flux {self.feed}"] * bool(self.feed)
        parts += [f"{'vers le fichier' if self.block == 'bouton' else 'avec'} {quoted(self.media)}"] * bool(self.media)
        parts += ["avec les lignes " + " ; ".join(" | ".join(row) for row in self.rows)] * bool(self.rows)
        return " ".join([f"un bloc « {self.block} »", *parts]) + f", {self.place}" * self.placed


def judge(wanted: BlockWanted, parts: Sequence[Part], files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
    """The best of the parts of that kind, and what the content has of it."""
    candidates = [part for part in parts if part.kind == wanted.block and not part.banner]
    results = [_as_seen(part, _match(wanted, part, files, site)) for part in candidates]
    observed = " ; ".join(_described(wanted, part) for part in candidates) or f"aucun bloc « {wanted.block} »"
    verdict = best([result for result, _ in results])
    if verdict is Verdict.NOT_MET and wanted.placed and _in_another_place(wanted, candidates, files, site):
        return Verdict.NOT_MET, observed
    if verdict is Verdict.NOT_MET and wanted.block == "fichier" and _linked(wanted, "lien", parts, files):
        place = " ; reste à voir si c’est à la place demandée" * wanted.placed
        return Verdict.TO_JUDGE, f"{observed} ; à lire : un lien mène au fichier demandé{place}"
    if verdict is Verdict.NOT_MET and wanted.block == "bouton" and _linked(wanted, "fichier", parts, files):
        return (
            Verdict.TO_JUDGE,
            f"{observed} ; à lire : un bloc « fichier » offre le fichier demandé, avec son propre bouton",
        )
    shown = "\n".join(part.text for part in candidates if part.shown)
    if (
        verdict is Verdict.NOT_MET
        and wanted.block == "paragraphe"
        and may_hold(shown, wanted.text)
        and not wanted.placed
    ):
        return Verdict.TO_JUDGE, f"{observed} ; à lire : « {wanted.text} » est réparti sur plusieurs blocs"
    if verdict is Verdict.TO_JUDGE:
        observed += f" ; à lire : {next(why for result, why in results if result is verdict)}"
    return verdict, observed


def _in_another_place(wanted: BlockWanted, candidates: Sequence[Part], files: Sequence[MediaFile], site: Site) -> bool:
    """Whether the block is there, but not where it must be."""
    return any(_match(wanted.anywhere, part, files, site)[0] is not Verdict.NOT_MET for part in candidates)


def _described(wanted: BlockWanted, part: Part) -> str:
    return described(part) + (f", {stands(part)}" if wanted.placed else "")


def _as_seen(part: Part, found: tuple[Verdict, str]) -> tuple[Verdict, str]:
    verdict = as_seen(found[0], part.unseen, in_text=True)
    what = f"« {shortened(part.text, 60)} »" if part.text.strip() else "ce bloc"
    return found if verdict is found[0] else (verdict, f"un visiteur ne voit pas {what}")


def _match(wanted: BlockWanted, part: Part, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
    """Whether the part is what is asked, and why a person has to say."""
    results = [(Verdict.MET, "")]
    if wanted.text:
        results.append(_says(wanted, part))
    if wanted.link:
        results.append((_verdict(one_leads_to(site, part.links, wanted.link)), ""))
    if wanted.feed:
        of_the_site = "l’adresse est celle d’une page du même site, qui mène peut-être à ce flux"
        results.append((_feeds(site, part, wanted.feed), of_the_site))
    results += [_shows(media, wanted, part, files) for media in wanted.media]
    if wanted.rows:
        otherwise = (
            "le tableau est à un détail près celui qui est demandé, ou il dit aussi autre chose de la même ligne"
        )
        results.append((table_verdict(wanted.rows, part.rows), otherwise))
    results.append(wanted.place_of(part))
    verdict = worst([verdict for verdict, _ in results])
    return verdict, " ; ".join(dict.fromkeys(why for found, why in results if found is Verdict.TO_JUDGE and why))


def _shows(media: str, wanted: BlockWanted, part: Part, files: Sequence[MediaFile]) -> tuple[Verdict, str]:
    images = [Image(source, "", "") for source in (part.sources if wanted.block != "bouton" else part.links)]
    if any(shows(image, names_of(media, files)) for image in images):
        return Verdict.MET, ""
    copied = any(shows(image, copies_of(media, files)) for image in images)
    return (Verdict.TO_JUDGE, f"pour « {media} », {COPY}") if copied else (Verdict.NOT_MET, "")


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


def _says(wanted: BlockWanted, part: Part) -> tuple[Verdict, str]:
    if wanted.block in ("titre", "bouton"):
        if same(wanted.text, part.text):
            return Verdict.MET, ""
        near = holds(part.text, wanted.text) or nearly_same(wanted.text, part.text)
        return (Verdict.TO_JUDGE if near else Verdict.NOT_MET), _nearly(part)
    if holds(part.text, wanted.text):
        said = denied(part.text, wanted.text)
        return (Verdict.TO_JUDGE, denials([(wanted.text, said)])[0]) if said else (Verdict.MET, "")
    return (Verdict.TO_JUDGE if nearly_holds(part.text, wanted.text) else Verdict.NOT_MET), _nearly(part)


def _nearly(part: Part) -> str:
    return f"« {shortened(part.text, 160)} » dit à un détail près ce qui est demandé"


def _linked(wanted: BlockWanted, kind: str, parts: Sequence[Part], files: Sequence[MediaFile]) -> bool:
    """Whether parts of another kind lead to the media that are asked for."""
    links = [Image(link, "", "") for part in parts if part.kind == kind for link in part.links]
    return bool(wanted.media) and all(any(shows(link, names_of(m, files)) for link in links) for m in wanted.media)


def _verdict(met: bool) -> Verdict:
    return Verdict.MET if met else Verdict.NOT_MET
