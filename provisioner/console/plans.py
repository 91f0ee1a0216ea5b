"""What an act will do to each station of a selection, and what a person has to type before it."""

from collections.abc import Mapping
from dataclasses import dataclass

from provisioner.console.act_kind import Kind
from provisioner.console.act_words import label
from provisioner.core.records import Candidate
from provisioner.french.text import fold, numbered


@dataclass(frozen=True)
class Seat:
    """Who is at a station: a candidate, None for nobody of a list; and its container."""

    candidate: Candidate | None
    container: str = ""

    @property
    def who(self) -> str:
        """What is compared to see that he is still there: his key, else the container."""
        return self.candidate.key if self.candidate else self.container


#: Who is at each station of the room.
Seats = Mapping[str, Seat]


@dataclass(frozen=True)
class Planned:
    """What an act will do at a station: `why_not` is empty where it will act there; `remark`: what to know before."""

    station: str
    seat: Seat
    why_not: str = ""
    remark: str = ""

    @property
    def candidate(self) -> Candidate | None:
        """Who is there; None for nobody of a list."""
        return self.seat.candidate

    @property
    def who(self) -> str:
        """See Seat."""
        return self.seat.who

    @property
    def whom(self) -> str:
        """The candidate by number and name."""
        return label(self.candidate)


@dataclass(frozen=True)
class Plan:
    """What an act will do to each station of a selection, and why not to the others."""

    kind: Kind
    lines: tuple[Planned, ...]

    @property
    def will(self) -> tuple[Planned, ...]:
        """Those that it acts on."""
        return tuple(line for line in self.lines if not line.why_not)

    @property
    def left_out(self) -> tuple[Planned, ...]:
        """The others."""
        return tuple(line for line in self.lines if line.why_not)

    @property
    def sentence(self) -> str:
        """The plan in one sentence: « 9 postes seront démarrés ; 2 autres restent comme avant. »."""
        count, out = len(self.will), len(self.left_out)
        if not count:
            return "Rien ne sera fait : chaque ligne dit pourquoi."
        first = f"{numbered(count, 'poste')} {self.kind.one if count == 1 else self.kind.several}"
        others = f" ; {numbered(out, 'autre')} {'reste' if out == 1 else 'restent'} comme avant" if out else ""
        return f"{first}{others}."

    @property
    def asked(self) -> str:
        """What a person has to type, in French: of one station its candidate's name, of several how many they are."""
        if not self.kind.costs or not self.will:
            return ""
        if len(self.will) > 1:
            return "le nombre de postes"
        return "le nom du candidat" if self.will[0].candidate else "le nom du poste"

    def agrees(self, typed: str) -> bool:
        """Whether that was typed."""
        if not self.asked:
            return True
        if len(self.will) > 1:
            return typed.strip() == str(len(self.will))
        (line,) = self.will
        return fold(typed) == fold(line.candidate.name if line.candidate else line.station)
