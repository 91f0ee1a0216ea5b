"""The ways to the console that a proof of the network tries, from a station, a copy and a candidate's machine.

Where no console runs, containers of the lab listen at its port instead: on this machine itself, and on what stands for it
where there are no rules. So a way that is closed was closed by the room, and not for want of anybody who answers.
"""

import ssl
from contextlib import suppress
from functools import cache
from ipaddress import IPv4Address

from provisioner.core.declaration import Console
from provisioner.leakcheck.ways_out import WayOut, http

#: Where a way leads: an address and a port, 0 for the way's own.
Address = tuple[str, int]
#: The place of these ways, among those of ways_out.py.
PLACE = "console"


def console_ways(declared: Console) -> dict[WayOut, str]:
    """A way for each address of [console] `staff`, with that address; any answer at all is one too many."""
    name = declared.hosts[0]
    send = _hello(name) if declared.address.startswith("https:") else http(f"{name}:{declared.port}")
    ways = dict[WayOut, str]()
    for number, address in enumerate(declared.staff, 1):
        id, title = "console" if number == 1 else f"console-{number}", f"La console ({address}, port {declared.port})"
        ways[WayOut(id, title, "tcp", PLACE, declared.port, send, b"")] = address
    return ways


@cache
def _hello(name: str) -> bytes:
    """The beginning of a TLS session that a server goes on with: one that it refuses may be closed without a word."""
    heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(heard, said, server_hostname=name)
    with suppress(ssl.SSLWantReadError):
        session.do_handshake()
    return said.read()


def as_it_listens(declared: Console) -> dict[WayOut, Address]:
    """Each way with the address at which this machine itself finds the console."""
    return {way: (address, declared.port) for way, address in console_ways(declared).items()}


def ways_from(declared: Console, machine: str) -> dict[WayOut, Address]:
    """Each way as another machine tries it, which finds this one at `machine`.

    There too in the place of a loopback address, which is for everybody his own.
    """
    return {
        way: (machine if IPv4Address(address).is_loopback else address, declared.port)
        for way, address in console_ways(declared).items()
    }


def addresses_to_have(declared: Console) -> list[str]:
    """The addresses that what stands for this machine in the lab has to have."""
    return [address for address in declared.staff if not IPv4Address(address).is_loopback]
