"""What the company's site holds when the work begins, as far as the site itself doesn't tell it afterwards."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import unescape
from typing import Any

from checks.wordpress.pages import Kind
from provisioner.config import ROOT, read_toml
from provisioner.text import fold, same

#: The tables of what an entry of a menu leads to.
_TABLES = {"page": "pages", "category": "categories", "post": "posts"}


def others_of_its_author(kind: Kind, slug: str) -> frozenset[str]:
    """The slugs of that kind that have the same author as this one at first; none where contexts disagree."""
    found = [authors for authors in _authors(kind) if slug in authors]
    if len(found) != 1:
        return frozenset()
    return frozenset(one for one, author in found[0].items() if author == found[0][slug] and one != slug)


@cache
def _authors(kind: Kind) -> tuple[Mapping[str, str], ...]:
    """Of each context, who wrote what; seed.php gives what has no author to the candidate."""
    return tuple({row["slug"]: row.get("author", "candidat") for row in seed.get(f"{kind}s", [])} for seed in _seeds())


def titled_so(kind: Kind, title: str) -> bool:
    """Whether that is the title of one of the company's own, published or not, in any context."""
    return fold(title) in _titles_of(kind)


@cache
def _titles_of(kind: Kind) -> frozenset[str]:
    return frozenset(fold(row["title"]) for seed in _seeds() for row in seed.get(f"{kind}s", []))


def commented(author: str, post: str) -> bool:
    """Whether somebody of that name has commented that content at first, in any context."""
    return any(
        same(author, row.get("author", "")) and row["post"] == post
        for seed in _seeds()
        for row in seed.get("comments", [])
    )


def lately_commented(author: str, post: str) -> bool:
    """Whether that comment is among the five latest at first, those of the dashboard, in any context."""
    return any(
        same(author, row.get("author", "")) and row["post"] == post for seed in _seeds() for row in _latest(seed)
    )


def _latest(seed: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What is among the unwanted isn't shown there; seed.php writes at 10:30 what has no hour."""
    rows = [row for row in seed.get("comments", []) if row["status"] != "spam"]
    rows.sort(key=lambda row: str(row.get("time", "10:30")), reverse=True)
    return sorted(rows, key=lambda row: int(row["days_ago"]))[:5]


@cache
def comments() -> frozenset[str]:
    """What all comments say at first, in any context, folded."""
    return frozenset(fold(row["content"]) for seed in _seeds() for row in seed.get("comments", []))


@cache
def texts(places: str) -> frozenset[str]:
    """The paragraphs, headings and entries of lists that the places of widgets so called have at first, in every context."""
    return frozenset.intersection(*(_said(_widgets(seed, places)) for seed in _seeds()))


def _said(html: str) -> frozenset[str]:
    found = re.findall(r"<(p|li|h[1-6])\b[^>]*>(.*?)</\1>", html, re.S)
    return frozenset(text for _, inner in found if (text := fold(unescape(re.sub(r"<[^>]*>", " ", inner)))))


def _widgets(seed: Mapping[str, Any], places: str) -> str:
    places_of = seed.get("sidebars", {}).items()
    return "\n".join(html for place, all_of_it in places_of if place.startswith(places) for html in all_of_it)


def blocks(places: str) -> frozenset[str]:
    """The names of the blocks that the places of widgets so called ("sidebar-", "footer-widget-") have at first."""
    return frozenset.intersection(
        *(frozenset(re.findall(r"<!-- wp:([\w-]+)", _widgets(seed, places))) for seed in _seeds())
    )


def at_first(table: str, key: str) -> frozenset[str]:
    """What the rows of a table ("menus", "categories") have under a key at first, in every context."""
    return frozenset.intersection(*(frozenset(row[key] for row in seed.get(table, [])) for seed in _seeds()))


def galleries(slug: str) -> list[frozenset[str]]:
    """The files that each gallery of this content shows at first, in any context."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "scenarios").glob(f"*/wordpress/texts/{slug}.html")]
    found = [one for text in texts for one in re.findall(r"<!-- wp:gallery .*?<!-- /wp:gallery -->", text, re.S)]
    return [frozenset(re.findall(r"\{\{id:([\w-]+)\}\}", one)) for one in found]


def entries(menu: str) -> frozenset[str]:
    """The titles of this menu's entries at first; none where contexts disagree."""
    found = [
        frozenset(_titles(seed, one["items"]))
        for seed in _seeds()
        for one in seed.get("menus", [])
        if one["name"] == menu
    ]
    return found[0] if len(found) == 1 else frozenset()


def _titles(seed: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for item in items:
        named = [row for kind, table in _TABLES.items() if kind in item
                 for row in seed[table] if row["slug"] == item[kind]]  # fmt: skip
        yield item.get("title") or next(row.get("title") or row["name"] for row in named)
        yield from _titles(seed, item.get("children", []))


@cache
def _seeds() -> tuple[Mapping[str, Any], ...]:
    return tuple(read_toml(path) for path in sorted((ROOT / "scenarios").glob("*/wordpress/seed.toml")))
