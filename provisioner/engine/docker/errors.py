"""Translates the library's errors into e5b's own: French first, Docker's words as the detail.

Docker's status codes and the library's classes say most: not found (404), a removal that is under way (409), a network
that is still in use (403). Wording is for what they don't say.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

import docker.errors
import requests.exceptions
import urllib3.exceptions

from provisioner.core.errors import AddressesTaken, EngineError, EngineUnavailable, Gone, PortTaken

#: The engine sends nothing more, before an answer begins or after.
SILENCE = (requests.exceptions.Timeout, urllib3.exceptions.ReadTimeoutError)
#: The engine gives no answer, or not the whole of it.
NO_ANSWER = (
    docker.errors.DockerException,
    requests.exceptions.RequestException,
    urllib3.exceptions.HTTPError,
    OSError,
)


class Wording(Enum):
    """Refusals that only Docker's English words tell apart. The `docker` command shows the same words, and no more.

    The statuses are those of moby 20.10 to 29, where these words are the same.
    """

    #: Status 500, as for any failed start. Only these words hold the port's number.
    PORT_TAKEN = ("port is already allocated", "address already in use")
    #: Status 403, as for a bridge's name that is taken. A list of the networks does not tell: while another command
    #: creates its network, the addresses are taken and the network is not listed yet.
    ADDRESSES_TAKEN = ("Pool overlaps",)
    #: Status 500, as for any failed write; the disk may be another machine's, and have room again a moment later.
    DISK_FULL = ("no space left on device",)
    #: Status 403, as for an address that another container has.
    OLD_ENDPOINT = ("endpoint with name",)
    #: Status 500, as for any failed update. The container's state does not tell: it is "running" until its process has
    #: ended, though its removal has begun.
    BEING_REMOVED = ("marked for removal",)
    #: Status 500, as for any failed disconnection. The container's networks do not tell: a container that restarts is
    #: in none at that moment, and all of them are still listed.
    NOT_CONNECTED = ("is not connected",)

    def explains(self, error: docker.errors.APIError) -> bool:
        """Whether Docker's answer has one of these words."""
        text = text_of(error)
        return any(words in text for words in self.value)


#: On a busy machine, Docker's own process in the container sometimes dies before it becomes the command. Docker writes
#: this where the command would write, and gives status 126, as for a command that can't be run.
NOT_BEGUN = re.compile(rb"OCI runtime exec failed: .*\binit-p: ")


class _SinkFailed(Exception):
    """What a caller does with the data failed: no error of the engine's."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error


def write_to(sink: Callable[[bytes], object], data: bytes) -> None:
    """Call `sink` such that its OSError leaves `translated` as it is."""
    try:
        sink(data)
    except OSError as error:
        raise _SinkFailed(error) from error


@contextmanager
def translated(action: str) -> Iterator[None]:
    """Raise EngineError, or one of its kinds, for the library's errors; `action` begins the French sentence."""
    try:
        yield
    except _SinkFailed as failed:
        raise failed.error from None
    except docker.errors.NotFound as error:
        raise Gone(
            f"{action} : le moteur Docker ne le trouve plus, une autre commande l'a peut-être retiré. "
            f"Recommencez (détail : {error.explanation})."
        ) from error
    except docker.errors.APIError as error:
        raise _refusal(action, error) from error
    except NO_ANSWER as error:
        raise _unavailable(action, error) from error


def text_of(error: docker.errors.APIError) -> str:
    """Docker's own words."""
    return str(error.explanation or error)


def attempts(seconds: float = 30, pause: float = 0.1) -> Iterator[bool]:
    """One turn for each attempt, so many seconds between them; True for the last."""
    for left in reversed(range(round(seconds / pause))):
        yield left == 0
        time.sleep(pause)


def _refusal(action: str, error: docker.errors.APIError) -> EngineError:
    text = text_of(error)
    if Wording.PORT_TAKEN.explains(error):
        port = _port(text)
        taken = PortTaken(
            f"Le port {port or 'demandé'} est déjà pris par un autre programme de cette machine. Arrêtez-le : "
            "« sudo ss -lntup » dit lequel c'est."
        )
        taken.port = port
        return taken
    if Wording.ADDRESSES_TAKEN.explains(error):
        return AddressesTaken(f"{action} : un autre réseau de Docker a déjà ces adresses. Recommencez.")
    if Wording.DISK_FULL.explains(error):
        return EngineError(
            f"{action} : le disque de Docker est plein. Libérez de la place, puis recommencez ; jamais par « docker system "
            "prune », qui efface les postes arrêtés dont le travail attend son archive."
        )
    return EngineError(
        f"{action} : le moteur Docker a refusé. Recommencez ; si cela se répète, lancez « e5b doctor » (détail : {text})."
    )


def _unavailable(action: str, error: Exception) -> EngineUnavailable:
    host = os.environ.get("DOCKER_HOST")
    if not host and any(isinstance(cause, PermissionError) for cause in _causes(error)):
        return EngineUnavailable(
            f"{action} : ce compte n'a pas encore le droit de parler au moteur Docker. Lancez « e5b doctor », qui dit "
            "comment l'avoir."
        )
    remedy = (
        f"Corrigez ou retirez DOCKER_HOST ({host})." if host else "Lancez « e5b doctor --fix », ou démarrez Docker."
    )
    return EngineUnavailable(f"{action} : le moteur Docker ne répond pas. {remedy}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _port(text: str) -> int:
    found = re.search(r":(\d+)(?:/(?:tcp|udp))?(?:[: ]|$)", text)
    return int(found[1]) if found else 0
