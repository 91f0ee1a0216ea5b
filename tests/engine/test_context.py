"""The company is whole on a fresh station of each of its sites."""

from collections.abc import Iterable, Mapping
from typing import Any

from provisioner.build.driver import driver_of
from provisioner.context.visit import visit
from provisioner.core.model import Golden
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml
from provisioner.station.centre import Centre

SCENARIO = ROOT / "scenarios/biscuiterie"


def test_every_page_and_screen_answers_and_tells_the_companys_facts(centre: Centre, golden: Golden) -> None:
    seen = visit(centre, golden, SCENARIO)
    assert seen.document["faults"] == []
    if (
        golden.stack == "wordpress-2024"
    ):  # whose catalogue is always of its version; the trial's and a stand-in are older
        assert seen.document["untranslated"] == []
    driver, cms = driver_of(golden.stack), stack_named(golden.stack).cms
    seed = read_toml(SCENARIO / cms / "seed.toml")
    assert seen.document["pages"] > rows(seed, driver.public)
    assert seen.document["office_pages"] > rows(seed, driver.sheets)


def rows(seed: Mapping[str, Any], tables: Iterable[str]) -> int:
    """How many pages or sheets these tables have at least: what isn't published, or is spam, has none."""
    return sum(
        row.get("status") not in ("draft", "pending", "spam") and row.get("active", True)
        for together in tables
        for table in together.split("+")
        for row in seed[table]
    )
