"""What the commission writes on: the evaluation sheet of annex VI-4 and the marking aid, per candidate.

Whatever the program knows is filled in. The mark, the appreciation, the levels and the signatures are the
commission's: they stay blank.
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from provisioner.archive.archives import MANIFEST, said_of
from provisioner.core import clock
from provisioner.core.clock import EXAM
from provisioner.core.errors import (
    ArchiveSpoilt,
    ConfigurationError,
    EvidenceLost,
    ProvisionerError,
    Refusal,
)
from provisioner.core.model import Verdict
from provisioner.exam.roster import plain, stem_of
from provisioner.exam.seating import entries_of, golden_for
from provisioner.examination.report import HTML_NAME, french_time
from provisioner.french.persons import may_be_same_person
from provisioner.host.config import load_stacks
from provisioner.host.disk import disk_in_french
from provisioner.host.encryption import readable
from provisioner.papers.printing import page, write, write_pdfs, write_together
from provisioner.papers.sheets import cms_name, subject_name, warnings
from provisioner.station import sittings
from provisioner.station.lifecycle import Centre
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
    entries = [entry for entry in entries_of(centre) if commission in ("", entry["commission"])]
    if not entries:
        known = ", ".join(sorted({entry["commission"] for entry in entries_of(centre)}))
        raise Refusal(f"La commission « {commission} » n'est pas dans la liste. Commissions : {known}.")
    records = _records(centre)
    pdfs: dict[Path, str] = {}
    written: list[Path] = []
    errors: list[ProvisionerError] = []
    for entry in entries:
        folder, stem = _folder(centre, entry), stem_of(entry)
        try:
            told, page_of_report = _known(centre, entry, records, identity)
            link = f"{stem}-rapport.html" if page_of_report else ""
            pages = forms(centre, entry, told, link)
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


def forms(centre: Centre, entry: Mapping[str, Any], known: Mapping[str, Any], link: str) -> dict[str, str]:
    """Both pages of one candidate. `known` has his `clock`, `events` and `report` (its document), where there are."""
    report, subject = known.get("report"), load_subject(entry["subject"])
    at, zone = datetime.fromisoformat(entry["at"]), centre.settings.zone
    differs = report["differs"] if report else known.get("differs")
    if differs is None:
        differs = golden_for(centre, entry["stack"]).conformity.differs
    shared = {
        "who": entry,
        "date": f"{at.astimezone(zone):%d/%m/%Y}",
        "session": at.year,
        "name": subject_name(subject.id),
        "warnings": warnings(entry["stack"], differs),
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
            events=told_events(known, zone),
            taken_at=report["taken_at"] if report else "",
        ),
    }


def told_events(known: Mapping[str, Any], zone: Any) -> list[str]:
    """What the jury has to know of a sitting, a sentence each."""
    said = []
    for one in known.get("clock") or ():
        if one["what"] == "start" and (one["minutes"] != EXAM or one.get("why")):
            why = f" ({one['why']})" if one.get("why") else ""
            said.append(f"Début le {french_time(one['at'], zone)}, pour {one['minutes']} minutes{why}")
    if (report := known.get("report")) and not clock.is_complete(known, report["taken_at"]):
        said.append(
            f"Ce qui suit a été constaté le {french_time(report['taken_at'], zone)}, avant la fin du temps : à examiner de nouveau"
        )
    for one in known.get("events") or ():
        why = f" ({one['why']})" if one.get("why") else ""
        what = {
            "extra": f"{one.get('minutes')} minutes de plus ont été données",
            "stop": "le temps a été arrêté avant la fin",
            "rewind": f"le site a été ramené à son état du {french_time(one['to'], zone)}" if "to" in one else "",
            "replace": "le poste a été remplacé, avec le travail du candidat",
        }.get(one["what"], one["what"])
        said.append(f"{french_time(one['at'], zone)} : {what}{why}")
    return said


def _findings(report: Mapping[str, Any] | None, number: int) -> list[dict[str, Any]]:
    rows = []
    for question in (report or {}).get("questions", ()):
        for check in question["checks"] if question["number"] == number else ():
            for one in check["findings"]:
                name = one["fact"].partition("/")[2].removesuffix("(à apprécier)").rstrip()
                rows.append({"verdict": Verdict(one["verdict"]), "name": name, "observed": one["observed"]})
    return rows


def _records(centre: Centre) -> dict[str, dict[str, Any]]:
    """What is kept of the candidates whose stations are still there, by their key."""
    found = {}
    held = sittings.held(centre.engine, centre.state, centre.room.name)
    for container in sorted(held, key=lambda one: (not sittings.is_aside(centre.state, one), one.created)):
        record = centre.state.record(container.id) or {}
        # What was set aside for a rewind or a repair is not the candidate's last state.
        if (candidate := record.get("candidate")) and record.get("aside", {}).get("why") in (None, "reset"):
            found[candidate["key"]] = record
    return found


def _known(
    centre: Centre, entry: Mapping[str, Any], records: Mapping[str, Mapping[str, Any]], identity: Path | None
) -> tuple[dict[str, Any], bytes]:
    """What is known of a candidate, and the page of his report: from his station while it is there, else his archive.

    After it was archived he may be examined again at his station, or its site taken back; where it never was, his archive
    may have been examined since.
    """
    record, html = records.get(entry["key"], {}), b""
    later = entry.get("examined", {})
    of_archive = [later["report"]] if later and later["archive"] == entry.get("archived") else []
    # The station's own state was examined there only where that is the last that was archived of it.
    same = later.get("archive") == record.get("archived", {}).get("file")
    reports: Sequence[str] = record.get("reports") or (of_archive if same else ())
    if entry.get("archived") and not record.get("clock"):
        try:
            record, html = _archived(centre, centre.state.archives / entry["archived"], identity)
        except Refusal:  # encrypted, and its key is elsewhere: the forms need nothing of it but what the list kept
            record = entry.get("kept", {})
            of_archive = [*record.get("reports", ()), *of_archive]
            if identity or not record or (of_archive and not Path(of_archive[-1]).exists()):
                raise
        if (sat := record.get("candidate")) and not may_be_same_person(sat, entry, entries_of(centre)):
            raise EvidenceLost(
                f"{entry['archived']} est l'archive de {sat['name']} {sat['first_name']}, et non de {entry['name']} "
                f"{entry['first_name']} : la liste a donné un numéro à deux candidats. Aucune fiche n'est écrite pour ce dernier."
            )
        reports = of_archive
    if not reports or not (folder := Path(reports[-1])).exists():
        return dict(record), html
    return {**record, "report": json.loads((folder / REPORT_JSON).read_bytes())}, (folder / HTML_NAME).read_bytes()


def _archived(centre: Centre, path: Path, identity: Path | None) -> tuple[dict[str, Any], bytes]:
    read = readable(path, identity, centre.state.folder)
    with disk_in_french(path, EvidenceLost), read as plain, said_of(path), zipfile.ZipFile(plain) as bundle:
        record = json.loads(bundle.read(MANIFEST))
        if not record["report"]:
            return record, b""
        record["report"] = json.loads(bundle.read(f"report/{REPORT_JSON}"))
        return record, bundle.read(f"report/{HTML_NAME}")


def _folder(centre: Centre, entry: Mapping[str, Any]) -> Path:
    return centre.state.folder / "documents" / centre.room.name / f"commission-{plain(entry['commission'])}"
