"""Navigation: the reading settings."""

from collections.abc import Callable, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.wordpress.reading import blog_settings
from checks.wordpress.reading.blog_settings import KeptReadingSettings
from checks.wordpress.reading.content_verdicts import worst
from checks.wordpress.reading.contents import path_of
from checks.wordpress.reading.wording import listed
from checks.wordpress.screens import disturbances, options
from checks.wordpress.screens.customizer import Customizer
from provisioner.french.text import numbered
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

POSTS_PER_PAGE = fact("wordpress.navigation.reglages", "articles par page")
FEED = fact("wordpress.navigation.reglages", "extrait ou texte entier")


class ReadingSettings(Check, id="wordpress.navigation.reading_settings"):
    """Les réglages de lecture : le nombre d’articles par page, l’extrait ou le texte entier dans les flux ou la liste."""

    proves = (POSTS_PER_PAGE, FEED)

    posts_per_page: int = Field(
        0, ge=0, le=999, description="Le nombre d’articles par page du blog ; 0 quand la question ne le demande pas."
    )
    feed_excerpt: bool | None = Field(
        None, description="Les flux donnent l’extrait (true) ou le texte complet (false) ; absent si non demandé."
    )
    list_excerpt: bool | None = Field(
        None,
        description="La liste des articles du blog montre l’extrait (true) ou le texte complet (false) de chacun, un "
        "réglage d’Astra ; absent si non demandé.",
    )
    blog: Annotated[str, Refers("pages.slug")] = Field(
        "actualites", description="L’identifiant (slug) de la page des articles au départ."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.facts():
            raise ValueError("posts_per_page, feed_excerpt ou list_excerpt doit être demandé")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those settings that are asked for."""
        shape = self.feed_excerpt is not None or self.list_excerpt is not None
        asked = {POSTS_PER_PAGE: self.posts_per_page > 0, FEED: shape}
        return tuple(f for f, wanted in asked.items() if wanted)

    def needs(self) -> Sequence[str]:
        """It is Astra that has a setting for the list."""
        return () if self.list_excerpt is None else ("theme astra",)

    def given(self, desk: Desk) -> None:
        """A seeded site gives whole texts in its feed, and extracts in its list; start from the other where one of these is asked."""
        if self.feed_excerpt is False:
            options.reading_settings(desk, {"rss_use_excerpt": "1"})
        if self.list_excerpt is True:
            disturbances.theme(desk, {"blog-post-content": "full-content"})

    def verify(self, site: Site) -> list[Finding]:
        """The settings as they are stored, and what the blog and its feed then give to a visitor."""
        stored = blog_settings.kept_reading_settings(site)
        screen = site.shot(
            "les réglages de lecture",
            site.signed_in(),
            mark=site.signed_in().locator("#posts_per_page, fieldset:has(input[name='rss_use_excerpt'])"),
        )
        findings = [self._per_page(site, stored, screen)] if self.posts_per_page else []
        shapes = []
        if self.feed_excerpt is not None:
            shapes.append(self._of_the_feed(site, stored, self.feed_excerpt, screen))
        if self.list_excerpt is not None:
            shapes.append(self._of_the_list(site, self.list_excerpt))
        if shapes:
            verdict = worst([one.verdict for one in shapes])
            expected, observed = (
                " ".join(texts) for texts in zip(*((o.expected, o.observed) for o in shapes), strict=True)
            )
            findings.append(
                Finding(FEED, verdict, expected, observed, tuple(e for one in shapes for e in one.evidence))
            )
        return findings

    @staticmethod
    def _of_the_feed(site: Site, stored: KeptReadingSettings, wanted: bool, screen: str) -> Finding:
        whole = blog_settings.feed_holds_whole_texts(site)
        verdict = Verdict.MET if stored.feed_excerpt == wanted and whole != wanted else Verdict.NOT_MET
        expected = f"Pour chaque publication, le flux donne {_shape(wanted)}."
        observed = f"Le réglage est « {_shape(stored.feed_excerpt)} »"
        observed += f" ; le flux donne {_shape(not whole)}." if whole is not None else " ; le flux est vide."
        return Finding(FEED, verdict, expected, observed, (screen,))

    @staticmethod
    def _of_the_list(site: Site, wanted: bool) -> Finding:
        shapes = blog_settings.shapes_in_the_list(site)
        right = [shape == wanted for shape in shapes]
        # Without a list that tells, because of another setting, a person has to look.
        doubtful = any(right) or not right
        verdict = Verdict.MET if right and all(right) else Verdict.TO_JUDGE if doubtful else Verdict.NOT_MET
        expected = f"Dans la liste des articles, chacun montre {_shape(wanted)}."
        seen = [f"{_shape(shape) if shape is not None else 'le titre seul'}" for shape in shapes]
        numbers = {one: seen.count(one) for one in seen}
        counts = [f"{numbered(n, 'article')} montre{'nt' * (n > 1)} {one}" for one, n in numbers.items()]
        observed = f"Dans la liste, {listed(counts)}."
        if verdict is Verdict.TO_JUDGE:
            observed = f"{observed.removesuffix('.')} ; à lire : ils ne sont pas tous montrés de la même façon."
        if not right:
            observed = "À lire : aucune liste ne montre d’article assez long pour en juger."
        return Finding(
            FEED,
            verdict,
            expected,
            observed,
            (site.shot("la liste des articles", mark=site.page.locator("article.type-post")),),
        )

    def _per_page(self, site: Site, stored: KeptReadingSettings, screen: str) -> Finding:
        """The setting, and that the blog shows as many where it is now: articles that are pinned come besides."""
        shown = blog_settings.posts_on_blog(site, stored.posts_page) if stored.posts_page else 0
        published = blog_settings.published_posts(site)
        observed = f"Le réglage est de {numbered(stored.posts_per_page, 'article')}"
        where = "l’accueil" if path_of(site.page.url) == "/" else "la page des articles"
        seen = f"{where} en montre {shown}" if shown else f"{where} n’en montre aucun"
        observed += f" ; {seen}." if stored.posts_page else "."
        doubt = ""
        if not stored.posts_page:
            site.visit(blog_settings.blog_paths(site)[-1])
            doubt = "la page des articles a été retirée des réglages de lecture, le blog n’a plus de liste"
        elif stored.slug not in ("", self.blog):
            doubt = f"le blog n’est plus à l’adresse /{self.blog}/"
        elif shown < min(self.posts_per_page, published):
            doubt = f"le site a {numbered(published, 'article')} en ligne, la page devrait en montrer plus"
        verdict = Verdict.TO_JUDGE if doubt else Verdict.MET
        if stored.posts_per_page != self.posts_per_page:
            verdict, doubt = Verdict.NOT_MET, ""
        observed = f"{observed.removesuffix('.')} ; à lire : {doubt}." if doubt else observed
        expected = f"Les pages du blog affichent au plus {numbered(self.posts_per_page, 'article')}."
        return Finding(
            POSTS_PER_PAGE,
            verdict,
            expected,
            observed,
            (screen, site.shot("la page du blog", mark=site.page.locator("article.type-post"))),
        )

    def ways(self) -> Sequence[Act]:
        """The screen of the reading settings, saved by its button or by the Enter key; of the list, the Customizer."""

        def by_the_button(desk: Desk) -> None:
            self._set(desk, "button")

        def by_the_key(desk: Desk) -> None:
            self._set(desk, "enter")

        if not self._fields():
            return (Act("Personnaliser > Blog", by_the_button),)
        return (Act("Réglages > Lecture", by_the_button), Act("Réglages > Lecture, touche Entrée", by_the_key))

    def _set(self, desk: Desk, save: str) -> None:
        if fields := self._fields():
            options.reading_settings(desk, fields, save)
        if self.list_excerpt is not None:
            self._customize(desk, self.list_excerpt)

    @staticmethod
    def _customize(desk: Desk, excerpt: bool, publish: bool = True) -> None:
        customizer = Customizer.open(desk, section="section-blog")
        element = customizer.page.locator(".ast-sortable-item[data-value=excerpt]")
        if element.locator(".ast-accordion").count():  # newer Astra folds the choice below an element of the list
            element.locator(".ast-accordion").click()
            element.locator("button").nth(int(excerpt)).click()
        else:
            customizer.choose("blog-post-content", "excerpt" if excerpt else "full-content")
        if publish:
            customizer.publish()

    def near_misses(self) -> Sequence[NearMiss]:
        """One too many or too few, the field below, another screen's number, and not saved."""

        def kept(**values: str) -> Callable[[Desk], None]:
            return lambda desk: options.reading_settings(desk, values)

        misses = [
            NearMiss("modifié sans enregistrer", f, lambda desk: options.reading_settings(desk, self._fields(), ""))
            for f in self.facts()
            if f == POSTS_PER_PAGE or self.feed_excerpt is not None
        ]
        if self.posts_per_page:
            wanted = self.posts_per_page
            misses += [
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
        if self.list_excerpt is not None:
            asked = self.list_excerpt
            misses += [
                NearMiss(
                    "personnalisation non publiée", FEED, lambda desk: self._customize(desk, asked, publish=False)
                ),
                NearMiss("le flux réglé à la place de la liste", FEED, kept(rss_use_excerpt="1" if asked else "0")),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """What a question on the front page leaves: no page of the articles, or the articles in front."""
        first = self.ways()[0].run
        emptied = disturbances.then(disturbances.posts_page_emptied, first)
        in_front = disturbances.then(disturbances.latest_in_front, first)
        one = self.facts()[0]
        # With no list of the blog, nobody sees how many articles it shows, nor how.
        listed = one == POSTS_PER_PAGE or self.list_excerpt is not None
        return (
            Road("la page des articles retirée", one, emptied, Verdict.TO_JUDGE if listed else Verdict.MET),
            Road("les articles montrés à l’accueil", one, in_front, Verdict.MET),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Each setting alone, and two together."""
        return (
            cls(posts_per_page=15),
            cls(posts_per_page=6, feed_excerpt=True),
            cls(feed_excerpt=False),
            cls(list_excerpt=False),
            cls(list_excerpt=True),
        )

    def _fields(self) -> dict[str, str]:
        fields = {}
        if self.posts_per_page:
            fields["posts_per_page"] = str(self.posts_per_page)
        if self.feed_excerpt is not None:
            fields["rss_use_excerpt"] = "1" if self.feed_excerpt else "0"
        return fields


def _shape(excerpt: bool) -> str:
    return "l’extrait" if excerpt else "le texte complet"
