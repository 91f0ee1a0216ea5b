"""Customers: a group of them, what it saves them, whether they see prices with tax, and who is in it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from checks.prestashop.reading.catalogue_rules import rules_for
from checks.prestashop.reading.customer_emails import present_email, with_email
from checks.prestashop.reading.customer_groups import (
    Customer,
    Group,
    customer_of,
    groups_changed,
    groups_named,
)
from checks.prestashop.reading.group_prices import GroupLook, look_at_prices, pays
from checks.prestashop.reading.money import Exact, Taxes, percent
from checks.prestashop.reading.product_verdicts import likeness, worst
from checks.prestashop.reading.seeded import was_there
from checks.prestashop.screens.customers import (
    change_another_group,
    discount_each_category,
    place_customer,
    rename_customer,
    write_group,
)
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

GROUP = fact("prestashop.contenu.clients", "groupe")
DISCOUNT = fact("prestashop.contenu.clients", "remise du groupe")
DISPLAY = fact("prestashop.contenu.clients", "prix affichés HT ou TTC")
MEMBER = fact("prestashop.contenu.clients", "client dans un groupe")

_CHANGED = ("un autre groupe a changé", "d’autres groupes ont changé")


class CustomerGroup(Check, id="prestashop.contenu.customer_group"):
    """Un groupe de clients existe, avec sa remise, l’affichage des prix et un client qu’on y a placé."""

    proves = (GROUP, DISCOUNT, DISPLAY, MEMBER)
    may_act = True

    name: str = Field(min_length=1, description="Le nom du groupe.")
    discount: Exact | None = Field(None, gt=0, le=100, description="Sa remise, en pour cent ; absente si non demandée.")
    prices: Taxes | None = Field(None, description="Si ses clients voient les prix « HT » ou « TTC ».")
    customer: Annotated[str, Refers("customers.email")] = Field(
        "", description="L’adresse électronique d’un client dont il devient le groupe par défaut."
    )

    @model_validator(mode="after")
    def _known_address(self) -> Self:
        if self.customer and "@" not in self.customer:
            raise ValueError("customer est l’adresse électronique d’un client")
        return self

    def facts(self) -> tuple[str, ...]:
        """The group always, and what these values ask for."""
        asked = {
            GROUP: True,
            DISCOUNT: self.discount is not None,
            DISPLAY: self.prices is not None,
            MEMBER: bool(self.customer),
        }
        return tuple(one for one, wanted in asked.items() if wanted)

    def makes(self) -> Sequence[str]:
        """The group."""
        return (self.name,)

    def verify(self, site: Site) -> list[Finding]:
        """The group in the back office, and a product's price as its customer sees it, where it has one."""
        expected = {
            GROUP: f"Le groupe « {self.name} » existe.",
            DISCOUNT: f"La remise du groupe « {self.name} » est de {percent(self.discount or Decimal(0))}.",
            DISPLAY: f"Les clients du groupe « {self.name} » voient les prix {self.prices}.",
            MEMBER: f"Le groupe par défaut du client {self.customer} est « {self.name} ».",
        }
        groups = groups_named(site, self.name)
        known_as = present_email(site, self.customer) if self.customer else ""
        customer = customer_of(site, known_as) if known_as else None
        group = max(groups, key=lambda one: self._fitting(one, customer), default=None)
        if group is None:
            site.visit("/")
            why = f"Aucun groupe ne s’appelle « {self.name} »."
            shot = site.shot("la boutique")
            return [Finding(one, Verdict.NOT_MET, expected[one], why, (shot,)) for one in self.facts()]
        old = was_there(self.company, "groups", int(group.id))
        verdicts = {
            GROUP: worst([likeness(self.name, [group.name]), Verdict.TO_JUDGE if old else Verdict.MET]),
            DISCOUNT: _if(group.discount == self.discount),
            DISPLAY: _if(group.prices == self.prices and group.shows_prices),
            MEMBER: _membership(customer, group),
        }
        asked = self.discount or Decimal(0)
        rules = rules_for(site, group.name, asked) if asked and not group.discount else []
        if rules:
            # The same discount by another screen: a person says whether that is what was asked.
            verdicts[DISCOUNT] = Verdict.TO_JUDGE
        his = known_as if customer and customer.active and verdicts[MEMBER] is not Verdict.NOT_MET else ""
        look = self._look(site, group, his)
        if rules and not look.right:  # it is on this product too
            look = self._look(site, replace(group, discount=asked), his)
        by_another_road = ""
        if asked and verdicts[DISCOUNT] is Verdict.NOT_MET and pays(site, group, look, asked):
            verdicts[DISCOUNT] = Verdict.TO_JUDGE
            by_another_road = f" ; mais ses clients paient les produits {percent(asked)} de moins"
        if not look.right:
            verdicts |= {one: Verdict.TO_JUDGE for one in (DISCOUNT, DISPLAY) if verdicts[one] is Verdict.MET}
        elif look.himself and (group.discount or group.prices == "HT"):
            verdicts[MEMBER] = Verdict.MET  # he pays what this group pays
        beside = groups_changed(site, group) if {DISCOUNT, DISPLAY} & {*self.facts()} else []
        if beside:
            verdicts |= {one: Verdict.TO_JUDGE for one in (DISCOUNT, DISPLAY) if verdicts[one] is Verdict.MET}
        also = f" ; {_CHANGED[len(beside) > 1]} : {' ; '.join(beside)}" if beside else ""
        by_a_rule = f" ; mais il y a {' ; '.join(f'la {one}' for one in rules)}" if rules else ""
        observed = {
            GROUP: f"Le groupe « {group.name} » existe{' ; c’est un groupe de l’entreprise, réécrit' if old else ''}.",
            DISCOUNT: f"{_saves(group)}{look.told}{by_a_rule}{by_another_road}{also}.",
            DISPLAY: f"L’affichage des prix du groupe est réglé sur {group.prices}{look.told}{also}.",
            MEMBER: _member(customer, group, look.told),
        }
        verdicts[MEMBER], observed[MEMBER] = with_email((verdicts[MEMBER], observed[MEMBER]), self.customer, known_as)
        return [Finding(one, verdicts[one], expected[one], observed[one], (look.shot,)) for one in self.facts()]

    def _fitting(self, group: Group, customer: Customer | None) -> tuple[int, bool]:
        """Of namesakes, the one that is the most of what is asked; then the one that the customer is in."""
        member = customer is not None and (customer.default == group.id or customer.perhaps_of(group))
        right = [group.discount == self.discount, group.prices == self.prices and group.shows_prices, member]
        return sum(right), member or (customer is not None and group.id in customer.groups)

    def _look(self, site: Site, group: Group, placed: str) -> GroupLook:
        """What the group's customers pay, where the question asks for anything that a price tells."""
        if placed or self.discount is not None or self.prices:
            return look_at_prices(site, group, placed)
        site.visit("/")
        return GroupLook("", True, False, site.shot("la boutique, vue par un visiteur"))

    def ways(self) -> Sequence[Act]:
        """The group's own screen, at once or in two steps; the customer's sheet, where he may leave his other groups, or be shut out."""

        def in_two_steps(desk: Desk) -> None:
            write_group(desk, self.name, None, None)
            write_group(desk, self.name, self.discount, self.prices, edit=True)
            if self.customer:
                place_customer(desk, self.customer, self.name)

        ways = [Act("groupe créé d’un coup", self._do), Act("groupe créé, puis modifié", in_two_steps)]
        if self.customer:
            ways += [
                Act("son seul groupe", lambda desk: self._do(desk, only=True)),
                Act("sa fiche désactivée en passant", lambda desk: self._do(desk, active=False)),
            ]
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another name, another discount, the other display, in the group but not by default."""

        def made(**changed: object) -> Callable[[Desk], None]:
            return lambda desk: self.but(**changed)._do(desk)

        misses = [
            NearMiss(
                "un autre nom", GROUP, lambda desk: write_group(desk, "Clients fidèles", self.discount, self.prices)
            ),
            NearMiss(
                "saisi sans enregistrer",
                GROUP,
                lambda desk: write_group(desk, self.name, self.discount, self.prices, save=False),
            ),
        ]
        if self.discount is not None:
            misses += [
                NearMiss("remise de moitié", DISCOUNT, made(discount=self.discount / 2, customer="")),
                NearMiss("sans remise", DISCOUNT, lambda desk: write_group(desk, self.name, None, self.prices)),
                NearMiss("remise donnée à un autre groupe", DISCOUNT, self._another_group_changed),
            ]
        if self.prices is not None:
            other = "TTC" if self.prices == "HT" else "HT"
            misses += [
                NearMiss(f"prix affichés {other}", DISPLAY, made(prices=other, customer="")),
                NearMiss(f"prix affichés {self.prices} à un autre groupe", DISPLAY, self._another_group_changed),
            ]
            if self.prices == "HT":
                misses.append(
                    NearMiss(
                        "affichage oublié", DISPLAY, lambda desk: write_group(desk, self.name, self.discount, None)
                    )
                )
        if self.customer:
            misses += [
                NearMiss(
                    "client dans le groupe, mais non par défaut", MEMBER, lambda desk: self._do(desk, default=False)
                ),
                NearMiss("client laissé dans le sien", MEMBER, made(customer="")),
                NearMiss("un autre client", MEMBER, lambda desk: self._do(desk, neighbour=True)),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """Another group changed beside it; the discount by another screen; the customer's e-mail address changed."""
        roads = []
        if self.discount is not None:

            def one_more(desk: Desk) -> None:
                self._do(desk)
                change_another_group(desk, self.name, self.discount, None)

            roads += [
                Road("un autre groupe changé en plus", DISCOUNT, one_more),
                Road("la remise sur chaque catégorie", DISCOUNT, self._by_category),
            ]
        if self.customer:

            def renamed(desk: Desk) -> None:
                self._do(desk)
                rename_customer(desk, self.customer, f"nouvelle.{self.customer}")

            roads.append(Road("l’adresse électronique du client changée ensuite", MEMBER, renamed))
        return roads

    def _by_category(self, desk: Desk) -> None:
        write_group(desk, self.name, None, self.prices)
        discount_each_category(desk, self.name, self.discount or Decimal(0))

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Without tax, with a customer; and only a discount, with tax."""
        return (
            cls(
                name="Hôtels et chambres d’hôtes",
                discount=Decimal(12),
                prices="HT",
                customer="ines.moreau@courriel.test",
            ),
            cls(name="Amis de la maison", discount=Decimal("7.5")),
        )

    def _do(
        self, desk: Desk, default: bool = True, neighbour: bool = False, only: bool = False, active: bool = True
    ) -> None:
        write_group(desk, self.name, self.discount, self.prices)
        if self.customer:
            place_customer(desk, self.customer, self.name, default, neighbour, only, active)

    def _another_group_changed(self, desk: Desk) -> None:
        write_group(desk, self.name, None, "TTC" if self.prices == "HT" else "HT")
        change_another_group(desk, self.name, self.discount, self.prices)


def _saves(group: Group) -> str:
    return (
        f"La remise du groupe est de {percent(group.discount)}"
        if group.discount
        else "Le groupe n’a pas de remise générale"
    )


def _member(customer: Customer | None, group: Group, seen: str) -> str:
    if customer is None:
        return "Ce client n’existe pas."
    off = "" if customer.active else " La fiche de ce client est désactivée."
    if customer.default == group.id:
        return f"Le groupe par défaut de ce client est « {group.name} ».{off}"
    if customer.perhaps_of(group):
        return f"Plusieurs groupes s’appellent « {group.name} », et la fiche de ce client ne montre pas le sien{seen}.{off}"
    if group.id in customer.groups:
        return f"Ce client est dans le groupe « {group.name} », mais son groupe par défaut est un autre.{off}"
    return f"Ce client n’est pas dans le groupe « {group.name} ».{off}"


def _membership(customer: Customer | None, group: Group) -> Verdict:
    if customer is not None and customer.perhaps_of(group):
        return Verdict.TO_JUDGE
    return _if(customer is not None and customer.default == group.id)


def _if(met: bool) -> Verdict:
    return Verdict.MET if met else Verdict.NOT_MET
