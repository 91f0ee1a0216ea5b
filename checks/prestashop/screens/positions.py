"""The positions of modules on the hooks of the shop, as a candidate moves them."""

import re

from playwright.sync_api import Locator, Page

from checks.prestashop.reading.home_blocks import BLOCKS
from checks.prestashop.screens.office import LOADING, office, saving
from provisioner.subject.check import Desk

_MOVED = re.compile(r"/design/positions/update")


def drag(desk: Desk, block: str, rank: int) -> None:
    """Drag a block to a rank (from 0) among those of the home page; the modules that are off count too."""
    page = office(desk, "AdminModulesPositions")
    items = _items(page)
    names = _modules(items)
    start = names.index(BLOCKS[block][0])
    shown = [i for i, name in enumerate(names) if name in _shown(page) or i == start]
    end = shown[min(rank, len(shown) - 1)]
    if start == end:
        return
    items.nth(start).scroll_into_view_if_needed()
    handle, goal = items.nth(start).locator(".drag_indicator").bounding_box(), items.nth(end).bounding_box()
    assert handle, block
    assert goal, block
    page.mouse.move(handle["x"] + 5, handle["y"] + 5)
    page.mouse.down()
    beyond = goal["y"] - 4 if end < start else goal["y"] + goal["height"] + 4
    page.mouse.move(handle["x"] + 5, (handle["y"] + beyond) / 2, steps=6)
    page.mouse.move(handle["x"] + 5, beyond, steps=6)
    with page.expect_response(lambda r: r.request.method == "POST" and bool(_MOVED.search(r.url))):
        page.mouse.up()


def arrange(desk: Desk, order: tuple[str, ...]) -> None:
    """Drag the blocks into this order."""
    for rank, block in enumerate(order):
        drag(desk, block, rank)


def unhook(desk: Desk, block: str, hook: str = "displayHome", ticked: bool = False) -> None:
    """Take a block off the home page, or off another hook: by its row's list, or ticked."""
    page = office(desk, "AdminModulesPositions")
    items = _items(page, hook)
    row = items.nth(_modules(items).index(BLOCKS[block][0]))
    if ticked:
        row.locator("label.selectbox").click()
        with saving(page):
            page.locator("button[name=unhookform]:visible").first.click()
        return
    row.locator(".dropdown-toggle").click()
    with saving(page):
        row.locator("a.dropdown-item[href*='unhook']").click()


def graft(desk: Desk, block: str, hook: str = "displayHome") -> None:
    """Graft a block on the home page again, which puts it below the others, or on another hook."""
    page = office(desk, "AdminModulesPositions")
    own = page.locator(f"li.module-item:has(img[src*='/modules/{BLOCKS[block][0]}/'])").first
    number = str(own.get_attribute("id")).partition("_")[2]
    page.locator("#page-header-desc-configuration-save").click()
    page.wait_for_load_state("load")
    # Both lists are dressed up, and hidden behind what they are dressed in.
    page.locator("select[name=id_module]").select_option(number, force=True)
    home = page.locator("select[name=id_hook] option", has_text=re.compile(rf"^\s*{hook}\b")).first
    home.wait_for(state="attached", timeout=LOADING)
    page.locator("select[name=id_hook]").select_option(home.get_attribute("value"), force=True)
    with saving(page):
        page.locator("#hook_module_form_submit_btn").click()


def _items(page: Page, hook: str = "displayHome") -> Locator:
    items = page.locator(f"section.hook-panel:has(a[name='{hook}']) li.module-item")
    items.first.wait_for()
    return items


def _modules(items: Locator) -> list[str]:
    """The technical names of these rows, out of the addresses of their pictures."""
    read: list[str] = items.locator(".module-column-icon img").evaluate_all(
        "all => all.map(img => /modules\\/(\\w+)\\//.exec(img.src)[1])"
    )
    return read


def _shown(page: Page) -> set[str]:
    """The modules that a visitor's home page has: those that are off have a place all the same."""
    fetched: str = page.evaluate("() => fetch('/').then(answer => answer.text())")
    marks = {
        "ps_imageslider": 'id="carousel"',
        "ps_featuredproducts": "featured-products",
        "ps_customtext": 'id="custom-text"',
        "ps_banner": 'class="banner"',
    }
    return {module for module, mark in marks.items() if mark in fetched}
