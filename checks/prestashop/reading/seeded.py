"""What the company's shop has from the start: what a candidate finds in a list, and so cannot have mistyped.

`company` is the company's folder in scenarios/.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from provisioner.french.text import fold, nearly_same, same
from provisioner.host.toml_files import read_toml
from provisioner.subject.check import Verdict

#: What a shop has of a kind before the company's: visitors, guests and customers; the pick-up; the candidate; SuperAdmin; root and home.
BEFORE = {"groups": 3, "carriers": 1, "employees": 1, "profiles": 1, "categories": 2}

#: The group of those who have no account, by its number: its name may be changed.
VISITORS = "1"
#: The group of those who have an account, whatever its name.
CUSTOMERS = "3"


def chosen(company: Path, wanted: str, seen: str, *tables: str) -> Verdict:
    """Whether what was chosen in a list is what was wanted; a slip of the pen in what a candidate made is for a person."""
    if same(wanted, seen):
        return Verdict.MET
    slip = nearly_same(wanted, seen) and not any(fold(seen) in names(company, table) for table in tables)
    return Verdict.TO_JUDGE if slip else Verdict.NOT_MET


def called(company: Path, wanted: str, seen: Iterable[str], *tables: str) -> list[str]:
    """Those of the names that are the wanted one; where none is, those that a candidate made with a slip of the pen."""
    likeness = {one: chosen(company, wanted, one, *tables) for one in seen}
    best = Verdict.MET if Verdict.MET in likeness.values() else Verdict.TO_JUDGE
    return [one for one, verdict in likeness.items() if verdict is best]


@cache
def names(company: Path, table: str) -> frozenset[str]:
    """The names in a table of seed.toml, or its titles where nothing has a name, folded."""
    return frozenset(fold(_called(row)) for _, row in rows(company, table))


def was_there(company: Path, table: str, number: int) -> bool:
    """Whether the shop had what has this number before the work, whatever it is called now: a number is given once."""
    return 0 < number <= BEFORE.get(table, 0) + len(rows(company, table))


def name_before(company: Path, table: str, number: int) -> str:
    """What the company's row of this number was called before the work; "" of what came since."""
    return next((_called(row) for place, row in rows(company, table) if place + BEFORE.get(table, 0) == number), "")


def number_before(company: Path, table: str, name: str) -> int:
    """The number of what the company had under that name; 0 where it had nothing of it."""
    return next((place + BEFORE.get(table, 0) for place, row in rows(company, table) if same(name, _called(row))), 0)


def written_over(company: Path, table: str, number: int, name: str) -> bool:
    """Whether what has this number was the company's, and bore another name."""
    return was_there(company, table, number) and fold(name) not in names(company, table)


def by_the_company(company: Path, table: str, number: int) -> str:
    """What is said of a rule of the company's, where it is the nearest to what is asked."""
    told = " (règle de l’entreprise : le candidat n’en a fait aucune qui s’approche plus de ce qui est demandé)"
    return told if was_there(company, table, number) else ""


def gone(company: Path, table: str, shown: Iterable[str]) -> list[str]:
    """What the company had in a table of seed.toml, by its name or title, and is not among those that are shown."""
    seen = {fold(one) for one in shown}
    return [_called(row) for _, row in rows(company, table) if fold(_called(row)) not in seen]


@cache
def menu(company: Path) -> tuple[str, ...]:
    """The elements of the main menu, from left to right."""
    called = {row["slug"]: str(row["name"]) for _, row in rows(company, "categories")}
    return tuple(called[str(slug)] for _, slug in rows(company, "menu"))


@cache
def attribute_values(company: Path) -> frozenset[str]:
    """The values of all attributes, folded."""
    return frozenset(fold(value) for _, row in rows(company, "attributes") for value in row["values"])


def tags(company: Path, product: int) -> frozenset[str]:
    """The keywords of a product of the company's, by its number, folded; none of a product that came since."""
    return frozenset(
        fold(one) for number, row in rows(company, "products") if number == product for one in row.get("tags", ())
    )


def pictures(company: Path, product: int) -> list[str]:
    """The files of the pictures that a product of the company's has from the start, by its number."""
    return [
        one["file"] for number, row in rows(company, "products") if number == product for one in row.get("pictures", ())
    ]


def variants(company: Path, product: int) -> list[dict[str, str]]:
    """The values, by attribute, of each variant that a product of the company's has from the start, by its number."""
    groups = {row["slug"]: row["name"] for _, row in rows(company, "attributes")}
    kept = [
        one["of"] for number, row in rows(company, "products") if number == product for one in row.get("variants", ())
    ]
    return [{groups[group]: value for group, value in of.items()} for of in kept]


def in_variants(company: Path, name: str) -> bool:
    """Whether the product of this name is in variants from the start: its stock is then that of each."""
    return bool(variants(company, seeded_number(company, name)))


def packed(company: Path, product: int) -> list[str]:
    """The names of the products that a pack of the company's has in it from the start, by its number."""
    called = {row["slug"]: row["name"] for _, row in rows(company, "products")}
    return [
        called[one["product"]]
        for number, row in rows(company, "products")
        if number == product
        for one in row.get("pack", ())
    ]


def categories_of(company: Path, product: int) -> list[str]:
    """The names of the categories of a product of the company's, by its number; none where the shop's first page has it too."""
    called = {row["slug"]: str(row["name"]) for _, row in rows(company, "categories")}
    row = next(
        (row for number, row in rows(company, "products") if number == product and not row.get("featured")), None
    )
    return [called[slug] for slug in (row["category"], *row.get("categories", ()))] if row else []


def products_in(company: Path, category: str) -> list[int]:
    """The numbers of the company's products that are online and in the category of this name."""
    slug = next((row["slug"] for _, row in rows(company, "categories") if same(category, row["name"])), "")
    return [
        number
        for number, row in rows(company, "products")
        if slug in (row["category"], *row.get("categories", ())) and row.get("active", True)
    ]


def featured(company: Path) -> list[int]:
    """The numbers of the company's products that the shop's first page takes its featured ones from."""
    return [number for number, row in rows(company, "products") if row.get("featured") and row.get("active", True)]


def category_number(company: Path, name: str) -> int:
    """The number of the category that the company has under this name from the start; 0 where there is none."""
    first = BEFORE["categories"]
    return next((first + number for number, row in rows(company, "categories") if same(name, row["name"])), 0)


def another_picture(company: Path, but: str = "") -> str:
    """The file of a picture of one of the company's products; another than `but`."""
    files = (str(one["file"]) for _, row in rows(company, "products") for one in row.get("pictures", ()))
    return next(one for one in files if one != but)


def another_text(company: Path, but: str) -> str:
    """The title of one of the shop's pages of text; another than `but`."""
    return next(title for _, row in rows(company, "cms") if not same(but, title := str(row["title"])))


def plain_product(company: Path, *but: str) -> str:
    """The name of a product on sale of one category, neither in variants nor a pack nor reduced; none of `but`."""
    special = {"variants", "pack", "discounts", "categories", "low_stock", "when_out"}
    reduced = {one["product"] for _, one in rows(company, "specific_prices")}
    return next(
        str(row["name"])
        for _, row in rows(company, "products")
        if "price" in row
        and row.get("active", True)
        and row["slug"] not in reduced
        and not special & row.keys()
        and not any(same(one, row["name"]) for one in but)
    )


def name_of(company: Path, product: int) -> str:
    """The name that the company's product of this number has from the start; "" of one that came since."""
    return next((str(row["name"]) for number, row in rows(company, "products") if number == product), "")


def main_category(company: Path, product: int) -> str:
    """The name of the main category of a product of the company's, by its number; "" of a product that came since."""
    called = {row["slug"]: str(row["name"]) for _, row in rows(company, "categories")}
    return next((called[row["category"]] for number, row in rows(company, "products") if number == product), "")


def price_of(company: Path, product: int) -> Decimal | None:
    """The price TTC that the company's product of this number has from the start; None where it has none, or isn't the company's."""
    price = next((row.get("price") for number, row in rows(company, "products") if number == product), None)
    return None if price is None else Decimal(str(price))


def was_given(company: Path, group: str, discount: Decimal) -> bool:
    """Whether the company gives a group so much per cent on everything from the start."""
    given = [row.get("reduction", 0) for _, row in rows(company, "groups") if same(group, row["name"])]
    return discount in [Decimal(str(one)) for one in given]


def discounts(company: Path, product: int) -> list[tuple[Decimal, str, int, str]]:
    """What the company takes off a product, by its number: how much, its unit, from how many, for which group ("": all)."""
    row = next((row for number, row in rows(company, "products") if number == product), {})
    own = [one for _, one in rows(company, "specific_prices") if one["product"] == row.get("slug")]
    groups = {one["slug"]: str(one["name"]) for _, one in rows(company, "groups")}
    return [
        (Decimal(str(one["reduction"])), one.get("unit", "%"), one.get("minimum", 1), groups.get(one.get("group"), ""))
        for one in (*row.get("discounts", ()), *own)
    ]


@cache
def seeded_number(company: Path, name: str) -> int:
    """The number of the product that is seeded under this name; 0 where there is none."""
    return next((number for number, row in rows(company, "products") if same(name, row["name"])), 0)


def _called(row: Mapping[str, Any]) -> str:
    return str(row.get("name") or row["title"])


@cache
def rows(company: Path, table: str) -> tuple[tuple[int, dict[str, Any]], ...]:
    """The rows of a table of seed.toml, each with its place in it, from 1.

    Where an empty shop has none of the kind, that is the row's number for good: none is given twice.
    """
    return tuple(enumerate(seed(company).get(table, ()), 1))


@cache
def seed(company: Path) -> Mapping[str, Any]:
    """What the company's shop is seeded with."""
    return read_toml(company / "prestashop" / "seed.toml")
