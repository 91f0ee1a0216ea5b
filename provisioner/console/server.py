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
from provisioner.core.errors import ConfigurationError, EvidenceLost
from provisioner.host.disk import disk_in_french, in_french, write_whole
from provisioner.host.settings import Settings
from provisioner.network.certificates import authority_pem, console_certificate
from provisioner.network.room import Room
from provisioner.station.centre import Centre

#: How long open pages may take to end when the console stops, in seconds.
_LAST_WORDS = 2
#: How many requests may be under way: ten screens have one stream each, and ask little beside it.
_AT_ONCE = 200


class Server:
    """The console behind its addresses, where browsers can connect from when it is made; they are answered by `run`."""

    def __init__(self, services: Services, settings: Settings, room: Room, folder: Path) -> None:
        """`folder`: of the state, where its own authority is. ConfigurationError where candidates would reach it or its certificate can't be used; EngineError: port taken."""
        self._declared, self._cards = settings.console, cards_of_machine()
        declared, cards = self._declared, self._cards
        refuse_unusable(settings, room, cards)
        tls = _tls(declared, folder)
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


def refuse_unusable(settings: Settings, room: Room, cards: Sequence[Card]) -> None:
    """ConfigurationError where candidates would reach the console as it is declared, or its certificate can't be used."""
    _refuse_exposed(settings, room, cards)
    if settings.console.certificate:
        _show_the_centres(ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), settings.console)


def _refuse_exposed(settings: Settings, room: Room, cards: Sequence[Card]) -> None:
    for one in (room, Room.declared(room.name, settings)):  # as it runs, and as it will be opened next
        refuse_exposed(settings, one, cards)


def authority_file(folder: Path) -> Path:
    """The certificate of the console's own authority in a state folder, for the staff's machines to install."""
    return folder / "tls" / "console" / "autorite.crt"


def _tls(declared: Console, folder: Path) -> ssl.SSLContext | None:
    if not (declared.certificate or declared.tls):
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    if declared.certificate:
        _show_the_centres(context, declared)
    else:
        _show_own(context, declared, folder)
    return context


def _show_own(context: ssl.SSLContext, declared: Console, folder: Path) -> None:
    """Show a certificate of the console's own authority, whose certificate is written beside it."""
    shown = console_certificate(declared.hosts, folder)
    path = authority_file(folder)
    pair = path.with_name("console.pem")
    with disk_in_french(path.parent, EvidenceLost):
        write_whole(path, authority_pem(shown.authority), mode=0o644)
        write_whole(pair, shown.key + shown.chain, mode=0o600)
        context.load_cert_chain(pair)


def _show_the_centres(context: ssl.SSLContext, declared: Console) -> None:
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
