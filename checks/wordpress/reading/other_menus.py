"""Menus that aren't at the place that they were asked for: lists of links that visitors see all the same, and stored entries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from checks.visibility import UNSEEN_JS
from checks.wordpress.reading import seeded
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.areas import AREA_OF
from checks.wordpress.reading.contents import address_of, plain
from checks.wordpress.reading.menu_tree import MenuItem, ShownItem
from provisioner.french.text import nearly_same, same
from provisioner.subject.check import Site

HEADER = ("above_header", "header", "below_header")
#: Where a visitor looks for the menu of each place of the theme.
_AREAS = {"primary": HEADER, "secondary_menu": HEADER, "footer_menu": ("footer",)}

# Every list of links that can be seen, whatever block or widget makes it: its area, and its entries with those below them.
_LISTS = f"""async () => {{
    {AREA_OF}
    {UNSEEN_JS}
    const entry = li => li.querySelector(':scope > a[href], :scope > .menu-link, :scope > span > a[href]');
    const lists = [...document.querySelectorAll('ul')].filter(
        ul => !ul.parentElement.closest('li') && areaOf(ul) && [...ul.children].some(entry));
    await settled(lists);
    const title = link => {{
        const copy = link.cloneNode(true);
        copy.querySelectorAll('svg, button, .dropdown-menu-toggle, .screen-reader-text, .wp-block-navigation-item__description')
            .forEach(node => node.remove());
        return copy.textContent;
    }};
    const read = ul => [...ul.children].filter(entry).map(li => {{
        const inner = li.querySelector('ul');
        return {{title: title(entry(li)), href: entry(li).getAttribute('href') || '', children: inner ? read(inner) : []}};
    }});
    return lists.filter(ul => !unseen(ul)).map(ul => [areaOf(ul), read(ul)]);
}}"""


@dataclass(frozen=True)
class ListOfLinks:
    """A list of links that a visitor sees, and the area of the page in which it stands."""

    area: str
    items: tuple[ShownItem, ...]


def lists_of_links(site: Site) -> list[ListOfLinks]:
    """Those of the page that the visitor is on."""
    found: list[list[Any]] = site.page.evaluate(_LISTS)
    return [ListOfLinks(area, tuple(_item(row, site.page.url) for row in rows)) for area, rows in found]


def _item(row: dict[str, Any], base: str) -> ShownItem:
    address = address_of(base, row["href"]) if row["href"] else ""
    return ShownItem(" ".join(row["title"].split()), address, tuple(_item(child, base) for child in row["children"]))


def lists_at(site: Site, location: str) -> list[tuple[ShownItem, ...]]:
    """The lists of links of the front page that stand where the menu of a place of the theme would."""
    site.visit("/")
    areas = _AREAS.get(location, ())
    return [one.items for one in lists_of_links(site) if one.area in areas]


def stored_tree(site: Site, location: str, name: str) -> tuple[ShownItem, ...]:
    """The entries, as they are stored, of the menu of a place of the theme ("" for any), or else of this name; none where there is none."""
    menus = rest_all(site, "wp/v2/menus?context=edit&_fields=id,name,locations")
    placed = [one for one in menus if location and location in one["locations"]]
    menu = next(iter(placed or [one for one in menus if same(name, plain(one["name"]))]), None)
    if menu is None:
        return ()
    query = f"wp/v2/menu-items?context=edit&menus={menu['id']}&_fields=id,title,url,parent,menu_order"
    rows = sorted(rest_all(site, query), key=lambda row: int(row["menu_order"]))

    def below(parent: int) -> tuple[ShownItem, ...]:
        return tuple(
            ShownItem(plain(row["title"]["rendered"]), address_of(site.address, row["url"]), below(row["id"]))
            for row in rows
            if row["parent"] == parent
        )

    return below(0)


def had_a_menu(company: Path, location: str) -> bool:
    """Whether that place of the theme had a menu at first, so that somebody took it away."""
    return location in seeded.menu_locations(company)


def reordered(shown: Sequence[ShownItem], wanted: Sequence[MenuItem]) -> tuple[ShownItem, ...]:
    """What is shown in the order of the wanted entries, those behind that aren't wanted: of a menu whose order is free."""
    left, ordered = list(shown), []
    for item in wanted:
        for alike in (same, nearly_same):
            found = next((one for one in left if alike(item.title, one.title)), None)
            if found is not None:
                left.remove(found)
                ordered.append(replace(found, children=reordered(found.children, item.children)))
                break
    return (*ordered, *left)
