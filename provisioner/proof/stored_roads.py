"""The steps that store a right work otherwise than its ways do, by the CMS's own classes: it must stay met, or be for a person.

As an alteration that harms nothing, but of all that the work stored: saved once more, in another form, in other words, or among
the work of other questions.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from provisioner.core.model import Stack
from provisioner.proof.alterations import Alteration, Wanted, elsewhere, kind_of
from provisioner.proof.altered import Altered, cms_of, unlike_of
from provisioner.proof.leaves import Form, Leaf, Rules, leaves, rules_of, work_of
from provisioner.proof.steps import feasible
from provisioner.proof.stored import Change
from provisioner.subject.check import Check
from provisioner.subject.ledger_file import StateLine


def _without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


#: Other ways to write a text, by their French names.
_WORDINGS: dict[str, Callable[[str], str]] = {
    "sans accents": _without_accents,
    "en capitales, avec des espaces insécables": lambda text: text.upper().replace(" ", "\u00a0"),
    "avec d'autres apostrophes et guillemets": lambda text: text.translate(
        str.maketrans("’'“”", "'’«»") if "’" in text else str.maketrans("'“”", "’«»")
    ),
}


@dataclass(frozen=True)
class StoredRoads(Altered):
    """The first way of a check, and what it stored, stored otherwise."""

    def too_little(self, states: Sequence[StateLine]) -> str:
        """Why these states prove nothing, in French. Empty when they do, and where only a person judges the work."""
        if len(states) > 1 or not self._can_be_harmed():
            return ""
        return "ce travail n'a pas pu être enregistré de deux autres façons"

    def alterations(self, changed: Sequence[Change]) -> list[Alteration]:
        """How it is stored otherwise."""
        check = self.checks[0]
        unfit = [row for row in unlike_of(check) if row.harmful is None]
        roads = _roads(check, changed, rules_of(cms_of(check)))
        return [road for road in roads if not any(row.names(road.name) for row in unfit)]


def stored_road_steps(examples: Sequence[Check], stack: Stack) -> list[StoredRoads]:
    """The steps of these checks."""
    return [
        StoredRoads("way", f"enregistré autrement, {check.ways()[0].name}", (check,), check.ways()[0].run)
        for check in examples
        if feasible(check, stack) and check.ways()
    ]


def _roads(check: Check, changed: Sequence[Change], rules: Rules) -> Iterator[Alteration]:
    work, wanted = work_of(changed, rules), Wanted.of(check)
    values = [leaf for change in work if change.after for leaf in leaves(change, rules) if leaf.after]
    saved = [_saved(change) for change in work if change.after]
    yield from _as_one("enregistré de nouveau", saved or list(_taken_away_again(work, rules)))
    yield from _as_one("parmi le travail d'autres questions", list(elsewhere(work, rules)))
    for form in rules.forms:
        yield from _as_one(form.name, [made for leaf in _asked(values, check, rules) for made in _formed(leaf, form)])
    for name, written in _WORDINGS.items():
        yield from _as_one(name, [made for leaf in values for made in _reworded(leaf, wanted, written)])


def _asked(values: Sequence[Leaf], check: Check, rules: Rules) -> list[Leaf]:
    """The content that the work is about: that which has a wanted text, else the first that matters."""
    wanted, harmless = Wanted.of(check), [row for row in unlike_of(check) if row.harmful is False]
    contents = [leaf for leaf in values if kind_of(leaf, rules) == "content" and "<" in (leaf.after or "")]
    contents = [leaf for leaf in contents if not any(row.names(f"{leaf.name} : vide") for row in harmless)]
    return sorted(contents, key=lambda leaf: not wanted.in_text(leaf.after or ""))[:1]


def _as_one(name: str, made: Sequence[Alteration]) -> Iterator[Alteration]:
    """All of these as one road; none where there is nothing to do."""
    if made:
        yield replace(made[0], name=f"autrement : {name}", harmful=False, more=tuple(made[1:]))


def _saved(change: Change) -> Alteration:
    return Alteration("", False, change, "save")


def _taken_away_again(work: Sequence[Change], rules: Rules) -> Iterator[Alteration]:
    """Each row that the work took away comes back with what belongs to it, and goes anew."""
    for change in work:
        if not rules.holder(change, work):
            yield Alteration("", False, change, "add", also=tuple(rules.parts(change, work)))
            yield Alteration("", False, change, "remove")


def _formed(leaf: Leaf, form: Form) -> Iterator[Alteration]:
    for needed in form.needs:
        row = {column: value.replace("{content}", leaf.after or "") for column, value in needed.row.items()}
        yield Alteration("", False, Change(needed.table, tuple(row.items()), None, row), needed.do)
    yield _set(leaf, form.content.replace("{content}", leaf.after or ""))


def _reworded(leaf: Leaf, wanted: Wanted, written: Callable[[str], str]) -> Iterator[Alteration]:
    """The value with each wanted text in other words, where that is another text and no address."""
    value = leaf.after or ""
    for text in wanted.in_text(value):
        if " " in text and "/" not in text:
            value = value.replace(text, written(text))
    if value != leaf.after:
        yield _set(leaf, value)


def _set(leaf: Leaf, value: str) -> Alteration:
    return Alteration("", False, leaf.change, "set", leaf.column, leaf.path, value)
