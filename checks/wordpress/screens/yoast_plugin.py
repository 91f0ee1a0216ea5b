"""The plugin Yoast SEO: switched on and off, its box below an article, a page or a category; what it keeps."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Literal

from playwright.sync_api import Page

from checks.wordpress.screens import terms
from checks.wordpress.screens.blocks import open_content
from checks.wordpress.screens.office import LOADING, fetched, healthy, office, rest_all
from provisioner.core.errors import StationNotReady
from provisioner.subject.check import Desk, Site

Field = Literal["keyphrase", "title", "description"]
#: The fields that its box and its column in the editor write to, and the hidden ones that keep them: of a post or page,
#: of a category.
_FIELDS: Mapping[Field, tuple[str, str, str]] = {
    "keyphrase": ("#focus-keyword-input", "yoast_wpseo_focuskw", "hidden_wpseo_focuskw"),
    "title": ("#yoast-google-preview-title", "yoast_wpseo_title", "hidden_wpseo_title"),
    "description": ("#yoast-google-preview-description", "yoast_wpseo_metadesc", "hidden_wpseo_desc"),
}
_PLUGIN = "wordpress-seo/wp-seo"


def activate(desk: Desk) -> None:
    """The "activate" link of its row, if it isn't active."""
    page = office(desk, "plugins.php")
    row = page.locator(f"tr[data-plugin='{_PLUGIN}.php']")
    link = row.locator(".activate a")
    if link.count():
        link.click()
        page.wait_for_load_state()
    office(desk, "plugins.php").locator(f"tr[data-plugin='{_PLUGIN}.php'] .deactivate a").wait_for()


def deactivate(desk: Desk) -> None:
    """The "deactivate" link of its row."""
    page = office(desk, "plugins.php")
    page.locator(f"tr[data-plugin='{_PLUGIN}.php'] .deactivate a").click()
    page.locator(f"tr[data-plugin='{_PLUGIN}.php'] .activate a").wait_for()


def activate_another(desk: Desk) -> None:
    """The "activate" link of another plugin."""
    page = office(desk, "plugins.php")
    page.locator(f"tr[data-plugin]:not([data-plugin='{_PLUGIN}.php']) .activate a").last.click()
    page.wait_for_load_state()


def fill_content(
    desk: Desk, content: str, values: Mapping[Field, str], save: bool = True, column: bool = False
) -> None:
    """Its box below the editor of a post or page, or its column, which its button in the editor's bar opens."""
    editor = open_content(desk, content)
    (_fill_column if column else _fill)(editor.page, values)
    if save:
        # Nothing else changed, so the editor only knows that the boxes were sent.
        with editor.page.expect_response(lambda answer: "meta-box-loader" in answer.url):
            editor.page.locator(".editor-post-publish-button").click()
        editor.save()


def fill_category(desk: Desk, slug: str, values: Mapping[Field, str], save: bool = True) -> None:
    """Its box below the sheet of a category."""
    page = terms.open_editor(desk, slug)
    _fill(page, values)
    if save:
        page.locator("form#edittag input[type=submit]").first.click()
        page.locator("#message.updated, #message.notice-success").wait_for()


def _fill(page: Page, values: Mapping[Field, str]) -> None:
    for name, text in values.items():
        if not page.locator(f"{_FIELDS[name][0]}-metabox").is_visible():
            _unfold(page)
        _write(page, name, "metabox", text)


def _fill_column(page: Page, values: Mapping[Field, str]) -> None:
    """The column holds the keyphrase; title and description are in a window that it opens."""
    page.locator("button[aria-controls='yoast-seo:seo-sidebar']").click(timeout=LOADING)
    rest = dict(values)
    if "keyphrase" in rest:
        _write(page, "keyphrase", "sidebar", rest.pop("keyphrase"))
    if rest:
        page.locator("#yoast-search-appearance-modal-open-button").click()
        for name, text in rest.items():
            _write(page, name, "modal", text)
        page.locator(".yoast-button--post-settings-modal").click()


def _write(page: Page, name: Field, where: str, text: str) -> None:
    field = page.locator(f"{_FIELDS[name][0]}-{where}")
    field.wait_for(timeout=LOADING)
    field.scroll_into_view_if_needed()
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    hidden = f"#{_FIELDS[name][1]}, #{_FIELDS[name][2]}"
    page.wait_for_function(
        "([at, text]) => document.querySelector(at).value.replace(/\\s+/g, ' ').includes(text)", arg=[hidden, text]
    )


def _unfold(page: Page) -> None:
    """Unfold the part of the box on how the page looks in a search."""
    button = page.locator("#yoast-snippet-editor-metabox")
    button.wait_for(timeout=LOADING)
    if button.get_attribute("aria-expanded") != "true":
        button.click()


# --- what it keeps ----------------------------------------------------------------------------


def active(site: Site) -> bool:
    """Whether the plugin is switched on."""
    return any(one["plugin"] == _PLUGIN and one["status"] == "active" for one in rest_all(site, "wp/v2/plugins"))


def kept(site: Site, path: str) -> dict[Field, str]:
    """What the box on that screen of the office holds. The plugin is on.

    The screen's HTML is read, not opened: nothing that a candidate planted runs.
    """
    html = fetched(site, site.signed_in(), f"{site.address}/wp-admin/{path}").text
    if not re.search(r"""<input[^>]*\bid=["'](yoast_wpseo|hidden_wpseo)_""", html):
        raise StationNotReady(f"L'écran {path} ne montre pas l'encadré de Yoast SEO.")
    return {
        name: _value(html, of_content) or _value(html, of_term) for name, (_, of_content, of_term) in _FIELDS.items()
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
    page = site.signed_in()
    page.goto(f"{site.address}/wp-admin/plugins.php", wait_until="domcontentloaded")
    return healthy(page)
