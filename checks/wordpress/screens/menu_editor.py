"""The screens of "Apparence > Menus". The Customizer's panel of menus is in `menu_customizer`.

Both have the same verbs, so what is asked of a menu can be done on either. Items are counted from 0 in
the order of the screen; nothing is kept before `save`.
"""

import re
from typing import Literal, Protocol

from playwright.sync_api import Locator, Page

from checks.wordpress.screens.office import LOADING, office
from provisioner.subject.check import Desk

Direction = Literal["up", "down", "left", "right"]


class MenuEditor(Protocol):
    """One menu, open to be changed."""

    def titles(self) -> list[str]:
        """The items' titles, sub-items after their parents."""

    def depth(self, index: int) -> int:
        """How deep an item is: 0 at the top."""

    def add_page(self, slug: str) -> None:
        """A page of the site, at the end; the front page comes to the top."""

    def add_category(self, slug: str) -> None:
        """A category of the blog, at the end."""

    def add_link(self, title: str, address: str) -> None:
        """A link of one's own, at the end."""

    def rename(self, index: int, title: str) -> None:
        """Another title for an item."""

    def remove(self, index: int) -> None:
        """Take an item out."""

    def move(self, index: int, direction: Direction) -> None:
        """One step up or down, or in or out of the item above."""

    def save(self) -> None:
        """Keep everything."""


def assign(desk: Desk, location: str, name: str, save: bool = True) -> None:
    """Give a place of the theme a menu, on the tab "Gérer les emplacements"."""
    page = office(desk, "nav-menus.php?action=locations")
    choice = page.locator(f"#locations-{location}")
    option = choice.locator("option", has_text=re.compile(rf"^\s*{re.escape(name)}\s*$"))
    choice.select_option(option.first.get_attribute("value"))
    if save:
        page.locator("#nav-menu-locations").press("Enter")
        page.locator("#message.updated").wait_for(timeout=LOADING)


def exists(desk: Desk, name: str) -> bool:
    """Whether the site has a menu of this name, by the lists of that tab."""
    offered = office(desk, "nav-menus.php?action=locations").locator("#menu-locations-table option")
    return name in [text.strip() for text in offered.all_text_contents()]


class MenuScreen:
    """ "Apparence > Menus"."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    def open(cls, desk: Desk, name: str) -> "MenuScreen":
        """The menu of this name."""
        page = office(desk, "nav-menus.php")
        choice = page.locator("#select-menu-to-edit")
        if choice.count():
            named = choice.locator("option", has_text=re.compile(rf"^\s*{re.escape(name)}\s*(\(|$)"))
            office(desk, f"nav-menus.php?action=edit&menu={named.first.get_attribute('value')}")
        return cls(page)

    @classmethod
    def new(cls, desk: Desk, name: str) -> "MenuScreen":
        """A new menu, empty, in no place."""
        page = office(desk, "nav-menus.php?action=edit&menu=0")
        page.locator("#menu-name").fill(name)
        page.locator("#save_menu_footer").click()
        page.locator(".menu-delete").wait_for(timeout=LOADING)
        return cls(page)

    def place(self, location: str) -> None:
        """Tick a place of the theme."""
        self.page.locator(f"#locations-{location}").check()

    def titles(self) -> list[str]:
        """See MenuEditor."""
        return self._items().locator(".menu-item-bar .menu-item-title").all_text_contents()

    def depth(self, index: int) -> int:
        """See MenuEditor."""
        return depth_of(self._items().nth(index))

    def add_page(self, slug: str) -> None:
        """See MenuEditor."""
        self._open_box("#add-post-type-page", "a[data-type='page-all']")
        listed = self.page.locator("#page-all")
        own = listed.locator(f"li:has(> .menu-item-url[value$='/{slug}/']) > label input")
        box = own if own.count() else listed.locator("input.add-to-top")  # the front page is at "/"
        box.first.check()
        self._add("#submit-posttype-page")

    def add_category(self, slug: str) -> None:
        """See MenuEditor."""
        self._open_box("#add-category", "a[data-type='tabs-panel-category-all']")
        listed = self.page.locator("#tabs-panel-category-all")
        listed.locator(f"li:has(> .menu-item-url[value$='/{slug}/']) > label input").first.check()
        self._add("#submit-taxonomy-category")

    def add_link(self, title: str, address: str) -> None:
        """See MenuEditor."""
        self._open_box("#add-custom-links")
        self.page.locator("#custom-menu-item-url").fill(address)
        self.page.locator("#custom-menu-item-name").fill(title)
        self._add("#submit-customlinkdiv")

    def rename(self, index: int, title: str) -> None:
        """See MenuEditor."""
        self._settings(index).locator(".edit-menu-item-title").fill(title)

    def remove(self, index: int) -> None:
        """See MenuEditor."""
        before = self._items().count()
        self._settings(index).locator(".item-delete").click()
        self._await_count(before - 1)

    def move(self, index: int, direction: Direction) -> None:
        """See MenuEditor."""
        self._settings(index).locator(f".menus-move-{direction}").click()

    def save(self) -> None:
        """See MenuEditor."""
        # By the keyboard: an open item that loses the focus moves the button away under the mouse.
        self.page.locator("#save_menu_footer").press("Enter")
        self.page.locator("#message.updated").wait_for(timeout=LOADING)

    def _items(self) -> Locator:
        return self.page.locator("#menu-to-edit > li.menu-item")

    def _settings(self, index: int) -> Locator:
        item = self._items().nth(index)
        settings = item.locator(".menu-item-settings")
        if not settings.is_visible():
            item.locator(".item-edit").click()
        return settings

    def _open_box(self, box: str, tab: str = "") -> None:
        section = self.page.locator(box)
        if not section.locator(".accordion-section-content").is_visible():
            section.locator(".accordion-section-title").click()
        if tab:
            section.locator(tab).click()

    def _add(self, button: str) -> None:
        before = self._items().count()
        self.page.locator(button).click()
        self._await_count(before + 1)

    def _await_count(self, count: int) -> None:
        if count:
            self._items().nth(count - 1).wait_for(state="attached")
        self._items().nth(count).wait_for(state="detached")


def depth_of(item: Locator) -> int:
    """How deep an item of a list stands, by its class."""
    found = re.search(r"menu-item-depth-(\d+)", item.get_attribute("class") or "")
    return int(found[1]) if found else 0
