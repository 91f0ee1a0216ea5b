"""The categories of the site, as the back office keeps them."""

from collections.abc import Sequence
from typing import Any

from checks.wordpress.reading import seeded
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.contents import plain
from provisioner.french.text import plainly, same
from provisioner.subject.check import Site


def categories(site: Site) -> list[dict[str, Any]]:
    """Every category of the site."""
    return rest_all(site, "wp/v2/categories?context=edit&_fields=id,slug,name,description,parent,link,count")


def called(all_of_them: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The one of this slug; where there is none, those so named: work for search engines may change the slug."""
    of_the_slug = [one for one in all_of_them if one["slug"] == name]
    return of_the_slug or [one for one in all_of_them if plainly(plain(one["name"])) == plainly(name)]


def renamed(site: Site, all_of_them: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The categories that were there when the work began, and have neither the slug nor the name of any at that time.

    Their numbers tell: seed.php makes all categories, then all tags, and a number is never given again. The first is
    WordPress's own category. One of the company's that was deleted and made anew has a higher number than all had.
    """
    slugs, names = (
        seeded.at_first(site.company, "categories", "slug"),
        seeded.at_first(site.company, "categories", "name"),
    )
    tags = rest_all(site, "wp/v2/tags?_fields=id,slug")
    first = [one["id"] for one in all_of_them if one["slug"] in slugs]
    first += [one["id"] for one in tags if one["slug"] in seeded.at_first(site.company, "tags", "slug")]
    last = 1 + len(slugs) + len(seeded.at_first(site.company, "tags", "slug"))
    return [
        one
        for one in all_of_them
        if 1 < one["id"] < max((number for number in first if number <= last), default=0)
        and one["slug"] not in slugs
        and not any(same(name, plain(one["name"])) for name in names)
    ]


def described(category: dict[str, Any], parents: dict[int, str]) -> str:
    """A category in a French sentence."""
    parent = parents.get(category["parent"], "")
    said = plain(category["description"])
    return (
        f"« {plain(category['name'])} »"
        + (f", sous « {parent} »" if parent else ", sans catégorie parente")
        + (f", description : « {said} »" if said else ", sans description")
    )
