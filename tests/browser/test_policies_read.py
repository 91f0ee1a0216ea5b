"""The rules of candidates' machines, as a real Chromium and Firefox take them: on a machine made of namespaces."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from provisioner.core.json_values import Json
from provisioner.host.paths import ROOT
from provisioner.host.settings import Settings
from provisioner.network import certificates
from provisioner.network.browser_policies import LINUX, LINUX_AUTHORITY, chromium, firefox
from provisioner.network.certificates import authority_of, authority_pem, server_certificate
from provisioner.network.gateway_files import pac
from provisioner.network.room import Room
from tests.conftest import OPTIONAL

PROGRAMS = {"chromium": Path("/usr/bin/chromium"), "firefox": Path("/usr/bin/firefox-esr")}
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason=f"only root may make a machine of namespaces {OPTIONAL}")

ROOM = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 2)
STATION, ELSEWHERE, OTHER_PORT = ROOM.address_of(1) + "/", "http://203.0.113.10/", "http://192.0.2.1:9999/"
SITES = ["192.0.2.1:8101", ROOM.pages_host, "203.0.113.10:80", "192.0.2.1:9999"]
BLOCKED = "ERR_BLOCKED_BY_ADMINISTRATOR"


def as_read(document: Mapping[str, Json]) -> Any:
    """A document as whoever reads its JSON has it."""
    return json.loads(json.dumps(document))


def told(
    *addresses: str,
    rules: dict[str, Any] | None = None,
    and_rules: bool = False,
    seconds: int = 60,
    name: str = "chromium",
    room: Room = ROOM,
    sites: Sequence[str] = SITES,
    certificates: Mapping[str, str] | None = None,
) -> Any:
    """What comes of it: see told_browser.py and told_firefox.py."""
    program = PROGRAMS[name]
    if not program.exists():
        pytest.skip(f"{program} is missing: apt install {program.name} {OPTIONAL}")
    asked = {
        "rules": rules,
        "file": LINUX[name],
        "pac": pac(room),
        "sites": sites,
        "certificates": certificates or {},
        "files": {LINUX_AUTHORITY: authority_pem(room.authority)} if room.authority and name == "firefox" else {},
        "addresses": addresses,
        "and_rules": and_rules,
        "program": str(program),
        "patience_ms": seconds * 1000,
    }
    apart = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
    module = "tests.browser.told_browser" if name == "chromium" else "tests.browser.told_firefox"
    done = subprocess.run(
        [*apart, sys.executable, "-m", module],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture
def rules() -> dict[str, Any]:
    """Those of the room, but for the one that would shut this test out too."""
    every: dict[str, Any] = as_read(chromium(ROOM, (), ROOM.pac))
    assert every.pop("DeveloperToolsAvailability") == 2
    return every


@pytest.mark.parametrize("name", PROGRAMS)
def test_without_rules_the_room_and_every_other_site_open(name: str) -> None:
    sites = (STATION, ELSEWHERE, OTHER_PORT)
    assert told(*sites, name=name)["opened"] == dict.fromkeys(sites, "ouvert")


def test_with_the_rules_the_room_opens_and_no_other_site_file_or_page_of_the_browser(rules: dict[str, Any]) -> None:
    shut = (
        ELSEWHERE,
        OTHER_PORT,
        "file:///etc/hostname",
        f"view-source:{STATION}",
        "data:text/html,a",
        "chrome://settings/",
        "chrome://flags/",
        "chrome://policy/",
        "chrome://policy/test",
    )
    opened = told(STATION, "chrome://newtab/", *shut, rules=rules)["opened"]
    assert (opened[STATION], opened["chrome://newtab/"]) == ("ouvert", "ouvert")
    assert [one for one in shut if BLOCKED not in opened[one]] == []


def test_every_rule_is_one_that_the_browser_knows_with_a_value_that_it_takes(
    rules: dict[str, Any], tmp_path: Path
) -> None:
    rules["CACertificates"] = [authority_of(replace(ROOM, tls=True), Settings(), tmp_path)]
    # The page that says so is shut otherwise. One rule that there isn't shows that it would be said.
    rules["URLAllowlist"].append("chrome://policy")
    seen = told("chrome://policy/test", rules={**rules, "Inconnue": 1}, and_rules=True)
    assert seen["rules"].pop("Inconnue")
    assert seen["rules"] == dict.fromkeys(rules, "")
    assert seen["opened"]["chrome://policy/test"] != "Policy Tests"


def test_with_all_the_rules_no_debugger_gets_in(rules: dict[str, Any]) -> None:
    assert told(rules={**rules, "DeveloperToolsAvailability": 2}, seconds=8) == {"deaf": True}


@pytest.fixture
def fox() -> dict[str, Any]:
    """Firefox's, but for the one that would shut this test out too."""
    every: dict[str, Any] = as_read(firefox(ROOM, (), ROOM.pac))
    assert every["policies"].pop("DisableDeveloperTools")
    return every


def test_with_the_rules_firefox_opens_the_room_and_no_other_site_file_or_page_of_its_own(fox: dict[str, Any]) -> None:
    shut = (
        ELSEWHERE,
        OTHER_PORT,
        "file:///etc/hostname",
        "data:text/html,a",
        "about:config",
        "about:addons",
        "about:profiles",
        "about:support",
    )
    opened = told(STATION, *shut, rules=fox, name="firefox")["opened"]
    assert opened[STATION] == "ouvert"
    # Its filter knows no ports: another port of the room's host is the proxy's to refuse.
    proxied = opened.pop(OTHER_PORT)
    assert "e=proxyConnectFailure" in proxied
    assert [one for one in shut if one in opened and "e=blockedByPolicy" not in opened[one]] == []


def test_firefox_knows_every_rule_and_takes_its_value(fox: dict[str, Any]) -> None:
    policies = {**fox["policies"], "Inconnue": 1}  # one that there isn't shows that it would be said
    seen = told(rules={"policies": policies}, name="firefox")
    assert [said for said in seen["errors"] if "polic" in said.lower()] == [
        "Enterprise Policies: Unknown policy: Inconnue"
    ]
    # Its versions of today have no Pocket any more, and pass over the rule.
    assert set(fox["policies"]) - set(seen["active"]) <= {"DisablePocket"}


def test_with_all_the_rules_no_debugger_gets_into_firefox(fox: dict[str, Any]) -> None:
    fox["policies"]["DisableDeveloperTools"] = True
    assert told(rules=fox, seconds=15, name="firefox") == {"deaf": True}


def told_in_https(name: str, trusted: bool, folder: Path, address: str) -> str:
    """What comes of an address in https on a candidate's machine, with the room's rules; `trusted`: its authority's too.

    A site that isn't the room's has a certificate of that authority as well, as who stole it could make.
    """
    room = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 2, tls=True)
    own = server_certificate(room, Settings(), folder)
    authority, key = certificates._kept(certificates._of_room(room), folder)
    stolen = certificates._server("vol", ["203.0.113.10"], key, authority.subject, key)
    shown = {
        "192.0.2.1:8101": (own.key + own.chain).decode(),
        "203.0.113.10:443": (certificates._key_pem(key) + certificates._pem(stolen)).decode(),
    }
    room = replace(room, authority=own.authority if trusted else "")
    if name == "chromium":
        rules = as_read(chromium(room, (), room.pac))
        left_out = ("DeveloperToolsAvailability", "URLBlocklist", "ProxySettings")
        rules = {rule: value for rule, value in rules.items() if rule not in left_out}
    else:
        every = as_read(firefox(room, (), room.pac))["policies"]
        left_out = ("DisableDeveloperTools", "WebsiteFilter", "Proxy")
        rules = {"policies": {rule: value for rule, value in every.items() if rule not in left_out}}
    opened = told(address, rules=rules, name=name, room=room, sites=[*shown, room.pages_host], certificates=shown)
    return str(opened["opened"][address])


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_rooms_rules_have_a_station_open_in_https_without_a_warning(name: str, tmp_path: Path) -> None:
    assert told_in_https(name, True, tmp_path, "https://192.0.2.1:8101/") == "ouvert"
    refused = told_in_https(name, False, tmp_path, "https://192.0.2.1:8101/")
    assert {"chromium": "ERR_CERT_AUTHORITY_INVALID", "firefox": "insecure certificate"}[name] in refused


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_stolen_authority_of_the_room_vouches_for_no_other_site(name: str, tmp_path: Path) -> None:
    refused = told_in_https(name, True, tmp_path, "https://203.0.113.10/")
    assert {"chromium": "ERR_CERT_", "firefox": "insecure certificate"}[name] in refused
