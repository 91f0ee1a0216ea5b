"""The console as a server: where it answers, over TLS too, and what `e5b console` says as it starts."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from provisioner.console.addresses import cards_of_machine, listening
from provisioner.console.people import People
from provisioner.console.server import Server
from provisioner.console.services import Services
from provisioner.core.declaration import Console
from provisioner.core.errors import ConfigurationError, EngineError
from provisioner.host.settings import Settings
from provisioner.network.room import Room
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
def serving(services: Services) -> Iterator[Serving]:
    """Serves the console, declared so; returns its address."""
    running: list[tuple[Server, Thread]] = []

    def serve(**declared: Any) -> str:
        settings = Settings.model_validate({"console": {"port": free_port(), **declared}})
        server = Server(services, settings, Room.declared("salle-b", settings))
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
            Server(services, settings, Room.declared("salle", settings))


def test_a_second_one_is_refused_in_french(serving: Serving, services: Services) -> None:
    port = int(serving().rpartition(":")[2])
    settings = Settings.model_validate({"console": {"port": port}})
    with pytest.raises(EngineError, match=rf"127\.0\.0\.5, port {port} .*une autre l'y fait peut-être déjà"):
        Server(services, settings, Room.declared("salle", settings))


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
            assert command.console() == 0
            assert "La console répond à http://127.0.0.5:8400" in capsys.readouterr().out
            assert command.console(as_json=True) == 0
            code = json.loads(capsys.readouterr().out)["code"]
            people.make_first(code, "Mme Riou", "le phare de la Jument", "127.0.0.5")
            assert command.console(as_json=True) == 0
            assert json.loads(capsys.readouterr().out) == {"address": "http://127.0.0.5:8400", "code": None}
            assert command.console(new_code=True, as_json=True) == 0
            again = json.loads(capsys.readouterr().out)["code"]
        people.make_first(again, "M. Even", "le phare de la Jument", "127.0.0.5")
        assert len(people.accounts()) == 2

    def test_leaves_nothing_running(self, centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
        with self.ended(monkeypatch):
            services = command._services("")
            monkeypatch.setattr(command, "_services", lambda _: services)
            command.console()
        with pytest.raises(RuntimeError):
            services.room._thread.start()  # type: ignore[union-attr]  # begun and ended
        assert not services.room._thread.is_alive()  # type: ignore[union-attr]
        assert not any(thread.is_alive() for thread in services.acts._threads)
