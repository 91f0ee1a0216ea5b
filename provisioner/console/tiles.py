"""What one place of the room shows: the state of its station, and the one line that matters most now.

Made of what was seen at one time, without I/O. All words are those that a technician reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from provisioner.console.hours import day_and_hour, duration, hour
from provisioner.console.tries import Tries
from provisioner.core.clock import Clock
from provisioner.core.model import Station
from provisioner.core.records import Candidate, RosterEntry, SittingRecord
from provisioner.french.text import without_deceit
from provisioner.host.editions import stack_if_known
from provisioner.network.gateway import LastWork
from provisioner.station import sittings

#: How long before the end a tile says so.
_LAST_MINUTES = timedelta(minutes=5)
#: How long nothing may have been saved before a tile says so.
_UNSAVED = timedelta(minutes=10)
#: How long after his hour a candidate counts as absent, where others of the same hour have begun.
_LATE = timedelta(minutes=10)


class State(StrEnum):
    """How far a station is."""

    READY = "prêt"
    WORKING = "au travail"
    LAST_MINUTES = "5 minutes"
    OVER = "terminé"
    EXAMINED = "examiné"
    ARCHIVED = "archivé"
    ABSENT = "absent"
    BROKEN = "en panne"
    UNREAD = "non lu"

    @property
    def working(self) -> bool:
        """Whether a candidate's time runs there."""
        return self in (State.WORKING, State.LAST_MINUTES)


class Severity(IntEnum):
    """What matters more has the higher number; the first is nobody's worry."""

    QUIET = 0
    ABSENT = 1
    NOT_SAVED = 2
    NO_SNAPSHOT = 3
    REFUSED = 4
    STRANGER = 5
    FULL = 6
    BROKEN = 7
    UNREAD = 8


@dataclass(frozen=True)
class Tile:
    """A place of the room, as it was seen. `left` is in seconds, and counts for no change of the tile.

    `end`: when the candidate's time ends, or ended; `extra`: how many minutes he was given; `expected`: his hour;
    `saved`: when he last saved something, as far as is known; `snapshot`: when the last was taken; `refused`: how often another site was asked for.
    """

    station: str
    place: int
    candidate: str = ""
    number: str = ""
    subject: str = ""
    state: State = State.READY
    left: int | None = field(default=None, compare=False)
    end: datetime | None = None
    started: datetime | None = None
    extra: int = 0
    line: str = ""
    severity: Severity = Severity.QUIET
    address: str = ""
    commission: str = ""
    expected: datetime | None = None
    saved: datetime | None = None
    snapshot: datetime | None = None
    refused: int = 0
    examined: bool = False
    archived: bool = False
    container: str = ""

    @property
    def tone(self) -> str:
        """Which of the three tones it has: "quiet", "amber" or "bad"."""
        return "bad" if self.severity >= Severity.FULL else "amber" if self.severity else "quiet"

    @property
    def left_in_words(self) -> str:
        """The time that was left when it was seen; empty where none runs."""
        return "" if self.left is None else duration(self.left)

    @property
    def on_plan(self) -> str:
        """What the plan has room for, of the state and the line: the one that tells the other."""
        told_by_state = self.state in (State.ABSENT, State.EXAMINED) or (self.state is State.ARCHIVED and self.examined)
        return str(self.state) if told_by_state else self.line

    @property
    def short_subject(self) -> str:
        """The subject as the plan has room for it: of a word with several capitals, these."""
        capitals = ["".join(letter for letter in word if letter.isupper()) for word in self.subject.split()]
        return " ".join(
            short if len(short) > 1 else word for word, short in zip(self.subject.split(), capitals, strict=True)
        )

    @property
    def details(self) -> str:
        """What else there is to say of the candidate's work than the line says."""
        said = [
            f"enregistré {hour(self.saved, self.saved.tzinfo)}" if self.saved else "",
            f"cliché {hour(self.snapshot, self.snapshot.tzinfo)}" if self.snapshot else "",
            f"{self.refused} refus" if self.refused else "",
            "examiné" if self.examined else "",
            "archivé" if self.archived else "",
        ]
        return ", ".join(text for text in said if text and text not in (self.line, str(self.state)))

    @property
    def seconds(self) -> int:
        """How long the candidate's whole time is, in seconds; 0 where he has none."""
        return int((self.end - self.started).total_seconds()) if self.end and self.started else 0


@dataclass(frozen=True)
class Seen:
    """What was seen of a station at one time. `listed`: the room has a list; `paused`: for longer than a snapshot takes.

    `work`: when somebody last signed in and saved at that place; `began`: whether somebody who was expected at the same hour has begun. `snapshot_minutes`: how often one is due.
    """

    station: Station
    record: SittingRecord
    at: datetime
    listed: bool = False
    began: bool = False
    paused: bool = False
    work: LastWork = field(default_factory=LastWork)
    snapshot: datetime | None = None
    snapshot_minutes: int = 5
    tries: Tries = field(default_factory=Tries)


def subject_in_words(station_stack: str, subject: str) -> str:
    """A subject as a tile names it: the title of its CMS and the letter, where its id is made of these.

    >>> subject_in_words("an-edition-that-is-gone", "some-subject")
    'some-subject'
    """
    stack = stack_if_known(station_stack)
    letter = subject.removeprefix(f"{stack.cms}-") if stack else ""
    return f"{stack.title.split()[0]} {letter.upper()}" if stack and letter != subject and len(letter) < 3 else subject


def tile_of(seen: Seen) -> Tile:
    """The tile of a station."""
    station, record, present = seen.station, seen.record, seen.at
    running, candidate = record.running, record.candidate
    state = _state(seen)
    severity, line = _line(seen, state)
    return Tile(
        station=station.name,
        place=station.place,
        candidate=_name(candidate),
        number=without_deceit(candidate.number) if candidate else "",
        subject=subject_in_words(station.stack, station.subject),
        state=state,
        left=int(running.left(present).total_seconds()) if running else None,
        end=running.end if running else None,
        started=running.started if running else None,
        extra=running.extra if running else 0,
        line=line,
        severity=severity,
        address=station.address,
        commission=candidate.commission if candidate else "",
        expected=candidate.at if candidate else None,
        saved=_there(_saved(seen), present),
        snapshot=_there(seen.snapshot, present),
        refused=seen.tries.refused,
        examined=is_examined(record),
        archived=is_archived(record, present),
        container=station.container,
    )


def tile_without_station(place: int, name: str, entry: RosterEntry) -> Tile:
    """The tile of a place of the list that has no station."""
    return Tile(
        station=name,
        place=place,
        candidate=_name(entry.candidate()),
        number=without_deceit(entry.number),
        subject=subject_in_words(entry.stack, entry.subject),
        state=State.BROKEN,
        line="aucun poste ici",
        severity=Severity.BROKEN,
        commission=entry.commission,
        expected=entry.at,
    )


def is_examined(record: SittingRecord) -> bool:
    """Whether all of a candidate's work was examined."""
    if record.running is None or not record.reports:
        return False
    return not sittings.examination_remark(record.running, record.examined_at, None)


def is_archived(record: SittingRecord, present: datetime) -> bool:
    """Whether all of a candidate's work stands in an archive."""
    return record.archived is not None and not sittings.needs_archive(record, present)


def by_severity(tiles: Iterable[Tile]) -> list[Tile]:
    """The tiles, incidents first; those alike in the order of the seats."""
    return sorted(tiles, key=lambda tile: (-tile.severity, tile.place))


def counts(tiles: Sequence[Tile]) -> list[tuple[int, State]]:
    """How many tiles are in each state, in the order of the states, without those in which none is."""
    numbered = [(sum(tile.state is state for tile in tiles), state) for state in State]
    return [(number, state) for number, state in numbered if number]


def _there(at: datetime | None, present: datetime) -> datetime | None:
    return at and at.astimezone(present.tzinfo)


def _name(candidate: Candidate | None) -> str:
    return without_deceit(f"{candidate.name} {candidate.first_name}".strip()) if candidate else ""


def _serves(seen: Seen) -> bool:
    """Whether the station's site answers, as far as the engine knows; a snapshot pauses it for a moment."""
    return seen.station.state == "prêt" or (seen.station.state == "en pause" and not seen.paused)


def _state(seen: Seen) -> State:
    running = seen.record.running
    if seen.record.unknown and running is None:
        return State.UNREAD
    if not _serves(seen):
        return State.BROKEN
    if running is None:
        return State.ABSENT if _is_absent(seen) else State.READY
    if not running.over(seen.at):
        return State.LAST_MINUTES if running.left(seen.at) <= _LAST_MINUTES else State.WORKING
    if is_archived(seen.record, seen.at):
        return State.ARCHIVED
    return State.EXAMINED if is_examined(seen.record) else State.OVER


def _is_absent(seen: Seen) -> bool:
    candidate = seen.record.candidate
    return candidate is not None and seen.began and seen.at - candidate.at > _LATE


def _line(seen: Seen, state: State) -> tuple[Severity, str]:
    """The one line that matters most now, and how much it does."""
    tries = seen.tries
    if state is State.UNREAD:
        return Severity.UNREAD, "notes illisibles"
    if seen.station.state == "plein":
        return Severity.FULL, "disque plein"
    if state is State.BROKEN:
        return Severity.BROKEN, "ne répond pas" if seen.station.state == "en défaut" else seen.station.state
    if tries.came:
        return Severity.STRANGER, "machine inconnue"
    if tries.last:
        return Severity.REFUSED, f"{tries.refused} refus, {hour(tries.last, seen.at.tzinfo)}"
    running = seen.record.running
    if running is None:
        return _line_before(seen, state)
    if state.working:
        return _line_at_work(seen, running)
    return Severity.QUIET, _line_after(seen, state)


def _line_before(seen: Seen, state: State) -> tuple[Severity, str]:
    if seen.record.practice or not seen.listed:
        return Severity.QUIET, "entraînement"
    candidate = seen.record.candidate
    if candidate is None:
        return Severity.QUIET, "n’attend personne"
    severity = Severity.ABSENT if state is State.ABSENT else Severity.QUIET
    return severity, f"attendu, {day_and_hour(candidate.at, seen.at)}"


def _saved(seen: Seen) -> datetime | None:
    """When the candidate last saved something that his site still has; None where that isn't known."""
    began = _site_began(seen)
    return seen.work.saved if seen.work.saved and began and seen.work.saved >= began else None


def _site_began(seen: Seen) -> datetime | None:
    """Since when what the candidate saves stays in his site: he began then, or the site was taken back."""
    if (running := seen.record.running) is None:
        return None
    return max([running.started, *(event.at for event in seen.record.events if event.what == "rewind")])


def _unsaved_since(seen: Seen, running: Clock) -> datetime | None:
    """Since when the candidate, who has signed in, has saved nothing; None where that isn't known."""
    if saved := _saved(seen):
        return saved
    began, signed_in = _site_began(seen), seen.work.signed_in
    return max(began, signed_in) if began and signed_in and signed_in >= running.started else None


def _line_at_work(seen: Seen, running: Clock) -> tuple[Severity, str]:
    """When something was last saved, else when the last snapshot was taken; a worry where that is long ago.

    A late snapshot comes first: that the staff can mend, while a candidate may well think for ten minutes.
    """
    saved, last = _saved(seen), seen.snapshot or running.started
    if seen.at - last > timedelta(minutes=2 * seen.snapshot_minutes + 1):
        return Severity.NO_SNAPSHOT, "cliché en retard"
    if (unsaved := _unsaved_since(seen, running)) and (since := seen.at - unsaved) >= _UNSAVED:
        return Severity.NOT_SAVED, f"rien enregistré depuis {int(since.total_seconds() // 60)} min"
    if saved:
        return Severity.QUIET, f"enregistré {hour(saved, seen.at.tzinfo)}"
    if seen.snapshot:
        return Severity.QUIET, f"cliché {hour(seen.snapshot, seen.at.tzinfo)}"
    return Severity.QUIET, f"début {hour(running.started, seen.at.tzinfo)}"


def _line_after(seen: Seen, state: State) -> str:
    if state is State.ARCHIVED:
        return "examiné" if is_examined(seen.record) else "pas examiné"
    if state is State.EXAMINED:
        return "à archiver"
    return "à examiner de nouveau" if seen.record.reports else "à examiner"
