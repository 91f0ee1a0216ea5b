"""Appearance: where on the page a menu stands."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field

from checks.wordpress.reading import seeded
from checks.wordpress.reading.areas import FRENCH, menu_areas
from checks.wordpress.reading.content_verdicts import doubted
from checks.wordpress.reading.menu_shown import entries_called, made_instead, menus_called
from checks.wordpress.reading.other_menus import lists_of_links, stored_tree
from checks.wordpress.reading.wording import listed
from checks.wordpress.screens import disturbances, markup
from checks.wordpress.screens.builder import Builder
from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.menu_customizer import choose_location
from checks.wordpress.screens.menu_editor import MenuScreen, assign
from checks.wordpress.screens.widget_editor import WidgetScreen
from provisioner.french.text import nearly_same, plainly, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, finding
from provisioner.subject.functionalities import fact

PLACE = fact("wordpress.apparence.emplacement-menu", "emplacement")
#: The places in French: what stands in Astra's header and in neither row beside stands in its main row.
_WHERE = {**FRENCH, "header": "dans la ligne principale de l’en-tête"}
#: Areas of Astra's builder, by place.
_ROWS = {"above_header": "above_right", "header": "primary_right", "below_header": "below_left"}


class MenuPlace(Check, id="wordpress.apparence.menu_place"):
    """Le menu demandé s’affiche à l’endroit demandé : dans l’en-tête, au-dessus, en dessous, ou en pied de page.

    Dans l’en-tête d’Astra, le menu se déplace d’une ligne à l’autre par le constructeur ; en pied de page, il s’affiche
    par l’emplacement « Menu de pied de page », ou dans un widget.
    """

    proves = (PLACE,)

    menu: Annotated[str, Refers("menus.name")] = Field("Menu principal", description="Le nom du menu.")
    place: Literal["above_header", "header", "below_header", "footer"] = Field(
        description="L’endroit : above_header (ligne du haut), header, below_header (ligne du bas) ou footer."
    )

    def needs(self) -> Sequence[str]:
        """Rows and places are Astra's."""
        return ("theme astra",)

    def verify(self, site: Site) -> list[Finding]:
        """Where a visitor sees its entries on the front page."""
        items, exactly = entries_called(site, self.menu)
        site.visit("/")
        areas = list(dict.fromkeys(menu_areas(site, items)))
        shot = site.shot(
            "la page d’accueil",
            mark=site.page.locator(", ".join(f".menu-item-{number}" for number in items) or "[hidden]"),
        )
        expected = f"Le menu « {self.menu} » s’affiche {_WHERE[self.place]}."
        observed = (
            f"Ce menu s’affiche {listed([_WHERE[area] for area in areas])}."
            if areas
            else "Ce menu ne s’affiche nulle part."
        )
        if not items:
            observed = "Ce menu n’existe pas, ou il est vide."
        met = self.place in areas
        doubt = self._unsure(site, areas, exactly) if met else self._instead(site)
        found = finding(PLACE, met or bool(doubt), expected, observed, shot)
        return [doubted(found, doubt)]

    def _unsure(self, site: Site, areas: Sequence[str], exactly: bool) -> str:
        """Why a menu that is there may not be what was asked."""
        if not exactly:
            near = [name for _, name in menus_called(site) if nearly_same(self.menu, name)]
            return f"le menu s’appelle {quoted(near)}, à un détail près le nom demandé"
        if self.place in _ROWS and len(_ROWS.keys() & areas) > 1:
            return "ce menu n’a pas été déplacé : il est deux fois dans l’en-tête"
        return ""

    def _instead(self, site: Site) -> str:
        """What stands at the wanted place and may be meant as this menu: another one, a list with all of its entries."""
        if other := made_instead(site, lambda own: self.place in menu_areas(site, own)):
            return f"« {other} », un menu que le site n’avait pas, s’affiche {_WHERE[self.place]}"
        titles = [item.title for item in stored_tree(site, "", self.menu)]
        for one in lists_of_links(site) if titles else ():
            if one.area == self.place and [plainly(item.title) for item in one.items] == list(map(plainly, titles)):
                return f"un autre bloc affiche les mêmes éléments {_WHERE[self.place]}"
        return ""

    def ways(self) -> Sequence[Act]:
        """In the header the builder, by clicks or by dragging; in the footer the menus' screens, or a widget."""
        if self.place == "footer":
            return (
                Act("Apparence > Menus > Gérer les emplacements", lambda desk: assign(desk, "footer_menu", self.menu)),
                Act("Apparence > Menus, case de l’emplacement sous le menu", self._tick),
                Act("Personnaliser > Menus > Emplacements", lambda desk: self._customize(desk)),
                Act("widget « Menu de navigation » du pied de page", self._widget),
            )
        return (
            Act("constructeur de l’en-tête, retiré puis ajouté", lambda desk: self._build(desk, _ROWS[self.place])),
            Act("constructeur de l’en-tête, glissé", lambda desk: self._build(desk, _ROWS[self.place], drag=True)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another place, another menu, nothing published."""
        other = "below_left" if self.place == "above_header" else "above_right"
        misses: list[tuple[str, Callable[[Desk], None]]] = []
        if self.place == "footer":
            misses += [
                (
                    "emplacement choisi sans enregistrer",
                    lambda desk: assign(desk, "footer_menu", self.menu, save=False),
                ),
                ("mis à l’emplacement du menu secondaire", lambda desk: assign(desk, "secondary_menu", self.menu)),
                ("mis sur une autre ligne de l’en-tête", lambda desk: self._build(desk, other)),
            ]
        else:
            misses += [
                ("personnalisation non publiée", lambda desk: self._build(desk, _ROWS[self.place], publish=False)),
                ("mis sur une autre ligne", lambda desk: self._build(desk, other)),
                ("mis en pied de page", lambda desk: assign(desk, "footer_menu", self.menu)),
                (
                    "le menu secondaire, vide, mis à cet endroit",
                    lambda desk: self._build(desk, _ROWS[self.place], element="menu-2"),
                ),
            ]
        return [NearMiss(name, PLACE, run) for name, run in misses]

    def roads(self) -> Sequence[Road]:
        """A block that shows the same entries at the place."""
        entries = seeded.links_of_menu(self.company, self.menu)

        def block(desk: Desk) -> None:
            if self.place == "footer":
                disturbances.widget(desk, "footer-widget-1", markup.navigation(entries))
            else:
                disturbances.out_of_header(desk, "menu-1")
                disturbances.header_widget(desk, markup.navigation(entries), _ROWS[self.place].partition("_")[0])

        return [Road("bloc Navigation à cet endroit", PLACE, block)] if entries else []

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """On another row of the header, and in the footer."""
        return (cls(place="above_header"), cls(place="footer"))

    def _build(self, desk: Desk, area: str, drag: bool = False, element: str = "menu-1", publish: bool = True) -> None:
        builder = Builder.open(desk, "header")
        if element != "menu-1":
            builder.add(element, area)
        elif drag:
            builder.drag(element, area)
        else:
            builder.move(element, area)
        if publish:
            builder.customizer.publish()

    def _tick(self, desk: Desk) -> None:
        screen = MenuScreen.open(desk, self.menu)
        screen.place("footer_menu")
        screen.save()

    def _customize(self, desk: Desk) -> None:
        customizer = Customizer.open(desk, panel="nav_menus")
        choose_location(customizer, "footer_menu", self.menu)
        customizer.publish()

    def _widget(self, desk: Desk) -> None:
        screen = WidgetScreen.open(desk, "footer-widget-1")
        screen.add_menu(self.menu)
        screen.save()
