"""The forms that the commission writes on: the evaluation sheet of annex VI-4 and the marking aid, per candidate.

What the program knows is filled in. The mark, the appreciation, the levels and the signatures are the commission's: they
stay blank but for what its examiners wrote in the console, and the signatures always do.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from provisioner.archive.archives import report_of
from provisioner.archive.manifest import Manifest
from provisioner.archive.verifying import refuse_unlike_record
from provisioner.core import clock
from provisioner.core.clock import EXAM_MINUTES, ClockEntry
from provisioner.core.errors import (
    ArchiveSpoilt,
    ConfigurationError,
    EvidenceLost,
    ProvisionerError,
    Refusal,
)
from provisioner.core.model import Verdict, fact_name
from provisioner.core.records import Event, RosterEntry, SittingRecord
from provisioner.exam.marking import APPRECIATION, MARK, skills_of
from provisioner.exam.roster import plain, stem_of
from provisioner.exam.seating import entries_of, golden_for
from provisioner.examination.document import CheckDocument, ExaminationDocument
from provisioner.examination.report import HTML_NAME, french_time
from provisioner.french.persons import may_be_same_person
from provisioner.host.disk import disk_in_french, private_folder
from provisioner.host.editions import cms_name, load_stacks, stack_named
from provisioner.host.encryption import readable
from provisioner.papers.printing import page, write, write_pdfs, write_together
from provisioner.papers.sheets import subject_letter, subject_name, warnings
from provisioner.station import sittings
from provisioner.station.centre import Centre
from provisioner.station.markings import Grid, Level
from provisioner.station.state import REPORT_JSON
from provisioner.subject.subjects import Question, load_subject

_FILES = {"fiche": "fiche-evaluation", "grille": "grille-aide"}


def write_forms(
    centre: Centre, commission: str = "", identity: Path | None = None
) -> tuple[list[Path], list[ProvisionerError]]:
    """Both forms of every candidate (of one commission), as HTML and PDF, each commission in its folder.

    One PDF more has all of a commission's evaluation sheets, and another all of its marking aids. Returns the files
    written and the errors: where an archive can't be read or an edition isn't built, the other candidates' forms are
    written all the same.
    """
    entries = [entry for entry in entries_of(centre) if commission in ("", entry.commission)]
    if not entries:
        commissions = ", ".join(sorted({entry.commission for entry in entries_of(centre)}))
        raise Refusal(f"La commission « {commission} » n'est pas dans la liste. Commissions : {commissions}.")
    records = records_of(centre)
    pdfs: dict[Path, str] = {}
    written: list[Path] = []
    errors: list[ProvisionerError] = []
    for entry in entries:
        folder, stem = _folder(centre, entry), stem_of(entry)
        try:
            facts, report_page = _facts_of(centre, entry, records, identity)
            link = f"{stem}-rapport.html" if report_page else ""
            pages = forms(centre, entry, facts, link)
        except (ArchiveSpoilt, EvidenceLost, Refusal, ConfigurationError) as error:
            errors.append(error)
            continue
        if report_page:
            write(folder / link, report_page)
            written.append(folder / link)
        for kind, html in pages.items():
            path = folder / f"{stem}-{_FILES[kind]}.html"
            write(path, html.encode())
            written.append(path)
            pdfs[path.with_suffix(".pdf")] = html
    written += write_pdfs(pdfs)
    batches: dict[Path, list[Path]] = {}
    for path in pdfs:
        kind = next(kind for kind, name in _FILES.items() if path.stem.endswith(name))
        batches.setdefault(path.with_name(f"toutes-les-{kind}s.pdf"), []).append(path)
    return written + [write_together(path, parts) for path, parts in batches.items()], errors


@dataclass(frozen=True)
class Known:
    """What is known of a candidate's sitting: the clock, the events for the jury, and the report's document.

    `differs`: how the station differed from what the exam asks for; None where that isn't recorded. `folder`: where the
    report and its evidence are; None where only an archive has them.
    """

    clock: tuple[ClockEntry, ...] = ()
    events: tuple[Event, ...] = ()
    differs: Sequence[str] | None = None
    report: ExaminationDocument | None = None
    folder: Path | None = None


@dataclass(frozen=True)
class Filled:
    """What examiners wrote, for the forms: a grid, and the names of those whose it is."""

    grid: Grid = field(default_factory=Grid)
    examiners: Sequence[str] = ()


_BLANK = Filled()


def known_of(centre: Centre, entry: RosterEntry, records: Mapping[str, SittingRecord]) -> Known:
    """What is known of a candidate's sitting; `records`: see `records_of`.

    ArchiveSpoilt, EvidenceLost or a Refusal where what is kept can't be read, or is of somebody else.
    """
    facts, _ = _facts_of(centre, entry, records, None)
    if facts.report and not facts.folder and entry.kept:  # an archive's, whose folder may still be there
        same = (Path(folder) for folder in entry.kept.reports if _document_in(Path(folder)) == facts.report)
        facts = replace(facts, folder=next(same, None))
    return facts


def _document_in(folder: Path) -> ExaminationDocument | None:
    with suppress(OSError, ValueError):
        document: ExaminationDocument = json.loads((folder / REPORT_JSON).read_bytes())
        return document
    return None


def filled_form(centre: Centre, entry: RosterEntry, facts: Known, kind: str, filled: Filled) -> bytes:
    """A candidate's form as PDF to sign, with what examiners wrote; `kind`: "fiche" or "grille". No file stays of it."""
    html = forms(centre, entry, facts, "", filled)[kind]
    with disk_in_french(centre.state.folder, EvidenceLost), private_folder(centre.state.folder) as folder:
        (path,) = write_pdfs({folder / f"{kind}.pdf": html})
        return path.read_bytes()


def forms(
    centre: Centre,
    entry: RosterEntry,
    facts: Known,
    link: str,
    filled: Filled = _BLANK,
) -> dict[str, str]:
    """Both forms of one candidate, as HTML by kind ("fiche", "grille"); `link` is the report's page, where there is one."""
    report, subject, stack = facts.report, load_subject(entry.subject), stack_named(entry.stack)
    at, zone = entry.at, centre.settings.zone
    differs = report["differs"] if report else facts.differs
    if differs is None:
        differs = golden_for(centre, entry.stack).conformity.differs
    shared = {
        "who": entry,
        "date": f"{at.astimezone(zone):%d/%m/%Y}",
        "session": stack.edition if stack.official else at.year,
        "name": subject_name(subject.id),
        "warnings": warnings(entry.stack, differs),
    }
    every = dict.fromkeys(stack.cms for stack in load_stacks().values())
    letter = subject_letter(subject.id)
    all_cms = [
        {"title": cms_name(cms), "letter": letter if cms == subject.cms else ""} for cms in sorted(every, reverse=True)
    ]
    questions = [_shown(question, filled.grid, _checks_of(report, question.number)) for question in subject.questions]
    return {
        "fiche": page(
            "fiche",
            zone,
            **shared,
            all_cms=all_cms,
            appreciation=filled.grid.part(APPRECIATION).text,
            mark=filled.grid.part(MARK).text,
            examiners=filled.examiners,
        ),
        "grille": page(
            "grille",
            zone,
            **shared,
            questions=questions,
            levels=list(Level),
            examiners=filled.examiners,
            report=report,
            link=link,
            events=events_in_french(facts, zone),
            taken_at=report["taken_at"] if report else "",
        ),
    }


def _shown(question: Question, grid: Grid, checks: Sequence[CheckDocument]) -> dict[str, object]:
    """What the marking aid shows of a question."""
    return {
        "number": question.number,
        "text": question.text,
        "criterion": question.criterion,
        "rows": _rows(question, grid),
        "note": grid.part(str(question.number)).text,
        "observations": _observations(checks),
        "as_seeded": bool(checks) and all(check.get("as_seeded", False) for check in checks),
    }


def _rows(question: Question, grid: Grid) -> list[tuple[str, Level | None]]:
    """A row of levels for each skill of a question, and the level that was ticked there."""
    skills, levels = skills_of(question), grid.part(str(question.number)).levels
    return [(skill, levels.get(skill)) for skill in skills]


def events_in_french(facts: Known, zone: ZoneInfo) -> list[str]:
    """What the jury has to know of a sitting, one French sentence each."""
    sentences = []
    for change in facts.clock:
        if change.what == "start" and (change.minutes != EXAM_MINUTES or change.why):
            why = f" ({change.why})" if change.why else ""
            sentences.append(f"Début le {_at(change.at, zone)}, pour {change.minutes} minutes{why}")
    report = facts.report
    if report:
        examined_at = datetime.fromisoformat(report["taken_at"])
        if remark := sittings.examination_remark(clock.read(facts.clock), examined_at, zone):
            sentences.append(f"{remark[0].upper()}{remark[1:]}")
    for event in facts.events:
        why = f" ({event.why})" if event.why else ""
        sentence = {
            "extra": f"{event.minutes} minutes de plus ont été données",
            "stop": "le temps a été arrêté avant la fin",
            "rewind": f"le site a été ramené à son état du {_at(event.to, zone)}" if event.to else "",
            "replace": "le poste a été remplacé, avec le travail du candidat",
            "free": "le candidat a changé de machine",
        }.get(event.what, event.what)
        sentences.append(f"{_at(event.at, zone)} : {sentence}{why}")
    return sentences


def _at(instant: datetime, zone: ZoneInfo) -> str:
    return french_time(instant.isoformat(), zone)


@dataclass(frozen=True)
class _Observation:
    """A line of the marking aid: the facts of a question of which the same was observed, with the same verdict."""

    verdict: Verdict
    names: tuple[str, ...]
    observed: str


def _checks_of(report: ExaminationDocument | None, number: int) -> list[CheckDocument]:
    """The checks of a question in the report's document; none where there is no report."""
    questions = report["questions"] if report else []
    return [check for question in questions if question["number"] == number for check in question["checks"]]


def _observations(checks: Sequence[CheckDocument]) -> list[_Observation]:
    """What was observed of a question, in the order of its checks; every fact is named once."""
    names: dict[tuple[Verdict, str], list[str]] = {}
    for finding in (finding for check in checks for finding in check["findings"]):
        names.setdefault((Verdict(finding["verdict"]), finding["observed"]), []).append(fact_name(finding["fact"]))
    return [_Observation(verdict, tuple(facts), observed) for (verdict, observed), facts in names.items()]


def records_of(centre: Centre) -> dict[str, SittingRecord]:
    """The records of the candidates whose stations still exist, by their key."""
    records = {}
    containers = sittings.containers_of(centre.engine, centre.state, centre.room.name)
    for container in sorted(
        containers, key=lambda container: (not sittings.is_aside(centre.state, container), container.created)
    ):
        record = centre.state.record(container.id)
        # A container that was set aside by a rewind or a replacement hasn't the candidate's last state.
        if record.candidate and (record.aside is None or record.aside.why == "reset"):
            records[record.candidate.key] = record
    return records


def _facts_of(
    centre: Centre, entry: RosterEntry, records: Mapping[str, SittingRecord], identity: Path | None
) -> tuple[Known, bytes]:
    """What is known of a candidate, and the page of the report: from the station while it exists, else from the archive.

    After it was archived, the station may be examined again, or its site taken back; where only the archive was
    examined, its report counts for the station too.
    """
    record = records.get(entry.key, SittingRecord())
    facts, html = Known(record.clock, record.events), b""
    examined = entry.examined
    of_archive = [examined.report] if examined and examined.archive == entry.archived else []
    # An archive's report is of the station's state only where that archive is the last one of the station.
    station_state_examined = (examined.archive if examined else None) == (
        record.archived.file if record.archived else None
    )
    reports: Sequence[str] = record.reports or (of_archive if station_state_examined else ())
    if entry.archived and not record.clock:
        facts, html, reports = _facts_of_archive(centre, entry, of_archive, identity)
    if not reports or not (folder := Path(reports[-1])).exists():
        return facts, html
    report: ExaminationDocument = json.loads((folder / REPORT_JSON).read_bytes())
    return replace(facts, report=report, folder=folder), (folder / HTML_NAME).read_bytes()


def _facts_of_archive(
    centre: Centre, entry: RosterEntry, reports: list[str], identity: Path | None
) -> tuple[Known, bytes, list[str]]:
    """What a candidate's archive says, or the list where the archive is encrypted; the page and the reports' folders."""
    try:
        manifest, report, html = _archived(centre, centre.state.archives / entry.archived, identity)
        candidate = manifest.candidate
        facts = Known(manifest.clock or (), manifest.events or (), manifest.differs, report)
    except Refusal:  # encrypted, and its key is elsewhere: the list has what the forms need of it
        archived_sitting = entry.kept
        reports = [*(archived_sitting.reports if archived_sitting else ()), *reports]
        if identity or not archived_sitting or (reports and not Path(reports[-1]).exists()):
            raise
        facts, html, candidate = (
            Known(archived_sitting.clock or (), archived_sitting.events or (), archived_sitting.differs),
            b"",
            archived_sitting.candidate,
        )
    if candidate and not may_be_same_person(candidate, entry, entries_of(centre)):
        raise EvidenceLost(
            f"{entry.archived} est l'archive de {candidate.name} {candidate.first_name}, et non de {entry.name} "
            f"{entry.first_name} : la liste a donné un numéro à deux candidats. Aucune fiche n'est écrite pour ce dernier."
        )
    return facts, html, reports


def _archived(centre: Centre, path: Path, identity: Path | None) -> tuple[Manifest, ExaminationDocument | None, bytes]:
    """An archive's manifest, and the document and the page of its report; None and empty where it has none."""
    with disk_in_french(path, EvidenceLost), readable(path, identity, centre.state.folder) as plain:
        summary, report, html = report_of(plain, path)
    refuse_unlike_record(centre.state, path.name, summary.signer)
    return summary.manifest, cast("ExaminationDocument | None", report), html


def _folder(centre: Centre, entry: RosterEntry) -> Path:
    return centre.state.folder / "documents" / centre.room.name / f"commission-{plain(entry.commission)}"
