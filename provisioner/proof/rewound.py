"""Copies of a site that are as it was, one after the other: one container, whose database is put back after each.

A new container takes as long as a look. What a check does on a copy (it fills a cart, it makes a customer) is in the database, and goes
with it. Where a table isn't as it was kept, or files may have changed, the next copy is a new one.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from provisioner.build.driver import SignedIn
from provisioner.station.copies import Copy

_SCRIPT = Path(__file__).with_name("rewind.php")


@dataclass(frozen=True)
class RewoundCopy(Copy):
    """A copy in which an administrator was signed in before its database was kept."""

    administrator: SignedIn | None = None

    def sign_in(self, role: str) -> SignedIn:
        """See Copy."""
        return self.administrator if self.administrator and role == "administrator" else super().sign_in(role)


class Copies:
    """Copies that `make` makes; what is left of the last is removed at the end."""

    def __init__(self, make: Callable[[], AbstractContextManager[Copy]]) -> None:
        self._make = make
        self._opened = ExitStack()
        self._copy: Copy | None = None
        self._administrator: SignedIn | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._remove()

    @contextmanager
    def one(self, *, spent: bool) -> Iterator[Copy]:
        """A copy as the site was; `spent`: nothing is left of it that could be put back."""
        copy = self._copy or self._new()
        try:
            shown = {field.name: getattr(copy, field.name) for field in fields(Copy) if not field.name.startswith("_")}
            yield RewoundCopy(**shown, administrator=self._administrator)
        except BaseException:
            self._remove()
            raise
        if spent or copy.inside.run("php", "-r", _code(), "--", "rewind") != b"whole":
            self._remove()

    def _new(self) -> Copy:
        self._copy = self._opened.enter_context(self._make())
        self._administrator = self._copy.sign_in("administrator")
        self._copy.inside.run("php", "-r", _code(), "--", "keep")
        return self._copy

    def _remove(self) -> None:
        self._copy = None
        self._opened.close()


def _code() -> str:
    return _SCRIPT.read_text(encoding="utf-8").removeprefix("<?php")
