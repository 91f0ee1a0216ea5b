"""The product's sheet that a question asks for: its values, and the facts that they ask for."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.prestashop.reading.money import Exact, Taxes
from checks.prestashop.reading.product_verdicts import (
    ASSOCIATED,
    BRAND,
    CARRIER,
    CATEGORY,
    COMBINATIONS,
    DEFAULT_CATEGORY,
    IMPACT_HT,
    IMPACT_TTC,
    KEYWORDS,
    META,
    NAME,
    OFFLINE,
    ONLINE,
    PRICE,
    QUANTITIES,
    STOCK,
    TEXTS,
    TITLE,
    WEB_ONLY,
    WHEN_OUT,
)
from checks.prestashop.reading.seeded import in_variants
from provisioner.subject.check import Check, Refers


class VariantWanted(BaseModel):
    """A variant: its values by attribute, its stock, and what it costs more than the base price."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: dict[str, str] = Field(min_length=1, description='Les valeurs par attribut, par exemple { Poids = "300 g" }.')
    quantity: int | None = Field(None, ge=0, description="Le stock de la déclinaison ; absent si non demandé.")
    impact: Exact = Field(Decimal(0), description="L’impact sur le prix, en euros.")
    default: bool = Field(False, description="Si c’est la déclinaison par défaut ; une seule au plus peut l’être.")


class WantedProduct(Check):
    """What is asked of a product's sheet; ProductSheet proves it."""

    proves = (
        NAME,
        TEXTS,
        PRICE,
        COMBINATIONS,
        QUANTITIES,
        IMPACT_TTC,
        IMPACT_HT,
        STOCK,
        WHEN_OUT,
        WEB_ONLY,
        CARRIER,
        CATEGORY,
        DEFAULT_CATEGORY,
        BRAND,
        ASSOCIATED,
        TITLE,
        META,
        KEYWORDS,
        ONLINE,
        OFFLINE,
    )

    name: Annotated[str, Refers("products.name")] = Field(
        min_length=1, description="Le nom du produit, dont la fiche existe, sauf avec `new`."
    )
    new: bool = Field(False, description="Si le produit est à créer.")
    rename: str = Field("", description="Le nom à lui donner ; vide quand il garde le sien.")
    characters: tuple[int, int] | None = Field(
        None, description="Le nombre de caractères, au moins et au plus, du récapitulatif et de la description."
    )
    elements: tuple[str, ...] = Field((), description="Ce que l’un ou l’autre de ces textes doit contenir.")
    price: Exact | None = Field(None, gt=0, description="Le prix de base, en euros ; avec `vat`.")
    price_in: Taxes = Field("TTC", description="Si ce prix est TTC ou HT.")
    vat: Exact | None = Field(None, ge=0, description="Le taux de TVA, en pour cent ; avec `price`.")
    variants: tuple[VariantWanted, ...] = Field((), description="Les déclinaisons, toutes : ni plus, ni moins.")
    impacts_in: Taxes = Field("TTC", description="Si les impacts sur le prix sont TTC ou HT.")
    quantity: int | None = Field(None, ge=0, description="Le stock d’un produit sans déclinaison.")
    order_when_out: bool | None = Field(None, description="Si les commandes sont acceptées en rupture de stock.")
    web_only: bool | None = Field(None, description="Si le produit est une exclusivité web.")
    carriers: tuple[Annotated[str, Refers("carriers.name")], ...] = Field(
        (), description="Les seuls transporteurs qui le livrent."
    )
    categories: tuple[Annotated[str, Refers("categories.name")], ...] = Field(
        (), description="Les catégories auxquelles il est rattaché, d’autres permises."
    )
    default_category: Annotated[str, Refers("categories.name")] = Field("", description="Sa catégorie principale.")
    brand: Annotated[str, Refers("brands.name")] = Field("", description="Sa marque.")
    associated: tuple[Annotated[str, Refers("products.name")], ...] = Field(
        (), description="Les produits qui lui sont associés, d’autres permis."
    )
    meta_title: str = Field("", description="La balise titre, mot pour mot.")
    meta_description: str = Field("", description="La méta-description, mot pour mot.")
    address: str = Field("", pattern=r"^[a-z0-9-]*$", description="L’adresse simplifiée (URL), sans numéro.")
    tags: tuple[str, ...] = Field((), description="Ses mots-clés (onglet Options), d’autres permis.")
    online: bool | None = Field(None, description="S’il est en ligne (true) ou hors ligne (false).")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.price is None) != (self.vat is None):
            raise ValueError("price et vat vont ensemble")
        if self.quantity is not None and (self.variants or (not self.new and in_variants(self.company, self.name))):
            raise ValueError("le stock d’un produit à déclinaisons est celui de chacune (variants)")
        if self.characters and not 0 < self.characters[0] <= self.characters[1]:
            raise ValueError("characters va du plus petit nombre au plus grand")
        if any(a.of == b.of for i, a in enumerate(self.variants) for b in self.variants[:i]):
            raise ValueError("deux déclinaisons ont les mêmes valeurs")
        if sum(variant.default for variant in self.variants) > 1:
            raise ValueError("une seule déclinaison est celle par défaut")
        if self.new and self.rename:
            raise ValueError("un produit à créer porte déjà le nom voulu : rename n’y va pas")
        if not self.facts():
            raise ValueError("la fiche doit demander quelque chose")
        return self

    def facts(self) -> tuple[str, ...]:
        """What these values ask for."""
        impacts = any(variant.impact for variant in self.variants)
        asked = {
            NAME: self.new or bool(self.rename),
            TEXTS: bool(self.characters or self.elements),
            PRICE: self.price is not None,
            COMBINATIONS: bool(self.variants),
            QUANTITIES: any(variant.quantity is not None for variant in self.variants),
            IMPACT_TTC: impacts and self.impacts_in == "TTC",
            IMPACT_HT: impacts and self.impacts_in == "HT",
            STOCK: self.quantity is not None,
            WHEN_OUT: self.order_when_out is not None,
            WEB_ONLY: self.web_only is not None,
            CARRIER: bool(self.carriers),
            CATEGORY: bool(self.categories),
            DEFAULT_CATEGORY: bool(self.default_category),
            BRAND: bool(self.brand),
            ASSOCIATED: bool(self.associated),
            TITLE: bool(self.meta_title),
            META: bool(self.meta_description),
            KEYWORDS: bool(self.address or self.tags),
            ONLINE: self.online is True,
            OFFLINE: self.online is False,
        }
        return tuple(one for one in self.proves if asked[one])

    def makes(self) -> Sequence[str]:
        """The product, or its new name."""
        return (self.name,) if self.new else (self.rename,) if self.rename else ()
