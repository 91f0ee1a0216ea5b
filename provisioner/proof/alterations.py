"""What a right work stored, altered one thing at a time: what harms it, and what doesn't."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from html import unescape
from itertools import zip_longest
from typing import NamedTuple
from urllib.parse import quote_plus

from provisioner.french.text import fold
from provisioner.proof.leaves import Field, Kind, Leaf, Rules, leaves, work_of
from provisioner.proof.nearby import wanted_values, wanted_words
from provisioner.proof.stored import Change
from provisioner.subject.check import Check
from provisioner.subject.ledger_file import ELSEWHERE

#: A text that no subject asks for.
_OTHER = "Tout autre chose"
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)( \d\d:\d\d:\d\d)?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: How many alterations are made of a work that one fact is asked of, and for each fact of one that more are asked of.
MOST, MOST_OF_FACT = 24, 15
#: A text of more than this is a content, of which one word more or less harms nothing.
_LONG = 200


@dataclass(frozen=True)
class Alteration:
    """One thing that is altered; `name` says in French what. `do`, `value`: see `alter.php` of the CMS."""

    name: str
    harmful: bool
    change: Change
    do: str = "set"
    column: str = ""
    path: tuple[str, ...] = ()
    value: str | None = None
    #: The rows that come with one that was there.
    also: tuple[Change, ...] = ()
    #: What is altered with it.
    more: tuple["Alteration", ...] = ()

    @property
    def may_lose_files(self) -> bool:
        """Whether the CMS may remove or write files with it, which no database has."""
        return self.do in ("remove", "save") or any(one.may_lose_files for one in self.more)

    def requests(self) -> list[Mapping[str, object]]:
        """What `alter.php` reads."""
        return [self._request(), *(request for one in self.more for request in one.requests())]

    def _request(self) -> Mapping[str, object]:
        """What `alter.php` reads of the first thing."""
        return {
            "do": self.do,
            "table": self.change.table,
            "row": self.change.row,
            "key": dict(self.change.key),
            "column": self.column,
            "path": list(self.path),
            "value": self.value,
            "also": [{"table": one.table, "row": one.row} for one in self.also],
        }


class _Other(NamedTuple):
    """What may stand in the place of a value; `how` says in French what it is."""

    value: str | None
    harmful: bool
    how: str = ""


@dataclass(frozen=True)
class Wanted:
    """The values that a check asks for, which its work has put somewhere."""

    texts: Sequence[str] = ()
    numbers: Sequence[Decimal] = ()
    days: Sequence[str] = ()
    #: Words of the check's own, of which it asks for some.
    words: Collection[str] = ()

    @classmethod
    def of(cls, check: Check) -> "Wanted":
        """Those of a check."""
        values = wanted_values(check)
        texts = [value for value in values if isinstance(value, str) and len(value) > 2]
        numbers = [
            Decimal(value) for value in values if isinstance(value, int | Decimal) and not isinstance(value, bool)
        ]
        days = [value.isoformat() for value in values if isinstance(value, date)]
        ordered = sorted(set(texts), key=lambda text: (-len(text), text))
        return cls(ordered, [n for n in numbers if n > 1], days, wanted_words(check))

    def in_text(self, text: str) -> list[str]:
        """The wanted texts that stand there, word for word; none that is a part of another."""
        found: list[str] = []
        for wanted in self.texts:
            if wanted in text and not any(wanted in other for other in found):
                found.append(wanted)
        return found

    def has(self, value: str, column: str) -> bool:
        """Whether the value of a column is one of these; what numbers a row is no number that is asked for."""
        number = None if re.search(r"(?:^|_)id(?:_|$)", column, re.IGNORECASE) else _number(value)
        return bool(
            self.in_text(value)
            or fold(value) in map(fold, self.texts)
            or (number is not None and number in self.numbers)
            or ((day := _DAY.fullmatch(value)) and day[1] in self.days)
        )


def alterations(check: Check, changed: Sequence[Change], rules: Rules) -> list[Alteration]:
    """How what the work of a check changed may be altered: each value once, then each a second time…; no two alike."""
    wanted = Wanted.of(check)
    each: list[Iterator[Alteration]] = []
    work = work_of(changed, rules)
    for change in work:
        each.append(_of_row(change, work, rules))
        each += [_of_leaf(leaf, wanted, rules) for leaf in leaves(change, rules)]
    found = [made for turn in zip_longest(*each) for made in turn if made]
    beside = list(elsewhere(work, rules))
    found = [*found[: max(MOST, MOST_OF_FACT * len(check.facts()))], *beside]
    named: dict[str, Alteration] = {}
    for made in found:
        name, number = made.name, 1
        while name in named:
            number += 1
            name = f"{made.name} ({number})"
        named[name] = replace(made, name=name)
    return list(named.values())


def elsewhere(work: Sequence[Change], rules: Rules) -> Iterator[Alteration]:
    """What other questions may ask, where the work changed nothing of the same row."""
    for other in rules.elsewhere:
        if not any(change.table == other.table and other.row.items() <= change.row.items() for change in work):
            change = Change(other.table, tuple(other.row.items()), None, other.row)
            yield Alteration(f"{ELSEWHERE}{other.name}", False, change, other.do, other.column, (), other.value)


def _of_row(change: Change, work: Sequence[Change], rules: Rules) -> Iterator[Alteration]:
    """Without a row that is new, with one that is gone; what belongs to another goes and comes with that."""
    linked = change.table in rules.links and change.before is None
    if rules.holder(change, work) and not linked:
        return
    harmful = change.table not in rules.rows_harmless
    name = f"{change.table} {_called(change, rules)}".strip()
    if change.before is None:
        yield Alteration(f"{name} : retiré", harmful, change, "remove")
        if linked:
            yield Alteration(f"{name} : un autre", harmful, change, "link")
    elif change.after is None:
        yield Alteration(f"{name} : remis", harmful, change, "add", also=tuple(rules.parts(change, work)))


def _called(change: Change, rules: Rules) -> str:
    """What tells a row from the others of its table, in French quotes."""
    for column in ("post_title", rules.named_by.get(change.table, ""), "name", "title", "user_login", "email"):
        value = change.row.get(column)
        if isinstance(value, str) and value:
            return f"« {value[:40]} »"
    return ""


def _of_leaf(leaf: Leaf, wanted: Wanted, rules: Rules) -> Iterator[Alteration]:
    rule = rules.of(leaf.name)
    if leaf.change.after is None or (
        leaf.change.before is None and not rule and not wanted.has(leaf.after or "", leaf.column)
    ):
        return
    if leaf.path and leaf.before is None and leaf.after in ("", "0"):  # said now, and nothing as before
        return
    seen = {leaf.after}
    for other in _others(leaf, rule or Field(), wanted, rules):
        if other.value not in seen:
            seen.add(other.value)
            shown = other.how or f"« {(other.value or '')[:60]} » au lieu de « {(leaf.after or '')[:60]} »"
            do = "set" if other.value is not None or not leaf.path else "remove"
            yield Alteration(
                f"{leaf.name} : {shown}", other.harmful, leaf.change, do, leaf.column, leaf.path, other.value
            )


def _others(leaf: Leaf, rule: Field, wanted: Wanted, rules: Rules) -> Iterator[_Other]:
    """What may stand in the place of a value."""
    value, harmful = leaf.after, not rule.harmless
    if leaf.change.before is not None and (leaf.before is not None or leaf.path):
        yield _Other(leaf.before, harmful, "comme avant")
    if value is None:
        return
    yield from (_Other(other, harmful=True) for other in rule.to_harm or ())
    yield from (_Other(other, harmful=False) for other in rule.to_keep or ())
    if rule.explicit:
        return
    for other in _BY_KIND[kind_of(leaf, rules)](leaf, value, wanted, rules):
        yield other._replace(harmful=other.harmful and harmful)


def kind_of(leaf: Leaf, rules: Rules) -> Kind:
    """Of what kind a value is: as its field's rule says, else as it looks."""
    rule, value, before = rules.of(leaf.name), leaf.after or "", leaf.before
    if rule and rule.kind:
        return rule.kind
    if value in ("0", "1") and before in ("0", "1", "", None):
        return "switch"
    if _NUMBER.fullmatch(value):
        return "number"
    if _DAY.fullmatch(value):
        return "date"
    if "<" in value or len(value) > _LONG:
        return "content"
    return "text"


def _switched(leaf: Leaf, value: str, wanted: Wanted, rules: Rules) -> Iterator[_Other]:
    yield _Other("1" if value in ("0", "") else "0", harmful=True)


def _numbers(leaf: Leaf, value: str, wanted: Wanted, rules: Rules) -> Iterator[_Other]:
    number = _number(value)
    if number is not None:
        step = Decimal(1) if number == 0 or number >= 1 else (number / 2).quantize(number)
        yield _Other(str(number + step), harmful=True)
        if number > 0:
            yield _Other(str(number - step), harmful=True)


def _days(leaf: Leaf, value: str, wanted: Wanted, rules: Rules) -> Iterator[_Other]:
    if (day := _DAY.fullmatch(value)) and not value.startswith("0000"):
        for days, how in ((1, "un jour plus tard"), (-1, "un jour plus tôt")):
            yield _Other(f"{date.fromisoformat(day[1]) + timedelta(days)}{day[2] or ''}", harmful=True, how=how)


def _texts(leaf: Leaf, value: str, wanted: Wanted, rules: Rules) -> Iterator[_Other]:
    yield _Other("", harmful=True, how="vide")
    yield from _wordings(value, wanted)


def _contents(leaf: Leaf, value: str, wanted: Wanted, rules: Rules) -> Iterator[_Other]:
    yield _Other("", harmful=True, how="vide")
    for part in _parts(value, rules):
        if _is_of_the_work(part, leaf.before, wanted):
            yield _Other(value.replace(part, ""), harmful=True, how=f"sans « {_plain(part)} »")
    for word, old, new in rules.swaps:
        if word in wanted.words and old in value:
            yield _Other(value.replace(old, new), harmful=True, how=f"« {new} » au lieu de « {old} »")
    for how, (opening, closing) in rules.wrappings.items():
        yield _Other(f"{opening}{value}{closing}", harmful=False, how=how)
    for how, (pattern, by) in rules.rewritings.items():
        yield _Other(re.sub(pattern, by, value), harmful=False, how=how)
    yield from _wordings(value, wanted)


def _is_of_the_work(part: str, before: str | None, wanted: Wanted) -> bool:
    """Whether the work made that part: it says what is asked for, or what the content did not say before.

    The editor writes every part of a page anew, so a part with the words that it had before is no work. A picture or a link
    with these words may be: its address may be another.
    """
    said = _said(part)
    asked = bool(wanted.in_text(part) or wanted.in_text(said))
    if not before:
        return asked
    if part in before:
        return False
    only_words = said and not re.search(r'\b(?:src|href)="', part)
    return asked or not (only_words and said in _said(before))


def _said(content: str) -> str:
    """The words of a content."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", content)).split())


def _parts(content: str, rules: Rules) -> Iterator[str]:
    """The parts of a content, and those within them."""
    for found in re.finditer(rules.part, content) if rules.part else ():
        yield found[0]
        yield from _parts(found[0][1:], rules)


def _plain(part: str) -> str:
    """The beginning of what a part says; of a picture, its file; else of what it is."""
    said = _said(part)
    files = re.findall(r'(?:src|href)="[^"]*?([^"/]+)"', part)
    return (said or " ".join(files) or " ".join(part.split()))[:50]


def _wordings(value: str, wanted: Wanted) -> Iterator[_Other]:
    """With each wanted text that stands there written otherwise."""
    for text in wanted.in_text(value):
        for other, harmful, how in _written(text):
            if other != text:
                shown = how or f"« {other[:60]} »"
                yield _Other(_said_otherwise(value, text, other), harmful, f"{shown} au lieu de « {text[:60]} »")


def _said_otherwise(value: str, text: str, other: str) -> str:
    """The value with the other text, also where an address in it says the text."""
    return value.replace(text, other).replace(quote_plus(text), quote_plus(other))


def _written(text: str) -> Iterator[tuple[str, bool, str]]:
    """Other wordings of a text, whether each harms, and how a name that doesn't show it calls it."""
    yield _OTHER, True, ""
    words = re.split(r"\s+(?![\s?!:;»])", text.strip())
    in_words = " " in text and not re.search(r"[@/]", text)
    if in_words:
        yield text.upper(), False, ""
    if figure := re.search(r"\d", text):
        yield f"{text[: figure.start()]}{(int(figure[0]) + 1) % 10}{text[figure.end() :]}", True, ""
    if len(words) > 1:
        yield " ".join(words[:-1]), True, ""
        yield " ".join([*words[1:], words[0]]), True, ""
    if " " in text:
        yield text.replace(" ", "\u00a0"), False, "espaces insécables"
        yield text.replace(" ", "  "), False, "espaces doubles"
    if in_words:
        yield text.replace("’", "'") if "’" in text else text.replace("'", "’"), False, "autre apostrophe"


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    except InvalidOperation:
        return None


_BY_KIND = {
    "switch": _switched,
    "number": _numbers,
    "date": _days,
    "text": _texts,
    "content": _contents,
}
