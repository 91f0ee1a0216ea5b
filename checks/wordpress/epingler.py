"""Contents: an article that is pinned above the others."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Self

from playwright.sync_api import Locator
from pydantic import Field

from checks.wordpress.reading import blog_settings, contents, naming, seeded
from checks.wordpress.reading.answers import rest
from checks.wordpress.reading.content_verdicts import doubted, merged
from checks.wordpress.screens import content_changes, disturbances, post_lists, stored
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, finding
from provisioner.subject.functionalities import fact

STICKY = fact("wordpress.contenu.epingler", "épinglé")


class StickyPost(Check, id="wordpress.contenu.sticky"):
    """Un article est épinglé en tête du blog, et reste publié.

    Quand un autre est épinglé avant lui, c’est à apprécier : n’en faites épingler qu’un par sujet.
    """

    proves = (STICKY,)

    post: Annotated[str, Refers("posts.slug", "posts.title")] = Field(
        min_length=1, description="L’identifiant (slug) de l’article, ou le titre de celui que la question fait créer."
    )

    def verify(self, site: Site) -> list[Finding]:
        """The article's own setting, and that the blog begins with it; of several of its title, any."""
        found = naming.alike(self.company, contents.contents(site), self.post, site.taken_at, ("post",))
        if not found:
            return [finding(STICKY, False, self._expected, "cet article n’existe pas", site.shot("le site"))]
        return merged([[self._look(site, one)] for one in found])

    def _look(self, site: Site, content: contents.Content) -> Finding:
        sticky = rest(site, f"wp/v2/posts/{content.id}?context=edit&_fields=sticky")["sticky"]
        blog = blog_settings.kept_reading_settings(site).posts_page
        page = site.visit(blog or "/")
        first: list[str] = page.locator("article.type-post").evaluate_all("all => all.map(one => one.id)")
        place = first.index(f"post-{content.id}") + 1 if f"post-{content.id}" in first else 0
        observed = f"{content}, {content.state(site.taken_at)}, {'épinglé' if sticky else 'non épinglé'}"
        if blog:
            observed += (
                f" ; il est le {'premier' if place == 1 else f'{place}ᵉ'} de la page du blog"
                if place
                else " ; la première page du blog ne le montre pas"
            )
        online = content.public(site.taken_at)
        evidence = site.shot("la page du blog", mark=page.locator(f"#post-{content.id}"))
        # What he made himself and left as a draft is another fact's; what was online and no longer is, is this one's.
        if sticky and online and not blog:
            said = "le site n’a plus de page des articles, où il se montrerait en tête"
            return Finding(STICKY, Verdict.TO_JUDGE, self._expected, f"{observed} ; à lire : {said}", (evidence,))
        if sticky and (not place if online else not content.seeded):
            said = "quelque chose le cache" if online else "il est épinglé, et n’est pas en ligne"
            return Finding(STICKY, Verdict.TO_JUDGE, self._expected, f"{observed} ; à lire : {said}", (evidence,))
        found = finding(STICKY, bool(sticky) and online, self._expected, observed, evidence)
        return doubted(
            found, "d’autres sont épinglés avant lui, ou il ne se montre pas en tête" if sticky and place > 1 else ""
        )

    @property
    def _expected(self) -> str:
        return f"l’article « {seeded.title_of(self.company, self.post, ('posts',))} » est en ligne et épinglé en tête du blog"

    def ways(self) -> Sequence[Act]:
        """The quick edit, the bulk edit, the editor's first panel."""

        def in_the_editor(desk: Desk) -> None:
            editor = post_lists.edit(desk, "post", self._slug(desk))
            content_changes.pin(editor)
            editor.save()

        def in_bulk(desk: Desk) -> None:
            post_lists.bulk_edit(desk, "post", (self._slug(desk),), content_changes.pin_in_bulk)

        return (
            Act("par la modification rapide", lambda desk: self._quick(desk, content_changes.pin_in_list)),
            Act("actions groupées", in_bulk),
            Act("dans l’éditeur", in_the_editor),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The neighbour, said in the title, only newer, not kept, no longer online or no longer for everybody."""

        def neighbour(desk: Desk) -> None:
            other = post_lists.other_slug(desk, "post", self._slug(desk))
            post_lists.quick_edit(desk, "post", other, content_changes.pin_in_list)

        def pin_and(also: Callable[[Locator], object]) -> Callable[[Desk], None]:
            def change(form: Locator) -> None:
                content_changes.pin_in_list(form)
                also(form)

            return lambda desk: self._quick(desk, change)

        def pin_and_delete(for_good: bool) -> Callable[[Desk], None]:
            def run(desk: Desk) -> None:
                self._quick(desk, content_changes.pin_in_list)
                disturbances.trashed(desk, self.post, for_good)

            return run

        acts: list[tuple[str, Callable[[Desk], None]]] = [
            ("l’article voisin épinglé", neighbour),
            ("« Épinglé » écrit dans le titre", lambda d: self._quick(d, content_changes.say_pinned)),
            ("daté d’aujourd’hui pour être le premier", lambda d: self._quick(d, content_changes.date_today)),
            ("modification rapide annulée", lambda d: self._quick(d, content_changes.pin_in_list, False)),
        ]
        if not re.search(r"[^a-z0-9-]", self.post):  # of one that the candidate makes, that is for a person
            acts += [
                ("épinglé, mais repassé en brouillon", pin_and(content_changes.to_draft)),
                ("épinglé, mais protégé par un mot de passe", pin_and(content_changes.to_protected)),
                ("épinglé, mais programmé pour plus tard", pin_and(content_changes.date_later)),
                ("épinglé, puis mis à la corbeille", pin_and_delete(for_good=False)),
                ("épinglé, puis supprimé", pin_and_delete(for_good=True)),
            ]
        return [NearMiss(name, STICKY, run) for name, run in acts]

    def roads(self) -> Sequence[Road]:
        """The site no longer has a page of the articles, or nobody sees it; a newer article is pinned too."""

        def without_a_blog(desk: Desk) -> None:
            self._quick(desk, content_changes.pin_in_list)
            stored.blog_at(desk, 0)

        def with_a_blog_in_draft(desk: Desk) -> None:
            self._quick(desk, content_changes.pin_in_list)
            disturbances.content(desk, seeded.posts_page(desk.company), {"status": "draft"})

        def below_another(desk: Desk) -> None:
            def change(form: Locator) -> None:
                content_changes.pin_in_list(form)
                content_changes.date_today(form)

            self._quick(desk, content_changes.pin_in_list)
            post_lists.quick_edit(desk, "post", post_lists.other_slug(desk, "post", self._slug(desk)), change)

        return (
            Road("épinglé, mais plus de page des articles", STICKY, without_a_blog),
            Road("épinglé, mais la page des articles en brouillon", STICKY, with_a_blog_in_draft),
            Road("épinglé, et un article plus récent aussi", STICKY, below_another),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An article of last month."""
        return (cls(post="coffrets-pour-les-cse"),)

    def _slug(self, desk: Desk) -> str:
        return content_changes.slug_of(desk, "post", self.post)

    def _quick(self, desk: Desk, change: Callable[[Locator], object], save: bool = True) -> None:
        post_lists.quick_edit(desk, "post", self._slug(desk), change, save)
