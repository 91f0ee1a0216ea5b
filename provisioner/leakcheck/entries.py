"""An entry of the record of refused tries: one line of JSON in the state folder."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from provisioner.core.json_values import Json

#: `refused`: a person's try at another site; `background`: what browsers, systems and sites ask by themselves;
#: `visit`: the first page of a station that a machine opened; `elsewhere`: the same, of another than its own; `busy`:
#: what a machine asked of a station beyond what it may have under way there; `late`: what was sent to a station before
#: the end, or before it was replaced, and came whole after that. The others are contacts of a machine with a station, by
#: any method: see CONTACTS.
What = Literal[
    "refused",
    "background",
    "visit",
    "elsewhere",
    "busy",
    "late",
    "contact",
    "write",
    "signed_in",
    "log_in",
    "slowed",
    "barred",
]
#: What contacts are, as `network log` and reports say it.
CONTACTS: Mapping[What, str] = {
    "contact": "première demande",
    "write": "envoi",
    "signed_in": "connexion",
    "log_in": "essai de connexion",
    "slowed": "essai de connexion trop rapproché, refusé",
    "barred": "refusée, le poste est lié à une autre machine",
}
#: Whose machine asked: the candidate's, another, the station itself, the room's own machine; "" where nothing tells.
Origin = Literal["own", "other", "station", "room", ""]


@dataclass(frozen=True)
class Entry:
    """What was asked, when, from which machine; and at which station, as far as that is known.

    `at` is ISO 8601 in UTC, to the second. `station` and `candidate` are empty where the try can't be attributed:
    `stations` are then all the possible ones. `times` is how often, where tries were counted together. Only visits have
    `opened`, the station; `office`, whether the machine was in its back office; and `page`, which isn't written down.
    Contacts have `opened` too. `sitting` is that of the station that was opened, or else of the one where the try was made.
    """

    at: str
    machine: str
    host: str
    path: str
    agent: str
    what: What
    station: str = ""
    candidate: str = ""
    opened: str = ""
    office: bool = False
    stations: tuple[str, ...] = ()
    times: int | None = None
    page: str = ""
    sitting: str = ""
    origin: Origin = ""

    @property
    def notable(self) -> bool:
        """Whether a person reads it: neither background, nor a candidate's ordinary work from the candidate's machine, nor
        what is done at the station from the room's own machine."""
        ordinary = self.what in ("contact", "write", "signed_in") and self.origin == "own"
        here = self.what in CONTACTS and self.origin == "room"
        return self.what != "background" and not ordinary and not here

    @property
    def count(self) -> int:
        """How many times it was asked."""
        return 1 if self.times is None else self.times

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Entry":
        """The entry of a JSON document; LookupError or TypeError where it is none."""
        return cls(
            at=document["at"],
            machine=document["from"],
            host=document["host"],
            path=document["path"],
            agent=document.get("agent", ""),
            what=document["what"],
            station=document["station"],
            candidate=document["candidate"],
            opened=document.get("opened", ""),
            office=bool(document.get("office")),
            stations=tuple(document.get("stations", ())),
            times=document.get("times"),
            sitting=document.get("sitting", ""),
            origin=document.get("origin", ""),
        )

    def json(self) -> dict[str, Json]:
        """The entry's document, for the record and `--json`."""
        document: dict[str, Json] = {
            "at": self.at,
            "from": self.machine,
            "station": self.station,
            "candidate": self.candidate,
            "host": self.host,
            "path": self.path,
            "agent": self.agent,
            "what": self.what,
        }
        if self.opened:
            document |= {"opened": self.opened, "office": self.office}
        if self.stations:
            document["stations"] = list(self.stations)
        if self.times is not None:
            document["times"] = self.times
        if self.sitting:
            document["sitting"] = self.sitting
        if self.origin:
            document["origin"] = self.origin
        return document


def with_origins(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, each with whose machine asked: a candidate's are those that were the first to sign in at the station.

    The first sign-in may come after the try. A machine that the gateway was told to forget was the candidate's until then.
    """
    listed = list(entries)
    own: dict[str, set[str]] = {}
    for entry in listed:
        if entry.what == "signed_in" and entry.origin == "own" and entry.sitting:
            own.setdefault(entry.sitting, set()).add(entry.machine)

    def origin(entry: Entry) -> Origin:
        known = own.get(entry.sitting)
        if entry.origin in ("station", "room") or known is None:
            return entry.origin
        return "own" if entry.machine in known else "other"

    return [replace(entry, origin=origin(entry)) for entry in listed]
