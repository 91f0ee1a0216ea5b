"""The screens of comments: their list, the editor of one, and the form under the article."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from playwright.sync_api import Locator, Page

from checks.wordpress.screens.office import office
from checks.wordpress.screens.post_lists import answered
from provisioner.french.text import same
from provisioner.subject.check import Desk


@dataclass(frozen=True)
class CommentRow:
    """A row of the comments screen: who wrote it and on which post."""

    id: str
    author: str
    post: str

    def on(self, page: Page) -> Locator:
        """The row itself, with its actions shown."""
        row = page.locator(f"#comment-{self.id}")
        row.hover()
        return row


def comment_rows(desk: Desk, search: str = "") -> list[CommentRow]:
    """The rows that the comments screen shows first: those waiting and those approved, newest first."""
    page = office(desk, f"edit-comments.php?comment_status=all&s={quote(search)}")
    rows: list[dict[str, str]] = page.locator("#the-comment-list > tr").evaluate_all(
        """rows => rows.map(row => ({
            id: row.id.replace('comment-', ''),
            author: row.querySelector('.column-author strong')?.textContent.trim() ?? '',
            post: row.querySelector('.column-response a.comments-view-item-link')?.href ?? '',
        }))"""
    )
    return [CommentRow(row["id"], row["author"], _slug(row["post"])) for row in rows]


def comment_row(desk: Desk, author: str, post: str) -> CommentRow:
    """The comment of this author on this post, found by the search of the comments screen."""
    for row in comment_rows(desk, max(re.findall(r"\w+", author), key=len)):
        if same(row.author, author) and row.post == post:
            return row
    raise LookupError(f"no comment of {author} on {post} in the comments screen")


def neighbour_row(desk: Desk, author: str, post: str) -> CommentRow:
    """Somebody else's comment, on the same post if there is one."""
    others = [row for row in comment_rows(desk) if not same(row.author, author)]
    return sorted(others, key=lambda row: row.post != post)[0]


def newest_row(desk: Desk, post: str) -> CommentRow:
    """The newest comment on this post."""
    return next(row for row in comment_rows(desk) if row.post == post)


def waiting_rows(desk: Desk) -> list[CommentRow]:
    """The rows of the comments that wait for moderation."""
    page = office(desk, "edit-comments.php?comment_status=moderated")
    waiting = page.locator("#the-comment-list > tr.unapproved").evaluate_all("rows => rows.map(row => row.id)")
    return [row for row in comment_rows(desk) if f"comment-{row.id}" in waiting]


def _slug(address: str) -> str:
    return urlsplit(address).path.strip("/").rpartition("/")[2]


def approve(desk: Desk, row: CommentRow) -> None:
    """The "approve" link of a row."""
    with answered(desk.page, "dim-comment"):
        row.on(desk.page).locator(".row-actions .approve a").click()


def unapprove(desk: Desk, row: CommentRow) -> None:
    """The "unapprove" link of a row."""
    with answered(desk.page, "dim-comment"):
        row.on(desk.page).locator(".row-actions .unapprove a").click()


def remove_comment(desk: Desk, row: CommentRow, where: str) -> None:
    """The "spam" or "trash" link of a row."""
    with answered(desk.page, "delete-comment"):
        row.on(desk.page).locator(f".row-actions .{where} a").click()


def take_back(desk: Desk, row: CommentRow, where: str) -> None:
    """The "not spam" or "restore" link of a row among the unwanted or in the bin."""
    page = office(desk, f"edit-comments.php?comment_status={where}")
    with answered(page, "delete-comment"):
        row.on(page).locator(".row-actions .unspam a, .row-actions .untrash a").first.click()


def bulk(desk: Desk, row: CommentRow, action: str) -> None:
    """Tick a row, and a bulk action by its value: approve, unapprove, spam, trash."""
    page = desk.page
    row.on(page).locator("input[name='delete_comments[]']").check()
    page.locator("#bulk-action-selector-top").select_option(action)
    page.locator("#doaction").click()
    page.locator("#moderated").wait_for()


def trash_in_editor(desk: Desk, row: CommentRow) -> None:
    """The "move to trash" link in the editor of a comment."""
    page = desk.page
    row.on(page).locator(".row-actions .edit a").click()
    page.locator("#delete-action a").click()
    page.wait_for_url("**/edit-comments.php**")


def reply_in_list(desk: Desk, row: CommentRow, text: str) -> None:
    """The "reply" of a row; where the comment waits, it approves and replies in one."""
    page = desk.page
    row.on(page).locator(".row-actions .reply button").click()
    page.locator("#replycontent").fill(text)
    with answered(page, "replyto-comment"):
        page.locator("#replybtn").click()
    page.locator("#replyrow").wait_for(state="hidden")


def edit_comment(desk: Desk, row: CommentRow, status: str = "", text: str = "") -> None:
    """The full editor of a comment: its status ("1" approved, "0" waiting) or its text."""
    page = desk.page
    row.on(page).locator(".row-actions .edit a").click()
    if text:
        page.locator("#content").fill(text)
    if status:
        page.locator(f"input[name=comment_status][value='{status}']").check()
    page.locator("#save").click()
    page.wait_for_url("**/edit-comments.php**")


def comment_on_site(desk: Desk, post: str, text: str, reply_to: str = "", visitor: str = "") -> None:
    """The form under the article: a comment of its own, or the reply to the comment of this number."""
    page = desk.page
    page.goto(f"{desk.address}/{post}/")
    if reply_to:
        page.locator(f"#comment-{reply_to} .comment-reply-link").first.click()
    page.locator("#comment").fill(text)
    if visitor:
        page.locator("#respond input#author").fill(visitor)
        page.locator("#respond input#email").fill("visiteur@courriel.test")
    page.locator("#respond #submit").click()
    page.wait_for_url("**#comment-*")
