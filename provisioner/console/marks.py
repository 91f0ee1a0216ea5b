"""What the pages of a commission show: how far its candidates are, what was observed at a question, what grids say.

Grids are shown as their examiners wrote them; nothing here is made of a verdict.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from provisioner.console.act_words import on_screen
from provisioner.console.hours import day_and_hour
from provisioner.console.tiles import State, is_archived, is_examined, subject_in_words
from provisioner.core.errors import EvidenceLost, ProvisionerError
from provisioner.core.model import Verdict
from provisioner.core.records import RosterEntry, SittingRecord
from provisioner.exam.marking import MARK, Desk, commission_of, skills_of
from provisioner.examination.document import ExaminationDocument
from provisioner.examination.page_content import (
    Piece,
    ShownCheck,
    ShownFinding,
    ShownQuestion,
    screenshots_of,
    shown_questions,
)
from provisioner.papers.marking import Known, events_in_french, known_of, records_of
from provisioner.station.centre import Centre
from provisioner.station.markings import Grid, Level, Marking, sitting_of
from provisioner.subject.subjects import Question, load_subject

#: For how many seconds a look at the room's records serves: the stations' machine has other work.
RECENT = 3.0
_seen: dict[tuple[Path, str], tuple[float, Mapping[str, SittingRecord]]] = {}
_looking = Lock()
#: What waits for a person stands first, then what speaks against the candidate.
_ORDER = (Verdict.TO_JUDGE, Verdict.NOT_MET, Verdict.BLOCKED, Verdict.BROKEN, Verdict.MET)


@dataclass(frozen=True)
class Row:
    """A candidate of a commission. `words`: how far his exam is; `grid`: how far the reader's own grid is, in French."""

    entry: RosterEntry
    address: str
    subject: str
    words: str
    grid: str = ""
    mark: str = ""
    agreed: str = ""
    agreed_mark: str = ""
    finished: int = 0


@dataclass(frozen=True)
class Observation:
    """A finding as the page shows it. `pieces` are shown with it, `above` with an earlier one."""

    check: ShownCheck
    finding: ShownFinding
    pieces: Sequence[Piece]
    above: Sequence[Piece]


#: Observations by verdict.
Groups = Sequence[tuple[Verdict, Sequence[Observation]]]


@dataclass(frozen=True)
class Work:
    """What is known of a candidate's work; `trouble`: why it isn't known whole, in French."""

    known: Known
    trouble: str = ""


@dataclass(frozen=True)
class Entered:
    """What stands in a question's form of a grid: its number and skills, with the level of each."""

    question: Question
    skills: Sequence[tuple[str, Level | None]]

    @property
    def number(self) -> str:
        """Its number, as parts of grids are called."""
        return str(self.question.number)


def address_of(entry: RosterEntry) -> str:
    """The address of a candidate's page."""
    return f"{address_of_commission(commission_of(entry))}/{quote(sitting_of(entry.key), safe='')}"


def address_of_commission(commission: str) -> str:
    """The address of a commission's page; its name is coded twice, since a server takes a coded "/" for one of a path."""
    name = quote(commission, safe="")
    return f"/commission/{quote(name, safe='') if '%' in name else name}"


def rows_of(centre: Centre, entries: Sequence[RosterEntry], who: str) -> tuple[list[Row], str]:
    """A row for each candidate, and why some may say too little; `who`: an examiner's name, empty for whoever is none.

    Whoever is no examiner gets how many grids are finished, and nothing of what is in them.
    """
    records, trouble = _records(centre)
    rows = []
    for entry in entries:
        desk, record = Desk(centre, entry, who), records.get(entry.key, SittingRecord())
        marking = Marking()
        try:
            marking = desk.read()
        except EvidenceLost as error:
            trouble = trouble or on_screen(str(error))
        rows.append(_row(centre, desk, record, marking))
    return rows, trouble


def _row(centre: Centre, desk: Desk, record: SittingRecord, marking: Marking) -> Row:
    entry, who = desk.entry, desk.who
    subject = subject_in_words(entry.stack, entry.subject)
    row = Row(entry, address_of(entry), subject, _how_far(centre, entry, record))
    finished = sum(grid.finished is not None for grid in marking.grids.values())
    if not who:
        return Row(entry, row.address, subject, row.words, finished=finished)
    own, agreed = marking.of(who), marking.agreed
    may_see = own.finished is not None
    return Row(
        entry,
        row.address,
        subject,
        row.words,
        _how_far_grid(own),
        own.part(MARK).text,
        ("commencée" if agreed.is_begun else "pas commencée") if may_see else "",
        agreed.part(MARK).text if may_see else "",
        finished,
    )


def _how_far_grid(grid: Grid) -> str:
    return "finie" if grid.finished else "commencée" if grid.is_begun else "pas commencée"


def _how_far(centre: Centre, entry: RosterEntry, record: SittingRecord) -> str:
    """How far a candidate's exam is, in the words of the room."""
    present = centre.state.present()
    if entry.archived and not record.clock:
        examined = entry.examined or (entry.kept and entry.kept.reports)
        return f"{State.ARCHIVED}, {'examiné' if examined else 'pas examiné'}"
    if record.running is None:
        return f"attendu, {day_and_hour(entry.at, present)}"
    if not record.running.over(present):
        return str(State.WORKING)
    words = [str(State.ARCHIVED)] if is_archived(record, present) else [str(State.OVER)]
    return ", ".join([*words, "examiné" if is_examined(record) else "à examiner"])


def work_of(centre: Centre, entry: RosterEntry) -> Work:
    """What is known of a candidate's work; it never raises: what can't be read is said, and the grid stays open."""
    records, trouble = _records(centre)
    try:
        return Work(known_of(centre, entry, records), trouble)
    except ProvisionerError as error:
        return Work(Known(), on_screen(str(error)))
    except (OSError, ValueError, KeyError) as error:
        said = f"Le rapport de ce candidat n’est pas lisible (détail : {type(error).__name__}). Examinez son travail de nouveau."
        return Work(Known(), said)


def _records(centre: Centre) -> tuple[Mapping[str, SittingRecord], str]:
    """The records by candidate, as they were at most a moment ago: a page asks for each of its captures by itself."""
    with _looking:
        key, now = (centre.state.folder, centre.room.name), time.monotonic()
        at, records = _seen.get(key, (float("-inf"), {}))
        if now - at < RECENT:
            return records, ""
        try:
            records = records_of(centre)
        except ProvisionerError as error:
            return {}, on_screen(str(error))
        _seen[key] = time.monotonic(), records
        return records, ""


def happened(centre: Centre, work: Work) -> list[str]:
    """What the jury has to know of the sitting, in French sentences."""
    return events_in_french(work.known, centre.settings.zone)


def observed(work: Work, number: int, address: str) -> tuple[Groups, str]:
    """What was observed at a question, by verdict, what waits for a person first; and why evidence is missing, in French.

    `address` is the candidate's page. Nothing where the work wasn't examined, or not at this question.
    """
    report, folder = work.known.report, work.known.folder
    asked = [question for question in report["questions"] if question["number"] == number] if report else []
    if not report or not asked:
        return (), ""
    document: ExaminationDocument = {**report, "questions": asked}
    names, lost = {name: index for index, name in enumerate(screenshots_of(report))}, ""
    if folder:
        try:
            of = quote(folder.name)
            shown = shown_questions(document, folder, lambda name: f"{address}/capture/{names[name]}?rapport={of}")
            return _by_verdict(shown[0]), ""
        except (EvidenceLost, KeyError) as error:
            lost = on_screen(str(error)) if isinstance(error, EvidenceLost) else "Les captures n’ont pas pu être lues."
    else:
        lost = "Les captures sont dans l’archive de ce candidat : un technicien peut la rouvrir."
    shown = shown_questions(_without_evidence(document), Path())
    return _by_verdict(shown[0]), lost


def _without_evidence(document: ExaminationDocument) -> ExaminationDocument:
    questions = [
        {
            **question,
            "checks": [
                {**check, "findings": [{**finding, "evidence": []} for finding in check["findings"]]}
                for check in question["checks"]
            ],
        }
        for question in document["questions"]
    ]
    return {**document, "questions": questions}  # type: ignore[typeddict-item]  # the same, without evidence


def _by_verdict(question: ShownQuestion) -> Groups:
    pairs = [(check, finding) for check in question.checks for finding in check.findings]
    pairs.sort(key=lambda pair: _ORDER.index(pair[1].verdict))
    shown: set[str] = set()
    observations = []
    for check, finding in pairs:
        fresh = [piece for piece in finding.evidence if piece.id not in shown]
        shown |= {piece.id for piece in fresh}
        observations.append(Observation(check, finding, fresh, [p for p in finding.evidence if p not in fresh]))
    return [(verdict, list(run)) for verdict, run in groupby(observations, key=lambda one: one.finding.verdict)]


def entered(entry: RosterEntry, grid: Grid) -> list[Entered]:
    """What a grid says of each question of the subject."""
    return [
        Entered(question, [(skill, levels.get(skill)) for skill in skills_of(question)])
        for question in load_subject(entry.subject).questions
        for levels in [grid.part(str(question.number)).levels]
    ]
