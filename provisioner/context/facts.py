"""What several texts of a context say of one thing, held against each other.

Prices are the shop's (its seed); of a sheet that waits to be completed, what the subjects and the offers to
works councils say.
What else is said in several places stands in the context's `facts.toml`: each `[[facts]]` has `said`, how it is
put (a regular expression on folded text, in which `#` is a number, in figures or in letters), `about`, what the
passage or a heading above it must speak of, and `key`, where context.toml says it. The numbers there are the
right ones; of a list without any, how many it names. Without a key, all passages must agree.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioner.context.company import misdescribed
from provisioner.context.shop import misstocked
from provisioner.context.texts import Fault, Passage, read_passages, strings
from provisioner.french import figures
from provisioner.french.text import fold
from provisioner.host.toml_files import read_toml

_AMOUNT = re.compile(r"(?<!\bdes )(?<!\w)(\d+(?:\.\d+)?)(?: (?:a|et|ou) (\d+(?:\.\d+)?))? €")
_SPAN = re.compile(r"\bde (\d+(?:\.\d+)?)(?: €)? a (\d+(?:\.\d+)?) €")
_FOOD = 5.5
_WITHOUT_TAX = re.compile(r"\bhors taxes?\b|\bht\b")


def disagreements(scenario: Path) -> Iterator[Fault]:
    """What the company's description, its shop, its texts and its documents tell differently."""
    context = read_toml(scenario / "context.toml")
    seeds = {f"{path.parent.name}/{path.name}": read_toml(path) for path in sorted(scenario.glob("*/seed.toml"))}
    path, shop = next(((path, seed) for path, seed in seeds.items() if "products" in seed), ("", {}))
    every_passage, sheets = list(read_passages(scenario)), _sheets(scenario)
    for document in sorted(scenario.glob("media/*.pdf")):
        if not any(passage.where == document.name for passage in every_passage):
            yield Fault(document.name, "document illisible : faites-le par media/make_documents.py")
    files = [
        file.read_text(encoding="utf-8") for file in (*scenario.glob("*/texts/*.html"), *scenario.glob("*/seed.toml"))
    ]
    yield from _people(context, seeds)
    yield from misdescribed(context, seeds, every_passage, [*files, *(passage.text for passage in every_passage)])
    yield from _offers(context, shop, every_passage)
    yield from _sheets_apart(context, shop, sheets)
    yield from _ranges(context, shop, every_passage)
    yield from misstocked(context, shop, every_passage, sheets)
    # What the shop's own texts say of prices are thresholds and past promotions.
    yield from mispriced(
        [passage for passage in every_passage if not path or path not in passage.where], _prices(context, shop, sheets)
    )
    listed = scenario / "facts.toml"
    for fact in read_toml(listed)["facts"] if listed.exists() else []:
        yield from contradicted(every_passage, context, Fact(**fact))


def _people(context: Mapping[str, Any], seeds: Mapping[str, Any]) -> Iterator[Fault]:
    """Accounts of people whom the company doesn't know; one of nobody says nothing `about` himself."""
    known = {person["name"] for person in context.get("people", [])}
    for path, seed in seeds.items():
        for account in [*seed.get("employees", []), *(user for user in seed.get("users", []) if "about" in user)]:
            if (name := f"{account['first_name']} {account['last_name']}") not in known:
                yield Fault(path, f"{name} a un compte, mais n'est pas dans context.toml")


def _offers(context: Mapping[str, Any], shop: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """What works councils are offered, as the shop, its orders and the tables of the texts have it."""
    products = {product["name"]: product for product in shop.get("products", [])}
    for offer in context.get("works_councils", {}).get("offers", []):
        product = products.get(offer["name"])
        if not product:
            yield Fault("context.toml", f"{offer['name']} : la boutique n'a pas ce produit")
            continue
        if product.get("price", offer["price"]) != offer["price"]:
            shown = f"{_euros(offer['price'])}, mais {_euros(product['price'])} en boutique"
            yield Fault("context.toml", f"{offer['name']} : {shown}")
        bags, shown_bags = (_bags(text) for text in (offer.get("contents", ""), product.get("description", "")))
        if bags and shown_bags and bags != shown_bags:
            yield Fault(
                "context.toml", f"{offer['name']} : {bags} sachets, mais {shown_bags} sur sa fiche de la boutique"
            )
        yield from _too_few(offer, product["slug"], shop)
        yield from _misquoted(offer, passages)


def _too_few(offer: Mapping[str, Any], slug: str, shop: Mapping[str, Any]) -> Iterator[Fault]:
    """Orders of works councils below the least quantity."""
    groups = {group["slug"] for group in shop.get("groups", []) if "comites sociaux" in fold(group["name"])}
    councils = {customer["email"] for customer in shop.get("customers", []) if customer.get("group") in groups}
    for order in shop.get("orders", []):
        for line in order["lines"] if order["customer"] in councils else []:
            if line["product"] == slug and line["quantity"] < offer["minimum"]:
                what = f"{line['quantity']} × {offer['name']}, mais {offer['minimum']} au moins d'après context.toml"
                yield Fault(f"commande {order['slug']}", f"un comité commande {what}")


def _misquoted(offer: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """Rows of tables with another least quantity or another price."""
    name = fold(offer["name"])
    for passage in passages:
        if name in passage.plain and "minim" in fold(" ".join(passage.about[:1])):
            least = re.findall(r"(?<![\d.,])(\d+)(?= (?:coffret|boite|\d+[.,]\d+ €))", fold(passage.text))
            if least != [str(offer["minimum"])] or _amounts(passage.text) not in ([], [offer["price"]]):
                wanted = f"au moins {offer['minimum']}, à {_euros(offer['price'])}, d'après context.toml"
                yield Fault(passage.where, f"« {passage.text[:80]} » : {wanted}")


def _bags(text: str) -> int:
    """How many bags a text counts up."""
    plain = re.sub(r"\bun (?=sachet|d)", "1 ", figures.in_figures(fold(text)))
    bags = re.findall(r"(\d+) (sachets?\b|d(?:e |'))", plain)
    return sum(int(number) for number, of in bags) if any(of.startswith("sachet") for _, of in bags) else 0


def _ranges(context: Mapping[str, Any], shop: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """Ranges and the shop's categories: names, and what is in them; headings of documents use these names."""
    categories = {category["slug"]: category["name"] for category in shop.get("categories", [])}
    ranges = context.get("ranges", [])
    for described in ranges:
        shelf = [
            product["name"]
            for product in shop.get("products", [])
            if _plain(described["name"]).startswith(_plain(categories.get(product["category"], "-")))
        ]
        yield from _misplaced(described, shop, categories)
        for name in shelf:
            if name not in described["products"]:
                yield Fault("context.toml", f"{described['name']} : « {name} » y manque, la boutique l'a")
        yield from _miscounted(described["name"], len(shelf), passages)
    yield from _unknown_headings({*categories.values(), *(described["name"] for described in ranges)}, passages)


def _misplaced(described: Mapping[str, Any], shop: Mapping[str, Any], categories: Mapping[str, str]) -> Iterator[Fault]:
    """Products of a range that the shop lacks, or has in the category of another range."""
    products = {product["name"]: product for product in shop.get("products", [])}
    for name in described["products"]:
        if name not in products:
            yield Fault("context.toml", f"{described['name']} : la boutique n'a pas de produit « {name} »")
        elif not _plain(described["name"]).startswith(_plain(categories.get(products[name]["category"], ""))):
            shelf = categories.get(products[name]["category"])
            yield Fault("context.toml", f"{name} : de la gamme {described['name']}, mais sous {shelf} en boutique")


def _miscounted(range_name: str, right: int, passages: Iterable[Passage]) -> Iterator[Fault]:
    """Passages under a range's name that give it another number of recipes."""
    for passage in passages:
        if passage.about[:1] == (range_name,):
            for number in re.findall(r"(\d+) recettes", passage.counted):
                if int(number) != right:
                    yield Fault(passage.where, f"« {passage.text[:80]} » : {right} en boutique")


def _unknown_headings(known: Iterable[str], passages: Iterable[Passage]) -> Iterator[Fault]:
    """Headings of documents that begin as a range or a category, and name none."""
    names = {fold(name) for name in known}
    beginnings = [_plain(name).split()[:1] for name in names]
    headings = {
        (passage.where, title) for passage in passages if passage.where.endswith(".pdf") for title in passage.about
    }
    for where, title in sorted(headings):
        if fold(title) not in names and _plain(title).split()[:1] in beginnings:
            yield Fault(where, f"« {title} » : aucune gamme ni catégorie ne s'appelle ainsi")


@dataclass(frozen=True)
class Price:
    """What a product may cost, in euros TTC, and its rate of VAT."""

    ttc: frozenset[float]
    vat: float


def _sheets(scenario: Path) -> dict[str, list[Mapping[str, Any]]]:
    """What the subjects have written on each product's sheet, by its name."""
    sheets: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for file in sorted(scenario.glob("subjects/*/subject.toml")):
        for question in read_toml(file).get("question", []):
            for check in question.get("check", []):
                if "price" in check and "name" in check:
                    sheets[check["name"]].append({**check, "subject": file.parent.name})
    return sheets


def _asked(sheet: Mapping[str, Any], vat: float) -> float:
    """The price TTC that a subject asks for."""
    return float(sheet["price"] * (1 + vat / 100 if sheet.get("price_in") == "HT" else 1))


def _sheets_apart(
    context: Mapping[str, Any], shop: Mapping[str, Any], sheets: Mapping[str, list[Mapping[str, Any]]]
) -> Iterator[Fault]:
    """Sheets that wait to be completed, for which a subject asks another price than the offer or another subject."""
    offers = {offer["name"]: offer["price"] for offer in context.get("works_councils", {}).get("offers", [])}
    for product in shop.get("products", []):
        if "price" in product:
            continue
        vat, name = product.get("vat", _FOOD), product["name"]
        asked = {sheet["subject"]: round(_asked(sheet, vat), 2) for sheet in sheets.get(name, [])}
        if name in offers:
            asked["context.toml"] = offers[name]
        if len(set(asked.values())) > 1:
            what = ", ".join(f"{_euros(price)} d'après {where}" for where, price in asked.items())
            yield Fault("context.toml", f"{name} : {what}")


def _prices(
    context: Mapping[str, Any], shop: Mapping[str, Any], sheets: Mapping[str, list[Mapping[str, Any]]]
) -> dict[str, Price]:
    """Each product's, from whoever says it first: the shop, the subject that completes its sheet, the offer."""
    prices = {}
    offers = {offer["name"]: offer["price"] for offer in context.get("works_councils", {}).get("offers", [])}
    for product in shop.get("products", []):
        name, vat = product["name"], product.get("vat", _FOOD)
        if "price" in product:
            known = {product["price"] + variant.get("impact", 0) for variant in product.get("variants", [{}])}
        else:
            known = {_asked(sheet, vat) for sheet in sheets.get(name, [])} or (
                {offers[name]} if name in offers else set()
            )
        if known:
            prices[name] = Price(frozenset(known), vat)
    return prices


def mispriced(passages: Iterable[Passage], prices: Mapping[str, Price]) -> Iterator[Fault]:
    """Prices that a product doesn't have, where a passage, or what stands above it, names the product or its kind.

    "Crackers" alone means any product whose name begins so. An amount after "dès" is a threshold; "de … à …" goes from
    the lowest price to the highest.
    """
    for passage in passages:
        amounts = _amounts(passage.text) if re.search("€|euro", passage.plain) else []
        if not amounts:
            continue
        named = next(filter(None, (_named(text, prices) for text in (passage.text, *passage.about))), set())
        taxed = not _WITHOUT_TAX.search(fold(" ".join((passage.text, *passage.about))))
        right = {
            round(price if taxed else price / (1 + prices[name].vat / 100), 2)
            for name in named
            for price in prices[name].ttc
        }
        for amount in amounts:
            if named and amount not in right:
                known, kind = ", ".join(map(_euros, sorted(right))), "TTC" if taxed else "HT"
                what = f"« {passage.text[:80]} » : {_euros(amount)}, mais {known} {kind} en boutique"
                yield Fault(passage.where, what)
        for span in _SPAN.findall(figures.spelled_once(fold(passage.text))):
            ends = [float(amount) for amount in span]
            if named and right.issuperset(ends) and ends != [min(right), max(right)]:
                what = f"de {_euros(min(right))} à {_euros(max(right))} en boutique"
                yield Fault(passage.where, f"« {passage.text[:80]} » : {what}")


def _amounts(text: str) -> list[float]:
    found = _AMOUNT.findall(figures.spelled_once(fold(text)))
    return sorted({float(amount) for pair in found for amount in pair if amount})


def _euros(amount: float) -> str:
    return f"{amount:.2f} €".replace(".", ",")


def _named(text: str, products: Iterable[str]) -> set[str]:
    """The products that a text names; else those of the kinds that it names."""
    plain = f" {_plain(text)} "
    whole = {name for name in products if f" {_plain(name)} " in plain}
    return whole or {name for name in products if f" {_plain(name).split()[0]} " in plain}


def _plain(text: str) -> str:
    """Words in the singular, as far as names need it."""
    return " ".join(word.rstrip("sx") for word in re.findall(r"[\w-]+", fold(text)))


@dataclass(frozen=True)
class Fact:
    """A row of `facts.toml`."""

    said: str
    about: str = ""
    key: str = ""


def contradicted(passages: Iterable[Passage], context: Mapping[str, Any], fact: Fact) -> Iterator[Fault]:
    """Passages that tell this fact otherwise."""
    how = re.compile(fact.said.replace("#", r"(?<![\d.,])\d+(?:[.,]\d+)?"))
    statements = [
        (_values(match[0]), passage)
        for passage in passages
        if re.search(fact.about, passage.topic)
        for match in how.finditer(passage.counted)
    ]
    if not statements:
        yield Fault("facts.toml", f"« {fact.said} » : dit nulle part")
        return
    right, source = _told_by(context, fact.key, how) if fact.key else ({statements[0][0]}, statements[0][1].where)
    for value, passage in statements:
        if value not in right:
            yield Fault(
                passage.where, f"« {passage.text[:80]} » : {value}, mais {', '.join(sorted(right))} d'après {source}"
            )


def _told_by(context: Mapping[str, Any], key: str, how: re.Pattern[str]) -> tuple[set[str], str]:
    value: Any = context
    for part in key.split("."):
        value = value[part]
    texts = [figures.in_figures(fold(text)) for text in strings(value)]
    right = {_values(match[0]) for text in texts for match in how.finditer(text)}
    return right or {str(len(value) if isinstance(value, list) else value)}, f"{key} de context.toml"


def _values(statement: str) -> str:
    """The numbers of a statement; of one without any, the statement."""
    return " et ".join(re.findall(r"\d+(?:[.,]\d+)?", statement)) or statement
