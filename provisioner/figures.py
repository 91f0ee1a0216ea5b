"""Figures as people write them: one spelling for each value, and the values of a text.

All texts are folded (see text.py): without case, accents and typographic signs.
"""

import re
from collections.abc import Callable

_Rule = tuple[str, str | Callable[[re.Match[str]], str]]

_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre",
           "novembre", "decembre")  # fmt: skip
_SHORT = {"janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12}
_MONTH = "|".join(_MONTHS)
_DATE = rf"\d{{1,2}} (?:{_MONTH})"
#: What makes twelve things of "15 € 12", whereas "12 € 50 au lieu de" is an amount.
_A_NOUN = r" (?!(?:a|au|et|la|le|ou|par|pour|ht|ttc)\b)[a-z]"
_AN_HOUR = r"(?=\d{1,2} ?(?:h|heures?\b|:\d))"
_LETTERS = {
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15,
    "seize": 16, "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "cent": 100, "cents": 100, "mille": 1000,
}  # fmt: skip
_HOURS_IN_WORDS: tuple[_Rule, ...] = (
    (r"\bminuit\b", "0 h"),
    (r"(?<!apres-)\bmidi\b", "12 h"),
    (r"(\d+) ?(?:h|heures?) et demie?\b", r"\1 h 30"),
    (r"(\d+) ?(?:h|heures?) et quart\b", r"\1 h 15"),
    (r"(\d+) ?(?:h|heures?) moins (?:le |un )?quart\b", lambda hour: f"{int(hour[1]) - 1} h 45"),
)
_AND = r" ?(?:,|-|&|a|au|et|ou) ?"
#: What people mean by some figures, each a reading of its own.
_OTHERWISE: tuple[_Rule, ...] = (
    (rf"(?<![\d.,:/])(\d{{1,2}})(?={_AND}{_AN_HOUR})", r"\1 h"),  # 10 et 14 h
    (rf"(\d ?(?:h|heures?)(?: ?\d\d)?{_AND}\d{{1,2}})(?![\w.,:]| ?(?:h|heures?\b|:))", r"\1 h"),  # 10 h a 17
    (r"(?<![\d.,:])([1-9]|1[01])(?= ?(?:h|heures?\b)[^.]{0,30}\b(?:soir|apres-midi)\b)",
     lambda hour: str(int(hour[1]) + 12)),
    (r"(?<![\d.,])(\d{1,2})[.,]([0-5]\d)(?![\d.,]| ?(?:€|eur))", r"\1h\2"),  # 17.30
    (rf"(?<![\d.,/])(\d{{1,2}})(?={_AND}(?:le )?(?:[a-z]+(?:di|che) )?\d{{1,2}} ?({_MONTH})\b)", r"\1 \2"),  # 15 et 16 juin
    (r"(?<![\d./-])(\d{1,2})[.-](\d{1,2})(?![./-]?\d)", r"\1/\2"),  # 15-06
    (rf"(\d)(?={_AND}\d+(?:[.,]\d+)? ?(?:€|eur))", r"\1 €"),  # 8 a 12 €
    (r"((?:€|\beur(?:os?)?\b)[^\d€]{1,20})(\d+(?:[.,]\d+)?)(?![\d.,]| ?[\w€%])", r"\1\2 €"),  # tarif en euros : 15
)  # fmt: skip
#: What stands before or after a number that is not all of it: "50 €" does not stand in "12,50 €".
_NOT_AFTER, _NOT_BEFORE = r"(?<!\w)(?<!\d[.,])", r"(?!\w)(?![.,]\d)"
#: A value with its unit, or a number that has none.
_VALUE = re.compile(rf"{_DATE}(?: \d{{4}})?|\d+h\d\d|0\d{{9}}|\d+(?:\.\d+)?(?: (?:€|kg|g)(?!\w)|%)?")


def spelled_once(text: str) -> str:
    """The text with its figures in one spelling each.

    >>> spelled_once("le 15/06, de 10 a 17:30, 3 € 25 ou €3,25, au (+33) 2 61 91 45 12")
    'le 15 juin de 10h00 a 17h30 3.25 € ou 3.25 € au 0261914512'
    """
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", text)
    text = _dates(text)
    text = re.sub(
        r"(?:\(?(?:\+|(?<!\d)00)33\)? ?[.-]?(?:\(0\) ?|0)?|(?<![\d+])0)([1-9])[ ./-]?((?:\d\d[ ./-]?){3}\d\d)(?!\d)",
        lambda number: "0" + re.sub(r"\D", "", number[1] + number[2]),
        text,
    )
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = _amounts(text)
    text = re.sub(r"(?<=\d) ?(?:%|pour cent\b|pourcents?\b)", "%", text)
    text = re.sub(r"(?<=\d) ?(k|kilo)?(?:g|grammes?)\b", lambda unit: " kg" if unit[1] else " g", text)
    text = re.sub(r"(?<=\d) ?kilos?\b", " kg", text)
    text = _hours(text)
    return re.sub(r" ?[,;](?= )", "", text)  # "35, rue de la Gare"


def stands(text: str, wanted: str) -> bool:
    """Whether it stands in the text as words of its own; both have their figures spelled once."""
    return re.search(_NOT_AFTER + re.escape(wanted) + _NOT_BEFORE, text) is not None


def _dates(text: str) -> str:
    text = re.sub(r"\b1 ?er\b", "1", text)
    short = "|".join(_SHORT)
    text = re.sub(rf"(?<=\d) ({short})\b\.?", lambda month: f" {_MONTHS[_SHORT[month[1]] - 1]}", text)
    text = re.sub(rf"(?<![\d.,/-])0?(\d{{1,2}}) ?({_MONTH})\b", r"\1 \2", text)
    alone = r"(?<![\d.,/-]){}(?![./-]?\d|/)"
    text = re.sub(alone.format(r"(\d{4})-(\d\d)-(\d\d)"), lambda d: _date(d[0], d[3], d[2], d[1]), text)
    text = re.sub(
        alone.format(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)"), lambda d: _date(d[0], d[1], d[3], d[4]), text
    )
    return re.sub(alone.format(r"(\d{1,2})/(\d{1,2})"), lambda d: _date(d[0], d[1], d[2]), text)


def _date(written: str, day: str, month: str, year: str = "") -> str:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return written
    return f"{int(day)} {_MONTHS[int(month) - 1]}" + (
        f" {year:0>4}" if len(year) == 4 else f" 20{year}" if year else ""
    )


def _amounts(text: str) -> str:
    text = re.sub(r"(?<=\d)\.(?=\d{3} ?(?:€|eur(?:os?)?\b))", "", text)
    text = re.sub(r"(?<=\d) ?(?:€|euros?) (?:et )?(\d\d) ?(?:centimes?|cents?|cts?|c)\b", r".\1 €", text)
    text = re.sub(rf"(?<![\d.])(\d+) ?(?:€|euros? )(?:(\d\d)(?!\w)| (\d\d)(?!\w|{_A_NOUN}))", r"\1.\2\3 €", text)
    text = re.sub(r"(?<!\d)(?<!\d )(?:€|\beur\b) ?(\d+(?:\.\d+)?)(?!\.?\d| ?(?:€|eur))", r"\1 €", text)
    text = re.sub(r"(?<=\d) ?(?:€|eur(?:os?)?\b)", " €", text)
    return re.sub(r"(?<=\d)\.(\d*?)0+ €", lambda cents: f".{cents[1]} €" if cents[1] else " €", text)


def _hours(text: str) -> str:
    """The first of "de 10 a 17 h" is an hour too; that of "le 15 a 17 h" is a day."""
    text = re.sub(rf"\b((?:de|entre) \d{{1,2}})(?= (?:a|et) {_AN_HOUR})", r"\1h00", text)
    text = re.sub(rf"(?<![\w.,:/-])(?<!di )(?<!manche )(?<!le )(\d{{1,2}})(?= ?- ?{_AN_HOUR})", r"\1h00", text)
    minutes = r"([0-5]\d)?(?: ?(?:min(?:utes?)?|mn)\b)?"
    return re.sub(rf"(?<![\d.:])(\d{{1,2}}) ?(?::|h|heures?\b) ?{minutes}(?!\w)", _hour, text)


def _hour(hour: re.Match[str]) -> str:
    if ":" in hour[0] and not hour[2]:  # "les 3 : lait, beurre" is no hour
        return hour[0]
    return f"{int(hour[1])}h{hour[2] or '00'}"


def perhaps(text: str) -> str:
    """What a text may mean besides what it says: each reading on a line of its own, the text's own first."""
    said = in_figures(text)
    for pattern, meant in _HOURS_IN_WORDS:
        said = re.sub(pattern, meant, said)
    return "\n".join(spelled_once(one) for one in (said, *(re.sub(how, what, said) for how, what in _OTHERWISE)))


def in_figures(text: str) -> str:
    """The text with its numbers in letters as figures: "dix-sept heures trente" becomes "17 heures 30"."""
    one = "|".join(sorted(_LETTERS, key=len, reverse=True))
    more = "|".join(word for word in sorted(_LETTERS, key=len, reverse=True) if word not in ("un", "une"))
    text = re.sub(rf"\bpremier (?={_MONTH})", "1 ", text)
    return re.sub(rf"(?<!pour )\b(?:{more})(?:[ -](?:et[ -](?=une?\b|onze\b))?(?:{one}))*\b", _number, text)


def _number(words: re.Match[str]) -> str:
    total = group = 0
    for word in re.split(r"[ -](?:et[ -])?", words[0]):
        value = _LETTERS[word]
        if value == 1000:
            total, group = total + 1000 * max(group, 1), 0
        elif value == 100 or (value == 20 and group == 4):
            group = value * max(group, 1)
        else:
            group += value
    return str(total + group)


def values_of(text: str) -> list[str]:
    """The values of a text whose figures are spelled once: dates, hours, amounts, numbers…"""
    return _VALUE.findall(text)


def without_values(text: str) -> str:
    """The words that are left."""
    return " ".join(_VALUE.sub(" ", text).split())


def has_unit(value: str) -> bool:
    """Whether it says of what it is: "15 juin" or "12.5 €", but not "35"."""
    return not value.replace(".", "").isdigit() or len(value) == 10


def says(readings: str, value: str) -> bool:
    """Whether a value is there, as it is or in a usual shorter form: a date without its year, 12.50 without €."""
    day = re.fullmatch(rf"({_DATE}) \d{{4}}", value)
    forms = [re.escape(value)]
    if day:
        forms.append(rf"{day[1]}(?! \d{{4}})")
    if value.endswith(" €") and "." in value:
        forms.append(re.escape(value.removesuffix(" €")) + "0?")
    if re.fullmatch(r"0\d{9}", value):
        forms.append(r"[\W_]{0,3}".join(value))
    return any(re.search(_NOT_AFTER + form + _NOT_BEFORE, readings) for form in forms)
