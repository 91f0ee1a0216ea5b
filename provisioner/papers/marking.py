"""What the commission writes on: the evaluation sheet of annex VI-4 and the marking aid, per candidate.

Whatever the program knows is filled in. The mark, the appreciation, the levels and the signatures are the
commission's: they stay blank.
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.archive.archives import MANIFEST, said_of
from provisioner.archive.manifest import Manifest
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
from provisioner.exam.roster import plain, stem_of
from provisioner.exam.seating import entries_of, golden_for
from provisioner.examination.report import HTML_NAME, french_time
from provisioner.french.persons import may_be_same_person
from provisioner.host.disk import disk_in_french
from provisioner.host.editions import load_stacks
from provisioner.host.encryption import readable
from provisioner.papers.printing import page, write, write_pdfs, write_together
from provisioner.papers.sheets import cms_name, subject_name, warnings
from provisioner.station import sittings
from provisioner.station.centre import Centre
from provisioner.station.state import REPORT_JSON
from provisioner.subject.subjects import load_subject

_FILES = {"fiche": "fiche-evaluation", "grille": "grille-aide"}


def write_forms(
    centre: Centre, commission: str = "", identity: Path | None = None
) -> tuple[list[Path], list[ProvisionerError]]:
    """Both documents of every candidate (of one commission), as HTML and PDF, each commission in its folder.

    A commission's sheets stand together in one PDF as well, and so do its marking aids. Whoever's archive can't be
    read, or whose edition isn't built, keeps no other from his: what was written, and what is wrong.
    """
    entries = [entry for entry in entries_of(centre) if commission in ("", entry.commission)]
    if not entries:
        known = ", ".join(sorted({entry.commission for entry in entries_of(centre)}))
        raise Refusal(f"La commission « {commission} » n'est pas dans la liste. Commissions : {known}.")
    records = _records(centre)
    pdfs: dict[Path, str] = {}
    written: list[Path] = []
    errors: list[ProvisionerError] = []
    for entry in entries:
        folder, stem = _folder(centre, entry), stem_of(entry)
        try:
            known_of_him, page_of_report = _known(centre, entry, records, identity)
            link = f"{stem}-rapport.html" if page_of_report else ""
            pages = forms(centre, entry, known_of_him, link)
        except (ArchiveSpoilt, EvidenceLost, Refusal, ConfigurationError) as error:
            errors.append(error)
            continue
        if page_of_report:
            write(folder / link, page_of_report)
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
    """What is known of a candidate's sitting: his clock, what the jury has to know, and the report's document.

    `differs`: how his station was not as it should be; None where nothing says it.
    """

    clock: tuple[ClockEntry, ...] = ()
    events: tuple[Event, ...] = ()
    differs: Sequence[str] | None = None
    report: Mapping[str, Any] | None = None


def forms(centre: Centre, entry: RosterEntry, known: Known, link: str) -> dict[str, str]:
    """Both pages of one candidate."""
    report, subject = known.report, load_subject(entry.subject)
    at, zone = entry.at, centre.settings.zone
    differs = report["differs"] if report else known.differs
    if differs is None:
        differs = golden_for(centre, entry.stack).conformity.differs
    shared = {
        "who": entry,
        "date": f"{at.astimezone(zone):%d/%m/%Y}",
        "session": at.year,
        "name": subject_name(subject.id),
        "warnings": warnings(entry.stack, differs),
    }
    every = dict.fromkeys(stack.cms for stack in load_stacks().values())
    letter = subject.id.rpartition("-")[2].upper()
    all_cms = [
        {"title": cms_name(cms), "letter": letter if cms == subject.cms else ""} for cms in sorted(every, reverse=True)
    ]
    questions = [
        {
            "number": question.number,
            "text": question.text,
            "criterion": question.criterion,
            "skills": list(dict.fromkeys(wanted.skill for wanted in question.wanted if wanted.skill)),
            "findings": _findings(report, question.number),
        }
        for question in subject.questions
    ]
    return {
        "fiche": page("fiche", zone, **shared, all_cms=all_cms),
        "grille": page(
            "grille",
            zone,
            **shared,
            questions=questions,
            report=report,
            link=link,
            events=events_in_french(known, zone),
            taken_at=report["taken_at"] if report else "",
        ),
    }


def events_in_french(known: Known, zone: ZoneInfo) -> list[str]:
    """What the jury has to know of a sitting, a sentence each."""
    sentences = []
    for change in known.clock:
        if change.what == "start" and (change.minutes != EXAM_MINUTES or change.why):
            why = f" ({change.why})" if change.why else ""
            sentences.append(f"Début le {_at(change.at, zone)}, pour {change.minutes} minutes{why}")
    report = known.report
    if report and not clock.is_complete(clock.read(known.clock), datetime.fromisoformat(report["taken_at"])):
        sentences.append(
            f"Ce qui suit a été constaté le {french_time(report['taken_at'], zone)}, avant la fin du temps : à examiner de nouveau"
        )
    for event in known.events:
        why = f" ({event.why})" if event.why else ""
        what = {
            "extra": f"{event.minutes} minutes de plus ont été données",
            "stop": "le temps a été arrêté avant la fin",
            "rewind": f"le site a été ramené à son état du {_at(event.to, zone)}" if event.to else "",
            "replace": "le poste a été remplacé, avec le travail du candidat",
        }.get(event.what, event.what)
        sentences.append(f"{_at(event.at, zone)} : {what}{why}")
    return sentences


def _at(instant: datetime, zone: ZoneInfo) -> str:
    return french_time(instant.isoformat(), zone)


def _findings(report: Mapping[str, Any] | None, number: int) -> list[dict[str, Any]]:
    rows = []
    for question in (report or {}).get("questions", ()):
        for check in question["checks"] if question["number"] == number else ():
            for one in check["findings"]:
                name = fact_name(one["fact"])
                rows.append({"verdict": Verdict(one["verdict"]), "name": name, "observed": one["observed"]})
    return rows


def _records(centre: Centre) -> dict[str, SittingRecord]:
    """What is kept of the candidates whose stations are still there, by their key."""
    found = {}
    containers = sittings.containers_of(centre.engine, centre.state, centre.room.name)
    for container in sorted(containers, key=lambda box: (not sittings.is_aside(centre.state, box), box.created)):
        record = centre.state.record(container.id)
        # What was set aside for a rewind or a repair is not the candidate's last state.
        if record.candidate and (record.aside is None or record.aside.why == "reset"):
            found[record.candidate.key] = record
    return found


def _known(
    centre: Centre, entry: RosterEntry, records: Mapping[str, SittingRecord], identity: Path | None
) -> tuple[Known, bytes]:
    """What is known of a candidate, and the page of his report: from his station while it is there, else his archive.

    After it was archived he may be examined again at his station, or its site taken back; where it never was, his archive
    may have been examined since.
    """
    record = records.get(entry.key, SittingRecord())
    known, html = Known(record.clock, record.events), b""
    examined = entry.examined
    of_archive = [examined.report] if examined and examined.archive == entry.archived else []
    # The station's own state was examined there only where that is the last that was archived of it.
    same = (examined.archive if examined else None) == (record.archived.file if record.archived else None)
    reports: Sequence[str] = record.reports or (of_archive if same else ())
    if entry.archived and not record.clock:
        known, html, reports = _known_by_archive(centre, entry, of_archive, identity)
    if not reports or not (folder := Path(reports[-1])).exists():
        return known, html
    report = json.loads((folder / REPORT_JSON).read_bytes())
    return replace(known, report=report), (folder / HTML_NAME).read_bytes()


def _known_by_archive(
    centre: Centre, entry: RosterEntry, reports: list[str], identity: Path | None
) -> tuple[Known, bytes, list[str]]:
    """What a candidate's archive says, or the list where the archive is encrypted; and the reports of that state."""
    try:
        manifest, report, html = _archived(centre, centre.state.archives / entry.archived, identity)
        candidate = manifest.candidate
        known = Known(manifest.clock or (), manifest.events or (), manifest.differs, report)
    except Refusal:  # encrypted, and its key is elsewhere: the forms need nothing of it but what the list kept
        kept = entry.kept
        reports = [*(kept.reports if kept else ()), *reports]
        if identity or not kept or (reports and not Path(reports[-1]).exists()):
            raise
        known, html, candidate = Known(kept.clock or (), kept.events or (), kept.differs), b"", kept.candidate
    if candidate and not may_be_same_person(candidate, entry, entries_of(centre)):
        raise EvidenceLost(
            f"{entry.archived} est l'archive de {candidate.name} {candidate.first_name}, et non de {entry.name} "
            f"{entry.first_name} : la liste a donné un numéro à deux candidats. Aucune fiche n'est écrite pour ce dernier."
        )
    return known, html, reports


def _archived(centre: Centre, path: Path, identity: Path | None) -> tuple[Manifest, Mapping[str, Any] | None, bytes]:
    """An archive's manifest, and the document and the page of its report, where it has one."""
    read = readable(path, identity, centre.state.folder)
    with disk_in_french(path, EvidenceLost), read as plain, said_of(path), zipfile.ZipFile(plain) as bundle:
        manifest = Manifest.model_validate_json(bundle.read(MANIFEST))
        if not manifest.report:
            return manifest, None, b""
        return manifest, json.loads(bundle.read(f"report/{REPORT_JSON}")), bundle.read(f"report/{HTML_NAME}")


def _folder(centre: Centre, entry: RosterEntry) -> Path:
    return centre.state.folder / "documents" / centre.room.name / f"commission-{plain(entry.commission)}"
