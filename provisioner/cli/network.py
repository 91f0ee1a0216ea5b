"""Commands for what candidates and stations may reach."""

from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import booked, resources, show, show_network
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson, InRoom, OneStation, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioner.host.settings import Settings
    from provisioner.leakcheck.wiring import WiringStatus
    from provisioner.network.gateway import BoundMachine
    from provisioner.network.room import Room


def on(
    wiring: Annotated[str, typer.Option("--wiring", metavar="CÂBLAGE", help="routeur, plat ou verrou.")] = "",
    interface: Annotated[str, typer.Option("--interface", metavar="CARTE", help="La carte des candidats.")] = "",
    this_machine: Annotated[
        bool, typer.Option("--here", metavar="", help="Poser aussi les règles des navigateurs sur cette machine.")
    ] = False,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Pose sur cette machine ce que le câblage de la salle demande."""
    from provisioner.leakcheck.room_wiring import wire

    centre = resources.centre(room, foreign=True)
    return _show(wire(centre, wiring, interface, browser_rules=this_machine), centre.room, centre.settings, as_json)


def off(room: InRoom = "", as_json: AsJson = False) -> int:
    """Remet cette machine exactement comme elle était."""
    from provisioner.leakcheck.room_wiring import clear_engine
    from provisioner.leakcheck.wiring import Machine, take_off, wiring_status

    machine = Machine()
    changed = take_off(machine)  # also where the engine doesn't answer
    clear_engine(resources.centre(room, foreign=True))
    if as_json:
        show.as_json({**wiring_status(machine), "changed": changed})
    else:
        show.out.print("Cette machine est comme elle était." if changed else "Rien n'était posé sur cette machine.")
    return 0


def status(room: InRoom = "", as_json: AsJson = False) -> int:
    """Dit ce qui est posé sur cette machine, et si cela tient."""
    from provisioner.leakcheck.room_wiring import status_of_wiring
    from provisioner.station.machines import machines

    centre = resources.centre(room, foreign=True)
    known = machines(centre)
    return _show(status_of_wiring(centre), centre.room, centre.settings, as_json, known)


def _show(
    status_found: "WiringStatus",
    room: "Room",
    settings: "Settings",
    as_json: bool,
    machines: "Mapping[str, BoundMachine] | None" = None,
) -> int:
    from provisioner.network.certificates import fingerprint
    from provisioner.network.gateway_files import scripts

    if machines is not None:
        status_found["bind"] = settings.network.binds
        status_found["machines"] = {
            name: {"address": machine.address, "since": machine.since.astimezone(settings.zone).isoformat()}
            for name, machine in machines.items()
        }
    if room.authority:
        status_found["authority"] = fingerprint(room.authority)
    if status_found["wiring"] == "plat" or room.authority:
        status_found["scripts"] = {name: sha256(script).hexdigest() for name, script in scripts(room, settings).items()}
    if as_json:
        show.as_json(status_found)
    else:
        show_network.wiring(status_found, room)
        show_network.machines(machines or {}, settings.zone, bound=settings.network.binds)
    return 0 if status_found["holds"] or not status_found["wiring"] else 1


def free(station: OneStation, why: Why = "", room: InRoom = "", as_json: AsJson = False) -> int:
    """Libère un poste de sa machine : la prochaine qui s'y connecte sera celle du candidat."""
    from provisioner.station.machines import free as free_station

    with booked.act(resources.centre(room), "free", [station], why=why) as act:
        freed = free_station(act.centre, station, why)
        act.done([station], "libre pour une autre machine")
    name, before = freed.station.name, freed.before
    if as_json:
        document = {**show.station_document(freed.station), "machine": None, "before": before and before.address}
        show.as_json({"stations": [document]})
    elif before:
        out.print(
            f"{name} n'est plus celui de la machine {before.address}. La prochaine machine qui s'y connecte avec son mot de passe "
            f"sera celle du candidat, à {freed.station.address}."
        )
    else:
        out.print(f"{name} n'est celui d'aucune machine : la prochaine qui s'y connecte sera celle du candidat.")
    return 0


def prove(room: InRoom = "", as_json: AsJson = False) -> int:
    """Essaie toutes les voies vers l'extérieur, et dit si la salle tient."""
    from provisioner.leakcheck.last_proof import in_words, prove_and_keep

    centre = resources.centre(room)
    with booked.act(centre, "prove", []) as act:
        proof = prove_and_keep(act.centre)
        act.text = "\n".join(in_words(proof))
    if as_json:
        show.as_json(proof.json())
    else:
        show_network.ways(proof)
    if proof.leaks or (proof.unheld and centre.settings.network.wiring == "routeur"):
        return 1
    return 3 if proof.doubtful else 0


def log(
    background: Annotated[
        bool,
        typer.Option(
            "--all", metavar="", help="Aussi ce que navigateurs et sites font d'eux-mêmes, et chacun à son poste."
        ),
    ] = False,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Montre les demandes refusées, et les machines venues à un poste qui n'est pas le leur : qui, quand, quoi."""
    from provisioner.leakcheck.refused_tries import collect, entries

    centre = resources.centre(room)
    incomplete = collect(centre)
    shown = [entry for entry in entries(centre) if background or entry.notable]
    if as_json:
        show.as_json({"tries": [entry.json() for entry in shown], "incomplete": incomplete})
    else:
        show_network.tries(shown, centre.settings.zone)
        if incomplete:
            show.out.print(f"[yellow]{incomplete}[/]")
    return 0
