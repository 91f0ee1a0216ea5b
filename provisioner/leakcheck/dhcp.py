"""Gives addresses to candidates' machines, where the declaration asks it of the room's router (DHCP).

A container of the engine does it, on the candidates' side only, and starts again with the engine.
"""

import time

from provisioner.build.stacks import gateway_image
from provisioner.core.declaration import address_of_names
from provisioner.core.errors import EngineError
from provisioner.core.progress import Progress
from provisioner.engine.protocol import ContainerSpec, Engine, Limits
from provisioner.host.settings import Settings
from provisioner.network.gateway_files import dns_ports
from provisioner.network.room import Room

#: After so many seconds, a dnsmasq that can't open its port has ended.
_SOON = 1.0


def give_addresses(engine: Engine, room: Room, settings: Settings, progress: Progress) -> bool:
    """Give the declared addresses on the candidates' side; whether any are declared."""
    give_no_more(engine)
    net = settings.network
    if net.wiring != "routeur" or not net.dhcp:
        return False
    first, _, last = net.dhcp.partition("-")
    words = [
        "--keep-in-foreground",
        "--port=0",
        "--user=root",
        "--conf-file=/dev/null",
        "--bind-interfaces",
        f"--interface={net.interface}",
        f"--dhcp-range={first},{last},12h",
        "--dhcp-authoritative",
        "--dhcp-leasefile=/tmp/leases",
        f"--dhcp-option=252,http://{room.pages_host}/wpad.dat",
    ]
    if dns_ports(room, settings):
        words.append(f"--dhcp-option=option:dns-server,{address_of_names(settings.host, settings.listen)}")
    container = engine.create(
        ContainerSpec(
            name=f"e5b-{room.name}-dhcp",
            image=gateway_image(engine, settings, progress),
            labels={"e5b.kind": "dhcp", "e5b.dhcp": room.name},
            entrypoint=("dnsmasq",),
            command=tuple(words),
            limits=Limits(64, 16),
            capabilities=("NET_ADMIN", "NET_RAW", "NET_BIND_SERVICE", "SETGID", "SETUID"),
            restart=True,
            host_network=True,
        )
    )
    engine.start(container)
    time.sleep(_SOON)
    if engine.container(container).state != "running":
        engine.remove(container)
        raise EngineError(
            f"Les adresses « {net.dhcp} » ne peuvent pas être données sur la carte « {net.interface} » : un autre programme de cette "
            "machine en donne sans doute déjà (port 67). Arrêtez-le, ou retirez « dhcp » de e5b.toml, puis recommencez."
        )
    return True


def give_no_more(engine: Engine) -> None:
    """Remove the container that gives addresses, whichever room's: a machine has one wiring at a time."""
    for container in engine.containers(kind="dhcp", dhcp="*"):
        engine.remove(container.id)


def gives_addresses(engine: Engine, room: Room) -> bool:
    """Whether addresses are given now."""
    return any(container.state == "running" for container in engine.containers(kind="dhcp", dhcp=room.name))
