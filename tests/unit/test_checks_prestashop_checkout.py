"""The checkout: where a customer comes to its last step, what he reads there, and what is concluded where he doesn't."""

from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest

from checks.prestashop import cheque, module, paniers
from checks.prestashop.cheque import ChequePayee
from checks.prestashop.module import ModuleSwitched
from checks.prestashop.paniers import CartRule
from checks.prestashop.reading import checkout, modules
from checks.prestashop.reading.cart_rules import Rule
from checks.prestashop.reading.cart_scope import Asked
from checks.prestashop.reading.checkout import Payments, payments
from provisioner.subject.check import Verdict

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
SITE = MagicMock(address="http://x")
NAME, STREET, TOWN = "Biscuiterie des Trois Ajoncs", "3 rue du Fournil", "29900 Port-Lanvenez"
CLOSED = Payments(closed="le client n’arrive pas au paiement, car la boutique ne lui vend rien (mode catalogue…)")


@pytest.fixture(autouse=True)
def _a_visitor_sees_all_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "is_seen", lambda found: found.count() > 0)


def step(said: str = "", form: str = "", where: str = "") -> dict[str, Any]:
    return {"payments": None, "form": form, "step": where, "said": said}


def shop(monkeypatch: pytest.MonkeyPatch, *steps: dict[str, Any], sells: bool = True, bought: str = "1") -> None:
    """A shop whose checkout opens at these steps, one after another; the last one stays."""
    left = list(steps)

    def look(_site: object, _page: object, _address: str, reader: str, body: str | None = None, **_: bool) -> Any:
        if reader == checkout._STEP:
            return left.pop(0) if left[1:] else left[0]
        return sells if reader == checkout._SELLS else None

    monkeypatch.setattr(checkout, "looked_up", look)
    monkeypatch.setattr(checkout, "catalogue", lambda _: [MagicMock(id=1, active=True)])
    monkeypatch.setattr(checkout, "put_in_cart", lambda *_: None)
    monkeypatch.setattr(checkout, "cart_of", lambda *_: MagicMock(products=Decimal(bought)))


def test_the_last_step_says_how_one_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = {"ps_checkpayment": ["12,00 € TTC", NAME, STREET]}
    shop(monkeypatch, step(form="id_address_delivery=4"), {"payments": offered})
    assert payments(SITE, MagicMock()) == Payments(offered)


@pytest.mark.parametrize(
    ("sells", "bought", "seen", "why"),
    [
        (False, "1", step(), "la boutique ne lui vend rien"),
        (True, "0", step(), "aucun produit ne peut être mis au panier"),
        (True, "1", step("Aucun transporteur.", where="checkout-delivery-step"), "« Aucun transporteur. »"),
        (True, "1", step("Un minimum de 900 € est requis."), "« Un minimum de 900 € est requis. »"),
    ],
)
def test_a_checkout_that_the_candidate_shut_is_no_fault_of_the_check(
    monkeypatch: pytest.MonkeyPatch, sells: bool, bought: str, seen: dict[str, Any], why: str
) -> None:
    shop(monkeypatch, seen, sells=sells, bought=bought)
    closed = payments(SITE, MagicMock()).closed
    assert closed.startswith("le client n’arrive pas au paiement, car ")
    assert why in closed


@pytest.mark.parametrize("seen", [step(), step("Échec d’authentification", form="email=")])
def test_a_checkout_that_stops_for_no_reason_of_the_shops_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, seen: dict[str, Any]
) -> None:
    shop(monkeypatch, seen)
    with pytest.raises(RuntimeError, match="stops before the payment"):
        payments(SITE, MagicMock())


@pytest.mark.parametrize(
    ("last", "verdict"),
    [
        (Payments({"ps_checkpayment": ("9 €", NAME, f"{STREET} {TOWN}")}), MET),
        (Payments({"ps_checkpayment": ("9 €", f"À l’ordre de la {NAME}", f"{NAME} {STREET} {TOWN}")}), MET),
        (Payments({"ps_checkpayment": ("9 €", f"Amis de la {NAME}", f"{STREET} {TOWN}")}), TO_JUDGE),
        (Payments({"ps_checkpayment": ("9 €", NAME, f"{TOWN} {STREET}")}), TO_JUDGE),
        (Payments({"ps_checkpayment": ("9 €", NAME, f"12 rue Neuve 29000 Quimper {STREET} {TOWN}")}), TO_JUDGE),
        (Payments({"ps_checkpayment": ("9 €", "Biscuiterie des Trois Ajonc", f"{STREET} {TOWN}")}), TO_JUDGE),
        (Payments({"ps_checkpayment": ("9 €", f"{STREET} {TOWN}", NAME)}), NOT_MET),
        (Payments({"ps_checkpayment": ("9 €", "Service comptable", f"{NAME} {STREET} {TOWN}")}), NOT_MET),
        (Payments({"ps_checkpayment": ("9 €", "___________", "___________")}), NOT_MET),
        (Payments({"ps_wirepayment": ("9 €",)}), TO_JUDGE),
        (CLOSED, TO_JUDGE),
    ],
)
def test_the_payee_and_the_address_of_a_cheque_stand_each_in_its_place(
    monkeypatch: pytest.MonkeyPatch, last: Payments, verdict: Verdict
) -> None:
    monkeypatch.setattr(cheque, "payments", lambda *_: last)
    monkeypatch.setattr(cheque, "settings_of", lambda *_: [NAME, f"{STREET}\n{TOWN}"])
    (found,) = ChequePayee(payee=NAME, address=(STREET, "29900", "Port-Lanvenez")).verify(SITE)
    assert found.verdict is verdict
    assert ("mode catalogue" in found.observed) is (last is CLOSED)


def test_what_is_amiss_with_an_address_of_cheques_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for address, said in (
        (f"{STREET}\n{TOWN}", f"l’adresse est « {STREET} {TOWN} »."),
        (f"{TOWN} {STREET}", "mais dans un autre ordre ou avec autre chose."),
        ("29900 Port-Lanvenez", f"L’adresse ne contient pas « {STREET} » mot pour mot."),
        ("___________", "l’adresse est vide."),
    ):
        last = Payments({"ps_checkpayment": ("9 €", NAME, address)})
        monkeypatch.setattr(cheque, "payments", lambda *_, last=last: last)
        (found,) = ChequePayee(payee=NAME, address=(STREET, "29900", "Port-Lanvenez")).verify(SITE)
        assert found.observed.endswith(said)


@pytest.mark.parametrize("street", ["7 rue des Tanneries", "7, rue des Tanneries", "7 bis rue des Tanneries"])
@pytest.mark.parametrize("between", [" ", ", ", "\n"])
def test_the_comma_after_the_number_of_a_street_is_written_or_not(street: str, between: str) -> None:
    check = ChequePayee(payee=NAME, address=(street, "22300", "Lannion"))
    for written in (street, street.replace(" rue", ", rue").replace(",,", ","), street.replace(",", "")):
        assert check.judged(NAME, f"{written}{between}22300 Lannion") is MET
        assert check.judged(NAME, f"22300 Lannion{between}{written}") is TO_JUDGE
        assert check.judged(NAME, f"12, {written}{between}22300 Lannion") is TO_JUDGE


def test_capitals_and_accents_make_no_other_payee_nor_address() -> None:
    check = ChequePayee(payee="L’Atelier du Pré", address=(STREET, "29900", "Port-Lanvenez"))
    assert check.judged("L'ATELIER DU PRE", f"{STREET}\n29900 PORT-LANVENEZ".upper()) is MET


@pytest.mark.parametrize("name", ["La Biscuiterie des Trois Ajoncs", "L’Atelier des Ajoncs", NAME])
def test_an_order_before_a_name_that_has_its_article_leaves_it_there(name: str) -> None:
    check = ChequePayee(payee=name, address=(STREET, TOWN))
    for payee in (name, f"À l’ordre de {name}", f"l'ordre de {name}"):
        assert check.judged(payee, f"{STREET} {TOWN}") is MET
    assert check.judged(f"À l’ordre des Amis de {name}", f"{STREET} {TOWN}") is TO_JUDGE


def test_a_cheque_that_nobody_can_pay_by_and_that_is_set_otherwise_is_not_what_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cheque, "payments", lambda *_: CLOSED)
    for kept in (None, ["Service comptable", f"{STREET} {TOWN}"]):
        monkeypatch.setattr(cheque, "settings_of", lambda *_, kept=kept: kept)
        (found,) = ChequePayee(payee=NAME, address=(STREET, TOWN)).verify(SITE)
        assert found.verdict is NOT_MET


def test_another_payee_is_proven_with_the_companys_name_in_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    written: dict[str, tuple[str, str]] = {}
    check = ChequePayee(payee=NAME, address=(STREET, TOWN))
    for miss in check.near_misses():
        monkeypatch.setattr(
            cheque, "_write", lambda _, payee, address, save=True, of=miss.name: written.update({of: (payee, address)})
        )
        miss.run(MagicMock())
    assert written["un autre ordre"] == ("Service comptable", f"{NAME}\n{STREET}\n{TOWN}")
    assert written["champs intervertis"] == (f"{STREET} {TOWN}", NAME)
    fields = (written["un autre ordre"], written["champs intervertis"])
    assert [check.judged(*one) for one in fields] == [NOT_MET, NOT_MET]


@pytest.mark.parametrize(
    ("active", "on", "last", "verdict"),
    [
        (True, True, Payments({"ps_checkpayment": ()}), MET),
        (True, True, Payments(), TO_JUDGE),  # something else keeps it from him
        (True, True, CLOSED, TO_JUDGE),
        (True, False, CLOSED, NOT_MET),
        (False, False, Payments(), MET),
        (False, False, CLOSED, TO_JUDGE),
        (False, True, CLOSED, NOT_MET),
    ],
)
def test_a_way_to_pay_that_no_customer_comes_to_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, active: bool, on: bool, last: Payments, verdict: Verdict
) -> None:
    monkeypatch.setattr(module, "payments", lambda *_: last)
    monkeypatch.setattr(modules, "switched_on", lambda _, names: [(on or n != "ps_checkpayment",) * 2 for n in names])
    (found,) = ModuleSwitched(module="chèque", active=active).verify(SITE)
    assert found.verdict is verdict
    assert ("mode catalogue" in found.observed) is (last is CLOSED)


@pytest.mark.parametrize(
    ("name", "active", "mobile", "verdict"),
    [
        ("bloc texte", True, True, MET),
        ("bloc texte", True, False, TO_JUDGE),
        ("bloc texte", False, False, NOT_MET),
        ("carrousel", True, False, MET),  # it is so from the beginning
    ],
)
def test_a_module_that_is_off_on_mobiles_is_on_for_some(
    monkeypatch: pytest.MonkeyPatch, name: str, active: bool, mobile: bool, verdict: Verdict
) -> None:
    monkeypatch.setattr(modules, "switched_on", lambda _, names: [(True, mobile) for _ in names])
    site = MagicMock()
    site.page.locator.return_value.first.count.return_value = 1
    (found,) = ModuleSwitched.model_validate({"module": name, "active": active}).verify(site)
    assert found.verdict is verdict
    assert ("désactivé sur mobile" in found.observed) is (verdict is TO_JUDGE)


def test_a_cart_rule_of_a_shop_in_catalogue_mode_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paniers, "catalogue", lambda _: [MagicMock(id=1, active=True)])
    monkeypatch.setattr(paniers, "shown_for_quantity", lambda *_: MagicMock(price=Decimal(12), data={"rate": "20"}))
    monkeypatch.setattr(paniers, "sells", lambda *_: False)
    said, right = CartRule(reduction=Decimal(10))._in_the_cart(SITE, MagicMock(spec=Rule), Asked())
    assert not right
    assert "mode catalogue" in said
