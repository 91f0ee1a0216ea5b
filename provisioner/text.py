"""Comparing what people write: accents, case, quotes and spaces never cost a candidate anything."""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz

from provisioner import figures

_QUOTES = str.maketrans(
    dict.fromkeys("’‘ʼ′", "'") | dict.fromkeys("“”«»″", '"') | dict.fromkeys("‐‑‒–—−", "-") | {"×": "x"}
)
#: How much of a text must be right, of a hundred, for a person to be asked rather than it be called missing.
NEARLY = 85


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
    return figures.stands(figures.spelled_once(fold(text)), figures.spelled_once(fold(wanted)))


def nearly_holds(text: str, wanted: str) -> bool:
    """Whether a person has to say if `wanted` stands in a text that doesn't hold it: written otherwise, or a slip.

    Another value is no slip: of "12,50 €", "12,05 €" is plainly not it, and "douze euros cinquante" may be.
    """
    text, wanted = fold(text), fold(wanted)
    if any(c.isdigit() for c in wanted):
        return _says_the_values(text, figures.spelled_once(wanted))
    counted = figures.in_figures(wanted)
    return _nearly_in(wanted, text) or (counted != wanted and _says_the_values(text, counted))


def _says_the_values(text: str, wanted: str) -> bool:
    readings, values = figures.perhaps(text), figures.values_of(wanted)
    if not all(figures.says(readings, value) for value in values):
        return False
    if all(map(figures.has_unit, values)):
        return True
    # A number alone may be that of something else.
    rest = figures.without_values(wanted)
    return _nearly_in(rest, text) or all(_nearly_in(word, text) for word in re.findall(r"\w{4,}", rest))


def _nearly_in(wanted: str, text: str) -> bool:
    likeness = fuzz.partial_ratio if len(text) > len(wanted) else fuzz.ratio
    return likeness(wanted, text) >= NEARLY


def words(text: str) -> int:
    """How many words a person counts: "aujourd'hui" and "rendez-vous" are one, a lone dash is none."""
    return sum(1 for word in re.split(r"\s+|—|--", text) if any(c.isalnum() for c in word))


def quoted(texts: Iterable[str]) -> str:
    """Names as a French sentence lists them.

    >>> quoted(["un", "deux"])
    '« un », « deux »'
    """
    return ", ".join(f"« {text} »" for text in texts)
