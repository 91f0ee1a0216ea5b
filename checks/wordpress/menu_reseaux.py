"""Menus: the one of the social networks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from pydantic import Field

from checks.visibility import UNSEEN_JS
from checks.wordpress.reading import blog_settings
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.content_verdicts import doubted
from checks.wordpress.reading.contents import address_of, plain
from checks.wordpress.reading.menu_tree import MenuItem
from checks.wordpress.reading.social_networks import Links, SocialNetwork, doubtful, joined, missing, present
from checks.wordpress.reading.wording import address_said, agreed, listed
from checks.wordpress.screens import disturbances, markup
from checks.wordpress.screens.builder import Builder
from checks.wordpress.screens.menu_arranging import arrange
from checks.wordpress.screens.menu_customizer import MenuCustomizer, choose_location
from checks.wordpress.screens.menu_editor import MenuEditor, MenuScreen, assign, exists
from checks.wordpress.screens.widget_editor import WidgetScreen
from provisioner.french.text import quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict, finding
from provisioner.subject.functionalities import fact

ACTIVE = fact("wordpress.apparence.reseaux-sociaux", "menu réseaux sociaux")
NETWORKS = fact("wordpress.menu.menu-reseaux", "réseaux et adresses demandés")


class SocialMenu(Check, id="wordpress.menu.social_menu"):
    """Un menu des réseaux sociaux mène aux pages de l’entreprise, et il est affiché sur le site.

    Astra n’a pas d’emplacement réservé à ce menu : n’importe quel endroit visible de la page d’accueil, de celle des
    articles ou d’un article convient. Une adresse fausse ne coûte que les adresses : le menu est affiché.
    """

    proves = (ACTIVE, NETWORKS)

    menu: str = Field(
        "Réseaux sociaux", min_length=1, description="Le nom donné au menu ; un autre nom convient aussi."
    )
    networks: tuple[SocialNetwork, ...] = Field(min_length=1, description="Les réseaux et leurs adresses.")
    displayed: bool = Field(True, description="Le menu doit être affiché ; false : seuls ses éléments comptent.")

    def facts(self) -> tuple[str, ...]:
        """Its being displayed only where it is asked for."""
        return self.proves if self.displayed else (NETWORKS,)

    def verify(self, site: Site) -> list[Finding]:
        """The menu that comes nearest, in the office; and the links of menus that the front page or the blog's shows."""
        menus = {}
        for menu in rest_all(site, "wp/v2/menus?context=edit&_fields=id,name"):
            query = f"wp/v2/menu-items?context=edit&menus={menu['id']}&_fields=title,url"
            menus[plain(menu["name"])] = [
                (plain(item["title"]["rendered"]), address_of(site.address, str(item["url"])))
                for item in rest_all(site, query)
            ]
        lists, evidence = [], []
        for path in dict.fromkeys(("/", *blog_settings.blog_paths(site))):
            page = site.visit(path)
            seen: list[list[Any]] = page.evaluate(_SHOWN)
            lists += [[(title, address_of(page.url, href)) for title, href in one] for one in seen]
            evidence.append(
                site.shot(f"les menus affichés sur {address_said(path)}", mark=page.locator("ul:has(> li.menu-item)"))
            )
            if not missing(self.networks, self._nearest(lists, site), site.address):
                break
        evidence.append(site.note("les menus", "\n".join(map(_told, menus, menus.values()))))
        shown = self._nearest(lists, site)
        found = [self._displayed(site, shown, evidence)] if self.displayed else []
        return [*found, self._addresses(site, menus, shown, evidence)]

    def _displayed(self, site: Site, shown: Links, evidence: Sequence[str]) -> Finding:
        """Whether a visitor sees such a menu; other links that are drawn or listed together are for a person."""
        faults, there = missing(self.networks, shown, site.address), present(self.networks, shown, site.address)
        verdict = Verdict.MET if there == len(self.networks) else Verdict.TO_JUDGE if there else Verdict.NOT_MET
        if verdict is Verdict.MET and (elsewhere := self._of_the_site(shown, site)):
            verdict, faults = Verdict.TO_JUDGE, [*faults, elsewhere]
        others: list[list[str]] = site.page.evaluate(_DRAWN) if verdict is Verdict.NOT_MET else []
        links = [(title, address_of(site.page.url, href)) for title, href in others]
        where = "Dans les menus affichés"
        if verdict is Verdict.NOT_MET and not missing(self.networks, links, site.address):
            verdict, where = Verdict.TO_JUDGE, "Aucun menu affiché n’a ces réseaux"
            faults = ["des icônes ou une liste de liens, sans menu, mènent aux adresses demandées"]
        read = ", à lire" if verdict is Verdict.TO_JUDGE else ""
        observed = " ; ".join(joined(faults)) or agreed([one.name for one in self.networks], "y est", "y sont")
        expected = f"Un menu avec {listed([one.name for one in self.networks])} est affiché sur le site."
        return Finding(ACTIVE, verdict, expected, f"{where}{read} : {observed}.", tuple(evidence))

    def _addresses(self, site: Site, menus: Mapping[str, Links], shown: Links, evidence: Sequence[str]) -> Finding:
        """Whether a menu has the networks with their addresses: one of the menus' screens, or else one that is shown."""
        wanted = listed([f"{network.name} vers {network.url}" for network in self.networks])
        nearest = self._nearest(list(menus.values()), site)
        faults = missing(self.networks, nearest, site.address)
        name = next((n for n, items in menus.items() if items is nearest), "")
        observed = f"Menu « {name} » : {' ; '.join(joined(faults)) or 'les réseaux et les adresses demandés'}."
        observed = observed if name else "Aucun menu ne mène à ces réseaux."
        addresses = finding(NETWORKS, not faults, f"Un menu contient {wanted}.", observed, *evidence)
        if faults and not missing(self.networks, shown, site.address):
            right = finding(NETWORKS, True, addresses.expected, observed, *evidence)
            return doubted(
                right, "un menu fait par un bloc montre ces réseaux sur le site, avec les adresses demandées"
            )
        doubts = [*doubtful(self.networks, nearest, site.address), self._of_the_site(nearest, site)]
        return addresses if faults else doubted(addresses, *doubts)

    @staticmethod
    def _of_the_site(links: Sequence[tuple[str, str]], site: Site) -> str:
        """That the menu is not that of the networks alone, where it leads to the site's own pages too."""
        own = [title for title, address in links if address.startswith(site.address)]
        return f"le menu mène aussi à {quoted(own)}" if own else ""

    def _nearest(self, lists: Sequence[Links], site: Site) -> Links:
        """The list that has the fewest faults; of those, with the most of the networks, and that leads nowhere else."""

        def apart(links: Sequence[tuple[str, str]]) -> tuple[int, int, str]:
            of = (self.networks, links, site.address)
            return len(missing(*of)), -present(*of), self._of_the_site(links, site)

        return min([*lists, ()], key=apart)

    def ways(self) -> Sequence[Act]:
        """A new menu on its screen or in the Customizer, in the place of the footer's menu; in a widget, in the header."""

        def on_the_screen(desk: Desk) -> None:
            self._make(desk, self.networks)
            if self.displayed:
                assign(desk, "footer_menu", self.menu)

        def in_the_customizer(desk: Desk) -> None:
            self._customize(desk).save()

        def in_a_widget(desk: Desk) -> None:
            self._make(desk, self.networks)
            screen = WidgetScreen.open(desk, "sidebar-1")
            screen.add_menu(self.menu)
            screen.save()

        def in_the_header(desk: Desk) -> None:
            self._make(desk, self.networks)
            builder = Builder.open(desk, "header")
            builder.add("menu-2", "above_left")
            choose_location(builder.customizer, "secondary_menu", self.menu)
            builder.customizer.publish()

        ways = [
            Act("dans Apparence > Menus", on_the_screen),
            Act("dans l’outil de personnalisation", in_the_customizer),
        ]
        if self.displayed:
            ways += [
                Act("widget « Menu de navigation » de la colonne du blog", in_a_widget),
                Act("élément « Menu secondaire » du constructeur de l’en-tête", in_the_header),
            ]
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Shown nowhere, addresses changed over, a network left out, the network's own front page."""

        def made(networks: Sequence[SocialNetwork]) -> Callable[[Desk], None]:
            return lambda desk: self._make(desk, networks)

        def unpublished(desk: Desk) -> None:
            self._customize(desk)

        def nowhere(desk: Desk) -> None:
            self._make(desk, self.networks, "#")

        first, *rest = self.networks
        home = first.model_copy(update={"url": "/".join(first.url.split("/")[:3]) + "/"})
        misses = [
            NearMiss("un réseau oublié", NETWORKS, made(rest)),
            NearMiss("l’accueil du réseau au lieu de la page de l’entreprise", NETWORKS, made([home, *rest])),
            NearMiss("éléments sans adresse", NETWORKS, nowhere),
            NearMiss("personnalisation non publiée", NETWORKS, unpublished),
        ]
        if rest:
            crossed = [
                first.model_copy(update={"url": rest[0].url}),
                rest[0].model_copy(update={"url": first.url}),
                *rest[1:],
            ]
            misses.append(NearMiss("adresses interverties", NETWORKS, made(crossed)))
        if self.displayed:

            def off_canvas_unseen(desk: Desk) -> None:
                self._make(desk, self.networks)
                assign(desk, "loggedin_account_menu", self.menu)

            misses += [
                NearMiss("menu sans emplacement", ACTIVE, made(self.networks)),
                NearMiss("mis à un emplacement que le site n’affiche pas", ACTIVE, off_canvas_unseen),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """A menu that a block makes; icons; the column of a site without a list of articles."""
        links = [(network.name, network.url) for network in self.networks]

        def navigation(desk: Desk) -> None:
            disturbances.widget(desk, "footer-widget-1", markup.navigation(links))

        def listed(desk: Desk) -> None:
            disturbances.widget(desk, "footer-widget-1", markup.links(links))

        def without_a_list_of_articles(desk: Desk) -> None:
            self._make(desk, self.networks)
            screen = WidgetScreen.open(desk, "sidebar-1")
            screen.add_menu(self.menu)
            screen.save()
            disturbances.posts_page_emptied(desk)

        roads = [Road("bloc Navigation en pied de page", NETWORKS, navigation)]
        if self.displayed:
            roads += [
                Road("une liste de liens en pied de page", ACTIVE, listed),
                Road(
                    "dans la colonne du blog, la page des articles retirée",
                    ACTIVE,
                    without_a_list_of_articles,
                    Verdict.MET,
                ),
            ]
        return roads

    def needs(self) -> Sequence[str]:
        """The places of the ways are Astra's."""
        return ("theme astra",)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A network more in the menu that the site shows nowhere yet."""
        return (
            cls(
                menu="Suivez-nous",
                networks=(
                    SocialNetwork(name="Instagram", url="https://www.instagram.com/lestroisajoncs/"),
                    SocialNetwork(name="LinkedIn", url="https://www.linkedin.com/company/trois-ajoncs-exemple"),
                ),
            ),
        )

    def _make(self, desk: Desk, networks: Sequence[SocialNetwork], address: str = "") -> None:
        """The menu with these networks and no others: a new one, or the site's own."""
        there = exists(desk, self.menu)
        screen = MenuScreen.open(desk, self.menu) if there else MenuScreen.new(desk, self.menu)
        for _ in screen.titles():
            screen.remove(0)
        arrange(desk, screen, _items(networks, address)).save()

    def _customize(self, desk: Desk) -> MenuEditor:
        if not exists(desk, self.menu):
            return arrange(desk, MenuCustomizer.new(desk, self.menu, "footer_menu"), _items(self.networks))
        customizer = MenuCustomizer.open(desk, self.menu)
        for _ in customizer.titles():
            customizer.remove(0)
        arrange(desk, customizer, _items(self.networks))
        customizer.place("footer_menu")
        return customizer


def _told(name: str, links: Links) -> str:
    """A menu in a note: its name, and where its entries lead."""
    entries = [f"{title} → {address_said(address)}" for title, address in links]
    return f"{name} : {', '.join(entries) or 'vide'}"


def _items(networks: Sequence[SocialNetwork], address: str = "") -> tuple[MenuItem, ...]:
    return tuple(MenuItem(title=network.name, url=address or network.url) for network in networks)


# The links of the page that are drawn, or listed together, and that can be seen.
_DRAWN = f"""async () => {{
    {UNSEEN_JS}
    const links = [...document.querySelectorAll('a[href]')].filter(a => a.querySelector('svg, img, i') || a.closest('li'));
    await settled(links);
    return links.filter(a => !unseen(a)).map(a => [
        a.textContent.trim() || a.getAttribute('aria-label') || a.querySelector('img')?.alt || '', a.getAttribute('href') || '']);
}}"""

# The links of each menu that can be seen, wherever it stands; a menu in the text of a page or in a widget counts too. A link in which
# there is nothing to see is none.
_SHOWN = f"""async () => {{
    {UNSEEN_JS}
    const menus = [...document.querySelectorAll('ul')].filter(ul => ul.querySelector(':scope > li.menu-item, :scope > li.wp-block-navigation-item'));
    await settled(menus);
    const says = a => a.textContent.trim() || a.getAttribute('aria-label') || a.querySelector('svg, img, i');
    return menus.map(ul => [...ul.querySelectorAll('a')].filter(a => says(a) && !unseen(a))
        .map(a => [a.textContent.trim() || a.getAttribute('aria-label') || a.title, a.getAttribute('href') || '']));
}}"""
