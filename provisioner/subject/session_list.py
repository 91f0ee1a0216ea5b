"""The list of functionalities as the circular of each session has it: which lines and facts, in which words."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from provisioner.core.model import FactId, Functionality
from provisioner.host.editions import sessions
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import read_toml, validated
from provisioner.subject.functionalities import load_functionalities


@cache
def lines_of(session: str) -> dict[str, Functionality]:
    """The lines of a session's list, by id, in its order; `session` is a year, e.g. "2024"."""
    return {
        line.id: replace(line, text=_text(row, session), facts=_facts(row, session))
        for line, row in _lines_and_rows()
        if row.since <= session <= (row.until or session)
    }


@cache
def facts_of(session: str) -> frozenset[FactId]:
    """The facts of a session's list."""
    return frozenset(fact for line in lines_of(session).values() for fact in line.fact_ids())


def listed_sessions() -> list[str]:
    """The sessions whose list is known: those of the editions, and those from which a line changes."""
    changes = {year for _, row in _lines_and_rows() for year in (row.since, *row.reworded, *row.facts_since.values())}
    return sorted({*sessions(), *changes} - {""})


class _Row(BaseModel):
    """A line as the file has it; years are texts, which compare as numbers do."""

    model_config = ConfigDict(extra="forbid")

    text: str
    facts: tuple[str, ...]
    since: str = ""
    until: str = ""
    reworded: dict[str, str] = {}
    facts_since: dict[str, str] = {}

    @model_validator(mode="after")
    def _of_its_own_facts(self) -> Self:
        if unknown := self.facts_since.keys() - set(self.facts):
            raise ValueError(f"« facts_since » nomme ce que « facts » n'a pas : {', '.join(unknown)}")
        return self


@cache
def _lines_and_rows(path: Path = ROOT / "checks" / "functionality.toml") -> list[tuple[Functionality, _Row]]:
    table = read_toml(path)
    rows = {
        f"{cms}.{heading}.{name}": validated(_Row, row, f"{path}, {cms}.{heading}.{name}")
        for cms, headings in table.items()
        for heading, lines in headings.items()
        for name, row in lines.items()
    }
    return [(line, rows[line.id]) for line in load_functionalities(path).values()]


def words_of(session: str) -> dict[str, Functionality]:
    """All lines of all sessions, by id, those of this session as it has them: a question may ask beside its list."""
    return {**load_functionalities(), **lines_of(session)}


def _text(row: _Row, session: str) -> str:
    """The line in the words of the session: the latest rewording until then."""
    since = [year for year in sorted(row.reworded) if year <= session]
    return row.reworded[since[-1]] if since else row.text


def _facts(row: _Row, session: str) -> tuple[str, ...]:
    return tuple(fact for fact in row.facts if row.facts_since.get(fact, "") <= session)
