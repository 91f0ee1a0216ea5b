"""Compares this machine with all that e5b needs, and installs what is missing: `e5b doctor [--fix]`.

diagnose(paths)          looks at every need and changes nothing
repair(paths, progress)  installs what this user may, then looks again
"""

from dataclasses import dataclass, replace
from typing import Literal, TypedDict

from provisioner.core.progress import Progress
from provisioner.doctor.need import Need, Observation, remedy_of
from provisioner.doctor.needs import needs
from provisioner.host.machine import CannotFix, NoRight
from provisioner.host.paths import Paths

#: A need is met, missing, or missing and optional. A person reads these words, and so do programs.
State = Literal["présent", "manque", "facultatif"]


class NeedDocument(TypedDict):
    """One entry of `needs` in the document."""

    name: str
    ok: bool
    state: State
    seen: str
    remedy: str


class DiagnosisDocument(TypedDict):
    """The document of `e5b doctor --json`."""

    ok: bool
    needs: list[NeedDocument]
    remedy: str


@dataclass(frozen=True)
class Row:
    """One need as a person reads it."""

    name: str
    state: State
    found: Observation

    @property
    def seen(self) -> str:
        """What was seen, in a few words."""
        return self.found.text

    @property
    def remedy(self) -> str:
        """What to do about it, as a sentence; empty when the need is met."""
        return self.found.remedy

    def json(self) -> NeedDocument:
        """Its entry in the document."""
        return {"name": self.name, "ok": self.found.ok, "state": self.state, "seen": self.seen, "remedy": self.remedy}


@dataclass(frozen=True)
class Diagnosis:
    """All needs. Each comes after those that it builds on."""

    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Whether e5b can work here: no need is missing but optional ones."""
        return all(row.state != "manque" for row in self.rows)

    @property
    def remedy(self) -> str:
        """All that remains to be done, in one sentence with one line of commands; empty when `ok`."""
        missing = [row for row in self.rows if row.state == "manque"]
        return remedy_of(
            (command for row in missing for command in row.found.commands), (row.found.advice for row in missing)
        )

    def json(self) -> DiagnosisDocument:
        """The document of `e5b doctor --json`."""
        return {"ok": self.ok, "needs": [row.json() for row in self.rows], "remedy": self.remedy}


def diagnose(paths: Paths) -> Diagnosis:
    """Look at every need; nothing is changed."""
    return Diagnosis(tuple(_row(need, need.look()) for need in needs(paths)))


def repair(paths: Paths, progress: Progress) -> Diagnosis:
    """Install and start what this user may; what is there already isn't changed."""
    return Diagnosis(tuple(_row(need, _repaired(need, progress)) for need in needs(paths)))


def _repaired(need: Need, progress: Progress) -> Observation:
    """What a look at the need shows once it was fixed, or couldn't be."""
    found = need.look()
    if found.ok or need.fix is None:
        return found
    try:
        need.fix(progress)
    except NoRight:
        return found
    except CannotFix as reason:
        found = need.look()
        return found if found.ok else replace(found, text=f"{found.text} ; {reason}")
    return need.look()


def _row(need: Need, found: Observation) -> Row:
    return Row(need.name, "présent" if found.ok else "facultatif" if need.optional else "manque", found)
