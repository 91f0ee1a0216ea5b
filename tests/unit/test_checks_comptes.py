"""What Account concludes from the list of accounts."""

from typing import Any
from unittest.mock import MagicMock

import pytest
from pydantic import ValidationError

from checks.wordpress import comptes
from checks.wordpress.comptes import Account
from checks.wordpress.reading import contents, naming, seeded
from checks.wordpress.screens import wanted_account
from checks.wordpress.screens.wanted_account import CHANGED, CREATED, DELETED, ROLE
from provisioner.subject.check import Verdict
from tests.unit.samples import answering_site

pytestmark = pytest.mark.usefixtures("right_screens")

NEW = Account(login="erwan.lebris", email="erwan@site.test", first_name="Erwan", last_name="Le Bris", role="editor")
LEFT = Account(login="yann", state="deleted", heir="maelle", kept=("four",))


def user(number: int, login: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "username": login,
        "email": "",
        "first_name": "",
        "last_name": "",
        "name": login,
        "roles": ["author"],
        **fields,
    }


ERWAN = user(7, "erwan.lebris", email="erwan@site.test", first_name="Erwan", last_name="Le Bris", roles=["editor"])


@pytest.fixture
def verdicts(monkeypatch: pytest.MonkeyPatch) -> Any:
    def examine(
        check: Account, users: list[dict[str, Any]], content: Any = None, online: bool = True
    ) -> dict[str, Verdict]:
        monkeypatch.setattr(comptes, "rest_all", lambda site, path: users)
        item = content and {"status": "publish", "title": {"raw": "Un four neuf"}, **content}
        monkeypatch.setattr(naming, "content", lambda site, slug: item)
        if check.kept:
            monkeypatch.setattr(contents, "contents", lambda site: [])
        monkeypatch.setattr(contents, "shown_at", lambda site, item: online)
        return {one.fact: one.verdict for one in check.verify(answering_site())}

    return examine


def test_the_account_as_asked_is_met(verdicts: Any) -> None:
    assert verdicts(NEW, [ERWAN]) == {CREATED: Verdict.MET, ROLE: Verdict.MET}
    harmless = {**ERWAN, "username": "Erwan.LeBris", "email": "ERWAN@site.test", "first_name": " erwan "}
    assert verdicts(NEW, [harmless]) == {CREATED: Verdict.MET, ROLE: Verdict.MET}


@pytest.mark.parametrize(
    "change", [{"email": "erwan@autre.test"}, {"first_name": "Le Bris", "last_name": "Erwan"}, {"last_name": ""}]
)
def test_another_value_is_not_the_account(verdicts: Any, change: dict[str, str]) -> None:
    assert verdicts(NEW, [{**ERWAN, **change}])[CREATED] is Verdict.NOT_MET


@pytest.mark.parametrize("roles", [[], ["author"], ["editor", "administrator"]])
def test_another_role_is_not_the_role(verdicts: Any, roles: list[str]) -> None:
    assert verdicts(NEW, [{**ERWAN, "roles": roles}]) == {CREATED: Verdict.MET, ROLE: Verdict.NOT_MET}


def test_a_slip_in_the_login_is_for_a_person_and_another_login_is_not(verdicts: Any) -> None:
    assert set(verdicts(NEW, [{**ERWAN, "username": "erwan.le-bris"}]).values()) == {Verdict.TO_JUDGE}
    other = {**ERWAN, "username": "elebris"}
    assert verdicts(NEW, [other]) == {CREATED: Verdict.NOT_MET, ROLE: Verdict.TO_JUDGE}
    assert set(verdicts(NEW, [{**other, "roles": ["author"]}]).values()) == {Verdict.NOT_MET}
    assert set(verdicts(NEW, [{**other, "email": "erwan@autre.test"}]).values()) == {Verdict.NOT_MET}


def test_a_slip_in_the_name_of_an_account_is_for_a_person(verdicts: Any) -> None:
    slip = {**ERWAN, "last_name": "Le Brie"}
    assert verdicts(NEW, [slip]) == {CREATED: Verdict.TO_JUDGE, ROLE: Verdict.MET}
    assert verdicts(NEW, [{**slip, "email": "ervan@site.test"}])[CREATED] is Verdict.NOT_MET
    assert verdicts(NEW, [{**slip, "first_name": ""}])[CREATED] is Verdict.NOT_MET
    changed = Account(login="erwan.lebris", state="changed", last_name="Le Bris")
    assert verdicts(changed, [slip])[CHANGED] is Verdict.TO_JUDGE


def test_a_deleted_account_leaves_its_contents_to_the_heir(verdicts: Any) -> None:
    heir, other = user(3, "maelle"), user(4, "nolwenn")
    assert verdicts(LEFT, [heir, other], {"author": 3}) == {DELETED: Verdict.MET}
    assert verdicts(LEFT, [heir, other], {"author": 4}) == {DELETED: Verdict.NOT_MET}
    assert verdicts(LEFT, [heir], None) == {DELETED: Verdict.NOT_MET}
    draft, private = {"author": 3, "status": "draft"}, {"author": 3, "status": "private"}
    assert verdicts(LEFT, [heir], draft, online=False) == {DELETED: Verdict.NOT_MET}
    assert verdicts(LEFT, [heir], private, online=False) == {DELETED: Verdict.TO_JUDGE}
    assert verdicts(LEFT, [heir, user(5, "yann", roles=[])], {"author": 3}) == {DELETED: Verdict.NOT_MET}


def test_each_value_is_looked_for_in_its_own_field(verdicts: Any) -> None:
    asked = Account(login="malo", state="changed", biography="Commercial en Bretagne", website="https://www.malo.test/")
    malo = user(4, "malo", description="Commercial en Bretagne.", url="http://malo.test")
    assert verdicts(asked, [malo]) == {CHANGED: Verdict.MET}
    elsewhere = {**malo, "description": "", "first_name": "Commercial en Bretagne"}
    assert verdicts(asked, [elsewhere]) == {CHANGED: Verdict.NOT_MET}
    more = {**malo, "description": "Commercial en Bretagne depuis 2019, il aime la mer."}
    assert verdicts(asked, [more]) == {CHANGED: Verdict.TO_JUDGE}


def test_what_is_asked_makes_the_facts() -> None:
    assert Account(login="a", state="changed", role="editor").facts() == (ROLE,)
    assert Account(login="a", state="changed", last_name="B").facts() == (CHANGED,)
    assert NEW.makes() == ("erwan.lebris",)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"login": "a", "state": "changed"}, "au moins une valeur"),
        ({"login": "a"}, "adresse de messagerie"),
        ({"login": "a", "email": "a@site.test", "biography": "x"}, "renseignements biographiques"),
        ({"login": "a", "state": "deleted", "kept": ("x",)}, "kept et heir"),
        ({"login": "a", "state": "deleted", "heir": "b"}, "kept et heir"),
        ({"login": "a", "email": "a@site.test", "heir": "b", "kept": ("x",)}, "kept et heir"),
    ],
)
def test_values_that_say_too_little_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Account.model_validate(fields)


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (
            Account(login="tifenn", state="changed", name="Tifenn de Quimper"),
            [[("show_as", "tifenn", "Tifenn de Quimper")]],
        ),
        (
            Account(login="nolwenn", state="changed", last_name="Le Goff", name="Nolwenn Le Goff", role="editor"),
            [
                [
                    ("change", "nolwenn", {"last_name": "Le Goff", "role": "editor"}),
                    ("show_as", "nolwenn", "Nolwenn Le Goff"),
                ],
                [
                    ("change", "nolwenn", {"last_name": "Le Goff"}),
                    ("show_as", "nolwenn", "Nolwenn Le Goff"),
                    ("change_role_in_list", "nolwenn", "editor"),
                ],
            ],
        ),
        (
            Account(login="nolwenn", state="changed", role="editor"),
            [[("change", "nolwenn", {"role": "editor"})], [("change_role_in_list", "nolwenn", "editor")]],
        ),
    ],
)
def test_every_way_to_change_an_account_changes_its_public_name(
    check: Account, expected: list[list[tuple[Any, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    screens_of = MagicMock()
    monkeypatch.setattr(wanted_account, "accounts", screens_of)
    done = []
    for way in check.ways():
        screens_of.reset_mock()
        way.run(MagicMock())
        done.append([(name, *args[1:]) for name, args, _ in screens_of.mock_calls])
    assert done == expected


@pytest.mark.parametrize("check", Account.examples())
def test_every_fact_has_two_near_misses(check: Account) -> None:
    missed = [miss.fact for miss in check.near_misses()]
    assert all(missed.count(one) >= 2 for one in check.facts())


def test_what_a_deleted_account_had_published_and_took_along_is_for_a_person(
    verdicts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeded, "published_by", lambda company, login: ["boites"])
    gone = Account(login="lena", state="deleted")
    for status, verdict in (("trash", Verdict.TO_JUDGE), ("publish", Verdict.MET), ("draft", Verdict.MET)):
        monkeypatch.setattr(contents, "contents", lambda site, status=status: [MagicMock(born="boites", status=status)])
        assert verdicts(gone, []) == {DELETED: verdict}
