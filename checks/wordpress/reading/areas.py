"""The areas of a page as a visitor sees them: the rows of the header, the side column, the footer, the content."""

from collections.abc import Sequence
from typing import Any, Literal

from provisioner.subject.check import Site

Area = Literal["above_header", "header", "below_header", "sidebar", "footer", "content"]

FRENCH: dict[str, str] = {
    "above_header": "au-dessus de l’en-tête",
    "header": "dans l’en-tête",
    "below_header": "sous l’en-tête",
    "sidebar": "dans la colonne latérale",
    "footer": "dans le pied de page",
    "content": "dans le contenu de la page",
    "": "nulle part",
}

#: What a menu is made of: entries that its own screen holds, no text that somebody wrote there.
ENTRIES = "li.menu-item, li.page_item"

# The area of an element: Astra's rows first, then what every theme has.
AREA_OF = """const areaOf = node =>
    node.closest('#ast-mobile-header, #ast-mobile-popup') ? ''
    : node.closest('.ast-above-header-wrap, .ast-above-header') ? 'above_header'
    : node.closest('.ast-below-header-wrap, .ast-below-header') ? 'below_header'
    : node.closest('#masthead, header.site-header') ? 'header'
    : node.closest('#secondary') ? 'sidebar'
    : node.closest('#colophon, footer.site-footer, body > .site > aside.widget-area, .site > aside.widget-area') ? 'footer'
    : 'content';"""


def areas_showing(site: Site, selector: str) -> list[str]:
    """The areas of the visitor's page in which something of this selector can be seen, in the page's order."""
    return [area for area, _ in _seen(site, selector)]


def texts_in(site: Site, area: str) -> list[str]:
    """What can be read in an area, element by element."""
    return [
        text for where, text in _seen(site, "p, li, h1, h2, h3, h4, h5, h6, span, a, div, figcaption") if where == area
    ]


def menu_areas(site: Site, items: Sequence[int]) -> list[str]:
    """The areas in which entries of a menu can be seen, by their numbers."""
    return areas_showing(site, ", ".join(f"li.menu-item-{item}" for item in items)) if items else []


def _seen(site: Site, selector: str) -> list[list[Any]]:
    script = f"""selector => {{
        {AREA_OF}
        return [...document.querySelectorAll(selector)]
            .filter(node => node.checkVisibility({{checkOpacity: true, checkVisibilityCSS: true}}))
            .map(node => [areaOf(node), node.innerText || '']).filter(([area]) => area);
    }}"""
    found: list[list[Any]] = site.page.evaluate(script, selector)
    return found
