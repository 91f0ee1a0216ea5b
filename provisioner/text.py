"""Comparing what people write: accents, case, quotes and spaces never cost a candidate anything."""

import re
import unicodedata

_QUOTES = str.maketrans(
    dict.fromkeys("’‘ʼ′", "'") | dict.fromkeys("“”«»″", '"') | dict.fromkeys("‐‑‒–—−", "-") | {"×": "x"}
)
#: What makes twelve things of "15 € 12", whereas "12 € 50 au lieu de" is an amount.
_A_NOUN = r" (?!(?:a|au|et|la|le|ou|par|pour|ht|ttc)\b)[a-z]"
#: What stands before or after a number that is not all of it: "50 €" does not stand in "12,50 €".
_NOT_AFTER, _NOT_BEFORE = r"(?<!\w)(?<!\d[.,])", r"(?!\w)(?![.,]\d)"


def fold(text: str) -> str:
    """The text without what doesn't count: case, accents, typographic quotes, runs of white space.

    >>> fold("  L’ÉTÉ « chez nous »  ")
    'l\\'ete "chez nous"'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_QUOTES))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    plain = plain.replace("œ", "oe").replace("æ", "ae")
    plain = re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", plain)  # soft hyphens and other marks without width
    plain = re.sub(r"\s+", " ", plain).strip()
    return re.sub(r'"\s*([^"]*?)\s*"', r'"\1"', plain)


def same(wanted: str, seen: str) -> bool:
    """Whether two texts say the same to a reader; a full stop at the end doesn't count."""
    return fold(wanted).rstrip(" .") == fold(seen).rstrip(" .")


def holds(text: str, wanted: str) -> bool:
    """Whether `wanted` stands in the text as words of its own: "3 €" does not stand in "13 €".

    Each of these has many harmless spellings: amounts, hours, telephone numbers, percentages, units.
    """
    return re.search(_NOT_AFTER + re.escape(_figures(fold(wanted))) + _NOT_BEFORE, _figures(fold(text))) is not None


def words(text: str) -> int:
    """How many words a person counts: "aujourd'hui" and "rendez-vous" are one, a lone dash is none."""
    return sum(1 for word in re.split(r"\s+|—|--", text) if any(c.isalnum() for c in word))


def _figures(text: str) -> str:
    """Figures of a folded text in one spelling each.

    "3,25 €", "3.25€", "3 € 25" and "3,25 euros" become "3.25 €", "14 h" and "14:00" become "14h00".
    """
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", text)
    text = re.sub(r"(?:\+33 ?(?:\(0\) ?)?|(?<![\d+])0)([1-9])[ .-]?((?:\d\d[ .-]?){3}\d\d)(?!\d)", _telephone, text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = re.sub(rf"(?<![\d.])(\d+) ?(?:€|euros? )(?:(\d\d)(?!\w)| (\d\d)(?!\w|{_A_NOUN}))", r"\1.\2\3 €", text)
    text = re.sub(r"(?<=\d) ?(?:€|eur(?:os?)?\b)", " €", text)
    text = re.sub(r"(?<=\d)\.(\d*?)0+ €", lambda cents: f".{cents[1]} €" if cents[1] else " €", text)
    text = re.sub(r"(?<=\d) ?(?:%|pour cent\b|pourcents?\b)", "%", text)
    text = re.sub(r"(?<=\d) ?(k|kilo)?(?:g|grammes?)\b", lambda unit: " kg" if unit[1] else " g", text)
    text = re.sub(r"(?<=\d) ?kilos?\b", " kg", text)
    return re.sub(r"(?<![\d.:])(\d{1,2}) ?(?::|h|heures?\b) ?([0-5]\d)?(?!\w)(?: ?(?:min|minutes?)\b)?", _hour, text)


def _telephone(number: re.Match[str]) -> str:
    return "0" + re.sub(r"\D", "", number[1] + number[2])


def _hour(hour: re.Match[str]) -> str:
    if ":" in hour[0] and not hour[2]:  # "les 3 : lait, beurre" is no hour
        return hour[0]
    return f"{int(hour[1])}h{hour[2] or '00'}"
