"""Refunds: some of an order, or all of it, and the credit slip that says so."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from checks.prestashop import order_screens as screens
from checks.prestashop.commandes import Wanted
from checks.prestashop.money import euros
from checks.prestashop.order_screens import STATES, Order
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict
from provisioner.config import fact

PARTIAL = fact("prestashop.commandes-et-promotions.retours-avoirs", "remboursement partiel")
TOTAL = fact("prestashop.commandes-et-promotions.retours-avoirs", "remboursement total")
SLIP = fact("prestashop.commandes-et-promotions.retours-avoirs", "avoir")


class Refund(Check, id="prestashop.commandes-et-promotions.refund"):
    """La commande d’un client est remboursée, en partie ou en totalité, par un avoir."""

    proves = (PARTIAL, TOTAL, SLIP)

    customer: Annotated[str, Refers("customers.email")] = Field(
        min_length=1, description="L’adresse électronique du client."
    )
    product: Annotated[str, Refers("products.name")] = Field(
        "", description="Un produit de la commande, si ce client en a plusieurs ; sinon, la plus récente."
    )
    kind: Literal["partiel", "total"] = Field(description="« partiel » ou « total ».")
    lines: tuple[Wanted, ...] = Field((), description="Ce qui est remboursé, et rien d’autre, s’il est partiel.")
    slip: bool = Field(True, description="Un avoir est demandé, et non un bon de réduction.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.kind == "partiel") != bool(self.lines):
            raise ValueError("un remboursement partiel dit ses lignes (lines), un remboursement total n’en a pas")
        return self

    def facts(self) -> tuple[str, ...]:
        """The refund of its kind; the slip where it is asked."""
        return (PARTIAL if self.kind == "partiel" else TOTAL, *((SLIP,) if self.slip else ()))

    def verify(self, site: Site) -> list[Finding]:
        """What the order says of each line; the credit slips are in its documents and the customer's account."""
        refund = self.facts()[0]
        what = ", ".join(f"{one.quantity} × {one.product}" for one in self.lines)
        expected = {
            PARTIAL: f"De la commande de {self.customer} sont remboursés : {what}, et rien d’autre.",
            TOTAL: f"Tous les produits de la commande de {self.customer} sont remboursés.",
            SLIP: "Le remboursement fait l’objet d’un avoir.",
        }
        orders = screens.orders_of(site, self.customer, self.product)
        if not orders:
            site.visit("/")
            why, shot = "Ce client n’a pas cette commande.", site.shot("la boutique")
            return [Finding(one, Verdict.NOT_MET, expected[one], why, (shot,)) for one in self.facts()]
        order = max(orders, key=lambda one: (any(line.refunded for line in one.lines), one.id))
        page = site.signed_in(f"customer {self.customer}")
        page.goto(f"{site.address}/index.php?controller=order-slip")
        shot = site.shot("les avoirs, dans le compte du client", page)
        results = {
            refund: self.judged(order),
            SLIP: (
                Verdict.MET if order.slips else Verdict.NOT_MET,
                f"Avoir de {', '.join(map(euros, order.slips))}." if order.slips else "La commande n’a pas d’avoir.",
            ),
        }
        return [Finding(one, results[one][0], expected[one], results[one][1], (shot,)) for one in self.facts()]

    def judged(self, order: Order) -> tuple[Verdict, str]:
        """What was paid back, line by line; at another price than they cost, a person says."""
        back = [line for line in order.lines if line.refunded or line.refund]
        observed = "Remboursé : " + ", ".join(
            f"{line.refunded} sur {line.quantity} × {line.product} ({euros(line.refund)})" for line in back
        ) + "." if back else "Aucun produit n’est remboursé."  # fmt: skip
        met = Verdict.MET
        if not all(line.at_its_price for line in back):
            met, observed = Verdict.TO_JUDGE, observed + " Ce n’est pas le prix payé."
        if self.kind == "total":
            whole = bool(order.lines) and all(line.refunded == line.quantity for line in order.lines)
            if not back and order.state == STATES["remboursé"]:
                return Verdict.TO_JUDGE, observed + " La commande est seulement à l’état « remboursé »."
            return (met if whole else Verdict.NOT_MET), observed
        left = list(back)
        for one in self.lines:
            line = next(
                (each for each in left if screens.named(one.product, each.product) and each.refunded == one.quantity),
                None,
            )
            if line is None:
                return Verdict.NOT_MET, observed
            left.remove(line)
        return (Verdict.NOT_MET if left else met), observed

    def ways(self) -> Sequence[Act]:
        """The refunds that the order's page offers."""

        def paid_back(partial: bool) -> Callable[[Desk], None]:
            return lambda desk: self._do(desk, partial=partial)

        return (
            Act("« Remboursement partiel »", paid_back(True)),
            Act("« Remboursement standard » ou « Retourner les produits »", paid_back(False)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The other kind, another quantity, another customer's order; a voucher for a slip."""

        def made(**how: Any) -> Callable[[Desk], None]:
            return lambda desk: self._do(desk, **how)

        kind = self.facts()[0]
        misses = [NearMiss("la commande d’un autre client", kind, made(neighbour=True))]
        if self.kind == "partiel":
            misses += [
                NearMiss("tout remboursé", kind, made(everything=True)),
                NearMiss("un produit de plus", kind, made(more=1)),
            ]
        else:
            misses.append(NearMiss("un produit laissé", kind, made(first_only=True)))
        if self.slip:
            misses += [
                NearMiss("bon de réduction au lieu d’un avoir", SLIP, made(slip=False)),
                NearMiss("état « remboursé » sans avoir", SLIP, self._only_said),
            ]
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A part of a delivered order, and all of one that was paid."""
        return (
            cls(
                customer="gwenaelle.riou@courriel.test", kind="partiel",
                lines=(Wanted(product="Palet au caramel au beurre salé"),),
            ),
            cls(customer="ines.moreau@courriel.test", kind="total"),
        )  # fmt: skip

    def _only_said(self, desk: Desk) -> None:
        screens.set_state(screens.open_order(desk, self.customer, self.product), "remboursé")

    def _do(
        self, desk: Desk, partial: bool = True, neighbour: bool = False, everything: bool = False, more: int = 0,
        first_only: bool = False, slip: bool = True,
    ) -> None:  # fmt: skip
        page = screens.open_order(desk, self.customer, self.product, neighbour, paid=True)
        quantities: dict[str, int] | None = {one.product: one.quantity + more for one in self.lines}
        if neighbour or everything or (self.kind == "total" and not first_only):
            quantities = None
        elif first_only:
            quantities = {page.locator("tr.cellProduct .productName").first.inner_text().strip(): 1}
        screens.refund(page, quantities, slip=slip, partial=partial)
