"""The commands of the console: the room in a browser, for its staff."""

import sys
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import booked, resources, show
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson, InRoom
from provisioner.core.errors import Busy, EngineError, EvidenceLost, Refusal
from provisioner.host.paths import places
from provisioner.host.settings import load_settings

if TYPE_CHECKING:
    from provisioner.console.services import Services
    from provisioner.core.declaration import Console
    from provisioner.host.paths import Paths
    from provisioner.host.settings import Settings


def console(
    context: typer.Context,
    new_code: Annotated[
        bool,
        typer.Option(
            "--code", metavar="", help="Donner un code pour un compte de technicien, si plus personne n'entre."
        ),
    ] = False,
    room: InRoom = "",
    as_json: AsJson = False,
) -> None:
    """Montre la salle à son personnel, dans un navigateur ; Ctrl-C l'arrête."""
    if context.invoked_subcommand is None:
        raise typer.Exit(serve(room, new_code=new_code, as_json=as_json))
    if new_code or room or as_json:
        raise Refusal(f"Écrivez les options à la fin : « e5b console {context.invoked_subcommand} … ».")


def serve(room: str = "", *, new_code: bool = False, as_json: bool = False) -> int:
    """Show the room until a signal comes; where a console answers already, `new_code` only gives a code for it."""
    from provisioner.console.server import Server
    from provisioner.console.start_at_boot import answers
    from provisioner.console.view_acts import closing_overdue

    services = _services(room)
    centre = services.centre()
    try:
        folder = centre.state.folder
        if new_code and answers(centre.settings.console):  # as where systemd started it
            _show_address(centre.settings.console, _code(services), folder, as_json, how=" déjà")
            return 0
        server = Server(services, centre.settings, centre.room, folder)
        services.room.on_opened = closing_overdue(services.acts, services.room.on_opened)
        code = _code(services) if new_code or not services.people.has_technician() else ""
        _show_address(centre.settings.console, code, folder, as_json)
        services.room.start()
        server.run()
    except KeyboardInterrupt:  # how a console usually ends
        resources.progress.step("La console est arrêtée.")
    finally:
        services.acts.close()
        services.room.stop()
    return 0


def install(room: InRoom = "", as_json: AsJson = False) -> int:
    """Fait démarrer la console avec la machine, par systemd."""
    from provisioner.console import start_at_boot
    from provisioner.leakcheck.wiring import Machine

    user = start_at_boot.calling_user()
    starts = start_at_boot.StartAtBoot(user, room)
    settings = resources.settings() if "E5B_CONFIG" in places() else load_settings(starts.paths.settings)
    start_at_boot.install(Machine(), starts, settings)
    for name in starts.left_out():
        resources.progress.step(
            f"{name} contient un mot de passe, que tous liraient : donnez-le par « systemctl edit {start_at_boot.NAME} »"
        )
    if not start_at_boot.await_answer(settings.console):
        raise EngineError(
            f"La console est installée, et ne répond pas encore à {settings.console.address} ; systemd la relance toutes les "
            f"15 secondes. « sudo journalctl -u {start_at_boot.NAME} » dit ce qui manque."
        )
    code = _code_of_installed(starts.paths, settings)
    if as_json:
        show.as_json({"address": settings.console.address, "code": code or None, "user": user, "installed": True})
        return 0
    out.print(
        f"La console tourne sous le nom de {user} et démarre avec la machine. « sudo e5b console uninstall » l'enlève.",
        soft_wrap=True,
    )
    _show_address(settings.console, code, starts.paths.state, as_json=False, how="")
    return 0


def uninstall(as_json: AsJson = False) -> int:
    """Arrête la console que systemd démarre, et ne la fait plus démarrer."""
    from provisioner.console import start_at_boot
    from provisioner.leakcheck.wiring import Machine

    removed = start_at_boot.uninstall(Machine())
    if as_json:
        show.as_json({"installed": False, "changed": removed})
    elif removed:
        out.print("La console est arrêtée, et ne démarre plus avec la machine ; comptes et livre des actes restent.")
    else:
        out.print("La console n'était pas installée : rien n'a changé.")
    return 0


def _code_of_installed(paths: "Paths", settings: "Settings") -> str:
    """The installation is in the book; a code where no technician has an account yet."""
    from provisioner.console.people import People
    from provisioner.station.act_book import Book
    from provisioner.station.acts import COMMAND_LINE
    from provisioner.station.state import State

    state = State(paths, settings.zone)
    people = People(state.folder / "console.sqlite")
    code = "" if people.has_technician() else people.first_code()
    try:
        more = " ; code donné pour un compte de technicien" if code else ""
        Book.of(state).note(booked.user(), COMMAND_LINE, f"console installée, elle démarre avec la machine{more}")
    except (EvidenceLost, Busy) as error:
        resources.progress.step(f"Cet acte n'est pas écrit dans le livre des actes : {error}")
    return code


def _services(room: str) -> "Services":
    from provisioner.console.acting import Acts
    from provisioner.console.people import People
    from provisioner.console.services import Services
    from provisioner.console.watching import RoomWatch
    from provisioner.station.act_book import Book

    opened = partial(resources.centre, room)
    centre = opened()
    watch = RoomWatch(opened)
    return Services(
        centre=opened,
        people=People(centre.state.folder / "console.sqlite"),
        room=watch,
        acts=Acts(Book.of(centre.state), opened, poke=watch.poke),
        name=centre.room.name,
        zone=centre.settings.zone,
        paths=resources.paths(),
    )


def _code(services: "Services") -> str:
    """A code for a technician's account; the book says who had it."""
    from provisioner.station.acts import COMMAND_LINE

    try:
        services.acts.book.note(booked.user(), COMMAND_LINE, "code donné pour un compte de technicien")
    except (EvidenceLost, Busy) as error:  # it may be what is needed to get in at all
        resources.progress.step(f"Ce code n'est pas écrit dans le livre des actes : {error}")
    return services.people.first_code()


def _show_address(declared: "Console", code: str, folder: Path, as_json: bool, how: str = " ; Ctrl-C l'arrête") -> None:
    if as_json:
        show.as_json({"address": declared.address, "code": code or None})
        sys.stdout.flush()  # whoever started it by a program waits for this
        return
    out.print(f"La console répond à {declared.address}{how}.", soft_wrap=True)
    if code:
        out.print(
            f"Un compte de technicien se fait une fois, dans les 24 heures, à {declared.address}/premier-compte avec ce code : "
            f"[bold]{code}[/]",
            soft_wrap=True,
        )
    if declared.tls and not declared.certificate:
        _show_authority(folder)
    elif not declared.certificate and not all(IPv4Address(address).is_loopback for address in declared.staff):
        out.print(
            "Sans « certificate » ni « tls = true » dans \\[console], les mots de passe du personnel traversent son réseau en clair.",
            soft_wrap=True,
        )


def _show_authority(folder: Path) -> None:
    from provisioner.console.server import authority_file
    from provisioner.network.certificates import authority_of_file, fingerprint

    path = authority_file(folder)
    out.print(
        f"Le navigateur de chaque machine du personnel doit connaître son autorité : installez-y {path}, d'empreinte SHA-256 "
        f"{fingerprint(authority_of_file(path))}.",
        soft_wrap=True,
    )
