"""The back office and the window of the media library.

One verb per function. Things are found by id, class or name, since the trial edition speaks English and French at once.
"""

from typing import Any

from playwright.sync_api import Page

from checks.wordpress.reading.answers import Kind, expect_healthy
from provisioner.core.errors import StationNotReady
from provisioner.subject.check import Desk

#: How long a whole screen may take to come, in milliseconds.
LOADING = 30_000
#: What opens the library in the place of a file that is still to be chosen; the button is a tertiary one in WordPress 6.4.
FROM_LIBRARY = ".components-placeholder__fieldset > button:is(.is-tertiary, .is-secondary)"


def office(desk: Desk, path: str) -> Page:
    """A screen of the back office, signed in; fails at once when it isn't one."""
    page = desk.sign_in()
    page.goto(f"{desk.address}/wp-admin/{path}")
    expect_healthy(page)
    return page


def move_to_trash(desk: Desk, kind: Kind, number: int) -> None:
    """The "trash" link of a row in the list of posts or pages."""
    page = office(desk, f"edit.php?post_type={kind}")
    row = page.locator(f"#post-{number}")
    row.hover()
    row.locator(".row-actions .submitdelete").click()
    row.wait_for(state="detached")


def media_id(page: Page, media: str) -> int:
    """The number of a file of the library, by its slug or the name of its file."""
    return int(_library(page, media)[0]["id"])


def choose_media(page: Page, media: str) -> None:
    """Choose a file in the window of the library, which is open."""
    number = media_id(page, media)
    modal = page.locator(".media-modal:visible")
    modal.locator("#menu-item-browse").click()
    modal.locator(f".attachments .attachment[data-id='{number}']").click()
    modal.locator(".media-button-select").click()
    modal.wait_for(state="hidden", timeout=LOADING)


def media_address(page: Page, media: str, size: str = "") -> str:
    """The address of a file of the library, as its sheet shows it, or of the file that WordPress made of it in a size."""
    file = _library(page, media)[0]
    return str((file["media_details"]["sizes"][size] if size else file)["source_url"])


def other_image(page: Page, media: str) -> str:
    """The slug of another picture of the library."""
    return str(_library(page, media, others=True)[0]["slug"])


def _library(page: Page, media: str, others: bool = False) -> list[dict[str, Any]]:
    """The files that are this one, or the pictures that aren't. Needs a screen of the editor."""
    files: list[dict[str, Any]] = page.evaluate("() => wp.apiFetch({path: '/wp/v2/media?per_page=100'})")

    def is_it(file: dict[str, Any]) -> bool:
        return media in (file["slug"], file["source_url"].rpartition("/")[2].rpartition(".")[0])

    found = [f for f in files if is_it(f) != others and (not others or f["media_type"] == "image")]
    if not found:
        raise StationNotReady(f"Le média « {media} » n’est pas dans la médiathèque du poste.")
    return found
