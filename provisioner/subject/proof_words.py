"""What a person reads of a proof: since when it stands, and how many steps it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from provisioner.french.dates import written_day
from provisioner.french.text import numbered
from provisioner.subject.ledger_file import ELSEWHERE, StepLine


@dataclass(frozen=True)
class ProofCount:
    """Of a fact or of a check: the day of its last step, how many there are of each kind, whether the versions conformed."""

    day: date
    ways: int
    near_misses: int
    roads: int
    altered: int
    conforming: bool

    @classmethod
    def of(cls, lines: Sequence[StepLine], fact: str = "") -> Self:
        """The count of these lines, of which there is at least one; of altered states, those that say something of the fact."""
        states = [
            (line.kind, state)
            for line in lines
            for state in line.states
            if not state.name.startswith(ELSEWHERE)
            and (not fact or state.tells_of(fact, line.found[0].get(fact) if line.found else None))
        ]
        kinds = [line.kind for line in lines]
        return cls(
            date.fromisoformat(max(line.day for line in lines)),
            kinds.count("way"),
            kinds.count("near_miss"),
            kinds.count("road") + sum(kind == "stored_road" for kind, _ in states),
            sum(kind == "altered" for kind, _ in states),
            all(line.conforming for line in lines),
        )

    @property
    def french(self) -> str:
        """The end of a French sentence about what was proven."""
        kinds = [numbered(self.ways, "chemin")]
        if self.near_misses:
            kinds.append(f"{self.near_misses} presque-juste")
        kinds += [self.of_fact] if self.of_fact else []
        on = "" if self.conforming else ", avec des archives remplacées"
        return f"prouvé le {written_day(self.day)}{on} : {', '.join(kinds)}"

    @property
    def of_fact(self) -> str:
        """The roads and the altered states, in French; empty where there are none."""
        roads = [numbered(self.roads, "autre voie", "autres voies")] if self.roads else []
        altered = [numbered(self.altered, "état altéré", "états altérés")] if self.altered else []
        return ", ".join([*roads, *altered])
