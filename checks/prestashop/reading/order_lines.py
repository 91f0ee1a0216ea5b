"""What an author asks of an order's line."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from checks.prestashop.reading import order_sheets
from provisioner.subject.check import Refers


class Wanted(BaseModel):
    """Une ligne de la commande."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Annotated[str, Refers("products.name")] = Field(min_length=1, description="Le produit.")
    of: dict[str, str] = Field(
        default_factory=dict,
        description='Ses valeurs, pour une déclinaison précise, par exemple { Taille = "Enfant" } ; sans elles, n’importe laquelle.',
    )
    quantity: int = Field(1, ge=1, description="Sa quantité.")

    def __str__(self) -> str:
        values = ", ".join(f"{group} : {value}" for group, value in self.of.items())
        return f"{self.quantity} × {self.product}" + (f" ({values})" if values else "")

    def is_named(self, shown: str) -> bool:
        """Whether a line of an order is this one, by its name."""
        return order_sheets.is_product(self.product, shown, self.of)
