"""What the commission writes of a candidate's sitting: each examiner's grid and the agreed one, in a file of the state folder.

A file a sitting, written whole: `markings/<room>/<sitting>.json`. Each part of a grid (a question, the appreciation, the
mark) has a version, so that an answer of an older page never takes the place of a newer one in silence. An archive that
is written from then on has the file as it was; one that was signed before stays as it is, and the file stands beside it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import Field

from provisioner.core.documents import Instant, Record
from provisioner.core.errors import EvidenceLost, Refusal
from provisioner.core.records import Candidate
from provisioner.french.persons import share_a_name
from provisioner.host.disk import disk_in_french, hand_back, in_french, locked, write_whole
from provisioner.station.state import State

#: How long to wait for another writer, in seconds.
_PATIENCE = 10


class Level(StrEnum):
    """How well a skill was shown, as the circular's marking aid has it."""

    VERY_INSUFFICIENT = "TI"
    INSUFFICIENT = "I"
    SATISFACTORY = "S"
    VERY_SATISFACTORY = "TS"

    @property
    def french(self) -> str:
        """Its whole words."""
        return {"TI": "très insuffisant", "I": "insuffisant", "S": "satisfaisant", "TS": "très satisfaisant"}[self]


class Part(Record):
    """A part of a grid. `levels`: of a question, by skill; `text`: its note, or the appreciation, or the mark.

    `version` counts how often it was written; `who` wrote it last, and `at` which time.
    """

    version: int = 0
    who: str = ""
    at: Instant | None = None
    levels: dict[str, Level] = Field(default_factory=dict)
    text: str = ""

    @property
    def says(self) -> tuple[dict[str, Level], str]:
        """What was written, whoever wrote it."""
        return self.levels, self.text

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return not self.levels and not self.text


class Grid(Record):
    """What one examiner wrote of a sitting, or all of them together, by part; `finished`: when its examiner was done."""

    who: str = ""
    parts: dict[str, Part] = Field(default_factory=dict)
    finished: Instant | None = None

    def part(self, name: str) -> Part:
        """A part; an empty one where nobody wrote it."""
        return self.parts.get(name, Part())

    @property
    def is_begun(self) -> bool:
        """Whether anything is written in it, or it was called finished; what was erased again is nothing."""
        return any(not part.is_empty for part in self.parts.values()) or self.finished is not None


class Marking(Record):
    """All that one commission writes of a sitting; `key`, `number`, names: whose it is. `grids` are by examiner, folded.

    `unawaited`: the examiners, folded, whose unfinished grids the commission waits for no more, each with who said so.
    """

    key: str = ""
    commission: str = ""
    number: str = ""
    name: str = ""
    first_name: str = ""
    grids: dict[str, Grid] = Field(default_factory=dict)
    unawaited: dict[str, str] = Field(default_factory=dict)
    agreed: Grid = Field(default_factory=Grid)

    def of(self, who: str) -> Grid:
        """An examiner's own grid; an empty one where he wrote nothing."""
        return self.grids.get(who.casefold(), Grid(who=who))

    def others(self, who: str) -> list[Grid]:
        """The grids that other examiners have begun, by name."""
        return [grid for name, grid in sorted(self.grids.items()) if name != who.casefold() and grid.is_begun]

    def awaited(self, who: str) -> list[Grid]:
        """Those of them that the agreed grid waits for: not finished, and nobody said to go on without them."""
        return [grid for grid in self.others(who) if not grid.finished and grid.who.casefold() not in self.unawaited]


class Outdated(Refusal):
    """A part was written meanwhile, by another page or another examiner; nothing was changed. `stored` is what stands."""

    def __init__(self, sentence: str, stored: Part | None = None) -> None:
        super().__init__(sentence)
        self.stored = stored or Part()


class MarkingFile:
    """The marking of the sitting with this key; any thread and process may write it."""

    def __init__(self, state: State, room: str, key: str) -> None:
        self.path = folder_of(state.folder, room) / f"{sitting_of(key)}.json"
        # One of the room, since it outlives a purge and may name nobody.
        self._lock = state.folder / "locks" / f"{room}-notation.lock"

    def read(self) -> Marking:
        """What is written; an empty marking where nobody wrote. EvidenceLost where it can't be read."""
        try:
            return Marking.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return Marking()
        except OSError as error:
            raise EvidenceLost(in_french(error, self.path.parent)) from error
        except ValueError as error:
            raise EvidenceLost(
                f"La notation {self.path.name} n'est plus lisible, et n'est pas touchée : un technicien met de côté ce fichier de "
                f"{self.path.parent}, et une nouvelle notation commence."
            ) from error

    @contextmanager
    def changing(self) -> Iterator[Marking]:
        """What is written, while nobody else writes; `keep` writes it in this block."""
        with locked(self._lock, "la notation", _PATIENCE):
            yield self.read()

    def keep(self, marking: Marking) -> None:
        """Write a marking; it is on the disk when this returns."""
        with disk_in_french(self.path.parent, EvidenceLost):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, marking.model_dump_json(indent=1, exclude_defaults=True), mode=0o600)
            hand_back(self.path.parent.parent)

    def put_aside(self) -> None:
        """Let another person's marking go on under a name of its own, so that this sitting's can begin."""
        with disk_in_french(self.path.parent, EvidenceLost):
            number = 1
            while (aside := self.path.with_name(f"{self.path.stem}.retiré-{number}.json")).exists():
                number += 1
            self.path.replace(aside)


def as_archived(state: State, room: str, candidate: Candidate) -> bytes:
    """What is written of a candidate by now, for his archive; empty where nobody wrote.

    A marking that can't be read keeps no work from being archived.
    """
    with suppress(EvidenceLost):
        marking = MarkingFile(state, room, candidate.key).read()
        if marking.key == candidate.key and share_a_name(marking, candidate):
            return json.dumps(marking.document(), ensure_ascii=False, indent=1).encode()
    return b""


def sitting_of(key: str) -> str:
    """The key of a sitting as a part of a file's name or an address: as its documents' names begin."""
    return "".join(letter if letter.isalnum() else "-" for letter in key)


def folder_of(state_folder: Path, room: str) -> Path:
    """Where a room's markings are."""
    return state_folder / "markings" / room


def written(
    grid: Grid,
    name: str,
    says: tuple[Mapping[str, Level], str],
    version: int,
    who: str,
    at: datetime,
) -> Grid:
    """A grid, one part of which says this; the same grid where it says so already.

    `version` is that of the part on the page that was written on; Outdated where another one stands by now.
    """
    stored = grid.part(name)
    if stored.says == (dict(says[0]), says[1]):
        return grid
    if version != stored.version:
        raise Outdated("Cette partie a été écrite entre-temps : rien de ce que vous venez d'écrire n'y est.", stored)
    part = Part(version=stored.version + 1, who=who, at=at, levels=dict(says[0]), text=says[1])
    return grid.model_copy(update={"parts": {**grid.parts, name: part}})
