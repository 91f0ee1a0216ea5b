"""The record of refused tries: complete, attributed, and fair to who did nothing."""

import json
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from provisioner.core.declaration import Network
from provisioner.core.errors import EngineError, EvidenceLost, Refusal
from provisioner.engine.protocol import ContainerSpec, Output
from provisioner.host.paths import Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck import refused_tries
from provisioner.leakcheck.entries import Entry
from provisioner.leakcheck.log_lines import packet_entry, utc
from provisioner.leakcheck.refused_tries import collect, collect_and_report, entries, of_station
from provisioner.leakcheck.wiring import Machine
from provisioner.network.gateway import Gateway, Room
from provisioner.station.centre import Centre
from provisioner.station.state import State
from tests.unit.fake_engine import FakeEngine
from tests.unit.samples import CANDIDATE

MACHINE = "192.0.2.31"


class Logs(FakeEngine):
    """An engine whose gateway has written this."""

    def __init__(self) -> None:
        super().__init__()
        self.written = {"web": "", "proxy": "", "dns": ""}

    def run(self, container: str, command: Sequence[str], **_: Any) -> Output:
        found = re.fullmatch(
            r"tail -c \+(\d+) /var/log/e5b/(\w+)\.log \| head -c (\d+); sync --data /var/log/e5b/\2\.log", command[-1]
        )
        if not found:
            return super().run(container, command)
        begin, most = int(found[1]) - 1, int(found[3])
        return Output(0, self.written[found[2]].encode()[begin : begin + most], b"")

    def web(self, at: str, host: str, request: str, status: int, machine: str = MACHINE) -> None:
        self.written["web"] += (
            f'{{"at":"2026-05-21T{at}+00:00","from":"{machine}","to":"10.213.0.2","host":"{host}",'
            f'"request":"{request}","status":{status},"agent":"x"}}\n'
        )

    def proxy(
        self, at: str, url: str, method: str = "GET", machine: str = MACHINE, status: int = 403, how: str = "NONE"
    ) -> None:
        self.written["proxy"] += (
            f'{{"at":"2026-05-21T{at}+0000","from":"{machine}","method":"{method}","url":"{url}","status":{status},'
            f'"how":"{how}","agent":""}}\n'
        )

    def dns(self, name: str, kind: str = "A") -> None:
        self.written["dns"] += f"May 21 08:00:00 dnsmasq[9]: 4 {MACHINE}/4023 query[{kind}] {name} from {MACHINE}\n"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Logs:
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)
    monkeypatch.setattr(refused_tries, "_dropped", lambda centre, since: ([], ""))  # the machine's own journal
    return Logs()


@pytest.fixture
def centre(engine: Logs, tmp_path: Path) -> Centre:
    state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
    made = Centre(engine, Settings(), state, Room("salle", "localhost", "127.0.0.1", 8101, 3))
    made.gateway.prepare("image")
    made.gateway.start()
    return made


def hosts(centre: Centre, what: str = "refused") -> list[str]:
    collect(centre)
    return [one.host for one in entries(centre) if one.what == what]


def test_a_machine_is_told_by_the_station_that_it_worked_at(centre: Centre, engine: Logs) -> None:
    station(centre, engine, 2, "07:00:00")
    engine.web("08:00:00", "localhost:8102", "GET /wp-admin/ HTTP/1.1", 200)
    engine.proxy("08:05:00", "http://corrige.example/e5b?x=1")
    collect(centre)
    (one,) = entries(centre)
    assert (one.station, one.machine, one.host, one.path) == ("poste-02", MACHINE, "corrige.example", "/e5b")


def test_a_station_that_asks_is_told_by_its_own_address_and_a_copy_is_nobodys(centre: Centre, engine: Logs) -> None:
    first, copy = centre.gateway.network(1).address, centre.gateway.network(1, copy=True).address
    engine.web("08:00:00", "aide.example", "GET http://aide.example/a HTTP/1.0", 403, first)
    engine.web("08:01:00", "aide.example", "GET http://aide.example/b HTTP/1.0", 403, copy)
    collect(centre)
    assert [(one.station, one.path) for one in entries(centre)] == [("poste-01", "/a")]


def test_what_is_hidden_by_tls_is_told_by_its_host(centre: Centre, engine: Logs) -> None:
    engine.proxy("08:00:00", "www.cours.example:443", "CONNECT")
    assert hosts(centre) == ["www.cours.example:443"]


@pytest.mark.parametrize(
    "host",
    [
        "detectportal.firefox.com",
        "firefox.settings.services.mozilla.com",
        "safebrowsing.googleapis.com",
        "update.googleapis.com",
        "www.msftconnecttest.com",
        "ocsp.digicert.com",
        "r3.o.lencr.org",
        "wpad",
        "time.windows.com",
        "2.debian.pool.ntp.org",
        "s.w.org",
        "7.100.51.198.in-addr.arpa",
        "ipv4only.arpa",
        "clientservices.googleapis.com",
        "edgedl.me.gvt1.com",
        "mtalk.google.com",
        "www.googleapis.com",
        "safebrowsingohttpgateway.googleapis.com",
        "example.org",
        "cloudflare-dns.com",
        "versioncheck-bg.addons.mozilla.org",
        "ntp.msn.com",
        "assets.msn.com",
        "api.msn.com",
        "config.edge.skype.com",
        "edge.microsoft.com",
        "nav-edge.smartscreen.microsoft.com",
        "nav.smartscreen.microsoft.com",
        "data-edge.smartscreen.microsoft.com",
        "msedge.api.cdp.microsoft.com",
        "settings-win.data.microsoft.com",
        "eu-v20.events.data.microsoft.com",
        "login.live.com",
        "wdcp.microsoft.com",
        "kv801.prod.do.dsp.mp.microsoft.com",
        "tlu.dl.delivery.mp.microsoft.com",
        "fe2cr.update.microsoft.com",
        "captive.apple.com",
        "api.snapcraft.io",
        "passwordsleakcheck-pa.googleapis.com",
        "sb-ssl.google.com",
        "www.gstatic.com",
        "translate.googleapis.com",
        "clients2.googleusercontent.com",
        "client.wns.windows.com",
        "displaycatalog.mp.microsoft.com",
        "edgeassetservice.azureedge.net",
        "security.ubuntu.com",
        "fr.archive.ubuntu.com",
        # What the subject has the candidate do.
        "yoast.com",
        "fonts.googleapis.com",
        "fonts.gstatic.com",
        "maps.google.com",
        "maps.googleapis.com",
    ],
)
def test_what_browsers_and_sites_ask_by_themselves_is_told_apart(centre: Centre, engine: Logs, host: str) -> None:
    engine.proxy("08:00:00", f"http://{host}/x")
    assert hosts(centre) == []
    assert hosts(centre, "background") == [host]


@pytest.mark.parametrize(
    "host",
    [
        "www.google.com",
        "fr.wikipedia.org",
        "wordpress.org",
        "www.mozilla.org",
        "chatgpt.com",
        "mail.google.com",
        "time.com",
        "ocsp.corrige.example",
        "crl.corrige.example",
        "addons.prestashop.com",
        "wikipedia",
        "connectivitycheck.corrige.com",
        "www.bing.com",
        "www.msn.com",
        "outlook.live.com",
        "learn.microsoft.com",
        "addons.mozilla.org",
        "fonts.google.com",
        "earth.google.com",
        "www.apple.com",
        "ubuntu.com",
        "forum.ubuntu.com",
        "translate.google.com",
        "storage.googleapis.com",
        "maps.google.com.corrige.example",
        "blog.yoast.com",
    ],
)
def test_what_a_person_visits_is_never_called_background(centre: Centre, engine: Logs, host: str) -> None:
    engine.proxy("08:00:00", f"http://{host}/")
    assert hosts(centre) == [host]


def test_the_same_try_again_within_a_minute_is_counted_with_the_first(centre: Centre, engine: Logs) -> None:
    for at in ("08:00:00", "08:00:20", "08:02:00"):
        engine.proxy(at, "http://corrige.example/")
    collect(centre)
    assert [one.times for one in entries(centre)] == [2, 1]


def test_a_name_asked_of_the_dns_is_on_record_and_the_rooms_own_are_not(centre: Centre, engine: Logs) -> None:
    named = replace(centre, room=replace(centre.room, domain="examen.test"))
    for name in ("poste-01.examen.test", "corrige.example", "qzkfhwopyt"):
        engine.dns(name)
    engine.written["dns"] += f"May 21 08:00:00 dnsmasq[9]: 4 {MACHINE}/4023 config corrige.example is NXDOMAIN\n"
    assert hosts(named) == ["corrige.example"]


@pytest.mark.parametrize("kind", ["A", "HTTPS", "TXT", "MX", "NULL", "CNAME", "SRV", "type=65400"])
def test_a_name_is_on_record_whatever_was_asked_of_it(centre: Centre, engine: Logs, kind: str) -> None:
    engine.dns("secret.corrige.example", kind)
    engine.dns("un espace.example", kind)
    assert hosts(centre) == ["secret.corrige.example", "un espace.example"]


def test_a_name_that_only_ends_like_an_allowed_one_is_on_record(centre: Centre, engine: Logs) -> None:
    net = Network(allowed=("maps.google.com",))
    opened = replace(centre, settings=centre.settings.model_copy(update={"network": net}))
    for name in ("maps.google.com", "khms1.maps.google.com", "evilmaps.google.com"):
        engine.dns(name)
    assert hosts(opened) == ["evilmaps.google.com"]


def test_what_was_brought_to_the_disk_is_not_brought_again_and_half_a_line_waits(centre: Centre, engine: Logs) -> None:
    engine.proxy("08:00:00", "http://un.example/")
    whole = engine.written["proxy"]
    engine.proxy("08:01:00", "http://deux.example/")
    rest = engine.written["proxy"][len(whole) + 20 :]
    engine.written["proxy"] = engine.written["proxy"][: len(whole) + 20]
    assert hosts(centre) == ["un.example"]
    engine.written["proxy"] += rest
    assert hosts(centre) == ["un.example", "deux.example"]
    assert hosts(centre) == ["un.example", "deux.example"]


def test_what_an_allowed_site_answers_by_itself_is_no_refusal_and_what_is_refused_of_it_is(
    centre: Centre, engine: Logs
) -> None:
    net = Network(allowed=("cartes.example",))
    opened = replace(centre, settings=centre.settings.model_copy(update={"network": net}))
    engine.proxy("08:00:00", "http://cartes.example/favicon.ico", status=404, how="TCP_MISS")
    engine.proxy("08:00:00", "cartes.example:443", "CONNECT", status=503, how="TCP_TUNNEL")
    assert hosts(opened) == []
    engine.proxy("08:00:00", "cartes.example:22", "CONNECT", status=403, how="TCP_DENIED")
    engine.proxy("08:00:00", "autre.example:443", "CONNECT", status=200, how="TCP_DENIED")
    assert hosts(opened) == ["cartes.example:22", "autre.example:443"]


def test_what_a_full_disk_or_a_kill_cut_short_is_brought_again_and_counted_once(centre: Centre, engine: Logs) -> None:
    engine.proxy("08:00:00", "http://un.example/")
    collect(centre)
    record = centre.state.folder / "network/salle.jsonl"
    for minute, host in enumerate(("deux", "trois"), 1):
        engine.proxy(f"08:0{minute}:00", f"http://{host}.example/")
    before = record.read_bytes()
    collect(centre)
    whole = record.read_bytes()
    marks = record.with_suffix(".json")
    told = json.loads(marks.read_text())
    assert told["length"] == len(whole)
    # As it stands when the disk was full in the middle of the second line.
    record.write_bytes(whole[:-30])
    gateway = next(name for name in told if name not in ("kernel_at", "length"))
    read = len(engine.written["proxy"].splitlines(keepends=True)[0])
    marks.write_text(json.dumps({**told, gateway: {**told[gateway], "proxy": read}, "length": len(before)}))
    collect(centre)
    assert record.read_bytes() == whole
    assert [(one.host, one.times) for one in entries(centre)] == [
        ("un.example", 1),
        ("deux.example", 1),
        ("trois.example", 1),
    ]


def test_a_record_that_was_cut_in_a_letter_is_read(centre: Centre, engine: Logs) -> None:
    engine.proxy("08:00:00", "http://un.example/")
    collect(centre)
    with (centre.state.folder / "network/salle.jsonl").open("ab") as record:
        record.write('{"at":"2026-05-21T08:00:00+00:00","candidate":"É'.encode()[:-1])
    assert [one.host for one in entries(centre)] == ["un.example"]


def test_a_proof_of_the_network_accuses_nobody(centre: Centre, engine: Logs) -> None:
    engine.proxy("08:00:00", "http://203.0.113.10/")
    engine.proxy("08:00:00", "http://www.e5b-preuve.test/")
    assert hosts(centre) == []


#: Rooms as a router has them: by ports, and by names.
ROUTED = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 3)
NAMED = replace(ROUTED, domain="examen.test")


@pytest.mark.parametrize(
    ("room", "port", "what"),
    [(ROUTED, 443, "background"), (NAMED, 80, "background"), (NAMED, 443, "background"), (ROUTED, 22, "refused")],
)
def test_a_browser_that_tries_the_rooms_own_address_by_https_visits_no_site(room: Room, port: int, what: str) -> None:
    told = packet_entry(room, journal(MACHINE, "192.0.2.1", port))
    assert told is not None
    assert told[1].what == what


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ("poste-01.examen.test:443", []),
        ("poste-1.examen.test:80", []),
        ("192.0.2.1:443", []),
        ("www.poste-01.examen.test", []),
        ("POSTE-01.examen.test:443", []),
        ("www.examen.test:443", ["www.examen.test:443"]),
        ("poste-01.examen.test:22", ["poste-01.examen.test:22"]),
        ("poste-01.examen.test.evil.example:443", ["poste-01.examen.test.evil.example:443"]),
        ("localhost:443", ["localhost:443"]),
        ("127.0.0.1:80", ["127.0.0.1:80"]),
    ],
)
def test_what_is_mistyped_of_the_room_is_no_other_site(
    centre: Centre, engine: Logs, asked: str, what: list[str]
) -> None:
    named = replace(centre, room=replace(NAMED, name="salle"))
    engine.proxy("08:00:00", asked, "CONNECT")
    assert hosts(named) == what


def test_who_asks_by_a_name_and_a_password_is_told_by_the_site(centre: Centre, engine: Logs) -> None:
    engine.proxy("08:00:00", "ftp://detectportal.firefox.com:x@corrige.example/")
    assert hosts(centre) == ["corrige.example"]


def journal(source: str, to: str, port: int, moment: str = "1779350400000000") -> str:
    message = f"e5b-refus IN=eth1 OUT=eth0 SRC={source} DST={to} LEN=60 PROTO=TCP SPT=4023 DPT={port} SYN"
    return json.dumps({"MESSAGE": message, "__REALTIME_TIMESTAMP": moment})


def test_what_the_routers_rules_dropped_is_told_by_address_and_talk_to_everybody_apart() -> None:
    one, all_of_them = (
        packet_entry(ROUTED, journal(MACHINE, "198.51.100.7", 443)),
        packet_entry(ROUTED, journal(MACHINE, "239.255.255.250", 1900)),
    )
    assert one is not None
    assert all_of_them is not None
    assert (one[1].machine, one[1].host, one[1].what) == (MACHINE, "198.51.100.7:443", "refused")
    assert all_of_them[1].what == "background"
    assert packet_entry(ROUTED, '{"MESSAGE": "usb 1-1: new device", "__REALTIME_TIMESTAMP": "1"}') is None


@pytest.mark.parametrize(
    ("port", "what"),
    [
        (53, "background"),
        (123, "background"),
        (445, "background"),
        (9100, "background"),
        (80, "refused"),
        (443, "refused"),
        (853, "refused"),
    ],
)
def test_a_system_that_looks_for_its_servers_visits_no_site(port: int, what: str) -> None:
    told = packet_entry(ROUTED, journal(MACHINE, "10.1.1.5", port))
    assert told is not None
    assert told[1].what == what


def test_what_the_router_dropped_in_the_same_second_as_what_was_brought_is_not_lost(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    lines = [journal(MACHINE, "198.51.100.7", 443)]
    asked: list[tuple[str, ...]] = []

    def journalctl(*words: str, deadline: float) -> "CompletedProcess[str]":
        asked.append(words)
        return CompletedProcess(words, 0, "\n".join(lines), "")

    monkeypatch.setattr(refused_tries, "run", journalctl)
    assert hosts(centre) == ["198.51.100.7:443"]
    lines.append(journal(MACHINE, "198.51.100.8", 443, "1779350400000007"))
    assert hosts(centre) == ["198.51.100.7:443", "198.51.100.8:443"]
    assert "--dmesg" not in asked[0]  # that is this boot's alone
    begun = utc(centre.gateway._existing().created)
    assert f"--since=@{int(begun.timestamp())}" in asked[0]  # not what was dropped before there was a room
    assert "--since=@1779350400" in asked[1]


def test_a_router_whose_journal_can_not_be_read_is_told(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(refused_tries, "_JOURNALS", (str(tmp_path),))
    net = Network(wiring="routeur", interface="eth1")
    router = replace(centre, settings=centre.settings.model_copy(update={"network": net}))
    assert "sudo" in of_station(router, "poste-01")["incomplete"]
    assert of_station(centre, "poste-01")["incomplete"] == ""


@pytest.mark.parametrize("user", [1000, 0])
def test_a_room_stays_while_somebody_may_still_read_what_its_router_dropped(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, user: int
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(refused_tries, "_JOURNALS", (str(tmp_path),))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    net = Network(wiring="routeur", interface="eth1")
    router = replace(centre, settings=centre.settings.model_copy(update={"network": net}))
    told: list[str] = []
    collect_and_report(router, told.append, last=True)  # of this machine alone
    router = replace(router, room=replace(router.room, listen="192.0.2.1"))
    with pytest.raises(Refusal, match=r"relancez avec sudo.*Rien n'a été retiré") if user else nullcontext():
        collect_and_report(router, told.append, last=True)
    assert len(told) == (1 if user else 2)


def test_a_full_record_keeps_no_room_from_being_taken_down(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused_tries, "collect", lambda _: refused_tries._FULL_LOG)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    told: list[str] = []
    collect_and_report(replace(centre, room=replace(centre.room, listen="192.0.2.1")), told.append, last=True)
    assert "est plein" in told[0]


def test_a_room_stays_while_the_disk_has_no_room_for_its_record(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Centre) -> str:
        raise EvidenceLost("Le disque est plein.")

    monkeypatch.setattr(refused_tries, "collect", full)
    with pytest.raises(EvidenceLost, match=r"Le disque est plein\. Rien n'a été retiré.*--discard"):
        collect_and_report(centre, print, last=True)


@pytest.mark.parametrize(
    ("code", "said", "incomplete"),
    [
        (0, "", ""),
        (1, "", ""),
        (1, "Failed to iterate", "Failed to iterate"),
        (124, "journalctl ne répond pas", "ne répond pas"),
        (137, "", "137"),
    ],
)
def test_a_journal_that_was_not_read_to_its_end_is_told_and_one_without_a_line_is_not(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, said: str, incomplete: str
) -> None:
    monkeypatch.undo()
    (tmp_path / "machine").mkdir()
    (tmp_path / "machine/system.journal").touch()
    monkeypatch.setattr(refused_tries, "_JOURNALS", (str(tmp_path),))
    monkeypatch.setattr(refused_tries, "run", lambda *words, deadline: CompletedProcess(words, code, "", said))
    net = Network(wiring="routeur", interface="eth1")
    told = collect(replace(centre, settings=centre.settings.model_copy(update={"network": net})))
    assert incomplete in told
    assert bool(told) is bool(incomplete)
    assert collect(centre) == ""  # no router: nothing to read there


def test_what_a_gateway_wrote_before_it_stopped_is_read_all_the_same(centre: Centre, engine: Logs) -> None:
    engine.proxy("08:00:00", "http://un.example/")
    assert hosts(centre) == ["un.example"]
    engine.proxy("08:01:00", "http://deux.example/")
    engine.files["/var/log/e5b/proxy.log"] = engine.written["proxy"].encode() + b'{"at":"2026'
    engine.stop(centre.gateway._existing().id)
    for _ in range(2):
        assert hosts(centre) == ["un.example", "deux.example"]


def test_a_gateway_that_can_not_be_read_leaves_what_is_on_record_and_says_so(
    centre: Centre, engine: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    station(centre, engine, 1, "07:00:00")
    engine.web("08:00:00", "localhost:8101", "GET /wp-admin/ HTTP/1.1", 200)
    engine.proxy("08:01:00", "http://corrige.example/")
    collect(centre)

    def silent(*_: object, **__: object) -> Output:
        raise EngineError("L'entrée ne répond plus.")

    monkeypatch.setattr(engine, "run", silent)
    told = of_station(centre, "poste-01")
    assert (told["refused"], told["incomplete"]) == (1, "L'entrée ne répond plus.")


def test_two_examinations_at_once_lose_and_double_nothing(centre: Centre, engine: Logs) -> None:
    for minute in range(30):
        engine.proxy(f"08:{minute:02}:00", f"http://site-{minute}.example/")
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda name: of_station(centre, name), ["poste-01", "poste-02", "poste-03", "poste-01"]))
    assert {one["incomplete"] for one in told} == {""}
    assert sorted(hosts(centre)) == sorted(f"site-{minute}.example" for minute in range(30))


def test_nonsense_in_a_log_is_left_out(centre: Centre, engine: Logs) -> None:
    engine.written["web"] += '{"at":\nnot json\n[]\n{}\n7\n{"at":"hier","from":1,"host":2,"request":3,"status":"x"}\n'
    engine.written["proxy"] += '{"at":"2026-05-21T08:00:00+0000","from":"x","url":7,"status":403}\n'
    engine.proxy("08:00:00", "http://corrige.example/")
    assert hosts(centre) == ["corrige.example"]


def test_a_try_of_nobody_who_is_known_bears_no_name(centre: Centre, engine: Logs) -> None:
    engine.web("08:00:30", "localhost:8101", "GET / HTTP/1.1", 200)
    engine.proxy("08:10:00", "http://corrige.example/")
    station(centre, engine, 1, "09:00:00", candidate=who("2", "BETA"))
    collect(centre)
    assert [one.candidate for one in entries(centre)] == [""]


@pytest.mark.parametrize(
    ("host", "asked", "told"),
    [
        ("[", "GET / HTTP/1.1", "[/"),
        ("x", "GET http://[/ HTTP/1.1", "[/"),
        ("x", "CONNECT [:443 HTTP/1.1", "[:443"),
        ("a℀b", "GET / HTTP/1.1", "a℀b/"),
    ],
)
def test_an_address_that_is_none_is_on_record_as_it_was_asked_and_stops_nothing(
    centre: Centre, engine: Logs, host: str, asked: str, told: str
) -> None:
    engine.web("08:00:00", host, asked, 403)
    engine.proxy("08:01:00", "[:443", "CONNECT")
    engine.proxy("08:02:00", "http://corrige.example/")
    assert hosts(centre) == [told, "[:443", "corrige.example"]
    assert hosts(centre) == [told, "[:443", "corrige.example"]


def test_no_character_of_an_address_hides_it(centre: Centre, engine: Logs) -> None:
    for number, character in enumerate("\u2028\u2029\x85"):
        engine.web(f"08:0{number}:00", "corrige.example", f"GET /a{character}b HTTP/1.1", 403)
    assert hosts(centre) == ["corrige.example"] * 3


def test_a_log_is_read_piece_by_piece(centre: Centre, engine: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused_tries, "_PIECE", 400)
    for minute in range(20):
        engine.proxy(f"08:{minute:02}:00", f"http://site-{minute}.example/")
    engine.written["proxy"] += "x" * 1000 + "\n"
    engine.proxy("08:30:00", "http://dernier.example/")
    assert hosts(centre) == [*(f"site-{minute}.example" for minute in range(20)), "dernier.example"]


def test_a_machine_that_asks_without_end_fills_no_disk_and_hides_nobody_else(centre: Centre, engine: Logs) -> None:
    for number in range(3000):
        engine.proxy("08:00:00", f"http://site-{number}.example/")
    engine.proxy("08:00:30", "http://corrige.example/", machine="192.0.2.32")
    told = hosts(centre)
    assert len(told) < 300
    assert "corrige.example" in told
    assert sum(one.count for one in entries(centre)) == 3001


def test_what_the_gateway_did_not_write_one_by_one_is_counted(centre: Centre, engine: Logs) -> None:
    station(centre, engine, 1, "07:00:00")
    engine.web("08:00:00", "localhost:8101", "GET /wp-admin/ HTTP/1.1", 200)
    engine.proxy("08:00:01", "http://corrige.example/")
    for log, minute, number in (("proxy", 0, 4000), ("dns", 1, 70), ("web", 1, 5)):
        line = f'{{"left_out":{number},"at":"2026-05-21T08:0{minute}:00+00:00","from":"{MACHINE}"}}\n'
        engine.written[log] += line
    said = of_station(centre, "poste-01")
    assert said["refused"] == 1 + 4000 + 70 + 5
    assert [one["host"] for one in said["tries"]] == ["…", "corrige.example", "…"]


def test_a_busy_browser_and_a_late_click_are_on_record_and_count_against_nobody(centre: Centre, engine: Logs) -> None:
    station(centre, engine, 1, "07:00:00")
    engine.web("08:00:00", "localhost:8101", "GET /wp-admin/ HTTP/1.1", 200)
    engine.web("08:01:00", "localhost:8101", "GET /a.js HTTP/1.1", 429)
    engine.web("08:01:01", "localhost:8101", "POST /a.js HTTP/1.1", 403)
    engine.written["web"] = engine.written["web"][:-2] + ',"decided":"over"}\n'
    engine.written["web"] += f'{{"left_out":900,"at":"2026-05-21T08:02:00+00:00","from":"{MACHINE}","what":"busy"}}\n'
    said = of_station(centre, "poste-01")
    assert (said["refused"], said["background"], said["tries"]) == (0, 0, [])
    assert [(one.what, one.path, one.count, one.station) for one in entries(centre)] == [
        ("busy", "/a.js", 1, "poste-01"),
        ("late", "/a.js", 1, "poste-01"),
        ("busy", "", 900, "poste-01"),
    ]


@pytest.mark.parametrize(
    "path", ["/favicon.ico", "/apple-touch-icon-precomposed.png", "/squid-internal-static/icons/SN.png"]
)
def test_the_picture_that_a_browser_asks_of_a_refused_site_is_no_second_try(
    centre: Centre, engine: Logs, path: str
) -> None:
    engine.proxy("08:00:00", "http://corrige.example/cours")
    engine.proxy("08:00:00", f"http://corrige.example{path}")
    engine.proxy("08:00:00", f"http://autre.example{path}/corrige")
    assert hosts(centre) == ["corrige.example", "autre.example"]
    assert hosts(centre, "background") == ["corrige.example"]


def test_what_names_no_site_is_no_try_of_another(centre: Centre, engine: Logs) -> None:
    engine.web("08:00:00", "", f"GET /{'a' * 300}", 414)
    engine.web("08:01:00", "", f"GET http://corrige.example/{'a' * 280}", 414)
    assert hosts(centre) == ["corrige.example"]


def test_a_log_that_the_gateway_filled_is_told(centre: Centre, engine: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused_tries, "_PIECE", 400)
    monkeypatch.setattr(refused_tries, "_FULL", 2000)
    assert of_station(centre, "poste-01")["incomplete"] == ""
    for minute in range(20):
        engine.proxy(f"08:{minute:02}:00", f"http://site-{minute}.example/")
    assert "plein" in of_station(centre, "poste-01")["incomplete"]


def station(centre: Centre, engine: Logs, place: int, created: str, **record: Any) -> str:
    """A container of the place, made at that hour, and what is known of its sitting."""
    labels = {
        "e5b.kind": "station",
        "e5b.room": "salle",
        "e5b.station": f"poste-0{place}",
        "e5b.place": str(place),
        "e5b.stack": "prestashop-2024" if place == 3 else "wordpress-2024",
    }
    made = engine.create(ContainerSpec(f"poste-0{place}-{created}", "image", labels))
    engine.boxes[made] = replace(engine.boxes[made], created=f"2026-05-21T{created}.123456789Z")
    centre.state.note(made, **record)
    return made


def who(number: str, name: str) -> dict[str, str]:
    return {**CANDIDATE, "number": number, "name": name, "first_name": ""}


def test_a_try_is_of_the_candidate_who_had_the_station_then(centre: Centre, engine: Logs) -> None:
    aside = {"at": "2026-05-21T09:00:05+00:00", "why": "reset"}
    station(centre, engine, 1, "08:00:00", candidate=who("7", "ALPHA"), aside=aside)
    station(centre, engine, 1, "09:00:01", candidate=who("8", "BETA"))
    for at in ("08:10:00", "08:58:00"):
        engine.web(at, "localhost:8101", "GET /wp-admin/ HTTP/1.1", 200)
    engine.web("09:00:10", "localhost:8101", "GET /wp-admin/ HTTP/1.1", 200)
    for at in ("08:30:00", "09:00:03", "09:00:20"):
        engine.proxy(at, "http://corrige.example/")
    collect(centre)  # after the change
    told = [(one.at[11:19], one.candidate) for one in entries(centre)]
    assert told == [("08:30:00", "7 ALPHA"), ("09:00:03", "7 ALPHA"), ("09:00:20", "8 BETA")]
    first = of_station(centre, "poste-01", "2026-05-21T08:00:00", "2026-05-21T10:59:59+02:00")
    second = of_station(centre, "poste-01", "2026-05-21T09:00:05+00:00")
    assert [one["at"][11:19] for one in first["tries"]] == ["08:30:00"]
    assert [one["at"][11:19] for one in second["tries"]] == ["09:00:20"]


def test_who_signs_in_within_the_second_in_which_the_station_was_made_is_told_by_it(
    centre: Centre, engine: Logs
) -> None:
    station(centre, engine, 1, "08:00:00")  # and a fraction, which the gateway's lines don't have
    engine.web("08:00:00", "localhost:8101", "GET /wp-admin/ HTTP/1.1", 200)
    engine.proxy("08:00:00", "http://corrige.example/")
    assert [one["host"] for one in of_station(centre, "poste-01")["tries"]] == ["corrige.example"]


def test_the_next_candidates_machine_is_not_told_by_the_station_of_the_one_before(centre: Centre, engine: Logs) -> None:
    aside = {"at": "2026-05-21T08:45:00+00:00", "why": "reset"}
    station(centre, engine, 1, "08:00:00", candidate=who("7", "ALPHA"), aside=aside)
    station(centre, engine, 1, "08:44:55", candidate=who("8", "BETA"))
    station(centre, engine, 2, "08:44:00", candidate=who("9", "GAMMA"))
    engine.web("08:40:00", "localhost:8101", "GET /wp-admin/ HTTP/1.1", 200)
    engine.web("08:50:00", "localhost:8102", "GET /wp-admin/ HTTP/1.1", 200)
    engine.proxy("08:51:00", "http://corrige.example/")
    collect(centre)
    assert [(one.what, one.station, one.candidate) for one in entries(centre)] == [("refused", "poste-02", "9 GAMMA")]


def test_opening_anothers_station_is_on_record_and_moves_no_try(centre: Centre, engine: Logs) -> None:
    station(centre, engine, 1, "07:00:00", candidate=who("7", "ALPHA"))
    station(centre, engine, 2, "07:00:00", candidate=who("8", "BETA"))
    engine.web("08:00:00", "localhost:8101", "GET /wp-admin/ HTTP/1.1", 200)
    engine.web("08:00:00", "localhost:8102", "GET /wp-admin/ HTTP/1.1", 200, "192.0.2.32")
    engine.web("08:05:00", "localhost:8102", "GET / HTTP/1.1", 200)
    engine.web("08:05:30", "localhost:8102", "GET /blog HTTP/1.1", 200)
    engine.proxy("08:10:00", "http://corrige.example/")
    engine.proxy("08:10:00", "http://autre.example/", machine="192.0.2.32")
    collect(centre)
    told = [(one.what, one.host, one.candidate) for one in entries(centre)]
    assert told == [
        ("elsewhere", "localhost:8102", "7 ALPHA"),
        ("refused", "corrige.example", "7 ALPHA"),
        ("refused", "autre.example", "8 BETA"),
    ]
    assert [one["host"] for one in of_station(centre, "poste-02")["tries"]] == ["autre.example"]


def test_a_wrong_link_before_his_own_takes_nothing_off_who_works_and_puts_nothing_on_the_other(
    centre: Centre, engine: Logs
) -> None:
    for place in (1, 2):
        station(centre, engine, place, "07:00:00")
    engine.web("08:00:00", "localhost:8101", "GET / HTTP/1.1", 200)
    engine.web("08:00:10", "localhost:8101", "GET /wp-login.php HTTP/1.1", 200)
    engine.proxy("08:00:20", "http://avant.example/")
    engine.web("08:01:00", "localhost:8102", "GET /wp-admin/ HTTP/1.1", 200)
    engine.proxy("08:39:00", "http://corrige.example/")
    first, second = of_station(centre, "poste-01"), of_station(centre, "poste-02")
    assert ([one["host"] for one in second["tries"]], second["shared"]) == (["corrige.example"], [])
    assert (first["refused"], [(one["host"], one["stations"]) for one in first["shared"]]) == (
        0,
        [("avant.example", ["poste-01"])],
    )


def test_a_machine_that_was_let_in_at_two_stations_is_of_neither(centre: Centre, engine: Logs) -> None:
    for place in (1, 2):
        station(centre, engine, place, "07:00:00")
        engine.web(f"08:0{place}:00", f"localhost:810{place}", "GET /wp-admin/index.php HTTP/1.1", 200)
    engine.proxy("08:10:00", "http://corrige.example/")
    collect(centre)
    (opened, refused) = entries(centre)
    assert (opened.what, opened.host) == ("elsewhere", "localhost:8102")
    assert (refused.station, refused.stations) == ("", ("poste-01", "poste-02"))
    assert of_station(centre, "poste-01")["refused"] == of_station(centre, "poste-02")["refused"] == 0


@pytest.mark.parametrize(
    ("page", "let_in"),
    [
        ("", True),
        ("?x=1", True),
        ("edit.php?post_type=page", True),
        ("options-general.php", True),
        ("install.php", False),
        ("upgrade.php?step=1", False),
        ("maint/repair.php", False),
        ("load-styles.php?load=x", False),
        ("admin-ajax.php", False),
        ("css/common.css", False),
    ],
)
def test_what_an_office_shows_to_anybody_lets_nobody_in(centre: Centre, engine: Logs, page: str, let_in: bool) -> None:
    station(centre, engine, 1, "07:00:00")
    engine.web("08:00:00", "localhost:8101", f"GET /wp-admin/{page} HTTP/1.1", 200)
    engine.proxy("08:00:30", "http://localhost:8101/wp-admin/", status=302)
    engine.proxy("08:01:00", "http://corrige.example/")
    assert of_station(centre, "poste-01")["refused"] == int(let_in)


@pytest.mark.parametrize(
    ("page", "let_in"),
    [
        ("index.php?controller=AdminLogin&token=1", False),
        ("index.php?controller=AdminDashboard&token=1", True),
        ("index.php/sell/catalog/products/3?_token=a", True),
        ("index.php/security/compromised?uri=x", False),
        ("?controller=AdminLogin", False),
        ("index.php?x=1&controller=admin%4Cogin", False),
        ("themes/default/css/a.css", False),
        ("index.php?controller=AdminOrders&controller=AdminLogin", False),
        ("", False),
    ],
)
def test_a_screen_that_asks_who_one_is_lets_nobody_in(centre: Centre, engine: Logs, page: str, let_in: bool) -> None:
    station(centre, engine, 3, "07:00:00")
    engine.web("08:00:00", "localhost:8103", f"GET /gestion/{page} HTTP/1.1", 200)
    engine.proxy("08:01:00", "http://corrige.example/")
    assert of_station(centre, "poste-03")["refused"] == int(let_in)


def test_a_station_that_was_opened_by_the_proxy_was_opened(centre: Centre, engine: Logs) -> None:
    engine.web("08:00:00", "localhost:8101", "GET / HTTP/1.1", 200)
    engine.proxy("08:05:00", "http://localhost:8102/wp-login.php", status=200)
    engine.proxy("08:06:00", "http://permis.example/", status=200)
    collect(centre)
    assert [(one.what, one.host) for one in entries(centre)] == [("elsewhere", "localhost:8102")]


def test_a_closed_door_of_the_room_is_no_other_site_and_accuses_nobody(centre: Centre, engine: Logs) -> None:
    engine.web("08:00:00", "localhost:8101", "GET / HTTP/1.1", 200)
    engine.web("08:01:00", "localhost:8102", "GET / HTTP/1.1", 403)
    engine.proxy("08:02:00", "http://localhost:8102/")
    assert hosts(centre) == []
    assert of_station(centre, "poste-02")["background"] == 0


def test_what_a_cms_asks_by_itself_is_background_from_a_station_and_a_visit_from_a_machine(
    centre: Centre, engine: Logs
) -> None:
    inside = centre.gateway.network(1).address
    for machine in (inside, MACHINE):
        engine.web("08:00:00", "addons.prestashop.com", "GET http://addons.prestashop.com/fr HTTP/1.0", 403, machine)
    collect(centre)
    assert {one.machine: one.what for one in entries(centre)} == {inside: "background", MACHINE: "refused"}


def test_a_test_of_who_answers_for_any_name_is_told_from_a_word_that_a_person_wrote(
    centre: Centre, engine: Logs
) -> None:
    engine.proxy("08:00:00", "http://qzkfhwopyt/", "HEAD")
    engine.proxy("08:00:00", "http://facebook/")
    assert hosts(centre) == ["facebook"]


def test_a_candidates_report_counts_the_tries_of_his_own_station(centre: Centre, engine: Logs) -> None:
    for place in (1, 2):
        station(centre, engine, place, "07:00:00")
    engine.web("08:00:00", "localhost:8101", "GET /wp-admin/ HTTP/1.1", 200)
    engine.web("08:00:00", "localhost:8102", "GET /wp-admin/ HTTP/1.1", 200, "192.0.2.32")
    engine.proxy("08:01:00", "http://corrige.example/")
    engine.proxy("08:01:30", "http://detectportal.firefox.com/")
    told = of_station(centre, "poste-01")
    assert (told["refused"], told["background"]) == (1, 1)
    assert told["tries"][0]["host"] == "corrige.example"
    nothing = {
        "refused": 0,
        "background": 0,
        "tries": [],
        "shared": [],
        "incomplete": "",
        "unseen": False,
        "machines": [],
        "contacts": [],
    }
    assert of_station(centre, "poste-02") == nothing
    assert of_station(centre, "poste-01", "2026-05-21T09:00:00")["refused"] == 0
    engine.proxy("08:01:10", "http://corrige.example/")  # again: one line in the report, two tries
    told = of_station(centre, "poste-01")
    assert (told["refused"], len(told["tries"])) == (2, 1)
    flat = replace(centre, settings=centre.settings.model_copy(update={"network": Network(wiring="plat")}))
    assert of_station(flat, "poste-01")["unseen"]


def test_the_record_is_read_as_the_wiring_that_was_laid_asks(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(refused_tries, "_JOURNALS", (str(tmp_path / "nowhere"),))
    monkeypatch.setattr(refused_tries, "Machine", lambda: Machine(tmp_path))
    told = of_station(centre, "poste-01")
    assert (told["incomplete"], told["unseen"]) == ("", False)
    for wiring, incomplete, unseen in (("routeur", "sudo", False), ("verrou", "", True)):
        Machine(tmp_path).saved_file.parent.mkdir(parents=True, exist_ok=True)
        Machine(tmp_path).saved_file.write_text(json.dumps({"wiring": wiring}))
        told = of_station(centre, "poste-01")
        assert incomplete in told["incomplete"]
        assert bool(told["incomplete"]) is bool(incomplete)
        assert told["unseen"] is unseen


@pytest.mark.parametrize(
    "line",
    [
        '{"at": "2026-05-21T08:00:00+00:00", "from": "192.0.2.31", "station": "poste-01", "candidate": "7 ALPHA", '
        '"host": "corrige.example", "path": "/é", "agent": "x", "what": "refused"}',
        '{"at": "2026-05-21T08:00:00+00:00", "from": "192.0.2.31", "station": "", "candidate": "", '
        '"host": "localhost:8102", "path": "/", "agent": "", "what": "elsewhere", "opened": "poste-02", "office": false}',
        '{"at": "2026-05-21T08:00:00+00:00", "from": "192.0.2.31", "station": "", "candidate": "", '
        '"host": "…", "path": "", "agent": "", "what": "refused", "stations": ["poste-01", "poste-02"], "times": 3}',
    ],
)
def test_an_entry_is_written_as_it_was_read(line: str) -> None:
    assert json.dumps(Entry.read(json.loads(line)).json(), ensure_ascii=False) == line


@pytest.mark.parametrize("line", ["[]", "null", '"at"', '{"at": "2026-05-21T08:00:00+00:00"}', "{"])
def test_a_line_that_is_no_entry_hides_no_other(centre: Centre, engine: Logs, line: str) -> None:
    engine.proxy("08:00:00", "http://un.example/")
    collect(centre)
    with (centre.state.folder / "network/salle.jsonl").open("a") as record:
        record.write(f"{line}\n")
    assert [one.host for one in entries(centre)] == ["un.example"]
