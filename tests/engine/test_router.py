"""The rules of a room's router, on machines made of network namespaces: a candidate, the router, the gateway, the Internet."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from provisioner.core.declaration import Network
from provisioner.host.settings import Settings
from provisioner.network.gateway_files import candidates_rules
from provisioner.network.room import Room
from tests.conftest import OPTIONAL

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason=f"only root may make network namespaces {OPTIONAL}")

ROOM = Room("salle", "198.51.100.1", "198.51.100.1", 8101, 3)
FRONT, WORLD, ROUTER, ITS_OTHER_CARD = "10.213.0.2", "203.0.113.10", "198.51.100.1", "203.0.113.1"
Nft = Callable[[str], None]
#: Answers what it is told, at these addresses.
_ECHO = """
import socketserver, sys, threading
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
for port in sys.argv[1:]:
    threading.Thread(target=Server(("0.0.0.0", int(port)), Echo).serve_forever).start()
print("ready", flush=True)
"""
#: Says something, by each connection that it made, whenever it is told to; names those by which it was heard.
_CANDIDATE = """
import socket, sys
made = {}
for address in sys.argv[1:]:
    host, _, port = address.partition(":")
    try:
        made[address] = socket.create_connection((host, int(port)), 2)
    except OSError:
        pass
print("ready", flush=True)
for line in sys.stdin:
    heard = []
    for address, one in made.items():
        one.settimeout(1)
        try:
            one.sendall(b"bonjour\\n")
            if one.recv(99):
                heard.append(address)
        except OSError:
            pass
    print(*heard, flush=True)
"""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def nft(gateway: str) -> Nft:
    """Lays rules on the router: the gateway's image has nft, this machine may have none."""

    def load(rules: str) -> None:
        alone = (
            "--rm",
            "--label=e5b.kind=essai",
            "--interactive",
            "--network=none",
            "--privileged",
            "--volume=/run/netns:/run/netns:ro",
        )
        laying = ("nsenter", f"--net=/run/netns/e5b-routeur-{os.getpid()}", "nft", "-f", "-")
        words = ["docker", "run", *alone, f"--entrypoint={laying[0]}", gateway, *laying[1:]]
        subprocess.run(words, input=rules, text=True, check=True, timeout=120)

    return load


@pytest.fixture
def wired(nft: Nft) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Runs a program on one of the machines: candidat, routeur, entree, monde."""
    names = {one: f"e5b-{one}-{os.getpid()}" for one in ("candidat", "routeur", "entree", "monde")}
    running: list[subprocess.Popen[str]] = []

    def run(where: str, *words: str) -> "subprocess.Popen[str]":
        made = subprocess.Popen(
            ["ip", "netns", "exec", names[where], *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(made)
        return made

    try:
        for one in names.values():
            ip("netns", "add", one)
            ip("-n", one, "link", "set", "lo", "up")
        for other, card, near, far in (
            ("candidat", "eth1", f"{ROUTER}/24", "198.51.100.10/24"),
            ("entree", "eth2", "10.213.0.1/29", f"{FRONT}/29"),
            ("monde", "eth3", "203.0.113.1/24", f"{WORLD}/24"),
        ):
            here, there = names["routeur"], names[other]
            ip("link", "add", card, "netns", here, "type", "veth", "peer", "name", "eth0", "netns", there)
            for machine, its, address in ((here, card, near), (there, "eth0", far)):
                ip("-n", machine, "addr", "add", address, "dev", its)
                ip("-n", machine, "link", "set", its, "up")
            ip("-n", there, "route", "add", "default", "via", near.partition("/")[0])
        engine = (
            "table ip nat { chain prerouting { type nat hook prerouting priority -100; "
            f"iifname eth1 tcp dport 8101 dnat to {FRONT}; }}; }}"
        )
        assert run("routeur", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward").wait(60) == 0
        nft(engine)
        for where, ports in (("routeur", ("22", "8099", "8100")), ("entree", ("8101",)), ("monde", ("80",))):
            assert run(where, sys.executable, "-c", _ECHO, *ports).stdout.readline() == "ready\n"  # type: ignore[union-attr]
        yield run
    finally:
        for program in running:
            program.kill()
            program.wait()
        for one in names.values():
            subprocess.run(["ip", "netns", "del", one], check=False, capture_output=True)


def lay(nft: Nft) -> None:
    settings = Settings(network=Network(wiring="routeur", interface="eth1"))
    nft(candidates_rules(ROOM, settings, "10.213.0.0/16", "eth1").decode())


def heard(candidate: "subprocess.Popen[str]") -> list[str]:
    assert candidate.stdin is not None
    assert candidate.stdout is not None
    candidate.stdin.write("\n")
    candidate.stdin.flush()
    return candidate.stdout.readline().split()


def test_what_a_candidates_machine_began_before_the_rules_ends_with_them_but_for_its_station(
    wired: Callable[..., "subprocess.Popen[str]"], nft: Nft
) -> None:
    everywhere = (f"{WORLD}:80", f"{ROUTER}:22", f"{ITS_OTHER_CARD}:8099", f"{ROUTER}:8099", f"{ROUTER}:8101")
    rooms = [f"{ROUTER}:8099", f"{ROUTER}:8101"]
    candidate = wired("candidat", sys.executable, "-c", _CANDIDATE, *everywhere)
    assert candidate.stdout is not None
    assert candidate.stdout.readline() == "ready\n"
    assert heard(candidate) == [*everywhere]
    lay(nft)
    deadline = time.monotonic() + 30
    while heard(candidate) != rooms:
        assert time.monotonic() < deadline, heard(candidate)
        time.sleep(0.1)
    anew = wired("candidat", sys.executable, "-c", _CANDIDATE, *everywhere)
    assert anew.stdout is not None
    assert anew.stdout.readline() == "ready\n"
    assert heard(anew) == rooms
