"""The names of months and days, which texts are compared by and pages show."""

from provisioner.french.calendar import FOLDED_MONTHS, MONTHS, WEEK
from provisioner.french.text import fold


def test_months_and_days_are_those_of_french_texts() -> None:
    assert MONTHS[:2] + MONTHS[7:8] + MONTHS[11:] == ("janvier", "février", "août", "décembre")
    assert len(MONTHS) == 12
    assert WEEK == ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def test_folded_months_are_as_texts_are_folded() -> None:
    assert tuple(map(fold, MONTHS)) == FOLDED_MONTHS
