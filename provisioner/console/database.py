"""The console's own file: who may sign in and who has. Nothing of it is about candidates' work."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from provisioner.core.errors import EvidenceLost
from provisioner.host.disk import disk_in_french, hand_back

#: The present by the database's clock, in seconds: all that ends or is counted here is so by this one clock.
NOW = "CAST(strftime('%s', 'now') AS INTEGER)"

_TABLES = """
CREATE TABLE IF NOT EXISTS people (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL, commission TEXT NOT NULL, password TEXT
);
CREATE TABLE IF NOT EXISTS codes (
  digest TEXT PRIMARY KEY, person INTEGER REFERENCES people ON DELETE CASCADE, ends INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS sign_ins (
  digest TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
  began INTEGER NOT NULL, ends INTEGER NOT NULL, address TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS attempts (id INTEGER PRIMARY KEY, key TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS attempts_by_key ON attempts (key, at);
"""


class Database:
    """An SQLite file that is its owner's alone; a connection is made for each use, since threads can't share one."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with disk_in_french(file.parent, EvidenceLost):
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
            file.chmod(0o600)
            hand_back(file)
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")  # who reads waits for nobody
            connection.executescript(_TABLES)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read from."""
        with self._open() as connection:
            yield connection

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A connection on which all of this block happens, or nothing; nobody else changes anything meanwhile."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._file, timeout=10, isolation_level=None)) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA foreign_keys = ON")
                yield connection
        except sqlite3.OperationalError as error:
            raise EvidenceLost(
                f"{self._file} ne peut être ni lu ni écrit (détail : {error}) : vérifiez la place sur le disque, puis recommencez."
            ) from error
        except sqlite3.DatabaseError as error:
            raise EvidenceLost(
                f"{self._file} est abîmé : les comptes ne peuvent plus être lus. Déplacez ce fichier et relancez « e5b console », "
                "qui donnera un code pour un premier compte. Rien du travail des candidats n'y est."
            ) from error
