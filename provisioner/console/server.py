"""Runs the console until it is stopped."""

import logging
import ssl
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from provisioner.console.addresses import Card, cards_of_machine, listening, refuse_exposed
from provisioner.console.app import console
from provisioner.console.connection import Connection
from provisioner.console.services import Services
from provisioner.core.declaration import Console
from provisioner.core.errors import ConfigurationError
from provisioner.host.disk import in_french
from provisioner.host.settings import Settings
from provisioner.network.room import Room
from provisioner.station.centre import Centre

#: How long open pages may take to end when the console stops, in seconds.
_LAST_WORDS = 2
#: How many requests may be under way: ten screens have one stream each, and ask little beside it.
_AT_ONCE = 200


class Server:
    """The console behind its addresses, where browsers can connect from when it is made; they are answered by `run`."""

    def __init__(self, services: Services, settings: Settings, room: Room) -> None:
        """ConfigurationError where candidates would reach it or its certificate can't be used; EngineError: port taken."""
        self._declared, self._cards = settings.console, cards_of_machine()
        declared, cards = self._declared, self._cards
        tls = refuse_unusable(settings, room, cards)
        self._listeners = listening(declared, cards)
        #: Why it stopped by itself, in French; else empty.
        self._exposed = ""
        services.room.on_opened = self._look_again
        logging.getLogger("uvicorn").addHandler(
            logging.NullHandler()
        )  # else its English would be printed as a last resort
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                console(services, declared.hosts),
                log_config=None,
                access_log=False,
                # It would believe what any program of this machine says of a request's address and scheme.
                proxy_headers=False,
                server_header=False,
                http=Connection,
                ws="none",
                lifespan="off",
                limit_concurrency=_AT_ONCE,
                timeout_graceful_shutdown=_LAST_WORDS,
                ssl_context_factory=(lambda *_: tls) if tls else None,
            )
        )

    def run(self) -> None:
        """Answer browsers until a signal or `stop` comes; a signal is raised again once all open pages have ended.

        ConfigurationError: candidates would have reached it by now, so it has stopped.
        """
        try:
            self._uvicorn.run(self._listeners)
        finally:
            for listener in self._listeners:
                listener.close()
        if self._exposed:
            raise ConfigurationError(self._exposed)

    def stop(self) -> None:
        """Have `run` end soon."""
        self._uvicorn.should_exit = True

    def _look_again(self, centre: Centre) -> None:
        """Stop where candidates would reach the console, now that the room was opened in another way than before.

        What the settings say of the console itself counts at its next start. An address that is gone counts as it was: a
        cable that was pulled lets nobody in.
        """
        now = cards_of_machine()
        there = {card.at.ip for card in now}
        self._cards = [*now, *(card for card in self._cards if card.at.ip not in there)]
        try:
            _refuse_exposed(centre.settings.model_copy(update={"console": self._declared}), centre.room, self._cards)
        except ConfigurationError as error:
            self._exposed = f"La console s'est arrêtée. {error}"
            self.stop()


def refuse_unusable(settings: Settings, room: Room, cards: Sequence[Card]) -> ssl.SSLContext | None:
    """By which certificate the console answers as it is declared; None on plain HTTP.

    ConfigurationError where candidates would reach it, or its certificate can't be used.
    """
    _refuse_exposed(settings, room, cards)
    return _tls(settings.console)


def _refuse_exposed(settings: Settings, room: Room, cards: Sequence[Card]) -> None:
    for one in (room, Room.declared(room.name, settings)):  # as it runs, and as it will be opened next
        refuse_exposed(settings, one, cards)


def _tls(declared: Console) -> ssl.SSLContext | None:
    if not declared.certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        for file in (declared.certificate, declared.key):  # whose errors, unlike the next ones, name the file
            Path(file).read_bytes()
        context.load_cert_chain(declared.certificate, declared.key, password=lambda: b"")
    except ssl.SSLError as error:
        raise ConfigurationError(
            f"« console.certificate » : {declared.certificate} et {declared.key} ne vont pas ensemble, ou ne sont pas au format PEM "
            "(le certificat et ses intermédiaires ; une clé sans mot de passe)."
        ) from error
    except OSError as error:
        path = Path(error.filename or declared.certificate)
        raise ConfigurationError(f"« console.certificate » : {in_french(error, path)}") from error
    return context
