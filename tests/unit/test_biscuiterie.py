"""The company's own data hold together: what its sites sell and promise is what its shop's orders show."""

import re
import struct
from collections.abc import Iterator
from typing import Any

from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml

SCENARIO = ROOT / "scenarios/biscuiterie"
CONTEXT: dict[str, Any] = read_toml(SCENARIO / "context.toml")
SHOP: dict[str, Any] = read_toml(SCENARIO / "prestashop/seed.toml")
CUSTOMERS = {one["email"]: one for one in SHOP["customers"]}


def orders(*groups: str) -> Iterator[dict[str, Any]]:
    """Those of the customers of these groups."""
    for one in SHOP["orders"]:
        if CUSTOMERS[one["customer"]].get("group") in groups:
            yield one


def test_the_media_weigh_less_than_12_mib() -> None:
    made = [one for one in (SCENARIO / "media").iterdir() if one.suffix not in (".py", ".md") and one.is_file()]
    assert sum(one.stat().st_size for one in made) < 12 << 20


def test_the_logo_of_the_shop_fills_the_header_and_leaves_half_of_an_invoice_to_its_title() -> None:
    width, height = struct.unpack(">II", (SCENARIO / "media" / SHOP["logo"]).read_bytes()[16:24])
    assert 160 <= width <= 269  # Classic's column; half of the page that is printed, in its points
    assert height <= 100  # above it, the invoice would take it smaller


def test_a_category_of_the_shop_has_a_cover_and_more_to_say_than_one_sentence() -> None:
    for one in (*SHOP["categories"], SHOP["top_category"]):
        assert (SCENARIO / "media" / one["picture"]).is_file()
        assert len(re.findall(r"[.?!](?: |$)", one["description"])) > 1, one


def test_the_ranges_have_every_product_that_the_shop_keeps_under_their_name() -> None:
    kept = {
        shelf: {one["name"] for one in SHOP["products"] if one["category"] == shelf}
        for shelf in ("palets", "sables", "crackers", "coffrets")
    }
    assert [set(one["products"]) for one in CONTEXT["ranges"]] == list(kept.values())


def test_what_a_group_saves_is_told_to_it() -> None:
    reductions = {one["slug"]: one["reduction"] for one in SHOP["groups"]}
    councils = " ".join(CONTEXT["works_councils"]["conditions"])
    professionals = " ".join(line for part in CONTEXT["professionals"]["terms"] for line in part["lines"])
    assert f"{reductions['comites']} % de remise" in councils
    assert f"{reductions['epiceries']} % sur toute la gamme pour les épiceries fines" in professionals
    assert f"{reductions['professionnels']} % pour les autres professionnels" in professionals


def test_the_company_s_own_round_delivers_for_nothing_whom_it_promises_to() -> None:
    [round_] = [one for one in SHOP["carriers"] if one["slug"] == "tournee"]
    assert {price for _, _, price in round_["ranges"]} == {0}
    of_finistere = [
        one for one in orders(*round_["groups"]) if CUSTOMERS[one["customer"]]["address"]["postcode"].startswith("29")
    ]
    assert of_finistere
    assert [one["slug"] for one in of_finistere if one["carrier"] != "tournee"] == []


def test_professionals_order_whole_boxes_of_twelve() -> None:
    lines = [(one["slug"], line) for one in orders("epiceries", "professionnels") for line in one["lines"]]
    assert lines
    assert [slug for slug, line in lines if line["quantity"] % 12] == []


def test_who_answers_customers_may_use_customer_service() -> None:
    profiles = {one["slug"]: one.get("permissions", {}) for one in SHOP["profiles"]}
    rights = {one["email"]: profiles[one["profile"]].get("AdminCustomerThreads", []) for one in SHOP["employees"]}
    answering = {one["by"] for thread in SHOP["threads"] for one in thread.get("answers", []) if "by" in one}
    assert answering
    assert [one for one in sorted(answering) if not {"view", "edit"} <= set(rights[one])] == []


def test_an_author_finds_as_much_as_real_questions_need() -> None:
    site: dict[str, Any] = read_toml(SCENARIO / "wordpress/seed.toml")
    published = [one for one in site["posts"] if "status" not in one]
    assert (len(site["pages"]) >= 15, len(published) >= 20) == (True, True)
    assert {one["role"] for one in site["users"]} == {"administrator", "editor", "author", "contributor", "subscriber"}
    assert {one["status"] for one in site["comments"]} == {1, 0, "spam"}
    assert {kind: len(SHOP[kind]) for kind in ("products", "customers", "orders")} == {
        "products": 40,
        "customers": 30,
        "orders": 40,
    }
    assert all("address" in one for one in SHOP["customers"])
    assert sum(not one.get("summary") and not one.get("description") for one in SHOP["products"]) == 3
    assert sum("pack" in one for one in SHOP["products"]) >= 3
    assert sum("variants" in one for one in SHOP["products"]) >= 5
    for kind in ("returns", "refunds", "threads", "product_comments", "slides", "profiles", "employees"):
        assert SHOP[kind], kind


def test_nothing_grows_old_between_may_and_november() -> None:
    """Days are counted back from the image's own; a year that is written out is one of the company's history."""
    for path in sorted([*SCENARIO.rglob("*.html"), *SCENARIO.rglob("*.toml")]):
        written = {int(year) for year in re.findall(r"(?<![\d-])20\d\d(?![\d-])", path.read_text(encoding="utf-8"))}
        assert not {year for year in written if year > 2020}, path
    assert all(0 <= one["days_ago"] <= 62 for one in SHOP["orders"])
