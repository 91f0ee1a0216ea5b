"""The tries at other sites that were refused in a candidate's time, as his archive has them."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from provisioner.archive.archives import tries_of
from provisioner.console.keeping import Kept
from provisioner.core.errors import EvidenceLost, Refusal
from provisioner.host.disk import disk_in_french
from provisioner.leakcheck.log_lines import utc

#: How many lines of each kind are shown, and how many signs of what stands in one.
_MOST, _LONGEST = 500, 200
#: Whose machine asked.
_OF = {
    "own": "la machine du candidat",
    "other": "une autre machine",
    "station": "le site lui-même",
    "room": "la machine de la salle",
}


@dataclass(frozen=True)
class KeptTry:
    """A try: when, in the centre's zone, what was asked for, from where, how often; None for a time that can't be read."""

    at: datetime | None
    what: str
    machine: str
    times: int = 1


@dataclass(frozen=True)
class KeptTries:
    """The tries of a candidate. `shared`: they may be another's too. `more`: how many lines are left out.

    `contacts`: what other machines asked of his station. `incomplete`: why some may be missing, in French; `unseen`: the
    room's wiring doesn't show what the gateway doesn't carry.
    """

    tries: tuple[KeptTry, ...] = ()
    shared: tuple[KeptTry, ...] = ()
    contacts: tuple[KeptTry, ...] = ()
    background: int = 0
    incomplete: str = ""
    unseen: bool = False
    more: int = 0

    @property
    def count(self) -> int:
        """How many tries there were."""
        return sum(one.times for one in self.tries)


def kept_tries(kept: Kept, zone: tzinfo) -> KeptTries:
    """What an archive says of its candidate's tries; a Refusal where it is encrypted, ArchiveSpoilt where it isn't whole."""
    if kept.encrypted:
        raise Refusal(
            "Cette archive est chiffrée : les refus de réseau qu’elle contient ne se lisent qu’avec la clé du centre."
        )
    with disk_in_french(kept.listed.path, EvidenceLost):
        document = tries_of(kept.listed.path)
    lists = {name: _lines(document, name) for name in ("tries", "shared", "contacts")}
    tries, shared, contacts = (tuple(_try(line, zone) for line in lines[:_MOST]) for lines in lists.values())
    background = document.get("background")
    return KeptTries(
        tries,
        shared,
        contacts,
        background=background if isinstance(background, int) else 0,
        incomplete=_text(document, "incomplete"),
        unseen=document.get("unseen") is True,
        more=sum(max(0, len(lines) - _MOST) for lines in lists.values()),
    )


def _lines(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of a list of the document: whoever made the archive could write anything there."""
    found = document.get(name)
    return [line for line in found if isinstance(line, dict)] if isinstance(found, list) else []


def _try(line: Mapping[str, Any], zone: tzinfo) -> KeptTry:
    at = None
    with suppress(ValueError, OverflowError):
        at = utc(_text(line, "at")).astimezone(zone)
    times = line.get("times")
    what = " ".join(filter(None, (_text(line, "what"), f"{_text(line, 'host')}{_text(line, 'path')}")))
    origin = _OF.get(_text(line, "origin"), "une machine")
    stations = " ou ".join(_names(line))
    machine = ", ".join(filter(None, (origin, _text(line, "from"), stations)))
    return KeptTry(at, what, machine, times if isinstance(times, int) and 0 < times < 10**9 else 1)


def _names(line: Mapping[str, Any]) -> Iterator[str]:
    """The stations at which a try may have been made."""
    found = line.get("stations")
    for name in found[:20] if isinstance(found, list) else ():
        if isinstance(name, str):
            yield name[:_LONGEST]


def _text(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    return value[:_LONGEST] if isinstance(value, str) else ""
