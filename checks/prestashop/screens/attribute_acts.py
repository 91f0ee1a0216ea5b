"""How a candidate makes an attribute or a feature with its values, and how he gets it almost right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from checks.prestashop.reading.attributes import ATTRIBUTES, FEATURES, Kind
from checks.prestashop.screens import attributes as screens
from provisioner.subject.check import Act, Desk, NearMiss


@dataclass(frozen=True)
class Work:
    """What is to be made: its kind, its name, the name it had if it had one, its values, and those that must go."""

    kind: Kind
    name: str
    was: str
    exists: bool
    values: Sequence[str]
    without: Sequence[str]
    display: str = ""


def ways(work: Work) -> list[Act]:
    """The forms one after the other, or each value from its own list."""
    return [
        Act("les formulaires, l’un après l’autre", lambda desk: do(desk, work)),
        Act("les valeurs depuis leur propre liste", lambda desk: do(desk, work, from_list=True)),
    ]


def do(desk: Desk, work: Work, from_list: bool = False) -> None:
    """All of it."""
    _make(desk, work)
    _values(desk, work, work.values, from_list)


def near_misses(work: Work, name_fact: str, value_fact: str) -> list[NearMiss]:
    """The other kind, another name, not saved; values forgotten or left."""
    other, what = (ATTRIBUTES, "attribut") if work.kind is FEATURES else (FEATURES, "caractéristique")

    def elsewhere(desk: Desk) -> None:
        screens.add(desk, other, work.name)
        screens.add_values(desk, other, work.name, work.values or ("Oui",))

    def short(desk: Desk) -> None:
        _make(desk, work)
        _values(desk, work, work.values[:-1])

    misses = []
    if not work.exists:
        misses += [
            NearMiss(f"créé comme {what}", name_fact, elsewhere),
            NearMiss("un autre nom", name_fact, lambda desk: _make(desk, replace(work, name="Divers"))),
        ]
        if not work.was:
            misses.append(NearMiss("saisi sans enregistrer", name_fact, lambda desk: _make(desk, work, save=False)))
    if work.values or work.without:
        misses.append(NearMiss("sans toucher aux valeurs", value_fact, lambda desk: _make(desk, work)))
        if work.without:
            kept = replace(work, without=(), values=work.values or ("Autre",))
            misses.append(NearMiss("valeur laissée", value_fact, lambda desk: do(desk, kept)))
        else:
            misses.append(NearMiss("une valeur oubliée", value_fact, short))
    return misses


def _make(desk: Desk, work: Work, save: bool = True) -> None:
    if work.was:
        screens.change(desk, work.kind, work.was, work.name)
    elif not work.exists:
        screens.add(desk, work.kind, work.name, work.display, save)


def _values(desk: Desk, work: Work, values: Sequence[str], from_list: bool = False) -> None:
    """New values, from the list the first of them in the place of those that must go where there are any."""
    new, old = list(values), list(work.without)
    while from_list and new and old:
        screens.change_value(desk, work.kind, work.name, old.pop(0), new.pop(0))
    for one in old:
        screens.delete_value(desk, work.kind, work.name, one)
    if new:
        screens.add_values(desk, work.kind, work.name, new, from_list)
