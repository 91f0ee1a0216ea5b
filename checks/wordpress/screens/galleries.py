"""The block editor's pictures and galleries: chosen, linked, added, removed, placed."""

import re
from collections.abc import Mapping, Sequence

from playwright.sync_api import Locator

from checks.wordpress.screens.blocks import Piece, choose_several, markup
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.office import media_id
from provisioner.subject.check import Desk

_ADD = re.compile(r"^(Ajouter|Add)$")


def select_image(editor: Editor, media: str) -> Locator:
    """Click the picture of this medium; its block is then chosen."""
    return _select(editor, media_id(editor.page, media))


def remove_another(editor: Editor, media: Sequence[str]) -> None:
    """Take a picture out of the gallery of the content that is none of these media."""
    others = [media_id(editor.page, one) for one in media]
    _select(editor, next(number for number in _held(editor) if number not in others))
    editor.page.keyboard.press("Delete")


def _select(editor: Editor, number: int) -> Locator:
    block = editor.page.evaluate(
        """number => wp.data.select('core/block-editor').getClientIdsWithDescendants().find(id => {
            const block = wp.data.select('core/block-editor').getBlock(id);
            return block?.name === 'core/image' && block.attributes.id === number;
        })""",
        number,
    )
    if not block:
        raise LookupError(f"no picture block of the medium {number}")
    image = editor.canvas.locator(f"[data-block='{block}'] img").first
    image.click(force=True)  # on a picture that is chosen, WordPress 6.6 and later lays handles
    chosen = "id => wp.data.select('core/block-editor').getSelectedBlockClientId() === id"
    editor.page.wait_for_timeout(50)
    if not editor.page.evaluate(chosen, block):  # the first click may only choose the gallery around it
        image.click(force=True)
        editor.page.wait_for_function(chosen, arg=block)
    return image


def link_image(desk: Desk, editor: Editor, media: str, to: str) -> None:
    """The link of a picture: a path of the site or an address; none is the picture's own file."""
    select_image(editor, media)
    editor.page.locator(".block-editor-block-toolbar button.components-toolbar__control[aria-expanded]").click()
    popover = editor.page.locator(".block-editor-url-popover")
    if to:
        field = popover.locator("input[type=text]")
        field.fill(desk.address + to if to.startswith("/") else to)
        field.press("Enter")
    else:
        popover.locator("button[role=menuitem]").first.click()
    editor.page.wait_for_function(
        "() => Boolean(wp.data.select('core/block-editor').getSelectedBlock()?.attributes.href)"
    )
    editor.page.keyboard.press("Escape")


def change(editor: Editor, images: Sequence[str], removed: Sequence[str], columns: int) -> None:
    """Add pictures to the gallery of the content, take some out of it, set its columns."""
    for media in removed:
        select_image(editor, media)
        editor.page.keyboard.press("Delete")
    missing = [media for media in images if media_id(editor.page, media) not in _held(editor)]
    if missing:
        _select_gallery(editor)
        editor.page.locator(".block-editor-block-toolbar button").filter(has_text=_ADD).click()
        editor.page.locator(".block-editor-media-replace-flow__media-upload-menu button").first.click()
        choose_several(editor, missing)
    if columns:
        set_columns(editor, columns)


def set_columns(editor: Editor, columns: int) -> None:
    """The number of columns of the first gallery."""
    _select_gallery(editor)
    field = editor.settings("block").locator(".components-range-control input[type=number]").first
    field.fill(str(columns))
    field.press("Tab")


def _held(editor: Editor) -> list[int]:
    held: list[int] = editor.page.evaluate(
        """() => wp.data.select('core/block-editor').getClientIdsWithDescendants()
            .map(id => wp.data.select('core/block-editor').getBlock(id))
            .filter(block => block?.name === 'core/gallery')
            .flatMap(block => block.innerBlocks.map(image => image.attributes.id))"""
    )
    return held


def _select_gallery(editor: Editor) -> None:
    """Click a picture of the gallery, then the button of the block around it."""
    images = editor.canvas.locator(".wp-block-gallery .wp-block-image img")
    images.first.click(force=True)
    around = editor.page.locator(".block-editor-block-parent-selector button")
    name = "() => wp.data.select('core/block-editor').getSelectedBlock()?.name"
    editor.page.wait_for_timeout(50)
    if editor.page.evaluate(name) == "core/image":
        around.click()
    editor.page.wait_for_function(f"() => ({name})() === 'core/gallery'")


def change_code(
    desk: Desk,
    editor: Editor,
    existing: bool,
    images: Sequence[str],
    removed: Sequence[str],
    columns: int,
    linked: Mapping[str, str],
) -> None:
    """The same in the code editor."""
    page = editor.page
    numbers = {media: media_id(page, media) for media in (*images, *removed, *linked)}
    page.keyboard.press("Control+Shift+Alt+m")
    field = page.locator("textarea.editor-post-text-editor")
    html = field.input_value()
    if images and not existing:
        html = f"{markup(desk, page, Piece('gallery', media=tuple(images)))}\n\n{html}"
    for media in removed:
        html = re.sub(_image(numbers[media]), "", html, flags=re.DOTALL)
    if existing:
        for media in images:
            if f'"id":{numbers[media]}' not in html.partition("<!-- wp:gallery")[2].partition("<!-- /wp:gallery")[0]:
                piece = markup(desk, page, Piece("image", media=(media,)))
                html = html.replace("</figure>\n<!-- /wp:gallery -->", f"\n\n{piece}</figure>\n<!-- /wp:gallery -->", 1)
    if columns:
        html = re.sub(r"<!-- wp:gallery \{", f'<!-- wp:gallery {{"columns":{columns},', html, count=1)
        html = re.sub(r"columns-(default|\d)", f"columns-{columns}", html, count=1)
    for media, to in linked.items():
        target = desk.address + to if to.startswith("/") else to
        pattern = rf'(<img [^>]*wp-image-{numbers[media]}"[^>]*/>)'
        html = re.sub(pattern, lambda found, to=target: f'<a href="{to}">{found[1]}</a>', html, count=1)  # type: ignore[misc]
        comment = rf'(<!-- wp:image \{{"id":{numbers[media]},.*?)"linkDestination":"none"'
        html = re.sub(comment, r'\1"linkDestination":"custom"', html, count=1)
    field.fill(html)


def _image(number: int) -> str:
    return rf'<!-- wp:image \{{"id":{number},(?:(?!<!-- /wp:image).)*<!-- /wp:image -->\s*'
