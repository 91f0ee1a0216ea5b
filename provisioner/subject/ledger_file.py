"""The file in which proven steps are written down, `checks/ledger/<stack>.jsonl`: its lines, reading and writing it.

Its first lines say of which archives the golden images were that steps were proven on; each step refers to one of them by
its name. Then comes a line for each step, sorted so that a new proof changes few lines. What a key is made of:
`proof.keys`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from provisioner.core.model import Verdict
from provisioner.host.disk import make_folder, write_whole
from provisioner.host.paths import ROOT

#: The ledgers that come with the program.
LEDGERS = ROOT / "checks" / "ledger"
#: The kinds of steps, in the order of the file.
StepKind = Literal["before", "untouched", "way", "altered", "near_miss", "road", "stored_road", "alone"]
KINDS: tuple[StepKind, ...] = get_args(StepKind)


class ImageLine(BaseModel):
    """Of which archives a golden image was made, and how they differ from the exam's; `image` is the name of this line."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    image: Annotated[str, StringConstraints(pattern="^[0-9a-f]{8}$")]
    archives: Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
    conforming: bool
    differs: tuple[str, ...]


#: How the names of states begin that are of other questions' work: they count for no fact.
ELSEWHERE = "ailleurs : "


class StateLine(BaseModel):
    """What was found after one thing was altered of what a way had stored, by fact; `harmful`: it had to be noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    harmful: bool
    found: dict[str, Verdict]

    def tells_of(self, fact: str, before: Verdict | None) -> bool:
        """Whether it shows something of a fact that had that verdict before: it lost it where it is harmed, else kept it."""
        if fact not in self.found or before is None:
            return False
        return before is Verdict.MET and self.found[fact] is not Verdict.MET if self.harmful else True


class StepLine(BaseModel):
    """A step that was proven. `check` is empty where the step does a question alone; `subject` where it is of an example.

    `found` has, for each check, its facts with their verdicts. `differs` names the line that says what differs from the
    exam's archives. `failed` is only written where the program's own line can't be removed (see `Ledger`). `states` are those of an
    `altered` or `stored_road` step, `refused` what the CMS didn't take of it, in French. `recorded` is the digest of what its
    checks were answered, where the looks of all of them are recorded, and `entry` that of what its check declares of it (see
    proof.entry). `accepted` says, in French, which verdicts of later code
    were accepted, when and why.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    check: str
    subject: str = ""
    kind: StepKind
    name: str
    fact: str = ""
    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{10}(\.[0-9a-f]{10}){4}$")]
    found: tuple[dict[str, Verdict], ...]
    day: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")]
    seconds: float
    conforming: bool
    differs: str
    failed: bool = False
    states: tuple[StateLine, ...] = ()
    refused: tuple[str, ...] = ()
    recorded: str = ""
    entry: str = ""
    accepted: tuple[str, ...] = ()

    @property
    def step(self) -> str:
        """The identity of its step: the first part of its key."""
        return self.key.partition(".")[0]

    @property
    def archives(self) -> str:
        """The part of its key that names the archives."""
        return self.key.rpartition(".")[2]

    def order(self) -> tuple[str, str, int, str, str]:
        """Where it stands in the file."""
        return (self.check, self.subject, KINDS.index(self.kind), self.name, self.step)


@dataclass(frozen=True)
class LedgerFile:
    """What a file says: its steps by their identity, and its images by their names."""

    steps: Mapping[str, StepLine] = field(default_factory=dict)
    images: Mapping[str, ImageLine] = field(default_factory=dict)


def ledger_path(stack: str, folder: Path = LEDGERS) -> Path:
    """The ledger of an edition in that folder."""
    return folder / f"{stack}.jsonl"


def editions_with_ledger(folder: Path = LEDGERS) -> list[str]:
    """The ids of the editions that have a ledger in that folder."""
    return sorted(path.stem for path in folder.glob("*.jsonl"))


def read_ledger(path: Path) -> LedgerFile:
    """The lines of a file; of one that isn't there or that the disk refuses, none. See `lines_of`."""
    try:
        return lines_of(path)
    except OSError:
        return LedgerFile()


def lines_of(path: Path) -> LedgerFile:
    """The lines of a file; of one that isn't there, none. A line that isn't as it must be proves nothing and is left out.

    OSError where the disk refuses: who writes the file anew would lose what it holds.
    """
    steps: dict[str, StepLine] = {}
    images: dict[str, ImageLine] = {}
    try:
        rows = path.read_bytes().splitlines()
    except FileNotFoundError:
        return LedgerFile()
    for row in rows:
        try:
            line = read_line(row.decode())
        except (UnicodeDecodeError, ValidationError):
            continue
        if isinstance(line, ImageLine):
            images[line.image] = line
        else:
            steps[line.step] = line
    return LedgerFile({key: line for key, line in steps.items() if line.differs in images}, images)


def read_line(row: str) -> ImageLine | StepLine:
    """One line of a file; ValidationError where it isn't as it must be."""
    return (ImageLine if row.startswith('{"image"') else StepLine).model_validate_json(row)


def write_ledger(path: Path, steps: Iterable[StepLine], images: Mapping[str, ImageLine]) -> None:
    """Write a file whole, with those of the images that a step refers to; without a step, there is no file."""
    rows = sorted(steps, key=StepLine.order)
    if not rows:
        path.unlink(missing_ok=True)
        return
    lines: list[ImageLine | StepLine] = [images[name] for name in sorted({row.differs for row in rows})]
    lines += rows
    make_folder(path.parent)
    write_whole(path, "".join(f"{written(line)}\n" for line in lines))


def written(line: ImageLine | StepLine) -> str:
    """A line as the file has it."""
    return json.dumps(line.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
