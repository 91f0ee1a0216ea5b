"""The rules of candidates' machines, as a real Chromium takes them: on a machine of its own, made of namespaces."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from provisioner.config import ROOT
from provisioner.gateway_files import pac
from provisioner.policies import LINUX, chromium
from provisioner.room import Room

PROGRAM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is missing: apt install chromium"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a machine of namespaces"),
]

ROOM = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 2)
STATION, ELSEWHERE, OTHER_PORT = ROOM.address_of(1) + "/", "http://203.0.113.10/", "http://192.0.2.1:9999/"
SITES = ["192.0.2.1:8101", ROOM.pages_host, "203.0.113.10:80", "192.0.2.1:9999"]
BLOCKED = "ERR_BLOCKED_BY_ADMINISTRATOR"


def told(*addresses: str, rules: dict[str, Any] | None = None, and_rules: bool = False, seconds: int = 60) -> Any:
    """What comes of it: see told_browser.py."""
    asked = {
        "rules": rules, "file": LINUX["chromium"], "pac": pac(ROOM), "sites": SITES, "addresses": addresses,
        "and_rules": and_rules, "program": str(PROGRAM), "patience_ms": seconds * 1000,
    }  # fmt: skip
    apart = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
    done = subprocess.run(
        [*apart, sys.executable, "-m", "tests.e2e.told_browser"],
        input=json.dumps(asked), capture_output=True, text=True, check=False, cwd=ROOT, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture
def rules() -> dict[str, Any]:
    """Those of the room, but for the one that would shut this test out too."""
    every = chromium(ROOM, (), ROOM.pac)
    assert every.pop("DeveloperToolsAvailability") == 2
    return every


def test_without_rules_the_room_and_every_other_site_open() -> None:
    assert told(STATION, ELSEWHERE, OTHER_PORT)["opened"] == dict.fromkeys((STATION, ELSEWHERE, OTHER_PORT), "ouvert")


def test_with_the_rules_the_room_opens_and_no_other_site_file_or_page_of_the_browser(rules: dict[str, Any]) -> None:
    shut = (
        ELSEWHERE, OTHER_PORT, "file:///etc/hostname", f"view-source:{STATION}", "data:text/html,a",
        "chrome://settings/", "chrome://flags/", "chrome://policy/", "chrome://policy/test",
    )  # fmt: skip
    opened = told(STATION, "chrome://newtab/", *shut, rules=rules)["opened"]
    assert (opened[STATION], opened["chrome://newtab/"]) == ("ouvert", "ouvert")
    assert [one for one in shut if BLOCKED not in opened[one]] == []


def test_every_rule_is_one_that_the_browser_knows_with_a_value_that_it_takes(rules: dict[str, Any]) -> None:
    # The page that says so is shut otherwise. One rule that there isn't shows that it would be said.
    rules["URLAllowlist"].append("chrome://policy")
    seen = told("chrome://policy/test", rules={**rules, "Inconnue": 1}, and_rules=True)
    assert seen["rules"].pop("Inconnue")
    assert seen["rules"] == dict.fromkeys(rules, "")
    assert seen["opened"]["chrome://policy/test"] != "Policy Tests"


def test_with_all_the_rules_no_debugger_gets_in(rules: dict[str, Any]) -> None:
    assert told(rules={**rules, "DeveloperToolsAvailability": 2}, seconds=8) == {"deaf": True}
