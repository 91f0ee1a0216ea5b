"""Waits until a station answers its candidate, through the door of the room."""

import time
from http.client import HTTPConnection, HTTPException

from provisioner.engine import Engine
from provisioner.errors import StationNotReady
from provisioner.network import Room, name_of

_PATIENCE = 90.0


def await_answer(engine: Engine, room: Room, place: int, container: str, *, port: int | None = None) -> None:
    """Wait until the first page of a place is answered; StationNotReady says what was seen last.

    `port` is the examiners' door, when it is the copy that is waited for.
    """
    name, headers = name_of(place), {"Host": room.host_of(place)}
    deadline, seen = time.monotonic() + _PATIENCE, "aucune réponse"
    while time.monotonic() < deadline:
        asked = HTTPConnection("127.0.0.1" if port else room.near, port or room.port_of(place), timeout=10)
        try:
            asked.request("GET", "/", headers=headers)
            answer = asked.getresponse()  # the status is enough: a page may have no end
        except (OSError, HTTPException) as error:
            seen = f"pas de réponse, {type(error).__name__}"
        else:
            if answer.status < 500 and answer.status != 403:
                return
            seen = "le poste démarre encore" if answer.getheader("X-E5B-Wait") else f"erreur {answer.status}"
        finally:
            asked.close()
        time.sleep(0.04)
    if engine.container(container).health == "full":
        raise StationNotReady(
            f"{name} est plein : il a pris toute la place qu'un candidat a sur le disque, et il a été arrêté. "
            f"Le travail est gardé. Lancez « e5b check {name} », puis « e5b reset {name} »."
        )
    last = (engine.logs(container, 3).strip().splitlines() or ["journal vide"])[-1]
    raise StationNotReady(
        f"{name} ne répond pas après {_PATIENCE:.0f} secondes. Lancez « e5b reset {name} » ; si cela se répète, "
        f"« e5b doctor » (détail : {seen} ; son journal : {last[-160:]})."
    )
