"""Writes the author's guide, docs/auteur.md: its own text, and every check as its fields say it.

    python -m provisioner.subject.guide >docs/auteur.md

A test compares the file with what this gives, so that it can't fall behind.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from inspect import cleandoc
from typing import Any

from provisioner.core.model import judged_by_a_person
from provisioner.host.config import ROOT, load_functionalities, load_stacks
from provisioner.host.templates import environment
from provisioner.subject.check import Check
from provisioner.subject.subjects import checks_of

_WORDS = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "boolean": "true ou false",
    "object": "table",
    "null": "",
}
#: Past this a list has a line per value.
_WIDE = 110


def guide() -> str:
    """The guide in Markdown."""
    return (
        environment(ROOT / "provisioner/templates", html=False)
        .get_template("auteur.md.j2")
        .render(
            cms=[
                {"name": name, "limits": _limits(cms), "headings": list(_headings(cms))}
                for cms, name in _named().items()
            ]
        )
    )


def _limits(cms: str) -> str:
    """What an author has to know that the exam's versions of a CMS can't do, where there is such a thing."""
    path = ROOT / "checks" / cms / "auteur.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _named() -> dict[str, str]:
    """Each CMS of the list, and its name: the first word of its editions' titles."""
    titles = {stack.cms: stack.title for stack in load_stacks().values()}
    return {
        cms: titles[cms].split(" ")[0] for cms in dict.fromkeys(line.cms for line in load_functionalities().values())
    }


def _headings(cms: str) -> Iterable[dict[str, Any]]:
    lines, checks = load_functionalities().values(), checks_of(cms).values()
    for heading in dict.fromkeys(line.heading for line in lines if line.cms == cms):
        here = [check for check in checks if check.id.split(".")[1] == heading]
        yield {"id": heading, "checks": [_check(check) for check in here]}


def _check(check: type[Check]) -> dict[str, Any]:
    schema = check.model_json_schema()
    tables = schema.get("$defs", {})
    return {
        "id": check.id,
        "doc": re.sub(r"(?<!\n)\n(?!\n)", " ", cleandoc(check.__doc__ or "")),
        "facts": [_fact(fact) for fact in check.proves],
        "judged": [_fact(fact) for fact in check.proves if judged_by_a_person(fact)],
        "acts": check.acts,
        "may_act": check.may_act,
        "fields": _fields(schema, tables),
        "tables": [
            {"name": name, "fields": _fields(table, tables)} for name, table in tables.items() if "properties" in table
        ],
        "example": _toml(check.id, check.examples()[0]),
    }


def _fact(fact: str) -> str:
    line, _, text = fact.partition("/")
    return f"{text} (`{line}`)"


def _fields(schema: Mapping[str, Any], tables: Mapping[str, Any]) -> list[dict[str, str]]:
    asked = schema.get("required", [])
    return [
        {
            "name": name,
            "type": _type(field, tables),
            "default": "obligatoire" if name in asked else _default(field.get("default"), _type(field, tables)),
            "meaning": " ".join(field.get("description", "").split()).replace("|", "\\|"),
        }
        for name, field in schema["properties"].items()
    ]


def _type(field: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    """The kind of value that a field takes, in French."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        table = tables[name]
        return f"table {name}" if "properties" in table else _type(table, tables)
    if "enum" in field or "const" in field:
        return ", ".join(f"`{one}`" for one in field.get("enum", [field.get("const")]) if one != "")
    if "anyOf" in field:
        kinds = list(dict.fromkeys(filter(None, (_type(one, tables) for one in field["anyOf"]))))
        return "nombre" if kinds == ["nombre", "texte"] else " ou ".join(kinds)
    if field.get("type") == "array":
        inner = field.get("items") or (field.get("prefixItems") or [{}])[0]
        return f"liste de : {_type(inner, tables)}" if inner else "liste"
    return _WORDS.get(field.get("type", ""), "texte")


def _default(value: Any, kind: str) -> str:
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
        if isinstance(value, list | tuple) and len(row) > _WIDE:
            row = "\n".join([f"{name} = [", *(f"  {_value(one)}," for one in value), "]"])
        rows.append(row)
    return "\n".join(["[[question.check]]", *rows])


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_name(key)} = {_value(one)}" for key, one in value.items() if one != "") + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)


def _name(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(guide())
