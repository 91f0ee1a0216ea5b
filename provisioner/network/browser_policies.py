"""What the browsers of candidates' machines are told to allow: from the room's declaration, for three families.

Chromium, Chrome and Edge read JSON on Linux and the registry on Windows; Firefox reads policies.json. All block
every address but the room's and the allowed ones, shut developer tools, extensions and private windows, and go
through the room's proxy, which refuses the rest.
"""

import json
from collections.abc import Mapping, Sequence

from provisioner.core.json_values import Json
from provisioner.network.certificates import authority_pem
from provisioner.network.room import Room

#: Where each browser of a Linux machine looks for what its administrator decided: of two files that say otherwise, the
#: last one in the order of their names counts, and the centre may have its own.
LINUX = {
    "chromium": "/etc/chromium/policies/managed/zzz-e5b.json",
    "chromium-snap": "/etc/chromium-browser/policies/managed/zzz-e5b.json",
    "chrome": "/etc/opt/chrome/policies/managed/zzz-e5b.json",
    "edge": "/etc/opt/edge/policies/managed/zzz-e5b.json",
    "firefox": "/etc/firefox/policies/policies.json",
}
#: Where Firefox finds the room's authority on a Linux machine; Chromium has it in its rules.
LINUX_AUTHORITY = "/etc/firefox/policies/e5b-autorite.crt"
_POLICIES = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies"
#: What a Windows machine keeps of its own while the rules are on it: all that they may change, whole.
WINDOWS_KEPT = [f"{_POLICIES}\\{key}" for key in ("Google", "Chromium", "Microsoft\\Edge", "Mozilla")]
#: The tables that browsers read in the registry as one value, in JSON; they look for every other in a key of its name.
_AS_JSON = ("ProxySettings", "ExtensionSettings", "Preferences")


def open_hosts(room: Room, allowed: Sequence[str]) -> list[str]:
    """What a browser may open: the room's own hosts with their ports, and the allowed sites."""
    return [*room.hosts_with_ports(), *allowed]


def chromium(room: Room, allowed: Sequence[str], pac: str) -> dict[str, Json]:
    """For Chromium and Chrome."""
    return _chromium(room, allowed, pac, ("chrome",))


def _chromium(room: Room, allowed: Sequence[str], pac: str, schemes: Sequence[str]) -> dict[str, Json]:
    """For a browser made of Chromium, whose own pages have addresses of these schemes."""
    return {
        # A browser's own pages are not among all: one of them lifts every rule.
        "URLBlocklist": ["*", *(f"{scheme}://*" for scheme in schemes)],
        # A name that begins with a dot is that host alone; else its subdomains too.
        "URLAllowlist": [
            *open_hosts(room, ()),
            *(f".{host}" for host in allowed),
            *(f"{scheme}://print" for scheme in schemes),
        ],
        "PolicyTestPageEnabled": False,
        "ProxySettings": {"ProxyMode": "pac_script", "ProxyPacUrl": pac, "ProxyPacMandatory": True},
        "DeveloperToolsAvailability": 2,
        "ExtensionInstallBlocklist": ["*"],
        "ExtensionSettings": {"*": {"installation_mode": "blocked"}},
        "IncognitoModeAvailability": 1,
        "BrowserGuestModeEnabled": False,
        "BrowserAddPersonEnabled": False,
        "BrowserSignin": 0,
        "SyncDisabled": True,
        "DnsOverHttpsMode": "off",
        "QuicAllowed": False,
        "WebRtcIPHandling": "disable_non_proxied_udp",
        "BackgroundModeEnabled": False,
        "ComponentUpdatesEnabled": False,
        "MetricsReportingEnabled": False,
        "SafeBrowsingProtectionLevel": 0,
        "SearchSuggestEnabled": False,
        "DefaultSearchProviderEnabled": False,
        "PasswordManagerEnabled": False,
        "TranslateEnabled": False,
        "NetworkPredictionOptions": 2,
        "HomepageLocation": f"http://{room.pages_host}/",
        "NewTabPageLocation": f"http://{room.pages_host}/",
        **({"CACertificates": [room.authority]} if room.authority else {}),
    }


def edge(room: Room, allowed: Sequence[str], pac: str) -> dict[str, Json]:
    """For Edge: as Chromium, by its own names where it has some."""
    policies = _chromium(room, allowed, pac, ("chrome", "edge"))
    policies["InPrivateModeAvailability"] = policies.pop("IncognitoModeAvailability")
    policies["BrowserAddProfileEnabled"] = policies.pop("BrowserAddPersonEnabled")
    policies["WebRtcLocalhostIpHandling"] = policies.pop("WebRtcIPHandling")
    for not_in_edge in ("SafeBrowsingProtectionLevel", "MetricsReportingEnabled"):
        del policies[not_in_edge]
    return policies | {
        "SmartScreenEnabled": False,
        "DiagnosticData": 0,
        "HubsSidebarEnabled": False,
        "HideFirstRunExperience": True,
    }


def firefox(room: Room, allowed: Sequence[str], pac: str) -> dict[str, Json]:
    """For Firefox: its policies.json."""
    # It has no way to trust an authority for as long as its rules say: it takes it into each profile.
    trusted: dict[str, Json] = {"Certificates": {"Install": [LINUX_AUTHORITY]}} if room.authority else {}
    return {"policies": {**_firefox(room, allowed, pac), **trusted}}


def _firefox(room: Room, allowed: Sequence[str], pac: str) -> dict[str, Json]:
    """Firefox's policies. Its filter's patterns have no port: a host stands for all of its own."""
    hosts = dict.fromkeys(host.partition(":")[0] for host in open_hosts(room, allowed))
    return {
        "WebsiteFilter": {
            "Block": ["<all_urls>"],
            "Exceptions": [f"{scheme}://{host}/*" for host in hosts for scheme in ("http", "https")],
        },
        "Proxy": {"Mode": "autoConfig", "AutoConfigURL": pac, "Locked": True},
        "BlockAboutConfig": True,
        "BlockAboutAddons": True,
        "BlockAboutProfiles": True,
        "BlockAboutSupport": True,
        "DisableDeveloperTools": True,
        "DisablePrivateBrowsing": True,
        "DisableFirefoxAccounts": True,
        "DisableFirefoxStudies": True,
        "DisableTelemetry": True,
        "DisableAppUpdate": True,
        "DisablePocket": True,
        "DNSOverHTTPS": {"Enabled": False, "Locked": True},
        # To block extensions altogether would remove from each profile, for good, those that are there.
        "InstallAddonsPermission": {"Default": False},
        "NetworkPrediction": False,
        "CaptivePortal": False,
        "SearchSuggestEnabled": False,
        "Homepage": {"URL": f"http://{room.pages_host}/", "Locked": True, "StartPage": "homepage"},
        "Preferences": {
            "network.trr.mode": {"Value": 5, "Status": "locked"},
            "network.connectivity-service.enabled": {"Value": False, "Status": "locked"},
            "network.http.http3.enable": {"Value": False, "Status": "locked"},
            "media.peerconnection.enabled": {"Value": False, "Status": "locked"},
        },
    }


def linux_files(room: Room, allowed: Sequence[str], pac: str) -> dict[str, str]:
    """Each browser's file, by where it lies on a Linux machine."""
    apart = {"edge": edge, "firefox": firefox}
    files = {path: _json(apart.get(name, chromium)(room, allowed, pac)) for name, path in LINUX.items()}
    return files | ({LINUX_AUTHORITY: authority_pem(room.authority)} if room.authority else {})


def registry(room: Room, allowed: Sequence[str], pac: str) -> list[str]:
    """The same for a Windows machine, as lines that `reg import` takes: in place of all rules that a browser had."""
    for_chromium = chromium(room, allowed, pac)
    # poser.cmd puts the authority into Windows' store.
    trusted: dict[str, Json] = {"Certificates": {"ImportEnterpriseRoots": True}} if room.authority else {}
    trees = {
        "Google\\Chrome": for_chromium,
        "Chromium": for_chromium,
        "Microsoft\\Edge": edge(room, allowed, pac),
        "Mozilla\\Firefox": {**_firefox(room, allowed, pac), **trusted},
    }
    lines = ["REGEDIT4"]
    for key, values in trees.items():
        lines += [f"[-{_POLICIES}\\{key}]", *_registry(f"{_POLICIES}\\{key}", values)]
    return lines


def _registry(key: str, values: Mapping[str, Json]) -> list[str]:
    """A key and what is under it, as the browsers look for it: the values of a list are numbered."""
    below: dict[str, Mapping[str, Json]] = {}
    for name, value in values.items():
        if isinstance(value, list):
            below[name] = {str(number): item for number, item in enumerate(value, 1)}
        elif isinstance(value, dict) and name not in _AS_JSON:
            below[name] = value
    lines = [f"[{key}]", *(f'"{name}"={_value(value)}' for name, value in values.items() if name not in below)]
    for name, inner in below.items():
        lines += _registry(f"{key}\\{name}", inner)
    return lines


def _value(value: Json) -> str:
    if isinstance(value, bool | int):
        return f"dword:{int(value):08x}"
    text = value if isinstance(value, str) else json.dumps(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _json(document: Mapping[str, Json]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
