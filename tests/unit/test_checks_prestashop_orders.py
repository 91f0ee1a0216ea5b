"""Orders, refunds and messages: what is concluded from what the merchant's screens hold."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import commandes, messages, remboursements, retours
from checks.prestashop.commandes import HANDLED, STATE, TRACKING, OrderMade, OrderState
from checks.prestashop.messages import ThreadAnswered
from checks.prestashop.reading import accounts, order_sheets, picture_looks, seeded
from checks.prestashop.reading.customer_threads import Thread
from checks.prestashop.reading.order_lines import Wanted
from checks.prestashop.reading.order_sheets import STATES, Line, Order, are_exactly, is_product
from checks.prestashop.reading.sales import reference, seeded_orders
from checks.prestashop.remboursements import SLIP, Refund
from checks.prestashop.retours import MerchandiseReturn, ReturnTerms
from checks.prestashop.screens import orders as order_screens
from provisioner.core.errors import StationNotReady
from provisioner.host.companies import company_folder
from provisioner.subject.check import Check, Verdict
from tests.unit.samples import COMPANY

pytestmark = pytest.mark.usefixtures("right_screens")

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


@pytest.fixture(autouse=True)
def _customers_keep_their_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (
        commandes,
        remboursements,
        retours,
    ):
        monkeypatch.setattr(module, "present_email", lambda _site, email: email)


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
    assert is_product("Palet pur beurre", "Palet pur beurre - Poids : 300 g")
    assert is_product("Palet pur beurre", "palet pur beurre")
    assert not is_product("Palet", "Palet pur beurre")


def test_a_variant_is_its_values_in_whatever_order() -> None:
    shown = "Tablier - Taille : Enfant- Couleur : Bleu"
    assert is_product("Tablier", shown, {"taille": "ENFANT"})
    assert is_product("Tablier", shown, {"Couleur": "Bleu", "Taille": "Enfant"})
    assert is_product("Tablier", "Tablier - Couleur : Bleu, Taille : Enfant", {"Taille": "Enfant", "Couleur": "Bleu"})
    assert not is_product("Tablier", shown, {"Taille": "Adulte"})
    assert not is_product("Tablier", "Tablier - Couleur : Bleu-gris", {"Couleur": "Bleu"})
    assert not is_product("Tablier", "Tablier", {"Taille": "Enfant"})
    assert not is_product("Torchon", shown, {"Taille": "Enfant"})


def test_a_variant_is_known_by_the_name_that_prestashop_1_7_8_gives_it() -> None:
    shown = "Tablier (Taille: Enfant - Couleur: Bleu)"
    assert is_product("Tablier", shown, {"Couleur": "Bleu", "Taille": "Enfant"})
    assert is_product("Tablier", "Tablier (Taille : Enfant - Couleur : Bleu)", {"Taille": "Enfant"})
    assert not is_product("Tablier", shown, {"Taille": "Adulte"})
    assert not is_product("Tablier", "Tablier (Couleur: Bleu-gris)", {"Couleur": "Bleu"})


def test_the_most_precise_line_chooses_first() -> None:
    lines = [("Tablier - Taille : Enfant", 1), ("Tablier - Taille : Adulte", 1)]
    whichever, child = Wanted(product="Tablier"), Wanted(product="Tablier", of={"Taille": "Enfant"})
    assert are_exactly([whichever, child], lines)
    assert not are_exactly([child, child], lines)
    assert not are_exactly([child], lines)
    assert str(child) == "1 × Tablier (Taille : Enfant)"


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


CHILD = Line("Tablier - Taille : Enfant- Couleur : Bleu", 1, price=Decimal(18))
ADULT = Line("Tablier - Taille : Adulte- Couleur : Bleu", 1, price=Decimal(24))


def test_the_other_variant_is_not_the_one_to_refund() -> None:
    wanted = Refund(customer="a@b.test", kind="partiel", lines=(Wanted(product="Tablier", of={"Taille": "Enfant"}),))
    child, adult = (replace(one, refunded=1, refund=one.price) for one in (CHILD, ADULT))
    assert wanted.judged(Order(id=7, lines=(child, ADULT)))[0] is MET
    assert wanted.judged(Order(id=7, lines=(CHILD, adult)))[0] is NOT_MET


def test_what_the_company_had_paid_back_is_not_the_candidates_work() -> None:
    wanted = Refund(customer="a@b.test", kind="partiel", lines=(Wanted(product="Palet pur beurre", quantity=1),))
    had = replace(TIN, refunded=1, refund=Decimal(4), before=1)
    assert wanted.judged(Order(id=7, lines=(had,)))[0] is NOT_MET
    verdict, observed = wanted.judged(Order(id=7, lines=(replace(had, refunded=2, refund=Decimal(8)),)))
    assert verdict is MET
    assert "dont 1 avant l’épreuve" in observed
    total = Refund(customer="a@b.test", kind="total")
    assert total.judged(Order(id=7, lines=(replace(had, refunded=3, refund=Decimal(12)),)))[0] is MET
    by_the_company = replace(TIN, refunded=3, refund=Decimal(12), before=3)
    for state in ("livré", "remboursé"):
        assert total.judged(Order(id=7, state=STATES[state], lines=(by_the_company,)))[0] is NOT_MET


def test_a_total_refund_leaves_nothing() -> None:
    wanted = Refund(customer="a@b.test", kind="total")
    assert wanted.judged(paid_back(2, 3))[0] is MET
    assert wanted.judged(paid_back(2, 2))[0] is NOT_MET
    assert wanted.judged(ORDER)[0] is NOT_MET


@pytest.mark.parametrize(
    ("left", "slips", "partial", "total"),
    [
        ("7.50", 1, MET, TO_JUDGE),
        ("7.50", 0, MET, TO_JUDGE),  # a voucher alone, which tells nothing of the delivery
        ("0", 1, NOT_MET, MET),
        ("3", 1, NOT_MET, TO_JUDGE),
    ],
)
def test_a_total_refund_has_the_delivery_and_a_partial_one_has_not(
    left: str, slips: int, partial: Verdict, total: Verdict
) -> None:
    lines = (Wanted(product="Bol", quantity=2), Wanted(product="Palet pur beurre", quantity=3))
    delivered = replace(
        paid_back(2, 3), shipping=Decimal("7.50"), shipping_left=Decimal(left), slips=(Decimal(36),) * slips
    )
    verdict, observed = Refund(customer="a@b.test", kind="partiel", lines=lines).judged(delivered)
    assert (verdict, "sur 7,50 €" in observed) == (partial, True)
    assert Refund(customer="a@b.test", kind="total").judged(delivered)[0] is total


def test_the_delivery_that_the_company_had_paid_back_is_not_the_candidates_work() -> None:
    wanted = Refund(customer="a@b.test", kind="partiel", lines=(Wanted(product="Bol", quantity=1),))
    before = replace(paid_back(1, 0), shipping=Decimal("6.25"), shipping_before=Decimal("6.25"))
    assert wanted.judged(before)[0] is MET


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


def verdicts(check: Check, site: MagicMock | None = None) -> list[Verdict]:
    return [one.verdict for one in check.verify(site or MagicMock())]


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The orders that the customer has, the newest first, and what his account says otherwise of one."""

    def has(*found: Order, account: str = "") -> None:
        monkeypatch.setattr(order_sheets, "orders_of", lambda *_: list(found))
        for of in ("of_order", "of_slips"):
            monkeypatch.setattr(accounts, of, lambda *_: (account, "shot"))

    return has


OLDER, NEWEST = replace(ORDER, id=3, company=True, state="5"), replace(ORDER, id=6, company=True)
TRIAL = replace(ORDER, id=41)


def test_an_order_that_the_candidate_made_does_not_take_the_place_of_the_companys(orders: Callable[..., None]) -> None:
    wanted = OrderState(customer="a@b.test", state="expédié")
    shipped = STATES["expédié"]
    orders(TRIAL, replace(NEWEST, state=shipped), OLDER)
    assert verdicts(wanted) == [MET]
    orders(TRIAL, NEWEST, replace(OLDER, state=shipped))
    assert verdicts(wanted) == [NOT_MET]
    orders(replace(TRIAL, state=shipped), NEWEST, OLDER)
    assert verdicts(wanted) == [TO_JUDGE]
    orders(replace(TRIAL, state=shipped))
    assert verdicts(wanted) == [MET]


PAID, WAITING = STATES["paiement accepté"], STATES["en attente du chèque"]
OTHERWISE = replace(TRIAL, lines=(BOWL,), state=PAID)


@pytest.mark.parametrize(
    ("found", "verdict", "said"),
    [
        ((replace(NEWEST, state=PAID),), NOT_MET, "n° 6 convient, mais elle est d’avant l’épreuve"),
        ((OTHERWISE, replace(NEWEST, state=PAID)), NOT_MET, "n° 6 convient, mais elle est d’avant l’épreuve"),
        ((replace(TRIAL, state=WAITING), replace(NEWEST, state=PAID)), NOT_MET, "à l’état « En attente »"),
        (
            (replace(NEWEST, state=PAID, rewritten=True),),
            TO_JUDGE,
            "d’avant l’épreuve, dont les lignes ont été changées",
        ),
        ((replace(OLDER, state=PAID), replace(NEWEST, state=PAID, rewritten=True)), TO_JUDGE, "ont été changées"),
        ((replace(NEWEST, state=WAITING, rewritten=True),), NOT_MET, "La commande la plus récente de ce client"),
        ((replace(TRIAL, state=PAID), replace(NEWEST, state=PAID)), MET, "La commande de ce client (n° 4"),
        (
            (replace(TRIAL, state=PAID), replace(NEWEST, state=PAID, rewritten=True)),
            MET,
            "La commande de ce client (n° 4",
        ),
        ((OTHERWISE, replace(TRIAL, id=40, state=PAID), NEWEST), MET, "La commande de ce client (n° 4"),
        ((OTHERWISE,), NOT_MET, "La commande la plus récente de ce client"),
        ((), NOT_MET, "aucune commande"),
    ],
)
def test_an_order_that_the_company_had_is_not_one_that_was_made(
    orders: Callable[..., None], found: Sequence[Order], verdict: Verdict, said: str
) -> None:
    lines = (Wanted(product="Bol", quantity=2), Wanted(product="Palet pur beurre", quantity=3))
    orders(*(replace(one, state_said="Paiement accepté" if one.state == PAID else "En attente") for one in found))
    [seen] = OrderMade(customer="a@b.test", lines=lines, state="paiement accepté").verify(MagicMock())
    assert seen.verdict is verdict
    assert said in seen.observed
    assert seen.observed.startswith("La commande de ce client (n° 4") is (verdict is MET)


def test_a_state_costs_one_fact_which_the_author_chooses() -> None:
    shipped = OrderState(customer="a@b.test", state="expédié", tracking="6A")
    assert shipped.facts() == (STATE, TRACKING)
    assert shipped.but(handled=True).facts() == (HANDLED, TRACKING)
    assert {fact for one in OrderState.examples() for fact in one.facts()} == {*OrderState.proves}
    with pytest.raises(ValidationError, match="veut un état"):
        OrderState(customer="a@b.test", tracking="6A", handled=True)


def test_a_number_on_an_order_of_the_candidates_is_for_a_person(orders: Callable[..., None]) -> None:
    wanted = OrderState(customer="a@b.test", tracking="6A 123")
    orders(replace(TRIAL, tracking="6a123"), NEWEST)
    assert verdicts(wanted) == [TO_JUDGE]
    orders(TRIAL, replace(NEWEST, tracking="6a123"))
    assert verdicts(wanted) == [MET]


def whole(order: Order, before: bool = False) -> Order:
    lines = tuple(
        replace(one, refunded=one.quantity, refund=one.price * one.quantity, before=before * one.quantity)
        for one in order.lines
    )
    return replace(order, lines=lines, slips=(Decimal(36),), slips_before=int(before))


@pytest.mark.parametrize(
    ("found", "seen"),
    [
        ((NEWEST, whole(OLDER, before=True)), [NOT_MET, NOT_MET]),
        ((whole(NEWEST), whole(OLDER, before=True)), [MET, MET]),
        ((NEWEST, whole(OLDER)), [NOT_MET, NOT_MET]),
        ((whole(TRIAL), NEWEST), [TO_JUDGE, TO_JUDGE]),
        ((TRIAL, whole(NEWEST)), [MET, MET]),
        ((replace(NEWEST, slips=(Decimal(4),), slips_before=1),), [NOT_MET, NOT_MET]),
        ((replace(whole(NEWEST), slips=(Decimal(4), Decimal(32)), slips_before=1),), [MET, MET]),
    ],
)
def test_the_newest_order_of_the_company_is_the_one_to_refund(
    orders: Callable[..., None], found: Sequence[Order], seen: list[Verdict]
) -> None:
    orders(*found)
    assert verdicts(Refund(customer="a@b.test", kind="total")) == seen


def test_the_companys_orders_are_known_by_their_references() -> None:
    # As `strtr(substr(hash('sha256', "order riou-1"), 0, 9), '0123456789abcdef', 'BCDFGHJKLMNPQRST')` is in PHP.
    assert reference("riou-1") == "HPKFCMGSJ"
    had = seeded_orders(COMPANY)[reference("le-berre-2")]
    assert had.customer == "maud.le.berre@courriel.test"
    assert [[(one.product, one.quantity) for one in slip] for slip in had.slips] == [[("Sablé fourré à la fraise", 1)]]
    assert (had.shipping, had.delivered_for_money) == (Decimal(0), True)
    whole = seeded_orders(COMPANY)[reference("tanneau-1")]
    assert (whole.shipping, whole.delivered_for_money) == (Decimal("6.25"), True)


def test_each_company_has_its_own_shop(tmp_path: Path) -> None:
    other = company_folder("clairepine")
    assert (seeded.was_there(COMPANY, "products", 30), seeded.was_there(other, "products", 30)) == (True, False)
    assert seeded.menu(other) == ("Linge de maison", "Bougies et senteurs", "Soins naturels", "Tisanes", "Coffrets")
    assert not seeded.names(COMPANY, "brands") & seeded.names(other, "brands")
    assert seeded_orders(COMPANY) != seeded_orders(other)
    known = picture_looks.others_than(other, tmp_path / "logo.png")
    assert {one.parent for one in known} == {other / "media"}


SEEN = {
    "state": "5",
    "state_said": "Livré",
    "tracking": "",
    "slips": ["5,80 €"],
    "shipping": "4,90 €",
    "shipping_left": "(1,40 €)",
    "states": [],
    "names": {},
    "lines": [
        {"name": "Sablé fourré à la fraise", "quantity": "3", "price": "5,80 €", "refunded": "1 (5,80 € remboursé)"}
    ],
}


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What the back office shows of the customer, and of each of his orders."""

    def shows(customer: dict[str, Any] | None, slug: str = "") -> None:
        found = {
            order_sheets._CUSTOMERS: [["other.a@b.test", "/8/edit?t"], ["a@b.test", "/9/edit?t"]],
            order_sheets._CUSTOMER: customer,
            order_sheets._ORDER: {**SEEN, "reference": reference(slug)},
        }
        monkeypatch.setattr(order_sheets, "screen", lambda *_: "/sell/orders/?t")
        monkeypatch.setattr(order_sheets, "looked_up", lambda _, __, ___, reader: found[reader])
        monkeypatch.setattr(
            order_sheets, "looked_up_each", lambda _, __, addresses, reader: [found[reader] for _ in addresses]
        )

    return shows


def test_orders_are_read_in_the_back_office_with_what_was_paid_back_before(office: Callable[..., None]) -> None:
    office({"account": True, "orders": [4, 12]}, "le-berre-2")
    newest, older = order_sheets.orders_of(MagicMock(company=COMPANY), "a@b.test")
    assert (newest.id, older.id) == (12, 4)
    assert (newest.of, newest.company, newest.slips_before, newest.lines[0].before) == ("a@b.test", True, 1, 1)
    assert (newest.shipping, newest.shipping_left, newest.shipping_back) == tuple(
        map(Decimal, ("4.90", "1.40", "3.50"))
    )
    office({"account": True, "orders": [12]}, "an order of today")
    [tried] = order_sheets.orders_of(MagicMock(company=COMPANY), "a@b.test", "Sablé fourré à la fraise")
    assert (tried.company, tried.slips_before, tried.lines[0].before) == (False, 0, 0)
    assert order_sheets.orders_of(MagicMock(company=COMPANY), "a@b.test", "Bol") == []


@pytest.mark.parametrize(
    ("shown", "rewritten"),
    [
        ([("Galette fine au citron", "4"), ("Bol du petit-déjeuner", "1")], False),
        ([("Bol du petit-déjeuner", "1"), ("Galette fine au citron", "4")], False),
        ([("Galette fine au citron", "3"), ("Bol du petit-déjeuner", "1")], True),
        ([("Galette fine au citron", "4")], True),
        ([("Galette fine au citron", "4"), ("Bol du petit-déjeuner", "1"), ("Torchon", "1")], True),
    ],
)
def test_an_order_of_the_company_is_rewritten_where_its_lines_are_others(
    monkeypatch: pytest.MonkeyPatch, office: Callable[..., None], shown: list[tuple[str, str]], rewritten: bool
) -> None:
    lines = [{"name": name, "quantity": many, "price": "3,90 €", "refunded": ""} for name, many in shown]
    monkeypatch.setitem(SEEN, "lines", lines)
    for slug, state in (("kerdraon-1", "1"), ("kerdraon-1", "2")):
        monkeypatch.setitem(SEEN, "state", state)
        office({"account": True, "orders": [12]}, slug)
        [order] = order_sheets.orders_of(MagicMock(company=COMPANY), "a@b.test")
        assert (order.company, order.rewritten) == (True, rewritten)
    office({"account": True, "orders": [12]}, "an order of today")
    [order] = order_sheets.orders_of(MagicMock(company=COMPANY), "a@b.test")
    assert (order.company, order.rewritten) == (False, False)


def test_a_guest_has_orders_and_no_account(office: Callable[..., None]) -> None:
    office({"account": False, "orders": [12]}, "le-berre-2")
    site = MagicMock(company=COMPANY)
    [order] = order_sheets.orders_of(site, "a@b.test")
    assert accounts.of_order(site, order)[0] == accounts.of_slips(site, order)[0] == ""
    assert {call.args for call in site.signed_in.call_args_list} == {()}  # the examiner, never the guest
    assert "sans compte" in site.shot.call_args.args[0]


def test_a_customer_who_is_not_shown_or_not_let_in_is_the_stations_fault(office: Callable[..., None]) -> None:
    office(None)
    with pytest.raises(StationNotReady):
        order_sheets.orders_of(MagicMock(), "a@b.test")
    site = MagicMock()
    site.signed_in().locator.return_value.count.return_value = 1  # the log-in page
    with pytest.raises(StationNotReady):
        accounts.of_order(site, replace(ORDER, of="a@b.test"))


def shown_in_account(monkeypatch: pytest.MonkeyPatch, found: Any) -> MagicMock:
    """A customer's account whose page holds this."""
    page = MagicMock()
    page.locator.return_value.all_text_contents.return_value = page.evaluate.return_value = found
    monkeypatch.setattr(accounts, "account_page", lambda *_: page)
    return MagicMock()


def test_the_account_says_otherwise_of_a_state_a_slip_or_a_return(monkeypatch: pytest.MonkeyPatch) -> None:
    order = replace(ORDER, of="a@b.test", state_said="Expédié", slips=(Decimal(4),))
    for states, otherwise in ((["\n Expédié ", "Livré"], False), (["Livré"], True), ([], False)):
        said, _ = accounts.of_order(shown_in_account(monkeypatch, states), order)
        assert bool(said) is otherwise
    for slips, otherwise in ((1, False), (0, True), (None, False)):
        said, _ = accounts.of_slips(shown_in_account(monkeypatch, slips), order)
        assert bool(said) is otherwise
    kept = {3: "Colis reçu"}
    for rows, otherwise in (({"3": " Colis reçu"}, False), ({"3": "Retour refusé"}, True), ({}, True), (None, False)):
        said, _ = accounts.of_returns(shown_in_account(monkeypatch, rows), "a@b.test", kept)
        assert bool(said) is otherwise


def test_an_account_that_shows_something_else_is_for_a_person(orders: Callable[..., None]) -> None:
    shipped = replace(whole(NEWEST), state=STATES["expédié"], tracking="6a123")
    wanted: tuple[tuple[Check, list[Verdict]], ...] = (
        (OrderState(customer="a@b.test", state="expédié", tracking="6A 123"), [TO_JUDGE, MET]),
        (OrderState(customer="a@b.test", state="livré"), [TO_JUDGE]),
        (Refund(customer="a@b.test", kind="total"), [MET, TO_JUDGE]),
    )
    for check, seen in wanted:
        orders(shipped, account="Le compte du client montre « Livré ».")
        assert verdicts(check) == seen
        assert "Le compte du client" in " ".join(one.observed for one in check.verify(MagicMock()))
    lines = (Wanted(product="Bol", quantity=2), Wanted(product="Palet pur beurre", quantity=3))
    orders(replace(shipped, company=False), account="Le compte du client montre « Livré ».")
    assert verdicts(OrderMade(customer="a@b.test", lines=lines)) == [MET]
    assert verdicts(OrderMade(customer="a@b.test", lines=lines, state="expédié")) == [TO_JUDGE]
    assert verdicts(OrderMade(customer="a@b.test", lines=lines, state="livré")) == [NOT_MET]


@pytest.mark.parametrize(
    ("asked", "kept", "seen"),
    [
        ({"days": 30}, (True, "30"), [MET]),
        ({"days": 30}, (False, "30"), [NOT_MET]),
        ({"days": 30}, (True, "14"), [NOT_MET]),
        ({"enabled": True, "days": 30}, (False, "30"), [NOT_MET, NOT_MET]),
        ({"enabled": False, "days": 30}, (False, "30"), [MET, MET]),
    ],
)
def test_a_period_is_none_where_nothing_is_taken_back(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], kept: tuple[bool, str], seen: list[Verdict]
) -> None:
    enabled, days = kept
    account = MagicMock()
    account.locator.return_value.count.return_value = int(enabled)
    monkeypatch.setattr(retours, "screen", lambda *_: "")
    monkeypatch.setattr(retours, "looked_up", lambda *_: {"enabled": enabled, "days": days})
    monkeypatch.setattr(retours, "account_page", lambda *_: account)
    assert verdicts(ReturnTerms.model_validate(asked)) == seen


def test_returns_that_are_on_and_offered_to_nobody_are_for_a_person() -> None:
    on, off = ReturnTerms(enabled=True), ReturnTerms(enabled=False)
    assert [on.accepted(True, True), on.accepted(True, False), on.accepted(False, False)] == [MET, TO_JUDGE, NOT_MET]
    assert [off.accepted(False, False), off.accepted(True, False)] == [MET, NOT_MET]
    assert ReturnTerms(days=30).within(True, "030") is MET


@pytest.mark.parametrize(
    ("orders", "account", "seen"), [([7], True, MET), ([7], False, MET), ([8], True, NOT_MET), ([], True, NOT_MET)]
)
def test_a_return_is_the_customers_by_its_order_whether_or_not_he_has_an_account(
    monkeypatch: pytest.MonkeyPatch, orders: list[int], account: bool, seen: Verdict
) -> None:
    returned = [
        {"order": "7", "state": "2", "said": "En attente du colis", "products": "Bol"},
        {"order": "8", "state": "1", "said": "En attente de confirmation", "products": "Bol"},
    ]
    opened = MagicMock(return_value=("", "shot"))
    monkeypatch.setattr(retours, "screen", lambda *_: "")
    monkeypatch.setattr(retours, "ordered_by", lambda *_: (orders, account))
    monkeypatch.setattr(retours, "looked_up", lambda *_: [1, 2])
    monkeypatch.setattr(retours, "looked_up_each", lambda *_: returned)
    monkeypatch.setattr(retours, "of_returns", opened)
    assert verdicts(MerchandiseReturn(customer="a@b.test")) == [seen]
    assert opened.called is account
    opened.return_value = ("Le compte du client montre « rien ».", "shot")
    assert verdicts(MerchandiseReturn(customer="a@b.test")) == [TO_JUDGE if account else seen]


@pytest.mark.parametrize(
    ("asked", "reached", "verdict"),
    [
        ("en attente du colis", "2", MET),
        ("en attente du colis", "3", TO_JUDGE),
        ("en attente du colis", "5", TO_JUDGE),
        ("en attente du colis", "4", NOT_MET),
        ("en attente du colis", "1", NOT_MET),
        ("colis reçu", "5", NOT_MET),
        ("retour refusé", "5", NOT_MET),
        ("retour refusé", "3", NOT_MET),
        ("retour terminé", "3", NOT_MET),
    ],
)
def test_a_return_that_went_on_once_it_was_accepted_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, asked: Any, reached: str, verdict: Verdict
) -> None:
    kept = [{"order": "7", "state": reached, "said": "…", "products": "Bol"}]
    monkeypatch.setattr(retours, "screen", lambda *_: "")
    monkeypatch.setattr(retours, "ordered_by", lambda *_: ([7], True))
    monkeypatch.setattr(retours, "looked_up", lambda *_: [1])
    monkeypatch.setattr(retours, "looked_up_each", lambda *_: kept)
    monkeypatch.setattr(retours, "of_returns", lambda *_: ("", "shot"))
    [found] = MerchandiseReturn(customer="a@b.test", state=asked).verify(MagicMock())
    assert found.verdict is verdict
    assert ("accepté avant" in found.observed) is (verdict is TO_JUDGE)


def misses(email: str, kind: str, *lines: Wanted, product: str = "") -> set[str]:
    check = Refund.model_validate({"customer": email, "kind": kind, "product": product, "lines": lines})
    return {one.name for one in check.near_misses() if one.fact != SLIP} - {"la commande d’un autre client"}


def test_no_near_miss_pays_back_more_than_an_order_has_nor_just_what_is_asked() -> None:
    riou, marchand = "gwenaelle.riou@courriel.test", "lucie.marchand@courriel.test"
    all_, fees = "tout remboursé", "frais de port remboursés en plus"
    assert misses(riou, "partiel", Wanted(product="Sablé nature", quantity=2)) == {all_, fees, "un produit de plus"}
    assert misses(riou, "partiel", Wanted(product="Sablé nature", quantity=3)) == {
        all_,
        fees,
        "un autre produit en plus",
    }
    # What the company had paid back can't be once more.
    berre = "maud.le.berre@courriel.test"
    assert "un produit de plus" in misses(berre, "partiel", Wanted(product="Sablé fourré à la fraise"))
    two = Wanted(product="Sablé fourré à la fraise", quantity=2)
    assert misses(berre, "partiel", two) == {all_, fees, "un autre produit en plus"}
    # An order of one piece.
    box = "Coffret du goûter"
    assert misses(marchand, "partiel", Wanted(product=box), product=box) == {fees}
    assert misses(marchand, "total", product=box) == {"commande annulée sans rien rembourser"}
    assert misses(marchand, "total") == {"un produit laissé"}
    # All of an order, and nothing was paid for its delivery.
    boxes = Wanted(product="Coffret des Trois Ajoncs", quantity=20)
    assert misses("cse@chantiers-du-steir.test", "partiel", boxes) == {"commande annulée sans rien rembourser"}


def test_another_variant_by_mistake_is_one_that_is_not_asked_too() -> None:
    child, adult = (Wanted(product="Tablier de pâtissier", of={"Taille": one}) for one in ("Enfant", "Adulte"))
    marchand, name = "lucie.marchand@courriel.test", "une autre déclinaison"
    assert name in misses(marchand, "partiel", child)
    assert name not in misses(marchand, "partiel", child, adult)


@pytest.mark.parametrize(
    ("check", "name", "paid"),
    [
        ({"kind": "partiel", "lines": [{"product": "Sablé nature", "quantity": 2}]}, "un produit de plus", [3, 0]),
        (
            {"kind": "partiel", "lines": [{"product": "Sablé nature", "quantity": 3}]},
            "un autre produit en plus",
            [3, 1],
        ),
        ({"kind": "total"}, "un produit laissé", [1, 0]),
    ],
)
def test_what_a_near_miss_pays_back_of_each_line(
    monkeypatch: pytest.MonkeyPatch, check: dict[str, Any], name: str, paid: list[int]
) -> None:
    lines = ("Sablé nature", "Palet au caramel au beurre salé")
    seen = list[int]()
    monkeypatch.setattr(order_screens, "open_order", lambda *_, **__: MagicMock())
    monkeypatch.setattr(remboursements, "refund", lambda _, how_many, **__: seen.extend(map(how_many, lines)))
    wanted = Refund.model_validate({"customer": "gwenaelle.riou@courriel.test", **check})
    [miss] = [one for one in wanted.near_misses() if one.name == name]
    miss.run(MagicMock())
    assert seen == paid


def test_the_near_miss_of_another_variant_is_where_there_is_one() -> None:
    apron = Wanted(product="Tablier de pâtissier", of={"Taille": "Enfant"})
    both = Refund(customer="lucie.marchand@courriel.test", kind="partiel", lines=(apron,))
    one = both.but(customer="ahmed.benali@courriel.test")
    made = OrderMade(customer="ahmed.benali@courriel.test", lines=(apron,))
    told = ["une autre déclinaison" in [miss.name for miss in check.near_misses()] for check in (both, one, made)]
    assert told == [True, False, True]


def test_a_partial_refund_of_a_delivery_that_was_paid_may_be_of_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    shipping, name = list[bool](), "frais de port remboursés en plus"
    check = Refund.model_validate(
        {"customer": "gwenaelle.riou@courriel.test", "kind": "partiel", "lines": [{"product": "Bol"}]}
    )
    monkeypatch.setattr(order_screens, "open_order", lambda *_, **__: MagicMock())
    monkeypatch.setattr(remboursements, "refund", lambda *_, **how: shipping.append(how["shipping"]))
    [miss] = [one for one in check.near_misses() if one.name == name]
    total = Refund(customer="ines.moreau@courriel.test", kind="total")
    for run in (*(way.run for way in (*check.ways(), *total.ways())), miss.run):
        run(MagicMock())
    assert shipping == [False, False, True, True, True]
    free = check.but(customer="cse@chantiers-du-steir.test")
    assert name not in [one.name for one in free.near_misses()]


def test_a_state_is_chosen_in_the_list_where_nothing_else_is_asked_of_the_order() -> None:
    check = OrderState(customer="a@b.test", state="expédié")
    assert len(check.ways()) == 3
    assert len(check.but(product="Bol").ways()) == len(check.but(tracking="6A").ways()) == 1


@pytest.mark.parametrize(
    ("states", "before", "company", "verdict"),
    [
        (("Livré", "Expédié", "Payé"), 1, True, TO_JUDGE),
        (("Livré", "Expédié", "Payé"), 2, True, NOT_MET),  # the company had sent it
        (("Livré", "Payé"), 1, True, NOT_MET),
        (("Livré", "Expédié"), 0, False, TO_JUDGE),
    ],
)
def test_a_state_that_an_order_had_during_the_work_is_for_a_person(
    states: tuple[str, ...], before: int, company: bool, verdict: Verdict
) -> None:
    order = Order(
        1, STATES["livré"], "Livré", company=company, states=states, states_before=before, names={"4": "Expédié"}
    )
    found, said = OrderState(customer="a@b.test", state="expédié").judged(STATE, order)
    assert found is verdict
    assert ("Pendant l’épreuve, elle a été à l’état « Expédié »." in said) is (verdict is TO_JUDGE)


def test_a_number_that_the_customer_reads_elsewhere_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    order = Order(1, STATES["expédié"], "Expédié", of="a@b.test", company=True)
    monkeypatch.setattr(order_sheets, "orders_of", lambda *_: [order])
    monkeypatch.setattr(accounts, "of_order", lambda *_: ("", ""))
    for page, verdict in (("Votre colis : 6A12345678901.", TO_JUDGE), ("Votre colis part.", NOT_MET)):
        site = MagicMock()
        site.signed_in.return_value.locator.return_value.inner_text.return_value = page
        [found] = OrderState(customer="a@b.test", tracking="6A12345678901").verify(site)
        assert found.verdict is verdict
