"""What the rows of a context's shop say, held against each other and against what the texts repeat of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from provisioner.context.texts import Fault, Passage, by_the_company, strings
from provisioner.french import figures
from provisioner.french.text import fold

#: What an ingredient brings along.
_ALLERGENS = {
    "gluten": r"\bfarine de ble\b",
    "lait": r"\b(?:beurre|creme|lait|tomme)\b",
    "oeufs": r"\boeufs?\b",
    "sesame": r"\bsesame\b",
    "moutarde": r"\bmoutarde\b",
    "amandes": r"\bamandes?\b",
}
_WEIGHT = re.compile(r"(\d+(?:\.\d+)?) (k?g)\b")
#: A box of 950 g is one of "1 kg".
_ABOUT = 0.06


def misstocked(
    context: Mapping[str, Any], shop: Mapping[str, Any], passages: Iterable[Passage], sheets: Mapping[str, Any]
) -> Iterator[Fault]:
    """Where discounts, delays, thresholds, weights and allergens are told otherwise; `sheets` is what subjects make of a product."""
    passages = [passage for passage in passages if by_the_company(passage)]
    yield from _discounts(context, shop, passages)
    yield from _carriers(shop, passages)
    yield from _allergens(shop)
    yield from _weights(context, shop, passages, sheets)


def _discounts(context: Mapping[str, Any], shop: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """What a group of customers is promised, per cent, in the same clause or at least the same sentence."""
    groups = {_kind(group["name"]): group["reduction"] for group in shop.get("groups", [])}
    texts = [("context.toml", text) for text in strings(context)]
    described = set[str]()
    for where, text in (*texts, *((passage.where, passage.text) for passage in passages)):
        for sentence in re.split(r"[.;] ", fold(text)):
            for clause in sentence.split(", "):
                for percent in re.findall(r"(?<![\d,.])(\d+(?:[.,]\d+)?) ?%", clause):
                    named = _named(clause, groups) or _named(sentence, groups)
                    described |= named if where == "context.toml" else set()
                    if named and percent not in {f"{groups[name]:g}" for name in named}:
                        right = ", ".join(f"{groups[name]:g} %" for name in sorted(named))
                        yield Fault(where, f"« {text[:80]} » : {right} en boutique")
    for group in shop.get("groups", []):
        if context.get("professionals") and _kind(group["name"]) not in described:
            yield Fault("context.toml", f"{group['name']} : la remise de {group['reduction']:g} % n'y est pas")


def _kind(group: str) -> str:
    """What they are called in a sentence: "comite", "epicerie"."""
    return fold(group).split()[0].rstrip("s")


def _named(text: str, groups: Iterable[str]) -> set[str]:
    return {group for group in groups if re.search(rf"\b{group}s?\b", text)}


def _carriers(shop: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """Passages that name a carrier: the amount from which it is free, how long it takes."""
    for carrier in shop.get("carriers", []):
        free = {f"{low} €" for low, _, price in carrier["ranges"] if not price}
        takes, name = set(_times(carrier["delay"])), fold(carrier["name"])
        for passage in (passage for passage in passages if name in passage.plain):
            thresholds = set(re.findall(r"\bdes (\d+ €)", passage.plain))
            if thresholds - free:
                yield Fault(
                    passage.where, f"« {passage.text[:80]} » : {', '.join(free) or 'jamais gratuit'} en boutique"
                )
            if set(_times(passage.text)) - takes:
                yield Fault(passage.where, f"« {passage.text[:80]} » : « {carrier['delay']} » en boutique")


def _times(text: str) -> list[str]:
    """Every bound of the delays of a text: "de trois à cinq jours" has two."""
    found = re.findall(r"(?:(\d+) (?:a|ou) )?(\d+) (jour|heure)", figures.in_figures(fold(text)))
    return [f"{number} {unit}" for *numbers, unit in found for number in numbers if number]


def _allergens(shop: Mapping[str, Any]) -> Iterator[Fault]:
    """A pack has those of what is in it, a product those of the ingredients that it lists ("Farine de blé, …")."""
    allergens = {product["slug"]: _listed(product) for product in shop.get("products", [])}
    for product in shop.get("products", []):
        if "allergenes" not in product.get("features", {}):
            continue
        ingredients = fold(product.get("description", "")).split(". ")[0]
        due = {name for name, how in _ALLERGENS.items() if re.search(how, ingredients)}
        due = due if ingredients.startswith("farine") else set()
        within = set[str]().union(*(allergens.get(item["product"], set()) for item in product.get("pack", [])))
        missing, extra = (
            (due | within) - allergens[product["slug"]],
            allergens[product["slug"]] - within if product.get("pack") else set(),
        )
        if missing or extra:
            what = ", ".join(sorted(missing)) or ", ".join(sorted(extra)) + " en trop"
            yield Fault("boutique", f"{product['name']} : allergènes de sa fiche ou de son contenu ({what})")


def _listed(product: Mapping[str, Any]) -> set[str]:
    return set(filter(None, fold(product.get("features", {}).get("allergenes", "")).split(", ")))


def _weights(
    context: Mapping[str, Any], shop: Mapping[str, Any], passages: Iterable[Passage], sheets: Mapping[str, Any]
) -> Iterator[Fault]:
    """Rows of a table of families: from the lightest to the heaviest that the shop, or a supermarket, has of it."""
    retail = set(_grams(context.get("retail", {}).get("note", "")))
    for passage in passages:
        if not {"famille", "poids"} <= set(passage.cells):
            continue
        family = next((row for row in shop["categories"] if fold(row["name"]) == fold(passage.cells["famille"])), None)
        if family is None:
            yield Fault(passage.where, f"« {passage.text[:80]} » : la boutique n'a pas cette famille")
            continue
        known = set[float]()
        for product in shop["products"]:
            if family["slug"] == product["category"]:
                known |= _weighed(product) | set(_grams(str(sheets.get(product["name"], ""))))
        weights = list(_grams(passage.cells["poids"]))
        stray = [weight for weight in weights if not _any_like(weight, known | retail)]
        if known and (stray or not all(_any_like(weight, weights) for weight in (min(known), max(known)))):
            what = f"de {min(known):g} à {max(known):g} g en boutique"
            yield Fault(passage.where, f"« {passage.text[:80]} » : {what}")


def _weighed(product: Mapping[str, Any]) -> set[float]:
    if "weight" not in product:
        return set()
    return {round(1000 * (product["weight"] + variant.get("weight", 0))) for variant in product.get("variants", [{}])}


def _grams(text: str) -> Iterator[float]:
    for number, unit in _WEIGHT.findall(figures.spelled_once(fold(text))):
        yield float(number) * (1000 if unit == "kg" else 1)


def _any_like(weight: float, known: Iterable[float]) -> bool:
    return any(abs(weight - other) <= _ABOUT * other for other in known)
