"""One candidate's machine cannot freeze another's station, and what it sent too late reaches nobody's."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from benchmarks.slow_machine import BOUND, SLOW, slowed
from provisioner.archive.archiving import archive
from provisioner.core.model import Golden, Station
from provisioner.engine.protocol import Engine
from provisioner.exam.working_time import start, stop
from provisioner.leakcheck.entries import Entry
from provisioner.leakcheck.refused_tries import collect, entries, of_station
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import reset, up

SAVE = b"<?php file_put_contents('wp-content/uploads/sent.bin', file_get_contents('php://input')); echo 'kept';"
SENT = ["test", "-e", "/var/www/html/wp-content/uploads/sent.bin"]


@pytest.mark.parametrize("kind", SLOW)
def test_a_page_stays_under_twice_its_time_while_another_machine_asks_for_much_of_that_station(
    centre: Centre, gateway: str, trial_station: Station, kind: str
) -> None:
    alone, meanwhile = slowed(centre, gateway, kind)
    assert meanwhile < BOUND * alone


def test_what_a_machine_asks_beyond_that_is_on_record_as_no_try_to_get_out(
    centre: Centre, trial_station: Station
) -> None:
    head = f"POST /wp-login.php HTTP/1.1\r\nHost: {centre.room.host_of(1)}\r\nContent-Length: 9\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(20):
            asked = stack.enter_context(
                socket.create_connection((centre.room.local_address, centre.room.port_of(1)), 10)
            )
            asked.sendall(head)
        said = asked.recv(4000).decode()
        assert said.startswith("HTTP/1.1 429 ")
        assert "Trop de demandes à la fois" in said
        recorded = _recorded(centre, "busy")
    assert {(one.host, one.path) for one in recorded} == {(centre.room.host_of(1), "/wp-login.php")}
    assert of_station(centre, "poste-01")["refused"] == 0


def _recorded(centre: Centre, what: str) -> list[Entry]:
    """What of that kind is on record, as soon as something is."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        collect(centre)
        if found := [entry for entry in entries(centre) if entry.what == what]:
            return found
        time.sleep(0.2)
    return []


class Sending:
    """A request with a body of which a part has been sent; a little of it comes now and then, so that it stays under way."""

    def __init__(self, station: Station) -> None:
        self.connection = HTTPConnection(urlsplit(station.address).netloc, timeout=120)
        self.connection.putrequest("POST", "/save.php")
        self.connection.putheader("Content-Length", "600000")
        self.connection.endheaders()
        self.connection.send(bytes(300_000))
        time.sleep(1)  # the gateway has read it, and the station would know of it
        self._left = 300_000
        self._ending = threading.Event()
        self._trickle = threading.Thread(target=self._send_slowly, daemon=True)
        self._trickle.start()

    def _send_slowly(self) -> None:
        while not self._ending.wait(2):
            self.connection.send(bytes(100))
            self._left -= 100

    def rest(self) -> tuple[int, str]:
        """Send what is missing; status and page of the answer."""
        self._ending.set()
        self._trickle.join()
        self.connection.send(bytes(self._left))
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()


def saves(engine: Engine, station: Station) -> None:
    """Give the station a page that keeps what is sent to it."""
    engine.run(station.container, ["tee", "/var/www/html/save.php"], stdin=SAVE, user="www-data")


def has_kept(engine: Engine, container: str) -> bool:
    return engine.run(container, SENT).status == 0


def test_what_comes_whole_before_the_end_is_kept(centre: Centre, engine: Engine, trial_station: Station) -> None:
    saves(engine, trial_station)
    start(centre, "poste-01")
    assert Sending(trial_station).rest() == (200, "kept")
    assert has_kept(engine, trial_station.container)


def test_what_comes_whole_after_the_end_reaches_no_station_holds_up_no_archive_and_is_on_record(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    saves(engine, trial_station)
    start(centre, "poste-01")
    sending = Sending(trial_station)
    stop(centre, "poste-01", "il a fini")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(archive, centre, "poste-01").result(60)
    status, page = sending.rest()
    assert status == 403
    assert "L’épreuve est terminée" in page
    assert not has_kept(engine, trial_station.container)
    assert [one.path for one in _recorded(centre, "late")] == ["/save.php"]


def test_what_was_sent_to_a_station_reaches_no_later_station_of_its_place(
    centre: Centre, engine: Engine, trial: Golden, trial_station: Station
) -> None:
    sending = Sending(trial_station)
    reset(centre, "poste-01", trial)
    again, _ = reset(centre, "poste-01", trial)  # at the first one's address
    saves(engine, again)
    status, page = sending.rest()
    assert status == 409
    assert "Votre poste vient de changer" in page
    assert not has_kept(engine, again.container)


def test_what_is_sent_while_another_place_changes_arrives(
    centre: Centre, engine: Engine, trial: Golden, trial_station: Station
) -> None:
    up(centre, 2, ["wordpress-a"], trial)
    saves(engine, trial_station)
    sending = Sending(trial_station)
    reset(centre, "poste-02", trial)
    assert sending.rest() == (200, "kept")
