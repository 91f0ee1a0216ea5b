"""What the browsers of candidates' machines are told to allow: from the room's declaration, for three families.

Chromium, Chrome and Edge read JSON on Linux and the registry on Windows; Firefox reads policies.json. All block
every address but the room's and the allowed ones, shut developer tools, extensions and private windows, and go
through the room's proxy, which refuses the rest.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.room import Room

#: Where each browser of a Linux machine looks for what its administrator decided.
LINUX = {
    "chromium": "/etc/chromium/policies/managed/e5b.json",
    "chromium-snap": "/etc/chromium-browser/policies/managed/e5b.json",
    "chrome": "/etc/opt/chrome/policies/managed/e5b.json",
    "edge": "/etc/opt/edge/policies/managed/e5b.json",
    "firefox": "/etc/firefox/policies/policies.json",
}
_WINDOWS = {"chrome": r"Google\Chrome", "chromium": "Chromium", "edge": r"Microsoft\Edge"}


def open_hosts(room: Room, allowed: Sequence[str]) -> list[str]:
    """What a browser may open: the room's own hosts with their ports, and the allowed sites."""
    return [*(host if ":" in host else f"{host}:80" for host in room.hosts()), *allowed]


def chromium(room: Room, allowed: Sequence[str], pac: str) -> dict[str, Any]:
    """For Chromium, Chrome and Edge; a name that one of them doesn't know, it leaves."""
    return {
        "URLBlocklist": ["*"],
        # A name that begins with a dot is that host alone; else its subdomains too.
        "URLAllowlist": [*open_hosts(room, ()), *(f".{host}" for host in allowed), "chrome://policy", "edge://policy"],
        "ProxySettings": {"ProxyMode": "pac_script", "ProxyPacUrl": pac, "ProxyPacMandatory": True},
        "DeveloperToolsAvailability": 2,
        "ExtensionInstallBlocklist": ["*"],
        "ExtensionSettings": {"*": {"installation_mode": "blocked"}},
        "IncognitoModeAvailability": 1,
        "InPrivateModeAvailability": 1,
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
        "PromotionalTabsEnabled": False,
        "HubsSidebarEnabled": False,
        "NetworkPredictionOptions": 2,
        "HomepageLocation": f"http://{room.pages_host}/",
    }


def firefox(room: Room, allowed: Sequence[str], pac: str) -> dict[str, Any]:
    """For Firefox. Its filter's patterns have no port: a host stands for all of its own."""
    hosts = dict.fromkeys(host.partition(":")[0] for host in open_hosts(room, allowed))
    return {
        "policies": {
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
            "ExtensionSettings": {"*": {"installation_mode": "blocked"}},
            "InstallAddonsPermission": {"Default": False},
            "NetworkPrediction": False,
            "CaptivePortal": False,
            "SearchSuggestEnabled": False,
            "Homepage": {"URL": f"http://{room.pages_host}/", "Locked": True, "StartPage": "homepage"},
            "Preferences": {
                "network.trr.mode": {"Value": 5, "Status": "locked"},
                "network.http.http3.enable": {"Value": False, "Status": "locked"},
                "media.peerconnection.enabled": {"Value": False, "Status": "locked"},
            },
        }
    }


def linux_files(room: Room, allowed: Sequence[str], pac: str) -> dict[str, str]:
    """Each browser's file, by where it lies on a Linux machine."""
    for_chromium = _json(chromium(room, allowed, pac))
    return {path: _json(firefox(room, allowed, pac)) if name == "firefox" else for_chromium
            for name, path in LINUX.items()}  # fmt: skip


def registry(room: Room, allowed: Sequence[str], pac: str, *, held: bool) -> str:
    """The same for a Windows machine, as a file that `reg import` takes; not held: what removes it."""
    lines = ["Windows Registry Editor Version 5.00", ""]
    trees = {
        f"HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\{key}": chromium(room, allowed, pac) for key in _WINDOWS.values()
    }
    trees[r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Mozilla\Firefox"] = firefox(room, allowed, pac)["policies"]
    for key, values in trees.items():
        lines += _registry(key, values) if held else [f"[-{key}]", ""]
    return "\r\n".join(lines) + "\r\n"


def _registry(key: str, values: Mapping[str, Any]) -> list[str]:
    """A key and what is under it: lists are keys whose values are numbered, tables are JSON, as the browsers read them."""
    plain = [f'"{name}"={_value(value)}' for name, value in values.items() if not isinstance(value, list)]
    lists = {name: value for name, value in values.items() if isinstance(value, list)}
    lines = [f"[{key}]", *plain, ""]
    for name, value in lists.items():
        lines += [f"[{key}\\{name}]", *(f'"{number}"={_value(one)}' for number, one in enumerate(value, 1)), ""]
    return lines


def _value(value: Any) -> str:
    if isinstance(value, bool | int):
        return f"dword:{int(value):08x}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
