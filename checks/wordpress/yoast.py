"""Search engines: what Yoast SEO keeps of a content or a category, and what pages tell them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.wordpress import block_screens, category_screens, reading, screens, yoast_screens
from checks.wordpress.categories import categories
from checks.wordpress.content_verdicts import worst
from checks.wordpress.reading import path_of, plain
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, WantedText, finding
from provisioner.config import fact
from provisioner.text import holds, nearly_holds, nearly_same, quoted, same

ACTIVATED = fact("wordpress.referencement.yoast", "activée")
KEYPHRASE = fact("wordpress.referencement.yoast", "requête cible")
META = fact("wordpress.referencement.yoast", "méta description")
CATEGORY = fact("wordpress.referencement.yoast", "référencement d’une catégorie")
TITLE_TAG = fact("wordpress.referencement.balises", "balise titre")
DESCRIPTION = fact("wordpress.referencement.balises", "description")

Values = Mapping[yoast_screens.Field, str]


class _Appearance(Check):
    """What is asked of how a content or a category looks to search engines."""

    content: Annotated[str, Refers("pages.slug", "posts.slug")] = Field(
        "", description="L’identifiant (slug) du contenu, ou le titre de celui que la question fait créer."
    )
    category: Annotated[str, Refers("categories.slug", "categories.name")] = Field(
        "", description="L’identifiant (slug) ou le nom d’une catégorie, à la place d’un contenu."
    )

    def needs(self) -> Sequence[str]:
        """The plugin, there and not yet switched on."""
        return ("plugin wordpress-seo",)

    def _values(self) -> Values:
        raise NotImplementedError

    @property
    def _name(self) -> str:
        return self.category or self.content

    def _look(self, site: Site) -> tuple[str, str]:
        """The screen of the office on which it is kept, and its address for a visitor; empty where it isn't there."""
        if self.category:
            for one in categories(site):
                if one["slug"] == self.category or same(self.category, plain(one["name"])):
                    site.visit(path_of(one["link"]))
                    return f"term.php?taxonomy=category&tag_ID={one['id']}", one["link"]
        elif content := reading.named(reading.contents(site), self.content, site.taken_at):
            reading.show(site, content)
            return f"post.php?post={content.id}&action=edit", content.link
        site.visit("/")
        return "", ""

    def _filled(self, values: Values | None = None, save: bool = True) -> Callable[[Desk], None]:
        """Switch the plugin on, and fill its box."""

        def run(desk: Desk) -> None:
            yoast_screens.activate(desk)
            wanted = self._values() if values is None else values
            if self.category:
                yoast_screens.fill_category(desk, category_screens.slug_of(desk, self.category), wanted, save)
            elif wanted:
                yoast_screens.fill_content(desk, self.content, wanted, save)

        return run

    def _switched_off(self, desk: Desk) -> None:
        self._filled()(desk)
        yoast_screens.deactivate(desk)

    def _neighbour(self, desk: Desk) -> None:
        yoast_screens.activate(desk)
        if self.category:
            slug = category_screens.slug_of(desk, self.category)
            other = category_screens.others(desk, "", slug)[0][0]
            yoast_screens.fill_category(desk, other, self._values())
        else:
            yoast_screens.fill_content(desk, block_screens.neighbour(desk, self.content), self._values())

    def _in_the_text(self, desk: Desk) -> None:
        """The texts where a visitor reads them, and not where search engines do."""
        yoast_screens.activate(desk)
        text = " ".join(self._values().values())
        if self.category:
            slug = category_screens.slug_of(desk, self.category)
            category_screens.edit(desk, slug, category_screens.CategoryDraft(description=text))
        else:
            kind, slug = block_screens.found(desk, self.content)
            screens.type_into(desk, kind, slug, text)


class YoastSeo(_Appearance, id="wordpress.referencement.yoast"):
    """L’extension Yoast SEO est activée ; requête cible et méta description d’un contenu ou d’une catégorie.

    Sans contenu ni catégorie, seule l’activation est contrôlée. D’une catégorie, un seul constat dit si tout y est.
    """

    proves = (ACTIVATED, KEYPHRASE, META, CATEGORY)

    keyphrase: str = Field("", description="La requête cible ; vide quand elle n’est pas demandée.")
    description: tuple[WantedText, ...] = Field((), description="Ce que la méta description doit dire.")
    max_length: int = Field(
        0, ge=0, description="Le nombre maximal de signes de la méta description ; 0 : pas de maximum."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.content and self.category:
            raise ValueError("content ou category, pas les deux")
        if self._name and not (self.keyphrase or self.description):
            raise ValueError("keyphrase ou description doit être demandé")
        if not self._name and (self.keyphrase or self.description):
            raise ValueError("content ou category doit dire de quoi")
        return self

    def facts(self) -> tuple[str, ...]:
        """The activation always; the rest as it is asked."""
        if self.category:
            return (ACTIVATED, CATEGORY)
        return (ACTIVATED, *((KEYPHRASE,) * bool(self.keyphrase)), *((META,) * bool(self.description)))

    def verify(self, site: Site) -> list[Finding]:
        """The list of plugins, what the box keeps, and what the visitor's page tells search engines."""
        on = yoast_screens.active(site)
        shot = site.shot("les extensions", yoast_screens.plugins_screen(site))
        findings = [
            finding(
                ACTIVATED, on, "l’extension Yoast SEO est activée", "activée" if on else "elle n’est pas activée", shot
            )
        ]
        if not self._name:
            return findings
        screen, address = self._look(site)
        kept = yoast_screens.kept(site, screen) if on and screen else {}
        title, described = yoast_screens.head(site)
        note = site.note(
            "ce que lisent les moteurs de recherche",
            f"{address}\nTitre : {title}\nDescription : {described or 'aucune'}\n"
            + "\n".join(f"Yoast, {name} : {text or 'vide'}" for name, text in kept.items()),
        )
        page = site.shot("vu par un visiteur")
        results = {}
        if self.keyphrase:
            results[KEYPHRASE] = keyphrase_verdict(self.keyphrase, kept.get("keyphrase", "") if on else "")
        if self.description:
            results[META] = description_verdict(self.description, self.max_length, described)
        off = "" if on else " ; l’extension n’est pas activée"
        missing = "" if screen else " ; ce contenu ou cette catégorie n’existe pas"
        if self.category:
            observed = " ; ".join(said for _, said in results.values()) + off + missing
            verdict = worst([verdict for verdict, _ in results.values()])
            expected = f"la catégorie « {self.category} » a " + " et ".join(self._asked(one) for one in results)
            return [*findings, Finding(CATEGORY, verdict, expected, observed, (page, note))]
        return findings + [
            Finding(one, verdict, f"« {self.content} » a {self._asked(one)}", said + off + missing, (page, note))
            for one, (verdict, said) in results.items()
        ]

    def _asked(self, one: str) -> str:
        if one == KEYPHRASE:
            return f"la requête cible « {self.keyphrase} »"
        length = f" en {self.max_length} signes au plus" if self.max_length else ""
        return f"une méta description{length} qui dit {quoted(self.description)}"

    def ways(self) -> Sequence[Act]:
        """The plugin switched on, then its box; of a new field, the box alone after the visit of another."""
        ways = [Act("extension activée, encadré rempli", self._filled())]
        if self.keyphrase and self.description:

            def in_two_visits(desk: Desk) -> None:
                self.but(description=())._filled()(desk)
                self.but(keyphrase="")._filled()(desk)

            ways.append(Act("en deux fois", in_two_visits))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Switched off again, in the wrong field, the neighbour's, not kept, too long."""

        def another_plugin(desk: Desk) -> None:
            yoast_screens.activate_another(desk)

        def on_and_off(desk: Desk) -> None:
            yoast_screens.activate(desk)
            yoast_screens.deactivate(desk)

        misses = [
            NearMiss("une autre extension activée", ACTIVATED, another_plugin),
            NearMiss("activée, puis désactivée", ACTIVATED, on_and_off),
        ]
        one = CATEGORY if self.category else KEYPHRASE if self.keyphrase else META
        if self._name:
            misses += [
                NearMiss("tout rempli, puis extension désactivée", one, self._switched_off),
                NearMiss("sur le voisin", one, self._neighbour),
                NearMiss("dans le texte que lit le visiteur", one, self._in_the_text),
            ]
        if self.description and self.keyphrase:
            swapped: Values = {"keyphrase": self._text(), "description": self.keyphrase}
            misses += [
                NearMiss("requête et description interverties", one, self._filled(swapped)),
                NearMiss("requête seule", META if not self.category else one, self.but(description=())._filled()),
            ]
        if self.max_length and not self.category:
            long = self._text() + " Venez nous voir." * (self.max_length // 10)
            values: Values = {"description": long}
            misses.append(NearMiss("description trop longue", META, self._filled(values)))
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An article, and a category."""
        return (
            cls(
                content="tarte-au-citron-aux-palets",
                keyphrase="tarte au citron bretonne",
                description=("tarte au citron bretonne", "palets"),
                max_length=155,
            ),
            cls(category="recettes", keyphrase="recettes de biscuits", description=("recettes de biscuits",)),
        )

    def _text(self) -> str:
        return f"À découvrir : {', '.join(self.description)}." if self.description else ""

    def _values(self) -> Values:
        values: dict[yoast_screens.Field, str] = {}
        if self.keyphrase:
            values["keyphrase"] = self.keyphrase
        if self.description:
            values["description"] = self._text()
        return values


class PageTags(_Appearance, id="wordpress.referencement.page_tags"):
    """La balise titre et la description d’un contenu ou d’une catégorie, telles que les moteurs de recherche les lisent."""

    proves = (TITLE_TAG, DESCRIPTION)

    title: str = Field("", description="Ce que la balise titre doit contenir ; vide quand elle n’est pas demandée.")
    description: tuple[WantedText, ...] = Field((), description="Ce que la balise description doit dire.")
    max_length: int = Field(0, ge=0, description="Le nombre maximal de signes de la description ; 0 : pas de maximum.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if bool(self.content) == bool(self.category):
            raise ValueError("content ou category, l’un des deux")
        if not self.facts():
            raise ValueError("title ou description doit être demandé")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (TITLE_TAG,) * bool(self.title) + (DESCRIPTION,) * bool(self.description)

    def verify(self, site: Site) -> list[Finding]:
        """The head of the visitor's page."""
        screen, _ = self._look(site)
        title, described = yoast_screens.head(site) if screen else ("", "")
        shot = site.shot("vu par un visiteur")
        note = site.note("la tête de la page", f"Titre : {title}\nDescription : {described or 'aucune'}")
        results = {}
        if self.title:
            near = nearly_holds(title, self.title) or nearly_same(self.title, title)
            verdict = Verdict.MET if holds(title, self.title) else Verdict.TO_JUDGE if near else Verdict.NOT_MET
            results[TITLE_TAG] = (verdict, f"la balise titre contient « {self.title} »", f"balise titre : « {title} »")
        if self.description:
            verdict, said = description_verdict(self.description, self.max_length, described)
            results[DESCRIPTION] = (verdict, f"la description dit {quoted(self.description)}", said)
        return [Finding(one, *result, (shot, note)) for one, result in results.items()]

    def ways(self) -> Sequence[Act]:
        """Yoast's box, field by field; in one visit or in two."""
        ways = [Act("par l’encadré de Yoast SEO", self._filled())]
        if self.title and self.description:

            def in_two_visits(desk: Desk) -> None:
                self.but(description=())._filled()(desk)
                self.but(title="")._filled()(desk)

            ways.append(Act("en deux fois", in_two_visits))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """In the text, the neighbour's, the plugin off, not kept."""
        acts: list[tuple[str, Callable[[Desk], None]]] = [
            ("dans le texte que lit le visiteur", self._in_the_text),
            ("sur le voisin", self._neighbour),
            ("tout rempli, puis extension désactivée", self._switched_off),
        ]
        return [NearMiss(name, one, run) for one in self.facts() for name, run in acts[: 2 if one == TITLE_TAG else 3]]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A page of the site."""
        return (
            cls(
                content="nos-boutiques",
                title="Biscuiterie à Quimper et Landerneau",
                description=("trois boutiques", "Finistère"),
            ),
        )

    def _values(self) -> Values:
        values: dict[yoast_screens.Field, str] = {}
        if self.title:
            values["title"] = self.title
        if self.description:
            values["description"] = f"À découvrir : {', '.join(self.description)}."
        return values


def keyphrase_verdict(wanted: str, seen: str) -> tuple[Verdict, str]:
    """Whether the keyphrase is the wanted one."""
    near = nearly_same(wanted, seen) or holds(seen, wanted)
    verdict = Verdict.MET if same(wanted, seen) else Verdict.TO_JUDGE if near else Verdict.NOT_MET
    return verdict, f"requête cible : {f'« {seen} »' if seen else 'vide'}" + " ; à lire" * (verdict is Verdict.TO_JUDGE)


def description_verdict(wanted: Sequence[str], max_length: int, seen: str) -> tuple[Verdict, str]:
    """Whether the description says all that it must, and is no longer than it may."""
    observed = f"description de {len(seen)} signes : « {seen} »" if seen else "aucune méta description"
    missing = [text for text in wanted if not holds(seen, text)]
    unsure = [text for text in missing if nearly_holds(seen, text)]
    if max_length and len(seen) > max_length:
        return Verdict.NOT_MET, f"{observed}, plus de {max_length} signes"
    if len(unsure) < len(missing):
        return Verdict.NOT_MET, f"{observed} ; il manque {quoted(t for t in missing if t not in unsure)}"
    return (Verdict.TO_JUDGE, f"{observed} ; à lire : {quoted(unsure)}") if unsure else (Verdict.MET, observed)
