"""What an act will do to each station of a selection, and what a person has to type before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provisioner.console.act_kind import Kind, Remarks
from provisioner.console.act_words import label, on_screen
from provisioner.core.records import Candidate
from provisioner.french.text import fold, numbered
from provisioner.station.acts import ActLine, Outcome
from provisioner.station.centre import Centre, station_named, stations

SOMEBODY_ELSE = "ce n’est plus le même candidat : recommencez pour ce poste"


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


def seats_at(centre: Centre, names: Sequence[str] | None) -> Seats:
    """Who is at these stations, at all of the room where none are named."""
    found = stations(centre) if names is None else [station_named(centre, name) for name in names]
    return {
        station.name: Seat(centre.state.record(station.container).candidate, station.container) for station in found
    }


def unreadable(seats: Seats, unread: Mapping[str, str]) -> Remarks:
    """The stations whose record the disk refuses, and why nothing is done there."""
    return {
        name: f"ce qui est noté de ce poste n'est pas lisible : {unread[seat.container]}"
        for name, seat in seats.items()
        if seat.container in unread
    }


def planned(name: str, seats: Seats, reasons: Remarks, remarks: Remarks) -> Planned:
    """What an act will do at a station of this name, by what keeps it from there and what there is to say."""
    if name not in seats:
        return Planned(name, Seat(None), "ce poste n’est pas dans la salle")
    return Planned(name, seats[name], on_screen(reasons.get(name, "")), on_screen(remarks.get(name, "")))


def line_of(planned: Planned, agreed: Mapping[str, str] | None) -> ActLine:
    """How the line of a station begins in the book; `agreed`: see Acts.begin."""
    number = planned.candidate.number if planned.candidate else ""
    why_not = planned.why_not
    if not why_not and agreed is not None and planned.station not in agreed:
        why_not = "n’était pas prévu quand l’acte a été confirmé : recommencez pour ce poste"
    elif not why_not and agreed is not None and agreed[planned.station] != planned.who:
        why_not = SOMEBODY_ELSE
    outcome = Outcome.NOT_DONE if why_not else Outcome.WAITING
    return ActLine(planned.station, number, outcome, why_not, who=planned.who)
