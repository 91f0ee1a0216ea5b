"""Who may use the console: accounts, codes, sign-ins, and how many passwords may be tried."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from provisioner.console import attempts
from provisioner.console import people as people_module
from provisioner.console.people import People, Person, Role
from provisioner.core.errors import EvidenceLost, Refusal

PASSWORD, OTHER = "quatre mots sans lien", "encore quatre mots"
HERE, THERE = "192.0.2.10", "192.0.2.11"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "console.sqlite"


@pytest.fixture
def people(file: Path) -> People:
    return People(file, QUICK)


@pytest.fixture
def riou(people: People) -> Person:
    return people.make_first(people.first_code(), "Mme Riou", PASSWORD, HERE)


def token_of(people: People, name: str = "Mme Riou", password: str = PASSWORD, address: str = HERE) -> str:
    return people.sign_in(name, password, address)[1]


def later(file: Path, seconds: int) -> None:
    """All that the file holds happened that much earlier."""
    with sqlite3.connect(file) as database:
        database.execute("UPDATE codes SET ends = ends - ?", (seconds,))
        database.execute("UPDATE sign_ins SET began = began - ?, ends = ends - ?", (seconds, seconds))
        database.execute("UPDATE attempts SET at = at - ?", (seconds,))


def test_the_file_is_its_owners_alone_and_holds_no_secret(people: People, file: Path, riou: Person) -> None:
    token, code = token_of(people), people.make("M. Even", Role.READER)[1]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = b"".join(part.read_bytes() for part in file.parent.glob("console.sqlite*"))
    assert b"Mme Riou" in written
    for secret in (PASSWORD, token, code, code.replace("-", "")):
        assert secret.encode() not in written
    assert b"$argon2id$" in written


def test_a_file_that_others_could_read_is_closed_to_them(people: People, file: Path) -> None:
    file.chmod(0o644)
    People(file, QUICK)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_spoilt_file_is_one_french_sentence(file: Path) -> None:
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(EvidenceLost, match="abîmé"):
        People(file, QUICK)


class TestTheFirstAccount:
    def test_is_a_technicians_and_signs_in(self, people: People) -> None:
        assert not people.has_technician()
        person = people.make_first(people.first_code(), " Mme  Riou ", PASSWORD, HERE)
        assert (person.name, person.role, person.commission) == ("Mme Riou", Role.TECHNICIAN, "")
        assert people.has_technician()
        assert people.signed_in(token_of(people, "mme riou")) == person

    def test_needs_the_code_which_serves_once_and_is_read_as_people_type_it(self, people: People) -> None:
        code = people.first_code()
        people.make_first(f" {code.lower().replace('-', ' ')}", "Mme Riou", PASSWORD, HERE)
        with pytest.raises(Refusal, match="pas valable"):
            people.make_first(code, "M. Even", PASSWORD, HERE)
        assert [account.person.name for account in people.accounts()] == ["Mme Riou"]

    def test_is_made_by_the_last_code_alone_and_not_after_a_day(self, people: People, file: Path) -> None:
        first, second = people.first_code(), people.first_code()
        with pytest.raises(Refusal, match="pas valable"):
            people.make_first(first, "Mme Riou", PASSWORD, HERE)
        later(file, 24 * 3600 + 1)
        with pytest.raises(Refusal, match="pas valable"):
            people.make_first(second, "Mme Riou", PASSWORD, HERE)

    def test_a_refused_password_leaves_the_code(self, people: People) -> None:
        code = people.first_code()
        with pytest.raises(Refusal, match="10 signes au moins"):
            people.make_first(code, "Mme Riou", "court", HERE)
        people.make_first(code, "Mme Riou", PASSWORD, HERE)

    def test_of_two_at_once_with_one_code_one_is_made(self, people: People) -> None:
        code = people.first_code()

        def make(number: int) -> bool:
            try:
                people.make_first(code, f"Personne {number}", PASSWORD, f"192.0.2.{number}")
            except Refusal:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(make, range(8))) == 1
        assert len(people.accounts()) == 1

    def test_takes_over_the_account_of_that_name_whose_sign_ins_end(self, people: People, riou: Person) -> None:
        before = token_of(people)
        again = people.make_first(people.first_code(), "MME RIOU", OTHER, HERE)
        assert again.id == riou.id
        assert people.signed_in(before) is None
        assert people.signed_in(token_of(people, password=OTHER)) == riou

    def test_a_code_for_a_password_makes_no_account_nor_the_other_way_round(self, people: People, riou: Person) -> None:
        _, code = people.make("M. Even", Role.READER)
        with pytest.raises(Refusal, match="pas valable"):
            people.make_first(code, "M. Autre", PASSWORD, HERE)
        with pytest.raises(Refusal, match="pas valable"):
            people.choose_password(people.first_code(), PASSWORD, HERE)


class TestAccounts:
    def test_an_examiner_has_one_commission_and_the_others_none(self, people: People, riou: Person) -> None:
        examiner, _ = people.make("M. Even", Role.EXAMINER, " B  1 ")
        reader, _ = people.make("Mme Guen", Role.READER, "B 1")
        assert (examiner.commission, reader.commission) == ("B 1", "")
        with pytest.raises(Refusal, match="commission"):
            people.make("M. Autre", Role.EXAMINER)
        with pytest.raises(Refusal, match="commission"):
            people.change(reader.id, Role.EXAMINER, " ")
        assert people.change(reader.id, Role.EXAMINER, "C").commission == "C"
        assert people.change(reader.id, Role.READER, "C").commission == ""

    @pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x1b[31mb", "a\u202eb", "a\x00b"])
    def test_a_name_is_one_that_others_can_read(self, people: People, riou: Person, name: str) -> None:
        with pytest.raises(Refusal, match="Donnez un nom"):
            people.make(name, Role.READER)

    @pytest.mark.parametrize("name", ["mme riou", "MME  RIOU", " Mme Riou "])
    def test_a_name_is_had_once(self, people: People, riou: Person, name: str) -> None:
        with pytest.raises(Refusal, match="a déjà un compte"):
            people.make(name, Role.READER)

    def test_a_name_is_the_same_however_its_accent_was_typed(self, people: People, riou: Person) -> None:
        person, code = people.make("Noé", Role.READER)
        people.choose_password(code, PASSWORD, HERE)
        assert people.sign_in("Noe\u0301", PASSWORD, HERE)[0] == person

    def test_nobody_signs_in_before_a_password_is_chosen(self, people: People, riou: Person) -> None:
        people.make("M. Even", Role.READER)
        for password in ("", PASSWORD):
            with pytest.raises(Refusal, match="pas le bon"):
                people.sign_in("M. Even", password, HERE)

    def test_a_new_code_ends_the_old_password_its_sign_ins_and_earlier_codes(
        self, people: People, riou: Person
    ) -> None:
        even, first = people.make("M. Even", Role.READER)
        people.choose_password(first, PASSWORD, HERE)
        token = token_of(people, "M. Even")
        _, second = people.new_code(even.id)
        _, third = people.new_code(even.id)
        assert people.signed_in(token) is None
        with pytest.raises(Refusal, match="pas le bon"):
            token_of(people, "M. Even")
        with pytest.raises(Refusal, match="pas valable"):
            people.choose_password(second, OTHER, THERE)
        assert people.choose_password(third, OTHER, HERE) == even

    def test_a_code_for_a_password_is_valid_for_a_week(self, people: People, riou: Person, file: Path) -> None:
        _, code = people.make("M. Even", Role.READER)
        later(file, 7 * 24 * 3600 + 1)
        with pytest.raises(Refusal, match="pas valable"):
            people.choose_password(code, PASSWORD, HERE)

    def test_the_last_technician_who_can_sign_in_stays(self, people: People, riou: Person) -> None:
        people.make("M. Even", Role.TECHNICIAN)  # who has not chosen a password yet
        for act in (people.remove, people.new_code, lambda person: people.change(person, Role.READER)):
            with pytest.raises(Refusal, match="aucun technicien"):
                act(riou.id)
        assert people.signed_in(token_of(people)) == riou

    def test_what_is_asked_of_an_account_that_is_gone_is_refused(self, people: People, riou: Person) -> None:
        even, _ = people.make("M. Even", Role.READER)
        assert people.remove(even.id) == even
        for act in (
            people.remove,
            people.new_code,
            people.sign_out_everywhere,
            lambda person: people.change(person, Role.READER),
        ):
            with pytest.raises(Refusal, match="n'existe plus"):
                act(even.id)


class TestSignIns:
    def test_a_token_is_good_until_it_is_given_back(self, people: People, riou: Person) -> None:
        first, second = token_of(people), token_of(people, address=THERE)
        people.sign_out(first)
        assert people.signed_in(first) is None
        assert people.signed_in(second) == riou

    def test_all_of_a_persons_end_at_once_and_nobody_elses(self, people: People, riou: Person) -> None:
        even, code = people.make("M. Even", Role.READER)
        people.choose_password(code, PASSWORD, HERE)
        tokens, other = [token_of(people, "M. Even") for _ in range(3)], token_of(people)
        people.sign_out_everywhere(even.id)
        assert [people.signed_in(token) for token in tokens] == [None] * 3
        assert people.signed_in(other) == riou

    def test_none_lasts_until_the_next_day(self, people: People, riou: Person, file: Path) -> None:
        token = token_of(people)
        later(file, 15 * 3600)
        assert people.signed_in(token) == riou
        later(file, 2 * 3600)
        assert people.signed_in(token) is None
        assert people.accounts()[0].sign_ins == ()

    def test_another_role_holds_at_once(self, people: People, riou: Person) -> None:
        even, code = people.make("M. Even", Role.TECHNICIAN)
        people.choose_password(code, PASSWORD, HERE)
        token = token_of(people, "M. Even")
        people.change(even.id, Role.EXAMINER, "B")
        found = people.signed_in(token)
        assert found is not None
        assert (found.role, found.commission) == (Role.EXAMINER, "B")

    def test_they_are_told_with_their_hour_and_address(self, people: People, riou: Person) -> None:
        token_of(people, address=THERE)
        ((began, address),) = people.accounts()[0].sign_ins
        assert address == THERE
        assert began.tzinfo is not None

    @pytest.mark.parametrize("token", ["", "x", "é" * 40, "\udcff"])
    def test_a_made_up_token_is_nobodys(self, people: People, riou: Person, token: str) -> None:
        assert people.signed_in(token) is None

    def test_they_outlive_the_server(self, people: People, riou: Person, file: Path) -> None:
        token = token_of(people)
        assert People(file, QUICK).signed_in(token) == riou


class TestTries:
    @pytest.fixture(autouse=True)
    def still_clock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The database's clock stands: what passes is what `later` says."""
        for module in (attempts, people_module):
            monkeypatch.setattr(module, "NOW", "1800000000")

    def try_wrong(self, people: People, name: str = "Mme Riou", address: str = HERE) -> str:
        with pytest.raises(Refusal) as refused:
            people.sign_in(name, "ce n'est pas lui", address)
        return str(refused.value)

    def test_wrong_ones_are_told_alike_whether_the_account_is_there_or_not(self, people: People, riou: Person) -> None:
        assert self.try_wrong(people) == self.try_wrong(people, "Personne")

    def test_after_five_of_a_name_from_an_address_even_the_right_password_waits(
        self, people: People, riou: Person, file: Path
    ) -> None:
        for _ in range(5):
            assert "pas le bon" in self.try_wrong(people)
        with pytest.raises(Refusal, match="attendez 2 secondes,"):
            token_of(people)
        later(file, 2)
        assert "pas le bon" in self.try_wrong(people)
        with pytest.raises(Refusal, match="attendez 4 secondes,"):
            token_of(people)
        later(file, 3)
        with pytest.raises(Refusal, match="attendez 1 seconde,"):
            token_of(people)
        later(file, 1)
        assert people.signed_in(token_of(people)) == riou

    def test_what_waits_is_not_counted(self, people: People, riou: Person, file: Path) -> None:
        for _ in range(30):
            self.try_wrong(people)
        later(file, 2)
        assert people.signed_in(token_of(people)) == riou

    def test_who_tries_a_colleagues_name_does_not_keep_him_out(self, people: People, riou: Person) -> None:
        for _ in range(10):
            self.try_wrong(people, address=THERE)
        assert people.signed_in(token_of(people)) == riou

    def test_many_names_from_one_address_wait_too(self, people: People, riou: Person) -> None:
        said = [self.try_wrong(people, f"Personne {number}") for number in range(21)]
        assert all("pas le bon" in sentence for sentence in said[:20])
        assert "attendez" in said[20]

    def test_one_name_from_many_addresses_waits_too(self, people: People, riou: Person) -> None:
        said = [self.try_wrong(people, address=f"192.0.2.{number}") for number in range(51)]
        assert all("pas le bon" in sentence for sentence in said[:50])
        assert "attendez" in said[50]

    def test_they_are_forgotten_after_a_quarter_of_an_hour_and_once_the_clock_was_set_back(
        self, people: People, riou: Person, file: Path
    ) -> None:
        for seconds in (901, -3600):
            for _ in range(6):
                self.try_wrong(people)
            later(file, seconds)
            assert people.signed_in(token_of(people)) == riou

    def test_many_at_once_are_counted_as_many(self, people: People, riou: Person) -> None:
        with ThreadPoolExecutor(20) as pool:
            said = list(pool.map(lambda _: self.try_wrong(people), range(20)))
        assert sum("pas le bon" in sentence for sentence in said) == 5

    def test_codes_are_counted_by_their_address(self, people: People, riou: Person) -> None:
        _, code = people.make("M. Even", Role.READER)
        for _ in range(5):
            with pytest.raises(Refusal, match="pas valable"):
                people.choose_password("AAAA-BBBB-CCCC", PASSWORD, HERE)
        with pytest.raises(Refusal, match="attendez"):
            people.choose_password(code, PASSWORD, HERE)
        people.choose_password(code, PASSWORD, THERE)

    def test_no_password_that_was_typed_as_a_name_is_kept(self, people: People, file: Path, riou: Person) -> None:
        self.try_wrong(people, "mon mot de passe secret")
        assert b"mot de passe secret" not in b"".join(part.read_bytes() for part in file.parent.glob("console.sqlite*"))
