"""The screens that authors and reading settings are kept on, and the lists of posts and pages.

Each function is one thing that a person does there. Whatever is looked for is found by id, name or
slug: the same screens speak French, English or both.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Locator, Page, Response

from checks.wordpress.reading import contents, naming
from checks.wordpress.reading.contents import path_of
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.office import LOADING, Kind, fetched, healthy, office, rest, rest_all
from provisioner.french.text import plainly
from provisioner.subject.check import Desk, Site


def content(site: Site, slug: str, kinds: Sequence[Kind] = ("post", "page")) -> dict[str, Any] | None:
    """The post or page of this slug or title, whatever its status but the bin, as REST tells it to an editor."""
    found = naming.exactly(contents.contents(site), slug, site.taken_at, kinds)
    return dict(rest(site, f"wp/v2/{found.kind}s/{found.id}?context=edit")) if found else None


def is_login(wanted: str, login: str) -> bool:
    """Whether it is this account's, which an author may also have called by the name of its owner."""
    if re.fullmatch(r"[\w.@-]+", wanted):
        return wanted.casefold() == login.casefold()
    return plainly(wanted) == plainly(login)


def shown_at(site: Site, item: dict[str, Any]) -> bool:
    """Show a post or page to a visitor, at its own address; whether that is what he then sees."""
    if item["status"] != "publish":
        site.visit(f"/{item['slug'] or item['generated_slug']}/")
        return False
    page = site.visit(path_of(item["link"]))
    names = (page.locator("body").get_attribute("class") or "").split()
    return bool({f"postid-{item['id']}", f"page-id-{item['id']}"} & set(names))


# --- the office's lists -----------------------------------------------------------------------


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


# --- the editor -------------------------------------------------------------------------------


def edit(desk: Desk, kind: Kind, slug: str) -> Editor:
    """The editor of a post or page, found in its list."""
    return Editor.open(desk, int(number(row_of(office(desk, f"edit.php?post_type={kind}"), slug))))


def author_in_editor(desk: Desk, kind: Kind, slug: str, login: str = "", unlike: str = "", save: bool = True) -> None:
    """Choose the author in the editor's panel: this one, or any but that one and the present one."""
    editor = edit(desk, kind, slug)
    field = editor.settings().locator(".edit-post-post-author select")
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
        field = page.locator(f"input[name='{name}'], select[name='{name}']")
        if field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        elif field.first.get_attribute("type") == "radio":
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
    """What the reading settings' screen shows as kept.

    `posts_page` is where the blog is, if it is anywhere; `slug` that of its page, if it has one of its own.
    """

    posts_per_page: int
    posts_per_feed: int
    feed_excerpt: bool
    posts_page: str
    slug: str


def kept_reading_settings(site: Site) -> KeptReadingSettings:
    """Read the settings' screen, which the administrator's page shows afterwards."""
    page = site.signed_in()
    page.goto(f"{site.address}/wp-admin/options-reading.php", wait_until="domcontentloaded")
    form = healthy(page).locator("form[action='options.php']")
    values: dict[str, str] = form.evaluate("form => Object.fromEntries(new FormData(form))")
    blog = values.get("page_for_posts", "0")
    if values.get("show_on_front") != "page":
        where, slug = "/", ""
    elif blog == "0":
        where, slug = "", ""
    else:
        where, slug = f"/?page_id={blog}", rest(site, f"wp/v2/pages/{blog}?context=edit&_fields=slug")["slug"]
    return KeptReadingSettings(
        posts_per_page=int(values["posts_per_page"]),
        posts_per_feed=int(values["posts_per_rss"]),
        feed_excerpt=values["rss_use_excerpt"] == "1",
        posts_page=where,
        slug=slug,
    )


def blog_path(site: Site) -> str:
    """Where a visitor finds the list of the articles."""
    settings: dict[str, Any] = rest(site, "wp/v2/settings")
    if settings["show_on_front"] != "page" or not settings["page_for_posts"]:
        return "/"
    return path_of(rest(site, f"wp/v2/pages/{settings['page_for_posts']}?_fields=link")["link"])


def posts_on_blog(site: Site, path: str) -> int:
    """How many articles the first page of the blog shows to a visitor."""
    return site.visit(path).locator("article.type-post").count()


def published_posts(site: Site) -> int:
    """How many articles the site has that everybody may read."""
    return len(rest_all(site, "wp/v2/posts?status=publish&_fields=id"))


def feed_holds_whole_texts(site: Site) -> bool | None:
    """Whether the feed gives whole texts; None where it has no article to tell by."""
    feed = fetched(site, site.page, f"{site.address}/?feed=rss2").text
    return "<content:encoded>" in feed if "<item>" in feed else None
