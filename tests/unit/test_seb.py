"""The locked browser's file and key, as its documentation computes them."""

import hashlib
import json
import plistlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from provisioner.core.json_values import Json
from provisioner.network.room import Room
from provisioner.network.seb import config_key, proof, seb_file, seb_json, settings

ROOM = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 3, "examen.test", 80)


def as_read(document: Mapping[str, Json]) -> Any:
    """A document as whoever reads its JSON has it."""
    return json.loads(json.dumps(document))


def test_keys_are_ordered_whatever_their_case_and_nothing_is_escaped_or_spaced() -> None:
    told = {"allowWlan": False, "allowQuit": True, "browserMessagingSocket": "ws:\\localhost:8706", "additional": []}
    text = '{"additional":[],"allowQuit":true,"allowWlan":false,"browserMessagingSocket":"ws:\\localhost:8706"}'
    assert seb_json(told) == text
    assert config_key(told) == hashlib.sha256(text.encode()).hexdigest()


def test_the_key_of_settings_of_every_type_is_that_of_an_independent_program() -> None:
    """The key was computed of these settings, written as a property list, by the code of Moodle's plugin (quizaccess_seb).

    That code and this module give the keys that are published with the plugin's tests, of files read by `plistlib`:
    unencrypted_mac_001.seb, 4fa9af8ec8759eb7c680752ef4ee5eaf1a860628608fccae2715d519849f9292, and
    unencrypted_win_223.seb, 2534e4e9f3188f9f9133bf7cf7b4c5d898292bbd7e8d0230f39d1176636a1431 (before that file
    had thresholds of the battery: fc6f4ea5922717760f4d6d536c23b8d19bf20b52aa97940f5427a76e20f49026).
    """
    document = {
        "originatorVersion": "e5b",
        "allowWLAN": True,
        "allowWlan": False,
        "allow_Wlan": 1,
        "allow2": 2,
        "Zoom": -3,
        "batteryChargeThresholdLow": 0.2,
        "zoomLevel": 1.0,
        "ratio": -12.75,
        "examKeySalt": bytes(range(224, 256)),
        "configKeySalt": b"",
        "examDay": datetime(2026, 5, 18, 8, 30),  # without a time zone, as plistlib reads it
        "startURL": "http://poste-01.examen.test/wp-admin/?x=1&y=<2>",
        "restartExamText": 'L’épreuve « E5b » commence : été, œuvre, 日本 "entre guillemets"',
        "browserMessagingSocket": "ws:\\localhost:8706",
        "emptyText": "",
        "emptyTable": {},
        "emptyList": [],
        "proxies": {
            "HTTPPort": 80,
            "httpEnable": False,
            "nothing": {},
            "ExceptionsList": ["*.examen.test", "10.0.0.0/8"],
            "originatorVersion": "x",
        },
        "URLFilterRules": [
            {
                "regex": True,
                "expression": "^about\\:[a-z]+$",
                "action": 1,
                "active": True,
                "more": {"b": [[1, 2.5], [True]], "A": b"e5b"},
            },
            "text",
            3,
        ],
    }
    confirmed = "f0cb69d24bb4a6211539bacbc16b843d04c373077ef77a12945d1a4636a54699"
    assert config_key(document) == confirmed
    assert config_key(plistlib.loads(plistlib.dumps(document))) == confirmed


def test_the_version_that_wrote_the_file_and_empty_tables_do_not_count() -> None:
    told = {"startURL": "http://192.0.2.1/", "rules": [{"b": 1, "A": {"c": {}}}]}
    assert config_key({**told, "originatorVersion": "x", "proxies": {}}) == config_key(told)
    assert seb_json(told) == '{"rules":[{"A":{},"b":1}],"startURL":"http://192.0.2.1/"}'


def test_the_file_holds_exactly_what_the_key_was_made_of() -> None:
    read = plistlib.loads(seb_file(ROOM, ("maps.google.com",)))
    assert config_key(read) == config_key(settings(ROOM, ("maps.google.com",)))
    assert config_key(read) != config_key(settings(ROOM, ()))


def test_the_file_opens_the_room_and_what_is_allowed_and_nothing_else() -> None:
    told = plistlib.loads(seb_file(ROOM, ("maps.google.com",)))
    opened = [rule["expression"] for rule in told["URLFilterRules"]]
    assert told["URLFilterEnable"]
    assert ".poste-03.examen.test/*" in opened
    assert ".maps.google.com/*" in opened
    hosts = [rule["expression"] for rule in told["URLFilterRules"] if not rule["regex"]]
    assert all(expression.startswith(".") for expression in hosts)
    # The filter's rules that block go before those that allow: one for all would shut the room too.
    assert {rule["action"] for rule in told["URLFilterRules"]} == {1}
    assert not [one for one in opened if one.startswith("*")]


@pytest.mark.parametrize("drawn", ["blob:http://poste-01.examen.test/7", "data:image/png;base64,aa", "about:blank"])
def test_the_filter_looks_at_what_a_page_draws_and_leaves_it_what_it_makes_of_its_own(drawn: str) -> None:
    told = as_read(settings(ROOM, ()))
    assert told["URLFilterEnableContentFilter"]
    patterns = [rule["expression"] for rule in told["URLFilterRules"] if rule["regex"]]
    assert any(re.search(pattern, drawn) for pattern in patterns)
    for elsewhere in (
        "http://corrige.example/?data:",
        "https://corrige.example/blob:",
        "ftp://about:x@corrige.example/",
    ):
        assert not any(re.search(pattern, elsewhere, re.IGNORECASE) for pattern in patterns)


def test_the_locked_browser_goes_by_the_rooms_proxy_as_the_others_do() -> None:
    told = plistlib.loads(seb_file(ROOM, ()))
    assert told["proxySettingsPolicy"] == 1  # its own, not the machine's
    assert told["proxies"] == {
        "AutoConfigurationEnabled": True,
        "AutoConfigurationURL": "http://partenaire.examen.test/proxy.pac",
    }


def test_a_candidate_may_send_pictures_to_his_station_by_each_of_the_keys_that_its_versions_know() -> None:
    told = as_read(settings(ROOM, ()))
    assert [told[key] for key in ("allowDownUploads", "allowDownloads", "allowUploads")] == [True] * 3
    assert told["examSessionReconfigureAllow"] is False


def test_what_proves_the_browser_is_of_the_address_without_its_fragment() -> None:
    key = "ab" * 32
    expected = hashlib.sha256(f"http://poste-01.examen.test/wp-admin/?x=1{key}".encode()).hexdigest()
    assert proof("http://poste-01.examen.test/wp-admin/?x=1#haut", key) == expected
