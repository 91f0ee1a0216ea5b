"""A room whose stations answer in https: what somebody who listens in the room learns, and where it leads candidates."""

import re
import socket
import ssl
import threading
from contextlib import suppress

import httpx
import pytest

from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.host.editions import stack_named
from provisioner.leakcheck.refused_tries import collect, entries
from provisioner.network.seb import HEADER, config_key, proof, settings
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import up
from provisioner.station.pristine import verify
from provisioner.station.spares import prepare, renew
from tests.cms import cms_of
from tests.secured import secured, trusting


class Listener:
    """Somebody between a candidate's machine and the room: passes on all that is sent, and keeps it."""

    def __init__(self, port: int) -> None:
        self.heard, self._to = bytearray(), port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                for here, there in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(here, there), daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while data := here.recv(65536):
                self.heard += data
                there.sendall(data)
            there.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._door.close()


def sign_in(centre: Centre, station: Station, listener: Listener, password: str) -> httpx.Response:
    """The answer to a candidate's name and password, sent past the listener."""
    cms, host = cms_of(station.stack), centre.room.host_of(station.place)
    trust = trusting(centre.room.authority) if centre.room.tls else True
    scheme = "https" if centre.room.tls else "http"
    with httpx.Client(verify=trust, trust_env=False, timeout=60) as client:
        return client.post(
            f"{scheme}://127.0.0.1:{listener.port}{cms.posted}",
            data={**cms.form, cms.user: "candidat", cms.password: password},
            headers={"Host": host, "Cookie": "wordpress_test_cookie=WP%20Cookie%20check"},
            extensions={"sni_hostname": host.partition(":")[0]},
        )


@pytest.mark.parametrize(("tls", "domain"), [(False, ""), (True, ""), (True, "examen.test")])
def test_who_listens_in_the_room_learns_no_password(centre: Centre, trial: Golden, tls: bool, domain: str) -> None:
    with secured(centre, domain, tls=tls) as room:
        (station,) = up(room, 1, ["wordpress-a"], trial)
        credentials = room.state.credentials(station.container)
        assert credentials is not None
        listener = Listener(room.room.port_of(1))
        try:
            answer = sign_in(room, station, listener, credentials.password)
        finally:
            listener.close()
        assert (answer.status_code, answer.headers["location"]) == (302, f"{station.address}/wp-admin/")
        cookies = [line for line in answer.headers.get_list("set-cookie") if "test_cookie" not in line]
        session = next(line.partition("=")[2].partition(";")[0] for line in cookies if "logged_in" in line)
        heard = bytes(listener.heard)
        assert len(heard) > 1000
        # Where nothing is encrypted the listener has both, so that this test would see them.
        assert [word.encode() in heard for word in (credentials.password, session)] == [not tls, not tls]
        assert {"secure" in line.lower() for line in cookies} == {tls}


def test_a_machine_that_does_not_trust_the_rooms_authority_is_warned(centre: Centre, trial: Golden) -> None:
    with secured(centre) as room:
        up(room, 1, ["wordpress-a"], trial)
        door, usual = ("127.0.0.1", room.room.port_of(1)), ssl.create_default_context()
        with socket.create_connection(door, 10) as plain, pytest.raises(ssl.SSLCertVerificationError):
            usual.wrap_socket(plain, server_hostname="localhost")
        with socket.create_connection(door, 10) as plain:
            trusted = trusting(room.room.authority).wrap_socket(plain, server_hostname="localhost")
            assert trusted.version() == "TLSv1.3"


@pytest.mark.parametrize("domain", ["", "examen.test"])
def test_what_is_typed_without_https_is_sent_on_to_the_station(centre: Centre, trial: Golden, domain: str) -> None:
    with secured(centre, domain) as room:
        (station,) = up(room, 1, ["wordpress-a"], trial)
        plain = room.room.plain_host_of(1)
        near = f"http://127.0.0.1:{plain.partition(':')[2]}"
        with httpx.Client(base_url=near, trust_env=False, timeout=30) as client:
            sent = client.get("/wp-login.php?a=b", headers={"Host": plain})
            assert (sent.status_code, sent.headers["location"]) == (301, f"{station.address}/wp-login.php?a=b")
            other = client.get("/", headers={"Host": "www.corrige.example"})
            assert other.status_code in (403, 421)
            assert "Hors de l’épreuve" in other.text
            # The room's pages stay as they are: a candidate's machine reads them before it trusts the authority.
        pages = httpx.get(
            f"http://127.0.0.1:{room.room.pages_host.partition(':')[2]}/postes.html",
            headers={"Host": room.room.pages_host},
            trust_env=False,
            timeout=30,
        )
        assert f'href="{station.address}/"' in pages.text
        collect(room)
        assert "www.corrige.example" in {entry.host for entry in entries(room)}


def test_a_station_is_whole_in_https(centre: Centre, engine: Engine, golden: Golden) -> None:
    cms = cms_of(golden.stack)
    with secured(centre) as room:
        (station,) = up(room, 1, [f"{stack_named(golden.stack).cms}-a"], golden)
        verify(room, station, golden)
        for again in range(2):
            credentials = room.state.credentials(station.container)
            assert credentials is not None
            plain = station.address.replace("https", "http")
            trust = trusting(room.room.authority)
            with httpx.Client(
                base_url=station.address, verify=trust, trust_env=False, timeout=120, follow_redirects=True
            ) as client:
                first = client.get("/")
                assert (first.status_code, first.history) == (200, [])
                assert station.address in first.text
                office = cms.sign_in(client, credentials)
                assert cms.inside in office.text
                assert plain not in first.text.replace("\\/", "/")
                # PrestaShop's back office leads to the shop without https, and is sent on.
                assert not re.search(rf"(?:src|action)=[\"']{plain}|<link[^>]*href=[\"']{plain}", office.text)
                assert {cookie.secure for cookie in client.cookies.jar if "test_cookie" not in cookie.name} == {True}
            if not again:  # a spare was started before it had an address
                prepare(room, golden)
                station, _ = renew(room, station.name, golden, discard="essai")
                verify(room, station, golden)


def test_a_locked_room_in_https_opens_to_the_browser_that_proves_its_file(centre: Centre, trial: Golden) -> None:
    with secured(centre, wiring="verrou") as room:
        (station,) = up(room, 1, ["wordpress-a"], trial)
        key, page = config_key(settings(room.room, ())), f"{station.address}/wp-login.php?x=1"
        with httpx.Client(verify=trusting(room.room.authority), trust_env=False, timeout=30) as client:
            assert client.get(page).status_code == 403
            assert client.get(page, headers={HEADER: proof(page, key)}).status_code == 200
            plain = proof(page.replace("https", "http"), key)
            assert client.get(page, headers={HEADER: plain}).status_code == 403


def test_a_site_in_https_finds_its_own_pages(centre: Centre, engine: Engine, trial: Golden) -> None:
    with secured(centre, "examen.test") as room:
        (station,) = up(room, 1, ["wordpress-a"], trial)
        # The first is sent on to another address of the site.
        for path in ("'/?page_id=' . get_pages(['number' => 1])[0]->ID", "'/feed/'"):
            code = f"""require '/var/www/html/wp-load.php'; $answer = wp_remote_get(home_url({path}));
                echo is_wp_error($answer) ? $answer->get_error_message() : wp_remote_retrieve_response_code($answer);"""
            done = engine.run(station.container, ["php", "-r", code], user="www-data")
            assert done.stdout == b"200", path
