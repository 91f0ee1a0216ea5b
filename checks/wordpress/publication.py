"""Contents: what changes in an article or a page that is there."""

from collections.abc import Callable, Sequence
from typing import Annotated, Self

from playwright.sync_api import Locator
from pydantic import Field, model_validator

from checks.wordpress.reading import contents, naming, seeded
from checks.wordpress.reading.answers import Kind
from checks.wordpress.reading.content_verdicts import doubted, emptied
from checks.wordpress.reading.contents import Body, Content
from checks.wordpress.reading.text_verdicts import filed_only, lacking_categories
from checks.wordpress.reading.wording import agreed, denials, written_otherwise
from checks.wordpress.screens import content_changes, modified_roads, post_lists
from checks.wordpress.screens.modified_roads import Change
from provisioner.french.negation import denied
from provisioner.french.text import holds, may_hold, nearly_holds, nearly_same, quoted, same
from provisioner.subject.check import (
    Act,
    Check,
    Desk,
    Finding,
    NearMiss,
    Refers,
    Road,
    Site,
    Verdict,
    WantedText,
    finding,
)
from provisioner.subject.functionalities import fact

CHANGE_POST = fact("wordpress.contenu.publier", "modifier un article")
CHANGE_PAGE = fact("wordpress.contenu.publier", "modifier une page")


def kind_in_french(kind: Kind) -> str:
    """The kind in a French sentence."""
    return "l’article" if kind == "post" else "la page"


class ModifiedContent(Check, id="wordpress.contenu.modified"):
    """Un article ou une page qui existe est modifié, et reste publié.

    Nouveau titre, textes à ajouter, textes à retirer, catégories : seul est contrôlé ce qui est demandé. Quand la plupart
    des textes de départ n’y sont plus, c’est à apprécier.
    """

    proves = (CHANGE_POST, CHANGE_PAGE)

    kind: Kind = Field("post", description="« post » pour un article, « page » pour une page.")
    slug: Annotated[str, Refers("posts.slug", "pages.slug")] = Field(
        min_length=1, description="L’identifiant (slug) de l’article ou de la page, au départ."
    )
    new_title: str = Field("", description="Le nouveau titre ; vide quand il ne change pas.")
    contains: tuple[WantedText, ...] = Field((), description="Ce que le texte doit dire après la modification.")
    lacks: tuple[WantedText, ...] = Field((), description="Ce que le texte dit au départ et ne doit plus dire.")
    categories: tuple[Annotated[WantedText, Refers("categories.name")], ...] = Field(
        (), description="Les catégories de l’article après la modification ; d’autres sont admises."
    )

    out_of: tuple[Annotated[WantedText, Refers("categories.name")], ...] = Field(
        (), description="Les catégories que l’article a au départ et n’a plus après la modification."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (self.new_title or self.contains or self.lacks or self.categories or self.out_of):
            raise ValueError("new_title, contains, lacks, categories ou out_of doit être demandé")
        if self.kind == "page" and (self.categories or self.out_of):
            raise ValueError("une page n’a pas de catégorie")
        return self

    def facts(self) -> tuple[str, ...]:
        """The one that fits the kind."""
        return (CHANGE_POST if self.kind == "post" else CHANGE_PAGE,)

    def verify(self, site: Site) -> list[Finding]:
        """The content as a visitor reads it."""
        named = f"{kind_in_french(self.kind)} « {seeded.title_of(self.company, self.slug, (f'{self.kind}s',))} »"
        expected = f"{named} reste en ligne" + self._wanted()
        found = contents.contents(site)
        content = naming.named(self.company, found, self.slug, site.taken_at, (self.kind,))
        if content is None and self.new_title:
            content = naming.named(self.company, found, self.new_title, site.taken_at, (self.kind,))
        if content is None:
            site.visit(f"/{self.slug}/")
            observed = f"rien n’est enregistré sous ce titre ni à l’adresse /{self.slug}/"
            return [finding(self.facts()[0], False, expected, observed, site.shot("ce que montre cette adresse"))]
        read = contents.read(site, content)
        evidence = (
            site.shot("la page vue par un visiteur", mark=site.page.locator("h1.entry-title")),
            site.note("le texte", f"{content}\n{read.whole.text}"),
        )
        verdict, observed = self.judge(content, read.whole)
        seen, for_a_visitor = self.judge(content, read.visible)
        if seen is not verdict:
            verdict = Verdict.TO_JUDGE
            observed += f" ; à lire : une partie est masquée aux visiteurs ; pour eux : {for_a_visitor}"
        if not content.public(site.taken_at):
            verdict = Verdict.NOT_MET
            observed = observed.replace("tout est comme demandé", "le reste est comme demandé")
            observed = f"{content} n’est pas en ligne ({content.state(site.taken_at)}) ; {observed}"
        done = Finding(self.facts()[0], verdict, expected, observed, evidence)
        if verdict is not Verdict.MET:
            return [done]
        hidden = "" if read.public else f"{content} est en ligne, mais son adresse montre autre chose"
        anew = self.slug not in (content.born, "") and seeded.slugged_so(self.company, self.kind, self.slug)
        other = f"{content} n’est pas le contenu de départ, mais un autre à sa place" if anew else ""
        return [doubted(done, hidden, other, emptied(self.company, content, read.whole.text, self.lacks))]

    def judge(self, content: Content, body: Body) -> tuple[Verdict, str]:
        """What of the change is there, and what is not."""
        lacking: list[str] = []
        unsure: list[str] = []
        if self.new_title and not same(self.new_title, content.title):
            near = nearly_same(self.new_title, content.title)
            (unsure if near else lacking).append(f"le titre est « {content.title} »")
        missing = [one for one in self.contains if not holds(body.text, one)]
        otherwise = [one for one in missing if nearly_holds(body.text, one)]
        unsure += written_otherwise(otherwise, body.text)
        if absent := [one for one in missing if one not in otherwise]:
            lacking.append(agreed(absent, "n’est pas dans le texte", "ne sont pas dans le texte"))
        unsure += denials((one, denied(body.text, one)) for one in self.contains if holds(body.text, one))
        if still := [one for one in self.lacks if holds(body.text, one)]:
            lacking.append(agreed(still, "est encore dans le texte", "sont encore dans le texte"))
        if perhaps := [one for one in self.lacks if one not in still and may_hold(body.text, one)]:
            unsure.append(agreed(perhaps, "est peut-être encore dans le texte", "sont peut-être encore dans le texte"))
        lacking += self._misfiled(content, unsure)
        verdict = Verdict.NOT_MET if lacking else Verdict.TO_JUDGE if unsure else Verdict.MET
        return verdict, " ; ".join(
            [*lacking, *([f"à lire : {' ; '.join(unsure)}"] * bool(unsure))]
        ) or "tout est comme demandé"

    def _misfiled(self, content: Content, unsure: list[str]) -> list[str]:
        """What is wrong of the categories; to what a person has to read, that which nearly isn't is added."""
        lacking = lacking_categories(self.categories, content)
        unsure += [filed_only(name, why) for name, why in lacking.items() if why]
        absent = [name for name, why in lacking.items() if not why]
        left = [name for name in self.out_of if any(same(name, seen) for seen in content.categories)]
        below = [name for name in self.out_of if name not in left and any(same(name, one) for one in content.above)]
        unsure += [f"l’article est encore classé dans « {name} » par une de ses sous-catégories" for name in below]
        said = [f"l’article n’est pas classé dans {quoted(absent)}"] * bool(absent)
        return said + [f"l’article est encore classé dans {quoted(left)}"] * bool(left)

    def _wanted(self) -> str:
        parts = [f"son titre est « {self.new_title} »"] * bool(self.new_title)
        said = [f"dit {quoted(self.contains)}"] * bool(self.contains)
        said += [f"ne dit plus {quoted(self.lacks)}"] * bool(self.lacks)
        filed = [f"est classé dans {quoted(self.categories)}"] * bool(self.categories)
        filed += [f"n’est plus classé dans {quoted(self.out_of)}"] * bool(self.out_of)
        parts += [f"son texte {' et '.join(said)}"] * bool(said) + [f"l’article {' et '.join(filed)}"] * bool(filed)
        return "".join(f", {part}" for part in parts)

    def ways(self) -> Sequence[Act]:
        """The editor's blocks, its code view; the quick edit, or that of several rows, where it suffices."""
        ways = [
            Act("dans l’éditeur, avec ses blocs", self._edited(content_changes.change_blocks)),
            Act("dans l’éditeur de code", self._edited(content_changes.change_code)),
        ]
        if not (self.contains or self.lacks):
            ways.append(Act("par la modification rapide", lambda desk: self._quickly(desk)))
            if not (self.new_title or self.out_of):
                ways.append(Act("par les actions groupées « Modifier »", self._in_bulk))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """The neighbour, not kept, no longer online, half of it, in the wrong place."""
        blocks = content_changes.change_blocks

        def then_draft(desk: Desk) -> None:
            self._edited(blocks)(desk)
            post_lists.quick_edit(desk, self.kind, self.slug, content_changes.to_draft)

        def neighbour(desk: Desk) -> None:
            other = post_lists.other_slug(desk, self.kind, self.slug)
            self.but(slug=other, lacks=(), contains=self.contains or ("Nouveau texte",))._edited(blocks)(desk)

        def in_the_excerpt(desk: Desk) -> None:
            editor = post_lists.edit(desk, self.kind, self.slug)
            editor.write_excerpt(" ; ".join(self.contains))
            editor.save()

        def title_in_the_text(desk: Desk) -> None:
            post_lists.type_into(desk, self.kind, self.slug, self.new_title)

        acts: list[tuple[str, Callable[[Desk], None]]] = [
            ("modifié sans mettre à jour", self._edited(blocks, save=False)),
            ("le contenu voisin modifié", neighbour),
            ("modifié, puis repassé en brouillon", then_draft),
        ]
        if self.contains and self.lacks:
            acts.append(("l’ancien texte laissé", self.but(lacks=())._edited(blocks)))
        if self.contains and self.kind == "post":
            acts.append(("écrit dans l’extrait seulement", in_the_excerpt))
        if self.out_of and self.categories:
            acts.append(("l’ancienne catégorie gardée", self.but(out_of=())._edited(blocks)))
        if self.new_title:
            acts.append(("le titre écrit dans le texte", title_in_the_text))
        return [NearMiss(name, self.facts()[0], run) for name, run in acts]

    def roads(self) -> Sequence[Road]:
        """A sentence that denies, a content made in the place of this one, a category below, a page turned blog; see modified_roads."""
        change = Change(self.kind, self.slug, self.new_title, self.contains, self.lacks, self.categories, self.out_of)
        return [Road(name, self.facts()[0], run) for name, run in modified_roads.roads(change)]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A stand that moves; a page that gets another title and a text more; an article filed elsewhere."""
        return (
            cls(slug="salon-saveurs-de-bretagne", contains=("stand D4",), lacks=("stand C12",)),
            cls(kind="page", slug="nos-engagements", new_title="Nos engagements qualité", contains=("quatre moulins",)),
            cls(slug="trois-tartinades", categories=("Événements",)),
            cls(slug="tarte-au-citron-aux-palets", categories=("Vie de l’entreprise",), out_of=("Recettes sucrées",)),
        )

    def _edited(self, change: "content_changes.Change", save: bool = True) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            editor = post_lists.edit(desk, self.kind, self.slug)
            if self.new_title:
                editor.write_title(self.new_title)
            change(editor, self.lacks, self.contains)
            for name in self.categories:
                editor.choose_category(name)
            for name in self.out_of:
                editor.choose_category(name, chosen=False)
            if save:
                editor.save()

        return run

    def _quickly(self, desk: Desk) -> None:
        def change(form: Locator) -> None:
            if self.new_title:
                form.locator("input[name=post_title]").fill(self.new_title)
            self._classify(form)

        post_lists.quick_edit(desk, self.kind, self.slug, change)

    def _in_bulk(self, desk: Desk) -> None:
        post_lists.bulk_edit(desk, self.kind, (self.slug,), self._classify)

    def _classify(self, form: Locator) -> None:
        for name in self.categories:
            form.locator(".category-checklist").get_by_label(name, exact=True).check()
        for name in self.out_of:
            form.locator(".category-checklist").get_by_label(name, exact=True).uncheck()
