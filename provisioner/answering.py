"""Asks a station, or the copy of one, through the door of the room, and waits until it answers."""

import time
from http.client import HTTPConnection, HTTPException, HTTPResponse

from provisioner.engine import Engine
from provisioner.errors import StationNotReady
from provisioner.network import Room, name_of
from provisioner.relay import introduction

_PATIENCE = 90.0
#: What a request may end in instead of an answer.
NO_ANSWER = (OSError, HTTPException)


class _Door(HTTPConnection):
    """The examiners' door, told whose copy is asked for."""

    knock: int

    def connect(self) -> None:
        """See HTTPConnection."""
        super().connect()
        self.sock.sendall(introduction(self.knock))


def asked(room: Room, place: int, path: str, *, knock: int = 0) -> tuple[HTTPConnection, HTTPResponse]:
    """What the station of a place answers; the connection is the caller's to close.

    With `knock` it is asked for through the examiners' door: the place's number for its copy, Gateway.knock
    for a station that others don't see yet.
    """
    connection = (_Door if knock else HTTPConnection)(
        "127.0.0.1" if knock else room.near, room.door if knock else room.port_of(place), timeout=10
    )
    if isinstance(connection, _Door):
        connection.knock = knock
    try:
        connection.request("GET", path, headers={"Host": room.host_of(place)})
        return connection, connection.getresponse()
    except NO_ANSWER:
        connection.close()
        raise


def await_answer(engine: Engine, room: Room, place: int, container: str, *, copy: bool = False, knock: int = 0) -> None:
    """Wait until the first page of a place (or its copy) is answered; StationNotReady says what was seen last."""
    name = name_of(place)
    deadline, seen = time.monotonic() + _PATIENCE, "aucune réponse"
    while time.monotonic() < deadline:
        try:
            connection, answer = asked(room, place, "/", knock=place if copy else knock)
        except NO_ANSWER as error:
            seen = f"pas de réponse, {type(error).__name__}"
        else:
            connection.close()  # the status is enough: a page may have no end
            if answer.status < 500 and answer.status != 403:
                return
            seen = "le poste démarre encore" if answer.getheader("X-E5B-Wait") else f"erreur {answer.status}"
        time.sleep(0.04)
    last = (engine.logs(container, 3).strip().splitlines() or ["journal vide"])[-1]
    seen += f" ; son journal : {last[-160:]}"
    if copy:
        raise StationNotReady(
            f"La copie de {name} ne répond pas après {_PATIENCE:.0f} secondes. Le travail du candidat est intact dans "
            f"{name} : gardez ce poste, recommencez l'examen ou jugez sur le poste (détail : {seen})."
        )
    if engine.container(container).health == "full":
        raise StationNotReady(
            f"{name} est plein : il a pris toute la place qu'un candidat a sur le disque, et il a été arrêté. "
            f"Le travail est gardé. Lancez « e5b check {name} », puis « e5b reset {name} »."
        )
    raise StationNotReady(
        f"{name} ne répond pas après {_PATIENCE:.0f} secondes. Si aucun candidat n'y a travaillé, lancez « e5b reset "
        f"{name} » ; sinon gardez-le et lancez « e5b check {name} » (détail : {seen})."
    )
