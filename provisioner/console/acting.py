"""Plans acts, runs them in turn, and writes them into the book of acts.

An act is in the book before anything of it is done, and each station before the act begins with it. So what a kill cuts
short is known when the console starts again; it is said then and never repeated.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Protocol

from provisioner.console.act_kind import Kind, Queue, Task, Values
from provisioner.console.act_kinds import KINDS
from provisioner.console.act_words import on_screen
from provisioner.console.plans import SOMEBODY_ELSE, Plan, Seats, line_of, planned, seats_at, unreadable
from provisioner.core.errors import ProvisionerError, Refusal, UnknownName
from provisioner.station.act_book import Book
from provisioner.station.acts import SCREEN, Act, Outcome
from provisioner.station.centre import Centre
from provisioner.station.forgiving import Forgiving, forgiving

_log = logging.getLogger(__name__)
#: How many of an act's steps are shown.
_STEPS = 200
_KEPT_STEPS = 20
#: In how many of the latest acts one is looked for that is under way.
_LATEST = 1000
#: What the book says of things that are noted by a word.
NOTES: Mapping[str, str] = {"credentials": "identifiants affichés"}


class Somebody(Protocol):
    """Who acts: a Person of the console."""

    @property
    def name(self) -> str:
        """As the book names him."""


class Acts:
    """Every act of the screen comes by here; those of the command line are read from the same book.

    `poke` is called as something changed. There is a thread for each queue, so that a start waits for no examination.
    Without `threads`, `work` runs what waits: for tests.
    """

    def __init__(
        self,
        book: Book,
        centre: Callable[[], Centre],
        kinds: Mapping[str, Kind] = KINDS,
        poke: Callable[[], None] = lambda: None,
        seats: Callable[[Centre, Sequence[str] | None], Seats] | None = None,
        *,
        threads: bool = True,
    ) -> None:
        self.book, self.kinds, self.poke = book, kinds, poke
        self._centre, self._seats = centre, seats or seats_at
        self._beginning = Lock()
        self._steps: dict[str, list[str]] = {}
        #: Who asked that an act begins with no other station.
        self._halted: dict[str, str] = {}
        self._queues = {queue: SimpleQueue[_Job | None]() for queue in Queue}
        self._closing = False
        #: The acts that were cut short before this start, whoever began them.
        self.cut_short = book.say_cut_short()
        self._threads = [
            Thread(target=self._work_on, args=(queue,), name="acts", daemon=True)
            for queue in self._queues.values()
            if threads
        ]
        for thread in self._threads:
            thread.start()

    def plan(self, kind: str, stations: Sequence[str], values: Values) -> Plan:
        """What an act would do now, whether or not all that it needs is typed yet. Changes nothing."""
        known = self._kind(kind)
        return self._plan(self._centre(), known, list(dict.fromkeys(stations)), known.taken(values))

    def everywhere(self, kind: str) -> list[str]:
        """The stations of the room; a Refusal where an act must name each."""
        if (known := self._kind(kind)).each_named:
            raise Refusal(f"« {known.french} » ne se fait pas pour toute la salle : choisissez les postes un à un.")
        return list(self._seats(self._centre(), None))

    def is_of_room(self, kind: str) -> bool:
        """Whether an act is always of the whole room."""
        return self._kind(kind).of_room

    def halt(self, person: Somebody, act: str) -> None:
        """Have an act of this console begin with no other station; what is under way goes on."""
        if self.act(act).is_open:
            self._halted[act] = person.name

    def begun(self, key: str) -> Act | None:
        """The act that was begun with a key; None where none was."""
        return self.book.of_key(key)

    def begin(
        self,
        person: Somebody,
        kind: str,
        stations: Sequence[str],
        values: Values,
        key: str,
        agreed: Mapping[str, str] | None = None,
    ) -> Act:
        """Begin an act: it is in the book when this returns, and done soon after.

        A key that was seen means the same act once more, which is returned. `agreed` are the stations that a person
        was shown as acted on, with who was there: others stay as they are, even if they could be acted on by now.
        """
        if not key.strip():
            raise Refusal("Cette demande n’a pas de numéro : revenez à la salle et recommencez.")
        known = self._kind(kind)
        with self._beginning:
            if seen := self.book.of_key(key):
                return seen
            taken, centre = known.accepted(values), self._centre()
            plan = self._plan(centre, known, list(dict.fromkeys(stations)), taken)
            lines = [line_of(each, agreed) for each in plan.lines]
            if not lines:
                raise Refusal("Choisissez d’abord un ou plusieurs postes.")
            act = self.book.begin(person.name, SCREEN, kind, lines, room=centre.room.name, values=taken, key=key)
            self._queues[known.queue].put(_Job(act.id, partial(self._act, act.id, known, taken)))
        return act

    def begin_task(self, person: Somebody, task: Task, key: str) -> Act:
        """Begin an act of no station, as `begin` does one of stations."""
        if not key.strip():
            raise Refusal("Cette demande n’a pas de numéro : revenez à la page d’avant et recommencez.")
        with self._beginning:
            if seen := self.book.of_key(key):
                return seen
            room = self._centre().room.name
            act = self.book.begin(
                person.name, SCREEN, task.kind, task.lines, room=room, values=dict(task.values), key=key
            )
            self._queues[task.queue].put(_Job(act.id, partial(self._task, task)))
        return act

    def under_way(self, kind: str, room: str) -> Act | None:
        """The act of a kind, of the screen or of a command, that is under way in a room; None where none is."""
        return next((act for act in self.recent(_LATEST, room) if act.kind == kind and act.is_open), None)

    def note(self, person: Somebody, what: str, station: str = "", *, candidate: str = "", room: str = "") -> Act:
        """Write into the book something that is over at once, such as credentials that were shown; see Book.note."""
        return self.book.note(person.name, SCREEN, NOTES.get(what, what), station, candidate=candidate, room=room)

    def act(self, act: str) -> Act:
        """One act, as it stands now; UnknownName where there is none."""
        try:
            return self.book.act(act)
        except KeyError as error:
            raise UnknownName("Cet acte n’est pas dans le livre.") from error

    def steps(self, act: str) -> tuple[str, ...]:
        """What an act of this console has been doing, oldest first; only of the latest acts."""
        return tuple(self._steps.get(act, ()))

    def recent(self, count: int = 50, room: str = "") -> tuple[Act, ...]:
        """The latest acts, the newest first; of one room and of none, where a room is given."""
        return tuple(act for act in self.book.acts() if not room or act.room in ("", room))[:count]

    def interrupted(self, room: str) -> tuple[Act, ...]:
        """The acts of a room, and of none, that were cut short and that nobody has put aside, the newest first."""
        return tuple(act for act in self.recent(_LATEST, room) if act.cut_short and not act.put_aside)

    def put_aside(self, person: Somebody, acts: Sequence[Act], text: str, *, room: str = "") -> None:
        """Write that a person has seen to these acts, which were cut short; see Book.put_aside."""
        self.book.put_aside(person.name, SCREEN, text, [act.id for act in acts], room=room)
        self.poke()

    def close(self, seconds: float = 60) -> None:
        """Begin with no other station, and wait for those that are under way."""
        self._closing = True
        for queue in self._queues.values():
            queue.put(None)
        for thread in self._threads:
            thread.join(seconds)

    def work(self) -> None:
        """Run what waits, in this thread."""
        for queue in self._queues.values():
            while not queue.empty():
                if job := queue.get():
                    self._run(job)

    def _kind(self, kind: str) -> Kind:
        if kind not in self.kinds:
            raise UnknownName("Cet acte n’existe pas.")
        return self.kinds[kind]

    def _plan(self, centre: Centre, kind: Kind, names: Sequence[str], values: Values) -> Plan:
        state = Forgiving(centre.state)
        centre = replace(centre, state=state)
        seats = self._seats(centre, None)
        reasons = {**kind.reasons(centre, values), **unreadable(seats, state.unread)}
        will = [name for name in names if name in seats and name not in reasons]
        remarks = kind.remarks(centre, will) if will else {}
        return Plan(kind, tuple(planned(name, seats, reasons, remarks) for name in names))

    def _work_on(self, queue: "SimpleQueue[_Job | None]") -> None:
        while job := queue.get():
            self._run(job)

    def _run(self, job: "_Job") -> None:
        """Run an act, or what was left of it; whatever is raised, its end is in the book and the next one follows."""
        doing, rest, trouble = job.doing or _Doing(self, job.act), "rien n’y a été fait", ""
        try:
            if self._closing:
                rest = trouble = "pas commencé : e5b a été arrêté avant"
            else:
                job.run(doing)
        except ProvisionerError as error:
            rest = trouble = on_screen(str(error))
        except Exception as error:
            _log.error("unforeseen error in an act", exc_info=error)
            trouble = f"Erreur imprévue ({type(error).__name__}) : recommencez ; si elle revient, signalez-la avec le fichier e5b.log."
            rest = f"erreur imprévue ({type(error).__name__}) : regardez ce poste"
        if left := doing.take_rest():
            if trouble:
                doing.end_lines(rest, trouble)
            self._queues[Queue.WORK].put(_Job(job.act, partial(self._rest, left), doing))
            self.poke()
            return
        try:
            doing.end_with(rest, trouble)
        except Exception as error:  # the book can't be read, or lacks the act: what it lacks, the next start says
            _log.error("the end of an act couldn't be written", exc_info=error)
        self.poke()

    def _task(self, task: Task, doing: "_Doing") -> None:
        task.run(replace(self._centre(), progress=doing), doing)

    def _act(self, act: str, kind: Kind, values: Values, doing: "_Doing") -> None:
        centre = replace(self._centre(), progress=doing)
        lines = self.book.act(act).lines
        waiting = {line.station: line.who for line in lines if line.outcome is Outcome.WAITING}
        # Another act, or the command line, may have been there since.
        plan = self._plan(centre, kind, list(waiting), {**values, **kind.in_turn}) if waiting else Plan(kind, ())
        doing.still_there = partial(self._refuse_somebody_else, centre, waiting)
        for line in plan.left_out:
            self.book.ends(act, line.station, Outcome.NOT_DONE, line.why_not)
        if names := [line.station for line in plan.will]:
            kind.run(centre, names, values, doing)

    def _rest(self, rest: Callable[[Centre], None], doing: "_Doing") -> None:
        rest(replace(self._centre(), progress=doing))

    def _refuse_somebody_else(self, centre: Centre, agreed: Mapping[str, str], station: str) -> None:
        """Raise where a station has passed to somebody else since it was agreed what to do there."""
        if self._seats(forgiving(centre), [station])[station].who != agreed[station]:
            raise Refusal(SOMEBODY_ELSE)

    def _add_step(self, act: str, text: str) -> None:
        steps = self._steps.setdefault(act, [])
        steps.append(on_screen(text))
        del steps[:-_STEPS]
        while len(self._steps) > _KEPT_STEPS:
            with suppress(StopIteration, KeyError):
                del self._steps[next(iter(self._steps))]


@dataclass(frozen=True)
class _Job:
    """An act that waits for its turn; `run` does it. `doing`: of an act of which only the rest is left to do."""

    act: str
    run: "Callable[[_Doing], None]"
    doing: "_Doing | None" = None


class _Doing:
    """Writes how far an act is into the book; it is the progress of the use-cases too, see core.progress."""

    def __init__(self, acts: Acts, act: str) -> None:
        self._acts, self._act = acts, act
        self._remarks: list[str] = []
        self._rest: Callable[[Centre], None] | None = None
        #: Raises a Refusal where a station has passed to somebody else.
        self.still_there: Callable[[str], None] = lambda station: None

    def begins(self, station: str) -> None:
        """See Doing."""
        self.goes_on()
        self.still_there(station)
        self._acts.book.begins(self._act, station)
        self._acts.poke()

    def ends(self, station: str, outcome: Outcome, text: str) -> None:
        """See Doing."""
        self._acts.book.ends(self._act, station, outcome, text)
        self._acts.poke()

    def remark(self, text: str) -> None:
        """See Doing."""
        self._remarks.append(text)

    def goes_on(self) -> None:
        """See Doing."""
        if self._acts._closing:
            raise Refusal("pas commencé : e5b a été arrêté avant")
        if by := self._acts._halted.get(self._act):
            raise Refusal(f"pas commencé : {by} a demandé de ne plus rien commencer")

    def later(self, rest: Callable[[Centre], None]) -> None:
        """See Doing."""
        self._rest = rest

    def take_rest(self) -> Callable[[Centre], None] | None:
        """What is left of the act, once."""
        rest, self._rest = self._rest, None
        return rest

    def end_with(self, rest: str, trouble: str = "") -> None:
        """End the act; see `end_lines`."""
        self.end_lines(rest, trouble)
        self._acts.book.end(self._act, "\n".join(dict.fromkeys(self._remarks)))

    def end_lines(self, rest: str, trouble: str) -> None:
        """Say `rest` of the stations that nothing was said of, and `trouble` of the act where there is none."""
        lines = self._acts.book.act(self._act).lines
        if trouble and all(line.outcome.is_last for line in lines):
            self.remark(trouble)
        for line in lines:
            if line.outcome is Outcome.WAITING:
                self._acts.book.ends(self._act, line.station, Outcome.NOT_DONE, rest)
            elif line.outcome is Outcome.RUNNING:
                self._acts.book.ends(self._act, line.station, Outcome.FAILED, rest)

    def step(self, text: str) -> None:
        """See Progress."""
        self._acts._add_step(self._act, text)

    def transfer(self, name: str, done: int, total: int | None) -> None:
        """See Progress."""

    def end_transfer(self) -> None:
        """See Progress."""
