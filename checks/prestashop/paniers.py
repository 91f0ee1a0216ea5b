"""Promotions on the cart: a rule that applies by itself, or by a code."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from decimal import ROUND_UP, Decimal
from functools import partial
from typing import Literal, Self

from pydantic import Field, model_validator

from checks.prestashop.reading.answers import Forbidden, Script, looked_up, screen
from checks.prestashop.reading.base_price import exact
from checks.prestashop.reading.cart_rules import Rule, Unit, cart_rules, reduction_in_words
from checks.prestashop.reading.checkout import cart_of, enter_code, put_in_cart, sells
from checks.prestashop.reading.money import Exact, Taxes, amount, cents, euros
from checks.prestashop.reading.periods import IDLE, LASTS, OVER, days, described, judge, sentence, unasked_end
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.seeded import by_the_company, was_there
from checks.prestashop.reading.shop import catalogue, shown_for_quantity
from checks.prestashop.screens.office import office, saving, type_over
from provisioner.french.text import fold
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict, now_of
from provisioner.subject.functionalities import fact

RULE = fact("prestashop.commandes-et-promotions.promotions", "règle panier")
CODE = fact("prestashop.commandes-et-promotions.promotions", "code promo")
PERIOD = fact("prestashop.commandes-et-promotions.promotions", "période")

#: For how long the screen has a rule run, where nobody says otherwise: a month.
_PROPOSED = timedelta(days=28)


class CartRule(Check, id="prestashop.commandes-et-promotions.cart_rule"):
    """Une règle panier accorde une remise sur la commande, avec ou sans code, pendant une période."""

    proves = (RULE, CODE, PERIOD)
    acts = True

    reduction: Exact = Field(Decimal(0), ge=0, description="La remise, en pour cent ou en euros.")
    unit: Unit = Field("%", description="« % », « TTC » ou « HT » pour un montant en euros, ou « port offert ».")
    code: str = Field(
        "", pattern=r"^\w*$", description="Le code promo à saisir ; vide : la remise s’applique d’office."
    )
    minimum: Exact | None = Field(None, gt=0, description="Le montant d’achat à partir duquel elle s’applique.")
    minimum_taxes: Taxes = Field("TTC", description="Si ce montant s’entend « HT » ou « TTC ».")
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

    def facts(self) -> tuple[str, ...]:
        """The rule always; the code and the period where they are asked."""
        return (RULE, *((CODE,) if self.code else ()), *((PERIOD,) if self.lasts else ()))

    def verify(self, site: Site) -> list[Finding]:
        """The rule nearest to what is asked, and what a visitor's cart then costs less."""
        now = site.taken_at.replace(tzinfo=None)
        least = f", dès {euros(self.minimum)} {self.minimum_taxes} d’achat" if self.minimum else ""
        expected = {
            RULE: f"Une règle panier accorde {reduction_in_words(self.reduction, self.unit)}{least}, à tous les clients.",
            CODE: f"Elle s’obtient par le code {self.code}.",
            PERIOD: f"Elle est accordée {sentence(self.lasts)}." if self.lasts else "",
        }
        rules = [one for one in cart_rules(site) if self.lasts or not one.period.over_before(now.date())]
        if not rules:
            site.visit("/")
            why, free = "Il n’y a aucune règle panier en cours ou à venir", self._delivered_free(site)
            shot = site.shot("la boutique")
            return [
                Finding(RULE, Verdict.TO_JUDGE, expected[RULE], f"{why}{free}.", (shot,))
                if one == RULE and free
                else Finding(one, Verdict.NOT_MET, expected[one], f"{why}.", (shot,))
                for one in self.facts()
            ]
        rule = max(rules, key=lambda one: self._nearness(one, now))
        verdicts, seen = self._judged(rule, now), ""
        if not rule.period.holds(now):
            verdicts[RULE], seen = worst([verdicts[RULE], Verdict.TO_JUDGE]), f", {IDLE}"
        elif verdicts[RULE] is Verdict.MET and rule.period.over_since(now, site.present.replace(tzinfo=None)):
            verdicts[RULE], seen = Verdict.TO_JUDGE, f", {OVER}"
        elif verdicts[RULE] is Verdict.MET:
            seen, right = self._in_the_cart(site, rule)
            if not right:
                verdicts[RULE] = Verdict.TO_JUDGE
        own = by_the_company("cart_rules", rule.number) if verdicts[RULE] is not Verdict.MET else ""
        if verdicts[RULE] is Verdict.MET and was_there("cart_rules", rule.number):
            verdicts[RULE], seen = Verdict.TO_JUDGE, f"{seen} ; c’est une règle de l’entreprise, réécrite"
        if verdicts[RULE] is Verdict.NOT_MET and (free := self._delivered_free(site)):
            # The same by another screen: a person says whether that is what was asked.
            verdicts[RULE], seen = Verdict.TO_JUDGE, f"{seen}{free}"
        site.visit("/index.php?controller=cart&action=show")
        shot = site.shot("le panier d’un visiteur")
        observed = {
            RULE: f"La {rule}{own}{self._early_end(rule, now)}{seen}.",
            CODE: f"Le code est {rule.code}{own}." if rule.code else f"La règle n’a pas de code{own}.",
            PERIOD: f"Elle court {described(rule.period, verdicts[PERIOD], self.lasts)}{own}.",
        }
        return [Finding(one, verdicts[one], expected[one], observed[one], (shot,)) for one in self.facts()]

    def _nearness(self, rule: Rule, now: datetime) -> tuple[int, int, bool, bool]:
        judged = self._judged(rule, now)
        verdicts = [judged[one] for one in self.facts()]
        made = not was_there("cart_rules", rule.number)
        return verdicts.count(Verdict.MET), -verdicts.count(Verdict.NOT_MET), made, rule.period.holds(now)

    def _judged(self, rule: Rule, now: datetime) -> dict[str, Verdict]:
        right = (
            rule.active
            and not rule.restricted
            and rule.unit == self.unit
            and rule.reduction == self.reduction
            and rule.minimum == (self.minimum or 0)
            and (self.minimum is None or rule.minimum_taxes == self.minimum_taxes)
            and (bool(self.code) or not rule.code)
        )
        unsure = rule.limits or self._early_end(rule, now)
        return {
            RULE: Verdict.NOT_MET if not right else Verdict.TO_JUDGE if unsure else Verdict.MET,
            CODE: Verdict.MET if self._opens(rule.code) else Verdict.NOT_MET,
            PERIOD: judge(rule.period, now.date(), self.lasts) if self.lasts else Verdict.MET,
        }

    def _opens(self, code: str) -> bool:
        """Whether the shop takes this code for the wanted one: capitals, accents and spaces at the end don't count."""
        return not code[:1].isspace() and fold(code) == fold(self.code)

    def _delivered_free(self, site: Site) -> str:
        """What is said of the shop's own setting, where it takes nothing for delivery from the amount that is asked."""
        if self.unit != "port offert" or self.code or not self.minimum:
            return ""
        kept = looked_up(site, site.signed_in(), screen(site, "AdminParentShipping", "AdminShipping"), _FREE_FROM)
        least = f" ; mais les préférences de livraison offrent le port dès {euros(self.minimum)} TTC d’achat"
        return least if amount(kept or "") == self.minimum else ""

    def _early_end(self, rule: Rule, now: datetime) -> str:
        """What is said of an end that nobody asked for, and that comes before the one which the screen proposes."""
        end = rule.period.end
        early = end is not None and end.date() < now.date() + _PROPOSED
        return unasked_end(rule.period, self.lasts) if early else ""

    def _in_the_cart(self, site: Site, rule: Rule) -> tuple[str, bool]:
        """What a visitor's cart that is big enough shows, and whether it is what the rule says, to the cent."""
        if not sells(site, site.page):
            return " ; mais la boutique ne vend rien aux visiteurs (mode catalogue, ou prix cachés)", False
        rate = _filled(site, rule.minimum)
        if isinstance(rate, str):
            return f" ; mais {rate}", False
        refused = enter_code(site, site.page, rule.code) if rule.code else ""
        cart = cart_of(site, site.page)
        if refused:
            return f" ; la boutique refuse le code : « {refused} »", False
        if rule.unit == "port offert":
            return f" ; un visiteur paie {euros(cart.shipping)} de port", bool(cart.discounts) or cart.shipping == 0
        due = cart.products * rule.reduction / 100 if rule.unit == "%" else rule.reduction
        if rule.unit == "HT":
            due *= 1 + rate / 100
        due = min(cents(due), cart.products)
        seen = f" ; sur un panier de {euros(cart.products)}, un visiteur obtient {euros(cart.reduction)}"
        return seen + ("" if cart.reduction == due else f" au lieu de {euros(due)}"), cart.reduction == due

    def ways(self) -> Sequence[Act]:
        """One screen, with three tabs, where many leave the one order that it proposes; a period has several honest bounds."""
        ways = [
            Act("la page des règles panier", lambda desk: self._make(desk)),
            Act("nombre de commandes laissé tel quel", lambda desk: self._make(desk, times="")),
        ]
        if self.lasts:
            ways.append(
                Act("jusqu’à la fin du dernier jour", lambda desk: self._make(desk, end_at=time(23, 59, 59), longer=-1))
            )
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another reduction, another minimum, another code, other days."""
        misses = [
            NearMiss("désactivée", RULE, partial(self._make, active=False)),
            *self._other_reductions(),
        ]
        if self.minimum:
            misses.append(NearMiss("sans montant minimal", RULE, self._changed(minimum=None)))
            if self.minimum_taxes == "TTC":  # the screen proposes the other
                misses.append(NearMiss("montant minimal laissé HT", RULE, self._changed(minimum_taxes="HT")))
        if self.code:
            misses += [
                NearMiss("un autre code", CODE, self._changed(code=self.code + "1")),
                NearMiss("sans code", CODE, self._changed(code="")),
            ]
        if self.lasts:
            misses += [
                NearMiss("fini avant le dernier jour", PERIOD, partial(self._make, longer=-2)),
                NearMiss(
                    "un jour de moins, jusqu’à son soir",
                    PERIOD,
                    partial(self._make, longer=-2, end_at=time(23, 59, 59)),
                ),
                NearMiss("un jour de plus", PERIOD, partial(self._make, longer=1)),
            ]
        return misses

    def _other_reductions(self) -> list[NearMiss]:
        if self.unit == "port offert":
            return [NearMiss("remise au lieu du port", RULE, self._changed(unit="TTC", reduction=5))]
        misses = [NearMiss("remise de moitié", RULE, self._changed(reduction=self.reduction / 2))]
        if self.unit == "%":
            misses.append(NearMiss("montant au lieu d’un pourcentage", RULE, self._changed(unit="TTC")))
            return misses
        other = "HT" if self.unit == "TTC" else "TTC"
        misses.append(NearMiss("HT au lieu de TTC, ou l’inverse", RULE, self._changed(unit=other)))
        if self.reduction <= 100:
            misses.append(NearMiss("pourcentage au lieu d’un montant", RULE, self._changed(unit="%")))
        return misses

    def _changed(self, **changed: object) -> Callable[[Desk], None]:
        """Make the rule with some of its values changed."""
        return lambda desk: self.but(**changed)._make(desk)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A percentage by a code, for a while; an amount off every big cart, for as long as the screen proposes; no shipping."""
        return (
            cls(reduction=Decimal(10), code="FOURNIL10", minimum=Decimal(30), starts="today", lasts="15 days"),
            cls(reduction=Decimal("4.50"), unit="HT", minimum=Decimal(45), minimum_taxes="HT"),
            cls(unit="port offert", code="PORTOFFERT"),
        )

    def _make(
        self, desk: Desk, active: bool = True, longer: int = 0, end_at: time = time(0), times: str = "500"
    ) -> None:
        """Add the rule on its screen."""
        page = office(desk, "AdminParentCartRules")
        page.locator("#page-header-desc-cart_rule-new_cart_rule").click()
        page.locator("#name_1").fill("Remise de la quinzaine")
        page.locator("#code").fill(self.code)
        page.locator("#code").press("Tab")  # the screen moves when a code is left
        if not active:
            page.locator("label[for=active_off]").click()
            page.locator("#active_off:checked").wait_for(state="attached")
        page.locator("#cart_rule_link_conditions").click()
        if self.minimum:
            page.locator("[name=minimum_amount]").fill(f"{self.minimum:f}")
            page.locator("[name=minimum_amount_tax]").select_option("1" if self.minimum_taxes == "TTC" else "0")
        if times:
            page.locator("[name=quantity]").fill(times)
        if self.lasts:
            first = now_of(page).date()
            last = first + timedelta(days=days(self.lasts) + longer)
            for field, moment in (
                ("date_from", datetime.combine(first, time(0))),
                ("date_to", datetime.combine(last, end_at)),
            ):
                type_over(page, f"[name={field}]", f"{moment:%Y-%m-%d %H:%M:%S}")  # its calendar reads each key
        page.locator("#cart_rule_link_actions").click()
        if self.unit == "port offert":
            page.locator("label[for=free_shipping_on]").click()
        elif self.unit == "%":
            page.locator("#apply_discount_percent").check()
            page.locator("#reduction_percent").fill(f"{self.reduction:f}")
        else:
            page.locator("#apply_discount_amount").check()
            page.locator("#reduction_amount").fill(f"{self.reduction:f}")
            page.locator("[name=reduction_tax]").select_option("1" if self.unit == "TTC" else "0")
        with saving(page):
            page.locator("#desc-cart_rule-save").click()


def _filled(site: Site, least: Decimal) -> Decimal | str:
    """Put in the visitor's cart enough of the first product that he may buy; its rate of tax, or why there is none."""
    for product in sorted(row.id for row in catalogue(site) if row.active):
        site.visit(f"/index.php?controller=product&id_product={product}")
        try:
            shown = shown_for_quantity(site, product)
        except Forbidden:
            continue
        if not shown.price:
            continue
        rate = exact(shown.data["rate"])
        enough = (least + 1) * (1 + rate / 100) / shown.price
        put_in_cart(site, site.page, product, int(enough.to_integral_value(ROUND_UP)))
        if cart_of(site, site.page).products:
            return rate
    return "un visiteur ne peut acheter aucun produit"


_FREE_FROM = Script[str](
    """page => (page.querySelector('[name$="[free_shipping_price]"]') || {getAttribute: () => ''}).getAttribute('value')"""
)
