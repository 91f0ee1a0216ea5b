"""Blocks whose effect a visitor has by a road that no way foresees."""

from collections.abc import Callable

from checks.wordpress.reading.block_verdicts import BlockWanted
from checks.wordpress.screens import stored
from checks.wordpress.screens.content_roads import group_html
from provisioner.subject.check import Desk

#: What makes the HTML of a road, given the desk.
Html = Callable[[Desk], str]


def in_html(content: str, html: Html) -> Callable[[Desk], None]:
    """Store that HTML at the top of the content."""
    return lambda desk: stored.put_first(desk, content, html(desk))


def source(desk: Desk, media: str) -> str:
    """The address of a file of the library."""
    return str(stored.medium(desk, media)["source_url"])


def foreign(wanted: BlockWanted) -> list[tuple[str, Html]]:
    """The same to a visitor's eye, by another block or by HTML."""
    make = _FOREIGN.get(wanted.block)
    return make(wanted) if make else []


def custom(html: str) -> str:
    """A block of custom HTML."""
    return f"<!-- wp:html -->\n{html}\n<!-- /wp:html -->"


def cover(address: str, text: str = "Bienvenue") -> str:
    """A banner with that picture."""
    return (
        f'<!-- wp:cover {{"url":"{address}","dimRatio":50}} -->\n<div class="wp-block-cover"><span aria-hidden="true" '
        'class="wp-block-cover__background has-background-dim"></span><img class="wp-block-cover__image-background" '
        f'alt="" src="{address}" data-object-fit="cover"/><div class="wp-block-cover__inner-container">'
        f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph --></div></div>\n<!-- /wp:cover -->"
    )


def columns(cells: list[str]) -> str:
    """Columns with one content each."""
    inner = "".join(
        f'<!-- wp:column -->\n<div class="wp-block-column">{cell}</div>\n<!-- /wp:column -->\n' for cell in cells
    )
    return f'<!-- wp:columns -->\n<div class="wp-block-columns">{inner}</div>\n<!-- /wp:columns -->'


def image(address: str) -> str:
    """A block of one picture."""
    return (
        f'<!-- wp:image -->\n<figure class="wp-block-image"><img src="{address}" alt=""/></figure>\n<!-- /wp:image -->'
    )


def _paragraph(text: str) -> str:
    return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"


def _banners(wanted: BlockWanted) -> list[tuple[str, Html]]:
    text = wanted.text or "Bienvenue"
    return [("un groupe avec une image de fond", lambda desk: group_html(source(desk, wanted.media[0]), text))]


def _buttons(wanted: BlockWanted) -> list[tuple[str, Html]]:
    style = "background:#1a4d7a;color:#fff;padding:12px 24px;display:inline-block"
    text = wanted.text or "En savoir plus"

    def link(desk: Desk) -> str:
        target = source(desk, wanted.media[0]) if wanted.media else wanted.link
        return custom(f'<a href="{target}" style="{style}">{text}</a>')

    return [("un lien mis en forme comme un bouton", link)]


def _images(wanted: BlockWanted) -> list[tuple[str, Html]]:
    return [
        ("l’image dans une bannière", lambda desk: cover(source(desk, wanted.media[0]))),
        ("l’image en fond d’un groupe", lambda desk: group_html(source(desk, wanted.media[0]), "Bienvenue")),
    ]


def _galleries(wanted: BlockWanted) -> list[tuple[str, Html]]:
    return [("des images en colonnes", lambda desk: columns([image(source(desk, one)) for one in wanted.media]))]


def _tables(wanted: BlockWanted) -> list[tuple[str, Html]]:
    width = max(map(len, wanted.rows))
    cells = ["".join(_paragraph(row[i]) for row in wanted.rows if i < len(row)) for i in range(width)]
    return [("les cellules en colonnes", lambda desk: columns(cells))]


def _paragraphs(wanted: BlockWanted) -> list[tuple[str, Html]]:
    return [
        ("le texte dans du HTML personnalisé", lambda desk: custom(f"<div>À noter : {wanted.text}.</div>")),
        ("une phrase qui nie le texte", lambda desk: _paragraph(f"Attention, ne demandez plus : {wanted.text}.")),
    ]


def _calendars(wanted: BlockWanted) -> list[tuple[str, Html]]:
    address = "https://calendar.google.com/calendar/embed?src=exemple"
    return [("un agenda d’un autre site", lambda desk: custom(f'<iframe src="{address}"></iframe>'))]


def _recordings(wanted: BlockWanted) -> list[tuple[str, Html]]:
    return [
        ("le son dans un cadre", lambda desk: custom(f'<iframe src="{source(desk, wanted.media[0])}"></iframe>')),
        (
            "le son dans un lecteur vidéo",
            lambda desk: custom(f'<video controls src="{source(desk, wanted.media[0])}"></video>'),
        ),
    ]


def _files(wanted: BlockWanted) -> list[tuple[str, Html]]:
    return [
        ("un lien vers le fichier", lambda desk: _paragraph(f'<a href="{source(desk, wanted.media[0])}">À lire</a>')),
        (
            "le fichier montré dans la page",
            lambda desk: custom(f'<object data="{source(desk, wanted.media[0])}" type="application/pdf"></object>'),
        ),
    ]


_FOREIGN: dict[str, Callable[[BlockWanted], list[tuple[str, Html]]]] = {
    "bannière": _banners,
    "bouton": _buttons,
    "image": _images,
    "galerie": _galleries,
    "tableau": _tables,
    "paragraphe": _paragraphs,
    "calendrier": _calendars,
    "audio": _recordings,
    "fichier": _files,
}
