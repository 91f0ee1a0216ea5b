"""Contents: the categories that are made, changed and deleted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from checks.wordpress.reading import seeded
from checks.wordpress.reading.content_verdicts import best, doubted
from checks.wordpress.reading.contents import path_of, plain
from checks.wordpress.reading.terms import called, categories, described, renamed
from checks.wordpress.screens import terms
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.terms import CategoryDraft
from provisioner.french.text import holds, nearly_holds, nearly_same, numbered, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, finding
from provisioner.subject.functionalities import fact

CREATE = fact("wordpress.contenu.publier", "créer une catégorie")
CHANGE = fact("wordpress.contenu.publier", "modifier une catégorie")
DELETE = fact("wordpress.contenu.publier", "supprimer une catégorie")


class Category(Check, id="wordpress.contenu.category"):
    """Une catégorie est créée, ou une catégorie qui existe est modifiée (nom, description, catégorie parente)."""

    proves = (CREATE, CHANGE)

    slug: Annotated[str, Refers("categories.slug")] = Field(
        "", description="L’identifiant (slug) de la catégorie à modifier ; vide pour une catégorie à créer."
    )
    name: str = Field("", description="Le nom de la catégorie créée, ou son nouveau nom.")
    description: str = Field("", description="La description demandée ; vide quand il n’en faut pas.")
    parent: Annotated[str, Refers("categories.name")] = Field(
        "", description="Le nom de la catégorie parente ; vide quand elle n’est pas demandée."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.slug and not self.name:
            raise ValueError("name est le nom de la catégorie à créer")
        if not (self.name or self.description or self.parent):
            raise ValueError("name, description ou parent doit être demandé")
        return self

    def makes(self) -> Sequence[str]:
        """The category."""
        return (self.name,) if self.name else ()

    def facts(self) -> tuple[str, ...]:
        """A category that is there is changed; another is made."""
        return (CHANGE if self.slug else CREATE,)

    def verify(self, site: Site) -> list[Finding]:
        """The category as the site keeps it; the page of its articles is the evidence."""
        all_of_them = categories(site)
        parents = {one["id"]: plain(one["name"]) for one in all_of_them}
        expected = self._expected()
        note = site.note("les catégories", "\n".join(described(one, parents) for one in all_of_them))
        wanted = self._among(all_of_them)
        if not wanted:
            near = [c for c in all_of_them if not self.slug and nearly_same(self.name, plain(c["name"]))]
            if near:
                observed = f"{described(near[0], parents)} ; à lire : c’est à un détail près le nom demandé"
                return [Finding(self.facts()[0], Verdict.TO_JUDGE, expected, observed, (note,))]
            there = quoted(plain(c["name"]) for c in all_of_them)
            observed = f"cette catégorie n’existe pas ; le site a : {there}"
            return [finding(self.facts()[0], False, expected, observed, note)]
        results = [(*self.judge(one, parents), one) for one in wanted]
        first = best([verdict for verdict, _, _ in results])
        verdict, observed, one = next(result for result in results if result[0] is first)
        theirs = one["slug"] in seeded.at_first(self.company, "categories", "slug")
        if verdict is Verdict.MET and not self.slug and (theirs or one in renamed(site, all_of_them)):
            verdict, observed = Verdict.TO_JUDGE, f"{observed} ; à lire : c’est une catégorie du site, renommée"
        if verdict is Verdict.MET and self.slug and one["slug"] != self.slug:
            count = numbered(one["count"], "article")
            observed += f" ; à lire : c’est peut-être une autre catégorie : identifiant « {one['slug']} », {count}"
            verdict = Verdict.TO_JUDGE
        site.visit(path_of(one["link"]))
        return [
            Finding(
                self.facts()[0],
                verdict,
                expected,
                observed,
                (
                    site.shot(
                        "la catégorie",
                        mark=site.page.locator(".page-title, .ast-archive-title, .ast-archive-description"),
                    ),
                    note,
                ),
            )
        ]

    def judge(self, category: dict[str, Any], parents: dict[int, str]) -> tuple[Verdict, str]:
        """What of the category is as it was asked."""
        name, description = plain(category["name"]), plain(category["description"])
        parent = parents.get(category["parent"], "")
        said = holds(description, self.description) or nearly_holds(description, self.description)
        pairs = [(self.name, name, False), (self.description, description, said), (self.parent, parent, False)]
        wrong = [said or nearly_same(wanted, seen) for wanted, seen, said in pairs if wanted and not same(wanted, seen)]
        observed = described(category, parents)
        if wrong and all(wrong):
            return Verdict.TO_JUDGE, f"{observed} ; à lire : c’est à un détail près ce qui est demandé"
        return Verdict.NOT_MET if wrong else Verdict.MET, observed

    def _among(self, all_of_them: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The one of the slug; where there is none, those of the name, or those that still have the slug's."""
        by_slug = [one for one in all_of_them if self.slug and one["slug"] == self.slug]
        by_name = [one for one in all_of_them if self.name and same(self.name, plain(one["name"]))]
        return by_slug or by_name or (called(all_of_them, self.slug) if self.slug else [])

    def _expected(self) -> str:
        first = seeded.title_of(self.company, self.slug, ("categories",))
        parts = [f"la catégorie « {first} » est modifiée" if self.slug else f"une catégorie « {self.name} » existe"]
        parts += [f"elle s’appelle « {self.name} »"] * bool(self.name and self.slug)
        parts += [f"sa description est « {self.description} »"] * bool(self.description)
        parts += [f"sa catégorie parente est « {self.parent} »"] * bool(self.parent)
        return ", ".join(parts)

    def ways(self) -> Sequence[Act]:
        """The screen of the categories, the editor of one; of a name alone, the quick edit or an article's column."""
        draft = self._draft()
        if self.slug:
            ways = [Act("dans sa fiche", lambda desk: terms.edit(desk, self.slug, draft))]
            if not (self.description or self.parent):
                quick = Act("par la modification rapide", lambda desk: terms.quick_rename(desk, self.slug, self.name))
                ways.append(quick)
            return ways

        def in_two_steps(desk: Desk) -> None:
            terms.create(desk, CategoryDraft(self.name))
            slug = next(s for s, name in terms.others(desk, "") if same(self.name, name))
            terms.edit(desk, slug, replace(draft, name=""))

        ways = [Act("Articles > Catégories", lambda desk: terms.create(desk, draft))]
        if self.description or self.parent:
            ways.append(Act("créée, puis complétée dans sa fiche", in_two_steps))
        else:
            ways.append(Act("dans l’éditeur d’un article", lambda desk: Editor.new(desk).create_category(self.name)))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """A tag, another parent or none, another description, the neighbour, not kept."""
        draft = self._draft()

        def edited(slug: str, draft: CategoryDraft, save: bool = True) -> Callable[[Desk], None]:
            return lambda desk: terms.edit(desk, slug, draft, save)

        def neighbour(desk: Desk) -> None:
            other, name = terms.others(desk, self.parent, self.slug)[0]
            terms.edit(desk, other, replace(draft, name=f"{name} bis" if self.name else ""))

        def other_name(desk: Desk) -> None:
            terms.create(desk, replace(draft, name=f"{self.name} de la maison"))

        def other_parent(desk: Desk) -> None:
            other = terms.others(desk, self.parent)[0][1]
            terms.create(desk, replace(draft, parent=other))

        acts: list[tuple[str, Callable[[Desk], None]]] = []
        if self.slug:
            acts = [
                ("modifiée sans mettre à jour", edited(self.slug, draft, save=False)),
                ("la catégorie voisine modifiée", neighbour),
            ]
            if self.description and self.name:
                acts.append(("sans sa description", edited(self.slug, replace(draft, description=""))))
            if self.name:
                acts.append(("créée à côté au lieu d’être modifiée", lambda desk: terms.create(desk, draft)))
        else:
            as_tag = replace(draft, parent="")
            acts = [
                ("créée comme étiquette", lambda desk: terms.create(desk, as_tag, "post_tag")),
                ("sous un autre nom", other_name),
            ]
            if self.parent:
                acts += [
                    ("sans catégorie parente", lambda desk: terms.create(desk, replace(draft, parent=""))),
                    ("sous une autre catégorie parente", other_parent),
                ]
            if self.description:
                acts.append(("sans sa description", lambda desk: terms.create(desk, replace(draft, description=""))))
        return [NearMiss(name, self.facts()[0], run) for name, run in acts]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One alone, one below another with a description, and one that gets another name and a description."""
        return (
            cls(name="Idées cadeaux"),
            cls(name="Salons", parent="Événements", description="Les salons où nous tenons un stand"),
            cls(slug="recettes", name="Recettes de l’atelier", description="Desserts et apéritifs à refaire chez soi"),
            cls(slug="evenements", name="Rendez-vous"),
        )

    def _draft(self) -> CategoryDraft:
        return CategoryDraft(self.name, self.description, self.parent)


class DeletedCategory(Check, id="wordpress.contenu.deleted_category"):
    """Une catégorie est supprimée.

    Quand une autre catégorie de l’entreprise n’y est plus, c’est à apprécier : n’en demandez qu’une par sujet.
    """

    proves = (DELETE,)

    slug: Annotated[str, Refers("categories.slug")] = Field(
        min_length=1, description="L’identifiant (slug) de la catégorie à supprimer."
    )
    name: Annotated[str, Refers("categories.name")] = Field(
        min_length=1, description="Son nom : une catégorie qui le porte encore n’est pas supprimée."
    )

    def verify(self, site: Site) -> list[Finding]:
        """No category of that slug or name is left, nor one that may be it under another."""
        all_of_them = categories(site)
        left = [c for c in all_of_them if c["slug"] == self.slug or same(self.name, plain(c["name"]))]
        names = ", ".join(f"« {plain(c['name'])} » ({numbered(c['count'], 'article')})" for c in all_of_them)
        site.visit(f"/category/{self.slug}/")
        now = quoted(plain(c["name"]) for c in left if not same(self.name, plain(c["name"])))
        still = f"cette catégorie existe encore{f', renommée {now}' if now else ''}"
        observed = still if left else "cette catégorie n’existe plus"
        expected = f"la catégorie « {self.name} » est supprimée"
        shot = site.shot("ce que montre l’adresse de la catégorie")
        if not left and (others := renamed(site, all_of_them)):
            names_now = quoted(plain(c["name"]) for c in others)
            observed += f" ; le site a : {names} ; à lire : elle a peut-être été renommée {names_now}"
            return [Finding(DELETE, Verdict.TO_JUDGE, expected, observed, (shot,))]
        lost = [one for one in seeded.categories_gone(self.company, all_of_them) if not same(one, self.name)]
        found = finding(DELETE, not left, expected, f"{observed} ; le site a : {names}", shot)
        what = "une autre catégorie n’existe plus" if len(lost) == 1 else "d’autres catégories n’existent plus"
        return [doubted(found, f"{what} : {quoted(lost)}" if lost else "")]

    def ways(self) -> Sequence[Act]:
        """The row's link, the bulk action, the link of its editor."""
        return (
            Act("« Supprimer » dans la liste", lambda desk: terms.delete(desk, self.slug)),
            Act("actions groupées", lambda desk: terms.delete_in_bulk(desk, self.slug)),
            Act("dans sa fiche", lambda desk: terms.delete_in_editor(desk, self.slug)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The neighbour, or only another name."""

        def neighbour(desk: Desk) -> None:
            terms.delete(desk, terms.deletable(desk, self.slug))

        return (
            NearMiss("la catégorie voisine supprimée", DELETE, neighbour),
            NearMiss(
                "renommée au lieu d’être supprimée",
                DELETE,
                lambda desk: terms.quick_rename(desk, self.slug, "À supprimer"),
            ),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A category with articles."""
        return (cls(slug="recettes", name="Recettes"),)
