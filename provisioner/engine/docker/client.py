"""Connects to Docker: at DOCKER_HOST, else where the `docker` command of this account would."""

from collections.abc import Mapping
from functools import cached_property
from typing import cast

import docker
import docker.errors

from provisioner.engine.docker.api import Adapter, Api, Version
from provisioner.engine.docker.errors import translated
from provisioner.engine.docker.machine import Machine, machine_of
from provisioner.engine.protocol import LABEL

#: How long the engine may take to answer, in seconds.
_ANSWER = 120
_CONNECTIONS = 64


class Client:
    """A connection to Docker, on which the engine's parts are built. Raises EngineUnavailable."""

    def __init__(self) -> None:
        with translated("Connexion"):
            self._api = connect()

    def ping(self) -> str:
        """See Engine."""
        with translated("Connexion"):
            version: Version = self._api.version()
        return str(version["Version"])

    @cached_property
    def _machine(self) -> Machine:
        """What is known of the engine's machine: asked once, since it stays what it is."""
        with translated("Machine du moteur"):
            return machine_of(self._api.info())


class _TimeLimit:
    """Sends as another adapter does, but never without a time-out."""

    def __init__(self, adapter: Adapter, seconds: float) -> None:
        self._adapter, self._seconds = adapter, seconds

    def send(self, request: object, **options: object) -> object:
        """See Adapter."""
        if options.get("timeout") is None:
            options["timeout"] = self._seconds
        return self._adapter.send(request, **options)

    def close(self) -> None:
        """See Adapter."""
        self._adapter.close()


def connect() -> Api:
    """The library's client. It speaks Docker's API of the engine's own version, whatever that is."""
    try:
        return cast(Api, docker.from_env(timeout=_ANSWER, max_pool_size=_CONNECTIONS).api)
    except ValueError as error:  # DOCKER_HOST names no host, or no port
        raise docker.errors.DockerException(str(error)) from error


def connect_with_limit(seconds: float) -> Api:
    """A client of its own in which no request waits longer than this for its next bytes.

    docker-py sends a pull with `timeout=None`, which waits for ever, whatever the client was given. An adapter, which is
    requests' way of changing how a session sends, puts a time-out there. The `docker pull` command would not do: without
    a terminal it prints nothing while a layer comes, and a slow layer would look like one that has stalled.
    """
    api = connect()
    api.mount(api.base_url, _TimeLimit(api.get_adapter(api.base_url), seconds))
    return api


def label_filters(labels: Mapping[str, str]) -> dict[str, list[str]]:
    """Docker's filter for these labels of e5b's; "*" stands for any value."""
    return {"label": [f"{LABEL}{name}" if value == "*" else f"{LABEL}{name}={value}" for name, value in labels.items()]}
