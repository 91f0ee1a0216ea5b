"""The areas of a page as a visitor sees them: the rows of the header, the side column, the footer, the content."""

from collections.abc import Sequence
from typing import Literal

from checks.visibility import UNSEEN_JS
from provisioner.subject.check import Site

Area = Literal["above_header", "header", "below_header", "sidebar", "footer", "content"]

FRENCH: dict[str, str] = {
    "above_header": "dans la ligne du haut de l’en-tête",
    "header": "dans l’en-tête",
    "below_header": "dans la ligne du bas de l’en-tête",
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
    found: list[str] = site.page.evaluate(_SHOWN, selector)
    return found


def menu_areas(site: Site, items: Sequence[int]) -> list[str]:
    """The areas in which entries of a menu can be seen, by their numbers."""
    return areas_showing(site, ", ".join(f"li.menu-item-{item}" for item in items)) if items else []


_SHOWN = f"""async selector => {{
    {AREA_OF}
    {UNSEEN_JS}
    const found = [...document.querySelectorAll(selector)].filter(areaOf);
    await settled(found);
    return found.filter(node => !surelyUnseen(node)).map(areaOf);
}}"""
