"""Keeps the engine's machine out of reach of a room's stations, and them out of its reach.

A station's network has no address of the machine (IPv4), but its bridge keeps one of its own (IPv6,
link-local): a rule of the machine's firewall is needed as well. A small container of the engine keeps it,
so that it stands on the machine where the engine is, without rights of this user, and comes back with it.
"""

from ipaddress import IPv4Network

from provisioner.core.errors import EngineError
from provisioner.engine.protocol import ContainerSpec, ContainerState, Engine, Limits
from provisioner.network.gateway_files import host_rules
from provisioner.network.room import Addresses, Room

#: Where its keeper has the rules; that folder is locked while they are laid or lifted (see `garde`).
_RULES = "/etc/e5b"


def guard_of(engine: Engine, room: Room) -> ContainerState | None:
    """What keeps the room's rules, if it is there."""
    found = engine.containers(kind="guard", room=room.name)
    return found[0] if found else None


def hold(engine: Engine, room: Room, image: str, block: IPv4Network | None = None) -> None:
    """Have the rules stand, also where something else of the machine has swept them away; `block`: see `host_rules`."""
    guard = guard_of(engine, room)
    if guard is not None and not guard.started:  # its making was cut short: it may lack its rules
        engine.remove(guard.id)
        guard = None
    if stands(engine, room, guard):
        return
    if block is None:
        if (held := Addresses.held(engine, room)) is None:
            raise EngineError("L'entrée de la salle n'existe plus. Lancez « e5b up » pour la refaire.")
        block = held.block
    keeper = guard.id if guard else _made(engine, room, image)
    # One that is there may have lifted them already, as a room went that is back.
    rules = {"host": host_rules(room, block, held=True), "lifted": host_rules(room, block, held=False)}
    engine.put(keeper, "/", {f"etc/e5b/{name}.nft": content for name, content in rules.items()})
    if guard and guard.state == "running":
        engine.run(keeper, ["flock", _RULES, "nft", "-f", f"{_RULES}/host.nft"], seconds=30)
    else:
        engine.start(keeper)


def _made(engine: Engine, room: Room, image: str) -> str:
    return engine.create(
        ContainerSpec(
            name=f"e5b-{room.name}-garde",
            image=image,
            labels={"e5b.kind": "guard", "e5b.room": room.name},
            entrypoint=("/opt/e5b/garde",),
            limits=Limits(64, 16),
            capabilities=("NET_ADMIN",),
            restart=True,
            host_network=True,
        )
    )


def stands(engine: Engine, room: Room, guard: ContainerState | None) -> bool:
    """Whether every rule is there: what keeps them may run, and another program have flushed them."""
    if guard is None or guard.state != "running":
        return False
    there = f"{{ nft list table inet {room.mark}; nft list table bridge {room.mark}; }} | grep -c ' drop$'"
    every = f'rules=$(grep -c " drop$" {_RULES}/host.nft) && test "$({there})" = "$rules"'
    return engine.run(guard.id, ["bash", "-c", every], seconds=30).status == 0


def lift(engine: Engine, room: Room) -> None:
    """Leave the machine's rules as they were before the room, also where the keeper had died or was removed."""
    guard = guard_of(engine, room)
    if guard is not None and not guard.started:  # it laid none; another may have, that was removed by hand
        engine.remove(guard.id)
        guard = None
    if guard is None:
        if not (images := engine.images(kind="gateway")):
            return
        keeper, nothing = _made(engine, room, images[0].id), host_rules(room, None, held=False)
        engine.put(keeper, "/", {f"etc/e5b/{name}.nft": nothing for name in ("host", "lifted")})
    else:
        keeper = guard.id
    if guard is None or guard.state != "running":
        engine.start(keeper)
    lifted = f"cp {_RULES}/lifted.nft {_RULES}/host.nft && nft -f {_RULES}/host.nft"
    done = engine.run(keeper, ["flock", _RULES, "sh", "-c", lifted], seconds=30)
    if done.status:
        raise EngineError(
            "Les règles de la salle n'ont pas pu être retirées de la machine. Relancez « e5b down » "
            f"(détail : {done.stderr.decode(errors='replace').strip()[-200:]})."
        )
    engine.remove(keeper)
