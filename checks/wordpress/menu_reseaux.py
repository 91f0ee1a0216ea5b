"""Menus: the one of the social networks."""

from collections.abc import Callable, Sequence
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from checks.visibility import UNSEEN_JS
from checks.wordpress.reading import blog_settings
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.content_verdicts import doubted
from checks.wordpress.reading.contents import address_of, leads_to, plain
from checks.wordpress.reading.menu_tree import MenuItem
from checks.wordpress.screens.builder import Builder
from checks.wordpress.screens.menu_arranging import arrange
from checks.wordpress.screens.menu_customizer import MenuCustomizer, choose_location
from checks.wordpress.screens.menu_editor import MenuEditor, MenuScreen, assign, exists
from checks.wordpress.screens.widget_editor import WidgetScreen
from provisioner.french.text import holds, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict, WantedText, finding
from provisioner.subject.functionalities import fact

ACTIVE = fact("wordpress.apparence.reseaux-sociaux", "menu réseaux sociaux")
NETWORKS = fact("wordpress.menu.menu-reseaux", "réseaux et adresses demandés")


#: Networks by which a link that leads to another is misnamed.
_KNOWN = ("Facebook", "Instagram", "LinkedIn", "Pinterest", "Snapchat", "TikTok", "WhatsApp", "YouTube")


class SocialNetwork(BaseModel):
    """Un réseau social : son nom et l’adresse de la page de l’entreprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: WantedText = Field(description="Le nom du réseau : « Facebook », « Instagram »…")
    url: str = Field(pattern=r"^https?://", description="L’adresse de la page de l’entreprise sur ce réseau.")


def missing(networks: Sequence[SocialNetwork], links: Sequence[tuple[str, str]], site: str) -> list[str]:
    """What is wrong of each network among these links (title, address): absent, or another's address."""
    faults = []
    for network in networks:
        others = [other.name for other in networks if other is not network]
        there = [title for title, address in links if leads_to(address, network.url, site)]
        own = [address for title, address in links if holds(title, network.name)]
        if not there:
            faults.append(f"« {network.name} » mène à {own[0] or 'rien'}" if own else f"« {network.name} » n’y est pas")
        elif all(_names(title, others) and not holds(title, network.name) for title in there):
            faults.append(f"l’adresse de « {network.name} » est sous « {there[0]} »")
    return faults


def doubtful(networks: Sequence[SocialNetwork], links: Sequence[tuple[str, str]], site: str) -> list[str]:
    """What a person has to look at: a network under the name or the icon of one that wasn't asked for."""
    doubts = []
    for network in networks:
        there = [title for title, address in links if leads_to(address, network.url, site)]
        known = [one for one in _KNOWN if not holds(network.name, one)]
        if there and all(_names(title, known) and not holds(title, network.name) for title in there):
            doubts.append(f"l’adresse de « {network.name} » est sous « {there[0]} »")
    return doubts


def _names(title: str, networks: Sequence[str]) -> bool:
    return any(holds(title, name) for name in networks)


def present(networks: Sequence[SocialNetwork], links: Sequence[tuple[str, str]], site: str) -> int:
    """How many of the networks these links name or lead to, whatever is wrong of them."""
    return sum(
        any(leads_to(address, one.url, site) or holds(title, one.name) for title, address in links) for one in networks
    )


class SocialMenu(Check, id="wordpress.menu.social_menu"):
    """Un menu des réseaux sociaux mène aux pages de l’entreprise, et il est affiché sur le site.

    Astra n’a pas d’emplacement réservé à ce menu : n’importe quel endroit visible de la page d’accueil, ou de celle des
    articles, convient. Une adresse fausse ne coûte que les adresses : le menu est affiché.
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
        for path in dict.fromkeys(("/", blog_settings.blog_path(site))):
            page = site.visit(path)
            seen: list[list[Any]] = page.evaluate(_SHOWN)
            lists += [[(title, address_of(page.url, href)) for title, href in one] for one in seen]
            evidence.append(site.shot(f"menus affichés sur {path}", mark=page.locator("ul:has(> li.menu-item)")))
        evidence.append(site.note("les menus", "\n".join(f"{name} : {items}" for name, items in menus.items())))
        wanted = ", ".join(f"{network.name} vers {network.url}" for network in self.networks)
        found = []
        if self.displayed:
            shown = self._nearest(lists, site)
            faults, there = missing(self.networks, shown, site.address), present(self.networks, shown, site.address)
            verdict = Verdict.MET if there == len(self.networks) else Verdict.TO_JUDGE if there else Verdict.NOT_MET
            if verdict is Verdict.MET and (elsewhere := self._of_the_site(shown, site)):
                verdict, faults = Verdict.TO_JUDGE, [*faults, elsewhere]
            observed = "à lire : " * (verdict is Verdict.TO_JUDGE) + (" ; ".join(faults) or "ils y sont tous")
            expected = f"Un menu avec {', '.join(one.name for one in self.networks)} est affiché sur la page d’accueil "
            expected += "ou celle des articles."
            found.append(Finding(ACTIVE, verdict, expected, f"Dans les menus affichés : {observed}.", tuple(evidence)))
        nearest = self._nearest(list(menus.values()), site)
        faults = missing(self.networks, nearest, site.address)
        name = next((n for n, items in menus.items() if items is nearest), "")
        observed = f"Menu « {name} » : {' ; '.join(faults) or 'les réseaux et les adresses demandés'}."
        addresses = finding(NETWORKS, not faults, f"Un menu avec {wanted}.", observed, *evidence)
        doubts = [*doubtful(self.networks, nearest, site.address), self._of_the_site(nearest, site)]
        found.append(addresses if faults else doubted(addresses, *doubts))
        return found

    @staticmethod
    def _of_the_site(links: Sequence[tuple[str, str]], site: Site) -> str:
        """That the menu is not that of the networks alone, where it leads to the site's own pages too."""
        own = [title for title, address in links if address.startswith(site.address)]
        return f"le menu mène aussi à {quoted(own)}" if own else ""

    def _nearest(self, lists: Sequence[Sequence[tuple[str, str]]], site: Site) -> Sequence[tuple[str, str]]:
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


def _items(networks: Sequence[SocialNetwork], address: str = "") -> tuple[MenuItem, ...]:
    return tuple(MenuItem(title=network.name, url=address or network.url) for network in networks)


# The links of each menu that can be seen, wherever it stands; a menu in the text of a page or in a widget counts too.
_SHOWN = f"""async () => {{
    {UNSEEN_JS}
    const menus = [...document.querySelectorAll('ul')].filter(ul => ul.querySelector(':scope > li.menu-item, :scope > li.wp-block-navigation-item'));
    await settled(menus);
    return menus.map(ul => [...ul.querySelectorAll('a')].filter(a => !unseen(a))
        .map(a => [a.textContent.trim() || a.getAttribute('aria-label') || a.title, a.getAttribute('href') || '']));
}}"""
