"""Subjects: five questions as data, each with the checks that it asks for. Needs no engine.

A subject's values are validated against the fields of its checks when it is loaded. A message about a mistake names the
file, the line and the names that exist.
"""

import importlib
import json
import os
import pkgutil
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provisioner.core.errors import ConfigurationError, UnknownName
from provisioner.core.mistakes import french_reason, nearest
from provisioner.french.text import fold, same
from provisioner.host.companies import SCENARIOS
from provisioner.host.paths import ROOT
from provisioner.host.toml_files import key_meant, read_toml
from provisioner.subject.check import Check, registered
from provisioner.subject.folders import centre_folder, subjects_in
from provisioner.subject.functionalities import load_criteria, load_functionalities
from provisioner.subject.question_text import differences
from provisioner.subject.references import UnknownReference, unknown_references
from provisioner.subject.toml_lines import TomlLines

_QUESTIONS = 5


@dataclass(frozen=True)
class WantedCheck:
    """A check as a question asks for it; `skill` is the line of the marking aid."""

    check: Check
    skill: str


@dataclass(frozen=True)
class Question:
    """One of the five questions of a subject; `number` begins at 1."""

    number: int
    text: str
    criterion: str
    annexes: tuple[str, ...]
    wanted: tuple[WantedCheck, ...]


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
        """The folders of its documents: its own first, then the media of its company."""
        return self.folder, SCENARIOS / self.context / "media"


class _QuestionTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1)
    criterion: str
    annexes: tuple[str, ...] = ()
    check: list[dict[str, object]] = Field(min_length=1)


class _SubjectTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    cms: str
    title: str
    context: str
    situation: str = ""
    question: list[_QuestionTable]


def subject_ids() -> dict[str, Path]:
    """Every subject of the scenarios and of the centre's folder, by id; of two with one id, the scenarios'."""
    found: dict[str, Path] = {}
    for name, path in subjects_in(SCENARIOS):
        found.setdefault(name, path)
    return found


def subject_files() -> list[Path]:
    """The files of all subjects, by id; those of the centre's folder whose id is taken too."""
    return [path for _, path in sorted(subjects_in(SCENARIOS))]


def subject_path(name: str) -> Path:
    """The file of a subject, by its id or by its own path."""
    known = subject_ids()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".toml" or path.is_dir():
        return path / "subject.toml" if path.is_dir() else path
    near, folder = nearest(name, known), centre_folder()
    meant = f" Vouliez-vous dire « {near} » ?" if near else ""
    lost = (
        f" Le dossier de « subjects » dans e5b.toml, {folder}, n'existe pas." if folder and not folder.is_dir() else ""
    )
    raise UnknownName(f"Le sujet « {name} » n'existe pas. Sujets connus : {', '.join(known) or 'aucun'}.{lost}{meant}")


def checks_of(cms: str) -> dict[str, type[Check]]:
    """Every check of a CMS, by id, in whichever folder of checks/<cms>/ its module lies."""
    package = importlib.import_module(f"checks.{cms}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    return {check.id: check for check in registered() if check.id.startswith(f"{cms}.")}


def load_subject(name: str) -> Subject:
    """A subject by its id or file, whole and valid; a ConfigurationError has one sentence per mistake."""
    path = subject_path(name)
    table, lines = _read(path)
    reading = _SubjectReading(path, table, lines, checks_of(table.cms))
    reading.validate_header()
    questions = tuple(reading.question(index) for index in range(len(table.question)))
    if reading.mistakes:
        raise ConfigurationError("\n".join(reading.mistakes))
    return Subject(table.id, table.cms, table.title, table.context, table.situation.strip(), questions, path.parent)


def doubts(name: str) -> list[str]:
    """What a valid subject prints otherwise than its checks look for it: a French sentence each, with file and line."""
    path, subject = subject_path(name), load_subject(name)
    lines, seed = TomlLines(path), SCENARIOS / subject.context / subject.cms / "seed.toml"
    sentences = []
    for index, question in enumerate(subject.questions):
        annexes = [
            (subject.folder / annex).read_text(encoding="utf-8", errors="replace")
            for annex in question.annexes
            if annex.endswith(".md")
        ]
        checks = {number: wanted.check for number, wanted in enumerate(question.wanted)}
        for found in differences(question.text, annexes, subject.situation, checks, seed):
            line = lines.of(("question", index, "check", found.check, *found.place))
            sentences.append(
                f"{path}, {line} : la question {question.number} dit « {found.read} », son contrôle cherche « {found.value} » "
                f"({checks[found.check].id}, « {_key(found.place)} »). Corrigez l'un ou l'autre, s'ils doivent dire la même chose."
            )
    return sentences


def _read(path: Path) -> tuple[_SubjectTable, TomlLines]:
    """The tables of a subject's file, whose keys and types are right and whose CMS is known."""
    data = read_toml(path)
    lines = TomlLines(path)
    try:
        table = _SubjectTable.model_validate(data)
    except ValidationError as error:
        reasons = [
            f"{path}, {lines.of(e['loc'])} : « {_key(e['loc'])} » : "
            f"{french_reason(dict(e))}{key_meant(_SubjectTable, e['type'], e['loc'])}."
            for e in error.errors()
        ]
        raise ConfigurationError("\n".join(reasons)) from error
    cms = _known_cms()
    if table.cms not in cms:
        where = f"{path}, {lines.of(('cms',))}"
        raise ConfigurationError(f"{where} : « {table.cms} » n'est pas un CMS connu ({', '.join(cms)}).")
    return table, lines


@dataclass
class _SubjectReading:
    """A subject's file while it is validated: all mistakes are collected, so that its author sees them at once."""

    path: Path
    table: _SubjectTable
    lines: TomlLines
    known_checks: dict[str, type[Check]]
    mistakes: list[str] = field(default_factory=list)

    def validate_header(self) -> None:
        """Add a mistake for each wrong value that stands before the questions, and for a wrong number of questions."""
        table, path = self.table, self.path
        if len(table.question) != _QUESTIONS:
            self.mistakes.append(
                f"{path} : un sujet a {_QUESTIONS} questions, celui-ci en a {len(table.question)}. "
                "Ajoutez ou retirez des tables [[question]]."
            )
        if not re.fullmatch(rf"{re.escape(table.cms)}-[a-z][a-z0-9]{{0,19}}", table.id):
            self._add(
                ("id",),
                f"l'identifiant d'un sujet est son CMS et une lettre ou un mot, sans accent ni majuscule, par exemple "
                f"{table.cms}-a ou {table.cms}-noel.",
            )
        elif (taken := subject_ids().get(table.id)) and path in subject_files() and taken != path:
            self._add(
                ("id",), f"l'identifiant {table.id} est déjà celui de {taken}. Donnez-en un autre, et à son dossier."
            )
        elif path in subject_files() and path.parent.name != table.id:
            self._add(
                ("id",),
                f"le sujet est dans le dossier {path.parent.name}. Donnez au dossier le nom {table.id}, "
                "ou corrigez l'identifiant.",
            )
        contexts = sorted(file.parent.name for file in SCENARIOS.glob("*/context.toml"))
        if table.context not in contexts:
            self._add(
                ("context",), f"le contexte « {table.context} » n'existe pas. Contextes connus : {', '.join(contexts)}."
            )

    def question(self, index: int) -> Question:
        """The question at that index (from 0), with those of its checks that are valid; the others are mistakes."""
        table = self.table.question[index]
        self._validate_criterion(index, table.criterion)
        self._validate_annexes(index, table.annexes)
        wanted: dict[int, WantedCheck] = {}
        for number, row in enumerate(table.check):
            try:
                wanted[number] = _wanted_check(row, self.known_checks, SCENARIOS / self.table.context)
            except (ValidationError, KeyError) as error:
                self._add_reasons(error, row, ("question", index, "check", number))
        self._validate_references(index, wanted)
        return Question(index + 1, table.text.strip(), table.criterion, table.annexes, tuple(wanted.values()))

    def _validate_criterion(self, index: int, criterion: str) -> None:
        criteria = load_criteria().get(self.table.cms, ())
        if not criteria or any(same(criterion, known) for known in criteria):
            return
        begun = (known for known in criteria if fold(criterion) and fold(known).startswith(fold(criterion)))
        near = next(begun, nearest(criterion, criteria))
        hint = f" Vouliez-vous dire « {near} » ?" if near else ""
        listed = ", ".join(f"« {known} »" for known in criteria)
        mistake = f"« {criterion} » n'est pas un critère de la circulaire pour {self.table.cms} ({listed}).{hint}"
        self._add(("question", index, "criterion"), mistake)

    def _validate_annexes(self, index: int, annexes: Sequence[str]) -> None:
        folder = self.path.parent
        for annex in annexes:
            place = ("question", index, "annexes")
            if not _is_inside(folder, annex):
                self._add(
                    place,
                    f"l'annexe « {annex} » est hors du dossier du sujet. Mettez-la dans {folder}, et corrigez son nom.",
                )
            elif not (folder / annex).is_file():
                self._add(place, f"l'annexe « {annex} » manque. Mettez-la dans {folder}, ou corrigez son nom.")

    def _validate_references(self, index: int, wanted: Mapping[int, WantedCheck]) -> None:
        """Add a mistake for each name that neither the company nor the question's own work has."""
        context, folder = self.table.context, self.path.parent
        seed = SCENARIOS / context / self.table.cms / "seed.toml"
        made = [name for row in wanted.values() for name in row.check.makes()]
        for number, row in wanted.items():
            for reference in unknown_references(row.check, seed, folder, made):
                place = ("question", index, "check", number, *reference.location)
                self._add(place, _unknown_name(row.check, reference, context))

    def _add_reasons(
        self, error: ValidationError | KeyError, row: Mapping[str, object], place: Sequence[int | str]
    ) -> None:
        """Add why a table [[question.check]] was refused: it names no check, or an unknown one, or values that don't fit."""
        listed, use = ", ".join(self.known_checks), row.get("use", "")
        if "use" not in row:
            self._add(place, f"« use » : cette clé manque. Dites-y quel contrôle : {listed}.")
            return
        if isinstance(error, KeyError):
            near = nearest(str(use), self.known_checks)
            hint = f"Vouliez-vous dire « {near} » ? " if near else ""
            self._add((*place, "use"), f"le contrôle « {use} » n'existe pas. {hint}Contrôles connus : {listed}.")
            return
        for detail in error.errors():
            location = detail["loc"]
            key = f", « {_key(location)} »" if location else ""
            reason = f"{use}{key} : {french_reason(dict(detail))}"
            if detail["type"] == "extra_forbidden" and len(location) == 1:
                reason += f" (clés connues : {', '.join(self.known_checks[str(use)].model_fields)})"
            self._add((*place, *location), f"{reason}.")

    def _add(self, location: Sequence[int | str], mistake: str) -> None:
        self.mistakes.append(f"{self.path}, {self.lines.of(location)} : {mistake}")


def _is_inside(folder: Path, name: str) -> bool:
    """Whether a name is that of something in the folder: a subject may print its own documents, not the machine's."""
    return "\0" not in name and Path(os.path.realpath(folder / name)).is_relative_to(os.path.realpath(folder))


def _unknown_name(check: Check, reference: UnknownReference, context: str) -> str:
    near = nearest(reference.name, reference.known)
    hint = f"Vouliez-vous dire « {near} » ?" if near else f"Il y a : {', '.join(reference.known) or 'rien'}."
    key = _key(reference.location)
    return f"{check.id}, « {key} » : « {reference.name} » n'est pas dans le contexte {context}. {hint}"


def _wanted_check(row: Mapping[str, object], known: Mapping[str, type[Check]], company: Path) -> WantedCheck:
    """The check that a table asks for, of a company in that folder; KeyError when it names none that is known, ValidationError for its values."""
    values = dict(row)
    check = known[str(values.pop("use"))]
    skill = str(values.pop("skill", ""))
    # Validated as JSON: its strict rules make a list a tuple and a price of 12.90 a decimal, but no number of a text.
    of_company = {"company": company}
    return WantedCheck(
        check.model_validate_json(json.dumps(values, default=str), strict=True, context=of_company), skill
    )


def _key(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location if not isinstance(part, int)) or "?"


def proving_checks() -> dict[str, list[str]]:
    """The ids of the checks that prove each fact, for every CMS that has checks."""
    by_fact: dict[str, list[str]] = {}
    for cms in _known_cms():
        for check in checks_of(cms).values():
            for fact in check.proves:
                by_fact.setdefault(fact, []).append(check.id)
    return by_fact


def examples_for(functionalities: Sequence[str], cms: str = "") -> list[Check]:
    """The examples of every check that proves one of these lines of the list; of all checks when no line is named."""
    lines = load_functionalities()
    for name in functionalities:
        if name not in lines:
            raise UnknownName(f"La ligne « {name} » n'est pas dans la liste. Voyez « e5b functions ».")
    examples: list[Check] = []
    for name in [cms] if cms else _known_cms():
        for check in checks_of(name).values():
            if not functionalities or {fact.split("/", 1)[0] for fact in check.proves} & set(functionalities):
                examples += check.examples()
    return examples


def _known_cms() -> list[str]:
    return sorted(folder.parent.name for folder in (ROOT / "checks").glob("*/__init__.py"))
