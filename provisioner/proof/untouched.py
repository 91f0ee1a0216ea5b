"""The steps that verify many wanted values on a site that nobody touched: whatever asks for work must not be met there.

The values are near those of each check's examples (see nearby.py). Some ask for what the seeded site has already, such as a
menu that stands where it is: `checks/<cms>/held.toml` names these, each after a person saw on the site that it is so.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from provisioner.core.model import FactId, Finding, Stack, Verdict
from provisioner.host.companies import company_folder
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml
from provisioner.proof.nearby import nearby
from provisioner.proof.steps import Step, feasible
from provisioner.subject.check import Check

#: Verdicts that say that nothing could be verified.
FAULTS = (Verdict.BLOCKED, Verdict.BROKEN)


@dataclass(frozen=True)
class Untouched(Step):
    """Wanted values that are verified on a site that nobody touched; `held`: the facts that the seeded site has already."""

    held: frozenset[FactId] = frozenset()

    @property
    def key(self) -> str:
        """As of any step; what the site is said to have already is a part of it."""
        return hashlib.sha256("\n".join([super().key, "untouched", *sorted(self.held)]).encode()).hexdigest()[:20]

    def wanted(self, index: int, finding: Finding) -> Verdict | None:
        """As of any step. A person may have to judge what nobody did, where a program can't tell: only `met` is wrong."""
        if finding.fact in self.held:
            return Verdict.MET
        return Verdict.NOT_MET if finding.verdict in (*FAULTS, Verdict.MET) else None


def untouched_steps(examples: Sequence[Check], stack: Stack) -> list[Untouched]:
    """The steps of these checks, of which each class has its examples one after the other."""
    seed = company_folder(stack.company) / stack.cms / "seed.toml"
    steps = []
    for _, of_class in groupby((check for check in examples if feasible(check, stack)), key=type):
        for near in nearby(list(of_class), seed):
            if feasible(near.check, stack):
                name = f"{type(near.check).id}, {near.change}"
                steps.append(Untouched("before", name, (near.check,), lambda desk: None, held=held(near.check)))
    return steps


def held(check: Check) -> frozenset[FactId]:
    """What the seeded site has already of these wanted values, by the list."""
    values = check.model_dump(mode="json", exclude_defaults=True)
    return next((frozenset(row["facts"]) for row in _rows(check) if row["values"] == values), frozenset())


def _rows(check: Check) -> list[dict[str, Any]]:
    id = type(check).id
    return [row for row in held_rows(id.partition(".")[0]) if row["check"] == id]


@cache
def held_rows(cms: str) -> list[dict[str, Any]]:
    """The rows of a CMS's list: a check's id, its values without those that are as by default, facts, why."""
    path = ROOT / "checks" / cms / "held.toml"
    rows: list[dict[str, Any]] = read_toml(path).get("held", []) if path.exists() else []
    return rows
