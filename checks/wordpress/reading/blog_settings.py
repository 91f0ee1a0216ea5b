"""The reading settings as they are kept, and what the blog shows by them."""

from dataclasses import dataclass
from typing import Any

from checks.wordpress.reading.answers import fetched, healthy, rest, rest_all
from checks.wordpress.reading.contents import path_of
from provisioner.subject.check import Site


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
