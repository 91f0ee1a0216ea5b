"""The company's documents print what its data say: they are made by hand, and may be forgotten."""

import re
import zlib
from base64 import a85decode
from pathlib import Path
from typing import Any

from provisioner.config import ROOT, read_toml

SCENARIO = ROOT / "scenarios/biscuiterie"
CONTEXT: dict[str, Any] = read_toml(SCENARIO / "context.toml")
SHOP: dict[str, Any] = read_toml(SCENARIO / "prestashop/seed.toml")
_PAGE = re.compile(
    rb"<<\s*/Filter \[ /ASCII85Decode /FlateDecode \] /Length \d+\s*>>\s*stream\s(.*?)endstream", re.DOTALL
)


def printed(document: Path) -> list[str]:
    """The words of a document, in their order, each letter beyond ASCII as "?": its fonts number those at will."""
    pages = [
        zlib.decompress(a85decode(page.strip().removesuffix(b"~>"))) for page in _PAGE.findall(document.read_bytes())
    ]
    words = re.findall(r"\((.*?)\) Tj", b"".join(pages).decode("latin-1"))
    return [re.sub(r"\\(\d{3}|.)", "?", one) for one in words]


def missing(cells: list[str], words: list[str]) -> list[str]:
    """Those cells that don't stand one after the other."""
    wanted = [re.sub(r"[^ -~]", "?", cell) for cell in cells]
    beside = any(words[at : at + len(wanted)] == wanted for at in range(len(words)))
    return [] if beside else cells


def euros(price: float) -> str:
    return f"{price:.2f} €".replace(".", ",")


def test_the_order_form_has_each_offer_with_its_price_and_each_condition() -> None:
    words, terms = printed(SCENARIO / "media/bon-de-commande-cse.pdf"), CONTEXT["works_councils"]
    lines = [[one["name"], one["contents"], str(one["minimum"]), euros(one["price"])] for one in terms["offers"]]
    assert [
        missing(line, words) for line in [*lines, *([one] for one in terms["conditions"])] if missing(line, words)
    ] == []


def test_the_catalogue_has_each_range_and_each_product_that_is_sold_with_its_price_without_tax() -> None:
    words = printed(SCENARIO / "media/catalogue-professionnels.pdf")
    sold = [one for one in SHOP["products"] if "price" in one and one.get("active", True)]
    lines = [[one["name"], one["reference"], euros(one["price"] / (1 + one.get("vat", 5.5) / 100))] for one in sold]
    lines += [[one["name"]] for one in SHOP["categories"] if any(one["slug"] == p["category"] for p in sold)]
    lines += [[line] for part in CONTEXT["professionals"]["terms"] for line in part["lines"]]
    assert [missing(line, words) for line in lines if missing(line, words)] == []
