"""Comparing what people write: accents, case, quotes and spaces never cost a candidate anything."""

import re
import unicodedata

_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"})


def fold(text: str) -> str:
    """The text without what doesn't count: case, accents, typographic quotes, runs of white space.

    >>> fold("  L’ÉTÉ « chez nous »  ")
    'l\\'ete "chez nous"'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_QUOTES))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    plain = plain.replace("œ", "oe").replace("æ", "ae").replace("\u00ad", "")
    plain = re.sub(r"\s+", " ", plain).strip()
    return re.sub(r'"\s*([^"]*?)\s*"', r'"\1"', plain)


def same(wanted: str, seen: str) -> bool:
    """Whether two texts say the same to a reader; a full stop at the end doesn't count."""
    return fold(wanted).rstrip(" .") == fold(seen).rstrip(" .")


def holds(text: str, wanted: str) -> bool:
    """Whether `wanted` stands in the text as words of its own: "3 €" does not stand in "13 €"."""
    return re.search(rf"(?<!\w){re.escape(_amounts(fold(wanted)))}(?!\w)", _amounts(fold(text))) is not None


def words(text: str) -> int:
    """How many words a person counts: "aujourd'hui" and "rendez-vous" are one, a lone dash is none."""
    return sum(1 for word in text.split() if any(c.isalnum() for c in word))


def _amounts(text: str) -> str:
    """Amounts in one spelling: "3,25 €", "3.25€" and "3,25 euros" become "3.25 €"."""
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = re.sub(r"(?<=\d)\s*(?:€|eur(?:os?)?\b)", " €", text)
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", text)
    return re.sub(r"\b(\d{1,2})\s*(?:h|heures?)\b\s*(?:00\b)?", r"\1 h", text)
