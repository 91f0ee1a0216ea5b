"""Which machine came to which station is known, whatever it asked; who tries passwords is slowed; a bound station is its machine's."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from provisioner.core.declaration import Network
from provisioner.core.model import Golden, Station
from provisioner.core.waiting import wait_until
from provisioner.engine.protocol import Engine
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT, Paths
from provisioner.host.settings import Settings
from provisioner.leakcheck.refused_tries import collect, entries, of_station
from provisioner.network.gateway import LastWork
from provisioner.network.room import Room
from provisioner.station.centre import Centre, station_named
from provisioner.station.lifecycle import down, reset, up
from provisioner.station.machines import free, machines
from provisioner.station.state import State
from tests.cms import cms_of
from tests.conftest import OPTIONAL

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason=f"only root may make network namespaces {OPTIONAL}")

MACHINE = "198.51.100.1"
FIRST, SECOND, THIRD = (f"198.51.100.{last}" for last in (11, 12, 13))
#: Asks what it is told, from the address that it is told, and gives status, headers and text.
_CLIENT = """
import http.client, json, sys
for line in sys.stdin:
    source, host, method, path, headers, body = json.loads(line)
    connection = http.client.HTTPConnection(host, timeout=60, source_address=(source, 0))
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    print(json.dumps([answer.status, answer.getheaders(), answer.read().decode(errors="replace")]), flush=True)
    connection.close()
"""
#: Signs in at a station as a browser does, and says whether it came into the back office.
_BROWSER = """
import json, sys
import httpx
from provisioner.core.model import Credentials
from tests.cms import cms_of
source, address, stack, user, password = json.load(sys.stdin)
way = httpx.HTTPTransport(local_address=source)
with httpx.Client(base_url=address, timeout=60, trust_env=False, follow_redirects=True, transport=way) as client:
    answer = cms_of(stack).sign_in(client, Credentials(user, password))
    print(json.dumps([answer.status_code, [["Address", str(answer.url)]], answer.text]))
"""
COOKIE = {"Cookie": "wordpress_test_cookie=WP%20Cookie%20check", "Content-Type": "application/x-www-form-urlencoded"}


@dataclasses.dataclass
class Answer:
    status: int
    headers: list[list[str]]
    text: str

    def signed_in(self) -> bool:
        return any(name == "Set-Cookie" and value.startswith("wordpress_logged_in_") for name, value in self.headers)


class Candidates:
    """The machines on the candidates' side: one network namespace with an address for each."""

    def __init__(self, room: Room, namespace: str) -> None:
        self.room, self.namespace = room, namespace

    def ask(
        self,
        source: str,
        path: str = "/",
        method: str = "GET",
        body: str = "",
        accept: str = "*/*",
        proxied: bool = False,
    ) -> Answer:
        (answer,) = self.ask_each(source, [(method, path, body)], accept=accept, proxied=proxied)
        return answer

    def ask_each(
        self,
        source: str,
        asked: Sequence[tuple[str, str, str]],
        *,
        hosts: Sequence[str] = (),
        accept: str = "*/*",
        proxied: bool = False,
        cookies: str = "",
    ) -> list[Answer]:
        """The answers to these requests (method, path, body), one after the other, by the room's proxy where `proxied`."""
        where = self.room.host_of(1)
        door = f"{MACHINE}:{self.room.proxy if proxied else self.room.port_of(1)}"
        lines = []
        for number, (method, path, body) in enumerate(asked):
            headers = {"Host": hosts[number] if hosts else where, "Accept": accept, **(COOKIE if body else {})}
            if cookies:
                headers["Cookie"] = cookies
            target = f"http://{where}{path}" if proxied else path
            lines.append(json.dumps([source, door, method, target, headers, body or None]) + "\n")
        words = ["ip", "netns", "exec", self.namespace, sys.executable, "-c", _CLIENT]
        done = subprocess.run(words, input="".join(lines), check=True, capture_output=True, text=True, timeout=180)
        return [Answer(*json.loads(line)) for line in done.stdout.splitlines()]

    def sign_in(self, source: str, user: str, password: str) -> Answer:
        return self.ask(source, "/wp-login.php", "POST", f"log={user}&pwd={password}&testcookie=1")

    def browse_in(self, source: str, stack: str, user: str, password: str) -> Answer:
        """The page after signing in as a browser does."""
        words = ["ip", "netns", "exec", self.namespace, sys.executable, "-c", _BROWSER]
        told = json.dumps([source, self.room.address_of(1), stack, user, password])
        return Answer(
            *json.loads(
                subprocess.run(
                    words, input=told, check=True, capture_output=True, text=True, timeout=90, cwd=ROOT
                ).stdout
            )
        )

    def mistype(self, source: str, user: str, times: int) -> list[Answer]:
        bodies = [f"log={user}&pwd=faux-{number}&testcookie=1" for number in range(times)]
        return self.ask_each(source, [("POST", "/wp-login.php", body) for body in bodies])


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def side() -> Iterator[str]:
    """The candidates' side of this machine, which has an address there; a namespace with the candidates' addresses."""
    name, card = f"e5b-machines-{os.getpid()}", "e5bmach0"
    with ExitStack() as gone:
        ip("netns", "add", name)
        gone.callback(ip, "netns", "del", name)
        ip("link", "add", card, "type", "veth", "peer", "name", "eth0", "netns", name)
        gone.callback(ip, "link", "del", card)  # at once: with its namespace, it would go some time later
        ip("addr", "add", f"{MACHINE}/24", "dev", card)
        ip("link", "set", card, "up")
        ip("-n", name, "link", "set", "eth0", "up")
        for last in range(11, 40):
            ip("-n", name, "addr", "add", f"198.51.100.{last}/24", "dev", "eth0")
        ip("-n", name, "route", "add", "default", "via", MACHINE)
        yield name


Opened = Callable[..., tuple[Centre, Candidates]]


@pytest.fixture
def opened(engine: Engine, trial: Golden, side: str, tmp_path: Path) -> Iterator[Opened]:
    """Opens a room on the candidates' side, with one station."""
    with ExitStack() as gone:

        def open_room(golden: Golden = trial, **network: Any) -> tuple[Centre, Candidates]:
            room = Room.on_free_ports(f"machines-{os.getpid()}", 2, network.get("domain", ""))
            room = dataclasses.replace(room, host=MACHINE, listen=MACHINE)
            settings = Settings(host=MACHINE, listen=MACHINE, network=Network.model_validate(network))
            state = State(Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "e5b.toml"))
            centre = Centre(engine, settings, state, room)
            gone.callback(down, centre, discard="fin d'un essai")
            up(centre, 1, [f"{stack_named(golden.stack).cms}-a"], golden)
            return centre, Candidates(room, side)

        yield open_room


def credentials(centre: Centre, station: Station | None = None) -> tuple[str, str]:
    mine = centre.state.credentials((station or station_named(centre, "poste-01")).container)
    assert mine is not None
    return mine.user, mine.password


def recorded(centre: Centre) -> list[tuple[str, str, str]]:
    """Machine, what, path of all that concerns poste-01, but for what this machine itself asked."""
    assert collect(centre) == ""
    return [
        (entry.machine, entry.what, entry.path)
        for entry in entries(centre)
        if entry.opened == "poste-01" and entry.origin != "room"
    ]


def test_each_machines_first_contact_is_on_record_whatever_it_asks(opened: Opened) -> None:
    centre, candidates = opened()
    assert candidates.ask("198.51.100.20", "/wp-json/wp/v2/users", accept="application/json").status in (200, 401)
    candidates.ask(
        "198.51.100.21", "/wp-comments-post.php", "POST", "comment=Bonjour&author=A&email=a@b.test&comment_post_ID=1"
    )
    candidates.ask("198.51.100.22", "/wp-login.php?action=lostpassword", "POST", "user_login=candidat")
    assert candidates.ask("198.51.100.23", "/", "HEAD").status == 200
    candidates.ask("198.51.100.24", "/wp-json/", "OPTIONS")
    assert candidates.ask("198.51.100.25", "/", accept="text/html").status == 200
    # Who floods the record first is on record all the same, and so is everybody else.
    flood = [f"site-{number}.example" for number in range(330)]
    answers = candidates.ask_each("198.51.100.26", [("GET", "/", "")] * len(flood), hosts=flood)
    assert {answer.status for answer in answers} <= {403, 421}
    candidates.ask("198.51.100.26", "/wp-json/", "PUT")
    candidates.ask("198.51.100.27", "/xmlrpc.php", "POST", "x")
    told = {machine: path for machine, what, path in recorded(centre)}
    assert told == {
        "198.51.100.20": "GET /wp-json/wp/v2/users",
        "198.51.100.21": "POST /wp-comments-post.php",
        "198.51.100.22": "POST /wp-login.php",
        "198.51.100.23": "HEAD /",
        "198.51.100.24": "OPTIONS /wp-json/",
        "198.51.100.25": "GET /",
        "198.51.100.26": "PUT /wp-json/",
        "198.51.100.27": "POST /xmlrpc.php",
    }
    candidates.ask_each("198.51.100.25", [("GET", "/", "")] * 40)
    assert sum(machine == "198.51.100.25" for machine, *_ in recorded(centre)) == 1


def test_who_tries_thirty_passwords_is_slowed_and_recorded_and_nobody_else_waits(opened: Opened) -> None:
    centre, candidates = opened()
    user, password = credentials(centre)
    answers = candidates.mistype(SECOND, user, 30)
    served = [answer for answer in answers if answer.status == 200]
    slowed = [answer for answer in answers if answer.status == 429]
    assert len(served) + len(slowed) == 30
    assert 10 <= len(served) < 25
    assert "Trop d’essais de connexion" in slowed[-1].text
    # The candidate mistypes five times, and signs in while the other is refused.
    assert [answer.status for answer in candidates.mistype(FIRST, user, 5)] == [200] * 5
    assert candidates.sign_in(SECOND, user, "faux").status == 429
    assert candidates.sign_in(FIRST, user, password).signed_in()
    collect(centre)
    lines = [entry for entry in entries(centre) if entry.machine == SECOND]
    counted = Counter[str]()
    for entry in lines:
        counted[entry.what] += entry.count
    # Beyond twenty of a kind in a minute, those left out are counted when the minute is over.
    assert counted["log_in"] == len(served)
    assert min(20, len(slowed) + 1) <= counted["slowed"] <= len(slowed) + 1
    assert len(lines) <= 6
    assert {entry.origin for entry in lines} == {"other"}
    assert "signed_in" in [what for machine, what, _ in recorded(centre) if machine == FIRST]
    told = of_station(centre, "poste-01")
    assert told["machines"] == [FIRST]
    assert {contact["from"] for contact in told["contacts"]} == {SECOND}


def test_the_hour_is_known_at_which_the_candidate_last_saved_something(opened: Opened) -> None:
    centre, candidates = opened()
    answer = candidates.sign_in(FIRST, *credentials(centre))
    cookies = "; ".join(value.partition(";")[0] for name, value in answer.headers if name == "Set-Cookie")
    page = candidates.ask_each(FIRST, [("GET", "/wp-admin/customize.php", "")], cookies=cookies)[0].text
    nonce, theme = (re.search(rf'"{key}":"([\w-]+)"', page) for key in ("save", "stylesheet"))
    assert nonce
    assert theme
    ajax = "/wp-admin/admin-ajax.php"
    customized = urlencode({"customized": json.dumps({"blogname": "Atelier"})})
    save = f"wp_customize=on&customize_theme={theme[1]}&nonce={nonce[1]}&{customized}&action=customize_save"
    for source, path, body, signed in (
        (FIRST, "/wp-admin/index.php", "", cookies),
        (FIRST, ajax, "interval=60&action=heartbeat&screen_id=post", cookies),
        (FIRST, ajax, f"customize_changeset_autosave=true&{save}", cookies),  # a browser does this by itself
        (FIRST, "/wp-admin/options.php", "x=1", ""),  # leads to the form that signs in
        (SECOND, ajax, save, cookies),  # another machine's
    ):
        candidates.ask_each(source, [("POST" if body else "GET", path, body)], cookies=signed)
        assert centre.gateway.last_work()[1].saved is None, (source, path, body)
    before = datetime.now(UTC).replace(microsecond=0)
    assert candidates.ask_each(FIRST, [("POST", ajax, save)], cookies=cookies)[0].status == 200
    work = centre.gateway.last_work()[1]
    assert work.saved
    assert work.signed_in
    assert work.signed_in <= before <= work.saved <= datetime.now(UTC)
    # What is too long to be looked at whole is seen by its ends; a later save is a later time.
    long = save.replace("&action=", f"&filler={'x' * 20_000}&action=")

    def not_later() -> str:
        candidates.ask_each(FIRST, [("POST", ajax, long)], cookies=cookies)
        saved = centre.gateway.last_work()[1].saved
        return "" if saved and work.saved and saved > work.saved else f"the last save is that of {saved}"

    assert not wait_until(not_later, 60)
    free(centre, "poste-01")
    assert centre.gateway.last_work().get(1, LastWork()).saved is None


def test_a_station_is_its_first_machines_until_a_technician_or_the_next_candidate(
    opened: Opened, engine: Engine, trial: Golden
) -> None:
    centre, candidates = opened(bind=True)
    user, password = credentials(centre)
    # Nobody has signed in yet: any machine may look, nothing but a password binds.
    assert candidates.ask(SECOND).status == 200
    assert not candidates.sign_in(SECOND, user, "faux").signed_in()
    candidates.ask(SECOND, "/wp-login.php?action=lostpassword", "POST", f"user_login={user}&redirect_to=/wp-admin/")
    assert machines(centre) == {}
    assert candidates.sign_in(FIRST, user, password).signed_in()
    for answer in (candidates.ask(SECOND), candidates.sign_in(SECOND, user, password)):
        assert answer.status == 403
        assert not answer.signed_in()
        assert "Ce poste est celui d’une autre machine" in answer.text
        assert "appelez le surveillant" in answer.text
    assert candidates.ask(FIRST).status == 200
    # This machine itself is never refused, nor bound.
    assert httpx.get(f"{station_named(centre, 'poste-01').address}/", trust_env=False, timeout=60).status_code == 200
    gateway = centre.gateway.find()
    assert gateway is not None
    engine.stop(gateway.id)
    centre.gateway.start()
    assert candidates.ask(SECOND).status == 403
    assert candidates.ask(FIRST).status == 200
    barred = [(machine, what) for machine, what, _ in recorded(centre) if what == "barred"]
    assert set(barred) == {(SECOND, "barred")}
    # By one command he works on another machine, and the jury reads of it.
    freed = free(centre, "poste-01", "sa machine est en panne")
    assert freed.before is not None
    assert freed.before.address == FIRST
    assert candidates.sign_in(SECOND, user, password).signed_in()
    assert machines(centre)["poste-01"].address == SECOND
    assert candidates.ask(FIRST).status == 403
    assert [event.what for event in centre.state.record(freed.station.container).events] == ["free"]
    # The next candidate comes from any machine.
    renewed, _ = reset(centre, "poste-01", trial)
    assert machines(centre) == {}
    assert candidates.ask(FIRST).status == 200
    assert candidates.sign_in(THIRD, *credentials(centre, renewed)).signed_in()
    assert candidates.ask(FIRST).status == 403


def test_of_machines_that_sign_in_together_the_station_is_of_exactly_one(opened: Opened) -> None:
    centre, candidates = opened(bind=True)
    user, password = credentials(centre)
    everybody = [f"198.51.100.{last}" for last in range(11, 19)]
    with ThreadPoolExecutor(len(everybody)) as pool:
        list(pool.map(lambda source: candidates.sign_in(source, user, password), everybody))
    served = [source for source in everybody if candidates.ask(source).status == 200]
    assert served == [machines(centre)["poste-01"].address]


def test_who_comes_by_the_rooms_proxy_is_the_machine_that_asked_it(opened: Opened) -> None:
    centre, candidates = opened(domain="examen.test", dns_port=0)  # names: bound without a word
    user, password = credentials(centre)
    assert candidates.ask(SECOND, proxied=True).status == 200
    assert candidates.sign_in(FIRST, user, password).signed_in()
    assert candidates.ask(FIRST, proxied=True).status == 200
    assert candidates.ask(SECOND, proxied=True).status == 403
    found = recorded(centre)
    assert (SECOND, "contact", "GET /") in found
    assert (SECOND, "barred", "GET /") in found


def test_a_shop_is_of_the_machine_that_came_behind_its_log_in(opened: Opened, shop: Golden) -> None:
    centre, candidates = opened(shop, bind=True)
    user, password = credentials(centre)
    cms = cms_of(shop.stack)
    named = ["/gestion/index.php?controller=AdminLogin", "/gestion/index.php?controller=AdminCarts&token=x"]
    for source, target in zip(
        (THIRD, "198.51.100.14"), named, strict=True
    ):  # the name of the screen may stand in the form as well
        form = f"controller=AdminLogin&submitLogin=1&email={user}&passwd=faux"
        answers = candidates.ask_each(source, [("POST", target, form)] * 12)
        assert answers[-1].status == 429
    for tried in (*named, "/gestion/index.php?controller=AdminDashboard&token=" + "a" * 32, "/gestion/"):
        candidates.ask(SECOND, tried)
    assert cms.inside not in candidates.browse_in(SECOND, shop.stack, user, "faux").text
    assert machines(centre) == {}
    assert cms.inside in candidates.browse_in(FIRST, shop.stack, user, password).text
    assert machines(centre)["poste-01"].address == FIRST
    assert candidates.ask(SECOND).status == 403
    # Who has signed in works on: what a form sends there is no try.
    worked = candidates.ask_each(FIRST, [("POST", named[1], "a=1")] * 15)
    assert 429 not in [answer.status for answer in worked]
