"""How a content or a category looks to search engines: where that is kept, and how a candidate writes it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.wordpress.reading import contents, naming, yoast_snippet
from checks.wordpress.reading.contents import Content, path_of
from checks.wordpress.reading.seeded import title_of
from checks.wordpress.reading.terms import called, categories
from checks.wordpress.reading.wording import denials, of_quoted, written_otherwise
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens import post_lists, terms, yoast_plugin
from provisioner.french.negation import denied
from provisioner.french.text import holds, nearly_holds, numbered, quoted
from provisioner.subject.check import Check, Desk, Refers, Site, Verdict

Values = Mapping[yoast_snippet.Field, str]


class Appearance(Check):
    """What is asked of how a content or a category looks to search engines."""

    content: Annotated[str, Refers("pages.slug", "posts.slug")] = Field(
        "", description="L’identifiant (slug) du contenu, ou le titre de celui que la question fait créer."
    )
    category: Annotated[str, Refers("categories.slug", "categories.name")] = Field(
        "", description="L’identifiant (slug) ou le nom d’une catégorie, à la place d’un contenu."
    )

    min_length: int = Field(
        0,
        ge=0,
        description="Le nombre minimal de caractères de la description, espaces comprises ; 0 : pas de minimum.",
    )
    max_length: int = Field(
        0,
        ge=0,
        description="Le nombre maximal de caractères de la description, espaces comprises ; 0 : pas de maximum.",
    )

    @model_validator(mode="after")
    def _has_a_possible_length(self) -> Self:
        if self.max_length and self.max_length < self.min_length:
            raise ValueError("max_length est plus petit que min_length")
        return self

    def needs(self) -> Sequence[str]:
        """The plugin, there and not yet switched on."""
        return ("plugin wordpress-seo",)

    def _values(self) -> Values:
        raise NotImplementedError

    @property
    def _name(self) -> str:
        return self.category or self.content

    @property
    def _bounds(self) -> tuple[int, int]:
        return self.min_length, self.max_length

    @property
    def _of_what(self) -> str:
        """What it is about, in a French sentence."""
        if self.category:
            return f"la catégorie « {title_of(self.company, self.category, ('categories',))} »"
        return f"« {title_of(self.company, self.content)} »"

    @property
    def _of(self) -> str:
        """The same after a noun."""
        return f"de {self._of_what}" if self.category else of_quoted(title_of(self.company, self.content))

    @property
    def _nowhere(self) -> str:
        """That it isn't there."""
        return "cette catégorie n’existe pas" if self.category else "ce contenu n’existe pas"

    def _long_enough(self, text: str) -> str:
        """A description with as many words more as its minimum asks for."""
        more = " Tout est fait dans notre atelier."
        return text + more * max(0, -(-(self.min_length - len(text)) // len(more)))

    def _look(self, site: Site) -> tuple[str, str, Content | None]:
        """The screen of the office on which it is kept, and its address for a visitor; empty where it isn't there.

        And the content, if it is one.
        """
        if self.category:
            for one in called(categories(site), self.category):
                site.visit(path_of(one["link"]))
                return f"term.php?taxonomy=category&tag_ID={one['id']}", one["link"], None
        elif content := naming.named(self.company, contents.contents(site), self.content, site.taken_at):
            contents.show(site, content)
            return f"post.php?post={content.id}&action=edit", content.link, content
        site.visit("/")
        return "", "", None

    def _told(self, site: Site, content: Content | None, kept: Mapping[yoast_snippet.Field, str]) -> tuple[str, str]:
        """The title and description that search engines read; of a content that they don't see, those it would have."""
        if content is None or content.public(site.taken_at):
            return yoast_snippet.head(site)
        return kept.get("title", ""), kept.get("description", "")

    def _filled(self, values: Values | None = None, save: bool = True, column: bool = False) -> Callable[[Desk], None]:
        """Switch the plugin on, and fill its box, or its column in the editor of a content."""

        def run(desk: Desk) -> None:
            yoast_plugin.activate(desk)
            wanted = self._values() if values is None else values
            if self.category:
                yoast_plugin.fill_category(desk, terms.slug_of(desk, self.category), wanted, save)
            elif wanted:
                yoast_plugin.fill_content(desk, self.content, wanted, save, column)

        return run

    def _switched_off(self, desk: Desk) -> None:
        self._filled()(desk)
        yoast_plugin.deactivate(desk)

    def _neighbour(self, desk: Desk) -> None:
        yoast_plugin.activate(desk)
        if self.category:
            slug = terms.slug_of(desk, self.category)
            other = terms.others(desk, "", slug)[0][0]
            yoast_plugin.fill_category(desk, other, self._values())
        else:
            yoast_plugin.fill_content(desk, block_screens.neighbour(desk, self.content), self._values())

    def _in_the_text(self, desk: Desk) -> None:
        """The texts where a visitor reads them, and not where search engines do."""
        text = " ".join(self._values().values())
        if self.category:
            slug = terms.slug_of(desk, self.category)
            terms.edit(desk, slug, terms.CategoryDraft(description=text))
        else:
            kind, slug = block_screens.found(desk, self.content)
            post_lists.type_into(desk, kind, slug, text)
        yoast_plugin.activate(desk)  # it puts another field in the place of the category's description


def description_verdict(wanted: Sequence[str], bounds: tuple[int, int], seen: str) -> tuple[Verdict, str]:
    """Whether the description says all that it must, and is neither shorter nor longer than it may; 0 is no bound.

    The length is that of what search engines read, in characters, spaces included, as Yoast's own box counts them.
    """
    least, most = bounds
    observed = f"description de {numbered(len(seen), 'caractère')} : « {seen} »" if seen else "aucune description"
    missing = [text for text in wanted if not holds(seen, text)]
    unsure = [text for text in missing if nearly_holds(seen, text)]
    wrong = [f"plus de {most} caractères"] * bool(most and len(seen) > most)
    wrong += [f"moins de {least} caractères"] * (0 < len(seen) < least)
    wrong += [f"il manque {quoted(t for t in missing if t not in unsure)}"] * (len(unsure) < len(missing))
    if wrong:
        return Verdict.NOT_MET, " ; ".join([observed, *wrong]) if seen else observed
    doubts = written_otherwise(unsure, seen)
    doubts += denials((text, denied(seen, text)) for text in wanted if text not in missing)
    doubts = [doubt.removesuffix(f" : « {seen} »") for doubt in doubts]  # it was just quoted
    return (Verdict.TO_JUDGE, f"{observed} ; à lire : {' ; '.join(doubts)}") if doubts else (Verdict.MET, observed)


def length_in_french(bounds: tuple[int, int]) -> str:
    """The length that a description may have: " de 120 à 155 caractères"; empty where none is asked for."""
    least, most = bounds
    if least and most:
        return f" de {least} à {most} caractères"
    return f" d’au moins {least} caractères" if least else f" de {most} caractères au plus" if most else ""
