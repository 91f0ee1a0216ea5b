"""A candidate's machine that is plugged in gets an address of the room, on the candidates' side alone, by its rules."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from provisioner.core.declaration import Network
from provisioner.core.progress import Quiet
from provisioner.engine.docker import DockerEngine
from provisioner.host.settings import Settings
from provisioner.leakcheck.dhcp import give_addresses, give_no_more
from provisioner.network.gateway_files import candidates_rules
from provisioner.network.room import Room
from tests.engine.own_engine import OwnEngine

ROOM = Room("adresses", "198.51.100.1", "198.51.100.1", 8101, 3, "examen.test", 80)
NET = {"wiring": "routeur", "interface": "eth1", "domain": "examen.test", "dhcp": "198.51.100.50-198.51.100.52"}
#: Asks for an address as a machine does that has none (RFC 2131), and prints it with the options that came; else nothing.
_CLIENT = r"""
import os, socket, struct
line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
line.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
line.bind(("0.0.0.0", 68))
line.settimeout(2)
number = os.urandom(4)
card = bytes.fromhex(open("/sys/class/net/eth0/address").read().strip().replace(":", ""))
def asked(kind, answered, more=b""):
    head = struct.pack("!4B4sHH16s16s", 1, 1, 6, 0, number, 0, 0x8000, b"", card)
    for _ in range(5):
        line.sendto(head + bytes(192) + b"\x63\x82\x53\x63\x35\x01" + bytes([kind, 55, 3, 3, 6, 252]) + more + b"\xff",
                    ("255.255.255.255", 67))
        try:
            while True:
                answer, options, at = line.recv(2000), {}, 240
                while answer[at] != 255:
                    options[answer[at]] = answer[at + 2 : at + 2 + answer[at + 1]]
                    at += 2 + answer[at + 1]
                if answer[4:8] == number and options[53][0] == answered:
                    return answer[16:20], options
        except TimeoutError:
            pass
    raise SystemExit
offered, options = asked(1, 2)
given, options = asked(3, 5, b"\x32\x04" + offered + b"\x36\x04" + options[54])
print(*map(socket.inet_ntoa, (given, options[3], options[6])), options[252].decode().strip("\0"))
"""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def sides(own: OwnEngine) -> Iterator[dict[str, str]]:
    """The candidates' side and another one of the machine where the test's engine is: a machine on each."""
    names = {card: f"e5b-{card}-{os.getpid()}" for card in ("eth1", "eth2")}
    with ExitStack() as gone:
        for number, (card, name) in enumerate(names.items()):
            ip("netns", "add", name)
            gone.callback(ip, "netns", "del", name)
            ip("link", "add", card, "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("addr", "add", f"198.51.{100 + number}.1/24", "dev", card)
            ip("link", "set", card, "up")
            ip("-n", name, "link", "set", "eth0", "up")
        yield names


def obtained(machine: str) -> str:
    words = ["ip", "netns", "exec", machine, sys.executable, "-c", _CLIENT]
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


def test_a_machine_gets_its_address_on_the_candidates_side_alone(
    gateway: str, own: OwnEngine, sides: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(host="198.51.100.1", network=Network.model_validate(NET))
    own.take(gateway)
    monkeypatch.setenv("DOCKER_HOST", own.host)
    mine = DockerEngine()
    rules = candidates_rules(ROOM, settings, "10.213.0.0/16", "eth1")
    laying = (
        "--rm",
        "--label=e5b.kind=essai",
        "--interactive",
        "--network=host",
        "--cap-add=NET_ADMIN",
        "--entrypoint=nft",
        gateway,
        "-f",
        "-",
    )
    subprocess.run(["docker", f"--host={own.host}", "run", *laying], input=rules, check=True, timeout=120)
    assert obtained(sides["eth1"]) == ""
    assert give_addresses(mine, ROOM, settings, Quiet())
    address, router, names, proxy = obtained(sides["eth1"]).split()
    assert address in {f"198.51.100.{last}" for last in (50, 51, 52)}
    assert (router, names) == ("198.51.100.1", "198.51.100.1")
    assert proxy == f"http://{ROOM.pages_host}/wpad.dat"
    assert obtained(sides["eth2"]) == ""
    give_no_more(mine)
    assert obtained(sides["eth1"]) == ""
