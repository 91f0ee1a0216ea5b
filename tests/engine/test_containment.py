"""A room that really stands: nothing gets out of it, what the exam needs works, and its record is kept."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from provisioner.core.declaration import Network
from provisioner.core.errors import Busy, StationLeaks
from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import ContainerSpec, Engine
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT, Paths
from provisioner.leakcheck import lab as lab_module
from provisioner.leakcheck.lab import alone_in_the_lab, lab
from provisioner.leakcheck.refused_tries import collect, entries, of_station
from provisioner.leakcheck.room_proof import probe, prove_network
from provisioner.leakcheck.room_wiring import clear_engine
from provisioner.leakcheck.short_proof import leak_check
from provisioner.leakcheck.ways_out import MARK, WAYS_OUT, dns, hello, http
from provisioner.network.containment import firewall_of, firewall_stands
from provisioner.network.room import Room
from provisioner.network.seb import HEADER, config_key, proof, settings
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import down, reset, up
from provisioner.station.spares import prepare, renew, spares
from provisioner.station.state import State
from tests.cms import browsing, cms_of
from tests.engine.ipv6 import finds, own_address, speaking_ipv6


@contextmanager
def otherwise(centre: Centre, network: Network) -> Iterator[Centre]:
    """The same centre with another declaration, and a room with names."""
    room = Room.on_free_ports(f"{centre.room.name}-n", 2, network.domain)
    changed = centre.settings.model_copy(update={"network": network, "host": "127.0.0.1"})
    made = replace(centre, settings=changed, room=replace(room, host="127.0.0.1"))
    try:
        yield made
    finally:
        down(made)


def rules(engine: Engine, centre: Centre) -> str:
    """The machine's own rules for the room, as the container that keeps them sees them."""
    guard = firewall_of(engine, centre.room)
    assert guard is not None
    return engine.run(guard.id, ["nft", "list", "ruleset"]).stdout.decode()


def test_no_way_leads_out_and_each_works_where_there_are_no_rules(
    centre: Centre, golden: Golden, station: Station
) -> None:
    up(centre, 2, [station.subject], golden)  # a neighbour, and another room
    with otherwise(centre, Network()) as second:
        up(second, 1, [station.subject], golden)
        found = prove_network(centre)
    assert [row.id for row in found.doubtful] == []
    assert [(row.id, row.leaks) for row in found.leaks] == []
    assert len(found.rows) >= 45
    assert {"candidat", "poste", "poste (root)", "copie", "archive"} <= {who for row in found.rows for who in row.seen}
    rows = {row.id: row for row in found.rows}
    for way in WAYS_OUT:  # none was left out
        assert set(way.sides) <= set(rows[way.id].seen), way.id
    # No console runs: what the proof put in its place answered on this machine.
    assert set(rows["console"].open) == {"candidat", "poste", "machine"}
    assert {"candidat", "poste", "poste (root)", "copie"} <= set(rows["console"].seen)


def test_a_station_on_another_network_is_not_called_ready(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    leak_check(centre)
    other = f"e5b-{centre.room.name}-fuite"
    subprocess.run(["docker", "network", "create", other], check=True, capture_output=True)
    try:
        engine.connect(other, trial_station.container)
        with pytest.raises(StationLeaks, match=rf"poste-01 est aussi sur le réseau {other}"):
            leak_check(centre)
        leaks = [row.id for row in prove_network(centre).leaks]
        assert {"http", "dns-udp", "machine", "console"} <= set(leaks)
    finally:
        engine.disconnect(other, trial_station.container)
        engine.remove_network(other)
    leak_check(centre)


def test_a_proof_of_another_state_folder_is_waited_for_and_not_cleared_away(
    centre: Centre,
    engine: Engine,
    trial_station: Station,
    gateway: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "autre"
    other = replace(centre, state=State(Paths(folder / "cache", folder / "state", folder / "e5b.toml")))
    monkeypatch.setattr(lab_module, "_WAIT_FOR_ANOTHER", 0.5)
    with alone_in_the_lab(print), lab(engine, gateway, {}):
        before = {container.id for container in engine.containers(kind="lab", lab="network")}
        with pytest.raises(Busy, match=rf"\(processus {os.getpid()}\) s'occupe de l'essai du réseau"):
            prove_network(other)
        with pytest.raises(Busy, match="rien n'a été changé"):
            clear_engine(other)
        after = engine.containers(kind="lab", lab="network")
        assert {container.id for container in after} == before
        assert {container.state for container in after} == {"running"}
    labels = {"e5b.kind": "lab", "e5b.lab": "network"}
    engine.create(ContainerSpec(f"e5b-preuve-{os.getpid()}", gateway, labels))  # as a proof that was killed leaves it
    clear_engine(other)
    assert engine.containers(kind="lab", lab="network") == []


def test_a_room_whose_rules_are_gone_from_the_machine_is_not_called_ready(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    guard = firewall_of(engine, centre.room)
    assert guard is not None
    engine.stop(guard.id)
    with pytest.raises(StationLeaks, match="les règles de la machine"):
        leak_check(centre)


@pytest.mark.parametrize("what", ["delete table inet", "flush table inet", "delete table bridge"])
def test_rules_that_another_program_flushed_are_put_back(
    centre: Centre, engine: Engine, trial_station: Station, what: str
) -> None:
    guard = firewall_of(engine, centre.room)
    assert firewall_stands(engine, centre.room, guard)
    assert guard is not None
    assert engine.run(guard.id, ["nft", *what.split(), centre.room.mark]).status == 0
    for _ in range(100):
        if firewall_stands(engine, centre.room, guard):
            break
        time.sleep(0.1)
    leak_check(centre)


def test_the_next_station_of_a_place_does_not_meet_the_one_that_serves(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    serving, gateway = engine.container(trial_station.container), centre.gateway.find()
    assert gateway is not None
    join, name = centre.gateway.next_join(1, serving), f"{centre.room.name}-suivant"
    words = ["--network", join.network, "--ip", join.address, "--entrypoint", "sleep", serving.image, "infinity"]
    subprocess.run(["docker", "run", "--detach", "--name", name, *words], check=True, capture_output=True)
    try:
        at = {"voisin": (serving.networks[join.network], 0), "entree": (gateway.networks[join.network], 0)}
        ways = {way: at[way.place] for way in WAYS_OUT if way.place in at}
        seen = probe(engine, name, ways)
        assert "reached" not in {seen[way.id] for way in ways if way.place == "voisin"}
        assert "403" in seen["entree-url"]  # it is there, and finds the gateway
        address = own_address(engine, serving.id)
        assert not finds(engine, name, address)
        if os.geteuid() == 0:
            with speaking_ipv6(engine, name, serving.id):
                assert finds(engine, name, address)
    finally:
        subprocess.run(["docker", "rm", "--force", name], check=True, capture_output=True)


def test_the_machines_rules_stand_while_the_room_does_and_go_with_it(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    mark = centre.room.mark
    assert f"table inet {mark}" in rules(engine, centre)
    with otherwise(centre, Network()) as second:
        up(second, 1, ["wordpress-a"], _golden(trial_station, engine))
        assert f"table inet {second.room.mark}" in rules(engine, second)
        down(centre)
        assert f"table inet {mark}" not in rules(engine, second)


def _golden(station: Station, engine: Engine) -> Golden:
    return Golden(station.stack, station.golden, station.built_at, station.conformity, dict(station.versions))


@pytest.mark.parametrize("how", ["kill", "stop", "rm --force"])
def test_rules_outlive_the_death_of_what_keeps_them_and_still_go_with_the_room(
    centre: Centre, engine: Engine, trial_station: Station, how: str
) -> None:
    mark, guard = centre.room.mark, firewall_of(engine, centre.room)
    assert guard is not None
    subprocess.run(["docker", *how.split(), guard.id], check=True, capture_output=True)
    with otherwise(centre, Network()) as second:
        up(second, 1, ["wordpress-a"], _golden(trial_station, engine))
        assert f"table inet {mark}" in rules(engine, second)
        down(centre)
        assert f"table inet {mark}" not in rules(engine, second)


def test_a_room_whose_gateway_and_keeper_somebody_removed_goes_with_its_rules_and_what_a_killed_proof_left(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    gateway, guard = centre.gateway.find(), firewall_of(engine, centre.room)
    assert gateway is not None
    assert guard is not None
    mark, left = centre.room.mark, f"{centre.room.name}-preuve"
    words = [
        "--network",
        centre.room.front,
        "--label",
        "e5b.kind=lab",
        "--label",
        "e5b.lab=network",
        "--entrypoint",
        "sleep",
    ]
    subprocess.run(["docker", "run", "--detach", "--name", left, *words, gateway.image, "infinity"], check=True)
    with otherwise(centre, Network()) as second:
        up(second, 1, ["wordpress-a"], _golden(trial_station, engine))
        subprocess.run(["docker", "rm", "--force", gateway.id, guard.id], check=True, capture_output=True)
        assert f"table inet {mark}" in rules(engine, second)
        down(centre)
        assert f"table inet {mark}" not in rules(engine, second)
        assert second.room.front in engine.networks(kind="network")
    assert engine.networks(kind="network", room=centre.room.name) == {}


def test_a_candidate_meets_no_gap_while_his_station_is_replaced(
    centre: Centre, trial: Golden, trial_station: Station
) -> None:
    seen: list[int] = []
    done = threading.Event()

    def visit() -> None:
        while not done.is_set():
            asked = HTTPConnection("127.0.0.1", centre.room.port_of(1), timeout=20)
            asked.request("GET", "/wp-login.php", headers={"Host": centre.room.host_of(1)})
            seen.append(asked.getresponse().status)
            asked.close()

    with ThreadPoolExecutor(1) as pool:
        visitor = pool.submit(visit)
        try:
            renewed, _ = reset(centre, "poste-01", trial)
            again, _ = reset(centre, "poste-01", trial)
        finally:
            done.set()
    visitor.result()  # a connection that was refused or cut is a gap, too
    assert len({trial_station.container, renewed.container, again.container}) == 3
    assert set(seen) == {200}


def feeds(engine: Engine, container: str, *urls: str) -> list[str]:
    """The titles of these feeds, as the site itself reads them."""
    code = """
    require '/var/www/html/wp-load.php';
    foreach (array_slice($argv, 1) as $url) {
        $feed = fetch_feed($url);
        echo is_wp_error($feed) ? 'refusé' : $feed->get_title(), "\\n";
    }
    """
    done = engine.run(container, ["php", "-r", code, *urls], user="www-data")
    return done.stdout.decode().splitlines()


def test_a_station_reads_the_rooms_feed_and_its_own_and_nothing_else(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    feed = f"http://{centre.room.pages_host}/actualites.rss"
    urls = [feed, f"{trial_station.address}/?feed=rss2", "http://www.e5b-preuve.test/rss"]
    first, second, third = feeds(engine, trial_station.container, *urls)
    assert "Terroirs" in first
    assert second not in ("", "refusé")
    assert third == "refusé"


@pytest.mark.parametrize("domain", ["", "examen.test"])
def test_a_station_that_was_a_spare_reads_it_too_whatever_restarts(
    centre: Centre, engine: Engine, trial: Golden, domain: str
) -> None:
    with otherwise(centre, Network(domain=domain, dns_port=0)) as made:
        up(made, 1, ["wordpress-a"], trial)
        prepare(made, trial)
        (spare,) = spares(made, trial)
        station, _ = renew(made, "poste-01", trial)
        assert station.container == spare.id
        feed = f"http://{made.room.pages_host}/actualites.rss"
        assert "Terroirs" in feeds(engine, station.container, feed)[0]
        engine.stop(station.container)
        engine.start(station.container)
        for _ in range(600):
            if engine.run(station.container, ["/opt/e5b/healthy"]).status == 0:
                break
            time.sleep(0.1)
        clear = "require '/var/www/html/wp-load.php'; global $wpdb; $wpdb->query(\"delete from wp_options where option_name like '%feed%'\");"
        engine.run(station.container, ["php", "-r", clear], user="www-data")
        assert "Terroirs" in feeds(engine, station.container, feed)[0]


def sign_in(centre: Centre, station: Station) -> None:
    """As a candidate's browser does."""
    cms, mine = cms_of(station.stack), centre.state.credentials(station.container)
    assert mine is not None
    with browsing(station.address) as browser:
        browser.headers["Accept"] = "text/html"
        assert cms.inside in cms.sign_in(browser, mine).text


def elsewhere(centre: Centre) -> httpx.Client:
    """The same machine, which asks for other sites."""
    return httpx.Client(proxy=f"http://127.0.0.1:{centre.room.proxy}", trust_env=False, timeout=20)


def recorded(centre: Centre, host: str) -> bool:
    """Whether a try to reach that host comes on record, which takes a moment."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        collect(centre)
        if host in {one.host for one in entries(centre)}:
            return True
        time.sleep(0.1)
    return False


def test_a_machine_is_told_by_the_office_that_lets_it_in(centre: Centre, station: Station) -> None:
    with browsing(station.address) as visitor:
        login = visitor.get(cms_of(station.stack).login, headers={"Accept": "text/html"})
    assert login.status_code == 200
    with elsewhere(centre) as browser:
        browser.get("http://avant.example/")
        time.sleep(1.1)  # the record knows seconds
        sign_in(centre, station)
        browser.get("http://apres.example/")
    assert recorded(centre, "apres.example")
    told = of_station(centre, station.name)
    assert [one["host"] for one in told["tries"]] == ["apres.example"]
    assert [one["host"] for one in told["shared"]] == ["avant.example"]


def test_refused_tries_stay_on_record_when_the_room_is_gone(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    sign_in(centre, trial_station)
    with elsewhere(centre) as browser:
        assert browser.get("http://www.solutions.example/corrige?page=2").status_code == 403
        assert browser.get("http://detectportal.firefox.com/canonical.html").status_code == 403
    code = "require '/var/www/html/wp-load.php'; wp_remote_get('https://aide.example/article');"
    engine.run(trial_station.container, ["php", "-r", code], user="www-data")
    # Refused before it is looked at whose it is: more than a request to the shared sites may hold.
    sent = f"curl -s -H 'Host: depot.example' -d {'x' * 2000} http://$(php -r \"require '/opt/e5b/tell.php'; echo e5b_gateway();\")/"
    engine.run(trial_station.container, ["sh", "-c", sent], user="www-data")
    assert recorded(centre, "depot.example")
    assert recorded(centre, "aide.example")
    told = of_station(centre, "poste-01")
    hosts = {one["host"]: one for one in told["tries"]}
    assert set(hosts) == {"www.solutions.example", "aide.example", "depot.example"}
    assert hosts["www.solutions.example"]["path"] == "/corrige"
    assert told["refused"] == 3
    assert told["background"] >= 1  # the site asks things by itself too
    collect(centre)
    down(centre)
    assert {one.host for one in entries(centre)} >= {*hosts, "detectportal.firefox.com"}


def test_nothing_that_is_sent_stops_the_record(centre: Centre, trial_station: Station) -> None:
    door, proxy = centre.room.port_of(1), centre.room.proxy
    for request in (
        b"GET / HTTP/1.1\r\nHost: [\r\n\r\n",
        b"GET http://[/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT [:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a℀b\r\n\r\n".encode(),
        b'X","from":"192.0.2.99 http://x.example/ HTTP/1.1\r\nHost: x\r\n\r\n',
    ):
        said_through(door, request)
        said_through(proxy, request)
    said_through(proxy, http("dernier.example", "http://dernier.example/"))
    assert recorded(centre, "dernier.example")
    assert collect(centre) == ""
    told = entries(centre)
    assert "192.0.2.99" not in {one.machine for one in told}


def test_who_asks_without_end_is_counted_and_neither_fills_the_record_nor_waits(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    gateway, room = centre.gateway.find(), centre.room
    assert gateway is not None
    for path, host in ((f"/{'a' * 9000}", room.host_of(1)), (f"http://long.example/{'a' * 9000}", "x")):
        assert b" 414 " in said_through(room.port_of(1), http(host, path))
    foreign, many = "flots.example", 2000
    door = HTTPConnection("127.0.0.1", room.port_of(1), timeout=20)
    with httpx.Client(proxy=f"http://127.0.0.1:{room.proxy}", trust_env=False, timeout=20) as browser:
        for number in range(many):
            door.request("GET", f"/{number}", headers={"Host": foreign})
            answer = door.getresponse()
            answer.read()
            assert answer.status == 421
            if number % 2:
                assert browser.get(f"http://{foreign}/{number}").status_code == 403
    code = "require '/var/www/html/wp-load.php'; wp_remote_get('http://aide.example/article');"
    engine.run(trial_station.container, ["php", "-r", code], user="www-data")
    time.sleep(0.5)
    engine.stop(gateway.id)  # what it left out it tells with the next minute, or now
    for log in ("web", "proxy"):
        assert (engine.get(gateway.id, f"/var/log/e5b/{log}.log") or b"").count(b"\n") < many * 0.4
    assert collect(centre) == ""
    told = {one.host: 0 for one in entries(centre)}
    for one in entries(centre):
        told[one.host] += one.count
    assert told[foreign] + told["…"] == many + many // 2
    assert {"aide.example", "long.example"} <= set(told)


def test_the_shared_sites_are_read_by_all_and_written_by_nobody(centre: Centre, trial_station: Station) -> None:
    host = centre.room.site_host("prestashop")
    with httpx.Client(base_url=f"http://127.0.0.1:{host.partition(':')[2]}", trust_env=False, timeout=20) as browser:

        def status(path: str, method: str = "GET", content: bytes | Iterator[bytes] = b"") -> int:
            return browser.request(method, path, headers={"Host": host}, content=content).status_code

        assert status("/?order=product.price.asc") == 503  # it passes; no shop stands in this room
        for path in (
            "/?_method=POST",
            "/?SubmitCreate=1&email=a",
            "/?submi%74Login=1",
            "/?controller=cart&add=1",
            "/gestion/",
        ):
            assert status(path) == 403
        assert status("/", "POST") == 405
        # What comes with it would lie in the gateway while it comes, however slowly: from any station, on the machine's disk.
        assert status("/", content=b"x" * 100) == 503
        assert status("/", content=b"x" * 5000) == 413
        assert status("/", content=(b"x" * 500 for _ in range(10))) == 413


def test_nobody_has_anothers_station_ask_in_its_candidates_name(centre: Centre, trial_station: Station) -> None:
    near = f"http://127.0.0.1:{centre.room.port_of(1)}"
    call = "<methodCall><methodName>pingback.ping</methodName><params/></methodCall>"
    with httpx.Client(base_url=near, trust_env=False, timeout=20) as browser:
        asked = browser.post("/xmlrpc.php", content=call, headers={"Host": centre.room.host_of(1)})
    assert "Hors de l’épreuve" in asked.text
    time.sleep(0.5)
    assert of_station(centre, "poste-01")["refused"] == 0


def test_names_lead_to_stations_and_the_rooms_dns_knows_no_other(centre: Centre, golden: Golden) -> None:
    cms = cms_of(golden.stack)
    with otherwise(centre, Network(domain="examen.test", dns_port=0)) as named:
        (station,) = up(named, 1, [f"{stack_named(golden.stack).cms}-a"], golden)
        assert station.address == f"http://poste-01.examen.test:{named.room.names_port}"
        near = f"http://127.0.0.1:{named.room.names_port}"
        with httpx.Client(base_url=near, trust_env=False, timeout=30) as browser:
            own = browser.get("/", headers={"Host": named.room.host_of(1)})
            assert own.status_code == 200
            assert station.address in own.text
            path = cms.closed  # a folder without its slash, then an office for whom it doesn't know
            hops = 0
            while (sent := browser.get(path, headers={"Host": named.room.host_of(1)})).is_redirect:
                hops += 1
                to = urljoin(station.address + path, sent.headers["location"])
                assert to.startswith(f"{station.address}/")
                path = to.removeprefix(station.address)
            assert (sent.status_code, hops > 1) == (200, True)
            assert browser.get("/", headers={"Host": named.room.host_of(2)}).status_code == 503
            refused = browser.get("/", headers={"Host": "www.e5b-preuve.test"})
            assert refused.status_code == 403
            assert "Hors de l’épreuve" in refused.text
            assert "Terroirs" in browser.get("/", headers={"Host": named.room.pages_host}).text


@pytest.mark.parametrize("stream", [False, True])
def test_the_rooms_dns_answers_for_its_own_names_alone(centre: Centre, trial: Golden, stream: bool) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with otherwise(centre, Network(domain="examen.test", dns_port=port)) as named:
        up(named, 1, ["wordpress-a"], trial)
        assert resolved(port, "poste-01.examen.test", stream) == ["127.0.0.1"]
        assert resolved(port, "partenaire.examen.test", stream) == ["127.0.0.1"]
        for foreign in ("www.corrige.example", "poste-99.examen.test", "a.poste-01.examen.test", "examen.test"):
            assert resolved(port, foreign, stream) == []
        assert recorded(named, "www.corrige.example")


def resolved(port: int, name: str, stream: bool) -> list[str]:
    """The addresses that a DNS gives for a name, over UDP or TCP; fails where it doesn't answer."""
    with socket.socket(type=socket.SOCK_STREAM if stream else socket.SOCK_DGRAM) as asking:
        asking.settimeout(10)
        asking.connect(("127.0.0.1", port))
        asking.sendall(dns(name, 1, stream=stream))
        told = asking.recv(4096)[2 if stream else 0 :]
    answers = int.from_bytes(told[6:8], "big")
    return [".".join(map(str, told[-4:]))] if answers == 1 else [] if not answers else ["several"]


def test_a_locked_room_opens_to_the_browser_that_proves_its_file(centre: Centre, trial: Golden) -> None:
    with otherwise(centre, Network(wiring="verrou", domain="examen.test", dns_port=0)) as locked:
        (station,) = up(locked, 1, ["wordpress-a"], trial)
        key = config_key(settings(locked.room, ()))
        near, page = f"http://127.0.0.1:{locked.room.names_port}", "/wp-login.php?x=1"
        host = {"Host": locked.room.host_of(1)}
        with httpx.Client(base_url=near, trust_env=False, timeout=30) as browser:
            assert browser.get(page, headers=host).status_code == 403
            good = {**host, HEADER: proof(station.address + page, key)}
            assert browser.get(page, headers=good).status_code == 200
            assert browser.get("/wp-login.php", headers=good).status_code == 403  # of another address
            stale = {**host, HEADER: proof(station.address + page, "0" * 64)}
            assert browser.get(page, headers=stale).status_code == 403


#: Where the site is that a room may allow, with another beside it; and a server of somebody else's.
SITE, IMPOSTOR = "198.51.100.2", "198.51.100.77"


def permitted_in(room: str) -> str:
    """The site that is allowed in this room; and what the impostor's address is said to be called (its PTR)."""
    return f"{room}-carte.{room}.test"


@contextmanager
def the_world(engine: Engine, centre: Centre) -> Iterator[None]:
    """An Internet that this room's gateway reaches: two sites at one address, and one that says it is the first.

    The engine's DNS knows the sites by name; an address it calls by its container and network.
    """
    gateway = centre.gateway.find()
    assert gateway is not None
    permitted, probes = permitted_in(centre.room.name), ROOT / "provisioner/leakcheck/probes"
    impostor, _, network = permitted.partition(".")
    site = f"{centre.room.name}-site"

    def docker(*words: str) -> bytes:
        return subprocess.run(["docker", *words], check=True, capture_output=True).stdout

    docker("network", "create", "--subnet", "198.51.100.0/24", network)
    try:
        for name, at, *names in ((site, SITE, permitted, OTHER), (impostor, IMPOSTOR)):
            aliases = [word for one in names for word in ("--network-alias", one)]
            docker(
                "run",
                "--detach",
                "--name",
                name,
                "--network",
                network,
                "--ip",
                at,
                *aliases,
                "--volume",
                f"{probes}:/p:ro",
                "--entrypoint",
                "perl",
                gateway.image,
                "/p/world.pl",
                "80,443",
                "443",
            )
        for _ in range(600):
            if all(b"ready" in docker("logs", name) for name in (site, impostor)):
                break
            time.sleep(0.1)
        engine.connect(network, gateway.id)
        yield
    finally:
        engine.disconnect(network, gateway.id)
        subprocess.run(["docker", "rm", "--force", site, impostor], check=False, capture_output=True)
        docker("network", "rm", network)


OTHER = "autre.e5b-permis.test"


def said_through(port: int, *parts: bytes) -> bytes:
    """What comes of this, said to the proxy one after the other."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), 10) as proxy, suppress(OSError):
        proxy.settimeout(10)
        for part in parts:
            proxy.sendall(part)
            heard += proxy.recv(4096)
        while MARK not in heard and (more := proxy.recv(4096)):
            heard += more
    return heard


def test_an_allowed_site_passes_by_its_own_name_and_nothing_beside_it(
    centre: Centre, engine: Engine, trial: Golden
) -> None:
    permitted = permitted_in(f"{centre.room.name}-n")
    with otherwise(centre, Network(allowed=(permitted,))) as opened:
        up(opened, 1, ["wordpress-a"], trial)
        with the_world(engine, opened):
            proxy = opened.room.proxy

            def through(host: str, name: str) -> bytes:
                return said_through(proxy, http("", f"{host}:443", method="CONNECT"), hello(name))

            assert MARK in said_through(proxy, http(permitted, f"http://{permitted}/"))
            assert MARK in through(permitted, permitted)
            assert MARK not in said_through(proxy, http(OTHER, f"http://{OTHER}/"))
            assert MARK not in through(OTHER, OTHER)
            assert MARK not in through(permitted, OTHER)
            assert MARK not in through(SITE, permitted)
            assert MARK not in through(permitted, 'a","from":"192.0.2.99')
        collect(opened)
        assert permitted not in {one.host for one in entries(opened)}
        assert {OTHER, f"{OTHER}:443"} <= {one.host for one in entries(opened)}
        assert "192.0.2.99" not in {one.machine for one in entries(opened)}


def test_an_address_is_no_allowed_site_whatever_its_owner_calls_it(
    centre: Centre, engine: Engine, trial: Golden
) -> None:
    permitted = permitted_in(f"{centre.room.name}-n")
    with otherwise(centre, Network(allowed=(permitted,), domain="examen.test", dns_port=0)) as opened:
        up(opened, 1, ["wordpress-a"], trial)
        with the_world(engine, opened):

            def ways() -> dict[str, bool]:
                asked = {
                    "http": (http(IMPOSTOR, f"http://{IMPOSTOR}/"),),
                    "http, under the name": (http(permitted, f"http://{IMPOSTOR}/"),),
                    "connect": (http("", f"{IMPOSTOR}:443", method="CONNECT"), hello(permitted)),
                }
                return {way: MARK in said_through(opened.room.proxy, *parts) for way, parts in asked.items()}

            with told_otherwise(engine, opened, b"dstdomain -n", b"dstdomain"):
                assert set(ways().values()) == {True}
            assert set(ways().values()) == {False}
            assert MARK in said_through(opened.room.proxy, http(permitted, f"http://{permitted}/"))


@contextmanager
def told_otherwise(engine: Engine, centre: Centre, old: bytes, new: bytes) -> Iterator[None]:
    """The room's gateway with this in place of that in its proxy's configuration."""
    gateway, path = centre.gateway.find(), "etc/e5b/squid.conf"
    assert gateway is not None
    told = engine.get(gateway.id, f"/{path}") or b""
    assert old in told

    def starts_with(content: bytes) -> None:
        engine.stop(gateway.id)
        engine.put(gateway.id, "/", {path: content})
        centre.gateway.start()
        for _ in range(200):
            with suppress(OSError):
                if said_through(centre.room.proxy, http("x", "http://x/")):
                    return
            time.sleep(0.1)

    starts_with(told.replace(old, new))
    try:
        yield
    finally:
        starts_with(told)
