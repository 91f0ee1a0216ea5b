"""Puts a room's wiring on this machine, and says whether the open room and its gateway agree with it."""

from ipaddress import ip_address

from provisioner.core.declaration import Network
from provisioner.core.errors import Refusal
from provisioner.host.settings import Settings
from provisioner.host.toml_files import validated
from provisioner.leakcheck import dhcp, lab, wiring
from provisioner.leakcheck.wiring import WiringStatus
from provisioner.station.centre import Centre

_ADDRESSES = "des adresses pour les machines des candidats"
_OTHER_DECLARATION = (
    "L'entrée de la salle suit une autre déclaration que celle de maintenant (câblage, sites permis, noms ou adresse) : fermez la "
    "salle (« e5b down »), rouvrez-la, puis recommencez."
)


def wire(centre: Centre, name: str = "", interface: str = "", *, browser_rules: bool = False) -> WiringStatus:
    """Put the wiring that is declared, or these values of it, on this machine; its status, as `status_of_wiring`.

    `browser_rules`: lay the browsers' rules on this machine too. Refused where the open room doesn't fit the declaration.
    """
    overrides = {key: value for key, value in (("wiring", name), ("interface", interface)) if value}
    declared = validated(Network, {**centre.settings.network.model_dump(), **overrides}, "[network]")
    settings = centre.settings.model_copy(update={"network": declared})
    _room_fits(centre, settings, browser_rules)
    if declared.wiring == "routeur" and not centre.room.domain:
        centre.progress.step(
            "La salle n'a pas de « domain » dans e5b.toml : le journal dira qu'une machine a cherché un nom, pas lequel"
        )
    status = wiring.put_on(wiring.Machine(), centre.room, settings, browser_rules=browser_rules)
    status["dhcp"] = dhcp.give_addresses(centre.engine, centre.room, settings, centre.progress)
    if status["dhcp"]:
        status["parts"].append({"part": _ADDRESSES, "there": True})
    return status


def _room_fits(centre: Centre, settings: Settings, browser_rules: bool) -> None:
    """Raise where candidates' machines don't reach the room, or where it follows another declaration."""
    declared = settings.network.wiring
    if declared in ("plat", "verrou") and not browser_rules and ip_address(centre.room.listen).is_loopback:
        raise Refusal(
            "La salle ne répond qu'à cette machine : donnez dans e5b.toml, au-dessus de [network], « host » et « listen », son "
            "adresse du côté des candidats, puis fermez la salle (« e5b down ») et rouvrez-la."
        )
    if declared != "routeur" and declared != centre.settings.network.wiring:
        # An option of one command isn't enough: this wiring is laid on other machines, and other commands read it.
        raise Refusal(
            f"Le câblage « {declared} » s'écrit dans e5b.toml, où toutes les commandes le lisent : « wiring » sous [network]."
        )
    if not centre.gateway.matches(settings):
        raise Refusal(_OTHER_DECLARATION)


def status_of_wiring(centre: Centre) -> WiringStatus:
    """What is on this machine, and whether it holds, also `dhcp`, and whether the room `follows` what is declared."""
    status: WiringStatus = {
        **wiring.wiring_status(wiring.Machine(), centre.settings.network.wiring),
        "dhcp": dhcp.gives_addresses(centre.engine, centre.room),
    }
    net = centre.settings.network.model_copy(update={"wiring": status["wiring"]})
    if status["wiring"] == "routeur" and net.dhcp:
        status["parts"].append({"part": _ADDRESSES, "there": status["dhcp"]})
    status["follows"] = centre.gateway.matches(centre.settings.model_copy(update={"network": net}))
    if status["wiring"] and not status["follows"]:
        status["parts"].append({"part": "une entrée de salle qui suit e5b.toml", "there": False})
    status["holds"] = bool(status["holds"]) and all(part["there"] for part in status["parts"])
    return status


def clear_engine(centre: Centre) -> None:
    """Remove from the engine what a wiring left in it: what gives addresses, and a test network of a killed proof."""
    dhcp.give_no_more(centre.engine)
    with lab.alone_in_the_lab(centre.progress.step):
        lab.clear(centre.engine)
