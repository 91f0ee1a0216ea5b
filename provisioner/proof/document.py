"""The document of a proof: what `e5b prove --json` prints.

Other programs read it: a key is renamed or removed only on purpose, everywhere at once. `retried` says why a first attempt
broke off, and is there only when one did.
"""

from typing import NotRequired, TypedDict


class FactVerdict(TypedDict):
    """The verdict that a check gave about a fact: a value of `Verdict`."""

    fact: str
    verdict: str


class BeforeRow(FactVerdict):
    """A verdict before the work."""

    retried: NotRequired[str]


class WayRow(TypedDict):
    """The verdicts after one of the ways to do the work."""

    name: str
    findings: list[FactVerdict]
    retried: NotRequired[str]


class OneFactRow(TypedDict):
    """The verdict about the fact that a near miss leaves out, or of which a road is another."""

    name: str
    fact: str
    verdict: str
    retried: NotRequired[str]


class CheckProof(TypedDict):
    """What was proven of a check. `failures` has a French sentence for each step that isn't as it must be."""

    id: str
    before: list[BeforeRow]
    ways: list[WayRow]
    near_misses: list[OneFactRow]
    roads: list[OneFactRow]
    failures: list[str]
    seconds: float


class QuestionProof(TypedDict):
    """The verdicts of all checks of a subject after one of its questions was done alone."""

    number: int
    failure: str
    findings: list[FactVerdict]
    seconds: float
    retried: NotRequired[str]


class SubjectProof(TypedDict):
    """Whether the questions of a subject are independent."""

    id: str
    independent: bool
    questions: list[QuestionProof]
    failures: list[str]


class ProofDocument(TypedDict):
    """A whole proof.

    `left_out` names checks that the edition can't serve; `recalled` is how many steps the ledger had already; `report` is the
    path of the page, `texts` that of the sentences that checks said; both are empty where no step had to be done.
    """

    stack: str
    conforming: bool
    differs: list[str]
    checks: list[CheckProof]
    subjects: list[SubjectProof]
    left_out: list[str]
    recalled: int
    report: str
    texts: str


class CheckStandings(TypedDict):
    """How the steps of a check stand, or those of a subject ("sujet wordpress-a").

    `changed` says in French what changed since the outdated ones were proven: the check, the program, the edition…; it is
    empty where they failed.
    """

    id: str
    steps: int
    outdated: int
    missing: int
    changed: list[str]


class EditionStandings(TypedDict):
    """What the ledger of an edition proves today; `conforming` and `differs` are of the archives that it was proven with.

    `earlier`: how many steps were proven before the code of their check or of the program changed, and stand until they are
    proven again.
    `by_kind`: how many of the outdated and missing steps `prove --untouched`, `--altered` and `--roads` prove, by their kinds.
    """

    stack: str
    steps: int
    proven: int
    earlier: int
    outdated: int
    missing: int
    by_kind: dict[str, int]
    conforming: bool
    differs: list[str]
    checks: list[CheckStandings]


class LedgerDocument(TypedDict):
    """What `e5b prove --ledger --json` prints."""

    editions: list[EditionStandings]
