"""Astra's builder of header and footer: which element stands in which area.

    builder = Builder.open(desk, "header")
    builder.move("menu-1", "above_left")
    builder.customizer.publish()

Elements go by Astra's own names: "logo", "menu-1" (the main menu), "menu-2", "html-1", "widget-1",
"social-icons-1"; areas too: "above_left", "primary_right" of the header, "primary_1" of the footer.
"""

from typing import Literal, Self

from playwright.sync_api import Locator

from checks.wordpress.screens.customizer import Customizer
from provisioner.subject.check import Desk

Part = Literal["header", "footer"]

_PANELS = {"header": "panel-header-builder-group", "footer": "panel-footer-builder-group"}


class Builder:
    """The builder of the header or of the footer, as the Customizer shows it for a computer's screen."""

    def __init__(self, customizer: Customizer, part: Part) -> None:
        self.customizer = customizer
        self._part = part
        self._setting = f"{part}-desktop-items"

    @classmethod
    def open(cls, desk: Desk, part: Part) -> Self:
        """Open the Customizer on it."""
        builder = cls(Customizer.open(desk, panel=_PANELS[part]), part)
        builder._grid.wait_for()
        return builder

    def add(self, element: str, area: str) -> None:
        """The plus sign of an area, and an element of those that it offers."""
        self._outer(area, ".ahfb-builder-item-add-icon").click(force=True)
        name = self.customizer.page.evaluate(
            "([setting, id]) => AstraBuilderCustomizerData.choices[`astra-settings[${setting}]`][id].name",
            [self._setting, element],
        )
        offered = self.customizer.page.locator(".ahfb-popover-add-builder .builder-add-btn")
        offered.filter(has=self.customizer.page.get_by_text(name, exact=True)).click()
        self._element(element).wait_for()

    def remove(self, element: str) -> None:
        """The cross of an element."""
        self._element(element).locator(".ahfb-builder-item-icon").click()
        self._element(element).wait_for(state="detached")

    def move(self, element: str, area: str) -> None:
        """Take an element out and put it into another area."""
        self.remove(element)
        self.add(element, area)

    def drag(self, element: str, area: str) -> None:
        """Drag an element into another area."""
        page = self.customizer.page
        target = self._outer(area, ".ahfb-builder-drop")
        self._element(element).locator(".ahfb-builder-item-text").hover()
        page.mouse.down()
        box = target.bounding_box()
        assert box, area
        for part in (0.3, 0.5, 0.6):
            page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] / 2, steps=8)
        page.mouse.up()
        self._grid.locator(f"[data-location='{area}'] [data-id='{element}']").wait_for()

    def settings(self, element: str) -> Customizer:
        """The section of an element's own settings."""
        section = self._element(element).get_attribute("data-section") or ""
        self._element(element).locator(".ahfb-builder-item-text").click()
        self.customizer.page.locator(f"[id='sub-accordion-section-{section}'].open").wait_for()
        return self.customizer

    def row_settings(self, row: Literal["above", "primary", "below"]) -> Customizer:
        """The section of a row's own settings."""
        areas = self._grid.locator(f".ahfb-builder-areas[data-row='{row}']")
        section = areas.get_attribute("data-row-section") or ""
        areas.locator(".ahfb-row-actions").click()
        self.customizer.page.locator(f"[id='sub-accordion-section-{section}'].open").wait_for()
        return self.customizer

    @property
    def _grid(self) -> Locator:
        return self.customizer.page.locator(f"[id='customize-control-astra-settings-{self._setting}']")

    def _outer(self, area: str, what: str) -> Locator:
        """Each side has a second place, nearer to the centre; the outer one is the first on the left, the last on the right."""
        found = self._grid.locator(f"[data-location='{area}'] {what}")
        return found.last if area.endswith("_right") else found.first

    def _element(self, element: str) -> Locator:
        return self._grid.locator(f".ahfb-builder-item[data-id='{element}']")
