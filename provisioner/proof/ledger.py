"""The ledger: which steps were proven, each under the key of what its proof depends on (see keys.py).

It is the file that comes with the program, `checks/ledger/<stack>.jsonl`, so that a proof made anywhere stands for
everybody who has the same files. On top of it goes a file in the state folder, for what must not or can't be written
there: the steps of a centre's own subjects, and all steps where the program's folder is read-only. A step that was
proven is written at once, one that failed is removed, so that a run that was interrupted goes on with what is left.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Literal

from provisioner.core.errors import EvidenceLost, ProvisionerError
from provisioner.core.model import Finding, Golden, Stack
from provisioner.examination.recording_file import RecordedStep, digest_of
from provisioner.host.companies import SCENARIOS
from provisioner.host.disk import disk_in_french, locked
from provisioner.host.paths import ROOT
from provisioner.proof.altered import Altered
from provisioner.proof.asked import all_steps
from provisioner.proof.entry import entry_digest
from provisioner.proof.keys import Keys, only_code_changed, step_part
from provisioner.proof.recordings import recordings_of, replace_steps
from provisioner.proof.steps import Step, StepProof
from provisioner.proof.stored_roads import StoredRoads
from provisioner.proof.untouched import Untouched
from provisioner.subject.ledger_file import (
    LEDGERS,
    ImageLine,
    LedgerFile,
    StateLine,
    StepKind,
    StepLine,
    ledger_path,
    lines_of,
    read_ledger,
    write_ledger,
)
from provisioner.subject.subjects import Subject, load_subject

#: Whether a step is proven as things are today; earlier: it was, of the same step on the same edition, and nothing changed
#: since but the code of its check or of the program; outdated: more than that changed, or it failed. Where the looks of each of
#: its checks are recorded, code outdates nothing, since the gate has today's code judge the recordings, but what the check
#: declares of the step.
State = Literal["proven", "earlier", "outdated", "missing"]
#: How long another process may hold a ledger, in seconds.
LOCK_SECONDS = 60


@dataclass(frozen=True)
class Standing:
    """How a step stands; `key` is that of today, `line` what the ledger says of it: None where it is missing."""

    step: Step
    state: State
    key: str
    line: StepLine | None = None


class Standings:
    """How the steps of an edition stand. Reads, and writes nothing.

    `archives` are those of the golden image that is here (`Golden.archives`). Without them, a line counts for the archives
    that it names. `own` is the folder of this machine's lines, `folder` that of the program's.
    """

    def __init__(self, stack: Stack, archives: str, own: Path, folder: Path = LEDGERS) -> None:
        self.stack, self._archives = stack, archives
        self.ours, self.own = ledger_path(stack.id, folder), ledger_path(stack.id, own)
        self._keys = Keys(stack)
        of_program, of_machine = read_ledger(self.ours), read_ledger(self.own)
        self._of_program, self._of_machine = of_program.steps, of_machine.steps
        self.images: Mapping[str, ImageLine] = {**of_machine.images, **of_program.images}

    def subjects(self) -> list[Subject]:
        """The subjects of which something was proven, as far as they are there and can be read."""
        lines = [*self._of_program.values(), *self._of_machine.values()]
        subjects = []
        for name in sorted({line.subject for line in lines} - {""}):
            try:
                subjects.append(load_subject(name))
            except ProvisionerError:  # it was removed, it is being written, or its folder isn't mounted
                continue
        return subjects

    def of(self, step: Step) -> Standing:
        """How that step stands today. A line of this machine counts before the program's while it is of today's key."""
        own, ours = self._of_machine.get(step_part(step)), self._of_program.get(step_part(step))
        for line in filter(None, (own, ours)):
            key = self._key(step, line)
            if line.key == key:
                return Standing(step, "outdated" if line.failed else "proven", key, line)
        latest, key = ours or own, self._key(step, ours or own)
        if latest is None:
            return Standing(step, "missing", key)
        if (own and own.failed) or not only_code_changed(latest.key, key):
            return Standing(step, "outdated", key, latest)
        if not latest.recorded:
            return Standing(step, "earlier", key, latest)
        declared = latest.entry in ("", entry_digest(step.act))
        return Standing(step, "proven" if declared else "outdated", key, latest)

    def _key(self, step: Step, line: StepLine | None) -> str:
        return self._keys.of(step, self._archives or (line.archives if line else ""))


class Ledger:
    """The proven steps of an edition, proven on that golden image on that day. EvidenceLost when the disk refuses.

    `steps` gives all steps that there are, of checks and of subjects: lines of others are left out when a file is written.
    """

    def __init__(
        self,
        stack: Stack,
        golden: Golden,
        today: date,
        own: Path,
        folder: Path = LEDGERS,
        steps: Callable[[Stack, Sequence[Subject]], Iterable[Step]] = all_steps,
    ) -> None:
        self.standings = Standings(stack, golden.archives, own, folder)
        self._golden, self._today, self._lock = golden, today, Lock()
        self._own, self._ours = self.standings.own, self.standings.ours
        self._image = image_line(golden)
        self._known: _KnownSteps | None = None
        self._recordings = recordings_of(stack.id, folder)
        self._steps = steps
        self._written: set[Path] = set()

    def proof_of(self, step: Step) -> StepProof | None:
        """The proof of this step that stands today; None when there is none."""
        standing = self.standings.of(step)
        if standing.line is None or standing.state != "proven":
            return None
        found = [
            [Finding(fact, verdict, "", "") for fact, verdict in of_check.items()] for of_check in standing.line.found
        ]
        return StepProof(step, found, "", seconds=standing.line.seconds, recalled=True)

    def add(self, proof: StepProof, states: Sequence[StateLine] = (), refused: Sequence[str] = ()) -> None:
        """Write down a step that was proven; of an altered one, with its states and with what the CMS refused."""
        step = proof.step
        line = StepLine(
            check=type(step.checks[0]).id if step.kind != "alone" else "",
            subject=step.documents[0].name if step.documents else "",
            kind=kind_of(step),
            name=step.name,
            fact=step.fact,
            key=self.standings.of(step).key,
            found=tuple({finding.fact: finding.verdict for finding in of_check} for of_check in proof.found),
            day=self._today.isoformat(),
            seconds=proof.seconds,
            conforming=self._golden.conformity.conforming,
            differs=self._image.image,
            states=tuple(states),
            refused=tuple(refused),
        )
        ours = self._may_write_ours() and not _of_own_subject(step)
        if ours and len(proof.recordings) == len(step.checks):
            recorded = {"recorded": digest_of(proof.recordings), "entry": entry_digest(step.act)}
            line = line.model_copy(update=recorded)
        recordings = [RecordedStep(step=line.step, name=step.name, recording=one) for one in proof.recordings]
        self._change(self._ours if ours else self._own, line.step, line, recordings)
        if ours and self._own.exists():
            self._change(self._own, line.step, None)

    def remove(self, steps: Iterable[Step]) -> None:
        """Have these steps be proven no more, since they failed."""
        for step in steps:
            standing, part = self.standings.of(step), step_part(step)
            if part in self._read(self._own).steps:
                self._change(self._own, part, None)
            if part not in self._read(self._ours).steps:
                continue
            if self._may_write_ours():
                self._change(self._ours, part, None)
            elif standing.line:
                changed = {"key": standing.key, "failed": True, "differs": self._image.image}
                self._change(self._own, part, standing.line.model_copy(update=changed))

    def where_written(self) -> list[str]:
        """In which files something was written, and why not in the program's, in French."""
        sentences = []
        if self._ours in self._written:
            sentences.append(f"Inscrit au registre des preuves : {self._ours}")
        if self._own in self._written:
            why = "des sujets du centre" if self._may_write_ours() else "le dossier d'e5b étant en lecture seule"
            sentences.append(f"Inscrit au registre de cette machine, {why} : {self._own}")
        return sentences

    def _change(self, path: Path, part: str, line: StepLine | None, recorded: Sequence[RecordedStep] = ()) -> None:
        """Have that file hold this line of a step, or none; what other processes wrote meanwhile stays.

        Recordings are kept beside the program's ledger alone.
        """
        with (
            self._lock,
            disk_in_french(path.parent, EvidenceLost),
            locked(path.with_name(f".{path.name}.lock"), path.name, LOCK_SECONDS),
        ):
            if self._known is None:
                self._known = _KnownSteps.of(self.standings, self._steps)
            self._known.steps.add(part)
            file = lines_of(path)
            stay = {key for key, old in file.steps.items() if self._known.may_have(old, of_program=path == self._ours)}
            lines = {key: old for key, old in file.steps.items() if key in stay - {part}}
            if line:
                lines[part] = line
            write_ledger(path, lines.values(), {**file.images, self._image.image: self._image})
            if path == self._ours:
                replace_steps({part: recorded}, lines, self._recordings)
            self._written.add(path)

    def _read(self, path: Path) -> LedgerFile:
        with disk_in_french(path.parent, EvidenceLost):
            return lines_of(path)

    def _may_write_ours(self) -> bool:
        above = next(folder for folder in self._ours.parents if folder.exists())
        return os.access(above, os.W_OK)


def kind_of(step: Step) -> StepKind:
    """How the ledger calls a step's kind."""
    if isinstance(step, Untouched):
        return "untouched"
    if isinstance(step, StoredRoads):
        return "stored_road"
    return "altered" if isinstance(step, Altered) else step.kind


def image_line(golden: Golden) -> ImageLine:
    """What the ledger says of a golden image."""
    differs = golden.conformity.differs
    name = hashlib.sha256(json.dumps([golden.archives, *differs]).encode()).hexdigest()[:8]
    return ImageLine(
        image=name, archives=golden.archives, conforming=golden.conformity.conforming, differs=tuple(differs)
    )


@dataclass(frozen=True)
class _KnownSteps:
    """The identities of all steps of an edition's checks, and of the subjects with lines in its ledger that could be read."""

    steps: set[str]
    subjects: set[str]

    @classmethod
    def of(cls, standings: Standings, steps: Callable[[Stack, Sequence[Subject]], Iterable[Step]]) -> "_KnownSteps":
        subjects = standings.subjects()
        found = {step_part(step) for step in steps(standings.stack, subjects)}
        return cls(found, {subject.folder.name for subject in subjects})

    def may_have(self, line: StepLine, *, of_program: bool) -> bool:
        """Whether there may be the step of a line, of the program's ledger or of this machine's.

        The steps of a subject that couldn't be read aren't known. A centre's folder may be mounted again, or be that of
        other settings; the program's is always there.
        """
        if not line.subject or line.subject in self.subjects:
            return line.step in self.steps
        return not of_program or any(folder.name == line.subject for folder in SCENARIOS.glob("*/subjects/*"))


def _of_own_subject(step: Step) -> bool:
    """Whether its subject is a centre's, which nobody may read before the exam."""
    return bool(step.documents) and ROOT not in step.documents[0].resolve().parents
