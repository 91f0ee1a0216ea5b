"""Harmless spellings never cost a candidate anything, and a wrong value never passes for a right one."""

import pytest

from provisioner.text import fold, holds, same, words


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        ("L'été chez nous", "  L’ÉTÉ\u00a0 chez\nnous. "),
        ("« Nos sablés »", "“nos sables”"),
        ("cœur", "COEUR"),
        ("bien-être", "bien–être"),
        ("été", "e\u0301te\u0301"),
        ("pâtisserie", "pâ\u00adtis\u200bserie"),
    ],
)
def test_accents_case_quotes_and_spaces_do_not_count(wanted: str, seen: str) -> None:
    assert same(wanted, seen)


@pytest.mark.parametrize(
    ("wanted", "seen"), [("Nos sablés", "Nos sablés fins"), ("Contact", "Contacts"), ("a b", "ab")]
)
def test_other_words_are_not_the_same(wanted: str, seen: str) -> None:
    assert not same(wanted, seen)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Le prix : 3.25€ la boîte", "3,25 €"),
        ("à 3 € 25", "3,25 €"),
        ("3,25 euros", "3,25 €"),
        ("12,50 € au lieu de 15 €", "12,50 €"),
        ("1\u202f250 €", "1250 €"),
        ("5,00 €", "5 €"),
        ("de 14:00 à 17h30", "14 h"),
        ("de 14:00 à 17h30", "17 h 30"),
        ("au +33 2 61 91 45 12", "02 61 91 45 12"),
        ("02.61.91.45.12.", "02 61 91 45 12"),
        ("12€50", "12,50 €"),
        ("à 12 € 50 au lieu de 15 €", "12,50 €"),
        ("15 € 12 personnes", "15 €"),
        ("de 10 heures à 17 heures 30", "17 h 30"),
        ("de 10 heures à 17 heures 30", "10 h"),
        ("à 9h", "09:00"),
        ("200 grammes", "200 g"),
        ("1,5 kg", "1.5 kilo"),
        ("une remise de 10%", "10 %"),
        ("10 pour cent", "10 %"),
        ("sachet de 250g", "250 g"),
        ("L’ATELIER ouvre", "atelier"),
    ],
)
def test_a_value_is_found_in_each_of_its_spellings(text: str, wanted: str) -> None:
    assert holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("13 €", "3 €"),
        ("12,50 €", "50 €"),
        ("12,50 €", "12 €"),
        ("3,20 €", "3,25 €"),
        ("12,05 €", "12,50 €"),
        ("1 200 €", "200 €"),
        ("200 kg", "200 g"),
        ("120 %", "20 %"),
        ("02 61 91 45 21", "02 61 91 45 12"),
        ("le 115 juin", "15 juin"),
        ("17 h 30", "17 h"),
        ("02 61 91 45 13", "02 61 91 45 12"),
        ("100 %", "10 %"),
        ("250 kg", "250 g"),
        ("les ateliers", "atelier"),
    ],
)
def test_part_of_a_value_or_another_value_is_not_found(text: str, wanted: str) -> None:
    assert not holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("Aujourd'hui, rendez-vous à l’atelier", 4), ("un — deux – trois", 3), ("a\u00a0b\nc", 3)],
)
def test_words_are_counted_as_a_person_counts_them(text: str, count: int) -> None:
    assert words(text) == count


def test_folding_twice_changes_nothing_more() -> None:
    text = "  L’ÉTÉ « chez nous » — œuvre "
    assert fold(fold(text)) == fold(text) == 'l\'ete "chez nous" - oeuvre'
