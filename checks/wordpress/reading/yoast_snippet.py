"""What Yoast SEO keeps of a content or a category, and what a page tells search engines."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Literal

from checks.wordpress.reading.answers import office_html, office_screen, rest_all
from provisioner.core.errors import StationNotReady
from provisioner.subject.check import Site
from provisioner.subject.page import Page

Field = Literal["keyphrase", "title", "description"]
#: The fields that its box and its column in the editor write to, and the hidden ones that keep them: of a post or page,
#: of a category.
FIELDS: Mapping[Field, tuple[str, str, str]] = {
    "keyphrase": ("#focus-keyword-input", "yoast_wpseo_focuskw", "hidden_wpseo_focuskw"),
    "title": ("#yoast-google-preview-title", "yoast_wpseo_title", "hidden_wpseo_title"),
    "description": ("#yoast-google-preview-description", "yoast_wpseo_metadesc", "hidden_wpseo_desc"),
}
PLUGIN = "wordpress-seo/wp-seo"


def active(site: Site) -> bool:
    """Whether the plugin is switched on."""
    return any(one["plugin"] == PLUGIN and one["status"] == "active" for one in rest_all(site, "wp/v2/plugins"))


def kept_fields(site: Site, path: str) -> dict[Field, str]:
    """What the box on that screen of the office holds. The plugin is on.

    The screen's HTML is read, not opened: nothing that a candidate planted runs.
    """
    html = office_html(site, path)
    if not re.search(r"""<input[^>]*\bid=["'](yoast_wpseo|hidden_wpseo)_""", html):
        raise StationNotReady(f"L’écran {path} ne montre pas l’encadré de Yoast SEO.")
    return {
        name: _value(html, of_content) or _value(html, of_term) for name, (_, of_content, of_term) in FIELDS.items()
    }


def _value(html: str, name: str) -> str:
    field = re.search(rf"<input[^>]*\bid=[\"']{name}[\"'][^>]*>", html)
    value = re.search(r"\bvalue=(\"([^\"]*)\"|'([^']*)')", field[0]) if field else None
    return unescape(value[2] or value[3] or "") if value else ""


def head(site: Site) -> tuple[str, str]:
    """The title and the description that the page in front of the visitor gives to search engines."""
    page = site.page
    described = page.locator("head meta[name='description' i]")
    return page.title(), (described.first.get_attribute("content") or "") if described.count() else ""


def plugins_screen(site: Site) -> Page:
    """The screen of the plugins, for a screenshot."""
    return office_screen(site, "plugins.php")
