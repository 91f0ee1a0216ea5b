"""The names of months and days, as Unicode's data has them for French."""

import unicodedata

from babel import Locale

_FRENCH = Locale("fr")


def _folded(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


#: "janvier" to "décembre".
MONTHS: tuple[str, ...] = tuple(_FRENCH.months["format"]["wide"][number] for number in range(1, 13))
#: The same as `text.fold` leaves them: "fevrier", "aout", "decembre".
FOLDED_MONTHS: tuple[str, ...] = tuple(map(_folded, MONTHS))
#: "lundi" to "dimanche".
WEEK: tuple[str, ...] = tuple(_FRENCH.days["format"]["wide"][number] for number in range(7))
