"""One station's report: `report.json`, and the one HTML page that a jury reads, made from it.

The page stands alone: no address is fetched, no script runs, screenshots and notes are in it. What
it shows was written by candidates in part, so everything is escaped and a policy forbids the rest.
Evidence that is missing, cut short or outside the report's folder is an error, never a blank. The
page gives no mark and no total: the mark is the commission's.
"""

import json
import os
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from textwrap import shorten
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, TemplateError

from provisioner.core.errors import EvidenceLost
from provisioner.core.model import Conformity, Verdict, judged_by_a_person
from provisioner.french.calendar import MONTHS
from provisioner.french.text import without_deceit
from provisioner.host.config import ROOT, load_functionalities
from provisioner.host.disk import in_french, write_whole
from provisioner.host.templates import environment
from provisioner.station.state import REPORT_JSON

HTML_NAME = "report.html"
INDEX_NAME = "index.html"

#: What an image begins and ends with: one that was cut short by a full disk is lost evidence.
_IMAGES = {
    "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9"),
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
}
#: A note of at most this many lines is open on the screen, hence on paper too.
_SHORT_NOTE = 12
#: The strip that heads every printed page has room for about so many characters of differences.
_STRIP = 330


def write_report(folder: Path, document: Mapping[str, Any], zone: ZoneInfo | None = None) -> Path:
    """Write `report.json`, then the page made from what it says; the page's path.

    `zone` is the centre's; without it, times are shown in the zone that they are written in. A
    page of an earlier examination is removed first, so that none ever stands beside other findings.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    page = folder / HTML_NAME
    try:
        page.unlink(missing_ok=True)
    except OSError as error:
        raise _not_written(page, error) from error
    # Half of a surrogate pair, which a page's script can leave in a text, is a legal escape in JSON.
    _write(folder / REPORT_JSON, text.encode("utf-8", "backslashreplace"))
    try:
        html = render(json.loads(text), folder, zone)
    except (TemplateError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise EvidenceLost(
            f"La page {page} n'a pas pu être composée ({error}) : les constats sont entiers dans "
            f"{folder / REPORT_JSON}, et cette erreur est à signaler aux auteurs d'e5b."
        ) from error
    return _write(page, html.encode("utf-8", "xmlcharrefreplace"))


def render(document: Mapping[str, Any], folder: Path, zone: ZoneInfo | None = None) -> str:
    """The page of one report whose evidence lies in `folder`; a key that is missing is an error."""
    questions = _questions(document, folder)
    shown = {"conformity": conformity_of(document), "questions": questions, "waiting": _waiting(questions)}
    return page_templates(zone).get_template("report.html.j2").render(report=document, **shown)


def index(folder: Path, documents: Iterable[Mapping[str, Any]], zone: ZoneInfo | None = None) -> Path:
    """Write the page that leads to the reports of several stations; its path.

    Each document's `report` is the path of its page, absolute or relative to `folder`. The list
    says what waits for a person and doesn't count what was done: it would rank the candidates.
    """
    rows = []
    for document in documents:
        page = folder / document["report"]
        if not page.is_file():
            raise EvidenceLost(f"Le rapport {page} n'existe pas : relancez « e5b check {document['station']} ».")
        counts = _counts(verdict for question in document["questions"] for verdict in _verdicts(question))
        link = quote(Path(os.path.relpath(page, folder)).as_posix())
        rows.append({"report": document, "link": link, "conformity": conformity_of(document), "counts": counts})
    html = page_templates(zone).get_template("index.html.j2").render(rows=rows)
    return _write(folder / INDEX_NAME, html.encode("utf-8", "xmlcharrefreplace"))


def french_time(iso: str, zone: ZoneInfo | None = None) -> str:
    """An ISO 8601 time as a French reader writes it, with the zone that it is told in.

    >>> french_time("2026-11-24T14:04:00+00:00", ZoneInfo("Europe/Paris")).replace(chr(0xA0), " ")
    '24 novembre 2026 à 15 h 04 (Europe/Paris)'
    """
    time = datetime.fromisoformat(iso)
    if time.tzinfo is None:
        raise ValueError(f"a time without a zone: {iso}")
    if zone:
        time = time.astimezone(zone)
    day = "1er" if time.day == 1 else str(time.day)
    told = f"{day}\xa0{MONTHS[time.month - 1]} {time.year} à {time.hour}\xa0h\xa0{time.minute:02}"
    return f"{told} ({zone.key if zone else time.tzname()})"


def french_spaces(text: str) -> str:
    """The text with no-break spaces where French typography has them; only spaces change."""
    text = re.sub(r" (?=[;!?](?:\s|$|[»)]))", "\u202f", text)
    return re.sub(r" (?=:(?:\s|$))| (?=»)|(?<=«) ", "\xa0", text)


@cache
def page_templates(zone: ZoneInfo | None = None) -> Environment:
    """The templates of the program's pages, with the filters that all of them use."""
    pages = environment(ROOT / "provisioner/templates", html=True)
    pages.filters["time"] = lambda iso: french_time(str(iso), zone)
    pages.filters["fr"] = lambda text: french_spaces(without_deceit(str(text)))
    pages.filters["seen"] = lambda text: without_deceit(str(text))
    pages.filters["comma"] = lambda number: f"{float(number):.1f}".replace(".", ",")
    return pages


def conformity_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Conforming only where nothing at all speaks against it; what differs always has a name."""
    differs = tuple(document["differs"])
    trial = not document["official"]
    if not differs and (trial or not document["conforming"]):
        differs = ("Le contrôle ne dit pas ce qui diffère : tenez les versions pour inconnues.",)
    conformity = Conformity(differs)
    return {
        "conforming": conformity.conforming,
        "french": conformity.french,
        "trial": trial,
        "differs": differs,
        "strip": shorten(" ".join(differs), _STRIP, placeholder=" … (la suite en première page)"),
    }


def _questions(document: Mapping[str, Any], folder: Path) -> list[dict[str, Any]]:
    """The questions as the page shows them: facts named as the list does, each evidence embedded once."""
    shelf: dict[Path, dict[str, Any]] = {}
    questions = []
    for question in document["questions"]:
        checks: list[dict[str, Any]] = []
        for check in question["checks"]:
            place = f"q{question['number']}-c{len(checks) + 1}"
            known = len(shelf)
            findings = [
                _finding(finding, f"{place}-f{position}", shelf, folder)
                for position, finding in enumerate(check["findings"], 1)
            ]
            settled = all(finding["verdict"] is Verdict.MET for finding in findings)
            lines = [(line, list(run)) for line, run in groupby(findings, key=itemgetter("line"))]
            shown = {"place": place, "findings": findings, "lines": lines, "settled": settled}
            checks.append({**check, **shown, "fresh": list(shelf.values())[known:]})
        shown = {"checks": checks, "counts": _counts(_verdicts(question)), "about": _about(question)}
        questions.append({**question, **shown})
    return questions


def _about(question: Mapping[str, Any]) -> str:
    """What a question is about: the lines of the marking aid that its checks name, or its own first words."""
    skills = dict.fromkeys(check["skill"] for check in question["checks"])
    return " · ".join(skills) if all(skills) and skills else shorten(question["text"], 90, placeholder=" …")


def _finding(finding: Mapping[str, Any], place: str, shelf: dict[Path, dict[str, Any]], folder: Path) -> dict[str, Any]:
    functionality, _, fact = finding["fact"].partition("/")
    line = load_functionalities().get(functionality)
    fact = fact.removesuffix("(à apprécier)").rstrip()
    pieces = []
    for name in finding["evidence"]:
        path = _inside(folder, name)
        if path not in shelf:
            shelf[path] = _evidence(path, name, shelf.values())
        shelf[path]["facts"].append(fact)
        pieces.append(shelf[path])
    return {
        **finding,
        "verdict": Verdict(finding["verdict"]),
        "place": place,
        "name": fact,
        "judged": judged_by_a_person(finding["fact"]),
        "line": line.text if line else functionality,
        "evidence": pieces,
    }


def _verdicts(question: Mapping[str, Any]) -> list[Verdict]:
    """The verdicts of a question: one without checks is a person's, a check that found nothing is at fault."""
    checks = question["checks"] or [{"findings": [{"verdict": Verdict.TO_JUDGE}]}]
    silence = [{"verdict": Verdict.BROKEN}]
    return [Verdict(finding["verdict"]) for check in checks for finding in check["findings"] or silence]


def _counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many verdicts there are of each kind; a fault is the station's or the check's."""
    count = Counter(verdicts)
    fault = count[Verdict.BLOCKED] + count[Verdict.BROKEN]
    return {**{kind.value: count[kind] for kind in (Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE)}, "fault": fault}


def _waiting(questions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a person has to look at, faults first: they have to be dealt with before anything is judged."""
    entries: list[tuple[Verdict, str, int, str]] = []
    for question in questions:
        number, about = question["number"], question["about"]
        if not question["checks"]:
            entries.append((Verdict.TO_JUDGE, f"q{number}", number, "aucun contrôle automatique"))
        for check in question["checks"]:
            if not check["findings"]:
                entries.append(
                    (Verdict.BROKEN, check["place"], number, f"{check['skill'] or about} : aucun constat rendu")
                )
            for finding in check["findings"]:
                entries.append(
                    (finding["verdict"], finding["place"], number, f"{check['skill'] or about} : {finding['name']}")
                )
    order = [Verdict.BLOCKED, Verdict.BROKEN, Verdict.NOT_MET, Verdict.TO_JUDGE]
    waiting = sorted((entry for entry in entries if entry[0] in order), key=lambda entry: order.index(entry[0]))
    return [dict(zip(("verdict", "place", "question", "text"), entry, strict=True)) for entry in waiting]


def _inside(folder: Path, name: str) -> Path:
    """The file that a report names, real, regular and inside its folder."""
    missing = EvidenceLost(f"La preuve « {name} » ne se trouve pas dans {folder} : relancez le contrôle.")
    given = Path(name)
    try:
        path = (folder / given).resolve(strict=True)
    except (OSError, ValueError) as error:
        raise missing from error
    if given.is_absolute() or ".." in given.parts or not path.is_relative_to(folder.resolve()):
        raise EvidenceLost(f"La preuve « {name} » sort du dossier {folder} : elle est refusée, relancez le contrôle.")
    if not path.is_file():
        raise missing
    return path


def _evidence(path: Path, name: str, shelf: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A screenshot as a data URI, or a note as text, numbered after those on the shelf."""
    kind = "note" if path.suffix.lower() == ".txt" else "capture"
    number = 1 + sum(piece["kind"] == kind for piece in shelf)
    title = re.sub(r"^\d+-", "", path.stem).replace("-", " ")
    piece = {"kind": kind, "number": number, "id": f"{kind}-{number}", "path": name, "title": title}
    facts: list[str] = []
    try:
        data = path.read_bytes()
        if kind == "note":
            text = data.decode("utf-8")
            return {**piece, "facts": facts, "text": text, "short": text.count("\n") <= _SHORT_NOTE}
    except OSError as error:
        raise EvidenceLost(f"La preuve « {name} » ne peut pas être lue. {in_french(error, path)}") from error
    except UnicodeDecodeError as error:
        raise EvidenceLost(f"La preuve « {name} » n'est pas un texte en UTF-8 : relancez le contrôle.") from error
    for mime, (first, last) in _IMAGES.items():
        if data.startswith(first) and data.endswith(last):
            return {**piece, "facts": facts, "uri": f"data:{mime};base64,{b64encode(data).decode('ascii')}"}
    raise EvidenceLost(f"La preuve « {name} » n'est pas une image JPEG ou PNG entière : relancez le contrôle.")


def _write(path: Path, data: bytes) -> Path:
    try:
        write_whole(path, data, mode=0o600)
    except OSError as error:
        raise _not_written(path, error) from error
    return path


def _not_written(path: Path, error: OSError) -> EvidenceLost:
    return EvidenceLost(f"{path.name} n'a pas pu être écrit. {in_french(error, path.parent)}")
