"""Contents: an article or a page that is deleted."""

from collections.abc import Callable, Sequence
from typing import Annotated, Self

from playwright.sync_api import Locator
from pydantic import Field

from checks.wordpress.publication import kind_in_french
from checks.wordpress.reading import contents, naming, seeded
from checks.wordpress.reading.answers import Kind
from checks.wordpress.reading.content_verdicts import doubted
from checks.wordpress.reading.wording import agreed
from checks.wordpress.screens import content_changes, post_lists
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, finding
from provisioner.subject.functionalities import fact

DELETE_POST = fact("wordpress.contenu.publier", "supprimer un article")
DELETE_PAGE = fact("wordpress.contenu.publier", "supprimer une page")


class DeletedContent(Check, id="wordpress.contenu.deleted"):
    """Un article ou une page est supprimé : à la corbeille ou définitivement.

    Quand un autre contenu de l’entreprise n’y est plus, c’est à apprécier : n’en faites supprimer qu’un de chaque sorte
    par sujet.
    """

    proves = (DELETE_POST, DELETE_PAGE)

    kind: Kind = Field("post", description="« post » pour un article, « page » pour une page.")
    slug: Annotated[str, Refers("posts.slug", "pages.slug")] = Field(
        min_length=1, description="L’identifiant (slug) de l’article ou de la page à supprimer."
    )

    def facts(self) -> tuple[str, ...]:
        """The one that fits the kind."""
        return (DELETE_POST if self.kind == "post" else DELETE_PAGE,)

    def verify(self, site: Site) -> list[Finding]:
        """Nothing of that address but in the bin, and nothing that a visitor finds there."""
        named = f"{kind_in_french(self.kind)} « {seeded.title_of(self.company, self.slug, (f'{self.kind}s',))} »"
        expected = f"{named} n’existe plus, ou est à la corbeille"
        found = contents.contents(site)
        alive = naming.named(self.company, found, self.slug, site.taken_at, (self.kind,))
        binned = any(
            c.kind == self.kind and self.slug in (c.born, c.slug.removesuffix("__trashed"))
            for c in found
            if c.status == "trash"
        )
        names = (site.visit(f"/{self.slug}/").locator("body").get_attribute("class") or "").split()
        shot = site.shot("ce que montre son adresse")
        if alive:
            observed = f"{alive} existe encore ({alive.state(site.taken_at)})"
            return [finding(self.facts()[0], False, expected, observed, shot)]
        led = next((c for c in found if {f"postid-{c.id}", f"page-id-{c.id}"} & set(names)), None)
        if led and not binned:
            observed = (
                f"rien à ce nom ; à lire : l’adresse mène à {led}, peut-être le même contenu sous une autre adresse"
            )
            return [Finding(self.facts()[0], Verdict.TO_JUDGE, expected, observed, (shot,))]
        e = "e" if self.kind == "page" else ""
        observed = f"{kind_in_french(self.kind)} est {'à la corbeille' if binned else f'supprimé{e} définitivement'}"
        kept = {self.slug, *(c.born for c in found if c.status != "trash")}
        lost = sorted(seeded.published(self.company, self.kind) - kept)
        titles = [seeded.title_of(self.company, one, (f"{self.kind}s",)) for one in lost]
        more = agreed(titles, "n’est plus sur le site non plus", "ne sont plus sur le site non plus") if lost else ""
        return [doubted(finding(self.facts()[0], True, expected, observed, shot), more)]

    def ways(self) -> Sequence[Act]:
        """The row's link, the bulk action, the editor's button, and for good."""

        def for_good(desk: Desk) -> None:
            content_changes.trash_in_list(desk, self.kind, self.slug)
            content_changes.empty_bin(desk, self.kind)

        return (
            Act("« Corbeille » dans la liste", lambda d: content_changes.trash_in_list(d, self.kind, self.slug)),
            Act("actions groupées", lambda d: content_changes.trash_in_bulk(d, self.kind, self.slug)),
            Act("dans l’éditeur", lambda d: content_changes.trash_in_editor(post_lists.edit(d, self.kind, self.slug))),
            Act("supprimé définitivement", for_good),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Only hidden, the neighbour's, or taken back out of the bin."""

        def changed(change: Callable[[Locator], object]) -> Callable[[Desk], None]:
            return lambda desk: post_lists.quick_edit(desk, self.kind, self.slug, change)

        def neighbour(desk: Desk) -> None:
            content_changes.trash_in_list(desk, self.kind, post_lists.other_slug(desk, self.kind, self.slug))

        def restored(desk: Desk) -> None:
            content_changes.trash_in_list(desk, self.kind, self.slug)
            content_changes.restore(desk, self.kind)

        acts: list[tuple[str, Callable[[Desk], None]]] = [
            ("repassé en brouillon", changed(content_changes.to_draft)),
            ("rendu privé", changed(content_changes.to_private)),
            ("le contenu voisin supprimé", neighbour),
            ("supprimé, puis rétabli", restored),
        ]
        return [NearMiss(name, self.facts()[0], run) for name, run in acts]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An article, and a page."""
        return cls(slug="crumble-pommes-palets"), cls(kind="page", slug="nos-engagements")
