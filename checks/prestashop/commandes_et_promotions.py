"""Orders and promotions: a price rule of the catalogue."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from playwright.sync_api import Page
from pydantic import Field, model_validator

from checks.prestashop.money import Exact, amount, cents, euros, percent
from checks.prestashop.pages import looked_up, office, saving, screen
from checks.prestashop.periods import LASTS, Period, days, judge, kept, sentence
from checks.prestashop.shop import refreshed, regular_price
from provisioner.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict
from provisioner.config import fact
from provisioner.text import same

RULE = fact("prestashop.commandes-et-promotions.promotions", "règle catalogue")
PERIOD = fact("prestashop.commandes-et-promotions.promotions", "période")
MINIMUM = fact("prestashop.commandes-et-promotions.promotions", "quantité minimale")

Unit = Literal["%", "TTC", "HT"]


@dataclass(frozen=True)
class Rule:
    """A price rule of the catalogue as the back office holds it. `conditions` are "(4) Sablés", by group."""

    name: str
    reduction: Decimal
    unit: Unit
    price_kept: bool
    minimum: int
    period: Period
    everybody: bool
    conditions: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        what = percent(self.reduction) if self.unit == "%" else f"{euros(self.reduction)} {self.unit}"
        on = " ou ".join(" et ".join(map(_name, group)) for group in self.conditions) or "aucune condition"
        return f"règle « {self.name} » : {what} de remise sur {on}" + (
            "" if self.everybody else ", pour un seul groupe"
        )


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
        listed = screen(site, "AdminParentCartRules", "AdminSpecificPriceRule")
        rules = [self._read(site, address) for address in looked_up(site, site.signed_in(), listed, _LISTED)]
        expected = {
            RULE: f"Une remise de {self._reduction()} sur la catégorie « {self.category} », pour tous les clients.",
            PERIOD: f"La remise est accordée {sentence(self.lasts)}." if self.lasts else "",
            MINIMUM: f"La remise est accordée à partir de {self.minimum} produits.",
        }
        if not rules:
            site.visit("/")
            shot = site.shot("la boutique")
            why = "Il n’y a aucune règle de prix catalogue."
            return [Finding(one, Verdict.NOT_MET, expected[one], why, (shot,)) for one in self.facts()]
        rule = max(rules, key=lambda one: sum(v is Verdict.MET for v in self._judged(one, now).values()))
        verdicts, seen = self._judged(rule, now), ""
        prices = None
        if verdicts[RULE] is Verdict.MET and rule.period.holds(now):
            prices = self._price(site, rule)
        if prices is None:
            site.visit("/")
        else:
            shown, due = prices
            seen = f" ; un visiteur qui en prend {rule.minimum} voit {euros(shown)} l’unité"
            if shown != due:
                verdicts[RULE] = Verdict.TO_JUDGE
                seen += f" au lieu de {euros(due)}"
        shot = site.shot("la boutique, vue par un visiteur")
        observed = {
            RULE: f"La {rule}{seen}.",
            PERIOD: f"La remise court {rule.period}.",
            MINIMUM: f"La remise est accordée à partir de {rule.minimum}.",
        }
        return [Finding(one, verdicts[one], expected[one], observed[one], (shot,)) for one in self.facts()]

    def _judged(self, rule: Rule, now: datetime) -> dict[str, Verdict]:
        right = (
            rule.reduction == self.reduction
            and rule.unit == self.unit
            and rule.price_kept
            and rule.everybody
            and bool(rule.conditions)
            and all(len(group) == 1 and same(self.category, _name(group[0])) for group in rule.conditions)
        )
        return {
            RULE: Verdict.MET if right else Verdict.NOT_MET,
            PERIOD: judge(rule.period, now.date(), self.lasts) if self.lasts else Verdict.MET,
            MINIMUM: Verdict.MET if rule.minimum == self.minimum else Verdict.NOT_MET,
        }

    def _read(self, site: Site, address: str) -> Rule:
        seen = looked_up(site, site.signed_in(), address, _RULE)
        unit: Unit = "%" if seen["type"] == "percentage" else "TTC" if seen["tax"] == "1" else "HT"
        return Rule(
            name=seen["name"],
            reduction=amount(seen["reduction"]) or Decimal(0),
            unit=unit,
            price_kept=seen["price_kept"],
            minimum=int(seen["from_quantity"] or 0),
            period=kept(seen["from"], seen["to"]),
            everybody=seen["group"] == "0",
            conditions=tuple(tuple(group) for group in seen["conditions"]),
        )

    def _price(self, site: Site, rule: Rule) -> tuple[Decimal, Decimal] | None:
        """What a visitor sees for that quantity of the category's first product, and what it should be; None in an empty one."""
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
        return shown.price, cents(due)

    def ways(self) -> Sequence[Act]:
        """There is one screen for it; a period has several honest bounds."""
        ways = [Act("la page des règles de prix catalogue", lambda desk: self._make(desk))]
        if self.lasts:
            ways += [
                Act("jusqu’à la fin du dernier jour", lambda desk: self._make(desk, end_at=time(23, 59, 59), longer=-1)),
                Act("de l’heure présente à la même heure", lambda desk: self._make(desk, start_at=time(9, 30), end_at=time(9, 30))),
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
            NearMiss("saisie sans enregistrer", RULE, lambda desk: self._make(desk, save=False)),
        ]
        if self.unit != "%":
            misses.append(
                NearMiss("HT au lieu de TTC, ou l’inverse", RULE, made(unit="HT" if self.unit == "TTC" else "TTC"))
            )
        if self.lasts:
            misses += [
                NearMiss("un jour de moins", PERIOD, lambda desk: self._make(desk, longer=-1)),
                NearMiss("un jour de plus", PERIOD, lambda desk: self._make(desk, longer=1)),
                NearMiss("à partir de demain", PERIOD, lambda desk: self._make(desk, later=1)),
                NearMiss("sans dates", PERIOD, lambda desk: self._make(desk, dated=False)),
            ]
        if self.minimum > 1:
            misses += [
                NearMiss("un produit de plus", MINIMUM, made(minimum=self.minimum + 1)),
                NearMiss("dès le premier produit", MINIMUM, made(minimum=1)),
            ]
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
        self, desk: Desk, *, start_at: time = time(0), end_at: time = time(0), longer: int = 0, later: int = 0,
        dated: bool = True, everybody: bool = True, conditions: bool = True, other_category: bool = False,
        save: bool = True,
    ) -> None:  # fmt: skip
        """Add the rule on its screen."""
        page = office(desk, "AdminParentCartRules", "AdminSpecificPriceRule")
        page.locator("#page-header-desc-specific_price_rule-new_specific_price_rule").click()
        page.locator("#name").fill(f"Promotion {self.category}")
        page.locator("#from_quantity").fill(str(self.minimum))
        if not everybody:
            page.locator("#id_group").select_option(index=page.locator("#id_group option").count() - 1)
        if self.lasts and dated:
            first = _today(page) + timedelta(days=later)
            last = first + timedelta(days=days(self.lasts) + longer)
            for field, moment in (("from", datetime.combine(first, start_at)), ("to", datetime.combine(last, end_at))):
                page.locator(f"#{field}").fill(f"{moment:%Y-%m-%d %H:%M:%S}")
                page.keyboard.press("Escape")
        page.locator("#reduction_type").select_option("percentage" if self.unit == "%" else "amount")
        if self.unit != "%":
            page.locator("#reduction_tax").select_option("1" if self.unit == "TTC" else "0")
        page.locator("#reduction").fill(f"{self.reduction:f}")  # this screen refuses a comma
        if conditions:
            page.locator("#add_condition_group").click()
            options = page.locator("#id_category option").all_inner_texts()
            wanted = next(o for o in options[1:] if same(self.category, _name(o)) != other_category)
            page.locator("#id_category").select_option(label=wanted)
            page.locator("#add_condition_category").click()
        if save:
            with saving(page):
                page.locator("#specific_price_rule_form_submit_btn").click()


def _name(option: str) -> str:
    """A category as the rule's screen writes it, without its number: "(4) Sablés"."""
    return re.sub(r"^\(\d+\)\s*", "", option)


def _today(page: Page) -> date:
    return date.fromisoformat(page.evaluate("() => new Date().toLocaleDateString('sv-SE')"))


_FIRST = """page => Number((page.querySelector('.product-miniature') || {dataset: {idProduct: 0}}).dataset.idProduct)"""

_LISTED = """page => [...page.querySelectorAll('table.specific_price_rule tbody a.edit')].map(
    a => new URL(a.getAttribute('href'), location.origin + '/gestion/').href)"""

# The conditions of a rule are not fields of its screen: a script there clicks them together again.
_RULE = r"""(page, about, whole) => {
    const value = id => (page.querySelector(id) || {getAttribute: () => ''}).getAttribute('value') || '';
    const chosen = id => (page.querySelector(`${id} option[selected]`) || {value: '0'}).value;
    const script = [...page.querySelectorAll('script')].map(s => s.textContent).find(s => s.includes('#add_condition_category')) || '';
    const done = script.slice(script.lastIndexOf("toggle_condition_group(id[2])"));
    const conditions = done.split('new_condition_group();').slice(1).map(group => [...group.matchAll(
        /\$\('#(id_\w+) option\[value="(\d+)"\]'\)/g)].map(([, list, number]) => {
            const option = page.querySelector(`#${list} option[value="${number}"]`);
            return list === 'id_category' && option ? option.textContent.trim() : `${list} ${number}`;
        }));
    return {
        name: value('#name'), reduction: value('#reduction'), from_quantity: value('#from_quantity'),
        from: value('#from'), to: value('#to'), type: chosen('#reduction_type'), tax: chosen('#reduction_tax'),
        group: chosen('#id_group'), price_kept: Boolean(page.querySelector('#leave_bprice_on[checked]')),
        conditions: conditions.filter(group => group.length),
    };
}"""
