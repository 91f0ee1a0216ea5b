"""Promotions on one product: a specific price, and the flag that says so."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.prestashop.reading.answers import Forbidden
from checks.prestashop.reading.base_price import exact
from checks.prestashop.reading.cart_rules import cart_rules, without_code
from checks.prestashop.reading.catalogue_rules import added_rules, catalogue_rules
from checks.prestashop.reading.customer_groups import NOBODY, groups_named, member_of, visitors_taxes
from checks.prestashop.reading.group_effects import effect_for_group
from checks.prestashop.reading.group_prices import discount_on
from checks.prestashop.reading.money import Exact, displayed, euros
from checks.prestashop.reading.naming import named
from checks.prestashop.reading.periods import IDLE, LASTS, OVER, described, judge, sentence, unasked_end
from checks.prestashop.reading.product_verdicts import worst
from checks.prestashop.reading.promotion_effects import (
    buyer,
    due_price,
    effect,
    instead,
    regular_if_net,
    repriced,
    sees,
)
from checks.prestashop.reading.reductions import (
    Promotion,
    by_the_other_count,
    counted_otherwise,
    differs,
    first_pieces,
    takes_off,
)
from checks.prestashop.reading.seeded import chosen, discounts
from checks.prestashop.reading.shop import Row, catalogue, is_on_sale, shown_for_quantity, visit_as_customer
from checks.prestashop.reading.special_prices import Special, Unit, rate_of, specials_of
from checks.prestashop.screens import special_price_acts
from checks.prestashop.screens.special_price_acts import BANNER, MINIMUM, PERIOD, PRICE
from checks.prestashop.screens.special_prices import give
from checks.visibility import as_seen, unseen
from provisioner.french.text import fold, numbered
from provisioner.subject.check import Act, Check, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.page import Page


class SpecificPrice(Check, id="prestashop.commandes-et-promotions.specific_price"):
    """Un prix spécifique accorde une remise sur un produit ; la boutique l’annonce par le bandeau « Promo »."""

    proves = (PRICE, BANNER, PERIOD, MINIMUM)
    may_act = True

    product: Annotated[str, Refers("products.name")] = Field(min_length=1, description="Le produit.")
    reduction: Exact | None = Field(
        None, gt=0, description="La remise, en pour cent ou en euros ; absente si seul le bandeau est demandé."
    )
    unit: Unit = Field("%", description="« % », ou « TTC » ou « HT » pour un montant en euros.")
    minimum: int = Field(1, ge=1, description="La quantité à partir de laquelle elle s’applique.")
    group: Annotated[str, Refers("groups.name")] = Field(
        "", description="Le seul groupe qui en bénéficie ; vide : tous."
    )
    starts: Literal["", "today"] = Field("", description="« today » : elle commence le jour de l’épreuve.")
    lasts: str = Field("", pattern=f"{LASTS}|^$", description="Sa durée : « 15 days », « 4 weeks » ; avec `starts`.")
    banner: bool = Field(False, description="Le bandeau « Promo » est demandé sur le produit.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if bool(self.starts) != bool(self.lasts):
            raise ValueError("starts et lasts vont ensemble")
        if self.reduction is None and (self.lasts or self.group or self.minimum > 1 or not self.banner):
            raise ValueError("demandez une remise (reduction), ou le bandeau (banner) seul")
        if self.unit == "%" and (self.reduction or 0) > 100:
            raise ValueError("une remise (reduction) ne dépasse pas 100 %")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        asked = {
            PRICE: self.reduction is not None,
            BANNER: self.banner,
            PERIOD: bool(self.lasts),
            MINIMUM: self.minimum > 1,
        }
        return tuple(one for one, wanted in asked.items() if wanted)

    def verify(self, site: Site) -> list[Finding]:
        """The product's page as a visitor, or a customer of the group, sees it; its specific prices say why."""
        products = catalogue(site)
        row = named(self.company, products, self.product)
        expected = {
            PRICE: f"« {self.product} » bénéficie d’une {Special(self.reduction or Decimal(0), self.unit, group=self.group)}.",
            BANNER: f"Le bandeau « Promo » est affiché sur « {self.product} ».",
            PERIOD: f"La remise est accordée {sentence(self.lasts)}." if self.lasts else "",
            MINIMUM: f"La remise est accordée à partir de {numbered(self.minimum, 'produit')}.",
        }
        if row is None:
            site.visit("/")
            why = f"Aucun produit ne s’appelle « {self.product} »."
            return [
                Finding(one, Verdict.NOT_MET, expected[one], why, (site.shot("la boutique"),)) for one in self.facts()
            ]
        now = site.taken_at.replace(tzinfo=None)
        specials = specials_of(site, row) if self.reduction is not None else []
        specials = [one for one in specials if self.lasts or not one.period.over_before(now.date())]
        rates = [rate_of(site, row)] if any(counted_otherwise(one, self.unit) for one in specials) else []
        special = max(specials, key=lambda one: self._nearness(one, now, rates), default=None)
        verdicts = self._judged(special, now, rates) if special else dict.fromkeys(self.facts(), Verdict.NOT_MET)
        seen = already = ""
        if special:
            verdicts[PRICE], seen, already = self._seen(site, row, special, now, verdicts[PRICE])
            seen = by_the_other_count(special, self.reduction or Decimal(0), self.unit, rates) + seen
            if verdicts[PRICE] is not Verdict.NOT_MET and (beside := self._beside(site, row, special, specials, now)):
                verdicts[PRICE], seen = Verdict.TO_JUDGE, f"{seen} ; mais il y a aussi {' ; '.join(beside)}"
            if already:
                verdicts[MINIMUM] = worst([verdicts[MINIMUM], Verdict.TO_JUDGE])
        site.visit(row.path)
        verdicts[BANNER], flagged = self._flagged(site, row)
        shot = site.shot(
            "la page du produit",
            mark=site.page.locator("#content-wrapper, #main").locator(
                ".product-prices, .product-discounts, .product-flags"
            ),
        )
        none = "Le produit n’a aucun prix spécifique en cours ou à venir."
        observed = {
            PRICE: f"Le produit a une {special}{unasked_end(special.period, self.lasts)}{seen}." if special else none,
            BANNER: flagged,
            PERIOD: f"La remise court {described(special.period, verdicts[PERIOD], self.lasts)}." if special else none,
            MINIMUM: f"La remise est accordée {first_pieces(special.minimum)}{already}." if special else none,
        }
        if self.reduction and verdicts[PRICE] is Verdict.NOT_MET and (others := self._otherwise(site, row, products)):
            # The same reduction by another road: a person says whether that is what was asked.
            for one in (PRICE, PERIOD, MINIMUM):
                verdicts[one] = Verdict.TO_JUDGE
                other = "" if one == PRICE or not special else "ce n’est pas la remise demandée, "
                observed[one] = f"{observed[one].removesuffix('.')} ; {other}mais {others}."
        return [Finding(one, verdicts[one], expected[one], observed[one], (shot,)) for one in self.facts()]

    def _flagged(self, site: Site, row: Row) -> tuple[Verdict, str]:
        """Whether the product's page, which is open, shows the flag to a visitor; its sheet says whether it should."""
        flags = site.page.locator("#content .product-flags .on-sale")
        if flags.count():
            hidden = unseen(flags)
            verdict = as_seen(Verdict.MET, hidden) if row.active else Verdict.TO_JUDGE
            why = f", mais un visiteur ne le voit pas : {hidden}" if hidden else ""
            return verdict, f"Le bandeau « Promo » est affiché{why}.{row.away}"
        none = "Le bandeau « Promo » n’est pas affiché."
        if site.page.locator("#product_page_product_id").count() == 0:
            return Verdict.TO_JUDGE, f"{none} La page du produit est fermée aux visiteurs."
        if self.banner and is_on_sale(site, row):
            return Verdict.TO_JUDGE, f"{none} Il est coché sur la fiche du produit : autre chose le cache.{row.away}"
        return Verdict.NOT_MET, f"{none}{row.away}"

    def _otherwise(self, site: Site, row: Row, products: Sequence[Row]) -> str:
        """What is said of the same reduction by another road: a rule of the cart, or whatever shows its price; else ""."""
        if rules := self._in_the_cart(site, row, products):
            return f"il y a {' ; '.join(rules)}"
        if not row.active:
            return ""
        wanted = self.reduction or Decimal(0)
        if self.group:
            seen = effect_for_group(site, row, self.group, wanted, self.unit, self.minimum)
        else:
            seen = effect(site, row.id, wanted, self.unit, self.minimum)
        if seen is None or seen[1]:  # fewer pieces have it too
            return ""
        return f"{sees(buyer(self.minimum, self._whom()), seen[0])}, le prix avec la remise demandée"

    def _in_the_cart(self, site: Site, row: Row, products: Sequence[Row]) -> list[str]:
        """The rules of the cart, of the day, that give the reduction on the product."""
        others = {fold(name) for one in products for name in (one.name, one.category)} - {fold(row.name)}
        day = site.taken_at.date()
        rules = without_code(cart_rules(site), self.reduction or Decimal(0), self.unit, day, others)
        return [f"la {rule}" for rule in rules if rule.selection]

    def _judged(self, special: Special, now: datetime, rates: Sequence[Decimal] = ()) -> dict[str, Verdict]:
        wanted = self.reduction or Decimal(0)
        reduces = takes_off(special.as_if(wanted, self.unit), wanted, self.unit, rates)
        # Who has an account may be whom everybody meant.
        everybody = special.customers and not self.group
        group = Verdict.TO_JUDGE if everybody else chosen(self.company, self.group, special.group, "groups")
        right = (
            reduces is not Verdict.NOT_MET
            and not special.narrowed
            and group is not Verdict.NOT_MET
            # Where no quantity is asked, it is for the first piece: no fact of its own would tell.
            and (self.minimum > 1 or special.minimum <= 1)
        )
        # Bound to the country or the currency of every visitor, it may be for everybody all the same;
        # on some variants, it may be on all that there were.
        unsure = special.only_in or special.variants or special.fixed or unasked_end(special.period, self.lasts)
        perhaps = Verdict.TO_JUDGE if unsure else Verdict.MET
        return {
            PRICE: worst([reduces, group, perhaps]) if right else Verdict.NOT_MET,
            PERIOD: judge(special.period, now.date(), self.lasts) if self.lasts else Verdict.MET,
            MINIMUM: Verdict.MET if special.minimum == self.minimum else Verdict.NOT_MET,
        }

    def _nearness(self, special: Special, now: datetime, rates: Sequence[Decimal]) -> tuple[int, int, bool]:
        verdicts = list(self._judged(special, now, rates).values())
        return verdicts.count(Verdict.MET), -verdicts.count(Verdict.NOT_MET), special.period.holds(now)

    def _beside(self, site: Site, row: Row, special: Special, specials: Sequence[Special], now: datetime) -> list[str]:
        """What else the candidate left that reaches the product, for the same customers: another reduction, or on more."""
        company = discounts(self.company, row.id)
        own = [
            one
            for one in specials
            if one != special and (one.reduction, one.unit, one.minimum, one.group) not in company
            if (one.group in ("", special.group) or one.customers) and one.period.runs_after(now)
            if differs(one, special, now) or one.elsewhere or (special.group and one.group != special.group)
        ]
        rules = [rule for rule in added_rules(self.company, catalogue_rules(site), now) if rule.reaches([row.category])]
        left: list[Promotion] = [*own, *rules]
        return [f"une {one}, {one.period}" for one in left]

    def _seen(
        self, site: Site, row: Row, special: Special, now: datetime, verdict: Verdict
    ) -> tuple[Verdict, str, str]:
        """The verdict on the price once it is looked at, what is seen of it, and whether fewer pieces have it too."""
        if not special.period.holds(now):
            return worst([verdict, Verdict.TO_JUDGE]), f" ; {IDLE}", ""
        if verdict is Verdict.NOT_MET:
            return verdict, "", ""
        if not special.period.holds(site.present.replace(tzinfo=None)):
            return Verdict.TO_JUDGE, f" ; {OVER}", ""
        if special.group and len(groups_named(site, special.group)) > 1:
            return Verdict.TO_JUDGE, f" ; mais plusieurs groupes s’appellent « {special.group} »", ""
        if not row.active:
            return Verdict.TO_JUDGE, " ; mais aucun visiteur ne voit le produit", ""
        prices = self._price(site, row, special.as_if(self.reduction or Decimal(0), self.unit))
        if isinstance(prices, str):
            return Verdict.TO_JUDGE, f" ; mais {prices}", ""
        shown, due, fewer = prices
        seen = f" ; {sees(buyer(special.minimum, self._whom()), shown)}"
        if shown != due:
            # The variant that is shown may be one that doesn't have it.
            wrong = (special.only_in and not special.variants) or (special.fixed and special.minimum > 1)
            other = Verdict.NOT_MET if wrong else Verdict.TO_JUDGE
            return other, f"{seen}{instead(shown, due)}", ""
        already = f" ; mais {buyer(special.minimum - 1, self._whom())} voit déjà {euros(shown)} l’unité"
        if moved := repriced(site, row.id):
            verdict, seen = worst([verdict, Verdict.TO_JUDGE]), f"{seen} ; mais {moved}"
        return verdict, seen, already if fewer == shown else ""

    def _whom(self) -> str:
        return "un client du groupe" if self.group else "un visiteur"

    def _price(self, site: Site, row: Row, special: Special) -> tuple[Decimal, Decimal, Decimal | None] | str:
        """What is shown for that quantity to whom it is meant for, what should be, and what is shown for one fewer.

        Or why it can't be said: no customer of the group sees the product, or no visitor the price before it.
        """
        site.visit(f"/index.php?controller=product&id_product={row.id}")
        try:
            data = shown_for_quantity(site, row.id).data
        except Forbidden:
            return self._to_the_group_alone(site, row, special)
        rate, due = (
            exact(data["rate"]),
            due_price(data, special.reduction, special.unit, regular_if_net(self.company, row.id, data)),
        )
        page: Page | None = site.page
        group = groups_named(site, special.group)[0] if special.group else None
        if group:
            page = member_of(site, group)
            due *= 1 - discount_on(site, group, row.category) / 100
            if page is None:
                return NOBODY
            if not visit_as_customer(site, row.id, page):
                return "les clients de ce groupe n’ont pas accès au produit"
        fewer = shown_for_quantity(site, row.id, special.minimum - 1, page).price if special.minimum > 1 else None
        shown = shown_for_quantity(site, row.id, special.minimum, page).price
        taxes = group.prices if group else "TTC"
        if not group and shown != displayed(due, rate):
            taxes = visitors_taxes(site)
        return shown, displayed(due, rate, taxes), fewer

    def _to_the_group_alone(self, site: Site, row: Row, special: Special) -> str:
        """What is said of a product whose page is closed to visitors."""
        closed = "la page du produit est fermée aux visiteurs"
        page = member_of(site, groups_named(site, special.group)[0]) if special.group else None
        if page is None or not visit_as_customer(site, row.id, page):
            return closed
        shown = shown_for_quantity(site, row.id, special.minimum, page).price
        return f"{closed} ; {sees(buyer(special.minimum, 'un client du groupe'), shown)}"

    def ways(self) -> Sequence[Act]:
        """The pricing tab of the product, whose calendar knows days and no hours."""
        return [Act("onglet « Prix » du produit", lambda desk: give(desk, self))]

    def near_misses(self) -> Sequence[NearMiss]:
        """Another reduction, another product, another country, another quantity, other days; the flag left out."""
        return special_price_acts.near_misses(self)

    def roads(self) -> Sequence[Road]:
        """The same price by another screen; another base price beside it; what another question changes."""
        return special_price_acts.roads(self)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A percentage from some pieces, for a while, with its flag; an amount for one group; a flag beside one that was there."""
        return (
            cls(product="Sablé nature", reduction=Decimal(15), minimum=3, starts="today", lasts="4 weeks", banner=True),
            cls(
                product="Torchon en lin « Trois Ajoncs »", reduction=Decimal("2.50"), unit="HT", group="Épiceries fines"
            ),
            cls(product="Far breton aux pruneaux", banner=True),
        )
