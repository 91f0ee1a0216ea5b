"""What a proof depends on: while none of it changes, a step that was proven need not be proven again.

A key has five parts, so that it can be said what changed: the step itself; the modules of its check; the modules of the
program that decide what a check sees; the edition's files; the archives that its golden image is made of. Each part but the
last is a digest of files, never a number that somebody would have to raise.
"""

import hashlib
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from provisioner.core.model import Stack
from provisioner.host.fingerprint import pins_of
from provisioner.host.paths import ROOT
from provisioner.host.sources import meaning_of, with_imports
from provisioner.proof.steps import Step

#: The modules of the program that decide what a check sees, does or compares, or what its proof accepts. A test fails where
#: a check imports one that is neither here nor said to decide nothing.
DECIDING = (
    # The words of a verdict's decision: verdicts, findings, what is left to a person.
    "provisioner/core/model.py",
    # How a check asks a copy and signs in to it.
    "provisioner/build/driver.py",
    # What a check asks, and what becomes of the answer.
    "provisioner/subject/page.py",
    "provisioner/examination/asked.py",
    "provisioner/examination/recording.py",
    # The page: how browsers are started, what a check and a candidate reach by them, how captures are taken.
    "provisioner/examination/browser.py",
    "provisioner/examination/site.py",
    "provisioner/examination/evidence.py",
    "provisioner/examination/capture.py",
    "provisioner/examination/ordinary.py",
    # Which copy each check gets, when it is tried again, and what becomes of what it raises.
    "provisioner/examination/run_checks.py",
    "provisioner/examination/check_failure.py",
    "provisioner/examination/judging.py",
    "provisioner/station/copies.py",
    # What was added to a site's programs, and what becomes of a verdict that rests on it.
    "provisioner/examination/additions.py",
    "provisioner/examination/stored_programs.php",
    "provisioner/engine/layers.py",
    "provisioner/examination/withheld.py",
    "provisioner/examination/second_look.py",
    # Comparing texts, figures, dates and spelling, and what a sentence may deny.
    "provisioner/french/calendar.py",
    "provisioner/french/dates.py",
    "provisioner/french/figures.py",
    "provisioner/french/negation.py",
    "provisioner/french/reported.py",
    "provisioner/french/spelling.py",
    "provisioner/french/text.py",
    # What a check is, the names that it may use, the facts of the list.
    "provisioner/subject/check.py",
    "provisioner/subject/functionalities.py",
    "provisioner/subject/references.py",
    # What a step does, and which verdicts prove it.
    "provisioner/proof/steps.py",
    "provisioner/proof/worker.py",
)
#: What each part of a key is of, in French.
PARTS = ("l'étape", "le contrôle", "le programme", "l'édition", "les archives")
_CODE = {"le contrôle", "le programme"}
_LENGTH = 10


class Keys:
    """The keys of an edition's steps, by the files below `root`."""

    def __init__(self, stack: Stack, root: Path = ROOT) -> None:
        self._root = root
        self._program = meaning_of((root / path for path in DECIDING), root)[:_LENGTH]
        self._stack = _meaning_of_edition(stack, root)[:_LENGTH]
        self._checks: dict[frozenset[str], str] = {}

    def of(self, step: Step, archives: str) -> str:
        """The key of a step that is proven on a golden image of these archives (`Golden.archives`, or that part of a key)."""
        modules = frozenset(type(check).__module__ for check in (*step.checks, *step.built_on))
        if modules not in self._checks:
            files = {file for module in modules for file in check_files(module, self._root)}
            self._checks[modules] = meaning_of(files, self._root)[:_LENGTH]
        return ".".join((step_part(step), self._checks[modules], self._program, self._stack, archives[:_LENGTH]))


def step_part(step: Step) -> str:
    """The first part of its key: the identity of the step itself."""
    return step.key[:_LENGTH]


def changed_parts(before: str, now: str) -> list[str]:
    """What differs between two keys, in French."""
    return [part for part, old, new in zip(PARTS, before.split("."), now.split("."), strict=True) if old != new]


def only_code_changed(before: str, now: str) -> bool:
    """Whether two keys are of the same step on the same site, so that they differ in the code that examines it alone."""
    return set(changed_parts(before, now)) <= _CODE


@cache
def check_files(module: str, root: Path = ROOT) -> Sequence[Path]:
    """A check's module, and all that it imports of `checks/` and of `stacks/`."""
    path = Path(sys.modules[module].__file__ or "").resolve().relative_to(ROOT)
    return sorted(with_imports(root / path, ("checks", "stacks"), root))


def _meaning_of_edition(stack: Stack, root: Path) -> str:
    """The digest of an edition's files and of its pins."""
    return hashlib.sha256(f"{meaning_of(stack_files(stack, root), root)}\n{pins_of(stack, root)}".encode()).hexdigest()


def stack_files(stack: Stack, root: Path = ROOT) -> list[Path]:
    """What makes an edition's sites beside its pins: driver, image, files laid into it, what they write, the company."""
    cms, company = root / "stacks" / stack.cms, root / "scenarios" / stack.company
    return [
        *with_imports(cms / "driver.py", ("stacks",), root),
        cms / "Dockerfile",
        root / "checks" / stack.cms / "files.toml",
        *(cms / "files").rglob("*"),
        *(root / "stacks/base").rglob("*"),
        company / "context.toml",
        *(company / stack.cms).rglob("*"),
        *(company / "media").rglob("*"),
    ]
