"""The block editor's pictures: how large they are, and where they stand."""

import re

from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.galleries import select_image
from checks.wordpress.screens.office import media_address, media_id

_MENUS = ".block-editor-block-toolbar button[aria-haspopup=true]:visible"
_ALIGN = re.compile("align", re.IGNORECASE)


def adjust(editor: Editor, media: str, width: int, size: str, align: str) -> None:
    """The width and the size among the picture's settings, its place by the button of its toolbar."""
    select_image(editor, media)
    column = editor.settings("block")
    field = column.locator(".block-editor-image-size-control, .components-tools-panel").locator(
        "input[type=number], input.components-unit-control__input, input.components-input-control__input"
    )
    if size:
        column.locator("select").filter(has=editor.page.locator("option[value=medium]")).first.select_option(size)
    # A size leaves the width that the picture has, so it is emptied; a picture in wide or full width has no such field.
    if width or (size and field.count()):
        field.first.fill(str(width or ""))
        field.first.press("Tab")
    if align:
        place(editor, align)


def place(editor: Editor, align: str) -> None:
    """The menu of the toolbar that places the chosen picture; the names of its entries depend on the language."""
    editor.page.locator(_MENUS).and_(editor.page.get_by_label(_ALIGN)).first.click()
    menu = editor.page.locator(".components-dropdown-menu__menu:visible")
    menu.locator("button[role^=menuitem]").filter(has_text=_align_names(align)).click()


def _align_names(align: str) -> re.Pattern[str]:
    return {
        "left": re.compile("gauche|left", re.IGNORECASE),
        "center": re.compile("centr|center", re.IGNORECASE),
        "right": re.compile("droite|right", re.IGNORECASE),
        "wide": re.compile("grande largeur|wide width", re.IGNORECASE),
        "full": re.compile("pleine|full", re.IGNORECASE),
    }[align]


def adjust_code(editor: Editor, media: str, width: int, size: str, align: str) -> None:
    """The same in the code editor: the picture's block is written anew, without the width that it had."""
    number = media_id(editor.page, media)
    sized = media_address(editor.page, media, size) if size else ""
    editor.page.keyboard.press("Control+Shift+Alt+m")
    field = editor.page.locator("textarea.editor-post-text-editor")
    html = field.input_value()
    block = re.search(rf'<!-- wp:image \{{"id":{number},.*?<!-- /wp:image -->', html, re.DOTALL)
    if block is None:
        raise LookupError(f"no picture block of {media}")
    source = re.search(r'src="([^"]+)"', block[0])
    assert source, block[0]
    slug = size or "full"
    attributes = f'"id":{number}' + (f',"width":"{width}px"' if width else "") + f',"sizeSlug":"{slug}"'
    attributes += ',"linkDestination":"none"' + (f',"align":"{align}"' if align else "")
    names = f"wp-block-image{f' align{align}' if align else ''} size-{slug}{' is-resized' if width else ''}"
    style = f' style="width:{width}px"' if width else ""
    image = f'<img src="{sized or source[1]}" alt="" class="wp-image-{number}"{style}/>'
    field.fill(
        html.replace(
            block[0],
            f'<!-- wp:image {{{attributes}}} -->\n<figure class="{names}">{image}</figure>\n<!-- /wp:image -->',
        )
    )


def placed_in_html(html: str, media: str, align: str) -> str:
    """A content's HTML with the picture's block inside something that places it, the picture's own place left alone."""
    block = next(one for one in re.findall(r"<!-- wp:image .*?<!-- /wp:image -->", html, re.DOTALL) if media in one)
    if align in ("wide", "full"):
        whole = re.sub(r"style=\"width:\d+px\"", 'style="width:100%"', block)
        around = (
            f'<!-- wp:group {{"align":"{align}"}} -->\n<div class="wp-block-group align{align}">{whole}</div>\n'
            "<!-- /wp:group -->"
        )
    else:
        margins = {"left": "float:left", "right": "float:right"}.get(align, "width:fit-content;margin:0 auto")
        around = f'<!-- wp:html -->\n<div style="{margins}">{block}</div>\n<!-- /wp:html -->'
    return html.replace(block, around, 1)


def align_text(editor: Editor, align: str) -> None:
    """Align the text of the first paragraph: in the middle, where no text can stand so."""
    editor.canvas.locator("p.block-editor-rich-text__editable").first.click()
    place(editor, align if align in ("left", "right") else "center")
