"""What a program can test of a page's accessibility: axe's rules in light and dark, and that it fits a screen's width."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page


def refuse_faults(page: Page, name: str = "") -> None:
    """Fail where axe finds a fault in light or dark, or the page is wider than its screen; `name` is said then."""
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], (name or page.url, colours)
    page.emulate_media(color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        name or page.url
    )
