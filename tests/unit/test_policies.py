"""What the browsers of candidates' machines are told: the room is open, all else is shut."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from provisioner.core.json_values import Json
from provisioner.host.settings import Settings
from provisioner.network.browser_policies import LINUX, WINDOWS_KEPT, chromium, edge, firefox, linux_files, registry
from provisioner.network.gateway_files import scripts
from provisioner.network.room import Room

PORTS = Room("salle", "192.0.2.1", "0.0.0.0", 8101, 2)
NAMES = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 2, "examen.test", 80)
PAC = "http://192.0.2.1:8098/proxy.pac"


def as_read(document: Mapping[str, Json]) -> Any:
    """A document as whoever reads its JSON has it."""
    return json.loads(json.dumps(document))


@pytest.mark.parametrize(("room", "opened"), [(PORTS, "192.0.2.1:8102"), (NAMES, "poste-02.examen.test:80")])
def test_chromium_opens_the_rooms_own_hosts_and_blocks_every_other(room: Room, opened: str) -> None:
    told = as_read(chromium(room, (), PAC))
    assert told["URLBlocklist"][0] == "*"
    assert opened in told["URLAllowlist"]
    assert not [host for host in told["URLAllowlist"] if "google" in host]


@pytest.mark.parametrize("allowed", [(), ("maps.google.com",)])
def test_what_a_centre_allows_is_open_in_every_browser_and_nothing_by_default(allowed: Sequence[str]) -> None:
    files = linux_files(PORTS, allowed, PAC)
    assert set(files) == set(LINUX.values())
    assert {("maps.google.com" in content) for content in files.values()} == {bool(allowed)}


def test_what_is_allowed_is_that_host_alone_as_the_proxy_has_it() -> None:
    told = as_read(chromium(PORTS, ("maps.google.com",), PAC))["URLAllowlist"]
    assert [host for host in told if "google" in host] == [".maps.google.com"]


def test_ubuntus_chromium_reads_its_rules_where_its_package_looks() -> None:
    assert "/etc/chromium-browser/policies/managed/zzz-e5b.json" in linux_files(PORTS, (), PAC)


def test_a_file_of_the_centres_own_does_not_count_more() -> None:
    managed = [path.rpartition("/")[2] for path in linux_files(PORTS, (), PAC) if "/managed/" in path]
    assert all(name > other for name in managed for other in ("school.json", "lycee.json", "policies.json"))


def test_the_browsers_own_pages_are_shut_and_a_new_tab_is_the_rooms_page() -> None:
    told, microsofts = as_read(chromium(PORTS, (), PAC)), as_read(edge(PORTS, (), PAC))
    assert told["URLBlocklist"] == ["*", "chrome://*"]
    assert (microsofts["SmartScreenEnabled"], microsofts["DiagnosticData"]) == (False, 0)
    assert microsofts["URLBlocklist"] == ["*", "chrome://*", "edge://*"]
    own = [page for page in told["URLAllowlist"] + microsofts["URLAllowlist"] if "://" in page]
    assert {page.partition("://")[2] for page in own} == {"print"}
    assert told["PolicyTestPageEnabled"] is False
    assert told["NewTabPageLocation"] == f"http://{PORTS.pages_host}/"


def test_developer_tools_extensions_and_private_windows_are_shut() -> None:
    told, fox = as_read(chromium(PORTS, (), PAC)), as_read(firefox(PORTS, (), PAC))["policies"]
    assert (told["DeveloperToolsAvailability"], told["IncognitoModeAvailability"]) == (2, 1)
    assert as_read(edge(PORTS, (), PAC))["InPrivateModeAvailability"] == 1
    assert told["ExtensionInstallBlocklist"] == ["*"]
    assert fox["DisableDeveloperTools"] is True
    assert fox["DisablePrivateBrowsing"] is True
    assert fox["InstallAddonsPermission"] == {"Default": False}
    assert fox["BlockAboutAddons"] is True
    assert fox["WebsiteFilter"]["Block"] == ["<all_urls>"]


def test_no_rule_takes_from_a_profile_what_its_user_has_in_it() -> None:
    assert "ExtensionSettings" not in as_read(firefox(PORTS, (), PAC))["policies"]


def test_each_browser_shuts_direct_exchanges_by_its_own_name_of_the_rule() -> None:
    told, microsofts = as_read(chromium(PORTS, (), PAC)), as_read(edge(PORTS, (), PAC))
    assert told["WebRtcIPHandling"] == microsofts["WebRtcLocalhostIpHandling"] == "disable_non_proxied_udp"
    assert told["BrowserAddPersonEnabled"] is microsofts["BrowserAddProfileEnabled"] is False
    assert not microsofts.keys() & {"WebRtcIPHandling", "IncognitoModeAvailability", "BrowserAddPersonEnabled"}


def test_names_are_asked_of_nobody_but_the_room() -> None:
    assert as_read(chromium(PORTS, (), PAC))["DnsOverHttpsMode"] == "off"
    assert as_read(firefox(PORTS, (), PAC))["policies"]["DNSOverHTTPS"] == {"Enabled": False, "Locked": True}


def tree(lines: Sequence[str]) -> dict[str, dict[str, str]]:
    """What a machine without rules has after these lines of the registry: keys, and their values as written."""
    keys: dict[str, dict[str, str]] = {}
    for line in lines:
        if line.startswith("["):
            keys.setdefault(line.strip("[]"), {})
        elif line.startswith('"'):
            name, _, value = line.partition("=")
            list(keys.values())[-1][json.loads(name)] = value
    return {key.removeprefix("HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\"): values for key, values in keys.items()}


def test_the_registry_says_the_same_in_place_of_every_rule_that_was_there() -> None:
    lines = registry(NAMES, (), PAC)
    told = tree(lines)
    assert told[r"Google\Chrome"]["DeveloperToolsAvailability"] == "dword:00000002"
    assert told[r"Microsoft\Edge\URLAllowlist"]["2"] == '"poste-02.examen.test:80"'
    for key in (r"Google\Chrome", "Chromium", r"Microsoft\Edge", r"Mozilla\Firefox"):
        whole = f"HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\{key}"
        assert lines.index(f"[-{whole}]") < lines.index(f"[{whole}]")
        assert [kept for kept in WINDOWS_KEPT if whole == kept or whole.startswith(f"{kept}\\")]


def test_chromium_reads_a_list_in_the_registry_as_a_key_and_a_table_as_json() -> None:
    told = tree(registry(PORTS, (), PAC))
    assert told[r"Google\Chrome\URLBlocklist"] == {"1": '"*"', "2": '"chrome://*"'}
    proxy = json.loads(json.loads(told[r"Google\Chrome"]["ProxySettings"]))
    assert proxy == {"ProxyMode": "pac_script", "ProxyPacUrl": PAC, "ProxyPacMandatory": True}


def test_firefox_reads_a_table_in_the_registry_as_a_key_but_for_those_that_it_takes_as_json() -> None:
    told = tree(registry(PORTS, (), PAC))
    firefox_key = r"Mozilla\Firefox"
    assert told[f"{firefox_key}\\Proxy"] == {
        "Mode": '"autoConfig"',
        "AutoConfigURL": f'"{PAC}"',
        "Locked": "dword:00000001",
    }
    assert told[f"{firefox_key}\\DNSOverHTTPS"] == {"Enabled": "dword:00000000", "Locked": "dword:00000001"}
    assert told[f"{firefox_key}\\InstallAddonsPermission"] == {"Default": "dword:00000000"}
    assert told[f"{firefox_key}\\Homepage"]["Locked"] == "dword:00000001"
    assert told[f"{firefox_key}\\WebsiteFilter\\Block"] == {"1": '"<all_urls>"'}
    written = {name for name, value in told[firefox_key].items() if not value.startswith("dword:")}
    assert written == {"Preferences"}
    assert json.loads(json.loads(told[firefox_key]["Preferences"]))["network.trr.mode"]["Status"] == "locked"


def test_the_scripts_for_windows_are_written_for_its_interpreter() -> None:
    kit = scripts(Room("salle", "192.0.2.1", "0.0.0.0", 8101, 2), Settings())
    for name in ("poser.cmd", "retirer.cmd"):
        assert kit[name].count(b"\n") == kit[name].count(b"\r\n")
    assert "règles".encode("cp850") in kit["poser.cmd"]
