"""Acts as the book of acts has them: who did what to which stations, and what became of it at each. Without I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

#: Where an act comes from, in French.
SCREEN, COMMAND_LINE = "écran", "ligne de commande"
#: The kinds of acts, and how the book calls them.
ACT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "start": "Démarrer",
        "extra": "Donner du temps",
        "stop": "Arrêter",
        "examine": "Examiner",
        "archive": "Archiver",
        "reset": "Remettre à neuf",
        "next": "Passer au suivant",
        "series": "Changer de série",
        "replace": "Remplacer",
        "rewind": "Ramener",
        "free": "Libérer la machine",
        "build": "Construire les éditions",
        "prove": "Prouver le réseau",
        "sheets": "Écrire les feuilles",
        "up": "Préparer la salle",
        "spare": "Préparer la réserve",
        "down": "Retirer la salle",
        "verify": "Relire des archives",
        "examine_archives": "Examiner des archives",
        "hashes": "Faire la liste d’empreintes",
        "open": "Rouvrir une archive",
        "close": "Refermer une archive",
        "purge": "Effacer",
        "note": "Remarque",
    }
)
#: The kinds of acts on kept archives; each line is of one, by its file's name, and not of a station.
OF_ARCHIVES = frozenset({"verify", "examine_archives", "hashes", "open", "close", "purge"})
#: The kinds of acts that make the room ready; they are of no station.
OF_PREPARATION = frozenset({"build", "prove", "sheets", "up", "spare"})
_NOT_BEGUN = "pas commencé : e5b s’est arrêté avant"
_CUT_SHORT = "commencé, puis e5b s’est arrêté : regardez ce poste avant de recommencer"
_CUT_SHORT_OF_ARCHIVE = "commencé, puis e5b s’est arrêté : recommencez"


class Outcome(StrEnum):
    """What became of an act at one station.

    `not_done`: left out or refused, nothing was changed. `failed`: something was done and not all of it. `unknown`: it
    was begun, and its process is gone.
    """

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    NOT_DONE = "not_done"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def french(self) -> str:
        """The word that people read."""
        return {
            Outcome.WAITING: "en attente",
            Outcome.RUNNING: "en cours",
            Outcome.DONE: "fait",
            Outcome.NOT_DONE: "pas fait",
            Outcome.FAILED: "à voir",
            Outcome.UNKNOWN: "interrompu",
        }[self]

    @property
    def is_last(self) -> bool:
        """Whether nothing more comes of it."""
        return self not in (Outcome.WAITING, Outcome.RUNNING)


@dataclass(frozen=True)
class ActLine:
    """An act at one station: the number of its candidate, empty for none; what became of it, in a word and a sentence.

    `who`: of whom it was agreed, as a program compares it; empty where that isn't known.
    """

    station: str
    candidate: str
    outcome: Outcome = Outcome.WAITING
    text: str = ""
    at: datetime | None = None
    who: str = ""


@dataclass(frozen=True)
class Act:
    """An act of the book. `by`: SCREEN or COMMAND_LINE; `key`: see Book.of_key; `ended`: None while it is under way.

    `text` is what there is to say of the whole act. `process` is whose it is: see `this_process`. `put_aside`: it was cut
    short, and somebody has seen to that.
    """

    id: str
    at: datetime
    who: str
    by: str
    kind: str
    room: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[ActLine, ...] = ()
    text: str = ""
    ended: datetime | None = None
    cut_short: bool = False
    key: str = ""
    process: str = ""
    put_aside: bool = False

    @property
    def french(self) -> str:
        """What was done, as the book calls it."""
        return ACT_NAMES.get(self.kind, self.kind)

    @property
    def is_open(self) -> bool:
        """Whether it is under way or waits for its turn."""
        return self.ended is None and not self.cut_short

    @property
    def is_of_archives(self) -> bool:
        """Whether its lines are of archives and not of stations."""
        return self.kind in OF_ARCHIVES

    @property
    def is_of_preparation(self) -> bool:
        """Whether it makes the room ready, and is of no station."""
        return self.kind in OF_PREPARATION

    def line(self, station: str) -> ActLine | None:
        """The line of a station; None where the act is not of that station."""
        return next((line for line in self.lines if line.station == station), None)

    def broken_off(self) -> "Act":
        """The act as it stands where its process is gone."""
        cut_short = _CUT_SHORT_OF_ARCHIVE if self.is_of_archives else _CUT_SHORT
        ends = {Outcome.WAITING: (Outcome.NOT_DONE, _NOT_BEGUN), Outcome.RUNNING: (Outcome.UNKNOWN, cut_short)}
        lines = tuple(
            replace(line, outcome=ends[line.outcome][0], text=ends[line.outcome][1]) if line.outcome in ends else line
            for line in self.lines
        )
        return replace(self, lines=lines, cut_short=True)


def begun(entry: Mapping[str, Any]) -> Act:
    """The act that a line of the book begins; a note is over at once."""
    at, is_note = datetime.fromisoformat(entry["at"]), entry["what"] == "note"
    whom = {"station": entry.get("station", ""), "candidate": entry.get("candidate", ""), "outcome": "done"}
    stations = [whom] if is_note and entry["station"] else []
    return Act(
        id=entry["act"],
        at=at,
        who=entry["who"],
        by=entry["by"],
        kind=entry.get("kind", "note"),
        room=entry.get("room", ""),
        values=entry.get("values", {}),
        lines=tuple(
            ActLine(
                line["station"],
                line.get("candidate", ""),
                Outcome(line.get("outcome", "waiting")),
                line.get("text", ""),
                who=line.get("who", ""),
            )
            for line in entry.get("stations", stations)
        ),
        text=entry.get("text", ""),
        ended=at if is_note else None,
        key=entry.get("key", ""),
        process=entry.get("process", ""),
    )


def changed(act: Act, entry: Mapping[str, Any]) -> Act:
    """The act after another line of the book about it."""
    at = datetime.fromisoformat(entry["at"])
    if entry["what"] == "cut":
        return act.broken_off()
    if entry["what"] == "put_aside":
        return replace(act, put_aside=True)
    if entry["what"] == "ended":
        return replace(act, ended=at, text=entry["text"])
    values = {"outcome": Outcome(entry["outcome"]), "text": entry.get("text", ""), "at": at}
    lines = tuple(replace(line, **values) if line.station == entry["station"] else line for line in act.lines)
    return replace(act, lines=lines)
