"""Says in French what pydantic finds wrong in what a person wrote."""

from collections.abc import Iterable, Mapping
from typing import Any

#: How alike (of 100) two names are when one may be meant for the other.
NEAR = 60


def french_reason(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors as the end of a French sentence."""
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "missing":
        return "cette clé manque"
    if kind == "extra_forbidden":
        return "cette clé n'existe pas"
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    wanted = {
        "string_type": "un texte entre guillemets",
        "int_type": "un nombre entier",
        "bool_type": "true ou false",
        "int_parsing": "un nombre entier",
        "int_from_float": "un nombre entier",
        "float_parsing": "un nombre",
        "bool_parsing": "true ou false",
        "string_too_short": "un texte d'au moins {min_length} caractère(s)",
        "too_short": "une liste d'au moins {min_length} élément(s)",
        "list_type": "une liste",
        "tuple_type": "une liste",
        "float_type": "un nombre",
        "is_instance_of": "un nombre",
        "dict_type": "une table",
        "model_type": "une table",
    }.get(kind)
    given = error.get("input")
    value = {dict: "une table", list: "une liste", bool: str(given).lower()}.get(type(given), repr(given))
    if wanted:
        return f"il faut {wanted.format(**context)}, pas {context.get('actual_length', value) if kind == 'too_short' else value}"
    if kind == "literal_error":
        return f"il faut {context['expected'].replace(' or ', ' ou ')}, pas {value}"
    if kind.startswith(("greater_than", "less_than")):
        bound = next(iter(context.values()), "?")
        return f"nombre {'trop petit' if kind.startswith('greater') else 'trop grand'} : {value} (limite {bound})"
    if kind == "string_pattern_mismatch":
        return f"« {given} » n'a pas la forme attendue ({context['pattern']})"
    return f"valeur refusée : {value} (détail : {error['msg']})"


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that may be meant by a mistyped one; empty where none is like it."""
    from rapidfuzz import process

    found = process.extractOne(name, list(known), score_cutoff=NEAR)
    return str(found[0]) if found else ""
