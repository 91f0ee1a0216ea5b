"""The console as a server: where it answers, over TLS too, and what `e5b console` says as it starts."""

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import IPv4Interface
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import trustme
from argon2 import PasswordHasher

from provisioner.cli import console as command
from provisioner.cli import resources
from provisioner.console import connection
from provisioner.console.addresses import Card, cards_of_machine, listening
from provisioner.console.people import People
from provisioner.console.server import Server, authority_file
from provisioner.console.services import Services
from provisioner.core.declaration import Console
from provisioner.core.errors import ConfigurationError, EngineError
from provisioner.host.settings import Settings
from provisioner.leakcheck.console_ways import console_ways
from provisioner.network.certificates import authority_pem, console_certificate
from provisioner.network.room import Room
from provisioner.station.act_book import Book
from provisioner.station.acts import COMMAND_LINE
from provisioner.station.centre import Centre
from tests.unit.exam_room import exam_room


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.5", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def services(tmp_path: Path) -> Services:
    room: Any = SimpleNamespace(current=lambda: SimpleNamespace(series="", tiles=(), version=1))
    unused: Any = None
    people = People(tmp_path / "console.sqlite", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return Services(centre=unused, people=people, room=room, acts=unused, name="salle-b")


Serving = Callable[..., str]


@pytest.fixture
def serving(services: Services, tmp_path: Path) -> Iterator[Serving]:
    """Serves the console, declared so; returns its address."""
    running: list[tuple[Server, Thread]] = []

    def serve(**declared: Any) -> str:
        settings = Settings.model_validate({"console": {"port": free_port(), **declared}})
        server = Server(services, settings, Room.declared("salle-b", settings), tmp_path)
        thread = Thread(target=server.run)
        running.append((server, thread))
        thread.start()
        return settings.console.address

    yield serve
    for server, thread in running:
        server.stop()
        thread.join(20)
        assert not thread.is_alive()


def test_it_answers_at_its_address_as_itself_alone(serving: Serving) -> None:
    address = serving()
    with httpx.Client(trust_env=False) as client:
        answer = client.get(f"{address}/salle")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/premier-compte")
        assert "server" not in answer.headers
        assert "Le premier compte" in client.get(f"{address}/premier-compte").text
        assert client.get(f"{address}/premier-compte", headers={"Host": "localhost"}).status_code == 400
        assert client.get(f"{address}/static/console.css").headers["Content-Type"].startswith("text/css")
        # What a program before it would say of a request is not believed.
        forwarded = {"X-Forwarded-Proto": "https", "Origin": address.replace("http:", "https:")}
        assert client.post(f"{address}/premier-compte", headers=forwarded).status_code == 403
    port = int(address.rpartition(":")[2])
    for elsewhere in ("127.0.0.1", "127.0.0.6"):
        with socket.socket() as probe:
            assert probe.connect_ex((elsewhere, port)) != 0


def test_it_speaks_tls_with_the_centres_certificate(serving: Serving, tmp_path: Path) -> None:
    authority = trustme.CA()
    shown = authority.issue_cert("127.0.0.5")
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    certificate.write_bytes(b"".join(blob.bytes() for blob in shown.cert_chain_pems))
    key.write_bytes(shown.private_key_pem.bytes())
    address = serving(certificate=str(certificate), key=str(key))
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    assert address.startswith("https://")
    with httpx.Client(verify=trusting, trust_env=False) as client:
        assert client.get(f"{address}/premier-compte").status_code == 200


def test_it_speaks_tls_by_an_authority_of_its_own_that_signs_for_nothing_else(serving: Serving, tmp_path: Path) -> None:
    address = serving(tls=True, name="console.lycee.test")
    port = address.rpartition(":")[2]
    assert address == f"https://console.lycee.test:{port}"
    installed = authority_file(tmp_path).read_text()
    trusting = ssl.create_default_context(cadata=installed)
    with httpx.Client(verify=trusting, trust_env=False) as client:
        assert client.get(f"https://127.0.0.5:{port}/premier-compte").status_code == 200
    assert "PRIVATE" not in installed
    assert console_certificate(("127.0.0.5",), tmp_path).authority not in installed.replace("\n", "")  # other hosts
    signed = console_certificate(("console.lycee.test", "127.0.0.5"), tmp_path / "again")
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(
            f"https://127.0.0.5:{port}/premier-compte",
            verify=ssl.create_default_context(cadata=authority_pem(signed.authority)),
            trust_env=False,
        )


def test_it_keeps_its_authority_from_one_start_to_the_next(tmp_path: Path) -> None:
    first, second = (console_certificate(("127.0.0.5",), tmp_path) for _ in range(2))
    assert first.authority == second.authority
    assert first.key != second.key


@pytest.mark.parametrize("tls", [False, True])
def test_what_a_proof_of_the_network_sends_to_the_console_is_answered(serving: Serving, tls: bool) -> None:
    """Else a way to it would look closed where it is open."""
    address = serving(tls=tls)
    port = int(address.rpartition(":")[2])
    (way,) = console_ways(Console(port=port, tls=tls))
    with socket.create_connection(("127.0.0.5", port), timeout=10) as tried:
        tried.sendall(way.send)
        assert tried.recv(100)


@pytest.mark.parametrize("lacking", ["certificate", "key"])
def test_a_certificate_that_cannot_be_used_is_said_with_its_file(
    services: Services, tmp_path: Path, lacking: str
) -> None:
    shown = trustme.CA().issue_cert("127.0.0.5")
    files = {"certificate": tmp_path / "c.pem", "key": tmp_path / "k.pem"}
    files["certificate"].write_bytes(shown.cert_chain_pems[0].bytes())
    files["key"].write_bytes(shown.private_key_pem.bytes())
    for there in (True, False):
        files[lacking].write_text("rien")
        if not there:
            files[lacking].unlink()
        settings = Settings.model_validate({"console": {"port": free_port(), **{k: str(f) for k, f in files.items()}}})
        with pytest.raises(ConfigurationError, match=files[lacking].name):
            Server(services, settings, Room.declared("salle", settings), tmp_path)


def test_a_second_one_is_refused_in_french(serving: Serving, services: Services, tmp_path: Path) -> None:
    port = int(serving().rpartition(":")[2])
    settings = Settings.model_validate({"console": {"port": port}})
    with pytest.raises(EngineError, match=rf"127\.0\.0\.5, port {port} .*une autre l'y fait peut-être déjà"):
        Server(services, settings, Room.declared("salle", settings), tmp_path)


def test_what_comes_in_by_another_card_than_the_address_has_does_not_reach_it() -> None:
    cards = [card for card in cards_of_machine() if not card.at.ip.is_loopback and not card.at.ip.is_link_local]
    if not cards:
        pytest.skip("this machine has no network card (optional)")
    own = cards[0]
    for card, reached in ((own, True), (own._replace(name="lo"), False)):
        declared = Console(staff=(str(own.at.ip),), port=free_port())
        (listener,) = listening(declared, [card])
        with listener, socket.socket() as probe:
            probe.settimeout(2)
            assert (probe.connect_ex((declared.staff[0], declared.port)) == 0) is reached


def test_a_browser_that_sends_too_much_reads_why(serving: Serving) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    with httpx.Client(trust_env=False) as client:
        answer = client.post(f"{serving()}/premier-compte", headers=headers, content=b"x" * 8_000_000)
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert "Cet envoi est trop grand" in answer.text


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_PATIENCE", 0.2)


BEGINNINGS = {
    "nothing": b"",
    "part of a request": b"GET /premier-compte HTTP/1.1\r\nHost:",
    "a request, then part of the next": b"GET /static/htmx/LICENSE HTTP/1.1\r\nHost: 127.0.0.5\r\n\r\n",
    "a form without its end": b"POST /premier-compte HTTP/1.1\r\nHost: 127.0.0.5\r\nSec-Fetch-Site: none\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nname=",
}


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("sent", BEGINNINGS.values(), ids=list(BEGINNINGS))
def test_a_connection_that_asks_for_nothing_is_closed(serving: Serving, sent: bytes) -> None:
    port = int(serving().rpartition(":")[2])
    with socket.create_connection(("127.0.0.5", port), timeout=5) as idle:
        idle.sendall(sent)
        if sent.endswith(b"\r\n\r\n"):
            idle.recv(65536)
            idle.sendall(b"GET /")
        with suppress(ConnectionResetError):
            while idle.recv(65536):
                pass


@pytest.mark.usefixtures("hasty")
def test_a_page_that_takes_long_is_not_cut(serving: Serving, services: Services) -> None:
    def slow() -> bool:
        time.sleep(1)
        return False

    services.people.has_technician = slow  # type: ignore[method-assign]
    with httpx.Client(trust_env=False) as client:
        assert client.get(f"{serving()}/salle").status_code == 303


def test_one_machine_cannot_take_all_connections(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_OF_ONE", 3)
    address = serving()
    port = int(address.rpartition(":")[2])
    with ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(socket.create_connection(("127.0.0.5", port), source_address=("127.0.0.9", 0)))
        crowded = httpx.HTTPTransport(local_address="127.0.0.9")
        with httpx.Client(trust_env=False, transport=crowded) as client, pytest.raises(httpx.TransportError):
            client.get(f"{address}/premier-compte")
        with httpx.Client(trust_env=False) as client:
            assert client.get(f"{address}/premier-compte").status_code == 200


IN_CLASS = {"host": "192.0.2.1", "listen": "192.0.2.1"}
STAFF_SIDE = Card("enp2s0", IPv4Interface("198.51.100.7/24"))
CANDIDATES_SIDE = Card("enp1s0", IPv4Interface("192.0.2.1/24"))


class TestOnceTheRoomIsOpenedOtherwise:
    """The console answers at a staff's address of a machine with two cards; candidates come by the other."""

    @pytest.fixture
    def server(self, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
        monkeypatch.setattr("provisioner.console.server.listening", lambda *_: [])
        self.cards(monkeypatch, STAFF_SIDE, CANDIDATES_SIDE)
        settings = Settings.model_validate({"console": {"staff": ["198.51.100.7"]}, **IN_CLASS})
        server = Server(services, settings, Room.declared("salle-b", settings), tmp_path)
        monkeypatch.setattr(server._uvicorn, "run", lambda _: None)
        return server

    def cards(self, monkeypatch: pytest.MonkeyPatch, *cards: Card) -> None:
        monkeypatch.setattr("provisioner.console.server.cards_of_machine", lambda: list(cards))

    def opened(self, services: Services, **declared: Any) -> None:
        settings = Settings.model_validate(declared)
        services.room.on_opened(SimpleNamespace(settings=settings, room=Room.declared("salle-b", settings)))  # type: ignore[arg-type]

    def test_where_candidates_would_reach_it_the_console_stops_and_says_why(
        self, server: Server, services: Services
    ) -> None:
        self.opened(services, **IN_CLASS)
        server.run()
        self.opened(services, host="198.51.100.7", listen="0.0.0.0")
        assert server._uvicorn.should_exit
        with pytest.raises(ConfigurationError, match=r"La console s'est arrêtée.*198\.51\.100\.7"):
            server.run()

    def test_a_card_that_was_given_the_staffs_network_stops_it_too(
        self, server: Server, services: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.cards(monkeypatch, STAFF_SIDE, CANDIDATES_SIDE._replace(at=IPv4Interface("198.51.100.8/24")))
        self.opened(services, host="198.51.100.8", listen="198.51.100.8")
        with pytest.raises(ConfigurationError, match="du côté des machines des candidats"):
            server.run()

    def test_a_cable_that_is_pulled_stops_nothing(
        self, server: Server, services: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for left in ((STAFF_SIDE,), (CANDIDATES_SIDE,), ()):
            self.cards(monkeypatch, *left)
            self.opened(services, **IN_CLASS)
        server.run()


class TestTheCommand:
    @pytest.fixture
    def centre(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Centre:
        centre = exam_room(tmp_path, monkeypatch)
        monkeypatch.setattr(resources, "centre", lambda room="", **_: centre)
        return centre

    @contextmanager
    def ended(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        def interrupted(_: Server) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Server, "run", interrupted)
            patch.setattr("provisioner.console.server.listening", lambda *_: [])
            yield

    def test_gives_the_address_and_a_code_until_there_is_a_technician(
        self, centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("COLUMNS", "200")
        people = People(centre.state.folder / "console.sqlite", PasswordHasher(1, 8, 1))
        with self.ended(monkeypatch):
            assert command.serve() == 0
            assert "La console répond à http://127.0.0.5:8400" in capsys.readouterr().out
            assert command.serve(as_json=True) == 0
            code = json.loads(capsys.readouterr().out)["code"]
            people.make_first(code, "Mme Riou", "le phare de la Jument", "127.0.0.5")
            assert command.serve(as_json=True) == 0
            assert json.loads(capsys.readouterr().out) == {"address": "http://127.0.0.5:8400", "code": None}
            assert command.serve(new_code=True, as_json=True) == 0
            again = json.loads(capsys.readouterr().out)["code"]
        people.make_first(again, "M. Even", "le phare de la Jument", "127.0.0.5")
        assert len(people.accounts()) == 2
        noted = [(act.by, act.text) for act in Book.of(centre.state).acts()]
        assert noted == [(COMMAND_LINE, "code donné pour un compte de technicien")] * 3

    def test_leaves_nothing_running(self, centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
        with self.ended(monkeypatch):
            services = command._services("")
            monkeypatch.setattr(command, "_services", lambda _: services)
            command.serve()
        with pytest.raises(RuntimeError):
            services.room._thread.start()  # type: ignore[union-attr]  # begun and ended
        assert not services.room._thread.is_alive()  # type: ignore[union-attr]
        assert not any(thread.is_alive() for thread in services.acts._threads)
