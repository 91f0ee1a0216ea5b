"""Verdicts on the variants of a product: which there are, how much there is of each, and what each costs more."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from checks.prestashop.reading import seeded
from checks.prestashop.reading.money import Taxes, cents, euros, with_tax
from checks.prestashop.reading.product_verdicts import SOME_ORDERS, Judged, quantity_verdict, stock_in_words, worst
from checks.prestashop.reading.shop import Product
from checks.prestashop.reading.variants import Variant
from provisioner.french.text import numbered, quoted
from provisioner.subject.check import Verdict

_MET, _NOT_MET, _TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
_IMPACTS = "Impacts sur le prix"


class VariantLike(Protocol):
    """A wanted variant, as the check declares it."""

    @property
    def of(self) -> dict[str, str]:
        """Its values by attribute."""

    @property
    def quantity(self) -> int | None:
        """Its stock, where it is asked."""

    @property
    def impact(self) -> Decimal:
        """What it costs more."""

    @property
    def default(self) -> bool:
        """Whether it is the one that the page shows first."""


def is_short(wanted: Sequence[VariantLike], quantity: int | None, seen: Product) -> bool:
    """Whether there is less in stock than asked, of a variant or of the product: an order that tried the shop may be why."""
    lacking = any(
        one.is_(variant.of) and one.quantity < (variant.quantity or 0) for variant in wanted for one in seen.variants
    )
    return lacking or (quantity is not None and seen.quantity < quantity)


def combinations(company: Path, wanted: Sequence[VariantLike], seen: Product) -> Judged:
    """Exactly the wanted variants, no fewer, no more; the default one, where it is asked, is the right one."""
    matched = _matched(company, wanted, seen)
    met = all(one is not None for _, one in matched) and len(seen.variants) == len(wanted)
    first = next((variant for variant in wanted if variant.default), None)
    shown = next((one for one in seen.variants if one.default), None)
    many = numbered(len(wanted), "déclinaison")
    expected = f"Le produit a {many} : {quoted([_values(variant) for variant in wanted])}"
    observed = "Le produit n’a aucune déclinaison"
    if seen.variants:
        many = numbered(len(seen.variants), "déclinaison")
        observed = f"Le produit a {many} : {quoted([str(one) for one in seen.variants])}"
    if first is not None:
        expected += f" ; par défaut : « {_values(first)} »"
        observed += f" ; par défaut : « {shown} »" if shown else ""
    rightly_first = first is None or any(variant is first and one is shown for variant, one in matched)
    verdict = _unless_slips(_if(met and rightly_first), matched)
    return verdict, f"{expected}.", f"{observed}.{_written_otherwise(matched)}"


def quantities(company: Path, wanted: Sequence[VariantLike], seen: Product) -> Judged:
    """Each variant's own stock; of one that is missing, where the others are right, a person says what it costs."""
    asked = [(variant, one) for variant, one in _matched(company, wanted, seen) if variant.quantity is not None]
    there = [(variant, one) for variant, one in asked if one is not None]
    verdict = worst(quantity_verdict(variant.quantity, one) for variant, one in there)
    why = f" {SOME_ORDERS}" if verdict is _TO_JUDGE else ""
    if len(there) < len(asked):
        begun = any(variant.quantity and _made(company, one, seen) for variant, one in there)
        verdict = worst([verdict, _TO_JUDGE if begun else _NOT_MET])
    return (
        _unless_slips(verdict, asked),
        _of_each("Stock par déclinaison", [(variant, str(variant.quantity)) for variant, _ in asked]),
        _of_each(
            "Stock par déclinaison", [(variant, stock_in_words(one) if one else "absente") for variant, one in asked]
        )
        + why
        + _written_otherwise(asked),
    )


def impacts(
    company: Path, wanted: Sequence[VariantLike], taxes: Taxes, seen: Product, base: Decimal | None = None
) -> Judged:
    """What each variant costs more, to the cent.

    A variant that is missing costs nothing more; where it should, and another bears what is asked, a person says.
    Two amounts may each round to what is asked, and their sum to a cent more or less: with `base`, the price TTC that
    is asked, where the product has it, a visitor should find each variant at the sum, and a person says of that cent.
    """
    said: list[tuple[VariantLike, str]] = []
    met, lacking, nearly = True, False, False
    asked = f" Le prix de base est de {euros(base)} TTC." if base is not None else ""
    matched = _matched(company, wanted, seen)
    for variant, one in matched:
        if one is None:
            lacking = lacking or bool(variant.impact)
            said.append((variant, "absente"))
            continue
        impact, instead = _impact(one, taxes, seen), ""
        met = met and impact == cents(variant.impact)
        if base is not None and seen.price == cents(base) and one.price != cents(base + variant.impact):
            met = met and abs(one.price - cents(base + variant.impact)) == Decimal("0.01")
            nearly, instead = True, f" au lieu de {euros(base + variant.impact)}"
        said.append((variant, f"{euros(impact)} {taxes} (vendue {euros(one.price)} TTC{instead})"))
    expected = [(variant, f"{euros(variant.impact)} {taxes}") for variant in wanted]
    verdict = _unless_slips(_if(met), matched)
    if nearly:
        verdict = worst([verdict, _TO_JUDGE])
    if lacking:
        amounts = {cents(variant.impact) for variant in wanted if variant.impact}
        begun = any(_impact(one, taxes, seen) in amounts and _made(company, one, seen) for one in seen.variants)
        verdict = worst([verdict, _TO_JUDGE if begun else _NOT_MET])
    observed = _of_each(_IMPACTS, said) + _written_otherwise(matched)
    return verdict, _of_each(_IMPACTS, expected) + asked, observed


def prices_due(
    company: Path, wanted: Sequence[VariantLike], base: Decimal, base_in: Taxes, impacts_in: Taxes, seen: Product
) -> list[Variant]:
    """The product's variants, where each wanted one is there and sold at its price, to the cent; else none.

    What is asked is the price of one without impact, and each impact: a candidate may count them from another variant.
    """

    def gross(amount: Decimal, taxes: Taxes) -> Decimal:
        return amount if taxes == "TTC" else amount * (1 + seen.rate / 100)

    found = [
        one
        for variant, one in _matched(company, wanted, seen)
        if one is not None and one.price == cents(gross(base, base_in) + gross(variant.impact, impacts_in))
    ]
    return found if len(found) == len(wanted) else []


def _impact(one: Variant, taxes: Taxes, seen: Product) -> Decimal:
    return cents(one.impact) if taxes == "HT" else with_tax(one.impact, seen.rate)


def _made(company: Path, one: Variant, seen: Product) -> bool:
    """Whether the product didn't have that variant before the work."""
    return not any(one.is_(of) for of in seeded.variants(company, seen.id))


def _matched(company: Path, wanted: Sequence[VariantLike], seen: Product) -> list[tuple[VariantLike, Variant | None]]:
    """Each of the wanted variants with the shop's own; where none has its values, one that has them with a slip."""
    exactly = [next((one for one in seen.variants if one.is_(variant.of)), None) for variant in wanted]
    spare = [one for one in seen.variants if not any(one is other for other in exactly)]
    nearly = [next((one for one in spare if one.perhaps(company, variant.of)), None) for variant in wanted]
    return [(variant, own or near) for variant, own, near in zip(wanted, exactly, nearly, strict=True)]


def _unless_slips(verdict: Verdict, matched: Iterable[tuple[VariantLike, Variant | None]]) -> Verdict:
    """The verdict; at best for a person to say, where a variant was taken for the wanted one in spite of a slip."""
    slips = any(one is not None and not one.is_(variant.of) for variant, one in matched)
    return worst([verdict, _TO_JUDGE]) if slips else verdict


def _written_otherwise(matched: Iterable[tuple[VariantLike, Variant | None]]) -> str:
    """What is said of the variants that were taken for wanted ones in spite of a slip, or of an attribute's other name."""
    slips = [
        ", ".join(f"{group} : {value}" for group, value in one.of.items())
        for variant, one in matched
        if one is not None and not one.is_(variant.of)
    ]
    return f" À lire, ce qui est écrit autrement : {quoted(slips)}." if slips else ""


def _of_each(what: str, said: Iterable[tuple[VariantLike, str]]) -> str:
    """What is said of each variant, as a sentence: « Stock par déclinaison : « 300 g », 40 ; « 500 g », 25. »"""
    return f"{what} : {' ; '.join(f'« {_values(variant)} », {of}' for variant, of in said)}."


def _values(variant: VariantLike) -> str:
    return ", ".join(variant.of.values())


def _if(met: bool) -> Verdict:
    return _MET if met else _NOT_MET
