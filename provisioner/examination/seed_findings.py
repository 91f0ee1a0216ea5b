"""What a subject's checks find on the site as candidates receive it, so that a report can tell where nothing changed.

A check whose findings and notes are word for word those of the golden image has nothing of the candidate's to show. This
changes no verdict: a report prints such a check small, and says so. The golden image is examined once a day for each
subject; what was found stays in the state folder, and has nothing of any candidate.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from provisioner.core.errors import EvidenceLost, ProvisionerError
from provisioner.core.model import Finding, Station, Verdict
from provisioner.core.progress import Progress
from provisioner.examination.browser import Examiner
from provisioner.examination.evidence import NotesOnly
from provisioner.examination.run_checks import findings
from provisioner.host.disk import disk_in_french, locked, private_folder, write_whole
from provisioner.host.fingerprint import digest_of
from provisioner.host.paths import ROOT
from provisioner.station.centre import Centre
from provisioner.subject.check import Check
from provisioner.subject.subjects import Subject

#: The files of the program that decide what a check finds.
_DECIDING = ("provisioner/**/*.py", "checks/**/*", "stacks/*/driver.py", "scenarios/**/*")
#: How long an examination waits for another one that examines the same golden image, in seconds.
_PATIENCE = 600
#: How many digits of a digest are in a file's name.
_DIGITS = 16
#: What one check said: of each fact its name, verdict and observation, then its notes.
Words = list[str]


def as_seeded(
    centre: Centre,
    station: Station,
    subject: Subject,
    examiner: Examiner,
    taken_at: datetime,
    findings_by_check: Sequence[Sequence[Finding]],
    folder: Path,
) -> list[bool]:
    """For each check, whether it found word for word what it finds on the golden image of the station.

    Only checks of which no fact is met are compared. Where the golden image can't be examined, none is as seeded: their
    evidence is then printed whole. `folder` holds the evidence of the findings.
    """
    comparable = [_nothing_met(found) for found in findings_by_check]
    if not any(comparable):
        return comparable
    try:
        seeded = _words_of_golden_image(centre, station, subject, examiner, taken_at)
    except ProvisionerError as error:
        centre.progress.step(
            f"{station.name} : pas de comparaison avec le site de départ, ses captures s'impriment en grand ({error})"
        )
        return [False] * len(comparable)
    return [
        can_be and _words(found, folder, station.address) == of_golden
        for can_be, found, of_golden in zip(comparable, findings_by_check, seeded, strict=True)
    ]


def _nothing_met(found: Sequence[Finding]) -> bool:
    verdicts = {finding.verdict for finding in found}
    # A check that only shows what a person judges says the same of every site: its pictures alone differ.
    return Verdict.NOT_MET in verdicts and verdicts <= {Verdict.NOT_MET, Verdict.TO_JUDGE}


def _words(found: Sequence[Finding], folder: Path, address: str) -> Words:
    """What a check said, without the station's address, which another station of the same image doesn't have."""
    words = [text for finding in found for text in (finding.fact, str(finding.verdict), finding.observed)]
    notes = dict.fromkeys(piece for finding in found for piece in finding.evidence if piece.endswith(".txt"))
    with disk_in_french(folder, EvidenceLost):
        words += [(folder / note).read_text(encoding="utf-8") for note in notes]
    return [text.replace(address, "") for text in words]


def _words_of_golden_image(
    centre: Centre, station: Station, subject: Subject, examiner: Examiner, taken_at: datetime
) -> list[Words]:
    """What each check of the subject says of the golden image: as it was kept today, else by examining a copy of it."""
    kept = _kept_words(centre, station, subject, taken_at)
    what = f"le site de départ du sujet {subject.id}"
    name = f"{station.stack}-{subject.id}"
    lock = centre.state.folder / "locks" / f"seeded-{name}.lock"
    with locked(lock, what, _PATIENCE, centre.progress.step):
        if (words := _read(kept, len(_checks(subject)))) is not None:
            return words
        centre.progress.step(f"{station.name} : le site de départ, pour comparer (une fois par jour et par sujet)")
        words = _examine_golden_image(centre, station, subject, examiner, taken_at)
        with disk_in_french(kept.parent, EvidenceLost):
            for earlier in kept.parent.glob(f"{name}-{'?' * _DIGITS}.json"):
                earlier.unlink(missing_ok=True)
            write_whole(kept, json.dumps(words, ensure_ascii=True), mode=0o600)
        return words


def _examine_golden_image(
    centre: Centre, station: Station, subject: Subject, examiner: Examiner, taken_at: datetime
) -> list[Words]:
    quieter = replace(centre, progress=_OfGoldenImage(centre.progress))
    source = nullcontext((station.golden, taken_at))
    with private_folder(centre.state.folder) as folder:
        evidence = NotesOnly(folder)
        examined = findings(quieter, station, _checks(subject), examiner, evidence, source, subject.documents)
        return [_words(of_check, folder, station.address) for of_check in examined.findings]


def _checks(subject: Subject) -> list[Check]:
    return [wanted.check for question in subject.questions for wanted in question.wanted]


def _kept_words(centre: Centre, station: Station, subject: Subject, taken_at: datetime) -> Path:
    """The file for this image, subject, day and version of the program: dates that checks read depend on the day."""
    wanted = [[type(check).id, check.model_dump(mode="json")] for check in _checks(subject)]
    identity = json.dumps([station.golden, f"{taken_at:%Y-%m-%d}", wanted, _program_digest()], sort_keys=True)
    digest = hashlib.sha256(identity.encode()).hexdigest()[:_DIGITS]
    folder = centre.state.folder / "seeded"
    with disk_in_french(folder, EvidenceLost):
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{station.stack}-{subject.id}-{digest}.json"


def _read(path: Path, count: int) -> list[Words] | None:
    """What was kept of so many checks; None where there is none, or it can't be read."""
    try:
        words = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    whole = isinstance(words, list) and len(words) == count and all(isinstance(of_check, list) for of_check in words)
    return words if whole else None


@cache
def _program_digest() -> str:
    return digest_of(path for pattern in _DECIDING for path in ROOT.glob(pattern))


@dataclass(frozen=True)
class _OfGoldenImage:
    """Says of each step that it is of the golden image; see Progress."""

    progress: Progress

    def step(self, text: str) -> None:
        """See Progress."""
        self.progress.step(f"{text}, sur le site de départ")

    def transfer(self, name: str, done: int, total: int | None) -> None:
        """See Progress."""
        self.progress.transfer(name, done, total)

    def end_transfer(self) -> None:
        """See Progress."""
        self.progress.end_transfer()
