"""How a commission marks a sitting: each examiner fills a grid of his own, sees the others' once his is finished, then they agree.

Levels, appreciation and mark are written by people and by nothing else: no verdict and no other grid fills one in, except
where an examiner asks for what is the same in all grids, and the mark not even then.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from provisioner.core.errors import Refusal, UnknownName
from provisioner.core.records import Candidate, RosterEntry
from provisioner.exam.seating import entries_of
from provisioner.french.persons import may_be_same_person, share_a_name
from provisioner.station.centre import Centre
from provisioner.station.markings import Grid, Level, Marking, MarkingFile, Part, written
from provisioner.subject.subjects import Question, load_subject

#: The parts of a grid that are no question.
APPRECIATION, MARK = "appreciation", "note"
#: How many letters a question's note and the appreciation may have: both have to fit on their forms.
MOST_OF_NOTE, MOST_OF_APPRECIATION = 1000, 1500
_MARK = re.compile(r"(\d{1,2})(?:[.,](\d{1,2}))?")


def candidates_of(centre: Centre, commission: str) -> list[RosterEntry]:
    """The candidates of a commission, in the order of their hours and places; UnknownName where the list has none."""
    listed = entries_of(centre)
    entries = [entry for entry in listed if commission_of(entry) == commission]
    if not entries:
        names = ", ".join(sorted({commission_of(entry) for entry in listed} - {""})) or "aucune"
        raise UnknownName(
            f"La liste n'a aucun candidat de la commission « {commission} ». Commissions de la liste : {names}."
        )
    return sorted(entries, key=lambda entry: (entry.at, entry.place))


def commission_of(candidate: Candidate | RosterEntry) -> str:
    """A candidate's commission, as accounts have it."""
    return named_commission(candidate.commission)


def named_commission(typed: str) -> str:
    """A commission's name as accounts have it: with single spaces, an accent with its letter."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def skills_of(question: Question) -> tuple[str, ...]:
    """The lines of the marking aid of a question; one without a name where its checks name none."""
    return tuple(dict.fromkeys(wanted.skill for wanted in question.wanted if wanted.skill)) or ("",)


@dataclass(frozen=True)
class Desk:
    """A sitting as one examiner marks it. `note` writes a line into the book of acts; it is called before what it says is kept."""

    centre: Centre
    entry: RosterEntry
    who: str
    note: Callable[[str], object] = lambda said: None

    def read(self) -> Marking:
        """All that is written of the sitting; a new marking where what is kept is another person's or commission's."""
        marking = self._file.read()
        return marking if self._is_ours(marking) else Marking()

    def of_another_commission(self) -> str:
        """The commission whose marking of this candidate is kept, where this one has begun none; empty where there is none.

        A commission that the list calls by another name by now is another one to this program, which can't know better.
        """
        marking = self._file.read()
        whose = marking.key == self.entry.key and share_a_name(marking, self.entry)
        return marking.commission if whose and marking.commission != commission_of(self.entry) else ""

    def visible(self, marking: Marking) -> list[Grid]:
        """The others' grids that this examiner may see: the finished ones, once his own is."""
        return [grid for grid in marking.others(self.who) if grid.finished] if marking.of(self.who).finished else []

    def refuse_agreeing(self, marking: Marking) -> None:
        """Refusal where the agreed grid isn't open to this examiner yet."""
        if not marking.of(self.who).finished:
            raise Refusal("Finissez d'abord votre grille : la grille commune et celles des autres s'ouvrent ensuite.")
        if waiting := ", ".join(grid.who for grid in marking.awaited(self.who)):
            raise Refusal(
                f"La grille commune s'ouvre quand toutes celles qui sont commencées sont finies. Pas encore finie : {waiting}."
            )

    def to_sign(self, marking: Marking, *, of_commission: bool) -> tuple[Grid, list[str]]:
        """The grid that goes on paper, and whose it is: what is agreed, once there is something, else the own one.

        `of_commission`: for the evaluation sheet, which has one mark: refused where others mark too and nothing is agreed.
        """
        if marking.agreed.is_begun and marking.of(self.who).finished:
            return marking.agreed, [grid.who for _, grid in sorted(marking.grids.items()) if grid.finished]
        if of_commission and marking.others(self.who):
            raise Refusal("La fiche est celle de la commission : remplissez d'abord la grille commune.")
        return marking.of(self.who), [self.who]

    def write(self, part: str, levels: Mapping[str, str], text: str, version: int, *, agreed: bool = False) -> Part:
        """Write a part of the own grid or of the agreed one, as it stands then.

        `version` is that of the part on the page it was written on; Outdated where another one stands by now.
        """
        says = self._accepted(part, levels, text)
        with self._file.changing() as kept:
            marking = kept if self._is_ours(kept) else Marking()
            grid = self._open_grid(marking, agreed=agreed)
            after = written(grid, part, says, version, self.who, self.centre.state.present().replace(microsecond=0))
            if after is not grid:
                if grid.part(part).who != self.who:  # each key is not an act
                    self._note(f"{'grille commune' if agreed else 'sa grille'} : {_named(part)}, écrit")
                self._keep(kept, self._with_grid(marking, after, agreed=agreed))
            return after.part(part)

    def finish(self) -> None:
        """Call the own grid finished: what is in it stays from now on, and others who have finished may see it."""
        with self._file.changing() as kept:
            marking = kept if self._is_ours(kept) else Marking()
            grid = marking.of(self.who)
            if not grid.finished:
                self._note("sa grille est finie")
                finished = grid.model_copy(update={"finished": self.centre.state.present().replace(microsecond=0)})
                self._keep(kept, self._with_grid(marking, finished))

    def reopen(self) -> None:
        """Go on with the own grid; refused once another one may have been seen: each fills his own before."""
        with self._file.changing() as kept:
            marking = kept if self._is_ours(kept) else Marking()
            if self.visible(marking):
                raise Refusal(
                    "Vous avez pu voir la grille d'un autre : la vôtre reste comme elle est. Ce qui change s'écrit dans la grille commune."
                )
            if marking.agreed.is_begun:
                raise Refusal("La grille commune est commencée : ce qui change s'y écrit.")
            if (grid := marking.of(self.who)).finished:
                self._note("sa grille est reprise")
                self._keep(kept, self._with_grid(marking, grid.model_copy(update={"finished": None})))

    def go_on_without(self, other: str) -> None:
        """Wait no more for an examiner who began a grid and doesn't finish it, once the own one is finished.

        His grid stays as it is, seen by nobody else until he finishes it.
        """
        with self._file.changing() as kept:
            marking = kept if self._is_ours(kept) else Marking()
            if not marking.of(self.who).finished:
                raise Refusal("Finissez d'abord votre grille.")
            for grid in marking.awaited(self.who):
                if grid.who.casefold() == other.casefold():
                    self._note(f"la commission n'attend plus la grille de {grid.who}")
                    unawaited = {**marking.unawaited, grid.who.casefold(): self.who}
                    self._keep(kept, marking.model_copy(update={"unawaited": unawaited}))

    def take_over(self) -> None:
        """Write into the agreed grid, where nothing is, what is the same in all finished grids; the mark is always typed."""
        with self._file.changing() as kept:
            marking = kept if self._is_ours(kept) else Marking()
            agreed = self._open_grid(marking, agreed=True)
            at = self.centre.state.present().replace(microsecond=0)
            for name, says in _same_in_all([marking.of(self.who), *self.visible(marking)]).items():
                if (stored := agreed.part(name)).is_empty:
                    agreed = written(agreed, name, says, stored.version, self.who, at)
            if agreed is not marking.agreed:
                self._note("grille commune : repris ce qui est pareil dans les grilles finies")
                self._keep(kept, self._with_grid(marking, agreed, agreed=True))

    @property
    def _file(self) -> MarkingFile:
        return MarkingFile(self.centre.state, self.centre.room.name, self.entry.key)

    def _is_ours(self, marking: Marking) -> bool:
        """Whether a marking is this commission's of this candidate.

        A corrected list may give one number to another person, or a candidate to another commission.
        """
        if not marking.key:
            return True
        if marking.commission != commission_of(self.entry):
            return False
        return marking.key == self.entry.key and may_be_same_person(marking, self.entry, entries_of(self.centre))

    def _open_grid(self, marking: Marking, *, agreed: bool) -> Grid:
        """The grid to write in; a Refusal where it isn't open to this examiner."""
        if agreed:
            self.refuse_agreeing(marking)
            return marking.agreed
        grid = marking.of(self.who)
        if grid.finished:
            raise Refusal(
                "Votre grille est finie, et rien n'y est changé : reprenez-la d'abord, ou écrivez dans la grille commune."
            )
        return grid

    def _with_grid(self, marking: Marking, grid: Grid, *, agreed: bool = False) -> Marking:
        changes: dict[str, object] = {
            "key": self.entry.key,
            "commission": commission_of(self.entry),
            "number": self.entry.number,
            "name": self.entry.name,
            "first_name": self.entry.first_name,
        }
        changes |= {"agreed": grid} if agreed else {"grids": {**marking.grids, self.who.casefold(): grid}}
        return marking.model_copy(update=changes)

    def _keep(self, kept: Marking, marking: Marking) -> None:
        if not self._is_ours(kept):
            self._file.put_aside()
        self._file.keep(marking)

    def _note(self, said: str) -> None:
        self.note(f"notation, {said}")

    def _accepted(self, part: str, levels: Mapping[str, str], text: str) -> tuple[dict[str, Level], str]:
        """What a part may say of what was typed; a Refusal says what can't be read."""
        if part == MARK:
            return {}, mark_of(text)
        if part == APPRECIATION:
            return {}, _bounded(text, MOST_OF_APPRECIATION, "L'appréciation")
        question = next((q for q in load_subject(self.entry.subject).questions if str(q.number) == part), None)
        if question is None:
            raise UnknownName("Cette question n'est pas dans le sujet : rechargez la page.")
        known, typed = skills_of(question), {skill: level for skill, level in levels.items() if level}
        if not set(typed) <= set(known) or not set(typed.values()) <= set(Level):
            raise Refusal("Un niveau est TI, I, S ou TS, pour une compétence de la question : rechargez la page.")
        ordered = {skill: Level(typed[skill]) for skill in known if skill in typed}
        return ordered, _bounded(text, MOST_OF_NOTE, "La remarque")


def mark_of(typed: str) -> str:
    """A mark out of 20 as it is kept, with a comma; empty where nothing is typed. Refusal where it isn't from 0 to 20.

    >>> mark_of("12.50"), mark_of(" 8 ")
    ('12,5', '8')
    """
    text = "".join(typed.split()).removesuffix("/20")
    if not text:
        return ""
    found = _MARK.fullmatch(text)
    if not found or (mark := Decimal(f"{found[1]}.{found[2] or 0}")) > 20 or not text.isascii():
        raise Refusal("La note n'est pas enregistrée : écrivez un nombre de 0 à 20, par exemple 12,5.")
    return f"{mark.normalize():f}".replace(".", ",")


def _bounded(text: str, most: int, what: str) -> str:
    tidy = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    if len(tidy) > most:
        raise Refusal(
            f"{what} n'est pas enregistrée : elle a {len(tidy)} signes, et {most} au plus tiennent sur la feuille."
        )
    return tidy


def _same_in_all(grids: Sequence[Grid]) -> dict[str, tuple[dict[str, Level], str]]:
    """What all grids say alike, by part: a question's levels one by one, a text where it is the same; no mark."""
    found: dict[str, tuple[dict[str, Level], str]] = {}
    first, *others = grids
    for name, part in first.parts.items():
        theirs = [grid.part(name) for grid in others]
        levels = {
            skill: level for skill, level in part.levels.items() if all(p.levels.get(skill) == level for p in theirs)
        }
        text = part.text if all(p.text == part.text for p in theirs) else ""
        if name != MARK and (levels or text):
            found[name] = levels, text
    return found


def _named(part: str) -> str:
    return f"question {part}" if part.isdigit() else {APPRECIATION: "appréciation", MARK: "note"}[part]
