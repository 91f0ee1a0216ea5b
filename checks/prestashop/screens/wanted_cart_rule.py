"""The rule of the cart that a question asks for: its values, and the facts that they ask for."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.prestashop.reading.cart_rules import Unit
from checks.prestashop.reading.money import Exact, Taxes
from checks.prestashop.reading.periods import LASTS
from provisioner.subject.check import Check, Refers, WantedText
from provisioner.subject.functionalities import fact

_LINE = "prestashop.commandes-et-promotions.promotions"
RULE = fact(_LINE, "règle panier")
CODE = fact(_LINE, "code promo")
PERIOD = fact(_LINE, "période")


class WantedCartRule(Check):
    """What is asked of a rule of the cart; paniers.CartRule proves it."""

    proves = (RULE, CODE, PERIOD)

    reduction: Exact = Field(Decimal(0), ge=0, description="La remise, en pour cent ou en euros.")
    unit: Unit = Field("%", description="« % », « TTC » ou « HT » pour un montant en euros, ou « port offert ».")
    code: str = Field(
        "", pattern=r"^\w*$", description="Le code promo à saisir ; vide : la remise s’applique d’office."
    )
    minimum: Exact | None = Field(None, gt=0, description="Le montant d’achat à partir duquel elle s’applique.")
    minimum_taxes: Taxes = Field("TTC", description="Si ce montant s’entend « HT » ou « TTC ».")
    products: tuple[Annotated[str, Refers("products.name")], ...] = Field(
        (), description="Les produits auxquels elle est réservée (sélection de produits) ; vide : tous."
    )
    categories: tuple[Annotated[str, Refers("categories.name")], ...] = Field(
        (), description="Les catégories auxquelles elle est réservée, au lieu de produits ; vide : toutes."
    )
    pieces: int = Field(1, ge=1, description="Combien d’articles de cette sélection le panier doit contenir.")
    on: Literal["commande", "produits"] = Field(
        "commande",
        description="Si la remise porte sur toute la commande, dès qu’elle contient la sélection, ou sur ces seuls produits.",
    )
    carriers: tuple[Annotated[str, Refers("carriers.name")], ...] = Field(
        (), description="Les seuls transporteurs avec lesquels elle s’applique ; vide : tous."
    )
    countries: tuple[WantedText, ...] = Field((), description="Les seuls pays de livraison ; vide : tous.")
    group: Annotated[str, Refers("groups.name")] = Field(
        "", description="Le seul groupe de clients qui en bénéficie ; vide : tous."
    )
    times: int | None = Field(None, ge=1, description="Combien de fois elle sert en tout ; absent si non demandé.")
    per_customer: int | None = Field(
        None, ge=1, description="Combien de fois elle sert à un même client ; absent si non demandé."
    )
    starts: Literal["", "today"] = Field("", description="« today » : elle commence le jour de l’épreuve.")
    lasts: str = Field("", pattern=f"{LASTS}|^$", description="Sa durée : « 15 days », « 4 weeks » ; avec `starts`.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if bool(self.starts) != bool(self.lasts):
            raise ValueError("starts et lasts vont ensemble")
        if (self.unit == "port offert") != (self.reduction == 0):
            raise ValueError("une remise (reduction) est demandée, ou « port offert » sans remise")
        if self.unit == "%" and self.reduction > 100:
            raise ValueError("une remise (reduction) ne dépasse pas 100 %")
        return self

    @model_validator(mode="after")
    def _binds_to_something(self) -> Self:
        if self.products and self.categories:
            raise ValueError("une règle est réservée à des produits (products) ou à des catégories (categories)")
        if not (self.products or self.categories) and (self.pieces > 1 or self.on == "produits"):
            raise ValueError("pieces et on vont avec des produits (products) ou des catégories (categories)")
        if self.on == "produits" and self.unit == "port offert":
            raise ValueError("le port offert porte sur la commande (on)")
        if self.on == "produits" and self.unit != "%" and (len(self.products) != 1 or self.pieces > 1):
            raise ValueError("un montant en euros porte sur la commande ou sur un seul produit (products)")
        return self

    def facts(self) -> tuple[str, ...]:
        """The rule always; the code and the period where they are asked."""
        return (RULE, *((CODE,) if self.code else ()), *((PERIOD,) if self.lasts else ()))
