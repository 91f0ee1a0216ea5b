"""Which sentences hold words without saying them."""

import pytest

from checks.prestashop.bloc_texte import TextBlock
from checks.prestashop.carrousel import CarouselSlide
from checks.prestashop.messages import PredefinedMessage, ThreadAnswered
from checks.prestashop.reading.wording import denials, wording
from checks.prestashop.reassurance import ReassuranceBlock
from provisioner.french.reported import not_said
from provisioner.subject.check import Verdict

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, vous demandez un cracker sans sésame. C’est noté.",
        "Bonjour, vous nous demandez des crackers sans sésame.",
        "Votre question sur un cracker sans sésame est transmise.",
        "Nous en aurons de nouveau si vous les préférez sans sésame.",
        "Des crackers sans sésame ? Nous n’en savons rien.",
        "Ce cracker est sans sésame. Mais il est fait à côté d’autres.",
        "Malgré vos souhaits, mangez-en au lieu de crackers sans sésame.",
    ],
)
def test_words_that_are_asked_repeated_or_taken_back_are_quoted(text: str) -> None:
    assert not_said(text, "sans sésame")


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, ce cracker est sans sésame. N’hésitez pas à nous écrire.",
        "Bonjour, voici nos crackers sans sésame, s’il vous plaît goûtez-les.",
        "Bonjour, merci de votre message. sans sésame : c’est noté. Le service client",
        "Rien de tel ici.",
    ],
)
def test_words_that_are_plainly_said_are_not(text: str) -> None:
    assert not_said(text, "sans sésame") == ""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Livraison offerte dès 45 €.", MET),
        ("La livraison n’est pas offerte. Livraison offerte dès 45 € : c’est fini, désormais.", MET),
        ("Pas de livraison offerte dès 45 €.", TO_JUDGE),
        ("Vous souhaitez une livraison offerte dès 45 € ?", TO_JUDGE),
        ("Livraison oferte dès 45 €.", TO_JUDGE),
        ("Livraison offerte.", NOT_MET),
        ("", NOT_MET),
    ],
)
def test_a_text_says_what_is_asked_or_a_person_reads_it(text: str, verdict: Verdict) -> None:
    assert wording(text, ("livraison offerte", "dès 45 €")).verdict is verdict


def test_a_sentence_that_may_deny_several_elements_is_quoted_once_as_it_stands() -> None:
    asked = ("livraison offerte", "dès 45 €")
    said = wording("Bonjour.\nCe n’est pas vrai : Livraison offerte  dès 45 €. À bientôt !", asked)
    whole = "Ce n’est pas vrai : Livraison offerte dès 45 €."
    assert said.unclear == (whole,)
    assert said.remark == f" À lire, ce qui peut dire autre chose : « {whole} »."
    assert denials("Nous n’avons ni livraison offerte ni colis suivi.", ("livraison offerte", "colis suivi")) == [
        "Nous n’avons ni livraison offerte ni colis suivi."
    ]


def test_a_long_sentence_is_quoted_as_it_stands_up_to_where_it_is_cut() -> None:
    text = "Nous ne proposons pas de colis suivi ni de livraison offerte " + "aux professionnels " * 20
    said = wording(text, ("livraison offerte", "colis suivi"))
    [quoted] = said.unclear
    assert quoted.startswith("Nous ne proposons pas de colis suivi ni de livraison offerte aux")
    assert quoted.endswith(" …")


def test_what_a_text_was_not_to_say_is_quoted_and_never_decides_alone() -> None:
    said = wording("Votre colis part demain. Le remboursement est exclu.", ("demain",), ("remboursement",))
    assert said.verdict is TO_JUDGE
    assert said.remark == " À lire, ce qui n’était pas à dire : « Le remboursement est exclu. »."
    assert wording("Votre colis part demain.", ("demain",), ("remboursement",)).verdict is MET
    assert wording("Le remboursement suit.", ("demain",), ("remboursement",)).verdict is NOT_MET


def test_what_the_examples_of_the_checks_write_is_plainly_said() -> None:
    written: list[ThreadAnswered | TextBlock] = [*ThreadAnswered.examples(), *TextBlock.examples()]
    for check in written:
        assert wording(check._text(), check.elements).verdict is MET, check
    for one in PredefinedMessage.examples():
        said = f"Bonjour, {', '.join(one.elements)}. La Biscuiterie des Trois Ajoncs"
        assert wording(said, one.elements).verdict is MET, one
    for slide in CarouselSlide.examples():
        assert wording(" ".join(("Pensez-y :", *slide.elements)), slide.elements).verdict is MET, slide
    for block in ReassuranceBlock.examples():
        assert wording(f"Sous {', '.join(block.elements)}.", block.elements).verdict is MET, block
        denied = f"Nous ne reprenons rien sous {', '.join(block.elements)}."
        assert wording(denied, block.elements).verdict is TO_JUDGE, block


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("Aucun de nos crackers n’est sans sésame.", "sans sésame"),
        ("Rien n’est sans sésame chez nous.", "sans sésame"),
        ("Il est impossible de vous garantir un cracker sans sésame.", "sans sésame"),
        ("C’est faux de dire que ce cracker est sans sésame.", "sans sésame"),
        ("Malheureusement, la livraison dans un autre relais est impossible.", "un autre relais"),
        ("Nous refusons de livrer dans un autre relais.", "un autre relais"),
    ],
)
def test_a_reply_that_says_the_opposite_is_for_a_person_to_read(text: str, element: str) -> None:
    assert wording(text, [element]).verdict is TO_JUDGE
    assert text in wording(text, [element]).remark
