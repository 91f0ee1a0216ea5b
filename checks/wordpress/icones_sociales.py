"""Appearance: the icons of social networks, as a block or as an element of Astra's header and footer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from checks.visibility import UNSEEN_JS, as_seen
from checks.wordpress.reading import blog_settings
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.areas import AREA_OF, FRENCH
from checks.wordpress.reading.content_verdicts import doubted, worst
from checks.wordpress.reading.contents import address_of, path_of
from checks.wordpress.reading.header_shown import FRENCH as ROWS_FRENCH
from checks.wordpress.reading.header_shown import Row
from checks.wordpress.reading.social_networks import SocialNetwork, doubtful, joined, missing
from checks.wordpress.reading.wording import address_said, towards
from checks.wordpress.screens import disturbances, markup
from checks.wordpress.screens.builder import Builder, Part
from checks.wordpress.screens.disturbances import then
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.widget_editor import PLACES, WidgetCustomizer, WidgetEditor, WidgetScreen, header_widget
from provisioner.french.text import fold
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict
from provisioner.subject.functionalities import fact

ICONS = fact("wordpress.apparence.reseaux-sociaux", "widget ou bloc icônes")

Where = Literal["", "header", "footer", "sidebar"]
#: The areas of the page that are rows of Astra's header.
_ROWS: Mapping[Row, str] = {"above": "above_header", "primary": "header", "below": "below_header"}

# The links that are drawn rather than written: their area, the network that they name, their address, why they can't be
# seen, and whether a block or an element for such icons made them.
_SEEN = f"""async () => {{
    {AREA_OF}
    {UNSEEN_JS}
    const made = '.wp-block-social-links a, .ast-builder-social-element, .ast-social-element a, '
        + '.widget_astra_widget_social_profiles a, [class*=social-icons] a, [class*=social-links] a';
    const icon = a => a.querySelector('svg, img, i');
    const drawn = [...document.querySelectorAll('a[href]')].filter(a => icon(a) && areaOf(a));
    await settled(drawn.map(icon));
    return drawn.map(a => [
        areaOf(a), a.textContent.trim() || a.getAttribute('aria-label') || icon(a).getAttribute('alt') || '',
        a.getAttribute('href') || '', unseen(icon(a)), a.matches(made)]);
}}"""


@dataclass(frozen=True)
class _Icon:
    """A link that is drawn: where it stands, what it names, where it leads, and why a visitor can't see it."""

    area: str
    name: str
    address: str
    unseen: str
    made: bool

    def __str__(self) -> str:
        return f"{self.name or 'icône sans nom'} {towards(self.address)}"


class SocialIcons(Check, id="wordpress.apparence.social_icons"):
    """Les icônes des réseaux sociaux s’affichent et mènent aux pages de l’entreprise.

    Le bloc « Icônes de réseaux sociaux » (dans un widget ou une page) et l’élément « Réseaux sociaux » de l’en-tête ou du
    pied de page d’Astra se valent. Une icône sans adresse n’est pas affichée par WordPress.
    """

    proves = (ICONS,)

    networks: tuple[SocialNetwork, ...] = Field(min_length=1, description="Les réseaux et leurs adresses.")
    area: Where = Field("", description="L’endroit : header, footer ou sidebar ; vide : n’importe où sur le site.")
    row: Row = Field(
        "",
        description="La ligne de l’en-tête, avec area = « header » : « above » (haut), « primary », « below » (bas) ; vide : "
        "n’importe laquelle.",
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.row and self.area != "header":
            raise ValueError("row est une ligne de l’en-tête : area doit être « header »")
        return self

    def needs(self) -> Sequence[str]:
        """Areas and elements are Astra's."""
        return ("theme astra",)

    def verify(self, site: Site) -> list[Finding]:
        """The icons that a visitor sees, page after page until all are found."""
        icons: list[_Icon] = []
        evidence = []
        for path in self._paths(site):
            page = site.visit(path)
            icons += [
                _Icon(area, name, address_of(page.url, href) if href.strip() else "", why, made)
                for area, name, href, why, made in page.evaluate(_SEEN)
            ]
            drawn = page.locator(".wp-block-social-links, .ast-header-social-wrap, .ast-footer-social-wrap")
            evidence.append(site.shot(f"les icônes sociales sur {address_said(path)}", mark=drawn))
            if not self._missing(site, [one for one in icons if one.made and not one.unseen]):
                break
        wanted = ", ".join(f"{network.name} vers {network.url}" for network in self.networks)
        expected = f"Icônes {self._where} : {wanted}."
        shown = [one for one in icons if one.made and not one.unseen]
        faults = self._missing(site, shown)
        verdict, doubt = self._judged(site, icons, faults)
        observed = " ; ".join([*self._seen(shown), *([doubt] if doubt else joined(faults))])
        found = Finding(ICONS, verdict, expected, f"{observed}.", tuple(evidence))
        return [found if faults else doubted(found, *doubtful(self.networks, self._links(shown), site.address))]

    @property
    def _where(self) -> str:
        if self.row:
            return f"dans {ROWS_FRENCH[self.row]}"
        return FRENCH[self.area] if self.area else "sur le site"

    def _seen(self, shown: Sequence[_Icon]) -> list[str]:
        """The icons that a visitor sees: those where they are asked for, and those elsewhere with their place."""
        here = [f"{one}" if self.area else f"{one} ({FRENCH[one.area]})" for one in shown if self._in(one.area)]
        others = [f"{one} ({FRENCH[one.area]})" for one in shown if not self._in(one.area)]
        said = [f"Icônes affichées {self._where} : {', '.join(dict.fromkeys(here)) or 'aucune'}"]
        return said + [f"ailleurs : {', '.join(dict.fromkeys(others))}"] * bool(others)

    def _judged(self, site: Site, icons: Sequence[_Icon], faults: Sequence[str]) -> tuple[Verdict, str]:
        """The verdict, and why icons that are there may not count."""
        if not faults:
            return Verdict.MET, ""
        hidden = [one for one in icons if one.made and one.unseen and self._in(one.area)]
        if hidden and not self._missing(site, [one for one in icons if one.made]):
            reasons = worst([as_seen(Verdict.MET, one.unseen) for one in hidden])
            read = "à lire : " * (reasons is Verdict.TO_JUDGE)
            said = "les icônes demandées y sont, mais un visiteur ne les voit pas toutes"
            return reasons, f"{read}{said} : {hidden[0].unseen}"
        if not self._missing(site, [one for one in icons if not one.unseen]):
            return Verdict.TO_JUDGE, "à lire : des images avec un lien mènent aux adresses demandées"
        return Verdict.NOT_MET, ""

    def _links(self, icons: Sequence[_Icon]) -> list[tuple[str, str]]:
        """The names and addresses of those that stand where they are asked for."""
        return [(one.name, one.address) for one in icons if self._in(one.area)]

    def _missing(self, site: Site, icons: Sequence[_Icon]) -> list[str]:
        return missing(self.networks, self._links(icons), site.address)

    def _in(self, area: str) -> bool:
        if self.row:
            return area == _ROWS[self.row]
        return not self.area or area == self.area or (self.area == "header" and area in _ROWS.values())

    def _paths(self, site: Site) -> list[str]:
        """The pages that show the area; of the whole site also one of each kind, and those that have such a block."""
        if self.area in ("header", "footer"):
            return ["/"]
        if self.area == "sidebar":
            return blog_settings.blog_paths(site)
        paths = ["/", blog_settings.blog_path(site)]
        for kind in ("pages", "posts"):
            items = rest_all(site, f"wp/v2/{kind}?status=publish&_fields=link,content")
            paths += [path_of(item["link"]) for item in items if "social" in item["content"]["rendered"]]
            paths += [path_of(item["link"]) for item in items[:1]]
        return list(dict.fromkeys(paths))

    def ways(self) -> Sequence[Act]:
        """The block in a widget or a page, and Astra's element, where they fit the area."""
        block = Act("bloc « Icônes de réseaux sociaux » dans un widget", lambda desk: self._block(desk, self.networks))
        customized = Act("le même bloc, collé dans Personnaliser > Widgets", self._customize)
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
        if self.row:
            other = self.but(row="above" if self.row != "above" else "below")
            misses.append(("sur une autre ligne de l’en-tête", lambda desk: other._element(desk, self.networks)))
        if self.area == "footer":
            misses.append(("mises dans l’en-tête", lambda desk: self._element(desk, self.networks, part="header")))
        return [NearMiss(name, ICONS, run) for name, run in misses]

    def roads(self) -> Sequence[Road]:
        """The column of a site without a list of articles; pictures with a link in the place of icons."""
        roads = []
        if self.area == "sidebar":
            emptied = then(disturbances.posts_page_emptied, self.ways()[0].run)
            roads.append(Road("la page des articles retirée des réglages de lecture", ICONS, emptied, Verdict.MET))
        if self.area == "footer":

            def pictures(desk: Desk) -> None:
                address = disturbances.media(desk, "icone")["source_url"]
                linked = [markup.image(address, network.name, network.url) for network in self.networks]
                disturbances.widget(desk, PLACES["footer"], "\n\n".join(linked))

            roads.append(Road("des images avec un lien au lieu d’icônes", ICONS, pictures))
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Two networks in the footer, anywhere, and in a row of the header; one in the column."""
        networks = (
            SocialNetwork(name="Instagram", url="https://www.instagram.com/lestroisajoncs/"),
            SocialNetwork(name="LinkedIn", url="https://www.linkedin.com/company/trois-ajoncs-exemple"),
        )
        return (
            cls(area="footer", networks=networks),
            cls(networks=networks),
            cls(area="header", row="above", networks=networks),
            cls(area="sidebar", networks=networks[:1]),
        )

    def _block(self, desk: Desk, networks: Sequence[SocialNetwork], save: bool = True) -> None:
        screen = WidgetScreen.open(desk, self._place)
        _put(screen, networks)
        if save:
            screen.save()

    def _customize(self, desk: Desk) -> None:
        customizer = WidgetCustomizer.open(desk, self._place)
        _put(customizer, self.networks)
        customizer.save()

    def _in_the_header(self, desk: Desk) -> None:
        screen = header_widget(desk, f"{self.row or 'above'}_left")
        _put(screen, self.networks)
        screen.save()

    @property
    def _place(self) -> str:
        return PLACES["sidebar" if self.area == "sidebar" else "footer"]

    def _in_a_page(self, desk: Desk) -> None:
        editor = Editor.new(desk, "page")
        editor.write_title("Suivez-nous sur les réseaux")
        editor.write_code(markup.social_icons({_slug(network): network.url for network in self.networks}))
        editor.publish()

    def _element(
        self, desk: Desk, networks: Sequence[SocialNetwork], save: bool = True, part: Part | None = None
    ) -> None:
        part = part or ("header" if self.area == "header" else "footer")
        builder = Builder.open(desk, part)
        builder.add("social-icons-1", f"{self.row or 'above'}_right" if part == "header" else "above_1")
        section = builder.settings("social-icons-1")
        section.social_icons(f"{part}-social-icons-1", {_slug(network): network.url for network in networks})
        if save:
            section.publish()


def _put(editor: WidgetEditor, networks: Sequence[SocialNetwork]) -> None:
    editor.add_social_icons({_slug(network): network.url for network in networks})


def _slug(network: SocialNetwork) -> str:
    """The name that WordPress and Astra have for a network."""
    return fold(network.name).replace(" ", "")
