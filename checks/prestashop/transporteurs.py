"""Carriers: a new one with its zones and prices."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.prestashop.reading import carriers
from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading.carrier_prices import ANY_CART, announced, flat, joined, touching
from checks.prestashop.reading.carriers import Carrier, described, step_of
from checks.prestashop.reading.money import Exact, Taxes, cents, euros, percent, with_tax
from checks.prestashop.reading.seeded import was_there
from checks.prestashop.screens import carriers as screens
from checks.prestashop.screens.carriers import open_wizard
from provisioner.french.text import nearly_same, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

CREATED = fact("prestashop.contenu.transporteur", "créer")
PRICED = fact("prestashop.contenu.transporteur", "tarif et zone")

#: Delays of which one at least is plainly not the wanted one.
_DELAYS = ("Sous dix jours", "Dans un mois")


class RangeWanted(BaseModel):
    """What delivery costs for a cart between these weights or these prices."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Exact = Field(Decimal(0), ge=0, description="Le début de la tranche, compris.")
    end: Exact = Field(gt=0, description="La fin de la tranche, non comprise.")
    price: Exact = Field(ge=0, description="Ce que coûte la livraison, en euros.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.start >= self.end:
            raise ValueError("une tranche va du plus petit au plus grand")
        return self


class CarrierMade(Check, id="prestashop.contenu.carrier"):
    """Un transporteur est créé : nom, délai, zones de livraison et tarifs."""

    proves = (CREATED, PRICED)

    name: Annotated[WantedText, Refers("carriers.name")] = Field(description="Le nom du transporteur.")
    exists: bool = Field(False, description="Si le transporteur existe : seuls ses tarifs sont demandés.")
    delay: str = Field("", description="Le délai annoncé au client ; vide si non demandé.")
    by: Literal["poids", "prix"] = Field("poids", description="Si les tranches sont de poids (kg) ou de prix (euros).")
    zones: tuple[WantedText, ...] = Field((), description="Les zones livrées, toutes : ni plus, ni moins.")
    ranges: tuple[RangeWanted, ...] = Field((), description="Les tranches et leurs tarifs ; vide avec `free`.")
    prices_in: Taxes = Field("TTC", description="Si ces tarifs sont TTC ou HT.")
    vat: Exact | None = Field(None, ge=0, description="Le taux de sa TVA, en pour cent ; absent si non demandé.")
    free: bool = Field(False, description="Si la livraison est offerte.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if bool(self.zones) != bool(self.ranges or self.free):
            raise ValueError("les zones vont avec des tarifs (ranges) ou la gratuité (free)")
        if self.free and self.ranges:
            raise ValueError("une livraison offerte n’a pas de tranches")
        if not self.facts():
            raise ValueError("d’un transporteur qui existe, il faut demander les tarifs")
        return self

    def facts(self) -> tuple[str, ...]:
        """The carrier unless it was there; its zones and prices where they are asked."""
        asked = {CREATED: not self.exists, PRICED: bool(self.zones)}
        return tuple(one for one, wanted in asked.items() if wanted)

    def makes(self) -> Sequence[str]:
        """A new carrier, which a product of the same question may be delivered by."""
        return () if self.exists else (self.name,)

    def verify(self, site: Site) -> list[Finding]:
        """The carrier as its wizard shows it: what it costs and whom it is offered to."""
        known = carriers.carriers(site)
        exactly = [one for one in known if same(self.name, one.name)]
        renamed = [one for one in known if one.was(self.company, self.name)]
        mine = exactly or renamed or [one for one in known if nearly_same(self.name, one.name)]
        mine.sort(key=lambda one: one.active, reverse=True)
        note = site.note("les transporteurs", "\n".join(described(one) for one in known))
        expected = f"Le transporteur « {self.name} » est proposé aux clients"
        expected += f", avec le délai « {self.delay} »." if self.delay else "."
        prices = self._expected_prices()
        if not mine:
            why = f"Aucun transporteur ne s’appelle « {self.name} »."
            why += f" Transporteurs de la boutique : {quoted(one.name for one in known)}." if known else ""
            said = {CREATED: expected, PRICED: prices}
            return [Finding(one, Verdict.NOT_MET, said[one], why, (note,)) for one in self.facts()]
        offered = [one for one in mine if one.active] or mine[:1]
        found = []
        if CREATED in self.facts():
            verdict, observed = self._between(offered, self._created, self._offered)
            found.append(Finding(CREATED, verdict, expected, observed, (note,)))
        if PRICED in self.facts():
            verdict, observed = self._between(offered, self.priced, self._charging)
            found.append(Finding(PRICED, verdict, prices, observed, (note,)))
        return found

    def _between(
        self, offered: Sequence[Carrier], judge: Callable[[Carrier], Verdict], said: Callable[[Carrier], str]
    ) -> tuple[Verdict, str]:
        """The verdict on the carriers of that name that customers choose from; where it isn't one, a person's."""
        verdicts = {judge(one) for one in offered}
        observed = " ".join(dict.fromkeys(said(one) for one in offered))
        if len(verdicts) == 1 and not (self.exists and len(offered) > 1):
            return verdicts.pop(), observed
        return Verdict.TO_JUDGE, f"Plusieurs transporteurs de ce nom sont proposés : {observed}"

    def _created(self, seen: Carrier) -> Verdict:
        if not seen.active or not seen.for_customers:
            return Verdict.NOT_MET
        verdicts = [judged.likeness(self.name, [seen.name])]
        if self.delay:
            verdicts.append(announced(self.delay, seen.delay))
        if was_there(self.company, "carriers", seen.reference):
            verdicts.append(Verdict.TO_JUDGE)
        if self._holds_parcels_back(seen):
            verdicts.append(Verdict.TO_JUDGE)
        return judged.worst(verdicts)

    def _holds_parcels_back(self, seen: Carrier) -> bool:
        """Whether a parcel that the question means may be too big for it."""
        ends = [one.end for one in self.ranges] if self.by == "poids" else []
        return any(what != "poids" or not ends or most < max(ends) for what, most in seen.limits)

    def _offered(self, seen: Carrier) -> str:
        old = (
            " ; c’est un transporteur de l’entreprise, réécrit"
            if was_there(self.company, "carriers", seen.reference)
            else ""
        )
        whom = "" if seen.for_customers else ", mais les clients n’y ont pas accès"
        delay = f"délai : « {seen.delay} »" if seen.delay else "sans délai annoncé"
        return f"« {seen.name} » est {'actif' if seen.active else 'inactif'}{whom} ; {delay}{_limited(seen)}{old}."

    def _charging(self, seen: Carrier) -> str:
        """What it costs; and its limits, where no other finding says them."""
        if not self.exists:
            return f"{described(seen)}."
        unseen = "" if seen.active else " ; mais les clients ne peuvent pas le choisir"
        return f"{described(seen)}{_limited(seen)}{unseen}."

    def _expected_prices(self) -> str:
        zones = f"Zones : {', '.join(self.zones)}"
        if self.free:
            return f"{zones} ; livraison offerte."
        steps = " ; ".join(
            f"de {step_of(r.start, self.by)} à {step_of(r.end, self.by)} : {euros(r.price)} {self.prices_in}"
            for r in self.ranges
        )
        return f"{zones} ; selon le {self.by} ; {steps}" + f"{self._taxed()}."

    def _taxed(self) -> str:
        if self.vat is None:
            return ""
        return f" ; TVA {percent(self.vat)}" if self.vat else " ; sans TVA"

    def priced(self, seen: Carrier) -> Verdict:
        """Whether these zones, no more and no fewer, pay these prices, to the cent, with what handling adds.

        Nothing is paid where delivery is offered, nor where each step costs nothing: a person says whether the steps will do.
        """
        zones = {zone: fees for zone in self.zones for name, fees in seen.charged.items() if same(zone, name)}
        if len(zones) != len(self.zones) or len(seen.fees) != len(self.zones):
            return Verdict.NOT_MET
        if seen.free != self.free:
            asked = [one.price for one in self.ranges]
            paid = asked if seen.free else [fee for fees in zones.values() for fee in fees.values()]
            return Verdict.NOT_MET if any(paid) or not paid else Verdict.TO_JUDGE
        # Where it is asked whether the carrier is made, that tells of it.
        hindered = not seen.active or self._holds_parcels_back(seen)
        met = Verdict.TO_JUDGE if self.exists and hindered else Verdict.MET
        if self.free:
            return met
        if self.vat is not None and seen.rate != self.vat:
            return Verdict.NOT_MET
        wanted = {(one.start, one.end): cents(one.price) for one in self.ranges}
        taxed = Decimal(0) if self.prices_in == "HT" else seen.rate
        kept = [{step: with_tax(fee, taxed) for step, fee in fees.items()} for fees in zones.values()]
        if seen.by != self.by:
            # Where every cart pays the same, it doesn't matter by what.
            asked_of_all = next(iter(wanted.values())) if len(wanted) == 1 and not self.ranges[0].start else None
            same_for_all = asked_of_all is not None and all(flat(steps) == asked_of_all for steps in kept)
            return Verdict.TO_JUDGE if same_for_all else Verdict.NOT_MET
        if not all(joined(touching(steps, wanted)) == joined(wanted) for steps in kept):
            return Verdict.NOT_MET
        exactly = all(steps == wanted for steps in kept)
        return met if exactly and seen.handling is not None else Verdict.TO_JUDGE

    def ways(self) -> Sequence[Act]:
        """The wizard; switched on afterwards in the list, with prices typed for all zones at once."""

        def shown_later(desk: Desk) -> None:
            self._make(desk, active=False, all_at_once=True)
            screens.toggle(desk, self.name)

        return (
            Act("l’assistant, de bout en bout", self._make),
            Act("tarif de toutes les zones à la fois, puis activé dans la liste", shown_later),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Not offered, another name, given up; elsewhere, at another price, by the other measure."""
        made = self._make
        misses = [
            NearMiss("créé, mais inactif", CREATED, lambda desk: made(desk, active=False)),
            NearMiss("un autre nom", CREATED, self.but(name="Nouveau transporteur")._make),
        ]
        if self.delay:
            other = next(one for one in _DELAYS if announced(self.delay, one) is Verdict.NOT_MET)
            misses.append(NearMiss("un autre délai", CREATED, self.but(delay=other)._make))
        others = [zone for zone in ("Europe", "Amérique du Nord", "Asie") if not any(same(zone, z) for z in self.zones)]
        if self.zones:
            misses += [
                NearMiss("une autre zone", PRICED, self.but(zones=(others[0], *self.zones[1:]))._make),
                NearMiss("une zone de trop", PRICED, self.but(zones=(*self.zones, others[0]))._make),
            ]
        if not self.free:
            misses += [
                NearMiss("réservé aux visiteurs", CREATED, lambda desk: made(desk, customers=False)),
                NearMiss("assistant abandonné avant la fin", CREATED, lambda desk: made(desk, save=False)),
            ]
        if self.ranges:
            misses += self._price_misses()
        return [miss for miss in misses if miss.fact in self.facts()]

    def _price_misses(self) -> list[NearMiss]:
        def priced(change: Callable[[RangeWanted], Decimal]) -> Callable[[Desk], None]:
            return self.but(ranges=[{**one.model_dump(), "price": change(one)} for one in self.ranges])._make

        other = "prix" if self.by == "poids" else "poids"
        misses = [
            NearMiss("un centime de plus", PRICED, priced(lambda one: one.price + Decimal("0.01"))),
            NearMiss("frais de manutention ajoutés", PRICED, lambda desk: self._make(desk, handling=True)),
            *(
                [NearMiss(f"tranches de {other}", PRICED, self.but(by=other)._make)]
                if self.ranges[0].end < ANY_CART
                else []
            ),
        ]
        if any(one.price for one in self.ranges):
            misses.append(NearMiss("livraison offerte", PRICED, self.but(ranges=(), free=True, vat=None)._make))
        if self.vat:
            crossed = "HT" if self.prices_in == "TTC" else "TTC"
            misses += [
                NearMiss(f"tarifs saisis en {crossed}", PRICED, self.but(prices_in=crossed)._make),
                NearMiss("sans TVA", PRICED, self.but(vat=Decimal(0))._make),
            ]
        if len(self.ranges) > 1:
            misses.append(
                NearMiss(
                    "une tranche oubliée", PRICED, self.but(ranges=[r.model_dump() for r in self.ranges[:-1]])._make
                )
            )
        return misses

    def roads(self) -> Sequence[Road]:
        """A step made of two at one price; nothing to pay, by a step that costs nothing."""
        if not self.zones:
            return ()
        if self.free:
            for_nothing = self.but(free=False, ranges=[{"end": 10000, "price": 0}], by="prix")
            return (Road("une tranche à zéro euro", PRICED, for_nothing._make),)
        if len(self.ranges) == 1 and not self.ranges[0].start:
            other = "prix" if self.by == "poids" else "poids"
            of_all = [{"end": 10 * ANY_CART, "price": self.ranges[0].price}]
            return (Road(f"une seule tranche, de {other}", PRICED, self.but(by=other, ranges=of_all)._make),)
        *before, last = [one.model_dump() for one in self.ranges]
        middle = (last["start"] + last["end"]) / 2
        halves = [{**last, "end": middle}, {**last, "start": middle}]
        return (Road("la dernière tranche en deux, au même tarif", PRICED, self.but(ranges=[*before, *halves])._make),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One by weight, taxed; one that costs nothing."""
        return (
            cls(
                name="Messageries du Léon",
                delay="Chez vous, sous 24 heures",
                zones=("Europe",),
                ranges=(
                    RangeWanted(end=Decimal(5), price=Decimal("7.20")),
                    RangeWanted(start=Decimal(5), end=Decimal(20), price=Decimal("12.60")),
                ),
                prices_in="HT",
                vat=Decimal(20),
            ),
            cls(name="Tournée du fournil", zones=("Europe",), free=True),
        )

    def _make(
        self,
        desk: Desk,
        active: bool = True,
        customers: bool = True,
        save: bool = True,
        all_at_once: bool = False,
        handling: bool = False,
    ) -> None:
        wizard = open_wizard(desk, self.name if self.exists else "")
        wizard.name(self.name, self.delay or "Sous trois jours")
        if self.free:
            wizard.free(self.zones)
        else:
            rate = self.vat or Decimal(0)
            net = [r.price if self.prices_in == "HT" else r.price / (1 + rate / 100) for r in self.ranges]
            steps = [(r.start, r.end, round(price, 6)) for r, price in zip(self.ranges, net, strict=True)]
            zones = self.zones or ("Europe",)
            wizard.costs(self.by, rate, zones, steps or [(Decimal(0), Decimal(30), Decimal(5))], all_at_once)
        if handling:
            wizard.handling()
        if not customers:
            wizard.without_customers()
        wizard.active(active)
        if save:
            wizard.finish()


def _limited(seen: Carrier) -> str:
    """What is said of a carrier that takes no bigger parcels than some."""
    limits = ", ".join(
        f"{what} {most:f} {'kg' if what == 'poids' else 'cm'}".replace(".", ",") for what, most in seen.limits
    )
    return f" ; colis limités : {limits} au plus" if limits else ""
