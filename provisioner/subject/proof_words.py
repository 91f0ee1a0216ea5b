"""What a person reads of a proof: since when it stands, and how many steps it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from provisioner.french.dates import written_day
from provisioner.french.text import numbered
from provisioner.subject.ledger_file import StepLine


@dataclass(frozen=True)
class ProofCount:
    """Of a fact or of a check: the day of its last step, how many there are of each kind, whether the versions conformed."""

    day: date
    ways: int
    near_misses: int
    roads: int
    conforming: bool

    @classmethod
    def of(cls, lines: Sequence[StepLine]) -> Self:
        """The count of these lines, of which there is at least one."""
        kinds = [line.kind for line in lines]
        return cls(
            date.fromisoformat(max(line.day for line in lines)),
            kinds.count("way"),
            kinds.count("near_miss"),
            kinds.count("road"),
            all(line.conforming for line in lines),
        )

    @property
    def french(self) -> str:
        """The end of a French sentence about what was proven."""
        kinds = [numbered(self.ways, "chemin")]
        if self.near_misses:
            kinds.append(f"{self.near_misses} presque-juste")
        if self.roads:
            kinds.append(numbered(self.roads, "autre voie", "autres voies"))
        on = "" if self.conforming else ", avec des archives remplacées"
        return f"prouvé le {written_day(self.day)}{on} : {', '.join(kinds)}"
