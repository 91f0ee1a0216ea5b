"""The steps that alter what a right work stored, one thing at a time: what harms it must not stay met, what doesn't must.

How what a work stored is altered stands in alterations.py. Where a rule there doesn't fit a check, `checks/<cms>/altered.toml`
says so, each row with the reason that a jury would give.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache

from pydantic import BaseModel, ConfigDict

from provisioner.core.model import Finding, Stack, Verdict, judged_by_a_person
from provisioner.host.paths import ROOT
from provisioner.host.sources import meaning_of
from provisioner.host.toml_files import read_toml
from provisioner.proof.alterations import Alteration, alterations
from provisioner.proof.leaves import literal, rules_of
from provisioner.proof.steps import Step, feasible
from provisioner.proof.stored import Change
from provisioner.subject.check import Check
from provisioner.subject.ledger_file import StateLine

#: The modules that make states, and look at them: a proof stands while none of them changes.
_INSTRUMENT = (
    *("stored.py", "stored_rows.php", "leaves.py", "nearby.py", "alterations.py", "altered.py", "stored_roads.py"),
    *("prove_altered.py", "rewound.py", "rewind.php"),
)
#: Verdicts that say that nothing could be verified.
FAULTS = (Verdict.BLOCKED, Verdict.BROKEN)


class Unlike(BaseModel):
    """Alterations that a check takes otherwise than the rules say: of its works with these values, or of all.

    `state` is a pattern of their names. `harmful` is None where nobody can say, and they are left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: str
    state: str
    why: str
    harmful: bool | None = None
    values: Mapping[str, object] | None = None

    def is_of(self, check: Check) -> bool:
        """Whether it is of that check's work."""
        values = check.model_dump(mode="json", exclude_defaults=True)
        return self.check == type(check).id and self.values in (None, values)

    def names(self, state: str) -> bool:
        """Whether that state is meant."""
        return fnmatchcase(state, literal(self.state))


@dataclass(frozen=True)
class Altered(Step):
    """The first way of a check, and what it stored altered, one thing at a time."""

    @property
    def key(self) -> str:
        """As of any step; what makes its states, and what is said of them, is a part of it."""
        check = self.checks[0]
        rows = [row.model_dump_json() for row in unlike_of(check)]
        return hashlib.sha256("\n".join([super().key, _instrument(cms_of(check)), *rows]).encode()).hexdigest()[:20]

    def too_little(self, states: Sequence[StateLine]) -> str:
        """Why these states prove nothing, in French: none of them harms what the work stored. Empty when they do."""
        if any(state.harmful for state in states) or not self._can_be_harmed():
            return ""
        return "rien de ce que ce travail a enregistré n'a pu être gâté"

    def _can_be_harmed(self) -> bool:
        """Whether something can take a fact away: not where only a person judges it."""
        return not all(judged_by_a_person(fact) for fact in self.checks[0].facts())

    def alterations(self, changed: Sequence[Change]) -> list[Alteration]:
        """How what its work changed is altered, and whether that harms it."""
        check, made = self.checks[0], []
        for alteration in alterations(check, changed, rules_of(cms_of(check))):
            row = next((row for row in unlike_of(check) if row.names(alteration.name)), None)
            if row is None:
                made.append(alteration)
            elif row.harmful is not None:
                made.append(replace(alteration, harmful=row.harmful))
        return made


def altered_steps(examples: Sequence[Check], stack: Stack) -> list[Altered]:
    """The steps of these checks."""
    return [
        Altered("way", f"états altérés, {check.ways()[0].name}", (check,), check.ways()[0].run)
        for check in examples
        if feasible(check, stack) and check.ways()
    ]


def wrong(alteration: Alteration, before: Sequence[Finding], found: Sequence[Finding]) -> str:
    """How the verdicts after an alteration differ from what they must be, in French; empty when they don't.

    `before` is what was found of the work itself: what harms it takes one of its facts away.
    """
    faults = [finding for finding in found if finding.verdict in FAULTS]
    if faults:
        return f"{alteration.name} : {faults[0].fact} est {faults[0].verdict.french} ({faults[0].observed})"
    if alteration.harmful:
        had = {finding.fact for finding in before if finding.verdict is Verdict.MET}
        met = [finding for finding in found if finding.fact in had and finding.verdict is Verdict.MET]
        return f"{alteration.name} : reste réalisé ({met[0].observed[:160]})" if met and len(met) == len(had) else ""
    lost = [finding for finding in found if finding.verdict is Verdict.NOT_MET]
    return f"{alteration.name} : {lost[0].fact} n'est plus réalisé ({lost[0].observed[:160]})" if lost else ""


def state_line(alteration: Alteration, found: Sequence[Finding]) -> StateLine:
    """What the ledger says of it."""
    return StateLine(
        name=alteration.name,
        harmful=alteration.harmful,
        found={finding.fact: finding.verdict for finding in found},
    )


def cms_of(check: Check) -> str:
    """The CMS that a check is of."""
    return type(check).id.partition(".")[0]


def unlike_of(check: Check) -> list[Unlike]:
    """The rows of the list that are of a check's work."""
    return [row for row in unlike(cms_of(check)) if row.is_of(check)]


@cache
def _instrument(cms: str) -> str:
    of_program = [ROOT / "provisioner" / "proof" / name for name in _INSTRUMENT]
    return meaning_of([*of_program, *(ROOT / "checks" / cms / name for name in ("stored.toml", "alter.php"))], ROOT)


@cache
def unlike(cms: str) -> Sequence[Unlike]:
    """The rows of a CMS's list."""
    path = ROOT / "checks" / cms / "altered.toml"
    return tuple(map(Unlike.model_validate, read_toml(path).get("unlike", []))) if path.exists() else ()
