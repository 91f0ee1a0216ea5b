"""One container serves as many copies of a site, as long as it is put back as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest.mock import MagicMock

import pytest

from provisioner.build.driver import SignedIn
from provisioner.proof.rewound import Copies
from provisioner.station import copies
from provisioner.station.copies import Copy

ADMINISTRATOR = SignedIn("admin", {"a": "b"}, "")


class Site:
    """What was made, run in it and removed; `answers` are those of what puts a copy back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: list[bytes]) -> None:
        self.said: list[str] = []
        self._answers = answers
        inside = MagicMock()
        inside.run.side_effect = self._run
        monkeypatch.setattr(copies, "Inside", lambda *_: inside)
        driver = MagicMock()
        driver.sign_in.side_effect = self._sign_in
        monkeypatch.setattr(copies, "driver_of", lambda _: driver)

    def _run(self, *command: str) -> bytes:
        self.said.append(command[-1])
        return self._answers.pop(0) if command[-1] == "rewind" else b""

    def _sign_in(self, _: object, role: str, __: str) -> SignedIn:
        self.said.append(role)
        return ADMINISTRATOR

    @contextmanager
    def make(self) -> Iterator[Copy]:
        self.said.append("made")
        yield Copy(MagicMock(), MagicMock(), "c", datetime(2026, 12, 12, tzinfo=UTC))
        self.said.append("removed")


def test_a_copy_that_was_put_back_serves_again(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(monkeypatch, [b"whole", b"whole"])
    with Copies(site.make) as kept:
        for _ in range(2):
            with kept.one(spent=False) as copy:
                assert copy.sign_in("administrator") == ADMINISTRATOR  # who was signed in before it was kept
                copy.sign_in("customer")
    began = ["made", "administrator", "keep"]
    assert site.said == [*began, "customer", "rewind", "customer", "rewind", "removed"]


@pytest.mark.parametrize(("spent", "answers"), [(True, []), (False, [b"other", b"whole"])])
def test_one_that_is_spent_or_could_not_be_put_back_is_removed(
    monkeypatch: pytest.MonkeyPatch, spent: bool, answers: list[bytes]
) -> None:
    site = Site(monkeypatch, answers)
    with Copies(site.make) as kept:
        with kept.one(spent=spent):
            pass
        with kept.one(spent=spent):
            pass
    assert site.said.count("made") == site.said.count("removed") == 2


def test_one_in_which_something_broke_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(monkeypatch, [])
    with Copies(site.make) as kept:
        with pytest.raises(RuntimeError), kept.one(spent=False):
            raise RuntimeError
        assert site.said[-1] == "removed"
