"""Examines this machine against everything that e5b needs, and mends it: `e5b doctor [--fix]`.

examine(paths)           looks at every need and changes nothing
mend(paths, progress)    installs what this user may, then looks again
"""

from dataclasses import asdict, dataclass
from typing import Any

from provisioner.config import Paths
from provisioner.machine import CannotFix
from provisioner.needs import Need, Seen, needs
from provisioner.progress import Progress


@dataclass(frozen=True)
class Row:
    """One need as a person reads it. `state` is "présent", "manque" or "facultatif" (missing, and optional)."""

    name: str
    ok: bool
    state: str
    seen: str
    remedy: str


@dataclass(frozen=True)
class Report:
    """All needs, in the order in which they are met."""

    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Whether e5b can work here."""
        return all(row.state != "manque" for row in self.rows)

    @property
    def remedies(self) -> tuple[str, ...]:
        """What remains to be done, a sentence for each thing that is missing."""
        return tuple(row.remedy for row in self.rows if row.state == "manque")

    def json(self) -> dict[str, Any]:
        """The document of `e5b doctor --json`."""
        return {"ok": self.ok, "needs": [asdict(row) for row in self.rows]}


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
    except CannotFix as reason:
        seen = need.look()
        return seen if seen.ok else Seen(False, f"{seen.text} ; {reason}", seen.remedy)
    return need.look()


def _row(need: Need, seen: Seen) -> Row:
    state = "présent" if seen.ok else "facultatif" if need.optional else "manque"
    return Row(need.name, seen.ok, state, seen.text, seen.remedy)
