"""Writes the author's guide, docs/auteur.md: its own text, and every check as its fields say it.

    python -m provisioner.subject.guide >docs/auteur.md

A test compares the file with what this gives, so that it can't fall behind; all but the lines on proofs, which say what the
ledgers had when the guide was written.
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from inspect import cleandoc
from typing import TypedDict, cast

from provisioner.core.model import Verdict, judged_by_a_person
from provisioner.host.editions import cms_name, load_stacks, session_of, stack_named
from provisioner.host.paths import ROOT
from provisioner.host.templates import environment
from provisioner.subject.check import Check
from provisioner.subject.functionalities import load_functionalities
from provisioner.subject.ledger_file import StepLine, ledger_path, read_ledger
from provisioner.subject.proof_words import ProofCount
from provisioner.subject.subjects import checks_of
from provisioner.subject.suitability import is_on_the_list

_WORDS = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "boolean": "true ou false",
    "object": "table",
    "null": "",
}
#: A list of an example that makes a longer line has a line per value.
_LINE = 110

#: What pydantic's JSON schema says of one field, as far as the guide reads it.
_FieldSchema = TypedDict(
    "_FieldSchema",
    {
        "$ref": str,
        "anyOf": list["_FieldSchema"],
        "const": object,
        "default": object,
        "description": str,
        "enum": list[object],
        "items": "_FieldSchema",
        "prefixItems": list["_FieldSchema"],
        "properties": dict[str, "_FieldSchema"],
        "required": list[str],
        "type": str,
    },
    total=False,
)
_Tables = Mapping[str, _FieldSchema]


@dataclass(frozen=True)
class _Field:
    """A row of a table of fields, in French."""

    name: str
    type: str
    default: str
    meaning: str


@dataclass(frozen=True)
class _Table:
    """A table that a field of a check may hold."""

    name: str
    fields: list[_Field]


@dataclass(frozen=True)
class _CheckSection:
    """What the guide says of one check."""

    id: str
    doc: str
    facts: list[str]
    judged: list[str]
    proofs: list[str]
    acts: bool
    may_act: bool
    fields: list[_Field]
    tables: list[_Table]
    example: str


@dataclass(frozen=True)
class _Heading:
    """A heading of the functionality list, and its checks."""

    id: str
    checks: list[_CheckSection]


@dataclass(frozen=True)
class _CmsPart:
    """The part of the guide about one CMS; `limits` is Markdown."""

    name: str
    limits: str
    headings: list[_Heading]


def guide() -> str:
    """The guide in Markdown."""
    parts = [_CmsPart(name, _limits(cms), _headings(cms)) for cms, name in _cms_names().items()]
    pages = environment(ROOT / "provisioner/templates", html=False)
    return pages.get_template("auteur.md.j2").render(cms=parts, verdicts=Verdict)


def _limits(cms: str) -> str:
    """What the exam's versions of a CMS can't do, as its own file for authors says; empty without such a file."""
    path = ROOT / "checks" / cms / "auteur.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _cms_names() -> dict[str, str]:
    """Each CMS of the list, and its name: the first word of its editions' titles."""
    return {cms: cms_name(cms) for cms in dict.fromkeys(line.cms for line in load_functionalities().values())}


def _headings(cms: str) -> list[_Heading]:
    lines, checks = load_functionalities().values(), checks_of(cms).values()
    headings = dict.fromkeys(line.heading for line in lines if line.cms == cms)
    ledgers = _ledgers(cms)
    return [
        _Heading(heading, [_section(check, ledgers) for check in checks if check.id.split(".")[1] == heading])
        for heading in headings
    ]


def _ledgers(cms: str) -> dict[str, list[StepLine]]:
    """The lines of the ledgers of a CMS's official editions."""
    editions = [stack for stack in load_stacks().values() if stack.cms == cms and stack.official]
    return {
        stack.id: [line for line in read_ledger(ledger_path(stack.id)).steps.values() if not line.subject]
        for stack in editions
    }


def _proof(check: type[Check], stack: str, lines: Sequence[StepLine]) -> str:
    """What the ledger of an edition had of a check when the guide was written."""
    of_check = [line for line in lines if line.check == check.id]
    asked = [example for example in check.examples() if is_on_the_list(example, session_of(stack_named(stack)))]
    feasible = [example for example in asked if set(example.needs()) <= set(stack_named(stack).versions)]
    steps = sum(
        3 + len([*one.ways(), *one.near_misses(), *one.roads()]) for one in feasible
    )  # before, altered, stored otherwise
    done = sum(line.kind != "untouched" for line in of_check)
    if not asked:
        return "hors de la liste de cette session"
    if not feasible:
        return "hors de portée de cette édition"
    if not of_check:
        return "pas encore prouvé"
    whole = "" if done >= steps else " (pas encore en entier)"
    return f"{ProofCount.of(of_check).french}{whole}{_of_facts(check, of_check)}"


def _of_facts(check: type[Check], lines: Sequence[StepLine]) -> str:
    """Of a check that proves several facts, how many roads and altered states each has."""
    counted = {fact: ProofCount.of([line for line in lines if line.fact in ("", fact)], fact) for fact in check.proves}
    said = [f"{fact.partition('/')[2]}, {count.of_fact}" for fact, count in counted.items() if count.of_fact]
    return f" ; par point : {' ; '.join(said)}" if len(check.proves) > 1 and said else ""


def _section(check: type[Check], ledgers: Mapping[str, Sequence[StepLine]]) -> _CheckSection:
    schema = check.model_json_schema()
    tables: _Tables = schema.get("$defs", {})
    return _CheckSection(
        id=check.id,
        doc=re.sub(r"(?<!\n)\n(?!\n)", " ", cleandoc(check.__doc__ or "")),
        facts=[_fact(fact) for fact in check.proves],
        judged=[_fact(fact) for fact in check.proves if judged_by_a_person(fact)],
        proofs=[f"{stack}, {_proof(check, stack, lines)}" for stack, lines in ledgers.items()],
        acts=check.acts,
        may_act=check.may_act,
        fields=_fields(cast(_FieldSchema, schema), tables),
        tables=[_Table(name, _fields(table, tables)) for name, table in tables.items() if "properties" in table],
        example=_toml(check.id, check.examples()[0]),
    )


def _fact(fact: str) -> str:
    line, _, text = fact.partition("/")
    return f"{text} (`{line}`)"


def _fields(schema: _FieldSchema, tables: _Tables) -> list[_Field]:
    required = schema.get("required", [])
    fields = []
    for name, field in schema["properties"].items():
        kind = _type(field, tables)
        default = "obligatoire" if name in required else _default(field.get("default"), kind)
        meaning = " ".join(field.get("description", "").split()).replace("|", "\\|")
        fields.append(_Field(name, kind, default, meaning))
    return fields


def _type(field: _FieldSchema, tables: _Tables) -> str:
    """The kind of value that a field takes, in French."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        table = tables[name]
        return f"table {name}" if "properties" in table else _type(table, tables)
    if "enum" in field or "const" in field:
        return ", ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]) if value != "")
    if "anyOf" in field:
        kinds = list(dict.fromkeys(filter(None, (_type(option, tables) for option in field["anyOf"]))))
        return "nombre" if kinds == ["nombre", "texte"] else " ou ".join(kinds)
    if field.get("type") == "array":
        inner = field.get("items") or next(iter(field.get("prefixItems", [])), None)
        return f"liste de : {_type(inner, tables)}" if inner else "liste"
    return _WORDS.get(field.get("type", ""), "texte")


def _default(value: object, kind: str) -> str:
    if kind == "nombre" and isinstance(value, str):  # a schema writes exact numbers as text
        value = int(value) if value.isdigit() else float(value)
    if value in (None, "", [], {}, 0):
        return "facultatif"
    return f"`{_value(value)}`"


def _toml(use: str, example: Check) -> str:
    """An example as an author writes it."""
    rows = [f'use = "{use}"']
    for name, value in example.model_dump(exclude_defaults=True).items():
        row = f"{name} = {_value(value)}"
        if isinstance(value, list | tuple) and len(row) > _LINE:
            row = "\n".join([f"{name} = [", *(f"  {_value(item)}," for item in value), "]"])
        rows.append(row)
    return "\n".join(["[[question.check]]", *rows])


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_name(key)} = {_value(item)}" for key, item in value.items() if item != "") + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)


def _name(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(guide())
