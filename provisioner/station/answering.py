"""Asks a station, or the copy of one, through the door of the room, and waits until it answers."""

import time
from http.client import HTTPConnection, HTTPException, HTTPResponse

from provisioner.core.errors import StationNotReady
from provisioner.engine.protocol import Engine
from provisioner.network.access_windows import CLOSED
from provisioner.network.gateway import Room, name_of
from provisioner.network.relay import route_header

_PATIENCE = 90.0
#: Where every stack says whether PHP and its database work.
HEALTH = "/.e5b-health"
#: Added to a place, at the examiners' door: the candidate's own station instead of the copy.
_BEHIND = 1000
#: What a request may end in instead of an answer.
NO_ANSWER = (OSError, HTTPException)


class _ExaminerPort(HTTPConnection):
    """The examiners' door, told whose copy is asked for."""

    route_id: int

    def connect(self) -> None:
        """See HTTPConnection."""
        super().connect()
        self.sock.sendall(route_header(self.route_id))


def ask_station(room: Room, place: int, path: str, *, route_id: int = 0) -> tuple[HTTPConnection, HTTPResponse]:
    """What the station of a place answers; the connection is the caller's to close.

    With `route_id` it is asked for through the examiners' door: the place's number for its copy, Gateway.route_id
    for a station that others don't see yet.
    """
    if route_id:
        return _asked(_examiner_port(room, route_id), room.host_of(place), path)
    connection = HTTPConnection(room.local_address, room.port_of(place), timeout=10)
    connection, answer = _asked(connection, room.host_of(place), path)
    if answer.getheader(CLOSED) or answer.getheader(
        "X-E5B-Refused"
    ):  # to the candidate; the station behind it answers us
        connection.close()
        return _asked(_examiner_port(room, place + _BEHIND), room.host_of(place), path)
    return connection, answer


def why_closed(room: Room, place: int) -> str:
    """Why the candidate's door is closed to him: "before", "over", or "" when it is open."""
    connection = HTTPConnection(room.local_address, room.port_of(place), timeout=10)
    connection, answer = _asked(connection, room.host_of(place), HEALTH)
    connection.close()
    return answer.getheader(CLOSED) or ""


def _examiner_port(room: Room, route_id: int) -> HTTPConnection:
    connection = _ExaminerPort("127.0.0.1", room.examiner_port, timeout=10)
    connection.route_id = route_id
    return connection


def _asked(connection: HTTPConnection, host: str, path: str) -> tuple[HTTPConnection, HTTPResponse]:
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection, connection.getresponse()
    except NO_ANSWER:
        connection.close()
        raise


def await_answer(
    engine: Engine, room: Room, place: int, container: str, *, copy: bool = False, route_id: int = 0, path: str = "/"
) -> None:
    """Wait until the first page of a place (or its copy) is answered; StationNotReady says what was seen last.

    Where a candidate may have worked, `path` is HEALTH: his own site may well answer by an error (a shop under repair).
    """
    name = name_of(place)
    began, seen = time.monotonic(), "aucune réponse"
    while (waited := time.monotonic() - began) < _PATIENCE:
        try:
            connection, answer = ask_station(room, place, path, route_id=place if copy else route_id)
        except NO_ANSWER as error:
            seen = f"pas de réponse, {type(error).__name__}"
        else:
            connection.close()  # the status is enough: a page may have no end
            if answer.status < 500 and answer.status != 403:
                return
            seen = "le poste démarre encore" if answer.getheader("X-E5B-Wait") else f"erreur {answer.status}"
        # Where many start together, who asks more often takes from them what they wait for.
        time.sleep(0.1 if waited < 1 else 0.2)
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
