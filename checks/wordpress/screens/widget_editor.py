"""The screens of widgets: "Apparence > Widgets", and the Customizer's sections of them. Both hold blocks.

    screen = WidgetScreen.open(desk, "sidebar-1")
    screen.add("calendar")
    screen.save()

Places go by the theme's own names: "sidebar-1" is Astra's side column, "footer-widget-1" part of its footer,
"header-widget-1" what its builder puts into the header.
"""

from collections.abc import Mapping
from typing import Literal, Protocol

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from checks.wordpress.reading.seeded import posts_page
from checks.wordpress.screens.builder import Builder
from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.markup import social_icons
from checks.wordpress.screens.office import FROM_LIBRARY, LOADING, choose_media, office
from provisioner.subject.check import Desk

#: The theme's own place of each area.
PLACES: Mapping[str, str] = {"sidebar": "sidebar-1", "footer": "footer-widget-1"}


class WidgetEditor(Protocol):
    """One place of widgets, open to be changed. Blocks go by their names without "core/"."""

    def add(self, block: str) -> None:
        """A block at the end of the place; it is then selected."""

    def write(self, text: str) -> None:
        """A paragraph at the end of the place."""

    def add_social_icons(self, addresses: Mapping[str, str]) -> None:
        """A block of social icons at the end of the place: networks by WordPress's names, with their addresses."""

    def remove(self, block: str) -> None:
        """Take the first block of this name out."""

    def set_count(self, block: str, count: int) -> None:
        """How many entries a list shows, among the settings of the block."""

    def set_excerpt(self, block: str, words: int) -> None:
        """Excerpts of that length for a list of articles, among the settings of the block."""

    def save(self) -> None:
        """Keep everything."""


_COLOURED = """([text, colour]) => {
    const {getClientIdsWithDescendants, getBlockAttributes} = wp.data.select('core/block-editor');
    const block = getClientIdsWithDescendants().find(id => String(getBlockAttributes(id).content || '').includes(text));
    wp.data.dispatch('core/block-editor').updateBlockAttributes(block, {style: {color: {text: colour}}});
}"""


_PASTED = """text => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
}"""


class WidgetScreen:
    """ "Apparence > Widgets"."""

    def __init__(self, page: Page, area: Locator) -> None:
        self.page = page
        self._area = area

    @classmethod
    def open(cls, desk: Desk, place: str) -> "WidgetScreen":
        """The screen, with this place unfolded."""
        page = office(desk, "widgets.php")
        page.locator(".wp-block-widget-area").first.wait_for(timeout=LOADING)
        page.wait_for_function(f"place => {_PLACES}.includes(place)", arg=place, timeout=LOADING)
        area = page.locator(".wp-block-widget-area").nth(page.evaluate(f"place => {_PLACES}.indexOf(place)", place))
        toggle = area.locator(".components-panel__body-toggle").first
        if toggle.get_attribute("aria-expanded") == "false":
            toggle.click()
        area.locator(".block-editor-block-list__layout").first.wait_for()
        return cls(page, area)

    def add(self, block: str) -> None:
        """See WidgetEditor."""
        before = self._blocks(block).count()
        self._area.locator(".block-list-appender button, .block-editor-button-block-appender").last.click()
        _choose(self.page, block)
        self._blocks(block).nth(before).wait_for()

    def write(self, text: str) -> None:
        """See WidgetEditor."""
        self.add("paragraph")
        _type(self.page, self._blocks("paragraph").last, text)

    def colour(self, text: str, colour: str) -> None:
        """The colour of the text of a paragraph, among its settings."""
        self.page.evaluate(_COLOURED, [text, colour])

    def add_media(self, kind: Literal["image", "video"], media: str) -> None:
        """A picture or a video of the library at the end of the place."""
        self.add(kind)
        block = self._blocks(kind).last
        block.locator(FROM_LIBRARY).first.click()
        choose_media(self.page, media)
        block.locator("img, video").first.wait_for(timeout=LOADING)

    def insert(self, place: str, html: str) -> None:
        """Blocks as the editor stores them, at the end of this place, which is open."""
        self.page.evaluate(
            """([place, html]) => {
                const area = wp.data.select('core/block-editor').getBlocks().find(block => block.attributes.id === place);
                wp.data.dispatch('core/block-editor').insertBlocks(
                    wp.blocks.parse(html), area.innerBlocks.length, area.clientId, false);
            }""",
            [place, html],
        )

    def add_menu(self, name: str) -> None:
        """The widget "Menu de navigation" at the end of the place, with the menu of this name."""
        self._area.locator(".block-list-appender button, .block-editor-button-block-appender").last.click()
        self.page.locator(".block-editor-inserter__search input").last.fill("menu")
        self.page.locator("[class~='editor-block-list-item-legacy-widget/nav_menu']").last.click()
        menu = self._blocks("legacy-widget").last.locator("select").select_option(label=name)
        self.page.wait_for_function(  # the screen knows it a moment later
            """menu => wp.data.select('core/block-editor').getClientIdsWithDescendants().some(id =>
                String(wp.data.select('core/block-editor').getBlockAttributes(id).instance?.raw?.nav_menu) === menu)""",
            arg=menu[0],
        )

    def add_social_icons(self, addresses: Mapping[str, str]) -> None:
        """See WidgetEditor."""
        self.add("social-links")
        for network, address in addresses.items():
            _add_social_icon(self.page, self._blocks("social-links").last, network, address)

    def remove(self, block: str) -> None:
        """See WidgetEditor."""
        _remove(self.page, self._blocks(block).first)

    def set_count(self, block: str, count: int) -> None:
        """See WidgetEditor."""
        _fill_count(self._settings(block), count)

    def set_excerpt(self, block: str, words: int) -> None:
        """See WidgetEditor."""
        _fill_excerpt(self._settings(block), words)

    def save(self) -> None:
        """See WidgetEditor."""
        button = self.page.locator(".edit-widgets-header__actions > button.is-primary")
        button.click()
        self.page.locator(".components-snackbar").first.wait_for(timeout=LOADING)
        done = ".edit-widgets-header__actions > button.is-primary:is(:disabled, [aria-disabled=true]):not(.is-busy)"
        self.page.locator(done).wait_for(timeout=LOADING)  # the places are kept after their widgets

    def _settings(self, block: str) -> Locator:
        self._blocks(block).first.click()
        column = self.page.locator(".interface-complementary-area")
        if not column.is_visible():
            self.page.locator(".interface-pinned-items button[aria-controls^='edit-widgets:']").first.click()
        return column

    def _blocks(self, block: str) -> Locator:
        return self._area.locator(f"[data-type='core/{block}']")


class WidgetCustomizer:
    """The Customizer's section of one place; it has to be on a page that shows the place."""

    def __init__(self, customizer: Customizer, place: str) -> None:
        self.customizer = customizer
        self.page = customizer.page
        self._section = self.page.locator(f"[id='sub-accordion-section-sidebar-widgets-{place}']")

    @classmethod
    def open(cls, desk: Desk, place: str) -> "WidgetCustomizer":
        """The section of this place, from a page of the site that shows it."""
        on = f"/{posts_page(desk.company)}/" if place == PLACES["sidebar"] else "/"
        editor = cls(Customizer.open(desk, section=f"sidebar-widgets-{place}", on=on), place)
        editor._section.locator(".block-editor-block-list__layout").first.wait_for(timeout=LOADING)
        return editor

    def add(self, block: str) -> None:
        """See WidgetEditor."""
        before = self._blocks(block).count()
        self._section.locator(".customize-widgets-header-toolbar__inserter-toggle").click()
        _choose(self.page, block)
        self._blocks(block).nth(before).wait_for()

    def write(self, text: str) -> None:
        """See WidgetEditor."""
        self.add("paragraph")
        _type(self.page, self._blocks("paragraph").last, text)

    def add_social_icons(self, addresses: Mapping[str, str]) -> None:
        """Pasted in the place of a paragraph: in WordPress 6.8, a click on an icon reloads the Customizer, and all is lost."""
        self.add("paragraph")
        self._blocks("paragraph").last.click()
        self.page.evaluate(_PASTED, social_icons(addresses))
        self._blocks("social-link").nth(len(addresses) - 1).wait_for()

    def remove(self, block: str) -> None:
        """See WidgetEditor."""
        _remove(self.page, self._blocks(block).first)

    def set_count(self, block: str, count: int) -> None:
        """See WidgetEditor."""
        _fill_count(self._settings(block), count)

    def set_excerpt(self, block: str, words: int) -> None:
        """See WidgetEditor."""
        _fill_excerpt(self._settings(block), words)

    def _settings(self, block: str) -> Locator:
        """ "Show more settings" in the toolbar's menu opens them."""
        inspector = self.page.locator(".control-section.open .block-editor-block-inspector")
        if not inspector.count() or not inspector.is_visible():
            self._blocks(block).first.click()
            self.page.locator(".block-editor-block-settings-menu button").last.click()
            self.page.locator("[role=menu] [role=menuitem]").first.click()
        return inspector

    def save(self) -> None:
        """See WidgetEditor."""
        self.customizer.publish()

    def _blocks(self, block: str) -> Locator:
        return self._section.locator(f"[data-type='core/{block}']")


def header_widget(desk: Desk, area: str = "above_left") -> WidgetScreen:
    """The widget that Astra's builder puts into an area of the header, published there and open on the screen."""
    builder = Builder.open(desk, "header")
    builder.add("widget-1", area)
    builder.customizer.publish()
    return WidgetScreen.open(desk, "header-widget-1")


def _type(page: Page, block: Locator, text: str) -> None:
    block.click()
    page.keyboard.insert_text(text)


def _add_social_icon(page: Page, icons: Locator, network: str, address: str) -> None:
    if icons.locator(".is-selected").count():
        page.locator(".block-editor-block-parent-selector button").click()
    icons.locator(".block-editor-button-block-appender, .block-list-appender button").last.click()
    page.locator(".block-editor-inserter__search input").last.fill(network)
    page.locator(
        f"[class~='editor-block-list-item-social-link-{network}'], "
        f"[class~='editor-block-list-item-social-link/{network}']"
    ).last.click()
    icons.locator("[data-type='core/social-link'] button, button[data-type='core/social-link']").last.click()
    field = page.locator(".wp-block-social-link__toolbar_content_text, .block-editor-url-popover__row input").last
    field.fill(address)
    field.press("Enter")


def _choose(page: Page, block: str) -> None:
    """Find a block in the list that is open, small or large, and choose it."""
    page.locator(".block-editor-inserter__search input").last.fill(block)
    page.locator(f"[class~='editor-block-list-item-{block}']").last.click()


def _remove(page: Page, block: Locator) -> None:
    """The key of "remove", of the block that is selected; on a busy machine one that is drawn anew may not be yet."""
    fewer, count = (
        "count => document.querySelectorAll('[data-type]').length < count",
        page.locator("[data-type]").count(),
    )
    for patience in (5_000, 5_000, LOADING):
        block.click()
        page.keyboard.press("Escape")
        page.keyboard.press("Shift+Alt+z")
        try:
            page.wait_for_function(fewer, arg=count, timeout=patience)
            return
        except PlaywrightTimeout:
            if patience == LOADING:
                raise


def _fill_count(column: Locator, count: int) -> None:
    field = column.locator("input[type=number]").first
    field.fill(str(count))
    field.press("Tab")


def _fill_excerpt(column: Locator, words: int) -> None:
    """The first switch shows the articles' text, of which an excerpt is the first choice; its length comes up with it."""
    numbers = column.locator("input[type=number]")
    before = numbers.count()
    column.locator(".components-form-toggle input").first.check()
    numbers.nth(before).wait_for()
    numbers.first.fill(str(words))
    numbers.first.press("Tab")


_PLACES = """wp.data.select('core/block-editor').getBlocks().map(block => block.attributes.id)"""
