"""Waiting until something holds."""

from types import SimpleNamespace

import pytest

from provisioner.core import waiting


@pytest.fixture(autouse=True)
def _time_of_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time goes on by pauses alone."""
    now = [0.0]
    passing = SimpleNamespace(monotonic=lambda: now[0], sleep=lambda seconds: now.__setitem__(0, now[0] + seconds))
    monkeypatch.setattr(waiting, "time", passing)


def test_what_holds_already_is_asked_once() -> None:
    asked: list[str] = []

    def missing() -> str:
        asked.append("")
        return ""

    assert waiting.wait_until(missing, 0) == ""
    assert len(asked) == 1


def test_it_waits_until_nothing_is_missing() -> None:
    answers = iter(["aucune réponse", "erreur 502", "", "asked too often"])
    assert waiting.wait_until(lambda: next(answers), 10) == ""


def test_what_was_missing_last_is_given_where_time_has_passed() -> None:
    answers = iter(["aucune réponse", "erreur 502", "erreur 503", "erreur 504", "asked too often"])
    assert waiting.wait_until(lambda: next(answers), 2.5, pause=1) == "erreur 504"


def test_an_error_ends_the_wait() -> None:
    def missing() -> str:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        waiting.wait_until(missing, 60)
