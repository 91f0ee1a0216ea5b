"""Comparing what people write: accents, case, quotes and spaces never cost a candidate anything."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from provisioner.french import figures

_QUOTES = str.maketrans(
    dict.fromkeys("’‘ʼ′", "'") | dict.fromkeys("“”«»″", '"') | dict.fromkeys("‐‑‒–—−", "-") | {"×": "x"}
)
#: A number with its unit closed up to it, as a word of its own: "250g", but neither "XL250g" nor "12€50".
_CLOSED_UP = re.compile(r"(?<!\w)(\d+(?:[.,]\d+)?)(?=(?:[mck]?g|[mcd]?l|[mck]?m[23]?|€|%)(?!\w))")
#: Characters that hide or reorder what surrounds them, or command a terminal; halves of pairs, which no screen can be sent.
_DECEPTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: How much of a text must be right, of a hundred, for a person to be asked rather than it be called missing.
NEARLY = 85


def fold(text: str) -> str:
    """The text without what doesn't count: case, accents, typographic quotes, runs of white space.

    >>> fold("  L’ÉTÉ « chez nous », 250g  ")
    'l\\'ete "chez nous", 250 g'
    """
    return " ".join(_lines(text))


def _lines(text: str) -> list[str]:
    """The lines of a text that say something, each folded."""
    plain = _CLOSED_UP.sub(r"\1 ", _plain(text))
    return [line for line in (" ".join(raw.split()) for raw in plain.splitlines()) if line]


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_QUOTES))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    plain = plain.replace("œ", "oe").replace("æ", "ae")
    plain = re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", plain)  # soft hyphens and other marks without width
    return re.sub(r'"([^"]*)"', lambda quote: f'"{quote[1].strip()}"', plain)


def same(wanted: str, seen: str) -> bool:
    """Whether two texts say the same to a reader: quotes around and signs at the end don't count, nor spaces before signs."""
    return _bare(wanted) == _bare(seen)


def same_address(wanted: str, seen: str) -> bool:
    """Whether two e-mail addresses are one: of all that is harmless elsewhere, only case is here."""
    return wanted.strip().casefold() == seen.strip().casefold()


def plainly(name: str) -> str:
    """As a reader takes it: a title, its slug and its accents are one."""
    return re.sub(r"[\W_]+", "", fold(name))


def slug_of(title: str) -> str:
    """The identifier that a CMS makes of a title.

    >>> slug_of("Portes ouvertes à l’atelier : le 3 juin")
    'portes-ouvertes-a-latelier-le-3-juin'
    >>> slug_of("Sablés, 250g")
    'sables-250g'
    """
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", re.sub("[./]", "-", _plain(title)))).strip("-")


def nearly_same(wanted: str, seen: str) -> bool:
    """Whether two short texts are a slip apart, for a person to judge: a hyphen, one letter, two in a longer text.

    Another number is no slip.
    """
    wanted, seen = _bare(wanted), _bare(seen)
    if re.findall(r"\d+", wanted) != re.findall(r"\d+", seen):
        return False
    allowed = 2 if len(wanted) >= 8 else 1 if len(wanted) >= 4 else 0
    return OSA.distance(re.sub("[ -]", "", wanted), re.sub("[ -]", "", seen)) <= allowed


def _bare(text: str) -> str:
    text = re.sub(r" (?=[?!:;,.])", "", fold(text))
    return text.strip("\"' ").rstrip("\"' .!?") or text


def holds(text: str, wanted: str) -> bool:
    """Whether `wanted` stands in the text as words of its own: "3 €" does not stand in "13 €".

    Each of these has many harmless spellings: amounts, hours, telephone numbers, percentages, units. Where
    figures may or may not belong together ("17 h" above "30 places"), it must stand there either way.
    """
    wanted = figures.spelled_once(fold(wanted))
    return all(_stands(reading, wanted) for reading in _readings(text))


def may_hold(text: str, wanted: str) -> bool:
    """Whether it stands there in one way at least to take the figures together: a person has to say."""
    wanted = figures.spelled_once(fold(wanted))
    return any(_stands(reading, wanted) for reading in _readings(text))


def nearly_holds(text: str, wanted: str) -> bool:
    """Whether a person has to say if `wanted` stands in a text that doesn't hold it: written otherwise, or a slip.

    Another value is no slip: of "12,50 €", "12,05 €" is plainly not it, and "douze euros cinquante" may be.
    """
    if may_hold(text, wanted):
        return True
    readings = [tuple(map(figures.written_out, reading)) for reading in _readings(text)]
    whole, wanted = " ".join(readings[0]), figures.written_out(fold(wanted))
    spelled = figures.spelled_once(wanted)
    if any(_stands(reading, spelled) for reading in readings):
        return True
    parts = dict.fromkeys(part for reading in readings for part in reading)
    if any(c.isdigit() for c in wanted):
        return _says_the_values(whole, parts, spelled)
    counted = figures.in_figures(wanted)
    return _nearly_in(wanted, whole) or (counted != wanted and _says_the_values(whole, parts, counted))


def _readings(text: str) -> list[tuple[str, ...]]:
    """Each way to take the figures together, as the parts that are read for themselves.

    Cells and lines are each for themselves, but an amount may also be broken: "12 €" above "50".
    """
    lines = tuple(_lines(text))
    joined = (" ".join(lines),)
    return list(dict.fromkeys([lines, joined, tuple(map(figures.counted, lines)), tuple(map(figures.counted, joined))]))


def _stands(parts: Sequence[str], wanted: str) -> bool:
    """Whether it stands in the parts, whose figures are spelled once each for itself."""
    return any(
        figures.stands(" ".join(figures.spelled_once(how(part)) for part in parts), wanted)
        for how in (str, figures.closed_up)
    )


def _says_the_values(text: str, parts: Iterable[str], wanted: str) -> bool:
    readings, values = "\n".join(map(figures.perhaps, parts)), figures.values_of(wanted)
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


def without_deceit(text: str) -> str:
    """What a candidate wrote, as a page or a terminal may show it: what hides or commands is named, as [U+202E]."""
    return _DECEPTIVE.sub(lambda match: f"[U+{ord(match[0]):04X}]", text.replace("\r\n", "\n"))


def word_count(text: str) -> int:
    """How many words a person counts: "aujourd'hui" and "rendez-vous" are one, a lone dash is none."""
    return sum(1 for word in re.split(r"\s+|—|--", text) if any(c.isalnum() for c in word))


def shortened(text: str, most: int = 300) -> str:
    """A text on one line, cut at a word where it has more characters, with the sign of an omission.

    >>> shortened("Bon de commande des comités d’entreprise", 20), shortened("Bon de commande", 20)
    ('Bon de commande des […]', 'Bon de commande')
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most + 1].rsplit(' ', 1)[0][:most]} […]"


def numbered(count: int, noun: str, nouns: str = "") -> str:
    """A count and its noun, in the plural from 2 on; `nouns` where the plural isn't the noun and an "s".

    >>> numbered(1, "déclinaison"), numbered(3, "déclinaison"), numbered(2, "canal", "canaux")
    ('1 déclinaison', '3 déclinaisons', '2 canaux')
    """
    return f"{count} {noun if abs(count) < 2 else nouns or f'{noun}s'}"


def quoted(texts: Iterable[str]) -> str:
    """Names as a French sentence lists them.

    >>> quoted(["un", "deux"])
    '« un », « deux »'
    """
    return ", ".join(f"« {text} »" for text in texts)
