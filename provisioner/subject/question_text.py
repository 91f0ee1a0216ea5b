"""Holds a question's text and annexes against the values of its checks: does a candidate read what is looked for?

Only what is sure to be a slip is told: a value of a check that stands nowhere in what the candidate reads, while there
stands one of the same kind, near it, that no check asks for. An author who is told of slips that are none reads no more.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import BaseModel
from rapidfuzz import fuzz

from provisioner.french import figures
from provisioner.french.text import fold, holds, may_hold, plainly, same
from provisioner.subject.check import Check
from provisioner.subject.references import named_rows, references

#: How alike (of 100) two names are when one is a slip of the other.
_SLIP = 80
#: How alike (of 100) a passage of a text and a longer name are when the passage is that name, miswritten.
_MISWRITTEN, _LONG = 88, 8
#: How alike (of 100) a name in the question's quotes is that begins with the same word.
_QUOTED_SLIP = 70
#: What the number of a field counts, by the field's name; « reduction » is in euros where its `unit` says so.
_UNITS = {"discount": "%", "reduction": "%", "vat": "%", "price": "€", "impact": "€", "days": "jours"}
#: A number with its unit in a folded text whose figures are spelled once; a week is seven days.
_MEASURES = {
    "%": re.compile(r"(\d+(?:\.\d+)?)()%"),
    "€": re.compile(r"(\d+(?:\.\d+)?)() €"),
    "jours": re.compile(r"(\d+|\bune?) (jours?|semaines?|mois)\b"),
}
#: What says in a folded text, surely and perhaps, that amounts are with or without VAT.
_TAXES = {
    "HT": (r"\bht\b|\bhors taxes?\b", r"\bh\.t\b|\bhors tva\b|\bsans (?:les? |la )?(?:taxes?|tva)\b"),
    "TTC": (
        r"\bttc\b|\btaxes comprises\b",
        r"\bt\.t\.c\b|\b(?:taxes?|tva) (?:inclu|compris)|\bavec (?:les? |la )?(?:taxes?|tva)\b",
    ),
}
#: The fields whose amounts may be what a candidate finds by a sum or by the VAT.
_COUNTED = ("price", "impact")
_QUOTED = re.compile(r"«\s*([^«»]+?)\s*»")
_KINDS = (("date", rf"(?:{figures.DATE})(?: \d{{4}})?"), ("heure", r"\d+h\d\d"), ("téléphone", r"0\d{9}"))
_NUMBER = r"(\d+(?:\.\d+)?)( €|%| kg| g)?"
#: The words of a duration, as subjects write them in English, and what a French text may say instead.
_DURATION = re.compile(r"(\d+) (days?|weeks?)")


@dataclass(frozen=True)
class Difference:
    """A value of a check that the text doesn't have, and what the text has; `place` is the value's, in pydantic's form."""

    check: int
    place: tuple[int | str, ...]
    value: str
    read: str


@dataclass(frozen=True)
class _Leaf:
    """A value that a subject gives to a field of a check; `unit` is what its number counts, where that is known."""

    check: int
    place: tuple[int | str, ...]
    value: object
    unit: str = ""

    @property
    def numbers(self) -> set[Decimal]:
        """The number in its unit, or the numbers by which a text may say the value."""
        if self.unit == "jours" and (duration := _DURATION.fullmatch(str(self.value))):
            return {Decimal(duration[1]) * (7 if duration[2].startswith("week") else 1)}
        return _meant(self.value)


def differences(
    text: str, annexes: Sequence[str], elsewhere: str, checks: Mapping[int, Check], seed: Path
) -> list[Difference]:
    """What a question's checks look for and its candidate reads otherwise.

    `text` is the question's; `annexes` are the texts of its annexes; `elsewhere` is what else is printed, as the
    situation. `checks` are by their number in the question, from 0.
    """
    reading = _Reading(
        text, annexes, elsewhere, [leaf for number, check in checks.items() for leaf in _leaves(number, check)]
    )
    by_place = {
        (number, place): found
        for number, check in checks.items()
        for place, found in _of_rows(reading, number, check, seed)
    }
    for leaf in reading.leaves:
        if (leaf.check, leaf.place) not in by_place:
            by_place[leaf.check, leaf.place] = reading.difference(leaf)
    return [difference for _, difference in sorted(by_place.items(), key=str) if difference]


def _leaves(number: int, model: BaseModel, place: tuple[int | str, ...] = ()) -> Iterator[_Leaf]:
    """The values that a subject gives, without those that are chosen from a few words, but for « HT » and « TTC »."""
    for key in sorted(model.model_fields_set):
        field, value = type(model).model_fields[key], getattr(model, key)
        if any(get_origin(kind) is Literal for kind in (field.annotation, *get_args(field.annotation))):
            if value in _TAXES:
                yield _Leaf(number, (*place, key), value)
            continue
        for leaf in _leaves_of(number, value, (*place, key)):
            yield replace(leaf, unit=_unit_of(model, key, leaf.value)) if leaf.place == (*place, key) else leaf


def _unit_of(model: BaseModel, key: str, value: object) -> str:
    """What the number of a field counts; empty where that isn't known."""
    if key == "reduction" and getattr(model, "unit", "%") != "%":
        return "€"
    if _DURATION.fullmatch(str(value)):
        return "jours"
    return _UNITS.get(key, "") if isinstance(value, int | Decimal) else ""


def _leaves_of(number: int, value: object, place: tuple[int | str, ...]) -> Iterator[_Leaf]:
    if isinstance(value, BaseModel):
        yield from _leaves(number, value, place)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _leaves_of(number, item, (*place, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves_of(number, item, (*place, key))
    elif isinstance(value, str | int | Decimal) and not isinstance(value, bool) and str(value).strip():
        yield _Leaf(number, place, value)


class _Reading:
    """What a candidate reads of a question, and which of its values no check asks for."""

    def __init__(self, text: str, annexes: Sequence[str], elsewhere: str, leaves: Sequence[_Leaf]) -> None:
        self.leaves, self.question = leaves, text
        printed = re.sub(r"\bannexe \d+", "annexe", "\n".join((text, *annexes)), flags=re.IGNORECASE)
        self.all, self._printed = f"{printed}\n{elsewhere}", printed
        asked = re.sub(r"\bannexe \d+", "annexe", text, flags=re.IGNORECASE)
        self._numbers, self._amounts = _numbers_of(printed), _amounts_of(printed)
        wanted = [leaf.value for leaf in leaves]
        wanted_numbers = {number for value in wanted for number in _meant(value)}
        wanted_texts = [value for value in wanted if isinstance(value, str)]
        self._free = {
            where: [number for number in _figures(source) if number not in wanted_numbers]
            for where, source in (("question", asked), ("all", printed))
        }
        self._readings = {unit: _numbers_in(printed, unit) for unit in _MEASURES}
        wanted_of_unit = {
            unit: {number for leaf in leaves if leaf.unit in ("", unit) for number in leaf.numbers}
            for unit in _MEASURES
        }
        self._free_measures = {
            (where, unit): [
                (number, shown) for number, shown in _measures_of(source, unit) if number not in wanted_of_unit[unit]
            ]
            for where, source in (("question", asked), ("all", printed))
            for unit in _MEASURES
        }
        self._free_values = [
            value for value in _values(printed) if not any(holds(text_wanted, value) for text_wanted in wanted_texts)
        ]
        self.phrases = [
            phrase
            for phrase in _phrases(printed)
            if not any(plainly(phrase) == plainly(text_wanted) for text_wanted in wanted_texts)
        ]

    def difference(self, leaf: _Leaf) -> Difference | None:
        """What is read instead of this value; None where it is read, or nothing near it."""
        value = leaf.value
        if value in _TAXES:
            read = self._taxes_instead(str(value))
        elif leaf.unit:
            read = self._measure_instead(leaf)
        elif isinstance(value, int | Decimal) or _DURATION.fullmatch(str(value)):
            read = self._number_instead(value, is_counted=leaf.place[-1] in _COUNTED)
        elif any(character.isdigit() for character in str(value)) and _values(str(value)):
            read = self._value_instead(str(value))
        else:
            read = self._name_instead(str(value))
        return Difference(leaf.check, leaf.place, _plain(value), read) if read else None

    def says(self, name: str) -> bool:
        """Whether it has a name, however written: a slug is there where its title is."""
        is_slug = re.fullmatch(r"[a-z0-9.-]+", name) is not None
        return may_hold(self.all, name) or (is_slug and plainly(name) in plainly(self.all))

    def _number_instead(self, value: object, *, is_counted: bool) -> str:
        meant = _meant(value)
        if meant & self._numbers or (is_counted and any(map(self._is_counted, meant))):
            return ""
        near = [number for number in self._free["all"] if any(_is_near(number, wanted) for wanted in meant)]
        only = list(dict.fromkeys(self._free["question"]))
        found = [number for number in only if number in near] or (only if len(only) == 1 else near)
        return _plain(found[0]) if found else ""

    def _measure_instead(self, leaf: _Leaf) -> str:
        """What is read instead of a number whose unit is known: another number of that unit, as it is written."""
        wanted, is_counted = leaf.numbers, leaf.place[-1] in _COUNTED
        if wanted & self._readings[leaf.unit] or (is_counted and any(map(self._is_counted, wanted))):
            return ""
        near = [
            shown
            for number, shown in self._free_measures["all", leaf.unit]
            if any(_is_near(number, want) for want in wanted)
        ]
        only = list(dict.fromkeys(shown for _, shown in self._free_measures["question", leaf.unit]))
        found = [shown for shown in only if shown in near] or (only if len(only) == 1 else near)
        return found[0] if found else self._bare_number_instead(leaf)

    def _bare_number_instead(self, leaf: _Leaf) -> str:
        """What is read instead of a number of a known unit among the numbers that have no unit or the same."""
        read = self._number_instead(leaf.value, is_counted=leaf.place[-1] in _COUNTED)
        return read if read in {_plain(number) for number in self._readings[leaf.unit]} else ""

    def _taxes_instead(self, value: str) -> str:
        """The other of « HT » and « TTC » where it alone is read."""
        other = next(tax for tax in _TAXES if tax != value)
        folded = fold(self.all)
        says_it = any(re.search(pattern, folded) for pattern in _TAXES[value])
        return other if not says_it and re.search(_TAXES[other][0], fold(self._printed)) else ""

    def _is_counted(self, wanted: Decimal) -> bool:
        """Whether a candidate finds an amount by a sum or a difference of two that he reads, or by their VAT."""
        sums = {
            result for one, other in combinations(sorted(self._amounts), 2) for result in (one + other, other - one)
        }
        rates = [Decimal(rate) for rate in ("1.2", "1.1", "1.055", "1.021")]
        taxed = {round(result, 2) for one in self._amounts for rate in rates for result in (one * rate, one / rate)}
        return wanted in sums or round(wanted, 2) in taxed

    def _value_instead(self, value: str) -> str:
        if may_hold(self.all, value) or self.says(value):
            return ""
        kinds = [kind for kind, _ in map(_kind_of, _values(value)) if kind]
        for free in self._free_values:
            kind, number = _kind_of(free)
            if kind in kinds and not any(number == wanted for _, wanted in map(_kind_of, _values(value))):
                return free
        return self._name_instead(value)

    def _name_instead(self, value: str) -> str:
        if "/" in value or len(value) < 4 or self.says(value):
            return ""
        folded = fold(value)
        near = [
            (likeness, phrase)
            for phrase in self.phrases
            if (likeness := fuzz.ratio(folded, fold(phrase))) >= _SLIP or plainly(phrase) == plainly(value)
        ] or [
            (likeness, quote)
            for quote in _QUOTED.findall(self.question)
            if quote in self.phrases
            and folded.split()[:1] == fold(quote).split()[:1]
            and (likeness := fuzz.ratio(folded, fold(quote))) >= _QUOTED_SLIP
        ]
        return max(near)[1] if near else self._miswritten(value)

    def _miswritten(self, value: str) -> str:
        """The passage of a line that is a longer name of several words, but for a slip; empty where there is none."""
        folded = fold(value)
        if len(value) < _LONG or " " not in value or not any(map(str.isupper, value)):
            return ""
        for line in map(fold, self._printed.splitlines()):
            found = fuzz.partial_ratio_alignment(folded, line, score_cutoff=_MISWRITTEN)
            if not found or len(folded) > len(line):
                continue
            before, after = line[: found.dest_start][-1:], line[found.dest_end :][:1]
            if not before.isalnum() and not after.isalnum():
                return line[found.dest_start : found.dest_end].strip()
        return ""


def _of_rows(
    reading: _Reading, number: int, check: Check, seed: Path
) -> Iterator[tuple[tuple[int | str, ...], Difference | None]]:
    """Each reference to a row of the company that is settled here, by its place.

    None where the text names the row; a difference where it names in quotes another row of the table, and not this one.
    """
    texts = [str(leaf.value) for leaf in reading.leaves]
    free = [quote for quote in _QUOTED.findall(reading.question) if not any(same(quote, text) for text in texts)]
    for place, name, mark in references(check):
        for names, own_names in named_rows(mark, seed, name):
            others = [quote for quote in free if any(same(quote, other) for other in names)]
            if any(reading.says(own_name) for own_name in own_names):
                yield place, None
                break
            if others:
                yield place, Difference(number, place, name, others[0])
                break


def _phrases(text: str) -> list[str]:
    """What a text sets apart: in quotes, in a cell of a table, or after a colon at a line's end."""
    cells = [
        cell
        for line in text.splitlines()
        if line.lstrip().startswith("|")
        for cell in line.strip().strip("|").split("|")
    ]
    tails = re.findall(r"(?m)^\s*[-*] [^:\n]{1,40} : (.+)$", text)
    parts = [part for tail in tails for part in (tail, *tail.split(","))]
    parts += re.findall(r"[\w.+-]+@[\w.-]+\w", text)
    return list(
        dict.fromkeys(part.strip(" .") for part in (*_QUOTED.findall(text), *cells, *parts) if part.strip(" .-"))
    )


def _values(text: str) -> list[str]:
    return figures.values_of(figures.spelled_once(fold(text)))


def _kind_of(value: str) -> tuple[str, str]:
    """The kind of a value with a unit, and its figures; an empty kind where it is a bare number."""
    for kind, pattern in _KINDS:
        if re.fullmatch(pattern, value):
            return kind, value
    number = re.fullmatch(_NUMBER, value)
    return ((number[2] or "").strip(), number[1]) if number else ("", value)


def _figures(text: str) -> list[Decimal]:
    """The numbers that a text writes in figures to say how many or how much: no date, hour, telephone number or year."""
    numbers = [re.fullmatch(_NUMBER, value) for value in _values(text)]
    found = [Decimal(number[1]) for number in numbers if number and not re.fullmatch(r"0\d{9}", number[1])]
    return [number for number in found if number > 1 and not 1900 <= number <= 2099]


def _amounts_of(text: str) -> set[Decimal]:
    return {Decimal(number) for value in _values(text) for kind, number in [_kind_of(value)] if kind == "€"}


def _measures_of(text: str, unit: str) -> list[tuple[Decimal, str]]:
    """The numbers of a unit that a text has in figures, each in that unit and as it is written."""
    found = _MEASURES[unit].findall(figures.spelled_once(fold(text)))
    return [(_in_unit(number, word)[0], number.replace(".", ",")) for number, word in found if number[0].isdigit()]


def _in_unit(number: str, word: str) -> list[Decimal]:
    """What a measure comes to in its unit; a month is of 28, 30 or 31 days."""
    count = Decimal(number) if number[0].isdigit() else Decimal(1)
    days = (7,) if word.startswith("semaine") else (30, 28, 31) if word == "mois" else (1,)
    return [count * each for each in days]


def _numbers_in(text: str, unit: str) -> set[Decimal]:
    """The numbers of a text, in figures or in words, that have this unit or none that is known."""
    folded, found = fold(text), set[Decimal]()
    for reading in (figures.spelled_once(folded), figures.perhaps(folded)):
        found |= {value for number, word in _MEASURES[unit].findall(reading) for value in _in_unit(number, word)}
        rest = reading
        for other, pattern in _MEASURES.items():
            if other != unit:
                rest = pattern.sub(" ", rest)
        found |= {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", rest)}
    return found


def _numbers_of(text: str) -> set[Decimal]:
    """Every number of a text, in figures or in words, wherever it stands."""
    folded = fold(text)
    readings = (figures.spelled_once(folded), figures.perhaps(folded))
    return {Decimal(number) for reading in readings for number in re.findall(r"\d+(?:\.\d+)?", reading)}


def _meant(value: object) -> set[Decimal]:
    """The numbers by which a text may say a check's value: « 4 weeks » is four weeks, or 28 days."""
    if isinstance(value, int | Decimal):
        return {Decimal(value)}
    if duration := _DURATION.fullmatch(str(value)):
        count, is_weeks = Decimal(duration[1]), duration[2].startswith("week")
        return {count, count * 7} if is_weeks else {count} | ({count / 7} if count % 7 == 0 else set())
    return _numbers_of(str(value))


def _is_near(number: Decimal, wanted: Decimal) -> bool:
    """Whether one may be a slip of the other: a figure that differs, is missing or swapped."""
    first, second = _plain(number).replace(",", ""), _plain(wanted).replace(",", "")
    close = abs(number - wanted) <= max(number, wanted) / 5
    return len(first) > 1 and (sorted(first) == sorted(second) or (close and fuzz.ratio(first, second) >= 50))


def _plain(value: object) -> str:
    """A value as a French text has it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return str(value)
