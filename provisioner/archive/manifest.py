"""The manifest of an archive: its contents, the sitting, and whether it has the candidate's last state."""

from collections.abc import Iterable
from typing import Any

from pydantic import Field

from provisioner.core import clock
from provisioner.core.clock import Clock, ClockEntry
from provisioner.core.documents import Instant, Record
from provisioner.core.model import Conformity, Station
from provisioner.core.records import Candidate, Event, Pristine

#: The format that is written: its archives are signed, and their manifest says how they are named.
FORMAT = 2
#: What earlier versions wrote: their archives aren't signed.
UNSIGNED_FORMAT = 1
#: What an archive holds, in French, by why its station was set aside while the candidate went on elsewhere.
_SUPERSEDED = {
    "rewind": "état d'avant un retour",
    "replace": "état d'avant un remplacement",
    "undone": "état d'un échange de postes qui a échoué",
    "recover": "état d'un échange de postes qui a été coupé",
}
#: What names something: it becomes a part of a path, an address or a label.
_ID = r"^[0-9A-Za-z][0-9A-Za-z_.-]*$"
#: Keys that the document has even without a value.
_ALWAYS = ("aside", "candidate", "clock", "events", "pristine", "report")


class Member(Record):
    """A file of the archive, with its size in bytes and its digest."""

    name: str
    bytes: int
    sha256: str


class Layer(Record):
    """The contents of the station's layer: how many entries and files with a digest, and the removed paths, escaped.

    `unpacked` is its tar's size in bytes; None in archives of earlier versions.
    """

    entries: int
    files: int
    gone: tuple[str, ...]
    unpacked: int | None = None


class Manifest(Record):
    """The document `manifest.json` of an archive.

    `name` is the archive's file name, without what encryption adds; empty in archives of earlier versions. `taken_at` is
    the time of the state in it, `sealed_at` the time when it was written; `aside` is why the station had been set
    aside; `report` is the path in the archive of the last examination's page; `stripped` are the files of the layer from
    which the station's password was taken out.
    """

    format: int = FORMAT
    name: str = ""
    room: str = Field(pattern=_ID)
    station: str = Field(pattern=_ID)
    place: int
    subject: str = Field(pattern=_ID)
    stack: str = Field(pattern=_ID)
    address: str = Field(pattern=r"^(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?)?$")
    golden: str = Field(pattern=r"^sha256:[0-9A-Za-z-]+$")
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
    stripped: tuple[str, ...] = ()
    files: tuple[Member, ...] = Field(default=())

    def document(self) -> dict[str, Any]:
        """The manifest in JSON."""
        always = {"format": self.format, "rehearsal": self.rehearsal, **dict.fromkeys(_ALWAYS)}
        return {**always, **super().document()}

    @property
    def running(self) -> Clock | None:
        """The candidate's clock; None where the candidate had not started."""
        return clock.read(self.clock or ())

    @property
    def early(self) -> bool:
        """Whether it was taken while its candidate had time left."""
        return self.running is not None and not self.running.over(self.taken_at)

    @property
    def last(self) -> bool:
        """Whether it has a candidate's last state: the time was over, or the station was reset for the next candidate."""
        return self.aside == "reset" or (self.aside is None and self.running is not None and not self.early)

    @property
    def why_not_last(self) -> str:
        """Why it hasn't a candidate's last state, in French; empty where it has, or where nobody had started."""
        if self.aside is None and self.early:
            return "avant la fin : ce n'est pas le dernier état"
        return _SUPERSEDED.get(self.aside or "", "")

    def as_station(self) -> Station:
        """The station that was archived; its `container` is empty."""
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


def last_of_each(archives: Iterable[tuple[str, Manifest, bool]]) -> set[str]:
    """The names of the archives that count for an examination, among (name, manifest, whether a known key signed it).

    That is each candidate's last archive, or the newest where none is the last: an examination of an earlier state doesn't
    cover the final work. One that a known key signed comes before any other, which might be a changed copy of it.
    """
    newest: dict[tuple[str, bool, str], tuple[tuple[bool, bool, Instant], str]] = {}
    for name, manifest, known in archives:
        if manifest.candidate:
            sitting = (manifest.room, manifest.rehearsal, manifest.candidate.key)
            candidate_archive = ((known, manifest.last, manifest.sealed_at), name)
            newest[sitting] = max(newest.get(sitting, candidate_archive), candidate_archive)
    return {name for _, name in newest.values()}
