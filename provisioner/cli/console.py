"""The command of the console: the room in a browser, for its staff."""

import sys
from functools import partial
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli import booked, resources, show
from provisioner.cli.show import out
from provisioner.cli.usage import AsJson, InRoom
from provisioner.core.errors import Busy, EvidenceLost

if TYPE_CHECKING:
    from provisioner.console.services import Services
    from provisioner.core.declaration import Console


def console(
    new_code: Annotated[
        bool,
        typer.Option(
            "--code", metavar="", help="Donner un code pour un compte de technicien, si plus personne n'entre."
        ),
    ] = False,
    room: InRoom = "",
    as_json: AsJson = False,
) -> int:
    """Montre la salle à son personnel, dans un navigateur ; Ctrl-C l'arrête."""
    from provisioner.console.server import Server
    from provisioner.console.view_acts import closing_overdue

    services = _services(room)
    centre = services.centre()
    try:
        server = Server(services, centre.settings, centre.room)
        services.room.on_opened = closing_overdue(services.acts, services.room.on_opened)
        code = _code(services) if new_code or not services.people.has_technician() else ""
        _show_address(centre.settings.console, code, as_json)
        services.room.start()
        server.run()
    except KeyboardInterrupt:  # how a console usually ends
        resources.progress.step("La console est arrêtée.")
    finally:
        services.acts.close()
        services.room.stop()
    return 0


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


def _show_address(declared: "Console", code: str, as_json: bool) -> None:
    if as_json:
        show.as_json({"address": declared.address, "code": code or None})
        sys.stdout.flush()  # whoever started it by a program waits for this
        return
    out.print(f"La console répond à {declared.address} ; Ctrl-C l'arrête.", soft_wrap=True)
    if code:
        out.print(
            f"Un compte de technicien se fait une fois, dans les 24 heures, à {declared.address}/premier-compte avec ce code : "
            f"[bold]{code}[/]",
            soft_wrap=True,
        )
    if not declared.certificate and not all(IPv4Address(address).is_loopback for address in declared.staff):
        out.print(
            "Sans « certificate » dans \\[console], les mots de passe du personnel traversent son réseau en clair.",
            soft_wrap=True,
        )
