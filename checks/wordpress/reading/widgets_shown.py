"""The widgets of an area: those that a visitor sees there, and those that are stored for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from checks.visibility import UNSEEN_JS
from checks.wordpress.reading import blog_settings
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.areas import AREA_OF
from checks.wordpress.reading.contents import attributes
from provisioner.subject.check import Site

Area = Literal["sidebar", "footer"]
Kind = Literal[
    "search", "latest-posts", "latest-comments", "categories", "archives", "calendar", "tag-cloud", "paragraph"
]
#: The French name, and how a visitor's page shows it: as a block, or as a widget of the old kind.
KINDS: dict[Kind, tuple[str, str]] = {
    "search": ("Recherche", ".wp-block-search, .widget_search"),
    "latest-posts": ("Derniers articles", ".wp-block-latest-posts, .widget_recent_entries ul"),
    "latest-comments": ("Derniers commentaires", ".wp-block-latest-comments, .widget_recent_comments ul"),
    "categories": ("Catégories", ".wp-block-categories, .widget_categories"),
    "archives": ("Archives", ".wp-block-archives, .widget_archive"),
    "calendar": ("Calendrier", ".wp-block-calendar, .widget_calendar"),
    "tag-cloud": ("Nuage d’étiquettes", ".wp-block-tag-cloud, .widget_tag_cloud"),
    "paragraph": ("Paragraphe", "p, li, h1, h2, h3, h4, h5, h6, .textwidget"),
}

#: How the theme's own places of each area are called.
_PLACES: Mapping[Area, str] = {"sidebar": "sidebar-", "footer": "footer-widget-"}
#: The element that is an area, on the pages that have it.
_FRAMES: Mapping[Area, str] = {
    "sidebar": "#secondary",
    "footer": "#colophon .widget, #colophon .footer-widget-area-inner",
}

# The elements of a selector in an area, those of `left` aside: how many entries each has, its text, why it can't be seen.
_SHOWN = f"""async ([selector, area, left]) => {{
    {AREA_OF}
    {UNSEEN_JS}
    const found = [...document.querySelectorAll(selector)].filter(node => areaOf(node) === area && !(left && node.closest(left)));
    await settled(found);
    return found.map(node => [node.querySelectorAll(':scope > li, :scope > ul > li').length, node.innerText || node.textContent, unseen(node)]);
}}"""
# The same in HTML that no page shows.
_STORED = """([selector, html, left]) => {
    const root = new DOMParser().parseFromString(html, 'text/html');
    return [...root.querySelectorAll(selector)].filter(node => !(left && node.closest(left)))
        .map(node => [node.querySelectorAll(':scope > li, :scope > ul > li').length, node.textContent || '', '']);
}"""


@dataclass(frozen=True)
class Entries:
    """A widget, or a list that looks like one: how many entries it has, what it says, and why a visitor can't see it."""

    count: int
    text: str
    unseen: str = ""


class WidgetArea:
    """An area as a visitor sees it on the first page that has it; where none has it, as it is stored."""

    def __init__(self, site: Site, area: Area) -> None:
        self._site, self._area = site, area
        self._html = ""
        paths = ["/", blog_settings.blog_path(site)] if area == "footer" else blog_settings.blog_paths(site)
        self.hidden = not any(self._on(path) for path in dict.fromkeys(paths))
        if self.hidden:
            site.visit("/")
            self._html = "\n".join(row["rendered"] for row in self.stored())

    def _on(self, path: str) -> bool:
        page = self._site.visit(path)
        frames: list[bool] = page.locator(_FRAMES[self._area]).evaluate_all("all => all.map(e => e.checkVisibility())")
        return any(frames)

    def of(self, selector: str, left: str = "") -> list[Entries]:
        """What a visitor sees of a selector, those parts aside that are in `left`."""
        return [one for one in self.found(selector, left) if not one.unseen]

    def found(self, selector: str, left: str = "") -> list[Entries]:
        """The same with what a visitor can't see of it."""
        if self.hidden:
            found = self._site.signed_in().evaluate(_STORED, [selector, self._html, left])
        else:
            found = self._site.page.evaluate(_SHOWN, [selector, self._area, left])
        return [Entries(count, text, why) for count, text, why in found]

    def stored(self) -> list[dict[str, Any]]:
        """The widgets of the area's places, as REST gives them."""
        rows = rest_all(self._site, "wp/v2/widgets?context=edit&_fields=sidebar,rendered,instance")
        return [row for row in rows if str(row["sidebar"]).startswith(_PLACES[self._area])]

    def excerpts(self) -> list[int]:
        """The length, in words, that each "latest posts" block of the area gives to its excerpts."""
        found = map(attributes, re.findall(r"<!-- wp:latest-posts (\{.*?\}) /-->", self._raw()))
        excerpts = [one for one in found if one.get("displayPostContentRadio", "excerpt") == "excerpt"]
        lengths = [one.get("excerptLength", 55) for one in excerpts if one.get("displayPostContent")]
        return [length for length in lengths if isinstance(length, int)]

    def has_patterns(self) -> bool:
        """Whether the area shows synchronised patterns: what is set of the blocks in them, the area doesn't say."""
        return "<!-- wp:block " in self._raw()

    def _raw(self) -> str:
        return "\n".join(
            str(((row.get("instance") or {}).get("raw") or {}).get("content", "")) for row in self.stored()
        )
