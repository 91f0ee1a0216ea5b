"""The people who may use the console: accounts, passwords, sessions. All of it is in one SQLite file."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


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


class People:
    """The accounts and sessions in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
