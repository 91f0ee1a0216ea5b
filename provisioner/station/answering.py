"""Asks a station, or a copy of one, through the room's gateway, and waits until it answers."""

import logging
import ssl
from http.client import HTTPConnection, HTTPException, HTTPResponse

from provisioner.core.errors import StationNotReady
from provisioner.core.waiting import wait_until
from provisioner.engine.protocol import Engine
from provisioner.network.access_windows import CLOSED
from provisioner.network.gateway import Room, name_of
from provisioner.network.relay import route_header

_PATIENCE = 90.0
#: How much of the journal of what does not answer is kept: lines read, their signs in e5b.log, signs of a line in a sentence.
_JOURNAL, _LOGGED, _WORDS = 60, 10_000, 160
#: Where every stack says whether PHP and its database work.
HEALTH = "/.e5b-health"
#: Added to a place at the examiner port, leads to the station itself, behind its access window, instead of its copy.
_BEHIND_WINDOW = 1000
#: What a request raises where no answer comes.
NO_ANSWER = (OSError, HTTPException)
_log = logging.getLogger(__name__)


class _Connection(HTTPConnection):
    """A connection to the gateway for a place of its room, by TLS where stations answer so."""

    def __init__(self, room: Room, place: int, address: str, port: int, first: bytes = b"") -> None:
        """`first` is sent before all else: see route_header."""
        super().__init__(address, port, timeout=10)
        self._first = first
        self._name = room.host_of(place).partition(":")[0] if room.tls else ""

    def connect(self) -> None:
        """See HTTPConnection."""
        super().connect()
        self.sock.sendall(self._first)
        if self._name:
            self.sock = local_tls().wrap_socket(self.sock, server_hostname=self._name)


def local_tls() -> ssl.SSLContext:
    """TLS to a gateway on this machine, whoever its certificate is from: it is told nothing that is secret."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def ask_station(room: Room, place: int, path: str, *, route_id: int = 0) -> tuple[HTTPConnection, HTTPResponse]:
    """Request `path` from the station of a place; the caller closes the connection.

    With `route_id` the request goes through the examiner port: the place's number for its copy, Gateway.route_id for a
    station that candidates don't reach yet.
    """
    if route_id:
        return _answer_of(_examiner_port(room, place, route_id), room.host_of(place), path)
    connection, answer = _answer_of(candidates_port(room, place), room.host_of(place), path)
    # Closed or refused to the candidate's browser; the examiner port leads to the station all the same.
    if answer.getheader(CLOSED) or answer.getheader("X-E5B-Refused"):
        connection.close()
        return _answer_of(_examiner_port(room, place, place + _BEHIND_WINDOW), room.host_of(place), path)
    return connection, answer


def why_closed(room: Room, place: int) -> str:
    """Why a place's access window is closed: "before", "over", or "" when it is open."""
    connection, answer = _answer_of(candidates_port(room, place), room.host_of(place), HEALTH)
    connection.close()
    return answer.getheader(CLOSED) or ""


def candidates_port(room: Room, place: int) -> HTTPConnection:
    """A connection to the port at which candidates find the station of a place; not opened yet."""
    return _Connection(room, place, room.local_address, room.port_of(place))


def _examiner_port(room: Room, place: int, route_id: int) -> HTTPConnection:
    return _Connection(room, place, "127.0.0.1", room.examiner_port, route_header(route_id))


def _answer_of(connection: HTTPConnection, host: str, path: str) -> tuple[HTTPConnection, HTTPResponse]:
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection, connection.getresponse()
    except NO_ANSWER:
        connection.close()
        raise


def await_answer(
    engine: Engine, room: Room, place: int, container: str, *, copy: bool = False, route_id: int = 0, path: str = "/"
) -> None:
    """Wait until the first page of a place (or its copy) is answered; StationNotReady says what was observed last.

    Where a candidate may have worked, pass HEALTH as `path`: the candidate's own site may answer by an error (a shop
    in maintenance).
    """

    def missing() -> str:
        try:
            connection, answer = ask_station(room, place, path, route_id=place if copy else route_id)
        except NO_ANSWER as error:
            return f"pas de réponse, {type(error).__name__}"
        connection.close()  # the status is enough, and a candidate's page may never end
        if answer.status < 500 and answer.status != 403:
            return ""
        return "le poste démarre encore" if answer.getheader("X-E5B-Wait") else f"erreur {answer.status}"

    def unless_ended() -> str:
        if (observed := missing()) and copy and engine.container(container).state == "exited":
            raise _unanswered(engine, place, container, observed, copy=True, ended=True)
        return observed

    # Ask less often after a second: where many stations start together, requests slow them down.
    if observed := wait_until(missing, 1) and wait_until(unless_ended, _PATIENCE - 1, pause=0.2):
        raise _unanswered(engine, place, container, observed, copy=copy)


def _unanswered(
    engine: Engine, place: int, container: str, observed: str, *, copy: bool, ended: bool = False
) -> StationNotReady:
    """The error of a place (or its copy) that does not answer; the end of its journal goes into e5b.log.

    `ended`: its container has ended, and nothing restarts it.
    """
    name = name_of(place)
    journal = engine.logs(container, _JOURNAL).strip().splitlines()[-_JOURNAL:] or ["journal vide"]
    _log.warning("%s does not answer (%s); its journal:\n%s", container, observed, "\n".join(journal)[-_LOGGED:])
    # Where the database did not start, its own error says why, not the last line.
    words = [line for line in journal[:-1] if "[ERROR]" in line][-1:] + journal[-1:]
    observed += f" ; son journal : {' / '.join(line[-_WORDS:] for line in words)}"
    if copy:
        after = "s'est arrêtée en démarrant" if ended else f"ne répond pas après {_PATIENCE:.0f} secondes"
        return StationNotReady(
            f"La copie de {name} {after}. Le travail du candidat est intact dans {name} : gardez ce poste, recommencez "
            f"l'examen ou jugez sur le poste (détail : {observed})."
        )
    if engine.container(container).health == "full":
        return StationNotReady(
            f"{name} est plein : il a pris toute la place qu'un candidat a sur le disque (fichiers effacés mais encore ouverts "
            "compris), ou en cache une part, et il a été arrêté. "
            f"Le travail est gardé. Lancez « e5b check {name} », puis « e5b reset {name} »."
        )
    return StationNotReady(
        f"{name} ne répond pas après {_PATIENCE:.0f} secondes. Si aucun candidat n'y a travaillé, lancez « e5b reset "
        f"{name} » ; sinon gardez-le et lancez « e5b check {name} » (détail : {observed})."
    )
