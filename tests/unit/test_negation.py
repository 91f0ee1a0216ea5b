"""Which sentences may deny what they hold."""

import pytest

from provisioner.french.negation import _around, denied, reserved


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Nous ne serons pas ouverts le 12 mai.", "12 mai"),
        ("Le 12 mai, nous ne serons malheureusement pas ouverts.", "12 mai"),
        ("Il n’y a plus de livraison gratuite.", "livraison gratuite"),
        ("Désormais, plus de livraison gratuite.", "livraison gratuite"),
        ("Tous les jours, sauf le samedi 12 décembre.", "samedi 12 décembre"),
        ("Le marché du samedi 12 décembre est annulé.", "samedi 12 décembre"),
        ("Nous serons fermés le 12 mai.", "12 mai"),
        ("Le coffret coûte plus de 12,50 €.", "12,50 €"),
        ("Les palets sont livrés sans emballage recyclable.", "emballage recyclable"),
        ("Nous ne serons pas présents :\nle samedi 12 décembre\nle dimanche 13 décembre", "dimanche 13 décembre"),
        ("Rendez-vous le 12 mai. Attention, nous ne viendrons pas le 12 mai.", "12 mai"),
        ("Le coffret est à 13,90 € au lieu de 12,50 €.", "12,50 €"),
        ("Venez à 15 h plutôt qu’à 14 h.", "14 h"),
        ("Le marché du 12 mai est repoussé au 19 mai.", "12 mai"),
        ("Le marché du 12 mai est décalé au 19 mai.", "12 mai"),
        ("Le marché du 12 mai est déplacé au 19 mai.", "12 mai"),
        ("Le marché du 12 mai est avancé au 10 mai.", "12 mai"),
        ("Initialement prévu le 12 mai, le marché a lieu le 19 mai.", "12 mai"),
        ("Le prix passe de 12,50 € à 13,90 €.", "12,50 €"),
        ("Impossible de venir le 12 mai.", "12 mai"),
        ("Il est faux que nous ouvrons le 12 mai.", "12 mai"),
        ("Aucun marché n’a lieu le 12 mai.", "12 mai"),
        ("Rien n’a lieu le 12 mai.", "12 mai"),
        ("Fermé le dimanche 12 mai.", "12 mai"),
        ("Fermé le lundi et le 12 mai.", "12 mai"),
        ("Fermé le dimanche.", "dimanche"),
        ("Fermé le samedi (12 mai).", "12 mai"),
        ("Fermé le dimanche et les jours fériés, dont le 8 mai.", "8 mai"),
        ("La boutique sera fermée à 9 h le 12 mai.", "12 mai"),
        (f"Rendez-vous le 12 mai, {'et encore ' * 100} nous ne serons pas ouverts le 12 mai.", "12 mai"),
    ],
)
def test_a_sentence_that_may_deny_what_it_holds_is_quoted(text: str, wanted: str) -> None:
    assert denied(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Retrouvez-nous le samedi 12 décembre à 14 h.", "samedi 12 décembre"),
        ("Ne manquez pas notre stand, le samedi 12 décembre !", "samedi 12 décembre"),
        ("N’hésitez pas à nous appeler au 02 61 91 45 12.", "02 61 91 45 12"),
        ("Venez le 12 mai. Le 13 mai, nous ne serons pas là.", "12 mai"),
        ("Goûtez nos palets sans huile de palme.", "sans huile de palme"),
        ("Nos sablés sont au beurre. Ces sablés ne contiennent pas de colorant.", "sablés"),
        ("Sans colorant ni conservateur, nos palets sont en vente le 12 mai.", "12 mai"),
        ("Le sac de farine complète coûte 12,50 €.", "12,50 €"),
        ("Le lait vient de la ferme de Kerlaouen, à Quimper, depuis le 12 mai.", "12 mai"),
        ("Plus légères, les galettes coûtent 4,20 €.", "4,20 €"),
        ("Rien de tel ici.", "12 mai"),
        ("Le coffret est à 12,50 € au lieu de 13,90 €.", "12,50 €"),
        ("Le prix passe de 12,50 € à 13,90 €.", "13,90 €"),
        ("Un mot de passe de 12 caractères.", "12 caractères"),
        ("Merci d’avance de venir le 12 mai.", "12 mai"),
        ("Le camion se déplace le 12 mai.", "12 mai"),
        ("La boutique ouvre à 9 h et ferme à 19 h.", "19 h"),
        ("Du mardi au samedi 9 h – 19 h, fermé le dimanche", "9 h – 19 h"),
        ("9 h – 19 h, fermé le dimanche et le lundi, tous les mois", "9 h – 19 h"),
        ("À ne pas manquer : samedi 12 décembre à 14 h.", "samedi 12 décembre"),
        ("À ne pas manquer :\nsamedi 12 décembre\ndimanche 13 décembre", "dimanche 13 décembre"),
        ("À ne pas rater, le 12 mai.", "12 mai"),
        ("À ne surtout pas manquer : le 12 mai.", "12 mai"),
        ("Pour ne rien manquer, venez le 12 mai.", "12 mai"),
        ("Nous serons dans le Pas-de-Calais le 12 mai.", "12 mai"),
        ("Venez dans notre ferme le 12 mai.", "12 mai"),
        ("Pourquoi ne pas venir le 12 mai ?", "12 mai"),
    ],
)
def test_a_plain_sentence_is_no_denial(text: str, wanted: str) -> None:
    assert denied(text, wanted) == ""


def test_a_sentence_is_read_around_the_wanted_words_only() -> None:
    endless = "12 mai " + "ne " * 170_000
    assert sum(map(len, _around(endless, "12 mai"))) < 1000
    assert denied(endless, "12 mai") == ""
    assert denied("12 mai " + "ne pas " * 70_000, "12 mai")
    assert denied("12 mai ne " * 5_000, "12 mai") == ""  # it is all around
    assert denied("12,50€ " + "ne " * 17_000, "12,50 €") == ""  # spelled otherwise
    assert reserved("12 mai " + "ne " * 170_000, ["12 mai"]) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nous refusons de livrer dans un autre relais.", True),
        ("Malheureusement, la livraison dans un autre relais est annoncée.", True),
        ("Aucun souci, nous livrons dans un autre relais.", False),
        ("Nous regrettons ce retard. Nous livrons dans un autre relais.", False),
    ],
)
def test_a_message_may_refuse_what_it_names(text: str, expected: bool) -> None:
    assert bool(denied(text, "un autre relais", message=True)) is expected
    assert denied(text, "un autre relais") == ""


def test_a_long_sentence_is_quoted_as_far_as_it_is_readable() -> None:
    said = denied(f"Nous ne serons pas ouverts le 12 mai {'et encore ' * 60}.", "12 mai")
    assert said.endswith(" …")
    assert len(said) < 210


@pytest.mark.parametrize(
    "said",
    [
        "Nous ne serons pas là dimanche, ni à 18 h.",
        "Dimanche à 18 h ? Je me renseigne.",
        "Le salon est fermé. Nous pensions venir dimanche à 18 h.",
        "Nous venons samedi à 18 h ; dimanche, l’équipe se retrouve.",
        "Dimanche à 18 h, mais sans moi.",
    ],
)
def test_one_sentence_of_a_message_may_take_back_another(said: str) -> None:
    assert reserved(said, ["dimanche", "18 h"])


@pytest.mark.parametrize(
    ("said", "elements"),
    [
        ("Oui, dimanche dès 18 h. N’hésitez pas à venir !", ["dimanche", "18 h"]),
        ("Bonjour, merci de votre message. Rendez-vous dimanche à 18 h !", ["dimanche", "18 h"]),
        ("Oui, dimanche à 18 h. N’hésitez pas à nous écrire si vous avez d’autres questions.", ["dimanche", "18 h"]),
        ("Ils ne contiennent pas de gluten.", ["ne contiennent pas de gluten"]),
    ],
)
def test_a_plain_message_reserves_nothing(said: str, elements: list[str]) -> None:
    assert reserved(said, elements) == []
