"""Navigation: what the front page shows, a page of the site or the latest articles."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any, Self

from pydantic import Field

from checks.wordpress.reading.answers import Kind, rest, rest_or_none
from checks.wordpress.reading.content_verdicts import doubted, meant
from checks.wordpress.reading.contents import path_of, plain
from checks.wordpress.screens import options, post_lists
from checks.wordpress.screens.customizer import Customizer
from checks.wordpress.screens.office import office
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, finding
from provisioner.subject.functionalities import fact

STATIC = fact("wordpress.navigation.accueil", "page statique")
LATEST = fact("wordpress.navigation.accueil", "derniers articles")
_PAGES: tuple[Kind] = ("page",)


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
        kept = f"réglage enregistré : {self._kept(site, settings)}"
        if not self.page:
            page = site.visit("/")
            names = _names(site)
            articles = page.locator("article.type-post").count()
            met = settings["show_on_front"] == "posts" and {"home", "blog"} <= names and articles > 0
            observed = f"L’accueil montre {_what(names, articles)} ; {kept}."
            expected = "La page d’accueil montre les derniers articles."
            found = finding(LATEST, met, expected, observed, site.shot("la page d’accueil"))
            if not met and "blog" in names and articles > 0:  # a static page is asked for, and none is chosen
                observed = f"à lire, un visiteur trouve bien les articles à l’accueil : {observed}"
                return [replace(found, verdict=Verdict.TO_JUDGE, observed=observed)]
            return [found]
        expected = f"La page d’accueil est la page « {self.page} »"
        wanted, doubt = meant(site, self.page, _PAGES)
        evidence = []
        blogged, of_the_blog = True, ""
        if self.blog:
            expected += f" et les articles sont sur la page « {self.blog} »"
            blog, of_the_blog = meant(site, self.blog, _PAGES)
            site.visit(path_of(blog["link"]) if blog else f"/{self.blog}/")
            blogged = blog is not None and settings["page_for_posts"] == blog["id"] and "blog" in _names(site)
            evidence.append(site.shot("la page des articles"))
        page = site.visit("/")
        names = _names(site)
        shown = wanted is not None and {"home", f"page-id-{wanted['id']}"} <= names
        articles = page.locator("article.type-post").count()
        observed = f"L’accueil montre {_what(names, articles)}, intitulé « {page.title()} » ; {kept}."
        if not blogged:
            observed += f" La page « {self.blog} » ne montre pas les articles."
        shot = site.shot("la page d’accueil")
        found = finding(STATIC, shown and blogged, expected + ".", observed, *evidence, shot)
        return [doubted(found, doubt, of_the_blog)]

    @staticmethod
    def _kept(site: Site, settings: dict[str, Any]) -> str:
        if settings["show_on_front"] != "page":
            return "les derniers articles"
        titles = []
        for what in ("page_on_front", "page_for_posts"):
            item = (
                rest_or_none(site, f"wp/v2/pages/{settings[what]}?context=edit&_fields=title")
                if settings[what]
                else None
            )
            titles.append(f"« {plain(item['title']['raw'])} »" if item else "aucune")
        return f"une page statique, accueil {titles[0]}, page des articles {titles[1]}"

    def ways(self) -> Sequence[Act]:
        """The reading settings, and the Customizer."""
        return (
            Act("Réglages > Lecture", lambda desk: self._set(desk, self.page, self.blog)),
            Act("outil de personnalisation", lambda desk: self._customize(desk)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The neighbour's page, the field below, nothing saved."""
        other = next(p for p in ("contact", "nos-produits") if p != self.page)

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
            misses.append(("la page des articles choisie comme page statique", set_to("actualites", "")))
            misses.append(("une autre page statique", set_to(other, "actualites")))
        return [NearMiss(name, self.facts()[0], run) for name, run in misses]

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


def _what(names: set[str], articles: int) -> str:
    if "blog" in names:
        return f"les derniers articles ({articles})"
    return "une page statique" if "page" in names else "autre chose"
