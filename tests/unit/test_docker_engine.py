"""What Docker's library says, as a person reads it: French first, its own words as a detail."""

import io
import itertools
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock
from urllib.parse import unquote_plus

import docker.errors
import pytest
import requests
import requests.exceptions

from provisioner.core.errors import AddressesTaken, BuildFailed, EngineError, EngineUnavailable, PortTaken
from provisioner.engine.docker import DockerEngine, images
from provisioner.engine.docker.api import Endpoint, Health
from provisioner.engine.docker.connection import frames
from provisioner.engine.docker.containers import _address, _health
from provisioner.engine.docker.errors import translated
from provisioner.engine.protocol import ContainerSpec, Join, Limits, Output


def told(error: Exception) -> str:
    with pytest.raises(EngineError) as caught, translated("Démarrage"):
        raise error
    return str(caught.value)


def refusal(text: str, kind: Any = docker.errors.APIError, status: int = 500) -> Exception:
    response = requests.Response()
    response.status_code = status
    error: Exception = kind(f"{status} Server Error", response=response, explanation=text)
    return error


def engine_on(api: Any) -> DockerEngine:
    engine = DockerEngine.__new__(DockerEngine)
    engine._api = api
    return engine


def test_a_refusal_is_french_with_dockers_words_as_its_detail() -> None:
    assert told(refusal("invalid reference format")) == (
        "Démarrage : le moteur Docker a refusé. Recommencez ; si cela se répète, lancez « e5b doctor » "
        "(détail : invalid reference format)."
    )
    assert told(refusal("No such container: abc", docker.errors.NotFound)).endswith(
        "(détail : No such container: abc)."
    )


@pytest.mark.parametrize(
    ("fails", "why", "status", "asked"),
    [
        (1, "waiting for init preliminary setup: read init-p: connection reset by peer", 0, 2),
        (2, "error writing config to pipe: write init-p: broken pipe", 0, 3),
        (9, "waiting for init preliminary setup: read init-p: connection reset by peer", 126, 3),
        (9, 'exec: "php": executable file not found in $PATH', 126, 1),
    ],
)
def test_a_command_that_docker_did_not_begin_is_given_again(
    monkeypatch: pytest.MonkeyPatch, fails: int, why: str, status: int, asked: int
) -> None:
    begun: list[bytes] = []

    def run(self: DockerEngine, container: str, command: Any, sink: Any, *, stdin: bytes, **_: Any) -> Output:
        begun.append(stdin)
        failed = len(begun) <= fails
        sink(
            f"OCI runtime exec failed: exec failed: unable to start container process: {why}: unknown".encode()
            if failed
            else b"fait"
        )
        return Output(126 if failed else 0, b"", b"")

    monkeypatch.setattr("docker.from_env", MagicMock())
    monkeypatch.setattr(DockerEngine, "_execute", run)
    ended = DockerEngine().run("poste", ["php"], stdin=b"ceci")
    assert (ended.status, begun) == (status, [b"ceci"] * asked)
    assert status or ended.stdout == b"fait"


@pytest.mark.parametrize(
    "text",
    [
        "driver failed programming: Bind for 127.0.0.1:8101 failed: port is already allocated",
        "failed to bind host port for 127.0.0.1:8101:172.17.0.2:80/tcp: address already in use",
        "listen tcp4 0.0.0.0:8101: bind: address already in use",
        "failed to set up container networking: failed to bind host port 127.0.0.1:8101/tcp: address already in use",
        "failed to set up container networking: failed to bind host port 0.0.0.0:8101/udp: address already in use",
        "failed to bind host port for 0.0.0.0:8101:172.17.0.2:53/udp: address already in use",
    ],
)
def test_a_port_in_use_is_told_by_its_number(text: str) -> None:
    with pytest.raises(PortTaken) as caught, translated("Démarrage"):
        raise refusal(text)
    assert caught.value.port == 8101
    assert str(caught.value) == (
        "Le port 8101 est déjà pris par un autre programme de cette machine. Arrêtez-le : « sudo ss -lntup » dit lequel "
        "c'est."
    )


def test_a_full_disk_is_told_with_what_would_delete_work() -> None:
    said = told(refusal("write /var/lib/docker/x: no space left on device"))
    assert said.startswith("Démarrage : le disque de Docker est plein. Libérez de la place, puis recommencez")
    assert "jamais par « docker system prune »" in said


def test_an_engine_that_does_not_answer_is_told_with_who_named_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    for error in (requests.exceptions.ReadTimeout(), docker.errors.DockerException("x"), BrokenPipeError()):
        with (
            pytest.raises(EngineUnavailable, match="Lancez « e5b doctor --fix », ou démarrez Docker"),
            translated("x"),
        ):
            raise error
    refused = docker.errors.DockerException("Error while fetching server API version: …")
    refused.__cause__ = requests.exceptions.ConnectionError("…")
    refused.__cause__.__context__ = PermissionError(13, "…")
    assert "n'a pas encore le droit de parler au moteur Docker. Lancez « e5b doctor »" in told(refused)
    monkeypatch.setenv("DOCKER_HOST", "tcp://ailleurs:1")
    assert told(BrokenPipeError()).endswith("Corrigez ou retirez DOCKER_HOST (tcp://ailleurs:1).")


@pytest.mark.parametrize("host", ["tcp://x:99999", "tcp://x:abc", "tcp://[", "ailleurs", "tcp://"])
def test_an_engine_whose_name_is_none_is_told_with_who_named_it(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)
    with pytest.raises(EngineUnavailable, match=rf"Corrigez ou retirez DOCKER_HOST \({re.escape(host)}\)\.$"):
        DockerEngine().ping()


@pytest.mark.parametrize(
    ("found", "health"),
    [
        ({}, ""),
        ({"Status": "starting", "FailingStreak": 0, "Log": []}, "starting"),
        ({"Status": "healthy", "FailingStreak": 0, "Log": [{"Output": ""}]}, "healthy"),
        ({"Status": "unhealthy", "FailingStreak": 3, "Log": [{"Output": "curl: (7) Failed to connect"}]}, "unhealthy"),
        ({"Status": "unhealthy", "FailingStreak": 0, "Log": [{"Output": ""}]}, "healthy"),  # after a pause
        ({"Status": "unhealthy", "FailingStreak": 3, "Log": [{"Output": "full\n"}]}, "full"),
        ({"Status": "healthy", "FailingStreak": 1, "Log": [{"Output": ""}, {"Output": "full\n"}]}, "full"),
    ],
)
def test_a_pause_is_no_illness_and_a_full_station_says_so(found: Health, health: str) -> None:
    assert _health(found) == health


@pytest.mark.parametrize(("given", "asked"), [({}, ["127.0.0.1"]), ({"dns": ("203.0.113.10",)}, ["203.0.113.10"])])
def test_a_container_asks_no_name_server_of_the_machines_but_those_that_it_is_given(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], asked: list[str]
) -> None:
    api = MagicMock()
    monkeypatch.setattr("docker.from_env", lambda **_: SimpleNamespace(api=api))
    DockerEngine().create(ContainerSpec("poste", "image", {}, join=Join("place", "10.213.0.19"), **given))
    assert api.create_host_config.call_args.kwargs["dns"] == asked
    DockerEngine().create(ContainerSpec("entree", "image", {}, join=Join("place", "10.213.0.19"), dns=()))
    assert "dns" not in api.create_host_config.call_args.kwargs


def test_a_container_has_its_own_rights_and_limits_alone_and_can_get_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    api = MagicMock()
    monkeypatch.setattr("docker.from_env", lambda **_: SimpleNamespace(api=api))
    DockerEngine().create(ContainerSpec("poste", "image", {}, limits=Limits(768, 256), capabilities=("KILL",)))
    host = api.create_host_config.call_args.kwargs
    assert (host["cap_drop"], host["cap_add"]) == (["ALL"], ["KILL"])
    assert (host["mem_limit"], host["memswap_limit"], host["pids_limit"]) == ("768m", "768m", 256)
    DockerEngine().create(ContainerSpec("témoin", "image", {}))
    for made in (host, api.create_host_config.call_args.kwargs):
        assert made["security_opt"] == ["no-new-privileges"]
        assert not {"privileged", "binds", "mounts", "devices", "pid_mode"} & made.keys()


class Daemon(ThreadingHTTPServer):
    """Docker's daemon as far as a pull and a build go: it says `events`, then as `then` says ends, drips or stalls."""

    daemon_threads = True
    events: tuple[dict[str, Any], ...] = ()
    then = "ends"
    there = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.over = threading.Event()
        self.asked: list[tuple[str, bytes]] = []


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Daemon

    def do_GET(self) -> None:
        there = self.server.there or self.path == "/version"
        answer = {
            "ApiVersion": "1.43",
            "Id": "sha256:a",
            "Config": {},
            "Created": "",
            "Size": 1,
            "message": "No such image: x",
        }
        body = json.dumps(answer).encode()
        self.send_response(200 if there else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.path, body))
        if self.server.then == "never begins":
            self.server.over.wait(20)
            return
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with suppress(OSError):  # whoever asked has gone
            for event in self.server.events:
                self._say(event)
            while self.server.then == "drips" and not self.server.over.wait(0.05):
                self._say(self.server.events[-1])
            if self.server.then == "stalls":
                self.server.over.wait(20)
            self.wfile.write(b"0\r\n\r\n")

    def _say(self, event: dict[str, Any]) -> None:
        line = json.dumps(event).encode() + b"\r\n"
        self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    with Daemon() as daemon:
        threading.Thread(target=daemon.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{daemon.server_address[1]}")
        for name in ("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
            monkeypatch.delenv(name, raising=False)
        yield daemon
        daemon.over.set()
        daemon.shutdown()


HALF = {"id": "a2abf6c4d29d", "status": "Downloading", "progress": "[==>  ] 10MB/30MB"}


def test_an_image_whose_layers_do_not_come_is_not_pulled(daemon: Daemon) -> None:
    """A registry that answers, behind a proxy that lets none of its layers through: the stream alone tells."""
    daemon.events = (HALF, {"errorDetail": {"message": "unexpected EOF"}, "error": "unexpected EOF"})
    assert DockerEngine().pull("debian:bullseye-slim") == "détail : unexpected EOF"
    daemon.events = (HALF,)
    assert DockerEngine().pull("debian:bullseye-slim").startswith("vu en dernier : a2abf6c4d29d Downloading")
    daemon.there = True
    assert DockerEngine().pull("debian:bullseye-slim") == ""


@pytest.mark.parametrize(
    ("then", "why"),
    [
        ("stalls", "plus rien depuis 0 secondes ; vu en dernier : a2abf6c4d29d Downloading [==>  ] 10MB/30MB"),
        ("never begins", "plus rien depuis 0 secondes ; vu en dernier : rien"),
        ("drips", "pas fini en 0 minutes ; vu en dernier : a2abf6c4d29d Downloading [==>  ] 10MB/30MB"),
    ],
)
def test_a_registry_that_stalls_or_drips_ends_the_pull_with_what_was_last_seen(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch, then: str, why: str
) -> None:
    daemon.events, daemon.then = (HALF,), then
    silence, whole = (60, 0.5) if then == "drips" else (0.4, 60)  # on a busy machine too, one of both alone ends it
    monkeypatch.setattr(images, "PULL_SILENCE", silence)
    monkeypatch.setattr(images, "PULL", whole)
    began = time.monotonic()
    assert DockerEngine().pull("debian:bullseye-slim") == why
    assert time.monotonic() - began < 50


@pytest.mark.parametrize("then", ["stalls", "never begins"])
def test_a_build_that_falls_silent_fails_with_what_it_last_said(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    daemon.events, daemon.then = (
        ({"stream": "Step 2/3 : RUN apt-get update\n"}, {"stream": "Get:1 http://miroir"}),
        then,
    )
    monkeypatch.setattr(images, "BUILD_SILENCE", 0.6)
    told: list[str] = []
    with pytest.raises(BuildFailed, match=r"plus rien depuis 0 minutes\)\.$") as failed:
        DockerEngine().build({}, "e5b/x:1", {}, {}, told.append)
    assert told == ([] if then == "never begins" else ["Step 2/3 : RUN apt-get update", "Get:1 http://miroir"])
    assert " / ".join(told) in str(failed.value)


def test_an_engine_that_dies_in_the_middle_of_a_build_is_told(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(answers: _Answers, event: dict[str, Any]) -> None:
        answers.wfile.write(b"ff\r\n{")
        answers.connection.shutdown(socket.SHUT_RDWR)

    daemon.events = (HALF,)
    monkeypatch.setattr(_Answers, "_say", dies)
    with pytest.raises(EngineUnavailable):
        DockerEngine().build({}, "e5b/x:1", {}, {}, lambda _: None)
    assert "détail" in DockerEngine().pull("debian:bullseye-slim")


def test_the_centres_proxy_is_a_builds_way_out_and_no_containers_to_know(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    proxy = {"httpProxy": "http://centre:secret@proxy:3128", "httpsProxy": "http://centre:secret@proxy:3128"}
    (tmp_path / "config.json").write_text(json.dumps({"proxies": {"default": proxy}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    daemon.events, daemon.there = ({"Id": "abc"},), True
    DockerEngine().create(ContainerSpec("poste", "image", {}, environment={"TZ": "Europe/Paris"}))
    ((path, body),) = daemon.asked
    assert path.endswith("/containers/create?name=poste")
    assert json.loads(body)["Env"] == ["TZ=Europe/Paris"]
    assert b"secret" not in body
    DockerEngine().build({}, "e5b/x:1", {}, {}, lambda _: None)
    assert '"HTTP_PROXY": "http://centre:secret@proxy:3128"' in unquote_plus(daemon.asked[-1][0])


def test_a_file_without_end_is_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    api = MagicMock()
    api.get_archive.return_value = (itertools.repeat(bytes(1 << 20)), {})
    monkeypatch.setattr("docker.from_env", lambda **_: SimpleNamespace(api=api))
    with pytest.raises(EngineError, match="trop grand"):
        DockerEngine().get("poste", "/var/lib/e5b/site/site.php")


def test_words_cut_in_the_middle_are_no_words() -> None:
    said = b"\1\0\0\0\0\0\0\6hello\n" + b"\2\0\0\0\0\0\0\1!"
    assert list(frames(io.BytesIO(said))) == [(1, b"hello\n"), (2, b"!")]
    for cut in (said[:-1], said[:-5], said[:10]):
        with pytest.raises(EngineUnavailable), translated("Commande"):
            list(frames(io.BytesIO(cut)))


def test_an_image_that_another_command_removes_meanwhile_is_left_out() -> None:
    api = MagicMock()
    api.images.return_value = [{"Id": "gone"}, {"Id": "there", "RepoTags": ["<none>:<none>"]}]
    there = {"Id": "there", "Config": {"Labels": None}, "Created": "2026-05-21T10:00:00Z", "Size": 1, "RepoTags": []}
    api.inspect_image.side_effect = [docker.errors.ImageNotFound("gone"), there]
    assert [(image.id, image.named) for image in engine_on(api).images(kind="snapshot")] == [("there", False)]


def test_an_image_is_inspected_once_and_its_names_are_those_of_the_list() -> None:
    api = MagicMock()
    there = {
        "Id": "there",
        "Config": {"Labels": {"a": "b"}},
        "Created": "2026-05-21T10:00:00Z",
        "Size": 1,
        "RepoTags": [],
    }
    api.inspect_image.return_value = there
    engine, named = engine_on(api), []
    for names in (None, ["e5b/x:1"], []):
        api.images.return_value = [{"Id": "there", "RepoTags": names}]
        (image,) = engine.images(kind="golden")
        assert (image.id, image.labels, image.size) == ("there", {"a": "b"}, 1)
        named.append(image.named)
    assert named == [False, True, False]
    assert api.inspect_image.call_count == 1
    api.images.return_value = []
    assert engine.images(kind="golden") == []


def test_a_container_whose_old_address_docker_kept_starts_without_it() -> None:
    """Docker forgets an address by its container's name, where no container has that name."""
    api = MagicMock()
    engine = engine_on(api)
    api.inspect_container.return_value = {
        "Name": "/poste",
        "NetworkSettings": {"Networks": {"autre": {}, "salle": {}}},
        "HostConfig": {"RestartPolicy": {"Name": "always"}},
    }
    api.start.side_effect = [refusal("endpoint with name poste already exists in network salle"), None]
    api.disconnect_container_from_network.side_effect = [docker.errors.NotFound("no such endpoint"), None]
    engine.start("abc")
    done = [(name, args) for name, args, _ in api.mock_calls if name != "inspect_container"]
    let_go = "disconnect_container_from_network"
    assert [name for name, _ in done] == ["start", "rename", let_go, let_go, "rename", "start"]
    assert done[1][1][1] != "poste"
    assert [args for name, args in done if name == let_go] == [("poste", "autre"), ("poste", "salle")]
    assert done[4][1] == ("abc", "poste")
    api.start.side_effect = [refusal("invalid reference format"), None]
    with pytest.raises(EngineError):
        engine.start("abc")


@pytest.mark.parametrize(
    ("endpoint", "address"),
    [
        ({"IPAddress": "10.0.0.3", "IPAMConfig": {"IPv4Address": "10.0.0.3"}}, "10.0.0.3"),
        ({"IPAddress": "", "IPAMConfig": {"IPv4Address": "10.0.0.3"}}, "10.0.0.3"),  # as it restarts
        ({"IPAddress": "", "IPAMConfig": None}, ""),
        ({}, ""),
    ],
)
def test_a_container_that_restarts_has_the_address_that_it_will_have_again(endpoint: Endpoint, address: str) -> None:
    assert _address(endpoint) == address


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provisioner.engine.docker.errors.time", MagicMock())


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(("verb", "waits"), [("remove", 409), ("remove_network", 403)])
def test_a_removal_waits_for_what_ends_by_itself_and_for_nothing_else(verb: str, waits: int) -> None:
    """409: another command removes the container. 403: the network still has the place of a container that has gone."""
    api = MagicMock()
    removal = api.remove_container if verb == "remove" else api.remove_network
    remove = getattr(engine_on(api), verb)
    removal.side_effect = [refusal("…", status=waits), refusal("…", status=waits), None]
    remove("x")
    assert removal.call_count == 3
    removal.side_effect = [refusal("…", status=waits), refusal("…", docker.errors.NotFound, 404)]
    remove("x")
    removal.side_effect = [refusal("other", status=500), None]
    with pytest.raises(EngineError, match="other"):
        remove("x")
    removal.side_effect = itertools.repeat(refusal("for good", status=waits))
    with pytest.raises(EngineError, match="for good"):
        remove("x")


def test_a_container_that_is_not_in_a_network_need_not_be_taken_off_it() -> None:
    api = MagicMock()
    engine = engine_on(api)
    api.disconnect_container_from_network.side_effect = [
        refusal("container abc is not connected to network salle"),
        refusal("container abc is not connected to the network salle"),
        refusal("no such network", docker.errors.NotFound, 404),
        refusal("other"),
    ]
    for _ in range(3):
        engine.disconnect("salle", "abc")
    with pytest.raises(EngineError, match="other"):
        engine.disconnect("salle", "abc")


def test_a_container_that_another_command_removes_keeps_its_restart_policy() -> None:
    api = MagicMock()
    engine = engine_on(api)
    api.inspect_container.return_value = {"HostConfig": {"RestartPolicy": {"Name": "always"}}}
    api.update_container.side_effect = [
        refusal('Cannot update container abc: container is marked for removal and cannot be "update"'),
        refusal("other"),
    ]
    engine.stop("abc")
    with pytest.raises(EngineError, match="other"):
        engine.stop("abc")


def test_addresses_of_another_network_have_an_error_of_their_own() -> None:
    text = "invalid pool request: Pool overlaps with other one on this address space"
    with pytest.raises(AddressesTaken), translated("Réseau salle"):
        raise refusal(text, status=403)
