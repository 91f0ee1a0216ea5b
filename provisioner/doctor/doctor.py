"""Examines this machine against everything that e5b needs, and mends it: `e5b doctor [--fix]`.

examine(paths)           looks at every need and changes nothing
mend(paths, progress)    installs what this user may, then looks again
"""

from dataclasses import dataclass, replace
from typing import Any

from provisioner.core.progress import Progress
from provisioner.doctor.need import Need, Seen, sentence
from provisioner.doctor.needs import needs
from provisioner.host.config import Paths
from provisioner.host.machine import CannotFix, NoRight


@dataclass(frozen=True)
class Row:
    """One need as a person reads it. `state` is "présent", "manque" or "facultatif" (missing, and optional)."""

    name: str
    state: str
    found: Seen

    @property
    def seen(self) -> str:
        """What was seen, in a few words."""
        return self.found.text

    @property
    def remedy(self) -> str:
        """What to do about it, as a sentence; empty when all is well."""
        return self.found.remedy

    def json(self) -> dict[str, Any]:
        """One entry of `needs`."""
        return {"name": self.name, "ok": self.found.ok, "state": self.state, "seen": self.seen, "remedy": self.remedy}


@dataclass(frozen=True)
class Report:
    """All needs, in the order in which they are met."""

    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Whether e5b can work here."""
        return all(row.state != "manque" for row in self.rows)

    @property
    def remedy(self) -> str:
        """All that remains to be done, in one sentence with one line of commands; empty when nothing does."""
        missing = [row for row in self.rows if row.state == "manque"]
        return sentence(
            (command for row in missing for command in row.found.commands), (row.found.advice for row in missing)
        )

    def json(self) -> dict[str, Any]:
        """The document of `e5b doctor --json`."""
        return {"ok": self.ok, "needs": [row.json() for row in self.rows], "remedy": self.remedy}


def examine(paths: Paths) -> Report:
    """Look at everything; nothing is changed."""
    return Report(tuple(_row(need, need.look()) for need in needs(paths)))


def mend(paths: Paths, progress: Progress) -> Report:
    """Install and start what this user may; what is there already is left as it is."""
    return Report(tuple(_row(need, _mended(need, progress)) for need in needs(paths)))


def _mended(need: Need, progress: Progress) -> Seen:
    seen = need.look()
    if seen.ok or need.fix is None:
        return seen
    try:
        need.fix(progress)
    except NoRight:
        return seen
    except CannotFix as reason:
        seen = need.look()
        return seen if seen.ok else replace(seen, text=f"{seen.text} ; {reason}")
    return need.look()


def _row(need: Need, seen: Seen) -> Row:
    state = "présent" if seen.ok else "facultatif" if need.optional else "manque"
    return Row(need.name, state, seen)
