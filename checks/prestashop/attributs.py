"""Attributes, which variants are made of, and features, which describe a product; with their values."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.prestashop.reading import attributes
from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading.answers import Forbidden, Script, looked_up
from checks.prestashop.reading.attribute_verdicts import (
    DISPLAYS,
    judged_name,
    judged_values,
    values_in_words,
    values_under,
)
from checks.prestashop.reading.attributes import ATTRIBUTES, FEATURES, AttributeOrFeature
from checks.prestashop.reading.naming import missing, named
from checks.prestashop.reading.seeded import categories_of, seeded_number
from checks.prestashop.reading.shop import catalogue
from checks.prestashop.screens import attribute_acts
from checks.prestashop.screens.attribute_acts import Work
from checks.prestashop.screens.disturbances import close_categories
from checks.prestashop.screens.product_features import give_feature, take_feature_off
from provisioner.french.text import quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

ATTRIBUTE = fact("prestashop.contenu.attributs", "attribut")
ATTRIBUTE_VALUE = fact("prestashop.contenu.attributs", "valeur d’attribut")
FEATURE = fact("prestashop.contenu.attributs", "caractéristique")
FEATURE_VALUE = fact("prestashop.contenu.attributs", "valeur de caractéristique")


class Attribute(Check, id="prestashop.contenu.attribute"):
    """Un attribut existe (ou porte son nouveau nom), avec les valeurs demandées."""

    proves = (ATTRIBUTE, ATTRIBUTE_VALUE)

    name: WantedText = Field(description="Le nom de l’attribut, à la fin du travail.")
    was: Annotated[str, Refers("attributes.name")] = Field("", description="Son nom d’avant, s’il faut le renommer.")
    exists: bool = Field(False, description="Si l’attribut existe déjà, sous ce nom.")
    display: Literal["", "liste déroulante", "boutons radio", "couleur"] = Field(
        "", description="La façon d’y choisir ; vide si non demandée."
    )
    values: tuple[WantedText, ...] = Field((), description="Les valeurs qu’il doit avoir, d’autres permises.")
    without: tuple[WantedText, ...] = Field((), description="Les valeurs qu’il ne doit plus avoir.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.exists and (self.was or self.display):
            raise ValueError("un attribut qui existe garde son nom et sa présentation")
        if not self.facts():
            raise ValueError("il faut demander un attribut ou des valeurs")
        return self

    def facts(self) -> tuple[str, ...]:
        """The attribute unless it was there; its values where they are asked."""
        asked = {ATTRIBUTE: not self.exists, ATTRIBUTE_VALUE: bool(self.values or self.without)}
        return tuple(one for one, wanted in asked.items() if wanted)

    def makes(self) -> Sequence[str]:
        """The attribute and its values."""
        return (self.name, *self.values)

    def verify(self, site: Site) -> list[Finding]:
        """The lists of the back office: no page of the shop shows an attribute that no variant uses."""
        all_held = attributes.read_all(site, ATTRIBUTES)
        return _findings(site, self, all_held, ATTRIBUTE, ATTRIBUTE_VALUE, "L’attribut", self.display)

    def ways(self) -> Sequence[Act]:
        """The forms one after the other, or each value from the attribute's own list."""
        return attribute_acts.ways(self._work)

    @property
    def _work(self) -> Work:
        display = DISPLAYS[self.display] if self.display else ""
        return Work(ATTRIBUTES, self.name, self.was, self.exists, self.values, self.without, display)

    def near_misses(self) -> Sequence[NearMiss]:
        """A feature instead, another name, another presentation, a value missing or elsewhere."""
        misses = attribute_acts.near_misses(self._work, ATTRIBUTE, ATTRIBUTE_VALUE)
        if self.display:
            other = next(one for one in DISPLAYS if one != self.display)
            misses.append(NearMiss(f"présenté en {other}", ATTRIBUTE, self.but(display=other).ways()[0].run))
        return misses

    def roads(self) -> Sequence[Road]:
        """The values in another one, made with the name of the one that is there."""
        again = replace(self._work, exists=False)
        if not (self.exists and self.values):
            return ()
        return (
            Road("un attribut du même nom créé à côté", ATTRIBUTE_VALUE, lambda desk: attribute_acts.do(desk, again)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A new one with its values, or with a single one; one that gets another name and another value; one more value."""
        return (
            cls(name="Emballage", display="boutons radio", values=("Sachet", "Boîte en métal")),
            cls(name="Cuisson", values=("Bien dorée",)),
            cls(name="Poids net", was="Poids", values=("180 g",), without=("150 g",)),
            cls(name="Contenance", exists=True, values=("1 kg",)),
        )


class Feature(Check, id="prestashop.contenu.feature"):
    """Une caractéristique existe (ou porte son nouveau nom), avec les valeurs demandées, que la fiche d’un produit montre."""

    proves = (FEATURE, FEATURE_VALUE)

    name: WantedText = Field(description="Le nom de la caractéristique, à la fin du travail.")
    was: Annotated[str, Refers("features.name")] = Field("", description="Son nom d’avant, s’il faut la renommer.")
    exists: bool = Field(False, description="Si la caractéristique existe déjà, sous ce nom.")
    values: tuple[WantedText, ...] = Field((), description="Les valeurs qu’elle doit avoir, d’autres permises.")
    without: tuple[WantedText, ...] = Field((), description="Les valeurs qu’elle ne doit plus avoir.")
    product: Annotated[str, Refers("products.name")] = Field(
        "", description="Le produit dont la fiche technique doit montrer ces valeurs."
    )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.exists and self.was:
            raise ValueError("une caractéristique qui existe garde son nom")
        if self.product and not self.values:
            raise ValueError("la fiche d’un produit montre des valeurs : il en faut une au moins")
        if not self.facts():
            raise ValueError("il faut demander une caractéristique ou des valeurs")
        return self

    def facts(self) -> tuple[str, ...]:
        """The feature unless it was there; its values where they are asked."""
        asked = {FEATURE: not self.exists, FEATURE_VALUE: bool(self.values or self.without)}
        return tuple(one for one, wanted in asked.items() if wanted)

    def makes(self) -> Sequence[str]:
        """The feature and its values."""
        return (self.name, *self.values)

    def verify(self, site: Site) -> list[Finding]:
        """The lists of the back office, and the product's page as a visitor sees it, or would if it were online."""
        all_held = attributes.read_all(site, FEATURES)
        found = _findings(site, self, all_held, FEATURE, FEATURE_VALUE, "La caractéristique", "")
        if not self.product:
            return found
        return [self._shown(site, all_held) if one.fact == FEATURE_VALUE else one for one in found]

    def _shown(self, site: Site, all_held: Sequence[AttributeOrFeature]) -> Finding:
        """What the product's page says under that feature: a value typed for this product alone is as good."""
        row = named(self.company, catalogue(site), self.product)
        left, held = judged_values(self.name, self.was, (), self.without, all_held)
        shown: list[str] = []
        closed = False
        if row is not None:
            try:
                shown = values_under(
                    self.name, self.was, looked_up(site, site.page, site.address + row.path, _SHEET) or []
                )
            except Forbidden:
                closed = True
            site.visit(row.path)
        verdict = judged.worst([left, *(judged.likeness(value, shown) for value in self.values)])
        lacking = f" ; la caractéristique n’a plus {values_in_words(self.without)}" if self.without else ""
        observed = (
            f"La fiche technique montre {quoted(shown)}."
            if shown
            else f"La fiche technique ne montre aucune valeur pour « {self.name} »."
        ) + (f" {held}" if self.without else "")
        if closed:
            # Whether the values are there, the list of the back office says; not whether this product has them.
            verdict, _ = judged_values(self.name, self.was, self.values, self.without, all_held)
            verdict = judged.worst([verdict, Verdict.TO_JUDGE])
            observed = f"La page du produit est fermée aux visiteurs : sa fiche technique n’a pas pu être lue. {held}"
        return Finding(
            FEATURE_VALUE,
            verdict,
            f"La fiche technique de « {self.product} » montre, pour « {self.name} » : {quoted(self.values)}{lacking}.",
            f"{observed}{row.away}" if row else missing(self.product),
            (site.shot("la fiche du produit", mark=site.page.locator(".product-features")),),
        )

    def ways(self) -> Sequence[Act]:
        """The forms one after the other, or each value from the feature's own list; then the product's sheet."""
        ways = [Act(way.name, self._then_on_product(way.run)) for way in attribute_acts.ways(self._work)]
        if self.product and self.exists and not self.without:
            ways.append(Act("valeur saisie sur la fiche du produit", lambda desk: self._on_product(desk, own=True)))
        return ways

    def _then_on_product(self, run: Callable[[Desk], object]) -> Callable[[Desk], None]:
        def both(desk: Desk) -> None:
            run(desk)
            self._on_product(desk)

        return both

    def _on_product(self, desk: Desk, own: bool = False, save: bool = True) -> None:
        for value in self.values if self.product else ():
            give_feature(desk, self.product, self.name, value, own, save)

    @property
    def _work(self) -> Work:
        return Work(FEATURES, self.name, self.was, self.exists, self.values, self.without)

    def near_misses(self) -> Sequence[NearMiss]:
        """An attribute instead, another name, a value missing, or not on the product's sheet."""
        if not self.product:
            return attribute_acts.near_misses(self._work, FEATURE, FEATURE_VALUE)

        def replaced(desk: Desk) -> None:
            self.ways()[0].run(desk)
            take_feature_off(desk, self.product, self.name)

        def not_saved(desk: Desk) -> None:
            self.but(product="").ways()[0].run(desk)
            self._on_product(desk, save=False)

        return [
            *(miss for miss in attribute_acts.near_misses(self._work, FEATURE, FEATURE_VALUE) if miss.fact == FEATURE),
            NearMiss("valeur créée, mais absente de la fiche", FEATURE_VALUE, self.but(product="").ways()[0].run),
            NearMiss("fiche non enregistrée", FEATURE_VALUE, not_saved),
            NearMiss("retirée de la fiche", FEATURE_VALUE, replaced),
        ]

    def roads(self) -> Sequence[Road]:
        """The product's page closed to visitors since."""
        own = categories_of(self.company, seeded_number(self.company, self.product))

        def closed(desk: Desk) -> None:
            self.ways()[0].run(desk)
            close_categories(desk, own)

        name = "catégories du produit fermées ensuite aux visiteurs"
        return (Road(name, FEATURE_VALUE, closed),) if self.product and own else ()

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A new one with its values, or with a single one; one that is there, with a new value on a product's sheet; one renamed."""
        return (
            cls(name="Origine de la farine", values=("Finistère", "Côtes-d’Armor")),
            cls(name="Saison", values=("Toute l’année",)),
            cls(
                name="Conservation",
                exists=True,
                values=("12 mois à l’abri de l’humidité",),
                product="Galette fine nature",
            ),
            cls(name="Allergènes présents", was="Allergènes", without=("Gluten, lait, sésame",)),
        )


def _findings(
    site: Site,
    wanted: "Attribute | Feature",
    all_held: Sequence[AttributeOrFeature],
    name_fact: str,
    value_fact: str,
    what: str,
    display: str,
) -> list[Finding]:
    kind = ATTRIBUTES if isinstance(wanted, Attribute) else FEATURES
    note = site.note(
        "les attributs" if kind is ATTRIBUTES else "les caractéristiques",
        "\n".join(f"{one} : {quoted(one.values) or 'aucune valeur'}" for one in all_held),
    )
    found = []
    if name_fact in wanted.facts():
        shown = f", de type « {display} »" if display else ""
        before = f", et « {wanted.was} » n’existe plus" if wanted.was else ""
        verdict, seen = judged_name(wanted.name, wanted.was, display, all_held)
        found.append(Finding(name_fact, verdict, f"{what} « {wanted.name} » existe{shown}{before}.", seen, (note,)))
    if value_fact in wanted.facts():
        verdict, seen = judged_values(wanted.name, wanted.was, wanted.values, wanted.without, all_held)
        having = f" a {values_in_words(wanted.values)}" if wanted.values else ""
        lacking = f" n’a plus {values_in_words(wanted.without)}" if wanted.without else ""
        said = " et".join(part for part in (having, lacking) if part)
        found.append(Finding(value_fact, verdict, f"{what} « {wanted.name} »{said}.", seen, (note,)))
    return found


_SHEET = Script[list[list[str]]]("""page => [...page.querySelectorAll('.product-features dt')].flatMap(name =>
    name.nextElementSibling.textContent.split('\\n').map(value => [name.textContent.trim(), value.trim()]))""")
