"""Subjects: five questions as data, each with the checks that it asks for. Needs no engine.

A subject's values are validated against the fields of its checks when it is loaded; a mistake is told
with the file, the line and the names that exist.
"""

import importlib
import json
import os
import pkgutil
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process

from provisioner.core.errors import ConfigurationError, UnknownName
from provisioner.core.mistakes import french_reason
from provisioner.host.config import ROOT, load_functionalities, read_toml
from provisioner.subject.check import Check, registered
from provisioner.subject.references import Unknown, unknown

SCENARIOS = ROOT / "scenarios"
_QUESTIONS = 5
#: How alike (of 100) two ids are when one may be meant for the other.
_NEAR = 60


@dataclass(frozen=True)
class Wanted:
    """A check as a question asks for it; `skill` is the line of the marking aid."""

    check: Check
    skill: str


@dataclass(frozen=True)
class Question:
    """One of the five."""

    number: int
    text: str
    criterion: str
    annexes: tuple[str, ...]
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True)
class Subject:
    """A subject as it is printed, and the checks that prove the work."""

    id: str
    cms: str
    title: str
    context: str
    situation: str
    questions: tuple[Question, ...]
    folder: Path

    @property
    def documents(self) -> tuple[Path, ...]:
        """Where its documents lie: beside it, then among the media of its company."""
        return self.folder, SCENARIOS / self.context / "media"


class _QuestionTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1)
    criterion: str
    annexes: tuple[str, ...] = ()
    check: list[dict[str, Any]] = Field(min_length=1)


class _SubjectTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    cms: str
    title: str
    context: str
    situation: str = ""
    question: list[_QuestionTable]


def subject_ids() -> dict[str, Path]:
    """Every subject of the scenarios, by id."""
    return {path.parent.name: path for path in sorted(SCENARIOS.glob("*/subjects/*/subject.toml"))}


def subject_path(name: str) -> Path:
    """The file of a subject, by its id or by its own path."""
    known = subject_ids()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".toml" or path.is_dir():
        return path / "subject.toml" if path.is_dir() else path
    raise UnknownName(f"Le sujet « {name} » n'existe pas. Sujets connus : {', '.join(known) or 'aucun'}.")


def checks_of(cms: str) -> dict[str, type[Check]]:
    """Every check of a CMS, by id, in whichever folder of checks/<cms>/ its module lies."""
    package = importlib.import_module(f"checks.{cms}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    return {check.id: check for check in registered() if check.id.startswith(f"{cms}.")}


def load_subject(name: str) -> Subject:
    """A subject by its id or file, whole and valid, or one sentence per mistake."""
    path = subject_path(name)
    table, lines = _table(path)
    mistakes: list[str] = []
    if len(table.question) != _QUESTIONS:
        mistakes.append(
            f"{path} : un sujet a {_QUESTIONS} questions, celui-ci en a {len(table.question)}. "
            "Ajoutez ou retirez des tables [[question]]."
        )
    if not re.fullmatch(rf"{re.escape(table.cms)}-[a-z]", table.id):
        where = f"{path}, {lines.of(('id',))}"
        mistakes.append(f"{where} : l'identifiant d'un sujet est son CMS et une lettre, par exemple {table.cms}-a.")
    elif path in subject_ids().values() and path.parent.name != table.id:
        where = f"{path}, {lines.of(('id',))}"
        mistakes.append(
            f"{where} : le sujet est dans le dossier {path.parent.name}. Donnez au dossier le nom {table.id}, "
            "ou corrigez l'identifiant."
        )
    if table.context not in (contexts := sorted(one.parent.name for one in SCENARIOS.glob("*/context.toml"))):
        where = f"{path}, {lines.of(('context',))}"
        mistakes.append(
            f"{where} : le contexte « {table.context} » n'existe pas. Contextes connus : {', '.join(contexts)}."
        )
    known = checks_of(table.cms)
    questions = []
    for index, question in enumerate(table.question):
        for annex in question.annexes:
            where = f"{path}, {lines.of(('question', index, 'annexes'))}"
            if not _inside(path.parent, annex):
                mistakes.append(
                    f"{where} : l'annexe « {annex} » est hors du dossier du sujet. Mettez-la dans {path.parent}, "
                    "et corrigez son nom."
                )
            elif not (path.parent / annex).is_file():
                mistakes.append(
                    f"{where} : l'annexe « {annex} » manque. Mettez-la dans {path.parent}, ou corrigez son nom."
                )
        rows: list[tuple[int, Wanted]] = []
        for number, row in enumerate(question.check):
            try:
                rows.append((number, _wanted(row, known)))
            except (ValidationError, KeyError) as error:
                mistakes += _reasons(
                    error,
                    row,
                    known,
                    lambda *key, i=index, n=number: f"{path}, {lines.of(('question', i, 'check', n, *key))}",
                )
        wanted = [one for _, one in rows]
        made = [name for one in wanted for name in one.check.makes()]
        for number, one in rows:
            for stranger in unknown(one.check, SCENARIOS / table.context / table.cms / "seed.toml", path.parent, made):
                where = f"{path}, {lines.of(('question', index, 'check', number, *stranger.location))}"
                mistakes.append(_stranger(where, one.check, stranger, table.context))
        questions.append(
            Question(index + 1, question.text.strip(), question.criterion, question.annexes, tuple(wanted))
        )
    if mistakes:
        raise ConfigurationError("\n".join(mistakes))
    return Subject(
        table.id, table.cms, table.title, table.context, table.situation.strip(), tuple(questions), path.parent
    )


def _inside(folder: Path, name: str) -> bool:
    """Whether this names something of the folder: what a subject prints is its own, not the machine's."""
    return "\0" not in name and Path(os.path.realpath(folder / name)).is_relative_to(os.path.realpath(folder))


def _table(path: Path) -> "tuple[_SubjectTable, _Lines]":
    data = read_toml(path)
    lines = _Lines(path)
    try:
        table = _SubjectTable.model_validate(data)
    except ValidationError as error:
        reasons = [
            f"{path}, {lines.of(e['loc'])} : « {_key(e['loc'])} » : {french_reason(dict(e))}." for e in error.errors()
        ]
        raise ConfigurationError("\n".join(reasons)) from error
    cms = _known_cms()
    if table.cms not in cms:
        where = f"{path}, {lines.of(('cms',))}"
        raise ConfigurationError(f"{where} : « {table.cms} » n'est pas un CMS connu ({', '.join(cms)}).")
    return table, lines


def _reasons(
    error: ValidationError | KeyError, row: dict[str, Any], known: dict[str, type[Check]], where: Callable[..., str]
) -> list[str]:
    listed = ", ".join(known)
    if "use" not in row:
        return [f"{where()} : « use » : cette clé manque. Dites-y quel contrôle : {listed}."]
    if isinstance(error, KeyError):
        near = process.extractOne(str(row.get("use", "")), list(known), score_cutoff=_NEAR)
        hint = f"Vouliez-vous dire « {near[0]} » ? " if near else ""
        return [
            f"{where('use')} : le contrôle « {row.get('use', '')} » n'existe pas. {hint}Contrôles connus : {listed}."
        ]
    reasons = []
    for one in error.errors():
        key = f", « {_key(one['loc'])} »" if one["loc"] else ""
        reason = f"{where(*one['loc'])} : {row['use']}{key} : {french_reason(dict(one))}"
        if one["type"] == "extra_forbidden" and len(one["loc"]) == 1:
            reason += f" (clés connues : {', '.join(known[row['use']].model_fields)})"
        reasons.append(f"{reason}.")
    return reasons


def _stranger(where: str, check: Check, named: Unknown, context: str) -> str:
    near = process.extractOne(named.name, named.known, score_cutoff=_NEAR)
    hint = f"Vouliez-vous dire « {near[0]} » ?" if near else f"Il y a : {', '.join(named.known) or 'rien'}."
    key = _key(named.location)
    return f"{where} : {check.id}, « {key} » : « {named.name} » n'est pas dans le contexte {context}. {hint}"


def _wanted(row: dict[str, Any], known: dict[str, type[Check]]) -> Wanted:
    values = dict(row)
    check = known[str(values.pop("use"))]
    skill = str(values.pop("skill", ""))
    # As JSON, whose strict rules still make a list a tuple and a price of 12.90 a decimal, but no number of a text.
    return Wanted(check.model_validate_json(json.dumps(values, default=str), strict=True), skill)


def _key(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location if not isinstance(part, int)) or "?"


class _Lines:
    """Where in a subject's file a question, a check or a key stands."""

    def __init__(self, path: Path) -> None:
        self._lines = path.read_text(encoding="utf-8-sig").splitlines()

    def of(self, location: tuple[int | str, ...]) -> str:
        """`ligne 12` for ("question", 1, "check", 0, "title"); the nearest that is found."""
        start, end, rest = 0, len(self._lines), list(location)
        header = ""
        while len(rest) >= 2 and isinstance(rest[0], str) and isinstance(rest[1], int):
            header = f"{header}.{rest[0]}" if header else str(rest[0])
            starts = [i for i in range(start, end) if self._lines[i].strip().startswith(f"[[{header}]]")]
            if rest[1] >= len(starts):
                break
            following = starts[rest[1] + 1 :] or [end]
            start, end, rest = starts[rest[1]], following[0], rest[2:]
        end = next((i for i in range(start + 1, end) if re.match(r"\s*\[\[?\w", self._lines[i])), end)
        for key in rest:
            for i in range(start, end):
                if re.match(rf"\s*\"?{re.escape(str(key))}\"?\s*=", self._lines[i]):
                    return f"ligne {i + 1}"
        return f"ligne {start + 1}"


def proving_checks() -> dict[str, list[str]]:
    """The ids of the checks that prove each fact, for every CMS that has checks."""
    by_fact: dict[str, list[str]] = {}
    for cms in _known_cms():
        for check in checks_of(cms).values():
            for one in check.proves:
                by_fact.setdefault(one, []).append(check.id)
    return by_fact


def examples_for(functionalities: Sequence[str], cms: str = "") -> list[Check]:
    """The examples of every check that proves one of these lines of the list; of all checks where none is named."""
    lines = load_functionalities()
    for name in functionalities:
        if name not in lines:
            raise UnknownName(f"La ligne « {name} » n'est pas dans la liste. Voyez « e5b functions ».")
    examples: list[Check] = []
    for one in [cms] if cms else _known_cms():
        for check in checks_of(one).values():
            if not functionalities or {fact.split("/", 1)[0] for fact in check.proves} & set(functionalities):
                examples += check.examples()
    return examples


def _known_cms() -> list[str]:
    return sorted(folder.parent.name for folder in (ROOT / "checks").glob("*/__init__.py"))
