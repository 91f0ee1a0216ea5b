"""The lists of posts and pages, and the way from them to the editor.

Each function is one thing that a person does there. Whatever is looked for is found by id, name or
slug: the same screens speak French, English or both.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, Response

from checks.wordpress.reading.answers import Kind
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.office import LOADING, office
from provisioner.subject.check import Desk


@contextmanager
def answered(page: Page, action: str) -> Iterator[None]:
    """Wait until the office has answered what is done inside to this action of its lists."""

    def is_it(response: Response) -> bool:
        return "admin-ajax.php" in response.url and f"action={action}" in (response.request.post_data or "")

    with page.expect_response(is_it) as got:
        yield
    if not got.value.ok:
        raise RuntimeError(f"{action}: {got.value.status}")


def row_of(page: Page, slug: str) -> Locator:
    """The row of a post or page in the list that is open, on whichever page of it."""
    exactly = re.compile(f"^{re.escape(slug)}$")
    while True:
        row = page.locator("#the-list > tr").filter(has=page.locator(".post_name", has_text=exactly))
        if row.count():
            return row.first
        page.locator(".tablenav.top a.next-page").click(timeout=5_000)


def number(row: Locator) -> str:
    """The number of the post, page or comment of a row: "post-12" is 12."""
    return (row.get_attribute("id") or "").rpartition("-")[2]


def quick_edit(desk: Desk, kind: Kind, slug: str, change: Callable[[Locator], object], save: bool = True) -> None:
    """Open the quick edit of a row, change something in it, and save or cancel."""
    page = office(desk, f"edit.php?post_type={kind}")
    quick_edit_row(row_of(page, slug), change, save)


def quick_edit_row(row: Locator, change: Callable[[Locator], object], save: bool = True) -> None:
    """The same of a row of the list that is open."""
    page, post = row.page, number(row)
    row.hover()
    row.locator("button.editinline").click()
    form = page.locator(f"#edit-{post}")
    change(form)
    if not save:
        form.locator("button.cancel").click()
        return
    with answered(page, "inline-save"):
        form.locator("button.save").click()
    page.locator(f"#post-{post}").wait_for()


def bulk_edit(desk: Desk, kind: Kind, slugs: tuple[str, ...], change: Callable[[Locator], object]) -> None:
    """Tick rows, open their bulk edit, change something in it and apply."""
    page = office(desk, f"edit.php?post_type={kind}")
    for slug in slugs:
        page.locator(f"#cb-select-{number(row_of(page, slug))}").check()
    page.locator("#bulk-action-selector-top").select_option("edit")
    page.locator("#doaction").click()
    form = page.locator("#bulk-edit")
    change(form)
    form.locator("#bulk_edit").click()
    page.locator("#message.updated").wait_for()


def choose_author(form: Locator, login: str) -> None:
    """Choose a user by his login in the list of authors of a quick or bulk edit."""
    field = form.locator("select[name=post_author]")
    option = field.locator("option", has_text=re.compile(rf"\({re.escape(login)}\)\s*$"))
    field.select_option(option.get_attribute("value"))


def other_slug(desk: Desk, kind: Kind, slug: str) -> str:
    """The slug of a published neighbour in the list of posts or pages."""
    page = office(desk, f"edit.php?post_type={kind}&post_status=publish")
    return next(s for s in page.locator("#the-list > tr .post_name").all_text_contents() if s != slug)


def kind_of(desk: Desk, slug: str) -> Kind:
    """Whether this slug is a page's, by the list of pages, or else a post's."""
    page = office(desk, "edit.php?post_type=page")
    while slug not in page.locator("#the-list .post_name").all_text_contents():
        onward = page.locator(".tablenav.top a.next-page")
        if not onward.count():
            return "post"
        onward.click()
    return "page"


def edit(desk: Desk, kind: Kind, slug: str) -> Editor:
    """The editor of a post or page, found in its list."""
    return Editor.open(desk, int(number(row_of(office(desk, f"edit.php?post_type={kind}"), slug))))


def author_in_editor(desk: Desk, kind: Kind, slug: str, login: str = "", unlike: str = "", save: bool = True) -> None:
    """Choose the author in the editor's panel: this one, or any but that one and the present one."""
    editor = edit(desk, kind, slug)
    field = editor.author()
    field.locator("option").nth(1).wait_for(state="attached", timeout=LOADING)
    users: list[dict[str, Any]] = editor.page.evaluate(
        "() => wp.apiFetch({path: '/wp/v2/users?context=edit&per_page=100'})"
    )
    present = field.input_value()
    chosen = next(
        u["id"]
        for u in users
        if (u["username"] == login if login else u["username"] != unlike and str(u["id"]) != present)
    )
    field.select_option(str(chosen))
    if save:
        editor.save()


def type_into(desk: Desk, kind: Kind, slug: str, text: str) -> None:
    """Write a first paragraph below the title in the editor, and update."""
    editor = edit(desk, kind, slug)
    editor.canvas.locator(".editor-post-title").click()
    editor.page.keyboard.press("End")
    editor.add_paragraph(text)
    editor.save()
