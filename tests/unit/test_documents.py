"""The company's documents print what its data say: they are made by hand, and may be forgotten."""

from pathlib import Path
from typing import Any

from provisioner.context.documents import lines_of
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml

SCENARIO = ROOT / "scenarios/biscuiterie"
CONTEXT: dict[str, Any] = read_toml(SCENARIO / "context.toml")
SHOP: dict[str, Any] = read_toml(SCENARIO / "prestashop/seed.toml")


def missing(wanted: list[list[str]], document: Path) -> list[list[str]]:
    """Those rows of cells that are no whole line."""
    lines = {line.text for line in lines_of(document)}
    return [cells for cells in wanted if " ".join(cells) not in lines]


def euros(price: float) -> str:
    return f"{price:.2f} €".replace(".", ",")


def taxed(price: float, vat: float) -> tuple[str, str]:
    """What a product costs without tax, and its rate."""
    return euros(price / (1 + vat / 100)), f"{vat:g} %".replace(".", ",")


def test_the_order_form_has_each_offer_with_its_price_and_each_condition() -> None:
    terms = CONTEXT["works_councils"]
    lines = [[one["name"], one["contents"], str(one["minimum"]), euros(one["price"])] for one in terms["offers"]]
    lines += [[one] for one in terms["conditions"]]
    assert missing(lines, SCENARIO / "media/bon-de-commande-cse.pdf") == []


def test_the_catalogue_has_each_range_and_each_product_that_is_sold_with_its_price_without_tax() -> None:
    sold = [one for one in SHOP["products"] if "price" in one and one.get("active", True)]
    lines = [[one["name"], one["reference"], *taxed(one["price"], one.get("vat", 5.5))] for one in sold]
    lines += [[one["name"]] for one in SHOP["categories"] if any(one["slug"] == p["category"] for p in sold)]
    lines += [[line] for part in CONTEXT["professionals"]["terms"] for line in part["lines"]]
    assert missing(lines, SCENARIO / "media/catalogue-professionnels.pdf") == []
