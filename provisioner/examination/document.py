"""The document of an examination: what `e5b check --json` prints of a station, and what `report.json` keeps.

Other programs read it: a key is renamed or removed only on purpose, everywhere at once.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict


class CandidateDocument(TypedDict):
    """Whose work it is; `number` and `first_name` are empty when only a name was given."""

    number: str
    name: str
    first_name: str


class FindingDocument(TypedDict):
    """What a check found about one fact. `verdict` is a value of `Verdict`; `evidence` are paths relative to the report."""

    fact: str
    verdict: str
    expected: str
    observed: str
    evidence: list[str]


class CaptionDocument(TypedDict):
    """What a report says of a piece of evidence: its French name, and what a picture doesn't show of its page, if anything.

    `parts` are the paths of the pictures that continue the first.
    """

    title: str
    remark: str
    parts: list[str]


class CheckDocument(TypedDict):
    """A check that a question asks for. `skill` is its line of the marking aid, or empty.

    `as_seeded`: it found word for word what it finds on the site as candidates receive it; absent in earlier reports.
    """

    id: str
    title: str
    skill: str
    acts: bool
    may_act: bool
    as_seeded: NotRequired[bool]
    findings: list[FindingDocument]


class QuestionDocument(TypedDict):
    """A question of the subject, as it is printed, and its checks."""

    number: int
    text: str
    criterion: str
    checks: list[CheckDocument]


class StoredProgramDocument(TypedDict):
    """A content that has a program in it: its table and number, and its title."""

    place: str
    name: str


class AdditionsDocument(TypedDict):
    """What was added to the programs of a site, the first of each kind and how many there are; see additions.py.

    Earlier reports have no `in_database`.
    """

    files: list[str]
    files_count: int
    page_files: list[str]
    page_files_count: int
    stored: list[StoredProgramDocument]
    stored_count: int
    unread: str
    in_database: NotRequired[list[str]]
    in_database_count: NotRequired[int]


class ExaminationDocument(TypedDict):
    """One examination of one station. Times are ISO 8601 with their zone; `report` is the path of the page.

    `network` is the record of the candidate's refused tries (see leakcheck/refused_tries.py); `signature` says who signed the
    archive that was examined (see archive/verifying.py), in what `check --archive` prints only. `ended` says whether the
    candidate's time was over at `taken_at`; earlier reports don't say. `captions` are of the pieces that findings name, by
    their paths; earlier reports have none. `data` is the digest of what the verdicts rest on besides the site; earlier reports have
    none. `additions` is absent where nothing was added to the site's programs.
    """

    station: str
    subject: str
    subject_title: str
    candidate: CandidateDocument | None
    stack: str
    stack_title: str
    official: bool
    conforming: bool
    differs: list[str]
    versions: dict[str, str]
    address: str
    golden: str
    built_at: str
    taken_at: str
    report: str
    questions: list[QuestionDocument]
    seconds: float
    additions: NotRequired[AdditionsDocument]
    network: NotRequired[Mapping[str, object]]
    signature: NotRequired[str]
    ended: NotRequired[bool]
    data: NotRequired[str]
    captions: NotRequired[dict[str, CaptionDocument]]
