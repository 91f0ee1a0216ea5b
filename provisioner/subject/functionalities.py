"""The circular's list of functionalities, as `checks/functionality.toml` has it."""

from functools import cache
from pathlib import Path

from provisioner.core.model import Functionality
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml


@cache
def load_functionalities(path: Path = ROOT / "checks" / "functionality.toml") -> dict[str, Functionality]:
    """The circular's list, by id, in its order."""
    lines: dict[str, Functionality] = {}
    for cms, headings in read_toml(path).items():
        for heading, rows in headings.items():
            for name, row in rows.items():
                line = Functionality(f"{cms}.{heading}.{name}", cms, heading, row["text"], tuple(row["facts"]))
                lines[line.id] = line
    return lines


@cache
def load_criteria(path: Path = ROOT / "checks" / "criteria.toml") -> dict[str, tuple[str, ...]]:
    """The circular's performance criteria of each CMS."""
    return {cms: tuple(criteria) for cms, criteria in read_toml(path).items()}


def fact(functionality: str, text: str) -> str:
    """The identity of a fact of the list; a fact that the list doesn't have is a programming error."""
    line = load_functionalities()[functionality]
    if text not in line.facts:
        raise KeyError(f"{functionality} has no fact {text!r}; it has {line.facts}")
    return f"{functionality}/{text}"
