"""Prints a room proof, the record of refused tries and the state of a wiring."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from provisioner.cli.screen import safe_markup
from provisioner.cli.show import out, print_table, table
from provisioner.leakcheck.entries import CONTACTS
from provisioner.leakcheck.ways_out import UNHELD

if TYPE_CHECKING:
    from provisioner.leakcheck.entries import Entry
    from provisioner.leakcheck.room_proof import RoomProof
    from provisioner.network.gateway import BoundMachine
    from provisioner.network.room import Room


def ways(proof: "RoomProof") -> None:
    """Print the outcome of each way out, by who tried it, and the verdict on the room."""
    origins = list(dict.fromkeys(name for row in proof.rows for name in row.seen))
    rows = table("Voie", "Sans règle", *(name.capitalize() for name in origins))
    for row in proof.rows:
        works = "[green]passe[/]" if row.works else "[yellow]ne passe pas[/]"
        cells = ["–" if name not in row.seen else _outcome_in_french(row.seen[name]) for name in origins]
        rows.add_row(safe_markup(row.title), works, *cells)
    print_table(rows)
    for row in proof.leaks:
        out.print(f"[bold red]FUITE[/] par « {safe_markup(row.title)} » : {safe_markup(', '.join(row.leaks))}.")
    for row in proof.doubtful:
        out.print(
            f"[yellow]« {safe_markup(row.title)} » ne passe pas non plus sans règle : rien n'est prouvé de cette voie.[/]"
        )
    if proof.leaks:
        verdict = "[bold red]La salle fuit : ne l'ouvrez pas.[/]"
    elif proof.unheld:
        verdict = (
            "[green]Les postes et l'entrée tiennent[/] ; [yellow]les machines des candidats ne sont pas tenues par "
            f"celle-ci : {safe_markup(proof.unheld)}.[/]"
        )
    else:
        verdict = "[green]La salle tient.[/]"
    if proof.doubtful and not proof.leaks:
        verdict = (
            f"[yellow]Aucune fuite vue, mais {len(proof.doubtful)} voie(s) n'ont pas pu être vérifiées : relancez "
            "« e5b network prove ».[/]"
        )
    out.print(f"{len(proof.rows)} voies essayées en {proof.seconds} s. {verdict}")


def _outcome_in_french(outcome: str) -> str:
    return {"reached": "[bold red]PASSE[/]", UNHELD: "[yellow]non tenue[/]"}.get(outcome, "[green]fermée[/]")


_WHAT = {
    "background": "[dim]{} (bruit de fond)[/]",
    "elsewhere": "{} (un autre poste, ouvert)",
    "busy": "{} (trop de demandes à la fois)",
    "late": "{} (arrivé trop tard, non enregistré)",
    **{what: f"{{}} ({meaning})" for what, meaning in CONTACTS.items()},
}
#: Whether the machine is the candidate's, as a column has it.
_ORIGIN = {"own": "oui", "other": "non", "station": "poste", "room": "salle"}


def tries(entries: "Sequence[Entry]", zone: tzinfo) -> None:
    """Print refused tries and contacts, with the station and the candidate of each, and whether the machine is the candidate's."""
    if not entries:
        out.print("Aucune demande refusée.")
        return
    rows = table("Heure", "Poste", "Candidat", "Machine", "Sienne", "Demande", "Fois")
    for entry in entries:
        time = datetime.fromisoformat(entry.at).astimezone(zone)
        of_contact = entry.what in CONTACTS
        asked = entry.path or entry.host if of_contact else entry.host + entry.path
        request = safe_markup(shorten(asked, 60, placeholder="…"))
        possible_stations = " ou ".join(entry.stations)
        cells = [
            entry.opened if of_contact else entry.station or f"{possible_stations} ?".lstrip(),
            _who(entry) or "–",
            entry.machine,
            _ORIGIN.get(entry.origin, "?"),
        ]
        rows.add_row(
            f"{time:%d/%m %H:%M:%S}",
            *(safe_markup(cell) for cell in cells),
            _WHAT.get(entry.what, "{}").format(request),
            str(entry.count),
        )
    print_table(rows)


def _who(entry: "Entry") -> str:
    """The candidate whose machine asked; of a contact with another's station, also where that candidate works."""
    elsewhere = entry.station if entry.what in CONTACTS and entry.station != entry.opened else ""
    return ", ".join(filter(None, (entry.candidate, elsewhere)))


def machines(known: "Mapping[str, BoundMachine]", zone: tzinfo, *, bound: bool) -> None:
    """Print which machine is whose."""
    for name, machine in known.items():
        bond = "lié à" if bound else "connecté d'abord depuis"
        out.print(
            f"{safe_markup(name)} : {bond} {safe_markup(machine.address)}, depuis {machine.since.astimezone(zone):%H:%M}."
        )
    if known and bound:
        out.print("Un candidat change de machine : « e5b network free POSTE ».")


def wiring(status: Mapping[str, Any], room: "Room") -> None:
    """Print what a wiring put on this machine, and what candidates' machines still need."""
    if not status["wiring"]:
        out.print("Rien n'est posé sur cette machine. Posez le câblage de la salle avec « sudo e5b network on ».")
        _machines(status, room)
        return
    out.print(f"Câblage : [bold]{status['wiring']}[/].")
    for part in status["parts"]:
        out.print(f"{'[green]✓[/]' if part['there'] else '[red]✗[/]'} {safe_markup(part['part'])}")
    if not status.get("follows", True):
        # Nothing more: the scripts that candidates' machines would fetch follow the other declaration too.
        out.print(
            "[bold red]L'entrée de la salle suit une autre déclaration que e5b.toml : fermez la salle (« e5b down »), rouvrez-la, "
            "puis recommencez.[/]"
        )
        return
    if not status["holds"]:
        out.print("[bold red]Il manque quelque chose : relancez « sudo e5b network on ».[/]")
    elif not status["after_restart"]:
        out.print("[yellow]Cette machine n'a pas systemd : après un redémarrage, relancez « sudo e5b network on ».[/]")
    _machines(status, room)


def _machines(status: Mapping[str, Any], room: "Room") -> None:
    """Print what is to be done on candidates' machines."""
    kit = f"http://{room.pages_host}/poste"
    if status.get("authority"):
        pairs = [status["authority"][start : start + 2] for start in range(0, len(status["authority"]), 2)]
        out.print(
            "Les postes répondent en https, par l'autorité de la salle, que les scripts ci-dessous font accepter aux "
            f"navigateurs. Elle est aussi à {kit}/autorite.crt ; son empreinte SHA-256 : {':'.join(pairs)}",
            soft_wrap=True,
        )
    if status.get("scripts"):
        # Compare digests first: on a shared network, another machine may answer in the room's place.
        for when, name in (("Sur chaque machine de candidat (Linux)", "poser.sh"), ("Après l'épreuve", "retirer.sh")):
            command = f"curl -fsSO {kit}/{name} && echo '{status['scripts'][name]}  {name}' | sha256sum -c"
            out.print(f"{when} : {command} && sudo sh {name}", soft_wrap=True)
        out.print("Sous Windows, dans l'invite de commandes ouverte en tant qu'administrateur :")
        for when, name in (("Avant l'épreuve", "poser.cmd"), ("Après l'épreuve", "retirer.cmd")):
            command = f'cd /d "%TEMP%" && curl -fsSO {kit}/{name} && certutil -hashfile {name} SHA256'
            out.print(f"{when} : {command} | findstr /i {status['scripts'][name]} && {name}", soft_wrap=True)
    if status["wiring"] == "verrou":
        out.print(f"Sur chaque machine de candidat, ouvrez avec Safe Exam Browser : {kit}/e5b.seb", soft_wrap=True)
