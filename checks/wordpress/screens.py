"""The screens of WordPress's back office that comments, authors and reading settings are kept on.

Each function is one thing that a person does there. Whatever is looked for is found by id, name or
slug: the same screens speak French, English or both.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import Locator, Page, Response

from provisioner.check import Desk, Site
from provisioner.errors import StationNotReady
from provisioner.text import same


def rest(site: Site, path: str) -> Any:
    """What the CMS's own interface answers to an administrator."""
    request = site.signed_in().request
    nonce = request.get(f"{site.address}/wp-admin/admin-ajax.php?action=rest-nonce").text()
    route, _, query = path.partition("?")
    answer = request.get(
        f"{site.address}/index.php?rest_route={route}" + (f"&{query}" if query else ""),
        headers={"X-WP-Nonce": nonce},
    )
    if answer.status >= 500:
        raise StationNotReady(f"Le poste répond {answer.status} à l'examinateur ({route}).")
    if not answer.ok and answer.status != 404:
        raise RuntimeError(f"{route}: {answer.status} {answer.text()[:200]}")
    return answer.json() if answer.ok else None


def content(site: Site, slug: str, kinds: tuple[str, ...] = ("posts", "pages")) -> dict[str, Any] | None:
    """The post or page at this slug, whatever its status but the bin."""
    for kind in kinds:
        found = rest(site, f"/wp/v2/{kind}?slug={quote(slug)}&status=any&context=edit") or []
        if found:
            return dict(found[0])
    return None


def shown_at(site: Site, item: dict[str, Any]) -> bool:
    """Show a post or page to a visitor, at its own address; whether that is what he then sees."""
    if item["status"] != "publish":
        site.visit(f"/{item['slug'] or item['generated_slug']}/")
        return False
    page = site.visit(path_of(item["link"]))
    names = (page.locator("body").get_attribute("class") or "").split()
    return bool({f"postid-{item['id']}", f"page-id-{item['id']}"} & set(names))


def path_of(address: str) -> str:
    """The path of an address of the site, without its fragment."""
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def plain(html: str) -> str:
    """The text that a reader sees of a piece of HTML."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


# --- the office's lists -----------------------------------------------------------------------


def office(desk: Desk, path: str) -> Page:
    """A screen of the back office, signed in."""
    page = desk.sign_in()
    page.goto(f"{desk.address}/wp-admin/{path}")
    return page


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


def quick_edit(desk: Desk, kind: str, slug: str, change: Callable[[Locator], object], save: bool = True) -> None:
    """Open the quick edit of a row, change something in it, and save or cancel."""
    page = office(desk, f"edit.php?post_type={kind}")
    row = row_of(page, slug)
    post = number(row)
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


def bulk_edit(desk: Desk, kind: str, slugs: tuple[str, ...], change: Callable[[Locator], object]) -> None:
    """Tick rows, open their bulk edit, change something in it and apply."""
    page = office(desk, f"edit.php?post_type={kind}")
    for slug in slugs:
        page.locator(f"#cb-select-{number(row_of(page, slug))}").check()
    page.locator("#bulk-action-selector-top").select_option("edit")
    page.locator("#doaction").click()
    form = page.locator("#bulk-edit")
    change(form)
    form.locator("#bulk_edit").click()
    page.wait_for_url("**updated=*")


def choose_author(form: Locator, login: str) -> None:
    """Choose a user by his login in the list of authors of a quick or bulk edit."""
    field = form.locator("select[name=post_author]")
    option = field.locator("option", has_text=re.compile(rf"\({re.escape(login)}\)\s*$"))
    field.select_option(option.get_attribute("value"))


def other_slug(desk: Desk, kind: str, slug: str) -> str:
    """The slug of a published neighbour in the list of posts or pages."""
    page = office(desk, f"edit.php?post_type={kind}&post_status=publish")
    return next(s for s in page.locator("#the-list > tr .post_name").all_text_contents() if s != slug)


# --- the editor -------------------------------------------------------------------------------


def editor(desk: Desk, kind: str, slug: str) -> Page:
    """The block editor of a post or page, opened from its list."""
    page = office(desk, f"edit.php?post_type={kind}")
    row_of(page, slug).locator("a.row-title").click()
    page.locator(".edit-post-header .editor-post-publish-button").wait_for()
    return page


def save_in_editor(page: Page) -> None:
    """The "update" button; wait until all is saved."""
    page.locator(".edit-post-header .editor-post-publish-button").click()
    page.wait_for_function(
        """() => {
            const editor = wp.data.select('core/editor');
            return editor.didPostSaveRequestSucceed() && !editor.isEditedPostDirty() && !editor.isSavingPost()
                && !wp.data.select('core/edit-post').isSavingMetaBoxes();
        }"""
    )


def author_in_editor(desk: Desk, kind: str, slug: str, login: str = "", unlike: str = "", save: bool = True) -> None:
    """Choose the author in the editor's panel: this one, or any but that one and the present one."""
    page = editor(desk, kind, slug)
    panel = page.locator(".edit-post-sidebar")
    if not panel.is_visible():
        page.locator(".edit-post-header__settings button[aria-expanded][aria-controls*=document]").click()
    panel.locator(".edit-post-sidebar__panel-tab").first.click()
    field = panel.locator(".edit-post-post-author select")
    field.locator("option").nth(1).wait_for(state="attached")
    users: list[dict[str, Any]] = page.evaluate("() => wp.apiFetch({path: '/wp/v2/users?context=edit&per_page=100'})")
    present = field.input_value()
    chosen = next(
        u["id"]
        for u in users
        if (u["username"] == login if login else u["username"] != unlike and str(u["id"]) != present)
    )
    field.select_option(str(chosen))
    if save:
        save_in_editor(page)


def type_into(desk: Desk, kind: str, slug: str, text: str) -> None:
    """Write a first paragraph below the title in the editor, and update."""
    page = editor(desk, kind, slug)
    title = ".editor-post-title__input"
    page.locator(f"iframe[name=editor-canvas], {title}").first.wait_for()
    framed = page.locator("iframe[name=editor-canvas]").count() > 0
    where = page.frame_locator("iframe[name=editor-canvas]").locator(title) if framed else page.locator(title)
    where.click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type(text)
    save_in_editor(page)


# --- comments ---------------------------------------------------------------------------------


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


def comment_rows(desk: Desk) -> list[CommentRow]:
    """The rows that the comments screen shows: those waiting and those approved."""
    page = office(desk, "edit-comments.php?comment_status=all")
    rows: list[dict[str, str]] = page.locator("#the-comment-list > tr").evaluate_all(
        """rows => rows.map(row => ({
            id: row.id.replace('comment-', ''),
            author: row.querySelector('.column-author strong')?.textContent.trim() ?? '',
            post: row.querySelector('.column-response a.comments-view-item-link')?.href ?? '',
        }))"""
    )
    return [CommentRow(row["id"], row["author"], urlsplit(row["post"]).path.strip("/")) for row in rows]


def comment_row(desk: Desk, author: str, post: str) -> CommentRow:
    """The comment of this author on this post, in the comments screen."""
    return next(row for row in comment_rows(desk) if same(row.author, author) and row.post.split("/")[-1] == post)


def neighbour_row(desk: Desk, author: str, post: str) -> CommentRow:
    """Somebody else's comment, on the same post if there is one."""
    others = [row for row in comment_rows(desk) if not same(row.author, author)]
    return sorted(others, key=lambda row: row.post.split("/")[-1] != post)[0]


def approve(desk: Desk, row: CommentRow) -> None:
    """The "approve" link of a row."""
    with answered(desk.page, "dim-comment"):
        row.on(desk.page).locator(".row-actions .approve a").click()
    desk.page.locator(f"#comment-{row.id}.approved").wait_for()


def unapprove(desk: Desk, row: CommentRow) -> None:
    """The "unapprove" link of a row."""
    with answered(desk.page, "dim-comment"):
        row.on(desk.page).locator(".row-actions .unapprove a").click()


def remove_comment(desk: Desk, row: CommentRow, where: str) -> None:
    """The "spam" or "trash" link of a row."""
    with answered(desk.page, "delete-comment"):
        row.on(desk.page).locator(f".row-actions .{where} a").click()


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


# --- users and settings -----------------------------------------------------------------------


def display_name(desk: Desk, login: str) -> str:
    """The name of a user as the list of users shows it."""
    page = office(desk, f"users.php?s={quote(login)}")
    rows = page.locator("#the-list > tr")
    row = rows.filter(has=page.locator(".column-username strong", has_text=re.compile(rf"^\s*{re.escape(login)}\s*$")))
    return row.locator(".column-name").inner_text().strip()


def rename_user(desk: Desk, user: str, name: str) -> None:
    """Give the user of this number another first, last and public name."""
    page = office(desk, f"user-edit.php?user_id={user}")
    first, _, last = name.partition(" ")
    page.locator("#first_name").fill(first)
    page.locator("#last_name").fill(last)
    page.locator("#last_name").press("Tab")
    page.locator("#display_name").select_option(label=name)
    page.locator("#submit").click()
    page.locator("#message.updated, #message.notice-success").wait_for()


def rows_per_list(desk: Desk, count: int) -> None:
    """The number of rows of the posts list, among the options of that screen."""
    page = office(desk, "edit.php")
    page.locator("#show-settings-link").click()
    page.locator("#edit_post_per_page").fill(str(count))
    page.locator("#screen-options-apply").click()
    page.locator("#edit_post_per_page").wait_for(state="hidden")


def reading_settings(desk: Desk, values: dict[str, str], save: str = "button") -> None:
    """Fill fields of the reading settings by name (a choice takes its value); save by "button", "enter" or not."""
    page = office(desk, "options-reading.php")
    field = page.locator("#submit")
    for name, value in values.items():
        field = page.locator(f"input[name='{name}']")
        if field.first.get_attribute("type") == "radio":
            field = page.locator(f"input[name='{name}'][value='{value}']")
            field.check()
        else:
            field.fill(value)
    if save == "button":
        page.locator("#submit").click()
    elif save == "enter":
        field.press("Enter")
    else:
        return
    page.locator("#setting-error-settings_updated").wait_for()


@dataclass(frozen=True)
class KeptReadingSettings:
    """What the reading settings' screen shows as kept; `posts_page` is where the blog is."""

    posts_per_page: int
    posts_per_feed: int
    feed_excerpt: bool
    posts_page: str


def kept_reading_settings(site: Site) -> KeptReadingSettings:
    """Read the settings' screen, which the administrator's page shows afterwards."""
    page = site.signed_in()
    page.goto(f"{site.address}/wp-admin/options-reading.php", wait_until="domcontentloaded")
    form = page.locator("form[action='options.php']")
    values: dict[str, str] = form.evaluate("form => Object.fromEntries(new FormData(form))")
    blog = values.get("page_for_posts", "0") if values.get("show_on_front") == "page" else "0"
    return KeptReadingSettings(
        posts_per_page=int(values["posts_per_page"]),
        posts_per_feed=int(values["posts_per_rss"]),
        feed_excerpt=values["rss_use_excerpt"] == "1",
        posts_page="/" if blog == "0" else f"/?page_id={blog}",
    )


def posts_on_blog(site: Site, path: str) -> int:
    """How many articles the first page of the blog shows to a visitor."""
    return site.visit(path).locator("article.type-post").count()


def feed_holds_whole_texts(site: Site) -> bool | None:
    """Whether the feed gives whole texts; None where it has no article to tell by."""
    feed = site.page.request.get(f"{site.address}/?feed=rss2").text()
    return "<content:encoded>" in feed if "<item>" in feed else None
