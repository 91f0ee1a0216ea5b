"""The slides of the carousel: those that the home page shows, and those of the module's own screen."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each
from checks.prestashop.reading.modules import settings_of
from checks.prestashop.reading.seeded import names
from provisioner.french.text import fold, numbered, quoted
from provisioner.subject.check import Site

MODULE = "ps_imageslider"
#: Of what kind a page is that has no title for visitors, but words that describe it.
_DESCRIBED = "described"
#: What is said before the title of a page of that kind, behind « mène ».
_TO = {"product": "au produit", "category": "à la catégorie", "cms": "à la page"}


def shown_slides(site: Site) -> list[dict[str, Any]]:
    """The slides as a visitor's home page has them."""
    return looked_up(site, site.page, f"{site.address}/", _SLIDES)


def kept_slides(site: Site) -> list[dict[str, Any]]:
    """The slides of the module's own screen, those that are switched off too."""
    return settings_of(site, MODULE, _KEPT) or []


def slide_forms(site: Site, slides: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The link and the description that the form of each slide holds."""
    return looked_up_each(site, site.signed_in(), [one["edit"] for one in slides], _FORM)


def came_since(company: Path, slides: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that aren't the company's."""
    return [one for one in slides if fold(one["title"]) not in names(company, "slides")]


def behind(site: Site, link: str) -> dict[str, str]:
    """What a visitor finds behind a slide's link: of what kind the page is, and its title."""
    address = link if "://" in link else f"{site.address}/{link.lstrip('/')}"
    if not link or not (address + "/").startswith(site.address + "/"):
        return {"kind": "", "title": link}
    if address.startswith(f"{site.address}/gestion/"):
        return {"kind": _DESCRIBED, "title": "une page de l’administration"}
    try:
        seen = looked_up(site, site.page, address.partition("#")[0], _BEHIND)
    except RuntimeError:  # forbidden, or anything else that isn't a page
        return {"kind": _DESCRIBED, "title": "une page que la boutique ne montre pas aux visiteurs"}
    return seen or {"kind": _DESCRIBED, "title": "une page qui n’existe pas"}


def where_it_leads(end: Mapping[str, str]) -> str:
    """Whereto `behind` found it leads: a title or an address in quotes, what is described without."""
    if end["kind"] == _DESCRIBED or not end["title"]:
        return f"à {end['title'] or ('la page d’accueil' if end['kind'] == 'index' else 'une page sans titre')}"
    return f"{_TO.get(end['kind'], 'à')} « {end['title']} »"


def slide_called(title: str) -> str:
    """A slide by its title, at the head of a sentence."""
    return f"La diapositive « {title} »" if title else "Une diapositive sans titre"


def carousel_in_words(titles: Sequence[str]) -> str:
    """What the carousel shows, by the titles of its slides."""
    titled = [one for one in titles if one]
    bare = numbered(len(titles) - len(titled), "diapositive sans titre", "diapositives sans titre")
    parts = [*([quoted(titled)] if titled else []), *([bare] if len(titled) < len(titles) else [])]
    return f"Le carrousel montre {' et '.join(parts)}." if parts else "Le carrousel ne montre aucune diapositive."


def leads_nowhere(link: str) -> bool:
    """Whether a slide's link has no address: the module puts a scheme before a lone #."""
    return not re.sub(r"^https?://", "", link.strip()).strip("#")


# Where a line or a paragraph ends, a visitor sees a space that the text alone may not have.
_SLIDES = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('#carousel .carousel-item')].map(item => {
    item.querySelectorAll('br, p, li, div, h1, h2, h3, h4, td').forEach(block => block.after(' '));
    const text = node => node ? node.textContent.replace(/\\s+/g, ' ').trim() : '';
    const picture = item.querySelector('img'), link = item.querySelector('a[href]');
    return {title: text(item.querySelector('.caption h2')), text: text(item.querySelector('.caption')),
            legend: picture ? picture.getAttribute('alt') || '' : '', picture: picture ? picture.getAttribute('src') || '' : '',
            link: link ? link.getAttribute('href').replace(/^#$/, '') : '',
            links: [...item.querySelectorAll('a[href]')].slice(1).map(a => a.getAttribute('href'))};
})""")

_KEPT = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('#slides > [id^=slides_]')].map(slide => ({
    title: slide.querySelector('h4').textContent.replace(/\\s+/g, ' ').trim().replace(/^#\\d+ -\\s*/, ''), text: '', legend: '',
    active: Boolean(slide.querySelector('a.btn-success[href*=changeStatus]')),
    edit: slide.querySelector('a[href*="&id_slide="]:not([href*=changeStatus])').getAttribute('href'),
}))""")

_FORM = Script[dict[str, str]]("""page => ({
    link: (page.querySelector('#url_1') || {getAttribute: () => ''}).getAttribute('value') || '',
    text: (page.querySelector('#description_1') || {textContent: ''}).textContent,
})""")

_BEHIND = Script[dict[str, str]]("""page => ({
    kind: page.body.id,
    title: ((page.querySelector('h1') || {textContent: ''}).textContent || '').replace(/\\s+/g, ' ').trim(),
})""")
