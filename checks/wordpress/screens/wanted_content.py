"""The content that a question asks for, and what a candidate would write who does all of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.wordpress.reading.answers import Kind
from checks.wordpress.reading.content_images import ALT, IMAGES, ImageWanted
from checks.wordpress.screens.drafts import LINK, Block, Draft, write
from provisioner.french.text import word_count
from provisioner.subject.check import Check, Desk, Refers, WantedText
from provisioner.subject.functionalities import fact

POST = fact("wordpress.contenu.publier", "créer et publier un article")
PAGE = fact("wordpress.contenu.publier", "créer et publier une page")
LENGTH = fact("wordpress.contenu.rediger", "longueur demandée")
ELEMENTS = fact("wordpress.contenu.rediger", "éléments de l’annexe repris")
LANGUAGE = fact("wordpress.contenu.rediger", "langue (à apprécier)")
HEADINGS = fact("wordpress.contenu.blocs", "titre")


INTERNAL = fact("wordpress.contenu.liens", "lien interne")
EXTERNAL = fact("wordpress.contenu.liens", "lien externe")
TAGS = fact("wordpress.referencement.balises", "étiquettes")

_TITLES = ("Ce qui vous attend", "Bon à savoir", "Pour venir nous voir", "Nos idées", "Et ensuite")
_FILLER = (
    "Toute l’équipe vous attend avec plaisir et vous fera partager son savoir-faire dans une ambiance chaleureuse, "
    "où petits et grands pourront goûter, comparer, poser leurs questions et repartir avec quelques gourmandises "
    "choisies parmi celles que nous préparons chaque matin avec des matières premières de la région."
)


class WantedContent(Check):
    """What is asked of an article or a page; PublishedContent proves it."""

    proves = (POST, PAGE, LENGTH, ELEMENTS, LANGUAGE, HEADINGS, IMAGES, ALT, INTERNAL, EXTERNAL, TAGS)

    title: str = Field(min_length=1, description="Le titre de l’article ou de la page.")
    kind: Kind = Field("post", description="Un article (post) ou une page (page).")
    min_words: int = Field(0, ge=0, description="Le nombre de mots minimal du texte ; 0 : pas de minimum.")
    max_words: int = Field(0, ge=0, description="Le nombre de mots maximal du texte ; 0 : pas de maximum.")
    elements: tuple[WantedText, ...] = Field(
        (),
        description="Ce que le texte doit reprendre : accents, majuscules, « 12,50 € » ou « 12.50 euros », "
        "« 14 h » ou « 14h00 » ne comptent pas.",
    )
    categories: tuple[Annotated[WantedText, Refers("categories.name")], ...] = Field(
        (), description="Les noms des catégories de l’article ; d’autres sont admises."
    )
    tags: tuple[WantedText, ...] = Field((), description="Les étiquettes de l’article ; d’autres sont admises.")
    headings: int = Field(0, ge=0, description="Le nombre minimal de sous-titres (blocs Titre de niveau H2 à H6).")
    images: tuple[ImageWanted, ...] = Field((), description="Les images de la médiathèque que le texte doit montrer.")
    links: tuple[Annotated[WantedText, Refers("pages.slug", "posts.slug", "categories.slug", "tags.slug")], ...] = (
        Field(
            (),
            description="Les liens du texte : un chemin du site (« /contact/ ») ou l’adresse entière d’un autre site.",
        )
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.kind == "page" and (self.categories or self.tags):
            raise ValueError("une page n’a ni catégorie ni étiquette")
        if self.max_words and self.max_words < self.min_words:
            raise ValueError("max_words est plus petit que min_words")
        return self

    def makes(self) -> Sequence[str]:
        """The article or page."""
        return (self.title,)

    def facts(self) -> tuple[str, ...]:
        """What these values ask for."""
        asked = {
            POST: self.kind == "post",
            PAGE: self.kind == "page",
            LENGTH: bool(self.min_words or self.max_words),
            ELEMENTS: bool(self.elements),
            LANGUAGE: bool(self.min_words or self.max_words),
            HEADINGS: self.headings > 0,
            IMAGES: bool(self.images),
            ALT: any(image.alt for image in self.images),
            INTERNAL: any(link.startswith("/") for link in self.links),
            EXTERNAL: any(not link.startswith("/") for link in self.links),
            TAGS: bool(self.tags),
        }
        return tuple(one for one in self.proves if asked[one])

    def published(
        self, change: Callable[[Draft], Draft] = lambda draft: draft, brief: bool = False
    ) -> Callable[[Desk], None]:
        """Write the article with something changed, and publish it."""
        return lambda desk: write(desk, change(self.brief() if brief else self.draft())).publish()

    def brief(self) -> Draft:
        """The article without what takes long to write and isn't the point."""
        return replace(self.draft(), blocks=(Block("paragraph", "Un texte court."),), tags=self.tags)

    def draft(self) -> Draft:
        """What a candidate would write: exactly as long as asked, with all that is asked."""
        titles = islice(cycle(_TITLES), self.headings)
        parts = [Block("heading", text) for text in titles]
        parts[1:1] = [Block("image", media=i.media, alt=i.alt or None) for i in self.images]
        if self.elements:
            parts.insert(1, Block("paragraph", f"À retenir : {' ; '.join(self.elements)}."))
        parts += [Block("paragraph", "Pour en savoir plus :", link=link) for link in self.links]
        so_far = sum(word_count(f"{b.text} {LINK if b.link else ''}") for b in parts)
        length = max((self.min_words or self.max_words or so_far + 12) - so_far, 1)
        parts.insert(0, Block("paragraph", " ".join(islice(cycle(_FILLER.split()), length))))
        return Draft(self.title, self.kind, tuple(parts), self.categories, self.tags)
