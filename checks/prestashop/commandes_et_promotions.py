"""Orders and promotions: a price rule of the catalogue."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.prestashop.reading.answers import Forbidden, looked_up
from checks.prestashop.reading.base_price import exact
from checks.prestashop.reading.cart_rules import cart_rules, without_code
from checks.prestashop.reading.cart_scope import LISTED_PRODUCTS
from checks.prestashop.reading.catalogue_rules import Rule, Unit, added_rules, catalogue_rules, category_in
from checks.prestashop.reading.category_tree import category_tree, nodes_called
from checks.prestashop.reading.customer_groups import visitors_taxes
from checks.prestashop.reading.money import Exact, displayed, euros, percent
from checks.prestashop.reading.periods import IDLE, LASTS, OVER, described, judge, sentence, unasked_end
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.promotion_effects import (
    buyer,
    due_price,
    effect,
    effect_on_all,
    instead,
    regular_if_net,
    repriced,
    sees,
)
from checks.prestashop.reading.reductions import by_the_other_count, counted_otherwise, differs, first_pieces, takes_off
from checks.prestashop.reading.seeded import by_the_company, called, name_of, was_there
from checks.prestashop.reading.shop import catalogue, shown_for_quantity
from checks.prestashop.reading.special_prices import specials_of_each
from checks.prestashop.screens import catalogue_rule_acts
from checks.prestashop.screens.catalogue_rule_acts import MINIMUM, PERIOD, RULE
from checks.prestashop.screens.catalogue_rules import add
from provisioner.french.text import fold, numbered, same
from provisioner.subject.check import Act, Check, Finding, NearMiss, Refers, Road, Site, Verdict


class CatalogueRule(Check, id="prestashop.commandes-et-promotions.catalogue_rule"):
    """Une règle de prix catalogue accorde une remise sur une catégorie, pendant une période, dès une quantité."""

    proves = (RULE, PERIOD, MINIMUM)

    reduction: Exact = Field(gt=0, description="La remise, en pour cent ou en euros.")
    unit: Unit = Field("%", description="« % », ou « TTC » ou « HT » pour un montant en euros.")
    category: Annotated[str, Refers("categories.name")] = Field(
        min_length=1, description="La seule catégorie qui en bénéficie."
    )
    minimum: int = Field(1, ge=1, description="La quantité à partir de laquelle elle s’applique.")
    starts: Literal["", "today"] = Field("", description="« today » : elle commence le jour de l’épreuve.")
    lasts: str = Field("", pattern=f"{LASTS}|^$", description="Sa durée : « 15 days », « 4 weeks » ; avec `starts`.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if bool(self.starts) != bool(self.lasts):
            raise ValueError("starts et lasts vont ensemble")
        return self

    def facts(self) -> tuple[str, ...]:
        """The rule always; the period and the quantity where they are asked."""
        return (RULE, *((PERIOD,) if self.lasts else ()), *((MINIMUM,) if self.minimum > 1 else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The rule nearest to what is asked, and the price that a visitor then finds for that quantity."""
        now = site.taken_at.replace(tzinfo=None)
        rules = [one for one in catalogue_rules(site) if self.lasts or not one.period.over_before(now.date())]
        site.visit("/")
        first = "" if self.minimum > 1 else ", dès le premier produit"
        expected = {
            RULE: f"Une remise de {self._reduction()} sur la catégorie « {self.category} », pour tous les clients{first}.",
            PERIOD: f"La remise est accordée {sentence(self.lasts)}." if self.lasts else "",
            MINIMUM: f"La remise est accordée à partir de {numbered(self.minimum, 'produit')}.",
        }
        rates = self._rates(site, rules)
        rule = max(rules, key=lambda one: self._nearness(one, now, rates), default=None)
        verdicts = self._judged(rule, now, rates) if rule else dict.fromkeys(self.facts(), Verdict.NOT_MET)
        why = "Il n’y a aucune règle de prix catalogue en cours ou à venir"
        observed = dict.fromkeys(self.facts(), why)
        if rule:
            verdicts[RULE], seen, already = self._seen(site, rule, now, verdicts[RULE], rates)
            seen = by_the_other_count(rule, self.reduction, self.unit, rates) + seen
            if already:
                verdicts[MINIMUM] = worst([verdicts[MINIMUM], Verdict.TO_JUDGE])
            own = (
                by_the_company(self.company, "catalogue_rules", rule.number)
                if verdicts[RULE] is not Verdict.MET
                else ""
            )
            if verdicts[RULE] is Verdict.MET and was_there(self.company, "catalogue_rules", rule.number):
                verdicts[RULE], seen = Verdict.TO_JUDGE, f"{seen} ; c’est une règle de l’entreprise, réécrite"
            if verdicts[RULE] is not Verdict.NOT_MET and (beside := self._beside(rule, rules, now)):
                verdicts[RULE], seen = Verdict.TO_JUDGE, f"{seen} ; mais il y a aussi {' ; '.join(beside)}"
            observed = {
                RULE: f"La {rule}{own}{unasked_end(rule.period, self.lasts)}{seen}",
                PERIOD: f"La remise court {described(rule.period, verdicts[PERIOD], self.lasts)}{own}",
                MINIMUM: f"La remise est accordée {first_pieces(rule.minimum)}{own}{already}",
            }
        if verdicts[RULE] is Verdict.NOT_MET and (others := self._otherwise(site, now) or self._by_effect(site)):
            # The same reduction by another road: a person says whether that is what was asked.
            verdicts = dict.fromkeys(verdicts, Verdict.TO_JUDGE)
            observed = {one: f"{said} ; mais {others}" for one, said in observed.items()}
        shot = site.shot("la boutique, vue par un visiteur")
        return [Finding(one, verdicts[one], expected[one], f"{observed[one]}.", (shot,)) for one in self.facts()]

    def _seen(
        self, site: Site, rule: Rule, now: datetime, verdict: Verdict, rates: Collection[Decimal]
    ) -> tuple[Verdict, str, str]:
        """The verdict on the rule once its price is looked at, where it should be right, and what a visitor sees.

        Last, what he sees of fewer pieces, where they have that price too.
        """
        if not rule.period.holds(now):
            return worst([verdict, Verdict.TO_JUDGE]), f" ; {IDLE}", ""
        anywhere = self._judged(replace(rule, only_in=()), now, rates)[RULE]
        narrowed = bool(rule.only_in) and anywhere is not Verdict.NOT_MET
        if verdict is Verdict.NOT_MET and not narrowed:
            return verdict, "", ""
        # A visitor has no account: what he sees tells nothing of a rule for whoever has one.
        other = Verdict.NOT_MET if narrowed and not rule.customers else Verdict.TO_JUDGE
        if not rule.period.holds(site.present.replace(tzinfo=None)):
            return Verdict.TO_JUDGE, f" ; {OVER}", ""
        try:
            prices = self._price(site, rule)
        except Forbidden:
            return Verdict.TO_JUDGE, " ; mais les visiteurs n’ont pas accès à cette catégorie", ""
        if prices is None:
            return verdict, "", ""
        shown, due, fewer = prices
        seen = f" ; {sees(buyer(rule.minimum), shown)}"
        if shown != due:
            return other, f"{seen}{instead(shown, due)}", ""
        fewest = "un visiteur qui n’en prend qu’un" if rule.minimum == 2 else buyer(rule.minimum - 1)
        already = f" ; mais {fewest} voit déjà {euros(shown)} l’unité"
        if moved := self._repriced(site, rule):
            return Verdict.TO_JUDGE, f"{seen} ; mais {moved}", already if fewer == shown else ""
        # Bound to the country or the currency of every visitor, it may be for everybody all the same.
        return (Verdict.TO_JUDGE if narrowed else verdict), seen, already if fewer == shown else ""

    def _beside(self, rule: Rule, rules: Iterable[Rule], now: datetime) -> list[str]:
        """What else the candidate left that reaches the category: another reduction, or the same on more or at another time."""
        return [
            f"la {one}, {one.period}"
            for one in added_rules(self.company, rules, now)
            if one is not rule and one.reaches(names := [category_in(each) for each in self._on_it(one)])
            if differs(one, rule, now) or not one.price_kept or not one.only_on(names)
        ]

    def _by_effect(self, site: Site) -> str:
        """What is said where visitors find the reduction on all that the category shows them, and on nothing else."""
        nodes = nodes_called(self.company, category_tree(site), self.category)
        within = [one for node in nodes for one in _products(site, f"({node.id})")]
        if not within or effect(site, within[0], self.reduction, self.unit, self.minimum) is None:
            return ""
        others = [row.id for row in catalogue(site) if row.active and row.id not in within]
        return effect_on_all(site, within, others, self.reduction, self.unit, self.minimum)

    def _repriced(self, site: Site, rule: Rule) -> str:
        """What is said of the first product of the category whose base price isn't the company's any more."""
        said = ((one, repriced(site, one)) for one in _products(site, rule.conditions[0][0]))
        return next((f"pour « {name_of(self.company, one)} », {moved}" for one, moved in said if moved), "")

    def _otherwise(self, site: Site, now: datetime) -> str:
        """What is said of the promotions of the day that give the reduction by another screen: on a product, or on the cart."""
        products = catalogue(site)
        names = called(self.company, self.category, {row.category for row in products}, "categories")
        rows = [row for row in products if row.category in names]
        specials = [
            f"sur « {row.name} » une {special}"
            for row, special in specials_of_each(site, rows)
            if special.reduction == self.reduction
            and special.unit == self.unit
            and special.period.of_the_day(now.date())
        ]
        others = {fold(name) for row in products if row not in rows for name in (row.name, row.category)}
        in_cart = without_code(cart_rules(site), self.reduction, self.unit, now.date(), others)
        found = specials + [f"dans le panier la {one}" for one in in_cart]
        return f"il y a {' ; '.join(found)}" if found else ""

    def _nearness(self, rule: Rule, now: datetime, rates: Collection[Decimal]) -> tuple[int, int, bool, int, bool]:
        judged = self._judged(rule, now, rates)
        verdicts = [judged[one] for one in self.facts()]
        alike = (rule.reduction == self.reduction) + bool(self._on_it(rule))
        made = not was_there(self.company, "catalogue_rules", rule.number)
        return verdicts.count(Verdict.MET), -verdicts.count(Verdict.NOT_MET), made, alike, rule.period.holds(now)

    def _judged(self, rule: Rule, now: datetime, rates: Collection[Decimal] = ()) -> dict[str, Verdict]:
        wanted, reduces = self._on_it(rule), takes_off(rule, self.reduction, self.unit, rates)
        right = (
            reduces is not Verdict.NOT_MET
            and rule.price_kept
            # Where no quantity is asked, it is for the first piece: no fact of its own would tell.
            and (self.minimum > 1 or rule.minimum <= 1)
            and (rule.everybody or rule.customers)
            and not rule.only_in
            and bool(wanted)
            and all(len(group) == 1 and group[0] in (*wanted, *rule.below) for group in rule.conditions)
        )
        slip = not any(same(self.category, category_in(one)) for one in wanted)
        unsure = (
            reduces is Verdict.TO_JUDGE or rule.customers or rule.below or slip or unasked_end(rule.period, self.lasts)
        )
        return {
            # Who has an account may be whom everybody meant; with the categories below it, it may reach the same
            # products or more: for a person to say.
            RULE: Verdict.NOT_MET if not right else Verdict.TO_JUDGE if unsure else Verdict.MET,
            PERIOD: judge(rule.period, now.date(), self.lasts) if self.lasts else Verdict.MET,
            MINIMUM: Verdict.MET if rule.minimum == self.minimum else Verdict.NOT_MET,
        }

    def _on_it(self, rule: Rule) -> list[str]:
        """The conditions of the rule that are the category, or one that the candidate called nearly so."""
        each = [one for group in rule.conditions for one in group]
        names = called(self.company, self.category, map(category_in, each), "categories")
        return [one for one in each if category_in(one) in names]

    def _rates(self, site: Site, rules: Iterable[Rule]) -> set[Decimal]:
        """The rates of tax of the category's products, where a rule on it has an amount by the other count than is asked."""
        on_it = [each for one in rules if counted_otherwise(one, self.unit) for each in self._on_it(one)]
        try:
            products = _products(site, on_it[0]) if on_it else []
            return {exact(shown_for_quantity(site, one).data["rate"]) for one in products}
        except Forbidden:
            return set()

    def _price(self, site: Site, rule: Rule) -> tuple[Decimal, Decimal, Decimal | None] | None:
        """What a visitor sees for that quantity of the category's first product, what it should be, and what for one fewer.

        None in an empty category.
        """
        product = next(iter(_products(site, rule.conditions[0][0])), None)
        if product is None:
            return None
        site.visit(f"/index.php?controller=product&id_product={product}")
        shown = shown_for_quantity(site, product, rule.minimum)
        regular, rate = regular_if_net(self.company, product, shown.data), exact(shown.data["rate"])
        due = due_price(shown.data, rule.reduction, rule.unit, regular)
        fewer = shown_for_quantity(site, product, rule.minimum - 1).price if rule.minimum > 1 else None
        taxes = "TTC" if shown.price == displayed(due, rate) else visitors_taxes(site)
        return shown.price, displayed(due, rate, taxes), fewer

    def ways(self) -> Sequence[Act]:
        """There is one screen for it; a period has several honest bounds."""
        ways = [Act("la page des règles de prix catalogue", lambda desk: add(desk, self))]
        if self.lasts:
            ways += [
                Act("jusqu’à la fin du dernier jour", lambda desk: add(desk, self, end_at=time(23, 59, 59), longer=-1)),
                Act("de l’heure présente à la même heure", lambda desk: add(desk, self, from_now=True)),
            ]
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another reduction, another category, another quantity, other days."""
        return catalogue_rule_acts.near_misses(self)

    def roads(self) -> Sequence[Road]:
        """The same prices by another screen; other base prices beside it; what another question changes."""
        return catalogue_rule_acts.roads(self)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A percentage for a while, and an amount for ever."""
        return (
            cls(reduction=Decimal(10), category="Sablés", minimum=2, starts="today", lasts="15 days"),
            cls(reduction=Decimal("0.50"), unit="TTC", category="Crackers salés"),
        )

    def _reduction(self) -> str:
        return percent(self.reduction) if self.unit == "%" else f"{euros(self.reduction)} {self.unit}"


def _products(site: Site, condition: str) -> list[int]:
    """The numbers of the products that a visitor first finds in the category of a rule's condition."""
    number = re.match(r"\((\d+)\)", condition)
    assert number, condition
    category = f"{site.address}/index.php?controller=category&id_category={number[1]}&resultsPerPage=500"
    found: list[int] = looked_up(site, site.page, category, LISTED_PRODUCTS) or []
    return found
