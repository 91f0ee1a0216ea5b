"""Refunds: some of an order, or all of it, and the credit slip that says so."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from checks.prestashop import account_screens as accounts
from checks.prestashop import order_screens as screens
from checks.prestashop.commandes import Wanted, are_exactly
from checks.prestashop.money import euros
from checks.prestashop.order_screens import STATES, Line, Order
from checks.prestashop.sales import ordered_in_two
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
        """What the order says of each line; the credit slips of its documents, and those that the customer's account shows."""
        refund = self.facts()[0]
        what = ", ".join(map(str, self.lines))
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
        order = screens.meant(orders)
        others = [one for one in orders if one is not order]
        results = {
            refund: screens.concluded(self.judged, order, others),
            SLIP: screens.concluded(_slipped, order, others),
        }
        otherwise, shot = accounts.of_slips(site, order)
        results[SLIP] = accounts.agreed(results[SLIP], otherwise)
        return [Finding(one, results[one][0], expected[one], results[one][1], (shot,)) for one in self.facts()]

    def judged(self, order: Order) -> tuple[Verdict, str]:
        """What was paid back since the work began, line by line; at another price than they cost, a person says."""
        back = [line for line in order.lines if line.refunded > line.before]
        observed = f"Remboursé : {', '.join(map(_said, back))}." if back else "Aucun produit n’est remboursé."
        met = Verdict.MET
        if not all(line.at_its_price for line in back):
            met, observed = Verdict.TO_JUDGE, observed + " Ce n’est pas le prix payé."
        if self.kind == "total":
            whole = bool(order.lines) and all(line.refunded == line.quantity for line in order.lines)
            if not back and not whole and order.state == STATES["remboursé"]:
                return Verdict.TO_JUDGE, observed + " La commande est seulement à l’état « remboursé »."
            return (met if whole and back else Verdict.NOT_MET), observed
        right = are_exactly(self.lines, [(line.product, line.refunded - line.before) for line in back])
        return (met if right else Verdict.NOT_MET), observed

    def ways(self) -> Sequence[Act]:
        """The refunds that the order's page offers."""

        def paid_back(partial: bool) -> Callable[[Desk], None]:
            return lambda desk: self._do(desk, partial=partial)

        return (
            Act("« Remboursement partiel »", paid_back(True)),
            Act("« Remboursement standard » ou « Retourner les produits »", paid_back(False)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The other kind, another quantity, another variant, another customer's order; a voucher for a slip."""

        def made(**how: Any) -> Callable[[Desk], None]:
            return lambda desk: self._do(desk, **how)

        kind = self.facts()[0]
        misses = [NearMiss("la commande d’un autre client", kind, made(neighbour=True))]
        if self.kind == "partiel":
            misses.append(NearMiss("tout remboursé", kind, made(everything=True)))
            if any(one.of and ordered_in_two(self.customer, one.product) for one in self.lines):
                misses.append(NearMiss("une autre déclinaison", kind, made(other_variant=True)))
            else:
                misses.append(NearMiss("un produit de plus", kind, made(more=1)))
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
        """A part of a delivered order, and all of one that was paid; of a part that was paid back, more; one of two variants."""
        return (
            cls(
                customer="gwenaelle.riou@courriel.test", kind="partiel",
                lines=(Wanted(product="Palet au caramel au beurre salé"),),
            ),
            cls(customer="ines.moreau@courriel.test", kind="total"),
            cls(customer="maud.le.berre@courriel.test", kind="partiel", lines=(Wanted(product="Sablé fourré à la fraise"),)),
            cls(
                customer="lucie.marchand@courriel.test", kind="partiel",
                lines=(Wanted(product="Tablier de pâtissier", of={"Taille": "Enfant"}),),
            ),
        )  # fmt: skip

    def _only_said(self, desk: Desk) -> None:
        screens.set_state(screens.open_order(desk, self.customer, self.product), "remboursé")

    def _do(
        self, desk: Desk, partial: bool = True, neighbour: bool = False, everything: bool = False, more: int = 0,
        first_only: bool = False, slip: bool = True, other_variant: bool = False,
    ) -> None:  # fmt: skip
        page = screens.open_order(desk, self.customer, self.product, neighbour, paid=True)
        first = page.locator("tr.cellProduct .productName").first.inner_text()
        left = sorted(self.lines, key=lambda one: -len(one.of))

        def how_many(name: str) -> int:
            if first_only:
                return int(name == first)
            for one in left:
                if screens.named(one.product, name) and one.is_named(name) != other_variant:
                    left.remove(one)
                    return one.quantity + more
            return 0

        whole = neighbour or everything or (self.kind == "total" and not first_only)
        screens.refund(page, None if whole else how_many, slip=slip, partial=partial)


def _slipped(order: Order) -> tuple[Verdict, str]:
    """Whether the order has a credit slip that the company hadn't made."""
    anew = order.slips[order.slips_before :]
    if anew:
        return Verdict.MET, f"Avoir de {', '.join(map(euros, anew))}."
    return Verdict.NOT_MET, f"La commande n’a pas {'d’autre avoir qu’auparavant' if order.slips else 'd’avoir'}."


def _said(line: Line) -> str:
    before = f", dont {line.before} auparavant" if line.before else ""
    return f"{line.refunded} sur {line.quantity} × {line.product} ({euros(line.refund)}{before})"
