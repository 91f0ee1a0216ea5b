"""Slows down who tries passwords and codes: after a few wrong ones, each further try has to wait longer.

Counted are three things: a name from one address, an address, a name. The first is strict; the others come later and
wait less, so that somebody who tries a colleague's name doesn't keep him out on the day that counts.
"""

import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from provisioner.console.database import NOW

#: For how long a wrong try counts, in seconds.
_COUNTS = 900


class _Limit(NamedTuple):
    """How many wrong tries wait for nothing, and for how many seconds the others wait at most."""

    free: int
    most: int

    def wait(self, tries: int) -> int:
        return 0 if tries < self.free else min(self.most, 2 ** min(tries - self.free + 1, 20))


_PAIR, _ADDRESS, _NAME = _Limit(5, 300), _Limit(20, 60), _Limit(50, 30)


class Attempt(NamedTuple):
    """A try that is under way: it counts as a wrong one until `succeeded` takes it back."""

    rows: Sequence[int]
    pair: str


def wait_of(database: sqlite3.Connection, name: str, address: str) -> int:
    """For how many seconds a try of this name from this address has to wait; 0: for nothing."""
    # Tries of the future: the clock was set back since. What they would have waited for is no longer known.
    database.execute(f"DELETE FROM attempts WHERE at > {NOW} OR at < {NOW} - {_COUNTS}")
    wait = 0
    for key, limit in _keys(name, address):
        query = f"SELECT count(*), coalesce(max(at) - {NOW}, 0) FROM attempts WHERE key = ?"
        tries, age = database.execute(query, (key,)).fetchone()
        wait = max(wait, limit.wait(tries) + age)
    return wait


def begin(database: sqlite3.Connection, name: str, address: str) -> Attempt:
    """Count a try before it is made: many at once, or one that is cut short, count too."""
    keys = [key for key, _ in _keys(name, address)]
    rows = [database.execute(f"INSERT INTO attempts (key, at) VALUES (?, {NOW})", (key,)).lastrowid for key in keys]
    return Attempt([row for row in rows if row], keys[0])


def succeeded(database: sqlite3.Connection, attempt: Attempt) -> None:
    """The try was right: it doesn't count, nor do earlier ones of this name from this address."""
    database.executemany("DELETE FROM attempts WHERE id = ?", [(row,) for row in attempt.rows])
    database.execute("DELETE FROM attempts WHERE key = ?", (attempt.pair,))


def _keys(name: str, address: str) -> list[tuple[str, _Limit]]:
    # Their hashes: what was typed as a name may be a password.
    counted = [(("name, address", name, address), _PAIR), (("address", address), _ADDRESS), (("name", name), _NAME)]
    return [(sha256("\0".join(words).encode()).hexdigest(), limit) for words, limit in counted]
