"""How a long step tells a person that it goes on. The verbs speak to this, never to the terminal."""

from collections.abc import Iterable
from typing import Protocol


class Progress(Protocol):
    """What the command line shows while a verb works."""

    def step(self, text: str) -> None:
        """A new step has begun; French, without a full stop."""

    def transfer(self, name: str, done: int, total: int | None) -> None:
        """Bytes of `name` that have arrived, out of `total` where the server said it."""

    def end_transfer(self) -> None:
        """No more bytes come, whether all arrived or not."""


def grouped(remarks: Iterable[tuple[str, str]]) -> list[str]:
    """Each remark once, behind all the names of which it is made: « poste-01, poste-02 : … ».

    `remarks` are pairs of a name and what is said of it; the order is that in which each remark comes first.
    """
    names: dict[str, dict[str, None]] = {}
    for name, remark in remarks:
        names.setdefault(remark, {})[name] = None
    return [f"{', '.join(of_remark)} : {remark}" for remark, of_remark in names.items()]


class Quiet:
    """Says nothing: for tests and for callers that don't wait at a screen."""

    def step(self, text: str) -> None:
        """Nothing."""

    def transfer(self, name: str, done: int, total: int | None) -> None:
        """Nothing."""

    def end_transfer(self) -> None:
        """Nothing."""
