"""Commands for what candidates and stations may reach."""

from contextlib import AbstractContextManager
from hashlib import sha256
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provisioner.cli import resources, show, show_network
from provisioner.cli.resources import progress
from provisioner.cli.usage import AsJson, InRoom
from provisioner.core.errors import Refusal
from provisioner.host.disk import locked

if TYPE_CHECKING:
    from provisioner.leakcheck.wiring import WiringStatus

_GIVEN = "des adresses pour les machines des candidats"
_ANOTHER = (
    "L'entrée de la salle suit une autre déclaration que celle de maintenant (câblage, sites permis, noms ou adresse) : fermez la "
    "salle (« e5b down »), rouvrez-la, puis recommencez."
)


def on(
    wiring: Annotated[str, typer.Option("--wiring", metavar="CÂBLAGE", help="routeur, plat ou verrou.")] = "",
    interface: Annotated[str, typer.Option("--interface", metavar="CARTE", help="La carte des candidats.")] = "",
    here: Annotated[
        bool, typer.Option("--here", metavar="", help="Poser aussi les règles des navigateurs sur cette machine.")
    ] = False,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Pose sur cette machine ce que le câblage de la salle demande."""
    from provisioner.core.declaration import Network
    from provisioner.host.config import validated
    from provisioner.leakcheck.dhcp import give_addresses
    from provisioner.leakcheck.wiring import Machine, put_on

    centre = resources.centre(room, foreign=True)
    given = {name: value for name, value in (("wiring", wiring), ("interface", interface)) if value}
    declared = validated(Network, {**centre.settings.network.model_dump(), **given}, "[network]")
    settings = centre.settings.model_copy(update={"network": declared})
    if declared.wiring in ("plat", "verrou") and not here and ip_address(centre.room.listen).is_loopback:
        raise Refusal(
            "La salle ne répond qu'à cette machine : donnez dans e5b.toml, au-dessus de [network], « host » et « listen », son "
            "adresse du côté des candidats, puis fermez la salle (« e5b down ») et rouvrez-la."
        )
    if declared.wiring != "routeur" and declared.wiring != centre.settings.network.wiring:
        # It stands on other machines than this one, where no command would find it.
        raise Refusal(
            f"Le câblage « {wiring} » s'écrit dans e5b.toml, où toutes les commandes le lisent : « wiring » sous [network]."
        )
    if not centre.gateway.matches(settings):
        raise Refusal(_ANOTHER)
    if declared.wiring == "routeur" and not centre.room.domain:
        progress.step(
            "La salle n'a pas de « domain » dans e5b.toml : le journal dira qu'une machine a cherché un nom, pas lequel"
        )
    told = put_on(Machine(), centre.room, settings, here=here)
    told["dhcp"] = give_addresses(centre.engine, centre.room, settings, progress)
    if told["dhcp"]:
        told["parts"].append({"part": _GIVEN, "there": True})
    return _show(told, centre.room, settings, as_json)


def off(room: InRoom = "", as_json: AsJson = False) -> int:
    """Remet cette machine exactement comme elle était."""
    from provisioner.leakcheck.dhcp import give_no_more
    from provisioner.leakcheck.lab import clear
    from provisioner.leakcheck.wiring import Machine, take_off, wiring_status

    machine = Machine()
    done = take_off(machine)  # also where the engine doesn't answer
    centre = resources.centre(room, foreign=True)
    give_no_more(centre.engine)
    with _alone_in_the_lab(centre):
        clear(centre.engine)
    if as_json:
        show.as_json({**wiring_status(machine), "changed": done})
    else:
        show.out.print("Cette machine est comme elle était." if done else "Rien n'était posé sur cette machine.")
    return 0


def status(room: InRoom = "", as_json: AsJson = False) -> int:
    """Dit ce qui est posé sur cette machine, et si cela tient."""
    from provisioner.leakcheck.dhcp import gives_addresses
    from provisioner.leakcheck.wiring import Machine, wiring_status

    centre = resources.centre(room, foreign=True)
    told: WiringStatus = {
        **wiring_status(Machine(), centre.settings.network.wiring),
        "dhcp": gives_addresses(centre.engine, centre.room),
    }
    net = centre.settings.network.model_copy(update={"wiring": told["wiring"]})
    if told["wiring"] == "routeur" and net.dhcp:
        told["parts"].append({"part": _GIVEN, "there": told["dhcp"]})
    told["follows"] = centre.gateway.matches(centre.settings.model_copy(update={"network": net}))
    if told["wiring"] and not told["follows"]:
        told["parts"].append({"part": "une entrée de salle qui suit e5b.toml", "there": False})
    told["holds"] = bool(told["holds"]) and all(part["there"] for part in told["parts"])
    return _show(told, centre.room, centre.settings, as_json)


def _show(told: "WiringStatus", room: Any, settings: Any, as_json: bool) -> int:
    from provisioner.network.gateway_files import scripts

    if told["wiring"] == "plat":
        told["scripts"] = {name: sha256(script).hexdigest() for name, script in scripts(room, settings).items()}
    if as_json:
        show.as_json(told)
    else:
        show_network.standing(told, room)
    return 0 if told["holds"] or not told["wiring"] else 1


def prove(room: InRoom = "", as_json: AsJson = False) -> int:
    """Essaie toutes les voies vers l'extérieur, et dit si la salle tient."""
    from provisioner.leakcheck.room_proof import prove_network

    centre = resources.centre(room)
    with _alone_in_the_lab(centre):
        proof = prove_network(centre)
    if as_json:
        show.as_json(proof.json())
    else:
        show_network.ways(proof)
    if proof.leaks or (proof.unheld and centre.settings.network.wiring == "routeur"):
        return 1
    return 3 if proof.doubtful else 0


def _alone_in_the_lab(centre: Any) -> AbstractContextManager[None]:
    """There is one, which each proof begins by clearing away."""
    return locked(centre.state.folder / "locks" / "banc-d-essai.lock", "l'essai du réseau", 120, progress.step)


def log(
    all_of_it: Annotated[
        bool, typer.Option("--all", metavar="", help="Aussi ce que navigateurs et sites font d'eux-mêmes.")
    ] = False,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Montre les demandes refusées : qui, quand, quel site."""
    from provisioner.leakcheck.refused_tries import collect, entries

    centre = resources.centre(room)
    incomplete = collect(centre)
    told = [one for one in entries(centre) if all_of_it or one.what != "background"]
    if as_json:
        show.as_json({"tries": [entry.json() for entry in told], "incomplete": incomplete})
    else:
        show_network.tries(told, centre.settings.zone)
        if incomplete:
            show.out.print(f"[yellow]{incomplete}[/]")
    return 0
