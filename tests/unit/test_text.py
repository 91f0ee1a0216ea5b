"""Harmless spellings never cost a candidate anything, and a wrong value never passes for a right one."""

import pytest

from provisioner.french.text import (
    fold,
    holds,
    may_hold,
    nearly_holds,
    nearly_same,
    quoted,
    same,
    same_address,
    shortened,
    slug_of,
    word_count,
)


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        ("L'été chez nous", "  L’ÉTÉ\u00a0 chez\nnous. "),
        ("« Nos sablés »", "“nos sables”"),
        ("cœur", "COEUR"),
        ("bien-être", "bien–être"),
        ("été", "e\u0301te\u0301"),
        ("pâtisserie", "pâ\u00adtis\u200bserie"),
        ("Qui sommes-nous ?", "Qui sommes-nous?"),
        ("Qui sommes-nous ?", "Qui sommes-nous"),
        ("Nos sablés", "« Nos sablés »"),
        ("Nos sablés", "Nos sablés…"),
        ("Nouveau : les sablés", "Nouveau: les sablés !"),
        ("250 g", "250g"),
        ("Sachet de 1,5 kg", "Sachet de 1,5KG"),
        ("Flacon 25 cl (10 %)", "Flacon 25cl (10%)"),
        ("Nappe de 2 m²", "Nappe de 2m²"),
    ],
)
def test_accents_case_quotes_and_spaces_do_not_count(wanted: str, seen: str) -> None:
    assert same(wanted, seen)


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        ("Nos sablés", "Nos sablés fins"),
        ("Contact", "Contacts"),
        ("a b", "ab"),
        ("?", "!"),
        ("25 g", "250g"),
        ("250 g", "250kg"),
        ("XL250 g", "XL250g"),
        ("Moule 24 B", "Moule 24B"),
    ],
)
def test_other_words_are_not_the_same(wanted: str, seen: str) -> None:
    assert not same(wanted, seen)


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        ("Qui sommes-nous ?", "Qui sommes nous"),
        ("Contact", "Contacts"),
        ("Accueil", "Acceuil"),
        ("Nos boutiques", "Nos boutqiue"),
    ],
)
def test_a_title_a_slip_away_is_a_persons_to_judge(wanted: str, seen: str) -> None:
    assert not same(wanted, seen)
    assert nearly_same(wanted, seen)


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [("Contact", "Accueil"), ("Nos produits", "Nos boutiques"), ("Été 2024", "Été 2025"), ("Thé", "Blé"), ("A", "B")],
)
def test_another_title_is_no_slip(wanted: str, seen: str) -> None:
    assert not nearly_same(wanted, seen)


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
        ("de 10 à 17 h 30", "10 h"),
        ("de 10 à 17 h 30", "17 h 30"),
        ("de 10 h à 17 h 30", "de 10 à 17 h 30"),
        ("ouvert 10-17h30", "10 h"),
        ("ouvert 10 – 17h30", "17 h 30"),
        ("9 h 30 – 12 h 30", "9 h 30"),
        ("entre 10 et 17 heures", "10 h"),
        ("jusqu’à 17h30mn", "17 h 30"),
        ("jusqu’à 17h30min.", "17 h 30"),
        ("le 15/06", "15 juin"),
        ("le 15/06/2024, dès 10 h", "15 juin 2024"),
        ("le 15.6.24", "15 juin 2024"),
        ("le 2024-06-15", "15 juin"),
        ("le 15 juin", "15/06"),
        ("le 1er juin", "1 juin"),
        ("le 05 juin", "5 juin"),
        ("samedi 12 déc.", "samedi 12 décembre"),
        ("entrée : €12,50", "12,50 €"),
        ("entrée : € 12.50.", "12,50 €"),
        ("EUR 12.50", "12,50 €"),
        ("12 euros et 50 centimes", "12,50 €"),
        ("à 1.250 €", "1 250 €"),
        ("au (+33)2 61 91 45 12", "02 61 91 45 12"),
        ("au (+33) 2 61 91 45 12", "02 61 91 45 12"),
        ("au 0033 2 61 91 45 12", "02 61 91 45 12"),
        ("au +33 (0)2 61 91 45 12", "02 61 91 45 12"),
        ("02/61/91/45/12", "02 61 91 45 12"),
        ("35, rue de la Gare", "35 rue de la Gare"),
        ("samedi, dimanche", "dimanche"),
        ("samedi,dimanche", "dimanche"),
        ("jusqu’à 18 heures et demie", "18 h 30"),
        ("jusqu’à 18 heures trente", "18 h 30"),
        ("à 18h et demi, sur place", "18 h 30"),
        ("à 18 h 1/2", "18 h 30"),
        ("à 18 heures trente précises", "18 h 30"),
        ("à 18 h et quart", "18 h 15"),
        ("à 18 h moins le quart", "17 h 45"),
        ("à 18 heures moins dix", "17 h 50"),
        ("à 18 heures trente artisans vous attendent", "18 h"),
        ("dès 18 h, cinq ateliers", "18 h"),
        ("jusqu’à 18hr", "18 h"),
        ("jusqu’à 18 hs.", "18 h"),
        ("jusqu’à 18 hrs 30", "18 h 30"),
        ("l’entrée à 12, 50 €", "12,50 €"),
        ("l’entrée à 12 ,50 euros", "12,50 €"),
        ("samedi 15-juin", "samedi 15 juin"),
        ("le 15-juin-2024", "15 juin 2024"),
        ("le 12-déc.", "12 décembre"),
        ("à 15, 20 €", "20 €"),
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
        ("le 14 juin", "15 juin"),
        ("le 15 juillet", "15 juin"),
        ("le 14/06", "15 juin"),
        ("le 06/15", "15 juin"),
        ("le 15 juin 2023", "15 juin 2024"),
        ("le 15 à 17 h", "15 h"),
        ("samedi 15-17 h", "15 h"),
        ("de 15 €, 12 € pour deux", "15,12 €"),
        ("02.61.91.45.12", "2 juin"),
        ("jusqu’à 18 heures et demie", "18 h"),
        ("jusqu’à 18 heures trente", "18 h"),
        ("jusqu’à 18 h et quart", "18 h"),
        ("jusqu’à 18 h moins le quart", "18 h"),
        ("jusqu’à 18hr30", "18 h"),
        ("18hsx", "18 h"),
        ("10, 12, 50 €", "12,50 €"),
        ("12, 05 €", "12,50 €"),
        ("12, 50 places", "12,50 €"),
        ("le 15-juin-2023", "15 juin 2024"),
    ],
)
def test_part_of_a_value_or_another_value_is_not_found(text: str, wanted: str) -> None:
    assert not holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("jusqu’à dix-sept heures trente", "17 h 30"),
        ("jusqu’à dix-sept heures et demie", "17 h 30"),
        ("à midi et demi", "12 h 30"),
        ("35 ch. de la Palud", "35 chemin de la Palud"),
        ("ch. de la Palud", "chemin de la Palud"),
        ("chemin-de-la-Palud", "chemin de la Palud"),
        ("12 av. Foch", "12 avenue Foch"),
        ("12 bd Foch", "12 boulevard Foch"),
        ("dim. 18h", "dimanche 18 h"),
        ("ouvert sam. et dim.", "samedi"),
        ("sam 15 juin", "samedi 15 juin"),
        ("jusqu’à cinq heures et demie de l’après-midi", "17 h 30"),
        ("jusqu’à 17.30", "17 h 30"),
        ("de 10 h à 17", "17 h"),
        ("à 10 et 14 h", "10 h"),
        ("à midi", "12 h"),
        ("dès 10h - 14h30 ou 17", "14 h 30 ou 17 h"),
        ("samedi 15 et dimanche 16 juin", "15 juin"),
        ("les 15-16 juin", "15 juin"),
        ("de 8 à 12 €", "8 €"),
        ("tarif en euros : 15", "15 €"),
        ("le quinze juin", "15 juin"),
        ("le premier juin", "1er juin"),
        ("le 15-06", "15 juin"),
        ("le samedi 15 juin", "15 juin 2024"),
        ("le 12 décembre", "samedi 12 décembre"),
        ("de 14 h à 18 h, le 12 décembre", "12 décembre, de 14 h à 18 h"),
        ("tarif (€) : 12,50", "12,50 €"),
        ("douze euros cinquante", "12,50 €"),
        ("12,50 € l’entrée", "12,50 € par personne"),
        ("02 619.145 12", "02 61 91 45 12"),
        ("pour les 7 à 11ans", "7 à 11 ans"),
        ("pour les 7/11 ans", "7 à 11 ans"),
        ("pour les 7-11 ans", "7 à 11 ans"),
        ("nos trois boutiques", "3 boutiques"),
        ("nos 3 boutiques", "trois boutiques"),
        ("35 rue de la Garre", "35 rue de la Gare"),
        ("quatre-vingt-dix-neuf personnes", "99 personnes"),
        ("cent quatre-vingts vendeurs", "180 vendeurs"),
        ("deux cent quatre-vingt-dix euros", "290 €"),
        ("deux mille vingt-quatre visiteurs", "2024 visiteurs"),
        ("chemin de la Palude", "chemin de la Palud"),
        ("cehmin de la Palud", "chemin de la Palud"),
        ("les ateliers", "atelier"),
    ],
)
def test_what_may_only_be_written_otherwise_is_a_persons_to_judge(text: str, wanted: str) -> None:
    assert not holds(text, wanted)
    assert nearly_holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("le 14 juin", "15 juin"),
        ("le 51 juin", "15 juin"),
        ("le 15 juillet", "15 juin"),
        ("le 15/07", "15 juin"),
        ("le quatorze juin, dans nos quinze boutiques", "15 juin"),
        ("le 15 juin 2023", "15 juin 2024"),
        ("le 11 décembre", "samedi 12 décembre"),
        ("jusqu’à 17 h", "17 h 30"),
        ("jusqu’à dix-sept heures", "17 h 30"),
        ("de 10 à 17 h", "17 h 30"),
        ("5 h 30", "17 h 30"),
        ("du 14 au 16 juin", "15 juin"),
        ("10 €, le 15 juin", "15 €"),
        ("12,05 €", "12,50 €"),
        ("12 €", "12,50 €"),
        ("deux euros cinquante", "12,50 €"),
        ("02 61 91 45 21", "02 61 91 45 12"),
        ("nos deux boutiques", "3 boutiques"),
        ("3 recettes", "3 boutiques"),
        ("53 rue de la Gare", "35 rue de la Gare"),
        ("rue du Port", "chemin de la Palud"),
        ("samedi", "dimanche"),
        ("sam.", "dimanche"),
        ("12 av. Foch", "12 boulevard Foch"),
        ("jusqu’à 18 heures et demie", "18 h"),
        ("jusqu’à dix-huit heures et demie", "18 h"),
        ("jusqu’à 18 heures trente", "18 h"),
        ("jusqu’à dix-huit heures trente", "18 h"),
        ("jusqu’à 18 h et quart", "18 h"),
        ("jusqu’à 18 h moins le quart", "18 h"),
        ("jusqu’à 18 h moins dix", "18 h"),
        ("12, 05 €", "12,50 €"),
        ("pour les 7 à 12ans", "7 à 11 ans"),
        ("pour les 11/12 ans", "7 à 11 ans"),
        ("a", "un four"),
        ("", "15 juin"),
        ("", "atelier"),
    ],
)
def test_another_value_and_what_is_absent_is_no_slip(text: str, wanted: str) -> None:
    assert not nearly_holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10 h\n17 h 30", "10 h"),
        ("10 h\n17 h 30", "17 h 30"),
        ("Horaires : 10 h 17 h 30", "10 h"),
        ("Horaires : 10 h 17:30", "17 h 30"),
        ("15 €\n12,50 €", "12,50 €"),
        ("15 € 12,50 € ce jour-là", "12,50 €"),
        ("15 euros 12,50 euros", "12,50 €"),
        ("15€ 12,50€", "15 €"),
        ("15 € 12 €", "15 €"),
        ("15 € 10 %", "15 €"),
        ("jusqu’à 18 h\n15 % de remise", "18 h"),
        ("à 10 h 15 juin", "15 juin"),
        ("12 euros 50 la place", "12,50 €"),
        ("12 € 50 chacun", "12,50 €"),
        ("à 17 h 30 sans rendez-vous", "17 h 30"),
        ("jusqu’à 17h30 exposants et visiteurs", "17 h 30"),
        ("le 15\njuin", "15 juin"),
        ("le 15 juin2026", "15 juin 2026"),
        ("en 2024 250 personnes", "250 personnes"),
    ],
)
def test_complete_figures_beside_each_other_stay_apart(text: str, wanted: str) -> None:
    assert holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("17 h\n30 places", "17 h 30"),
        ("17 h\n30 places", "17 h"),
        ("12 €\n50", "12,50 €"),
        ("12 €\n50", "12 €"),
        ("10 h\n12 personnes", "10 h"),
        ("jusqu’à 18 h\n30 rue du Port", "18 h"),
        ("à 18 h 30 rue du Port", "18 h 30"),
        ("ouvert jusqu’à 17 h 30 exposants vous attendent", "17 h 30"),
        ("ouvert jusqu’à 17 h 30 exposants vous attendent", "17 h"),
        ("02\n61\n91\n45\n12", "02 61 91 45 12"),
    ],
)
def test_figures_that_may_belong_together_are_a_persons_to_judge(text: str, wanted: str) -> None:
    assert not holds(text, wanted)
    assert may_hold(text, wanted)
    assert nearly_holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("le 15e juin", "15 juin"),
        ("le 15 ème juin", "15 juin"),
        ("ouvert à 10 h.17 h 30 pour les groupes", "17 h 30"),
        ("12 € 50 les deux", "12,50 €"),
    ],
)
def test_a_figure_that_is_written_strangely_is_a_persons_to_judge(text: str, wanted: str) -> None:
    assert nearly_holds(text, wanted)


def test_lines_and_cells_make_no_value_that_nobody_wrote() -> None:
    for text, wanted in (("15 €\n12,50 €", "15,12 €"), ("10 h\n17 h 30", "10 h 17"), ("17 h 30\n45 places", "17 h 45")):
        assert not nearly_holds(text, wanted)


def test_an_e_mail_address_is_exact_but_for_case() -> None:
    assert same_address("Ines@courriel.test", "ines@COURRIEL.test ")
    for other in ("inès@courriel.test", "ines@courriel.test.", "i-nes@courriel.test", "ine@courriel.test"):
        assert not same_address("ines@courriel.test", other)


def test_the_identifier_of_a_title_is_the_one_that_a_cms_makes() -> None:
    assert slug_of("Portes ouvertes à l’atelier : le 3 juin !") == "portes-ouvertes-a-latelier-le-3-juin"
    assert slug_of("Sablés – nos cœurs/nature") == "sables-nos-coeurs-nature"


def test_names_are_quoted_as_french_does() -> None:
    assert quoted(["un", "deux"]) == "« un », « deux »"


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("Aujourd'hui, rendez-vous à l’atelier", 4), ("un — deux – trois", 3), ("a\u00a0b\nc", 3)],
)
def test_words_are_counted_as_a_person_counts_them(text: str, count: int) -> None:
    assert word_count(text) == count


def test_folding_twice_changes_nothing_more() -> None:
    text = "  L’ÉTÉ « chez nous » — œuvre "
    assert fold(fold(text)) == fold(text) == 'l\'ete "chez nous" - oeuvre'


def test_a_quotation_mark_that_nothing_closes_is_folded_at_once() -> None:
    assert fold('"' + " " * 100_000 + "oui") == '" oui'


@pytest.mark.parametrize("most", range(1, 30))
def test_a_text_that_is_cut_says_so(most: int) -> None:
    whole = "Bon de commande des comités"
    said = shortened("Bon de commande\ndes comités", most)
    assert (said == whole) is (most >= len(whole))
    assert said == whole or (said.endswith(" […]") and whole.startswith(said[:-4]) and len(said) <= most + 4)
