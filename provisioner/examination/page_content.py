"""What a report's page shows, composed from the document of an examination and from its evidence.

Each fact is named as the functionality list names it, and each piece of evidence is embedded once. Evidence that is missing,
cut short or outside the report's folder raises EvidenceLost: it is never left out silently.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from textwrap import shorten

from provisioner.core.errors import EvidenceLost
from provisioner.core.model import Conformity, Functionality, Verdict, fact_name, judged_by_a_person
from provisioner.examination.document import (
    CaptionDocument,
    CheckDocument,
    ExaminationDocument,
    FindingDocument,
    QuestionDocument,
)
from provisioner.host.disk import in_french
from provisioner.host.editions import session_of, stack_if_known
from provisioner.subject.functionalities import load_functionalities
from provisioner.subject.session_list import words_of

#: What an image begins and ends with: one that was cut short by a full disk is lost evidence.
_IMAGES = {
    "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9"),
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
}
#: A note of at most this many lines is open on the screen, hence on paper too.
_SHORT_NOTE = 12
#: How many characters of differences the strip at the head of every printed page has room for.
_STRIP = 330


@dataclass(frozen=True)
class ShownConformity:
    """Whether the versions are those of the exam; `strip` has the differences, shortened for the head of a page."""

    conforming: bool
    french: str
    trial: bool
    differs: tuple[str, ...]
    strip: str


@dataclass(frozen=True)
class Counts:
    """How many verdicts there are of each kind; `fault` counts those that are the station's or the check's fault."""

    met: int
    not_met: int
    to_judge: int
    fault: int


@dataclass(frozen=True)
class Piece:
    """A piece of evidence: screenshots of one page as data URIs, or a note as text. `id` is its anchor in the page.

    `facts` grows while the page is composed: it names every fact for which the piece is evidence. `remark` says what the
    screenshots don't show of the page.
    """

    kind: str
    number: int
    path: str
    title: str
    facts: list[str]
    uris: tuple[str, ...] = ()
    remark: str = ""
    text: str = ""
    short: bool = False

    @property
    def id(self) -> str:
        """Its anchor, such as `capture-3`."""
        return f"{self.kind}-{self.number}"


@dataclass(frozen=True)
class ShownFinding:
    """A finding. `place` is its anchor in the page, `line` the text of its functionality in the list.

    `repeats`: the finding before it, of the same check, expected and observed the same.
    """

    verdict: Verdict
    place: str
    name: str
    judged: bool
    line: str
    expected: str
    observed: str
    evidence: list[Piece]
    repeats: bool = False

    @property
    def same_fault(self) -> bool:
        """Whether the finding before it says what is at fault."""
        return self.repeats and self.verdict in (Verdict.BLOCKED, Verdict.BROKEN)


@dataclass(frozen=True)
class ShownCheck:
    """A check. `fresh` are the pieces that no earlier check shows.

    `as_seeded`: it found what it finds on the site as candidates receive it, so that paper needs no large picture of it.
    """

    id: str
    title: str
    skill: str
    acts: bool
    may_act: bool
    as_seeded: bool
    place: str
    findings: list[ShownFinding]
    fresh: list[Piece]

    @property
    def settled(self) -> bool:
        """Whether all findings are met: the page then shows its evidence smaller."""
        return all(finding.verdict is Verdict.MET for finding in self.findings)

    @property
    def lines(self) -> list[tuple[str, list[ShownFinding]]]:
        """The findings under the lines of the functionality list to which they belong."""
        return [(line, list(run)) for line, run in groupby(self.findings, key=lambda finding: finding.line)]


@dataclass(frozen=True)
class ShownQuestion:
    """A question; `about` says in a few words what it is about."""

    number: int
    text: str
    criterion: str
    about: str
    checks: list[ShownCheck]
    counts: Counts


@dataclass(frozen=True)
class WaitingEntry:
    """Something that a person has to look at; `place` is an anchor in the page, `question` a number.

    `as_seeded` is that of its check (see ShownCheck).
    """

    verdict: Verdict
    place: str
    question: int
    text: str
    as_seeded: bool = False


def shown_conformity(differs: Sequence[str], *, conforming: bool, official: bool) -> ShownConformity:
    """Conforming only when nothing at all speaks against it. There is at least one difference when it isn't."""
    sentences = tuple(differs)
    if not sentences and not (official and conforming):
        sentences = ("Le contrôle ne dit pas ce qui diffère : tenez les versions pour inconnues.",)
    conformity = Conformity(sentences)
    return ShownConformity(
        conforming=conformity.conforming,
        french=conformity.french,
        trial=not official,
        differs=sentences,
        strip=shorten(" ".join(sentences), _STRIP, placeholder=" … (la suite en première page)"),
    )


def shown_questions(
    document: ExaminationDocument, folder: Path, address: Callable[[str], str] | None = None
) -> list[ShownQuestion]:
    """The questions as the page shows them; the evidence that they name lies in `folder`.

    `address`: where the page asks for a screenshot of that name; without it, screenshots are in the page itself.
    """
    pieces = _Pieces(folder, document.get("captions", {}), address)
    stack = stack_if_known(document.get("stack", ""))  # an archive may be of an edition that another version has
    lines = words_of(session_of(stack)) if stack else load_functionalities()
    return [
        ShownQuestion(
            number=question["number"],
            text=question["text"],
            criterion=question["criterion"],
            about=_about(question),
            checks=[
                _shown_check(check, f"q{question['number']}-c{position}", pieces, lines)
                for position, check in enumerate(question["checks"], 1)
            ],
            counts=counts_of(verdicts_of(question)),
        )
        for question in document["questions"]
    ]


def verdicts_of(question: QuestionDocument) -> list[Verdict]:
    """The verdicts of a question. Without checks a person judges it; a check that found nothing is at fault."""
    if not question["checks"]:
        return [Verdict.TO_JUDGE]
    verdicts: list[Verdict] = []
    for check in question["checks"]:
        verdicts += [Verdict(finding["verdict"]) for finding in check["findings"]] or [Verdict.BROKEN]
    return verdicts


def counts_of(verdicts: Iterable[Verdict]) -> Counts:
    """How many verdicts there are of each kind."""
    count = Counter(verdicts)
    fault = count[Verdict.BLOCKED] + count[Verdict.BROKEN]
    return Counts(count[Verdict.MET], count[Verdict.NOT_MET], count[Verdict.TO_JUDGE], fault)


def waiting_for_a_person(questions: Iterable[ShownQuestion]) -> list[WaitingEntry]:
    """What a person has to look at. Faults come first: they have to be dealt with before anything is judged."""
    entries: list[WaitingEntry] = []
    for question in questions:
        number = question.number
        if not question.checks:
            entries.append(WaitingEntry(Verdict.TO_JUDGE, f"q{number}", number, "aucun contrôle automatique"))
        for check in question.checks:
            about = check.skill or question.about
            if not check.findings:
                entries.append(WaitingEntry(Verdict.BROKEN, check.place, number, f"{about} : aucun constat rendu"))
            for finding in check.findings:
                text = f"{about} : {finding.name}"
                entries.append(WaitingEntry(finding.verdict, finding.place, number, text, check.as_seeded))
    order = [Verdict.BLOCKED, Verdict.BROKEN, Verdict.NOT_MET, Verdict.TO_JUDGE]
    return sorted((entry for entry in entries if entry.verdict in order), key=lambda entry: order.index(entry.verdict))


class _Pieces:
    """The evidence that the page shows so far, each piece once, in the order in which findings name it."""

    def __init__(
        self, folder: Path, captions: Mapping[str, CaptionDocument], address: Callable[[str], str] | None
    ) -> None:
        self._folder, self._address = folder, address
        self._captions = captions
        self._by_path: dict[Path, Piece] = {}

    def named(self, name: str, fact: str) -> Piece:
        """The piece of that name, which is evidence for the fact."""
        path = _inside(self._folder, name)
        if path not in self._by_path:
            self._by_path[path] = self._piece(path, name)
        piece = self._by_path[path]
        piece.facts.append(fact)
        return piece

    def _piece(self, path: Path, name: str) -> Piece:
        """The screenshots or note at that path, numbered after the earlier pieces of its kind."""
        kind = "note" if path.suffix.lower() == ".txt" else "capture"
        number = 1 + sum(piece.kind == kind for piece in self._by_path.values())
        caption = self._captions.get(name) or _caption_of_name(path)
        if kind == "note":
            text = _text(path, name)
            return Piece(kind, number, name, caption["title"], [], text=text, short=text.count("\n") <= _SHORT_NOTE)
        uris = tuple(self._uri(part) for part in (name, *caption["parts"]))
        return Piece(kind, number, name, caption["title"], [], uris, caption["remark"])

    def _uri(self, name: str) -> str:
        """Where a screenshot is, or all of it; it has to be there in either case."""
        if self._address:
            _inside(self._folder, name)
            return self._address(name)
        kind, data = screenshot(self._folder, name)
        return f"data:{kind};base64,{b64encode(data).decode('ascii')}"

    def after(self, count: int) -> list[Piece]:
        """All pieces but the first `count`."""
        return list(self._by_path.values())[count:]

    def __len__(self) -> int:
        return len(self._by_path)


def _shown_check(check: CheckDocument, place: str, pieces: _Pieces, lines: Mapping[str, Functionality]) -> ShownCheck:
    shown_before = len(pieces)
    findings: list[ShownFinding] = []
    for position, finding in enumerate(check["findings"], 1):
        shown = _shown_finding(finding, f"{place}-f{position}", pieces, lines)
        before = findings[-1] if findings else None
        same = before is not None and (before.expected, before.observed) == (shown.expected, shown.observed)
        findings.append(replace(shown, repeats=same))
    return ShownCheck(
        id=check["id"],
        title=check["title"],
        skill=check["skill"],
        acts=check["acts"],
        may_act=check["may_act"],
        as_seeded=check.get("as_seeded", False),
        place=place,
        findings=findings,
        fresh=pieces.after(shown_before),
    )


def _shown_finding(
    finding: FindingDocument, place: str, pieces: _Pieces, lines: Mapping[str, Functionality]
) -> ShownFinding:
    fact = finding["fact"]
    functionality, name = fact.partition("/")[0], fact_name(fact)
    line = lines.get(functionality)
    return ShownFinding(
        verdict=Verdict(finding["verdict"]),
        place=place,
        name=name,
        judged=judged_by_a_person(fact),
        line=line.text if line else functionality,
        expected=finding["expected"],
        observed=finding["observed"],
        evidence=[pieces.named(piece, name) for piece in finding["evidence"]],
    )


def _about(question: QuestionDocument) -> str:
    """The lines of the marking aid that the question's checks name; where one names none, the question's first words."""
    skills = dict.fromkeys(check["skill"] for check in question["checks"])
    return " · ".join(skills) if all(skills) and skills else shorten(question["text"], 90, placeholder=" …")


def _caption_of_name(path: Path) -> CaptionDocument:
    """What can be said of a piece in a report that was written before pieces had captions."""
    return {"title": re.sub(r"^\d+-", "", path.stem).replace("-", " "), "remark": "", "parts": []}


def _inside(folder: Path, name: str) -> Path:
    """The path of a regular file that a report names, inside the report's folder."""
    missing = EvidenceLost(f"La preuve « {name} » ne se trouve pas dans {folder} : relancez le contrôle.")
    relative = Path(name)
    try:
        path = (folder / relative).resolve(strict=True)
    except (OSError, ValueError) as error:
        raise missing from error
    if relative.is_absolute() or ".." in relative.parts or not path.is_relative_to(folder.resolve()):
        raise EvidenceLost(f"La preuve « {name} » sort du dossier {folder} : elle est refusée, relancez le contrôle.")
    if not path.is_file():
        raise missing
    return path


def _mistaken(name: str, what: str) -> EvidenceLost:
    return EvidenceLost(f"La preuve « {name} » {what} : relancez le contrôle.")


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceLost(f"La preuve « {name} » ne peut pas être lue. {in_french(error, path)}") from error


def _text(path: Path, name: str) -> str:
    try:
        return _read(path, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _mistaken(name, "n'est pas un texte en UTF-8") from error


def screenshot(folder: Path, name: str) -> tuple[str, bytes]:
    """The media type and the bytes of a screenshot that a report in this folder names. EvidenceLost: it isn't there, or cut."""
    data = _read(_inside(folder, name), name)
    for kind, (first, last) in _IMAGES.items():
        if data.startswith(first) and data.endswith(last):
            return kind, data
    raise _mistaken(name, "n'est pas une image JPEG ou PNG entière")


def screenshots_of(document: ExaminationDocument) -> list[str]:
    """The names of all screenshots of a report, each once, in the order in which its findings name them."""
    captions, names = document.get("captions", {}), dict[str, None]()
    for question in document["questions"]:
        for finding in (finding for check in question["checks"] for finding in check["findings"]):
            for name in finding["evidence"]:
                caption = captions.get(name)
                if not name.lower().endswith(".txt"):
                    names |= dict.fromkeys((name, *(caption["parts"] if caption else ())))
    return list(names)
