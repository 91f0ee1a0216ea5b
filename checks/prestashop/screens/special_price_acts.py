"""How a candidate gets a specific price almost right, and to the same end by roads that its check doesn't foresee."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Literal

from checks.prestashop.reading.money import cents
from checks.prestashop.reading.seeded import main_category, price_of, rows, seeded_number
from checks.prestashop.screens import catalogue_rules
from checks.prestashop.screens.disturbances import give_price, hide_prices, show_net_prices
from checks.prestashop.screens.special_prices import WantedPrice, give
from provisioner.french.text import same
from provisioner.subject.check import Desk, NearMiss, Road, Verdict
from provisioner.subject.functionalities import fact

_LINE = "prestashop.commandes-et-promotions.promotions"
PRICE = fact(_LINE, "prix spécifique")
BANNER = fact(_LINE, "bandeau promo")
PERIOD = fact(_LINE, "période")
MINIMUM = fact(_LINE, "quantité minimale")


@dataclass(frozen=True)
class _Rule:
    """A price rule of the catalogue that gives the same to the whole category."""

    category: str
    reduction: Decimal
    unit: Literal["%", "TTC", "HT"]
    minimum: int
    lasts: str


def near_misses(wanted: WantedPrice) -> list[NearMiss]:
    """Another reduction, another product, another country, another quantity, other days; the flag left out."""

    def made(**changed: object) -> Callable[[Desk], None]:
        return lambda desk: give(desk, wanted.but(**changed))

    misses = []
    if wanted.reduction is not None:
        counted = "montant au lieu d’un pourcentage" if wanted.unit == "%" else "HT au lieu de TTC, ou l’inverse"
        misses += [
            NearMiss(counted, PRICE, made(unit="HT" if wanted.unit == "TTC" else "TTC")),
            NearMiss("remise de moitié", PRICE, made(reduction=wanted.reduction / 2)),
            NearMiss("un autre produit", PRICE, partial(give, wanted=wanted, neighbour=True)),
            NearMiss("formulaire du prix non validé", PRICE, partial(give, wanted=wanted, kept=False)),
            NearMiss("réservé à un autre pays", PRICE, partial(give, wanted=wanted, abroad=True)),
        ]
        if wanted.unit != "%" and wanted.reduction <= 100:
            misses.append(NearMiss("pourcentage au lieu d’un montant", PRICE, made(unit="%")))
    if wanted.group:
        other = next(row["name"] for _, row in rows(wanted.company, "groups") if not same(wanted.group, row["name"]))
        misses += [
            NearMiss("groupe oublié", PRICE, made(group="")),
            NearMiss("un autre groupe", PRICE, made(group=other)),
        ]
    if wanted.minimum > 1:
        misses += [
            NearMiss("un produit de moins", MINIMUM, made(minimum=wanted.minimum - 1))
            if wanted.minimum > 2
            else NearMiss("un produit de plus", MINIMUM, made(minimum=wanted.minimum + 1)),
            NearMiss("dès le premier produit", MINIMUM, made(minimum=1)),
        ]
    elif wanted.reduction is not None:
        misses.append(NearMiss("à partir de cinq produits", PRICE, made(minimum=5)))
    if wanted.lasts:
        misses += [
            NearMiss("deux jours de moins", PERIOD, partial(give, wanted=wanted, longer=-2)),
            NearMiss("sans dates", PERIOD, made(starts="", lasts="")),
        ]
    if wanted.banner:
        misses += [
            NearMiss("bandeau oublié", BANNER, partial(give, wanted=wanted, banner=False)),
            NearMiss("bandeau sur un autre produit", BANNER, partial(give, wanted=wanted, neighbour=True)),
        ]
    return misses


def roads(wanted: WantedPrice) -> list[Road]:
    """The same price by another screen; another base price beside it; what another question changes."""

    def then(change: Callable[[Desk], object]) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            give(desk, wanted)
            change(desk)

        return run

    found = [Road("prix cachés ensuite aux visiteurs", BANNER, then(hide_prices))] if wanted.banner else []
    if wanted.reduction is None:
        return found
    number = seeded_number(wanted.company, wanted.product)
    base, category = price_of(wanted.company, number), main_category(wanted.company, number)
    if base is not None:
        lower = then(lambda desk: give_price(desk, wanted.product, base - 1))
        found.append(Road("prix de base baissé à côté", PRICE, lower))
    if wanted.group or base is None:
        return found
    found.append(Road("prix montrés ensuite HT aux visiteurs", PRICE, then(show_net_prices), Verdict.MET))
    if wanted.unit == "%":
        amount = base - cents(base * (1 - wanted.reduction / 100))
        same_price = partial(give, wanted=wanted.but(unit="TTC", reduction=amount))
        found.append(Road("le même prix, par un montant en euros", PRICE, same_price))
    rule = _Rule(category, wanted.reduction, wanted.unit, wanted.minimum, wanted.lasts)
    found.append(Road("règle de prix catalogue sur sa catégorie", PRICE, lambda desk: catalogue_rules.add(desk, rule)))
    return found
