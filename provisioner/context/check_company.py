"""Proves that the company is whole and consistent: on paper, and on the site of each edition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioner.context import consistency, texts, visit
from provisioner.context.texts import Fault
from provisioner.core.batches import in_turn
from provisioner.core.errors import ProvisionerError, Refusal, UnknownName
from provisioner.core.model import Golden, Stack
from provisioner.host.companies import HOME, company_folder, other_companies
from provisioner.host.editions import stack_for, stack_named
from provisioner.station.centre import Centre


@dataclass(frozen=True)
class CompanyReport:
    """What is wrong of a company on paper, and of each site the document of `visit.visit`, with its misspelled words."""

    company: str
    paper: Sequence[Fault]
    sites: Sequence[Mapping[str, Any]]

    @property
    def count(self) -> int:
        """How many faults there are."""
        return len(self.paper) + sum(len(site["faults"]) for site in self.sites)

    def json(self) -> dict[str, Any]:
        """It in the document of `e5b context check --json`."""
        return {"context": self.company, "faults": [vars(fault) for fault in self.paper], "stacks": self.sites}


def companies_asked(companies: Sequence[str], stacks: Sequence[str]) -> list[str]:
    """The companies to check: those that are named, else those of the named stacks' variants, else all.

    UnknownName where there is no such company or stack, Refusal where a variant is of a company that isn't named.
    """
    known = [HOME, *other_companies()]
    if unknown := [company for company in companies if company not in known]:
        raise UnknownName(f"L'entreprise « {unknown[0]} » n'existe pas. Entreprises connues : {', '.join(known)}.")
    variants = [stack for stack in map(stack_named, stacks) if stack.company != HOME]
    asked = list(dict.fromkeys(companies or [stack.company for stack in variants] or known))
    if others := [stack for stack in variants if stack.company not in asked]:
        raise Refusal(f"{others[0].id} n'est pas un site de l'entreprise {asked[0]}. Corrigez --stack ou --company.")
    return asked


def check_company(
    company: str, stacks: Sequence[str], opened: Callable[[Stack], tuple[Centre, Golden]]
) -> tuple[CompanyReport, list[ProvisionerError]]:
    """Look through a company's texts and go round its sites of these editions.

    Of `stacks`, variants of other companies are left out. `opened` gives what an edition's site is visited with. An edition that can't be had keeps no other back: its error
    is in the list.
    """
    scenario = company_folder(company)
    asked = [stack_for(name, company) for name in stacks]
    editions = list({stack.id: stack for stack in asked if stack.company == company}.values())
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
    return CompanyReport(company, paper, [document for _, document in sites]), errors
