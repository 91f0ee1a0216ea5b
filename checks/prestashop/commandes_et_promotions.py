"""Orders and promotions: a price rule of the catalogue."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.prestashop.cart_rules import cart_rules
from checks.prestashop.catalogue_rules import Rule, Unit, catalogue_rules, category_in
from checks.prestashop.money import Exact, cents, euros, percent
from checks.prestashop.pages import looked_up, office, saving
from checks.prestashop.periods import IDLE, LASTS, OVER, Period, days, judge, sentence, told
from checks.prestashop.product_verdicts import worst
from checks.prestashop.shop import catalogue, refreshed, regular_price
from checks.prestashop.special_prices import specials_of_each
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, now_of
from provisioner.config import fact
from provisioner.text import same

RULE = fact("prestashop.commandes-et-promotions.promotions", "règle catalogue")
PERIOD = fact("prestashop.commandes-et-promotions.promotions", "période")
MINIMUM = fact("prestashop.commandes-et-promotions.promotions", "quantité minimale")


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
        expected = {
            RULE: f"Une remise de {self._reduction()} sur la catégorie « {self.category} », pour tous les clients.",
            PERIOD: f"La remise est accordée {sentence(self.lasts)}." if self.lasts else "",
            MINIMUM: f"La remise est accordée à partir de {self.minimum} produits.",
        }
        rule = max(rules, key=lambda one: self._nearness(one, now), default=None)
        verdicts = self._judged(rule, now) if rule else dict.fromkeys(self.facts(), Verdict.NOT_MET)
        why = "Il n’y a aucune règle de prix catalogue en cours ou à venir"
        observed = dict.fromkeys(self.facts(), why)
        if rule:
            verdicts[RULE], seen, already = self._seen(site, rule, now, verdicts[RULE])
            if already:
                verdicts[MINIMUM] = worst([verdicts[MINIMUM], Verdict.TO_JUDGE])
            observed = {
                RULE: f"La {rule}{seen}",
                PERIOD: f"La remise court {told(rule.period, verdicts[PERIOD])}",
                MINIMUM: f"La remise est accordée à partir de {rule.minimum}{already}",
            }
        if verdicts[RULE] is Verdict.NOT_MET and (others := self._otherwise(site, now)):
            # The same reduction by another screen: a person says whether that is what was asked.
            verdicts = dict.fromkeys(verdicts, Verdict.TO_JUDGE)
            observed = {one: f"{said} ; mais il y a : {' ; '.join(others)}" for one, said in observed.items()}
        shot = site.shot("la boutique, vue par un visiteur")
        return [Finding(one, verdicts[one], expected[one], f"{observed[one]}.", (shot,)) for one in self.facts()]

    def _seen(self, site: Site, rule: Rule, now: datetime, verdict: Verdict) -> tuple[Verdict, str, str]:
        """The verdict on the rule once its price is looked at, where it should be right, and what a visitor sees.

        Last, what he sees of fewer pieces, where they have that price too.
        """
        if not rule.period.holds(now):
            return worst([verdict, Verdict.TO_JUDGE]), f", {IDLE}", ""
        narrowed = bool(rule.only_in) and self._judged(replace(rule, only_in=()), now)[RULE] is not Verdict.NOT_MET
        if verdict is Verdict.NOT_MET and not narrowed:
            return verdict, "", ""
        other = Verdict.NOT_MET if narrowed else Verdict.TO_JUDGE
        if not rule.period.holds(site.present.replace(tzinfo=None)):
            return Verdict.TO_JUDGE, f", {OVER}", ""
        prices = self._price(site, rule)
        if prices is None:
            return verdict, "", ""
        shown, due, fewer = prices
        seen = f" ; un visiteur qui en prend {rule.minimum} voit {euros(shown)} l’unité"
        if shown != due:
            return other, f"{seen} au lieu de {euros(due)}", ""
        already = f" ; mais un visiteur qui en prend {rule.minimum - 1} voit déjà {euros(shown)} l’unité"
        # Bound to the country or the currency of every visitor, it may be for everybody all the same.
        return (Verdict.TO_JUDGE if narrowed else verdict), seen, already if fewer == shown else ""

    def _otherwise(self, site: Site, now: datetime) -> list[str]:
        """The promotions of the day that give the reduction by another screen: on a product, or on the cart."""
        rows = [row for row in catalogue(site) if same(self.category, row.category)]
        specials = [
            f"« {row.name} » : {special}"
            for row, special in specials_of_each(site, rows)
            if special.reduction == self.reduction and special.unit == self.unit and _of_the_day(special.period, now)
        ]
        in_cart = [
            str(rule)
            for rule in cart_rules(site)
            if rule.reduction == self.reduction and rule.unit == self.unit and _of_the_day(rule.period, now)
        ]
        return specials + in_cart

    def _nearness(self, rule: Rule, now: datetime) -> tuple[int, int, int, bool]:
        verdicts = list(self._judged(rule, now).values())
        names = [category_in(one) for group in rule.conditions for one in group]
        alike = (rule.reduction == self.reduction) + any(same(self.category, one) for one in names)
        return verdicts.count(Verdict.MET), -verdicts.count(Verdict.NOT_MET), alike, rule.period.holds(now)

    def _judged(self, rule: Rule, now: datetime) -> dict[str, Verdict]:
        wanted = [group[0] for group in rule.conditions if same(self.category, category_in(group[0]))]
        right = (
            rule.reduction == self.reduction
            and rule.unit == self.unit
            and rule.price_kept
            # Where no quantity is asked, it is for the first piece: no fact of its own would tell.
            and (self.minimum > 1 or rule.minimum <= 1)
            and rule.everybody
            and not rule.only_in
            and bool(wanted)
            and all(len(group) == 1 and group[0] in (*wanted, *rule.below) for group in rule.conditions)
        )
        return {
            # With the categories below it, it may reach the same products or more: for a person to say.
            RULE: Verdict.NOT_MET if not right else Verdict.TO_JUDGE if rule.below else Verdict.MET,
            PERIOD: judge(rule.period, now.date(), self.lasts) if self.lasts else Verdict.MET,
            MINIMUM: Verdict.MET if rule.minimum == self.minimum else Verdict.NOT_MET,
        }

    def _price(self, site: Site, rule: Rule) -> tuple[Decimal, Decimal, Decimal | None] | None:
        """What a visitor sees for that quantity of the category's first product, what it should be, and what for one fewer.

        None in an empty category.
        """
        number = re.match(r"\((\d+)\)", rule.conditions[0][0])
        assert number, rule.conditions
        category = f"{site.address}/index.php?controller=category&id_category={number[1]}"
        product = looked_up(site, site.page, category, _FIRST)
        if not product:
            return None
        site.visit(f"/index.php?controller=product&id_product={product}")
        shown = refreshed(site, product, rule.minimum)
        regular = regular_price(shown.data)
        if rule.unit == "%":
            due = regular * (1 - rule.reduction / 100)
        else:
            rate = Decimal(str(shown.data["rate"]))
            due = regular - rule.reduction * (1 + rate / 100 if rule.unit == "HT" else 1)
        fewer = refreshed(site, product, rule.minimum - 1).price if rule.minimum > 1 else None
        return shown.price, cents(due), fewer

    def ways(self) -> Sequence[Act]:
        """There is one screen for it; a period has several honest bounds."""
        ways = [Act("la page des règles de prix catalogue", lambda desk: self._make(desk))]
        if self.lasts:
            ways += [
                Act("jusqu’à la fin du dernier jour", lambda desk: self._make(desk, end_at=time(23, 59, 59), longer=-1)),
                Act("de l’heure présente à la même heure", lambda desk: self._make(desk, from_now=True)),
            ]  # fmt: skip
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another reduction, another category, another quantity, other days."""

        def made(**changed: object) -> Callable[[Desk], None]:
            return lambda desk: self.but(**changed)._make(desk)

        other: Unit = "TTC" if self.unit == "%" else "%"
        misses = [
            NearMiss(f"remise en {other} au lieu de {self.unit}", RULE, made(unit=other)),
            NearMiss("remise de moitié", RULE, made(reduction=self.reduction / 2)),
            NearMiss("une autre catégorie", RULE, lambda desk: self._make(desk, other_category=True)),
            NearMiss("sans condition de catégorie", RULE, lambda desk: self._make(desk, conditions=False)),
            NearMiss("réservée à un groupe", RULE, lambda desk: self._make(desk, everybody=False)),
            NearMiss("réservée à un autre pays", RULE, lambda desk: self._make(desk, abroad=True)),
            NearMiss("saisie sans enregistrer", RULE, lambda desk: self._make(desk, save=False)),
        ]
        if self.unit != "%":
            misses.append(
                NearMiss("HT au lieu de TTC, ou l’inverse", RULE, made(unit="HT" if self.unit == "TTC" else "TTC"))
            )
        if self.lasts:
            misses += [
                NearMiss("fini avant le dernier jour", PERIOD, lambda desk: self._make(desk, longer=-2)),
                NearMiss("un jour de plus", PERIOD, lambda desk: self._make(desk, longer=1)),
                NearMiss("à partir de demain", PERIOD, lambda desk: self._make(desk, later=1)),
                NearMiss("sans dates", PERIOD, lambda desk: self._make(desk, dated=False)),
            ]
        if self.minimum > 1:
            misses += [
                NearMiss("un produit de moins", MINIMUM, made(minimum=self.minimum - 1))
                if self.minimum > 2
                else NearMiss("un produit de plus", MINIMUM, made(minimum=self.minimum + 1)),
                NearMiss("dès le premier produit", MINIMUM, made(minimum=1)),
            ]
        else:
            misses.append(NearMiss("à partir de cinq produits", RULE, made(minimum=5)))
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A percentage for a while, and an amount for ever."""
        return (
            cls(reduction=Decimal(10), category="Sablés", minimum=2, starts="today", lasts="15 days"),
            cls(reduction=Decimal("0.50"), unit="TTC", category="Crackers salés"),
        )

    def _reduction(self) -> str:
        return percent(self.reduction) if self.unit == "%" else f"{euros(self.reduction)} {self.unit}"

    def _make(
        self, desk: Desk, *, from_now: bool = False, end_at: time = time(0), longer: int = 0, later: int = 0,
        dated: bool = True, everybody: bool = True, abroad: bool = False, conditions: bool = True,
        other_category: bool = False, save: bool = True,
    ) -> None:  # fmt: skip
        """Add the rule on its screen."""
        page = office(desk, "AdminParentCartRules", "AdminSpecificPriceRule")
        page.locator("#page-header-desc-specific_price_rule-new_specific_price_rule").click()
        page.locator("#name").fill(f"Promotion {self.category}")
        page.locator("#from_quantity").fill(str(self.minimum))
        if not everybody:
            page.locator("#id_group").select_option(index=page.locator("#id_group option").count() - 1)
        if abroad:
            page.locator("#id_country").select_option(index=1)
        if self.lasts and dated:
            now = now_of(page).replace(second=0)  # the shop reads its clock no closer
            first, last = now + timedelta(days=later), now + timedelta(days=later + days(self.lasts) + longer)
            if not from_now:
                first, last = datetime.combine(first, time(0)), datetime.combine(last, end_at)
            for field, moment in (("from", first), ("to", last)):
                page.locator(f"#{field}").fill(f"{moment:%Y-%m-%d %H:%M:%S}")
                page.keyboard.press("Escape")
        page.locator("#reduction_type").select_option("percentage" if self.unit == "%" else "amount")
        if self.unit != "%":
            page.locator("#reduction_tax").select_option("1" if self.unit == "TTC" else "0")
        page.locator("#reduction").fill(f"{self.reduction:f}")  # this screen refuses a comma
        if conditions:
            page.locator("#add_condition_group").click()
            options = page.locator("#id_category option").all_inner_texts()
            wanted = next(o for o in options[1:] if same(self.category, category_in(o)) != other_category)
            page.locator("#id_category").select_option(label=wanted)
            page.locator("#add_condition_category").click()
        if save:
            with saving(page):
                page.locator("#specific_price_rule_form_submit_btn").click()


def _of_the_day(period: Period, now: datetime) -> bool:
    """Whether it may be the candidate's: what the company had before has an older start, or none and no such reduction."""
    return period.start is None or period.start.date() == now.date()


_FIRST = """page => Number((page.querySelector('.product-miniature') || {dataset: {idProduct: 0}}).dataset.idProduct)"""
