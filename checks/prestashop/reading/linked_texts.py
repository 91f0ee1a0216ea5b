"""The texts of the shop in which links are put, where visitors read them, and where their links lead."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from rapidfuzz import fuzz

from checks.prestashop.reading.answers import Script, T, looked_up, screen
from checks.prestashop.reading.category_tree import category_form, category_tree
from checks.prestashop.reading.markup import read
from checks.prestashop.reading.naming import named
from checks.prestashop.reading.seeded import number_before, rows
from checks.prestashop.reading.shop import catalogue
from provisioner.french.text import NEARLY, fold, same
from provisioner.subject.check import Site

#: A line of fewer words may well be written anew.
_FEW = 3

#: The addresses that the shop gives to its own: by number as it is asked, and as it is rewritten.
_ADDRESSES = (
    ("produit", r"(?:^|&)id_product=(\d+)", r"/(\d+)(?:-\d+)?-[^/]*\.html$"),
    ("page", r"(?:^|&)id_cms=(\d+)", r"^/content/(\d+)-[^/]*/?$"),
    ("catégorie", r"(?:^|&)id_category=(\d+)", r"^/(\d+)-[^/.]*/?$"),
)


@dataclass(frozen=True)
class Place:
    """A product, a category or a page of the shop ("produit", "catégorie", "page"), by its name."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{'le produit' if self.kind == 'produit' else f'la {self.kind}'} « {self.name} »"

    @property
    def of(self) -> str:
        """What belongs to it, in words: « du produit », « de la page »."""
        return f"{'du produit' if self.kind == 'produit' else f'de la {self.kind}'} « {self.name} »"


@dataclass(frozen=True)
class Link:
    """A link of a text: what it says, its whole address, and what of the shop it leads a visitor to, if anything."""

    text: str
    address: str
    to: Place | None = None


#: The table of seed.toml that has the company's.
_TABLES = {"catégorie": "categories", "page": "cms", "produit": "products"}


@dataclass(frozen=True)
class Texts:
    """The texts of a place as a visitor reads them, by lines, and the links in them."""

    links: tuple[Link, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundPlace:
    """What of the shop a place is: its number, and its page, or the form that holds its text where no page shows it."""

    number: int
    page: str = ""
    form: str = ""
    online: bool = True


def find_place(site: Site, place: Place) -> FoundPlace | None:
    """What bears that name, shown to visitors or not; None where nothing does."""
    if place.kind == "produit":
        row = named(site.company, catalogue(site), place.name)
        return FoundPlace(row.id, page=row.path, online=row.active) if row else None
    seen = looked_up(site, site.page, f"{site.address}/index.php?controller=sitemap", _MAP) or []
    kind = "category" if place.kind == "catégorie" else "cms"
    numbers = {int(number): name for of, number, name in seen if of == kind}
    number = next((one for one, name in numbers.items() if same(place.name, name)), None)
    if number is None and (before := number_before(site.company, _TABLES[place.kind], place.name)) in numbers:
        number = before  # another question gave it another name
    if number is not None:
        return FoundPlace(number, page=f"/index.php?controller={kind}&id_{kind}={number}")
    return _put_away(site, place)


def _put_away(site: Site, place: Place) -> FoundPlace | None:
    """A category or a page of the shop that no visitor sees."""
    if place.kind == "catégorie":
        before = number_before(site.company, _TABLES[place.kind], place.name)
        nodes = [one for one in reversed(category_tree(site)) if same(place.name, one.name) or one.id == before]
        node = next(iter(sorted(nodes, key=lambda one: not same(place.name, one.name))), None)
        if node is None:
            return None
        return FoundPlace(node.id, form=category_form(site, node.id), online=False)
    listed = f"{screen(site, 'AdminCmsContent')}&cms_page[offset]=0&cms_page[limit]=100"
    for name, edit in looked_up(site, site.signed_in(), listed, _PAGES) or []:
        if same(place.name, name):
            return FoundPlace(int(re.findall(r"\d+(?=/edit)", edit)[0]), form=edit, online=False)
    return None


@cache
def texts_before(company: Path, place: Place) -> tuple[str, ...]:
    """What each text of a place said before the work, by the order of the page; none of what came since."""
    fields = ("text",) if place.kind == "page" else ("summary", "description")
    row = next(
        (one for _, one in rows(company, _TABLES[place.kind]) if same(place.name, one.get("name") or one["title"])), {}
    )
    return tuple(text for field in fields if (text := read(str(row.get(field, "")))))


def has_text(company: Path, place: Place) -> bool:
    """Whether a place said anything before the work."""
    return bool(texts_before(company, place))


def read_texts(site: Site, place: FoundPlace) -> Texts:
    """The texts of a page and the links in them, those of its menus aside; each link of the shop's own is followed."""
    raw: list[tuple[str, str]]
    if place.form:
        at, raw, markups = looked_up(site, site.signed_in(), place.form, _KEPT) or ("", [], [])
    else:
        at, raw, markups = looked_up(site, site.page, site.address + place.page, _LINKS) or ("", [], [])
    seen = [(text, whole(site, address, at)) for text, address in raw]
    ends = {address: _behind(site, address, _ARRIVED) for address in {address for _, address in seen}}
    links = [Link(text, address, Place(*end) if (end := ends[address]) else None) for text, address in seen]
    return Texts(tuple(links), tuple(map(read, markups)))


def lost_lines(company: Path, place: Place, texts: Sequence[str]) -> list[str]:
    """The lines of the texts before the work that no text has any more, but for a few of their words."""
    now = fold(" ".join(texts))
    lines = [line for text in texts_before(company, place) for line in text.split("\n") if len(line.split()) >= _FEW]
    return [line for line in lines if fuzz.partial_ratio(fold(line), now) < NEARLY]


def addressed(address: str) -> tuple[str, int] | None:
    """Which product, category or page an address of the shop is of: it says so even where a visitor is shown none.

    >>> addressed("http://localhost/coffrets/44-12-boite-phare.html#/poids-300_g")
    ('produit', 44)
    """
    parts = _split(address)
    for kind, by_query, by_path in _ADDRESSES:
        number = re.search(by_query, parts.query) or re.search(by_path, parts.path)
        if number:
            return kind, int(number[1])
    return None


def whole(site: Site, address: str, at: str = "") -> str:
    """The address at which a click arrives: without a scheme it is one of the shop's, and a # leads nowhere.

    Without a slash at its head either, it is beside the page of the text, which was served `at` this address; what
    stands on every page counts from the top. One that is none at all, as "https://[the blog]", stays as it is written.
    """
    address = address.strip()
    if address.startswith("#"):
        return address
    try:
        return urljoin(urljoin(f"{site.address}/", _split(at).path), address)
    except ValueError:
        return address


def leads_in_words(site: Site, address: str) -> str:
    """Where a click on a link of this whole address leads, in words: the shop has another host at each station."""
    if address in ("", "#"):
        return "ne mène à aucune adresse"
    if address.startswith("#"):
        return f"mène à un endroit de la même page (« {address} »)"
    if not is_own(site, address):
        return f"mène à {address}"
    path = address.removeprefix(site.address)
    return (
        f"mène à l’adresse « {path} » de la boutique" if path.strip("/") else "mène à la page d’accueil de la boutique"
    )


def plain(address: str) -> tuple[str, str, str]:
    """What two ways to write an address have in common."""
    parts = _split(address.casefold())
    return parts.netloc.removeprefix("www."), parts.path.rstrip("/"), parts.query


def _split(address: str) -> SplitResult:
    """The parts of an address; what is none, as it was mistyped or left to be filled in, is of no site and no shop's."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult(scheme="", netloc=address, path="", query="", fragment="")


def is_called(site: Site, address: str, name: str) -> bool:
    """Whether the page of the shop at a whole address has that name, on itself or on its tab."""
    return any(same(name, title) for title in _behind(site, address, _TITLES) or ())


def is_own(site: Site, address: str) -> bool:
    """Whether a whole address is one of the shop's."""
    return f"{address.partition('#')[0]}/".startswith(f"{site.address}/")


def _behind(site: Site, address: str, reader: Script[T]) -> T | None:
    """What a script reads in the page of the shop behind a link; None where there is none."""
    if not is_own(site, address):
        return None
    try:
        return looked_up(site, site.page, address, reader)
    except RuntimeError:  # forbidden, or anything else that isn't a page: the link leads nowhere
        return None


_MAP = Script[list[tuple[str, str, str]]](r"""page => [...page.querySelectorAll('a[id^=category-page-], a[id^=cms-page-]')].map(a => {
    const [, of, number] = a.id.match(/^(category|cms)-page-(\d+)/);
    return [of, number, a.textContent.trim()];
})""")

_PAGES = Script[list[tuple[str, str]]]("""page => [...page.querySelectorAll('tbody tr')].map(
    row => [row.querySelector('.column-meta_title'), row.querySelector('a[href*="/edit"]')]
).filter(([name, edit]) => name && edit).map(([name, edit]) => [name.textContent.trim(), edit.getAttribute('href')])""")

# The form of a category or of a page of the shop.
_KEPT = Script[tuple[str, list[tuple[str, str]], list[str]]]("""page => {
    const kept = page.querySelector('#category_description_1, #cms_page_content_1');
    const text = new DOMParser().parseFromString(kept ? kept.textContent : '', 'text/html');
    return ['', [...text.querySelectorAll('a[href]')].map(a => [a.textContent.trim(), a.getAttribute('href')]), [text.body.innerHTML]];
}""")

# With the address that a visitor is sent to, which the page tells its scripts.
_LINKS = Script[tuple[str, list[tuple[str, str]], list[str]]]("""(page, about, whole) => {
    const texts = [...page.querySelectorAll(
        '[id^=product-description-short], #description .product-description, #category-description, #content.page-cms')];
    return [
        JSON.parse((/"current_url":("[^"]*")/.exec(whole) || ['', '""'])[1]),
        texts.flatMap(text => [...text.querySelectorAll('a[href]')].map(a => [a.textContent.trim(), a.getAttribute('href')])),
        texts.map(text => text.innerHTML),
    ];
}""")

_ARRIVED = Script[tuple[str, str] | None]("""page => {
    const kinds = {product: 'produit', category: 'catégorie', cms: 'page'}, kind = kinds[page.body.id];
    const title = page.querySelector('#wrapper h1');
    return kind && title ? [kind, title.textContent.trim()] : null;
}""")

_TITLES = Script[list[str]]("""page => [page.querySelector('h1'), page.querySelector('title')].map(
    title => title ? title.textContent.replace(/\\s+/g, ' ').trim() : '')""")
