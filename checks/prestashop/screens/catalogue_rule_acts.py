"""How a candidate gets a price rule of the catalogue almost right, and to the same end by roads that its check doesn't foresee."""

from collections.abc import Callable
from datetime import time

from checks.prestashop.reading.catalogue_rules import Unit
from checks.prestashop.reading.seeded import name_of, price_of, products_in
from checks.prestashop.screens.catalogue_rules import ChangeableRule, add
from checks.prestashop.screens.disturbances import give_price, hide_prices, show_net_prices
from provisioner.subject.check import Desk, NearMiss, Road, Verdict
from provisioner.subject.functionalities import fact

_LINE = "prestashop.commandes-et-promotions.promotions"
RULE = fact(_LINE, "règle catalogue")
PERIOD = fact(_LINE, "période")
MINIMUM = fact(_LINE, "quantité minimale")


def near_misses(wanted: ChangeableRule) -> list[NearMiss]:
    """Another reduction, another category, another quantity, other days."""

    def made(**changed: object) -> Callable[[Desk], None]:
        return lambda desk: add(desk, wanted.but(**changed))

    other: Unit = "TTC" if wanted.unit == "%" else "%"
    misses = [
        NearMiss(f"remise en {other} au lieu de {wanted.unit}", RULE, made(unit=other)),
        NearMiss("remise de moitié", RULE, made(reduction=wanted.reduction / 2)),
        NearMiss("une autre catégorie", RULE, lambda desk: add(desk, wanted, other_category=True)),
        NearMiss("sans condition de catégorie", RULE, lambda desk: add(desk, wanted, conditions=False)),
        NearMiss("réservée à un groupe", RULE, lambda desk: add(desk, wanted, everybody=False)),
        NearMiss("réservée à un autre pays", RULE, lambda desk: add(desk, wanted, abroad=True)),
        NearMiss("saisie sans enregistrer", RULE, lambda desk: add(desk, wanted, save=False)),
    ]
    if wanted.unit != "%":
        misses.append(
            NearMiss("HT au lieu de TTC, ou l’inverse", RULE, made(unit="HT" if wanted.unit == "TTC" else "TTC"))
        )
    if wanted.lasts:
        misses += [
            NearMiss("fini avant le dernier jour", PERIOD, lambda desk: add(desk, wanted, longer=-2)),
            NearMiss(
                "un jour de moins, jusqu’à son soir",
                PERIOD,
                lambda desk: add(desk, wanted, longer=-2, end_at=time(23, 59, 59)),
            ),
            NearMiss("un jour de plus", PERIOD, lambda desk: add(desk, wanted, longer=1)),
            NearMiss("à partir de demain", PERIOD, lambda desk: add(desk, wanted, later=1)),
            NearMiss("sans dates", PERIOD, lambda desk: add(desk, wanted, dated=False)),
        ]
    if wanted.minimum > 1:
        misses += [
            NearMiss("un produit de moins", MINIMUM, made(minimum=wanted.minimum - 1))
            if wanted.minimum > 2
            else NearMiss("un produit de plus", MINIMUM, made(minimum=wanted.minimum + 1)),
            NearMiss("dès le premier produit", MINIMUM, made(minimum=1)),
        ]
    else:
        misses.append(NearMiss("à partir de cinq produits", RULE, made(minimum=5)))
    return misses


def roads(wanted: ChangeableRule) -> list[Road]:
    """For those whose prices are looked at alone; other base prices beside it; what another question changes."""

    def then(change: Callable[[Desk], object]) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            add(desk, wanted)
            change(desk)

        return run

    found = [
        Road("réservée aux visiteurs", RULE, lambda desk: add(desk, wanted, visitors=True)),
        Road("prix cachés ensuite aux visiteurs", RULE, then(hide_prices)),
        Road("prix montrés ensuite HT aux visiteurs", RULE, then(show_net_prices), Verdict.MET),
    ]
    inside = products_in(wanted.company, wanted.category)
    name, base = (name_of(wanted.company, inside[-1]), price_of(wanted.company, inside[-1])) if inside else ("", None)
    if base is not None:
        lower = then(lambda desk: give_price(desk, name, base - 1))
        found.append(Road("prix de base baissé à côté", RULE, lower))
    return found if inside else []
