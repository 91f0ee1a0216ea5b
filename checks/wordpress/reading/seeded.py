"""What the company's site holds when the work begins, as far as the site itself doesn't tell it afterwards.

`company` is the company's folder in scenarios/.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from checks.wordpress.reading.answers import Kind
from provisioner.french.text import fold, same
from provisioner.host.toml_files import read_toml

#: The tables of what an entry of a menu leads to.
_TABLES = {"page": "pages", "category": "categories", "post": "posts"}


def others_of_its_author(company: Path, kind: Kind, slug: str) -> frozenset[str]:
    """The slugs of that kind that have the same author as this one at first; seed.php gives to the candidate what has none."""
    authors = {row["slug"]: row.get("author", "candidat") for row in _rows(company, f"{kind}s")}
    return frozenset(one for one, author in authors.items() if author == authors.get(slug) and one != slug)


def titled_so(company: Path, kind: Kind, title: str) -> bool:
    """Whether that is the title of one of the company's own, published or not."""
    return fold(title) in _titles_of(company, kind)


def title_of(company: Path, name: str, tables: Sequence[str] = ("pages", "posts")) -> str:
    """What somebody reads who is told of this: the title of the company's content of that slug, else the name itself.

    Of media and categories too, by their tables.
    """
    rows = (row for table in tables for row in _rows(company, table) if row["slug"] == name)
    return next((row.get("title") or row["name"] for row in rows), name)


@cache
def _titles_of(company: Path, kind: Kind) -> frozenset[str]:
    return frozenset(fold(row["title"]) for row in _rows(company, f"{kind}s"))


def slugged_so(company: Path, kind: Kind, slug: str) -> bool:
    """Whether one of the company's own has that slug from the beginning; what waits for a review has none yet."""
    return any(row["slug"] == slug and row.get("status") != "pending" for row in _rows(company, f"{kind}s"))


def published(company: Path, kind: Kind) -> frozenset[str]:
    """The slugs of that kind that everybody can read at first."""
    return frozenset(row["slug"] for row in _rows(company, f"{kind}s") if row.get("status", "publish") == "publish")


def page_and_post(company: Path) -> tuple[str, str]:
    """The slugs of a page and of a post that everybody can read at first; neither the front page nor that of the posts."""
    apart = (_seed(company)["front_page"], _seed(company)["posts_page"])
    page = next(
        one["slug"] for one in _rows(company, "pages") if one["slug"] in published(company, "page").difference(apart)
    )
    return page, next(one["slug"] for one in _rows(company, "posts") if one["slug"] in published(company, "post"))


def commented(company: Path, author: str, post: str) -> bool:
    """Whether somebody of that name has commented that content at first."""
    return any(same(author, row.get("author", "")) and row["post"] == post for row in _rows(company, "comments"))


def lately_commented(company: Path, author: str, post: str) -> bool:
    """Whether that comment is among the five latest at first, those of the dashboard."""
    return any(same(author, row.get("author", "")) and row["post"] == post for row in _latest(company))


def _latest(company: Path) -> Sequence[Mapping[str, Any]]:
    """What is among the unwanted isn't shown there; seed.php writes at 10:30 what has no hour."""
    rows = [row for row in _rows(company, "comments") if row["status"] != "spam"]
    rows.sort(key=lambda row: str(row.get("time", "10:30")), reverse=True)
    return sorted(rows, key=lambda row: int(row["days_ago"]))[:5]


def published_by(company: Path, login: str) -> list[str]:
    """The slugs of what that account had published at first."""
    rows = [*_rows(company, "posts"), *_rows(company, "pages")]
    return [row["slug"] for row in rows if row.get("author") == login and row.get("status", "publish") == "publish"]


def approved(company: Path) -> list[tuple[str, str, str]]:
    """Author, content commented and text, folded, of the comments of Internet users that are approved at first."""
    rows = [row for row in _rows(company, "comments") if row["status"] == 1 and "author" in row]
    return [(row["author"], row["post"], fold(row["content"])) for row in rows]


@cache
def comments(company: Path) -> frozenset[str]:
    """What all comments say at first, folded."""
    return frozenset(fold(row["content"]) for row in _rows(company, "comments"))


@cache
def texts(company: Path, places: str) -> frozenset[str]:
    """The paragraphs, headings and entries of lists that the places of widgets so called have at first."""
    return _said(_widgets(company, places))


def _said(html: str) -> frozenset[str]:
    found = re.findall(r"<(p|li|h[1-6])\b[^>]*>(.*?)</\1>", html, re.S)
    return frozenset(text for _, inner in found if (text := fold(unescape(re.sub(r"<[^>]*>", " ", inner)))))


def _widgets(company: Path, places: str) -> str:
    places_of = _seed(company).get("sidebars", {}).items()
    return "\n".join(html for place, all_of_it in places_of if place.startswith(places) for html in all_of_it)


def blocks(company: Path, places: str) -> frozenset[str]:
    """The names of the blocks that the places of widgets so called ("sidebar-", "footer-widget-") have at first."""
    return frozenset(re.findall(r"<!-- wp:([\w-]+)", _widgets(company, places)))


def at_first(company: Path, table: str, key: str) -> frozenset[str]:
    """What the rows of a table ("menus", "categories") have under a key at first."""
    return frozenset(row[key] for row in _rows(company, table))


def categories_gone(company: Path, there: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of the company's categories of which neither slug nor name is among those that the site has now."""
    slugs, names = {one["slug"] for one in there}, [unescape(one["name"]) for one in there]
    rows = [row for row in _rows(company, "categories") if row["slug"] not in slugs]
    return [row["name"] for row in rows if not any(same(row["name"], one) for one in names)]


def front_page(company: Path) -> str:
    """The slug of the front page at first."""
    return str(_seed(company)["front_page"])


def posts_page(company: Path) -> str:
    """The slug of the page of the posts at first."""
    return str(_seed(company)["posts_page"])


def other_pages(company: Path, *slugs: str) -> list[str]:
    """The slugs of the pages that everybody can read at first and whose address is their slug, but these (or their paths).

    Neither the front page nor that of the posts.
    """
    apart = {front_page(company), posts_page(company), *(slug.strip("/") for slug in slugs)}
    rows = [row for row in _rows(company, "pages") if row["slug"] in published(company, "page").difference(apart)]
    return [row["slug"] for row in rows if "parent" not in row]


def links_of_menu(company: Path, menu: str) -> list[tuple[str, str]]:
    """Title and path of the pages to which the first level of this menu leads at first."""
    items = [item for one in _rows(company, "menus") if one["name"] == menu for item in one["items"] if "page" in item]
    paths = ["/" if item["page"] == front_page(company) else f"/{item['page']}/" for item in items]
    return [(next(_titles(company, [item])), path) for item, path in zip(items, paths, strict=True)]


def another_category(company: Path, name: str) -> str:
    """The name of a category that is not this one, nor the default one, nor below another."""
    rows = (row for row in _rows(company, "categories") if row["slug"] != _seed(company)["default_category"])
    return next(str(row["name"]) for row in rows if "parent" not in row and not same(row["name"], name))


def files(company: Path, ending: str) -> list[str]:
    """The slugs of the library's files at first whose names end so (".jpg")."""
    return [str(row["slug"]) for row in _rows(company, "media") if row["file"].endswith(ending)]


def another_picture(company: Path, slug: str) -> str:
    """The slug of a photograph of the library that is not this one."""
    return next(one for one in files(company, ".jpg") if not slug.startswith(one))


def galleries(company: Path, slug: str) -> list[frozenset[str]]:
    """The files that each gallery of this content shows at first."""
    found = re.findall(r"<!-- wp:gallery .*?<!-- /wp:gallery -->", _written(company, slug), re.S)
    return [frozenset(re.findall(r"\{\{id:([\w-]+)\}\}", one)) for one in found]


def shown_in(company: Path, slug: str) -> frozenset[str]:
    """The files that the text of this content shows at first."""
    return frozenset(re.findall(r"\{\{(?:id|media):([\w-]+)\}\}", _written(company, slug)))


def lists_in(company: Path, slug: str) -> bool:
    """Whether this content has a list of other contents at first."""
    return bool(re.search(r"<!-- wp:(?:latest-posts|navigation|page-list)\b", _written(company, slug)))


def in_columns(company: Path, slug: str) -> bool:
    """Whether this content has columns or rows at first."""
    return bool(re.search(r'<!-- wp:columns\b|"type":"flex"', _written(company, slug)))


def texts_of(company: Path, slug: str) -> frozenset[str]:
    """The paragraphs, headings and entries of lists of this content at first, but those that have a date of the day."""
    return frozenset(text for text in _said(_written(company, slug)) if "{{" not in text)


def _written(company: Path, slug: str) -> str:
    """The text of this content at first; none of one that is the candidate's own."""
    path = company / "wordpress" / "texts" / f"{slug}.html"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def entries(company: Path, menu: str) -> frozenset[str]:
    """The titles of this menu's entries at first."""
    return frozenset(
        title for one in _rows(company, "menus") if one["name"] == menu for title in _titles(company, one["items"])
    )


def menu_locations(company: Path) -> frozenset[str]:
    """The places of the theme that have a menu at first."""
    return frozenset(place for one in _rows(company, "menus") for place in one["locations"])


def _titles(company: Path, items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for item in items:
        named = [
            row
            for kind, table in _TABLES.items()
            if kind in item
            for row in _rows(company, table)
            if row["slug"] == item[kind]
        ]
        yield item.get("title") or next(row.get("title") or row["name"] for row in named)
        yield from _titles(company, item.get("children", []))


def _rows(company: Path, table: str) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = _seed(company).get(table, [])
    return rows


@cache
def _seed(company: Path) -> Mapping[str, Any]:
    return read_toml(company / "wordpress" / "seed.toml")
