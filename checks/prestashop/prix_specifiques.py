"""Promotions on one product: a specific price, and the flag that says so."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.customer_screens import NOBODY, groups_named, member_of
from checks.prestashop.money import Exact, cents, euros, typed
from checks.prestashop.naming import named
from checks.prestashop.periods import IDLE, LASTS, OVER, days, judge, sentence, told
from checks.prestashop.product_screens import ProductPage, open_product
from checks.prestashop.product_verdicts import worst
from checks.prestashop.remises_categorie import discount_on
from checks.prestashop.seeded import rows
from checks.prestashop.shop import Row, catalogue, let_in, refreshed, regular_price
from checks.prestashop.special_prices import Special, Unit, specials_of
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, now_of
from provisioner.config import fact
from provisioner.text import same

_LINE = "prestashop.commandes-et-promotions.promotions"
PRICE = fact(_LINE, "prix spécifique")
BANNER = fact(_LINE, "bandeau promo")
PERIOD = fact(_LINE, "période")
MINIMUM = fact(_LINE, "quantité minimale")

_OTHERS = ("Galette fine nature", "Sablé au citron")


class SpecificPrice(Check, id="prestashop.commandes-et-promotions.specific_price"):
    """Un prix spécifique accorde une remise sur un produit ; la boutique l’annonce par le bandeau « Promo »."""

    proves = (PRICE, BANNER, PERIOD, MINIMUM)
    acts = True

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
        row = named(catalogue(site), self.product)
        expected = {
            PRICE: f"« {self.product} » bénéficie d’une {Special(self.reduction or Decimal(0), self.unit, self.minimum, group=self.group)}.",
            BANNER: f"Le bandeau « Promo » est affiché sur « {self.product} ».",
            PERIOD: f"La remise est accordée {sentence(self.lasts)}." if self.lasts else "",
            MINIMUM: f"La remise est accordée à partir de {self.minimum} produits.",
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
        special = max(specials, key=lambda one: self._nearness(one, now), default=None)
        verdicts = self._judged(special, now) if special else dict.fromkeys(self.facts(), Verdict.NOT_MET)
        seen = already = ""
        if special:
            verdicts[PRICE], seen, already = self._seen(site, row, special, now, verdicts[PRICE])
            if verdicts[PRICE] is Verdict.MET and (beside := self._beside(special, specials, now)):
                verdicts[PRICE], seen = Verdict.TO_JUDGE, f"{seen} ; mais il y a aussi une {beside}"
            if already:
                verdicts[MINIMUM] = worst([verdicts[MINIMUM], Verdict.TO_JUDGE])
        site.visit(row.path)
        flag = site.page.locator("#content .product-flags .on-sale").count() > 0
        verdicts[BANNER] = Verdict.NOT_MET if not flag else Verdict.MET if row.active else Verdict.TO_JUDGE
        shot = site.shot("la page du produit")
        none = "Le produit n’a aucun prix spécifique en cours ou à venir."
        observed = {
            PRICE: f"Le produit a une {special}{seen}." if special else none,
            BANNER: ("Le bandeau est affiché." if flag else "Le bandeau n’est pas affiché.") + row.away,
            PERIOD: f"La remise court {told(special.period, verdicts[PERIOD])}." if special else none,
            MINIMUM: f"La remise est accordée à partir de {special.minimum}{already}." if special else none,
        }
        return [Finding(one, verdicts[one], expected[one], observed[one], (shot,)) for one in self.facts()]

    def _judged(self, special: Special, now: datetime) -> dict[str, Verdict]:
        right = (
            special.reduction == self.reduction
            and special.unit == self.unit
            and not special.narrowed
            and same(self.group, special.group)
            # Where no quantity is asked, it is for the first piece: no fact of its own would tell.
            and (self.minimum > 1 or special.minimum <= 1)
        )
        # Bound to the country or the currency of every visitor, it may be for everybody all the same;
        # on some variants, it may be on all that there were.
        perhaps = Verdict.TO_JUDGE if special.only_in or special.variants else Verdict.MET
        return {
            PRICE: perhaps if right else Verdict.NOT_MET,
            PERIOD: judge(special.period, now.date(), self.lasts) if self.lasts else Verdict.MET,
            MINIMUM: Verdict.MET if special.minimum == self.minimum else Verdict.NOT_MET,
        }

    def _nearness(self, special: Special, now: datetime) -> tuple[int, int, bool]:
        verdicts = list(self._judged(special, now).values())
        return verdicts.count(Verdict.MET), -verdicts.count(Verdict.NOT_MET), special.period.holds(now)

    def _beside(self, special: Special, specials: Sequence[Special], now: datetime) -> Special | None:
        """Another that some variants of the product have in its place: the shop takes it before the product's own."""
        before = [one for one in specials if one.variants and one != special and one.period.holds(now)]
        return next((one for one in before if not one.narrowed and one.group in ("", special.group)), None)

    def _seen(
        self, site: Site, row: Row, special: Special, now: datetime, verdict: Verdict
    ) -> tuple[Verdict, str, str]:
        """The verdict on the price once it is looked at, what is seen of it, and whether fewer pieces have it too."""
        if not special.period.holds(now):
            return worst([verdict, Verdict.TO_JUDGE]), f", {IDLE}", ""
        if verdict is Verdict.NOT_MET:
            return verdict, "", ""
        if not special.period.holds(site.present.replace(tzinfo=None)):
            return Verdict.TO_JUDGE, f", {OVER}", ""
        if special.group and len(groups_named(site, special.group)) > 1:
            return Verdict.TO_JUDGE, f" ; mais plusieurs groupes s’appellent « {special.group} »", ""
        if not row.active:
            return Verdict.TO_JUDGE, " ; mais aucun visiteur ne voit le produit", ""
        prices = self._price(site, row, special)
        if isinstance(prices, str):
            return Verdict.TO_JUDGE, f" ; mais {prices}", ""
        shown, due, fewer = prices
        seen = f" ; qui en prend {special.minimum} voit {euros(shown)} l’unité"
        if shown != due:
            # The variant that is shown may be one that doesn't have it.
            other = Verdict.NOT_MET if special.only_in and not special.variants else Verdict.TO_JUDGE
            return other, f"{seen} au lieu de {euros(due)}", ""
        already = f" ; mais qui en prend {special.minimum - 1} voit déjà {euros(shown)} l’unité"
        return verdict, seen, already if fewer == shown else ""

    def _price(self, site: Site, row: Row, special: Special) -> tuple[Decimal, Decimal, Decimal | None] | str:
        """What is shown for that quantity to whom it is meant for, what should be, and what is shown for one fewer.

        Or why no customer of the group sees the product.
        """
        site.visit(f"/index.php?controller=product&id_product={row.id}")
        data = refreshed(site, row.id).data
        rate = 1 + Decimal(str(data["rate"])) / 100
        regular = regular_price(data)
        off = special.reduction * (rate if special.unit == "HT" else 1)
        due = regular * (1 - special.reduction / 100) if special.unit == "%" else regular - off
        page: Page | None = site.page
        if special.group:
            group = groups_named(site, special.group)[0]
            page = member_of(site, group)
            due *= 1 - discount_on(site, group, row.category) / 100
            due = due / rate if group.prices == "HT" else due
            if page is None:
                return NOBODY
            if not let_in(site, row.id, page):
                return "les clients de ce groupe n’ont pas accès au produit"
        fewer = refreshed(site, row.id, special.minimum - 1, page).price if special.minimum > 1 else None
        return refreshed(site, row.id, special.minimum, page).price, cents(due), fewer

    def ways(self) -> Sequence[Act]:
        """The pricing tab of the product, whose calendar knows days and no hours."""
        return [Act("onglet « Prix » du produit", lambda desk: self._do(desk))]

    def near_misses(self) -> Sequence[NearMiss]:
        """Another reduction, another product, another country, another quantity, other days; the flag left out."""

        def made(**changed: object) -> Callable[[Desk], None]:
            return lambda desk: self.but(**changed)._do(desk)

        def how(**given: Any) -> Callable[[Desk], None]:
            return lambda desk: self._do(desk, **given)

        misses = []
        if self.reduction is not None:
            misses += [
                NearMiss("montant au lieu d’un pourcentage", PRICE, made(unit="TTC"))
                if self.unit == "%"
                else NearMiss(
                    "HT au lieu de TTC, ou l’inverse", PRICE, made(unit="HT" if self.unit == "TTC" else "TTC")
                ),
                NearMiss("un autre produit", PRICE, how(neighbour=True)),
                NearMiss("formulaire du prix non validé", PRICE, how(kept=False)),
                NearMiss("réservé à un autre pays", PRICE, how(abroad=True)),
            ]
            if self.unit != "%" and self.reduction <= 100:
                misses.append(NearMiss("pourcentage au lieu d’un montant", PRICE, made(unit="%")))
        if self.group:
            other = next(row["name"] for _, row in rows("groups") if not same(self.group, row["name"]))
            misses += [
                NearMiss("groupe oublié", PRICE, made(group="")),
                NearMiss("un autre groupe", PRICE, made(group=other)),
            ]
        if self.minimum > 1:
            misses += [
                NearMiss("un produit de moins", MINIMUM, made(minimum=self.minimum - 1))
                if self.minimum > 2
                else NearMiss("un produit de plus", MINIMUM, made(minimum=self.minimum + 1)),
                NearMiss("dès le premier produit", MINIMUM, made(minimum=1)),
            ]
        elif self.reduction is not None:
            misses.append(NearMiss("à partir de cinq produits", PRICE, made(minimum=5)))
        if self.lasts:
            misses += [
                NearMiss("deux jours de moins", PERIOD, how(longer=-2)),
                NearMiss("sans dates", PERIOD, made(starts="", lasts="")),
            ]
        if self.banner:
            misses += [
                NearMiss("bandeau oublié", BANNER, how(banner=False)),
                NearMiss("bandeau sur un autre produit", BANNER, how(neighbour=True)),
            ]
        return misses

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

    def _do(
        self, desk: Desk, neighbour: bool = False, kept: bool = True, banner: bool = True, longer: int = 0,
        abroad: bool = False,
    ) -> None:  # fmt: skip
        sheet = open_product(desk, next(one for one in _OTHERS if one != self.product) if neighbour else self.product)
        sheet.tab(2)
        if self.reduction is not None:
            self._fill(sheet, longer)
            if abroad:
                sheet.page.locator("#form_step2_specific_price_sp_id_country").select_option(index=1)
            if kept:
                with sheet.page.expect_response(re.compile(r"/specific-prices/add")) as got:
                    sheet.page.locator("#form_step2_specific_price_save").click()
                if not got.value.ok:
                    raise RuntimeError(f"specific price: {got.value.status} {got.value.text()[:200]}")
        if self.banner:
            sheet.option("step2_on_sale", banner)
        if kept:
            sheet.save()

    def _fill(self, sheet: ProductPage, longer: int) -> None:
        page = sheet.page
        page.locator("a[href='#specific_price_form']").first.click()
        form = "#form_step2_specific_price_"
        page.locator(f"{form}sp_reduction").wait_for()
        if self.group:
            options = page.locator(f"{form}sp_id_group option").all_inner_texts()
            page.locator(f"{form}sp_id_group").select_option(label=next(o for o in options if same(self.group, o)))
        if self.lasts:
            first = now_of(page).date()
            last = first + timedelta(days=days(self.lasts) + longer)
            for end, day in (("from", first), ("to", last)):
                page.locator(f"{form}sp_{end}").fill(f"{day:%Y-%m-%d}")
                page.keyboard.press("Tab")
        page.locator(f"{form}sp_from_quantity").fill(str(self.minimum))
        assert self.reduction is not None
        page.locator(f"{form}sp_reduction_type").select_option("percentage" if self.unit == "%" else "amount")
        if self.unit != "%":
            page.locator(f"{form}sp_reduction_tax").select_option("1" if self.unit == "TTC" else "0")
        page.locator(f"{form}sp_reduction").fill(typed(self.reduction))
