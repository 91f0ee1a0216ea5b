"""Customers and employees: what is concluded from their sheets, where names are typed and addresses are exact."""

from dataclasses import replace
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import customer_screens, fiches_clients, order_screens, permissions, utilisateurs
from checks.prestashop.customer_screens import account_among, customer_of
from checks.prestashop.fiches_clients import CustomerSheet, Sheet, sheets_of
from checks.prestashop.permissions import ProfilePermissions, Right
from checks.prestashop.seeded import chosen
from checks.prestashop.utilisateurs import ACCOUNT, PROFILE, Employee, EmployeeAccount, employee_of
from provisioner.check import Verdict

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE

ERWAN = CustomerSheet(
    email="erwan.le-bris@courriel.test", first_name="Erwan", last_name="Le Bris", group="Épiceries fines"
)
MADE = Sheet("erwan.le-bris@courriel.test", "Erwan", "LE BRIS", True, "Épiceries fines")
MOVED = CustomerSheet(customer="ines.moreau@courriel.test", address=("12 rue des Fossés", "35000", "Rennes"))
INES = Sheet("ines.moreau@courriel.test", "Inès", "Moreau", True, "Client")


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (MADE, MET),
        (replace(MADE, last_name="Le Briz"), TO_JUDGE),
        (replace(MADE, first_name="Ewan"), TO_JUDGE),
        (replace(MADE, last_name="Le Goff"), NOT_MET),
        (replace(MADE, first_name="Le Bris", last_name="Erwan"), NOT_MET),
        (replace(MADE, last_name="Le Briz", first_name="Paul"), NOT_MET),
        (replace(MADE, active=False), NOT_MET),
        (replace(MADE, group="Client"), NOT_MET),
        (replace(MADE, group="Épicerie fine"), TO_JUDGE),
        (replace(MADE, last_name="Le Briz", group="Client"), NOT_MET),
    ],
)
def test_a_slip_of_the_pen_in_a_customers_name_is_for_a_person(seen: Sheet, verdict: Verdict) -> None:
    assert ERWAN.judged(seen) is verdict


@pytest.mark.parametrize(
    ("addresses", "verdict"),
    [
        (["12, rue des fossés 35 000 RENNES"], MET),
        (["12 rue des Fosés 35000 Rennes"], TO_JUDGE),
        (["12 rue des Fossés 35000 Rennse"], TO_JUDGE),
        (["14 rue des Fossés 35000 Rennes"], NOT_MET),
        (["12 rue des Fossés 35010 Rennes"], NOT_MET),
        (["12 rue des Fossés 35000 Brest"], NOT_MET),
        (["5 allée des Tilleuls 35000 Rennes"], NOT_MET),
        (["5 allée des Tilleuls 35000 Rennes", "12 rue des Fossés 35000 Rennes"], MET),
        ([], NOT_MET),
    ],
)
def test_a_slip_of_the_pen_in_a_postal_address_is_for_a_person_and_another_number_is_none(
    addresses: list[str], verdict: Verdict
) -> None:
    assert MOVED.judged(replace(INES, addresses=tuple(addresses))) is verdict


def test_a_new_sheet_may_come_with_an_address() -> None:
    check = ERWAN.but(address=("3 quai de la Fontaine", "29900", "Concarneau"))
    home = "Erwan Le Bris 3 quai de la Fontaine 29900 Concarneau France"
    assert check.judged(replace(MADE, addresses=(home,))) is MET
    assert check.judged(MADE) is NOT_MET
    assert check.judged(replace(MADE, addresses=("12 rue des Fossés 35000 Rennes",))) is NOT_MET
    with pytest.raises(ValidationError, match="la rue, le code postal et la ville"):
        ERWAN.but(address=("29900",))


def test_the_parts_of_two_addresses_make_none() -> None:
    halves = ("12 rue des Fossés 29000 Quimper", "5 allée des Tilleuls 35000 Rennes")
    assert MOVED.judged(replace(INES, addresses=halves)) is NOT_MET


def test_what_was_chosen_in_a_list_is_no_slip_of_the_pen() -> None:
    assert chosen("Professionnel", "Professionnels", "groups") is NOT_MET
    assert chosen("Comités sociaux", "Comité sociaux", "groups") is TO_JUDGE
    assert chosen("professionnels", "Professionnels", "groups") is MET


def test_a_guest_who_shares_the_address_hides_no_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"email": "A@b.test", "edit": f"/gestion/index.php/sell/customers/{n}/edit?_token=1"} for n in (40, 7, 12)]
    assert "/7/edit" in account_among(rows, "a@b.test")
    assert account_among(rows, "b@b.test") == ""
    guest: dict[str, object] = {"email": "", "first_name": "Z", "last_name": "Z", "active": True, "group": "Invité"}
    sheets = [guest, {**vars(MADE)}]
    sheets[1].pop("addresses")
    answers = {fiches_clients._SHEET: sheets, fiches_clients._ADDRESSES: [None, ["12 rue des Fossés"]]}
    monkeypatch.setattr(fiches_clients, "screen", lambda *_: "http://x/customers?_token=1")
    monkeypatch.setattr(fiches_clients, "looked_up", lambda *_: [{**row, "email": ERWAN.email} for row in rows[:2]])
    monkeypatch.setattr(fiches_clients, "looked_up_each", lambda _s, _p, _a, reader: answers[reader])
    (found,) = ERWAN.verify(MagicMock(address="http://x"))
    assert found.verdict is MET


def test_an_e_mail_address_that_only_looks_alike_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """What never counts elsewhere, accents and signs at the end, makes another address."""
    rows = [{"email": "inès.moreau@courriel.test", "edit": "/sell/customers/7/edit?_token=1"}]
    for module in (fiches_clients, customer_screens, utilisateurs, order_screens):
        monkeypatch.setattr(module, "screen", lambda *_: "http://x/?_token=1")
        monkeypatch.setattr(module, "looked_up", lambda *_: rows)
    monkeypatch.setattr(fiches_clients, "looked_up_each", lambda _s, _p, addresses, *_: [{} for _ in addresses])
    email = "ines.moreau@courriel.test"
    assert sheets_of(MagicMock(address=""), email) == []
    assert customer_of(MagicMock(address=""), email) is None
    assert employee_of(MagicMock(address=""), email) is None


ROZENN = EmployeeAccount(email="r@b.test", first_name="Rozenn", last_name="Le Guen", profile="Logisticien")


@pytest.mark.parametrize(
    ("seen", "verdicts"),
    [
        (Employee("r@b.test", "Rozenn", "Le Guen", "Logisticien", True), (MET, MET)),
        (Employee("r@b.test", "Rozen", "Le Guen", "Logisticien", True), (TO_JUDGE, MET)),
        (Employee("r@b.test", "Rozen", "Le Guen", "Logisticien", False), (NOT_MET, MET)),
        (Employee("r@b.test", "Le Guen", "Rozenn", "Commercial", True), (NOT_MET, NOT_MET)),
        (Employee("r@b.test", "Rozenn", "Le Guen", "Logisticienne", True), (MET, TO_JUDGE)),
    ],
)
def test_a_slip_of_the_pen_in_an_employees_name_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, seen: Employee, verdicts: tuple[Verdict, Verdict]
) -> None:
    monkeypatch.setattr(utilisateurs, "screen", lambda *_: "")
    monkeypatch.setattr(utilisateurs, "employee_of", lambda *_: seen)
    found = {one.fact: one.verdict for one in ROZENN.verify(MagicMock())}
    assert (found[ACCOUNT], found[PROFILE]) == verdicts


@pytest.mark.parametrize(
    ("names", "verdict"),
    [
        (["Préparateur de commandes"], MET),
        (["Préparateur de comandes"], TO_JUDGE),
        (["Préparateur de comandes", "Logisticien"], NOT_MET),
        (["Magasinier"], NOT_MET),
    ],
)
def test_a_slip_of_the_pen_in_a_profiles_new_name_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, names: list[str], verdict: Verdict
) -> None:
    monkeypatch.setattr(permissions, "screen", lambda *_: "")
    monkeypatch.setattr(permissions, "looked_up", lambda *_: [[str(n), name] for n, name in enumerate(names, 2)])
    check = ProfilePermissions(profile="Logisticien", new_name="Préparateur de commandes")
    assert [one.verdict for one in check.verify(MagicMock())] == [verdict]


def test_of_two_profiles_of_one_name_the_companys_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[object]()

    def look(_site: object, _page: object, _address: str, reader: str, about: object = None) -> object:
        asked.append(about)
        read = {permissions._NAMES: [["9", "Commercial"], ["4", "Commercial"]], permissions._TICKED: ["12 add"]}
        return read[reader]

    monkeypatch.setattr(permissions, "screen", lambda *_: "")
    monkeypatch.setattr(permissions, "_numbers", lambda _site: {"AdminCustomers": "12"})
    monkeypatch.setattr(permissions, "address_for", lambda *_: "http://x")
    monkeypatch.setattr(permissions, "tried", lambda *_: "done")
    monkeypatch.setattr(permissions, "looked_up", look)
    check = ProfilePermissions(profile="Commercial", added=(Right(screen="clients", action="ajouter"),))
    assert [one.verdict for one in check.verify(MagicMock())] == [MET]
    assert "4" in asked
    assert "9" not in asked
