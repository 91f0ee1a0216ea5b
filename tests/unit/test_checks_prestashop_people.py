"""Customers and employees: what is concluded from their sheets, where names are typed and addresses are exact."""

from dataclasses import replace
from decimal import Decimal
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.prestashop import fiches_clients, permissions, utilisateurs
from checks.prestashop.fiches_clients import CustomerSheet
from checks.prestashop.permissions import ProfilePermissions
from checks.prestashop.reading import customer_emails, customer_groups, customer_sheets, order_sheets
from checks.prestashop.reading.customer_groups import Group, account_among, customer_of
from checks.prestashop.reading.customer_sheets import Address, Sheet, sheets_of
from checks.prestashop.reading.employee_access import Action
from checks.prestashop.reading.profile_rights import Right, Row, Table
from checks.prestashop.reading.seeded import BEFORE, chosen, was_there
from checks.prestashop.utilisateurs import ACCOUNT, PROFILE, Employee, EmployeeAccount, employee_of
from provisioner.subject.check import Verdict
from stacks.prestashop.driver import DRIVER
from tests.unit.samples import COMPANY

pytestmark = pytest.mark.usefixtures("right_screens")

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE


@pytest.fixture(autouse=True)
def _customers_keep_their_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (fiches_clients,):
        monkeypatch.setattr(module, "present_email", lambda _site, email: email)
    monkeypatch.setattr(
        utilisateurs, "table_of", lambda _site, number: Table({number: Row(number, "0", frozenset({"voir"}))})
    )


ERWAN = CustomerSheet(
    email="erwan.le-bris@courriel.test", first_name="Erwan", last_name="Le Bris", group="Épiceries fines"
)
MADE = Sheet("erwan.le-bris@courriel.test", "Erwan", "LE BRIS", True, "Épiceries fines")
MOVED = CustomerSheet(customer="ines.moreau@courriel.test", address=("12 rue des Fossés", "22300", "Lannion"))
HOME = Address("12 rue des Fossés", "22300", "Lannion")
OLD_HOME = Address("5 allée des Tilleuls", "35000", "Rennes")
INES = Sheet("ines.moreau@courriel.test", "Inès", "Moreau", True, "Client")


def told(sheet: Sheet) -> dict[str, object]:
    """What the form of a sheet says of it."""
    return {name: value for name, value in vars(sheet).items() if name not in ("addresses", "number")}


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
        ([HOME], MET),
        ([Address("12, rue des fossés Bâtiment B", "22 300", "LANNION Cedex")], MET),
        ([replace(HOME, street="12 rue des Fosés")], TO_JUDGE),
        ([replace(HOME, city="Lanion")], TO_JUDGE),
        ([replace(HOME, street="14 rue des Fossés")], NOT_MET),
        ([replace(HOME, postcode="22310")], NOT_MET),
        ([replace(HOME, postcode="")], NOT_MET),
        ([replace(HOME, city="Brest")], NOT_MET),
        ([OLD_HOME], NOT_MET),
        ([OLD_HOME, HOME], TO_JUDGE),
        ([HOME, replace(OLD_HOME, street="5, allée des tilleuls", phones=("06 39 98 11 22",))], TO_JUDGE),
        ([replace(OLD_HOME, street="9 allée des Tilleuls"), HOME], MET),
        ([OLD_HOME, replace(HOME, city="Brest")], NOT_MET),
        ([replace(HOME, street="12 rue des Fossés 22300 Lannion")], MET),
        ([replace(OLD_HOME, street="12 rue des Fossés 22300 Lannion")], NOT_MET),
        ([replace(HOME, street="12 rue des Fossés 22300 Lannion", postcode="35000")], NOT_MET),
        ([], NOT_MET),
    ],
)
def test_a_slip_of_the_pen_in_a_postal_address_is_for_a_person_and_another_number_or_field_is_none(
    addresses: list[Address], verdict: Verdict
) -> None:
    assert MOVED.judged(replace(INES, addresses=addresses)) is verdict


def test_an_address_that_was_added_beside_the_one_to_change_is_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fiches_clients, "screen", lambda *_: "")
    for addresses, verdict in (([HOME], MET), ([OLD_HOME, HOME], TO_JUDGE), ([OLD_HOME], NOT_MET)):
        monkeypatch.setattr(fiches_clients, "sheets_of", lambda *_, of=addresses: [replace(INES, addresses=of)])
        [found] = MOVED.verify(MagicMock())
        assert found.verdict is verdict
        assert ("l’ancienne adresse postale est toujours là" in found.observed) is (verdict is TO_JUDGE)


def test_the_address_of_before_that_has_what_is_asked_stands_beside_nothing() -> None:
    called = CustomerSheet(customer=INES.email, phone="06 39 98 45 12")
    right = replace(OLD_HOME, phones=("06 39 98 45 12",))
    assert called.judged(replace(INES, addresses=[right])) is MET
    assert called.judged(replace(INES, addresses=[HOME, right])) is MET
    assert called.judged(replace(INES, addresses=[OLD_HOME, replace(HOME, phones=right.phones)])) is TO_JUDGE


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ("06 39 98 45 12", MET),
        ("+33 6 39 98 45 12", MET),
        ("+33 (0)6 39 98 45 12", MET),
        ("0033 (0)6.39.98.45.12", MET),
        ("0033639984512", MET),
        ("+33 (0)6 39 98 45 13", NOT_MET),
        ("+32 (0)6 39 98 45 12", NOT_MET),
    ],
)
def test_a_french_telephone_number_is_one_with_its_country_and_without(seen: str, verdict: Verdict) -> None:
    asked = CustomerSheet(customer=INES.email, phone="06 39 98 45 12")
    assert asked.judged(replace(INES, addresses=[replace(HOME, phones=(seen,))])) is verdict
    asked = CustomerSheet(customer=INES.email, phone=seen)
    assert asked.judged(replace(INES, addresses=[replace(HOME, phones=("06 39 98 45 12",))])) is verdict


def test_a_new_sheet_may_come_with_an_address() -> None:
    check = ERWAN.but(address=("3 quai de la Fontaine", "29900", "Concarneau"))
    home = Address("3 quai de la Fontaine", "29900", "Concarneau")
    assert check.judged(replace(MADE, addresses=[home])) is MET
    assert check.judged(MADE) is NOT_MET
    assert check.judged(replace(MADE, addresses=[HOME])) is NOT_MET
    with pytest.raises(ValidationError, match="la rue, le code postal et la ville"):
        ERWAN.but(address=("29900",))


def test_the_parts_of_two_addresses_make_none() -> None:
    halves = [replace(HOME, postcode="29000", city="Quimper"), replace(HOME, street="5 allée des Tilleuls")]
    assert MOVED.judged(replace(INES, addresses=halves)) is NOT_MET


def test_a_default_group_that_the_sheet_hides_behind_a_namesake_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hidden = replace(MADE, group="", offered=["1", "2", "3", "8"])
    for number, verdict in (("5", TO_JUDGE), ("8", NOT_MET)):
        group = Group(number, "Épiceries fines", Decimal(15), "HT", shows_prices=True)
        assert ERWAN.judged(hidden, [group]) is verdict
        assert ERWAN.judged(replace(hidden, group="Client"), [group]) is NOT_MET
        assert ERWAN.judged(replace(hidden, last_name="Le Goff"), [group]) is NOT_MET
        monkeypatch.setattr(fiches_clients, "screen", lambda *_: "")
        monkeypatch.setattr(fiches_clients, "sheets_of", lambda *_: [hidden])
        monkeypatch.setattr(fiches_clients, "groups_named", lambda *_, group=group: [group])
        [found] = ERWAN.verify(MagicMock())
        assert found.verdict is verdict
        assert ("plusieurs groupes s’appellent" in found.observed) is (verdict is TO_JUDGE)


def test_the_addresses_of_a_sheet_are_read_each_in_its_form(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = {"http://x/addresses/3/edit?_token=1": OLD_HOME, "http://x/addresses/40/edit?_token=1": HOME}

    def look(_site: object, _page: object, addresses: list[str], reader: str) -> object:
        if reader == customer_sheets._ADDRESS:
            return [vars(forms[one]) for one in addresses]
        return [[*forms] if reader == customer_sheets._ADDRESSES else told(INES)]

    monkeypatch.setattr(customer_sheets, "screen", lambda *_: "http://x/customers?_token=1")
    monkeypatch.setattr(customer_sheets, "looked_up", lambda *_: [{"email": INES.email, "edit": "/customers/7/edit?"}])
    monkeypatch.setattr(customer_sheets, "looked_up_each", look)
    [sheet] = sheets_of(MagicMock(address="http://x"), INES.email)
    assert list(sheet.addresses) == [OLD_HOME, HOME]
    assert sheet.number == 7


def test_the_company_has_the_numbers_after_those_of_an_empty_shop() -> None:
    # The root has no sheet, and the candidate's profile is no contents.
    sheets = {"profiles": 1, **DRIVER.own_sheets, "categories": DRIVER.own_sheets["categories"] + 1}
    assert {table: sheets[table] for table in BEFORE} == BEFORE
    assert "customers" not in DRIVER.own_sheets
    assert [number for number in range(9) if was_there(COMPANY, "employees", number)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("number", "verdict"), [(31, MET), (30, TO_JUDGE), (1, TO_JUDGE)])
def test_a_sheet_of_the_company_that_was_retyped_is_not_one_that_was_made(
    monkeypatch: pytest.MonkeyPatch, number: int, verdict: Verdict
) -> None:
    sheet = replace(MADE, number=number)
    assert ERWAN.judged(replace(sheet, last_name="Le Goff")) is NOT_MET
    monkeypatch.setattr(fiches_clients, "screen", lambda *_: "")
    monkeypatch.setattr(fiches_clients, "sheets_of", lambda *_: [sheet])
    [found] = ERWAN.verify(MagicMock())
    assert found.verdict is verdict
    assert ("un client de l’entreprise, réécrite" in found.observed) is (verdict is TO_JUDGE)
    changed = CustomerSheet(customer=MADE.email, last_name="Le Bris")
    assert [one.verdict for one in changed.verify(MagicMock())] == [MET]


def test_what_was_chosen_in_a_list_is_no_slip_of_the_pen() -> None:
    assert chosen(COMPANY, "Professionnel", "Professionnels", "groups") is NOT_MET
    assert chosen(COMPANY, "Comités sociaux", "Comité sociaux", "groups") is TO_JUDGE
    assert chosen(COMPANY, "professionnels", "Professionnels", "groups") is MET


def test_a_guest_who_shares_the_address_hides_no_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"email": "A@b.test", "edit": f"/gestion/index.php/sell/customers/{n}/edit?_token=1"} for n in (80, 47, 52)]
    assert "/47/edit" in account_among(rows, "a@b.test")
    assert account_among(rows, "b@b.test") == ""
    guest = replace(MADE, email="", first_name="Z", last_name="Z", group="Invité")
    answers = {customer_sheets._SHEET: [told(guest), told(MADE)], customer_sheets._ADDRESSES: [None, []]}
    for module in (customer_sheets, fiches_clients):
        monkeypatch.setattr(module, "screen", lambda *_: "http://x/customers?_token=1")
    monkeypatch.setattr(customer_sheets, "looked_up", lambda *_: [{**row, "email": ERWAN.email} for row in rows[:2]])
    monkeypatch.setattr(customer_sheets, "looked_up_each", lambda _s, _p, of, reader: answers[reader] if of else [])
    (found,) = ERWAN.verify(MagicMock(address="http://x"))
    assert found.verdict is MET


def test_an_e_mail_address_that_only_looks_alike_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """What never counts elsewhere, accents and signs at the end, makes another address."""
    rows = [{"email": "inès.moreau@courriel.test", "edit": "/sell/customers/7/edit?_token=1"}]
    for module in (customer_sheets, customer_groups, utilisateurs, order_sheets):
        monkeypatch.setattr(module, "screen", lambda *_: "http://x/?_token=1")
        monkeypatch.setattr(module, "looked_up", lambda *_: rows)
    monkeypatch.setattr(customer_sheets, "looked_up_each", lambda _s, _p, addresses, *_: [{} for _ in addresses])
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
        (Employee("r@b.test", "Rozenn", "Le Guen", "Logisticien", True, number=6), (MET, MET)),
        (Employee("r@b.test", "Rozenn", "Le Guen", "Logisticien", True, number=5), (TO_JUDGE, MET)),
        (Employee("r@b.test", "Le Guen", "Rozenn", "Logisticien", True, number=5), (NOT_MET, MET)),
    ],
)
def test_a_slip_of_the_pen_in_an_employees_name_or_a_colleagues_account_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, seen: Employee, verdicts: tuple[Verdict, Verdict]
) -> None:
    monkeypatch.setattr(utilisateurs, "screen", lambda *_: "")
    monkeypatch.setattr(utilisateurs, "employee_of", lambda *_: seen)
    found = {one.fact: one.verdict for one in ROZENN.verify(MagicMock())}
    assert (found[ACCOUNT], found[PROFILE]) == verdicts


@pytest.mark.parametrize(
    ("number", "names", "profile", "verdict"),
    [
        (6, ("Rozenn", "Le Guen"), "Logisticien", TO_JUDGE),
        (6, ("Rozenn", "Le Guen"), "Commercial", NOT_MET),
        (6, ("Le Guen", "Rozenn"), "Logisticien", NOT_MET),
        (6, ("Maël", "Le Guen"), "Logisticien", NOT_MET),
        (5, ("Rozenn", "Le Guen"), "Logisticien", NOT_MET),  # a colleague's account
    ],
)
def test_another_address_costs_the_account_alone(
    monkeypatch: pytest.MonkeyPatch, number: int, names: tuple[str, str], profile: str, verdict: Verdict
) -> None:
    row = {
        "email": "r.leguen@b.test",
        "edit": f"/gestion/index.php/configure/advanced/employees/{number}/edit?_token=1",
    }
    sheet = {"email": row["email"], "first_name": names[0], "last_name": names[1], "profile": profile, "active": True}

    def look(_site: object, _page: object, address: str, reader: str) -> object:
        if reader == utilisateurs._EMPLOYEE:
            return sheet
        return [row] if "[email]=%40&" in address else []

    monkeypatch.setattr(utilisateurs, "screen", lambda *_: "http://x/?_token=1")
    monkeypatch.setattr(utilisateurs, "looked_up", look)
    account, given = ROZENN.verify(MagicMock(company=COMPANY, address="http://x"))
    assert (account.verdict, given.verdict) == (NOT_MET, verdict)
    told = "Rozenn Le Guen a l’adresse r.leguen@b.test" in account.observed
    assert told is (number == 6 and names == ("Rozenn", "Le Guen"))
    [moved] = EmployeeAccount(email="r@b.test", profile="Logisticien").verify(
        MagicMock(company=COMPANY, address="http://x")
    )
    assert moved.verdict is NOT_MET


@pytest.mark.parametrize(
    ("name", "active", "verdict"),
    [
        ("malo.quere", True, MET),
        ("malo.quere", False, NOT_MET),
        ("lena.prigent", False, MET),  # her account was shut at first
    ],
)
def test_an_employee_who_gets_another_profile_keeps_an_account_that_opens(
    monkeypatch: pytest.MonkeyPatch, name: str, active: bool, verdict: Verdict
) -> None:
    check = EmployeeAccount(email=f"{name}@biscuiterie.examen.test", profile="Logisticien")
    monkeypatch.setattr(utilisateurs, "screen", lambda *_: "")
    monkeypatch.setattr(utilisateurs, "employee_of", lambda *_: Employee(check.email, "", "", "Logisticien", active))
    [found] = check.verify(MagicMock())
    assert found.verdict is verdict
    assert ("désactivé" in found.observed) is (verdict is NOT_MET)
    shut = "profil affecté, mais compte désactivé"
    assert (shut in [miss.name for miss in check.near_misses()]) is (name == "malo.quere")


@pytest.mark.parametrize(
    ("number", "ticked", "verdict"),
    [("3", {"voir"}, TO_JUDGE), ("9", {"ajouter"}, TO_JUDGE), ("9", {"voir"}, NOT_MET)],
)
def test_the_wanted_profile_under_another_name_or_another_with_its_rights_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch, number: str, ticked: set[Action], verdict: Verdict
) -> None:
    employee = Employee("malo.quere@b.test", "Malo", "Quéré", "Préparation", True, 2, number)
    monkeypatch.setattr(utilisateurs, "screen", lambda *_: "")
    monkeypatch.setattr(utilisateurs, "employee_of", lambda *_: employee)
    of = {"3": frozenset[Action]({"ajouter"}), number: frozenset(ticked)}

    def table(_site: object, one: str) -> Table:
        heading = Row("Vendre", "0", frozenset({"voir"} if one == "3" else {"voir", "modifier"}))
        return Table({"1": Row("Clients", "2", of[one]), "2": heading})

    monkeypatch.setattr(utilisateurs, "table_of", table)
    [found] = EmployeeAccount(email="malo.quere@b.test", profile="Logisticien").verify(MagicMock())
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("title", "born", "phones", "verdict"),
    [
        ("M.", "1988-03-14", ("+33 6 39 98 45 12",), MET),
        ("Mme", "1988-03-14", ("06 39 98 45 12",), NOT_MET),
        ("M.", "1988-03-15", ("06 39 98 45 12",), NOT_MET),
        ("M.", "1988-03-14", ("06 39 98 45 13",), NOT_MET),
        ("M.", "", ("06.39.98.45.12",), NOT_MET),
    ],
)
def test_a_title_a_birthday_and_a_telephone_are_those_that_are_asked(
    title: str, born: str, phones: tuple[str, ...], verdict: Verdict
) -> None:
    check = ERWAN.but(
        title="M.",
        birthday="1988-03-14",
        phone="06 39 98 45 12",
        address=("3 quai de la Fontaine", "29900", "Concarneau"),
    )
    home = Address("3 quai de la Fontaine", "29900", "Concarneau", phones=phones)
    assert check.judged(replace(MADE, title=title, birthday=born, addresses=[home])) is verdict


@pytest.mark.parametrize(
    ("street", "more", "verdict"),
    [
        ("5 allée des Tilleuls", "12 rue des Fossés", NOT_MET),  # where she lived before the work
        ("Résidence du Port", "12 rue des Fossés", TO_JUDGE),
        ("12 rue des Fossés, 5 allée des Tilleuls", "", TO_JUDGE),
        ("12 rue des Fossés", "Résidence du Port", MET),
    ],
)
def test_a_street_is_looked_for_in_its_own_field(street: str, more: str, verdict: Verdict) -> None:
    home = replace(HOME, street=street, more=more)
    assert MOVED.judged(replace(INES, addresses=[home])) is verdict


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
    asked = list[str]()

    def table(_site: object, profile: str) -> Table:
        asked.append(profile)
        return Table({"12": Row("Clients", "0", frozenset({"ajouter"}))})

    monkeypatch.setattr(permissions, "screen", lambda *_: "")
    monkeypatch.setattr(permissions, "numbers_of", lambda _site: {"AdminCustomers": "12"})
    monkeypatch.setattr(permissions, "address_for", lambda *_: "http://x")
    monkeypatch.setattr(permissions, "try_action", lambda *_: "done")
    monkeypatch.setattr(permissions, "looked_up", lambda *_: [["9", "Commercial"], ["4", "Commercial"]])
    monkeypatch.setattr(permissions, "table_of", table)
    check = ProfilePermissions(profile="Commercial", added=(Right(screen="clients", action="ajouter"),))
    assert [one.verdict for one in check.verify(MagicMock())] == [MET]
    assert asked == ["4"]


@pytest.mark.parametrize(
    ("email", "number", "found"),
    [
        ("ines.moreau@courriel.test", 3, "ines.moreau@courriel.test"),
        ("nouvelle.ines@courriel.test", 3, "nouvelle.ines@courriel.test"),
        ("nouvelle.ines@courriel.test", 31, "ines.moreau@courriel.test"),  # a namesake who came since
        ("", 3, "ines.moreau@courriel.test"),  # her sheet is gone
    ],
)
def test_a_customer_whose_address_another_question_changed_is_known_by_her_names(
    monkeypatch: pytest.MonkeyPatch, email: str, number: int, found: str
) -> None:
    def look(_site: object, _page: object, address: str, _reader: str) -> list[dict[str, str]]:
        row = {"email": email, "first_name": "Inès", "last_name": "MOREAU", "edit": f"/customers/{number}/edit?"}
        by_email = "[email]=" in address
        return [row] if email and (not by_email or email == MOVED.customer) else []

    monkeypatch.setattr(customer_emails, "screen", lambda *_: "http://x/sell/customers/?_token=1")
    monkeypatch.setattr(customer_emails, "looked_up", look)
    assert customer_emails.present_email(MagicMock(company=COMPANY), MOVED.customer) == found
    assert customer_emails.present_email(MagicMock(company=COMPANY), "autre@courriel.test") == "autre@courriel.test"


def test_what_is_right_of_a_customer_with_another_address_is_for_a_person() -> None:
    for verdict, concluded in ((MET, TO_JUDGE), (TO_JUDGE, TO_JUDGE), (NOT_MET, NOT_MET)):
        moved = customer_emails.with_email((verdict, "Elle est là."), "a@b.test", "c@b.test")
        assert moved == (concluded, "Elle est là. Ce client a maintenant l’adresse c@b.test.")
        assert customer_emails.with_email((verdict, "Elle est là."), "a@b.test", "A@b.test")[0] is verdict


def test_a_new_address_of_a_customer_is_seen_and_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fiches_clients, "present_email", lambda *_: "nouvelle@courriel.test")
    monkeypatch.setattr(fiches_clients, "screen", lambda *_: "")
    monkeypatch.setattr(fiches_clients, "sheets_of", lambda _, email: [replace(INES, email=email, addresses=[HOME])])
    [found] = MOVED.verify(MagicMock())
    assert found.verdict is TO_JUDGE
    assert "l’adresse électronique de ce client a changé" in found.observed
