"""Refunds: some of an order, or all of it, and the credit slip that says so."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.prestashop.reading import accounts, order_sheets
from checks.prestashop.reading.customer_emails import present_email, with_email
from checks.prestashop.reading.money import euros
from checks.prestashop.reading.order_lines import Wanted
from checks.prestashop.reading.order_sheets import STATES, Line, Order, are_exactly
from checks.prestashop.reading.sales import Ordered, delivered_for_money, ordered_by
from checks.prestashop.screens import orders as screens
from checks.prestashop.screens.refunds import refund
from provisioner.french.text import numbered
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict
from provisioner.subject.functionalities import fact

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
    kind: Literal["partiel", "total"] = Field(
        description="« partiel » (sans les frais de port) ou « total » (avec ceux que le client a payés)."
    )
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
        kind = self.facts()[0]
        what = ", ".join(map(str, self.lines))
        expected = {
            PARTIAL: f"Remboursé, de la commande du client {self.customer} : {what}, et rien d’autre, pas même les frais de port.",
            TOTAL: f"Tous les produits de la commande du client {self.customer} sont remboursés, ainsi que les frais de port qu’il a payés.",
            SLIP: "Le remboursement fait l’objet d’un avoir.",
        }
        known_as = present_email(site, self.customer)
        orders = order_sheets.orders_of(site, known_as, self.product)
        if not orders:
            site.visit("/")
            which = f" qui contienne « {self.product} »" if self.product else ""
            why, shot = f"Ce client n’a aucune commande{which}.", site.shot("la boutique")
            return [Finding(one, Verdict.NOT_MET, expected[one], why, (shot,)) for one in self.facts()]
        order = order_sheets.meant(orders)
        own = [one for one in orders if not one.company and one is not order]
        results = {
            kind: order_sheets.concluded(self.judged, order, own),
            SLIP: order_sheets.concluded(_slipped, order, own),
        }
        otherwise, shot = accounts.of_slips(site, order)
        results[SLIP] = accounts.agreed(results[SLIP], otherwise)
        results = {one: with_email(result, self.customer, known_as) for one, result in results.items()}
        return [Finding(one, results[one][0], expected[one], results[one][1], (shot,)) for one in self.facts()]

    def judged(self, order: Order) -> tuple[Verdict, str]:
        """What was paid back since the work began, line by line, and the delivery; at another price than they cost, a person says."""
        back = [line for line in order.lines if line.refunded > line.before]
        observed = f"Remboursé : {' ; '.join(map(_said, back))}." if back else "Aucun produit n’est remboursé."
        if order.shipping:
            observed += f" Frais de port remboursés : {euros(order.shipping_back)} sur {euros(order.shipping)}."
        met = Verdict.MET
        if not all(line.at_its_price for line in back):
            met, observed = Verdict.TO_JUDGE, observed + " Le montant remboursé n’est pas le prix payé."
        if self.kind == "total":
            whole = bool(order.lines) and all(line.refunded == line.quantity for line in order.lines)
            if not back and not whole and order.state == STATES["remboursé"]:
                return Verdict.TO_JUDGE, observed + " La commande est seulement à l’état « remboursé »."
            if whole and back and order.shipping_left:  # whether they belong to it, the question's own words say
                alone = (
                    "sans les frais de port"
                    if order.slips[order.slips_before :]
                    else "par un bon de réduction, qui ne dit rien des frais de port"
                )
                return Verdict.TO_JUDGE, f"{observed} Tous les produits sont remboursés, mais {alone}."
            return (met if whole and back else Verdict.NOT_MET), observed
        right = are_exactly(self.lines, [(line.product, line.refunded - line.before) for line in back])
        return (met if right and order.shipping_back <= 0 else Verdict.NOT_MET), observed

    def ways(self) -> Sequence[Act]:
        """The refunds that the order's page offers."""

        def paid_back(partial: bool) -> Callable[[Desk], None]:
            return lambda desk: self._do(desk, partial=partial)

        return (
            Act("« Remboursement partiel »", paid_back(True)),
            Act("« Remboursement standard » ou « Retourner les produits »", paid_back(False)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The other kind, another quantity, another variant, the delivery, another customer's order; a voucher for a slip."""

        kind = self.facts()[0]
        misses = [NearMiss("la commande d’un autre client", kind, partial(self._do, neighbour=True))]
        left = self._left()
        if self.kind == "partiel":
            # The shop refuses more pieces of a line than it has left.
            spare = [line for line in left if line.quantity > sum(one.quantity for one in self._of(line))]
            more = sorted(spare, key=lambda line: not self._of(line))
            if spare:
                misses.append(NearMiss("tout remboursé", kind, partial(self._do, everything=True)))
            if self._in_another_variant(left):
                misses.append(NearMiss("une autre déclinaison", kind, partial(self._do, other_variant=True)))
            elif more:
                name = "un produit de plus" if self._of(more[0]) else "un autre produit en plus"
                misses.append(NearMiss(name, kind, partial(self._do, one_of=more[0])))
        elif sum(line.quantity for line in left) > 1:
            misses.append(NearMiss("un produit laissé", kind, partial(self._do, one_of=left[0])))
        if self.kind == "partiel" and delivered_for_money(self.company, self.customer):
            misses.append(NearMiss("frais de port remboursés en plus", kind, partial(self._do, delivery=True)))
        if len(misses) < 2:
            misses.append(NearMiss("commande annulée sans rien rembourser", kind, self._only_said("annulé")))
        if self.slip:
            misses += [
                NearMiss("bon de réduction au lieu d’un avoir", SLIP, partial(self._do, slip=False)),
                NearMiss("état « remboursé » sans avoir", SLIP, self._only_said("remboursé")),
            ]
        return misses

    def _left(self) -> list[Ordered]:
        """What can be paid back, before the work, of the customer's newest order of which this can be."""
        for order in ordered_by(self.company, self.customer):
            left = order.left
            right = not self.product or any(order_sheets.is_product(self.product, line.said) for line in order.lines)
            enough = all(
                any(one.is_named(each.said) and one.quantity <= each.quantity for each in left) for one in self.lines
            )
            if right and enough and left:
                return left
        return []

    def _of(self, line: Ordered) -> list[Wanted]:
        """What is to be paid back of a line."""
        return [one for one in self.lines if one.is_named(line.said)]

    def _in_another_variant(self, left: Sequence[Ordered]) -> bool:
        """Whether the same could be paid back by mistake of another variant of a product."""
        others = [line for line in left if not self._of(line)]
        pairs = [
            (one, line) for one in self.lines for line in others if order_sheets.is_product(one.product, line.said)
        ]
        return bool(pairs) and all(one.quantity <= line.quantity for one, line in pairs)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A line of a delivered order; all of one that was paid, or of a single piece; of a part that was paid back, more; a variant."""
        return (
            cls(
                customer="gwenaelle.riou@courriel.test",
                kind="partiel",
                lines=(Wanted(product="Sablé nature", quantity=3),),
            ),
            cls(customer="ines.moreau@courriel.test", kind="total"),
            cls(customer="lucie.marchand@courriel.test", product="Coffret du goûter", kind="total"),
            cls(
                customer="maud.le.berre@courriel.test",
                kind="partiel",
                lines=(Wanted(product="Sablé fourré à la fraise"),),
            ),
            cls(
                customer="lucie.marchand@courriel.test",
                kind="partiel",
                lines=(Wanted(product="Tablier de pâtissier", of={"Taille": "Enfant"}),),
            ),
        )

    def _only_said(self, state: str) -> Callable[[Desk], None]:
        return lambda desk: screens.set_state(screens.open_order(desk, self.customer, self.product), state)

    def _do(
        self,
        desk: Desk,
        partial: bool = True,
        neighbour: bool = False,
        everything: bool = False,
        one_of: Ordered | None = None,
        slip: bool = True,
        other_variant: bool = False,
        delivery: bool = False,
    ) -> None:
        """Pay back what is asked; with `one_of`, a piece of that line besides."""
        page = screens.open_order(desk, self.customer, self.product, neighbour, paid=True)
        left = sorted(self.lines, key=lambda one: -len(one.of))

        def how_many(name: str) -> int:
            more = int(one_of is not None and order_sheets.is_product(one_of.product, name, one_of.of))
            for one in left:
                if order_sheets.is_product(one.product, name) and one.is_named(name) != other_variant:
                    left.remove(one)
                    return one.quantity + more
            return more

        whole = neighbour or everything or (self.kind == "total" and one_of is None)
        shipping = self.kind == "total" or delivery
        refund(page, None if whole else how_many, slip=slip, shipping=shipping, partial=partial)


def _slipped(order: Order) -> tuple[Verdict, str]:
    """Whether the order has a credit slip that the company hadn't made."""
    anew = order.slips[order.slips_before :]
    if anew:
        amounts = " et de ".join(map(euros, anew))
        return Verdict.MET, f"La commande a {numbered(len(anew), 'nouvel avoir', 'nouveaux avoirs')}, de {amounts}."
    return Verdict.NOT_MET, f"La commande n’a pas {'d’autre avoir qu’auparavant' if order.slips else 'd’avoir'}."


def _said(line: Line) -> str:
    before = f", dont {line.before} avant l’épreuve" if line.before else ""
    return f"« {line.product} », {line.refunded} sur {line.quantity}{before} ({euros(line.refund)}{' en tout' if before else ''})"
