"""Navigation: what the front page shows, a page of the site or the latest articles."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field

from checks.wordpress.reading import seeded
from checks.wordpress.reading.answers import Kind, rest, rest_or_none
from checks.wordpress.reading.content_verdicts import doubted, meant, worst
from checks.wordpress.reading.contents import path_of, plain
from checks.wordpress.screens import disturbances, markup, options, post_lists
from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.office import office
from provisioner.french.text import numbered
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

STATIC = fact("wordpress.navigation.accueil", "page statique")
LATEST = fact("wordpress.navigation.accueil", "derniers articles")
_PAGES: tuple[Kind] = ("page",)
#: The articles that a block of a page lists.
_QUERIES = ".wp-block-query .wp-block-post"
_LATEST = ".wp-block-latest-posts > li"


class FrontPage(Check, id="wordpress.navigation.front_page"):
    """La page d’accueil du site montre une page statique, ou les derniers articles quand aucune n’est nommée."""

    proves = (STATIC, LATEST)

    page: Annotated[str, Refers("pages.slug")] = Field(
        "", description="L’identifiant (slug) de la page statique ; vide : l’accueil montre les derniers articles."
    )
    blog: Annotated[str, Refers("pages.slug")] = Field(
        "", description="L’identifiant (slug) de la page des articles, quand la question la demande aussi."
    )

    def facts(self) -> tuple[str, ...]:
        """The one that is asked for."""
        return (STATIC,) if self.page else (LATEST,)

    def given(self, desk: Desk) -> None:
        """Where the wanted page is the front page already, start from the latest articles."""
        front = office(desk, "options-reading.php").locator("#page_on_front option:checked").get_attribute("value")
        if self.page and front == self._number(desk, self.page):
            options.reading_settings(desk, {"show_on_front": "posts"})

    def verify(self, site: Site) -> list[Finding]:
        """What a visitor finds at the site's own address, and the settings that bring it there."""
        settings: dict[str, Any] = rest(site, "wp/v2/settings")
        stored = f"réglage enregistré : {_stored(site, settings)}"
        return [self._static(site, settings, stored) if self.page else self._latest(site, settings, stored)]

    @staticmethod
    def _latest(site: Site, settings: dict[str, Any], stored: str) -> Finding:
        page = site.visit("/")
        names = _names(site)
        articles = page.locator("article.type-post").count()
        chosen, listed = settings["show_on_front"] == "posts", "blog" in names and articles > 0
        observed = f"L’accueil montre {_shown(site, names, articles)} ; {stored}"
        verdict, doubt = Verdict.NOT_MET, ""
        if chosen and listed and "home" in names:
            verdict = Verdict.MET
        elif listed:  # a static page is asked for, and none is chosen
            verdict, doubt = Verdict.TO_JUDGE, "un visiteur trouve bien les articles à l’accueil, sans ce réglage"
        elif chosen:
            verdict, doubt = Verdict.TO_JUDGE, "le réglage est le bon, mais un visiteur ne voit pas d’article"
        elif lists := _lists(site, names):
            verdict, doubt = Verdict.TO_JUDGE, f"un bloc de la page d’accueil montre {numbered(lists, 'article')}"
        observed += f" ; à lire : {doubt}." if doubt else "."
        expected = "La page d’accueil montre les derniers articles."
        return Finding(
            LATEST,
            verdict,
            expected,
            observed,
            (site.shot("la page d’accueil", mark=site.page.locator("article.type-post")),),
        )

    def _static(self, site: Site, settings: dict[str, Any], stored: str) -> Finding:
        wanted, doubt = meant(site, self.page, _PAGES)
        expected = f"La page d’accueil est la page {_called(self.company, wanted, self.page)}"
        verdicts, doubts, evidence, blog, item = [], [doubt], [], "", None
        if self.blog:
            item, of_the_blog = meant(site, self.blog, _PAGES)
            blog = _called(self.company, item, self.blog)
            expected += f" et les articles sont sur la page {blog}"
            site.visit(path_of(item["link"]) if item else f"/{self.blog}/")
            evidence.append(site.shot("la page des articles", mark=site.page.locator("article.type-post")))
            verdict, unsure = _blogged(site, item, settings)
            verdicts.append(verdict)
            doubts += [of_the_blog, unsure]
        page = site.visit("/")
        names = _names(site)
        observed = f"L’accueil montre {_shown(site, names, page.locator('article.type-post').count())} ; {stored}."
        observed += "" if wanted else f" La page {_called(self.company, wanted, self.page)} n’existe pas."
        if verdicts == [Verdict.NOT_MET]:
            observed += f" La page {blog} {'ne montre pas les articles' if item else 'n’existe pas'}."
        evidence.append(site.shot("la page d’accueil"))
        verdict, unsure = _in_front(wanted, names, settings)
        found = Finding(STATIC, worst([verdict, *verdicts]), f"{expected}.", observed, tuple(evidence))
        return doubted(found, *doubts, unsure)

    def ways(self) -> Sequence[Act]:
        """The reading settings, and the Customizer."""
        return (
            Act("Réglages > Lecture", lambda desk: self._set(desk, self.page, self.blog)),
            Act("outil de personnalisation", lambda desk: self._customize(desk)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The neighbour's page, the field below, nothing saved."""
        other = seeded.other_pages(self.company, self.page)[0]

        def set_to(page: str, blog: str, save: str = "button") -> Callable[[Desk], None]:
            return lambda desk: self._set(desk, page, blog, save)

        misses: list[tuple[str, Callable[[Desk], None]]] = [
            ("modifié sans enregistrer", set_to(self.page, self.blog, "")),
            ("personnalisation non publiée", lambda desk: self._customize(desk, publish=False)),
        ]
        if self.page:
            misses += [
                ("une autre page choisie pour l’accueil", set_to(other, self.blog)),
                ("la page mise en page des articles", set_to(other, self.page)),
            ]
            if self.blog:
                misses.append(("page des articles oubliée", set_to(self.page, "")))
        else:
            blog = seeded.posts_page(self.company)
            misses.append(("la page des articles choisie comme page statique", set_to(blog, "")))
            misses.append(("une autre page statique", set_to(other, blog)))
        return [NearMiss(name, self.facts()[0], run) for name, run in misses]

    def roads(self) -> Sequence[Road]:
        """The articles by a block; what else changes addresses and titles."""

        def listed_by_a_block(desk: Desk) -> None:
            if self.page:
                self._set(desk, self.page, "")
            disturbances.text_added(desk, self.blog or seeded.front_page(desk.company), markup.query_loop(5))

        def renumbered(desk: Desk) -> None:
            self._set(desk, self.page, self.blog)
            disturbances.plain_permalinks(desk)

        def renamed(desk: Desk) -> None:
            disturbances.content(desk, self.page, {"title": "Bienvenue", "slug": "bienvenue"})
            self._set(desk, "bienvenue", self.blog)

        def locked(desk: Desk) -> None:
            self._set(desk, self.page, self.blog)
            disturbances.content(desk, self.page, {"password": "secret"})

        one = self.facts()[0]
        roads = [Road("adresses du site par numéros", one, renumbered, Verdict.MET)]
        if not self.page or self.blog:
            roads.append(Road("les articles montrés par une boucle de requête", one, listed_by_a_block))
        if self.page:
            roads += [
                Road("la page renommée, avec une autre adresse", one, renamed, Verdict.MET),
                Road("la page derrière un mot de passe", one, locked),
            ]
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Both kinds of front page."""
        return (cls(page="accueil", blog="actualites"), cls())

    def _set(self, desk: Desk, page: str, blog: str, save: str = "button") -> None:
        values = {"show_on_front": "page" if page else "posts"}
        if page:
            values["page_on_front"] = self._number(desk, page)
            values["page_for_posts"] = self._number(desk, blog) if blog else "0"
        options.reading_settings(desk, values, save)

    def _customize(self, desk: Desk, publish: bool = True) -> None:
        numbers = [self._number(desk, slug) for slug in (self.page, self.blog) if slug]
        customizer = Customizer.open(desk, section="static_front_page")
        customizer.choose("show_on_front", "page" if self.page else "posts")
        for name, number in zip(("page_on_front", "page_for_posts"), numbers, strict=False):
            customizer.choose(name, number)
        if publish:
            customizer.publish()

    @staticmethod
    def _number(desk: Desk, slug: str) -> str:
        return post_lists.number(post_lists.row_of(office(desk, "edit.php?post_type=page"), slug))


def _names(site: Site) -> set[str]:
    """What the page that is shown says it is: the classes of its body."""
    return set((site.page.locator("body").get_attribute("class") or "").split())


def _in_front(wanted: dict[str, Any] | None, names: set[str], settings: dict[str, Any]) -> tuple[Verdict, str]:
    """Whether the page that is shown at "/" is the wanted one, and what a person has to read."""
    if wanted is None:
        return Verdict.NOT_MET, ""
    if {"home", f"page-id-{wanted['id']}"} <= names and wanted.get("password"):
        return Verdict.TO_JUDGE, "la page d’accueil est protégée par un mot de passe"
    if {"home", f"page-id-{wanted['id']}"} <= names:
        return Verdict.MET, ""
    if settings["show_on_front"] == "page" and settings["page_on_front"] == wanted["id"]:
        return Verdict.TO_JUDGE, "la page demandée est choisie pour l’accueil, mais un visiteur ne l’y voit pas"
    return Verdict.NOT_MET, ""


def _blogged(site: Site, item: dict[str, Any] | None, settings: dict[str, Any]) -> tuple[Verdict, str]:
    """Whether the page that is shown has the articles, and what a person has to read."""
    if item is None:
        return Verdict.NOT_MET, ""
    names, chosen = _names(site), settings["page_for_posts"] == item["id"]
    if chosen:
        seen = "blog" in names
        return (
            (Verdict.MET, "")
            if seen
            else (Verdict.TO_JUDGE, "la page des articles est choisie, mais un visiteur n’y voit pas les articles")
        )
    if lists := _lists(site, names):
        where = f"un bloc de la page « {plain(item['title']['raw'])} »"
        return Verdict.TO_JUDGE, f"{where} montre {numbered(lists, 'article')}"
    return Verdict.NOT_MET, ""


def _lists(site: Site, names: set[str]) -> int:
    """How many articles a block of the page that is shown lists, but for the list that it had at first."""
    page = _page_of(site, names)
    own = page is not None and seeded.lists_in(site.company, page["slug"])
    return int(site.page.locator(_QUERIES if own else f"{_QUERIES}, {_LATEST}").count())


def _page_of(site: Site, names: set[str]) -> dict[str, Any] | None:
    """The page of the site that is shown."""
    number = next((name.removeprefix("page-id-") for name in names if name.startswith("page-id-")), "")
    return rest_or_none(site, f"wp/v2/pages/{number}?context=edit&_fields=slug,title") if number else None


def _shown(site: Site, names: set[str], articles: int) -> str:
    if "blog" in names:
        return f"les derniers articles ({numbered(articles, 'article')})"
    page = _page_of(site, names)
    return f"la page « {plain(page['title']['raw'])} »" if page else "autre chose"


def _called(company: Path, item: dict[str, Any] | None, slug: str) -> str:
    """A page by its title; where nothing has the slug, by the title that the company's page had, or the slug."""
    return f"« {plain(item['title']['raw']) if item else seeded.title_of(company, slug, ('pages',))} »"


def _stored(site: Site, settings: dict[str, Any]) -> str:
    if settings["show_on_front"] != "page":
        return "les derniers articles"
    titles = []
    for what in ("page_on_front", "page_for_posts"):
        number = settings[what]
        item = rest_or_none(site, f"wp/v2/pages/{number}?context=edit&_fields=title") if number else None
        titles.append(f"la page {_called(site.company, item, '')}" if item else "aucune page")
    return f"une page statique ({titles[0]} pour l’accueil, {titles[1]} pour les articles)"
