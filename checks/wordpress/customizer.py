"""The Customizer: its sections, the controls of WordPress and of Astra in them, and the button that publishes.

    customizer = Customizer.open(desk, section="section-breadcrumb")
    customizer.choose("breadcrumb-position", "astra_header_after")
    customizer.publish()

Settings of Astra are named without "astra-settings[…]". Nothing is kept before `publish`.
"""

from typing import Self
from urllib.parse import quote

from playwright.sync_api import Locator, Page

from checks.wordpress.pages import LOADING, media_id, office
from provisioner.check import Desk

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

    def choose_media(self, name: str, media: str) -> None:
        """Choose a picture of the library for a control, as it is where the window offers to crop it."""
        control = self.control(name)
        control.locator(".upload-button").first.click()
        modal = self.page.locator(".media-modal:visible")
        modal.locator("#menu-item-browse").click()
        number = media_id(self.page, media)
        modal.locator(f".attachments .attachment[data-id='{number}']").click()
        modal.locator(".media-button-select").click()
        skip = self.page.locator(".media-modal:visible .media-button-skip")
        crop = self.page.locator(".media-modal:visible .media-button-insert")
        self.page.wait_for_function(_CHOSEN, timeout=LOADING)
        if skip.count() or crop.count():
            (skip if skip.count() else crop).first.click()
        modal.wait_for(state="hidden", timeout=LOADING)

    def publish(self) -> None:
        """Keep everything."""
        self.page.locator("#save").click()
        self.page.wait_for_function(
            "() => wp.customize.state('saved').get() && !wp.customize.state('saving').get()", timeout=LOADING
        )
