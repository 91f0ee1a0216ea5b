"""Menus: the tree that a visitor sees in a place of the site."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.wordpress.reading import seeded
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.menu_shown import Shown, Targets, compared, drawn, menus_called, shown_menu, taken_out
from checks.wordpress.reading.menu_tree import (
    CATEGORY,
    LINK,
    PAGE,
    MenuItem,
    line,
    relevelled,
    replaced,
    swapped,
    walk,
    without_last,
)
from checks.wordpress.screens.menu_arranging import arrange
from checks.wordpress.screens.menu_customizer import MenuCustomizer
from checks.wordpress.screens.menu_editor import MenuEditor, MenuScreen, assign
from provisioner.french.text import nearly_same, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

TREE = fact("wordpress.menu.menus", "arborescence demandée")
CREATED = fact("wordpress.menu.menus", "créer un menu")
REMOVED = fact("wordpress.menu.menus", "retirer un élément")


class MenuTree(Check, id="wordpress.menu.menu_tree"):
    """Le menu d’un emplacement montre l’arborescence demandée, dans l’ordre.

    Le contrôle lit le menu tel qu’un visiteur le voit sur la page d’accueil : titres, liens, sous-menus.
    """

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
    removed: tuple[WantedText, ...] = Field((), description="Les titres des éléments à retirer du menu.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.tree and not self.removed:
            raise ValueError("tree ou removed doit être demandé")
        if self.created and (self.removed or not self.tree):
            raise ValueError("un menu à créer a une arborescence (tree), et rien à retirer")
        for title in self.removed:
            if any(same(title, item.title) for item, _ in walk(self.tree)):
                raise ValueError(f"« {title} » est à la fois dans l’arborescence et à retirer")
        return self

    def facts(self) -> tuple[str, ...]:
        """The tree, each kind of item that is to be added, and what is to be taken out."""
        added = {item.adding for item, _ in walk(self.tree) if item.added}
        asked = {CREATED: self.created, TREE: bool(self.tree), REMOVED: bool(self.removed)}
        return tuple(one for one in self.proves if asked.get(one, one in added))

    def makes(self) -> Sequence[str]:
        """The menu that is to be created."""
        return (self.menu,) if self.created else ()

    # --- the verdict --------------------------------------------------------------------------

    def verify(self, site: Site) -> list[Finding]:
        """The menu of that place as the front page shows it."""
        seen = shown_menu(site, self.location)
        targets = Targets(site, self.tree)
        shot = site.shot("le menu sur la page d’accueil", mark=site.page.locator("ul:has(> li.menu-item)"))
        note = site.note("le menu affiché", f"{seen.where}\n\n{drawn(seen.items) or 'rien'}")
        found = []
        for one in self.facts():
            if one == CREATED:
                verdict, expected, observed = self._is_there(site)
            elif one == TREE:
                verdict, expected, observed = self._whole(seen, targets)
            elif one == REMOVED:
                verdict, expected, observed = self._taken_out(site, seen)
            else:
                verdict, expected, observed = self._added(one, seen, targets)
            found.append(Finding(one, verdict, expected, f"{observed} ({seen.where})", (shot, note)))
        return found

    def _is_there(self, site: Site) -> tuple[Verdict, str, str]:
        names = {name: number for number, name in menus_called(site)}
        named = [name for name in names if same(self.menu, name)]
        near = [name for name in names if nearly_same(self.menu, name)]
        expected = f"un menu nommé « {self.menu} », avec des éléments"
        lost = [old for old in seeded.at_first("menus", "name") if not any(same(old, name) for name in names)]
        said = f" ; à lire : {quoted(lost)} n’y est plus, peut-être renommé" if lost else ""
        for verdict, alike in ((Verdict.TO_JUDGE if lost else Verdict.MET, named), (Verdict.TO_JUDGE, near)):
            for name in alike:
                if items := len(rest_all(site, f"wp/v2/menu-items?context=edit&menus={names[name]}&_fields=id")):
                    return verdict, expected, f"« {name} » a {items} élément(s){said}"
        observed = f"« {named[0]} » est vide" if named else f"les menus du site sont {quoted(names)}"
        return Verdict.NOT_MET, expected, observed

    def _whole(self, seen: Shown, targets: Targets) -> tuple[Verdict, str, str]:
        adds = not self.created and any(item.added for item, _ in walk(self.tree))
        own = (*seeded.entries(self.menu), *self.removed) if adds else None
        verdict, observed = compared(self.tree, seen, targets, own)
        return verdict, f"menu affiché : {line(self.tree)}", observed

    def _taken_out(self, site: Site, seen: Shown) -> tuple[Verdict, str, str]:
        wanted = [item.title for item, _ in walk(self.tree)]
        verdict, observed = taken_out(site, self.removed, wanted, seeded.entries(self.menu), seen)
        return verdict, f"sans {quoted(self.removed)}", observed

    def _added(self, one: str, seen: Shown, targets: Targets) -> tuple[Verdict, str, str]:
        wanted = [item for item, _ in walk(self.tree) if item.added and item.adding == one]
        known = [*seeded.entries(self.menu), *(item.title for item, _ in walk(self.tree))]
        strangers = [one for one, _ in walk(seen.items) if not any(same(title, one.title) for title in known)]
        faults, unsure = [], []
        for item in wanted:
            named = [shown for shown, _ in walk(seen.items) if same(item.title, shown.title)]
            near = [shown for shown, _ in walk(seen.items) if nearly_same(item.title, shown.title)]
            if any(targets.reached(item, shown) for shown in named):
                continue
            if close := next((shown for shown in near if targets.reached(item, shown)), None):
                unsure.append(f"à lire : « {close.title} » pour « {item.title} »")
            elif named:
                faults.append(f"« {item.title} » mène à {named[0].address or 'rien'}")
            elif other := next((shown for shown in strangers if targets.reached(item, shown)), None):
                unsure.append(f"à lire : « {item.title} » y est sous le titre « {other.title} »")
            else:
                faults.append(f"« {item.title} » n’y est pas")
        expected = ", ".join(f"« {item.title} » vers {targets.french(item)}" for item in wanted)
        if seen.unseen:
            unsure.append(f"à lire : un visiteur ne voit pas ce menu sur un ordinateur : {seen.unseen}")
        verdict = Verdict.NOT_MET if faults else Verdict.TO_JUDGE if unsure else Verdict.MET
        return verdict, f"ajouté au menu : {expected}", " ; ".join([*faults, *unsure]) or "ajouté"

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
        elif self.tree:
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
        wrong = (("dans le mauvais ordre", swapped), ("au mauvais niveau", relevelled), ("oublié", without_last))
        for name, made in wrong if len(self.tree) > 1 else ():
            found.append(NearMiss(f"un élément {name}", TREE, self._saved(made(self.tree))))
        return [*found, *(miss for item, _ in walk(self.tree) if item.added for miss in self._not_so_added(item))]

    def _not_so_added(self, item: MenuItem) -> list[NearMiss]:
        """The item leading elsewhere, or left out."""
        nowhere = item.model_copy(update={"page": "", "category": "", "url": "#"})
        found = [
            NearMiss(f"« {item.title} » en lien vers « # »", item.adding, self._saved_with(item, nowhere)),
            NearMiss(f"« {item.title} » vers l’élément voisin", item.adding, self._saved_with(item, _neighbour(item))),
        ]
        if len(self.tree) > 1:
            found.append(NearMiss(f"« {item.title} » oublié", item.adding, self._saved_with(item, None)))
        return found

    def _saved_with(self, item: MenuItem, other: MenuItem | None) -> Callable[[Desk], None]:
        return self._saved(replaced(self.tree, item, other))

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
        return arrange(desk, menu, self.tree, self.removed)

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
            cls(menu="Menu des visiteurs", created=True, tree=(home, shops, contact)),
        )


def _neighbour(item: MenuItem) -> MenuItem:
    """The item, leading to another category, page or site."""
    if item.category:
        return item.model_copy(update={"category": "evenements" if item.category != "evenements" else "recettes"})
    if item.page:
        return item.model_copy(update={"page": "contact" if item.page != "contact" else "nos-produits"})
    return item.model_copy(update={"url": "https://www.exemple.test/"})
