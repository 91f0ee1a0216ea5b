"""Navigation: the breadcrumb, and the tab of the visitor's side."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field

from checks.wordpress.reading.content_verdicts import doubted, meant
from checks.wordpress.reading.contents import path_of
from checks.wordpress.screens import post_lists, yoast_plugin
from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.office import office
from provisioner.french.text import quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, finding
from provisioner.subject.functionalities import fact

BREADCRUMB = fact("wordpress.navigation.fil-ariane", "fil d’Ariane à l’emplacement demandé")
SEEN = fact("wordpress.navigation.back-front", "visible côté visiteur (à apprécier)")

Place = Literal["inside", "after", "before_title"]
_FRENCH: dict[str, str] = {
    "inside": "dans l’en-tête",
    "after": "sous l’en-tête",
    "before_title": "avant le titre",
    "elsewhere": "ailleurs dans la page",
    "": "absent",
}
#: What Astra calls these places.
_ASTRA: dict[Place, str] = {
    "inside": "astra_header_primary_container_after",
    "after": "astra_header_after",
    "before_title": "astra_entry_top",
}

# Where the first breadcrumb that can be seen stands. Astra prints the one below the header as a bar of its own, and wraps
# that of a plugin, which has no class of its own (Yoast's, whose last step has one).
_WHERE = """() => {
    const trails = [...document.querySelectorAll(
        '.ast-breadcrumbs-wrapper, .ast-breadcrumbs, .yoast-breadcrumbs, .breadcrumb-trail, [typeof=BreadcrumbList], '
        + 'nav[class*=breadcrumb], span:has(> .breadcrumb_last)')];
    const trail = trails.find(node => node.checkVisibility() && node.textContent.trim());
    if (!trail) return ['', ''];
    const text = trail.innerText.replace(/\\s+/g, ' ').trim();
    if (trail.closest('.ast-header-breadcrumb')) return ['after', text];
    if (trail.closest('header.site-header, #masthead')) return ['inside', text];
    const title = document.querySelector('h1.entry-title, h1.page-title, .ast-archive-title, main h1, #main h1');
    const before = !title || trail.compareDocumentPosition(title) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [before ? 'before_title' : 'elsewhere', text];
}"""


class Breadcrumb(Check, id="wordpress.navigation.breadcrumb"):
    """Un fil d’Ariane s’affiche à l’emplacement demandé : dans l’en-tête, dessous, ou avant le titre."""

    proves = (BREADCRUMB,)

    place: Place = Field(
        description="« inside » dans l’en-tête, « after » sous l’en-tête, « before_title » avant le titre."
    )
    seen_on: tuple[Annotated[str, Refers("pages.slug", "posts.slug")], ...] = Field(
        ("nos-boutiques", "salon-saveurs-de-bretagne"),
        min_length=1,
        description="Les identifiants (slugs) des contenus sur lesquels il doit se voir.",
    )

    def needs(self) -> Sequence[str]:
        """It is Astra that prints it."""
        return ("theme astra",)

    def verify(self, site: Site) -> list[Finding]:
        """Where a visitor sees it, on each of these contents."""
        observed, evidence, doubts, met = [], [], [], True
        for slug in self.seen_on:
            item, doubt = meant(site, slug)
            doubts.append(doubt)
            page = site.visit(path_of(item["link"]) if item else f"/{slug}/")
            where, text = page.evaluate(_WHERE)
            met = met and where == self.place
            observed.append(f"sur « {slug} » : {_FRENCH[where]}" + (f" (« {text[:80]} »)" if text else ""))
            evidence.append(site.shot(f"fil d’Ariane sur {slug}"))
        expected = f"Un fil d’Ariane {_FRENCH[self.place]}, sur {quoted(self.seen_on)}."
        return [doubted(finding(BREADCRUMB, met, expected, " ; ".join(observed), *evidence), *doubts)]

    def ways(self) -> Sequence[Act]:
        """The Customizer's section, opened by itself or by its name."""

        def by_its_name(desk: Desk) -> None:
            customizer = Customizer.open(desk, panel="")
            customizer.page.locator("#accordion-section-section-breadcrumb .accordion-section-title").click()
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
            post_lists.type_into(desk, "page", "nos-boutiques", "Accueil » Nos boutiques")

        misses = [
            ("personnalisation non publiée", set_to(self.place, publish=False)),
            *((f"placé {_FRENCH[place]}", set_to(place)) for place in others),
            ("désactivé sur les pages", lambda desk: self._set(desk, self.place, off="breadcrumb-disable-single-page")),
            ("écrit à la main dans une page", typed),
        ]
        return [NearMiss(name, BREADCRUMB, run) for name, run in misses]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Below the header."""
        return (cls(place="after"),)

    @staticmethod
    def _set(desk: Desk, place: Place, off: str = "", publish: bool = True) -> None:
        customizer = Customizer.open(desk, section="section-breadcrumb")
        customizer.choose("breadcrumb-position", _ASTRA[place])
        if off:
            customizer.control(off).locator("input[type=checkbox]").click(force=True)
        if publish:
            customizer.publish()


class VisitorSide(Check, id="wordpress.navigation.visitor_side"):
    """Ce qu’un visiteur voit du site, à côté de ce que montre l’administration : à apprécier par la commission."""

    proves = (SEEN,)

    paths: tuple[str, ...] = Field(("/",), min_length=1, description="Les chemins à montrer, « / » pour l’accueil.")

    def verify(self, site: Site) -> list[Finding]:
        """Screenshots of both sides; nobody but a person can say whether the candidate looked."""
        evidence = []
        for path in self.paths:
            site.visit(path)
            evidence.append(site.shot(f"côté visiteur {path}"))
        office_page = site.signed_in()
        office_page.goto(f"{site.address}/wp-admin/edit.php?post_type=page&orderby=date&order=desc")
        evidence.append(site.shot("côté administration", office_page))
        expected = "Le travail est visible du côté du visiteur."
        observed = f"À lire : les captures de {quoted(self.paths)} et de l’administration."
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
