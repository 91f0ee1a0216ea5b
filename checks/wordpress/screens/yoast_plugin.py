"""The plugin Yoast SEO: switched on and off, and its box below an article, a page or a category."""

from collections.abc import Mapping

from playwright.sync_api import Page

from checks.wordpress.reading.yoast_snippet import FIELDS, PLUGIN, Field
from checks.wordpress.screens import stored, terms
from checks.wordpress.screens.blocks import open_content
from checks.wordpress.screens.office import LOADING, office
from provisioner.subject.check import Desk


def activate(desk: Desk) -> None:
    """The "activate" link of its row, if it isn't active."""
    page = office(desk, "plugins.php")
    row = page.locator(f"tr[data-plugin='{PLUGIN}.php']")
    link = row.locator(".activate a")
    if link.count():
        link.click()
        page.wait_for_load_state()
    office(desk, "plugins.php").locator(f"tr[data-plugin='{PLUGIN}.php'] .deactivate a").wait_for()


def activate_unseen(desk: Desk) -> None:
    """Switched on by the interface: the plugin's welcome, to which it sends once, is then for the next who comes to the office."""
    stored.send(desk, f"plugins/{PLUGIN}", {"status": "active"})


def deactivate(desk: Desk) -> None:
    """The "deactivate" link of its row."""
    page = office(desk, "plugins.php")
    page.locator(f"tr[data-plugin='{PLUGIN}.php'] .deactivate a").click()
    page.locator(f"tr[data-plugin='{PLUGIN}.php'] .activate a").wait_for()


def activate_another(desk: Desk) -> None:
    """The "activate" link of another plugin."""
    page = office(desk, "plugins.php")
    page.locator(f"tr[data-plugin]:not([data-plugin='{PLUGIN}.php']) .activate a").last.click()
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
        if not page.locator(f"{FIELDS[name][0]}-metabox").is_visible():
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
    field = page.locator(f"{FIELDS[name][0]}-{where}")
    field.wait_for(timeout=LOADING)
    field.scroll_into_view_if_needed()
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    hidden = f"#{FIELDS[name][1]}, #{FIELDS[name][2]}"
    page.wait_for_function(
        "([at, text]) => document.querySelector(at).value.replace(/\\s+/g, ' ').includes(text)", arg=[hidden, text]
    )


def _unfold(page: Page) -> None:
    """Unfold the part of the box on how the page looks in a search."""
    button = page.locator("#yoast-snippet-editor-metabox")
    button.wait_for(timeout=LOADING)
    if button.get_attribute("aria-expanded") != "true":
        button.click()
