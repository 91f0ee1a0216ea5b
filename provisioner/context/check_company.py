"""Proves that the company is whole and consistent: on paper, and on the site of each edition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioner.context import consistency, texts, visit
from provisioner.context.texts import Fault
from provisioner.core.batches import in_turn
from provisioner.core.errors import ProvisionerError
from provisioner.core.model import Golden, Stack
from provisioner.host.editions import editions_of_session, sessions, stack_named
from provisioner.host.fingerprint import SCENARIO
from provisioner.host.paths import ROOT
from provisioner.station.centre import Centre


@dataclass(frozen=True)
class CompanyReport:
    """What is wrong on paper, and of each site the document of `visit.visit`, with its misspelled words."""

    paper: Sequence[Fault]
    sites: Sequence[Mapping[str, Any]]

    @property
    def count(self) -> int:
        """How many faults there are."""
        return len(self.paper) + sum(len(site["faults"]) for site in self.sites)

    def json(self) -> dict[str, Any]:
        """The document of `e5b context check --json`."""
        return {"context": SCENARIO, "faults": [vars(fault) for fault in self.paper], "stacks": self.sites}


def check_company(
    stacks: Sequence[str], opened: Callable[[Stack], tuple[Centre, Golden]]
) -> tuple[CompanyReport, list[ProvisionerError]]:
    """Look through the company's texts and go round the sites of these editions, or of the exam's of 2024.

    `opened` gives what an edition's site is visited with. An edition that can't be had keeps no other back: its error
    is in the list.
    """
    scenario = ROOT / "scenarios" / SCENARIO
    editions = [stack_named(name) for name in stacks or _exam_editions()]
    spelled, paper = texts.spelled(scenario), list(consistency.on_paper(scenario))

    def visited(edition: Stack) -> Mapping[str, Any]:
        centre, golden = opened(edition)
        site = visit.visit(centre, golden, scenario)
        # What the site says of the company is on paper too: words that only a page has are its screens'.
        unknown = [vars(fault) for fault in consistency.misspelled(site.words, scenario)]
        kind = "faults" if site.document["conforming"] else "untranslated"
        return {**site.document, kind: [*site.document[kind], *unknown]}

    sites, errors = in_turn(editions, visited)
    paper += consistency.misspelled(spelled, scenario)
    return CompanyReport(paper, [document for _, document in sites]), errors


def _exam_editions() -> list[str]:
    return [stack.id for stack in editions_of_session(sessions()[0])]
