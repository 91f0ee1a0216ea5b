"""What the site holds under a title, and what a visitor reads there."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from checks.wordpress.reading import seeded
from checks.wordpress.reading.answers import Kind, rest_all, rest_or_none
from checks.wordpress.reading.article_js import READ_JS
from provisioner.subject.check import Site
from provisioner.subject.page import Page

#: How much later than its last change a date may be that nobody planned.
_AT_ONCE = timedelta(minutes=1)
_FRENCH_KIND = {"post": "l’article", "page": "la page"}


@dataclass(frozen=True)
class Content:
    """A post or a page as the back office holds it."""

    id: int
    kind: Kind
    title: str
    status: str
    date: datetime
    modified: datetime
    link: str
    protected: bool
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    featured_media: int
    slug: str = ""
    #: It was there when the work began.
    seeded: bool = False
    #: The slug that it had then, where it had one: it stays who it is, whatever address it was given since.
    born: str = ""
    #: Everybody could read it then.
    was_public: bool = False
    #: The categories above its own, on whose pages WordPress shows it too.
    above: tuple[str, ...] = ()

    def public(self, moment: datetime) -> bool:
        """Whether everybody may read it at that moment."""
        return self.due(moment) and not self.protected

    def due(self, moment: datetime) -> bool:
        """Whether it had been put online by then.

        What was planned for later may have gone online meanwhile: its date is then after its last change, which that of
        a candidate's last request isn't, however late it was answered.
        """
        at_once = self.status == "publish" and self.date <= self.modified + _AT_ONCE
        return at_once or (self.status in ("publish", "future") and self.date <= moment)

    def state(self, moment: datetime) -> str:
        """Its state in French, agreeing with its kind: "publié", "remise en brouillon"…"""
        e = "e" if self.kind == "page" else ""
        if self.public(moment):
            return f"publié{e}"
        day = self.date.astimezone(moment.tzinfo)
        planned = f"programmé{e} pour le {day:%d/%m/%Y à %H h %M}"
        return {
            "publish": f"publié{e}, mais protégé{e} par un mot de passe" if self.due(moment) else planned,
            "draft": f"remis{e} en brouillon" if self.was_public else "en brouillon",
            "pending": "en attente de relecture",
            "private": f"privé{e}",
            "future": planned,
            "trash": "à la corbeille",
        }.get(self.status, f"à l’état « {self.status} »")

    def __str__(self) -> str:
        return f"{_FRENCH_KIND[self.kind]} n° {self.id} « {self.title} »"


@dataclass(frozen=True)
class Image:
    """A picture as it is shown, with its alternative text, its caption and what it says under the mouse."""

    address: str
    alt: str
    caption: str
    title: str = ""


@dataclass(frozen=True)
class Link:
    """A link as it is shown; `address` is whole."""

    address: str
    text: str


@dataclass(frozen=True)
class Body:
    """What is read below the title: neither header, side column, comments, nor lists that the site makes.

    `made` are the links of such lists, where they lead to its other contents.
    """

    text: str = ""
    headings: tuple[tuple[int, str], ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    made: tuple[Link, ...] = ()

    def __add__(self, other: "Body") -> "Body":
        return Body(
            f"{self.text}\n{other.text}",
            self.headings + other.headings,
            self.images + other.images,
            self.links + other.links,
            self.made + other.made,
        )


def contents(site: Site) -> list[Content]:
    """Every post and page, the bin included, the newest change first."""
    fields = "id,type,slug,guid,title,status,date_gmt,modified_gmt,link,password,featured_media,categories,tags"
    states = "publish,future,draft,pending,private,trash"
    query = f"context=edit&status={states}&orderby=modified&_fields={fields}"
    found = [item for kind in ("posts", "pages") for item in rest_all(site, f"wp/v2/{kind}?{query}")]
    # Each by its number: what REST embeds of an article's terms ends with the tenth.
    rows = {
        term["id"]: term
        for kind in ("categories", "tags")
        for term in rest_all(site, f"wp/v2/{kind}?_fields=id,name,parent")
    }
    terms = {number: _lineage(number, rows) for number in rows}
    newest = sorted(found, key=lambda item: str(item["modified_gmt"]), reverse=True)
    return [_content(site.company, item, terms) for item in newest]


def _lineage(number: int, rows: Mapping[int, Mapping[str, Any]]) -> list[str]:
    """The name of a category or tag, and those of the categories above it."""
    names: list[str] = []
    while number in rows and len(names) < len(rows):
        names.append(plain(rows[number]["name"]))
        number = rows[number].get("parent", 0)
    return names


def _content(company: Path, item: dict[str, Any], terms: Mapping[int, Sequence[str]]) -> Content:
    # WordPress's screens begin every content as a draft, whose first address has its number and is kept for ever
    # as its guid; what was published at once, as the seed is, has an address of words.
    first = item["guid"]["rendered"]
    of_the_seed = not re.search(r"\?(p|page_id)=", first)
    born = unquote(urlsplit(first).path).rstrip("/").rpartition("/")[2] if of_the_seed else ""
    return Content(
        id=item["id"],
        kind=item["type"],
        title=plain(item["title"]["raw"]),
        status=item["status"],
        date=datetime.fromisoformat(item["date_gmt"] or item["modified_gmt"]).replace(tzinfo=UTC),
        modified=datetime.fromisoformat(item["modified_gmt"]).replace(tzinfo=UTC),
        link=item["link"],
        protected=bool(item.get("password")),
        categories=tuple(terms[one][0] for one in item.get("categories", ()) if one in terms),
        above=tuple(dict.fromkeys(name for one in item.get("categories", ()) for name in terms.get(one, ())[1:])),
        tags=tuple(terms[one][0] for one in item.get("tags", ()) if one in terms),
        featured_media=item.get("featured_media") or 0,
        slug=unquote(item["slug"]),
        seeded=of_the_seed,
        born=born,
        was_public=born in seeded.published(company, item["type"]),
    )


@dataclass(frozen=True)
class Reading:
    """What stands in a content; of it, what can be seen; and whether a visitor gets to see it."""

    whole: Body
    visible: Body
    public: bool


def read(site: Site, content: Content) -> Reading:
    """What a visitor reads of it, on whose page it then stands.

    Of what he can't see, what he would read: the work may be there and only not be public.
    """
    if show(site, content) and content.public(site.taken_at):
        page = site.page
        whole, visible, parts = _read(page, content.id, page.url)
        for part in parts:  # a text in several pages
            site.visit(path_of(part))
            more, visibly, _ = _read(page, content.id, page.url)
            whole, visible = whole + more, visible + visibly
        if parts:
            site.visit(path_of(content.link))
        return Reading(whole, visible, True)
    _, html = stored_html(site, content)
    whole, visible, _ = _read(site.signed_in(), html, content.link)
    return Reading(whole, visible, False)


def stored_html(site: Site, content: Content) -> tuple[str, str]:
    """Its HTML as the editor keeps it, and as WordPress would show it."""
    route = "posts" if content.kind == "post" else "pages"
    kept = rest_or_none(site, f"wp/v2/{route}/{content.id}?context=edit&_fields=content")
    return (kept["content"]["raw"], kept["content"]["rendered"]) if kept else ("", "")


def images_in(site: Site, html: str) -> tuple[Image, ...]:
    """The pictures in a content's HTML."""
    return _read(site.signed_in(), html, site.address)[0].images


def show(site: Site, content: Content) -> bool:
    """Go to it as a visitor; whether it is what he then sees."""
    site.visit(path_of(content.link) if content.public(site.taken_at) else f"/?p={content.id}")
    return in_front(site, content.id)


def in_front(site: Site, number: int) -> bool:
    """Whether the page that a visitor has before him is that of the content of this number."""
    names = (site.page.locator("body").get_attribute("class") or "").split()
    return not {f"postid-{number}", f"page-id-{number}"}.isdisjoint(names)


def _read(page: Page, what: int | str, base: str) -> tuple[Body, Body, list[str]]:
    """All that stands there, what of it can be seen, and the addresses of its other pages."""
    whole, visible = (page.evaluate(READ_JS, [what, visibly]) for visibly in (False, True))
    return _body(whole, base), _body(visible, base), [urljoin(base, href) for href in whole["parts"]]


def _body(seen: dict[str, Any], base: str) -> Body:
    return Body(
        text=seen["text"].strip(),
        headings=tuple((level, " ".join(text.split())) for level, text in seen["headings"] if text.strip()),
        images=tuple(
            Image(address_of(base, src), alt, " ".join(caption.split()), *title)
            for src, alt, caption, *title in seen["images"]
        ),
        links=_links(base, seen["links"]),
        made=_links(base, seen.get("made", ())),
    )


def _links(base: str, seen: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    return tuple(Link(address_of(base, href), " ".join(text.split())) for href, text in seen)


def address_of(base: str, href: str) -> str:
    """The whole address that a link or a picture has on the page of that address.

    What is none ("http://[lien]") leads nowhere, as "#" does: it is given behind that sign.
    """
    href = href.strip()
    if href.startswith("#"):
        return href
    try:
        address = urljoin(base, href)
        urlsplit(address)
    except ValueError:
        return f"#{href}"
    return address


def leads_to(address: str, wanted: str, site: str) -> bool:
    """Whether a whole address is the wanted one: a path of the site, or another site's address.

    A link to "#" leads nowhere, and so never to a page.
    """
    if "#" in (address[:1], wanted[:1]):
        return address == wanted
    target = _target(urljoin(site + "/", wanted))
    seen = _target(address)
    return seen[:3] == target[:3] and (not target[3] or seen[3] == target[3])


def _target(address: str) -> tuple[str, str, str, str]:
    """Host, path, query and fragment as far as they matter: http or https, www and the last slash don't."""
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https"):
        return parts.scheme, parts.path, "", ""
    path = unquote(parts.path).rstrip("/").casefold()
    return parts.netloc.casefold().removeprefix("www."), path, parts.query, parts.fragment


def path_of(address: str) -> str:
    """The path of an address of the site, with its query."""
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def lines(html: str) -> str:
    """The text that a reader sees of a comment, its lines each for themselves."""
    broken = re.sub(
        r"(?i)<(?:br|/?(?:blockquote|div|h[1-6]|li|ol|p|pre|t[dhr]|table|ul))\b[^>]*>", "\n", " ".join(html.split())
    )
    return "\n".join(line for line in map(plain, broken.split("\n")) if line)


def plain(html: str) -> str:
    """The text that a reader sees of a title or a name."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def shown_at(site: Site, item: dict[str, Any]) -> bool:
    """Show a post or page to a visitor, at its own address; whether he then sees it, and no password stands before it."""
    if item["status"] != "publish":
        site.visit(f"/{item['slug'] or item['generated_slug']}/")
        return False
    site.visit(path_of(item["link"]))
    return in_front(site, item["id"]) and not item.get("password")


def why_gone(company: Path, item: dict[str, Any] | None, slug: str) -> str:
    """What a visitor finds in the place of a content that he can't read, in French."""
    if item is None:
        return f"« {seeded.title_of(company, slug)} » n’est pas sur le site"
    title = plain((item.get("title") or {}).get("raw", "")) or seeded.title_of(company, slug)
    e = "e" if item.get("type") == "page" else ""
    if item.get("password") and item["status"] == "publish":
        return f"« {title} » est protégé{e} par un mot de passe"
    why = {
        "publish": "son adresse montre autre chose",
        "draft": "en brouillon",
        "pending": "en attente de relecture",
        "private": f"privé{e}",
        "future": f"programmé{e} pour plus tard",
        "trash": "à la corbeille",
    }
    return f"un visiteur ne voit plus « {title} »" + (f" ({why[item['status']]})" if item["status"] in why else "")


def attributes(written: str) -> dict[str, object]:
    """The attributes of a block, of which a candidate may have written anything."""
    try:
        known = json.loads(written)
    except (ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
