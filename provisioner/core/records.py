"""What is kept of candidates and their stations: the record of a station, and the room's list."""

from enum import StrEnum

from pydantic import Field

from provisioner.core.clock import Clock, ClockEntry, read
from provisioner.core.documents import Instant, Record


class Candidate(Record):
    """A candidate, as the record of his station names him; `at` is when he is expected."""

    key: str
    number: str
    name: str
    first_name: str
    commission: str
    at: Instant


class Event(Record):
    """Something in a sitting that the jury has to know of; `minutes` were given, `to` is the snapshot's time."""

    at: Instant
    what: str
    why: str = ""
    minutes: int | None = None
    to: Instant | None = None


class Aside(Record):
    """Since when a replaced station waits for its archive, and which command replaced it."""

    at: Instant
    why: str


class Archived(Record):
    """The last archive of a station: `booted` is when the machine started, in seconds; `reports` how many there were."""

    taken_at: Instant
    file: str = ""
    sha256: str = ""
    booted: float = 0.0
    reports: int = 0


class Pristine(Record):
    """How a station was proven pristine: `by` "construction" or "comparison", of which golden image, and when."""

    by: str
    golden: str = ""
    created: str = ""
    at: str = ""


class Spare(Record):
    """A spare's proof; without `proven_at` the comparison hasn't ended."""

    golden: str = ""
    proven_at: str = ""


class Reading(StrEnum):
    """What was found where a record is kept."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    RECORD = "record"


class SittingRecord(Record):
    """What is kept of a station's container: its credentials, its proof, its candidate's sitting.

    `reading` says what was found: where nothing was, or nothing that can be read, all values are the defaults. `lost`:
    what was noted before this record can't be read any more.
    """

    reading: Reading = Field(default=Reading.RECORD, exclude=True)
    user: str | None = None
    password: str | None = Field(default=None, repr=False)
    station: str = ""
    pristine: Pristine | None = None
    practice: bool = False
    labels: dict[str, str] = Field(default_factory=dict)
    spare: Spare | None = None
    candidate: Candidate | None = None
    clock: tuple[ClockEntry, ...] = ()
    sitting: str = ""
    events: tuple[Event, ...] = ()
    passed: tuple[int, ...] = ()
    reports: tuple[str, ...] = ()
    examined_at: Instant | None = None
    aside: Aside | None = None
    archived: Archived | None = None
    next_at: Instant | None = None
    lost: bool = False

    @property
    def running(self) -> Clock | None:
        """The candidate's time; None before he started."""
        return read(self.clock)

    @property
    def unknown(self) -> bool:
        """Whether it can't tell what happened at the station: it is missing, or what was noted before is lost."""
        return self.lost or self.reading is not Reading.RECORD


MISSING = SittingRecord(reading=Reading.MISSING)
UNREADABLE = SittingRecord(reading=Reading.UNREADABLE, lost=True)


class Examined(Record):
    """An examination of an archive: the archive's file name, and the folder of the report."""

    archive: str
    report: str


class ArchivedSitting(Record):
    """What a list keeps of a sitting whose archive may be encrypted; the values are those of the archive's manifest."""

    candidate: Candidate | None = None
    clock: tuple[ClockEntry, ...] | None = None
    events: tuple[Event, ...] | None = None
    differs: tuple[str, ...] | None = None
    reports: tuple[str, ...] = ()


class RosterEntry(Record):
    """A candidate of the list that is kept: who, where, when, and what he signs in with.

    Who began while no list could be read may have no credentials. `archived` is the file name of his archive.
    """

    key: str
    number: str
    name: str
    first_name: str
    commission: str
    subject: str
    place: int
    at: Instant
    station: str = ""
    stack: str = ""
    user: str | None = None
    password: str | None = Field(default=None, repr=False)
    archived: str = ""
    kept: ArchivedSitting | None = None
    examined: Examined | None = None

    def candidate(self) -> Candidate:
        """Who he is, for the record of his station."""
        return Candidate(
            key=self.key,
            number=self.number,
            name=self.name,
            first_name=self.first_name,
            commission=self.commission,
            at=self.at,
        )


class UnfinishedMoves(Record):
    """Sittings whose printed documents still have to follow the list, by their stems: see `exam.room_documents`.

    The documents of those of `another` have to be put aside, those of `returning` to be brought back.
    """

    another: tuple[str, ...] = ()
    returning: tuple[str, ...] = ()


class RosterRecord(Record):
    """The room's list of candidates, as it is kept; `dropped` may come back with another list.

    `unfinished` is there from when the list is kept until the printed documents have followed it.
    """

    file: str = ""
    read_at: str = ""
    warnings: tuple[str, ...] = ()
    entries: tuple[RosterEntry, ...] = ()
    dropped: tuple[RosterEntry, ...] = ()
    unfinished: UnfinishedMoves | None = None
