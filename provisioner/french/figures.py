"""Figures as people write them: one spelling for each value, and the values of a text.

All texts are folded (see text.py): without case, accents and typographic signs.
"""

import re
from collections.abc import Callable

from provisioner.french.calendar import FOLDED_MONTHS, WEEK

_Rule = tuple[str, str | Callable[[re.Match[str]], str]]

_SHORT = {"janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12}
_MONTH = "|".join(FOLDED_MONTHS)
#: A day and a month, folded.
DATE = rf"\d{{1,2}} (?:{_MONTH})"
#: What makes a number of its own of the two digits after "15 €" or "10 h": neither cents nor minutes.
_ITS_UNIT = (
    rf"[.,]\d|(?<= \d\d):\d| ?(?:€|%|(?:h|hrs?|hs|heures?|eur(?:os?)?|pour cent|pourcents?|kg|kilos?|g|grammes?"
    rf"|[cm]l|[ckm]m|{_MONTH})\b)"
)
_AN_HOUR = r"(?=\d{1,2} ?(?:h|heures?\b|:\d))"
_LETTERS = {
    "zero": 0,
    "un": 1,
    "une": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
    "onze": 11,
    "douze": 12,
    "treize": 13,
    "quatorze": 14,
    "quinze": 15,
    "seize": 16,
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "cent": 100,
    "cents": 100,
    "mille": 1000,
}
_MINUTES = {
    "quart": 15,
    "demi": 30,
    "demie": 30,
    "1/2": 30,
    "cinq": 5,
    "dix": 10,
    "quinze": 15,
    "vingt": 20,
    "vingt-cinq": 25,
    "trente": 30,
    "trente-cinq": 35,
    "quarante": 40,
    "quarante-cinq": 45,
    "cinquante": 50,
    "cinquante-cinq": 55,
}
_FEW = "vingt-cinq|vingt|dix|cinq"
#: A plural after "18 heures trente" or "15 € 12" makes artisans or persons of the number, unless it is one of these words.
_OF_THEM = (
    r" (?!(?:alors|apres|au-dela|ces|chaque|dans|depuis|des|deux|hors|les|leurs|mais|minutes|nos|nous|pas|plus|precises"
    r"|pres|puis|sans|ses|six|sous|tapantes|tous|toutes|trois|vers|vos|vous)\b)[a-z]+[sx]\b"
)
_A_STREET = r"(?: ?(?:bis|ter))? (?:allee|avenue|boulevard|chemin|impasse|place|quai|route|rue|square)\b"
_HOUR_BEFORE = r"(?<![\d.,:])(\d{1,2}) ?(?:h|hrs?|hs|heures?)"
_MINUTES_IN_WORDS: tuple[_Rule, ...] = (
    (rf"{_HOUR_BEFORE} (?:et )?(quart|demie?|1[/\u2044]2)(?!\w)", lambda hour: _later(hour[1], hour[2])),
    (
        rf"{_HOUR_BEFORE} moins (?:le |un )?(quart|{_FEW})\b(?! pour cent|{_OF_THEM})",
        lambda hour: f"{(int(hour[1]) - 1) % 24} h {60 - _MINUTES[hour[2]]}",
    ),
    (
        rf"{_HOUR_BEFORE} ((?:trente|quarante|cinquante)(?:-cinq)?|quinze|{_FEW})\b(?!-|{_OF_THEM})",
        lambda hour: _later(hour[1], hour[2]),
    ),
)
_NOON: tuple[_Rule, ...] = ((r"\bminuit\b", "0 h"), (r"(?<!apres-)\bmidi\b", "12 h"))
_STREETS = {
    "all": "allee",
    "ave?": "avenue",
    "bd|bld|blvd|boul": "boulevard",
    "chem?": "chemin",
    "fb?g": "faubourg",
    "imp": "impasse",
    "ch": "chemin",
    "pl": "place",
    "r": "rue",
    "rte": "route",
    "sq": "square",
    "ste": "sainte",
    "st": "saint",
}
_AND = r" ?(?:,|-|&|a|au|et|ou) ?"
#: What people mean by some figures, each a reading of its own.
_OTHERWISE: tuple[_Rule, ...] = (
    (rf"(?<![\d.,:/])(\d{{1,2}})(?={_AND}{_AN_HOUR})", r"\1 h"),  # 10 et 14 h
    (rf"(\d ?(?:h|heures?)(?: ?\d\d)?{_AND}\d{{1,2}})(?![\w.,:]| ?(?:h|heures?\b|:))", r"\1 h"),  # 10 h a 17
    (
        r"(?<![\d.,:])([1-9]|1[01])(?= ?(?:h|heures?\b)[^.]{0,30}\b(?:soir|apres-midi)\b)",
        lambda hour: str(int(hour[1]) + 12),
    ),
    (r"(?<![\d.,])(\d{1,2})[.,]([0-5]\d)(?![\d.,]| ?(?:€|eur))", r"\1h\2"),  # 17.30
    (
        rf"(?<![\d.,/])(\d{{1,2}})(?={_AND}(?:le )?(?:[a-z]+(?:di|che) )?\d{{1,2}} ?({_MONTH})\b)",
        r"\1 \2",
    ),  # 15 et 16 juin
    (r"(?<![\d./-])(\d{1,2})[.-](\d{1,2})(?![./-]?\d)", r"\1/\2"),  # 15-06
    (r"(?<![\d./-])(\d{1,2})/(\d{1,2})(?![./-]?\d)", r"\1 a \2 "),  # 7/11 ans
    (r"(?<![\w.,])(\d+)(?=[a-z]{2})", r"\1 "),  # 11ans
    (rf"(\d)(?={_AND}\d+(?:[.,]\d+)? ?(?:€|eur))", r"\1 €"),  # 8 a 12 €
    (rf"(?<![\d.,])(\d+) ?(?:€|euros?) (\d\d)(?!\w|{_ITS_UNIT})", r"\1.\2 €"),  # 12 € 50 les paires
    (rf"(\d) ?(?:e|eme|ieme)(?= (?:{_MONTH})\b)", r"\1"),  # 15e juin
    (r"(?<=[a-z€%])\.(?=\d)", ". "),  # a 10 h.17 h 30
    (r"((?:€|\beur(?:os?)?\b)[^\d€]{1,20})(\d+(?:[.,]\d+)?)(?![\d.,]| ?[\w€%])", r"\1\2 €"),  # tarif en euros : 15
)
#: What stands before or after a number that is not all of it: "50 €" does not stand in "12,50 €".
_NOT_AFTER, _NOT_BEFORE = r"(?<!\w)(?<!\d[.,])", r"(?!\w)(?![.,]\d)"
#: A value with its unit, or a number that has none.
_VALUE = re.compile(rf"{DATE}(?: \d{{4}})?|\d+h\d\d|0\d{{9}}|\d+(?:\.\d+)?(?: (?:€|kg|g)(?!\w)|%)?")


def spelled_once(text: str) -> str:
    """The text with its figures in one spelling each.

    >>> spelled_once("le 15/06, de 10 a 17:30, 3 € 25 ou €3,25, au (+33) 2 61 91 45 12")
    'le 15 juin de 10h00 a 17h30 3.25 € ou 3.25 € au 0261914512'
    """
    text = re.sub(r"(?<=\d)(?<!\d{4}) (?=\d{3}(?!\d))", "", text)
    text = _with_minutes(text)
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


def closed_up(text: str) -> str:
    """The text with "12, 50 €" as "12,50 €"; "10, 12, 50 €" are three amounts."""
    return re.sub(r"(?<![\d.,])(?<!\d[,;] )(\d+)(?: ,| , |, )(?=\d\d ?(?:€|euros?\b))", r"\1,", text)


def counted(text: str) -> str:
    """The text in which "17 h 30 exposants" is thirty exhibitors from 17 h on, and "18 h 30 rue du Port" an address."""
    return re.sub(rf"({_HOUR_BEFORE}) (?=[0-5]\d(?:{_OF_THEM}|{_A_STREET}))", r"\1 ; ", text)


def stands(text: str, wanted: str) -> bool:
    """Whether it stands in the text as words of its own; both have their figures spelled once."""
    return re.search(_NOT_AFTER + re.escape(wanted) + _NOT_BEFORE, text) is not None


def _dates(text: str) -> str:
    text = re.sub(r"\b1 ?er\b", "1", text)
    text = re.sub(rf"(\d ?(?:{_MONTH}))(?=\d{{4}}\b)", r"\1 ", text)  # "15 juin2026"
    short = "|".join(_SHORT)
    text = re.sub(rf"(?<=\d)[ -]({short})\b\.?", lambda month: f" {FOLDED_MONTHS[_SHORT[month[1]] - 1]}", text)
    text = re.sub(rf"(?<![\d.,/-])0?(\d{{1,2}})[ -]?({_MONTH})\b(?:-(?=\d{{4}}\b))?", _day, text)
    alone = r"(?<![\d.,/-]){}(?![./-]?\d|/)"
    text = re.sub(alone.format(r"(\d{4})-(\d\d)-(\d\d)"), lambda d: _date(d[0], d[3], d[2], d[1]), text)
    text = re.sub(
        alone.format(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)"), lambda d: _date(d[0], d[1], d[3], d[4]), text
    )
    return re.sub(alone.format(r"(\d{1,2})/(\d{1,2})"), lambda d: _date(d[0], d[1], d[2]), text)


def _day(found: re.Match[str]) -> str:
    return f"{found[1]} {found[2]}" + " " * found[0].endswith("-")


def _date(written: str, day: str, month: str, year: str = "") -> str:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return written
    return f"{int(day)} {FOLDED_MONTHS[int(month) - 1]}" + (
        f" {year:0>4}" if len(year) == 4 else f" 20{year}" if year else ""
    )


def _amounts(text: str) -> str:
    text = re.sub(r"(?<=\d)\.(?=\d{3} ?(?:€|eur(?:os?)?\b))", "", text)
    text = re.sub(r"(?<=\d) ?(?:€|euros?) (?:et )?(\d\d) ?(?:centimes?|cents?|cts?|c)\b", r".\1 €", text)
    cents = rf"(?:(\d\d)| (\d\d)(?!{_OF_THEM}|{_A_STREET}))(?!\w|{_ITS_UNIT})"
    text = re.sub(rf"(?<![\d.])(\d+) ?(?:€|euros?){cents}", r"\1.\2\3 €", text)
    text = re.sub(r"(?<!\d)(?<!\d )(?:€|\beur\b) ?(\d+(?:\.\d+)?)(?!\.?\d| ?(?:€|eur))", r"\1 €", text)
    text = re.sub(r"(?<=\d) ?(?:€|eur(?:os?)?\b)", " €", text)
    return re.sub(r"(?<=\d)\.(\d*?)0+ €", lambda cents: f".{cents[1]} €" if cents[1] else " €", text)


def _hours(text: str) -> str:
    """The first of "de 10 a 17 h" is an hour too; that of "le 15 a 17 h" is a day."""
    text = re.sub(rf"\b((?:de|entre) \d{{1,2}})(?= (?:a|et) {_AN_HOUR})", r"\1h00", text)
    no_hour = r"(?<![\w.,:/-])(?<!di )(?<!manche )(?<!le )(?<!\dh )(?<!\d h )(?<!heures )"  # "le 15", "9 h 30"
    text = re.sub(rf"{no_hour}(\d{{1,2}})(?= ?- ?{_AN_HOUR})", r"\1h00", text)
    minutes = rf"([0-5]\d(?!{_ITS_UNIT}))?(?: ?(?:min(?:utes?)?|mn)\b)?"
    return re.sub(rf"(?<![\d.:])(\d{{1,2}}) ?(?::|h(?:rs?|s|eures?\b)?) ?{minutes}(?!\w)", _hour, text)


def _with_minutes(text: str) -> str:
    """The minutes of an hour in figures: "18 heures et demie" and "18 heures trente" are no "18 h"."""
    for pattern, meant in _MINUTES_IN_WORDS:
        text = re.sub(pattern, meant, text)
    return text


def _later(hour: str, minutes: str) -> str:
    return f"{hour} h {_MINUTES[minutes.replace(chr(0x2044), '/')]:02}"


def _hour(hour: re.Match[str]) -> str:
    if ":" in hour[0] and not hour[2]:  # "les 3 : lait, beurre" is no hour
        return hour[0]
    return f"{int(hour[1])}h{hour[2] or '00'}"


def perhaps(text: str) -> str:
    """What a text may mean besides what it says: each reading on a line of its own, the text's own first."""
    text_in_figures = in_figures(_with_minutes(text))
    for pattern, meant in _NOON:
        text_in_figures = re.sub(pattern, meant, text_in_figures)
    return "\n".join(
        spelled_once(reading)
        for reading in (text_in_figures, *(re.sub(how, what, text_in_figures) for how, what in _OTHERWISE))
    )


def written_out(text: str) -> str:
    """The text with its usual abbreviations in full: "sam. 15, 3 bd du Port" becomes "samedi 15, 3 boulevard du port"."""
    text = re.sub(r"(?<=[a-z])(?<!\bapres)-(?=[a-z])", " ", text)
    for short, whole in _STREETS.items():
        text = re.sub(rf"\b(?:{short})(?:\.|(?= (?:de|du|des|d'|[a-z]{{4}})))", f"{whole} ", text)
    for day in WEEK:
        text = re.sub(rf"\b{day[:3]}(?:\.|(?= \d))", f"{day} ", text)
    return " ".join(text.split())


def in_figures(text: str) -> str:
    """The text with its numbers in letters as figures: "dix-sept heures trente" becomes "17 heures 30"."""
    any_word = "|".join(sorted(_LETTERS, key=len, reverse=True))
    more = "|".join(word for word in sorted(_LETTERS, key=len, reverse=True) if word not in ("un", "une"))
    text = re.sub(rf"\bpremier (?={_MONTH})", "1 ", text)
    return re.sub(rf"(?<!pour )\b(?:{more})(?:[ -](?:et[ -](?=une?\b|onze\b))?(?:{any_word}))*\b", _number, text)


def _number(words: re.Match[str]) -> str:
    total = group = 0
    for word in re.split(r"[ -](?:et[ -])?", words[0]):
        value = _LETTERS[word]
        if value == 1000:
            total, group = total + 1000 * max(group, 1), 0
        elif value == 100:
            group = value * max(group, 1)
        elif value == 20 and group % 100 == 4:  # quatre-vingts
            group += 76
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
    day = re.fullmatch(rf"({DATE}) \d{{4}}", value)
    forms = [re.escape(value)]
    if day:
        forms.append(rf"{day[1]}(?! \d{{4}})")
    if value.endswith(" €") and "." in value:
        forms.append(re.escape(value.removesuffix(" €")) + "0?")
    if re.fullmatch(r"0\d{9}", value):
        forms.append(r"[\W_]{0,3}".join(value))
    return any(re.search(_NOT_AFTER + form + _NOT_BEFORE, readings) for form in forms)
