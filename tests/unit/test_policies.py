"""What the browsers of candidates' machines are told: the room is open, all else is shut."""

import json
from collections.abc import Sequence

import pytest

from provisioner.policies import LINUX, chromium, firefox, linux_files, registry
from provisioner.room import Room

PORTS = Room("salle", "192.0.2.1", "0.0.0.0", 8101, 2)
NAMES = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 2, "examen.test", 80)
PAC = "http://192.0.2.1:8098/proxy.pac"


@pytest.mark.parametrize(("room", "opened"), [(PORTS, "192.0.2.1:8102"), (NAMES, "poste-02.examen.test:80")])
def test_chromium_opens_the_rooms_own_hosts_and_blocks_every_other(room: Room, opened: str) -> None:
    told = chromium(room, (), PAC)
    assert told["URLBlocklist"] == ["*"]
    assert opened in told["URLAllowlist"]
    assert not [host for host in told["URLAllowlist"] if "google" in host]


@pytest.mark.parametrize("allowed", [(), ("maps.google.com",)])
def test_what_a_centre_allows_is_open_in_every_browser_and_nothing_by_default(allowed: Sequence[str]) -> None:
    files = linux_files(PORTS, allowed, PAC)
    assert set(files) == set(LINUX.values())
    assert {("maps.google.com" in content) for content in files.values()} == {bool(allowed)}


def test_what_is_allowed_is_that_host_alone_as_the_proxy_has_it() -> None:
    told = chromium(PORTS, ("maps.google.com",), PAC)["URLAllowlist"]
    assert [host for host in told if "google" in host] == [".maps.google.com"]


def test_ubuntus_chromium_reads_its_rules_where_its_package_looks() -> None:
    assert "/etc/chromium-browser/policies/managed/e5b.json" in linux_files(PORTS, (), PAC)


def test_developer_tools_extensions_and_private_windows_are_shut() -> None:
    told, fox = chromium(PORTS, (), PAC), firefox(PORTS, (), PAC)["policies"]
    assert (told["DeveloperToolsAvailability"], told["IncognitoModeAvailability"]) == (2, 1)
    assert told["InPrivateModeAvailability"] == 1
    assert told["ExtensionInstallBlocklist"] == ["*"]
    assert fox["DisableDeveloperTools"] is True
    assert fox["DisablePrivateBrowsing"] is True
    assert fox["ExtensionSettings"] == {"*": {"installation_mode": "blocked"}}
    assert fox["WebsiteFilter"]["Block"] == ["<all_urls>"]


def test_names_are_asked_of_nobody_but_the_room() -> None:
    assert chromium(PORTS, (), PAC)["DnsOverHttpsMode"] == "off"
    assert firefox(PORTS, (), PAC)["policies"]["DNSOverHTTPS"] == {"Enabled": False, "Locked": True}


def test_the_registry_says_the_same_and_its_removal_names_each_key_that_was_made() -> None:
    put, gone = registry(NAMES, (), PAC, held=True), registry(NAMES, (), PAC, held=False)
    assert put.startswith("Windows Registry Editor Version 5.00\r\n")
    assert '"DeveloperToolsAvailability"=dword:00000002' in put
    assert '"2"="poste-02.examen.test:80"' in put
    keys = [line.strip("[]") for line in put.splitlines() if line.startswith("[")]
    removed = [line.strip("[-]") for line in gone.splitlines() if line.startswith("[-")]
    assert removed
    assert not [key for key in keys if not any(key.startswith(one) for one in removed)]


def test_a_list_in_the_registry_is_a_key_and_a_table_is_json() -> None:
    lines = registry(PORTS, (), PAC, held=True).splitlines()
    assert r"[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Google\Chrome\URLBlocklist]" in lines
    (proxy,) = {line for line in lines if line.startswith('"ProxySettings"')}
    told = json.loads(json.loads(proxy.partition("=")[2]))
    assert told == {"ProxyMode": "pac_script", "ProxyPacUrl": PAC, "ProxyPacMandatory": True}
