"""Orders, refunds and messages: what is concluded from what the merchant's screens hold."""

from dataclasses import replace
from decimal import Decimal
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import messages
from checks.prestashop.commandes import OrderMade, OrderState, Wanted
from checks.prestashop.messages import ThreadAnswered
from checks.prestashop.order_screens import STATES, Line, Order, named
from checks.prestashop.remboursements import Refund
from checks.prestashop.retours import ReturnTerms
from checks.prestashop.thread_screens import Thread
from provisioner.check import Verdict

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE

BOWL = Line("Bol", 2, price=Decimal(12))
TIN = Line("Palet pur beurre - Poids : 300 g", 3, price=Decimal(4))
ORDER = Order(id=7, state="2", lines=(BOWL, TIN))


def paid_back(bowls: int, tins: int) -> Order:
    lines = (
        replace(BOWL, refunded=bowls, refund=Decimal(12) * bowls),
        replace(TIN, refunded=tins, refund=Decimal(4) * tins),
    )
    return replace(ORDER, lines=lines)


def test_a_line_is_its_product_whatever_the_variant() -> None:
    assert named("Palet pur beurre", "Palet pur beurre - Poids : 300 g")
    assert named("Palet pur beurre", "palet pur beurre")
    assert not named("Palet", "Palet pur beurre")


def test_an_order_has_its_lines_all_and_nothing_else() -> None:
    wanted = OrderMade(
        customer="a@b.test", lines=(Wanted(product="Bol", quantity=2), Wanted(product="Palet pur beurre", quantity=3))
    )
    assert wanted._right(ORDER)
    assert not wanted._right(replace(ORDER, lines=(BOWL,)))
    assert not wanted._right(replace(ORDER, lines=(BOWL, replace(TIN, quantity=4))))
    assert not wanted._right(replace(ORDER, lines=(BOWL, TIN, Line("Torchon", 1))))
    assert not wanted.but(state="livré")._right(ORDER)
    assert wanted.but(state="paiement accepté")._right(ORDER)


def test_a_partial_refund_is_these_pieces_and_no_others() -> None:
    wanted = Refund(customer="a@b.test", kind="partiel", lines=(Wanted(product="Bol", quantity=1),))
    assert wanted.judged(paid_back(1, 0))[0] is MET
    assert wanted.judged(paid_back(2, 0))[0] is NOT_MET
    assert wanted.judged(paid_back(1, 1))[0] is NOT_MET
    assert wanted.judged(paid_back(2, 3))[0] is NOT_MET
    assert wanted.judged(ORDER)[0] is NOT_MET


def test_another_amount_than_the_price_is_for_a_person() -> None:
    wanted = Refund(customer="a@b.test", kind="partiel", lines=(Wanted(product="Bol", quantity=2),))
    for amount, verdict in (("24", MET), ("23.99", MET), ("2", TO_JUDGE), ("0", TO_JUDGE)):
        order = replace(ORDER, lines=(replace(BOWL, refunded=2, refund=Decimal(amount)), TIN))
        assert wanted.judged(order)[0] is verdict
    cheaply = replace(ORDER, lines=(replace(BOWL, refunded=2, refund=Decimal(2)),))
    assert Refund(customer="a@b.test", kind="total").judged(cheaply)[0] is TO_JUDGE


def test_a_total_refund_leaves_nothing() -> None:
    wanted = Refund(customer="a@b.test", kind="total")
    assert wanted.judged(paid_back(2, 3))[0] is MET
    assert wanted.judged(paid_back(2, 2))[0] is NOT_MET
    assert wanted.judged(ORDER)[0] is NOT_MET


def test_an_order_that_is_only_said_to_be_refunded_is_for_a_person_to_say() -> None:
    wanted = Refund(customer="a@b.test", kind="total")
    assert wanted.judged(replace(ORDER, state=STATES["remboursé"]))[0] is TO_JUDGE


def test_a_reply_holds_what_is_asked() -> None:
    wanted = ThreadAnswered(customer="a@b.test", elements=("sans sésame", "18 h"))
    assert wanted._reply(Thread(ours="Bonjour, tout est SANS SESAME, venez à 18h00."))[0] is MET
    assert wanted._reply(Thread(ours="Bonjour, c’est sans sésame."))[0] is NOT_MET
    assert wanted._reply(Thread(notes="Bonjour, c’est sans sésame, à 18 h."))[0] is NOT_MET


ASKED = Thread(theirs="Lesquels sont sans sésame ?")


@pytest.mark.parametrize(
    ("threads", "reply", "status"),
    [
        ([], NOT_MET, NOT_MET),
        ([ASKED], NOT_MET, NOT_MET),
        ([replace(ASKED, ours="Sans sésame.", status="traité")], MET, MET),
        ([replace(ASKED, notes="Sans sésame.", status="traité")], NOT_MET, MET),
        ([ASKED, Thread(ours="Sans sésame.")], TO_JUDGE, NOT_MET),
        ([replace(ASKED, status="traité"), Thread(ours="Sans sésame.")], TO_JUDGE, MET),
        ([ASKED, Thread(theirs="Merci", ours="Sans sésame.")], NOT_MET, NOT_MET),
        ([Thread(ours="Sans sésame.")], TO_JUDGE, NOT_MET),
    ],
)
def test_an_answer_that_opens_a_thread_of_its_own_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, threads: list[Thread], reply: Verdict, status: Verdict
) -> None:
    monkeypatch.setattr(messages, "threads_of", lambda *_: threads)
    monkeypatch.setattr(messages, "screen", lambda *_: "")
    check = ThreadAnswered(customer="a@b.test", about="lesquels sont", elements=("sans sésame",), status="traité")
    assert [one.verdict for one in check.verify(MagicMock())] == [reply, status]


def test_a_message_is_answered_on_the_page_of_an_order_where_it_is_about_the_only_one() -> None:
    assert len(ThreadAnswered(customer="gabriel.noel@courriel.test").ways()) == 2
    assert len(ThreadAnswered(customer="paul.kerdraon@courriel.test").ways()) == 1


def test_an_amount_paid_back_is_told() -> None:
    assert "12,00 €" in Refund(customer="a@b.test", kind="total").judged(paid_back(1, 0))[1]


def test_values_that_ask_for_nothing_or_too_much_are_refused() -> None:
    for values in ({"kind": "partiel"}, {"kind": "total", "lines": [{"product": "Bol"}]}):
        with pytest.raises(ValidationError, match="partiel"):
            Refund.model_validate({"customer": "a@b.test", **values})
    with pytest.raises(ValidationError, match="demandez"):
        OrderState(customer="a@b.test")
    with pytest.raises(ValidationError, match="demandez"):
        ReturnTerms()
    with pytest.raises(ValidationError, match="demandez"):
        ThreadAnswered(customer="a@b.test", answered=False)
