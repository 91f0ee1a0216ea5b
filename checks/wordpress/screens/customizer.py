"""The Customizer: its sections, the controls of WordPress and of Astra in them, and the button that publishes.

    customizer = Customizer.open(desk, section="section-breadcrumb")
    customizer.choose("breadcrumb-position", "astra_header_after")
    customizer.publish()

Settings of Astra are named without "astra-settings[…]". Nothing is kept before `publish`.
"""

from collections.abc import Mapping
from typing import Self
from urllib.parse import quote

from playwright.sync_api import Locator, Page

from checks.wordpress.screens.office import LOADING, choose_media, media_id, office
from provisioner.core.errors import StationNotReady
from provisioner.subject.check import Desk

#: How often "publish" is clicked at most.
_CLICKS = 3

# The window of the library has closed, or offers to crop.
_CHOSEN = """() => {
    const modal = [...document.querySelectorAll('.media-modal')].find(node => node.checkVisibility());
    return !modal || modal.querySelector('.media-button-skip, .media-button-insert');
}"""


class Customizer:
    """The Customizer, open on one of its sections or panels."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    def open(cls, desk: Desk, section: str = "", panel: str = "", on: str = "") -> Self:
        """Open it, from a page of the site where `on` is its path, as the link of the bar at the top does."""
        where = f"autofocus%5Bsection%5D={section}" if section else f"autofocus%5Bpanel%5D={panel}"
        if on:
            where += f"&url={quote(desk.address + on, safe='')}"
        page = office(desk, f"customize.php?{where}")
        page.locator("body.ready").wait_for(timeout=LOADING)
        page.wait_for_function(
            "() => wp.customize.previewer?.deferred?.active?.state() === 'resolved'", timeout=LOADING
        )
        return cls(page)

    def go(self, section: str) -> None:
        """Another section, as a click on its name or on an element of the site opens it."""
        self.page.evaluate("section => wp.customize.section(section).focus()", section)
        self.page.locator(f"[id='sub-accordion-section-{section}'].open").wait_for()

    def reach(self, name: str) -> None:
        """Open the section of a control: themes move some of WordPress’s into sections of their own."""
        section = self.page.evaluate("name => wp.customize.control(name).section()", name)
        if not self.page.locator(f"[id='sub-accordion-section-{section}'].open").count():
            self.go(section)

    def control(self, name: str) -> Locator:
        """A control by its setting: one of Astra's, or else one of WordPress's."""
        found = f"[id='customize-control-{name}'], [id='customize-control-astra-settings-{name}']"
        return self.page.locator(found).first

    def fill(self, name: str, text: str) -> None:
        """Write into a field."""
        field = self.control(name).locator("input[type=text], input[type=url], input[type=number], textarea").first
        field.fill(text)

    def choose(self, name: str, value: str) -> None:
        """Choose a value of a list, a row of buttons, pictures, or radio buttons."""
        control = self.control(name)
        control.wait_for()
        if (chosen := control.locator("select")).count():
            chosen.select_option(value)
        elif (picked := control.locator(f"input[type=radio][value='{value}']")).count():
            label = control.locator(f"label[for='{picked.get_attribute('id')}']")
            (label if label.count() else picked).first.click()
        else:
            names: list[str] = self.page.evaluate(
                "name => Object.keys(AstraBuilderCustomizerData.choices[`astra-settings[${name}]`])", name
            )
            control.locator(".ast-alignment-inner-wrap button").nth(names.index(value)).click()

    def choose_media(self, name: str, media: str, crop: bool = False) -> None:
        """Choose a picture of the library for a control; where the window offers to crop it, do or don't."""
        control = self.control(name)
        control.locator(".upload-button").first.click()
        modal = self.page.locator(".media-modal:visible")
        modal.locator("#menu-item-browse").click()
        number = media_id(self.page, media)
        modal.locator(f".attachments .attachment[data-id='{number}']").click()
        modal.locator(".media-button-select").click()
        skip = self.page.locator(".media-modal:visible .media-button-skip")
        cropped = self.page.locator(".media-modal:visible .media-button-insert")
        self.page.wait_for_function(_CHOSEN, timeout=LOADING)
        if skip.count() or cropped.count():
            (skip if skip.count() and not crop else cropped).first.click()
        modal.wait_for(state="hidden", timeout=LOADING)

    def write_html(self, name: str, html: str) -> None:
        """The text of an HTML element, on the tab "Texte" of its editor."""
        control, before = self.control(name), self._value(name)
        control.locator(".mce-tinymce iframe").wait_for(timeout=LOADING)  # until then it takes the tab back
        control.locator(".switch-html").click()
        control.locator("textarea.wp-editor-area").fill(html)
        self._changed(name, before)

    def insert_media(self, name: str, media: str) -> None:
        """ "Ajouter un média" of an HTML element: the file as the window of the library inserts it."""
        before = self._value(name)
        self.control(name).locator(".add_media").click()
        modal = self.page.locator(".media-modal:visible")
        modal.locator("#menu-item-browse").click()
        number = media_id(self.page, media)
        modal.locator(f".attachments .attachment[data-id='{number}']").click()
        modal.locator(".media-button-insert").click()
        modal.wait_for(state="hidden", timeout=LOADING)
        self._changed(name, before)

    def background(self, name: str, media: str) -> None:
        """A picture of the library as the background of a row, on the tab "Design"."""
        self.page.locator(".control-section.open [data-tab=design]").first.click()
        control, before = self.control(name), self._value(name)
        control.locator("button.astra-color-icon-indicate:visible").first.click()
        control.locator("button.components-tab-panel__tabs-item:visible").last.click()
        control.locator(".upload-button").first.click()
        choose_media(self.page, media)
        self._changed(name, before)

    def social_icons(self, name: str, addresses: Mapping[str, str]) -> None:
        """The networks of a social element, with their addresses, and no others."""
        control = self.control(name)
        for slug in addresses:
            if not control.locator(f".ahfb-sorter-item[data-id='{slug}']").count():
                control.locator("select").select_option(slug)
                control.locator(".ahfb-sorter-add-item").click()
        for item in control.locator(".ahfb-sorter-item").all():
            slug = item.get_attribute("data-id") or ""
            if slug in addresses:
                item.locator(".ahfb-sorter-item-expand").first.click()
                opened = f".ahfb-sorter-item[data-id='{slug}']"  # its fields stand in it, or after it in newer Astra
                control.locator(f"{opened} input[type=text], {opened} + * input[type=text]").last.fill(addresses[slug])

    def publish(self) -> None:
        """Keep everything: once more where a field told its change only after the first click, as editors do."""
        for _ in range(_CLICKS):
            self.page.locator("#save").click()
            self.page.wait_for_function("() => !wp.customize.state('saving').get()", timeout=LOADING)
            if self.page.evaluate("() => wp.customize.state('saved').get()"):
                return
        raise StationNotReady("L’outil de personnalisation garde des modifications qu’il n’a pas enregistrées.")

    def _changed(self, name: str, before: object) -> None:
        """Wait until the Customizer knows of a change, which an editor tells it a moment later."""
        self.page.wait_for_function(
            "([name, before]) => JSON.stringify(wp.customize(`astra-settings[${name}]`).get()) !== before",
            arg=[name, before],
            timeout=LOADING,
        )

    def _value(self, name: str) -> object:
        value: object = self.page.evaluate(
            "name => JSON.stringify(wp.customize(`astra-settings[${name}]`).get())", name
        )
        return value
