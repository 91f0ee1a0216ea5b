"""Days and times of the day as people and spreadsheets write them."""

import re
from datetime import date, time, timedelta

from provisioner.french.calendar import FOLDED_MONTHS, MONTHS, WEEK
from provisioner.french.text import fold

_EXCEL_EPOCH = date(1899, 12, 30)


def day(written: str) -> date | None:
    """A day as people write it; None where it can't be read."""
    text = re.sub(rf"^({'|'.join(WEEK)})\s+", "", fold(written))
    text = re.sub(r"[ t]0?0[:h]00(:00)?$", "", text)
    if found := re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})", text):
        return _made(_year(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if (found := re.fullmatch(r"(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4}|\d{2})", text)) and (month := _month(found[2])):
        return _made(_year(found[3]), month, int(found[1]))
    if re.fullmatch(r"[45]\d{4}", text):  # a spreadsheet's own number for a day
        return _EXCEL_EPOCH + timedelta(days=int(text))
    return None


def written_day(day: date) -> str:
    """A day as French readers write it.

    >>> written_day(date(2026, 12, 1)), written_day(date(2026, 12, 12))
    ('1er décembre 2026', '12 décembre 2026')
    """
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def _month(word: str) -> int:
    found = [
        number
        for number, name in enumerate(FOLDED_MONTHS, 1)
        if name == word or (len(word) >= 3 and name.startswith(word))
    ]
    return found[0] if len(found) == 1 else 0


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def hour_of(written: str) -> time | None:
    """A time of the day as people write it; None where it can't be read."""
    text = fold(written)
    found = re.fullmatch(
        r"(?:.*\d{4}[- ]\d\d[- ]\d\d )?(\d{1,2})\s*(?:h(?:eures?)?|:)\s*(\d{2})?(?::\d{2})?(?:\s*(?:min|mn))?", text
    )
    if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
        return time(int(found[1]), int(found[2] or 0))
    if re.fullmatch(r"0[.,]\d+", text):  # a spreadsheet's own part of a day
        minutes = round(float(text.replace(",", ".")) * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    return None
