"""An entry of the record of refused tries: one line of JSON in the state folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from provisioner.core.json_values import Json

#: `refused`: a person's try at another site; `background`: what browsers, systems and sites ask by themselves;
#: `visit`: the first page of a station that a machine opened; `elsewhere`: the same, of another than its own; `busy`:
#: what a machine asked of a station beyond what it may have under way there; `late`: what was sent to a station before
#: the end, or before it was replaced, and came whole after that.
What = Literal["refused", "background", "visit", "elsewhere", "busy", "late"]


@dataclass(frozen=True)
class Entry:
    """What was asked, when, from which machine; and at which station, as far as that is known.

    `at` is ISO 8601 in UTC, to the second. `station` and `candidate` are empty where the try can't be attributed:
    `stations` are then all the possible ones. `times` is how often, where tries were counted together. Only visits have
    `opened`, the station; `office`, whether the machine was in its back office; and `page`, which isn't written down.
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
        return document
