"""How a long step tells a person that it goes on. The verbs speak to this, never to the terminal."""

from typing import Protocol


class Progress(Protocol):
    """What the command line shows while a verb works."""

    def step(self, text: str) -> None:
        """A new step has begun; French, without a full stop."""

    def transfer(self, name: str, done: int, total: int | None) -> None:
        """Bytes of `name` that have arrived, out of `total` where the server said it."""

    def end_transfer(self) -> None:
        """No more bytes come, whether all arrived or not."""


class Quiet:
    """Says nothing: for tests and for callers that don't wait at a screen."""

    def step(self, text: str) -> None:
        """Nothing."""

    def transfer(self, name: str, done: int, total: int | None) -> None:
        """Nothing."""

    def end_transfer(self) -> None:
        """Nothing."""
