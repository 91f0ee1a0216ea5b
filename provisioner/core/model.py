"""The nouns of e5b, frozen and without I/O. Read this first; the vocabulary is the project's.

Everything here can be made in a test with plain values. Texts that a person reads are French.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from provisioner.core.masking import remember
from provisioner.core.records import Candidate, SittingRecord


class Verdict(StrEnum):
    """What a check decided about a fact.

    The work is done (met), or isn't (not_met, the only one that may count against a candidate), or a person has to judge
    (to_judge), or nothing could be decided: by the station's fault (blocked), or by the check's (broken).
    """

    MET = "met"
    NOT_MET = "not_met"
    TO_JUDGE = "to_judge"
    BLOCKED = "blocked"
    BROKEN = "broken"

    @property
    def french(self) -> str:
        """The words of the verdict, everywhere that a user reads them: screens, reports, JUnit, the author's guide.

        What a report says about each verdict stands in templates/verdict.html.j2.
        """
        return {
            Verdict.MET: "réalisé",
            Verdict.NOT_MET: "non réalisé",
            Verdict.TO_JUDGE: "à apprécier",
            Verdict.BLOCKED: "poste en défaut",
            Verdict.BROKEN: "contrôle en défaut",
        }[self]


#: A fact's identity: "<functionality id>/<fact>", e.g. "wordpress.contenu.publier/modifier une page".
FactId = str
#: The mark by which the functionality list leaves a fact to a person. Part of the fact's identity, hence of no verdict.
_JUDGED_MARK = "(à apprécier)"


@dataclass(frozen=True)
class Functionality:
    """One line of the circular's list (annex VI-3), with the facts that it names."""

    id: str
    cms: str
    heading: str
    text: str
    facts: tuple[str, ...]

    def fact_ids(self) -> tuple[FactId, ...]:
        """The identities of its facts, in the order of the list."""
        return tuple(f"{self.id}/{fact}" for fact in self.facts)


def judged_by_a_person(fact: FactId) -> bool:
    """Whether the list marks this fact as one that only a person can decide."""
    return fact.endswith(_JUDGED_MARK)


def fact_name(fact: FactId) -> str:
    """The fact as its functionality names it, without the mark that leaves it to a person."""
    return fact.partition("/")[2].removesuffix(_JUDGED_MARK).rstrip()


@dataclass(frozen=True)
class Finding:
    """What a check found about one fact. `evidence` are paths relative to the report's folder."""

    fact: FactId
    verdict: Verdict
    expected: str
    observed: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Artifact:
    """A pinned archive. `file` is its name in the store; addresses are tried in order.

    `npm` names a package ("name@version") that npm's own client fetches, where there is no address; `stack` the
    edition without which `artifacts fetch` leaves it out.
    """

    name: str
    version: str
    file: str
    urls: tuple[str, ...] = ()
    npm: str = ""
    sha256: str = ""
    sha1: str = ""
    stack: str = ""

    @property
    def fetched_by(self) -> str:
        """The command that brings it."""
        return "e5b artifacts fetch" + (f" --stack {self.stack}" if self.stack else "")


@dataclass(frozen=True)
class StandIn:
    """An archive declared in overrides.toml to replace a pinned one: the stack is then not conforming."""

    artifact: str
    file: str
    sha256: str
    version: str
    reason: str


class Status(StrEnum):
    """Where an archive stands. `unrecorded` is there, but the centre has never verified it."""

    PRESENT = "present"
    MISSING = "missing"
    MISMATCH = "mismatch"
    UNRECORDED = "unrecorded"
    STAND_IN = "stand_in"

    @property
    def french(self) -> str:
        """The status as a user reads it."""
        return {
            Status.PRESENT: "présente",
            Status.MISSING: "absente",
            Status.MISMATCH: "non conforme",
            Status.UNRECORDED: "à vérifier",
            Status.STAND_IN: "remplacée",
        }[self]


@dataclass(frozen=True)
class ArtifactState:
    """What the store has of an artifact. `sha256` is that of the file at `path`; the sentence says what to do."""

    artifact: Artifact
    status: Status
    path: Path | None
    sha256: str
    sentence: str


@dataclass(frozen=True)
class Resolved:
    """A verified file to build from. `differs` is a French sentence when it isn't the pinned one."""

    artifact: Artifact
    path: Path
    version: str
    differs: str | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Stack:
    """One CMS at one edition: its pins, what it stands on, and the company that it is seeded with.

    `versions` are the pins that the running site is read back against: {"wordpress": "6.4.2", …}.
    `official` is false for an edition that is never an exam station; `why_unofficial` then says so. `untried` says, in French,
    what was never run of an edition whose release could not be had.
    """

    id: str
    cms: str
    edition: str
    title: str
    suite: str
    artifacts: tuple[Artifact, ...]
    versions: dict[str, str]
    theme: str
    company: str
    official: bool = True
    why_unofficial: str = ""
    untried: str = ""
    debian_packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conformity:
    """Whether a golden image was built from exactly the pinned artifacts, and if not, how it differs."""

    differs: tuple[str, ...] = ()

    @property
    def conforming(self) -> bool:
        """True when nothing differs."""
        return not self.differs

    @property
    def french(self) -> str:
        """The sentence that every screen and page shows."""
        return "versions conformes" if self.conforming else "versions NON conformes"


@dataclass(frozen=True)
class Golden:
    """A golden image: a stack installed and seeded, dated, known by its digest."""

    stack: str
    image: str
    built_at: datetime
    conformity: Conformity
    versions: dict[str, str]
    #: What made it (see fingerprint.maker_of); empty where it doesn't say.
    maker: str = ""
    #: The digest of the archives that it was made of (see checksums.digest_of_archives); empty where it doesn't say.
    archives: str = ""

    def stale(self, now: datetime) -> bool:
        """Whether its dates, relative to its build, begin to look old."""
        return _stale(self.built_at, now)


@dataclass(frozen=True)
class Credentials:
    """What a candidate signs in with."""

    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        remember(self.password)


@dataclass(frozen=True)
class WantedStation:
    """A station to be made; `credentials` are drawn where none are given.

    It is for a `candidate` of the list, for `practice`, or for nobody yet. `next_at`: since when it waits for the
    candidate after an absent one.
    """

    place: int
    subject: str
    golden: Golden
    credentials: Credentials | None = None
    candidate: Candidate | None = None
    practice: bool = False
    next_at: datetime | None = None

    def record(self) -> SittingRecord:
        """What its container's record says of it from the start."""
        return SittingRecord(candidate=self.candidate, practice=self.practice, next_at=self.next_at)


@dataclass(frozen=True)
class Station:
    """One running copy for one candidate. `container` is the engine's identity of it."""

    name: str
    place: int
    room: str
    stack: str
    subject: str
    address: str
    golden: str
    container: str
    state: str
    conformity: Conformity
    built_at: datetime
    versions: Mapping[str, str]
    maker: str = ""

    def stale(self, now: datetime) -> bool:
        """Whether the dates of its image begin to look old."""
        return _stale(self.built_at, now)


def _stale(built_at: datetime, now: datetime) -> bool:
    return now - built_at > timedelta(days=14)


def worst(verdicts: Sequence[Verdict]) -> int:
    """The exit code of a set of verdicts: 3 outranks 1, which outranks 0."""
    if any(v in (Verdict.BLOCKED, Verdict.BROKEN) for v in verdicts):
        return 3
    return 1 if Verdict.NOT_MET in verdicts else 0
