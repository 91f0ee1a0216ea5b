"""Navigation: the reading settings."""

from collections.abc import Callable, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.wordpress.reading import blog_settings
from checks.wordpress.reading.contents import path_of
from checks.wordpress.screens import options
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, finding
from provisioner.subject.functionalities import fact

POSTS_PER_PAGE = fact("wordpress.navigation.reglages", "articles par page")
FEED = fact("wordpress.navigation.reglages", "extrait ou texte entier")


class ReadingSettings(Check, id="wordpress.navigation.reading_settings"):
    """Les réglages de lecture : le nombre d’articles par page, l’extrait ou le texte entier dans les flux."""

    proves = (POSTS_PER_PAGE, FEED)

    posts_per_page: int = Field(
        0, ge=0, le=999, description="Le nombre d’articles par page du blog ; 0 quand la question ne le demande pas."
    )
    feed_excerpt: bool | None = Field(
        None, description="Les flux donnent l’extrait (true) ou le texte complet (false) ; absent si non demandé."
    )
    blog: Annotated[str, Refers("pages.slug")] = Field(
        "actualites", description="L’identifiant (slug) de la page des articles au départ."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.facts():
            raise ValueError("posts_per_page ou feed_excerpt doit être demandé")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those settings that are asked for."""
        asked = {POSTS_PER_PAGE: self.posts_per_page > 0, FEED: self.feed_excerpt is not None}
        return tuple(f for f, wanted in asked.items() if wanted)

    def given(self, desk: Desk) -> None:
        """A seeded site gives whole texts; asked for whole texts, start from extracts."""
        if self.feed_excerpt is False:
            options.reading_settings(desk, {"rss_use_excerpt": "1"})

    def verify(self, site: Site) -> list[Finding]:
        """The settings as they are kept, and what the blog and its feed then give to a visitor."""
        kept = blog_settings.kept_reading_settings(site)
        screen = site.shot("réglages de lecture", site.signed_in())
        findings = []
        if self.posts_per_page:
            findings.append(self._per_page(site, kept, screen))
        if self.feed_excerpt is not None:
            whole = blog_settings.feed_holds_whole_texts(site)
            findings.append(
                finding(
                    FEED,
                    kept.feed_excerpt == self.feed_excerpt and whole != self.feed_excerpt,
                    f"Pour chaque publication, le flux donne {_shape(self.feed_excerpt)}.",
                    f"Le réglage est « {_shape(kept.feed_excerpt)} »"
                    + (f" ; le flux donne {_shape(not whole)}." if whole is not None else " ; le flux est vide."),
                    screen,
                )
            )
        return findings

    def _per_page(self, site: Site, kept: blog_settings.KeptReadingSettings, screen: str) -> Finding:
        """The setting, and that the page of the articles shows as many: articles that are pinned come besides."""
        seen = blog_settings.posts_on_blog(site, kept.posts_page or f"/{self.blog}/")
        published = blog_settings.published_posts(site)
        observed = f"Le réglage est de {kept.posts_per_page} ; la page du blog "
        observed += f"montre {_articles(seen)}." if seen else "ne montre aucun article."
        if kept.posts_per_page != self.posts_per_page:
            verdict = Verdict.NOT_MET
        elif not kept.posts_page:
            verdict = Verdict.NOT_MET
            observed += " La page des articles a été retirée des réglages de lecture."
        elif kept.slug != self.blog:
            verdict = Verdict.TO_JUDGE
            observed += f" À lire : le blog n’est plus la page « {self.blog} » mais {path_of(site.page.url)}."
        elif seen < min(self.posts_per_page, published):
            verdict = Verdict.TO_JUDGE
            observed += f" À lire : le site a {_articles(published)} en ligne, la page devrait en montrer plus."
        else:
            verdict = Verdict.MET
        expected = f"Les pages du blog affichent au plus {self.posts_per_page} articles."
        return Finding(POSTS_PER_PAGE, verdict, expected, observed, (screen, site.shot("la page du blog")))

    def ways(self) -> Sequence[Act]:
        """There is one screen for it; it is saved by its button or by the Enter key."""
        return (
            Act("Réglages > Lecture", lambda desk: options.reading_settings(desk, self._fields())),
            Act(
                "Réglages > Lecture, touche Entrée",
                lambda desk: options.reading_settings(desk, self._fields(), "enter"),
            ),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """One too many or too few, the field below, another screen's number, and not saved."""

        def kept(**values: str) -> Callable[[Desk], None]:
            return lambda desk: options.reading_settings(desk, values)

        misses = [
            NearMiss("modifié sans enregistrer", f, lambda desk: options.reading_settings(desk, self._fields(), ""))
            for f in self.facts()
        ]
        if self.posts_per_page:
            wanted = self.posts_per_page
            misses += [
                NearMiss(
                    "page des articles retirée",
                    POSTS_PER_PAGE,
                    kept(posts_per_page=str(wanted), page_for_posts="0"),
                ),
                NearMiss("un article de trop", POSTS_PER_PAGE, kept(posts_per_page=str(wanted + 1))),
                NearMiss("nombre mis dans « éléments des flux »", POSTS_PER_PAGE, kept(posts_per_rss=str(wanted))),
                NearMiss(
                    "nombre mis dans les options de l’écran des articles",
                    POSTS_PER_PAGE,
                    lambda desk: options.rows_per_list(desk, wanted),
                ),
            ]
            if wanted > 1:
                misses.append(NearMiss("un article de moins", POSTS_PER_PAGE, kept(posts_per_page=str(wanted - 1))))
        if self.feed_excerpt is not None:
            misses += [
                NearMiss("l’autre choix enregistré", FEED, kept(rss_use_excerpt="0" if self.feed_excerpt else "1")),
                NearMiss("nombre d’éléments des flux réduit à la place", FEED, kept(posts_per_rss="5")),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Each setting alone, and both."""
        return (cls(posts_per_page=15), cls(posts_per_page=6, feed_excerpt=True), cls(feed_excerpt=False))

    def _fields(self) -> dict[str, str]:
        fields = {}
        if self.posts_per_page:
            fields["posts_per_page"] = str(self.posts_per_page)
        if self.feed_excerpt is not None:
            fields["rss_use_excerpt"] = "1" if self.feed_excerpt else "0"
        return fields


def _articles(count: int) -> str:
    return "un article" if count == 1 else f"{count} articles"


def _shape(excerpt: bool) -> str:
    return "l’extrait" if excerpt else "le texte complet"
