"""The screens of the media library: files brought in, described and deleted."""

import mimetypes
from pathlib import Path, PurePath
from typing import Any, Literal
from urllib.parse import unquote

from playwright.sync_api import FilePayload, Locator, Page, Response

from checks.wordpress.screens.blocks import selected
from checks.wordpress.screens.content_changes import begin
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.office import LOADING, media_id, office
from provisioner.subject.check import Desk

Detail = Literal["alt", "title", "caption", "description"]
#: The fields of a file's own screen, and those of the library's window.
_FIELDS: dict[Detail, tuple[str, str]] = {
    "alt": ("#attachment_alt", "textarea, input"),
    "title": ("#title", "input, textarea"),
    "caption": ("#attachment_caption", "textarea"),
    "description": ("#attachment_content", "textarea"),
}


def add(desk: Desk, file: Path | FilePayload) -> None:
    """The screen that adds files."""
    page = office(desk, "media-new.php")
    page.locator(".moxie-shim input[type=file]").first.set_input_files(file)
    page.locator("#media-items .media-item a.edit-attachment").first.wait_for(timeout=LOADING)


def add_in_grid(desk: Desk, file: str) -> None:
    """The "add" of the library that shows pictures side by side."""
    page = office(desk, "upload.php?mode=grid")
    tiles = page.locator(".attachments .attachment.save-ready")
    tiles.first.wait_for()
    before = tiles.count()
    page.locator(".page-title-action").first.click()
    page.locator(".moxie-shim input[type=file]").first.set_input_files(desk.file(file))
    page.wait_for_function(
        "n => document.querySelectorAll('.attachments .attachment.save-ready:not(.uploading)').length > n",
        arg=before,
        timeout=LOADING,
    )


def add_in_editor(desk: Desk, file: str) -> None:
    """The "upload" of a block of an article, which is not kept: its file is."""
    editor = Editor.new(desk)
    begin(editor)
    editor.insert(block_for(file))
    selected(editor).locator("input[type=file]").set_input_files(desk.file(file))
    editor.page.wait_for_function(
        "() => Boolean(wp.data.select('core/block-editor').getSelectedBlock()?.attributes.id)", timeout=LOADING
    )


def block_for(file: str) -> str:
    """The editor's block for a file of that kind: that of pictures takes nothing else."""
    kind = (mimetypes.guess_type(file, strict=False)[0] or "").partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "file"


def delete(desk: Desk, file: str) -> None:
    """Delete the file of this name for good, if the library has it."""
    page = office(desk, f"upload.php?mode=list&s={PurePath(file).stem}")
    rows = page.locator("#the-list > tr:not(.no-items)")
    for row in rows.all():
        if (row.locator(".filename").text_content() or "").lower().split()[-1:] == [file.lower()]:
            _delete(page, row)
            return


def delete_newest(desk: Desk) -> None:
    """Delete for good the file that was brought in last."""
    page = office(desk, "upload.php?mode=list")
    _delete(page, page.locator("#the-list > tr").first)


def _delete(page: Page, row: Locator) -> None:
    row.hover()
    row.locator(".row-actions .delete a").click()
    page.locator("#message.updated").wait_for()


def other_of_kind(page: Page, media: str) -> str:
    """The slug of another file of the same kind (picture, sound…). Needs a screen of the editor."""
    number = media_id(page, media)
    files: list[dict[str, Any]] = page.evaluate("() => wp.apiFetch({path: '/wp/v2/media?per_page=100'})")
    kind = next(f["mime_type"] for f in files if f["id"] == number).partition("/")[0]
    return str(next(f["slug"] for f in files if f["id"] != number and f["mime_type"].startswith(kind)))


def describe(desk: Desk, media: str, details: dict[Detail, str], save: bool = True) -> None:
    """A file's own screen, found by its number in the list."""
    page = office(desk, f"post.php?post={number_of(desk, media)}&action=edit")
    for detail, text in details.items():
        page.locator(_FIELDS[detail][0]).fill(text)
    if save:
        page.locator("#publish").click()
        page.locator("#message.updated").wait_for()


def describe_in_grid(desk: Desk, media: str, details: dict[Detail, str]) -> None:
    """The window that a picture of the library opens; what is typed is kept when one leaves the field."""
    page = office(desk, f"upload.php?item={number_of(desk, media)}")
    window = page.locator(".attachment-details")
    window.wait_for()
    for detail, text in details.items():
        field = window.locator(f"[data-setting='{detail}']").locator(_FIELDS[detail][1]).first
        field.fill(text)
        with page.expect_response(lambda answer, name=detail: _keeps(answer, name)):  # type: ignore[misc]
            field.press("Tab")
        page.locator(".attachment-details.save-complete").wait_for()


def _keeps(answer: Response, detail: Detail) -> bool:
    """Whether that is the office's answer to a changed text of a medium."""
    asked = unquote(answer.request.post_data or "") if "admin-ajax.php" in answer.url else ""
    return "action=save-attachment" in asked and f"changes[{detail}]" in asked


def number_of(desk: Desk, media: str) -> int:
    """The number of a file of the library, by its slug or the name of its file."""
    return media_id(editor_page(desk), media)


def editor_page(desk: Desk) -> Page:
    """A screen of the editor, which can ask the library."""
    return office(desk, "post-new.php")
