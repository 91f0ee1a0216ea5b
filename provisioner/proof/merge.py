"""Unites the ledgers of two checkouts step by step, so that what two machines proved stands in one file.

Of a step that both have, a line of today's key counts before any other, then the later day, then the line that is here.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from provisioner.core.errors import ConfigurationError, EvidenceLost
from provisioner.core.model import Stack
from provisioner.host.disk import disk_in_french, locked
from provisioner.proof.asked import all_steps
from provisioner.proof.keys import Keys, step_part
from provisioner.proof.ledger import LOCK_SECONDS, Standings
from provisioner.proof.recordings import recordings_of, replace_steps, steps_by_identity
from provisioner.proof.steps import Step
from provisioner.subject.ledger_file import LEDGERS, LedgerFile, StepLine, ledger_path, lines_of, write_ledger
from provisioner.subject.subjects import Subject

#: Gives all steps of an edition: those of its checks' examples, and those of these subjects.
Steps = Callable[[Stack, Sequence[Subject]], Iterable[Step]]


def ledgers_in(folder: Path) -> Path:
    """The folder of ledgers of another checkout, or that folder itself; ConfigurationError where it has none."""
    for found in (folder / LEDGERS.relative_to(LEDGERS.parents[1]), folder):
        if any(found.glob("*.jsonl")):
            return found
    raise ConfigurationError(
        f"« {folder} » n'a pas de registre de preuves : nommez le dossier d'une autre copie d'e5b, "
        "ou son dossier « checks/ledger »."
    )


def merge(stack: Stack, other: Path, folder: Path = LEDGERS, steps: Steps = all_steps) -> int:
    """Take over from the ledgers in `other`, with the recordings, what they prove better of that edition; how many steps.

    Lines of steps that no check has any more, or that are not as a line must be, are not taken over.
    EvidenceLost where the disk refuses.
    """
    ours, theirs = ledger_path(stack.id, folder), ledger_path(stack.id, other)
    with (
        disk_in_french(folder, EvidenceLost),
        locked(ours.with_name(f".{ours.name}.lock"), ours.name, LOCK_SECONDS),
    ):
        here, there = lines_of(ours), lines_of(theirs)
        subjects = Standings(stack, "", other, folder).subjects()
        known = {step_part(step): step for step in steps(stack, subjects)} if there.steps else {}
        keys = Keys(stack)

        def rank(line: StepLine) -> tuple[bool, bool, str]:
            return line.key == keys.of(known[line.step], line.archives), bool(line.recorded), line.day

        taken = {
            part: line
            for part, line in there.steps.items()
            if part in known and not line.failed and _is_better(line, here, rank)
        }
        if taken:
            lines, recorded = {**here.steps, **taken}, steps_by_identity(recordings_of(stack.id, other))
            write_ledger(ours, lines.values(), {**here.images, **there.images})
            replace_steps({part: recorded.get(part, []) for part in taken}, lines, recordings_of(stack.id, folder))
        return len(taken)


def _is_better(line: StepLine, here: LedgerFile, rank: Callable[[StepLine], tuple[bool, bool, str]]) -> bool:
    """Whether a line of the other ledger counts before the one that is here, where there is one."""
    own = here.steps.get(line.step)
    return own is None or rank(line) > rank(own)
