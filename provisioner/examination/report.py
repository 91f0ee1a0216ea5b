"""Writes a station's report: `report.json`, and the HTML page that a jury reads, made from it.

The page needs no other file: no address is fetched, no script runs, screenshots and notes are in it. Candidates wrote part
of what it shows, so everything is escaped, and a policy in the page forbids scripts and requests. It gives no mark and no
total: the mark is the commission's. What it shows is composed in page_content.py; its words are in templates/.
"""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, TemplateError

from provisioner.core.errors import EvidenceLost
from provisioner.core.model import Verdict
from provisioner.examination.document import ExaminationDocument
from provisioner.examination.page_content import (
    Counts,
    ShownConformity,
    counts_of,
    shown_conformity,
    shown_questions,
    verdicts_of,
    waiting_for_a_person,
)
from provisioner.french.dates import written_day
from provisioner.french.text import without_deceit
from provisioner.host.disk import in_french, write_whole
from provisioner.host.paths import ROOT
from provisioner.host.templates import environment
from provisioner.station.state import REPORT_JSON

HTML_NAME = "report.html"
INDEX_NAME = "index.html"


@dataclass(frozen=True)
class _IndexRow:
    """A station in the index; `link` is the relative address of its report."""

    report: ExaminationDocument
    link: str
    conformity: ShownConformity
    counts: Counts


def write_report(folder: Path, document: ExaminationDocument, zone: ZoneInfo | None = None) -> Path:
    """Write `report.json`, then the page made from what it says; the page's path.

    `zone` is the centre's; without it, times are shown in the zone in which they are written. The page of an earlier
    examination is removed first: it must not lie in one folder with other findings. EvidenceLost says what failed.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    page = folder / HTML_NAME
    try:
        page.unlink(missing_ok=True)
    except OSError as error:
        raise _not_written(page, error) from error
    # A page's script can leave half of a surrogate pair in a text; as an escape it is legal JSON.
    _write(folder / REPORT_JSON, text.encode("utf-8", "backslashreplace"))
    try:
        html = render(json.loads(text), folder, zone)
    except (TemplateError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise EvidenceLost(
            f"La page {page} n'a pas pu être composée ({error}) : les constats sont entiers dans "
            f"{folder / REPORT_JSON}, et cette erreur est à signaler aux auteurs d'e5b."
        ) from error
    return _write(page, html.encode("utf-8", "xmlcharrefreplace"))


def render(document: ExaminationDocument, folder: Path, zone: ZoneInfo | None = None) -> str:
    """The page of a report whose evidence lies in `folder`. A missing key raises an error, as does missing evidence."""
    questions = shown_questions(document, folder)
    return (
        page_templates(zone)
        .get_template("report.html.j2")
        .render(
            report=document,
            conformity=_conformity(document),
            questions=questions,
            waiting=waiting_for_a_person(questions),
        )
    )


def index(folder: Path, documents: Iterable[ExaminationDocument], zone: ZoneInfo | None = None) -> Path:
    """Write the page with links to the reports of several stations; its path.

    Each document's `report` is the path of its page, absolute or relative to `folder`. Only what waits for a person is
    counted: to count what was done would rank the candidates.
    """
    rows = []
    for document in documents:
        page = folder / document["report"]
        if not page.is_file():
            raise EvidenceLost(f"Le rapport {page} n'existe pas : relancez « e5b check {document['station']} ».")
        counts = counts_of(verdict for question in document["questions"] for verdict in verdicts_of(question))
        link = quote(Path(os.path.relpath(page, folder)).as_posix())
        rows.append(_IndexRow(document, link, _conformity(document), counts))
    html = page_templates(zone).get_template("index.html.j2").render(rows=rows)
    return _write(folder / INDEX_NAME, html.encode("utf-8", "xmlcharrefreplace"))


def _conformity(document: ExaminationDocument) -> ShownConformity:
    return shown_conformity(document["differs"], conforming=document["conforming"], official=document["official"])


def french_time(iso: str, zone: ZoneInfo | None = None) -> str:
    """An ISO 8601 time as French readers write it, with its zone; ValueError when it has none.

    >>> french_time("2026-11-24T14:04:00+00:00", ZoneInfo("Europe/Paris")).replace(chr(0xA0), " ")
    '24 novembre 2026 à 15 h 04 (Europe/Paris)'
    """
    time = datetime.fromisoformat(iso)
    if time.tzinfo is None:
        raise ValueError(f"a time without a zone: {iso}")
    if zone:
        time = time.astimezone(zone)
    day = written_day(time.date()).replace(" ", "\xa0", 1)
    text = f"{day} à {time.hour}\xa0h\xa0{time.minute:02}"
    return f"{text} ({zone.key if zone else time.tzname()})"


def french_spaces(text: str) -> str:
    """The text with the no-break spaces of French typography; nothing but spaces is changed."""
    text = re.sub(r" (?=[;!?](?:\s|$|[»)]))", "\u202f", text)
    return re.sub(r" (?=:(?:\s|$))| (?=»)|(?<=«) ", "\xa0", text)


@cache
def page_templates(zone: ZoneInfo | None = None) -> Environment:
    """The templates of all pages, with their filters. `verdicts` is Verdict, whose words templates take from it."""
    pages = environment(ROOT / "provisioner/templates", html=True)
    pages.globals["verdicts"] = Verdict
    pages.filters["time"] = lambda iso: french_time(str(iso), zone)
    pages.filters["fr"] = lambda text: french_spaces(without_deceit(str(text)))
    pages.filters["seen"] = lambda text: without_deceit(str(text))
    pages.filters["comma"] = lambda number: f"{float(number):.1f}".replace(".", ",")
    return pages


def _write(path: Path, data: bytes) -> Path:
    """Write a file whole or not at all: readers see the old file or the new one, even after a power cut."""
    try:
        write_whole(path, data, mode=0o600)
    except OSError as error:
        raise _not_written(path, error) from error
    return path


def _not_written(path: Path, error: OSError) -> EvidenceLost:
    return EvidenceLost(f"{path.name} n'a pas pu être écrit. {in_french(error, path.parent)}")
