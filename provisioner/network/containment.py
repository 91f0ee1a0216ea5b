"""The firewall: keeps the engine's machine and a room's stations from reaching each other.

A station's network has no IPv4 address of the machine, but its bridge has a link-local IPv6 address, so the machine
needs rules as well. A small container of the engine, the firewall, lays them and lays them again: so they are on the
machine where the engine is, need no right of this user, and come back with the engine. Its label is `guard`.
"""

from ipaddress import IPv4Network

from provisioner.core.errors import EngineError
from provisioner.engine.protocol import ContainerSpec, ContainerState, Engine, Limits
from provisioner.network.gateway_files import host_rules
from provisioner.network.room import Addresses, Room

#: The firewall's folder of rules, locked while they are laid or lifted (see /opt/e5b/firewall).
_RULES = "/etc/e5b"
#: A gateway image that an earlier version of e5b built has the program by its former name, `garde`.
_PROGRAM = ("sh", "-c", "if [ -x /opt/e5b/firewall ]; then exec /opt/e5b/firewall; else exec /opt/e5b/garde; fi")


def firewall_of(engine: Engine, room: Room) -> ContainerState | None:
    """The container that lays the room's rules; None where there is none."""
    containers = engine.containers(kind="guard", room=room.name)
    return containers[0] if containers else None


def ensure_firewall(engine: Engine, room: Room, image: str, block: IPv4Network | None = None) -> None:
    """Have the rules in force, also where another program has flushed them.

    `block` has the addresses of the room's networks; by default the room's own.
    """
    firewall = firewall_of(engine, room)
    if firewall is not None and not firewall.started:  # its creation was interrupted: it may lack its rules
        engine.remove(firewall.id)
        firewall = None
    if firewall_stands(engine, room, firewall):
        return
    if block is None:
        if (addresses := Addresses.of_room(engine, room)) is None:
            raise EngineError("L'entrée de la salle n'existe plus. Lancez « e5b up » pour la refaire.")
        block = addresses.block
    container = firewall.id if firewall else _create_firewall(engine, room, image)
    # An existing container may have lifted the rules already, when a room of this name was closed before.
    rules = {"host": host_rules(room, block, laid=True), "lifted": host_rules(room, block, laid=False)}
    engine.put(container, "/", {f"etc/e5b/{name}.nft": content for name, content in rules.items()})
    if firewall and firewall.state == "running":
        engine.run(container, ["flock", _RULES, "nft", "-f", f"{_RULES}/host.nft"], seconds=30)
    else:
        engine.start(container)


def _create_firewall(engine: Engine, room: Room, image: str) -> str:
    return engine.create(
        ContainerSpec(
            name=f"e5b-{room.name}-garde",
            image=image,
            labels={"e5b.kind": "guard", "e5b.room": room.name, "e5b.owner": room.owner},
            entrypoint=_PROGRAM,
            limits=Limits(64, 16),
            capabilities=("NET_ADMIN",),
            restart=True,
            host_network=True,
        )
    )


def firewall_stands(engine: Engine, room: Room, firewall: ContainerState | None) -> bool:
    """Whether every rule is in force; another program may have flushed them although the container runs."""
    if firewall is None or firewall.state != "running":
        return False
    standing = f"{{ nft list table inet {room.mark}; nft list table bridge {room.mark}; }} | grep -c ' drop$'"
    complete = f'rules=$(grep -c " drop$" {_RULES}/host.nft) && test "$({standing})" = "$rules"'
    return engine.run(firewall.id, ["bash", "-c", complete], seconds=30).status == 0


def lift_firewall(engine: Engine, room: Room) -> None:
    """Leave the machine's rules as they were before the room, even where the container has died or was removed."""
    firewall = firewall_of(engine, room)
    # A container that never started laid no rules, but an earlier one, removed by hand, may have.
    if firewall is not None and not firewall.started:
        engine.remove(firewall.id)
        firewall = None
    if firewall is None:
        if not (images := engine.images(kind="gateway")):
            return
        container, nothing = _create_firewall(engine, room, images[0].id), host_rules(room, None, laid=False)
        engine.put(container, "/", {f"etc/e5b/{name}.nft": nothing for name in ("host", "lifted")})
    else:
        container = firewall.id
    if firewall is None or firewall.state != "running":
        engine.start(container)
    lifted = f"cp {_RULES}/lifted.nft {_RULES}/host.nft && nft -f {_RULES}/host.nft"
    result = engine.run(container, ["flock", _RULES, "sh", "-c", lifted], seconds=30)
    if result.status:
        raise EngineError(
            "Les règles de la salle n'ont pas pu être retirées de la machine. Relancez « e5b down » "
            f"(détail : {result.stderr.decode(errors='replace').strip()[-200:]})."
        )
    engine.remove(container)
