"""The screens on which a content that exists is changed, pinned or deleted: its editor and its list."""

import re
from collections.abc import Callable, Sequence

from playwright.sync_api import Locator

from checks.wordpress.reading.answers import Kind
from checks.wordpress.screens import post_lists
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.office import move_to_trash, office
from provisioner.french.text import same
from provisioner.subject.check import Desk, now_of

#: Takes texts out of a content that is open in its editor, and puts others in.
Change = Callable[[Editor, Sequence[str], Sequence[str]], None]


def slug_of(desk: Desk, kind: Kind, name: str) -> str:
    """The slug of the published content of this slug or title, in the office's list."""
    page = office(desk, f"edit.php?post_type={kind}&post_status=publish")
    while True:
        rows: list[list[str]] = page.locator("#the-list > tr").evaluate_all(
            "rows => rows.map(r => [r.querySelector('.post_name').textContent, r.querySelector('.post_title').textContent])"
        )
        if found := next((slug for slug, title in rows if slug == name or same(name, title)), ""):
            return found
        following = page.locator(".tablenav.top a.next-page")
        if not following.count():
            return name
        page.goto(following.evaluate("a => a.href"))


# --- the editor -------------------------------------------------------------------------------


def begin(editor: Editor, under: str = "", at: str = "") -> None:
    """Put the cursor after the title: what is added comes first in the content.

    Or after one of its headings, or ("fin") below all that is there.
    """
    if at == "fin":
        editor.page.evaluate("() => wp.data.dispatch('core/block-editor').insertDefaultBlock()")
        editor.canvas.locator("[data-type='core/paragraph']").last.click()
        return
    heading = editor.canvas.locator(":is(h1, h2, h3, h4, h5, h6).block-editor-rich-text__editable")
    (heading.filter(has_text=_spaced(under)) if under else editor.canvas.locator(".editor-post-title")).first.click()
    editor.page.keyboard.press("End")


def change_blocks(editor: Editor, old: Sequence[str], new: Sequence[str]) -> None:
    """Write the new texts over the old ones, each in its own block; where there are none, at the top."""
    left = list(new)
    for text in old:
        pattern = _spaced(text)
        block = editor.canvas.locator(".block-editor-rich-text__editable").filter(has_text=pattern).last
        whole = block.inner_text()
        block.click()
        editor.page.keyboard.press("Control+a")
        editor.page.keyboard.insert_text(pattern.sub(left.pop(0) if left else "", whole))
    if left:
        begin(editor)
        editor.add_paragraph(f"À savoir : {' ; '.join(left)}.")


def change_code(editor: Editor, old: Sequence[str], new: Sequence[str]) -> None:
    """The same in the code editor."""
    if not (old or new):
        return
    editor.page.keyboard.press("Control+Shift+Alt+m")
    field = editor.page.locator("textarea.editor-post-text-editor")
    html, left = field.input_value(), list(new)
    for text in old:
        html = _spaced(text).sub(left.pop(0) if left else "", html)
    for text in left:
        html = f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->\n\n{html}"
    field.fill(html)


def _spaced(text: str) -> re.Pattern[str]:
    """The text with any white space between its words, as a page or as HTML writes it."""
    return re.compile(r"(?:\s|&nbsp;)+".join(map(re.escape, text.split())), re.IGNORECASE)


def pin(editor: Editor) -> None:
    """Tick "stick to the top of the blog"."""
    editor.stick()


def trash_in_editor(editor: Editor) -> None:
    """The editor's own button for it, or the last of its actions (WordPress 6.6), which asks before it does."""
    column = editor.settings()
    button, actions = column.locator(".editor-post-trash"), column.locator(".editor-all-actions-button")
    button.or_(actions).first.wait_for()
    if not button.count():
        actions.click()
        editor.page.locator("[role=menuitem]:visible").last.click()
        editor.page.locator(".components-modal__frame .components-button.is-primary").click()
        editor.page.wait_for_url("**/edit.php?**")
        return
    button.click()
    confirm = editor.page.locator(".components-confirm-dialog .components-button.is-primary")
    if confirm.or_(editor.page.locator("body.edit-php")).first.evaluate("one => one.matches('button')"):
        confirm.click()
    editor.page.wait_for_url("**/edit.php?**")


# --- the list ---------------------------------------------------------------------------------


def publish_in_list(desk: Desk, kind: Kind, number: int) -> None:
    """The status "published" in the quick edit of a draft, which has no slug yet."""
    page = office(desk, f"edit.php?post_type={kind}&post_status=draft")
    post_lists.quick_edit_row(
        page.locator(f"#post-{number}"), lambda form: form.locator("select[name=_status]").select_option("publish")
    )


def trash_in_list(desk: Desk, kind: Kind, slug: str) -> None:
    """The "trash" link of a row."""
    page = office(desk, f"edit.php?post_type={kind}")
    move_to_trash(desk, kind, int(post_lists.number(post_lists.row_of(page, slug))))


def trash_in_bulk(desk: Desk, kind: Kind, slug: str) -> None:
    """Tick the row, and the "trash" of the bulk actions."""
    page = office(desk, f"edit.php?post_type={kind}")
    page.locator(f"#cb-select-{post_lists.number(post_lists.row_of(page, slug))}").check()
    page.locator("#bulk-action-selector-top").select_option("trash")
    page.locator("#doaction").click()
    page.locator("#message.updated").wait_for()


def empty_bin(desk: Desk, kind: Kind) -> None:
    """The button that empties the bin."""
    page = office(desk, f"edit.php?post_type={kind}&post_status=trash")
    page.locator("#delete_all").first.click()
    page.locator("#message.updated").wait_for()


def restore(desk: Desk, kind: Kind) -> None:
    """Take what is in the bin out of it, and publish it again."""
    page = office(desk, f"edit.php?post_type={kind}&post_status=trash")
    row = page.locator("#the-list > tr").first
    post = post_lists.number(row)
    row.hover()
    row.locator(".row-actions .untrash a").click()
    page.locator("#message.updated").wait_for()
    Editor.open(desk, int(post)).publish()


def to_draft(form: Locator) -> None:
    """The status "draft" in a quick edit."""
    form.locator("select[name=_status]").select_option("draft")


def to_private(form: Locator) -> None:
    """The box "private" in a quick edit."""
    form.locator("input[name=keep_private]").check()


def to_protected(form: Locator) -> None:
    """A password in a quick edit."""
    form.locator("input[name=post_password]").fill("secret")


def pin_in_list(form: Locator) -> None:
    """The box of the pinned in a quick edit."""
    form.locator("input[name=sticky]").check()


def pin_in_bulk(form: Locator) -> None:
    """The choice of the pinned in a bulk edit."""
    form.locator("select[name=sticky]").select_option("sticky")


def say_pinned(form: Locator) -> None:
    """A title that says it."""
    field = form.locator("input[name=post_title]")
    field.fill(f"Épinglé : {field.input_value()}")


def date_later(form: Locator) -> None:
    """The date of a day that is far off, in a quick edit."""
    form.locator("input[name=aa]").fill(str(now_of(form.page).year + 5))


def date_today(form: Locator) -> None:
    """The date of today in a quick edit."""
    now = now_of(form.page)
    form.locator("select[name=mm]").select_option(f"{now:%m}")
    for name, value in {"jj": f"{now:%d}", "aa": f"{now:%Y}", "hh": "00", "mn": "01"}.items():
        form.locator(f"input[name={name}]").fill(value)
