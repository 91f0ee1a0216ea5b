"""Where the console answers: on the staff's side alone, never where a candidate's machine or a station gets to."""

import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import NamedTuple

from provisioner.core.declaration import Console
from provisioner.core.errors import ConfigurationError, EngineError
from provisioner.host.machine import run
from provisioner.host.settings import Settings
from provisioner.network.room import Room


class Card(NamedTuple):
    """An address of this machine, with its network, and the network card that has it."""

    name: str
    at: IPv4Interface


def cards_of_machine() -> list[Card]:
    """Every IPv4 address of this machine."""
    found = re.findall(
        r"^\d+: (\S+?)(?:@\S+)?\s+inet ([\d.]+/\d+)", run("ip", "-o", "-4", "address").stdout, re.MULTILINE
    )
    return [Card(name, IPv4Interface(at)) for name, at in found]


def refuse_exposed(settings: Settings, room: Room, cards: Sequence[Card]) -> None:
    """Raise where candidates' machines or stations would reach an address of [console] `staff`, or share its cookies."""
    for address in settings.console.staff:
        if why := _why_exposed(IPv4Address(address), settings, room, cards):
            raise ConfigurationError(f"« console.staff » : {address} {why}.")
    if (name := settings.console.name) and _is_of_room(name, room):
        raise ConfigurationError(
            f"« console.name » : {name} est un nom de la salle, auquel répondent les postes des candidats ; donnez-en un autre."
        )


def _why_exposed(address: IPv4Address, settings: Settings, room: Room, cards: Sequence[Card]) -> str:
    if address == IPv4Address("127.0.0.1") or _is_of_room(str(address), room):
        # A browser sends its cookies to all ports of an address: a candidate's site would be given a technician's.
        return (
            "est aussi l'adresse de sites de candidats, à d'autres ports : le navigateur d'un technicien leur donnerait de quoi "
            "se connecter à sa place. Donnez-en une autre ; sur cette machine seule, 127.0.0.5"
        )
    if address.is_loopback:
        return ""
    if address in IPv4Network(settings.subnet):
        return "est une adresse des postes eux-mêmes (« subnet ») : donnez celle de cette machine du côté du personnel"
    if not (own := [card for card in cards if card.at.ip == address]):
        return "n'est pas une adresse de cette machine : « ip address » les montre"
    if IPv4Address(room.listen).is_loopback:  # no machine of a candidate's: the room is on this machine alone
        return ""
    sides = _candidates_sides(settings, room, cards)
    if not sides:
        return (
            "est peut-être du côté des candidats : écrivez dans « host » ou dans « listen » l'adresse IPv4 de cette machine de leur "
            "côté, pour que cela se vérifie"
        )
    if any(card.name == side.name or address in side.at.network for card in own for side in sides):
        return (
            "est du côté des machines des candidats, qui atteindraient la console : donnez l'adresse d'une autre carte réseau, celle "
            "du personnel"
        )
    return ""


def _candidates_sides(settings: Settings, room: Room, cards: Sequence[Card]) -> list[Card]:
    """The cards by which candidates' machines come, as far as the room's settings say."""
    card = settings.network.interface
    return [one for one in cards if card == one.name or str(one.at.ip) in (room.candidates_address, room.listen)]


def _is_of_room(host: str, room: Room) -> bool:
    names = {room.host, *(one.partition(":")[0] for one in room.hosts())}
    return host in names or bool(room.domain and f".{host}".endswith(f".{room.domain}"))


def listening(console: Console, cards: Sequence[Card]) -> list[socket.socket]:
    """A listening socket for each address, which what comes in by another network card doesn't reach.

    Without that, whoever sends to a staff address by way of another card would reach it: Linux takes an address for the
    whole machine's.
    """
    opened = list[socket.socket]()
    try:
        for address in console.staff:
            opened.append(_listening(address, console.port, cards))
    except OSError as error:
        for each in opened:
            each.close()
        raise EngineError(
            f"La console ne peut pas répondre à {address}, port {console.port} ({error.strerror}) : une autre l'y fait peut-être "
            "déjà. Arrêtez-la, ou changez « port » dans [console] de e5b.toml."
        ) from error
    return opened


def _listening(address: str, port: int, cards: Sequence[Card]) -> socket.socket:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if not IPv4Address(address).is_loopback:
            card = next(card.name for card in cards if str(card.at.ip) == address)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, card.encode() + b"\0")
        listener.bind((address, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
