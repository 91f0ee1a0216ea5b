"""The menu that a question asks for, and how a candidate makes or changes it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.wordpress.reading import seeded
from checks.wordpress.reading.menu_tree import (
    CATEGORY,
    LINK,
    PAGE,
    MenuItem,
    relevelled,
    replaced,
    swapped,
    walk,
    without_last,
)
from checks.wordpress.screens import disturbances, markup
from checks.wordpress.screens.disturbances import then
from checks.wordpress.screens.menu_arranging import add, arrange
from checks.wordpress.screens.menu_customizer import MenuCustomizer
from checks.wordpress.screens.menu_editor import MenuEditor, MenuScreen, assign
from provisioner.french.text import same
from provisioner.subject.check import Act, Check, Desk, NearMiss, Refers, Road, Verdict, WantedText
from provisioner.subject.functionalities import fact

TREE = fact("wordpress.menu.menus", "arborescence demandée")
CREATED = fact("wordpress.menu.menus", "créer un menu")
REMOVED = fact("wordpress.menu.menus", "retirer un élément")


class WantedMenu(Check):
    """What is asked of a menu; MenuTree proves it."""

    proves = (CREATED, TREE, CATEGORY, PAGE, LINK, REMOVED)

    menu: Annotated[str, Refers("menus.name")] = Field(
        "Menu principal", description="Le nom du menu au départ ; le candidat peut en créer un autre."
    )
    location: Literal["primary", "secondary_menu", "mobile_menu", "loggedin_account_menu", "footer_menu"] = Field(
        "primary", description="L’emplacement du thème où le menu s’affiche."
    )
    tree: tuple[MenuItem, ...] = Field(
        (),
        description="L’arborescence entière, dans l’ordre ; vide quand seul un retrait est demandé. Si des éléments "
        "y sont à ajouter (added), un élément en plus, que le menu n’avait pas au départ, est à apprécier.",
    )
    created: bool = Field(False, description="Le menu est à créer, sous ce nom.")
    order: Literal["fixed", "free"] = Field(
        "fixed", description="« fixed » : l’ordre de l’arborescence compte ; « free » : il est libre, à chaque niveau."
    )
    entries: tuple[MenuItem, ...] = Field(
        (),
        description="Des éléments à ajouter où que ce soit dans le menu, quand aucune arborescence n’est imposée (tree vide).",
    )
    removed: tuple[WantedText, ...] = Field((), description="Les titres des éléments à retirer du menu.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.tree and not self.removed and not self.entries:
            raise ValueError("tree, entries ou removed doit être demandé")
        if self.entries and (self.tree or self.created):
            raise ValueError("entries est pour un menu du site dont l’arborescence (tree) n’est pas imposée")
        if any(item.children or not (item.page or item.category or item.url) for item in self.entries):
            raise ValueError("un élément de entries dit où il mène (page, category ou url), sans sous-élément")
        if self.created and (self.removed or not self.tree):
            raise ValueError("un menu à créer a une arborescence (tree), et rien à retirer")
        for title in self.removed:
            if any(same(title, item.title) for item in self.items()):
                raise ValueError(f"« {title} » est à la fois demandé dans le menu et à retirer")
        return self

    def facts(self) -> tuple[str, ...]:
        """The tree, each kind of item that is to be added, and what is to be taken out."""
        added = {item.adding for item in self.additions()}
        asked = {CREATED: self.created, TREE: bool(self.tree), REMOVED: bool(self.removed)}
        return tuple(one for one in self.proves if asked.get(one, one in added))

    def items(self) -> list[MenuItem]:
        """Every entry that the menu must have."""
        return [*(item for item, _ in walk(self.tree)), *self.entries]

    def additions(self) -> list[MenuItem]:
        """The entries that are to be added."""
        return [*(item for item, _ in walk(self.tree) if item.added), *self.entries]

    def makes(self) -> Sequence[str]:
        """The menu that is to be created."""
        return (self.menu,) if self.created else ()

    # --- the work -----------------------------------------------------------------------------

    def ways(self) -> Sequence[Act]:
        """The menus' screen, the Customizer, a new menu in the place of the old one."""

        def on_the_screen(desk: Desk) -> None:
            self._arrange(desk, self._screen(desk)).save()

        def in_the_customizer(desk: Desk) -> None:
            self._arrange(desk, self._customizer(desk)).save()

        def placed_afterwards(desk: Desk) -> None:
            self._new_menu(desk, False, self.menu)
            assign(desk, self.location, self.menu)

        ways = [
            Act("dans Apparence > Menus", on_the_screen),
            Act("dans l’outil de personnalisation", in_the_customizer),
        ]
        if self.created:
            ways.append(Act("créé, puis placé dans « Gérer les emplacements »", placed_afterwards))
        elif self.tree and self.order == "fixed":
            ways.append(Act("avec un nouveau menu, mis à cet emplacement", lambda desk: self._new_menu(desk, True)))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """The right tree elsewhere, or not quite the right one here."""

        def unsaved(desk: Desk) -> None:
            self._arrange(desk, self._screen(desk))

        def unpublished(desk: Desk) -> None:
            self._arrange(desk, self._customizer(desk))

        def not_a_new_one(desk: Desk) -> None:
            arrange(desk, MenuScreen.open(desk, "Menu principal"), self.tree).save()

        def demoted(desk: Desk) -> None:
            screen = MenuScreen.open(desk, self.menu)
            index = next(i for i, title in enumerate(screen.titles()) if same(title, self.removed[0]))
            screen.move(index, "right")
            screen.save()

        found = [NearMiss("enregistrement oublié", one, unsaved) for one in self.facts()]
        if self.created:
            found += [
                NearMiss("créé sous un autre nom", CREATED, lambda desk: self._new_menu(desk, True)),
                NearMiss("créé, mais laissé vide", CREATED, lambda desk: MenuScreen.new(desk, self.menu)),
                NearMiss("le menu du site modifié à la place", CREATED, not_a_new_one),
            ]
        if self.removed:
            found += [
                NearMiss("mis en sous-menu au lieu d’être retiré", REMOVED, demoted),
                NearMiss("retiré sans publier la personnalisation", REMOVED, unpublished),
            ]
        if self.tree:
            found += [
                NearMiss("arborescence d’un menu sans emplacement", TREE, lambda desk: self._new_menu(desk, False)),
                NearMiss("personnalisation non publiée", TREE, unpublished),
            ]
        wrong = [("au mauvais niveau", relevelled), ("oublié", without_last)]
        wrong += [("dans le mauvais ordre", swapped)] * (self.order == "fixed")
        for name, made in wrong if len(self.tree) > 1 else ():
            found.append(NearMiss(f"un élément {name}", TREE, self._saved(made(self.tree))))
        return [*found, *(miss for item in self.additions() for miss in self._not_so_added(item))]

    def _not_so_added(self, item: MenuItem) -> list[NearMiss]:
        """The item leading elsewhere, or left out."""
        nowhere = item.model_copy(update={"page": "", "category": "", "url": "#"})
        found = [
            NearMiss(f"« {item.title} » en lien vers « # »", item.adding, self._saved_with(item, nowhere)),
            NearMiss(
                f"« {item.title} » vers l’élément voisin",
                item.adding,
                self._saved_with(item, _neighbour(item, self.company)),
            ),
        ]
        if len(self.items()) > 1:
            found.append(NearMiss(f"« {item.title} » oublié", item.adding, self._saved_with(item, None)))
        return found

    def _saved_with(self, item: MenuItem, other: MenuItem | None) -> Callable[[Desk], None]:
        if not self.entries:
            return self._saved(replaced(self.tree, item, other))
        instead = [now for one in self.entries if (now := other if one == item else one)]

        def run(desk: Desk) -> None:
            screen = self._screen(desk)
            for entry in instead:
                add(desk, screen, entry)
            screen.save()

        return run

    def _saved(self, tree: Sequence[MenuItem]) -> Callable[[Desk], None]:
        """Bring the menu to another tree on its screen, and save."""
        other = self.but(tree=tree)
        return lambda desk: other._arrange(desk, self._screen(desk)).save()

    def _screen(self, desk: Desk) -> MenuScreen:
        """The menu open on its screen; a new one, at its place, where it is to be created."""
        if not self.created:
            return MenuScreen.open(desk, self.menu)
        screen = MenuScreen.new(desk, self.menu)
        screen.place(self.location)
        return screen

    def _customizer(self, desk: Desk) -> MenuCustomizer:
        if self.created:
            return MenuCustomizer.new(desk, self.menu, self.location)
        return MenuCustomizer.open(desk, self.menu)

    def _new_menu(self, desk: Desk, placed: bool, name: str = "") -> None:
        screen = MenuScreen.new(desk, name or f"{self.menu} (nouveau)")
        if placed:
            screen.place(self.location)
        self._arrange(desk, screen).save()

    def _arrange(self, desk: Desk, menu: MenuEditor) -> MenuEditor:
        if self.tree or self.removed:
            arrange(desk, menu, self.tree, self.removed)
        for item in self.entries:
            add(desk, menu, item)
        return menu

    def roads(self) -> Sequence[Road]:
        """The header rebuilt by another question; a menu that another block shows; what is free done otherwise."""
        first, one = self.ways()[0].run, self.facts()[0]
        roads = []
        if self.location == "primary" and not self.created:
            out = partial(disturbances.out_of_header, element="menu-1")
            roads.append(Road("menu retiré ensuite de l’en-tête par le constructeur", one, then(first, out)))
            flat = [(item.title, item.url or f"/{item.page}/") for item in self.tree]
            if flat and not any(item.children or item.category for item in self.tree):
                block = partial(disturbances.header_widget, html=markup.navigation(flat))
                roads.append(Road("bloc Navigation dans l’en-tête à la place du menu", TREE, then(out, block)))
        if self.order == "free":
            turned = self.but(tree=swapped(self.tree))
            roads.append(Road("dans un autre ordre", TREE, turned.ways()[0].run, Verdict.MET))
        if self.entries:
            roads.append(Road("ajouté en sous-menu", one, self._as_sub_items, Verdict.MET))
        return roads

    def _as_sub_items(self, desk: Desk) -> None:
        screen = self._screen(desk)
        self._arrange(desk, screen)
        count = len(screen.titles())
        for index in range(count - len(self.entries), count):
            screen.move(index, "right")
        screen.save()

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
            cls(order="free", tree=(home, products, shops, news, about, contact, engagements)),
            cls(entries=(recipes,)),
            cls(menu="Menu des visiteurs", created=True, tree=(home, shops, contact)),
        )


def _neighbour(item: MenuItem, company: Path) -> MenuItem:
    """The item, leading to another category, page or site."""
    if item.category:
        return item.model_copy(
            update={"category": sorted(seeded.at_first(company, "categories", "slug") - {item.category})[0]}
        )
    if item.page:
        return item.model_copy(update={"page": seeded.other_pages(company, item.page)[0]})
    return item.model_copy(update={"url": "https://www.exemple.test/"})
