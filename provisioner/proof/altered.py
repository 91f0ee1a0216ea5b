"""The steps that alter what a right work stored, one thing at a time: what harms it must not stay met, what doesn't must.

How what a work stored is altered stands in alterations.py. Where a rule there doesn't fit a check, `checks/<cms>/altered.toml`
says so, each row after a person saw on the site what a jury would say of it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache

from pydantic import BaseModel, ConfigDict

from provisioner.core.model import Finding, Stack, Verdict
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml
from provisioner.proof.alterations import Alteration, alterations
from provisioner.proof.leaves import literal, rules_of
from provisioner.proof.steps import Step, feasible
from provisioner.proof.stored import Change
from provisioner.subject.check import Check
from provisioner.subject.ledger_file import StateLine

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
        """As of any step; what is said of its alterations is a part of it."""
        rows = [row.model_dump_json() for row in unlike_of(self.checks[0])]
        return hashlib.sha256("\n".join([super().key, "altered", *rows]).encode()).hexdigest()[:20]

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


def wrong(alteration: Alteration, found: Sequence[Finding]) -> str:
    """How the verdicts after an alteration differ from what they must be, in French; empty when they don't."""
    faults = [finding for finding in found if finding.verdict in FAULTS]
    if faults:
        return f"{alteration.name} : {faults[0].fact} est {faults[0].verdict.french} ({faults[0].observed})"
    if alteration.harmful:
        met = [finding for finding in found if finding.verdict is Verdict.MET]
        return f"{alteration.name} : reste acquis ({met[0].observed[:160]})" if len(met) == len(found) else ""
    lost = [finding for finding in found if finding.verdict is Verdict.NOT_MET]
    return f"{alteration.name} : {lost[0].fact} n'est plus acquis ({lost[0].observed[:160]})" if lost else ""


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
def unlike(cms: str) -> Sequence[Unlike]:
    """The rows of a CMS's list."""
    path = ROOT / "checks" / cms / "altered.toml"
    return tuple(map(Unlike.model_validate, read_toml(path).get("unlike", []))) if path.exists() else ()
