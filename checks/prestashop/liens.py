"""Links in the texts of the shop: to another of its pages, or to another site."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.prestashop.reading.linked_texts import (
    FoundPlace,
    Link,
    Place,
    addressed,
    find_place,
    has_text,
    is_own,
    leads_in_words,
    lost_lines,
    plain,
    read_texts,
    texts_before,
)
from checks.prestashop.reading.product_verdicts import best, worst
from checks.prestashop.reading.seeded import another_text
from checks.prestashop.screens.links import Text, address_for
from provisioner.french.text import fold, holds, nearly_holds, numbered, same, shortened
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

INTERNAL = fact("prestashop.contenu.liens", "lien interne")
EXTERNAL = fact("prestashop.contenu.liens", "lien externe")


class TextLink(Check, id="prestashop.contenu.link"):
    """Un texte de la boutique (d’un produit, d’une catégorie ou d’une page) contient le lien demandé."""

    proves = (INTERNAL, EXTERNAL)

    product: Annotated[str, Refers("products.name")] = Field(
        "", description="Le produit dont le texte contient le lien…"
    )
    category: Annotated[str, Refers("categories.name")] = Field("", description="… ou la catégorie…")
    page: str = Field("", description="… ou la page (Apparence > Pages), par son titre.")
    text: str = Field("", description="Les mots du lien ; vide si non demandés.")
    to_product: Annotated[str, Refers("products.name")] = Field("", description="Le produit où le lien mène…")
    to_category: Annotated[str, Refers("categories.name")] = Field("", description="… ou la catégorie…")
    to_page: str = Field("", description="… ou la page…")
    url: str = Field("", pattern=r"^(https?://\S+)?$", description="… ou l’adresse d’un autre site.")

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if sum(map(bool, (self.product, self.category, self.page))) != 1:
            raise ValueError("le lien est dans un produit, une catégorie ou une page : un seul des trois")
        if sum(map(bool, (self.to_product, self.to_category, self.to_page, self.url))) != 1:
            raise ValueError("le lien mène à un produit, une catégorie, une page ou un autre site : un seul des quatre")
        return self

    def facts(self) -> tuple[str, ...]:
        """One of the two."""
        return (EXTERNAL,) if self.url else (INTERNAL,)

    @property
    def _place(self) -> Place:
        return _first(self.product, self.category, self.page)

    @property
    def _target(self) -> Place:
        return _first(self.to_product, self.to_category, self.to_page)

    def verify(self, site: Site) -> list[Finding]:
        """The links of the text as a visitor reads it, or would if it were shown, and where they lead."""
        [which] = self.facts()
        where = self.url or str(self._target)
        said = f" sur « {self.text} »" if self.text else ""
        expected = f"Dans le texte {self._place.of}, un lien{said} mène vers {where}."
        place = find_place(site, self._place)
        if place is None:
            site.visit("/index.php?controller=sitemap")
            shot = site.shot("le plan du site")
            why = f"La boutique n’a pas {self._place}."
            return [Finding(which, Verdict.NOT_MET, expected, why, (shot,))]
        texts = read_texts(site, place)
        seen = texts.links
        site.visit(place.page or "/index.php?controller=sitemap")
        shot = site.shot("la page où le lien est attendu" if place.page else "le plan du site")
        target = None if self.url else self._target
        there = find_place(site, target) if target else None
        led = [one for one in seen if leads(one, self.url, target) or leads_by_number(site, one, target, there)]
        verdict = best(self._worded(one.text) for one in led)
        many = numbered(len(seen), "lien")
        observed = "Le texte ne contient aucun lien."
        if seen:
            observed = f"Le texte contient {many} : {' ; '.join(described(site, one) for one in seen)}."
        if target and (unnamed := next((one for one in led if not leads(one, self.url, target)), None)):
            observed += f" L’adresse du lien « {shortened(unnamed.text, 80)} » est celle {target.of}."
        if lost := lost_lines(self.company, self._place, texts.lines):
            # Another question may have asked for another text; but what is no more than its links is one that was lost.
            each = len(texts_before(self.company, self._place)) == (
                2 if self.product else 1
            )  # each of its texts said something before
            only = each and any(one and nothing_but(one, seen) for one in texts.lines)
            verdict = worst((verdict, Verdict.NOT_MET if only else Verdict.TO_JUDGE))
            observed += f" Le texte ne dit plus : « {shortened(lost[0])} »."
            observed += (
                f" {numbered(len(lost) - 1, 'autre passage manque', 'autres passages manquent')}." if lost[1:] else ""
            )
        away = " Aucun visiteur ne voit {}."
        observed += "" if place.online else away.format(self._place)
        observed += "" if there is None or there.online else away.format(target)
        return [Finding(which, verdict, expected, observed, (shot,))]

    def _worded(self, text: str) -> Verdict:
        """Whether a link stands on the wanted words and no others; more of them, or a slip, is for a person."""
        if not self.text or same(self.text, text):
            return Verdict.MET
        return Verdict.TO_JUDGE if holds(text, self.text) or nearly_holds(text, self.text) else Verdict.NOT_MET

    def ways(self) -> Sequence[Act]:
        """The editor's window for links, or its source."""

        def by_source(desk: Desk) -> None:
            address = self._address(desk)
            text = Text(desk, self._place)
            text.source(f'<p><a href="{address}" target="_blank">{self._words}</a></p>')
            text.save()

        return (
            Act("la fenêtre de l’éditeur", lambda desk: self._link(desk, self._address(desk))),
            Act("le code source du texte", by_source),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The address written without a link, another address, another text, not saved."""
        [which] = self.facts()

        def plain(desk: Desk) -> None:
            address = self._address(desk)
            text = Text(desk, self._place)
            text.write(f" {self._words} : {address}")
            text.save()

        def elsewhere(desk: Desk) -> None:
            self._link(desk, f"{self.url}-anciennes" if self.url else f"{desk.address}/")

        def unsaved(desk: Desk) -> None:
            self._link(desk, self._address(desk), save=False)

        def in_another_text(desk: Desk) -> None:
            other = self.but(product="", category="", page=another_text(self.company, self.page))
            other._link(desk, self._address(desk))

        misses = [
            NearMiss("adresse écrite, sans lien", which, plain),
            NearMiss("une autre adresse", which, elsewhere),
            NearMiss("texte non enregistré", which, unsaved),
            NearMiss("lien mis dans un autre texte", which, in_another_text),
        ]
        if has_text(self.company, self._place):
            misses.append(NearMiss("le texte remplacé par le lien", which, partial(self._replace, kept="")))
        if self.text:
            misses.append(NearMiss("lien sur d’autres mots", which, self.but(text="cliquez ici").ways()[0].run))
        return misses

    def roads(self) -> Sequence[Road]:
        """All but the first words of the text lost; a link over more words than are asked."""
        [which] = self.facts()
        roads = []
        if has_text(self.company, self._place):
            roads.append(
                Road("le texte raccourci autour du lien", which, partial(self._replace, kept="À lire aussi :"))
            )
        if self.text:
            longer = self.but(text=f"Pour offrir, voyez {self.text}")
            roads.append(Road("lien sur toute une phrase", which, longer.ways()[0].run))
        return roads

    def _replace(self, desk: Desk, kept: str) -> None:
        """Put the link, after some words, in the place of all that the text said."""
        address = self._address(desk)
        text = Text(desk, self._place)
        text.source(f'<p>{kept} <a href="{address}">{self._words}</a></p>', over=True)
        text.save()

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """From a product to a category, the same where no visitor sees the product; from a page to a category, to another site."""
        return (
            cls(product="Palet au caramel au beurre salé", text="tous nos coffrets", to_category="Coffrets"),
            cls(product="Boîte phare", to_category="Coffrets"),
            cls(page="Livraison", to_category="Coffrets"),
            cls(page="Livraison", url="https://www.colis-du-leon.test/suivi"),
        )

    @property
    def _words(self) -> str:
        return self.text or "en savoir plus"

    def _address(self, desk: Desk) -> str:
        return self.url or address_for(desk, self._target)

    def _link(self, desk: Desk, address: str, save: bool = True) -> None:
        text = Text(desk, self._place)
        text.link(self._words, address)
        if save:
            text.save()


def leads(link: Link, url: str, to: Place | None) -> bool:
    """Whether it leads to that address, however it is written, or to that place of the shop."""
    if to is None:
        return plain(link.address) == plain(url)
    return link.to is not None and link.to.kind == to.kind and same(to.name, link.to.name)


def leads_by_number(site: Site, link: Link, to: Place | None, there: FoundPlace | None) -> bool:
    """Whether its address is that of what is meant, which has another name by now or is shown to no visitor."""
    if to is None or there is None or not is_own(site, link.address):
        return False
    return addressed(link.address) == (to.kind, there.number)


def nothing_but(text: str, links: Sequence[Link]) -> bool:
    """Whether a text is no more than the words of its links."""
    rest = fold(text)
    for one in links:
        rest = rest.replace(fold(one.text), " ", 1)
    return not re.search(r"\w", rest)


def described(site: Site, link: Link) -> str:
    """A link as the report tells it."""
    words = f"« {shortened(link.text, 80)} »" if link.text else "une image ou un lien sans mots"
    return f"{words}, qui {f'mène vers {link.to}' if link.to else leads_in_words(site, link.address)}"


def _first(product: str, category: str, page: str) -> Place:
    if product:
        return Place("produit", product)
    return Place("catégorie", category) if category else Place("page", page)
