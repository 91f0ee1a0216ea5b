"""Rooms whose stations answer in https, for tests."""

import ssl
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from provisioner.core.declaration import Network, Wiring
from provisioner.network.certificates import authority_of
from provisioner.network.room import Room
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import down


@contextmanager
def secured(centre: Centre, domain: str = "", *, tls: bool = True, wiring: Wiring = "") -> Iterator[Centre]:
    """The same centre with a room whose stations answer in https; without `tls`, one that is the same otherwise."""
    room = Room.on_free_ports(f"{centre.room.name}-s", 2, domain, tls=tls)
    network = Network(domain=domain, port=room.names_port, dns_port=0, tls=tls, tls_port=room.tls_port, wiring=wiring)
    settings = centre.settings.model_copy(update={"network": network})
    authority = authority_of(room, settings, centre.state.folder)
    made = replace(centre, settings=settings, room=replace(room, authority=authority))
    try:
        yield made
    finally:
        down(made, discard="fin d'un essai")


def trusting(authority: str) -> ssl.SSLContext:
    """TLS of a machine that trusts this authority alone, by the strictest reading of the standard."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_verify_locations(cadata=b64decode(authority))
    return context
