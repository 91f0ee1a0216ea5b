"""Cards of containers that speak IPv6, which the engine doesn't let them and they can't by themselves."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from provisioner.engine.protocol import Engine
from provisioner.leakcheck.room_proof import probe
from provisioner.leakcheck.ways_out import WAYS_OUT


@contextmanager
def speaking_ipv6(engine: Engine, *containers: str) -> Iterator[None]:
    """The machine switches it on for them; that takes root."""
    places = [f"--net=/proc/{engine.container(one).pid}/ns/net" for one in containers]

    def switch(to: int) -> None:
        for place in places:
            words = f"echo {to} >/proc/sys/net/ipv6/conf/eth0/disable_ipv6"
            subprocess.run(["nsenter", place, "sh", "-c", words], check=True, capture_output=True)

    switch(0)
    time.sleep(2.5)  # until an address is known to be nobody else's
    try:
        yield
    finally:
        switch(1)


def own_address(engine: Engine, container: str) -> str:
    """The address that a container's card makes for itself."""
    card = engine.run(container, ["cat", "/sys/class/net/eth0/address"]).stdout.decode().strip().split(":")
    first = f"{int(card[0], 16) ^ 2:02x}"
    return f"fe80::{first}{card[1]}:{card[2]}ff:fe{card[3]}:{card[4]}{card[5]}"


def finds(engine: Engine, container: str, address: str) -> bool:
    """Whether a container hears from who has this address on its network."""
    (ping,) = [one for one in WAYS_OUT if one.id == "icmp-6"]
    return probe(engine, container, {ping: (f"{address}%eth0", 0)})[ping.id] == "reached"
