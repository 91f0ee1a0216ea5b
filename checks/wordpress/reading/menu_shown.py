"""What a visitor sees of a menu, and how it differs from the wanted tree."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checks.visibility import UNSEEN_JS
from checks.wordpress.reading import seeded
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.contents import address_of, leads_to, plain
from checks.wordpress.reading.destinations import addresses, followed, one_leads_to
from checks.wordpress.reading.menu_tree import MenuItem, ShownItem, line, walk
from checks.wordpress.reading.wording import address_said, agreed, leads, of_quoted
from provisioner.french.text import nearly_same, quoted, same, slug_of
from provisioner.subject.check import Site, Verdict

#: The places of the theme, as its screens call them.
LOCATIONS = {
    "primary": "« Menu principal »",
    "secondary_menu": "« Menu secondaire »",
    "mobile_menu": "« Menu hors-champ »",
    "loggedin_account_menu": "« Menu du compte connecté »",
    "footer_menu": "« Menu de pied de page »",
}
#: What an entry of a menu leads to, as the site's interface calls it.
_PLACES = ("pages", "posts", "categories")


@dataclass(frozen=True)
class Shown:
    """The menu of a place: which one it is, and what the front page shows of it."""

    where: str
    fault: str
    items: tuple[ShownItem, ...]
    #: Why a visitor with a computer can't see it; "" where he can.
    unseen: str = ""


class Targets:
    """Where the wanted items lead: addresses of pages and categories, whatever the permalinks are."""

    def __init__(self, site: Site, tree: Sequence[MenuItem]) -> None:
        self._site = site
        items = [item for item, _ in walk(tree)]
        self._pages = addresses(site, ["pages"], {item.page for item in items if item.page})
        self._categories = addresses(site, ["categories"], {item.category for item in items if item.category})

    def _wanted(self, item: MenuItem) -> Sequence[str]:
        """Where it may lead; nothing when any address will do."""
        if item.page:
            return self._pages[item.page] or [f"{self._site.address}/{item.page}/"]
        if item.category:
            return self._categories[item.category] or [f"{self._site.address}/category/{item.category}/"]
        return [item.url] if item.url else []

    def reached(self, item: MenuItem, shown: ShownItem) -> bool:
        """Whether what is shown leads there, be it by an address that sends on to another."""
        wanted, site = self._wanted(item), self._site
        if not wanted or any(leads_to(shown.address, one, site.address) for one in wanted):
            return True
        end = followed(site, shown.address)
        return any(leads_to(end, one, site.address) for one in wanted)

    def french(self, item: MenuItem) -> str:
        """Where it leads, as a reader wants to know it."""
        if item.category:
            return f"la catégorie « {seeded.title_of(self._site.company, item.category, ('categories',))} »"
        return f"la page « {seeded.title_of(self._site.company, item.page, ('pages',))} »" if item.page else item.url


def menus_called(site: Site) -> list[tuple[int, str]]:
    """The number and the name of every menu."""
    return [(menu["id"], plain(menu["name"])) for menu in rest_all(site, "wp/v2/menus?context=edit&_fields=id,name")]


def entries_called(site: Site, name: str) -> tuple[list[int], bool]:
    """The numbers of the entries of the menus of that name, and whether it is theirs exactly.

    Where none has it, those of menus that a slip keeps from it: the candidate may have made one.
    """
    menus = menus_called(site)
    exactly = [number for number, called in menus if same(name, called)]
    meant = exactly or [number for number, called in menus if nearly_same(name, called)]
    query = "wp/v2/menu-items?context=edit&menus={}&_fields=id"
    return [item["id"] for number in meant for item in rest_all(site, query.format(number))], bool(exactly)


def made_instead(site: Site, stands: Callable[[Sequence[int]], bool]) -> str:
    """A menu that the candidate made and whose entries stand there: another question's, perhaps, in this one's stead."""
    for _, name in menus_called(site):
        own = any(same(name, one) for one in seeded.at_first(site.company, "menus", "name"))
        if not own and stands(entries_called(site, name)[0]):
            return name
    return ""


def shown_menu(site: Site, location: str) -> Shown:
    """What the front page shows of the menu that has this place."""
    menus: list[dict[str, Any]] = rest_all(site, "wp/v2/menus?context=edit&_fields=id,name,locations")
    menu = next((m for m in menus if location in m["locations"]), None)
    if menu is None:
        site.visit("/")
        where = f"aucun menu n’est affecté à l’emplacement {LOCATIONS.get(location, location)}"
        return Shown(where, "aucun menu n’est affiché", ())
    items = rest_all(site, f"wp/v2/menu-items?context=edit&menus={menu['id']}&_fields=id")
    idle = [plain(m["name"]) for m in menus if not m["locations"]]
    name = plain(menu["name"])
    where = f"emplacement {LOCATIONS.get(location, location)} : menu « {name} »"
    if idle:
        where += f" ; {'menu' if len(idle) == 1 else 'menus'} sans emplacement : {quoted(idle)}"
    page = site.visit("/")
    tree = page.evaluate(_READ, [item["id"] for item in items])
    if not tree:
        return Shown(where, f"la page d’accueil n’affiche pas le menu « {name} »", ())
    return Shown(where, "", tuple(_item(row, page.url) for row in tree["items"]), tree["unseen"])


def _item(row: dict[str, Any], base: str) -> ShownItem:
    href = (row["href"] or "").strip()
    address = address_of(base, href) if href else ""
    return ShownItem(" ".join(row["title"].split()), address, tuple(_item(child, base) for child in row["children"]))


# Finds the list whose entries are these items: the first that can be seen, since themes print a menu
# again for small screens. What a theme adds to an entry (arrows, words for screen readers) is left out.
_READ = r"""async ids => {
    __UNSEEN__
    const own = li => ids.some(id => li.classList.contains(`menu-item-${id}`));
    const lists = [...document.querySelectorAll('ul')].filter(
        ul => !ul.parentElement.closest('li.menu-item') && [...ul.children].some(own));
    await settled(lists);
    const list = lists.find(ul => !unseen(ul)) || lists[0];
    const title = link => {
        const copy = link.cloneNode(true);
        copy.querySelectorAll('svg, button, .dropdown-menu-toggle, .screen-reader-text, .menu-item-description')
            .forEach(node => node.remove());
        return copy.textContent;
    };
    const read = ul => [...ul.children].filter(li => li.matches('li.menu-item')).map(li => {
        const link = li.querySelector(':scope > a') || li.querySelector('a') || li;
        const inner = li.querySelector(':scope > ul') || li.querySelector('ul');
        return {title: title(link), href: link.getAttribute('href'), children: inner ? read(inner) : []};
    });
    return list ? {items: read(list), unseen: unseen(list)} : null;
}""".replace("__UNSEEN__", UNSEEN_JS)


def difference(
    wanted: Sequence[MenuItem],
    shown: Sequence[ShownItem],
    targets: Targets,
    alike: Callable[[str, str], bool] = same,
    under: str = "",
) -> str:
    """The first thing that differs, as a French sentence; empty when nothing does. `alike` compares titles.

    Where an item leads that is to be added is a fact of its own.
    """
    where = f" sous « {under} »" if under else ""
    for index, item in enumerate(wanted):
        if index >= len(shown):
            return f"il manque « {item.title} »{where}"
        there = shown[index]
        if not alike(item.title, there.title):
            return f"« {there.title} » à la place {of_quoted(item.title)}{where}"
        if not item.added and not targets.reached(item, there):
            return f"{leads(item.title, there.address)}, et non à {targets.french(item)}"
        if deeper := difference(item.children, there.children, targets, alike, item.title):
            return deeper
    if len(shown) > len(wanted):
        more = shown[len(wanted)].title
        return f"« {more} » ne doit pas être{where}" if where else f"« {more} » est en trop"
    return ""


def compared(
    wanted: Sequence[MenuItem], seen: Shown, targets: Targets, own: Sequence[str] | None
) -> tuple[Verdict, str]:
    """The verdict on a whole tree, and what was observed.

    `own` are the titles that the menu had at first and those that were to go, where the work is to add to it: what is
    neither of them nor wanted ("Ajouter automatiquement les pages" puts every new page there) is for a person to read.
    """
    fault = seen.fault or difference(wanted, seen.items, targets)
    if not fault and seen.unseen:
        return (
            Verdict.TO_JUDGE,
            f"à lire : l’arborescence est celle demandée, mais un visiteur ne voit pas ce menu sur un ordinateur : {seen.unseen}",
        )
    if not fault:
        return Verdict.MET, "l’arborescence demandée"
    if seen.fault:
        return Verdict.NOT_MET, fault
    observed = f"première différence : {fault} – affiché : {line(seen.items)}"
    if not difference(wanted, seen.items, targets, nearly_same):
        return Verdict.TO_JUDGE, f"{observed} ; à lire : à une ou deux lettres près, c’est l’arborescence demandée"
    for alike in (same, nearly_same) if own is not None else ():
        rest, more = _parted(seen.items, [*(own or ()), *(item.title for item, _ in walk(wanted))], alike)
        if more and not difference(wanted, rest, targets, alike):
            return (
                Verdict.TO_JUDGE,
                f"à lire, en plus de ce qui est demandé : {quoted(more)} – affiché : {line(seen.items)}",
            )
    return Verdict.NOT_MET, observed


def taken_out(
    site: Site, removed: Sequence[str], wanted: Sequence[str], own: Collection[str], seen: Shown
) -> tuple[Verdict, str]:
    """The verdict on the titles that were to go, and what was observed.

    `own` are the titles that the menu had at first: an entry that is neither of them nor wanted may be the one that was
    to go, under another label.
    """
    shown = [item for item, _ in walk(seen.items)]
    left = [t for t in removed if any(same(t, one.title) for one in shown)]
    strangers = [one for one in shown if not any(same(title, one.title) for title in wanted)]
    near = [one.title for one in strangers if any(nearly_same(t, one.title) for t in removed)]
    titles = (*(one.title for one in shown), *removed)
    gone = [] if wanted else [title for title in own if not any(same(title, one) for one in titles)]
    absent = agreed(removed, "n’est plus dans le menu", "ne sont plus dans le menu")
    if left:
        return Verdict.NOT_MET, agreed(left, "s’affiche encore", "s’affichent encore")
    if seen.fault:
        return Verdict.NOT_MET, seen.fault
    if near:
        return Verdict.TO_JUDGE, f"à lire : {agreed(near, 'y est', 'y sont')} encore, à une ou deux lettres près"
    if renamed := _leading_there(site, removed, [one for one in strangers if not any(same(t, one.title) for t in own)]):
        return (
            Verdict.TO_JUDGE,
            f"à lire : {agreed(renamed, 'mène', 'mènent')} encore là où menait {' ou '.join(quoted([t]) for t in removed)}",
        )
    if gone:
        return Verdict.TO_JUDGE, f"{absent} ; à lire : {agreed(gone, 'n’y est', 'n’y sont')} plus non plus"
    return Verdict.MET, absent


def _leading_there(site: Site, removed: Sequence[str], shown: Sequence[ShownItem]) -> list[str]:
    """The titles of those that lead to what is called as an entry that was to go: entries have the titles of pages."""
    names = {name for title in removed for name in (title, slug_of(title))} if shown else ()
    places = [link for links in addresses(site, _PLACES, names).values() for link in links]
    return [one.title for one in shown if any(one_leads_to(site, [one.address], link) for link in places)]


def _parted(
    items: Sequence[ShownItem], known: Sequence[str], alike: Callable[[str, str], bool]
) -> tuple[tuple[ShownItem, ...], list[str]]:
    """The tree without the entries whose title isn't known and what is below them; and their titles."""
    kept, more = [], []
    for item in items:
        if not any(alike(one, item.title) for one in known):
            more.append(item.title)
            continue
        children, others = _parted(item.children, known, alike)
        kept.append(replace(item, children=children))
        more += others
    return tuple(kept), more


def drawn(tree: Sequence[ShownItem]) -> str:
    """A tree with a line for each item, sub-items further in."""
    return "\n".join(f"{'    ' * depth}- {item.title} : {address_said(item.address)}" for item, depth in walk(tree))
