"""The block editor's blocks, one by one: how a person puts each into a content, and how its HTML reads."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from playwright.sync_api import Locator, Page

from checks.wordpress.reading.answers import Kind
from checks.wordpress.screens import post_lists
from checks.wordpress.screens.content_changes import begin, slug_of
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.office import FROM_LIBRARY, LOADING, media_address, media_id
from provisioner.subject.check import Desk

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Piece:
    """A block as somebody means to put it; `kind` is the editor's own name for it."""

    kind: str
    text: str = ""
    link: str = ""
    media: tuple[str, ...] = ()
    rows: Rows = ()
    caption: str = ""
    align: str = ""
    size: str = ""
    width: int = 0
    level: int = 2
    #: How much of a banner's picture its black filter covers, in percent.
    dim: int = 50
    #: The colour of its text, where it isn't the theme's.
    colour: str = ""
    under: str = ""
    at: str = ""


def put(desk: Desk, content: str, pieces: Sequence[Piece], save: bool = True) -> None:
    """Put blocks at the top of the content of this slug or title, block by block, and update."""
    editor = open_content(desk, content)
    for piece in reversed(pieces):
        put_block(desk, editor, piece)
    if save:
        editor.save()


def put_code(desk: Desk, content: str, pieces: Sequence[Piece]) -> None:
    """The same in the code editor."""
    editor = open_content(desk, content)
    blocks = [(markup(desk, editor.page, piece), piece) for piece in pieces]
    editor.page.keyboard.press("Control+Shift+Alt+m")
    field = editor.page.locator("textarea.editor-post-text-editor")
    html = field.input_value()
    for block, piece in reversed(blocks):
        html = among(html, block, piece.under, piece.at)
    field.fill(html)
    editor.save()


def among(html: str, block: str, under: str = "", at: str = "") -> str:
    """The HTML of a content with a block more: at the top, after one of its headings, or ("fin") at the end."""
    if at == "fin":
        return f"{html}\n\n{block}"
    if not under:
        return f"{block}\n\n{html}"
    words = r"(?:\s|&nbsp;)+".join(map(re.escape, under.split()))
    heading = rf"(<h[1-6][^>]*>\s*{words}\s*</h[1-6]>\s*<!-- /wp:heading -->)"
    return re.sub(heading, lambda found: f"{found[1]}\n\n{block}", html, count=1)


def open_content(desk: Desk, content: str) -> Editor:
    """The editor of the post or page of this slug or title, found in its list."""
    kind, slug = found(desk, content)
    return post_lists.edit(desk, kind, slug)


def found(desk: Desk, content: str) -> tuple[Kind, str]:
    """Kind and slug of the content of this slug or title, as the office's lists show them."""
    kinds: tuple[Kind, ...] = ("page", "post")
    for kind in kinds:
        slug = slug_of(desk, kind, content)
        slugs = desk.page.locator("#the-list > tr .post_name").all_text_contents()
        if slug in slugs:
            return kind, slug
    raise LookupError(f"no published content called {content}")


def neighbour(desk: Desk, content: str) -> str:
    """The slug of another content of that kind."""
    kind, slug = found(desk, content)
    return post_lists.other_slug(desk, kind, slug)


# --- block by block ---------------------------------------------------------------------------


def put_block(desk: Desk, editor: Editor, piece: Piece) -> None:
    """One block at the top, or where it must be."""
    begin(editor, piece.under, piece.at)
    _PUT.get(piece.kind, _put_plain)(desk, editor, piece)


def selected(editor: Editor) -> Locator:
    """The block that is chosen."""
    return editor.canvas.locator(".block-editor-block-list__block.is-selected")


def _put_plain(desk: Desk, editor: Editor, piece: Piece) -> None:
    editor.insert(piece.kind)


def _put_text(desk: Desk, editor: Editor, piece: Piece) -> None:
    if piece.kind == "heading":
        editor.add_heading(piece.text, piece.level)
    else:
        editor.add_paragraph(piece.text, bold=piece.kind == "bold")
        if target := address(desk, editor.page, piece):
            editor.link(piece.text.split()[-1], target)


def _put_button(desk: Desk, editor: Editor, piece: Piece) -> None:
    editor.insert("buttons")
    editor.canvas.locator(".wp-block-button .block-editor-rich-text__editable").first.click()
    editor.page.keyboard.insert_text(piece.text)
    if target := address(desk, editor.page, piece):
        editor.page.keyboard.press("Control+k")
        field = editor.page.locator(".block-editor-link-control__search-input input")
        field.fill(target)
        if len(target) > 1:
            editor.page.locator(".block-editor-link-control__search-results [role=option]").first.wait_for()
        field.press("Enter")
        editor.page.wait_for_function(
            """target => wp.data.select('core/block-editor').getClientIdsWithDescendants()
                .some(id => wp.data.select('core/block-editor').getBlockAttributes(id)?.url === target)""",
            arg=target,
        )


def _put_cover(desk: Desk, editor: Editor, piece: Piece) -> None:
    editor.insert("cover")
    from_library(editor, piece.media[0])
    inner = editor.canvas.locator(".wp-block-cover__inner-container [data-type='core/paragraph']").first
    inner.click()
    editor.page.keyboard.insert_text(piece.text)
    if piece.dim != 50:
        editor.page.evaluate(_DIMMED, piece.dim)


# What the settings of a banner do: a filter, and how strong it is.
_DIMMED = """strength => {
    const {getBlocks} = wp.data.select('core/block-editor'), {updateBlockAttributes} = wp.data.dispatch('core/block-editor');
    const [cover] = getBlocks().filter(block => block.name === 'core/cover');
    updateBlockAttributes(cover.clientId, {dimRatio: strength, customOverlayColor: '#000000', isUserOverlayColor: true});
}"""


def _put_medium(desk: Desk, editor: Editor, piece: Piece) -> None:
    editor.insert(piece.kind)
    from_library(editor, piece.media[0])


def from_library(editor: Editor, medium: str) -> None:
    """Choose a file of the library in the placeholder of the block that was just inserted."""
    editor.page.wait_for_function("() => Boolean(wp.data.select('core/block-editor').getSelectedBlock())")
    selected(editor).locator(FROM_LIBRARY).first.click()
    editor.choose_media(medium)
    editor.page.wait_for_function(
        """number => wp.data.select('core/block-editor').getClientIdsWithDescendants().some(id => {
            const held = wp.data.select('core/block-editor').getBlockAttributes(id);
            return [held?.id, held?.mediaId].includes(number) && (held.url || held.src || held.href || held.mediaUrl);
        })""",
        arg=media_id(editor.page, medium),
        timeout=LOADING,
    )


def _put_gallery(desk: Desk, editor: Editor, piece: Piece) -> None:
    editor.insert("gallery")
    selected(editor).locator(FROM_LIBRARY).first.click()
    choose_several(editor, piece.media)
    editor.canvas.locator(".wp-block-gallery img").first.wait_for()


def choose_several(editor: Editor, media: Sequence[str]) -> None:
    """Choose pictures in the window of the gallery, which is open, and put them in."""
    modal = editor.page.locator(".media-modal:visible")
    modal.locator("#menu-item-browse").click()
    for medium in media:
        modal.locator(f".attachments .attachment[data-id='{media_id(editor.page, medium)}']").click()
    modal.locator(".media-button-gallery, .media-button-insert").first.click()
    modal.locator("#menu-item-gallery-edit.active").wait_for()
    modal.locator(".media-button-insert").click()
    modal.wait_for(state="hidden")


def _put_table(desk: Desk, editor: Editor, piece: Piece) -> None:
    editor.insert("table")
    form = selected(editor).locator(".blocks-table__placeholder-form")
    form.locator("input").nth(0).fill(str(max(map(len, piece.rows))))
    form.locator("input").nth(1).fill(str(len(piece.rows)))
    form.locator("button[type=submit]").click()
    table = editor.canvas.locator(".wp-block-table").first
    for row, cells in enumerate(piece.rows):
        for column, text in enumerate(cells):
            table.locator("tr").nth(row).locator("td [contenteditable=true], td[contenteditable=true]").nth(
                column
            ).click()
            editor.page.keyboard.insert_text(text)


def _put_feed(desk: Desk, editor: Editor, piece: Piece) -> None:
    editor.insert("rss")
    form = selected(editor).locator("form[class*=rss__placeholder-form]")
    form.locator("input").fill(address(desk, editor.page, piece))
    form.locator("button[type=submit]").click()
    form.wait_for(state="hidden")


_PUT: dict[str, Callable[[Desk, Editor, Piece], None]] = {
    "heading": _put_text,
    "paragraph": _put_text,
    "bold": _put_text,
    "buttons": _put_button,
    "cover": _put_cover,
    "image": _put_medium,
    "audio": _put_medium,
    "video": _put_medium,
    "file": _put_medium,
    "media-text": _put_medium,
    "gallery": _put_gallery,
    "table": _put_table,
    "rss": _put_feed,
}


def address(desk: Desk, page: Page, piece: Piece) -> str:
    """Where a block leads: a path of the site, an address elsewhere, or a file of the library."""
    if piece.link:
        return desk.address + piece.link if piece.link.startswith("/") else piece.link
    return media_address(page, piece.media[0]) if piece.media and piece.kind in ("buttons", "paragraph") else ""


# --- its HTML ---------------------------------------------------------------------------------


def markup(desk: Desk, page: Page, piece: Piece) -> str:
    """A block as the code editor shows it. Needs a screen of the editor."""
    if piece.kind in ("cover", "gallery", "image", "audio", "video", "file"):
        return _media_markup(page, piece)
    text, target = escape(piece.text, quote=False), address(desk, page, piece)
    link = f' href="{target}"' if target else ""
    if piece.kind == "heading":
        return f'<!-- wp:heading {{"level":{piece.level}}} -->\n<h{piece.level} class="wp-block-heading">{text}</h{piece.level}>\n<!-- /wp:heading -->'
    if piece.kind == "buttons":
        inner = f'<a class="wp-block-button__link wp-element-button"{link}>{text}</a>'
        inner = f'<!-- wp:button -->\n<div class="wp-block-button">{inner}</div>\n<!-- /wp:button -->'
        return f'<!-- wp:buttons -->\n<div class="wp-block-buttons">{inner}</div>\n<!-- /wp:buttons -->'
    if piece.kind == "table":
        rows = "".join(f"<tr>{''.join(f'<td>{escape(c, quote=False)}</td>' for c in row)}</tr>" for row in piece.rows)
        return f'<!-- wp:table -->\n<figure class="wp-block-table"><table><tbody>{rows}</tbody></table></figure>\n<!-- /wp:table -->'
    if piece.kind == "rss":
        return f'<!-- wp:rss {{"feedURL":"{target}"}} /-->'
    if piece.kind == "paragraph":
        if piece.colour:
            colours = f'{{"style":{{"color":{{"text":"{piece.colour}"}}}}}}'
            return f'<!-- wp:paragraph {colours} -->\n<p class="has-text-color" style="color:{piece.colour}">{text}</p>\n<!-- /wp:paragraph -->'
        return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"
    return f"<!-- wp:{piece.kind} /-->"


def _media_markup(page: Page, piece: Piece) -> str:
    """The same of a block that shows a file of the library."""
    text = escape(piece.text, quote=False)
    url = media_address(page, piece.media[0]) if piece.media else ""
    if piece.kind == "cover":
        number = media_id(page, piece.media[0])
        return (
            f'<!-- wp:cover {{"url":"{url}","id":{number},"dimRatio":50}} -->\n<div class="wp-block-cover">'
            '<span aria-hidden="true" class="wp-block-cover__background has-background-dim"></span>'
            f'<img class="wp-block-cover__image-background wp-image-{number}" alt="" src="{url}" data-object-fit="cover"/>'
            '<div class="wp-block-cover__inner-container"><!-- wp:paragraph -->\n'
            f"<p>{text}</p>\n<!-- /wp:paragraph --></div></div>\n<!-- /wp:cover -->"
        )
    if piece.kind == "gallery":
        return f'<!-- wp:gallery {{"linkTo":"none"}} -->\n<figure class="wp-block-gallery has-nested-images columns-default is-cropped">{_images(page, piece)}</figure>\n<!-- /wp:gallery -->'
    if piece.kind == "image":
        return _images(page, piece)
    if piece.kind in ("audio", "video"):
        number = media_id(page, piece.media[0])
        return f'<!-- wp:{piece.kind} {{"id":{number}}} -->\n<figure class="wp-block-{piece.kind}"><{piece.kind} controls src="{url}"></{piece.kind}></figure>\n<!-- /wp:{piece.kind} -->'
    number = media_id(page, piece.media[0])
    return f'<!-- wp:file {{"id":{number},"href":"{url}"}} -->\n<div class="wp-block-file"><a href="{url}">{text or piece.media[0]}</a></div>\n<!-- /wp:file -->'


def _images(page: Page, piece: Piece) -> str:
    html = []
    for medium in piece.media:
        number, url = media_id(page, medium), media_address(page, medium)
        html.append(
            f'<!-- wp:image {{"id":{number},"sizeSlug":"full","linkDestination":"none"}} -->\n'
            f'<figure class="wp-block-image size-full"><img src="{url}" alt="" class="wp-image-{number}"/></figure>\n<!-- /wp:image -->'
        )
    return "\n\n".join(html)
