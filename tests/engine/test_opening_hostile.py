"""An archive whose candidate left code in it opens for examiners, and gains its candidate nothing on their machine."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import httpx

from provisioner.archive.archiving import archive
from provisioner.archive.viewing import View, close, open_archive, others
from provisioner.core.errors import StationNotReady
from provisioner.core.model import Station
from provisioner.core.waiting import wait_until
from provisioner.engine.protocol import Engine
from provisioner.host.paths import Paths
from provisioner.leakcheck.room_proof import prove_network
from provisioner.station.centre import Centre
from provisioner.station.state import State

#: A file of the site that gives the examiner's cookie another name when the examiner is signed in: one that ends what
#: stands around it in the configuration, and sends whoever asks for /sortie elsewhere.
PLANTED = """<?php
if (PHP_SAPI === 'cli') {
    define('AUTH_COOKIE', 'a"; }' . "\n" . 'location /sortie { proxy_pass http://%s; }' . "\n"
        . 'location = /reste { add_header X-Reste "b');
}
"""
#: A configuration that somebody's code decided.
DECIDED = """
worker_processes 1;
pid /tmp/nginx.pid;
error_log stderr;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path /tmp/body;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;
    server {
        listen 8080;
        add_header X-Decided 1 always;
        location / { proxy_connect_timeout 2s; proxy_pass http://%s; }
    }
}
"""


def machine_seen_from_a_container(engine: Engine, image: str) -> str:
    """The address at which containers of the engine's first network find this machine."""
    asked = "ip -4 -o addr show dev docker0"
    done = engine.run(image, ["sh", "-c", asked])
    found = re.search(r"inet ([0-9.]+)/", done.stdout.decode())
    assert found, done
    return found[1]


@contextmanager
def service(address: str) -> Iterator[tuple[str, list[bytes]]]:
    """A service of this machine at that address: where it is, and what it was asked."""
    heard: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):  # closed at the end
            while True:
                connection, _ = listener.accept()
                with connection:
                    heard.append(connection.recv(1000))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\ndehors")

    with socket.create_server((address, 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield f"{address}:{listener.getsockname()[1]}", heard
        listener.shutdown(socket.SHUT_RDWR)


def plant(engine: Engine, station: Station, code: str) -> None:
    path = "/var/www/html/wp-content/mu-plugins/a.php"
    done = engine.run(station.container, ["sh", "-c", f"cat >{path}"], stdin=code.encode(), user="www-data")
    assert done.status == 0, done


def asked(view: View, path: str) -> httpx.Response:
    """That page of an opened archive; with status 0 where nothing answers."""
    with suppress(httpx.HTTPError):
        host = view.address.removeprefix("http://")
        return httpx.get(f"http://{view.gateway_address}{path}", headers={"Host": host}, trust_env=False, timeout=20)
    return httpx.Response(0)


def test_code_that_a_candidate_left_does_not_decide_where_the_gateway_of_his_archive_leads(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    (firewall,) = engine.containers(kind="guard", room=centre.room.name)  # it shares this machine's network
    with service(machine_seen_from_a_container(engine, firewall.id)) as (place, heard):
        plant(engine, trial_station, PLANTED % place)
        path = archive(centre, trial_station.name).path
        refusal = ""
        try:
            view = open_archive(centre, path)
        except StationNotReady as error:
            refusal = str(error)
        else:
            asked(view, "/sortie")
            close(centre, [view.name])
        assert heard == []
    assert "un cookie nommé" in refusal
    assert "\n" not in refusal
    assert engine.containers(view="*", address=trial_station.address) == []


def test_the_gateway_of_an_opened_archive_finds_its_station_alone_whatever_its_configuration_says(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    (firewall,) = engine.containers(kind="guard", room=centre.room.name)
    view = open_archive(centre, archive(centre, trial_station.name).path)
    try:
        (gateway,) = engine.containers(kind="view-door", view=view.name)
        assert asked(view, "/wp-login.php").status_code == 200
        with service(machine_seen_from_a_container(engine, firewall.id)) as (place, heard):
            engine.put(gateway.id, "/", {"etc/e5b/nginx.conf": (DECIDED % place).encode()})
            reload = ["nginx", "-c", "/etc/e5b/nginx.conf", "-s", "reload"]
            assert engine.run(gateway.id, reload, user="www-data").status == 0
            decided = ""

            def not_decided() -> str:
                nonlocal decided
                answer = asked(view, "/")
                decided = f"{answer.status_code} {answer.text}"
                return "" if "X-Decided" in answer.headers else f"not decided yet: {engine.logs(gateway.id)}"

            assert wait_until(not_decided, 20) == ""
            assert heard == []
            assert decided.startswith(("502", "504"))
            assert engine.run(gateway.id, ["nft", "flush", "ruleset"], user="www-data").status != 0
            flushed = engine.run(gateway.id, ["nft", "delete", "table", "inet", "e5b"])
            assert flushed.status == 0, flushed
            assert asked(view, "/").text == "dehors"  # so it was the rules that closed the way
            assert len(heard) == 1
    finally:
        close(centre, [view.name])


def test_an_opened_archive_whose_rules_are_gone_is_a_leak_that_the_proof_names(
    centre: Centre, engine: Engine, trial_station: Station
) -> None:
    view = open_archive(centre, archive(centre, trial_station.name).path)
    try:
        (gateway,) = engine.containers(kind="view-door", view=view.name)
        assert engine.run(gateway.id, ["nft", "delete", "table", "inet", "e5b"]).status == 0
        leaks = {row.id: row.leaks for row in prove_network(centre).leaks}
        assert {"v-http", "v-https", "v-dns", "v-port", "v-machine", "v-machine-udp", "v-moteur"} <= set(leaks)
        assert {tuple(names) for names in leaks.values()} == {(f"archive {view.name}",)}
    finally:
        close(centre, [view.name])


def test_closing_without_a_name_leaves_what_another_state_folder_opened(
    centre: Centre, engine: Engine, trial_station: Station, tmp_path: Path
) -> None:
    folder = tmp_path / "autre"
    other = replace(centre, state=State(Paths(folder / "cache", folder / "state", folder / "e5b.toml")))
    view = open_archive(centre, archive(centre, trial_station.name).path)
    try:
        assert close(other, []) == []
        assert others(other) == [view.name]
        assert asked(view, "/wp-login.php").status_code == 200
        assert close(centre, []) == [view.name]
        assert engine.containers(view=view.name) == []
    finally:
        if engine.containers(view=view.name):
            close(centre, [view.name])
