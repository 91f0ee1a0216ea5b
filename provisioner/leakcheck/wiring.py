"""Puts a room's wiring on a machine, and takes all of it off again.

Before anything is changed, what was there is saved in one file. `take_off` needs only that file, so it restores the
machine even after `put_on` was killed half-way, and may itself be killed and run again.
"""

import json
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from subprocess import CompletedProcess
from typing import NotRequired, TypedDict

from provisioner.core.errors import EvidenceLost, Refusal
from provisioner.host.disk import disk_in_french
from provisioner.host.machine import run as run_tool
from provisioner.host.placing import (
    SavedFile,
    SavedLink,
    link,
    make_folders,
    missing_folders,
    part_of,
    put,
    restore,
    saved,
)
from provisioner.host.settings import Settings
from provisioner.network.browser_policies import linux_files
from provisioner.network.gateway_files import candidates_rules, count_of_rules
from provisioner.network.room import Room

_SAVED, _RULES, _UNIT = "var/lib/e5b/network.json", "etc/e5b/candidats.nft", "etc/systemd/system/e5b-reseau.service"
#: Links, as `systemctl enable` makes them: systemd ignores a regular file there.
_WANTED_BY = ("sysinit.target", "nftables.service")
_WANTED, _WANTED_TO = "etc/systemd/system/{}.wants/e5b-reseau.service", "../e5b-reseau.service"
TABLE = "e5b_candidats"
#: The rules that remove the router's rules.
LIFT = f"table inet {TABLE}\ndelete table inet {TABLE}\n"
_NAME = "e5b-reseau.service"
#: nftables.service begins by flushing all rules: these are loaded after it, and again whenever it is reloaded.
_SERVICE = f"""[Unit]
Description=e5b, le réseau des candidats
DefaultDependencies=no
Wants=network-pre.target
After=nftables.service
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service
Before=network-pre.target shutdown.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /{_RULES}
ExecReload=/usr/sbin/nft -f /{_RULES}

[Install]
WantedBy={" ".join(_WANTED_BY)}
"""

Run = Callable[..., "CompletedProcess[str]"]


class Part(TypedDict):
    """A part of a wiring, in French, and whether it is there."""

    part: str
    there: bool


class WiringStatus(TypedDict):
    """What is on this machine now: the document of `e5b network status --json`, whose command adds the last seven keys.

    `holds`: every part is there; `after_restart`: it outlives a restart; `bind`: stations are bound to machines, and
    `machines` are those, by station: `address`, `since`.
    """

    wiring: str
    parts: list[Part]
    holds: bool
    after_restart: bool
    dhcp: NotRequired[bool]
    follows: NotRequired[bool]
    changed: NotRequired[bool]
    scripts: NotRequired[dict[str, str]]
    bind: NotRequired[bool]
    machines: NotRequired[dict[str, dict[str, str]]]
    authority: NotRequired[str]


class _Saved(TypedDict):
    """What was there before a wiring, by path below the root; the folders that were made, innermost first.

    `own_folders` are those of this file itself. `lift`: the rules that take the router's off; empty where there are none.
    """

    wiring: str
    interface: NotRequired[str]
    address: NotRequired[str]
    files: dict[str, SavedLink | SavedFile | None]
    folders: list[str]
    own_folders: list[str]
    lift: str


@dataclass(frozen=True)
class Machine:
    """The machine that is changed: its root folder, and how a tool is run on it."""

    root: Path = Path("/")
    run: Run = run_tool
    administrator: bool = field(default_factory=lambda: os.geteuid() == 0)

    @property
    def saved_file(self) -> Path:
        """The file where it is saved what was there before."""
        return self.root / _SAVED

    @property
    def cards(self) -> Path:
        """Where the system lists its network cards."""
        return self.root / "sys/class/net"

    def has(self, interface: str) -> bool:
        """Whether it has this network card."""
        return (self.cards / interface).exists()

    def addresses(self, interface: str) -> list[str]:
        """The addresses of this network card."""
        return [str(network.ip) for network in self.networks(interface)]

    def networks(self, interface: str) -> list[IPv4Interface]:
        """The addresses of this network card, each with its network."""
        return networks_in(self.run("ip", "-o", "-4", "address", "show", "dev", interface).stdout)

    @property
    def starts_services(self) -> bool:
        """Whether systemd runs here, which loads the rules again after a restart."""
        return (self.root / "run/systemd/system").is_dir()


def put_on(machine: Machine, room: Room, settings: Settings, *, browser_rules: bool = False) -> WiringStatus:
    """Put what the declared wiring asks on this machine; with `browser_rules`, the browsers' rules too."""
    _may_be_put_on(machine, room, settings, browser_rules)
    net = settings.network
    at = room.candidates_address if net.wiring == "routeur" else ""
    files: dict[str, str] = {}
    links: dict[str, str] = {}
    if net.wiring == "routeur":
        files[_RULES] = candidates_rules(room, settings, settings.subnet, net.interface).decode()
        with tempfile.NamedTemporaryFile("w", suffix=".nft") as tried:
            tried.write(files[_RULES])
            tried.flush()
            _nft(machine, tried.name, "--check", consequence=" Rien n'est changé.")
    take_off(machine)
    if net.wiring != "routeur" and not browser_rules:
        return wiring_status(machine, net.wiring)
    if net.wiring == "routeur":
        files[_UNIT] = _SERVICE
        links |= {_WANTED.format(unit): _WANTED_TO for unit in _WANTED_BY}
    if browser_rules:
        files |= {path.lstrip("/"): content for path, content in linux_files(room, net.allowed, room.pac).items()}
    lift = LIFT if net.wiring == "routeur" else ""
    with disk_in_french(machine.saved_file.parent, EvidenceLost):
        _save_before(machine, net.wiring, net.interface if lift else "", at, [*files, *links], lift)
        try:
            for name, content in files.items():
                put(machine.root / name, content.encode())
            for name, to in links.items():
                link(machine.root / name, to)
            if lift:
                _nft(machine, str(machine.root / _RULES))
                _service(machine, "start")
        except BaseException:
            take_off(machine)
            raise
    return wiring_status(machine, net.wiring)


def _may_be_put_on(machine: Machine, room: Room, settings: Settings, browser_rules: bool) -> None:
    """Raise, before anything is changed, where this machine or what is declared lacks something."""
    net = settings.network
    if not net.wiring:
        raise Refusal("Dites le câblage de la salle : « wiring » sous [network] dans e5b.toml, ou --wiring.")
    if net.wiring == "routeur" and not net.interface:
        raise Refusal(
            "Dites la carte réseau des candidats : « interface » sous [network] dans e5b.toml, ou --interface."
        )
    if not machine.administrator and (net.wiring == "routeur" or browser_rules):
        raise Refusal("Il faut les droits d'administration de cette machine : relancez la commande avec sudo.")
    if net.wiring == "routeur" and not machine.has(net.interface):
        cards = ", ".join(sorted(card.name for card in machine.cards.iterdir())) if machine.cards.is_dir() else "aucune"
        raise Refusal(f"Cette machine n'a pas de carte réseau « {net.interface} ». Ses cartes : {cards}.")
    at = room.candidates_address if net.wiring == "routeur" else ""
    if at and at not in (card_addresses := machine.addresses(net.interface)):
        raise Refusal(
            f"La carte réseau « {net.interface} » n'a pas l'adresse {at}, où les candidats cherchent la salle (les siennes : "
            f"{', '.join(card_addresses) or 'aucune'}). Donnez-la-lui, ou corrigez « interface », « host » et « listen »."
        )
    ends = [IPv4Address(end) for end in net.dhcp.split("-")] if net.dhcp and net.wiring == "routeur" else []
    own = machine.networks(net.interface) if ends else []
    if ends and not any(all(end in network.network for end in ends) for network in own):
        raise Refusal(
            f"Les adresses « {net.dhcp} » ne sont pas toutes du réseau de la carte « {net.interface} » "
            f"({', '.join(str(network.network) for network in own) or 'aucun'}). Corrigez « dhcp » sous [network] dans e5b.toml."
        )
    if net.wiring == "routeur" and machine.run("nft", "--version").returncode:
        raise Refusal(
            "nftables n'est pas installé sur cette machine : installez le paquet nftables, puis recommencez. Rien n'est changé."
        )


def take_off(machine: Machine) -> bool:
    """Leave the machine as it was before `put_on`; whether there was anything to do."""
    before, begun = _saved(machine), part_of(machine.saved_file)
    # Killed at its beginning, `put_on` left only a draft of the file; killed at its end, `take_off` left a folder.
    if before is None and not begun.exists() and not _is_empty(machine.saved_file.parent):
        return False
    if not machine.administrator:
        raise Refusal("Il faut les droits d'administration de cette machine : relancez la commande avec sudo.")
    with disk_in_french(machine.saved_file.parent, EvidenceLost):
        begun.unlink(missing_ok=True)
        if before is None:
            _remove_empty([str(machine.saved_file.parent)])
            return True
        if before["lift"]:
            _service(machine, "stop")
            lifted = machine.saved_file.with_name("lift.nft")
            lifted.write_text(before["lift"], encoding="utf-8")
            _nft(machine, str(lifted))
            lifted.unlink()
        for name, was in before["files"].items():
            path = machine.root / name
            part_of(path).unlink(missing_ok=True)
            restore(path, was)
        _remove_empty(before["folders"])
        if before["lift"]:
            _service(machine)
        machine.saved_file.unlink()
        _remove_empty(before["own_folders"])
    return True


def wiring_status(machine: Machine, declared: str = "") -> WiringStatus:
    """What is on this machine now: the wiring, whether each part is still there, whether it outlives a restart.

    Two of the wirings are laid on candidates' machines: where one of these is declared, nothing has to be here.
    """
    before = _saved(machine)
    if before is None:
        elsewhere = declared if declared != "routeur" else ""
        return {"wiring": elsewhere, "parts": [], "holds": bool(elsewhere), "after_restart": bool(elsewhere)}
    parts: list[Part] = [{"part": f"/{name}", "there": (machine.root / name).exists()} for name in before["files"]]
    if before["lift"]:
        if not machine.administrator:
            raise Refusal("Ces règles ne se lisent qu'en administrateur : lancez « sudo e5b network status ».")
        table, rules = machine.run("nft", "list", "table", "inet", TABLE), machine.root / _RULES
        rules_expected = count_of_rules(rules.read_text(encoding="utf-8")) if rules.exists() else 1
        complete = table.returncode == 0 and count_of_rules(table.stdout) >= rules_expected
        parts.append({"part": "les règles en vigueur", "there": complete})
        interface, at = before.get("interface", ""), before.get("address", "")
        parts.append({"part": f"la carte {interface}", "there": machine.has(interface)})
        if at:
            parts.append({"part": f"son adresse {at}", "there": at in machine.addresses(interface)})
    return {
        "wiring": before["wiring"],
        "parts": parts,
        "holds": all(part["there"] for part in parts),
        "after_restart": not before["lift"] or machine.starts_services,
    }


def wiring_in_force(machine: Machine, declared: str) -> str:
    """The wiring that was laid on this machine, whatever is declared; where nothing was, the declared one."""
    before = _saved(machine)
    return before["wiring"] if before else declared


def networks_in(output: str) -> list[IPv4Interface]:
    """The addresses that `ip` names."""
    return [IPv4Interface(address) for address in re.findall(r" inet ([\d.]+/\d+)", output)]


def _save_before(machine: Machine, wiring: str, interface: str, address: str, files: Sequence[str], lift: str) -> None:
    own = missing_folders(machine.saved_file)
    make_folders(machine.saved_file)
    folders = list(dict.fromkeys(folder for name in files for folder in missing_folders(machine.root / name)))
    before: _Saved = {
        "wiring": wiring,
        "interface": interface,
        "address": address,
        "files": {name: saved(machine.root / name) for name in files},
        "folders": sorted(folders, key=len, reverse=True),
        "own_folders": own,
        "lift": lift,
    }
    put(machine.saved_file, json.dumps(before, ensure_ascii=False).encode())


def _remove_empty(folders: Sequence[str]) -> None:
    for folder in map(Path, folders):
        if _is_empty(folder):
            folder.rmdir()


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _saved(machine: Machine) -> _Saved | None:
    try:
        before: _Saved = json.loads(machine.saved_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise Refusal("Le journal du réseau ne peut être lu qu'avec sudo.") from error
    return before


def _nft(machine: Machine, file: str, *how: str, consequence: str = "") -> None:
    result = machine.run("nft", *how, "-f", file)
    if result.returncode:
        lines: Sequence[str] = (result.stderr or result.stdout).strip().splitlines() or ["sans message"]
        missing = "installez le paquet nftables" if result.returncode == 127 else f"détail : {lines[0]}"
        raise Refusal(f"Les règles du réseau n'ont pas été prises par cette machine ({missing}).{consequence}")


def _service(machine: Machine, verb: str = "") -> None:
    """Have the system know the service as it is on the disk now; with it started or stopped."""
    if machine.starts_services:
        machine.run("systemctl", "daemon-reload")
        if verb:
            machine.run("systemctl", verb, _NAME)
