"""The screens of the categories: their list with its form, and the editor of one."""

from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import Locator, Page

from checks.wordpress.screens.office import office
from checks.wordpress.screens.post_lists import answered
from provisioner.french.text import same
from provisioner.subject.check import Desk

_LIST = "edit-tags.php?taxonomy=category"


@dataclass(frozen=True)
class CategoryDraft:
    """A category as somebody means to make it; what is empty is left alone. `parent` is a name."""

    name: str = ""
    description: str = ""
    parent: str = ""


def create(desk: Desk, draft: CategoryDraft, taxonomy: str = "category") -> None:
    """The form beside the list (that of the tags is the same)."""
    page = office(desk, f"edit-tags.php?taxonomy={taxonomy}")
    page.locator("#tag-name").fill(draft.name)
    if draft.description:
        page.locator("#tag-description").fill(draft.description)
    if draft.parent:
        _choose_parent(page, draft.parent)
    with answered(page, "add-tag"):
        page.locator("#submit").click()


def edit(desk: Desk, slug: str, draft: CategoryDraft, save: bool = True) -> None:
    """The editor of a category."""
    page = open_editor(desk, slug)
    for field, value in (("#name", draft.name), ("#description", draft.description)):
        if value:
            page.locator(field).fill(value)
    if draft.parent:
        _choose_parent(page, draft.parent)
    if save:
        page.locator("form#edittag input[type=submit]").first.click()
        page.locator("#message.updated, #message.notice-success").wait_for()


def quick_rename(desk: Desk, slug: str, name: str) -> None:
    """The quick edit of a row, which holds the name."""
    page = office(desk, _LIST)
    row = row_of(page, slug)
    number = (row.get_attribute("id") or "").rpartition("-")[2]
    row.hover()
    row.locator("button.editinline").click()
    form = page.locator(f"#edit-{number}")
    form.locator("input[name=name]").fill(name)
    with answered(page, "inline-save-tax"):
        form.locator("button.save").click()
    page.locator(f"#tag-{number}").wait_for()


def delete(desk: Desk, slug: str) -> None:
    """The "delete" link of a row, which asks before it does."""
    page = office(desk, _LIST)
    row = row_of(page, slug)
    row.hover()
    with answered(page, "delete-tag"):
        row.locator(".row-actions .delete a").click()


def delete_in_bulk(desk: Desk, slug: str) -> None:
    """Tick the row, and the "delete" of the bulk actions."""
    page = office(desk, _LIST)
    row_of(page, slug).locator("input[type=checkbox]").check()
    page.locator("#bulk-action-selector-top").select_option("delete")
    page.locator("#doaction").click()
    page.locator("#message").wait_for()


def delete_in_editor(desk: Desk, slug: str) -> None:
    """The "delete" link in the editor of a category."""
    page = open_editor(desk, slug)
    page.locator("#delete-link a").click()
    page.wait_for_url("**/edit-tags.php?**")


def open_editor(desk: Desk, slug: str) -> Page:
    """The editor of a category, from its row."""
    page = office(desk, _LIST)
    link = row_of(page, slug).locator("a.row-title").get_attribute("href") or ""
    page.goto(link)
    page.locator("form#edittag").wait_for()
    return page


def row_of(page: Page, slug: str) -> Locator:
    """The row of a category, by its slug as the list shows it."""
    for row in page.locator("#the-list > tr").all():
        if row.locator("[id^=inline_] .slug").text_content() == slug:
            return row
    raise LookupError(f"no category of the slug {slug} in {page.url}")


def others(desk: Desk, name: str, slug: str = "") -> list[tuple[str, str]]:
    """Slug and name of the other categories."""
    page = office(desk, f"{_LIST}&s={quote('')}")
    rows: list[tuple[str, str]] = [
        (
            row.locator("[id^=inline_] .slug").text_content() or "",
            row.locator("[id^=inline_] .name").text_content() or "",
        )
        for row in page.locator("#the-list > tr").all()
    ]
    return [one for one in rows if one[0] != slug and not same(name, one[1])]


def deletable(desk: Desk, slug: str) -> str:
    """The slug of another category that may be deleted: the default one has no box to tick."""
    page = office(desk, _LIST)
    rows = [r for r in page.locator("#the-list > tr").all() if r.locator("input[type=checkbox]").count()]
    return next(s for r in rows if (s := r.locator("[id^=inline_] .slug").text_content() or "") != slug)


def _choose_parent(page: Page, parent: str) -> None:
    """The list of parents; names of children are pushed in with spaces."""
    field = page.locator("select#parent")
    texts = field.locator("option").all_text_contents()
    field.select_option(index=next(i for i, text in enumerate(texts) if same(parent, text.strip())))


def slug_of(desk: Desk, category: str) -> str:
    """The slug of the category of this slug or name."""
    named = (slug for slug, name in others(desk, "") if slug == category or same(category, name))
    return next(named, category)
