"""Menus: the one that a telephone opens from the side, which Astra calls off-canvas ("hors-champ")."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field

from checks.visibility import UNSEEN_JS, on_a_phone
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.content_verdicts import doubted
from checks.wordpress.reading.contents import plain
from checks.wordpress.reading.menu_shown import entries_called, made_instead, menus_called
from checks.wordpress.reading.menu_tree import walk
from checks.wordpress.reading.other_menus import stored_tree
from checks.wordpress.screens import disturbances
from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.menu_editor import assign
from provisioner.french.text import nearly_same, plainly, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, finding
from provisioner.subject.functionalities import fact

SHOWN = fact("wordpress.menu.hors-champ", "menu hors champ affiché")

Opening = Literal["", "flyout", "full_screen", "dropdown"]
_FRENCH: dict[str, str] = {
    "flyout": "un volet qui s’ouvre sur le côté",
    "full_screen": "un panneau en plein écran",
    "dropdown": "une liste qui se déroule sous l’en-tête",
    "": "rien",
}
#: What Astra calls them.
_ASTRA: dict[str, str] = {"flyout": "off-canvas", "full_screen": "full-width", "dropdown": "dropdown"}
_LOCATION = "mobile_menu"
_BUTTON = "#ast-mobile-header .main-header-menu-toggle:visible"

# How the menu opened, and the numbers and titles of the entries of a menu (or of the list of all pages) that can be seen.
_OPENED = """async () => {
    __UNSEEN__
    const seen = [...document.querySelectorAll('#ast-mobile-popup, #ast-mobile-header, .ast-mobile-header-content')]
        .flatMap(part => [...part.querySelectorAll('li.menu-item, li.page_item, li.wp-block-navigation-item')]).filter(li => !unseen(li));
    const items = [...new Set(seen)].map(li => [
        [...li.classList].find(name => /^menu-item-\\d+$/.test(name)) || '',
        li.querySelector('a')?.textContent.trim() || '']);
    const popup = document.querySelector('#ast-mobile-popup.active');
    const how = !items.length ? '' : !popup ? 'dropdown'
        : popup.classList.contains('ast-mobile-popup-full-width') ? 'full_screen' : 'flyout';
    return [how, items];
}""".replace("__UNSEEN__", UNSEEN_JS)


class OffCanvasMenu(Check, id="wordpress.menu.off_canvas"):
    """Sur un téléphone, le bouton de l’en-tête ouvre le menu hors champ demandé.

    Astra a pour lui un emplacement de menu (« Menu hors-champ ») et trois façons de s’ouvrir ; sans menu choisi, il
    montre la liste de toutes les pages, ce qui n’est pas un menu.
    """

    proves = (SHOWN,)

    menu: Annotated[str, Refers("menus.name")] = Field(
        min_length=1, description="Le nom du menu à montrer ; un contrôle menu_tree de la même question peut le créer."
    )
    opening: Opening = Field(
        "", description="Comment il s’ouvre : « flyout » (volet), « full_screen », « dropdown » ; vide : peu importe."
    )

    def needs(self) -> Sequence[str]:
        """The place is Astra's."""
        return ("theme astra",)

    def verify(self, site: Site) -> list[Finding]:
        """What a visitor gets who touches the button on a telephone."""
        entries, exactly = entries_called(site, self.menu)
        wanted = {f"menu-item-{number}" for number in entries}
        site.visit("/")
        with on_a_phone(site) as page:
            site.visit("/")
            button = page.locator(_BUTTON).count() > 0
            how, items = _open(site)
            shot = site.shot(
                "le menu sur un téléphone", mark=page.locator("#ast-mobile-popup, #ast-mobile-header .main-header-menu")
            )
        ours = [title for number, title in items if number in wanted]
        right_way = not self.opening or how == self.opening
        expected = f"Sur un téléphone, le bouton ouvre le menu « {self.menu} »"
        expected += f", dans {_FRENCH[self.opening]}." if self.opening else "."
        observed = f"Le bouton {'ouvre' if how else 'n’ouvre'} {_FRENCH[how]}"
        observed += f" : {quoted(title for _, title in items)}" * bool(items)
        observed = observed if button or how else "L’en-tête des téléphones n’a plus de bouton"
        if not wanted:
            observed += f" ; le menu « {self.menu} » n’existe pas ou est vide"
        elif how and not ours:
            of_a_menu = any(number for number, _ in items)
            instead = "d’un autre menu" if of_a_menu else "d’une liste de pages ou d’un bloc"
            observed += f" ; ces éléments viennent {instead}, et non du menu « {self.menu} »"
        elif ours and not right_way:
            observed += f" ; c’est bien le menu « {self.menu} », qui ne s’ouvre pas comme demandé"
        if ours and right_way:
            found = finding(SHOWN, True, expected, f"{observed}.", shot)
            return [doubted(found, "" if exactly else self._nearly(site))]
        doubt = self._instead(site, items) if right_way and not ours else ""
        if not button and not how and wanted and self._placed(site):
            doubt = "le menu est à son emplacement, mais rien ne l’ouvre plus"
        return [doubted(finding(SHOWN, bool(doubt), expected, f"{observed}.", shot), doubt)]

    def _nearly(self, site: Site) -> str:
        """That the menu has nearly the wanted name, and which."""
        names = [name for _, name in menus_called(site) if nearly_same(self.menu, name)]
        return f"le nom du menu, {quoted(names)}, n’est pas tout à fait celui qui est demandé"

    def _instead(self, site: Site, items: Sequence[tuple[str, str]]) -> str:
        """What is shown and may be meant as the wanted menu: another one, a list with all of its entries."""
        seen = {number for number, _ in items}
        if other := made_instead(site, lambda own: any(f"menu-item-{number}" in seen for number in own)):
            return f"c’est le menu « {other} », que le site n’avait pas au départ"
        titles = [plainly(one.title) for one, _ in walk(stored_tree(site, "", self.menu))]
        if titles and [plainly(title) for _, title in items] == titles:
            return f"leurs titres sont ceux du menu « {self.menu} »"
        return ""

    def _placed(self, site: Site) -> bool:
        """Whether the menu has the place that Astra has for it."""
        menus = rest_all(site, "wp/v2/menus?context=edit&_fields=name,locations")
        return any(_LOCATION in one["locations"] and same(self.menu, plain(one["name"])) for one in menus)

    def ways(self) -> Sequence[Act]:
        """The place by the menus' screens or by the Customizer; how it opens only there."""

        def by_the_locations(desk: Desk) -> None:
            assign(desk, _LOCATION, self.menu)
            if self.opening:
                self._open_by(desk, self.opening)

        return (
            Act("« Gérer les emplacements », puis Personnaliser > En-tête > Hors-champ", by_the_locations),
            Act("tout dans l’outil de personnalisation", lambda desk: self._customize(desk)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another menu, another place, another way to open, nothing published."""

        def placed_at(location: str, save: bool = True) -> Callable[[Desk], None]:
            def run(desk: Desk) -> None:
                assign(desk, location, self.menu, save)
                if self.opening and save:
                    self._open_by(desk, self.opening)

            return run

        def other_menu(desk: Desk) -> None:
            assign(desk, _LOCATION, "Menu principal" if self.menu != "Menu principal" else "Menu de pied de page")
            if self.opening:
                self._open_by(desk, self.opening)

        misses: list[tuple[str, Callable[[Desk], None]]] = [
            ("emplacement choisi sans enregistrer", placed_at(_LOCATION, save=False)),
            ("mis à l’emplacement du menu secondaire", placed_at("secondary_menu")),
            ("un autre menu à cet emplacement", other_menu),
            ("personnalisation non publiée", lambda desk: self._customize(desk, publish=False)),
        ]
        if self.opening:
            other: Opening = "full_screen" if self.opening != "full_screen" else "flyout"

            def other_way(desk: Desk) -> None:
                assign(desk, _LOCATION, self.menu)
                self._open_by(desk, other)

            misses.append(("menu placé, mais qui s’ouvre autrement", other_way))
        return [NearMiss(name, SHOWN, run) for name, run in misses]

    def roads(self) -> Sequence[Road]:
        """The button taken out of the telephones' header by another question."""

        def without_a_button(desk: Desk) -> None:
            self.ways()[0].run(desk)
            disturbances.out_of_header(desk, "mobile-trigger", "mobile")

        return (Road("le bouton retiré ensuite de l’en-tête des téléphones", SHOWN, without_a_button),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A menu of the site, in a panel that comes from the side."""
        return (cls(menu="Menu de pied de page", opening="flyout"),)

    def _customize(self, desk: Desk, publish: bool = True) -> None:
        customizer = Customizer.open(desk, section="menu_locations")
        choice = customizer.control(f"nav_menu_locations-{_LOCATION}").locator("select")
        choice.select_option(label=self.menu)
        if self.opening:
            customizer.go("section-popup-header-builder")
            customizer.choose("mobile-header-type", _ASTRA[self.opening])
        if publish:
            customizer.publish()

    @staticmethod
    def _open_by(desk: Desk, opening: Opening) -> None:
        customizer = Customizer.open(desk, section="section-popup-header-builder")
        customizer.choose("mobile-header-type", _ASTRA[opening])
        customizer.publish()


def _open(site: Site) -> tuple[str, list[tuple[str, str]]]:
    """Touch the header's button, where there is one, and read what opened once it stands still."""
    seen = site.opened_by(site.page.locator(_BUTTON).first, _OPENED)
    how, items = seen
    return how, [(number, title) for number, title in items]
