"""The official list with the checks that prove its facts, and how far these are proven, for people and for programs."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from provisioner.core.errors import UnknownName
from provisioner.core.model import FactId, judged_by_a_person
from provisioner.subject import subjects
from provisioner.subject.session_list import lines_of


class FactProof(TypedDict):
    """What the ledger of an edition says of a fact; `text` says it in French.

    `state` is proven, earlier (proven before the code of its check or of the program changed), outdated or missing.

    The day and the numbers of steps are there where all of its steps are proven.
    """

    stack: str
    state: str
    text: str
    day: NotRequired[str]
    ways: NotRequired[int]
    near_misses: NotRequired[int]
    roads: NotRequired[int]
    altered: NotRequired[int]
    conforming: NotRequired[bool]


class FactRow(TypedDict):
    """A fact; `judged` where a person decides it, `checks` are ids; `proof` where an official edition can serve one of them."""

    text: str
    judged: bool
    checks: list[str]
    proof: NotRequired[FactProof]


class FunctionalityRow(TypedDict):
    """A line of the list, with its facts."""

    id: str
    cms: str
    heading: str
    text: str
    facts: list[FactRow]


def functionality_rows(
    session: str, cms: str = "", proofs: Mapping[FactId, FactProof] | None = None
) -> list[FunctionalityRow]:
    """The lines of a session's list, or of one CMS; UnknownName where no line is of it. `proofs` are those of facts."""
    lines, by_fact = lines_of(session).values(), subjects.proving_checks()
    known = listed_cms(session)
    if cms and cms not in known:
        raise UnknownName(f"Le CMS « {cms} » n'est pas dans la liste. CMS connus : {', '.join(known)}.")
    return [
        {
            "id": line.id,
            "cms": line.cms,
            "heading": line.heading,
            "text": line.text,
            "facts": [
                _fact_row(text, by_fact.get(fact, []), (proofs or {}).get(fact))
                for fact, text in zip(line.fact_ids(), line.facts, strict=True)
            ],
        }
        for line in lines
        if not cms or line.cms == cms
    ]


def listed_cms(session: str) -> list[str]:
    """Every CMS of a session's list."""
    return list(dict.fromkeys(line.cms for line in lines_of(session).values()))


def _fact_row(text: str, checks: Sequence[str], proof: FactProof | None) -> FactRow:
    row: FactRow = {"text": text, "judged": judged_by_a_person(text), "checks": list(checks)}
    return {**row, "proof": proof} if proof else row
