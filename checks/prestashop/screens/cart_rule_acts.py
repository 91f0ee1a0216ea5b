"""How a candidate makes a rule of the cart, gets it almost right, and comes to it by roads that its check doesn't foresee."""

from collections.abc import Callable, Sequence
from datetime import time
from decimal import Decimal
from functools import partial
from pathlib import Path

from checks.prestashop.reading.seeded import rows
from checks.prestashop.screens.cart_rules import add
from checks.prestashop.screens.wanted_cart_rule import CODE, PERIOD, RULE, WantedCartRule
from provisioner.french.text import same
from provisioner.subject.check import Act, Desk, NearMiss, Road, Verdict


def ways(wanted: WantedCartRule) -> list[Act]:
    """One screen, with three tabs, where many leave the one order that it proposes; a period has several honest bounds."""
    # The screen takes an amount in euros off an order or off one product, never off a selection.
    alone = wanted.on == "produits" and wanted.unit != "%"
    make = partial(add, wanted=wanted, by_product=alone)
    found = [Act("la page des règles panier", make)]
    if wanted.times is None:
        found.append(Act("nombre de commandes laissé tel quel", partial(make, times="")))
    if wanted.lasts:
        found.append(Act("jusqu’à la fin du dernier jour", partial(make, end_at=time(23, 59, 59), longer=-1)))
    if wanted.on == "produits" and len(wanted.products) == 1 and wanted.pieces == 1 and not alone:
        found.append(
            Act("la remise sur un produit précis, sans sélection", partial(add, wanted=wanted, by_product=True))
        )
    return found


def near_misses(wanted: WantedCartRule) -> list[NearMiss]:
    """Another reduction, another minimum, another code, other days; bound to nothing, or to something else."""
    alone = wanted.on == "produits" and wanted.unit != "%"
    make = partial(add, wanted=wanted, by_product=alone)
    misses = [NearMiss("désactivée", RULE, partial(make, active=False)), *_other_reductions(wanted)]
    if wanted.minimum:
        misses.append(NearMiss("sans montant minimal", RULE, _changed(wanted, minimum=None)))
        if wanted.minimum_taxes == "TTC":  # the screen proposes the other
            misses.append(NearMiss("montant minimal laissé HT", RULE, _changed(wanted, minimum_taxes="HT")))
    if wanted.code:
        misses += [
            NearMiss("un autre code", CODE, _changed(wanted, code=wanted.code + "1")),
            NearMiss("sans code", CODE, _changed(wanted, code="")),
        ]
    if wanted.lasts:
        less = partial(make, longer=-2, end_at=time(23, 59, 59))
        misses += [
            NearMiss("fini avant le dernier jour", PERIOD, partial(make, longer=-2)),
            NearMiss("un jour de moins, jusqu’à son soir", PERIOD, less),
            NearMiss("un jour de plus", PERIOD, partial(make, longer=1)),
        ]
    return [*misses, *_other_bounds(wanted)]


def _other_reductions(wanted: WantedCartRule) -> list[NearMiss]:
    if wanted.unit == "port offert":
        return [NearMiss("remise au lieu du port", RULE, _changed(wanted, unit="TTC", reduction=5))]
    misses = [NearMiss("remise de moitié", RULE, _changed(wanted, reduction=wanted.reduction / 2))]
    if wanted.unit == "%":
        if wanted.on == "commande":
            misses.append(NearMiss("montant au lieu d’un pourcentage", RULE, _changed(wanted, unit="TTC")))
        return misses
    other = "HT" if wanted.unit == "TTC" else "TTC"
    misses.append(NearMiss("HT au lieu de TTC, ou l’inverse", RULE, _changed(wanted, unit=other)))
    if wanted.reduction <= 100:
        misses.append(NearMiss("pourcentage au lieu d’un montant", RULE, _changed(wanted, unit="%")))
    return misses


def _other_bounds(wanted: WantedCartRule) -> list[NearMiss]:
    """One bound forgotten, or something else in its place."""
    misses = []
    free = {"products": (), "categories": (), "pieces": 1, "on": "commande"}
    if wanted.products:
        other = _other_name(wanted.company, "products", wanted.products)
        misses += [
            NearMiss("sur toute la commande", RULE, _changed(wanted, **free)),
            NearMiss("sur un autre produit", RULE, _changed(wanted, products=(other,))),
        ]
    if wanted.categories:
        other = _other_name(wanted.company, "categories", wanted.categories)
        misses += [
            NearMiss("sans sélection de catégorie", RULE, _changed(wanted, **free)),
            NearMiss("une autre catégorie", RULE, _changed(wanted, categories=(other,))),
        ]
    if wanted.pieces > 1:
        misses.append(NearMiss("dès le premier article", RULE, _changed(wanted, pieces=1)))
    if wanted.carriers:
        carrier = _other_name(wanted.company, "carriers", wanted.carriers)
        misses += [
            NearMiss("pour tous les transporteurs", RULE, _changed(wanted, carriers=())),
            NearMiss("un transporteur de trop", RULE, _changed(wanted, carriers=(*wanted.carriers, carrier))),
        ]
    if wanted.countries:
        misses.append(NearMiss("pour tous les pays", RULE, _changed(wanted, countries=())))
    if wanted.group:
        misses += [
            NearMiss("pour tous les groupes", RULE, _changed(wanted, group="")),
            NearMiss(
                "un autre groupe", RULE, _changed(wanted, group=_other_name(wanted.company, "groups", (wanted.group,)))
            ),
        ]
    for name, field in (("un autre nombre en tout", "times"), ("un autre nombre par client", "per_customer")):
        if (asked := getattr(wanted, field)) is not None:
            misses.append(NearMiss(name, RULE, _changed(wanted, **{field: asked + 1})))
    return misses


def _other_name(company: Path, table: str, names: Sequence[str]) -> str:
    """One of the company's that is none of these."""
    return next(
        str(row["name"])
        for _, row in rows(company, table)
        if row.get("active", True) and not any(same(one, row["name"]) for one in names)
    )


def _changed(wanted: WantedCartRule, **changed: object) -> Callable[[Desk], None]:
    """Make the rule with some of its values changed."""

    def run(desk: Desk) -> None:
        other = wanted.but(**changed)
        add(desk, other, by_product=other.on == "produits" and other.unit != "%")

    return run


def roads(wanted: WantedCartRule) -> list[Road]:
    """Another rule that the cart has too."""

    def beside(desk: Desk) -> None:
        ways(wanted)[0].run(desk)
        free = {"products": (), "categories": (), "pieces": 1, "on": "commande", "carriers": (), "countries": ()}
        more = wanted.but(**free, group="", reduction=Decimal("0.5"), unit="TTC", code="", minimum=None)
        add(desk, more, name="Petit cadeau")

    if wanted.unit == "port offert":
        return []
    return [Road("une autre règle s’applique aussi au panier", RULE, beside, Verdict.MET)]
