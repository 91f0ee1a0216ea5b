"""The official list with the checks that prove its facts, for people and for programs."""

from typing import TypedDict

from provisioner.core.errors import UnknownName
from provisioner.core.model import judged_by_a_person
from provisioner.subject import subjects
from provisioner.subject.functionalities import load_functionalities


class FactRow(TypedDict):
    """A fact; `judged` where a person decides it, `checks` are ids."""

    text: str
    judged: bool
    checks: list[str]


class FunctionalityRow(TypedDict):
    """A line of the list, with its facts."""

    id: str
    cms: str
    heading: str
    text: str
    facts: list[FactRow]


def functionality_rows(cms: str = "") -> list[FunctionalityRow]:
    """The lines of the list, or of one CMS; UnknownName where no line is of it."""
    lines, by_fact = load_functionalities().values(), subjects.proving_checks()
    known = list(dict.fromkeys(line.cms for line in lines))
    if cms and cms not in known:
        raise UnknownName(f"Le CMS « {cms} » n'est pas dans la liste. CMS connus : {', '.join(known)}.")
    return [
        {
            "id": line.id,
            "cms": line.cms,
            "heading": line.heading,
            "text": line.text,
            "facts": [
                {"text": text, "judged": judged_by_a_person(text), "checks": list(by_fact.get(fact, []))}
                for fact, text in zip(line.fact_ids(), line.facts, strict=True)
            ],
        }
        for line in lines
        if not cms or line.cms == cms
    ]
