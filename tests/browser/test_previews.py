"""A candidate sees a draft of his as a visitor would, through the room's door and nothing else."""

import pytest
from playwright.sync_api import Page

from checks.prestashop.screens.product import new_product
from checks.wordpress.screens.editor import Editor
from provisioner.core.model import Golden
from provisioner.examination.browser import candidate_browser, new_context
from provisioner.examination.site import CandidateDesk
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up
from provisioner.subject.check import Desk

TITLE = "Un brouillon à relire"


def page_in_wordpress(desk: Desk) -> Page:
    """The new tab in which the editor shows a page that was never published."""
    editor = Editor.new(desk, "page")
    editor.write_title(TITLE)
    editor.add_paragraph("Un texte.")
    editor.page.locator(".block-editor-post-preview__button-toggle").click()
    with editor.page.context.expect_page() as opened:
        editor.page.locator(".edit-post-header-preview__button-external").click()
    return opened.value


def product_in_prestashop(desk: Desk) -> Page:
    """The same of a product that is not online."""
    product = new_product(desk, TITLE)
    product.save()
    with product.page.context.expect_page() as opened:
        product.page.locator("#product_form_preview_btn").click()
    return opened.value


def test_a_draft_is_previewed(centre: Centre, golden: Golden, browser: None) -> None:
    wordpress = golden.stack.startswith("wordpress")
    (station,) = up(centre, 1, ["wordpress-a" if wordpress else "prestashop-a"], golden)
    mine = centre.state.credentials(station.container)
    assert mine is not None
    with candidate_browser(centre.room.port_of(station.place), centre.room.local_address) as chromium:
        desk = CandidateDesk(new_context(chromium, centre.settings), station, mine, ())
        preview = page_in_wordpress(desk) if wordpress else product_in_prestashop(desk)
        preview.get_by_role("heading", name=TITLE).first.wait_for(timeout=30_000)
        assert preview.url.startswith(station.address)
        desk.leave()


@pytest.fixture
def browser() -> None:
    """What the candidate works with."""
