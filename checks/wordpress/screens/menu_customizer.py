"""The Customizer's panel of menus. Its verbs are those of `menu_editor.MenuEditor`."""

import re

from playwright.sync_api import Locator, Page

from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.menu_editor import Direction, depth_of
from checks.wordpress.screens.office import LOADING, office
from provisioner.subject.check import Desk

_ORDER = """() => [...document.querySelectorAll('ul.control-section-nav_menu.open > li.customize-control-nav_menu_item')]
    .map(item => item.id + item.className.match(/menu-item-depth-\\d+/)).join()"""


def choose_location(customizer: Customizer, location: str, name: str) -> None:
    """Give a place of the theme a menu, in the section "Emplacements des menus"."""
    customizer.go("menu_locations")
    customizer.control(f"nav_menu_locations-{location}").locator("select").select_option(label=name)


class MenuCustomizer:
    """The Customizer's panel of menus."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._pane = page.locator("ul.control-section-nav_menu.open")

    @classmethod
    def open(cls, desk: Desk, name: str) -> "MenuCustomizer":
        """The menu of this name."""
        page = office(desk, "customize.php?autofocus%5Bpanel%5D=nav_menus")
        page.locator("body.ready").wait_for(timeout=LOADING)
        section = page.locator("#sub-accordion-panel-nav_menus > li.control-section-nav_menu")
        named = section.filter(has_text=re.compile(rf"^\s*{re.escape(name)}"))
        named.locator(".accordion-section-title").click(timeout=LOADING)
        editor = cls(page)
        editor._pane.locator(".add-new-menu-item").wait_for()
        return editor

    @classmethod
    def new(cls, desk: Desk, name: str, location: str) -> "MenuCustomizer":
        """A new menu at a place of the theme, empty."""
        page = office(desk, "customize.php?autofocus%5Bpanel%5D=nav_menus")
        page.locator("body.ready").wait_for(timeout=LOADING)
        page.locator("#sub-accordion-panel-nav_menus .customize-add-menu-button").click()
        page.locator("#customize-control-add_menu-name input").fill(name)
        page.locator(f"#customize-control-add_menu-locations input[data-location-id='{location}']").check()
        page.locator("#customize-new-menu-submit").click()
        editor = cls(page)
        editor._pane.locator(".add-new-menu-item").wait_for()
        return editor

    def place(self, location: str) -> None:
        """Tick a place of the theme."""
        self._pane.locator(f"input[data-location-id='{location}']").check()

    def titles(self) -> list[str]:
        """See MenuEditor."""
        return [text.strip() for text in self._items().locator(".menu-item-title").all_text_contents()]

    def depth(self, index: int) -> int:
        """See MenuEditor."""
        return depth_of(self._items().nth(index))

    def add_page(self, slug: str) -> None:
        """See MenuEditor."""
        self._add("page", "#available-menu-items-post_type-page", slug)

    def add_category(self, slug: str) -> None:
        """See MenuEditor."""
        self._add("category", "#available-menu-items-taxonomy-category", slug)

    def add_link(self, title: str, address: str) -> None:
        """See MenuEditor."""
        before = self._items().count()
        choice = self._available("#new-custom-menu-item")
        choice.locator("#custom-menu-item-url").fill(address)
        choice.locator("#custom-menu-item-name").fill(title)
        choice.locator("#custom-menu-item-submit").click()
        self._await_title(before)

    def rename(self, index: int, title: str) -> None:
        """See MenuEditor."""
        self._settings(index).locator(".edit-menu-item-title").fill(title)

    def remove(self, index: int) -> None:
        """See MenuEditor."""
        settings = self._settings(index)
        gone = self._items().nth(index).element_handle()
        settings.locator(".item-delete").click()
        # It was seen hidden for a moment before it had slid up.
        self.page.wait_for_function("item => !item.offsetHeight && !jQuery(item).is(':animated')", arg=gone)

    def move(self, index: int, direction: Direction) -> None:
        """See MenuEditor."""
        if not self._pane.evaluate("pane => pane.classList.contains('reordering')"):
            self._close_choice()
            self._pane.locator(".reorder-toggle").click()
        before = self.page.evaluate(_ORDER)
        self._items().nth(index).locator(f".menus-move-{direction}").click()
        self.page.wait_for_function(f"before => ({_ORDER})() !== before", arg=before)  # drawn a moment later

    def save(self) -> None:
        """See MenuEditor."""
        self._close_choice()
        self.page.locator("#save").click()
        self.page.wait_for_function(
            "() => wp.customize.state('saved').get() && !wp.customize.state('saving').get()", timeout=LOADING
        )

    def _items(self) -> Locator:
        # What was taken out stays in the list, hidden.
        return self._pane.locator("> li.customize-control-nav_menu_item:visible")

    def _settings(self, index: int) -> Locator:
        self._close_choice()
        item = self._items().nth(index)
        settings = item.locator(".menu-item-settings")
        if not settings.is_visible():
            item.locator(".item-edit").click()
        return settings

    def _available(self, section: str) -> Locator:
        if not self.page.evaluate("() => document.body.classList.contains('adding-menu-items')"):
            self._pane.locator(".add-new-menu-item").click()
        choice = self.page.locator(section)
        if not choice.locator(".accordion-section-content").is_visible():
            choice.locator(".accordion-section-title").click()
        return choice

    def _close_choice(self) -> None:
        if self.page.evaluate("() => document.body.classList.contains('adding-menu-items')"):
            self._pane.locator(".add-new-menu-item").click()

    def _add(self, kind: str, section: str, slug: str) -> None:
        before = self._items().count()
        listed = self._available(section).locator(".available-menu-items-list")
        listed.locator("li.menu-item-tpl").first.wait_for()
        number = self._listed(kind, slug)
        while not number and self._load_more(listed, "taxonomy:category" if kind == "category" else "post_type:page"):
            number = self._listed(kind, slug)
        row = (
            listed.locator(f"li[data-menu-item-id='{number}']") if number else listed.locator("li.menu-item-tpl").first
        )
        row.locator(".item-add").click()
        self._await_title(before)

    def _listed(self, kind: str, slug: str) -> str:
        """The number of a page or category among those that are listed; the front page is at "/", and so has none."""
        number: str = self.page.evaluate(
            """([kind, slug]) => wp.customize.Menus.availableMenuItems.models.find(
                item => item.get('object') === kind && item.get('url').endsWith(`/${slug}/`))?.get('id') || ''""",
            [kind, slug],
        )
        return number

    def _load_more(self, listed: Locator, what: str) -> bool:
        """Scroll a list down to its end, where it goes on with ten more; false when it has no more."""
        loaded = f"() => wp.customize.Menus.availableMenuItemsPanel.pages['{what}']"
        before = self.page.evaluate(loaded)
        if before == -1:
            return False
        # While another list loads, the screen doesn't listen: scrolled until it has.
        self.page.wait_for_function(
            f"""([list, before]) => {{
                if (({loaded})() !== before) return true;
                list.scrollTop = 0;
                list.scrollTop = list.scrollHeight;
                return false;
            }}""",
            arg=[listed.element_handle(), before],
            polling=300,
            timeout=LOADING,
        )
        return True

    def _await_title(self, index: int) -> None:
        """An item that is added stands there empty at first."""
        named = self._items().nth(index).locator(".menu-item-title", has_text=re.compile(r"\S"))
        named.wait_for(state="attached")
