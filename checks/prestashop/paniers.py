"""Promotions on the cart: a rule that applies by itself, or by a code."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal
from typing import Self

from checks.prestashop.reading.answers import Forbidden, Script, looked_up, screen
from checks.prestashop.reading.base_price import exact
from checks.prestashop.reading.cart_bounds import Bounds, Selection, bound_as_asked
from checks.prestashop.reading.cart_rules import Rule, cart_rules, reduction_in_words
from checks.prestashop.reading.cart_scope import Asked, asked_of
from checks.prestashop.reading.checkout import Cart, cart_of, enter_code, put_in_cart, sells
from checks.prestashop.reading.customer_groups import NOBODY, groups_named, member_of, visitors_taxes
from checks.prestashop.reading.money import Taxes, amount, cents, euros
from checks.prestashop.reading.periods import IDLE, OVER, described, judge, sentence, unasked_end
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.promotion_effects import effect_on_all
from checks.prestashop.reading.seeded import by_the_company, was_there
from checks.prestashop.reading.shop import catalogue, shown_for_quantity
from checks.prestashop.screens import cart_rule_acts
from checks.prestashop.screens.wanted_cart_rule import CODE, PERIOD, RULE, WantedCartRule
from provisioner.french.text import fold, numbered, same
from provisioner.subject.check import Act, Finding, NearMiss, Road, Site, Verdict
from provisioner.subject.page import Page

#: What is asked where a rule is for every cart.
_ALL = Asked()
#: For how long the screen has a rule run, where nobody says otherwise: a month.
_PROPOSED = timedelta(days=28)


class CartRule(WantedCartRule, id="prestashop.commandes-et-promotions.cart_rule"):
    """Une règle panier accorde une remise sur la commande, avec ou sans code, pendant une période."""

    acts = True

    def verify(self, site: Site) -> list[Finding]:
        """The rule nearest to what is asked, and what a visitor's cart then costs less."""
        now = site.taken_at.replace(tzinfo=None)
        granted = reduction_in_words(self.reduction, self.unit)
        gives = "offre les frais de port" if self.unit == "port offert" else f"accorde {granted}"
        expected = {
            RULE: f"Une règle panier {gives}{self._conditions()}.",
            CODE: f"La remise s’obtient par le code « {self.code} ».",
            PERIOD: f"La remise est accordée {sentence(self.lasts)}." if self.lasts else "",
        }
        rules = [one for one in cart_rules(site) if self.lasts or not one.period.over_before(now.date())]
        asked = asked_of(site, self, rules)
        if not rules:
            site.visit("/")
            why, others = "Il n’y a aucune règle panier en cours ou à venir", self._otherwise(site, asked)
            shot = site.shot("la boutique")
            return [
                Finding(
                    one,
                    Verdict.TO_JUDGE if one in others else Verdict.NOT_MET,
                    expected[one],
                    f"{why}{others.get(one, '')}.",
                    (shot,),
                )
                for one in self.facts()
            ]
        rule = max(rules, key=lambda one: self._nearness(one, now, asked))
        verdicts, seen = self._judged(rule, now, asked), ""
        if not rule.period.holds(now):
            verdicts[RULE], seen = worst([verdicts[RULE], Verdict.TO_JUDGE]), f" ; {IDLE}"
        elif verdicts[RULE] is Verdict.MET and rule.period.over_since(now, site.present.replace(tzinfo=None)):
            verdicts[RULE], seen = Verdict.TO_JUDGE, f" ; {OVER}"
        elif verdicts[RULE] is Verdict.MET:
            seen, right = self._in_the_cart(site, rule, asked)
            if not right:
                verdicts[RULE] = Verdict.TO_JUDGE
        own = by_the_company(self.company, "cart_rules", rule.number) if verdicts[RULE] is not Verdict.MET else ""
        if verdicts[RULE] is Verdict.MET and was_there(self.company, "cart_rules", rule.number):
            verdicts[RULE], seen = Verdict.TO_JUDGE, f"{seen} ; c’est une règle de l’entreprise, réécrite"
        others = self._otherwise(site, asked) if verdicts[RULE] is Verdict.NOT_MET else {}
        site.visit("/index.php?controller=cart&action=show")
        shot = site.shot("le panier d’un visiteur")
        aside = f"{own}{self._early_end(rule, now)}".replace(") (", " ; ")
        observed = {
            RULE: f"La {rule}{self._unsaid(rule)}{aside}{seen}{asked.absent}",
            CODE: f"Le code de la règle est « {rule.code} »{own}" if rule.code else f"La règle n’a pas de code{own}",
            PERIOD: f"La remise court {described(rule.period, verdicts[PERIOD], self.lasts)}{own}",
        }
        # The same by another screen: a person says whether that is what was asked.
        verdicts |= dict.fromkeys(others, Verdict.TO_JUDGE)
        return [
            Finding(one, verdicts[one], expected[one], f"{observed[one]}{others.get(one, '')}.", (shot,))
            for one in self.facts()
        ]

    def _conditions(self) -> str:
        """What a cart and its customer must be, in words."""
        some = self.products or self.categories
        wanted = Bounds(
            selections=(Selection("products" if self.products else "categories", frozenset(), some, self.pieces),)
            if some
            else (),
            on="selection" if self.on == "produits" else "order",
            carriers=self.carriers or None,
            countries=self.countries or None,
        )
        said = [] if self.code else ["sans code"]
        said += [f"dès {euros(self.minimum)} {self.minimum_taxes} d’achat"] if self.minimum else []
        said += [*wanted.in_words, f"au groupe « {self.group} » seulement" if self.group else "à tous les clients"]
        said += [f"{numbered(self.times, 'fois', 'fois')} en tout"] if self.times is not None else []
        said += [f"{numbered(self.per_customer, 'fois', 'fois')} par client"] if self.per_customer is not None else []
        return "".join(f", {one}" for one in said)

    def _unsaid(self, rule: Rule) -> str:
        """What the rule doesn't have of what is asked, where the rule in words is silent of it."""
        bounds = rule.bounds
        some = self.products or self.categories
        said = {
            "sans montant minimum": self.minimum and not rule.minimum,
            "sans choix de produits": some and not bounds.selections and bounds.on == "order",
            "avec tous les transporteurs": self.carriers and bounds.carriers is None,
            "dans tous les pays": self.countries and bounds.countries is None,
            "à tous les clients": self.group and bounds.groups is None,
            f"{numbered(rule.times, 'fois', 'fois')} en tout": self.times is not None and rule.times != 1,
            "1 fois par client": self.per_customer is not None and rule.per_customer == 1,
        }
        return "".join(f", {one}" for one, silent in said.items() if silent)

    def _nearness(self, rule: Rule, now: datetime, asked: Asked) -> tuple[int, int, bool, bool]:
        judged = self._judged(rule, now, asked)
        verdicts = [judged[one] for one in self.facts()]
        made = not was_there(self.company, "cart_rules", rule.number)
        return verdicts.count(Verdict.MET), -verdicts.count(Verdict.NOT_MET), made, rule.period.holds(now)

    def _judged(self, rule: Rule, now: datetime, asked: Asked = _ALL) -> dict[str, Verdict]:
        bound = self._bound(rule.bounds, asked)
        if not self.group and rule.for_customers:
            # Who orders most often has an account: the rule may be meant for everybody.
            everybody = replace(rule.bounds, groups=None)
            bound = worst([self._bound(everybody, asked), Verdict.TO_JUDGE])
        right = (
            rule.active
            and bound is not Verdict.NOT_MET
            and self.times in (None, rule.times)
            and self.per_customer in (None, rule.per_customer)
            and rule.unit == self.unit
            and rule.reduction == self.reduction
            and rule.minimum == (self.minimum or 0)
            and (self.minimum is None or rule.minimum_taxes == self.minimum_taxes)
            and (bool(self.code) or not rule.code)
        )
        unsure = rule.limits or bound is Verdict.TO_JUDGE or self._early_end(rule, now)
        return {
            RULE: Verdict.NOT_MET if not right else Verdict.TO_JUDGE if unsure else Verdict.MET,
            CODE: Verdict.MET if self._opens(rule.code) else Verdict.NOT_MET,
            PERIOD: judge(rule.period, now.date(), self.lasts) if self.lasts else Verdict.MET,
        }

    def _bound(self, seen: Bounds, asked: Asked) -> Verdict:
        """Whether the rule is bound to what is asked: nobody can tell of what isn't there, or no longer."""
        inside = asked.inside if self.categories else ()
        verdict = bound_as_asked(self, seen, asked.numbers, inside, asked.perhaps, asked.below)
        return worst([verdict, Verdict.TO_JUDGE]) if asked.missing else verdict

    def _opens(self, code: str) -> bool:
        """Whether the shop takes this code for the wanted one: capitals, accents and spaces at the end don't count."""
        return not code[:1].isspace() and fold(code) == fold(self.code)

    def _otherwise(self, site: Site, asked: Asked) -> dict[str, str]:
        """What is said of each fact that a visitor finds in the shop without a rule of the cart."""
        if free := self._delivered_free(site):
            return {RULE: free}
        seen = self._in_the_prices(site, asked)
        return dict.fromkeys(self.facts(), f". Pourtant, {seen}") if seen else {}

    def _in_the_prices(self, site: Site, asked: Asked) -> str:
        """What is said where visitors find the reduction in the price of all that is asked, and of nothing else; else ""."""
        bound = self.code or self.minimum or self.pieces > 1 or self.carriers or self.countries or self.group
        if self.on != "produits" or bound or self.times or self.per_customer or asked.missing:
            return ""
        online = [row.id for row in catalogue(site) if row.active]
        if not asked.inside <= set(online):
            return ""
        within = [one for one in online if one in asked.inside]
        others = [one for one in online if one not in asked.inside | asked.perhaps]
        called = "demandé" if self.products else "de la catégorie"
        return effect_on_all(site, within, others, self.reduction, self.unit, 1, called)

    def _delivered_free(self, site: Site) -> str:
        """What is said of the shop's own setting, where it takes nothing for delivery from the amount that is asked."""
        if self.unit != "port offert" or self.code or not self.minimum:
            return ""
        kept = looked_up(site, site.signed_in(), screen(site, "AdminParentShipping", "AdminShipping"), _FREE_FROM)
        least = f". Pourtant, les préférences de livraison offrent le port dès {euros(self.minimum)} TTC d’achat"
        return least if amount(kept or "") == self.minimum else ""

    def _early_end(self, rule: Rule, now: datetime) -> str:
        """What is said of an end that nobody asked for, and that comes before the one which the screen proposes."""
        end = rule.period.end
        early = end is not None and end.date() < now.date() + _PROPOSED
        return unasked_end(rule.period, self.lasts) if early else ""

    def _in_the_cart(self, site: Site, rule: Rule, asked: Asked) -> tuple[str, bool]:
        """What a cart that is big enough shows to whom the rule is for, and whether it is what the rule says, to the cent."""
        if self.carriers or self.countries:
            return " ; le panier d’un visiteur, qui n’a pas encore d’adresse, ne peut pas en montrer l’effet", True
        page, who, taxes = self._customer(site)
        if page is None:
            return f" ; mais {NOBODY}", False
        if not sells(site, page):
            to = "à ce groupe" if self.group else "aux visiteurs"
            return f" ; mais la boutique ne vend rien {to} (mode catalogue, ou prix cachés)", False
        among = asked.inside if self.products or self.categories else None
        rate = _filled(site, page, rule.minimum, self.pieces, among)
        if isinstance(rate, str):
            return f" ; mais {rate}", False
        refused = enter_code(site, page, rule.code) if rule.code else ""
        cart = cart_of(site, page)
        if refused:
            return f" ; la boutique refuse le code : « {refused} »", False
        if rule.unit == "port offert":
            return f" ; {who} paie {euros(cart.shipping)} de port", bool(cart.discounts) or cart.shipping == 0
        own = [abs(value) for name, value in cart.discounts if same(rule.name, name)]
        off = sum(own, Decimal(0)) if own else cart.reduction
        due = _due(rule, cart, rate, taxes)
        if off != due and not self.group:
            due = _due(rule, cart, rate, visitors_taxes(site))
        seen = f" ; sur un panier de {euros(cart.products)}, {who} obtient {euros(off)} de remise"
        return seen + ("" if off == due else f" au lieu de {euros(due)}"), off == due

    def _customer(self, site: Site) -> tuple[Page | None, str, Taxes]:
        """A page of one whom the rule is for, what he is called, and whether he sees prices with tax."""
        groups = groups_named(site, self.group) if self.group else []
        if not groups:
            return site.page, "un visiteur", "TTC"
        return member_of(site, groups[0]), "un client du groupe", groups[0].prices

    def ways(self) -> Sequence[Act]:
        """One screen, with three tabs; a period has several honest bounds."""
        return cart_rule_acts.ways(self)

    def near_misses(self) -> Sequence[NearMiss]:
        """Another reduction, another minimum, another code, other days; bound to nothing, or to something else."""
        return cart_rule_acts.near_misses(self)

    def roads(self) -> Sequence[Road]:
        """Another rule that the cart has too."""
        return cart_rule_acts.roads(self)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A percentage by a code, for a while; an amount off every big cart; no shipping; some bound to this or that."""
        return (
            cls(reduction=Decimal(10), code="FOURNIL10", minimum=Decimal(30), starts="today", lasts="15 days"),
            cls(reduction=Decimal("4.50"), unit="HT", minimum=Decimal(45), minimum_taxes="HT"),
            cls(unit="port offert", code="PORTOFFERT"),
            cls(reduction=Decimal(15), code="SABLE15", products=("Sablé nature",), on="produits"),
            cls(
                reduction=Decimal(3),
                unit="TTC",
                categories=("Crackers salés",),
                pieces=3,
                group="Comités sociaux et économiques",
                per_customer=2,
            ),
            cls(unit="port offert", minimum=Decimal(40), carriers=("Mer et Colis Relais",), times=100),
        )


def _due(rule: Rule, cart: Cart, rate: Decimal, taxes: Taxes) -> Decimal:
    """What the rule takes off a cart of one product, as those see it who see prices so."""
    due = cart.products * rule.reduction / 100 if rule.unit == "%" else rule.reduction
    if rule.unit != "%" and rule.unit != taxes:
        due = due * (1 + rate / 100) if taxes == "TTC" else due / (1 + rate / 100)
    return min(cents(due), cart.products)


def _filled(
    site: Site, page: Page, least: Decimal, pieces: int = 1, among: Collection[int] | None = None
) -> Decimal | str:
    """Put in that page's cart enough of the first product, `among` some, that its customer may buy.

    The product's rate of tax, or why there is none.
    """
    for product in sorted(row.id for row in catalogue(site) if row.active and (among is None or row.id in among)):
        site.visit(f"/index.php?controller=product&id_product={product}")
        try:
            shown = shown_for_quantity(site, product)
        except Forbidden:
            continue
        if not shown.price:
            continue
        rate = exact(shown.data["rate"])
        enough = (least + 1) * (1 + rate / 100) / shown.price
        # A group may have something off besides.
        put_in_cart(
            site,
            page,
            product,
            max(pieces, int((enough * 2 if page is not site.page else enough).to_integral_value(ROUND_UP))),
        )
        if cart_of(site, page).products:
            return rate
    return (
        "un visiteur ne peut acheter aucun de ces produits"
        if among is not None
        else "un visiteur ne peut acheter aucun produit"
    )


_FREE_FROM = Script[str](
    """page => (page.querySelector('[name$="[free_shipping_price]"]') || {getAttribute: () => ''}).getAttribute('value')"""
)
