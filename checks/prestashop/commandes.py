"""Orders: one that the merchant makes for a customer, its state, the number by which it is followed."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Self

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.reading import accounts, order_sheets
from checks.prestashop.reading.answers import expect_healthy
from checks.prestashop.reading.customer_emails import present_email, with_email
from checks.prestashop.reading.order_lines import Wanted
from checks.prestashop.reading.order_sheets import STATES, Order, State, are_exactly
from checks.prestashop.reading.seeded import rows
from checks.prestashop.screens import orders as screens
from checks.prestashop.screens.customers import rename_customer
from checks.prestashop.screens.office import LOADING, office
from checks.prestashop.screens.threads import write_on_order
from provisioner.core.model import FactId
from provisioner.french.text import holds
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

CREATED = fact("prestashop.commandes-et-promotions.commande", "créer")
STATE = fact("prestashop.commandes-et-promotions.commande", "statut")
TRACKING = fact("prestashop.commandes-et-promotions.commande", "suivi de livraison")
HANDLED = fact("prestashop.contenu.messages", "statut de la commande")


class OrderMade(Check, id="prestashop.commandes-et-promotions.order"):
    """Une commande est enregistrée pour un client, avec les produits et les quantités demandés."""

    proves = (CREATED,)

    customer: Annotated[str, Refers("customers.email")] = Field(
        min_length=1, description="L’adresse électronique du client."
    )
    lines: tuple[Wanted, ...] = Field(min_length=1, description="Ses lignes, toutes et elles seules.")
    state: State | None = Field(None, description="L’état dans lequel elle est enregistrée ; absent si non demandé.")

    def verify(self, site: Site) -> list[Finding]:
        """The orders of the customer; the newest is told when none is right."""
        said = ", ".join(map(str, self.lines))
        expected = f"Le client {self.customer} a une commande de {said}" + (
            f", à l’état « {self.state} »." if self.state else "."
        )
        known_as = present_email(site, self.customer)
        orders = order_sheets.orders_of(site, known_as)
        fitting = [order for order in orders if self._right(order)]
        right = next((order for order in fitting if not order.company), None)
        # One that the company had was not made now; where its lines became the right ones, a person says.
        rewritten = None if right else next((order for order in fitting if order.rewritten), None)
        shown = right or rewritten or (orders[0] if orders else None)
        if shown is None:
            site.visit("/")
            why = "Ce client n’a aucune commande."
            return [Finding(CREATED, Verdict.NOT_MET, expected, why, (site.shot("la boutique"),))]
        lines = ", ".join(f"{one.quantity} × {one.product}" for one in shown.lines)
        verdict = Verdict.MET if right else Verdict.TO_JUDGE if rewritten else Verdict.NOT_MET
        which = f"La commande {'' if right or rewritten else 'la plus récente '}de ce client (n° {shown.id}"
        which += ", d’avant l’épreuve, dont les lignes ont été changées)" if shown is rewritten else ")"
        observed = f"{which} : {lines}, à l’état « {shown.state_said} »."
        if fitting and verdict is Verdict.NOT_MET:
            observed += f" La commande n° {fitting[0].id} convient, mais elle est d’avant l’épreuve."
        otherwise, shot = accounts.of_order(site, shown)
        if right and self.state:
            verdict, observed = accounts.agreed((verdict, observed), otherwise)
        verdict, observed = with_email((verdict, observed), self.customer, known_as)
        return [Finding(CREATED, verdict, expected, observed, (shot,))]

    def _right(self, order: Order) -> bool:
        lines = [(line.product, line.quantity) for line in order.lines]
        return are_exactly(self.lines, lines) and (self.state is None or order.state == STATES[self.state])

    def ways(self) -> Sequence[Act]:
        """The back office's own page for it, or the cart that was left there."""
        return (
            Act("Commandes > Ajouter une commande", lambda desk: self._make(desk)),
            Act("Paniers > « Créer une commande à partir de ce panier »", self._of_the_cart),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another quantity, another customer, a cart that was left there; another variant."""

        misses = [
            NearMiss("un produit de trop", CREATED, partial(self._make, more=1)),
            NearMiss("pour un autre client", CREATED, partial(self._make, neighbour=True)),
            NearMiss("panier rempli, commande non créée", CREATED, partial(self._make, save=False)),
        ]
        if self.state:
            other: State = "paiement accepté" if self.state != "paiement accepté" else "en attente du chèque"
            misses.append(NearMiss(f"« {other} » au lieu de « {self.state} »", CREATED, self.but(state=other)._make))
        if any(one.of for one in self.lines):
            misses.append(NearMiss("une autre déclinaison", CREATED, partial(self._make, other_variant=True)))
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An order by telephone; one of a variant."""
        return (
            cls(
                customer="gwenaelle.riou@courriel.test",
                lines=(Wanted(product="Sablé au citron", quantity=2), Wanted(product="Coffret Trois Ajoncs")),
                state="en attente du chèque",
            ),
            cls(
                customer="lucie.marchand@courriel.test",
                lines=(Wanted(product="Tablier de pâtissier", of={"Taille": "Enfant", "Couleur": "Écru"}),),
            ),
        )

    def _make(
        self, desk: Desk, more: int = 0, neighbour: bool = False, save: bool = True, other_variant: bool = False
    ) -> None:
        page = office(desk, "AdminOrders")
        with page.expect_navigation():
            page.locator("#page-header-desc-configuration-add, a[href*='/orders/new']").first.click()
        box = page.locator("#customer-search-input")
        box.click()
        others = (row["email"] for _, row in rows(desk.company, "customers") if row["email"] != self.customer)
        box.press_sequentially(next(others) if neighbour else self.customer)
        page.locator(".js-choose-customer-btn:visible").first.click()
        page.locator("#product-search").wait_for()
        for one in self.lines:
            screens.add_line(page, one.product, one.of, one.quantity + more, other_variant)
        if save:
            self._create(page)

    def _of_the_cart(self, desk: Desk) -> None:
        self._make(desk, save=False)
        name = screens.surname(desk, self.customer)
        page = office(desk, "AdminCarts")
        page.locator("table tbody tr", has_text=name).first.locator(
            "a[href*='/carts/'], a[href*='viewcart']"
        ).first.click()
        page.locator("a[href*='/orders/new']").last.click()
        self._create(page)

    def _create(self, page: Page) -> None:
        page.locator("#cart_summary_payment_module").select_option("ps_checkpayment")
        page.locator("#cart_summary_order_state").select_option(STATES[self.state or "en attente du chèque"])
        with page.expect_navigation(timeout=LOADING):
            page.locator("#create-order-button").click()
        page.locator("#update_order_status_action_input").wait_for()
        expect_healthy(page)


class OrderState(Check, id="prestashop.commandes-et-promotions.order_state"):
    """La commande d’un client est à l’état demandé, et porte le numéro de suivi demandé."""

    proves = (STATE, HANDLED, TRACKING)

    customer: Annotated[str, Refers("customers.email")] = Field(
        min_length=1, description="L’adresse électronique du client."
    )
    product: Annotated[str, Refers("products.name")] = Field(
        "", description="Un produit de la commande, si ce client en a plusieurs ; sinon, la plus récente."
    )
    state: State | None = Field(None, description="L’état de la commande ; absent si non demandé.")
    handled: bool = Field(
        False,
        description="Si la question est de traiter la commande, avec les messages et les réclamations (true) : "
        "l’état (state) prouve alors cela, et non le statut d’une commande à gérer.",
    )
    tracking: str = Field("", description="Le numéro de suivi du transporteur, s’il est demandé.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.state is None and not self.tracking:
            raise ValueError("demandez un état (state), un numéro de suivi (tracking), ou les deux")
        if self.handled and self.state is None:
            raise ValueError("traiter la commande (handled) veut un état (state)")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for; a state is one thing to get right, so it proves one of the two that it may."""
        state = HANDLED if self.handled else STATE
        return (*((state,) if self.state else ()), *((TRACKING,) if self.tracking else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The merchant's page of the customer's order, and what his account shows of it."""
        which = f"La commande du client {self.customer}" + (f" avec « {self.product} »" if self.product else "")
        expected = {
            STATE: f"{which} est à l’état « {self.state} ».",
            HANDLED: f"{which} est traitée : elle est à l’état « {self.state} ».",
            TRACKING: f"{which} porte le numéro de suivi {self.tracking}.",
        }
        known_as = present_email(site, self.customer)
        orders = order_sheets.orders_of(site, known_as, self.product)
        if not orders:
            site.visit("/")
            why = f"Ce client n’a aucune commande{f' avec « {self.product} »' if self.product else ''}."
            shot = site.shot("la boutique")
            return [Finding(one, Verdict.NOT_MET, expected[one], why, (shot,)) for one in self.facts()]
        order = order_sheets.meant(orders)
        tried = [one for one in orders if not one.company and one is not order]
        results = {one: order_sheets.concluded(partial(self.judged, one), order, tried) for one in self.facts()}
        otherwise, shot = accounts.of_order(site, order)
        results |= {one: accounts.agreed(results[one], otherwise) for one in results if one != TRACKING}
        if order.of and TRACKING in results and results[TRACKING][0] is Verdict.NOT_MET:
            account = site.signed_in(f"customer {order.of}").locator("body").inner_text()
            if holds(account, self.tracking):
                elsewhere = (
                    f"Mais {self.tracking} se lit ailleurs sur la page de la commande, dans le compte du client."
                )
                results[TRACKING] = (Verdict.TO_JUDGE, f"{results[TRACKING][1]} {elsewhere}")
        results = {one: with_email(result, self.customer, known_as) for one, result in results.items()}
        return [Finding(one, results[one][0], expected[one], results[one][1], (shot,)) for one in self.facts()]

    def judged(self, what: FactId, order: Order) -> tuple[Verdict, str]:
        """Whether an order has the state that is asked for, or the number."""
        if what == TRACKING:
            met = "".join(order.tracking.split()).casefold() == "".join(self.tracking.split()).casefold()
            said = (
                f"Le numéro de suivi de la commande n° {order.id} est {order.tracking}."
                if order.tracking
                else f"La commande n° {order.id} n’a pas de numéro de suivi."
            )
        else:
            wanted = STATES[self.state] if self.state else ""
            met = order.state == wanted
            said = f"La commande n° {order.id} est à l’état « {order.state_said} »."
            if not met and order.names.get(wanted) in order.states_since:
                # What came after may be another question's.
                return Verdict.TO_JUDGE, f"{said} Pendant l’épreuve, elle a été à l’état « {order.names[wanted]} »."
        return (Verdict.MET if met else Verdict.NOT_MET), said

    def ways(self) -> Sequence[Act]:
        """The order's own page; for its state, the list of the orders as well, which tells of no products."""
        ways = [Act("la page de la commande", lambda desk: self._do(desk))]
        state = self.state
        if state and not self.product and not self.tracking:
            ways += [
                Act("la liste des commandes", lambda desk: screens.set_state_in_list(desk, self.customer, state)),
                Act(
                    "action groupée de la liste",
                    lambda desk: screens.set_state_in_list(desk, self.customer, state, True),
                ),
            ]
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another state, another customer's order, not saved."""

        misses = []
        if self.state:
            other: State = "livré" if self.state != "livré" else "expédié"
            misses += [
                NearMiss(f"« {other} » au lieu de « {self.state} »", self.facts()[0], partial(self._do, state=other)),
                NearMiss("la commande d’un autre client", self.facts()[0], partial(self._do, neighbour=True)),
            ]
        if self.tracking:
            misses += [
                NearMiss("un autre numéro", TRACKING, partial(self._do, tracking=self.tracking[:-1] + "0X")),
                NearMiss("numéro saisi sans enregistrer", TRACKING, partial(self._do, save=False)),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """A later state, by another question; the number in a message to the customer; his e-mail address changed."""
        fact, state = self.facts()[0], self.state

        def further(desk: Desk) -> None:
            self._do(desk)
            later: State = "livré" if state != "livré" else "remboursé"
            screens.set_state(screens.open_order(desk, self.customer, self.product), later)

        def by_message(desk: Desk) -> None:
            write_on_order(desk, self.customer, f"Bonjour, voici le numéro de votre colis : {self.tracking}.")

        def renamed(desk: Desk) -> None:
            self._do(desk)
            rename_customer(desk, self.customer, f"nouvelle.{self.customer}")

        roads = [Road("l’adresse électronique du client changée ensuite", fact, renamed)]
        if state:
            roads.append(Road("passée ensuite à un autre état", fact, further))
        if self.tracking:
            roads.append(Road("numéro donné dans un message au client", TRACKING, by_message))
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A parcel that leaves; a guest's."""
        return (
            cls(customer="ines.moreau@courriel.test", state="expédié", tracking="6A12345678901"),
            cls(customer="mathis.richard@courriel.test", state="expédié", handled=True),
        )

    def _do(self, desk: Desk, state: str = "", neighbour: bool = False, tracking: str = "", save: bool = True) -> None:
        page = screens.open_order(desk, self.customer, self.product, neighbour)
        if self.tracking:
            screens.set_tracking(page, tracking or self.tracking, save)
        if self.state and save:
            screens.set_state(page, state or self.state)
