"""What a kind of act is: its words, what it takes of a form, whom it leaves out, what it calls."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from provisioner.core.errors import Refusal
from provisioner.station.acts import ACT_NAMES, ActLine, Outcome
from provisioner.station.centre import Centre

#: What a person typed: `why`, `minutes`, `to`, `anyway`.
Values = Mapping[str, str]
#: What there is to say of stations, by their names.
Remarks = Mapping[str, str]

#: How much time may be given at once, as by the command line.
MOST_MINUTES = 120
#: How many letters of a reason are kept.
_LONGEST = 500


class Doing(Protocol):
    """Hears how far an act is; see `acting`."""

    def begins(self, station: str) -> None:
        """The act begins with a station.

        Raises where it must not begin: EvidenceLost where that can't be written, a Refusal that is said of this station.
        """

    def ends(self, station: str, outcome: Outcome, text: str) -> None:
        """What became of the act at a station."""

    def remark(self, text: str) -> None:
        """Something to say of the whole act."""

    def goes_on(self) -> None:
        """Raises a Refusal where nothing more may be begun: somebody asked for that, or the console ends."""

    def later(self, rest: Callable[[Centre], None]) -> None:
        """What is left of the act and nothing may wait for: it is done in the queue of long work, and the act ends after it."""


class Queue(StrEnum):
    """Acts of one queue are done in turn, those of different ones at the same time.

    A candidate's time waits for nothing that takes long, and the next series for no examination.
    """

    TIME = "time"
    MOVES = "moves"
    SERIES = "series"
    WORK = "work"
    KEEPING = "keeping"


@dataclass(frozen=True)
class Kind:
    """A kind of act.

    `one`, `several`: what will be done, as « sera démarré ». `reasons`: the stations of the room that are left out, and
    why. `remarks`: what to know before agreeing. `costs`: what is lost and what is kept, where a person has to type a
    name. `each_named`: its stations are chosen one by one, never as the whole room. `of_room`: it is always of the whole room, and
    its button stands above the places. `queue`: with which others it waits for its turn. `forcible`: `anyway` may be said. `in_turn`: values by which it
    is looked at again when its turn comes, since waiting must not cost a candidate what was agreed for him.
    """

    id: str
    one: str
    several: str
    run: Callable[[Centre, Sequence[str], Values, Doing], None]
    reasons: Callable[[Centre, Values], Remarks] = lambda centre, values: {}
    remarks: Callable[[Centre, Sequence[str]], Remarks] = lambda centre, names: {}
    costs: str = ""
    each_named: bool = False
    of_room: bool = False
    queue: Queue = Queue.TIME
    forcible: bool = False
    in_turn: Values = field(default_factory=dict)
    fields: tuple[str, ...] = ()

    @property
    def french(self) -> str:
        """Its button."""
        return ACT_NAMES[self.id]

    def taken(self, values: Values) -> Values:
        """What it takes of the values of a form, as they were typed."""
        names = (*self.fields, "anyway") if self.forcible else self.fields
        typed = {name: " ".join(values.get(name, "").split())[:_LONGEST] for name in names}
        return {name: value for name, value in typed.items() if value}

    def accepted(self, values: Values) -> Values:
        """The same; a Refusal where something is missing or can't be read."""
        taken = self.taken(values)
        if "minutes" in self.fields and not re.fullmatch(r"[1-9]\d{0,2}", taken.get("minutes", "")):
            raise Refusal("Dites combien de minutes donner, par exemple 13.")
        if "minutes" in self.fields and int(taken["minutes"]) > MOST_MINUTES:
            raise Refusal(f"On peut donner {MOST_MINUTES} minutes au plus à la fois.")
        if "why" not in taken and ("minutes" in self.fields or "anyway" in taken):
            raise Refusal("Dites pourquoi : la raison va dans le dossier du candidat.")
        return taken


@dataclass(frozen=True)
class Task:
    """An act of no station, as of archives: what it is called in ACT_NAMES, what it is done to, what does it.

    `lines`: one for each thing, by its name; those that nothing is done to have their outcome already. `run` says with its
    Doing what comes of each of the others. `values`: what was typed, for the book.
    """

    kind: str
    run: Callable[[Centre, Doing], None]
    lines: tuple[ActLine, ...] = ()
    values: Values = field(default_factory=dict)
    queue: Queue = Queue.KEEPING
