"""What an archive says of itself, and of whose last state it is."""

from collections.abc import Iterable
from typing import Any

from pydantic import Field

from provisioner.core import clock
from provisioner.core.clock import Clock, ClockEntry
from provisioner.core.documents import Instant, Record
from provisioner.core.model import Conformity, Station
from provisioner.core.records import Candidate, Event, Pristine

FORMAT = 1
#: Why a station was set aside that went on elsewhere, as French says what its archive holds.
_SUPERSEDED = {
    "rewind": "état d'avant un retour",
    "replace": "état d'avant un remplacement",
    "undone": "état d'un échange de postes qui a échoué",
    "recover": "état d'un échange de postes qui a été coupé",
}
#: Keys that stand in the document also where they have no value.
_ALWAYS = ("aside", "candidate", "clock", "events", "pristine", "report")


class Member(Record):
    """A file of the archive, with its size in bytes and its digest."""

    name: str
    bytes: int
    sha256: str


class Layer(Record):
    """What the station's layer holds: entries, files with a digest, and the paths that are gone, escaped."""

    entries: int
    files: int
    gone: tuple[str, ...]


class Manifest(Record):
    """The document `manifest.json` of an archive.

    `taken_at` is the moment of the state that it holds, `sealed_at` of its writing; `aside` is why the station had been
    set aside; `report` is the page of the last examination in the archive.
    """

    format: int = FORMAT
    room: str
    station: str
    place: int
    subject: str
    stack: str
    address: str
    golden: str
    built_at: Instant
    conforming: bool
    differs: tuple[str, ...]
    versions: dict[str, str]
    rehearsal: bool = False
    taken_at: Instant
    sealed_at: Instant
    snapshot: str = ""
    aside: str | None = None
    candidate: Candidate | None = None
    clock: tuple[ClockEntry, ...] | None = None
    events: tuple[Event, ...] | None = None
    pristine: Pristine | None = None
    report: str | None = None
    layer: Layer | None = None
    files: tuple[Member, ...] = Field(default=())

    def document(self) -> dict[str, Any]:
        """It in JSON."""
        always = {"format": self.format, "rehearsal": self.rehearsal, **dict.fromkeys(_ALWAYS)}
        return {**always, **super().document()}

    @property
    def running(self) -> Clock | None:
        """The candidate's time; None where he had not started."""
        return clock.read(self.clock or ())

    @property
    def early(self) -> bool:
        """Whether it was taken while its candidate had time left."""
        return self.running is not None and not self.running.over(self.taken_at)

    @property
    def last(self) -> bool:
        """Whether it is of a candidate's last state: his time was over, or the station was replaced for the next one."""
        return self.aside == "reset" or (self.aside is None and self.running is not None and not self.early)

    @property
    def why_not_last(self) -> str:
        """Why it isn't of a candidate's last state, in French; empty where it is, or where nobody had started."""
        if self.aside is None and self.early:
            return "avant la fin : ce n'est pas le dernier état"
        return _SUPERSEDED.get(self.aside or "", "")

    def as_station(self) -> Station:
        """The station of which it tells; it has no container."""
        return Station(
            name=self.station,
            place=self.place,
            room=self.room,
            stack=self.stack,
            subject=self.subject,
            address=self.address,
            golden=self.golden,
            container="",
            state="archivé",
            conformity=Conformity(self.differs),
            built_at=self.built_at,
            versions=self.versions,
        )


def unexamined(archives: Iterable[tuple[str, Manifest, bool]]) -> set[str]:
    """The names of those that wait for an examination, by each archive's name, manifest and whether it was examined.

    It is each candidate's last one, or his newest where none is the last: what was found in an earlier state is not of
    what he left.
    """
    newest: dict[tuple[str, bool, str], tuple[tuple[bool, Instant], str, bool]] = {}
    for name, manifest, examined in archives:
        if manifest.candidate:
            whose = (manifest.room, manifest.rehearsal, manifest.candidate.key)
            found = ((manifest.last, manifest.sealed_at), name, examined)
            newest[whose] = max(newest.get(whose, found), found)
    return {name for _, name, examined in newest.values() if not examined}
