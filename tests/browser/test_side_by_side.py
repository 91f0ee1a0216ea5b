"""Both CMS in one room: every verb does for each what it does for one."""

import json
from typing import Any

import httpx
import pytest

from provisioner.core.model import Golden
from provisioner.station.centre import Centre
from tests.command import Program

BOTH = {"poste-01": "wordpress-trial", "poste-02": "prestashop-2024"}


@pytest.fixture
def side_by_side(program: Program, trial: Golden, shop: Golden, browser: None) -> Program:
    """The command line with the trial edition, and the shop's official one."""
    return program


@pytest.fixture
def browser() -> None:
    """What these tests examine with."""


def told(program: Program, *words: str, code: int = 0) -> dict[str, Any]:
    ran = program.run(*words, "--json", seconds=900)
    assert ran.code == code, ran.err
    document = json.loads(ran.out)
    assert isinstance(document, dict)
    assert {one["station"]: one["stack"] for one in document["stations"]} == BOTH
    return document


def visited(address: str, method: str = "GET") -> httpx.Response:
    return httpx.request(method, address, trust_env=False, timeout=60, follow_redirects=method == "GET")


def test_up_status_check_and_reset_serve_both_cms_in_one_room(side_by_side: Program, centre: Centre) -> None:
    made = told(side_by_side, "up", "--subject", "wordpress-a", "--subject", "prestashop-a")
    assert {one["state"] for one in told(side_by_side, "status")["stations"]} == {"prêt"}
    page = visited(f"http://{centre.room.pages_host}/").text
    for cms in ("wordpress", "prestashop"):  # the site beside the one where a candidate works
        site = f"http://{centre.room.site_host(cms)}"
        assert visited(f"{site}/").status_code == 200
        assert visited(f"{site}/", "POST").status_code == 405
        assert site in page
    for one in told(side_by_side, "check", "--all", code=1)["stations"]:
        seen = {found["verdict"] for q in one["questions"] for check in q["checks"] for found in check["findings"]}
        assert "not_met" in seen
        assert seen <= {"not_met", "to_judge"}
    renewed = told(side_by_side, "reset", "--all")
    assert all(one["pristine"] for one in renewed["stations"])
    addresses = [one["address"] for one in made["stations"]]
    assert [one["address"] for one in renewed["stations"]] == addresses
    gone = side_by_side.run("down", "--json")
    assert gone.code == 0
    assert [one["station"] for one in json.loads(gone.out)["stations"]] == list(BOTH)


def test_the_demonstration_shows_both_cms_worked_on_examined_and_new(side_by_side: Program, centre: Centre) -> None:
    first = f"from provisioner.demo import demonstration as demo\ndemo.ROOM = {centre.room.name!r}\nfrom provisioner.build.stacks import golden_of\n"
    first += "demo.build = lambda engine, stack, *rest: golden_of(engine, stack)"
    document = told(side_by_side.changed(first), "demo")
    assert document["skipped"] == []
    for one in document["stations"]:
        seen = {f["verdict"] for q in one["check"]["questions"] for check in q["checks"] for f in check["findings"]}
        assert "met" in seen
        assert seen <= {"met", "to_judge"}
