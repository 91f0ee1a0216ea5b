"""The editors of the texts in which links are put."""

import re

from playwright.sync_api import FrameLocator, Page

from checks.prestashop.reading.linked_texts import Place
from checks.prestashop.screens.office import LOADING, office, saving
from checks.prestashop.screens.product import ProductPage, open_product
from checks.prestashop.screens.product_lists import address_of_product
from provisioner.french.text import same
from provisioner.subject.check import Desk


class Text:
    """The text of a place, open in its editor."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._sheet: ProductPage | None = None
        if place.kind == "produit":
            self._sheet = open_product(desk, place.name)
            self.page = self._sheet.page
            self._frame = self._sheet.text_editor("description")
        elif place.kind == "catégorie":
            self.page = office(desk, "AdminCategories")
            _edit(self.page, "td.column-name", place.name)
            self._frame, self._form = "#category_description_1_ifr", "category"
        else:
            self.page = office(desk, "AdminCmsContent")
            _edit(self.page, "td.column-meta_title", place.name)
            self._frame, self._form = "#cms_page_content_1_ifr", "cms_page"
        self._body = self._editor().locator("body")
        self._body.wait_for(timeout=LOADING)

    def link(self, text: str, address: str) -> None:
        """At the end of the text, by the editor's own window."""
        self._to_end()
        self.page.keyboard.press("Control+k")
        window = self.page.locator(".mce-window:visible")
        boxes = window.locator("input.mce-textbox")
        boxes.nth(1).fill(text)  # first: once there is an address, an empty text takes it
        boxes.nth(0).fill(address)
        window.locator(".mce-primary button").click()
        window.wait_for(state="hidden")

    def source(self, markup: str, over: bool = False) -> None:
        """Before the text, or `over` it, by the window of its source."""
        holder = self.page.locator(".mce-tinymce", has=self.page.locator(self._frame))
        holder.locator("button:has(i.material-icons:text-is('code'))").first.click()
        window = self.page.locator(".mce-window:visible")
        box = window.locator("textarea")
        box.fill(markup if over else markup + box.input_value())
        window.locator(".mce-primary button").click()
        window.wait_for(state="hidden")

    def write(self, text: str) -> None:
        """At the end of the text, without any link."""
        self._to_end()
        self.page.keyboard.insert_text(text)

    def save(self) -> None:
        """Keep it."""
        if self._sheet is not None:
            self._sheet.save()
            return
        with saving(self.page):
            self.page.locator(f"form[name={self._form}] .card-footer button.btn-primary").first.click()

    def _editor(self) -> FrameLocator:
        return self.page.frame_locator(self._frame)

    def _to_end(self) -> None:
        self._body.focus()
        self.page.keyboard.press("Control+End")


def _edit(page: Page, cell: str, name: str) -> None:
    exact = re.compile(rf"^\s*{re.escape(name)}\s*$")
    row = page.locator("table tbody tr", has=page.locator(cell, has_text=exact)).first
    address = row.locator("a[href*='/edit']").first.evaluate("a => a.href")
    page.goto(address, timeout=LOADING)


def address_for(desk: Desk, place: Place) -> str:
    """What the candidate finds in the address bar when he visits a place of the shop, by its search or its site map."""
    if place.kind == "produit":
        return address_of_product(desk, place.name)
    desk.page.goto(f"{desk.address}/index.php?controller=sitemap", timeout=LOADING)
    titles = desk.page.locator("a[id^=category-page-], a[id^=cms-page-]")
    names = titles.all_inner_texts()
    return str(titles.nth(next(i for i, name in enumerate(names) if same(place.name, name))).evaluate("a => a.href"))
