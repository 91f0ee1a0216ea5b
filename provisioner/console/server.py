"""Runs the console until it is stopped."""

import logging
import ssl
from collections.abc import Callable
from pathlib import Path

import uvicorn

from provisioner.console.addresses import cards_of_machine, listening, refuse_exposed
from provisioner.console.app import console
from provisioner.console.services import Services
from provisioner.core.declaration import Console
from provisioner.core.errors import ConfigurationError
from provisioner.host.disk import in_french

#: How long open pages may take to end when the console stops, in seconds.
_LAST_WORDS = 2
#: How many requests may be under way: ten screens have one stream each, and ask little beside it.
_AT_ONCE = 200


def serve(services: Services, started: Callable[[], None]) -> None:
    """Answer browsers until a signal comes. `started` is called once they can connect.

    ConfigurationError where candidates would reach it or its certificate can't be used; EngineError where its port is
    taken.
    """
    centre = services.centre()
    declared, cards = centre.settings.console, cards_of_machine()
    refuse_exposed(centre.settings, centre.room, cards)
    tls = _tls(declared)
    listeners = listening(declared, cards)
    logging.getLogger("uvicorn").addHandler(logging.NullHandler())  # else the last resort would print its English
    server = uvicorn.Server(
        uvicorn.Config(
            console(services, declared.hosts),
            log_config=None,
            access_log=False,
            # It would believe what any program of this machine says of a request's address and scheme.
            proxy_headers=False,
            server_header=False,
            http="h11",
            ws="none",
            lifespan="off",
            limit_concurrency=_AT_ONCE,
            timeout_graceful_shutdown=_LAST_WORDS,
            ssl_context_factory=(lambda *_: tls) if tls else None,
        )
    )
    started()
    try:
        server.run(listeners)
    finally:
        for listener in listeners:
            listener.close()


def _tls(declared: Console) -> ssl.SSLContext | None:
    if not declared.certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(declared.certificate, declared.key, password=lambda: b"")
    except ssl.SSLError as error:
        raise ConfigurationError(
            f"« console.certificate » : {declared.certificate} et {declared.key} ne vont pas ensemble, ou ne sont pas au format PEM "
            "(le certificat et ses intermédiaires ; une clé sans mot de passe)."
        ) from error
    except OSError as error:
        raise ConfigurationError(f"« console.certificate » : {in_french(error, Path(declared.certificate))}") from error
    return context
