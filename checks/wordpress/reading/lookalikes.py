"""What a visitor takes for a block that was asked for, and is made otherwise: a person then judges, a program doesn't refuse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from checks.wordpress.reading import contents
from checks.wordpress.reading.contents import Content, Image, address_of
from checks.wordpress.reading.destinations import followed, one_leads_to
from checks.wordpress.reading.library import MediaFile, meant, names_of, shows
from checks.wordpress.reading.lookalikes_js import LOOKALIKES_JS
from provisioner.french.text import holds, may_hold, shortened
from provisioner.subject.check import Site


@dataclass(frozen=True)
class Lookalike:
    """Something that looks like a block, by its French kind ("fond", "encadré", "cadre"…); addresses are whole."""

    kind: str
    text: str = ""
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What is asked of a block, as far as another way to make it can show it."""

    block: str
    text: str = ""
    link: str = ""
    media: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def lookalikes_of(site: Site, content: Content, public: bool) -> list[Lookalike]:
    """What the content has of them: where it is public, the visitor stands on its page; else it is read as it is stored."""
    if public:
        seen = site.page.evaluate(LOOKALIKES_JS, content.id)
    else:
        seen = site.signed_in().evaluate(LOOKALIKES_JS, contents.stored_html(site, content)[1])
    base = content.link
    return [
        Lookalike(
            one["kind"],
            one["text"],
            tuple(address_of(base, source) for source in one["sources"]),
            tuple(followed(site, address_of(base, link)) for link in one["links"]),
        )
        for one in seen
    ]


def made_otherwise(asked: Asked, content: Content, public: bool, files: Sequence[MediaFile], site: Site) -> str:
    """How the content shows what is asked without its block, in French; empty where it doesn't."""
    featured = asked.block in ("image", "photo") and any(
        file.id == content.featured_media for medium in asked.media for file in meant(medium, files)
    )
    if featured:
        return "l’image demandée est l’image mise en avant du contenu"
    find = _FINDERS.get(asked.block)
    if find is None:
        return ""
    return find(_Search(asked, lookalikes_of(site, content, public), files, site))


@dataclass(frozen=True)
class _Search:
    asked: Asked
    there: Sequence[Lookalike]
    files: Sequence[MediaFile]
    site: Site

    def of(self, *kinds: str) -> list[Lookalike]:
        return [one for one in self.there if one.kind in kinds]

    def shown(self, addresses: Sequence[str]) -> bool:
        """Whether these addresses are all the media that are asked for."""
        images = [Image(address, "", "") for address in addresses]
        names = [names_of(medium, self.files) for medium in self.asked.media]
        return bool(names) and all(any(shows(image, one) for image in images) for one in names)

    def said(self, text: str) -> bool:
        return not self.asked.text or holds(text, self.asked.text)


def _banner(search: _Search) -> str:
    fit = [one for one in search.of("fond") if search.shown(one.sources) and search.said(one.text)]
    if not fit:
        return ""
    text = search.asked.text
    return f"une image de fond porte « {text} »" if text else "l’image se montre en fond d’un autre bloc"


def _button(search: _Search) -> str:
    asked = search.asked
    for one in search.of("encadré"):
        leads = not asked.link or one_leads_to(search.site, one.links, asked.link)
        if leads and (not asked.media or search.shown(one.links)) and search.said(one.text):
            return f"le lien « {shortened(one.text, 60)} » a l’aspect d’un bouton"
    return ""


def _picture(search: _Search) -> str:
    if any(search.shown(one.sources) for one in search.of("bannière")):
        return "l’image demandée ne se montre que dans une bannière"
    if any(search.shown(one.sources) for one in search.of("fond")):
        return "l’image demandée ne se montre qu’en fond d’un autre bloc"
    return ""


def _gallery(search: _Search) -> str:
    side_by_side = any(search.shown(one.sources) for one in search.of("rangée"))
    return "les images demandées se montrent côte à côte" if side_by_side else ""


def _table(search: _Search) -> str:
    cells = [cell for row in search.asked.rows for cell in row]
    fit = [one for one in search.of("colonnes") if all(holds(one.text, cell) for cell in cells)]
    return "le contenu des cellules demandées se lit en colonnes" if fit else ""


def _paragraph(search: _Search) -> str:
    anywhere = any(may_hold(one.text, search.asked.text) for one in search.of("texte"))
    return f"« {search.asked.text} » se lit ailleurs dans le contenu" if anywhere else ""


def _calendar(search: _Search) -> str:
    if search.of("calendrier"):
        return "un calendrier est fait à la main"
    frames = [urlsplit(source) for one in search.of("cadre") for source in one.sources]
    of_others = [parts.netloc for parts in frames if "calendar" in f"{parts.netloc}{parts.path}"]
    return f"un cadre montre l’agenda d’un autre site ({of_others[0]})" if of_others else ""


def _recording(search: _Search) -> str:
    if any(search.shown(one.sources) for one in search.of("cadre")):
        return "un cadre fait entendre le fichier demandé"
    if any(search.shown(one.sources) for one in search.of("vidéo")):
        return "un lecteur vidéo fait entendre le fichier demandé"
    return ""


def _film(search: _Search) -> str:
    framed = any(search.shown(one.sources) for one in search.of("cadre", "audio"))
    return "un cadre montre le fichier demandé" if framed else ""


def _document(search: _Search) -> str:
    shown = any(search.shown(one.sources) for one in search.of("cadre"))
    return "le fichier demandé se lit dans la page" if shown else ""


_FINDERS: dict[str, Callable[[_Search], str]] = {
    "bannière": _banner,
    "bouton": _button,
    "image": _picture,
    "photo": _picture,
    "galerie": _gallery,
    "tableau": _table,
    "paragraphe": _paragraph,
    "calendrier": _calendar,
    "audio": _recording,
    "vidéo": _film,
    "fichier": _document,
}
