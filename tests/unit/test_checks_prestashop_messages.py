"""Customer service: which messages of a thread are an answer to what the customer wrote."""

import pytest

from checks.prestashop.messages import ThreadAnswered
from checks.prestashop.thread_screens import Thread, _thread
from provisioner.check import Verdict

MET, NOT_MET = Verdict.MET, Verdict.NOT_MET

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


def test_a_person_is_told_that_only_the_signature_was_sent() -> None:
    assert "signature" in ThreadAnswered(customer="a@b.test")._reply(thread(QUESTION, SENT_AS_IT_IS))[1]
