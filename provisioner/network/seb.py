"""Safe Exam Browser: the file that locks a candidate's machine to the room, and the key that proves it.

The Config Key is computed as https://safeexambrowser.org/developer/seb-config-key.html says: the settings as
JSON without white space, keys in order whatever their case, no `originatorVersion`, no empty table, nothing
escaped but quotes; SHA-256 of that in hexadecimal. Where the page says nothing, it is as the browser for Windows and
Moodle's plugin do, whose published keys this gives. With each request the browser sends the SHA-256 of the address
followed by that key.
"""

import hashlib
import plistlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from provisioner.core.json_values import Json
from provisioner.network.browser_policies import open_hosts
from provisioner.network.room import Room

#: The header by which the browser proves what it runs with.
HEADER = "X-SafeExamBrowser-ConfigKeyHash"
_ALLOW, _OWN_PROXY = 1, 1


def settings(room: Room, allowed: Sequence[str]) -> dict[str, Json]:
    """What the browser is told: start at the room's page, open its hosts and no other.

    Its filter blocks whatever no rule allows; rules that block come before all others there, so that there is none.
    It looks at pages and at all that they draw; the proxy hears of what goes past it.
    """
    # A dot before it: that host alone, without those below it, also where its name has no dot.
    rules = [_allowing(f".{host}/*") for host in open_hosts(room, allowed)]
    usual = (":80", ":443") if room.tls else (":80",)
    without_port = dict.fromkeys(host.rpartition(":")[0] for host in open_hosts(room, ()) if host.endswith(usual))
    rules += [_allowing(f".{host}/*") for host in without_port]
    # What a page makes of its own, and the browser's reader of PDF: its form for addresses has none for these.
    inside = ("about:", "blob:", "chrome-extension:", "chrome://resources/", "data:")
    rules += [{**_allowing(f"^{beginning}"), "regex": True} for beginning in inside]
    return {
        "originatorVersion": "e5b",
        "startURL": f"http://{room.pages_host}/postes.html",
        "sebConfigPurpose": 0,
        "sendBrowserExamKey": True,
        "browserWindowWebView": 1,
        "allowQuit": True,
        "allowBrowsingBackForward": True,
        "examSessionReconfigureAllow": False,
        "allowPreferencesWindow": False,
        # For Windows the first counts up to version 3.8, the others from 3.7 on; for macOS all three.
        "allowDownUploads": True,
        "allowDownloads": True,
        "allowUploads": True,
        "allowDeveloperConsole": False,
        "allowPrint": False,
        "allowSpellCheck": False,
        "allowVirtualMachine": False,
        "allowSwitchToApplications": False,
        "browserViewMode": 1,
        "browserWindowAllowReload": True,
        "newBrowserWindowByLinkPolicy": 2,
        "newBrowserWindowByScriptPolicy": 2,
        "showReloadButton": True,
        "showTaskBar": True,
        "URLFilterEnable": True,
        "URLFilterEnableContentFilter": True,
        "URLFilterRules": rules,
        "proxySettingsPolicy": _OWN_PROXY,
        "proxies": {"AutoConfigurationEnabled": True, "AutoConfigurationURL": room.pac},
    }


def seb_file(room: Room, allowed: Sequence[str]) -> bytes:
    """The settings as the browser opens them: a property list, not encrypted, for starting an exam."""
    return plistlib.dumps(settings(room, allowed), fmt=plistlib.FMT_XML)


def config_key(settings: Mapping[str, object]) -> str:
    """The Config Key of these settings, which may be read from a file by `plistlib`.

    >>> config_key({"b": True, "A": [{}], "originatorVersion": "x"}) == config_key({"A": [{}], "b": True})
    True
    """
    return hashlib.sha256(seb_json(settings).encode()).hexdigest()


def seb_json(value: object) -> str:
    """A value in the form that is hashed. Dates without a time zone are in UTC, as `plistlib` reads them.

    The browser for Windows writes dates in another way than Moodle's plugin, which is followed here: no setting is a date.

    >>> seb_json({"b": True, "A": [1.0, "x\\\\y"], "empty": {}, "c": b"e5b"})
    '{"A":[1,"x\\\\y"],"b":true,"c":"ZTVi"}'
    """
    if isinstance(value, Mapping):
        counts = {key: inner for key, inner in value.items() if inner != {} and key.lower() != "originatorversion"}
        return "{" + ",".join(f'"{key}":{seb_json(counts[key])}' for key in sorted(counts, key=_place)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(seb_json, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, bytes):
        return f'"{b64encode(value).decode()}"'
    if isinstance(value, datetime):
        return (
            f'"{(value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)).isoformat(timespec="seconds")}"'
        )
    return '"{}"'.format(str(value).replace('"', '\\"'))


def _place(key: str) -> tuple[list[tuple[bool, bool, str]], str]:
    """Where a key stands: signs, digits, letters whatever their case; of two that differ in case, the small letter first."""
    return [(letter.isalpha(), letter.isdigit(), letter.lower()) for letter in key], key.swapcase()


def proof(address: str, key: str) -> str:
    """What the browser sends with a request for that address (without its fragment)."""
    return hashlib.sha256((address.partition("#")[0] + key).encode()).hexdigest()


def _allowing(expression: str) -> dict[str, Json]:
    return {"active": True, "regex": False, "expression": expression, "action": _ALLOW}
