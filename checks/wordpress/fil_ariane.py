"""Navigation: the breadcrumb, and the tab of the visitor's side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator

from checks.visibility import UNSEEN_JS, as_seen
from checks.wordpress.reading import contents, seeded
from checks.wordpress.reading.answers import office_screen, rest, rest_all
from checks.wordpress.reading.content_verdicts import doubted, meant, worst
from checks.wordpress.reading.contents import path_of, plain
from checks.wordpress.reading.wording import listed
from checks.wordpress.screens import disturbances, post_lists, yoast_plugin
from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.disturbances import plain_permalinks, then
from checks.wordpress.screens.office import office
from provisioner.french.text import quoted, shortened
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

BREADCRUMB = fact("wordpress.navigation.fil-ariane", "fil d’Ariane à l’emplacement demandé")
SEEN = fact("wordpress.navigation.back-front", "visible côté visiteur (à apprécier)")

Place = Literal["inside", "after", "before_title"]
_FRENCH: dict[str, str] = {
    "inside": "dans l’en-tête",
    "after": "sous l’en-tête",
    "before_title": "avant le titre",
    "below_row": "dans la ligne du bas de l’en-tête",
    "elsewhere": "ailleurs dans la page",
    "": "absent",
}
#: What Astra calls these places.
_ASTRA: dict[Place, str] = {
    "inside": "astra_header_primary_container_after",
    "after": "astra_header_after",
    "before_title": "astra_entry_top",
}

# Where the first breadcrumb that can be seen stands, its text, and why a visitor can't see it where none can be. Astra prints the one below the header as a bar of its own, and wraps
# that of a plugin, which has no class of its own (Yoast's, whose last step has one).
_TRAILS = (
    ".ast-breadcrumbs-wrapper, .ast-breadcrumbs, .yoast-breadcrumbs, .breadcrumb-trail, [typeof=BreadcrumbList], "
    "nav[class*=breadcrumb], span:has(> .breadcrumb_last)"
)
_WHERE = """async trailsAre => {
    __UNSEEN__
    const trails = [...document.querySelectorAll(trailsAre)];
    await settled(trails);
    const written = trails.filter(node => node.textContent.trim());
    const trail = written.find(node => !unseen(node)) || written[0];
    if (!trail) return ['', '', ''];
    // The steps stand side by side, and what a style draws between them is no text.
    const edges = /^[»›>/|·–-]\\s+|\\s+[»›>/|·–-]$|^[»›>/|·–-]+$/g;
    const bare = text => text.includes('«') ? text.trim() : text.trim().replace(edges, '');
    const walker = document.createTreeWalker(trail, NodeFilter.SHOW_TEXT), steps = [];
    while (walker.nextNode())
        if (!walker.currentNode.parentElement.closest('script, style')) steps.push(bare(walker.currentNode.data));
    const text = steps.filter(Boolean).join(' › ').replace(/\\s+/g, ' ');
    if (trail.closest('.ast-header-breadcrumb')) return ['after', text, unseen(trail)];
    if (trail.closest('.ast-below-header-wrap, .ast-below-header')) return ['below_row', text, unseen(trail)];
    if (trail.closest('header.site-header, #masthead')) return ['inside', text, unseen(trail)];
    const title = document.querySelector('h1.entry-title, h1.page-title, .ast-archive-title, main h1, #main h1');
    const before = !title || trail.compareDocumentPosition(title) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [before ? 'before_title' : 'elsewhere', text, unseen(trail)];
}""".replace("__UNSEEN__", UNSEEN_JS)


@dataclass(frozen=True)
class _Look:
    """What was seen on one content."""

    verdict: Verdict
    title: str
    observed: str
    doubt: str
    shot: str


class Breadcrumb(Check, id="wordpress.navigation.breadcrumb"):
    """Un fil d’Ariane s’affiche à l’emplacement demandé : dans l’en-tête, dessous, ou avant le titre."""

    proves = (BREADCRUMB,)

    place: Place = Field(
        description="« inside » dans l’en-tête, « after » sous l’en-tête, « before_title » avant le titre."
    )
    seen_on: tuple[Annotated[str, Refers("pages.slug", "posts.slug")], ...] = Field(
        (),
        description="Les identifiants (slugs) des contenus sur lesquels il doit se voir ; vide : une page et un article de "
        "l’entreprise.",
    )

    def needs(self) -> Sequence[str]:
        """It is Astra that prints it."""
        return ("theme astra",)

    def verify(self, site: Site) -> list[Finding]:
        """Where a visitor sees it, on each of these contents."""
        looks = [self._on(site, slug) for slug in self._contents()]
        verdict = worst([look.verdict for look in looks])
        expected = f"Un fil d’Ariane s’affiche {_FRENCH[self.place]}, sur {quoted(look.title for look in looks)}."
        observed = " ; ".join(look.observed for look in looks)
        observed = observed[:1].upper() + observed[1:]
        found = Finding(BREADCRUMB, verdict, expected, f"{observed}.", tuple(look.shot for look in looks))
        return [doubted(found, *dict.fromkeys(look.doubt for look in looks))]

    def _contents(self) -> Sequence[str]:
        return self.seen_on or seeded.page_and_post(self.company)

    def _on(self, site: Site, slug: str) -> "_Look":
        """What one content shows; where it can't be seen, or never has a breadcrumb, what another of its kind does."""
        item, doubt = meant(site, slug)
        title = plain(item["title"]["raw"]) if item else seeded.title_of(self.company, slug)
        settings = rest(site, "wp/v2/settings")
        apart = item is not None and item["id"] in (settings["page_on_front"], settings["page_for_posts"])
        where = f"« {title} »"
        if item is None or apart or not contents.shown_at(site, item):
            unsure = f"« {title} » sert d’accueil ou de page des articles"
            unsure = unsure if apart else f"un visiteur ne voit pas « {title} »"
            doubt = f"{unsure}, c’est pourquoi un autre contenu a été regardé"
            where = _another(site, settings, item["type"] if item else "page")
        place, text, why = site.page.evaluate(_WHERE, _TRAILS)
        verdict = Verdict.MET if place == self.place else Verdict.NOT_MET
        if self.place == "after" and place == "below_row":
            verdict, doubt = Verdict.TO_JUDGE, doubt or "cette ligne fait encore partie de l’en-tête"
        elif self.place == "inside" and place == "below_row":
            verdict = Verdict.MET
        said = f"sur {where}, le fil d’Ariane est {_FRENCH[place]}" + (f" (« {shortened(text, 80)} »)" if text else "")
        if why:
            verdict, said = as_seen(verdict, why), f"{said}, mais un visiteur ne le voit pas : {why}"
        return _Look(
            verdict, title, said, doubt, site.shot(f"le fil d’Ariane sur {where}", mark=site.page.locator(_TRAILS))
        )

    def ways(self) -> Sequence[Act]:
        """The Customizer's section, opened by itself or by its name."""

        def by_its_name(desk: Desk) -> None:
            customizer = Customizer.open(desk, panel="")
            section = customizer.page.locator("#accordion-section-section-breadcrumb .accordion-section-title")
            if not section.is_visible():  # Astra 4.11 has it below "Général"
                customizer.page.locator("#accordion-section-section-general-group .accordion-section-title").click()
            section.click()
            customizer.choose("breadcrumb-position", _ASTRA[self.place])
            customizer.publish()

        def from_yoast(desk: Desk) -> None:
            yoast_plugin.activate(desk)
            customizer = Customizer.open(desk, section="section-breadcrumb")
            customizer.choose("breadcrumb-position", _ASTRA[self.place])
            customizer.choose("select-breadcrumb-source", "yoast-seo-breadcrumbs")
            customizer.publish()

        return (
            Act("Personnaliser > Fil d’Ariane", by_its_name),
            Act("section « Fil d’Ariane » ouverte par son adresse", lambda desk: self._set(desk, self.place)),
            Act("Personnaliser > Fil d’Ariane, avec celui de Yoast SEO", from_yoast),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another place, nothing published, not where it is to be seen, typed by hand."""
        others = [place for place in _ASTRA if place != self.place]

        def set_to(place: Place, publish: bool = True) -> Callable[[Desk], None]:
            return lambda desk: self._set(desk, place, publish=publish)

        def typed(desk: Desk) -> None:
            page = seeded.other_pages(desk.company)[0]
            post_lists.type_into(desk, "page", page, f"Accueil » {seeded.title_of(desk.company, page)}")

        misses = [
            ("personnalisation non publiée", set_to(self.place, publish=False)),
            *((f"placé {_FRENCH[place]}", set_to(place)) for place in others),
            ("désactivé sur les pages", lambda desk: self._set(desk, self.place, off="breadcrumb-disable-single-page")),
            ("écrit à la main dans une page", typed),
        ]
        return [NearMiss(name, BREADCRUMB, run) for name, run in misses]

    def roads(self) -> Sequence[Road]:
        """A content that can't be seen any more; a breadcrumb that stands in the header's last row."""
        first = self.ways()[1].run

        def withdrawn(desk: Desk) -> None:
            first(desk)
            disturbances.content(desk, self._contents()[0], {"status": "private"})

        def in_the_last_row(desk: Desk) -> None:
            yoast_plugin.activate(desk)
            disturbances.theme(desk, {"select-breadcrumb-source": "yoast-seo-breadcrumbs"})
            disturbances.header_widget(desk, "<!-- wp:yoast-seo/breadcrumbs /-->", row="below")

        roads = [
            Road("un des contenus rendu privé", BREADCRUMB, withdrawn),
            Road("adresses du site par numéros", BREADCRUMB, then(first, plain_permalinks), Verdict.MET),
        ]
        if self.place == "after":
            roads.append(Road("bloc « Fil d’Ariane » dans la ligne du bas de l’en-tête", BREADCRUMB, in_the_last_row))
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Below the header."""
        return (cls(place="after", seen_on=("nos-boutiques", "salon-saveurs-de-bretagne")),)

    @staticmethod
    def _set(desk: Desk, place: Place, off: str = "", publish: bool = True) -> None:
        customizer = Customizer.open(desk, section="section-breadcrumb")
        customizer.choose("breadcrumb-position", _ASTRA[place])
        if off:
            shown_on = customizer.control("breadcrumb-disable-on")
            if shown_on.count():  # Astra 4.11 has the kinds of contents in a list that opens
                shown_on.locator(".icon.expand").click()
                kind = shown_on.locator(f"[id='astra-settings[{off}]']")
            else:
                kind = customizer.control(off)
            kind.locator("input[type=checkbox]").click(force=True)
        if publish:
            customizer.publish()


def _another(site: Site, settings: dict[str, Any], kind: str) -> str:
    """Show another content of that kind to the visitor; its title, quoted."""
    apart = (settings["page_on_front"], settings["page_for_posts"])
    rows = rest_all(site, f"wp/v2/{kind}s?status=publish&_fields=id,link,title")
    other = next((row for row in rows if row["id"] not in apart), None)
    site.visit(path_of(other["link"]) if other else "/")
    return f"« {plain(other['title']['rendered'])} »" if other else "l’accueil"


class VisitorSide(Check, id="wordpress.navigation.visitor_side"):
    """Ce qu’un visiteur voit du site, à côté de ce que montre l’administration : à apprécier par la commission."""

    proves = (SEEN,)

    paths: tuple[str, ...] = Field(("/",), min_length=1, description="Les chemins à montrer, « / » pour l’accueil.")

    @field_validator("paths")
    @classmethod
    def _are_paths(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        if not all(path.startswith("/") for path in paths):
            raise ValueError("un chemin commence par « / », ex. « /contact/ »")
        return paths

    def verify(self, site: Site) -> list[Finding]:
        """Screenshots of both sides; nobody but a person can say whether the candidate looked."""
        evidence = []
        for path in self.paths:
            site.visit(path)
            where = f"l’adresse {path}" if path.strip("/") else "l’accueil"
            evidence.append(site.shot(f"{where}, côté visiteur"))
        office_page = office_screen(site, "edit.php?post_type=page&orderby=date&order=desc")
        evidence.append(site.shot("le côté administration", office_page))
        expected = "Le travail est visible du côté du visiteur."
        pages = [f"de l’adresse « {path} »" if path.strip("/") else "de l’accueil" for path in self.paths]
        observed = f"À lire : les captures {listed([*pages, 'de l’administration'])}."
        return [Finding(SEEN, Verdict.TO_JUDGE, expected, observed, tuple(evidence))]

    def ways(self) -> Sequence[Act]:
        """From the office to the site and back, by the bar at the top."""

        def and_back(desk: Desk) -> None:
            page = office(desk, "index.php")
            page.locator("#wp-admin-bar-site-name > a").click()
            page.locator("body.home #wp-admin-bar-site-name > a").click()
            page.locator("#wpbody").wait_for()

        return (Act("par la barre d’outils, du site à l’administration", and_back),)

    def near_misses(self) -> Sequence[NearMiss]:
        """None: a person decides."""
        return ()

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """The front page."""
        return (cls(),)
