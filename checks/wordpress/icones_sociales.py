"""Appearance: the icons of social networks, as a block or as an element of Astra's header and footer."""

from collections.abc import Callable, Sequence
from typing import Literal, Self

from pydantic import Field

from checks.visibility import UNSEEN_JS, as_seen
from checks.wordpress.menu_reseaux import SocialNetwork, doubtful, missing
from checks.wordpress.reading import blog_settings
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.areas import AREA_OF, FRENCH
from checks.wordpress.reading.content_verdicts import doubted, worst
from checks.wordpress.reading.contents import address_of, path_of
from checks.wordpress.screens.builder import Builder, Part
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.widget_editor import PLACES, WidgetCustomizer, WidgetEditor, WidgetScreen, header_widget
from provisioner.french.text import fold
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict, finding
from provisioner.subject.functionalities import fact

ICONS = fact("wordpress.apparence.reseaux-sociaux", "widget ou bloc icônes")

Where = Literal["", "header", "footer", "sidebar"]

# The links that are drawn rather than written: their area, the network that they name, their address, why they can't be seen.
_SEEN = f"""async () => {{
    {AREA_OF}
    {UNSEEN_JS}
    const links = document.querySelectorAll('.wp-block-social-links a, .ast-builder-social-element, .ast-social-element a, '
        + '.widget_astra_widget_social_profiles a, [class*=social-icons] a, [class*=social-links] a');
    const drawn = [...new Set(links)].filter(a => a.querySelector('svg, img, i') && areaOf(a)), icon = a => a.querySelector('svg, img, i');
    await settled(drawn.map(icon));
    return drawn.map(a => [areaOf(a), a.textContent.trim() || a.getAttribute('aria-label') || '', a.getAttribute('href') || '', unseen(icon(a))]);
}}"""


class SocialIcons(Check, id="wordpress.apparence.social_icons"):
    """Les icônes des réseaux sociaux s’affichent et mènent aux pages de l’entreprise.

    Le bloc « Icônes de réseaux sociaux » (dans un widget ou une page) et l’élément « Réseaux sociaux » de l’en-tête ou du
    pied de page d’Astra se valent. Une icône sans adresse n’est pas affichée par WordPress.
    """

    proves = (ICONS,)

    networks: tuple[SocialNetwork, ...] = Field(min_length=1, description="Les réseaux et leurs adresses.")
    area: Where = Field("", description="L’endroit : header, footer ou sidebar ; vide : n’importe où sur le site.")

    def needs(self) -> Sequence[str]:
        """Areas and elements are Astra's."""
        return ("theme astra",)

    def verify(self, site: Site) -> list[Finding]:
        """The icons that a visitor sees, page after page until all are found."""
        shown: list[tuple[str, str, str]] = []
        hidden: list[tuple[str, str, str, str]] = []
        evidence = []
        faults: list[str] = []
        for path in self._paths(site):
            page = site.visit(path)
            for area, name, href, why in page.evaluate(_SEEN):
                icon = (area, name, address_of(page.url, href))
                hidden += [(*icon, why)] * bool(why)
                shown += [icon] * (not why)
            evidence.append(
                site.shot(
                    f"icônes sociales sur {path}",
                    mark=page.locator(".wp-block-social-links, .ast-header-social-wrap, .ast-footer-social-wrap"),
                )
            )
            there = [(name, address) for area, name, address in shown if _in(area, self.area)]
            faults = missing(self.networks, there, site.address)
            if not faults:
                break
        wanted = ", ".join(f"{network.name} vers {network.url}" for network in self.networks)
        expected = f"Icônes {FRENCH[self.area] if self.area else 'sur le site'} : {wanted}."
        seen = ", ".join(dict.fromkeys(f"{name} {address} ({FRENCH[area]})".lstrip() for area, name, address in shown))
        observed = " ; ".join([f"Icônes affichées : {seen or 'aucune'}", *faults])
        unseen = [(name, address, why) for area, name, address, why in hidden if _in(area, self.area)] if faults else []
        with_them = [*there, *((name, address) for name, address, _ in unseen)]
        if unseen and not missing(self.networks, with_them, site.address):
            observed += f" ; les icônes demandées y sont, mais un visiteur ne les voit pas toutes : {unseen[0][2]}"
            verdict = worst([as_seen(Verdict.MET, why) for *_, why in unseen])
            return [Finding(ICONS, verdict, expected, f"{observed}.", tuple(evidence))]
        found = finding(ICONS, not faults, expected, f"{observed}.", *evidence)
        return [found if faults else doubted(found, *doubtful(self.networks, there, site.address))]

    def _paths(self, site: Site) -> list[str]:
        """The pages that show the area; of the whole site also one of each kind, and those that have such a block."""
        if self.area in ("header", "footer"):
            return ["/"]
        blog = blog_settings.blog_path(site)
        if self.area == "sidebar":
            return [blog]
        paths = ["/", blog]
        for kind in ("pages", "posts"):
            items = rest_all(site, f"wp/v2/{kind}?status=publish&_fields=link,content")
            paths += [path_of(item["link"]) for item in items if "social" in item["content"]["rendered"]]
            paths += [path_of(item["link"]) for item in items[:1]]
        return list(dict.fromkeys(paths))

    def ways(self) -> Sequence[Act]:
        """The block in a widget or a page, and Astra's element, where they fit the area."""
        block = Act("bloc « Icônes de réseaux sociaux » dans un widget", lambda desk: self._block(desk, self.networks))
        customized = Act("le même bloc par Personnaliser > Widgets", self._customize)
        element = Act("élément « Réseaux sociaux » d’Astra", lambda desk: self._element(desk, self.networks))
        in_header = Act("bloc « Icônes de réseaux sociaux » dans un widget de l’en-tête", self._in_the_header)
        in_a_page = Act("bloc « Icônes de réseaux sociaux » dans une page", self._in_a_page)
        return {
            "header": (element, in_header),
            "sidebar": (block, customized),
            "footer": (block, customized, element),
        }.get(self.area, (block, element, in_header, in_a_page))

    def near_misses(self) -> Sequence[NearMiss]:
        """A network left out, with another's address or its own front page, written links, nothing saved."""
        first, *rest = self.networks
        home = first.model_copy(update={"url": "/".join(first.url.split("/")[:3]) + "/"})
        do = self._element if self.area == "header" else self._block

        def typed(desk: Desk) -> None:
            editor = Editor.new(desk, "page")
            editor.write_title("Nos réseaux")
            editor.add_paragraph(first.name)
            editor.link(first.name, first.url)
            editor.publish()

        misses: list[tuple[str, Callable[[Desk], None]]] = [
            ("l’accueil du réseau au lieu de la page de l’entreprise", lambda desk: do(desk, [home, *rest])),
            ("enregistrement oublié", lambda desk: do(desk, self.networks, save=False)),
            ("un lien écrit dans une page", typed),
        ]
        if rest:
            turned = [*(one.url for one in rest), first.url]
            crossed = [one.model_copy(update={"url": url}) for one, url in zip(self.networks, turned, strict=True)]
            misses += [
                ("un réseau oublié", lambda desk: do(desk, rest)),
                ("adresses interverties", lambda desk: do(desk, crossed)),
            ]
        if self.area == "footer":
            misses.append(("mises dans l’en-tête", lambda desk: self._element(desk, self.networks, part="header")))
        return [NearMiss(name, ICONS, run) for name, run in misses]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Two networks in the footer, and anywhere."""
        networks = (
            SocialNetwork(name="Instagram", url="https://www.instagram.com/lestroisajoncs/"),
            SocialNetwork(name="LinkedIn", url="https://www.linkedin.com/company/trois-ajoncs-exemple"),
        )
        return cls(area="footer", networks=networks), cls(networks=networks)

    def _block(self, desk: Desk, networks: Sequence[SocialNetwork], save: bool = True) -> None:
        screen = WidgetScreen.open(desk, self._place[0])
        _put(screen, networks)
        if save:
            screen.save()

    def _customize(self, desk: Desk) -> None:
        customizer = WidgetCustomizer.open(desk, *self._place)
        _put(customizer, self.networks)
        customizer.save()

    def _in_the_header(self, desk: Desk) -> None:
        screen = header_widget(desk)
        _put(screen, self.networks)
        screen.save()

    @property
    def _place(self) -> tuple[str, str]:
        return PLACES["sidebar" if self.area == "sidebar" else "footer"]

    def _in_a_page(self, desk: Desk) -> None:
        links = "".join(
            f'<!-- wp:social-link {{"url":"{network.url}","service":"{_slug(network)}"}} /-->'
            for network in self.networks
        )
        block = '<!-- wp:social-links --><ul class="wp-block-social-links">{}</ul><!-- /wp:social-links -->'
        editor = Editor.new(desk, "page")
        editor.write_title("Suivez la biscuiterie")
        editor.write_code(block.format(links))
        editor.publish()

    def _element(
        self, desk: Desk, networks: Sequence[SocialNetwork], save: bool = True, part: Part | None = None
    ) -> None:
        part = part or ("header" if self.area == "header" else "footer")
        builder = Builder.open(desk, part)
        builder.add("social-icons-1", "above_right" if part == "header" else "above_1")
        section = builder.settings("social-icons-1")
        section.social_icons(f"{part}-social-icons-1", {_slug(network): network.url for network in networks})
        if save:
            section.publish()


def _put(editor: WidgetEditor, networks: Sequence[SocialNetwork]) -> None:
    editor.add("social-links")
    for network in networks:
        editor.add_social_icon(_slug(network), network.url)


def _in(area: str, wanted: Where) -> bool:
    return not wanted or area == wanted or (wanted == "header" and area in ("above_header", "below_header"))


def _slug(network: SocialNetwork) -> str:
    """The name that WordPress and Astra have for a network."""
    return fold(network.name).replace(" ", "")
