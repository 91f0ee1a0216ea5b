"""What a purge removes, as people read it: how much of each kind, the documents of each sitting, who leaves on which day."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from provisioner.core.records import RosterEntry
from provisioner.exam.purge import PurgePlan, PurgeRecord
from provisioner.exam.room_documents import stem_in
from provisioner.french.text import numbered


class Leaving(NamedTuple):
    """The candidates of a day who would leave a room's list."""

    room: str
    day: date
    entries: tuple[RosterEntry, ...]

    @property
    def numbers(self) -> str:
        """Their numbers, in the order of the list."""
        return ", ".join(entry.number for entry in self.entries)


def leaving_by_day(plan: PurgePlan) -> list[Leaving]:
    """Who would leave the lists, by room and then by day."""
    return [
        Leaving(room, day, tuple(entry for entry in entries if entry.at.date() == day))
        for room, entries in plan.leaving.items()
        for day in sorted({entry.at.date() for entry in entries})
    ]


def documents_in_french(paths: Sequence[str]) -> list[tuple[str, int]]:
    """A line for each sitting's documents in a folder, and how many they are; those of no sitting first, by themselves."""
    alone, by_sitting = list[tuple[str, int]](), dict[tuple[str, str], list[str]]()
    for path in map(Path, paths):
        if stem := stem_in(path):
            by_sitting.setdefault((str(path.parent), stem), []).append(path.name)
        else:
            alone.append((str(path), 1))
    return alone + [(f"{folder} : {', '.join(names)}", len(names)) for (folder, _), names in by_sitting.items()]


def removed_in_french(record: PurgeRecord) -> str:
    """How much a purge removes of each kind."""
    counts = [
        numbered(len(record["archives"]), "archive"),
        numbered(record["reports"], "rapport"),
        numbered(record["lists"], "liste"),
        numbered(record["documents"], "document"),
        numbered(record["tries"], "ligne du journal du réseau", "lignes du journal du réseau"),
    ]
    rest = record["records"] + record["images"] + record["profiles"]
    return f"{', '.join(counts)} et {numbered(rest, 'reste de poste', 'restes de postes')}"
