"""What a content is made of: its titles, buttons, pictures, tables… as a visitor meets them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checks.visibility import as_seen
from checks.wordpress.reading import contents, seeded
from checks.wordpress.reading.answers import rest_or_none
from checks.wordpress.reading.content_verdicts import best
from checks.wordpress.reading.contents import Content, address_of, attributes
from checks.wordpress.reading.destinations import followed
from checks.wordpress.reading.library import own_name
from checks.wordpress.reading.parts_js import PARTS_JS
from checks.wordpress.reading.wording import towards
from provisioner.french.text import quoted, shortened
from provisioner.subject.check import Site, Verdict
from provisioner.subject.page import Page

#: The kinds whose text is said otherwise, or is no text of theirs: what stands in a player is for old browsers.
_WITHOUT_TEXT = ("tableau", "calendrier", "audio", "vidéo")


@dataclass(frozen=True)
class Part:
    """One part, by its French kind ("bouton", "image"…); addresses are whole.

    `sources` are the files that it shows or offers, `links` where it leads. `width` is what its author
    set, in pixels; `drawn` what a visitor's screen gives it. `align` is the picture's own place, `stands` where columns or
    a row around it put it, `styled` where a style or another block around it does.
    """

    kind: str
    text: str = ""
    #: Why a visitor can't see it; "" where he can.
    unseen: str = ""
    level: int = 0
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    alt: str = ""
    caption: str = ""
    align: str = ""
    stands: str = ""
    styled: str = ""
    size: str = ""
    width: int = 0
    drawn: int = 0
    columns: int = 0
    banner: bool = False
    #: The heading that it stands below, then those above that; how many words are before and after it, a picture being five.
    under: tuple[str, ...] = ()
    before: int = 0
    after: int = 0

    @property
    def shown(self) -> bool:
        """Whether a visitor sees it."""
        return not self.unseen

    @property
    def widths(self) -> list[int]:
        """The width that its author set, else those that its files' names say: of the sizes that WordPress makes."""
        if self.width:
            return [self.width]
        return [int(width) for source in self.sources for width in re.findall(r"-(\d+)x\d+\.\w+$", source)]


@dataclass(frozen=True)
class Parts:
    """The parts of one content, and whether a visitor gets to see it."""

    content: Content
    all: tuple[Part, ...]
    public: bool

    def of(self, *kinds: str) -> list[Part]:
        """Those of these kinds."""
        return [part for part in self.all if part.kind in kinds]


def parts_of(site: Site, content: Content) -> Parts:
    """Read a content, on whose page the visitor then stands.

    Of one that he can't see, what he would: the work may be there and only not be public.
    """
    raw, rendered = contents.stored_html(site, content)
    seen, public = evaluated(site, content, rendered, lambda page, what: page.evaluate(PARTS_JS, what))
    parts = [part_of(site, one, content.link) for one in seen]
    if seeded.in_columns(site.company, content.born):  # that a picture stands there is nobody's work
        parts = [replace(one, stands="") for one in parts]
    return Parts(content, tuple(_with_feeds(parts, feeds_in(unfolded(site, raw)))), public)


def evaluated(
    site: Site, content: Content, rendered: str, read: Callable[[Page, int | str], list[dict[str, Any]]]
) -> tuple[list[dict[str, Any]], bool]:
    """What a script reads on all pages of a content, on whose first the visitor then stands, and whether he sees it.

    Of one that he can't see, what the script reads in its HTML.
    """
    if not (contents.show(site, content) and content.public(site.taken_at)):
        return read(site.signed_in(), rendered), False
    seen = read(site.page, content.id)
    following = site.page.locator("a.post-page-numbers[href]").evaluate_all("all => all.map(a => a.href)")
    for address in following:  # a text in several pages
        site.visit(contents.path_of(address))
        seen += read(site.page, content.id)
    if following:
        site.visit(contents.path_of(content.link))
    return seen, True


def feeds_in(raw: str) -> list[str]:
    """The addresses of the feeds in a content, as its blocks keep them: a visitor only sees what comes of them."""
    return [str(attributes(found).get("feedURL", "")) for found in re.findall(r"<!-- wp:rss (\{.*?\}) /?-->", raw)]


def unfolded(site: Site, raw: str, deep: int = 3) -> str:
    """A content's blocks, with those of the synchronised patterns in it, which are kept elsewhere."""

    def kept(found: re.Match[str]) -> str:
        held = rest_or_none(site, f"wp/v2/blocks/{found[1]}?context=edit&_fields=content")
        return unfolded(site, held["content"]["raw"], deep - 1) if held else ""

    return re.sub(r'<!-- wp:block \{"ref":(\d+)[^}]*\} /-->', kept, raw) if deep else raw


def _with_feeds(parts: Sequence[Part], feeds: Sequence[str]) -> list[Part]:
    """The feeds' parts know their addresses; one that nothing came of is there too, unseen."""
    drawn = [part for part in parts if part.kind == "flux rss"]
    rest_of_them = [part for part in parts if part.kind != "flux rss"]
    if len(drawn) > len(feeds):
        return list(parts)
    missing = [Part("flux rss", unseen="rien n’est affiché")] * (len(feeds) - len(drawn))
    return rest_of_them + [
        replace(p, links=(address_of("", f),)) for p, f in zip([*drawn, *missing], feeds, strict=True)
    ]


def part_of(site: Site, seen: dict[str, Any], base: str) -> Part:
    """A part as a script read it on the page of that address."""
    values = {key: seen[key] for key in seen if key not in ("sources", "links", "rows", "under")}
    return Part(
        **values,
        sources=tuple(address_of(base, one) for one in seen["sources"]),
        links=tuple(followed(site, address_of(base, one)) for one in seen["links"]),
        rows=tuple(tuple(row) for row in seen["rows"]),
        under=tuple(seen.get("under", ())),
    )


def unseen_verdict(right: Sequence[Part], observed: str) -> tuple[Verdict, str]:
    """The verdict on parts that are as asked and of which a visitor sees none, and what was observed."""
    verdict = best([as_seen(Verdict.MET, part.unseen, in_text=True) for part in right])
    return (
        verdict,
        f"{observed} ; {'à lire : ' * (verdict is Verdict.TO_JUDGE)}c’est ce qui est demandé, mais invisible pour un visiteur",
    )


def described(part: Part) -> str:
    """A part in French, short."""
    # The button of a file stands right behind its name.
    text = part.text.strip().removesuffix("Télécharger") if part.kind == "fichier" else part.text
    words = [f"« {shortened(text, 60)} »"] * bool(text.strip() and part.kind not in _WITHOUT_TEXT)
    words += _files(part, bool(words))
    words += [towards(link) for link in part.links[:3] if part.kind in ("bouton", "flux rss", "image")]
    words += ["sans lien"] * (part.kind == "bouton" and not part.links)
    if part.rows:
        words.append(" ; ".join(" | ".join(" ".join(cell.split()) for cell in row) for row in part.rows[:8]))
        words += ["; …"] * (len(part.rows) > 8)
    words += [f"(invisible : {part.unseen})"] * bool(part.unseen)
    return " ".join([part.kind, *words])


def _files(part: Part, named: bool) -> list[str]:
    """The files that a part shows, behind what it is called by where it is `named`."""
    files = [name for name in map(own_name, part.sources) if name and name != part.text.removesuffix("Télécharger")]
    # A file's name and its button are both links to it.
    files = list(dict.fromkeys(files)) if part.kind == "fichier" else files
    said = quoted(files[:8]) + ", …" * (len(files) > 8)
    return [f"({said})" if named else said] * bool(files)
