"""Customer service: which messages of a thread are an answer to what the customer wrote."""

from dataclasses import replace
from unittest.mock import MagicMock

import pytest

from checks.prestashop import messages
from checks.prestashop.messages import PredefinedMessage, ThreadAnswered
from checks.prestashop.reading import seeded
from checks.prestashop.reading.customer_threads import Thread, _thread
from provisioner.subject.check import Verdict
from tests.unit.samples import COMPANY

pytestmark = pytest.mark.usefixtures("right_screens")

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE

SIGNATURE = "Bonjour,\n\nBien cordialement,\nLe service client"
#: As the page of the thread shows it: each line that is broken is broken once more.
SENT_AS_IT_IS = ("ours", SIGNATURE.replace("\n", "\n\n"))
QUESTION, MORE = ("theirs", "Jusqu’à quelle date ?"), ("theirs", "Prévoyez une version sans amandes.")
COLLEAGUE, ANSWER, NOTE = ("ours", "Quatre semaines."), ("ours", "C’est noté."), ("notes", "Peux-tu répondre ?")


def thread(*said: tuple[str, str], signature: str = SIGNATURE) -> Thread:
    return _thread("http://x/1", {"said": [list(one) for one in said], "signature": signature, "status": "traité"})


@pytest.mark.parametrize(
    ("read", "verdict"),
    [
        (thread(QUESTION), NOT_MET),
        (thread(QUESTION, ANSWER), MET),
        (thread(QUESTION, COLLEAGUE, MORE), NOT_MET),
        (thread(QUESTION, COLLEAGUE, MORE, NOTE), NOT_MET),
        (thread(QUESTION, COLLEAGUE, MORE, ANSWER), MET),
        (thread(QUESTION, SENT_AS_IT_IS), NOT_MET),
        (thread(QUESTION, SENT_AS_IT_IS, ANSWER), MET),
        (thread(QUESTION, ("ours", SIGNATURE.replace(",\n\n", ",\nc’est noté.\n"))), MET),
        (thread(QUESTION, ANSWER, signature=""), MET),
        (thread(QUESTION, ("ours", SIGNATURE.replace("Bonjour", "Bonjour Valérie"))), TO_JUDGE),
        (thread(ANSWER), MET),
    ],
)
def test_an_answer_comes_after_the_last_question_and_says_more_than_the_signature(
    read: Thread, verdict: Verdict
) -> None:
    assert ThreadAnswered(customer="a@b.test")._reply(read)[0] is verdict


def test_a_thread_is_what_the_customer_wrote_and_what_was_said_since() -> None:
    read = thread(QUESTION, COLLEAGUE, MORE, NOTE, ANSWER)
    assert read.theirs == f"{QUESTION[1]}\n{MORE[1]}"
    assert (read.ours, read.notes, read.signed, read.status) == (ANSWER[1], NOTE[1], False, "traité")


@pytest.mark.parametrize(
    ("name", "text", "verdict"),
    [
        ("Confirmation du paiement", "Votre paiement est arrivé.", MET),
        ("Confirmation de paiement", "Votre paiement est arrivé.", TO_JUDGE),
        ("Confirmation du paiement", "Votre paiment est arrivé.", TO_JUDGE),
        ("Confirmation de paiement", "Bonjour.", NOT_MET),
        ("Retard de livraison", "Votre paiement est arrivé.", NOT_MET),
    ],
)
def test_a_slip_of_the_pen_in_a_predefined_message_is_for_a_person(name: str, text: str, verdict: Verdict) -> None:
    check = PredefinedMessage(name="Confirmation du paiement", elements=("votre paiement est arrivé",))
    assert check.judged(name, text) is verdict


def test_of_two_predefined_messages_the_one_that_is_most_of_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    check = PredefinedMessage(name="Confirmation du paiement", elements=("votre paiement est arrivé", "48 heures"))
    rows = [("Confirmation du paiement", "/1"), ("Confirmation du paiemen", "/2"), ("Autre", "/3")]
    texts = {"/1": "Bonjour.", "/2": "Votre paiement est arrivé, sous 48 heures."}
    monkeypatch.setattr(messages, "screen", lambda *_: "")
    monkeypatch.setattr(messages, "looked_up_each", lambda _s, _p, many, _r: [texts[one] for one in many])
    for listed in (rows, rows[::-1]):
        monkeypatch.setattr(messages, "looked_up", lambda *_, listed=listed: listed)
        assert [one.verdict for one in check.verify(MagicMock(address=""))] == [TO_JUDGE]


def test_a_predefined_message_that_took_the_place_of_another_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    check = PredefinedMessage(name="Confirmation du paiement", elements=("votre paiement est arrivé",))
    company = [row["name"] for _, row in seeded.rows(COMPANY, "order_messages")]
    monkeypatch.setattr(messages, "screen", lambda *_: "")
    monkeypatch.setattr(messages, "looked_up_each", lambda _s, _p, many, _r: ["Votre paiement est arrivé."] * len(many))
    for there, verdict in ((company, MET), (company[1:], TO_JUDGE)):
        rows = [(name, f"/{name}") for name in (*there, "Confirmation du paiement")]
        monkeypatch.setattr(messages, "looked_up", lambda *_, rows=rows: rows)
        assert [one.verdict for one in check.verify(MagicMock(address=""))] == [verdict]


def test_an_answer_with_a_slip_of_the_pen_counts_before_a_thread_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    check = ThreadAnswered(customer="a@b.test", elements=("quatre semaines",), status="traité")
    slipped = replace(thread(QUESTION, ("ours", "Quatre semaine.")), status="ouvert")
    monkeypatch.setattr(messages, "screen", lambda *_: "")
    monkeypatch.setattr(messages, "threads_of", lambda *_: [thread(QUESTION), slipped])
    assert next(one.verdict for one in check.verify(MagicMock())) is TO_JUDGE


def test_a_person_is_told_that_only_the_signature_was_sent() -> None:
    assert "signature" in ThreadAnswered(customer="a@b.test")._reply(thread(QUESTION, SENT_AS_IT_IS))[1]
