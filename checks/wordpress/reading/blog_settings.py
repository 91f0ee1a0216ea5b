"""The reading settings as they are kept, and what the blog shows by them."""

from dataclasses import dataclass
from typing import Any

from checks.wordpress.reading.answers import fetched, office_screen, rest, rest_all
from checks.wordpress.reading.contents import path_of, plain
from provisioner.french.text import fold, word_count
from provisioner.subject.check import Site

#: An article of more words than this can't be shown whole by an excerpt, which has 55.
_LONG = 120
#: How much of an article's words is the whole of it.
_MOST = 0.85
#: How many of the list are looked at.
_FEW = 5

# The number of each article, and what can be read of it in the list.
_LISTED = """all => all.map(article => [Number(article.id.replace('post-', '')), article.innerText || ''])"""


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
    form = office_screen(site, "options-reading.php").locator("form[action='options.php']")
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


def blog_paths(site: Site) -> list[str]:
    """Pages of the blog, the likeliest to have its side column first: its list, an article, the archive of a category, a page.

    The list may be gone, and each kind may have a column of its own.
    """
    front = rest(site, "wp/v2/settings")["page_on_front"]
    routes = ("posts?status=publish", "categories?hide_empty=true", f"pages?status=publish&exclude={front or 0}")
    firsts = [rest_all(site, f"wp/v2/{route}&_fields=link")[:1] for route in routes]
    return list(dict.fromkeys([blog_path(site), *(path_of(row["link"]) for rows in firsts for row in rows)]))


def posts_on_blog(site: Site, path: str) -> int:
    """How many articles the first page of the blog shows to a visitor."""
    return site.visit(path).locator("article.type-post").count()


def shapes_in_the_list(site: Site) -> list[bool | None]:
    """What the blog's list shows of its first articles: an excerpt (True), the whole text (False), or neither.

    Articles that are too short to tell are left out. The visitor's page stays on the list.
    """
    rows = rest_all(site, "wp/v2/posts?status=publish&context=edit&_fields=id,content,excerpt")
    texts = {
        row["id"]: [fold(plain(row[part]["rendered"])) for part in ("content", "excerpt")]
        for row in rows
        if not row["content"].get("protected")
    }
    for path in blog_paths(site):
        shown: list[list[Any]] = site.visit(path).locator("article.type-post").evaluate_all(_LISTED)
        if len(shown) > 1 or (shown and "blog" in (site.page.locator("body").get_attribute("class") or "").split()):
            break
    long = [(fold(text), *texts[number]) for number, text in shown if number in texts]
    long = [one for one in long if word_count(one[1]) > _LONG]
    return [_shape(text, whole, excerpt) for text, whole, excerpt in long[:_FEW]]


def _shape(shown: str, whole: str, excerpt: str) -> bool | None:
    """By how much of the text is shown, of which a caption or a button may be missing, and by how the excerpt begins."""
    if len(shown.split()) >= _MOST * len(whole.split()):
        return False
    begins = " ".join(excerpt.split()[:4])
    return True if begins and begins in shown else None


def published_posts(site: Site) -> int:
    """How many articles the site has that everybody may read."""
    return len(rest_all(site, "wp/v2/posts?status=publish&_fields=id"))


def feed_holds_whole_texts(site: Site) -> bool | None:
    """Whether the feed gives whole texts; None where it has no article to tell by."""
    feed = fetched(site, site.page, f"{site.address}/?feed=rss2").text
    return "<content:encoded>" in feed if "<item>" in feed else None
