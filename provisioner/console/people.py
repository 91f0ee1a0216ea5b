"""The people who may use the console: their accounts, passwords, roles, and who is signed in."""

import re
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from provisioner.console import attempts
from provisioner.console.database import NOW, Database
from provisioner.console.typed import MOST, commission_of, name_of, new_password, normal, spaced
from provisioner.core.errors import Refusal

#: How long somebody stays signed in, in seconds: longer than any day of the exam, not until the next.
_SIGNED_IN = 16 * 3600
#: How long a code may be used, in seconds: the first account's, and one that a technician hands out.
_FIRST_CODE, _CODE = 24 * 3600, 7 * 24 * 3600
#: The signs of a code: none that is read for another.
_SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
#: 32 MiB and some 50 ms of one processor: stations share the machine.
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_WRONG_CODE = (
    "Ce code n'est pas valable : il a déjà servi, il est trop vieux, ou un signe est faux. Demandez-en un autre."
)


class Role(StrEnum):
    """What a person may do: everything, mark one commission's candidates, or look."""

    TECHNICIAN = "technicien"
    EXAMINER = "examinateur"
    READER = "lecteur"


@dataclass(frozen=True)
class Person:
    """Somebody who has an account. `commission`: an examiner's, else empty."""

    id: int
    name: str
    role: Role
    commission: str = ""


@dataclass(frozen=True)
class Account:
    """An account as the page of accounts shows it: whether it has a password, and since when he is signed in, from where."""

    person: Person
    usable: bool
    sign_ins: tuple[tuple[datetime, str], ...]


class People:
    """The accounts in a file of the state folder; every method may be called from any thread."""

    def __init__(self, file: Path, hasher: PasswordHasher = _HASHER) -> None:
        self._database, self._hasher = Database(file), hasher
        #: One password is hashed at a time: many tries at once must cost the stations nothing.
        self._one_at_a_time = Lock()

    def has_technician(self) -> bool:
        """Whether a technician can sign in: else the command prints a code for a first account."""
        with self._database.reading() as database:
            return _technicians(database) > 0

    def first_code(self) -> str:
        """A new code by which one technician's account can be made, once; earlier ones are no longer valid."""
        with self._database.changing() as database:
            database.execute("DELETE FROM codes WHERE person IS NULL")
            return _new_code(database, None, _FIRST_CODE)

    def make_first(self, code: str, name: str, password: str, address: str) -> Person:
        """Make a technician's account by the code of `first_code`; an account of that name gets the password."""
        name, hashed = name_of(name), self._checked_code(code, password, address, first=True)
        with self._database.changing() as database:
            _use_code(database, code)
            database.execute(
                "INSERT INTO people (name, folded, role, commission, password) VALUES (?, ?, ?, '', ?) "
                "ON CONFLICT (folded) DO UPDATE SET role = excluded.role, commission = '', password = excluded.password",
                (name, name.casefold(), Role.TECHNICIAN, hashed),
            )
            person = _person(database, "folded", name.casefold())
            _sign_out_all(database, person.id)
            return person

    def choose_password(self, code: str, password: str, address: str) -> Person:
        """Give the account that a code is for this password."""
        hashed = self._checked_code(code, password, address, first=False)
        with self._database.changing() as database:
            person = _person(database, "id", _use_code(database, code))
            database.execute("UPDATE people SET password = ? WHERE id = ?", (hashed, person.id))
            _sign_out_all(database, person.id)
            return person

    def make(self, name: str, role: Role, commission: str = "") -> tuple[Person, str]:
        """Make an account, and the code by which its owner chooses a password."""
        name = name_of(name)
        commission = commission_of(commission) if role is Role.EXAMINER else ""
        with self._database.changing() as database:
            try:
                database.execute(
                    "INSERT INTO people (name, folded, role, commission) VALUES (?, ?, ?, ?)",
                    (name, name.casefold(), role, commission),
                )
            except sqlite3.IntegrityError as error:
                raise Refusal(
                    f"« {name} » a déjà un compte : donnez-lui un autre nom, ou changez ce compte."
                ) from error
            person = _person(database, "folded", name.casefold())
            return person, _new_code(database, person.id, _CODE)

    def change(self, person: int, role: Role, commission: str = "") -> Person:
        """Give somebody another role; it holds from his next request on."""
        commission = commission_of(commission) if role is Role.EXAMINER else ""
        with self._database.changing() as database:
            _person(database, "id", person)
            database.execute("UPDATE people SET role = ?, commission = ? WHERE id = ?", (role, commission, person))
            _refuse_without_technician(database)
            return _person(database, "id", person)

    def new_code(self, person: int) -> tuple[Person, str]:
        """A code by which somebody chooses another password; what he had is no longer valid, nor is any sign-in of his."""
        with self._database.changing() as database:
            found = _person(database, "id", person)
            database.execute("UPDATE people SET password = NULL WHERE id = ?", (person,))
            _refuse_without_technician(database)
            _sign_out_all(database, person)
            database.execute("DELETE FROM codes WHERE person = ?", (person,))
            return found, _new_code(database, person, _CODE)

    def sign_out_everywhere(self, person: int) -> Person:
        """End every sign-in of somebody."""
        with self._database.changing() as database:
            found = _person(database, "id", person)
            _sign_out_all(database, person)
            return found

    def remove(self, person: int) -> Person:
        """Remove an account; the book of acts keeps the name."""
        with self._database.changing() as database:
            found = _person(database, "id", person)
            database.execute("DELETE FROM people WHERE id = ?", (person,))
            _refuse_without_technician(database)
            return found

    def accounts(self) -> list[Account]:
        """Every account, by name."""
        with self._database.reading() as database:
            rows = database.execute("SELECT * FROM people ORDER BY folded").fetchall()
            query = f"SELECT person, began, address FROM sign_ins WHERE ends > {NOW} ORDER BY began"
            signed = database.execute(query).fetchall()
        return [
            Account(
                _person_of(row),
                row["password"] is not None,
                tuple(
                    (datetime.fromtimestamp(s["began"], UTC), s["address"]) for s in signed if s["person"] == row["id"]
                ),
            )
            for row in rows
        ]

    def sign_in(self, name: str, password: str, address: str) -> tuple[Person, str]:
        """Who this is, and the token of a new sign-in. Refusal: the name or the password is wrong, or too many tries."""
        typed = spaced(name).casefold()
        with self._one_at_a_time:
            attempt = self._attempt(typed, address)
            with self._database.reading() as database:
                row = database.execute("SELECT * FROM people WHERE folded = ?", (typed,)).fetchone()
            stored = row["password"] if row else None
            # An account that isn't there takes as long as one that is.
            if not self._is_right(stored or self._nobodys, password) or not stored:
                raise Refusal("Le nom ou le mot de passe n'est pas le bon.")
        token = secrets.token_urlsafe(32)
        with self._database.changing() as database:
            attempts.succeeded(database, attempt)
            # It may have been taken away while the password was compared.
            person = _person(database, "id", row["id"])
            database.execute(f"DELETE FROM sign_ins WHERE ends <= {NOW}")
            database.execute(
                f"INSERT INTO sign_ins SELECT ?, id, {NOW}, {NOW} + {_SIGNED_IN}, ? FROM people WHERE id = ? AND password = ?",
                (_digest(token), address, person.id, stored),
            )
        return person, token

    def signed_in(self, token: str) -> Person | None:
        """Whose token this is; None where the sign-in has ended, was ended, or never was."""
        query = (
            "SELECT people.* FROM sign_ins JOIN people ON people.id = sign_ins.person "
            f"WHERE sign_ins.digest = ? AND sign_ins.ends > {NOW}"
        )
        with self._database.reading() as database:
            row = database.execute(query, (_digest(token),)).fetchone()
        return _person_of(row) if row else None

    def sign_out(self, token: str) -> None:
        """End one sign-in."""
        with self._database.changing() as database:
            database.execute("DELETE FROM sign_ins WHERE digest = ?", (_digest(token),))

    def _checked_code(self, code: str, password: str, address: str, *, first: bool) -> str:
        """The hash of a password that a code lets somebody choose; the code is used up by `_use_code` alone."""
        with self._one_at_a_time:
            attempt = self._attempt("", address)
            with self._database.changing() as database:
                query = f"SELECT 1 FROM codes WHERE digest = ? AND ends > {NOW} AND (person IS NULL) = ?"
                if not database.execute(query, (_digest_of_code(code), first)).fetchone():
                    raise Refusal(_WRONG_CODE)
                attempts.succeeded(database, attempt)
            return self._hasher.hash(new_password(password))

    def _attempt(self, name: str, address: str) -> attempts.Attempt:
        with self._database.changing() as database:
            if not (wait := attempts.wait_of(database, name, address)):
                return attempts.begin(database, name, address)
        plural = "s" if wait > 1 else ""
        raise Refusal(f"Trop d'essais de suite : attendez {wait} seconde{plural}, puis recommencez.")

    def _is_right(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, normal(password)[:MOST])
        except VerificationError:
            return False

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(32))


def _person_of(row: sqlite3.Row) -> Person:
    return Person(row["id"], row["name"], Role(row["role"]), row["commission"])


def _person(database: sqlite3.Connection, column: str, value: object) -> Person:
    row = database.execute(f"SELECT * FROM people WHERE {column} = ?", (value,)).fetchone()
    if row is None:
        raise Refusal("Ce compte n'existe plus : rechargez la page des comptes.")
    return _person_of(row)


def _technicians(database: sqlite3.Connection) -> int:
    query = "SELECT count(*) FROM people WHERE role = ? AND password IS NOT NULL"
    return int(database.execute(query, (Role.TECHNICIAN,)).fetchone()[0])


def _refuse_without_technician(database: sqlite3.Connection) -> None:
    if not _technicians(database):
        raise Refusal("Il ne resterait aucun technicien qui puisse se connecter : faites d'abord le compte d'un autre.")


def _sign_out_all(database: sqlite3.Connection, person: int) -> None:
    database.execute("DELETE FROM sign_ins WHERE person = ?", (person,))


def _new_code(database: sqlite3.Connection, person: int | None, seconds: int) -> str:
    code = "".join(secrets.choice(_SIGNS) for _ in range(12))
    values = (_digest_of_code(code), person, seconds)
    database.execute(f"INSERT INTO codes (digest, person, ends) VALUES (?, ?, {NOW} + ?)", values)
    return "-".join(re.findall("....", code))


def _use_code(database: sqlite3.Connection, code: str) -> int | None:
    """Whose code this is, which is used up; None for a first account's."""
    query = f"DELETE FROM codes WHERE digest = ? AND ends > {NOW} RETURNING person"
    if (row := database.execute(query, (_digest_of_code(code),)).fetchone()) is None:
        raise Refusal(_WRONG_CODE)
    person: int | None = row["person"]
    return person


def _digest(token: str) -> str:
    return sha256(token.encode(errors="surrogatepass")).hexdigest()


def _digest_of_code(code: str) -> str:
    return _digest(re.sub(r"[\s-]", "", code).upper())
