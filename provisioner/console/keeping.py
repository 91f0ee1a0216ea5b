"""What is kept of candidates' work: the archives by day, each with what is known of it, and those that are missing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby

from provisioner.archive.manifest import Manifest
from provisioner.archive.missing import readable_entries
from provisioner.archive.verifying import ListedArchive, Trust, list_archives
from provisioner.console.act_words import on_screen
from provisioner.core.errors import UnknownName
from provisioner.core.records import Candidate, RosterEntry
from provisioner.exam.marking import commission_of
from provisioner.french.persons import share_a_name
from provisioner.host import encryption
from provisioner.station.acts import Act, ActLine, Outcome
from provisioner.station.state import State

#: How an archive's name ends: the day and the second of the state in it.
_TAKEN = re.compile(r"-(\d{8})-(\d{6})(-\d+)?\.e5b\.zip")
#: How many signs of what an archive says are shown: whoever made it could write anything there.
_LONGEST = 80


@dataclass(frozen=True)
class Kept:
    """An archive, and what the list of candidates, the journal and the book of acts say of it.

    `entry`: the candidate whose it is, by the list. `written`: when the journal says that it was written
    and read back, with which digest; `read_again`: what the last verification in the book of acts said of it.
    """

    listed: ListedArchive
    zone: tzinfo | None
    entry: RosterEntry | None = None
    written: datetime | None = None
    sha256: str = ""
    read_again: ActLine | None = None
    examined_by_itself: bool = False

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.listed.path.name

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.listed.size

    @property
    def manifest(self) -> Manifest | None:
        """What it says of itself; None of an encrypted one."""
        return self.listed.manifest

    @property
    def encrypted(self) -> bool:
        """Whether it can be read with the centre's key alone."""
        return self.manifest is None

    @property
    def candidate(self) -> Candidate | None:
        """Whose it is; of an encrypted one, as the list says."""
        if self.manifest:
            return self.manifest.candidate
        return self.entry.candidate() if self.entry else None

    @property
    def commission(self) -> str:
        """The commission that judges it, by the list, else by the archive; empty where that isn't known."""
        if self.entry:
            return commission_of(self.entry)
        return commission_of(self.candidate) if self.candidate else ""

    @property
    def number(self) -> str:
        """The candidate's number, else the station that it is of."""
        return _short(self.candidate.number) if self.candidate else ""

    @property
    def name(self) -> str:
        """The candidate's name; empty where nobody sat there."""
        return _short(f"{self.candidate.name} {self.candidate.first_name}") if self.candidate else ""

    @property
    def place(self) -> int | None:
        """The place in the room; None where that isn't known."""
        if self.manifest:
            return self.manifest.place
        found = re.search(r"-poste-(\d{1,4})-", self.file)
        return int(found[1]) if found else None

    @property
    def room(self) -> str:
        """The room that it is of, by its name or its manifest."""
        return _short(self.manifest.room if self.manifest else self.file.partition("-poste-")[0])

    @property
    def subject(self) -> str:
        """The subject that was worked on."""
        if self.manifest:
            return _short(self.manifest.subject)
        return self.entry.subject if self.entry else ""

    @property
    def taken_at(self) -> datetime | None:
        """The time of the state in it, in the centre's zone; None where neither it nor its name says so."""
        if self.manifest:
            return self.manifest.taken_at.astimezone(self.zone)
        if found := _TAKEN.search(self.file):
            with suppress(ValueError):
                return datetime.strptime(f"{found[1]}{found[2]}", "%Y%m%d%H%M%S").replace(tzinfo=self.zone)
        return None

    @property
    def day(self) -> date | None:
        """The day of the state in it, in the centre's zone."""
        return self.taken_at.date() if self.taken_at else None

    @property
    def remarks(self) -> tuple[str, ...]:
        """Why it hasn't a candidate's last state, in French; and that it is of a rehearsal."""
        manifest = self.manifest
        if manifest is None:
            return ("chiffrée : la clé du centre la lit",)
        return tuple(filter(None, (manifest.why_not_last, "répétition" if manifest.rehearsal else "")))

    @property
    def trust(self) -> Trust | None:
        """Who signed it; None of an encrypted one."""
        return self.listed.trust

    @property
    def to_examine(self) -> str:
        """Why its work still has to be examined, in French; else empty."""
        return self.listed.remark

    @property
    def examined(self) -> bool:
        """Whether there is a report of it, in it or beside it."""
        return self.examined_by_itself or bool(self.manifest and self.manifest.report)


@dataclass(frozen=True)
class Problem:
    """Something that is missing or can't be read, in French; `commission` where it is known whose it is."""

    sentence: str
    commission: str = ""


@dataclass(frozen=True)
class Keeping:
    """All that is kept, the newest day first, and what is missing."""

    archives: tuple[Kept, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def days(self) -> Mapping[date | None, tuple[Kept, ...]]:
        """The archives by day, the newest first; those whose day isn't known at the end."""
        ordered = sorted(self.archives, key=lambda kept: kept.day or date.min, reverse=True)
        by_day = {day: list(kept) for day, kept in groupby(ordered, key=lambda kept: kept.day)}
        return {day: tuple(sorted(kept, key=_in_order)) for day, kept in by_day.items()}

    @property
    def size(self) -> int:
        """How many bytes all have."""
        return sum(kept.size for kept in self.archives)

    def named(self, file: str) -> Kept:
        """The archive of this file name; UnknownName where there is none."""
        for kept in self.archives:
            if kept.file == file:
                return kept
        raise UnknownName("Cette archive n’est pas parmi celles de cette machine : revenez à la liste.")

    def of_commission(self, commission: str) -> "Keeping":
        """What is known to be of one commission's candidates."""
        return Keeping(
            tuple(kept for kept in self.archives if commission and kept.commission == commission),
            tuple(problem for problem in self.problems if commission and problem.commission == commission),
        )


def keeping(state: State, acts: Iterable[Act]) -> Keeping:
    """What is kept in a state folder. `acts`: those of the book, the newest first, for when each was read again.

    EvidenceLost where the disk refuses.
    """
    listed, errors = list_archives(state)
    lists = sorted((state.folder / "rosters").glob("*.json"))
    by_room = {path.stem: readable_entries(state, path.stem) for path in lists}
    entries = [entry for listed_in in by_room.values() for entry in listed_in]
    last_of = {entry.archived: entry for entry in entries if entry.archived}
    by_itself = {entry.examined.archive for entry in entries if entry.examined}
    written, read_again, zone = _written(state), _read_again(acts), state.present().tzinfo
    kept = []
    for one in listed:
        file = one.path.name
        at, sha256 = written.get(file, (None, ""))
        entry = last_of.get(file) or last_of.get(f"{file}{encryption.SUFFIX}") or _listed(one.manifest, by_room)
        kept.append(Kept(one, zone, entry, at, sha256, read_again.get(file), file in by_itself))
    return Keeping(tuple(kept), tuple(_problem(str(error), last_of) for error in errors))


def _listed(manifest: Manifest | None, by_room: Mapping[str, Sequence[RosterEntry]]) -> RosterEntry | None:
    """The candidate of an archive as his room's list has him."""
    if manifest is None or (candidate := manifest.candidate) is None:
        return None
    entries = by_room.get(manifest.room, ())
    return next((each for each in entries if each.key == candidate.key and share_a_name(each, candidate)), None)


def _written(state: State) -> dict[str, tuple[datetime, str]]:
    """When each archive of the journal was written, and its digest: it got its name only after it was read back."""
    found: dict[str, tuple[datetime, str]] = {}
    for line in state.logged():
        if line.get("what") == "archive":
            with suppress(ValueError, TypeError, KeyError):
                found[str(line["file"])] = datetime.fromisoformat(line["at"]), str(line.get("sha256", ""))
    return found


def _read_again(acts: Iterable[Act]) -> dict[str, ActLine]:
    """What the last verification said of each archive, by its file name."""
    found: dict[str, ActLine] = {}
    for act in acts:
        for line in act.lines if act.kind == "verify" else ():
            if line.outcome in (Outcome.DONE, Outcome.FAILED):
                found.setdefault(line.station, line)
    return found


def _problem(sentence: str, last_of: Mapping[str, RosterEntry]) -> Problem:
    """A sentence, and the commission of the candidate whose last archive it names."""
    entry = next((entry for file, entry in last_of.items() if file in sentence), None)
    return Problem(on_screen(sentence), commission_of(entry) if entry else "")


def _in_order(kept: Kept) -> tuple[bool, str, str]:
    return not kept.number, kept.number.rjust(_LONGEST), kept.file


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
