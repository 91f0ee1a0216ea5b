"""Verdicts on how a product is sold: at what price, with what VAT, and whether when there is none left."""

from decimal import Decimal

from checks.prestashop.reading.money import Taxes, cents, euros, percent
from checks.prestashop.reading.product_verdicts import Judged, yes_or_no
from checks.prestashop.reading.shop import Product
from provisioner.subject.check import Verdict

#: How the names of the rules for what is sold in France begin; others may have a rate of theirs.
_FRENCH = "FR "


def price(wanted: Decimal, taxes: Taxes, rate: Decimal, seen: Product) -> Judged:
    """The base price to the cent, and its VAT rate; the rate by another rule than a French one is for a person."""
    shown = seen.price if taxes == "TTC" else seen.net
    right = shown == cents(wanted) and seen.rate == rate
    usual = seen.tax_rule.startswith(_FRENCH) or not rate
    rule = f", par la règle « {seen.tax_rule} »" if seen.tax_rule else ", sans règle de taxe"
    rule += "" if usual or not right else f", et non par une règle pour la France (« {_FRENCH}… »)"
    return (
        Verdict.NOT_MET if not right else Verdict.MET if usual else Verdict.TO_JUDGE,
        f"Le prix de base est de {euros(wanted)} {taxes}, avec une TVA de {percent(rate)}.",
        f"Le prix de base est de {euros(seen.price)} TTC ({euros(seen.net)} HT), avec une TVA de {percent(seen.rate)}{rule}.",
    )


def when_out(wanted: bool, seen: Product) -> Judged:
    """Whether it may be ordered when there is none left; where the shop's own setting was opened for it, a person says."""
    yes, no = (f"Les commandes sont {so} en rupture de stock" for so in ("acceptées", "refusées"))
    verdict, expected, observed = yes_or_no(wanted, seen.order_when_out, yes, no)
    if verdict is Verdict.MET and wanted and not seen.own_when_out:
        return Verdict.TO_JUDGE, expected, f"{yes}, par le réglage de la boutique, et non par celui du produit."
    return verdict, expected, observed
