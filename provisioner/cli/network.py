"""Commands for what candidates and stations may reach."""

from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import resources, show, show_network
from provisioner.cli.usage import AsJson, InRoom

if TYPE_CHECKING:
    from provisioner.host.settings import Settings
    from provisioner.leakcheck.wiring import WiringStatus
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

    centre = resources.centre(room, foreign=True)
    return _show(status_of_wiring(centre), centre.room, centre.settings, as_json)


def _show(status_found: "WiringStatus", room: "Room", settings: "Settings", as_json: bool) -> int:
    from provisioner.network.gateway_files import scripts

    if status_found["wiring"] == "plat":
        status_found["scripts"] = {name: sha256(script).hexdigest() for name, script in scripts(room, settings).items()}
    if as_json:
        show.as_json(status_found)
    else:
        show_network.wiring(status_found, room)
    return 0 if status_found["holds"] or not status_found["wiring"] else 1


def prove(room: InRoom = "", as_json: AsJson = False) -> int:
    """Essaie toutes les voies vers l'extérieur, et dit si la salle tient."""
    from provisioner.leakcheck.room_proof import prove_network

    centre = resources.centre(room)
    proof = prove_network(centre)
    if as_json:
        show.as_json(proof.json())
    else:
        show_network.ways(proof)
    if proof.leaks or (proof.unheld and centre.settings.network.wiring == "routeur"):
        return 1
    return 3 if proof.doubtful else 0


def log(
    background: Annotated[
        bool, typer.Option("--all", metavar="", help="Aussi ce que navigateurs et sites font d'eux-mêmes.")
    ] = False,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Montre les demandes refusées : qui, quand, quel site."""
    from provisioner.leakcheck.refused_tries import collect, entries

    centre = resources.centre(room)
    incomplete = collect(centre)
    shown = [entry for entry in entries(centre) if background or entry.what != "background"]
    if as_json:
        show.as_json({"tries": [entry.json() for entry in shown], "incomplete": incomplete})
    else:
        show_network.tries(shown, centre.settings.zone)
        if incomplete:
            show.out.print(f"[yellow]{incomplete}[/]")
    return 0
