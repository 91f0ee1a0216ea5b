"""The record of refused tries: complete, attributed, and fair to who did nothing."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from provisioner import network_log
from provisioner.config import Paths, Settings
from provisioner.engine import ContainerSpec, Output
from provisioner.errors import EngineError
from provisioner.lifecycle import Centre
from provisioner.model import Credentials
from provisioner.network import Gateway, Room
from provisioner.network_log import collect, dropped, entries, of_station
from provisioner.state import State
from tests.unit.fake_engine import FakeEngine

MACHINE = "192.0.2.31"


class Logs(FakeEngine):
    """An engine whose gateway has written this."""

    def __init__(self) -> None:
        super().__init__()
        self.written = {"web": "", "proxy": "", "dns": ""}

    def run(self, container: str, command: Sequence[str], **_: Any) -> Output:
        if command[0] != "tail":
            return super().run(container, command)
        log, begin = command[-1].rpartition("/")[2].removesuffix(".log"), int(command[2].lstrip("+")) - 1
        return Output(0, self.written[log].encode()[begin:], b"")

    def web(self, at: str, host: str, request: str, status: int, machine: str = MACHINE) -> None:
        self.written["web"] += (
            f'{{"at":"2026-05-21T{at}+00:00","from":"{machine}","to":"10.213.0.2","host":"{host}",'
            f'"request":"{request}","status":{status},"agent":"x"}}\n'
        )

    def proxy(self, at: str, url: str, method: str = "GET") -> None:
        self.written["proxy"] += (
            f'{{"at":"2026-05-21T{at}+0000","from":"{MACHINE}","method":"{method}","url":"{url}","status":403,"agent":""}}\n'
        )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Logs:
    monkeypatch.setattr(Gateway, "_await", lambda self, container: None)
    monkeypatch.setattr(network_log, "_dropped", lambda since: [])  # the machine's own journal
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
    return [one["host"] for one in entries(centre) if one["what"] == what]


def test_a_machine_is_told_by_the_station_that_it_worked_at(centre: Centre, engine: Logs) -> None:
    engine.web("08:00:00", "localhost:8102", "GET / HTTP/1.1", 200)
    engine.proxy("08:05:00", "http://corrige.example/e5b?x=1")
    collect(centre)
    (one,) = entries(centre)
    assert (one["station"], one["from"], one["host"], one["path"]) == ("poste-02", MACHINE, "corrige.example", "/e5b")


def test_a_station_that_asks_is_told_by_its_own_address_and_a_copy_is_nobodys(centre: Centre, engine: Logs) -> None:
    first, copy = centre.gateway.network(1).address, centre.gateway.network(1, copy=True).address
    engine.web("08:00:00", "aide.example", "GET http://aide.example/a HTTP/1.0", 403, first)
    engine.web("08:01:00", "aide.example", "GET http://aide.example/b HTTP/1.0", 403, copy)
    collect(centre)
    assert [(one["station"], one["path"]) for one in entries(centre)] == [("poste-01", "/a")]


def test_what_is_hidden_by_tls_is_told_by_its_host(centre: Centre, engine: Logs) -> None:
    engine.proxy("08:00:00", "www.cours.example:443", "CONNECT")
    assert hosts(centre) == ["www.cours.example:443"]


@pytest.mark.parametrize(
    "host",
    [
        "detectportal.firefox.com", "firefox.settings.services.mozilla.com", "safebrowsing.googleapis.com",
        "update.googleapis.com", "qzkfhwopyt", "www.msftconnecttest.com", "ocsp.digicert.com", "wpad",
        "api.wordpress.org", "api.prestashop.com",
    ],
)  # fmt: skip
def test_what_browsers_and_sites_ask_by_themselves_is_told_apart(centre: Centre, engine: Logs, host: str) -> None:
    engine.proxy("08:00:00", f"http://{host}/x")
    assert hosts(centre) == []
    assert hosts(centre, "background") == [host]


@pytest.mark.parametrize(
    "host", ["www.google.com", "fr.wikipedia.org", "wordpress.org", "www.mozilla.org", "chatgpt.com", "mail.google.com"]
)
def test_what_a_person_visits_is_never_called_background(centre: Centre, engine: Logs, host: str) -> None:
    engine.proxy("08:00:00", f"http://{host}/")
    assert hosts(centre) == [host]


def test_the_same_try_again_within_a_minute_is_counted_with_the_first(centre: Centre, engine: Logs) -> None:
    for at in ("08:00:00", "08:00:20", "08:02:00"):
        engine.proxy(at, "http://corrige.example/")
    collect(centre)
    assert [one["times"] for one in entries(centre)] == [2, 1]


def test_a_name_asked_of_the_dns_is_on_record_and_the_rooms_own_are_not(centre: Centre, engine: Logs) -> None:
    named = replace(centre, room=replace(centre.room, domain="examen.test"))
    for name in ("poste-01.examen.test", "corrige.example"):
        engine.written["dns"] += f"May 21 08:00:00 dnsmasq[9]: 4 {MACHINE}/4023 query[A] {name} from {MACHINE}\n"
    engine.written["dns"] += f"May 21 08:00:00 dnsmasq[9]: 4 {MACHINE}/4023 config corrige.example is NXDOMAIN\n"
    assert hosts(named) == ["corrige.example"]


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


def test_a_proof_of_the_network_accuses_nobody(centre: Centre, engine: Logs) -> None:
    engine.proxy("08:00:00", "http://203.0.113.10/")
    engine.proxy("08:00:00", "http://www.e5b-preuve.test/")
    assert hosts(centre) == []


def journal(source: str, to: str, port: int) -> str:
    message = f"e5b-refus IN=eth1 OUT=eth0 SRC={source} DST={to} LEN=60 PROTO=TCP SPT=4023 DPT={port} SYN"
    return json.dumps({"MESSAGE": message, "__REALTIME_TIMESTAMP": "1779350400000000"})


def test_what_the_routers_rules_dropped_is_told_by_address_and_talk_to_everybody_apart() -> None:
    one, all_of_them = (
        dropped(journal(MACHINE, "198.51.100.7", 443)),
        dropped(journal(MACHINE, "239.255.255.250", 1900)),
    )
    assert one is not None
    assert all_of_them is not None
    assert (one["from"], one["host"], one["what"]) == (MACHINE, "198.51.100.7:443", "refused")
    assert all_of_them["what"] == "background"
    assert dropped('{"MESSAGE": "usb 1-1: new device", "__REALTIME_TIMESTAMP": "1"}') is None


def test_a_gateway_that_can_not_be_read_leaves_what_is_on_record_and_says_so(
    centre: Centre, engine: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.web("08:00:00", "localhost:8101", "GET / HTTP/1.1", 200)
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
    engine.written["web"] += '{"at":\nnot json\n[]\n'
    engine.proxy("08:00:00", "http://corrige.example/")
    assert hosts(centre) == ["corrige.example"]


def sitting(centre: Centre, engine: Logs, number: str, since: str) -> str:
    """A candidate's container at the first station."""
    labels = {"e5b.kind": "station", "e5b.room": "salle", "e5b.station": "poste-01", "e5b.place": "1"}
    made = engine.create(ContainerSpec("poste", "image", labels))
    engine.boxes[made] = replace(engine.boxes[made], created=f"2026-05-21T{since}.5Z")
    centre.state.keep(made, Credentials("a", "b"), {"candidate": {"number": number}})
    return made


def test_a_try_is_named_after_who_sat_there_then_not_after_who_sits_there_as_it_is_read(
    centre: Centre, engine: Logs
) -> None:
    first = sitting(centre, engine, "1", "08:00:00")
    engine.web("08:00:30", "localhost:8101", "GET / HTTP/1.1", 200)
    engine.proxy("08:10:00", "http://corrige.example/")
    centre.state.note(first, aside={"at": "2026-05-21T09:00:00+00:00", "why": "reset"})
    sitting(centre, engine, "2", "09:00:00")
    engine.proxy("09:10:00", "http://autre.example/")
    collect(centre)
    assert [(one["candidate"], one["host"]) for one in entries(centre)] == [
        ("1", "corrige.example"), ("2", "autre.example"),
    ]  # fmt: skip
    until = of_station(centre, "poste-01", "2026-05-21T08:00:00+00:00", "2026-05-21T09:00:00+00:00")
    assert [one["host"] for one in until["tries"]] == ["corrige.example"]


def test_a_try_of_nobody_who_is_known_bears_no_name(centre: Centre, engine: Logs) -> None:
    engine.web("08:00:30", "localhost:8101", "GET / HTTP/1.1", 200)
    engine.proxy("08:10:00", "http://corrige.example/")
    sitting(centre, engine, "2", "09:00:00")
    collect(centre)
    assert [one["candidate"] for one in entries(centre)] == [""]


def test_a_candidates_report_counts_the_tries_of_his_own_station(centre: Centre, engine: Logs) -> None:
    engine.web("08:00:00", "localhost:8101", "GET / HTTP/1.1", 200)
    engine.web("08:00:00", "localhost:8102", "GET / HTTP/1.1", 200, "192.0.2.32")
    engine.proxy("08:01:00", "http://corrige.example/")
    engine.proxy("08:01:30", "http://detectportal.firefox.com/")
    told = of_station(centre, "poste-01")
    assert (told["refused"], told["background"]) == (1, 1)
    assert cast(dict[str, Any], told["tries"][0])["host"] == "corrige.example"
    assert of_station(centre, "poste-02") == {"refused": 0, "background": 0, "tries": [], "incomplete": ""}
    assert of_station(centre, "poste-01", "2026-05-21T09:00:00")["refused"] == 0
