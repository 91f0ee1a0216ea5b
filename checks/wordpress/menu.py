"""Menus: the tree that a visitor sees in a place of the site."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self, TypeVar
from urllib.parse import urljoin

from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.wordpress.menu_screens import MenuCustomizer, MenuEditor, MenuScreen
from checks.wordpress.pages import rest_all
from checks.wordpress.reading import leads_to
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, finding
from provisioner.config import fact
from provisioner.text import same

TREE = fact("wordpress.menu.menus", "arborescence demandée")
REMOVED = fact("wordpress.menu.menus", "retirer un élément")
CATEGORY = fact("wordpress.menu.ajouter", "catégorie")
PAGE = fact("wordpress.menu.ajouter", "page")
LINK = fact("wordpress.menu.ajouter", "lien personnalisé")


class MenuItem(BaseModel):
    """Un élément du menu : son titre, ce vers quoi il mène, ses sous-éléments."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1, description="Le titre qui s’affiche dans le menu.")
    page: Annotated[str, Refers("pages.slug")] = Field("", description="L’identifiant (slug) de la page du site.")
    category: Annotated[str, Refers("categories.slug")] = Field("", description="L’identifiant (slug) de la catégorie.")
    url: str = Field("", description="L’adresse d’un lien personnalisé : un chemin du site, ou une adresse entière.")
    added: bool = Field(False, description="L’élément n’est pas dans le menu au départ : l’ajouter est demandé.")
    children: "tuple[MenuItem, ...]" = Field((), description="Les sous-éléments, dans l’ordre.")

    @model_validator(mode="after")
    def _leads_to_one_thing(self) -> Self:
        if sum(map(bool, (self.page, self.category, self.url))) > 1:
            raise ValueError("un élément mène à une page, à une catégorie ou à une adresse, pas à plusieurs")
        if self.added and not (self.page or self.category or self.url):
            raise ValueError("un élément à ajouter dit où il mène : page, category ou url")
        return self

    @property
    def adding(self) -> str:
        """The fact that adding it proves."""
        return CATEGORY if self.category else PAGE if self.page else LINK


class MenuTree(Check, id="wordpress.menu.menu_tree"):
    """Le menu d’un emplacement montre l’arborescence demandée, dans l’ordre.

    Le contrôle lit le menu tel qu’un visiteur le voit sur la page d’accueil : titres, liens, sous-menus.
    """

    proves = (TREE, CATEGORY, PAGE, LINK, REMOVED)

    menu: Annotated[str, Refers("menus.name")] = Field(
        "Menu principal", description="Le nom du menu au départ ; le candidat peut en créer un autre."
    )
    location: str = Field("primary", description="L’emplacement du thème où le menu s’affiche.")
    tree: tuple[MenuItem, ...] = Field(
        (), description="L’arborescence entière, dans l’ordre ; vide quand seul un retrait est demandé."
    )
    removed: tuple[str, ...] = Field((), description="Les titres des éléments à retirer du menu.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.tree and not self.removed:
            raise ValueError("tree ou removed doit être demandé")
        for title in self.removed:
            if any(same(title, item.title) for item, _ in _walk(self.tree)):
                raise ValueError(f"« {title} » est à la fois dans l’arborescence et à retirer")
        return self

    def facts(self) -> tuple[str, ...]:
        """The tree, each kind of item that is to be added, and what is to be taken out."""
        added = {item.adding for item, _ in _walk(self.tree) if item.added}
        asked = {TREE: bool(self.tree), REMOVED: bool(self.removed)}
        return tuple(one for one in self.proves if asked.get(one, one in added))

    # --- the verdict --------------------------------------------------------------------------

    def verify(self, site: Site) -> list[Finding]:
        """The menu of that place as the front page shows it."""
        seen = _shown(site, self.location)
        targets = _Targets(site, self.tree)
        shot = site.shot("le menu sur la page d’accueil")
        note = site.note("le menu affiché", f"{seen.where}\n\n{_drawn(seen.items) or 'rien'}")
        found = []
        for one in self.facts():
            if one == TREE:
                fault = seen.fault or _difference(self.tree, seen.items, targets)
                expected = f"menu affiché : {_line(self.tree)}"
                observed = f"{fault} – affiché : {_line(seen.items)}" if fault else "l’arborescence demandée"
                met = not fault
            elif one == REMOVED:
                left = [t for t in self.removed if any(same(t, item.title) for item, _ in _walk(seen.items))]
                expected = f"sans {_quoted(self.removed)}"
                observed = f"encore affiché : {_quoted(left)}" if left else seen.fault or "absent du menu"
                met = not left and not seen.fault
            else:
                met, expected, observed = self._added(one, seen, targets)
            found.append(finding(one, met, expected, f"{observed} ({seen.where})", shot, note))
        return found

    def _added(self, one: str, seen: "_Shown", targets: "_Targets") -> tuple[bool, str, str]:
        wanted = [item for item, _ in _walk(self.tree) if item.added and item.adding == one]
        faults = []
        for item in wanted:
            named = [shown for shown, _ in _walk(seen.items) if same(item.title, shown.title)]
            if not any(targets.reached(item, shown) for shown in named):
                faults.append(
                    f"« {item.title} » mène à {named[0].address or 'rien'}"
                    if named
                    else f"« {item.title} » n’y est pas"
                )
        expected = ", ".join(f"« {item.title} » vers {targets.french(item)}" for item in wanted)
        return not faults, f"ajouté au menu : {expected}", " ; ".join(faults) or "ajouté"

    # --- the work -----------------------------------------------------------------------------

    def ways(self) -> Sequence[Act]:
        """The menus' screen, the Customizer, a new menu in the place of the old one."""

        def on_the_screen(desk: Desk) -> None:
            self._arrange(desk, MenuScreen.open(desk, self.menu)).save()

        def in_the_customizer(desk: Desk) -> None:
            self._arrange(desk, MenuCustomizer.open(desk, self.menu)).save()

        ways = [
            Act("dans Apparence > Menus", on_the_screen),
            Act("dans l’outil de personnalisation", in_the_customizer),
        ]
        if self.tree:
            ways.append(Act("avec un nouveau menu, mis à cet emplacement", lambda desk: self._new_menu(desk, True)))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """The right tree elsewhere, or not quite the right one here."""

        def kept(check: Self) -> Callable[[Desk], None]:
            return lambda desk: check._arrange(desk, MenuScreen.open(desk, self.menu)).save()

        def unsaved(desk: Desk) -> None:
            self._arrange(desk, MenuScreen.open(desk, self.menu))

        def unpublished(desk: Desk) -> None:
            self._arrange(desk, MenuCustomizer.open(desk, self.menu))

        def demoted(desk: Desk) -> None:
            screen = MenuScreen.open(desk, self.menu)
            index = next(i for i, title in enumerate(screen.titles()) if same(title, self.removed[0]))
            screen.move(index, "right")
            screen.save()

        found = [NearMiss("enregistrement oublié", one, unsaved) for one in self.facts()]
        if self.removed:
            found += [
                NearMiss("mis en sous-menu au lieu d’être retiré", REMOVED, demoted),
                NearMiss("retiré sans publier la personnalisation", REMOVED, unpublished),
            ]
        if self.tree:
            found += [
                NearMiss("arborescence d’un menu sans emplacement", TREE, lambda desk: self._new_menu(desk, False)),
                NearMiss("personnalisation non publiée", TREE, unpublished),
                NearMiss("deux éléments dans le mauvais ordre", TREE, kept(self.but(tree=_swapped(self.tree)))),
                NearMiss("un élément au mauvais niveau", TREE, kept(self.but(tree=_relevelled(self.tree)))),
                NearMiss("un élément oublié", TREE, kept(self.but(tree=_without_last(self.tree)))),
            ]
        for item in (item for item, _ in _walk(self.tree) if item.added):
            elsewhere = item.model_copy(update={"page": "", "category": "", "url": "#"})
            neighbour = item.model_copy(
                update={"category": "evenements" if item.category != "evenements" else "recettes"}
                if item.category
                else {"page": "contact" if item.page != "contact" else "nos-produits"}
                if item.page
                else {"url": "https://www.exemple.test/"}
            )
            found += [
                NearMiss(f"« {item.title} » en lien vers « # »", item.adding, kept(self._with(item, elsewhere))),
                NearMiss(f"« {item.title} » vers l’élément voisin", item.adding, kept(self._with(item, neighbour))),
                NearMiss(f"« {item.title} » oublié", item.adding, kept(self._with(item, None))),
            ]
        return found

    def _with(self, item: MenuItem, other: MenuItem | None) -> Self:
        return self.but(tree=_replaced(self.tree, item, other))

    def _new_menu(self, desk: Desk, placed: bool) -> None:
        screen = MenuScreen.new(desk, f"{self.menu} (nouveau)")
        if placed:
            screen.place(self.location)
        self._arrange(desk, screen).save()

    def _arrange(self, desk: Desk, menu: MenuEditor) -> MenuEditor:
        """Bring the menu that is open to the tree, one step of its screen after the other."""
        wanted = list(_walk(self.tree))
        if not wanted:
            for title in self.removed:
                menu.remove(next(i for i, seen in enumerate(menu.titles()) if same(title, seen)))
            return menu
        for index, title in reversed(list(enumerate(menu.titles()))):
            if not any(same(title, item.title) for item, _ in wanted):
                menu.remove(index)
        for item, _ in wanted:
            if not any(same(item.title, title) for title in menu.titles()):
                _add(desk, menu, item)
        for index in range(len(wanted)):
            for _ in range(menu.depth(index)):
                menu.move(index, "left")
        for index, (item, _) in enumerate(wanted):
            now = next(i for i, title in enumerate(menu.titles()) if i >= index and same(item.title, title))
            for step in range(now, index, -1):
                menu.move(step, "up")
        for index, (_, depth) in enumerate(wanted):
            for _ in range(depth):
                menu.move(index, "right")
        return menu

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Sub-menus with a page and a category; a link added and an item taken out."""
        pages = {
            "accueil": "Accueil",
            "qui-sommes-nous": "Qui sommes-nous ?",
            "nos-produits": "Nos produits",
            "nos-boutiques": "Nos boutiques",
            "actualites": "Actualités",
            "contact": "Contact",
        }
        home, about, products, shops, news, contact = (MenuItem(title=t, page=p) for p, t in pages.items())
        engagements = MenuItem(title="Nos engagements", page="nos-engagements", added=True)
        recipes = MenuItem(title="Recettes", category="recettes", added=True)
        shop = MenuItem(title="Boutique en ligne", url="https://boutique.biscuiterie.test/", added=True)
        return (
            cls(
                tree=(
                    home,
                    about.model_copy(update={"children": (engagements,)}),
                    products,
                    shops,
                    news.model_copy(update={"children": (recipes,)}),
                    contact,
                )
            ),
            cls(tree=(home, products, shop, shops, news, about), removed=("Contact",)),
            cls(removed=("Actualités",)),
        )


# --- what is shown ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Item:
    """An item as it is shown; `address` is whole, or "#…" as it is written."""

    title: str
    address: str
    children: "tuple[_Item, ...]" = ()


@dataclass(frozen=True)
class _Shown:
    """The menu of a place: which one it is, and what the front page shows of it."""

    where: str
    fault: str
    items: tuple[_Item, ...]


class _Targets:
    """Where the wanted items lead: addresses of pages and categories, whatever the permalinks are."""

    def __init__(self, site: Site, tree: Sequence[MenuItem]) -> None:
        self._site = site.address
        items = [item for item, _ in _walk(tree)]
        self._pages = self._links(site, "pages", [item.page for item in items if item.page])
        self._categories = self._links(site, "categories", [item.category for item in items if item.category])

    @staticmethod
    def _links(site: Site, route: str, slugs: Sequence[str]) -> dict[str, str]:
        if not slugs:
            return {}
        found = rest_all(site, f"wp/v2/{route}?slug={','.join(slugs)}&_fields=slug,link")
        return {item["slug"]: item["link"] for item in found}

    def address(self, item: MenuItem) -> str:
        """Where it leads; nothing when any address will do."""
        if item.page:
            return self._pages.get(item.page, f"{self._site}/{item.page}/")
        if item.category:
            return self._categories.get(item.category, f"{self._site}/category/{item.category}/")
        return item.url

    def reached(self, item: MenuItem, shown: _Item) -> bool:
        """Whether what is shown leads there."""
        wanted = self.address(item)
        return not wanted or leads_to(shown.address, wanted, self._site)

    def french(self, item: MenuItem) -> str:
        """Where it leads, as a reader wants to know it."""
        if item.category:
            return f"la catégorie {item.category}"
        return f"la page {item.page}" if item.page else item.url


def _shown(site: Site, location: str) -> _Shown:
    menus: list[dict[str, Any]] = rest_all(site, "wp/v2/menus?context=edit&_fields=id,name,locations")
    menu = next((m for m in menus if location in m["locations"]), None)
    if menu is None:
        site.visit("/")
        where = f"aucun menu n’est affecté à l’emplacement « {location} »"
        return _Shown(where, "rien n’est affiché", ())
    items = rest_all(site, f"wp/v2/menu-items?context=edit&menus={menu['id']}&_fields=id")
    idle = [m["name"] for m in menus if not m["locations"]]
    where = f"emplacement « {location} » : menu « {menu['name']} »"
    if idle:
        where += f" ; sans emplacement : {_quoted(idle)}"
    page = site.visit("/")
    tree = page.evaluate(_READ, [item["id"] for item in items])
    if not tree:
        return _Shown(where, "la page d’accueil ne l’affiche pas", ())
    return _Shown(where, "", tuple(_item(row, page.url) for row in tree))


def _item(row: dict[str, Any], base: str) -> _Item:
    href = (row["href"] or "").strip()
    address = href if href.startswith("#") or not href else urljoin(base, href)
    return _Item(" ".join(row["title"].split()), address, tuple(_item(child, base) for child in row["children"]))


# Finds the list whose entries are these items: the first that can be seen, since themes print a menu
# again for small screens. What a theme adds to an entry (arrows, words for screen readers) is left out.
_READ = r"""ids => {
    const own = li => ids.some(id => li.classList.contains(`menu-item-${id}`));
    const lists = [...document.querySelectorAll('ul')].filter(
        ul => !ul.parentElement.closest('li.menu-item') && [...ul.children].some(own));
    const list = lists.find(ul => ul.checkVisibility()) || lists[0];
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
    return list ? read(list) : null;
}"""


def _difference(wanted: Sequence[MenuItem], shown: Sequence[_Item], targets: _Targets, under: str = "") -> str:
    """The first thing that differs, as a French sentence; empty when nothing does."""
    where = f" sous « {under} »" if under else ""
    for index, item in enumerate(wanted):
        if index >= len(shown):
            return f"il manque « {item.title} »{where}"
        there = shown[index]
        if not same(item.title, there.title):
            return f"« {there.title} » à la place de « {item.title} »{where}"
        if not targets.reached(item, there):
            return f"« {item.title} » mène à {there.address or 'rien'}"
        if deeper := _difference(item.children, there.children, targets, item.title):
            return deeper
    if len(shown) > len(wanted):
        return f"« {shown[len(wanted)].title} » est en trop{where}"
    return ""


# --- trees --------------------------------------------------------------------------------------

_Node = TypeVar("_Node", MenuItem, _Item)


def _walk(tree: Sequence[_Node], depth: int = 0) -> Iterator[tuple[_Node, int]]:
    """Every item with its depth, sub-items after their parents."""
    for item in tree:
        yield item, depth
        yield from _walk(item.children, depth + 1)


def _replaced(tree: Sequence[MenuItem], item: MenuItem, other: MenuItem | None) -> tuple[MenuItem, ...]:
    """The tree with another item in the place of this one, or with none."""
    return tuple(
        now.model_copy(update={"children": _replaced(now.children, item, other)})
        for now in (other if one == item else one for one in tree)
        if now is not None
    )


def _swapped(tree: Sequence[MenuItem]) -> tuple[MenuItem, ...]:
    """The tree with its first two items changed over."""
    return (*reversed(tree[:2]), *tree[2:])


def _relevelled(tree: Sequence[MenuItem]) -> tuple[MenuItem, ...]:
    """The tree with its first sub-item beside its parent, or where there is none, its last item under the one before."""
    for index, item in enumerate(tree):
        if item.children:
            parent = item.model_copy(update={"children": item.children[1:]})
            return (*tree[:index], parent, item.children[0], *tree[index + 1 :])
    return (*tree[:-2], tree[-2].model_copy(update={"children": (tree[-1],)}))


def _without_last(tree: Sequence[MenuItem]) -> tuple[MenuItem, ...]:
    """The tree without the item that is added last, or without its last."""
    items = [item for item, _ in _walk(tree)]
    added = [item for item in items if item.added]
    return _replaced(tree, (added or items)[-1], None)


def _add(desk: Desk, menu: MenuEditor, item: MenuItem) -> None:
    """Add an item at the end, and give it its title."""
    if item.page:
        menu.add_page(item.page)
    elif item.category:
        menu.add_category(item.category)
    else:
        menu.add_link(item.title, desk.address + item.url if item.url.startswith("/") else item.url or "#")
    last = len(menu.titles()) - 1
    if not same(item.title, menu.titles()[last]):
        menu.rename(last, item.title)


def _line(tree: Sequence[MenuItem] | Sequence[_Item]) -> str:
    """A tree on one line: "Accueil, Actualités (Recettes), Contact"."""
    return ", ".join(item.title + (f" ({_line(item.children)})" if item.children else "") for item in tree) or "rien"


def _drawn(tree: Sequence[_Item]) -> str:
    return "\n".join(f"{'    ' * depth}- {item.title} : {item.address or 'sans lien'}" for item, depth in _walk(tree))


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"« {text} »" for text in texts)
